/* From the command line to a command: globals, home, tally, then the command's own function; at the end what it printed, or the error. */
#include "cli/cli.h"
#include "app/rules.h"
#include "base/time.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct verbs all_verbs;
static struct globals globals;

const struct verbs *cli_verbs(void)
{
	return &all_verbs;
}

const struct globals *cli_globals(void)
{
	return &globals;
}

/* --- settings of one run ------------------------------------------------------------------------------------------------ */

static enum status set_lang(struct ctx *ctx, const char *given, struct err *err)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *lang = given;
	for (size_t i = 0; i < sizeof names / sizeof *names && !lang; i++) {
		const char *value = getenv(names[i]);
		lang = value && value[0] ? value : NULL;
	}
	if (given && strcmp(given, "en") != 0 && strcmp(given, "ja") != 0) {
		return err_set(err, USAGE, "--lang \"%s\": must be en or ja", given);
	}
	ctx->lang = lang && strncmp(lang, "ja", 2) == 0 ? LANG_JA : LANG_EN;
	return OK;
}

static enum status set_now(struct ctx *ctx, const char *given, struct err *err)
{
	if (!given) {
		return OK;
	}
	if (!time_parse(bytes_text(given), &ctx->now_ms)) {
		return err_set(err, USAGE,
		    "--now \"%s\": must be a day or a time such as 2014-03-10 or 2014-03-10T12:00:00Z", given);
	}
	ctx->now_given = true;
	return OK;
}

/* Empty when none is named: a command that needs a home says so when it opens it. */
static void home_path(char path[4096])
{
	const char *given = globals.home ? globals.home : getenv("WARIFU_HOME"), *user = getenv("HOME");
	int len = given && given[0] ? snprintf(path, 4096, "%s", given)
	    : user                  ? snprintf(path, 4096, "%s/.warifu", user)
				    : 0;
	if (len <= 0 || len >= 4096) {
		path[0] = '\0';
	}
}

static enum status prepare(struct app *app, struct err *err)
{
	app->ctx.json = globals.json;
	app->desk_wanted = globals.desk ? globals.desk : getenv("WARIFU_DESK");
	if (app->desk_wanted && !app->desk_wanted[0]) {
		app->desk_wanted = NULL;
	}
	app->passphrase = terminal_passphrase;
	app->passphrase_context = &globals;
	app->progress = terminal_progress;
	memcpy(app->key_dirs, globals.keys, sizeof app->key_dirs);
	app->key_dir_count = globals.key_count;
	enum status status = set_lang(&app->ctx, globals.lang, err);
	if (status == OK) {
		status = set_now(&app->ctx, globals.now, err);
	}
	home_path(app->home_dir);
	return status;
}

static enum status open_for(struct app *app, unsigned needs, struct err *err)
{
	char path[4096];
	memcpy(path, app->home_dir, sizeof path);
	if (!(needs & (NEEDS_HOME | NEEDS_TALLY))) {
		return OK;
	}
	enum status status = app_open(app, path, needs & NEEDS_WRITE ? DB_WRITE : DB_READ, err);
	if (status == OK && (needs & NEEDS_TALLY || globals.tally)) {
		status = app_choose_tally(app, globals.tally, err);
	}
	return status;
}

/* --- running ------------------------------------------------------------------------------------------------------------ */

static enum status help_for(struct ctx *ctx, const struct args *args, const char *noun)
{
	if (args->verb) {
		help_verb(ctx, args->verb);
	} else if (noun) {
		help_noun(ctx, &all_verbs, noun);
	} else {
		help_all(ctx, &all_verbs);
	}
	return OK;
}

static enum status run(struct app *app, const struct args *args, const char *noun, struct err *err)
{
	enum status status = prepare(app, err);
	if (status != OK) {
		return status;
	}
	if (globals.version) {
		return run_version(&app->ctx, args, err);
	}
	if (globals.help) {
		return help_for(&app->ctx, args, noun);
	}
	if (!args->verb) {
		help_for(&app->ctx, args, noun);
		return noun ? err_set(err, USAGE, "warifu %s: which? the commands are above", noun) : OK;
	}
	status = open_for(app, args->verb->needs, err);
	return status == OK ? args->verb->command.run(&app->ctx, args, err) : status;
}

int cli_main(int argc, char **argv)
{
	static struct args args;
	struct app app;
	struct err err;
	const char *noun;
	signal(SIGPIPE, SIG_IGN);
	err_clear(&err);
	app_init(&app);
	enum status status = verbs_gather(&app.arena, &all_verbs, &err);
	if (status == OK) {
		status = args_parse(argc, argv, &all_verbs, &globals, &args, &noun, &err);
	}
	if (status == OK) {
		status = run(&app, &args, noun, &err);
	} else {
		set_lang(
		    &app.ctx, globals.lang, NULL); /* the line was not understood: in whose language that is said */
	}
	terminal_progress_end();
	enum status written = terminal_write(buf_bytes(&app.out), app.ctx.json, status == OK ? &err : NULL);
	status = status == OK ? written : status;
	if (status != OK) {
		err_set(&err, status, "%s", status_name(status));
		terminal_error(&app.ctx, &err, globals.json);
	}
	app_close(&app);
	return status_exit_code(status);
}
