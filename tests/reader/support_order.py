"""Guards of orders (docs/support-rules.md, 4.2): S1 to S33. Each answers whether it holds."""
import datetime
import re

from amounts import amount_of, is_decimal, rounded, sum_amounts, to_millionths
from entry import is_int
from support_kinds import OPENERS, TERMS_KINDS
from support_issue import resulting_terms
from units import FUELS

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NSN = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{3}-[0-9]{4})?")
EPOCH = datetime.date(1970, 1, 1).toordinal()


# --- the profile ------------------------------------------------------------------------------------------------------


def look(profile, *path):
    """What stands at a path of a profile, or None."""
    for key in path:
        profile = profile.get(key) if isinstance(profile, dict) else None
    return profile


def look_list(profile, *path):
    found = look(profile, *path)
    return found if isinstance(found, list) else []


def codes(profile, *path):
    return [item.get("code") for item in look_list(profile, *path) if isinstance(item, dict)]


def first_items(profile, *path):
    return [item[0] for item in look_list(profile, *path) if isinstance(item, list) and item]


def to_day(text):
    """The day of a date that stands as text, or None."""
    if not isinstance(text, str) or not DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text).toordinal() - EPOCH
    except ValueError:
        return None


def in_force(day, item, first, last):
    """Whether a day is within two dates of a map; the last may be absent or null."""
    start = to_day(item.get(first))
    if start is None or day < start:
        return False
    if item.get(last) is None:
        return True
    end = to_day(item[last])
    return end is not None and day <= end


# --- amounts of terms -------------------------------------------------------------------------------------------------


def line_value(line):
    if 8 in line:
        return amount_of(to_millionths(line[5]), line[8], to_millionths(line.get(9, 1)))
    return line[11]


def totals(terms):
    """The total of terms by currency."""
    found = {}
    for line in terms[10]:
        found.setdefault(line[12], []).append(line_value(line))
    return {currency: sum_amounts(values) for currency, values in found.items()}


def within_limit(move, currency, amount):
    limits = move.entry.grant.own.get(12)
    if limits is None or amount == 0:
        return True
    return currency in limits and amount <= limits[currency]


def is_above(move, terms):
    """Whether terms are above the amount of separation; None where the profile separates nothing."""
    most = look(move.profile, "approval", "separation", "above_minor")
    if not isinstance(most, dict):
        return None
    for currency, total in totals(terms).items():
        least = most.get(currency)
        if total > (least if is_int(least) else 0):
            return True
    return False


# --- guards -----------------------------------------------------------------------------------------------------------


def lines_of(move):
    return resulting_terms(move)[10]


def s1(move):
    supplier = move.own[8]
    return supplier in move.tally.parties and supplier != move.tally.parties[move.party]


def s2(move):
    return move.own[20] == 1 and move.profile is not None


def s3(move):
    return in_force(move.day, move.profile, "in_force_on", "ends_on")


def s4(move):
    return move.own[9] in codes(move.profile, "activities")


def s5(move):
    return move.own[18] is True


def s6(move):
    return move.own.get(17) in (None, "relief", "routine")


def ascending(numbers):
    return all(a < b for a, b in zip(numbers, numbers[1:]))


def s7(move):
    numbers = [line[0] for line in lines_of(move)]
    return ascending(numbers) and numbers[0] >= 1


def s8(move):
    never = codes(move.profile, "never")
    return all(line[1] not in never for line in lines_of(move))


def s9(move):
    for line in lines_of(move):
        items = [item for item in look_list(move.profile, "categories")
                 if isinstance(item, dict) and item.get("code") == line[1]]
        if not any(in_force(move.day, item, "from", "until") for item in items):
            return False
    return True


def s10(move):
    return all(line[2] in ("supply", "service") for line in lines_of(move))


def s11(move):
    methods = ("cash", "return_same", "return_like", "service_like")
    return all(line[13] in methods and line[13] in look_list(move.profile, "settlement", line[2])
               for line in lines_of(move))


def s12(move):
    return all(to_millionths(line[5]) > 0 for line in lines_of(move))


def s13(move):
    return all(3 in line or 4 in line for line in lines_of(move))


def s14(move):
    bases = ("own_forces", "contract", "list", "agreed")
    for line in lines_of(move):
        priced = line.get(8, 0) > 0 and line.get(10) in bases and 11 not in line
        open_price = line.get(11, 0) > 0 and 8 not in line and line[13] == "cash"
        if not priced and not open_price:
            return False
    return True


def s15(move):
    return all(to_millionths(line.get(9, 1)) > 0 for line in lines_of(move))


def s16(move):
    return all(7 in line for line in lines_of(move) if line[2] == "service")


def s17(move):
    currencies = look_list(move.profile, "claim_currencies", "value")
    return all(line[12] in currencies for line in lines_of(move))


def s18(move):
    for line in lines_of(move):
        if 14 in line and not NSN.fullmatch(line[14]):
            return False
        if 15 in line and line[15] not in FUELS:
            return False
    return True


def s19(move):
    terms = resulting_terms(move)
    return 12 not in terms or all(line.get(16, terms[12]) >= terms[12] for line in terms[10])


def s20(move):
    terms = resulting_terms(move)
    return 13 not in terms or look(move.profile, "third_party_transfer") != "prior_consent" or 14 in terms


