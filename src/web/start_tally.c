/* The first start, third step: our party's card goes to the partner, and one of the two proposes the tally, the other accepts it. */
#include "app/exports.h"
#include "app/tallies.h"
#include "base/limits.h"
#include "base/words.h"
#include "core/assets.h"
#include "core/print.h"
#include "web/web.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPENING_BYTES (4ll << 20) /* root and recovery logs alone: 4,096 entries of a kilobyte */

/* The root key may lie on a stick: where it is now. */
void start_root_folder(struct visit *visit)
{
	const char *dir = asked(visit, "root_dir");

	if (dir[0] && visit->app->key_dir_count < APP_KEY_DIRS) {
		visit->app->key_dirs[visit->app->key_dir_count++] = dir;
	}
}

void ask_root(struct visit *visit)
{
	ask_input(&visit->html, "folder of the root key", "root_dir", "text", asked(visit, "root_dir"), false,
	    "where its file lies now; empty: where it was made");
	ask_passphrase(&visit->html, "passphrase of the root key", "root_passphrase", false, NULL);
}

static void ask_home_key(struct visit *visit)
{
	struct html *html = &visit->html;
	const char *label = arena_printf(html->ctx->arena, "first home of %s", visit->app->party);

	ask_input(html, "name of this home", "label", "text", asked(visit, "label")[0] ? asked(visit, "label") : label,
	    true, "the partner sees it: headquarters, JS Ise");
	ask_new_passphrase(html, "passphrase of the home key", "new_home_passphrase",
	    "the service opens the home key; it signs acknowledgements, never a move");
}

/* ---- proposing ------------------------------------------------------------------------------------------------------------ */

static void own_card(struct visit *visit, const struct party_pair *pair)
{
	struct html *html = &visit->html;
	char words[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT], id[ID_BYTES * 2 + 1];
	struct id fingerprint = party_fingerprint(pair);
	const char *what = arena_printf(html->ctx->arena, "PARTY %s", pair->code);

	fingerprint_words(&fingerprint, words, sizeof words);
	fingerprint_hex(&fingerprint, hex);
	hex_print(id_bytes(&fingerprint), id);
	paragraph(html,
	    "send our party's card to the partner, and ask for the partner's; agree which of the two proposes the tally");
	HTML(html, "<p>");
	html_link(html, "/start/card", ctx_word(html->ctx, "our party's card"));
	HTML(html, "</p><div class=\"parts\">");
	show_fingerprint(html, pair->code, what ? what : "", words, hex, id);
	HTML(html, "</div>");
}

static void propose_form(struct visit *visit)
{
	struct html *html = &visit->html;
	const char *agreement = asked(visit, "agreement"), *mode = asked(visit, "mode");
	bool real = strcmp(mode, "real") == 0, national = strcmp(mode, "national") == 0;

	HTML(html, "<section><h3>");
	html_word(html, "propose a tally");
	HTML(html, "</h3>");
	ask_open(visit, "/start/propose", true);
	ask_group_open(html, "kind of tally");
	ask_choice(html, "radio", "mode", "rehearsal", !real && !national, false, "a rehearsal: nothing in it is owed");
	ask_choice(html, "radio", "mode", "real", real, false, "a real tally");
	ask_choice(html, "radio", "mode", "national", national, false, "a national tally: our party alone");
	ask_group_close(html);
	ask_group_open(html, "agreement");
	ask_choice(html, "radio", "agreement", "rehearsal", agreement[0] == '\0' || strcmp(agreement, "rehearsal") == 0,
	    false, "agreement shipped: rehearsal of the Japan-UK agreement");
	ask_choice(html, "radio", "agreement", "gb-jp", strcmp(agreement, "gb-jp") == 0, false,
	    "agreement shipped: the Japan-UK agreement");
	ask_choice(
	    html, "radio", "agreement", "file", strcmp(agreement, "file") == 0, false, "our own agreement, as a file:");
	ask_file(html, "agreement as a file", "profile", "JSON, as docs/pilot.md shows");
	ask_group_close(html);
	ask_file(html, "the partner's card", "partner", "none for a national tally");
	ask_area(html, "or its text", "partner_text", asked(visit, "partner_text"), NULL);
	ask_home_key(visit);
	ask_root(visit);
	ask_close(html, "propose a tally");
	HTML(html, "</section>");
}

