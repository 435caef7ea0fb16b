/* Arguments of a command: read by name, and given by name where nobody typed them. */
#include "core/command.h"
#include "base/err.h"
#include <string.h>

const char *args_option_at(const struct args *args, const char *name, unsigned index)
{
	for (unsigned i = 0; i < args->given_count; i++) {
		if (strcmp(args->given[i].option->name, name) == 0 && index-- == 0) {
			return args->given[i].value;
		}
	}
	return NULL;
}

const char *args_option(const struct args *args, const char *name)
{
	return args_option_at(args, name, 0);
}

const char *args_operand(const struct args *args, unsigned index)
{
	return index < args->operand_count ? args->operands[index] : NULL;
}

bool args_give(struct args *args, const struct command *command, const char *name, const char *value)
{
	const struct option *option = command->options;

	if (value == NULL || value[0] == '\0') {
		return true;
	}
	while (option && option->name && strcmp(option->name, name) != 0) {
		option++;
	}
	ASSERT(option != NULL && option->name != NULL);
	if (args->given_count == ARGS_GIVEN) {
		return false;
	}
	args->given[args->given_count].option = option;
	args->given[args->given_count++].value = value;
	return true;
}

bool args_give_operand(struct args *args, const char *value)
{
	if (value == NULL || value[0] == '\0') {
		return true;
	}
	if (args->operand_count == ARGS_OPERANDS) {
		return false;
	}
	args->operands[args->operand_count++] = value;
	return true;
}

const struct command *command_find(const struct command *commands, const char *noun, const char *verb)
{
	while (commands->noun && (strcmp(commands->noun, noun) != 0 || strcmp(commands->verb, verb) != 0)) {
		commands++;
	}
	ASSERT(commands->noun != NULL);
	return commands;
}
