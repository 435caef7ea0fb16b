/* The statement domain: what the partners pledged, how each of them sees it, what backs it, and their meetings. */
#ifndef WARIFU_DOMAIN_STATEMENT_H
#define WARIFU_DOMAIN_STATEMENT_H
#include "core/domain.h"

extern const struct domain statement_domain;
#endif
