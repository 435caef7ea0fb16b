#!/bin/bash
# The form of a move as it is seen: its fields on the first screen, one button at the end, and Enter that sends; wide and narrow.
here=$(dirname "$0")
if ! command -v chromium >/dev/null || [ ! -d "$here/../../node_modules/playwright-core" ]; then
	echo "1..0 # SKIP needs chromium and the npm packages; tools/install-deps test installs them"
	exit 0
fi
. "$here/homes.sh"
web_homes
issued jp gb
quiet jp --desk 2 support receipt "$order/I01.1"
quiet sync_pipe
serve gb
export WARIFU work now
PICTURES="$(dirname "${BUILD:-$top/build/test}")/pictures" node --no-warnings "$here/forms.mjs" "$address" "$order"
