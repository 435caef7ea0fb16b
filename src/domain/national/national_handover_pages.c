/* Hand-overs on pages: the list, one that may be made now, one that was made, and who answers for which thread. */
#include "base/time.h"
#include "core/print.h"
#include "domain/national/national_handover.h"
#include "domain/national/national_pages.h"
#include "domain/national/national_print.h"
#include <stdlib.h>
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

static const char *joined(struct ctx *ctx, json_t *texts, unsigned most)
{
	const char *all = "";
	size_t index;
	json_t *text;

	json_array_foreach(texts, index, text)
	{
		if (index == most) {
			return arena_printf(ctx->arena, "%s (+%zu)", all, json_array_size(texts) - most);
		}
		all = arena_printf(ctx->arena, "%s%s%s", all, index > 0 ? ", " : "", json_string_value(text));
	}
	return all;
}

/* To the successor alone: the roles without which he cannot go on. What is not at hand any more lacks none. */
static enum status draw_lacking(struct ctx *ctx, struct html *html, int64_t thread, struct bytes to, struct err *err)
{
	struct query *row = NULL;
	struct signer signer;
	struct err none = { 0 };
	struct item {
		struct id shared;
		const char *number;
	} *items = NULL;
	unsigned count = 0;

	if (ctx_desk(ctx, &signer, &none) != OK || !bytes_equal(signer.officer, to)) {
		return OK;
	}
	struct bytes officer = arena_copy(ctx->arena, signer.officer);
	enum status status = ctx_query(ctx, items_sql, &row, err);
	if (status == OK) {
		query_bind_int(row, "thread", thread);
		items = arena_take_array(ctx->arena, LIMIT_ITEMS, sizeof *items);
	}
	while (status == OK && items && count < LIMIT_ITEMS && query_next(row)) {
		memcpy(items[count].shared.data, query_blob(row, 7).data, ID_BYTES);
		items[count++].number = cell_text(ctx, row, 0);
	}
	query_close(row);
	json_t *lacking = json_array();
	for (unsigned i = 0; i < count; i++) {
		none = (struct err){ 0 };
		opened_lacking(ctx, officer, &items[i].shared, items[i].number, lacking, &none);
	}
	if (json_array_size(lacking) > 0) {
		HTML(html, "<p class=\"wrong\">");
		html_word(html, "your desk lacks a role that these parts wait for; ask the registrar for it");
		HTML(html, ": ");
		html_text(html, print_roles(ctx, joined(ctx, lacking, LIMIT_ITEMS)));
		HTML(html, "</p>\n");
	}
	json_decref(lacking);
	return status;
}

enum status handover_head(struct ctx *ctx, struct drawn *drawn, bool *found, struct err *err)
{
	struct html *html = drawn->html;
	struct query *row = NULL;
	int64_t thread = -1;
	struct bytes to = bytes_of(NULL, 0);
	enum status status = ctx_query(ctx, HANDOVERS "AND h.number = :number", &row, err);

	if (status == OK) {
		query_bind_text(row, "number", bytes_text(drawn->number));
		*found = query_next(row);
	}
	if (*found) {
		thread = query_int(row, H_THREAD);
		bool ended = query_is_null(row, H_STATE) || bytes_is(query_text(row, H_STATE), "withdrawn");
		to = ended ? to : arena_copy(ctx->arena, query_text(row, H_TO));
		HTML(html, "<dl class=\"facts\">");
		drawn_fact(html, "from officer", officer_at(ctx, row, H_FROM, H_FROM_POST));
		drawn_fact(html, "handed over at", cell_time(ctx, row, H_WRITTEN));
		drawn_fact(html, "to officer", officer_at(ctx, row, H_TO, H_TO_POST));
		drawn_fact(html, "taken over at", cell_time(ctx, row, H_TAKEN));
		drawn_fact(html, "remarks", cell_text(ctx, row, H_REMARKS));
		HTML(html, "</dl>\n");
	}
	query_close(row);
	if (status == OK && *found && to.len > 0) {
		status = draw_lacking(ctx, html, thread, to, err);
	}
	return status == OK && *found ? draw_items(ctx, html, thread, err) : status;
}

/* ---- one that may be made now --------------------------------------------------------------------------------------------- */

