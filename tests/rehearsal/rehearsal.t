#!/usr/bin/env bash
# The rehearsal in short: a few orders, but every failure among them, out of three seeds side by side; and what compares is shown to see
# a finding that is missing and one that nobody expected. `make rehearsal` has the whole.
set -u
here=$(cd "$(dirname "$0")" && pwd)
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
for seed in 1 2 3; do
	mkdir "$said/$seed"
	REHEARSAL=$said/$seed "$here/run.sh" $seed 123 >"$said/$seed.log" 2>&1 &
	running[seed]=$!
done
for seed in 1 2 3; do
	wait "${running[seed]}"
	status=$?
	cat "$said/$seed.log"
	[ $status -eq 0 ] || printf 'not '
	echo "ok $seed - the audit of each half finds what seed $seed planted, and nothing else"
done

day=2022-03-31
tampered() { # NUMBER TITLE WORDS: the expected findings as they now stand differ, and it says so
	if ! "$here/compare.py" "$said/tampered" "$said/1/found.gb.$day" >"$said/told" && grep -qF "$3" "$said/told"; then
		echo "ok $1 - $2"
	else
		sed 's/^/# /' "$said/told"
		echo "not ok $1 - $2"
	fi
}
sed 1d "$said/1/expected.gb.$day" >"$said/tampered"
tampered 4 "a finding that nobody expected is told" "# unexpected: I1 "
cp "$said/1/expected.gb.$day" "$said/tampered"
echo '["I45", "GB-01-9999/I03.1", "2020-01-01", null]' >>"$said/tampered"
tampered 5 "a finding that is missing is told" "# missing: I45 GB-01-9999/I03.1, first 2020-01-01, until None"
echo "1..5"
