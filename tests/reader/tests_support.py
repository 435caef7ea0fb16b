"""The reader's own tests of the support domain: flows through every part, and broken guards."""
from maker import NOW, PROFILE_HASH, line
from reader import report
from state import state_name
from tests_keys import expect, folded, ready, verdict

ISSUE = {9: NOW, 10: 540, 11: "quay"}
REMARKS = {23: ["en", "x"]}


class Order:
    """An order agreed between GB (receiver) and JP (supplier)."""

    def __init__(self, lines=None):
        self.made = ready()
        self.request = self.made.request(lines=lines)
        self.offer = self.made.move("JP-1", "offered", {15: 540}, to=self.request)
        self.agreed = self.made.move("GB-1", "accepted", {8: self.offer.id}, to=self.offer)

    def issue(self, lines=None, verb="issued", who="JP-1", **own):
        own = {**ISSUE, **({13: "storeman"} if verb == "taken" else {}), **own}
        if lines:
            own[8] = lines
        return self.made.open(who, verb, own, [self.agreed], self.request)

    def claim(self, *refs, lines=None, total=25000, **own):
        own = {9: "GBP", 10: total, **own}
        if lines:
            own[8] = lines
        return self.made.open("JP-2", "claimed", own, [self.agreed, *refs], self.request)

    def state(self, entry):
        return folded(self.made).entries[entry.id].after


TERMS_CASES = [
    ("S1", {8: "GB"}), ("S1", {8: "FR"}), ("unknown", {20: 2}), ("S2", {20: 0}), ("F1", {20: -1}), ("S2", {19: bytes(32)}), ("S4", {9: "9z"}), ("S5", {18: False}),
    ("S6", {17: "soon"}), ("F1", {18: 1}), ("F1", {8: "gb"}), ("F1", {99: 1}), ("F1", {12: 2932897}),
    ("S7", {10: [line(0)]}), ("S7", {10: [line(2), line(1)]}), ("S8", {10: [line(**{"category": "weapons"})]}),
    ("S9", {10: [line(**{"category": "tea"})]}), ("S10", {10: [line(**{"kind": "gift"})]}),
    ("S11", {10: [line(settlement="service_like")]}), ("S12", {10: [line(quantity=0)]}),
    ("S13", {10: [{k: v for k, v in line().items() if k != 3}]}), ("S14", {10: [line(price=None)]}),
    ("S14", {10: [line(ceiling=5)]}), ("S14", {10: [line(price=None, ceiling=5, settlement="return_same")]}),
    ("valid", {10: [line(price=None, ceiling=5)]}), ("S15", {10: [{**line(), 9: 0}]}),
    ("S16", {10: [line(kind="service")]}), ("S17", {10: [line(currency="USD")]}), ("F1", {10: [line(currency="ZZZ")]}),
    ("S18", {10: [{**line(), 14: "12345"}]}), ("valid", {10: [{**line(), 14: "9130-01-031-5816", 15: "F-34"}]}),
    ("S18", {10: [{**line(), 15: "F-1"}]}), ("S19", {10: [{**line(), 16: 19999}]}), ("S20", {13: "others"}),
    ("valid", {13: "others", 14: "by note"}), ("S22", {16: [{0: "GBP", 1: "GBP", 2: 1, 3: "x", 4: 1}]}),
    ("S22", {16: [{0: "GBP", 1: "JPY", 2: 0, 3: "x", 4: 1}]}), ("valid", {16: [{0: "GBP", 1: "JPY", 2: [1885, 1], 3: "x", 4: 1}]}),
    ("S27", {10: [line(quantity=10**15, price=10**15)]}), ("F1", {10: [line(quantity=[10, 1])]}),
    ("F1", {10: [line(unit="XX")]}), ("F1", {10: []}),
]


def test_requests():
    made = ready()
    made.grant("GB-root", "GB-3", 3, f12={"GBP": 24999})
    good = made.request()
    cases = [(good, "valid"), (made.request("GB-3"), "S27"), (made.request(stated=1000), "S3")]
    for wanted, change in TERMS_CASES:
        cases.append((made.add("GB-1", "support.requested", {**good.own, **change}), wanted))
    expect(made, *cases)


