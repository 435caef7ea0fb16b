#!/usr/bin/env python3
"""The demo plays to its end, and both halves end as data/haiyan-2013/expected.json says: order by order, sum by sum, finding by finding."""
import csv
import datetime
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
DATA = TOP / "data/haiyan-2013"
MOST_LINES = 200
PARTIES = ("GB", "JP")
ENDS = ("end", "open", "claim", "value_jpy", "against", "residue", "converted_on", "before")
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


def day_before(day):
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()


# --- orders ---------------------------------------------------------------------------------------------------------------


def orders_by_no(folder, party):
    """Orders of the file: `no` is the own reference of the party that opened it."""
    shown = [ask(folder, party, "support", "show", row["number"])[0] for row in ask(folder, party, "support", "list")]
    return {order["reference"]: order for order in shown}


def sums(rows, currency, minor):
    found = {}
    for row in rows:
        found[row[currency]] = found.get(row[currency], 0) + row[minor]
    return found


def exchange_of(order, orders, rate):
    """What was given for an order, where like service settled it: its value in yen, and the order that it was given under."""
    given = order["exchanges"]
    numbers = {item["given"].split("/")[0] for item in given}
    against = [no for no, other in orders.items() if other["number"] in numbers]
    for item in given:
        pair = {item["given_currency"]: item["given_minor"], item["currency"]: item["applied_minor"]}
        if not item["certified"] or pair["GBP"] * rate != pair["JPY"] * 100:
            return {"end": "not certified at the rate: %s" % item}
    if order["lines"][0]["currency"] == "JPY":
        value = sum(line["value_minor"] for line in order["lines"])
    else:
        value = sum(item["given_minor"] for item in given)
    return {"value_jpy": value, "against": against[0] if len(against) == 1 else against}


def end_of(order, orders, rate):
    """How an order ended, in the words of expected.json."""
    issues = {line["state"] for line in order["issues"]}
    claims = {claim["state"] for claim in order["claims"]}
    paid = sums(order["claims"], "currency", "paid_minor")
    asked = sums(order["claims"], "currency", "total_minor")
    if order["exchanges"]:
        exchange = exchange_of(order, orders, rate)
        if issues == {"settled"} and not claims:
            return {"end": "settled", **exchange}
        if issues == {"receipted"} and claims == {"settled"} and paid == asked:
            against = exchange.pop("against", "nothing")
            return {"end": "settled by exchange with %s, residue in cash" % against, **exchange, "residue": paid}
    elif issues == {"receipted"} and not claims:
        return {"end": "receipted, unclaimed", "open": sums(order["issues"], "currency", "rest_minor")}
    elif issues == {"receipted"} and claims == {"settled"} and paid == asked:
        return {"end": "settled", "claim": paid}
    elif issues == {"receipted"} and claims == {"claimed"}:
        return {"end": "claimed", "claim": sums(order["claims"], "currency", "open_minor")}
    elif issues == {"settled"} and not claims:
        return {"end": "settled"}
    return {"end": "issues %s, claims %s" % (sorted(map(str, issues)), sorted(map(str, claims)))}


def conversion_of(folder, party, order):
    """What an order was before it was converted, and when that was."""
    moves = ask(folder, party, "why", order["issues"][0]["number"])
    at = [place for place, move in enumerate(moves) if move["kind"] == "support.converted" and move["verdict"] == "valid"]
    if len(at) != 1 or at[0] == 0:
        return {}
    on = moves[at[0]]["stated"][:10]
    audit = ask(folder, party, "support", "audit", "--rule", "I49", "--as-of", day_before(on))[0]
    may = any(found["number"] == order["issues"][0]["number"] and found["until"] is None for found in audit["findings"])
    return {"before": ", ".join([moves[at[0] - 1]["state"]] + ["may be converted"] * may), "converted_on": on}


