/* Command: submit, any move from named fields; and help, man, completion, version. */
#include "app/attach.h"
#include "base/limits.h"
#include "base/time.h"
#include "cli/cli.h"
#include <stdlib.h>
#include <string.h>

/* --- submit ------------------------------------------------------------------------------------------------------------- */

/* Takes an array of texts out of the object: "also", "attach". */
static enum status take_texts(
    struct ctx *ctx, json_t *object, const char *name, const char *const **out, unsigned *count, struct err *err)
{
	const json_t *array = json_object_get(object, name);
	*count = 0;
	*out = NULL;
	if (!array) {
		return OK;
	}
	size_t size = json_array_size(array);
	const char **texts = arena_take_array(ctx->arena, size + 1, sizeof *texts);
	if (!json_is_array(array) || !texts) {
		return err_set(err, BAD_INPUT, "%s: must be a list of texts", name);
	}
	for (size_t i = 0; i < size; i++) {
		const char *text = json_string_value(json_array_get(array, i));
		if (!text) {
			return err_set(err, BAD_INPUT, "%s[%zu]: must be text", name, i);
		}
		texts[(*count)++] = arena_text(ctx->arena, bytes_text(text));
	}
	*out = texts;
	json_object_del(object, name);
	return OK;
}

static enum status take_text(struct ctx *ctx, json_t *object, const char *name, const char **out, struct err *err)
{
	const json_t *value = json_object_get(object, name);
	*out = NULL;
	if (value && !json_is_null(value)) {
		if (!json_is_string(value)) {
			return err_set(err, BAD_INPUT, "%s: must be text", name);
		}
		*out = arena_text(ctx->arena, bytes_text(json_string_value(value)));
	}
	json_object_del(object, name);
	return OK;
}

static enum status take_frame(struct ctx *ctx, json_t *object, struct submission *submission, struct err *err)
{
	const char *stated = NULL;
	enum status status = take_text(ctx, object, "target", &submission->target, err);
	if (status == OK) {
		status = take_text(ctx, object, "stated", &stated, err);
	}
	if (status == OK) {
		status = take_texts(ctx, object, "also", &submission->refs_numbers, &submission->ref_count, err);
	}
	if (status == OK) {
		status =
		    take_texts(ctx, object, "attach", &submission->attachments, &submission->attachment_count, err);
	}
	return status == OK ? read_at(ctx, "stated", stated, &submission->stated_ms, err) : status;
}

enum status run_submit(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct submission submission = { .kind = args_operand(args, 0), .future = args_option(args, "future") != NULL };
	struct submitted made;
	struct bytes text;
	const char *path;
	json_t *object = NULL;
	ctx->json = true; /* its result is for scripts */
	enum status status = option_required(args, "json", &path, err);
	if (status == OK) {
		status = input_read(ctx->arena, path, LIMIT_JSON_BYTES, &text, err);
	}
	if (status == OK) {
		status = json_read(text, strcmp(path, "-") == 0 ? "standard input" : path, &object, err);
	}
	if (status == OK && !json_is_object(object)) {
		status = err_set(err, BAD_INPUT, "%s: must be an object of named fields", path);
	}
	if (status == OK) {
		status = take_frame(ctx, object, &submission, err);
	}
	if (status == OK) {
		char *fields = json_dumps(object, JSON_COMPACT);
		submission.fields_json = fields;
		status = ctx_submit(ctx, &submission, &made, err);
		free(fields);
	}
	if (status == OK) {
		submitted_print(ctx, &made);
	}
	json_decref(object);
	return status;
}

/* --- help, man, completion, version ------------------------------------------------------------------------------------- */

enum status run_help(struct ctx *ctx, const struct args *args, struct err *err)
{
	const struct verbs *verbs = cli_verbs();
	const char *noun = args_operand(args, 0), *verb = args_operand(args, 1);
	if (!noun) {
		help_all(ctx, verbs);
		return OK;
	}
	for (unsigned i = 0; i < verbs->count; i++) {
		const struct command *command = &verbs->items[i]->command;
		if (strcmp(command->noun, noun) != 0) {
			continue;
		}
		if (command->verb && !verb) {
			help_noun(ctx, verbs, noun);
			return OK;
		}
		if (!command->verb || strcmp(command->verb, verb) == 0) {
			help_verb(ctx, verbs->items[i]);
			return OK;
		}
	}
	return err_set(err, USAGE, "help: no command \"%s%s%s\"", noun, verb ? " " : "", verb ? verb : "");
}

enum status run_completion(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)args;
	(void)err;
	completion_print(ctx, cli_verbs());
	return OK;
}

enum status run_man(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)args;
	(void)err;
	man_print(ctx, cli_verbs());
	return OK;
}

enum status run_version(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)args;
	(void)err;
	if (ctx->json) {
		json_t *row = json_object(), *rules = json_object();
		for (const struct domain *const *domain = domains; *domain; domain++) {
			json_object_set_new(rules, (*domain)->name, json_integer((*domain)->rule_set));
		}
		json_object_set_new(row, "version", json_string(WARIFU_VERSION));
		json_object_set_new(row, "rules", rules);
		json_print(ctx, row);
		json_decref(row);
	}
	say(ctx, "warifu " WARIFU_VERSION);
	return OK;
}