static enum status read_partners(struct visit *visit, struct party_pair *partners, unsigned *count, struct err *err)
{
	const struct request *request = visit->request;
	const char *text = asked(visit, "partner_text");
	enum status status = OK;

	*count = 0;
	for (unsigned i = 0; i < request->file_count && status == OK && *count < LIMIT_PARTIES; i++) {
		if (strcmp(request->files[i].field, "partner") == 0) {
			status = request->files[i].content.len <= CARD_BYTES
			    ? party_card_read(&visit->app->arena, request->files[i].content, &partners[(*count)++], err)
			    : err_set(err, BAD_INPUT, "card: %zu bytes; at most %d", request->files[i].content.len,
				  CARD_BYTES);
		}
	}
	if (status == OK && *count == 0 && text[0]) {
		status = party_card_read(&visit->app->arena, bytes_text(text), &partners[(*count)++], err);
	}
	return status;
}

static struct bytes agreement_of(struct visit *visit)
{
	const char *wanted = asked(visit, "agreement");

	return strcmp(wanted, "gb-jp") == 0 ? ASSET(agreement)
	    : strcmp(wanted, "file") == 0   ? asked_file(visit, "profile", "")
					    : ASSET(rehearsal_agreement);
}

void post_start_propose(struct visit *visit, const char *rest)
{
	struct party_pair partners[LIMIT_PARTIES];
	const char *mode = asked(visit, "mode");
	struct tally_proposal proposal = { .partners = partners,
		.home_label = asked(visit, "label"),
		.mode = mode,
		.rehearsal = strcmp(mode, "rehearsal") == 0,
		.agreement = agreement_of(visit) };
	struct err err = { 0 };

	(void)rest;
	ask_by_form(visit);
	start_root_folder(visit);
	enum status status = read_partners(visit, partners, &proposal.partner_count, &err);
	if (status == OK && visit->app->ctx.tally == 0 && strcmp(mode, "real") != 0 && strcmp(mode, "national") != 0 &&
	    !proposal.rehearsal) {
		status = err_set(&err, USAGE, "tally: choose real, rehearsal or national");
	}
	if (status == OK && proposal.agreement.len == 0) {
		status = err_set(&err, USAGE, "agreement: no file was chosen");
	}
	if (status == OK && proposal.agreement.len > LIMIT_JSON_BYTES) {
		status = err_set(&err, BAD_INPUT, "agreement: %zu bytes; at most %lld", proposal.agreement.len,
		    (long long)LIMIT_JSON_BYTES);
	}
	if (status == OK && visit->app->ctx.tally == 0) { /* else: sent twice */
		status = tally_propose(visit->app, &proposal, &err);
	}
	start_done(visit, status, &err);
}

void get_start_opening(struct visit *visit, const char *rest)
{
	struct export_options options = { .opening_only = true };
	struct export_result result;
	struct err err = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = visit->app->ctx.tally ? open_memstream(&text, &len) : NULL;
	enum status status = out ? export_write(visit->app, &options, out, &result, &err)
				 : err_set(&err, NOT_FOUND, "opening: there is no tally in this home yet");

	(void)rest;
	if (out && fclose(out) != 0 && status == OK) {
		status = err_set(&err, ENVIRONMENT, "opening: out of memory");
	}
	if (status == OK) {
		visit->answer->type = "application/octet-stream";
		visit->answer->download = "opening.tally";
		buf_put_bytes(&visit->answer->body, bytes_of(text, len));
	} else {
		answer_error(visit, &err);
	}
	free(text);
}

/* ---- accepting ------------------------------------------------------------------------------------------------------------- */

static void accept_form(struct visit *visit)
{
	struct html *html = &visit->html;

	HTML(html, "<section><h3>");
	html_word(html, "accept a tally");
	HTML(html, "</h3>");
	paragraph(html,
	    "the partner has proposed it and sent the opening file; nothing is accepted before its words have been compared");
	ask_open(visit, "/start/accept", true);
	ask_file(html, "opening file", "opening", NULL);
	ask_close(html, "read the opening file");
	HTML(html, "</section>");
}

/* The file again, with the answer, as hex digits: nothing of it is kept before it is accepted. */
static enum status opening_bytes(struct visit *visit, struct bytes *out, struct err *err)
{
	const char *hex = asked(visit, "opening_hex");
	size_t len = strlen(hex) / 2;
	uint8_t *data = hex[0] ? arena_take(&visit->app->arena, len + 1) : NULL;

