/* Guards of refs, issues, receipts and returns: S30 to S58 of docs/support-rules.md. */
#include "domain/support/support_state.h"
#include <string.h>

#define RULES "support-rules 4.2"
#define EACH_GIVEN(line) for (const struct given_line *line = j->lines; line < j->lines + j->line_count; line++)
#define EACH_ISSUE_LINE(line) \
	for (const struct issue_line *line = j->issue->lines; line < j->issue->lines + j->issue->line_count; line++)
#define LINE(given) (long long)(given)->line

static bool in_state(const struct move *move, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (strcmp(move->state->name, *names) == 0) {
			return true;
		}
	}
	return false;
}

static const char *officer_text(const struct judging *judging)
{
	const char *text = arena_text(judging->fold->arena, judging->move->signer.officer);

	return text ? text : "?";
}

/* ---- S30 to S34: refs -------------------------------------------------------------------------------------------- */

static char letter_of(const struct move *ref)
{
	return ref != NULL && ref->part != NULL ? ref->part->type->letter : 0;
}

/* Does this ref name the unordered issue that opened the thread? */
static bool is_unordered(const struct move *ref)
{
	return letter_of(ref) == 'I' && ref->part->parent == NULL;
}

/* Refs of a claim: the order, then issues, then adjustments; or the unordered issue, then adjustments. */
static bool fits_claim(const struct judging *j, unsigned position)
{
	const struct move *const *refs = (const struct move *const *)j->move->refs;
	char letter = letter_of(refs[position]);

	if (position == 0) {
		return letter == 'O' || (is_unordered(refs[0]) && j->kind != KIND_CLAIMED_UNACKNOWLEDGED);
	}
	if (j->kind == KIND_CLAIMED_UNACKNOWLEDGED) {
		return letter == 'I';
	}
	return letter == 'A' || (letter == 'I' && !is_unordered(refs[0]) && letter_of(refs[position - 1]) != 'A');
}

/* May a ref to such a part stand at this position? */
static bool letter_fits(const struct judging *j, unsigned position)
{
	char letter = letter_of(j->move->refs[position]);

	switch (j->kind) {
	case KIND_ISSUED:
	case KIND_TAKEN: return position == 0 && letter == 'O';
	case KIND_CLAIMED:
	case KIND_CLAIMED_UNACKNOWLEDGED:
	case KIND_REFUND_CLAIMED: return fits_claim(j, position);
	case KIND_ADJUSTMENT_PROPOSED: return position < 2 && letter == (position == 0 ? 'I' : 'O');
	case KIND_CLOSED: return letter == 'I';
	case KIND_RECEIPTED: return position == 0 && letter == 'I';
	default: return false;
	}
}

static unsigned refs_least(const struct judging *j)
{
	switch (j->kind) {
	case KIND_ISSUED:
	case KIND_TAKEN:
	case KIND_ADJUSTMENT_PROPOSED: return 1;
	case KIND_CLAIMED: return j->move->body.ref_count > 0 && is_unordered(j->move->refs[0]) ? 1 : 2;
	case KIND_CLAIMED_UNACKNOWLEDGED:
	case KIND_REFUND_CLAIMED: return 2;
	default: return 0;
	}
}

static bool ref_fits(const struct judging *j, unsigned position)
{
	const struct move *ref = j->move->refs[position];

	if (ref == NULL || ref->part == NULL || ref->state == NULL || ref->verdict != VERDICT_VALID ||
	    !letter_fits(j, position)) {
		return false;
	}
	for (unsigned i = 0; i < position; i++) {
		if (j->move->refs[i]->part == ref->part) {
			return false;
		}
	}
	return true;
}

static enum status s30(struct judging *j, struct err *err)
{
	GUARD(j->move->body.ref_count >= refs_least(j), err, "S30", "support-rules 3",
	    "refs: too few; must name the order's head and, in a claim, the issues that it claims");
	for (unsigned i = 0; i < j->move->body.ref_count; i++) {
		GUARD(ref_fits(j, i), err, "S30", "support-rules 3",
		    "refs, position %u: not what may stand there; must be a valid move of this order, one of each part",
		    i + 1);
	}
	return OK;
}

