#!/bin/bash
# Typhoon Haiyan, orders 03 and 04: Japan flew 18 t for Britain, Britain 2.6 t for Japan, both on the terms that like service settles them. What
# Britain gave covers a part of what it owes; the rest is paid in yen.
. "$(dirname "$0")/story.sh"
two_homes
office() { # HOME VERB...: a move by the desk in the office
	local gb_desk=2 jp_desk=12
	move "$@"
}
at 2013-11-26T08:00:00Z

# HOME PRICE QUANTITY CURRENCY: agrees an order of flights, at 165 yen for a pound, and hands them over; `order`, `part`.
flights() {
	local home=$1
	request "$home" "line=1 category=transport kind=service description_en=Flights quantity=$3 unit=TNE meter=manifest unit_price_minor=$2 price_basis=own_forces currency=$4 settlement=service_like"
	order=$made
	exchange gb jp
	move "$(other_side "$home")" offer "$order" --utc-offset-minutes 540 --rate 'from=GBP to=JPY rate=165 source="Bank of England" on=2013-11-25'
	exchange gb jp
	move "$home" accept "$order"
	exchange gb jp
	issue "$(other_side "$home")" "$order" --line "line=1 quantity=$3 meter_reading=manifest"
	exchange gb jp
	office "$home" receipt "$part"
	exchange gb jp
}
flights gb 240000 18 JPY
first=$order first_issue=$part
flights jp 120000 2.6 GBP
second=$order second_issue=$part
both_say "18 t of flights wait for flights in return" "$first_issue" "exchange due"
both_say "and 2.6 t" "$second_issue" "exchange due"

harmless 1 "an issue that Britain received is not what it gave" "we received it" gb support link "$first_issue" --against "$first_issue"
harmless 1 "nor does Japan link what it supplied" "we supplied it" jp support link "$first_issue" --against "$second_issue"
move gb link "$first_issue" --against "$second_issue"
is "Britain names its own flights against them" "$made_state" exchanging
exchange gb jp
must jp --json support show "$first"
is "2.6 t at GBP 1,200.00 are JPY 514,800 at 165" "$(value given_minor) $(value applied_minor)" "312000 514800"
harmless 1 "Japan cannot certify another value" "S210" jp support certify "$first_issue" --currency JPY --total-minor 514801
move jp certify "$first_issue" --currency JPY --total-minor 514800
exchange gb jp
both_say "the rest stays due" "$first_issue" "exchange due"

move jp link "$second_issue" --against "$first_issue"
is "the same is written in the other order" "$made_state" exchanging
exchange gb jp
must gb --json support show "$second"
is "the other way round" "$(value given_minor) $(value applied_minor)" "514800 312000"
move gb certify "$second_issue" --currency GBP --total-minor 312000
exchange gb jp
both_say "Japan's order is settled" "$second_issue" settled
harmless 1 "what was given once is not given again" "is not to be exchanged" gb support link "$first_issue" --against "$second_issue"

must gb --json support account
is "Britain owes 18 t of flights less what it gave" "$(value value_minor)" 3805200
move gb elect-cash "$first_issue"
exchange gb jp
harmless 1 "Japan cannot claim all of it" "S67" jp support claim "$first" --also "$first_issue" --currency JPY --total-minor 4320000
claim jp "$first" "$first_issue" JPY 3805200
exchange gb jp
must gb --json support account
is "it owes JPY 3,805,200" "$(sed -n 's/.*"we_owe":{"claimed_minor":\([0-9]*\).*/\1/p' "$work/out")" "3805200"
must gb --lang ja support show "$first"
says "and reads so in Japanese" "充当額"
both_match "both halves are the same"
done_testing
