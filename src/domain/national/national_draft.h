/* Rows of drafts, for the commands and pages that list, show and enter them. */
#ifndef WARIFU_DOMAIN_NATIONAL_DRAFT_H
#define WARIFU_DOMAIN_NATIONAL_DRAFT_H
#include "core/ctx.h"
#include <jansson.h>

/* Drafts of the tally at hand; columns in this order. What narrows or orders them stands behind it. */
#define DRAFTS \
	"SELECT d.number, d.state, d.move, d.target, d.title, d.amount_minor, d.currency, d.writer, d.checker, d.certifier, d.approver," \
	" d.reference, d.authority, d.approved_ms, d.entry_number, d.since_ms, d.fields, d.shared, d.target_thread, d.entry, t.id" \
	" FROM national_draft d JOIN thread t ON t.row = d.thread WHERE +t.tally = :tally "
enum {
	D_NUMBER,
	D_STATE,
	D_MOVE,
	D_TARGET,
	D_TITLE,
	D_AMOUNT,
	D_CURRENCY,
	D_WRITER,
	D_CHECKER,
	D_CERTIFIER,
	D_APPROVER,
	D_REFERENCE,
	D_AUTHORITY,
	D_APPROVED,
	D_ENTRY_NUMBER,
	D_SINCE,
	D_FIELDS,
	D_SHARED,
	D_THREAD,
	D_ENTRY,
	D_ID
};
/* The row of a draft by its number; NOT_FOUND. */
enum status draft_get(struct ctx *ctx, const char *number, struct query **row, struct err *err);
/* What a draft holds (D_FIELDS): the fields of its move, and the numbers of what it relies on besides. Both are the caller's, either may be NULL or no list: it
 * is as some home of the party wrote it. */
json_t *draft_fields(struct bytes text, json_t **also);
const char *draft_amount(struct ctx *ctx, struct query *row); /* "" where it has none */
/* A kind of a shared tally's move; NULL: none of this name. */
const struct kind *shared_kind(const char *name);
#endif
