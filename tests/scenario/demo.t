#!/usr/bin/env python3
"""The demo plays to its end, and both halves end as data/haiyan-2013/expected.json says, order by order."""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
MOST_LINES = 120
PLAYED = ("01", "02", "05", "06", "09", "11", "12", "13", "15")
OWED = {"GB": "we_owe", "JP": "owed_to_us"} # the open orders are received by GB
count = 0


def tell(title, got, wanted):
    """One line of TAP."""
    global count
    count += 1
    good = got == wanted
    print("%s %d - %s" % ("ok" if good else "not ok", count, title), flush=True)
    if not good:
        print("#    got: %s\n# wanted: %s" % (got, wanted), flush=True)


def run_demo(folder):
    command = [str(TOP / "tests/demo/demo.sh"), str(folder)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")


def ask(folder, party, *words):
    """Objects that a command prints with --json, one to a line."""
    command = [str(folder / party.lower()), "--json", *words]
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8").stdout
    return [json.loads(line) for line in out.splitlines()]


def orders_by_no(folder, party):
    """Orders of the file: `no` is the receiver's own reference."""
    shown = [ask(folder, party, "support", "show", row["number"])[0] for row in ask(folder, party, "support", "list")]
    return {order["reference"]: order for order in shown}


def sums(rows, currency, minor):
    found = {}
    for row in rows:
        found[row[currency]] = found.get(row[currency], 0) + row[minor]
    return found


def end_of(order):
    """How an order ended, in the words of expected.json."""
    issues = {line["state"] for line in order["issues"]}
    claims = {claim["state"] for claim in order["claims"]}
    if issues == {"receipted"} and not claims:
        unclaimed = [line for line in order["issues"] if line["claim"] is None]
        return {"end": "receipted, unclaimed", "open": sums(unclaimed, "currency", "rest_minor")}
    if issues == {"receipted"} and claims == {"settled"}:
        paid = sums(order["claims"], "currency", "paid_minor")
        return {"end": "settled", "claim": paid if paid == sums(order["claims"], "currency", "total_minor") else order["claims"]}
    if issues == {"settled"} and not claims:
        return {"end": "settled"}
    return {"end": "issues %s, claims %s" % (sorted(map(str, issues)), sorted(map(str, claims)))}


def check_account(folder, party, expected):
    """What is open between the two: the sum of the open orders, on the side that owes."""
    wanted = {}
    for no in PLAYED:
        for currency, minor in expected[no].get("open", {}).items():
            wanted[currency] = wanted.get(currency, 0) + minor
    account = ask(folder, party, "support", "account")[0]
    owed = {}
    for balance in account["balances"]:
        for side in ("owed_to_us", "we_owe"):
            if balance[side]["owed_minor"] != 0:
                owed[side, balance["currency"]] = balance[side]["owed_minor"]
    tell("%s: the account is what the open orders come to" % party, owed,
         {(OWED[party], currency): minor for currency, minor in wanted.items()})
    tell("%s: nothing is left to be returned" % party, account["in_kind"], [])


def check_orders(folder, party, expected):
    orders = orders_by_no(folder, party)
    tell("%s: these orders were played, and no others" % party, sorted(orders), list(PLAYED))
    for no in PLAYED:
        wanted = {name: value for name, value in expected[no].items() if name in ("end", "open", "claim")}
        tell("%s: order %s ends: %s" % (party, no, wanted["end"]), end_of(orders[no]) if no in orders else None, wanted)
    return orders


def main():
    expected = json.loads((TOP / "data/haiyan-2013/expected.json").read_text(encoding="utf-8"))["orders"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "demo"
        folder.mkdir()
        (folder / "left").write_text("by an earlier demo")
        refused = run_demo(folder)
        tell("a folder that is not its own it leaves alone", (refused.returncode, (folder / "left").exists()), (1, True))
        (folder / ".made-by-warifu-demo").touch()
        demo = run_demo(folder)
        lines = demo.stdout.splitlines()
        tell("the demo plays to its end", demo.returncode, 0)
        if demo.returncode != 0:
            print("# " + "\n# ".join(lines[-10:]))
            print("1..%d" % count)
            return
        tell("it prints %d lines at most" % MOST_LINES, len(lines) <= MOST_LINES, True)
        digests = re.findall(r"^(GB|JP)\s+digest\s+(\S+)$", demo.stdout, re.M)
        tell("each side prints its digest", [party for party, _ in digests], ["GB", "JP"])
        tell("each has 64 hex characters", [bool(re.fullmatch("[0-9a-f]{64}", text)) for _, text in digests], [True, True])
        tell("both are equal", len({text for _, text in digests}), 1)
        orders = {}
        for party in ("GB", "JP"):
            orders[party] = check_orders(folder, party, expected)
            check_account(folder, party, expected)
        tell("order by order both sides show the same", orders["GB"] == orders["JP"], True)
        tell("its own folder it makes anew", (folder / "left").exists(), False)
    print("1..%d" % count)


main()
sys.exit(0)
