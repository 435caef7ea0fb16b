/* Times are milliseconds since 1970-01-01T00:00:00Z, without leap seconds; days are days since then. No time-zone table
 * and no locale is ever read; only clock_now() looks at a clock, and only faces call it. */
#ifndef WARIFU_BASE_TIME_H
#define WARIFU_BASE_TIME_H
#include "base/bytes.h"
#include "base/err.h"

#define TIME_TEXT 32
#define DAY_MS 86400000ll
int64_t clock_now_ms(void);
int64_t clock_steady_ms(void); /* of the clock that never goes back; CLOCK_MONOTONIC */
int64_t clock_boot_ms(void);   /* of another one, which goes on while the machine sleeps; CLOCK_BOOTTIME */
/* month 1 to 12; day may lie outside the month and then counts on from it. */
int64_t day_from_civil(int year, int month, int day);
/* Any day has an answer: days outside the years -999999 to 999999 are taken as the nearest day inside. */
void day_to_civil(int64_t day, int *year, int *month, int *day_of_month);
bool day_parse(struct bytes text, int64_t *day); /* "2013-11-26", a real date */
void day_print(int64_t day, char out[TIME_TEXT]);
/* As Japan counts years, by the era of the day: "平成25年11月26日", "令和元年5月1日". False, and out is "", before 1 January 1873, from when on
 * Japan has used this calendar, and after the year 9999. */
#define ERA_TEXT 48
bool era_print(int64_t day, char out[ERA_TEXT]);
/* RFC 3339 with Z or offset; "2013-11-26" is its 00:00Z. Years 0001 to 9999. A fraction of 1 to 9 digits is read and what
 * is below a millisecond dropped. No second 60: times are without leap seconds. */
bool time_parse(struct bytes text, int64_t *ms);
void time_print(int64_t ms, char out[TIME_TEXT]);   /* "2013-11-26T09:30:00Z"; with .mmm when not zero */
int64_t day_of_ms(int64_t ms, int offset_minutes);  /* floor */
int64_t day_add_months(int64_t day, int months);    /* same day-number or the month's last */
int day_weekday(int64_t day);                       /* 0 Monday .. 6 Sunday */
bool offset_parse(struct bytes text, int *minutes); /* "+09:00", "Z"; at most 23:59 either way */
void offset_print(int minutes, char out[TIME_TEXT]);
#endif
