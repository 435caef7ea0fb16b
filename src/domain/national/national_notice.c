/* Notices of claim: listed, sent, printed. What is sent is filled in from the issue and its order in the shared tally. */
#include "domain/national/national_notice.h"
#include "base/cbor.h"
#include "base/time.h"
#include "domain/national/national_commands.h"
#include "domain/national/national_print.h"
#include "domain/support/support.h"
#include <stdlib.h>
#include <string.h>

const char notices_sql[] = NOTICES "ORDER BY n.thread";

/* ---- list -------------------------------------------------------------------------------------------------------- */

struct listing {
	const struct args *args;
};

void notice_json(struct ctx *ctx, struct query *row)
{
	json_t *object = json_object();
	static const struct {
		const char *name;
		unsigned column;
		json_t *(*value)(struct query *, unsigned);
	} items[] = { { "number", N_NUMBER, json_text_at }, { "state", N_STATE, json_text_at },
		{ "issue", N_ISSUE, json_text_at }, { "order", N_ORDER, json_text_at },
		{ "agreement", N_AGREEMENT, json_text_at }, { "debtor", N_DEBTOR, json_text_at },
		{ "address", N_ADDRESS, json_text_at }, { "amount_minor", N_AMOUNT, json_column },
		{ "currency", N_CURRENCY, json_text_at }, { "delivered_on", N_DELIVERED_ON, json_day_at },
		{ "due_on", N_DUE_ON, json_day_at }, { "ledger", N_LEDGER, json_text_at },
		{ "ledger_on", N_LEDGER_ON, json_day_at }, { "demand", N_DEMAND, json_text_at },
		{ "demand_due_on", N_DEMAND_DUE_ON, json_day_at }, { "paid_minor", N_PAID, json_column },
		{ "paid_on", N_PAID_ON, json_day_at }, { "sent", N_SENT, json_time_at },
		{ "since", N_SINCE, json_time_at } };

	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		json_object_set_new(object, items[i].name, items[i].value(row, items[i].column));
	}
	json_object_set_new(object, "estimate", json_boolean(query_int(row, N_ESTIMATE)));
	print_json(ctx, object);
}

const char *notice_amount(struct ctx *ctx, struct query *row, unsigned column)
{
	return print_amount(ctx, query_text(row, N_CURRENCY), query_int(row, column));
}

bool notice_passes(struct query *row, const char *state)
{
	return state == NULL || (!query_is_null(row, N_STATE) && bytes_is(query_text(row, N_STATE), state));
}

static enum status list_notices(struct ctx *ctx, void *context, struct err *err)
{
	struct listing *listing = context;
	struct grid grid = { .ctx = ctx, .columns = 9 };
	struct query *row = NULL;
	const char *const titles[] = { ctx_word(ctx, "number"), ctx_word(ctx, "state"), ctx_word(ctx, "issue"),
		ctx_word(ctx, "debtor"), ctx_word(ctx, "amount"), ctx_word(ctx, "due on"),
		ctx_word(ctx, "ledger number"), ctx_word(ctx, "demand number"), ctx_word(ctx, "paid in") };
	enum status status = ctx_query(ctx, notices_sql, &row, err);

	grid_titles(&grid, titles);
	while (status == OK && query_next(row)) {
		if (!notice_passes(row, args_option(listing->args, "state"))) {
			continue;
		}
		if (ctx->json) {
			notice_json(ctx, row);
		}
		const char *const cells[] = { cell_text(ctx, row, N_NUMBER),
			query_is_null(row, N_STATE) ? ctx_word(ctx, "rivals") : cell_word(ctx, row, N_STATE),
			cell_text(ctx, row, N_ISSUE), cell_text(ctx, row, N_DEBTOR), notice_amount(ctx, row, N_AMOUNT),
			cell_day(ctx, row, N_DUE_ON), cell_text(ctx, row, N_LEDGER), cell_text(ctx, row, N_DEMAND),
			query_int(row, N_PAID) ? notice_amount(ctx, row, N_PAID) : "" };
		grid_row(&grid, cells);
	}
	query_close(row);
	return status == OK ? grid_end(&grid, err) : status;
}

