"""Kinds and fields of the support domain (docs/support-rules.md, section 2), and its table of moves (section 3)."""
from amounts import is_decimal
from entry import is_amount, is_day, is_id, is_time
from kinds import PARTY, fit, is_code, is_text, is_unsigned, is_within
from units import CURRENCIES, UNITS

NEEDED, MAY = True, False


def is_lang_text(value):
    if not isinstance(value, list) or len(value) != 2 or value[0] not in ("en", "ja"):
        return False
    return is_text(2000)(value[1])


def is_currency(value):
    return isinstance(value, str) and value in CURRENCIES


def is_unit(value):
    return isinstance(value, str) and value in UNITS


def is_party(value):
    return isinstance(value, str) and PARTY.fullmatch(value) is not None


def is_list(fields):
    def check(value):
        if not isinstance(value, list) or not 1 <= len(value) <= 256:
            return False
        return all(isinstance(item, dict) and fit(fields, item) for item in value)

    return check


def need(check):
    return NEEDED, check


def may(check):
    return MAY, check


LINE_NUMBER = is_within(0, 9999)
REMARKS = {23: may(is_lang_text)}
SPOKEN = {23: need(is_lang_text)}
APPROVAL = {24: may(is_code), 25: may(is_text(100))}

TERMS_LINES = is_list({
    0: need(LINE_NUMBER), 1: need(is_code), 2: need(is_code), 3: may(is_text(400)), 4: may(is_text(400)),
    5: need(is_decimal), 6: need(is_unit), 7: may(is_text(100)), 8: may(is_amount), 9: may(is_decimal), 10: may(is_code),
    11: may(is_amount), 12: need(is_currency), 13: need(is_code), 14: may(is_text(20)), 15: may(is_code), 16: may(is_day),
})
RATES = is_list({
    0: need(is_currency), 1: need(is_currency), 2: need(is_decimal), 3: need(is_text(100)), 4: need(is_day),
})
ISSUE_LINES = is_list({
    0: need(LINE_NUMBER), 1: need(is_decimal), 2: may(is_unit), 3: may(is_decimal), 4: may(is_decimal),
    5: may(is_text(200)), 6: may(is_decimal), 7: may(is_decimal), 8: may(is_decimal), 9: may(is_text(100)),
})
METER_LINES = is_list({
    0: need(LINE_NUMBER), 3: may(is_decimal), 4: may(is_decimal), 5: may(is_text(200)), 6: may(is_decimal),
    7: may(is_decimal), 8: may(is_decimal), 9: may(is_text(100)),
})
RECEIPT_LINES = is_list({
    0: need(LINE_NUMBER), 1: need(is_decimal), 2: may(is_unit), 3: may(is_decimal), 4: may(is_decimal),
    5: may(is_decimal), 6: may(is_code),
})
QUANTITY_LINES = is_list({0: need(LINE_NUMBER), 1: need(is_decimal)})
RETURN_LINES = is_list({0: need(LINE_NUMBER), 1: need(is_decimal), 2: may(is_unit), 3: may(is_text(20))})
CLAIM_LINES = is_list({0: need(is_within(0, 63)), 1: need(LINE_NUMBER), 2: need(is_amount)})
QUERY_ITEMS = is_list({0: need(LINE_NUMBER)})
CREDIT_ITEMS = is_list({0: need(LINE_NUMBER), 1: need(is_amount)})
EXCHANGE_ITEMS = is_list({0: need(LINE_NUMBER), 1: need(is_id), 2: need(is_id), 3: need(LINE_NUMBER), 4: need(is_currency),
                          5: need(is_amount), 6: need(is_amount)})
NETTING_CLAIMS = is_list({
    0: need(is_id), 1: need(is_id), 2: need(is_party), 3: need(is_currency), 4: need(is_amount), 5: may(is_decimal),
    6: may(is_text(100)), 7: may(is_day), 8: need(is_amount),
})

def is_bool(value):
    return isinstance(value, bool)


