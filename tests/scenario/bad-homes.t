#!/bin/bash
# What can be wrong with a machine: a full disk, a second program, a copy, a forgotten passphrase, an old terminal. Nothing is lost.
. "$(dirname "$0")/story.sh"
two_homes
agree gb "$diesel"
note=(gb support note "$order" --remarks)

# --- the disk is full ---------------------------------------------------------------------------------------------------

# The British home is moved to a small disk of its own. Without the right to mount one, a limit on the size of files does.
small=$work/small
mkdir "$small"
before=$(half gb)
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=8m tmpfs "$small" 2>/dev/null; then
	trap 'umount "$small"; rm -rf "${worlds[@]}"' EXIT
	cp -a "$work/gb" "$small/gb"
	mv "$work/gb" "$work/gb.large"
	ln -s "$small/gb" "$work/gb"
	head -c 8M /dev/zero >"$small/filler" 2>/dev/null
	try "${note[@]}" "no room for this"
	rm "$small/filler"
else
	trap '' XFSZ
	status=$(ulimit -f 16 && try "${note[@]}" "no room for this" && echo "$status")
	trap - XFSZ
fi
is "a move is not made when the disk is full" "$status" 4
says "the disk is named as the reason" "disk"
is "and the half is as it was" "$(half gb)" "$before"
must "${note[@]}" "there is room again"
if mountpoint -q "$small"; then
	rm "$work/gb"
	cp -a "$small/gb" "$work/gb"
	umount "$small"
	trap 'rm -rf "${worlds[@]}"' EXIT
fi
exchange gb jp
both_match "with room again it is made, and the halves match"

# --- another program ----------------------------------------------------------------------------------------------------

exec 9>>"$work/gb/lock"
flock 9
harmless 4 "a home in which another program writes is not written to" "in use by process" "${note[@]}" "at the same time"
exec 9>&-
try "${note[@]}" "afterwards"
is "when that program has ended it is written to again" $status 0

# --- copies -------------------------------------------------------------------------------------------------------------

cp -a "$work/gb" "$work/gb2"
must "${note[@]}" "after the backup was made"
exchange gb jp
mv "$work/gb" "$work/gb.now"
mv "$work/gb2" "$work/gb"
harmless 4 "a home restored from a backup is read-only, and says how to go on" "adopt" "${note[@]}" "written twice"
mv "$work/gb" "$work/gb2"
mv "$work/gb.now" "$work/gb"

touch "$work/gb/backup"
harmless 4 "a copy that is marked as a backup is read-only" "backup" "${note[@]}" "x"
rm "$work/gb/backup"
WARIFU_MACHINE=elsewhere harmless 4 "so is one that was carried to another machine" "machine" "${note[@]}" "x"
mv "$work/state" "$work/state.away"
harmless 4 "and one of which this machine has never heard" "incarnation" "${note[@]}" "x"
rm -rf "$work/state"
mv "$work/state.away" "$work/state"
try "${note[@]}" "it is the home itself"
is "the home itself goes on" $status 0

# The way out: the restored home gives up its keys, and goes on beside the other with new ones.
must gb2 home adopt --yes
must gb2 home request --label "restored home" --strength light -o "$work/card"
must gb home grant "$work/card" --yes
must gb2 desk request --officer gb.officer.1 --post "Field officer" --roles "$field_roles" --strength light -o "$work/card"
must gb desk grant "$work/card" --number 4 --yes
exchange gb jp
exchange gb2 gb --with GB
gb_as 4
must gb2 support note "$order" --remarks "from the restored home, with a new desk"
gb_as 1
exchange gb2 gb --with GB
exchange gb jp
both_match "with new keys the restored home goes on, and the partner gets what it writes"
is "it has all that it had lost" "$(digest gb2)" "$(digest gb)"

# --- passphrases and keys -----------------------------------------------------------------------------------------------

WARIFU_PASSPHRASE=rehersal harmless 4 "with a wrong passphrase nothing is signed" "passphrase" "${note[@]}" "who am I"
printf 'rehearsal\n' >"$work/passphrase"
(unset WARIFU_PASSPHRASE && must gb --passphrase-file "$work/passphrase" support note "$order" --remarks "from a file" && [ "$status" -eq 0 ])
is "the right one may come from a file" $? 0
(unset WARIFU_PASSPHRASE && harmless 4 "where there is nobody to ask, and none is given, it says how to give it" "--passphrase-file" "${note[@]}" "x" </dev/null)
count=$((count + 1))
harmless 2 "a desk that is not here cannot sign" "desk 77" gb --desk 77 support note "$order" --remarks "x"
harmless 2 "with several desks one must be chosen" "--desk" gb --desk "" support note "$order" --remarks "x"
try nowhere log
is "a folder that is no home is said to be none" "$status $(said | grep -c 'there is none')" "4 1"
mkdir "$work/broken"
head -c 100000 /dev/urandom >"$work/broken/store.db"
try broken log
is "a store that is none, too" $status 4

# --- terminals ----------------------------------------------------------------------------------------------------------

request gb "${water/description_en=Water/description_en=Water description_ja=飲料水}"
asked=$made
plain() { LC_ALL=$1 "$WARIFU" --home "$work/gb" --now "$now" "${@:2}" 2>&1; }
ok "a terminal without UTF-8 shows plain letters only" test -z "$(plain C support show "$asked" | LC_ALL=C tr -d '\000-\177')"
ok "what it cannot show it shows by number" grep -qF '\u{98F2}' <(plain C --lang ja support show "$asked")
ok "one with UTF-8 shows it as it was typed" grep -qF '飲料水' <(plain C.UTF-8 --lang ja support show "$asked")
ok "and the half is the same in any language" test "$(plain C --json digest)" = "$(plain ja_JP.UTF-8 --json digest)"
done_testing
