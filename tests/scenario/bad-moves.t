#!/bin/bash
# Moves that may not be made: each is refused with its reason, and nothing is lost.
. "$(dirname "$0")/story.sh"

# Each is asked for once more in Japanese: no sentence of the answer is English. What stands in `backquotes` or quotes is typed or was typed.
eval "$(declare -f harmless | sed '1s/harmless/harmless_in_english/')"
english=""
harmless() {
	local title=$2 home=$4
	harmless_in_english "$@"
	shift 4
	case " $* " in *" --lang "*) return ;; esac
	try "$home" --lang ja "$@"
	said | sed "s/\`[^\`]*\`//g; s/\"[^\"]*\"//g; s/「[^」]*」//g" | grep -qE '[a-z]+ [a-z]+ [a-z]+' && english+="$title: $(said)"$'\n'
}
two_homes
agree gb "$diesel"

asks=(gb support request --supplier JP --activity 1b --place Tacloban --deliver-on 2015-03-10 --charter)
issues=(jp support issue "$order" --delivered-at "$now" --utc-offset-minutes 480 --place Tacloban)

# --- who, when, in what state -------------------------------------------------------------------------------------------

harmless 1 "the receiver cannot issue to itself" "K10" gb support issue "$order" --delivered-at "$now" --utc-offset-minutes 480 --place Tacloban
harmless 1 "the supplier cannot accept its own offer" "K10" jp support accept "$order"
harmless 1 "an order that is agreed cannot be agreed again" "K10" gb support accept "$order"
harmless 2 "a partner's desk is not ours to sign with" "desk 7" gb --desk 7 support note "$order" --remarks "hello"

issue jp "$order" --line 'line=1 quantity=100'
issued=$made_id
exchange gb jp
move gb receipt "$part"
harmless 1 "the same receipt again, by a double click, is refused" "K10" gb support receipt "$part"
exchange gb jp
harmless 1 "the office, which holds no claims, cannot claim" "K11" jp --desk 12 support claim "$order" --also "$part" --currency JPY \
	--total-minor 11000
harmless 1 "what stands on an entry that has been answered since is stale" "S32" jp support claim "$order" --also "$issued" --currency JPY \
	--total-minor 11000
request gb "$water"
asked=$made
exchange gb jp
offer jp "$asked"
offered=$made_id
exchange gb jp
move gb counter "$asked" --line "${water/=10 /=9 }"
exchange gb jp
offer jp "$asked"
exchange gb jp
harmless 1 "who accepts the terms of an older offer is refused: others are on the table" "S25" gb support accept "$asked" --terms "$offered"
harmless 2 "a number that nobody gave is not found" "no such number" gb support accept GB-01-0099

harmless 2 "a mistyped command is answered in Japanese with the one that may be meant" "「issue」ではありませんか" gb --lang ja support issu "$order"

# --- quantities and amounts ---------------------------------------------------------------------------------------------

harmless 1 "a quantity of 0 is refused in a request" "S12" "${asks[@]}" --line "${diesel/quantity=900/quantity=0}"
harmless 1 "a quantity below 0 too" "S12" "${asks[@]}" --line "${diesel/quantity=900/quantity=-900}"
harmless 3 "and one of 19 digits" "18" "${asks[@]}" --line "${diesel/quantity=900/quantity=1234567890123456789}"
harmless 1 "a quantity of 0 is refused in an issue" "S36" "${issues[@]}" --line 'line=1 quantity=0'
harmless 1 "a quantity below 0 too" "S36" "${issues[@]}" --line 'line=1 quantity=-5'
harmless 3 "and one of 19 digits" "18" "${issues[@]}" --line 'line=1 quantity=1234567890123456789'
harmless 1 "fuel cannot be issued in kilograms against litres: the dimension is another" "S37" "${issues[@]}" --line 'line=1 quantity=5 unit=KGM'
harmless 3 "a unit that is not of the list is refused" "XYZ" "${issues[@]}" --line 'line=1 quantity=5 unit=XYZ'
harmless 1 "more than was agreed cannot be issued" "S40" "${issues[@]}" --line 'line=1 quantity=900'
harmless 3 "the yen has no decimals" "unit_price_minor" "${asks[@]}" --line "${diesel/unit_price_minor=110/unit_price_minor=110.5}"
harmless 3 "nor where amounts are written in its own units" "JPY has no decimals" "${asks[@]}" --line "${diesel/unit_price_minor=110/unit_price=110.50}"
harmless 3 "an amount is not given twice" "both given" jp support claim "$order" --also "$part" --currency JPY --total 11000 --total-minor 11000
harmless 3 "it is in the currency there" "is in GBP" jp support claim "$order" --also "$part" --currency JPY --total "GBP 110.00"
harmless 2 "not in a limit either" "JPY" gb desk request --officer gb.x.9 --post Clerk --roles payer --limit JPY=100.50 --strength light
harmless 1 "a claim of another total than its lines give is refused" "S67" jp support claim "$order" --also "$part" --currency JPY \
	--total-minor 11001
