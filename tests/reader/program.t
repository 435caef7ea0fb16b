#!/usr/bin/env python3
"""The other way round: every world that the second reader's own tests make, and some made at random, are folded by the program, which
must give every entry the same verdict and find the same digest. `program.t SEED COUNT` tries further seeds."""
import sys
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
from maker import Maker
from program import differences, told_by_program
from reader import report
from tests_keys import folded
from worlds import world

STEPS = 60
MODULES = (tests_keys, tests_rivals, tests_support, tests_settle, tests_rest, tests_national)


def worlds_of(test):
    """The tallies that a test makes."""
    made = []
    begin = Maker.__init__

    def remember(self, *words, **more):
        begin(self, *words, **more)
        made.append(self)

    Maker.__init__ = remember
    try:
        test()
    finally:
        Maker.__init__ = begin
    return made


def compare(made):
    tally = folded(made)
    return differences(tally, report(tally), told_by_program(made.export()))


class Plan:
    """TAP, one line for each thing that was compared."""

    def __init__(self):
        self.count = self.failed = 0

    def tell(self, title, told):
        self.count += 1
        self.failed += bool(told)
        print("%s %d - %s" % ("not ok" if told else "ok", self.count, title))
        for line in told[:20]:
            print("# " + line)


def main(first=1, count=5):
    plan = Plan()
    for module in MODULES:
        for test in module.TESTS:
            told = [line for made in worlds_of(test) for line in compare(made)]
            plan.tell("the program agrees on what is made for: %s" % test.__name__[5:].replace("_", " "), told)
    for seed in range(first, first + count):
        plan.tell("the program agrees on the random tally %d" % seed, compare(world(seed, STEPS)))
    print("1..%d" % plan.count)
    return 1 if plan.failed else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
