"""Kernel kinds and their fields (docs/format.md, section 3)."""
import re

from entry import is_amount, is_day, is_id, is_ids, is_int, is_time

CODE = re.compile(r"[a-zA-Z0-9_.-]{1,32}")
CURRENCY = re.compile(r"[A-Z]{3}")
PARTY = re.compile(r"[A-Z0-9]{2,8}")
REQUIRED, OPTIONAL = True, False


def is_text(most):
    return lambda value: isinstance(value, str) and 1 <= len(value.encode("utf-8")) <= most


def is_code(value):
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def is_unsigned(value):
    return is_int(value) and value >= 0


def is_within(low, high):
    return lambda value: is_int(value) and low <= value <= high


def is_codes(value):
    if not isinstance(value, list) or not value or not all(is_code(item) for item in value):
        return False
    return all(a < b for a, b in zip(value, value[1:]))


def is_range(value):
    if not isinstance(value, list) or len(value) != 2:
        return False
    return all(is_within(1, 9999)(item) for item in value) and value[0] <= value[1]


def is_limits(value):
    if not isinstance(value, dict) or not value:
        return False
    return all(isinstance(key, str) and CURRENCY.fullmatch(key) and is_amount(amount) for key, amount in value.items())


def is_rules(value):
    if not isinstance(value, dict):
        return False
    return all(is_code(key) and is_unsigned(number) for key, number in value.items())


def is_parties(value):
    if not isinstance(value, list) or not 1 <= len(value) <= 8:
        return False
    for party in value:
        if not isinstance(party, list) or len(party) != 3:
            return False
        if not isinstance(party[0], str) or not PARTY.fullmatch(party[0]):
            return False
        if not is_id(party[1]) or not is_id(party[2]):
            return False
    if len({key for party in value for key in party[1:]}) != 2 * len(value):
        return False
    return all(a[0] < b[0] for a, b in zip(value, value[1:]))


def is_profile(value):
    return isinstance(value, dict)


def is_nonce(value):
    return isinstance(value, bytes) and len(value) == 16


MODES = ("real", "rehearsal", "national")

# Each field: whether it must be there, and its check.
FIELDS = {
    "tally.proposed": {
        8: (REQUIRED, lambda v: v in MODES), 9: (REQUIRED, is_parties), 10: (REQUIRED, is_rules),
        11: (REQUIRED, is_profile), 12: (REQUIRED, is_nonce),
    },
    "tally.accepted": {},
    "tally.amended": {8: (REQUIRED, is_day), 9: (OPTIONAL, is_profile), 10: (REQUIRED, is_id)},
    "tally.rules_accepted": {8: (REQUIRED, is_code), 9: (REQUIRED, is_unsigned)},
    "desk.granted": {
        8: (REQUIRED, is_id), 9: (REQUIRED, is_code), 10: (REQUIRED, is_text(200)), 11: (REQUIRED, is_codes),
        12: (OPTIONAL, is_limits), 13: (REQUIRED, is_time), 14: (REQUIRED, is_within(1, 9999)),
        15: (OPTIONAL, is_range),
    },
    "home.granted": {
        8: (REQUIRED, is_id), 9: (REQUIRED, is_text(100)), 13: (REQUIRED, is_time), 14: (OPTIONAL, is_id),
        15: (OPTIONAL, is_id),
    },
    "grant.revoked": {8: (REQUIRED, is_id), 9: (REQUIRED, is_unsigned), 10: (REQUIRED, is_text(400))},
    "root.replaced": {
        8: (REQUIRED, is_id), 9: (REQUIRED, is_id), 10: (REQUIRED, is_unsigned),
        11: (OPTIONAL, lambda v: is_ids(v, 65536, True)),
    },
    "tally.successor_seen": {},
    "log.forked": {8: (REQUIRED, is_id), 9: (REQUIRED, lambda v: is_int(v) and v >= 1)},
    "home.acknowledged": {8: (REQUIRED, is_id)},
    "attachment.erased": {8: (REQUIRED, is_id), 9: (REQUIRED, is_text(400))},
}
REFS_COUNT = {"tally.successor_seen": 1, "log.forked": 2}


def fit(fields, own):
    """Whether own fields fit a table: all that must be there, none unknown, each of its type."""
    if any(number not in fields for number in own):
        return False
    for number, (required, check) in fields.items():
        if number not in own:
            if required:
                return False
        elif not check(own[number]):
            return False
    return True


def kernel_fit(entry):
    """Rule F1 for a kernel kind."""
    if entry.thread or entry.part or entry.answers:
        return False
    count = REFS_COUNT.get(entry.kind)
    if count is not None and len(entry.refs) != count:
        return False
    if entry.kind == "log.forked" and entry.refs != sorted(entry.refs):
        return False
    if entry.kind == "tally.proposed" and not parties_fit(entry.own):
        return False
    return fit(FIELDS[entry.kind], entry.own)


def parties_fit(own):
    """A national tally has exactly one party, another at least two."""
    parties = own.get(9)
    return isinstance(parties, list) and (len(parties) == 1) == (own.get(8) == "national")
