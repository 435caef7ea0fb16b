#include "domain/support/support_statement.h"
#include "base/time.h"
#include "core/print.h"
#include <stdlib.h>
#include <string.h>

const char *age_bucket(int64_t days)
{
	static const struct {
		int64_t last;
		const char *name;
	} buckets[] = { { 30, "0-30" }, { 60, "31-60" }, { 90, "61-90" }, { 180, "91-180" }, { 365, "181-365" },
		{ 548, "366-548" } };

	for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++) {
		if (days <= buckets[i].last) {
			return buckets[i].name;
		}
	}
	return "over 548";
}

/* ---- halves ------------------------------------------------------------------------------------------------------ */

static enum status see_entry(void *context, const struct entry_fact *fact, struct err *err)
{
	struct half_seen *seen = (struct half_seen *)context + (fact->party < LIMIT_PARTIES ? fact->party : 0);
	int64_t *last = fact->thread < 0 ? &seen->last_acknowledged_ms : &seen->last_ms;

	(void)err;
	*last = fact->stated_ms > *last ? fact->stated_ms : *last;
	return OK;
}

enum status halves_seen(struct ctx *ctx, int64_t end_ms, struct half_seen seen[LIMIT_PARTIES], struct err *err)
{
	for (unsigned i = 0; i < LIMIT_PARTIES; i++) {
		seen[i] = (struct half_seen){ -1, -1 };
	}
	return ctx_entry_each(ctx, end_ms, false, see_entry, seen, err);
}

json_t *halves_object(struct ctx *ctx, const struct half_seen seen[LIMIT_PARTIES])
{
	json_t *parties = json_array();

	for (unsigned i = 0; i < ctx->view.party_count && i < LIMIT_PARTIES; i++) {
		json_t *party = json_object();
		json_object_set_new(party, "party", json_string(ctx->view.party_codes[i]));
		json_object_set_new(
		    party, "last_entry", seen[i].last_ms < 0 ? json_null() : json_time_of(seen[i].last_ms));
		json_object_set_new(party, "last_acknowledgement",
		    seen[i].last_acknowledged_ms < 0 ? json_null() : json_time_of(seen[i].last_acknowledged_ms));
		json_array_append_new(parties, party);
	}
	return parties;
}

void halves_print(struct ctx *ctx, const struct half_seen seen[LIMIT_PARTIES])
{
	for (unsigned i = 0; i < ctx->view.party_count && i < LIMIT_PARTIES; i++) {
		print_line(ctx,
		    arena_printf(ctx->arena, "%s: %s %s, %s %s", ctx->view.party_codes[i], WORD(ctx, "last entry"),
			seen[i].last_ms < 0 ? "-" : print_time(ctx, seen[i].last_ms), WORD(ctx, "last acknowledgement"),
			seen[i].last_acknowledged_ms < 0 ? "-" : print_time(ctx, seen[i].last_acknowledged_ms)));
	}
}

/* ---- items ------------------------------------------------------------------------------------------------------- */

static const char *copy(struct statement_of *statement, struct bytes text)
{
	const char *result = text.len > 0 ? arena_text(statement->ctx->arena, text) : NULL;

	statement->out_of_memory |= text.len > 0 && result == NULL;
	return result;
}

struct statement_item *statement_item_new(struct statement_of *statement)
{
	if (statement->count == statement->capacity) {
		unsigned wider = statement->capacity ? statement->capacity * 2 : 64;
		struct statement_item *items = arena_take_array(statement->ctx->arena, wider, sizeof *items);
		if (items == NULL) {
			statement->out_of_memory = true;
			return NULL;
		}
		if (statement->count > 0) {
			memcpy(items, statement->items, statement->count * sizeof *items);
		}
		statement->items = items;
		statement->capacity = wider;
	}
	return &statement->items[statement->count++];
}

static struct statement_item *item_add(struct statement_of *statement, const struct look_part *part, const char *kind)
{
	struct statement_item *item = statement_item_new(statement);

	if (item == NULL) {
		return NULL;
	}
	*item = (struct statement_item){ .number = copy(statement, bytes_text(part->part->number)),
		.kind = kind,
		.state = part->state->name,
		.office = copy(statement, part->part->opener->signer.officer),
		.office_party = part->part->opener->signer.party,
		.debtor = part->part->sides[RECEIVER],
		.creditor = part->part->sides[SUPPLIER],
		.priced = true,
		.delivered_ms = -1,
		.claimed_ms = -1,
		.offset = part->offset };
	return item;
}

static void set_currency(struct statement_item *item, struct bytes currency)
{
	if (currency.len == 3) {
		memcpy(item->currency, currency.data, 3);
	}
}

static void set_line(struct statement_of *statement, struct statement_item *item, const struct terms_line *line)
{
	item->line = line->line;
	item->description_en = copy(statement, line->description_en);
	item->description_ja = copy(statement, line->description_ja);
	set_currency(item, line->currency);
}

