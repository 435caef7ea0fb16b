#!/bin/bash
# Story 21. The root key is lost with the safe it lay in. The recovery key, kept elsewhere, names a new one, and the work goes on.
. "$(dirname "$0")/story.sh"
two_homes
agree jp "$water"
mine=$work
copy_world # whoever has the safe can grant himself a desk with the old root
thief=$copied

must gb party show --json
root=$(value root)
mkdir "$work/safe"
mv "$work/gb/keys/$root.key" "$work/safe/"
must gb desk request --officer gb.relief.6 --post "Relief officer" --roles "$field_roles" --strength light -o "$work/card"
harmless 4 "without the root key nobody is granted anything" "root key" gb desk grant "$work/card" --number 6 --yes
try gb --json log --of "${root:0:16}" --count 1
must gb --json party recover --last-good "$(value seq)"
replaced=$(value id)
must gb desk grant "$work/card" --number 6 --yes
gb_as 6
issue gb "$order" --line 'line=1 quantity=300'
granted_anew=$part
exchange gb jp
must jp party confirm "$replaced"
exchange gb jp
both_say "the desk that the new root granted has issued, and Japan takes it so" "$granted_anew" issued
gb_as 1
issue gb "$order" --line 'line=1 quantity=200'
exchange gb jp
both_say "what the old root granted before stands: its desk goes on" "$part" issued

in_world "$thief"
desk gb 8 "$field_roles" "Nobody"
issue gb "$order" --line 'line=1 quantity=500'
false_issue=$made_id
bundle gb jp "$mine/thief.bundle"
in_world "$mine"
gb_as 1
try jp bundle read "$work/thief.bundle"
try gb --json sync "'$WARIFU' --home '$work/jp' --now $now sync --stdio"
is "what the lost root granted afterwards is void" "$(verdict_of jp "$false_issue" | cut -d' ' -f1)" void
move jp receipt "$granted_anew"
exchange gb jp
claim gb "$order" "$granted_anew" GBP 3000
exchange gb jp
both_say "the work goes on, up to the claim" "$made" claimed
both_match "both halves match"
done_testing
