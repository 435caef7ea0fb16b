/* For random play: chance, and what a careful desk would write: refs, sums and fields that fit the state that it sees. */
#ifndef WARIFU_DOMAIN_SUPPORT_TEST_PLAY_FIT_H
#define WARIFU_DOMAIN_SUPPORT_TEST_PLAY_FIT_H
#include "domain/support/support_state.h"
#include "domain/support/test_face.h"

/* ---- chance ------------------------------------------------------------------------------------------------------ */

static uint64_t chance;

static unsigned below(unsigned n)
{
	uint64_t x = chance += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((x ^ x >> 31) >> 33) % n;
}

static bool percent(unsigned share)
{
	return below(100) < share;
}

#define ONE_OF(...) \
	((const char *const[]){ \
	    __VA_ARGS__ })[below(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))]

/* ---- a move at hand ---------------------------------------------------------------------------------------------- */

/* What would be right for it, as far as it is known. */
static struct {
	const struct move *head;
	const char *kind;       /* without "support." */
	bool service, careless; /* a careless desk states what is wrong, now and then */
	bool fits;              /* a careful one writes nothing but what fits */
	unsigned party;
	int64_t amount;
} hint;

struct move_draft {
	const struct kind *kind;
	unsigned key;
	const struct id *thread, *part;
	struct id answers[LIMIT_REFERENCES], refs[LIMIT_REFERENCES];
	unsigned answer_count, ref_count;
};

/* Claims that were payable when they were last seen, and the newest netting agreed: what nettings are made of. */
#define PAYABLES 32
struct payable {
	struct id thread, claim;
	unsigned debtor;
	int64_t open;
};
static struct payable payables[PAYABLES];
static unsigned payable_count;
static struct id netting_agreed;

static bool is_type(const struct part *part, const char *type)
{
	return strcmp(part->type->name, type) == 0;
}

static bool is_in(const struct part *part, const char *state)
{
	return part->head_count > 0 && strcmp(part->heads[0]->state->name, state) == 0;
}

static bool is_one_of(const struct part *part, const char *const *states)
{
	for (; *states != NULL; states++) {
		if (is_in(part, *states)) {
			return true;
		}
	}
	return false;
}

static enum support_kind kind_at_hand(const struct move_draft *move)
{
	return support_kind_of(move->kind);
}

static void set_id(json_t *object, const char *name, const struct id *id)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(id), hex);
	json_object_set_new(object, name, json_string(hex));
}

static void set_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, json_string(text));
}

static void set_int(json_t *object, const char *name, int64_t value)
{
	json_object_set_new(object, name, json_integer(value));
}

/* ---- refs and sums ----------------------------------------------------------------------------------------------- */

static void name_head(struct move_draft *move, const struct part *part)
{
	if (part->head_count == 1 && move->ref_count < 5) {
		move->refs[move->ref_count++] = part->heads[0]->id;
	}
}

/* Is the part held by a claim that was not withdrawn? */
static bool is_held(const struct fold *fold, const struct part *part)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *claim = fold->parts[i];
		if (is_type(claim, "claim") && claim->head_count > 0 && !is_in(claim, "withdrawn") &&
		    claim_holds(claim->heads[0]->after, part, 0)) {
			return true;
		}
	}
	return false;
}

/* What a claim of this kind may ask for a line of an issue; 0: nothing. */
static int64_t line_claimable(
    const struct fold *fold, enum support_kind kind, const struct part *issue, bool held, const struct issue_line *line)
{
	int64_t over = kind == KIND_CLAIMED_UNACKNOWLEDGED ? 0 : overcharge_now(fold, issue, line), minor = 0;
	const struct order_state *order = fold->parts[0]->heads[0]->after;
	struct decimal rest;

	if (over > 0) {
		return kind == KIND_REFUND_CLAIMED ? over : -over;
	}
	if (is_type(fold->parts[0], "issue")) {
		order = ((const struct issue_state *)(const void *)order)->order;
	}
	const struct terms_line *price = claim_price(line, order);
	if (price == NULL || held || kind == KIND_REFUND_CLAIMED) {
		return 0;
	}
	if (kind == KIND_CLAIMED_UNACKNOWLEDGED) {
		return is_in(issue, "issued") && line_amount(price, line->issued, &minor) ? minor : 0;
	}
	return is_in(issue, "receipted") && issue_line_rest(line, &rest) && decimal_sign(rest) > 0 &&
		rest_amount(line, price, &minor)
	    ? minor
	    : 0;
}

static bool silent_long_enough(const struct part *part)
{
	return ((const struct issue_state *)part->heads[0]->after)->delivered_at_ms < world.now_ms - 36 * DAY_MS;
}

