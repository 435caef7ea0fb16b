#!/bin/bash
# The main job on real input: two homes, one relief operation, from the first request to equal accounts.
#
#     tests/demo/demo.sh [DIR]        (make demo)
#
# Plays the stories of data/haiyan-2013 whose ends lie in orders for cash and for return. Each line printed is an act of one officer,
# signed with that officer's own key in the home of the own party; between two syncs neither home knows what the other does. DIR (else ./demo)
# is made anew, but only when it is the demo's own; it stays, to be explored.
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

# --- homes --------------------------------------------------------------------------------------------------------------

# One command for each side, also for whoever explores the homes afterwards. A fixed passphrase is for a rehearsal only.
make_command() { # PARTY
	cat >"$demo/${1,,}" <<END
#!/bin/sh
# warifu in the home of $1
demo=\$(cd "\$(dirname "\$0")" && pwd)
export WARIFU_HOME="\$demo/home-${1,,}" WARIFU_STATE="\$demo/state" WARIFU_PASSPHRASE=rehearsal
exec "$warifu" --now 2014-03-23T00:00:00Z "\$@" # the day after the last act; a later --now counts
END
	chmod +x "$demo/${1,,}"
}

now=2013-11-16T00:00:00Z
log=$demo/said # what the last command said

# PARTY ARGUMENTS...: a command in the home of a party, at the time `now`; what it prints goes to $log.
at() {
	local party=$1
	shift
	"$demo/${party,,}" --now "$now" "$@" >"$log" 2>"$demo/errors" ||
		fail "$now $party: warifu $*: $(cat "$demo/errors")"
}

# FIELD: text or number of this name in the JSON that the last command printed.
field() { sed -n "1s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p" "$log"; }

roles=claims,dispute,issuer,orderer,payer,receiver,registrar

# PARTY NUMBER OFFICER POST ROLES [OPTION...]: a desk asks, the registrar grants (the registrar's own grant is the root's).
desk() {
	local party=$1 number=$2 card=$demo/cards/$1-$2.txt
	at "$party" desk request --officer "$3" --post "$4" --roles "$5" --strength light -o "$card"
	shift 5
	at "$party" desk grant "$card" --number "$number" --until 2015-12-31 --yes "$@"
}

desks() { # PARTY SHIP
	local p=${1,,}
	desk "$1" 9 "$p.reg.9" "Registrar" "$roles" --keys "$demo/safe-$p" --range 1-99
	local by="--desk 9 --by-desk"
	# shellcheck disable=SC2086 # two options
	{
		desk "$1" 7 "$p.loo.7" "Liaison officer, $2" orderer $by
		desk "$1" 1 "$p.sup.1" "Supply officer, $2" issuer $by
		desk "$1" 2 "$p.rcv.2" "Receiving officer, $2" receiver $by
		desk "$1" 3 "$p.clm.3" "Claims office" claims $by
		desk "$1" 4 "$p.pay.4" "Paying office" payer $by
		desk "$1" 5 "$p.hq.5" "Head of supply, headquarters" dispute $by
	}
}

open_tally() {
	local party
	mkdir -p "$demo/cards"
	for party in GB JP; do
		local p=${party,,}
		make_command "$party"
		at "$party" init --party "$party"
		at "$party" party new "$party" --strength light --root-dir "$demo/safe-$p" --recovery-dir "$demo/vault-$p"
		at "$party" party export -o "$demo/cards/$p.party"
	done
	at GB tally propose --agreement "$top/data/agreement-gb-jp-rehearsal.json" --with "$demo/cards/jp.party" --rehearsal \
		--keys "$demo/safe-gb" -o "$demo/cards/opening.tally"
	at JP tally accept "$demo/cards/opening.tally" --keys "$demo/safe-jp" --yes
	desks GB "HMS Illustrious"
	desks JP "JS Ise"
}

# --- acts ---------------------------------------------------------------------------------------------------------------

declare -A order issue claim what amount place

# What a reader sees behind each act: quantity and name, amount, place.
tell() { # NO QUANTITY AMOUNT PLACE
	what[$1]=$2 amount[$1]=$3 place[$1]=$4
}
tell 01 "325,000 LTR F-76" "JPY 26,000,000" "10.9N 125.4E"
tell 02 "15,650 LTR drinking water" "GBP 1,565.00" "10.9N 125.4E"
tell 05 "5,000 rations" "JPY 3,000,000" "Tacloban"
tell 06 "1 forward lift, lump sum" "GBP 18,500.00" "Tacloban"
tell 09 "20 aircraft-days, 5 turn-rounds" "JPY 1,900,000" "Mactan"
tell 11 "10,000 rounds of 5.56 mm" "JPY 600,000" "Juba"
tell 12 "11,960 GLL F-44" "GBP 37,076.00" "10.9N 125.4E"
tell 13 "240 person-nights" "JPY 1,248,000" "Cebu"
tell 15 "18 TNE by CH-47" "JPY 4,320,000" "Guiuan"

