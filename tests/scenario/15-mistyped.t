#!/bin/bash
# Story 15. A mistyped issue, receipt, claim and remittance, each mended in its own way, and nothing is rubbed out.
. "$(dirname "$0")/story.sh"
two_homes
agree gb "$diesel"

# The issue: withdrawn, and written anew.
issue jp "$order" --line 'line=1 quantity=90'
wrong=$part
move jp withdraw "$wrong" --remarks "900, not 90"
is "a mistyped issue is withdrawn" "$made_state" withdrawn
issue jp "$order" --line 'line=1 quantity=900'
exchange gb jp
both_say "both see the one and the other" "$wrong" withdrawn
both_say "only the other counts" "$part" issued

# The receipt: an adjustment, which the supplier agrees to.
move gb receipt "$part"
exchange gb jp
move gb propose-adjustment "$part" --line 1 --quantity 800 --reason short --remarks "100 came back in the bowser"
adjustment=$made
exchange gb jp
both_say "a mistyped receipt is not touched; the right figure is proposed beside it" "$adjustment" "proposed by receiver"
move jp agree-adjustment "$adjustment"
exchange gb jp
both_say "and agreed to" "$adjustment" adjusted
must gb support account
says "the account knows already" "JPY -11,000"

# The claim: withdrawn, and made anew.
move jp claim "$order" --also "$part" --currency JPY --total-minor 99000
wrong=$made
exchange gb jp
move jp withdraw "$wrong" --remarks "without the adjustment"
exchange gb jp
both_say "a mistyped claim is withdrawn" "$wrong" withdrawn
move jp claim "$order" --also "$part" --also "$adjustment" --currency JPY --total 88,000
bill=$made
exchange gb jp
both_say "made anew it carries the adjustment" "$bill" claimed

# The remittance: not found, and stated anew.
gb_as 2
move gb approve "$bill"
move gb remit "$bill" --currency JPY --amount 8万8000 --reference B-71 --value-on 2013-12-01
exchange gb jp
move jp not-found "$bill" --remarks "no such reference"
exchange gb jp
both_say "a mistyped remittance is not found" "$bill" payable
move gb remit "$bill" --currency JPY --amount-minor 88000 --reference B-17 --value-on 2013-12-01
exchange gb jp
harmless 1 "money that came on a day that has begun nowhere yet is asked about first" "has not begun" jp support confirm "$bill" \
	--received-on "$(date -u -d "${now%T*} + 2 days" +%F)"
move jp confirm "$bill" --received-on "$(date -u -d "$now + 13 hours" +%F)" # in Kiribati it may be tomorrow
exchange gb jp
both_say "stated anew it is confirmed" "$bill" settled
must gb support show "$order"
says "the mistyped issue can still be seen" "900, not 90"
says "and the receipt" "100 came back in the bowser"
says "and the remittance" "no such reference"
must gb support account
says "nothing is owed" "nothing"
both_match "both halves match"
done_testing
