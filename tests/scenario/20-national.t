#!/bin/bash
# Story 20, and what goes on inside one party around it: a request is drafted, checked, its funds certified and approved before Japan sees anything; a notice of claim
# goes to the revenue office and its numbers come back; a dispute is handed over while it runs. Britain's national tally lies in the same home as the
# shared one and reaches Britain's other home, never Japan's.
. "$(dirname "$0")/story.sh"
two_homes

# --- Britain's own tally ------------------------------------------------------------------------------------------------

shared=$("$WARIFU" --home "$work/gb" --json tally list | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
printf '{"id":"GB-national","parties":[{"code":"GB"}]}\n' >"$work/national.json"

# HOME ARGUMENTS...: an act in the national tally, at the time of the machine: in it a stated time is the signer's own.
inside() {
	local home=$1
	shift
	status=0
	"$WARIFU" --home "$work/$home" "$@" >"$work/out" 2>"$work/err" || status=$?
}
must_inside() {
	inside "$@"
	[ $status -eq 0 ] || give_up "$*: ended with $status: $(said)"
}
# STATUS TITLE WORDS HOME ARGUMENTS...: the act ends so and says these words.
inside_ends() {
	local wanted=$1 title=$2 words=$3
	shift 3
	inside "$@"
	printf 'warifu %s\nended with %s, wanted %s: %s\n' "$*" "$status" "$wanted" "$(said)" >"$work/tap"
	[ "$status" -eq "$wanted" ] && said | grep -qF -e "$words"
	report $? "$title"
}

must_inside gb party new
must_inside gb tally propose --agreement "$work/national.json" --national -o "$work/national.tally"
national=$("$WARIFU" --home "$work/gb" --json tally list | sed -n '/"national"/s/.*"id":"\([0-9a-f]*\)".*/\1/p')
must_inside gb tally use "$shared"
is "a national tally has one party and is open at once" \
	"$("$WARIFU" --home "$work/gb" --json tally list | sed -n "/$national/s/.*\"parties\":\(\[[^]]*\]\).*\"open\":\([a-z]*\).*/\1 \2/p")" '["GB"] true'

national_desk() { # NUMBER ROLES [LIMIT...]
	local number=$1 roles=$2
	shift 2
	must_inside gb --tally "$national" desk request --officer "gb.officer.$number" --post "Officer $number" --roles "$roles" "$@" -o "$work/card"
	must_inside gb --tally "$national" desk grant "$work/card" --number "$number" --yes
}
national_desk 1 drafter,claims,duty
national_desk 3 checker,funds
national_desk 4 approver --limit GBP=200.00
national_desk 5 approver --limit GBP=5,000.00
national_desk 6 revenue
national_desk 2 duty

# --- a request before Japan sees it ---------------------------------------------------------------------------------------

request_fields='{"supplier":"JP","activity":"1b","urgency":"relief","place":"Tacloban","deliver_on":"2013-11-26","charter":true,"lines":[{"line":1,"category":"water","kind":"supply","description_en":"Water","quantity":"3000","unit":"LTR","unit_price_minor":10,"price_basis":"own_forces","currency":"GBP","settlement":"cash"}]}'
inside_ends 3 "a draft names no field that the move does not have" 'is no field' \
	gb --desk 1 draft write support.requested --title Water --fields '{"suplier":"JP"}'
must_inside gb --desk 1 --json draft write support.requested --title "Water for Tacloban" --amount-minor 30000 --currency GBP --fields "$request_fields"
draft=$(value number)
is "a draft is written" "$(value state)" written
inside_ends 1 "an unapproved draft does not leave the house" 'must be approved' gb --desk 1 draft enter "$draft"
inside_ends 1 "who wrote it may not approve it: the desk has no such role" K11 gb --tally "$national" --desk 1 national check "$draft"
must_inside gb --tally "$national" --desk 3 national check "$draft"
must_inside gb --tally "$national" --desk 3 national certify "$draft" --reference "Vote A, line 12"
inside_ends 1 "an approver may not exceed the limit of his grant" N10 gb --tally "$national" --desk 4 national approve "$draft" --authority OP-PATWIN/17
must_inside gb --tally "$national" --desk 4 national send-back "$draft" --remarks "beyond me; to the commodore"
must_inside gb --desk 1 --json draft write support.requested --anew "$draft" --title "Water for Tacloban" --amount-minor 30000 --currency GBP \
	--fields "$request_fields"