def test_orders():
    order = Order()
    made = order.made
    amended = made.move("JP-1", "amended", {10: [line(quantity=150), line(2, 10)]}, to=order.agreed)
    assert order.state(amended)["state"] == "amendment offered"
    refused = made.move("GB-1", "refused", to=amended)
    changed = made.move("JP-1", "amended", {10: [line(unit="GLI")]}, to=refused)
    until = made.move("JP-1", "amended", {22: NOW}, to=refused)
    closed = made.move("JP-1", "closed", to=refused)
    expect(made, (amended, "valid"), (refused, "valid"), (changed, "S24"), (until, "S23"), (closed, "valid"))
    tally = expect(made, (made.move("GB-1", "accepted", {8: amended.id}, to=closed), "K10"))
    assert tally.heads[order.request.id][0].after["agreed"]["id"] == order.offer.id
    made = ready()
    request = made.request()
    asked = made.move("JP-1", "asked", REMARKS, to=request)
    answered = made.move("GB-1", "answered", {11: "pier"}, to=asked)
    offered = made.move("JP-1", "offered", {15: 540, 22: made.now + 10000}, to=answered)
    cases = [
        (made.move("JP-2", "offered", {15: 841}, to=answered), "S21"),
        (made.move("JP-2", "declined", {8: "tired"}, to=answered), "S28"),
        (made.move("GB-2", "accepted", {8: request.id}, to=offered), "S25"),
        (made.move("GB-2", "accepted", {8: offered.id}, to=offered, stated=made.now + 60000), "S26"),
        (made.move("GB-2", "rejected", to=offered, refs=[request]), "S30"),
        (made.move("JP-2", "rejected", to=offered), "K10"),
        (made.move("GB-2", "rejected", to=offered), "valid"),
    ]
    tally = expect(made, *cases)
    assert tally.entries[offered.id].after["table"]["terms"][11] == "pier"


def test_issues():
    order = Order([line(), line(2, 40, settlement="return_same"), line(3, [15, 1], unit="MTQ")])
    made = order.made
    one = order.issue([{0: 1, 1: 60}])
    cases = [
        (one, "valid"), (order.issue(), "S38"), (order.issue([{0: 4, 1: 1}]), "S35"),
        (order.issue([{0: 1, 1: 0}]), "S36"), (order.issue([{0: 1, 1: 1, 2: "KGM"}]), "S37"),
        (order.issue([{0: 1, 1: 1}, {0: 2, 1: 1}]), "S38"), (order.issue([{0: 1, 1: 5, 3: 10, 4: 14}]), "S39"),
        (order.issue([{0: 1, 1: 43}]), "S40"), (order.issue([{0: 1, 1: 42, 3: 10, 4: 52}]), "valid"),
        (order.issue([{0: 3, 1: 1530, 2: "LTR"}]), "valid"), (order.issue([{0: 3, 1: [1, 3]}]), "S40"),
    ]
    short = made.move("GB-2", "receipted", {8: [{0: 1, 1: 50, 4: 10, 6: "short"}]}, to=one)
    cases += [
        (made.move("GB-1", "receipted", {8: [{0: 1, 1: 50, 3: 9, 6: "short"}]}, to=one), "S46"),
        (made.move("GB-1", "receipted", {8: [{0: 1, 1: 50}]}, to=one), "S47"),
        (made.move("GB-1", "receipted", {8: [{0: 1, 1: 50, 6: "odd"}]}, to=one), "S47"),
        (made.move("GB-1", "receipted", {8: [{0: 2, 1: 50}]}, to=one), "S45"),
        (short, "valid"),
        (made.move("JP-1", "annulled", to=short), "S51"),
    ]
    contested = made.move("JP-1", "contested", REMARKS, to=short)
    cases.append((made.move("GB-2", "figures_restated", {8: [{0: 1, 1: 60}]}, to=contested), "S48"))
    stood = made.move("GB-1", "stood", to=contested)
    cases.append((made.move("JP-1", "resolution_proposed", {8: [{0: 1, 1: 61}]}, to=stood), "S53"))
    cases.append((made.move("JP-1", "resolution_proposed", {8: [{0: 2, 1: 6}]}, to=stood), "S52"))
    proposed = made.move("JP-1", "resolution_proposed", {8: [{0: 1, 1: [555, 1]}]}, to=stood)
    agreed = made.move("GB-1", "resolution_agreed", to=proposed)
    claimed = order.claim(agreed, total=13875)
    cases += [(contested, "valid"), (stood, "valid"), (agreed, "valid"), (claimed, "valid")]
    tally = expect(made, *cases)
    figures = tally.entries[agreed.id].after["lines"][1]
    assert figures["chargeable"] == 55500000 and figures["damaged"] == 10000000 and figures["short"] == 0


