"""The reader's own tests of conversion, exchange of services, waivers, nettings, and moves without the pen."""
from dates import add_months, from_date, to_date
from maker import NOW, lift, line
from reader import report
from support_settle import conversion_time
from tests_keys import expect, folded, ready
from tests_support import REMARKS, Order

DAY = 86400000
METER = {5: "manifest"}
WAIVER = {8: "Act 18", 25: "treasury"}


class Back(Order):
    """An issue of forty litres to be returned in kind."""

    def __init__(self):
        super().__init__([line(1, 40, settlement="return_same")])
        self.due = self.made.move("GB-2", "receipted", to=self.issue())
        tally = folded(self.made)
        self.time = conversion_time({"clocks": {"settle_months": {"value": 12}, "grace_days": {"value": 30}}},
                                    tally.entries[self.due.id].after)

    def back(self, who="GB-1", **more):
        return self.made.move(who, "return_issued", {9: NOW}, to=self.due, **more)

    def convert(self, **more):
        return self.made.move("JP-1", "converted", to=self.due, stated=self.time, **more)


def test_dates():
    assert from_date(1970, 1, 1) == 0 and from_date(2000, 2, 29) == 11016 and to_date(11016) == (2000, 2, 29)
    assert to_date(-719162) == (1, 1, 1) and to_date(2932896) == (9999, 12, 31)
    assert to_date(add_months(from_date(2024, 2, 29), 12)) == (2025, 2, 28)
    assert to_date(add_months(from_date(2023, 10, 31), 16)) == (2025, 2, 28)
    assert to_date(add_months(from_date(9999, 12, 31), 1200)) == (10099, 12, 31)
    for day in range(-800000, 3000000, 4999):
        assert from_date(*to_date(day)) == day


def test_converting():
    order = Back()
    made = order.made
    # Delivered 2023-11-14T22:13:20Z, the fifteenth at UTC+9; D is 2024-12-16T00:00 there.
    assert order.time == from_date(2024, 12, 15) * DAY + 15 * 3600000
    early = made.move("JP-2", "converted", to=order.due, stated=order.time - 1)
    late = order.convert()
    claimed = made.open("JP-2", "claimed", {9: "GBP", 10: 10000}, [order.agreed, late], order.request)
    expect(made, (early, "S201"), (late, "valid"), (claimed, "valid"))
    assert order.state(late)["state"] == "receipted"


def test_return_in_time():
    order = Back()
    back = order.back(stated=order.time - 1)
    late = order.convert()
    expect(order.made, (back, "valid"), (late, "overtaken"))
    back = order.back("GB-2", stated=order.time)
    expect(order.made, (back, "overtaken"))


def test_return_too_late():
    order = Back()
    back = order.back(stated=order.time)
    late = order.convert()
    elected = order.made.move("GB-2", "cash_elected", to=order.due)
    expect(order.made, (back, "overtaken"), (elected, "overtaken"), (late, "valid"))


def test_log_convicts():
    """The desk that signs a return for last year has stated a later time in another thread."""
    order = Back()
    order.made.request(stated=order.time)
    back = order.back(stated=order.time - 1)
    late = order.convert()
    expect(order.made, (back, "overtaken"), (late, "valid"))


def test_conversion_taken_up():
    order = Back()
    made = order.made
    back = order.back(stated=order.time - 1)
    late = order.convert()
    claimed = made.open("JP-2", "claimed", {9: "GBP", 10: 10000}, [order.agreed, late], order.request)
    expect(made, (back, "valid"), (late, "overtaken"))
    approved = made.move("GB-2", "queried", {9: "price"}, to=claimed)
    expect(made, (back, "overtaken"), (late, "valid"), (approved, "valid"))


class Services(Order):
    """An airlift of ten tonnes by JP for GB, and the ids of an issue of another order."""

    def __init__(self):
        self.made = ready()
        rates = [{0: "GBP", 1: "JPY", 2: [1885, 1], 3: "bank", 4: 19000}]
        self.request = self.made.request(lines=[lift()])
        self.offer = self.made.move("JP-1", "offered", {15: 540, 16: rates}, to=self.request)
        self.agreed = self.made.move("GB-1", "accepted", {8: self.offer.id}, to=self.offer)
        self.due = self.made.move("GB-2", "receipted", to=self.issue([{0: 1, 1: 10, **METER}]))

    def item(self, value, applied, currency="GBP", number=1, thread=b"t" * 32, issue=b"i" * 32, theirs=1):
        return {0: number, 1: thread, 2: issue, 3: theirs, 4: currency, 5: value, 6: applied}

    def link(self, *items, to=None, total=None, currency="GBP", who="GB-1", **more):
        total = sum(item[6] for item in items) if total is None else total
        return self.made.move(who, "exchange_linked", {8: list(items), 9: currency, 10: total}, to=to or self.due, **more)


