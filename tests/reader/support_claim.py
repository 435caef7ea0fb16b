"""Claims and adjustments after a move (docs/support-rules.md, 5.3 to 5.6)."""
from amounts import Broken, amount_of, sum_amounts, to_millionths
from support_issue import lines_by_number, rest


def price_of(issue, number, order):
    """Price and per of a line: by the terms of the issue, else by the agreed terms of the order; None without any."""
    agreed = [issue["order"]["agreed"], order and order["agreed"]]
    for terms in (found["terms"] for found in agreed if found):
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


def currency_of(issue, number):
    return lines_by_number(issue["order"]["agreed"]["terms"])[number][12]


# --- what a claim stands on -------------------------------------------------------------------------------------------


def claim_sources(move):
    """The refs of the claim's opener with the states after them: (entry, state)."""
    if move.here is not None:
        return move.here["sources"]
    return [(entry, entry.after) for entry in move.refs]


def claim_order(move):
    """The order that a claim stands on, or what its unordered issue stands on."""
    base = claim_sources(move)[0][1]
    return base["order"] if base["type"] == "issue" else base


def issue_refs(move):
    return [(entry, state) for entry, state in claim_sources(move) if state["type"] == "issue"]


def adjustment_refs(move):
    return [(entry, state) for entry, state in claim_sources(move) if state["type"] == "adjustment"]


def claim_opener(move):
    return move.kind if move.here is None else move.here["opened_by"]


def is_held(move, part_id, number):
    return any((line["part"], line["line"]) == (part_id, number) for claim in move.live_claims() for line in claim["lines"])


# --- lines of issues --------------------------------------------------------------------------------------------------


def overcharge(claims, part_id, issue, number, order):
    """What live claims charge for a line above what its issue came to; 0 where none that is bound holds it."""
    charged, bound = [], False
    for claim in claims:
        is_bound = claim["due"] is not None and claim["figure"] is None and claim["state"] != "waived"
        for line in claim["lines"]:
            if (line["part"], line["line"]) == (part_id, number):
                bound = bound or is_bound
                if line["credit"] or is_bound:
                    amount = line["amount"] - line["credited"]
                    charged.append(-amount if claim["opened_by"] == "refund_claimed" else amount)
    if not bound:
        return 0
    try:
        return max(0, sum_amounts(charged + [-amount_owed(issue, number, order)]))
    except Broken:
        return 0


def amount_owed(issue, number, order):
    """The amount of a line's rest; 0 where nothing is chargeable."""
    if issue["lines"][number]["chargeable"] is None or issue["state"] in ("annulled", "withdrawn"):
        return 0
    amount = rest_amount(issue, number, order)
    if amount is None:
        raise Broken("price")
    return amount


def credit_of(move, entry, issue, number):
    """The overcharge that a claim carries as a credit line; 0 for none."""
    if claim_opener(move) == "claimed_unacknowledged":
        return 0
    return overcharge(move.live_claims(), entry.part_id, issue, number, claim_order(move))


def claimable(move, entry, issue, number):
    """The quantity of a line that a claim can charge."""
    opener = claim_opener(move)
    if opener == "refund_claimed":
        return 0
    if opener == "claimed_unacknowledged" and move.here is not None:
        head = next((head for head in move.past_heads("issue") if head.part_id == entry.part_id), None)
        issue = head.after if head else issue
    if opener == "claimed_unacknowledged" and issue["state"] == "issued":
        return issue["lines"][number]["issued"]
    return rest(issue, number) if issue["state"] == "receipted" else 0


def chosen_lines(move):
    """(position among the issue refs, line number) of the lines of issues that a claim is for."""
    if 8 in move.own:
        return [(line[0], line[1]) for line in move.own[8]]
    found = []
    for position, (entry, issue) in enumerate(issue_refs(move), 1):
        for number in sorted(issue["lines"]):
            free = not issue["unordered"] or not is_held(move, entry.part_id, number)
            if credit_of(move, entry, issue, number) > 0 or claimable(move, entry, issue, number) > 0 and free:
                found.append((position, number))
    return found


