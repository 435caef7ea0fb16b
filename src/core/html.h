/* Pages are written through these: a literal of the program goes out as it is, all else is escaped. There is no other way into a page,
 * so no text of a partner can become markup. */
#ifndef WARIFU_CORE_HTML_H
#define WARIFU_CORE_HTML_H
#include "core/ctx.h"

struct html {
	struct buf *out;
	struct ctx *ctx;
};
/* Markup: literals only, which the compiler checks by joining them. */
#define HTML(html, literal) buf_put_text((html)->out, "" literal "")
/* NULL: nothing. Figures are marked, so that no line breaks within one: not for titles, text areas and options, which take no markup. */
void html_text(struct html *html, const char *text);
void html_plain(struct html *html, const char *text);
void html_bytes(struct html *html, struct bytes text);
void html_printf(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3))); /* escaped too */
void html_word(struct html *html, const char *en); /* in the language of the page */
/* ` name="value"`; name is a literal, value escaped. NULL value: nothing. */
#define HTML_ATTRIBUTE(html, name, value) html_attribute(html, " " name "=\"", value)
void html_attribute(struct html *html, const char *open, const char *value);
/* <a href="...">text</a>; href is a path of this server, percent-encoded by html_path. */
void html_link(struct html *html, const char *href, const char *text);
/* A path made of parts, each percent-encoded but for its strokes. From the arena; "" when memory is out. */
const char *html_path(struct ctx *ctx, const char *base, const char *part);
/* A table with words as its heads, which each cell repeats for narrow screens; rows stand between the two. */
void html_table_open(struct html *html, const char *const *heads, size_t count);
void html_table_close(struct html *html);
void html_cell(struct html *html, const char *head, const char *text);
/* What an error says, in the language of the page; marked where it is known in English alone. */
void html_cell_err(struct html *html, const char *head, const struct err *err);
/* <span class="state">, with a class that a style can colour: letters of the English name. */
void html_state(struct html *html, const char *state);
#endif
