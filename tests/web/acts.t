#!/bin/bash
# What a careless or curious officer can do to the pages that act: sign without the passphrase, in another tally, twice, or from a telephone what is not quick.
if ! command -v curl >/dev/null; then
	echo "1..0 # SKIP needs curl; tools/install-deps test installs it"
	exit 0
fi
. "$(dirname "$0")/homes.sh"
web_homes
national_home
desk gb 4 claims 'Claims office'
gb_as 1
issued jp gb
supplied=$order
issued gb jp # ends in $order
jp_as 2
quiet jp support receipt "$supplied/I01.1" --line 'line=1 accepted=50'
quiet sync_pipe
serve gb
who=door

# as NAME: whose cookies go with what is asked from here on.
as() { who=$work/$1.jar; }
ask() { curl -s --path-as-is -b "$who" -c "$who" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@"; }
head_has() { grep -qi -e "$1" "$work/head"; }
body_has() { grep -qF -e "$1" "$work/body"; }
field() { sed -n "s/.*name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$work/body" | head -n 1; }
state_of_issue() { gb --json support show "$order" | grep -o '"number":"[^"]*/I01.1","state":"[a-z ]*"' | sed 's/.*:"//; s/"//'; }
sign() { ask -F "form=$form" -F once=a -F "passphrase=$1" -F claim=x "$address/support/net"; }
wrong_one() { sign wrong; }
right_one() { sign rehearsal; }
at_door() { as door && ask -d 'desk=2&passphrase=rehearsal' "$address/login"; }
marks() { # PATH: the page, and the marks of its form in $form, $once and $tally
	ask "$address$1" >/dev/null
	form=$(field form) once=$(field once) tally=$(field tally)
}

# --- a telephone ----------------------------------------------------------------------------------------------------------------

as telephone
is "a telephone logs in for what is quick" "$(ask -d "desk=1&passphrase=rehearsal&quick=true&tally=$shared" "$address/login")" 303
ok "and is led there" head_has '^location: /quick'
is "it sees what waits" "$(ask "$address/quick") $(grep -c "href=\"/quick/receipt/$order" "$work/body")" '200 1'
is "and nothing else" "$(ask "$address/support/account") $(grep -ci '^location: /quick' "$work/head")" '303 1'
marks "/quick/receipt/$order/I01.1"
is "it makes no other move" "$(ask -d "form=$form&once=x&tally=$tally" "$address/move/support.noted/$order") $(grep -ci '^location: /quick' "$work/head")" '303 1'
receipt=(-F accepted.1=48 -F reason.1=damaged -F "form=$form" -F "once=$once" -F "tally=$tally")
is "without the passphrase nothing is signed" "$(ask "${receipt[@]}" "$address/quick/receipt/$order/I01.1")" 403
ok "which is said" body_has 'it is the signature'
ok "and what was typed is there still" body_has 'name="accepted.1" value="48"'
is "nor without the session's mark" "$(ask -F accepted.1=48 -F passphrase=rehearsal -F "once=$once" "$address/quick/receipt/$order/I01.1")" 403
is "the issue is as it was" "$(state_of_issue)" issued
is "a part that is none is not found" "$(ask -F passphrase=rehearsal -F "form=$form" -F once=y "$address/quick/receipt/$order/I09.1")" 404
is "a difference without a reason is refused by its rule" "$(ask -F accepted.1=48 -F passphrase=rehearsal -F "form=$form" -F once=z \
	"$address/quick/receipt/$order/I01.1") $(grep -c S47 "$work/body")" '422 1'
is "with it the receipt is signed" "$(ask "${receipt[@]}" -F passphrase=rehearsal "$address/quick/receipt/$order/I01.1") $(state_of_issue)" '303 difference'
ask "$address/quick" >/dev/null
unmark "$work/body"
ok "the page that follows says what was signed" body_has ": Receipt, $order/I01.1"
is "a second tap goes where the first one went" "$(ask "${receipt[@]}" -F passphrase=rehearsal "$address/quick/receipt/$order/I01.1") $(grep -ci '^location: /quick' "$work/head")" '303 1'
is "and has made no second entry" "$(gb --json why "$order" | grep -c support.receipted)" 1

