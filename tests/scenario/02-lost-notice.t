#!/bin/bash
# Story 2, after the Board of Audit's finding of 2023: a supply ship gives diesel, the receipt comes, and the paper never reaches finance. The audit names it on
# day 31 and on day 366, in either half; a second delivery goes as it should and is named nowhere.
. "$(dirname "$0")/story.sh"
two_homes
at 2013-11-25T01:00:00Z
agree gb "$diesel"
lost_order=$order
agree gb "$diesel"
good_order=$order
at 2013-11-26T01:30:00Z # 10:30 in Japan
issue jp "$lost_order"
lost=$part
issue jp "$good_order"
good=$part
at 2013-11-27T01:00:00Z
exchange gb jp
move gb receipt "$lost"
move gb receipt "$good"
exchange gb jp

# --- Japan's own tally: the notice of the second delivery is sent, that of the first is not ------------------------------------------

shared=$("$WARIFU" --home "$work/jp" --json tally list | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
inside() { # ARGUMENTS...: in Japan's home, at the time of the machine
	status=0
	"$WARIFU" --home "$work/jp" "$@" >"$work/out" 2>"$work/err" || status=$?
	[ $status -eq 0 ] || give_up "$*: ended with $status: $(said)"
}
printf '{"id":"JP-national","parties":[{"code":"JP"}]}\n' >"$work/national.json"
inside party new
inside tally propose --agreement "$work/national.json" --national -o "$work/national.tally"
national=$("$WARIFU" --home "$work/jp" --json tally list | sed -n '/"national"/s/.*"id":"\([0-9a-f]*\)".*/\1/p')
inside tally use "$shared"
inside --tally "$national" desk request --officer jp.officer.11 --post "Supply officer" --roles claims -o "$work/card"
inside --tally "$national" desk grant "$work/card" --number 11 --yes
inside --tally "$national" desk request --officer jp.officer.16 --post "Revenue officer" --roles revenue -o "$work/card"
inside --tally "$national" desk grant "$work/card" --number 16 --yes
inside --desk 11 --json notice send "$good" --debtor "Ministry of Defence" --address London --due-on 2014-01-31 --at 2013-11-28T01:00:00Z
notice=$(value number)
inside --tally "$national" --desk 16 national take-up "$notice" --ledger L-1 --ledger-on 2013-11-29 --at 2013-11-29T01:00:00Z

at 2013-12-10T01:00:00Z
claim jp "$good_order" "$good" JPY 99000
bill=$made
exchange gb jp
at 2013-12-20T01:00:00Z
gb_as 2
move gb approve "$bill"
move gb remit "$bill" --currency JPY --amount-minor 99000 --reference B1 --value-on 2013-12-20
gb_as 1
exchange gb jp
jp_as 11
move jp confirm "$bill"
exchange gb jp

# --- the audit --------------------------------------------------------------------------------------------------------------------

# HOME DAY: what the audit says of the two orders, but for separation of duties, which this story leaves aside.
found() {
	must "$1" support audit --as-of "$2" --csv
	grep -E "$lost|$good|$bill" "$work/out" | cut -d, -f1-4 | grep -v '^I8,' | sort | tr '\n' ' '
}
at 2016-01-01T00:00:00Z
is "on the last day of the clocks nothing is found" "$(found jp 2013-12-03)" ""
is "on day 8 the notice is late" "$(found jp 2013-12-04)" "I39,$lost,2013-12-04, "
is "on day 30 nothing else" "$(found jp 2013-12-26)" "I39,$lost,2013-12-04, "
is "on day 31 it is named: not claimed" "$(found jp 2013-12-27)" "I39,$lost,2013-12-04, I45,$lost,2013-12-27, "
is "on day 365 the same" "$(found jp 2014-11-26)" "I39,$lost,2013-12-04, I45,$lost,2013-12-27, "
is "on day 366: not settled in twelve months" "$(found jp 2014-11-27)" "I39,$lost,2013-12-04, I45,$lost,2013-12-27, I47,$lost,2014-11-27, "
is "Britain's half names it too, but for the notice, which is Japan's own" "$(found gb 2014-11-27)" "I45,$lost,2013-12-27, I47,$lost,2014-11-27, "
must gb support audit --as-of 2014-11-27
says "and says what it cannot judge" "no national tally is here: notices of claim are not judged"
says "as of when" "as of 2014-11-27 (24:00 UTC)"
harmless 5 "with --fail a finding is a failure" "findings" jp support audit --as-of 2014-11-27 --rule I45 --fail
harmless 0 "without a finding it is none" "I10" jp support audit --as-of 2014-11-27 --rule I10 --fail
must jp --lang ja support audit --as-of 2014-11-27 --rule I47
says "in Japanese" "12か月以内の決済"
must jp support audit --export --rule I36
says "an export made now verifies" "kept, and verifies alone"

# --- what is due, the year's end, a sample -------------------------------------------------------------------------------------------

must jp due --as-of 2014-01-09 --waiting us
is "the claim is what Japan has to make" "$(grep -c "^$lost  .*  Claim  *JP: Claims  *receipted  claim  *2013-11-27 01:00Z  2013-12-26  *14" "$work/out")" 1
says "and the notice to its office" "notice of claim"
is "which was sent for the other delivery" "$(grep -c "notice of claim" "$work/out")" 1
must gb --json support statement --as-of 2014-01-09
cp "$work/out" "$work/theirs"
must jp support audit --as-of 2014-01-09 --rule I33 --against "$work/theirs"
says "what Japan is owed Britain owes" "I33          0"
must jp --json support audit --year-end 2013
is "open at the end of the fiscal year" "$(value number) $(value minor) $(value age)" "$lost 99000 91-180"
must jp support sample --year 2013 --count 1 --seed lot-1
mine=$(cat "$work/out")
must gb support sample --year 2013 --count 1 --seed lot-1
is "one seed picks one order in both halves" "$(cat "$work/out")" "$mine"
must jp export -o "$work/export"
alone=(unshare -rn) # a world without network, where one can be had
unshare -rn true 2>/dev/null || alone=()
ok "the export verifies without home, state or network" env -i HOME=/nonexistent LC_ALL=C.UTF-8 "${alone[@]}" "$WARIFU" verify "$work/export"
done_testing
