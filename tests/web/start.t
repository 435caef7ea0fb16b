#!/bin/bash
# The guided first start: two parties from nothing to an open tally with desks, in the browser alone; a third home that joins; and what a
# stranger at the same machine can do meanwhile.
if ! command -v curl >/dev/null; then
	echo "1..0 # SKIP needs curl; tools/install-deps test installs it"
	exit 0
fi
. "$(dirname "$0")/homes.sh"
unset WARIFU_PASSPHRASE
at 2013-11-20T00:00:00Z

# ask HOME PATH WORDS...: the head goes to $work/head, the body to $work/body, and the status is printed.
declare -A where
ask() {
	home=$1 path=$2
	shift 2
	curl -s --path-as-is -b "$work/$home.jar" -c "$work/$home.jar" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" "${where[$home]}$path" && unmark "$work/body"
}
body_has() { grep -qF -e "$1" "$work/body"; }
head_has() { grep -qi -e "$1" "$work/head"; }
mark() { ask "$1" /start >/dev/null; sed -n 's/.*name="form" value="\([^"]*\)".*/\1/p' "$work/body" | head -n 1; }
step() { ask "$1" /start >/dev/null; sed -n 's,.*<h2>[^<]* \([0-9]\) / 6: .*,\1,p' "$work/body"; }
begin() { # begin HOME: its server, and the code typed in
	serve "$1"
	where[$1]=$address
}
twice() { printf '%s\n' -F "$1=$2" -F "$1_again=$2"; }

# --- the code ------------------------------------------------------------------------------------------------------------------

begin gb
ok "a server over nothing prints a code" test "${#code}" = 14
is "everything leads to the first start" "$(ask gb /) $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r')" '303 /start'
is "which asks for the code" "$(ask gb /start) $(grep -c 'name="code"' "$work/body")" '200 1'
is "nothing is made without it" "$(ask gb /start/home -d party=GB)" 303
ok "and no home is there" test ! -e "$work/gb/store.db"
is "a form of another page is refused" "$(ask gb /start/code -H 'Origin: http://bank.example' -d "code=$code")" 403
is "under another name nobody gets there" "$(ask gb /start -H 'Host: bank.example')" 421
is "a wrong code is refused" "$(ask gb /start/code -d code=AAAA-AAAA-AAAA)" 403
ok "with how long the next one must wait" body_has 'in 1 s'
wrong_code() { ask gb /start/code -d code=AAAA-AAAA-AAAA; }
is "so that guessing takes longer each time" "$(until_waits true wrong_code)" 429
until [ "$(ask gb /start/code -d "code=$(echo "$code" | tr -d - | tr '[:upper:]' '[:lower:]')")" = 303 ]; do :; done
ok "the right one, typed carelessly, opens, out of reach of scripts" head_has '^set-cookie: warifu-setup-[0-9]*=[0-9a-f]\{64\}; Path=/; HttpOnly; SameSite=Strict'
cp "$work/gb.jar" "$work/kept.jar"
: >"$work/gb.jar"
is "it opens once" "$(ask gb /start/code -d "code=$code")" 403
is "and for one browser" "$(ask gb /start) $(grep -c 'name="code"' "$work/body")" '200 1'
head -c 300000 /dev/zero | tr '\0' a >"$work/large"
is "strangers send no files" "$(ask gb /start/accept -F "opening=@$work/large")" 413
cp "$work/kept.jar" "$work/gb.jar"

# --- GB proposes --------------------------------------------------------------------------------------------------------------

is "first the home" "$(step gb)" 1
is "a party that is none is refused" "$(ask gb /start/home -d "form=$(mark gb)" -d 'party=<b>')" 400
ok "with the rule" body_has '2 to 8 of A-Z'
is "without the form's mark nothing is made" "$(ask gb /start/home -d form=x -d party=GB)" 403
early=$(mark gb)
for step in keys propose accept desk compared bundle/write bundle/read; do
	is "before there is a home nothing is done of $step" "$(ask gb "/start/$step" -d "form=$early" -d party=GB -d lines=x)" 500
