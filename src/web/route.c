/* From an address to a handler. Whoever is not logged in sees the login page, the style, and whether the server lives; every POST but
 * the login brings the session's form token. */
#include "base/time.h"
#include "core/assets.h"
#include "web/web.h"
#include <string.h>

static bool is_path(const struct visit *visit, const char *path)
{
	return strcmp(visit->request->path, path) == 0;
}

/* What stands behind a prefix that ends with a stroke; NULL when the path does not begin so. */
static const char *behind(const struct visit *visit, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(visit->request->path, prefix, len) == 0 ? visit->request->path + len : NULL;
}

bool web_may_post(struct visit *visit)
{
	return visit->session != NULL && session_form_fits(visit->session, pairs_get(&visit->request->fields, "form"));
}

static void asset(struct visit *visit, struct bytes content, const char *type)
{
	visit->answer->type = type;
	visit->answer->cache = true;
	buf_put_bytes(&visit->answer->body, content);
}

/* The switch of languages: kept in a cookie, and the same page again without the parameter. */
static bool switch_language(struct visit *visit)
{
	const char *lang = request_param(visit->request, "lang");

	if (lang == NULL || (strcmp(lang, "en") != 0 && strcmp(lang, "ja") != 0)) {
		return false;
	}
	snprintf(visit->answer->cookie, sizeof visit->answer->cookie,
	    "lang=%s; Path=/; Max-Age=31536000; SameSite=Strict", lang);
	answer_redirect(visit, request_with(visit->request, "lang", NULL));
	return true;
}

static enum status open_home(struct visit *visit, bool write, struct err *err)
{
	struct app *app = visit->app;

	app->ctx.lang = strcmp(visit->request->lang, "ja") == 0 ? LANG_JA : LANG_EN;
	if (visit->options->now_given) {
		app->ctx.now_ms = visit->options->now_ms;
		app->ctx.now_given = true;
	}
	enum status status = app_open(app, visit->options->home_dir, write ? DB_WRITE : DB_READ, err);
	if (status == OK) {
		status = app_choose_tally(app, visit->options->tally, err);
	}
	visit->session = session_find(visit->sessions, visit->request->session, visit->now_ms);
	if (status == OK && visit->session) {
		app->desk_wanted = arena_printf(&app->arena, "%lld", (long long)visit->session->desk_number);
		status = app_lend(app, &visit->session->desk, &visit->session->secrets, err);
	}
	return status;
}

/* ---- pages -------------------------------------------------------------------------------------------------------------- */

static const struct page *longest(const struct page *pages, const char *path, const struct page *found)
{
	for (; pages && pages->path; pages++) {
		size_t len = strlen(pages->path);
		bool fits = strcmp(path, pages->path) == 0 ||
		    (strncmp(path, pages->path, len) == 0 && path[len] == '/' && len > 1);
		if (fits && (found == NULL || len > strlen(found->path))) {
			found = pages;
		}
	}
	return found;
}

const struct page *web_page_for(const char *path)
{
	const struct page *found = longest(web_pages, path, NULL);

	for (const struct domain *const *domain = domains; *domain; domain++) {
		found = longest((*domain)->pages, path, found);
	}
	return found;
}

/* The first page of a domain leads to the forms that open its threads. */
static void openings(struct visit *visit, const struct page *page)
{
	for (const struct domain *const *domain = domains; *domain; domain++) {
		if ((*domain)->pages == page) {
			show_openings(visit, *domain);
		}
	}
}

static void show_page(struct visit *visit, const struct page *page)
{
	const char *as = request_param(visit->request, "as"),
		   *title = visit->app->ctx.lang == LANG_JA ? page->ja : page->en;
	bool data = as && (strcmp(as, "csv") == 0 || strcmp(as, "json") == 0);
	struct err err = { 0 };

	visit->request->rest = visit->request->path + strlen(page->path);
	visit->request->rest += visit->request->rest[0] == '/';
	if (data) {
		visit->answer->type = strcmp(as, "csv") == 0 ? "text/csv; charset=utf-8" : "application/json";
		visit->answer->download = strcmp(as, "csv") == 0 ? "warifu.csv" : "warifu.json";
	} else {
		layout_open(visit, title);
	}
	if (page->show(&visit->app->ctx, visit->request, &visit->html, &err) != OK) {
		visit->answer->download = NULL;
		answer_error(visit, &err);
	} else if (!data) {
		openings(visit, page);
		layout_close(visit);
	}
}

static void get(struct visit *visit)
{
	const char *rest, *stroke;
	const struct page *page;

	if ((rest = behind(visit, "/new/")) != NULL) {
		show_form(visit, rest, NULL, &visit->request->query, NULL);
	} else if ((rest = behind(visit, "/move/")) != NULL && (stroke = strchr(rest, '/')) != NULL) {
		const char *kind = arena_printf(&visit->app->arena, "%.*s", (int)(stroke - rest), rest);
		show_form(visit, kind, stroke + 1, &visit->request->query, NULL);
	} else if ((rest = behind(visit, "/thread/")) != NULL) {
		show_thread(visit, rest);
	} else if (is_path(visit, "/desk") || behind(visit, "/desk/") != NULL) {
		show_desk(visit);
	} else if ((rest = behind(visit, "/paper/")) != NULL) {
		answer_paper(visit, rest);
	} else if ((page = web_page_for(visit->request->path)) != NULL) {
		show_page(visit, page);
	} else {
		answer_page(visit, 404, ctx_word(&visit->app->ctx, "not found"), visit->request->path);
	}
}

static void post(struct visit *visit)
{
	const char *rest, *stroke;

	if (!web_may_post(visit)) {
		answer_page(visit, 403, ctx_word(&visit->app->ctx, "not done"),
		    ctx_word(&visit->app->ctx,
			"this form is not of your session; go back, load the page again, and send it once more"));
	} else if (is_path(visit, "/logout")) {
		post_logout(visit);
	} else if (is_path(visit, "/desk/grant")) {
		post_grant(visit);
	} else if (is_path(visit, "/desk/revoke")) {
		post_revoke(visit);
	} else if ((rest = behind(visit, "/new/")) != NULL) {
		post_form(visit, rest, NULL);
	} else if ((rest = behind(visit, "/move/")) != NULL && (stroke = strchr(rest, '/')) != NULL) {
		post_form(visit, arena_printf(&visit->app->arena, "%.*s", (int)(stroke - rest), rest), stroke + 1);
	} else {
		answer_page(visit, 404, ctx_word(&visit->app->ctx, "not found"), visit->request->path);
	}
}

void web_answer(struct visit *visit)
{
	bool posts = strcmp(visit->request->method, "POST") == 0;
	struct err err = { 0 };

	if (is_path(visit, "/healthz")) {
		visit->answer->type = "text/plain; charset=utf-8";
		buf_put_text(&visit->answer->body, "ok\n");
	} else if (is_path(visit, "/style.css")) {
		asset(visit, ASSET(style), "text/css; charset=utf-8");
	} else if (!posts && switch_language(visit)) {
		return;
	} else if (open_home(visit, posts && !is_path(visit, "/login") && !is_path(visit, "/logout"), &err) != OK) {
		answer_error(visit, &err);
	} else if (posts && is_path(visit, "/login")) {
		post_login(visit);
	} else if (is_path(visit, "/login")) {
		show_login(visit, NULL);
	} else if (visit->session == NULL) {
		answer_redirect(visit, "/login");
	} else if (posts) {
		post(visit);
	} else {
		get(visit);
	}
}
