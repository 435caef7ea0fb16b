/* Notices of claim on pages: the list with its days, what was not sent, one notice, and the office's file out and in. */
#include "base/limits.h"
#include "base/time.h"
#include "core/print.h"
#include "domain/national/national_notice.h"
#include "domain/national/national_pages.h"
#include "domain/national/national_print.h"
#include <stdlib.h>
#include <string.h>

#define LIST(order) NOTICES "AND (:state = '' OR n.state = :state) ORDER BY " order " LIMIT :most OFFSET :skip"
static const struct page_sort sorts[] = {
	{ "due", "due on", LIST("n.due_on, n.number") },
	{ "number", "number", LIST("n.number") },
	{ "state", "state", LIST("n.state, n.due_on, n.number") },
	{ "delivered", "delivered on", LIST("n.delivered_on DESC, n.number") },
	{ 0 },
};

/* Of a day that still matters: how many are left, or by how many it is overdue; "" when all was paid in or taken back. */
static const char *days_left(struct ctx *ctx, struct query *row)
{
	bool ended = !query_is_null(row, N_STATE) &&
	    (bytes_is(query_text(row, N_STATE), "paid in") || bytes_is(query_text(row, N_STATE), "withdrawn"));
	int64_t due = query_is_null(row, N_DEMAND_DUE_ON) ? query_int(row, N_DUE_ON) : query_int(row, N_DEMAND_DUE_ON);
	long long days = (long long)(due - day_of_ms(ctx->now_ms, 0));

	if (ended) {
		return "";
	}
	return days >= 0 ? arena_printf(ctx->arena, "%lld", days)
			 : arena_printf(ctx->arena, "%lld (%s)", days, ctx_word(ctx, "overdue"));
}

static void notice_row(struct ctx *ctx, struct drawn *drawn, struct listing *listing, struct query *row)
{
	const char *number = cell_text(ctx, row, N_NUMBER), *issue = cell_text(ctx, row, N_ISSUE);
	struct id shared = id_at(row, N_SHARED);
	const struct listing_cell cells[] = {
		{ number, national_thread(ctx, drawn, number), false },
		{ query_is_null(row, N_STATE) ? "rivals" : cell_text(ctx, row, N_STATE), NULL, true },
		{ issue, shared_thread(ctx, &shared, issue), false },
		{ cell_text(ctx, row, N_DEBTOR), NULL, false },
		{ notice_amount(ctx, row, N_AMOUNT), NULL, false },
		{ cell_day(ctx, row, N_DELIVERED_ON), NULL, false },
		{ cell_day(ctx, row, N_DUE_ON), NULL, false },
		{ cell_day(ctx, row, N_DEMAND_DUE_ON), NULL, false },
		{ days_left(ctx, row), NULL, false },
		{ cell_text(ctx, row, N_LEDGER), NULL, false },
		{ cell_text(ctx, row, N_DEMAND), NULL, false },
		{ query_int(row, N_PAID) ? notice_amount(ctx, row, N_PAID) : "", NULL, false },
	};

	listing_row(listing, cells);
}

enum status show_notices(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	static const struct listing_column columns[] = { { "number", "number", false }, { "state", "state", false },
		{ "issue", "issue", false }, { "debtor", "debtor", false }, { "amount", "amount", true },
		{ "delivered_on", "delivered on", false }, { "due_on", "due on", false },
		{ "demand_due_on", "demand due on", false }, { "days_left", "days left", true },
		{ "ledger", "ledger number", false }, { "demand", "demand number", false },
		{ "paid_in", "paid in", true } };
	static const struct national_list list = { "/national/notice", "notice", sorts, columns,
		sizeof columns / sizeof *columns, notice_row, NULL };

	return show_list(ctx, request, html, &list, err);
}

/* ---- one notice -------------------------------------------------------------------------------------------------------- */

