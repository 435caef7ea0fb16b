#include "base/tap.h"
#include "base/time.h"
#include "domain/support/support_pages.h"

const struct domain *const domains[] = { NULL };

static void bars(void)
{
	const int64_t none[3] = { 0 }, ours[3] = { 100, -400, 0 }, theirs[3] = { 50, 0, 399 };

	tap_is_int(ageing_most(none, none, 3), 0, "where nothing is owed there is no scale");
	tap_is_int(ageing_most(ours, theirs, 3), 400, "the longest bar is that of the greatest sum of both directions");
	tap_is_int(ageing_share(400, 400), 1000, "which is a whole one");
	tap_is_int(ageing_share(-400, 400), 1000, "owed the other way it is as long");
	tap_is_int(ageing_share(100, 400), 250, "a quarter is a quarter");
	tap_is_int(ageing_share(0, 400), 0, "nothing has no bar");
	tap_is_int(ageing_share(1, INT64_MAX), 1, "the least sum can be seen beside the greatest");
	tap_is_int(ageing_share(INT64_MAX, INT64_MAX), 1000, "sums as large as can be held do not overflow");
	tap_is_int(ageing_share(INT64_MIN, INT64_MAX), 1000, "with any sign");
	tap_is_int(ageing_share(5, 0), 0, "without a scale there is none");
}

static void months(void)
{
	static const char *const bad[] = { "", "2013", "2013-13", "2013-00", "2013-1", "13-11", "2013-11-01", "2013/11",
		"abcd-11" };
	char text[TIME_TEXT];
	int64_t day;
	bool refused = true;

	tap_ok(month_ends("2013-11", &day), "a month is read");
	day_print(day, text);
	tap_is_text(text, "2013-11-30", "and ends on its last day");
	tap_ok(month_ends("2012-02", &day), "February too");
	day_print(day, text);
	tap_is_text(text, "2012-02-29", "of a leap year");
	tap_ok(month_ends("2013-12", &day), "and December");
	day_print(day, text);
	tap_is_text(text, "2013-12-31", "with the year");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		refused = refused && !month_ends(bad[i], &day);
	}
	tap_ok(refused, "nothing else is a month");
}

int main(void)
{
	bars();
	months();
	return tap_done();
}
