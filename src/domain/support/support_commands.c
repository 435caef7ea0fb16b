/* Commands of the support domain: list, show, account, import. */
#include "domain/support/support_state.h"

const struct command support_commands[] = {
	{ 0 },
};
