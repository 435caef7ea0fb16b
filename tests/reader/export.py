"""Reads an export (docs/format.md, section 10) and accepts its entries (2.2)."""
import hashlib

import cbor
from cbor import Refused
from entry import (ATTACHMENT_MAX, check_signature, is_id, is_int, read_cose, read_entry)

MAGIC = b"WARIFUX1"
BRANCHES = 8


class Start:
    """What lets a log of a key begin: the class and party of the key, and the grant or succession that names it."""

    def __init__(self, cls, party, source):
        self.cls, self.party, self.source = cls, party, source


class Tally:
    def __init__(self, tally):
        self.id = tally
        self.entries = {}
        self.opening = self.profile_hash = None
        self.parties = []
        self.starts = {}
        self.named = set()
        self.branches = {}
        self.continued = set()
        self.attachments = {}


def item_form(item):
    """Whether a file's item has one of the four shapes, and which."""
    if not isinstance(item, list) or not item or not is_int(item[0]):
        return None
    shape = {3: (is_id,), 2: (is_id, is_bytes), 0: (is_count, is_id), 1: (is_id, is_count, is_id, is_bytes)}
    checks = shape.get(item[0])
    if checks is None or len(item) != len(checks) + 1:
        return None
    return item[0] if all(check(value) for check, value in zip(checks, item[1:])) else None


def is_bytes(value):
    return isinstance(value, bytes)


def is_count(value):
    return is_int(value) and value >= 0


def read_items(raw):
    """The items of a file between the magic and the end, their shapes, count and hash checked."""
    if raw[: len(MAGIC)] != MAGIC:
        raise Refused("export-magic")
    at, items = len(MAGIC), []
    while True:
        start = at
        if at == len(raw):
            raise Refused("export-end")
        item, at = cbor.read_item(raw, at)
        form = item_form(item)
        if form is None or (form == 3) != (start == len(MAGIC)):
            raise Refused("export-form")
        if form == 2 and (len(item[2]) > ATTACHMENT_MAX or hashlib.sha256(item[2]).digest() != item[1]):
            raise Refused("export-form")
        if form == 0:
            break
        items.append(item)
    if at != len(raw):
        raise Refused("export-form")
    count = sum(1 for found in items if found[0] == 1)
    if item[1] != count or hashlib.sha256(raw[:start]).digest() != item[2]:
        raise Refused("export-end")
    return items


def read_export(raw):
    """The tally of an export's bytes; refuses with the first reason met."""
    items = read_items(raw)
    tally = Tally(items[0][1])
    found = [(item, *read_cose(item[4])) for item in items if item[0] == 1]
    order = []
    for item, body, signature in found:
        entry = read_entry(tally.id, item[1], item[2], item[3], body, signature)
        accept(tally, entry)
        order.append(entry)
    for item in items:
        if item[0] == 2:
            tally.attachments[item[1]] = item[2]
    check_order(order)
    return tally


def check_order(order):
    """Nothing stands before what it names."""
    first = {}
    for at, entry in enumerate(order):
        first.setdefault(entry.id, at)
    for at, entry in enumerate(order):
        for name in entry.names() + [entry.thread, entry.part]:
            if first.get(name, -1) > at and first[entry.id] == at:
                raise Refused("export-form")


def accept(tally, entry, check=True):
    """Takes an entry into its log, or refuses it."""
    if entry.id in tally.entries:
        return
    if tally.opening is None and is_opening(tally, entry):
        learn_parties(tally, entry)
    if entry.thread == tally.id:
        raise Refused("thread")
    entry.start = place(tally, entry)
    begins = entry.before is None or entry.before.id in tally.continued
    if begins and tally.branches.get(entry.key, 0) == BRANCHES:
        raise Refused("branches")
    if check:
        check_signature(tally.id, entry)
    if begins:
        tally.branches[entry.key] = tally.branches.get(entry.key, 0) + 1
    else:
        tally.continued.add(entry.before.id)
    entry.cls, entry.party = entry.start.cls, entry.start.party
    entry.grant = entry.start.source
    tally.entries[entry.id] = entry
    if is_opening(tally, entry) and (tally.opening is None or entry.id < tally.opening.id):
        tally.opening = entry
    learn_keys(tally, entry)


def place(tally, entry):
    """The start of the entry's log, when the place follows the log."""
    starts = tally.starts.get(entry.key)
    if entry.seq == 1:
        if starts is None:
            raise Refused("unknown-key")
        if entry.prev not in starts:
            raise Refused("chain")
        entry.before = None
        return starts[entry.prev]
    before = tally.entries.get(entry.prev)
    if before is None or before.key != entry.key or before.seq != entry.seq - 1:
        raise Refused("chain")
    entry.before = before
    return before.start


def is_opening(tally, entry):
    if entry.kind != "tally.proposed" or entry.seq != 1:
        return False
    return hashlib.sha256(entry.raw).digest() == tally.id


def learn_parties(tally, entry):
    """Keys named by the opening. A list of parties that cannot be read names none."""
    parties = entry.own.get(9)
    if not isinstance(parties, list):
        return
    for number, party in enumerate(parties):
        if not isinstance(party, list) or len(party) != 3 or not isinstance(party[0], str):
            continue
        if is_id(party[1]) and is_id(party[2]):
            tally.starts.setdefault(party[1], {})[tally.id] = Start("root", number, None)
            tally.starts.setdefault(party[2], {}).setdefault(tally.id, Start("recovery", number, None))
    tally.parties = [party[0] for party in parties if isinstance(party, list) and party]
    tally.named = set(tally.starts)


def learn_keys(tally, entry):
    """Keys named by a grant or a succession become known."""
    if entry.kind in ("desk.granted", "home.granted"):
        pairs = [(8, entry.kind[:4])]
    elif entry.kind == "root.replaced":
        pairs = [(8, "root"), (9, "recovery")]
    else:
        return
    for field, cls in pairs:
        key = entry.own.get(field)
        if is_id(key) and key not in tally.named:
            tally.starts.setdefault(key, {})[entry.id] = Start(cls, entry.party, entry)
