/* The statement of account on a page, as of the end of a month or of any day: what is owed, and each item that it is made of. */
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support_pages.h"
#include "domain/support/support_statement.h"
#include <stdlib.h>
#include <string.h>

/* ---- months ------------------------------------------------------------------------------------------------------------ */

static bool month_first(long year, long month, int64_t *day)
{
	char text[32];

	year += month > 12 ? 1 : month < 1 ? -1 : 0;
	month = month > 12 ? 1 : month < 1 ? 12 : month;
	snprintf(text, sizeof text, "%04ld-%02ld-01", year, month);
	return day_parse(bytes_text(text), day);
}

static bool month_read(const char *text, long *year, long *month)
{
	char first[16];
	int64_t day;

	if (strlen(text) != 7 || snprintf(first, sizeof first, "%s-01", text) != 10 ||
	    !day_parse(bytes_text(first), &day)) {
		return false;
	}
	*year = strtol(text, NULL, 10);
	*month = strtol(text + 5, NULL, 10);
	return true;
}

bool month_ends(const char *text, int64_t *day)
{
	long year, month;
	int64_t next;

	if (!month_read(text, &year, &month) || !month_first(year, month + 1, &next)) {
		return false;
	}
	*day = next - 1;
	return true;
}

static const char *month_of(struct ctx *ctx, int64_t day)
{
	return arena_printf(ctx->arena, "%.7s", print_day(ctx, day));
}

/* To the months before and after the one of the day. */
static void month_links(struct ctx *ctx, const struct request *request, struct html *html, int64_t day)
{
	long year, month;
	int64_t first;

	if (!month_read(month_of(ctx, day), &year, &month)) {
		return;
	}
	HTML(html, "<p class=\"after-list\">");
	if (month_first(year, month - 1, &first)) {
		html_link(html, request_with(request, "month", month_of(ctx, first)), month_of(ctx, first));
		HTML(html, " ");
	}
	if (month_first(year, month + 1, &first)) {
		html_link(html, request_with(request, "month", month_of(ctx, first)), month_of(ctx, first));
		HTML(html, " ");
	}
	html_link(html, "/support/account", ctx_word(ctx, "account"));
	HTML(html, "</p>\n");
}

static enum status day_asked(struct ctx *ctx, const struct request *request, int64_t *day, struct err *err)
{
	const char *month = page_given(request, "month");

	*day = day_of_ms(ctx->now_ms, 0);
	return month == NULL || month_ends(month, day)
	    ? OK
	    : err_set(err, USAGE, "month %s: must be a month such as 2013-11", month);
}

/* ---- items ------------------------------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	const struct statement_item *one = a, *two = b;
	int order = strcmp(one->number, two->number);

	return order != 0 ? order : (one->line > two->line) - (one->line < two->line);
}

static int by_age(const void *a, const void *b)
{
	const struct statement_item *one = a, *two = b;
	int order = (one->delivered_ms > two->delivered_ms) - (one->delivered_ms < two->delivered_ms);

	return order != 0 ? order : by_number(a, b);
}

static int by_debtor(const void *a, const void *b)
{
	const struct statement_item *one = a, *two = b;
	int order = (one->debtor > two->debtor) - (one->debtor < two->debtor);

	order = order != 0 ? order : strcmp(one->currency, two->currency);
	return order != 0 ? order : by_age(a, b);
}

static const struct item_sort {
	const char *name, *en;
	int (*compare)(const void *, const void *);
} sorts[] = { { "number", "number", by_number }, { "age", "ageing", by_age }, { "debtor", "debtor", by_debtor },
	{ 0 } };

static const struct item_sort *sort_of(const struct request *request)
{
	const char *name = page_given(request, "sort");

	for (const struct item_sort *sort = sorts; name && sort->name; sort++) {
		if (strcmp(sort->name, name) == 0) {
			return sort;
		}
	}
	return sorts;
}

static const char *described(struct ctx *ctx, const struct statement_item *item)
{
	bool ja = (ctx->lang == LANG_JA && item->description_ja) || !item->description_en;

	return ja ? item->description_ja : item->description_en;
}

static void item_row(struct statement_of *statement, struct listing *listing, const struct statement_item *item)
{
	struct ctx *ctx = statement->ctx;
	const struct listing_cell cells[] = {
		{ item->line ? arena_printf(ctx->arena, "%s %lld", item->number, (long long)item->line) : item->number,
		    html_path(ctx, "/thread/", item->number), false },
		{ print_party(ctx, item->debtor), NULL, false },
		{ print_party(ctx, item->creditor), NULL, false },
		{ item->kind, NULL, true },
		{ item->state, NULL, true },
		{ item->priced ? print_amount(ctx, bytes_text(item->currency), item->minor) : WORD(ctx, "price open"),
		    NULL, false },
		{ item->quantity
			? print_measure(ctx, bytes_text(item->quantity), bytes_text(item->unit ? item->unit : ""))
			: "",
		    NULL, false },
		{ item->delivered_ms < 0 ? "" : print_day(ctx, day_of_ms(item->delivered_ms, item->offset)), NULL,
		    false },
		{ age_bucket(age_of(statement, item)), NULL, true },
		{ described(ctx, item), NULL, false },
	};

	listing_row(listing, cells);
}

static void draw_items(struct statement_of *statement, const struct request *request, struct html *html)
{
	static const struct listing_column columns[] = { { "number", "number", false }, { "debtor", "debtor", false },
		{ "creditor", "creditor", false }, { "kind", "kind", false }, { "state", "state", false },
		{ "amount", "amount", true }, { "quantity", "quantity", true }, { "delivered", "delivered", false },
		{ "ageing", "days since delivery", false }, { "item", "item", false } };
	struct listing listing;

	if (statement->count > 0) {
		qsort(statement->items, statement->count, sizeof *statement->items, sort_of(request)->compare);
	}
	listing_open(&listing, statement->ctx, request, html, columns, sizeof columns / sizeof *columns);
	for (int64_t i = listing_offset(request); i < (int64_t)statement->count; i++) {
		item_row(statement, &listing, &statement->items[i]);
		if (listing.seen > LISTING_PAGE) {
			break;
		}
	}
	listing_close(&listing);
}

/* ---- the page ---------------------------------------------------------------------------------------------------------- */

