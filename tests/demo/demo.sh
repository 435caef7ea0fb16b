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

# --- homes --------------------------------------------------------------------------------------------------------------

# One command for each side, also for whoever explores the homes afterwards. A fixed passphrase is for a rehearsal only.
make_command() { # PARTY
	cat >"$demo/${1,,}" <<END
#!/bin/sh
# warifu in the home of $1
demo=\$(cd "\$(dirname "\$0")" && pwd)
export WARIFU_HOME="\$demo/home-${1,,}" WARIFU_STATE="\$demo/state" WARIFU_PASSPHRASE=rehearsal
exec "$warifu" --now 2015-01-24T00:00:00Z "\$@" # the day after the last act; a later --now counts
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

roles=claims,dispute,issuer,liaison,orderer,payer,receiver,registrar

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
		desk "$1" 7 "$p.loo.7" "Liaison officer, $2" orderer,liaison $by
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
	at GB --json tally propose --agreement "$top/data/agreement-gb-jp-rehearsal.json" --with "$demo/cards/jp.party" --rehearsal \
		--keys "$demo/safe-gb" -o "$demo/cards/opening.tally"
	at JP tally accept "$demo/cards/opening.tally" --keys "$demo/safe-jp" --yes
	desks GB "HMS Illustrious"
	desks JP "JS Ise"
}

declare -A national

# PARTY: its own tally, of which the partner sees nothing: here its notices of claim lie.
open_national() {
	local party=$1 p=${1,,} number role post
	at "$party" --json tally list
	shared=$(field id)
	at "$party" party new "$party" --strength light --root-dir "$demo/safe-$p" --recovery-dir "$demo/vault-$p"
	printf '{"id": "%s-national", "parties": [{"code": "%s"}], "rehearsal": true}\n' "$party" "$party" >"$demo/cards/$p-national.json"
	at "$party" tally propose --agreement "$demo/cards/$p-national.json" --national --rehearsal --keys "$demo/safe-$p"
	at "$party" --json tally list
	national[$party]=$(sed -n '/-national"/s/.*"id":"\([0-9a-f]*\)".*/\1/p' "$log")
	at "$party" tally use "$shared"
	for number in 3:claims:"Claims office" 6:revenue:"Revenue office"; do
		IFS=: read -r number role post <<<"$number"
		at "$party" --tally "${national[$party]}" desk request --officer "$p.$role.$number" --post "$post" --roles "$role" --strength light \
			-o "$demo/cards/$p-$number-national.txt"
		at "$party" --tally "${national[$party]}" desk grant "$demo/cards/$p-$number-national.txt" --number "$number" --until 2015-12-31 --yes \
			--keys "$demo/safe-$p"
	done
}

# --- acts ---------------------------------------------------------------------------------------------------------------

declare -A order issue claim what amount place minor notice

# What a reader sees behind each act: quantity and name, amount, place.
tell() { # NO QUANTITY AMOUNT PLACE
	what[$1]=$2 amount[$1]=$3 place[$1]=$4
}
tell 01 "325,000 LTR F-76" "JPY 26,000,000" "10.9N 125.4E"
tell 02 "15,650 LTR drinking water" "GBP 1,565.00" "10.9N 125.4E"
tell 03 "2.6 TNE by C-130" "GBP 3,120.00" "Cebu"
tell 04 "18 TNE by CH-47" "JPY 4,320,000" "Tacloban"
tell 05 "5,000 rations" "JPY 3,000,000" "Tacloban"
tell 06 "1 forward lift, lump sum" "GBP 18,500.00" "Tacloban"
tell 07 "12 bed-nights, unordered" "JPY 504,000" "Tacloban"
tell 08 "45 seats in a C-130" "GBP 13,950.00" "Cebu"
tell 09 "20 aircraft-days, 5 turn-rounds" "JPY 1,900,000" "Mactan"
tell 10 "93 vehicles by JS Osumi" "JPY 2,301,750" "Manila"
tell 11 "10,000 rounds of 5.56 mm" "JPY 600,000" "Juba"
tell 12 "11,960 GLL F-44" "GBP 37,076.00" "10.9N 125.4E"
tell 13 "240 person-nights" "JPY 1,248,000" "Cebu"
tell 14 "2 rotor blade tip caps" "GBP 3,700.00" "Mactan"
tell 15 "18 TNE by CH-47" "JPY 4,320,000" "Guiuan"
for sortie in 1 2 3; do # order 04 is flown in three parts
	tell "04.$sortie" "6 TNE, sortie $sortie" "JPY 1,440,000" "Tacloban"