/* One to whom it may be handed over. */
struct successor {
	const char *officer, *post;
	json_t *held;    /* roles of his that parts wait for */
	json_t *missing; /* roles that he lacks, */
	json_t *lacking; /* and the numbers of the parts that wait for them */
};

static void weigh(struct successor *successor, const struct opened *opened)
{
	size_t index, at;
	json_t *about, *role;

	json_array_foreach(opened->about, index, about)
	{
		const json_t *number = json_object_get(json_array_get(opened->items, index), "number");
		json_t *able = json_object_get(json_object_get(about, "able"), successor->officer);
		json_t *roles = json_object_get(about, "roles");
		if (able == NULL && json_array_size(roles) > 0) {
			opened_add(successor->missing, json_string_value(json_array_get(roles, 0)));
			json_array_append_new(successor->lacking, json_string(json_string_value(number)));
		}
		json_array_foreach(able, at, role)
		{
			opened_add(successor->held, json_string_value(role));
		}
	}
}

static int by_lacking(const void *a, const void *b)
{
	const struct successor *one = a, *two = b;
	size_t first = json_array_size(one->lacking), last = json_array_size(two->lacking);

	return first != last ? (first > last ? 1 : -1) : strcmp(one->officer, two->officer);
}

static bool is_among(const struct successor *successors, unsigned count, const char *officer)
{
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(successors[i].officer, officer) == 0) {
			return true;
		}
	}
	return false;
}

/* Officers of the party, but for the one who hands over; those first who lack least. */
static enum status find_successors(struct ctx *ctx, const struct opened *opened, const struct signer *own,
    struct successor **out, unsigned *out_count, struct err *err)
{
	struct desk_view *desks = NULL;
	unsigned count = 0;
	enum status status = ctx_desks(ctx, &desks, &count, err);

	*out_count = 0;
	*out = arena_take_array(ctx->arena, (size_t)count + 1, sizeof **out);
	for (unsigned i = 0; status == OK && *out && i < count; i++) {
		const struct signer *signer = &desks[i].signer;
		const char *officer = print_text(ctx, signer->officer);
		if (desks[i].counts && !bytes_equal(signer->officer, own->officer) && signer_has_role(signer, "duty") &&
		    !is_among(*out, *out_count, officer)) {
			struct successor *successor = &(*out)[(*out_count)++];
			*successor = (struct successor){ officer, print_text(ctx, signer->post), json_array(),
				json_array(), json_array() };
			weigh(successor, opened);
		}
	}
	if (*out_count > 1) {
		qsort(*out, *out_count, sizeof **out, by_lacking);
	}
	return status;
}

/* Who lacks what, said before anything is signed: it may be handed over all the same. */
static void warn_of(struct ctx *ctx, struct html *html, const struct successor *successors, unsigned count)
{
	bool any = false;

	for (unsigned i = 0; i < count; i++) {
		if (json_array_size(successors[i].lacking) == 0) {
			continue;
		}
		if (!any) {
			HTML(html, "<div class=\"wrong\"><p>");
			html_word(html,
			    "these officers have no desk with a role that these parts wait for; they may take over, but cannot go on before "
			    "the registrar grants it");
			HTML(html, "</p><ul>");
		}
		any = true;
		HTML(html, "<li>");
		html_printf(html, "%s: %s (%s)", successors[i].officer,
		    print_roles(ctx, joined(ctx, successors[i].missing, LIMIT_ITEMS)),
		    joined(ctx, successors[i].lacking, 8));
		HTML(html, "</li>");
	}
	if (any) {
		HTML(html, "</ul></div>\n");
	}
}

static enum status officer_choices(
    struct ctx *ctx, struct drawn *drawn, const struct opened *opened, const struct signer *own, struct err *err)
{
	struct html *html = drawn->html;
	struct successor *successors = NULL;
	unsigned count = 0;
	const char *chosen = typed(drawn->request, "to");
	enum status status = find_successors(ctx, opened, own, &successors, &count, err);

