#!/bin/bash
# What goes on inside a party, in browsers without scripts: a draft to its approval and into the shared tally, notices of claim and the revenue office's
# file, a hand-over; the account, a netting, and a receipt by telephone. Then every page of it, narrow and wide, in both languages.
here=$(dirname "$0")
if ! command -v chromium >/dev/null || [ ! -d "$here/../../node_modules/playwright-core" ]; then
	echo "1..0 # SKIP needs chromium and the npm packages; tools/install-deps test installs them"
	exit 0
fi
. "$here/homes.sh"
web_homes
national_home
serve gb
gb_address=$address
serve jp
export WARIFU work now shared national
PICTURES="$(dirname "${BUILD:-$top/build/test}")/pictures" node --no-warnings "$here/inside.mjs" "$gb_address" "$address"
