"""Guards of issues and claims (docs/support-rules.md, 4.2): S34 to S73. Each answers whether it holds."""
from amounts import convertible, fitting, parse_percent, sum_decimals, to_millionths
from support_order import ascending, first_items, is_above, look, s40_most, within_limit
from support_claim import chosen_lines, claim_lines, claim_opener, claim_order, claim_places, claim_total, credited_lines, is_held, issue_refs
from support_issue import figures_right, issue_order, issue_terms, quantities_given, received, received_lines, rest, returned_quantities


def s34(move):
    return not any(ref.id in other.answers for ref in move.refs for other in move.past_moves())


# --- issues -----------------------------------------------------------------------------------------------------------


def given_lines(move):
    return move.own.get(8, [])


def lines_stand(move, known):
    """Whether the lines given have ascending numbers, each of them known."""
    numbers = [line[0] for line in given_lines(move)]
    return ascending(numbers) and all(number in known for number in numbers)


def s35(move):
    return lines_stand(move, issue_terms(move))


def s36(move):
    return all(to_millionths(line[1]) > 0 for line in given_lines(move))


def s37(move):
    quantities_given(move)
    return True


def meters_given(move):
    """(line, its quantity) of every line for which a kind of issue can name a meter; none where there is no such line."""
    if move.kind != "issued_unordered":
        return [(line, line[1]) for line in given_lines(move)]
    terms = issue_terms(move)
    return [(line, terms[line[0]][5]) for line in move.own.get(32, ()) if line[0] in terms]


def s38(move):
    terms = issue_terms(move)
    if move.kind == "taken_issued" and 8 not in move.own:
        return True
    return len({terms[number][13] for number in quantities_given(move)}) == 1


def s39(move):
    for line, quantity in meters_given(move):
        if (3 in line) != (4 in line):
            return False
        if 3 in line and fitting(to_millionths(line[4]) - to_millionths(line[3])) != to_millionths(quantity):
            return False
    return True


def quantity_elsewhere(head, number):
    """The quantity of a line in another issue part, for S40."""
    state = head.after
    figures = state["lines"].get(number)
    if figures is None or state["state"] in ("annulled", "withdrawn", "taken", "denied"):
        return 0
    if figures["chargeable"] is not None:
        return figures["chargeable"]
    return figures["issued"] or 0


def s40(move):
    terms = issue_terms(move)
    heads = move.past_heads("issue")
    percents = look(move.profile, "issue_tolerance_percent", "value")
    percents = percents if isinstance(percents, dict) else {}
    for number, quantity in quantities_given(move).items():
        percent = parse_percent(percents.get(terms[number][1], percents.get("other")))
        total = sum_decimals([quantity] + [quantity_elsewhere(head, number) for head in heads])
        if total > fitting(s40_most(terms[number], percent)):
            return False
    return True


def s41(move):
    return all(line[0] in move.here["lines"] for line in given_lines(move))


def s42(move):
    return all(ref.kind_name == "taken" and ref.opens and ref.after["state"] == "taken" for ref in move.refs)


def receipt_names(move, name):
    return any(other.kind_name == "receipted" and name in other.move_refs for other in move.past_moves())


def s43(move):
    return not any(receipt_names(move, ref.id) for ref in move.refs)


def s44(move):
    return not receipt_names(move, move.answered.id)


def s45(move):
    return lines_stand(move, move.here["lines"])


def s46(move):
    unit_of = issue_terms(move)
    for line in given_lines(move):
        unit = unit_of[line[0]][6]
        if not convertible(line.get(2, unit), unit):
            return False
        if any(to_millionths(line.get(key, 0)) < 0 for key in (1, 3, 4, 5)):
            return False
        if not figures_right(move, received(move, line[0], line, move.here["lines"][line[0]])):
            return False
    return True


def s47(move):
    reasons = first_items(move.profile, "reasons", "difference")
    after = received_lines(move)
    for line in given_lines(move):
        if 6 in line:
            if line[6] not in reasons:
                return False
        elif after[line[0]]["accepted"] != after[line[0]]["issued"]:
            return False
    return True


def s48(move):
    return any(figures["accepted"] != figures["issued"] for figures in received_lines(move).values())


def s49(move):
    order = issue_order(move)
    return not is_above(move, order["agreed"]["terms"]) or move.officer != order["orderer"]


def s50(move):
    return any((figures["accepted"] or 0) > 0 for figures in move.here["lines"].values())


def s51(move):
    return all(figures["accepted"] == 0 for figures in move.here["lines"].values())


def s52(move):
    return [line[0] for line in given_lines(move)] == sorted(move.here["lines"])


def s53(move):
    for line in given_lines(move):
        figures = move.here["lines"][line[0]]
        if not 0 <= to_millionths(line[1]) <= max(figures["issued"] or 0, figures["accepted"] or 0):
            return False
    return True


def s54(move):
    return lines_stand(move, move.here["lines"])


def s55(move):
    return all((8 not in move.own or quantity > 0) and quantity <= fitting(rest(move.here, number))
               for number, quantity in returned_quantities(move).items())


def s56(move):
    terms = issue_terms(move)
    return all(line.get(3, terms[line[0]].get(14)) == terms[line[0]].get(14, line.get(3)) for line in given_lines(move))


