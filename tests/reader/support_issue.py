"""Orders and issues after a move (docs/support-rules.md, 5.1 and 5.2). States are maps that are never changed once made."""
from amounts import Broken, amount_of, convert, fitting, sum_amounts, to_millionths
from support_kinds import TERMS_KINDS, THREAD_OPENERS

END_BY_METHOD = {"cash": "receipted", "return_same": "return due", "return_like": "return due",
                 "service_like": "exchange due"}
FIGURES = ("issued", "accepted", "short", "damaged", "refused", "reason", "proposed", "chargeable", "returned",
           "returning")
EXCHANGED = ("exchanged", "linked")


def resulting_terms(move):
    """Fields 10 to 16 after a kind that puts terms on the table."""
    if move.kind in THREAD_OPENERS:
        terms = {}
    elif move.kind == "amended":
        terms = dict(move.here["agreed"]["terms"])
    else:
        terms = dict(move.here["table"]["terms"])
    terms.update({key: move.own[key] for key in range(10, 17) if key in move.own})
    return terms


def lines_by_number(terms):
    return {line[0]: line for line in terms[10]}


def kept(figures):
    """What is chargeable and not returned; 0 where nothing is chargeable yet."""
    return (figures["chargeable"] or 0) - figures["returned"]


def exchange_value(issue, number):
    """The value of a line in exchange: what was kept, at its price in the terms of the issue."""
    line = lines_by_number(issue["order"]["agreed"]["terms"])[number]
    return amount_of(kept(issue["lines"][number]), line[8], to_millionths(line.get(9, 1)))


def left_in_exchange(issue, number):
    return exchange_value(issue, number) - issue["lines"][number]["exchanged"]


def rest(issue, number):
    """What is kept of a line and not exchanged whole."""
    figures = issue["lines"][number]
    if figures["exchanged"] > 0 and left_in_exchange(issue, number) == 0:
        return 0
    return kept(figures)


# --- order ------------------------------------------------------------------------------------------------------------

ORDER_STATES = {
    "requested": "requested", "offered": "offered", "declined": "declined", "asked": "clarify", "answered": "requested",
    "withdrawn": "withdrawn", "accepted": "agreed", "offer_countered": "requested", "rejected": "rejected",
    "amended": "amendment offered", "unfilled": "unfilled", "closed": "closed", "refused": "agreed",
    "offered_unasked": "offered",
}


def step_order(move):
    state = dict(move.here or {"type": "order", "orderer": None, "agreed": None, "table": None, "asked": None})
    if move.kind == "oral_denied":
        state["state"] = "declined" if state["state"] == "requested" else "withdrawn"
        return state
    if move.kind == "withdrawn" and state["state"] == "offered" and state["asked"]:
        state["table"] = state["asked"]
        state["state"] = "requested"
        return state
    state["state"] = ORDER_STATES[move.kind]
    if move.kind in TERMS_KINDS:
        state["table"] = {"id": move.id, "terms": resulting_terms(move), "valid_until": move.own.get(22)}
        if move.kind in ("requested", "answered", "offer_countered"):
            state["asked"] = state["table"]
    elif move.kind == "accepted":
        state["agreed"] = {"id": state["table"]["id"], "terms": state["table"]["terms"]}
        state["table"] = None
        state["orderer"] = move.officer
    elif move.kind == "refused":
        state["table"] = None
    return state


# --- issue ------------------------------------------------------------------------------------------------------------


def issue_order(move):
    """What the issue stands on: the order's state, or the opener of an unordered issue."""
    if move.here is not None:
        return move.here["order"]
    if move.kind == "issued_unordered":
        return {"orderer": None, "agreed": {"id": move.id, "terms": resulting_terms(move)}}
    return move.refs[0].after


def issue_terms(move):
    """The lines, by number, of the terms of the issue."""
    return lines_by_number(issue_order(move)["agreed"]["terms"])


def quantities_given(move):
    """The quantity of each line of an issue kind in the unit of the terms, by number; all lines where none is given."""
    terms = issue_terms(move)
    if 8 not in move.own or move.kind == "issued_unordered":
        return {number: to_millionths(line[5]) for number, line in terms.items()}
    return {line[0]: convert(to_millionths(line[1]), line.get(2, terms[line[0]][6]), terms[line[0]][6])
            for line in move.own[8]}


