/* Who may sign: desks, homes and registrars with what was granted to them, by whom and until when; and the fingerprints that two
 * officers compare on the telephone. /desk is all of them, /desk/HEX one key. */
#include "app/grants.h"
#include "app/parties.h"
#include "app/rules.h"
#include "app/tallies.h"
#include "base/words.h"
#include "core/print.h"
#include "web/web.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a grant says ------------------------------------------------------------------------------------------------ */

static const char *join(struct ctx *ctx, const char *before, const char *text)
{
	const char *both = arena_printf(ctx->arena, "%s%s%s", before, before[0] ? ", " : "", text);

	return both ? both : "";
}

/* Roles in words; their codes where a program reads them. */
static const char *roles_text(struct ctx *ctx, const json_t *row, bool codes)
{
	const json_t *range = json_object_get(row, "range");
	const char *out = "";
	json_t *role;
	size_t index;

	json_array_foreach(json_object_get(row, "roles"), index, role)
	{
		const char *code = json_string_value(role) ? json_string_value(role) : "";
		out = join(ctx, out, codes ? code : print_role(ctx, code));
	}
	if (json_array_size(range) == 2) {
		const char *with = arena_printf(ctx->arena, "%s (%lld-%lld)", out,
		    (long long)json_integer_value(json_array_get(range, 0)),
		    (long long)json_integer_value(json_array_get(range, 1)));
		out = with ? with : out;
	}
	return out;
}

static const char *limits_text(struct ctx *ctx, const json_t *row)
{
	const char *out = "", *currency;
	json_t *minor;

	json_object_foreach((json_t *)(uintptr_t)json_object_get(row, "limits"), currency, minor)
	{
		out = join(ctx, out, print_amount(ctx, bytes_text(currency), json_integer_value(minor)));
	}
	return out;
}

static const char *text_of(struct ctx *ctx, const json_t *row, const char *name)
{
	const char *text = json_get_text(row, name);

	return text ? print_text(ctx, bytes_text(text)) : "";
}

/* "2018-11-20 23:59Z" of a time as JSON has it. */
static const char *time_text(struct ctx *ctx, const json_t *row, const char *name)
{
	const char *text = text_of(ctx, row, name), *out = NULL;

	if (strlen(text) > 16) {
		out = arena_printf(ctx->arena, "%.10s %.5sZ", text, text + 11);
	}
	return out ? out : text;
}

static const char *count_text(struct ctx *ctx, const json_t *row, const char *name)
{
	const json_t *value = json_object_get(row, name);
	const char *out =
	    json_is_integer(value) ? arena_printf(ctx->arena, "%lld", (long long)json_integer_value(value)) : "";

	return out ? out : "";
}

/* "root key", or "GB-07". */
static const char *granter_text(struct ctx *ctx, const json_t *row)
{
	const char *by = text_of(ctx, row, "granter"), *out = NULL;

	if (strncmp(by, "desk ", 5) == 0) {
		out = print_desk(ctx, text_of(ctx, row, "party"), strtoll(by + 5, NULL, 10));
	} else if (strcmp(by, "root") == 0) {
		out = ctx_word(ctx, "root key");
	}
	return out ? out : by;
}

/* "GB-07" of a desk; blank of another key. */
static const char *desk_text(struct ctx *ctx, const json_t *row)
{
	const json_t *number = json_object_get(row, "number");

	return json_is_integer(number) ? print_desk(ctx, text_of(ctx, row, "party"), json_integer_value(number)) : "";
}

static const char *key_path(struct ctx *ctx, const json_t *row)
{
	const char *key = text_of(ctx, row, "key"), *path = arena_printf(ctx->arena, "/desk/%.16s", key);

	return path ? path : "/desk";
}

static const char *officer_text(struct visit *visit, const json_t *row)
{
	const char *code = json_get_text(row, "officer");

	return code ? officer_name(visit->app, bytes_text(code)) : "";
}

/* ---- all of them -------------------------------------------------------------------------------------------------------- */

static void desk_row(struct visit *visit, struct listing *listing, const json_t *row)
{
	struct ctx *ctx = &visit->app->ctx;
	bool data = listing->as != LISTING_HTML;
	const struct listing_cell cells[] = {
		{ text_of(ctx, row, "party"), NULL, false },
		{ data ? count_text(ctx, row, "number") : desk_text(ctx, row), key_path(ctx, row), false },
		{ text_of(ctx, row, "post"), NULL, false },
		{ officer_text(visit, row), NULL, false },
		{ roles_text(ctx, row, data), NULL, false },
		{ limits_text(ctx, row), NULL, false },
		{ time_text(ctx, row, "until"), NULL, false },
		{ granter_text(ctx, row), NULL, false },
		{ count_text(ctx, row, "entries"), NULL, false },
		{ text_of(ctx, row, "standing"), NULL, true },
	};

	listing_row(listing, cells);
}

