#include "base/clock.h"
#include "base/tap.h"
#include <stdio.h>
#include <string.h>

static int64_t ms(const char *text)
{
	int64_t value = -1;

	ASSERT(time_parse(bytes_text(text), &value));
	return value;
}

static int64_t day(const char *text)
{
	int64_t value = -1;

	ASSERT(day_parse(bytes_text(text), &value));
	return value;
}

/* Last day and the moment from which it is overdue, as one text. */
static const char *ends(
    const char *from, int offset, enum clock_unit unit, int64_t count, const struct holidays *holidays)
{
	static char text[2 * TIME_TEXT];
	struct clock_end end = clock_end(ms(from), offset, unit, count, holidays);
	char last[TIME_TEXT], overdue[TIME_TEXT];

	day_print(end.last_day, last);
	time_print(end.overdue_ms, overdue);
	snprintf(text, sizeof text, "%s %s", last, overdue);
	return text;
}

static void ends_at(const char *got, const char *wanted, const char *title)
{
	if (!tap_ok(strcmp(got, wanted) == 0, title)) {
		printf("# %s, expected %s\n", got, wanted);
	}
}

static void test_days(void)
{
	ends_at(ends("2013-11-26T01:30:00Z", 540, CLOCK_DAYS, 30, NULL), "2013-12-26 2013-12-26T15:00:00Z",
	    "the day of the event is not counted: 30 days from 26 November in Japan are overdue from 27 December there");
	ends_at(ends("2013-11-26T15:00:00Z", 540, CLOCK_DAYS, 1, NULL), "2013-11-28 2013-11-28T15:00:00Z",
	    "what happens at midnight in Japan belongs to the day that begins");
	ends_at(ends("2013-11-26T14:59:59Z", 540, CLOCK_DAYS, 1, NULL), "2013-11-27 2013-11-27T15:00:00Z",
	    "a second before midnight in Japan is still the day before");
	ends_at(ends("2014-01-01T04:59:59Z", -300, CLOCK_DAYS, 1, NULL), "2014-01-01 2014-01-02T05:00:00Z",
	    "in the offset -05:00 the new year begins five hours after UTC");
	ends_at(ends("2014-01-01T05:00:00Z", -300, CLOCK_DAYS, 1, NULL), "2014-01-02 2014-01-03T05:00:00Z",
	    "five hours after UTC it is 1 January there");
	ends_at(ends("2014-02-27T18:15:00Z", 345, CLOCK_DAYS, 1, NULL), "2014-03-01 2014-03-01T18:15:00Z",
	    "the offset +05:45 of Nepal counts to the minute");
	ends_at(ends("2014-02-27T18:14:59Z", 345, CLOCK_DAYS, 1, NULL), "2014-02-28 2014-02-28T18:15:00Z",
	    "a second before, it is the day before in Nepal");
	tap_ok(clock_day_begins(day("2013-12-04"), 540) == ms("2013-12-03T15:00:00Z"),
	    "a day in Japan begins at 15:00 UTC");
	tap_ok(clock_end_on(day("2014-02-28"), 540).overdue_ms == ms("2014-02-28T15:00:00Z"),
	    "what is to be returned by 28 February is overdue from 1 March");
}

static void test_months(void)
{
	ends_at(ends("2013-11-26T01:30:00Z", 540, CLOCK_MONTHS, 12, NULL), "2014-11-26 2014-11-26T15:00:00Z",
	    "twelve months from 26 November end on 26 November");
	ends_at(ends("2014-01-31T00:00:00Z", 0, CLOCK_MONTHS, 1, NULL), "2014-02-28 2014-03-01T00:00:00Z",
	    "a month from 31 January ends on the last of February");
	ends_at(ends("2016-01-31T00:00:00Z", 0, CLOCK_MONTHS, 1, NULL), "2016-02-29 2016-03-01T00:00:00Z",
	    "in a leap year on the 29th");
	ends_at(ends("2016-02-29T00:00:00Z", 0, CLOCK_MONTHS, 12, NULL), "2017-02-28 2017-03-01T00:00:00Z",
	    "twelve months from 29 February end on 28 February");
	ends_at(ends("2016-02-29T00:00:00Z", 0, CLOCK_MONTHS, 48, NULL), "2020-02-29 2020-03-01T00:00:00Z",
	    "48 months from 29 February end on 29 February again");
	ends_at(ends("2014-08-31T00:00:00Z", 0, CLOCK_MONTHS, 6, NULL), "2015-02-28 2015-03-01T00:00:00Z",
	    "six months from 31 August pass the year's end");
	ends_at(ends("2014-02-28T00:00:00Z", 0, CLOCK_MONTHS, 1, NULL), "2014-03-28 2014-03-29T00:00:00Z",
	    "a month from 28 February ends on the 28th, not on the last of March");
}

