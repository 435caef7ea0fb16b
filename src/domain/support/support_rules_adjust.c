/* Guards of adjustments, of the claims that carry them, and of claims without acknowledgement: S110 to S121 of
 * docs/support-rules.md. */
#include "base/time.h"
#include "domain/support/support_state.h"
#include <string.h>

#define RULES "support-rules 4.2"
#define EACH_ADJUSTMENT(at) \
	for (const struct claim_adjustment *at = j->adjustments; at < j->adjustments + j->adjustment_count; at++)

static const struct issue_line *adjusted_line(const struct judging *j)
{
	int64_t number = 0;

	record_int(&j->move->body, KEY_ADJUSTED_LINE, &number);
	return issue_line_find(j->adjusted, number);
}

static bool in_state(const struct move *move, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (strcmp(move->state->name, *names) == 0) {
			return true;
		}
	}
	return false;
}

/* ---- S110 to S116: adjustments ----------------------------------------------------------------------------------- */

static enum status s110(struct judging *j, struct err *err)
{
	static const char *const receipted[] = { "receipted", "return due", "returning", "exchange due", "exchanging",
		"settled", NULL };

	GUARD(in_state(j->move->refs[0], receipted), err, "S110", "support-rules 3",
	    "issue: %s; only what was receipted is adjusted", j->move->refs[0]->state->name);
	return OK;
}

static enum status s111(struct judging *j, struct err *err)
{
	const struct issue_line *line = adjusted_line(j);

	GUARD(line != NULL && line->has_chargeable && adjustment_price(j, line) != NULL, err, "S111", RULES,
	    "line: must be a line of the issue, with a price; where that was open, name the order too");
	return OK;
}

static enum status s112(struct judging *j, struct err *err)
{
	struct decimal quantity = { 0, 0 };
	int64_t amount = 0, right = 0;
	bool has_quantity = record_decimal(&j->move->body, KEY_RIGHT_QUANTITY, &quantity);
	bool has_amount = record_int(&j->move->body, KEY_RIGHT_AMOUNT, &amount);

	GUARD((has_quantity || has_amount) && decimal_sign(quantity) >= 0 && amount >= 0 &&
		adjustment_right(j, adjusted_line(j), &right),
	    err, "S112", RULES, "quantity or amount_minor: must say what is right, and not be below 0");
	return OK;
}

static enum status s113(struct judging *j, struct err *err)
{
	int64_t difference = 0;
	bool fits = adjustment_difference(j, adjusted_line(j), &difference);

	GUARD(fits && difference != 0, err, "S113", RULES,
	    "adjustment: changes nothing; the line comes to that amount already");
	return OK;
}

static enum status s114(struct judging *j, struct err *err)
{
	struct bytes reason = { 0 };

	record_text(&j->move->body, KEY_ADJUSTMENT_REASON, &reason);
	GUARD(profile_reason(j->profile, "query", reason) || profile_reason(j->profile, "difference", reason), err,
	    "S114", clause(j, "reasons"), "reason: must be one of the agreement's: %s, %s",
	    profile_reasons(j->fold->arena, j->profile, "query"),
	    profile_reasons(j->fold->arena, j->profile, "difference"));
	return OK;
}

/* Does this past head belong to another adjustment of the line? */
static bool is_other(
    const struct judging *j, const struct past_head *head, const struct part *issue, const struct issue_line *line)
{
	const struct adjustment_state *other = head->part->type->letter == 'A' ? head->head->after : NULL;

	return other != NULL && head->part != j->move->part && other->part == issue &&
	    other->line->terms->line == line->terms->line;
}

static enum status s115(struct judging *j, struct err *err)
{
	static const char *const open[] = { "proposed by receiver", "proposed by supplier", NULL };
	unsigned count;
	const struct past_head *heads = past_heads(j, &count);
	const struct issue_line *line = adjusted_line(j);

	for (unsigned i = 0; i < count; i++) {
		GUARD(!is_other(j, &heads[i], j->move->refs[0]->part, line) || !in_state(heads[i].head, open), err,
		    "S115", RULES, "line %lld: another adjustment of it is open; answer or withdraw that first",
		    (long long)line->terms->line);
	}
	return OK;
}