is "what was sent back is written anew" "$(value number) $(value state)" "$draft written"
must_inside gb --tally "$national" --desk 3 national check "$draft"
must_inside gb --tally "$national" --desk 3 national certify "$draft" --reference "Vote A, line 12"
must_inside gb --tally "$national" --desk 5 national approve "$draft" --authority OP-PATWIN/17
before=$(half gb)
inside_ends 1 "a shared move that a rule refuses leaves the draft approved" S3 gb --desk 1 draft enter "$draft" --at 2003-11-26T09:00:00Z
is "and the shared tally as it was" "$(half gb)" "$before"
must_inside gb --desk 1 --json draft enter "$draft" --at 2013-11-20T09:00:00Z
order=$(value number)
request_made=$order
entry=$(value entry)
is "an approved draft becomes the shared request" "$(state_of gb "$order")" requested
must_inside gb --json draft show "$draft"
is "its amount stands in its row" "$(value amount_minor)" 30000
is "and the draft names it" "$(value state) $(value entered_as) $(value entry)" "entered $order $entry"
must gb show "$entry"
says "the request carries the approver" gb.officer.5
says "and the reference of the authority" OP-PATWIN/17
inside_ends 1 "asking again does not make it twice" 'it is entered' gb --desk 1 draft enter "$draft" --at 2013-11-20T09:00:00Z
is "there is one such request" "$("$WARIFU" --home "$work/gb" --json support list | grep -c '"number"')" 1

# The note is lost, or another home made the move: a person says which it is.
request_again=${request_fields/3000/500}
must_inside gb --desk 1 --json draft write support.requested --title "More water" --amount-minor 5000 --currency GBP --fields "$request_again"
twin=$(value number)
must_inside gb --tally "$national" --desk 3 national check "$twin"
must_inside gb --tally "$national" --desk 3 national certify "$twin" --reference "Vote A, line 12"
must_inside gb --tally "$national" --desk 5 national approve "$twin" --authority OP-PATWIN/18
move gb request --supplier JP --activity 1b --urgency relief --place Tacloban --deliver-on 2013-11-26 --charter --line "$water" \
	--approver gb.officer.5 --authority OP-PATWIN/18
by_hand=$made by_hand_id=$made_id
inside_ends 1 "a move with its approver and authority that is there already is not made twice" "--found ${by_hand_id:0:16}" \
	gb --desk 1 draft enter "$twin" --at 2013-11-20T09:00:00Z
must_inside gb --desk 1 --json draft enter "$twin" --found "${by_hand_id:0:16}"
is "it is found, and only noted" "$(value number) $(value draft) $(value state)" "$by_hand $twin entered"
is "there are two requests, not three" "$("$WARIFU" --home "$work/gb" --json support list | grep -c '"number"')" 2

# The program is killed while it writes, each time a little later: both entries are there, or neither.
must_inside gb --desk 1 --json draft write support.requested --title "Water, once more" --amount-minor 5000 --currency GBP --fields "$request_again"
third=$(value number)
must_inside gb --tally "$national" --desk 3 national check "$third"
must_inside gb --tally "$national" --desk 3 national certify "$third" --reference "Vote A, line 12"
must_inside gb --tally "$national" --desk 5 national approve "$third" --authority OP-PATWIN/19
requests() { "$WARIFU" --home "$work/gb" --json support list | grep -c '"number"'; }
killed=0 torn=0 drafted=approved
for ((blocks = 4; blocks < 4000 && torn == 0; blocks += 32)); do
	{
		(
			ulimit -f "$blocks"
			exec "$WARIFU" --home "$work/gb" --desk 1 draft enter "$third" --at 2013-11-20T09:00:00Z
		) >"$work/out" 2>"$work/err" || killed=$((killed + 1))
	} 2>/dev/null # the shell says how it ended
	must_inside gb --json draft show "$third"
	drafted=$(value state)
	case "$drafted $(requests)" in "approved 2" | "entered 3") ;; *) torn=$((torn + 1)) ;; esac
	[ "$drafted" != entered ] || break
done
is "killed while it enters a draft, it has entered and noted it, or done neither" "$((killed > 0)) $torn $drafted $(requests)" "1 0 entered 3"