def s21(move):
    offsets = [resulting_terms(move).get(15), move.own.get(29)] if move.kind in TERMS_KINDS else [move.own.get(10)]
    return all(offset is None or is_int(offset) and -840 <= offset <= 840 for offset in offsets)


def s22(move):
    rates = resulting_terms(move).get(16, [])
    return all(is_decimal(rate[2]) and to_millionths(rate[2]) > 0 and rate[0] != rate[1] for rate in rates)


def s23(move):
    return 22 not in move.own or move.own[22] > move.stated


def s24(move):
    agreed = {line[0]: line for line in move.here["agreed"]["terms"][10]}
    for line in lines_of(move):
        old = agreed.get(line[0])
        if old is not None and any(line[key] != old[key] for key in (1, 2, 6, 12, 13)):
            return False
    return True


def s25(move):
    return move.own[8] == move.here["table"]["id"]


def s26(move):
    until = move.here["table"]["valid_until"]
    return until is None or move.stated <= until


def s27(move):
    if move.kind == "accepted":
        terms = move.here["table"]["terms"]
    elif move.kind == "ratified":
        terms = move.here["order"]["agreed"]["terms"]
    else:
        terms = resulting_terms(move)
    return all(within_limit(move, currency, total) for currency, total in totals(terms).items())


def s28(move):
    return move.own[8] in first_items(move.profile, "reasons", "decline")


def s29(move):
    return all(head.after["state"] in ("annulled", "withdrawn") for head in move.past_heads("issue"))


REFS_ELSEWHERE = ("exchange_linked", "netted")


def s30(move):
    if move.kind in REFS_ELSEWHERE:
        return True
    if not all(move.is_valid_move(ref) for ref in move.refs):
        return False
    if len({ref.part_id for ref in move.refs}) != len(move.refs):
        return False
    return refs_fit(move, [ref.after["type"] for ref in move.refs])


def refs_fit(move, types):
    """Whether the part types of the refs are those of section 3."""
    if move.kind in ("issued", "taken"):
        return types == ["order"]
    if move.kind in ("claimed", "refund_claimed") and OPENERS[move.opening.kind_name] == "issue":
        adjustments = types[1:]
        return types[:1] == ["issue"] and set(adjustments) <= {"adjustment"} and (adjustments != [] or move.kind == "claimed")
    if move.kind in ("claimed", "refund_claimed"):
        return len(types) >= 2 and types == ["order"] + sorted(types[1:], reverse=True) and set(types[1:]) <= {"issue", "adjustment"}
    if move.kind == "claimed_unacknowledged":
        return len(types) >= 2 and types[0] == "order" and set(types[1:]) == {"issue"}
    if move.kind == "adjustment_proposed":
        return types in (["issue"], ["issue", "order"])
    if move.kind == "closed":
        return set(types) <= {"issue"}
    if move.kind == "receipted":
        return types in ([], ["issue"])
    return not types


def s31(move):
    return move.refs[0].after["state"] in ("agreed", "amendment offered")


BASES = {"order": ("agreed", "amendment offered", "closed"),
         "issue": ("receipted", "return due", "returning", "exchange due", "exchanging", "settled")}


def s32(move):
    issue = ("issued",) if move.kind == "claimed_unacknowledged" else ("receipted", "annulled", "withdrawn")
    wanted = {"issue": issue, "adjustment": ("adjusted",)}
    base = move.refs[0].after
    return base["state"] in BASES[base["type"]] and all(ref.after["state"] in wanted[ref.after["type"]] for ref in move.refs[1:])


def due_claims_hold(move, part_id):
    """Whether a claim part with due set holds a line of an issue."""
    return any(claim["due"] is not None and any(line["part"] == part_id for line in claim["lines"])
               for claim in move.live_claims())


def s33(move):
    return all(ref.after["state"] in ("receipted", "annulled", "withdrawn", "settled", "waived")
               or ref.after["state"] == "issued" and due_claims_hold(move, ref.part_id) for ref in move.refs)


def s40_most(line, percent):
    """The quantity of a line of terms with its tolerance, in millionths."""
    return rounded(to_millionths(line[5]) * (100 * 10**6 + percent), 100 * 10**6)


T = TERMS_KINDS
THREADS = ("requested", "offered_unasked", "issued_unordered")
ORDER_GUARDS = [
    (1, s1, THREADS), (2, s2, THREADS + ("netting_proposed",)), (3, s3, T), (4, s4, THREADS), (5, s5, ("requested", "ratified")),
    (6, s6, ("requested",)), (7, s7, T), (8, s8, T), (9, s9, T), (10, s10, T), (11, s11, T), (12, s12, T),
    (13, s13, T), (14, s14, T), (15, s15, T), (16, s16, T), (17, s17, T), (18, s18, T), (19, s19, T), (20, s20, T),
    (21, s21, T + ("issued", "taken", "taken_issued")), (22, s22, T), (23, s23, ("offered", "offered_unasked", "amended")),
    (24, s24, ("amended",)), (25, s25, ("accepted",)), (26, s26, ("accepted",)), (27, s27, T + ("accepted", "ratified")),
    (28, s28, ("declined",)), (29, s29, ("unfilled",)), (30, s30, None), (31, s31, ("issued", "taken")),
    (32, s32, ("claimed", "claimed_unacknowledged", "refund_claimed")), (33, s33, ("closed",)),
]
