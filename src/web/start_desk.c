/* The first start, fourth step: a desk. Where the root key is at hand the desk is granted at once; else its request goes to whoever
 * grants, and the grant comes back in a bundle. */
#include "app/grants.h"
#include "base/words.h"
#include "web/web.h"
#include <string.h>

#define LIMITS_MOST 16

/* What was asked for and not granted yet: {"desk": CARD, "home": CARD}. The caller owns it. */
static json_t *requests(struct app *app)
{
	json_t *start = NULL;

	return app_setting_get(app, "first_start", &start, NULL) == OK ? start : json_object();
}

static bool has_asked(struct app *app)
{
	json_t *start = requests(app);
	bool has = json_get_text(start, "desk") != NULL;

	json_decref(start);
	return has;
}

/* ---- asked for, and waiting ------------------------------------------------------------------------------------------------- */

static void show_card(struct visit *visit, const char *title, const char *name, const char *text)
{
	struct html *html = &visit->html;

	HTML(html, "<section class=\"part\"><h3>");
	html_word(html, title);
	HTML(html, "</h3><p><a");
	HTML_ATTRIBUTE(html, "href", html_path(html->ctx, "/start/request/", name));
	HTML(html, ">");
	html_word(html, "as a file");
	HTML(html, "</a></p><pre class=\"lines\" tabindex=\"0\">");
	html_text(html, text);
	HTML(html, "</pre></section>");
}

static void show_waiting(struct visit *visit, const json_t *start)
{
	struct html *html = &visit->html;
	const char *home = json_get_text(start, "home");

	paragraph(html,
	    "send this to whoever keeps the root key, or to a registrar, and read the words aloud on the telephone; it is granted there at the page of the desks, or with `warifu desk grant`");
	HTML(html, "<div class=\"two\">");
	show_card(visit, "request for a desk", "desk", json_get_text(start, "desk"));
	if (home) {
		show_card(visit, "request for a home", "home", home);
	}
	HTML(html, "</div>");
	paragraph(html,
	    "the grant comes with the next bundle from a home of our own party, or with `warifu sync`; when it is here, this page goes on by itself when it is loaded again; no answer: telephone, and send the request once more, it stays the same");
	show_bundles(visit);
}

void get_start_request(struct visit *visit, const char *rest)
{
	json_t *start = visit->app->is_open ? requests(visit->app) : json_object();
	bool known = strcmp(rest, "desk") == 0 || strcmp(rest, "home") == 0;
	const char *card = known ? json_get_text(start, rest) : NULL;

	if (card) {
		visit->answer->type = "text/plain; charset=utf-8";
		visit->answer->download = strcmp(rest, "desk") == 0 ? "desk-request.txt" : "home-request.txt";
		buf_put_text(&visit->answer->body, card);
	} else {
		answer_page(visit, 404, ctx_word(&visit->app->ctx, "not found"), visit->request->path);
	}
	json_decref(start);
}

/* ---- asking ------------------------------------------------------------------------------------------------------------------ */

static const char *typed_or(struct visit *visit, const char *name, const char *usual)
{
	return asked(visit, "officer")[0] ? asked(visit, name) : usual;
}

static void desk_form(struct visit *visit, bool ours)
{
	struct html *html = &visit->html;
	bool light = strcmp(asked(visit, "strength"), "light") == 0;

	ask_open(visit, "/start/desk", false);
	ask_input(html, "officer", "officer", "text", asked(visit, "officer"), true,
	    "a number or short name, such as cpo.07; names of persons stay at home");
	ask_input(
	    html, "post", "post", "text", asked(visit, "post"), true, "the partner sees it: supply officer, JS Ise");
	ask_input(html, "roles", "roles", "text",
	    typed_or(visit, "roles", ours ? "orderer,receiver,registrar" : "orderer,receiver"), true,
	    "with commas between: orderer, approver, funds, issuer, receiver, claims, payer, dispute, netting, waiver, liaison, registrar");
	ask_area(html, "limits", "limits", asked(visit, "limits"), "one in a line: GBP=5,000.00; none: no limit");
	ask_new_passphrase(
	    html, "passphrase of the desk", "new_desk_passphrase", "the officer's own; a desk is never lent");
	if (html->ctx->view.rehearsal) {
		ask_choice(html, "checkbox", "strength", "light", light, false,
		    "light strength: opens at once, for rehearsals only");
	}
	if (ours) {
		ask_input(html, "until", "until", "date", asked(visit, "until"), false, "empty: five years");
		ask_input(html, "range of desk numbers", "range", "text", asked(visit, "range"), false,
		    "for a registrar: 100-199");
		ask_root(visit);
	} else {
		ask_input(html, "name of this home", "label", "text", asked(visit, "label"), true,
		    "the partner sees it: headquarters, JS Ise");
		ask_new_passphrase(html, "passphrase of the home key", "new_home_passphrase",
		    "the service opens the home key; it signs acknowledgements, never a move");
	}
	ask_close(html, ours ? "make the desk" : "ask for the desk");
}

