#!/bin/bash
# The guided rehearsal, played to its end as it tells a learner to.
. "$(dirname "$0")/../scenario/lib.sh"
cd "$work" || exit 1
practise() {
	local ended=0
	"$WARIFU" practise "$@" >"$work/out" 2>"$work/err" || ended=$?
	cat "$work/out" "$work/err"
	return $ended
}
field() { sed -n "s/.*\"$1\":\(\"[^\"]*\"\|[a-z0-9]*\).*/\1/p" "$work/out" | tr -d '"'; }

ok "a practice begins where none is" practise
says "with a word that nothing is owed" "REHEARSAL - NOTHING HERE IS OWED"
says "and the first task" "1/6  Request"
ok "asked again before it is done" practise
says "it says so and shows the task once more" "Not done yet"
ok "in Japanese too" practise --lang ja
says "with the task's title" "1/6  要請"

for task in 1 2 3 4 5 6; do
	ok "task $task" practise --json
	is "is task $task of six" "$(field task)" $task
	# A command holds quotes: it is read by the program's own JSON, not by sed.
	command=$(python3 -c 'import json, sys; print(json.loads(sys.stdin.read())["command"])' <"$work/out")
	if [ $task = 4 ]; then
		ok "the paying office approves first" practice/gb --desk 3 support approve GB-01-0001/C01.1
	fi
	ok "what it says can be typed" bash -c "$command"
	ok "and the play goes on" practise
	says "the task is done" "Done."
done
ok "at the end" practise --json
is "it is finished" "$(field finished)" true
mkdir other
exits 2 "a folder that is somebody else's is left alone" "name another folder" practise other
done_testing
