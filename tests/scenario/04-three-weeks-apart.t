#!/bin/bash
# Story 4. Two ships are out of touch for three weeks and make forty moves each. Then a USB stick goes one way first, or the other.
. "$(dirname "$0")/story.sh"
two_homes
at 2015-03-02T00:00:00Z

# Before they part: one order each way is agreed, with an issue that waits for its receipt.
agree gb "$water"
gb_order=$order
issue jp "$order" --line 'line=1 quantity=10'
gb_waits=$part
agree jp "$water"
jp_order=$order
issue gb "$order" --line 'line=1 quantity=10'
jp_waits=$part
exchange gb jp

# HOME ITS-ORDER ORDER-IT-SUPPLIES WAITING-ISSUE: forty moves of one ship by itself.
alone() {
	local home=$1 mine=$2 supplied=$3 received=$4 day
	move "$home" receipt "$received"
	for day in $(seq 3 20); do
		at "$(printf '2015-03-%02dT08:00:00Z' "$day")"
		issue "$home" "$supplied" --line "line=1 quantity=$day"
		move "$home" take "$mine" --line "line=1 quantity=$day" --delivered-at "$now" --utc-offset-minutes 480 --place Guiuan \
			--handed-over-by "boat crew"
	done
	request "$home" "$lodging"
	request "$home" "$diesel"
	move "$home" note "$mine" --remarks "no link since the second of March"
}
before_gb=$(entries gb) before_jp=$(entries jp)
alone gb "$gb_order" "$jp_order" "$gb_waits"
alone jp "$jp_order" "$gb_order" "$jp_waits"
at 2015-03-23T00:00:00Z
is "each ship has made forty moves by itself" "$(($(entries gb) - before_gb)) $(($(entries jp) - before_jp))" "40 40"
ok "after three weeks apart the halves differ" test "$(digest gb)" != "$(digest jp)"

bundle gb jp "$work/from-gb.bundle"
bundle jp gb "$work/from-jp.bundle"
copy_world # equal to the last byte; there the stick goes the other way

must gb bundle read "$work/from-jp.bundle"
must jp bundle read "$work/from-gb.bundle"
both_match "the British ship reads first, then the Japanese: both have the same state"
gb_first=$(digest gb)

in_world "$copied"
must jp bundle read "$work/from-gb.bundle"
must gb bundle read "$work/from-jp.bundle"
both_match "the Japanese ship reads first, then the British: both have the same state"
is "which of them reads first makes no difference" "$(digest gb)" "$gb_first"

harmless 3 "the same stick again brings nothing" "here already" gb bundle read "$work/from-jp.bundle"
exchange gb jp
both_match "a sync afterwards finds that the halves match"
is "and changes nothing" "$(digest gb)" "$gb_first"
must gb rebuild
is "folding all anew gives the same digest" "$(digest gb)" "$gb_first"
is "what was taken without the supplier's entry waits for the supplier" "$(state_of jp "$gb_order/I01.2")" taken
done_testing
