#include "base/clock.h"

#define MINUTE_MS 60000
#define HOUR_MS 3600000
#define SATURDAY 5

int64_t clock_day_begins(int64_t day, int offset_minutes)
{
	return day * DAY_MS - (int64_t)offset_minutes * MINUTE_MS;
}

struct clock_end clock_end_on(int64_t last_day, int offset_minutes)
{
	return (struct clock_end){ last_day, clock_day_begins(last_day + 1, offset_minutes), 0 };
}

static bool is_holiday(const struct holidays *holidays, int64_t day)
{
	unsigned low = 0, high = holidays ? holidays->day_count : 0;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (holidays->days[middle] < day) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return holidays && low < holidays->day_count && holidays->days[low] == day;
}

static bool is_listed(const struct holidays *holidays, int year)
{
	for (unsigned i = 0; holidays && i < holidays->year_count; i++) {
		if (holidays->years[i] == year) {
			return true;
		}
	}
	return false;
}

static int year_of(int64_t day)
{
	int year, month, day_of_month;

	day_to_civil(day, &year, &month, &day_of_month);
	return year;
}

static struct clock_end working_days(int64_t day, int offset_minutes, int64_t count, const struct holidays *holidays)
{
	int unlisted = 0;

	while (count > 0) {
		day++;
		int year = year_of(day);
		if (unlisted == 0 && !is_listed(holidays, year)) {
			unlisted = year;
		}
		count -= day_weekday(day) < SATURDAY && !is_holiday(holidays, day);
	}
	struct clock_end end = clock_end_on(day, offset_minutes);
	end.unlisted_year = unlisted;
	return end;
}

struct clock_end clock_end(
    int64_t from_ms, int offset_minutes, enum clock_unit unit, int64_t count, const struct holidays *holidays)
{
	int64_t day = day_of_ms(from_ms, offset_minutes), end_ms;

	switch (unit) {
	case CLOCK_HOURS:
		end_ms = from_ms + count * HOUR_MS;
		return (struct clock_end){ day_of_ms(end_ms, offset_minutes), end_ms, 0 };
	case CLOCK_MONTHS: return clock_end_on(day_add_months(day, (int)count), offset_minutes);
	case CLOCK_WORKING_DAYS: return working_days(day, offset_minutes, count, holidays);
	default: return clock_end_on(day + count, offset_minutes);
	}
}

int64_t fiscal_year_begins(int year, int month, int day_of_month)
{
	return day_from_civil(year, month, day_of_month);
}

int fiscal_year_of(int64_t day, int month, int day_of_month)
{
	int year = year_of(day);

	return day < fiscal_year_begins(year, month, day_of_month) ? year - 1 : year;
}
