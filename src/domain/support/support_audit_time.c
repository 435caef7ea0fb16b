/* Rules of the audit about clocks: I37 to I39, I43 to I50 (docs/audit-rules.md 2 and 3). */
#include "domain/support/support_audit.h"
#include <string.h>

static const char *const requested[] = { "requested", NULL };
static const char *const unordered[] = { "unordered", NULL };
static const char *const issued[] = { "issued", NULL };
static const char *const taken[] = { "taken", NULL };
static const char *const receipted[] = { "receipted", NULL };
static const char *const in_kind[] = { "return due", "exchange due", NULL };
static const char *const convertible[] = { "return due", "returning", "exchange due", "exchanging", NULL };

static void missing_clock(struct audit *audit, enum clock_value value)
{
	audit->clock_missing[value] = true;
}

/* The state of an issue at the beginning of a stretch: what was delivered when. */
static const struct issue_state *issue_at(const struct stretch *stretch)
{
	return stretch->by->after;
}

static const char *last_day(struct audit *audit, const struct clock_end *clock)
{
	return print_day(audit->ctx, clock->last_day);
}

/* ---- answers and receipts ---------------------------------------------------------------------------------------- */

void audit_answered(struct audit *audit, const struct look *look)
{
	struct clock_end clock;
	struct stretch stretch;

	for (unsigned at = 0; look->order != NULL && stretch_next(look->order, requested, &at, &stretch);) {
		if (answer_clock(look, stretch.begin_ms, &clock)) {
			audit_find_late(audit, look->order, &stretch, &clock, "the request was to be answered by %s",
			    "要請の回答期限は %s", print_time(audit->ctx, clock.overdue_ms));
		} else {
			missing_clock(audit, VALUE_ANSWER_ROUTINE);
		}
	}
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned at = 0; part->issue != NULL && stretch_next(part, unordered, &at, &stretch);) {
			if (clock_of_value(look->agreement, VALUE_RATIFY, CLOCK_HOURS,
				part->part->opener->body.stated_ms, part->offset, "", &clock)) {
				audit_find_late(audit, part, &stretch, &clock,
				    "what came unordered was to be ratified by %s", "事前要請のない提供の追認期限は %s",
				    print_time(audit->ctx, clock.overdue_ms));
			} else {
				missing_clock(audit, VALUE_RATIFY);
			}
		}
	}
}

void audit_receipted(struct audit *audit, const struct look *look)
{
	struct clock_end clock;
	struct stretch stretch;

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned at = 0; part->issue != NULL && stretch_next(part, issued, &at, &stretch);) {
			if (receipt_clock(look, part, issue_at(&stretch), &clock)) {
				audit_find_late(audit, part, &stretch, &clock, "was to be receipted by %s",
				    "受領期限は %s", last_day(audit, &clock));
			} else {
				missing_clock(audit, VALUE_RECEIPT_DAYS);
			}
		}
	}
}

void audit_taken(struct audit *audit, const struct look *look)
{
	struct clock_end clock;
	struct stretch stretch;

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned at = 0; part->issue != NULL && stretch_next(part, taken, &at, &stretch);) {
			if (receipt_clock(look, part, issue_at(&stretch), &clock)) {
				audit_find_late(audit, part, &stretch, &clock,
				    "taken, and the supplier has not entered its issue by %s",
				    "受領されたが、提供側の引渡記録が %s までにない", last_day(audit, &clock));
			}
		}
	}
}

/* ---- claims ------------------------------------------------------------------------------------------------------ */

static bool claims_on(const struct move *opener, const struct part *issue)
{
	for (unsigned i = 0; issue != NULL && i < opener->body.ref_count; i++) {
		if (opener->refs[i] != NULL && opener->refs[i]->part == issue && issue->type->letter == 'I') {
			return true;
		}
	}
	return false;
}

/* R's first word on an issue that the claim lists; NULL: none yet. */
static const struct move *first_answer(const struct look *look, const struct look_part *claim)
{
	const struct move *first = NULL;

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (move->verdict == VERDICT_VALID && move->signer.party == claim->part->sides[RECEIVER] &&
		    claims_on(claim->part->opener, move->part) &&
		    (first == NULL || move->body.stated_ms < first->body.stated_ms)) {
			first = move;
		}
	}
	return first;
}

void audit_unacknowledged(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		const struct move *opener = part->part->opener;
		if (!kind_is(opener, "support.claimed_unacknowledged")) {
			continue;
		}
		const struct move *answered = first_answer(look, part);
		const struct id entries[] = { opener->id, answered ? answered->id : opener->id };
		audit_find_text(audit, part->part->number, stated_day(opener, part->offset),
		    answered ? stated_day(answered, part->offset) : NO_TIME, entries, answered ? 2 : 1,
		    "claimed on the supplier's evidence alone", "提供側の証憑のみに基づく請求");
	}
}

/* When the last of its lines with a rest was claimed: false while some is not. A line that an earlier claim let go counts by the one that holds it. */
static bool all_claimed(const struct look *look, const struct look_part *issue, int64_t *ms, const struct move **by)
{
	const struct claim_line *claimed;
	struct decimal rest;

	*by = NULL;
	*ms = 0;
	for (unsigned i = 0; i < issue->issue->line_count; i++) {
		const struct issue_line *line = &issue->issue->lines[i];
		unsigned at = 0;
		if (!issue_line_rest(line, &rest) || decimal_sign(rest) <= 0) {
			continue;
		}
		const struct look_part *claim = line_claim(look, issue, line->terms->line, &at, &claimed);
		if (claim == NULL) {
			return false;
		}
		if (*by == NULL || claim->from_ms[0] > *ms) {
			*ms = claim->from_ms[0];
			*by = claim->line[0];
		}
	}
	return true;
}

