#!/usr/bin/env python3
"""Is what an audit found what had to be found?

usage: compare.py EXPECTED FOUND       one finding a line: ["I45", "GB-03-0012/I03.1", "2017-09-01", "2017-10-02" or null]
                                       found: what `warifu --json support audit` prints

Prints the counts by rule; lists what is missing and what is unexpected, and fails then."""
import collections
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
SHOWN = 40


def expected_of(path):
    return collections.Counter(tuple(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines())


def found_of(path):
    report = json.loads(path.read_text(encoding="utf-8"))
    return collections.Counter((found["rule"], found["number"] or "", found["first"], found["until"]) for found in report["findings"])


def tell(word, findings):
    for finding in sorted(findings, key=str)[:SHOWN]:
        print("# %s: %s %s, first %s, until %s" % ((word,) + finding))
    if len(findings) > SHOWN:
        print("# %s: and %d more" % (word, len(findings) - SHOWN))


def main():
    expected, found = expected_of(Path(sys.argv[1])), found_of(Path(sys.argv[2]))
    by_rule = [collections.Counter(), collections.Counter()]
    for counts, findings in zip(by_rule, (expected, found)):
        for finding, count in findings.items():
            counts[finding[0]] += count
    rules = sorted(set(by_rule[0]) | set(by_rule[1]), key=lambda rule: int(rule[1:]))
    print("# expected %d, found %d; by rule: %s" % (sum(by_rule[0].values()), sum(by_rule[1].values()), ", ".join(
        "%s %d" % (rule, by_rule[0][rule]) if by_rule[0][rule] == by_rule[1][rule] else
        "%s %d but %d" % (rule, by_rule[0][rule], by_rule[1][rule]) for rule in rules)))
    tell("missing", list((expected - found).elements()))
    tell("unexpected", list((found - expected).elements()))
    sys.exit(expected != found)


main()
