#!/bin/sh
# The gate of sizes goes red for a long function in each language and for a long file, and is green on this tree.
. "$(dirname "$0")/lib.sh"
gate="$top/tools/gate-size"

lines() { # lines COUNT TEXT
	i=0
	while [ "$i" -lt "$1" ]; do
		echo "$2"
		i=$((i + 1))
	done
}
c_function() { # c_function LENGTH: one function of that many lines
	printf 'static int f(void)\n{\n'
	lines $(($1 - 4)) '	x += 1; /* } */'
	printf '	return 0;\n}\n'
}

green "this tree keeps its sizes" "$gate" "$top"
c_function 70 | plant src/base/a.c
green "a function of 70 lines passes" "$gate" "$tree"
c_function 71 | plant src/base/a.c
red "a function of 71 lines is refused" "f has 71 lines" "$gate" "$tree"
{
	printf '#define BRACE {\nstruct s { int a; };\nstatic const char *t[] = {\n'
	lines 100 '	"}",'
	printf '};\n'
	c_function 20
} | plant src/base/a.c
green "a long table is no function" "$gate" "$tree"
{
	printf 'int g(int a,\n    int b) {\n'
	lines 80 '	a += b;'
	printf '}\n'
} | plant src/base/a.c
red "a function whose brace stands behind its name is seen" "g has 83 lines" "$gate" "$tree"
lines 901 'int f(void);' | plant src/base/a.c
red "a file of 901 lines is refused" "901 lines; at most 900" "$gate" "$tree"
lines 900 'int f(void);' | plant src/base/a.c
green "a file of 900 lines passes" "$gate" "$tree"
{
	echo 'def f():'
	lines 70 '    x = 1'
} | plant tests/vectors/a.py
red "a long function in Python is refused" "f has 71 lines" "$gate" "$tree"
rm "$tree/tests/vectors/a.py"
{
	printf '#!/bin/sh\nf() {\n'
	lines 69 '	true'
	echo '}'
} | plant tools/a
red "a long function in a shell script is refused" "f has 71 lines" "$gate" "$tree"
{
	printf '#!/bin/sh\ng() { true; }\n'
	lines 80 'true'
	printf 'f() {\n\ttrue\n}\n'
} | plant tools/a
green "a function of one line ends on it" "$gate" "$tree"
rm "$tree/tools/a"
{
	echo 'async function f(a) {'
	lines 69 '  a();'
	echo '}'
} | plant tests/web/a.js
red "a long function in a script of a page is refused" "f has 71 lines" "$gate" "$tree"
rm "$tree/tests/web/a.js"
c_function 80 | plant src/base/a.c
echo 'size src/base/a.c f the table of states reads best in one piece' | plant tools/known-exceptions
green "a known exception passes" "$gate" "$tree"
c_function 8 | plant src/base/a.c
red "a known exception that nothing needs is refused" "no longer needed" "$gate" "$tree"
done_testing
