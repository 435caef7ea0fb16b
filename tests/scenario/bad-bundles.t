#!/bin/bash
# Bundles that bring nothing, or not yet: each says why, and the half stays as it was. (Cut and altered ones: 10-broken-bundle.t.)
. "$(dirname "$0")/story.sh"
two_homes
second_home gb2 gb 5 "HMS Daring"
agree gb "$diesel"
exchange gb2 gb --with GB
issue jp "$order" --line 'line=1 quantity=100'
bundle jp gb "$work/first.bundle"
bundle jp gb "$work/plain.bundle" --plain

# HMS Daring reads the first bundle and acknowledges it, so that Japan's next one begins behind it; HMS Illustrious has not had it yet.
must gb2 bundle read "$work/first.bundle"
exchange gb2 jp
issue jp "$order" --line 'line=1 quantity=200'
later=$part
bundle jp gb "$work/second.bundle"
mine=$work

# Strangers: two homes of the same names, with keys and a tally of their own.
in_world "$(mktemp -d)"
worlds+=("$work")
two_homes
agree gb "$water"
issue jp "$order"
bundle jp gb "$mine/stranger.bundle"
bundle jp gb "$mine/stranger-plain.bundle" --plain
in_world "$mine"

cat "$work/first.bundle" "$work/first.bundle" >"$work/doubled.bundle"
harmless 3 "a bundle with itself behind it is refused" "bundle" gb bundle read "$work/doubled.bundle"
harmless 3 "one that is sealed for the other side is not ours to open" "bundle" jp bundle read "$work/first.bundle"
harmless 3 "a plain one that is for the other side is refused" "another party" jp bundle read "$work/plain.bundle"
harmless 3 "one of a stranger, sealed to keys that nobody has here, is refused" "bundle" gb bundle read "$work/stranger.bundle"
harmless 3 "one of a tally that is not here is refused" "tally" gb bundle read "$work/stranger-plain.bundle"
harmless 3 "one that begins behind what has arrived is refused, and says what is missing" "begin" gb bundle read "$work/second.bundle"
printf 'dear colleague, the bundle follows by separate mail' >"$work/letter.bundle"
harmless 3 "a letter is no bundle" "bundle" gb bundle read "$work/letter.bundle"
: >"$work/empty.bundle"
harmless 3 "nor is an empty file" "bundle" gb bundle read "$work/empty.bundle"
harmless 4 "nor is a folder" "state" gb bundle read "$work/state"
harmless 4 "nor what is not there" "nowhere" gb bundle read "$work/nowhere.bundle"

# --- large ones -----------------------------------------------------------------------------------------------------------

# PROGRAM's memory is limited below the size of the file, where the sanitizers, which reserve much more than they use, leave it room.
limited() {
	case ${BUILD:-} in */test) ;; *) ulimit -v 400000 ;; esac
	harmless "$@"
}
truncate -s 1G "$work/zeros.bundle"
(limited 3 "a file of 1 GiB of zeros is refused, and not taken into memory" "bundle" gb bundle read "$work/zeros.bundle")
count=$((count + 1))
truncate -s 200M "$work/zeros.bundle"
printf 'WARIFUB1' | dd of="$work/zeros.bundle" conv=notrunc status=none
harmless 3 "nor is one that begins like a bundle" "bundle" gb bundle read "$work/zeros.bundle"

# A frame of a few bytes that would unfold to 1 TiB, in a bundle that is sound but for its signature.
python3 - "$work/plain.bundle" "$work/bomb.bundle" <<'END'
import hashlib
import sys

content = open(sys.argv[1], "rb").read()[8:-32]


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def messages(data):
    at = 0
    while at < len(data):
        kind, at, size, shift = data[at], at + 1, 0, 0
        while True:
            byte = data[at]
            size |= (byte & 127) << shift
            at, shift = at + 1, shift + 7
            if byte < 128:
                break
        yield kind, data[at:at + size]
        at += size


# zstd without its magic number: one segment, content size in 8 bytes, then blocks of one byte repeated 128 KiB times
blocks = b"".join(((131072 << 3) | 2 | (i == 999)).to_bytes(3, "little") + b"\0" for i in range(1000))
bomb = bytes([1]) + varint(1) + varint(0) + b"\xe0" + (1 << 40).to_bytes(8, "little") + blocks + bytes(64)
out = b""
for kind, body in messages(content):
    if kind == 4:
        body = bomb
    out += bytes([kind]) + varint(len(body)) + body
data = b"WARIFUB1" + out
open(sys.argv[2], "wb").write(data + hashlib.sha256(data).digest())
END
(limited 3 "a frame that would unfold to 1 TiB is refused before it unfolds" "bundle" gb bundle read "$work/bomb.bundle")
count=$((count + 1))

# --- in order after all -------------------------------------------------------------------------------------------------

must gb bundle read "$work/first.bundle"
harmless 3 "a bundle read again brings nothing" "here already" gb bundle read "$work/first.bundle"
must gb bundle read "$work/second.bundle"
is "the one that came too early is read when the one before it has come" "$(state_of gb "$later")" issued

# A partner whose clock is wrong, or who lies about the time: it is on record, and harms nobody.
exchange gb jp
at 2014-12-31T00:00:00Z
issue jp "$order" --line 'line=1 quantity=7'
bundle jp gb "$work/future.bundle"
at 2013-11-20T00:00:00Z
must gb bundle read "$work/future.bundle"
is "an entry that claims a time in the future is read, with the time that it claims" "$(state_of gb "$part")" issued
exchange gb jp
both_match "and both halves match"
done_testing
