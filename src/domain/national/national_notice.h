/* Rows of notices, for the commands that list, print, export and import them. */
#ifndef WARIFU_DOMAIN_NATIONAL_NOTICE_H
#define WARIFU_DOMAIN_NATIONAL_NOTICE_H
#include "core/ctx.h"
#include "domain/support/support.h"

/* Notices of the tally at hand; columns in this order. What narrows or orders them stands behind it. */
#define NOTICES \
	"SELECT n.number, n.state, n.issue_number, n.order_number, n.agreement, n.debtor, n.address, n.amount_minor, n.currency," \
	" n.estimate, n.delivered_on, n.due_on, n.ledger, n.ledger_on, n.demand, n.demand_due_on, n.paid_minor, n.paid_on," \
	" n.sent_ms, n.since_ms, n.issue, n.shared FROM national_notice n JOIN thread t ON t.row = n.thread WHERE +t.tally = :tally "
/* All of them, by opening. */
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
	N_PART,
	N_SHARED
};
bool notice_passes(struct query *row, const char *state); /* NULL: any */
const char *notice_amount(struct ctx *ctx, struct query *row, unsigned column);
void notice_json(struct ctx *ctx, struct query *row);

/* Issues on cash terms of the shared tally that we delivered and gave no notice of; from the arena. */
struct missing_notices {
	struct support_issue *items;
	unsigned count;
};
struct places;
enum status notices_missing(struct ctx *ctx, const struct places *places, struct missing_notices *out, struct err *err);
const char *issue_delivered_on(struct ctx *ctx, const struct support_issue *issue);
/* The office's file as it came; called: what it is called. Prints what is wrong line by line, and what was entered. */
struct notices_read {
	unsigned rows, moves;
};
enum status notices_take(
    struct ctx *ctx, const char *called, struct bytes text, int64_t at_ms, struct notices_read *out, struct err *err);
/* Prints them as the office gets them: CSV, or JSON lines. */
enum status notices_print(struct ctx *ctx, const char *state, struct err *err);
#endif
