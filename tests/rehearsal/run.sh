#!/usr/bin/env bash
# The rehearsal: five fiscal years of a tally between GB and JP out of a seed, with failures planted at the audits' rates. A generator that
# knows nothing of the program writes the moves and what an audit must find; they are signed into two homes, the halves meet by a
# sync, and the audit of each half must find what was planted, and nothing else.
#
# usage: run.sh SEED [ORDERS]      ($WARIFU: the program; $BUILD: the folder of its flavour)
#
# Prints what was made, and for each half the counts by rule; what is missing or unexpected, and fails then. $REHEARSAL keeps the folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
warifu=${WARIFU:?} seed=$1 orders=${2:-3737}
work=${REHEARSAL:-$(mktemp -d)}
[ -n "${REHEARSAL:-}" ] || trap 'rm -rf "$work"' EXIT
export WARIFU_STATE=$work/state WARIFU_PASSPHRASE=rehearsal LC_ALL=C.UTF-8
unset WARIFU_HOME WARIFU_DESK

opened=2017-01-01T00:00:00Z shared=""

quiet() {
	if ! "$@" >"$work/said" 2>&1; then
		sed 's/^/# /' "$work/said"
		echo "# ended with an error: $*"
		exit 1
	fi
}

side() { # HOME NOW ARGUMENTS...
	local home=$1 at=$2
	shift 2
	"$warifu" --home "$work/$home" --now "$at" ${shared:+--tally "$shared"} "$@"
}

open_homes() {
	local home
	for home in gb jp; do
		quiet "$warifu" --home "$work/$home" init --party "${home^^}"
		quiet "$warifu" --home "$work/$home" party new --strength light
	done
	quiet "$warifu" --home "$work/jp" party export -o "$work/jp.party"
	quiet side gb $opened tally propose --agreement "$work/agreement.json" --with "$work/jp.party" --rehearsal --no-home-key \
		-o "$work/opening.tally"
	quiet side jp $opened tally accept "$work/opening.tally" --yes --no-home-key
	shared=$("$warifu" --home "$work/gb" --json tally list | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')
	for home in gb jp; do
		quiet side $home $opened home request --label office --strength light -o "$work/card"
		quiet side $home $opened home grant "$work/card" --until 2026-12-31 --yes
		quiet "$warifu" --home "$work/$home" party new
		quiet "$warifu" --home "$work/$home" tally propose --agreement "$work/national.$home.json" --national -o "$work/national.tally"
	done
}

# What each side did until then is signed, and the halves meet.
meet() { # NUMBER TIME
	quiet "$BUILD/rehearsal" "$work/gb" "$work/jp" "$work/labels" <"$work/moves.$1"
	quiet side gb "$2" sync "'$warifu' --home '$work/jp' --now $2 --tally $shared sync --stdio"
}

digest_of() { side "$1" "$now" --json digest | sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p'; }

started=$SECONDS
step() { echo "# $1 ($((SECONDS - started)) s)"; }

quiet "$here/generate.py" --seed "$seed" --orders "$orders" "$work"
sed 's/^/# /' "$work/said"
open_homes
met=0
while read -r at; do
	met=$((met + 1))
	meet "$(printf %02d $met)" "$at"
	now=$at
done <"$work/meetings"
step "signed, and the halves have met $met times"
gb=$(digest_of gb) jp=$(digest_of jp)
if [ ${#gb} -ne 64 ] || [ "$gb" != "$jp" ]; then
	echo "# the digests differ: GB $gb, JP $jp"
	exit 1
fi
failed=0
for day in 2022-03-31 2019-09-30; do
	for home in gb jp; do
		quiet side $home "$now" --json support audit --as-of $day
		mv "$work/said" "$work/found.$home.$day"
		step "the half of ${home^^} is audited as of $day"
		"$here/compare.py" "$work/expected.$home.$day" "$work/found.$home.$day" || failed=1
	done
done
exit $failed
