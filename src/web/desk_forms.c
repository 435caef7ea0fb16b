/* What a registrar does at the desk page: reads a request that an officer or a home has sent, compares its fingerprint with the one who
 * asks, grants it; and revokes. The same as `warifu desk grant --by-desk` and `warifu desk revoke --by-desk`. */
#include "app/grants.h"
#include "base/words.h"
#include "core/print.h"
#include "web/web.h"
#include <stdlib.h>
#include <string.h>

bool visit_is_registrar(struct visit *visit)
{
	struct err err = { 0 };

	return app_choose_desk(visit->app, &err) == OK && signer_has_role(&visit->app->desk.signer, "registrar");
}

static void only_registrars(struct visit *visit)
{
	paragraph(&visit->html,
	    "a desk with the role registrar grants and revokes here; without one, whoever keeps the root key does it with `warifu desk grant` and `warifu desk revoke`");
}

/* ---- granting ----------------------------------------------------------------------------------------------------------- */

void show_grant_form(struct visit *visit)
{
	struct html *html = &visit->html;

	heading(html, "grant a request");
	if (!visit_is_registrar(visit)) {
		only_registrars(visit);
		return;
	}
	paragraph(
	    html, "what `warifu desk request` or `warifu home request` wrote: upload the file, or paste its text");
	ask_open(visit, "/desk/grant", true);
	ask_file(html, "file", "file", NULL);
	ask_area(html, "text", "card", "", NULL);
	ask_close(html, "read the request");
}

struct asked_card {
	struct bytes text;
	struct card card;
	struct id key;
};

static enum status read_card(struct visit *visit, struct asked_card *out, struct err *err)
{
	out->text = asked_file(visit, "file", "card");
	if (out->text.len == 0) {
		return err_set(err, USAGE, "request: none given; upload its file or paste its text");
	}
	if (out->text.len > CARD_BYTES) {
		return err_set(err, BAD_INPUT, "request: %zu bytes; at most %d", out->text.len, CARD_BYTES);
	}
	enum status status = card_read(&visit->app->arena, out->text, &out->card, err);
	return status == OK ? card_id(&out->card, "key", &out->key, err) : status;
}

static void card_facts(struct visit *visit, const struct asked_card *asked_for)
{
	struct html *html = &visit->html;
	const char *limit, *limits = "";

	for (unsigned i = 0; (limit = card_at(&asked_for->card, "limit", i)) != NULL; i++) {
		const char *minor = strchr(limit, '=');
		const char *amount = minor
		    ? print_amount(html->ctx, bytes_of(limit, (size_t)(minor - limit)), strtoll(minor + 1, NULL, 10))
		    : limit;
		const char *both = arena_printf(html->ctx->arena, "%s%s%s", limits, i ? ", " : "", amount);
		limits = both ? both : limits;
	}
	HTML(html, "<dl class=\"facts\">");
	fact(html, "party", card_get(&asked_for->card, "party"));
	fact(html, "officer", card_get(&asked_for->card, "officer"));
	fact(html, "post", card_get(&asked_for->card, "post"));
	fact(html, "home", card_get(&asked_for->card, "label"));
	fact(html, "roles", print_roles(html->ctx, card_get(&asked_for->card, "roles")));
	fact(html, "limits", limits);
	fact(html, "strength", card_get(&asked_for->card, "strength"));
	HTML(html, "</dl>");
}

static void grant_terms_form(struct visit *visit, const struct asked_card *asked_for, bool is_desk)
{
	struct html *html = &visit->html;

	ask_open(visit, "/desk/grant", false);
	page_hidden(html, "card", arena_text(html->ctx->arena, asked_for->text));
	ask_input(html, "until", "until", "date", asked(visit, "until"), false,
	    "empty: as long as the registrar's own grant, five years at most");
	if (is_desk) {
		ask_input(
		    html, "desk number", "number", "text", asked(visit, "number"), false, "empty: the next free one");
		ask_input(html, "range of desk numbers", "range", "text", asked(visit, "range"), false,
		    "for a registrar: 100-199");
	}
	ask_choice(html, "checkbox", "confirmed", "yes", false, true,
	    "the one who asks has read these words to me, and they are the same");
	ask_close(html, "grant");
}

/* The second step: what is asked, and by which key. */
static void show_asked(struct visit *visit, const struct asked_card *asked_for, const struct err *wrong)
{
	struct html *html = &visit->html;
	struct ctx *ctx = html->ctx;
	char words[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT], id[ID_BYTES * 2 + 1];
	bool is_desk = strcmp(asked_for->card.title, "warifu desk request") == 0;

	fingerprint_words(&asked_for->key, words, sizeof words);
	fingerprint_hex(&asked_for->key, hex);
	hex_print(id_bytes(&asked_for->key), id);
	layout_open(visit, ctx_word(ctx, "grant a request"));
	if (wrong) {
		layout_error(visit, wrong);
	}
	card_facts(visit, asked_for);
	heading(html, "fingerprint");
	HTML(html, "<div class=\"parts\">");
	show_fingerprint(html, ctx_word(ctx, "key"), "KEY", words, hex, id);
	HTML(html, "</div>");
	grant_terms_form(visit, asked_for, is_desk);
	layout_close(visit);
}

