"""Bodies, signed bytes and ids of entries (docs/format.md, section 2)."""
import hashlib
import re

import cbor
import ed25519
from cbor import Refused

TIME_MAX = 253402300799999
MEDIA_TYPES = ("application/pdf", "image/jpeg", "image/png", "text/csv")
PROTECTED = bytes.fromhex("a10127")
ATTACHMENT_MAX = 32 * 1024 * 1024
KIND = re.compile(r"[a-z_]+\.[a-z_]+")
KIND_TEXT, STATED, THREAD, PART, ANSWERS, REFS, SEEN, ATTACHMENTS = range(8)


class Entry:
    """An accepted entry. The fold hangs what it finds on it."""

    def __init__(self, key, seq, prev, raw, body):
        self.id = None
        self.key, self.seq, self.prev, self.raw = key, seq, prev, raw
        self.kind = body[KIND_TEXT]
        self.stated = body[STATED]
        self.thread = body.get(THREAD)
        self.part = body.get(PART)
        self.answers = body.get(ANSWERS, [])
        self.refs = body.get(REFS, [])
        self.seen = body.get(SEEN)
        self.attachments = body.get(ATTACHMENTS, [])
        self.own = {k: v for k, v in body.items() if k > ATTACHMENTS}
        self.body = body

    def names(self):
        """What the entry names in answers, refs and seen."""
        return self.answers + self.refs + ([self.seen] if self.seen else [])


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def is_id(value):
    return isinstance(value, bytes) and len(value) == 32


def is_time(value):
    return is_int(value) and 0 <= value <= TIME_MAX


def is_day(value):
    return is_int(value) and -719162 <= value <= 2932896


def is_amount(value):
    return is_int(value) and abs(value) < 10**18


def is_ids(value, most, ascending):
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        return False
    if not all(is_id(item) for item in value) or len(set(value)) != len(value):
        return False
    return not ascending or value == sorted(value)


def is_attachment(value):
    if not isinstance(value, list) or len(value) != 3:
        return False
    return is_id(value[0]) and is_int(value[1]) and 0 <= value[1] <= ATTACHMENT_MAX and value[2] in MEDIA_TYPES


def is_attachments(value):
    if not isinstance(value, list) or not 1 <= len(value) <= 16:
        return False
    if not all(is_attachment(item) for item in value):
        return False
    return len({tuple(item) for item in value}) == len(value)


COMMON = {
    KIND_TEXT: lambda v: isinstance(v, str),
    STATED: is_int,
    THREAD: is_id,
    PART: is_id,
    ANSWERS: lambda v: is_ids(v, 1024, True),
    REFS: lambda v: is_ids(v, 1024, False),
    SEEN: is_id,
    ATTACHMENTS: is_attachments,
}


def read_body(raw):
    """The map of a body's bytes, or a refusal by section 1 or 2.1."""
    body = cbor.decode(raw)
    if not isinstance(body, dict):
        raise Refused("body-form")
    if not all(is_int(key) and 0 <= key <= 255 for key in body):
        raise Refused("body-form")
    if not all(check(body[key]) for key, check in COMMON.items() if key in body):
        raise Refused("body-form")
    kind = body.get(KIND_TEXT)
    if kind is None or len(kind) > 48 or not KIND.fullmatch(kind):
        raise Refused("body-kind")
    if not is_time(body.get(STATED)):
        raise Refused("body-time")
    if PART in body and THREAD not in body or ANSWERS in body and PART not in body:
        raise Refused("body-part")
    return body


def signed_bytes(tally, key, seq, prev, raw):
    aad = cbor.encode(["warifu-entry-1", tally, key, seq, prev])
    return cbor.encode(["Signature1", PROTECTED, aad, raw])


def entry_id(signed):
    return hashlib.sha256(signed).digest()


def cose(raw, signature):
    """The COSE_Sign1 in which an entry is shown alone."""
    return b"\xd2" + cbor.encode([PROTECTED, {}, raw, signature])


def read_cose(raw):
    """Body bytes and signature of a COSE_Sign1."""
    if raw[:1] != b"\xd2":
        raise Refused("cose-form")
    try:
        item, end = cbor.read_item(raw, 1)
    except Refused:
        raise Refused("cose-form") from None
    if end != len(raw):
        raise Refused("cose-form")
    if not isinstance(item, list) or len(item) != 4 or item[0] != PROTECTED or item[1] != {}:
        raise Refused("cose-form")
    if not isinstance(item[2], bytes) or not isinstance(item[3], bytes) or len(item[3]) != 64:
        raise Refused("cose-form")
    return item[2], item[3]


def read_entry(tally, key, seq, prev, raw, signature):
    """An entry from its place, its body and its signature, each checked alone (form and signature)."""
    entry = Entry(key, seq, prev, raw, read_body(raw))
    signed = signed_bytes(tally, key, seq, prev, raw)
    entry.id = entry_id(signed)
    entry.signature = signature
    return entry


def check_signature(tally, entry):
    signed = signed_bytes(tally, entry.key, entry.seq, entry.prev, entry.raw)
    ed25519.verify(entry.key, signed, entry.signature)
