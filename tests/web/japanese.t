#!/bin/bash
# What goes wrong between homes and at a home, said in Japanese: at the terminal with --lang ja, and on the page of the sync.
if ! command -v curl >/dev/null; then
	echo "1..0 # SKIP needs curl; tools/install-deps test installs it"
	exit 0
fi
. "$(dirname "$0")/homes.sh"
web_homes
quiet sync_pipe

# --- at the terminal --------------------------------------------------------------------------------------------------------

# tells TITLE JAPANESE STATUS HOME COMMAND...: it ends so, says that, and in no English but names and commands
tells() {
	local title=$1 wanted=$2 status=$3
	shift 3
	"$WARIFU" --home "$work/$1" --now "$now" --lang ja "${@:2}" >"$work/out" 2>"$work/err"
	is "$title: it ends so" $? "$status"
	ok "and in Japanese" grep -qF -e "$wanted" "$work/err"
	ok "alone" bash -c "! sed 's/\`[^\`]*\`//g; s/「[^」]*」//g' '$work/err' | grep -v '^sh:' | grep -Eq '[a-z]+ [a-z]+ [a-z]+'"
	sed 's/^/# /' "$work/err"
}
there=https://127.0.0.1:1
tells "nobody answers there" "$there"につながりません'(その宛先とポートで応答がありません)' 6 gb sync $there
tells "an address that is none" '接続先「http://x」は、https://HOST:PORTの形で' 2 gb address set JP http://x
tells "no address is kept" '相手方の接続先は登録されていません' 2 gb sync
tells "a command that is none" 'コマンドが、終了コード127で終わりました' 4 gb sync nosuchcommand
head -c 3000 /dev/zero >"$work/noise"
tells "no bundle at all" '搬送ファイルではありません' 3 gb bundle read "$work/noise"
tells "no file" 'そのファイルまたはフォルダーはありません' 4 gb bundle read "$work/nowhere"
tells "a party that is none" '当事国はFRです。次のいずれかを選んでください:GB, JP' 2 gb bundle write --for FR
tells "a passphrase that is wrong" 'パスフレーズが違います' 4 gb --passphrase-file "$work/noise.txt" bundle write --for JP -o "$work/x" < <(echo wrong >"$work/noise.txt")
tells "a port that is none" '--port 99999は、0から65535までにしてください' 2 gb serve --port 99999

# Two bundles after each other; the second is given to the home as it was before the first.
note() { quiet gb support request --supplier JP --activity 1b --place "$1" --deliver-on 2013-11-26 --charter \
	--line 'line=1 category=water kind=supply description_en=Water quantity=10 unit=LTR unit_price_minor=10 price_basis=own_forces currency=GBP settlement=cash'; }
note Ormoc
quiet sync_pipe
cp -a "$work/jp" "$work/jp.before"
cp -a "$work/state" "$work/state.before"
note Tacloban
quiet carry gb jp
cp "$work/gb-jp.bundle" "$work/first.bundle"
tells "the same once more" 'すべて既にここにあります' 3 jp bundle read "$work/first.bundle"
tells "a bundle for the other" 'に宛て' 3 gb bundle read "$work/first.bundle"
head -c 300 "$work/first.bundle" >"$work/cut.bundle"
tells "a bundle that was cut" '途中で切れたか、変わっています' 3 jp bundle read "$work/cut.bundle"
quiet carry jp gb
note Guiuan
quiet carry gb jp
mv "$work/jp" "$work/jp.now"
mv "$work/jp.before" "$work/jp"
WARIFU_STATE=$work/state.before tells "a bundle of which the one before is missing" '前の記録が届いていません' 3 jp bundle read "$work/gb-jp.bundle"

touch "$work/gb/backup"
tells "a home that may not be written" "は読取専用です(控えの印のファイル\`backup\`があります)。" 4 gb sync $there
rm "$work/gb/backup"
exec 9>>"$work/gb/lock"
flock 9
tells "a home in which another program writes" 'が使用中です' 4 gb sync $there
exec 9>&-

# --- on pages ------------------------------------------------------------------------------------------------------------------

jar=$work/cookies
ask() { curl -s -b "$jar" -c "$jar" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" && unmark "$work/body"; }
has() { grep -qF -e "$1" "$work/body"; }
field() { sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$work/body" | head -n 1; }
enter() { # enter HOME: its server, an officer, the page of the sync in Japanese
	serve "$1" --sync 127.0.0.1:0
	rm -f "$jar"
	ask -d 'desk=1&passphrase=rehearsal' "$address/login" >/dev/null
	ask "$address/sync?lang=ja" >/dev/null
	ask "$address/sync" >/dev/null
}
WARIFU_STATE=$work/state.before enter jp
ok "the log that stopped says why" has '<td data-label="理由">3番目の記録:前の記録が届いていません</td>'
has '前の記録が' || sed 's/<[^>]*>/ /g; /^ *$/d; s/^/# /' "$work/body"
stop_last

quiet gb address set JP $there
enter gb
for _ in {1..400}; do
	has 'につながりません' && break
	ask "$address/sync" >/dev/null
done
ok "the call that did not get through says why" has "<td data-label=\"理由\">$there"につながりません'(その宛先とポートで応答がありません)。</td>'
mark=$(field form)
read=(-F "form=$mark" -F home_passphrase=rehearsal "$address/bundle/read")
is "a bundle is read at the page" "$(ask -F "file=@$work/noise" "${read[@]}")" 400
ok "and refused in Japanese" has '<small>搬送ファイルではありません'
is "so is one for the other" "$(ask -F "file=@$work/first.bundle" "${read[@]}")" 400
ok "in Japanese, too" has 'に宛て'
wrong=$(ask -F "form=$mark" -F home_passphrase=wrong -F "file=@$work/first.bundle" "$address/bundle/read")
is "with a wrong passphrase it is not" "$wrong" 500
ok "which is said" has 'パスフレーズが違います'
ok "and nothing of these stands there in English" bash -c "! grep -q '<p lang=.en.><small>' '$work/body'"
is "who sends a form from elsewhere is refused" "$(ask -H 'Origin: https://elsewhere.example' -F "form=$mark" "$address/sync")" 403
ok "in both languages" bash -c "grep -q another '$work/body' && grep -q '別のところから' '$work/body'"
done_testing
