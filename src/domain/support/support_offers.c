/* Which of the moves that the table allows would be of use now: what the guards would refuse whatever is typed is not offered by a page.
 * The guards stay the judges. */
#include "domain/support/support.h"
#include "domain/support/support_look.h"
#include <string.h>

static bool in_state(const struct look_part *part, const char *state)
{
	return part->state != NULL && strcmp(part->state->name, state) == 0;
}

/* S29: nothing of the order was issued that still stands. */
static bool nothing_issued(const struct look *look)
{
	static const char *const gone[] = { "annulled", "withdrawn", NULL };

	for (unsigned i = 0; i < look->part_count; i++) {
		if (look->parts[i].issue != NULL && !state_is(&look->parts[i], gone)) {
			return false;
		}
	}
	return true;
}

/* S50, S51. */
static bool something_accepted(const struct look_part *part)
{
	for (unsigned i = 0; part->issue != NULL && i < part->issue->line_count; i++) {
		const struct issue_line *line = &part->issue->lines[i];
		if (line->has_accepted && decimal_sign(line->accepted) > 0) {
			return true;
		}
	}
	return false;
}

/* S101: the move that is answered opened the order, and was by word of mouth. */
static bool was_oral(const struct look_part *part)
{
	int64_t said;

	return part->count == 1 && record_int(&part->line[0]->body, KEY_ORAL_AT, &said);
}

/* S201: the day D has come. */
static bool may_convert(const struct look *look, const struct look_part *part, int64_t now_ms)
{
	struct clock_end end;

	return part->issue != NULL &&
	    clock_of_conversion(look->agreement, part->issue->delivered_at_ms, part->offset, &end) &&
	    now_ms >= end.overdue_ms;
}

/* S121: the receiver has been silent for so long that the supplier may claim on its own evidence. */
static bool silence_is_over(const struct look *look, const struct look_part *part, int64_t now_ms)
{
	struct clock_end end;

	return look->agreement->value[VALUE_SILENCE] > 0 && receipt_clock(look, part, part->issue, &end) &&
	    now_ms >= clock_end_on(end.last_day + look->agreement->value[VALUE_SILENCE], part->offset).overdue_ms;
}

enum wanted { TO_CLAIM, TO_CLAIM_SILENT, TO_REFUND };

/* Does a part of the thread ask for such a claim? */
static bool serves(const struct look *look, const struct look_part *part, enum wanted wanted, int64_t now_ms)
{
	switch (wanted) {
	case TO_CLAIM: return issue_waits_for_claim(look, part) || adjustment_waits_for_claim(look, part);
	case TO_CLAIM_SILENT:
		return part->issue != NULL && in_state(part, "issued") && bytes_is(part->issue->method, "cash") &&
		    silence_is_over(look, part, now_ms);
	case TO_REFUND:
		return adjustment_waits_for_claim(look, part) &&
		    ((const struct adjustment_state *)part->head->after)->difference_minor < 0;
	}
	return false;
}

static bool any_serves(const struct look *look, enum wanted wanted, int64_t now_ms)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		if (look->parts[i].head != NULL && serves(look, &look->parts[i], wanted, now_ms)) {
			return true;
		}
	}
	return false;
}

/* S110: an adjustment stands on an issue that was receipted. */
static bool may_be_adjusted(const struct look_part *part)
{
	static const char *const states[] = { "receipted", "return due", "returning", "exchange due", "exchanging",
		"settled", NULL };

	return part->issue != NULL && state_is(part, states);
}

/* Of parts that are opened: only where they belong. */
static bool opening_fits(const struct look *look, const struct look_part *part, enum support_kind kind, int64_t now_ms)
{
	static const char *const bound[] = { "agreed", "amendment offered", NULL };
	bool first = part->part->parent == NULL;

	switch (kind) {
	case KIND_ISSUED:
	case KIND_TAKEN: return part->order != NULL && state_is(part, bound) && !order_is_issued(look);
	case KIND_CLAIMED: return first && any_serves(look, TO_CLAIM, now_ms);
	case KIND_CLAIMED_UNACKNOWLEDGED: return first && any_serves(look, TO_CLAIM_SILENT, now_ms);
	case KIND_REFUND_CLAIMED: return first && any_serves(look, TO_REFUND, now_ms);
	case KIND_ADJUSTMENT_PROPOSED: return may_be_adjusted(part);
	case KIND_CANCEL_WISHED: return part->order != NULL && state_is(part, bound);
	default: return first;
	}
}

