"""The reader's own tests of word of mouth, unasked offers, unordered issues, withdrawals, adjustments, refund claims and silent
receivers."""
from dates import from_date
from maker import NOW, lift, line
from reader import report
from state import state_name
from tests_keys import expect, folded, ready
from tests_support import ISSUE, REMARKS, Order

DAY = 86400000
ORAL = {26: NOW - 1000, 27: "duty officer"}


def balance(tally, debtor="GB", creditor="JP"):
    return report(tally)["balances"].get(debtor, {}).get(creditor, {}).get("GBP", {}).get("owed", 0)


def test_word_of_mouth():
    made = ready()
    good = made.request().own
    def ask(own, **more):
        return made.add("GB-1", "support.requested", {**good, **own}, **more)
    cases = [(ask({26: NOW}), "S100"), (ask({27: "duty officer"}), "S100"), (ask(ORAL, stated=NOW - 1001), "S100"),
             (ask(ORAL, stated=NOW - 1000), "valid")]
    told = cases[-1][0]
    plain = made.request()
    denied = made.move("JP-1", "oral_denied", REMARKS, to=told)
    cases += [(made.move("JP-1", "oral_denied", REMARKS, to=plain), "S101"), (made.move("JP-2", "oral_denied", to=told), "F1"),
              (denied, "valid")]
    asked = made.move("JP-2", "asked", REMARKS, to=plain)
    cases.append((made.move("JP-1", "oral_denied", REMARKS, to=made.move("GB-1", "answered", to=asked)), "S101"))
    tally = expect(made, *cases)
    assert tally.entries[denied.id].after["state"] == "declined"
    offer = made.offer(own={12: 20000, **ORAL})
    refused = made.move("GB-1", "oral_denied", REMARKS, to=offer)
    assert expect(made, (refused, "valid")).entries[refused.id].after["state"] == "withdrawn"


def test_unasked_offers():
    made = ready()
    cases = [(made.offer(own={8: "JP"}), "S1"), (made.offer(own={20: 0}), "S2"), (made.offer(own={9: "9z"}), "S4"),
             (made.offer(own={22: 5}), "S23"), (made.offer(own={15: 900}), "S21"), (made.offer(), "F1")]
    offer = made.offer(own={12: 20000})
    cases = [(entry, "F1") for entry, _ in cases] + [(offer, "valid")]
    for own, rule in (({8: "JP"}, "S1"), ({20: 0}, "S2"), ({9: "9z"}, "S4"), ({22: 5}, "S23"), ({15: 900}, "S21")):
        cases.append((made.offer(own={12: 20000, **own}), rule))
    bare = made.move("GB-1", "accepted", {8: offer.id}, to=offer)
    accepted = made.move("GB-2", "accepted", {8: offer.id, 18: True}, to=offer)
    cases += [(bare, "S102"), (accepted, "valid")]
    amended = made.move("JP-1", "amended", {11: "pier"}, to=accepted)
    cases += [(made.move("GB-1", "accepted", {8: amended.id, 18: True}, to=amended), "S102"),
              (made.move("GB-2", "accepted", {8: amended.id}, to=amended), "valid")]
    other = made.offer(own={12: 20000})
    withdrawn = made.move("JP-1", "withdrawn", to=other)
    countered = made.move("GB-1", "offer_countered", {11: "pier"}, to=other)
    cases += [(withdrawn, "overtaken"), (countered, "valid")]
    again = made.move("JP-1", "offered", {15: 540, 11: "ship"}, to=countered)
    back = made.move("JP-1", "withdrawn", to=again)
    tally = expect(made, *cases, (back, "valid"))
    after = tally.entries[back.id].after
    assert after["state"] == "requested" and after["table"]["id"] == countered.id and after["table"]["terms"][11] == "pier"
    lone = made.move("JP-2", "withdrawn", to=made.offer(own={12: 20000}))
    after = folded(made).entries[lone.id].after
    assert after["state"] == "withdrawn" and after["table"] is not None
    assert report(folded(made))["orders"][0]["number"].startswith("JP-")


