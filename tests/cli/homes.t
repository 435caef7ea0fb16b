#!/bin/bash
# Homes, parties, tallies, desks: made, shown, and refused where they must be.
. "$(dirname "$0")/../scenario/lib.sh"
run() { "$WARIFU" "$@"; }

# --- homes and parties --------------------------------------------------------------------------------------------------

exits 2 "a home needs a party" "--party is missing" run --home "$work/x" init
exits 2 "whose code is of capitals" "must be 2 to 8 of A-Z" run --home "$work/x" init --party gb
ok "a home is made" run --home "$work/gb" init --party GB
exits 4 "but not over another" "gb" run --home "$work/gb" init --party GB
exits 2 "a party without keys says how to make them" "party new" gb party show
exits 2 "a party of another code is refused" "this home is of GB" gb party new JP --strength light
exits 2 "a strength that there is not is refused" "standard or light" gb party new --strength heavy
ok "root and recovery key may lie elsewhere" gb party new GB --strength light --root-dir "$work/safe" --recovery-dir "$work/vault"
is "each in its folder" "$(find "$work/safe/keys" "$work/vault/keys" -name "*.key" | wc -l)" 2
is "and not in the home" "$(find "$work/gb/keys" -name '*.key' 2>/dev/null | wc -l)" 0
ok "the party is shown" gb party show --json
fingerprint=$(value words)
is "with eight words to read aloud" "$(echo "$fingerprint" | wc -w)" 8
ok "its public keys are written for a partner" gb party export
says "with the same words" "words: $fingerprint"
cp "$work/out" "$work/gb.party"
ok "a card is shown" run show "$work/gb.party"
sed 's/^root: ./root: 0/; s/^root: 0\(.\)0/root: 0\11/' "$work/gb.party" >"$work/bad.party"
cmp -s "$work/gb.party" "$work/bad.party" && sed -i 's/^root: ../root: ff/' "$work/bad.party"
exits 3 "a card with another key is found out" "changed" run show "$work/bad.party"

ok "an officer's name is kept" gb officer add gb.loo.3 --name 'Smith, J.' --name-ja 'スミス'
ok "and listed" gb officer list
says "in this home" "Smith, J."
exits 2 "a code with blanks is none" "must be 1 to 32" gb officer add 'gb loo' --name x
ok "and forgotten" gb officer remove gb.loo.3
exits 2 "once" "has no name here" gb officer remove gb.loo.3
ok "then none is left" gb officer list
says "and it says so" "no names"

# --- tallies ------------------------------------------------------------------------------------------------------------

quiet run --home "$work/jp" init --party JP
quiet run --home "$work/jp" party new --strength light
quiet run --home "$work/jp" party export -o "$work/jp.party"
exits 2 "a tally needs a partner" "needs 2 to 8 parties" gb tally propose --agreement "$agreement" --rehearsal
exits 1 "a rehearsal's agreement is not for a real tally" "is for rehearsals" gb tally propose --agreement "$agreement" --with "$work/jp.party"
exits 1 "light keys are not for a real tally" "light" gb tally propose --agreement "$top/data/agreement-gb-jp.json" --with "$work/jp.party"
exits 3 "an agreement is JSON" "line 1" gb tally propose --agreement "$work/gb.party" --with "$work/jp.party" --rehearsal
sed 's/"JP"/"FR"/' "$agreement" >"$work/fr.json"
exits 3 "and names the parties" "names no party JP" gb tally propose --agreement "$work/fr.json" --with "$work/jp.party" --rehearsal
exits 2 "a party is in it once" "given twice" gb tally propose --agreement "$agreement" --with "$work/gb.party" --rehearsal
exits 2 "no tally yet" "no tally in this home yet" gb log
ok "and the list says so" gb tally list
says "with what to do" "begin with"
ok "a tally is proposed" gb tally propose --agreement "$agreement" --with "$work/jp.party" --rehearsal -o "$work/opening"
exits 2 "its root key speaks in no second one" "speaks in one only" gb tally propose --agreement "$agreement" --with "$work/jp.party" --rehearsal
ok "the opening verifies alone" run verify "$work/opening"
sed 's/tally.proposed/tally.proposes/' "$work/opening" >"$work/bad.opening"
exits 3 "an opening that was touched does not" "export-end" jp tally accept "$work/bad.opening" --yes
exits 3 "nor is a card an opening" "export-magic" jp tally accept "$work/jp.party" --yes
exits 2 "without a terminal, acceptance needs --yes" "add --yes" setsid "$WARIFU" --home "$work/jp" tally accept "$work/opening"
ok "it is accepted" jp tally accept "$work/opening" --yes
says "with the words to compare" "$fingerprint"
exits 4 "once" "in this home already" jp tally accept "$work/opening" --yes
ok "it is shown" jp tally show
says "with its fingerprint" "fingerprint"
ok "as JSON" jp tally list --json
is "open, since all have accepted" "$(value open)" true
tally=$(value id)
ok "it may be named by its first digits" run --home "$work/jp" --tally "$(echo "$tally" | cut -c1-6)" log
exits 2 "or not, when they are others" "not in this home" run --home "$work/jp" --tally ffffffffff log
ok "the opening can be written again" gb tally opening -o "$work/again"
ok "the same" cmp "$work/opening" "$work/again"
quiet run --home "$work/fr" init --party FR
exits 3 "a third party has no part in it" "not for party FR" run --home "$work/fr" tally accept "$work/opening" --yes