def test_returns():
    order = Order([line(1, 40, settlement="return_same")])
    made = order.made
    issued = order.issue()
    receipted = made.move("GB-2", "receipted", to=issued)
    back = made.move("GB-1", "return_issued", {8: [{0: 1, 1: 3, 2: "DMQ"}], 9: NOW}, to=receipted)
    refused = made.move("JP-1", "return_refused", {8: "class"}, to=back)
    cases = [(made.move("GB-2", "return_issued", {8: [{0: 1, 1: 41}], 9: NOW}, to=receipted), "S55"),
             (made.move("JP-2", "return_refused", {8: "mood"}, to=back), "S58")]
    again = made.move("GB-1", "return_issued", {8: [{0: 1, 1: 30}], 9: NOW}, to=refused)
    cases.append((made.move("JP-2", "return_accepted", {8: [{0: 1, 1: 31}]}, to=again), "S57"))
    taken = made.move("JP-1", "return_accepted", {8: [{0: 1, 1: 10}]}, to=again)
    tally = expect(made, *cases, (back, "valid"), (taken, "valid"))
    assert tally.entries[taken.id].after["state"] == "return due"
    debts = report(tally)["in_kind"]
    assert [(debt["quantity"], debt["unit"]) for debt in debts] == [("30", "LTR")]
    rest = made.move("GB-1", "return_issued", {9: NOW}, to=taken)
    settled = made.move("JP-1", "return_accepted", to=rest)
    assert order.state(settled)["state"] == "settled"
    elected = made.move("GB-2", "cash_elected", to=taken)
    expect(made, (elected, "overtaken"), (settled, "valid"))


def test_taken():
    order = Order()
    made = order.made
    taken = order.issue([{0: 1, 1: 60}], "taken", "GB-2")
    own = order.issue([{0: 1, 1: 60}])
    joined = made.move("GB-2", "receipted", to=own, refs=[taken])
    tally = expect(made, (taken, "valid"), (own, "valid"), (joined, "valid"))
    heads = tally.heads[taken.id]
    assert state_name(tally, heads[0], heads) == "joined"
    late = made.add("JP-home", "home.acknowledged", {8: bytes(32)}, refs=[joined])
    issued = made.move("JP-2", "taken_issued", ISSUE, to=taken, seen=late)
    expect(made, (issued, "S44"))
    order = Order()
    made = order.made
    taken = order.issue([{0: 1, 1: 60}], "taken", "GB-2")
    less = made.move("JP-1", "taken_issued", {**ISSUE, 8: [{0: 1, 1: 50}]}, to=taken)
    expect(made, (less, "valid"))
    assert order.state(less)["state"] == "difference"
    concurred = made.move("JP-1", "concurred", to=less)
    assert order.state(concurred)["lines"][1]["chargeable"] == 60000000


def test_claims():
    order = Order([line(1, 100), line(2, 10, None, ceiling=900)])
    made = order.made
    issued = order.issue()
    receipted = made.move("GB-2", "receipted", to=issued)
    cases = [(order.claim(receipted), "S61")]
    amended = made.move("JP-1", "amended", {10: [line(1, 100), line(2, 10, 80)]}, to=order.agreed)
    order.agreed = made.move("GB-1", "accepted", {8: amended.id}, to=amended)
    cases += [
        (order.claim(receipted, total=25801), "S67"), (order.claim(total=25800), "S30"),
        (order.claim(receipted, total=25800, lines=[{0: 2, 1: 1, 2: 25000}]), "S59"),
        (order.claim(receipted, total=25800, lines=[{0: 1, 1: 2, 2: 800}, {0: 1, 1: 1, 2: 25000}]), "S59"),
        (order.claim(receipted, total=25000, lines=[{0: 1, 1: 1, 2: 24999}]), "S63"),
        (order.claim(receipted, total=25800), "valid"),
    ]
    claimed = cases[-1][0]
    cases.append((order.claim(receipted, total=25800), "S60"))
    queried = made.move("GB-2", "queried", {8: [{0: 1}], 9: "price"}, to=claimed)
    cases.append((made.move("GB-1", "queried", {8: [{0: 3}], 9: "price"}, to=claimed), "S64"))
    cases.append((made.move("GB-1", "queried", {9: "mood"}, to=claimed), "S65"))
    cases.append((made.move("JP-1", "credited", {8: [{0: 1, 1: 25001}], 10: 799}, to=queried), "S66"))
    cases.append((made.move("JP-1", "credited", {8: [{0: 1, 1: 1000}], 10: 24801}, to=queried), "S67"))
    credited = made.move("JP-1", "credited", {8: [{0: 1, 1: 1000}], 10: 24800}, to=queried)
    query = made.move("GB-2", "queried", {9: "price"}, to=credited)
    anew = made.move("JP-1", "reclaimed", {8: [{0: 1, 1: 1, 2: 25000}], 10: 24000}, to=query)
    approved = made.move("GB-2", "approved", to=anew)
    cases.append((made.move("GB-1", "remitted", {9: "JPY", 10: 1, 11: "r", 12: 20000}, to=approved), "S69"))
    cases.append((made.move("GB-1", "remitted", {9: "GBP", 10: 24001, 11: "r", 12: 20000}, to=approved), "S70"))
    part = made.move("GB-2", "remitted", {9: "GBP", 10: 4000, 11: "r", 12: 20000}, to=approved)
    confirmed = made.move("JP-1", "confirmed", to=part)
    cases += [(credited, "valid"), (anew, "valid"), (part, "valid"), (confirmed, "valid")]
    found = report(expect(made, *cases))
    assert found["balances"]["GB"]["JP"]["GBP"] == {"claimed": 20000, "unclaimed": 800, "netted": 0, "adjusted": 0, "owed": 20800}
    assert [(claim["total"], claim["outstanding"]) for claim in found["claims"]] == [(24000, 20000)]