static enum status s31(struct judging *j, struct err *err)
{
	static const char *const open[] = { "agreed", "amendment offered", NULL };

	GUARD(in_state(j->move->refs[0], open), err, "S31", "support-rules 3",
	    "order: %s; must be agreed before anything is issued", j->move->refs[0]->state->name);
	return OK;
}

static const char *const *claimable_states(const struct judging *j, unsigned position)
{
	static const char *const bound[] = { "agreed", "amendment offered", "closed", NULL };
	static const char *const ratified[] = { "receipted", "return due", "returning", "exchange due", "exchanging",
		"settled", NULL };
	static const char *const ended[] = { "receipted", "annulled", "withdrawn", NULL };
	static const char *const issued[] = { "issued", NULL };
	static const char *const adjusted[] = { "adjusted", NULL };
	char letter = letter_of(j->move->refs[position]);

	if (position == 0) {
		return letter == 'O' ? bound : ratified;
	}
	if (letter == 'A') {
		return adjusted;
	}
	return j->kind == KIND_CLAIMED_UNACKNOWLEDGED ? issued : ended;
}

static enum status s32(struct judging *j, struct err *err)
{
	for (unsigned i = 0; i < j->move->body.ref_count; i++) {
		const struct move *ref = j->move->refs[i];
		GUARD(in_state(ref, claimable_states(j, i)), err, "S32", "support-rules 3",
		    "refs, position %u: %s; to be claimed an order must be agreed, an issue receipted (without acknowledgement: issued), an "
		    "adjustment agreed to",
		    i + 1, ref->state->name);
	}
	return OK;
}

/* Was the payment of what nobody receipted approved? */
static bool is_acknowledged(struct judging *j, const struct move *ref)
{
	unsigned count;

	if (strcmp(ref->state->name, "issued") != 0) {
		return false;
	}
	const struct past_head *heads = past_heads(j, &count);
	for (unsigned i = 0; i < count; i++) {
		const struct claim_state *claim = live_claim(j, &heads[i]);
		if (claim != NULL && claim->has_due && claim_holds(claim, ref->part, 0)) {
			return true;
		}
	}
	return false;
}

static enum status s33(struct judging *j, struct err *err)
{
	static const char *const ended[] = { "receipted", "annulled", "withdrawn", "settled", "waived", NULL };

	for (unsigned i = 0; i < j->move->body.ref_count; i++) {
		GUARD(in_state(j->move->refs[i], ended) || is_acknowledged(j, j->move->refs[i]), err, "S33",
		    "support-rules 3", "refs, position %u: %s; only issues that have ended can be named", i + 1,
		    j->move->refs[i]->state->name);
	}
	return OK;
}

static enum status s34(struct judging *j, struct err *err)
{
	GUARD(!past_answers(j, j->move->refs, j->move->body.ref_count), err, "S34", RULES,
	    "refs: the signer knew a later move of one of these parts; look at it anew and name that");
	return OK;
}

/* ---- S35 to S41: issued and taken -------------------------------------------------------------------------------- */

static enum status s35(struct judging *j, struct err *err)
{
	int64_t before = 0;

	EACH_GIVEN(line)
	{
		GUARD(line->line > before && line->terms != NULL, err, "S35", RULES,
		    "line %lld: must be a line of the order, named once, in ascending order", LINE(line));
		before = line->line;
	}
	return OK;
}

static enum status s36(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(decimal_sign(line->quantity) > 0, err, "S36", RULES, "line %lld: quantity; must be above 0",
		    LINE(line));
	}
	return OK;
}

static enum status s37(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(line->converted, err, "S37", "UN/ECE Recommendation 20",
		    "line %lld: unit; must be the order's (%s) or one that measures the same", LINE(line),
		    line->terms->unit->code);
	}
	return OK;
}

static enum status s38(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(bytes_equal(line->terms->settlement, j->lines[0].terms->settlement), err, "S38", RULES,
		    "line %lld: settled in another way than the first; issue it by itself", LINE(line));
	}
	return OK;
}

static bool meter_fits(const struct given_line *line)
{
	struct decimal counted;

	if (line->has_meter_start != line->has_meter_end) {
		return false;
	}
	return !line->has_meter_start ||
	    (decimal_subtract(line->meter_end, line->meter_start, &counted) &&
		decimal_compare(counted, line->quantity) == 0);
}

