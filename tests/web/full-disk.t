#!/bin/bash
# A home whose disk takes no more: an officer and a partner are told that this machine fails, and what to do; nobody is said to be wrong.
for program in curl openssl; do
	if ! command -v $program >/dev/null; then
		echo "1..0 # SKIP needs $program; tools/install-deps test installs it"
		exit 0
	fi
done
. "$(dirname "$0")/homes.sh"
web_homes
jar=$work/cookies
ask() { curl -s -b "$jar" -c "$jar" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" && unmark "$work/body"; }
field() { sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$work/body" | head -n 1; }
body_has() { grep -qF -e "$1" "$work/body"; }

# room BLOCKS: a server of GB's on which no file may grow beyond so many KiB; what it logs goes through a pipe
room() {
	rm -f "$work/gb.address"
	(
		trap '' XFSZ
		ulimit -f "$1"
		exec "$WARIFU" --home "$work/gb" --now "$now" serve --port 0 --sync 127.0.0.1:0 2> >(cat >"$work/gb.log")
	) > >(cat >"$work/gb.address") &
	servers+=($!)
	until [ "$(grep -c . "$work/gb.address" 2>/dev/null)" = 2 ]; do
		kill -0 "${servers[-1]}" 2>/dev/null || { sed 's/^/# /' "$work/gb.log"; echo "Bail out! no server"; exit 1; }
	done
	address=$(sed -n '1s,/$,,p' "$work/gb.address")
	url=$(sed -n 's/^sync //p' "$work/gb.address")
}
room 33

# --- an officer -----------------------------------------------------------------------------------------------------------------

is "an officer may log in and read" "$(ask -d 'desk=1&passphrase=rehearsal' "$address/login") $(ask "$address/support")" '303 200'
ask "$address/new/support.requested" >/dev/null
request=(-F "form=$(field form)" -F "once=$(field once)" -F supplier=JP -F activity=1b -F 'place=Tacloban <pier>' -F deliver_on=2013-11-26 -F charter=true
	-F lines.0.line=1 -F lines.0.category=water -F lines.0.kind=supply -F 'lines.0.description_ja=飲料水' -F lines.0.quantity=1000
	-F lines.0.unit=LTR -F lines.0.unit_price_minor=30 -F lines.0.price_basis=own_forces -F lines.0.currency=JPY -F lines.0.settlement=cash)
is "a form that cannot be stored is no fault of his" "$(ask "${request[@]}" "$address/new/support.requested")" 500
ok "he is told what to do" body_has 'Look at the disk before going on'
ok "and what he typed is there still" body_has 'value="Tacloban &lt;pier&gt;"'
is "in Japanese too" "$(ask -H 'Accept-Language: ja' "${request[@]}" "$address/new/support.requested") $(grep -c 'ディスクに障害があります' "$work/body")" '500 1'
is "nothing was entered" "$(gb --json support list | grep -c number)" 0

# --- a partner ------------------------------------------------------------------------------------------------------------------

quiet jp support request --supplier GB --activity 1b --place Tacloban --deliver-on 2013-11-26 --charter --line \
	'line=1 category=water kind=supply description_en=Water quantity=1 unit=LTR unit_price_minor=30 currency=JPY price_basis=own_forces settlement=cash'
exits 6 "a partner's home is not refused" "the other home cannot go on now" jp sync "$url"
exits 6 "however often it comes" "the other home cannot go on now" jp sync "$url"
ok "nor made to wait" bash -c "! grep -q ' 429 ' '$work/gb.log'"
stop_servers
room unlimited
ok "when there is room again all goes on" jp sync "$url"
is "and all is there" "$(gb --json support list | grep -c number)" 1
done_testing
