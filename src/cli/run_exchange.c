/* Commands that exchange: sync, bundle, export. */
#include "app/attach.h"
#include "app/exchange.h"
#include "app/exports.h"
#include "app/reach.h"
#include "base/limits.h"
#include "base/time.h"
#include "cli/cli.h"
#include <errno.h>
#include <stdlib.h>
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

static void sync_print(struct ctx *ctx, const struct sync_result *result, const struct https_count *count)
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
		json_object_set_new(row, "reason", json_string(result->why.text));
		if (count) {
			json_object_set_new(row, "https",
			    json_pack("{s:I, s:I, s:I, s:I}", "requests", (json_int_t)count->requests, "again",
				(json_int_t)count->again, "out_bytes", (json_int_t)count->out_bytes, "in_bytes",
				(json_int_t)count->in_bytes));
		}
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
	if (result->why.status != OK) {
		say(ctx, "%s", ctx_said(ctx, &result->why));
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
	if (result->complete) {
		return OK;
	}
	return result->why.status != OK ? err_within(err, INCOMPLETE, &result->why, "sync: incomplete; run it again")
					: err_set(err, INCOMPLETE, "sync: incomplete; run it again");
}

static enum status choose_peer(struct ctx *ctx, const struct args *args, struct exchange *exchange, struct err *err)
{
	const char *with = args_option(args, "with");
	enum status status = app_choose_tally(app_of(ctx), cli_globals()->tally, err);
	return status == OK ? exchange_party(app_of(ctx), with, &exchange->peer_party, err) : status;
}

static enum status sync_one(struct ctx *ctx, struct exchange *exchange, struct err *err)
{
	struct https_count count = { 0 };
	struct sync_result result = { 0 };
	exchange->count = exchange->url ? &count : NULL;
	enum status status = exchange_sync(app_of(ctx), exchange, &result, err);
	bool answers = !exchange->command && !exchange->url;
	terminal_progress_end();
	if (!answers && result.peer_party[0]) {
		sync_print(ctx, &result, exchange->count);
	}
	return status == OK && !answers ? sync_ended(&result, err) : status;
}

/* Every address that is kept, one after another; what one partner lacks does not keep us from the next. */
static enum status sync_all(struct ctx *ctx, int64_t rate_bytes_s, struct err *err)
{
	struct app *app = app_of(ctx);
	const char *wanted = cli_globals()->tally;
	struct addresses addresses;
	unsigned called = 0;
	enum status status = addresses_get(app, &addresses, err);
	for (unsigned i = 0; i < addresses.count && (status == OK || err->status != OK); i++) {
		const struct address *address = &addresses.items[i];
		struct err inner = { .status = OK };
		if (wanted && strncmp(address->tally, wanted, strlen(wanted)) != 0) {
			continue;
		}
		struct exchange exchange = { .url = address->url, .rate_bytes_s = rate_bytes_s };
		called++;
		app->has_home_key = false;
		enum status one = app_choose_tally(app, address->tally, &inner);
		one = one == OK ? exchange_party(app, address->party, &exchange.peer_party, &inner) : one;
		one = one == OK ? sync_one(ctx, &exchange, &inner) : one;
		if (one != OK) {
			say(ctx, "%s at %s: %s", address->party, address->url, ctx_said(ctx, &inner));
			status = err_pass(err, status == OK ? one : status, &inner);
		}
	}
	return status == OK && called == 0
	    ? err_set(err, USAGE,
		  "sync: no address of a partner's home is kept here; give a command or an https:// address, or keep one with "
		  "`warifu address set`")
	    : status;
}

enum status run_sync(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *there = args_operand(args, 0), *rate = args_option(args, "rate");
	struct exchange exchange = { .rate_bytes_s = rate ? strtoll(rate, NULL, 10) : 0 };
	bool stdio = args_option(args, "stdio") != NULL;
	if (stdio && there) {
		return err_set(err, USAGE, "sync: give either where the partner is, or --stdio to answer one");
	}
	if (rate && exchange.rate_bytes_s < 100) {
		return err_set(err, USAGE, "--rate %s: must be bytes a second, 100 or more", rate);
	}
	if (stdio) {
		return sync_one(ctx, &exchange, err);
	}
	if (!there) {
		return sync_all(ctx, exchange.rate_bytes_s, err);
	}
	*(strncmp(there, "https://", 8) == 0 ? &exchange.url : &exchange.command) = there;
	enum status status = choose_peer(ctx, args, &exchange, err);
	return status == OK ? sync_one(ctx, &exchange, err) : status;
}

/* --- addresses ---------------------------------------------------------------------------------------------------------- */

enum status run_address_set(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *party = args_operand(args, 0), *url = args_operand(args, 1);
	enum status status = address_set(app_of(ctx), party, url, err);
	if (status == OK) {
		say(ctx, "%s is called at %s", party, url);
	}
	return status;
}

enum status run_address_remove(struct ctx *ctx, const struct args *args, struct err *err)
{
	return address_remove(app_of(ctx), args_operand(args, 0), err);
}

enum status run_address_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "party", "party", SHOW_TEXT, 0 },
		{ "address", "address", SHOW_TEXT, 0 },
		{ "tally", "tally", SHOW_ID, 0 },
		{ "certificate", "certificate met there", SHOW_ID, 0 },
		{ 0 },
	};
	struct addresses addresses;
	json_t *rows = json_array();
	(void)args;
	enum status status = addresses_get(app_of(ctx), &addresses, err);
	for (unsigned i = 0; status == OK && i < addresses.count; i++) {
		const struct address *address = &addresses.items[i];
		json_t *row = json_pack(
		    "{s:s, s:s, s:s}", "party", address->party, "address", address->url, "tally", address->tally);
		json_object_set_new(
		    row, "certificate", id_is_zero(&address->pin) ? json_null() : json_hex(id_bytes(&address->pin)));
		json_array_append_new(rows, row);
	}
	if (status != OK) {
		json_decref(rows);
		return status;
	}
	rows_print(ctx, rows, columns, "no address of a partner's home is kept here");
	return OK;
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
	    ctx->json ? result.why.text : ctx_said(ctx, &result.why));
	json_object_set_new(row, "tally", json_hex(id_bytes(&result.tally)));
	json_object_set_new(row, "matched", result.compared ? json_boolean(result.matched) : json_null());
	record_print(ctx, row, lines);
	if (result.compared && !result.matched) {
		return err_set(err, CHECK_FAILED, "bundle %s: the halves differ", path);
	}
	return result.new_entries + result.attachments > 0 || result.why.status == OK
	    ? OK
	    : err_within(err, BAD_INPUT, &result.why, "bundle %s: brings nothing", path);
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