static void set_quantity(
    struct statement_of *statement, struct statement_item *item, struct decimal quantity, const struct terms_line *line)
{
	char text[DECIMAL_TEXT];

	decimal_print(quantity, text);
	item->quantity = copy(statement, bytes_text(text));
	item->unit = line->unit->code;
}

/* The earliest delivery of what a claim holds. */
static int64_t earliest(const struct claim_state *claim)
{
	int64_t delivered = -1;

	for (unsigned i = 0; i < claim->issue_count; i++) {
		int64_t at = claim->issues[i].state->delivered_at_ms;
		delivered = delivered < 0 || at < delivered ? at : delivered;
	}
	return delivered;
}

static void add_claim(struct statement_of *statement, const struct look_part *part)
{
	static const char *const over[] = { "settled", "netted", "waived", "withdrawn", NULL };
	int64_t total;

	if (state_is(part, over)) {
		if (strcmp(part->state->name, "netted") == 0) {
			netting_set_off(statement, part, earliest(part->claim));
		}
		return;
	}
	struct statement_item *item = item_add(statement, part, "claimed");
	if (item == NULL) {
		return;
	}
	if (part->claim->has_due) {
		total = part->claim->due_minor;
	} else {
		item->priced = claim_total(part->claim, &total);
	}
	item->minor = item->priced ? total - part->claim->paid_minor : 0;
	if (part->claim->opened ==
	    KIND_REFUND_CLAIMED) { /* its sides are exchanged: it lessens what is owed on the order */
		item->minor = -item->minor;
		item->debtor = part->part->sides[SUPPLIER];
		item->creditor = part->part->sides[RECEIVER];
	}
	item->delivered_ms = earliest(part->claim);
	item->claimed_ms = part->part->opener->body.stated_ms;
	set_currency(item, part->claim->currency);
}

static const struct order_state *order_at_head(const struct look *look, const struct look_part *issue)
{
	return look->order != NULL && look->order->order != NULL ? look->order->order : issue->issue->order;
}

static void add_unclaimed(struct statement_of *statement, const struct look *look, const struct look_part *part,
    const struct issue_line *line)
{
	const struct claim_line *claimed;
	const struct terms_line *price = claim_price(line, order_at_head(look, part));
	struct decimal rest;
	unsigned at = 0;

	if (!issue_line_rest(line, &rest) || decimal_sign(rest) <= 0 ||
	    line_claim(look, part, line->terms->line, &at, &claimed) != NULL) {
		return;
	}
	struct statement_item *item = item_add(statement, part, "unclaimed");
	if (item != NULL) {
		set_line(statement, item, line->terms);
		set_quantity(statement, item, rest, line->terms);
		item->priced = price != NULL && rest_amount(line, price, &item->minor);
		item->delivered_ms = part->issue->delivered_at_ms;
	}
}

static void add_in_kind(struct statement_of *statement, const struct look *look, const struct look_part *part,
    const struct issue_line *line)
{
	const struct terms_line *price = claim_price(line, order_at_head(look, part));
	struct decimal rest;

	if (!issue_line_rest(line, &rest) || decimal_sign(rest) <= 0) {
		return;
	}
	struct statement_item *item = item_add(statement, part, "in kind");
	if (item != NULL) {
		set_line(statement, item, line->terms);
		set_quantity(statement, item, rest, line->terms);
		item->priced = price != NULL && rest_amount(line, price, &item->minor);
		item->delivered_ms = part->issue->delivered_at_ms;
	}
}

static void add_issue(struct statement_of *statement, const struct look *look, const struct look_part *part)
{
	static const char *const receipted[] = { "receipted", NULL };
	static const char *const in_kind[] = { "return due", "returning", "exchange due", "exchanging", NULL };

	for (unsigned i = 0; i < part->issue->line_count; i++) {
		if (state_is(part, receipted)) {
			add_unclaimed(statement, look, part, &part->issue->lines[i]);
		} else if (state_is(part, in_kind)) {
			add_in_kind(statement, look, part, &part->issue->lines[i]);
		}
	}
}

/* Is the adjustment carried by a claim that was not withdrawn? */
static bool is_carried(const struct look *look, const struct part *adjustment)
{
	static const char *const gone[] = { "withdrawn", NULL };

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *claim = &look->parts[i];
		for (unsigned k = 0; claim->claim != NULL && !state_is(claim, gone) && k < claim->claim->line_count;
		     k++) {
			if (claim->claim->lines[k].part == adjustment) {
				return true;
			}
		}
	}
	return false;
}

static void add_adjustment(struct statement_of *statement, const struct look *look, const struct look_part *part)
{
	const struct adjustment_state *adjustment = part->head->after;

	if (strcmp(part->state->name, "adjusted") != 0 || is_carried(look, part->part)) {
		return;
	}
	struct statement_item *item = item_add(statement, part, "adjusted");
	if (item != NULL) {
		set_line(statement, item, adjustment->line->terms);
		item->minor = adjustment->difference_minor;
		item->delivered_ms = adjustment->issue->delivered_at_ms;
	}
}

