/* Pages of the support domain: the board, what is due, the account, the audit, and what stands at the head of an order's page. */
#include "core/page.h"
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_state.h"
#include <string.h>

static bool wants(const struct request *request, const char *form)
{
	const char *as = request_param(request, "as");

	return as != NULL && strcmp(as, form) == 0;
}

/* A parameter that is absent or blank is none. */
static const char *given(const struct request *request, const char *name)
{
	const char *value = request_param(request, name);

	return value && value[0] ? value : NULL;
}

/* ---- forms of filters ------------------------------------------------------------------------------------------------ */

static void filter_open(struct html *html, const char *path)
{
	HTML(html, "<form class=\"filter\" method=\"get\"");
	HTML_ATTRIBUTE(html, "action", path);
	HTML(html, ">");
}

static void filter_close(struct html *html)
{
	HTML(html, "<button class=\"quiet\">");
	html_word(html, "show");
	HTML(html, "</button></form>\n");
}

static void filter_input(
    struct html *html, const struct request *request, const char *type, const char *name, const char *label)
{
	HTML(html, "<label>");
	html_word(html, label);
	HTML(html, " <input");
	HTML_ATTRIBUTE(html, "type", type);
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", request_param(request, name));
	HTML(html, "></label>");
}

static void filter_option(struct html *html, const char *value, const char *text, const char *chosen)
{
	HTML(html, "<option");
	HTML_ATTRIBUTE(html, "value", value);
	HTML_ATTRIBUTE(html, "selected", chosen && strcmp(chosen, value) == 0 ? "" : NULL);
	HTML(html, ">");
	html_text(html, text);
	HTML(html, "</option>");
}

static void filter_select_open(struct html *html, const char *name, const char *label)
{
	HTML(html, "<label>");
	html_word(html, label);
	HTML(html, " <select");
	HTML_ATTRIBUTE(html, "name", name);
	HTML(html, ">");
}

static void filter_select_close(struct html *html)
{
	HTML(html, "</select></label>");
}

/* ---- the board ------------------------------------------------------------------------------------------------------- */

#define PART_OF(table) "SELECT thread, number, state, pen, since_ms FROM " table
#define BOARD(order) \
	"WITH part AS (" PART_OF("support_order") " UNION ALL " PART_OF("support_issue") " UNION ALL " PART_OF("support_claim") " UNION ALL " PART_OF("support_adjustment") " UNION ALL " PART_OF( \
	    "support_netting") "), ranked AS (SELECT thread, number, state, pen, since_ms, CASE WHEN pen = :own THEN 0 WHEN pen IS NOT NULL THEN 1 ELSE 2 END AS turn, " \
			       "ROW_NUMBER() OVER (PARTITION BY thread ORDER BY CASE WHEN pen = :own THEN 0 WHEN pen IS NOT NULL THEN 1 ELSE 2 END, " \
			       "since_ms, number) AS place FROM part WHERE :state = '' OR state = :state), " \
			       "whole AS (SELECT thread, number, receiver, supplier, deliver_on, reference, place FROM support_order UNION ALL " \
			       "SELECT thread, number, debtor, creditor, NULL, NULL, NULL FROM support_netting) " \
			       "SELECT w.thread, w.number, w.receiver, w.supplier, w.deliver_on, r.number, r.state, r.pen, r.since_ms, r.turn " \
			       "FROM whole w JOIN thread t ON t.row = w.thread JOIN ranked r ON r.thread = w.thread AND r.place = 1 " \
			       "WHERE t.tally = :tally AND (:supplier < 0 OR w.supplier = :supplier) AND (:text = '%%' OR w.number LIKE :text ESCAPE '!' " \
			       "OR w.reference LIKE :text ESCAPE '!' OR w.place LIKE :text ESCAPE '!' OR EXISTS (SELECT 1 FROM support_line l " \
			       "WHERE l.thread = w.thread AND (l.description_en LIKE :text ESCAPE '!' OR l.description_ja LIKE :text ESCAPE '!'))) " \
			       "ORDER BY " order " LIMIT :most OFFSET :skip"

struct board_sort {
	const char *name, *en, *sql;
};
static const struct board_sort sorts[] = {
	{ "turn", "whose turn it is", BOARD("r.turn, r.since_ms, w.number") },
	{ "number", "number", BOARD("w.number") },
	{ "since", "since", BOARD("r.since_ms DESC, w.number") },
	{ "day", "deliver on", BOARD("COALESCE(w.deliver_on, 9999999), w.number") },
	{ 0 },
};

static const struct board_sort *sort_of(const struct request *request)
{
	const char *name = given(request, "sort");

	for (const struct board_sort *sort = sorts; name && sort->name; sort++) {
		if (strcmp(sort->name, name) == 0) {
			return sort;
		}
	}
	return sorts;
}

