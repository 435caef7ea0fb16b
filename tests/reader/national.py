"""The national domain (docs/national-rules.md): kinds, moves, guards N1 to N21, states and data."""
from entry import is_amount, is_day, is_id, is_time
from kinds import is_code, is_text
from support_kinds import REMARKS, SPOKEN, is_bool, is_currency, is_list, may, need
from support_order import within_limit

RULE_SET = 1
RULE_SET_KEY = None
PREFIX = "N"


def is_mention(value):
    return isinstance(value, bytes) and 1 <= len(value) <= 32


DRAFT = {
    8: need(is_code), 9: need(is_mention), 10: may(is_text(64)), 11: may(is_mention), 12: may(is_mention), 13: need(is_text(200)),
    14: may(is_amount), 15: may(is_currency), 16: need(is_text(4000)), **REMARKS,
}
ITEMS = is_list({
    0: need(is_mention), 1: need(is_text(64)), 2: need(is_text(32)), 3: may(is_code), 4: need(is_time), 5: may(is_time),
    6: may(is_text(100)), 7: may(is_text(300)), 8: need(is_mention),
})
KINDS = {
    "draft_written": DRAFT,
    "draft_checked": REMARKS,
    "draft_certified": {8: need(is_text(100)), **REMARKS},
    "draft_approved": {8: need(is_text(100)), **REMARKS},
    "draft_sent_back": SPOKEN,
    "draft_rewritten": DRAFT,
    "draft_entered": {8: need(is_mention), 9: need(is_mention), 10: need(is_mention), 11: need(is_text(64)), **REMARKS},
    "notice_sent": {
        8: need(is_mention), 9: need(is_mention), 10: need(is_mention), 11: need(is_text(64)), 12: need(is_text(64)),
        13: need(is_text(200)), 14: need(is_text(200)), 15: need(is_text(400)), 16: need(is_amount), 17: need(is_currency),
        18: may(is_bool), 19: need(is_day), 20: need(is_day), **REMARKS,
    },
    "notice_taken_up": {8: need(is_text(64)), 9: need(is_day), **REMARKS},
    "notice_demanded": {8: need(is_text(64)), 9: need(is_day), **REMARKS},
    "notice_paid": {8: need(is_amount), 9: need(is_day), **REMARKS},
    "notice_corrected": {14: may(is_text(200)), 15: may(is_text(400)), 16: may(is_amount), 18: may(is_bool), 19: may(is_day),
                         20: may(is_day), **SPOKEN},
    "handed_over": {8: need(is_code), 9: may(is_text(100)), 10: need(ITEMS), **REMARKS},
    "taken_over": REMARKS,
    "withdrawn": REMARKS,
    "noted": SPOKEN,
    "resolved": {8: need(is_id)},
    "restated": {8: need(is_id)},
}
NOTES = ("noted",)
OPENERS = {"draft_written": "draft", "notice_sent": "notice", "handed_over": "handover"}
THREAD_OPENERS = {"draft_written": "R", "notice_sent": "R", "handed_over": "R"}
LETTERS = {"draft": "D", "notice": "N", "handover": "H"}
STANDING = {}
ROWS = """
draft - draft_written written drafter
draft written draft_checked checked checker
draft written draft_sent_back sent_back checker
draft checked draft_certified funds_certified funds
draft checked draft_sent_back sent_back funds
draft funds_certified draft_approved approved approver
draft funds_certified draft_sent_back sent_back approver
draft approved draft_sent_back sent_back approver
draft approved draft_entered entered drafter
draft sent_back draft_rewritten written drafter
draft written withdrawn withdrawn drafter
draft checked withdrawn withdrawn drafter
draft funds_certified withdrawn withdrawn drafter
draft sent_back withdrawn withdrawn drafter
draft approved withdrawn withdrawn drafter
notice - notice_sent sent claims
notice sent notice_taken_up taken_up revenue
notice taken_up notice_demanded demand_issued revenue
notice demand_issued notice_paid demand_issued revenue
notice sent notice_corrected sent claims
notice taken_up notice_corrected sent claims
notice demand_issued notice_corrected sent claims
notice sent withdrawn withdrawn claims
notice taken_up withdrawn withdrawn claims
notice demand_issued withdrawn withdrawn claims
handover - handed_over handed_over duty
handover handed_over taken_over taken_over duty
handover handed_over withdrawn withdrawn duty
"""
# (part type, state before, kind): the role by side, which is always the one; and the state after.
TABLE, AFTER = {}, {}
for _row in ROWS.split("\n"):
    if _row:
        _part, _before, _kind, _after, _role = _row.split()
        _place = _part, None if _before == "-" else _before.replace("_", " "), _kind
        TABLE[_place] = {"R": _role}
        AFTER[_place] = _after.replace("_", " ")
del _row, _part, _before, _kind, _after, _role, _place


def side(move):
    return "R"


def sides(tally, opening):
    return {opening.party}


# --- guards -----------------------------------------------------------------------------------------------------------


def is_whole(*mentions):
    return all(len(mention) == 32 for mention in mentions if mention is not None)


