/* Clocks of the agreement (docs/audit-rules.md 2): values are the profile's, arithmetic is base/clock.h's. */
#ifndef WARIFU_DOMAIN_SUPPORT_CLOCK_H
#define WARIFU_DOMAIN_SUPPORT_CLOCK_H
#include "base/clock.h"
#include "base/limits.h"
#include "core/domain.h"
#include "domain/support/support_profile.h"

enum clock_value {
	VALUE_ANSWER_RELIEF,
	VALUE_ANSWER_ROUTINE,
	VALUE_RECEIPT_DAYS,
	VALUE_RECEIPT_HOURS,
	VALUE_NOTICE,
	VALUE_CLAIM,
	VALUE_PAY,
	VALUE_SETTLE,
	VALUE_GRACE,
	VALUE_RATIFY,
	VALUE_SILENCE,
	VALUE_LAPSE,
	CLOCK_VALUES,
};
extern const char *const clock_value_names[CLOCK_VALUES]; /* as the profile has them */

/* What clocks need of one agreement, read once. */
struct agreement {
	struct id hash;
	struct bytes profile;
	struct profile top;          /* of it */
	int64_t value[CLOCK_VALUES]; /* 0: not stated, the clock never starts */
	int fiscal_month, fiscal_day;
	struct party_holidays {
		struct bytes party;
		struct holidays holidays;
	} * holidays;
	unsigned holiday_count;
};
/* Copies the profile into the arena. False: out of memory. */
bool agreement_read(struct arena *arena, const struct id *hash, struct bytes profile, struct agreement *out);
/* The values of its clocks alone; borrows the profile. */
void agreement_values(const struct id *hash, struct bytes profile, struct agreement *out);
/* Value at a path of text keys; empty when something on the way is no map or lacks the key. */
struct bytes profile_value(struct bytes profile, const char *const *path);
const struct holidays *agreement_holidays(const struct agreement *agreement, const char *party); /* NULL: none listed */

/* False: the agreement states no such clock. */
bool clock_of_value(const struct agreement *agreement, enum clock_value value, enum clock_unit unit, int64_t from_ms,
    int offset_minutes, const char *party, struct clock_end *out);
/* settle_months months and then grace_days days from delivery: D of the support rules. */
bool clock_of_conversion(
    const struct agreement *agreement, int64_t delivered_ms, int offset_minutes, struct clock_end *out);
/* Days to the last one, in the offset of its days; once it is overdue, below 0: how many it has been so, the first one among them. */
int64_t clock_days_left(int64_t last_day, int64_t overdue_ms, int offset_minutes, int64_t today, bool overdue);
#endif
