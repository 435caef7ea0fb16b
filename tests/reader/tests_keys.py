"""The reader's own tests of grants, standing, forks, successors, waiting and the kernel's rules."""
import random

from maker import LATE, NOW, Maker
from settle import settle
from state import digest, key_state, leaves, verdict_of
from verdict import fold


def folded(made, leave_out=()):
    tally = made.tally(leave_out)
    fold(tally)
    settle(tally)
    return tally


def verdict(tally, entry):
    """valid, overtaken, waiting, unknown or the rule of an entry."""
    number, rule = verdict_of(tally.entries[entry.id])
    return rule or ("valid", None, "waiting", "overtaken", "unknown")[number]


def expect(made, *pairs, leave_out=()):
    tally = folded(made, leave_out)
    for entry, wanted in pairs:
        found = verdict(tally, entry)
        assert found == wanted, "%s at seq %d: %s, not %s" % (entry.kind, entry.seq, found, wanted)
    return tally


def limit_of(tally, entry):
    return tally.limits[tally.entries[entry.id].segment]


def ready(mode="real"):
    made = Maker(mode)
    made.desks()
    return made


def test_any_order():
    made = ready()
    request = made.request()
    offered = made.move("JP-1", "offered", {15: 540}, to=request)
    made.move("GB-1", "accepted", {8: offered.id}, to=offered)
    made.move("GB-2", "rejected", to=offered)
    wanted = digest(leaves(folded(made)))
    shuffler = random.Random(7)
    for _ in range(5):
        tally = made.tally()
        entries = list(tally.entries.items())
        shuffler.shuffle(entries)
        tally.entries = dict(entries)
        fold(tally)
        settle(tally)
        assert digest(leaves(tally)) == wanted


def test_grants():
    made = Maker()
    made.grant("GB-root", "registrar", 10, ["issuer", "registrar"], f12={"GBP": 100}, f13=NOW + 10**9, f15=[20, 29])
    soon = {"f12": {"GBP": 100}, "f13": NOW + 10**9}
    good = made.grant("registrar", "a", 20, ["issuer"], **soon)
    cases = [
        (made.grant("registrar", "b", 30, ["issuer"], **soon), "K5"),
        (made.grant("registrar", "c", 21, ["issuer", "payer"], **soon), "K5"),
        (made.grant("registrar", "d", 22, ["issuer"], f12={"GBP": 101}, f13=NOW), "K5"),
        (made.grant("registrar", "e", 23, ["issuer"], f12={"JPY": 1}, f13=NOW), "K5"),
        (made.grant("registrar", "f", 24, ["issuer"], f13=NOW), "K5"),
        (made.grant("registrar", "g", 25, ["issuer"], f12={"GBP": 100}, f13=LATE), "K5"),
        (made.grant("a", "h", 26, ["issuer"], **soon), "K1"),
        (made.grant("GB-root", "JP-root", 27), "K5"),
        (made.grant("GB-root", "JP-recovery", 27), "K5"),
        (made.add("GB-root", "home.granted", {8: b"\xff" * 32, 9: "no key", 13: LATE}), "K5"),
        (made.grant("registrar", "i", 28, ["registrar"], f15=[20, 21], **soon), "valid"),
        (made.grant("GB-root", "j", 0), "F1"),
        (made.grant("GB-root", "k", 1, ["b", "a"]), "F1"),
        (made.grant("GB-root", "l", 1, f12={}), "F1"),
        (good, "valid"),
    ]
    cases.append((made.request("a"), "K11"))
    cases.append((made.request("h"), "K5"))
    cases.append((made.request("a", stated=NOW + 10**9 + 1), "K4"))
    cases.append((made.request("GB-root"), "K1"))
    expect(made, *cases)


def revocation(good):
    """A desk with three requests, the second named by the other party before it knows of the revocation."""
    made = ready()
    requests = [made.request() for _ in range(3)]
    made.move("JP-1", "asked", {23: ["en", "which?"]}, to=requests[1])
    key = made.key("GB-1")
    revoked = made.add("GB-root", "grant.revoked", {8: key, 9: good, 10: "lost"})
    return made, requests, revoked