done
is "nor is anything fetched" "$(ask gb /start/card) $(ask gb /start/opening) $(ask gb /start/request/desk)" '500 500 500'
is "the home is made" "$(ask gb /start/home -d "form=$(mark gb)" -d party=GB) $(step gb)" '303 2'
mkdir "$work/stick"
# shellcheck disable=SC2207 # no blanks in them
keys=(-F "form=$(mark gb)" -F strength=light -F "root_dir=$work/stick" $(twice new_recovery_passphrase recover))
# shellcheck disable=SC2046
is "the passphrases must be the same" "$(ask gb /start/keys "${keys[@]}" -F new_root_passphrase=one -F new_root_passphrase_again=two)" 400
# shellcheck disable=SC2046
is "the keys are made" "$(ask gb /start/keys "${keys[@]}" $(twice new_root_passphrase rootpass)) $(step gb)" '303 3'
is "the root key where it was wanted" "$(find "$work/stick" -name '*.key' | wc -l)" 1
is "the party's card goes to the partner" "$(ask gb /start/card)" 200
cp "$work/body" "$work/gb.party"
gb_words=$(sed -n 's/^words: //p' "$work/gb.party")
ask gb /start >/dev/null
ok "its words are on the page" body_has "$gb_words"

begin jp
is "JP begins as well" "$(ask jp /start/code -d "code=$code")" 303
is "with its home" "$(ask jp /start/home -d "form=$(mark jp)" -d party=JP)" 303
# shellcheck disable=SC2046
is "and its keys" "$(ask jp /start/keys -F "form=$(mark jp)" -F strength=light $(twice new_recovery_passphrase recover) $(twice new_root_passphrase rootpass))" 303
is "and its card" "$(ask jp /start/card)" 200
cp "$work/body" "$work/jp.party"

# shellcheck disable=SC2207
propose=(-F "form=$(mark gb)" -F mode=rehearsal -F agreement=rehearsal -F 'label=Headquarters' $(twice new_home_passphrase homepass))
is "a partner must be named" "$(ask gb /start/propose "${propose[@]}" -F root_passphrase=rootpass)" 400
sed 's/JP/FR/' "$work/jp.party" >"$work/spoilt.party"
is "a card that mail has spoilt is refused" "$(ask gb /start/propose "${propose[@]}" -F "partner=@$work/spoilt.party" -F root_passphrase=rootpass)" 400
printf '{"id": 1' >"$work/bad.json"
is "an agreement that is none is refused" "$(ask gb /start/propose "${propose[@]/agreement=rehearsal/agreement=file}" -F "profile=@$work/bad.json;filename=\"..%2f<x>\"" -F "partner=@$work/jp.party" -F root_passphrase=rootpass)" 400
is "light keys are refused in a real tally" "$(ask gb /start/propose "${propose[@]/mode=rehearsal/mode=real}" -F agreement=gb-jp -F "partner=@$work/jp.party" -F root_passphrase=rootpass)" 422
is "a wrong passphrase is refused" "$(ask gb /start/propose "${propose[@]}" -F "partner=@$work/jp.party" -F root_passphrase=no) $(step gb)" '500 3'
is "the tally is proposed" "$(ask gb /start/propose "${propose[@]}" -F "partner=@$work/jp.party" -F root_passphrase=rootpass) $(step gb)" '303 4'
is "its opening goes to the partner" "$(ask gb /start/opening)" 200
cp "$work/body" "$work/opening.tally"

# --- a desk ----------------------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2207,SC2054
desk=(-F "form=$(mark gb)" -F officer=gb.first -F 'post=Registrar <afloat>' -F roles=orderer,receiver,registrar -F range=100-199 -F strength=light
	-F 'limits=GBP=5,000.00' $(twice new_desk_passphrase deskpass))
is "roles must be codes" "$(ask gb /start/desk "${desk[@]/roles=orderer,receiver,registrar/roles=all of them}" -F root_passphrase=rootpass)" 400
mv "$work/stick" "$work/locked"
is "without the stick nothing is granted" "$(ask gb /start/desk "${desk[@]}" -F root_passphrase=rootpass)" 500
is "with its new place it is" "$(ask gb /start/desk "${desk[@]}" -F "root_dir=$work/locked" -F root_passphrase=rootpass) $(step gb)" '303 5'
export WARIFU_PASSPHRASE=none
is "as it was asked for" "$(gb --json desk list | sed 's/.*"limits":\({[^}]*}\),"range":\(\[[0-9,]*\]\).*/\1 \2/')" '{"GBP":500000} [100,199]'
ask gb /start >/dev/null
ok "then the fingerprints are compared" body_has "$gb_words"
is "which must be said" "$(ask gb /start/compared -d "form=$(mark gb)")" 400
is "and is" "$(ask gb /start/compared -d "form=$(mark gb)" -d compared=yes) $(step gb)" '303 6'
ask gb /start >/dev/null
ok "the page says that the partner has not answered" body_has 'has not accepted yet'

# --- JP accepts ---------------------------------------------------------------------------------------------------------------

