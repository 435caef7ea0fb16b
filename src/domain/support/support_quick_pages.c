/* What is quick: a receipt, or a record of what was taken, by telephone at the quay. The telephone is a screen; each signature wants the
 * passphrase, and the desk's key stays where it is. */
#include "base/decimal.h"
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_pages.h"
#include "domain/support/support_state.h"
#include <stdlib.h>
#include <string.h>

/* ---- what waits ---------------------------------------------------------------------------------------------------------- */

#define ITEM \
	"(SELECT d.description_en FROM support_line d WHERE d.thread = o.thread ORDER BY d.line LIMIT 1), " \
	"(SELECT d.description_ja FROM support_line d WHERE d.thread = o.thread ORDER BY d.line LIMIT 1), "
#define FIRST(column, table, where) "(SELECT x." column " FROM " table " x WHERE " where " ORDER BY x.line LIMIT 1), "
#define OF_ISSUE "x.thread = i.thread AND x.part = i.part"
#define OF_ORDER "x.thread = o.thread"
#define ISSUED(order) \
	"SELECT i.number, " ITEM FIRST("issued", "support_issue_line", OF_ISSUE) FIRST("unit", "support_issue_line", \
	    OF_ISSUE) "(SELECT COUNT(*) FROM support_issue_line x WHERE " OF_ISSUE "), i.place, i.since_ms " \
		      "FROM support_issue i JOIN support_order o ON o.thread = i.thread JOIN thread t ON t.row = i.thread " \
		      "WHERE t.tally = :tally AND i.state = 'issued' AND i.pen = :own ORDER BY " order \
		      " LIMIT :most OFFSET :skip"
#define AGREED(order) \
	"SELECT o.number, " ITEM FIRST("quantity", "support_line", OF_ORDER) FIRST("unit", "support_line", \
	    OF_ORDER) "(SELECT COUNT(*) FROM support_line x WHERE " OF_ORDER "), o.place, o.since_ms " \
		      "FROM support_order o JOIN thread t ON t.row = o.thread " \
		      "WHERE t.tally = :tally AND o.state IN ('agreed', 'amendment offered') AND o.receiver = :own ORDER BY " order \
		      " LIMIT :most OFFSET :skip"
static const struct page_sort issued_sorts[] = {
	{ "since", "since", ISSUED("i.since_ms DESC, i.number") },
	{ "number", "number", ISSUED("i.number") },
	{ "place", "place", ISSUED("i.place, i.since_ms DESC, i.number") },
	{ 0 },
};
static const struct page_sort agreed_sorts[] = {
	{ "since", "since", AGREED("o.since_ms DESC, o.number") },
	{ "number", "number", AGREED("o.number") },
	{ "place", "place", AGREED("o.place, o.since_ms DESC, o.number") },
	{ 0 },
};
enum { Q_NUMBER, Q_EN, Q_JA, Q_QUANTITY, Q_UNIT, Q_LINES, Q_PLACE, Q_SINCE };

static const char *text_at(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_text(ctx, query_text(row, column));
}

static const char *described(struct ctx *ctx, struct query *row, unsigned en)
{
	unsigned wanted = ctx->lang == LANG_JA ? en + 1 : en, other = ctx->lang == LANG_JA ? en : en + 1;

	return text_at(ctx, row, query_is_null(row, wanted) ? other : wanted);
}

static const char *quantity_at(struct ctx *ctx, struct query *row, unsigned quantity, unsigned unit)
{
	return query_is_null(row, quantity) ? "" : print_measure(ctx, query_text(row, quantity), query_text(row, unit));
}

