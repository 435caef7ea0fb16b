#!/bin/bash
# Exchange from the command line: pipe and bundle, sealed, plain, as text; and what goes wrong on the way.
. "$(dirname "$0")/../scenario/lib.sh"
open_homes
desk gb 7 orderer,receiver 'Logistics officer'
desk jp 2 claims,issuer 'Supply officer'
ok "a sync over a pipe" sync_pipe
says "tells what was sent and whether the halves match" "the halves match"
quiet sync_pipe
quiet sync_pipe
ok "soon there is nothing new" sync_pipe
says "and nothing is sent" "sent 0, received 0 entries"
"$WARIFU" --home "$work/gb" --now "$now" --json sync "'$WARIFU' --home '$work/jp' --now $now sync --stdio" >"$work/out" 2>"$work/err"
is "as JSON" "$(value matched) $(value complete)" "true true"
exits 4 "a command that fails is told" "ended" gb sync 'exit 3'
exits 4 "one that is not there, too" "ended" gb sync 'no-such-program-of-ours'
exits 3 "one that speaks another language" "" gb sync 'yes'
exits 6 "one that hangs up" "" gb sync 'true'
exits 2 "without a command, --stdio or an address that is kept it calls nobody" "no address of a partner" gb sync
exits 2 "a party that is not in it" "must be one of GB, JP" gb sync true --with FR
exits 3 "standard input of nonsense" "" sh -c "yes | '$WARIFU' --home '$work/gb' sync --stdio"

say_something() { gb --json support request --supplier JP --activity 1b --place Cebu --deliver-on 2013-12-01 --charter --line \
	'line=1 category=water kind=supply description_en=W quantity=1 unit=LTR unit_price_minor=1 currency=GBP price_basis=agreed settlement=cash'; }
quiet say_something
ok "a bundle" gb bundle write --for JP -o "$work/a.bundle"
says "says how much is in it" "entries"
ok "is read" jp bundle read "$work/a.bundle"
says "and says what was new" "new entries"
exits 3 "again it brings nothing" "brings nothing" jp bundle read "$work/a.bundle"
quiet say_something
ok "as text" gb bundle write --for JP --text -o "$work/b.txt"
ok "of lines" sh -c "! grep -q '.\{100\}' '$work/b.txt'"
sed 's/^/> /' "$work/b.txt" >"$work/quoted.txt"
ok "is read, quoted by mail" jp bundle read "$work/quoted.txt"
quiet say_something
ok "plain, to standard output" sh -c "'$WARIFU' --home '$work/gb' --now $now bundle write --for JP --plain >'$work/c.bundle'"
ok "is read" jp bundle read "$work/c.bundle"
exits 2 "for a party of the tally" "must be one of" gb bundle write --for FR
exits 2 "for somebody" "--for is missing" gb bundle write
quiet sync_pipe
quiet sync_pipe
ok "when the partner has all, nothing is written" gb bundle write --for JP -o "$work/none.bundle"
says "and it says so" "acknowledged all"
ok "no file either" test ! -e "$work/none.bundle"
ok "unless everything is asked for" gb bundle write --for JP --everything -o "$work/all.bundle"

# A second home of GB joins, asks for its key and hears the rest from the first.
quiet gb tally opening -o "$work/opening2"
quiet "$WARIFU" --home "$work/gb2" init --party GB
two() { "$WARIFU" --home "$work/gb2" --now "$now" "$@"; }
ok "a second home of a party joins" two tally join "$work/opening2" --yes
exits 2 "without a key it calls nobody" "home request" two sync true
ok "it asks for its key" two home request --label 'Second home' --strength light -o "$work/home.card"
ok "the first grants it" gb home grant "$work/home.card" --yes
ok "and tells it all" two sync "'$WARIFU' --home '$work/gb' --now $now sync --stdio" --with GB
is "so that both have one digest" "$(digest gb2)" "$(digest gb)"
for every in 0 -1 86401 18446744073709553 999999999999999999; do
	exits 2 "a server does not call every $every seconds" "must be seconds, from 1 to 86400" timeout 60 "$WARIFU" --home "$work/gb" serve --port 0 --every "$every"
done
ok "a home may be revoked" gb home revoke "$(sed -n 's/^key: \(............\).*/\1/p' "$work/home.card")" --reason 'given up'
ok "and listed so" gb home list
says "as revoked" "revoked"
done_testing
