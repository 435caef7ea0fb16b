/* Commands that look: log, why, show, explain, digest, rebuild, doctor, attachment; and submit. */
#include "app/attach.h"
#include "app/cards.h"
#include "app/describe.h"
#include "app/doctor.h"
#include "app/exports.h"
#include "app/locate.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/cli.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- shared ------------------------------------------------------------------------------------------------------------- */

enum status output_write(struct ctx *ctx, const char *path, struct bytes content, struct err *err)
{
	if (path && strcmp(path, "-") != 0) {
		return output_file(path, content, err);
	}
	buf_put_bytes(ctx->out, content);
	return OK;
}

enum status entry_made(struct ctx *ctx, const struct id *id, const char *what)
{
	char hex[ID_BYTES * 2 + 1];
	hex_print(id_bytes(id), hex);
	if (ctx->json) {
		json_t *row = json_object();
		json_object_set_new(row, "id", json_string(hex));
		json_print(ctx, row);
		json_decref(row);
	}
	say(ctx, "entry %.12s: %s", hex, what);
	return OK;
}

enum status entry_find(struct ctx *ctx, const char *hex, struct id *out, struct err *err)
{
	return locate_is_hex(hex)
	    ? locate_entry(app_of(ctx), hex, out, err)
	    : err_set(
		  err, USAGE, "entry \"%s\": must be the first hex digits of an id, %d or more", hex, LOCATE_HEX_MIN);
}

/* --- log, why ----------------------------------------------------------------------------------------------------------- */

enum status run_log(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "stated", "stated", SHOW_TIME, 0 },
		{ "party", "party", SHOW_TEXT, 0 },
		{ "signer", "signer", SHOW_WORD, 0 },
		{ "desk", "desk", SHOW_RIGHT, 0 },
		{ "seq", "seq", SHOW_RIGHT, 0 },
		{ "kind", "kind", SHOW_TEXT, 0 },
		{ "number", "number", SHOW_TEXT, 0 },
		{ "verdict", "verdict", SHOW_WORD, 0 },
		{ "rule", "rule", SHOW_TEXT, 0 },
		{ "id", "entry", SHOW_ID, 0 },
		{ 0 },
	};
	const char *count = args_option(args, "count");
	json_t *rows;
	enum status status =
	    log_rows(app_of(ctx), args_option(args, "of"), count ? strtoll(count, NULL, 10) : 50, &rows, err);
	if (status == OK) {
		rows_print(ctx, rows, columns, "no entries");
	}
	return status;
}

enum status run_why(struct ctx *ctx, const struct args *args, struct err *err)
{
	const struct shown columns[] = {
		{ "number", "number", SHOW_TEXT, 0 },
		{ "kind", "kind", SHOW_TEXT, 0 },
		{ "party", "party", SHOW_TEXT, 0 },
		{ "post", "post", SHOW_TEXT, 24 },
		{ "stated", "stated", SHOW_TIME, 0 },
		{ "not_before", "not before", SHOW_TIME, 0 },
		{ "not_after", "not after", SHOW_TIME, 0 },
		{ "state", "state", SHOW_WORD, 0 },
		{ "head", "head", SHOW_YES, 0 },
		{ "verdict", "verdict", SHOW_WORD, 0 },
		{ "rule", "rule", SHOW_TEXT, 0 },
		{ ctx->lang == LANG_JA ? "says" : "reason", "reason", SHOW_TEXT, 60 },
		{ "id", "entry", SHOW_ID, 0 },
		{ 0 },
	};
	json_t *rows;
	enum status status = why_rows(app_of(ctx), args_operand(args, 0), &rows, err);
	if (status == OK) {
		rows_print(ctx, rows, columns, "no entries");
	}
	return status;
}

/* --- show --------------------------------------------------------------------------------------------------------------- */

static void print_value(struct ctx *ctx, const json_t *value)
{
	char *text = json_dumps(value, ctx->json ? JSON_COMPACT : JSON_INDENT(2));
	if (text && ctx->json) {
		buf_put_text(ctx->out, text);
	}
	for (char *line = text; line && !ctx->json && *line;) {
		size_t len = strcspn(line, "\n");
		text_print_safe(ctx->out, bytes_of(line, len));
		line += len;
		if (*line == '\n') {
			buf_put_byte(ctx->out, '\n');
			line++;
		}
	}
	buf_put_byte(ctx->out, '\n');
	free(text);
}

