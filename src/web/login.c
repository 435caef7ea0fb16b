/* Logging in: which desk, and its passphrase, which unlocks the key for as long as the session lasts; and with it those of the same officer in
 * the home's other tallies that have the same passphrase. A telephone logs in for what is quick: its session holds no key. */
#include "base/text.h"
#include "base/words.h"
#include "core/print.h"
#include "web/web.h"
#include <stdlib.h>
#include <string.h>

struct desk_choice {
	struct key_view *keys;
	unsigned count;
};

static bool is_choice(struct visit *visit, const struct key_view *view)
{
	char dir[4096];

	return view->key_class == KEY_DESK && view->signer.party == visit->app->ctx.own_party && view->counts &&
	    !view->revoked && app_key_here(visit->app, &view->key, dir);
}

/* The label of this home's key in the tally; "" while it has none. */
static const char *home_label(struct visit *visit, const struct desk_choice *choice)
{
	for (unsigned i = 0; app_choose_home_key(visit->app, NULL) == OK && i < choice->count; i++) {
		if (id_equal(&choice->keys[i].key, &visit->app->home_key)) {
			return print_text(&visit->app->ctx, choice->keys[i].label);
		}
	}
	return "";
}

/* Whose door this is: an officer with three windows open must not have to guess. */
static void where(struct visit *visit, const struct desk_choice *choice)
{
	struct html *html = &visit->html;
	struct ctx *ctx = html->ctx;
	char words[FINGERPRINT_TEXT];

	fingerprint_words(&visit->app->tally.id, words, sizeof words);
	HTML(html, "<dl class=\"facts\">");
	fact(html, "party", visit->app->party);
	fact(html, "home", home_label(visit, choice));
	fact(html, "agreement", layout_agreement(visit));
	fact(html, "kind of tally",
	    ctx_word(ctx,
		ctx->view.national        ? "national"
		    : ctx->view.rehearsal ? "rehearsal"
					  : "real"));
	fact(html, "tally", words);
	HTML(html, "</dl>");
}

static void desks(struct visit *visit, const struct desk_choice *choice)
{
	struct html *html = &visit->html;
	struct ctx *ctx = &visit->app->ctx;
	const char *wanted = pairs_get(&visit->request->fields, "desk"); /* stays chosen after a wrong passphrase */
	bool any = false;

	HTML(html, "<fieldset><legend>");
	html_word(html, "desk");
	HTML(html, "</legend>");
	for (unsigned i = 0; i < choice->count; i++) {
		const struct key_view *view = &choice->keys[i];
		if (!is_choice(visit, view)) {
			continue;
		}
		const char *number = arena_printf(ctx->arena, "%lld", (long long)view->signer.desk_number);
		HTML(html, "<label class=\"choice\"><input type=\"radio\" name=\"desk\" required");
		HTML_ATTRIBUTE(html, "value", number);
		HTML_ATTRIBUTE(html, "checked", (wanted ? number && strcmp(wanted, number) == 0 : !any) ? "" : NULL);
		HTML(html, "><span>");
		html_printf(html, "%s-%02lld  ", visit->app->party, (long long)view->signer.desk_number);
		html_bytes(html, view->signer.post);
		HTML(html, "</span></label>");
		any = true;
	}
	if (!any) {
		HTML(html, "<p>");
		html_word(html, "no desk here may sign yet; see the guide: warifu desk request");
		HTML(html, "</p>");
		if (visit->sessions->setup.open) {
			html_link(html, "/start", ctx_word(ctx, "first start"));
		}
	}
	HTML(html, "</fieldset>");
}

static int by_number(const void *a, const void *b)
{
	int64_t one = ((const struct key_view *)a)->signer.desk_number,
		other = ((const struct key_view *)b)->signer.desk_number;

	return (one > other) - (one < other);
}

void show_login(struct visit *visit, const char *message)
{
	struct html *html = &visit->html;
	struct ctx *ctx = &visit->app->ctx;
	struct desk_choice choice = { 0 };
	struct err err = { 0 };

	if (app_keys(visit->app, &choice.keys, &choice.count, &err) != OK) {
		answer_error(visit, &err);
		return;
	}
	if (choice.count > 0) {
		qsort(choice.keys, choice.count, sizeof *choice.keys, by_number);
	}
	layout_open(visit, ctx_word(ctx, "log in"));
	if (message) {
		visit->answer->status = visit->answer->status == 200 ? 401 : visit->answer->status;
		layout_alert(visit, message);
	}
	if (request_param(visit->request, "kept")) {
		HTML(html, "<p role=\"status\" class=\"done\">");
		html_word(html, "your session has ended; what you typed is kept for an hour: log in at the same desk");
		HTML(html, "</p>");
	}
	where(visit, &choice);
	tally_switch(visit, "/login");
	HTML(html, "<form class=\"login\" method=\"post\" action=\"/login\">");
	page_hidden(html, "tally", tally_hex(visit));
	desks(visit, &choice);
	HTML(html, "<label>");
	html_word(html, "passphrase");
	HTML(html,
	    " <input type=\"password\" name=\"passphrase\" autocomplete=\"current-password\" required></label><p class=\"send\"><button>");
	html_word(html, "log in");
	HTML(html, "</button> <button class=\"quiet\" name=\"quick\" value=\"true\">");
	html_word(html, "quick receipt");
	HTML(html, "</button></p></form>");
	layout_close(visit);
}

