/* Drafts on pages: the list, what one says and what would be signed, and its entering into the shared tally. */
#include "core/print.h"
#include "domain/national/national.h"
#include "domain/national/national_draft.h"
#include "domain/national/national_pages.h"
#include "domain/national/national_print.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- the list -------------------------------------------------------------------------------------------------------- */

#define LIST(order) DRAFTS "AND (:state = '' OR d.state = :state) ORDER BY " order " LIMIT :most OFFSET :skip"
static const struct page_sort sorts[] = {
	{ "since", "since", LIST("d.since_ms DESC, d.number") },
	{ "number", "number", LIST("d.number") },
	{ "state", "state", LIST("d.state, d.since_ms, d.number") },
	{ 0 },
};

/* The role of who goes on from a state; "" when nobody does. */
static const char *next_role(struct bytes state)
{
	for (const struct transition *row = national_domain.transitions; row->kind; row++) {
		if (row->from && strcmp(row->part_type, "draft") == 0 && bytes_is(state, row->from)) {
			return row->role;
		}
	}
	return "";
}

static const char *kind_words(struct ctx *ctx, const char *name)
{
	const struct kind *kind = shared_kind(name);

	return kind == NULL ? name : ctx->lang == LANG_JA ? kind->ja : kind->en;
}

static void draft_row(struct ctx *ctx, struct drawn *drawn, struct listing *listing, struct query *row)
{
	const char *number = cell_text(ctx, row, D_NUMBER), *entered = cell_text(ctx, row, D_ENTRY_NUMBER);
	struct id shared = id_at(row, D_SHARED);
	const struct listing_cell cells[] = {
		{ number, national_thread(ctx, drawn, number), false },
		{ query_is_null(row, D_STATE) ? "rivals" : cell_text(ctx, row, D_STATE), NULL, true },
		{ query_is_null(row, D_STATE) ? "" : next_role(query_text(row, D_STATE)), NULL, true },
		{ cell_time(ctx, row, D_SINCE), NULL, false },
		{ kind_words(ctx, cell_text(ctx, row, D_MOVE)), NULL, false },
		{ cell_text(ctx, row, D_TARGET), NULL, false },
		{ cell_text(ctx, row, D_TITLE), NULL, false },
		{ draft_amount(ctx, row), NULL, false },
		{ cell_text(ctx, row, D_WRITER), NULL, false },
		{ entered, entered[0] ? shared_thread(ctx, &shared, entered) : NULL, false },
	};

	listing_row(listing, cells);
}

enum status show_drafts(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	static const struct listing_column columns[] = { { "number", "number", false }, { "state", "state", false },
		{ "waits_for", "waits for", false }, { "since", "since", false }, { "move", "move", false },
		{ "concerns", "concerns", false }, { "title", "title", false }, { "value", "value", true },
		{ "drafted_by", "drafted by", false }, { "entered_as", "entered as", false } };
	static const struct national_list list = { "/national/draft", "draft", sorts, columns,
		sizeof columns / sizeof *columns, draft_row, NULL };

	return show_list(ctx, request, html, &list, err);
}

/* A move that is drafted, and where it would be made. */
struct signing {
	const struct kind *kind; /* NULL: none that this program knows */
	struct id shared;
};

/* ---- what would be signed ---------------------------------------------------------------------------------------------- */

static const char *label_of(struct ctx *ctx, const struct field *field)
{
	return ctx->lang == LANG_JA ? field->ja : field->en;
}

static const char *list_text(struct ctx *ctx, const json_t *array)
{
	const char *text = "";
	size_t index;
	json_t *item;

	json_array_foreach(array, index, item)
	{
		if (json_is_string(item)) {
			text = arena_printf(ctx->arena, "%s%s%s", text, index ? ", " : "", json_string_value(item));
		}
	}
	return text ? text : "";
}

/* A number, or one that a form left as it was typed. */
static bool minor_of(const json_t *value, int64_t *minor)
{
	char *end = NULL;

	if (json_is_integer(value)) {
		*minor = json_integer_value(value);
		return true;
	}
	if (!json_is_string(value)) {
		return false;
	}
	errno = 0;
	*minor = strtoll(json_string_value(value), &end, 10);
	return errno == 0 && end != json_string_value(value) && *end == '\0';
}

