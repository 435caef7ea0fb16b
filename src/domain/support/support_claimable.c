/* What a claim may hold (docs/support-rules.md 5.3): lines with a claimable quantity, credit lines for what bound claims hold too much,
 * adjustments. */
#include "base/cbor.h"
#include "domain/support/support_state.h"
#include <string.h>

/* ---- what claims hold -------------------------------------------------------------------------------------------- */

static bool is_line(const struct claim_line *line, const struct part *part, int64_t number)
{
	return line->part == part && (number == 0 || line->line->terms->line == number);
}

bool claim_holds(const struct claim_state *claim, const struct part *part, int64_t number)
{
	for (unsigned i = 0; i < claim->line_count; i++) {
		if (is_line(&claim->lines[i], part, number)) {
			return true;
		}
	}
	return false;
}

static const struct claim_state *live(const struct past_head *head, const struct part *except)
{
	bool counts = head->part->type->letter == 'C' && head->part != except &&
	    strcmp(head->head->state->name, "withdrawn") != 0;

	return counts ? head->head->after : NULL;
}

const struct claim_state *live_claim(const struct judging *judging, const struct past_head *head)
{
	return live(head, judging->move->part);
}

/* What all claims together hold of one line. */
struct held {
	int64_t minor;
	const struct part *first; /* of the bound claims the one with the least id; NULL: none */
	const struct order_state *order;
	bool overflow;
};

static void add_held(struct held *held, const struct claim_state *claim, bool waived, const struct part *part,
    const struct claim_line *line)
{
	bool bound = claim->has_due && !claim->has_figure && !waived;
	int64_t left = line->amount_minor - line->credited_minor;

	if (line->kind == LINE_PLAIN && !bound) {
		return;
	}
	if (line->kind == LINE_PLAIN && (held->first == NULL || id_compare(&part->id, &held->first->id) < 0)) {
		held->first = part;
		held->order = claim->order;
	}
	left = claim->opened == KIND_REFUND_CLAIMED ? -left : left;
	held->overflow |= __builtin_add_overflow(held->minor, left, &held->minor);
}

/* The amount of what is left of the line at the price of the claim that holds it. */
static bool right_amount(const struct held *held, const char *state, const struct issue_line *line, int64_t *minor)
{
	*minor = 0;
	if (!line->has_chargeable || strcmp(state, "annulled") == 0 || strcmp(state, "withdrawn") == 0) {
		return true;
	}
	const struct terms_line *price = claim_price(line, held->order);
	return price != NULL && rest_amount(line, price, minor);
}

static void add_claim(struct held *held, const struct past_head *head, const struct part *except,
    const struct part *part, const struct issue_line *line)
{
	const struct claim_state *claim = live(head, except);
	bool waived = strcmp(head->head->state->name, "waived") == 0;

	for (unsigned i = 0; claim != NULL && i < claim->line_count; i++) {
		if (is_line(&claim->lines[i], part, line->terms->line)) {
			add_held(held, claim, waived, head->part, &claim->lines[i]);
		}
	}
}

static int64_t overcharge_of(const struct held *held, const char *state, const struct issue_line *line)
{
	int64_t right, over;

	if (held->first == NULL || held->overflow || !right_amount(held, state, line, &right) ||
	    __builtin_sub_overflow(held->minor, right, &over)) {
		return 0;
	}
	return over > 0 ? over : 0;
}

int64_t overcharge_now(const struct fold *fold, const struct part *issue, const struct issue_line *line)
{
	struct held held = { 0 };

	for (unsigned i = 0; i < fold->part_count; i++) {
		if (fold->parts[i]->head_count == 1) {
			add_claim(
			    &held, &(struct past_head){ fold->parts[i], fold->parts[i]->heads[0] }, NULL, issue, line);
		}
	}
	return overcharge_of(&held, issue->heads[0]->state->name, line);
}

/* ---- reading a claim --------------------------------------------------------------------------------------------- */

static enum support_kind opened_by(const struct judging *judging)
{
	return judging->claim ? judging->claim->opened : judging->kind;
}

/* Issues and adjustments named by the opener. What may not stand there is left out here and refused by S30. */
static bool find_refs(struct judging *judging)
{
	const struct move *move = judging->move;
	struct claim_issue *issues;
	struct claim_adjustment *adjustments;

	if (judging->claim != NULL) {
		judging->issues = judging->claim->issues;
		judging->issue_count = judging->claim->issue_count;
		judging->adjustments = judging->claim->adjustments;
		judging->adjustment_count = judging->claim->adjustment_count;
		return true;
	}
	issues = arena_take_array(judging->fold->arena, move->body.ref_count + 1, sizeof *issues);
	adjustments = arena_take_array(judging->fold->arena, move->body.ref_count + 1, sizeof *adjustments);
	for (unsigned i = 0; issues != NULL && adjustments != NULL && i < move->body.ref_count; i++) {
		const struct move *ref = move->refs[i];
		if (ref == NULL || ref->part == NULL || ref->after == NULL || ref->state == NULL) {
			continue;
		}
		if (ref->part->type->letter == 'I') {
			issues[judging->issue_count++] =
			    (struct claim_issue){ ref->part, ref->after, ref->state->name };
		} else if (ref->part->type->letter == 'A') {
			adjustments[judging->adjustment_count++] = (struct claim_adjustment){ ref->part, ref->after };
		}
	}
	judging->issues = issues;
	judging->adjustments = adjustments;
	return issues != NULL && adjustments != NULL;
}

