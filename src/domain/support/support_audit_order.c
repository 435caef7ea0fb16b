/* Rules of the audit about who signed for an order, and what was issued under it: I7, I8, I14, I19, I20 (docs/audit-rules.md 3). */
#include "base/cbor.h"
#include "domain/support/support.h"
#include "domain/support/support_audit.h"
#include <string.h>

/* ---- I7: role and limit ------------------------------------------------------------------------------------------ */

static bool side_of(const struct look *look, const struct move *move, uint8_t side)
{
	const struct look_part *part = audit_part(look, move);
	const unsigned *sides = part ? part->part->sides : look->part_count > 0 ? look->parts[0].part->sides : NULL;

	return sides == NULL || sides[side] == move->signer.party;
}

/* Is there a row for this kind and the signer's side at all, and one whose role the signer has? */
static void rows_of(const struct look *look, const struct move *move, bool *any, bool *with_role)
{
	*any = *with_role = false;
	for (const struct transition *row = support_domain.transitions; row->kind != NULL; row++) {
		if (strcmp(row->kind, move->kind->name) == 0 && side_of(look, move, row->side)) {
			*any = true;
			*with_role |= signer_has_role(&move->signer, row->role);
		}
	}
}

static bool beyond_limit(const struct move *move, struct bytes currency, int64_t minor)
{
	char code[4] = "";

	if (currency.len != 3) {
		return false;
	}
	memcpy(code, currency.data, 3);
	return !signer_within_limit(&move->signer, code, minor);
}

static bool terms_beyond_limit(const struct move *move, const struct terms *terms)
{
	for (unsigned i = 0; i < terms->line_count; i++) {
		int64_t total;
		if (!terms_total(terms, terms->lines[i].currency, &total) ||
		    beyond_limit(move, terms->lines[i].currency, total)) {
			return true;
		}
	}
	return false;
}

void audit_roles(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		struct bytes currency;
		struct terms terms;
		int64_t minor;
		bool any, with_role;
		if (!audit_judged(move)) {
			continue;
		}
		rows_of(look, move, &any, &with_role);
		if (any && !with_role) {
			audit_find_move(audit, move, "%.*s: the desk has no role for it", "%.*s:担当に必要な役割がない",
			    (int)move->body.kind.len, (const char *)move->body.kind.data);
		} else if (audit_terms(audit, move, &terms)
			? terms_beyond_limit(move, &terms)
			: kind_is(move, "support.remitted") && record_text(&move->body, KEY_CURRENCY, &currency) &&
			    record_int(&move->body, KEY_AMOUNT, &minor) && beyond_limit(move, currency, minor)) {
			audit_find_move(audit, move, "%.*s: the amount is above the limit of the desk",
			    "%.*s:金額が担当の限度額を超える", (int)move->body.kind.len,
			    (const char *)move->body.kind.data);
		}
	}
}

/* ---- I8: separation of duties ------------------------------------------------------------------------------------ */

struct duty {
	struct bytes officer;
	const struct move *move; /* the entry by which the officer held it */
};
struct duties {
	struct duty *items;
	unsigned count;
};

static void duty_add(struct duties *duties, struct bytes officer, const struct move *move)
{
	if (officer.len > 0) {
		duties->items[duties->count++] = (struct duty){ officer, move };
	}
}

static bool receives(const struct move *move)
{
	static const char *const kinds[] = { "support.receipted", "support.not_arrived", "support.taken",
		"support.figures_taken", "support.figures_restated", "support.ratified" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kind_is(move, kinds[i])) {
			return true;
		}
	}
	return false;
}

static const struct move *last_receipt(const struct look_part *part)
{
	for (unsigned i = part->count; i > 0; i--) {
		if (receives(part->line[i - 1])) {
			return part->line[i - 1];
		}
	}
	return NULL;
}

/* What binds R in a thread: the terms of the order and their acceptance, or those of an unordered issue that was ratified. */
struct binding {
	const struct terms *terms; /* NULL: nothing binds */
	const struct move *move;
	struct bytes orderer;
	int offset;
};

static struct binding binding_of(const struct look *look)
{
	struct binding binding = { 0 };

