/* Guards of claims and payments: S59 to S73 of docs/support-rules.md. */
#include "domain/support/support_state.h"
#include <string.h>

#define RULES "support-rules 4.2"
#define EACH_GIVEN(line) \
	for (const struct given_claim_line *line = j->claim_lines; line < j->claim_lines + j->claim_line_count; line++)
#define PLACE(line) (long long)(line)->issue, (long long)(line)->line

static const char *code_text(const struct judging *judging, struct bytes code)
{
	const char *text = arena_text(judging->fold->arena, code);

	return text ? text : "?";
}

static int64_t amount_given(const struct judging *j, uint8_t key)
{
	int64_t minor = 0;

	record_int(&j->move->body, key, &minor);
	return minor;
}

/* ---- S59 to S63: lines of a claim -------------------------------------------------------------------------------- */

static enum status s59(struct judging *j, struct err *err)
{
	const struct given_claim_line *before = NULL;

	EACH_GIVEN(line)
	{
		bool later = before == NULL || line->issue > before->issue ||
		    (line->issue == before->issue && line->line > before->line);
		GUARD(later && line->found != NULL, err, "S59", RULES,
		    "issue %lld, line %lld: must be a line, named once and in order, of which something is left to claim",
		    PLACE(line));
		before = line;
	}
	return OK;
}

static bool held_elsewhere(
    const struct judging *j, const struct given_claim_line *line, const struct past_head *heads, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct claim_state *claim = live_claim(j, &heads[i]);
		if (claim != NULL && claim_holds(claim, j->issues[line->index].part, line->line)) {
			return true;
		}
	}
	return false;
}

static enum status s60(struct judging *j, struct err *err)
{
	unsigned count;
	const struct past_head *heads = past_heads(j, &count);

	EACH_GIVEN(line)
	{
		GUARD(line->overcharge_minor > 0 || !held_elsewhere(j, line, heads, count), err, "S60", RULES,
		    "issue %lld, line %lld: claimed already", PLACE(line));
	}
	return OK;
}

static enum status s61(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(line->overcharge_minor > 0 || claim_price(line->found, j->order) != NULL, err, "S61", RULES,
		    "issue %lld, line %lld: its price is still open; amend the order first", PLACE(line));
	}
	return OK;
}

static struct bytes claim_currency(const struct judging *j)
{
	struct bytes currency = { 0 };

	if (j->claim != NULL) {
		return j->claim->currency;
	}
	record_text(&j->move->body, KEY_CURRENCY, &currency);
	return currency;
}

static enum status s62(struct judging *j, struct err *err)
{
	struct bytes currency = claim_currency(j);

	EACH_GIVEN(line)
	{
		GUARD(bytes_equal(line->found->terms->currency, currency), err, "S62", RULES,
		    "issue %lld, line %lld: agreed in another currency than %s; claim it by itself", PLACE(line),
		    code_text(j, currency));
	}
	return OK;
}

static bool amount_fits(const struct judging *j, const struct given_claim_line *line)
{
	int64_t amount;

	return claim_line_amount(j, line, &amount) && (!line->has_amount || line->amount_minor == amount);
}

static enum status s63(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(amount_fits(j, line), err, "S63", RULES,
		    "issue %lld, line %lld: amount %lld; must be the quantity to be claimed at the price agreed",
		    PLACE(line), (long long)line->amount_minor);
	}
	return OK;
}

/* ---- S64 to S68: query, credit, figure --------------------------------------------------------------------------- */

static enum status s64(struct judging *j, struct err *err)
{
	int64_t before = 0;

	for (unsigned i = 0; i < j->item_count; i++) {
		GUARD(j->items[i].item > before && j->items[i].item <= j->claim->line_count, err, "S64", RULES,
		    "item %lld: must be an item of the claim, 1 to %u, named once, in ascending order",
		    (long long)j->items[i].item, j->claim->line_count);
		before = j->items[i].item;
	}
	return OK;
}

static enum status s65(struct judging *j, struct err *err)
{
	struct bytes reason = { 0 };

	record_text(&j->move->body, KEY_QUERY_REASON, &reason);
	GUARD(profile_reason(j->profile, "query", reason), err, "S65", clause(j, "reasons"),
	    "reason: %s; must be one of the agreement's: %s", code_text(j, reason),
	    profile_reasons(j->fold->arena, j->profile, "query"));
	return OK;
}

static bool credit_fits(const struct judging *j, const struct given_item *item)
{
	const struct claim_line *line = &j->claim->lines[item->item - 1];
	int64_t credited;

	return item->credit_minor > 0 && minor_add(line->credited_minor, item->credit_minor, &credited) &&
	    credited <= line->amount_minor;
}

static enum status s66(struct judging *j, struct err *err)
{
	for (unsigned i = 0; i < j->item_count; i++) {
		GUARD(credit_fits(j, &j->items[i]), err, "S66", RULES,
		    "item %lld: credit %lld; must be above 0 and not more than is claimed", (long long)j->items[i].item,
		    (long long)j->items[i].credit_minor);
	}
	return OK;
}

static enum status s67(struct judging *j, struct err *err)
{
	struct claim_state after;
	int64_t total, given = amount_given(j, KEY_TOTAL);

