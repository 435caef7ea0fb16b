#!/bin/bash
# Story 5, the worse half of it. The keyboard refuses the supplier another price than was agreed (03-meters-prices-units.t). Here the supplier's program is not ours: it
# signs what it likes. It accepts its own amendment in the receiver's place, and bills by it. Neither binds anybody, at either home, and the audit shows who did it.
. "$(dirname "$0")/story.sh"
two_homes
at 2015-03-02T00:00:00Z

agree gb "$lodging"
agreed=$made_id
issue jp "$order" --line 'line=1 quantity=40 meter_reading="guest list"'
exchange gb jp
move gb receipt "$part"
receipted=$made_id
exchange gb jp
must gb --json why "$order"
request=$(sed -n 's/.*"id":"\([0-9a-f]*\)".*"support.requested".*/\1/p; s/.*"support.requested".*"id":"\([0-9a-f]*\)".*/\1/p' "$work/out" | head -n 1)

printf 'request %s\nagreed %s\nreceipted %s\n' "$request" "$agreed" "$receipted" >"$work/labels"
cat >"$work/forged" <<END
{"home":1,"tally":0,"at":1425340800000,"grant":{"number":41,"officer":"jp.billing","post":"Billing","roles":["claims","issuer","orderer"],"until":"2016-03-31T00:00:00Z"}}
{"home":1,"tally":0,"at":1425340801000,"desk":41,"kind":"support.amended","as":"amended","thread":"request","part":"request","answers":["agreed"],"fields":{"lines":[{"line":1,"category":"billeting","kind":"service","description_en":"Lodging","quantity":"40","unit":"DAY","meter":"person-nights","unit_price_minor":6000,"price_basis":"own_forces","currency":"JPY","settlement":"cash"}]}}
{"home":1,"tally":0,"at":1425340802000,"desk":41,"kind":"support.accepted","as":"accepted","thread":"request","part":"request","answers":["amended"],"fields":{"terms":"amended"}}
{"home":1,"tally":0,"at":1425340803000,"desk":41,"kind":"support.claimed","as":"dear","thread":"request","refs":["accepted","receipted"],"fields":{"currency":"JPY","total_minor":240000}}
{"home":1,"tally":0,"at":1425340804000,"desk":41,"kind":"support.claimed","as":"dearer","thread":"request","refs":["amended","receipted"],"fields":{"lines":[{"issue":1,"line":1,"amount_minor":240000}],"currency":"JPY","total_minor":240000}}
END
ok "another program signs what it likes" "$BUILD/rehearsal" "$work/gb" "$work/jp" "$work/labels" <"$work/forged"
at 2015-03-04T00:00:00Z
exchange gb jp
forged() { sed -n "s/^$1 //p" "$work/labels"; }
for home in gb jp; do
	is "$home: the amendment is an offer" "$(verdict_of $home "$(forged amended)")" valid
	is "$home: that the supplier accepts itself is void" "$(verdict_of $home "$(forged accepted)")" "void K10"
	is "$home: a bill that rests on it is void" "$(verdict_of $home "$(forged dear)")" "void K8"
	is "$home: and so is one at another price" "$(verdict_of $home "$(forged dearer)")" "void S63"
	is "$home: the audit shows that one side signed for both" "$(findings $home --rule I16 | grep -c "$(forged accepted)")" 1
	is "$home: and that the bill is not the sum of the terms" "$(findings $home --rule I26 | grep -c "$(forged dearer)")" 1
	must $home show "$(forged accepted)"
	says "$home: and who it was" jp.billing
done
both_say "the receiver holds the pen over the amendment" "$order" "amendment offered"
must gb support account
says "what is owed is what was agreed" "JPY 208,000"
move gb refuse "$order"
exchange gb jp
claim jp "$order" "$part" JPY 208000
exchange gb jp
both_say "and that is billed" "$made" claimed
both_match "both halves match"
done_testing
