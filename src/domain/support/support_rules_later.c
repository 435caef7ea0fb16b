/* Guards of orders by word of mouth, unasked offers, unordered issues and withdrawals: S100 to S109 of docs/support-rules.md. */
#include "domain/support/support_state.h"
#include <string.h>

#define RULES "support-rules 4.2"
#define EACH_GIVEN(line) for (const struct given_line *line = j->lines; line < j->lines + j->line_count; line++)
#define LINE(given) (long long)(given)->line

static const char *said(const struct judging *judging, struct bytes text)
{
	const char *copy = arena_text(judging->fold->arena, text);

	return copy ? copy : "?";
}

/* ---- S100 to S102: orders ---------------------------------------------------------------------------------------- */

static enum status s100(struct judging *j, struct err *err)
{
	struct bytes with = { 0 };
	int64_t at = 0;
	bool has_at = record_int(&j->move->body, KEY_ORAL_AT, &at);
	bool has_with = record_text(&j->move->body, KEY_ORAL_WITH, &with);

	GUARD(has_at == has_with, err, "S100", RULES,
	    "oral_at and oral_with: only one of them; say both when it was said and to which post");
	GUARD(!has_at || at <= j->move->body.stated_ms, err, "S100", RULES,
	    "oral_at: after the entry's own time; must be when it was said");
	return OK;
}

static enum status s101(struct judging *j, struct err *err)
{
	const struct move *head = j->move->answers[0];
	int64_t at;

	GUARD(head == j->move->part->opener && record_int(&head->body, KEY_ORAL_AT, &at), err, "S101", RULES,
	    "order: was not opened by word of mouth, or another move has come since; decline, reject or counter it");
	return OK;
}

static bool proposes_anything(const struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		if (decimal_sign(issue->lines[i].proposed) > 0) {
			return true;
		}
	}
	return false;
}

/* Does this move bind the receiver for the first time? */
static bool binds(const struct judging *j)
{
	if (j->order->agreed != NULL) {
		return false;
	}
	if (j->kind == KIND_ACCEPTED) {
		return support_kind_of(j->order->opening->kind) == KIND_OFFERED_UNASKED;
	}
	return proposes_anything(j->issue);
}

static enum status s102(struct judging *j, struct err *err)
{
	int64_t charter = 0;
	bool given = record_int(&j->move->body, KEY_CHARTER, &charter);

	GUARD(binds(j) ? charter == 1 : !given, err, "S102", clause(j, "charter_statement"), "charter: %s",
	    given ? "said already; it is said once, leave it out"
		  : "missing; whoever takes an unasked offer or an unordered issue states it: charter true");
	return OK;
}

/* ---- S103 to S107: unordered issues and meters ------------------------------------------------------------------- */

static bool has_evidence(const struct given_line *line)
{
	return (line->has_meter_start && line->has_meter_end) || line->has_meter_reading;
}

static enum status s103(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(!bytes_is(line->terms->kind, "service") || has_evidence(line), err, "S103", RULES,
		    "line %lld: a service without evidence of its meter (%s); state meter_start and meter_end, or meter_reading",
		    LINE(line), said(j, line->terms->meter));
	}
	return OK;
}

static enum status s104(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(line->terms->has_price, err, "S104", RULES,
		    "line %lld: its price is open; what is issued without an order has a price", LINE(line));
	}
	return OK;
}

static enum status s105(struct judging *j, struct err *err)
{
	struct list list = { 0 };
	struct list_item item;
	int64_t before = 0, number = 0;

	record_list(&j->move->body, KEY_METERS, &list);
	while (list_next(&list, &item)) {
		item_int(&item, 0, &number);
		GUARD(number > before && terms_line_find(j->terms, number) != NULL, err, "S105", RULES,
		    "meters, line %lld: must be a line of the issue, named once, in ascending order",
		    (long long)number);
		before = number;
	}
	return OK;
}

static enum status s106(struct judging *j, struct err *err)
{
	struct bytes officer = j->move->signer.officer, receiver = officer;
	bool above = profile_separation(j->profile, terms_of(j->order)) == SEPARATION_ABOVE;

	record_text(&j->move->body, KEY_RECEIVED_BY, &receiver);
	GUARD(!above || !bytes_equal(receiver, officer), err, "S106", clause(j, "approval"),
	    "officer %s: orders it by this; above the amount of separation name another officer in received_by",
	    said(j, officer));
	return OK;
}

static enum status s107(struct judging *j, struct err *err)
{
	static const char *const reasons[] = { "not_ordered", "not_received", "not_allowed", "other", NULL };
	struct bytes reason = { 0 };
	bool known = false;

	record_text(&j->move->body, KEY_REASON, &reason);
	for (unsigned i = 0; reasons[i] != NULL; i++) {
		known |= bytes_is(reason, reasons[i]);
	}
	GUARD(known, err, "S107", RULES, "reason %s: must be not_ordered, not_received, not_allowed or other",
	    said(j, reason));
	return OK;
}

/* ---- S108, S109: issues that a claim holds ----------------------------------------------------------------------- */

/* Is there a claim of this kind in the thread? A glance that spares the walk through the past. */
static bool any_opened(const struct judging *j, enum support_kind kind)
{
	for (unsigned i = 0; i < j->fold->part_count; i++) {
		if (support_kind_of(j->fold->parts[i]->opener->kind) == kind) {
			return true;
		}
	}
	return false;
}

/* A claim by the past that holds a line of the issue judged; due: only one that was approved. */
static bool is_claimed(struct judging *j, bool due)
{
	unsigned count;
	const struct past_head *heads = past_heads(j, &count);

	for (unsigned i = 0; i < count; i++) {
		const struct claim_state *claim = live_claim(j, &heads[i]);
		if (claim != NULL && (claim->has_due || !due) && claim_holds(claim, j->move->part, 0)) {
			return true;
		}
	}
	return false;
}

static enum status s108(struct judging *j, struct err *err)
{
	GUARD(j->move->part->type->letter != 'I' || !is_claimed(j, false), err, "S108", RULES,
	    "issue: a claim holds it; withdraw the claim first, or credit it");
	return OK;
}

static enum status s109(struct judging *j, struct err *err)
{
	/* Of an issue that nobody receipted only such claims hold lines: what else names it knows of a receipt (K9). */
	GUARD(!any_opened(j, KIND_CLAIMED_UNACKNOWLEDGED) || !is_claimed(j, true), err, "S109", RULES,
	    "issue: its payment was approved; propose an adjustment, or claim a refund");
	return OK;
}

#define ONLY(kind) KIND_BIT(KIND_##kind)

const struct guard later_guards[] = {
	{ "S100", ONLY(REQUESTED) | ONLY(OFFERED_UNASKED), s100 },
	{ "S101", ONLY(ORAL_DENIED), s101 },
	{ "S102", ONLY(ACCEPTED) | ONLY(RESOLUTION_AGREED), s102 },
	{ "S103", ONLY(ISSUED) | ONLY(TAKEN_ISSUED) | ONLY(ISSUED_UNORDERED), s103 },
	{ "S104", ONLY(ISSUED_UNORDERED), s104 },
	{ "S105", ONLY(ISSUED_UNORDERED), s105 },
	{ "S106", ONLY(RATIFIED), s106 },
	{ "S107", ONLY(REPUDIATED), s107 },
	{ "S108", ONLY(WITHDRAWN), s108 },
	{ "S109", ONLY(RECEIPTED) | ONLY(NOT_ARRIVED), s109 },
	{ 0 },
};
