#!/usr/bin/env bash
# The rehearsal in short: a few orders, but every failure among them, out of three seeds side by side. `make rehearsal` has the whole.
set -u
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
for seed in 1 2 3; do
	"$(dirname "$0")/run.sh" $seed 118 >"$said/$seed" 2>&1 &
	running[seed]=$!
done
for seed in 1 2 3; do
	wait "${running[seed]}"
	status=$?
	cat "$said/$seed"
	[ $status -eq 0 ] || printf 'not '
	echo "ok $seed - the audit of each half finds what seed $seed planted, and nothing else"
done
echo "1..3"