def test_standing_withdrawals():
    made = ready()
    request = made.request()
    withdrawn = made.move("GB-1", "withdrawn", to=request)
    expect(made, (withdrawn, "valid"))
    offered = made.move("JP-1", "offered", {15: 540}, to=request)
    expect(made, (withdrawn, "overtaken"), (offered, "valid"))
    order = Order()
    made = order.made
    issued = order.issue([{0: 1, 1: 10}])
    withdrawn = made.move("JP-1", "withdrawn", to=issued)
    foreign = made.move("GB-1", "withdrawn", to=issued)
    expect(made, (withdrawn, "valid"), (foreign, "K10"))
    taken = order.issue([{0: 1, 1: 10}], "taken", "GB-2")
    joined = made.move("GB-2", "receipted", to=issued, refs=[taken])
    seen = made.add("GB-home", "home.acknowledged", {8: bytes(32)}, refs=[joined])
    late = made.move("GB-1", "withdrawn", to=taken, seen=seen)
    expect(made, (withdrawn, "overtaken"), (joined, "valid"), (late, "S44"))
    claimed = order.claim(made.move("GB-2", "receipted", to=order.issue([{0: 1, 1: 1}])), total=250)
    given_up = made.move("JP-1", "withdrawn", to=claimed)
    again = made.open("JP-1", "claimed", {9: "GBP", 10: 250}, [order.agreed, made.tally().entries[claimed.refs[1]]], order.request)
    tally = expect(made, (given_up, "valid"), (again, "valid"))
    assert balance(tally) == 250 + 2500


def unordered(made, lines=None, own=None, **more):
    return made.offer(verb="issued_unordered", lines=lines, own={28: NOW, **(own or {})}, **more)


def test_unordered_issues():
    made = ready()
    service = [{**lift(1, 2), 13: "cash"}, line(2, 5)]
    cases = [
        (unordered(made, [line(), line(2, settlement="return_same")]), "S38"), (unordered(made, service), "S103"),
        (unordered(made, service, {32: [{0: 1, 3: 1, 4: 4}]}), "S39"), (unordered(made, service, {32: [{0: 1, 3: 1}]}), "S39"),
        (unordered(made, service, {32: [{0: 1, 3: 1, 4: 3}]}), "valid"), (unordered(made, service, {32: [{0: 1, 5: "list"}]}), "valid"),
        (unordered(made, service, {32: [{0: 1, 5: "list"}, {0: 3, 5: "x"}]}), "S105"),
        (unordered(made, [line(1, 5, None, ceiling=9)]), "S104"), (unordered(made, own={29: 841}), "S21"),
        (unordered(made, own={12: 20000}), "F1"), (unordered(made, own={8: "JP"}), "S1"),
    ]
    issued = unordered(made)
    accepted = {18: True}
    cases += [
        (made.move("GB-1", "ratified", {18: False}, to=issued), "S5"), (made.move("JP-1", "ratified", accepted, to=issued), "K10"),
        (made.move("GB-1", "repudiated", {8: "mood"}, to=issued), "S107"),
        (made.move("GB-1", "ratified", {**accepted, 8: [{0: 1, 1: 90}]}, to=issued), "S47"),
        (made.move("GB-1", "ratified", {**accepted, 8: [{0: 1, 1: 90, 6: "short", 3: 9}]}, to=issued), "S46"),
        (made.move("GB-1", "ratified", {**accepted, 8: [{0: 2, 1: 90}]}, to=issued), "S45"),
    ]
    ratified = made.move("GB-1", "ratified", {**accepted, 10: "quartermaster"}, to=issued)
    withdrawn = made.move("JP-1", "withdrawn", to=issued)
    cases += [(withdrawn, "overtaken"), (ratified, "valid")]
    claimed = made.open("JP-1", "claimed", {9: "GBP", 10: 25000}, [ratified], issued)
    cases.append((claimed, "valid"))
    tally = expect(made, *cases)
    after = tally.entries[ratified.id].after
    assert after["state"] == "receipted" and after["receiver"] == "quartermaster" and after["order"]["orderer"] == "officer-GB-1"
    assert balance(tally) == 25000
    noted = made.open("JP-1", "claimed", {9: "GBP", 10: 25000}, [ratified], issued)
    expect(made, (noted, "S67"))


def test_repudiated():
    made = ready()
    issued = unordered(made)
    repudiated = made.move("GB-1", "repudiated", {8: "not_ordered"}, to=issued)
    taken_up = made.move("JP-1", "taken_up", REMARKS, to=repudiated)
    proposed = made.move("JP-1", "resolution_proposed", {8: [{0: 1, 1: 50}]}, to=taken_up)
    bare = made.move("GB-1", "resolution_agreed", to=proposed)
    agreed = made.move("GB-2", "resolution_agreed", {18: True}, to=proposed)
    tally = expect(made, (bare, "S102"), (agreed, "valid"))
    assert tally.entries[agreed.id].after["order"]["orderer"] == "officer-GB-2" and balance(tally) == 12500
    issued = unordered(made)
    proposed = made.move("JP-1", "resolution_proposed", {8: [{0: 1, 1: 0}]}, to=made.move(
        "JP-1", "taken_up", REMARKS, to=made.move("GB-1", "repudiated", {8: "other"}, to=issued)))
    agreed = made.move("GB-1", "resolution_agreed", to=proposed)
    tally = expect(made, (agreed, "valid"))
    assert tally.entries[agreed.id].after["state"] == "annulled" and balance(tally) == 12500
    withdrawn = made.move("JP-1", "withdrawn", to=made.move("GB-1", "repudiated", {8: "not_received"}, to=unordered(made)))
    assert expect(made, (withdrawn, "valid")).entries[withdrawn.id].after["state"] == "withdrawn"


