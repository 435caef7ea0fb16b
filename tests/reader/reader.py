#!/usr/bin/env python3
"""Second reader of Warifu, written from docs/format.md and docs/support-rules.md alone.

reader.py verify FILE       reads an export; prints what it holds as JSON, or the reason why it is refused (exit 3)
reader.py acks FILE         recomputes the digest that each acknowledgement of an export carries
reader.py vector FILE.json  reads a test vector; prints ok, or the reason
"""
import json
import sys

import ed25519
from balances import balance_of
from cbor import Refused
from entry import cose, entry_id, is_id, read_body, read_cose, read_entry, signed_bytes
from export import Tally, accept, read_export
from settle import settle
from state import digest, leaves, numbers, state_name, verdict_of
from support_kinds import OPENERS
from verdict import fold


def fold_all(tally):
    fold(tally)
    settle(tally)


def thread_orders(tally, named):
    """Number, id and state of every order; the state is null where the order has not one head."""
    found = []
    for thread_id in tally.moves:
        if OPENERS.get(tally.entries[thread_id].kind_name) != "order":
            continue
        heads = tally.heads[thread_id]
        state = state_name(tally, heads[0], heads) if len(heads) == 1 else None
        found.append({"number": named.get(thread_id), "id": thread_id.hex(), "state": state})
    return sorted(found, key=lambda order: (order["number"], order["id"]))


def report(tally):
    named = numbers(tally)
    balance = balance_of(tally, named)
    money = {}
    for (debtor, creditor, currency), sums in sorted(balance.money.items()):
        if not any(sums.values()):
            continue
        sums = {**sums, "owed": sum(sums.values())}
        money.setdefault(debtor, {}).setdefault(creditor, {})[currency] = sums
    return {
        "tally": tally.id.hex(),
        "entries": len(tally.entries),
        "digest": digest(leaves(tally)).hex(),
        "verdicts": {entry.id.hex(): list(verdict_of(entry)) for entry in tally.order},
        "orders": thread_orders(tally, named),
        "claims": sorted(balance.claims, key=lambda claim: claim["number"]),
        "balances": money,
        "in_kind": balance.in_kind,
        "without_price": balance.without_price,
        "nettings": balance.nettings,
        "left_out": [named.get(name) for name in balance.left_out],
    }


def verify(path):
    with open(path, "rb") as file:
        raw = file.read()
    try:
        tally = read_export(raw)
    except Refused as refused:
        print(json.dumps({"reason": refused.reason}))
        return 3
    fold_all(tally)
    print(json.dumps(report(tally), indent=1, ensure_ascii=False))
    return 0


# --- acknowledgements -------------------------------------------------------------------------------------------------


def covered(tally, acknowledgement):
    """The ids at or below the heads that an acknowledgement and those before it in its log name; and its log before it."""
    found = set()
    entry = acknowledgement
    while entry is not None:
        heads = [tally.entries.get(name) for name in entry.refs] if entry.kind == "home.acknowledged" else []
        for below in heads + [entry.before]:
            while below is not None and below.id not in found:
                found.add(below.id)
                below = below.before
        entry = entry.before
    return found


def part_of(tally, ids):
    """A tally of some entries only."""
    part = Tally(tally.id)
    for entry in tally.entries.values():
        if entry.id in ids:
            accept(part, read_entry(tally.id, entry.key, entry.seq, entry.prev, entry.raw, entry.signature), False)
    return part


def check_acknowledgements(tally):
    """(id, whether the digest that it carries is the one computed) of every acknowledgement that has one."""
    found = []
    for entry in tally.order:
        if entry.kind == "home.acknowledged" and is_id(entry.own.get(8)):
            part = part_of(tally, covered(tally, entry))
            fold_all(part)
            found.append((entry.id.hex(), digest(leaves(part)) == entry.own[8]))
    return found


def acks(path):
    with open(path, "rb") as file:
        tally = read_export(file.read())
    fold_all(tally)
    found = check_acknowledgements(tally)
    print(json.dumps(dict(found), indent=1))
    return 0 if all(right for _, right in found) else 1


# --- vectors ----------------------------------------------------------------------------------------------------------


def check_vector(vector):
    """Refuses the lone entry of a vector as the text says; one whose other fields do not fit it is refused as differing."""
    tally, key, prev = (bytes.fromhex(vector[name]) for name in ("tally", "key", "prev"))
    body, signature = read_cose(bytes.fromhex(vector["cose"]))
    signed = signed_bytes(tally, key, int(vector["seq"]), prev, body)
    made = {"body": body, "signature": signature, "id": entry_id(signed), "cose": cose(body, signature)}
    if any(vector.get(name, value.hex()) != value.hex() for name, value in made.items()):
        raise Refused("vector-differs")
    read_body(body)
    ed25519.verify(key, signed, signature)


def vector(path):
    with open(path, encoding="utf-8") as file:
        found = json.load(file)
    try:
        check_vector(found)
    except Refused as refused:
        print(refused.reason)
        return 3
    print("ok")
    return 0


COMMANDS = {"verify": verify, "acks": acks, "vector": vector}


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in COMMANDS:
        sys.stderr.write(__doc__)
        return 2
    return COMMANDS[arguments[0]](arguments[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
