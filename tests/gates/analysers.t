#!/bin/sh
# Each analyser of `make lint` goes red for a planted error of its own kind.
. "$(dirname "$0")/lib.sh"
for tool in clang-tidy clang-format cppcheck shellcheck; do
	if ! command -v "$tool" >/dev/null; then
		echo "1..0 # SKIP $tool is not installed; make lint installs it"
		exit 0
	fi
done
cd "$top" || exit 1
tidy() { clang-tidy --quiet --config-file=.clang-tidy --warnings-as-errors='*' "$1" -- -std=c17; }

plant good.c <<'END'
int sum(const int *items, unsigned count);
int sum(const int *items, unsigned count)
{
	int total = 0;

	for (unsigned i = 0; i < count; i++) {
		total += items[i];
	}
	return total;
}
END
green "good code passes clang-format" tools/lint-format "$tree/good.c"
green "good code passes clang-tidy" tidy "$tree/good.c"
green "good code passes gcc's analyser" tools/lint-analyze "$tree/good.c" -std=c17
green "good code passes cppcheck" tools/lint-cppcheck "$tree/good.c"

plant layout.c <<'END'
int f( int a ) { return a; }
END
red "clang-format refuses another layout" "layout differs" tools/lint-format "$tree/layout.c"

{
	printf 'int f(int a, int b);\nint f(int a, int b)\n{\n'
	for i in 1 2 3 4 5 6 7 8; do
		printf '\tif (a > %d) {\n\t\tif (b > a) {\n\t\t\ta += b;\n\t\t}\n\t}\n' "$i"
	done
	printf '\treturn a;\n}\n'
} | plant complex.c
red "clang-tidy refuses a function that is too complex" "cognitive complexity" tidy "$tree/complex.c"

plant freed.c <<'END'
#include <stdlib.h>
int f(void);
int f(void)
{
	int *p = malloc(sizeof(*p));
	if (p == NULL) {
		return 0;
	}
	*p = 1;
	free(p);
	return *p;
}
END
red "gcc's analyser refuses a use after free" "use-after-free" tools/lint-analyze "$tree/freed.c" -std=c17

plant bounds.c <<'END'
int f(void);
int f(void)
{
	int items[4] = { 0 };
	return items[4];
}
END
red "cppcheck refuses a read past an array" "out of bounds" tools/lint-cppcheck "$tree/bounds.c"

# shellcheck disable=SC2016 # planted as it stands
printf '#!/bin/sh\nrm -rf $1/*\n' | plant script.sh
red "shellcheck refuses an unquoted word" "SC2086" shellcheck "$tree/script.sh"
done_testing
