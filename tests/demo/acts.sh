# Sourced by demo.sh: the two homes, what their officers do there, and the lines that say so.
#
# Before it: `warifu`, `top`, `data` and `demo` (the folder), and `fail`; `now` is the time of the next act.
# shellcheck shell=bash disable=SC2034,SC2154 # demo.sh has the other half

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

# PARTY: its own tally, of which the partner sees nothing: here its notices of claim and its hand-overs lie.
open_national() {
	local party=$1 p=${1,,} number name role post
	at "$party" --json tally list
	shared=$(field id)
	at "$party" party new "$party" --strength light --root-dir "$demo/safe-$p" --recovery-dir "$demo/vault-$p"
	printf '{"id": "%s-national", "parties": [{"code": "%s"}], "rehearsal": true}\n' "$party" "$party" >"$demo/cards/$p-national.json"
	at "$party" tally propose --agreement "$demo/cards/$p-national.json" --national --rehearsal --keys "$demo/safe-$p"
	at "$party" --json tally list
	national[$party]=$(sed -n '/-national"/s/.*"id":"\([0-9a-f]*\)".*/\1/p' "$log")
	at "$party" tally use "$shared"
	# The officers are those of the shared tally, so that each may hand over what he signed there.
	for number in 1:sup:drafter,duty:"Supply officer" 2:rcv:drafter,duty:"Receiving officer" 3:clm:claims,drafter,duty:"Claims office" \
		4:pay:duty,funds:"Paying office" 6:rev:revenue:"Revenue office" 7:loo:checker,duty:"Liaison officer"; do
		IFS=: read -r number name role post <<<"$number"
		at "$party" --tally "${national[$party]}" desk request --officer "$p.$name.$number" --post "$post" --roles "$role" --strength light \
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

# NO...: what these come to; all are in one currency, in pence where it is the pound.
total() {
	local no digits sum=0 pence=''
	for no; do
		digits=${amount[$no]#* }
		digits=${digits//[,.]/}
		sum=$((sum + digits))
	done
	if [ "${amount[$1]%% *}" = GBP ]; then
		pence=$(printf '.%02d' $((sum % 100)))
		sum=$((sum / 100))
	fi
	echo "${amount[$1]%% *} $(sed -E ':more; s/([0-9])([0-9]{3})(,|$)/\1,\2\3/; t more' <<<"$sum")$pence"
}

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
	[ "$money" != = ] || money=$(total "$@")
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
# PARTY NO=VIEW...: how it sees these pledges.
views() {
	local party=$1 view
	shift
	for view; do
		at "$party" --desk $orderer statement view "${pledge[${view%%=*} - 1]}" --view "${view#*=}"
	done
}

# PLEDGE ORDER ENGLISH JAPANESE: an order shows that a pledge is kept; here it is a rehearsal's, and not counted.
backed_by() {
	at GB --json why "${order[$2]}"
	at GB --desk $orderer statement link-evidence "${pledge[$1 - 1]}" --mention "$(field id)" --number "${order[$2]}" \
		--en "$3" --ja "$4" --rehearsal
}

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

# --- audit --------------------------------------------------------------------------------------------------------------

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