# --- the passphrase at the signature -----------------------------------------------------------------------------------------------

as payer
is "an officer logs in" "$(ask -d "desk=2&passphrase=rehearsal" "$address/login")" 303
marks /support/net?claim=x
ok "a claim that is none is not previewed" body_has 'no claim of this number'
ok "and there is nothing to sign" bash -c "! grep -q passphrase '$work/body'"
marks "/move/support.noted/$order"
is "a wrong passphrase is refused" "$(wrong_one)" 403
is "the next one has to wait, as at the door" "$(until_waits wrong_one right_one)" 429
is "where it has to wait too" "$(until_waits wrong_one at_door)" 429
as door

# --- tallies ------------------------------------------------------------------------------------------------------------------------

as approver
is "who has a desk in the national tally alone logs in there" "$(ask -d "desk=3&passphrase=rehearsal&tally=$national" "$address/login")" 303
is "he may look at the shared one" "$(ask "$address/support?tally=$shared") $(ask "$address/support")" '303 200'
ok "and is told that he has no desk in it" body_has 'log in at a desk of this tally'
form=$(sed -n 's/.*name="form" value="\([^"]*\)".*/\1/p' "$work/body" | head -n 1)
is "he signs nothing there" "$(ask -F "form=$form" -F once=a -F "remarks=x" "$address/move/support.noted/$order")" 403
is "a tally that is not here is not found" "$(ask "$address/?tally=ffffffffffff")" 404
is "nor is one by no digits" "$(ask "$address/?tally=%22")" 404

as claimant
is "who has a desk in the shared tally alone logs in there" "$(ask -d "desk=4&passphrase=rehearsal&tally=$shared" "$address/login")" 303
is "he may see what there is to hand over" "$(ask "$address/national/hand-over")" 200
ok "which is nothing: he is told of which tally he has no desk, and whom to ask" body_has 'GB: national: your session has no desk in this tally; ask the registrar'
ok "and where to log in at one" body_has "href=\"/login?tally=$national\""
ask "$address/login?tally=$national" >/dev/null
is "that page is the national tally's" "$(field tally)" "$national"

as one
is "one officer is at his desks in both" "$(ask -d "desk=1&passphrase=rehearsal&tally=$shared" "$address/login")" 303
marks /new/support.requested
is "a form of the other tally than the one at hand is refused" "$(ask -F "form=$form" -F once=a -F "tally=$national" -F supplier=JP "$address/new/support.requested")" 403
ok "which is said" body_has 'of another tally'
is "what is drafted reads no file of the server" "$(ask -F "form=$form" -F once=b -F "tally=$tally" -F supplier=JP -F fields=/etc/passwd -F draft=true \
	-F draft.title=x "$address/new/support.requested") $(gb --json draft list | grep -c root:)" '303 0'
is "a draft that is not approved is not entered" "$(marks /national; ask -F "form=$form" -F once=c -F passphrase=rehearsal "$address/national/enter/GB-01-0001")" 422
is "nor is one that is none" "$(ask -F "form=$form" -F once=d -F passphrase=rehearsal "$address/national/enter/GB-01-0099")" 404
is "the office's file is a file" "$(ask -F "form=$form" -F once=e -F file=text "$address/national/office")" 400
printf 'nonsense' >"$work/x.csv"
is "with the columns that it went out with" "$(ask -F "form=$form" -F once=f -F "file=@$work/x.csv" "$address/national/office")" 400
is "what a page only leads to cannot be sent" "$(ask -F "form=$form" -F once=g "$address/national/write")" 404
is "nor can a page that does nothing" "$(ask -F "form=$form" -F once=h "$address/support")" 404
is "moves that a page makes have no other form" "$(ask "$address/new/support.netting_proposed") $(grep -ci '^location: /support/net' "$work/head")" '303 1'
is "to be posted neither" "$(ask -F "form=$form" -F once=i -F partner=JP "$address/new/support.netting_proposed")" 303
is "the list of drafts as JSON" "$(ask "$address/national/draft?as=json") $(python3 -c "import json; print(json.load(open('$work/body'))[0]['state'])")" '200 written'
is "notices as the office gets them" "$(ask "$address/national/office?as=csv") $(grep -c '^.\{0,3\}number,state,issue' "$work/body")" '200 1'

