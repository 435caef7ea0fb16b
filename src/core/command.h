/* A command of a domain: `warifu <noun> <verb>`. Parsing, --help, man page and completion read this table. */
#ifndef WARIFU_CORE_COMMAND_H
#define WARIFU_CORE_COMMAND_H
#include "base/err.h"

struct ctx;
struct args;
enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_INT, OPTION_FILE, OPTION_MANY /* may be given often */ };
struct option {
	const char *name;
	enum option_type type;
	const char *value; /* "FILE" in help */
	const char *help;
};
struct command {
	const char *noun, *verb;
	const char *operands; /* "NUMBER", "FILE...", or NULL */
	unsigned operand_min, operand_max;
	const char *help;             /* one line */
	const struct option *options; /* ends with name NULL, or NULL */
	enum status (*run)(struct ctx *ctx, const struct args *args, struct err *err);
};
/* Arguments after parsing by the table: of a command line, or as a page gives them. */
#define ARGS_GIVEN 1024 /* options of one command line: 256 lines of an order fit */
#define ARGS_OPERANDS 64
struct verb; /* the command line's own */
struct args {
	const struct verb *verb;
	struct {
		const struct option *option;
		const char *value;
	} given[ARGS_GIVEN];
	unsigned given_count;
	const char *operands[ARGS_OPERANDS];
	unsigned operand_count;
};
const char *args_option(const struct args *args, const char *name); /* NULL when absent; "" for a flag */
const char *args_option_at(const struct args *args, const char *name, unsigned index); /* OPTION_MANY */
const char *args_operand(const struct args *args, unsigned index);                     /* NULL when absent */
/* Gives an option of the command, or its next operand, as one who types would; a NULL or blank value is not given. False: no more fit. */
bool args_give(struct args *args, const struct command *command, const char *name, const char *value);
bool args_give_operand(struct args *args, const char *value);
/* From a table that ends with noun NULL; stops the program when it is not in it. */
const struct command *command_find(const struct command *commands, const char *noun, const char *verb);
#endif
