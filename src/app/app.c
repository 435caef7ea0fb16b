/* A home opened for one command: its store, its tally, its words. */
#include "app/app.h"
#include "app/rules.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/assets.h"
#include "store/link.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define OUT_BYTES (256u << 20) /* what one command may print: the longest list of a full home */

void app_init(struct app *app)
{
	memset(app, 0, sizeof *app);
	arena_init(&app->arena, LIMIT_ARENA_BYTES);
	buf_init(&app->out, OUT_BYTES);
	app->store = &app->slots[0];
	app->ctx = (struct ctx){ .arena = &app->arena, .out = &app->out, .now_ms = clock_now_ms(), .app = app };
	wire_start();
}

enum status app_open(struct app *app, const char *home_dir, enum db_mode mode, struct err *err)
{
	struct bytes party;
	if (!home_dir[0]) {
		return err_set(err, USAGE, "home: none named; give --home DIR or set WARIFU_HOME");
	}
	if (snprintf(app->home_dir, sizeof app->home_dir, "%s", home_dir) >= (int)sizeof app->home_dir) {
		return err_set(err, ENVIRONMENT, "home: path of more than %zu bytes", sizeof app->home_dir - 1);
	}
	enum status status = store_open(home_dir, mode, app->store, err);
	if (status != OK) {
		return status;
	}
	app->is_open = true;
	app->was_reading = mode == DB_READ;
	status = store_setting_get(app->store, "party", &app->arena, &party, err);
	if (status != OK) {
		return status == NOT_FOUND
		    ? err_set(
			  err, ENVIRONMENT, "home %s: belongs to no party; make it anew with `warifu init`", home_dir)
		    : status;
	}
	snprintf(app->party, sizeof app->party, "%.*s", (int)party.len, (const char *)party.data);
	return OK;
}

void app_interrupt(struct app *app)
{
	if (app->is_open) {
		store_interrupt(app->store);
	}
}

static enum status fold_tally(void *context, const struct tally_row *tally, struct err *err)
{
	struct store *store = context;
	enum status status = store_begin(store, err);

	if (status != OK) {
		return status;
	}
	status = fold_update(store, tally->row, err);
	if (status == OK) {
		return store_commit(store, err);
	}
	store_rollback(store);
	return status;
}

enum status app_tables_ready(struct app *app, struct err *err)
{
	return store_tally_each(app->store, fold_tally, app->store, err);
}

void app_close(struct app *app)
{
	for (unsigned i = 0; i < app->opened_count; i++) {
		secrets_clear(app->opened[i].secrets);
	}
	store_close(&app->slots[1]);
	store_close(&app->slots[0]);
	arena_clear(&app->arena);
	buf_clear(&app->out);
	app->is_open = false;
}

void app_pause(struct app *app)
{
	app->is_still = false;
	store_close(&app->slots[1]);
	store_close(&app->slots[0]);
}

enum status app_resume(struct app *app, struct err *err)
{
	return store_open(app->home_dir, DB_WRITE, app->store, err);
}

enum status app_write(struct app *app, struct err *err)
{
	if (!app->is_open) {
		return err_set(err, ENVIRONMENT, "no home is open");
	}
	if (app->was_reading && app->store == &app->slots[0]) {
		enum status status = store_open(app->home_dir, DB_WRITE, &app->slots[1], err);
		if (status != OK) {
			return status;
		}
		app->store = &app->slots[1];
	}
	return store_writable(app->store, err);
}

enum status app_may_sign(struct app *app, struct err *err)
{
	if (app->ctx.now_given && app->ctx.tally && !app->ctx.view.rehearsal) {
		return err_refuse(err, "", "ours: a stated time is the signer's own",
		    "--now: refused for signing in a %s tally; leave it out, or give the time of the act with --at",
		    app->ctx.view.national ? "national" : "real");
	}
	return app_write(app, err);
}

/* --- choosing a tally --------------------------------------------------------------------------------------------------- */

