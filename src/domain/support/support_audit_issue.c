/* Rules of the audit about figures: I21 to I23, I25 to I30 (docs/audit-rules.md 3). Sums are made anew from the state after each move. */
#include "domain/support/support_audit.h"
#include <string.h>

static bool kind_among(const struct move *move, const char *const *kinds)
{
	for (; *kinds != NULL; kinds++) {
		if (kind_is(move, *kinds)) {
			return true;
		}
	}
	return false;
}

/* Is a line of the issue charged? */
static bool is_charged(const struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		if (issue->lines[i].has_chargeable && decimal_sign(issue->lines[i].chargeable) > 0) {
			return true;
		}
	}
	return false;
}

static const char *line_text(struct audit *audit, const struct issue_line *line)
{
	const char *text = arena_printf(audit->ctx->arena, "%lld", (long long)line->terms->line);

	return text ? text : "";
}

/* ---- I21 to I23: issue and receipt ------------------------------------------------------------------------------- */

static bool side_signed(const struct look_part *part, unsigned side)
{
	for (unsigned i = 0; i < part->count; i++) {
		if (part->line[i]->signer.party == part->part->sides[side]) {
			return true;
		}
	}
	return false;
}

static bool signed_by_supplier(const struct look *look, const struct move *move)
{
	const struct look_part *part = audit_part(look, move);
	const unsigned *sides = part ? part->part->sides : look->part_count > 0 ? look->parts[0].part->sides : NULL;

	return sides != NULL && sides[SUPPLIER] == move->signer.party && sides[RECEIVER] != move->signer.party;
}

void audit_both_signed(struct audit *audit, const struct look *look)
{
	static const char *const receipts[] = { "support.receipted", "support.not_arrived", "support.taken",
		"support.figures_taken", "support.figures_restated", NULL };

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (kind_among(move, receipts) && signed_by_supplier(look, move)) {
			audit_find_move(audit, move, "a receipt signed by the supplier", "提供側が署名した受領");
		}
	}
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		if (part->issue != NULL && is_charged(part->issue) &&
		    !(side_signed(part, SUPPLIER) && side_signed(part, RECEIVER))) {
			audit_find(audit, part->part->number, stated_day(part->head, part->offset), NO_TIME,
			    &part->head->id, 1, "charged, and only %s has signed", "課金されるが、署名したのは %s のみ",
			    print_party(audit->ctx, part->head->signer.party));
		}
	}
}

static bool sums_up(const struct issue_line *line, bool was_taken)
{
	struct decimal sum = line->accepted;

	if (!line->has_accepted || !line->has_issued) {
		return true;
	}
	if (was_taken && decimal_compare(line->accepted, line->issued) > 0) {
		return decimal_is_zero(line->short_of) && decimal_is_zero(line->damaged) &&
		    decimal_is_zero(line->refused);
	}
	return decimal_add(sum, line->short_of, &sum) && decimal_add(sum, line->damaged, &sum) &&
	    decimal_add(sum, line->refused, &sum) && decimal_compare(sum, line->issued) == 0;
}

void audit_receipt_sums(struct audit *audit, const struct look *look)
{
	static const char *const kinds[] = { "support.receipted", "support.figures_restated", "support.ratified",
		NULL };

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		const struct issue_state *issue = move->after;
		bool counts = move->verdict == VERDICT_VALID || move->verdict == VERDICT_OVERTAKEN;
		if (!counts || issue == NULL || move->part == NULL || move->part->type->letter != 'I' ||
		    !kind_among(move, kinds)) {
			continue;
		}
		for (unsigned k = 0; k < issue->line_count; k++) {
			if (!sums_up(&issue->lines[k], issue->taken)) {
				audit_find_move(audit, move,
				    "line %s: accepted, short, damaged and refused are not what was issued",
				    "明細 %s:受領・不足・損傷・拒否の計が引渡数量と一致しない",
				    line_text(audit, &issue->lines[k]));
				break;
			}
		}
	}
}

static bool charged_above(const struct issue_line *line, bool was_taken)
{
	struct decimal most = line->has_issued ? line->issued : (struct decimal){ 0, 0 };

	if (was_taken && line->has_accepted && decimal_compare(line->accepted, most) > 0) {
		most = line->accepted;
	}
	return line->has_chargeable && decimal_compare(line->chargeable, most) > 0;
}