def n1(move):
    return move.tally.opening.own[8] == "national"


def n2(move):
    return is_whole(*(move.own.get(key) for key in (9, 11, 12)))


def n3(move):
    before, point, behind = move.own[8].partition(".")
    return bool(before and point and behind) and before != "national"


def n4(move):
    return (10 in move.own) == (11 in move.own) and (12 not in move.own or 10 in move.own)


def n5(move):
    return (14 in move.own) == (15 in move.own) and move.own.get(14, 0) >= 0


def n6(move):
    return move.officer not in move.here["writers"]


def n9(move):
    return move.officer != move.here["certifier"]


def n10(move):
    amount, currency = move.here["fields"].get(14), move.here["fields"].get(15)
    return amount is None or within_limit(move, currency, amount)


def n11(move):
    return is_whole(*(move.own[key] for key in (8, 9, 10)))


def n12(move):
    fields = move.here["fields"]
    return move.own[8] == fields[9] and move.own[9] == fields.get(11, move.own[9])


def n14(move):
    return notice_after(move)["amount"] > 0


def n15(move):
    after = notice_after(move)
    return after["due_on"] >= after["delivered_on"]


def n16(move):
    return notice_after(move)["amount"] > move.here["paid"]


def n17(move):
    return 0 < move.own[8] <= move.here["amount"] - move.here["paid"]


def n18(move):
    return move.part_type != "notice" or move.here["paid"] == 0


def n19(move):
    return move.own[8] != move.officer


def n20(move):
    items = move.own[10]
    return is_whole(*(item[key] for item in items for key in (0, 8))) and len({item[1] for item in items}) == len(items)


def n21(move):
    if move.part_type != "handover":
        return True
    return move.officer == move.here["to" if move.kind == "taken_over" else "from"]


DRAFTS = ("draft_written", "draft_rewritten")
NOTICES = ("notice_sent", "notice_corrected")
GUARDS = [
    (1, n1, ("draft_written", "notice_sent", "handed_over")), (2, n2, DRAFTS), (3, n3, DRAFTS), (4, n4, DRAFTS), (5, n5, DRAFTS),
    (6, n6, ("draft_checked",)), (7, n6, ("draft_certified",)), (8, n6, ("draft_approved",)), (9, n9, ("draft_approved",)),
    (10, n10, ("draft_approved",)), (11, n11, ("draft_entered",)), (12, n12, ("draft_entered",)), (13, n11, ("notice_sent",)),
    (14, n14, NOTICES), (15, n15, NOTICES), (16, n16, ("notice_corrected",)), (17, n17, ("notice_paid",)), (18, n18, ("withdrawn",)),
    (19, n19, ("handed_over",)), (20, n20, ("handed_over",)), (21, n21, ("taken_over", "withdrawn")),
]


# --- states -----------------------------------------------------------------------------------------------------------

STEPS = ("checker", "certifier", "reference", "approver", "authority", "entry")
NOTICE_FIELDS = {14: "debtor", 15: "address", 16: "amount", 17: "currency", 18: "estimate", 19: "delivered_on", 20: "due_on"}


def draft_after(move):
    state = dict(move.here or {"writers": []})
    if move.kind in DRAFTS:
        state.update(dict.fromkeys(STEPS), text=move.id, writers=state["writers"] + [move.officer], fields=move.own)
    elif move.kind == "draft_checked":
        state["checker"] = move.officer
    elif move.kind == "draft_certified":
        state.update(certifier=move.officer, reference=move.own[8])
    elif move.kind == "draft_approved":
        state.update(approver=move.officer, authority=move.own[8])
    elif move.kind == "draft_entered":
        state["entry"] = move.own[10]
    return state


def notice_after(move):
    state = dict(move.here or {"paid": 0, "estimate": False})
    if move.kind in NOTICES:
        state.update(ledger=None, demand=None)
        if 16 in move.own:
            state["estimate"] = False
        state.update({name: move.own[key] for key, name in NOTICE_FIELDS.items() if key in move.own})
    elif move.kind == "notice_taken_up":
        state["ledger"] = move.own[8]
    elif move.kind == "notice_demanded":
        state["demand"] = move.own[8]
    elif move.kind == "notice_paid":
        state["paid"] += move.own[8]
    return state


def handover_after(move):
    if move.here is None:
        return {"to": move.own[8], "from": move.officer, "taken": None}
    return {**move.here, "taken": move.officer} if move.kind == "taken_over" else move.here


def step(move):
    make = {"draft": draft_after, "notice": notice_after, "handover": handover_after}[move.part_type]
    before = move.here["state"] if move.here else None
    state = {**make(move), "type": move.part_type, "state": AFTER[move.part_type, before, move.kind]}
    if move.kind == "notice_paid" and state["paid"] == state["amount"]:
        state["state"] = "paid in"
    return state


def data_of(state):
    names = {"draft": ("text", "writers", *STEPS), "handover": ("to", "taken"),
             "notice": ("debtor", "address", "currency", "amount", "estimate", "delivered_on", "due_on", "ledger", "demand", "paid")}
    return [state[name] for name in names[state["type"]]]