void audit_claimed(struct audit *audit, const struct look *look)
{
	struct clock_end clock;
	struct stretch stretch;

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		unsigned at = 0;
		if (part->issue == NULL || !state_is(part, receipted)) {
			continue;
		}
		if (!claim_clock(look, part, &clock)) {
			missing_clock(audit, VALUE_CLAIM);
			continue;
		}
		while (stretch_next(part, receipted, &at, &stretch) && stretch.end_ms != NO_TIME) {}
		int64_t day_after = clock_day_begins(day_of_ms(stretch.begin_ms, part->offset) + 1, part->offset);
		stretch.begin_ms = day_after;
		if (all_claimed(look, part, &stretch.end_ms, &stretch.ended_by)) {
			if (stretch.ended_by == NULL) {
				continue; /* nothing is left to claim */
			}
		} else {
			stretch.end_ms = NO_TIME;
			stretch.ended_by = NULL;
		}
		audit_find_late(audit, part, &stretch, &clock, "receipted, and was to be claimed by %s",
		    "受領済であり、請求期限は %s", last_day(audit, &clock));
	}
}

void audit_paid(struct audit *audit, const struct look *look)
{
	static const char *const unpaid[] = { "claimed", "queried", "upheld", "escalated", "figured", "payable", NULL };
	struct clock_end clock;
	struct stretch stretch;

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned at = 0; part->claim != NULL && stretch_next(part, unpaid, &at, &stretch);) {
			if (clock_of_value(
				look->agreement, VALUE_PAY, CLOCK_DAYS, part->from_ms[0], part->offset, "", &clock)) {
				audit_find_late(audit, part, &stretch, &clock, "was to be paid by %s", "支払期限は %s",
				    last_day(audit, &clock));
			} else {
				missing_clock(audit, VALUE_PAY);
			}
		}
	}
}

/* ---- settlement -------------------------------------------------------------------------------------------------- */

/* From the delivery on, until it is discharged. False: no such clock, or nothing to look at. */
static bool undischarged(struct audit *audit, const struct look *look, const struct look_part *part,
    enum clock_value value, struct stretch *stretch, struct clock_end *clock)
{
	int64_t end;
	const struct move *by;

	if (part->issue == NULL || part->head == NULL) {
		return false;
	}
	if (!clock_of_value(
		look->agreement, value, CLOCK_MONTHS, part->issue->delivered_at_ms, part->offset, "", clock)) {
		missing_clock(audit, value);
		return false;
	}
	*stretch = (struct stretch){ part->issue->delivered_at_ms, NO_TIME, part->head, NULL };
	if (issue_discharged(look, part, &end, &by)) {
		stretch->end_ms = end;
		stretch->ended_by = by == part->head ? NULL : by;
	}
	return true;
}

void audit_settled(struct audit *audit, const struct look *look)
{
	struct stretch stretch;
	struct clock_end clock;

	for (unsigned i = 0; i < look->part_count; i++) {
		if (undischarged(audit, look, &look->parts[i], VALUE_SETTLE, &stretch, &clock)) {
			audit_find_late(audit, &look->parts[i], &stretch, &clock,
			    "delivered on %s and not settled by %s, the end of the time for settlement",
			    "%s に引渡し、決済期限 %s までに決済されていない",
			    print_day(
				audit->ctx, day_of_ms(look->parts[i].issue->delivered_at_ms, look->parts[i].offset)),
			    last_day(audit, &clock));
		}
	}
}

void audit_lapse(struct audit *audit, const struct look *look)
{
	struct stretch stretch;
	struct clock_end clock;

	for (unsigned i = 0; i < look->part_count; i++) {
		if (undischarged(audit, look, &look->parts[i], VALUE_LAPSE, &stretch, &clock)) {
			audit_find_late(audit, &look->parts[i], &stretch, &clock,
			    "delivered on %s and still open: near the end of the time in which it can be claimed",
			    "%s の引渡しが未了。時効が近い",
			    print_day(
				audit->ctx, day_of_ms(look->parts[i].issue->delivered_at_ms, look->parts[i].offset)));
		}
	}
}

void audit_returned(struct audit *audit, const struct look *look)
{
	struct clock_end clock;
	struct stretch stretch;

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned at = 0; part->issue != NULL && stretch_next(part, in_kind, &at, &stretch);) {
			int64_t end;
			const struct move *by;
			if (!return_clock(look, part, &clock)) {
				missing_clock(audit, VALUE_SETTLE);
				continue;
			}
			if (kind_is(stretch.ended_by, "support.converted")) {
				bool discharged = issue_discharged(look, part, &end, &by);
				stretch.end_ms = discharged ? end : NO_TIME;
				stretch.ended_by = discharged ? by : NULL;
			}
			audit_find_late(audit, part, &stretch, &clock, "was to be returned or exchanged by %s",
			    "返還又は同種役務の期限は %s", last_day(audit, &clock));
		}
	}
}

void audit_convertible(struct audit *audit, const struct look *look)
{
	struct clock_end clock;
	struct stretch stretch;

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned at = 0; part->issue != NULL && stretch_next(part, convertible, &at, &stretch);) {
			if (clock_of_conversion(look->agreement, part->issue->delivered_at_ms, part->offset, &clock)) {
				audit_find_late(audit, part, &stretch, &clock,
				    "the supplier may convert it into cash; the time for it in kind ended on %s",
				    "提供側は通貨償還に切り替えることができる。現物による期限は %s に経過",
				    last_day(audit, &clock));
			} else {
				missing_clock(audit, VALUE_SETTLE);
			}
		}
	}
}
