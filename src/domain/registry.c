/* The domains of the program, in the order of the menus. */
#include "domain/national/national.h"
#include "domain/statement/statement.h"
#include "domain/support/support.h"
#include <stddef.h>

const struct domain *const domains[] = { &statement_domain, &support_domain, &national_domain, NULL };
