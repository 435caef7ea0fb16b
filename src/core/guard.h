/* A guard of a domain: one condition, the rule that asks for it, and the words of the refusal. Written only as a statement
 * of a function that returns enum status. A guard is switched off alone by `make mutate`, which then wants a test to fail;
 * it finds them in the text, as it finds `return err_refuse(...)`, so a guard leaves nothing behind in the program. */
#ifndef WARIFU_CORE_GUARD_H
#define WARIFU_CORE_GUARD_H
#include "base/err.h"

#define GUARD(condition, err, rule, source, ...) \
	do { \
		if (!(condition)) { \
			return err_refuse((err), (rule), (source), __VA_ARGS__); \
		} \
	} while (0)
#endif
