/* The guided first start: from nothing to a desk that may sign, in the browser, by the functions that `init`, `party new`, `tally propose`,
 * `tally accept`, `desk request` and `desk grant` call. Which step comes next is read from the home itself, so that it can be left and
 * taken up again at any time. On the loopback only, before anyone has logged in, with the code that `serve` printed: neither another
 * user of the machine nor another page in the browser can take the home over. This file: the frame, the home, its keys. */
#include "app/parties.h"
#include "app/tallies.h"
#include "base/words.h"
#include "web/web.h"
#include <string.h>

enum step { STEP_HOME, STEP_KEYS, STEP_TALLY, STEP_DESK, STEP_COMPARE, STEP_SYNC, STEPS };

static bool is_own_desk(struct app *app, const struct key_view *view)
{
	char dir[4096];

	return view->key_class == KEY_DESK && view->signer.party == app->ctx.own_party && view->counts &&
	    !view->revoked && app_key_here(app, &view->key, dir);
}

bool start_has_desk(struct app *app)
{
	struct key_view *keys;
	unsigned count;
	bool found = false;

	if (app->ctx.tally && app_keys(app, &keys, &count, NULL) == OK) {
		for (unsigned i = 0; i < count; i++) {
			found |= is_own_desk(app, &keys[i]);
		}
	}
	return found;
}

/* A home of a party whose root is elsewhere needs no keys of the party: it joins what the root has accepted. */
bool start_joins(struct app *app)
{
	json_t *start = NULL;
	bool joins =
	    app_setting_get(app, "first_start", &start, NULL) == OK && json_is_true(json_object_get(start, "joins"));

	json_decref(start);
	return joins;
}

static enum step step_now(struct app *app, const struct setup *setup)
{
	struct party_pair pair;

	if (!app->is_open) {
		return STEP_HOME;
	}
	if (app->ctx.tally) {
		return !start_has_desk(app) ? STEP_DESK : !setup->compared ? STEP_COMPARE : STEP_SYNC;
	}
	return start_joins(app) || party_pair_get(app, &pair, NULL) == OK ? STEP_TALLY : STEP_KEYS;
}

bool start_is_due(const struct web_options *options)
{
	static const struct setup none;
	struct app app;

	app_init(&app);
	if (app_open(&app, options->home_dir, DB_READ, NULL) == OK) {
		/* Several tallies, none of them the usual one: that is no beginner's home. */
		struct err err = { 0 };
		if (app_choose_tally(&app, options->tally, &err) == USAGE) {
			app_close(&app);
			return false;
		}
	}
	enum step step = step_now(&app, &none);
	app_close(&app);
	return step < STEP_COMPARE;
}

/* ---- the frame ---------------------------------------------------------------------------------------------------------- */

static void progress(struct visit *visit, enum step now)
{
	static const char *const names[STEPS] = { "make the home", "make the party's keys", "open a tally",
		"make a desk", "compare the fingerprints", "first sync" };
	struct html *html = &visit->html;

	HTML(html, "<ol class=\"steps\">");
	for (enum step step = 0; step < STEPS; step++) {
		HTML(html, "<li");
		HTML_ATTRIBUTE(html, "aria-current", step == now ? "step" : NULL);
		HTML_ATTRIBUTE(html, "class", step < now ? "past" : NULL);
		HTML(html, ">");
		html_text(html, ctx_word(html->ctx, names[step])); /* each of them stands in data/words.json */
		if (step < now) {
			HTML(html, " - ");
			html_word(html, "done");
		}
		HTML(html, "</li>");
	}
	HTML(html, "</ol>\n<h2>");
	html_printf(html, "%s %d / %d: ", ctx_word(html->ctx, "step"), (int)now + 1, (int)STEPS);
	html_word(html, names[now]);
	HTML(html, "</h2>");
}

