#!/bin/bash
# Two homes meet over HTTPS. Strangers, homes whose grant was revoked, links that are cut anywhere, slow or late, and servers that are no homes: none
# does harm, and what can go through goes through.
for program in curl openssl python3; do
	if ! command -v $program >/dev/null; then
		echo "1..0 # SKIP needs $program; tools/install-deps test installs it"
		exit 0
	fi
done
. "$(dirname "$0")/story.sh"
here=$(cd "$(dirname "$0")" && pwd)
started=()
stop_all() {
	kill "${started[@]}" 2>/dev/null
	wait "${started[@]}" 2>/dev/null
	started=()
}
trap 'stop_all; rm -rf "$work"' EXIT

# start FILE LINES COMMAND...: in the background; its output goes to FILE, and it has begun when that has so many lines.
start() {
	local file=$1 wanted=$2
	shift 2
	: >"$file"
	"$@" >"$file" 2>"$file.err" &
	started+=($!)
	until [ "$(wc -l <"$file")" -ge "$wanted" ]; do
		kill -0 "${started[-1]}" 2>/dev/null || give_up "$*: $(cat "$file.err")"
	done
}

two_homes
second_home gb2 gb 21 "Second home"
gb_desk=1 jp_desk=11
exchange gb jp
start "$work/jp.served" 2 "$WARIFU" --home "$work/jp" --now "$now" serve --port 0 --sync 127.0.0.1:0
pages=$(sed -n '1s,/$,,p' "$work/jp.served")
url=$(sed -n 's/^sync //p' "$work/jp.served")
port=${url##*:}
exchange_url=$url/exchange/

count_number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$work/out" | head -n 1; }
number_of_moves=0
gb_writes() { # a move that Japan has not
	number_of_moves=$((number_of_moves + 1))
	request gb "$water"
}

# --- a good link -----------------------------------------------------------------------------------------------------------

gb_writes
must gb --json sync "$url"
is "a home calls another by HTTPS, and both have all" "$(value complete) $(value matched)" "true true"
both_match "and one digest"
is "the first time it asks who is there; then two requests do: the exchange, and the good-bye" "$(count_number requests)" 3
must gb address set JP "$url"
must gb --json sync
gb_writes
must gb --json sync
is "with a kept address two requests do, of one round trip that is waited for" "$(count_number requests) $(value complete)" "2 true"
bytes_out=$(count_number out_bytes) bytes_in=$(count_number in_bytes)
must gb --json sync
echo "# one new order: $bytes_out bytes out, $bytes_in in, heads of HTTP included; nothing new: $(count_number out_bytes) and $(count_number in_bytes)"
ok "nothing new costs less than 300 bytes of payload both ways" \
	test $(($(count_number sent_bytes) + $(count_number received_bytes))) -lt 300
must gb address list
says "the address is listed" "$url"
harmless 2 "an address that is none is not kept" "must be https://HOST:PORT" gb address set JP http://jp.example
harmless 2 "nor one with a path" "must be https://HOST:PORT" gb address set JP https://jp.example/pages
harmless 2 "nor of a party that is none" "FR" gb address set FR "$url"
request jp "$water"
must gb --json sync --rate 20000
is "what Japan has made since comes along, however slowly it is wished" "$(value complete) $(count_number received_entries)" "true 1"

# --- strangers -------------------------------------------------------------------------------------------------------------

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=stranger -keyout "$work/stranger.key" -out "$work/stranger.pem" 2>/dev/null
pause() { read -rt 0.2 <> <(:); } # between two looks at what takes its time
# ask FROM WORDS...: the status of a request from an address of this machine
ask() { curl -sk --interface "$1" -o "$work/body" -w '%{http_code}' "${@:2}"; }
known=(--cert "$work/stranger.pem" --key "$work/stranger.key")
name=00112233445566778899aabbccddeeff

is "without a certificate nothing is to be had" "$(ask 127.0.0.2 "$exchange_url")" 403
is "with any, whether a home is there" "$(ask 127.0.0.2 "${known[@]}" "$exchange_url")" 204
is "TLS 1.2 is not spoken" "$(ask 127.0.0.2 --tls-max 1.2 "${known[@]}" "$exchange_url")" 000
must gb serve --routes
cp "$work/out" "$work/routes"
is "every route says what it needs" "$(awk '{ print $3 }' "$work/routes" | sort -u | paste -sd,)" code,home,nothing,officer,partner,start
while read -r method path need _; do
	[ "$method" = POST ] && body=(-d form=x) || body=()
	is "without a certificate a partner gets nothing of $method $path" "$(ask 127.0.0.2 "${body[@]}" "$url$path")" 403
	if [ "$need" = partner ]; then
		is "and a browser nothing either, nor one with a certificate" "$(ask 127.0.0.2 "${body[@]}" "${known[@]}" "$pages$path")" 303
	else
		is "nor with one" "$(ask 127.0.0.2 "${known[@]}" "${body[@]}" "$url$path")" 404
	fi
done <"$work/routes"
is "nor what is no route" "$(ask 127.0.0.2 "${known[@]}" "$url/exchange") $(ask 127.0.0.2 "${known[@]}" "${exchange_url}x")" "404 404"
is "an address of a session that is none is refused" "$(ask 127.0.0.2 "${known[@]}" -d x "${exchange_url}x/0/0/1")" 400
is "so is one that asks for more than is given at once" "$(ask 127.0.0.2 "${known[@]}" -d x "$exchange_url$name/0/0/999999999")" 400
is "a session that nobody began is not found" "$(ask 127.0.0.2 "${known[@]}" -d x "$exchange_url$name/7/0/1000")" 404
# late FROM CERTIFICATE KEY: as who sends all of a body of 3 MB before he looks for an answer
late() { /usr/bin/python3 "$here/late-reader.py" "$2" "$3" "$1" "$port" "/exchange/$name/0/0/1000" 3000000; }
is "more than a request may bring is not taken, and who sends it hears so" "$(late 127.0.0.2 "$work/stranger.pem" "$work/stranger.key")" 413
is "so does who shows no certificate" "$(late 127.0.0.2 "" "")" 403
is "who greets wrongly gets a refusal" "$(ask 127.0.0.2 "${known[@]}" -d nonsense "$exchange_url$name/0/0/1000")" 200
ok "in the session's own words" grep -aq "message" "$work/body"
# waits COMMAND...: greets wrongly until the command is told to wait; on a slow machine that is a later one of the waits, each twice as long
waits() {
	local code=
	for _ in 1 2 3 4 5 6 7 8; do
		code=$("$@")
		[ "$code" != 429 ] || break
		ask 127.0.0.2 "${known[@]}" -d nonsense "$exchange_url$name/0/0/1000" >"$work/quiet"
	done
	echo "$code"
}
is "and has to wait" "$(waits ask 127.0.0.2 "${known[@]}" "$exchange_url")" 429
is "and is told so, whatever he goes on sending" "$(waits late 127.0.0.2 "$work/stranger.pem" "$work/stranger.key")" 429
is "he alone" "$(ask 127.0.0.3 "${known[@]}" "$exchange_url")" 204
begins() { # begins HOW-OFTEN: sessions without a word of greeting; the statuses
	for ((i = 0; i < $1; i++)); do
		ask 127.0.0.4 "${known[@]}" -d "" "$exchange_url$(printf '%032x' "$i")/0/0/1000"
	done
}
is "one may begin again where a link was cut" "$(begins 8)" "$(printf '200%.0s' 1 2 3 4 5 6 7 8)"
ok "who begins session after session, and never greets, has to wait too" grep -q 429 <<<"$(begins 15)"
gb_writes
must gb --json sync
is "partners are served as before" "$(value complete)" true

# --- a home that is in use -----------------------------------------------------------------------------------------------------

gb_writes
exec 9<>"$work/jp/lock"
flock 9
ask 127.0.0.5 "${known[@]}" -D "$work/head" -d "" "$exchange_url$name/0/0/1000" >"$work/code"
is "while a command is at work in the home a request is told so" "$(cat "$work/code")" 503
ok "at once, and when to come again" grep -q '^Retry-After: 1' "$work/head"
"$WARIFU" --home "$work/gb" --now "$now" --json sync "$url" >"$work/one" 2>&1 &
one=$!
until grep -q '^[^ ]* 127.0.0.1 POST /exchange/ 503 ' "$work/jp.served.err"; do kill -0 $one 2>/dev/null || break; pause; done
is "a page is served meanwhile" "$(ask 127.0.0.1 "$pages/login")" 200
flock -u 9
exec 9>&-
wait $one
status=$?
cp "$work/one" "$work/out"
is "a sync comes again until it is free" "$status $(value complete)" "0 true"
ok "and was told to, before" test "$(count_number again)" -ge 1

# --- somebody else's home, and somebody between ------------------------------------------------------------------------------

harmless 1 "a home of another party than was meant is refused" "this home is of JP" gb sync "$url" --with GB
for how in redirect page silent idle zeros header plain; do
	start "$work/$how" 1 /usr/bin/python3 "$here/bad-server.py" "$work/stranger.pem" "$work/stranger.key" $how
	before=$(half gb)
	try gb sync "https://127.0.0.1:$(head -n 1 "$work/$how")"
	ok "what is no home is not taken for one ($how: ended with $status)" test "$status" -eq 3 -o "$status" -eq 6
	is "and nothing of it is kept ($how)" "$(half gb)" "$before"
	printf 'sent: %s\n' "$(sed 1d "$work/$how" | paste -sd' ')" >"$work/tap"
	sed 1d "$work/$how" | awk '$1 > 8388608 { bad = 1 } END { exit bad }'
	report $? "nor read without end ($how)"
done
must gb address set JP "https://127.0.0.1:$(head -n 1 "$work/silent")"
try gb sync
ok "an address that leads elsewhere brings nothing" test $status -ne 0
must gb address set JP "$url"

# --- links that are cut --------------------------------------------------------------------------------------------------------

# over PROXY-OPTIONS...: a sync of GB's over such a link; its output in $work/out
over() {
	start "$work/link" 1 /usr/bin/python3 "$here/bad-link.py" "$port" "$@"
	try gb --json sync "https://127.0.0.1:$(head -n 1 "$work/link")"
	kill "${started[-1]}"
	wait "${started[-1]}" 2>/dev/null
	unset 'started[-1]'
}

# Cut once, at every place of a session: handshake, greeting, vectors, entries, acknowledgement, good-bye. The probe goes over the first connection too.
good=0 cuts=0
for bytes in 100 1500 2400 3000 3400 3800 4200 4600; do
	gb_writes
	cuts=$((cuts + 1))
	over --cut 1000000,$bytes,$bytes
	[ "$status $(value complete)" = "0 true" ] && good=$((good + 1)) || echo "# cut after $bytes: $status $(said)"
done
is "cut anywhere, a sync goes on over the next connection by itself" $good $cuts
both_match "and both halves match"

for _ in 1 2 3 4 5 6 7 8; do gb_writes; done
thread=$made
for _ in 1 2 3 4; do move gb note "$thread" --remarks "$(head -c 1200 /dev/urandom | base64 -w 0)"; done
over --every 4500
is "over a link that drops after every 4,500 bytes, 2,000 of them for the handshake, all arrives" "$status $(value complete)" "0 true"
ok "in more than one piece" test "$(grep -c cut "$work/link")" -gt 1
both_match "and both halves match"

gb_writes
over --delay-ms 300
is "600 ms for a round trip are no hindrance" "$status $(value complete)" "0 true"
# At 2.4 kbit/s it takes a while; officers go on working meanwhile, and what they do goes with the next sync.
gb_writes
start "$work/link" 1 /usr/bin/python3 "$here/bad-link.py" "$port" --rate 300
"$WARIFU" --home "$work/gb" --now "$now" --json sync "https://127.0.0.1:$(head -n 1 "$work/link")" >"$work/slow" 2>&1 &
slow=$!
until grep -q begun "$work/link"; do kill -0 $slow 2>/dev/null || break; pause; done
moves=0 still=0
while kill -0 $slow 2>/dev/null; do
	try gb --json support request --supplier JP --activity 1b --urgency relief --place Tacloban --deliver-on "${now%T*}" --charter --line "$water"
	[ $status -ne 0 ] || moves=$((moves + 1))
	if [ $status -ne 0 ] && [ $status -ne 4 ]; then still=$((still + 1)); fi
	[ $moves -lt 3 ] || break
	pause
done
wait $slow
slow=$?
is "nor are 2.4 kbit/s" $slow 0
ok "and officers went on working meanwhile ($moves moves)" test "$moves" -ge 3 -a "$still" -eq 0
must gb --json sync
is "what they did goes with the next sync" "$(value complete)" true
both_match "and both halves match"

# --- several homes ------------------------------------------------------------------------------------------------------------

must gb2 --json sync "$url" --with JP
is "a party's other home calls, too" "$(value complete)" true
gb_writes
gb_desk=21
request gb2 "$water"
gb_desk=1
"$WARIFU" --home "$work/gb" --now "$now" --json sync "$url" >"$work/one" 2>&1 &
one=$!
"$WARIFU" --home "$work/gb2" --now "$now" --json sync "$url" --with JP >"$work/two" 2>&1 &
two=$!
wait $one
first=$?
wait $two
second=$?
is "two homes at once are both served" "$first $second" "0 0"
must gb --json sync
must gb2 --json sync "$url" --with JP
must gb --json sync
both_match "and in the end all have all"
is "of three homes" "$(digest gb2)" "$(digest jp)"

must gb home list --json
gone=$(sed -n 's/.*"key":"\([0-9a-f]*\)".*Second home.*/\1/p; s/.*Second home.*"key":"\([0-9a-f]*\)".*/\1/p' "$work/out" | head -n 1)
must gb home revoke "$gone" --reason "the laptop is lost"
must gb --json sync
harmless 1 "a home whose grant was revoked shows a good certificate in vain" "revoked" gb2 sync "$url" --with JP

# --- the end -------------------------------------------------------------------------------------------------------------------

gb_writes
kill "${started[0]}"
wait "${started[0]}" 2>/dev/null
harmless 6 "a home that is not there is said to be out of reach" "cannot be reached" gb sync "https://127.0.0.1:1"
for home in gb jp; do
	try $home doctor
	is "$home: the half is sound after all this" $status 0
done
done_testing
