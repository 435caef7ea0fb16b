/* I39: is the own revenue office told of every claim in time? Notices lie in the national tally of the party, where the home holds it
 * (docs/audit-rules.md 3). */
#include "domain/support/support_audit.h"
#include <stdlib.h>
#include <string.h>

/* An issue that the office must be told of. */
struct notice_due {
	struct id issue, head;
	const char *number;
	int64_t delivered_ms;
	int offset;
	bool has_clock, claimed, discharged;
	struct clock_end clock;
	const struct agreement *agreement;
	int64_t claimed_minor, claimed_day; /* plain lines of its claims, less credits */
	struct id claim;
};
/* What the office was told. */
struct notice {
	struct id issue;
	int64_t sent_ms, ledger_on, amount_minor; /* ledger_on INT64_MAX: not taken up */
	bool estimate;
	const char *number;
};

static bool supplier_signed(const struct look_part *part)
{
	for (unsigned i = 0; i < part->count; i++) {
		if (part->line[i]->signer.party == part->part->sides[SUPPLIER]) {
			return true;
		}
	}
	return false;
}

static void add_claimed(const struct look *look, const struct look_part *part, struct notice_due *due)
{
	const struct claim_line *claimed;
	const struct look_part *claim;

	for (unsigned i = 0; i < part->issue->line_count; i++) {
		unsigned at = 0;
		while ((claim = line_claim(look, part, part->issue->lines[i].terms->line, &at, &claimed)) != NULL) {
			int64_t day = stated_day(claim->line[0], claim->offset);
			due->claimed_minor += claimed->amount_minor - claimed->credited_minor;
			if (!due->claimed || day > due->claimed_day) {
				due->claimed_day = day;
				due->claim = claim->line[0]->id;
			}
			due->claimed = true;
		}
	}
}

void audit_notice(struct audit *audit, const struct look *look)
{
	static const char *const none[] = { "annulled", "withdrawn", "joined", "taken", "denied", "unordered",
		"repudiated", NULL };

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		if (part->issue == NULL || state_is(part, none) || !bytes_is(part->issue->method, "cash") ||
		    part->part->sides[SUPPLIER] != audit->ctx->own_party || !supplier_signed(part)) {
			continue;
		}
		struct notice_due *due = listed_add(audit, &audit->notices, sizeof *due);
		if (due == NULL) {
			return;
		}
		*due = (struct notice_due){ .issue = part->part->id,
			.head = part->head->id,
			.number = arena_text(audit->ctx->arena, bytes_text(part->part->number)),
			.delivered_ms = part->issue->delivered_at_ms,
			.offset = part->offset,
			.agreement = look->agreement };
		due->has_clock = clock_of_value(look->agreement, VALUE_NOTICE, CLOCK_WORKING_DAYS, due->delivered_ms,
		    part->offset, print_party(audit->ctx, audit->ctx->own_party), &due->clock);
		audit->clock_missing[VALUE_NOTICE] |= !due->has_clock;
		add_claimed(look, part, due);
	}
}

/* ---- what was sent ----------------------------------------------------------------------------------------------- */

static bool count_is_above_0(struct audit *audit, const char *sql)
{
	struct query *rows = NULL;

	audit->status = audit->status == OK ? ctx_query(audit->ctx, sql, &rows, audit->err) : audit->status;
	bool any = audit->status == OK && query_next(rows) && query_int(rows, 0) > 0;
	query_close(rows);
	return any;
}

static void read_notices(struct audit *audit, struct listed *notices)
{
	struct query *rows = NULL;

	audit->status = ctx_query(audit->ctx,
	    "SELECT n.issue, n.sent_ms, n.ledger_on, n.amount_minor, n.estimate, n.number FROM national_notice n "
	    "WHERE n.shared = :shared AND (n.state IS NULL OR n.state <> 'withdrawn') ORDER BY n.issue, n.sent_ms, n.number",
	    &rows, audit->err);
	if (audit->status != OK) {
		return;
	}
	query_bind_blob(rows, "shared", id_bytes(&audit->ctx->view.id));
	while (query_next(rows)) {
		struct bytes issue = query_blob(rows, 0);
		if (issue.len != ID_BYTES || query_int(rows, 1) >= audit->end_ms) {
			continue;
		}
		struct notice *notice = listed_add(audit, notices, sizeof *notice);
		if (notice == NULL) {
			break;
		}
		*notice = (struct notice){ .sent_ms = query_int(rows, 1),
			.ledger_on =
			    query_is_null(rows, 2) || query_int(rows, 2) > audit->day ? INT64_MAX : query_int(rows, 2),
			.amount_minor = query_int(rows, 3),
			.estimate = query_int(rows, 4) != 0,
			.number = print_text(audit->ctx, query_text(rows, 5)) };
		memcpy(notice->issue.data, issue.data, ID_BYTES);
	}
	query_close(rows);
}

