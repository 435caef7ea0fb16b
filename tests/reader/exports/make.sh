#!/bin/bash
# Makes the exports of this folder, and beside each what the program says of it, for the second reader to agree with:
# NOW=$(date -u +%Y-%m-%dT%H:%M:00Z) WARIFU=build/warifu tests/reader/exports/make.sh, where NOW is the machine's own time, for a tally
# that is no rehearsal takes no other. To be run again only when the format changes: keys and entries are new each time.
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
program=$(realpath "${WARIFU:-$top/build/warifu}")
cd "$top/tests/scenario" || exit 1
[ $# -gt 0 ] || set -- every_kind keys_and_rivals relief later
set -- "$top/tests/scenario/make" "$@"
export WARIFU=$program
BASH_ARGV0=$1
. "$top/tests/scenario/lib.sh"
roles=claims,dispute,issuer,netting,orderer,payer,receiver,waiver
worlds=("$work")
trap 'rm -rf "${worlds[@]}"' EXIT

# HOME ARGUMENTS...: a command in a home, by the usual desk of its side; what it says goes to $work/out and $work/err.
try() {
	local home=$1 by=$jp_desk
	shift
	case $home in gb*) by=$gb_desk ;; esac
	side "$home" "$by" "$@" >/dev/null 2>&1
}
must() {
	try "$@" || { echo "Bail out! $now: $*: $(said)"; exit 1; }
}
move() { # HOME VERB...: a move of support
	local home=$1
	shift
	must "$home" --json support "$@"
	made=$(value number) made_id=$(value id)
}
exchange() { # HOME HOME [OPTION...]: the first calls the second
	local from=$1 to=$2
	shift 2
	must "$from" --json sync "'$WARIFU' --home '$work/$to' --now $now sync --stdio" "$@"
}
request() { # HOME LINE... [OPTION...]
	local home=$1 lines=() other=JP
	shift
	[ "$home" = jp ] && other=GB
	while [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; do
		lines+=(--line "$1")
		shift
	done
	lines+=("$@")
	move "$home" request --supplier $other --activity 1b --urgency relief --place Tacloban --deliver-on "${now%T*}" --charter "${lines[@]}"
}
other_side() { case $1 in gb*) echo jp ;; *) echo gb ;; esac; }
offer() { move "$1" offer "$2" --utc-offset-minutes 540; }
agree() { # HOME LINE...: from the request to the agreed order
	request "$@" && swap
	order=$made
	offer "$(other_side "$1")" "$order" && swap
	move "$1" accept "$order" && swap
}
issue() { # HOME ORDER [OPTION...]
	local home=$1 of=$2
	shift 2
	move "$home" issue "$of" --delivered-at "$now" --utc-offset-minutes 480 --place Tacloban "$@"
	part=$made
}
begin() { # AGREEMENT: two homes with two desks each, 1 and 2
	work=$(mktemp -d)
	worlds+=("$work")
	export agreement=$top/data/$1 WARIFU_STATE=$work/state
	open_homes
	for home in gb jp; do
		desk $home 2 $roles Office
		desk $home 1 $roles Field
	done
	swap
}
water='line=1 category=water kind=supply description_en=Water quantity=1000 unit=LTR unit_price_minor=10 price_basis=own_forces currency=GBP settlement=cash'
diesel='line=1 category=fuel kind=supply description_en=Diesel quantity=900 unit=LTR unit_price_minor=110 price_basis=contract currency=JPY settlement=cash fuel_code=F-76'

keep() { # NAME: the export of GB's half, and what GB's half says; JP's must be equal
	halves_match "$1: both halves match"
	must gb export -o "$here/$1.wx"
	for what in "digest" "log --count 0" "support account" "support list --parts"; do
		# shellcheck disable=SC2086 # words of a command
		must gb --json $what
		cp "$work/out" "$work/told-${what%% -*}"
	done
	: >"$work/told-orders"
	sed -n 's/.*"number":"\([^"]*\)","part":"order".*/\1/p' "$work/told-support list" >"$work/numbers"
	while read -r number; do
		must gb --json support show "$number"
		cat "$work/out" >>"$work/told-orders"
	done <"$work/numbers"
	python3 "$here/told.py" "$work" >"$here/$1.json"
}