def test_linking():
    order = Services()
    item = order.item
    request = order.made.request()
    cases = [
        (order.link(item(1, 1), item(1, 1)), "S202"), (order.link(item(1, 1), item(1, 1, theirs=2)), "valid"),
    ]
    order = Services()
    item = order.item
    request = order.made.request()
    whole = 1200000
    cases = [
        (order.link(item(2, 2, theirs=2), item(1, 1)), "S202"), (order.link(item(1, 1, number=2)), "S203"),
        (order.link(item(1, 1), currency="JPY"), "S204"), (order.link(item(1, 1, thread=order.request.id)), "S205"),
        (order.link(item(0, 0)), "S206"), (order.link(item(1, -1)), "S206"), (order.link(item(2, 1)), "S207"),
        (order.link(item(2, 1, "EUR")), "S207"), (order.link(item(1885, 999, "JPY")), "S207"),
        (order.link(item(whole + 1, whole + 1)), "S208"), (order.link(item(whole, whole), item(1, 1, theirs=2)), "S208"),
        (order.link(item(5, 5), total=6), "S209"), (order.link(item(5, 5), refs=[order.agreed]), "S200"),
        (order.link(item(5, 5), refs=[request, order.agreed]), "S200"), (order.link(item(5, 5), refs=[request]), "valid"),
        (order.link(item(189, 100, "JPY"), who="GB-2"), "valid"),
    ]
    expect(order.made, *cases)
    # 10.00 GBP at 188.5 are 1885 JPY; 9.99 GBP are 1883.1; 1884 JPY are 9.9947 GBP.
    for value, applied, wanted in ((1885, 1000, "valid"), (1883, 999, "valid"), (1884, 999, "valid"), (1884, 998, "S207")):
        order = Services()
        expect(order.made, (order.link(order.item(value, applied, "JPY")), wanted))


def test_certifying():
    order = Services()
    made = order.made
    link = order.link(order.item(700000, 700000))
    refused = made.move("JP-2", "certify_refused", REMARKS, to=link)
    assert order.state(refused)["state"] == "exchange due" and order.state(refused)["lines"][1]["linked"] == 0
    wrong = made.move("JP-1", "exchange_certified", {9: "GBP", 10: 700001}, to=link)
    expect(made, (refused, "valid"), (wrong, "S210"))
    again = order.link(order.item(700000, 700000), to=refused)
    certified = made.move("JP-1", "exchange_certified", {9: "GBP", 10: 700000}, to=again)
    state = order.state(certified)
    assert state["state"] == "exchange due" and state["lines"][1]["exchanged"] == 700000
    debts = report(folded(made))["in_kind"]
    assert [(debt["quantity"], debt["amount"]) for debt in debts] == [("10", 500000)]
    over = order.link(order.item(500001, 500001), to=certified, who="GB-2")
    rest = order.link(order.item(500000, 500000), to=certified)
    settled = made.move("JP-1", "exchange_certified", {9: "GBP", 10: 500000}, to=rest)
    expect(made, (over, "S208"), (settled, "valid"))
    assert order.state(settled)["state"] == "settled" and report(folded(made))["in_kind"] == []
    elected = made.move("GB-2", "cash_elected", to=certified)
    claimed = made.open("JP-2", "claimed", {9: "GBP", 10: 500000}, [order.agreed, elected], order.request)
    expect(made, (claimed, "valid"))
    assert order.state(claimed)["lines"][0]["amount"] == 500000 and order.state(claimed)["lines"][0]["quantity"] == 10000000