# --- a second home, and Japan's ---------------------------------------------------------------------------------------------

must_inside gb2 init --party GB
must_inside gb2 tally join "$work/national.tally" --yes
must_inside gb2 home request --label "Northwood" -o "$work/card"
must_inside gb --tally "$national" home grant "$work/card" --yes
sync_inside() { inside gb2 --json sync "'$WARIFU' --home '$work/gb' --tally $national sync --stdio" --with GB; }
sync_inside
inside gb2 --json draft show "$draft"
is "Britain's other home has the draft" "$(value state) $(value authority)" "entered OP-PATWIN/17"
is "and the same digest" "$("$WARIFU" --home "$work/gb2" digest --json)" "$("$WARIFU" --home "$work/gb" --tally "$national" digest --json)"

exchange gb jp
is "Japan has the request" "$(state_of jp "$order")" requested
is "Japan's home knows of one tally" "$("$WARIFU" --home "$work/jp" --json tally list | grep -c '"id"')" 1
inside_ends 2 "the national tally has nobody else to sync with" 'JP' gb --tally "$national" sync --with JP "'$WARIFU' --home '$work/jp' sync --stdio"
inside_ends 2 "nor is a bundle of it written for Japan" 'JP' gb --tally "$national" bundle write --for JP -o "$work/leak.bundle"
inside_ends 3 "nor may Japan join it" 'is not for party JP' jp tally join "$work/national.tally" --yes
holds() { grep -rlaF -e "beyond me; to the commodore" -e "Vote A, line 12" "$work/$1" | wc -l; }
is "what was said inside is in both of Britain's homes" "$(($(holds gb) > 0)) $(($(holds gb2) > 0))" "1 1"
is "and nothing of it in Japan's" "$(holds jp)" 0

# --- notice of claim ---------------------------------------------------------------------------------------------------------

at 2013-11-22T00:00:00Z
agree jp "$water"
supplied=$order
issue gb "$supplied"
delivered=$part
inside_ends 0 "an issue on cash terms without a notice is listed" "$delivered" gb notice list --missing
inside_ends 2 "a notice needs the debtor's address" -- gb --desk 1 notice send "$delivered" --due-on 2014-01-31
must_inside gb --desk 1 --json notice send "$delivered" --debtor "Ministry of Defence, Japan" --address "Ichigaya, Tokyo" --due-on 2014-01-31
notice=$(value number)
inside_ends 1 "one notice stands for one issue" "notice $notice was sent" gb --desk 1 notice send "$delivered" --address x --due-on 2014-01-31
inside_ends 0 "then it is missing no more" nothing gb notice list --missing
must_inside gb notice print "$notice"
says "the paper has its title in both languages" "notice of claim / 債権発生通知書"
says "the sum, from the terms" "GBP 100.00"
says "which the partner has not receipted: an estimate" "estimate / 概算"
says "and the order" "$supplied"
must_inside gb notice export
cp "$work/out" "$work/notices.csv"
is "the export has a row for it" "$(grep -c "^$notice,sent,$delivered,$supplied," "$work/notices.csv")" 1

sed "1!s|^\($notice,.*\),,,,,0,*\r*\$|\1,L-2013-88,2013-11-3x,,,0,\r|" "$work/notices.csv" >"$work/back.csv"
printf 'GB-99-0001,sent,,,,,,,,,,,L-1,2013-12-01,,,,\r\n' >>"$work/back.csv"
inside_ends 3 "a bad row stops the whole file" "2 things to mend" gb --desk 6 notice import "$work/back.csv"
says "the first is named with line, column and reason" "line 2, column ledger_on: must be a day"
says "and so is the second" "line 3, column number: no such notice"
inside gb --json notice list
is "and nothing of it is entered" "$(value state)" sent

sed "1!s|^\($notice,.*\),,,,,0,*\r*\$|\1,L-2013-88,2013-11-30,D-77,2014-01-31,4000,2014-01-10\r|" "$work/notices.csv" >"$work/back.csv"
must_inside gb --desk 6 --json notice import "$work/back.csv"
inside gb --json notice list
is "ledger, demand and a part payment come back in one file" "$(value state) $(value ledger) $(value demand) $(value paid_minor)" \
	"demand issued L-2013-88 D-77 4000"
