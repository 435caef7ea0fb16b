#!/bin/sh
# The runner of the tests counts what ran, and a failure of any kind turns it red.
. "$(dirname "$0")/lib.sh"
run="$top/tools/run-tests"
cd "$tree" || exit 1

program() { # program NAME: a test program from standard input
	{
		echo '#!/bin/sh'
		cat
	} >"$tree/$1"
	chmod +x "$tree/$1"
}
last_line() { # last_line WORDS PROGRAM...: the runner's last line is WORDS; passes on the runner's status
	words=$1
	shift
	"$run" "$@" >"$tree/log" 2>&1
	status=$?
	cat "$tree/log"
	[ "$(tail -n 1 "$tree/log")" = "$words" ] || {
		echo "another last line"
		return 99
	}
	echo "the last line is as wanted"
	return $status
}
wanted="the last line is as wanted"

printf 'echo "ok 1 - a"\necho "ok 2 - b"\necho "1..2"\n' | program good
cp good again
printf 'echo "ok 1 - a"\necho "not ok 2 - b"\necho "1..2"\nexit 1\n' | program bad
printf 'echo "1..3"\necho "ok 1 - a"\n' | program cut
printf 'echo "ok 1 - a"\necho "1..1"\nexit 3\n' | program dies
printf 'echo "1..0 # SKIP no such tool"\n' | program skips
printf 'exit 0\n' | program silent

green "tests that pass are counted" last_line "4 passed, 0 failed" ./good ./again
red "a test that fails is counted" "$wanted" last_line "3 passed, 1 failed" ./good ./bad
red "a program that stops before its plan is a failure" "$wanted" last_line "1 passed, 1 failed" ./cut
red "a program that dies after its last test is a failure" "$wanted" last_line "1 passed, 1 failed" ./dies
green "a skipped program is counted as skipped" last_line "2 passed, 0 failed, 1 skipped" ./good ./skips
red "a program without a word is a failure" "$wanted" last_line "0 passed, 1 failed" ./silent
red "a run of nothing is a failure" "$wanted" last_line "0 passed, 0 failed"
printf 'while :; do :; done\n' | program hangs
export TEST_LIMIT_SECONDS=1
red "a program that hangs is ended" "$wanted" last_line "0 passed, 1 failed" ./hangs
done_testing
