#!/bin/bash
# A link that breaks, or leads to nobody: what came is kept, what is missing comes next time, and both halves stay sound.
. "$(dirname "$0")/story.sh"
two_homes
agree gb "$diesel"
answer="'$WARIFU' --home '$work/jp' --now $now sync --stdio"

for day in 1 2 3 4 5 6 7 8 9 10 11 12; do
	issue jp "$order" --line "line=1 quantity=$day"
	move gb note "$order" --remarks "day $day: $(head -c 600 /dev/urandom | base64 -w 0)"
done

# Links of so many bytes, each passed on as it comes (dd keeps none back), and no shell behind them that would hold the far end open.
# shellcheck disable=SC2016 # the script expands it
printf '#!/bin/bash\nexec dd bs=1 count="$1" status=none < <(%s)\n' "$answer" >"$work/from-japan"
# shellcheck disable=SC2016
printf '#!/bin/bash\nexec %s < <(dd bs=1 count="$1" status=none)\n' "$answer" >"$work/to-japan"
chmod +x "$work/from-japan" "$work/to-japan"

# Bytes from Japan end after so many: at first within the greeting, then within what follows.
unfinished=0
for bytes in 0 1 40 300 600 700 900 1200; do
	try gb sync "exec '$work/from-japan' $bytes"
	case $status in 3 | 4 | 6) unfinished=$((unfinished + 1)) ;; *) echo "# cut after $bytes bytes: ended with $status: $(said)" ;; esac
done
is "a link cut at any byte is said to have been cut" $unfinished 8
for bytes in 0 60 500 2000 6000; do
	try gb sync "exec '$work/to-japan' $bytes"
	[ $status -ne 0 ] || echo "# cut after $bytes bytes of ours: nothing was said"
done
for home in gb jp; do
	try $home doctor
	is "$home: the half is sound after all these cuts" $status 0
done
exchange gb jp
is "the next sync brings the rest" "$(state_of gb "$part") $(value complete)" "issued true"
both_match "and both halves match"

harmless 4 "a command that is not there is said to be missing" "no-such-program" gb sync "no-such-program --stdio"
harmless 6 "one that ends at once has exchanged nothing" "" gb sync "true"
harmless 3 "one that talks of other things is no partner" "" gb sync "echo 'Welcome to liaison.example, please log in'; cat >/dev/null"
harmless 3 "nor one that sends zeros without end" "" gb sync "cat /dev/zero"
done_testing
