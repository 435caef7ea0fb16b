/* What pages share: parameters that are given, and the forms of filters above lists. */
#include "core/page.h"
#include "core/print.h"
#include <string.h>

bool page_wants(const struct request *request, const char *form)
{
	const char *as = request_param(request, "as");

	return as != NULL && strcmp(as, form) == 0;
}

bool page_wants_data(const struct request *request)
{
	return page_wants(request, "csv") || page_wants(request, "json");
}

/* A parameter that is absent or blank is none. */
const char *page_given(const struct request *request, const char *name)
{
	const char *value = request_param(request, name);

	return value && value[0] ? value : NULL;
}

void filter_open(struct html *html, const char *path)
{
	HTML(html, "<form class=\"filter\" method=\"get\"");
	HTML_ATTRIBUTE(html, "action", path);
	HTML(html, ">");
}

void filter_close(struct html *html)
{
	HTML(html, "<button class=\"quiet\">");
	html_word(html, "show");
	HTML(html, "</button></form>\n");
}

void filter_input(
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

void filter_option(struct html *html, const char *value, const char *text, const char *chosen)
{
	HTML(html, "<option");
	HTML_ATTRIBUTE(html, "value", value);
	HTML_ATTRIBUTE(html, "selected", chosen && strcmp(chosen, value) == 0 ? "" : NULL);
	HTML(html, ">");
	html_plain(html, text);
	HTML(html, "</option>");
}

void filter_select_open(struct html *html, const char *name, const char *label)
{
	HTML(html, "<label>");
	html_word(html, label);
	HTML(html, " <select");
	HTML_ATTRIBUTE(html, "name", name);
	HTML(html, ">");
}

void filter_select_close(struct html *html)
{
	HTML(html, "</select></label>");
}

const struct page_sort *page_sort_of(const struct request *request, const struct page_sort *sorts)
{
	const char *name = page_given(request, "sort");

	for (const struct page_sort *sort = sorts; name && sort->name; sort++) {
		if (strcmp(sort->name, name) == 0) {
			return sort;
		}
	}
	return sorts;
}

void filter_sort(struct html *html, const struct request *request, const struct page_sort *sorts)
{
	filter_select_open(html, "sort", "sorted by");
	for (const struct page_sort *sort = sorts; sort->name; sort++) {
		filter_option(html, sort->name, ctx_word(html->ctx, sort->en), page_sort_of(request, sorts)->name);
	}
	filter_select_close(html);
}

void sort_filter(struct html *html, const struct request *request, const char *path, const struct page_sort *sorts)
{
	filter_open(html, path);
	filter_sort(html, request, sorts);
	filter_close(html);
}

/* ---- forms that act ------------------------------------------------------------------------------------------------------- */

void page_hidden(struct html *html, const char *name, const char *value)
{
	HTML(html, "<input type=\"hidden\"");
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", value);
	HTML(html, ">");
}

void page_passphrase(struct html *html)
{
	HTML(html, "<label><span class=\"label\">");
	html_word(html, "passphrase");
	HTML(html,
	    "</span><input type=\"password\" name=\"passphrase\" autocomplete=\"current-password\" required></label>");
}

void page_form_close(struct html *html, const char *word)
{
	HTML(html, "<p class=\"send\"><button>");
	html_word(html, word);
	HTML(html, "</button></p></form>\n");
}

/* A detail that is known in English alone says so. */
void page_alert(struct html *html, const struct err *err)
{
	struct ctx *ctx = html->ctx;
	const char *said = ctx_meaning(ctx, err), *detail = ctx_detail(ctx, err);

	HTML(html, "<div role=\"alert\" class=\"wrong\"><p>");
	html_text(html, said);
	if (err->rule[0]) {
		HTML(html, " <span class=\"rule\">");
		html_printf(html, "%s %s", ctx_word(ctx, "rule"), err->rule);
		HTML(html, "</span>");
	}
	HTML(html, "</p><p");
	HTML_ATTRIBUTE(html, "lang", detail ? NULL : "en");
	HTML(html, "><small>");
	html_text(html, detail ? detail : err->text);
	if (err->source[0]) {
		html_printf(html, " (%s)", ctx_source(ctx, err));
	}
	HTML(html, "</small></p></div>\n");
}

/* ---- a command, done by a page ---------------------------------------------------------------------------------------------- */

/* In the last line of JSON that has one. */
const char *act_number(struct ctx *ctx)
{
	struct bytes text = buf_bytes(ctx->out);
	const char *number = "";

	for (size_t from = 0, to; from < text.len; from = to + 1) {
		for (to = from; to < text.len && text.data[to] != '\n'; to++) {}
		json_t *line = json_loadb((const char *)text.data + from, to - from, 0, NULL);
		const char *found = json_string_value(json_object_get(line, "number"));
		number = found ? print_text(ctx, bytes_text(found)) : number;
		json_decref(line);
	}
	return number;
}

enum status act_command(
    struct ctx *ctx, const struct command *command, const struct args *args, struct acted *acted, struct err *err)
{
	bool before = ctx->json;

	buf_reset(ctx->out);
	ctx->json = true;
	enum status status = command->run(ctx, args, err);
	ctx->json = before;
	if (status == OK) {
		acted->number = act_number(ctx);
	}
	buf_reset(ctx->out);
	return status;
}
