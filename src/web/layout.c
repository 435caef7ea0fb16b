/* What stands around every page: who I am, which tally, rehearsal or real, when the partner was last heard, what waits to go. */
#include "app/rules.h"
#include "base/time.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

/* Above and below every page, on the screen and on paper. */
static void banners(struct visit *visit)
{
	show_marking(visit);
	if (visit->app->ctx.view.rehearsal) {
		HTML(&visit->html,
		    "<p class=\"banner\">REHEARSAL - NOTHING HERE IS OWED / <span lang=\"ja\">習熟用 - 債権債務は発生しません</span></p>");
	}
}

/* The page itself, or one beneath it that is not in the menu. */
static const char *current(struct visit *visit, const struct page *page)
{
	const struct page *shown = web_page_for(visit->request->path);
	size_t len = strlen(page->path);

	if (shown == page) {
		return "page";
	}
	return shown && (shown->flags & PAGE_IN_MENU) == 0 && len > 1 && strncmp(shown->path, page->path, len) == 0 &&
		shown->path[len] == '/'
	    ? "true"
	    : NULL;
}

/* The first nine are reached by a digit. */
static void menu_item(struct visit *visit, const struct page *page, unsigned *count)
{
	struct html *html = &visit->html;
	char digit[2] = { (char)('1' + *count), '\0' };

	HTML(html, "<li><a");
	HTML_ATTRIBUTE(html, "href", page->path);
	HTML_ATTRIBUTE(html, "accesskey", *count < 9 ? digit : NULL);
	(*count)++;
	HTML_ATTRIBUTE(html, "aria-current", current(visit, page));
	HTML(html, ">");
	html_text(html, visit->app->ctx.lang == LANG_JA ? page->ja : page->en);
	HTML(html, "</a></li>");
}

static void menu(struct visit *visit)
{
	struct html *html = &visit->html;
	unsigned count = 0;

	HTML(html, "<nav");
	HTML_ATTRIBUTE(html, "aria-label", ctx_word(&visit->app->ctx, "menu"));
	HTML(html, "><ul>");
	for (const struct domain *const *domain = domains; *domain; domain++) {
		for (const struct page *page = (*domain)->pages; page && page->path; page++) {
			if ((page->flags & PAGE_IN_MENU) != 0) {
				menu_item(visit, page, &count);
			}
		}
	}
	for (const struct page *page = web_pages; page->path; page++) {
		if ((page->flags & PAGE_IN_MENU) != 0) {
			menu_item(visit, page, &count);
		}
	}
	HTML(html, "</ul></nav>");
}

static void language_switch(struct visit *visit)
{
	struct html *html = &visit->html;
	bool ja = visit->app->ctx.lang == LANG_JA;

	HTML(html, "<a class=\"language\"");
	HTML_ATTRIBUTE(html, "href", request_with(visit->request, "lang", ja ? "en" : "ja"));
	HTML_ATTRIBUTE(html, "lang", ja ? "en" : "ja");
	HTML_ATTRIBUTE(html, "hreflang", ja ? "en" : "ja");
	HTML(html, ">");
	html_text(html, ja ? "English" : "日本語");
	HTML(html, "</a>");
}

static void who(struct visit *visit)
{
	struct html *html = &visit->html;

	if (visit->session == NULL) {
		return;
	}
	HTML(html, "<form class=\"who\" method=\"post\" action=\"/logout\"><input type=\"hidden\" name=\"form\"");
	HTML_ATTRIBUTE(html, "value", visit->session->form);
	HTML(html, "><span>");
	if (visit->desk) {
		html_printf(
		    html, "%s, %s", print_desk(html->ctx, visit->app->party, visit->desk->number), visit->desk->post);
	} else {
		html_link(html, "/login", ctx_word(&visit->app->ctx, "log in at a desk of this tally"));
	}
	HTML(html, "</span> <button class=\"quiet\">");
	html_word(html, "log out");
	HTML(html, "</button></form>");
}

static const char heard_sql[] =
    "SELECT MAX(e.stored_ms) FROM log l JOIN entry e ON e.log = l.row AND e.seq = l.head_seq "
    "WHERE l.tally = :tally AND l.party <> :own";

/* When this home last took something in from another party. */
static void heard(struct visit *visit)
{
	struct html *html = &visit->html;
	struct ctx *ctx = &visit->app->ctx;
	struct query *query = NULL;

	if (!ctx->tally || ctx_query(ctx, heard_sql, &query, NULL) != OK) {
		return;
	}
	query_bind_int(query, "own", ctx->own_party);
	HTML(html, "<span class=\"heard\">");
	html_word(html, "last heard");
	HTML(html, ": ");
	html_text(html, query_next(query) && !query_is_null(query, 0) ? print_time(ctx, query_int(query, 0)) : "-");
	HTML(html, "</span>");
	query_close(query);
}

/* What a form that led here has made, once. */
static void said(struct visit *visit)
{
	struct session *session = visit->session;

	if (session == NULL || session->said.text[0] == '\0' || strcmp(visit->request->method, "GET") != 0) {
		return;
	}
	HTML(&visit->html, "<p role=\"status\" class=\"done\">");
	html_word(&visit->html,
	    session->said.before ? "this form was sent before; it was signed and stored once" : "signed and stored");
	html_printf(&visit->html, ": %s", session->said.text);
	HTML(&visit->html, "</p>");
	session->said.text[0] = '\0';
}