def test_waivers():
    order = Order()
    made = order.made
    receipted = made.move("GB-2", "receipted", to=order.issue())
    made.grant("JP-root", "JP-3", 3, f12={"GBP": 24999})
    made.grant("JP-root", "JP-4", 4, ["claims"])
    claimed = order.claim(receipted)
    approved = made.move("GB-2", "approved", to=claimed)
    cases = [
        (made.move("JP-3", "waived", WAIVER, to=receipted), "S212"), (made.move("JP-4", "waived", WAIVER, to=approved), "K11"),
        (made.move("GB-1", "waived", WAIVER, to=approved), "K10"), (made.move("JP-1", "waived", {8: "Act"}, to=approved), "F1"),
        (made.move("JP-3", "waived", WAIVER, to=approved), "S212"),
    ]
    expect(made, *cases)
    aware = made.add("JP-home", "home.acknowledged", {8: bytes(32)}, refs=[approved])
    nothing = made.move("JP-1", "waived", WAIVER, to=receipted, seen=aware)
    waived = made.move("JP-1", "waived", WAIVER, to=approved)
    found = report(expect(made, (nothing, "S211"), (waived, "valid")))
    assert found["balances"] == {} and found["claims"][0]["outstanding"] == 0
    remitted = made.move("GB-1", "remitted", {9: "GBP", 10: 25000, 11: "r", 12: 20000}, to=approved)
    expect(made, (waived, "overtaken"), (remitted, "valid"))
    order = Order()
    receipted = order.made.move("GB-2", "receipted", to=order.issue())
    dropped = order.made.move("JP-1", "waived", WAIVER, to=receipted)
    closed = order.made.move("JP-1", "closed", to=order.agreed, refs=[dropped])
    expect(order.made, (dropped, "valid"), (closed, "valid"))


def test_waived_while_paying():
    """A waiver stands over every answer but a remittance."""
    order = Order()
    made = order.made
    claimed = order.claim(made.move("GB-2", "receipted", to=order.issue()))
    waived = made.move("JP-1", "waived", WAIVER, to=claimed)
    approved = made.move("GB-2", "approved", to=claimed)
    remitted = made.move("GB-2", "remitted", {9: "GBP", 10: 25000, 11: "r", 12: 20000}, to=approved)
    expect(made, (waived, "valid"), (approved, "overtaken"), (remitted, "overtaken"))


def claim_item(claim=b"c" * 32, owed_by="GB", amount=5, value=None, thread=b"t" * 32, currency="GBP", **more):
    made = {0: thread, 1: claim, 2: owed_by, 3: currency, 4: amount, 8: amount if value is None else value}
    made.update({int(key[1:]): item for key, item in more.items()})
    return made


RATED = {"f5": [1885, 1], "f6": "bank", "f7": 19000}
NETTING_CASES = [
    ("valid", [], {}), ("S220", [], {8: "JP"}), ("S220", [], {8: "FR"}), ("S221", [], {9: "USD"}), ("S2", [], {20: 0}),
    ("S222", [claim_item(b"c" * 32, amount=1)], {}), ("S223", [claim_item(b"e" * 32, "FR")], {}),
    ("S225", [claim_item(b"e" * 32, amount=0)], {}), ("S225", [claim_item(b"e" * 32, amount=-1)], {}),
    ("S226", [claim_item(b"e" * 32, value=5, **RATED)], {}), ("S226", [claim_item(b"e" * 32, currency="JPY")], {}),
    ("S226", [claim_item(b"e" * 32, currency="JPY", **{**RATED, "f5": 0})], {}), ("S227", [claim_item(b"e" * 32, value=6)], {}),
    ("S228", [claim_item(b"e" * 32)], {}), ("S227", [claim_item(b"e" * 32, currency="JPY", amount=10, value=188501, **RATED)], {}),
    ("F1", [], {11: []}), ("F1", [], {8: "gb"}),
]


