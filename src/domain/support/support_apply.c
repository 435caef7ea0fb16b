/* The state after a move (docs/support-rules.md 5): pure, copy-on-write, called only for a move that every guard let pass. */
#include "base/cbor.h"
#include "domain/support/support_state.h"
#include <string.h>

/* ---- order ------------------------------------------------------------------------------------------------------- */

static void order_open(const struct judging *j, struct order_state *order)
{
	struct bytes profile = body_field(&j->move->body, KEY_PROFILE);

	order->opening = j->move;
	order->profile_hash = cbor_take(&profile).bytes;
	order->table = j->terms;
}

/* An offer that answered a request goes back to what was asked; one that nobody asked for is gone. */
static const char *apply_order_withdrawn(const struct judging *j, struct order_state *order)
{
	if (strcmp(j->move->answers[0]->state->name, "offered") != 0 || order->asked == NULL) {
		return "withdrawn";
	}
	order->table = order->asked;
	return "requested";
}

static const char *apply_order(struct judging *j, void **after)
{
	struct order_state *order = arena_take(j->fold->arena, sizeof *order);

	if (order == NULL) {
		return NULL;
	}
	if (j->order != NULL) {
		*order = *j->order;
	}
	*after = order;
	switch (j->kind) {
	case KIND_REQUESTED:
		order_open(j, order);
		order->asked = j->terms;
		return "requested";
	case KIND_OFFERED_UNASKED: order_open(j, order); return "offered";
	case KIND_OFFERED: order->table = j->terms; return "offered";
	case KIND_ANSWERED:
	case KIND_OFFER_COUNTERED: order->asked = order->table = j->terms; return "requested";
	case KIND_AMENDED: order->table = j->terms; return "amendment offered";
	case KIND_ACCEPTED:
		order->orderer = j->move->signer.officer;
		order->agreed = order->table;
		order->table = NULL;
		return "agreed";
	case KIND_REFUSED: order->table = NULL; return "agreed";
	case KIND_DECLINED: return "declined";
	case KIND_ASKED: return "clarify";
	case KIND_WITHDRAWN: return apply_order_withdrawn(j, order);
	case KIND_ORAL_DENIED:
		return strcmp(j->move->answers[0]->state->name, "requested") == 0 ? "declined" : "withdrawn";
	case KIND_REJECTED: return "rejected";
	case KIND_UNFILLED: return "unfilled";
	default: return "closed";
	}
}

/* ---- issue ------------------------------------------------------------------------------------------------------- */

static const char *end_by_method(const struct issue_state *issue)
{
	if (bytes_is(issue->method, "cash")) {
		return "receipted";
	}
	return bytes_is(issue->method, "service_like") ? "exchange due" : "return due";
}

static const struct given_line *given_find(const struct judging *j, int64_t number)
{
	for (unsigned i = 0; i < j->line_count; i++) {
		if (j->lines[i].line == number) {
			return &j->lines[i];
		}
	}
	return NULL;
}

/* A copy with its own lines. */
static struct issue_state *issue_copy(const struct judging *j)
{
	struct issue_state *issue = arena_take(j->fold->arena, sizeof *issue);

	if (issue == NULL) {
		return NULL;
	}
	*issue = *j->issue;
	issue->lines = arena_take_array(j->fold->arena, issue->line_count + 1, sizeof *issue->lines);
	if (issue->lines == NULL) {
		return NULL;
	}
	memcpy(issue->lines, j->issue->lines, issue->line_count * sizeof *issue->lines);
	return issue;
}

static struct issue_state *issue_open(const struct judging *j)
{
	struct issue_state *issue = arena_take(j->fold->arena, sizeof *issue);
	struct issue_line *lines = arena_take_array(j->fold->arena, j->line_count + 1, sizeof *lines);

