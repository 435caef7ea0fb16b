/* Hand-overs on pages: the list, one that may be made now, one that was made, and who answers for which thread. */
#include "base/time.h"
#include "core/print.h"
#include "domain/national/national_handover.h"
#include "domain/national/national_pages.h"
#include "domain/national/national_print.h"
#include <string.h>

#define LIST(order) HANDOVERS "AND (:state = '' OR h.state = :state) ORDER BY " order " LIMIT :most OFFSET :skip"
static const struct page_sort sorts[] = {
	{ "since", "since", LIST("h.written_ms DESC, h.number") },
	{ "number", "number", LIST("h.number") },
	{ "state", "state", LIST("h.state, h.written_ms DESC, h.number") },
	{ 0 },
};
#define FILES 4

static const char *officer_at(struct ctx *ctx, struct query *row, unsigned officer, unsigned post)
{
	return query_is_null(row, post)
	    ? cell_text(ctx, row, officer)
	    : arena_printf(ctx->arena, "%s, %s", cell_text(ctx, row, officer), cell_text(ctx, row, post));
}

static void handover_row(struct ctx *ctx, struct drawn *drawn, struct listing *listing, struct query *row)
{
	const char *number = cell_text(ctx, row, H_NUMBER);
	const struct listing_cell cells[] = {
		{ number, national_thread(ctx, drawn, number), false },
		{ query_is_null(row, H_STATE) ? "rivals" : cell_text(ctx, row, H_STATE), NULL, true },
		{ officer_at(ctx, row, H_FROM, H_FROM_POST), NULL, false },
		{ officer_at(ctx, row, H_TO, H_TO_POST), NULL, false },
		{ cell_time(ctx, row, H_WRITTEN), NULL, false },
		{ cell_time(ctx, row, H_TAKEN), NULL, false },
		{ arena_printf(ctx->arena, "%lld", (long long)query_int(row, H_ITEMS)), NULL, false },
	};

	listing_row(listing, cells);
}

static void handover_links(struct drawn *drawn)
{
	HTML(drawn->html, "<ul class=\"moves\"><li>");
	html_link(drawn->html, "/national/hand-over", ctx_word(drawn->html->ctx, "Hand over"));
	HTML(drawn->html, "</li></ul>");
}

enum status show_handovers(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	static const struct listing_column columns[] = { { "number", "number", false }, { "state", "state", false },
		{ "from", "from officer", false }, { "to", "to officer", false },
		{ "written", "handed over at", false }, { "taken", "taken over at", false },
		{ "items", "items", true } };
	static const struct national_list list = { "/national/handover", "handover", sorts, columns,
		sizeof columns / sizeof *columns, handover_row, handover_links };

	return show_list(ctx, request, html, &list, err);
}

/* ---- one that was made --------------------------------------------------------------------------------------------------- */

static const char items_sql[] =
    "SELECT number, state, pen, since_ms, last_contact_ms, clock, remarks, shared FROM national_handover_item"
    " WHERE thread = :thread ORDER BY item";

static void item_row(struct ctx *ctx, struct html *html, struct query *row)
{
	struct id shared;
	const char *number = cell_text(ctx, row, 0);

	memcpy(shared.data, query_blob(row, 7).data, ID_BYTES);
	HTML(html, "<tr><td");
	HTML_ATTRIBUTE(html, "data-label", ctx_word(ctx, "number"));
	HTML(html, ">");
	html_link(html, shared_thread(ctx, &shared, number), number);
	HTML(html, "</td>");
	html_cell(html, "state", cell_word(ctx, row, 1));
	html_cell(html, "waits for", cell_text(ctx, row, 2));
	html_cell(html, "since", cell_time(ctx, row, 3));
	html_cell(html, "last contact", cell_time(ctx, row, 4));
	html_cell(html, "clock", cell_text(ctx, row, 5));
	html_cell(html, "remarks", cell_text(ctx, row, 6));
	HTML(html, "</tr>\n");
}

