/* Forms that are not drawn from a domain's table: of desks, of bundles, of the first start. */
#include "web/web.h"
#include <string.h>

void ask_open(struct visit *visit, const char *action, bool files)
{
	struct html *html = &visit->html;
	HTML(html, "<form method=\"post\" class=\"move\"");
	HTML_ATTRIBUTE(html, "action", action);
	HTML_ATTRIBUTE(html, "enctype", files ? "multipart/form-data" : NULL);
	HTML(html, ">");
	form_marks(visit);
}

void ask_close(struct html *html, const char *button)
{
	HTML(html, "<p class=\"send\"><button>");
	html_word(html, button);
	HTML(html, "</button></p></form>\n");
}

static void label_open(struct html *html, const char *label, bool required)
{
	HTML(html, "<label><span class=\"label\">");
	html_word(html, label);
	if (required) {
		HTML(html, " <abbr");
		HTML_ATTRIBUTE(html, "title", ctx_word(html->ctx, "required"));
		HTML(html, ">*</abbr>");
	}
	HTML(html, "</span>");
}

static void label_close(struct html *html, const char *help)
{
	if (help) {
		HTML(html, "<small>");
		html_word(html, help);
		HTML(html, "</small>");
	}
	HTML(html, "</label>\n");
}

void ask_input(struct html *html, const char *label, const char *name, const char *type, const char *value,
    bool required, const char *help)
{
	label_open(html, label, required);
	HTML(html, "<input");
	HTML_ATTRIBUTE(html, "type", type);
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", value);
	HTML_ATTRIBUTE(html, "required", required ? "" : NULL);
	HTML(html, ">");
	label_close(html, help);
}

void ask_passphrase(struct html *html, const char *label, const char *name, bool is_new, const char *help)
{
	label_open(html, label, true);
	HTML(html, "<input type=\"password\" required");
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "autocomplete", is_new ? "new-password" : "current-password");
	HTML(html, ">");
	label_close(html, help);
}

void ask_area(struct html *html, const char *label, const char *name, const char *value, const char *help)
{
	label_open(html, label, false);
	HTML(html, "<textarea rows=\"6\" spellcheck=\"false\"");
	HTML_ATTRIBUTE(html, "name", name);
	HTML(html, ">\n"); /* a first newline is not part of the text */
	html_plain(html, value);
	HTML(html, "</textarea>");
	label_close(html, help);
}

void ask_file(struct html *html, const char *label, const char *name, const char *help)
{
	label_open(html, label, false);
	HTML(html, "<input type=\"file\"");
	HTML_ATTRIBUTE(html, "name", name);
	HTML(html, ">");
	label_close(html, help);
}

void ask_choice(struct html *html, const char *type, const char *name, const char *value, bool checked, bool required,
    const char *label)
{
	HTML(html, "<label class=\"choice\"><input");
	HTML_ATTRIBUTE(html, "type", type);
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", value);
	HTML_ATTRIBUTE(html, "checked", checked ? "" : NULL);
	HTML_ATTRIBUTE(html, "required", required ? "" : NULL);
	HTML(html, "><span>");
	html_word(html, label);
	HTML(html, "</span></label>\n");
}

void ask_group_open(struct html *html, const char *legend)
{
	HTML(html, "<fieldset class=\"group\"><legend>");
	html_word(html, legend);
	HTML(html, "</legend>");
}

void ask_group_close(struct html *html)
{
	HTML(html, "</fieldset>\n");
}

const char *asked(struct visit *visit, const char *name)
{
	const char *value = pairs_get(&visit->request->fields, name);

	return value ? value : "";
}

struct bytes asked_file(struct visit *visit, const char *file, const char *field)
{
	const struct request *request = visit->request;

	for (unsigned i = 0; i < request->file_count; i++) {
		if (strcmp(request->files[i].field, file) == 0) {
			return request->files[i].content;
		}
	}
	return bytes_text(asked(visit, field));
}

void fact(struct html *html, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0') {
		return;
	}
	HTML(html, "<dt>");
	html_word(html, name);
	HTML(html, "</dt><dd>");
	html_text(html, value);
	HTML(html, "</dd>");
}

void paragraph(struct html *html, const char *text)
{
	HTML(html, "<p>");
	html_word(html, text);
	HTML(html, "</p>\n");
}

void heading(struct html *html, const char *text)
{
	HTML(html, "<h2>");
	html_word(html, text);
	HTML(html, "</h2>\n");
}

/* ---- passphrases ---------------------------------------------------------------------------------------------------------- */

/* The field in which a form asks for the passphrase of a key: "root key" is in root_passphrase, a new one in new_root_passphrase and,
 * for a second time, in new_root_passphrase_again. */
struct passphrase_field {
	const char *what, *name;
};
static const struct passphrase_field *passphrase_field(const char *what)
{
	static const struct passphrase_field fields[] = {
		{ "new root key", "new_root_passphrase" },
		{ "new recovery key", "new_recovery_passphrase" },
		{ "new home key", "new_home_passphrase" },
		{ "new desk key", "new_desk_passphrase" },
		{ "root key", "root_passphrase" },
		{ "home key", "home_passphrase" },
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (strncmp(what, fields[i].what, strlen(fields[i].what)) == 0) {
			return &fields[i];
		}
	}
	return NULL;
}

static enum status passphrase_typed(
    void *context, const char *what, bool again, struct arena *arena, struct bytes *out, struct err *err)
{
	struct visit *visit = context;
	const struct passphrase_field *field = passphrase_field(what);
	const char *typed = field ? asked(visit, field->name) : "";

	(void)arena;
	what = field ? field->what : what; /* a form makes one of each: it needs no name */
	if (typed[0] == '\0') {
		return err_set(err, USAGE, "passphrase of the %s: must be given", what);
	}
	if (again && field) {
		const char *second = arena_printf(visit->request->arena, "%s_again", field->name);
		if (second == NULL || strcmp(asked(visit, second), typed) != 0) {
			return err_set(err, USAGE, "passphrase of the %s: the two differ; nothing was made", what);
		}
	}
	*out = bytes_text(typed);
	return OK;
}

void ask_by_form(struct visit *visit)
{
	visit->app->passphrase = passphrase_typed;
	visit->app->passphrase_context = visit;
}

void ask_new_passphrase(struct html *html, const char *label, const char *name, const char *help)
{
	const char *again = arena_printf(html->ctx->arena, "%s_again", name);

	ask_passphrase(html, label, name, true, help);
	ask_passphrase(html, "the same again", again ? again : "", true, NULL);
}
