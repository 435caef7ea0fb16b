#!/bin/bash
# Two homes on real links (make links): each in a network namespace of its own, between them the kernel's own delays, rates and drops. Needs root; the
# namespaces are its own, and gone when it ends. `make test` has the same over a proxy, which knows nothing of packets.
if [ "$(id -u)" -ne 0 ] || ! command -v tc >/dev/null || ! ip netns list >/dev/null 2>&1; then
	echo "1..0 # SKIP needs root, and ip and tc (iproute2)"
	exit 0
fi
. "$(dirname "$0")/story.sh"
gb_net=warifu-gb-$$ jp_net=warifu-jp-$$
background=()
end_all() {
	kill "${background[@]}" 2>/dev/null
	wait "${background[@]}" 2>/dev/null
	ip netns del "$gb_net" 2>/dev/null
	ip netns del "$jp_net" 2>/dev/null
	rm -rf "$work"
}
trap end_all EXIT

# --- two namespaces and a wire ---------------------------------------------------------------------------------------------

quiet ip netns add "$gb_net"
quiet ip netns add "$jp_net"
quiet ip link add wire netns "$gb_net" type veth peer name wire netns "$jp_net"
for net in "$gb_net" "$jp_net"; do
	quiet ip -n "$net" link set lo up
	quiet ip -n "$net" link set wire up
done
quiet ip -n "$gb_net" address add 10.73.0.1/24 dev wire
quiet ip -n "$jp_net" address add 10.73.0.2/24 dev wire

has_netem=no # not every kernel has it; then there are rates and cuts, and no delays or losses (https.t has those over its proxy)
tc -n "$gb_net" qdisc replace dev wire root netem delay 1ms 2>/dev/null && has_netem=yes
link() { # RATE NETEM-WORDS...: how the wire is from now on, each way
	local net rate=$1
	shift
	for net in "$gb_net" "$jp_net"; do
		if [ $has_netem = yes ]; then
			quiet tc -n "$net" qdisc replace dev wire root netem "$@" rate "$rate" limit 200
		else
			quiet tc -n "$net" qdisc replace dev wire root tbf rate "$rate" burst 1600 latency 30s
		fi
	done
}
skip() { # TITLE
	count=$((count + 1))
	echo "ok $count - $1 # SKIP this kernel has no netem"
}
pause() { read -r -t "$1" <>"$work/never"; } # SECONDS
mkfifo "$work/never"

bytes_of() { ip -n "$gb_net" -s link show wire | awk '/RX:|TX:/ { getline; sum += $1 } END { print sum }'; } # both ways, with TCP and IP
sync_there() { # GB calls JP over the wire
	local before=$SECONDS bytes
	bytes=$(bytes_of)
	status=0
	ip netns exec "$gb_net" "$WARIFU" --home "$work/gb" --now "$now" --json sync https://10.73.0.2:8459 >"$work/out" 2>"$work/err" || status=$?
	echo "# $((SECONDS - before)) s, $(($(bytes_of) - bytes)) bytes on the wire, requests $(value requests), said again $(value again)"
}

two_homes
ip netns exec "$jp_net" "$WARIFU" --home "$work/jp" --now "$now" serve --port 0 --sync 10.73.0.2:8459 >"$work/served" 2>"$work/jp.log" &
background+=($!)
until [ "$(wc -l <"$work/served")" = 2 ]; do
	kill -0 "${background[0]}" 2>/dev/null || give_up "$(cat "$work/jp.log")"
done
must gb address set JP https://10.73.0.2:8459

# --- links ------------------------------------------------------------------------------------------------------------------

request gb "$water"
sync_there
is "over a good wire" "$status $(value complete)" "0 true"

if [ $has_netem = yes ]; then
	link 10mbit delay 300ms
	request gb "$water"
	sync_there
	is "600 ms for a round trip" "$status $(value complete)" "0 true"
	link 1mbit delay 100ms loss 20%
	for _ in 1 2 3; do request gb "$water"; done
	sync_there
	is "one packet of five is lost" "$status $(value complete)" "0 true"
else
	skip "600 ms for a round trip"
	skip "one packet of five is lost"
fi
link 2400bit delay 300ms
request gb "$water"
order=$made
for _ in 1 2 3 4; do move gb note "$order" --remarks "$(head -c 1200 /dev/urandom | base64 -w 0)"; done
sync_there
is "2.4 kbit/s" "$status $(value complete)" "0 true"

# The wire is cut for two of every six seconds, while forty texts, 64 kB, go over 64 kbit/s.
link 64kbit delay 50ms
for _ in {1..40}; do move gb note "$order" --remarks "$(head -c 1200 /dev/urandom | base64 -w 0)"; done
drop() {
	while true; do
		pause 4
		ip -n "$jp_net" link set wire down
		pause 2
		ip -n "$jp_net" link set wire up
	done
}
drop &
dropping=$!
background+=("$dropping")
sync_there
kill $dropping
wait $dropping 2>/dev/null
is "the wire is cut every four seconds, for two" "$status $(value complete)" "0 true"

# The server calls by itself, and the wire is gone for a while.
quiet ip -n "$jp_net" link set wire down
ip netns exec "$gb_net" "$WARIFU" --home "$work/gb" --now "$now" serve --port 0 --sync 10.73.0.1:8459 >"$work/served.gb" 2>"$work/gb.log" &
background+=($!)
until [ "$(wc -l <"$work/served.gb")" = 2 ]; do :; done
for _ in {1..50}; do
	try gb --json support request --supplier JP --activity 1b --urgency relief --place Tacloban --deliver-on "${now%T*}" --charter --line "$water"
	[ $status -eq 4 ] || break
done
made=$(value number)
quiet ip -n "$jp_net" link set wire up
arrived=no
for _ in {1..400}; do
	if "$WARIFU" --home "$work/jp" --now "$now" --json support list | grep -q "\"$made\""; then
		arrived=yes
		break
	fi
	pause 0.2
done
is "when a wire that was gone is back, what waited goes by itself" $arrived yes
kill "${background[@]}" 2>/dev/null
wait "${background[@]}" 2>/dev/null
for home in gb jp; do
	try $home doctor
	is "$home: the half is sound" $status 0
done
both_match "and both halves match"
done_testing
