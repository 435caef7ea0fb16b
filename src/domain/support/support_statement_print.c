/* `support statement`, the year-end list, and the sample for an auditor. */
#include "base/text.h"
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_statement.h"
#include <stdlib.h>
#include <string.h>

int64_t age_of(const struct statement_of *statement, const struct statement_item *item)
{
	return item->delivered_ms < 0 ? -1 : statement->day - day_of_ms(item->delivered_ms, item->offset);
}

static const char *orempty(const char *text)
{
	return text ? text : "";
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *item_object(struct statement_of *statement, const struct statement_item *item)
{
	struct ctx *ctx = statement->ctx;
	json_t *object = json_object();

	json_object_set_new(object, "number", json_string(item->number));
	json_object_set_new(object, "line", item->line ? json_integer(item->line) : json_null());
	json_object_set_new(object, "kind", json_string(item->kind));
	json_object_set_new(object, "state", json_string(item->state));
	json_object_set_new(object, "debtor", json_string(print_party(ctx, item->debtor)));
	json_object_set_new(object, "creditor", json_string(print_party(ctx, item->creditor)));
	json_object_set_new(object, "office", text_or_null(item->office));
	json_object_set_new(object, "currency", json_string(item->currency));
	json_object_set_new(object, "minor", item->priced ? json_integer(item->minor) : json_null());
	json_object_set_new(object, "quantity", text_or_null(item->quantity));
	json_object_set_new(object, "unit", text_or_null(item->unit));
	json_object_set_new(object, "description_en", text_or_null(item->description_en));
	json_object_set_new(object, "description_ja", text_or_null(item->description_ja));
	json_object_set_new(
	    object, "delivered_at", item->delivered_ms < 0 ? json_null() : json_time_of(item->delivered_ms));
	json_object_set_new(object, "claimed_at", item->claimed_ms < 0 ? json_null() : json_time_of(item->claimed_ms));
	json_object_set_new(object, "age_days", json_integer(age_of(statement, item)));
	json_object_set_new(object, "age", json_string(age_bucket(age_of(statement, item))));
	return object;
}

static json_t *statement_object(struct statement_of *statement, const struct half_seen *seen)
{
	struct ctx *ctx = statement->ctx;
	json_t *object = json_object(), *items = json_array(), *balances = json_array(), *rivals = json_array();

	for (unsigned i = 0; i < statement->count; i++) {
		json_array_append_new(items, item_object(statement, &statement->items[i]));
	}
	for (unsigned i = 0; i < statement->balance_count; i++) {
		const struct statement_balance *balance = &statement->balances[i];
		json_t *one = json_object();
		json_object_set_new(one, "currency", json_string(balance->currency));
		json_object_set_new(one, "debtor", json_string(print_party(ctx, balance->debtor)));
		json_object_set_new(one, "creditor", json_string(print_party(ctx, balance->creditor)));
		json_object_set_new(one, "minor", json_integer(balance->minor));
		json_array_append_new(balances, one);
	}
	for (unsigned i = 0; i < statement->rival_count; i++) {
		json_array_append_new(rivals, json_string(statement->rivals[i]));
	}
	json_object_set_new(object, "as_of", json_day_of(statement->day));
	json_object_set_new(object, "party", json_string(print_party(ctx, ctx->own_party)));
	json_object_set_new(object, "rehearsal", json_boolean(ctx->view.rehearsal));
	json_object_set_new(object, "known_until", halves_object(ctx, seen));
	json_object_set_new(object, "balances", balances);
	json_object_set_new(object, "items", items);
	json_object_set_new(object, "rivals", rivals);
	return object;
}

/* ---- CSV and text ------------------------------------------------------------------------------------------------ */

static const char *amount_text(struct ctx *ctx, const struct statement_item *item)
{
	return item->priced ? print_amount(ctx, bytes_text(item->currency), item->minor) : WORD(ctx, "price open");
}

static void items_csv(struct statement_of *statement)
{
	static const char *const titles[] = { "number", "line", "kind", "state", "debtor", "creditor", "office",
		"currency", "minor", "quantity", "unit", "description_en", "description_ja", "delivered", "age_days" };
	struct ctx *ctx = statement->ctx;

	for (unsigned i = 0; i < sizeof titles / sizeof *titles; i++) {
		csv_put(ctx->out, bytes_text(titles[i]), i == 0);
	}
	csv_end(ctx->out);
	for (unsigned i = 0; i < statement->count; i++) {
		const struct statement_item *item = &statement->items[i];
		const char *fields[] = { item->number,
			item->line ? orempty(arena_printf(ctx->arena, "%lld", (long long)item->line)) : "", item->kind,
			item->state, print_party(ctx, item->debtor), print_party(ctx, item->creditor),
			orempty(item->office), item->currency,
			item->priced ? orempty(arena_printf(ctx->arena, "%lld", (long long)item->minor)) : "",
			orempty(item->quantity), orempty(item->unit), orempty(item->description_en),
			orempty(item->description_ja),
			item->delivered_ms < 0 ? "" : print_day(ctx, day_of_ms(item->delivered_ms, item->offset)),
			orempty(arena_printf(ctx->arena, "%lld", (long long)age_of(statement, item))) };
		for (unsigned k = 0; k < sizeof fields / sizeof *fields; k++) {
			csv_put(ctx->out, bytes_text(fields[k]), k == 0);
		}
		csv_end(ctx->out);
	}
}

static void print_items(struct statement_of *statement)
{
	struct ctx *ctx = statement->ctx;
	struct grid grid = { .ctx = ctx,
		.columns = 9,
		.column = { { WORD(ctx, "number"), false, 0 }, { WORD(ctx, "debtor"), false, 0 },
		    { WORD(ctx, "state"), false, 0 }, { WORD(ctx, "amount"), true, 0 },
		    { WORD(ctx, "quantity"), true, 0 }, { WORD(ctx, "unit"), false, 0 },
		    { WORD(ctx, "delivered"), false, 0 }, { WORD(ctx, "ageing"), false, 0 },
		    { WORD(ctx, "item"), false, 50 } } };

	for (unsigned i = 0; i < statement->count; i++) {
		const struct statement_item *item = &statement->items[i];
		const char *number = item->line
		    ? arena_printf(ctx->arena, "%s %lld", item->number, (long long)item->line)
		    : item->number;
		bool ja = (ctx->lang == LANG_JA && item->description_ja) || !item->description_en;
		const char *cells[GRID_COLUMNS] = { number, print_party(ctx, item->debtor), WORD(ctx, item->state),
			amount_text(ctx, item), item->quantity ? print_quantity(ctx, bytes_text(item->quantity)) : "",
			print_unit(ctx, bytes_text(orempty(item->unit))),
			item->delivered_ms < 0 ? "" : print_day(ctx, day_of_ms(item->delivered_ms, item->offset)),
			WORD(ctx, age_bucket(age_of(statement, item))),
			ja ? item->description_ja : item->description_en };
		grid_row(&grid, cells);
	}
	if (grid.row_count > 0) {
		buf_put_text(ctx->out, "\n");
		grid_print(&grid);
	}
	statement->out_of_memory |= grid.failed;
}

static void statement_text(struct statement_of *statement, const struct half_seen *seen)
{
	struct ctx *ctx = statement->ctx;

	banner_print(ctx);
	buf_printf(ctx->out, "%s\n%s %s (24:00 UTC)\n", WORD(ctx, "statement of account"), WORD(ctx, "as of"),
	    print_day(ctx, statement->day));
	halves_print(ctx, seen);
	buf_put_text(ctx->out, "\n");
	for (unsigned i = 0; i < statement->balance_count; i++) {
		const struct statement_balance *balance = &statement->balances[i];
		buf_printf(ctx->out, "%s -> %s  %s\n", print_party(ctx, balance->debtor),
		    print_party(ctx, balance->creditor),
		    print_amount(ctx, bytes_text(balance->currency), balance->minor));
	}
	if (statement->count == 0) {
		print_line(ctx, WORD(ctx, "nothing"));
	}
	print_items(statement);
	for (unsigned i = 0; i < statement->rival_count; i++) {
		buf_printf(ctx->out, "%s: %s\n", WORD(ctx, "rivals"), orempty(statement->rivals[i]));
	}
}

static enum status statement_show(struct statement_of *statement, bool csv, struct err *err)
{
	struct half_seen seen[LIMIT_PARTIES];
	enum status status = statement_gather(statement, err);

	if (status == OK) {
		status = halves_seen(statement->ctx, statement->end_ms, seen, err);
	}
	if (status != OK) {
		return status;
	}
	if (csv) {
		items_csv(statement);
	} else if (statement->ctx->json) {
		print_json(statement->ctx, statement_object(statement, seen));
	} else {
		statement_text(statement, seen);
	}
	return statement->out_of_memory ? err_set(err, ENVIRONMENT, "statement: out of memory") : OK;
}

enum status statement_data(struct statement_of *statement, bool csv, struct err *err)
{
	bool json = statement->ctx->json;

	statement->ctx->json = !csv;
	enum status status = statement_show(statement, csv, err);
	statement->ctx->json = json;
	return status;
}

enum status statement_object_of(struct ctx *ctx, const char *as_of, json_t **out, struct err *err)
{
	struct statement_of statement = { .ctx = ctx };
	struct half_seen seen[LIMIT_PARTIES];
	enum status status = as_of_day(ctx, as_of, &statement.day, err);

	statement.end_ms = (statement.day + 1) * DAY_MS;
	if (status == OK) {
		status = statement_gather(&statement, err);
	}
	if (status == OK) {
		status = halves_seen(ctx, statement.end_ms, seen, err);
	}
	if (status == OK && statement.out_of_memory) {
		status = err_set(err, ENVIRONMENT, "statement: out of memory");
	}
	if (status == OK) {
		*out = statement_object(&statement, seen);
	}
	return status;
}

enum status support_statement(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct statement_of statement = { .ctx = ctx };
	enum status status = as_of_read(ctx, args, &statement.day, err);

	if (status != OK) {
		return status;
	}
	statement.end_ms = (statement.day + 1) * DAY_MS;
	return statement_show(&statement, args_option(args, "csv") != NULL, err);
}

/* ---- year-end ---------------------------------------------------------------------------------------------------- */

static bool year_read(const char *text, int *year)
{
	char *end;

	if (text == NULL || strlen(text) != 4) {
		return false;
	}
	long value = strtol(text, &end, 10);
	*year = (int)value;
	return *end == '\0' && value >= 1 && value <= 9998;
}

/* By office (party, officer), currency, number. */
static int by_office(const void *a, const void *b)
{
	const struct statement_item *one = a, *two = b;
	int order = one->office_party != two->office_party ? (one->office_party < two->office_party ? -1 : 1)
							   : strcmp(orempty(one->office), orempty(two->office));

	order = order != 0 ? order : strcmp(one->currency, two->currency);
	order = order != 0 ? order : strcmp(one->number, two->number);
	return order != 0 ? order : (one->line > two->line) - (one->line < two->line);
}

/* Money alone: claims that are open and lines that nobody has claimed. */
static void keep_claims(struct statement_of *statement)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < statement->count; i++) {
		if (strcmp(statement->items[i].kind, "claimed") == 0 ||
		    strcmp(statement->items[i].kind, "unclaimed") == 0) {
			statement->items[kept++] = statement->items[i];
		}
	}
	statement->count = kept;
	if (kept > 0) {
		qsort(statement->items, kept, sizeof *statement->items, by_office);
	}
}

