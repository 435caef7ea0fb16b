#!/bin/bash
# Help, completion, man page: written from the tables, at every level, and right for whoever mistypes.
. "$(dirname "$0")/../scenario/lib.sh"
run() { "$WARIFU" "$@"; }
prints() { # TITLE WORDS COMMAND...
	title=$1 words=$2
	shift 2
	"$@" >"$work/tap" 2>&1 && grep -qF -e "$words" "$work/tap"
	report $? "$title"
}
export LC_ALL=C.UTF-8 HOME="$work"

prints "help names the commands" "tally" run --help
prints "with the exit codes" "6 sync incomplete" run --help
prints "no command at all gives help" "usage: warifu COMMAND" run
prints "help on a noun lists its verbs" "propose" run tally --help
prints "help on a domain lists its moves" "receipt NUMBER" run support --help
prints "help on a verb lists its options" "--agreement FILE" run tally propose --help
prints "help on a move names its fields" "--line 'K=V K=V'" run support request --help
prints "help on a move says who may make it" "requested -> offered, by the supplier with the role issuer" run support offer --help
prints "help may be asked for as a command" "--agreement FILE" run help tally propose
prints "of one word, too" "usage: warifu digest" run help digest
prints "and of a noun" "propose" run help tally
exits 2 "help on what there is not" "no command" run help tally foo
prints "the version" "warifu 0." run version
prints "as an option" "warifu 0." run --version
prints "as JSON, with the rule sets" '"support":1' run version --json

exits 2 "a slip in a command is caught" 'did you mean "tally"' run taly list
exits 2 "in a verb" 'did you mean "request"' run support reqest
exits 2 "in an option" 'did you mean "supplier"' run support request --suplier JP
exits 2 "in a kind" 'did you mean "support.requested"' run explain support.requestd
exits 2 "a noun alone asks which verb" "which?" run tally
exits 2 "a wrong language is refused" "must be en or ja" run --lang fr digest
exits 2 "a wrong time is refused" "must be a day or a time" run --now yesterday digest
exits 4 "where there is no home, it says so" "there is none" run --home "$work/none" digest

prints "explain lists every kind" "support.requested" run explain
prints "explain shows fields" "quantity" run explain support.issued
prints "in Japanese, where asked" "数量" run --lang ja explain support.issued
prints "explain knows the kernel's kinds" "pseudonymous id" run explain desk.granted
prints "as JSON: the table" '"key":10,"type":"list"' run explain support.requested --json
prints "with its moves" '"from":null,"to":"requested"' run explain support.requested --json

run man >"$work/page" 2>"$work/err"
ok "the man page is printed" test -s "$work/page"
# shellcheck disable=SC2016 # expanded by the inner shell
ok "groff takes it without a warning" sh -c 'groff -man -Tutf8 -ww "$1" 2>&1 >/dev/null | tee "$2"; test ! -s "$2"' - "$work/page" "$work/warnings"
groff -man -Tutf8 "$work/page" 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g; s/.\x08//g' >"$work/shown"
ok "it has every command" grep -q "support receipt NUMBER" "$work/shown"
ok "and its options" grep -q -- "--delivered-at" "$work/shown"

run completion >"$work/completion"
ok "the completion is a script" bash -n "$work/completion"
complete_line() { # WORD...: what the last word is completed to
	# shellcheck disable=SC2016,SC2030 # expanded by the inner shell
	bash -c '. "$1"; shift; COMP_WORDS=(warifu "$@"); COMP_CWORD=$#; _warifu; echo "${COMPREPLY[*]}"' - "$work/completion" "$@"
}
is "a command is completed" "$(complete_line tal)" "tally"
is "a verb is completed" "$(complete_line tally prop)" "propose"
is "an option is completed" "$(complete_line tally propose --agr)" "--agreement"
is "an option of every command, too" "$(complete_line tally propose --pass)" "--passphrase-file"
is "of a command without verb" "$(complete_line export --no-)" "--no-attachments"
done_testing
