#!/bin/bash
# Every file and function that ARCHITECTURE.md names is there, each function in the file that it is said to be in.
# shellcheck disable=SC2016 # the backquotes are those of Markdown
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
count=0
report() { # STATUS TITLE
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}
# Where `name()` is not followed by "in `file`", any file of src/ may define it.
text=$(tr '\n' ' ' <"$top/ARCHITECTURE.md" | tr -s ' ')
while read -r name file; do
	case $file in
	*/) grep -rqE "^[a-z].*\b$name\(" "$top/$file" ;;
	*) grep -qE "^[a-z].*\b$name\(" "$top/$file" 2>/dev/null ;;
	esac
	report $? "$name() is in $file"
done < <(grep -oE '`[a-z_]+\(\)`( in `[^`]+`)?' <<<"$text" | sed -E 's/`([a-z_]+)\(\)`( in `([^`]+)`)?/\1 \3/; s/ $/ src\//' | sort -u)
while read -r file; do
	[ -e "$top/$file" ]
	report $? "$file is there"
done < <(grep -oE '`(src|docs|tools|data)/[A-Za-z0-9_./-]+`' <<<"$text" | tr -d '`' | grep -v NAME | sort -u)
[ "$count" -gt 30 ]
report $? "the text names files and functions"
echo "1..$count"
