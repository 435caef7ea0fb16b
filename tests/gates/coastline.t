#!/bin/sh
# The coastline of the maps is made of npm packages when the program is built: the same bytes each time, no more than the program has room for; where
# it cannot be made, what is said tells what to do. Where there is land and where sea src/core/coast_test.c looks at.
. "$(dirname "$0")/lib.sh"
if ! command -v node >/dev/null || [ ! -d "$top/node_modules/world-atlas" ]; then
	echo "1..0 # SKIP needs node and the npm packages; tools/install-deps build installs them"
	exit 0
fi

node "$top/tools/coastline.mjs" >"$tree/one"
node "$top/tools/coastline.mjs" >"$tree/other"
green "the coastline is made" test -s "$tree/one"
green "it is the same bytes each time" cmp "$tree/one" "$tree/other"
green "at most 60,000 bytes" test "$(wc -c <"$tree/one")" -le 60000
green "no map of countries is asked for: those draw borders that are in dispute" sh -c "! grep -n 'countries-' '$top/tools/coastline.mjs'"

mkdir "$tree/tools"
cp "$top/tools/coastline.mjs" "$tree/tools/"
red "without the npm packages it says how to get them" "tools/install-deps build" node "$tree/tools/coastline.mjs"
mkdir -p "$tree/node_modules/world-atlas" "$tree/node_modules/topojson-client"
cp -r "$top/node_modules/topojson-client" "$top/node_modules/commander" "$tree/node_modules/"
echo '{"type":"Topology","arcs":[],"objects":{"land":{"type":"MultiPolygon","arcs":[' >"$tree/node_modules/world-atlas/land-50m.json"
red "nor does it take a file that was cut off" "tools/install-deps build" node "$tree/tools/coastline.mjs"

made=$tree/b/assets/coastline.bin
green "make takes one that was made elsewhere" make -s -C "$top" B="$tree/b" COASTLINE="$tree/one" "$made"
green "as it is" cmp "$tree/one" "$made"
mkdir "$tree/bin"
ln -s /usr/bin/* "$tree/bin/"
rm -f "$tree/bin/node" "$tree/bin/nodejs" "$made"
red "make without node says what to do" "make COASTLINE=FILE" env PATH="$tree/bin" make -s -C "$top" B="$tree/b" "$made"
green "and leaves nothing half made" test ! -e "$made"
done_testing
