"""The reader's own tests of stale answers, rivals, resolved and restated."""
from maker import Maker
from tests_keys import expect, ready

ISSUE = {9: 1700000000000, 10: 540, 11: "quay"}


def rivals():
    """Two desks of GB answer one offer, neither knowing of the other."""
    made = ready()
    request = made.request()
    offered = made.move("JP-1", "offered", {15: 540}, to=request)
    accepted = made.move("GB-1", "accepted", {8: offered.id}, to=offered)
    countered = made.move("GB-2", "offer_countered", {11: "pier"}, to=offered)
    return made, request, offered, accepted, countered


def heads(tally, part):
    return [entry.id for entry in tally.heads[part.id]]


def ids(*entries):
    return sorted(entry.id for entry in entries)


def resolve(made, who, answers, stands, **more):
    return made.move(who, "resolved", {8: stands.id}, to=answers, **more)


def test_stale():
    made, request, offered, accepted, _ = rivals()
    stale = made.move("GB-1", "rejected", to=offered)
    aware = made.add("GB-2", "support.rejected", thread=request, part=request, answers=[offered], refs=[accepted])
    expect(made, (accepted, "valid"), (stale, "K9"), (aware, "K9"))


def test_none_taken_up():
    made, request, offered, accepted, countered = rivals()
    tally = expect(made, (accepted, "valid"), (countered, "valid"))
    assert heads(tally, request) == ids(accepted, countered)
    other = resolve(made, "JP-1", [accepted, countered], accepted)
    tally = expect(made, (other, "valid"), (accepted, "valid"), (countered, "valid"))
    made, request, offered, accepted, countered = rivals()
    ended = resolve(made, "GB-2", [accepted, countered], accepted)
    tally = expect(made, (accepted, "valid"), (countered, "overtaken"), (ended, "valid"))
    assert heads(tally, request) == [ended.id]
    assert tally.heads[request.id][0].after["state"] == "agreed"
    issued = made.open("JP-1", "issued", ISSUE, [ended], request)
    tally = expect(made, (accepted, "valid"), (countered, "overtaken"), (ended, "valid"), (issued, "valid"))
    assert heads(tally, request) == [ended.id]


def test_one_taken_up():
    made, request, offered, accepted, countered = rivals()
    issued = made.open("JP-1", "issued", ISSUE, [accepted], request)
    tally = expect(made, (accepted, "valid"), (countered, "overtaken"), (issued, "valid"))
    wrong = resolve(made, "GB-2", [accepted, countered], countered)
    right = resolve(made, "GB-1", [accepted, countered], accepted)
    tally = expect(made, (accepted, "valid"), (countered, "overtaken"), (wrong, "overtaken"), (right, "valid"))
    assert heads(tally, request) == [right.id]
    made.move("JP-2", "amended", {10: [{**request.own[10][0], 5: 120}]}, to=accepted)
    tally = expect(made, (right, "overtaken"))
    assert tally.heads[request.id][0].kind == "support.amended"


def test_both_taken_up():
    made, request, offered, accepted, countered = rivals()
    made.open("JP-1", "issued", ISSUE, [accepted], request)
    again = made.move("JP-2", "offered", {15: 540}, to=countered)
    tally = expect(made, (accepted, "valid"), (countered, "valid"), (again, "valid"))
    assert heads(tally, request) == ids(accepted, again)
    one = resolve(made, "GB-1", [accepted, again], accepted)
    tally = expect(made, (one, "valid"), (countered, "valid"))
    assert heads(tally, request) == ids(accepted, again)
    against = resolve(made, "JP-1", [accepted, again], again)
    tally = expect(made, (one, "valid"), (against, "valid"), (countered, "valid"))
    made.home("JP-root", "h")
    seen = made.add("h", "home.acknowledged", {8: bytes(32)}, refs=[one, against])
    after = resolve(made, "JP-2", [accepted, again], accepted, seen=seen)
    tally = expect(made, (accepted, "valid"), (countered, "overtaken"), (again, "overtaken"), (one, "valid"),
                   (against, "overtaken"), (after, "overtaken"))
    assert heads(tally, request) == [one.id]


