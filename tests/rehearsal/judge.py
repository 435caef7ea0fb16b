"""What an audit must find, by docs/audit-rules.md: the orders as they are at the end of a day, seen from one half.

A finding is (rule, number, first day, last day or None). Rules about entries are in judge_entries.py, clocks in judge_clocks.py."""
from fractions import Fraction

import cast
import days
import flow
import goods


class Seen:
    """A part at the end of the day: its line of moves, cut off there."""

    def __init__(self, part, end):
        self.part, self.order, self.number = part, part.order, getattr(part, "number", part.order.number)
        self.line = [move for move in part.line if move[0].stated < end]
        self.times = []
        for entry, _, _ in self.line:
            self.times.append(max(entry.stated, self.times[-1]) if self.times else entry.stated)

    @property
    def head(self):
        return self.line[-1][0]

    @property
    def state(self):
        return self.line[-1][1]

    @property
    def data(self):
        return self.line[-1][2]

    def derive(self, state, at):
        """A state that another part has brought about: from that time on, as if a move of its own had."""
        self.line = self.line + [(self.head, state, self.data)]
        self.times = self.times + [max(at, self.times[-1])]

    @property
    def offset(self):
        data = self.data
        if self.part.letter != "O":
            return data["offset"]
        return (data["offset"] if data["agreed"] else data["table_offset"]) or 0

    def day(self, ms):
        return days.local_day(ms, self.offset)

    def stretches(self, states):
        """(begin, end or None, index of its first move) of each time that it spent in these states without a break."""
        found, begun = [], None
        for index, (_, state, _) in enumerate(self.line):
            if state in states and begun is None:
                begun = index
            elif state not in states and begun is not None:
                found.append((self.times[begun], self.times[index], begun))
                begun = None
        if begun is not None:
            found.append((self.times[begun], None, begun))
        return found

    def began(self, state):
        """Since when it is in the state that it has now."""
        return self.stretches((state,))[-1][0]


class SeenOrder:
    def __init__(self, order, end):
        self.order, self.number = order, order.number
        self.entries = [entry for entry in order.entries if entry.stated < end and entry.at < order.world.goes_on]
        self.part = self.of(order.part, end) if order.part.letter == "O" else None
        self.netting = self.of(order.part, end) if order.part.letter == "N" else None
        self.issues = [seen for seen in (self.of(part, end) for part in order.issues) if seen]
        self.claims = [seen for seen in (self.of(part, end) for part in order.claims) if seen]
        for issue in self.issues:
            self.acknowledge(issue)
        adjustments = [seen for seen in (self.of(line[0], end) for line in order.adjustments) if seen]
        self.others = adjustments + ([self.netting] if self.netting else [])
        self.by_part = {seen.part: seen for seen in [self.part] + self.others + self.issues + self.claims if seen}

    def acknowledge(self, issue):
        """Issued, never receipted, and yet in a claim that R has approved."""
        times = [time for claim in self.claims for time, (_, _, data) in zip(claim.times, claim.line)
                 if data["due"] is not None and any(line[0] is issue.part for line in claim.data["lines"])]
        if issue.state == "issued" and times:
            issue.derive("acknowledged", min(times))

    @staticmethod
    def of(part, end):
        seen = Seen(part, end)
        return seen if seen.line else None

    def seen_part(self, entry):
        """The part of an entry, or None where it has none: it opened one and is void."""
        return None if entry.opens and entry.verdict == "void" else self.by_part.get(entry.part)

    def stated_day(self, entry):
        seen = self.seen_part(entry)
        return days.local_day(entry.stated, seen.offset if seen else 0)

    def number_of(self, entry):
        seen = self.seen_part(entry)
        return seen.number if seen else self.number


