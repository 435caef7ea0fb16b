/* The calendar is the proleptic Gregorian one. A year is counted from 1 March, so that the leap day is its last day, and
 * 400 years are one era of exactly 146,097 days. */
#include "base/time.h"
#include <stdio.h>
#include <time.h>

#define ERA_DAYS 146097
#define TO_1970_DAYS 719468 /* from 0000-03-01 */
#define YEAR_MAX 999999
#define MINUTE_MS 60000

static int64_t floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Never through a product, which would overflow at the ends of int64. */
static int64_t floor_rest(int64_t a, int64_t b)
{
	return a % b + (a % b < 0 ? b : 0);
}

int64_t clock_now_ms(void)
{
	struct timespec now;

	int failed = clock_gettime(CLOCK_REALTIME, &now);
	ASSERT(failed == 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_steady_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_boot_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t day_from_civil(int year, int month, int day)
{
	ASSERT(month >= 1 && month <= 12);
	int64_t march_year = (int64_t)year - (month <= 2);
	int64_t era = floor_divide(march_year, 400);
	int64_t year_of_era = march_year - era * 400;
	int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5;

	return era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year + day - 1 -
	    TO_1970_DAYS;
}

void day_to_civil(int64_t day, int *year, int *month, int *day_of_month)
{
	int64_t first = day_from_civil(-YEAR_MAX, 1, 1);
	int64_t last = day_from_civil(YEAR_MAX, 12, 31);

	day = (day < first ? first : day > last ? last : day) + TO_1970_DAYS;
	int64_t era = floor_divide(day, ERA_DAYS);
	int64_t day_of_era = day - era * ERA_DAYS;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (ERA_DAYS - 1)) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;

	*day_of_month = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
	*month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
	*year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* Exactly `count` ASCII digits off the front. */
static bool digits_take(struct bytes *in, unsigned count, int *value)
{
	int result = 0;

	if (in->len < count) {
		return false;
	}
	for (unsigned i = 0; i < count; i++) {
		if (in->data[i] < '0' || in->data[i] > '9') {
			return false;
		}
		result = result * 10 + (in->data[i] - '0');
	}
	*in = bytes_of(in->data + count, in->len - count);
	*value = result;
	return true;
}

static bool mark_take(struct bytes *in, char mark)
{
	if (in->len == 0 || in->data[0] != (uint8_t)mark) {
		return false;
	}
	*in = bytes_of(in->data + 1, in->len - 1);
	return true;
}

static bool day_take(struct bytes *in, int64_t *day)
{
	int year, month, day_of_month;

	if (!digits_take(in, 4, &year) || !mark_take(in, '-') || !digits_take(in, 2, &month) || !mark_take(in, '-') ||
	    !digits_take(in, 2, &day_of_month)) {
		return false;
	}
	if (year < 1 || month < 1 || month > 12 || day_of_month < 1 || day_of_month > days_in_month(year, month)) {
		return false;
	}
	*day = day_from_civil(year, month, day_of_month);
	return true;
}

bool day_parse(struct bytes text, int64_t *day)
{
	int64_t result;

	if (!day_take(&text, &result) || text.len != 0) {
		return false;
	}
	*day = result;
	return true;
}

void day_print(int64_t day, char out[TIME_TEXT])
{
	int year, month, day_of_month;

	day_to_civil(day, &year, &month, &day_of_month);
	snprintf(out, TIME_TEXT, year < 0 ? "%05d-%02d-%02d" : "%04d-%02d-%02d", year, month, day_of_month);
}

/* First days, the latest first. The era of Meiji had its sixth year when the calendar changed. */
static const struct {
	const char *name;
	int year, month, day;
} eras[] = {
	{ "令和", 2019, 5, 1 },
	{ "平成", 1989, 1, 8 },
	{ "昭和", 1926, 12, 25 },
	{ "大正", 1912, 7, 30 },
	{ "明治", 1868, 1, 25 },
};

bool era_print(int64_t day, char out[ERA_TEXT])
{
	int year, month, day_of_month;
	size_t i = 0;

	out[0] = '\0';
	if (day < day_from_civil(1873, 1, 1) || day >= day_from_civil(10000, 1, 1)) {
		return false;
	}
	while (day < day_from_civil(eras[i].year, eras[i].month, eras[i].day)) {
		i++;
	}
	day_to_civil(day, &year, &month, &day_of_month);
	int count = year - eras[i].year + 1;
	if (count == 1) {
		snprintf(out, ERA_TEXT, "%s元年%d月%d日", eras[i].name, month, day_of_month);
	} else {
		snprintf(out, ERA_TEXT, "%s%d年%d月%d日", eras[i].name, count, month, day_of_month);
	}
	return true;
}

static bool offset_take(struct bytes *in, int *minutes)
{
	int hour, minute;

	if (mark_take(in, 'Z') || mark_take(in, 'z')) {
		*minutes = 0;
		return true;
	}
	int sign = mark_take(in, '+') ? 1 : mark_take(in, '-') ? -1 : 0;
	if (sign == 0 || !digits_take(in, 2, &hour) || !mark_take(in, ':') || !digits_take(in, 2, &minute) ||
	    hour > 23 || minute > 59) {
		return false;
	}
	*minutes = sign * (hour * 60 + minute);
	return true;
}

bool offset_parse(struct bytes text, int *minutes)
{
	int result;

	if (!offset_take(&text, &result) || text.len != 0) {
		return false;
	}
	*minutes = result;
	return true;
}

void offset_print(int minutes, char out[TIME_TEXT])
{
	unsigned size = minutes < 0 ? -(unsigned)minutes : (unsigned)minutes;

	if (minutes == 0) {
		snprintf(out, TIME_TEXT, "Z");
	} else {
		snprintf(out, TIME_TEXT, "%c%02u:%02u", minutes < 0 ? '-' : '+', size / 60, size % 60);
	}
}

/* ".5", ".123456789": to whole milliseconds, the rest dropped. */
static bool fraction_take(struct bytes *in, int *ms)
{
	int digits = 0, digit;

	*ms = 0;
	if (!mark_take(in, '.')) {
		return true;
	}
	for (; digits_take(in, 1, &digit); digits++) {
		if (digits < 3) {
			*ms = *ms * 10 + digit;
		}
	}
	for (int have = digits; have < 3; have++) {
		*ms *= 10;
	}
	return digits >= 1 && digits <= 9;
}

bool time_parse(struct bytes text, int64_t *ms)
{
	int64_t day;
	int hour, minute, second, fraction, offset;

	if (!day_take(&text, &day)) {
		return false;
	}
	if (text.len == 0) {
		*ms = day * DAY_MS;
		return true;
	}
	if (!(mark_take(&text, 'T') || mark_take(&text, 't')) || !digits_take(&text, 2, &hour) ||
	    !mark_take(&text, ':') || !digits_take(&text, 2, &minute) || !mark_take(&text, ':') ||
	    !digits_take(&text, 2, &second) || !fraction_take(&text, &fraction) || !offset_take(&text, &offset) ||
	    text.len != 0) {
		return false;
	}
	if (hour > 23 || minute > 59 || second > 59) {
		return false;
	}
	*ms = day * DAY_MS + ((hour * 60 + minute - offset) * 60 + second) * 1000ll + fraction;
	return true;
}

void time_print(int64_t ms, char out[TIME_TEXT])
{
	int64_t day = floor_divide(ms, DAY_MS);
	int year, month, day_of_month;

	day_to_civil(day, &year, &month, &day_of_month);
	int rest = (int)floor_rest(ms, DAY_MS);
	int len = snprintf(out, TIME_TEXT, year < 0 ? "%05d-%02d-%02dT%02d:%02d:%02d" : "%04d-%02d-%02dT%02d:%02d:%02d",
	    year, month, day_of_month, rest / 3600000, rest / MINUTE_MS % 60, rest / 1000 % 60);
	ASSERT(len > 0 && len < TIME_TEXT);
	size_t left = TIME_TEXT - (size_t)len;
	if (rest % 1000 != 0) {
		snprintf(out + len, left, ".%03dZ", rest % 1000);
	} else {
		snprintf(out + len, left, "Z");
	}
}

int64_t day_of_ms(int64_t ms, int offset_minutes)
{
	int64_t day = floor_divide(ms, DAY_MS);

	/* the offset is added to the rest only: ms itself may be anything a stranger wrote */
	return day + floor_divide(floor_rest(ms, DAY_MS) + (int64_t)offset_minutes * MINUTE_MS, DAY_MS);
}

int64_t day_add_months(int64_t day, int months)
{
	int year, month, day_of_month;

	day_to_civil(day, &year, &month, &day_of_month);
	int64_t count = (int64_t)year * 12 + (month - 1) + months;
	int new_year = (int)floor_divide(count, 12);
	int new_month = (int)(count - (int64_t)new_year * 12) + 1;
	int last = days_in_month(new_year, new_month);

	return day_from_civil(new_year, new_month, day_of_month < last ? day_of_month : last);
}

int day_weekday(int64_t day)
{
	return (int)(floor_rest(day, 7) + 3) % 7; /* 1970-01-01 was a Thursday */
}
