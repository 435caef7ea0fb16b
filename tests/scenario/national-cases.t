#!/bin/bash
# The national tally's commands where something is amiss, and in the cases that story 20 does not come to: a draft for an order that is there already, an open price, a notice
# corrected and taken back, files of the revenue office that do not fit.
. "$(dirname "$0")/story.sh"
two_homes

inside() { # HOME ARGUMENTS...
	local home=$1
	shift
	status=0
	"$WARIFU" --home "$work/$home" "$@" >"$work/out" 2>"$work/err" || status=$?
}
must_inside() {
	inside "$@"
	[ $status -eq 0 ] || give_up "$*: ended with $status: $(said)"
}
ends() { # STATUS TITLE WORDS HOME ARGUMENTS...
	local wanted=$1 title=$2 words=$3
	shift 3
	inside "$@"
	printf 'warifu %s\nended with %s, wanted %s: %s\n' "$*" "$status" "$wanted" "$(said)" >"$work/tap"
	[ "$status" -eq "$wanted" ] && said | grep -qF -e "$words"
	report $? "$title"
}

ends 2 "without a national tally there are no drafts" "no national tally in this home" gb draft list

shared=$("$WARIFU" --home "$work/gb" --json tally list | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
printf '{"id":"GB-national","parties":[{"code":"GB"}]}\n' >"$work/national.json"
must_inside gb party new
must_inside gb tally propose --agreement "$work/national.json" --national
national=$("$WARIFU" --home "$work/gb" --json tally list | sed -n '/"national"/s/.*"id":"\([0-9a-f]*\)".*/\1/p')
must_inside gb tally use "$shared"
national_desk() { # NUMBER ROLES
	must_inside gb --tally "$national" desk request --officer "gb.officer.$1" --post "Officer $1" --roles "$2" -o "$work/card"
	must_inside gb --tally "$national" desk grant "$work/card" --number "$1" --yes
}
national_desk 1 drafter,claims
national_desk 3 checker,funds
national_desk 4 approver,drafter
national_desk 6 revenue
national_desk 2 duty

# --- drafts ---------------------------------------------------------------------------------------------------------------

request gb "$water"
order=$made
exchange gb jp
offer jp "$order"
exchange gb jp
terms=$made_id

approve() { # DRAFT
	must_inside gb --tally "$national" --desk 3 national check "$1"
	must_inside gb --tally "$national" --desk 3 national certify "$1" --reference "Vote B"
	must_inside gb --tally "$national" --desk 4 national approve "$1" --authority OP/2
}
write=(gb --desk 1 draft write support.accepted "$order" --title "Accept the water")
ends 2 "a draft is of a kind that is known" 'kind "support.acepted"' gb --desk 1 draft write support.acepted --title T --fields '{}'
ends 2 "and not of a national one" 'not a move of a shared tally' gb --desk 1 draft write national.noted --title T --fields '{}'
ends 2 "it has a title" 'option --title' gb --desk 1 draft write support.requested --fields '{}'
ends 2 "and fields" 'option --fields' "${write[@]}"
ends 3 "that are an object" 'must be a JSON object' "${write[@]}" --fields '{"terms":'
ends 3 "not too long for an entry" 'a draft holds 4000 at most' "${write[@]}" --fields "{\"remarks\":\"$(printf '%04000d' 0)\"}"
ends 4 "a file of them must be there" 'nowhere.json: No such file' "${write[@]}" --fields nowhere.json
ends 2 "a number must be in the shared tally" 'GB-09-0009: not in the tally' gb --desk 1 draft write support.accepted GB-09-0009 --title T --fields '{}'
ends 2 "a shared tally must be one of this home" '--shared ffffffff' "${write[@]}" --fields '{}' --shared ffffffff
ends 1 "an amount has a currency" N5 "${write[@]}" --fields '{}' --amount-minor 100
ends 1 "what lies ahead of the clock was not done" 'lies ahead of the clock' "${write[@]}" --fields '{}' --at 2199-01-01T00:00:00Z
ends 2 "a time is one" 'must be a time' "${write[@]}" --fields '{}' --at yesterday
desk gb 21 drafter 'Drafter'
gb_as 1
ends 1 "in the shared tally the move that writes a draft is refused" N1 gb --now "$now" --desk 21 national write --move support.requested \
	--shared "$shared" --title T --fields '{}'

printf '{"terms":"%s"}' "$terms" >"$work/accept.json"
must_inside gb --desk 1 --json draft write support.accepted "$order" --title "Accept the water" --fields "$work/accept.json" --shared "${shared:0:10}"
draft=$(value number)
approve "$draft"
ends 2 "who has no desk in the shared tally cannot enter it" 'officer gb.officer.4: has no desk here' gb --desk 4 draft enter "$draft"
before=$(half gb)
ends 1 "who may order there and not enter drafts here is refused" 'the desk lacks the role drafter' \
	gb --desk 2 draft enter "$draft" --at 2013-11-20T00:00:01Z
is "and the order that was made a moment before is gone with the note" "$(half gb)" "$before"
must_inside gb --tally "$national" --desk 1 draft enter "$draft" --at 2013-11-20T00:00:01Z
is "a draft for an order there is its next move" "$(state_of gb "$order")" agreed
ends 0 "the list is in Japanese too" 記録済 gb --lang ja draft list
ends 0 "and shows what the draft concerns" "$order" gb draft list
ends 0 "of one state if wanted" nothing gb draft list --state written
ends 0 "one draft is shown with the officers of its way" "gb.officer.3" gb draft show "$draft"
ends 2 "a draft is found by its number" 'draft GB-09-0009: not in the national tally' gb draft show GB-09-0009

must_inside gb --desk 1 --json draft write support.accepted "$order" --title Again --fields "$work/accept.json"
second=$(value number)
approve "$second"
ends 1 "a second draft of it is refused by the rules of the shared tally" "agreed" gb --desk 1 draft enter "$second" --at 2013-11-20T00:00:02Z
ends 2 "what was found must be there" '--found ffffffff: 0 valid entries' gb --desk 1 draft enter "$second" --found ffffffff
ends 3 "it was entered as another draft" 'another draft was entered as it' gb --desk 1 draft enter "$second" --found "$("$WARIFU" --home "$work/gb" --json draft show "$draft" | sed -n 's/.*"entry":"\([0-9a-f]*\)".*/\1/p')"
must_inside gb --desk 1 --tally "$national" national withdraw "$second"
is "and taken back" "$(number)" "$second"

# --- notices ----------------------------------------------------------------------------------------------------------------

open_price='line=1 category=water kind=supply description_en=Water quantity=1000 unit=LTR ceiling_minor=50000 currency=GBP settlement=cash'
agree jp "$open_price"
issue gb "$order"
open_issue=$part
must gb support show "$order"
send=(gb --desk 1 notice send "$open_issue" --address "Ichigaya, Tokyo" --due-on 2014-01-31)
ends 3 "an open price wants an estimate" 'give an estimate with --amount' "${send[@]}"
ends 2 "a day is one" 'must be a day' gb --desk 1 notice send "$open_issue" --address x --due-on soon
ends 2 "an issue is one that we delivered" 'no issue on cash terms' gb --desk 1 notice send "$order" --address x --due-on 2014-01-31
ends 1 "a demand is not due before the delivery" N15 gb --desk 1 notice send "$open_issue" --address x --due-on 2013-01-31 --amount-minor 100
must_inside "${send[@]}" --amount-minor 45000 --agreement "Japan-UK ACSA" --remarks "price to follow"
notice=$(number)
ends 0 "the paper says that it is one" "estimate / 概算" gb notice print "$notice"
ends 0 "and whom it is for, in place of the code where nothing else is said" "JP" gb notice print "$notice"
ends 2 "a paper is of a notice that is there" 'notice GB-09-0009: not in' gb notice print GB-09-0009
must_inside gb --desk 1 --tally "$national" national correct "$notice" --amount-minor 40000 --remarks "price agreed"
ends 0 "a correction states another sum, which is final" "final amount / 確定" gb notice print "$notice"
ends 0 "the list is in Japanese too" 通知済 gb --lang ja notice list
ends 0 "JSON has the sum" '"amount_minor":40000' gb --json notice export --state sent
must_inside gb --desk 1 --tally "$national" national withdraw "$notice"
ends 0 "a notice that was taken back counts as not sent" "$open_issue" gb --json notice list --missing
ends 0 "whichever tally is chosen" "$open_issue" gb --tally "$national" notice list --missing
must_inside "${send[@]}" --amount 400.00
notice=$(number)

# --- the office's files -------------------------------------------------------------------------------------------------------

office=(gb --desk 6 notice import "$work/office.csv")
file() { printf '%s\r\n' "$@" >"$work/office.csv"; }
ends 4 "a file must be there" 'office.csv' "${office[@]}"
: >"$work/office.csv"
ends 3 "with something in it" 'is empty' "${office[@]}"
file 'notice,ledger' "$notice,L1"
ends 3 "and a column of numbers" 'has no column number' "${office[@]}"
file 'number,ledger,ledger_on' "$notice,L1,"
ends 3 "a number of the ledger has its day" 'line 2, column ledger_on: must be given' "${office[@]}"
file 'number,demand,demand_due_on' "$notice,D1,2014-01-31"
ends 3 "a demand comes after the ledger" 'column demand: the notice is sent; must be taken up' "${office[@]}"
file 'number,paid_minor,paid_on' "$notice,100,2014-01-31"
ends 3 "money after the demand" 'column paid_minor: no demand was issued yet' "${office[@]}"
file 'number,ledger,ledger_on' "$notice,L1,2013-12-01" "$notice,L1,2013-12-01"
ends 3 "a notice stands once" 'stands in line 2 already' "${office[@]}"
file 'number,ledger,ledger_on' ',L1,2013-12-01'
ends 3 "a row names its notice" 'column number: must be given' "${office[@]}"
file 'number,ledger,ledger_on' "$notice,L1,2013-12-01"
ends 1 "the desk must be the office's" K11 gb --desk 1 notice import "$work/office.csv"
must_inside "${office[@]}"
file 'number,ledger,ledger_on' "$notice,L2,2013-12-01"
ends 3 "a number that stands is not changed by a file" 'differs from L1' "${office[@]}"
file 'number,demand,demand_due_on,paid_minor,paid_on' "$notice,$(printf '%065d' 1),2014-01-31,,"
ends 3 "nor is one too long" 'longer than 64 bytes' "${office[@]}"
file 'number,demand,demand_due_on,paid_minor,paid_on' "$notice,D1,2014-01-31,40001,2014-01-31"
ends 3 "more than the sum is not paid in" 'must be from 0' "${office[@]}"
file 'number,demand,demand_due_on,paid_minor,paid_on' "$notice,D1,2014-01-31,1.5,2014-01-31"
ends 3 "nor a part of a penny" 'must be a whole number' "${office[@]}"
ends 3 "programs are told the line, the column and the reason" '{"line":2,"column":"paid_minor","reason":"must be a whole' gb --desk 6 --json notice import "$work/office.csv"
printf 'number,demand,demand_due_on,paid_minor,paid_on\n%s,\x94\x5b\x8d\x90\x91\xe61\x8d\x86,2014-01-31,4\x96\x9c,2014-01-31\n' "$notice" >"$work/office.csv"
must_inside "${office[@]}"
inside gb --json notice list --state "paid in"
is "a Japanese spreadsheet's file is read: 納告第1号, 4万" "$(value demand) $(value paid_minor)" "納告第1号 40000"

ends 0 "without a hand-over nobody else answers" nothing gb handover duty
ends 0 "and the list of them is empty" nothing gb handover list
ends 2 "a paper is of a hand-over that is there" 'hand-over GB-09-0009: not in' gb handover print GB-09-0009

# --- a claim is drafted with what it asks payment of ---------------------------------------------------------------------------

agree jp "$water"
issue gb "$order"
exchange gb jp
move jp receipt "$part" --line 'line=1 accepted=1000'
exchange gb jp
claimed=(gb --desk 1 --json draft write support.claimed "$order" --title "Claim the water" --amount 100.00 --currency GBP
	--fields '{"currency":"GBP","total_minor":10000}')
ends 2 "what it relies on is in the shared tally" "$order/I09.1: not in the tally" "${claimed[@]}" --also "$order/I09.1"
ends 2 "and lies beside what it concerns" '--also: only beside the number' gb --desk 1 draft write support.requested --title T --fields '{}' --also "$part"
ends 3 "no field of the move has that name" '"also" is no field of support.claimed' gb --desk 1 draft write support.claimed "$order" --title T --fields '{"also":[]}'
must_inside "${claimed[@]}"
bare=$(value number)
must_inside "${claimed[@]}" --also "$part"
draft=$(value number)
ends 0 "the draft says what the claim asks payment of" "relies also on" gb draft show "$draft"
is "by its number, apart from the fields" "$(grep -cF "$part" "$work/out") $(grep -cF '"also"' "$work/out")" "1 0"
approve "$bare"
approve "$draft"
ends 1 "a claim that was drafted for nothing is refused when it is to be signed" S30 gb --desk 1 --tally "$national" draft enter "$bare" --at "$now"
must_inside gb --desk 1 --tally "$national" --json draft enter "$draft" --at "$now"
must_inside gb --json support show "$order"
is "the approved draft becomes the claim of that issue" "$(grep -o '"number":"[^"]*/C01.1","state":"[a-z]*"' "$work/out" | sed 's/.*:"//')" 'claimed"'
exchange gb jp
is "which the partner has to pay" "$(state_of jp "$order/C01.1")" claimed

# --- rehearsed inside, real outside -----------------------------------------------------------------------------------------

printf '{"id":"GB-rehearsal","rehearsal":true,"parties":[{"code":"GB"}]}\n' >"$work/rehearsal.json"
must_inside gb party new --strength light
must_inside gb tally propose --agreement "$work/rehearsal.json" --national --rehearsal
practice=$("$WARIFU" --home "$work/gb" --json tally list | sed -n '/GB-rehearsal/s/.*"id":"\([0-9a-f]*\)".*/\1/p')
must_inside gb party new
must_inside jp party new
must_inside jp party export -o "$work/jp.real"
must_inside gb tally propose --agreement "$top/data/agreement-gb-jp.json" --with "$work/jp.real" -o "$work/real.tally"
must_inside jp tally accept "$work/real.tally" --yes
real=$("$WARIFU" --home "$work/gb" --json tally list | sed -n '/"mode":"real"/s/.*"id":"\([0-9a-f]*\)".*/\1/p')
must_inside gb --tally "$real" desk request --officer gb.officer.1 --post Orderer --roles orderer -o "$work/card"
must_inside gb --tally "$real" desk grant "$work/card" --number 1 --yes
for number in 1 2 3; do
	must_inside gb --tally "$practice" desk request --officer "gb.officer.$number" --post "Officer $number" --strength light \
		--roles approver,checker,claims,drafter,funds -o "$work/card"
	must_inside gb --tally "$practice" desk grant "$work/card" --number "$number" --yes
done
must_inside gb --tally "$practice" --now "$now" --desk 1 --json draft write support.requested --title Practice --fields '{"supplier":"JP"}' --shared "$real"
practised=$(value number)
must_inside gb --tally "$practice" --now "$now" --desk 2 national check "$practised"
must_inside gb --tally "$practice" --now "$now" --desk 2 national certify "$practised" --reference none
must_inside gb --tally "$practice" --now "$now" --desk 3 national approve "$practised" --authority none
ends 1 "what was approved in a rehearsal does not become a real request" 'was approved in a rehearsal' gb --tally "$practice" --desk 1 draft enter "$practised"
must_inside gb --tally "$practice" --now "$now" --desk 1 --json notice send "$open_issue" --shared "$shared" --address x --due-on 2014-01-31 --amount-minor 1
ends 0 "a paper of a rehearsal says so" "NOTHING HERE IS OWED / 習熟用" gb --tally "$practice" notice print "$(value number)"
done_testing
