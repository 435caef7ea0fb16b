#!/bin/bash
# Story 1. Ten thousand rounds go out before Christmas, through the receiver's hands to a contingent that is surrounded, and all come back in 24 days. No
# money moves: what was lent is given back, the same in number and in kind. The dates and the figures are those of South Sudan, 2013.
. "$(dirname "$0")/story.sh"
two_homes
at 2013-12-23T03:00:00Z

rounds='line=1 category=ammunition kind=supply description_en="5.56 mm ball, boxed" quantity=10000 unit=EA unit_price_minor=60 price_basis=own_forces currency=JPY settlement=return_same nsn_or_fsc=1305 return_by=2014-01-31'
for_contingent=(--third-party "Engineer contingent at Bor, for its own lives and those of the displaced")
asked=(gb support request --supplier JP --activity 1b --urgency relief --place Juba --deliver-on 2013-12-23)

harmless 1 "for a third party nothing is asked without the supplier's prior consent" "S20" "${asked[@]}" --charter --line "$rounds" "${for_contingent[@]}"
for_contingent+=(--third-party-consent "decision of the cabinet, 23 December; no transfer outside the mission")
harmless 1 "nor without the Charter statement" "S5" "${asked[@]}" --line "$rounds" "${for_contingent[@]}"
harmless 1 "weapons are none of the categories" "S8" "${asked[@]}" --charter --line "${rounds/ammunition/weapons}" "${for_contingent[@]}"
move "${asked[@]:0:1}" "${asked[@]:2}" --charter --line "$rounds" "${for_contingent[@]}"
order=$made
exchange gb jp
must jp show "$made_id"
says "Japan reads who receives in the end" "Engineer contingent at Bor"
says "and which consent it is said to have given" "decision of the cabinet"
offer jp "$order"
exchange gb jp
move gb accept "$order"
exchange gb jp

at 2013-12-23T09:00:00Z
issue jp "$order" --voucher JUBA-1
exchange gb jp
move gb receipt "$part"
exchange gb jp
both_say "all of it is received, and is to come back" "$part" "return due"
must jp support account
says "Japan is owed ten thousand, in kind" "10,000  each"
must jp support due
says "and when it is due back stands on the list" "2014-01-31"
harmless 1 "what is to come back cannot be billed" "S32" jp support claim "$order" --also "$part" --currency JPY --total-minor 600000
harmless 1 "nor turned into money in the first year" "S201" jp support convert "$part"

# Had they not come back, the audit would say so, and from which day on.
overdue_on() { # HOME DAY: how often rule I48 names the issue as of that day
	findings "$1" --rule I48 --as-of "$2" | grep -c "\"number\":\"$part\""
}
at 2014-02-03T00:00:00Z
is "were they still out, the audit would name them from 1 February" "$(overdue_on jp 2014-01-31) $(overdue_on jp 2014-02-01)" "0 1"

# 24 days later.
at 2014-01-16T02:00:00Z
harmless 1 "more than was lent is not a return" "S55" gb support return "$part" --returned-at "$now" --line 'line=1 quantity=10001'
harmless 1 "nor is another class of supply" "S56" gb support return "$part" --returned-at "$now" --line 'line=1 quantity=10000 nsn_or_fsc=1310'
move gb return "$part" --returned-at "$now" --line 'line=1 quantity=10000 nsn_or_fsc=1305' --voucher JUBA-2
exchange gb jp
both_say "all are handed back" "$part" returning
move jp accept-return "$part"
exchange gb jp
both_say "and counted, and the matter is settled" "$part" settled
move jp close "$order" --also "$part"
exchange gb jp
both_say "the order is closed" "$order" closed
harmless 1 "it cannot come back twice" "settled" gb support return "$part" --returned-at "$now"

for home in gb jp; do
	must $home support account
	ok "$home: nothing is owed, in money or in kind" test -z "$(sed -n '/10000\|[A-Z]\{3\} [0-9-]*[1-9]/p' "$work/out")"
	must $home --json support list --waiting us
	is "$home: nobody waits for anything" "$(grep -c '"number"' "$work/out")" 0
done
at 2015-03-31T00:00:00Z
for home in gb jp; do
	is "$home: more than a year later the audit says of them only that one officer ordered and received" \
		"$(findings $home | sed -n "s|.*\"rule\":\"\(I[0-9]*\)\",\"number\":\"$order.*|\1|p" | sort -u | paste -sd,)" I8
	is "$home: and not that they came late" "$(overdue_on $home 2015-03-31)" 0
done
both_match "both halves match"
done_testing
