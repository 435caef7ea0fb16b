/* Bundles: what is carried by hand or by mail when there is no link. Written for a party and sealed to its homes, unless told otherwise;
 * read, with what it brought. The same as `warifu bundle write` and `warifu bundle read`. */
#include "app/exchange.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

#define SHOWN_TEXT_BYTES (128u << 10) /* lines to be copied from the page; more of them come as a file */

/* The key is open when the server holds it; else its passphrase is asked for. */
static bool home_key_is_open(struct app *app)
{
	if (app_choose_home_key(app, NULL) != OK) {
		return false;
	}
	for (unsigned i = 0; i < app->opened_count; i++) {
		if (id_equal(&app->opened[i].key, &app->home_key)) {
			return true;
		}
	}
	return false;
}

void ask_home_passphrase(struct visit *visit)
{
	if (!home_key_is_open(visit->app)) {
		ask_passphrase(&visit->html, "passphrase of the home key", "home_passphrase", false, NULL);
	}
}

static void choose_party(struct visit *visit)
{
	struct html *html = &visit->html;
	const struct tally_view *view = &html->ctx->view;

	HTML(html, "<label><span class=\"label\">");
	html_word(html, "for party");
	HTML(html, "</span><select name=\"party\">");
	for (unsigned i = 0; i < view->party_count; i++) {
		bool chosen = i != html->ctx->own_party &&
		    strcmp(asked(visit, "party"), view->party_codes[html->ctx->own_party]) != 0;
		HTML(html, "<option");
		HTML_ATTRIBUTE(html, "value", view->party_codes[i]);
		HTML_ATTRIBUTE(html, "selected", chosen ? "" : NULL);
		HTML(html, ">");
		html_text(html, view->party_codes[i]);
		HTML(html, "</option>");
	}
	HTML(html, "</select></label>");
}

static void write_form(struct visit *visit)
{
	struct html *html = &visit->html;
	bool text = strcmp(asked(visit, "as"), "text") == 0;

	HTML(html, "<section><h3>");
	html_word(html, "write a bundle");
	HTML(html, "</h3>");
	ask_open(visit, visit->session ? "/bundle/write" : "/start/bundle/write", false);
	choose_party(visit);
	ask_group_open(html, "form");
	ask_choice(html, "radio", "as", "file", !text, false, "as a file");
	ask_choice(html, "radio", "as", "text", text, false, "as lines of text, for mail or signal");
	ask_group_close(html);
	ask_choice(html, "checkbox", "attachments", "yes", true, false, "with attachments");
	ask_choice(html, "checkbox", "everything", "yes", false, false,
	    "from the beginning, not only what has not been acknowledged");
	ask_choice(html, "checkbox", "plain", "yes", false, false, "not sealed: anyone who finds it can read it");
	ask_home_passphrase(visit);
	ask_close(html, "write a bundle");
	HTML(html, "</section>");
}

static void read_form(struct visit *visit)
{
	struct html *html = &visit->html;

	HTML(html, "<section><h3>");
	html_word(html, "read a bundle");
	HTML(html, "</h3>");
	ask_open(visit, visit->session ? "/bundle/read" : "/start/bundle/read", true);
	ask_file(html, "file", "file", NULL);
	ask_area(html, "text", "lines", "",
	    "lines of text may come doubled, reordered or quoted; each bears its own checksum");
	ask_home_passphrase(visit);
	ask_close(html, "read a bundle");
	HTML(html, "</section>");
}

void show_bundles(struct visit *visit)
{
	heading(&visit->html, "bundles");
	paragraph(&visit->html,
	    "a bundle carries entries by hand, by mail or by signal; it is sealed to the homes of the party that it is for");
	HTML(&visit->html, "<div class=\"two\">");
	write_form(visit);
	read_form(visit);
	HTML(&visit->html, "</div>");
}

/* A page of its own: what became of it, and both forms again. */
static void bundle_page_open(struct visit *visit, const struct err *err)
{
	if (err) {
		visit->answer->status = visit->answer->status == 429 ? 429
		    : err->status == REFUSED                         ? 422
		    : err->status == ENVIRONMENT                     ? 500
								     : 400;
	}
	layout_open(visit, ctx_word(&visit->app->ctx, "bundles"));
	if (err) {
		layout_error(visit, err);
	}
}

/* At the first start the way goes on from where it was. */
static void bundle_page_close(struct visit *visit)
{
	if (visit->session == NULL) {
		HTML(&visit->html, "<p>");
		html_link(&visit->html, "/start", ctx_word(&visit->app->ctx, "back to the first start"));
		HTML(&visit->html, "</p>");
	}
	show_bundles(visit);
	layout_close(visit);
}

static void bundle_refused(struct visit *visit, const struct err *err)
{
	bundle_page_open(visit, err);
	bundle_page_close(visit);
}

/* A wrong passphrase makes the next one wait, as at the door: by the home key of the tally at hand, whichever of the home's keys it was tried on. */
static enum status may_try(struct visit *visit, struct id *tried_on, struct err *err)
{
	struct app *app = visit->app;
	int64_t wait_ms;

	ask_by_form(visit);
	*tried_on = app_choose_home_key(app, NULL) == OK ? app->home_key : (struct id){ { 0 } };
	const struct trier trier = visit_trier(visit, tried_on);
	if (!tries_may(&visit->sessions->tries, &trier, visit->now_ms, &wait_ms)) {
		visit->answer->status = 429;
		return err_set(err, REFUSED, "home key: too many wrong passphrases; wait %lld s",
		    (long long)(wait_ms + 999) / 1000);
	}
	return OK;
}

