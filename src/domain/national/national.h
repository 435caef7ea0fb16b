/* National: what one party keeps for itself, in a tally of its own (docs/national-rules.md): drafts and their approval before a partner
 * sees anything, notices of claim to the revenue office, hand-overs between officers. The public face of the domain. */
#ifndef WARIFU_DOMAIN_NATIONAL_H
#define WARIFU_DOMAIN_NATIONAL_H
#include "core/domain.h"

extern const struct domain national_domain;
#endif