def test_revocation():
    made, requests, revoked = revocation(1)
    tally = expect(made, *zip(requests, ("valid", "valid", "K2")), (revoked, "valid"))
    assert limit_of(tally, requests[0]) == 2
    made.home("JP-root", "h")
    seen = made.add("h", "home.acknowledged", {8: bytes(32)}, refs=[revoked])
    asked = made.move("JP-2", "asked", {23: ["en", "why?"]}, to=requests[2], seen=seen)
    expect(made, *zip(requests, ("valid", "valid", "K2")), (asked, "K8"))
    made, requests, revoked = revocation(3)
    assert limit_of(expect(made, *zip(requests, ("valid",) * 3)), requests[0]) == 3
    lower = made.add("GB-root", "grant.revoked", {8: made.key("GB-1"), 9: 0, 10: "lost"})
    foreign = made.add("JP-root", "grant.revoked", {8: made.key("GB-1"), 9: 0, 10: "no"})
    of_root = made.add("GB-root", "grant.revoked", {8: made.key("GB-root"), 9: 0, 10: "no"})
    expect(made, *zip(requests, ("valid", "valid", "K2")), (lower, "valid"), (foreign, "K5"), (of_root, "K5"))


def test_revoked_registrar():
    made = Maker()
    made.grant("GB-root", "r", 1, ["orderer", "registrar"], f15=[1, 99])
    made.grant("r", "a", 2, ["orderer"])
    made.grant("r", "b", 3, ["orderer"])
    first, second = made.request("a"), made.request("b")
    against = made.add("r", "grant.revoked", {8: made.key("a"), 9: 0, 10: "x"})
    expect(made, (first, "K2"), (second, "valid"))
    made.add("GB-root", "grant.revoked", {8: made.key("r"), 9: 1, 10: "x"})
    tally = expect(made, (first, "valid"), (second, "K5"), (against, "K2"))
    assert [made.key("r"), None, 1, 0] in key_state(tally)
    made.grant("JP-root", "jp", 1)
    made.move("jp", "asked", {23: ["en", "x"]}, to=second)
    expect(made, (first, "valid"), (second, "valid"), (against, "K2"))


def test_granted_twice():
    """A registrar above one grant of a key may revoke it; it counts for a log that began with that grant, for no other."""
    made = ready()
    for name, number in (("r", 8), ("s", 9)):
        made.grant("GB-root", name, number, ["orderer", "registrar"], f15=[20, 40])
    made.grant("s", "a", 22, ["orderer"])
    made.grant("r", "a", 21, ["orderer"])
    request = made.request("a")
    other = made.add("s", "grant.revoked", {8: made.key("a"), 9: 0, 10: "x"})
    expect(made, (other, "valid"), (request, "valid"))
    own = made.add("r", "grant.revoked", {8: made.key("a"), 9: 0, 10: "x"})
    expect(made, (own, "valid"), (other, "valid"), (request, "K2"))


def test_named_grants():
    """A desk's entry named by the other party names its grant too, where the namer does not know of the revocation."""
    made = Maker()
    made.grant("JP-root", "jp", 1)
    made.grant("GB-root", "r", 1, ["orderer", "registrar"], f15=[1, 99])
    made.grant("r", "a", 2, ["orderer"])
    later = made.grant("r", "b", 3, ["orderer"])
    request = made.request("a")
    made.move("jp", "asked", {23: ["en", "x"]}, to=request)
    made.add("GB-root", "grant.revoked", {8: made.key("r"), 9: 0, 10: "x"})
    expect(made, (request, "valid"), (later, "K2"))


def fork(named):
    """A desk's log forks at seq 2; the other party names one branch before the fork is found, if named."""
    made = ready()
    first = made.request()
    left = made.request()
    left_next = made.request()
    made.last["GB-1"] = first
    right = made.request(lines=None, stated=NOW + 5)
    right_next = made.request()
    if named:
        made.move("JP-1", "asked", {23: ["en", "x"]}, to=left_next)
    pair = sorted([left, right], key=lambda entry: entry.id)
    return made, (first, left, left_next, right, right_next), pair