static void draw_filter(struct ctx *ctx, const struct request *request, struct html *html)
{
	filter_open(html, "/support/statement");
	filter_input(html, request, "month", "month", "month");
	filter_select_open(html, "sort", "sorted by");
	for (const struct item_sort *sort = sorts; sort->name; sort++) {
		filter_option(html, sort->name, ctx_word(ctx, sort->en), sort_of(request)->name);
	}
	filter_select_close(html);
	filter_close(html);
}

static void draw_balances(struct statement_of *statement)
{
	struct ctx *ctx = statement->ctx;
	struct grid grid = { .ctx = ctx,
		.columns = 3,
		.column = { { WORD(ctx, "debtor"), false, 0 }, { WORD(ctx, "creditor"), false, 0 },
		    { WORD(ctx, "total"), true, 0 } } };

	for (unsigned i = 0; i < statement->balance_count; i++) {
		const struct statement_balance *balance = &statement->balances[i];
		const char *cells[GRID_COLUMNS] = { print_party(ctx, balance->debtor),
			print_party(ctx, balance->creditor),
			print_amount(ctx, bytes_text(balance->currency), balance->minor) };
		grid_row(&grid, cells);
	}
	if (grid.row_count > 0) {
		grid_print(&grid);
	}
}

static enum status draw_statement(
    struct statement_of *statement, const struct request *request, struct html *html, struct err *err)
{
	struct ctx *ctx = statement->ctx;
	struct half_seen seen[LIMIT_PARTIES];
	enum status status = statement_gather(statement, err);

	if (status == OK) {
		status = halves_seen(ctx, statement->end_ms, seen, err);
	}
	if (status != OK) {
		return status;
	}
	draw_filter(ctx, request, html);
	month_links(ctx, request, html, statement->day);
	ctx->page = html;
	print_line(
	    ctx, arena_printf(ctx->arena, "%s %s (24:00 UTC)", WORD(ctx, "as of"), print_day(ctx, statement->day)));
	halves_print(ctx, seen);
	draw_balances(statement);
	for (unsigned i = 0; i < statement->rival_count; i++) {
		print_line(ctx, arena_printf(ctx->arena, "%s: %s", WORD(ctx, "rivals"), statement->rivals[i]));
	}
	ctx->page = NULL;
	draw_items(statement, request, html);
	return statement->out_of_memory ? err_set(err, ENVIRONMENT, "statement: out of memory") : OK;
}

enum status show_statement_of(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct statement_of statement = { .ctx = ctx };
	enum status status = day_asked(ctx, request, &statement.day, err);

	if (status != OK) {
		return status;
	}
	statement.end_ms = (statement.day + 1) * DAY_MS;
	if (!page_wants_data(request)) {
		return draw_statement(&statement, request, html, err);
	}
	status = statement_data(&statement, page_wants(request, "csv"), err);
	if (status == OK && page_wants(request, "csv")) {
		buf_put_text(html->out, "\xEF\xBB\xBF"); /* as listing.c */
	}
	buf_put_bytes(html->out, buf_bytes(ctx->out));
	return status;
}