ORAL = {26: may(is_time), 27: may(is_text(200))}
THREAD_FIELDS = {8: need(is_party), 19: need(is_id), 20: need(is_unsigned), 21: may(is_text(64))}
OFFER = {10: may(TERMS_LINES), 11: may(is_text(200)), 12: may(is_day), 13: may(is_text(200)), 14: may(is_text(200)),
         16: may(RATES), **REMARKS}
ISSUED = {8: may(ISSUE_LINES), 9: need(is_time), 10: need(is_decimal), 11: need(is_text(200)), 12: may(is_text(64)),
          13: may(is_text(200)), **REMARKS}
CLAIMED = {8: may(CLAIM_LINES), 9: need(is_currency), 10: need(is_amount), 11: may(is_text(64)), 12: may(is_text(200)),
           **REMARKS}

KINDS = {
    "requested": {
        **OFFER, **THREAD_FIELDS, 9: need(is_code), 10: need(TERMS_LINES), 11: need(is_text(200)), 12: need(is_day),
        17: may(is_code), 18: need(is_bool), **APPROVAL, **ORAL,
    },
    "offered_unasked": {
        **OFFER, **THREAD_FIELDS, 9: need(is_code), 10: need(TERMS_LINES), 11: need(is_text(200)), 12: need(is_day),
        15: need(is_decimal), 22: may(is_time), **ORAL,
    },
    "oral_denied": SPOKEN,
    "offered": {**OFFER, 15: need(is_decimal), 22: may(is_time)},
    "declined": {8: need(is_code), **REMARKS},
    "asked": SPOKEN,
    "answered": OFFER,
    "withdrawn": REMARKS,
    "accepted": {8: need(is_id), 18: may(is_bool), **REMARKS, **APPROVAL},
    "offer_countered": OFFER,
    "rejected": REMARKS,
    "amended": {**OFFER, 15: may(is_decimal), 22: may(is_time)},
    "refused": REMARKS,
    "unfilled": REMARKS,
    "closed": REMARKS,
    "issued": ISSUED,
    "taken": {**ISSUED, 13: need(is_text(200))},
    "taken_issued": ISSUED,
    "denied": SPOKEN,
    "receipted": {8: may(RECEIPT_LINES), 9: may(is_time), 12: may(is_text(64)), **REMARKS},
    "not_arrived": REMARKS,
    "concurred": REMARKS,
    "contested": SPOKEN,
    "annulled": REMARKS,
    "figures_taken": REMARKS,
    "figures_restated": {8: need(RECEIPT_LINES), **REMARKS},
    "stood": REMARKS,
    "resolution_proposed": {8: need(QUANTITY_LINES), **REMARKS},
    "resolution_agreed": {18: may(is_bool), **REMARKS},
    "resolution_countered": {8: need(QUANTITY_LINES), **SPOKEN},
    "return_issued": {8: may(RETURN_LINES), 9: need(is_time), 11: may(is_text(200)), 12: may(is_text(64)), **REMARKS},
    "return_accepted": {8: may(QUANTITY_LINES), **REMARKS},
    "return_refused": {8: need(is_code), **REMARKS},
    "cash_elected": REMARKS,
    "issued_unordered": {
        **THREAD_FIELDS, 9: need(is_code), 10: need(TERMS_LINES), 11: need(is_text(200)), 13: may(is_text(200)),
        14: may(is_text(200)), 15: need(is_decimal), 16: may(RATES), **REMARKS, 28: need(is_time), 29: may(is_decimal),
        30: may(is_text(64)), 31: may(is_text(200)), 32: may(METER_LINES),
    },
    "ratified": {8: may(RECEIPT_LINES), 9: may(is_time), 10: may(is_code), 12: may(is_text(64)), 18: need(is_bool),
                 **REMARKS, **APPROVAL},
    "repudiated": {8: need(is_code), **REMARKS},
    "taken_up": SPOKEN,
    "claimed": CLAIMED,
    "claimed_unacknowledged": CLAIMED,
    "refund_claimed": {9: need(is_currency), 10: need(is_amount), 11: may(is_text(64)), 12: may(is_text(200)), **REMARKS},
    "adjustment_proposed": {8: need(LINE_NUMBER), 9: may(is_decimal), 10: may(is_amount), 11: need(is_code), **REMARKS},
    "adjustment_agreed": REMARKS,
    "adjustment_refused": REMARKS,
    "approved": {**REMARKS, **APPROVAL},
    "queried": {8: may(QUERY_ITEMS), 9: need(is_code), **REMARKS},
    "credited": {8: need(CREDIT_ITEMS), 10: need(is_amount), 11: may(is_text(64)), **REMARKS},
    "reclaimed": {8: may(CLAIM_LINES), 10: need(is_amount), 11: may(is_text(64)), 12: may(is_text(200)), **REMARKS},
    "upheld": SPOKEN,
    "escalated": SPOKEN,
    "figured": {10: need(is_amount), **SPOKEN},
    "figure_agreed": REMARKS,
    "figure_countered": {10: may(is_amount), **SPOKEN},
    "remitted": {9: need(is_currency), 10: need(is_amount), 11: need(is_text(64)), 12: need(is_day), **REMARKS,
                 **APPROVAL},
    "confirmed": {12: may(is_day), **REMARKS},
    "not_found": REMARKS,
    "converted": REMARKS,
    "exchange_linked": {8: need(EXCHANGE_ITEMS), 9: need(is_currency), 10: need(is_amount), **REMARKS},
    "exchange_certified": {9: need(is_currency), 10: need(is_amount), **REMARKS},
    "certify_refused": SPOKEN,
    "waived": {8: need(is_text(200)), **REMARKS, 24: may(is_code), 25: need(is_text(100))},
    "netted": {9: need(is_currency), 10: need(is_amount), **REMARKS},
    "netting_proposed": {**THREAD_FIELDS, 9: need(is_currency), 10: need(is_amount), 11: need(NETTING_CLAIMS), **REMARKS,
                         **APPROVAL},
    "netting_agreed": {**REMARKS, **APPROVAL},
    "netting_refused": REMARKS,
    "netting_withdrawn": REMARKS,
    "netting_reproposed": {10: need(is_amount), 11: may(NETTING_CLAIMS), **REMARKS, **APPROVAL},
    "netting_remitted": {9: need(is_currency), 10: need(is_amount), 11: need(is_text(64)), 12: need(is_day), **REMARKS,
                         **APPROVAL},
    "netting_confirmed": {12: may(is_day), **REMARKS},
    "netting_not_found": REMARKS,
    "noted": SPOKEN,
    "cancel_wished": REMARKS,
    "resolved": {8: need(is_id), **REMARKS},
    "restated": {8: need(is_id)},
}