	if (issue == NULL || lines == NULL) {
		return NULL;
	}
	*issue = (struct issue_state){ .taken = j->kind == KIND_TAKEN,
		.unordered = j->kind == KIND_ISSUED_UNORDERED,
		.order = j->order,
		.lines = lines,
		.line_count = j->line_count };
	issue->method = j->lines[0].terms->settlement;
	record_int(&j->move->body, issue->unordered ? KEY_UNORDERED_AT : KEY_DELIVERED_AT, &issue->delivered_at_ms);
	for (unsigned i = 0; i < j->line_count; i++) {
		lines[i].terms = j->lines[i].terms;
		if (issue->taken) {
			lines[i].has_accepted = true;
			lines[i].accepted = j->lines[i].in_terms;
		} else {
			lines[i].has_issued = true;
			lines[i].issued = j->lines[i].in_terms;
		}
	}
	if (issue->taken) {
		issue->receiver = j->move->signer.officer;
	}
	return issue;
}

/* An unordered issue brings its terms along; nothing is agreed yet. */
static struct issue_state *issue_open_unordered(const struct judging *j)
{
	struct order_state *order = arena_take(j->fold->arena, sizeof *order);
	struct issue_state *issue = issue_open(j);

	if (order == NULL || issue == NULL) {
		return NULL;
	}
	order_open(j, order);
	issue->order = order;
	return issue;
}

/* The officer who binds the receiver has ordered it. False: out of memory. */
static bool ratify(const struct judging *j, struct issue_state *issue)
{
	struct order_state *order = arena_take(j->fold->arena, sizeof *order);

	if (order == NULL) {
		return false;
	}
	*order = *issue->order;
	order->orderer = j->move->signer.officer;
	order->agreed = order->table;
	order->table = NULL;
	issue->order = order;
	return true;
}

enum figures { FIGURES_ISSUED, FIGURES_ACCEPTED, FIGURES_PROPOSED };

static void charge(struct issue_state *issue, enum figures figures)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		struct issue_line *line = &issue->lines[i];
		line->has_chargeable = true;
		line->chargeable = figures == FIGURES_ISSUED ? line->issued
		    : figures == FIGURES_ACCEPTED            ? line->accepted
							     : line->proposed;
	}
}

/* Accepted as issued on every line: charged, and ended by method. */
static const char *compare_figures(struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		if (decimal_compare(issue->lines[i].accepted, issue->lines[i].issued) != 0) {
			return "difference";
		}
	}
	charge(issue, FIGURES_ISSUED);
	return end_by_method(issue);
}

static void set_figures(struct issue_line *line, const struct receipt_figures *figures, struct bytes reason)
{
	line->has_accepted = true;
	line->accepted = figures->accepted;
	line->short_of = figures->short_of;
	line->damaged = figures->damaged;
	line->refused = figures->refused;
	line->reason = reason;
}

static void receipt_lines(const struct judging *j, struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		struct issue_line *line = &issue->lines[i];
		const struct given_line *given = given_find(j, line->terms->line);
		struct receipt_figures figures = { .accepted = line->issued };
		if (given != NULL) {
			receipt_figures(given, issue->taken, &figures);
			set_figures(line, &figures, given->reason);
		} else if (j->kind != KIND_FIGURES_RESTATED) {
			set_figures(line, &figures, bytes_of(NULL, 0));
		}
	}
	issue->receiver = j->move->signer.officer;
}

static const char *apply_receipt(const struct judging *j, struct issue_state *issue)
{
	receipt_lines(j, issue);
	if (j->kind == KIND_FIGURES_RESTATED) {
		return "difference";
	}
	record_int(&j->move->body, KEY_DELIVERED_AT, &issue->delivered_at_ms);
	return compare_figures(issue);
}

static const char *apply_ratified(const struct judging *j, struct issue_state *issue)
{
	if (!ratify(j, issue)) {
		return NULL;
	}
	const char *to = apply_receipt(j, issue);
	record_text(&j->move->body, KEY_RECEIVED_BY, &issue->receiver);
	return to;
}

