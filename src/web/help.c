/* Help, out of the tables that the program itself works by: /help the keys and the words in both languages, /help/DOMAIN its states and
 * moves, /help/KIND what one move means, who makes it, where it leads, and what stands in its fields. */
#include "core/assets.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

static const char *domain_title(struct ctx *ctx, const struct domain *domain)
{
	const struct page *page = domain->pages;

	return page == NULL ? ctx_word(ctx, domain->name) : ctx->lang == LANG_JA ? page->ja : page->en;
}

/* Words for people: codes that an English text names are written as words, "wrong item". */
static const char *without_codes(struct html *html, const char *text)
{
	char *copy = arena_text(html->ctx->arena, bytes_text(text));

	for (size_t i = 0; copy != NULL && copy[i] != '\0'; i++) {
		copy[i] = copy[i] == '_' ? ' ' : copy[i];
	}
	return copy ? copy : text;
}

/* What the tables say in English is marked as such where there is no Japanese of it. */
static void said(struct html *html, const char *text)
{
	const char *word = text ? ctx_word(html->ctx, text) : "";
	bool foreign = html->ctx->lang == LANG_JA && word == text;

	HTML(html, "<span");
	HTML_ATTRIBUTE(html, "lang", foreign ? "en" : NULL);
	HTML(html, ">");
	html_text(html, without_codes(html, word));
	HTML(html, "</span>");
}

/* ---- keys and words -------------------------------------------------------------------------------------------------------- */

static void keys(struct html *html)
{
	heading(html, "keys");
	HTML(html, "<dl class=\"facts\"><dt><kbd>/</kbd></dt><dd>");
	html_word(html, "to the search");
	HTML(html, "</dd><dt><kbd>?</kbd></dt><dd>");
	html_word(html, "help");
	HTML(html, "</dd><dt><kbd>Alt</kbd> + <kbd>1</kbd>-<kbd>9</kbd></dt><dd>");
	html_word(html, "the pages of the menu, in their order; some browsers want Shift as well");
	HTML(html, "</dd><dt><kbd>Tab</kbd></dt><dd>");
	html_word(html, "from field to field; the first one of a page leads past the menu");
	HTML(html, "</dd></dl>");
}

/* The next cell of a row of the glossary; empty at its end. */
static struct bytes next_cell(struct bytes *row)
{
	struct bytes cell = { 0 };
	const uint8_t *bar = row->len > 2 ? memmem(row->data, row->len, " |", 2) : NULL;

	if (bar != NULL) {
		cell = bytes_of(row->data, (size_t)(bar - row->data));
		*row = bytes_of(bar + 2, row->len - cell.len - 2);
		*row = row->len > 0 ? bytes_of(row->data + 1, row->len - 1) : *row;
	}
	return cell;
}

/* "| desk | 担当 | one officer's signing key ... | 一人の担当官が... |" */
static void word_row(struct html *html, struct bytes row)
{
	struct bytes en = next_cell(&row), ja = next_cell(&row), meaning = next_cell(&row),
		     meaning_ja = next_cell(&row);

	HTML(html, "<tr><td lang=\"en\" class=\"nowrap\">");
	html_bytes(html, en);
	HTML(html, "</td><td lang=\"ja\" class=\"nowrap\">");
	html_bytes(html, ja);
	HTML(html, "</td><td>");
	html_text(html, arena_text(html->ctx->arena, html->ctx->lang == LANG_JA ? meaning_ja : meaning));
	HTML(html, "</td></tr>\n");
}

static void words(struct html *html)
{
	static const char *const heads[] = { "in English", "in Japanese", "what it means" };
	struct bytes text = ASSET(glossary);
	unsigned rows = 0;

	heading(html, "words");
	html_table_open(html, heads, 3);
	while (text.len > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.len);
		size_t len = end ? (size_t)(end - text.data) : text.len;
		bool row = len > 4 && memcmp(text.data, "| ", 2) == 0;
		if (row && rows++ >= 2) { /* the heads of the table, and the line under them */
			word_row(html, bytes_of(text.data + 2, len - 2));
		}
		text = bytes_of(text.data + len, text.len - len);
		text = text.len > 0 ? bytes_of(text.data + 1, text.len - 1) : text;
	}
	html_table_close(html);
}