def test_ratified_apart():
    """Above the amount of separation who ratifies has not received."""
    made = ready()
    issued = unordered(made, [line(1, 3000)])
    alone = made.move("GB-1", "ratified", {18: True}, to=issued)
    named = made.move("GB-2", "ratified", {18: True, 10: "officer-GB-2"}, to=issued)
    apart = made.move("GB-1", "ratified", {18: True, 10: "officer-GB-2"}, to=issued)
    claimed = made.open("JP-1", "claimed", {9: "GBP", 10: 750000}, [apart], issued)
    made.grant("GB-root", "GB-3", 3)
    expect(made, (alone, "S106"), (named, "S106"), (apart, "valid"), (made.move("GB-1", "approved", to=claimed), "S73"),
           (made.move("GB-2", "approved", to=claimed), "S73"), (made.move("GB-3", "approved", to=claimed), "valid"))


def test_meters():
    made = ready()
    request = made.request(lines=[{**lift(1), 13: "cash"}, line(2, 5)])
    offer = made.move("JP-1", "offered", {15: 540}, to=request)
    agreed = made.move("GB-1", "accepted", {8: offer.id}, to=offer)
    def issue(lines, verb="issued", who="JP-1"):
        own = {**ISSUE, **({8: lines} if lines else {}), **({13: "x"} if verb == "taken" else {})}
        return made.open(who, verb, own, [agreed], request)
    cases = [(issue(None), "S103"), (issue([{0: 1, 1: 1}]), "S103"), (issue([{0: 1, 1: 1, 5: "list"}]), "valid"),
             (issue([{0: 2, 1: 1}]), "valid"), (issue([{0: 1, 1: 1, 3: 1, 4: 2}]), "valid"), (issue([{0: 1, 1: 1}], "taken", "GB-2"), "valid")]
    taken = issue([{0: 1, 1: 1}, {0: 2, 1: 1}], "taken", "GB-2")
    cases += [(made.move("JP-1", "taken_issued", ISSUE, to=taken), "S103"),
              (made.move("JP-2", "taken_issued", {**ISSUE, 8: [{0: 2, 1: 1}]}, to=taken), "valid"),
              (made.move("JP-1", "taken_issued", {**ISSUE, 8: [{0: 1, 1: 1, 5: "list"}, {0: 2, 1: 1}]}, to=taken), "valid")]
    expect(made, *cases)


def adjust(order, issue, own, who="GB-1", refs=(), **more):
    own = {8: 1, 11: "price", **own}
    return order.made.open(who, "adjustment_proposed", own, [issue, *refs], order.request, **more)


