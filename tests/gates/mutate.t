#!/bin/sh
# The planter of errors finds every guard and every row of a table, and names what no test catches.
. "$(dirname "$0")/lib.sh"
cd "$tree" || exit 1
unset B

plant src/base/err.h <<'END'
enum status { OK, REFUSED };
enum status err_refuse(const char *rule, const char *text);
#define GUARD(condition, rule, text) do { if (!(condition)) { return err_refuse(rule, text); } } while (0)
#define NULL ((void *)0)
struct state { const char *part_type, *name; int pen; const char *ja, *source; };
struct transition { const char *part_type, *from, *kind, *to; int side; const char *role; int standing; const char *source; };
END
plant src/base/err.c <<'END'
#include "base/err.h"
enum status err_refuse(const char *rule, const char *text) { return rule && text ? REFUSED : REFUSED; }
END
plant src/domain/meal/meal.c <<'END'
#include "base/err.h"
enum { RECEIVER = 1, SUPPLIER };
const struct state states[] = {
	{ "meal", "asked", SUPPLIER, "a, {b", "ours" },
	{ "meal", "eaten", .pen = 0, .ja = "", .source = "ours" },
	{ NULL },
};
const struct transition transitions[] = {
	{ "meal", "asked", "meal.served", "eaten", SUPPLIER, "cook", 0, "ours" },
	{ NULL },
};
enum status meal_check(int plates)
{
	GUARD(plates > 0, "M1", "no plates"); /* GUARD(this, "is", "none") */
	if (plates > 100) {
		return err_refuse("M2", "too many");
	}
	if (plates != 13) {
		return OK;
	}
	return err_refuse("M3", "unlucky");
}
END
test_of_meal() { # test_of_meal CONDITION: the test program of the domain
	plant src/domain/meal/meal_test.c <<END
#include "base/err.h"
int printf(const char *format, ...);
extern const struct state states[];
extern const struct transition transitions[];
enum status meal_check(int plates);
int main(void)
{
	int good = $1;
	printf("%s 1 - meals\n1..1\n", good ? "ok" : "not ok");
	return !good;
}
END
	folder=build/mutate/obj/src/domain/meal
	mkdir -p "$folder" build/mutate/src/domain/meal
	gcc -Isrc -c -o "$folder/meal.o" src/domain/meal/meal.c && gcc -Isrc -c -o "$folder/err.o" src/base/err.c &&
		gcc -Isrc -c -o "$folder/meal_test.o" src/domain/meal/meal_test.c && rm -f build/mutate/libwarifu.a &&
		ar rc build/mutate/libwarifu.a "$folder/meal.o" "$folder/err.o" &&
		gcc -o build/mutate/src/domain/meal/meal_test "$folder/meal_test.o" build/mutate/libwarifu.a
}
mutate() { MUTATE_COMPILE="gcc -Isrc" MUTATE_LINK="" MUTATE_LIBRARIES="" "$top/tools/mutate" "$@"; }

all="meal_check(0) == REFUSED && meal_check(101) == REFUSED && meal_check(13) == REFUSED && meal_check(5) == OK
	&& states[0].pen == 2 && states[1].pen == 0 && transitions[0].side == 2 && transitions[0].role[0] == 'c'"
test_of_meal "$all" || exit 1
mutate --list >list
for name in guard-M1 guard-M2 guard-M3 pen-meal-asked pen-meal-eaten side-meal-asked-meal_served-eaten \
	role-meal-asked-meal_served-eaten; do
	green "finds $name" grep -q ": $name\$" list
done
green "finds nothing else, and none in a comment" test "$(wc -l <list)" -eq 7
green "is content when a test catches each" mutate
for part in "meal_check(0) == REFUSED:guard-M1" "meal_check(101) == REFUSED:guard-M2" "meal_check(13) == REFUSED:guard-M3" \
	"states[0].pen == 2:pen-meal-asked" "transitions[0].side == 2:side-meal-asked"; do
	condition=${part%:*}
	test_of_meal "$(printf '%s' "$all" | tr -d '\n' | sed "s/$(printf '%s' "$condition" | sed 's/[][]/\\&/g')/1/")" || exit 1
	red "names ${part##*:} when no test looks there" "${part##*:}" mutate
done
test_of_meal 0 || exit 1
red "refuses to judge by a test that fails anyway" "fails without any mutant" mutate
done_testing
