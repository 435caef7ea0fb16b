#!/bin/bash
# An officer at a browser, without scripts: an order from request to settlement between two homes in two languages, with a difference and its
# resolution; then every page that links lead to, narrow and wide, in both languages. Pictures are kept under build/.
here=$(dirname "$0")
if ! command -v chromium >/dev/null || [ ! -d "$here/../../node_modules/playwright-core" ]; then
	echo "1..0 # SKIP needs chromium and the npm packages; tools/install-deps test installs them"
	exit 0
fi
. "$here/homes.sh"
web_homes
quiet gb statement import "$top/data/statement-2015.json"
quiet sync_pipe
serve gb
gb_address=$address
serve jp
jp_address=$address
serve new
export WARIFU work now code
PICTURES="$(dirname "${BUILD:-$top/build/test}")/pictures" node --no-warnings "$here/browser.mjs" "$gb_address" "$jp_address" "$address"
