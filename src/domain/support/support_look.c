#include "domain/support/support_look.h"
#include "base/cbor.h"
#include "domain/support/support.h"
#include <string.h>

bool kind_is(const struct move *move, const char *name)
{
	return move != NULL && move->kind != NULL && strcmp(move->kind->name, name) == 0;
}

static bool one_of(const char *name, const char *const *states)
{
	for (; *states != NULL; states++) {
		if (strcmp(name, *states) == 0) {
			return true;
		}
	}
	return false;
}

bool state_is(const struct look_part *part, const char *const *states)
{
	return part->state != NULL && one_of(part->state->name, states);
}

int64_t stated_day(const struct move *move, int offset_minutes)
{
	return day_of_ms(move->body.stated_ms, offset_minutes);
}

/* ---- the line of moves ------------------------------------------------------------------------------------------- */

/* The move before: the one answered, or the one that a `resolved` says stands. */
static const struct move *move_before(const struct move *move)
{
	struct id stands;

	if (move->body.answer_count == 0) {
		return NULL;
	}
	if (kind_is(move, "support.resolved") && record_id(&move->body, KEY_STANDS, &stands)) {
		for (unsigned i = 0; i < move->body.answer_count; i++) {
			if (move->answers[i] != NULL && id_equal(&move->answers[i]->id, &stands)) {
				return move->answers[i];
			}
		}
	}
	return move->answers[0];
}

static const struct move *least_head(const struct part *part)
{
	const struct move *least = NULL;

	for (unsigned i = 0; i < part->head_count; i++) {
		if (least == NULL || id_compare(&part->heads[i]->id, &least->id) < 0) {
			least = part->heads[i];
		}
	}
	return least;
}

/* The receipt that names a `taken`: from when on it is joined. */
static const struct move *joining(const struct fold *fold, const struct move *taken)
{
	for (unsigned i = 0; i < fold->move_count; i++) {
		const struct move *move = fold->moves[i];
		for (unsigned k = 0; move->verdict == VERDICT_VALID && move->state != NULL && k < move->body.ref_count;
		     k++) {
			if (move->refs[k] == taken && kind_is(move, "support.receipted")) {
				return move;
			}
		}
	}
	return NULL;
}

static int terms_offset(const struct terms *terms)
{
	struct decimal offset;

	if (terms == NULL || terms->items[KEY_OFFSET - TERMS_FIRST].len == 0 ||
	    !decimal_read(terms->items[KEY_OFFSET - TERMS_FIRST], &offset) || offset.decimals != 0 ||
	    offset.mantissa < -840 || offset.mantissa > 840) {
		return 0;
	}
	return (int)offset.mantissa;
}

static void set_state(struct look_part *out)
{
	const void *after = out->head ? out->head->after : NULL;

	switch (out->part->type->letter) {
	case 'O':
		out->order = after;
		out->offset =
		    out->order ? terms_offset(out->order->agreed ? out->order->agreed : out->order->table) : 0;
		break;
	case 'I':
		out->issue = after;
		out->offset = out->issue ? terms_offset(terms_of(out->issue->order)) : 0;
		break;
	case 'C':
		out->claim = after;
		out->offset = out->claim ? terms_offset(terms_of(out->claim->order)) : 0;
		break;
	default: break;
	}
}

static bool look_at_part(const struct fold *fold, const struct part *part, struct look_part *out)
{
	*out = (struct look_part){ .part = part, .head = least_head(part) };
	for (const struct move *move = out->head; move != NULL; move = move_before(move)) {
		out->count++;
	}
	out->line = arena_take_array(fold->arena, out->count + 1, sizeof(struct move *));
	out->from_ms = arena_take_array(fold->arena, out->count + 2, sizeof *out->from_ms);
	if (out->line == NULL || out->from_ms == NULL) {
		return false;
	}
	unsigned at = out->count;
	for (const struct move *move = out->head; move != NULL; move = move_before(move)) {
		out->line[--at] = move;
	}
	for (unsigned i = 0; i < out->count; i++) {
		out->from_ms[i] = out->line[i]->body.stated_ms;
		if (i > 0 && out->from_ms[i] < out->from_ms[i - 1]) {
			out->from_ms[i] = out->from_ms[i - 1];
		}
	}
	out->state = out->head ? out->head->state : NULL;
	set_state(out);
	return true;
}

