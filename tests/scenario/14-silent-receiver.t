#!/bin/bash
# Story 14. The receiver never answers. The supplier claims on its own evidence; the receipt comes late, with other figures: once before the
# payment is approved, once behind the back of the office that approves it.
. "$(dirname "$0")/story.sh"
two_homes
second_home gb2 gb 15 "Receiving officer"
exchange gb jp
at 2015-03-02T00:00:00Z
agree gb "$diesel"
delivered() { # QUANTITY
	issue jp "$order" --line "line=1 quantity=$1" --voucher "V$1"
	exchange gb jp
}
delivered 400
first=$part
delivered 300
second=$part
exchange gb2 gb --with GB

unacknowledged() { # ISSUE MINOR
	move jp claim-unacknowledged "$order" --also "$1" --currency JPY --total-minor "$2"
	bill=$made
	exchange gb jp
}
at 2015-04-04T14:59:59Z
harmless 1 "for three days and thirty of grace the supplier waits" "2015-04-04T15:00:00Z" jp support claim-unacknowledged "$order" \
	--also "$first" --currency JPY --total-minor 44000
at 2015-04-04T15:00:00Z # midnight in Japan
unacknowledged "$first" 44000
first_bill=$bill
both_say "then it claims on its own evidence" "$first_bill" claimed
must gb support show "$order"
says "the claim is marked" "claimed (not acknowledged)"

# The receipt comes before the payment is approved.
move gb receipt "$first" --line 'line=1 accepted=380 reason=short'
gb_as 2
move gb query "$first_bill" --reason quantity
gb_as 1
exchange gb jp
move jp concur "$first"
move jp reclaim "$first_bill" --total-minor 41800
exchange gb jp
both_say "late figures go through the table" "$first" receipted
both_say "and the claim is mended to them" "$first_bill" claimed
must gb support account
says "what is owed is what came" "JPY 41,800"

# The office approves while the quay, which has no link, writes its receipt.
unacknowledged "$second" 33000
second_bill=$bill
gb_as 2
move gb approve "$second_bill"
is "the office approves" "$made_state" payable
gb_as 1
is "what is paid for waits for no receipt any more" "$(shown gb "$second")" acknowledged
harmless 3 "nor can it be receipted" "acknowledged" gb support receipt "$second"
gb_as 15
move gb2 receipt "$second" --line 'line=1 accepted=290 reason=short'
is "the quay, which does not know, states a difference" "$made_state" difference
exchange gb2 gb --with GB
gb_as 1
exchange gb jp
move jp concur "$second"
exchange gb jp
must jp support account
says "what was charged too much is taken off" "JPY -1,100"
move gb claim-refund "$order" --also "$second" --currency JPY --total-minor 1100
refund=$made
exchange gb jp
both_say "and the receiver claims it back" "$refund" claimed
jp_as 12
move jp approve "$refund"
move jp remit "$refund" --currency JPY --amount-minor 1100 --reference R1 --value-on 2015-04-20
jp_as 11
exchange gb jp
move gb confirm "$refund"
exchange gb jp
both_say "which the supplier pays" "$refund" settled
both_match "both halves match"
done_testing
