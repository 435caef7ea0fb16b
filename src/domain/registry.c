/* The domains of the program. */
#include "domain/support/support.h"
#include <stddef.h>

const struct domain *const domains[] = { &support_domain, NULL };
