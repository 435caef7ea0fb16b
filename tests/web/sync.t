#!/bin/bash
# The page of the sync: how it stands with each home of a partner, and a button that calls them now; without scripts, in both languages.
if ! command -v curl >/dev/null; then
	echo "1..0 # SKIP needs curl; tools/install-deps test installs it"
	exit 0
fi
. "$(dirname "$0")/homes.sh"
web_homes
quiet sync_pipe
quiet sync_pipe
jar=$work/cookies

# serve_sync HOME OPTION...: its pages at `pages`, partners call at `calls_at`
serve_sync() {
	local home=$1
	shift
	: >"$work/$home.address"
	"$WARIFU" --home "$work/$home" --now "$now" serve --port 0 --sync 127.0.0.1:0 "$@" >"$work/$home.address" 2>"$work/$home.log" &
	servers+=($!)
	until [ "$(wc -l <"$work/$home.address")" = 2 ]; do
		kill -0 "${servers[-1]}" 2>/dev/null || { sed 's/^/# /' "$work/$home.log"; echo "Bail out! no server"; exit 1; }
	done
	pages=$(sed -n '1s,/$,,p' "$work/$home.address")
	calls_at=$(sed -n 's/^sync //p' "$work/$home.address")
}
ask() { curl -s -b "$jar" -c "$jar" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@"; }
has() { grep -qF -e "$1" "$work/body"; }
field() { sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$work/body" | head -n 1; }
# arrives TITLE TEXT: the page says so within so many looks
arrives() {
	for _ in {1..400}; do
		ask "$pages/sync" >/dev/null
		if has "$2"; then
			ok "$1" has "$2"
			return
		fi
	done
	ok "$1" has "$2"
	sed 's/<[^>]*>/ /g; /^ *$/d; s/^/# /' "$work/body" | tail -n 40
}
make() { # as soon as the server leaves the home to it
	for _ in {1..100}; do
		"$@" >"$work/out" 2>"$work/err" && return
	done
	echo "Bail out! $*: $(cat "$work/err")"
	exit 1
}

serve_sync jp
jp_calls=$calls_at
serve_sync gb --every 3600
is "an officer logs in" "$(ask -d 'desk=1&passphrase=rehearsal' "$pages/login")" 303
is "the page of the sync is there" "$(ask "$pages/sync")" 200
ok "it names the partner's home" has 'JP'
ok "says that the halves matched" has '>match<'
ok "and the digest, in groups to be read aloud" grep -Eq '([0-9a-f]{4} ){15}[0-9a-f]{4}' "$work/body"
ok "that no address is kept, and how one is" has 'warifu address set'
ok "and that every log goes on" has 'none: every log goes on' 
is "as data, too" "$(ask "$pages/sync?as=json")" 200
ok "with what waits to go" has '"waits":"0"'

make gb support request --supplier JP --activity 1b --place Tacloban --deliver-on 2013-11-26 --charter \
	--line 'line=1 category=water kind=supply description_en=Water quantity=10 unit=LTR unit_price_minor=10 price_basis=own_forces currency=GBP settlement=cash'
is "after a move" "$(ask "$pages/sync?as=json")" 200
ok "one entry waits to go" has '"waits":"1"'
make gb address set JP "$jp_calls"
arrives "when an address is kept, it is called" '>good<'
is "and then" "$(ask "$pages/sync?as=json")" 200
ok "nothing waits" has '"waits":"0"'
before=$(grep -c 'POST /exchange/' "$work/jp.log")
ask "$pages/sync" >/dev/null
form=$(field form) once=$(field once) tally=$(field tally)
is "without the session's mark nothing is called" "$(ask -F form=x -F once="$once" -F tally="$tally" "$pages/sync")" 403
is "the button calls now" "$(ask -F form="$form" -F once="$once" -F tally="$tally" "$pages/sync")" 303
ok "and leads back to the page" grep -qi '^location: /sync' "$work/head"
more() { [ "$(grep -c 'POST /exchange/' "$work/jp.log")" -gt "$before" ]; }
for _ in {1..400}; do
	more && break
	ask "$pages/sync" >/dev/null
done
ok "the partner has been called once more" more
arrives "and the call ends" '>good<'
kill "${servers[0]}"
wait "${servers[0]}" 2>/dev/null
ask "$pages/sync" >/dev/null
is "with the partner away the button is there all the same" "$(ask -F form="$form" -F once="$(field once)" -F tally="$tally" "$pages/sync")" 303
arrives "and the page says why nothing came of it" 'cannot be reached'
ask "$pages/sync?lang=ja" >/dev/null
is "in Japanese" "$(ask "$pages/sync")" 200
ok "it says the same" has '今すぐ送受信'
done_testing