office() { gb_as 2; "$@"; gb_as 1; }    # by the paying office
jp_office() { jp_as 2; "$@"; jp_as 1; }
swap() { exchange gb jp; }
act() { move "$@"; swap; }              # a move that reaches the other side at once

stores='line=2 category=fuel kind=supply description_ja=航空燃料 quantity=500 unit=GLL unit_price_minor=150 price_basis=list currency=JPY settlement=return_like nsn_or_fsc=9130 fuel_code=F-44'
lift='line=3 category=transport kind=service description_en=Airlift quantity=2.6 unit=TNE meter=tonnes unit_price_minor=120000 price_basis=own_forces currency=GBP settlement=service_like'
open_price='line=4 category=medical kind=service description_en=Surgery quantity=1 unit=ACT meter=operations ceiling_minor=90000 currency=GBP settlement=cash'

# --- every kind of support, in a real tally: no rehearsal, no clock but the machine's --------------------------------------

beginnings() {
	request gb "$diesel" && swap
	act jp decline "$made" --reason not_available
	request gb "$diesel" && swap
	act jp ask "$made" --remarks '数量は?'
	act gb answer "$made" --remarks '900 L'
	act jp ask "$made" --remarks 'en'
	act gb withdraw "$made"
	request gb "$diesel" && swap
	act jp offer "$made" --utc-offset-minutes 540 --valid-until 2099-01-01T00:00:00Z
	act gb counter "$made" --line "${diesel/110/100}"
	act jp offer "$made" --utc-offset-minutes 540
	act gb reject "$made"
	agree gb "$diesel"
	act jp amend "$order" --line "${diesel/900/800}"
	act gb refuse "$order"
	act jp amend "$order" --line "${diesel/900/950}"
	act gb accept "$order"
	act jp unable "$order"
}

differences() {
	agree gb "$diesel" "$stores" "$lift" "$open_price"
	issue jp "$order" --line 'line=1 quantity=400' && swap
	first=$part
	act gb receipt "$first" --line 'line=1 accepted=390 damaged=10 reason=damaged'
	act jp contest "$first" --remarks 'all whole'
	act gb restate-figures "$first" --line 'line=1 accepted=395 damaged=5 reason=damaged'
	act jp contest "$first" --remarks 'still whole'
	act gb stand "$first"
	act jp propose "$first" --line 'line=1 quantity=398'
	act gb counter-resolution "$first" --line 'line=1 quantity=396' --remarks 'no'
	act jp propose "$first" --line 'line=1 quantity=397'
	act gb agree "$first"
	issue jp "$order" --line 'line=1 quantity=100' && swap
	second=$part
	act gb receipt "$second" --line 'line=1 accepted=99 short=1 reason=short'
	act jp concur "$second"
	issue jp "$order" --line 'line=1 quantity=50' && swap
	third=$part
	act gb not-arrived "$third"
	act jp contest "$third" --remarks 'signed for'
	act gb take-figures "$third"
	issue jp "$order" --line 'line=1 quantity=25' && swap
	act gb not-arrived "$part"
	act jp annul "$part"
	issue jp "$order" --line 'line=4 quantity=1 meter_reading=log' && swap
	act gb receipt "$part"
	act gb note "$order" --remarks 'ja:覚え'
	act gb wish-cancel "$order" --remarks 'the rest'
}

take() { # QUANTITY: taken over before the supplier's entry is at hand
	move gb take "$order" --delivered-at "$now" --utc-offset-minutes 480 --place Cebu --handed-over-by 'JS Towada' \
		--line "line=1 quantity=$1"
	part=$made
}