	for (unsigned i = 0; i < look->part_count && binding.terms == NULL; i++) {
		const struct look_part *part = &look->parts[i];
		const struct order_state *order = part->order ? part->order
		    : part->issue && part->issue->unordered   ? part->issue->order
							      : NULL;
		for (unsigned k = part->count; order != NULL && order->orderer.len > 0 && k > 0 && binding.move == NULL;
		     k--) {
			const struct move *move = part->line[k - 1];
			if (kind_is(move, "support.accepted") || kind_is(move, "support.ratified") ||
			    (part->issue != NULL && kind_is(move, "support.resolution_agreed"))) {
				binding = (struct binding){ terms_of(order), move, order->orderer, part->offset };
			}
		}
	}
	return binding;
}

static bool duties_read(const struct look *look, const struct binding *binding, struct duties duties[3])
{
	for (unsigned i = 0; i < 3; i++) {
		duties[i] = (struct duties){
			arena_take_array(look->fold->arena, look->fold->move_count + 1, sizeof(struct duty)), 0
		};
		if (duties[i].items == NULL) {
			return false;
		}
	}
	duty_add(&duties[0], binding->orderer, binding->move);
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *part = &look->parts[i];
		const struct move *receipt = part->issue ? last_receipt(part) : NULL;
		if (receipt != NULL) {
			duty_add(&duties[1], part->issue->receiver, receipt);
		}
		for (unsigned k = 0; part->claim != NULL && k < part->count; k++) {
			if (kind_is(part->line[k], "support.approved") || kind_is(part->line[k], "support.remitted")) {
				duty_add(&duties[2], part->line[k]->signer.officer, part->line[k]);
			}
		}
	}
	return true;
}

/* Two duties of one officer; the entry stated later is the one by which they met. */
static bool duties_meet(
    const struct duties *one, const struct duties *two, const struct move **first, const struct move **last)
{
	for (unsigned i = 0; i < one->count; i++) {
		for (unsigned k = 0; k < two->count; k++) {
			if (bytes_equal(one->items[i].officer, two->items[k].officer)) {
				bool later = two->items[k].move->body.stated_ms >= one->items[i].move->body.stated_ms;
				*first = later ? one->items[i].move : two->items[k].move;
				*last = later ? two->items[k].move : one->items[i].move;
				return true;
			}
		}
	}
	return false;
}

void audit_separation(struct audit *audit, const struct look *look)
{
	/* by the pair of duties: below the amount of separation, above it */
	static const char *const en[3][2] = {
		{ "orderer and receiver are one officer, below the amount of separation: counted",
		    "orderer and receiver are one officer, above the amount of separation: a breach" },
		{ "receiver and payer are one officer, below the amount of separation: counted",
		    "receiver and payer are one officer, above the amount of separation: a breach" },
		{ "payer and orderer are one officer, below the amount of separation: counted",
		    "payer and orderer are one officer, above the amount of separation: a breach" },
	};
	static const char *const ja[3][2] = {
		{ "発注者と受領者が同一の担当官。職務分離の金額以下のため件数に計上",
		    "発注者と受領者が同一の担当官。職務分離の金額を超えるため違反" },
		{ "受領者と支払者が同一の担当官。職務分離の金額以下のため件数に計上",
		    "受領者と支払者が同一の担当官。職務分離の金額を超えるため違反" },
		{ "支払者と発注者が同一の担当官。職務分離の金額以下のため件数に計上",
		    "支払者と発注者が同一の担当官。職務分離の金額を超えるため違反" },
	};
	struct binding binding = binding_of(look);
	struct duties duties[3];
	const struct move *first, *last;

	if (binding.terms == NULL) {
		return;
	}
	if (!duties_read(look, &binding, duties)) {
		audit->out_of_memory = true;
		return;
	}
	bool above = profile_separation(&look->agreement->top, binding.terms) == SEPARATION_ABOVE;
	for (unsigned i = 0; i < 3; i++) {
		unsigned k = (i + 1) % 3;
		if (!duties_meet(&duties[i], &duties[k], &first, &last)) {
			continue;
		}
		const struct id entries[] = { last->id, first->id };
		audit_find_text(audit, look->number, stated_day(last, binding.offset), NO_TIME, entries, 2,
		    en[i][above], ja[i][above]);
		return;
	}
}

/* ---- I19, I20: issues against the order -------------------------------------------------------------------------- */

static const struct move *first_acceptance(const struct look_part *order)
{
	for (unsigned i = 0; i < order->count; i++) {
		if (kind_is(order->line[i], "support.accepted")) {
			return order->line[i];
		}
	}
	return NULL;
}

static bool opened_orally(const struct look *look)
{
	const struct field *field =
	    look->fold->opening && look->fold->opening->kind && look->fold->opening->kind->fields
	    ? field_find(look->fold->opening->kind->fields, "oral_at")
	    : NULL;

	return field != NULL && body_field(&look->fold->opening->body, field->key).len > 0;
}

