#!/bin/bash
# Bundles at the browser: written as a file and as lines of text, read again at the partner's, and refused with a reason.
if ! command -v curl >/dev/null; then
	echo "1..0 # SKIP needs curl; tools/install-deps test installs it"
	exit 0
fi
. "$(dirname "$0")/homes.sh"
web_homes
quiet gb statement import "$top/data/statement-2015.json"
serve gb
gb_address=$address
serve jp
jp_address=$address

# ask SIDE WORDS...: as whoever is logged in at that side's server
ask() {
	side=$1
	shift
	curl -s -b "$work/$side.jar" -c "$work/$side.jar" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" && unmark "$work/body"
}
body_has() { grep -qF -e "$1" "$work/body"; }
head_has() { grep -qi -e "$1" "$work/head"; }
fact() { sed -n "s,.*<dt>$1</dt><dd>\([^<]*\)</dd>.*,\1,p" "$work/body"; }
ask gb -d 'desk=1&passphrase=rehearsal' "$gb_address/login" >/dev/null
ask jp -d 'desk=1&passphrase=rehearsal' "$jp_address/login" >/dev/null
is "the page of the exchange has both forms" "$(ask gb "$gb_address/sync") $(grep -c 'action="/bundle/\(write\|read\)"' "$work/body")" '200 2'
gb_mark=$(sed -n 's/.*name="form" value="\([^"]*\)".*/\1/p' "$work/body" | head -n 1)
ask jp "$jp_address/sync" >/dev/null
jp_mark=$(sed -n 's/.*name="form" value="\([^"]*\)".*/\1/p' "$work/body" | head -n 1)

# --- written ------------------------------------------------------------------------------------------------------------------

write=(-d "form=$gb_mark" -d party=JP -d attachments=yes)
is "the home key's passphrase must be given" "$(ask gb "${write[@]}" "$gb_address/bundle/write")" 400
wrong_one() { ask gb "${write[@]}" -d home_passphrase=wrong "$gb_address/bundle/write"; }
right_one() { ask gb "${write[@]}" -d home_passphrase=rehearsal "$gb_address/bundle/write"; }
is "a wrong one is refused" "$(wrong_one)" 500
ok "which is said" body_has 'wrong passphrase'
is "and the next one has to wait" "$(until_waits wrong_one right_one)" 429
ok "with how long" grep -q 'wait [0-9]* s' "$work/body"
until [ "$(ask gb "${write[@]}" -d home_passphrase=rehearsal "$gb_address/bundle/write")" = 200 ]; do :; done
ok "the right one makes a file" head_has '^content-disposition: attachment; filename="GB-JP.bundle"'
cp "$work/body" "$work/one.bundle"
ok "which shows nothing to whoever finds it" bash -c "! grep -q statement '$work/one.bundle'"
is "a party that is none is refused" "$(ask gb -d "form=$gb_mark" -d party=FR -d home_passphrase=rehearsal "$gb_address/bundle/write")" 400
is "without the session's mark nothing is written" "$(ask gb -d party=JP -d home_passphrase=rehearsal "$gb_address/bundle/write")" 403
is "the same as lines" "$(ask gb "${write[@]}" -d as=text -d home_passphrase=rehearsal "$gb_address/bundle/write")" 200
sed -n '/<pre/,/<\/pre>/p' "$work/body" | sed 's/<[^>]*>//g' >"$work/lines.txt"

# --- read ---------------------------------------------------------------------------------------------------------------------

read=(-F "form=$jp_mark" -F home_passphrase=rehearsal)
is "a bundle must be given" "$(ask jp "${read[@]}" "$jp_address/bundle/read")" 400
is "noise is none" "$(head -c 3000 /dev/urandom >"$work/noise"; ask jp "${read[@]}" -F "file=@$work/noise" "$jp_address/bundle/read")" 400
is "nor is one that was cut" "$(head -c 900 "$work/one.bundle" >"$work/cut"; ask jp "${read[@]}" -F "file=@$work/cut" "$jp_address/bundle/read")" 400
is "nothing came of those" "$(jp --json statement list | grep -c pledge)" 0
is "the lines are pasted, doubled and out of order" "$(tac "$work/lines.txt" | sed 'p;s/^/> /' >"$work/pasted.txt"; ask jp "${read[@]}" -F "lines=<$work/pasted.txt" "$jp_address/bundle/read")" 200
ok "and what they brought is said" test "$(fact 'new entries')" -gt 0
is "the file brings nothing more" "$(ask jp "${read[@]}" -F "file=@$work/one.bundle;filename=\"<b>..%2f.bundle\"" "$jp_address/bundle/read") $(fact 'new entries')" '200 0'
ok "which is said with the reason" body_has 'role="alert"'
is "one for the partner is not for us" "$(ask gb -F "form=$gb_mark" -F home_passphrase=rehearsal -F "file=@$work/one.bundle" "$gb_address/bundle/read")" 400
is "back again" "$(ask jp -d "form=$jp_mark" -d party=GB -d home_passphrase=rehearsal "$jp_address/bundle/write")" 200
cp "$work/body" "$work/two.bundle"
is "and read" "$(ask gb -F "form=$gb_mark" -F home_passphrase=rehearsal -F "file=@$work/two.bundle" "$gb_address/bundle/read")" 200
is "the halves match" "$(fact 'halves match')" yes
is "after that there is nothing to write" "$(ask gb "${write[@]}" -d home_passphrase=rehearsal "$gb_address/bundle/write") $(grep -c 'nothing was written' "$work/body")" '200 1'
halves_match 'both halves have one digest'
done_testing