class Place:
    """A line of an issue that a claim is for."""

    def __init__(self, move, position, number):
        self.entry, self.issue = issue_refs(move)[position - 1]
        self.position, self.number = position, number
        self.credit = credit_of(move, self.entry, self.issue, number)
        self.quantity = None if self.credit else claimable(move, self.entry, self.issue, number)
        self.price = price_of(self.issue, number, claim_order(move))
        self.currency = currency_of(self.issue, number)
        self.refund = claim_opener(move) == "refund_claimed"

    def amount(self):
        if self.credit:
            return self.credit if self.refund else -self.credit
        if self.price is None:
            raise Broken("price")
        return amount_of(self.quantity, *self.price) - self.issue["lines"][self.number]["exchanged"]


def claim_places(move):
    return [Place(move, position, number) for position, number in chosen_lines(move)]


def claim_lines(move):
    """The present lines after a claim is opened or made anew."""
    before = {(line["part"], line["line"]): line["credited"] for line in (move.here or {}).get("lines", ())}
    lines = [{"part": place.entry.part_id, "issue": place.issue, "line": place.number, "quantity": place.quantity,
              "amount": place.amount(), "credit": place.credit > 0} for place in claim_places(move)]
    sign = -1 if claim_opener(move) == "refund_claimed" else 1
    lines += [{"part": entry.part_id, "issue": None, "line": adjustment["line"], "quantity": None,
               "amount": sign * adjustment["difference"], "credit": False} for entry, adjustment in adjustment_refs(move)]
    return [{**line, "credited": before.get((line["part"], line["line"]), 0)} for line in lines]


# --- claim ------------------------------------------------------------------------------------------------------------


def credited_lines(move):
    credit = {item[0]: item[1] for item in move.own[8]}
    return [{**line, "credited": line["credited"] + credit.get(item, 0)}
            for item, line in enumerate(move.here["lines"], 1)]


def claim_total(lines):
    """The sum over lines of amount less credited."""
    return sum_amounts(line["amount"] - line["credited"] for line in lines)


PLAIN_CLAIM = {"claimed": "claimed", "claimed_unacknowledged": "claimed", "refund_claimed": "claimed", "withdrawn": "withdrawn",
               "approved": "payable", "queried": "queried", "credited": "claimed",
               "reclaimed": "claimed", "upheld": "upheld", "escalated": "escalated", "figured": "figured",
               "figure_agreed": "payable", "figure_countered": "escalated", "remitted": "remitted",
               "confirmed": "payable", "not_found": "payable", "netted": "netted", "waived": "waived"}


def step_claim(move):
    if move.here is None:
        state = {"type": "claim", "opened_by": move.kind, "sources": claim_sources(move), "currency": move.own[9], "due": None, "paid": 0,
                 "remitted": None, "figure": None}
    else:
        state = dict(move.here)
    state["state"] = PLAIN_CLAIM[move.kind]
    if move.here is None or move.kind == "reclaimed":
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


# --- adjustment -------------------------------------------------------------------------------------------------------


def adjustment_price(move):
    return price_of(move.refs[0].after, move.own[8], move.refs[1].after if len(move.refs) > 1 else None)


def right_amount(move):
    if 10 in move.own:
        return move.own[10]
    return amount_of(to_millionths(move.own[9]), *adjustment_price(move))


def other_adjustments(move, part_id, number, states):
    """The past heads of the other adjustment parts of a line that are in one of some states."""
    return [head for head in move.past_heads("adjustment")
            if (head.after["issue"], head.after["line"]) == (part_id, number) and head.after["state"] in states]


def difference(move):
    issue, number = move.refs[0].after, move.own[8]
    charged = amount_of(issue["lines"][number]["chargeable"], *adjustment_price(move))
    others = other_adjustments(move, move.refs[0].part_id, number, ("adjusted",))
    return sum_amounts([right_amount(move), -charged] + [-head.after["difference"] for head in others])


def step_adjustment(move):
    if move.here is not None:
        states = {"adjustment_agreed": "adjusted", "adjustment_refused": "refused", "withdrawn": "withdrawn"}
        return {**move.here, "state": states[move.kind]}
    number = move.own[8]
    return {"type": "adjustment", "state": "proposed by receiver" if move.side() == "R" else "proposed by supplier",
            "issue": move.refs[0].part_id, "line": number, "currency": currency_of(move.refs[0].after, number),
            "quantity": to_millionths(move.own[9]) if 9 in move.own else None, "amount": right_amount(move),
            "difference": difference(move)}
