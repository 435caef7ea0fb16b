/* Sides, the derived end of a `taken`, and `data` of a part for the state encoding (docs/support-rules.md 1 and 5.4). */
#include "base/cbor.h"
#include "domain/support/support.h"
#include "domain/support/support_state.h"
#include <string.h>

/* R is who requests; S whom the request names; S who offers unasked, issues without an order or proposes a netting, R whom that names. Where
 * the one named is no other party of the tally, rule S1 or S220 voids the opening. In a refund claim the two sides are exchanged. */
enum status support_sides(struct fold *fold, struct move *move, unsigned sides[SIDES], struct err *err)
{
	struct bytes code;
	unsigned side = SUPPLIER, inherited = sides[RECEIVER];

	(void)err;
	switch (support_kind_of(move->kind)) {
	case KIND_REFUND_CLAIMED:
		sides[RECEIVER] = sides[SUPPLIER];
		sides[SUPPLIER] = inherited;
		return OK;
	case KIND_OFFERED_UNASKED:
	case KIND_NETTING_PROPOSED:
	case KIND_ISSUED_UNORDERED: side = RECEIVER; break;
	case KIND_REQUESTED: break;
	default: return OK; /* inherited */
	}
	sides[RECEIVER] = move->signer.party;
	sides[SUPPLIER] = move->signer.party;
	if (record_text(&move->body, KEY_SUPPLIER, &code)) { /* KEY_RECEIVER and KEY_PARTNER are the same key */
		unsigned party = fold_party_find(fold->tally, code);
		sides[side] = party < fold->tally->party_count ? party : move->signer.party;
	}
	return OK;
}

static bool names(const struct move *move, const struct move *ref)
{
	for (unsigned i = 0; i < move->body.ref_count; i++) {
		if (move->refs[i] == ref) {
			return true;
		}
	}
	return false;
}

/* Does a claim that was approved hold a line of this issue? */
static bool is_paid_for(const struct fold *fold, const struct part *issue)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		const struct claim_state *claim =
		    part->type->letter == 'C' && part->head_count == 1 ? part->heads[0]->after : NULL;
		if (claim != NULL && claim->has_due && claim_holds(claim, issue, 0)) {
			return true;
		}
	}
	return false;
}

const struct state *support_part_state(const struct fold *fold, const struct part *part)
{
	const struct move *head = part->head_count == 1 ? part->heads[0] : NULL;

	if (head != NULL && part->type->letter == 'I' && strcmp(head->state->name, "issued") == 0) {
		return is_paid_for(fold, part) ? domain_state(&support_domain, "issue", "acknowledged") : NULL;
	}
	if (head == NULL || head != part->opener || support_kind_of(head->kind) != KIND_TAKEN) {
		return NULL;
	}
	for (unsigned i = 0; i < fold->move_count; i++) {
		const struct move *move = fold->moves[i];
		if (move->verdict == VERDICT_VALID && move->state != NULL &&
		    support_kind_of(move->kind) == KIND_RECEIPTED && names(move, head)) {
			return domain_state(&support_domain, "issue", "joined");
		}
	}
	return NULL;
}

/* ---- data -------------------------------------------------------------------------------------------------------- */

static void put_text(struct buf *out, struct bytes text)
{
	if (text.len > 0) {
		cbor_put_text(out, text);
	} else {
		cbor_put_null(out);
	}
}

static void put_decimal(struct buf *out, bool set, struct decimal value)
{
	if (set) {
		decimal_write(out, value);
	} else {
		cbor_put_null(out);
	}
}

static void put_int(struct buf *out, bool set, int64_t value)
{
	if (set) {
		cbor_put_int(out, value);
	} else {
		cbor_put_null(out);
	}
}

static void put_terms_map(struct buf *out, const struct terms *terms)
{
	size_t count = 0;

	for (unsigned i = 0; i < TERMS_FIELDS; i++) {
		count += terms->items[i].len > 0;
	}
	cbor_put_map(out, count);
	for (unsigned i = 0; i < TERMS_FIELDS; i++) {
		if (terms->items[i].len > 0) {
			cbor_put_int(out, (int64_t)TERMS_FIRST + i);
			buf_put_bytes(out, terms->items[i]);
		}
	}
}

