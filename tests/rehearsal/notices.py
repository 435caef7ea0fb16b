"""Notices of claim (I39): each party's own tally tells its revenue office of what it is owed, in time or not."""
import agreement
import cast
import days
import goods

WORKING_DAYS = "notice_of_claim_working_days"
CLAIMS_DESK, REVENUE_DESK = 1, 2
NOT_TOLD = ("annulled", "withdrawn", "joined", "taken", "denied", "unordered", "repudiated")


class Notice:
    """sent, taken_up: times, or None; amount: as it was last stated."""

    def __init__(self, issue, sent, taken_up, minor):
        self.issue, self.sent, self.taken_up, self.minor = issue, sent, taken_up, minor
        self.label = "n." + issue.label

    def ledger_on(self):
        return None if self.taken_up is None else days.local_day(self.taken_up, self.issue.order.offset)


def working_days_after(world, party, ms, offset):
    """The last day of the clock that runs from then."""
    holidays = agreement.holidays_of(world.profile, cast.PARTIES[party])
    return days.add_working_days(days.local_day(ms, offset), agreement.clock(world.profile, WORKING_DAYS), holidays)


def plan(world, order, issue):
    """What is told of one issue: mostly in time and right; never, where the order is lost, and now and then elsewhere."""
    random = world.random
    roll = random.random()
    if (order.sort == "lost" and roll < 0.6) or roll < 0.01:
        return None
    delivered, issued = issue.data["delivered_at"], issue.opener.at
    sent = issued + random.randrange(1, 40) * days.HOUR
    if roll < 0.05:
        sent = issued + random.randrange(12, 90) * days.DAY
    taken_up = sent + random.randrange(2, 60) * days.HOUR
    if 0.05 < roll < 0.07:
        taken_up = sent + random.randrange(12, 90) * days.DAY
    elif roll < 0.08:
        taken_up = None
    lines = [line for claim in order.claims for line in claim.data["lines"] if line[0] is issue]
    minor = sum(line[3] - line[4] for line in lines)
    if not lines:
        minor = sum(goods.amount(quantity, issue.data["terms"][number]) for number, quantity in issue.data["issued"].items())
    if 0.08 < roll < 0.09:
        minor += 1000
    return Notice(issue, max(sent, delivered), taken_up, max(1, minor))


def make(world):
    """Notices of every issue on cash terms, that world.notices has by issue."""
    world.notices = {}
    for order in world.orders:
        for issue in order.issues:
            if issue.data["method"] == "cash" and issue.opener.at < world.goes_on and issue.state not in NOT_TOLD:
                notice = plan(world, order, issue)
                if notice and notice.sent < world.goes_on:
                    if notice.taken_up and notice.taken_up >= world.goes_on:
                        notice.taken_up = None
                    world.notices[issue] = notice


def sent_fields(notice):
    issue, order = notice.issue, notice.issue.order
    delivered = days.local_day(issue.data["delivered_at"], order.offset)
    return {"shared": "@tally", "thread": "@" + order.label, "part": "@" + issue.label, "issue_number": issue.number,
            "order_number": order.number, "agreement": "Rehearsal of the Japan-UK agreement", "debtor": cast.PARTIES[order.receiver],
            "address": "Embassy", "amount_minor": notice.minor, "currency": order.currency,
            "delivered_on": days.day_text(delivered), "due_on": days.day_text(delivered + 60)}


def lines(world):
    """For the signer: the desks of both national tallies, and what they sign."""
    found = []
    for party in range(2):
        for number, role in ((CLAIMS_DESK, "claims"), (REVENUE_DESK, "revenue")):
            grant = {"number": number, "officer": "%s.national.%d" % (cast.PARTIES[party].lower(), number), "post": "Office",
                     "roles": [role], "until": "2026-12-31T00:00:00Z"}
            found.append({"home": party, "tally": 1, "at": days.ms_of("2017-03-01"), "grant": grant})
    for notice in world.notices.values():
        own = {"home": notice.issue.order.supplier, "tally": 1}
        found.append(dict(own, at=notice.sent, desk=CLAIMS_DESK, kind="national.notice_sent", fields=sent_fields(notice),
                          **{"as": notice.label}))
        if notice.taken_up:
            fields = {"ledger": "L-" + notice.issue.label, "ledger_on": days.day_text(notice.ledger_on())}
            found.append(dict(own, at=notice.taken_up, desk=REVENUE_DESK, kind="national.notice_taken_up", thread=notice.label,
                              part=notice.label, answers=[notice.label], fields=fields, **{"as": notice.label + ".t"}))
    return found


def judge(audit, order, issue, claims):
    """I39, of one issue that we supplied; claims: in which its lines stand."""
    if issue.data["method"] != "cash" or issue.state in NOT_TOLD or order.order.supplier != audit.party:
        return
    world, offset = audit.world, issue.offset
    notice = world.notices.get(issue.part)
    last = working_days_after(world, audit.party, issue.data["delivered_at"], offset)
    if notice is None or notice.sent >= audit.end:
        audit.add_late("I39", issue.number, last + 1)
        return
    if notice.sent >= days.day_begins(last + 1, offset):
        audit.add_late("I39", issue.number, last + 1, issue.day(notice.sent))
    last = working_days_after(world, audit.party, notice.sent, offset)
    ledger_on = notice.ledger_on() if notice.taken_up and notice.ledger_on() <= audit.last_day else None
    if ledger_on is None or ledger_on > last:
        audit.add_late("I39", issue.number, last + 1, ledger_on)
    lines = [(claim, line) for claim in claims for line in claim.data["lines"] if line[0] is issue.part]
    if lines and sum(line[3] - line[4] for _, line in lines) != notice.minor:
        audit.add("I39", issue.number, max(claim.day(claim.line[0][0].stated) for claim, _ in lines))
