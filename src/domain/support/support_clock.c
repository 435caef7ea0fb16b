#include "domain/support/support_clock.h"
#include "base/cbor.h"
#include <stdlib.h>
#include <string.h>

const char *const clock_value_names[CLOCK_VALUES] = {
	[VALUE_ANSWER_RELIEF] = "answer_request_hours_relief",
	[VALUE_ANSWER_ROUTINE] = "answer_request_days_routine",
	[VALUE_RECEIPT_DAYS] = "receipt_days",
	[VALUE_RECEIPT_HOURS] = "receipt_hours_meals_flights",
	[VALUE_NOTICE] = "notice_of_claim_working_days",
	[VALUE_CLAIM] = "bill_days",
	[VALUE_PAY] = "pay_days",
	[VALUE_SETTLE] = "settle_months",
	[VALUE_GRACE] = "grace_days",
	[VALUE_RATIFY] = "ratify_unordered_hours",
	[VALUE_SILENCE] = "unacknowledged_grace_days",
	[VALUE_LAPSE] = "lapse_warning_months",
};

struct bytes profile_value(struct bytes profile, const char *const *path)
{
	for (; *path != NULL; path++) {
		struct bytes head = profile;
		if (profile.len == 0 || cbor_take(&head).type != CBOR_MAP) {
			return bytes_of(NULL, 0);
		}
		profile = cbor_map_text(profile, *path);
	}
	return profile;
}

/* "04-01"; also of a whole date its last five characters. */
static bool month_day(struct bytes text, int *month, int *day)
{
	int64_t found;
	char date[16] = "2012-"; /* a leap year */

	if (text.len != 5) {
		return false;
	}
	memcpy(date + 5, text.data, 5);
	if (!day_parse(bytes_text(date), &found)) {
		return false;
	}
	int year;
	day_to_civil(found, &year, month, day);
	return true;
}

/* ---- holidays ---------------------------------------------------------------------------------------------------- */

static int by_day(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

	return (one > two) - (one < two);
}

struct lists {
	int64_t *days;
	int *years;
	unsigned day_count, year_count;
};

static void read_year(struct lists *lists, int year, struct bytes days)
{
	struct cbor_item list = cbor_take(&days);

	if (list.type != CBOR_ARRAY || list.count == 0) {
		return;
	}
	lists->years[lists->year_count++] = year;
	for (; list.count > 0; list.count--) {
		struct bytes item = cbor_skip(&days), text;
		int month, day;
		if (cbor_text(item, &text) && month_day(text, &month, &day)) {
			lists->days[lists->day_count++] = day_from_civil(year, month, day);
		}
	}
}

static bool read_party(struct arena *arena, struct bytes years, struct holidays *out)
{
	struct cbor_item map = cbor_take(&years);
	struct lists lists = { arena_take_array(arena, years.len / 6 + 1, sizeof(int64_t)),
		arena_take_array(arena, map.count + 1, sizeof(int)), 0, 0 };

	if (lists.days == NULL || lists.years == NULL) {
		return false;
	}
	for (; map.count > 0; map.count--) {
		struct cbor_item key = cbor_take(&years);
		struct bytes value = cbor_skip(&years);
		int year = 0;
		for (size_t i = 0; key.type == CBOR_TEXT && key.bytes.len == 4 && i < 4; i++) {
			uint8_t digit = key.bytes.data[i];
			year = digit >= '0' && digit <= '9' && year >= 0 ? year * 10 + (digit - '0') : -1;
		}
		if (year > 0) {
			read_year(&lists, year, value);
		}
	}
	qsort(lists.days, lists.day_count, sizeof *lists.days, by_day);
	*out = (struct holidays){ lists.days, lists.day_count, lists.years, lists.year_count };
	return true;
}

