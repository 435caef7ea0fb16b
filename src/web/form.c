/* The form of a move, drawn from the table of its kind, and what comes of it. Fields of a list are named LIST.ROW.FIELD, rows from 0; a
 * row whose fields are all blank is left out. */
#include "app/amounts.h"
#include "app/locate.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/print.h"
#include "web/web.h"
#include <stdlib.h>
#include <string.h>

#define FORM_ROWS 3 /* blank rows of a list, when none were typed */
#define FORM_ROWS_MOST 256

struct drawing {
	struct visit *visit;
	struct html *html;
	const struct domain *domain;
	const struct kind *kind;
	const struct pairs *typed; /* or, where nothing was, what follows from the thread */
	bool anew;                 /* nothing was typed yet */
	bool ja;
	struct fold *fold; /* what the move is aimed at; NULL: it opens a thread */
	struct part *part;
	const char *currency; /* of amounts there; "" when not one */
	bool numbered;        /* rows of a list that must have one: lines 1, 2, 3 */
	char prefix[80];      /* of the names of fields: "" or "lines.0." */
};

static const char *name_of(const struct drawing *d, const struct field *field)
{
	return arena_printf(&d->visit->app->arena, "%s%s", d->prefix, typed_name(&d->visit->app->arena, field));
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

/* What the tables say of a field, in Japanese where data/words.json has it. */
static void help(const struct drawing *d, const char *open, const char *text, const char *close)
{
	const char *said = ctx_word(d->html->ctx, text);

	buf_put_text(d->html->out, open);
	HTML_ATTRIBUTE(d->html, "lang", d->ja && said == text ? "en" : NULL);
	HTML(d->html, ">");
	html_text(d->html, said);
	buf_put_text(d->html->out, close);
}

/* Where there are choices, they say what may stand there. */
static void label_close(const struct drawing *d, const struct field *field, bool has_choices)
{
	if (!has_choices && field->help && field->help[0]) {
		help(d, "<small", field->help, "</small>");
	}
	HTML(d->html, "</label>\n");
}

static void text_area(const struct drawing *d, const char *name)
{
	HTML(d->html, "<textarea rows=\"3\"");
	HTML_ATTRIBUTE(d->html, "name", name);
	HTML(d->html, ">");
	html_plain(d->html, typed_value(d, name));
	HTML(d->html, "</textarea>");
}

static const char *type_of(const struct field *field)
{
	return field->type == FIELD_DAY ? "date" : field->type == FIELD_TIME ? "datetime-local" : "text";
}

/* Must be filled in before the form can be sent; of rows only those are sent that hold something. */
static bool must_be_filled(const struct drawing *d, const struct field *field)
{
	return field->required && d->prefix[0] == '\0' && field->type != FIELD_BOOL;
}

/* The first line of an order is line 1: what a blank row is numbered. */
static const char *row_number(const struct drawing *d, const struct field *field)
{
	const char *point = strchr(d->prefix, '.');

	return point && d->numbered && strcmp(field->name, "line") == 0
	    ? arena_printf(&d->visit->app->arena, "%ld", strtol(point + 1, NULL, 10) + 1)
	    : "";
}

static void input(const struct drawing *d, const struct field *field, const char *name)
{
	bool number = field->type == FIELD_DECIMAL || field->type == FIELD_AMOUNT || field->type == FIELD_INT;
	const char *value = typed_value(d, name);

	HTML(d->html, "<input");
	HTML_ATTRIBUTE(d->html, "type", type_of(field));
	HTML_ATTRIBUTE(d->html, "name", name);
	HTML_ATTRIBUTE(d->html, "value", value[0] ? value : row_number(d, field));
	HTML_ATTRIBUTE(d->html, "inputmode", number ? "decimal" : NULL);
	HTML_ATTRIBUTE(d->html, "required", must_be_filled(d, field) ? "" : NULL);
	HTML(d->html, ">");
	if (field->type == FIELD_TIME) {
		HTML(d->html, "<small>UTC</small>");
	} else if (field->type == FIELD_AMOUNT && d->currency[0]) {
		HTML(d->html, "<small>");
		html_text(d->html, d->currency);
		HTML(d->html, "</small>");
	}
}

static bool has_amounts(const struct field *fields)
{
	for (; fields && fields->name; fields++) {
		if (fields->type == FIELD_AMOUNT) {
			return true;
		}
	}
	return false;
}

/* How amounts are written: once over the fields that want one. */
static void amounts_help(const struct drawing *d, const struct field *fields)
{
	if (has_amounts(fields)) {
		help(d, "<p><small",
		    "amounts are written in the currency's own units: 18,500.00 (GBP), 1,234 (JPY), 2600万",
		    "</small></p>");
	}
}

/* ---- choices --------------------------------------------------------------------------------------------------------- */

/* The other parties of the tally. */
static unsigned parties(const struct drawing *d, struct field_choice **out)
{
	struct ctx *ctx = &d->visit->app->ctx;
	struct field_choice *items = arena_take_array(ctx->arena, LIMIT_PARTIES, sizeof *items);
	unsigned count = 0;

	for (unsigned i = 0; items && i < ctx->view.party_count && i < LIMIT_PARTIES; i++) {
		const char *code = ctx->view.party_codes[i];
		if (i != ctx->own_party || strcmp(d->kind->name, "statement.action_set") == 0) {
			items[count++] = (struct field_choice){ code, code, code };
		}
	}
	*out = items;
	return count;
}

static unsigned choices_of(const struct drawing *d, const struct field *field, struct field_choice **out)
{
	struct err err = { 0 };
	unsigned count = 0;

	*out = NULL;
	if (field->type == FIELD_PARTY) {
		return parties(d, out);
	}
	return d->domain->choices &&
		d->domain->choices(&d->visit->app->ctx, d->fold, d->kind, field, out, &count, &err) == OK
	    ? count
	    : 0;
}

static void option(const struct drawing *d, const char *value, const char *text, bool chosen)
{
	HTML(d->html, "<option");
	HTML_ATTRIBUTE(d->html, "value", value);
	HTML_ATTRIBUTE(d->html, "selected", chosen ? "" : NULL);
	HTML(d->html, ">");
	html_plain(d->html, text);
	HTML(d->html, "</option>");
}

static void select_one(const struct drawing *d, const struct field *field, const char *name,
    const struct field_choice *choices, unsigned count)
{
	const char *typed = typed_value(d, name);
	typed = typed[0] == '\0' && field->type == FIELD_CURRENCY ? d->currency : typed;
	bool only = count == 1 && must_be_filled(d, field), listed = typed[0] == '\0';

	HTML(d->html, "<select");
	HTML_ATTRIBUTE(d->html, "name", name);
	HTML_ATTRIBUTE(d->html, "required", must_be_filled(d, field) ? "" : NULL);
	HTML(d->html, ">");
	if (!only) {
		option(d, "", "-", typed[0] == '\0');
	}
	for (unsigned i = 0; i < count; i++) {
		bool chosen = strcmp(choices[i].value, typed) == 0;
		option(d, choices[i].value, d->ja ? choices[i].ja : choices[i].en, chosen || only);
		listed |= chosen;
	}
	if (!listed) {
		option(d, typed, typed, true); /* what was typed elsewhere stays, and is refused with its reason */
	}
	HTML(d->html, "</select>");
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
	struct field_choice *choices;
	unsigned count = choices_of(d, field, &choices);

	const struct field_choice *beside = count > 0 && choices[0].value[0] == '\0' ? choices++ : NULL;
	count -= beside != NULL;
	label_open(d, field);
	if (count > 0) {
		select_one(d, field, name, choices, count);
	} else if (field->type == FIELD_LANG_TEXT ||
	    (field->type == FIELD_TEXT && (field->limit == 0 || field->limit > 400))) {
		text_area(d, name);
	} else if (field->type == FIELD_BOOL) {
		check_box(d, name);
	} else {
		input(d, field, name);
	}
	if (beside) {
		HTML(d->html, "<small>");
		html_text(d->html, d->ja ? beside->ja : beside->en);
		HTML(d->html, "</small>");
	}
	label_close(d, field, count > 0);
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
	HTML(d->html, "</legend>");
	help(d, "<p><small", list->help, "</small></p>");
	if (rows > 0 && !has_amounts(d->kind->fields)) {
		amounts_help(d, list->fields);
	}
	d->numbered = list->required;
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

/* ---- what the move relies on ------------------------------------------------------------------------------------------- */

static bool is_ticked(const struct drawing *d, const char *number)
{
	for (unsigned i = 0; i < d->typed->count; i++) {
		if (strcmp(d->typed->items[i].name, "also") == 0 && strcmp(d->typed->items[i].value, number) == 0) {
			return true;
		}
	}
	return false;
}

static void tick_part(const struct drawing *d, const struct part *part, bool as_a_rule)
{
	const struct state *state = fold_part_state(d->fold, part);

	HTML(d->html, "<label class=\"choice\"><input type=\"checkbox\" name=\"also\"");
	HTML_ATTRIBUTE(d->html, "value", part->number);
	HTML_ATTRIBUTE(d->html, "checked", as_a_rule || is_ticked(d, part->number) ? "" : NULL);
	HTML(d->html, "><span>");
	html_text(d->html, part->number);
	HTML(d->html, " ");
	html_state(d->html, state ? state->name : "rivals");
	HTML(d->html, "</span></label>");
}

static enum reliance relies_on(const struct drawing *d, const struct part *part)
{
	return part == d->part          ? RELIES_NEVER
	    : d->domain->relies == NULL ? RELIES_MAYBE
					: d->domain->relies(d->fold, d->kind, part, d->visit->app->ctx.now_ms);
}

/* Other parts of the thread, to be ticked: what a claim asks payment of, what a closing names as ended. What it names as a rule is ticked
 * already; what it never names is not shown. */
static void draw_others(const struct drawing *d)
{
	bool any = false;

	for (unsigned i = 1; d->fold && i < d->fold->part_count; i++) {
		enum reliance reliance = relies_on(d, d->fold->parts[i]);
		if (reliance == RELIES_NEVER) {
			continue;
		}
		if (!any) {
			HTML(d->html, "<fieldset><legend>");
			html_word(d->html, "relies also on");
			HTML(d->html, "</legend><p><small>");
			html_word(d->html,
			    "parts of this matter that the move is about: what a claim asks payment of, what a closing ends");
			HTML(d->html, "</small></p>");
		}
		any = true;
		tick_part(d, d->fold->parts[i], reliance == RELIES_USUALLY && d->anew);
	}
	if (any) {
		HTML(d->html, "</fieldset>");
	}
}

/* Rival moves of a part, each said by what it is, whose, and when: which of them stands is chosen. */
static void draw_rivals(const struct drawing *d, const struct field *field)
{
	struct ctx *ctx = &d->visit->app->ctx;
	unsigned count = d->part ? d->part->head_count : 0;
	struct field_choice *choices = arena_take_array(ctx->arena, count + 1, sizeof *choices);

	for (unsigned i = 0; choices && i < count; i++) {
		const struct move *move = d->part->heads[i];
		char hex[ID_BYTES * 2 + 1];
		hex_print(id_bytes(&move->id), hex);
		const char *what = arena_printf(ctx->arena, "%s: %s %s, %s (%.12s)",
		    d->ja ? move->kind->ja : move->kind->en, print_party(ctx, move->signer.party),
		    print_text(ctx, move->signer.post), print_time(ctx, move->body.stated_ms), hex);
		choices[i] = (struct field_choice){ arena_printf(ctx->arena, "%s", hex), what, what };
	}
	label_open(d, field);
	select_one(d, field, name_of(d, field), choices, choices ? count : 0);
	label_close(d, field, true);
}

/* What the move is aimed at, and the currency of amounts there. */
static void look_at_target(struct drawing *d, const char *target)
{
	struct app *app = d->visit->app;
	struct target found;
	struct err err = { 0 };

	d->currency = "";
	if (target == NULL || locate(app, target, NULL, &app->arena, &found, &err) != OK) {
		return;
	}
	d->fold = found.fold;
	d->part = found.part;
	if (d->domain->currency && d->part) {
		const char *currency = arena_text(&app->arena, d->domain->currency(d->fold, d->part));
		d->currency = currency ? currency : "";
	}
}

/* What the form holds before anyone has typed, and the value that its draft would have. */
static void preset(struct drawing *d, struct pairs *held)
{
	struct arena *arena = &d->visit->app->arena;
	struct preset presets[PRESETS];
	unsigned count = d->anew && d->part && d->domain->presets
	    ? d->domain->presets(d->fold, d->part, d->kind, d->visit->app->ctx.now_ms, presets)
	    : 0;

	held->items = arena_take_array(arena, 2 * PRESETS, sizeof *held->items);
	for (unsigned i = 0; held->items && i < count; i++) {
		const struct field *field = field_find(d->kind->fields, presets[i].name);
		held->items[held->count++] = (struct pair){ typed_name(arena, field), presets[i].value };
		if (field->type == FIELD_AMOUNT || field->type == FIELD_CURRENCY) {
			held->items[held->count++] =
			    (struct pair){ field->type == FIELD_AMOUNT ? "draft.amount" : "draft.currency",
				    presets[i].value };
		}
	}
	d->typed = held->count > 0 ? held : d->typed;
}

static const char *action_of(struct visit *visit, const char *kind, const char *target)
{
	struct ctx *ctx = &visit->app->ctx;

	if (target == NULL) {
		return html_path(ctx, "/new/", kind);
	}
	return html_path(ctx, arena_printf(ctx->arena, "/move/%s/", kind), target);
}

static void draw_form(struct drawing *drawing, const char *target)
{
	struct visit *visit = drawing->visit;
	const struct kind *kind = drawing->kind;
	struct drawing d = *drawing;

	HTML(d.html, "<form method=\"post\" class=\"move\" enctype=\"multipart/form-data\"");
	HTML_ATTRIBUTE(d.html, "action", action_of(visit, kind->name, target));
	HTML(d.html, ">");
	form_marks(visit);
	/* What Enter presses is the first button: it sends, and adds no rows. Those who see it or tab to it have the one at the end. */
	HTML(d.html, "<button class=\"unseen\" tabindex=\"-1\" aria-hidden=\"true\">");
	html_plain(d.html, d.ja ? kind->ja : kind->en);
	HTML(d.html, "</button>");
	amounts_help(&d, kind->fields);
	for (const struct field *field = kind->fields; field && field->name; field++) {
		if (strcmp(field->name, "stands") == 0) {
			draw_rivals(&d, field);
		} else if (is_filled_in(field)) {
			continue;
		} else if (field->type == FIELD_LIST) {
			draw_list(&d, field);
		} else {
			draw_field(&d, field);
		}
	}
	draw_others(&d);
	bool future = strcmp(typed_value(&d, "future"), "true") == 0;
	if (visit->ahead || future) {
		ask_choice(d.html, "checkbox", "future", "true", future, false,
		    "the time that lies ahead of now is meant; sign all the same");
	}
	HTML(d.html, "<label><span class=\"label\">");
	html_word(d.html, "attachment");
	HTML(d.html, "</span><input type=\"file\" name=\"attach\" accept=\".pdf,.jpg,.jpeg,.png,.csv\"></label>");
	HTML(d.html, "<p class=\"send\"><button>");
	html_text(d.html, d.ja ? kind->ja : kind->en);
	HTML(d.html, "</button></p>");
	offer_draft(visit, d.typed);
	HTML(d.html, "</form>");
}

/* Moves that a page makes are made there alone. */
static bool leave_to_act(struct visit *visit, const struct domain *domain, const struct kind *kind, const char *target)
{
	const struct act *act = act_making(domain, kind);

	if (act != NULL) {
		answer_redirect(visit, act_path(&visit->app->ctx, act, target));
	}
	return act != NULL;
}

/* Nobody signs what he does not see: what the thread holds stands above the form, folded so that the fields begin on
 * the first screen. */
static void show_facts(struct visit *visit, const struct domain *domain, const struct fold *fold)
{
	struct html *html = &visit->html;

	HTML(html, "<details class=\"at-hand\"><summary>");
	html_word(html, "what it is about");
	HTML(html, "</summary>");
	visit->request->rest = fold->parts[0]->number;
	show_domain_part(visit, domain, "/thread/");
	HTML(html, "</details>\n");
}

void show_form(
    struct visit *visit, const char *name, const char *target, const struct pairs *typed, const struct err *wrong)
{
	const struct domain *domain = domain_find(bytes_text(name));
	const struct kind *kind = domain ? domain_kind(domain, bytes_text(name)) : NULL;
	bool ja = visit->app->ctx.lang == LANG_JA;
	struct drawing d = {
		.visit = visit, .html = &visit->html, .domain = domain, .kind = kind, .typed = typed, .ja = ja
	};
	struct pairs held = { 0 };

	if (kind == NULL || (kind->opens == OPENS_THREAD && target) || (kind->opens != OPENS_THREAD && !target)) {
		answer_page(visit, 404, ctx_word(&visit->app->ctx, "not found"), name);
		return;
	}
	if (leave_to_act(visit, domain, kind, target)) {
		return;
	}
	buf_clear(&visit->answer->body);
	buf_init(&visit->answer->body, WEB_PAGE_BYTES);
	layout_open(visit, ja ? kind->ja : kind->en);
	if (wrong) {
		layout_error(visit, wrong);
	}
	help(&d, "<p", kind->help, "</p>");
	HTML(&visit->html, "<p class=\"beside\">");
	if (target) {
		html_link(&visit->html, html_path(&visit->app->ctx, "/thread/", target), target);
	}
	html_link(&visit->html, html_path(&visit->app->ctx, "/help/", kind->name),
	    ctx_word(&visit->app->ctx, "what this move means"));
	HTML(&visit->html, "</p>");
	look_at_target(&d, target);
	d.anew = typed->count == 0;
	preset(&d, &held);
	if (d.fold) {
		show_facts(visit, domain, d.fold);
	}
	draw_form(&d, target);
	if (target == NULL) {
		show_domain_part(visit, domain, "/new/");
	}
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
	if (field->type == FIELD_TIME && strlen(text) == strlen("2013-11-26T09:30")) {
		return json_sprintf(
		    "%s:00Z", text); /* as browsers give what was chosen: without seconds, and the page says UTC */
	}
	if (field->type == FIELD_LANG_TEXT) {
		return json_pack("[s, s]", lang, text);
	}
	return json_string(text);
}

/* An amount under the name that people type it by, else under the field's own: a link may bring it in minor units. */
static void put_typed(
    json_t *object, const struct field *field, const char *prefix, const struct pairs *typed, const char *lang)
{
	char amount[AMOUNT_NAME], name[160];

	if (amount_name(field, amount)) {
		snprintf(name, sizeof name, "%s%s", prefix, amount);
		const char *text = pairs_get(typed, name);
		if (text && text[0]) {
			json_object_set_new(object, amount, json_string(text));
			return;
		}
	}
	snprintf(name, sizeof name, "%s%s", prefix, field->name);
	json_t *value = value_of(field, pairs_get(typed, name), lang);
	if (value) {
		json_object_set_new(object, field->name, value);
	}
}

static json_t *list_of(const struct field *list, const struct pairs *typed, const char *lang)
{
	json_t *array = json_array();
	char prefix[80];

	for (unsigned row = 0; row < FORM_ROWS_MOST; row++) {
		json_t *item = json_object();
		snprintf(prefix, sizeof prefix, "%s.%u.", list->name, row);
		for (const struct field *field = list->fields; field->name; field++) {
			put_typed(item, field, prefix, typed, lang);
		}
		/* What the form itself had filled in makes no row: the number of a line, the currency of the order. */
		size_t given = (list->required && json_object_get(item, "line") != NULL) +
		    (json_object_get(item, "currency") != NULL);
		if (json_object_size(item) > given) {
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
		if (field->type == FIELD_LIST) {
			json_t *items = list_of(field, typed, lang);
			if (json_array_size(items) > 0) {
				json_object_set(fields, field->name, items);
			}
			json_decref(items);
			continue;
		}
		put_typed(fields, field, "", typed, lang);
		if (field->type == FIELD_BOOL && field->required && !json_object_get(fields, field->name)) {
			json_object_set_new(fields, field->name, json_false());
		}
	}
	return fields;
}

static unsigned ticked(const struct pairs *typed, const char **out)
{
	unsigned count = 0;

	for (unsigned i = 0; i < typed->count && count < LIMIT_REFERENCES; i++) {
		if (strcmp(typed->items[i].name, "also") == 0) {
			out[count++] = typed->items[i].value;
		}
	}
	return count;
}

static enum status submit(
    struct visit *visit, const struct kind *kind, const char *target, struct submitted *made, struct err *err)
{
	const struct request *request = visit->request;
	const char *also[LIMIT_REFERENCES];
	struct upload uploads[REQUEST_FILES];
	json_t *fields = form_fields(kind, &request->fields, visit->app->ctx.lang == LANG_JA ? "ja" : "en");
	char *text = json_dumps(fields, JSON_COMPACT);
	struct submission submission = { .kind = kind->name,
		.target = target,
		.fields_json = text,
		.refs_numbers = also,
		.ref_count = ticked(&request->fields, also),
		.uploads = uploads,
		.upload_count = request->file_count,
		.future = pairs_get(&request->fields, "future") != NULL };

	for (unsigned i = 0; i < request->file_count; i++) {
		uploads[i] = (struct upload){ request->files[i].name, request->files[i].content };
	}
	enum status status = text ? ctx_submit(&visit->app->ctx, &submission, made, err)
				  : err_set(err, ENVIRONMENT, "form: out of memory");
	free(text);
	json_decref(fields);
	return status;
}

/* Not signed but drafted: the fields as they were typed, judged when the draft is entered. */
static enum status draft(struct visit *visit, const struct kind *kind, const char *target, struct err *err)
{
	json_t *fields = form_fields(kind, &visit->request->fields, visit->app->ctx.lang == LANG_JA ? "ja" : "en");
	struct drawing d = { .visit = visit, .domain = domain_find(bytes_text(kind->name)) };

	look_at_target(&d, target);
	enum status status = amounts_read(kind->fields, fields, bytes_text(d.currency), kind->name, err);
	char *text = status == OK ? json_dumps(fields, JSON_COMPACT) : NULL;
	status = status != OK ? status
	    : text            ? make_draft(visit, kind, target, text, err)
			      : err_set(err, ENVIRONMENT, "form: out of memory");

	free(text);
	json_decref(fields);
	return status;
}

static void show_refused(struct visit *visit, const struct kind *kind, const char *target, const struct err *err)
{
	visit->answer->status = err->status == REFUSED ? 422 : err->status == ENVIRONMENT ? 500 : 400;
	show_form(visit, kind->name, target, &visit->request->fields, err);
}

void post_form(struct visit *visit, const char *name, const char *target)
{
	const struct domain *domain = domain_find(bytes_text(name));
	const struct kind *kind = domain ? domain_kind(domain, bytes_text(name)) : NULL;
	const struct pairs *typed = &visit->request->fields;
	struct submitted made = { 0 };
	struct err err = { 0 };

	if (kind == NULL || pairs_get(typed, "more") || act_making(domain, kind)) {
		show_form(visit, name, target, typed, NULL);
	} else if (answer_sent_before(visit)) {
		return;
	} else if (pairs_get(typed, "draft")) {
		if (draft(visit, kind, target, &err) != OK) {
			show_refused(visit, kind, target, &err);
		}
	} else if (submit(visit, kind, target, &made, &err) != OK) {
		visit->ahead = made.ahead;
		show_refused(visit, kind, target, &err);
	} else {
		answer_made(
		    visit, words_made(visit, kind, made.number), html_path(&visit->app->ctx, "/thread/", made.number));
	}
}