/* In the shared tally: issues that this party supplied on cash terms. */
static enum status gather_issues(struct ctx *ctx, void *context, struct err *err)
{
	struct missing_notices *supplied = context;
	unsigned kept = 0;
	enum status status = support_cash_issues(ctx, &supplied->items, &supplied->count, err);

	for (unsigned i = 0; status == OK && i < supplied->count; i++) {
		if (supplied->items[i].supplier == ctx->own_party) {
			supplied->items[kept++] = supplied->items[i];
		}
	}
	supplied->count = kept;
	return status;
}

/* Number of the notice that stands for an issue; NULL: none. */
static enum status notice_of(struct ctx *ctx, const struct id *issue, const char **number, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(ctx,
	    "SELECT n.number FROM national_notice n JOIN thread t ON t.row = n.thread WHERE +t.tally = :tally AND n.issue = :issue"
	    " AND (n.state IS NULL OR n.state <> 'withdrawn') ORDER BY n.thread",
	    &row, err);

	*number = NULL;
	if (status == OK) {
		query_bind_blob(row, "issue", id_bytes(issue));
		if (query_next(row)) {
			*number = cell_text(ctx, row, 0);
		}
	}
	query_close(row);
	return status;
}

const char *issue_delivered_on(struct ctx *ctx, const struct support_issue *issue)
{
	char text[TIME_TEXT];

	day_print(day_of_ms(issue->delivered_ms, (int)issue->utc_offset_minutes), text);
	return arena_text(ctx->arena, bytes_text(text));
}

/* In the national tally: leaves those of which no notice stands. */
static enum status keep_missing(struct ctx *ctx, void *context, struct err *err)
{
	struct missing_notices *missing = context;
	unsigned kept = 0;
	enum status status = OK;

	for (unsigned i = 0; status == OK && i < missing->count; i++) {
		const char *number;
		status = notice_of(ctx, &missing->items[i].part, &number, err);
		if (status == OK && number == NULL) {
			missing->items[kept++] = missing->items[i];
		}
	}
	missing->count = kept;
	return status;
}

enum status notices_missing(struct ctx *ctx, const struct places *places, struct missing_notices *out, struct err *err)
{
	enum status status = places_need_shared(places, err);

	*out = (struct missing_notices){ 0 };
	if (status == OK) {
		status = ctx_within(ctx, &places->shared, (struct bytes){ 0 }, gather_issues, out, err);
	}
	return status == OK ? ctx_within(ctx, &places->national, (struct bytes){ 0 }, keep_missing, out, err) : status;
}

static enum status list_missing(struct ctx *ctx, const struct places *places, struct err *err)
{
	struct missing_notices missing;
	struct grid grid = { .ctx = ctx, .columns = 4 };
	const char *const titles[] = { ctx_word(ctx, "issue"), ctx_word(ctx, "state"), ctx_word(ctx, "delivered on"),
		ctx_word(ctx, "amount") };
	enum status status = notices_missing(ctx, places, &missing, err);

	grid_titles(&grid, titles);
	for (unsigned i = 0; status == OK && i < missing.count; i++) {
		const struct support_issue *issue = &missing.items[i];
		if (ctx->json) {
			print_json(ctx,
			    json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:b, s:b}", "issue", issue->number, "order",
				issue->order_number, "state", issue->state, "delivered_on",
				issue_delivered_on(ctx, issue), "currency", issue->currency, "amount_minor",
				(json_int_t)issue->amount_minor, "priced", issue->is_priced, "estimate",
				!issue->is_final));
		}
		const char *const cells[] = { issue->number, ctx_word(ctx, issue->state),
			issue_delivered_on(ctx, issue),
			issue->is_priced ? print_amount(ctx, bytes_text(issue->currency), issue->amount_minor) : "" };
		grid_row(&grid, cells);
	}
	return status == OK ? grid_end(&grid, err) : status;
}

enum status notice_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct listing listing = { .args = args };
	struct places places;
	enum status status = places_find(ctx, args, &places, err);

	if (status == OK && args_option(args, "missing") != NULL) {
		return list_missing(ctx, &places, err);
	}
	return status == OK ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, list_notices, &listing, err)
			    : status;
}

/* ---- send -------------------------------------------------------------------------------------------------------- */

struct sending {
	const struct args *args;
	struct places places;
	json_t *fields;
	struct id issue;
	int64_t at_ms;
	struct submitted made;
};

