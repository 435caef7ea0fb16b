/* When a clock ends: arithmetic of days in an offset from UTC, without any clock being read. The day of the event is never counted;
 * N months end on the day of the same number, or the month's last; overdue is from 00:00 of the day after the last one, in the
 * offset; hours are exact; working days leave out Saturdays, Sundays and the holidays of a list (docs/audit-rules.md 2). */
#ifndef WARIFU_BASE_CLOCK_H
#define WARIFU_BASE_CLOCK_H
#include "base/time.h"

enum clock_unit { CLOCK_HOURS, CLOCK_DAYS, CLOCK_WORKING_DAYS, CLOCK_MONTHS };
#define CLOCK_COUNT_MOST 36525 /* a century of days: a longer clock is a mistake in the agreement */

/* Holidays of one party. days: ascending. years: those for which days are listed at all. */
struct holidays {
	const int64_t *days;
	unsigned day_count;
	const int *years;
	unsigned year_count;
};

struct clock_end {
	int64_t last_day;   /* in the offset; of hours: the day in which they end */
	int64_t overdue_ms; /* from this moment on */
	int unlisted_year;  /* the first year in which working days were counted without a list; 0: none */
};

int64_t clock_day_begins(int64_t day, int offset_minutes); /* ms of its 00:00 */
/* count: 0 to CLOCK_COUNT_MOST. holidays: of CLOCK_WORKING_DAYS; NULL: none listed. */
struct clock_end clock_end(
    int64_t from_ms, int offset_minutes, enum clock_unit unit, int64_t count, const struct holidays *holidays);
/* A clock whose last day is known: a day by which something is to be returned. */
struct clock_end clock_end_on(int64_t last_day, int offset_minutes);

/* A fiscal year is named by the year in which it begins. month 1 to 12, day 1 to 31; 29 February is 1 March in other years. */
int fiscal_year_of(int64_t day, int month, int day_of_month);
int64_t fiscal_year_begins(int year, int month, int day_of_month);
#endif