line() { # PARTY ACT [QUANTITY AMOUNT PLACE]
	printf '%s  %-2s  %-34s %-32s %14s  %s\n' "${now%T*}" "$1" "$2" "${3-}" "${4-}" "${5-}" | sed 's/ *$//'
}

# PARTY DESK ACT NO QUANTITY AMOUNT VERB NUMBER [OPTION...]: one act of one officer, and its line; "=" is what was ordered.
act() {
	local party=$1 desk=$2 said=$3 no=$4 quantity=$5 money=$6
	shift 6
	at "$party" --desk "$desk" --json support "$@"
	[ "$quantity" != = ] || quantity=${what[$no]}
	[ "$money" != = ] || money=${amount[$no]}
	line "$party" "$said $(field number)" "$quantity" "$money" "${place[$no]}"
}

# The desks, by what their officers may do.
orderer=7 issuer=1 receiver=2 claims=3 payer=4 head=5

requests() { # PARTY NO...: the orders of the file that this party receives
	local party=$1 list no
	shift
	list=$(IFS=, && echo "$*")
	at "$party" --desk $orderer --json support import "$data/orders.csv" --only "$list"
	for no; do
		order[$no]=$(tr '{' '\n' <"$log" | sed -n "/\"no\":\"$no\"/s/.*\"number\":\"\([^\"]*\)\".*/\1/p")
		[ -n "${order[$no]}" ] || fail "import: no number for order $no: $(cat "$log")"
		line "$party" "requests ${order[$no]}" "${what[$no]}" "${amount[$no]}" "${place[$no]}"
	done
}

offset() { if [ "$1" = JP ]; then echo 540; else echo 0; fi; }

offers() { # PARTY NO...
	local party=$1 no
	shift
	for no; do
		act "$party" $issuer "offers" "$no" = = offer "${order[$no]}" --utc-offset-minutes "$(offset "$party")" \
			--valid-until 2014-01-01
	done
}

accepts() { # PARTY NO...
	local party=$1 no
	shift
	for no; do
		act "$party" $orderer "accepts" "$no" = = accept "${order[$no]}"
	done
}

issues() { # PARTY NO [OPTION...]: handed over now, eight hours ahead of UTC but for Juba
	local party=$1 no=$2 minutes=480
	shift 2
	[ "$no" != 11 ] || minutes=180
	act "$party" $issuer "issues" "$no" = = issue "${order[$no]}" --delivered-at "$now" --utc-offset-minutes $minutes \
		--place "${place[$no]}" "$@"
	issue[$no]=$(field number)
}

