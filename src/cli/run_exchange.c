/* Commands that exchange: sync, bundle, export. */
#include "app/attach.h"
#include "app/exchange.h"
#include "app/exports.h"
#include "base/limits.h"
#include "base/time.h"
#include "cli/cli.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* --- export ------------------------------------------------------------------------------------------------------------- */

enum status run_export(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown lines[] = {
		{ "entries", "entries", SHOW_TEXT, 0 },
		{ "attachments", "attachments", SHOW_TEXT, 0 },
		{ "bytes", "bytes", SHOW_TEXT, 0 },
		{ 0 },
	};
	struct export_options options = { .attachments = !args_option(args, "no-attachments") };
	struct export_result result;
	const char *path = args_option(args, "output"), *until = args_option(args, "until");
	int64_t day = 0;
	if (until && !day_parse(bytes_text(until), &day)) {
		return err_set(
		    err, USAGE, "--until \"%s\": must be a day, the first that is left out: 2014-04-01", until);
	}
	options.until_ms = until ? day * DAY_MS : 0;
	FILE *out = path ? fopen(path, "wb") : stdout;
	if (!out) {
		return err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
	}
	enum status status = export_write(app_of(ctx), &options, out, &result, err);
	if (path && fclose(out) != 0 && status == OK) {
		status = err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
	}
	if (status == OK && path) {
		record_print(ctx,
		    json_pack("{s:I, s:I, s:I}", "entries", (json_int_t)result.entries, "attachments",
			(json_int_t)result.attachments, "bytes", (json_int_t)result.bytes),
		    lines);
	}
	return status;
}

/* --- sync --------------------------------------------------------------------------------------------------------------- */

static void sync_print(struct ctx *ctx, const struct sync_result *result)
{
	char hex[ID_BYTES * 2 + 1], differs[ID_BYTES * 2 + 1];
	hex_print(id_bytes(&result->digest), hex);
	hex_print(id_bytes(&result->differs_thread), differs);
	if (ctx->json) {
		json_t *row = json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:i, s:i, s:i}", "peer",
		    result->peer_party, "complete", result->complete, "sent_entries", (json_int_t)result->sent_entries,
		    "received_entries", (json_int_t)result->received_entries, "sent_attachments",
		    (json_int_t)result->sent_attachments, "received_attachments",
		    (json_int_t)result->received_attachments, "sent_bytes", (json_int_t)result->sent_bytes,
		    "received_bytes", (json_int_t)result->received_bytes, "round_trips", (int)result->round_trips,
		    "stopped_logs", (int)result->stopped_logs, "forks", (int)result->forks);
		json_object_set_new(row, "matched", result->compared ? json_boolean(result->matched) : json_null());
		json_object_set_new(row, "digest", result->compared ? json_string(hex) : json_null());
		json_object_set_new(row, "reason", json_string(result->reason));
		json_print(ctx, row);
		json_decref(row);
		return;
	}
	say(ctx, "%s: sent %s, received %s entries; %s bytes out, %s in", result->peer_party,
	    grouped(ctx->arena, result->sent_entries), grouped(ctx->arena, result->received_entries),
	    grouped(ctx->arena, result->sent_bytes), grouped(ctx->arena, result->received_bytes));
	if (result->sent_attachments || result->received_attachments) {
		say(ctx, "attachments: sent %lld, received %lld", (long long)result->sent_attachments,
		    (long long)result->received_attachments);
	}
	if (result->compared) {
		say(ctx, result->matched ? "the halves match: %s" : "the halves differ: %s", hex);
	}
	if (result->compared && !result->matched && !id_is_zero(&result->differs_thread)) {
		say(ctx, "first thread that differs: %s; compare `warifu why %s` on both sides", differs, differs);
	}
	if (result->forks) {
		say(ctx, "%u logs are forked: a key was used twice, by a copy or a thief; see `warifu desk list`",
		    result->forks);
	}
	if (result->stopped_logs) {
		say(ctx, "%u logs of the partner could not go on: `warifu doctor` says why", result->stopped_logs);
	}
	if (result->reason[0]) {
		say(ctx, "%s", result->reason);
	}
}

static enum status sync_ended(const struct sync_result *result, struct err *err)
{
	if (result->restored) {
		return err_set(err, ENVIRONMENT,
		    "this home: the partner knows later entries of a key of ours, so it is a restored or copied one and is "
		    "read-only now; go on with `warifu home adopt`");
	}
	if (result->compared && !result->matched) {
		return err_set(err, CHECK_FAILED, "sync: the halves differ");
	}
	return result->complete ? OK
				: err_set(err, INCOMPLETE, "sync: incomplete%s%s; run it again",
				      result->reason[0] ? ": " : "", result->reason);
}

static enum status choose_peer(struct ctx *ctx, const struct args *args, struct exchange *exchange, struct err *err)
{
	const char *with = args_option(args, "with");
	enum status status = app_choose_tally(app_of(ctx), cli_globals()->tally, err);
	return status == OK ? exchange_party(app_of(ctx), with, &exchange->peer_party, err) : status;
}