static enum status show_entry(void *context, const struct entry *entry, struct err *err)
{
	struct ctx *ctx = context;
	json_t *row = entry_describe(entry);
	(void)err;
	if (ctx->json) {
		json_print(ctx, row);
	} else {
		buf_printf(ctx->out, "  %.12s  seq %-4lld %s  %s\n", json_get_text(row, "id"),
		    (long long)json_get_int(row, "seq"), short_time(ctx->arena, json_get_text(row, "stated")),
		    json_get_text(row, "kind"));
	}
	json_decref(row);
	return OK;
}

static void print_check(struct ctx *ctx, const struct export_check *check)
{
	static const struct shown lines[] = {
		{ "tally", "tally", SHOW_FULL, 0 },
		{ "entries", "entries", SHOW_TEXT, 0 },
		{ "logs", "logs", SHOW_TEXT, 0 },
		{ "forks", "forks", SHOW_TEXT, 0 },
		{ "missing", "named and not in the file", SHOW_TEXT, 0 },
		{ "attachments", "attachments", SHOW_TEXT, 0 },
		{ "attachment_bytes", "their bytes", SHOW_TEXT, 0 },
		{ "bytes", "bytes of the file", SHOW_TEXT, 0 },
		{ "result", "result", SHOW_TEXT, 0 },
		{ 0 },
	};
	json_t *row = json_object();
	json_object_set_new(row, "tally", json_hex(id_bytes(&check->tally)));
	json_object_set_new(row, "entries", json_integer(check->entries));
	json_object_set_new(row, "logs", json_integer(check->logs));
	json_object_set_new(row, "forks", json_integer(check->forks));
	json_object_set_new(row, "missing", json_integer(check->missing));
	json_object_set_new(row, "attachments", json_integer(check->attachments));
	json_object_set_new(row, "attachment_bytes", json_integer(check->attachment_bytes));
	json_object_set_new(row, "bytes", json_integer(check->bytes));
	json_object_set_new(row, "result", json_string(check->reason[0] ? check->reason : "good"));
	record_print(ctx, row, lines);
}

static enum status show_card(struct ctx *ctx, struct bytes text, struct err *err)
{
	struct card card;
	enum status status = card_read(ctx->arena, text, &card, err);
	json_t *object = json_object();
	for (unsigned i = 0; status == OK && i < card.count; i++) {
		json_object_set_new(object, card.lines[i].name, json_string(card.lines[i].value));
	}
	if (status == OK) {
		say(ctx, "%s", card.title);
		print_value(ctx, object);
	}
	json_decref(object);
	return status;
}

static enum status show_file(struct ctx *ctx, const char *path, struct err *err)
{
	struct mapping file;
	struct export_check check;
	enum status status = mapping_open(path, 0, &file, err);
	if (status != OK) {
		return status;
	}
	if (export_is(file.bytes)) {
		status = export_read(file.bytes, show_entry, ctx, terminal_progress, NULL, &check, err);
		if (status == OK && !ctx->json) {
			print_check(ctx, &check);
		}
	} else if (card_is(file.bytes)) {
		status = show_card(ctx, file.bytes, err);
	} else {
		status = exchange_show(ctx, file.bytes, err);
	}
	mapping_close(&file);
	return status;
}

static enum status show_id(struct ctx *ctx, const char *hex, struct err *err)
{
	struct app *app = app_of(ctx);
	struct id id;
	json_t *row;
	char home[4096];
	memcpy(home, app->home_dir, sizeof home);
	enum status status = app_open(app, home, DB_READ, err);
	if (status == OK) {
		status = app_choose_tally(app, cli_globals()->tally, err);
	}
	if (status == OK) {
		status = entry_find(ctx, hex, &id, err);
	}
	if (status == OK) {
		status = entry_row_describe(app, &id, &row, err);
	}
	if (status == OK) {
		print_value(ctx, row);
		json_decref(row);
	}
	return status;
}

enum status run_show(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *what = args_operand(args, 0);
	struct stat stat_of;
	if (stat(what, &stat_of) == 0) {
		return show_file(ctx, what, err);
	}
	return locate_is_hex(what)
	    ? show_id(ctx, what, err)
	    : err_set(err, USAGE, "\"%s\": neither a file nor the first hex digits of an id", what);
}

/* --- verify, export ----------------------------------------------------------------------------------------------------- */

enum status run_verify(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct mapping file;
	struct export_check check;
	enum status status = mapping_open(args_operand(args, 0), 0, &file, err);
	if (status != OK) {
		return status;
	}
	status = export_read(file.bytes, NULL, NULL, terminal_progress, NULL, &check, err);
	terminal_progress_end();
	if (status != ENVIRONMENT) {
		print_check(ctx, &check);
	}
	mapping_close(&file);
	return status;
}

