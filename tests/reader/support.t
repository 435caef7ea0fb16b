#!/usr/bin/env python3
"""The two readers of the rules agree: what the tests of the support domain say is exported, every verdict and the digest with it, and
read again by the second reader, which shares no code with the first."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
TESTS = Path(os.environ.get("BUILD", TOP / "build/test")) / "src/domain/support"
STORIES = {
    "support_test": "support-moves",
    "support_rules_test": "support-guards",
    "support_rules_claim_test": "support-guards-of-claims",
    "support_fold_test": "support-stories",
    "support_adjust_test": "support-adjustments",
    "support_later_test": "support-later",
    "support_settle_test": "support-settle",
    "support_rules_settle_test": "support-rules-settle",
}


def differences(found, wanted):
    told = [] if found["digest"] == wanted["digest"] else ["digest %s, not %s" % (found["digest"], wanted["digest"])]
    for entry, verdict in wanted["verdicts"].items():
        if found["verdicts"].get(entry) != verdict:
            told.append("entry %s: %s, not %s" % (entry, found["verdicts"].get(entry), verdict))
    return told


def compare(folder, test, name):
    environment = {**os.environ, "WARIFU_EXPORTS": folder}
    subprocess.run([TESTS / test], cwd=TOP, env=environment, stdout=subprocess.DEVNULL, check=False)
    wanted = json.loads(Path(folder, name + ".json").read_text(encoding="utf-8"))
    read = subprocess.run([sys.executable, "-B", HERE / "reader.py", "verify", Path(folder, name + ".wx")], capture_output=True, check=False)
    if read.returncode != 0:
        return [read.stderr.decode() or read.stdout.decode()]
    return differences(json.loads(read.stdout), wanted)


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for count, (test, name) in enumerate(STORIES.items(), 1):
            told = compare(folder, test, name)
            failed += bool(told)
            print("%s %d - both readers give every entry of %s the same verdict, and the same digest" % ("not ok" if told else "ok", count, name))
            for line in told[:20]:
                print("# " + line.replace("\n", "\n# "))
    print("1..%d" % len(STORIES))
    return 1 if failed else 0


sys.exit(main())
