/* I15: exercise and real apart (docs/audit-rules.md 3). */
#include "base/cbor.h"
#include "domain/support/support.h"
#include "domain/support/support_audit.h"
#include <string.h>

void audit_invoices(struct audit *audit, const struct look *look)
{
	static const char *const path[] = { "rehearsal", NULL };
	struct bytes activity = { 0 }, text, rehearsal = profile_value(look->agreement->profile, path);
	int64_t is_rehearsal = 0;

	if (look->order == NULL) {
		return;
	}
	record_text(&look->order->part->opener->body, KEY_ACTIVITY, &activity);
	if (rehearsal.len > 0 && cbor_take(&rehearsal).integer != 0) {
		is_rehearsal = 1;
	}
	if (is_rehearsal && !look->fold->tally->rehearsal) {
		audit_find_move(audit, look->order->part->opener, "a real order under the agreement of a rehearsal",
		    "習熟用の協定に基づく実務の発注");
	}
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		if (part->claim == NULL || !record_text(&part->part->opener->body, KEY_INVOICE, &text)) {
			continue;
		}
		struct invoice *invoice = listed_add(audit, &audit->invoices, sizeof *invoice);
		if (invoice == NULL) {
			return;
		}
		*invoice = (struct invoice){ .party = part->part->opener->signer.party,
			.text = arena_copy(audit->ctx->arena, text),
			.exercise = bytes_is(activity, "1a"),
			.number = arena_text(audit->ctx->arena, bytes_text(part->part->number)),
			.entry = part->part->opener->id,
			.first = stated_day(part->part->opener, part->offset),
			.stated_ms = part->part->opener->body.stated_ms };
	}
}

static int by_invoice(const void *a, const void *b)
{
	const struct invoice *one = a, *two = b;
	int order = one->party != two->party ? (one->party < two->party ? -1 : 1) : bytes_compare(one->text, two->text);

	if (order == 0 && one->stated_ms != two->stated_ms) {
		order = one->stated_ms < two->stated_ms ? -1 : 1;
	}
	return order != 0 ? order : id_compare(&one->entry, &two->entry);
}

void audit_exercise(struct audit *audit)
{
	struct invoice *all = audit->invoices.items;

	if (audit->invoices.count > 0) {
		qsort(all, audit->invoices.count, sizeof *all, by_invoice);
	}
	for (unsigned i = 1; i < audit->invoices.count; i++) {
		const struct invoice *one = &all[i - 1], *two = &all[i];
		if (one->party == two->party && bytes_equal(one->text, two->text) && one->exercise != two->exercise) {
			const struct id entries[] = { two->entry, one->entry };
			audit_find(audit, two->number, two->first, NO_TIME, entries, 2,
			    "shares invoice %s with %s, of which one is of an exercise",
			    "請求書番号 %s を %s と共有するが、一方は訓練に係るもの", print_text(audit->ctx, two->text),
			    one->number);
		}
	}
}