/* What was charged too much and no claim carries: owed the other way. */
static void add_overcharges(struct statement_of *statement, const struct look *look)
{
	static const char *const states[] = { "receipted", "annulled", "withdrawn", NULL };

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned k = 0; part->issue != NULL && part->part->head_count == 1 && state_is(part, states) &&
		     k < part->issue->line_count;
		     k++) {
			const struct issue_line *line = &part->issue->lines[k];
			int64_t minor = overcharge_now(look->fold, part->part, line);
			struct statement_item *item = minor > 0 ? item_add(statement, part, "adjusted") : NULL;
			if (item != NULL) {
				set_line(statement, item, line->terms);
				item->minor = -minor;
				item->delivered_ms = part->issue->delivered_at_ms;
			}
		}
	}
}

static enum status look_at_thread(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	struct statement_of *statement = context;
	struct look look;

	if (!look_at(statement->ctx->arena, &statement->agreements, fold, fact->number, &look)) {
		return err_set(err, ENVIRONMENT, "statement: out of memory");
	}
	for (unsigned i = 0; i < look.part_count; i++) {
		const struct look_part *part = &look.parts[i];
		if (part->part->head_count > 1) {
			const char **rivals = arena_grow(statement->ctx->arena, statement->rivals,
			    statement->rival_count, statement->rival_count + 1, sizeof *rivals);
			if (rivals != NULL) {
				statement->rivals = rivals;
				rivals[statement->rival_count++] = copy(statement, bytes_text(part->part->number));
			}
			statement->out_of_memory |= rivals == NULL;
		} else if (part->head != NULL && part->claim != NULL) {
			add_claim(statement, part);
		} else if (part->head != NULL && part->issue != NULL) {
			add_issue(statement, &look, part);
		} else if (part->head != NULL && strcmp(part->part->type->name, "adjustment") == 0) {
			add_adjustment(statement, &look, part);
		} else if (part->head != NULL && strcmp(part->part->type->name, "netting") == 0) {
			netting_agreed(statement, &look, part);
		}
	}
	add_overcharges(statement, &look);
	return statement->out_of_memory ? err_set(err, ENVIRONMENT, "statement: out of memory") : OK;
}

/* ---- balances ---------------------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	const struct statement_item *one = a, *two = b;
	int order = strcmp(one->number, two->number);

	return order != 0 ? order : (one->line > two->line) - (one->line < two->line);
}

static int by_currency(const void *a, const void *b)
{
	const struct statement_balance *one = a, *two = b;
	int order = strcmp(one->currency, two->currency);

	if (order == 0) {
		order = one->debtor != two->debtor ? (one->debtor < two->debtor ? -1 : 1)
						   : (one->creditor > two->creditor) - (one->creditor < two->creditor);
	}
	return order;
}

static void balance_add(struct statement_of *statement, const struct statement_item *item)
{
	for (unsigned i = 0; i < statement->balance_count; i++) {
		struct statement_balance *balance = &statement->balances[i];
		if (balance->debtor == item->debtor && balance->creditor == item->creditor &&
		    strcmp(balance->currency, item->currency) == 0) {
			statement->overflow |= !minor_add(balance->minor, item->minor, &balance->minor);
			return;
		}
	}
	struct statement_balance *wider = arena_grow(statement->ctx->arena, statement->balances,
	    statement->balance_count, statement->balance_count + 1, sizeof *wider);
	if (wider == NULL) {
		statement->out_of_memory = true;
		return;
	}
	statement->balances = wider;
	struct statement_balance *balance = &wider[statement->balance_count++];
	*balance =
	    (struct statement_balance){ .debtor = item->debtor, .creditor = item->creditor, .minor = item->minor };
	memcpy(balance->currency, item->currency, sizeof balance->currency);
}

enum status statement_gather(struct statement_of *statement, struct err *err)
{
	enum status status =
	    ctx_fold_each(statement->ctx, "support", statement->end_ms, look_at_thread, statement, err);

	if (status != OK) {
		return status;
	}
	nettings_reckon(statement);
	if (statement->count > 0) {
		qsort(statement->items, statement->count, sizeof *statement->items, by_number);
	}
	for (unsigned i = 0; i < statement->count; i++) {
		if (strcmp(statement->items[i].kind, "in kind") != 0 && statement->items[i].priced) {
			balance_add(statement, &statement->items[i]);
		}
	}
	if (statement->balance_count > 0) {
		qsort(statement->balances, statement->balance_count, sizeof *statement->balances, by_currency);
	}
	if (statement->out_of_memory) {
		return err_set(err, ENVIRONMENT, "statement: out of memory");
	}
	return statement->overflow ? err_set(err, BAD_INPUT, "statement: a sum is beyond what an amount can hold") : OK;
}