def test_adjustments():
    order = Order()
    made = order.made
    issued = order.issue()
    receipted = made.move("GB-2", "receipted", to=issued)
    cases = [
        (adjust(order, issued, {9: 90}), "S110"), (adjust(order, issued, {9: 90}, "GB-2"), "S34"), (adjust(order, receipted, {8: 2, 9: 90}), "S111"), (adjust(order, receipted, {}), "S112"),
        (adjust(order, receipted, {9: -1}), "S112"), (adjust(order, receipted, {10: -1}), "S112"), (adjust(order, receipted, {9: 100}), "S113"),
        (adjust(order, receipted, {10: 25000}), "S113"), (adjust(order, receipted, {9: 90, 11: "mood"}), "S114"),
        (adjust(order, order.agreed, {9: 90}), "S30"), (adjust(order, receipted, {9: 90}, refs=[order.agreed]), "valid"),
        (adjust(order, receipted, {9: 80}), "S115"),
    ]
    first = cases[-2][0]
    mine = made.move("GB-1", "adjustment_agreed", to=first)
    agreed = made.move("JP-1", "adjustment_agreed", to=first)
    cases += [(mine, "K10"), (agreed, "valid")]
    tally = expect(made, *cases)
    after = tally.entries[agreed.id].after
    assert (after["amount"], after["difference"], after["quantity"]) == (22500, -2500, 90000000) and balance(tally) == 22500
    second = adjust(order, receipted, {10: 22400, 11: "short"}, "JP-2", seen=made.add(
        "JP-home", "home.acknowledged", {8: bytes(32)}, refs=[agreed]))
    concurrent = adjust(order, receipted, {10: 22300}, "GB-2")
    taken = made.move("GB-1", "adjustment_agreed", to=second)
    seen = made.add("JP-home", "home.acknowledged", {8: bytes(32)}, refs=[taken])
    late = made.move("JP-2", "adjustment_agreed", to=concurrent, seen=seen)
    tally = expect(made, (taken, "valid"), (late, "S116"))
    assert tally.entries[taken.id].after["difference"] == -100
    refused = made.move("JP-1", "adjustment_refused", to=concurrent)
    withdrawn = made.move("GB-2", "withdrawn", to=concurrent)
    tally = expect(made, (refused, "valid"), (withdrawn, "overtaken"))
    claimed = made.open("JP-1", "claimed", {9: "GBP", 10: 22400}, [order.agreed, receipted, agreed, taken], order.request)
    more = made.move("GB-1", "receipted", to=order.issue([{0: 1, 1: 1}]))
    twice = made.open("JP-1", "claimed", {9: "GBP", 10: 150}, [order.agreed, more, taken], order.request)
    wrong = made.open("JP-1", "claimed", {9: "GBP", 10: 22400}, [order.agreed, agreed, receipted], order.request)
    tally = expect(made, (claimed, "valid"), (twice, "S118"), (wrong, "S30"))
    lines = tally.entries[claimed.id].after["lines"]
    assert [(entry["line"], entry["amount"], entry["quantity"]) for entry in lines] == [(1, 25000, 100000000), (1, -2500, None), (1, -100, None)]
    assert balance(tally) == 22400 + 250


def test_refunds():
    order = Order()
    made = order.made
    receipted = made.move("GB-2", "receipted", to=order.issue())
    claimed = order.claim(receipted)
    paid = made.move("GB-2", "remitted", {9: "GBP", 10: 25000, 11: "r", 12: 20000}, to=made.move("GB-2", "approved", to=claimed))
    settled = made.move("JP-1", "confirmed", to=paid)
    less = made.move("JP-1", "adjustment_agreed", to=adjust(order, receipted, {9: 90}, seen=made.add(
        "GB-home", "home.acknowledged", {8: bytes(32)}, refs=[settled])))
    def refund(who, total, *refs):
        return made.open(who, "refund_claimed", {9: "GBP", 10: total}, [order.agreed, *refs], order.request)
    tally = expect(made, (settled, "valid"), (less, "valid"))
    assert balance(tally) == -2500
    cases = [(refund("JP-1", 2500, less), "K10"), (refund("GB-2", 2499, less), "S67"), (refund("GB-2", 2500, less, receipted), "S30"),
             (refund("GB-2", 2500, less), "valid"), (refund("GB-2", 2500), "S30")]
    mine = cases[-2][0]
    query = made.move("JP-1", "queried", {9: "price"}, to=mine)
    anew = made.move("GB-2", "reclaimed", {10: 2500}, to=query)
    approved = made.move("JP-1", "approved", to=anew)
    cases += [(made.move("GB-1", "approved", to=mine), "K10"), (approved, "valid")]
    tally = expect(made, *cases)
    assert balance(tally) == -2500
    back = made.move("JP-1", "remitted", {9: "GBP", 10: 2500, 11: "r", 12: 20000}, to=approved)
    done = made.move("GB-1", "confirmed", to=back)
    tally = expect(made, (done, "valid"))
    assert balance(tally) == 0 and tally.entries[done.id].after["state"] == "settled"
    more = made.move("GB-1", "adjustment_agreed", to=adjust(order, receipted, {9: 95}, "JP-2", seen=made.add(
        "JP-home", "home.acknowledged", {8: bytes(32)}, refs=[less])))
    far = made.move("JP-1", "adjustment_agreed", to=adjust(order, receipted, {9: 40}, seen=made.add(
        "GB-home", "home.acknowledged", {8: bytes(32)}, refs=[more])))
    tally = folded(made)
    total = -sum(tally.entries[entry.id].after["difference"] for entry in (more, far))
    expect(made, (far, "valid"), (refund("GB-2", 1250, more), "S67"), (refund("GB-1", total, more, far), "S119"))


class Silent(Order):
    """An issue whose receiver says nothing; silence ends thirty-six days after the delivery, at midnight in UTC+9."""

    def __init__(self, lines=None, counted=None):
        super().__init__(lines)
        self.issued = self.issue(counted) if counted else self.issue()
        self.end = (from_date(2023, 11, 15) + 5 + 30 + 1) * DAY - 9 * 3600000

    def claim_unacknowledged(self, *refs, total=25000, who="JP-2", **more):
        return self.made.open(who, "claimed_unacknowledged", {9: "GBP", 10: total}, [self.agreed, *(refs or [self.issued])], self.request,
                              **{"stated": self.end, **more})