static void add_issues(struct move_draft *move, const struct fold *fold, enum support_kind kind)
{
	static const char *const ended[] = { "receipted", "annulled", "withdrawn", NULL };
	bool silent = kind == KIND_CLAIMED_UNACKNOWLEDGED;

	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		if (!is_type(part, "issue") || part->head_count != 1 || (!silent && !is_one_of(part, ended)) ||
		    (silent && (!is_in(part, "issued") || !silent_long_enough(part)))) {
			continue;
		}
		const struct issue_state *issue = part->heads[0]->after;
		bool held = is_held(fold, part), found = false;
		for (unsigned n = 0; n < issue->line_count; n++) {
			int64_t minor = line_claimable(fold, kind, part, held, &issue->lines[n]);
			found = found || minor != 0;
			hint.amount += minor;
		}
		if (found && i > 0) {
			name_head(move, part);
		}
	}
}

static void add_adjustments(struct move_draft *move, const struct fold *fold, bool refund)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		if (!is_type(part, "adjustment") || part->head_count != 1 || !is_in(part, "adjusted") ||
		    is_held(fold, part) || move->ref_count > 4) {
			continue;
		}
		const struct adjustment_state *adjustment = part->heads[0]->after;
		if (!refund || adjustment->difference_minor < 0) {
			name_head(move, part);
			hint.amount += refund ? -adjustment->difference_minor : adjustment->difference_minor;
		}
	}
}

static bool fit_claim(struct move_draft *move, const struct fold *fold)
{
	static const char *const standing[] = { "agreed", "amendment offered", "closed", "receipted", "return due",
		"returning", "exchange due", "exchanging", "settled", NULL };
	enum support_kind kind = kind_at_hand(move);
	bool unordered = is_type(fold->parts[0], "issue");

	if (fold->parts[0]->head_count != 1 || !is_one_of(fold->parts[0], standing) ||
	    (unordered && kind == KIND_CLAIMED_UNACKNOWLEDGED)) {
		return false;
	}
	hint.amount = 0;
	name_head(move, fold->parts[0]);
	add_issues(move, fold, kind);
	if (kind != KIND_CLAIMED_UNACKNOWLEDGED) {
		add_adjustments(move, fold, kind == KIND_REFUND_CLAIMED);
	}
	return hint.amount > 0;
}

/* Any one of the parts of a type that are in one of these states. */
static bool name_any(struct move_draft *move, const struct fold *fold, const char *type, const char *const *states)
{
	const struct part *found = NULL;
	unsigned count = 0;

	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		if (is_type(part, type) && part->head_count == 1 && is_one_of(part, states) && below(++count) == 0) {
			found = part;
		}
	}
	if (found != NULL) {
		name_head(move, found);
	}
	return found != NULL;
}