def test_nettings():
    made = ready()
    base = [claim_item(b"c" * 32, amount=100), claim_item(b"d" * 32, "JP", 40)]
    cases = [(made.net(base + more, 60, own=own), wanted) for wanted, more, own in NETTING_CASES]
    cases += [(made.net(base[:1], 100), "S224"), (made.net(base[::-1], 60), "S222"), (made.net(base, 60, "GB-1", "JP"), "S228"),
              (made.net([claim_item(amount=40), claim_item(b"d" * 32, "JP", 40)], 0), "valid"),
              (made.net(base + [claim_item(b"e" * 32, "JP", 188, 60, currency="JPY", f5=[32, 4], f6="b", f7=1)], 0), "valid")]
    tally = expect(made, *cases)
    proposed = cases[0][0]
    assert tally.entries[proposed.id].after["state"] == "proposed"
    made.grant("GB-root", "GB-3", 3, f12={"GBP": 59})
    expect(made, (made.move("GB-3", "netting_agreed", to=proposed), "S230"), (made.move("JP-1", "netting_agreed", to=proposed), "K10"))
    agreed = made.move("GB-1", "netting_agreed", to=proposed)
    withdrawn = made.move("JP-2", "netting_withdrawn", to=proposed)
    expect(made, (agreed, "valid"), (withdrawn, "overtaken"))
    again = made.move("JP-1", "netting_reproposed", {10: 0}, to=agreed)
    refused = made.move("GB-1", "netting_refused", to=again)
    expect(made, (again, "valid"), (refused, "valid"))
    assert folded(made).entries[refused.id].after["state"] == "agreed"
    cases = [(made.move("GB-2", "netting_remitted", {9: "JPY", 10: 1, 11: "r", 12: 1}, to=refused), "S231"),
             (made.move("GB-2", "netting_remitted", {9: "GBP", 10: 61, 11: "r", 12: 1}, to=refused), "S231")]
    part = made.move("GB-2", "netting_remitted", {9: "GBP", 10: 20, 11: "r", 12: 1}, to=refused)
    confirmed = made.move("JP-1", "netting_confirmed", to=part)
    cases.append((made.move("JP-2", "netting_reproposed", {10: 0}, to=confirmed), "S229"))
    rest = made.move("GB-2", "netting_remitted", {9: "GBP", 10: 40, 11: "r", 12: 1}, to=confirmed)
    lost = made.move("JP-1", "netting_not_found", to=rest)
    more = made.move("GB-2", "netting_remitted", {9: "GBP", 10: 40, 11: "r", 12: 1}, to=lost)
    settled = made.move("JP-1", "netting_confirmed", to=more)
    tally = expect(made, *cases, (settled, "valid"))
    assert tally.entries[settled.id].after["state"] == "settled"
    ended = made.move("GB-1", "netting_refused", to=made.net(base, 60))
    assert folded(made).entries[ended.id].after["state"] == "rejected"


def test_setting_off():
    order = Order()
    made = order.made
    claimed = order.claim(made.move("GB-2", "receipted", to=order.issue()))
    approved = made.move("GB-2", "approved", to=claimed)
    claims = sorted([claim_item(claimed.id, "GB", 25000, thread=order.request.id), claim_item(b"d" * 32, "JP", 4000)],
                    key=lambda claim: claim[1])
    agreed = made.move("GB-1", "netting_agreed", to=made.net(claims, 21000))
    cases = [(made.move("GB-1", "netted", {9: "GBP", 10: 25000}, to=approved), "S200"),
             (made.move("GB-1", "netted", {9: "GBP", 10: 25000}, to=approved, refs=[claimed]), "S200"),
             (made.move("GB-1", "netted", {9: "GBP", 10: 24999}, to=approved, refs=[agreed]), "S232")]
    found = report(expect(made, *cases))
    assert found["balances"]["GB"]["JP"]["GBP"]["claimed"] == 25000 and found["nettings"][0]["netted"] == 0
    netted = made.move("GB-1", "netted", {9: "GBP", 10: 25000}, to=approved, refs=[agreed])
    found = report(expect(made, (netted, "valid")))
    sums = found["balances"]["GB"]["JP"]["GBP"]
    assert (sums["claimed"], sums["netted"], sums["owed"]) == (0, 25000, 25000) and found["nettings"][0]["netted"] == 1
    assert found["nettings"][0]["number"].startswith("JP-01-")
    elsewhere = made.open("JP-1", "issued", {9: NOW, 10: 0, 11: "x"}, [agreed], made.tally().entries[agreed.thread])
    expect(made, (elsewhere, "S30"), (netted, "valid"), (agreed, "valid"))
    foreign = made.move("GB-2", "netting_refused", to=approved)
    expect(made, (foreign, "K10"))


TESTS = [test_dates, test_converting, test_return_in_time, test_return_too_late, test_log_convicts, test_conversion_taken_up,
         test_linking, test_certifying, test_waivers, test_waived_while_paying, test_nettings, test_setting_off]
