#!/bin/bash
# The main job on real input: two homes, one relief operation, from the first request to equal accounts.
#
#     tests/demo/demo.sh [DIR]        (make demo)
#
# Plays the fifteen orders of data/haiyan-2013 to their ends. Each line printed is an act of one officer, signed with that officer's own key in
# the home of the own party; acts of one kind on several orders share a line. Between two syncs neither home knows what the other does. DIR
# (else ./demo) is made anew, but only when it is the demo's own; it stays, to be explored.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
warifu=${WARIFU:-$top/build/warifu}
demo=${1:-demo}
data=$top/data/haiyan-2013
marker=.made-by-warifu-demo

fail() {
	echo "demo: $*" >&2
	exit 1
}

[ -x "$warifu" ] || fail "$warifu: not built yet; run make"
if [ -e "$demo" ]; then
	[ -e "$demo/$marker" ] || fail "$demo: is there, and no earlier demo made it; move it, or name another folder"
	rm -rf "$demo"
fi
mkdir -p "$demo"
: >"$demo/$marker"
shown=$demo # as the reader shall type it
demo=$(cd "$demo" && pwd)
# shellcheck source-path=SCRIPTDIR source=acts.sh
. "$top/tests/demo/acts.sh"

# --- the operation ------------------------------------------------------------------------------------------------------

echo "Typhoon Haiyan, 2013. REHEARSAL - NOTHING HERE IS OWED. Each line is one officer's act, signed in the home of the own side."
open_tally
open_national GB
open_national JP

now=2013-11-18T02:00:00Z
requests GB 01 04 05 09 10 13 15
requests JP 02 03 06 08 12 14
sync_by_pipe

now=2013-11-18T20:00:00Z
alike JP offers "seven orders, as requested" = "" 01 04 05 09 10 13 15
alike GB offers "six orders, as requested" = "" 02 03 06 08 12 14
now=2013-11-19T01:00:00Z
sync_by_pipe
alike GB accepts "seven orders, as offered" = "" 01 04 05 09 10 13 15
alike JP accepts "six orders, as offered" = "" 02 03 06 08 12 14

now=2013-11-20T22:00:00Z # two days without a link
sync_by_bundle
now=2013-11-21T03:00:00Z
issues GB 03 --line 'line=1 quantity=2.6 meter-reading="load list"'
now=2013-11-22T02:00:00Z
sync_by_pipe
receipts JP 03

now=2013-11-25T03:00:00Z # six days of silence
issues JP 05
now=2013-11-26T01:30:00Z
issues JP 01 --voucher 26-0117 \
	--line 'line=1 quantity=325000 observed-quantity=329110 temperature-c=29.5 density-15=842.1 measured-by="supply officer, JS Towada"'
now=2013-11-27T05:00:00Z
issues GB 02
for sortie in 1 2 3; do
	now=2013-11-28T0$((2 * sortie)):00:00Z
	issues JP 04.$sortie --line "line=1 quantity=6 meter-reading=\"load list, sortie $sortie\""
done
now=2013-11-28T09:00:00Z
sync_by_pipe
receipts GB 05
receipts GB 01
alike GB receipts "18 TNE, three sorties" "" Tacloban 04.1 04.2 04.3
receipts JP 02
now=2013-11-29T06:00:00Z
issues GB 06 --line 'line=1 quantity=1 meter-reading="load lists 1 to 31"'
notifies GB 06 "${owed_by_japan[@]}"
now=2013-11-30T01:00:00Z
sync_by_pipe
receipts JP 06

now=2013-12-01T02:00:00Z
issues GB 08 --line 'line=1 quantity=45 meter-reading="passenger list"'
now=2013-12-02T01:00:00Z
sync_by_pipe
receipts JP 08
takes_up GB 06 R-2013-0611
now=2013-12-02T03:00:00Z # nobody had time to order
issues_unordered JP 07
notifies JP 07 "${owed_by_britain[@]}"
now=2013-12-04T06:00:00Z # within 72 hours
sync_by_pipe
ratifies GB 07
takes_up JP 07 25-1207