/* What the shared tally's agreement calls a code. */
struct calling {
	const struct kind *kind;
	const struct field *field;
	const char *code, *called;
};

static enum status call_code(struct ctx *ctx, void *context, struct err *err)
{
	struct calling *calling = context;
	const struct domain *domain = domain_find(bytes_text(calling->kind->name));
	struct field_choice *choices = NULL;
	unsigned count = 0;
	enum status status =
	    domain->choices ? domain->choices(ctx, NULL, calling->kind, calling->field, &choices, &count, err) : OK;

	for (unsigned i = 0; status == OK && i < count; i++) {
		if (strcmp(choices[i].value, calling->code) == 0) {
			calling->called = ctx->lang == LANG_JA ? choices[i].ja : choices[i].en;
		}
	}
	return status;
}

static const char *code_text(
    struct ctx *ctx, const struct signing *signing, const struct field *field, const char *code)
{
	struct calling calling = { signing->kind, field, code, code };

	ctx_within(ctx, &signing->shared, (struct bytes){ 0 }, call_code, &calling, NULL);
	return calling.called;
}

/* As a reader wants it: an amount in its currency, where the fields beside it name one. */
static const char *value_text(struct ctx *ctx, const struct field *field, const json_t *value, const json_t *beside)
{
	const char *currency = json_string_value(json_object_get(beside, "currency"));

	if (json_is_boolean(value)) {
		return ctx_word(ctx, json_is_true(value) ? "yes" : "no");
	}
	int64_t minor;
	if (field->type == FIELD_AMOUNT && currency != NULL && minor_of(value, &minor)) {
		return print_amount(ctx, bytes_text(currency), minor);
	}
	if (json_is_integer(value) && strstr(field->name, "offset_minutes") != NULL) {
		return print_offset(ctx, json_integer_value(value));
	}
	if (json_is_integer(value)) {
		return arena_printf(ctx->arena, "%lld", (long long)json_integer_value(value));
	}
	return json_is_array(value) ? list_text(ctx, value) : json_is_string(value) ? json_string_value(value) : "";
}

/* A code by its name, all else as it is. */
static const char *shown_text(struct ctx *ctx, const struct signing *signing, const struct field *field,
    const json_t *value, const json_t *beside)
{
	return field->type == FIELD_CODE && json_is_string(value)
	    ? code_text(ctx, signing, field, json_string_value(value))
	    : value_text(ctx, field, value, beside);
}

static void draw_rows(
    struct ctx *ctx, struct html *html, const struct signing *signing, const struct field *list, const json_t *array)
{
	struct grid grid = { .ctx = ctx };
	const struct field *shown[GRID_COLUMNS] = { NULL };
	const char *cells[GRID_COLUMNS];
	size_t index;
	json_t *item;

	for (const struct field *field = list->fields; field->name && grid.columns < GRID_COLUMNS; field++) {
		bool any = false;
		json_array_foreach(array, index, item)
		{
			any |= json_object_get(item, field->name) != NULL;
		}
		if (any) {
			shown[grid.columns] = field;
			grid.column[grid.columns++].title = label_of(ctx, field);
		}
	}
	json_array_foreach(array, index, item)
	{
		for (unsigned i = 0; i < grid.columns && shown[i] != NULL; i++) {
			cells[i] = shown_text(ctx, signing, shown[i], json_object_get(item, shown[i]->name), item);
		}
		grid_row(&grid, cells);
	}
	HTML(html, "<h3>");
	html_text(html, label_of(ctx, list));
	HTML(html, "</h3>");
	ctx->page = html;
	grid_print(&grid);
}

static void draw_also(struct ctx *ctx, struct html *html, const struct id *shared, const json_t *also)
{
	size_t i;
	json_t *item;

	if (json_array_size(also) == 0) {
		return;
	}
	HTML(html, "<dt>");
	html_word(html, "relies also on");
	HTML(html, "</dt><dd>");
	json_array_foreach(also, i, item)
	{
		const char *number = json_is_string(item) ? json_string_value(item) : "?";
		html_text(html, i ? ", " : "");
		html_link(html, shared_thread(ctx, shared, number), number);
	}
	HTML(html, "</dd>");
}

