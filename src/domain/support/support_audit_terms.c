/* Rules of the audit about what entries put on the table: I10 to I13, I16 to I18, I24 (docs/audit-rules.md 3). They read what entries
 * say, whatever the guards made of them. */
#include "base/cbor.h"
#include "domain/support/support.h"
#include "domain/support/support_audit.h"
#include <string.h>

bool audit_judged(const struct move *move)
{
	return move->kind != NULL &&
	    (move->verdict == VERDICT_VALID || move->verdict == VERDICT_OVERTAKEN ||
		(move->verdict == VERDICT_VOID && strcmp(move->rule, "F1") != 0));
}

bool audit_terms(struct audit *audit, const struct move *move, struct terms *terms)
{
	const struct field *lines =
	    audit_judged(move) && move->kind->fields ? field_find(move->kind->fields, "lines") : NULL;

	if (lines == NULL || lines->key != KEY_LINES) {
		return false;
	}
	*terms = (struct terms){ .id = move->id };
	struct bytes array = body_field(&move->body, KEY_LINES);
	if (array.len > 0 && !terms_lines_read(audit->look->fold->arena, array, terms)) {
		audit->out_of_memory = true;
		return false;
	}
	return true;
}

static int64_t utc_day(const struct move *move)
{
	return day_of_ms(move->body.stated_ms, 0);
}

/* ---- I10 to I13: the agreement ----------------------------------------------------------------------------------- */

void audit_in_force(struct audit *audit, const struct look *look)
{
	struct terms terms;

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (audit_terms(audit, move, &terms) && !profile_in_force(&look->agreement->top, utc_day(move))) {
			audit_find_move(audit, move, "the agreement is not in force on %s",
			    "%s には協定が効力を有しない", print_day(audit->ctx, utc_day(move)));
		}
	}
}

static bool line_allowed(const struct look *look, const struct move *move, const struct terms_line *line)
{
	const struct profile *profile = &look->agreement->top;

	return profile_category(profile, line->category, utc_day(move)) &&
	    !profile_lists(profile, "never", line->category) && profile_settles(profile, line->kind, line->settlement);
}

void audit_allowed(struct audit *audit, const struct look *look)
{
	struct bytes activity;
	struct terms terms;

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (!audit_terms(audit, move, &terms)) {
			continue;
		}
		if (field_find(move->kind->fields, "activity") != NULL &&
		    record_text(&move->body, KEY_ACTIVITY, &activity) &&
		    !profile_lists(&look->agreement->top, "activities", activity)) {
			audit_find_move(audit, move, "activity %s is not of the agreement", "活動 %s は協定にない",
			    print_text(audit->ctx, activity));
			continue;
		}
		for (unsigned k = 0; k < terms.line_count; k++) {
			if (!line_allowed(look, move, &terms.lines[k])) {
				audit_find_move(audit, move, "line %lld: %s by %s is not allowed",
				    "明細 %lld:%s(%s)は認められていない", (long long)terms.lines[k].line,
				    print_text(audit->ctx, terms.lines[k].category),
				    print_text(audit->ctx, terms.lines[k].settlement));
				break;
			}
		}
	}
}

void audit_consent(struct audit *audit, const struct look *look)
{
	struct terms terms;

	for (unsigned i = 0; profile_needs_consent(&look->agreement->top) && i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (audit_terms(audit, move, &terms) && body_field(&move->body, KEY_THIRD_PARTY).len > 0 &&
		    body_field(&move->body, KEY_CONSENT).len == 0) {
			audit_find_move(audit, move, "a third party is named without the supplier's prior consent",
			    "提供側の事前同意なく第三者が指定されている");
		}
	}
}

void audit_charter(struct audit *audit, const struct look *look)
{
	int64_t charter;

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (audit_judged(move) && kind_is(move, "support.requested") &&
		    !(record_int(&move->body, KEY_CHARTER, &charter) && charter != 0)) {
			audit_find_move(audit, move,
			    "no statement of use consistent with the Charter of the United Nations",
			    "国際連合憲章と両立する使用の陳述がない");
		}
	}
}