now=2013-12-05T08:00:00Z
issues JP 09 --line 'line=1 quantity=20 meter-reading="apron log"' --line 'line=2 quantity=5 meter-reading="apron log"'
notifies JP 09 "${owed_by_britain[@]}"
now=2013-12-06T03:00:00Z
issues JP 10 --line 'line=1 quantity=93 meter-reading="deck plan"'
now=2013-12-07T02:00:00Z
sync_by_pipe
receipts GB 09 "20 aircraft-days, 4 turn-rounds" --line 'line=2 accepted=4 reason=short'
receipts GB 10
now=2013-12-08T01:00:00Z
issues GB 12 --line 'line=1 quantity=11960 observed-quantity=12104 temperature-c=30.1 density-15=798.4 measured-by="flight deck officer"'
notifies GB 12 "${owed_by_japan[@]}"
now=2013-12-09T01:00:00Z
issues JP 13 --line 'line=1 quantity=240 meter-reading="guest lists"'
now=2013-12-10T04:00:00Z
issues GB 14
now=2013-12-10T06:00:00Z
sync_by_pipe
receipts JP 12 "11,960 LTR" --line 'line=1 accepted=11960 unit=LTR reason=wrong_unit'
receipts JP 14
receipts GB 13
act JP $issuer "concurs" 09 "20 aircraft-days, 4 turn-rounds" "JPY 1,760,000" concur "${issue[09]}"
takes_up JP 09 25-1215
now=2013-12-11T04:00:00Z
issues JP 15 --line 'line=1 quantity=18 meter-reading="six sorties, load lists"'
notifies JP 15 "${owed_by_britain[@]}"
now=2013-12-12T02:00:00Z
sync_by_pipe
receipts GB 15 "16 TNE" --line 'line=1 accepted=16 reason=short'
act GB $issuer "contests" 12 "11,960 GLL" "" contest "${issue[12]}" --remarks 'Our meter counts US gallons, as the order does.'
takes_up GB 12 R-2013-0640
claims GB 06 1850000 "GBP 18,500.00"
links GB 04.1 03 "JPY 514,800"
links GB 10 08 "JPY 2,301,750"

now=2013-12-14T02:00:00Z
sync_by_pipe
act JP $receiver "takes figures of" 12 "11,960 GLL" "" take-figures "${issue[12]}"
act JP $issuer "contests" 15 "18 TNE" "" contest "${issue[15]}" --lang ja --remarks '積荷目録の合計は18トンである。'
certifies JP 04.1 514800 "JPY 514,800"
certifies JP 10 2301750 "JPY 2,301,750"
links JP 03 04.1 "GBP 3,120.00"
links JP 08 10 "GBP 13,950.00"
approves JP 06
claims JP 07 504000 "JPY 504,000"
claims JP 09 1760000 "JPY 1,760,000"
now=2013-12-16T02:00:00Z
returns JP 02
takes_up JP 15 25-1231
now=2013-12-17T02:00:00Z
sync_by_pipe
certifies GB 03 312000 "GBP 3,120.00"
certifies GB 08 1395000 "GBP 13,950.00"
alike GB elects_cash "what is left of three sorties" "JPY 3,805,200" Tacloban 04.1 04.2 04.3
act GB $head "disputes" 15 "16 TNE" "" stand "${issue[15]}"
claims GB 12 3707600 "GBP 37,076.00"
approves GB 07
approves GB 09
takes_back GB 02
now=2013-12-20T01:00:00Z
requests GB 11
sync_by_pipe
act JP $head "proposes on" 15 "16.4 TNE" "JPY 3,936,000" propose "${issue[15]}" --line 'line=1 quantity=16.4'
offers JP 11
claims JP 04 3805200 "JPY 3,805,200" "${issue[04.1]}" "${issue[04.2]}" "${issue[04.3]}"
approves JP 12
remits JP 06
now=2013-12-20T20:00:00Z
sync_by_pipe
accepts GB 11
act GB $head "agrees on" 15 "16.4 TNE" "JPY 3,936,000" agree "${issue[15]}"
approves GB 04
remits GB 07
remits GB 09
confirms GB 06
now=2013-12-22T20:00:00Z
sync_by_pipe
now=2013-12-23T06:00:00Z
issues JP 11
claims JP 15 3936000 "JPY 3,936,000"
confirms JP 07
confirms JP 09
remits JP 12
now=2013-12-26T02:00:00Z
sync_by_pipe
receipts GB 11
approves GB 15
confirms GB 12
remits GB 04
remits GB 15
now=2014-01-16T09:00:00Z # three weeks
sync_by_pipe
confirms JP 04
confirms JP 15
returns GB 11
now=2014-01-18T09:00:00Z
sync_by_pipe
takes_back JP 11
now=2014-03-20T05:00:00Z # two months
returns GB 05
now=2014-03-21T05:00:00Z
sync_by_bundle
takes_back JP 05
now=2014-03-22T05:00:00Z
sync_by_pipe

