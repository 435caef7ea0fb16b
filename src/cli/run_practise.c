/* warifu practise: a rehearsal between two homes on this machine, with a guided task at each step. The lesson is data
 * (data/practise.json); here is what plays it.
 *
 * The folder holds a home for the learner's party and one for the partner's, a command for each that knows its home and its day, the
 * agreement, the orders, and how far the learner has come. A task is done when its question, a query over the rows of the learner's
 * home, has an answer. Then what the others do until the next task is played: command lines of this very program, each in its own
 * process, exactly as people would type them. A play that was cut short goes on at the line it had reached. */
#include "base/time.h"
#include "cli/cli.h"
#include "core/assets.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define MARKER "practise-progress"
#define SAID_BYTES 1000 /* of what a failed line said, this much is shown */

struct practice {
	struct ctx *ctx;
	struct arena *arena;
	json_t *lesson;
	const char *dir;        /* absolute */
	char shown[PATH_BYTES]; /* as the learner types it */
	char program[PATH_BYTES];
	int64_t task, step; /* tasks done; lines of the play before the next task that have run */
};

/* ---- files -------------------------------------------------------------------------------------------------------------- */

static const char *path_in(const struct practice *practice, const char *name)
{
	return arena_printf(practice->arena, "%s/%s", practice->dir, name);
}

static enum status write_file(
    const struct practice *practice, const char *name, struct bytes text, mode_t mode, struct err *err)
{
	const char *path = path_in(practice, name), *fresh = path_in(practice, "practise-new");
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	bool good = fd >= 0 && write(fd, text.data, text.len) == (ssize_t)text.len && fsync(fd) == 0;

	if (fd >= 0) {
		good &= close(fd) == 0;
	}
	return good && rename(fresh, path) == 0
	    ? OK
	    : err_set(err, ENVIRONMENT, "%s: cannot be written: %s", path, strerror(errno));
}

static enum status save(const struct practice *practice, struct err *err)
{
	const char *text =
	    arena_printf(practice->arena, "%lld %lld\n", (long long)practice->task, (long long)practice->step);

	return write_file(practice, MARKER, bytes_text(text), 0644, err);
}

static enum status load(struct practice *practice, bool *found, struct err *err)
{
	FILE *file = fopen(path_in(practice, MARKER), "re");
	char text[64] = "", *after, *end;

	*found = file != NULL;
	if (!file) {
		return OK;
	}
	bool read = fgets(text, sizeof text, file) != NULL;
	fclose(file);
	long long task = strtoll(text, &after, 10), step = strtoll(after, &end, 10);
	if (!read || after == text || end == after || task < 0 || task > INT32_MAX || step < 0 || step > INT32_MAX) {
		return err_set(err, BAD_INPUT, "%s: not as `warifu practise` writes it; begin again in another folder",
		    path_in(practice, MARKER));
	}
	practice->task = task;
	practice->step = step;
	return OK;
}

/* ---- the lesson --------------------------------------------------------------------------------------------------------- */

static const char *text_of(const struct practice *practice, const json_t *object, const char *name)
{
	const json_t *both = json_object_get(object, name);
	const char *text = json_get_text(both, practice->ctx->lang == LANG_JA ? "ja" : "en");

	return text ? text : "";
}

static const json_t *task_at(const struct practice *practice, int64_t at)
{
	return at < 0 ? NULL : json_array_get(json_object_get(practice->lesson, "tasks"), (size_t)at);
}

static size_t task_count(const struct practice *practice)
{
	return json_array_size(json_object_get(practice->lesson, "tasks"));
}

/* What is played before this task: the lines of the lesson's set-up, or of the task before. */
static const json_t *play_before(const struct practice *practice, int64_t task)
{
	const json_t *owner = task == 0 ? practice->lesson : task_at(practice, task - 1);

	return json_object_get(owner, "play");
}

/* First column of the first row that a question over the learner's rows has; NULL: none. The home is closed again: the next line of the
 * play may be its writer. */
static enum status ask(
    struct practice *practice, const char *question, bool is_id, const char **answer, struct err *err)
{
	char hex[2 * ID_BYTES + 1];
	struct app app;
	struct query *query = NULL;