/* Refs as section 3 of the rules has them, and what they come to; false: nothing fits. */
static bool fit_refs(struct move_draft *move, const struct fold *fold)
{
	static const char *const adjustable[] = { "receipted", "return due", "returning", "exchange due", "exchanging",
		"settled", NULL };
	static const char *const ended[] = { "receipted", "annulled", "withdrawn", "settled", "waived", NULL };
	static const char *const binding[] = { "agreed", "amendment offered", NULL };
	static const char *const taken[] = { "taken", NULL };

	switch (kind_at_hand(move)) {
	case KIND_ISSUED:
	case KIND_TAKEN: return name_any(move, fold, "order", binding);
	case KIND_CLAIMED:
	case KIND_CLAIMED_UNACKNOWLEDGED:
	case KIND_REFUND_CLAIMED: return fit_claim(move, fold);
	case KIND_ADJUSTMENT_PROPOSED: return name_any(move, fold, "issue", adjustable);
	case KIND_RECEIPTED: return percent(50) || name_any(move, fold, "issue", taken) || true;
	case KIND_CLOSED:
		for (unsigned i = 0; i < fold->part_count; i++) {
			if (is_type(fold->parts[i], "issue") && is_one_of(fold->parts[i], ended)) {
				name_head(move, fold->parts[i]);
			}
		}
		return true;
	case KIND_NETTED: move->refs[move->ref_count++] = netting_agreed; return !id_is_zero(&netting_agreed);
	default: return true;
	}
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* So many tenths of a quantity; all of it where that has too many decimals. */
static void set_share(json_t *object, const char *name, struct decimal of, unsigned tenths)
{
	char text[DECIMAL_TEXT];
	struct decimal share;

	decimal_print(decimal_make(of.mantissa * tenths, of.decimals + 1u, &share) ? share : of, text);
	set_text(object, name, text);
}

static void fit_order(json_t *object, enum support_kind kind)
{
	const char *method =
	    hint.service ? "service_like" : ONE_OF("cash", "cash", "cash", "return_like", "return_same");
	json_t *order = order_fields(&world, method), *lines = json_object_get(order, "lines"), *meters;

	if (percent(40)) {
		json_t *line = json_deep_copy(json_array_get(lines, 0));
		set_int(line, "line", 2);
		set_text(line, "quantity", "50");
		json_array_append_new(lines, line);
	}
	if (percent(8)) { /* above the amount of separation */
		set_int(json_array_get(lines, 0), "unit_price_minor", 20000);
	}
	json_object_set(object, "lines", lines);
	if (percent(20) && kind != KIND_ISSUED_UNORDERED) {
		set_text(object, "oral_at", "2013-11-20T09:00:00Z");
		set_text(object, "oral_with", "post");
	}
	if (hint.service && kind == KIND_ISSUED_UNORDERED) {
		json_object_set_new(object, "meters", meters = json_array());
		for (size_t i = 0; i < json_array_size(lines); i++) {
			json_array_append_new(
			    meters, json_pack("{s:i, s:s}", "line", (int)i + 1, "meter_reading", "manifest 31"));
		}
	}
	json_decref(order);
}

/* What is handed over of an order, in tenths of it. */
static json_t *handed_over(const struct terms *terms, unsigned tenths)
{
	json_t *lines = json_array();

	for (unsigned i = 0; terms != NULL && i < terms->line_count; i++) {
		json_t *line = json_object();
		set_int(line, "line", terms->lines[i].line);
		set_share(line, "quantity", terms->lines[i].quantity, tenths);
		if (bytes_is(terms->lines[i].kind, "service")) {
			set_text(line, "meter_reading", "manifest 31");
		}
		json_array_append_new(lines, line);
	}
	return lines;
}

/* Lines of an issue with tenths of what was issued, or accepted, or is returning; name: of the figure. */
static json_t *lines_of(const struct issue_state *issue, const char *name, unsigned tenths)
{
	bool receipt = strcmp(name, "accepted") == 0;
	json_t *lines = json_array();

	for (unsigned i = 0; i < issue->line_count; i++) {
		const struct issue_line *from = &issue->lines[i];
		json_t *line = json_object();
		set_int(line, "line", from->terms->line);
		set_share(line, name, from->has_issued ? from->issued : from->accepted, tenths);
		if (receipt) {
			set_text(line, "reason", ONE_OF("short", "wrong_unit"));
		}
		json_array_append_new(lines, line);
	}
	return lines;
}

/* Of each line that has something of it, half or all: what is returned, or is accepted of that. */
static json_t *returned_lines(const struct issue_state *issue, bool accept)
{
	json_t *lines = json_array();

	for (unsigned i = 0; i < issue->line_count; i++) {
		const struct issue_line *from = &issue->lines[i];
		struct decimal most = from->returning;
		if ((!accept && !issue_line_rest(from, &most)) || decimal_sign(most) <= 0) {
			continue;
		}
		json_t *line = json_object();
		set_int(line, "line", from->terms->line);
		set_share(line, "quantity", most, percent(50) ? 5 : 10);
		json_array_append_new(lines, line);
	}
	return lines;
}

/* ---- fields by kind ---------------------------------------------------------------------------------------------- */

static void fit_order_move(json_t *object, enum support_kind kind, const struct order_state *order)
{
	switch (kind) {
	case KIND_ACCEPTED:
		if (order != NULL && order->table != NULL) {
			set_id(object, "terms", &order->table->id);
		}
		if (order != NULL && order->agreed == NULL &&
		    support_kind_of(order->opening->kind) == KIND_OFFERED_UNASKED) {
			json_object_set_new(object, "charter", json_true());
		}
		break;
	case KIND_OFFERED:
	case KIND_ANSWERED:
	case KIND_OFFER_COUNTERED:
		if (percent(10)) {
			fit_order(object, KIND_ISSUED_UNORDERED);
			json_object_del(object, "meters");
		}
		break;
	default: break;
	}
}

static void fit_handover(
    json_t *object, enum support_kind kind, const struct fold *fold, const struct issue_state *issue)
{
	const struct part *first = fold->parts[0];
	const struct order_state *order = issue != NULL ? issue->order
	    : first->head_count > 0                     ? first->heads[0]->after
							: NULL;

	if (kind != KIND_TAKEN_ISSUED) {
		set_text(object, "delivered_at",
		    ONE_OF("2013-11-21T09:30:00+08:00", "2013-11-20T09:30:00+08:00", "2013-01-02T09:30:00+08:00"));
	}
	if (hint.service || fold->part_count > 1 || percent(40)) {
		static const unsigned shares[] = { 4, 2, 3, 10 };
		unsigned tenths = shares[below(fold->part_count > 1 ? 2 : 4)];
		json_object_set_new(object, "lines", handed_over(order ? terms_of(order) : NULL, tenths));
	}
}

/* An order in the other direction that is nowhere: a link names it, and reads nothing of it. */
#define ABROAD "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void fit_link(json_t *object, const struct issue_state *issue)
{
	int64_t total = 0;
	json_t *items = json_array();

	for (unsigned i = 0; i < issue->line_count; i++) {
		const struct issue_line *line = &issue->lines[i];
		int64_t left = 0;
		if (!exchange_left(line, &left) || left <= 0 || !bytes_is(line->terms->currency, "GBP")) {
			continue;
		}
		left = percent(40) && left > 1 ? left / 2 : left;
		json_array_append_new(items,
		    json_pack("{s:I, s:s, s:s, s:i, s:s, s:I, s:I}", "line", (json_int_t)line->terms->line, "thread",
			ABROAD, "issue", ABROAD, "their_line", 1, "currency", "GBP", "value_minor", (json_int_t)left,
			"applied_minor", (json_int_t)left));
		total += left;
	}
	json_object_set_new(object, "items", items);
	set_text(object, "currency", "GBP");
	set_int(object, "total_minor", total);
}

static bool proposes(const struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		if (decimal_sign(issue->lines[i].proposed) > 0) {
			return true;
		}
	}
	return false;
}

