"""The verdict of every entry (docs/format.md, 5.5 and 7; the guards are those of the domains' texts)."""
import hashlib

import cbor
import national
import support
from amounts import Broken
from entry import is_int
from keys import find_rules
from kinds import FIELDS, fit
from past import find_pasts, find_waiting, in_past

DOMAINS = {"support": support, "national": national}
PARTS_MOST, NOTES_MOST, MOVES_MOST = 512, 256, 1024
DAY = 86400000


# --- what an entry stands for -----------------------------------------------------------------------------------------


def read_kind(entry):
    """Class of the entry's kind: kernel, domain or unknown."""
    domain, name = entry.kind.split(".")
    entry.domain = domain
    if entry.kind in FIELDS:
        return "kernel"
    return "domain" if domain in DOMAINS and name in DOMAINS[domain].KINDS else "unknown"


def is_unjudged(tally, entry):
    """Whether a domain entry counts as of an unknown kind: its thread's rule set is not known, or it restates what is of an unknown
    kind."""
    opening = tally.entries.get(entry.thread_id)
    rules = DOMAINS[entry.domain]
    if opening is not None and opening.domain == entry.domain and opening.kind.split(".")[1] in rules.THREAD_OPENERS:
        number = opening.own.get(rules.RULE_SET_KEY)
        if is_int(number) and number > rules.RULE_SET:
            return True
    if entry.kind.split(".")[1] != "restated" or not isinstance(entry.own.get(8), bytes):
        return False
    named = tally.entries.get(entry.own[8])
    return named is not None and read_kind(named) == "unknown"


def stand_for(tally, entry):
    """Kind, own fields and refs of a domain entry; those of the entry named where it is restated. None where it names none."""
    name, own, refs = entry.kind.split(".")[1], entry.own, entry.refs
    if name == "restated":
        named = tally.entries.get(own.get(8)) if isinstance(own.get(8), bytes) else None
        if named is None or not refs or refs[-1] != named.id:
            return None
        name = named.kind.split(".")[1]
        if named.party != entry.party or named.sort != "domain" or named.domain != entry.domain or name in ("restated", "resolved"):
            return None
        own, refs = named.own, refs[:-1]
    return name, own, refs


def read_entries(tally):
    for entry in tally.order:
        entry.sort = read_kind(entry)
        entry.thread_id = tally.id if entry.sort == "kernel" else entry.thread or entry.id
        if entry.sort == "domain" and is_unjudged(tally, entry):
            entry.sort = "unknown"
        entry.kind_name, entry.move_own, entry.move_refs = None, {}, []
        if entry.sort == "domain":
            found = stand_for(tally, entry)
            if found:
                entry.kind_name, entry.move_own, entry.move_refs = found
        entry.opens = opens(entry)
        entry.is_note = entry.sort == "domain" and entry.kind_name in DOMAINS[entry.domain].NOTES
        entry.part_id = entry.id if entry.opens else entry.part
        entry.after = None


def opens(entry):
    """Whether the entry has the form of one that opens a part."""
    if entry.sort != "domain" or entry.kind_name not in DOMAINS[entry.domain].OPENERS or entry.part or entry.answers:
        return False
    return (entry.thread is None) == (entry.kind_name in DOMAINS[entry.domain].THREAD_OPENERS)


def domain_fit(entry):
    """Rule F1 for a domain kind, and for what it restates."""
    if entry.sort == "unknown":
        return True
    kinds = DOMAINS[entry.domain].KINDS
    if not fit(kinds[entry.kind.split(".")[1]], entry.own):
        return False
    return entry.kind_name is None or fit(kinds[entry.kind_name], entry.move_own)


# --- the move that is judged ------------------------------------------------------------------------------------------


