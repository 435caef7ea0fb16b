/* The papers of the national domain. */
#ifndef WARIFU_DOMAIN_NATIONAL_PAPER_H
#define WARIFU_DOMAIN_NATIONAL_PAPER_H
#include "core/paper.h"

extern const struct paper national_papers[]; /* ends with name NULL */
#endif