static enum status draw_list(struct ctx *ctx, const struct request *request, struct html *html,
    const struct page_sort *sorts, const char *base, struct err *err)
{
	static const struct listing_column columns[] = { { "number", "number", false }, { "item", "item", false },
		{ "quantity", "quantity", true }, { "place", "place", false }, { "since", "since", false } };
	struct query *rows = NULL;
	struct listing listing;
	bool data = page_wants_data(request);
	enum status status = ctx_query(ctx, page_sort_of(request, sorts)->sql, &rows, err);

	if (status != OK) {
		return status;
	}
	query_bind_int(rows, "own", ctx->own_party);
	query_bind_int(rows, "most", data ? INT32_MAX : LISTING_PAGE + 1);
	query_bind_int(rows, "skip", data ? 0 : listing_offset(request));
	listing_open(&listing, ctx, request, html, columns, sizeof columns / sizeof *columns);
	while (query_next(rows)) {
		const char *number = text_at(ctx, rows, Q_NUMBER), *item = described(ctx, rows, Q_EN);
		long long more = query_int(rows, Q_LINES) - 1;
		const struct listing_cell cells[] = {
			{ number, html_path(ctx, base, number), false },
			{ more > 0 ? arena_printf(ctx->arena, "%s (+%lld)", item, more) : item, NULL, false },
			{ quantity_at(ctx, rows, Q_QUANTITY, Q_UNIT), NULL, false },
			{ text_at(ctx, rows, Q_PLACE), NULL, false },
			{ query_is_null(rows, Q_SINCE) ? "" : print_time(ctx, query_int(rows, Q_SINCE)), NULL, false },
		};
		listing_row(&listing, cells);
	}
	query_close(rows);
	listing_close(&listing);
	return OK;
}

enum status show_quick(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	if (page_wants_data(request)) {
		return draw_list(ctx, request, html, issued_sorts, "/quick/receipt/", err);
	}
	HTML(html, "<p>");
	html_word(html,
	    "no signing key is kept on this device; type the passphrase at each signature; a quick session ends ten minutes after its last use, or when you log out");
	HTML(html, "</p><h2>");
	html_word(html, "issued, waits for your receipt");
	HTML(html, "</h2>");
	sort_filter(html, request, "/quick", issued_sorts);
	HTML(html, "<div class=\"quick\">");
	enum status status = draw_list(ctx, request, html, issued_sorts, "/quick/receipt/", err);
	HTML(html, "</div><p class=\"after-list\">");
	html_link(html, "/quick/orders", ctx_word(ctx, "taken over, and not yet issued"));
	HTML(html, "</p>");
	return status;
}

enum status show_quick_orders(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	bool data = page_wants_data(request);

	if (!data) {
		HTML(html, "<p class=\"after-list\">");
		html_link(html, "/quick", ctx_word(ctx, "quick receipt"));
		HTML(html, "</p>");
		sort_filter(html, request, "/quick/orders", agreed_sorts);
		HTML(html, "<div class=\"quick\">");
	}
	enum status status = draw_list(ctx, request, html, agreed_sorts, "/quick/taken/", err);
	if (!data) {
		HTML(html, "</div>");
	}
	return status;
}

/* ---- a receipt --------------------------------------------------------------------------------------------------------- */

static const char lines_sql[] =
    "SELECT l.line, d.description_en, d.description_ja, l.issued, l.unit, i.state, i.delivered_ms, i.place FROM support_issue i "
    "JOIN thread t ON t.row = i.thread JOIN support_issue_line l ON l.thread = i.thread AND l.part = i.part "
    "LEFT JOIN support_line d ON d.thread = l.thread AND d.line = l.line "
    "WHERE t.tally = :tally AND i.number = :number ORDER BY l.line";
enum { R_LINE, R_EN, R_JA, R_ISSUED, R_UNIT, R_STATE, R_DELIVERED, R_PLACE };

static const char *field_named(struct ctx *ctx, const char *name, struct query *row)
{
	return arena_printf(ctx->arena, "%s.%lld", name, (long long)query_int(row, R_LINE));
}

static void label(struct html *html, const char *word, const char *behind)
{
	HTML(html, "<label><span class=\"label\">");
	html_word(html, word);
	HTML(html, "</span>");
	if (behind) {
		HTML(html, " <small>");
		html_text(html, behind);
		HTML(html, "</small>");
	}
}

static void input(
    struct html *html, const struct request *request, const char *name, const char *value, const char *mode)
{
	const char *typed = request_field(request, name);

	HTML(html, "<input type=\"text\"");
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", typed ? typed : value);
	HTML_ATTRIBUTE(html, "inputmode", mode);
	HTML_ATTRIBUTE(html, "required", mode ? "" : NULL);
	HTML(html, "></label>\n");
}

static const struct kind *receipt_kind(void)
{
	return domain_kind(&support_domain, bytes_text("support.receipted"));
}

