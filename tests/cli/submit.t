#!/bin/bash
# For scripts: any move from named fields, results and digests as JSON; what a real tally refuses.
. "$(dirname "$0")/../scenario/lib.sh"
open_homes
desk gb 7 claims,issuer,orderer,receiver 'Logistics officer'
quiet sync_pipe

cat >"$work/request.json" <<'END'
{"supplier": "JP", "activity": "1b", "place": "Tacloban", "deliver_on": "2013-11-27", "charter": true,
 "lines": [{"line": 1, "category": "water", "kind": "supply", "description_en": "Water", "quantity": "1500.5", "unit": "LTR",
            "unit_price_minor": 10, "currency": "GBP", "price_basis": "agreed", "settlement": "cash"}],
 "remarks": ["ja", "飲料水"], "stated": "2013-11-20T09:00:00+09:00"}
END
submit() { gb submit "$1" --json "$2"; }
ok "a move from a file" submit support.requested "$work/request.json"
is "prints one line of these names" "$(sed 's/:"[^"]*"/:_/g' "$work/out")" \
	'{"id":_,"thread":_,"part":_,"number":_,"state":_,"pen":_,"void":false}'
is "with the number" "$(value number)" GB-07-0001
is "the state" "$(value state)" requested
is "and the pen" "$(value pen)" JP
id=$(value id)
is "the thread is its opening" "$(value thread)" "$id"
ok "and from standard input" sh -c "sed 's/1500.5/3/' '$work/request.json' | '$WARIFU' --home '$work/gb' submit support.requested --json -"
ok "the entry is shown" gb show "$id"
says "at the stated time, in UTC" '"stated": "2013-11-20T00:00:00Z"'
says "with text as typed" '飲料水'
says "by its desk" '"post": "Logistics officer"'
printf '{"target":"GB-07-0001","remarks":"x","also":["GB-07-0002"]}' >"$work/note.json"
ok "a note may rely on another thread" submit support.noted "$work/note.json"
exits 2 "a field that must be given is named" "--supplier is missing" gb support request
printf '{"target":"gb-07-0001","remarks":"x"}' >"$work/note.json"
ok "numbers are read in small letters, too" submit support.noted "$work/note.json"
printf '{"target":"%s","remarks":"x"}' "$(echo "$id" | cut -c1-12)" >"$work/note.json"
ok "a part may be named by the first digits of an entry" submit support.noted "$work/note.json"
printf '{"target":"GB-07-0001","also":"x","remarks":"x"}' >"$work/bad.json"
exits 3 "also is a list" "must be a list" submit support.noted "$work/bad.json"
printf '{"target":5}' >"$work/bad.json"
exits 3 "a target is text" "target: must be text" submit support.noted "$work/bad.json"
printf '[]' >"$work/bad.json"
exits 3 "fields are an object" "must be an object" submit support.noted "$work/bad.json"
printf '{"target":"GB-07-0001","remarks":"x","stated":"soon"}' >"$work/bad.json"
exits 2 "a time is a time" "must be a time" submit support.noted "$work/bad.json"
exits 4 "a file that is not there" "No such file" submit support.noted "$work/nowhere.json"
exits 2 "a kind that opens nothing needs its part" "needs the number" sh -c "echo '{}' | '$WARIFU' --home '$work/gb' submit support.offered --json -"
printf '{"target":"GB-07-0001","remarks":"x"}' >"$work/note.json"
gb --json support accept GB-07-0001 >/dev/null 2>&1
is "an error is JSON where results are" "$(sed 's/.*"error":"\([a-z]*\)","exit":\([0-9]*\),"rule":"\([A-Z0-9]*\)".*/\1 \2 \3/' "$work/err")" "refused 1 K10"

# --- digest -------------------------------------------------------------------------------------------------------------

ok "the digest" gb digest --json
is "is one object on a line" "$(wc -l <"$work/out")" 1
python3 - "$work/out" <<'END' >"$work/tap" 2>&1
import json, re, sys
row = json.loads(open(sys.argv[1]).read())
assert list(row) == ["tally", "vector", "digest"], list(row)
assert re.fullmatch("[0-9a-f]{64}", row["tally"]) and re.fullmatch("[0-9a-f]{64}", row["digest"])
keys = [item["key"] for item in row["vector"]]
assert keys == sorted(keys) and len(keys) >= 3
for item in row["vector"]:
    assert list(item) == ["key", "branch", "seq", "head"] and item["branch"] is None and item["seq"] >= 1
END
report $? "of these names, with the vector by key"

# --- a real tally -------------------------------------------------------------------------------------------------------

for party in gb jp; do
	quiet "$WARIFU" --home "$work/real-$party" init --party "$(echo $party | tr '[:lower:]' '[:upper:]')"
	quiet "$WARIFU" --home "$work/real-$party" party new
done
quiet "$WARIFU" --home "$work/real-jp" party export -o "$work/real.party"
real() { "$WARIFU" --home "$work/real-gb" "$@"; }
propose() { real "$@" tally propose --agreement "$top/data/agreement-gb-jp.json" --with "$work/real.party"; }
exits 1 "a real tally is not opened at another time" "--now: refused" propose --now 2013-11-20
ok "a real tally is opened" propose
exits 1 "a light key is not for it" "is for rehearsals" real desk request --officer a --post b --roles orderer --strength light
quiet real desk request --officer a --post b --roles orderer -o "$work/card"
exits 1 "a grant states the clock's time" "--now: refused" real --now 2020-01-01 desk grant "$work/card" --yes
quiet real desk grant "$work/card" --yes
ask() {
	real "$@" support request --supplier JP --activity 1b --place Cebu --deliver-on 2030-01-01 --charter --line \
		'line=1 category=water kind=supply description_en=W quantity=1 unit=LTR unit_price_minor=1 currency=GBP price_basis=agreed settlement=cash'
}
exits 1 "so does a move" "--now: refused" ask --now 2020-01-01
ok "which is made now" ask
ok "looking as of another time is lawful" real --now 2020-01-01 log
exits 1 "an act that has not happened is not stated" "ahead of the clock" real support note GB-01-0001 --remarks x --at 2999-01-01
ok "one that has is" real support note GB-01-0001 --remarks x --at 2020-01-01
ok "a home may hold two tallies" real party new --strength light
quiet real --now 2013-11-20 tally propose --agreement "$agreement" --with "$work/jp.party" --rehearsal
exits 2 "then one is to be chosen" "choose one with --tally" real log
tally=$(real tally list --json | sed -n 's/.*"id":"\([0-9a-f]*\)","mode":"real".*/\1/p')
ok "for good" real tally use "$(echo "$tally" | cut -c1-8)"
ok "and is" real log
done_testing