/* The first that was sent; NULL: none. */
static const struct notice *notice_of(const struct listed *notices, const struct id *issue)
{
	const struct notice *all = notices->items;
	unsigned low = 0, high = notices->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (id_compare(&all[middle].issue, issue) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < notices->count && id_equal(&all[low].issue, issue) ? &all[low] : NULL;
}

/* ---- findings ---------------------------------------------------------------------------------------------------- */

static void look_at_sent(struct audit *audit, const struct notice_due *due, const struct notice *notice)
{
	struct clock_end clock;
	int64_t first = day_of_ms(due->clock.overdue_ms, due->offset);

	if (due->has_clock && notice->sent_ms >= due->clock.overdue_ms && first <= audit->day) {
		audit_find(audit, due->number, first, day_of_ms(notice->sent_ms, due->offset), &due->head, 1,
		    "the notice of claim was to be sent by %s", "債権発生通知書の送付期限は %s",
		    print_day(audit->ctx, due->clock.last_day));
	}
	bool runs = clock_of_value(due->agreement, VALUE_NOTICE, CLOCK_WORKING_DAYS, notice->sent_ms, due->offset,
	    print_party(audit->ctx, audit->ctx->own_party), &clock);
	first = clock.last_day + 1;
	if (runs && first <= audit->day && notice->ledger_on > clock.last_day) {
		audit_find(audit, due->number, first, notice->ledger_on == INT64_MAX ? NO_TIME : notice->ledger_on,
		    &due->head, 1, "notice %s was to be taken up by the revenue office by %s",
		    "通知書 %s の調査決定期限は %s", notice->number, print_day(audit->ctx, clock.last_day));
	}
	if (due->claimed && !notice->estimate && due->claimed_minor != notice->amount_minor) {
		const struct id entries[] = { due->claim, due->head };
		audit_find(audit, due->number, due->claimed_day, NO_TIME, entries, 2,
		    "notice %s names another amount than the claim", "通知書 %s の金額が請求額と異なる",
		    notice->number);
	}
}

/* A year without a list of holidays, once for each. */
static void look_at_holidays(struct audit *audit, const struct notice_due *due, int *years, unsigned *count)
{
	int year = due->clock.unlisted_year;

	for (unsigned i = 0; i < *count; i++) {
		if (years[i] == year) {
			return;
		}
	}
	if (year == 0 || *count == 32) {
		return;
	}
	years[(*count)++] = year;
	audit_find(audit, print_party(audit->ctx, audit->ctx->own_party), day_of_ms(due->delivered_ms, due->offset),
	    NO_TIME, &due->head, 1, "the agreement lists no holidays of %d: working days are counted without them",
	    "協定に %d 年の休日の定めがなく、休日を除かずに計算", year);
}

static int by_delivery(const void *a, const void *b)
{
	const struct notice_due *one = a, *two = b;

	if (one->delivered_ms != two->delivered_ms) {
		return one->delivered_ms < two->delivered_ms ? -1 : 1;
	}
	return id_compare(&one->issue, &two->issue);
}

void audit_notices(struct audit *audit)
{
	struct notice_due *dues = audit->notices.items;
	struct listed notices = { 0 };
	int years[32];
	unsigned year_count = 0;

	if (!count_is_above_0(audit, "SELECT COUNT(*) FROM domain_schema WHERE name = 'national'") ||
	    !count_is_above_0(audit, "SELECT COUNT(*) FROM tally WHERE mode = 'national'")) {
		return;
	}
	audit->notices_at_hand = true;
	read_notices(audit, &notices);
	if (audit->notices.count > 0) {
		qsort(dues, audit->notices.count, sizeof *dues, by_delivery);
	}
	for (unsigned i = 0; audit->status == OK && i < audit->notices.count; i++) {
		const struct notice *notice = notice_of(&notices, &dues[i].issue);
		int64_t first = dues[i].has_clock ? day_of_ms(dues[i].clock.overdue_ms, dues[i].offset) : INT64_MAX;
		if (dues[i].has_clock) {
			look_at_holidays(audit, &dues[i], years, &year_count);
		}
		if (notice != NULL) {
			look_at_sent(audit, &dues[i], notice);
		} else if (first <= audit->day) {
			audit_find(audit, dues[i].number, first, NO_TIME, &dues[i].head, 1,
			    "the notice of claim was to be sent by %s and was not",
			    "債権発生通知書が期限 %s までに送付されていない",
			    print_day(audit->ctx, dues[i].clock.last_day));
		}
	}
}