void audit_charged(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned k = 0; part->issue != NULL && k < part->issue->line_count; k++) {
			if (charged_above(&part->issue->lines[k], part->issue->taken)) {
				audit_find(audit, part->part->number, stated_day(part->head, part->offset), NO_TIME,
				    &part->head->id, 1, "line %s is charged above what was issued",
				    "明細 %s:引渡数量を超えて課金されている", line_text(audit, &part->issue->lines[k]));
				break;
			}
		}
	}
}

/* ---- I25, I28, I29: where a line stands -------------------------------------------------------------------------- */

/* Claims made by the ordinary way: what they hold is the rest of a receipted line. */
static bool is_plain(const struct look_part *claim)
{
	return claim->claim->opened == KIND_CLAIMED;
}

/* The plain claims in which a line stands: the first two of them; NULL where there are fewer. */
static void claims_of(const struct look *look, const struct look_part *part, const struct issue_line *line,
    const struct look_part *claims[2])
{
	const struct claim_line *claimed;
	const struct look_part *claim;
	unsigned at = 0;

	claims[0] = claims[1] = NULL;
	while ((claim = line_claim(look, part, line->terms->line, &at, &claimed)) != NULL) {
		if (is_plain(claim)) {
			claims[claims[0] != NULL] = claim;
		}
	}
}

/* False: the line stands where it should. */
static bool find_misplaced(
    struct audit *audit, const struct look *look, const struct look_part *part, const struct issue_line *line)
{
	static const char *const may[] = { "receipted", "waived", NULL };
	const struct look_part *claims[2];

	claims_of(look, part, line, claims);
	if (claims[1] == NULL && (claims[0] == NULL || state_is(part, may))) {
		return false;
	}
	bool twice = claims[1] != NULL;
	const struct move *later = claims[twice]->line[0];
	const struct id entries[] = { later->id, claims[0]->line[0]->id };
	audit_find(audit, part->part->number, stated_day(later, part->offset), NO_TIME, entries, twice ? 2 : 1,
	    twice ? "line %s stands in two claims" : "line %s is claimed and still owed in kind",
	    twice ? "明細 %s が二つの請求に含まれる" : "明細 %s が請求済であり、かつ現物債務としても残る",
	    line_text(audit, line));
	return true;
}

void audit_one_place(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned k = 0; part->issue != NULL && k < part->issue->line_count; k++) {
			if (find_misplaced(audit, look, part, &part->issue->lines[k])) {
				break;
			}
		}
	}
}

static bool settled_twice(const struct look *look, const struct look_part *part, const struct issue_line *line)
{
	const struct claim_line *claimed;
	const struct look_part *claim;
	struct decimal sum = line->returned;
	unsigned at = 0;

	while ((claim = line_claim(look, part, line->terms->line, &at, &claimed)) != NULL) {
		if (is_plain(claim) && !decimal_add(sum, claimed->quantity, &sum)) {
			return true;
		}
	}
	return line->has_chargeable && decimal_compare(sum, line->chargeable) > 0;
}

static void find_overcredited(struct audit *audit, const struct look_part *part)
{
	for (unsigned k = 0; part->claim != NULL && is_plain(part) && k < part->claim->line_count; k++) {
		const struct claim_line *line = &part->claim->lines[k];
		if (line->kind == LINE_PLAIN && line->credited_minor > line->amount_minor) {
			audit_find(audit, part->part->number, stated_day(part->head, part->offset), NO_TIME,
			    &part->head->id, 1, "item %u is credited above its amount",
			    "明細 %u の減額が請求額を超える", k + 1);
			return;
		}
	}
}

void audit_twice(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		find_overcredited(audit, part);
		for (unsigned k = 0; part->issue != NULL && k < part->issue->line_count; k++) {
			if (settled_twice(look, part, &part->issue->lines[k])) {
				audit_find(audit, part->part->number, stated_day(part->head, part->offset), NO_TIME,
				    &part->head->id, 1, "line %s is returned and claimed above what is charged",
				    "明細 %s:返還と請求の計が課金数量を超える",
				    line_text(audit, &part->issue->lines[k]));
				break;
			}
		}
	}
}

static const struct issue_line *negative_line(const struct issue_state *issue)
{
	struct decimal rest;

	for (unsigned i = 0; i < issue->line_count; i++) {
		const struct issue_line *line = &issue->lines[i];
		if (line->has_chargeable &&
		    (!decimal_subtract(line->chargeable, line->returned, &rest) ||
			!decimal_subtract(rest, line->returning, &rest) || decimal_sign(rest) < 0)) {
			return line;
		}
	}
	return NULL;
}