	*answer = NULL;
	app_init(&app);
	enum status status = app_open(&app, path_in(practice, "home-gb"), DB_READ, err);
	if (status == OK && !is_id) {
		status = app_choose_tally(&app, NULL, err);
	}
	if (status == OK) {
		status = ctx_query(&app.ctx, question, &query, err);
	}
	if (status == OK && query_next(query)) {
		hex[0] = '\0';
		if (is_id && query_blob(query, 0).len == ID_BYTES) {
			hex_print(query_blob(query, 0), hex);
		}
		*answer = arena_text(practice->arena, is_id ? bytes_text(hex) : query_text(query, 0));
	}
	query_close(query);
	app_close(&app);
	return status;
}

/* What stands for a {name}: the folder for {dir}, else what the lesson's question of this name finds. */
static enum status name_value(struct practice *practice, const char *name, const char **value, struct err *err)
{
	const char *number = name ? json_get_text(json_object_get(practice->lesson, "numbers"), name) : NULL;
	const char *question = number || !name ? number : json_get_text(json_object_get(practice->lesson, "ids"), name);

	*value = practice->shown;
	if (name && strcmp(name, "dir") == 0) {
		return OK;
	}
	if (!question) {
		return err_set(err, BAD_INPUT, "lesson: no number %s", name ? name : "");
	}
	enum status status = ask(practice, question, number == NULL, value, err);
	if (status == OK && !*value) {
		*value = "?";
	}
	return status;
}

/* Every {name} in a line or text gets its value. */
static enum status fill(struct practice *practice, const char *line, const char **out, struct err *err)
{
	const char *text = "", *open;

	while ((open = strchr(line, '{')) != NULL) {
		const char *close = strchr(open, '}'), *value;
		if (!close) {
			return err_set(err, BAD_INPUT, "lesson: a { without its }");
		}
		const char *name = arena_printf(practice->arena, "%.*s", (int)(close - open - 1), open + 1);
		enum status status = name_value(practice, name, &value, err);
		if (status != OK) {
			return status;
		}
		text = arena_printf(practice->arena, "%s%.*s%s", text, (int)(open - line), line, value);
		line = close + 1;
	}
	*out = arena_printf(practice->arena, "%s%s", text, line);
	return *out ? OK : err_set(err, ENVIRONMENT, "practise: out of memory");
}

/* ---- playing ------------------------------------------------------------------------------------------------------------ */

static const char *quoted(const struct practice *practice, const char *text)
{
	const char *out = "'";

	for (; *text; text++) {
		out = *text == '\'' ? arena_printf(practice->arena, "%s'\\''", out)
				    : arena_printf(practice->arena, "%s%c", out, *text);
	}
	return arena_printf(practice->arena, "%s'", out);
}

static enum status said(const struct practice *practice, const char *line, struct err *err)
{
	char text[SAID_BYTES + 1] = "";
	FILE *file = fopen(path_in(practice, "practise-log"), "re");
	size_t len = file ? fread(text, 1, SAID_BYTES, file) : 0;

	if (file) {
		fclose(file);
	}
	while (len > 0 && (text[len - 1] == '\n' || (unsigned char)text[len - 1] >= 0x80)) {
		len--;
	}
	return err_set(err, ENVIRONMENT, "practise: `warifu %s` failed: %.*s", line, (int)len, text);
}

/* One line of the play, as its party would type it: its own process, what it says to a file. */
static enum status play_line(struct practice *practice, const char *party, const char *line, struct err *err)
{
	char shell[] = "sh", flag[] = "-c";
	const char *command = arena_printf(practice->arena, "cd %s && ./%s %s >practise-log 2>&1 </dev/null",
	    quoted(practice, practice->dir), party, line);
	char *argv[] = { shell, flag, (char *)(uintptr_t)command, NULL };
	pid_t pid;
	int how = 0;

	if (!command) {
		return err_set(err, ENVIRONMENT, "practise: out of memory");
	}
	int failed = posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ);
	if (failed != 0) {
		return err_set(err, ENVIRONMENT, "practise: cannot start a command: %s", strerror(failed));
	}
	while (waitpid(pid, &how, 0) < 0 && errno == EINTR) {}
	return WIFEXITED(how) && WEXITSTATUS(how) == 0 ? OK : said(practice, line, err);
}

