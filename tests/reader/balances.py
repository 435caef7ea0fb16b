"""Claims and balances (docs/support-rules.md, section 6)."""
from amounts import Broken, to_value
from support_kinds import OPENERS, THREAD_OPENERS
from support_claim import claim_total, currency_of, overcharge, rest_amount
from support_issue import left_in_exchange, lines_by_number, rest

PAID_OFF = ("settled", "netted", "waived", "withdrawn")


class Balance:
    """What is owed in a tally: by (debtor, creditor, currency), and in kind."""

    def __init__(self):
        self.money = {}
        self.in_kind, self.without_price, self.left_out, self.claims, self.nettings = [], [], [], [], []

    def add(self, pair, currency, what, amount):
        if amount:
            sums = self.money.setdefault((*pair, currency), {"claimed": 0, "unclaimed": 0, "netted": 0, "adjusted": 0})
            sums[what] += amount


def text(millionths):
    """A decimal in figures."""
    value = to_value(millionths)
    if isinstance(value, int):
        return str(value)
    sign = "-" if value[0] < 0 else ""
    figures = str(abs(value[0])).rjust(value[1] + 1, "0")
    return "%s%s.%s" % (sign, figures[: -value[1]], figures[-value[1] :])


def one_heads(tally, thread_id, part_type, balance):
    """(opener, state) of the parts of a type with one head; notes the others."""
    found = []
    for opener in tally.moves[thread_id]:
        if opener.opens and OPENERS[opener.kind_name] == part_type:
            heads = tally.heads[opener.id]
            if len(heads) == 1:
                found.append((opener, heads[0].after))
            elif len(heads) > 1:
                balance.left_out.append(opener.id)
    return found


def thread_balance(tally, thread_id, numbers, balance):
    opening = tally.entries[thread_id]
    pair = sides(tally, opening)
    orders = one_heads(tally, thread_id, "order", balance)
    order = orders[0][1] if orders else None
    claims = []
    for opener, claim in one_heads(tally, thread_id, "claim", balance):
        claim_balance(opener, claim, pair, numbers, balance)
        if claim["state"] != "withdrawn":
            claims.append(claim)
    claimed = {(line["part"], line["line"]) for claim in claims for line in claim["lines"]}
    for opener, issue in one_heads(tally, thread_id, "issue", balance):
        issue_balance(opener, issue, order, claimed, pair, numbers, balance)
        if issue["state"] in ("receipted", "annulled", "withdrawn"):
            for number in sorted(issue["lines"]):
                balance.add(pair, currency_of(issue, number), "adjusted", -overcharge(claims, opener.id, issue, number, order))
    for opener, adjustment in one_heads(tally, thread_id, "adjustment", balance):
        if adjustment["state"] == "adjusted" and (opener.id, adjustment["line"]) not in claimed:
            balance.add(pair, adjustment["currency"], "adjusted", adjustment["difference"])


def sides(tally, opening):
    """Codes of R and S."""
    pair = tally.parties[opening.party], opening.move_own[8]
    return pair if THREAD_OPENERS[opening.kind_name] == "R" else pair[::-1]


def claim_balance(opener, claim, pair, numbers, balance):
    total = claim_total(claim["lines"])
    due = total if claim["due"] is None else claim["due"]
    outstanding = 0 if claim["state"] in PAID_OFF else due - claim["paid"]
    balance.claims.append({
        "number": numbers.get(opener.id), "state": claim["state"], "currency": claim["currency"], "total": total,
        "paid": claim["paid"], "outstanding": outstanding,
    })
    if claim["state"] not in PAID_OFF:
        balance.add(pair, claim["currency"], "claimed", -outstanding if claim["opened_by"] == "refund_claimed" else outstanding)


def fits(amount, *of):
    """An amount; None where there is no price, or where it does not fit."""
    try:
        return amount(*of)
    except Broken:
        return None


def issue_balance(opener, issue, order, claimed, pair, numbers, balance):
    terms = lines_by_number(issue["order"]["agreed"]["terms"])
    for number in sorted(issue["lines"]):
        left = rest(issue, number)
        line = terms[number]
        named = {"number": numbers.get(opener.id), "line": number, "debtor": pair[0], "creditor": pair[1],
                 "quantity": text(left), "unit": line[6]}
        if issue["state"] in ("return due", "returning") and left > 0:
            balance.in_kind.append(named)
        elif issue["state"] in ("exchange due", "exchanging") and left > 0:
            balance.in_kind.append({**named, "currency": line[12], "amount": fits(left_in_exchange, issue, number)})
        elif issue["state"] == "receipted" and left > 0 and (opener.id, number) not in claimed:
            amount = fits(rest_amount, issue, number, order)
            if amount is None:
                balance.without_price.append(named)
            else:
                balance.add(pair, line[12], "unclaimed", amount)


def netting_balance(tally, thread_id, numbers, balance):
    """What is owed by a netting with an agreed list: the values of the claims set off under it, less what the net debtor paid."""
    for opener, netting in one_heads(tally, thread_id, "netting", balance):
        agreed = netting["agreed"]
        if agreed is None:
            continue
        lists = {other.id for other in tally.moves[thread_id] if other.after["agreed"] and other.after["agreed"]["id"] == other.id}
        debtor, creditor = opener.move_own[8], tally.parties[opener.party]
        done = [claim for claim in agreed["claims"] or () if is_set_off(tally, claim, lists)]
        net = sum(claim[8] if claim[2] == debtor else -claim[8] for claim in done) - netting["paid"]
        balance.add((debtor, creditor) if net > 0 else (creditor, debtor), netting["currency"], "netted", abs(net))
        balance.nettings.append({
            "number": numbers.get(opener.id), "state": netting["state"], "debtor": debtor, "creditor": creditor,
            "currency": netting["currency"], "total": agreed["total"], "netted": len(done), "claims": len(agreed["claims"] or ()),
        })


def is_set_off(tally, claim, lists):
    heads = tally.heads.get(claim[1], ())
    if len(heads) != 1 or heads[0].thread_id != claim[0] or heads[0].after["state"] != "netted":
        return False
    return set_off_by(tally, heads[0]).move_refs[0] in lists


def set_off_by(tally, head):
    """The netted behind a head: itself, or what a resolved says stands."""
    while head.kind_name == "resolved":
        head = tally.entries[head.move_own[8]]
    return head


def balance_of(tally, numbers):
    balance = Balance()
    for thread_id in sorted(tally.moves):
        if tally.entries[thread_id].domain != "support":
            continue
        make = netting_balance if tally.entries[thread_id].kind_name == "netting_proposed" else thread_balance
        make(tally, thread_id, numbers, balance)
    if tally.opening.own.get(8) == "rehearsal":
        balance.money, balance.in_kind, balance.without_price, balance.nettings = {}, [], [], []
    return balance