static void fit_issue_move(json_t *object, enum support_kind kind, const struct issue_state *issue)
{
	switch (kind) {
	case KIND_RECEIPTED:
	case KIND_RATIFIED:
		if (percent(40)) {
			json_object_set_new(
			    object, "lines", lines_of(issue, "accepted", percent(25) ? 0 : 4 + below(5)));
		}
		break;
	case KIND_FIGURES_RESTATED:
		json_object_set_new(object, "lines", lines_of(issue, "accepted", 1 + below(9)));
		break;
	case KIND_RESOLUTION_PROPOSED:
	case KIND_RESOLUTION_COUNTERED:
		json_object_set_new(object, "lines", lines_of(issue, "quantity", percent(15) ? 0 : 3 + below(8)));
		break;
	case KIND_RESOLUTION_AGREED:
		if (issue->order->agreed == NULL && proposes(issue)) {
			json_object_set_new(object, "charter", json_true());
		}
		break;
	case KIND_RETURN_ISSUED:
	case KIND_RETURN_ACCEPTED:
		if (percent(50)) {
			json_object_set_new(object, "lines", returned_lines(issue, kind == KIND_RETURN_ACCEPTED));
		}
		break;
	case KIND_EXCHANGE_LINKED: fit_link(object, issue); break;
	case KIND_EXCHANGE_CERTIFIED:
		set_text(object, "currency", "GBP");
		set_int(object, "total_minor", issue->linked_total_minor);
		break;
	default: break;
	}
}

static void fit_credit(json_t *object, const struct claim_state *claim, int64_t total)
{
	for (unsigned i = 0; i < claim->line_count; i++) {
		int64_t left = claim->lines[i].amount_minor - claim->lines[i].credited_minor;
		int64_t credit = left < 300 ? left : percent(50) ? 100 : left / 3;
		if (credit > 0 && credit < total) {
			json_t *item = json_pack("{s:i, s:I}", "item", (int)i + 1, "credit_minor", (json_int_t)credit);
			json_object_set_new(object, "items", json_pack("[o]", item));
			set_int(object, "total_minor", total - credit);
		}
	}
}

static void fit_claim_move(json_t *object, enum support_kind kind, const struct claim_state *claim)
{
	int64_t total = 0, open = 0;

	if (!claim_total(claim, &total) || !claim_open(claim, &open)) {
		return;
	}
	switch (kind) {
	case KIND_CREDITED: fit_credit(object, claim, total); break;
	case KIND_RECLAIMED: set_int(object, "total_minor", total); break;
	case KIND_FIGURED: set_int(object, "total_minor", total > 3 && percent(60) ? total - total / 3 : total); break;
	case KIND_REMITTED:
	case KIND_NETTED:
		json_object_set_new(
		    object, "currency", json_stringn((const char *)claim->currency.data, claim->currency.len));
		set_int(object, "amount_minor", kind == KIND_REMITTED && open > 1 && percent(35) ? open / 2 : open);
		break;
	default: break;
	}
}

