#include "base/tap.h"
#include "base/time.h"

static int64_t day_of(const char *text)
{
	int64_t day;

	return day_parse(bytes_text(text), &day) ? day : INT64_MIN;
}

static int64_t ms_of(const char *text)
{
	int64_t ms;

	return time_parse(bytes_text(text), &ms) ? ms : INT64_MIN;
}

static const char *day_text(int64_t day)
{
	static char text[TIME_TEXT];

	day_print(day, text);
	return text;
}

static const char *time_text(int64_t ms)
{
	static char text[TIME_TEXT];

	time_print(ms, text);
	return text;
}

/* Counts days one by one by the plain rule; a slow second opinion. */
static bool calendar_agrees(void)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t expected = day_from_civil(1, 1, 1);

	for (int year = 1; year <= 2800; year++) {
		bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
		for (int month = 1; month <= 12; month++) {
			for (int day = 1; day <= lengths[month - 1] + (month == 2 && leap); day++, expected++) {
				int y, m, d;
				day_to_civil(expected, &y, &m, &d);
				if (day_from_civil(year, month, day) != expected || y != year || m != month ||
				    d != day) {
					printf("# %d-%d-%d\n", year, month, day);
					return false;
				}
			}
		}
	}
	return true;
}

static void days(void)
{
	int year, month, day;

	tap_is_int(day_from_civil(1970, 1, 1), 0, "day 0 is 1 January 1970");
	tap_is_int(day_from_civil(2013, 11, 26), 16035, "26 November 2013 is day 16035");
	tap_is_int(day_from_civil(2000, 3, 1) - day_from_civil(2000, 2, 28), 2, "2000 had a 29 February");
	tap_is_int(day_from_civil(1900, 3, 1) - day_from_civil(1900, 2, 28), 1, "1900 had none");
	tap_is_int(day_from_civil(0, 3, 1) - day_from_civil(0, 2, 28), 2, "the year 0 counts as a leap year");
	tap_is_int(day_from_civil(-1, 12, 31), day_from_civil(0, 1, 1) - 1, "days go on before the year 0");
	tap_ok(calendar_agrees(), "2,800 years of days agree with the plain rule, there and back");
	day_to_civil(day_from_civil(-401, 2, 28), &year, &month, &day);
	tap_ok(year == -401 && month == 2 && day == 28, "a day long before the year 0 is read back");
	day_to_civil(INT64_MAX, &year, &month, &day);
	tap_ok(year == 999999 && month == 12 && day == 31, "a day beyond all years is the last one");
	day_to_civil(INT64_MIN, &year, &month, &day);
	tap_ok(year == -999999 && month == 1 && day == 1, "a day before all years is the first one");
}

static void day_texts(void)
{
	tap_is_int(day_of("2013-11-26"), 16035, "a date is read");
	tap_ok(day_of("2016-02-29") == day_of("2016-02-28") + 1, "29 February of a leap year is read");
	tap_ok(
	    day_of("2015-02-29") == INT64_MIN && day_of("1900-02-29") == INT64_MIN && day_of("2000-02-29") != INT64_MIN,
	    "29 February of another year is refused");
	tap_ok(day_of("2013-04-31") == INT64_MIN && day_of("2013-04-30") != INT64_MIN &&
		day_of("2013-12-31") != INT64_MIN && day_of("2013-12-32") == INT64_MIN,
	    "a month ends where it ends");
	tap_ok(
	    day_of("2013-00-10") == INT64_MIN && day_of("2013-13-10") == INT64_MIN && day_of("2013-01-00") == INT64_MIN,
	    "months and days begin at 1 and months end at 12");
	tap_ok(
	    day_of("0000-01-01") == INT64_MIN && day_of("0001-01-01") != INT64_MIN && day_of("9999-12-31") != INT64_MIN,
	    "years 0001 to 9999 are read");
	tap_ok(day_of("2013-11-6") == INT64_MIN && day_of("13-11-26") == INT64_MIN &&
		day_of("2013/11/26") == INT64_MIN && day_of("20131126") == INT64_MIN &&
		day_of("2013-11-26 ") == INT64_MIN && day_of("") == INT64_MIN && day_of("2013-11-2x") == INT64_MIN &&
		day_of("2013-11-") == INT64_MIN,
	    "dates in another form are refused");
	tap_is_text(day_text(16035), "2013-11-26", "a date is printed");
	tap_is_text(day_text(day_of("0001-01-01")), "0001-01-01", "an early date is printed with four digits");
	tap_is_text(
	    day_text(day_of("0001-01-01") - 367), "-0001-12-31", "a date before the year 0 is printed with a minus");
	tap_is_text(day_text(INT64_MAX), "999999-12-31", "a date beyond all years fits its place");
}

