#!/usr/bin/env bash
# How long pages take over a home with very many orders: the second part of `make bench`, or by itself
#
#     ORDERS=20000 TIMES=50 tests/bench/pages.sh
#
# ORDERS   real orders, signed and folded, in every state. The home is made once (100,000 take some minutes) and kept in BOARDS
# TIMES    that each page is asked for, for at most 20 s
#
# Times are the client's, on the loopback, on one connection that is kept, so that what the kernel and the transport take is in them;
# `healthz` shows how much that is. On a busy machine look at the processor time of the server, which stands beside them.
set -euo pipefail
cd "$(dirname "$0")/../.."

ORDERS=${ORDERS:-100000}
TIMES=${TIMES:-100}
BUILD=${BUILD:-build/release}
BOARDS=${BOARDS:-$(dirname "$BUILD")/board}

bench=$BUILD/bench
work=$(mktemp -d)
pid=
end() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	rm -rf "$work"
}
trap end EXIT

declare -A got # figures by name
fixed() { awk -v v="$1" -v d="${2:-2}" 'BEGIN { printf "%.*f", d, v }'; }

# --- the home -------------------------------------------------------------------------------------------------------------
board=$BOARDS/$ORDERS
if [ ! -e "$board/made" ]; then
	rm -rf "$board"
	mkdir -p "$board"
	"$bench" board "$board" "$ORDERS" >"$work/made"
	mv "$work/made" "$board/made"
fi
made() { sed -n "s/^board_$1 //p" "$board/made"; }
echo "# pages: $ORDERS orders, $(made entries) entries, made in $(fixed "$(made s)" 0) s, kept in $board; load $(cut -d' ' -f1-3 /proc/loadavg)"

# --- its server -----------------------------------------------------------------------------------------------------------
now=$(date -u -d "@$(awk -v ms="$(made now_ms)" 'BEGIN { printf "%d", ms / 1000 + 3600 }')" +%FT%TZ)
WARIFU_STATE=$board/state "$BUILD/warifu" --home "$board/board" --now "$now" serve --port 0 >"$work/address" 2>"$work/access" &
pid=$!
until [ -s "$work/address" ]; do
	kill -0 "$pid" 2>/dev/null || { cat "$work/access"; exit 1; }
	read -rt 0.1 <> <(:) || true
done
"$bench" pages "$board" "$(sed 's,.*:\([0-9]*\)/,\1,' "$work/address")" "$pid" "$TIMES" >"$work/figures"
while read -r name value; do
	got[$name]=$value
done <"$work/figures"

# --- the table ------------------------------------------------------------------------------------------------------------
row() { # row PAGE P50 P99 PROCESSOR BARE COMPUTED GOAL MET
	printf '| %-46s | %10s | %10s | %9s | %9s | %8s | %-9s | %-3s |\n' "$@"
}
page() { # page NAME WORDS
	local name=page_$1 words=$2 goal='-' met='-' p99
	p99=$(fixed "${got[${name}_p99_ms]}")
	if [ "${got[${name}_list]:-0}" = 1 ]; then
		goal='p99 <= 20'
		met=$(awk "BEGIN { print ($p99 <= 20) ? \"yes\" : \"no\" }")
	fi
	row "$words" "$(fixed "${got[${name}_p50_ms]}")" "$p99" "$(fixed "${got[${name}_cpu_ms]:-0}")" "$(fixed "${got[${name}_bare_p99_ms]:-0}" 3)" \
		"$(fixed "${got[${name}_computed_s]:-0}")" "$goal" "$met"
}
echo "# ms; processor: of the server, a request; bare: p99 of SQLite alone for such rows; computed: s until it was there the first time"
row page p50 p99 processor bare computed goal met
row --- --- --- --- --- --- --- ---
while read -r name words; do
	page "$name" "$words"
done <<'PAGES'
healthz healthz: the server alone
statement joint statement
board board, first page
board_last board, last page
board_found board, two kanji that are found
board_not_found board, two kanji that are not
board_state board, one state
board_state_none board, a state that nothing is in
board_supplier board, one supplier, by time
board_number board, by number
board_since_last board, last page by time
board_one board, one number
board_day board, by day of delivery
board_place board, one place
map map of the places
order order
form form of a move
request form of a new request
due due
account account
audit audit
sync sync
desks desks
board_csv board as CSV
PAGES
if [ -n "${got[page_beside_count]:-}" ]; then
	page beside "board, while another page is being computed"
fi
echo "# load $(cut -d' ' -f1-3 /proc/loadavg) at the end"
