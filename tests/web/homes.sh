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
trap 'stop_servers; rm -rf "$work"' EXIT

web_homes() {
	at 2013-11-20T00:00:00Z
	open_homes
	desk gb 1 orderer,receiver,liaison,dispute,issuer,claims 'Logistics officer'
	desk gb 2 payer 'Paying office'
	desk jp 1 issuer,claims,dispute,liaison,orderer 'Supply officer 補給係'
	gb_as 1
	jp_as 1
	quiet sync_pipe
}

# serve HOME: starts its server; the address is in $address afterwards, the setup code of a new home in $code, the log in $work/HOME.log.
serve() {
	"$WARIFU" --home "$work/$1" --now "$now" serve --port 0 >"$work/$1.address" 2>"$work/$1.log" &
	servers+=($!)
	until [ -s "$work/$1.address" ]; do
		kill -0 "${servers[-1]}" 2>/dev/null || { sed 's/^/# /' "$work/$1.log"; echo "Bail out! no server"; exit 1; }
	done
	code=$(sed -n 's/^setup code: //p' "$work/$1.address")
	address=$(sed -n '1s,/$,,p' "$work/$1.address")
}