class Move:
    """A domain entry with what the guards and the step read."""

    def __init__(self, tally, entry):
        self.tally, self.entry, self.id = tally, entry, entry.id
        self.kind, self.own, self.party = entry.kind_name, entry.move_own, entry.party
        self.refs = [tally.entries[name] for name in entry.move_refs]
        self.officer = entry.grant.own[9]
        self.stated, self.day = entry.stated, entry.stated // DAY
        self.opening = tally.entries[entry.thread_id]
        self.part = tally.entries.get(entry.part_id)
        self.rules = DOMAINS[entry.domain]
        self.part_type = self.rules.OPENERS.get(self.part.kind_name) if self.part else None
        self.answered = tally.entries[entry.answers[0]] if entry.answers else None
        self.here = self.answered.after if self.answered else None
        self.profile = find_profile(tally, self.opening.move_own.get(19), self.opening)
        self.heads = {}

    def side(self):
        """The side of the signer, or None where it has none in the thread."""
        return self.rules.side(self) if self.opening.kind_name in self.rules.THREAD_OPENERS else None

    def past_moves(self):
        return (other for other in self.tally.moves.get(self.entry.thread_id, ()) if in_past(other, self.entry))

    def past_heads(self, part_type):
        """The past head of every other part of a type."""
        if part_type not in self.heads:
            self.heads[part_type] = self.find_past_heads(part_type)
        return self.heads[part_type]

    def live_claims(self):
        """The states of the other claim parts that are not withdrawn, by the past."""
        return [head.after for head in self.past_heads("claim") if head.after["state"] != "withdrawn"]

    def find_past_heads(self, part_type):
        parts = {}
        answered = set()
        for other in self.past_moves():
            parts.setdefault(other.part_id, []).append(other)
            answered.update(other.answers)
        heads = []
        for part_id, moves in sorted(parts.items()):
            if part_id == self.entry.part_id or moves[0].id != part_id or moves[0].after["type"] != part_type:
                continue
            free = [other for other in moves if other.id not in answered]
            heads.append(min(free, key=lambda other: other.id))
        return heads

    def is_valid_move(self, other):
        return other.verdict == "valid" and other.after is not None and other.thread_id == self.entry.thread_id


def find_profile(tally, name, entry):
    """The profile with a hash: that of the tally's opening, or one that every party amended to, in an entry's past."""
    if not isinstance(name, bytes):
        return None
    first = tally.opening.own.get(11)
    if tally.profile_hash is None:
        tally.profile_hash = hashlib.sha256(cbor.encode(first)).digest()
    if tally.profile_hash == name:
        return first
    agreed, profile = {}, None
    for other in tally.order:
        if other.kind != "tally.amended" or other.verdict != "valid" or not in_past(other, entry):
            continue
        if other.own[10] == name:
            agreed.setdefault(other.own[8], set()).add(other.party)
            if 9 in other.own and hashlib.sha256(cbor.encode(other.own[9])).digest() == name:
                profile = other.own[9]
    complete = any(len(parties) == len(tally.parties) for parties in agreed.values())
    return profile if complete else None


# --- K7 to K16 --------------------------------------------------------------------------------------------------------


def belongs(tally, entry):
    """Whether thread, part and answers are of one thread and one part, and what opens a part stands on a move of its thread."""
    if entry.thread:
        opening = tally.entries[entry.thread]
        if opening.sort != "domain" or opening.domain != entry.domain or not opening.opens:
            return False
    if entry.part:
        part = tally.entries[entry.part]
        if not part.opens or part.thread_id != entry.thread:
            return False
    if entry.opens and entry.thread:
        head = tally.entries[entry.move_refs[0]] if entry.move_refs else None
        if head is None or not is_move(head) or head.thread_id != entry.thread:
            return False
    answers = [tally.entries[name] for name in entry.answers]
    return all(is_move(other) and other.thread_id == entry.thread and other.part_id == entry.part for other in answers)


def is_move(entry):
    return entry.sort == "domain" and entry.kind_name is not None and not entry.is_note


def shaped(tally, entry):
    """Whether thread, part and answers are there as the kind needs them; for a restated, the kind of what it names."""
    name, rules = entry.kind_name, DOMAINS[entry.domain]
    if name is None:
        named = tally.entries.get(entry.own[8])
        name = named.kind.split(".")[1] if named is not None and named.sort == "domain" else None
    if name in rules.NOTES:
        return entry.thread is not None and not entry.answers
    if entry.part is None:
        return name in rules.OPENERS and (entry.thread is None) == (name in rules.THREAD_OPENERS)
    return entry.kind_name == "resolved" or len(entry.answers) == 1


