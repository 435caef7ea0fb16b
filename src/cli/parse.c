/* One parser for every command: what may stand on the line is said by tables. Options may stand anywhere, `--` ends them; a value follows
 * its option as the next word or behind '='. */
#include "base/text.h"
#include "cli/cli.h"
#include <string.h>

/* --- nearness ----------------------------------------------------------------------------------------------------------- */

#define WORD_MOST 32

/* Edit distance with swapped neighbours, of words up to WORD_MOST letters. */
static unsigned distance(const char *a, const char *b)
{
	unsigned rows[3][WORD_MOST + 1];
	size_t a_len = strlen(a), b_len = strlen(b);
	if (a_len > WORD_MOST || b_len > WORD_MOST) {
		return WORD_MOST;
	}
	for (size_t j = 0; j <= b_len; j++) {
		rows[0][j] = (unsigned)j;
	}
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);
			best = above[j] + 1 < best ? above[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    higher[j - 2] + 1 < best) {
				best = higher[j - 2] + 1;
			}
			row[j] = best;
		}
	}
	return rows[a_len % 3][b_len];
}

const char *nearest(const char *word, const char *const *words, unsigned count)
{
	const char *found = NULL;
	unsigned best = strlen(word) > 4 ? 3 : 2; /* fewer edits than this */
	for (unsigned i = 0; i < count; i++) {
		unsigned d = distance(word, words[i]);
		if (d < best) {
			best = d;
			found = words[i];
		}
	}
	return found;
}

static enum status unknown(
    const char *what, const char *word, const char *const *words, unsigned count, const char *help, struct err *err)
{
	char quote[TEXT_QUOTE];
	const char *near = nearest(word, words, count);
	text_quote(bytes_text(word), quote);
	return near ? err_set(err, USAGE, "%s \"%s\": unknown; did you mean \"%s\"? (%s)", what, quote, near, help)
		    : err_set(err, USAGE, "%s \"%s\": unknown; %s", what, quote, help);
}

/* --- commands ----------------------------------------------------------------------------------------------------------- */

static bool noun_exists(const struct verbs *verbs, const char *noun)
{
	for (unsigned i = 0; i < verbs->count; i++) {
		if (strcmp(verbs->items[i]->command.noun, noun) == 0) {
			return true;
		}
	}
	return false;
}

static const struct verb *verb_find(const struct verbs *verbs, const char *noun, const char *verb)
{
	for (unsigned i = 0; i < verbs->count; i++) {
		const struct command *command = &verbs->items[i]->command;
		if (strcmp(command->noun, noun) == 0 &&
		    (!command->verb || (verb && strcmp(command->verb, verb) == 0))) {
			return verbs->items[i];
		}
	}
	return NULL;
}

static enum status unknown_noun(const struct verbs *verbs, const char *word, struct err *err)
{
	const char *words[256];
	unsigned count = 0;
	for (unsigned i = 0; i < verbs->count && count < 256; i++) {
		if (i == 0 || strcmp(verbs->items[i]->command.noun, verbs->items[i - 1]->command.noun) != 0) {
			words[count++] = verbs->items[i]->command.noun;
		}
	}
	return unknown("command", word, words, count, "`warifu --help` lists the commands", err);
}

static enum status unknown_verb(const struct verbs *verbs, const char *noun, const char *word, struct err *err)
{
	const char *words[256];
	char what[64], help[96];
	unsigned count = 0;
	for (unsigned i = 0; i < verbs->count && count < 256; i++) {
		if (strcmp(verbs->items[i]->command.noun, noun) == 0 && verbs->items[i]->command.verb) {
			words[count++] = verbs->items[i]->command.verb;
		}
	}
	snprintf(what, sizeof what, "%s:", noun);
	snprintf(help, sizeof help, "`warifu %s --help` lists them", noun);
	return unknown(what, word, words, count, help, err);
}

/* --- options ------------------------------------------------------------------------------------------------------------ */

static const struct option *option_find(const struct option *options, const char *name, size_t len)
{
	for (; options && options->name; options++) {
		if (strlen(options->name) == len && strncmp(options->name, name, len) == 0) {
			return options;
		}
	}
	return NULL;
}

static enum status unknown_option(const struct verb *verb, const char *name, size_t len, struct err *err)
{
	const char *words[256];
	char word[64], help[160];
	unsigned count = 0;
	snprintf(word, sizeof word, "%.*s", (int)len, name);
	for (const struct option *option = global_options; option->name; option++) {
		words[count++] = option->name;
	}
	for (const struct option *option = verb ? verb->command.options : NULL; option && option->name && count < 256;
	     option++) {
		words[count++] = option->name;
	}
	if (verb) {
		snprintf(help, sizeof help, "`warifu %s%s%s --help` lists the options", verb->command.noun,
		    verb->command.verb ? " " : "", verb->command.verb ? verb->command.verb : "");
	} else {
		snprintf(help, sizeof help, "options of a command stand behind it; `warifu --help`");
	}
	return unknown("option", word, words, count, help, err);
}

static bool set_global(struct globals *globals, const char *name, const char *value)
{
	struct {
		const char *name;
		const char **text;
		bool *flag;
	} slots[] = {
		{ "home", &globals->home, NULL },
		{ "tally", &globals->tally, NULL },
		{ "desk", &globals->desk, NULL },
		{ "now", &globals->now, NULL },
		{ "lang", &globals->lang, NULL },
		{ "passphrase-file", &globals->passphrase_file, NULL },
		{ "json", NULL, &globals->json },
		{ "help", NULL, &globals->help },
		{ "version", NULL, &globals->version },
	};
	if (strcmp(name, "keys") == 0) {
		if (globals->key_count == APP_KEY_DIRS) {
			return false;
		}
		globals->keys[globals->key_count++] = value;
		return true;
	}
	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
		if (strcmp(slots[i].name, name) == 0 && slots[i].text) {
			*slots[i].text = value;
		} else if (strcmp(slots[i].name, name) == 0 && slots[i].flag) {
			*slots[i].flag = true;
		}
	}
	return true;
}