static unsigned refused_as(const struct err *err)
{
	return err->status == REFUSED ? 422 : err->status == ENVIRONMENT ? 500 : 400;
}

/* The desk page again, with what was wrong. */
static void show_refused(struct visit *visit, const struct err *err)
{
	visit->answer->status = refused_as(err);
	layout_open(visit, ctx_word(&visit->app->ctx, "not done"));
	layout_error(visit, err);
	show_grant_form(visit);
	layout_close(visit);
}

static void grant(struct visit *visit, const struct asked_card *asked_for)
{
	struct ctx *ctx = &visit->app->ctx;
	struct grant_terms terms = { .by_registrar = true };
	struct granted granted;
	struct err err = { 0 };
	char number[64];

	enum status status =
	    grant_terms_read(asked(visit, "until"), asked(visit, "number"), asked(visit, "range"), &terms, &err);
	if (status == OK) {
		status = grant_enter(visit->app, &asked_for->card, &terms, &granted, &err);
	}
	if (status != OK) {
		visit->answer->status = refused_as(&err);
		show_asked(visit, asked_for, &err);
		return;
	}
	if (granted.number > 0) {
		snprintf(number, sizeof number, "%s %lld", ctx_word(ctx, "desk"), (long long)granted.number);
	} else {
		snprintf(number, sizeof number, "%s", ctx_word(ctx, "home"));
	}
	answer_made(visit, number, "/desk");
}

void post_grant(struct visit *visit)
{
	struct asked_card asked_for;
	struct err err = { 0 };

	if (answer_sent_before(visit)) {
		return;
	}
	if (read_card(visit, &asked_for, &err) != OK) {
		show_refused(visit, &err);
	} else if (strcmp(asked(visit, "confirmed"), "yes") == 0) {
		grant(visit, &asked_for);
	} else {
		show_asked(visit, &asked_for, NULL);
	}
}

/* ---- revoking ------------------------------------------------------------------------------------------------------------ */

void show_revoke_form(struct visit *visit, const char *key, const char *key_class)
{
	struct html *html = &visit->html;

	heading(html, "revoke");
	if (!visit_is_registrar(visit)) {
		only_registrars(visit);
		return;
	}
	paragraph(html,
	    "what a partner has named before it knew of this stands; of several revocations the lowest last counted entry counts");
	ask_open(visit, "/desk/revoke", false);
	page_hidden(html, "key", key);
	page_hidden(html, "class", key_class);
	ask_input(html, "last counted entry", "last_good", "text", asked(visit, "last_good"), false,
	    "empty: all that is here now counts; 0: none");
	ask_input(html, "reason", "reason", "text", asked(visit, "reason"), true, NULL);
	ask_close(html, "revoke");
}

/* A whole number from 0, or nothing: -1. */
static enum status read_last_good(const char *text, int64_t *out, struct err *err)
{
	char *end = NULL;

	*out = -1;
	if (text[0] == '\0') {
		return OK;
	}
	*out = strtoll(text, &end, 10);
	if (*end || *out < 0) {
		return err_set(err, USAGE, "last counted entry \"%s\": must be a whole number from 0", text);
	}
	return OK;
}

void post_revoke(struct visit *visit)
{
	const char *key = asked(visit, "key");
	bool is_home = strcmp(asked(visit, "class"), "home") == 0;
	struct ctx *ctx = &visit->app->ctx;
	const char *path = html_path(ctx, "/desk/", key);
	int64_t last_good;
	struct err err = { 0 };
	struct id id;

	if (answer_sent_before(visit)) {
		return;
	}
	enum status status = read_last_good(asked(visit, "last_good"), &last_good, &err);
	if (status == OK && asked(visit, "reason")[0] == '\0') {
		status = err_set(&err, USAGE, "reason: must be given; it is signed with the revocation");
	}
	if (status == OK) {
		status = grant_revoke(
		    visit->app, key, is_home ? KEY_HOME : KEY_DESK, last_good, asked(visit, "reason"), true, &id, &err);
	}
	if (status != OK) {
		visit->answer->status = refused_as(&err);
		layout_open(visit, ctx_word(ctx, "not done"));
		layout_error(visit, &err);
		HTML(&visit->html, "<p>");
		html_link(&visit->html, path, ctx_word(ctx, "key"));
		HTML(&visit->html, "</p>");
		show_revoke_form(visit, key, is_home ? "home" : "desk");
		layout_close(visit);
		return;
	}
	answer_made(visit, ctx_word(ctx, "revoked"), path);
}