class Audit:
    """As of the end of a day, by the half of one party (0: GB, 1: JP)."""

    def __init__(self, world, last_day, party):
        self.world, self.profile, self.party = world, world.profile, party
        self.last_day, self.end = last_day, (last_day + 1) * days.DAY
        self.orders = [SeenOrder(order, self.end) for order in world.orders if order.entries[0].stated < self.end]
        self.found = []

    def add(self, rule, number, first, until=None):
        self.found.append((rule, number, first, until))

    def add_late(self, rule, number, first, until=None):
        """A finding of time: given when its first day has come. (That of an entry can be the day after, in an offset.)"""
        if first <= self.last_day:
            self.add(rule, number, first, until)

    def add_entry(self, rule, order, entry, number=None):
        self.add(rule, number or order.number_of(entry), order.stated_day(entry))


# --- orders: rules that look at more than one entry -----------------------------------------------------------------------------------

def separation(audit, order):
    """I8: two roles in one hand."""
    first = []
    accepted = [entry for entry, _, _ in order.part.line if entry.kind == "accepted"] if order.part else []
    hands = [("orderer", entry.officer, entry) for entry in accepted[-1:]]
    for issue in order.issues:
        hands += [("receiver", issue.data["receiver"], entry) for entry, _, _ in issue.line
                  if entry.kind in flow.RECEIVER_KINDS or entry.kind in ("restated", "ratified")][-1:]
    for claim in order.claims:
        hands += [("payer", entry.officer, entry) for entry, _, _ in claim.line if entry.kind in ("approved", "remitted")]
    for role, officer, entry in hands:
        others = [other for name, who, other in hands if name != role and who == officer]
        first += [order.stated_day(max((entry, other), key=lambda one: one.stated)) for other in others]
    if first:
        audit.add("I8", order.number, min(first))


def above_agreed(audit, order):
    """I20: more issued than agreed."""
    for entry in order.entries:
        if entry.rule == "S40":
            audit.add_entry("I20", order, entry)
    if not order.part or not order.part.data["agreed"]:
        return
    percents = audit.profile["issue_tolerance_percent"]["value"]
    for line in order.part.data["agreed"]["lines"]:
        percent = Fraction(percents.get(line["category"], percents["other"]))
        most = Fraction(goods.rounded(Fraction(line["quantity"]) * (100 + percent) * 10 ** 4), 10 ** 6)
        brought = 0
        for issue in sorted(order.issues, key=lambda seen: seen.line[0][0].stated):
            if issue.state in ("annulled", "withdrawn", "taken", "denied"):
                continue
            data = issue.data
            quantities = data["chargeable"] or data["issued"]
            brought += quantities.get(line["line"], 0)
            if brought > most:
                audit.add("I20", order.number, order.stated_day(issue.line[0][0]))
                return


def before_agreement(audit, order):
    """I19: delivered before R had accepted."""
    accepted = [entry.stated for entry, _, _ in order.part.line if entry.kind == "accepted"] if order.part else []
    oral = "oral_at" in order.order.entries[0].fields
    for issue in order.issues:
        opener, _, data = issue.line[0]
        if not oral and accepted and data["delivered_at"] < accepted[0]:
            audit.add("I19", issue.number, order.stated_day(opener))
    for entry in order.entries:
        if entry.rule == "S31":
            audit.add_entry("I19", order, entry)


def unacknowledged(audit, order):
    """I37"""
    for claim in order.claims:
        opener = claim.line[0][0]
        if opener.kind == "claimed_unacknowledged":
            answered = [entry for issue in order.issues if any(line[0] is issue.part for line in claim.data["lines"])
                        for entry, _, _ in issue.line if entry.party == order.order.receiver]
            until = order.stated_day(min(answered, key=lambda entry: entry.stated)) if answered else None
            audit.add("I37", claim.number, order.stated_day(opener), until)


FINAL = {"acknowledged", "declined", "withdrawn", "rejected", "unfilled", "closed", "receipted", "annulled", "settled", "waived", "netted", "refused", "adjusted"}


