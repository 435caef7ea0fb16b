#!/bin/bash
# The desk page: who may sign and by whose word, fingerprints to compare, and what a registrar does there.
if ! command -v curl >/dev/null; then
	echo "1..0 # SKIP needs curl; tools/install-deps test installs it"
	exit 0
fi
. "$(dirname "$0")/homes.sh"
web_homes
registrar=$work/registrar.txt
quiet gb desk request --officer gb.reg --post 'Registrar <afloat>' --roles orderer,receiver,registrar --limit GBP=500000 --strength light -o "$registrar"
gb_as ''
quiet gb desk grant "$registrar" --number 5 --range 100-199 --yes
gb_as 1
quiet gb desk request --officer gb.new --post 'Deck officer' --roles orderer,receiver --limit GBP=100000 --strength light -o "$work/ask.txt"
quiet gb desk request --officer gb.rich --post 'Deck officer' --roles orderer --limit GBP=900000 --strength light -o "$work/rich.txt"
quiet jp desk request --officer jp.new --post 'Deck officer' --roles orderer --strength light -o "$work/foreign.txt"
serve gb
jar=$work/cookies

ask() { curl -s --path-as-is -b "$jar" -c "$jar" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" && unmark "$work/body"; }
body_has() { grep -qF -e "$1" "$work/body"; }
field() { sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$work/body" | head -n 1; }
log_in() { rm -f "$jar"; ask -d "desk=$1&passphrase=rehearsal" "$address/login"; }
form() { ask "$address/desk" >/dev/null; field form; }

# --- looked at by anyone who is logged in ----------------------------------------------------------------------------------

is "an officer comes in" "$(log_in 1)" 303
is "and looks who may sign" "$(ask "$address/desk")" 200
ok "a registrar's numbers are shown" body_has 'Registrar (100-199)'
ok "and what a desk may spend" body_has 'GBP 5,000.00'
ok "a post is text, whatever is in it" body_has 'Registrar &lt;afloat&gt;'
ok "the fingerprint of the tally is in words" body_has "$(gb tally show | sed -n 's/^fingerprint *//p')"
ok "that of each party too" body_has "$(jp party show | sed -n 's/^fingerprint *//p')"
ok "who is no registrar is told who is" body_has 'a desk with the role registrar grants'
ok "and has no form for it" bash -c "! grep -q 'action=\"/desk/grant\"' '$work/body'"
key=$(sed -n 's,.*href="/desk/\([0-9a-f]*\)">GB-05<.*,\1,p' "$work/body")
is "one key has its own page" "$(ask "$address/desk/$key")" 200
ok "with its words" body_has "$(sed -n 's/^words: //p' "$registrar")"
is "a key that is not here is not found" "$(ask "$address/desk/0123456789abcdef")" 404
is "nor is one by too few digits" "$(ask "$address/desk/$(printf %.4s "$key")")" 404
ask "$address/desk?lang=ja" >/dev/null
is "roles are words in Japanese too" "$(ask "$address/desk") $(grep -c '要請, 受領, 登録 (100-199)' "$work/body") $(grep -c 'orderer' "$work/body")" '200 1 0'
ask "$address/desk?lang=en" >/dev/null
is "the list goes to other programs" "$(ask "$address/desk?as=csv") $(grep -c 'GB,5,.*gb.reg,.*orderer, receiver, registrar (100-199).*root key' "$work/body")" '200 1'
mark=$(form)
ok "he gets no further by asking for what he was not shown" test "$(ask -d "form=$mark" --data-urlencode "card@$work/ask.txt" -d confirmed=yes "$address/desk/grant")" = 422
is "nothing was granted" "$(gb --json desk list | grep -c gb.new)" 0

# --- a registrar grants ------------------------------------------------------------------------------------------------------

is "the registrar comes in" "$(log_in 5)" 303
mark=$(form)
is "a request must be given" "$(ask -F "form=$mark" "$address/desk/grant")" 400
is "one that mail has spoilt is refused" "$(sed 's/Deck/Dock/' "$work/ask.txt" >"$work/spoilt.txt"; ask -F "form=$mark" -F "file=@$work/spoilt.txt" "$address/desk/grant")" 400
ok "with its reason" body_has 'its text was changed'
head -c 20000 /dev/zero | tr '\0' a >"$work/large.txt"
is "one that is too long is refused" "$(ask -F "form=$mark" -F "file=@$work/large.txt" "$address/desk/grant")" 400
is "a file of no text is refused" "$(head -c 200 /dev/urandom >"$work/noise"; ask -F "form=$mark" -F "file=@$work/noise" "$address/desk/grant")" 400
is "the request is read" "$(ask -F "form=$mark" -F "file=@$work/ask.txt;filename=\"../<x>.txt\"" "$address/desk/grant")" 200
ok "its words are shown to be compared" body_has "$(sed -n 's/^words: //p' "$work/ask.txt")"
is "nothing is granted before that" "$(gb --json desk list | grep -c gb.new)" 0
once=$(field once)
grant=(-d "form=$mark" -d "once=$once" --data-urlencode "card@$work/ask.txt" -d confirmed=yes)
is "a day that is none is refused" "$(ask "${grant[@]}" -d until=tomorrow "$address/desk/grant")" 400
is "a number that is taken is refused" "$(ask "${grant[@]}" -d number=1 "$address/desk/grant")" 422
ok "which is said" body_has 'is taken in party GB'
is "a number beyond his range is refused" "$(ask "${grant[@]}" -d number=300 "$address/desk/grant")" 422
is "a term beyond his own is refused" "$(ask "${grant[@]}" -d until=2100-01-01 "$address/desk/grant")" 422
is "without the session's mark nothing is" "$(ask -d confirmed=yes --data-urlencode "card@$work/ask.txt" "$address/desk/grant")" 403
is "it is granted" "$(ask "${grant[@]}" -d until=2014-06-30 "$address/desk/grant")" 303
is "once, however often it is sent" "$(ask "${grant[@]}" "$address/desk/grant") $(gb --json desk list | grep -c gb.new)" '303 1'
is "with a number of his range, until that day" "$(gb --json desk list | grep gb.new | sed 's/.*"number":\([0-9]*\).*"until":"\([0-9-]*\).*/\1 \2/')" '100 2014-06-30'
ask "$address/desk" >/dev/null
ok "and the page says who did it" body_has 'data-label="granted by">GB-05<'
is "limits above his own are refused" "$(ask -d "form=$mark" --data-urlencode "card@$work/rich.txt" -d confirmed=yes "$address/desk/grant")" 422
is "a request of the partner is refused" "$(ask -d "form=$mark" --data-urlencode "card@$work/foreign.txt" -d confirmed=yes "$address/desk/grant")" 400

# --- and revokes ---------------------------------------------------------------------------------------------------------------

revoked=$(sed -n 's/^key: //p' "$work/ask.txt")
is "a reason must be given" "$(ask -d "form=$mark&key=$revoked&class=desk" "$address/desk/revoke")" 400
is "the last counted entry is a number" "$(ask -d "form=$mark&key=$revoked&class=desk&reason=lost&last_good=all" "$address/desk/revoke")" 400
is "a desk that is none cannot be revoked" "$(ask -d "form=$mark&key=1234567890ab&class=desk&reason=lost" "$address/desk/revoke")" 400
is "it is revoked" "$(ask -d "form=$mark&key=$revoked&class=desk&reason=lost&last_good=0" "$address/desk/revoke")" 303
is "which its page shows" "$(ask "$address/desk/$revoked") $(grep -c '<dd>revoked</dd>' "$work/body")" '200 1'
is "and the partner learns at the next sync" "$(sync_pipe >/dev/null 2>&1; jp --json desk list | grep gb.new | grep -c '"standing":"revoked"')" 1
done_testing
