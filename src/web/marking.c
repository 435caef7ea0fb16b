/* The protective marking of the agreement: a page may hold whatever the agreement lets be entered, so it bears the highest marking that it
 * allows. On the screen above and below; on paper in the margins of every sheet, by a style of its own (/marking.css), for what stands in
 * the page comes on the first and the last sheet only. */
#include "base/cbor.h"
#include "core/paper.h"
#include "core/print.h"
#include "web/web.h"
#include <ctype.h>
#include <string.h>

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

/* Both "" where the agreement names none. */
struct marking {
	const char *en, *ja;
};

static struct marking marking_of(struct visit *visit, bool of_all)
{
	struct ctx *ctx = &visit->app->ctx;
	json_t *both = !ctx->tally ? json_null() : of_all ? paper_marking_of_all(ctx) : paper_marking(ctx);
	const char *en = json_get_text(both, "en"), *ja = json_get_text(both, "ja");
	struct marking marking = { arena_printf(&visit->app->arena, "%s", en ? en : ""),
		arena_printf(&visit->app->arena, "%s", ja ? ja : "") };

	json_decref(both);
	return marking;
}

static bool is_of_all(const struct visit *visit)
{
	const struct page *page = web_page_for(visit->request->path);

	return page != NULL && (page->flags & PAGE_OF_ALL) != 0;
}

const char *marking_path(struct visit *visit)
{
	return arena_printf(
	    &visit->app->arena, "/marking.css?tally=%s%s", tally_hex(visit), is_of_all(visit) ? "&all=yes" : "");
}

/* For a style: letters, digits and blanks of the marking, nothing else: no text of an agreement can become a style. */
static const char *plain(struct visit *visit, const char *text)
{
	char *out = arena_printf(&visit->app->arena, "%s", text);

	for (char *at = out; at && *at; at++) {
		*at = (char)(isalnum((unsigned char)*at) || (unsigned char)*at >= 0x80 ? *at : ' ');
	}
	return out ? out : "";
}

void show_marking(struct visit *visit)
{
	struct html *html = &visit->html;
	struct marking marking = marking_of(visit, is_of_all(visit));

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

void get_marking_css(struct visit *visit, const char *rest)
{
	struct buf *out = &visit->answer->body;
	struct marking marking = marking_of(visit, request_param(visit->request, "all") != NULL);
	const char *owed = visit->app->ctx.view.rehearsal ? "REHEARSAL - NOTHING HERE IS OWED / 習熟用" : "";
	const char *mark = arena_printf(visit->request->arena, "%s%s%s%s%s", plain(visit, marking.en),
	    marking.ja[0] ? " / " : "", plain(visit, marking.ja), marking.en[0] && owed[0] ? " - " : "", owed);

	(void)rest;
	visit->answer->type = "text/css; charset=utf-8";
	visit->answer->cache = true;
	buf_printf(out,
	    "@page { @top-center { content: \"%s\"; font-weight: 700; } @bottom-center { content: \"%s\"; font-weight: 700; } "
	    "@bottom-right { content: counter(page) \" / \" counter(pages); } }\n",
	    mark ? mark : "", mark ? mark : "");
}
