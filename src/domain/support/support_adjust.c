/* What an adjustment comes to, and when a silence has lasted long enough (docs/support-rules.md 5.5, 5.6). */
#include "base/time.h"
#include "domain/support/support_state.h"
#include <string.h>

#define HOUR_MS 3600000ll
#define MINUTE_MS 60000ll

const struct terms_line *adjustment_price(const struct judging *judging, const struct issue_line *line)
{
	const struct move *move = judging->move;
	const struct order_state *order = judging->order;

	if (move->body.ref_count > 1 && move->refs[1] != NULL && move->refs[1]->part != NULL &&
	    move->refs[1]->part->type->letter == 'O' && move->refs[1]->after != NULL) {
		order = move->refs[1]->after;
	}
	return claim_price(line, order);
}

bool adjustment_right(const struct judging *judging, const struct issue_line *line, int64_t *minor)
{
	const struct terms_line *price = adjustment_price(judging, line);
	struct decimal quantity;

	if (record_int(&judging->move->body, KEY_RIGHT_AMOUNT, minor)) {
		return true;
	}
	return price != NULL && record_decimal(&judging->move->body, KEY_RIGHT_QUANTITY, &quantity) &&
	    line_amount(price, quantity, minor);
}

/* The differences of this line that were agreed before. */
static bool adjusted_before(struct judging *judging, int64_t number, int64_t *sum)
{
	unsigned count;
	const struct past_head *heads = past_heads(judging, &count);

	*sum = 0;
	for (unsigned i = 0; i < count; i++) {
		const struct adjustment_state *other = heads[i].part->type->letter == 'A' ? heads[i].head->after : NULL;
		if (other != NULL && other->part == judging->move->refs[0]->part &&
		    other->line->terms->line == number && strcmp(heads[i].head->state->name, "adjusted") == 0 &&
		    !minor_add(*sum, other->difference_minor, sum)) {
			return false;
		}
	}
	return true;
}

bool adjustment_difference(struct judging *judging, const struct issue_line *line, int64_t *minor)
{
	const struct terms_line *price = adjustment_price(judging, line);
	int64_t right, charged, before;

	return price != NULL && line->has_chargeable && adjustment_right(judging, line, &right) &&
	    line_amount(price, line->chargeable, &charged) && adjusted_before(judging, line->terms->line, &before) &&
	    !__builtin_sub_overflow(right, charged, minor) && !__builtin_sub_overflow(*minor, before, minor);
}

static int offset_of(const struct terms *terms)
{
	struct decimal offset = { 0, 0 };
	struct bytes item = terms->items[KEY_OFFSET - TERMS_FIRST];

	return item.len > 0 && decimal_read(item, &offset) ? (int)offset.mantissa : 0; /* whole, within 14 hours: S21 */
}

/* The last day on which a receipt of this line is in time. */
static bool receipt_day(const struct judging *judging, const struct issue_state *issue, const struct terms_line *line,
    int offset, int64_t *day)
{
	bool by_hours = bytes_is(line->kind, "service") &&
	    (bytes_is(line->category, "food") || bytes_is(line->category, "transport")); /* meals, flights */
	int64_t value;

	if (!profile_clock(judging->profile, by_hours ? "receipt_hours_meals_flights" : "receipt_days", &value)) {
		return false;
	}
	*day = by_hours ? day_of_ms(issue->delivered_at_ms + value * HOUR_MS, offset)
			: day_of_ms(issue->delivered_at_ms, offset) + value;
	return true;
}

bool silence_end(const struct judging *judging, const struct issue_state *issue, int64_t *ms)
{
	int offset = offset_of(terms_of(issue->order));
	int64_t latest = INT64_MIN, day, grace;

	if (!profile_clock(judging->profile, "unacknowledged_grace_days", &grace)) {
		return false;
	}
	for (unsigned i = 0; i < issue->line_count; i++) {
		if (!receipt_day(judging, issue, issue->lines[i].terms, offset, &day)) {
			return false;
		}
		latest = day > latest ? day : latest;
	}
	*ms = (latest + grace + 1) * DAY_MS - offset * MINUTE_MS;
	return true;
}
