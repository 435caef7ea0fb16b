/* The form of a move, drawn from the table of its kind, and what comes of it. Fields of a list are named LIST.ROW.FIELD, rows from 0; a
 * row whose fields are all blank is left out. */
#include "app/describe.h"
#include "base/time.h"
#include "web/web.h"
#include <stdlib.h>
#include <string.h>

#define FORM_ROWS 3 /* blank rows of a list, when none were typed */
#define FORM_ROWS_MOST 256

struct drawing {
	struct visit *visit;
	struct html *html;
	const struct pairs *typed;
	bool ja;
	char prefix[80]; /* of the names of fields: "" or "lines.0." */
};

static const char *name_of(const struct drawing *d, const struct field *field)
{
	return arena_printf(&d->visit->app->arena, "%s%s", d->prefix, field->name);
}

static const char *typed_value(const struct drawing *d, const char *name)
{
	const char *value = pairs_get(d->typed, name);

	return value ? value : "";
}

/* What the program fills in by itself, unless told otherwise: no one should have to type a hash. */
static bool is_filled_in(const struct field *field)
{
	static const char *const names[] = { "rule_set", "profile", "terms", "stands", "entry" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(field->name, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

static void label_open(const struct drawing *d, const struct field *field)
{
	HTML(d->html, "<label><span class=\"label\">");
	html_text(d->html, d->ja ? field->ja : field->en);
	if (field->required) {
		HTML(d->html, " <abbr");
		HTML_ATTRIBUTE(d->html, "title", ctx_word(d->html->ctx, "required"));
		HTML(d->html, ">*</abbr>");
	}
	HTML(d->html, "</span>");
}

static void label_close(const struct drawing *d, const struct field *field)
{
	if (field->help && field->help[0]) {
		HTML(d->html, "<small>");
		html_text(d->html, field->help);
		HTML(d->html, "</small>");
	}
	HTML(d->html, "</label>\n");
}

static void text_area(const struct drawing *d, const char *name)
{
	HTML(d->html, "<textarea rows=\"3\"");
	HTML_ATTRIBUTE(d->html, "name", name);
	HTML(d->html, ">");
	html_text(d->html, typed_value(d, name));
	HTML(d->html, "</textarea>");
}

static void input(const struct drawing *d, const struct field *field, const char *name)
{
	const char *type = field->type == FIELD_DAY ? "date" : "text";
	bool number = field->type == FIELD_DECIMAL || field->type == FIELD_AMOUNT || field->type == FIELD_INT;

	HTML(d->html, "<input");
	HTML_ATTRIBUTE(d->html, "type", type);
	HTML_ATTRIBUTE(d->html, "name", name);
	HTML_ATTRIBUTE(d->html, "value", typed_value(d, name));
	HTML_ATTRIBUTE(d->html, "inputmode", number ? "decimal" : NULL);
	HTML(d->html, ">");
}

static void check_box(const struct drawing *d, const char *name)
{
	HTML(d->html, "<input type=\"checkbox\" value=\"true\"");
	HTML_ATTRIBUTE(d->html, "name", name);
	HTML_ATTRIBUTE(d->html, "checked", strcmp(typed_value(d, name), "true") == 0 ? "" : NULL);
	HTML(d->html, ">");
}

static void draw_field(const struct drawing *d, const struct field *field)
{
	const char *name = name_of(d, field);

	label_open(d, field);
	if (field->type == FIELD_LANG_TEXT ||
	    (field->type == FIELD_TEXT && (field->limit == 0 || field->limit > 400))) {
		text_area(d, name);
	} else if (field->type == FIELD_BOOL) {
		check_box(d, name);
	} else {
		input(d, field, name);
	}
	label_close(d, field);
}

static unsigned rows_typed(const struct drawing *d, const struct field *list)
{
	size_t len = strlen(list->name);
	unsigned most = 0;

	for (unsigned i = 0; i < d->typed->count; i++) {
		const char *name = d->typed->items[i].name;
		if (strncmp(name, list->name, len) == 0 && name[len] == '.' && d->typed->items[i].value[0]) {
			unsigned long row = strtoul(name + len + 1, NULL, 10);
			most = row + 1 > most && row < FORM_ROWS_MOST ? (unsigned)row + 1 : most;
		}
	}
	return most;
}

static void draw_list(struct drawing *d, const struct field *list)
{
	unsigned rows = rows_typed(d, list);
	const char *more = pairs_get(d->typed, "more");

	rows = rows == 0 ? (list->required ? 1 : 0) : rows;
	if (more && strcmp(more, list->name) == 0 && rows < FORM_ROWS_MOST) {
		rows += FORM_ROWS;
	}
	HTML(d->html, "<fieldset class=\"list\"><legend>");
	html_text(d->html, d->ja ? list->ja : list->en);
	HTML(d->html, "</legend><p><small>");
	html_text(d->html, list->help);
	HTML(d->html, "</small></p>");
	for (unsigned row = 0; row < rows; row++) {
		HTML(d->html, "<fieldset class=\"row\"><legend>");
		html_printf(d->html, "%u", row + 1);
		HTML(d->html, "</legend>");
		snprintf(d->prefix, sizeof d->prefix, "%s.%u.", list->name, row);
		for (const struct field *field = list->fields; field->name; field++) {
			draw_field(d, field);
		}
		HTML(d->html, "</fieldset>");
	}
	d->prefix[0] = '\0';
	HTML(d->html, "<button class=\"quiet\" name=\"more\"");
	HTML_ATTRIBUTE(d->html, "value", list->name);
	HTML(d->html, " formnovalidate>");
	html_word(d->html, "more rows");
	HTML(d->html, "</button></fieldset>");
}

static const char *action_of(struct visit *visit, const char *kind, const char *target)
{
	struct ctx *ctx = &visit->app->ctx;

	if (target == NULL) {
		return html_path(ctx, "/new/", kind);
	}
	return html_path(ctx, arena_printf(ctx->arena, "/move/%s/", kind), target);
}

static void draw_form(struct visit *visit, const struct kind *kind, const char *target, const struct pairs *typed)
{
	struct drawing d = {
		.visit = visit, .html = &visit->html, .typed = typed, .ja = visit->app->ctx.lang == LANG_JA
	};

	HTML(d.html, "<form method=\"post\" class=\"move\" enctype=\"multipart/form-data\"");
	HTML_ATTRIBUTE(d.html, "action", action_of(visit, kind->name, target));
	HTML(d.html, "><input type=\"hidden\" name=\"form\"");
	HTML_ATTRIBUTE(d.html, "value", visit->session->form);
	HTML(d.html, ">");
	for (const struct field *field = kind->fields; field && field->name; field++) {
		if (is_filled_in(field)) {
			continue;
		}
		if (field->type == FIELD_LIST) {
			draw_list(&d, field);
		} else {
			draw_field(&d, field);
		}
	}
	HTML(d.html, "<label><span class=\"label\">");
	html_word(d.html, "attachment");
	HTML(d.html, "</span><input type=\"file\" name=\"attach\" accept=\".pdf,.jpg,.jpeg,.png,.csv\"></label>");
	HTML(d.html, "<p class=\"send\"><button>");
	html_text(d.html, d.ja ? kind->ja : kind->en);
	HTML(d.html, "</button></p></form>");
}

void show_form(
    struct visit *visit, const char *name, const char *target, const struct pairs *typed, const char *message)
{
	const struct domain *domain = domain_find(bytes_text(name));
	const struct kind *kind = domain ? domain_kind(domain, bytes_text(name)) : NULL;
	bool ja = visit->app->ctx.lang == LANG_JA;

	if (kind == NULL || (target == NULL) != (kind->opens == OPENS_THREAD)) {
		answer_page(visit, 404, ctx_word(&visit->app->ctx, "not found"), name);
		return;
	}
	buf_clear(&visit->answer->body);
	buf_init(&visit->answer->body, WEB_PAGE_BYTES);
	layout_open(visit, ja ? kind->ja : kind->en);
	if (target) {
		HTML(&visit->html, "<p>");
		html_link(&visit->html, html_path(&visit->app->ctx, "/thread/", target), target);
		HTML(&visit->html, "</p>");
	}
	if (message) {
		HTML(&visit->html, "<p role=\"alert\" class=\"wrong\">");
		html_text(&visit->html, message);
		HTML(&visit->html, "</p>");
	}
	HTML(&visit->html, "<p>");
	html_text(&visit->html, kind->help);
	HTML(&visit->html, "</p>");
	draw_form(visit, kind, target, typed);
	layout_close(visit);
}

/* ---- what was typed ----------------------------------------------------------------------------------------------------- */

static json_t *value_of(const struct field *field, const char *text, const char *lang)
{
	if (text == NULL || text[0] == '\0') {
		return NULL;
	}
	if (field->type == FIELD_BOOL) {
		return json_boolean(strcmp(text, "true") == 0);
	}
	if (field->type == FIELD_CODES || field->type == FIELD_IDS) {
		json_t *array = json_array();
		for (const char *at = text; *at;) {
			size_t len = strcspn(at, ", ");
			if (len > 0) {
				json_array_append_new(array, json_stringn(at, len));
			}
			at += len + (at[len] != '\0');
		}
		return array;
	}
	if (field->type == FIELD_LANG_TEXT) {
		return json_pack("[s, s]", lang, text);
	}
	return json_string(text);
}

static json_t *list_of(const struct field *list, const struct pairs *typed, const char *lang)
{
	json_t *array = json_array();
	char name[160];

	for (unsigned row = 0; row < FORM_ROWS_MOST; row++) {
		json_t *item = json_object();
		for (const struct field *field = list->fields; field->name; field++) {
			snprintf(name, sizeof name, "%s.%u.%s", list->name, row, field->name);
			json_t *value = value_of(field, pairs_get(typed, name), lang);
			if (value) {
				json_object_set_new(item, field->name, value);
			}
		}
		if (json_object_size(item) > 0) {
			json_array_append_new(array, item);
		} else {
			json_decref(item);
		}
	}
	return array;
}

json_t *form_fields(const struct kind *kind, const struct pairs *typed, const char *lang)
{
	json_t *fields = json_object();

	for (const struct field *field = kind->fields; field && field->name; field++) {
		json_t *value = field->type == FIELD_LIST ? list_of(field, typed, lang)
							  : value_of(field, pairs_get(typed, field->name), lang);
		if (value && (field->type != FIELD_LIST || json_array_size(value) > 0)) {
			json_object_set(fields, field->name, value);
		} else if (field->type == FIELD_BOOL && field->required) {
			json_object_set_new(fields, field->name, json_false());
		}
		json_decref(value);
	}
	return fields;
}

static enum status submit(
    struct visit *visit, const struct kind *kind, const char *target, struct submitted *made, struct err *err)
{
	json_t *fields = form_fields(kind, &visit->request->fields, visit->app->ctx.lang == LANG_JA ? "ja" : "en");
	char *text = json_dumps(fields, JSON_COMPACT);
	struct submission submission = { .kind = kind->name, .target = target, .fields_json = text };
	enum status status = text ? ctx_submit(&visit->app->ctx, &submission, made, err)
				  : err_set(err, ENVIRONMENT, "form: out of memory");

	free(text);
	json_decref(fields);
	return status;
}

void post_form(struct visit *visit, const char *name, const char *target)
{
	const struct domain *domain = domain_find(bytes_text(name));
	const struct kind *kind = domain ? domain_kind(domain, bytes_text(name)) : NULL;
	struct ctx *ctx = &visit->app->ctx;
	struct submitted made;
	struct err err = { 0 };

	if (kind == NULL || pairs_get(&visit->request->fields, "more")) {
		show_form(visit, name, target, &visit->request->fields, NULL);
		return;
	}
	if (submit(visit, kind, target, &made, &err) != OK) {
		visit->answer->status = err.status == REFUSED ? 422 : 400;
		show_form(visit, name, target, &visit->request->fields, err.text);
		return;
	}
	const char *to = html_path(ctx, "/thread/", made.number);
	answer_redirect(visit, arena_printf(visit->request->arena, "%s?made=%s", to, html_path(ctx, "", made.number)));
}
