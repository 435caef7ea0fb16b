/* The escaping writer of pages. */
#include "core/html.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* NULL: the character stands for itself. */
static const char *escape_of(char character)
{
	switch (character) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

static void put_escaped(struct buf *out, const char *text, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		const char *instead = escape_of(text[i]);
		if (instead != NULL) {
			buf_put_bytes(out, bytes_of(text + from, i - from));
			buf_put_text(out, instead);
			from = i + 1;
		}
	}
	buf_put_bytes(out, bytes_of(text + from, len - from));
}

void html_plain(struct html *html, const char *text)
{
	if (text != NULL) {
		put_escaped(html->out, text, strlen(text));
	}
}

/* ---- figures ------------------------------------------------------------------------------------------------------------ */

#define FIGURE_MOST \
	80 /* bytes of a word that may be one: a text without blanks is looked at once, not from each letter to its end */

static size_t word_length(const char *text)
{
	size_t len = 0;

	while (len < FIGURE_MOST && text[len] != '\0' && strchr(" \n\t", text[len]) == NULL) {
		len++;
	}
	return len;
}

static bool all_in(const char *text, size_t len, const char *signs)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr(signs, text[i]) == NULL) {
			return false;
		}
	}
	return len > 0;
}

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* LTR, h, days: three capitals, or up to four small letters. */
static size_t unit_length(const char *text)
{
	size_t capitals = strspn(text, CAPITALS), small = strspn(text, "abcdefghijklmnopqrstuvwxyz");
	size_t length = capitals == 3 ? 3 : small <= 4 ? small : 0;

	return isalnum((unsigned char)text[length]) ? 0 : length;
}

/* Length of the figure that begins here: a day, an amount with its currency, a quantity with its unit, a number of a thread or part. 0: none
 * does. Only what a line could break within is one: what has neither a hyphen nor a space in it holds together by itself. */
static size_t figure_length(const char *text)
{
	size_t first = word_length(text);
	const char *next = text[first] == ' ' ? text + first + 1 : "";
	size_t second = word_length(next), digits = strspn(next, "-" DIGITS ",.");

	if (first == 3 && all_in(text, 3, CAPITALS) && digits > 0 && strcspn(next, DIGITS) < digits) {
		return first + 1 + second;
	}
	digits = strspn(text, "-" DIGITS ",.");
	size_t unit = unit_length(next);
	if (digits == first && strcspn(text, DIGITS) < first && unit > 0) {
		return first + 1 + unit;
	}
	size_t length = strspn(text, CAPITALS DIGITS "-/.:");
	return memchr(text, '-', length) != NULL && strcspn(text, DIGITS) < length ? length : 0;
}

void html_text(struct html *html, const char *text)
{
	const char *from = text;
	bool begins = true; /* of a word */

	for (const char *at = text; at != NULL && *at != '\0'; at++) {
		size_t length = begins ? figure_length(at) : 0;
		begins = strchr(" \n\t(\"`", *at) != NULL || (unsigned char)*at >= 0x80;
		if (length == 0) {
			continue;
		}
		put_escaped(html->out, from, (size_t)(at - from));
		HTML(html, "<span class=\"figure\">");
		put_escaped(html->out, at, length);
		HTML(html, "</span>");
		from = at + length;
		at = from - 1;
		begins = false;
	}
	if (from != NULL) {
		put_escaped(html->out, from, strlen(from));
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
		html_plain(html, value);
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

void html_table_open(struct html *html, const char *const *heads, size_t count)
{
	HTML(html, "<div class=\"table\"><table><thead><tr>");
	for (size_t i = 0; i < count; i++) {
		HTML(html, "<th scope=\"col\">");
		html_word(html, heads[i]);
		HTML(html, "</th>");
	}
	HTML(html, "</tr></thead><tbody>\n");
}

void html_table_close(struct html *html)
{
	HTML(html, "</tbody></table></div>\n");
}

void html_cell(struct html *html, const char *head, const char *text)
{
	HTML(html, "<td");
	HTML_ATTRIBUTE(html, "data-label", ctx_word(html->ctx, head));
	HTML(html, ">");
	html_text(html, text);
	HTML(html, "</td>");
}

void html_cell_err(struct html *html, const char *head, const struct err *err)
{
	const char *said = ctx_detail(html->ctx, err);

	HTML(html, "<td");
	HTML_ATTRIBUTE(html, "data-label", ctx_word(html->ctx, head));
	HTML_ATTRIBUTE(html, "lang", said ? NULL : "en");
	HTML(html, ">");
	html_text(html, said ? said : err->text);
	HTML(html, "</td>");
}
