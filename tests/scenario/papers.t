#!/bin/bash
# What is printed: the order form as request, receipt and claim, the statement of account, the report of the audit, the notice of claim and the hand-over note. Each
# is made twice, in two processes on two days, and both have the same bytes; what stands on it is read back with other people's programs.
. "$(dirname "$0")/story.sh"
# The procedural arrangement of this agreement has a claim form of its own; Britain's home holds its layout.
python3 - "$top" "$work" <<'END'
import json, sys
top, work = sys.argv[1:]
profile = json.load(open(top + "/data/agreement-gb-jp-rehearsal.json", encoding="utf-8"))
profile["papers"] = {"order-claim": "claim-2018"}
json.dump(profile, open(work + "/agreement.json", "w", encoding="utf-8"))
layout = json.load(open(top + "/data/papers/order-claim.json", encoding="utf-8"))
layout["en"] = "Claim as arranged in 2018"
json.dump(layout, open(work + "/claim-2018.json", "w", encoding="utf-8"))
END
agreement=$work/agreement.json
two_homes
mkdir "$work/gb/papers"
mv "$work/claim-2018.json" "$work/gb/papers/"
at 2013-11-25T01:00:00Z
agree gb "$diesel"
at 2013-11-26T01:30:00Z
issue jp "$order"
at 2013-11-27T01:00:00Z
exchange gb jp
move gb receipt "$part" --remarks 'Sounded by both sides.'
exchange gb jp
at 2013-12-10T01:00:00Z
claim jp "$order" "$part" JPY 99000
bill=$made
exchange gb jp
at 2013-12-20T01:00:00Z
gb_as 2
move gb approve "$bill"
gb_as 1
exchange gb jp

