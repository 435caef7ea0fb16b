/* Commands: desk, home. */
#include "app/attach.h"
#include "app/grants.h"
#include "app/parties.h"
#include "base/time.h"
#include "base/words.h"
#include "cli/cli.h"
#include <stdlib.h>
#include <string.h>

/* --- asking ------------------------------------------------------------------------------------------------------------- */

static enum status write_request(
    struct ctx *ctx, const struct args *args, const struct buf *card, const struct id *key, struct err *err)
{
	char words[FINGERPRINT_TEXT];
	const char *path = args_option(args, "output");
	enum status status = output_write(ctx, path, buf_bytes(card), err);
	if (status == OK && path) {
		fingerprint_words(key, words, sizeof words);
		say(ctx, "request written: %s\nread to the root or registrar: %s", path, words);
	}
	return status;
}

enum status run_desk_request(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct desk_request request = { 0 };
	const char *limits[16];
	struct buf card;
	struct id key;
	enum status status = option_required(args, "officer", &request.officer, err);
	if (status == OK) {
		status = option_required(args, "post", &request.post, err);
	}
	if (status == OK) {
		status = option_required(args, "roles", &request.roles, err);
	}
	if (status == OK) {
		status = option_strength(args, &request.strength, err);
	}
	if (status != OK) {
		return status;
	}
	request.limits = limits;
	while (request.limit_count < 16 &&
	    (limits[request.limit_count] = args_option_at(args, "limit", request.limit_count)) != NULL) {
		request.limit_count++;
	}
	buf_init(&card, CARD_BYTES);
	status = desk_request(app_of(ctx), &request, &card, &key, err);
	if (status == OK) {
		status = write_request(ctx, args, &card, &key, err);
	}
	buf_clear(&card);
	return status;
}

enum status run_home_request(struct ctx *ctx, const struct args *args, struct err *err)
{
	enum key_strength strength;
	const char *label;
	struct buf card;
	struct id key;
	enum status status = option_required(args, "label", &label, err);
	if (status == OK) {
		status = option_strength(args, &strength, err);
	}
	if (status != OK) {
		return status;
	}
	buf_init(&card, CARD_BYTES);
	status = home_request(app_of(ctx), label, strength, &card, &key, err);
	if (status == OK) {
		status = write_request(ctx, args, &card, &key, err);
	}
	buf_clear(&card);
	return status;
}

/* --- granting ----------------------------------------------------------------------------------------------------------- */

static enum status confirm_card(
    struct ctx *ctx, const struct args *args, const struct card *card, const struct id *key, struct err *err)
{
	char words[FINGERPRINT_TEXT];
	const char *post = card_get(card, "post"), *label = card_get(card, "label"), *roles = card_get(card, "roles");
	fingerprint_words(key, words, sizeof words);
	if (args_option(args, "yes")) {
		return OK;
	}
	const char *question =
	    arena_printf(ctx->arena, "%s%s%s\nfingerprint: %s\nHas the officer read these words to you?",
		post        ? post
		    : label ? label
			    : "",
		roles ? "; roles: " : "", roles ? roles : "", words);
	return terminal_confirm(question, err);
}

static enum status grant_card(
    struct ctx *ctx, const struct args *args, const char *title, struct granted *granted, struct err *err)
{
	struct grant_terms terms = { .by_registrar = args_option(args, "by-desk") != NULL };
	struct bytes text;
	struct card card;
	struct id key;
	enum status status = grant_terms_read(
	    args_option(args, "until"), args_option(args, "number"), args_option(args, "range"), &terms, err);
	if (status == OK) {
		status = input_read(ctx->arena, args_operand(args, 0), CARD_BYTES, &text, err);
	}
	if (status == OK) {
		status = card_read(ctx->arena, text, &card, err);
	}
	if (status == OK) {
		status = card_expect(&card, title, err);
	}
	if (status == OK) {
		status = card_id(&card, "key", &key, err);
	}
	if (status == OK) {
		status = confirm_card(ctx, args, &card, &key, err);
	}
	return status == OK ? grant_enter(app_of(ctx), &card, &terms, granted, err) : status;
}