receipts() { # PARTY NO [QUANTITY OPTION...]
	local party=$1 no=$2 quantity=${3-=}
	shift 2
	[ $# -eq 0 ] || shift
	act "$party" $receiver "receipts" "$no" "$quantity" "" receipt "${issue[$no]}" "$@"
}

claims() { # PARTY NO MINOR MONEY
	act "$1" $claims "claims" "$2" "" "$4" claim "${order[$2]}" --also "${issue[$2]}" --currency "${4%% *}" --total-minor "$3" \
		--invoice "$1-2013-$2"
	claim[$2]=$(field number)
	amount[$2]=$4
	minor[$2]=$3
}

approves() { # PARTY NO
	act "$1" $payer "approves" "$2" "" = approve "${claim[$2]}" --authority "$1/FIN/2013/$2"
}

remits() { # PARTY NO
	act "$1" $payer "remits" "$2" "" = remit "${claim[$2]}" --currency "${amount[$2]%% *}" --amount-minor "${minor[$2]}" \
		--reference "$1-BANK-$2" --value-on "${now%T*}"
}

confirms() { # PARTY NO
	act "$1" $claims "confirms" "$2" "" = confirm "${claim[$2]}" --received-on "${now%T*}"
}

returns() { # PARTY NO
	act "$1" $receiver "returns" "$2" = "" return "${issue[$2]}" --returned-at "$now" --place "${place[$2]}"
}

takes_back() { # PARTY NO
	act "$1" $issuer "takes back" "$2" = "" accept-return "${issue[$2]}"
}

# --- between the homes --------------------------------------------------------------------------------------------------

# GB calls JP through a pipe: over a network it would read 'ssh liaison.example warifu sync --stdio'.
sync_by_pipe() {
	at GB --json sync "'$demo/jp' --now $now sync --stdio"
	local match=""
	! grep -q '"matched":true' "$log" || match="halves match"
	line "" "sync by pipe" "GB sent $(field sent_entries), JP sent $(field received_entries)" "$match"
}

# A file each way, carried by hand.
sync_by_bundle() {
	local from to count=()
	for from in JP GB; do
		to=JP
		[ $from = GB ] || to=GB
		at $from bundle write --for $to -o "$demo/to-${to,,}.bundle"
		at $to --json bundle read "$demo/to-${to,,}.bundle"
		count+=("$(field new_entries)")
	done
	line "" "bundles carried by hand" "GB sent ${count[1]}, JP sent ${count[0]}"
}

# --- the operation ------------------------------------------------------------------------------------------------------

declare -A minor
echo "Typhoon Haiyan, 2013. REHEARSAL - NOTHING HERE IS OWED. Each line is one officer's act, signed in the home of the own side."
open_tally

now=2013-11-18T02:00:00Z
requests GB 01 05 09 13 15
requests JP 02 06 12
sync_by_pipe

now=2013-11-18T20:00:00Z
offers JP 01 05 09 13 15
offers GB 02 06 12
now=2013-11-19T01:00:00Z
sync_by_pipe
accepts GB 01 05 09 13 15
accepts JP 02 06 12

now=2013-11-24T22:00:00Z # five days without a link
sync_by_bundle
now=2013-11-25T03:00:00Z
issues JP 05
now=2013-11-26T01:30:00Z
issues JP 01 --voucher 26-0117 \
	--line 'line=1 quantity=325000 observed-quantity=329110 temperature-c=29.5 density-15=842.1 measured-by="supply officer, JS Towada"'
now=2013-11-27T05:00:00Z
issues GB 02
now=2013-11-28T09:00:00Z
sync_by_pipe
receipts GB 05
receipts GB 01
receipts JP 02
now=2013-11-29T06:00:00Z
issues GB 06 --line 'line=1 quantity=1 meter-reading="load lists 1 to 31"'
now=2013-11-30T01:00:00Z
sync_by_pipe
receipts JP 06

now=2013-12-05T08:00:00Z # a week of silence
issues JP 09 --line 'line=1 quantity=20 meter-reading="apron log"' --line 'line=2 quantity=5 meter-reading="apron log"'
now=2013-12-08T01:00:00Z
issues GB 12 --line 'line=1 quantity=11960 observed-quantity=12104 temperature-c=30.1 density-15=798.4 measured-by="flight deck officer"'
now=2013-12-08T06:00:00Z
sync_by_pipe
receipts GB 09 "20 aircraft-days, 4 turn-rounds" --line 'line=2 accepted=4 reason=short'
receipts JP 12 "11,960 LTR" --line 'line=1 accepted=11960 unit=LTR reason=wrong_unit'
now=2013-12-09T01:00:00Z
issues JP 13 --line 'line=1 quantity=240 meter-reading="guest lists"'
now=2013-12-11T04:00:00Z
issues JP 15 --line 'line=1 quantity=18 meter-reading="six sorties, load lists"'
now=2013-12-12T01:00:00Z
sync_by_pipe
receipts GB 13
receipts GB 15 "16 TNE" --line 'line=1 accepted=16 reason=short'
act JP $issuer "concurs" 09 "20 aircraft-days, 4 turn-rounds" "JPY 1,760,000" concur "${issue[09]}"
act GB $issuer "contests" 12 "11,960 GLL" "" contest "${issue[12]}" --remarks 'Our meter counts US gallons, as the order does.'
claims GB 06 1850000 "GBP 18,500.00"

now=2013-12-14T02:00:00Z
sync_by_pipe
act JP $receiver "takes figures of" 12 "11,960 GLL" "" take-figures "${issue[12]}"
act JP $issuer "contests" 15 "18 TNE" "" contest "${issue[15]}" --lang ja --remarks '積荷目録の合計は18トンである。'
approves JP 06
claims JP 09 1760000 "JPY 1,760,000"
now=2013-12-16T02:00:00Z
returns JP 02
now=2013-12-17T02:00:00Z
sync_by_pipe
act GB $head "disputes" 15 "16 TNE" "" stand "${issue[15]}"
claims GB 12 3707600 "GBP 37,076.00"
approves GB 09
takes_back GB 02
now=2013-12-20T01:00:00Z
requests GB 11
sync_by_pipe
act JP $head "proposes on" 15 "16.4 TNE" "JPY 3,936,000" propose "${issue[15]}" --line 'line=1 quantity=16.4'
offers JP 11
approves JP 12
remits JP 06
now=2013-12-20T20:00:00Z
sync_by_pipe
accepts GB 11
act GB $head "agrees on" 15 "16.4 TNE" "JPY 3,936,000" agree "${issue[15]}"
remits GB 09
confirms GB 06
now=2013-12-22T20:00:00Z
sync_by_pipe
now=2013-12-23T06:00:00Z
issues JP 11
claims JP 15 3936000 "JPY 3,936,000"
confirms JP 09
remits JP 12
now=2013-12-26T02:00:00Z
sync_by_pipe
receipts GB 11
approves GB 15
confirms GB 12
remits GB 15
now=2014-01-16T09:00:00Z # three weeks
sync_by_pipe
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

# --- how it ends --------------------------------------------------------------------------------------------------------

echo
for party in GB JP; do
	echo "$party: account on ${now%T*}"
	at $party support account
	sed '/^$/d; /^REHEARSAL/d; /^as of/d; s/^/  /' "$log"
done
declare -A digest
for party in GB JP; do
	at $party --json digest
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
END