def without_signer(audit, order):
    """I40: something is open, and the desk that last spoke for us speaks no more."""
    seen = [part for part in [order.part] + order.others + order.issues + order.claims if part]
    own = [entry for entry in order.entries if entry.party == audit.party and entry.verdict != "void"]
    if own and any(part.state not in FINAL for part in seen):
        desk = max(own, key=lambda entry: entry.stated).desk
        until = cast.until_of(desk)
        revoked = audit.world.revoked
        if revoked and (revoked["party"], revoked["desk"]) == (audit.party, desk):
            until = min(until, revoked["at"])
        if until < audit.end:
            audit.add("I40", order.number, seen[0].day(until))


def missing(audit):
    """I32, I34: what is named and not here, and whose entries wait for it."""
    waiting = [(entry.stated, entry, order) for order in audit.orders for entry in order.entries if entry.verdict == "waiting"]
    for _, entry, order in waiting:
        audit.add("I32", order.number, entry.stated // days.DAY)
    for party, code in enumerate(cast.PARTIES):
        times = [stated for stated, entry, _ in waiting if entry.party == party]
        if times:
            audit.add("I34", code, min(times) // days.DAY)


def bound_by(order):
    """The entry that binds R, the lines that it then owes, and the part that they stand in; None: nothing does."""
    if order.part:
        accepted = [entry for entry, _, _ in order.part.line if entry.kind == "accepted"]
        return (accepted[-1], order.part.data["agreed"]["lines"], order.part) if accepted else None
    for issue in order.issues:
        for entry, _, data in issue.line:
            if entry.kind == "ratified":
                return entry, list(data["terms"].values()), issue
    return None


def above_ceilings(audit):
    """I14: orders of a fiscal year, by the last acceptance, until together they pass the ceiling."""
    found = []
    for order in audit.orders:
        binding = bound_by(order)
        if binding:
            found.append((binding[0].stated,) + binding + (order,))
    for ceiling in audit.profile["ceilings"]["value"]:
        together = 0
        for _, entry, lines, seen, order in sorted(found, key=lambda one: one[0]):
            year = days.fiscal_year(seen.day(entry.stated))
            if cast.PARTIES[order.order.supplier] == ceiling["direction"] and year == int(ceiling["fiscal_year"]):
                minor = goods.total(lines, ceiling["currency"])
                together += minor
                if minor > 0 and together > ceiling["minor"]:
                    audit.add("I14", order.number, order.stated_day(entry))


def mixed_invoices(audit):
    """I15: the later of two claims that share an invoice, one of an exercise and one not."""
    by_invoice = {}
    for order in audit.orders:
        for claim in order.claims:
            opener = claim.line[0][0]
            by_invoice.setdefault((opener.party, opener.fields["invoice"]), []).append((opener.stated, claim, order))
    for claims in by_invoice.values():
        if len({order.order.activity == "1a" for _, _, order in claims}) == 2:
            _, claim, order = max(claims, key=lambda one: one[0])
            audit.add("I15", claim.number, order.stated_day(claim.line[0][0]))


def after_revocation(audit):
    """I9: what a key signed after its last good entry."""
    orders = {order.order: order for order in audit.orders}
    for entry in audit.world.revoked["entries"] if audit.world.revoked else []:
        if entry.stated < audit.end:
            audit.add("I9", orders[entry.order].number, entry.stated // days.DAY)


def judge(world, last_day, party):
    """All findings, sorted."""
    import judge_clocks
    import judge_entries
    audit = Audit(world, last_day, party)
    for order in audit.orders:
        judge_entries.judge(audit, order)
        if order.by_part:
            for rule in (separation, above_agreed, before_agreement, unacknowledged, without_signer):
                rule(audit, order)
            judge_clocks.judge(audit, order)
    judge_entries.judge_logs(audit)
    above_ceilings(audit)
    mixed_invoices(audit)
    after_revocation(audit)
    missing(audit)
    return sorted(audit.found, key=lambda found: (found[0], found[1], found[2], found[3] or 0))