enum status run_sync(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct exchange exchange = { .command = args_operand(args, 0) };
	struct sync_result result = { 0 };
	bool stdio = args_option(args, "stdio") != NULL;
	if (stdio == (exchange.command != NULL)) {
		return err_set(
		    err, USAGE, "sync: give either a command that reaches the partner, or --stdio to answer one");
	}
	enum status status = stdio ? OK : choose_peer(ctx, args, &exchange, err);
	if (status == OK) {
		status = exchange_sync(app_of(ctx), &exchange, &result, err);
	}
	terminal_progress_end();
	if (!stdio && result.peer_party[0]) {
		sync_print(ctx, &result);
	}
	return status == OK && !stdio ? sync_ended(&result, err) : status;
}

/* --- bundles ------------------------------------------------------------------------------------------------------------ */

enum status run_bundle_write(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct bundle_asked asked = { .everything = args_option(args, "everything"),
		.plain = args_option(args, "plain"),
		.text = args_option(args, "text"),
		.attachments = !args_option(args, "no-attachments") };
	const char *party, *path = args_option(args, "output");
	struct buf out;
	int64_t entries = 0;
	enum status status = option_required(args, "for", &party, err);
	if (status == OK) {
		status = exchange_party(app_of(ctx), party, &asked.for_party, err);
	}
	if (status != OK) {
		return status;
	}
	buf_init(&out, LIMIT_BUNDLE_BYTES * 2);
	status = exchange_bundle_write(app_of(ctx), &asked, &out, &entries, err);
	if (status == OK && out.len > 0) {
		status = path ? output_file(path, buf_bytes(&out), err)
		    : fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0
		    ? OK
		    : err_set(err, ENVIRONMENT, "standard output: %s", strerror(errno));
	}
	if (status == OK && path) {
		record_print(ctx, json_pack("{s:I, s:I}", "entries", (json_int_t)entries, "bytes", (json_int_t)out.len),
		    (const struct shown[]){
			{ "entries", "entries", SHOW_TEXT, 0 }, { "bytes", "bytes", SHOW_TEXT, 0 }, { 0 } });
	}
	if (status == OK && out.len == 0) {
		say(ctx, "%s has acknowledged all that is here; nothing written", party);
	}
	buf_clear(&out);
	return status;
}

static enum status read_one(struct ctx *ctx, const char *path, struct err *err)
{
	static const struct shown lines[] = {
		{ "file", "bundle", SHOW_TEXT, 0 },
		{ "new_entries", "new entries", SHOW_TEXT, 0 },
		{ "doubles", "here already", SHOW_TEXT, 0 },
		{ "gaps", "begin behind what is here", SHOW_TEXT, 0 },
		{ "attachments", "attachments", SHOW_TEXT, 0 },
		{ "matched", "halves match", SHOW_TEXT, 0 },
		{ "reason", "reason", SHOW_TEXT, 0 },
		{ 0 },
	};
	struct bundle_result result = { 0 };
	struct mapping file;
	enum status status = mapping_open(path, LIMIT_BUNDLE_BYTES * 2, &file, err);
	if (status != OK) {
		return status;
	}
	status = exchange_bundle_read(app_of(ctx), file.bytes, &result, err);
	mapping_close(&file);
	if (status != OK) {
		return status;
	}
	json_t *row = json_pack("{s:s, s:I, s:I, s:I, s:I, s:i, s:s}", "file", path, "new_entries",
	    (json_int_t)result.new_entries, "doubles", (json_int_t)result.doubles, "gaps", (json_int_t)result.gaps,
	    "attachments", (json_int_t)result.attachments, "stopped_logs", (int)result.stopped_logs, "reason",
	    result.reason);
	json_object_set_new(row, "tally", json_hex(id_bytes(&result.tally)));
	json_object_set_new(row, "matched", result.compared ? json_boolean(result.matched) : json_null());
	record_print(ctx, row, lines);
	if (result.compared && !result.matched) {
		return err_set(err, CHECK_FAILED, "bundle %s: the halves differ", path);
	}
	return result.new_entries + result.attachments > 0 || !result.reason[0]
	    ? OK
	    : err_set(err, BAD_INPUT, "bundle %s: brings nothing: %s", path, result.reason);
}

enum status run_bundle_read(struct ctx *ctx, const struct args *args, struct err *err)
{
	enum status status = OK;
	for (unsigned i = 0; i < args->operand_count && status == OK; i++) {
		status = read_one(ctx, args_operand(args, i), err);
	}
	return status;
}

enum status exchange_show(struct ctx *ctx, struct bytes file, struct err *err)
{
	(void)ctx;
	(void)file;
	return err_set(err, BAD_INPUT,
	    "show: neither an export, an opening nor a card; a bundle is read with `warifu bundle read`");
}
