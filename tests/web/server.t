#!/bin/bash
# What a stranger, a careless officer and a page of somebody else can do to the server: nothing but what the limits allow.
if ! command -v curl >/dev/null; then
	echo "1..0 # SKIP needs curl; tools/install-deps test installs it"
	exit 0
fi
. "$(dirname "$0")/homes.sh"
web_homes
serve gb
jar=$work/cookies

# ask WORDS...: a request by whoever is logged in; the head goes to $work/head, the body to $work/body, and the status is printed.
ask() { curl -s --path-as-is -b "$jar" -c "$jar" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" && unmark "$work/body"; }
head_has() { grep -qi -e "$1" "$work/head"; }
body_has() { grep -qF -e "$1" "$work/body"; }
field() { sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$work/body" | head -n 1; }
count_of() { gb --json support list | grep -c number; }

# --- before the door ------------------------------------------------------------------------------------------------------

is "the server says that it lives" "$(ask "$address/healthz")" 200
is "whoever is not logged in is sent to the door" "$(ask "$address/support")" 303
ok "whichever page he wanted" head_has '^location: /login'
is "the door is open" "$(ask "$address/login")" 200
ok "and lists the desks, not their keys" body_has 'Paying office'
ok "pages may not be framed or run scripts of others" head_has "^content-security-policy: default-src 'none'.*frame-ancestors 'none'"
ok "nor be kept" head_has '^cache-control: no-store'
is "under another name it is not known" "$(ask -H 'Host: bank.example' "$address/login")" 421
is "nor under the right one with another port" "$(ask -H 'Host: localhost:1' "$address/login")" 421
is "a form that another page sends is refused" "$(ask -H 'Origin: http://bank.example' -d desk=1 "$address/login")" 403
is "a path that leaves its folder is none" "$(ask "$address/../../etc/passwd")" 400
is "nor is one that is no text" "$(ask "$address/%ff")" 400
is "an address with too many parameters is cut short, not followed" "$(ask "$address/login?$(printf 'a%s=1&' {1..100})")" 200
is "another method than asking and sending is not answered" "$(ask -X DELETE "$address/")" 000

# --- every route ----------------------------------------------------------------------------------------------------------

gb serve --routes >"$work/routes"
is "what needs no home is these" "$(grep ' nothing$' "$work/routes" | paste -sd,)" 'GET /healthz nothing,GET /style.css nothing,GET /script.js nothing'
is "what needs nobody logged in is these" "$(grep ' home$' "$work/routes" | paste -sd,)" 'GET /marking.css home,GET /help home,GET /help/ home,GET /login home,POST /login home'
is "what partners' homes ask for, elsewhere, is these" "$(grep ' partner$' "$work/routes" | paste -sd,)" 'GET /exchange/ partner,POST /exchange/ partner'
while read -r method path need _; do
	[ "$need" = officer ] || [ "$need" = partner ] || continue
	[ "$method" = POST ] && body=(-d form=x) || body=()
	is "a stranger gets nothing of $method $path" "$(ask "${body[@]}" "$address$path") $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r')" '303 /login'
done <"$work/routes"

while read -r method path need _; do
	[ "$need" = start ] || [ "$need" = code ] || continue
	[ "$method" = POST ] && body=(-d form=x -d code=x) || body=()
	is "a home that needs no first start has no $method $path" "$(ask "${body[@]}" "$address$path") $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r')" '303 /login'
done <"$work/routes"

# --- passphrases ------------------------------------------------------------------------------------------------------------

wrong_one() { ask -d 'desk=2&passphrase=wrong' "$address/login"; }
right_one() { ask "$@" -d 'desk=2&passphrase=rehearsal' "$address/login"; }
is "a wrong passphrase is refused" "$(wrong_one)" 401
ok "which says how long the next one has to wait" body_has 'may be tried in 1 s'
is "the next one has to wait" "$(until_waits wrong_one right_one)" 429
ok "and is told how long" grep -q '([0-9]* s)' "$work/body"
ok "the door says whose it is" body_has 'first home of GB'
ok "and bears the marking of the agreement, above and below" test "$(grep -o 'OFFICIAL / <span lang="ja">公用' "$work/body" | wc -l)" = 2
is "on paper every sheet bears it" "$(ask "$address/marking.css") $(grep -c '@top-center { content: "OFFICIAL / 公用 - REHEARSAL - NOTHING HERE IS OWED' "$work/body")" '200 1'
is "help is open to whoever cannot log in" "$(ask "$address/help") $(ask "$address/help/support") $(ask "$address/help/support.issued")" '200 200 200'
is "and says each of our words" "$(ask "$address/help") $(grep -c '<td lang="ja" class="nowrap">' "$work/body")" "200 $(($(grep -c '^| ' "$top/docs/glossary.md") - 2))"
is "what there is no help for is not found" "$(ask "$address/help/%3Cb%3E") $(ask "$address/help/support.invented")" '404 404'
is "an officer at another address does not wait for who guesses here" "$(right_one --interface 127.0.0.2)" 303
rm -f "$jar"
is "a desk of the partner is none" "$(ask -d 'desk=9&passphrase=rehearsal' "$address/login")" 401
is "the right one opens" "$(ask -d 'desk=1&passphrase=rehearsal' "$address/login")" 303
ok "with a cookie out of reach of scripts and of other pages" head_has '^set-cookie: warifu-[0-9]*=[0-9a-f]\{64\}; Path=/; HttpOnly; SameSite=Strict'

# --- inside -----------------------------------------------------------------------------------------------------------------

is "what is not there is not found" "$(ask "$address/supper")" 404
is "nor is a thread" "$(ask "$address/thread/GB-01-0099")" 404
is "nor a form of no kind" "$(ask "$address/new/support.invented")" 404
is "nor one that needs a part" "$(ask "$address/new/support.accepted")" 404
is "a form" "$(ask "$address/new/support.requested")" 200
ok "offers the categories of the agreement" body_has '<option value="fuel">'
ok "and not what it never allows" bash -c "! grep -q weapons '$work/body'"
form=$(field form) once=$(field once)
request=(-F supplier=JP -F activity=1b -F place=Tacloban -F deliver_on=2013-11-26 -F charter=true --form-string 'remarks=<b>"quoted"</b>'
	-F lines.0.line=1 -F lines.0.category=water -F lines.0.kind=supply -F 'lines.0.description_ja=飲料水' -F lines.0.quantity=1000
	-F lines.0.unit=LTR -F lines.0.unit_price_minor=30 -F lines.0.price_basis=own_forces -F lines.0.currency=JPY -F lines.0.settlement=cash)
is "a form without the session's mark is refused" "$(ask "${request[@]}" -F once="$once" "$address/new/support.requested")" 403
is "and one with another's" "$(ask "${request[@]}" -F form="${once}" -F once="$once" "$address/new/support.requested")" 403
while read -r method path need _; do
	[ "$method $need" = "POST officer" ] || continue
	is "POST $path wants the session's mark" "$(ask -d form=x "$address$path")" 403
done <"$work/routes"
is "nothing was entered" "$(count_of)" 0
printf 'PDF' >"$work/x.exe"
is "a file that is no paper does not travel" "$(ask "${request[@]}" -F form="$form" -F once="$once" -F "attach=@$work/x.exe" "$address/new/support.requested")" 400
printf '%%PDF-1.4\nscan' >"$work/scan.pdf"
is "a form with a file is entered" "$(ask "${request[@]}" -F form="$form" -F once="$once" -F "attach=@$work/scan.pdf" "$address/new/support.requested")" 303
is "once, however often it is sent" "$(ask "${request[@]}" -F form="$form" -F once="$once" "$address/new/support.requested") $(count_of)" '303 1'
is "its page" "$(ask "$address/thread/GB-01-0001")" 200
ok "says so" body_has 'sent before'
is "and shows what was typed as text" "$(grep -c '<b>' "$work/body") $(grep -c '&lt;b&gt;&quot;quoted&quot;' "$work/body")" '0 1'
paper=$(sed -n 's,.*href="\(/attachment/[0-9a-f]*\)".*,\1,p' "$work/body")
is "the paper is at hand" "$(ask "$address$paper")" 200
ok "byte for byte" cmp "$work/scan.pdf" "$work/body"
ok "as a file, which no browser takes for a page" head_has '^content-disposition: attachment; filename="[0-9a-f]\{12\}.pdf"'
is "another is not found" "$(ask "$address/attachment/0123456789abcdef")" 404
is "nor is one by no hash" "$(ask "$address/attachment/%22")" 404

# --- papers -------------------------------------------------------------------------------------------------------------------

ask "$address/thread/GB-01-0001" >/dev/null
ok "the page links to its paper" body_has 'href="/pdf/order-request/GB-01-0001"'
is "the paper is printed" "$(ask "$address/pdf/order-request/GB-01-0001")" 200
ok "as a PDF, with a name" head_has '^content-disposition: attachment; filename="order-request-GB-01-0001.pdf"'
"$WARIFU" --home "$work/gb" paper write order-request GB-01-0001 --out "$work/order.pdf" >/dev/null
ok "with the bytes that the command writes" cmp "$work/order.pdf" "$work/body"
is "so is the account of a day" "$(ask "$address/pdf/account?as_of=2013-12-01") $(head -c 5 "$work/body")" "200 %PDF-"
ok "as a file with the day in its name" head_has '^content-disposition: attachment; filename="account-2013-12-01.pdf"'
"$WARIFU" --home "$work/gb" paper write account --as-of 2013-12-01 --out "$work/account.pdf" >/dev/null
ok "with the bytes that the command writes" cmp "$work/account.pdf" "$work/body"
is "the paper of the audit is printed too" "$(ask "$address/pdf/audit") $(head -c 5 "$work/body")" "200 %PDF-"
ask "$address/support/account?as_of=2013-12-01" >/dev/null
ok "to which its page links" body_has 'href="/pdf/account?as_of=2013-12-01"'
is "a day that is none is refused" "$(ask "$address/pdf/account?as_of=%22x")" 400
ask "$address/support/account?as_of=%22x" >/dev/null
is "and stands in no link" "$(grep -c 'pdf/account?as_of' "$work/body")" 0
is "a paper that is not known is not found" "$(ask "$address/pdf/order-requests/GB-01-0001")" 404
is "nor is one of no number" "$(ask "$address/pdf/order-request")" 404
is "nor is one of a number that is not known" "$(ask "$address/pdf/order-request/GB-09-0009")" 404
is "a move that is not this desk's is refused" "$(ask -F form="$form" -F once=x -F utc_offset_minutes=540 "$address/move/support.offered/GB-01-0001")" 422
ok "which is said" body_has "the other party moves next"

# --- lists --------------------------------------------------------------------------------------------------------------------

found() { ask -G --data-urlencode "q=$1" "$address/support" >/dev/null && grep -c 'href="/thread/GB-01-0001"' "$work/body"; }
is "two letters of a word are found" "$(found 飲料)" 1
is "what is not there is not" "$(found 軽油)" 0
is "signs mean themselves" "$(found '%')" 0
is "by its state" "$(ask "$address/support?state=agreed") $(grep -c GB-01-0001 "$work/body")" '200 0'
is "as a table for other programs" "$(ask "$address/support?as=csv") $(grep -c '^JP,GB-01-0001,' "$work/body")" '200 1'
is "so is what is due" "$(ask "$address/support/due?as=csv") $(grep -c '^JP,' "$work/body") $(head -c 3 "$work/body" | od -An -tx1 | tr -d ' ') $(grep -c '^GB-.*Offer' "$work/body")" '200 0 efbbbf 1'
is "as JSON too" "$(ask "$address/support/due?as=json") $(python3 -c "import json; print([due['to_do'] for due in json.load(open('$work/body'))])")" "200 ['Offer / Decline / Ask']"
is "where nothing is due too" "$(ask "$address/support/due?as=json&waiting=us") $(cat "$work/body")" '200 []'
is "as JSON" "$(ask "$address/support?as=json") $(python3 -c "import json; print(json.load(open('$work/body'))[0]['value'])")" '200 JPY 30,000'
is "the account as JSON" "$(ask "$address/support/account?as=json") $(python3 -c "import json; print(json.load(open('$work/body'))['party'])")" '200 GB'
is "the findings as CSV" "$(ask "$address/support/audit?as=csv") $(head -c 5 "$work/body" | tr -d '\357\273\277' | head -c 4)" '200 rule'
is "the audit as of a day" "$(ask "$address/support/audit?as_of=2013-11-19") $(grep -c 'As of 2013-11-19\|as of 2013-11-19' "$work/body")" '200 1'
is "which must be one" "$(ask "$address/support/audit?as_of=yesterday")" 400
is "so must that of the pledges' findings" "$(ask -H 'Accept-Language: ja' "$address/statement/findings?as_of=yesterday")" 400
ok "which is said in Japanese too" body_has 'のような日付で書いてください'

# --- limits -------------------------------------------------------------------------------------------------------------------

head -c 300000 /dev/zero | tr '\0' a >"$work/large"
is "a form may not be endless" "$(ask -d "@$work/large" "$address/new/support.requested")" 413
is "nor sent in pieces of no stated length" "$(ask -H 'Transfer-Encoding: chunked' -d "@$work/large" "$address/new/support.requested")" 413
is "nor may a file" "$(curl -s -b "$jar" -o /dev/null -w '%{http_code}' -H 'Content-Type: multipart/form-data; boundary=x' -H 'Content-Length: 99999999' -H 'Expect:' --data-binary x --max-time 5 "$address/new/support.requested")" 413
is "files of strangers are not taken" "$(curl -s -o /dev/null -w '%{http_code}' -F "a=@$work/large" "$address/login")" 413
is "a form that is cut off is refused" "$(ask -H 'Content-Type: multipart/form-data; boundary=x' --data-binary '--x' "$address/new/support.requested")" 400
is "and one that is no text" "$(ask -d 'a=%ff' "$address/new/support.requested")" 400
ok "every request is on a line of the log, without what was looked for" bash -c \
	"grep -q ' desk 1 GET /support 200 ' '$work/gb.log' && ! grep -q 飲料 '$work/gb.log'"

# --- a session that ends while an officer types ---------------------------------------------------------------------------------

typed=(-F supplier=JP -F activity=1b -F 'place=Cebu <harbour>' -F lines.0.line=1 -F 'lines.0.description_ja=燃料' -F passphrase=secret -F "tally=$(gb --json digest | sed -n 's/.*"tally":"\([0-9a-f]*\)".*/\1/p')")
ended=$work/ended
cp "$jar" "$ended"
for _ in {1..64}; do curl -s -o /dev/null -c "$jar" -d 'desk=1&passphrase=rehearsal' "$address/login"; done
last() { curl -s -b "$ended" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@"; }
is "a form that is not of that session keeps nothing" "$(last "${typed[@]}" -F form=x "$address/new/support.requested") $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r')" '303 /login'
is "a form of an ended session leads to the door" "$(last "${typed[@]}" -F form="$form" -F "attach=@$work/large;filename=x.pdf" "$address/new/support.requested") $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r')" '303 /login?kept=yes'
is "which says that it is kept" "$(last "$address/login?kept=yes") $(grep -c 'kept for an hour' "$work/body")" '200 1'
rm -f "$jar"
is "another desk does not see it" "$(ask -d 'desk=2&passphrase=rehearsal' "$address/login") $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r') $(ask "$address/kept")" '303 / 303'
rm -f "$jar"
is "the same one is led to it" "$(ask -d 'desk=1&passphrase=rehearsal' "$address/login") $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r')" '303 /kept'
is "and finds what was typed" "$(ask "$address/kept") $(grep -c 'value="Cebu &lt;harbour&gt;"' "$work/body") $(grep -c 'value="燃料"' "$work/body")" '200 1 1'
ok "but no passphrase" bash -c "! grep -q secret '$work/body'"
is "nothing was entered by itself" "$(count_of)" 1
old=$form form=$(field form) once=$(field once)
is "until the officer sends it" "$(ask "${request[@]}" -F form="$form" -F once="$once" "$address/new/support.requested") $(count_of)" '303 2'
is "then it is forgotten" "$(ask "$address/kept") $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r')" '303 /'
last -F form="$old" -F "${typed[-1]}" -F 'value_on=2014-02-03' -F passphrase=secret "$address/support/net" >/dev/null
is "forms of the pages are kept as well" "$(ask "$address/kept") $(grep -c 'your session had ended' "$work/body") $(grep -c secret "$work/body")" '200 1 0'

# --- two homes on one machine ---------------------------------------------------------------------------------------------------

first=$address
serve jp
is "an officer logs in at another home of this machine, in the same browser" "$(ask -d 'desk=1&passphrase=rehearsal' "$address/login") $(ask "$address/support")" '303 200'
is "and has not been logged out at the first" "$(ask "$first/support")" 200
stop_last
serve jp
curl -s "$address/healthz?[1-2000]" >"$work/many"
stop_last
many=$(grep -c GET "$work/jp.log")
ok "who asks without end does not fill the disk with our log ($many lines)" test "$many" -lt 2000
is "which says how often it was" $((many + $(sed -n 's/.* \([0-9]*\) more lines about whoever is not logged in$/\1/p' "$work/jp.log" | paste -sd+ | sed 's/^$/0/'))) 2000
if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout "$work/tls.key" -out "$work/tls.pem" 2>/dev/null
	serve jp --certificate "$work/tls.pem" --key "$work/tls.key"
	is "under TLS too" "$(ask -k -d 'desk=1&passphrase=rehearsal' "$address/login") $(ask -k "$address/support")" '303 200'
	ask -k -d 'desk=1&passphrase=rehearsal' "$address/login" >/dev/null
	ok "with a cookie that only this host can give, and only under TLS" head_has "^set-cookie: __Host-warifu-${address##*:}=[0-9a-f]\{64\}; Path=/; HttpOnly; SameSite=Strict; Secure"
	ask -k "$address/support" >/dev/null
	is "which is forgotten" "$(ask -k -d "form=$(field form)" "$address/logout") $(ask -k "$address/support")" '303 303'
	is "the cookie is gone from the jar" "$(grep -c __Host- "$jar")" 0
	stop_last
fi
address=$first

# --- and out ------------------------------------------------------------------------------------------------------------------

is "the command line works beside it" "$(gb --json support list | grep -c GB-01-0001)" 1
is "logging out needs the session's mark too" "$(ask -d form=x "$address/logout")" 403
is "who logs out" "$(ask -d "form=$form" "$address/logout")" 303
is "is out" "$(ask "$address/support")" 303
kill -TERM "${servers[0]}"
wait "${servers[0]}"
is "the server ends when it is told to" "$?" 0
servers=()

# --- after another version of the program ---------------------------------------------------------------------------------------

if command -v sqlite3 >/dev/null; then
	sqlite3 "$work/gb/store.db" "UPDATE domain_schema SET sql = sql || ' -- of another version' WHERE name = 'support'"
	serve gb
	rm -f "$jar"
	ask -d 'desk=1&passphrase=rehearsal' "$address/login" >/dev/null
	is "tables of another shape are filled again before pages are served" "$(ask "$address/support") $(grep -c 'href="/thread/GB-01-0001"' "$work/body")" '200 1'
fi
done_testing