/* The move of a claim by which what it holds of an issue was granted: from when on the issue is acknowledged. */
static const struct move *granting(const struct look *look, const struct part *issue)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *claim = &look->parts[i];
		if (claim->claim == NULL || !claim->claim->has_due || !claim_holds(claim->claim, issue, 0)) {
			continue;
		}
		for (unsigned k = 0; k < claim->count; k++) {
			const struct claim_state *after = claim->line[k]->after;
			if (after->has_due) {
				return claim->line[k];
			}
		}
	}
	return NULL;
}

/* A derived state stands in place of the head's from the move on that it is derived from. */
static void look_at_derived(struct look *look, struct look_part *part)
{
	const struct state *derived = part->head ? support_part_state(look->fold, part->part) : NULL;

	if (derived == NULL || derived == part->head->state) {
		return;
	}
	part->state = derived;
	part->derived_from = joining(look->fold, part->head);
	if (part->derived_from == NULL) {
		part->derived_from = granting(look, part->part);
	}
	int64_t begin = part->derived_from ? part->derived_from->body.stated_ms : part->from_ms[part->count - 1];
	part->from_ms[part->count] = begin > part->from_ms[part->count - 1] ? begin : part->from_ms[part->count - 1];
}

/* ---- the agreement ----------------------------------------------------------------------------------------------- */

static const struct agreement *agreement_of(struct arena *arena, struct agreements *known, const struct fold *fold)
{
	struct id hash = { { 0 } };

	if (fold->opening != NULL) {
		record_id(&fold->opening->body, KEY_PROFILE, &hash);
	}
	for (unsigned i = 0; i < known->count; i++) {
		if (id_equal(&known->items[i]->hash, &hash)) {
			return known->items[i];
		}
	}
	struct agreement *agreement = arena_take(arena, sizeof *agreement);
	struct agreement **items = arena_grow(arena, known->items, known->count, known->count + 1, sizeof *items);
	if (agreement == NULL || items == NULL) {
		return NULL;
	}
	if (known->values_only) {
		agreement_values(&hash, fold_profile(fold, id_bytes(&hash)), agreement);
	} else if (!agreement_read(arena, &hash, fold_profile(fold, id_bytes(&hash)), agreement)) {
		return NULL;
	}
	known->items = items;
	items[known->count++] = agreement;
	return agreement;
}

bool look_at(
    struct arena *arena, struct agreements *agreements, const struct fold *fold, const char *number, struct look *out)
{
	*out = (struct look){ .fold = fold, .number = number, .agreement = agreement_of(arena, agreements, fold) };
	out->parts = arena_take_array(fold->arena, fold->part_count + 1, sizeof *out->parts);
	if (out->agreement == NULL || out->parts == NULL) {
		return false;
	}
	for (unsigned i = 0; i < fold->part_count; i++) {
		if (!look_at_part(fold, fold->parts[i], &out->parts[i])) {
			return false;
		}
		if (fold->parts[i]->type->letter == 'O' && out->order == NULL) {
			out->order = &out->parts[i];
		}
	}
	out->part_count = fold->part_count;
	for (unsigned i = 0; i < out->part_count; i++) {
		look_at_derived(out, &out->parts[i]);
	}
	return true;
}

/* ---- stretches of time ------------------------------------------------------------------------------------------- */

bool stretch_next(const struct look_part *part, const char *const *states, unsigned *at, struct stretch *out)
{
	while (*at < part->count && !one_of(part->line[*at]->state->name, states)) {
		(*at)++;
	}
	if (*at >= part->count) {
		return false;
	}
	*out = (struct stretch){ part->from_ms[*at], NO_TIME, part->line[*at], NULL };
	while (*at < part->count && one_of(part->line[*at]->state->name, states)) {
		(*at)++;
	}
	if (*at < part->count) {
		out->ended_by = part->line[*at];
		out->end_ms = part->from_ms[*at];
	} else if (part->derived_from != NULL && !one_of(part->state->name, states)) {
		out->ended_by = part->derived_from;
		out->end_ms = part->from_ms[*at];
	}
	return true;
}