def open_issue(move):
    given = quantities_given(move)
    terms = issue_terms(move)
    taken = move.kind == "taken"
    lines = {}
    for number in sorted(given):
        figures = dict.fromkeys(FIGURES)
        figures.update(short=0, damaged=0, refused=0, returned=0, returning=0, exchanged=0, linked=0)
        figures["accepted" if taken else "issued"] = given[number]
        lines[number] = figures
    unordered = move.kind == "issued_unordered"
    order = issue_order(move)
    return {
        "type": "issue", "state": "unordered" if unordered else move.kind, "taken": taken, "order": order,
        "unordered": unordered, "terms_id": order["agreed"]["id"], "method": terms[min(given)][13],
        "delivered_at": move.own[28 if unordered else 9], "receiver": move.officer if taken else None, "lines": lines,
    }


def received(move, number, line, before):
    """The figures of one line that a receipt or a restatement of figures names."""
    unit = issue_terms(move)[number][6]
    figures = dict(before)
    figures["accepted"] = convert(to_millionths(line[1]), line.get(2, unit), unit)
    for key, name in ((4, "damaged"), (5, "refused")):
        figures[name] = to_millionths(line.get(key, 0))
    if 3 in line:
        figures["short"] = to_millionths(line[3])
    else:
        parts = figures["accepted"], figures["damaged"], figures["refused"]
        figures["short"] = max(0, figures["issued"] - sum(parts))
    figures["reason"] = line.get(6)
    return figures


def received_lines(move):
    """All lines after a receipt or a restatement of figures."""
    named = {line[0]: line for line in move.own.get(8, ())}
    lines = {}
    for number, before in move.here["lines"].items():
        if number in named:
            lines[number] = received(move, number, named[number], before)
        elif move.kind != "figures_restated":
            lines[number] = {**before, "accepted": before["issued"], "short": 0, "damaged": 0, "refused": 0,
                             "reason": None}
        else:
            lines[number] = before
    return lines


def figures_right(move, figures):
    others = [figures[name] for name in ("short", "damaged", "refused")]
    if move.kind == "figures_restated" and move.here["taken"]:
        if figures["accepted"] > figures["issued"] and others == [0, 0, 0]:
            return True
    left = figures["issued"]
    for name in ("accepted", "damaged", "refused"):
        left = fitting(left - figures[name])
    return left == figures["short"]


def each(lines, **changes):
    """Lines with some figures set: each a value, or a function of the line's number and figures."""
    return {number: {**figures, **{name: change(number, figures) if callable(change) else change
                                   for name, change in changes.items()}}
            for number, figures in lines.items()}


def agree_or_differ(state, lines):
    """Chargeable and state where issued is accepted on every line; else a difference."""
    if all(figures["accepted"] == figures["issued"] for figures in lines.values()):
        lines = each(lines, chargeable=lambda _, figures: figures["issued"])
        state["state"] = END_BY_METHOD[state["method"]]
    else:
        state["state"] = "difference"
    state["lines"] = lines


PLAIN_ISSUE = {"denied": "denied", "contested": "contested", "annulled": "annulled", "stood": "disputed",
               "withdrawn": "withdrawn", "resolution_proposed": "resolution", "resolution_countered": "disputed",
               "return_issued": "returning", "return_refused": "return due", "cash_elected": "receipted",
               "not_arrived": "difference", "figures_restated": "difference", "exchange_linked": "exchanging",
               "repudiated": "repudiated", "taken_up": "disputed", "certify_refused": "exchange due", "converted": "receipted", "waived": "waived"}