is "an opening that is none is refused" "$(ask jp /start/accept -F "form=$(mark jp)" -F "opening=@$work/gb.party")" 400
head -c 4200000 /dev/zero >"$work/huge"
is "nor is one that is too large read" "$(ask jp /start/accept -F "form=$(mark jp)" -F "opening=@$work/huge") $(grep -c 'at most 4194304' "$work/body")" '400 1'
is "the opening is read" "$(ask jp /start/accept -F "form=$(mark jp)" -F "opening=@$work/opening.tally")" 200
ok "and the words of the other party shown" body_has "$gb_words"
is "nothing is accepted by that" "$(step jp)" 3
ask jp /start/accept -F "form=$(mark jp)" -F "opening=@$work/opening.tally" >/dev/null
hex=$(sed -n 's/.*name="opening_hex" value="\([^"]*\)".*/\1/p' "$work/body")
# shellcheck disable=SC2207
accept=(-F "form=$(mark jp)" -F "opening_hex=$hex" -F confirmed=yes -F 'label=護衛艦いせ' $(twice new_home_passphrase homepass))
is "a wrong passphrase accepts nothing" "$(ask jp /start/accept "${accept[@]}" -F root_passphrase=no) $(step jp)" '500 3'
is "then it is accepted" "$(ask jp /start/accept "${accept[@]}" -F root_passphrase=rootpass) $(step jp)" '303 4'
# shellcheck disable=SC2046
is "and a desk made" "$(ask jp /start/desk -F "form=$(mark jp)" -F officer=jp.first -F post=補給係 -F roles=issuer,claims,registrar -F strength=light $(twice new_desk_passphrase deskpass) -F root_passphrase=rootpass) $(step jp)" '303 5'
ask jp /start/compared -d "form=$(mark jp)" -d compared=yes >/dev/null
is "its bundle brings the answer" "$(ask jp /start/bundle/write -d "form=$(mark jp)" -d party=GB -d home_passphrase=homepass)" 200
cp "$work/body" "$work/jp-gb.bundle"
is "to GB" "$(ask gb /start/bundle/read -F "form=$(mark gb)" -F home_passphrase=homepass -F "file=@$work/jp-gb.bundle")" 200
ask gb /start >/dev/null
ok "for which the tally is open now" body_has 'all parties have accepted the tally'

# --- a second home of JP joins -----------------------------------------------------------------------------------------------------

begin ship
ask ship /start/code -d "code=$code" >/dev/null
is "a home whose root is elsewhere needs no keys of the party" "$(ask ship /start/home -d "form=$(mark ship)" -d party=JP -d joins=yes) $(step ship)" '303 3'
ask ship /start/accept -F "form=$(mark ship)" -F "opening=@$work/opening.tally" >/dev/null
hex=$(sed -n 's/.*name="opening_hex" value="\([^"]*\)".*/\1/p' "$work/body")
is "it joins" "$(ask ship /start/accept -F "form=$(mark ship)" -F "opening_hex=$hex" -F confirmed=yes) $(step ship)" '303 4'
# shellcheck disable=SC2046
is "and asks for its desk and its key" "$(ask ship /start/desk -F "form=$(mark ship)" -F officer=jp.ship -F post=艦上 -F roles=claims -F strength=light -F label=Ship $(twice new_desk_passphrase deskpass) $(twice new_home_passphrase shippass)) $(step ship)" '303 4'
ok "which goes to the root" body_has 'warifu desk request'
for what in desk home; do
	ask ship "/start/request/$what" >/dev/null
	cp "$work/body" "$work/$what.card"
done
is "another request is none" "$(ask ship /start/request/root)" 404
export WARIFU_PASSPHRASE=rootpass
quiet jp desk grant "$work/desk.card" --yes
quiet jp home grant "$work/home.card" --yes
export WARIFU_PASSPHRASE=homepass
quiet jp bundle write --for JP --everything -o "$work/jp-jp.bundle"
is "the grants come in a bundle" "$(ask ship /start/bundle/read -F "form=$(mark ship)" -F home_passphrase=shippass -F "file=@$work/jp-jp.bundle") $(step ship)" '200 5'

# --- over --------------------------------------------------------------------------------------------------------------------------

is "a log-in ends the first start" "$(ask gb /login -d 'desk=1&passphrase=deskpass')" 303
is "the page is gone" "$(ask gb /start) $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r')" '303 /login'
is "and its forms" "$(ask gb /start/desk -d form=x) $(sed -n 's/^location: //Ip' "$work/head" | tr -d '\r')" '303 /login'
kill -TERM "${servers[0]}"
wait "${servers[0]}"
servers=("${servers[@]:1}")
begin gb
is "a home that has all it needs gets no code" "$code" ''
done_testing