static void draw_notice(struct ctx *ctx, struct html *html, struct query *row)
{
	const char *issue = cell_text(ctx, row, N_ISSUE);
	struct id shared = id_at(row, N_SHARED);

	HTML(html, "<dl class=\"facts\">");
	drawn_fact(html, "debtor", cell_text(ctx, row, N_DEBTOR));
	drawn_fact(html, "address", cell_text(ctx, row, N_ADDRESS));
	drawn_fact(html, "amount", notice_amount(ctx, row, N_AMOUNT));
	drawn_fact(html, "kind of amount", ctx_word(ctx, query_int(row, N_ESTIMATE) ? "estimate" : "final amount"));
	drawn_fact(html, "delivered on", cell_day(ctx, row, N_DELIVERED_ON));
	drawn_fact(html, "due on", cell_day(ctx, row, N_DUE_ON));
	drawn_fact(html, "days left", days_left(ctx, row));
	drawn_fact(html, "agreement", cell_text(ctx, row, N_AGREEMENT));
	drawn_fact(html, "order", cell_text(ctx, row, N_ORDER));
	HTML(html, "<dt>");
	html_word(html, "issue");
	HTML(html, "</dt><dd>");
	html_link(html, shared_thread(ctx, &shared, issue), issue);
	HTML(html, "</dd>");
	drawn_fact(html, "ledger number", cell_text(ctx, row, N_LEDGER));
	drawn_fact(html, "taken up on", cell_day(ctx, row, N_LEDGER_ON));
	drawn_fact(html, "demand number", cell_text(ctx, row, N_DEMAND));
	drawn_fact(html, "demand due on", cell_day(ctx, row, N_DEMAND_DUE_ON));
	drawn_fact(html, "paid in", query_int(row, N_PAID) ? notice_amount(ctx, row, N_PAID) : "");
	drawn_fact(html, "paid in on", cell_day(ctx, row, N_PAID_ON));
	HTML(html, "</dl>\n");
}

enum status notice_head(struct ctx *ctx, struct drawn *drawn, bool *found, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(ctx, notices_sql, &row, err);

	while (status == OK && !*found && query_next(row)) {
		*found = bytes_is(query_text(row, N_NUMBER), drawn->number);
		if (*found) {
			draw_notice(ctx, drawn->html, row);
		}
	}
	query_close(row);
	return status;
}

/* ---- what was not sent ------------------------------------------------------------------------------------------------- */

static const char *issue_amount(struct ctx *ctx, const struct support_issue *issue)
{
	return issue->is_priced ? print_amount(ctx, bytes_text(issue->currency), issue->amount_minor) : "";
}

static enum status gather_missing(
    struct ctx *ctx, struct drawn *drawn, struct missing_notices *missing, struct err *err)
{
	struct places *places = &drawn->places;

	*missing = (struct missing_notices){ 0 };
	return places->has_shared ? notices_missing(ctx, places, missing, err) : OK;
}

static int by_delivery(const void *a, const void *b)
{
	const struct support_issue *one = a, *two = b;

	return (one->delivered_ms > two->delivered_ms) - (one->delivered_ms < two->delivered_ms);
}

static int by_amount(const void *a, const void *b)
{
	const struct support_issue *one = a, *two = b;
	int order = strcmp(one->currency, two->currency);

	return order != 0 ? order : (one->amount_minor < two->amount_minor) - (one->amount_minor > two->amount_minor);
}

static const struct page_sort missing_sorts[] = { { "number", "number", NULL }, { "delivered", "delivered on", NULL },
	{ "amount", "amount", NULL }, { 0 } };

/* They come by number. */
static void sort_missing(struct missing_notices *missing, const struct request *request)
{
	const char *sort = page_sort_of(request, missing_sorts)->name;

	if (missing->count > 0 && strcmp(sort, "number") != 0) {
		qsort(missing->items, missing->count, sizeof *missing->items,
		    strcmp(sort, "amount") == 0 ? by_amount : by_delivery);
	}
}