static const struct key_view *chosen(struct visit *visit, struct err *err)
{
	const char *wanted = pairs_get(&visit->request->fields, "desk");
	struct key_view *keys;
	unsigned count;

	if (app_keys(visit->app, &keys, &count, err) != OK) {
		return NULL;
	}
	for (unsigned i = 0; i < count && wanted; i++) {
		char number[24];
		snprintf(number, sizeof number, "%lld", (long long)keys[i].signer.desk_number);
		if (is_choice(visit, &keys[i]) && strcmp(number, wanted) == 0) {
			return &keys[i];
		}
	}
	return NULL;
}

static struct session_desk desk_of(struct visit *visit, const struct key_view *view, const struct secrets *secrets)
{
	struct session_desk desk = { .tally = visit->app->ctx.view.id,
		.key = view->key,
		.number = view->signer.desk_number,
		.secrets = *secrets };

	text_keep(desk.post, sizeof desk.post, view->signer.post);
	return desk;
}

/* Of the tally at hand: the officer's desks that this passphrase opens too. */
static void open_desks(struct visit *visit, struct session *session, struct bytes passphrase)
{
	struct key_view *keys;
	unsigned count;

	if (app_keys(visit->app, &keys, &count, NULL) != OK) {
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		struct secrets secrets;
		if (is_choice(visit, &keys[i]) && bytes_is(keys[i].signer.officer, session->officer) &&
		    app_unlock(visit->app, &keys[i].key, "desk", passphrase, &secrets, NULL) == OK) {
			struct session_desk desk = desk_of(visit, &keys[i], &secrets);
			session_add_desk(session, &desk);
			secrets_clear(&desk.secrets);
			secrets_clear(&secrets);
			return;
		}
	}
}

struct other_tallies {
	struct id items[SESSION_DESKS];
	unsigned count;
};

static enum status add_other(void *context, const struct tally_row *tally, struct err *err)
{
	struct other_tallies *others = context;

	(void)err;
	if (others->count < SESSION_DESKS) {
		others->items[others->count++] = tally->id;
	}
	return OK;
}

static void open_others(struct visit *visit, struct session *session, struct bytes passphrase)
{
	struct other_tallies others = { .count = 0 };
	const char *at_hand = tally_hex(visit);
	char hex[2 * ID_BYTES + 1];

	if (store_tally_each(visit->app->store, add_other, &others, NULL) != OK) {
		return;
	}
	for (unsigned i = 0; i < others.count; i++) {
		hex_print(id_bytes(&others.items[i]), hex);
		if (session_desk(session, &others.items[i]) == NULL && app_choose_tally(visit->app, hex, NULL) == OK) {
			open_desks(visit, session, passphrase);
		}
	}
	app_choose_tally(visit->app, at_hand, NULL);
}

/* The same officer at another of his desks goes on with his session; whoever else comes begins a new one. */
static struct session *session_for(struct visit *visit, const struct key_view *view, bool quick)
{
	struct session *session = visit->session;

	if (session && !session->quick && !quick && bytes_is(view->signer.officer, session->officer)) {
		return session;
	}
	if (session) {
		session_close(session);
	}
	return session_new(visit->sessions, view->signer.officer, visit->now_ms);
}

/* Something that was typed at this desk when an earlier session had ended. */
static bool has_kept(struct visit *visit)
{
	struct pairs typed;

	return visit->desk &&
	    kept_find(visit->sessions, &visit->desk->key, visit->now_ms, visit->request->arena, &typed) != NULL;
}

static void log_in(
    struct visit *visit, const struct key_view *view, const struct secrets *secrets, struct bytes passphrase)
{
	bool quick = pairs_get(&visit->request->fields, "quick") != NULL;
	const struct secrets none = { 0 };
	struct session *session = session_for(visit, view, quick);
	struct session_desk desk = desk_of(visit, view, quick ? &none : secrets);

	session_add_desk(session, &desk);
	secrets_clear(&desk.secrets);
	session->quick = quick;
	snprintf(session->tally, sizeof session->tally, "%s", tally_hex(visit));
	if (!quick) {
		open_others(visit, session, passphrase);
	}
	visit->session = session;
	visit->desk = session_desk(session, &visit->app->ctx.view.id);
	cookie_set(visit, COOKIE_SESSION, session->token);
	setup_close(&visit->sessions->setup); /* the first start is over */
	answer_redirect(visit, quick ? "/quick" : has_kept(visit) ? "/kept" : "/");
}

void post_login(struct visit *visit)
{
	const char *passphrase = pairs_get(&visit->request->fields, "passphrase");
	struct ctx *ctx = &visit->app->ctx;
	struct err err = { 0 };
	const struct key_view *view = chosen(visit, &err);
	struct secrets secrets;

	if (view == NULL || passphrase == NULL) {
		show_login(visit, ctx_word(ctx, "choose a desk and give its passphrase"));
		return;
	}
	const char *wrong = try_passphrase(visit, &view->key, passphrase, &secrets);
	if (wrong != NULL) {
		show_login(visit, wrong);
		return;
	}
	log_in(visit, view, &secrets, bytes_text(passphrase));
	secrets_clear(&secrets);
}

void post_logout(struct visit *visit)
{
	session_close(visit->session);
	visit->session = NULL;
	cookie_set(visit, COOKIE_SESSION, "");
	answer_redirect(visit, "/login");
}