static const struct field *reason_field(void)
{
	const struct field *lines = field_find(receipt_kind()->fields, "lines");

	return field_find(lines->fields, "reason");
}

static void draw_reason(struct ctx *ctx, const struct request *request, struct html *html, const char *name)
{
	struct field_choice *choices = NULL;
	unsigned count = 0;
	const char *chosen = request_field(request, name);

	label(html, "difference", NULL);
	HTML(html, "<select");
	HTML_ATTRIBUTE(html, "name", name);
	HTML(html, ">");
	filter_option(html, "", ctx_word(ctx, "no difference"), chosen);
	if (support_choices(ctx, NULL, receipt_kind(), reason_field(), &choices, &count, NULL) != OK) {
		count = 0;
	}
	for (unsigned i = 0; i < count; i++) {
		filter_option(html, choices[i].value, ctx->lang == LANG_JA ? choices[i].ja : choices[i].en, chosen);
	}
	HTML(html, "</select></label>\n");
}

static void draw_line(struct ctx *ctx, const struct request *request, struct html *html, struct query *row)
{
	HTML(html, "<fieldset><legend>");
	html_text(html, described(ctx, row, R_EN));
	HTML(html, ": ");
	html_text(html, quantity_at(ctx, row, R_ISSUED, R_UNIT));
	HTML(html, "</legend>");
	label(html, "quantity received", print_unit(ctx, query_text(row, R_UNIT)));
	input(html, request, field_named(ctx, "accepted", row), text_at(ctx, row, R_ISSUED), "decimal");
	draw_reason(ctx, request, html, field_named(ctx, "reason", row));
	HTML(html, "</fieldset>\n");
}

static void draw_head(struct ctx *ctx, struct html *html, const char *number, struct query *row)
{
	HTML(html, "<p>");
	html_text(html, number);
	HTML(html, " ");
	html_state(html, query_is_null(row, R_STATE) ? "rivals" : text_at(ctx, row, R_STATE));
	HTML(html, " ");
	html_text(html, text_at(ctx, row, R_PLACE));
	HTML(html, " <span class=\"nowrap\">");
	html_text(html, query_is_null(row, R_DELIVERED) ? "" : print_time(ctx, query_int(row, R_DELIVERED)));
	HTML(html, "</span></p>\n");
}

static enum status lines_of(struct ctx *ctx, const char *number, struct query **rows, struct err *err)
{
	enum status status = ctx_query(ctx, lines_sql, rows, err);

	if (status == OK) {
		query_bind_text(*rows, "number", bytes_text(number));
	}
	return status;
}

enum status show_quick_receipt(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	const char *number = request_rest(request);
	struct query *rows = NULL;
	bool any = false, waits = false;
	enum status status = lines_of(ctx, number, &rows, err);

	while (status == OK && query_next(rows)) {
		if (!any) {
			draw_head(ctx, html, number, rows);
			waits = !query_is_null(rows, R_STATE) && bytes_is(query_text(rows, R_STATE), "issued");
			if (waits) {
				page_form_open(html, request, html_path(ctx, "/quick/receipt/", number));
			}
		}
		any = true;
		if (waits) {
			draw_line(ctx, request, html, rows);
		}
	}
	query_close(rows);
	if (status == OK && !any) {
		return err_set(err, NOT_FOUND, "%s: no issue of this number is known here", number);
	}
	if (waits) {
		label(html, "note", NULL);
		input(html, request, "remarks", "", NULL);
		page_passphrase(html);
		page_form_close(html, "receipt");
	}
	HTML(html, "<p class=\"after-list\">");
	html_link(html, "/quick", ctx_word(ctx, "back to what waits"));
	HTML(html, "</p>");
	return status;
}

/* What is missing of a line is short, damaged or refused, by its reason. */
static const char *missing_as(const char *reason)
{
	return strcmp(reason, "damaged") == 0                                        ? "damaged"
	    : strcmp(reason, "wrong_item") == 0 || strcmp(reason, "wrong_unit") == 0 ? "refused"
										     : "short";
}

