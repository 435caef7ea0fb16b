#!/bin/bash
# Two offices that serve their pages sync by themselves: a move of one is with the other a moment later, whoever made it and wherever; a partner that was
# away is called again.
. "$(dirname "$0")/story.sh"
servers=()
stop_all() {
	kill "${servers[@]}" 2>/dev/null
	wait "${servers[@]}" 2>/dev/null
	servers=()
}
trap 'stop_all; rm -rf "$work"' EXIT

# serve HOME PORT OPTION...: a server that partners may call
serve() {
	local home=$1 port=$2
	shift 2
	: >"$work/$home.served"
	"$WARIFU" --home "$work/$home" --now "$now" serve --port 0 --sync "127.0.0.1:$port" "$@" >"$work/$home.served" 2>"$work/$home.log" &
	servers+=($!)
	until [ "$(wc -l <"$work/$home.served")" = 2 ]; do
		kill -0 "${servers[-1]}" 2>/dev/null || give_up "$home: $(cat "$work/$home.log")"
	done
	url=$(sed -n 's/^sync //p' "$work/$home.served")
	port_of[$home]=${url##*:}
}
declare -A port_of

# arrives TITLE COMMAND...: it succeeds within so many tries; each takes its time
arrives() {
	local title=$1
	shift
	for _ in {1..300}; do
		if "$@" >"$work/tap" 2>&1; then
			report 0 "$title"
			return
		fi
	done
	tail -n 5 "$work"/*.log >>"$work/tap"
	report 1 "$title"
}
has() { "$WARIFU" --home "$work/$1" --now "$now" --json support list | grep -q "\"$2\""; }
# HOME SUPPORT-ARGUMENTS...: a move by the command line, as soon as the server leaves the home to it
make() {
	for _ in {1..100}; do
		try "$@"
		[ $status -eq 4 ] || break
	done
	[ $status -eq 0 ] || give_up "$*: $(said)"
	made=$(value number)
}
asked=(--json support request --activity 1b --urgency relief --place Tacloban --deliver-on 2013-11-20 --charter --line "$water")
calls() { grep -c 'POST /exchange/' "$work/$1.log"; } # HOME: how often it was asked

two_homes
serve jp 0
must gb address set JP "https://127.0.0.1:${port_of[jp]}"
serve gb 0 --every 3600
make jp address set GB "https://127.0.0.1:${port_of[gb]}"

make gb "${asked[@]}" --supplier JP
arrives "a move in the one home is in the other by itself" has jp "$made"
make jp "${asked[@]}" --supplier GB
arrives "and back, to an address that was kept while the server ran" has gb "$made"
quiet_there() { # nothing more is asked for: two looks, a second and more apart, see the same
	local before now_there
	before=$(calls jp)
	for _ in {1..12}; do has gb "$made" || return 1; done
	now_there=$(calls jp)
	[ "$before" = "$now_there" ]
}
arrives "then both are silent: what a sync brings is no reason for another" quiet_there

# The partner's server ends; a move made meanwhile arrives when it is there again.
kill "${servers[0]}"
wait "${servers[0]}"
is "a server that syncs ends when it is told to" $? 0
make gb "${asked[@]}" --supplier JP
missed=$made
serve jp "${port_of[jp]}"
arrives "a partner that was away is called again" has jp "$missed"

# A call is under way when the server is told to end, and a command is at work in the home all the while: nobody waits for it.
stop_all
if command -v python3 >/dev/null && command -v flock >/dev/null; then
	/usr/bin/python3 -c 'import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
kept = listener.accept()
print("called", flush=True)
listener.accept()' >"$work/deaf" &
	servers+=($!)
	until [ -s "$work/deaf" ]; do :; done
	must gb address set JP "https://127.0.0.1:$(head -n 1 "$work/deaf")"
	serve gb 0
	until grep -q called "$work/deaf"; do kill -0 "${servers[-1]}" 2>/dev/null || give_up "gb: $(cat "$work/gb.log")"; done
	exec 9<>"$work/gb/lock"
	flock 9
	kill "${servers[-1]}"
	ok "a server that is told to end waits for no command that is at work in its home" timeout 60 tail --pid="${servers[-1]}" -f /dev/null
	exec 9>&-
	stop_all
fi

for home in gb jp; do
	try $home doctor
	is "$home: the half is sound" $status 0
done
both_match "and both halves match"
done_testing