static enum status s39(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(meter_fits(line), err, "S39", RULES,
		    "line %lld: meter; must have both readings, and their difference must be the quantity", LINE(line));
	}
	return OK;
}

/* What another issue has of this line, by the past. */
static bool add_issued(const struct past_head *head, int64_t number, struct decimal *sum)
{
	static const char *const nothing[] = { "annulled", "withdrawn", "taken", "denied", NULL };
	const struct issue_line *line = issue_line_find(head->head->after, number);

	if (line == NULL || in_state(head->head, nothing)) {
		return true;
	}
	if (line->has_chargeable) {
		return decimal_add(*sum, line->chargeable, sum);
	}
	return !line->has_issued || decimal_add(*sum, line->issued, sum);
}

static bool within_tolerance(
    const struct judging *j, const struct given_line *line, const struct past_head *heads, unsigned count)
{
	static const struct decimal hundred = { 100, 0 };
	const char *category = arena_text(j->fold->arena, line->terms->category);
	struct decimal sum = line->in_terms, percent, most;

	for (unsigned i = 0; i < count; i++) {
		if (heads[i].part->type->letter == 'I' && heads[i].part != j->move->part &&
		    !add_issued(&heads[i], line->line, &sum)) {
			return false;
		}
	}
	return category != NULL && decimal_add(hundred, profile_tolerance(j->profile, category), &percent) &&
	    decimal_scale(line->terms->quantity, percent, hundred, 6, &most) && decimal_compare(sum, most) <= 0;
}

static enum status s40(struct judging *j, struct err *err)
{
	unsigned count;
	const struct past_head *heads = past_heads(j, &count);

	EACH_GIVEN(line)
	{
		GUARD(within_tolerance(j, line, heads, count), err, "S40", clause(j, "issue_tolerance_percent"),
		    "line %lld: more than agreed, with what was issued before; amend the order first", LINE(line));
	}
	return OK;
}

static enum status s41(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(line->issue != NULL, err, "S41", RULES,
		    "line %lld: not among the lines taken; issue it by itself", LINE(line));
	}
	return OK;
}

/* ---- S42 to S49: receipts ---------------------------------------------------------------------------------------- */

static enum status s42(struct judging *j, struct err *err)
{
	static const char *const taken[] = { "taken", NULL };

	for (unsigned i = 0; i < j->move->body.ref_count; i++) {
		GUARD(in_state(j->move->refs[i], taken), err, "S42", "support-rules 3",
		    "refs: %s; must be an entry of what was taken", j->move->refs[i]->state->name);
	}
	return OK;
}

static enum status s43(struct judging *j, struct err *err)
{
	for (unsigned i = 0; i < j->move->body.ref_count; i++) {
		GUARD(!past_joins(j, j->move->refs[i]), err, "S43", RULES,
		    "refs: that entry was joined to another issue already");
	}
	return OK;
}

static enum status s44(struct judging *j, struct err *err)
{
	GUARD(!past_joins(j, j->move->answers[0]), err, "S44", RULES,
	    "taken: the receiver has joined it to an issue; there is nothing more to answer");
	return OK;
}

static enum status lines_of_issue(struct judging *j, const char *rule, struct err *err)
{
	int64_t before = 0;

	EACH_GIVEN(line)
	{
		GUARD(line->line > before && line->issue != NULL, err, rule, RULES,
		    "line %lld: must be a line of the issue, named once, in ascending order", LINE(line));
		before = line->line;
	}
	return OK;
}

static enum status s45(struct judging *j, struct err *err)
{
	return lines_of_issue(j, "S45", err);
}

static enum status s46(struct judging *j, struct err *err)
{
	struct receipt_figures figures;

	EACH_GIVEN(line)
	{
		GUARD(line->converted && receipt_figures(line, j->issue->taken, &figures), err, "S46", RULES,
		    "line %lld: accepted, short, damaged and refused; must together be the quantity issued, none below 0, in a unit that "
		    "measures the same",
		    LINE(line));
	}
	return OK;
}