def s57(move):
    return all(0 < to_millionths(line[1]) <= move.here["lines"][line[0]]["returning"] for line in given_lines(move))


def s58(move):
    return move.own[8] in ("type", "class", "quantity")


# --- claims -----------------------------------------------------------------------------------------------------------


def s59(move):
    places = [(line[0], line[1]) for line in given_lines(move)]
    issues = issue_refs(move)
    if not ascending(places):
        return False
    if any(not 1 <= position <= len(issues) or number not in issues[position - 1][1]["lines"] for position, number in places):
        return False
    return 8 not in move.own or all(place.credit or place.quantity > 0 for place in claim_places(move))


def s60(move):
    return not any(is_held(move, place.entry.part_id, place.number) for place in claim_places(move) if not place.credit)


def s61(move):
    return all(place.price is not None for place in claim_places(move) if not place.credit)


def s62(move):
    currency = move.own[9] if move.here is None else move.here["currency"]
    return all(place.currency == currency for place in claim_places(move))


def s63(move):
    amounts = [place.amount() for place in claim_places(move)]
    return 8 not in move.own or amounts == [line[2] for line in move.own[8]]


def s64(move):
    items = [item[0] for item in given_lines(move)]
    return ascending(items) and all(1 <= item <= len(move.here["lines"]) for item in items)


def s65(move):
    return move.own[9] in first_items(move.profile, "reasons", "query")


def s66(move):
    lines = move.here["lines"]
    for item, credit in ((item[0], item[1]) for item in move.own[8]):
        line = lines[item - 1]
        if credit <= 0 or line["credited"] + credit > line["amount"]:
            return False
    return True


def s67(move):
    lines = credited_lines(move) if move.kind == "credited" else claim_lines(move)
    return move.own[10] == claim_total(lines) and move.own[10] > 0


def s68(move):
    return 10 not in move.own or 0 < move.own[10] <= claim_total(move.here["lines"])


def s69(move):
    return move.own[9] == move.here["currency"]


def s70(move):
    return 0 < move.own[10] <= move.here["due"] - move.here["paid"]


def s71(move):
    amount = move.own[10] if move.kind == "remitted" else claim_total(move.here["lines"])
    return within_limit(move, move.here["currency"], amount)


def s72(move):
    return within_limit(move, move.here["currency"], move.here["figure"])


def receivers_of(move):
    """Who received the issues of which lines are claimed; where the receiver was silent, at the past heads of the issues."""
    lines = [line for line in move.here["lines"] if line["issue"] and not line["credit"]]
    if move.here["opened_by"] != "claimed_unacknowledged":
        return {line["issue"]["receiver"] for line in lines}
    parts = {line["part"] for line in lines}
    return {head.after["receiver"] for head in move.past_heads("issue") if head.part_id in parts}


def s73(move):
    if move.here["opened_by"] == "refund_claimed":
        return True
    order = claim_order(move)
    above = is_above(move, order["agreed"]["terms"])
    if above is None:
        return True
    orderer = move.officer == order["orderer"]
    receiver = move.officer in receivers_of(move)
    return not (orderer or receiver) if above else not (orderer and receiver)


ISSUES = ("issued", "taken", "taken_issued")
RECEIPTS = ("receipted", "ratified", "figures_restated")
RESOLUTIONS = ("resolution_proposed", "resolution_countered")
CLAIMS = ("claimed", "claimed_unacknowledged", "reclaimed")
PART_GUARDS = [
    (34, s34, ("issued", "taken", "claimed", "claimed_unacknowledged", "refund_claimed", "adjustment_proposed", "closed",
               "receipted")),
    (35, s35, ISSUES), (36, s36, ISSUES), (37, s37, ISSUES), (38, s38, ISSUES + ("issued_unordered",)),
    (39, s39, ISSUES + ("issued_unordered",)), (40, s40, ("issued",)), (41, s41, ("taken_issued",)),
    (42, s42, ("receipted",)), (43, s43, ("receipted",)), (44, s44, ("taken_issued", "denied", "withdrawn")), (45, s45, RECEIPTS),
    (46, s46, RECEIPTS), (47, s47, RECEIPTS), (48, s48, ("figures_restated",)),
    (49, s49, ("receipted", "not_arrived", "taken", "figures_taken", "figures_restated")), (50, s50, ("concurred",)),
    (51, s51, ("annulled",)), (52, s52, RESOLUTIONS), (53, s53, RESOLUTIONS),
    (54, s54, ("return_issued", "return_accepted")), (55, s55, ("return_issued",)), (56, s56, ("return_issued",)),
    (57, s57, ("return_accepted",)), (58, s58, ("return_refused",)), (59, s59, CLAIMS), (60, s60, CLAIMS),
    (61, s61, CLAIMS), (62, s62, CLAIMS + ("refund_claimed",)), (63, s63, CLAIMS), (64, s64, ("queried", "credited")),
    (65, s65, ("queried",)), (66, s66, ("credited",)), (67, s67, CLAIMS + ("refund_claimed", "credited")),
    (68, s68, ("figured", "figure_countered")), (69, s69, ("remitted",)), (70, s70, ("remitted",)),
    (71, s71, ("approved", "remitted")), (72, s72, ("figure_agreed",)), (73, s73, ("approved", "remitted")),
]