NOTES = ("noted", "cancel_wished")
TERMS_KINDS = ("requested", "offered", "answered", "offer_countered", "amended", "offered_unasked", "issued_unordered")
OPENERS = {
    "requested": "order", "offered_unasked": "order", "issued": "issue", "taken": "issue", "issued_unordered": "issue",
    "claimed": "claim", "claimed_unacknowledged": "claim", "refund_claimed": "claim", "adjustment_proposed": "adjustment",
    "netting_proposed": "netting",
}
# What opens a thread, and the side of its signer; field 8 names the party of the other side.
THREAD_OPENERS = {"requested": "R", "offered_unasked": "S", "issued_unordered": "S", "netting_proposed": "S"}
OTHER_SIDE = {"R": "S", "S": "R"}
LETTERS = {"order": "O", "issue": "I", "claim": "C", "adjustment": "A", "netting": "N"}

# (part type, state before, kind): the role by side. An opener's state before is None.
TABLE = {}
# The same keys for moves that need no pen: whether the move stands over one of the other party, yields to it, or a rule says.
STANDING = {}
for _row in """
order - requested R orderer
order requested offered S issuer
order requested declined S issuer
order requested asked S issuer
order clarify answered R orderer
order clarify withdrawn R orderer
order offered accepted R orderer
order offered offer_countered R orderer
order offered rejected R orderer
order agreed amended S issuer
order agreed unfilled S issuer
order agreed closed S issuer
order amendment_offered accepted R orderer
order amendment_offered refused R orderer
order - offered_unasked S issuer
order requested oral_denied S issuer
order offered oral_denied R orderer
order requested withdrawn R orderer yields
order offered withdrawn S issuer yields
issue - issued S issuer
issue - taken R receiver
issue taken taken_issued S issuer
issue taken denied S issuer
issue denied withdrawn R orderer
issue denied stood R dispute
issue issued receipted R receiver
issue issued not_arrived R receiver
issue difference concurred S issuer
issue difference contested S issuer
issue difference annulled S issuer
issue contested figures_taken R receiver
issue contested figures_restated R receiver
issue contested stood R dispute
issue disputed resolution_proposed S dispute
issue resolution resolution_agreed R dispute
issue resolution resolution_countered R dispute
issue return_due return_issued R receiver
issue return_due cash_elected R receiver
issue returning return_accepted S issuer
issue returning return_refused S issuer
issue exchange_due cash_elected R receiver
issue exchange_due exchange_linked R receiver
issue exchanging exchange_certified S issuer
issue exchanging certify_refused S issuer
issue return_due converted S claims rule
issue returning converted S claims rule
issue exchange_due converted S claims rule
issue exchanging converted S claims rule
issue return_due waived S waiver stands
issue returning waived S waiver stands
issue exchange_due waived S waiver stands
issue exchanging waived S waiver stands
issue receipted waived S waiver stands
issue - issued_unordered S issuer
issue unordered ratified R orderer
issue unordered repudiated R orderer
issue repudiated withdrawn S issuer
issue repudiated taken_up S dispute
issue unordered withdrawn S issuer yields
issue issued withdrawn S issuer yields
issue taken withdrawn R orderer yields
claim - claimed S claims
claim claimed approved R payer
claim claimed queried R payer
claim queried credited S claims
claim queried reclaimed S claims
claim queried upheld S claims
claim upheld approved R payer
claim upheld escalated R payer
claim escalated figured S dispute
claim figured figure_agreed R dispute
claim figured figure_countered R dispute
claim payable remitted R payer
claim remitted confirmed S claims
claim remitted not_found S claims
claim - claimed_unacknowledged S claims
claim - refund_claimed S claims
claim claimed withdrawn S claims yields
claim queried withdrawn S claims
claim upheld withdrawn S claims yields
claim escalated withdrawn S claims
claim figured withdrawn S claims yields
adjustment - adjustment_proposed R receiver
adjustment - adjustment_proposed S issuer
adjustment proposed_by_receiver adjustment_agreed S issuer
adjustment proposed_by_receiver adjustment_refused S issuer
adjustment proposed_by_receiver withdrawn R receiver yields
adjustment proposed_by_supplier adjustment_agreed R receiver
adjustment proposed_by_supplier adjustment_refused R receiver
adjustment proposed_by_supplier withdrawn S issuer yields
claim payable netted R netting
claim claimed waived S waiver rule
claim queried waived S waiver rule
claim upheld waived S waiver rule
claim escalated waived S waiver rule
claim figured waived S waiver rule
claim payable waived S waiver rule
claim remitted waived S waiver rule
netting - netting_proposed S netting
netting proposed netting_agreed R netting
netting proposed netting_refused R netting
netting proposed netting_withdrawn S netting yields
netting agreed netting_remitted R netting
netting agreed netting_reproposed S netting yields
netting remitted netting_confirmed S netting
netting remitted netting_not_found S netting
""".split("\n"):
    if _row:
        _part, _before, _kind, _side, _role, *_word = _row.split()
        _place = _part, None if _before == "-" else _before.replace("_", " "), _kind
        TABLE.setdefault(_place, {})[_side] = _role
        if _word:
            STANDING[_place] = _word[0]
del _row, _part, _before, _kind, _side, _role, _word, _place
