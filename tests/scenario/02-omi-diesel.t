#!/bin/bash
# Story 2. A replenishment ship hands over diesel for JPY 26 million, the partner signs for it, and then nothing: the paper never reaches finance. No notice,
# no claim, no payment, and nobody notices for years. Here the audit names the issue on the 31st day and on the 366th, and not a day sooner.
. "$(dirname "$0")/story.sh"
two_homes
at 2013-11-25T00:00:00Z

omi='line=1 category=fuel kind=supply description_en="Marine diesel, JS Omi" quantity=325000 unit=LTR unit_price_minor=80 price_basis=own_forces currency=JPY settlement=cash fuel_code=F-76'
agree gb "$omi"
at 2013-11-26T01:30:00Z
issue jp "$order" --line 'line=1 quantity=300000' --voucher OMI-7
signed=$part
issue jp "$order" --line 'line=1 quantity=25000' --voucher OMI-8
unsigned=$part
exchange gb jp
gb_as 2 # above this sum, not the officer who ordered
move gb receipt "$signed"
gb_as 1
exchange gb jp
both_say "the partner has signed for the one" "$signed" receipted
both_say "the other voucher lies in a drawer" "$unsigned" issued

# HOME RULE ISSUE DAY...: on which of these days the audit names the issue under that rule, and since when.
named() {
	local home=$1 rule=$2 issue=$3 day
	shift 3
	for day; do
		findings "$home" --rule "$rule" --as-of "$day" |
			sed -n "s|.*\"number\":\"$issue\",\"first\":\"\([0-9-]*\)\".*|$day: since \1|p"
	done | paste -sd,
}

# Four years on, somebody asks.
at 2017-12-01T00:00:00Z
never_claimed() { # HOME TITLE
	is "$2: a receipt without a claim is named on the 31st day, and not on the 30th" "$(named "$1" I45 "$signed" 2013-12-26 2013-12-27)" \
		"2013-12-27: since 2013-12-27"
	is "$2: and as not settled on the 366th, and not on the 365th" "$(named "$1" I47 "$signed" 2014-11-26 2014-11-27)" "2014-11-27: since 2014-11-27"
	is "$2: an issue without a receipt after three days" "$(named "$1" I44 "$unsigned" 2013-11-29 2013-11-30)" "2013-11-30: since 2013-11-30"
	is "$2: nothing of it can be claimed as receipted" "$(named "$1" I45 "$unsigned" 2017-11-30)" ""
	is "$2: but not settled it is, from the same day" "$(named "$1" I47 "$unsigned" 2014-11-26 2014-11-27)" "2014-11-27: since 2014-11-27"
	is "$2: and both near lapse after four years" "$(named "$1" I50 "$signed" 2017-11-26 2017-11-27) $(named "$1" I50 "$unsigned" 2017-11-27)" \
		"2017-11-27: since 2017-11-27 2017-11-27: since 2017-11-27"
}
never_claimed jp "Japan"
never_claimed gb "Britain"
must jp support audit --year-end 2013
says "the list of the year's end has what was never billed" "JPY 24,000,000"
must jp support due
says "and so has the list of what waits" "$signed"

# One half alone: Britain's home is gone, and what was never sent to Japan with it.
copy_world
kept=$work
in_world "$copied"
rm -r "$work/gb"
never_claimed jp "Japan alone"
in_world "$kept"

# The party's own book says when the notice of claim should have gone to the revenue office: in five working days.
try jp --json support audit --rule I39 --as-of 2013-12-04
says "without it the audit says that it does not know of notices" '"notices_at_hand":false'
shared=$("$WARIFU" --home "$work/jp" --json tally list | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
printf '{"id":"JP-national","parties":[{"code":"JP"}]}\n' >"$work/national.json"
for act in "party new" "tally propose --agreement $work/national.json --national" "tally use $shared"; do
	# shellcheck disable=SC2086 # in a national tally a stated time is the signer's own
	quiet "$WARIFU" --home "$work/jp" $act
done
for issue in "$signed" "$unsigned"; do
	is "with it the notice is missed on its first day: $issue" "$(named jp I39 "$issue" 2013-12-03 2013-12-04)" "2013-12-04: since 2013-12-04"
done
is "Britain has no notices to send for what it received" "$(named gb I39 "$signed" 2017-11-30)" ""

# What would have happened: a claim on the 30th day.
at 2013-12-26T14:59:59Z
claim jp "$order" "$signed" JPY 24000000
at 2017-12-01T00:00:00Z
is "claimed in the last second of its last day, it was never late" "$(named jp I45 "$signed" 2013-12-26 2013-12-27 2017-11-30)" ""
is "though it was never paid, which is another rule" "$(named jp I46 "$made" 2014-01-25 2014-01-26)" "2014-01-26: since 2014-01-26"
exchange gb jp
is "both halves match" "$(half gb)" "$("$WARIFU" --home "$work/jp" --tally "$shared" --json digest)"
done_testing
