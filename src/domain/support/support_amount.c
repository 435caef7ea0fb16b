/* Sums and amounts (docs/support-rules.md 4.1): exact, rounded half away from zero to whole minor units line by line, then
 * added. Every function is false when a result does not fit its type. */
#include "domain/support/support_state.h"

bool line_amount(const struct terms_line *line, struct decimal quantity, int64_t *minor)
{
	return line->has_price && minor_amount(line->price_minor, line->per, quantity, minor);
}

bool line_value(const struct terms_line *line, int64_t *minor)
{
	if (!line->has_price) {
		*minor = line->ceiling_minor;
		return true;
	}
	return line_amount(line, line->quantity, minor);
}

bool terms_total(const struct terms *terms, struct bytes currency, int64_t *minor)
{
	int64_t value;

	*minor = 0;
	for (unsigned i = 0; i < terms->line_count; i++) {
		const struct terms_line *line = &terms->lines[i];
		if (bytes_equal(line->currency, currency) &&
		    (!line_value(line, &value) || !minor_add(*minor, value, minor))) {
			return false;
		}
	}
	return true;
}

bool issue_line_rest(const struct issue_line *line, struct decimal *rest)
{
	return line->has_chargeable && decimal_subtract(line->chargeable, line->returned, rest);
}

const struct terms_line *claim_price(const struct issue_line *line, const struct order_state *order)
{
	if (line->terms->has_price) {
		return line->terms;
	}
	const struct terms_line *agreed = order->agreed ? terms_line_find(order->agreed, line->terms->line) : NULL;
	return agreed && agreed->has_price ? agreed : NULL;
}

bool claim_total(const struct claim_state *claim, int64_t *minor)
{
	*minor = 0;
	for (unsigned i = 0; i < claim->line_count; i++) {
		int64_t left;
		if (__builtin_sub_overflow(claim->lines[i].amount_minor, claim->lines[i].credited_minor, &left) ||
		    !minor_add(*minor, left, minor)) {
			return false;
		}
	}
	return true;
}

static bool is_negative(struct decimal value)
{
	return decimal_sign(value) < 0;
}

bool receipt_figures(const struct given_line *line, bool taken, struct receipt_figures *figures)
{
	struct decimal issued = line->issue->issued, left;

	*figures = (struct receipt_figures){ line->in_terms, line->short_of, line->damaged, line->refused };
	if (is_negative(figures->accepted) || is_negative(figures->short_of) || is_negative(figures->damaged) ||
	    is_negative(figures->refused) || !decimal_subtract(issued, figures->accepted, &left) ||
	    !decimal_subtract(left, figures->damaged, &left) || !decimal_subtract(left, figures->refused, &left)) {
		return false;
	}
	if (taken && decimal_compare(figures->accepted, issued) > 0) {
		return decimal_is_zero(figures->short_of) && decimal_is_zero(figures->damaged) &&
		    decimal_is_zero(figures->refused);
	}
	if (!line->has_short) {
		figures->short_of = left;
	}
	return !is_negative(left) && decimal_compare(left, figures->short_of) == 0;
}
