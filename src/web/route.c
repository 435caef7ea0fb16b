/* From an address to a handler. Whoever is not logged in sees the login page, the style, and whether the server lives; every POST but
 * the login brings the session's form token. */
#include "base/time.h"
#include "core/assets.h"
#include "web/kept.h"
#include <string.h>

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
	if (status == OK && !write) {
		status = app_still(app, err); /* a page shows one state; its end is that of the visit */
	}
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
	if ((page->flags & PAGE_SLOW) != 0 || (data && (page->flags & PAGE_SLOW_DATA) != 0)) {
		show_kept(visit, page, data);
		return;
	}
	if (data) {
		answer_data(visit);
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

/* ---- the routes ---------------------------------------------------------------------------------------------------------- */

static void answer_unknown(struct visit *visit)
{
	answer_page(visit, 404, ctx_word(&visit->app->ctx, "not found"), visit->request->path);
}

static void get_health(struct visit *visit, const char *rest)
{
	(void)rest;
	visit->answer->type = "text/plain; charset=utf-8";
	buf_put_text(&visit->answer->body, "ok\n");
}

static void get_style(struct visit *visit, const char *rest)
{
	(void)rest;
	asset(visit, ASSET(style), "text/css; charset=utf-8");
}

static void get_login(struct visit *visit, const char *rest)
{
	(void)rest;
	show_login(visit, NULL);
}

static void login(struct visit *visit, const char *rest)
{
	(void)rest;
	post_login(visit);
}

static void logout(struct visit *visit, const char *rest)
{
	(void)rest;
	post_logout(visit);
}

static void get_new(struct visit *visit, const char *rest)
{
	show_form(visit, rest, NULL, &visit->request->query, NULL);
}

static void post_new(struct visit *visit, const char *rest)
{
	post_form(visit, rest, NULL);
}

/* "order/GB-07-0001" in two; false when it has no stroke. */
static bool kind_and_target(struct visit *visit, const char *rest, const char **kind, const char **target)
{
	const char *stroke = strchr(rest, '/');

	if (stroke == NULL) {
		answer_unknown(visit);
		return false;
	}
	*kind = arena_printf(&visit->app->arena, "%.*s", (int)(stroke - rest), rest);
	*target = stroke + 1;
	return true;
}

static void get_move(struct visit *visit, const char *rest)
{
	const char *kind, *target;

	if (kind_and_target(visit, rest, &kind, &target)) {
		show_form(visit, kind, target, &visit->request->query, NULL);
	}
}

static void post_move(struct visit *visit, const char *rest)
{
	const char *kind, *target;

	if (kind_and_target(visit, rest, &kind, &target)) {
		post_form(visit, kind, target);
	}
}

static void get_thread(struct visit *visit, const char *rest)
{
	show_thread(visit, rest);
}

static void get_page(struct visit *visit, const char *rest)
{
	const struct page *page = web_page_for(visit->request->path);

	(void)rest;
	if (page != NULL) {
		show_page(visit, page);
	} else {
		answer_unknown(visit);
	}
}

/* All that can be asked for. A path that ends with a stroke takes all that begins with it; the longest one wins. */
const struct route web_routes[] = {
	{ "GET", "/healthz", ROUTE_OPEN, get_health },
	{ "GET", "/style.css", ROUTE_OPEN, get_style },
	{ "GET", "/login", ROUTE_HOME, get_login },
	{ "POST", "/login", ROUTE_HOME, login },
	{ "POST", "/logout", ROUTE_OFFICER, logout },
	{ "GET", "/new/", ROUTE_OFFICER, get_new },
	{ "POST", "/new/", ROUTE_MOVE, post_new },
	{ "GET", "/move/", ROUTE_OFFICER, get_move },
	{ "POST", "/move/", ROUTE_MOVE, post_move },
	{ "GET", "/thread/", ROUTE_OFFICER, get_thread },
	{ "GET", "/paper/", ROUTE_OFFICER, answer_paper },
	{ "GET", "/", ROUTE_OFFICER, get_page }, /* the pages of the domains and of the kernel, by their tables */
	{ 0 },
};

const struct route *web_route_for(const char *method, const char *path)
{
	const struct route *found = NULL;

	for (const struct route *route = web_routes; route->path; route++) {
		size_t len = strlen(route->path);
		bool fits = strcmp(path, route->path) == 0 ||
		    (route->path[len - 1] == '/' && strncmp(path, route->path, len) == 0);
		if (fits && strcmp(route->method, method) == 0 && (!found || len > strlen(found->path))) {
			found = route;
		}
	}
	return found;
}

void web_answer(struct visit *visit)
{
	const struct route *route = web_route_for(visit->request->method, visit->request->path);
	bool posts = strcmp(visit->request->method, "POST") == 0;
	enum route_need need = route ? route->need : ROUTE_OFFICER;
	struct err err = { 0 };

	if (need == ROUTE_OPEN) {
		route->answer(visit, "");
	} else if (!posts && switch_language(visit)) {
		return;
	} else if (open_home(visit, need == ROUTE_MOVE, &err) != OK) {
		answer_error(visit, &err);
	} else if (need != ROUTE_HOME && visit->session == NULL) {
		answer_redirect(visit, "/login");
	} else if (need != ROUTE_HOME && posts && !web_may_post(visit)) {
		answer_page(visit, 403, ctx_word(&visit->app->ctx, "not done"),
		    ctx_word(&visit->app->ctx,
			"this form is not of your session; go back, load the page again, and send it once more"));
	} else if (route == NULL) {
		answer_unknown(visit);
	} else {
		route->answer(visit, visit->request->path + strlen(route->path));
	}
}