static void times(void)
{
	tap_is_int(ms_of("1970-01-01T00:00:00Z"), 0, "time 0 is the beginning of 1970");
	tap_is_int(ms_of("2013-11-26T09:30:00Z"), 1385458200000, "a time is read");
	tap_is_int(ms_of("2013-11-26T18:30:00+09:00"), 1385458200000, "a time in Japan is the same moment");
	tap_is_int(ms_of("2013-11-26T06:00:00-03:30"), 1385458200000, "so is one west of Greenwich with half an hour");
	tap_is_int(ms_of("2013-11-26t09:30:00z"), 1385458200000, "small letters are read, as RFC 3339 allows");
	tap_is_int(ms_of("2013-11-26"), 1385424000000, "a date alone is its midnight in UTC");
	tap_is_int(ms_of("1970-01-01T00:00:00.5Z"), 500, "half a second is 500 ms");
	tap_is_int(ms_of("1970-01-01T00:00:00.123999999Z"), 123, "what is below a millisecond is dropped");
	tap_is_int(ms_of("1970-01-01T00:00:00.05Z"), 50, "two decimals are hundredths");
	tap_is_int(ms_of("1969-12-31T23:59:59.999Z"), -1, "the millisecond before 1970 is -1");
	tap_ok(ms_of("1970-01-01T24:00:00Z") == INT64_MIN && ms_of("1970-01-01T23:60:00Z") == INT64_MIN &&
		ms_of("1970-01-01T23:59:59Z") == 86399000,
	    "a day ends at 23:59:59");
	tap_ok(ms_of("2016-12-31T23:59:60Z") == INT64_MIN, "a leap second is refused");
	tap_ok(ms_of("2013-11-26T09:30:00") == INT64_MIN, "a time without offset is refused: whose clock?");
	tap_ok(ms_of("2013-11-26T09:30Z") == INT64_MIN && ms_of("2013-11-26 09:30:00Z") == INT64_MIN &&
		ms_of("2013-11-26T09:30:00.Z") == INT64_MIN && ms_of("2013-11-26T09:30:00.1234567890Z") == INT64_MIN &&
		ms_of("2013-11-26T09:30:00Zx") == INT64_MIN && ms_of("2013-11-26T") == INT64_MIN &&
		ms_of("2013-02-29T00:00:00Z") == INT64_MIN && ms_of("2013-11-26T09-30-00Z") == INT64_MIN &&
		ms_of("2013-11-26T9:30:00Z") == INT64_MIN && ms_of("2013-11-26T09:30:00+0900") == INT64_MIN,
	    "times in another form are refused");
}

static void time_texts(void)
{
	tap_is_text(time_text(1385458200000), "2013-11-26T09:30:00Z", "a time is printed");
	tap_is_text(
	    time_text(1385458200007), "2013-11-26T09:30:00.007Z", "milliseconds are printed where there are any");
	tap_is_text(time_text(-1), "1969-12-31T23:59:59.999Z", "a time before 1970 is printed");
	tap_is_text(time_text(-86400000), "1969-12-31T00:00:00Z", "a midnight before 1970 is printed");
	tap_ok(strlen(time_text(INT64_MAX)) < TIME_TEXT && strlen(time_text(INT64_MIN)) < TIME_TEXT,
	    "whatever number a stranger sends as a time fits its place");
	tap_is_text(time_text(ms_of("9999-12-31T23:59:59.999-23:59")), "10000-01-01T23:58:59.999Z",
	    "an offset may lead beyond the year 9999");
}

static void offsets(void)
{
	char text[TIME_TEXT];
	int minutes = 7;

	tap_ok(offset_parse(bytes_text("+09:00"), &minutes) && minutes == 540, "nine hours east are 540 minutes");
	tap_ok(offset_parse(bytes_text("-03:30"), &minutes) && minutes == -210, "three and a half west are -210");
	tap_ok(offset_parse(bytes_text("Z"), &minutes) && minutes == 0, "Z is none");
	tap_ok(offset_parse(bytes_text("-00:00"), &minutes) && minutes == 0, "minus nothing is none");
	minutes = 7;
	tap_ok(!offset_parse(bytes_text("09:00"), &minutes) && !offset_parse(bytes_text("+9:00"), &minutes) &&
		!offset_parse(bytes_text("+24:00"), &minutes) && !offset_parse(bytes_text("+09:60"), &minutes) &&
		!offset_parse(bytes_text("+0900"), &minutes) && !offset_parse(bytes_text("+09:00 "), &minutes) &&
		!offset_parse(bytes_text(""), &minutes) && minutes == 7,
	    "offsets in another form are refused");
	offset_print(540, text);
	tap_is_text(text, "+09:00", "an offset is printed");
	offset_print(-210, text);
	tap_is_text(text, "-03:30", "an offset west is printed with its minutes");
	offset_print(0, text);
	tap_is_text(text, "Z", "no offset is Z");
	offset_print(-30, text);
	tap_is_text(text, "-00:30", "half an hour west keeps its sign");
}