def test_forks():
    made, entries, _ = fork(True)
    expect(made, *zip(entries, ("valid",) * 5))
    made, entries, pair = fork(True)
    found = made.add("JP-home", "log.forked", {8: made.key("GB-1"), 9: 2}, refs=pair)
    tally = expect(made, *zip(entries, ("valid", "valid", "valid", "K3", "K3")), (found, "valid"))
    assert key_state(tally) == []
    late = made.add("JP-home", "home.acknowledged", {8: bytes(32)}, refs=[found])
    made.move("JP-1", "asked", {23: ["en", "x"]}, to=entries[4], seen=late)
    made.add("GB-root", "grant.revoked", {8: made.key("GB-1"), 9: 2, 10: "x"})
    tally = expect(made, *zip(entries, ("valid", "valid", "valid", "K3", "K3")))
    assert [limit_of(tally, entry) for entry in entries] == [3] * 5
    assert [log[1] for log in key_state(tally)] == [entry.id for entry in pair]
    made, entries, pair = fork(False)
    wrong = made.add("JP-home", "log.forked", {8: made.key("GB-1"), 9: 3}, refs=pair)
    expect(made, *zip(entries, ("valid",) * 5), (wrong, "valid"))


def replaced(made, name, by="GB-recovery", good=2, **more):
    """A succession of the root; the name of its new root is given."""
    own = {8: made.key(name), 9: made.key(name + "-recovery"), 10: good}
    own.update({int(field[1:]): value for field, value in more.items()})
    made.last.pop(by, None)
    entry = made.add(by, "root.replaced", own)
    made.starts[name] = made.starts[name + "-recovery"] = entry.id
    return entry


def test_successors():
    made = ready()
    grants = [entry for entry in made.made if entry.kind == "desk.granted" and entry.key == made.key("GB-root")]
    wide = made.grant("GB-root", "late", 9)
    request = made.request("GB-1")
    first = replaced(made, "new", f11=[wide.id])
    start = made.add("new", "tally.accepted")
    granted = made.grant("new", "other", 7)
    tally = expect(made, (first, "valid"), (start, "valid"), (granted, "valid"), (grants[0], "valid"), (grants[1], "K2"),
                   (wide, "valid"), (request, "valid"))
    assert limit_of(tally, made.made[0]) == 2
    second = replaced(made, "rival")
    granted_too = made.add("rival", "tally.accepted")
    expect(made, (first, "valid"), (start, "K5"), (granted, "K5"), (granted_too, "K5"), (wide, "valid"))
    seen = made.add("JP-root", "tally.successor_seen", refs=[second])
    own = made.add("GB-root", "tally.successor_seen", refs=[second])
    expect(made, (start, "K5"), (granted_too, "valid"), (seen, "valid"), (own, "K1"), (wide, "K2"))
    made.add("JP-root", "tally.successor_seen", refs=[first])
    expect(made, (start, "K5"), (granted_too, "K5"), (wide, "valid"))


def test_root_logs():
    made = Maker()
    early = made.add("GB-root", "tally.accepted")
    made.starts["x"] = made.id
    again = made.add("JP-root", "tally.accepted")
    recovery = made.add("JP-recovery", "tally.accepted")
    expect(made, (early, "K1"), (again, "K1"), (recovery, "K1"))


def test_waiting():
    made = ready()
    request = made.request()
    offered = made.move("JP-1", "offered", {15: 540}, to=request)
    countered = made.move("GB-2", "rejected", to=offered)
    note = made.add("JP-2", "support.noted", {23: ["en", "x"]}, thread=request, refs=[countered])
    expect(made, (offered, "valid"), (countered, "valid"), (note, "valid"))
    expect(made, (countered, "waiting"), (note, "waiting"), leave_out=[offered])
    last = made.add("JP-home", "home.acknowledged", {8: bytes(32)}, refs=[offered, note])
    after = made.add("JP-2", "support.noted", {23: ["en", "x"]}, thread=request, seen=last)
    expect(made, (last, "valid"), (after, "valid"), leave_out=[offered])


