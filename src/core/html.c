/* The escaping writer of pages. */
#include "core/html.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void put_escaped(struct buf *out, const char *text, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		const char *instead = text[i] == '&' ? "&amp;"
		    : text[i] == '<'                 ? "&lt;"
		    : text[i] == '>'                 ? "&gt;"
		    : text[i] == '"'                 ? "&quot;"
		    : text[i] == '\''                ? "&#39;"
						     : NULL;
		if (instead != NULL) {
			buf_put_bytes(out, bytes_of(text + from, i - from));
			buf_put_text(out, instead);
			from = i + 1;
		}
	}
	buf_put_bytes(out, bytes_of(text + from, len - from));
}

void html_text(struct html *html, const char *text)
{
	if (text != NULL) {
		put_escaped(html->out, text, strlen(text));
	}
}

void html_bytes(struct html *html, struct bytes text)
{
	put_escaped(html->out, (const char *)text.data, text.len);
}

void html_printf(struct html *html, const char *format, ...)
{
	va_list args;
	char text[2048];

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	html_text(html, text);
}

void html_word(struct html *html, const char *en)
{
	html_text(html, ctx_word(html->ctx, en));
}

void html_attribute(struct html *html, const char *open, const char *value)
{
	if (value != NULL) {
		buf_put_text(html->out, open);
		html_text(html, value);
		buf_put_text(html->out, "\"");
	}
}

void html_link(struct html *html, const char *href, const char *text)
{
	HTML(html, "<a");
	HTML_ATTRIBUTE(html, "href", href);
	HTML(html, ">");
	html_text(html, text);
	HTML(html, "</a>");
}

const char *html_path(struct ctx *ctx, const char *base, const char *part)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = strlen(base), need = len + 3 * strlen(part) + 1;
	char *path = arena_take(ctx->arena, need);

	if (path == NULL) {
		return "";
	}
	memcpy(path, base, len);
	for (; *part; part++) {
		unsigned char c = (unsigned char)*part;
		if (isalnum(c) || strchr("-._~/", c) != NULL) {
			path[len++] = (char)c;
		} else {
			path[len++] = '%';
			path[len++] = hex[c >> 4];
			path[len++] = hex[c & 15];
		}
	}
	path[len] = '\0';
	return path;
}

void html_state(struct html *html, const char *state)
{
	char class[48] = "";
	size_t len = 0;

	for (const char *at = state; *at && len + 1 < sizeof class; at++) {
		class[len++] = (char)(isalpha((unsigned char)*at) ? *at : '-');
	}
	class[len] = '\0';
	HTML(html, "<span");
	html_attribute(html, " class=\"state state-", class);
	HTML(html, ">");
	html_word(html, state);
	HTML(html, "</span>");
}
