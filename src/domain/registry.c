/* The domains of the program. */
#include "domain/statement/statement.h"
#include "domain/support/support.h"
#include <stddef.h>

const struct domain *const domains[] = { &statement_domain, &support_domain, NULL };
