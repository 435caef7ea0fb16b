#!/bin/bash
# Story 19. A galley feeds forty of the partner's sailors every day for a year, one issue a day under one order, all by one desk. It keeps within every bound,
# the receipts follow day by day, each month is billed, and what anybody asks of the thread is answered at once.
. "$(dirname "$0")/story.sh"
two_homes
at 2015-03-31T00:00:00Z

# The year is signed by the rehearsal's signer: 731 runs of the program would take their time, and show nothing more.
line() { # HOME AT DESK KIND AS REST: one line for the signer
	printf '{"home":%d,"tally":0,"at":%s,"desk":%d,"kind":"support.%s","as":"%s",%s}\n' "$@"
}
grant() { # HOME NUMBER OFFICER ROLES
	printf '{"home":%d,"tally":0,"at":%s,"grant":{"number":%d,"officer":"%s","post":"Galley","roles":%s,"until":"2017-03-31T00:00:00Z"}}\n' \
		"$1" 1427760000000 "$2" "$3" "$4"
}
midnight=1427846400000 day_ms=86400000
year() {
	local day opened='"thread":"order"'
	grant 0 31 gb.mess '["orderer","receiver"]'
	grant 1 41 jp.galley '["issuer"]'
	line 0 "$((midnight - 3000))" 31 requested order '"fields":{"supplier":"JP","activity":"1d","place":"Yokosuka","deliver_on":"2015-04-01","charter":true,"profile":"profile","rule_set":1,"lines":[{"line":1,"category":"food","kind":"service","description_en":"Meals at the galley","quantity":"14600","unit":"Q3","meter":"meal count","unit_price_minor":65,"price_basis":"own_forces","currency":"JPY","settlement":"cash"}]}'
	line 1 "$((midnight - 2000))" 41 offered offer "$opened"',"part":"order","answers":["order"],"fields":{"utc_offset_minutes":540}'
	line 0 "$((midnight - 1000))" 31 accepted agreed "$opened"',"part":"order","answers":["offer"],"fields":{"terms":"offer"}'
	for ((day = 0; day < 366; day++)); do # 2016 is a leap year, and the order was for 365 days
		line 1 "$((midnight + day * day_ms + 36000000))" 41 issued "i$day" \
			"$opened,\"refs\":[\"agreed\"],\"fields\":{\"delivered_at\":\"$(day_of $day)T19:00:00+09:00\",\"utc_offset_minutes\":540,\"place\":\"Yokosuka\",\"lines\":[{\"line\":1,\"quantity\":\"$((day == 365 ? 1 : 40))\",\"meter_reading\":\"list of the day\"}]}"
		((day == 365)) || line 0 "$((midnight + day * day_ms + 39600000))" 31 receipted "r$day" \
			"$opened,\"part\":\"i$day\",\"answers\":[\"i$day\"],\"fields\":{}"
	done
}
day_of() { TZ=UTC printf '%(%F)T' $((midnight / 1000 + $1 * 86400)); }
year >"$work/year"
at 2016-04-01T00:00:00Z
ok "a year is signed" "$BUILD/rehearsal" "$work/gb" "$work/jp" "$work/labels" <"$work/year"
exchange gb jp
both_match "the halves meet but once, at the end of it, and match"

must gb --json support list --parts
cp "$work/out" "$work/list"
order=$(sed -n 's/.*"number":"\([^"/]*\)".*/\1/p' "$work/list" | head -n 1)
is "every day of the year is there, and receipted" "$(grep -c '"state":"receipted"' "$work/list")" 365
is "by one desk, in one thread" "$(sed -n 's|.*"number":"\([^"]*/I[0-9]*\)\.[0-9]*".*|\1|p' "$work/list" | sort -u)" "$order/I41"
try gb --json log --count 0
is "of its entries one is void: a meal more than was agreed" "$(sed -n 's/.*"verdict":"void","rule":"\([^"]*\)".*/\1/p' "$work/out" | paste -sd,)" S40

# A month's bill names thirty issues; what is left is the rest of the year.
also=()
for ((day = 1; day <= 30; day++)); do
	also+=(--also "$order/I41.$day")
done
move jp claim "$order" "${also[@]}" --currency JPY --total-minor $((30 * 40 * 65))
exchange gb jp
both_say "April is billed" "$made" claimed
findings gb --rule I45 >"$work/found"
is "the audit names the thirty as claimed late, and all others whose thirty days are over" \
	"$(grep -c '"until":"2016-04-01"' "$work/found") $(grep -c '"until":null' "$work/found")" "30 306"
harmless 1 "a day is not billed twice" "S60" jp support claim "$order" --also "$order/I41.7" --currency JPY --total-minor 2600

# Whoever asks is answered at once, with sanitizers and all: the most that one question may take, in seconds.
slowest=0
for question in "list" "list --parts" "show $order" "account" "due" "audit" "statement"; do
	asked=$SECONDS
	# shellcheck disable=SC2086 # words of a command
	must jp support $question
	((SECONDS - asked <= slowest)) || slowest=$((SECONDS - asked))
done
ok "each question about the year is answered in ten seconds, of a program that is checked while it runs" test $slowest -le 10
must jp rebuild
both_match "folded anew, it is the same"
done_testing
