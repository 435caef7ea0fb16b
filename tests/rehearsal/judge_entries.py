"""Findings about single entries: who signed, what they say, what a guard made of them."""
from fractions import Fraction

import agreement
import cast
import days
import flow
import goods
import judge_clocks

TERMS = {"issued_unordered", "offered_unasked", "requested", "offered", "answered", "offer_countered", "amended"}
RECEIVER = {
    "orderer": {"requested", "answered", "withdrawn", "accepted", "offer_countered", "rejected", "refused", "ratified", "repudiated"},
    "receiver": {"taken", "receipted", "not_arrived", "figures_taken", "figures_restated", "return_issued", "cash_elected", "exchange_linked",
                 "adjustment_proposed", "adjustment_agreed", "adjustment_refused"},
    "dispute": {"stood", "resolution_agreed", "resolution_countered", "figure_agreed", "figure_countered"},
    "payer": {"approved", "queried", "escalated", "remitted"},
    "netting": {"netted", "netting_agreed", "netting_refused", "netting_remitted"},
}
SUPPLIER = {
    "issuer": {"offered", "declined", "asked", "amended", "unfilled", "closed", "issued", "taken_issued", "denied", "concurred",
               "contested", "annulled", "return_accepted", "return_refused", "exchange_certified", "issued_unordered", "withdrawn",
               "offered_unasked", "oral_denied", "adjustment_proposed", "adjustment_agreed", "adjustment_refused"},
    "waiver": {"waived"},
    "netting": {"netting_proposed", "netting_withdrawn", "netting_confirmed", "netting_not_found"},
    "dispute": {"resolution_proposed", "figured"},
    "claims": {"claimed", "claimed_unacknowledged", "withdrawn", "credited", "reclaimed", "upheld", "confirmed", "converted", "not_found"},
}
NOBODYS = {"noted", "cancel_wished", "resolved", "restated"}  # no row of the table: notes, and what every domain has
RECEIPTS = set(flow.RECEIVER_KINDS)
SLACK = 10 * days.MINUTE

VOID_BY = {"I1": {"K1", "K4", "K5"}, "I4": {"K9"}, "I6": {"F1"}, "I7": {"K11", "S27", "S71", "S72"}, "I8": {"S49", "S73", "S106"}, "I13": {"S5", "S102"}, "I16": {"S25", "S26"},
           "I22": {"S46", "S47"}, "I23": {"S53"}, "I24": {"S39", "S103"}, "I25": {"S60"}, "I26": {"S61", "S62", "S63", "S67", "S227", "S228"},
           "I27": {"S69", "S70", "S231", "S232"}, "I28": {"S66"}, "I29": {"S55", "S57"}, "I37": {"S120", "S121"}}


def roles_for(order, entry):
    """Roles of which one must be the signer's; empty: its side cannot make that at all."""
    table = RECEIVER if entry.party == order.order.receiver else SUPPLIER
    return {role for role, kinds in table.items() if entry.kind in kinds}


def limit_passed(entry):
    limits = cast.limits_of(entry.desk)
    if not limits:
        return False
    if entry.kind == "remitted":
        return entry.fields["amount_minor"] > limits.get(entry.fields["currency"], 0)
    totals = {}
    if entry.kind in TERMS:
        for line in entry.fields.get("lines", []):
            value = goods.amount(Fraction(line["quantity"]), line) if "unit_price_minor" in line else line.get("ceiling_minor", 0)
            totals[line["currency"]] = totals.get(line["currency"], 0) + value
    return any(total > limits.get(currency, 0) for currency, total in totals.items())


def line_allowed(profile, line, utc_day):
    categories = {category["code"]: category for category in profile["categories"]}
    category = categories.get(line["category"])
    if not category or line["category"] in {never["code"] for never in profile["never"]}:
        return False
    if utc_day < days.day_of(category["from"]) or (category.get("until") and utc_day > days.day_of(category["until"])):
        return False
    return line["settlement"] in profile["settlement"].get(line["kind"], [])


