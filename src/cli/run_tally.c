/* Commands: tally. */
#include "app/attach.h"
#include "app/exports.h"
#include "app/tallies.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/words.h"
#include "cli/cli.h"
#include <errno.h>
#include <string.h>

static void print_fingerprint(struct ctx *ctx, const struct id *tally)
{
	char words[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT];
	fingerprint_words(tally, words, sizeof words);
	fingerprint_hex(tally, hex);
	say(ctx, "tally  %s\n       %s", words, hex);
}

static const char *home_label(struct ctx *ctx, const struct args *args)
{
	if (args_option(args, "no-home-key")) {
		return NULL;
	}
	const char *label = args_option(args, "label");
	return label ? label : arena_printf(ctx->arena, "first home of %s", app_of(ctx)->party);
}

/* Root logs alone, as an export. */
static enum status opening_write(struct ctx *ctx, const char *path, struct err *err)
{
	struct export_options options = { .opening_only = true };
	struct export_result result;
	FILE *out = path ? fopen(path, "wb") : stdout;
	if (!out) {
		return err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
	}
	enum status status = export_write(app_of(ctx), &options, out, &result, err);
	if (path && fclose(out) != 0 && status == OK) {
		status = err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
	}
	return status;
}

/* --- propose ------------------------------------------------------------------------------------------------------------ */

static enum status read_partners(
    struct ctx *ctx, const struct args *args, struct party_pair *partners, unsigned *count, struct err *err)
{
	const char *path;
	enum status status = OK;
	for (*count = 0; status == OK && (path = args_option_at(args, "with", *count)) != NULL;) {
		struct bytes text;
		if (*count == LIMIT_PARTIES) {
			return err_set(err, USAGE, "--with: more than %d partners", LIMIT_PARTIES - 1);
		}
		status = input_read(ctx->arena, path, CARD_BYTES, &text, err);
		if (status == OK) {
			status = party_card_read(ctx->arena, text, &partners[(*count)++], err);
		}
	}
	return status;
}

enum status run_tally_propose(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct party_pair partners[LIMIT_PARTIES];
	struct tally_proposal proposal = { .partners = partners, .home_label = home_label(ctx, args) };
	const char *agreement, *path = args_option(args, "output");
	bool rehearsal = args_option(args, "rehearsal"), national = args_option(args, "national");
	proposal.mode = national ? "national" : rehearsal ? "rehearsal" : "real";
	proposal.rehearsal = rehearsal;
	enum status status = option_required(args, "agreement", &agreement, err);
	if (status == OK) {
		status = input_read(ctx->arena, agreement, LIMIT_JSON_BYTES, &proposal.agreement, err);
	}
	if (status == OK) {
		status = read_partners(ctx, args, partners, &proposal.partner_count, err);
	}
	if (status == OK) {
		status = tally_propose(app_of(ctx), &proposal, err);
	}
	if (status == OK && path) {
		status = opening_write(ctx, path, err);
	}
	if (status != OK) {
		return status;
	}
	if (ctx->json) {
		json_t *row = json_object();
		json_object_set_new(row, "tally", json_hex(id_bytes(&ctx->view.id)));
		json_object_set_new(row, "mode", json_string(proposal.mode));
		json_print(ctx, row);
		json_decref(row);
	}
	say(ctx, "%s tally proposed", proposal.mode);
	print_fingerprint(ctx, &ctx->view.id);
	if (path) {
		say(ctx, "opening written: %s; the partner reads it with `warifu tally accept`", path);
	}
	return OK;
}

enum status run_tally_opening(struct ctx *ctx, const struct args *args, struct err *err)
{
	return opening_write(ctx, args_option(args, "output"), err);
}

/* --- accept ------------------------------------------------------------------------------------------------------------- */

static enum status show_opening(
    struct ctx *ctx, const struct opening *opening, const struct args *args, struct err *err)
{
	json_t *rows = opening_rows(app_of(ctx), opening), *row;
	size_t index;
	struct buf text;
	char words[FINGERPRINT_TEXT];
	buf_init(&text, 8192);
	fingerprint_words(&opening->id, words, sizeof words);
	buf_printf(&text, "%s tally under the agreement %s\ntally  %s\n", opening->mode, opening->agreement, words);
	json_array_foreach(rows, index, row)
	{
		buf_printf(&text, "%-5s  %s\n", json_get_text(row, "party"), json_get_text(row, "words"));
	}
	json_decref(rows);
	enum status status = OK;
	if (args_option(args, "yes")) {
		say(ctx, "%.*s", (int)text.len - 1, buf_text(&text));
	} else {
		buf_put_text(&text, "Has the partner read these words to you on the telephone?");
		status = terminal_confirm(buf_text(&text), err);
	}
	buf_clear(&text);
	return status;
}

static enum status read_opening(struct ctx *ctx, const struct args *args, struct opening *opening, struct err *err)
{
	struct bytes file;
	enum status status = input_read(ctx->arena, args_operand(args, 0), LIMIT_JSON_BYTES * 16, &file, err);
	if (status == OK) {
		status = opening_read(app_of(ctx), file, opening, err);
	}
	return status == OK ? show_opening(ctx, opening, args, err) : status;
}