	HTML(html, "<label><span class=\"label\">");
	html_word(html, "to officer");
	HTML(html, "</span><select name=\"to\" required><option value=\"\">-</option>");
	for (unsigned i = 0; i < count; i++) {
		const char *held = json_array_size(successors[i].held) > 0
		    ? print_roles(ctx, joined(ctx, successors[i].held, LIMIT_ITEMS))
		    : json_array_size(successors[i].lacking) > 0 ? ctx_word(ctx, "none of the roles that are needed")
								 : "";
		filter_option(html, successors[i].officer,
		    arena_printf(
			ctx->arena, "%s, %s%s%s", successors[i].officer, successors[i].post, held[0] ? ": " : "", held),
		    chosen);
	}
	HTML(html, "</select><small>");
	html_word(html, "behind each officer stand his roles that these parts wait for");
	HTML(html, "</small></label>");
	warn_of(ctx, html, successors, count);
	for (unsigned i = 0; i < count; i++) {
		json_decref(successors[i].held);
		json_decref(successors[i].missing);
		json_decref(successors[i].lacking);
	}
	return status;
}

static const char *name_of(struct ctx *ctx, const char *option, const char *number)
{
	return arena_printf(ctx->arena, "%s.%s", option, number);
}

static void tick(struct html *html, const struct request *request, const char *number)
{
	const char *name = name_of(html->ctx, "take", number);
	bool left = typed(request, "listed")[0] && !typed(request, name)[0];

	HTML(html, "<td");
	HTML_ATTRIBUTE(html, "data-label", ctx_word(html->ctx, "Hand over"));
	HTML(html, "><input type=\"checkbox\" value=\"yes\"");
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "checked", left ? NULL : "");
	HTML_ATTRIBUTE(
	    html, "aria-label", arena_printf(html->ctx->arena, "%s: %s", number, ctx_word(html->ctx, "Hand over")));
	HTML(html, "></td>");
}

static void remark_input(struct html *html, const struct request *request, const char *number)
{
	const char *name = name_of(html->ctx, "remark", number), *label = WORD(html->ctx, "remarks");

	HTML(html, "<td class=\"said\"");
	HTML_ATTRIBUTE(html, "data-label", label);
	HTML(html, "><input type=\"text\"");
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", typed(request, name));
	HTML_ATTRIBUTE(html, "aria-label", arena_printf(html->ctx->arena, "%s %s", number, label));
	HTML(html, "></td>");
}

/* "2013-11-20T00:00:00Z": the day is enough to read. */
static const char *day_text(struct ctx *ctx, const json_t *item, const char *name)
{
	const char *text = json_string_value(json_object_get(item, name));

	return text ? arena_printf(ctx->arena, "%.10s", text) : "";
}

static const char *state_text(struct ctx *ctx, const json_t *item, const json_t *about)
{
	const char *state = ctx_word(ctx, json_string_value(json_object_get(item, "state")));
	const char *hint = json_string_value(json_object_get(about, "hint"));

	return hint ? arena_printf(ctx->arena, "%s (%s)", state, ctx_word(ctx, hint)) : state;
}

static void held_row(struct ctx *ctx, struct drawn *drawn, const json_t *item, const json_t *about)
{
	struct html *html = drawn->html;
	const char *number = json_string_value(json_object_get(item, "number"));
	const json_t *left = json_object_get(about, "days_left");
	const char *path = html_path(ctx, "/thread/", number);

	HTML(html, "<tr>");
	tick(html, drawn->request, number);
	HTML(html, "<td");
	HTML_ATTRIBUTE(html, "data-label", ctx_word(ctx, "number"));
	HTML(html, ">");
	html_link(html,
	    arena_printf(ctx->arena, "%s?tally=%s", path, json_string_value(json_object_get(item, "shared"))), number);
	HTML(html, "</td>");
	html_cell(html, "state", state_text(ctx, item, about));
	html_cell(html, "waits for", json_string_value(json_object_get(item, "pen")));
	html_cell(html, "days left", left ? print_days_left(ctx, json_integer_value(left)) : "");
	html_cell(html, "since", day_text(ctx, item, "since"));
	html_cell(html, "last contact", day_text(ctx, item, "last_contact"));
	remark_input(html, drawn->request, number);
	HTML(html, "</tr>\n");
}

static void draw_held(struct ctx *ctx, struct drawn *drawn, const struct opened *opened)
{
	static const char *const heads[] = { "Hand over", "number", "state", "waits for", "days left", "since",
		"last contact", "remarks" };
	size_t index;
	json_t *item;

	page_hidden(drawn->html, "listed", "yes");
	html_table_open(drawn->html, heads, sizeof heads / sizeof *heads);
	json_array_foreach(opened->items, index, item)
	{
		held_row(ctx, drawn, item, json_array_get(opened->about, index));
	}
	html_table_close(drawn->html);
}

