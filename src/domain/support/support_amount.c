/* Sums and amounts (docs/support-rules.md 4.1): exact, rounded half away from zero to whole minor units line by line, then
 * added. Every function is false when a result does not fit its type. */
#include "base/cbor.h"
#include "base/currency.h"
#include "base/time.h"
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

bool exchange_value(const struct issue_line *line, int64_t *minor)
{
	struct decimal kept;

	return line->has_chargeable && decimal_subtract(line->chargeable, line->returned, &kept) &&
	    line_amount(line->terms, kept, minor);
}

bool exchange_left(const struct issue_line *line, int64_t *minor)
{
	return exchange_value(line, minor) && !__builtin_sub_overflow(*minor, line->exchanged_minor, minor);
}

bool issue_line_rest(const struct issue_line *line, struct decimal *rest)
{
	int64_t left;

	if (line->exchanged_minor > 0 && exchange_left(line, &left) && left == 0) {
		*rest = (struct decimal){ 0, 0 };
		return true;
	}
	return line->has_chargeable && decimal_subtract(line->chargeable, line->returned, rest);
}

bool rest_amount(const struct issue_line *line, const struct terms_line *price, int64_t *minor)
{
	struct decimal rest;

	return issue_line_rest(line, &rest) && line_amount(price, rest, minor) &&
	    (line->exchanged_minor == 0 || decimal_is_zero(rest) ||
		!__builtin_sub_overflow(*minor, line->exchanged_minor, minor));
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

bool claim_open(const struct claim_state *claim, int64_t *minor)
{
	if (claim->has_due) {
		*minor = claim->due_minor;
	} else if (!claim_total(claim, minor)) {
		return false;
	}
	return !__builtin_sub_overflow(*minor, claim->paid_minor, minor);
}

/* ---- currencies -------------------------------------------------------------------------------------------------- */

/* amount * rate * 10^(decimals of to) / 10^(decimals of from) */
bool convert_minor(struct bytes from, struct bytes to, struct decimal rate, int64_t minor, int64_t *out)
{
	const struct currency *a = currency_find(from), *b = currency_find(to);

	if (a == NULL || b == NULL) {
		return false;
	}
	struct decimal per = { 1, b->decimals }, times = { rate.mantissa, (uint8_t)(rate.decimals + a->decimals) };
	return minor_amount(minor, per, times, out);
}

/* The other way: amount * 10^(decimals of from) / (rate * 10^(decimals of to)) */
bool convert_back(struct bytes from, struct bytes to, struct decimal rate, int64_t minor, int64_t *out)
{
	const struct currency *a = currency_find(from), *b = currency_find(to);

	if (a == NULL || b == NULL) {
		return false;
	}
	struct decimal per = { rate.mantissa, (uint8_t)(rate.decimals + a->decimals) }, times = { 1, b->decimals };
	return minor_amount(minor, per, times, out);
}

bool terms_rate(const struct terms *terms, struct bytes a, struct bytes b, struct decimal *rate, bool *inverse)
{
	struct bytes array = terms->items[KEY_RATES - TERMS_FIRST], from, to;
	struct cbor_item head = array.len > 0 ? cbor_take(&array) : (struct cbor_item){ 0 };
	struct list list = { array, array.len > 0 ? head.count : 0 };
	struct list_item item;

	while (list_next(&list, &item)) {
		item_text(&item, 0, &from);
		item_text(&item, 1, &to);
		*inverse = bytes_equal(from, b) && bytes_equal(to, a);
		if (*inverse || (bytes_equal(from, a) && bytes_equal(to, b))) {
			return item_decimal(&item, 2, rate);
		}
	}
	return false;
}

/* ---- clocks ------------------------------------------------------------------------------------------------------ */

bool conversion_due(const struct profile *profile, const struct issue_state *issue, int64_t *ms)
{
	struct bytes item = issue->order->agreed->items[KEY_OFFSET - TERMS_FIRST];
	struct decimal offset = { 0, 0 };
	int64_t months, grace = 0;

	if (!profile_clock(profile, "settle_months", &months) || months < 1 || months > 1200) {
		return false;
	}
	if (!profile_clock(profile, "grace_days", &grace)) {
		grace = 0;
	}
	if (item.len > 0) {
		decimal_read(item, &offset); /* whole minutes: S21 */
	}
	int64_t day = day_of_ms(issue->delivered_at_ms, (int)offset.mantissa);
	*ms = (day_add_months(day, (int)months) + 1 + grace) * DAY_MS - offset.mantissa * 60000;
	return true;
}

/* ---- the currency of a part -------------------------------------------------------------------------------------------- */

static struct bytes currency_of_terms(const struct terms *terms)
{
	for (unsigned i = 1; terms != NULL && i < terms->line_count; i++) {
		if (!bytes_equal(terms->lines[i].currency, terms->lines[0].currency)) {
			return bytes_of(NULL, 0);
		}
	}
	return terms != NULL && terms->line_count > 0 ? terms->lines[0].currency : bytes_of(NULL, 0);
}

static struct bytes currency_of_issue(const struct issue_state *issue)
{
	for (unsigned i = 1; i < issue->line_count; i++) {
		if (!bytes_equal(issue->lines[i].terms->currency, issue->lines[0].terms->currency)) {
			return bytes_of(NULL, 0);
		}
	}
	return issue->line_count > 0 ? issue->lines[0].terms->currency : bytes_of(NULL, 0);
}

struct bytes support_currency(const struct fold *fold, const struct part *part)
{
	const void *after = part->head_count == 1 ? part->heads[0]->after : NULL;
	const struct order_state *order = after;

	(void)fold;
	if (after == NULL) {
		return bytes_of(NULL, 0);
	}
	switch (part->type->letter) {
	case 'O': return currency_of_terms(order->agreed ? order->agreed : order->table);
	case 'I': return currency_of_issue(after);
	case 'C': return ((const struct claim_state *)after)->currency;
	case 'N': return ((const struct netting_state *)after)->currency;
	case 'A': return ((const struct adjustment_state *)after)->line->terms->currency;
	default: return bytes_of(NULL, 0);
	}
}