	*out = asked_file(visit, "opening", "");
	if (data && hex_parse(hex, 2 * len, data, len)) {
		*out = bytes_of(data, len);
	}
	if (out->len > OPENING_BYTES) {
		return err_set(err, BAD_INPUT, "opening: %zu bytes; at most %lld", out->len, (long long)OPENING_BYTES);
	}
	return out->len > 0 ? OK : err_set(err, USAGE, "opening: no file was chosen");
}

static void show_words(struct visit *visit, const struct opening *opening)
{
	struct html *html = &visit->html;
	char words[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT], id[ID_BYTES * 2 + 1];
	json_t *rows = opening_rows(visit->app, opening), *row;
	size_t index;

	fingerprint_words(&opening->id, words, sizeof words);
	fingerprint_hex(&opening->id, hex);
	hex_print(id_bytes(&opening->id), id);
	HTML(html, "<dl class=\"facts\">");
	fact(html, "kind of tally", ctx_word(html->ctx, opening->mode));
	fact(html, "agreement", opening->agreement);
	HTML(html, "</dl><div class=\"parts\">");
	show_fingerprint(html, ctx_word(html->ctx, "tally"), "TALLY", words, hex, id);
	json_array_foreach(rows, index, row)
	{
		const char *party = json_get_text(row, "party");
		const char *what = arena_printf(html->ctx->arena, "PARTY %s", party);
		show_fingerprint(html, party, what ? what : "", json_get_text(row, "words"), json_get_text(row, "hex"),
		    json_get_text(row, "id"));
	}
	HTML(html, "</div>");
	json_decref(rows);
}

static void show_opening(struct visit *visit, struct bytes file, const struct opening *opening, const struct err *wrong)
{
	struct html *html = &visit->html;
	char *hex = arena_take(html->ctx->arena, file.len * 2 + 1);
	bool joins = start_joins(visit->app);

	layout_open(visit, ctx_word(html->ctx, "accept a tally"));
	if (wrong) {
		layout_error(visit, wrong);
	}
	paragraph(html, "have the partner read these words to you on the telephone, on a number that you know already");
	show_words(visit, opening);
	ask_open(visit, "/start/accept", true); /* a form without files may not be as large */
	if (hex) {
		hex_print(file, hex);
	}
	page_hidden(html, "opening_hex", hex ? hex : "");
	if (!joins) {
		ask_home_key(visit);
		ask_root(visit);
	}
	ask_choice(html, "checkbox", "confirmed", "yes", false, true,
	    "we have compared them on the telephone, and all are the same");
	ask_close(html, joins ? "join the tally" : "accept a tally");
	HTML(html, "<p>");
	html_link(html, "/start", ctx_word(html->ctx, "back to the first start"));
	HTML(html, "</p>");
	layout_close(visit);
}

void post_start_accept(struct visit *visit, const char *rest)
{
	struct app *app = visit->app;
	bool joins = app->is_open && start_joins(app);
	struct opening opening = { 0 };
	struct bytes file;
	struct err err = { 0 };

	(void)rest;
	ask_by_form(visit);
	start_root_folder(visit);
	if (app->ctx.tally) {
		start_done(visit, OK, NULL); /* sent twice */
		return;
	}
	enum status status = opening_bytes(visit, &file, &err);
	if (status == OK) {
		status = opening_read(app, file, &opening, &err);
	}
	if (status != OK) {
		start_done(visit, status, &err);
	} else if (asked(visit, "confirmed")[0] == '\0') {
		show_opening(visit, file, &opening, NULL);
	} else if ((status = tally_accept(app, &opening, !joins, joins ? NULL : asked(visit, "label"), &err)) == OK) {
		start_done(visit, OK, NULL);
	} else {
		visit->answer->status = status == REFUSED ? 422 : status == ENVIRONMENT ? 500 : 400;
		show_opening(visit, file, &opening, &err);
	}
}

void show_tally_step(struct visit *visit)
{
	struct html *html = &visit->html;
	struct party_pair pair;
	bool joins = start_joins(visit->app);

	if (!joins && party_pair_get(visit->app, &pair, NULL) == OK) {
		own_card(visit, &pair);
	}
	HTML(html, "<div class=\"two\">");
	accept_form(visit);
	if (!joins) {
		propose_form(visit);
	}
	HTML(html, "</div>");
	paragraph(html,
	    "the partner has not answered? everything here stays as it is: end the server or close the browser, and come back to this step when the card or the opening file is here");
}
