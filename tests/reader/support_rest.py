"""Guards of the rest of an order's life (docs/support-rules.md, 4.2): word of mouth, unordered issues, meters, withdrawals,
adjustments, refund claims and silent receivers, S100 to S121."""
from dates import DAY, day_start
from entry import is_int
from past import in_past
from support_claim import adjustment_price, adjustment_refs, difference, issue_refs, other_adjustments, right_amount
from support_issue import issue_order, issue_terms, quantities_given, ratifies
from support_order import BASES, ascending, due_claims_hold, first_items, is_above, look

SILENCE_MOST = 36500
HOUR = 3600000


# --- word of mouth and the Charter ------------------------------------------------------------------------------------


def s100(move):
    if 26 not in move.own:
        return 27 not in move.own
    return 27 in move.own and move.own[26] <= move.stated


def s101(move):
    return move.answered.opens and 26 in move.answered.move_own


def s102(move):
    if move.kind == "accepted":
        binds = move.opening.kind_name == "offered_unasked" and move.here["agreed"] is None
    else:
        binds = ratifies(move)
    return move.own.get(18) is True if binds else 18 not in move.own


# --- meters and unordered issues --------------------------------------------------------------------------------------


def s103(move):
    terms = issue_terms(move)
    if move.kind == "issued_unordered":
        meters, lines = move.own.get(32, ()), terms
    else:
        meters = move.own.get(8, ())
        lines = move.here["lines"] if move.here and 8 not in move.own else quantities_given(move)
    metered = {line[0] for line in meters if 3 in line and 4 in line or 5 in line}
    return all(number in metered for number in lines if terms[number][2] == "service")


def s104(move):
    return all(8 in line for line in move.own[10])


def s105(move):
    terms = issue_terms(move)
    numbers = [line[0] for line in move.own.get(32, ())]
    return ascending(numbers) and all(number in terms for number in numbers)


def s106(move):
    return not is_above(move, issue_order(move)["agreed"]["terms"]) or move.own.get(10, move.officer) != move.officer


def s107(move):
    return move.own[8] in ("not_ordered", "not_received", "not_allowed", "other")


# --- withdrawals and receipts that come after a claim -----------------------------------------------------------------


def s108(move):
    if move.part_type != "issue":
        return True
    return not any(line["part"] == move.entry.part_id for claim in move.live_claims() for line in claim["lines"])


def s109(move):
    return not due_claims_hold(move, move.entry.part_id)


# --- adjustments ------------------------------------------------------------------------------------------------------


def s110(move):
    return move.refs[0].after["state"] in BASES["issue"]


def s111(move):
    figures = move.refs[0].after["lines"].get(move.own[8])
    return figures is not None and figures["chargeable"] is not None and adjustment_price(move) is not None


def s112(move):
    if 9 not in move.own and 10 not in move.own:
        return False
    return move.own.get(10, 0) >= 0 and (9 not in move.own or not is_negative(move.own[9])) and right_amount(move) >= 0


def is_negative(decimal):
    return (decimal if is_int(decimal) else decimal[0]) < 0


def s113(move):
    return difference(move) != 0


def s114(move):
    return move.own[11] in first_items(move.profile, "reasons", "query") + first_items(move.profile, "reasons", "difference")


def s115(move):
    return not other_adjustments(move, move.refs[0].part_id, move.own[8], ("proposed by receiver", "proposed by supplier"))


def s116(move):
    adjusted = other_adjustments(move, move.here["issue"], move.here["line"], ("adjusted",))
    return all(in_past(head, move.part) for head in adjusted)


def s117(move):
    return all(adjustment["currency"] == move.own[9] for _, adjustment in adjustment_refs(move))


def s118(move):
    parts = {entry.part_id for entry, _ in adjustment_refs(move)}
    return not any(line["part"] in parts for claim in move.live_claims() for line in claim["lines"])


def s119(move):
    return all(adjustment["difference"] < 0 for _, adjustment in adjustment_refs(move))


# --- a silent receiver (5.6) ------------------------------------------------------------------------------------------


def s120(move):
    return all(issue["method"] == "cash" for _, issue in issue_refs(move))


def clock(move, name):
    """The value of a clock, or None."""
    value = look(move.profile, "clocks", name, "value")
    return value if is_int(value) and 0 <= value <= SILENCE_MOST else None


def silent_day(move, issue, line, offset):
    """The day on which the clock of receipt of a line ends; None without the value that it needs."""
    at = issue["delivered_at"]
    if line[2] == "service" and line[1] in ("food", "transport"):
        hours = clock(move, "receipt_hours_meals_flights")
        return None if hours is None else day_start(at + hours * HOUR, offset)
    days = clock(move, "receipt_days")
    return None if days is None else day_start(at, offset) + days


def silence_end(move, issue):
    """The time at which a receiver has been silent long enough about an issue; None without the values that it needs."""
    terms = issue["order"]["agreed"]["terms"]
    offset = terms.get(15, 0)
    grace = clock(move, "unacknowledged_grace_days")
    days = [silent_day(move, issue, line, offset) for line in terms[10] if line[0] in issue["lines"]]
    if grace is None or None in days:
        return None
    return (max(days) + grace + 1) * DAY - offset * 60000


def s121(move):
    ends = [silence_end(move, issue) for _, issue in issue_refs(move)]
    return None not in ends and all(move.stated >= end for end in ends)


CLAIMING = ("claimed", "refund_claimed")
PROPOSED = ("adjustment_proposed",)
UNACKNOWLEDGED = ("claimed_unacknowledged",)
REST_GUARDS = [
    (100, s100, ("requested", "offered_unasked")), (101, s101, ("oral_denied",)), (102, s102, ("accepted", "resolution_agreed")),
    (103, s103, ("issued", "taken_issued", "issued_unordered")), (104, s104, ("issued_unordered",)),
    (105, s105, ("issued_unordered",)), (106, s106, ("ratified",)), (107, s107, ("repudiated",)), (108, s108, ("withdrawn",)),
    (109, s109, ("receipted", "not_arrived")), (110, s110, PROPOSED), (111, s111, PROPOSED), (112, s112, PROPOSED),
    (113, s113, PROPOSED), (114, s114, PROPOSED), (115, s115, PROPOSED), (116, s116, ("adjustment_agreed",)),
    (117, s117, CLAIMING), (118, s118, CLAIMING), (119, s119, ("refund_claimed",)), (120, s120, UNACKNOWLEDGED),
    (121, s121, UNACKNOWLEDGED),
]