/* ---- claims and discharge ---------------------------------------------------------------------------------------- */

const struct look_part *line_claim(
    const struct look *look, const struct look_part *issue, int64_t line, unsigned *at, const struct claim_line **found)
{
	static const char *const gone[] = { "withdrawn", NULL };

	for (; *at < look->part_count; (*at)++) {
		const struct look_part *part = &look->parts[*at];
		for (unsigned k = 0; part->claim != NULL && !state_is(part, gone) && k < part->claim->line_count; k++) {
			const struct claim_line *claimed = &part->claim->lines[k];
			if (claimed->kind == LINE_PLAIN && claimed->part == issue->part &&
			    claimed->line->terms->line == line) {
				*found = claimed;
				(*at)++;
				return part;
			}
		}
	}
	return NULL;
}

/* The last to come of two ends. */
static void later(int64_t ms, const struct move *move, int64_t *last_ms, const struct move **last)
{
	if (*last == NULL || ms > *last_ms) {
		*last_ms = ms;
		*last = move;
	}
}

/* Is there something of the line that a claim must hold: its rest, or what was issued while nothing is receipted? */
static bool is_owed(const struct look_part *issue, const struct issue_line *line)
{
	struct decimal rest;

	if (!line->has_chargeable) {
		return issue->derived_from != NULL && line->has_issued && decimal_sign(line->issued) > 0;
	}
	return issue_line_rest(line, &rest) && decimal_sign(rest) > 0;
}

bool issue_discharged(const struct look *look, const struct look_part *issue, int64_t *ms, const struct move **by)
{
	static const char *const ended[] = { "settled", "annulled", "withdrawn", "waived", "joined", NULL };
	static const char *const paid[] = { "settled", "netted", "waived", NULL };
	static const char *const owed[] = { "receipted", "acknowledged", NULL };
	const struct claim_line *claimed;

	*by = NULL;
	if (issue->head == NULL) {
		return false;
	}
	if (state_is(issue, ended)) {
		bool derived = issue->derived_from != NULL;
		later(issue->from_ms[derived ? issue->count : issue->count - 1],
		    derived ? issue->derived_from : issue->head, ms, by);
		return true;
	}
	if (!state_is(issue, owed)) {
		return false;
	}
	later(issue->from_ms[issue->count - 1], issue->head, ms, by);
	for (unsigned i = 0; i < issue->issue->line_count; i++) {
		const struct issue_line *line = &issue->issue->lines[i];
		unsigned at = 0;
		if (!is_owed(issue, line)) {
			continue;
		}
		const struct look_part *claim = line_claim(look, issue, line->terms->line, &at, &claimed);
		if (claim == NULL || !state_is(claim, paid)) {
			return false;
		}
		later(claim->from_ms[claim->count - 1], claim->head, ms, by);
	}
	return true;
}

/* ---- clocks of a part -------------------------------------------------------------------------------------------- */

/* A meal or a flight. */
static bool quick_line(const struct issue_line *line)
{
	return bytes_is(line->terms->kind, "service") &&
	    (bytes_is(line->terms->category, "food") || bytes_is(line->terms->category, "transport"));
}

bool receipt_clock(
    const struct look *look, const struct look_part *issue, const struct issue_state *state, struct clock_end *out)
{
	bool quick = state->line_count > 0;

	for (unsigned i = 0; i < state->line_count; i++) {
		quick &= quick_line(&state->lines[i]);
	}
	return clock_of_value(look->agreement, quick ? VALUE_RECEIPT_HOURS : VALUE_RECEIPT_DAYS,
	    quick ? CLOCK_HOURS : CLOCK_DAYS, state->delivered_at_ms, issue->offset, "", out);
}

bool return_clock(const struct look *look, const struct look_part *issue, struct clock_end *out)
{
	bool has_day = false;
	int64_t day = 0;

	for (unsigned i = 0; i < issue->issue->line_count; i++) {
		const struct issue_line *line = &issue->issue->lines[i];
		if (!line->terms->has_return_by || (line->has_chargeable && decimal_is_zero(line->chargeable))) {
			continue;
		}
		day = has_day && day < line->terms->return_by ? day : line->terms->return_by;
		has_day = true;
	}
	if (has_day) {
		*out = clock_end_on(day, issue->offset);
		return true;
	}
	return clock_of_value(
	    look->agreement, VALUE_SETTLE, CLOCK_MONTHS, issue->issue->delivered_at_ms, issue->offset, "", out);
}

