#!/usr/bin/env python3
"""Five fiscal years of a tally between GB and JP as moves to be signed, and what an audit must find in them.

usage: generate.py --seed N --orders N FOLDER      writes agreement.json, moves.NN, meetings, expected.HOME.DAY there
"""
import argparse
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import cast
import days
import notices
from judge import judge
from world import EARLIER_DAY, LAST_DAY, ORDERS, World


MET = days.ms_of("2022-06-01")
ROUND = 3500  # entries between two meetings of the halves


def write_moves(world, folder):
    """moves.01, ...: what is signed until the halves meet; each beside the time at which they do, in meetings."""
    years = range(cast.FIRST_YEAR, days.fiscal_year(LAST_DAY) + 2)
    lines = cast.grants(0, years) + cast.grants(1, years)
    if world.revoked:
        lines.append(cast.revocation(*(world.revoked[name] for name in ("party", "desk", "last_good", "at"))))
    lines = sorted([(line["at"], 0, place, line) for place, line in enumerate(lines)] +
                   [(line["at"], 2, place, line) for place, line in enumerate(notices.lines(world))] +
                   [(entry.at, 1, place, entry.line(0)) for place, entry in enumerate(world.entries)], key=lambda line: line[:3])
    rounds = max(1, round(len(world.entries) / ROUND))
    met = [MET] + [world.entries[len(world.entries) * at // rounds].at - 1 for at in range(rounds - 1, 0, -1)]
    meetings = []
    while lines:
        until = met.pop()
        text = "".join(json.dumps(line[3], ensure_ascii=False) + "\n" for line in lines if line[0] <= until)
        lines = [line for line in lines if line[0] > until]
        meetings.append(days.time_text(until))
        (folder / ("moves.%02d" % len(meetings))).write_text(text, encoding="utf-8")
    (folder / "meetings").write_text("".join(meeting + "\n" for meeting in meetings), encoding="utf-8")


def write_expected(world, folder):
    """For each day of audit and each half: some rules look at what is one's own."""
    for day in (LAST_DAY, EARLIER_DAY):
        for party, code in enumerate(cast.PARTIES):
            found = [[rule, number, days.day_text(first), until and days.day_text(until)]
                     for rule, number, first, until in judge(world, day, party)]
            text = "".join(json.dumps(finding) + "\n" for finding in found)
            (folder / ("expected.%s.%s" % (code.lower(), days.day_text(day)))).write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    world = World(given.seed, given.orders)
    (given.folder / "agreement.json").write_text(json.dumps(world.profile, ensure_ascii=False, indent=2), encoding="utf-8")
    national = {code: json.dumps({"id": code + "-national", "parties": [{"code": code}]}) for code in cast.PARTIES}
    for code, text in national.items():
        (given.folder / ("national.%s.json" % code.lower())).write_text(text, encoding="utf-8")
    write_moves(world, given.folder)
    write_expected(world, given.folder)
    orders = world.transactions()
    lost = [order for order in orders if order.sort == "lost"]
    print("%d transactions worth JPY %s; %d unsettled for over a year worth JPY %s; %d other requests and nettings; %d entries" % (
        len(orders), format(sum(map(world.worth, orders)), ","), len(lost), format(sum(map(world.worth, lost)), ","),
        len(world.orders) - len(orders), len(world.entries)))


main()