takings() {
	take 30 && swap
	fourth=$part
	act jp issue-taken "$part" --delivered-at "$now" --utc-offset-minutes 480 --place Cebu
	take 20 && swap
	act jp deny "$part" --remarks 'not ours'
	act gb withdraw "$part"
	take 21 && swap
	act jp deny "$part" --remarks 'not ours'
	act gb stand "$part"
	act jp propose "$part" --line 'line=1 quantity=0'
	act gb agree "$part"
	take 10
	taken=$part
	issue jp "$order" --line 'line=1 quantity=10' && swap
	act gb receipt "$part" --also "$taken"
	take 5 && swap
}

returns() {
	issue jp "$order" --line 'line=2 quantity=500' && swap
	act gb receipt "$part"
	act gb return "$part" --returned-at "$now" --line 'line=2 quantity=757.082357 unit=LTR'
	act jp refuse-return "$part" --reason class
	act gb return "$part" --returned-at "$now" --line 'line=2 quantity=300'
	act jp accept-return "$part" --line 'line=2 quantity=250'
	issue jp "$order" --line 'line=3 quantity=1.3 meter_reading=manifest' && swap
	act gb receipt "$part"
	issue jp "$order" --line 'line=3 quantity=1.3 meter_reading=manifest' && swap
	act gb receipt "$part"
	act gb elect-cash "$part"
}

claims() {
	act jp claim "$order" --also "$first" --also "$second" --also "$third" --currency JPY --total-minor $(((397 + 99 + 50) * 110)) \
		--invoice INV-1
	claimed=$made
	gb_as 2
	act gb query "$claimed" --reason quantity --item item=1
	act jp credit "$claimed" --item 'item=1 credit_minor=110' --total-minor 59950
	act gb query "$claimed" --reason price
	act jp reclaim "$claimed" --total-minor $((43670 - 110 + 5500)) --line 'issue=1 line=1' --line 'issue=3 line=1'
	act gb query "$claimed" --reason price
	act jp uphold "$claimed" --remarks 'see the vouchers'
	act gb escalate "$claimed" --remarks 'not seen'
	act jp figure "$claimed" --total-minor 40000 --remarks 'half way'
	act gb counter-figure "$claimed" --remarks 'less' --total-minor 39000
	act jp figure "$claimed" --total-minor 39000 --remarks 'well'
	act gb agree-figure "$claimed"
	act gb remit "$claimed" --currency JPY --amount-minor 20000 --reference B1 --value-on 2030-01-01
	act jp not-found "$claimed"
	act gb remit "$claimed" --currency JPY --amount-minor 20000 --reference B1 --value-on 2030-01-01
	act jp confirm "$claimed"
	gb_as 1
	act jp claim "$order" --also "$fourth" --currency JPY --total-minor 3300
	office act gb approve "$made"
	office act gb remit "$made" --currency JPY --amount-minor 3300 --reference B2 --value-on 2030-01-01
	act jp confirm "$made"
	act jp close "$order" --also "$first"
}

# A real tally takes no --now, no --rehearsal and no light keys: the helpers' options are left out on the way to the program.
every_kind() {
	strict=$(mktemp)
	worlds+=("$strict")
	cat >"$strict" <<-END
		#!/usr/bin/env python3
		import os, sys
		given = [word for word in sys.argv[1:] if word != '--rehearsal']
		for option in '--now', '--strength':
		    while option in given: del given[given.index(option):given.index(option) + 2]
		os.execv('$program', ['$program'] + given)
	END
	chmod +x "$strict"
	WARIFU=$strict
	now=${NOW:?the time of this machine, in UTC, to the minute: see the first lines of this script}
	begin agreement-gb-jp.json
	beginnings
	differences
	takings
	returns
	claims
	keep every-kind
	WARIFU=$program
}

# --- keys and rivals --------------------------------------------------------------------------------------------------

second_home() { # GB's second home, of desk 3
	must gb2 init --party GB
	must gb2 tally join "$work/opening.tally" --yes
	must gb2 home request --label Illustrious --strength light -o "$work/card"
	must gb home grant "$work/card" --yes
	must gb2 desk request --officer gb.3 --post 'HMS Illustrious' --roles $roles --strength light -o "$work/card"
	must gb desk grant "$work/card" --number 3 --yes
	swap
	exchange gb2 gb --with GB
}