static enum status s116(struct judging *j, struct err *err)
{
	static const char *const adjusted[] = { "adjusted", NULL };
	unsigned count;
	const struct past_head *heads = past_heads(j, &count);

	for (unsigned i = 0; i < count; i++) {
		GUARD(!is_other(j, &heads[i], j->adjustment->part, j->adjustment->line) ||
			!in_state(heads[i].head, adjusted) ||
			fold_past_holds(j->fold, j->move->part->opener, heads[i].head),
		    err, "S116", RULES,
		    "adjustment: reckoned without another one that was agreed since; refuse it, and have it proposed anew");
	}
	return OK;
}

/* ---- S117 to S121: claims ---------------------------------------------------------------------------------------- */

static enum status s117(struct judging *j, struct err *err)
{
	struct bytes currency = { 0 };

	record_text(&j->move->body, KEY_CURRENCY, &currency);
	EACH_ADJUSTMENT(at)
	{
		GUARD(bytes_equal(at->state->line->terms->currency, currency), err, "S117", RULES,
		    "adjustment of line %lld: in another currency; claim it by itself",
		    (long long)at->state->line->terms->line);
	}
	return OK;
}

static bool is_carried(const struct judging *j, const struct part *part, const struct past_head *heads, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct claim_state *claim = live_claim(j, &heads[i]);
		if (claim != NULL && claim_holds(claim, part, 0)) {
			return true;
		}
	}
	return false;
}

static enum status s118(struct judging *j, struct err *err)
{
	unsigned count;
	const struct past_head *heads = past_heads(j, &count);

	EACH_ADJUSTMENT(at)
	{
		GUARD(!is_carried(j, at->part, heads, count), err, "S118", RULES,
		    "adjustment of line %lld: carried by another claim already",
		    (long long)at->state->line->terms->line);
	}
	return OK;
}

static enum status s119(struct judging *j, struct err *err)
{
	EACH_ADJUSTMENT(at)
	{
		GUARD(at->state->difference_minor < 0, err, "S119", RULES,
		    "adjustment of line %lld: adds to the bill; the supplier claims it",
		    (long long)at->state->line->terms->line);
	}
	return OK;
}

static enum status s120(struct judging *j, struct err *err)
{
	for (unsigned i = 0; i < j->issue_count; i++) {
		GUARD(bytes_is(j->issues[i].state->method, "cash"), err, "S120", RULES,
		    "issue %u: settled in kind; only what is paid for is claimed without acknowledgement", i + 1);
	}
	return OK;
}

static enum status s121(struct judging *j, struct err *err)
{
	char text[TIME_TEXT] = "the agreement does not say when";

	for (unsigned i = 0; i < j->issue_count; i++) {
		int64_t end = 0;
		bool known = silence_end(j, j->issues[i].state, &end);
		if (known) {
			time_print(end, text);
		}
		GUARD(known && j->move->body.stated_ms >= end, err, "S121", clause(j, "clocks"),
		    "issue %u: the receiver still has time; may be claimed without acknowledgement from: %s", i + 1,
		    text);
	}
	return OK;
}

#define ONLY(kind) KIND_BIT(KIND_##kind)
#define CARRIES (ONLY(CLAIMED) | ONLY(REFUND_CLAIMED))

const struct guard adjust_guards[] = {
	{ "S110", ONLY(ADJUSTMENT_PROPOSED), s110 },
	{ "S111", ONLY(ADJUSTMENT_PROPOSED), s111 },
	{ "S112", ONLY(ADJUSTMENT_PROPOSED), s112 },
	{ "S113", ONLY(ADJUSTMENT_PROPOSED), s113 },
	{ "S114", ONLY(ADJUSTMENT_PROPOSED), s114 },
	{ "S115", ONLY(ADJUSTMENT_PROPOSED), s115 },
	{ "S116", ONLY(ADJUSTMENT_AGREED), s116 },
	{ "S117", CARRIES, s117 },
	{ "S118", CARRIES, s118 },
	{ "S119", ONLY(REFUND_CLAIMED), s119 },
	{ "S120", ONLY(CLAIMED_UNACKNOWLEDGED), s120 },
	{ "S121", ONLY(CLAIMED_UNACKNOWLEDGED), s121 },
	{ 0 },
};
