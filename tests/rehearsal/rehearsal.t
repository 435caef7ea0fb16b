#!/usr/bin/env bash
# The rehearsal in short: a few orders, but every failure among them, out of three seeds. `make rehearsal` has the whole of it.
set -u
count=0
for seed in 1 2 3; do
	count=$((count + 1))
	if "$(dirname "$0")/run.sh" $seed 90 2>&1; then
		echo "ok $count - the audit of each half finds what seed $seed planted, and nothing else"
	else
		echo "not ok $count - the audit of each half finds what seed $seed planted, and nothing else"
	fi
done
echo "1..$count"