static enum status draw_items(struct ctx *ctx, struct html *html, int64_t thread, struct err *err)
{
	static const char *const heads[] = { "number", "state", "waits for", "since", "last contact", "clock",
		"remarks" };
	struct query *row = NULL;
	enum status status = ctx_query(ctx, items_sql, &row, err);

	if (status != OK) {
		return status;
	}
	query_bind_int(row, "thread", thread);
	html_table_open(html, heads, sizeof heads / sizeof *heads);
	while (query_next(row)) {
		item_row(ctx, html, row);
	}
	query_close(row);
	html_table_close(html);
	return OK;
}

enum status handover_head(struct ctx *ctx, struct drawn *drawn, bool *found, struct err *err)
{
	struct html *html = drawn->html;
	struct query *row = NULL;
	int64_t thread = -1;
	enum status status = ctx_query(ctx, HANDOVERS "AND h.number = :number", &row, err);

	if (status == OK) {
		query_bind_text(row, "number", bytes_text(drawn->number));
		*found = query_next(row);
	}
	if (*found) {
		thread = query_int(row, H_THREAD);
		HTML(html, "<dl class=\"facts\">");
		drawn_fact(html, "from officer", officer_at(ctx, row, H_FROM, H_FROM_POST));
		drawn_fact(html, "handed over at", cell_time(ctx, row, H_WRITTEN));
		drawn_fact(html, "to officer", officer_at(ctx, row, H_TO, H_TO_POST));
		drawn_fact(html, "taken over at", cell_time(ctx, row, H_TAKEN));
		drawn_fact(html, "remarks", cell_text(ctx, row, H_REMARKS));
		HTML(html, "</dl>\n");
	}
	query_close(row);
	return status == OK && *found ? draw_items(ctx, html, thread, err) : status;
}

/* ---- one that may be made now --------------------------------------------------------------------------------------------- */

/* Officers of the party, but for the one who hands over. */
static enum status officer_choices(struct ctx *ctx, struct drawn *drawn, const struct signer *own, struct err *err)
{
	struct html *html = drawn->html;
	struct desk_view *desks = NULL;
	unsigned count = 0;
	const char *chosen = typed(drawn->request, "to");
	enum status status = ctx_desks(ctx, &desks, &count, err);

	HTML(html, "<label><span class=\"label\">");
	html_word(html, "to officer");
	HTML(html, "</span><select name=\"to\" required><option value=\"\">-</option>");
	for (unsigned i = 0; status == OK && i < count; i++) {
		const struct signer *signer = &desks[i].signer;
		if (!desks[i].counts || bytes_equal(signer->officer, own->officer) ||
		    !signer_has_role(signer, "duty")) {
			continue;
		}
		const char *officer = print_text(ctx, signer->officer);
		filter_option(
		    html, officer, arena_printf(ctx->arena, "%s, %s", officer, print_text(ctx, signer->post)), chosen);
	}
	HTML(html, "</select></label>");
	return status;
}

static void item_input(struct html *html, const struct request *request, const char *option, const char *number)
{
	const char *name = arena_printf(html->ctx->arena, "%s.%s", option, number);
	bool is_remark = strcmp(option, "remark") == 0;
	const char *label = is_remark ? WORD(html->ctx, "remarks") : WORD(html->ctx, "clock");

	HTML(html, "<td");
	HTML_ATTRIBUTE(html, "data-label", label);
	HTML(html, "><input type=\"text\"");
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", typed(request, name));
	HTML_ATTRIBUTE(html, "aria-label", arena_printf(html->ctx->arena, "%s %s", number, label));
	HTML(html, "></td>");
}

/* "2013-11-20T00:00:00Z" as all pages write times. */
static const char *time_text(struct ctx *ctx, const char *text)
{
	int64_t ms;

	return text && time_parse(bytes_text(text), &ms) ? print_time(ctx, ms) : "";
}

