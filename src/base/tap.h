/* The test framework: prints TAP, which prove reads. A test program is a main() of these calls that ends with
 * `return tap_done();`. Titles are sentences that an officer could read. */
#ifndef WARIFU_BASE_TAP_H
#define WARIFU_BASE_TAP_H
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failures;

#define tap_ok(condition, title) tap_line((condition), (title), __FILE__, __LINE__)
#define tap_is_int(got, expected, title) tap_int((long long)(got), (long long)(expected), (title), __FILE__, __LINE__)
#define tap_is_text(got, expected, title) tap_text((got), (expected), (title), __FILE__, __LINE__)

static inline bool tap_line(bool good, const char *title, const char *file, int line)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", ++tap_count, title);
	if (!good) {
		tap_failures++;
		printf("# at %s:%d\n", file, line);
	}
	return good;
}

static inline bool tap_int(long long got, long long expected, const char *title, const char *file, int line)
{
	bool good = tap_line(got == expected, title, file, line);
	if (!good) {
		printf("# got %lld, expected %lld\n", got, expected);
	}
	return good;
}

static inline bool tap_text(const char *got, const char *expected, const char *title, const char *file, int line)
{
	bool good = tap_line(got != NULL && strcmp(got, expected) == 0, title, file, line);
	if (!good) {
		printf("# got \"%s\", expected \"%s\"\n", got != NULL ? got : "(nothing)", expected);
	}
	return good;
}

static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}
#endif