# --- a time that lies ahead -------------------------------------------------------------------------------------------------------------

marks "/move/support.issued/$supplied"
later=(-F "form=$form" -F "tally=$tally" -F delivered_at=2013-11-23T00:00 -F utc_offset_minutes=540 -F place=Tacloban -F lines.0.line=1 -F lines.0.quantity=1)
ok "the form of an issue holds the place agreed" body_has 'name="place" value="Tacloban"'
ok "the form of an issue has nothing to confirm" bash -c "! grep -q 'name=\"future\"' '$work/body'"
is "a delivery three days ahead is asked about" "$(ask "${later[@]}" -F once=n "$address/move/support.issued/$supplied")" 422
unmark "$work/body"
ok "with how far ahead it lies" body_has 'lies 3 d 0 h 0 min ahead of now'
ok "and a box to tick" bash -c "grep 'name=\"future\"' '$work/body' | grep -qv checked"
is "ticked, it gets as far as its rules, one of which forbids it" "$(ask "${later[@]}" -F once=o -F future=true "$address/move/support.issued/$supplied") $(grep -c \
	'S40' "$work/body")" '422 1'
ask "$address/?lang=ja" >/dev/null
ask "${later[@]}" -F once=p "$address/move/support.issued/$supplied" >/dev/null
unmark "$work/body"
ok "in Japanese the page says it in Japanese" body_has '「引き渡す」引渡日時:2013-11-23T00:00:00Zは現在より3日0時間0分先です。'
ok "and no part of it in English" bash -c "! sed -n '/role=.alert/,/<\\/div>/p' '$work/body' | sed 's/<[^>]*>//g' | grep -qE '[a-z]+ [a-z]+ [a-z]+'"
ask "$address/?lang=en" >/dev/null
ask "${later[@]}" -F once=q -F future=true "$address/move/support.issued/$supplied" >/dev/null
ok "and stays ticked" bash -c "grep -q 'name=\"future\"[^>]* checked' '$work/body'"

# --- a claim, drafted ------------------------------------------------------------------------------------------------------------------

# led PATH: the marks of the page that it leads to, in the tally that it names.
led() { ask -L "$address$1" >/dev/null; form=$(field form) once=$(field once) tally=$(field tally); }
inside() { quiet "$WARIFU" --home "$work/gb" --now "$now" --tally "$national" "$@"; }
claim=/move/support.claimed/$supplied
led "$claim?tally=$shared"
ok "the form of a claim has ticked what it asks payment of" body_has "name=\"also\" value=\"$supplied/I01.1\" checked"
ok "and holds the sum of it" body_has 'name="total" value="1,500"'
ok "in its currency" body_has '<option value="JPY" selected="">'
ok "which a draft of it has for its value" body_has 'name="draft.amount" value="1,500"'
is "another sum is refused" "$(ask -F "form=$form" -F once=k0 -F "tally=$tally" -F currency=JPY -F total=1400 -F "also=$supplied/I01.1" "$address$claim")" 422
ok "and stays as it was typed" body_has 'name="total" value="1400"'
led "$claim?tally=$shared"
is "and is sent as a draft" "$(ask -F "form=$form" -F once=k -F "tally=$tally" -F currency=JPY -F total=1500 -F "also=$supplied/I01.1" -F draft=true \
	-F draft.title=Claim "$address$claim")" 303
