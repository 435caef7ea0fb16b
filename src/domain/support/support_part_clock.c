/* The clock that runs for a part in the state that it is in (docs/audit-rules.md 2): what is due, the board and the page of an order all
 * read this. */
#include "base/time.h"
#include "domain/support/support_look.h"
#include <string.h>

static bool is(const struct look_part *part, const char *state)
{
	return strcmp(part->state->name, state) == 0;
}

bool issue_is_claimed(const struct look *look, const struct look_part *issue)
{
	const struct claim_line *claimed;
	struct decimal rest;

	for (unsigned i = 0; i < issue->issue->line_count; i++) {
		const struct issue_line *line = &issue->issue->lines[i];
		unsigned at = 0;
		if (issue_line_rest(line, &rest) && decimal_sign(rest) > 0 &&
		    line_claim(look, issue, line->terms->line, &at, &claimed) == NULL) {
			return false;
		}
	}
	return true;
}

static bool order_clock(const struct look *look, const struct look_part *part, struct part_clock *out)
{
	const struct terms *table = part->order->table;

	if (is(part, "requested")) {
		out->name = "answer";
		return answer_clock(look, out->since_ms, &out->end);
	}
	if (table == NULL || !table->has_valid_until || (!is(part, "offered") && !is(part, "amendment offered"))) {
		return false;
	}
	out->name = "validity of the offer";
	out->end = (struct clock_end){ day_of_ms(table->valid_until, part->offset), table->valid_until + 1, 0 };
	return true;
}

static bool issue_clock(const struct look *look, const struct look_part *part, struct part_clock *out)
{
	if (is(part, "issued") || is(part, "taken")) {
		out->name = is(part, "taken") ? "issue" : "receipt";
		out->since_ms = part->issue->delivered_at_ms;
		return receipt_clock(look, part, part->issue, &out->end);
	}
	if (is(part, "unordered")) {
		out->name = "ratification";
		out->since_ms = part->from_ms[0];
		return clock_of_value(
		    look->agreement, VALUE_RATIFY, CLOCK_HOURS, part->from_ms[0], part->offset, "", &out->end);
	}
	if (is(part, "receipted")) {
		out->name = "claim";
		out->side = SUPPLIER;
		return !issue_is_claimed(look, part) && claim_clock(look, part, &out->end);
	}
	out->name = is(part, "return due") ? "return" : "exchange";
	return (is(part, "return due") || is(part, "exchange due")) && return_clock(look, part, &out->end);
}

bool part_clock(const struct look *look, const struct look_part *part, struct part_clock *out)
{
	if (part->head == NULL || part->part->head_count != 1 || part->state == NULL) {
		return false;
	}
	*out = (struct part_clock){ .side = part->state->pen, .since_ms = part->from_ms[part->count - 1] };
	if (part->order != NULL) {
		return order_clock(look, part, out);
	}
	if (part->issue != NULL) {
		return issue_clock(look, part, out);
	}
	if (part->claim == NULL || part->state->pen == 0) {
		return false;
	}
	out->name = "payment";
	out->since_ms = part->from_ms[0];
	return clock_of_value(look->agreement, VALUE_PAY, CLOCK_DAYS, part->from_ms[0], part->offset, "", &out->end);
}