void audit_negative(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		for (unsigned k = 0; part->issue != NULL && k < part->count; k++) {
			const struct issue_line *line = negative_line(part->line[k]->after);
			if (line != NULL) {
				audit_find(audit, part->part->number, stated_day(part->line[k], part->offset), NO_TIME,
				    &part->line[k]->id, 1, "line %s: more came back than was owed",
				    "明細 %s:債務数量を超える返還", line_text(audit, line));
				break;
			}
		}
	}
}

/* ---- I26, I27: claims -------------------------------------------------------------------------------------------- */

/* Are amount, currency and total of the head those of its lines? */
static bool claim_adds_up(const struct claim_state *claim)
{
	for (unsigned i = 0; i < claim->line_count; i++) {
		const struct claim_line *line = &claim->lines[i];
		int64_t minor;
		if (line->kind != LINE_PLAIN) {
			continue;
		}
		const struct terms_line *price = claim_price(line->line, claim->order);
		if (price == NULL || !rest_amount(line->line, price, &minor) || minor != line->amount_minor ||
		    !bytes_equal(line->line->terms->currency, claim->currency)) {
			return false;
		}
	}
	return true;
}

static bool states_total(const struct move *move)
{
	static const char *const kinds[] = { "support.claimed", "support.reclaimed", "support.credited", NULL };
	int64_t stated, total;

	return !kind_among(move, kinds) || !record_int(&move->body, KEY_TOTAL, &stated) ||
	    (claim_total(move->after, &total) && total == stated);
}

void audit_claim_sums(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		const struct move *wrong = NULL;
		if (part->claim == NULL || !is_plain(part)) {
			continue;
		}
		for (unsigned k = 0; wrong == NULL && k < part->count; k++) {
			wrong = states_total(part->line[k]) ? NULL : part->line[k];
		}
		if (wrong == NULL && !claim_adds_up(part->claim)) {
			wrong = part->head;
		}
		if (wrong != NULL) {
			audit_find_text(audit, part->part->number, stated_day(wrong, part->offset), NO_TIME, &wrong->id,
			    1, "the claim is not the sum of its lines at the prices agreed",
			    "請求額が合意単価による明細の計と一致しない");
		}
	}
}

/* What its line of moves says was paid: remittances that were confirmed. */
static bool paid_by_moves(const struct look_part *part, int64_t *paid)
{
	int64_t remitted = 0;
	bool fits = true;

	*paid = 0;
	for (unsigned i = 0; i < part->count; i++) {
		if (kind_is(part->line[i], "support.remitted")) {
			remitted = 0;
			record_int(&part->line[i]->body, KEY_AMOUNT, &remitted);
		} else if (kind_is(part->line[i], "support.confirmed")) {
			fits = fits && minor_add(*paid, remitted, paid);
		}
	}
	return fits;
}

void audit_paid_sums(struct audit *audit, const struct look *look)
{
	static const char *const settled[] = { "settled", NULL };

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		const struct claim_state *claim = part->claim;
		int64_t paid;
		if (claim == NULL) {
			continue;
		}
		bool good = paid_by_moves(part, &paid) && paid == claim->paid_minor &&
		    (!claim->has_due || claim->paid_minor <= claim->due_minor) &&
		    (!state_is(part, settled) || (claim->has_due && claim->paid_minor == claim->due_minor));
		if (!good) {
			audit_find_text(audit, part->part->number, stated_day(part->head, part->offset), NO_TIME,
			    &part->head->id, 1, "what was paid, and what is open, are not the claim",
			    "支払済額及び残額が請求額と一致しない");
		}
	}
}

/* ---- I30: conversion --------------------------------------------------------------------------------------------- */

void audit_converted(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		const struct look_part *part = audit_part(look, move);
		struct clock_end clock;
		if (kind_is(move, "support.converted") && move->verdict != VERDICT_WAITING && part != NULL &&
		    part->issue != NULL &&
		    clock_of_conversion(look->agreement, part->issue->delivered_at_ms, part->offset, &clock) &&
		    move->body.stated_ms < clock.overdue_ms) {
			audit_find_move(audit, move, "converted before %s, from which on it may be",
			    "切替可能となる %s より前の通貨償還への切替", print_time(audit->ctx, clock.overdue_ms));
		}
	}
}
