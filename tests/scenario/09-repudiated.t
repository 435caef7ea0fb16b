#!/bin/bash
# Story 9. A clinic takes in the sick of another navy in an emergency, and nobody has ordered it: ratified and paid, repudiated and withdrawn,
# repudiated and settled one level up.
. "$(dirname "$0")/story.sh"
two_homes
at 2015-03-10T06:00:00Z

beds='line=1 category=medical kind=service description_en="Bed-nights" quantity=12 unit=DAY meter=bed-nights unit_price_minor=42000 price_basis=own_forces currency=JPY settlement=cash'
unordered=(jp support issue-unordered --receiver GB --activity 1b --line "$beds" --place Tacloban --utc-offset-minutes 540
	--delivered-at "$now" --delivery-offset-minutes 480)
harmless 1 "what nobody counted is not even stated" "meter" "${unordered[@]}"
emergency() { # QUANTITY
	move jp issue-unordered --receiver GB --activity 1b --line "${beds/quantity=12/quantity=$1}" --place Tacloban \
		--utc-offset-minutes 540 --delivered-at "$now" --delivery-offset-minutes 480 --meter 'line=1 meter_reading="ward book"'
	order=$made
	exchange gb jp
}

# Ratified. The clinic has it in a file.
harmless 2 "a file does not say when it was" "utc-offset-minutes" jp support import "$top/data/haiyan-2013/orders.csv" --only 07 --delivered-at "$now"
move jp import "$top/data/haiyan-2013/orders.csv" --only 07 --delivered-at "$now" --utc-offset-minutes 540 --meter-reading "ward book"
order=$made
exchange gb jp
both_say "twelve nights that nobody ordered wait for the receiver" "$order" unordered
must gb support list --waiting us
says "they are on its list, by the number of the thread" "$order  unordered"
must gb support account
says "and nothing of them is owed yet" "we owe      JPY 0    JPY 0 "
harmless 1 "the supplier cannot bill them" "S32" jp support claim "$order" --currency JPY --total-minor 504000
harmless 1 "nobody ratifies without the Charter statement" "S5" gb support ratify "$order"
move gb ratify "$order" --charter
is "ratified, they are receipted at once" "$made_state" receipted
exchange gb jp
claim_of_it() { # MINOR
	move jp claim "$order" --currency JPY --total-minor "$1"
	bill=$made
	exchange gb jp
}
claim_of_it 504000
gb_as 2
move gb approve "$bill"
move gb remit "$bill" --currency JPY --amount-minor 504000 --reference B9 --value-on 2015-03-20
gb_as 1
exchange gb jp
move jp confirm "$bill"
exchange gb jp
both_say "and paid for" "$bill" settled

# Repudiated and withdrawn.
emergency 3
move gb repudiate "$order" --reason not_received --remarks "no such patients on our list"
exchange gb jp
both_say "three more were of another ship" "$order" repudiated
move jp withdraw "$order" --remarks "of HMAS Tobruk"
exchange gb jp
both_say "they are withdrawn" "$order" withdrawn

# Repudiated and settled one level up.
emergency 5
move gb repudiate "$order" --reason not_ordered
exchange gb jp
move jp take-up "$order" --remarks "your liaison officer asked for them"
exchange gb jp
both_say "five are disputed" "$order" disputed
move jp propose "$order" --line 'line=1 quantity=4'
exchange gb jp
harmless 1 "to agree is to ratify, with the Charter statement" "S102" gb support agree "$order"
move gb agree "$order" --charter
exchange gb jp
both_say "four are agreed on, one level up" "$order" receipted
claim_of_it 168000
both_say "and billed" "$bill" claimed
must gb support show "$order"
says "the order that came of it is agreed" "agreed"
both_match "both halves match"
done_testing
