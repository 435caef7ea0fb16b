#!/bin/bash
# Story 7. Diesel was to come back within twelve months. On the day after the grace Japan turns it into money; a British ship out of touch has
# returned it. Which of the two stands is the same at both, whichever is read first.
. "$(dirname "$0")/story.sh"
two_homes
at 2013-11-26T08:00:00Z
lent='line=1 category=fuel kind=supply description_en=Diesel quantity=900 unit=LTR unit_price_minor=110 price_basis=contract currency=JPY settlement=return_like fuel_code=F-76'
lend() {
	agree gb "$lent"
	issue jp "$order"
	exchange gb jp
	move gb receipt "$part"
	exchange gb jp
}
lend
in_time=$part
lend
late=$part late_order=$order
lend
taken_up=$part taken_up_order=$order

harmless 1 "before the day nothing is converted" "possible from 2014-12-26T15:00:00Z on" jp support convert "$in_time" --at 2014-12-26T14:59:59Z

# The British home is out of touch; on the day before it returns one issue, on the day itself another.
at 2014-12-26T14:00:00Z
move gb return "$in_time" --returned-at "$now"
returned=$made_id
at 2014-12-26T15:00:00Z
move gb return "$late" --returned-at "$now"
returned_late=$made_id
converted=()
for part in "$in_time" "$late" "$taken_up"; do
	move jp convert "$part"
	converted+=("$made_id")
done
claim jp "$late_order" "$late" JPY 99000
bundle gb jp "$work/from-gb.bundle"
bundle jp gb "$work/from-jp.bundle"
copy_world
must gb bundle read "$work/from-jp.bundle"
must jp bundle read "$work/from-gb.bundle"
both_match "Britain reads first: both have the same state"
gb_first=$(digest gb)
both_say "what was returned before the day is returning" "$in_time" returning
is "its conversion is overtaken" "$(verdict_of jp "${converted[0]}")" "overtaken"
both_say "what was returned on the day is owed in money" "$late" receipted
is "that return is overtaken" "$(verdict_of gb "$returned_late")" "overtaken"
is "the other is valid" "$(verdict_of gb "$returned")" "valid"
move jp accept-return "$in_time"
exchange gb jp
both_say "the return is accepted" "$in_time" settled

in_world "$copied"
must jp bundle read "$work/from-gb.bundle"
must gb bundle read "$work/from-jp.bundle"
both_match "Japan reads first: both have the same state"
is "which of them reads first makes no difference" "$(digest gb)" "$gb_first"

claim jp "$taken_up_order" "$taken_up" JPY 99000
exchange gb jp
gb_desk=2
move gb approve "$made"
gb_desk=1
exchange gb jp
both_say "a claim that came of a conversion is approved" "$made" payable
harmless 1 "then there is nothing more to return" "it has ended" gb support return "$taken_up" --returned-at "$now" --at 2014-12-26T14:00:00Z
done_testing
