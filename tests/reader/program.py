"""What the program itself says of an export: its home joins the tally of the export and folds it."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "exports"))
from told import balances_of, in_kind_of

TOP = Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("WARIFU", str(TOP / "build/warifu"))
VERDICTS = ("valid", "void", "waiting", "overtaken", "unknown kind")


def run(folder, *words):
    environment = {**os.environ, "WARIFU_STATE": folder + "/state", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([PROGRAM, "--home", folder + "/home", *words], env=environment, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("%s: %s" % (" ".join(words), (done.stdout + done.stderr).decode()))
    return done.stdout.decode()


def told_by_program(raw, party="GB"):
    """The digest and the verdicts by entry, in the form of the second reader's report."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "all.wx").write_bytes(raw)
        run(folder, "init", "--party", party)
        run(folder, "tally", "join", folder + "/all.wx", "--yes")
        entries = [json.loads(line) for line in run(folder, "--json", "log", "--count", "0").splitlines()]
        found = json.loads(run(folder, "--json", "digest").splitlines()[0])["digest"]
        account = json.loads(run(folder, "--json", "support", "account"))
    us, them = ("GB", "JP") if party == "GB" else ("JP", "GB")
    return {
        "digest": found, "verdicts": {entry["id"]: [VERDICTS.index(entry["verdict"]), entry["rule"]] for entry in entries},
        "balances": balances_of(account, us, them), "in_kind": in_kind_of(account["in_kind"], us, them),
        "without_price": in_kind_of(account["price_open"], us, them),
    }


def in_order(items):
    """Sums as they are; lines in some order, by the numbers that the program's rows have, which lack the ending of a number that occurs
    twice (docs/format.md, 9)."""
    if isinstance(items, dict):
        return items
    return sorted(({**item, "number": item["number"].partition("~")[0]} for item in items), key=json.dumps)


def differences(tally, found, wanted):
    """Lines that say where the report of a tally differs from what the program says."""
    told = []
    for name in sorted(set(found["verdicts"]) | set(wanted["verdicts"])):
        pair = found["verdicts"].get(name), wanted["verdicts"].get(name)
        if pair[0] != pair[1]:
            entry = tally.entries.get(bytes.fromhex(name))
            told.append("%s %s: %s, the program says %s" % (name[:12], entry.kind if entry else "", *pair))
    for name in ("balances", "in_kind", "without_price"):
        if in_order(found[name]) != in_order(wanted[name]):
            told.append("%s %s, the program says %s" % (name, found[name], wanted[name]))
    if found["digest"] != wanted["digest"]:
        told.append("digest %s, the program says %s" % (found["digest"], wanted["digest"]))
    return told