# --- desks --------------------------------------------------------------------------------------------------------------

ask() { gb desk request --officer gb.loo.3 --post 'Logistics officer' --roles "$1" --strength light -o "$work/card" ${2:+--limit "$2"}; }
exits 2 "a desk has an officer's code, no name" "names of persons stay at home" gb desk request --officer 'J. Smith' --post x --roles orderer --strength light
exits 2 "a post" "post" gb desk request --officer a --post '' --roles orderer --strength light
exits 2 "roles" "must be codes" ask 'orderer, receiver'
exits 2 "limits in a currency" "must be CURRENCY=AMOUNT" ask orderer 'XYZ=5'
exits 2 "above nothing" "must be 0 or above" ask orderer 'GBP=-5'
ok "a desk is asked for" ask orderer,receiver,registrar GBP=5,000.00
says "with the words to read" "read to the root"
exits 4 "the root's file must be within reach" "root key" sh -c "mv '$work/safe' '$work/away'; '$WARIFU' --home '$work/gb' desk grant '$work/card' --yes"
ok "or named" gb desk grant "$work/card" --yes --number 7 --until 2027-03-31 --range 100-199 --keys "$work/away"
says "until the end of that day" "2027-03-31 23:59Z"
exits 1 "a number is used once" "is taken" gb desk grant "$work/card" --yes --number 7 --keys "$work/away"
exits 2 "and lies in 1 to 9999" "1 to 9999" gb desk grant "$work/card" --yes --number 10000 --keys "$work/away"
exits 2 "a range has a first and a last" "FIRST-LAST" gb desk grant "$work/card" --yes --range 9-1 --keys "$work/away"
exits 3 "a card of the other side is not granted" "party GB" jp desk grant "$work/card" --yes
exits 3 "nor a party's card" "must be a" gb desk grant "$work/jp.party" --yes --keys "$work/away"
ok "a registrar grants within its own roles" ask orderer GBP=100.00
ok "by its desk" gb desk grant "$work/card" --yes --by-desk
says "from its own numbers" "desk 100 granted"
ask payer GBP=100.00 >/dev/null 2>&1
exits 1 "but no role that it lacks" "K5" run --home "$work/gb" --desk 7 desk grant "$work/card" --yes --by-desk
ask orderer GBP=6,000.00 >/dev/null 2>&1
exits 1 "and no limit above its own" "K5" run --home "$work/gb" --desk 7 desk grant "$work/card" --yes --by-desk
ok "desks are listed" gb desk list
says "with limits as people read them" "GBP 5,000.00"
exits 2 "with two desks here, one must be chosen" "choose one with --desk" gb support note GB-07-0001 --remarks x
ok "a desk is revoked" run --home "$work/gb" --desk 7 desk revoke 100 --reason 'device lost' --by-desk
exits 2 "one that there is" "none of party GB" gb desk revoke 55 --reason x --keys "$work/away"
ok "and listed so" gb desk list
says "as revoked" "revoked"
ok "homes are listed" gb home list
says "by what people call them" "first home of GB"
exits 2 "a home that is no copy is not adopted" "is no copy" gb home adopt --yes
done_testing