def test_silence():
    order = Silent()
    made = order.made
    early = order.claim_unacknowledged(stated=order.end - 1)
    claimed = order.claim_unacknowledged()
    held = made.move("JP-2", "withdrawn", to=order.issued)
    expect(made, (early, "S121"), (claimed, "valid"), (held, "S108"))
    approved = made.move("GB-1", "approved", to=claimed)
    seen = made.add("GB-home", "home.acknowledged", {8: bytes(32)}, refs=[approved])
    late = made.move("GB-2", "receipted", to=order.issued, seen=seen)
    closed = made.move("JP-1", "closed", to=order.agreed, refs=[order.issued])
    informed = made.move("JP-2", "closed", to=order.agreed, refs=[order.issued], seen=made.add(
        "JP-home", "home.acknowledged", {8: bytes(32)}, refs=[approved]))
    tally = expect(made, (late, "S109"), (closed, "S33"), (informed, "valid"))
    heads = tally.heads[order.issued.id]
    assert state_name(tally, heads[0], heads) == "acknowledged" and balance(tally) == 25000
    meals = Silent([{**line(1, 100, category="food", kind="service"), 7: "covers"}], [{0: 1, 1: 100, 5: "100 covers"}])
    end = (from_date(2023, 11, 16) + 30 + 1) * DAY - 9 * 3600000
    expect(meals.made, (meals.claim_unacknowledged(stated=end - 1), "S121"), (meals.claim_unacknowledged(stated=end), "valid"))
    kind = Silent([line(1, 100, settlement="return_same")])
    expect(kind.made, (kind.claim_unacknowledged(), "S120"))


def test_overcharge():
    """The receiver's figures and its approval pass each other: what was charged too much comes back as a credit line."""
    order = Silent()
    made = order.made
    claimed = order.claim_unacknowledged()
    approved = made.move("GB-1", "approved", to=claimed)
    short = made.move("GB-2", "receipted", {8: [{0: 1, 1: 90, 6: "short"}]}, to=order.issued)
    agreed = made.move("JP-1", "concurred", to=short, seen=made.add("JP-home", "home.acknowledged", {8: bytes(32)}, refs=[approved]))
    tally = expect(made, (approved, "valid"), (short, "valid"), (agreed, "valid"))
    assert balance(tally) == 22500
    more = order.issue([{0: 1, 1: 1}], who="JP-1")
    receipted = made.move("GB-1", "receipted", to=more)
    next_claim = made.open("JP-1", "claimed", {9: "GBP", 10: 250}, [order.agreed, receipted], order.request)
    only = made.open("JP-1", "claimed", {9: "GBP", 10: 2500}, [order.agreed, agreed], order.request)
    expect(made, (more, "valid"), (next_claim, "valid"), (only, "S67"))
    back = made.open("GB-2", "refund_claimed", {9: "GBP", 10: 2500}, [order.agreed, agreed], order.request)
    tally = expect(made, (back, "valid"))
    assert tally.entries[back.id].after["lines"][0]["quantity"] is None and balance(tally) == 22500 + 250
    again = made.open("GB-2", "refund_claimed", {9: "GBP", 10: 2500}, [order.agreed, agreed], order.request)
    expect(made, (again, "S67"))


def test_unacknowledged_anew():
    order = Silent()
    made = order.made
    claimed = order.claim_unacknowledged()
    queried = made.move("GB-1", "queried", {9: "price"}, to=claimed)
    short = made.move("GB-2", "receipted", {8: [{0: 1, 1: 90, 6: "short"}]}, to=order.issued)
    agreed = made.move("JP-2", "concurred", to=short)
    stale = made.move("JP-1", "reclaimed", {10: 22500}, to=queried)
    seen = made.add("JP-home", "home.acknowledged", {8: bytes(32)}, refs=[agreed, queried])
    anew = made.move("JP-2", "reclaimed", {10: 22500}, to=queried, seen=seen)
    tally = expect(made, (stale, "S67"), (anew, "valid"))
    assert tally.entries[anew.id].after["lines"][0]["quantity"] == 90000000 and balance(tally) == 22500


TESTS = [test_word_of_mouth, test_unasked_offers, test_standing_withdrawals, test_unordered_issues, test_repudiated, test_ratified_apart,
         test_meters, test_adjustments, test_refunds, test_silence, test_overcharge, test_unacknowledged_anew]
