"""All orders of the rehearsal: what is planted, when, and what it is worth; then the numbers that the tally gives them."""
import math
import random

import agreement
import cast
import days
import flow
import goods
import notices
import plants
import plots

ORDERS = 3737
VALUE_YEN = 18650000000
LOST_YEN = 135070000
OMI_YEN = 26000000
LEAST_YEN = 60000
OFFSETS = {0: [0, 60, 480, 0], 1: [540, 540, 540, 480, 180]}
BEGIN = days.ms_of("2017-04-01")
LAST_DAY = days.day_of("2022-03-31")
END = (LAST_DAY + 1) * days.DAY
EARLIER_DAY = days.day_of("2019-09-30")  # audited as of then, too
LONG_AGO = END - 430 * days.DAY  # what began before it and stays unsettled is so for over a year
GOES_ON = END + 60 * days.DAY   # what would happen later is left out


def shared_out(yen, weights):
    """A sum by weight, none of it below the least."""
    found, left = {}, dict(weights)
    while left:
        whole, rest = sum(left.values()), yen - sum(found.values())
        small = [at for at, weight in left.items() if rest * weight / whole < LEAST_YEN]
        if not small:
            return {**found, **{at: round(rest * weight / whole) for at, weight in left.items()}}
        for at in small:
            found[at] = LEAST_YEN
            del left[at]
    return found