def check_orders(folder, party, expected):
    orders = orders_by_no(folder, party)
    rate = int(expected["rate"]["value"])
    tell("%s: every order of the file was played, and no other" % party, sorted(orders), sorted(expected["orders"]))
    for no, order in sorted(expected["orders"].items()):
        wanted = {name: value for name, value in order.items() if name in ENDS}
        found = end_of(orders[no], orders, rate) if no in orders else {}
        if "converted_on" in wanted and no in orders:
            found.update(conversion_of(folder, party, orders[no]))
        tell("%s: order %s ends: %s" % (party, no, wanted["end"]), found, wanted)
    return orders


def check_account(folder, party, expected, rows):
    """What is open between the two: the sums of the orders that are not settled, on the side that owes."""
    receivers = {row["no"]: row["receiver"] for row in rows}
    wanted = {}
    for no, order in expected["orders"].items():
        owed = {} if order["end"].startswith("settled") else order.get("open", order.get("claim", {}))
        for currency, minor in owed.items():
            key = ("we_owe" if receivers[no] == party else "owed_to_us", currency)
            wanted[key] = wanted.get(key, 0) + minor
    account = ask(folder, party, "support", "account")[0]
    found = {}
    for balance in account["balances"]:
        for side in ("owed_to_us", "we_owe"):
            if balance[side]["owed_minor"] != 0:
                found[side, balance["currency"]] = balance[side]["owed_minor"]
    tell("%s: the account is what the open orders come to" % party, found, wanted)
    tell("%s: nothing is left to be returned" % party, account["in_kind"], [])


# --- audit ----------------------------------------------------------------------------------------------------------------


def findings_on(folder, party, orders, day):
    """Findings of an audit as of a day, of all rules: rule, order, first day and last."""
    numbers = {order["number"]: no for no, order in orders.items()}
    audit = ask(folder, party, "support", "audit", "--as-of", day)[0]
    return sorted((found["rule"], numbers.get(found["number"].split("/")[0], found["number"]), found["first"], found["until"])
                  for found in audit["findings"])


def named_in(expected, day):
    """What an audit as of a day must find: all of it, for the stories give nothing else."""
    found = []
    for no, order in expected["orders"].items():
        for named in order.get("named", []):
            if named["first"] <= day:
                until = named.get("until")
                found.append((named["rule"], no, named["first"], until if until is not None and until <= day else None))
    return sorted(found, key=lambda finding: finding[:3])


def days_of(expected, as_of):
    """Each first day and each last one, and the days before."""
    days = set(as_of)
    for order in expected["orders"].values():
        for named in order.get("named", []):
            for day in (named["first"], named.get("until")):
                days.update((day, day_before(day)) if day is not None else ())
    return sorted(days)


def check_audit(folder, expected, orders, as_of, last):
    for day in days_of(expected, as_of + [last]):
        tell("JP: the audit as of %s finds what is named, and nothing else" % day, findings_on(folder, "JP", orders["JP"], day),
             named_in(expected, day))
    ours = [found for found in named_in(expected, last) if found[0] != "I39"]
    tell("GB: its audit finds the same, but that its own notices were all sent", findings_on(folder, "GB", orders["GB"], last), ours)


def check_table(lines, expected, as_of, last):
    """The counts that the demo prints: a row of a rule for each home, a column for each day."""
    days = as_of + [last]
    rules = sorted({named["rule"] for order in expected["orders"].values() for named in order.get("named", [])})
    for party in PARTIES:
        head = [at for at, line in enumerate(lines) if line.startswith("%s: audit, findings as of" % party)]
        printed = {}
        for line in lines[head[0] + 1:] if head else []:
            if not re.match(r"  (I[0-9]+|the other) ", line):
                break
            if line.startswith("  I"):
                printed[line.split()[0]] = [int(text) for text in line.split()[-len(days):]]
        wanted = {rule: [sum(1 for found in named_in(expected, day) if found[0] == rule) for day in days] for rule in rules
                  if (party, rule) != ("GB", "I39")}
        tell("%s: its table of findings has the days" % party, lines[head[0]].split()[-len(days):] if head else None, days)
        tell("%s: and counts what is named" % party, printed, wanted)


# --- the rest -------------------------------------------------------------------------------------------------------------