static enum status draw_form(
    struct ctx *ctx, struct drawn *drawn, const struct opened *opened, const struct signer *own, struct err *err)
{
	struct html *html = drawn->html;

	if (opened->more) {
		HTML(html, "<p>");
		html_word(html,
		    "more is open than one hand-over holds: these are the most urgent; hand over the rest when they are taken over");
		HTML(html, "</p>\n");
	}
	page_form_open(html, drawn->request, "/national/hand-over");
	draw_held(ctx, drawn, opened);
	enum status status = officer_choices(ctx, drawn, opened, own, err);
	form_input(html, drawn->request, "text", "remarks", "remarks", false, NULL);
	HTML(html, "<label><span class=\"label\">");
	html_word(html, "attachment");
	HTML(html, "</span><input type=\"file\" name=\"attach\" accept=\".pdf,.jpg,.jpeg,.png,.csv\"></label>");
	page_form_close(html, "Hand over");
	return status;
}

static enum status draw_handing(struct ctx *ctx, void *context, struct err *err)
{
	struct drawn *drawn = context;
	struct html *html = drawn->html;
	struct opened opened = { 0 };
	struct signer own;
	enum status status = ctx_desk(ctx, &own, err);

	if (status == OK) {
		status = handover_opened(ctx, &opened, err);
	}
	if (status == OK) {
		national_links(drawn);
		HTML(html, "<p>");
		html_word(html,
		    "the open parts that you signed, answer for or may move on; your successor answers for them from the moment that he "
		    "takes over");
		HTML(html, "</p>");
	}
	if (status == OK && json_array_size(opened.items) == 0) {
		HTML(html, "<p class=\"none\">");
		html_word(html, "nothing");
		HTML(html, "</p>");
	} else if (status == OK) {
		status = draw_form(ctx, drawn, &opened, &own, err);
	}
	json_decref(opened.items);
	json_decref(opened.about);
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

	if (status == USAGE) {
		say_no_desk(ctx, &drawn, html);
		return OK;
	}
	return status == OK ? OK : err_pass(err, status, &none);
}

/* What the form says, as options of the command. */
struct giving {
	const struct request *request;
	struct args *args;
};

/* The post is that of the desk by which he takes over. */
static enum status give_post(
    struct ctx *ctx, const struct giving *giving, const struct command *command, struct err *err)
{
	const char *to = typed(giving->request, "to");
	struct desk_view *desks = NULL;
	unsigned count = 0;
	enum status status = ctx_desks(ctx, &desks, &count, err);

	for (unsigned i = 0; status == OK && i < count; i++) {
		const struct signer *signer = &desks[i].signer;
		if (desks[i].counts && signer_has_role(signer, "duty") && bytes_is(signer->officer, to)) {
			args_give(giving->args, command, "to-post", print_text(ctx, signer->post));
			break;
		}
	}
	return status;
}

static bool give_item(struct ctx *ctx, const struct giving *giving, const struct command *command, const char *number)
{
	const char *said = typed(giving->request, name_of(ctx, "remark", number));

	if (typed(giving->request, "listed")[0] && !typed(giving->request, name_of(ctx, "take", number))[0]) {
		return args_give(giving->args, command, "leave", number);
	}
	return said[0] == '\0' ||
	    args_give(giving->args, command, "remark", arena_printf(ctx->arena, "%s=%s", number, said));
}

static enum status give_items(struct ctx *ctx, void *context, struct err *err)
{
	const struct command *command = command_find(national_commands, "handover", "write");
	struct giving *giving = context;
	struct opened opened = { 0 };
	size_t index;
	json_t *item;
	enum status status = handover_opened(ctx, &opened, err);

	if (status == OK) {
		status = give_post(ctx, giving, command, err);
	}
	json_array_foreach(opened.items, index, item)
	{
		const char *number =
		    arena_text(ctx->arena, bytes_text(json_string_value(json_object_get(item, "number"))));
		if (status == OK && !give_item(ctx, giving, command, number)) {
			status = err_set(err, BAD_INPUT, "hand-over: more remarks than one may hold");
		}
	}
	json_decref(opened.items);
	json_decref(opened.about);
	return status;
}

enum status act_handing(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	static const char *const names[] = { "to", "remarks" };
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