def priced(profile, line):
    """Has it one way to be charged, and only one, in a currency of the agreement?"""
    price = line.get("unit_price_minor", 0) > 0 and line.get("price_basis") in ("own_forces", "contract", "list", "agreed")
    ceiling = line.get("ceiling_minor", 0) > 0 and line["settlement"] == "cash"
    both = "unit_price_minor" in line and "ceiling_minor" in line
    return (price or ceiling) and not both and line["currency"] in profile["claim_currencies"]["value"]


def terms_rules(profile, entry):
    """Rules broken by an entry that puts terms on the table, by what it says itself."""
    fields, utc_day = entry.fields, entry.stated // days.DAY
    lines = fields.get("lines", [])
    numbers = [line["line"] for line in lines]
    if utc_day < days.day_of(profile["in_force_on"]):
        yield "I10"
    if "activity" in fields and fields["activity"] not in {activity["code"] for activity in profile["activities"]} or \
            not all(line_allowed(profile, line, utc_day) for line in lines):
        yield "I11"
    if "third_party" in fields and "third_party_consent" not in fields and profile["third_party_transfer"] == "prior_consent":
        yield "I12"
    if entry.kind == "requested" and fields["charter"] is not True:
        yield "I13"
    if any(Fraction(line["quantity"]) <= 0 for line in lines) or any(b <= a for a, b in zip(numbers, numbers[1:])):
        yield "I17"
    if not all(priced(profile, line) for line in lines):
        yield "I18"
    if any(line["kind"] == "service" and "meter" not in line for line in lines):
        yield "I24"


def convertible_from(audit, order, entry):
    """D of the issue that the entry would convert."""
    seen = order.by_part[entry.part]
    return judge_clocks.after_months(seen, seen.data["delivered_at"], agreement.clock(audit.profile, "settle_months"),
                                     agreement.clock(audit.profile, "grace_days"))


def rules_of(audit, order, entry):
    """Every rule that the entry itself breaks."""
    found = {rule for rule, verdicts in VOID_BY.items() if entry.rule in verdicts}
    roles = roles_for(order, entry)
    if entry.kind not in NOBODYS:
        if not roles:
            found.add("I21" if entry.kind in RECEIPTS else "I3")
        elif not roles & set(cast.roles_of(entry.desk)):
            found.add("I7")
    if entry.kind == "converted" and entry.stated < convertible_from(audit, order, entry):
        found.add("I30")
    if limit_passed(entry):
        found.add("I7")
    if entry.verdict == "overtaken" or (entry.kind == "restated" and entry.verdict == "valid"):
        found.add("I42")
    named = entry.answers + entry.refs + ([] if entry.opens_thread else [entry.order.entries[0]])
    if entry.part and entry.part.opener and not entry.opens:
        named.append(entry.part.opener)
    if entry.verdict == "waiting":
        found.add("I5")
    if any(entry.stated < other.stated - SLACK for other in named if other.party not in (None, entry.party)):
        found.add("I41")
    if entry.kind in TERMS:
        found.update(terms_rules(audit.profile, entry))
    return found


def rivals(audit, order):
    """I4: two moves of one party on one head, neither knowing of the other."""
    by_head = {}
    for entry in order.entries:
        if entry.verdict != "void" and entry.answers and entry.kind not in ("resolved", "restated"):
            by_head.setdefault((entry.party, entry.answers[0]), []).append(entry)
    for entries in by_head.values():
        if len(entries) == 2:
            audit.add_entry("I4", order, max(entries, key=lambda entry: entry.stated))


def judge(audit, order):
    for entry in order.entries:
        for rule in rules_of(audit, order, entry):
            audit.add_entry(rule, order, entry)
    rivals(audit, order)


def judge_logs(audit):
    """I6: an entry states a time before that of the one before it in its log."""
    last = {}
    orders = {order.order: order for order in audit.orders}
    for entry in audit.world.entries:
        key = (entry.party, entry.desk)
        if key in last and entry.stated < last[key] - SLACK and entry.stated < audit.end:
            audit.add("I6", orders[entry.order].number, entry.stated // days.DAY)
        last[key] = entry.stated