static bool differs(const struct given_line *line)
{
	return decimal_compare(line->in_terms, line->issue->issued) != 0;
}

static enum status s47(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		const char *known = profile_reasons(j->fold->arena, j->profile, "difference");
		bool named = line->reason.len > 0;
		GUARD(named || !differs(line), err, "S47", clause(j, "reasons"),
		    "line %lld: no reason for the difference is chosen; choose one of the agreement's: %s", LINE(line),
		    known);
		GUARD(!named || profile_reason(j->profile, "difference", line->reason), err, "S47",
		    clause(j, "reasons"), "line %lld: reason %s; must be one of the agreement's: %s", LINE(line),
		    arena_text(j->fold->arena, line->reason), known);
	}
	return OK;
}

static const struct given_line *given_find(const struct judging *j, int64_t number)
{
	EACH_GIVEN(line)
	{
		if (line->line == number) {
			return line;
		}
	}
	return NULL;
}

static bool still_differs(const struct judging *j)
{
	EACH_ISSUE_LINE(line)
	{
		const struct given_line *given = given_find(j, line->terms->line);
		if (decimal_compare(given ? given->in_terms : line->accepted, line->issued) != 0) {
			return true;
		}
	}
	return false;
}

static enum status s48(struct judging *j, struct err *err)
{
	GUARD(still_differs(j), err, "S48", RULES, "lines: as the supplier issued them; take its figures instead");
	return OK;
}

static enum status s49(struct judging *j, struct err *err)
{
	bool above = profile_separation(j->profile, j->order->agreed) == SEPARATION_ABOVE;

	GUARD(!above || !bytes_equal(j->move->signer.officer, j->order->orderer), err, "S49", clause(j, "approval"),
	    "officer %s: ordered it; above the amount of separation another officer must receive", officer_text(j));
	return OK;
}

/* ---- S50 to S53: differences ------------------------------------------------------------------------------------- */

static bool anything_accepted(const struct judging *j)
{
	EACH_ISSUE_LINE(line)
	{
		if (decimal_sign(line->accepted) > 0) {
			return true;
		}
	}
	return false;
}

static enum status s50(struct judging *j, struct err *err)
{
	GUARD(anything_accepted(j), err, "S50", RULES, "issue: nothing of it was accepted; annul or contest it");
	return OK;
}

static enum status s51(struct judging *j, struct err *err)
{
	GUARD(!anything_accepted(j), err, "S51", RULES, "issue: something was accepted; concur or contest");
	return OK;
}

static enum status s52(struct judging *j, struct err *err)
{
	GUARD(j->line_count == j->issue->line_count, err, "S52", RULES, "lines: every line of the issue must be named");
	for (unsigned i = 0; i < j->line_count; i++) {
		GUARD(j->lines[i].line == j->issue->lines[i].terms->line, err, "S52", RULES,
		    "line %lld: must be the lines of the issue, in ascending order", LINE(&j->lines[i]));
	}
	return OK;
}

static bool within_figures(const struct given_line *line)
{
	return decimal_sign(line->in_terms) >= 0 &&
	    (decimal_compare(line->in_terms, line->issue->issued) <= 0 ||
		decimal_compare(line->in_terms, line->issue->accepted) <= 0);
}

static enum status s53(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(within_figures(line), err, "S53", RULES,
		    "line %lld: quantity; must lie between 0 and the greater of both figures", LINE(line));
	}
	return OK;
}

/* ---- S54 to S58: returns ----------------------------------------------------------------------------------------- */

static enum status s54(struct judging *j, struct err *err)
{
	return lines_of_issue(j, "S54", err);
}

static bool within_rest(const struct given_line *line)
{
	struct decimal rest;

	return line->converted && decimal_sign(line->in_terms) > 0 && issue_line_rest(line->issue, &rest) &&
	    decimal_compare(line->in_terms, rest) <= 0;
}

static enum status s55(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(within_rest(line), err, "S55", RULES,
		    "line %lld: quantity; must be above 0 and not more than is still due", LINE(line));
	}
	return OK;
}

