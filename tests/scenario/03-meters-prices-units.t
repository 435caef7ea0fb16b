#!/bin/bash
# Stories 3, 5 (the worse half of it is 05-price-edited.t), 6 and 12 of the first list: a service that nobody meters, a price changed afterwards, litres entered as gallons, and three
# deliveries of which the middle one is disputed.
. "$(dirname "$0")/story.sh"
two_homes

# Story 3: seats in a helicopter, and nobody has said how they are counted. 17 partners were never billed for the like.
seats='line=1 category=transport kind=service description_en=Seats quantity=12 unit=C62 unit_price_minor=31000 price_basis=own_forces currency=GBP settlement=cash'
harmless 1 "a service that nobody meters is refused at the request" "meter" gb support request --supplier JP --activity 1b --place Cebu \
	--deliver-on 2015-03-10 --charter --line "$seats"
request gb "$seats meter=seats"
is "with a meter it goes out" "$made_state" requested

# Story 5: the supplier would like another price after all.
agree gb "$lodging"
order5=$order
issue jp "$order" --line 'line=1 quantity=40 meter_reading="guest list"'
part5=$part
exchange gb jp
move gb receipt "$part5"
exchange gb jp
harmless 1 "a claim at a price that was not agreed is refused" "S67" jp support claim "$order" --also "$part5" --currency JPY --total-minor 240000
move jp amend "$order" --line "${lodging/unit_price_minor=5200/unit_price_minor=6000}"
exchange gb jp
both_say "the new price stands as an offer, and the receiver holds the pen" "$order" "amendment offered"
harmless 1 "the supplier cannot bill by it meanwhile" "S67" jp support claim "$order" --also "$part5" --currency JPY --total-minor 240000
move gb refuse "$order"
exchange gb jp
both_say "the receiver keeps the terms agreed" "$order5" agreed
claim jp "$order" "$part5" JPY 208000
exchange gb jp
both_say "and is billed by them" "$made" claimed
must gb why "$order5"
says "who wished for another price, and when, can be seen" "support.amended"

# Story 6: 250,000 litres of water, entered as gallons: first by the supplier, then in an order.
bulk='line=1 category=water kind=supply description_en=Water quantity=250000 unit=LTR unit_price_minor=1 price_basis=own_forces currency=GBP settlement=cash'
agree jp "$bulk"
harmless 1 "gallons issued against litres are refused: it would be far more than was agreed" "S40" gb support issue "$order" \
	--delivered-at "$now" --utc-offset-minutes 480 --place Tacloban --line 'line=1 quantity=250000 unit=GLL'
agree jp "${bulk/LTR/GLL}"
issue gb "$order"
exchange gb jp
must jp support show "$order"
says "what was ordered and issued reads gallons" "250,000 US gal"
move jp receipt "$part" --line 'line=1 accepted=250000 unit=LTR reason=wrong_unit'
exchange gb jp
both_say "litres received for gallons issued make a difference" "$part" difference
must gb support show "$order"
says "which the supplier is shown, in its own unit" "66,043.013"
must gb show "$made_id"
says "and why" "wrong_unit"
move gb concur "$part"
exchange gb jp
harmless 1 "the gallons are not claimable" "S67" gb support claim "$order" --also "$part" --currency GBP --total-minor 250000
claim gb "$order" "$part" GBP 66043
exchange gb jp
both_say "the litres are, in gallons and to the penny" "$made" claimed

# Story 12: three deliveries; the middle one is disputed.
agree gb "$diesel"
parts=()
for quantity in 300 310 290; do
	issue jp "$order" --line "line=1 quantity=$quantity"
	parts+=("$part")
done
exchange gb jp
move gb receipt "${parts[0]}"
move gb receipt "${parts[1]}" --line 'line=1 accepted=200 reason=short'
move gb receipt "${parts[2]}"
exchange gb jp
move jp contest "${parts[1]}" --remarks "the bowser was full"
exchange gb jp
move gb stand "${parts[1]}"
exchange gb jp
claim jp "$order" "${parts[0]}" JPY 64900 --also "${parts[2]}"
exchange gb jp
both_say "the middle delivery is disputed" "${parts[1]}" disputed
both_say "the other two are billed" "$made" claimed
bill=$made
gb_as 2
move gb approve "$bill"
move gb remit "$bill" --currency JPY --amount-minor 64900 --reference B12 --value-on 2015-03-09
gb_as 1
exchange gb jp
move jp confirm "$bill"
exchange gb jp
both_say "and paid, while the middle one waits" "$bill" settled
both_say "the middle one is in dispute all the while" "${parts[1]}" disputed
harmless 1 "the disputed one cannot be billed meanwhile" "S32" jp support claim "$order" --also "${parts[1]}" --currency JPY --total-minor 34100
both_match "both halves match"
done_testing