/* ---- I16 to I18, I24: terms -------------------------------------------------------------------------------------- */

void audit_same_terms(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		struct id terms;
		if (!audit_judged(move) || !kind_is(move, "support.accepted")) {
			continue;
		}
		const struct move *offered = move->body.answer_count == 1 ? move->answers[0] : NULL;
		bool same =
		    offered != NULL && record_id(&move->body, KEY_TERMS, &terms) && id_equal(&terms, &offered->id);
		if (!same || offered->signer.party == move->signer.party) {
			audit_find_move(audit, move, "what is accepted is not what the other side has signed",
			    "受諾された条件が相手方の署名した条件と異なる");
		}
	}
}

void audit_quantities(struct audit *audit, const struct look *look)
{
	struct terms terms;

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		int64_t before = 0;
		bool good = true;
		if (!audit_terms(audit, move, &terms)) {
			continue;
		}
		for (unsigned k = 0; k < terms.line_count; k++) {
			good &= terms.lines[k].line > before && terms.lines[k].unit != NULL &&
			    decimal_sign(terms.lines[k].quantity) > 0;
			before = terms.lines[k].line;
		}
		if (!good) {
			audit_find_move(audit, move, "a line has no quantity above 0, or its number is out of order",
			    "数量が0以下、又は明細番号の順序が不正");
		}
	}
}

static bool priced(const struct look *look, const struct terms_line *line)
{
	static const char *const bases[] = { "own_forces", "contract", "list", "agreed" };
	bool basis = false;

	for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
		basis |= bytes_is(line->price_basis, bases[i]);
	}
	if (!profile_currency(&look->agreement->top, line->currency) || line->has_price == line->has_ceiling) {
		return false;
	}
	return line->has_price ? line->price_minor > 0 && basis
			       : line->ceiling_minor > 0 && bytes_is(line->settlement, "cash");
}

void audit_prices(struct audit *audit, const struct look *look)
{
	struct terms terms;

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		for (unsigned k = 0; audit_terms(audit, move, &terms) && k < terms.line_count; k++) {
			if (!priced(look, &terms.lines[k])) {
				audit_find_move(audit, move,
				    "line %lld has neither a price with its basis nor a ceiling",
				    "明細 %lld に根拠のある単価も負担限度額もない", (long long)terms.lines[k].line);
				break;
			}
		}
	}
}

static bool metered(const struct move *move)
{
	struct list list;
	struct list_item item;

	if (!record_list(&move->body, KEY_ITEMS, &list)) {
		return true;
	}
	while (list_next(&list, &item)) {
		struct decimal start, end, quantity, count;
		bool has_start = item_decimal(&item, 3, &start), has_end = item_decimal(&item, 4, &end);
		if (has_start != has_end ||
		    (has_start &&
			(!item_decimal(&item, 1, &quantity) || !decimal_subtract(end, start, &count) ||
			    decimal_compare(count, quantity) != 0))) {
			return false;
		}
	}
	return true;
}

void audit_meters(struct audit *audit, const struct look *look)
{
	struct terms terms;

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		bool counted = true;
		if (audit_terms(audit, move, &terms)) {
			for (unsigned k = 0; k < terms.line_count; k++) {
				counted &= !bytes_is(terms.lines[k].kind, "service") || terms.lines[k].meter.len > 0;
			}
		} else if (audit_judged(move) &&
		    (kind_is(move, "support.issued") || kind_is(move, "support.taken") ||
			kind_is(move, "support.taken_issued"))) {
			counted = metered(move);
		}
		if (!counted) {
			audit_find_move(audit, move,
			    "a service that nobody counts, or readings that do not give the quantity",
			    "使用実績の数え方がない、又は計測値が数量と一致しない");
		}
	}
}