void show_desk_step(struct visit *visit)
{
	struct html *html = &visit->html;
	json_t *start = requests(visit->app);

	if (json_get_text(start, "desk")) {
		show_waiting(visit, start);
	} else if (!start_joins(visit->app)) {
		paragraph(html, "the tally is here; send its opening file to the partner, unless it came from there:");
		HTML(html, "<p>");
		html_link(html, "/start/opening", ctx_word(html->ctx, "opening file"));
		HTML(html, "</p>");
		paragraph(html,
		    "a desk is one officer's key on one device; the first one is best a registrar, who grants the others, so that the root key can be locked away after this step");
		desk_form(visit, true);
	} else {
		paragraph(html,
		    "a desk is one officer's key on one device; it is asked for here and granted where the root key or a registrar is");
		desk_form(visit, false);
	}
	json_decref(start);
}

/* One limit in each line that holds something. */
static unsigned read_limits(struct visit *visit, const char **limits)
{
	unsigned count = 0;

	for (const char *at = asked(visit, "limits"); *at && count < LIMITS_MOST;) {
		size_t len = strcspn(at, "\n");
		size_t from = strspn(at, " ");
		if (from < len) {
			limits[count] = arena_printf(&visit->app->arena, "%.*s", (int)(len - from), at + from);
			count += limits[count] != NULL;
		}
		at += len + (at[len] != '\0');
	}
	return count;
}

static enum status make_request(struct visit *visit, struct buf *card, struct err *err)
{
	const char *limits[LIMITS_MOST];
	struct desk_request request = { .officer = asked(visit, "officer"),
		.post = asked(visit, "post"),
		.roles = asked(visit, "roles"),
		.limits = limits,
		.limit_count = read_limits(visit, limits),
		.strength = strcmp(asked(visit, "strength"), "light") == 0 ? STRENGTH_LIGHT : STRENGTH_STANDARD };
	struct id key;

	return desk_request(visit->app, &request, card, &key, err);
}

static enum status grant_at_once(struct visit *visit, const struct buf *text, struct err *err)
{
	struct grant_terms terms = { 0 };
	struct granted granted;
	struct card card;
	enum status status = grant_terms_read(asked(visit, "until"), NULL, asked(visit, "range"), &terms, err);

	if (status == OK) {
		status = card_read(&visit->app->arena, buf_bytes(text), &card, err);
	}
	return status == OK ? grant_enter(visit->app, &card, &terms, &granted, err) : status;
}

/* The root's passphrase is looked at before a key is made, so that a slip leaves none behind. */
static enum status root_opens(struct visit *visit, struct err *err)
{
	struct grant_terms terms;
	const struct secrets *secrets;
	struct key_view root;
	enum status status = grant_terms_read(asked(visit, "until"), NULL, asked(visit, "range"), &terms, err);

	if (status == OK) {
		status = app_own_key(visit->app, KEY_ROOT, &root, err);
	}
	return status == OK ? app_secrets(visit->app, &root.key, "root key", &secrets, err) : status;
}

static enum status ask_for_grants(struct visit *visit, struct buf *desk, struct err *err)
{
	struct buf home;
	struct id key;
	enum key_strength strength =
	    strcmp(asked(visit, "strength"), "light") == 0 ? STRENGTH_LIGHT : STRENGTH_STANDARD;

	buf_init(&home, CARD_BYTES);
	enum status status = home_request(visit->app, asked(visit, "label"), strength, &home, &key, err);
	if (status == OK) {
		status = make_request(visit, desk, err);
	}
	if (status == OK) {
		json_t *start =
		    json_pack("{s:b, s:s, s:s}", "joins", 1, "desk", arena_text(&visit->app->arena, buf_bytes(desk)),
			"home", arena_text(&visit->app->arena, buf_bytes(&home)));
		status = start ? app_setting_set(visit->app, "first_start", start, err)
			       : err_set(err, ENVIRONMENT, "request: out of memory");
		json_decref(start);
	}
	buf_clear(&home);
	return status;
}

void post_start_desk(struct visit *visit, const char *rest)
{
	struct err err = { 0 };
	struct buf card;
	enum status status;

	(void)rest;
	ask_by_form(visit);
	buf_init(&card, CARD_BYTES);
	if (!visit->app->ctx.tally) {
		status = err_set(&err, USAGE, "desk: there is no tally in this home yet");
	} else if (start_has_desk(visit->app) || has_asked(visit->app)) {
		status = OK; /* sent twice */
	} else if (start_joins(visit->app)) {
		status = ask_for_grants(visit, &card, &err);
	} else {
		start_root_folder(visit);
		status = root_opens(visit, &err);
		status = status == OK ? make_request(visit, &card, &err) : status;
		status = status == OK ? grant_at_once(visit, &card, &err) : status;
	}
	buf_clear(&card);
	start_done(visit, status, &err);
}