/* A line that is not as issued; NULL: it is. */
static json_t *line_object(struct ctx *ctx, const struct request *request, struct query *row)
{
	const char *accepted = request_field(request, field_named(ctx, "accepted", row)),
		   *reason = request_field(request, field_named(ctx, "reason", row));
	struct decimal had = { 0 }, got = { 0 }, rest = { 0 };
	char text[DECIMAL_TEXT];
	bool known = decimal_parse(query_text(row, R_ISSUED), &had, NULL) == OK && accepted &&
	    decimal_parse(bytes_text(accepted), &got, NULL) == OK;

	reason = reason ? reason : "";
	if (accepted == NULL || (known && decimal_compare(had, got) == 0 && reason[0] == '\0')) {
		return NULL;
	}
	json_t *line = json_pack("{s:I, s:s}", "line", (json_int_t)query_int(row, R_LINE), "accepted", accepted);
	if (reason[0]) {
		json_object_set_new(line, "reason", json_string(reason));
	}
	if (known && decimal_subtract(had, got, &rest) && decimal_sign(rest) > 0) {
		decimal_print(rest, text);
		json_object_set_new(line, missing_as(reason), json_string(text));
	}
	return line;
}

static enum status submit_quick(
    struct ctx *ctx, const char *kind, const char *target, json_t *fields, struct acted *acted, struct err *err)
{
	char *text = json_dumps(fields, JSON_COMPACT);
	struct submission submission = { .kind = kind, .target = target, .fields_json = text };
	struct submitted made;
	enum status status =
	    text ? ctx_submit(ctx, &submission, &made, err) : err_set(err, ENVIRONMENT, "quick: out of memory");

	if (status == OK) {
		acted->number = print_text(ctx, bytes_text(made.number));
		acted->kind = kind;
		acted->to = "/quick";
	}
	free(text);
	json_decref(fields);
	return status;
}

static void set_given(json_t *fields, const struct request *request, const char *name)
{
	const char *text = request_field(request, name);

	if (text && text[0]) {
		json_object_set_new(fields, name, json_string(text));
	}
}

enum status act_quick_receipt(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	const char *number = request_rest(request);
	struct query *rows = NULL;
	json_t *fields = json_object(), *lines = json_array();
	unsigned count = 0;
	enum status status = lines_of(ctx, number, &rows, err);

	while (status == OK && query_next(rows)) {
		json_t *line = line_object(ctx, request, rows);
		count++;
		if (line) {
			json_array_append_new(lines, line);
		}
	}
	query_close(rows);
	set_given(fields, request, "remarks");
	if (json_array_size(lines) > 0) {
		json_object_set(fields, "lines", lines);
	}
	json_decref(lines);
	if (status == OK && count == 0) {
		status = err_set(err, NOT_FOUND, "%s: no issue of this number is known here", number);
	}
	if (status != OK) {
		json_decref(fields);
		return status;
	}
	return submit_quick(ctx, "support.receipted", number, fields, acted, err);
}

/* ---- taken ----------------------------------------------------------------------------------------------------------- */

static const char order_sql[] =
    "SELECT d.line, d.description_en, d.description_ja, d.quantity, d.unit, o.state, o.place, o.supplier, "
    "IFNULL(o.utc_offset_minutes, 0) FROM support_order o JOIN thread t ON t.row = o.thread JOIN support_line d ON d.thread = o.thread "
    "WHERE t.tally = :tally AND o.number = :number AND o.receiver = :own ORDER BY d.line";
enum { T_LINE, T_EN, T_JA, T_QUANTITY, T_UNIT, T_STATE, T_PLACE, T_SUPPLIER, T_OFFSET };

static enum status order_lines(struct ctx *ctx, const char *number, struct query **rows, struct err *err)
{
	enum status status = ctx_query(ctx, order_sql, rows, err);

	if (status == OK) {
		query_bind_text(*rows, "number", bytes_text(number));
		query_bind_int(*rows, "own", ctx->own_party);
	}
	return status;
}

/* What of it, and where: what the first line says stands there already. */
struct taken_form {
	const char *line, *item, *quantity, *unit, *place, *supplier;
	unsigned lines;
};

static const char *line_described(struct ctx *ctx, struct query *row)
{
	return arena_printf(ctx->arena, "%s: %s", described(ctx, row, T_EN), quantity_at(ctx, row, T_QUANTITY, T_UNIT));
}