/* A step is ["now", time], or [party, line, and what to tell of it in English and Japanese]. */
static enum status play_step(struct practice *practice, const json_t *step, struct err *err)
{
	const char *party = json_string_value(json_array_get(step, 0)),
		   *line = json_string_value(json_array_get(step, 1));
	const char *told = json_string_value(json_array_get(step, practice->ctx->lang == LANG_JA ? 3 : 2));

	if (!party || !line) {
		return err_set(err, BAD_INPUT, "lesson: a step without party and line");
	}
	if (strcmp(party, "now") == 0) {
		return write_file(practice, "now", bytes_text(arena_printf(practice->arena, "%s\n", line)), 0644, err);
	}
	enum status status = fill(practice, line, &line, err);
	if (status == OK) {
		status = play_line(practice, party, line, err);
	}
	if (status == OK && told && !practice->ctx->json) {
		buf_printf(practice->ctx->out, "  %s  %s\n", strcmp(party, "gb") == 0 ? "GB" : "JP", told);
	}
	return status;
}

static enum status play(struct practice *practice, struct err *err)
{
	const json_t *steps = play_before(practice, practice->task);
	int64_t count = (int64_t)json_array_size(steps);

	while (practice->step < count) {
		struct app *app = app_of(practice->ctx);
		enum status status = play_step(practice, json_array_get(steps, (size_t)practice->step), err);
		if (status != OK) {
			return status;
		}
		practice->step++;
		if (app->progress) {
			app->progress(app->progress_context, "practise", practice->step, count);
		}
		status = save(practice, err);
		if (status != OK) {
			return status;
		}
	}
	return OK;
}

/* ---- the folder --------------------------------------------------------------------------------------------------------- */

/* A command in the home of a party. The passphrase is no secret: nothing in a rehearsal is owed. */
static enum status write_command(struct practice *practice, const char *party, struct err *err)
{
	const char *text = arena_printf(practice->arena,
	    "#!/bin/sh\n# warifu in the home of %s, on the day of the practice\n"
	    "dir=$(cd \"$(dirname \"$0\")\" && pwd)\n"
	    "export WARIFU_HOME=\"$dir/home-%s\" WARIFU_STATE=\"$dir/state\" WARIFU_PASSPHRASE=practise WARIFU_DESK=\"${WARIFU_DESK-1}\"\n"
	    "exec %s --now \"$(cat \"$dir/now\")\" \"$@\"\n",
	    party, party, quoted(practice, practice->program));

	return text ? write_file(practice, party, bytes_text(text), 0755, err)
		    : err_set(err, ENVIRONMENT, "practise: out of memory");
}

static enum status make_folder(struct practice *practice, struct err *err)
{
	enum status status = OK;
	const char *name;
	json_t *content;

	if (mkdir(practice->dir, 0755) != 0) {
		return errno == EEXIST
		    ? err_set(
			  err, USAGE, "%s: is there, and no practice began in it; name another folder", practice->dir)
		    : err_set(err, ENVIRONMENT, "%s: cannot be made: %s", practice->dir, strerror(errno));
	}
	if (status == OK) {
		status = write_file(practice, "orders.csv", ASSET(haiyan_orders), 0644, err);
	}
	if (status == OK) {
		status = write_file(practice, "agreement.json", ASSET(rehearsal_agreement), 0644, err);
	}
	json_object_foreach(json_object_get(practice->lesson, "files"), name, content)
	{
		if (status == OK) {
			status = write_file(practice, name, bytes_text(json_string_value(content)), 0644, err);
		}
	}
	if (status == OK) {
		status = write_command(practice, "gb", err);
	}
	if (status == OK) {
		status = write_command(practice, "jp", err);
	}
	return status == OK ? save(practice, err) : status;
}

static enum status find_folder(struct practice *practice, const char *given, struct err *err)
{
	char here[PATH_BYTES];
	ssize_t len = readlink("/proc/self/exe", practice->program, sizeof practice->program - 1);

