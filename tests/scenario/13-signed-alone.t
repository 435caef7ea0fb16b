#!/bin/bash
# Story 13. Two ships lie alongside and part; each signs by itself, and they meet three weeks later. One delivery is one charge, whoever wrote it
# down first, and one that only the receiver wrote down is not lost.
. "$(dirname "$0")/story.sh"
two_homes
at 2015-03-02T00:00:00Z
agree gb "$diesel"

at 2015-03-03T06:00:00Z
issue jp "$order" --line 'line=1 quantity=400'
issued=$part
taken_by() { # QUANTITY
	move gb take "$order" --line "line=1 quantity=$1" --delivered-at "$now" --utc-offset-minutes 480 --place Tacloban --handed-over-by "JS Towada"
}
taken_by 400
taken=$made
at 2015-03-05T06:00:00Z
taken_by 300
alone=$made
taken_by 20
twice=$made
move gb withdraw "$twice" --remarks "entered twice"
is "what was entered twice is taken back before anybody saw it" "$made_state" withdrawn

at 2015-03-24T00:00:00Z
exchange gb jp
both_say "after three weeks the supplier's entry waits for a receipt" "$issued" issued
both_say "the receiver's for an answer" "$taken" taken
move gb receipt "$issued" --also "$taken"
exchange gb jp
is "the receipt joins the two" "$(shown gb "$taken"), $(shown jp "$taken")" "joined, joined"
harmless 3 "what was joined is not issued once more" "joined" jp support issue-taken "$taken" --delivered-at "$now" --utc-offset-minutes 480 --place Tacloban
harmless 3 "nor withdrawn" "joined" gb support withdraw "$taken"
move jp issue-taken "$alone" --delivered-at 2015-03-05T06:00:00Z --utc-offset-minutes 480 --place Tacloban --line 'line=1 quantity=300'
is "what only the receiver wrote down is confirmed" "$made_state" receipted
exchange gb jp
claim jp "$order" "$issued" JPY 77000 --also "$alone"
exchange gb jp
both_say "both are billed, each once" "$made" claimed
both_match "both halves match"
done_testing
