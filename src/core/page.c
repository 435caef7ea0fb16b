/* What pages share: parameters that are given, and the forms of filters above lists. */
#include "core/page.h"
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
	html_text(html, text);
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
