/* Guards of exchanges, conversions and waivers, and of entries that name other threads: S200 to S212 of docs/support-rules.md. */
#include "base/time.h"
#include "domain/support/support_state.h"
#include <string.h>

#define RULES "support-rules 4.2"
#define EACH_ITEM(item) \
	for (const struct exchange_item *item = j->exchange_items; item < j->exchange_items + j->exchange_item_count; \
	     item++)
#define LINE(item) (long long)(item)->line

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

/* ---- S200, S201 -------------------------------------------------------------------------------------------------- */

static bool refs_are_abroad(const struct judging *j)
{
	const struct body *body = &j->move->body;

	for (unsigned i = 0; i < body->ref_count; i++) {
		if (j->move->refs[i] != NULL) {
			return false;
		}
	}
	return body->ref_count <= 1 && (j->kind != KIND_NETTED || body->ref_count == 1);
}

static enum status s200(struct judging *j, struct err *err)
{
	GUARD(refs_are_abroad(j), err, "S200", "support-rules 3",
	    "refs: must be one entry of another thread: the certificate that is mirrored, or the netting agreed to");
	return OK;
}

static enum status s201(struct judging *j, struct err *err)
{
	char due_text[TIME_TEXT] = "never";
	int64_t due = 0;
	bool has_clock = conversion_due(j->profile, j->issue, &due);

	if (has_clock) {
		time_print(due, due_text);
	}
	GUARD(has_clock && j->move->body.stated_ms >= due, err, "S201", clause(j, "clocks, settle_months"),
	    "conversion: possible from %s on; until then it may still be returned or exchanged", due_text);
	return OK;
}

/* ---- S202 to S209: what is linked -------------------------------------------------------------------------------- */

static int item_order(const struct exchange_item *a, const struct exchange_item *b)
{
	int order = (a->line > b->line) - (a->line < b->line);

	order = order ? order : id_compare(&a->thread, &b->thread);
	order = order ? order : id_compare(&a->issue, &b->issue);
	return order ? order : (a->their_line > b->their_line) - (a->their_line < b->their_line);
}

static enum status s202(struct judging *j, struct err *err)
{
	EACH_ITEM(item)
	{
		GUARD(item == j->exchange_items || item_order(item - 1, item) < 0, err, "S202", RULES,
		    "line %lld: items must ascend by line, order, issue and line given, none twice", LINE(item));
	}
	return OK;
}

static bool anything_left(const struct exchange_item *item)
{
	int64_t left;

	return item->found != NULL && exchange_left(item->found, &left) && left > 0;
}

static enum status s203(struct judging *j, struct err *err)
{
	EACH_ITEM(item)
	{
		GUARD(anything_left(item), err, "S203", RULES,
		    "line %lld: must be a line of the issue of which something is left to exchange", LINE(item));
	}
	return OK;
}

static struct bytes currency_given(const struct judging *j)
{
	struct bytes currency = { 0 };

	record_text(&j->move->body, KEY_CURRENCY, &currency);
	return currency;
}

static enum status s204(struct judging *j, struct err *err)
{
	struct bytes currency = currency_given(j);

	EACH_ITEM(item)
	{
		GUARD(bytes_equal(item->found->terms->currency, currency), err, "S204", RULES,
		    "line %lld: agreed in another currency than %s; link it by itself", LINE(item),
		    code_text(j, currency));
	}
	return OK;
}

static enum status s205(struct judging *j, struct err *err)
{
	EACH_ITEM(item)
	{
		GUARD(!id_equal(&item->thread, &j->fold->thread), err, "S205", RULES,
		    "line %lld: given under this same order; only an order the other way can be set against it",
		    LINE(item));
	}
	return OK;
}

static enum status s206(struct judging *j, struct err *err)
{
	EACH_ITEM(item)
	{
		GUARD(item->value_minor > 0 && item->applied_minor > 0, err, "S206", RULES,
		    "line %lld: values; must be above 0", LINE(item));
	}
	return OK;
}

/* Either amount is the other converted: an order in one currency is rounded once, whichever side is counted first. */
static bool value_fits(const struct judging *j, const struct exchange_item *item, struct bytes currency)
{
	struct decimal rate;
	int64_t there, here;
	bool inverse;

	if (bytes_equal(item->currency, currency)) {
		return item->value_minor == item->applied_minor;
	}
	if (!terms_rate(j->issue->order->agreed, item->currency, currency, &rate, &inverse)) {
		return false;
	}
	bool has_here = inverse ? convert_back(currency, item->currency, rate, item->value_minor, &here)
				: convert_minor(item->currency, currency, rate, item->value_minor, &here);
	bool has_there = inverse ? convert_minor(currency, item->currency, rate, item->applied_minor, &there)
				 : convert_back(item->currency, currency, rate, item->applied_minor, &there);
	return (has_here && here == item->applied_minor) || (has_there && there == item->value_minor);
}

static enum status s207(struct judging *j, struct err *err)
{
	struct bytes currency = currency_given(j);

	EACH_ITEM(item)
	{
		GUARD(value_fits(j, item, currency), err, "S207", RULES,
		    "line %lld: %lld %s is not %lld %s at a rate of the order's terms", LINE(item),
		    (long long)item->value_minor, code_text(j, item->currency), (long long)item->applied_minor,
		    code_text(j, currency));
	}
	return OK;
}

