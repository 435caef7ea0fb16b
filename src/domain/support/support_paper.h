/* The papers of the support domain. */
#ifndef WARIFU_DOMAIN_SUPPORT_PAPER_H
#define WARIFU_DOMAIN_SUPPORT_PAPER_H
#include "core/paper.h"

/* Of the whole tally (support_paper_account.c). */
enum status account_paper(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err);
enum status audit_paper(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err);

extern const struct paper support_papers[]; /* ends with name NULL */
#endif
