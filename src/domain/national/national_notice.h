/* Rows of notices, for the commands that list, print, export and import them. */
#ifndef WARIFU_DOMAIN_NATIONAL_NOTICE_H
#define WARIFU_DOMAIN_NATIONAL_NOTICE_H
#include "core/ctx.h"

/* All notices of the chosen tally, by opening; columns in this order. */
extern const char notices_sql[];
enum {
	N_NUMBER,
	N_STATE,
	N_ISSUE,
	N_ORDER,
	N_AGREEMENT,
	N_DEBTOR,
	N_ADDRESS,
	N_AMOUNT,
	N_CURRENCY,
	N_ESTIMATE,
	N_DELIVERED_ON,
	N_DUE_ON,
	N_LEDGER,
	N_LEDGER_ON,
	N_DEMAND,
	N_DEMAND_DUE_ON,
	N_PAID,
	N_PAID_ON,
	N_SENT,
	N_SINCE,
	N_PART
};
bool notice_passes(struct query *row, const char *state); /* NULL: any */
void notice_json(struct ctx *ctx, struct query *row);
#endif
