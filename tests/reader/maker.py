"""Makes small tallies for the tests: keys, entries and exports signed with the tests' own Ed25519."""
import hashlib

import cbor
import ed25519
from entry import cose, read_entry, signed_bytes
from export import MAGIC, Tally, accept

NOW = 1700000000000
LATE = 1900000000000

PROFILE = {
    "in_force_on": "2017-08-18",
    "activities": [{"code": "1a"}],
    "categories": [{"code": "fuel", "from": "2017-08-18", "until": None}, {"code": "food", "from": "2017-08-18"},
                   {"code": "transport", "from": "2017-08-18"}],
    "never": [{"code": "weapons"}],
    "settlement": {"supply": ["return_same", "return_like", "cash"], "service": ["cash", "service_like"]},
    "third_party_transfer": "prior_consent",
    "approval": {"separation": {"above_minor": {"GBP": 500000, "JPY": 1000000}}},
    "claim_currencies": {"value": ["GBP", "JPY"]},
    "issue_tolerance_percent": {"value": {"fuel": "2", "other": "0"}},
    "clocks": {
        "settle_months": {"value": 12}, "grace_days": {"value": 30}, "receipt_days": {"value": 5},
        "receipt_hours_meals_flights": {"value": 24}, "unacknowledged_grace_days": {"value": 30},
    },
    "reasons": {
        "decline": [["other", "Other"]],
        "difference": [["short", "Short"], ["not_arrived", "Not arrived"]],
        "query": [["price", "Price"]],
    },
}
PROFILE_HASH = hashlib.sha256(cbor.encode(PROFILE)).digest()
ROLES = ["claims", "dispute", "issuer", "netting", "orderer", "payer", "receiver", "waiver"]


def seed(name):
    return hashlib.sha256(name.encode()).digest()


def line(number=1, quantity=100, price=250, **more):
    """One line of terms: fuel by the litre, in pounds."""
    names = {"category": 1, "kind": 2, "unit": 6, "ceiling": 11, "currency": 12, "settlement": 13}
    made = {0: number, 1: "fuel", 2: "supply", 3: "diesel", 5: quantity, 6: "LTR", 8: price, 10: "list", 12: "GBP",
            13: "cash"}
    if price is None:
        del made[8], made[10]
    made.update({names[name]: value for name, value in more.items()})
    return made


def lift(number=1, quantity=10, price=120000, **more):
    """One line of terms for a service: airlift by the tonne, in pounds."""
    made = line(number, quantity, price, category="transport", kind="service", unit="TNE", settlement="service_like", **more)
    return {**made, 3: "airlift", 7: "tonnes"}


