#!/bin/sh
# The gate of the layers goes red for each kind of breach, and is green on this tree.
. "$(dirname "$0")/lib.sh"
gate="$top/tools/gate-layers"

fresh() {
	rm -rf "$tree"
	plant src/base/bytes.h </dev/null
	plant src/base/tap.h </dev/null
	plant src/wire/entry.h </dev/null
	plant src/store/db.h </dev/null
	plant src/sync/session.h </dev/null
	plant src/domain/support/support.h </dev/null
	plant src/domain/support/support_rules.h </dev/null
	plant src/app/app.h </dev/null
	plant src/paper/paper.h </dev/null
	printf '#include "base/bytes.h"\n#include <sodium.h>\n' | plant src/wire/entry.c
	printf '#include "db.h"\n#include "wire/entry.h"\n#include <sqlite3.h>\n' | plant src/store/db.c
}
breach() { # breach TITLE WORDS PATH INCLUDE
	fresh
	printf '/* a file */\n#include %s\n' "$4" | plant "$3"
	red "$1" "$2" "$gate" "$tree"
}

green "this tree keeps its layers" "$gate" "$top"
fresh
green "a tree whose includes all point down is clean" "$gate" "$tree"
breach "base that includes wire is refused" "base includes src/wire/entry.h" src/base/bytes.c '"wire/entry.h"'
breach "wire that includes store is refused" "wire includes src/store/db.h" src/wire/entry.c '"store/db.h"'
breach "the store does not know the sync" "store includes src/sync/session.h" src/store/db.c '"sync/session.h"'
breach "a path that climbs is resolved first" "wire includes src/store/db.h" src/wire/entry.c '"../store/db.h"'
breach "the kernel does not know a domain" "sync includes src/domain/support/support.h" src/sync/session.c \
	'"domain/support/support.h"'
breach "a domain does not see the store" "domain includes src/store/db.h" src/domain/support/support.c '"store/db.h"'
breach "one domain does not see another" "domain study includes" src/domain/study/study.c '"domain/support/support.h"'
breach "the missions see only the public header of support" "domain mission includes" src/domain/mission/mission.c \
	'"domain/support/support_rules.h"'
breach "SQLite is seen by the store alone" "app includes <sqlite3.h>" src/app/app.c '<sqlite3.h>'
breach "libsodium is not seen by the sync" "sync includes <sodium.h>" src/sync/session.c '<sodium.h>'
breach "codes are drawn by one file alone" "<qrencode.h> is for src/paper/code.c, src/web/qr.c alone" src/web/desk.c '<qrencode.h>'
breach "libcurl is seen by the sync alone" "app includes <curl/curl.h>" src/app/app.c '<curl/curl.h>'
breach "cairo is seen by paper alone" "app includes <cairo.h>" src/app/app.c '<cairo.h>'
breach "so is pango" "web includes <pango/pangocairo.h>" src/web/web.c '<pango/pangocairo.h>'
breach "a domain does not print" "domain includes src/paper/paper.h" src/domain/support/support.c '"paper/paper.h"'
breach "paper knows no domain" "paper includes src/domain/support/support.h" src/paper/print.c '"domain/support/support.h"'
breach "paper does not go through app" "paper includes src/app/app.h" src/paper/print.c '"app/app.h"'
breach "the test header is for tests" "is for tests" src/wire/entry.c '"base/tap.h"'
breach "a file outside every layer is refused" "lies in no layer" src/stray/stray.c '"base/bytes.h"'
breach "an include of nothing is refused" "is not a file of src/" src/wire/entry.c '"wire/absent.h"'
breach "the command line goes through app" "cli includes src/store/db.h" src/cli/cli.c '"store/db.h"'

fresh
printf '#include "domain/support/support.h"\n' | plant src/domain/mission/mission.c
green "the missions may see the public header of support" "$gate" "$tree"
printf '#include "base/tap.h"\n#include "wire/entry.h"\n#include "store/db.h"\n' | plant src/sync/session_test.c
green "a test may see the layers below its own" "$gate" "$tree"
printf '#include "app/app.h"\n' | plant src/sync/session_test.c
red "a test does not see a layer above its own" "sync includes src/app/app.h" "$gate" "$tree"
rm "$tree/src/sync/session_test.c"
printf '#include "base/tap.h"\n' | plant src/wire/test_entries.h
green "a header for tests may see the test header" "$gate" "$tree"
printf '#include "wire/test_entries.h"\n' | plant src/wire/entry.c
red "the program does not include a header for tests" "is for tests" "$gate" "$tree"
rm "$tree/src/wire/test_entries.h"
printf '/* #include "store/db.h" */\n' | plant src/wire/entry.c
green "an include inside a comment is none" "$gate" "$tree"

printf '#include "store/db.h"\n' | plant src/wire/entry.c
printf 'layers src/wire/entry.c store/db.h a reason\n' | plant tools/known-exceptions
green "a known exception passes" "$gate" "$tree"
printf '#include "base/bytes.h"\n' | plant src/wire/entry.c
red "a known exception that nothing needs is refused" "no longer needed" "$gate" "$tree"
printf 'layers src/wire/entry.c store/db.h\n' | plant tools/known-exceptions
red "a known exception without a reason is refused" "a reason" "$gate" "$tree"
done_testing