static void local_days(void)
{
	int64_t evening = ms_of("2013-11-26T20:00:00Z");

	tap_is_int(day_of_ms(evening, 0), day_of("2013-11-26"), "the day of a moment in UTC");
	tap_is_int(day_of_ms(evening, 540), day_of("2013-11-27"), "in Japan it is already the next day");
	tap_is_int(
	    day_of_ms(ms_of("2013-11-26T00:10:00Z"), -30), day_of("2013-11-25"), "west it may be the day before");
	tap_is_int(day_of_ms(-1, 0), -1, "the moment before 1970 is on the day before");
	tap_is_int(day_of_ms(0, 0), 0, "midnight belongs to the day that begins");
	tap_ok(day_of_ms(INT64_MAX, 1439) > 0 && day_of_ms(INT64_MIN, -1439) < 0, "no moment is too far for a day");
}

static const char *months_on(const char *day, int months)
{
	return day_text(day_add_months(day_of(day), months));
}

static void months(void)
{
	tap_is_text(months_on("2013-11-26", 12), "2014-11-26", "twelve months on it is the same day a year later");
	tap_is_text(months_on("2014-01-31", 1), "2014-02-28", "a month after 31 January is the end of February");
	tap_is_text(months_on("2016-01-31", 1), "2016-02-29", "which is the 29th in a leap year");
	tap_is_text(months_on("2016-02-29", 12), "2017-02-28", "a year after 29 February is 28 February");
	tap_is_text(months_on("2016-02-29", 48), "2020-02-29", "four years after it is 29 February again");
	tap_is_text(months_on("2014-02-28", 1), "2014-03-28", "a month's end does not stick to the end");
	tap_is_text(months_on("2014-12-15", 1), "2015-01-15", "December is followed by January of the next year");
	tap_is_text(months_on("2014-01-15", -1), "2013-12-15", "January is preceded by December of the year before");
	tap_is_text(months_on("2014-03-31", -1), "2014-02-28", "a month back may shorten too");
	tap_is_text(months_on("2014-03-31", 0), "2014-03-31", "no month changes nothing");
	tap_is_text(months_on("2014-03-31", -24), "2012-03-31", "two years back");
	tap_ok(day_add_months(INT64_MAX, INT32_MAX) > 0 && day_add_months(INT64_MIN, INT32_MIN) < 0,
	    "no count is too large");
}

static const char *era_of(const char *day)
{
	static char text[ERA_TEXT];

	era_print(day_of(day), text);
	return text;
}

static void eras(void)
{
	char text[ERA_TEXT];

	tap_is_text(era_of("2019-05-01"), "令和元年5月1日", "the era of Reiwa begins on 1 May 2019, in its first year");
	tap_is_text(era_of("2019-04-30"), "平成31年4月30日", "the day before is of Heisei");
	tap_is_text(era_of("2020-01-01"), "令和2年1月1日", "the second year begins at the new year");
	tap_is_text(era_of("2013-11-26"), "平成25年11月26日", "2013 is the 25th year of Heisei");
	tap_is_text(era_of("1989-01-08"), "平成元年1月8日", "Heisei begins on 8 January 1989");
	tap_is_text(era_of("1989-01-07"), "昭和64年1月7日", "the day before is of Showa");
	tap_is_text(era_of("1926-12-25"), "昭和元年12月25日", "Showa begins on 25 December 1926");
	tap_is_text(era_of("1926-12-24"), "大正15年12月24日", "the day before is of Taisho");
	tap_is_text(era_of("1912-07-30"), "大正元年7月30日", "Taisho begins on 30 July 1912");
	tap_is_text(era_of("1912-07-29"), "明治45年7月29日", "the day before is of Meiji");
	tap_is_text(era_of("1873-01-01"), "明治6年1月1日", "the calendar begins in the sixth year of Meiji");
	tap_ok(!era_print(day_of("1872-12-31"), text) && text[0] == '\0', "before it no day is named");
	tap_is_text(era_of("9999-12-31"), "令和7981年12月31日", "the last year that a time can state has room");
	tap_ok(!era_print(INT64_MAX, text) && !era_print(INT64_MIN, text), "no day is too far");
}

int main(void)
{
	int64_t before = clock_now_ms();

	tap_ok(before > ms_of("2020-01-01") && clock_now_ms() >= before,
	    "the clock shows a time of this century and goes on");
	int64_t steady = clock_steady_ms();
	tap_ok(
	    clock_boot_ms() >= steady, "a clock that goes on while the machine sleeps is never behind the steady one");
	days();
	day_texts();
	times();
	time_texts();
	offsets();
	local_days();
	months();
	eras();
	tap_is_int(day_weekday(0), 3, "1 January 1970 was a Thursday");
	tap_is_int(day_weekday(day_of("2013-11-25")), 0, "25 November 2013 was a Monday");
	tap_is_int(day_weekday(day_of("2013-12-01")), 6, "1 December 2013 was a Sunday");
	tap_is_int(day_weekday(-1), 2, "the day before 1970 was a Wednesday");
	tap_ok(day_weekday(INT64_MAX) <= 6 && day_weekday(INT64_MIN) >= 0, "every day has a weekday");
	return tap_done();
}
