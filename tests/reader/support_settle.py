"""Guards of settlement other than by cash (docs/support-rules.md, 4.2): conversion, exchange, waivers, nettings, S200 to S232; and
which of two concurrent moves stands (3.1)."""
from amounts import MILLION, fitting_amount, rounded, sum_amounts, to_millionths
from dates import DAY, add_months, day_start
from entry import is_int
from past import in_past
from support_order import ascending, look, look_list, within_limit
from support_claim import claim_total, is_held, rest_amount
from support_issue import applied, issue_terms, left_in_exchange, rest
from units import decimals_of

MONTHS_MOST, GRACE_MOST = 1200, 36500


def s200(move):
    if len(move.refs) > 1 or move.kind == "netted" and not move.refs:
        return False
    return all(ref.thread_id != move.entry.thread_id for ref in move.refs)


# --- conversion -------------------------------------------------------------------------------------------------------


def conversion_time(profile, issue):
    """The instant D from which an issue may be converted; None where there is none."""
    months = look(profile, "clocks", "settle_months", "value")
    if not is_int(months) or not 1 <= months <= MONTHS_MOST:
        return None
    grace = look(profile, "clocks", "grace_days", "value")
    if not is_int(grace) or not 0 <= grace <= GRACE_MOST:
        grace = 0
    offset = issue["order"]["agreed"]["terms"].get(15, 0)
    day = day_start(issue["delivered_at"], offset)
    return (add_months(day, months) + 1 + grace) * DAY - offset * 60000


def s201(move):
    start = conversion_time(move.profile, move.here)
    return start is not None and move.stated >= start


# --- exchange ---------------------------------------------------------------------------------------------------------


def s202(move):
    return ascending([(item[0], item[1], item[2], item[3]) for item in move.own[8]])


def s203(move):
    return all(item[0] in move.here["lines"] and left_in_exchange(move.here, item[0]) > 0 for item in move.own[8])


def s204(move):
    terms = issue_terms(move)
    return all(terms[item[0]][12] == move.own[9] for item in move.own[8])


def s205(move):
    return all(item[1] != move.entry.thread_id for item in move.own[8])


def s206(move):
    return all(item[5] > 0 and item[6] > 0 for item in move.own[8])


def multiplied(amount, rate, source, target):
    """An amount of one currency in another, at major units of the other for one of the first; the rate in millionths."""
    return fitting_amount(rounded(amount * rate * 10 ** decimals_of(target), MILLION * 10 ** decimals_of(source)))


def divided(amount, rate, source, target):
    """The other way: an amount of the target in the source."""
    return fitting_amount(rounded(amount * MILLION * 10 ** decimals_of(source), rate * 10 ** decimals_of(target)))


def rate_between(terms, one, other):
    return next((rate for rate in terms.get(16, ()) if {rate[0], rate[1]} == {one, other}), None)


def applied_right(terms, currency, item):
    value, used = item[5], item[6]
    if item[4] == currency:
        return used == value
    rate = rate_between(terms, item[4], currency)
    if rate is None:
        return False
    of_source, of_target = (value, used) if rate[0] == item[4] else (used, value)
    per = to_millionths(rate[2])
    return (of_target == multiplied(of_source, per, rate[0], rate[1])
            or of_source == divided(of_target, per, rate[0], rate[1]))


def s207(move):
    terms = move.here["order"]["agreed"]["terms"]
    return all(applied_right(terms, move.own[9], item) for item in move.own[8])


def s208(move):
    return all(total <= left_in_exchange(move.here, number) for number, total in applied(move).items())


def s209(move):
    return move.own[10] == sum_amounts(item[6] for item in move.own[8])


def s210(move):
    return (move.own[9], move.own[10]) == move.here["linked"]


# --- waivers ----------------------------------------------------------------------------------------------------------


def free_lines(move):
    """The lines of the issue here with a rest above 0 that no claim holds."""
    return [number for number in sorted(move.here["lines"])
            if rest(move.here, number) > 0 and not is_held(move, move.entry.part_id, number)]


def s211(move):
    return move.part_type != "issue" or bool(free_lines(move))


def waived_sums(move):
    """What a waiver gives up, by currency."""
    if move.part_type == "claim":
        due = claim_total(move.here["lines"]) if move.here["due"] is None else move.here["due"]
        return {move.here["currency"]: due - move.here["paid"]}
    sums = {}
    for number in free_lines(move):
        amount = rest_amount(move.here, number, move.here["order"])
        if amount is not None:
            sums.setdefault(issue_terms(move)[number][12], []).append(amount)
    return {currency: sum_amounts(amounts) for currency, amounts in sums.items()}