static const char *apply_not_arrived(const struct judging *j, struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		const struct receipt_figures figures = { .short_of = issue->lines[i].issued };
		set_figures(&issue->lines[i], &figures, bytes_text("not_arrived"));
	}
	issue->receiver = j->move->signer.officer;
	return "difference";
}

static const char *apply_taken_issued(const struct judging *j, struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		const struct given_line *given = given_find(j, issue->lines[i].terms->line);
		issue->lines[i].has_issued = true;
		issue->lines[i].issued = given ? given->in_terms : (struct decimal){ 0, 0 };
	}
	return compare_figures(issue);
}

static bool proposes_anything(const struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		if (decimal_sign(issue->lines[i].proposed) > 0) {
			return true;
		}
	}
	return false;
}

static const char *apply_resolution_agreed(const struct judging *j, struct issue_state *issue)
{
	bool any = proposes_anything(issue);

	charge(issue, FIGURES_PROPOSED);
	if (any && issue->order->agreed == NULL && !ratify(j, issue)) {
		return NULL;
	}
	return any ? end_by_method(issue) : "annulled";
}

static const char *apply_proposal(const struct judging *j, struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		struct issue_line *line = &issue->lines[i];
		struct receipt_figures figures = { .accepted = j->lines[i].in_terms };
		line->has_proposed = j->kind == KIND_RESOLUTION_PROPOSED;
		if (line->has_proposed) {
			line->proposed = figures.accepted;
		} else {
			set_figures(line, &figures, bytes_of(NULL, 0));
		}
	}
	return j->kind == KIND_RESOLUTION_PROPOSED ? "resolution" : "disputed";
}

static void set_returning(const struct judging *j, struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		const struct given_line *given = given_find(j, issue->lines[i].terms->line);
		issue->lines[i].returning = given ? given->in_terms : (struct decimal){ 0, 0 };
	}
}

/* Returned never exceeds chargeable (S55, S57), so the sum fits. */
static const char *apply_return_accepted(const struct judging *j, struct issue_state *issue)
{
	bool rest_left = false;

	for (unsigned i = 0; i < issue->line_count; i++) {
		struct issue_line *line = &issue->lines[i];
		const struct given_line *given = given_find(j, line->terms->line);
		struct decimal rest = { 0, 0 };
		if (given != NULL) {
			(void)decimal_add(line->returned, given->in_terms, &line->returned);
		}
		line->returning = (struct decimal){ 0, 0 };
		rest_left |= !issue_line_rest(line, &rest) || decimal_sign(rest) > 0;
	}
	return rest_left ? "return due" : "settled";
}

static const char *apply_issue(struct judging *j, void **after)
{
	bool opens = j->kind == KIND_ISSUED || j->kind == KIND_TAKEN;
	struct issue_state *issue = j->kind == KIND_ISSUED_UNORDERED ? issue_open_unordered(j)
	    : opens                                                  ? issue_open(j)
								     : issue_copy(j);

	if (issue == NULL) {
		return NULL;
	}
	*after = issue;
	switch (j->kind) {
	case KIND_ISSUED: return "issued";
	case KIND_TAKEN: return "taken";
	case KIND_ISSUED_UNORDERED: return "unordered";
	case KIND_RATIFIED: return apply_ratified(j, issue);
	case KIND_REPUDIATED: return "repudiated";
	case KIND_TAKEN_ISSUED: return apply_taken_issued(j, issue);
	case KIND_DENIED: return "denied";
	case KIND_RECEIPTED:
	case KIND_FIGURES_RESTATED: return apply_receipt(j, issue);
	case KIND_NOT_ARRIVED: return apply_not_arrived(j, issue);
	case KIND_CONCURRED: charge(issue, FIGURES_ACCEPTED); return end_by_method(issue);
	case KIND_CONTESTED: return "contested";
	case KIND_ANNULLED: return "annulled";
	case KIND_FIGURES_TAKEN:
		issue->receiver = j->move->signer.officer;
		charge(issue, FIGURES_ISSUED);
		return end_by_method(issue);
	case KIND_STOOD:
	case KIND_TAKEN_UP: return "disputed";
	case KIND_RESOLUTION_PROPOSED:
	case KIND_RESOLUTION_COUNTERED: return apply_proposal(j, issue);
	case KIND_RESOLUTION_AGREED: return apply_resolution_agreed(j, issue);
	case KIND_RETURN_ISSUED: set_returning(j, issue); return "returning";
	case KIND_RETURN_ACCEPTED: return apply_return_accepted(j, issue);
	case KIND_RETURN_REFUSED:
		for (unsigned i = 0; i < issue->line_count; i++) {
			issue->lines[i].returning = (struct decimal){ 0, 0 };
		}
		return "return due";
	case KIND_CASH_ELECTED: return "receipted";
	case KIND_CONVERTED:
	case KIND_EXCHANGE_LINKED:
	case KIND_EXCHANGE_CERTIFIED:
	case KIND_CERTIFY_REFUSED:
	case KIND_WAIVED: return exchange_apply(j, issue);
	default: return "withdrawn";
	}
}