static void put_terms(struct buf *out, const struct terms *terms, bool on_table)
{
	if (terms == NULL) {
		cbor_put_null(out);
		return;
	}
	cbor_put_array(out, on_table ? 3 : 2);
	cbor_put_bytes(out, id_bytes(&terms->id));
	put_terms_map(out, terms);
	if (on_table) {
		put_int(out, terms->has_valid_until, terms->valid_until);
	}
}

static void put_order(struct buf *out, const struct order_state *order)
{
	cbor_put_array(out, 3);
	put_text(out, order->orderer);
	put_terms(out, order->agreed, false);
	put_terms(out, order->table, true);
}

static void put_issue_line(struct buf *out, const struct issue_line *line)
{
	cbor_put_array(out, 13);
	cbor_put_int(out, line->terms->line);
	put_decimal(out, line->has_issued, line->issued);
	put_decimal(out, line->has_accepted, line->accepted);
	decimal_write(out, line->short_of);
	decimal_write(out, line->damaged);
	decimal_write(out, line->refused);
	put_text(out, line->reason);
	put_decimal(out, line->has_proposed, line->proposed);
	put_decimal(out, line->has_chargeable, line->chargeable);
	decimal_write(out, line->returned);
	decimal_write(out, line->returning);
	cbor_put_int(out, line->exchanged_minor);
	cbor_put_int(out, line->linked_minor);
}

static void put_issue(struct buf *out, const struct issue_state *issue)
{
	cbor_put_array(out, issue->unordered ? 7 : 6);
	cbor_put_bool(out, issue->taken);
	cbor_put_bytes(out, id_bytes(&terms_of(issue->order)->id));
	cbor_put_text(out, issue->method);
	cbor_put_int(out, issue->delivered_at_ms);
	put_text(out, issue->receiver);
	cbor_put_array(out, issue->line_count);
	for (unsigned i = 0; i < issue->line_count; i++) {
		put_issue_line(out, &issue->lines[i]);
	}
	if (issue->unordered) {
		put_text(out, issue->order->orderer);
	}
}

static void put_claim_line(struct buf *out, const struct claim_line *line)
{
	cbor_put_array(out, 5);
	cbor_put_bytes(out, id_bytes(&line->part->id));
	cbor_put_int(out, line->line->terms->line);
	put_decimal(out, line->kind == LINE_PLAIN, line->quantity);
	cbor_put_int(out, line->amount_minor);
	cbor_put_int(out, line->credited_minor);
}

static void put_claim(struct buf *out, const struct claim_state *claim)
{
	cbor_put_array(out, 6);
	cbor_put_text(out, claim->currency);
	cbor_put_array(out, claim->line_count);
	for (unsigned i = 0; i < claim->line_count; i++) {
		put_claim_line(out, &claim->lines[i]);
	}
	put_int(out, claim->has_due, claim->due_minor);
	cbor_put_int(out, claim->paid_minor);
	if (claim->has_remitted) {
		cbor_put_array(out, 3);
		cbor_put_int(out, claim->remitted_minor);
		cbor_put_int(out, claim->value_on);
		cbor_put_text(out, claim->remitted_reference);
	} else {
		cbor_put_null(out);
	}
	put_int(out, claim->has_figure, claim->figure_minor);
}

static void put_adjustment(struct buf *out, const struct adjustment_state *adjustment)
{
	cbor_put_array(out, 5);
	cbor_put_bytes(out, id_bytes(&adjustment->part->id));
	cbor_put_int(out, adjustment->line->terms->line);
	put_decimal(out, adjustment->has_quantity, adjustment->quantity);
	cbor_put_int(out, adjustment->amount_minor);
	cbor_put_int(out, adjustment->difference_minor);
}

void support_part_data(const struct fold *fold, const struct part *part, struct buf *out)
{
	const void *after = part->heads[0]->after;

	(void)fold;
	switch (part->type->letter) {
	case 'O': put_order(out, after); break;
	case 'I': put_issue(out, after); break;
	case 'N': netting_data(after, out); break;
	case 'A': put_adjustment(out, after); break;
	default: put_claim(out, after); break;
	}
}
