"""Clocks (section 2 of docs/audit-rules.md) and the findings of time that hang on them."""
import agreement
import days
import notices

NOT_PAID = {"claimed", "queried", "upheld", "escalated", "figured", "payable"}
PAID_FOR = {"settled", "netted", "waived"}
ENDED = {"settled", "annulled", "withdrawn", "waived"}
DUE = ("return due", "exchange due")


def after_days(seen, ms, count):
    """The beginning of the day after the last of so many days."""
    return days.day_begins(seen.day(ms) + count + 1, seen.offset)


def after_months(seen, ms, months, more_days=0):
    return days.day_begins(days.add_months(seen.day(ms), months) + more_days + 1, seen.offset)


def too_late(audit, rule, seen, overdue, begin, end):
    """One stretch: from when it is overdue and concerns the part, to when that ended."""
    begin = max(begin, overdue)
    if end is None or end > begin:
        audit.add_late(rule, seen.number, seen.day(begin), None if end is None else seen.day(end))


def answer(audit, order):
    """I43"""
    part = order.part
    hours = part.line[0][2]["urgency"] == "relief"
    for begin, end, _ in part.stretches(("requested",)):
        if hours:
            overdue = begin + agreement.clock(audit.profile, "answer_request_hours_relief") * days.HOUR
        else:
            overdue = after_days(part, begin, agreement.clock(audit.profile, "answer_request_days_routine"))
        too_late(audit, "I43", part, overdue, begin, end)


def ratified(audit, issue):
    """I43, of what nobody had ordered."""
    overdue = issue.line[0][0].stated + agreement.clock(audit.profile, "ratify_unordered_hours") * days.HOUR
    for begin, end, _ in issue.stretches(("unordered",)):
        too_late(audit, "I43", issue, overdue, begin, end)


def receipt(audit, issue):
    """I44, I38"""
    in_hours = all(line["kind"] == "service" and line["category"] in ("food", "transport") for line in issue.data["terms"].values())
    for state, rule in (("issued", "I44"), ("taken", "I38")):
        for begin, end, at in issue.stretches((state,)):
            delivered = issue.line[at][2]["delivered_at"]
            if in_hours:
                overdue = delivered + agreement.clock(audit.profile, "receipt_hours_meals_flights") * days.HOUR
            else:
                overdue = after_days(issue, delivered, agreement.clock(audit.profile, "receipt_days"))
            too_late(audit, rule, issue, overdue, begin, end)


def open_lines(issue):
    data = issue.data
    if issue.state == "acknowledged":
        return [number for number, quantity in data["issued"].items() if quantity > 0]
    return [number for number in data["chargeable"] if data["chargeable"][number] > data["returned"][number]]


def claims_of(order, issue):
    """By line with a rest: the claim among whose present lines it stands."""
    found = {}
    for claim in order.claims:
        for line in claim.data["lines"]:
            if line[0] is issue.part and claim.state != "withdrawn":
                found[line[1]] = claim
    return {number: found.get(number) for number in open_lines(issue)}


def claimed(audit, order, issue):
    """I45"""
    if issue.state != "receipted":
        return
    begin = issue.began("receipted")
    clock_from = issue.data["cash_at"] if issue.data["cash_at"] is not None else issue.data["delivered_at"]
    overdue = after_days(issue, clock_from, agreement.clock(audit.profile, "bill_days"))
    claims = claims_of(order, issue)
    if not claims:
        return
    end = None if None in claims.values() else max(claim.times[0] for claim in claims.values())
    too_late(audit, "I45", issue, overdue, max(begin, after_days(issue, begin, 0)), end)


def paid(audit, claim):
    """I46"""
    overdue = after_days(claim, claim.line[0][0].stated, agreement.clock(audit.profile, "pay_days"))
    for begin, end, _ in claim.stretches(NOT_PAID):
        too_late(audit, "I46", claim, overdue, begin, end)


def discharged(order, issue):
    """When an issue was settled for good; None: it is not."""
    if issue.state in ENDED:
        return issue.times[-1]
    if issue.state not in ("receipted", "acknowledged"):
        return None
    claims = claims_of(order, issue).values()
    if any(claim is None or claim.state not in PAID_FOR for claim in claims):
        return None
    return max([issue.times[-1]] + [claim.times[-1] for claim in claims])


def settled(audit, order, issue):
    """I47, I50"""
    for rule, clock in (("I47", "settle_months"), ("I50", "lapse_warning_months")):
        overdue = after_months(issue, issue.data["delivered_at"], agreement.clock(audit.profile, clock))
        too_late(audit, rule, issue, overdue, issue.times[0], discharged(order, issue))


def returned(audit, order, issue):
    """I48, I49"""
    months = agreement.clock(audit.profile, "settle_months")
    convertible = after_months(issue, issue.data["delivered_at"], months, agreement.clock(audit.profile, "grace_days"))
    for begin, end, _ in issue.stretches(DUE):
        promised = [days.day_of(line["return_by"]) for number, line in issue.data["terms"].items()
                    if "return_by" in line and issue.data["chargeable"][number] > 0]
        if promised:
            overdue = days.day_begins(min(promised) + 1, issue.offset)
        else:
            overdue = after_months(issue, issue.data["delivered_at"], months)
        converted = end is not None and any(entry.kind == "converted" and time == end
                                            for (entry, _, _), time in zip(issue.line, issue.times))
        too_late(audit, "I48", issue, overdue, begin, discharged(order, issue) if converted else end)
    for begin, end, _ in issue.stretches(DUE + ("returning", "exchanging")):
        too_late(audit, "I49", issue, convertible, begin, end)


def judge(audit, order):
    if order.part:
        answer(audit, order)
    for issue in order.issues:
        ratified(audit, issue)
        receipt(audit, issue)
        claimed(audit, order, issue)
        settled(audit, order, issue)
        returned(audit, order, issue)
        notices.judge(audit, order, issue, [claim for claim in order.claims if claim.state != "withdrawn"])
    for claim in order.claims:
        paid(audit, claim)
