"""The state after a move (docs/support-rules.md, section 5). States are maps that are never changed once made."""
from amounts import Broken, amount_of, convert, fitting, sum_amounts, to_millionths, to_value
from support_kinds import TERMS_KINDS

END_BY_METHOD = {"cash": "receipted", "return_same": "return due", "return_like": "return due",
                 "service_like": "exchange due"}
FIGURES = ("issued", "accepted", "short", "damaged", "refused", "reason", "proposed", "chargeable", "returned",
           "returning")
EXCHANGED = ("exchanged", "linked")


def resulting_terms(move):
    """Fields 10 to 16 after a kind that puts terms on the table."""
    if move.kind == "requested":
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
}


def step_order(move):
    state = dict(move.here or {"type": "order", "orderer": None, "agreed": None, "table": None})
    state["state"] = ORDER_STATES[move.kind]
    if move.kind in TERMS_KINDS:
        state["table"] = {"id": move.id, "terms": resulting_terms(move), "valid_until": move.own.get(22)}
    elif move.kind == "accepted":
        state["agreed"] = {"id": state["table"]["id"], "terms": state["table"]["terms"]}
        state["table"] = None
        state["orderer"] = move.officer
    elif move.kind == "refused":
        state["table"] = None
    return state


# --- issue ------------------------------------------------------------------------------------------------------------


def issue_terms(move):
    """The lines, by number, of the terms of the issue."""
    order = move.refs[0].after if move.here is None else move.here["order"]
    return lines_by_number(order["agreed"]["terms"])


def quantities_given(move):
    """The quantity of each line of an issue kind in the unit of the terms, by number; all lines where none is given."""
    terms = issue_terms(move)
    if 8 not in move.own:
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
    return {
        "type": "issue", "state": move.kind, "taken": taken, "order": move.refs[0].after,
        "terms_id": move.refs[0].after["agreed"]["id"], "method": terms[min(given)][13],
        "delivered_at": move.own[9], "receiver": move.officer if taken else None, "lines": lines,
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
        elif move.kind == "receipted":
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
               "certify_refused": "exchange due", "converted": "receipted", "waived": "waived"}


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
    elif move.kind == "receipted":
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
    if move.kind == "resolution_agreed" and all(line["chargeable"] == 0 for line in state["lines"].values()):
        state["state"] = "annulled"


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


# --- claim ------------------------------------------------------------------------------------------------------------


def claim_sources(move):
    """The refs of the claimed with the states after them: (entry, state), the order's first."""
    if move.here is not None:
        return move.here["sources"]
    return [(entry, entry.after) for entry in move.refs]


def chosen_lines(move):
    """(position of the issue, line number) of the lines that a claim is for."""
    if 8 in move.own:
        return [(line[0], line[1]) for line in move.own[8]]
    return [(position, number)
            for position, (_, issue) in enumerate(claim_sources(move)[1:], 1)
            for number in sorted(issue["lines"]) if rest(issue, number) > 0]


def price_of(issue, number, order):
    """Price and per of a line: by the terms of the issue, else by the agreed terms of the order; None without any."""
    for terms in (issue["order"]["agreed"]["terms"], order["agreed"]["terms"] if order["agreed"] else {10: []}):
        line = lines_by_number(terms).get(number)
        if line is not None and 8 in line:
            return line[8], to_millionths(line.get(9, 1))
    return None


def rest_amount(issue, number, order):
    """The amount of a line's rest at its price, less what of it was exchanged; None without a price."""
    price = price_of(issue, number, order)
    left = rest(issue, number)
    if price is None:
        return None
    return amount_of(left, *price) - (issue["lines"][number]["exchanged"] if left else 0)


def claim_lines(move):
    """The present lines after claimed or reclaimed."""
    sources = claim_sources(move)
    before = {(line["issue"], line["line"]): line["credited"] for line in (move.here or {}).get("lines", ())}
    lines = []
    for position, number in chosen_lines(move):
        entry, issue = sources[position]
        amount = rest_amount(issue, number, sources[0][1])
        if amount is None:
            raise Broken("price")
        place = entry.part_id, number
        lines.append({"issue": entry.part_id, "position": position, "line": number, "quantity": rest(issue, number),
                      "amount": amount, "credited": before.get(place, 0)})
    return lines