void audit_agreed_first(struct audit *audit, const struct look *look)
{
	const struct move *accepted = look->order ? first_acceptance(look->order) : NULL;
	int64_t delivered;

	for (unsigned i = 0; accepted != NULL && !opened_orally(look) && i < look->part_count; i++) {
		const struct move *opener = look->parts[i].part->opener;
		if ((kind_is(opener, "support.issued") || kind_is(opener, "support.taken")) &&
		    record_int(&opener->body, KEY_DELIVERED_AT, &delivered) && delivered < accepted->body.stated_ms) {
			const struct id entries[] = { opener->id, accepted->id };
			audit_find(audit, look->parts[i].part->number, stated_day(opener, look->parts[i].offset),
			    NO_TIME, entries, 2, "delivered at %s, before the order was agreed at %s",
			    "%s に引渡し、合意(%s)より前", print_time(audit->ctx, delivered),
			    print_time(audit->ctx, accepted->body.stated_ms));
		}
	}
}

/* What an issue has come to for a line: as S40 counts it. */
static struct decimal came(const struct look_part *part, int64_t number)
{
	static const char *const nothing[] = { "annulled", "withdrawn", "taken", "denied", "joined", NULL };
	const struct issue_line *line = part->issue ? issue_line_find(part->issue, number) : NULL;

	if (line == NULL || state_is(part, nothing)) {
		return (struct decimal){ 0, 0 };
	}
	return line->has_chargeable ? line->chargeable : line->has_issued ? line->issued : (struct decimal){ 0, 0 };
}

static int by_opener(const void *a, const void *b)
{
	const struct move *one = (*(const struct look_part *const *)a)->part->opener;
	const struct move *two = (*(const struct look_part *const *)b)->part->opener;

	if (one->body.stated_ms != two->body.stated_ms) {
		return one->body.stated_ms < two->body.stated_ms ? -1 : 1;
	}
	return id_compare(&one->id, &two->id);
}

/* The quantity and its tolerance; false when it does not fit. */
static bool most_of(const struct look *look, const struct terms_line *line, struct decimal *most)
{
	char category[40];
	struct decimal percent, hundred = { 100, 0 };

	snprintf(category, sizeof category, "%.*s", (int)line->category.len, (const char *)line->category.data);
	percent = profile_tolerance(&look->agreement->top, category);
	return decimal_add(hundred, percent, &percent) && decimal_scale(line->quantity, percent, hundred, 6, most);
}

/* The issue with which the sum of a line went above; NULL: it did not. */
static const struct look_part *went_above(
    const struct look *look, const struct look_part **issues, unsigned count, const struct terms_line *line)
{
	struct decimal most, sum = { 0, 0 };

	if (!most_of(look, line, &most)) {
		return NULL;
	}
	for (unsigned i = 0; i < count; i++) {
		if (!decimal_add(sum, came(issues[i], line->line), &sum) || decimal_compare(sum, most) > 0) {
			return issues[i];
		}
	}
	return NULL;
}

void audit_exceeded(struct audit *audit, const struct look *look)
{
	const struct terms *agreed = look->order && look->order->order ? look->order->order->agreed : NULL;
	const struct look_part **issues = arena_take_array(look->fold->arena, look->part_count + 1, sizeof *issues);
	unsigned count = 0;

	for (unsigned i = 0; issues != NULL && i < look->part_count; i++) {
		if (look->parts[i].issue != NULL) {
			issues[count++] = &look->parts[i];
		}
	}
	audit->out_of_memory |= issues == NULL;
	if (count > 0) {
		qsort(issues, count, sizeof(struct look_part *), by_opener);
	}
	for (unsigned i = 0; agreed != NULL && i < agreed->line_count; i++) {
		const struct look_part *above = went_above(look, issues, count, &agreed->lines[i]);
		if (above != NULL) {
			const struct id entries[] = { above->part->opener->id, agreed->id };
			audit_find(audit, look->number, stated_day(above->part->opener, above->offset), NO_TIME,
			    entries, 2, "line %lld: more was issued than agreed, from %s on",
			    "明細 %lld:%s をもって合意数量及び許容差を超えた", (long long)agreed->lines[i].line,
			    above->part->number);
			return;
		}
	}
}

/* ---- I14: across orders ------------------------------------------------------------------------------------- */

