#!/bin/bash
# Story 16. A desk is revoked after the partner has acted on its order. The debt stands; what nobody has acted on does not.
. "$(dirname "$0")/story.sh"
two_homes
desk gb 3 "$field_roles" "Second field officer"
gb_as 3
request gb "$water"
acted_on=$made
request gb "$lodging"
left=$made
exchange gb jp
offer jp "$acted_on"
offer jp "$left"
exchange gb jp
move gb accept "$acted_on"
exchange gb jp
order=$acted_on
issue jp "$order"

# The officer, out of touch, signs once more; then the bag with the device is stolen. Headquarters revokes the desk from before the day on
# which it accepted anything, and does not know that Japan has delivered meanwhile.
move gb accept "$left"
accepted_left=$made_id
gb_as 1
must gb desk revoke 3 --reason "device stolen" --last-good 2
is "what the desk signed after its last good entry is void where nobody has acted on it" "$(verdict_of gb "$accepted_left")" "void K2"
is "what the partner had acknowledged before it could know of the revocation stands" "$(state_of gb "$acted_on")" agreed
harmless 1 "the desk signs no more" "K2" gb --desk 3 support note "$acted_on" --remarks "hello"

exchange gb jp
both_say "after a sync the order on which Japan has delivered is agreed on both sides" "$acted_on" agreed
both_say "and the one that it had only offered is offered still" "$left" offered
move gb receipt "$part"
exchange gb jp
claim jp "$order" "$part" GBP 10000
claimed=$made
exchange gb jp
gb_as 2
move gb approve "$claimed"
exchange gb jp
both_say "the debt is claimed and approved" "$claimed" payable
both_match "and both halves match"
done_testing
