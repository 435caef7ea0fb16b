#!/bin/bash
# Story 17. Two supplier desks issue under one order in two ports, one of them after the other has closed it. Neither can call the other.
. "$(dirname "$0")/story.sh"
two_homes

second_home jp2 jp 15 "Supply officer, JS Towada"
exchange jp gb
agree gb "$diesel"
exchange jp2 jp --with JP

port=Cebu issue jp "$order" --line 'line=1 quantity=400'
cebu=$part
exchange gb jp
move gb receipt "$cebu"
exchange gb jp
move jp close "$order" --also "$cebu"
is "the ship at Cebu has closed the order" "$(state_of jp "$order")" closed

jp_as 15
port=Manila issue jp2 "$order" --line 'line=1 quantity=500'
manila=$part
jp_as 11
is "the ship at Manila, which does not know, issues the rest" "$manila" "$order/I15.1"
harmless 1 "who knows of the closing issues no more" "S31" jp support issue "$order" --delivered-at "$now" --utc-offset-minutes 480 \
	--place Cebu --line 'line=1 quantity=1'

exchange jp2 gb
exchange gb jp
exchange jp2 jp --with JP
both_say "both issues are there" "$manila" issued
both_say "and the order is closed" "$order" closed
move gb receipt "$manila"
exchange gb jp
must gb support show "$order"
says "Britain sees that the one of Manila came after the closing" "after close"
claim jp "$order" "$manila" JPY 55000
claimed=$made
claim jp "$order" "$cebu" JPY 44000
exchange gb jp
both_say "it is billed like any other" "$claimed" claimed
exchange jp2 jp --with JP
both_match "both sides match"
is "and the second ship with them" "$(digest jp2)" "$(digest gb)"
done_testing