static void test_hours(void)
{
	ends_at(ends("2013-11-26T01:30:00Z", 540, CLOCK_HOURS, 24, NULL), "2013-11-27 2013-11-27T01:30:00Z",
	    "hours are exact");
	ends_at(ends("2013-12-31T20:00:00Z", -300, CLOCK_HOURS, 72, NULL), "2014-01-03 2014-01-03T20:00:00Z",
	    "72 hours over the new year");
}

static void test_working_days(void)
{
	/* Japan, from December 2013 on, as the rehearsal's agreement lists them. */
	const int64_t days[] = { day("2013-12-23"), day("2013-12-30"), day("2013-12-31"), day("2014-01-01"),
		day("2014-01-02"), day("2014-01-03"), day("2014-01-13") };
	const int years[] = { 2013, 2014 };
	const struct holidays holidays = { days, 7, years, 2 }, none = { 0 };

	ends_at(ends("2013-11-26T01:30:00Z", 540, CLOCK_WORKING_DAYS, 5, &holidays), "2013-12-03 2013-12-03T15:00:00Z",
	    "five working days from a Tuesday end on the Tuesday after");
	ends_at(ends("2013-12-09T01:00:00Z", 540, CLOCK_WORKING_DAYS, 5, &holidays), "2013-12-16 2013-12-16T15:00:00Z",
	    "five working days from a Monday end on the Monday after");
	ends_at(ends("2013-12-27T01:00:00Z", 540, CLOCK_WORKING_DAYS, 5, &holidays), "2014-01-10 2014-01-10T15:00:00Z",
	    "the closing of offices at the year's end is not counted");
	ends_at(ends("2014-01-10T01:00:00Z", 540, CLOCK_WORKING_DAYS, 1, &holidays), "2014-01-14 2014-01-14T15:00:00Z",
	    "a holiday on a Monday makes the next working day a Tuesday");
	ends_at(ends("2013-12-21T01:00:00Z", 540, CLOCK_WORKING_DAYS, 1, &holidays), "2013-12-24 2013-12-24T15:00:00Z",
	    "an event on a Saturday counts from the next working day");
	tap_ok(clock_end(ms("2013-12-27T01:00:00Z"), 540, CLOCK_WORKING_DAYS, 5, &holidays).unlisted_year == 0,
	    "where every year is listed none is named");
	tap_ok(clock_end(ms("2014-12-29T01:00:00Z"), 540, CLOCK_WORKING_DAYS, 5, &holidays).unlisted_year == 2015,
	    "a year that is not listed is named");
	tap_ok(clock_end(ms("2014-12-24T01:00:00Z"), 540, CLOCK_WORKING_DAYS, 5, &holidays).unlisted_year == 0,
	    "but not when the days end before it");
	tap_ok(clock_end(ms("2013-12-27T01:00:00Z"), 540, CLOCK_WORKING_DAYS, 5, &none).unlisted_year == 2013 &&
		clock_end(ms("2013-12-27T01:00:00Z"), 540, CLOCK_WORKING_DAYS, 5, NULL).last_day == day("2014-01-03"),
	    "without a list weekdays are counted, and the first year is named");
}

static void test_fiscal_years(void)
{
	tap_ok(fiscal_year_of(day("2014-03-31"), 4, 1) == 2013,
	    "31 March belongs to the fiscal year that began the April before");
	tap_ok(fiscal_year_of(day("2014-04-01"), 4, 1) == 2014, "1 April begins one");
	tap_ok(fiscal_year_of(day("2013-12-31"), 1, 1) == 2013, "where it begins on 1 January it is the year itself");
	tap_ok(fiscal_year_of(day("2013-09-30"), 10, 1) == 2012, "the American one begins in October");
	tap_ok(fiscal_year_begins(2013, 4, 1) == day("2013-04-01"), "it begins on the day of the agreement");
}

int main(void)
{
	test_days();
	test_months();
	test_hours();
	test_working_days();
	test_fiscal_years();
	return tap_done();
}