static bool answer_fits(const struct look *look, const struct look_part *part, enum support_kind kind, int64_t now_ms)
{
	switch (kind) {
	case KIND_UNFILLED: return nothing_issued(look);
	case KIND_CONCURRED: return something_accepted(part);
	case KIND_ANNULLED: return !something_accepted(part);
	case KIND_ORAL_DENIED: return was_oral(part);
	case KIND_CONVERTED: return may_convert(look, part, now_ms);
	case KIND_WAIVED: return part->issue == NULL || !in_state(part, "receipted") || !issue_is_claimed(look, part);
	default: return true;
	}
}

static const struct look_part *seen_of(const struct look *look, const struct part *part)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		if (look->parts[i].part == part && look->parts[i].head != NULL) {
			return &look->parts[i];
		}
	}
	return NULL;
}

bool support_offers(const struct fold *fold, const struct part *part, const struct kind *kind,
    const struct signer *signer, int64_t now_ms)
{
	struct agreements agreements = { .values_only = true };
	struct look look;

	(void)signer;
	if (!look_at(fold->arena, &agreements, fold, "", &look)) {
		return true;
	}
	const struct look_part *seen = seen_of(&look, part);
	bool opens = kind->opens != OPENS_NOTHING || kind->note;
	return seen != NULL && (opens ? opening_fits : answer_fits)(&look, seen, support_kind_of(kind), now_ms);
}

static enum reliance claim_relies(
    const struct look *look, const struct look_part *other, enum wanted wanted, int64_t now_ms)
{
	static const char *const gone[] = { "annulled", "withdrawn", NULL };

	return serves(look, other, wanted, now_ms)          ? RELIES_USUALLY
	    : other->issue != NULL && state_is(other, gone) ? RELIES_MAYBE
							    : RELIES_NEVER;
}

/* S30: the refs of a kind beside the part at hand; S32, S33: in which states. */
enum reliance support_relies(const struct fold *fold, const struct kind *kind, const struct part *other, int64_t now_ms)
{
	static const char *const ended[] = { "receipted", "annulled", "withdrawn", "settled", "waived", NULL };
	struct agreements agreements = { .values_only = true };
	struct look look;

	switch (support_kind_of(kind)) {
	case KIND_CLAIMED:
	case KIND_CLAIMED_UNACKNOWLEDGED:
	case KIND_REFUND_CLAIMED:
	case KIND_CLOSED:
	case KIND_RECEIPTED: break;
	case KIND_NOTED: return RELIES_MAYBE;
	default: return RELIES_NEVER;
	}
	if (!look_at(fold->arena, &agreements, fold, "", &look)) {
		return RELIES_MAYBE;
	}
	const struct look_part *seen = seen_of(&look, other);
	if (seen == NULL) {
		return RELIES_NEVER;
	}
	switch (support_kind_of(kind)) {
	case KIND_CLAIMED: return claim_relies(&look, seen, TO_CLAIM, now_ms);
	case KIND_CLAIMED_UNACKNOWLEDGED: return claim_relies(&look, seen, TO_CLAIM_SILENT, now_ms);
	case KIND_REFUND_CLAIMED: return claim_relies(&look, seen, TO_REFUND, now_ms);
	case KIND_CLOSED: return seen->issue != NULL && state_is(seen, ended) ? RELIES_USUALLY : RELIES_NEVER;
	case KIND_RECEIPTED: return seen->issue != NULL && in_state(seen, "taken") ? RELIES_MAYBE : RELIES_NEVER;
	default: return RELIES_NEVER;
	}
}