# NAME HOME PAPER [NUMBER] [OPTION...]: made twice, a day apart; PDF, text and code in $work.
made_twice() {
	local title=$1 home=$2
	shift 2
	rm -f "$work"/*.pdf "$work"/sheet*
	try "$home" paper write "$@" --out "$work/one.pdf"
	local first=$status later=$now
	printf '%s\n' "$(said)" >"$work/tap"
	at 2016-05-05T05:05:05Z
	try "$home" paper write "$@" --out "$work/two.pdf"
	at "$later"
	[ "$first" -eq 0 ] && cmp -s "$work/one.pdf" "$work/two.pdf" && said | grep -qF "$(sha256sum "$work/one.pdf" | cut -d' ' -f1)"
	report $? "$title: two runs make the same bytes, and say their hash"
	pdftotext -layout "$work/one.pdf" - | sed 's/\xc2\xa0/ /g' >"$work/text"
	tr -d ' \n\f' <"$work/text" >"$work/whole"
	sheets=$(grep -c $'\f' "$work/text")
	is "$title: the banner of the rehearsal stands twice on each sheet, in both languages" \
		"$(grep -c 'REHEARSAL - NOTHING HERE IS OWED / 習熟用 - 債権債務は発生しません' "$work/text")" "$((2 * sheets))"
	is "$title: the foot stands on each" "$(grep -c 'modelled on published forms; not an official form' "$work/text")" "$sheets"
	pdftoppm -r 150 -f 1 -l 1 -png "$work/one.pdf" "$work/sheet"
	code=$(zbarimg -q --raw --nodbus "$work"/sheet-*.png 2>/dev/null)
}
holds() { # TITLE WORDS...: each of them stands on it, whatever blanks and line ends are between
	local title=$1 words missing=""
	shift
	for words in "$@"; do
		grep -qF -e "$(printf '%s' "$words" | tr -d ' ')" "$work/whole" || missing="$missing [$words]"
	done
	echo "missing:$missing" >"$work/tap"
	[ -z "$missing" ]
	report $? "$title"
}
id_of() { "$WARIFU" --home "$work/gb" --json why "$1" | grep -F "\"number\":\"$1\"" | sed -n '1s/.*"id":"\([0-9a-f]*\)".*/\1/p'; }

# --- the order form -----------------------------------------------------------------------------------------------------------------

made_twice request gb order-request "$order"
holds "request: number, boxes as seen, both languages, day and era" "$order" "1 Requisition number" "12 Description" "要請書" \
	"2013-11-25 01:00Z" "平成25年11月25日" "Use consistent with the Charter" "国際連合憲章" "Field officer" "gb.officer.1" "OFFICIAL / 公用"
is "request: the code is the id of the entry that opened the order" "$code" "$(id_of "$order")"
cp "$work/one.pdf" "$work/of-gb"
try jp paper write order-request "$order" --out "$work/jp.pdf"
cmp -s "$work/jp.pdf" "$work/of-gb"
report $? "request: the other half prints the same bytes"

made_twice receipt jp order-receipt "$part"
holds "receipt: number, quantity, who issued and who received, remarks" "$part" "15 Quantity" "受領書" "LTR L" "jp.officer.11" \
	"gb.officer.1" "Sounded by both sides." "2013-11-26 01:30Z" "平成25年11月26日"
is "receipt: the code is the id of the entry that opened the delivery" "$code" "$(id_of "$part")"

made_twice claim gb order-claim "$bill"
holds "claim: number, amount with its currency, who claimed and who approved" "$bill" "JPY 99,000" "請求書" "22 Invoicing authority" \
	"Claim as arranged in 2018" "Reimbursement in currency" "通貨による償還" "jp.officer.11" "gb.officer.2"
is "claim: the code is the id of the entry that opened the claim" "$code" "$(id_of "$bill")"
harmless 2 "a layout that the agreement names and the home has not is asked for" "the agreement names it and it is not here" \
	jp paper write order-claim "$bill" --out "$work/none.pdf"
made_twice "all claims" gb order-claim "$order"
holds "all claims: of the whole order" "$order" "$bill" "JPY 99,000"

# --- of the whole tally -----------------------------------------------------------------------------------------------------------------

tally=$("$WARIFU" --home "$work/gb" --json tally list | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p' | head -n 1)
made_twice account gb account --as-of 2013-12-15
holds "account: day, era, who owes whom how much, item by item" "2013-12-15 (平成25年12月15日)" "残高明細書" "GB United Kingdom" "日本国" \
	"JPY 99,000" "$bill" "Agreed, for the partner"
is "account: the code is the tally's" "$code" "$tally"
made_twice audit jp audit --as-of 2015-01-31
holds "audit: findings in both languages, and all rules" "2015-01-31 (平成27年1月31日)" "監査報告書" "I45" "I50" "Charter statement" "国際連合憲章の陳述"
[ "$sheets" -gt 2 ] && [ "$(grep -c 'Rule name' "$work/text")" -gt 1 ]
report $? "audit: its tables break over sheets and repeat their heads"
is "audit: the code is the tally's" "$code" "$tally"

# --- inside one party ----------------------------------------------------------------------------------------------------------------

printf '{"id":"JP-national","parties":[{"code":"JP"}]}\n' >"$work/national.json"
inside() { quiet "$WARIFU" --home "$work/jp" "$@"; }
inside party new
inside tally propose --agreement "$work/national.json" --national -o "$work/national.tally"
national=$("$WARIFU" --home "$work/jp" --json tally list | sed -n '/"national"/s/.*"id":"\([0-9a-f]*\)".*/\1/p')
inside tally use "$tally"
for desk in 11:claims,duty 13:duty 16:revenue; do
	inside --tally "$national" desk request --officer "jp.officer.${desk%:*}" --post "Post ${desk%:*}" --roles "${desk#*:}" -o "$work/card"
	inside --tally "$national" desk grant "$work/card" --number "${desk%:*}" --yes
done
inside --desk 11 notice send "$part" --debtor "Ministry of Defence" --address "Whitehall, London" --due-on 2014-01-31 --at 2013-11-28T01:00:00Z
notice=$("$WARIFU" --home "$work/jp" --json notice list | sed -n 's/.*"number":"\([^"]*\)".*/\1/p')
inside --tally "$national" --desk 16 national take-up "$notice" --ledger L-1 --ledger-on 2019-05-01 --at 2019-05-01T01:00:00Z
made_twice notice jp notice "$notice"
holds "notice: debtor, amount, days in the eras that they were, ledger" "$notice" "債権発生通知書" "OFFICIAL / 公用" "Ministry of Defence" "Whitehall, London" \
	"JPY 99,000" "2014-01-31 (平成26年1月31日)" "L-1" "2019-05-01 (令和元年5月1日)" "Post 16"
[ ${#code} -eq 64 ] && grep -qF "entry記録:$code" "$work/whole"
report $? "notice: the code is the id that stands at its foot"
inside --desk 11 handover write --to jp.officer.13 --to-post Relief --remark "$order=the meter is sealed" --at 2019-05-02T01:00:00Z
handover=$("$WARIFU" --home "$work/jp" --json handover list | sed -n 's/.*"number":"\([^"]*\)".*/\1/p')
made_twice hand-over jp handover "$handover"
holds "hand-over: what is open, what the successor must know, both officers" "$handover" "引継書" "the meter is sealed" "jp.officer.11" \
	"jp.officer.13" Relief "令和元年5月2日"

# --- the command -----------------------------------------------------------------------------------------------------------------------

exits 0 "the list names each" "notice of claim" "$WARIFU" paper list
harmless 2 "a paper that is not known" "warifu paper list" gb paper write order-requests "$order"
harmless 2 "an order that is not known" "not known here" gb paper write order-request GB-09-0009 --out "$work/none.pdf"
harmless 2 "a part of another kind" "no part of order" gb paper write order-claim "$part" --out "$work/none.pdf"
harmless 2 "a paper of one number needs it" "NUMBER must be given" gb paper write order-request
harmless 2 "a paper of the whole takes none" "takes no NUMBER" gb paper write audit "$order"
harmless 2 "an order form is of no day" "takes no --as-of" gb paper write order-request "$order" --as-of 2013-12-01
harmless 2 "a day that is none" "must be a day" gb paper write account --as-of yesterday
[ ! -e "$work/none.pdf" ]
report $? "what was refused left no file"
harmless 2 "a file that is there is kept" "give --force" gb paper write order-request "$order" --out "$work/one.pdf"
try gb paper write order-request "$order" --out "$work/one.pdf" --force
is "and written over when that is asked for" "$status" 0

# --- a layout of the home's own, and one that the agreement names ----------------------------------------------------------------------------

printf '{"en": "Demand for stores", "ja": "別様式", "rows": [{"boxes": [{"en": "Order", "ja": "番号", "value": "order.number"}]}]}' \
	>"$work/gb/papers/order-request.json"
try gb paper write order-request "$order" --out "$work/own.pdf"
pdftotext "$work/own.pdf" "$work/text"
grep -qF "Demand for stores" "$work/text" && grep -qF "$order" "$work/text"
report $? "a layout in the home goes before the shipped one"
printf '{"en": "x", "ja": "x", "rows": [{"boxes": [{"en": "x", "ja": "x", "valu": "order.number"}]}]}' >"$work/gb/papers/order-request.json"
harmless 3 "a layout with a mistyped name is refused, and where" "row 1: valu: not known" gb paper write order-request "$order" --out "$work/own2.pdf"

# --- the signed scan comes back ---------------------------------------------------------------------------------------------------------------

printf '%%PDF-1.4\nsigned by hand\n' >"$work/scan.pdf"
must gb support attach "$part" "$work/scan.pdf"
exchange gb jp
hash=$(sha256sum "$work/scan.pdf" | cut -d' ' -f1)
must jp attachment get "$hash" --output "$work/came.pdf"
cmp -s "$work/scan.pdf" "$work/came.pdf"
report $? "the signed scan is filed, and reaches the other half"
must jp support show "$order"
said | grep -qF "signed paper, scanned"
report $? "the order says what it is"
printf 'MZ' >"$work/scan.exe"
harmless 3 "what is no scan does not travel" "neither PDF, JPEG, PNG" gb support attach "$part" "$work/scan.exe"
digest jp | grep -qF "$(digest gb)"
report $? "both halves have one digest"
done_testing