done

line() { # PARTY ACT [QUANTITY AMOUNT PLACE]
	printf '%s  %-2s  %-34s %-32s %14s  %s\n' "${now%T*}" "$1" "$2" "${3-}" "${4-}" "${5-}" | sed 's/ *$//'
}

# PARTY DESK ACT NO QUANTITY AMOUNT VERB NUMBER [OPTION...]: one act of one officer, and its line; "=" is what was ordered.
act() {
	local party=$1 desk=$2 said=$3 no=$4 quantity=$5 money=$6
	shift 6
	at "$party" --desk "$desk" --json support "$@"
	[ -z "$one_line" ] || return 0
	[ "$quantity" != = ] || quantity=${what[$no]}
	[ "$money" != = ] || money=${amount[$no]}
	line "$party" "$said $(field number)" "$quantity" "$money" "${place[$no]}"
}
one_line=''

# PARTY FUNCTION QUANTITY AMOUNT PLACE NO...: the same act on each of these, on one line.
alike() {
	local party=$1 function=$2 quantity=$3 money=$4 where=$5 first='' no
	shift 5
	one_line=yes
	for no; do
		"$function" "$party" "$no"
		[ -n "$first" ] || first=$(field number)
	done
	one_line=''
	line "$party" "${function//_/ } $first to $(field number | sed 's/.*[-/]//')" "$quantity" "$money" "$where"
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

rate='from=GBP to=JPY rate=165 source="invented for the rehearsal" on=2013-11-01' # as the agreement has it

offers() { # PARTY NO...
	local party=$1 no terms
	shift
	for no; do
		terms=()
		case $no in 03 | 04 | 08 | 10) terms=(--rate "$rate") ;; esac # to be exchanged
		act "$party" $issuer "offers" "$no" = = offer "${order[$no]}" --utc-offset-minutes "$(offset "$party")" \
			--valid-until 2014-01-01 "${terms[@]}"
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
	act "$party" $issuer "issues" "$no" = = issue "${order[${no%.*}]}" --delivered-at "$now" --utc-offset-minutes $minutes \
		--place "${place[$no]}" "$@"
	issue[$no]=$(field number)
}