def test_waiting_answer():
    """A move waits while a move in its past that answers the same head waits."""
    made = ready()
    request = made.request()
    missing = made.add("JP-home", "home.acknowledged", {8: bytes(32)})
    offered = made.move("JP-1", "offered", {15: 540}, to=request, seen=missing)
    declined = made.move("JP-1", "declined", {8: "other"}, to=request)
    expect(made, (offered, "valid"), (declined, "K9"))
    expect(made, (offered, "waiting"), (declined, "waiting"), leave_out=[missing])


def test_waiting_elsewhere():
    """An answer to an entry of another thread waits as long as that waits; then it is void."""
    made = ready()
    request = made.request()
    other = made.request()
    there = made.move("JP-1", "offered", {15: 540}, to=other)
    across = made.add("JP-2", "support.asked", {23: ["en", "x"]}, thread=request, part=request, answers=[there])
    expect(made, (there, "valid"), (across, "K7"))
    expect(made, (there, "waiting"), (across, "waiting"), leave_out=[other])


def test_opened_by_nothing():
    """What has not the form of an opening opens nothing: what names it as thread or part is void (K7)."""
    made = ready()
    request = made.request()
    bare = made.add("JP-1", "support.asked", {23: ["en", "x"]})
    note = made.add("JP-2", "support.noted", {23: ["en", "x"]}, thread=bare)
    inside = made.add("JP-1", "support.asked", {23: ["en", "x"]}, thread=request)
    on = made.add("JP-2", "support.asked", {23: ["en", "x"]}, thread=request, part=inside, answers=[inside])
    expect(made, (bare, "K7"), (note, "K7"), (inside, "K7"), (on, "K7"))


def test_unknown():
    made = ready()
    request = made.request()
    odd = made.add("GB-1", "support.sung", {8: 1}, thread=request)
    alone = made.add("GB-1", "choir.sung", {200: 1})
    inside = made.move("JP-1", "asked", {23: ["en", "x"]}, to=odd)
    tally = expect(made, (odd, "unknown"), (alone, "unknown"), (inside, "K7"))
    assert alone.id in leaves(tally)


def test_forms():
    made = ready()
    request = made.request()
    other = made.request()
    mixed = made.add("JP-1", "support.asked", {23: ["en", "x"]}, thread=request, part=request, answers=[other])
    bare = made.add("JP-1", "support.asked", {23: ["en", "x"]}, thread=request)
    double = made.add("JP-1", "support.requested", request.own, thread=request)
    answering = made.add("JP-1", "support.noted", {23: ["en", "x"]}, thread=request, part=request, answers=[request])
    note = made.add("JP-1", "support.noted", {23: ["en", "x"]}, thread=request, part=request)
    on_note = made.add("JP-1", "support.asked", {23: ["en", "x"]}, thread=request, part=request, answers=[note])
    notes = [made.add("JP-2", "support.noted", {23: ["en", "x"]}, thread=request) for _ in range(65)]
    many = made.add("JP-1", "support.noted", {23: ["en", "x"]}, thread=request, refs=notes)
    expect(made, (mixed, "K7"), (bare, "K7"), (double, "K7"), (answering, "K7"), (note, "valid"), (on_note, "K7"),
           (many, "K6"))


def test_digest_of_nothing():
    assert digest({}) == bytes(32)
    assert digest({b"\x12\x3f" + bytes(30): b"a" * 32}) != digest({b"\x12\x4f" + bytes(30): b"a" * 32})


TESTS = [test_any_order, test_grants, test_revocation, test_revoked_registrar, test_granted_twice, test_named_grants, test_forks,
         test_successors, test_root_logs, test_waiting, test_waiting_answer, test_waiting_elsewhere,
         test_opened_by_nothing, test_unknown, test_forms, test_digest_of_nothing]