static void draw_fields(
    struct ctx *ctx, struct html *html, const char *move, const struct id *shared, struct bytes text)
{
	const struct signing signing = { shared_kind(move), *shared };
	const struct kind *kind = signing.kind;
	json_t *also, *fields = draft_fields(text, &also);
	struct html *before = ctx->page;

	HTML(html, "<h2>");
	html_word(html, "what would be signed");
	HTML(html, "</h2><dl class=\"facts\">");
	drawn_fact(html, "move", kind_words(ctx, move));
	for (const struct field *field = kind ? kind->fields : NULL; field && field->name; field++) {
		const json_t *value = json_object_get(fields, field->name);
		if (value != NULL && field->type != FIELD_LIST) {
			HTML(html, "<dt>");
			html_text(html, label_of(ctx, field));
			HTML(html, "</dt><dd>");
			html_text(html, shown_text(ctx, &signing, field, value, fields));
			HTML(html, "</dd>");
		}
	}
	draw_also(ctx, html, shared, also);
	HTML(html, "</dl>");
	for (const struct field *field = kind ? kind->fields : NULL; field && field->name; field++) {
		const json_t *value = json_object_get(fields, field->name);
		if (json_is_array(value) && field->type == FIELD_LIST) {
			draw_rows(ctx, html, &signing, field, value);
		}
	}
	ctx->page = before;
	json_decref(fields);
	json_decref(also);
}

/* ---- one draft --------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *label;
	unsigned column;
} steps[] = { { "concerns", D_TARGET }, { "drafted by", D_WRITER }, { "checked by", D_CHECKER },
	{ "funds certified by", D_CERTIFIER }, { "funds reference", D_REFERENCE }, { "approved by", D_APPROVER },
	{ "authority", D_AUTHORITY } };

static void draw_steps(struct ctx *ctx, struct html *html, struct query *row)
{
	HTML(html, "<dl class=\"facts\">");
	drawn_fact(html, "title", cell_text(ctx, row, D_TITLE));
	drawn_fact(html, "value", draft_amount(ctx, row));
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		drawn_fact(html, steps[i].label, cell_text(ctx, row, steps[i].column));
	}
	HTML(html, "</dl>\n");
}

static void draw_draft(struct ctx *ctx, struct html *html, struct query *row)
{
	struct id shared = id_at(row, D_SHARED);
	struct bytes fields = arena_copy(ctx->arena, query_text(row, D_FIELDS));
	const char *move = cell_text(ctx, row, D_MOVE);

	draw_steps(ctx, html, row);
	if (!query_is_null(row, D_ENTRY_NUMBER)) {
		const char *number = cell_text(ctx, row, D_ENTRY_NUMBER);
		HTML(html, "<p>");
		html_word(html, "entered as");
		HTML(html, ": ");
		html_link(html, shared_thread(ctx, &shared, number), number);
		HTML(html, "</p>");
	}
	draw_fields(ctx, html, move, &shared, fields);
}

enum status draft_head(struct ctx *ctx, struct drawn *drawn, bool *found, struct err *err)
{
	struct query *row = NULL;
	struct err none = { 0 };
	enum status status = draft_get(ctx, drawn->number, &row, &none);

	*found = status == OK;
	if (status == OK) {
		draw_draft(ctx, drawn->html, row);
	}
	query_close(row);
	return status == OK || status == NOT_FOUND ? OK : err_pass(err, status, &none);
}

/* ---- written in the form of the move ------------------------------------------------------------------------------------- */

static void draw_openings(struct ctx *ctx, struct drawn *drawn, const struct domain *domain)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(&drawn->places.shared), hex);
	for (const struct kind *kind = domain->kinds; kind->name; kind++) {
		if (kind->opens != OPENS_THREAD || domain == &national_domain) {
			continue;
		}
		HTML(drawn->html, "<li>");
		html_link(drawn->html,
		    arena_printf(ctx->arena, "%s?tally=%s", html_path(ctx, "/new/", kind->name), hex),
		    kind_words(ctx, kind->name));
		HTML(drawn->html, "</li>");
	}
}

static enum status draw_write(struct ctx *ctx, void *context, struct err *err)
{
	struct drawn *drawn = context;

