#!/bin/bash
# What `make demo` serves: both addresses answer, one logs in as README says, the statement and the fifteen orders are there; then every page
# that links lead to, an order of each state, in English on the one half and in Japanese on the other, wide and narrow. `make browse`
# (EVERY=1) looks at each address instead, in both languages. The demo is played by the program as it is released.
here=$(dirname "$0")
if ! command -v chromium >/dev/null || [ ! -d "$here/../../node_modules/playwright-core" ]; then
	echo "1..0 # SKIP needs chromium and the npm packages; tools/install-deps test installs them"
	exit 0
fi
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
demo=
end() {
	[ -z "$demo" ] || kill "$demo" 2>/dev/null
	wait
	rm -rf "$work"
}
trap end EXIT
port=$(python3 - <<'END'
import random, socket
def free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
while True:
    first = random.randrange(20000, 32000)
    if all(free(first + more) for more in (0, 1, 10, 11)):
        print(first)
        break
END
)
program=${B:-$top/build}/warifu
[ -x "$program" ] || program=$WARIFU
DEMO_SERVE=1 DEMO_PORT=$port WARIFU=$(realpath "$program") "$top/tests/demo/demo.sh" "$work/demo" >"$work/said" 2>"$work/wrong" &
demo=$!
touch "$work/said"
until grep -q 'Ctrl-C ends them' "$work/said"; do
	kill -0 "$demo" 2>/dev/null || { sed 's/^/# /' "$work/said" "$work/wrong"; echo "Bail out! the demo ended"; exit 1; }
	read -rt 0.2 <> <(:)
done
PICTURES="${PICTURES:-${B:-$top/build}/pictures/demo}" SAID="$work/said" DEMO="$work/demo" PROGRAM="$program" node --no-warnings "$here/demo.mjs"