bool claim_clock(const struct look *look, const struct look_part *issue, struct clock_end *out)
{
	int64_t from = issue->issue->delivered_at_ms;

	for (unsigned i = 0; i < issue->count; i++) {
		if (kind_is(issue->line[i], "support.cash_elected") || kind_is(issue->line[i], "support.converted")) {
			from = issue->from_ms[i];
		}
	}
	return clock_of_value(look->agreement, VALUE_CLAIM, CLOCK_DAYS, from, issue->offset, "", out);
}

bool answer_clock(const struct look *look, int64_t from_ms, struct clock_end *out)
{
	struct bytes urgency;
	bool relief = look->fold->opening != NULL && record_text(&look->fold->opening->body, KEY_URGENCY, &urgency) &&
	    bytes_is(urgency, "relief");

	return clock_of_value(look->agreement, relief ? VALUE_ANSWER_RELIEF : VALUE_ANSWER_ROUTINE,
	    relief ? CLOCK_HOURS : CLOCK_DAYS, from_ms, look->order ? look->order->offset : 0, "", out);
}

/* Adds what was issued of each line of the terms, less what was not accepted of it where that is asked for; both lists are by ascending
 * numbers. False: more than fits. */
static bool add_issued(const struct look_part *part, const struct terms *terms, bool less_refused, struct decimal *sums)
{
	unsigned at = 0;

	for (unsigned i = 0; i < part->issue->line_count; i++) {
		const struct issue_line *line = &part->issue->lines[i];
		while (at < terms->line_count && terms->lines[at].line < line->terms->line) {
			at++;
		}
		bool reckoned = line->has_chargeable && (less_refused || !line->has_issued);
		if (at < terms->line_count && terms->lines[at].line == line->terms->line &&
		    (line->has_chargeable || line->has_issued) &&
		    !decimal_add(sums[at], reckoned ? line->chargeable : line->issued, &sums[at])) {
			return false;
		}
	}
	return true;
}

static bool all_is_issued(const struct look *look, bool less_refused)
{
	static const char *const nothing[] = { "annulled", "withdrawn", "taken", "denied", NULL };
	const struct terms *terms =
	    look->order != NULL && look->order->order != NULL ? look->order->order->agreed : NULL;
	struct decimal *sums =
	    terms != NULL ? arena_take_array(look->fold->arena, terms->line_count, sizeof *sums) : NULL;

	for (unsigned i = 0; sums != NULL && i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		if (part->issue != NULL && !state_is(part, nothing) && !add_issued(part, terms, less_refused, sums)) {
			return false;
		}
	}
	for (unsigned i = 0; sums != NULL && i < terms->line_count; i++) {
		if (decimal_compare(sums[i], terms->lines[i].quantity) < 0) {
			return false;
		}
	}
	return sums != NULL;
}

bool order_is_issued(const struct look *look)
{
	return all_is_issued(look, true);
}

bool order_only_closing(const struct look *look)
{
	const struct move *by;
	unsigned issues = 0;
	int64_t end_ms;

	if (look->order == NULL || look->order->state == NULL || strcmp(look->order->state->name, "agreed") != 0) {
		return false;
	}
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		if (part == look->order) {
			continue;
		}
		if (part->state == NULL || part->part->head_count != 1 || part->state->pen != 0 ||
		    adjustment_waits_for_claim(look, part) ||
		    (part->issue != NULL && !issue_discharged(look, part, &end_ms, &by))) {
			return false;
		}
		issues += part->issue != NULL;
	}
	return issues > 0 && look->order->part->head_count == 1 && all_is_issued(look, false);
}

bool order_is_idle(const struct look *look)
{
	return look->order != NULL && look->order->state != NULL && strcmp(look->order->state->name, "agreed") == 0 &&
	    look->order->part->head_count == 1 && order_is_issued(look) && !order_only_closing(look);
}