void show_code_form(struct visit *visit, const char *message)
{
	struct html *html = &visit->html;

	layout_open(visit, ctx_word(html->ctx, "first start"));
	if (message) {
		layout_alert(visit, message);
	}
	paragraph(html,
	    "nobody can log in here yet; the terminal where `warifu serve` runs shows a setup code: type it here");
	ask_open(visit, "/start/code", false);
	ask_input(html, "setup code", "code", "text", NULL, true,
	    "12 letters and digits; it works once, and for this browser alone");
	ask_close(html, "begin");
	layout_close(visit);
}

void post_start_code(struct visit *visit, const char *rest)
{
	const struct setup *setup = &visit->sessions->setup;
	struct err err = { 0 };

	(void)rest;
	if (setup_enter(visit->sessions, asked(visit, "code"), visit->now_ms, &err) != OK) {
		visit->answer->status = strstr(err.text, "too many") ? 429 : 403;
		show_code_form(visit, ctx_said(&visit->app->ctx, &err));
		return;
	}
	cookie_set(visit, COOKIE_SETUP, setup->token);
	answer_redirect(visit, "/start");
}

void start_done(struct visit *visit, enum status status, const struct err *err)
{
	if (status == OK) {
		answer_redirect(visit, "/start");
		return;
	}
	visit->answer->status = status == REFUSED ? 422 : status == ENVIRONMENT ? 500 : 400;
	show_start(visit, err);
}

/* ---- the home ------------------------------------------------------------------------------------------------------------ */

static void show_home_step(struct visit *visit)
{
	struct html *html = &visit->html;

	paragraph(html, "a home is one store on one machine, of one party; it is made in this folder:");
	HTML(html, "<p><code>");
	html_text(html, visit->options->home_dir);
	HTML(html, "</code></p>");
	ask_open(visit, "/start/home", false);
	ask_input(html, "party", "party", "text", asked(visit, "party"), true,
	    "2 to 8 capital letters and digits, as the agreement has it: GB");
	ask_choice(html, "checkbox", "joins", "yes", asked(visit, "joins")[0] != '\0', false,
	    "another home of our party holds its root key; this one joins");
	ask_close(html, "make the home");
}

static enum status keep_joins(struct visit *visit, struct err *err)
{
	struct app *app = visit->app;
	json_t *start = json_pack("{s:b}", "joins", 1);
	enum status status = app_open(app, visit->options->home_dir, DB_WRITE, err);

	if (status == OK) {
		status = app_setting_set(app, "first_start", start, err);
	}
	json_decref(start);
	return status;
}

void post_start_home(struct visit *visit, const char *rest)
{
	struct err err = { 0 };

	(void)rest;
	enum status status = home_create(visit->options->home_dir, asked(visit, "party"), &err);
	if (status == OK && asked(visit, "joins")[0] != '\0') {
		status = keep_joins(visit, &err);
	}
	start_done(visit, status, &err);
}

/* ---- the party's keys ---------------------------------------------------------------------------------------------------- */

static void show_keys_step(struct visit *visit)
{
	struct html *html = &visit->html;
	bool light = strcmp(asked(visit, "strength"), "light") == 0;

	paragraph(html,
	    "the root key speaks for the party; the recovery key, kept elsewhere, can only name a new root; for a real tally both are kept offline, apart from each other: name the folder of a stick that is locked away afterwards");
	paragraph(html,
	    "write the passphrases down on paper, seal them, and keep each with its key; without the passphrase a key file is of no use");
	ask_open(visit, "/start/keys", false);
	ask_input(html, "folder for the root key", "root_dir", "text", asked(visit, "root_dir"), false,
	    "on this machine, such as /media/stick-a; empty: in the home, for a rehearsal");
	ask_new_passphrase(html, "passphrase of the root key", "new_root_passphrase", NULL);
	ask_input(html, "folder for the recovery key", "recovery_dir", "text", asked(visit, "recovery_dir"), false,
	    "another stick, kept elsewhere; empty: in the home, for a rehearsal");
	ask_new_passphrase(html, "passphrase of the recovery key", "new_recovery_passphrase", NULL);
	ask_group_open(html, "strength");
	ask_choice(html, "radio", "strength", "standard", !light, false, "standard strength");
	ask_choice(
	    html, "radio", "strength", "light", light, false, "light strength: opens at once, for rehearsals only");
	ask_group_close(html);
	ask_close(html, "make the party's keys");
}