static bool within_left(const struct judging *j, int64_t line)
{
	int64_t sum = 0, left = 0;

	EACH_ITEM(item)
	{
		if (item->line == line &&
		    (!exchange_left(item->found, &left) || !minor_add(sum, item->applied_minor, &sum))) {
			return false;
		}
	}
	return sum <= left;
}

static enum status s208(struct judging *j, struct err *err)
{
	EACH_ITEM(item)
	{
		GUARD(within_left(j, item->line), err, "S208", RULES,
		    "line %lld: more than is left to exchange; link no more than that of what was given", LINE(item));
	}
	return OK;
}

static enum status s209(struct judging *j, struct err *err)
{
	int64_t sum = 0, total = amount_given(j, KEY_TOTAL);
	bool fits = true;

	EACH_ITEM(item)
	{
		fits = fits && minor_add(sum, item->applied_minor, &sum);
	}
	GUARD(fits && sum == total, err, "S209", RULES, "total %lld: must be the sum of the items, %lld",
	    (long long)total, (long long)sum);
	return OK;
}

static enum status s210(struct judging *j, struct err *err)
{
	GUARD(bytes_equal(currency_given(j), j->issue->linked_currency) &&
		amount_given(j, KEY_TOTAL) == j->issue->linked_total_minor,
	    err, "S210", RULES, "total %lld %s: must be what was linked, %lld %s; refuse it if that is not its value",
	    (long long)amount_given(j, KEY_TOTAL), code_text(j, currency_given(j)),
	    (long long)j->issue->linked_total_minor, code_text(j, j->issue->linked_currency));
	return OK;
}

/* ---- S211, S212: waivers ----------------------------------------------------------------------------------------- */

static bool held(const struct judging *j, const struct past_head *heads, unsigned count, int64_t line)
{
	for (unsigned i = 0; i < count; i++) {
		const struct claim_state *claim = live_claim(j, &heads[i]);
		if (claim != NULL && claim_holds(claim, j->move->part, line)) {
			return true;
		}
	}
	return false;
}

static bool unclaimed(
    const struct judging *j, const struct issue_line *line, const struct past_head *heads, unsigned count)
{
	struct decimal rest;

	return issue_line_rest(line, &rest) && decimal_sign(rest) > 0 && !held(j, heads, count, line->terms->line);
}

static enum status s211(struct judging *j, struct err *err)
{
	unsigned count;
	const struct issue_state *issue = j->issue;
	const struct past_head *heads = issue ? past_heads(j, &count) : NULL;
	bool any = issue == NULL;

	for (unsigned i = 0; heads != NULL && i < issue->line_count; i++) {
		any |= unclaimed(j, &issue->lines[i], heads, count);
	}
	GUARD(any, err, "S211", RULES, "issue: nothing of it is left but what was claimed; waive the claim");
	return OK;
}

/* False when a sum does not fit. */
static bool unclaimed_sum(
    const struct judging *j, struct bytes currency, const struct past_head *heads, unsigned count, int64_t *sum)
{
	*sum = 0;
	for (unsigned i = 0; i < j->issue->line_count; i++) {
		const struct issue_line *line = &j->issue->lines[i];
		const struct terms_line *price = claim_price(line, j->order);
		int64_t amount;
		if (price == NULL || !bytes_equal(line->terms->currency, currency) ||
		    !unclaimed(j, line, heads, count)) {
			continue;
		}
		if (!rest_amount(line, price, &amount) || !minor_add(*sum, amount, sum)) {
			return false;
		}
	}
	return true;
}

static bool issue_within_limit(struct judging *j)
{
	unsigned count;
	const struct past_head *heads = past_heads(j, &count);
	int64_t sum;

	for (unsigned i = 0; heads != NULL && i < j->issue->line_count; i++) {
		struct bytes currency = j->issue->lines[i].terms->currency;
		if (!unclaimed_sum(j, currency, heads, count, &sum) || !within_limit(j, currency, sum)) {
			return false;
		}
	}
	return true;
}

static bool claim_within_limit(const struct judging *j)
{
	int64_t open;

	return claim_open(j->claim, &open) && within_limit(j, j->claim->currency, open);
}

static enum status s212(struct judging *j, struct err *err)
{
	GUARD(j->issue ? issue_within_limit(j) : claim_within_limit(j), err, "S212", "grant, limits",
	    "waiver: above what this desk may sign");
	return OK;
}

#define ONLY(kind) KIND_BIT(KIND_##kind)

const struct guard exchange_guards[] = {
	{ "S200", ONLY(EXCHANGE_LINKED) | ONLY(NETTED), s200 },
	{ "S201", ONLY(CONVERTED), s201 },
	{ "S202", ONLY(EXCHANGE_LINKED), s202 },
	{ "S203", ONLY(EXCHANGE_LINKED), s203 },
	{ "S204", ONLY(EXCHANGE_LINKED), s204 },
	{ "S205", ONLY(EXCHANGE_LINKED), s205 },
	{ "S206", ONLY(EXCHANGE_LINKED), s206 },
	{ "S207", ONLY(EXCHANGE_LINKED), s207 },
	{ "S208", ONLY(EXCHANGE_LINKED), s208 },
	{ "S209", ONLY(EXCHANGE_LINKED), s209 },
	{ "S210", ONLY(EXCHANGE_CERTIFIED), s210 },
	{ "S211", ONLY(WAIVED), s211 },
	{ "S212", ONLY(WAIVED), s212 },
	{ 0 },
};