static const char *code_of(unsigned party)
{
	return party == GB ? "GB" : "JP";
}

/* The claims of a netting, by id: one owed by each party, where such are known; what the partner owes is the greater. */
static void fit_netting(json_t *object)
{
	struct payable theirs = { .debtor = !hint.party, .open = 5000 }, own = { .debtor = hint.party, .open = 3000 },
		       *two[2];
	json_t *claims = json_array();

	memset(theirs.thread.data, 1, ID_BYTES), memset(theirs.claim.data, 1, ID_BYTES);
	memset(own.thread.data, 2, ID_BYTES), memset(own.claim.data, 2, ID_BYTES);
	for (unsigned i = 0; i < payable_count; i++) {
		if (payables[i].debtor == hint.party) {
			own = payables[i];
		} else {
			theirs = payables[i];
		}
	}
	if (own.open > theirs.open || percent(30)) { /* what is not known is said to be as much */
		own.open = theirs.open;
	}
	bool first = id_compare(&theirs.claim, &own.claim) < 0;
	two[0] = first ? &theirs : &own;
	two[1] = first ? &own : &theirs;
	for (unsigned i = 0; i < 2; i++) {
		json_t *claim = json_pack("{s:s, s:s, s:I, s:I}", "owed_by", code_of(two[i]->debtor), "currency", "GBP",
		    "amount_minor", (json_int_t)two[i]->open, "value_minor", (json_int_t)two[i]->open);
		set_id(claim, "thread", &two[i]->thread);
		set_id(claim, "claim", &two[i]->claim);
		json_array_append_new(claims, claim);
	}
	json_object_set_new(object, "claims", claims);
	set_int(object, "total_minor", theirs.open - own.open);
	if (json_object_get(object, "partner") != NULL) {
		set_text(object, "currency", "GBP");
	}
}

static void fit_netting_move(json_t *object, enum support_kind kind, const struct netting_state *netting)
{
	int64_t open = netting->agreed.total_minor - netting->paid_minor;

	if (kind == KIND_NETTING_REPROPOSED) {
		fit_netting(object);
	} else if (kind == KIND_NETTING_REMITTED) {
		set_text(object, "currency", "GBP");
		set_int(object, "amount_minor", open > 1 && percent(30) ? open / 2 : open);
	}
}

static void fit_opening(json_t *object, const struct move_draft *move, const struct fold *fold)
{
	enum support_kind kind = kind_at_hand(move);

	switch (kind) {
	case KIND_REQUESTED:
	case KIND_OFFERED_UNASKED: fit_order(object, kind); break;
	case KIND_ISSUED_UNORDERED:
		fit_order(object, kind);
		set_text(object, "delivered_at", ONE_OF("2013-11-21T09:30:00+08:00", "2013-01-02T09:30:00+08:00"));
		break;
	case KIND_NETTING_PROPOSED: fit_netting(object); break;
	case KIND_ISSUED:
	case KIND_TAKEN: fit_handover(object, kind, fold, NULL); break;
	case KIND_CLAIMED:
	case KIND_CLAIMED_UNACKNOWLEDGED:
	case KIND_REFUND_CLAIMED:
		set_text(object, "currency", "GBP");
		set_int(object, "total_minor", hint.amount);
		break;
	case KIND_ADJUSTMENT_PROPOSED:
		set_int(object, "line", 1);
		set_text(object, "reason", ONE_OF("price", "short"));
		if (percent(50)) {
			set_text(object, "quantity", ONE_OF("90", "35", "10", "45", "110"));
		} else {
			set_int(object, "amount_minor", 1000 + below(9000));
		}
		break;
	default: break;
	}
}

/* Lays over the required fields what fits the state here. */
static void fit_fields(json_t *object, const struct move_draft *move, const struct fold *fold)
{
	enum support_kind kind = kind_at_hand(move);
	const void *after = hint.head ? hint.head->after : NULL;

	if (hint.head == NULL || hint.head->part == NULL) {
		fit_opening(object, move, fold);
		return;
	}
	switch (hint.head->part->type->letter) {
	case 'O': fit_order_move(object, kind, after); break;
	case 'I':
		if (kind == KIND_TAKEN_ISSUED) {
			fit_handover(object, kind, fold, after);
		} else {
			fit_issue_move(object, kind, after);
		}
		break;
	case 'C': fit_claim_move(object, kind, after); break;
	case 'N': fit_netting_move(object, kind, after); break;
	default: break;
	}
	if (kind == KIND_RESOLVED) {
		set_id(object, "stands", &hint.head->id);
	}
}
#endif