static void taken_first(struct ctx *ctx, struct query *rows, struct taken_form *form)
{
	while (query_next(rows)) {
		if (form->lines++ == 0) {
			form->line = arena_printf(ctx->arena, "%lld", (long long)query_int(rows, T_LINE));
			form->item = line_described(ctx, rows);
			form->quantity = text_at(ctx, rows, T_QUANTITY);
			form->unit = print_unit(ctx, query_text(rows, T_UNIT));
			form->place = text_at(ctx, rows, T_PLACE);
			form->supplier = print_party(ctx, query_int(rows, T_SUPPLIER));
		}
	}
}

static enum status draw_items(
    struct ctx *ctx, const struct request *request, struct html *html, const char *number, struct err *err)
{
	const char *chosen = request_field(request, "line");
	struct query *rows = NULL;
	enum status status = order_lines(ctx, number, &rows, err);

	label(html, "item", NULL);
	HTML(html, "<select name=\"line\" required>");
	while (status == OK && query_next(rows)) {
		filter_option(html, arena_printf(ctx->arena, "%lld", (long long)query_int(rows, T_LINE)),
		    line_described(ctx, rows), chosen);
	}
	query_close(rows);
	HTML(html, "</select></label>\n");
	return status;
}

/* Said, not asked: it is sent along. */
static void settled(struct html *html, const char *name, const char *value, const char *text)
{
	HTML(html, "<p>");
	html_text(html, text);
	HTML(html, "<input type=\"hidden\"");
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", value);
	HTML(html, "></p>\n");
}

/* Three fields: of an order of one line the item is settled, of one of many the place, which is that of the order. */
enum status show_quick_taken(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	const char *number = request_rest(request);
	struct taken_form form = { .lines = 0 };
	struct query *rows = NULL;
	enum status status = order_lines(ctx, number, &rows, err);

	if (status == OK) {
		taken_first(ctx, rows, &form);
		query_close(rows);
		status = form.lines > 0
		    ? OK
		    : err_set(
			  err, NOT_FOUND, "%s: no order of this number, in which we receive, is known here", number);
	}
	if (status != OK) {
		return status;
	}
	HTML(html, "<p>");
	html_text(html, number);
	HTML(html, "</p>");
	page_form_open(html, request, html_path(ctx, "/quick/taken/", number));
	if (form.lines == 1) {
		settled(html, "line", form.line, form.item);
	} else {
		status = draw_items(ctx, request, html, number, err);
	}
	label(html, "quantity", form.lines == 1 ? form.unit : NULL);
	input(html, request, "quantity", form.quantity, "decimal");
	if (form.lines == 1) {
		label(html, "place", NULL);
		input(html, request, "place", form.place, "text");
	} else {
		settled(html, "place", form.place, form.place);
	}
	label(html, "handed over by", ctx_word(ctx, "ship, unit or post; no name"));
	input(html, request, "handed_over_by", form.supplier, "text");
	page_passphrase(html);
	page_form_close(html, "record as taken");
	HTML(html, "<p class=\"after-list\">");
	html_link(html, "/quick/orders", ctx_word(ctx, "taken over, and not yet issued"));
	HTML(html, "</p>");
	return status;
}

enum status act_quick_taken(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	const char *number = request_rest(request), *line = request_field(request, "line"),
		   *quantity = request_field(request, "quantity");
	struct query *rows = NULL;
	int64_t offset = 0;
	bool found = false;
	char now[TIME_TEXT];
	enum status status = order_lines(ctx, number, &rows, err);

	if (status == OK) {
		found = query_next(rows);
		offset = found ? query_int(rows, T_OFFSET) : 0;
	}
	query_close(rows);
	if (status != OK || !found) {
		return status != OK ? status
				    : err_set(err, NOT_FOUND,
					  "%s: no order of this number, in which we receive, is known here", number);
	}
	time_print(ctx->now_ms, now);
	json_t *fields = json_pack("{s:[{s:s, s:s}], s:s, s:I}", "lines", "line", line ? line : "", "quantity",
	    quantity ? quantity : "", "delivered_at", now, "utc_offset_minutes", (json_int_t)offset);
	set_given(fields, request, "place");
	set_given(fields, request, "handed_over_by");
	return submit_quick(ctx, "support.taken", number, fields, acted, err);
}
