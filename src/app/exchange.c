/* Exchange with a partner. What is done here is finding keys: a call needs the home key of the chosen tally, an answer that of the tally which
 * the greeting names, a sealed bundle any home key of ours that opens it. */
#include "app/exchange.h"
#include "app/attach.h"
#include "app/reach.h"
#include "base/limits.h"
#include "base/text.h"
#include <string.h>
#include <unistd.h>

enum status exchange_party(struct app *app, const char *code, unsigned *party, struct err *err)
{
	const struct tally_view *view = &app->ctx.view;
	char list[128] = "";
	size_t used = 0;
	if (!code && view->party_count <= 2) {
		*party = view->party_count == 2 ? 1 - app->ctx.own_party : app->ctx.own_party;
		return OK;
	}
	*party = code ? fold_party_find(view, bytes_text(code)) : view->party_count;
	for (unsigned i = 0; i < view->party_count && used < sizeof list - 16; i++) {
		used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", view->party_codes[i]);
	}
	return *party < view->party_count
	    ? OK
	    : err_set(err, USAGE, "party %s: must be one of %s", code ? code : "(none given)", list);
}

/* --- home keys ---------------------------------------------------------------------------------------------------------- */

struct ungranted {
	struct id key;
	bool found;
};

static enum status newest_home(void *context, const struct keyfile_info *info, struct err *err)
{
	struct ungranted *ungranted = context;
	(void)err;
	if (strcmp(info->role, "home") == 0) {
		ungranted->key = info->key;
		ungranted->found = true;
	}
	return OK;
}

enum status exchange_home(struct app *app, const struct secrets **secrets, struct err *err)
{
	struct ungranted ungranted = { 0 };
	if (app_choose_home_key(app, NULL) != OK) {
		enum status status = keyfile_each(app->home_dir, newest_home, &ungranted, err);
		if (status != OK || !ungranted.found) {
			return status != OK ? status : app_choose_home_key(app, err);
		}
		app->home_key = ungranted.key;
	}
	return app_secrets(app, &app->home_key, "home key", secrets, err);
}

/* Chooses the tally with this row, and its home key. */
static enum status use_tally(struct app *app, int64_t row, struct err *err)
{
	char hex[ID_BYTES * 2 + 1];
	struct tally_row tally;
	enum status status = store_tally_get(app->store, row, &tally, err);
	if (status != OK) {
		return status;
	}
	hex_print(id_bytes(&tally.id), hex);
	app->has_home_key = false;
	status = app_choose_tally(app, hex, err);
	return status == OK ? app_may_sign(app, err) : status;
}

/* --- sync --------------------------------------------------------------------------------------------------------------- */

static enum status home_of_tally(
    void *context, int64_t tally, struct id *home_key, const struct secrets **secrets, struct err *err)
{
	struct app *app = context;
	enum status status = use_tally(app, tally, err);
	if (status == OK) {
		status = exchange_home(app, secrets, err);
	}
	*home_key = app->home_key;
	return status;
}

void exchange_progress(void *context, int64_t done, int64_t all)
{
	struct app *app = context;
	if (app->progress) {
		app->progress(app->progress_context, "sync", done, all);
	}
}

static enum status run_session(
    struct app *app, struct sync_options *options, int in, int out, struct sync_result *result, struct err *err)
{
	struct sync *sync;
	options->store = app->store;
	options->now_ms = app->ctx.now_ms;
	options->progress = exchange_progress;
	options->progress_context = app;
	enum status status = sync_open(options, &sync, err);
	if (status != OK) {
		return status;
	}
	status = sync_over_fds(sync, in, out, EXCHANGE_PATIENCE_MS, err);
	sync_result_get(sync, result);
	sync_close(sync);
	return status == OK && app->ctx.tally && !result->restored ? attachments_settle(app, err) : status;
}

static enum status call(struct app *app, const struct exchange *exchange, struct sync_result *result, struct err *err)
{
	struct sync_options options = {
		.tally = app->ctx.tally, .peer_party = exchange->peer_party, .initiator = true
	};
	struct sync_command command;
	struct err reaped, told;
	enum status status = exchange_home(app, &options.secrets, err);
	options.home_key = app->home_key;
	if (status == OK) {
		status = sync_command_start(exchange->command, &command, err);
	}
	if (status != OK) {
		return status;
	}
	err_clear(&told);
	status = run_session(app, &options, command.in_fd, command.out_fd, result, &told);
	err_clear(&reaped);
	enum status ended = sync_command_reap(&command, &reaped);
	if (status == INCOMPLETE && ended != OK && result->received_bytes == 0) {
		return err_pass(err, ended, &reaped); /* it never spoke: why it ended says more */
	}
	if (status != OK && err) {
		*err = told;
	}
	return status;
}