static void board_filter(struct ctx *ctx, const struct request *request, struct html *html)
{
	const char *state = given(request, "state"), *supplier = given(request, "supplier");

	filter_open(html, "/support");
	filter_input(html, request, "search", "q", "search");
	filter_select_open(html, "state", "state");
	filter_option(html, "", ctx_word(ctx, "all"), state);
	for (const struct state *row = support_domain.states; row->name; row++) {
		bool before = false;
		for (const struct state *other = support_domain.states; other < row; other++) {
			before |= strcmp(other->name, row->name) == 0;
		}
		if (!before) {
			filter_option(html, row->name, ctx_word(ctx, row->name), state);
		}
	}
	filter_select_close(html);
	filter_select_open(html, "supplier", "supplier");
	filter_option(html, "", ctx_word(ctx, "all"), supplier);
	for (unsigned i = 0; i < ctx->view.party_count; i++) {
		filter_option(html, ctx->view.party_codes[i], ctx->view.party_codes[i], supplier);
	}
	filter_select_close(html);
	filter_select_open(html, "sort", "sorted by");
	for (const struct board_sort *sort = sorts; sort->name; sort++) {
		filter_option(html, sort->name, ctx_word(ctx, sort->en), sort_of(request)->name);
	}
	filter_select_close(html);
	filter_close(html);
}

/* For LIKE: what is looked for anywhere in a text; signs that mean something to LIKE mean themselves. */
static const char *pattern(struct ctx *ctx, const char *text)
{
	struct buf out;

	buf_init(&out, 4096);
	buf_put_text(&out, "%");
	for (const char *at = text ? text : ""; *at; at++) {
		if (strchr("%_!", *at) != NULL) {
			buf_put_text(&out, "!");
		}
		buf_put_bytes(&out, bytes_of(at, 1));
	}
	buf_put_text(&out, "%");
	const char *made = arena_text(ctx->arena, buf_bytes(&out));
	buf_clear(&out);
	return made ? made : "%%";
}

static const char about_sql[] =
    "SELECT description_en, description_ja, value_minor, currency FROM support_line WHERE thread = :thread ORDER BY line";

/* What an order is about: its first line and how many more; its value where all lines have one in one currency. */
static enum status about(struct ctx *ctx, int64_t thread, const char **item, const char **value, struct err *err)
{
	struct query *lines = NULL;
	struct bytes currency = bytes_of(NULL, 0);
	int64_t sum = 0;
	unsigned count = 0;
	bool whole = true;
	enum status status = ctx_query(ctx, about_sql, &lines, err);

	*item = *value = "";
	if (status == OK) {
		query_bind_int(lines, "thread", thread);
	}
	while (status == OK && query_next(lines)) {
		if (count++ == 0) {
			unsigned wanted = ctx->lang == LANG_JA ? 1 : 0;
			*item = print_text(ctx, query_text(lines, query_is_null(lines, wanted) ? 1 - wanted : wanted));
			currency = arena_copy(ctx->arena, query_text(lines, 3));
		}
		whole = whole && !query_is_null(lines, 2) && bytes_equal(currency, query_text(lines, 3)) &&
		    minor_add(sum, query_int(lines, 2), &sum);
	}
	query_close(lines);
	if (count > 1) {
		*item = arena_printf(ctx->arena, "%s (+%u)", *item, count - 1);
	}
	if (count > 0 && whole) {
		*value = print_amount(ctx, currency, sum);
	}
	return status;
}

static enum status board_row(struct ctx *ctx, struct listing *listing, struct query *row, struct err *err)
{
	const char *number = print_text(ctx, query_text(row, 1)), *part = print_text(ctx, query_text(row, 5)), *item,
		   *value;
	const char *stroke = strchr(part, '/');
	int64_t turn = query_int(row, 9);
	enum status status = about(ctx, query_int(row, 0), &item, &value, err);
	const struct listing_cell cells[] = {
		{ turn == 0         ? "you"
			: turn == 1 ? print_party(ctx, query_int(row, 7))
				    : "",
		    NULL, turn == 0 },
		{ number, html_path(ctx, "/thread/", number), false },
		{ item, NULL, false },
		{ stroke ? stroke + 1 : "", NULL, false },
		{ query_is_null(row, 6) ? "rivals" : print_text(ctx, query_text(row, 6)), NULL, true },
		{ query_is_null(row, 8) ? "" : print_time(ctx, query_int(row, 8)), NULL, false },
		{ query_is_null(row, 4) ? "" : print_day(ctx, query_int(row, 4)), NULL, false },
		{ print_party(ctx, query_int(row, 2)), NULL, false },
		{ print_party(ctx, query_int(row, 3)), NULL, false },
		{ value, NULL, false },
	};

	listing_row(listing, cells);
	return status;
}

