/* The parser: what stands on the line is said by tables, and what is misspelt finds its neighbour. */
#include "base/tap.h"
#include "cli/cli.h"

static const struct option options[] = {
	{ "flag", OPTION_FLAG, NULL, "" },
	{ "text", OPTION_TEXT, NULL, "" },
	{ "number", OPTION_INT, "N", "" },
	{ "line", OPTION_MANY, "K=V", "" },
	{ "output", OPTION_FILE, "FILE", "" },
	{ 0 },
};
static const struct verb table[] = {
	{ { "tally", "propose", "FILE...", 1, 2, "", options, NULL }, 0, NULL, NULL, NULL },
	{ { "tally", "accept", NULL, 0, 0, "", NULL, NULL }, 0, NULL, NULL, NULL },
	{ { "digest", NULL, NULL, 0, 0, "", NULL, NULL }, 0, NULL, NULL, NULL },
};
static const struct verb *list[] = { &table[0], &table[1], &table[2] };
static const struct verbs verbs = { list, 3 };
static struct args args;
static struct globals globals;
static struct err err;
static const char *noun;

#define PARSE(...) parse((char *[]){ (char[]){ "warifu" }, __VA_ARGS__, NULL })
static enum status parse(char **argv)
{
	int argc = 0;

	while (argv[argc]) {
		argc++;
	}
	args = (struct args){ 0 };
	globals = (struct globals){ 0 };
	err = (struct err){ 0 };
	return args_parse(argc, argv, &verbs, &globals, &args, &noun, &err);
}

static void test_good(void)
{
	tap_is_int(
	    PARSE("tally", "propose", "a", "--text", "x", "--flag", "--number=-5", "b", "--line", "1", "--line=2"), OK,
	    "a full line");
	tap_ok(args.verb == &table[0], "finds its command");
	tap_is_text(args_operand(&args, 1), "b", "operands may stand between options");
	tap_ok(args_operand(&args, 2) == NULL, "and end");
	tap_is_text(args_option(&args, "text"), "x", "a value follows as the next word");
	tap_is_text(args_option(&args, "number"), "-5", "or behind '='");
	tap_is_text(args_option(&args, "flag"), "", "a flag is empty text");
	tap_is_text(args_option_at(&args, "line", 1), "2", "some may be given often");
	tap_ok(args_option(&args, "output") == NULL, "what was not given is not there");
	tap_is_int(PARSE("--json", "--home", "h", "digest"), OK, "options of every command may stand first");
	tap_ok(globals.json && strcmp(globals.home, "h") == 0, "and are kept apart");
	tap_is_int(PARSE("tally", "propose", "-o", "f", "--", "--flag"), OK, "-o is --output, and -- ends options");
	tap_is_text(args_operand(&args, 0), "--flag", "so that anything may be an operand");
	tap_is_int(PARSE("tally"), OK, "a noun alone is no error of the parser");
	tap_ok(args.verb == NULL && strcmp(noun, "tally") == 0, "and is told");
	tap_is_int(PARSE("tally", "propose", "--help"), OK, "--help needs no operand");
}

#define REFUSED(words, title, ...) refused(PARSE(__VA_ARGS__), words, title)
static void refused(enum status status, const char *words, const char *title)
{
	if (!tap_ok(status == USAGE && strstr(err.text, words), title)) {
		printf("# %d: %s\n", (int)status, err.text);
	}
}

static void test_bad(void)
{
	REFUSED("did you mean \"tally\"", "a noun with a slip", "talyl");
	REFUSED("did you mean \"propose\"", "a verb with a slip", "tally", "proprose");
	REFUSED("did you mean \"number\"", "an option with a slip", "tally", "propose", "--nubmer", "5");
	REFUSED("lists the commands", "a word that is near none", "xyzzy");
	REFUSED("needs a value, FILE", "a value that is missing", "tally", "propose", "a", "--output");
	REFUSED("takes no value", "a flag with a value", "tally", "propose", "--flag=1");
	REFUSED("must be a whole number", "a number that is none", "tally", "propose", "--number", "5x");
	REFUSED("given twice", "an option given twice", "tally", "propose", "--text", "a", "--text", "b");
	REFUSED("one operand too many", "an operand too many", "tally", "propose", "a", "b", "c");
	REFUSED("needs FILE...", "an operand too few", "tally", "propose");
	REFUSED("unknown", "a short option that there is not", "tally", "propose", "-x");
	REFUSED("stand behind it", "an option before its command", "--flag", "tally");
	REFUSED("more than 4 times", "a list that is full", "digest", "--keys", "a", "--keys", "b", "--keys", "c",
	    "--keys", "d", "--keys", "e");
}

static bool same_words(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Is a command there twice? */
static bool is_twice(const struct verbs *all, unsigned at)
{
	for (unsigned i = 0; i < at; i++) {
		const struct command *other = &all->items[i]->command, *command = &all->items[at]->command;
		if (same_words(other->noun, command->noun) && same_words(other->verb, command->verb)) {
			printf("# twice: %s %s\n", command->noun, command->verb ? command->verb : "");
			return true;
		}
	}
	return false;
}

static unsigned count_named(const struct option *list_of, const char *name)
{
	unsigned found = 0;

	for (; list_of && list_of->name; list_of++) {
		found += same_words(list_of->name, name);
	}
	return found;
}

/* Does an option of a move hide another, or one that every command has? */
static bool is_hidden(const struct verb *verb)
{
	for (const struct option *option = verb->command.options; verb->kind && option && option->name; option++) {
		if (count_named(verb->command.options, option->name) > 1 ||
		    count_named(global_options, option->name) > 0) {
			printf("# %s %s: --%s\n", verb->command.noun, verb->command.verb, option->name);
			return true;
		}
	}
	return false;
}

static void test_tables(void)
{
	static const struct field fields[] = {
		{ .key = 8, .type = FIELD_LIST, .name = "lines" },
		{ .key = 9, .type = FIELD_LIST, .name = "entries" },
		{ .key = 10, .type = FIELD_TEXT, .name = "unit_price_minor" },
		{ .key = 11, .type = FIELD_TEXT, .name = "remarks" },
	};
	struct arena arena;
	struct verbs all;
	unsigned twice = 0, hidden = 0, bare = 0;

	arena_init(&arena, 1 << 22);
	tap_is_int(verbs_gather(&arena, &all, &err), OK, "all commands are gathered");
	for (unsigned i = 0; i < all.count; i++) {
		twice += is_twice(&all, i);
		hidden += is_hidden(all.items[i]);
		bare += !all.items[i]->command.help || !all.items[i]->command.run;
	}
	tap_is_int(bare, 0, "each has help and a function");
	tap_is_int(twice, 0, "no command stands twice");
	tap_is_int(hidden, 0, "no field's option hides another");
	tap_is_text(option_name(&arena, &fields[0]), "line", "a list's option is singular");
	tap_is_text(option_name(&arena, &fields[1]), "entry", "with its y");
	tap_is_text(option_name(&arena, &fields[2]), "unit-price-minor", "others have dashes");
	tap_is_text(option_name(&arena, &fields[3]), "remarks", "and stay as they are");
	arena_clear(&arena);
}

int main(void)
{
	test_good();
	test_bad();
	test_tables();
	return tap_done();
}
