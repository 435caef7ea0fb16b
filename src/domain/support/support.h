/* Support: orders between a receiver and a supplier, from request to settlement (docs/support-rules.md). The public face of
 * the domain; everything else in this folder is its own. */
#ifndef WARIFU_DOMAIN_SUPPORT_H
#define WARIFU_DOMAIN_SUPPORT_H
#include "core/domain.h"

extern const struct domain support_domain;
#endif
