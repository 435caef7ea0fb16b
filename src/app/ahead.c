#include "app/ahead.h"
#include "base/time.h"
#include <string.h>

#define MINUTE_MS 60000ll
#define HOUR_MS (60 * MINUTE_MS)
/* Clocks of a ship and of the quay differ by as much; a mistaken offset is half an hour or more. */
#define AHEAD_MS (10 * MINUTE_MS)
#define FIRST_DAWN_MS (14 * HOUR_MS) /* a day begins in UTC+14 first */

static bool says_when_done(const struct domain *domain, const struct field *field)
{
	for (const char *const *name = domain->done_at; name && *name; name++) {
		if (strcmp(*name, field->name) == 0) {
			return true;
		}
	}
	return false;
}

static enum status time_check(
    const struct kind *kind, const struct field *field, int64_t value, int64_t now_ms, struct err *err)
{
	bool day = field->type == FIELD_DAY;
	int64_t ahead_ms = day ? value * DAY_MS - FIRST_DAWN_MS - now_ms : value - now_ms;
	char text[TIME_TEXT];

	if (ahead_ms <= (day ? 0 : AHEAD_MS)) {
		return OK;
	}
	if (day) {
		day_print(value, text);
		return err_refuse(err, "", "ours, decision 0087",
		    "%s.%s: the day %s has not begun; correct it, or confirm that it is meant (--future)", kind->name,
		    field->name, text);
	}
	time_print(value, text);
	return err_refuse(err, "", "ours, decision 0087",
	    "%s.%s: %s lies %lld d %lld h %lld min ahead of now; correct it, or confirm that it is meant (--future)",
	    kind->name, field->name, text, (long long)(ahead_ms / DAY_MS), (long long)(ahead_ms % DAY_MS / HOUR_MS),
	    (long long)(ahead_ms % HOUR_MS / MINUTE_MS));
}

enum status ahead_check(
    const struct domain *domain, const struct kind *kind, const struct body *body, int64_t now_ms, struct err *err)
{
	int64_t value = 0;
	enum status status = OK;

	for (const struct field *field = kind->fields; field && field->name && status == OK; field++) {
		if (says_when_done(domain, field) && record_int(body, field->key, &value)) {
			status = time_check(kind, field, value, now_ms, err);
		}
	}
	return status;
}