/* ---- claim ------------------------------------------------------------------------------------------------------- */

static int64_t credited_before(const struct judging *j, const struct claim_line *line)
{
	for (unsigned i = 0; j->claim != NULL && i < j->claim->line_count; i++) {
		if (j->claim->lines[i].part == line->part &&
		    j->claim->lines[i].line->terms->line == line->line->terms->line) {
			return j->claim->lines[i].credited_minor;
		}
	}
	return 0;
}

static void set_claim_line(const struct judging *j, const struct given_claim_line *given, struct claim_line *line)
{
	line->kind = given->overcharge_minor > 0 ? LINE_CREDIT : LINE_PLAIN;
	line->part = j->issues[given->index].part;
	line->issue = given->index;
	line->line = given->found;
	line->quantity = given->quantity;
	(void)claim_line_amount(j, given, &line->amount_minor); /* fits: S63 */
}

static bool set_claim_lines(struct judging *j, struct claim_state *claim)
{
	claim->line_count = j->claim_line_count + j->adjustment_count;
	claim->lines = arena_take_array(j->fold->arena, claim->line_count + 1, sizeof *claim->lines);
	for (unsigned i = 0; claim->lines != NULL && i < claim->line_count; i++) {
		struct claim_line *line = &claim->lines[i];
		if (i < j->claim_line_count) {
			set_claim_line(j, &j->claim_lines[i], line);
		} else {
			const struct claim_adjustment *carried = &j->adjustments[i - j->claim_line_count];
			int64_t minor = carried->state->difference_minor;
			*line = (struct claim_line){
				.kind = LINE_ADJUSTMENT, .part = carried->part, .line = carried->state->line
			};
			line->amount_minor = claim->opened == KIND_REFUND_CLAIMED ? -minor : minor;
		}
		line->credited_minor = credited_before(j, line);
	}
	return claim->lines != NULL;
}

static bool add_credits(struct judging *j, struct claim_state *claim)
{
	struct claim_line *lines = arena_take_array(j->fold->arena, claim->line_count + 1, sizeof *lines);

	if (lines == NULL) {
		return false;
	}
	memcpy(lines, claim->lines, claim->line_count * sizeof *lines);
	for (unsigned i = 0; i < j->item_count; i++) {
		lines[j->items[i].item - 1].credited_minor += j->items[i].credit_minor;
	}
	claim->lines = lines;
	return true;
}

bool claim_after(struct judging *j, struct claim_state *claim)
{
	if (j->claim != NULL) {
		*claim = *j->claim;
	} else {
		*claim = (struct claim_state){ .order = j->order,
			.opened = j->kind,
			.issues = j->issues,
			.issue_count = j->issue_count,
			.adjustments = j->adjustments,
			.adjustment_count = j->adjustment_count };
		record_text(&j->move->body, KEY_CURRENCY, &claim->currency);
	}
	if (j->claim == NULL || j->kind == KIND_RECLAIMED) {
		return set_claim_lines(j, claim);
	}
	return j->kind != KIND_CREDITED || add_credits(j, claim);
}

