/* `support import FILE`: all or nothing. Numbers imported before are left out, unless --again. */
#include "base/limits.h"
#include "base/time.h"
#include "core/input.h"
#include "core/print.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_import.h"
#include <stdlib.h>
#include <string.h>

static const char before_sql[] =
    "SELECT o.number FROM support_order o JOIN thread t ON t.row = o.thread WHERE +t.tally = :tally "
    "AND o.number LIKE :opener AND o.reference = :reference ORDER BY o.number";

/* Number of the order that was made of this `no` before; NULL: none. */
static enum status imported_before(struct ctx *ctx, const char *no, const char **number, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, before_sql, &rows, err);

	*number = NULL;
	if (status == OK) {
		/* A reference is that of the party which opened the thread; its code begins the number. */
		const char *opener = arena_printf(ctx->arena, "%s-%%", print_party(ctx, ctx->own_party));
		query_bind_text(rows, "opener", bytes_text(opener ? opener : ""));
		query_bind_text(rows, "reference", bytes_text(no));
		if (query_next(rows)) {
			*number = print_text(ctx, query_text(rows, 0));
		}
	}
	query_close(rows);
	return status;
}

/* The first complaints in one message; every one is printed before it. */
static enum status complain(struct ctx *ctx, const char *path, const struct import *import, struct err *err)
{
	for (unsigned i = 0; i < import->complaint_count; i++) {
		const struct import_complaint *c = &import->complaints[i];
		if (ctx->json) {
			print_json(ctx,
			    json_pack("{s:i, s:s, s:s}", "line", (int)c->line, "column", c->column, "reason", c->text));
		} else {
			buf_printf(ctx->out, "%s, line %u, column %s: %s\n", path, c->line, c->column, c->text);
		}
	}
	const struct import_complaint *first = &import->complaints[0];
	return err_set(err, BAD_INPUT,
	    "file %s: nothing imported; %u things to mend, the first in line %u, column %s: %s", path,
	    import->complaint_count, first->line, first->column, first->text);
}

struct work {
	struct submission *submissions;
	struct submitted *results;
	const struct import_order **orders;
	unsigned count;
	json_t *made, *before;
};

static enum status gather(struct ctx *ctx, const struct import *import, bool again, struct work *work, struct err *err)
{
	work->submissions = arena_take_array(ctx->arena, import->order_count + 1, sizeof *work->submissions);
	work->results = arena_take_array(ctx->arena, import->order_count + 1, sizeof *work->results);
	work->orders = arena_take_array(ctx->arena, import->order_count + 1, sizeof *work->orders);
	if (!work->submissions || !work->results || !work->orders) {
		return err_set(err, ENVIRONMENT, "import: out of memory");
	}
	for (unsigned i = 0; i < import->order_count; i++) {
		const struct import_order *order = &import->orders[i];
		const char *number;
		enum status status = imported_before(ctx, order->no, &number, err);
		if (status != OK) {
			return status;
		}
		if (number != NULL && !again) {
			json_array_append_new(work->before,
			    json_pack("{s:s, s:s, s:b}", "no", order->no, "number", number, "imported", 0));
			continue;
		}
		char *fields = json_dumps(order->fields, JSON_COMPACT);
		work->orders[work->count] = order;
		work->submissions[work->count++] =
		    (struct submission){ .kind = order->receiver ? "support.issued_unordered" : "support.requested",
			    .fields_json = fields ? arena_text(ctx->arena, bytes_text(fields)) : "{}" };
		free(fields);
	}
	return OK;
}

static enum status submit(struct ctx *ctx, const char *path, struct work *work, struct err *err)
{
	struct err inner = { 0 };
	unsigned bad = 0;

	if (work->count == 0) {
		return OK;
	}
	enum status status = ctx_submit_all(ctx, work->submissions, work->count, work->results, &bad, &inner);
	for (unsigned i = 0; status == OK && i < work->count; i++) {
		json_array_append_new(work->made,
		    json_pack("{s:s, s:s, s:b}", "no", work->orders[i]->no, "number", work->results[i].number,
			"imported", 1));
	}
	if (status == REFUSED && bad < work->count) {
		return err_within(err, status, &inner, "file %s: nothing imported; order %s (line %u)", path,
		    work->orders[bad]->no, work->orders[bad]->line);
	}
	return status == OK ? OK : err_within(err, status, &inner, "file %s: nothing imported", path);
}