def check_beside(folder, party, expected, orders, rows):
    """The statement, and the notices of claim in the own tally: of each order that the party supplied for cash, unless none was to be sent."""
    pledges = ask(folder, party, "statement", "list")
    said = json.loads((TOP / "data/statement-2015.json").read_text(encoding="utf-8"))["pledges"]
    tell("%s: it holds the statement, confirmed" % party, [row["state"] for row in pledges], ["confirmed"] * len(said))
    unsent = {no for no, order in expected["orders"].items() if any(named["rule"] == "I39" for named in order.get("named", []))}
    numbers = {order["number"]: no for no, order in orders.items()}
    wanted = {row["no"] for row in rows if row["supplier"] == party and row["settlement"] == "cash"} - unsent
    notices = ask(folder, party, "notice", "list")
    tell("%s: its own tally holds its notices of claim" % party, sorted(numbers[notice["issue"].split("/")[0]] for notice in notices),
         sorted(wanted))
    tell("%s: all were taken up" % party, {notice["state"] for notice in notices}, {"taken up"})


def check_handover(folder, party, orders):
    """Whoever made the claims hands over what is open for him; his colleague takes it over."""
    tally = [row["id"] for row in ask(folder, party, "tally", "list") if row["mode"] == "national"]
    tell("%s: the home has a national tally" % party, len(tally), 1)
    claims = {claim["number"] for order in orders.values() for claim in order["claims"] if claim["state"] == "claimed"}
    claims = {number for number in claims if orders_receiver(orders, number) != party}
    within = ("--tally", tally[0], "--desk")
    claimant, payer = (party.lower() + end for end in (".clm.3", ".pay.4"))
    note = ask(folder, party, *within, "3", "handover", "write", "--to", payer)[0]["number"]
    held = ask(folder, party, "--tally", tally[0], "handover", "list")
    tell("%s: the claims office hands over what is open for it" % party, [(row["from"], row["to"], row["items"] > 0) for row in held],
         [(claimant, payer, True)])
    ask(folder, party, *within, "4", "handover", "accept", note)
    duty = {row["number"]: row["officer"] for row in ask(folder, party, "--tally", tally[0], "handover", "duty")}
    tell("%s: the paying office has taken it over, open claims among it" % party,
         (set(duty.values()), {number.split("/")[0] for number in claims} <= set(duty)), ({payer}, True))
    unclaimed = {row["number"].split("/")[0] for row in ask(folder, party, "support", "due", "--waiting", "us")
                 if row["roles"] == "claims" and row["to_do"] == "Claim"}
    tell("%s: and whatever waits for a claim, though that office never acted there" % party, unclaimed <= set(duty), True)


def orders_receiver(orders, number):
    return next(order["receiver"] for order in orders.values() if number.startswith(order["number"]))


def check_said(lines, said):
    tell("it prints %d lines at most" % MOST_LINES, len(lines) <= MOST_LINES, True)
    tell("the halves meet by pipe and by bundle", ["sync by pipe" in said, "bundles carried by hand" in said], [True, True])
    digests = re.findall(r"^(GB|JP)\s+digest\s+(\S+)$", said, re.M)
    tell("each side prints its digest", [party for party, _ in digests], list(PARTIES))
    tell("each has 64 hex characters", [bool(re.fullmatch("[0-9a-f]{64}", text)) for _, text in digests], [True, True])
    tell("both are equal", len({text for _, text in digests}), 1)


def main():
    expected = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
    with (DATA / "orders.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    as_of = re.findall(r"\d{4}-\d\d-\d\d", expected["about"])
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
        check_said(lines, demo.stdout)
        last = re.search(r"account on (\S+)", demo.stdout).group(1)
        orders = {}
        for party in PARTIES:
            orders[party] = check_orders(folder, party, expected)
            check_account(folder, party, expected, rows)
            check_beside(folder, party, expected, orders[party], rows)
        tell("order by order both sides show the same", orders["GB"] == orders["JP"], True)
        check_audit(folder, expected, orders, as_of, last)
        check_table(lines, expected, as_of, last)
        for party in PARTIES:
            check_handover(folder, party, orders[party])
        tell("its own folder it makes anew", (folder / "left").exists(), False)
    print("1..%d" % count)


main()
sys.exit(0)
