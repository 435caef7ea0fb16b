#!/bin/bash
# Story 10. A bundle arrives damaged: it is refused with its reason, and the half is as it was.
. "$(dirname "$0")/story.sh"
two_homes
agree gb "$water"
issue jp "$order"
bundle jp gb "$work/sealed.bundle"
bundle jp gb "$work/plain.bundle" --plain
bundle jp gb "$work/lines.txt" --text
before=$(half gb)
damaged=$work/damaged

# Reads the damaged bundle; what is not refused as bad input, with a reason, is counted and told.
expect_refusal() { # WHAT
	try gb bundle read "$damaged"
	if [ $status -ne 3 ] || [ ! -s "$work/err" ]; then
		missed=$((missed + 1))
		echo "# $1: ended with $status: $(said)"
	fi
}

# FILE: places all over it, its first and last bytes among them.
places() {
	local length
	length=$(wc -c <"$1")
	echo 0 1 7 8 9 10 $((length - 33)) $((length - 2)) $((length - 1))
	seq 16 $((length / 16)) $((length - 34))
}

turn_bit() { # FILE BYTE BIT
	local byte
	byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
	printf '%b' "\\x$(printf '%02x' $((byte ^ (1 << $3))))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

for kind in sealed plain; do
	missed=0
	for byte in $(places "$work/$kind.bundle"); do
		head -c "$byte" "$work/$kind.bundle" >"$damaged"
		expect_refusal "cut after $byte bytes"
	done
	is "a $kind bundle that was cut is refused, wherever it was cut" $missed 0
	missed=0
	for byte in $(places "$work/$kind.bundle"); do
		cp "$work/$kind.bundle" "$damaged"
		turn_bit "$damaged" "$byte" $((byte % 8))
		expect_refusal "bit $((byte % 8)) of byte $byte turned"
	done
	is "a $kind bundle with one bit turned is refused, whichever it was" $missed 0
done
is "none of them changed anything" "$(half gb)" "$before"

sed '/^WF 3\//d' "$work/lines.txt" >"$damaged"
harmless 3 "of a bundle sent as lines of text, the line that is missing is named" "line 3" gb bundle read "$damaged"
sed '/^WF 3\//s/\(WF 3[0-9/]* ....\)./\1=/' "$work/lines.txt" >"$damaged"
harmless 3 "and the one that was misread" "line 3" gb bundle read "$damaged"

sed 's/^/> /' "$work/lines.txt" | tac | tr '[:upper:]' '[:lower:]' >"$damaged"
must gb bundle read "$damaged"
is "the same lines whole are read, though quoted, in small letters and in the wrong order" "$(state_of gb "$part")" issued
exchange gb jp
both_match "and both halves match"
done_testing
