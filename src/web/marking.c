/* The protective marking of the agreement: a page may hold whatever the agreement lets be entered, so it bears the highest marking that it
 * allows. On the screen above and below; on paper in the margins of every sheet, by a style of its own (/marking.css), for what stands in
 * the page comes on the first and the last sheet only. */
#include "base/cbor.h"
#include "core/print.h"
#include "web/web.h"
#include <ctype.h>
#include <string.h>

#define MARKING_TEXT 64

static struct bytes profile_text(struct visit *visit, const char *first, const char *second)
{
	struct bytes text = { 0 };

	if (visit->app->ctx.tally) {
		cbor_text(cbor_path(ctx_profile(&visit->app->ctx), first, second, NULL), &text);
	}
	return text;
}

const char *layout_agreement(struct visit *visit)
{
	struct ctx *ctx = &visit->app->ctx;

	return print_text(ctx, profile_text(visit, "title", ctx->lang == LANG_JA ? "ja" : "en"));
}

struct marking {
	char en[MARKING_TEXT]; /* in capitals, as such marks are written; empty: none */
	const char *ja;        /* "" when the words have none */
};

static struct marking marking_of(struct visit *visit)
{
	struct ctx *ctx = &visit->app->ctx;
	const char *code = print_text(ctx, profile_text(visit, "markings", "ceiling"));
	enum lang lang = ctx->lang;
	struct marking marking = { .ja = "" };

	if (strcmp(code, "unmarked") == 0) {
		return marking;
	}
	for (size_t i = 0; code[i] && i + 1 < sizeof marking.en; i++) {
		marking.en[i] = (char)(isalnum((unsigned char)code[i]) ? toupper((unsigned char)code[i]) : ' ');
	}
	ctx->lang = LANG_JA;
	const char *ja = ctx_word(ctx, code);
	ctx->lang = lang;
	marking.ja = ja == code ? "" : ja;
	return marking;
}

void show_marking(struct visit *visit)
{
	struct html *html = &visit->html;
	struct marking marking = marking_of(visit);

	if (marking.en[0] == '\0') {
		return;
	}
	HTML(html, "<p class=\"marking\">");
	html_text(html, marking.en);
	if (marking.ja[0]) {
		HTML(html, " / <span lang=\"ja\">");
		html_text(html, marking.ja);
		HTML(html, "</span>");
	}
	HTML(html, "</p>");
}

/* Letters, digits and blanks of the marking, our own words, nothing else: no text of an agreement can become a style. */
void get_marking_css(struct visit *visit, const char *rest)
{
	struct buf *out = &visit->answer->body;
	struct marking marking = marking_of(visit);
	const char *owed = visit->app->ctx.view.rehearsal ? "REHEARSAL - NOTHING HERE IS OWED / 習熟用" : "";
	const char *mark = arena_printf(visit->request->arena, "%s%s%s%s%s", marking.en, marking.ja[0] ? " / " : "",
	    marking.ja, marking.en[0] && owed[0] ? " - " : "", owed);

	(void)rest;
	visit->answer->type = "text/css; charset=utf-8";
	visit->answer->cache = true;
	buf_printf(out,
	    "@page { @top-center { content: \"%s\"; font-weight: 700; } @bottom-center { content: \"%s\"; font-weight: 700; } "
	    "@bottom-right { content: counter(page) \" / \" counter(pages); } }\n",
	    mark ? mark : "", mark ? mark : "");
}