def resolves(entry):
    """Whether a resolved answers two moves, one of them the one that stands."""
    return len(entry.answers) >= 2 and entry.move_own[8] in entry.answers


def names_void(tally, entry):
    names = list(entry.answers)
    if entry.opens and entry.move_refs:
        names.append(entry.move_refs[0])
    return any(tally.entries[name].verdict == "void" for name in names)


def counts_in_log(entry):
    """Numbers of parts opened and notes written in the entry's thread, in its log up to it."""
    parts = notes = 0
    before = entry
    while before is not None:
        if before.thread_id == entry.thread_id:
            parts += before.opens
            notes += before.is_note
        before = before.before
    return parts, notes


def too_many(entry):
    if not entry.opens and not entry.is_note:
        return False
    parts, notes = counts_in_log(entry)
    return parts > PARTS_MOST if entry.opens else notes > NOTES_MOST


def answered_before(tally, entry):
    """K9: a valid move in the past, no resolved, answers one of the answers."""
    return any(other is not entry and other.verdict == "valid" and in_past(other, entry)
               for name in entry.answers for other in tally.answered[name]
               if other.after is not None and other.kind_name != "resolved")


def role_rule(tally, entry, move):
    """K10 and K11; sets the role that the move needs."""
    if entry.kind_name == "resolved":
        entry.role = tally.entries[entry.move_own[8]].role
    else:
        state = move.here["state"] if move.here else None
        entry.role = move.rules.TABLE.get((move.part_type, state, move.kind), {}).get(move.side())
        if entry.role is None:
            return "K10"
    return None if entry.role in entry.grant.own[11] else "K11"


def structure_rule(tally, entry):
    """K7, K16, K8, K12 and K13."""
    if not belongs(tally, entry) or not shaped(tally, entry):
        return "K7"
    if entry.kind_name is None or entry.kind_name == "resolved" and not resolves(entry):
        return "K16"
    if names_void(tally, entry):
        return "K8"
    if too_many(entry):
        return "K12"
    entry.row = 1 + max((tally.entries[name].row for name in entry.answers), default=-1)
    return "K13" if entry.row > MOVES_MOST else None


def guard_rule(move):
    for number, guard, kinds in move.rules.GUARDS:
        if kinds is None or move.kind in kinds:
            try:
                holds = guard(move)
            except Broken:
                holds = False
            if not holds:
                return "%s%d" % (move.rules.PREFIX, number)
    return None


def domain_rule(tally, entry):
    """The first rule from K7 on that makes a domain entry void; else its state after is set."""
    rule = structure_rule(tally, entry)
    if rule or entry.is_note:
        return rule
    if entry.kind_name != "resolved" and answered_before(tally, entry):
        return "K9"
    move = Move(tally, entry)
    rule = role_rule(tally, entry, move)
    if rule:
        return rule
    if entry.kind_name == "resolved":
        entry.after = tally.entries[entry.move_own[8]].after
        return None
    rule = guard_rule(move)
    if rule is None:
        entry.after = move.rules.step(move)
    return rule


def judge(tally, entry):
    if entry.sort == "unknown":
        return "unknown", None
    if entry.waits:
        return "waiting", None
    rule = entry.early
    if rule is None and entry.sort == "domain":
        rule = domain_rule(tally, entry)
    return ("void", rule) if rule else ("valid", None)


def fold(tally):
    """Gives every entry its verdict, rule and, for moves, the state after it."""
    find_pasts(tally)
    read_entries(tally)
    find_waiting(tally)
    find_rules(tally, domain_fit)
    tally.moves = {}
    for entry in tally.order:
        entry.verdict, entry.rule = judge(tally, entry)
        if entry.after is not None:
            tally.moves.setdefault(entry.thread_id, []).append(entry)
