#!/bin/bash
# Orders by word of mouth, and offers that nobody asked for.
. "$(dirname "$0")/story.sh"
two_homes

by_telephone() { # OPTION...
	move gb request --supplier JP --activity 1b --urgency relief --place Tacloban --deliver-on "${now%T*}" --charter --line "$diesel" "$@"
	order=$made
	exchange gb jp
}
harmless 1 "whom one spoke with belongs to it" "S100" gb support request --supplier JP --activity 1b --place Tacloban \
	--deliver-on "${now%T*}" --charter --line "$diesel" --oral-at 2013-11-19T23:00:00Z
by_telephone --oral-at 2013-11-19T23:00:00Z --oral-with "duty officer, JS Towada"
offer jp "$order"
exchange gb jp
both_say "the ordinary next move confirms what was said" "$order" offered
harmless 1 "and then it cannot be denied any more" "K10" jp support deny-oral "$order" --remarks "no"
by_telephone --oral-at 2013-11-19T23:00:00Z --oral-with "duty officer, JS Towada"
move jp deny-oral "$order" --remarks "the duty officer was ashore"
exchange gb jp
both_say "what nobody said is denied" "$order" declined
by_telephone
harmless 1 "what was written is not denied but declined" "S101" jp support deny-oral "$order" --remarks "no"
move gb withdraw "$order" --remarks "found elsewhere"
exchange gb jp
both_say "a request is withdrawn" "$order" withdrawn

unasked() {
	move jp offer-unasked --receiver GB --activity 1b --place Tacloban --deliver-on "${now%T*}" --utc-offset-minutes 540 --line "$diesel"
	order=$made
	exchange gb jp
}
unasked
both_say "an offer that nobody asked for waits for the receiver" "$order" offered
harmless 1 "who takes it makes the Charter statement" "S102" gb support accept "$order"
move gb accept "$order" --charter
exchange gb jp
both_say "then it is an order like any other" "$order" agreed
issue jp "$order"
exchange gb jp
both_say "and is delivered" "$part" issued

# An offer is withdrawn while the other side accepts it: neither knows of the other.
unasked
move jp withdraw "$order" --remarks "the tanker is needed elsewhere"
move gb accept "$order" --charter
exchange gb jp
both_say "an acceptance stands over a withdrawal that it did not know" "$order" agreed
both_match "both halves match"
done_testing