static bool read_holidays(struct arena *arena, struct agreement *agreement)
{
	static const char *const path[] = { "holidays", NULL };
	struct bytes parties = profile_value(agreement->profile, path);
	struct cbor_item map = { 0 };

	if (parties.len > 0) {
		map = cbor_take(&parties);
	}
	if (map.type != CBOR_MAP) {
		return true;
	}
	agreement->holidays = arena_take_array(arena, map.count + 1, sizeof *agreement->holidays);
	for (; agreement->holidays != NULL && map.count > 0; map.count--) {
		struct cbor_item key = cbor_take(&parties);
		struct bytes value = cbor_skip(&parties), head = value;
		if (key.type != CBOR_TEXT || cbor_take(&head).type != CBOR_MAP) {
			continue; /* "about" */
		}
		struct party_holidays *party = &agreement->holidays[agreement->holiday_count++];
		party->party = key.bytes;
		if (!read_party(arena, value, &party->holidays)) {
			return false;
		}
	}
	return agreement->holidays != NULL;
}

const struct holidays *agreement_holidays(const struct agreement *agreement, const char *party)
{
	for (unsigned i = 0; i < agreement->holiday_count; i++) {
		if (bytes_is(agreement->holidays[i].party, party)) {
			return &agreement->holidays[i].holidays;
		}
	}
	return NULL;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

/* One walk over the map of clocks: rows of the board ask for it at every fold. */
static void read_values(struct agreement *agreement)
{
	static const char *const path[] = { "clocks", NULL }, *const inner[] = { "value", NULL };
	struct bytes clocks = profile_value(agreement->profile, path);
	struct cbor_item map = { 0 };

	if (clocks.len > 0) {
		map = cbor_take(&clocks);
	}
	for (; map.type == CBOR_MAP && map.count > 0; map.count--) {
		struct cbor_item key = cbor_take(&clocks);
		struct bytes item = profile_value(cbor_skip(&clocks), inner);
		int64_t value;
		for (unsigned i = 0; key.type == CBOR_TEXT && i < CLOCK_VALUES; i++) {
			if (bytes_is(key.bytes, clock_value_names[i]) && item.len > 0 && cbor_int(item, &value) &&
			    value > 0 && value <= CLOCK_COUNT_MOST) {
				agreement->value[i] = value;
			}
		}
	}
}

void agreement_values(const struct id *hash, struct bytes profile, struct agreement *out)
{
	*out = (struct agreement){ .hash = *hash, .profile = profile, .fiscal_month = 1, .fiscal_day = 1 };
	read_values(out);
}

bool agreement_read(struct arena *arena, const struct id *hash, struct bytes profile, struct agreement *out)
{
	static const char *const fiscal[] = { "fiscal_year_start", "value", NULL };
	struct bytes text;

	*out = (struct agreement){
		.hash = *hash, .profile = arena_copy(arena, profile), .fiscal_month = 1, .fiscal_day = 1
	};
	profile_read(&out->top, out->profile);
	read_values(out);
	struct bytes start = profile_value(out->profile, fiscal);
	if (start.len > 0 && cbor_text(start, &text)) {
		month_day(text, &out->fiscal_month, &out->fiscal_day);
	}
	return (profile.len == 0 || out->profile.data != NULL) && read_holidays(arena, out);
}

bool clock_of_value(const struct agreement *agreement, enum clock_value value, enum clock_unit unit, int64_t from_ms,
    int offset_minutes, const char *party, struct clock_end *out)
{
	int64_t count = agreement->value[value];

	if (count == 0) {
		return false;
	}
	*out = clock_end(from_ms, offset_minutes, unit, count,
	    unit == CLOCK_WORKING_DAYS ? agreement_holidays(agreement, party) : NULL);
	return true;
}

bool clock_of_conversion(
    const struct agreement *agreement, int64_t delivered_ms, int offset_minutes, struct clock_end *out)
{
	if (agreement->value[VALUE_SETTLE] == 0) {
		return false;
	}
	int64_t day = day_add_months(day_of_ms(delivered_ms, offset_minutes), (int)agreement->value[VALUE_SETTLE]);
	*out = clock_end_on(day + agreement->value[VALUE_GRACE], offset_minutes);
	return true;
}

int64_t clock_days_left(int64_t last_day, int64_t overdue_ms, int offset_minutes, int64_t today, bool overdue)
{
	return overdue ? -(today - day_of_ms(overdue_ms, offset_minutes) + 1) : last_day - today;
}