static enum status draw_missing(struct ctx *ctx, void *context, struct err *err)
{
	static const struct listing_column columns[] = { { "issue", "issue", false }, { "order", "order", false },
		{ "state", "state", false }, { "delivered_on", "delivered on", false }, { "amount", "amount", true },
		{ "kind_of_amount", "kind of amount", false } };
	struct drawn *drawn = context;
	struct missing_notices missing;
	struct listing listing;
	enum status status = gather_missing(ctx, drawn, &missing, err);
	int64_t skip = page_wants_data(drawn->request) ? 0 : listing_offset(drawn->request);

	if (status != OK) {
		return status;
	}
	sort_missing(&missing, drawn->request);
	if (!page_wants_data(drawn->request)) {
		national_links(drawn);
		sort_filter(drawn->html, drawn->request, "/national/missing", missing_sorts);
	}
	listing_open(&listing, ctx, drawn->request, drawn->html, columns, sizeof columns / sizeof *columns);
	for (int64_t i = skip; missing.items != NULL && i < (int64_t)missing.count; i++) {
		const struct support_issue *issue = &missing.items[i];
		const struct listing_cell cells[] = {
			{ issue->number, html_path(ctx, "/national/send/", issue->number), false },
			{ issue->order_number, NULL, false },
			{ issue->state, NULL, true },
			{ issue_delivered_on(ctx, issue), NULL, false },
			{ issue_amount(ctx, issue), NULL, false },
			{ !issue->is_priced       ? "price open"
				: issue->is_final ? "final amount"
						  : "estimate",
			    NULL, true },
		};
		if (!listing_row(&listing, cells)) {
			break;
		}
	}
	listing_close(&listing);
	return OK;
}

enum status show_missing(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { 0 };

	return draw_national(ctx, request, html, draw_missing, &drawn, err);
}

/* ---- sending one ------------------------------------------------------------------------------------------------------- */

static const struct support_issue *missing_of(const struct missing_notices *missing, const char *number)
{
	for (unsigned i = 0; i < missing->count; i++) {
		if (strcmp(missing->items[i].number, number) == 0) {
			return &missing->items[i];
		}
	}
	return NULL;
}

static void draw_sending(struct ctx *ctx, struct drawn *drawn, const struct support_issue *issue)
{
	struct html *html = drawn->html;

	HTML(html, "<dl class=\"facts\">");
	drawn_fact(html, "issue", issue->number);
	drawn_fact(html, "state", ctx_word(ctx, issue->state));
	drawn_fact(html, "delivered on", issue_delivered_on(ctx, issue));
	drawn_fact(html, "amount", issue_amount(ctx, issue));
	HTML(html, "</dl>\n");
	page_form_open(html, drawn->request, html_path(ctx, "/national/send/", issue->number));
	form_input(html, drawn->request, "text", "debtor", "debtor", false, "blank: the code of the receiver");
	form_input(html, drawn->request, "text", "address", "address", true, NULL);
	form_input(html, drawn->request, "date", "due-on", "due on", true, NULL);
	if (!issue->is_priced) {
		form_input(html, drawn->request, "text", "amount", "estimate", true, issue->currency);
	}
	form_input(html, drawn->request, "text", "remarks", "remarks", false, NULL);
	page_form_close(html, "send the notice");
}

static enum status draw_send(struct ctx *ctx, void *context, struct err *err)
{
	struct drawn *drawn = context;
	struct missing_notices missing;
	enum status status = gather_missing(ctx, drawn, &missing, err);
	const struct support_issue *issue = status == OK ? missing_of(&missing, drawn->number) : NULL;

	if (status == OK && drawn->number[0] == '\0') {
		return draw_missing(ctx, context, err);
	}
	if (status == OK && issue == NULL) {
		return err_set(err, NOT_FOUND, "%s: no issue on cash terms that we delivered and gave no notice of",
		    drawn->number);
	}
	if (status == OK) {
		draw_sending(ctx, drawn, issue);
	}
	return status;
}

enum status show_send(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { .number = request_rest(request) };

	return draw_national(ctx, request, html, draw_send, &drawn, err);
}

