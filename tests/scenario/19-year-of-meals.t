#!/bin/bash
# Story 19. A galley feeds forty of the partner's sailors every day for a year, one issue a day under one order, all by one desk. It keeps within every bound,
# the receipts follow day by day, each month is billed, and what anybody asks of the thread is answered at once.
. "$(dirname "$0")/story.sh"
two_homes
at 2015-03-31T00:00:00Z

# The year is signed by the rehearsal's signer: 731 runs of the program would take their time, and show nothing more.
ms() { echo $(($(date -u -d "$1" +%s) * 1000)); }
line() { # HOME AT DESK KIND AS REST: one line for the signer
	printf '{"home":%d,"tally":0,"at":%s,"desk":%d,"kind":"support.%s","as":"%s",%s}\n' "$@"
}
grant() { # HOME NUMBER OFFICER ROLES
	printf '{"home":%d,"tally":0,"at":%s,"grant":{"number":%d,"officer":"%s","post":"Galley","roles":%s,"until":"2017-03-31T00:00:00Z"}}\n' \
		"$1" "$(ms 2015-03-31)" "$2" "$3" "$4"
}
midnight=$(ms 2015-04-01) day_ms=86400000
year() {
	local day opened='"thread":"order"'
	grant 0 31 gb.mess '["orderer","receiver"]'
	grant 1 41 jp.galley '["issuer"]'
	line 0 "$((midnight - 3000))" 31 requested order '"fields":{"supplier":"JP","activity":"1d","place":"Yokosuka","deliver_on":"2015-04-01","charter":true,"profile":"profile","rule_set":1,"lines":[{"line":1,"category":"food","kind":"service","description_en":"Meals at the galley","quantity":"14600","unit":"Q3","meter":"meal count","unit_price_minor":65,"price_basis":"own_forces","currency":"JPY","settlement":"cash"}]}'
	line 1 "$((midnight - 2000))" 41 offered offer "$opened"',"part":"order","answers":["order"],"fields":{"utc_offset_minutes":540}'
	line 0 "$((midnight - 1000))" 31 accepted agreed "$opened"',"part":"order","answers":["offer"],"fields":{"terms":"offer"}'
	for ((day = 0; day < 366; day++)); do # one of the days is a leap day
		line 1 "$((midnight + day * day_ms + 36000000))" 41 issued "i$day" \
			"$opened,\"refs\":[\"agreed\"],\"fields\":{\"delivered_at\":\"$(day_of $day)T19:00:00+09:00\",\"utc_offset_minutes\":540,\"place\":\"Yokosuka\",\"lines\":[{\"line\":1,\"quantity\":\"$((day == 365 ? 1 : 40))\",\"meter_reading\":\"list of the day\"}]}"
		((day == 365)) || line 0 "$((midnight + day * day_ms + 39600000))" 31 receipted "r$day" \
			"$opened,\"part\":\"i$day\",\"answers\":[\"i$day\"],\"fields\":{}"
	done
}
mapfile -t days < <(for ((day = 0; day < 366; day++)); do echo "$((1427846400 + day * 86400))"; done | sed 's/^/@/' | date -u -f - +%F)
day_of() { echo "${days[$1]}"; }
year >"$work/year"
at 2016-04-01T00:00:00Z
ok "a year is signed" "$BUILD/rehearsal" "$work/gb" "$work/jp" "$work/labels" <"$work/year"
began=$(date +%s)
exchange gb jp
both_match "the halves meet but once, at the end of it, and match"

must gb --json support list --parts
order=$(sed -n 's/.*"number":"\([^"/]*\)".*/\1/p' "$work/out" | head -n 1)
must gb --json support list --parts
is "every day of the year is there and receipted" "$(grep -c '"state":"receipted"' "$work/out")" 365
is "by one desk, in one thread" "$(sed -n 's|.*"number":"\([^"]*/I[0-9]*\)\.[0-9]*".*|\1|p' "$work/out" | sort -u)" "$order/I41"
is "none of its entries is void" "$("$WARIFU" --home "$work/gb" --json log --count 0 | grep -c '"verdict":"void"')" 1
last=$(sed -n 's/.*"number":"\([^"]*I41\.366\)".*/\1/p' "$work/out")
is "but one: a meal beyond what was agreed is no issue" "$last" ""
