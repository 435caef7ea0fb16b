#!/bin/bash
# The form of a move as it is seen: its fields on the first screen, one button at the end, and Enter that sends; wide and narrow.
here=$(dirname "$0")
if ! command -v chromium >/dev/null || [ ! -d "$here/../../node_modules/playwright-core" ]; then
	echo "1..0 # SKIP needs chromium and the npm packages; tools/install-deps test installs them"
	exit 0
fi
. "$here/homes.sh"
web_homes
jp support request --supplier GB --activity 1b --place Tacloban --deliver-on 2013-11-26 --charter --line "line=1 category=water kind=supply
	description_en=Water quantity=50 unit=LTR unit_price_minor=30 currency=JPY price_basis=own_forces settlement=cash" >/dev/null 2>&1
order=$(number)
quiet sync_pipe
quiet gb support offer "$order" --utc-offset-minutes 540
quiet sync_pipe
quiet jp support accept "$order"
quiet sync_pipe
quiet gb support issue "$order" --delivered-at 2013-11-19T23:00:00Z --utc-offset-minutes 540 --place Tacloban
quiet sync_pipe
quiet jp --desk 2 support receipt "$order/I01.1"
quiet sync_pipe
serve gb
export WARIFU work now
PICTURES="$(dirname "${BUILD:-$top/build/test}")/pictures" node --no-warnings "$here/forms.mjs" "$address" "$order"
