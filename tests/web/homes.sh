# Sourced by the tests of the web face: two homes with their desks, and a server over each, on any free port of the loopback.
# shellcheck shell=bash disable=SC2034 # for the tests
. "$(dirname "$0")/../scenario/lib.sh"
servers=()
stop_servers() {
	local pid
	for pid in "${servers[@]}"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	servers=()
}
stop_last() {
	kill "${servers[-1]}"
	wait "${servers[-1]}"
	unset 'servers[-1]'
}
trap 'stop_servers; rm -rf "$work"' EXIT

web_homes() {
	at 2013-11-20T00:00:00Z
	open_homes
	desk gb 1 orderer,receiver,liaison,dispute,issuer,claims 'Logistics officer'
	desk gb 2 payer,netting 'Paying office'
	desk jp 1 issuer,claims,dispute,liaison,orderer 'Supply officer 補給係'
	desk jp 2 payer,receiver,netting '会計課 Accounts'
	gb_as 1
	jp_as 1
	quiet sync_pipe
}

# issued RECEIVER SUPPLIER: 50 litres of water, from the request to the issue; the order's number is in $order.
issued() {
	"$1" support request --supplier "${2^^}" --activity 1b --place Tacloban --deliver-on 2013-11-26 --charter --line "line=1 category=water kind=supply
		description_en=Water quantity=50 unit=LTR unit_price_minor=30 currency=JPY price_basis=own_forces settlement=cash" >/dev/null 2>&1
	order=$(number)
	quiet sync_pipe
	quiet "$2" support offer "$order" --utc-offset-minutes 540
	quiet sync_pipe
	quiet "$1" support accept "$order"
	quiet sync_pipe
	quiet "$2" support issue "$order" --delivered-at 2013-11-19T23:00:00Z --utc-offset-minutes 540 --place Tacloban
	quiet sync_pipe
}

# serve HOME OPTIONS...: starts its server; the address is in $address afterwards, the setup code of a new home in $code, the log in $work/HOME.log.
serve() {
	rm -f "$work/$1.address" # of a server before
	ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=1 "$WARIFU" --home "$work/$1" --now "$now" serve --port 0 "${@:2}" >"$work/$1.address" 2>"$work/$1.log" &
	servers+=($!)
	until [ -s "$work/$1.address" ]; do
		kill -0 "${servers[-1]}" 2>/dev/null || { sed 's/^/# /' "$work/$1.log"; echo "Bail out! no server"; exit 1; }
	done
	code=$(sed -n 's/^setup code: //p' "$work/$1.address")
	address=$(sed -n '1s,/$,,p' "$work/$1.address")
}

# until_waits WRONG RIGHT: two functions that try a passphrase and print the status. Wrong ones, until the right one has to wait too: its status. On a
# slow machine the first waits may be over before it comes; each round has one wrong one more, and each of those doubles the wait.
until_waits() {
	local round counted got=
	for round in 1 2 3 4 5 6; do
		for ((counted = 0; counted < round;)); do
			if [ "$($1)" = 429 ]; then
				read -rt 0.2 <> <(:)
			else
				counted=$((counted + 1))
			fi
		done
		got=$($2)
		[ "$got" != 429 ] || break
	done
	echo "$got"
}

# Takes the marks of figures out of a page, whose words are looked for.
unmark() { sed -i 's,<span class="figure">\([^<]*\)</span>,\1,g' "$1" 2>/dev/null || true; }

# Britain's own tally, beside the shared one in its home: who drafts and claims, who checks and is the revenue office, who approves. The ids are in
# $shared and $national.
national_home() {
	local at_hand=("$WARIFU" --home "$work/gb" --now "$now") number roles post
	shared=$("${at_hand[@]}" --json tally list | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
	printf '{"id":"GB-national","rehearsal":true,"parties":[{"code":"GB"}]}\n' >"$work/national.json"
	quiet "${at_hand[@]}" party new --strength light
	quiet "${at_hand[@]}" tally propose --agreement "$work/national.json" --national --rehearsal -o "$work/national.tally"
	national=$("${at_hand[@]}" --json tally list | sed -n '/"national"/s/.*"id":"\([0-9a-f]*\)".*/\1/p')
	quiet "${at_hand[@]}" tally use "$shared"
	while read -r number roles post; do
		quiet "${at_hand[@]}" --tally "$national" desk request --officer "gb.officer.$number" --post "$post" --roles "$roles" \
			--limit GBP=5,000.00 --limit JPY=1,000,000 --strength light -o "$work/card"
		quiet "${at_hand[@]}" --tally "$national" desk grant "$work/card" --number "$number" --yes
	done <<-'END'
		1 drafter,claims,duty Logistics officer
		2 checker,funds,revenue,duty Paying office
		3 approver,duty Commodore's staff
	END
}
