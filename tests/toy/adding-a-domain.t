#!/bin/bash
# docs/adding-a-domain.md tells the truth: its blocks are the toy domain of the tests; a program built with it alone has its commands; and
# the acts at its end do what they say.
. "$(dirname "$0")/../scenario/story.sh"
doc=$top/docs/adding-a-domain.md
blocks() { awk -v want="\`\`\`$1" '$0 == want { on = 1; if (n++) print ""; next } /^```/ { on = 0 } on' "$doc"; }

blocks c >"$world/toy.c"
ok "the code blocks of the text are tests/toy/toy.c" diff "$world/toy.c" "$top/tests/toy/toy.c"

build=${BUILD:-$top/build/release}
blocks registry >"$world/registry.c"
read -r -a flags <"$build/flags"
libraries=()
for flag in "${flags[@]}"; do
	case $flag in -f* | -std=* | -g | -O* | -U* | -pie | -Wl,* | -l* | -L* | --coverage) libraries+=("$flag") ;; esac
done
ok "the program builds with this domain alone" gcc -I"$top/src" -o "$world/warifu-toy" "$world/toy.c" "$world/registry.c" \
	"$top/src/main.c" "$build/libwarifu.a" "${libraries[@]}" 2>"$world/error"

warifu=$world/warifu-toy
for home in gb jp; do
	make_home $home
	must $home party new --strength light
done
must jp party export -o "$world/jp.party"
must gb tally propose --agreement "$agreement" --with "$world/jp.party" --rehearsal -o "$world/opening.tally"
must jp tally accept "$world/opening.tally" --yes
desk gb 1 gb.lib.1 "Librarian" librarian
desk jp 2 jp.lib.2 "Reader" reader

run_block() { # the acts of the text, in the British home
	warifu() { try gb "$@" && cat "$world/out" && [ "$exit_code" -eq 0 ]; }
	eval "$(blocks sh)"
}
run_block >"$world/acts" 2>&1
ok "lending is a command" grep -q "^GB-01-0001  lent" "$world/acts"
ok "its help comes from the table" grep -q -- "--due-on DAY" "$world/acts"
ok "its fields are explained" grep -q "loan: lent -> coming back, by the borrower with the role reader" "$world/acts"
ok "why shows the entry and its verdict" grep -q "toy.lent .* valid" "$world/acts"
refused "a guard refuses with its rule" 1 "S2" gb toy lend --borrower JP --book Kojien --copies 0
refused "the lender does not return" 1 "K10" gb toy return GB-01-0001 --copies 1
exchange gb jp
must jp --json toy return GB-01-0001 --copies 3
is "the partner returns, in its own half" "$state" "coming back"
exchange gb jp
must gb --json toy receive GB-01-0001
is "and the loan is back" "$state" "back"
exchange gb jp
both_match "both halves match, and no domain but toy was there"
done_testing