	given = given ? given : "practice";
	if (len <= 0 || !getcwd(here, sizeof here)) {
		return err_set(err, ENVIRONMENT, "practise: where am I? %s", strerror(errno));
	}
	practice->program[len] = '\0';
	snprintf(practice->shown, sizeof practice->shown, "%s", given);
	practice->dir = given[0] == '/' ? given : arena_printf(practice->arena, "%s/%s", here, given);
	return practice->dir ? OK : err_set(err, ENVIRONMENT, "practise: out of memory");
}

/* ---- what the learner sees ---------------------------------------------------------------------------------------------- */

static enum status show(struct practice *practice, bool again, struct err *err)
{
	const json_t *task = task_at(practice, practice->task);
	long long at = practice->task + 1, of = (long long)task_count(practice);
	const char *command = "", *text = "", *line = "";
	struct ctx *ctx = practice->ctx;
	enum status status = OK;

	if (task) {
		status = fill(practice, json_get_text(task, "command"), &line, err);
		command = status == OK ? arena_printf(practice->arena, "%s/gb %s", practice->shown, line) : "";
		text = status == OK ? text_of(practice, task, "text") : "";
	}
	if (status == OK) {
		status = fill(practice, text, &text, err);
	}
	if (status != OK) {
		return status;
	}
	if (ctx->json) {
		json_t *told =
		    json_pack("{s:I, s:I, s:s, s:s, s:s, s:b}", "task", (json_int_t)at, "of", (json_int_t)of, "title",
			text_of(practice, task, "title"), "text", text, "command", command, "finished", task == NULL);
		json_print(ctx, told);
		json_decref(told);
		return OK;
	}
	if (!task) {
		buf_printf(ctx->out, "\n%s\n", text_of(practice, practice->lesson, "finished"));
		return OK;
	}
	if (again) {
		buf_printf(ctx->out, "%s\n", text_of(practice, practice->lesson, "not_yet"));
	}
	buf_printf(ctx->out, "\n%lld/%lld  %s\n\n%s\n\n  %s\n\n%s\n", at, of, text_of(practice, task, "title"), text,
	    command, text_of(practice, practice->lesson, "then"));
	return OK;
}

/* Is the task at hand done? Then it is counted, and the play goes on. */
static enum status look(struct practice *practice, bool *advanced, struct err *err)
{
	const json_t *task = task_at(practice, practice->task);
	const char *answer = NULL;
	enum status status = task ? ask(practice, json_get_text(task, "done"), false, &answer, err) : OK;

	*advanced = false;
	if (status != OK || !answer) {
		return status;
	}
	practice->task++;
	practice->step = 0;
	*advanced = true;
	return save(practice, err);
}

static enum status practise(struct practice *practice, struct err *err)
{
	bool found, advanced = false, played;
	enum status status = load(practice, &found, err);

	if (status == OK && !found) {
		status = make_folder(practice, err);
	}
	played = status == OK && practice->step < (int64_t)json_array_size(play_before(practice, practice->task));
	if (status == OK && !practice->ctx->json) {
		buf_printf(practice->ctx->out, "%s\n", ctx_word(practice->ctx, "REHEARSAL - NOTHING HERE IS OWED"));
		if (!found) {
			buf_printf(practice->ctx->out, "\n%s\n", text_of(practice, practice->lesson, "welcome"));
		}
	}
	if (status == OK) {
		status = play(practice, err);
	}
	if (status == OK && found && !played) {
		status = look(practice, &advanced, err);
	}
	if (status == OK && advanced) {
		if (!practice->ctx->json) {
			buf_printf(practice->ctx->out, "%s\n", text_of(practice, practice->lesson, "done"));
		}
		status = play(practice, err);
	}
	return status == OK ? show(practice, found && !played && !advanced, err) : status;
}

enum status run_practise(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct practice practice = { .ctx = ctx, .arena = ctx->arena };
	enum status status = json_read(ASSET(practise), "data/practise.json", &practice.lesson, err);

	if (status == OK) {
		status = find_folder(&practice, args_operand(args, 0), err);
	}
	if (status == OK) {
		status = practise(&practice, err);
	}
	json_decref(practice.lesson);
	return status;
}