static void show_overview(struct visit *visit)
{
	struct html *html = &visit->html;

	layout_open(visit, ctx_word(html->ctx, "help"));
	paragraph(html, "each move in a form has its own help; a state says who moves next");
	HTML(html, "<ul class=\"moves\">");
	for (const struct domain *const *domain = domains; *domain; domain++) {
		HTML(html, "<li>");
		html_link(html, html_path(html->ctx, "/help/", (*domain)->name), domain_title(html->ctx, *domain));
		HTML(html, "</li>");
	}
	HTML(html, "</ul>");
	keys(html);
	words(html);
	layout_close(visit);
}

/* ---- a domain ----------------------------------------------------------------------------------------------------------------- */

static void kind_link(struct html *html, const struct kind *kind)
{
	html_link(html, html_path(html->ctx, "/help/", kind->name), html->ctx->lang == LANG_JA ? kind->ja : kind->en);
}

/* The moves that lead on from a state, each once. */
static void moves_from(struct html *html, const struct domain *domain, const struct state *state)
{
	const struct transition *rows = domain->transitions;
	bool any = false;

	for (const struct transition *row = rows; row->kind; row++) {
		const struct kind *kind = domain_kind(domain, bytes_text(row->kind));
		bool here =
		    row->from && strcmp(row->from, state->name) == 0 && strcmp(row->part_type, state->part_type) == 0;
		for (const struct transition *before = rows; here && before < row; before++) {
			here = !(before->from && strcmp(before->from, row->from) == 0 &&
			    strcmp(before->kind, row->kind) == 0 && strcmp(before->part_type, row->part_type) == 0);
		}
		if (here && kind) {
			HTML(html, "<span class=\"nowrap\">");
			html_text(html, any ? ", " : "");
			kind_link(html, kind);
			HTML(html, "</span> ");
			any = true;
		}
	}
}

static void state_row(struct html *html, const struct domain *domain, const struct state *state)
{
	HTML(html, "<tr><td");
	HTML_ATTRIBUTE(html, "data-label", ctx_word(html->ctx, "state"));
	HTML(html, ">");
	html_state(html, state->name);
	HTML(html, "</td>");
	html_cell(html, "waits for", ctx_word(html->ctx, state->pen ? domain->side_names[state->pen] : "nobody"));
	HTML(html, "<td");
	HTML_ATTRIBUTE(html, "data-label", ctx_word(html->ctx, "moves"));
	HTML(html, ">");
	moves_from(html, domain, state);
	HTML(html, "</td></tr>\n");
}

static void show_domain(struct visit *visit, const struct domain *domain)
{
	static const char *const state_heads[] = { "state", "waits for", "moves" },
				 *const kind_heads[] = { "move", "what it means" };
	struct html *html = &visit->html;
	struct ctx *ctx = html->ctx;

	layout_open(visit, domain_title(ctx, domain));
	heading(html, "moves");
	html_table_open(html, kind_heads, 2);
	for (const struct kind *kind = domain->kinds; kind->name; kind++) {
		HTML(html, "<tr><td class=\"nowrap\">");
		kind_link(html, kind);
		HTML(html, "</td><td>");
		said(html, kind->help);
		HTML(html, "</td></tr>\n");
	}
	html_table_close(html);
	for (const struct part_type *type = domain->part_types; type->name; type++) {
		HTML(html, "<h2>");
		html_printf(html, "%s: %s", ctx_word(ctx, "states"), ctx->lang == LANG_JA ? type->ja : type->en);
		HTML(html, "</h2>");
		html_table_open(html, state_heads, 3);
		for (const struct state *state = domain->states; state->name; state++) {
			if (strcmp(state->part_type, type->name) == 0) {
				state_row(html, domain, state);
			}
		}
		html_table_close(html);
	}
	layout_close(visit);
}

