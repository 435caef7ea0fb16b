# Sourced by the tests of the gates: a small tree in a folder of its own, breaches planted in it, and TAP.
# shellcheck shell=sh
set -u
# shellcheck disable=SC2034 # for the tests
top=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
count=0

# plant PATH: writes standard input to a file of the tree.
plant() {
	mkdir -p "$tree/$(dirname "$1")"
	cat >"$tree/$1"
}

report() { # report STATUS TITLE: one line of TAP, and what the gate said when it is not ok
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' "$tree.out"
	fi
	rm -f "$tree.out"
}

# green TITLE COMMAND...: the command succeeds.
green() {
	title=$1
	shift
	"$@" >"$tree.out" 2>&1
	report $? "$title"
}

# red TITLE WORDS COMMAND...: the command fails, and says WORDS.
red() {
	title=$1
	words=$2
	shift 2
	if "$@" >"$tree.out" 2>&1; then
		report 1 "$title"
	else
		grep -qF -e "$words" "$tree.out"
		report $? "$title"
	fi
}

done_testing() { echo "1..$count"; }
