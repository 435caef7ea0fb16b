#!/bin/bash
# Looking: why, log, show, export, verify, rebuild, doctor; and attachments.
. "$(dirname "$0")/../scenario/lib.sh"
run() { "$WARIFU" "$@"; }
open_homes
desk gb 7 orderer,receiver 'Logistics officer'
desk jp 2 claims,issuer 'Supply officer'
quiet sync_pipe
at 2013-11-26T09:00:00Z
ask() {
	gb support request --supplier JP --activity 1b --place Tacloban --deliver-on 2013-11-27 --charter --line \
		'line=1 category=water kind=supply description_en="Drinking water" quantity=1500 unit=LTR unit_price_minor=10 currency=GBP
		price_basis=agreed settlement=cash' "$@"
}
printf '%%PDF-1.4\nannex' >"$work/annex.pdf"
printf 'name,number\nA,1\n' >"$work/list.csv"
ok "a request with attachments" ask --attach "$work/annex.pdf" --attach "$work/list.csv"
at 2013-11-27T09:00:00Z
quiet sync_pipe
at 2013-11-28T09:00:00Z
ok "an offer" jp support offer GB-07-0001 --utc-offset-minutes 540
quiet sync_pipe

# --- why, log, show -----------------------------------------------------------------------------------------------------

