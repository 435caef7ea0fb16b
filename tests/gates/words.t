#!/bin/sh
# The gate of words goes red for each kind of word, and is green on this tree. Planted words are put together here from
# two halves, so that this file does not hold them.
. "$(dirname "$0")/lib.sh"
gate="$top/tools/gate-words"

planted() { # planted TITLE PATH TEXT
	rm -rf "$tree"
	printf '%s\n' "$3" | plant "$2"
	red "$1" "$2:1:" "$gate" "$tree"
}
clean() { # clean TITLE PATH TEXT
	rm -rf "$tree"
	printf '%s\n' "$3" | plant "$2"
	green "$1" "$gate" "$tree"
}

green "this tree holds no banned word" "$gate" "$top"
for name in strcpy strcat sprintf gets strtok atoi atol system popen alloca rand localtime; do
	planted "a call of $name is refused" src/base/a.c "x = $name(a);"
done
clean "a call of snprintf passes" src/base/a.c 'n = snprintf(a, 1, "x");'
clean "a banned name in a comment or a string passes" src/base/a.c 'f("strcpy(a)"); /* not strcpy(a, b) */'
clean "a member with a banned name passes" src/base/a.c 'x.system(a); y->popen(b);'
for half in TO:DO FIX:ME XX:X HA:CK; do
	planted "a mark of unfinished work is refused: ${half%:*}.." src/base/a.c "/* ${half%:*}${half#*:} later */"
done
clean "the currency code of no currency passes" src/base/a.c "c = \"XX""X\";"
planted "a mark of unfinished work in a text is refused" docs/a.md "TO""DO: write this"
planted "sleep in a unit test is refused" src/base/a_test.c 'usleep(5);'
planted "sleep in a scenario is refused" tests/scenario/a.t 'sync; sl''eep 1'
planted "sleep in a Python test is refused" tests/vectors/a.py 'time.sl''eep(1)'
# shellcheck disable=SC2016 # planted as it stands
planted "the day of today in a scenario is refused" tests/scenario/a.t 'now=$(da''te +%s)'
clean "sleep in a word passes" tests/scenario/a.t 'echo "the desk sleeps"'
planted "a clock in the fold is refused" src/fold/a.c 't = time(NULL);'
planted "a clock in the command line is refused" src/cli/a.c 'clock_gettime(CLOCK_REALTIME, &t);'
clean "the one clock passes" src/base/time.c 'clock_gettime(CLOCK_REALTIME, &t);'
clean "a benchmark may look at a clock" tests/bench/bench.c 'clock_gettime(CLOCK_MONOTONIC, &t);'
clean "a function of ours that ends in time passes" src/fold/a.c 'stated_time(entry);'
planted "a floating number in a domain is refused" src/domain/support/a.c 'double amount;'
planted "a floating number in the store is refused" src/store/a.h 'float share;'
clean "a floating number on a page passes" src/web/a.c 'double width;'
planted "a path of one machine is refused" tests/demo/demo.sh "cd /wo""rk/main"
clean "the homes that the demo left pass" demo/gb "cd /wo""rk/main"
planted "what a merge left behind is refused" src/web/a.css "<<<<<""<< HEAD"
planted "its end as well" docs/a.md ">>>>>"">> main"
clean "a table's line passes" docs/a.md "======="
planted "a home folder of one machine is refused" docs/a.md "see /ro""ot/notes"
clean "a path that ends in such a word passes" docs/a.md "see docs/wo""rk/list"
planted "the number of a ticket is refused" src/base/a.c "/* see issue"" #3 */"
planted "a numbered sitting is refused" docs/a.md "made in session"" 4"
planted "a folder beside the tree is refused" docs/a.md "see ../sha""red/x"
planted "the host of a registry is refused" package-lock.json "https://registry.npm""js.org/x"

rm -rf "$tree"
echo 'double share;' | plant src/store/a.c
echo 'words src/store/a.c double a library wants it' | plant tools/known-exceptions
green "a known exception passes" "$gate" "$tree"
echo 'int share;' | plant src/store/a.c
red "a known exception that nothing needs is refused" "no longer needed" "$gate" "$tree"
done_testing
