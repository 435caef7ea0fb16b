"""Ordinary courses of an order, and places in them where something can go wrong: `hooks` of an order, by the step that they precede."""
from fractions import Fraction

import days
import goods

ACTIVITIES = ["1a", "1b", "1b", "1c", "1d"]


def stage(order, name):
    """What was planted before a step of that name happens now."""
    for hook in order.hooks.pop(name, []):
        hook(order)


def stock(order, kinds, method):
    """Lines worth what the order is to be worth: one, or two of one kind."""
    random = order.random
    chosen = [item for item in goods.CATALOGUE if item[1] == kinds and (not order.category or item[0] == order.category)]
    count = 2 if order.plain and random.random() < 0.25 else 1
    left = order.value
    for number in range(1, count + 1):
        worth = left if number == count else max(1, int(left * random.uniform(0.2, 0.8)))
        left -= worth
        cheap = [item for item in chosen if item[5] * 5 <= worth]  # so that whole pieces come near to what it is to be worth
        order.lines.append(goods.make_line(random, number, random.choice(cheap or chosen), order.currency, worth, method))
        if order.return_after:
            order.lines[-1]["return_by"] = days.day_text(order.at // days.DAY + 25 + order.return_after)


def oral(order):
    """By telephone, an hour before it was written down."""
    return {"oral_at": days.time_text(order.at - days.HOUR), "oral_with": "duty officer"}


def unasked(order):
    """S offers what nobody had asked for."""
    order.activity = order.random.choice(ACTIVITIES)
    stock(order, order.random.choice(["supply", "service"]), "cash")
    order.offer_unasked()
    stage(order, "accept")
    order.wait(1, 40)
    order.accept(charter=True)
    deliver(order)
    charge(order, order.issues)
    finish(order)


def denied(order):
    """Nobody there remembers the telephone call."""
    order.activity = order.random.choice(ACTIVITIES)
    stock(order, "supply", "cash")
    order.request(change=oral(order))
    order.wait(3, 20)
    order.simple("S", "issuer", "oral_denied", "declined", {"remarks": "No such call is in our log."})


def begin(order, kinds, method):
    """From the request to the agreed order."""
    random = order.random
    order.activity = order.activity or random.choice(ACTIVITIES)
    order.urgency = order.urgency if order.urgency else random.choice([None, "routine", "routine", "relief"])
    if not order.lines:
        stock(order, kinds, method)
    order.request(place=order.via.get("request"), change=order.oral and oral(order))
    stage(order, "offer")
    late = order.late.get("answer")
    if order.rivals:
        order.at += 2 * days.MINUTE
    else:
        order.wait(*(late if late else (2, 20) if order.urgency == "relief" else (3, 90)))
    order.offer()
    roll = random.random()
    if roll < 0.04 and order.plain:
        order.wait(5, 40)
        order.counter(remarks="A day earlier, please.")
        order.wait(2, 20)
        order.offer()
    elif roll < 0.07 and order.plain:
        order.wait(5, 40)
        order.counter(place="Pier 2")
        order.wait(2, 20)
        order.simple("S", "issuer", "asked", "clarify", {"remarks": "Which pier?"})
        order.wait(2, 20)
        order.move("R", "orderer", "answered", order.part, "requested", fields={"remarks": "The northern one."})
        order.wait(2, 20)
        order.offer()
    stage(order, "accept")
    order.wait(1, 40)
    order.accept(place=order.via.get("accept"))
    stage(order, "agreed")
    if random.random() < 0.03 and order.plain:
        order.wait(5, 30)
        order.amend(place="Anchorage")
        order.wait(5, 30)
        order.accept() if random.random() < 0.5 else order.refuse()


def shares(order):
    """What each issue brings, by line: all at once, or in two or three goes."""
    random = order.random
    whole = order.quantities()
    count = random.choice([1, 1, 1, 1, 2, 3]) if order.plain and all(quantity >= 6 for quantity in whole.values()) else 1
    if count == 1:
        return [None]
    parts, left = [], dict(whole)
    for _ in range(count - 1):
        parts.append({number: Fraction(int(quantity / (count + 1))) for number, quantity in whole.items()})
        left = {number: left[number] - parts[-1][number] for number in left}
    return parts + [left]


def receive(order, issue):
    """The receipt: clean, or with a difference that ends well."""
    random = order.random
    hours = all(line["kind"] == "service" and line["category"] in ("food", "transport") for line in issue.data["terms"].values())
    stage(order, "receipt")
    if order.received_already:
        return
    late = order.late.pop("receipt", None)
    order.wait(*(late if late else (1, 20) if hours else (2, 60)))
    number = min(issue.data["issued"])
    issued = issue.data["issued"][number]
    roll = random.random() if order.plain and issued >= 4 else 1
    at = issue.data["delivered_at"] - random.randrange(1, 30) * days.MINUTE if random.random() < 0.2 else None
    if roll < 0.03:
        order.receipt(issue, {number: issued - 1}, delivered_at=at)
        order.wait(5, 60)
        order.concur(issue)
    elif roll < 0.04:
        order.receipt(issue, {number: issued - 2}, delivered_at=at)
        order.wait(5, 60)
        order.dispute(issue, {**issue.data["issued"], number: issued - 1})
    else:
        order.receipt(issue, delivered_at=at, place=order.via.get("receipt"))


def deliver(order):
    """All issues and their receipts. The claim clock runs from the first, so they stay close together."""
    stage(order, "issue")
    for share in [] if order.issued_already else shares(order):
        order.wait(12, 100)
        issue = order.issue(share)
        receive(order, issue)
    stage(order, "received")


def charge(order, issues):
    """The claim of these issues, and its end."""
    random = order.random
    stage(order, "claim")
    late = order.late.get("claim")
    order.wait(*(late if late else (24, 200)))
    claim = order.claim(issues, invoice=order.invoice)
    stage(order, "approve")
    roll = random.random()
    if roll < 0.03 and order.plain and claim.data["lines"][0][3] > 10:
        order.wait(24, 90)
        order.query(claim)
        order.wait(24, 90)
        order.credit(claim, random.randrange(1, claim.data["lines"][0][3] // 2))
    late = order.late.get("pay")
    order.wait(*(late if late else (24, 120)))
    order.approve(claim, place=order.via.get("approve"))
    stage(order, "remit")
    order.wait(24, 140)
    due = claim.data["due"]
    if roll > 0.97 and order.plain and due > 10:
        order.remit(claim, due // 3)
        order.wait(24, 100)
        order.confirm(claim)
        order.wait(12, 60)
    elif roll > 0.95 and order.plain:
        order.remit(claim)
        order.wait(24, 100)
        order.not_found(claim)
        order.wait(12, 60)
    order.remit(claim)
    stage(order, "confirm")
    order.wait(24, 140)
    order.confirm(claim)


def pay(order, claim):
    order.wait(24, 120)
    order.approve(claim)
    order.wait(24, 140)
    order.remit(claim)
    order.wait(24, 140)
    order.confirm(claim)


def silent(order):
    """The receiver never says a word of it; the supplier claims on its own evidence, and is paid."""
    begin(order, order.random.choice(["supply", "service"]), "cash")
    order.wait(12, 100)
    issue = order.issue()
    order.wait(40 * 24, 80 * 24)
    claim = order.claim([issue], kind="claimed_unacknowledged")
    if order.speaks_late:
        order.wait(24, 200)
        order.receipt(issue)
    stage(order, "approve")
    pay(order, claim)
    finish(order)


def claimed_anew(order):
    """A claim taken back, and another in its place."""
    begin(order, order.random.choice(["supply", "service"]), "cash")
    deliver(order)
    order.wait(24, 200)
    claim = order.claim(order.issues)
    order.wait(20, 100)
    order.withdraw_claim(claim)
    order.wait(*(order.late.get("claim") or (10, 60)))
    pay(order, order.claim(order.issues))
    finish(order)


def finish(order):
    stage(order, "close")
    if order.random.random() < 0.5:
        order.wait(24, 500)
        order.close()


def cash(order):
    begin(order, order.random.choice(["supply", "service"]), "cash")
    deliver(order)
    charge(order, order.issues)
    finish(order)


def back(order):
    """Goods that come back: the same, or the like."""
    begin(order, "supply", order.random.choice(["return_same", "return_like"]))
    deliver(order)
    random = order.random
    for issue in order.issues:
        stage(order, "return")
        late = order.late.get("return")
        order.wait(*(late if late else (200, 2500) if issue is order.issues[0] else (20, 300)))
        if random.random() < 0.1 and order.plain and all(rest > 3 for rest in order.rest(issue).values()):
            order.send_back(issue, Fraction(1, 2))
            order.wait(10, 90)
            order.take_back(issue)
            order.wait(24, 300)
        elif random.random() < 0.05 and order.plain:
            order.send_back(issue)
            order.wait(10, 90)
            order.refuse_return(issue)
            order.wait(24, 300)
        order.send_back(issue)
        stage(order, "take_back")
        order.wait(10, 90)
        order.take_back(issue)
    finish(order)


def converted(order, kinds="supply", methods=("return_same", "return_like")):
    """What was to come back did not: the supplier asks for money instead, once it may."""
    begin(order, kinds, order.random.choice(methods))
    deliver(order)
    for issue in order.issues:
        stage(order, "convert")
        order.wait_until(issue.data["delivered_at"])
        order.wait(402 * 24, 440 * 24)
        order.convert(issue)
    charge(order, order.issues)
    finish(order)


def exchange_converted(order):
    converted(order, "service", ("service_like",))


def like_first(order):
    """The first of two services that are to answer each other; the second is worth the same, and goes the other way."""
    order.currency = "JPY"
    begin(order, "service", "service_like")
    deliver(order)


def like_second(order):
    first = order.before
    order.receiver, order.supplier, order.currency = first.supplier, first.receiver, "JPY"
    order.lines = [dict(line) for line in first.lines]
    order.wait_until(first.at)
    begin(order, "service", "service_like")
    deliver(order)
    one, two = first.issues[0], order.issues[0]
    order.wait(200, 2000)
    first.wait_until(order.at)
    first.link(one, two)
    first.wait(20, 90)
    certified = first.certify(one)
    order.wait_until(first.at + days.HOUR)
    order.link(two, one, refs=[certified])
    order.wait(20, 90)
    order.certify(two)


def debt_first(order):
    """The first of two debts that are set off against each other; the second is the other party's."""
    order.currency = "JPY"
    begin(order, order.random.choice(["supply", "service"]), "cash")
    deliver(order)
    order.wait(24, 200)
    claim = order.claim(order.issues)
    order.wait(24, 120)
    order.approve(claim)


def debt_second(order):
    first = order.before
    order.receiver, order.supplier = first.supplier, first.receiver
    debt_first(order)
    one, two = first.claims[0], order.claims[0]
    larger, smaller = (order, first) if two.data["due"] > one.data["due"] else (first, order)
    netting = order.world.new_netting(larger, max(first.at, order.at))
    netting.wait(20, 90)
    if netting.random.random() < 0.4:
        order.world.new_netting(larger, netting.at).propose_netting([one, two], void="S228", wrong_minor=5)
        netting.wait(20, 90)
    netting.propose_netting([one, two])
    netting.wait(20, 90)
    total = netting.part.data["total"]
    agreed = netting.netting_move("R", "netting_agreed", "agreed" if total else "settled")
    for owed in (first, order):
        owed.wait_until(netting.at)
        owed.wait(5, 50)
        owed.set_off(owed.claims[0], agreed)
    if total:
        netting.wait(20, 90)
        netting.netting_move("R", "netting_remitted", "remitted", void="S231", minor=total + 1)
        netting.wait(20, 90)
        netting.netting_move("R", "netting_remitted", "remitted", minor=total)
        netting.wait(20, 90)
        netting.netting_move("S", "netting_confirmed", "settled")


def unordered(order):
    """Handed over at sea on a word; the receiver makes an order of it afterwards."""
    order.activity = order.random.choice(ACTIVITIES)
    stock(order, "supply", "cash")
    issue = order.issue_unordered()
    stage(order, "ratify")
    order.wait(*(order.late.get("ratify") or (3, 70)))
    order.ratify(issue)
    charge(order, [issue])


def repudiated(order):
    order.activity = order.random.choice(ACTIVITIES)
    stock(order, "supply", "cash")
    issue = order.issue_unordered()
    order.wait(3, 60)
    order.move("R", "orderer", "repudiated", issue, "repudiated", fields={"reason": "not_received"})
    order.wait(3, 60)
    order.move("S", "issuer", "withdrawn", issue, "withdrawn")


def waived(order):
    """A small sum that costs more to collect."""
    begin(order, order.random.choice(["supply", "service"]), "cash")
    deliver(order)
    order.wait(24, 200)
    claim = order.claim(order.issues)
    order.wait(24, 200)
    order.waive(claim)


def like(order):
    """A service to be answered by one of its kind, and paid for after all."""
    begin(order, "service", "service_like")
    deliver(order)
    stage(order, "exchange")
    order.wait(200, 2000)
    for issue in order.issues:
        order.wait(1, 5)
        order.elect_cash(issue)
    charge(order, order.issues)
    finish(order)


def came_to_nothing(order):
    """Asked for, and not given."""
    random = order.random
    order.activity = random.choice(ACTIVITIES)
    stock(order, "supply", "cash")
    order.request()
    order.wait(3, 20)
    roll = random.randrange(4)
    if roll == 0:
        order.simple("S", "issuer", "declined", "declined", {"reason": "not_available"})
    elif roll == 1:
        order.simple("S", "issuer", "asked", "clarify", {"remarks": "Which grade?"})
        order.wait(3, 20)
        order.simple("R", "orderer", "withdrawn", "withdrawn")
    elif roll == 2:
        order.offer()
        order.wait(3, 20)
        order.simple("R", "orderer", "rejected", "rejected")
    else:
        order.offer()
        order.wait(3, 20)
        order.accept()
        order.wait(3, 20)
        order.simple("S", "issuer", "unfilled", "unfilled")
