/* The domains of the program. */
#include "domain/national/national.h"
#include "domain/support/support.h"
#include <stddef.h>

const struct domain *const domains[] = { &support_domain, &national_domain, NULL };