receipts() { # PARTY NO [QUANTITY OPTION...]
	local party=$1 no=$2 quantity=${3-=}
	shift 2
	[ $# -eq 0 ] || shift
	act "$party" $receiver "receipts" "$no" "$quantity" "" receipt "${issue[$no]}" "$@"
}

# An issue that nobody ordered: the supplier's home finds it in the file.
issues_unordered() { # PARTY NO
	at "$1" --desk $issuer --json support import "$data/orders.csv" --only "$2" --delivered-at "$now" --utc-offset-minutes "$(offset "$1")" \
		--meter-reading "ward book"
	order[$2]=$(field number)
	issue[$2]=${order[$2]}
	line "$1" "issues ${order[$2]}" "${what[$2]}" "${amount[$2]}" "${place[$2]}"
}

ratifies() { # PARTY NO
	act "$1" $orderer "ratifies" "$2" = = ratify "${issue[$2]}" --charter --received-by "${1,,}.rcv.2"
}

claims() { # PARTY NO MINOR MONEY [ISSUE...]: of its one issue, or of these
	local party=$1 no=$2 total=$3 money=$4 also=() part
	shift 4
	for part in "${@:-${issue[$no]}}"; do also+=(--also "$part"); done
	act "$party" $claims "claims" "$no" "" "$money" claim "${order[$no]}" "${also[@]}" --currency "${money%% *}" --total-minor "$total" \
		--invoice "$party-${now%%-*}-$no"
	claim[$no]=$(field number)
	amount[$no]=$money
	minor[$no]=$total
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

# Like service for like service: the receiver names what it gave for it, the supplier certifies the value.
links() { # PARTY NO AGAINST MONEY
	act "$1" $receiver "links" "$2" "for ${issue[$3]}" "$4" link "${issue[$2]}" --against "${issue[$3]}"
}

certifies() { # PARTY NO MINOR MONEY
	act "$1" $issuer "certifies" "$2" "in exchange" "$4" certify "${issue[$2]}" --currency "${4%% *}" --total-minor "$3"
}

elects_cash() { # PARTY NO
	act "$1" $receiver "elects cash" "$2" = "" elect-cash "${issue[$2]}"
}

# The notice of claim of an issue, to the revenue office of the own side: within five working days of delivery.
notifies() { # PARTY NO DEBTOR ADDRESS DUE
	at "$1" --desk 3 --json notice send "${issue[$2]}" --debtor "$3" --address "$4" --due-on "$5"
	notice[$2]=$(field number)
	line "$1" "notice of claim $(field number)" "for ${issue[$2]}" "${amount[$2]}" "${place[$2]}"
}

takes_up() { # PARTY NO LEDGER
	at "$1" --tally "${national[$1]}" --desk 6 --json national take-up "${notice[$2]}" --ledger "$3" --ledger-on "${now%T*}"
	line "$1" "revenue office takes up ${notice[$2]}" "ledger $3" "${amount[$2]}" "${place[$2]}"
}

owed_by_japan=("Ministry of Defence, Japan" "Ichigaya, Shinjuku, Tokyo" 2014-01-31)
owed_by_britain=("Ministry of Defence, United Kingdom" "Whitehall, London" 2014-01-31)

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


echo "Typhoon Haiyan, 2013. REHEARSAL - NOTHING HERE IS OWED. Each line is one officer's act, signed in the home of the own side."
open_tally
open_national GB
open_national JP

now=2013-11-18T02:00:00Z
requests GB 01 04 05 09 10 13 15
requests JP 02 03 06 08 12 14
sync_by_pipe

now=2013-11-18T20:00:00Z
alike JP offers "seven orders, as requested" "" "" 01 04 05 09 10 13 15
alike GB offers "six orders, as requested" "" "" 02 03 06 08 12 14
now=2013-11-19T01:00:00Z
sync_by_pipe
alike GB accepts "seven orders, as offered" "" "" 01 04 05 09 10 13 15
alike JP accepts "six orders, as offered" "" "" 02 03 06 08 12 14

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
line GB "enters six pledges of the statement" "" "" London
sync_by_pipe
for pledge in $("$demo/jp" --json statement list | sed -n 's/.*"number":"\([^"]*\)".*/\1/p'); do
	at JP --desk $orderer statement confirm-pledge "$pledge"
done
line JP "confirms the wording of six pledges" "" "" Tokyo
now=2015-01-23T09:00:00Z
sync_by_pipe

# --- how it ends --------------------------------------------------------------------------------------------------------

echo
for party in GB JP; do
	echo "$party: account on ${now%T*}"
	at $party support account
	sed '/^$/d; /^REHEARSAL/d; /^as of/d; s/^/  /' "$log"
done

# PARTY: how many findings of each rule the audit has in this home, on each of these days.
audit_table() {
	local party=$1 column
	for column in "${!days[@]}"; do
		at "$party" support audit --as-of "${days[$column]}"
		cp "$log" "$demo/audit-$column"
	done
	awk -v party="$party" -v days="${days[*]}" '
		BEGIN { n = split(days, day, " ") }
		FNR == 1 { column++ }
		/^rule  number/ { nextfile }
		/^I[0-9]+ / {
			if (column == 1) { rule[++rules] = $1; name[$1] = substr($0, index($0, $3), 30); sub(/  .*/, "", name[$1]) }
			count[$1, column] = $2
			sum[$1] += $2
		}
		END {
			printf "%-36s", party ": audit, findings as of"
			for (c = 1; c <= n; c++) printf "  %s", day[c]
			print ""
			for (r = 1; r <= rules; r++) {
				if (sum[rule[r]] == 0) { clean++; continue }
				printf "  %-3s  %-29s", rule[r], name[rule[r]]
				for (c = 1; c <= n; c++) printf "  %10d", count[rule[r], c]
				print ""
			}
			printf "%-36s", sprintf("  the other %d rules", clean)
			for (c = 1; c <= n; c++) printf "  %10d", 0
			print ""
		}' "$demo"/audit-?
}

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
END
