#!/bin/bash
# Story 11 of the first list. A desk's key is revoked in the middle of a mission. The mission goes on from another desk.
. "$(dirname "$0")/story.sh"
two_homes
agree gb "$diesel"
desk jp 15 "$field_roles" "Supply officer, JS Towada"
exchange gb jp

issue jp "$order" --line 'line=1 quantity=200'
first=$part
exchange gb jp
move gb receipt "$first"
exchange gb jp
issue jp "$order" --line 'line=1 quantity=300'
second=$part unseen=$made_id

# The officer is relieved, and the desk revoked from the last entry that the other ships know of.
jp_as 11
must jp desk revoke 15 --reason "officer relieved" --last-good 1
is "what it signed unseen after its last good entry is void" "$(verdict_of jp "$unseen")" "void K2"
harmless 1 "the desk signs no more" "K2" jp --desk 15 support note "$order" --remarks "hello"
exchange gb jp
is "Britain sees the same" "$(verdict_of gb "$unseen")" "void K2"
both_say "what Britain had receipted before stands" "$first" receipted

move jp restate "$order" --entry "$unseen"
restated=$made
ok "another desk adopts the facts of the void entry, as an issue of its own" test "$restated" != "$second"
exchange gb jp
move gb receipt "$restated"
exchange gb jp
claim jp "$order" "$first" JPY 55000 --also "$restated"
exchange gb jp
both_say "and both deliveries are billed together" "$made" claimed
both_match "both halves match"
done_testing