rivals() { # two desks of GB answer one offer, in two ways
	request gb "$water" && swap
	order=$made
	act jp offer "$order" --utc-offset-minutes 540
	exchange gb2 gb --with GB
	move gb accept "$order"
	accepted=$made_id
	gb_as 3
	move gb2 counter "$order" --line "${water/=10 /=9 }"
	exchange gb2 gb --with GB
	gb_as 1
	swap
	must gb support show "$order"
}

keys_and_rivals() {
	begin agreement-gb-jp-rehearsal.json
	second_home
	rivals
	act gb resolve "$order" --stands "$accepted"
	issue jp "$order" --line 'line=1 quantity=100' && swap
	act gb receipt "$part"
	rivals
	exchange jp gb2

	# A desk whose key is stolen with the machine: its log forks; and one revoked before what it signed last.
	agree jp "$water"
	desk gb 4 $roles 'Stolen'
	desk gb 5 $roles 'Relieved'
	swap
	gb_as 5
	issue gb "$order" --line 'line=1 quantity=10' && swap
	move jp receipt "$part"
	issue gb "$order" --line 'line=1 quantity=20'
	unseen=$made_id
	gb_as 4
	mine=$work
	thief=$(mktemp -d)
	worlds+=("$thief")
	cp -a "$work/." "$thief/"
	issue gb "$order" --line 'line=1 quantity=400'
	true_issue=$made_id
	work=$thief WARIFU_STATE=$thief/state
	issue gb "$order" --line 'line=1 quantity=999'
	must gb bundle write --for JP -o "$mine/thief.bundle"
	work=$mine WARIFU_STATE=$mine/state
	must jp bundle read "$work/thief.bundle"
	gb_as 1
	try gb --json sync "'$WARIFU' --home '$work/jp' --now $now sync --stdio"
	must gb home adopt --yes
	gb_as ''
	must gb home request --label 'new keys' --strength light -o "$work/card"
	must gb home grant "$work/card" --yes
	desk gb 6 $roles 'After the theft'
	must gb desk revoke 4 --reason 'key stolen'
	must gb desk revoke 5 --reason 'officer relieved' --last-good 1
	swap
	act gb restate "$order" --entry "$true_issue"
	act jp receipt "$made"
	act gb restate "$order" --entry "$unseen"
	keep keys-and-rivals
}

# --- the orders of the relief operation ---------------------------------------------------------------------------------

relief() {
	begin agreement-gb-jp-rehearsal.json
	now=2013-11-21T00:00:00Z
	must gb support import "$top/data/haiyan-2013/orders.csv"
	must jp support import "$top/data/haiyan-2013/orders.csv"
	swap
	now=2013-11-30T00:00:00Z
	must gb --json support list
	gb_orders=$(sed -n 's/.*"number":"\(GB[^"]*\)".*/\1/p' "$work/out")
	must gb --json support list
	jp_orders=$(sed -n 's/.*"number":"\(JP[^"]*\)".*/\1/p' "$work/out")
	for order in $gb_orders; do offer jp "$order"; done
	for order in $jp_orders; do offer gb "$order"; done
	swap
	for order in $gb_orders; do move gb accept "$order"; done
	for order in $jp_orders; do move jp accept "$order"; done
	swap
	for order in $gb_orders; do try jp support issue "$order" --delivered-at "$now" --utc-offset-minutes 480 --place Cebu; done
	for order in $jp_orders; do try gb support issue "$order" --delivered-at "$now" --utc-offset-minutes 480 --place Cebu; done
	swap
	gb_as 2
	for order in $gb_orders; do try gb support receipt "$order/I01.1"; done
	gb_as 1
	for order in $jp_orders; do try jp support receipt "$order/I01.1"; done
	swap
	keep relief
}

# --- the rest of an order's life, and settling without cash -----------------------------------------------------------------