def step_issue(move):
    if move.here is None:
        return open_issue(move)
    state = dict(move.here)
    lines = state["lines"]
    quantity = {}
    if move.kind in ("resolution_proposed", "resolution_countered"):
        quantity = {line[0]: to_millionths(line[1]) for line in move.own[8]}
    if move.kind in PLAIN_ISSUE:
        state["state"] = PLAIN_ISSUE[move.kind]
    if move.kind in ("receipted", "not_arrived", "figures_restated", "figures_taken"):
        state["receiver"] = move.officer
    if move.kind == "taken_issued":
        given = quantities_given(move) if 8 in move.own else {n: line["accepted"] for n, line in lines.items()}
        agree_or_differ(state, each(lines, issued=lambda number, _: given.get(number, 0)))
    elif move.kind in ("receipted", "ratified"):
        if move.kind == "ratified":
            state["order"] = {**state["order"], "orderer": move.officer}
            state["receiver"] = move.own.get(10, move.officer)
        state["delivered_at"] = move.own.get(9, state["delivered_at"])
        agree_or_differ(state, received_lines(move))
    elif move.kind == "figures_restated":
        state["lines"] = received_lines(move)
    elif move.kind == "not_arrived":
        state["lines"] = each(lines, accepted=0, damaged=0, refused=0, short=lambda _, figures: figures["issued"],
                              reason="not_arrived")
    elif move.kind in ("concurred", "figures_taken", "resolution_agreed"):
        end_issue(move, state)
    elif move.kind == "resolution_proposed":
        state["lines"] = each(lines, proposed=lambda number, _: quantity[number])
    elif move.kind == "resolution_countered":
        state["lines"] = each(lines, accepted=lambda number, _: quantity[number], short=0, damaged=0, refused=0,
                              reason=None, proposed=None)
    elif move.kind in ("return_issued", "return_accepted", "return_refused"):
        step_return(move, state)
    elif move.kind in ("exchange_linked", "exchange_certified", "certify_refused", "converted"):
        step_exchange(move, state)
    return state


def end_issue(move, state):
    source = {"concurred": "accepted", "figures_taken": "issued", "resolution_agreed": "proposed"}[move.kind]
    state["lines"] = each(state["lines"], chargeable=lambda _, figures: figures[source])
    state["state"] = END_BY_METHOD[state["method"]]
    if ratifies(move):
        state["order"] = {**state["order"], "orderer": move.officer}
    if move.kind == "resolution_agreed" and all(line["chargeable"] == 0 for line in state["lines"].values()):
        state["state"] = "annulled"


def ratifies(move):
    """Whether a resolution binds the receiver to an unordered issue for the first time (S102)."""
    if move.kind != "resolution_agreed" or not move.here["unordered"] or move.here["order"]["orderer"] is not None:
        return False
    return any(line["proposed"] > 0 for line in move.here["lines"].values())


def returned_quantities(move):
    """What a return names, in the unit of the terms, by line."""
    terms = issue_terms(move)
    if 8 in move.own:
        return {line[0]: convert(to_millionths(line[1]), line.get(2, terms[line[0]][6]), terms[line[0]][6])
                for line in move.own[8]}
    if move.kind == "return_issued":
        return {number: rest(move.here, number) for number in move.here["lines"]}
    return {number: figures["returning"] for number, figures in move.here["lines"].items()}


def step_return(move, state):
    if move.kind == "return_refused":
        state["lines"] = each(state["lines"], returning=0)
        return
    given = returned_quantities(move)
    if move.kind == "return_issued":
        state["lines"] = each(state["lines"], returning=lambda number, _: given.get(number, 0))
        return
    state["lines"] = each(state["lines"], returning=0,
                          returned=lambda number, figures: figures["returned"] + given.get(number, 0))
    left = any(rest(state, number) for number in state["lines"])
    state["state"] = "return due" if left else "settled"


def applied(move):
    """The sums applied by line of what an exchange_linked names."""
    sums = {}
    for item in move.own[8]:
        sums.setdefault(item[0], []).append(item[6])
    return {number: sum_amounts(values) for number, values in sums.items()}


def step_exchange(move, state):
    lines = state["lines"]
    if move.kind == "exchange_linked":
        given = applied(move)
        state["lines"] = each(lines, linked=lambda number, _: given.get(number, 0))
        state["linked"] = move.own[9], move.own[10]
        return
    if move.kind == "exchange_certified":
        lines = each(lines, exchanged=lambda _, figures: figures["exchanged"] + figures["linked"])
    elif move.kind == "converted":
        lines = each(lines, returning=0)
    state["lines"] = each(lines, linked=0)
    if move.kind == "exchange_certified":
        state["state"] = "exchange due" if any(is_left(state, number) for number in lines) else "settled"


def is_left(issue, number):
    """Whether anything of a line is left in exchange; a value that does not fit is."""
    try:
        return left_in_exchange(issue, number) > 0
    except Broken:
        return True