static void year_text(struct statement_of *statement, int year)
{
	struct ctx *ctx = statement->ctx;
	struct grid grid = { .ctx = ctx,
		.columns = 7,
		.column = { { WORD(ctx, "office"), false, 0 }, { WORD(ctx, "number"), false, 0 },
		    { WORD(ctx, "debtor"), false, 0 }, { WORD(ctx, "state"), false, 0 },
		    { WORD(ctx, "amount"), true, 0 }, { WORD(ctx, "delivered"), false, 0 },
		    { WORD(ctx, "ageing"), false, 0 } } };

	banner_print(ctx);
	buf_printf(ctx->out, "%s %d: %s %s\n\n", WORD(ctx, "open claims at the end of fiscal year"), year,
	    WORD(ctx, "as of"), print_day(ctx, statement->day));
	for (unsigned i = 0; i < statement->count; i++) {
		const struct statement_item *item = &statement->items[i];
		const char *cells[GRID_COLUMNS] = { arena_printf(ctx->arena, "%s %s",
							print_party(ctx, item->office_party), orempty(item->office)),
			item->line ? arena_printf(ctx->arena, "%s %lld", item->number, (long long)item->line)
				   : item->number,
			print_party(ctx, item->debtor), WORD(ctx, item->state), amount_text(ctx, item),
			item->delivered_ms < 0 ? "" : print_day(ctx, day_of_ms(item->delivered_ms, item->offset)),
			WORD(ctx, age_bucket(age_of(statement, item))) };
		grid_row(&grid, cells);
	}
	if (grid.row_count > 0) {
		grid_print(&grid);
	} else {
		print_line(ctx, WORD(ctx, "nothing"));
	}
	statement->out_of_memory |= grid.failed;
}

enum status year_end_show(struct ctx *ctx, const char *text, bool csv, struct err *err)
{
	struct statement_of statement = { .ctx = ctx };
	struct agreement agreement;
	struct id hash = { { 0 } };
	int year;

	if (!year_read(text, &year)) {
		return err_set(
		    err, USAGE, "--year-end %s: must be the year in which the fiscal year begins, such as 2013", text);
	}
	if (!agreement_read(ctx->arena, &hash, ctx_profile(ctx), &agreement)) {
		return err_set(err, ENVIRONMENT, "audit: out of memory");
	}
	int64_t next = fiscal_year_begins(year + 1, agreement.fiscal_month, agreement.fiscal_day);
	statement.day = next - 1;
	statement.end_ms = next * DAY_MS;
	enum status status = statement_gather(&statement, err);
	if (status != OK) {
		return status;
	}
	keep_claims(&statement);
	if (csv) {
		items_csv(&statement);
	} else if (ctx->json) {
		for (unsigned i = 0; i < statement.count; i++) {
			print_json(ctx, item_object(&statement, &statement.items[i]));
		}
	} else {
		year_text(&statement, year);
	}
	return statement.out_of_memory ? err_set(err, ENVIRONMENT, "audit: out of memory") : OK;
}