def credited_lines(move):
    credit = {item[0]: item[1] for item in move.own[8]}
    return [{**line, "credited": line["credited"] + credit.get(item, 0)}
            for item, line in enumerate(move.here["lines"], 1)]


def claim_total(lines):
    """The sum over lines of amount less credited."""
    return sum_amounts(line["amount"] - line["credited"] for line in lines)


PLAIN_CLAIM = {"claimed": "claimed", "approved": "payable", "queried": "queried", "credited": "claimed",
               "reclaimed": "claimed", "upheld": "upheld", "escalated": "escalated", "figured": "figured",
               "figure_agreed": "payable", "figure_countered": "escalated", "remitted": "remitted",
               "confirmed": "payable", "not_found": "payable", "netted": "netted", "waived": "waived"}


def step_claim(move):
    if move.here is None:
        state = {"type": "claim", "sources": claim_sources(move), "currency": move.own[9], "due": None, "paid": 0,
                 "remitted": None, "figure": None}
    else:
        state = dict(move.here)
    state["state"] = PLAIN_CLAIM[move.kind]
    if move.kind in ("claimed", "reclaimed"):
        state["lines"] = claim_lines(move)
    elif move.kind == "credited":
        state["lines"] = credited_lines(move)
    elif move.kind == "approved":
        state["due"] = claim_total(state["lines"])
    elif move.kind == "figured":
        state["figure"] = move.own[10]
    elif move.kind == "figure_agreed":
        state["due"] = state["figure"]
    elif move.kind == "figure_countered":
        state["figure"] = None
    elif move.kind == "remitted":
        state["remitted"] = [move.own[10], move.own[12], move.own[11]]
    elif move.kind == "confirmed":
        state["paid"] += state["remitted"][0]
        if state["paid"] == state["due"]:
            state["state"] = "settled"
    if move.kind in ("confirmed", "not_found"):
        state["remitted"] = None
    return state


# --- netting ----------------------------------------------------------------------------------------------------------


def step_netting(move):
    state = dict(move.here or {"type": "netting", "currency": move.own.get(9), "agreed": None, "table": None, "paid": 0,
                               "remitted": None})
    if move.kind in ("netting_proposed", "netting_reproposed"):
        state["table"] = {"id": move.id, "claims": move.own.get(11), "total": move.own[10]}
        state["state"] = "proposed"
    elif move.kind == "netting_agreed":
        state["agreed"], state["table"] = {**state["table"], "id": move.id}, None
        state["state"] = "agreed" if state["agreed"]["total"] else "settled"
    elif move.kind in ("netting_refused", "netting_withdrawn"):
        state["table"] = None
        state["state"] = "agreed" if state["agreed"] else move.kind.removeprefix("netting_")
    elif move.kind == "netting_remitted":
        state["remitted"] = [move.own[10], move.own[12], move.own[11]]
        state["state"] = "remitted"
    else:
        if move.kind == "netting_confirmed":
            state["paid"] += state["remitted"][0]
        state["remitted"] = None
        state["state"] = "settled" if state["paid"] == state["agreed"]["total"] else "agreed"
    return state


STEPS = {"order": step_order, "issue": step_issue, "claim": step_claim, "netting": step_netting}


def step(move):
    return STEPS[move.part_type](move)


# --- data (5.4) -------------------------------------------------------------------------------------------------------


def data_of(state):
    if state["type"] == "order":
        agreed, table = state["agreed"], state["table"]
        return [
            state["orderer"],
            agreed and [agreed["id"], agreed["terms"]],
            table and [table["id"], table["terms"], table["valid_until"]],
        ]
    if state["type"] == "issue":
        lines = [[number] + [figures[name] if name == "reason" else to_value(figures[name]) for name in FIGURES]
                 + [figures[name] for name in EXCHANGED] for number, figures in sorted(state["lines"].items())]
        return [state["taken"], state["terms_id"], state["method"], state["delivered_at"], state["receiver"], lines]
    if state["type"] == "netting":
        agreed, table = ([found["id"], found["claims"], found["total"]] if found else None
                         for found in (state["agreed"], state["table"]))
        return [state["currency"], agreed, table, state["paid"], state["remitted"]]
    lines = [[line["issue"], line["line"], to_value(line["quantity"]), line["amount"], line["credited"]]
             for line in state["lines"]]
    return [state["currency"], lines, state["due"], state["paid"], state["remitted"], state["figure"]]