static const char *apply_confirmed(struct claim_state *claim)
{
	claim->paid_minor += claim->remitted_minor; /* never above due (S70) */
	claim->has_remitted = false;
	return claim->paid_minor == claim->due_minor ? "settled" : "payable";
}

static const char *apply_remitted(const struct judging *j, struct claim_state *claim)
{
	claim->has_remitted = true;
	record_int(&j->move->body, KEY_AMOUNT, &claim->remitted_minor);
	record_int(&j->move->body, KEY_VALUE_ON, &claim->value_on);
	record_text(&j->move->body, KEY_REMIT_REFERENCE, &claim->remitted_reference);
	return "remitted";
}

static const char *apply_claim(struct judging *j, void **after)
{
	struct claim_state *claim = arena_take(j->fold->arena, sizeof *claim);

	if (claim == NULL || !claim_after(j, claim)) {
		return NULL;
	}
	*after = claim;
	switch (j->kind) {
	case KIND_CLAIMED:
	case KIND_CLAIMED_UNACKNOWLEDGED:
	case KIND_REFUND_CLAIMED:
	case KIND_CREDITED:
	case KIND_RECLAIMED: return "claimed";
	case KIND_APPROVED:
		claim->has_due = true;
		(void)claim_total(claim, &claim->due_minor); /* fits: S67 */
		return "payable";
	case KIND_QUERIED: return "queried";
	case KIND_UPHELD: return "upheld";
	case KIND_ESCALATED: return "escalated";
	case KIND_WITHDRAWN: return "withdrawn";
	case KIND_FIGURED:
		claim->has_figure = true;
		record_int(&j->move->body, KEY_TOTAL, &claim->figure_minor);
		return "figured";
	case KIND_FIGURE_AGREED:
		claim->has_due = true;
		claim->due_minor = claim->figure_minor;
		return "payable";
	case KIND_FIGURE_COUNTERED: claim->has_figure = false; return "escalated";
	case KIND_REMITTED: return apply_remitted(j, claim);
	case KIND_CONFIRMED: return apply_confirmed(claim);
	case KIND_NETTED: return "netted";
	case KIND_WAIVED: return "waived";
	default: claim->has_remitted = false; return "payable";
	}
}

/* ---- adjustment -------------------------------------------------------------------------------------------------- */

static const char *apply_adjustment(struct judging *j, void **after)
{
	struct adjustment_state *adjustment = arena_take(j->fold->arena, sizeof *adjustment);
	int64_t number = 0;

	if (adjustment == NULL) {
		return NULL;
	}
	*after = adjustment;
	if (j->adjustment != NULL) {
		*adjustment = *j->adjustment;
		return j->kind == KIND_ADJUSTMENT_AGREED ? "adjusted"
		    : j->kind == KIND_ADJUSTMENT_REFUSED ? "refused"
							 : "withdrawn";
	}
	record_int(&j->move->body, KEY_ADJUSTED_LINE, &number);
	adjustment->part = j->move->refs[0]->part;
	adjustment->issue = j->adjusted;
	adjustment->line = issue_line_find(j->adjusted, number);
	adjustment->has_quantity = record_decimal(&j->move->body, KEY_RIGHT_QUANTITY, &adjustment->quantity);
	(void)adjustment_right(j, adjustment->line, &adjustment->amount_minor); /* fit: S112, S113 */
	(void)adjustment_difference(j, adjustment->line, &adjustment->difference_minor);
	return j->move->signer.party == j->move->part->sides[SUPPLIER] ? "proposed by supplier"
								       : "proposed by receiver";
}

const char *support_apply(struct judging *judging, void **after)
{
	switch (judging->move->part->type->letter) {
	case 'O': return apply_order(judging, after);
	case 'I': return apply_issue(judging, after);
	case 'N': return netting_apply(judging, after);
	case 'A': return apply_adjustment(judging, after);
	default: return apply_claim(judging, after);
	}
}