static void desk_list(struct visit *visit, const json_t *rows)
{
	static const struct listing_column columns[] = { { "party", "party", false }, { "desk", "desk", true },
		{ "post", "post", false }, { "officer", "officer", false }, { "roles", "roles", false },
		{ "limits", "limits", false }, { "until", "until", false }, { "granted_by", "granted by", false },
		{ "entries", "entries", true }, { "standing", "standing", false } };
	struct listing listing;
	json_t *row;
	size_t index;

	listing_open(&listing, &visit->app->ctx, visit->request, &visit->html, columns, 10);
	json_array_foreach((json_t *)(uintptr_t)rows, index, row)
	{
		int64_t at = (int64_t)index - (listing.as == LISTING_HTML ? listing_offset(visit->request) : 0);
		if (at >= 0) {
			desk_row(visit, &listing, row);
		}
	}
	listing_close(&listing);
}

static void home_card(struct visit *visit, const json_t *row)
{
	struct html *html = &visit->html;
	struct ctx *ctx = html->ctx;

	HTML(html, "<li class=\"part\"><h3>");
	html_text(html, text_of(ctx, row, "party"));
	HTML(html, " ");
	html_link(html, key_path(ctx, row), text_of(ctx, row, "label"));
	HTML(html, "</h3><p>");
	html_state(html, text_of(ctx, row, "standing"));
	if (json_is_true(json_object_get(row, "here"))) {
		HTML(html, " ");
		html_word(html, "this home");
	}
	HTML(html, "</p><dl class=\"facts\">");
	fact(html, "until", time_text(ctx, row, "until"));
	fact(html, "granted by", granter_text(ctx, row));
	fact(html, "entries", count_text(ctx, row, "entries"));
	HTML(html, "</dl></li>");
}

static void home_list(struct visit *visit)
{
	json_t *rows = NULL, *row;
	struct err err = { 0 };
	size_t index;

	if (grant_rows(visit->app, KEY_HOME, &rows, &err) != OK) {
		layout_error(visit, &err);
		return;
	}
	heading(&visit->html, "homes");
	HTML(&visit->html, "<ul class=\"cards\">");
	json_array_foreach(rows, index, row)
	{
		home_card(visit, row);
	}
	HTML(&visit->html, "</ul>");
	json_decref(rows);
}

/* ---- fingerprints ------------------------------------------------------------------------------------------------------- */

/* The code holds the whole hash, in capitals, which make a smaller one: "WARIFU TALLY 0A1B...". */
static const char *code_text(struct ctx *ctx, const char *what, const char *id)
{
	char *text = NULL;
	const char *made = arena_printf(ctx->arena, "WARIFU %s %s", what, id);

	if (made != NULL && (text = arena_take(ctx->arena, strlen(made) + 1)) != NULL) {
		for (size_t i = 0; i <= strlen(made); i++) {
			text[i] = (char)toupper((unsigned char)made[i]);
		}
	}
	return text ? text : "";
}

void show_fingerprint(
    struct html *html, const char *title, const char *what, const char *words, const char *hex, const char *id)
{
	HTML(html, "<section class=\"part fingerprint\"><h3>");
	html_text(html, title);
	HTML(html, "</h3>");
	html_qr(html, code_text(html->ctx, what, id), ctx_word(html->ctx, "fingerprint"));
	HTML(html, "<p class=\"words\" lang=\"en\">");
	html_text(html, words);
	HTML(html, "</p><p><code>");
	html_text(html, hex);
	HTML(html, "</code></p></section>");
}

void show_fingerprints(struct visit *visit)
{
	struct html *html = &visit->html;
	json_t *rows = NULL, *row;
	struct err err = { 0 };
	size_t index;

	if (tally_fingerprints(visit->app, &rows, &err) != OK) {
		layout_error(visit, &err);
		return;
	}
	heading(html, "fingerprints");
	paragraph(html,
	    "one officer reads the words aloud on the telephone, the other compares each of them; then the other way round");
	HTML(html, "<div class=\"parts\">");
	json_array_foreach(rows, index, row)
	{
		const char *party = json_get_text(row, "party");
		const char *what = party ? arena_printf(html->ctx->arena, "PARTY %s", party) : "TALLY";
		show_fingerprint(html, party ? party : ctx_word(html->ctx, "tally"), what ? what : "",
		    json_get_text(row, "words"), json_get_text(row, "hex"), json_get_text(row, "id"));
	}
	HTML(html, "</div>");
	json_decref(rows);
}

/* ---- one key ------------------------------------------------------------------------------------------------------------ */