static void tried(struct visit *visit, const struct id *tried_on, enum status status, const struct err *err)
{
	const struct trier trier = visit_trier(visit, tried_on);

	if (status != OK && is_wrong_passphrase(err)) {
		tries_wrong(&visit->sessions->tries, &trier, clock_boot_ms());
	} else if (status == OK) {
		tries_right(&visit->sessions->tries, &trier, visit->now_ms);
	}
}

/* ---- writing ------------------------------------------------------------------------------------------------------------- */

static void show_lines(struct visit *visit, const struct buf *lines)
{
	struct html *html = &visit->html;

	bundle_page_open(visit, NULL);
	paragraph(html, "copy all of it; the lines may be sent in any order");
	HTML(html, "<pre class=\"lines\" tabindex=\"0\">");
	html_bytes(html, buf_bytes(lines));
	HTML(html, "</pre><p>");
	html_link(html, visit->session ? "/sync" : "/start", ctx_word(html->ctx, "back"));
	HTML(html, "</p>");
	layout_close(visit);
}

static void answer_bundle(struct visit *visit, const struct bundle_asked *wanted, const struct buf *out)
{
	struct app *app = visit->app;

	if (out->len == 0) {
		bundle_page_open(visit, NULL);
		HTML(&visit->html, "<p role=\"status\" class=\"done\">");
		html_printf(&visit->html, "%s: ", app->ctx.view.party_codes[wanted->for_party]);
		html_word(&visit->html, "has acknowledged all that is here; nothing was written");
		HTML(&visit->html, "</p>");
		bundle_page_close(visit);
	} else if (wanted->text && out->len <= SHOWN_TEXT_BYTES) {
		show_lines(visit, out);
	} else {
		visit->answer->type = wanted->text ? "text/plain; charset=utf-8" : "application/octet-stream";
		visit->answer->download = arena_printf(visit->request->arena, "%s-%s.%s", app->party,
		    app->ctx.view.party_codes[wanted->for_party],
		    wanted->text ? "txt" : "bundle"); /* codes are of A-Z 0-9 */
		buf_put_bytes(&visit->answer->body, buf_bytes(out));
	}
}

void post_bundle_write(struct visit *visit, const char *rest)
{
	struct bundle_asked wanted = { .everything = asked(visit, "everything")[0] != '\0',
		.plain = asked(visit, "plain")[0] != '\0',
		.text = strcmp(asked(visit, "as"), "text") == 0,
		.attachments = asked(visit, "attachments")[0] != '\0' };
	struct err err = { 0 };
	struct buf out;
	struct id key;
	int64_t entries = 0;

	(void)rest;
	buf_init(&out, WEB_PAGE_BYTES);
	enum status status = exchange_party(visit->app, asked(visit, "party"), &wanted.for_party, &err);
	if (status == OK) {
		status = may_try(visit, &key, &err);
	}
	if (status == OK) {
		status = exchange_bundle_write(visit->app, &wanted, &out, &entries, &err);
		tried(visit, &key, status, &err);
	}
	if (status == OK) {
		answer_bundle(visit, &wanted, &out);
	} else {
		bundle_refused(visit, &err);
	}
	buf_clear(&out);
}

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

static void show_brought(struct visit *visit, const struct bundle_result *result)
{
	struct html *html = &visit->html;
	struct ctx *ctx = html->ctx;
	bool good = result->new_entries + result->attachments > 0 || result->why.status == OK;

	const char *why = ctx_said(ctx, &result->why);

	bundle_page_open(visit, NULL);
	if (result->compared && !result->matched) {
		layout_alert(visit, ctx_word(ctx, "the halves differ"));
	}
	if (good) {
		HTML(html, "<p role=\"status\" class=\"done\">");
		html_word(html, "read");
		HTML(html, "</p>");
	} else {
		layout_alert(visit, why);
	}
	HTML(html, "<dl class=\"facts\">");
	fact(html, "new entries", arena_printf(ctx->arena, "%lld", (long long)result->new_entries));
	fact(html, "here already", arena_printf(ctx->arena, "%lld", (long long)result->doubles));
	fact(html, "begin behind what is here", arena_printf(ctx->arena, "%lld", (long long)result->gaps));
	fact(html, "attachments", arena_printf(ctx->arena, "%lld", (long long)result->attachments));
	fact(html, "halves match", !result->compared ? "-" : ctx_word(ctx, result->matched ? "yes" : "no"));
	fact(html, "reason", good ? why : "");
	HTML(html, "</dl>");
	bundle_page_close(visit);
}

void post_bundle_read(struct visit *visit, const char *rest)
{
	struct app *app = visit->app;
	struct bundle_result result = { 0 };
	struct bytes in = asked_file(visit, "file", "lines");
	struct err err = { 0 };
	struct id key;

	(void)rest;
	enum status status = in.len > 0
	    ? may_try(visit, &key, &err)
	    : err_set(&err, USAGE, "bundle: none given; upload its file or paste its lines");
	if (status == OK) {
		status = exchange_bundle_read(app, in, &result, &err);
		tried(visit, &key, status, &err);
		app->has_home_key = false; /* it looked through every tally: back to the one of this visit */
		if (choose_tally(visit, NULL) != OK) {
			err_set(&err, ENVIRONMENT, "bundle: the tally of this page is gone");
			status = ENVIRONMENT;
		}
	}
	if (status == OK) {
		show_brought(visit, &result);
	} else {
		bundle_refused(visit, &err);
	}
}