static void draw_held(struct ctx *ctx, struct drawn *drawn)
{
	static const char *const heads[] = { "number", "state", "waits for", "since", "last contact", "clock",
		"remarks" };
	struct html *html = drawn->html;
	size_t index;
	json_t *item;

	html_table_open(html, heads, sizeof heads / sizeof *heads);
	json_array_foreach(drawn->items, index, item)
	{
		const char *number = json_string_value(json_object_get(item, "number"));
		HTML(html, "<tr>");
		html_cell(html, "number", number);
		html_cell(html, "state", ctx_word(ctx, json_string_value(json_object_get(item, "state"))));
		html_cell(html, "waits for", json_string_value(json_object_get(item, "pen")));
		html_cell(html, "since", time_text(ctx, json_string_value(json_object_get(item, "since"))));
		html_cell(
		    html, "last contact", time_text(ctx, json_string_value(json_object_get(item, "last_contact"))));
		item_input(html, drawn->request, "clock", number);
		item_input(html, drawn->request, "remark", number);
		HTML(html, "</tr>\n");
	}
	html_table_close(html);
}

static enum status draw_handing(struct ctx *ctx, void *context, struct err *err)
{
	static const struct args no_args;
	struct drawn *drawn = context;
	struct html *html = drawn->html;
	struct signer own;
	enum status status = ctx_desk(ctx, &own, err);

	if (status == OK) {
		status = handover_items(ctx, &no_args, &drawn->items, err);
	}
	if (status != OK) {
		return status;
	}
	national_links(drawn);
	HTML(html, "<p>");
	html_word(html,
	    "the open parts that you signed last; your successor answers for them from the moment that he takes over");
	HTML(html, "</p>");
	if (json_array_size(drawn->items) == 0) {
		HTML(html, "<p class=\"none\">");
		html_word(html, "nothing");
		HTML(html, "</p>");
		return OK;
	}
	page_form_open(html, drawn->request, "/national/hand-over");
	draw_held(ctx, drawn);
	status = officer_choices(ctx, drawn, &own, err);
	form_input(html, drawn->request, "text", "to-post", "post", false, NULL);
	form_input(html, drawn->request, "text", "remarks", "remarks", false, NULL);
	HTML(html, "<label><span class=\"label\">");
	html_word(html, "attachment");
	HTML(html, "</span><input type=\"file\" name=\"attach\" accept=\".pdf,.jpg,.jpeg,.png,.csv\"></label>");
	page_form_close(html, "Hand over");
	return status;
}

/* The national tally need not be the one at hand: it is named, with the way to a desk of it. */
static void say_no_desk(struct ctx *ctx, const struct drawn *drawn, struct html *html)
{
	HTML(html, "<p class=\"none\">");
	html_printf(html, "%s: %s: %s ", print_party(ctx, ctx->own_party), ctx_word(ctx, "national"),
	    ctx_word(
		ctx, "your session has no desk in this tally; ask the registrar for one, or log in at a desk of it"));
	html_link(
	    html, with_tally(ctx, "/login", &drawn->places.national), ctx_word(ctx, "log in at a desk of this tally"));
	HTML(html, "</p>");
}

/* Whose session has no desk in this tally is told so, and sees the page all the same. */
enum status show_handing(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { 0 };
	struct err none = { 0 };
	enum status status = draw_national(ctx, request, html, draw_handing, &drawn, &none);

	json_decref(drawn.items);
	if (status == USAGE) {
		say_no_desk(ctx, &drawn, html);
		return OK;
	}
	return status == OK ? OK : err_pass(err, status, &none);
}

struct giving {
	const struct request *request;
	struct args *args;
};

static enum status give_said(
    struct ctx *ctx, const struct giving *giving, const struct command *command, const char *option, json_t *items)
{
	size_t index;
	json_t *item;

	json_array_foreach(items, index, item)
	{
		const char *number = json_string_value(json_object_get(item, "number"));
		const char *said = typed(giving->request, arena_printf(ctx->arena, "%s.%s", option, number));
		if (said[0] &&
		    !args_give(giving->args, command, option, arena_printf(ctx->arena, "%s=%s", number, said))) {
			return USAGE;
		}
	}
	return OK;
}

