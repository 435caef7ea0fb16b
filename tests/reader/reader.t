#!/usr/bin/env python3
"""The second reader: its own tests, every vector, and every export that the program read before it."""
import json
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

import tests_keys
import tests_national
import tests_rest
import tests_rivals
import tests_settle
import tests_support
import tests_values
from cbor import Refused
from export import read_export
from reader import check_acknowledgements, check_vector, fold_all, report

COMPARED = ("digest", "verdicts", "claims", "balances")
count = 0
failed = 0


def tell(good, title, why=""):
    """One line of TAP."""
    global count, failed
    count += 1
    failed += not good
    print("%s %d - %s" % ("ok" if good else "not ok", count, title))
    for text in why.splitlines() if not good else ():
        print("# " + text)


def run_own():
    for module in (tests_values, tests_keys, tests_rivals, tests_support, tests_settle, tests_rest, tests_national):
        for test in module.TESTS:
            try:
                test()
                tell(True, test.__name__[5:].replace("_", " "))
            except Exception:
                tell(False, test.__name__[5:].replace("_", " "), traceback.format_exc())


def read_vector(path):
    found = json.loads(path.read_text(encoding="utf-8"))
    try:
        check_vector(found)
    except Refused as refused:
        return found, refused.reason
    return found, None


def run_vectors():
    folder = HERE.parent / "vectors"
    for name in ("good", "bad"):
        tell(any(folder.glob(name + "/*.json")), "there are %s vectors" % name)
    for path in sorted(folder.glob("good/*.json")):
        _, reason = read_vector(path)
        tell(reason is None, "good vector %s" % path.stem, "refused: %s" % reason)
    for path in sorted(folder.glob("bad/*.json")):
        found, reason = read_vector(path)
        tell(reason == found["reason"], "bad vector %s" % path.stem, "%s, not %s" % (reason, found["reason"]))


def differences(found, wanted):
    """Lines that say where a report differs from the one expected."""
    told = []
    for name in COMPARED:
        if name in wanted and found.get(name) != wanted[name]:
            if name == "verdicts":
                for entry in sorted(set(found[name]) | set(wanted[name])):
                    pair = found[name].get(entry), wanted[name].get(entry)
                    if pair[0] != pair[1]:
                        told.append("%s: %s, not %s" % (entry, *pair))
            else:
                told.append("%s: %s, not %s" % (name, json.dumps(found.get(name)), json.dumps(wanted[name])))
    return told


def run_export(path):
    beside = path.with_suffix(".json")
    wanted = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    try:
        tally = read_export(path.read_bytes())
    except Refused as refused:
        tell(refused.reason == wanted.get("reason"), "export %s is refused" % path.stem, refused.reason)
        return
    fold_all(tally)
    told = differences(report(tally), wanted)
    if "reason" in wanted:
        told.append("accepted, not refused with %s" % wanted["reason"])
    tell(not told, "export %s reads the same" % path.stem, "\n".join(told))
    wrong = [name for name, right in check_acknowledgements(tally) if not right]
    tell(not wrong, "acknowledgements in %s carry the digests computed" % path.stem, "\n".join(wrong))


def main():
    run_own()
    run_vectors()
    for path in sorted((HERE / "exports").glob("*.wx")):
        run_export(path)
    print("1..%d" % count)
    return 1 if failed else 0


sys.exit(main())