/* --- explain ------------------------------------------------------------------------------------------------------------ */

static enum status unknown_kind(const char *name, struct err *err)
{
	const char *names[512];
	unsigned count = 0;
	size_t index;
	json_t *rows = kinds_describe(), *row;
	json_array_foreach(rows, index, row)
	{
		names[count] = json_get_text(row, "kind");
		count += count < 511;
	}
	const char *near = nearest(name, names, count);
	enum status status = near
	    ? err_set(err, USAGE, "kind \"%s\": not known; did you mean \"%s\"?", name, near)
	    : err_set(err, USAGE, "kind \"%s\": not known; `warifu explain` lists the kinds", name);
	json_decref(rows);
	return status;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static void explain_fields(struct ctx *ctx, const json_t *fields, const char *before)
{
	size_t index;
	json_t *field;
	json_array_foreach(fields, index, field)
	{
		const char *label = json_get_text(field, ctx->lang == LANG_JA ? "ja" : "en"),
			   *help = json_get_text(field, "help");
		buf_printf(ctx->out, "  %s%s%s  (%s) %s: %s\n", before, json_get_text(field, "name"),
		    json_is_true(json_object_get(field, "required")) ? "" : "?", json_get_text(field, "form"), label,
		    help);
		explain_fields(ctx, json_object_get(field, "fields"),
		    arena_printf(ctx->arena, "%s%s.", before, json_get_text(field, "name")));
	}
}

static void explain_kind(struct ctx *ctx, const json_t *kind)
{
	size_t index;
	json_t *move;
	buf_printf(ctx->out, "%s: %s\nopens %s\n", json_get_text(kind, "kind"), json_get_text(kind, "help"),
	    json_get_text(kind, "opens"));
	if (json_array_size(json_object_get(kind, "fields")) > 0) {
		buf_put_text(ctx->out, "\nfields (? marks those that may be left out):\n");
		explain_fields(ctx, json_object_get(kind, "fields"), "");
	}
	if (json_array_size(json_object_get(kind, "moves")) > 0) {
		buf_put_text(ctx->out, "\nmoves:\n");
	}
	json_array_foreach(json_object_get(kind, "moves"), index, move)
	{
		const char *from = json_get_text(move, "from");
		buf_printf(ctx->out, "  %s: %s -> %s, by the %s with the role %s (%s)\n",
		    json_get_text(move, "part_type"), from ? ctx_word(ctx, from) : "(opens)",
		    ctx_word(ctx, json_get_text(move, "to")), json_get_text(move, "side"), json_get_text(move, "role"),
		    json_get_text(move, "source"));
	}
}

enum status run_explain(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "kind", "kind", SHOW_TEXT, 0 },
		{ "verb", "verb", SHOW_TEXT, 0 },
		{ "opens", "opens", SHOW_TEXT, 0 },
		{ "help", "what it says", SHOW_TEXT, 80 },
		{ 0 },
	};
	const struct domain *domain;
	const char *name = args_operand(args, 0);
	if (!name) {
		rows_print(ctx, kinds_describe(), columns, "no kinds");
		return OK;
	}
	const struct kind *kind = kind_find(name, &domain);
	if (!kind) {
		return unknown_kind(name, err);
	}
	json_t *row = kind_describe(kind, domain);
	if (ctx->json) {
		json_print(ctx, row);
	} else {
		explain_kind(ctx, row);
	}
	json_decref(row);
	return OK;
}

/* --- digest, rebuild, doctor -------------------------------------------------------------------------------------------- */

struct digest_walk {
	struct ctx *ctx;
	json_t *rows;
};

static json_t *vector_json(const struct vector *vector)
{
	json_t *array = json_array();
	for (unsigned i = 0; i < vector->count; i++) {
		const struct vector_item *item = &vector->items[i];
		json_t *row = json_object();
		json_object_set_new(row, "key", json_hex(id_bytes(&item->key)));
		json_object_set_new(
		    row, "branch", id_is_zero(&item->branch) ? json_null() : json_hex(id_bytes(&item->branch)));
		json_object_set_new(row, "seq", json_integer((json_int_t)item->seq));
		json_object_set_new(row, "head", json_hex(id_bytes(&item->head)));
		json_array_append_new(array, row);
	}
	return array;
}

