/* Commands: init, party, officer. */
#include "app/parties.h"
#include "base/words.h"
#include "cli/cli.h"
#include <stdlib.h>
#include <string.h>

enum status option_strength(const struct args *args, enum key_strength *out, struct err *err)
{
	const char *given = args_option(args, "strength");
	*out = given && strcmp(given, "light") == 0 ? STRENGTH_LIGHT : STRENGTH_STANDARD;
	if (given && strcmp(given, "light") != 0 && strcmp(given, "standard") != 0) {
		return err_set(err, USAGE, "--strength \"%s\": must be standard or light", given);
	}
	return OK;
}

enum status option_required(const struct args *args, const char *name, const char **out, struct err *err)
{
	*out = args_option(args, name);
	const struct command *command = &args->verb->command;
	return *out ? OK
		    : err_set(err, USAGE, "warifu %s%s%s: --%s is missing", command->noun, command->verb ? " " : "",
			  command->verb ? command->verb : "", name);
}

enum status run_init(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *party;
	const char *dir = app_of(ctx)->home_dir;
	enum status status = option_required(args, "party", &party, err);
	if (status == OK) {
		status = home_create(dir, party, err);
	}
	if (status != OK) {
		return status;
	}
	if (ctx->json) {
		json_t *row = json_pack("{s:s, s:s}", "home", dir, "party", party);
		json_print(ctx, row);
		json_decref(row);
	}
	say(ctx,
	    "home of %s made: %s\nnext: `warifu party new` makes its root and recovery key, or `warifu tally join` if another home has them",
	    party, dir);
	return OK;
}

/* --- party -------------------------------------------------------------------------------------------------------------- */

static const struct shown party_lines[] = {
	{ "party", "party", SHOW_TEXT, 0 },
	{ "words", "fingerprint", SHOW_TEXT, 0 },
	{ "hex", "in hex", SHOW_TEXT, 0 },
	{ "root", "root key", SHOW_FULL, 0 },
	{ "recovery", "recovery key", SHOW_FULL, 0 },
	{ "strength", "strength", SHOW_TEXT, 0 },
	{ "used", "in a tally", SHOW_YES, 0 },
	{ 0 },
};

static json_t *pair_row(struct app *app, const struct party_pair *pair)
{
	char words[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT];
	struct id fingerprint = party_fingerprint(pair);
	fingerprint_words(&fingerprint, words, sizeof words);
	fingerprint_hex(&fingerprint, hex);
	json_t *row = json_object();
	json_object_set_new(row, "party", json_string(pair->code));
	json_object_set_new(row, "words", json_string(words));
	json_object_set_new(row, "hex", json_string(hex));
	json_object_set_new(row, "root", json_hex(id_bytes(&pair->root)));
	json_object_set_new(row, "recovery", json_hex(id_bytes(&pair->recovery)));
	json_object_set_new(row, "strength", json_string(pair->strength == STRENGTH_LIGHT ? "light" : "standard"));
	json_object_set_new(row, "used", json_boolean(party_pair_used(app, pair)));
	return row;
}

enum status run_party_new(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct app *app = app_of(ctx);
	struct party_pair pair;
	enum key_strength strength;
	const char *code = args_operand(args, 0);
	const char *root_dir = args_option(args, "root-dir"), *recovery_dir = args_option(args, "recovery-dir");
	if (code && strcmp(code, app->party) != 0) {
		return err_set(err, USAGE, "party %s: this home is of %s", code, app->party);
	}
	enum status status = option_strength(args, &strength, err);
	if (status == OK) {
		status = party_new(app, root_dir, recovery_dir, strength, &pair, err);
	}
	if (status != OK) {
		return status;
	}
	record_print(ctx, pair_row(app, &pair), party_lines);
	if (!root_dir || !recovery_dir) {
		say(ctx,
		    "the %s lies in this home; for a real tally keep root and recovery key apart and offline (--root-dir, --recovery-dir)",
		    !root_dir && !recovery_dir ? "pair"
			: root_dir             ? "recovery key"
					       : "root key");
	}
	say(ctx, "next: `warifu party export -o %s.party` for the partner", app->party);
	return OK;
}

enum status run_party_show(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct party_pair pair;
	(void)args;
	enum status status = party_pair_get(app_of(ctx), &pair, err);
	if (status == OK) {
		record_print(ctx, pair_row(app_of(ctx), &pair), party_lines);
	}
	return status;
}

enum status run_party_export(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct party_pair pair;
	struct buf card;
	const char *path = args_option(args, "output");
	enum status status = party_pair_get(app_of(ctx), &pair, err);
	if (status != OK) {
		return status;
	}
	buf_init(&card, CARD_BYTES);
	party_card_print(&pair, &card);
	status = output_write(ctx, path, buf_bytes(&card), err);
	buf_clear(&card);
	return status;
}

enum status run_party_recover(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *last_good, *stand;
	struct id id;
	json_t *grants = json_array();
	enum status status = option_required(args, "last-good", &last_good, err);
	for (unsigned i = 0; status == OK && (stand = args_option_at(args, "stand", i)) != NULL; i++) {
		json_array_append_new(grants, json_string(stand));
	}
	if (status == OK) {
		status = party_recover(app_of(ctx), args_option(args, "root-dir"), args_option(args, "recovery-dir"),
		    (uint64_t)strtoull(last_good, NULL, 10), grants, &id, err);
	}
	json_decref(grants);
	return status == OK ? entry_made(ctx, &id, "a new root key speaks for the party once this is synced") : status;
}

enum status run_party_confirm(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct id replaced, id;
	enum status status = entry_find(ctx, args_operand(args, 0), &replaced, err);
	if (status == OK) {
		status = party_successor_seen(app_of(ctx), &replaced, &id, err);
	}
	return status == OK ? entry_made(ctx, &id, "the partner's new root is recognised") : status;
}

/* --- officers ----------------------------------------------------------------------------------------------------------- */

enum status run_officer_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "officer", "officer", SHOW_TEXT, 0 },
		{ "name", "name", SHOW_TEXT, 0 },
		{ "name_ja", "name (ja)", SHOW_TEXT, 0 },
		{ 0 },
	};
	json_t *officers, *rows = json_array(), *officer;
	const char *code;
	(void)args;
	enum status status = officer_all(app_of(ctx), &officers, err);
	if (status != OK) {
		json_decref(rows);
		return status;
	}
	json_object_foreach(officers, code, officer)
	{
		json_t *row = json_object();
		json_object_set_new(row, "officer", json_string(code));
		json_object_update(row, officer);
		json_array_append_new(rows, row);
	}
	json_decref(officers);
	rows_print(ctx, rows, columns, "no names of officers are kept here");
	return OK;
}

enum status run_officer_add(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *name;
	enum status status = option_required(args, "name", &name, err);
	if (status == OK) {
		status = officer_set(app_of(ctx), args_operand(args, 0), name, args_option(args, "name-ja"), err);
	}
	if (status == OK) {
		say(ctx, "%s: the name is kept in this home only", args_operand(args, 0));
	}
	return status;
}

enum status run_officer_remove(struct ctx *ctx, const struct args *args, struct err *err)
{
	enum status status = officer_set(app_of(ctx), args_operand(args, 0), NULL, NULL, err);
	if (status == OK) {
		say(ctx, "%s: name forgotten", args_operand(args, 0));
	}
	return status;
}