struct choice {
	const char *prefix;
	size_t prefix_len;
	unsigned count;
	struct tally_row found;
};

static enum status count_choice(void *context, const struct tally_row *tally, struct err *err)
{
	struct choice *choice = context;
	char hex[ID_BYTES * 2 + 1];
	(void)err;
	hex_print(id_bytes(&tally->id), hex);
	if (!choice->prefix || strncmp(hex, choice->prefix, choice->prefix_len) == 0) {
		choice->found = *tally;
		choice->count++;
	}
	return OK;
}

static enum status choose(struct app *app, const char *prefix, struct choice *choice, struct err *err)
{
	*choice = (struct choice){ prefix, prefix ? strlen(prefix) : 0, 0, { 0 } };
	return store_tally_each(app->store, count_choice, choice, err);
}

enum status app_still(struct app *app, struct err *err)
{
	enum status status = store_still_begin(app->store, false, err);
	app->is_still = status == OK;
	return status;
}

enum status app_choose_tally(struct app *app, const char *prefix, struct err *err)
{
	struct choice choice;
	struct bytes usual;
	if (!prefix && store_setting_get(app->store, "tally", &app->arena, &usual, NULL) == OK && usual.len > 0) {
		prefix = arena_text(&app->arena, usual);
	}
	enum status status = choose(app, prefix, &choice, err);
	if (status != OK) {
		return status;
	}
	if (choice.count == 0) {
		return prefix
		    ? err_set(err, NOT_FOUND, "tally %s: not in this home; `warifu tally list` shows those that are",
			  prefix)
		    : err_set(err, NOT_FOUND,
			  "no tally in this home yet; begin with `warifu tally propose` or `warifu tally accept`");
	}
	if (choice.count > 1) {
		return prefix
		    ? err_set(err, USAGE, "tally %s: %u tallies begin so; give more digits", prefix, choice.count)
		    : err_set(err, USAGE, "%u tallies in this home; choose one with --tally or `warifu tally use`",
			  choice.count);
	}
	app->tally = choice.found;
	app->ctx.tally = choice.found.row;
	app->ctx.own_party = choice.found.own_party;
	return tally_view_load(app->store, choice.found.row, &app->arena, &app->ctx.view, err);
}

/* --- settings ----------------------------------------------------------------------------------------------------------- */

enum status app_setting_get(struct app *app, const char *name, json_t **out, struct err *err)
{
	struct bytes text;
	enum status status = store_setting_get(app->store, name, &app->arena, &text, err);
	if (status == NOT_FOUND) {
		*out = json_object();
		return OK;
	}
	return status == OK ? json_read(text, name, out, err) : status;
}

enum status app_setting_set(struct app *app, const char *name, const json_t *value, struct err *err)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text) {
		return err_set(err, ENVIRONMENT, "setting %s: out of memory", name);
	}
	enum status status = store_setting_set(app->store, name, bytes_text(text), err);
	free(text);
	return status;
}

/* --- words -------------------------------------------------------------------------------------------------------------- */

/* Read once by whoever asks first, and never changed after: every thread looks into the same. */
static json_t *words_all;
static pthread_once_t words_once = PTHREAD_ONCE_INIT;

static void words_load(void)
{
	struct bytes text = ASSET(words);
	json_t *file = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL), *section;
	const char *name;
	ASSERT(file);
	words_all = json_object();
	json_object_foreach(file, name, section)
	{
		if (json_is_object(section)) {
			json_object_update_missing(words_all, section);
		}
	}
	json_decref(file);
}

const char *ctx_word(struct ctx *ctx, const char *en)
{
	if (ctx->lang != LANG_JA) {
		return en;
	}
	pthread_once(&words_once, words_load);
	const char *word = json_get_text(words_all, en);
	return word ? word : en;
}

const char *ctx_rule(struct ctx *ctx, const char *section, const char *rule)
{
	return rule_sentence(section, rule, ctx->lang);
}