harmless 1 "in Japanese it begins with the rule in Japanese" "warifu: 合計額が、行の合計に合いません。" jp --lang ja support claim "$order" --also "$part" \
	--currency JPY --total 11,001
harmless 1 "a claim in another currency than agreed is refused" "S62" jp support claim "$order" --also "$part" --currency GBP --total-minor 11000
harmless 3 "an amount of 19 digits is refused" "18" jp support claim "$order" --also "$part" --currency JPY --total-minor 1234567890123456789

# --- the agreement ------------------------------------------------------------------------------------------------------

harmless 1 "weapons are never provided" "S8" "${asks[@]}" --line "${diesel/category=fuel/category=weapons}"
harmless 1 "a category that the agreement does not know is refused" "S9" "${asks[@]}" --line "${diesel/category=fuel/category=perfume}"
harmless 1 "an activity that it does not know, too" "S4" gb support request --supplier JP --activity 9z --place Cebu --deliver-on 2015-03-10 \
	--charter --line "$diesel"
harmless 1 "fuel cannot be settled by services" "S11" "${asks[@]}" --line "${diesel/settlement=cash/settlement=service_like}"
harmless 1 "nothing is asked for without the statement on the Charter" "charter" gb support request --supplier JP --activity 1b --place Cebu \
	--deliver-on 2015-03-10 --line "$diesel"
harmless 1 "what goes to a third party needs the supplier's consent first" "S20" "${asks[@]}" --line "$diesel" --third-party "A relief society"
at 2012-12-31T12:00:00Z
harmless 1 "a request before the agreement is in force is refused" "S3" "${asks[@]}" --line "$diesel"
at 2013-11-20T00:00:00Z

# --- texts --------------------------------------------------------------------------------------------------------------

printf '{"target":"%s","remarks":"before\\u0000after"}' "$order" >"$work/nul.json"
harmless 3 "a text with U+0000 is refused" "U+0000" gb submit support.noted --json "$work/nul.json"
printf '{"target":"%s","remarks":"%s"}' "$order" "$(head -c 5000 /dev/zero | tr '\0' x)" >"$work/long.json"
harmless 3 "a text longer than its field is refused" "2000" gb submit support.noted --json "$work/long.json"
printf '{"target":"%s","remarks":"bad \xff byte"}' "$order" >"$work/bytes.json"
harmless 3 "text that is not UTF-8 is refused" "UTF-8" gb submit support.noted --json "$work/bytes.json"
head -c 2000000 /dev/zero | tr '\0' ' ' >"$work/large.json"
harmless 3 "a file larger than any move is refused" "large.json" gb submit support.noted --json "$work/large.json"
printf '{"target":"%s","remark":"x"}' "$order" >"$work/field.json"
harmless 3 "a field that the kind has not is refused, and those it has are named" "remarks" gb submit support.noted --json "$work/field.json"
harmless 2 "a kind that nobody knows is refused" "support.stolen" gb submit support.stolen --json "$work/field.json"
head -c 300000 /dev/urandom >"$work/paper.pdf"
harmless 3 "a file that is no PDF, whatever its name says, is not attached" "paper.pdf" gb support note "$order" --remarks "see paper" \
	--attach "$work/paper.pdf"

# --- times that lie ahead -----------------------------------------------------------------------------------------------------

after() { date -u -d "$now + $1" +%Y-%m-%dT%H:%M:%SZ; }
hands_over=(jp support issue "$order" --utc-offset-minutes 480 --place Tacloban --line 'line=1 quantity=5')
harmless 1 "a delivery three days ahead is asked about first" "lies 3 d 0 h 0 min ahead of now" "${hands_over[@]}" --delivered-at "$(after '3 days')"
harmless 1 "in Japanese too" "日時が現在より先です" jp --lang ja "${hands_over[@]:1}" --delivered-at "$(after '3 days')"
harmless 1 "so is one half an hour ahead, as by a wrong offset" "0 d 0 h 30 min" "${hands_over[@]}" --delivered-at "$(after '30 minutes')"
harmless 1 "and whatever a program submits" "--future" jp submit support.issued --json <(printf \
	'{"target":"%s","delivered_at":"%s","utc_offset_minutes":480,"place":"Tacloban"}' "$order" "$(after '1 day')")
must "${hands_over[@]}" --delivered-at "$(after '5 minutes')"
is "clocks may differ by some minutes" "$(state_of jp "$(number)")" issued
must "${hands_over[@]}" --delivered-at "$(after '3 days')" --future
is "who means it signs it with --future" "$(state_of jp "$(number)")" issued

is "each of these refusals is in Japanese where that is wanted" "$english" ""

exchange gb jp
both_match "after all that both halves match"
done_testing