static const char *folder(const char *typed)
{
	return typed[0] ? typed : NULL;
}

void post_start_keys(struct visit *visit, const char *rest)
{
	enum key_strength strength =
	    strcmp(asked(visit, "strength"), "light") == 0 ? STRENGTH_LIGHT : STRENGTH_STANDARD;
	struct party_pair pair;
	struct err err = { 0 };
	enum status status;

	(void)rest;
	ask_by_form(visit);
	if (party_pair_get(visit->app, &pair, NULL) == OK) {
		status = OK; /* sent twice */
	} else {
		status = party_new(visit->app, folder(asked(visit, "root_dir")), folder(asked(visit, "recovery_dir")),
		    strength, &pair, &err);
	}
	start_done(visit, status, &err);
}

void get_start_card(struct visit *visit, const char *rest)
{
	struct party_pair pair;
	struct err err = { 0 };

	(void)rest;
	if (party_pair_get(visit->app, &pair, &err) != OK) {
		answer_error(visit, &err);
		return;
	}
	visit->answer->type = "text/plain; charset=utf-8";
	visit->answer->download = arena_printf(visit->request->arena, "%s.party", pair.code); /* of A-Z 0-9 */
	party_card_print(&pair, &visit->answer->body);
}

/* ---- comparing, first sync --------------------------------------------------------------------------------------------------- */

static void show_compare_step(struct visit *visit)
{
	struct html *html = &visit->html;

	paragraph(html, "call the partner on a number that you know already, not on one that came with the files");
	show_fingerprints(visit);
	paragraph(html,
	    "if a word differs, stop: somebody else's keys are in this tally; begin anew with files carried by hand");
	ask_open(visit, "/start/compared", false);
	ask_choice(html, "checkbox", "compared", "yes", false, true,
	    "we have compared them on the telephone, and all are the same");
	ask_close(html, "go on");
	HTML(html, "<p>");
	html_word(html, "the partner cannot be reached? the officers may begin with what needs no partner");
	HTML(html, ": ");
	html_link(html, "/login", ctx_word(html->ctx, "log in"));
	HTML(html, "</p>");
}

void post_start_compared(struct visit *visit, const char *rest)
{
	struct err err = { 0 };
	enum status status = OK;

	(void)rest;
	if (asked(visit, "compared")[0] == '\0') {
		status = err_set(&err, USAGE, "fingerprints: compare them first, and say so");
	}
	visit->sessions->setup.compared |= status == OK;
	start_done(visit, status, &err);
}

static void show_sync_step(struct visit *visit)
{
	struct html *html = &visit->html;
	struct app *app = visit->app;

	if (tally_is_open(app->store, app->ctx.tally, NULL)) {
		paragraph(html, "all parties have accepted the tally; it is open");
	} else {
		paragraph(html,
		    "the partner has not accepted yet, or its answer is not here: send the opening file, ask by telephone whether it came, and read the partner's bundle below; you may leave this page and come back to it");
		HTML(html, "<p>");
		html_link(html, "/start/opening", ctx_word(html->ctx, "opening file"));
		HTML(html, "</p>");
	}
	HTML(html, "<p class=\"moves\">");
	html_link(html, "/login", ctx_word(html->ctx, "log in"));
	HTML(html, "</p>");
	paragraph(html, "with a link between the two, `warifu sync` does it; without one, carry bundles:");
	show_bundles(visit);
}

/* ---- what comes next ----------------------------------------------------------------------------------------------------- */

void show_start(struct visit *visit, const struct err *err)
{
	static void (*const shown[STEPS])(struct visit *) = { show_home_step, show_keys_step, show_tally_step,
		show_desk_step, show_compare_step, show_sync_step };
	enum step now = step_now(visit->app, &visit->sessions->setup);

	layout_open(visit, ctx_word(&visit->app->ctx, "first start"));
	progress(visit, now);
	if (err) {
		layout_error(visit, err);
	}
	shown[now](visit);
	layout_close(visit);
}