/* Why what was asked for was not done, and where. */
static void wrong(struct visit *visit)
{
	if (visit->refused != NULL) {
		layout_error(visit, visit->refused);
	} else if (visit->wrong != NULL) {
		layout_alert(visit, visit->wrong);
	}
	if (visit->details && visit->details[0]) {
		HTML(&visit->html, "<pre class=\"wrong\">");
		html_text(&visit->html, visit->details);
		HTML(&visit->html, "</pre>");
	}
}

static void head(struct visit *visit)
{
	struct html *html = &visit->html;
	struct ctx *ctx = &visit->app->ctx;

	HTML(html, "<div class=\"head\"><a class=\"name\" href=\"/\">割符 Warifu</a> ");
	if (ctx->tally) {
		HTML(html, "<span class=\"tally\">");
		for (unsigned i = 0; i < ctx->view.party_count; i++) {
			html_printf(html, "%s%s", i ? " - " : "", ctx->view.party_codes[i]);
		}
		if (ctx->view.national) {
			HTML(html, ": ");
			html_word(html, "national");
		}
		HTML(html, "</span> ");
		heard(visit);
	}
	language_switch(visit);
	who(visit);
	if (visit->session && !visit->session->quick) {
		tally_switch(visit, "/");
	}
	HTML(html, "</div>");
}

void layout_open(struct visit *visit, const char *title)
{
	struct html *html = &visit->html;
	struct ctx *ctx = &visit->app->ctx;

	HTML(html, "<!DOCTYPE html>\n<html");
	HTML_ATTRIBUTE(html, "lang", ctx->lang == LANG_JA ? "ja" : "en");
	HTML(html,
	    "><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
	html_plain(html, title);
	HTML(html,
	    " - Warifu</title><link rel=\"stylesheet\" href=\"/style.css\"><link rel=\"icon\" href=\"data:,\">"
	    "<script src=\"/script.js\" defer></script>");
	if (ctx->tally) {
		HTML(html, "<link rel=\"stylesheet\" media=\"print\"");
		HTML_ATTRIBUTE(html, "href", marking_path(visit));
		HTML(html, ">");
	}
	HTML(html, "</head><body>");
	HTML(html, "<a class=\"skip\" href=\"#main\">");
	html_word(html, "to the content");
	HTML(html, "</a><header>");
	banners(visit);
	head(visit);
	if (visit->session && !visit->session->quick) {
		menu(visit);
	}
	HTML(html, "</header><main id=\"main\"><h1>");
	html_text(html, title);
	HTML(html, "</h1>\n");
	said(visit);
	wrong(visit);
}

void layout_close(struct visit *visit)
{
	struct html *html = &visit->html;

	HTML(html, "</main><footer>");
	banners(visit);
	HTML(html, "<p class=\"foot\">Warifu " WARIFU_VERSION);
	if (visit->app->is_open) {
		HTML(html, " <a href=\"/help\">");
		html_word(html, "help");
		HTML(html, "</a>");
	}
	HTML(html, "</p></footer></body></html>\n");
}

/* Reasons of a rule are in English: on a Japanese page that is said to whoever reads it aloud. */
void layout_alert(struct visit *visit, const char *text)
{
	bool foreign = visit->app->ctx.lang == LANG_JA;

	for (const char *at = text; *at && foreign; at++) {
		foreign = (unsigned char)*at < 0x80;
	}
	HTML(&visit->html, "<p role=\"alert\" class=\"wrong\"");
	HTML_ATTRIBUTE(&visit->html, "lang", foreign ? "en" : NULL);
	HTML(&visit->html, ">");
	html_text(&visit->html, text);
	HTML(&visit->html, "</p>");
}

void layout_error(struct visit *visit, const struct err *err)
{
	page_alert(&visit->html, err);
}

static void open_page(struct visit *visit, unsigned status, const char *title)
{
	visit->answer->status = status;
	buf_clear(&visit->answer->body);
	buf_init(&visit->answer->body, WEB_PAGE_BYTES);
	visit->answer->type = "text/html; charset=utf-8";
	layout_open(visit, title);
}

void answer_page(struct visit *visit, unsigned status, const char *title, const char *text)
{
	open_page(visit, status, title);
	layout_alert(visit, text);
	layout_close(visit);
}

void answer_data(struct visit *visit)
{
	const char *as = request_param(visit->request, "as");
	static const char *const forms[][3] = { { "csv", "text/csv; charset=utf-8", "warifu.csv" },
		{ "ics", "text/calendar; charset=utf-8", "warifu.ics" },
		{ "json", "application/json", "warifu.json" } };

	for (size_t i = 0; as && i < sizeof forms / sizeof *forms; i++) {
		if (strcmp(as, forms[i][0]) == 0) {
			visit->answer->type = forms[i][1];
			visit->answer->download = forms[i][2];
		}
	}
}

void answer_redirect(struct visit *visit, const char *to)
{
	visit->answer->status = 303;
	visit->answer->location =
	    arena_printf(visit->request->arena, "%s", to); /* the home is closed before it is sent */
}

void answer_error(struct visit *visit, const struct err *err)
{
	unsigned status = err->status == NOT_FOUND             ? 404
	    : err->status == REFUSED                           ? 403
	    : err->status == BAD_INPUT || err->status == USAGE ? 400
							       : 500;

	open_page(visit, status, ctx_word(&visit->app->ctx, status == 404 ? "not found" : "not done"));
	layout_error(visit, err);
	layout_close(visit);
}
