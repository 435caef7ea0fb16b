#!/bin/bash
# Story 24. Two desks of one party answer one offer without knowing of each other; an officer says in a browser which of the two stands.
if ! command -v curl >/dev/null; then
	echo "1..0 # SKIP needs curl; tools/install-deps test installs it"
	exit 0
fi
. "$(dirname "$0")/story.sh"
two_homes
second_home gb2 gb 3 "Field officer, HMS Daring"
request gb "$water"
order=$made
exchange gb jp
offer jp "$order"
exchange gb jp
exchange gb2 gb --with GB
move gb accept "$order"
accepted=$made_id
gb_desk=3
move gb2 reject "$order"
gb_desk=1
exchange gb2 gb --with GB
exchange gb jp
both_say "two answers of one party are rivals" "$order" "agreed | rejected"

"$WARIFU" --home "$work/gb" --now "$now" serve --port 0 >"$work/address" 2>"$work/log" &
server=$!
trap 'kill $server 2>/dev/null; wait $server; rm -rf "${worlds[@]}"' EXIT
until [ -s "$work/address" ]; do kill -0 $server || give_up "$(cat "$work/log")"; done
address=$(sed -n '1s,/$,,p' "$work/address")
ask() { curl -s -b "$work/jar" -c "$work/jar" -o "$work/page" -w '%{http_code}' "$@"; }
field() { sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$work/page" | head -n 1; }
is "an officer logs in" "$(ask -d 'desk=1&passphrase=rehearsal' "$address/login")" 303
form=/move/support.resolved/$order
is "the page of the order leads to the choice" "$(ask "$address/thread/$order") $(grep -c "href=\"$form\"" "$work/page")" '200 1'
is "which names both" "$(ask "$address$form") $(grep -o '<option value="[0-9a-f]\{64\}"' "$work/page" | wc -l)" '200 2'
is "one of them must be chosen" "$(ask -F form="$(field form)" -F once="$(field once)" -F tally="$(field tally)" "$address$form")" 400
is "the form comes again" "$(grep -c 'name="stands"' "$work/page")" 1
is "the choice is entered" "$(ask -F form="$(field form)" -F once="$(field once)" -F tally="$(field tally)" -F stands="$accepted" "$address$form")" 303
is "then the order is what was chosen" "$(state_of gb "$order")" agreed
exchange gb jp
both_say "and at the partner's too" "$order" agreed
both_match "both sides match"
done_testing
