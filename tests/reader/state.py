"""State, leaves, digest and numbers of a folded tally (docs/format.md, sections 8 and 9)."""
import hashlib

import cbor
from entry import is_int
from support_kinds import OPENERS
from verdict import DOMAINS, read_kind

VERDICTS = {"valid": 0, "void": 1, "waiting": 2, "unknown": 4}
OVERTAKEN = 3
NOTHING = bytes(32)


def verdict_of(entry):
    """The number of the verdict and the rule, as in the state encoding."""
    if entry.verdict == "valid" and entry.overtaken:
        return OVERTAKEN, None
    return VERDICTS[entry.verdict], entry.rule


def state_name(tally, head, heads):
    """The state after a head; joined and acknowledged where they are derived."""
    name = head.after["state"]
    if name == "taken" and len(heads) == 1 and head.opens and any(
            other.kind_name == "receipted" and head.id in other.move_refs and not other.overtaken
            for other in tally.moves[head.thread_id]):
        return "joined"
    if name == "issued" and len(heads) == 1 and is_acknowledged(tally, head):
        return "acknowledged"
    return name


def is_acknowledged(tally, head):
    """Whether a claim part with one head has due set and a present line of an issue."""
    for opener in tally.moves[head.thread_id]:
        if opener.opens and OPENERS[opener.kind_name] == "claim" and len(tally.heads[opener.id]) == 1:
            claim = tally.heads[opener.id][0].after
            if claim["due"] is not None and any(line["part"] == head.part_id for line in claim["lines"]):
                return True
    return False


def threads(tally):
    """Entries by thread id."""
    found = {}
    for entry in tally.entries.values():
        found.setdefault(entry.thread_id, []).append(entry)
    return found


def rule_set_of(opening):
    """The rule set that a thread's opening names; 1 where its kind names none, 0 where its kind is not known."""
    if read_kind(opening) == "unknown":
        return 0
    rules = DOMAINS.get(opening.domain)
    named = opening.kind_name or opening.kind.split(".")[1]
    own = opening.move_own if opening.kind_name else opening.own
    number = own.get(rules.RULE_SET_KEY) if rules and named in rules.THREAD_OPENERS else None
    return number if is_int(number) else 1


def thread_state(tally, thread_id, entries):
    opening = tally.entries.get(thread_id)
    domain, rule_set = "", 0
    if opening is not None:
        domain, rule_set = opening.domain, rule_set_of(opening)
    listed = [[entry.id, *verdict_of(entry)] for entry in sorted(entries, key=lambda entry: entry.id)]
    parts = []
    for opener in sorted(tally.moves.get(thread_id, ()), key=lambda entry: entry.id):
        if not opener.opens:
            continue
        heads = tally.heads[opener.id]
        rules = DOMAINS[opener.domain]
        data = rules.data_of(heads[0].after) if len(heads) == 1 else None
        parts.append([opener.id, rules.OPENERS[opener.kind_name],
                      [[head.id, state_name(tally, head, heads)] for head in heads], data])
    return [thread_id, domain, rule_set, listed, parts]


def key_state(tally):
    """[key, branch, limit, party] of every log and branch that has a limit by revocation and has not forked itself."""
    found = {}
    for key, entries in tally.logs.items():
        if key in tally.replacements:
            continue
        for entry in entries:
            most = tally.limits.get(entry.segment)
            if most is not None and (entry.branch or key) not in tally.forked:
                name, least = (entry.branch.id, entry.branch.seq - 1) if entry.branch else (None, 0)
                found[key, name] = [key, name, max(most, least), entry.party]
    return sorted(found.values(), key=lambda log: (log[0], log[1] or b""))


def tally_state(tally, entries):
    listed = [[entry.id, *verdict_of(entry)] for entry in sorted(entries, key=lambda entry: entry.id)
              if entry.kind != "home.acknowledged"]
    return [tally.id, "tally", 1, listed, key_state(tally)]


def leaves(tally):
    found = {}
    for thread_id, entries in threads(tally).items():
        make = tally_state(tally, entries) if thread_id == tally.id else thread_state(tally, thread_id, entries)
        found[thread_id] = hashlib.sha256(cbor.encode(make)).digest()
    return found


def digest(found):
    """The root of the tree over the leaves."""
    level = {}
    for thread_id in sorted(found):
        bucket = thread_id[0] << 4 | thread_id[1] >> 4
        level.setdefault(bucket, []).append(thread_id + found[thread_id])
    level = {bucket: hashlib.sha256(b"".join(parts)).digest() for bucket, parts in level.items()}
    for _ in range(3):
        above = {}
        for place, value in level.items():
            above.setdefault(place >> 4, {})[place & 15] = value
        level = {place: hashlib.sha256(b"".join(below.get(i, NOTHING) for i in range(16))).digest()
                 for place, below in above.items()}
    return level.get(0, NOTHING)


# --- numbers ----------------------------------------------------------------------------------------------------------


def desk_of(tally, entry):
    """Party code and desk number of the signer, or None."""
    if entry.cls != "desk":
        return None
    number = entry.grant.own.get(14)
    return (tally.parties[entry.party], number) if isinstance(number, int) else None


def numbers(tally):
    """Numbers of threads and parts by the id of the entry that opens them."""
    plain = {}
    opened = {}
    for entry in tally.order:
        counts = dict(opened[entry.before.id]) if entry.before else {"threads": 0}
        desk = desk_of(tally, entry)
        if entry.sort != "kernel" and entry.thread is None:
            counts["threads"] += 1
            if desk:
                plain[entry.id] = "%s-%02d-%04d" % (desk[0], desk[1], counts["threads"])
        elif entry.opens:
            rules = DOMAINS[entry.domain]
            kind = rules.OPENERS[entry.kind_name]
            place = entry.thread, kind
            counts[place] = counts.get(place, 0) + 1
            if desk and entry.thread in plain:
                plain[entry.id] = "%s/%s%02d.%d" % (plain[entry.thread], rules.LETTERS[kind], desk[1], counts[place])
        opened[entry.id] = counts
    seen = {}
    for name, number in plain.items():
        seen.setdefault(number, []).append(name)
    return {name: number if len(seen[number]) == 1 else "%s~%s" % (number, name.hex()[:4])
            for name, number in plain.items()}