claim_draft=$(gb --json draft list | sed -n 's/.*"number":"\([^"]*\)".*"move":"support.claimed".*/\1/p')
ask -L "$address/thread/$claim_draft?tally=$national" >/dev/null
unmark "$work/body"
ok "its page says what the claim relies on" bash -c "grep -q 'relies also on</dt><dd><a href=\"[^\"]*\">$supplied/I01.1</a>' '$work/body'"
inside --desk 2 national send-back "$claim_draft" --remarks 'say more'
ask -L "$address/national/rewrite/$claim_draft" >/dev/null
again=$(sed -n 's/.*href="\([^"]*draft\.anew=[^"]*\)".*/\1/p' "$work/body" | sed 's/&amp;/\&/g' | head -n 1)
led "$again"
ok "written anew it is ticked as it was" body_has "name=\"also\" value=\"$supplied/I01.1\" checked"
is "and sent again" "$(ask -F "form=$form" -F once=l -F "tally=$tally" -F currency=JPY -F total=1500 -F "also=$supplied/I01.1" -F draft=true \
	-F draft.title=Claim -F "draft.anew=$claim_draft" "$address$claim")" 303
inside --desk 2 national check "$claim_draft"
inside --desk 2 national certify "$claim_draft" --reference 'Vote A'
inside --desk 3 national approve "$claim_draft" --authority OP/18
led "/national/enter/$claim_draft?tally=$national"
is "approved, it is signed into the shared tally" "$(ask -F "form=$form" -F once=m -F "tally=$tally" -F passphrase=rehearsal \
	"$address/national/enter/$claim_draft")" 303
is "as the claim of that issue" "$(gb --json support show "$supplied" | grep -o '"number":"[^"]*/C01.1","state":"[a-z]*"' | sed 's/.*:"//; s/"//')" claimed

# --- a payment ---------------------------------------------------------------------------------------------------------------------------

quiet sync_pipe
quiet jp --desk 2 support approve "$supplied/C01.1"
quiet sync_pipe
issues() { gb support show "$supplied" | sed -n '/^issues/,/^$/p'; }
is "what is claimed is no rest any more" "$(issues | grep -c '50 L')/$(issues | grep -o '50 L' | wc -l)" 1/3

# --- markings of more than one agreement ---------------------------------------------------------------------------------------------------

marked() { ask -L "$address$1" >/dev/null && sed -n 's/.*<p class="marking">\([^<]*\) \/ <span lang="ja">\([^<]*\).*/\1 \2/p' "$work/body" | sort -u; }
sed 's/"ceiling": "official"/"ceiling": "restricted"/; s/"official"$/"official", "restricted"/; s/"id": "/&second-/' "$agreement" >"$work/second.json"
quiet "$WARIFU" --home "$work/gb" party new --strength light
quiet "$WARIFU" --home "$work/jp" party new --strength light
quiet "$WARIFU" --home "$work/jp" party export -o "$work/second.party"
quiet "$WARIFU" --home "$work/gb" --now "$now" tally propose --agreement "$work/second.json" --with "$work/second.party" --rehearsal -o "$work/second.tally"
is "what is about every tally bears the marking of each, each once, also where another tally is at hand" \
	"$(marked "/national?tally=$shared"); $(marked "/national?tally=$national")" 'OFFICIAL, RESTRICTED 公用、RESTRICTED; OFFICIAL, RESTRICTED 公用、RESTRICTED'
is "what is of one its own" "$(marked "/support?tally=$shared")" 'OFFICIAL 公用'
ask -L "$address/national?tally=$shared" >/dev/null
ok "so it is on paper" body_has "/marking.css?tally=$shared&amp;all=yes"
is "by the style that it names" "$(ask "$address/marking.css?tally=$shared&all=yes") $(grep -c '"OFFICIAL  RESTRICTED / 公用、RESTRICTED' "$work/body")" '200 1'
done_testing