static enum status give_items(struct ctx *ctx, void *context, struct err *err)
{
	static const struct args no_args;
	const struct command *command = command_find(national_commands, "handover", "write");
	struct giving *giving = context;
	json_t *items = NULL;
	enum status status = handover_items(ctx, &no_args, &items, err);

	if (status == OK) {
		status = give_said(ctx, giving, command, "remark", items);
	}
	if (status == OK) {
		status = give_said(ctx, giving, command, "clock", items);
	}
	json_decref(items);
	return status == USAGE ? err_set(err, BAD_INPUT, "hand-over: more remarks than one may hold") : status;
}

enum status act_handing(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	static const char *const names[] = { "to", "to-post", "remarks" };
	const struct command *command = command_find(national_commands, "handover", "write");
	struct giving giving = { request, arena_take(ctx->arena, sizeof *giving.args) };
	struct upload uploads[FILES];
	struct drawn drawn = { 0 };
	struct bytes content;
	const char *called;
	unsigned count = 0;

	if (giving.args == NULL) {
		return err_set(err, ENVIRONMENT, "hand-over: out of memory");
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		args_give(giving.args, command, names[i], request_field(request, names[i]));
	}
	if (request_file(request, "attach", &called, &content)) {
		uploads[count++] = (struct upload){ called, content };
	}
	enum status status = places_find(ctx, giving.args, &drawn.places, err);
	drawn.elsewhere = status == OK && !id_equal(&drawn.places.national, &ctx->view.id);
	if (status == OK) {
		status = ctx_within(ctx, &drawn.places.national, (struct bytes){ 0 }, give_items, &giving, err);
	}
	if (status == OK) {
		ctx->json = true;
		status = handover_write_with(ctx, giving.args, uploads, count, err);
		ctx->json = false;
	}
	if (status == OK) {
		acted->number = act_number(ctx);
		acted->to = national_thread(ctx, &drawn, acted->number);
	}
	buf_reset(ctx->out);
	return status;
}

/* ---- who answers for it --------------------------------------------------------------------------------------------------- */

static const struct page_sort duty_sorts[] = {
	{ "number", "number", DUTY "ORDER BY s.number, d.subject" },
	{ "since", "since", DUTY "ORDER BY d.since_ms DESC, s.number, d.subject" },
	{ "officer", "answers for it", DUTY "ORDER BY d.officer, s.number, d.subject" },
	{ 0 },
};

static enum status draw_duty(struct ctx *ctx, void *context, struct err *err)
{
	static const struct listing_column columns[] = { { "number", "number", false },
		{ "officer", "answers for it", false }, { "since", "since", false } };
	struct drawn *drawn = context;
	struct query *rows = NULL;
	struct listing listing;
	int64_t skip = page_wants_data(drawn->request) ? 0 : listing_offset(drawn->request);
	enum status status = ctx_query(ctx, page_sort_of(drawn->request, duty_sorts)->sql, &rows, err);

	if (status != OK) {
		return status;
	}
	if (!page_wants_data(drawn->request)) {
		national_links(drawn);
		sort_filter(drawn->html, drawn->request, "/national/duty", duty_sorts);
	}
	listing_open(&listing, ctx, drawn->request, drawn->html, columns, sizeof columns / sizeof *columns);
	while (query_next(rows)) {
		const struct listing_cell cells[] = {
			{ query_is_null(rows, 0) ? "?" : cell_text(ctx, rows, 0), NULL, false },
			{ cell_text(ctx, rows, 2), NULL, false },
			{ cell_time(ctx, rows, 3), NULL, false },
		};
		if (skip-- <= 0 && !listing_row(&listing, cells)) {
			break;
		}
	}
	query_close(rows);
	listing_close(&listing);
	return OK;
}

enum status show_duty(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { 0 };

	return draw_national(ctx, request, html, draw_duty, &drawn, err);
}