def test_figures():
    order = Order()
    made = order.made
    receipted = made.move("GB-2", "receipted", to=order.issue())
    claimed = order.claim(receipted)
    queried = made.move("GB-2", "queried", {9: "price"}, to=claimed)
    upheld = made.move("JP-1", "upheld", REMARKS, to=queried)
    escalated = made.move("GB-2", "escalated", REMARKS, to=upheld)
    figured = made.move("JP-1", "figured", {10: 20000, **REMARKS}, to=escalated)
    too_much = made.move("JP-2", "figured", {10: 25001, **REMARKS}, to=escalated)
    agreed = made.move("GB-2", "figure_agreed", to=figured)
    remitted = made.move("GB-2", "remitted", {9: "GBP", 10: 20000, 11: "r", 12: 20000}, to=agreed)
    settled = made.move("JP-1", "confirmed", to=remitted)
    expect(made, (too_much, "S68"), (agreed, "valid"), (settled, "valid"))
    assert order.state(settled)["state"] == "settled"


def test_separation():
    order = Order([line(1, 3000)])
    made = order.made
    issued = order.issue()
    self_receipt = made.move("GB-1", "receipted", to=issued)
    receipted = made.move("GB-2", "receipted", to=issued)
    claimed = order.claim(receipted, total=750000)
    made.grant("GB-root", "GB-3", 3)
    made.grant("GB-root", "GB-4", 4, f12={"GBP": 749999})
    cases = [(self_receipt, "S49"), (made.move("GB-2", "approved", to=claimed), "S73"),
             (made.move("GB-1", "approved", to=claimed), "S73"), (made.move("GB-4", "approved", to=claimed), "S71"),
             (made.move("GB-3", "approved", to=claimed), "valid"), (receipted, "valid")]
    expect(made, *cases)


def test_closing():
    order = Order()
    made = order.made
    issued = order.issue()
    early = made.move("JP-1", "closed", to=order.agreed, refs=[issued])
    unfilled = made.move("JP-1", "unfilled", to=order.agreed)
    receipted = made.move("GB-2", "receipted", to=issued)
    closed = made.move("JP-2", "closed", to=order.agreed, refs=[receipted])
    stale = made.open("JP-2", "issued", {**ISSUE, 8: [{0: 1, 1: 1}]}, [order.agreed], order.request)
    tally = expect(made, (early, "S33"), (unfilled, "S29"), (closed, "valid"), (stale, "S34"))
    found = report(tally)
    assert found["orders"][0]["state"] == "closed" and found["orders"][0]["number"] == "GB-01-0001"
    assert found["balances"]["GB"]["JP"]["GBP"]["unclaimed"] == 25000
    assert verdict(tally, closed) == "valid" and PROFILE_HASH == order.request.own[19]


TESTS = [test_requests, test_orders, test_issues, test_returns, test_taken, test_claims, test_figures, test_separation,
         test_closing]
