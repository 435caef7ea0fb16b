"""The support domain (docs/support-rules.md), as the fold asks for it."""
from support_kinds import KINDS, LETTERS, NOTES, OPENERS, OTHER_SIDE, STANDING, TABLE, THREAD_OPENERS
from support_order import ORDER_GUARDS
from support_parts import PART_GUARDS
from support_rest import REST_GUARDS
from support_settle import SETTLE_GUARDS, prevails
from support_state import data_of, step

RULE_SET = 1
RULE_SET_KEY = 20
PREFIX = "S"
GUARDS = ORDER_GUARDS + PART_GUARDS + REST_GUARDS + SETTLE_GUARDS


def side(move):
    """R or S, or None for a third party. In a refund claim the sides are exchanged."""
    first = THREAD_OPENERS[move.opening.kind_name]
    if move.part is not None and move.part.kind_name == "refund_claimed":
        first = OTHER_SIDE[first]
    if move.party == move.opening.party:
        return first
    other = move.opening.move_own.get(8)
    if other in move.tally.parties and move.party == move.tally.parties.index(other):
        return OTHER_SIDE[first]
    return None


def sides(tally, opening):
    """The two parties of a thread."""
    return {opening.party, tally.parties.index(opening.move_own[8])}
