#!/bin/bash
# docs/adding-a-domain.md tells the truth: its blocks are the toy domain of the tests; a program built with it alone has its commands; and
# the acts at its end do what they say.
. "$(dirname "$0")/../scenario/lib.sh"
doc=$top/docs/adding-a-domain.md
blocks() { awk -v want="\`\`\`$1" '$0 == want { on = 1; if (n++) print ""; next } /^```/ { on = 0 } on' "$doc"; }

blocks c >"$work/toy.c"
ok "the code blocks of the text are tests/toy/toy.c" diff "$work/toy.c" "$top/tests/toy/toy.c"

build=${BUILD:-$top/build/release}
blocks registry >"$work/registry.c"
read -r -a flags <"$build/flags"
libraries=()
for flag in "${flags[@]}"; do
	case $flag in -f* | -std=* | -g | -O* | -U* | -pie | -Wl,* | -l* | -L* | --coverage) libraries+=("$flag") ;; esac
done
ok "the program builds with this domain alone" gcc -I"$top/src" -o "$work/warifu-toy" "$work/toy.c" "$work/registry.c" \
	"$top/src/main.c" "$build/libwarifu.a" "${libraries[@]}" 2>"$work/error"

WARIFU=$work/warifu-toy
open_homes
desk gb 1 librarian "Librarian"
desk jp 2 reader "Reader"

run_block() { # the acts of the text, in the British home
	warifu() { gb "$@"; }
	eval "$(blocks sh)"
}
run_block >"$work/acts" 2>&1
ok "lending is a command" grep -q "^GB-01-0001  lent" "$work/acts"
ok "its help comes from the table" grep -q -- "--due-on DAY" "$work/acts"
ok "its fields are explained" grep -q "loan: lent -> coming back, by the borrower with the role reader" "$work/acts"
ok "why shows the entry and its verdict" grep -q "toy.lent .* valid" "$work/acts"
refused "a guard refuses with its rule" "S2" gb toy lend --borrower JP --book Kojien --copies 0
refused "the lender does not return" "K10" gb toy return GB-01-0001 --copies 1
ok "the halves meet" sync_pipe
ok "the partner returns, in its own half" jp toy return GB-01-0001 --copies 3
says "and the pen goes back" "coming back  -> GB"
ok "the halves meet again" sync_pipe
ok "the lender confirms" gb toy receive GB-01-0001
says "and the loan is back" "GB-01-0001  back"
ok "the halves meet once more" sync_pipe
halves_match "both halves match, and no domain but toy was there"
done_testing
