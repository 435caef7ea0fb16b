"""What goes wrong: for each failure how often it is planted among 3,737 orders, and how.

Rates: of the audits (the Board of Audit, October 2023: 110 of 3,737 unsettled for over a year; GAO-20-309: 24 % late, 12 % without a receipt that
anybody finds); what is refused by a guard is rarer, and each guard that a finding stands on is met at least once."""
from fractions import Fraction

import cast
import days
import goods
import plots

DAY = 24  # hours


class Nowhere:
    """An entry that nobody has: named, and never to come."""

    def __init__(self, number):
        self.label, self.party, self.stated = "%064x" % number, None, 0


def by_telephone(order):
    order.oral = True


def accepted_without_charter(order):
    order.wait(1, 2)
    order.accept(void="S102")


def adjusted(order):
    issue = order.issues[-1]
    order.wait(10, 40)
    order.adjust(issue, 1 + goods.amount(min(order.rest(issue).items())[1], issue.data["terms"][1]) // 10)


def note_on_nothing(order):
    """A note of S that relies on an entry that is not here."""
    order.wait(1, 2)
    entry = order.note("S", "issuer", refs=[Nowhere(order.random.getrandbits(256))])
    entry.verdict = "waiting"


def hook(name, act):
    """Before a step of the ordinary course."""
    def plant(order):
        order.hooks.setdefault(name, []).append(act)
    return plant


def late(step, low_days, high_days):
    def plant(order):
        order.late[step] = (low_days * DAY, high_days * DAY)
    return plant


def via(step, place):
    def plant(order):
        order.via[step] = place
    return plant


def on(course, *plants, small=None, category=None):
    """An order of that course, with these faults; small: far below or above the amount of separation."""
    def run(order):
        order.plain = False
        order.category = category
        for plant in plants:
            plant(order)
        course(order)
    run.values = None if small is None else (100000, 500000) if small else (2000000, 9000000)
    return run


def converted_too_soon(order):
    order.wait(24, 2000)
    order.convert(order.issues[-1], void="S201")


def ratified_without_charter(order):
    order.wait(1, 2)
    order.ratify(order.part, void="S5", charter=False)


def ratified_by_receiver(order):
    order.wait(1, 2)
    order.ratify(order.part, void="S106", named=False)


def speaks_late(order):
    order.speaks_late = True


def claimed_too_soon(order):
    """On own evidence, while the receiver's time runs."""
    order.wait(24, 90)
    order.claim([order.issues[-1]], void="S121", kind="claimed_unacknowledged")


def stopped(course, *plants):
    """The same, and its course breaks off where a plant says so: it stays unsettled."""
    def run(order):
        order.plain = False
        for plant in plants:
            plant(order)
        try:
            course(order)
        except Stop:
            return
        raise AssertionError("the course went on")
    return run


class Stop(Exception):
    """The course of this order ends here."""


def stop(order):
    raise Stop()


# --- requests that are void: nothing comes of them --------------------------------------------------------------------------------------

def bad_line(**change):
    def changed(order):
        line = dict(order.lines[0], **change)
        return {"lines": [{name: value for name, value in line.items() if value is not None}]}
    return changed


def refused_request(rule, change, kinds="supply", place=None, method="cash", values=(50000, 3000000)):
    def run(order):
        order.activity = "1b"
        plots.stock(order, kinds, method)
        order.request(void=rule, change=change(order) if callable(change) else change, place=place)
    run.values = values
    return run


def two_lines_back(order):
    return {"lines": [dict(order.lines[0], line=2), dict(order.lines[0], line=1)]}


def too_early(order):
    order.at = cast.year_begins(cast.FIRST_YEAR) - order.random.randrange(1, 20) * days.DAY - 5 * days.HOUR
    order.activity = "1b"
    plots.stock(order, "supply", "cash")
    order.request(void="S3")


too_early.values = (50000, 3000000)


# --- moves that are void ----------------------------------------------------------------------------------------------------------------

def offered_by_clerk(order):
    order.wait(1, 3)
    order.offer(void="K11", place="reader")


def offered_by_partner(order):
    """R makes S's move."""
    order.wait(1, 3)
    fields = {"utc_offset_minutes": str(order.offset)}
    order.sign("R", "orderer", "offered", order.part, fields=fields, void="K10")


def accepted_old_terms(order):
    order.wait(1, 3)
    order.accept(void="S25", terms=order.part.line[0][0])


def accepted_above_limit(order):
    order.wait(1, 3)
    order.accept(void="S27", place="junior")


def accepted_twice(order):
    """The same move on the same head again: a double click."""
    offered = order.part.line[-2][0]
    order.wait(0, 1)
    order.sign("R", "orderer", "accepted", order.part, fields={"terms": offered.label}, answers=[offered], void="K9",
               desk=order.part.head.desk)


def accepted_too_late(order):
    """An offer that stood for a day; the next one is taken."""
    order.wait(1, 3)
    order.counter(remarks="Once more, please.")
    order.wait(2, 5)
    order.offer(valid_until=days.time_text(order.at + days.DAY))
    order.wait(30, 60)
    order.accept(void="S26")
    order.wait(1, 3)
    order.counter(remarks="That offer was over.")
    order.wait(2, 5)
    order.offer()


def two_offers(order):
    """Two supply desks answer at once, neither knowing of the other: rivals, of which R takes one up."""
    order.wait(2, 20)
    head = order.part.head
    fields = {"utc_offset_minutes": str(order.offset)}
    order.at += 60000
    other = order.sign("S", "issuer", "offered", order.part, fields=dict(fields, remarks="From the second port."), answers=[head],
                       place="issuer2")
    other.verdict = "overtaken"
    order.places["issuer"] = "issuer"
    order.rivals = True


def issued_in_gallons(order):
    order.wait(12, 60)
    number, quantity = min(order.quantities().items())
    order.issue(void="S40", change={"lines": [{"line": number, "quantity": goods.decimal_text(quantity), "unit": "GLL"}]})


def issued_in_kilograms(order):
    order.wait(12, 60)
    number, quantity = min(order.quantities().items())
    order.issue(void="S37", change={"lines": [{"line": number, "quantity": goods.decimal_text(quantity), "unit": "KGM"}]})


def issued_too_much(order):
    order.wait(12, 60)
    number, quantity = min(order.quantities().items())
    order.issue(void="S40", change={"lines": [{"line": number, "quantity": goods.decimal_text(quantity * 2)}]})


def issued_with_wrong_meter(order):
    order.wait(12, 60)
    number, quantity = min(order.quantities().items())
    line = {"line": number, "quantity": goods.decimal_text(quantity), "meter_start": "100",
            "meter_end": goods.decimal_text(101 + quantity)}
    order.issue(void="S39", change={"lines": [line]})


def issued_without_meter(order):
    order.wait(12, 60)
    number, quantity = min(order.quantities().items())
    order.issue(void="S103", change={"lines": [{"line": number, "quantity": goods.decimal_text(quantity)}]})


def issued_before_agreement(order):
    """Against the state in which the offer stood."""
    order.wait(1, 5)
    part, offered = order.part, order.part.line[-2][0]
    fields = {"delivered_at": days.time_text(order.at - days.HOUR), "utc_offset_minutes": str(order.offset), "place": "Quay"}
    issue = type(part)("I", order)
    order.sign("S", "issuer", "issued", issue, opens=True, fields=fields, refs=[offered], void="S31")


def delivered_before_agreement(order):
    """A valid issue, whose goods had gone before R had accepted."""
    accepted = order.part.line[-1][0].stated
    order.wait(12, 60)
    plots.receive(order, order.issue(delivered_at=accepted - order.random.randrange(1, 40) * days.HOUR))
    order.issued_already = True


def two_ports(order):
    """Two desks issue all of it, each not knowing of the other."""
    order.wait(12, 60)
    first = order.issue(place="issuer")
    order.at += 60000
    second = order.issue(place="issuer2")
    order.wait(2, 20)
    order.receipt(first)
    order.wait(2, 20)
    order.receipt(second)
    order.issued_already = True


def taken_at_sea(order, late_hours=(20, 60)):
    """R alone records it; S's issue answers that."""
    order.wait(12, 60)
    part = order.take()
    order.wait(*late_hours)
    order.issue_taken(part)
    order.issued_already = True


def taken_and_forgotten(order):
    order.wait(12, 60)
    order.take()
    raise Stop()


def received_wrong_sum(order):
    issue = order.issues[-1]
    order.wait(0.3, 0.6)
    number, quantity = min(issue.data["issued"].items())
    line = {"line": number, "accepted": goods.decimal_text(quantity), "short": "1", "reason": "short"}
    order.receipt(issue, void="S46", change={"lines": [line]})


def received_without_reason(order):
    issue = order.issues[-1]
    order.wait(0.3, 0.6)
    number, quantity = min(issue.data["issued"].items())
    order.receipt(issue, void="S47", change={"lines": [{"line": number, "accepted": goods.decimal_text(quantity / 2)}]})


def received_by_supplier(order):
    issue = order.issues[-1]
    order.wait(0.3, 0.6)
    order.sign("S", "issuer", "receipted", issue, void="K10")


def received_by_clerk(order):
    order.wait(0.3, 0.6)
    order.receipt(order.issues[-1], void="K11", place="reader")


def received_by_orderer(order):
    """Above the amount of separation: the officer who ordered."""
    order.wait(0.3, 0.6)
    order.receipt(order.issues[-1], void="S49", place="allround")


def received_after_rotation(order):
    """By a desk whose grant has ended; another adopts its facts."""
    issue = order.issues[-1]
    order.wait(0.3, 0.6)
    entry = order.receipt(issue, void="K4", place="short")
    order.wait(2, 10)
    data = dict(issue.data, accepted=dict(issue.data["issued"]), chargeable=dict(issue.data["issued"]))
    again = order.sign("R", "receiver", "restated", issue, refs=[entry], fields={"entry": entry.label})
    data["receiver"] = again.officer
    issue.push(again, order.end(data), data)
    order.received_already = True


def received_backdated(order):
    """A receipt that states a time before the issue that it answers."""
    issue = order.issues[-1]
    order.wait(2, 20)
    order.receipt(issue, stated=issue.head.stated - order.random.randrange(2, 9) * days.HOUR)
    order.received_already = True


def received_after_a_note(order):
    """A receipt that states a time before the note that its desk had just signed."""
    order.wait(6, 9)
    desk = cast.number_of(order.places["receiver"], order.at)
    order.note("R", "receiver", desk=desk)
    noted = order.at
    order.wait(0.2, 0.3)
    order.receipt(order.issues[-1], stated=noted - 2 * days.HOUR, desk=desk)
    order.received_already = True


def received_in_gallons(order):
    """The unit was misread; R counts in another and says so."""
    issue = order.issues[-1]
    number, quantity = min(issue.data["issued"].items())
    order.wait(2, 20)
    order.receipt(issue, {number: Fraction(int(quantity / 4))}, reason="wrong_unit")
    order.wait(5, 60)
    order.concur(issue)
    order.received_already = True


def resolved_above(order):
    """A figure above all that either side ever named."""
    issue = order.issues[-1]
    order.wait(2, 20)
    number, quantity = min(issue.data["issued"].items())
    order.receipt(issue, {number: quantity - 1})
    order.wait(5, 20)
    order.dispute(issue)
    order.wait(5, 20)
    lines = [{"line": line, "quantity": goods.decimal_text(amount + 5)} for line, amount in sorted(issue.data["issued"].items())]
    order.move("S", "dispute", "resolution_proposed", issue, "resolution", fields={"lines": lines}, void="S53")
    order.wait(20, 90)
    agreed = dict(issue.data["issued"])
    lines = [{"line": line, "quantity": goods.decimal_text(amount)} for line, amount in sorted(agreed.items())]
    order.move("S", "dispute", "resolution_proposed", issue, "resolution", fields={"lines": lines})
    order.wait(20, 90)
    data = dict(issue.data, chargeable=agreed)
    order.move("R", "dispute", "resolution_agreed", issue, order.end(data), data)
    order.received_already = True


def dispute_for_ever(order):
    issue = order.issues[-1]
    order.wait(2, 20)
    number, quantity = min(issue.data["issued"].items())
    order.receipt(issue, {number: quantity / 2})
    order.wait(5, 60)
    order.dispute(issue)
    raise Stop()


def claimed(rule, change=None, wrong_minor=0, place=None):
    """A claim that differs from the terms."""
    def act(order):
        order.wait(24, 60)
        more = change(order) if change else None
        order.claim(order.issues, void=rule, wrong_minor=wrong_minor, change=more, place=place)
    return act


def other_amount(order):
    lines = order.claim_lines(order.issues)
    total = sum(line[3] for line in lines) + 7
    fields = [{"issue": order.issues.index(line[0]) + 1, "line": line[1], "amount_minor": line[3]} for line in lines]
    fields[0]["amount_minor"] += 7
    return {"lines": fields, "total_minor": total}


def claimed_again(order):
    """While the first claim is open."""
    order.wait(10, 30)
    order.claim(order.issues, void="S60", desk=order.claims[-1].head.desk)


def credited_too_much(order):
    claim = order.claims[-1]
    order.wait(10, 30)
    order.query(claim, "price")
    order.wait(10, 30)
    data = claim.data
    minor = data["lines"][0][3] + 1
    order.move("S", "claims", "credited", claim, "claimed", void="S66",
               fields={"items": [{"item": 1, "credit_minor": minor}], "total_minor": max(1, data["total"] - minor)})
    order.wait(10, 30)
    order.credit(claim, 1)


def approved_by_liaison(order):
    order.wait(10, 30)
    order.approve(order.claims[-1], void="K11", place="allround")


def approved_by_one_for_all(order):
    """One officer has ordered and received, and would pay."""
    order.wait(10, 30)
    order.approve(order.claims[-1], void="S73", place="sole")


def one_for_all(order):
    order.via.update(request="sole", accept="sole", receipt="sole")


def approved_above_limit(order):
    order.wait(10, 30)
    order.approve(order.claims[-1], void="S71", place="spender")


def remitted_too_much(order):
    claim = order.claims[-1]
    order.wait(10, 30)
    order.remit(claim, claim.data["due"] + 1, void="S70")


def remitted_in_other_currency(order):
    order.wait(10, 30)
    order.remit(order.claims[-1], currency="USD", void="S69")


def part_paid(order):
    claim = order.claims[-1]
    order.wait(24, 90)
    order.remit(claim, max(1, claim.data["due"] // 2))
    order.wait(24, 90)
    order.confirm(claim)
    raise Stop()


def returned_too_much(order):
    issue = order.issues[-1]
    order.wait(24, 90)
    number, rest = min(order.rest(issue).items())
    order.send_back(issue, quantities={number: rest + 1}, void="S55")


def taken_back_too_much(order):
    issue = order.issues[-1]
    order.wait(5, 20)
    number, rest = min(issue.data["returning"].items())
    order.move("S", "issuer", "return_accepted", issue, "settled", void="S57",
               fields={"lines": [{"line": number, "quantity": goods.decimal_text(rest + 1)}]})


def liaison(order):
    """Below the amount of separation: one officer orders and receives."""
    order.via.update(request="allround", accept="allround", receipt="allround")


def orderer_is_liaison(order):
    order.via.update(request="allround", accept="allround")


def with_return_day(order):
    """The goods were promised back by a day, and come after it."""
    order.return_after = order.random.randrange(20, 60)


# --- the list ---------------------------------------------------------------------------------------------------------------------------

VOID_REQUESTS = [
    ("weapons asked for", 2, refused_request("S8", bad_line(category="weapons"))),
    ("unknown category", 2, refused_request("S9", bad_line(category="advice"))),
    ("unknown activity", 2, refused_request("S4", {"activity": "9z"})),
    ("no Charter statement", 3, refused_request("S5", {"charter": False})),
    ("unknown urgency", 1, refused_request("S6", {"urgency": "now"})),
    ("lines out of order", 2, refused_request("S7", two_lines_back)),
    ("neither supply nor service", 1, refused_request("S10", bad_line(kind="gift"))),
    ("a service to be returned", 3, refused_request("S11", bad_line(settlement="return_same"), kinds="service")),
    ("goods for like service", 2, refused_request("S11", bad_line(settlement="service_like"))),
    ("nothing of it", 3, refused_request("S12", bad_line(quantity="0"))),
    ("no description", 1, refused_request("S13", bad_line(description_en=None, description_ja=None))),
    ("neither price nor ceiling", 4, refused_request("S14", bad_line(unit_price_minor=None, price_basis=None))),
    ("price without a basis", 3, refused_request("S14", bad_line(price_basis=None))),
    ("price and ceiling", 2, refused_request("S14", bad_line(ceiling_minor=1000))),
    ("a service without a meter", 9, refused_request("S16", bad_line(meter=None), kinds="service")),
    ("a currency of nobody", 2, refused_request("S17", bad_line(currency="EUR"))),
    ("stock number misspelt", 2, refused_request("S18", bad_line(nsn_or_fsc="72-10"))),
    ("third party without consent", 6, refused_request("S20", {"third_party": "A relief society"})),
    ("above the limit", 6, refused_request("S27", {}, place="junior", values=(3000000, 4000000))),
    ("a clerk orders", 5, refused_request("K11", {}, place="reader")),
    ("before the agreement", 4, too_early),
    ("telephone call denied", 6, plots.denied),
]

FAULTS = [
    ("a note on what is not here", 1, on(plots.cash, hook("issue", note_on_nothing))),
    ("offer by a clerk", 4, on(plots.cash, hook("offer", offered_by_clerk))),
    ("offer by the wrong side", 3, on(plots.cash, hook("offer", offered_by_partner))),
    ("old terms accepted", 4, on(plots.cash, hook("accept", accepted_old_terms))),
    ("accepted above the limit", 4, on(plots.cash, hook("accept", accepted_above_limit), small=False)),
    ("accepted twice", 4, on(plots.cash, hook("agreed", accepted_twice))),
    ("accepted too late", 4, on(plots.cash, hook("accept", accepted_too_late))),
    ("two offers at once", 5, on(plots.cash, hook("offer", two_offers))),
    ("issued in gallons", 46, on(plots.back, hook("issue", issued_in_gallons), category="water")),
    ("fuel issued in gallons", 20, on(plots.back, hook("issue", issued_in_gallons), category="fuel")),
    ("issued in kilograms", 9, on(plots.back, hook("issue", issued_in_kilograms), category="fuel")),
    ("issued more than agreed", 8, on(plots.back, hook("issue", issued_too_much), category="parts")),
    ("received in the wrong unit", 18, on(plots.back, hook("receipt", received_in_gallons), category="water")),
    ("meter figures wrong", 6, on(plots.like, hook("issue", issued_with_wrong_meter))),
    ("a service issued without its meter", 12, on(plots.like, hook("issue", issued_without_meter))),
    ("issued before agreement", 3, on(plots.cash, hook("issue", issued_before_agreement))),
    ("delivered before agreement", 8, on(plots.cash, hook("issue", delivered_before_agreement))),
    ("two ports issue it", 4, on(plots.cash, hook("issue", two_ports))),
    ("taken at sea", 25, on(plots.cash, hook("issue", taken_at_sea))),
    ("taken, issued late", 10, on(plots.cash, hook("issue", lambda order: taken_at_sea(order, (120, 800))))),
    ("receipt does not add up", 5, on(plots.cash, hook("receipt", received_wrong_sum))),
    ("difference without a reason", 4, on(plots.back, hook("receipt", received_without_reason), category="water")),
    ("supplier signs the receipt", 3, on(plots.cash, hook("receipt", received_by_supplier))),
    ("a clerk receives", 5, on(plots.cash, hook("receipt", received_by_clerk))),
    ("orderer receives", 6, on(plots.cash, orderer_is_liaison, hook("receipt", received_by_orderer), small=False)),
    ("orderer receives, small", 60, on(plots.cash, liaison, small=True)),
    ("receipt after rotation", 5, on(plots.cash, hook("receipt", received_after_rotation))),
    ("receipt dated back", 6, on(plots.cash, hook("receipt", received_backdated))),
    ("receipt after a note", 4, on(plots.cash, hook("receipt", received_after_a_note))),
    ("resolution above all", 3, on(plots.back, hook("receipt", resolved_above), category="water")),
    ("claim of another total", 30, on(plots.cash, hook("claim", claimed("S67", wrong_minor=13)))),
    ("claim at another price", 20, on(plots.cash, hook("claim", claimed("S63", other_amount)))),
    ("claim in another currency", 6, on(plots.cash, hook("claim", claimed("S62", lambda order: {"currency": "USD"})))),
    ("claim by a clerk", 4, on(plots.cash, hook("claim", claimed("K11", place="reader")))),
    ("converted", 25, on(plots.converted)),
    ("exchange converted", 10, on(plots.exchange_converted)),
    ("converted too soon", 5, on(plots.converted, hook("convert", converted_too_soon))),
    ("by telephone, delivered before agreement", 10, on(plots.cash, by_telephone, hook("issue", delivered_before_agreement))),
    ("unasked", 25, on(plots.unasked)),
    ("unasked, accepted without the Charter", 3, on(plots.unasked, hook("accept", accepted_without_charter))),
    ("adjusted", 15, on(plots.cash, hook("claim", adjusted))),
    ("unordered", 40, on(plots.unordered)),
    ("unordered, ratified late", 15, on(plots.unordered, late("ratify", 4, 30))),
    ("unordered, ratified without the Charter", 3, on(plots.unordered, hook("ratify", ratified_without_charter))),
    ("unordered, ratified by who received", 3, on(plots.unordered, hook("ratify", ratified_by_receiver), small=False)),
    ("repudiated", 5, on(plots.repudiated)),
    ("waived", 6, on(plots.waived, small=True)),
    ("claimed on own evidence", 60, on(plots.silent)),
    ("claimed on own evidence, then receipted", 20, on(plots.silent, speaks_late)),
    ("claimed on own evidence too soon", 4, on(plots.cash, hook("receipt", claimed_too_soon))),
    ("claim taken back", 12, on(plots.claimed_anew)),
    ("claim taken back, the next late", 8, on(plots.claimed_anew, late("claim", 30, 90))),
    ("claimed twice", 7, on(plots.cash, hook("approve", claimed_again))),
    ("credit above the claim", 3, on(plots.cash, hook("approve", credited_too_much))),
    ("approved by the liaison officer", 3, on(plots.cash, hook("approve", approved_by_liaison))),
    ("one officer for all", 3, on(plots.cash, one_for_all, hook("approve", approved_by_one_for_all), small=True)),
    ("approved above the limit", 3, on(plots.cash, hook("approve", approved_above_limit), small=False)),
    ("paid too much", 4, on(plots.cash, hook("remit", remitted_too_much))),
    ("paid in another currency", 3, on(plots.cash, hook("remit", remitted_in_other_currency))),
    ("more returned than due", 4, on(plots.back, hook("return", returned_too_much))),
    ("more taken back than returned", 3, on(plots.back, hook("take_back", taken_back_too_much))),
    ("answered late", 75, on(plots.cash, late("answer", 6, 20))),
    ("receipt late", 400, on(plots.cash, late("receipt", 4, 70))),
    ("receipt of a return late", 50, on(plots.back, late("receipt", 4, 70))),
    ("claim late", 150, on(plots.cash, late("claim", 35, 200))),
    ("payment late", 260, on(plots.cash, late("pay", 31, 150))),
    ("settled after a year", 60, on(plots.cash, late("claim", 250, 320), late("pay", 120, 200))),
    ("returned after a year", 40, on(plots.back, late("return", 366, 500))),
    ("returned after its day", 30, on(plots.back, with_return_day, late("return", 100, 200))),
]

# Unsettled for over a year at the end: 110 orders worth about JPY 135 million, all supplied by JP.
LOST = [
    ("never claimed", 41, stopped(plots.cash, hook("claim", stop))),
    ("no receipt", 20, stopped(plots.cash, hook("receipt", stop))),
    ("claim never approved", 12, stopped(plots.cash, hook("approve", stop))),
    ("never paid", 8, stopped(plots.cash, hook("remit", stop))),
    ("payment never confirmed", 4, stopped(plots.cash, hook("confirm", stop))),
    ("part paid", 4, stopped(plots.cash, hook("remit", part_paid))),
    ("never returned", 10, stopped(plots.back, hook("return", stop))),
    ("return never taken back", 3, stopped(plots.back, hook("take_back", stop))),
    ("service never answered", 4, stopped(plots.like, hook("exchange", stop))),
    ("dispute without end", 3, stopped(plots.cash, hook("receipt", dispute_for_ever))),
    ("taken, never issued", 1, stopped(plots.cash, hook("issue", taken_and_forgotten))),
]

# These begin long before the end, so that they have come to theirs by then.
LONG_AGO = {"converted", "exchange converted", "converted too soon", "settled after a year", "returned after a year", "receipt dated back", "receipt after a note", "two offers at once"}
