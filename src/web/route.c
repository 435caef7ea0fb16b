/* From an address to a handler. Whoever is not logged in sees the login page, the style, and whether the server lives; every POST but
 * the login brings the session's form token. */
#include "base/time.h"
#include "core/assets.h"
#include "web/slow.h"
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

/* Nobody sits at a terminal here: a key that the session has not opened stays closed. */
static enum status ask_nobody(
    void *context, const char *what, bool again, struct arena *arena, struct bytes *out, struct err *err)
{
	(void)context;
	(void)again;
	(void)arena;
	*out = (struct bytes){ 0 };
	return err_set(err, REFUSED, "%s: its key is not open in this session; log in at that desk too", what);
}

/* The officer's desk in the tally at hand, and the keys of all of them. */
static enum status open_session(struct visit *visit, struct err *err)
{
	struct app *app = visit->app;
	struct session *session = visit->session;
	enum status status = OK;

	visit->desk = session_desk(session, &app->ctx.view.id);
	app->officer_usual = bytes_text(session->officer);
	app->desk_wanted = visit->desk ? arena_printf(&app->arena, "%lld", (long long)visit->desk->number) : "0";
	for (unsigned i = 0; i < session->desk_count && !session->quick && status == OK; i++) {
		status = app_lend(app, &session->desks[i].key, &session->desks[i].secrets, err);
	}
	visit->request->once = session_once;
	visit->request->mark = session->form;
	visit->request->tally_mark = tally_hex(visit);
	return status;
}

static enum status open_home(struct visit *visit, bool write, struct err *err)
{
	struct app *app = visit->app;