def test_two_resolved():
    """Two of a party resolve alike: both stand, and a third joins them."""
    made, request, offered, accepted, countered = rivals()
    one = resolve(made, "GB-1", [accepted, countered], accepted)
    two = resolve(made, "GB-2", [accepted, countered], accepted)
    tally = expect(made, (one, "valid"), (two, "valid"), (countered, "overtaken"))
    assert heads(tally, request) == ids(one, two)
    three = resolve(made, "GB-2", [one, two], one)
    tally = expect(made, (three, "valid"), (countered, "overtaken"))
    assert heads(tally, request) in ([three.id], ids(accepted, countered))


def test_bad_resolved():
    made, request, offered, accepted, countered = rivals()
    alone = resolve(made, "GB-1", [accepted], accepted)
    elsewhere = resolve(made, "GB-1", [accepted, countered], offered)
    roles = made.grant("GB-root", "GB-3", 3, ["payer"])
    powerless = resolve(made, "GB-3", [accepted, countered], accepted)
    expect(made, (alone, "K16"), (elsewhere, "K16"), (roles, "valid"), (powerless, "K11"))


def test_nested_rivals():
    """Rivals behind an overtaken rival do not hold up the part."""
    made, request, offered, accepted, countered = rivals()
    left = made.move("JP-1", "offered", {15: 540}, to=countered)
    right = made.move("JP-2", "declined", {8: "other"}, to=countered)
    tally = expect(made, (accepted, "overtaken"), (left, "valid"), (right, "valid"))
    assert heads(tally, request) == ids(left, right)


def test_restated():
    made = Maker()
    made.grant("GB-root", "GB-1", 1, ["orderer"])
    made.grant("GB-root", "GB-2", 2, ["orderer"])
    made.grant("JP-root", "JP-1", 1, ["issuer"])
    request = made.request()
    offered = made.move("JP-1", "offered", {15: 540}, to=request)
    accepted = made.move("GB-2", "accepted", {8: offered.id}, to=offered)
    made.add("GB-root", "grant.revoked", {8: made.key("GB-2"), 9: 0, 10: "lost"})
    again = made.move("GB-1", "restated", {8: accepted.id}, to=offered, refs=[accepted])
    tally = expect(made, (accepted, "K2"), (again, "valid"))
    assert heads(tally, request) == [again.id] and tally.heads[request.id][0].after["state"] == "agreed"
    wrong = made.move("GB-1", "restated", {8: request.id}, to=again, refs=[accepted])
    foreign = made.move("JP-1", "restated", {8: accepted.id}, to=again, refs=[accepted])
    needless = made.move("GB-1", "restated", {8: offered.id}, to=again, refs=[offered])
    expect(made, (wrong, "K16"), (foreign, "K16"), (needless, "K16"))


def test_restated_needlessly():
    """What was named in the end is not void: the restated is overtaken."""
    made, request, offered, accepted, countered = rivals()
    issued = made.open("JP-1", "issued", ISSUE, [accepted], request)
    again = made.add("JP-2", "support.restated", {8: issued.id}, thread=request, refs=[accepted, issued])
    tally = expect(made, (issued, "valid"), (again, "S40"))
    made, request, offered, accepted, countered = rivals()
    small = made.open("JP-1", "issued", {**ISSUE, 8: [{0: 1, 1: 1}]}, [accepted], request)
    again = made.add("JP-2", "support.restated", {8: small.id}, thread=request, refs=[accepted, small])
    tally = expect(made, (small, "valid"), (again, "overtaken"))
    assert tally.heads[again.id] == []


TESTS = [test_stale, test_none_taken_up, test_one_taken_up, test_both_taken_up, test_two_resolved, test_bad_resolved,
         test_nested_rivals, test_restated, test_restated_needlessly]