/* Of a claim that nobody acknowledged, claimed anew: what has become of the issue meanwhile. */
static bool claimable_now(const struct judging *judging, const struct claim_issue *issue,
    const struct issue_line **line, struct decimal *quantity)
{
	for (unsigned i = 0; i < judging->head_count; i++) {
		const struct past_head *head = &judging->heads[i];
		if (head->part != issue->part) {
			continue;
		}
		const struct issue_line *now = issue_line_find(head->head->after, (*line)->terms->line);
		bool issued = strcmp(head->head->state->name, "issued") == 0;
		if (now == NULL || (!issued && strcmp(head->head->state->name, "receipted") != 0)) {
			return false;
		}
		*line = now;
		*quantity = now->issued;
		return issued || issue_line_rest(now, quantity);
	}
	return false;
}

/* The claimable quantity of a line; false: there is none. */
static bool claimable(
    const struct judging *judging, unsigned index, const struct issue_line **line, struct decimal *quantity)
{
	const struct claim_issue *issue = &judging->issues[index];
	bool any;

	switch (opened_by(judging)) {
	case KIND_REFUND_CLAIMED: return false;
	case KIND_CLAIMED_UNACKNOWLEDGED:
		*quantity = (*line)->issued;
		any = judging->claim ? claimable_now(judging, issue, line, quantity) : (*line)->has_issued;
		break;
	default: any = strcmp(issue->in, "receipted") == 0 && issue_line_rest(*line, quantity); break;
	}
	return any && decimal_sign(*quantity) > 0;
}

static int64_t overcharge_here(const struct judging *judging, unsigned index, const struct issue_line *line)
{
	const struct claim_issue *issue = &judging->issues[index];
	struct held held = { 0 };

	for (unsigned i = 0; i < judging->head_count && opened_by(judging) != KIND_CLAIMED_UNACKNOWLEDGED; i++) {
		add_claim(&held, &judging->heads[i], judging->move->part, issue->part, line);
	}
	return overcharge_of(&held, issue->in, line);
}

/* Fills what a line of an issue comes to; false: to nothing. */
static bool find_line(
    const struct judging *judging, unsigned index, const struct issue_line *line, struct given_claim_line *given)
{
	given->index = index;
	given->found = line;
	given->overcharge_minor = overcharge_here(judging, index, line);
	if (given->overcharge_minor == 0 && !claimable(judging, index, &given->found, &given->quantity)) {
		given->found = NULL;
	}
	return given->found != NULL;
}

static bool held_elsewhere(const struct judging *judging, unsigned index, const struct issue_line *line)
{
	for (unsigned i = 0; i < judging->head_count; i++) {
		const struct claim_state *claim = live_claim(judging, &judging->heads[i]);
		if (claim != NULL && claim_holds(claim, judging->issues[index].part, line->terms->line)) {
			return true;
		}
	}
	return false;
}

static void default_lines(struct judging *judging)
{
	for (unsigned i = 0; i < judging->issue_count; i++) {
		const struct issue_state *state = judging->issues[i].state;
		for (unsigned k = 0; k < state->line_count; k++) {
			struct given_claim_line given = { .issue = i + 1, .line = state->lines[k].terms->line };
			if (find_line(judging, i, &state->lines[k], &given) &&
			    (given.overcharge_minor > 0 || !state->unordered ||
				!held_elsewhere(judging, i, &state->lines[k]))) {
				judging->claim_lines[judging->claim_line_count++] = given;
			}
		}
	}
}

static void given_lines(struct judging *judging, struct list list)
{
	struct list_item item;

	while (list_next(&list, &item)) {
		struct given_claim_line *given = &judging->claim_lines[judging->claim_line_count++];
		item_int(&item, 0, &given->issue);
		item_int(&item, 1, &given->line);
		given->has_amount = item_int(&item, 2, &given->amount_minor);
		if (given->issue < 1 || given->issue > judging->issue_count) {
			continue;
		}
		unsigned index = (unsigned)given->issue - 1;
		const struct issue_line *line = issue_line_find(judging->issues[index].state, given->line);
		if (line != NULL) {
			find_line(judging, index, line, given);
		}
	}
}

bool claim_read(struct judging *judging)
{
	/* Field 8 of a refund claim would be unknown to its table, so there is none. */
	struct bytes array = body_field(&judging->move->body, KEY_ITEMS);
	struct list list = { 0 };
	unsigned heads;
	size_t count = 0;

	if (past_heads(judging, &heads) == NULL || !find_refs(judging)) {
		return false;
	}
	if (array.len > 0) {
		struct cbor_item head = cbor_take(&array);
		list = (struct list){ array, head.count };
	}
	for (unsigned i = 0; i < judging->issue_count; i++) {
		count += judging->issues[i].state->line_count;
	}
	judging->lines_given = list.left > 0;
	count = judging->lines_given ? list.left : count;
	judging->claim_lines = arena_take_array(judging->fold->arena, count + 1, sizeof *judging->claim_lines);
	if (judging->claim_lines == NULL) {
		return false;
	}
	if (judging->lines_given) {
		given_lines(judging, list);
	} else {
		default_lines(judging);
	}
	return true;
}

bool claim_line_amount(const struct judging *judging, const struct given_claim_line *line, int64_t *minor)
{
	if (line->overcharge_minor > 0) {
		*minor = opened_by(judging) == KIND_REFUND_CLAIMED ? line->overcharge_minor : -line->overcharge_minor;
		return true;
	}
	const struct terms_line *price = claim_price(line->found, judging->order);
	return price != NULL && line_amount(price, line->quantity, minor) &&
	    !__builtin_sub_overflow(*minor, line->found->exchanged_minor, minor);
}