now=2015-01-12T09:00:00Z # ten months; a year and thirty days after its delivery, what never came back is owed in money
act GB $claims "converts" 14 = "" convert "${issue[14]}"
claims GB 14 370000 "GBP 3,700.00"
now=2015-01-13T09:00:00Z
sync_by_pipe

# What the ministers said in London is kept beside it.
now=2015-01-22T09:00:00Z
at GB --desk $orderer statement import "$top/data/statement-2015.json"
mapfile -t pledge < <("$demo/gb" --json statement list | sed -n 's/.*"number":"\([^"]*\)".*/\1/p')
views GB 2=under_way 5=under_way 6=under_way
backed_by 5 01 "Fuel at sea" 洋上での燃料補給
line GB "enters what was pledged" "six pledges, two meetings" "" London
sync_by_pipe
for number in "${pledge[@]}"; do
	at JP --desk $orderer statement confirm-pledge "$number"
done
views JP 2=under_way 5=under_way 6=not_started
at JP --json statement meetings
at JP --desk $orderer statement agree-meeting "$(field number)"
line JP "confirms the wording, gives views" "six pledges, a meeting" "" Tokyo
now=2015-01-23T09:00:00Z
sync_by_pipe

# --- how it ends --------------------------------------------------------------------------------------------------------

echo
for party in GB JP; do
	echo "$party: account on ${now%T*}"
	at $party support account
	sed '/^$/d; /^REHEARSAL/d; /^as of/d; s/^/  /' "$log"
done

days=(2014-01-09 2014-03-10 2014-11-27 2015-01-10 "${now%T*}")
for party in JP GB; do
	audit_table $party
done
rm -f "$demo"/audit-?
echo "JP: what its audit found, as of ${now%T*}"
at JP support audit --as-of "${now%T*}"
sed -n '/^rule  number/,$p' "$log" | sed 's/  *\(entry\|[0-9a-f]\{12\}\)$//; s/^/  /'
echo

declare -A digest
for party in GB JP; do
	at $party --tally "$shared" --json digest
	digest[$party]=$(field digest)
	echo "$party digest  ${digest[$party]}"
done
[ "${digest[GB]}" = "${digest[JP]}" ] || fail "the digests differ"
cat <<END
Both halves have the same state.

The homes are in $shown (passphrase: rehearsal); to look around:
  $shown/gb support list
  $shown/jp --lang ja support show ${order[15]}
  $shown/gb why ${issue[15]}
  $shown/jp support audit --as-of 2014-11-27
  $shown/jp notice list --missing
  $shown/gb statement list
or in a browser: $shown/gb serve --port 8457, $shown/jp serve --port 8458
END

# At a terminal both halves' pages are served until it is told to stop; DEMO_SERVE=1 serves without one, DEMO_SERVE=0 does not. Each of the two servers
# knows where the other answers, so that what an officer does in one browser is in the other a moment later.
if [ "${DEMO_SERVE:-}" = 1 ] || { [ -z "${DEMO_SERVE:-}" ] && [ -t 0 ] && [ -t 1 ]; }; then
	trap 'kill $(jobs -p) 2>/dev/null; wait' INT TERM
	echo
	first=${DEMO_PORT:-8457} # pages at this port and the next, each other's sync ten above
	"$demo/gb" --tally "$shared" address set JP "https://127.0.0.1:$((first + 11))" >/dev/null
	"$demo/jp" --tally "$shared" address set GB "https://127.0.0.1:$((first + 10))" >/dev/null
	for party in gb jp; do
		port=$first
		[ $party = gb ] || port=$((first + 1))
		: >"$demo/$party.address" # the server may be slower to begin than this is to look
		"$demo/$party" serve --port "$port" --sync "$shared=127.0.0.1:$((port + 10))" >"$demo/$party.address" 2>"$demo/$party.access" &
		until [ "$(wc -l <"$demo/$party.address")" -ge 2 ]; do
			kill -0 $! 2>/dev/null || fail "${party^^}: $(cat "$demo/$party.access")"
		done
		echo "pages of ${party^^}: $(head -n 1 "$demo/$party.address")  (desks 1 to 7; passphrase: rehearsal)"
	done
	echo "What is done in one of them is in the other a moment later (page Sync). Ctrl-C ends them; the homes stay."
	wait
fi