static void granted_print(struct ctx *ctx, const struct granted *granted)
{
	char until[TIME_TEXT];
	json_t *row = json_object();
	time_print(granted->until_ms, until);
	json_object_set_new(row, "id", json_hex(id_bytes(&granted->id)));
	json_object_set_new(row, "key", json_hex(id_bytes(&granted->key)));
	if (granted->number) {
		json_object_set_new(row, "number", json_integer(granted->number));
	}
	json_object_set_new(row, "until", json_string(until));
	if (ctx->json) {
		json_print(ctx, row);
	}
	json_decref(row);
	if (granted->number) {
		say(ctx, "desk %lld granted to %s until %s", (long long)granted->number, granted->officer,
		    short_time(ctx->arena, until));
	} else {
		say(ctx, "home granted until %s", short_time(ctx->arena, until));
	}
}

enum status run_desk_grant(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct granted granted = { 0 };
	enum status status = grant_card(ctx, args, "warifu desk request", &granted, err);
	if (status == OK) {
		granted_print(ctx, &granted);
	}
	return status;
}

enum status run_home_grant(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct granted granted = { 0 };
	enum status status = grant_card(ctx, args, "warifu home request", &granted, err);
	if (status == OK) {
		granted_print(ctx, &granted);
	}
	return status;
}

/* --- revoking, listing -------------------------------------------------------------------------------------------------- */

static enum status revoke(struct ctx *ctx, const struct args *args, enum key_class key_class, struct err *err)
{
	const char *reason, *last_good = args_option(args, "last-good");
	struct id id;
	enum status status = option_required(args, "reason", &reason, err);
	if (status == OK) {
		status = grant_revoke(app_of(ctx), args_operand(args, 0), key_class,
		    last_good ? strtoll(last_good, NULL, 10) : -1, reason, args_option(args, "by-desk") != NULL, &id,
		    err);
	}
	return status == OK ? entry_made(ctx, &id, "revoked; what a partner has named before it knew of this stands")
			    : status;
}

enum status run_desk_revoke(struct ctx *ctx, const struct args *args, struct err *err)
{
	return revoke(ctx, args, KEY_DESK, err);
}
enum status run_home_revoke(struct ctx *ctx, const struct args *args, struct err *err)
{
	return revoke(ctx, args, KEY_HOME, err);
}

enum status run_desk_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "party", "party", SHOW_TEXT, 0 },
		{ "number", "desk", SHOW_RIGHT, 0 },
		{ "post", "post", SHOW_TEXT, 28 },
		{ "officer", "officer", SHOW_TEXT, 28 },
		{ "roles", "roles", SHOW_LIST, 48 },
		{ "limits", "limits", SHOW_AMOUNTS, 0 },
		{ "until", "until", SHOW_TIME, 0 },
		{ "standing", "standing", SHOW_WORD, 0 },
		{ "here", "here", SHOW_YES, 0 },
		{ "entries", "entries", SHOW_RIGHT, 0 },
		{ "key", "key", SHOW_ID, 0 },
		{ 0 },
	};
	json_t *rows, *row;
	size_t index;
	(void)args;
	enum status status = grant_rows(app_of(ctx), KEY_DESK, &rows, err);
	if (status != OK) {
		return status;
	}
	json_array_foreach(rows, index, row)
	{
		const char *code = json_get_text(row, "officer");
		if (!ctx->json && code) {
			json_object_set_new(row, "officer", json_string(officer_name(app_of(ctx), bytes_text(code))));
		}
	}
	rows_print(ctx, rows, columns, "no desks yet; ask for one with `warifu desk request`");
	return OK;
}

enum status run_home_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "party", "party", SHOW_TEXT, 0 },
		{ "label", "home", SHOW_TEXT, 0 },
		{ "until", "until", SHOW_TIME, 0 },
		{ "standing", "standing", SHOW_WORD, 0 },
		{ "here", "here", SHOW_YES, 0 },
		{ "entries", "entries", SHOW_RIGHT, 0 },
		{ "key", "key", SHOW_ID, 0 },
		{ 0 },
	};
	json_t *rows;
	(void)args;
	enum status status = grant_rows(app_of(ctx), KEY_HOME, &rows, err);
	if (status == OK) {
		rows_print(ctx, rows, columns, "no homes yet; ask for one with `warifu home request`");
	}
	return status;
}

enum status run_home_adopt(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct app *app = app_of(ctx);
	enum status status = args_option(args, "yes")
	    ? OK
	    : terminal_confirm(
		  "The keys of this home will be put aside for good; its desks must be granted anew. Go on?", err);
	if (status == OK) {
		status = home_adopt(app, err);
	}
	if (status == OK) {
		say(ctx,
		    "this home may write again; its old keys lie in keys/given-up\nnext: `warifu home request`, `warifu desk request`, and have the "
		    "old ones revoked");
	}
	return status;
}
