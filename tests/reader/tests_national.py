"""The reader's own tests of the national domain."""
from maker import LATE, NOW, Maker
from reader import report
from tests_keys import expect, folded, ready

HERE = bytes(range(32))
REMARKS = {23: ["en", "x"]}
ROLES = ["approver", "checker", "claims", "drafter", "duty", "funds", "revenue"]
TEXT = {8: "support.requested", 9: HERE, 13: "Fuel for Illustrious", 14: 25000, 15: "GBP", 16: "{}"}
NOTICE = {8: HERE, 9: HERE, 10: HERE, 11: "GB-01-0001/I01.1", 12: "GB-01-0001", 13: "agreement", 14: "JP", 15: "Tokyo", 16: 25000,
          17: "GBP", 19: 16000, 20: 16030}
ITEM = {0: HERE, 1: "GB-01-0001", 2: "agreed", 4: NOW, 8: HERE}


def national():
    made = Maker("national", ("GB",))
    for number in (1, 2, 3, 4):
        made.grant("GB-root", "GB-%d" % number, number, ROLES, **({"f12": {"GBP": 24999}} if number == 4 else {}))
    return made


def opened(made, verb, own, who="GB-1", **more):
    return made.add(who, "national." + verb, own, **more)


def test_drafts():
    made = national()
    cases = [(opened(made, "draft_written", {**TEXT, **own}), wanted) for own, wanted in (
        ({}, "valid"), ({9: b"x"}, "N2"), ({11: b"x", 10: "a"}, "N2"), ({8: "requested"}, "N3"), ({8: "national.noted"}, "N3"), ({8: ".a"}, "N3"),
        ({8: "a."}, "N3"), ({10: "a"}, "N4"), ({11: HERE}, "N4"), ({12: HERE}, "N4"), ({10: "a", 11: HERE, 12: HERE}, "valid"),
        ({14: -1}, "N5"), ({9: b""}, "F1"), ({9: bytes(33)}, "F1"))]
    cases.append((opened(made, "draft_written", {key: value for key, value in TEXT.items() if key != 14}), "N5"))
    written = cases[0][0]
    checked = made.move("GB-2", "draft_checked", to=written)
    cases += [(made.move("GB-1", "draft_checked", to=written), "N6"), (checked, "valid"),
              (made.move("GB-1", "draft_certified", {8: "f"}, to=checked), "N7")]
    certified = made.move("GB-2", "draft_certified", {8: "funds 7"}, to=checked)
    approved = made.move("GB-3", "draft_approved", {8: "order 3"}, to=certified)
    cases += [(made.move("GB-1", "draft_approved", {8: "a"}, to=certified), "N8"), (made.move("GB-4", "draft_approved", {8: "a"}, to=certified), "N10"),
              (made.move("GB-2", "draft_approved", {8: "a"}, to=certified), "N9"), (approved, "valid")]
    entry = {8: HERE, 9: HERE, 10: HERE, 11: "GB-01-0001"}
    cases += [(made.move("GB-1", "draft_entered", {**entry, 10: b"x"}, to=approved), "N11"),
              (made.move("GB-1", "draft_entered", {**entry, 8: bytes(32)}, to=approved), "N12"),
              (made.move("GB-2", "draft_entered", entry, to=approved), "valid")]
    back = made.move("GB-4", "draft_sent_back", REMARKS, to=approved)
    again = made.move("GB-2", "draft_rewritten", {**TEXT, 10: "a", 11: HERE}, to=back)
    more = made.move("GB-2", "draft_rewritten", TEXT, to=made.move("GB-3", "draft_sent_back", REMARKS, to=again))
    tally = expect(made, *cases, (again, "valid"), (more, "valid"), (made.move("GB-1", "withdrawn", to=more), "valid"))
    after = tally.entries[more.id].after
    assert after["writers"] == ["officer-GB-1", "officer-GB-2", "officer-GB-2"] and after["checker"] is None
    assert made.move("GB-1", "noted", REMARKS, to=written) and report(folded(made))["balances"] == {}


def test_notices():
    made = national()
    sent = opened(made, "notice_sent", NOTICE)
    cases = [(sent, "valid"), (opened(made, "notice_sent", {**NOTICE, 8: b"x"}), "N13"), (opened(made, "notice_sent", {**NOTICE, 16: 0}), "N14"),
             (opened(made, "notice_sent", {**NOTICE, 20: 15999}), "N15")]
    taken = made.move("GB-2", "notice_taken_up", {8: "L1", 9: 16001}, to=sent)
    demanded = made.move("GB-2", "notice_demanded", {8: "D1", 9: 16031}, to=taken)
    cases += [(made.move("GB-1", "notice_paid", {8: 25001, 9: 16040}, to=demanded), "N17"),
              (made.move("GB-3", "notice_paid", {8: 0, 9: 16040}, to=demanded), "N17")]
    part = made.move("GB-2", "notice_paid", {8: 10000, 9: 16040}, to=demanded)
    cases += [(made.move("GB-1", "notice_corrected", {16: 10000, **REMARKS}, to=part), "N16"),
              (made.move("GB-1", "withdrawn", to=part), "N18")]
    corrected = made.move("GB-1", "notice_corrected", {16: 20000, **REMARKS}, to=part)
    paid = made.move("GB-2", "notice_paid", {8: 10000, 9: 16050}, to=made.move("GB-2", "notice_demanded", {8: "D2", 9: 1}, to=made.move(
        "GB-2", "notice_taken_up", {8: "L2", 9: 16001}, to=corrected)))
    tally = expect(made, *cases, (corrected, "valid"), (paid, "valid"))
    assert tally.entries[paid.id].after["state"] == "paid in" and tally.entries[corrected.id].after["ledger"] is None


def test_handovers():
    made = national()
    given = opened(made, "handed_over", {8: "officer-GB-2", 10: [ITEM, {**ITEM, 1: "GB-01-0002"}]})
    taken = made.move("GB-2", "taken_over", to=given)
    cases = [(opened(made, "handed_over", {8: "officer-GB-1", 10: [ITEM]}), "N19"), (opened(made, "handed_over", {8: "x", 10: [ITEM, ITEM]}), "N20"),
             (opened(made, "handed_over", {8: "x", 10: [{**ITEM, 8: b"x"}]}), "N20"), (made.move("GB-3", "taken_over", to=given), "N21"),
             (made.move("GB-3", "withdrawn", to=given), "N21"), (taken, "valid")]
    back = made.move("GB-1", "withdrawn", to=given)
    tally = expect(made, *cases, (back, "valid"))
    assert len(tally.heads[given.id]) == 2
    resolved = made.move("GB-3", "resolved", {8: taken.id}, to=[taken, back])
    tally = expect(made, (resolved, "valid"), (back, "overtaken"))
    assert tally.entries[given.id].after["from"] == "officer-GB-1" and LATE > NOW


def test_shared():
    made = ready()
    expect(made, (made.add("GB-1", "national.notice_sent", NOTICE), "N1"))
    roles = made.grant("GB-root", "GB-9", 9, ["drafter"])
    expect(made, (roles, "valid"), (made.add("GB-9", "national.draft_written", TEXT), "N1"), (made.add("GB-1", "national.draft_written", TEXT), "K11"))


TESTS = [test_drafts, test_notices, test_handovers, test_shared]