static enum status show_board(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	static const struct listing_column columns[] = { { "waits_for", "waits for", false },
		{ "number", "number", false }, { "item", "item", false }, { "part", "part", false },
		{ "state", "state", false }, { "since", "since", false }, { "deliver_on", "deliver on", false },
		{ "receiver", "receiver", false }, { "supplier", "supplier", false }, { "value", "value", true } };
	bool data = wants(request, "csv") || wants(request, "json");
	const char *state = given(request, "state"), *supplier = given(request, "supplier");
	struct query *rows = NULL;
	struct listing listing;
	enum status status = ctx_query(ctx, sort_of(request)->sql, &rows, err);

	if (status != OK) {
		return status;
	}
	query_bind_int(rows, "own", ctx->own_party);
	query_bind_text(rows, "state", bytes_text(state ? state : ""));
	query_bind_int(rows, "supplier", supplier ? (int64_t)fold_party_find(&ctx->view, bytes_text(supplier)) : -1);
	query_bind_text(rows, "text", bytes_text(pattern(ctx, given(request, "q"))));
	query_bind_int(rows, "most", data ? INT32_MAX : LISTING_PAGE + 1);
	query_bind_int(rows, "skip", data ? 0 : listing_offset(request));
	if (!data) {
		board_filter(ctx, request, html);
	}
	listing_open(&listing, ctx, request, html, columns, sizeof columns / sizeof *columns);
	while (status == OK && query_next(rows)) {
		status = board_row(ctx, &listing, rows, err);
	}
	query_close(rows);
	listing_close(&listing);
	return status;
}

/* ---- what commands compute --------------------------------------------------------------------------------------------- */

static void as_of_filter(const struct request *request, struct html *html, const char *path, bool with_rule)
{
	filter_open(html, path);
	filter_input(html, request, "date", "as_of", "as of");
	if (with_rule) {
		filter_input(html, request, "text", "rule", "rule");
	}
	filter_close(html);
}

static void data_links(const struct request *request, struct html *html, bool csv)
{
	HTML(html, "<p class=\"after-list\">");
	if (csv) {
		html_link(html, request_with(request, "as", "csv"), "CSV");
		HTML(html, " ");
	}
	html_link(html, request_with(request, "as", "json"), "JSON");
	HTML(html, "</p>\n");
}

static enum status show_due(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	const char *waiting = given(request, "waiting");

	filter_open(html, "/support/due");
	filter_input(html, request, "date", "as_of", "as of");
	filter_select_open(html, "waiting", "waits for");
	filter_option(html, "", ctx_word(ctx, "all"), waiting);
	filter_option(html, "us", ctx_word(ctx, "you"), waiting);
	filter_option(html, "partner", ctx_word(ctx, "partner"), waiting);
	filter_select_close(html);
	filter_close(html);
	ctx->page = html;
	enum status status = due_show(ctx, given(request, "as_of"), waiting, false, err);
	ctx->page = NULL;
	return status;
}

static enum status show_account(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	bool json = wants(request, "json");

	if (!json) {
		as_of_filter(request, html, "/support/account", false);
	}
	ctx->json = json;
	ctx->page = json ? NULL : html;
	enum status status = account_show(ctx, given(request, "as_of"), err);
	ctx->page = NULL;
	if (json) {
		buf_put_bytes(html->out, buf_bytes(ctx->out));
	} else {
		data_links(request, html, false);
	}
	return status;
}

static enum status show_audit(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	const char *form = wants(request, "json") ? "json" : wants(request, "csv") ? "csv" : "text";
	bool page = strcmp(form, "text") == 0;

	if (page) {
		as_of_filter(request, html, "/support/audit", true);
	}
	ctx->page = page ? html : NULL;
	enum status status = audit_show(ctx, given(request, "as_of"), given(request, "rule"), form, err);
	ctx->page = NULL;
	if (!page) {
		buf_put_bytes(html->out, buf_bytes(ctx->out));
	} else {
		data_links(request, html, true);
	}
	return status;
}

static enum status order_show(struct ctx *ctx, const char *number, struct err *err)
{
	enum status status = due_of_thread(ctx, number, err);

	if (status == OK) {
		status = thread_show(ctx, number, err);
	}
	return status == OK ? versions_show(ctx, number, err) : status;
}

/* At the head of the page of a thread: its terms, issues, claims, and what was remarked. */
static enum status show_order(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	ctx->page = html;
	enum status status = order_show(ctx, request_rest(request), err);
	ctx->page = NULL;
	return status;
}

const struct page support_pages[] = {
	{ "/support", "Support", "支援", true, show_board },
	{ "/support/due", "Due", "期限", true, show_due },
	{ "/support/account", "Account", "勘定", true, show_account },
	{ "/support/audit", "Audit", "監査", true, show_audit },
	{ "/thread/support", "Order", "発注", false, show_order },
	{ 0 },
};
