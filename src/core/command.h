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
/* Arguments after parsing by the table. */
const char *args_option(const struct args *args, const char *name); /* NULL when absent; "" for a flag */
const char *args_option_at(const struct args *args, const char *name, unsigned index); /* OPTION_MANY */
const char *args_operand(const struct args *args, unsigned index);                     /* NULL when absent */
#endif