enum status act_send(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	static const char *const names[] = { "debtor", "address", "due-on", "amount", "remarks" };
	const struct command *command = command_find(national_commands, "notice", "send");
	struct args *args = arena_take(ctx->arena, sizeof *args);
	struct drawn drawn = { 0 };

	if (args == NULL) {
		return err_set(err, ENVIRONMENT, "notice: out of memory");
	}
	args_give_operand(args, request_rest(request));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		args_give(args, command, names[i], request_field(request, names[i]));
	}
	enum status status = places_find(ctx, args, &drawn.places, err);
	drawn.elsewhere = status == OK && !id_equal(&drawn.places.national, &ctx->view.id);
	if (status == OK) {
		status = act_command(ctx, command, args, acted, err);
	}
	if (status == OK) {
		acted->to = national_thread(ctx, &drawn, acted->number);
	}
	return status;
}

/* ---- the office's file ------------------------------------------------------------------------------------------------- */

static enum status draw_export(struct ctx *ctx, struct drawn *drawn, struct err *err)
{
	bool json = ctx->json;

	ctx->json = page_wants(drawn->request, "json");
	enum status status = notices_print(ctx, page_given(drawn->request, "state"), err);
	ctx->json = json;
	if (status == OK && page_wants(drawn->request, "csv")) {
		buf_put_text(drawn->html->out, "\xEF\xBB\xBF");
	}
	buf_put_bytes(drawn->html->out, buf_bytes(ctx->out));
	buf_reset(ctx->out);
	return status;
}

static enum status draw_office(struct ctx *ctx, void *context, struct err *err)
{
	struct drawn *drawn = context;
	struct html *html = drawn->html;

	if (page_wants_data(drawn->request)) {
		return draw_export(ctx, drawn, err);
	}
	national_links(drawn);
	HTML(html, "<p>");
	html_word(html,
	    "the office gets the notices as one file, fills in its numbers, days and what was paid in so far, and sends it back");
	HTML(html, "</p><p class=\"after-list\">");
	html_link(html, "/national/office?as=csv", "CSV");
	HTML(html, " ");
	html_link(html, "/national/office?as=json", "JSON");
	HTML(html, "</p>\n<h2>");
	html_word(html, "the office's numbers");
	HTML(html, "</h2>");
	page_form_open(html, drawn->request, "/national/office");
	HTML(html, "<label><span class=\"label\">");
	html_word(html, "file");
	HTML(html, "</span><input type=\"file\" name=\"file\" accept=\".csv\" required><small>");
	html_word(html, "all of it is entered, or nothing; what does not fit is named by line and column");
	HTML(html, "</small></label>");
	page_form_close(html, "enter");
	return OK;
}

enum status show_office(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { 0 };

	return draw_national(ctx, request, html, draw_office, &drawn, err);
}

/* The file while it is taken in. */
struct taking {
	const char *called;
	struct bytes text;
	struct notices_read read;
};

static enum status take_file(struct ctx *ctx, void *context, struct err *err)
{
	struct taking *taking = context;

	return notices_take(ctx, taking->called, taking->text, 0, &taking->read, err);
}

enum status act_office(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	static const struct args no_args;
	struct taking taking = { 0 };
	struct places places;

	if (!request_file(request, "file", &taking.called, &taking.text)) {
		return err_set(err, BAD_INPUT, "no file was chosen");
	}
	if (taking.text.len > LIMIT_CSV_BYTES) {
		return err_set(err, BAD_INPUT, "file: larger than %lld bytes", (long long)LIMIT_CSV_BYTES);
	}
	enum status status = places_find(ctx, &no_args, &places, err);
	if (status == OK) {
		status = ctx_within(ctx, &places.national, (struct bytes){ 0 }, take_file, &taking, err);
	}
	if (status == OK) {
		acted->said = arena_printf(ctx->arena, "%s %u, %s %u", ctx_word(ctx, "rows read"), taking.read.rows,
		    ctx_word(ctx, "moves entered"), taking.read.moves);
		acted->to = "/national/notice";
	}
	return status;
}