/* ---- a move -------------------------------------------------------------------------------------------------------------------- */

static void transition_row(struct html *html, const struct domain *domain, const struct transition *row)
{
	struct ctx *ctx = html->ctx;

	HTML(html, "<tr>");
	html_cell(html, "from state", row->from ? ctx_word(ctx, row->from) : "-");
	html_cell(html, "to state", ctx_word(ctx, row->to));
	html_cell(html, "made by", ctx_word(ctx, domain->side_names[row->side]));
	html_cell(html, "role", row->role ? print_role(ctx, row->role) : NULL);
	html_cell(html, "source", row->source ? print_source(ctx, row->source) : NULL);
	HTML(html, "</tr>\n");
}

static void transitions(struct html *html, const struct domain *domain, const struct kind *kind)
{
	static const char *const heads[] = { "from state", "to state", "made by", "role", "source" };

	if (kind->note) {
		paragraph(html, "a note: it changes no state");
		return;
	}
	html_table_open(html, heads, 5);
	for (const struct transition *row = domain->transitions; row->kind; row++) {
		if (strcmp(row->kind, kind->name) == 0) {
			transition_row(html, domain, row);
		}
	}
	html_table_close(html);
}

static void field_open(struct html *html, const struct field *field)
{
	HTML(html, "<dt>");
	html_text(html, html->ctx->lang == LANG_JA ? field->ja : field->en);
	if (field->required) {
		HTML(html, " (");
		html_word(html, "required");
		HTML(html, ")");
	}
	HTML(html, "</dt><dd>");
	said(html, field->help);
}

/* Fields of each row of a list; no list holds another. */
static void fields_of_row(struct html *html, const struct field *list)
{
	HTML(html, "<dl>");
	for (const struct field *field = list; field->name; field++) {
		field_open(html, field);
		HTML(html, "</dd>");
	}
	HTML(html, "</dl>");
}

static void fields(struct html *html, const struct field *list)
{
	HTML(html, "<dl>");
	for (const struct field *field = list; field->name; field++) {
		field_open(html, field);
		if (field->fields) {
			fields_of_row(html, field->fields);
		}
		HTML(html, "</dd>");
	}
	HTML(html, "</dl>");
}

static void show_kind(struct visit *visit, const struct domain *domain, const struct kind *kind)
{
	struct html *html = &visit->html;
	struct ctx *ctx = html->ctx;

	layout_open(visit, ctx->lang == LANG_JA ? kind->ja : kind->en);
	HTML(html, "<p>");
	html_link(html, html_path(ctx, "/help/", domain->name), domain_title(ctx, domain));
	html_printf(html, " / %s", ctx->lang == LANG_JA ? kind->ja : kind->en);
	HTML(html, "</p><p>");
	said(html, kind->help);
	HTML(html, "</p>");
	transitions(html, domain, kind);
	if (kind->fields) {
		heading(html, "fields");
		fields(html, kind->fields);
	}
	layout_close(visit);
}

void show_help(struct visit *visit, const char *rest)
{
	const struct domain *domain = rest[0] ? domain_find(bytes_text(rest)) : NULL;
	const struct kind *kind = domain ? domain_kind(domain, bytes_text(rest)) : NULL;

	if (rest[0] == '\0') {
		show_overview(visit);
	} else if (kind != NULL) {
		show_kind(visit, domain, kind);
	} else if (domain != NULL && strcmp(domain->name, rest) == 0) {
		show_domain(visit, domain);
	} else {
		answer_page(visit, 404, ctx_word(&visit->app->ctx, "not found"), visit->request->path);
	}
}