delivered() { # HOME LINES-OPTION...: an order by the other side, its issue and its receipt; the issue is left in $part
	local home=$1 line=$2
	shift 2
	agree "$(other_side "$home")" "$line"
	issue "$home" "$order" "$@" && swap
	act "$(other_side "$home")" receipt "$part"
}

exchanged() { # airlift against airlift, and the rest in cash
	delivered jp "${lift/line=3/line=1}" --line 'line=1 quantity=2.6 meter_reading=manifest'
	theirs=$part
	delivered gb "${lift/line=3/line=1}" --line 'line=1 quantity=1 meter_reading=manifest'
	act gb link "$theirs" --against "$part"
	act jp certify "$theirs" --currency GBP --total-minor 120000
	act gb elect-cash "$theirs"
	act jp claim "${theirs%/*}" --also "$theirs" --currency GBP --total-minor 192000
	office act gb approve "$made"
	mine=$made
}

set_off() { # that claim against one of ours
	delivered gb "$water" --line 'line=1 quantity=400'
	act gb claim "$order" --also "$part" --currency GBP --total-minor 4000
	ours=$made
	jp_office act jp approve "$ours"
	act jp net --claim "$mine" --claim "$ours"
	net=$made
	act gb agree-netting "$net"
	act gb set-off "$mine"
	act gb remit-netting "$net" --currency GBP --amount-minor 100000 --reference N1 --value-on 2030-01-01
	act jp confirm-netting "$net"
}

by_mouth() { # an order by telephone, one nobody asked for, one that was never made
	request gb "$water" --oral-at "$now" --oral-with 'duty officer' && swap
	act jp deny-oral "$made" --remarks 'no such talk'
	act jp offer-unasked --receiver GB --activity 1b --place Cebu --deliver-on "${now%T*}" --utc-offset-minutes 540 --line "$diesel"
	act gb accept "$made" --charter
	act jp issue-unordered --receiver GB --activity 1b --place Cebu --utc-offset-minutes 540 --delivered-at "$now" --line "$diesel"
	act gb ratify "$made" --charter
	act jp issue-unordered --receiver GB --activity 1b --place Cebu --utc-offset-minutes 540 --delivered-at "$now" --line "$water"
	act gb repudiate "$made" --reason not_ordered
	act jp withdraw "$made"
}

mended() { # what a receipt left wrong, after it was paid for
	delivered jp "$diesel" --line 'line=1 quantity=100'
	act jp claim "$order" --also "$part" --currency JPY --total-minor 11000
	office act gb approve "$made"
	office act gb remit "$made" --currency JPY --amount-minor 11000 --reference B3 --value-on 2030-01-01
	act jp confirm "$made"
	office act gb propose-adjustment "$part" --line 1 --quantity 90 --reason quantity
	adjusted=$made
	act jp agree-adjustment "$adjusted"
	office act gb claim-refund "$order" --also "$adjusted" --currency JPY --total-minor 1100
	jp_office act jp approve "$made"
	delivered jp "$diesel" --line 'line=1 quantity=10'
	act jp propose-adjustment "$part" --line 1 --quantity 11 --reason quantity
	act gb agree-adjustment "$made"
}

kept() { # what was not returned in time is converted, what is small is waived, who is silent is claimed from
	delivered jp "${stores/line=2/line=1}" --line 'line=1 quantity=100'
	kind=$part
	delivered jp "$diesel" --line 'line=1 quantity=1'
	act jp waive "$part" --law 'Act 18' --authority Treasury
	agree gb "$diesel"
	issue jp "$order" --line 'line=1 quantity=50' && swap
	silent=$part
	now=2015-11-20T00:00:00Z
	act jp claim-unacknowledged "$order" --also "$silent" --currency JPY --total-minor 5500
	office act gb approve "$made"
	act jp convert "$kind"
}

later() {
	begin agreement-gb-jp-rehearsal.json
	exchanged
	set_off
	by_mouth
	mended
	kept
	keep later
}

for story in "${@:2}"; do $story; done
