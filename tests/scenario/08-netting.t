#!/bin/bash
# Story 8. A claim in yen and a claim in pounds are to be netted: without a rate that is refused; with one, its source and its day, both sign, each sets
# its own claim off in its own order, and one payment is made instead of two. Meanwhile one claim of another netting is paid: it drops out.
. "$(dirname "$0")/story.sh"
office_roles=dispute,issuer,netting,orderer,payer,receiver
two_homes
office() { # HOME VERB...: a move by the desk in the office
	local gb_desk=2 jp_desk=12
	move "$@"
}
at 2015-03-02T00:00:00Z

# HOME LINE CURRENCY MINOR: from the request to a claim that is approved; `made` is the claim's number.
payable() {
	local home=$1 other
	other=$(other_side "$home")
	agree "$home" "$2"
	issue "$other" "$order"
	exchange gb jp
	move "$home" receipt "$part"
	exchange gb jp
	claim "$other" "$order" "$part" "$3" "$4"
	exchange gb jp
	office "$home" approve "$made"
	exchange gb jp
}
owed() { # HOME DIRECTION: per currency, what is owed
	try "$1" --json support account
	sed 's/"currency"/\n&/g' "$work/out" | sed -n 's/^"currency":"\([A-Z]*\)".*"'"$2"'":{[^}]*"owed_minor":\([0-9]*\).*/\1 \2/p' | sort | paste -sd' '
}
payable gb "$diesel" JPY 99000
yen=$made
payable jp "$water" GBP 10000
pounds=$made
payable gb "$water" GBP 10000
paid=$made
gb_desk=2 jp_desk=12
is "Britain owes yen and pounds" "$(owed gb we_owe)" "GBP 10000 JPY 99000"
is "Japan owes pounds" "$(owed gb owed_to_us)" "GBP 10000 JPY 0"

harmless 1 "without a rate there is no netting" "without a rate" jp support net --claim "$yen" --claim "$pounds" --currency JPY
harmless 1 "nor without its source" "--source" jp support net --claim "$yen" --claim "$pounds" --currency JPY --rate GBP=165
harmless 1 "the net creditor proposes" "the net creditor proposes" jp support net --claim "$yen" --claim "$pounds" --currency JPY \
	--rate GBP=1000 --source BoE --on 2015-02-27
office jp net --claim "$yen" --claim "$pounds" --currency JPY --rate GBP=165 --source "Bank of England" --on 2015-02-27
netting=$made
harmless 1 "a claim stands in one netting at a time" "stands in netting" jp support net --claim "$yen" --claim "$pounds" --currency JPY \
	--rate GBP=165 --source BoE --on 2015-02-27
harmless 2 "nothing is set off before both have agreed" "both have agreed" gb support set-off "$yen"
exchange gb jp
must gb support show "$netting"
says "100 pounds are 16,500 yen" "JPY 82,500"
office gb agree-netting "$netting"
exchange gb jp
office gb set-off "$yen"
must gb support show "$netting"
says "one of two claims is set off" "1 / 2 netted"
is "what one owes the other is as before" "$(owed gb we_owe) $(owed gb owed_to_us)" "GBP 10000 JPY 99000 GBP 10000 JPY 0"
exchange gb jp
office jp set-off "$pounds"
exchange gb jp
must gb support show "$netting"
says "then both" "2 / 2 netted"
both_say "the claim in yen has ended" "$yen" netted
both_say "so has the claim in pounds" "$pounds" netted
is "one sum is left" "$(owed gb we_owe)" "GBP 10000 JPY 82500"
office gb remit-netting "$netting" --currency JPY --amount-minor 82500 --reference B7 --value-on 2015-03-02
exchange gb jp
office jp confirm-netting "$netting"
exchange gb jp
both_say "it is paid" "$netting" settled
is "and nothing of it is owed" "$(owed gb we_owe)" "GBP 10000"

gb_desk=1 jp_desk=11
# Another netting; one of its claims is paid by a desk that has not heard of it.
payable jp "$water" GBP 10000
one=$made
payable jp "$water" GBP 10000
two=$made
office gb net --claim "$one" --claim "$two" --claim "$paid"
netting=$made
exchange gb jp
office jp agree-netting "$netting"
exchange gb jp
office jp remit "$one" --currency GBP --amount-minor 10000 --reference B8 --value-on 2015-03-03
exchange gb jp
gb_desk=2 jp_desk=12
harmless 1 "a claim that was paid is not netted anew" "must be approved and unpaid" gb support net "$netting" --claim "$one" --claim "$two" --claim "$paid"
office gb net "$netting" --claim "$two" --claim "$paid"
is "the residue is proposed" "$made_state" proposed
exchange gb jp
office jp agree-netting "$netting"
is "a net of nothing is settled when both have signed" "$made_state" settled
exchange gb jp
office jp set-off "$two"
exchange gb jp
office gb set-off "$paid"
exchange gb jp
must jp support list
says "the netting is listed" "$netting"
both_say "the claim that was paid goes on by itself" "$one" remitted
both_match "both halves are the same"
done_testing