enum status exchange_sync(struct app *app, const struct exchange *exchange, struct sync_result *result, struct err *err)
{
	enum status status = app_may_sign(app, err);
	if (status != OK) {
		return status;
	}
	if (exchange->command) {
		return call(app, exchange, result, err);
	}
	if (exchange->url) {
		return exchange_call(app, exchange, result, err);
	}
	struct sync_options options = { .home = home_of_tally, .home_context = app };
	return run_session(app, &options, STDIN_FILENO, STDOUT_FILENO, result, err);
}

/* --- bundles ------------------------------------------------------------------------------------------------------------ */

enum status exchange_bundle_write(
    struct app *app, const struct bundle_asked *asked, struct buf *out, int64_t *entries, struct err *err)
{
	struct bundle_options options = { .store = app->store,
		.tally = app->ctx.tally,
		.for_party = asked->for_party,
		.everything = asked->everything,
		.plain = asked->plain,
		.attachments = asked->attachments,
		.now_ms = app->ctx.now_ms };
	struct buf bundle;
	enum status status = app_may_sign(app, err);
	if (status == OK) {
		options.store = app->store;
		status = exchange_home(app, &options.secrets, err);
	}
	options.home_key = app->home_key;
	if (status != OK) {
		return status;
	}
	buf_init(&bundle, LIMIT_BUNDLE_BYTES);
	status = bundle_write(&options, &bundle, entries, err);
	if (status == OK && bundle.len > 0 && asked->text) {
		bundle_text_print(buf_bytes(&bundle), out);
	} else if (status == OK) {
		buf_put_bytes(out, buf_bytes(&bundle));
	}
	buf_clear(&bundle);
	return status == OK && out->failed ? err_set(err, ENVIRONMENT, "bundle: out of memory") : status;
}

struct reading {
	struct app *app;
	struct bytes in;
	struct bundle_result *result;
	bool done;
	struct err first;
};

/* Tries with the home key of one tally; goes on to the next where it is not for that key. */
static enum status try_tally(void *context, const struct tally_row *tally, struct err *err)
{
	struct reading *reading = context;
	const struct secrets *secrets = NULL;
	struct err inner;
	if (reading->done) {
		return OK;
	}
	err_clear(&inner);
	enum status status = use_tally(reading->app, tally->row, err);
	if (status == OK) {
		status = exchange_home(reading->app, &secrets, &inner);
	}
	if (status == OK) {
		status = bundle_read(reading->app->store, reading->in, &reading->app->home_key, secrets,
		    reading->app->ctx.now_ms, reading->result, &inner);
	}
	if (status == OK) {
		status = attachments_settle(reading->app, &inner);
	}
	if (status == REFUSED || status == NOT_FOUND) {
		err_pass(&reading->first, status, &inner);
		return OK;
	}
	reading->done = true;
	return status == OK ? OK : err_pass(err, status, &inner);
}

static enum status read_binary(struct app *app, struct bytes in, struct bundle_result *result, struct err *err)
{
	struct reading reading = { .app = app, .in = in, .result = result };
	enum status status = store_tally_each(app->store, try_tally, &reading, err);
	if (status == OK && !reading.done) {
		return reading.first.status != OK ? err_pass(err, BAD_INPUT, &reading.first)
						  : err_set(err, BAD_INPUT, "bundle: no tally in this home yet");
	}
	return status;
}

static bool is_text(struct bytes in)
{
	size_t head = in.len < 256 ? in.len : 256;
	return head > 0 && !memchr(in.data, '\0', head) &&
	    !text_check(bytes_of(in.data, in.len < 4096 ? in.len : 4096));
}

enum status exchange_bundle_read(struct app *app, struct bytes in, struct bundle_result *result, struct err *err)
{
	struct buf binary;
	enum status status = app_write(app, err);
	if (status != OK) {
		return status;
	}
	if (in.len > LIMIT_BUNDLE_BYTES * 2) {
		return err_set(
		    err, BAD_INPUT, "bundle: %zu bytes; at most %lld", in.len, (long long)LIMIT_BUNDLE_BYTES);
	}
	if (!is_text(in)) {
		return read_binary(app, in, result, err);
	}
	buf_init(&binary, LIMIT_BUNDLE_BYTES);
	status = bundle_text_parse(in, &binary, err);
	if (status == OK) {
		status = read_binary(app, buf_bytes(&binary), result, err);
	}
	buf_clear(&binary);
	return status;
}