static enum status digest_tally(void *context, const struct tally_row *tally, struct err *err)
{
	struct digest_walk *walk = context;
	struct app *app = app_of(walk->ctx);
	struct vector vector;
	struct id digest;
	if (walk->ctx->tally && walk->ctx->tally != tally->row) {
		return OK;
	}
	enum status status = vector_now(app->store, tally->row, &app->arena, &vector, err);
	if (status == OK) {
		status = digest_now(app->store, tally->row, &digest, err);
	}
	if (status != OK) {
		return status;
	}
	json_t *row = json_object();
	json_object_set_new(row, "tally", json_hex(id_bytes(&tally->id)));
	json_object_set_new(row, "vector", vector_json(&vector));
	json_object_set_new(row, "digest", json_hex(id_bytes(&digest)));
	size_t at = 0;
	while (at < json_array_size(walk->rows) &&
	    strcmp(json_get_text(json_array_get(walk->rows, at), "tally"), json_get_text(row, "tally")) < 0) {
		at++;
	}
	json_array_insert_new(walk->rows, at, row);
	return OK;
}

enum status run_digest(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = { { "tally", "tally", SHOW_ID, 0 }, { "digest", "digest", SHOW_FULL, 0 },
		{ 0 } };
	struct digest_walk walk = { ctx, json_array() };
	(void)args;
	enum status status = store_tally_each(app_of(ctx)->store, digest_tally, &walk, err);
	if (status == OK) {
		rows_print(ctx, walk.rows, columns, "no tally in this home yet");
	}
	return status;
}

enum status run_rebuild(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "tally", "tally", SHOW_ID, 0 },
		{ "digest", "digest", SHOW_FULL, 0 },
		{ "same", "the same as before", SHOW_TEXT, 0 },
		{ 0 },
	};
	json_t *rows = NULL;
	(void)args;
	enum status status = rebuild_rows(app_of(ctx), true, &rows, err);
	terminal_progress_end();
	if (rows && (status == OK || status == CHECK_FAILED)) {
		rows_print(ctx, rows, columns, "no tally in this home yet");
	}
	return status;
}

enum status run_doctor(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "check", "check", SHOW_TEXT, 0 },
		{ "result", "result", SHOW_WORD, 0 },
		{ "detail", "detail", SHOW_TEXT, 120 },
		{ 0 },
	};
	json_t *rows;
	enum status status = doctor_rows(app_of(ctx), args_option(args, "quick") != NULL, &rows, err);
	terminal_progress_end();
	rows_print(ctx, rows, columns, "nothing to check");
	return status;
}

/* --- attachments -------------------------------------------------------------------------------------------------------- */

enum status run_attachment_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "number", "number", SHOW_TEXT, 0 },
		{ "media", "kind", SHOW_TEXT, 0 },
		{ "size", "bytes", SHOW_RIGHT, 0 },
		{ "state", "state", SHOW_WORD, 0 },
		{ "hash", "attachment", SHOW_FULL, 0 },
		{ 0 },
	};
	json_t *rows;
	(void)args;
	enum status status = attachment_rows(app_of(ctx), &rows, err);
	if (status == OK) {
		rows_print(ctx, rows, columns, "no attachments");
	}
	return status;
}

enum status run_attachment_get(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *path;
	struct id hash;
	struct bytes content;
	enum status status = option_required(args, "output", &path, err);
	if (status == OK) {
		status = attachment_find(app_of(ctx), args_operand(args, 0), &hash, err);
	}
	if (status == OK) {
		status = store_attachment_get(app_of(ctx)->store, &hash, ctx->arena, &content, err);
	}
	if (status == NOT_FOUND) {
		return err_set(err, NOT_FOUND, "attachment %s: announced, its bytes are not here yet; sync again",
		    args_operand(args, 0));
	}
	return status == OK ? output_write(ctx, path, content, err) : status;
}

enum status run_attachment_erase(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *law;
	struct id hash, id;
	enum status status = option_required(args, "law", &law, err);
	if (status == OK) {
		status = attachment_find(app_of(ctx), args_operand(args, 0), &hash, err);
	}
	if (status == OK) {
		status = attachment_erase(app_of(ctx), &hash, law, &id, err);
	}
	return status == OK
	    ? entry_made(ctx, &id,
		  "the bytes go where nobody else has named them, and everywhere when each party has said so; the hash stays")
	    : status;
}

/* --- serve -------------------------------------------------------------------------------------------------------------- */

enum status (*cli_serve)(struct ctx *ctx, const struct args *args, struct err *err);

enum status run_serve(struct ctx *ctx, const struct args *args, struct err *err)
{
	return cli_serve ? cli_serve(ctx, args, err)
			 : err_set(err, ENVIRONMENT, "serve: this program has no web pages");
}