static void report_orders(struct ctx *ctx, const char *says, json_t *orders)
{
	size_t index;
	json_t *order;

	json_array_foreach(orders, index, order)
	{
		buf_printf(ctx->out, "  %s %s %s\n", json_string_value(json_object_get(order, "no")), says,
		    json_string_value(json_object_get(order, "number")));
	}
}

/* For programs: one line for each order, then one for the file. */
static void report_lines(struct ctx *ctx, json_t *orders)
{
	size_t index;
	json_t *order;

	json_array_foreach(orders, index, order)
	{
		print_json(ctx, json_incref(order));
	}
}

static void report(struct ctx *ctx, const char *path, const struct import *import, struct work *work)
{
	json_t *ignored = json_array();
	const char *columns = "";

	for (unsigned i = 0; i < import->ignored_count; i++) {
		json_array_append_new(ignored, json_string(import->ignored[i]));
		columns = arena_printf(ctx->arena, "%s%s%s", columns, i ? ", " : "", import->ignored[i]);
	}
	if (ctx->json) {
		report_lines(ctx, work->made);
		report_lines(ctx, work->before);
		print_json(ctx,
		    json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:o}", "file", path, "encoding",
			import->encoding, "rows", (int)import->rows, "imported", (int)json_array_size(work->made),
			"imported_before", (int)json_array_size(work->before), "other_receiver",
			(int)import->other_receiver, "opened_by_issue", (int)import->opened_by_issue, "not_asked_for",
			(int)import->not_asked_for, "ignored_columns", ignored));
		return;
	}
	unsigned issued = 0;
	for (unsigned i = 0; i < work->count; i++) {
		issued += work->orders[i]->receiver != NULL;
	}
	buf_printf(ctx->out, "%s: %s, %u rows; %u orders requested", path, import->encoding, import->rows,
	    work->count - issued);
	if (issued > 0) {
		buf_printf(ctx->out, ", %u issued without an order", issued);
	}
	buf_put_text(ctx->out, "\n");
	report_orders(ctx, "is", work->made);
	report_orders(ctx, "was imported before as", work->before);
	buf_printf(ctx->out, "rows left out: %u of another receiver, %u opened by an issue, %u not asked for\n",
	    import->other_receiver, import->opened_by_issue, import->not_asked_for);
	if (import->ignored_count > 0) {
		buf_printf(ctx->out, "columns left out: %s\n", columns);
	}
	json_decref(ignored);
}

enum status support_import(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *path = args_operand(args, 0);
	struct import_options options = { .own_party = print_party(ctx, ctx->own_party),
		.only = args_option(args, "only"),
		.encoding = args_option(args, "encoding"),
		.delivered_at = args_option(args, "delivered-at"),
		.utc_offset_minutes = args_option(args, "utc-offset-minutes"),
		.meter_reading = args_option(args, "meter-reading"),
		.profile = ctx_profile(ctx),
		.day = day_of_ms(ctx->now_ms, 0) };
	struct work work = { .made = json_array(), .before = json_array() };
	struct import import = { 0 };
	struct bytes file;

	enum status status = OK;
	if ((options.delivered_at == NULL) != (options.utc_offset_minutes == NULL)) {
		status = err_set(err, USAGE,
		    "--delivered-at and --utc-offset-minutes: say both, for what was issued without an order");
	}
	if (status == OK) {
		status = input_read(ctx->arena, path, LIMIT_CSV_BYTES, &file, err);
	}
	if (status == OK) {
		struct err inner = { 0 };
		status = import_read(ctx->arena, file, &options, &import, &inner);
		status = status == OK ? OK : err_within(err, status, &inner, "file %s: nothing imported", path);
	}
	if (status == OK && import.complaint_count > 0) {
		status = complain(ctx, path, &import, err);
	}
	if (status == OK) {
		status = gather(ctx, &import, args_option(args, "again") != NULL, &work, err);
	}
	if (status == OK) {
		status = submit(ctx, path, &work, err);
	}
	if (status == OK) {
		report(ctx, path, &import, &work);
	}
	import_clear(&import);
	json_decref(work.made);
	json_decref(work.before);
	return status;
}
