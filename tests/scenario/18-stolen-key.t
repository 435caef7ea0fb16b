#!/bin/bash
# Story 18. A desk's key is stolen with the machine it lies on, and both go on writing: its log forks. The fork is found and proven at the
# first sync; the officer's facts, which came second, are entered anew from another desk.
. "$(dirname "$0")/story.sh"
two_homes
agree jp "$water"
desk gb 3 "$field_roles" "Supply officer"
exchange gb jp
root_to_safe gb

# The thief has the whole machine, to the last byte: nothing outside the homes can tell the two apart. The safe was not in it.
mine=$work
copy_world
thief=$copied
rm -r "$thief/safe"

# The officer hands over 400 litres. The thief's machine says that it was 555, and reaches Japan first.
issue gb "$order" --line 'line=1 quantity=400'
true_issue=$made_id true_part=$part
in_world "$thief"
issue gb "$order" --line 'line=1 quantity=555'
false_issue=$made_id false_part=$part
bundle gb jp "$mine/thief.bundle"
in_world "$mine"
must jp bundle read "$work/thief.bundle"
is "Japan holds the thief's issue, and nothing looks wrong yet" "$(verdict_of jp "$false_issue")" valid

# Japan knows an entry of the desk that the officer's home has never seen: one of the two homes must be a copy.
try gb --json sync "'$WARIFU' --home '$work/jp' --now $now sync --stdio"
is "the first sync of the officer's home ends with a warning" $status 4
says "which says what to do" "home adopt"
for home in gb jp; do
	must $home --json desk list
	ok "$home: the desk's log is seen to be forked" grep -q '"number":3,.*"standing":"forked"' "$work/out"
done
is "what Japan had acknowledged before anyone knew stands, even though a thief signed it" "$(verdict_of jp "$false_issue")" valid
is "what the officer signed at the same place came second, and is void" "$(verdict_of gb "$true_issue")" "void K3"
harmless 4 "the home, of which there are two, writes nothing with its old keys" "adopt" gb support note "$order" --remarks "x"

# The way out: the home gives up its keys, the root grants new ones, and the stolen desk is revoked.
must gb home adopt --yes
gb_as ""
must gb home request --label "first home, new keys" --strength light -o "$work/card"
must gb --keys "$work/safe" home grant "$work/card" --yes
must gb desk request --officer gb.officer.3 --post "Supply officer" --roles "$field_roles" --strength light -o "$work/card"
must gb --keys "$work/safe" desk grant "$work/card" --number 4 --yes
must gb --keys "$work/safe" desk revoke 3 --reason "key stolen"
gb_as 4
exchange gb jp

# Japan says that nothing of the 555 litres came, Britain annuls them; then the officer's facts are adopted.
move jp not-arrived "$(numbered jp "$order" "$false_issue")"
exchange gb jp
move gb annul "$(numbered gb "$order" "$false_issue")"
move gb restate "$order" --entry "$true_issue"
restated=$made
exchange gb jp
both_say "the officer's facts stand again, under the new desk" "$restated" issued
ok "as an issue of its own" test "$true_part $false_part" != "$restated $restated"
move jp receipt "$restated"
exchange gb jp
claim gb "$order" "$restated" GBP 4000
exchange gb jp
both_say "and are claimed: 400 litres, not 555" "$made" claimed
both_match "both halves match"
done_testing