	if (!claim_after(j, &after)) {
		j->out_of_memory = true;
		return OK;
	}
	bool fits = claim_total(&after, &total);
	GUARD(fits && total == given && total > 0, err, "S67", RULES,
	    "total %lld: must be the sum of the lines less what was credited, %lld, and above 0", (long long)given,
	    (long long)(fits ? total : 0));
	return OK;
}

static enum status s68(struct judging *j, struct err *err)
{
	int64_t total = 0, figure = 0;
	bool given = record_int(&j->move->body, KEY_TOTAL, &figure);

	GUARD(!given || (figure > 0 && claim_total(j->claim, &total) && figure <= total), err, "S68", RULES,
	    "total %lld: must be above 0 and not more than was claimed", (long long)figure);
	return OK;
}

/* ---- S69 to S73: payment ----------------------------------------------------------------------------------------- */

static enum status s69(struct judging *j, struct err *err)
{
	struct bytes currency = { 0 };

	record_text(&j->move->body, KEY_CURRENCY, &currency);
	GUARD(bytes_equal(currency, j->claim->currency), err, "S69", RULES, "currency %s: must be the claim's, %s",
	    code_text(j, currency), code_text(j, j->claim->currency));
	return OK;
}

static enum status s70(struct judging *j, struct err *err)
{
	int64_t amount = amount_given(j, KEY_AMOUNT), open = j->claim->due_minor - j->claim->paid_minor;

	GUARD(amount > 0 && amount <= open, err, "S70", RULES,
	    "amount %lld: must be above 0 and not more than is open, %lld", (long long)amount, (long long)open);
	return OK;
}

static enum status s71(struct judging *j, struct err *err)
{
	int64_t amount = 0;
	bool fits = true;

	if (j->kind == KIND_REMITTED) {
		amount = amount_given(j, KEY_AMOUNT);
	} else {
		fits = claim_total(j->claim, &amount);
	}
	GUARD(fits && within_limit(j, j->claim->currency, amount), err, "S71", "grant, limits",
	    "amount %lld %s: above what this desk may sign", (long long)amount, code_text(j, j->claim->currency));
	return OK;
}

static enum status s72(struct judging *j, struct err *err)
{
	GUARD(within_limit(j, j->claim->currency, j->claim->figure_minor), err, "S72", "grant, limits",
	    "figure %lld %s: above what this desk may sign", (long long)j->claim->figure_minor,
	    code_text(j, j->claim->currency));
	return OK;
}

/* The issue as the claim names it; of a claim that nobody acknowledged, as it stands by the past. */
static const struct issue_state *issue_now(struct judging *j, const struct claim_line *line)
{
	unsigned count;
	const struct past_head *heads = past_heads(j, &count);

	for (unsigned i = 0; i < count && j->claim->opened == KIND_CLAIMED_UNACKNOWLEDGED; i++) {
		if (heads[i].part == line->part) {
			return heads[i].head->after;
		}
	}
	return j->claim->issues[line->issue].state;
}

static bool received(struct judging *j, struct bytes officer)
{
	for (unsigned i = 0; i < j->claim->line_count; i++) {
		const struct claim_line *line = &j->claim->lines[i];
		if (line->kind == LINE_PLAIN && bytes_equal(issue_now(j, line)->receiver, officer)) {
			return true;
		}
	}
	return false;
}

static enum status s73(struct judging *j, struct err *err)
{
	enum separation separation = profile_separation(j->profile, j->order->agreed);
	bool ordered = bytes_equal(j->order->orderer, j->move->signer.officer);
	bool took = received(j, j->move->signer.officer);
	bool refund = j->claim->opened == KIND_REFUND_CLAIMED; /* who pays it is the supplier's */
	bool above = separation == SEPARATION_ABOVE && (ordered || took);
	bool below = separation == SEPARATION_BELOW && ordered && took;

	GUARD(refund || (!above && !below), err, "S73", clause(j, "approval"),
	    "officer %s: ordered or received it; another officer must pay", code_text(j, j->move->signer.officer));
	return OK;
}

#define ONLY(kind) KIND_BIT(KIND_##kind)
#define CLAIM (ONLY(CLAIMED) | ONLY(CLAIMED_UNACKNOWLEDGED) | ONLY(RECLAIMED))
#define PAYMENT (ONLY(APPROVED) | ONLY(REMITTED))

const struct guard claim_guards[] = {
	{ "S59", CLAIM, s59 },
	{ "S60", CLAIM, s60 },
	{ "S61", CLAIM, s61 },
	{ "S62", CLAIM | ONLY(REFUND_CLAIMED), s62 },
	{ "S63", CLAIM, s63 },
	{ "S64", ONLY(QUERIED) | ONLY(CREDITED), s64 },
	{ "S65", ONLY(QUERIED), s65 },
	{ "S66", ONLY(CREDITED), s66 },
	{ "S67", CLAIM | ONLY(REFUND_CLAIMED) | ONLY(CREDITED), s67 },
	{ "S68", ONLY(FIGURED) | ONLY(FIGURE_COUNTERED), s68 },
	{ "S69", ONLY(REMITTED), s69 },
	{ "S70", ONLY(REMITTED), s70 },
	{ "S71", PAYMENT, s71 },
	{ "S72", ONLY(FIGURE_AGREED), s72 },
	{ "S73", PAYMENT, s73 },
	{ 0 },
};