static void print_accepted(struct ctx *ctx, const char *what)
{
	if (ctx->json) {
		json_t *row = json_object();
		json_object_set_new(row, "tally", json_hex(id_bytes(&ctx->view.id)));
		json_print(ctx, row);
		json_decref(row);
	}
	say(ctx, "%s", what);
}

enum status run_tally_accept(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct opening opening = { 0 };
	enum status status = read_opening(ctx, args, &opening, err);
	if (status == OK) {
		status = tally_accept(app_of(ctx), &opening, true, home_label(ctx, args), err);
	}
	if (status == OK) {
		print_accepted(ctx, "accepted; the partner learns of it at the first sync");
	}
	return status;
}

enum status run_tally_join(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct opening opening = { 0 };
	enum status status = read_opening(ctx, args, &opening, err);
	if (status == OK) {
		status = tally_accept(app_of(ctx), &opening, false, NULL, err);
	}
	if (status == OK) {
		print_accepted(ctx, "added; next: `warifu home request` for this home's key");
	}
	return status;
}

/* --- look, amend -------------------------------------------------------------------------------------------------------- */

enum status run_tally_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "id", "tally", SHOW_ID, 0 },
		{ "mode", "mode", SHOW_WORD, 0 },
		{ "agreement", "agreement", SHOW_TEXT, 0 },
		{ "parties", "parties", SHOW_LIST, 0 },
		{ "open", "accepted by all", SHOW_YES, 0 },
		{ 0 },
	};
	json_t *rows;
	(void)args;
	enum status status = tally_rows(app_of(ctx), &rows, err);
	if (status == OK) {
		rows_print(ctx, rows, columns,
		    "no tally in this home yet; begin with `warifu tally propose` or `warifu tally accept`");
	}
	return status;
}

enum status run_tally_show(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown lines[] = {
		{ "id", "tally", SHOW_FULL, 0 },
		{ "words", "fingerprint", SHOW_TEXT, 0 },
		{ "hex", "in hex", SHOW_TEXT, 0 },
		{ "mode", "mode", SHOW_WORD, 0 },
		{ "agreement", "agreement", SHOW_TEXT, 0 },
		{ "profile", "profile hash", SHOW_FULL, 0 },
		{ "parties", "parties", SHOW_LIST, 0 },
		{ "own_party", "our party", SHOW_TEXT, 0 },
		{ "open", "accepted by all", SHOW_TEXT, 0 },
		{ 0 },
	};
	json_t *rows, *row;
	size_t index;
	char words[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT], id[ID_BYTES * 2 + 1];
	(void)args;
	enum status status = tally_rows(app_of(ctx), &rows, err);
	if (status != OK) {
		return status;
	}
	hex_print(id_bytes(&ctx->view.id), id);
	fingerprint_words(&ctx->view.id, words, sizeof words);
	fingerprint_hex(&ctx->view.id, hex);
	json_array_foreach(rows, index, row)
	{
		if (strcmp(json_get_text(row, "id"), id) == 0) {
			json_object_set_new(row, "words", json_string(words));
			json_object_set_new(row, "hex", json_string(hex));
			record_print(ctx, json_incref(row), lines);
		}
	}
	json_decref(rows);
	return OK;
}

enum status run_tally_use(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct app *app = app_of(ctx);
	char id[ID_BYTES * 2 + 1];
	enum status status = app_choose_tally(app, args_operand(args, 0), err);
	if (status == OK) {
		hex_print(id_bytes(&ctx->view.id), id);
		status = store_setting_set(app->store, "tally", bytes_text(id), err);
	}
	if (status == OK) {
		say(ctx, "tally %.12s is the usual one of this home", id);
	}
	return status;
}

enum status run_tally_amend(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *from, *path = args_option(args, "agreement"), *agree = args_option(args, "agree");
	struct bytes agreement;
	struct id id, hash;
	int64_t day;
	enum status status = option_required(args, "from", &from, err);
	if (status == OK && !day_parse(bytes_text(from), &day)) {
		status = err_set(err, USAGE, "--from \"%s\": must be a day such as 2027-04-01", from);
	}
	if (status == OK && (path == NULL) == (agree == NULL)) {
		status = err_set(err, USAGE, "tally amend: needs either --agreement FILE or --agree HASH");
	}
	if (status == OK && agree && !hex_parse(agree, strlen(agree), hash.data, ID_BYTES)) {
		status = err_set(err, USAGE, "--agree \"%s\": must be the 64 hex digits of the profile hash", agree);
	}
	if (status != OK) {
		return status;
	}
	if (agree) {
		status = tally_amend_agree(app_of(ctx), day, &hash, &id, err);
	} else {
		status = input_read(ctx->arena, path, LIMIT_JSON_BYTES, &agreement, err);
		status = status == OK ? tally_amend(app_of(ctx), agreement, day, &id, err) : status;
	}
	return status == OK ? entry_made(ctx, &id, "it counts from its day once every root has entered the same")
			    : status;
}

enum status run_tally_rules(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct id id;
	enum status status = tally_accept_rules(app_of(ctx), args_operand(args, 0), &id, err);
	return status == OK ? entry_made(ctx, &id, "new threads may use it once every party has said so") : status;
}