static const char *stopped_text(struct ctx *ctx, const json_t *row)
{
	struct err why = { .status = OK };

	stop_read(text_of(ctx, row, "stopped"), &why);
	return print_text(ctx, bytes_text(ctx_said(ctx, &why)));
}

static void key_facts(struct visit *visit, const json_t *row)
{
	struct html *html = &visit->html;
	struct ctx *ctx = html->ctx;

	HTML(html, "<dl class=\"facts\">");
	fact(html, "party", text_of(ctx, row, "party"));
	fact(html, "desk", desk_text(ctx, row));
	fact(html, "post", text_of(ctx, row, "post"));
	fact(html, "officer", officer_text(visit, row));
	fact(html, "home", text_of(ctx, row, "label"));
	fact(html, "roles", roles_text(ctx, row, false));
	fact(html, "limits", limits_text(ctx, row));
	fact(html, "until", time_text(ctx, row, "until"));
	fact(html, "granted by", granter_text(ctx, row));
	fact(html, "standing", ctx_word(ctx, text_of(ctx, row, "standing")));
	fact(html, "entries", count_text(ctx, row, "entries"));
	fact(html, "last counted entry", count_text(ctx, row, "last_good_seq"));
	fact(html, "stopped", stopped_text(ctx, row));
	fact(html, "key", text_of(ctx, row, "key"));
	HTML(html, "</dl>");
}

static bool is_ours(struct visit *visit, const json_t *row)
{
	const char *party = json_get_text(row, "party");

	return party && strcmp(party, visit->app->party) == 0;
}

static void show_key(struct visit *visit, const json_t *row)
{
	struct html *html = &visit->html;
	struct ctx *ctx = html->ctx;
	const char *hex = json_get_text(row, "key"), *desk = desk_text(ctx, row),
		   *class_name = json_get_text(row, "class");
	char words[FINGERPRINT_TEXT], short_hex[FINGERPRINT_HEX_TEXT];
	struct id key;

	if (hex == NULL || class_name == NULL || !hex_parse(hex, strlen(hex), key.data, ID_BYTES)) {
		return;
	}
	fingerprint_words(&key, words, sizeof words);
	fingerprint_hex(&key, short_hex);
	const char *title = desk[0] ? arena_printf(ctx->arena, "%s %s", ctx_word(ctx, class_name), desk)
				    : arena_printf(ctx->arena, "%s %s %s", text_of(ctx, row, "party"),
					  ctx_word(ctx, class_name), text_of(ctx, row, "label"));
	layout_open(visit, title ? title : "");
	key_facts(visit, row);
	heading(html, "fingerprint");
	HTML(html, "<div class=\"parts\">");
	show_fingerprint(html, ctx_word(ctx, "key"), "KEY", words, short_hex, hex);
	HTML(html, "</div>");
	if (is_ours(visit, row) && (strcmp(class_name, "desk") == 0 || strcmp(class_name, "home") == 0)) {
		show_revoke_form(visit, hex, class_name);
	}
	layout_close(visit);
}

static void find_key(struct visit *visit, const char *hex)
{
	json_t *rows = NULL, *row, *found = NULL;
	struct err err = { 0 };
	size_t index;

	if (grant_rows(visit->app, 0, &rows, &err) != OK) {
		answer_error(visit, &err);
		return;
	}
	json_array_foreach(rows, index, row)
	{
		const char *key = json_get_text(row, "key");
		if (key && strlen(hex) >= 12 && strncmp(key, hex, strlen(hex)) == 0) {
			found = row;
		}
	}
	if (found) {
		show_key(visit, found);
	} else {
		answer_page(visit, 404, ctx_word(&visit->app->ctx, "not found"), visit->request->path);
	}
	json_decref(rows);
}

void show_desk(struct visit *visit, const char *rest)
{
	const char *as = request_param(visit->request, "as");
	bool data = as && (strcmp(as, "csv") == 0 || strcmp(as, "json") == 0);
	json_t *rows = NULL;
	struct err err = { 0 };

	if (rest[0]) {
		find_key(visit, rest);
		return;
	}
	if (grant_rows(visit->app, KEY_DESK, &rows, &err) != OK) {
		answer_error(visit, &err);
		return;
	}
	if (data) {
		visit->answer->type = strcmp(as, "csv") == 0 ? "text/csv; charset=utf-8" : "application/json";
		visit->answer->download = strcmp(as, "csv") == 0 ? "desks.csv" : "desks.json";
		desk_list(visit, rows);
	} else {
		layout_open(visit, ctx_word(&visit->app->ctx, "Desks"));
		desk_list(visit, rows);
		home_list(visit);
		show_fingerprints(visit);
		show_grant_form(visit);
		layout_close(visit);
	}
	json_decref(rows);
}
