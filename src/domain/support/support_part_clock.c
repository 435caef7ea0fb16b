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

bool issue_waits_for_claim(const struct look *look, const struct look_part *part)
{
	return part->issue != NULL && part->state != NULL && is(part, "receipted") && !issue_is_claimed(look, part);
}

bool adjustment_waits_for_claim(const struct look *look, const struct look_part *part)
{
	static const char *const gone[] = { "withdrawn", NULL };
	const struct adjustment_state *adjusted =
	    part->part->type->letter == 'A' && part->state != NULL && is(part, "adjusted") ? part->head->after : NULL;

	for (unsigned i = 0; adjusted != NULL && i < look->part_count; i++) {
		const struct look_part *other = &look->parts[i];
		for (unsigned k = 0; other->claim != NULL && !state_is(other, gone) && k < other->claim->line_count;
		     k++) {
			const struct claim_line *line = &other->claim->lines[k];
			if (line->kind == LINE_ADJUSTMENT && line->part == part->part) {
				return false;
			}
		}
	}
	return adjusted != NULL && adjusted->difference_minor != 0;
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
		return issue_waits_for_claim(look, part) && claim_clock(look, part, &out->end);
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

/* ---- clocks that only say that time runs out, not whose turn it is ------------------------------------------------- */

enum { QUIET_SILENCE, QUIET_CONVERSION, QUIET_SETTLE, QUIET_LAPSE, QUIET_CLOCKS };

static bool silence_clock(const struct look *look, const struct look_part *part, struct part_clock *out)
{
	int64_t grace = look->agreement->value[VALUE_SILENCE];
	struct clock_end receipt;

	out->name = "claim on own evidence";
	if (grace <= 0 || !is(part, "issued") || !receipt_clock(look, part, part->issue, &receipt)) {
		return false;
	}
	out->end = clock_end_on(receipt.last_day + grace, part->offset);
	return true;
}

static bool conversion_clock(const struct look *look, const struct look_part *part, struct part_clock *out)
{
	out->name = "conversion";
	return (is(part, "return due") || is(part, "exchange due")) && return_clock(look, part, &out->end) &&
	    clock_of_conversion(look->agreement, out->since_ms, part->offset, &out->end);
}

static bool settlement_clock(
    const struct look *look, const struct look_part *part, enum clock_value value, struct part_clock *out)
{
	const struct move *by;
	int64_t end_ms;

	out->name = value == VALUE_SETTLE ? "settlement in full" : "lapse";
	if (issue_discharged(look, part, &end_ms, &by)) {
		return false;
	}
	out->side = part->state->pen ? part->state->pen : issue_is_claimed(look, part) ? RECEIVER : SUPPLIER;
	return clock_of_value(look->agreement, value, CLOCK_MONTHS, out->since_ms, part->offset, "", &out->end);
}

bool quiet_clock(const struct look *look, const struct look_part *part, unsigned *at, struct part_clock *out)
{
	if (part->head == NULL || part->part->head_count != 1 || part->state == NULL || part->issue == NULL) {
		return false;
	}
	for (bool runs = false; *at < QUIET_CLOCKS;) {
		*out = (struct part_clock){ .side = SUPPLIER, .since_ms = part->issue->delivered_at_ms };
		switch ((*at)++) {
		case QUIET_SILENCE: runs = silence_clock(look, part, out); break;
		case QUIET_CONVERSION: runs = conversion_clock(look, part, out); break;
		case QUIET_SETTLE: runs = settlement_clock(look, part, VALUE_SETTLE, out); break;
		default: runs = settlement_clock(look, part, VALUE_LAPSE, out); break;
		}
		if (runs) {
			return true;
		}
	}
	return false;
}