	app->passphrase = ask_nobody;
	app->ctx.lang = strcmp(visit->request->lang, "ja") == 0 ? LANG_JA : LANG_EN;
	if (visit->options->now_given) {
		app->ctx.now_ms = visit->options->now_ms;
		app->ctx.now_given = true;
	}
	enum status status = app_open(app, visit->options->home_dir, write ? DB_WRITE : DB_READ, err);
	if (status == OK && !write) {
		status = app_still(app, err);
	}
	visit->session = session_find(visit->sessions, visit->request->session, visit->now_ms);
	if (status == OK) {
		status = choose_tally(visit, err);
	}
	return status == OK && visit->session ? open_session(visit, err) : status;
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

/* The first page begins with how the matters of each domain stand: its page "/front/DOMAIN". */
static void fronts(struct visit *visit, const struct page *page)
{
	for (const struct domain *const *domain = domains; *domain && strcmp(page->path, "/") == 0; domain++) {
		show_domain_part(visit, *domain, "/front/");
	}
}

void show_page(struct visit *visit, const struct page *page)
{
	const char *as = request_param(visit->request, "as"),
		   *title = visit->app->ctx.lang == LANG_JA ? page->ja : page->en;
	bool calendar = as && (page->flags & PAGE_CALENDAR) != 0 && strcmp(as, "ics") == 0;
	bool data = as && (strcmp(as, "csv") == 0 || strcmp(as, "json") == 0 || calendar);
	struct err err = { 0 };

	visit->request->rest = visit->request->path + strlen(page->path);
	visit->request->rest += visit->request->rest[0] == '/';
	if ((page->flags & PAGE_SLOW) != 0 || (data && (page->flags & PAGE_SLOW_DATA) != 0)) {
		show_slow(visit, page, data);
		return;
	}
	if (data) {
		answer_data(visit);
	} else {
		layout_open(visit, title);
		fronts(visit, page);
	}
	if (page->show(&visit->app->ctx, visit->request, &visit->html, &err) != OK) {
		visit->answer->download = NULL;
		answer_error(visit, &err);
	} else if (!data) {
		openings(visit, page);
		link_page_papers(visit, page);
		if (strcmp(page->path, "/sync") == 0) {
			show_bundles(visit);
		}
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

static void get_script(struct visit *visit, const char *rest)
{
	(void)rest;
	asset(visit, ASSET(script), "text/javascript; charset=utf-8");
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

void show_kept(struct visit *visit, const char *rest)
{
	struct pairs typed;
	const char *path = visit->desk
	    ? kept_find(visit->sessions, &visit->desk->key, visit->now_ms, visit->request->arena, &typed)
	    : NULL;
	const struct page *page = path ? web_page_for(path) : NULL;
	const char *kind, *target;

	(void)rest;
	visit->wrong = ctx_word(
	    &visit->app->ctx, "your session had ended: nothing was sent; this is what you typed, without files");
	if (path != NULL && strncmp(path, "/new/", 5) == 0) {
		show_form(visit, path + 5, NULL, &typed, NULL);
	} else if (path != NULL && strncmp(path, "/move/", 6) == 0 &&
	    kind_and_target(visit, path + 6, &kind, &target)) {
		show_form(visit, kind, target, &typed, NULL);
	} else if (page != NULL && page_acts(path)) {
		visit->request->path = arena_printf(visit->request->arena, "%s", path);
		visit->request->fields = typed; /* as when it had come and was refused */
		show_page(visit, page);
	} else {
		answer_redirect(visit, "/");
	}
}

static void get_thread(struct visit *visit, const char *rest)
{
	show_thread(visit, rest);
}

static void get_desk(struct visit *visit, const char *rest)
{
	show_desk(visit, rest);
}

static void grant(struct visit *visit, const char *rest)
{
	(void)rest;
	post_grant(visit);
}

static void revoke(struct visit *visit, const char *rest)
{
	(void)rest;
	post_revoke(visit);
}

static void get_start(struct visit *visit, const char *rest)
{
	(void)rest;
	if (setup_knows(&visit->sessions->setup, visit->request->setup)) {
		show_start(visit, NULL);
	} else {
		show_code_form(visit, NULL);
	}
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
	{ "GET", "/script.js", ROUTE_OPEN, get_script },
	{ "GET", "/marking.css", ROUTE_HOME, get_marking_css },
	{ "GET", "/help", ROUTE_HOME, show_help },
	{ "GET", "/help/", ROUTE_HOME, show_help },
	{ "GET", "/login", ROUTE_HOME, get_login },
	{ "POST", "/login", ROUTE_HOME, login },
	{ "POST", "/logout", ROUTE_OFFICER, logout },
	{ "GET", "/new/", ROUTE_OFFICER, get_new },
	{ "POST", "/new/", ROUTE_MOVE, post_new },
	{ "GET", "/move/", ROUTE_OFFICER, get_move },
	{ "POST", "/move/", ROUTE_MOVE, post_move },
	{ "GET", "/kept", ROUTE_OFFICER, show_kept },
	{ "GET", "/thread/", ROUTE_OFFICER, get_thread },
	{ "GET", "/attachment/", ROUTE_OFFICER, answer_attachment },
	{ "GET", "/pdf/", ROUTE_OFFICER, answer_pdf },
	{ "GET", "/desk", ROUTE_OFFICER, get_desk },
	{ "GET", "/desk/", ROUTE_OFFICER, get_desk },
	{ "POST", "/desk/grant", ROUTE_MOVE, grant },
	{ "POST", "/desk/revoke", ROUTE_MOVE, revoke },
	{ "POST", "/bundle/write", ROUTE_MOVE, post_bundle_write },
	{ "POST", "/bundle/read", ROUTE_MOVE, post_bundle_read },
	{ "GET", "/start", ROUTE_START, get_start },
	{ "POST", "/start/code", ROUTE_START, post_start_code },
	{ "POST", "/start/home", ROUTE_SETUP, post_start_home },
	{ "POST", "/start/keys", ROUTE_SETUP, post_start_keys },
	{ "GET", "/start/card", ROUTE_SETUP, get_start_card },
	{ "POST", "/start/propose", ROUTE_SETUP, post_start_propose },
	{ "POST", "/start/accept", ROUTE_SETUP, post_start_accept },
	{ "GET", "/start/opening", ROUTE_SETUP, get_start_opening },
	{ "POST", "/start/desk", ROUTE_SETUP, post_start_desk },
	{ "GET", "/start/request/", ROUTE_SETUP, get_start_request },
	{ "POST", "/start/compared", ROUTE_SETUP, post_start_compared },
	{ "POST", "/start/bundle/write", ROUTE_SETUP, post_bundle_write },
	{ "POST", "/start/bundle/read", ROUTE_SETUP, post_bundle_read },
	{ "POST", "/", ROUTE_MOVE, post_page }, /* what forms on these pages do, by their tables */
	{ "GET", "/exchange/", ROUTE_PARTNER, get_exchange },
	{ "POST", "/exchange/", ROUTE_PARTNER, post_exchange },
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

#define NOT_OF_SESSION "this form is not of your session; go back, load the page again, and send it once more"

/* The first start. Whoever has not given the code gets no further than the page that asks for it. */
static void answer_start(struct visit *visit, const struct route *route, bool posts)
{
	struct setup *setup = &visit->sessions->setup;
	bool knows = setup_knows(setup, visit->request->setup);
	struct err err = { 0 };

	open_home(visit, posts && knows, &err); /* there need not be one yet; and a command may be at work in it */
	visit->request->mark = setup->form;
	visit->request->tally_mark = tally_hex(visit);
	if (!setup->open) {
		answer_redirect(visit, "/login");
	} else if (route->need == ROUTE_SETUP && !knows) {
		answer_redirect(visit, "/start");
	} else if (route->need == ROUTE_SETUP && posts && !setup_form_fits(setup, asked(visit, "form"))) {
		answer_page(
		    visit, 403, ctx_word(&visit->app->ctx, "not done"), ctx_word(&visit->app->ctx, NOT_OF_SESSION));
	} else if (route->need == ROUTE_SETUP && !visit->app->is_open && strcmp(route->path, "/start/home") != 0) {
		answer_error(visit, &err); /* nothing of a step can be done without a home */
	} else {
		route->answer(visit, visit->request->path + strlen(route->path));
	}
}

/* Where whoever is not logged in is sent to. What an officer typed into a move while his session ended is kept for him. */
static void answer_stranger(struct visit *visit)
{
	const struct request *request = visit->request;
	bool move = strncmp(request->path, "/new/", 5) == 0 || strncmp(request->path, "/move/", 6) == 0 ||
	    page_acts(request->path);

	if (move && strcmp(request->method, "POST") == 0 &&
	    kept_put(visit->sessions, request->session, asked(visit, "form"), request->path, &request->fields,
		visit->now_ms)) {
		answer_redirect(visit, "/login?kept=yes");
		return;
	}
	answer_redirect(visit, visit->sessions->setup.open ? "/start" : "/login");
}

/* A telephone's session sees what is quick, and the way out. */
static bool is_beyond_quick(const struct visit *visit, enum route_need need)
{
	const char *path = visit->request->path;

	return need != ROUTE_HOME && visit->session->quick && strcmp(path, "/quick") != 0 &&
	    strncmp(path, "/quick/", 7) != 0 && strcmp(path, "/logout") != 0;
}

/* Why a form is not taken; NULL: it is. */
static const char *form_refused(struct visit *visit, enum route_need need)
{
	struct ctx *ctx = &visit->app->ctx;

	if (!web_may_post(visit)) {
		return ctx_word(ctx, NOT_OF_SESSION);
	}
	if (need == ROUTE_MOVE && !form_is_of_tally(visit)) {
		return ctx_word(
		    ctx, "this form is of another tally than the one at hand; choose that one, and send it once more");
	}
	return need == ROUTE_MOVE && visit->desk == NULL
	    ? ctx_word(
		  ctx, "your session has no desk in this tally; ask the registrar for one, or log in at a desk of it")
	    : NULL;
}

static void answer_route(struct visit *visit, const struct route *route)
{
	if (route == NULL) {
		answer_unknown(visit);
	} else {
		route->answer(visit, visit->request->path + strlen(route->path));
	}
}

static void answer_browser(struct visit *visit, const struct route *route)
{
	bool posts = strcmp(visit->request->method, "POST") == 0;
	enum route_need need = route ? route->need : ROUTE_OFFICER;
	struct err err = { 0 };
	const char *refused = NULL;

	if (need == ROUTE_OPEN) {
		route->answer(visit, "");
	} else if (!posts && switch_language(visit)) {
		return;
	} else if (need == ROUTE_START || need == ROUTE_SETUP) {
		answer_start(visit, route, posts);
	} else if (open_home(visit, need == ROUTE_MOVE, &err) != OK) {
		if (visit->sessions->setup.open) {
			answer_stranger(visit);
		} else {
			answer_error(visit, &err);
		}
	} else if (need != ROUTE_HOME && visit->session == NULL) {
		answer_stranger(visit);
	} else if (!posts && need != ROUTE_HOME && switch_tally(visit)) {
		return;
	} else if (is_beyond_quick(visit, need)) {
		answer_redirect(visit, "/quick");
	} else if (posts && need == ROUTE_MOVE && web_may_post(visit) && !form_is_of_tally(visit) &&
	    answer_sent_before(visit)) {
		return; /* what it made changed the tally at hand */
	} else if (need != ROUTE_HOME && posts && (refused = form_refused(visit, need)) != NULL) {
		answer_page(visit, 403, ctx_word(&visit->app->ctx, "not done"), refused);
	} else {
		answer_route(visit, route);
	}
}

/* A partner's home has these routes and no other. */
static void answer_partner(struct visit *visit, const struct route *route)
{
	if (!web_sync_admit(visit)) {
		return;
	}
	if (route == NULL || route->need != ROUTE_PARTNER) {
		visit->answer->status = 404;
	} else {
		route->answer(visit, visit->request->path + strlen(route->path));
	}
}

void web_answer(struct visit *visit)
{
	const struct route *route = web_route_for(visit->request->method, visit->request->path);

	if (visit->partner != NULL) {
		answer_partner(visit, route);
	} else {
		answer_browser(visit, route != NULL && route->need == ROUTE_PARTNER ? NULL : route);
	}
}
