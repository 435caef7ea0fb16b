#!/usr/bin/env bash
# The benchmark works: a short run prints every row. No times are looked at.
set -u
cd "$(dirname "$0")/../.." || exit 1
count=0
ok() { # ok TITLE COMMAND...
	local title=$1
	shift
	count=$((count + 1))
	if "$@" >/dev/null; then
		echo "ok $count - $title"
	else
		echo "not ok $count - $title"
	fi
}
where=/tmp
[ -w /dev/shm ] && where=/dev/shm
where=$(mktemp -d "$where/warifu-bench-XXXXXX")
out=$where/out
trap 'rm -rf "$where"' EXIT
N=600 RUNS=1 FOSSIL=200 WHERE=$where tests/bench/bench.sh >"$out" 2>&1
ok 'a short run of the benchmark comes to its end' test $? -eq 0
sed 's/^/# /' "$out"
has_row() { # has_row WORDS: a row with these words, with figures beside them
	grep -E "\|.*$1" "$out" | grep -Eq '\| +[0-9.]+[^|]*\|[^|]*[0-9-][^|]*\|[^|]*\| +(<=|>=|1) ?'
}
while read -r words; do
	ok "it prints: $words" has_row "$words"
done <<'ROWS'
fresh home
share of that which is bare checking
the same with the toy domain
bytes an entry on the wire
one receipt alone
100 new entries each way
and round trips
nothing new, 4 logs
durable append
16 desks, one commit for all
rebuild, equal digest
memory while a fresh home fills
ROWS
ok 'rebuilt, the halves have the digest that they had' grep -q 'rebuilt digest equal: 1' "$out"
if [ -x "${BUILD:-build/test}/warifu" ]; then
	ORDERS=60 TIMES=3 BOARDS=$where/board BUILD=${BUILD:-build/test} tests/bench/pages.sh >"$where/pages" 2>&1
	ok 'a short run of that of the pages, too' test $? -eq 0
	sed 's/^/# /' "$where/pages"
	ok 'and prints a row for each' test "$(grep -c '| *[0-9.]* | *[0-9.]* |' "$where/pages")" -ge 20
fi
echo "1..$count"