ok "why shows each entry" gb why GB-07-0001
says "with post and party" "JP     Supply officer"
says "not before: what it names of the other side" "2013-11-26 09:00Z"
says "not after: the first acknowledgement of the other side" "2013-11-27 09:00Z"
ok "as JSON" gb why GB-07-0001 --json
is "the offer is not before the request" "$(sed -n '2s/.*"not_before":"\([^"]*\)".*/\1/p' "$work/out")" 2013-11-26T09:00:00Z
is "and not after our acknowledgement" "$(sed -n '2s/.*"not_after":"\([^"]*\)".*/\1/p' "$work/out")" 2013-11-28T09:00:00Z
is "it is the head" "$(sed -n '2s/.*"head":\([a-z]*\).*/\1/p' "$work/out")" true
offer=$(sed -n '2s/.*"id":"\([^"]*\)".*/\1/p' "$work/out")
ok "why of one entry" gb why "$(echo "$offer" | cut -c1-16)" --json
is "is that entry alone" "$(wc -l <"$work/out")" 1
exits 2 "a number that nobody gave" "no such number" gb why GB-07-0009
exits 2 "a part that is not there" "no such part" gb why GB-07-0001/I01.1
exits 2 "what is no number" "neither a number" gb why "what is the matter with the order from yesterday"
exits 2 "an id that is none" "not in this tally" gb why 0123456789abcdef
ok "the log, newest first" gb log --count 3 --json
is "has as many as asked for" "$(wc -l <"$work/out")" 3
ok "of one desk" gb log --of 7 --json
is "has its entries alone" "$(grep -c '"desk":7' "$work/out") $(wc -l <"$work/out")" "1 1"
ok "of the roots" gb log --of root --count 0 --json
is "has theirs" "$(grep -c '"signer":"root"' "$work/out")" "$(wc -l <"$work/out")"
ok "in Japanese" gb --lang ja log
says "with words and states" "有効"
ok "an entry is shown" gb show "$offer"
says "with its verdict" '"verdict": "valid"'
exits 2 "by eight digits at least" "neither a file nor" gb show 012345
exits 2 "neither file nor id" "neither a file nor" gb show nothing-of-that-name
exits 3 "a file of something else" "neither an export" gb show "$work/list.csv"

# --- export, verify -----------------------------------------------------------------------------------------------------

ok "an export" gb export -o "$work/x.warifu"
ok "verifies without a home" env -i "$WARIFU" verify "$work/x.warifu"
ok "with counts as JSON" run --json verify "$work/x.warifu"
entries=$(gb log --count 0 --json | wc -l)
"$WARIFU" --json verify "$work/x.warifu" >"$work/out"
is "of all entries" "$(value entries)" "$entries"
is "and attachments" "$(value attachments)" 2
is "none missing" "$(value missing)" 0
ok "it is shown entry by entry" run show "$work/x.warifu"
run --json show "$work/x.warifu" >"$work/out"
is "as JSON, too" "$(grep -c '"signature":"good"' "$work/out")" "$entries"
ok "to standard output" sh -c "'$WARIFU' --home '$work/gb' export >'$work/y.warifu' && cmp '$work/x.warifu' '$work/y.warifu'"
ok "without attachments, when asked" gb export --no-attachments -o "$work/z.warifu"
ok "up to a day" gb export --until 2013-11-27 -o "$work/year.warifu"
ok "it verifies alone" env -i HOME=/nonexistent "$WARIFU" verify "$work/year.warifu"
quiet gb --json export -o "$work/all.warifu"
all=$(value entries)
quiet gb --json export --until 2013-11-27 -o "$work/year.warifu"
is "and leaves out what was stated from that day on" "$((all > $(value entries)))" 1
quiet gb --json export --until 2013-01-01 -o "$work/none.warifu"
is "before all, nothing is in it" "$(value entries)" 0
exits 2 "a day that is none" "must be a day" gb export --until yesterday -o "$work/z.warifu"
ok "the other half exports the same entries" jp export -o "$work/jp.warifu"
ids() { "$WARIFU" --json show "$1" | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/' | sort; }
is "by id" "$(ids "$work/x.warifu")" "$(ids "$work/jp.warifu")"
head -c 3000 "$work/x.warifu" >"$work/cut"
exits 3 "one that is cut is refused" "truncated" run verify "$work/cut"
python3 - "$work" <<'END'
import sys
raw = bytearray(open(sys.argv[1] + "/x.warifu", "rb").read())
at = raw.rindex(b"support.requested")
raw[at] ^= 1
open(sys.argv[1] + "/bit", "wb").write(raw)
raw = bytearray(b"WARIFUX2" + raw[8:])
open(sys.argv[1] + "/magic", "wb").write(raw)
END
exits 3 "one with a bit turned too" "export-end" run verify "$work/bit"
exits 3 "and another kind of file" "export-magic" run verify "$work/magic"
exits 4 "and none at all" "No such file" run verify "$work/nothing"
exits 4 "and a folder" "not a file" run verify "$work"
exits 4 "an export that cannot be written says so" "No such file" gb export -o "$work/none/x"

# --- attachments --------------------------------------------------------------------------------------------------------

ok "attachments came with the sync" jp attachment list
says "whole" "here"
hash=$(sha256sum <"$work/annex.pdf" | cut -d' ' -f1)
ok "and are written to a file" jp attachment get "$(echo "$hash" | cut -c1-10)" -o "$work/copy.pdf"
ok "the same" cmp "$work/annex.pdf" "$work/copy.pdf"
exits 2 "one that is not there" "none begins so" jp attachment get 0011223344 -o "$work/copy.pdf"
cp "$work/list.csv" "$work/list.txt"
exits 3 "other files do not travel" "neither PDF" ask --attach "$work/list.txt"
exits 2 "an attachment is erased by a law" "--law is missing" gb attachment erase "$hash"
ok "that is named" gb attachment erase "$hash" --law 'GDPR article 17'
ok "it is listed" gb attachment list
says "as erased" "erased"
quiet sync_pipe
ok "the partner keeps what it has, until it says so itself" jp attachment list
is "of two, two are here" "$(grep -c ' here ' "$work/out")" 2
ok "then it is erased there, too" jp attachment erase "$hash" --law 'Act 57 of 2003, article 34'
ok "as its list says" jp attachment list
is "of two, one is here" "$(grep -c ' here ' "$work/out")" 1
csv=$(sha256sum <"$work/list.csv" | cut -d' ' -f1)
quiet jp attachment erase "$csv" --law 'Act 57 of 2003, article 34'
ok "what the other side has attached" jp attachment list
is "is not erased by our word alone" "$(grep -c ' here ' "$work/out")" 1
quiet gb attachment erase "$csv" --law 'GDPR article 17'
quiet sync_pipe
ok "when both have said so" jp attachment list
is "it is" "$(grep -c ' here ' "$work/out")" 0
exits 1 "what was erased is not attached again" "erased" ask --attach "$work/annex.pdf"

# --- rebuild, doctor ----------------------------------------------------------------------------------------------------

ok "folded anew" gb rebuild
says "the digest is the same" "yes"
halves_match "and both halves still have one digest"
ok "the doctor finds nothing" gb doctor
says "of all that it looks at" "folded anew"
ok "in a hurry, too" gb doctor --quick --json
chmod 644 "$work"/gb/keys/*.key
exits 5 "key files that others can read are told" "readable by others" gb doctor --quick
chmod 600 "$work"/gb/keys/*.key
sqlite3 "$work/gb/store.db" "update entry set signature = zeroblob(64) where row = 3"
exits 5 "an entry that was touched is told" "1 with another id or signature" gb doctor
exits 3 "and its export does not verify" "sig-" sh -c "'$WARIFU' --home '$work/gb' export -o '$work/bad' && '$WARIFU' verify '$work/bad'"
sqlite3 "$work/gb/store.db" "delete from entry where row = 5"
exits 5 "a gap is told" "bad" gb doctor --quick
done_testing