static enum status add_given(struct args *args, const struct option *option, const char *value, struct err *err)
{
	for (unsigned i = 0; i < args->given_count && option->type != OPTION_MANY; i++) {
		if (args->given[i].option == option) {
			return err_set(err, USAGE, "option --%s: given twice", option->name);
		}
	}
	if (args->given_count == ARGS_GIVEN) {
		return err_set(err, USAGE, "more than %d options", ARGS_GIVEN);
	}
	args->given[args->given_count].option = option;
	args->given[args->given_count++].value = value;
	return OK;
}

static bool is_whole_number(const char *text)
{
	size_t digits = strspn(text[0] == '-' ? text + 1 : text, "0123456789");
	return digits > 0 && digits <= 18 && text[digits + (text[0] == '-')] == '\0';
}

struct line {
	int argc;
	char **argv;
	int at;
};

/* "--name" or "--name=value"; "-o" and "-h" are the two that have a letter. NULL: another word with one dash. */
static const char *long_name(const char *word)
{
	if (word[1] == '-') {
		return word + 2;
	}
	return strcmp(word, "-o") == 0 ? "output" : strcmp(word, "-h") == 0 ? "help" : NULL;
}

/* The value of an option: behind '=', else the next word. */
static enum status take_option_value(
    struct line *line, const struct option *option, const char *name, const char **value, struct err *err)
{
	const char *equals = strchr(name, '=');
	*value = equals ? equals + 1 : "";
	if (option->type == OPTION_FLAG) {
		return equals ? err_set(err, USAGE, "option --%s: takes no value", option->name) : OK;
	}
	if (!equals && line->at + 1 >= line->argc) {
		return err_set(
		    err, USAGE, "option --%s: needs a value, %s", option->name, option->value ? option->value : "TEXT");
	}
	if (!equals) {
		*value = line->argv[++line->at];
	}
	if (option->type == OPTION_INT && !is_whole_number(*value)) {
		return err_set(err, USAGE, "option --%s \"%s\": must be a whole number of at most 18 digits",
		    option->name, *value);
	}
	return OK;
}

/* argv[at] is an option: takes it, and its value. */
static enum status take_option(struct line *line, struct globals *globals, struct args *args, struct err *err)
{
	const char *word = line->argv[line->at], *name = long_name(word), *value;
	size_t len = name ? strcspn(name, "=") : 0;
	const struct option *own = name && args->verb ? option_find(args->verb->command.options, name, len) : NULL;
	const struct option *option = own || !name ? own : option_find(global_options, name, len);
	if (!option) {
		return unknown_option(args->verb, name ? name : word, name ? len : strlen(word), err);
	}
	enum status status = take_option_value(line, option, name, &value, err);
	if (status != OK || own) {
		return status == OK ? add_given(args, option, value, err) : status;
	}
	return set_global(globals, option->name, value)
	    ? OK
	    : err_set(err, USAGE, "option --%s: given more than %d times", option->name, APP_KEY_DIRS);
}

static enum status take_word(
    struct line *line, const struct verbs *verbs, struct args *args, const char **noun, struct err *err)
{
	const char *word = line->argv[line->at];
	if (!*noun) {
		if (!noun_exists(verbs, word)) {
			return unknown_noun(verbs, word, err);
		}
		*noun = word;
		args->verb = verb_find(verbs, word, NULL);
		if (args->verb && args->verb->command.verb) {
			args->verb = NULL;
		}
		return OK;
	}
	if (!args->verb) {
		args->verb = verb_find(verbs, *noun, word);
		return args->verb ? OK : unknown_verb(verbs, *noun, word, err);
	}
	if (args->operand_count == ARGS_OPERANDS) {
		return err_set(err, USAGE, "more than %d operands", ARGS_OPERANDS);
	}
	args->operands[args->operand_count++] = word;
	return OK;
}

static enum status check_operands(const struct args *args, struct err *err)
{
	const struct command *command = &args->verb->command;
	const char *verb = command->verb ? command->verb : "", *blank = command->verb ? " " : "";
	if (args->operand_count < command->operand_min) {
		return err_set(err, USAGE, "warifu %s%s%s: needs %s; `warifu %s%s%s --help`", command->noun, blank,
		    verb, command->operands ? command->operands : "an operand", command->noun, blank, verb);
	}
	if (args->operand_count > command->operand_max) {
		char quote[TEXT_QUOTE];
		text_quote(bytes_text(args->operands[command->operand_max]), quote);
		return err_set(
		    err, USAGE, "warifu %s%s%s: \"%s\" is one operand too many", command->noun, blank, verb, quote);
	}
	return OK;
}

enum status args_parse(int argc, char **argv, const struct verbs *verbs, struct globals *globals, struct args *args,
    const char **noun, struct err *err)
{
	struct line line = { argc, argv, 1 };
	bool options = true;
	enum status status = OK;
	*noun = NULL;
	for (; line.at < argc && status == OK; line.at++) {
		const char *word = argv[line.at];
		if (options && strcmp(word, "--") == 0) {
			options = false;
		} else if (options && word[0] == '-' && word[1] != '\0') {
			status = take_option(&line, globals, args, err);
		} else {
			status = take_word(&line, verbs, args, noun, err);
		}
	}
	if (status == OK && args->verb && !globals->help) {
		status = check_operands(args, err);
	}
	return status;
}