inside_ends 0 "the same file once more changes nothing" "1 rows, 0 moves" gb --desk 6 notice import "$work/back.csv"
sed 's/,4000,2014-01-10/,10000,2014-01-28/' "$work/back.csv" >"$work/rest.csv"
must_inside gb --desk 6 notice import "$work/rest.csv"
inside gb --json notice list
is "the rest closes it" "$(value state) $(value paid_minor) $(value paid_on)" "paid in 10000 2014-01-28"

# --- hand-over in mid-dispute ---------------------------------------------------------------------------------------------------

exchange gb jp
move jp receipt "$delivered" --line 'line=1 accepted=990 reason=short'
exchange gb jp
move gb contest "$delivered" --remarks "1,000 litres by our meter"
exchange gb jp
move jp stand "$delivered"
exchange gb jp
both_say "the figures are in dispute" "$delivered" disputed
printf 'tank,litres\n1,1000\n' >"$work/meter.csv"
inside_ends 2 "a remark is of a part that is handed over" 'must be NUMBER=TEXT' gb --desk 1 handover write --to gb.officer.2 --remark "GB-09-0009=lost"
inside_ends 2 "what is left out is open" 'must be the number of an open part' gb --desk 1 handover write --to gb.officer.2 --leave "GB-09-0009"
inside_ends 2 "a hand-over says to whom" 'option --to' gb --desk 1 handover write
must_inside gb --desk 1 --json handover write --to gb.officer.2 --leave "$request_made" --to-post "Relief" --remark "$delivered=the meter is sealed; see the log of HMS Illustrious" \
	--clock "$delivered=answer by 25 Nov" --attach "$work/meter.csv"
handover=$(value number)
must_inside gb handover print "$handover"
says "the paper lists the issue in dispute, in both languages" "disputed / 係争中"
says "who waits" "$delivered"
says "what the successor must know" "the meter is sealed"
says "what runs" "answer by 25 Nov"
says "and has a box for each signature" "from officer / 前任者"
inside_ends 1 "nobody takes over but the one it is for" N21 gb --desk 1 handover accept "$handover"
must_inside gb --desk 2 handover accept "$handover"
must_inside gb --json handover duty
is "the successor now answers for the order" "$(sed -n "/\"number\":\"$supplied\"/s/.*\"officer\":\"\([^\"]*\)\".*/\1/p" "$work/out")" gb.officer.2
gb_as 2
move gb propose "$delivered" --line 'line=1 quantity=995'
exchange gb jp
move jp agree "$delivered"
exchange gb jp
both_say "and ends the dispute that the other began" "$delivered" receipted
must_inside gb --desk 1 --json handover write --to gb.officer.2
second=$(value number)
must_inside gb handover print "$second"
is "what is left to the first officer are the requests alone" "$(grep -c -F "$request_made " "$work/out") $(grep -c -F "$supplied" "$work/out")" "1 0"
must_inside gb --tally "$national" --desk 1 national withdraw "$second"
is "a hand-over is taken back by who wrote it" "$(number)" "$second"

# Nobody here has a turn at what was receipted and is for Japan to claim; somebody answers for it all the same.
gb_as 1
agree gb "$water"
waiting=$order
issue jp "$waiting"
exchange gb jp
move gb receipt "$part"
exchange gb jp
must_inside gb --desk 1 --json handover write --to gb.officer.2
third=$(value number)
must_inside gb handover print "$third"
is "an order is handed over also while only the partner's claim is to come" "$(grep -c -F "$waiting " "$work/out") $(grep -c -F "$waiting/" "$work/out")" "1 0"
must_inside gb --tally "$national" --desk 1 national withdraw "$third"

sync_inside
inside gb2 --json handover duty
is "Britain's other home knows who answers" "$(value officer)" gb.officer.2
is "and has the file that came with it" "$(find "$work/gb2" -type f -size -100c -exec grep -l 'tank,litres' {} + | wc -l)" 1
inside gb2 --json notice list
is "and has the notice" "$(value number) $(value state)" "$notice paid in"
is "the shared halves match" "$("$WARIFU" --home "$work/gb" --tally "$shared" digest --json)" "$("$WARIFU" --home "$work/jp" digest --json)"
done_testing
