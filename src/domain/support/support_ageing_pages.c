/* The ageing of what is owed, as a table whose rows have bars: each amount stands whole beside its bar, and without the bars it is a table. */
#include "core/print.h"
#include "domain/support/support_pages.h"

/* The greatest amount without its sign can be one more than the greatest positive one: that much is lost in a bar. */
static int64_t size_of(int64_t minor)
{
	return minor >= 0 ? minor : minor == INT64_MIN ? INT64_MAX : -minor;
}

int64_t ageing_most(const int64_t *one, const int64_t *two, unsigned count)
{
	int64_t most = 0;

	for (unsigned i = 0; i < count; i++) {
		most = size_of(one[i]) > most ? size_of(one[i]) : most;
		most = size_of(two[i]) > most ? size_of(two[i]) : most;
	}
	return most;
}

unsigned ageing_share(int64_t minor, int64_t most)
{
	int64_t size = size_of(minor);

	if (most <= 0 || size == 0) {
		return 0;
	}
	int64_t share = most > INT64_MAX / 1000 ? size / (most / 1000) : size * 1000 / most;
	return share < 1 ? 1 : share > 1000 ? 1000 : (unsigned)share;
}

static void bar(struct html *html, int64_t minor, int64_t most)
{
	HTML(html,
	    "<td class=\"bar\"><svg viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\"><rect");
	HTML_ATTRIBUTE(html, "class", minor < 0 ? "minus" : NULL);
	HTML_ATTRIBUTE(html, "width", arena_printf(html->ctx->arena, "%u", ageing_share(minor, most)));
	HTML(html, " height=\"16\"></rect></svg></td>");
}

void ageing_draw(struct html *html, const struct ageing *ageing)
{
	struct ctx *ctx = html->ctx;
	bool any = false;

	for (unsigned i = 0; i < ageing->count; i++) {
		any |= ageing->minor[i] != 0;
	}
	if (!any) {
		return;
	}
	HTML(html, "<table class=\"ageing\"><caption>");
	html_word(html, ageing->title);
	HTML(html, ", ");
	html_bytes(html, ageing->currency);
	HTML(html, "</caption><thead><tr><th scope=\"col\">");
	html_word(html, "days since delivery");
	HTML(html, "</th><th scope=\"col\" class=\"right\">");
	html_word(html, "amount");
	HTML(html, "</th><th scope=\"col\">");
	html_word(html, "share");
	HTML(html, "</th></tr></thead><tbody>\n");
	for (unsigned i = 0; i < ageing->count; i++) {
		HTML(html, "<tr><th scope=\"row\">");
		html_word(html, ageing->names[i]);
		HTML(html, "</th><td class=\"right\">");
		html_text(html, ageing->minor[i] ? print_amount(ctx, ageing->currency, ageing->minor[i]) : "-");
		HTML(html, "</td>");
		bar(html, ageing->minor[i], ageing->most);
		HTML(html, "</tr>\n");
	}
	HTML(html, "</tbody></table>\n");
}