def s212(move):
    return all(within_limit(move, currency, amount) for currency, amount in waived_sums(move).items())


# --- nettings ---------------------------------------------------------------------------------------------------------


def claims_of(move):
    return move.own.get(11, ())


def currency_of(move):
    return move.own[9] if move.here is None else move.here["currency"]


def pair_of(move):
    """Codes of the net debtor and the net creditor."""
    return move.opening.move_own[8], move.tally.parties[move.opening.party]


def s220(move):
    partner = move.own[8]
    return partner in move.tally.parties and partner != move.tally.parties[move.party]


def s221(move):
    return move.own[9] in look_list(move.profile, "claim_currencies", "value")


def s222(move):
    return ascending([claim[1] for claim in claims_of(move)])


def s223(move):
    return all(claim[2] in pair_of(move) for claim in claims_of(move))


def s224(move):
    return {claim[2] for claim in claims_of(move)} == set(pair_of(move))


def s225(move):
    return all(claim[4] > 0 and claim[8] > 0 for claim in claims_of(move))


def s226(move):
    for claim in claims_of(move):
        given = [key in claim for key in (5, 6, 7)]
        if claim[3] == currency_of(move):
            if any(given):
                return False
        elif not all(given) or to_millionths(claim[5]) <= 0:
            return False
    return True


def s227(move):
    currency = currency_of(move)
    for claim in claims_of(move):
        value = claim[4]
        if claim[3] != currency:
            value = multiplied(value, to_millionths(claim[5]), claim[3], currency)
        if claim[8] != value:
            return False
    return True


def s228(move):
    debtor, creditor = pair_of(move)
    owed = [sum_amounts(claim[8] for claim in claims_of(move) if claim[2] == party) for party in (debtor, creditor)]
    return move.own[10] == owed[0] - owed[1] >= 0


def s229(move):
    return move.here["paid"] == 0


def s230(move):
    amount = move.here["table"]["total"] if move.kind == "netting_agreed" else move.own[10]
    return within_limit(move, move.here["currency"], amount)


def s231(move):
    if move.own[9] != move.here["currency"]:
        return False
    return 0 < move.own[10] <= move.here["agreed"]["total"] - move.here["paid"]


def s232(move):
    return move.own[9] == move.here["currency"] and move.own[10] == move.here["due"] - move.here["paid"]


LINKED, LISTED = ("exchange_linked",), ("netting_proposed", "netting_reproposed")
SETTLE_GUARDS = [
    (200, s200, ("exchange_linked", "netted")), (201, s201, ("converted",)), (202, s202, LINKED), (203, s203, LINKED),
    (204, s204, LINKED), (205, s205, LINKED), (206, s206, LINKED), (207, s207, LINKED), (208, s208, LINKED),
    (209, s209, LINKED), (210, s210, ("exchange_certified",)), (211, s211, ("waived",)), (212, s212, ("waived",)),
    (220, s220, ("netting_proposed",)), (221, s221, ("netting_proposed",)), (222, s222, LISTED), (223, s223, LISTED),
    (224, s224, ("netting_proposed",)), (225, s225, LISTED), (226, s226, LISTED), (227, s227, LISTED), (228, s228, LISTED),
    (229, s229, ("netting_reproposed",)), (230, s230, ("netting_agreed", "netting_remitted")),
    (231, s231, ("netting_remitted",)), (232, s232, ("netted",)),
]


# --- which of two concurrent moves stands (3.1) -----------------------------------------------------------------------


def states_before(entry, time):
    """Whether an entry and all before it in its log state a time before one."""
    while entry is not None:
        if entry.stated >= time:
            return False
        entry = entry.before
    return True


def return_stands(thread, back, conversion):
    """Whether a return stands over a conversion."""
    time = conversion_time(thread.profile, thread.tally.entries[conversion.answers[0]].after)
    if time is None or in_past(conversion, back) or not states_before(back, time):
        return False
    return not thread.is_taken_up(conversion)


def prevails(thread, standing, other):
    """Whether a standing move for which a rule decides stands over a concurrent one."""
    if standing.kind_name == "converted":
        return other.kind_name != "return_issued" or not return_stands(thread, other, standing)
    return other.kind_name != "remitted"
