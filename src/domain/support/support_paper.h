/* The papers of the support domain. */
#ifndef WARIFU_DOMAIN_SUPPORT_PAPER_H
#define WARIFU_DOMAIN_SUPPORT_PAPER_H
#include "core/paper.h"

extern const struct paper support_papers[]; /* ends with name NULL */
#endif
