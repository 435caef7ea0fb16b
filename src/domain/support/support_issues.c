/* Issues on cash terms for other domains (support.h): rows of the fold, put together issue by issue. */
#include "base/currency.h"
#include "base/decimal.h"
#include "domain/support/support.h"
#include "domain/support/support_state.h"
#include <string.h>

static const char issues_sql[] =
    "SELECT t.id, i.part, i.number, o.number, i.state, i.delivered_ms, o.utc_offset_minutes, o.receiver, o.supplier,"
    " l.currency, l.rest_minor, l.chargeable, l.issued, l.accepted, s.price_minor, s.per"
    " FROM support_issue i JOIN support_order o ON o.thread = i.thread JOIN thread t ON t.row = i.thread"
    " JOIN support_issue_line l ON l.thread = i.thread AND l.part = i.part"
    " LEFT JOIN support_line s ON s.thread = l.thread AND s.line = l.line"
    " WHERE +t.tally = :tally AND i.method = 'cash' AND i.delivered_ms IS NOT NULL"
    " ORDER BY i.thread, i.number, l.line";
enum {
	I_THREAD,
	I_PART,
	I_NUMBER,
	I_ORDER,
	I_STATE,
	I_DELIVERED,
	I_OFFSET,
	I_RECEIVER,
	I_SUPPLIER,
	I_CURRENCY,
	I_REST,
	I_CHARGEABLE,
	I_ISSUED,
	I_ACCEPTED,
	I_PRICE,
	I_PER
};

static bool has_ended_without(struct bytes state)
{
	return bytes_is(state, "annulled") || bytes_is(state, "withdrawn") || bytes_is(state, "denied") ||
	    bytes_is(state, "joined");
}

/* What the line comes to: false when it has no price yet, or the amount does not fit. */
static bool line_minor(struct query *row, int64_t *minor)
{
	unsigned column = !query_is_null(row, I_CHARGEABLE) ? I_CHARGEABLE
	    : !query_is_null(row, I_ISSUED)                 ? I_ISSUED
							    : I_ACCEPTED;
	struct decimal quantity, per;

	if (!query_is_null(row, I_REST)) {
		*minor = query_int(row, I_REST);
		return true;
	}
	return !query_is_null(row, I_PRICE) && !query_is_null(row, column) &&
	    decimal_parse(query_text(row, column), &quantity, NULL) == OK &&
	    decimal_parse(query_text(row, I_PER), &per, NULL) == OK &&
	    minor_amount(query_int(row, I_PRICE), per, quantity, minor);
}

static const char *kept(struct ctx *ctx, struct query *row, unsigned column)
{
	const char *text = query_is_null(row, column) ? "" : arena_text(ctx->arena, query_text(row, column));

	return text ? text : "";
}

static void issue_begin(struct ctx *ctx, struct query *row, struct support_issue *issue)
{
	*issue = (struct support_issue){ .number = kept(ctx, row, I_NUMBER),
		.order_number = kept(ctx, row, I_ORDER),
		.state = kept(ctx, row, I_STATE),
		.delivered_ms = query_int(row, I_DELIVERED),
		.utc_offset_minutes = query_is_null(row, I_OFFSET) ? 0 : query_int(row, I_OFFSET),
		.receiver = (unsigned)query_int(row, I_RECEIVER),
		.supplier = (unsigned)query_int(row, I_SUPPLIER),
		.currency = kept(ctx, row, I_CURRENCY),
		.is_priced = true,
		.is_final = true };
	memcpy(issue->thread.data, query_blob(row, I_THREAD).data, ID_BYTES);
	memcpy(issue->part.data, query_blob(row, I_PART).data, ID_BYTES);
}

static void issue_add(struct query *row, struct support_issue *issue)
{
	int64_t minor = 0;

	issue->is_final = issue->is_final && !query_is_null(row, I_REST);
	issue->is_priced =
	    issue->is_priced && line_minor(row, &minor) && minor_add(issue->amount_minor, minor, &issue->amount_minor);
	if (!bytes_is(query_text(row, I_CURRENCY), issue->currency)) {
		issue->currency = "";
	}
}

enum status support_cash_issues(struct ctx *ctx, struct support_issue **out, unsigned *count, struct err *err)
{
	struct query *row = NULL;
	struct support_issue *issues = NULL;
	enum status status = ctx_query(ctx, issues_sql, &row, err);

	*count = 0;
	while (status == OK && query_next(row)) {
		if (has_ended_without(query_text(row, I_STATE))) {
			continue;
		}
		bool begins = *count == 0 || !bytes_equal(query_blob(row, I_PART), id_bytes(&issues[*count - 1].part));
		if (begins) {
			issues = arena_grow(ctx->arena, issues, *count, *count + 1, sizeof *issues);
			if (issues == NULL) {
				status = err_set(err, ENVIRONMENT, "issues: out of memory");
				break;
			}
			issue_begin(ctx, row, &issues[(*count)++]);
		}
		issue_add(row, &issues[*count - 1]);
	}
	query_close(row);
	*out = issues;
	return status;
}