static enum status fill_amount(
    struct ctx *ctx, struct sending *sending, const struct support_issue *issue, struct err *err)
{
	const char *minor = args_option(sending->args, "amount-minor"), *typed = args_option(sending->args, "amount"),
		   *given = minor ? minor : typed;
	bool estimate = given != NULL || !issue->is_final;

	if (issue->currency[0] == '\0') {
		return err_set(err, BAD_INPUT,
		    "%s: its lines are in several currencies; write a notice for each with `warifu national send-notice`",
		    issue->number);
	}
	if (given == NULL && !issue->is_priced) {
		return err_set(
		    err, BAD_INPUT, "%s: a line of it has no price yet; give an estimate with --amount", issue->number);
	}
	if (typed) {
		json_object_set_new(sending->fields, "amount", json_string(typed));
	}
	if (minor || !typed) {
		json_object_set_new(sending->fields, "amount_minor",
		    json_integer(minor ? strtoll(minor, NULL, 10) : (long long)issue->amount_minor));
	}
	json_object_set_new(sending->fields, "currency", json_string(issue->currency));
	if (estimate) {
		json_object_set_new(sending->fields, "estimate", json_true());
	}
	(void)ctx;
	return OK;
}

static const char *agreement_id(struct ctx *ctx)
{
	struct bytes text = { 0 };
	const char *id =
	    cbor_text(cbor_path(ctx_profile(ctx), "id", NULL), &text) ? arena_text(ctx->arena, text) : NULL;

	return id ? id : "";
}

/* In the shared tally: what the issue and its order say. */
static enum status fill_from_issue(struct ctx *ctx, void *context, struct err *err)
{
	struct sending *sending = context;
	struct missing_notices supplied = { 0 };
	const struct support_issue *issue = NULL;
	const char *number = args_operand(sending->args, 0), *agreement = args_option(sending->args, "agreement");
	enum status status = gather_issues(ctx, &supplied, err);

	for (unsigned i = 0; status == OK && i < supplied.count; i++) {
		if (strcmp(supplied.items[i].number, number) == 0) {
			issue = &supplied.items[i];
		}
	}
	if (status == OK && issue == NULL) {
		return err_set(err, NOT_FOUND,
		    "%s: no issue on cash terms that we delivered; `warifu notice list --missing` lists them", number);
	}
	if (status != OK) {
		return status;
	}
	sending->issue = issue->part;
	json_object_set_new(sending->fields, "thread", json_id(&issue->thread));
	json_object_set_new(sending->fields, "part", json_id(&issue->part));
	json_object_set_new(sending->fields, "issue_number", json_string(issue->number));
	json_object_set_new(sending->fields, "order_number", json_string(issue->order_number));
	json_object_set_new(sending->fields, "agreement", json_string(agreement ? agreement : agreement_id(ctx)));
	json_object_set_new(sending->fields, "delivered_on", json_string(issue_delivered_on(ctx, issue)));
	if (!json_object_get(sending->fields, "debtor")) {
		json_object_set_new(sending->fields, "debtor", json_string(ctx->view.party_codes[issue->receiver]));
	}
	return fill_amount(ctx, sending, issue, err);
}

static enum status send_notice(struct ctx *ctx, void *context, struct err *err)
{
	struct sending *sending = context;
	const char *before;
	enum status status = notice_of(ctx, &sending->issue, &before, err);

	if (status == OK && before != NULL) {
		status = err_refuse(err, "", "ours, decision 0030",
		    "%s: notice %s was sent for it; `warifu national correct %s` states other figures",
		    args_operand(sending->args, 0), before, before);
	}
	return status == OK ? submit_json(ctx, "national.notice_sent", NULL, json_incref(sending->fields),
				  sending->at_ms, &sending->made, err)
			    : status;
}

static enum status fill_options(struct ctx *ctx, struct sending *sending, struct err *err)
{
	const struct args *args = sending->args;
	const char *address, *due_on, *debtor = args_option(args, "debtor"), *remarks = args_option(args, "remarks");
	enum status status = text_option(args, "address", &address, err);