void audit_totals(struct audit *audit, const struct look *look)
{
	struct binding binding = binding_of(look);
	const struct terms *agreed = binding.terms;
	const struct move *accepted = binding.move;

	for (unsigned i = 0; agreed != NULL && i < agreed->line_count; i++) {
		struct bytes currency = agreed->lines[i].currency;
		int64_t minor;
		bool again = false;
		for (unsigned k = 0; k < i; k++) {
			again |= bytes_equal(agreed->lines[k].currency, currency);
		}
		if (again || currency.len != 3 || !terms_total(agreed, currency, &minor)) {
			continue;
		}
		struct agreed_total *total = listed_add(audit, &audit->totals, sizeof *total);
		if (total == NULL) {
			return;
		}
		int64_t day = stated_day(accepted, binding.offset);
		*total = (struct agreed_total){ .agreement = look->agreement,
			.supplier = look->parts[0].part->sides[SUPPLIER],
			.fiscal_year = fiscal_year_of(day, look->agreement->fiscal_month, look->agreement->fiscal_day),
			.minor = minor,
			.stated_ms = accepted->body.stated_ms,
			.first = day,
			.entry = accepted->id,
			.number = arena_text(audit->ctx->arena, bytes_text(look->number)) };
		memcpy(total->currency, currency.data, 3);
	}
}

static int by_acceptance(const void *a, const void *b)
{
	const struct agreed_total *one = a, *two = b;

	if (one->stated_ms != two->stated_ms) {
		return one->stated_ms < two->stated_ms ? -1 : 1;
	}
	return id_compare(&one->entry, &two->entry);
}

/* Is the ceiling one for this total? */
static bool ceiling_is_for(struct bytes ceiling, const struct agreed_total *total, const char *supplier, int64_t *minor)
{
	static const char *const keys[][2] = { { "currency", NULL }, { "direction", NULL }, { "fiscal_year", NULL },
		{ "minor", NULL } };
	struct bytes currency = profile_value(ceiling, keys[0]), direction = profile_value(ceiling, keys[1]);
	struct bytes year = profile_value(ceiling, keys[2]), most = profile_value(ceiling, keys[3]);
	char text[16];
	int64_t number;

	snprintf(text, sizeof text, "%d", total->fiscal_year);
	return currency.len > 0 && cbor_text_is(currency, total->currency) && direction.len > 0 &&
	    cbor_text_is(direction, supplier) && year.len > 0 &&
	    (cbor_text_is(year, text) || (cbor_int(year, &number) && number == total->fiscal_year)) && most.len > 0 &&
	    cbor_int(most, minor);
}

static bool ceiling_of(const struct agreed_total *total, const char *supplier, int64_t *minor)
{
	static const char *const path[] = { "ceilings", "value", NULL };
	struct bytes list = profile_value(total->agreement->profile, path);
	struct cbor_item items = { 0 };

	if (list.len > 0) {
		items = cbor_take(&list);
	}
	for (; items.type == CBOR_ARRAY && items.count > 0; items.count--) {
		if (ceiling_is_for(cbor_skip(&list), total, supplier, minor)) {
			return true;
		}
	}
	return false;
}

static bool same_ceiling(const struct agreed_total *one, const struct agreed_total *two)
{
	return one->agreement == two->agreement && one->supplier == two->supplier &&
	    one->fiscal_year == two->fiscal_year && strcmp(one->currency, two->currency) == 0;
}

void audit_ceilings(struct audit *audit)
{
	struct agreed_total *totals = audit->totals.items;
	int64_t most;

	if (audit->totals.count > 0) {
		qsort(totals, audit->totals.count, sizeof *totals, by_acceptance);
	}
	for (unsigned i = 0; i < audit->totals.count; i++) {
		int64_t sum = 0;
		bool fits = true;
		if (!ceiling_of(&totals[i], print_party(audit->ctx, totals[i].supplier), &most)) {
			continue;
		}
		for (unsigned k = 0; k <= i; k++) {
			fits = fits && (!same_ceiling(&totals[k], &totals[i]) || minor_add(sum, totals[k].minor, &sum));
		}
		if (!fits || sum > most) {
			audit_find(audit, totals[i].number, totals[i].first, NO_TIME, &totals[i].entry, 1,
			    "with this order %s were agreed in fiscal year %d, above the ceiling of %s",
			    "本発注により %s となり、%d 年度の上限額 %s を超える",
			    print_amount(audit->ctx, bytes_text(totals[i].currency), sum), totals[i].fiscal_year,
			    print_amount(audit->ctx, bytes_text(totals[i].currency), most));
		}
	}
}