class World:
    def __init__(self, seed, orders):
        """orders: transactions in all; where they are few, each failure is planted once all the same."""
        self.random = random.Random(seed)
        self.profile = agreement.read()
        self.profile["in_force_on"] = "2017-04-01"
        self.share = orders / ORDERS
        self.orders, self.count, self.goes_on = [], orders, GOES_ON
        self.build()
        self.entries = sorted((entry for order in self.orders for entry in order.entries if entry.at < GOES_ON),
                              key=lambda entry: (entry.at, entry.order.index, entry.place))
        self.revoked = None
        self.revoke()
        self.number()
        self.limit()
        notices.make(self)

    def of(self, planted):
        """How many of so many among 3,737: at least one."""
        return max(1, round(planted * self.share))

    # --- what there is --------------------------------------------------------------------------------------------------

    def plan(self):
        """(name, what to run, kind) of every order."""
        found = []
        for name, count, run in plants.LOST:
            found += [(name, run, "lost")] * self.of(count)
        for name, count, run in plants.FAULTS:
            found += [(name, run, "long" if name in plants.LONG_AGO else "fault")] * self.of(count)
        found += [("one invoice for two", plots.cash, "pair")] * (2 * self.of(3))
        for _ in range(self.of(40)):
            found += [("a service for a service", plots.like_first, "twin"), ("a service for a service", plots.like_second, "twin")]
            found += [("debts set off", plots.debt_first, "twin"), ("debts set off", plots.debt_second, "twin")]
        left = self.count - len(found)
        assert left > 0, "%d orders are too few to plant every failure: %d" % (self.count, len(found))
        courses = [plots.cash] * 12 + [plots.back] * 5 + [plots.like] * 3
        found += [("ordinary", self.random.choice(courses), "ordinary") for _ in range(left)]
        for name, count, run in plants.VOID_REQUESTS:
            found += [(name, run, "void")] * self.of(count)
        found += [("came to nothing", plots.came_to_nothing, "nothing")] * self.of(75)
        return found

    def values(self, plan):
        """What each order is to be worth: those of a kind that says so in their bounds, the others by weight."""
        weights = [math.exp(self.random.gauss(0, 1.2)) for _ in plan]
        fixed = {at: self.random.randrange(*run.values) for at, (_, run, _) in enumerate(plan) if getattr(run, "values", None)}
        lost = [at for at, (_, _, kind) in enumerate(plan) if kind == "lost"]
        others = [at for at, (_, _, kind) in enumerate(plan) if kind in ("fault", "long", "pair", "twin", "ordinary") and at not in fixed]
        seconds = {at for at in others if plan[at][1] is plots.like_second}  # worth what the first of the two is
        lost_yen = LOST_YEN - OMI_YEN if self.share == 1 else 1000000 * len(lost)
        told = sum(value for at, value in fixed.items() if plan[at][2] in ("fault", "long"))
        rest = max(round((VALUE_YEN - LOST_YEN) * self.share) - told, 100000 * len(others))
        found = dict(fixed)
        found.update(shared_out(lost_yen, {at: weights[at] for at in lost[1:]}))
        found.update(shared_out(rest, {at: weights[at] * (1 + (at + 1 in seconds)) for at in others if at not in seconds}))
        found.update({at - 1: found[at - 1] // 2 for at in seconds})
        found.update({at: found[at - 1] for at in seconds})
        found.update({at: self.random.randrange(60000, 5000000) for at in range(len(plan)) if at not in found})
        return found

    def begin_of(self, kind):
        ends = {"lost": LONG_AGO, "long": END - 720 * days.DAY, "pair": END - 200 * days.DAY, "twin": END - 500 * days.DAY}
        last = ends.get(kind, END - 3 * days.DAY)
        at = BEGIN + self.random.randrange(last - BEGIN)
        # Rivals of which none is taken up yet, and what is dated back, are not to lie across a day of audit.
        while kind == "long" and -1 < EARLIER_DAY - at // days.DAY < 40:
            at = BEGIN + self.random.randrange(last - BEGIN)
        return at

    def build(self):
        plan = self.plan()
        values, waiting = self.values(plan), None
        for index, (name, run, kind) in enumerate(plan):
            receiver = 0 if kind == "lost" else self.random.randrange(2)
            offset = self.random.choice(OFFSETS[1 - receiver])
            at = days.ms_of("2018-02-13") if index == 0 else self.begin_of(kind)
            order = flow.Order(self, "o%d" % len(self.orders), receiver, at, offset, values[index])
            order.index, order.name, order.sort = len(self.orders), name, kind
            if index == 0:
                order.lines = [omi()]
            if kind == "pair":
                self.pair(order)
            order.plain = order.plain and kind != "twin"
            if kind == "twin":
                order.before, waiting = waiting, None if waiting else order
            self.orders.append(order)
            run(order)
        for order in self.orders:
            for place, entry in enumerate(order.entries):
                entry.place = place
        self.checks()

    def new_netting(self, order, at):
        """A thread of its own; its sides are those of the larger debt's order."""
        netting = flow.Order(self, "n%d" % len(self.orders), order.receiver, at, 0, 0)
        netting.index, netting.name, netting.sort, netting.currency = len(self.orders), "netting", "netting", "JPY"
        netting.part.letter = "N"
        self.orders.append(netting)
        return netting

    def pair(self, order):
        """An exercise and an operation of one supplier, whose claims bear one invoice number."""
        before = self.orders[-1]
        order.activity, order.invoice = "1a", "JOINT-%d" % order.index
        if before.sort == "pair" and before.activity == "1a":
            order.activity, order.invoice = "1b", before.invoice
            order.receiver, order.supplier, order.currency = before.receiver, before.supplier, before.currency

    def revoke(self):
        """A desk whose key was stolen, they say, before its last entries; the partner has relied on these all the same, so they stand.

        One is taken whose last entries the partner has named, but for closings, on which nothing stands."""
        logs, seqs, named = {}, {}, {}
        for entry in self.entries:
            log = logs.setdefault((entry.party, entry.desk), [])
            log.append(entry)
            seqs[entry] = len(log)
            for other in entry.answers + entry.refs + ([] if entry.opens_thread else [entry.order.entries[0]]) + \
                    ([entry.part.opener] if entry.part.opener and not entry.opens else []):
                if other.party not in (None, entry.party):
                    key = (other.party, other.desk)
                    named[key] = max(named.get(key, 0), seqs[other])
        for key, log in sorted(logs.items()):
            last = named.get(key, 0)
            tail = log[last:]
            if last > 3 and log[-1].at < END - 300 * days.DAY and all(
                    entry.kind == "closed" and entry is entry.order.entries[-1] for entry in tail):
                self.revoked = {"party": key[0], "desk": key[1], "last_good": last - 2, "at": END - 250 * days.DAY + 9 * days.HOUR,
                                "entries": log[last - 2:]}
                for entry in tail:
                    entry.verdict, entry.rule = "void", "K2"
                    entry.part.line.pop()
                return

    def limit(self):
        """A ceiling of the agreement that the last orders of one year pass."""
        year = 2019
        found = []
        for order in self.orders:
            accepted = [(entry.stated, data["agreed"]["lines"]) for entry, _, data in order.part.line if entry.kind == "accepted"]
            if accepted and order.supplier == 1:
                stated, lines = accepted[-1]
                if days.fiscal_year(days.local_day(stated, order.offset)) == year:
                    found.append((stated, goods.total(lines, "JPY")))
        found.sort()
        keep = max(1, len(found) - 4)
        self.profile["ceilings"]["value"] = [
            {"currency": "JPY", "fiscal_year": year, "direction": "JP", "minor": sum(minor for _, minor in found[:keep])},
            {"currency": "GBP", "fiscal_year": "2018", "direction": "GB", "minor": 10 ** 15}]

    def checks(self):
        """Entries of an order go forward in time, so that nothing precedes what it answers."""
        for order in self.orders:
            times = [entry.at for entry in order.entries]
            assert times == sorted(times) and len(set(times)) == len(times), order.name

    # --- numbers --------------------------------------------------------------------------------------------------------

    def number(self):
        """PARTY-DD-NNNN of threads, and of parts the letter, the desk, and its count in the thread."""
        threads = {}
        for entry in self.entries:
            desk = (entry.party, entry.desk)
            if entry.opens_thread:
                threads[desk] = threads.get(desk, 0) + 1
                entry.order.number = "%s-%02d-%04d" % (cast.PARTIES[entry.party], entry.desk, threads[desk])
                entry.order.part.number = entry.order.number
        for order in self.orders:
            parts = {}
            for entry in order.entries:
                if entry.opens and not entry.opens_thread and entry.at < GOES_ON:
                    key = (entry.part.letter, entry.desk)
                    parts[key] = parts.get(key, 0) + 1
                    entry.part.number = "%s/%s%02d.%d" % (order.number, entry.part.letter, entry.desk, parts[key])

    # --- sums -----------------------------------------------------------------------------------------------------------

    def transactions(self):
        return [order for order in self.orders if order.sort not in ("void", "nothing", "netting")]

    def worth(self, order):
        return sum(goods.yen(goods.amount(line["quantity"], line), order.currency) for line in order.lines)


def omi():
    """325 kilolitres at 80 yen: one refuelling at sea."""
    return {"line": 1, "category": "fuel", "kind": "supply", "description_en": "Marine diesel", "description_ja": "軽油",
            "quantity": "325000", "unit": "LTR", "unit_price_minor": 80, "price_basis": "own_forces", "currency": "JPY",
            "settlement": "cash", "fuel_code": "F-76"}