class Maker:
    """A tally of GB and JP with an open tally, and whatever a test adds."""

    def __init__(self, mode="real", codes=("GB", "JP")):
        self.seeds, self.last, self.made, self.starts = {}, {}, [], {}
        self.now = NOW
        parties = [[code, self.key(code + "-root"), self.key(code + "-recovery")] for code in codes]
        body = {0: "tally.proposed", 1: NOW, 8: mode, 9: parties, 10: {"support": 1}, 11: PROFILE, 12: bytes(16)}
        self.id = hashlib.sha256(cbor.encode(body)).digest()
        for code in codes:
            for role in ("-root", "-recovery"):
                self.starts[code + role] = self.id
        self.put("GB-root", body)
        for code in codes[1:]:
            self.add(code + "-root", "tally.accepted")

    def key(self, name):
        if name not in self.seeds:
            self.seeds[name] = seed(name), ed25519.public_key(seed(name))
        return self.seeds[name][1]

    def put(self, who, body, seq=None, prev=None):
        """Signs a body at the next place of a key's log, or at one given; gives the entry."""
        key = self.key(who)
        last = self.last.get(who)
        if seq is None:
            seq = last.seq + 1 if last else 1
            prev = last.id if last else self.starts[who]
        raw = cbor.encode(body)
        signature = ed25519.sign(self.seeds[who][0], signed_bytes(self.id, key, seq, prev, raw))
        entry = read_entry(self.id, key, seq, prev, raw, signature)
        self.last[who] = entry
        self.made.append(entry)
        return entry

    def add(self, who, kind, own=None, **common):
        """An entry with own fields and thread, part, answers, refs, seen as given; at= sets seq and prev."""
        self.now += 1000
        seq, prev = common.pop("at", (None, None))
        body = {0: kind, 1: common.pop("stated", self.now)}
        for number, name in ((2, "thread"), (3, "part"), (4, "answers"), (5, "refs"), (6, "seen")):
            if name in common:
                value = common[name]
                body[number] = [v.id for v in value] if isinstance(value, list) else value.id
        if 4 in body:
            body[4] = sorted(body[4])
        body.update(own or {})
        return self.put(who, body, seq, prev)

    def grant(self, by, name, number=1, roles=None, **more):
        """Grants a desk; further fields by number as f12=, f13= and so on."""
        own = {8: self.key(name), 9: "officer-" + name, 10: "post", 11: roles or ROLES, 13: LATE, 14: number}
        own.update({int(field[1:]): value for field, value in more.items()})
        made = self.add(by, "desk.granted", own)
        self.starts[name] = made.id
        return made

    def home(self, by, name):
        made = self.add(by, "home.granted", {8: self.key(name), 9: name, 13: LATE})
        self.starts[name] = made.id
        return made

    def desks(self):
        """Two desks and a home for each party."""
        for code in ("GB", "JP"):
            self.grant(code + "-root", code + "-1", 1)
            self.grant(code + "-root", code + "-2", 2)
            self.home(code + "-root", code + "-home")

    def request(self, who="GB-1", supplier="JP", lines=None, **more):
        own = {8: supplier, 9: "1a", 10: lines or [line()], 11: "quay", 12: 20000, 18: True, 19: PROFILE_HASH, 20: 1}
        return self.add(who, "support.requested", own, **more)

    def offer(self, who="JP-1", receiver="GB", lines=None, verb="offered_unasked", own=None, **more):
        """The opening by a supplier: an unasked offer, or an issue that nobody ordered."""
        own = {8: receiver, 9: "1a", 10: lines or [line()], 11: "quay", 15: 540, 19: PROFILE_HASH, 20: 1, **(own or {})}
        return self.add(who, "support." + verb, own, **more)

    def net(self, claims, total, who="JP-1", partner="GB", own=None, **more):
        own = {8: partner, 9: "GBP", 10: total, 11: claims, 19: PROFILE_HASH, 20: 1, **(own or {})}
        return self.add(who, "support.netting_proposed", own, **more)

    def move(self, who, verb, own=None, to=None, **more):
        """A move that answers the entry to, in its thread and part."""
        heads = to if isinstance(to, list) else [to]
        first = heads[0]
        thread = first.thread or first.id
        part = first.part or first.id
        domain = first.kind.partition(".")[0]
        return self.add(who, "%s.%s" % (domain, verb), own, **{**more, "answers": heads, "thread": Id(thread), "part": Id(part)})

    def open(self, who, verb, own, refs, thread, **more):
        return self.add(who, "support." + verb, own, refs=refs, thread=thread, **more)

    def tally(self, leave_out=(), order=None):
        """The tally of what was made, less some entries."""
        tally = Tally(self.id)
        for entry in self.made if order is None else order:
            if entry not in leave_out:
                fresh = read_entry(self.id, entry.key, entry.seq, entry.prev, entry.raw, entry.signature)
                accept(tally, fresh, False)
        return tally

    def export(self):
        out = [MAGIC, cbor.encode([3, self.id])]
        for entry in self.made:
            out.append(cbor.encode([1, entry.key, entry.seq, entry.prev, cose(entry.raw, entry.signature)]))
        raw = b"".join(out)
        return raw + cbor.encode([0, len(self.made), hashlib.sha256(raw).digest()])


class Id:
    """A bare id where an entry is expected."""

    def __init__(self, name):
        self.id = name