	(void)err;
	national_links(drawn);
	HTML(drawn->html, "<p>");
	html_word(drawn->html,
	    "a move is drafted in its own form: open the form in the shared tally, and send it as a draft for approval");
	HTML(drawn->html, "</p>");
	if (drawn->places.has_shared) {
		HTML(drawn->html, "<ul class=\"moves\">");
		for (const struct domain *const *domain = domains; *domain; domain++) {
			draw_openings(ctx, drawn, *domain);
		}
		HTML(drawn->html, "</ul>");
	}
	return OK;
}

enum status show_write(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { 0 };

	return draw_national(ctx, request, html, draw_write, &drawn, err);
}

/* As a field of a form has it. */
static const char *field_text(struct ctx *ctx, const struct field *field, const json_t *value, const json_t *beside)
{
	if (field->type == FIELD_LANG_TEXT && json_is_array(value)) {
		const char *text = json_string_value(json_array_get(value, 1));
		return text ? text : "";
	}
	if (json_is_boolean(value)) {
		return json_is_true(value) ? "true" : "";
	}
	return value_text(ctx, field, value, beside);
}

/* Amounts are typed under the name that has no "_minor". */
static const char *field_name(struct ctx *ctx, const struct field *field)
{
	size_t len = strlen(field->name);

	return field->type == FIELD_AMOUNT && len > 6 && strcmp(field->name + len - 6, "_minor") == 0
	    ? arena_printf(ctx->arena, "%.*s", (int)len - 6, field->name)
	    : field->name;
}

static const char *with_field(struct ctx *ctx, const char *query, const char *name, const char *text)
{
	return text && text[0] ? arena_printf(ctx->arena, "%s&%s=%s", query, name, html_path(ctx, "", text)) : query;
}

/* The fields of a draft as parameters of the form: LIST.ROW.FIELD as the form names them. */
static const char *fields_query(struct ctx *ctx, const struct kind *kind, const json_t *fields)
{
	const char *query = "";
	size_t row;
	json_t *item;

	for (const struct field *field = kind->fields; field && field->name && query; field++) {
		const json_t *value = json_object_get(fields, field->name);
		if (field->type != FIELD_LIST) {
			query = with_field(ctx, query, field_name(ctx, field), field_text(ctx, field, value, fields));
			continue;
		}
		json_array_foreach(value, row, item)
		{
			for (const struct field *inner = field->fields; inner->name && query; inner++) {
				query = with_field(ctx, query,
				    arena_printf(ctx->arena, "%s.%zu.%s", field->name, row, field_name(ctx, inner)),
				    field_text(ctx, inner, json_object_get(item, inner->name), item));
			}
		}
	}
	return query ? query : "";
}

static const char *form_path(struct ctx *ctx, struct query *row, const char *number)
{
	const char *move = cell_text(ctx, row, D_MOVE), *path;
	const struct kind *kind = shared_kind(move);
	json_t *also, *fields = draft_fields(query_text(row, D_FIELDS), &also), *item;
	size_t i;
	char hex[2 * ID_BYTES + 1];

	hex_print(query_blob(row, D_SHARED), hex);
	path = query_is_null(row, D_TARGET)
	    ? html_path(ctx, "/new/", move)
	    : html_path(ctx, arena_printf(ctx->arena, "/move/%s/", move), cell_text(ctx, row, D_TARGET));
	path = arena_printf(ctx->arena, "%s?tally=%s&draft.anew=%s", path, hex, number);
	path = with_field(ctx, path, "draft.title", cell_text(ctx, row, D_TITLE));
	path = with_field(ctx, path, "draft.currency", cell_text(ctx, row, D_CURRENCY));
	path = with_field(ctx, path, "draft.amount", draft_amount(ctx, row));
	path = arena_printf(ctx->arena, "%s%s", path, kind ? fields_query(ctx, kind, fields) : "");
	json_array_foreach(also, i, item)
	{
		path = path ? with_field(ctx, path, "also", json_string_value(item)) : NULL;
	}
	json_decref(fields);
	json_decref(also);
	return path ? path : "/";
}

static enum status draw_rewrite(struct ctx *ctx, void *context, struct err *err)
{
	struct drawn *drawn = context;
	struct html *html = drawn->html;
	struct query *row = NULL;
	enum status status = draft_get(ctx, drawn->number, &row, err);

