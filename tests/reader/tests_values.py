"""The reader's own tests of values, signatures, bodies and exports."""
import hashlib

import cbor
import ed25519
from cbor import Refused
from entry import read_body, signed_bytes
from export import MAGIC, read_export
from maker import Maker, seed

REASONS = [
    ("", "truncated"), ("18", "truncated"), ("1817", "not-shortest"), ("190017", "not-shortest"), ("0000", "trailing"),
    ("5f", "indefinite"), ("9fff", "indefinite"), ("ff", "reserved"), ("1c", "reserved"), ("1f", "reserved"),
    ("df", "reserved"), ("f93c00", "float"), ("fb", "float"), ("f7", "simple"), ("f8", "simple"), ("c100", "tag"),
    ("1b8000000000000000", "range"), ("3b8000000000000000", "range"), ("1b7fffffffffffffff", None),
    ("3b7fffffffffffffff", None), ("818181818181818100", None), ("81818181818181818100", "depth"),
    ("818181818181818180", "depth"), ("818181818181818 1a0".replace(" ", ""), "depth"), ("a14000", "key-type"),
    ("a12000", "key-type"), ("a1f400", "key-type"), ("a1f700", "simple"), ("a201000000", "key-order"),
    ("a200000000", "key-twice"), ("a2616100 0000".replace(" ", ""), "key-order"), ("a20000616100", None),
    ("61ff", "utf8"), ("62c080", "utf8"), ("63eda080", "utf8"), ("64f4908080", "utf8"), ("61c2", "utf8"),
    ("6100", "control"), ("610a", None), ("610d", "control"), ("617f", "control"), ("62c285", "control"),
    ("62c2a0", None), ("6261", "truncated"), ("62ff", "truncated"), ("8200", "truncated"), ("a0", None),
]


def reason_of(act, *arguments):
    try:
        act(*arguments)
    except Refused as refused:
        return refused.reason
    return None


def test_values():
    for text, reason in REASONS:
        assert reason_of(cbor.decode, bytes.fromhex(text)) == reason, (text, reason)
    assert reason_of(cbor.decode, b"\x59\xff\xff" + bytes(65535)) == "too-long"
    assert reason_of(cbor.decode, b"\x59\xff\xfd" + bytes(65533)) is None
    value = {0: [1, -1, None, True, False], 24: b"x", "a": "\n", 256: {"long": [-(2**63)]}}
    assert cbor.decode(cbor.encode(value)) == value


def test_signatures():
    secret = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
    key = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    made = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")
    message = bytes.fromhex("af82")
    assert ed25519.public_key(secret) == key and ed25519.sign(secret, message) == made
    assert reason_of(ed25519.verify, key, message, made) is None
    assert reason_of(ed25519.verify, key, b"", made) == "sig-wrong"
    late = made[:32] + (int.from_bytes(made[32:], "little") + ed25519.L).to_bytes(32, "little")
    assert reason_of(ed25519.verify, key, message, late) == "sig-s"
    small = (1).to_bytes(32, "little")
    high = (ed25519.P + 1).to_bytes(32, "little")
    for bad in (small, high, bytes(32), (2).to_bytes(32, "little")):
        assert reason_of(ed25519.verify, bad, message, made) == "sig-key"
    for bad in (small, high, bytes(32), bytes(31) + b"\x80"):
        assert reason_of(ed25519.verify, key, message, bad + made[32:]) == "sig-r"
    loose = (ed25519.P + 3).to_bytes(32, "little")
    assert reason_of(ed25519.verify, key, message, loose + made[32:]) == "sig-wrong"


BODIES = [
    ({}, None), ({0: None}, "body-form"), ({"a": 1}, "body-form"), ({256: 1}, "body-form"), ({1: "x"}, "body-form"),
    ({4: []}, "body-form"), ({2: bytes(32), 3: bytes(32), 4: [b"b" * 32, b"a" * 32]}, "body-form"),
    ({5: [b"b" * 32, b"a" * 32]}, None), ({5: [b"b" * 32, b"b" * 32]}, "body-form"), ({6: bytes(31)}, "body-form"),
    ({7: [[bytes(32), 1, "text/html"]]}, "body-form"), ({7: [[bytes(32), 1, "text/csv"]]}, None),
    ({7: [[bytes(32), 33554433, "text/csv"]]}, "body-form"), ({7: [[bytes(32), 1, "text/csv"]] * 2}, "body-form"),
    ({0: "support"}, "body-kind"), ({0: "a.b.c"}, "body-kind"), ({0: "A.b"}, "body-kind"),
    ({0: "a." + "b" * 47}, "body-kind"), ({1: -1}, "body-time"), ({1: 253402300800000}, "body-time"),
    ({3: bytes(32)}, "body-part"), ({2: bytes(32), 4: [bytes(32)]}, "body-part"),
]


def test_bodies():
    for change, reason in BODIES:
        body = {0: "support.noted", 1: 5, **change}
        assert reason_of(read_body, cbor.encode(body)) == reason, change
    assert reason_of(read_body, cbor.encode({0: "a.b"})) == "body-time"
    assert reason_of(read_body, cbor.encode({1: 1})) == "body-kind"
    assert reason_of(read_body, cbor.encode([1])) == "body-form"


def test_signed_bytes():
    signed = cbor.decode(signed_bytes(bytes(32), b"k" * 32, 3, b"p" * 32, b"body"))
    assert signed[0] == "Signature1" and signed[1].hex() == "a10127" and signed[3] == b"body"
    assert cbor.decode(signed[2]) == ["warifu-entry-1", bytes(32), b"k" * 32, 3, b"p" * 32]


def ended(raw, count):
    return raw + cbor.encode([0, count, hashlib.sha256(raw).digest()])


def test_exports():
    made = Maker()
    made.desks()
    made.request()
    raw = made.export()
    assert len(read_export(raw).entries) == len(made.made)
    assert reason_of(read_export, b"X" + raw[1:]) == "export-magic"
    assert reason_of(read_export, raw[:-1] + bytes([raw[-1] ^ 1])) == "export-end"
    start = MAGIC + cbor.encode([3, made.id])
    assert reason_of(read_export, ended(start + cbor.encode([9]), 0)) == "export-form"
    assert reason_of(read_export, ended(start, 1)) == "export-end"
    assert reason_of(read_export, ended(start, 0)) is None
    last = made.made[-1]
    for change, reason in (({"seq": 2}, "chain"), ({"key": seed("x")}, "unknown-key"), ({"lone": b"\x80"}, "cose-form")):
        lone = change.get("lone", b"\xd2" + cbor.encode([bytes.fromhex("a10127"), {}, last.raw, last.signature]))
        entry = [1, change.get("key", last.key), change.get("seq", last.seq), last.prev, lone]
        body = raw[: -len(cbor.encode([0, len(made.made), bytes(32)]))]
        whole = ended(body + cbor.encode(entry), len(made.made) + 1)
        assert reason_of(read_export, whole) == reason, change


TESTS = [test_values, test_signatures, test_bodies, test_signed_bytes, test_exports]
