# Sourced by stories: two homes, GB and JP, in a folder of their own, under a rehearsal tally, with light keys; acts with a story's own
# clock; exchange by pipe and by bundle; and TAP. A story reads:
#
#	. "$(dirname "$0")/lib.sh"
#	open_homes
#	desk gb 7 orderer,receiver 'Logistics officer'
#	desk jp 2 issuer,claims 'Supply officer'
#	at 2013-11-26T09:00:00Z
#	gb support request --supplier JP ... && order=$(number)
#	sync_pipe
#	ok "JP offers" jp support offer "$order" --utc-offset-minutes 540
#	done_testing
# shellcheck shell=sh
set -u
# shellcheck disable=SC2034 # for the stories
top=$(cd "$(dirname "$0")/../.." && pwd)
WARIFU=${WARIFU:-$top/build/warifu}
case $WARIFU in /*) ;; *) WARIFU=$(pwd)/$WARIFU ;; esac
if [ -z "${work:-}" ]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
fi
# Commands that end at once are not searched for leaks, which takes a fifth of their time; unit tests and servers are.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
export WARIFU_STATE="$work/state" WARIFU_PASSPHRASE=rehearsal LC_ALL=C.UTF-8
unset WARIFU_HOME WARIFU_DESK
agreement=${agreement:-$top/data/agreement-gb-jp-rehearsal.json}
now=2013-11-20T00:00:00Z
gb_desk='' jp_desk=''
count=0

# --- the story's clock and the two sides -------------------------------------------------------------------------------------------

at() { now=$1; }                     # at TIME: what follows happens then

# gb ARGS, jp ARGS: an act of one side. What it printed is kept for number, value and said.
side() { # side HOME DESK ARGS...
	side_home=$1 side_desk=$2
	shift 2
	if [ -n "$side_desk" ]; then
		set -- --desk "$side_desk" "$@"
	fi
	"$WARIFU" --home "$work/$side_home" --now "$now" "$@" >"$work/out" 2>"$work/err"
	side_status=$?
	cat "$work/out"
	cat "$work/err" >&2
	return $side_status
}
gb() { side gb "$gb_desk" "$@"; }
jp() { side jp "$jp_desk" "$@"; }
gb_as() { gb_desk=$1; }              # gb_as 7: desk 7 signs from here on
jp_as() { jp_desk=$1; }

number() { sed -n '1s/ .*//p' "$work/out"; }   # number of the part that the last act concerned
said() { cat "$work/out" "$work/err"; }        # all that the last act said
# value NAME: of a text or number in the last act's JSON
value() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' "$work/out" | head -n 1; }

# --- setting up ------------------------------------------------------------------------------------------------------------------

open_homes() {
	gb_desk='' jp_desk=''
	for party in GB JP; do
		home=$(echo "$party" | tr '[:upper:]' '[:lower:]')
		quiet "$WARIFU" --home "$work/$home" init --party "$party"
		quiet "$WARIFU" --home "$work/$home" party new --strength light
	done
	quiet "$WARIFU" --home "$work/jp" party export -o "$work/jp.party"
	quiet "$WARIFU" --home "$work/gb" --now "$now" tally propose --agreement "$agreement" --with "$work/jp.party" --rehearsal \
		-o "$work/opening.tally"
	quiet "$WARIFU" --home "$work/jp" --now "$now" tally accept "$work/opening.tally" --yes
}

# desk HOME NUMBER ROLES POST [LIMIT...]: asked for and granted by the root; the home signs with it from here on.
desk() {
	desk_home=$1 desk_number=$2 desk_roles=$3 desk_post=$4
	shift 4
	if [ $# -eq 0 ]; then
		set -- GBP=100,000,000.00 JPY=10,000,000,000 USD=100,000,000.00
	fi
	desk_limits=''
	for limit in "$@"; do
		desk_limits="$desk_limits --limit $limit"
	done
	# shellcheck disable=SC2086 # limits hold no blanks
	quiet "$WARIFU" --home "$work/$desk_home" --now "$now" desk request --officer "$desk_home.officer.$desk_number" \
		--post "$desk_post" --roles "$desk_roles" $desk_limits --strength light -o "$work/desk.txt"
	quiet "$WARIFU" --home "$work/$desk_home" --now "$now" desk grant "$work/desk.txt" --number "$desk_number" --yes
	case $desk_home in gb) gb_desk=$desk_number ;; jp) jp_desk=$desk_number ;; esac
}

quiet() { # quiet COMMAND...: the story cannot go on without it
	if ! "$@" >"$work/quiet" 2>&1; then
		sed 's/^/# /' "$work/quiet"
		echo "Bail out! $*"
		exit 1
	fi
}

# --- exchanging --------------------------------------------------------------------------------------------------------------------

# Over a pipe, as over ssh; GB calls.
sync_pipe() {
	"$WARIFU" --home "$work/gb" --now "$now" sync "'$WARIFU' --home '$work/jp' --now $now sync --stdio" >"$work/out" 2>"$work/err"
	sync_status=$?
	cat "$work/out"
	cat "$work/err" >&2
	return $sync_status
}
# carry FROM TO: one bundle, by hand.
carry() {
	to_party=$(echo "$2" | tr '[:lower:]' '[:upper:]')
	"$WARIFU" --home "$work/$1" --now "$now" bundle write --for "$to_party" -o "$work/$1-$2.bundle" >"$work/out" 2>"$work/err" &&
		"$WARIFU" --home "$work/$2" --now "$now" bundle read "$work/$1-$2.bundle" >>"$work/out" 2>>"$work/err"
	carry_status=$?
	cat "$work/out"
	cat "$work/err" >&2
	return $carry_status
}
digest() { "$WARIFU" --home "$work/$1" digest --json | sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p'; }   # digest HOME

# --- TAP ---------------------------------------------------------------------------------------------------------------------------

report() { # report STATUS TITLE: one line of TAP, and what was said when it is not ok
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' "$work/tap"
	fi
}
ok() { # ok TITLE COMMAND...: it succeeds
	title=$1
	shift
	"$@" >"$work/tap" 2>&1
	report $? "$title"
}
exits() { # exits STATUS TITLE WORDS COMMAND...: it ends with that status and says the words
	wanted=$1 title=$2 words=$3
	shift 3
	"$@" >"$work/tap" 2>&1
	got=$?
	[ "$got" -eq "$wanted" ] && grep -qF -e "$words" "$work/tap"
	good=$?
	echo "exit $got" >>"$work/tap"
	report "$good" "$title"
}
refused() { exits 1 "$@"; }          # refused TITLE WORDS COMMAND...
is() { # is TITLE GOT EXPECTED
	printf 'got:      %s\nexpected: %s\n' "$2" "$3" >"$work/tap"
	[ "$2" = "$3" ]
	report $? "$1"
}
says() { # says TITLE WORDS: the last act of a side said so
	said >"$work/tap"
	grep -qF -e "$2" "$work/tap"
	report $? "$1"
}
halves_match() { is "${1:-both halves have one digest}" "$(digest gb)" "$(digest jp)"; }
done_testing() { echo "1..$count"; }
