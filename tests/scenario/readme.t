#!/bin/bash
# The first order by hand works as the README has it.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
mkdir build
ln -s "${WARIFU:-$top/build/warifu}" build/warifu
ln -s "$top/data" data
export WARIFU_STATE="$work/state" LC_ALL=C.UTF-8
unset WARIFU_HOME WARIFU_DESK
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$top/README.md" >block
bash -e block >out 2>err
status=$?
digests=$(tail -n 3 out | grep -c '[0-9a-f]\{64\}')

count=0
report() { # STATUS TITLE
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		tail -n 20 out err | sed 's/^/# /'
	fi
}
report $status "every command of the block succeeds"
grep -q '^GB-01-0001/C01.1  *support.confirmed .* settled  *yes  *valid' out
report $? "the claim is settled"
[ "$digests" -eq 2 ] && [ "$(grep -o '[0-9a-f]\{64\}$' out | tail -n 2 | sort -u | wc -l)" -eq 1 ]
report $? "both digests are printed, and equal"
[ "$(wc -l <"$top/README.md")" -le 90 ]
report $? "the README is short"
echo "1..$count"