	if (status != OK) {
		return status;
	}
	HTML(html, "<p>");
	html_link(html, national_thread(ctx, drawn, drawn->number), drawn->number);
	HTML(html, "</p>");
	draw_draft(ctx, html, row);
	HTML(html, "<ul class=\"moves\"><li>");
	html_link(html, form_path(ctx, row, drawn->number), ctx_word(ctx, "Write anew"));
	HTML(html, "</li></ul>");
	query_close(row);
	return OK;
}

enum status show_rewrite(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { .number = request_rest(request) };

	return draw_national(ctx, request, html, draw_rewrite, &drawn, err);
}

/* ---- entering ---------------------------------------------------------------------------------------------------------- */

static void draw_found(struct html *html, const struct request *request)
{
	HTML(html, "<details");
	HTML_ATTRIBUTE(html, "open", request_field(request, "form") ? "" : NULL);
	HTML(html, "><summary>");
	html_word(html, "the shared move is there already, or one like it; or a time lies ahead of now");
	HTML(html, "</summary>");
	form_input(html, request, "text", "found", "entry", false, "its id: it is noted, and not made again");
	HTML(html, "<label class=\"choice\"><input type=\"checkbox\" name=\"again\" value=\"true\"");
	HTML_ATTRIBUTE(html, "checked", typed(request, "again")[0] ? "" : NULL);
	HTML(html, "><span>");
	html_word(html, "it is another move; make this one too");
	HTML(html, "</span></label><label class=\"choice\"><input type=\"checkbox\" name=\"future\" value=\"true\"");
	HTML_ATTRIBUTE(html, "checked", typed(request, "future")[0] ? "" : NULL);
	HTML(html, "><span>");
	html_word(html, "the time that lies ahead of now is meant; sign all the same");
	HTML(html, "</span></label></details>");
}

static enum status draw_enter(struct ctx *ctx, void *context, struct err *err)
{
	struct drawn *drawn = context;
	struct html *html = drawn->html;
	struct query *row = NULL;
	enum status status = draft_get(ctx, drawn->number, &row, err);

	if (status != OK) {
		return status;
	}
	HTML(html, "<p>");
	html_link(html, national_thread(ctx, drawn, drawn->number), drawn->number);
	HTML(html, " ");
	html_state(html, query_is_null(row, D_STATE) ? "rivals" : cell_text(ctx, row, D_STATE));
	HTML(html, "</p>");
	draw_draft(ctx, html, row);
	if (!query_is_null(row, D_STATE) && bytes_is(query_text(row, D_STATE), "approved")) {
		page_form_open(html, drawn->request, html_path(ctx, "/national/enter/", drawn->number));
		draw_found(html, drawn->request);
		page_passphrase(html);
		page_form_close(html, "sign into the shared tally");
	}
	query_close(row);
	return OK;
}

enum status show_enter(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { .number = request_rest(request) };

	return draw_national(ctx, request, html, draw_enter, &drawn, err);
}

static enum status find_shared(struct ctx *ctx, void *context, struct err *err)
{
	struct drawn *drawn = context;
	struct query *row = NULL;
	enum status status = draft_get(ctx, drawn->number, &row, err);

	if (status == OK) {
		drawn->places.shared = id_at(row, D_SHARED);
	}
	query_close(row);
	return status;
}

enum status act_enter(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	const struct command *command = command_find(national_commands, "draft", "enter");
	struct args *args = arena_take(ctx->arena, sizeof *args);
	struct drawn drawn = { .number = request_rest(request) };

	if (args == NULL) {
		return err_set(err, ENVIRONMENT, "draft: out of memory");
	}
	args_give_operand(args, drawn.number);
	args_give(args, command, "found", request_field(request, "found"));
	args_give(args, command, "again", request_field(request, "again"));
	args_give(args, command, "future", request_field(request, "future"));
	enum status status = places_find(ctx, args, &drawn.places, err);
	if (status == OK) {
		status = ctx_within(ctx, &drawn.places.national, (struct bytes){ 0 }, find_shared, &drawn, err);
	}
	if (status == OK) {
		status = act_command(ctx, command, args, acted, err);
	}
	if (status == OK) {
		acted->to = shared_thread(ctx, &drawn.places.shared, acted->number);
	}
	return status;
}
