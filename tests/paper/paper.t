#!/bin/bash
# What is printed, read back with other people's programs: text with pdftotext, the code with zbarimg.
set -u
BUILD=${BUILD:-$(cd "$(dirname "$0")/../.." && pwd)/build/test}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
report() { # STATUS TITLE
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}
print() { "$BUILD/paper" "$work/layout.json" "$work/facts.json" "$work/paper.pdf"; }
# The text as it stands on the sheets, form feeds between them.
read_back() { pdftotext -layout "$work/paper.pdf" "$work/text"; }
holds() { # TITLE WORDS: somewhere, whatever blanks and line ends stand between
	tr -d ' \n\f' <"$work/text" | grep -qF -e "$(printf '%s' "$2" | tr -d ' ')"
	report $? "$1"
}
id=afafcc12af7827974045683816453f2d73549433a0370ab55f5c8d1b73ee6d18

cat >"$work/layout.json" <<'END'
{"en": "List of stores", "ja": "物品一覧", "code": {"value": "id", "en": "entry", "ja": "記録"}, "rows": [
 {"boxes": [{"box": 4, "en": "From", "ja": "要請元", "value": "from"}, {"en": "Day", "ja": "日付", "value": "day", "form": "day"}]},
 {"title": {"en": "Lines", "ja": "明細"}},
 {"table": "lines", "columns": [
  {"box": 11, "en": "Stock number", "ja": "物品番号", "value": "no", "form": "code"},
  {"box": 12, "en": "Description", "ja": "品名", "value": "item", "width": 3},
  {"en": "Amount", "ja": "金額", "value": "amount", "form": "amount", "width": 2}]},
 {"table": "none", "with": "none", "columns": [{"en": "Never printed", "ja": "印刷されない"}]},
 {"signatures": [{"en": "Signed by", "ja": "署名者", "value": "hand", "form": "time"}]}]}
END
python3 - "$id" >"$work/facts.json" <<'END'
import json, sys
lines = [{"no": "9140-%04d" % i, "item": {"en": "Diesel, lot %04d" % i, "ja": "軽油"}, "amount": "JPY 26,%03d,000" % i} for i in range(200)]
print(json.dumps({"number": "GB-07-0001", "dated": "2013-11-26T09:30:00Z", "id": sys.argv[1], "from": {"en": "HMS Illustrious", "ja": "英艦"},
	"day": "2019-05-01", "lines": lines, "hand": ["Liaison officer", "gb.loo.7", "2013-11-18T02:00:00Z"],
	"foot": {"en": "modelled on published forms; not an official form", "ja": "公式の様式ではありません"}, "marking": "OFFICIAL",
	"banner": {"en": "REHEARSAL - NOTHING HERE IS OWED", "ja": "習熟用"}}))
END

print
report $? "two hundred lines are printed"
read_back
pages=$(grep -c $'\f' "$work/text")
[ "$pages" -ge 5 ]
report $? "over several sheets"
[ "$(grep -o 'Stock number' "$work/text" | wc -l)" -eq "$pages" ]
report $? "the heads of the columns stand on each sheet that has lines"
[ "$(grep -c "List of stores" "$work/text")" -eq "$pages" ] && [ "$(grep -c "GB-07-0001" "$work/text")" -ge "$pages" ]
report $? "so do title and number"
[ "$(grep -o "REHEARSAL - NOTHING HERE IS OWED" "$work/text" | wc -l)" -eq $((2 * pages)) ]
report $? "the banner stands above and below on each"
[ "$(grep -c "OFFICIAL" "$work/text")" -eq $((2 * pages)) ]
report $? "so does the marking"
[ "$(grep -c "not an official form" "$work/text")" -eq "$pages" ]
report $? "the foot stands on each"
for page in $(seq "$pages"); do grep -qE "(^| )$page ?/ ?$pages\$" "$work/text" || echo "$page"; done >"$work/missing"
[ ! -s "$work/missing" ]
report $? "each sheet says which of how many it is"
for i in $(seq 0 199); do
	n=$(printf %04d "$i")
	grep -qF "9140-$n" "$work/text" && grep -qF "Diesel, lot $n" "$work/text" && grep -qF "JPY 26,${n#0},000" <(tr '\240' ' ' <"$work/text" | sed 's/\xc2 / /g') || echo "$n"
done >"$work/missing"
[ ! -s "$work/missing" ]
report $? "each line is there, its number whole, its amount beside its currency"
holds "a day is in the years of Japan too" "2019-05-01 (令和元年5月1日)"
grep -qF "平成25年11月18日" "$work/text"
report $? "and so is a time, in the era that it was"
grep -qF "4 From / 要請元" <(tr -s ' ' <"$work/text")
report $? "a box has its number and both languages"
! grep -qF "Never printed" "$work/text"
report $? "a row is left out with its facts"
pdftoppm -r 150 -f 1 -l 1 -png "$work/paper.pdf" "$work/page"
zbarimg -q --raw --nodbus "$work"/page-*.png >"$work/code"
[ "$(cat "$work/code")" = "$id" ]
report $? "a telephone reads the id of the entry"

# --- nothing is cut, whatever is written ----------------------------------------------------------------------------------------------

python3 - "$id" >"$work/facts.json" <<'END'
import json, sys
words = " ".join("word%05d" % i for i in range(6500))
print(json.dumps({"number": "GB-07-0002", "dated": "2013-11-26T09:30:00Z", "id": sys.argv[1], "from": words, "lines":
	[{"no": "9140-" + "1234567890" * 6, "item": "x" * 3000 + "end", "amount": "JPY 9,223,372,036,854,775,807"},
	{"no": "1", "item": "\u202edrawkcab\u2066 tab\there \ufffd \u0007", "amount": "GBP 1.00"}]}))
END
print
report $? "64 KiB of words in one box are printed"
read_back
! grep -q REHEARSAL "$work/text"
report $? "what is no rehearsal has no banner"
grep -oE 'word[0-9]{5}' "$work/text" | sort -u | wc -l >"$work/words"
[ "$(cat "$work/words")" -eq 6500 ]
report $? "and each of them can be read, none torn"
[ "$(tr -cd x <"$work/text" | wc -c)" -ge 3000 ]
report $? "a word longer than a line is broken, and is whole"
grep -qF "JPY 9,223,372,036,854,775,807" <(sed 's/\xc2\xa0/ /g' "$work/text")
report $? "the largest amount stays on one line"
pdftotext -raw "$work/paper.pdf" "$work/text"
holds "a long number is broken, not cut" "$(printf '1234567890%.0s' 1 2 3 4 5 6)"
grep -qF '\u{202E}drawkcab\u{2066}' <(tr -d '\n ' <"$work/text")
report $? "marks that turn the direction of text are shown, not obeyed"
grep -qF '\u{0007}' "$work/text"
report $? "so are controls"
echo "1..$count"
