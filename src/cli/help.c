/* Help, written from the tables. */
#include "base/text.h"
#include "cli/cli.h"
#include <string.h>

#define LINE_WIDTH 100

static void put_pair(struct ctx *ctx, const char *left, unsigned width, const char *right)
{
	buf_put_text(ctx->out, "  ");
	if (text_width(bytes_text(left)) > width) {
		buf_printf(ctx->out, "%s\n  %*s", left, (int)width, "");
	} else {
		text_pad(ctx->out, bytes_text(left), width, false);
	}
	buf_printf(ctx->out, "  %s\n", right ? right : "");
}

static const char *command_words(struct ctx *ctx, const struct command *command)
{
	return arena_printf(
	    ctx->arena, "%s%s%s", command->noun, command->verb ? " " : "", command->verb ? command->verb : "");
}

static const char *option_words(struct ctx *ctx, const struct option *option)
{
	bool short_too = strcmp(option->name, "output") == 0;
	return arena_printf(ctx->arena, "%s--%s%s%s", short_too ? "-o, " : "", option->name,
	    option->type == OPTION_FLAG ? "" : " ",
	    option->type == OPTION_FLAG ? ""
		: option->value         ? option->value
					: "TEXT");
}

static void put_options(struct ctx *ctx, const struct option *options)
{
	for (; options && options->name; options++) {
		put_pair(ctx, option_words(ctx, options), 30, options->help);
	}
}

static bool starts_noun(const struct verbs *verbs, unsigned i)
{
	return i == 0 || strcmp(verbs->items[i]->command.noun, verbs->items[i - 1]->command.noun) != 0;
}

static const char *verb_list(struct ctx *ctx, const struct verbs *verbs, unsigned from)
{
	const char *list = "";
	for (unsigned i = from;
	     i < verbs->count && strcmp(verbs->items[i]->command.noun, verbs->items[from]->command.noun) == 0; i++) {
		list = arena_printf(ctx->arena, "%s%s%s", list, i > from ? ", " : "", verbs->items[i]->command.verb);
	}
	return list;
}

/* Breaks a list of words at the width of a line. */
static void put_wrapped(struct ctx *ctx, const char *text, unsigned indent)
{
	unsigned column = indent;
	buf_printf(ctx->out, "%*s", (int)indent, "");
	while (*text) {
		size_t len = strcspn(text, " ");
		if (column + len > LINE_WIDTH) {
			buf_printf(ctx->out, "\n%*s", (int)indent, "");
			column = indent;
		}
		buf_put(ctx->out, text, len);
		column += (unsigned)len + 1;
		text += len;
		if (*text == ' ') {
			text++;
			buf_put_byte(ctx->out, ' ');
		}
	}
	buf_put_byte(ctx->out, '\n');
}

void help_all(struct ctx *ctx, const struct verbs *verbs)
{
	buf_put_text(ctx->out,
	    "warifu: two halves of one tally, for partners who aid each other\n\n"
	    "usage: warifu COMMAND [VERB] [OPTION...]\n\ncommands:\n");
	for (unsigned i = 0; i < verbs->count; i++) {
		const struct verb *verb = verbs->items[i];
		if (!starts_noun(verbs, i)) {
			continue;
		}
		if (!verb->command.verb) {
			put_pair(ctx, verb->command.noun, 12, verb->command.help);
			continue;
		}
		const char *help = noun_help(verb->command.noun);
		put_pair(ctx, verb->command.noun, 12, help ? help : "moves and lists of this domain:");
		put_wrapped(ctx, verb_list(ctx, verbs, i), 16);
	}
	buf_put_text(ctx->out, "\noptions of every command:\n");
	put_options(ctx, global_options);
	buf_put_text(ctx->out,
	    "\nexit: 0 done, 1 refused by a rule, 2 usage, 3 bad input, 4 environment, 5 check failed, 6 sync incomplete\n"
	    "`warifu COMMAND --help` says more; `warifu man | man -l -` is the manual.\n");
}

void help_noun(struct ctx *ctx, const struct verbs *verbs, const char *noun)
{
	const char *help = noun_help(noun);
	buf_printf(ctx->out, "warifu %s%s%s\n\n", noun, help ? ": " : "", help ? help : "");
	for (unsigned i = 0; i < verbs->count; i++) {
		const struct command *command = &verbs->items[i]->command;
		if (strcmp(command->noun, noun) != 0 || !command->verb) {
			continue;
		}
		const char *words = arena_printf(ctx->arena, "%s%s%s", command->verb, command->operands ? " " : "",
		    command->operands ? command->operands : "");
		put_pair(ctx, words, 26, command->help);
	}
	buf_printf(ctx->out, "\n`warifu %s VERB --help` lists the options.\n", noun);
}

static void put_moves(struct ctx *ctx, const struct verb *verb)
{
	bool any = false;
	for (const struct transition *t = verb->domain->transitions; t->kind; t++) {
		if (strcmp(t->kind, verb->kind->name) != 0) {
			continue;
		}
		if (!any) {
			buf_put_text(ctx->out, "\nmoves:\n");
		}
		any = true;
		buf_printf(ctx->out, "  %s: %s -> %s, by the %s with the role %s\n", t->part_type,
		    t->from ? ctx_word(ctx, t->from) : "(opens)", ctx_word(ctx, t->to),
		    verb->domain->side_names[t->side], t->role);
	}
}

void help_verb(struct ctx *ctx, const struct verb *verb)
{
	const struct command *command = &verb->command;
	bool optional = command->operands && command->operand_min == 0;
	buf_printf(ctx->out, "usage: warifu %s%s%s%s%s%s\n\n%s\n", command_words(ctx, command),
	    command->operands ? " " : "", optional ? "[" : "", command->operands ? command->operands : "",
	    optional ? "]" : "", command->options ? " [OPTION...]" : "", command->help);
	if (command->options && command->options->name) {
		buf_put_text(ctx->out, "\noptions:\n");
		put_options(ctx, command->options);
	}
	if (verb->kind) {
		put_moves(ctx, verb);
	}
	if (verb->example) {
		buf_printf(ctx->out, "\nexample:\n  %s\n", verb->example);
	}
	buf_put_text(ctx->out, "\n`warifu --help` lists the options of every command.\n");
}