static enum status s56(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		bool both = line->nsn.len > 0 && line->terms->nsn.len > 0;
		GUARD(!both || bytes_equal(line->nsn, line->terms->nsn), err, "S56", clause(j, "settlement"),
		    "line %lld: stock number; must be the same type as was received", LINE(line));
	}
	return OK;
}

static enum status s57(struct judging *j, struct err *err)
{
	EACH_GIVEN(line)
	{
		GUARD(decimal_sign(line->in_terms) > 0 && decimal_compare(line->in_terms, line->issue->returning) <= 0,
		    err, "S57", RULES, "line %lld: quantity; must be above 0 and not more than was returned",
		    LINE(line));
	}
	return OK;
}

static enum status s58(struct judging *j, struct err *err)
{
	static const char *const reasons[] = { "type", "class", "quantity", NULL };
	struct bytes reason = { 0 };
	bool known = false;

	record_text(&j->move->body, KEY_REASON, &reason);
	for (unsigned i = 0; reasons[i] != NULL; i++) {
		known |= bytes_is(reason, reasons[i]);
	}
	GUARD(known, err, "S58", clause(j, "settlement"), "reason: must be type, class or quantity");
	return OK;
}

#define ONLY(kind) KIND_BIT(KIND_##kind)
#define HANDED (ONLY(ISSUED) | ONLY(TAKEN) | ONLY(TAKEN_ISSUED))
#define FIGURES (ONLY(RECEIPTED) | ONLY(FIGURES_RESTATED))
#define RESOLUTION (ONLY(RESOLUTION_PROPOSED) | ONLY(RESOLUTION_COUNTERED))
#define CLAIMS (ONLY(CLAIMED) | ONLY(CLAIMED_UNACKNOWLEDGED) | ONLY(REFUND_CLAIMED))
#define ALL (KIND_BIT(KINDS) - 1)
#define ABROAD (ONLY(EXCHANGE_LINKED) | ONLY(NETTED)) /* they name entries of other threads */

const struct guard issue_guards[] = {
	{ "S30", ALL & ~ABROAD, s30 },
	{ "S31", ONLY(ISSUED) | ONLY(TAKEN), s31 },
	{ "S32", CLAIMS, s32 },
	{ "S33", ONLY(CLOSED), s33 },
	{ "S34", ONLY(ISSUED) | ONLY(TAKEN) | CLAIMS | ONLY(ADJUSTMENT_PROPOSED) | ONLY(CLOSED) | ONLY(RECEIPTED),
	    s34 },
	{ "S35", HANDED, s35 },
	{ "S36", HANDED, s36 },
	{ "S37", HANDED, s37 },
	{ "S38", HANDED | ONLY(ISSUED_UNORDERED), s38 },
	{ "S39", HANDED | ONLY(ISSUED_UNORDERED), s39 },
	{ "S40", ONLY(ISSUED), s40 },
	{ "S41", ONLY(TAKEN_ISSUED), s41 },
	{ "S42", ONLY(RECEIPTED), s42 },
	{ "S43", ONLY(RECEIPTED), s43 },
	{ "S44", ONLY(TAKEN_ISSUED) | ONLY(DENIED) | ONLY(WITHDRAWN), s44 },
	{ "S45", FIGURES | ONLY(RATIFIED), s45 },
	{ "S46", FIGURES | ONLY(RATIFIED), s46 },
	{ "S47", FIGURES | ONLY(RATIFIED), s47 },
	{ "S48", ONLY(FIGURES_RESTATED), s48 },
	{ "S49", FIGURES | ONLY(NOT_ARRIVED) | ONLY(TAKEN) | ONLY(FIGURES_TAKEN), s49 },
	{ "S50", ONLY(CONCURRED), s50 },
	{ "S51", ONLY(ANNULLED), s51 },
	{ "S52", RESOLUTION, s52 },
	{ "S53", RESOLUTION, s53 },
	{ "S54", ONLY(RETURN_ISSUED) | ONLY(RETURN_ACCEPTED), s54 },
	{ "S55", ONLY(RETURN_ISSUED), s55 },
	{ "S56", ONLY(RETURN_ISSUED), s56 },
	{ "S57", ONLY(RETURN_ACCEPTED), s57 },
	{ "S58", ONLY(RETURN_REFUSED), s58 },
	{ 0 },
};