	if (status == OK) {
		status = day_option(args, "due-on", &due_on, err);
	}
	if (status == OK) {
		status = at_option(ctx, args, &sending->at_ms, err);
	}
	if (status != OK) {
		return status;
	}
	json_object_set_new(sending->fields, "shared", json_id(&sending->places.shared));
	json_object_set_new(sending->fields, "address", json_string(address));
	json_object_set_new(sending->fields, "due_on", json_string(due_on));
	if (debtor != NULL) {
		json_object_set_new(sending->fields, "debtor", json_string(debtor));
	}
	if (remarks != NULL) {
		json_object_set_new(sending->fields, "remarks", json_string(remarks));
	}
	return OK;
}

enum status notice_send(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct sending sending = { .args = args, .fields = json_object() };
	enum status status = places_find(ctx, args, &sending.places, err);

	if (status == OK) {
		status = places_need_shared(&sending.places, err);
	}
	if (status == OK) {
		status = fill_options(ctx, &sending, err);
	}
	if (status == OK) {
		status = ctx_within(ctx, &sending.places.shared, (struct bytes){ 0 }, fill_from_issue, &sending, err);
	}
	if (status == OK) {
		status = ctx_within(ctx, &sending.places.national, (struct bytes){ 0 }, send_notice, &sending, err);
	}
	if (status == OK) {
		made_print(ctx, &sending.made);
	}
	json_decref(sending.fields);
	return status;
}

/* ---- print ------------------------------------------------------------------------------------------------------- */

static void print_lines(struct ctx *ctx, struct query *row)
{
	bool estimate = query_int(row, N_ESTIMATE) != 0;
	const struct labelled lines[] = { { both(ctx, "number"), cell_text(ctx, row, N_NUMBER) },
		{ both(ctx, "state"), both(ctx, cell_text(ctx, row, N_STATE)) },
		{ both(ctx, "debtor"), cell_text(ctx, row, N_DEBTOR) },
		{ both(ctx, "address"), cell_text(ctx, row, N_ADDRESS) },
		{ both(ctx, "amount"), notice_amount(ctx, row, N_AMOUNT) },
		{ both(ctx, "kind of amount"), both(ctx, estimate ? "estimate" : "final amount") },
		{ both(ctx, "delivered on"), cell_day(ctx, row, N_DELIVERED_ON) },
		{ both(ctx, "due on"), cell_day(ctx, row, N_DUE_ON) },
		{ both(ctx, "agreement"), cell_text(ctx, row, N_AGREEMENT) },
		{ both(ctx, "order"), cell_text(ctx, row, N_ORDER) },
		{ both(ctx, "issue"), cell_text(ctx, row, N_ISSUE) },
		{ both(ctx, "ledger number"), cell_text(ctx, row, N_LEDGER) },
		{ both(ctx, "taken up on"), cell_day(ctx, row, N_LEDGER_ON) },
		{ both(ctx, "demand number"), cell_text(ctx, row, N_DEMAND) },
		{ both(ctx, "demand due on"), cell_day(ctx, row, N_DEMAND_DUE_ON) },
		{ both(ctx, "paid in"), query_int(row, N_PAID) ? notice_amount(ctx, row, N_PAID) : "" },
		{ both(ctx, "paid in on"), cell_day(ctx, row, N_PAID_ON) } };

	banner_both(ctx);
	buf_printf(ctx->out, "%s\n\n", both(ctx, "notice of claim"));
	print_labelled(ctx, lines, sizeof lines / sizeof *lines);
}

static enum status print_notice(struct ctx *ctx, void *context, struct err *err)
{
	struct listing *listing = context;
	const char *number = args_operand(listing->args, 0);
	struct query *row = NULL;
	bool found = false;
	enum status status = ctx_query(ctx, notices_sql, &row, err);

	while (status == OK && !found && query_next(row)) {
		found = bytes_is(query_text(row, N_NUMBER), number);
		if (found && ctx->json) {
			notice_json(ctx, row);
		} else if (found) {
			print_lines(ctx, row);
		}
	}
	query_close(row);
	return status == OK && !found ? err_set(err, NOT_FOUND, "notice %s: not in the national tally", number)
				      : status;
}

enum status notice_print(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct listing listing = { .args = args };
	struct places places;
	enum status status = places_find(ctx, args, &places, err);

	return status == OK ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, print_notice, &listing, err)
			    : status;
}
