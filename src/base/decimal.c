/* 1. Every decimal that this file gives out is normalised: |mantissa| < 10^18, decimals <= 6, no trailing zero in the
 *    decimals, zero is 0 with 0 decimals. So equal values have equal bytes.
 * 2. Products are formed in 128 bits: 10^18 * 10^18 = 10^36 < 1.7 * 10^38. */
#include "base/decimal.h"
#include "base/limits.h"
#include "base/text.h"

__extension__ typedef __int128 wide;

#define MANTISSA_MAX 999999999999999999
static const int64_t powers[19] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
	10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000,
	100000000000000000, 1000000000000000000 };

bool decimal_make(int64_t mantissa, unsigned decimals, struct decimal *out)
{
	if (mantissa == 0) {
		decimals = 0;
	}
	while (decimals > 0 && mantissa % 10 == 0) {
		mantissa /= 10;
		decimals--;
	}
	if (decimals > LIMIT_QUANTITY_DECIMALS || mantissa > MANTISSA_MAX || mantissa < -MANTISSA_MAX) {
		return false;
	}
	*out = (struct decimal){ mantissa, (uint8_t)decimals };
	return true;
}

/* Division of 128 bits is slow: only as many as needed to come down to 64. */
static bool make_wide(wide mantissa, unsigned decimals, struct decimal *out)
{
	while (decimals > 0 && (mantissa > INT64_MAX || mantissa < INT64_MIN) && mantissa % 10 == 0) {
		mantissa /= 10;
		decimals--;
	}
	return mantissa <= INT64_MAX && mantissa >= INT64_MIN && decimal_make((int64_t)mantissa, decimals, out);
}

/* Both mantissas at the same number of decimals; at most 10^18 * 10^6. */
static unsigned align(struct decimal a, struct decimal b, wide *a_mantissa, wide *b_mantissa)
{
	unsigned decimals = a.decimals > b.decimals ? a.decimals : b.decimals;

	ASSERT(decimals <= LIMIT_QUANTITY_DECIMALS); /* 1 */
	*a_mantissa = (wide)a.mantissa * powers[decimals - a.decimals];
	*b_mantissa = (wide)b.mantissa * powers[decimals - b.decimals];
	return decimals;
}

int decimal_compare(struct decimal a, struct decimal b)
{
	wide x, y;

	(void)align(a, b, &x, &y);
	return (x > y) - (x < y);
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *out)
{
	wide x, y;
	unsigned decimals = align(a, b, &x, &y);

	return make_wide(x + y, decimals, out);
}

bool decimal_subtract(struct decimal a, struct decimal b, struct decimal *out)
{
	wide x, y;
	unsigned decimals = align(a, b, &x, &y);

	return make_wide(x - y, decimals, out);
}

bool decimal_is_zero(struct decimal a)
{
	return a.mantissa == 0;
}

int decimal_sign(struct decimal a)
{
	return (a.mantissa > 0) - (a.mantissa < 0);
}

/* product * 10^exponent / divisor, rounded half away from zero. |exponent| <= 18, 0 < |divisor| < 2^63. Quotient and
 * rest are raised apart, so no intermediate value overflows unless the result does. */
static bool divide(wide product, int exponent, wide divisor, wide *out)
{
	bool negative = (product < 0) != (divisor < 0);
	wide whole, rest;

	product = product < 0 ? -product : product;
	divisor = divisor < 0 ? -divisor : divisor;
	if (exponent < 0) {
		divisor *= powers[-exponent];
		exponent = 0;
	}
	if (__builtin_mul_overflow(product / divisor, (wide)powers[exponent], &whole) ||
	    whole > (wide)MANTISSA_MAX * MANTISSA_MAX) {
		return false;
	}
	rest = product % divisor * powers[exponent];
	wide result = whole + rest / divisor + (rest % divisor >= divisor - rest % divisor);
	*out = negative ? -result : result;
	return true;
}

bool decimal_scale(struct decimal a, struct decimal b, struct decimal c, unsigned decimals, struct decimal *out)
{
	wide result;

	if (decimals > LIMIT_QUANTITY_DECIMALS || c.mantissa == 0) {
		return false;
	}
	int exponent = (int)decimals + c.decimals - a.decimals - b.decimals;
	return divide((wide)a.mantissa * b.mantissa, exponent, c.mantissa, &result) && make_wide(result, decimals, out);
}

bool minor_add(int64_t a, int64_t b, int64_t *out)
{
	return !__builtin_add_overflow(a, b, out);
}

bool minor_amount(int64_t price_minor, struct decimal per, struct decimal quantity, int64_t *out)
{
	wide result;

	if (per.mantissa <= 0 ||
	    !divide((wide)price_minor * quantity.mantissa, per.decimals - quantity.decimals, per.mantissa, &result) ||
	    result > INT64_MAX || result < INT64_MIN) {
		return false;
	}
	*out = (int64_t)result;
	return true;
}

void decimal_print(struct decimal value, char out[DECIMAL_TEXT])
{
	char reversed[DECIMAL_TEXT];
	uint64_t rest = value.mantissa < 0 ? -(uint64_t)value.mantissa : (uint64_t)value.mantissa;
	unsigned len = 0;

	ASSERT(value.decimals <= LIMIT_QUANTITY_DECIMALS); /* 1 */
	for (unsigned digit = 0; rest != 0 || digit <= value.decimals; digit++) {
		if (digit == value.decimals && digit != 0) {
			reversed[len++] = '.';
		}
		reversed[len++] = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (value.mantissa < 0) {
		reversed[len++] = '-';
	}
	for (unsigned i = 0; i < len; i++) {
		out[i] = reversed[len - 1 - i];
	}
	out[len] = '\0';
}

/* ---- reading ------------------------------------------------------------------------------------------------------
 * number = [minus] group { group };  group = digits [point digits] [unit], unit = 億 or 万, the larger first. */

enum sign { DIGIT, POINT, COMMA, MINUS, PLUS, MYRIAD, HUNDRED_MILLION, BLANK, OTHER, END };

struct group {
	uint64_t mantissa; /* all digits, without trailing zeros behind the point */
	unsigned decimals;
	unsigned whole_digits; /* digits before the point, as written */
	unsigned exponent;     /* of the unit: 0, 4, 8 */
	bool point;
};

static const char too_long[] = "has more than 18 digits";
static const char too_many_decimals[] = "has more than 6 decimals";

/* What the next character means; advances. Full-width forms mean what the ASCII ones do. */
static enum sign sign_take(struct bytes *in, unsigned *digit)
{
	uint32_t code;

	if (in->len == 0) {
		return END;
	}
	if (in->data[0] >= '0' && in->data[0] <= '9') { /* nearly always */
		*digit = (unsigned)(in->data[0] - '0');
		*in = bytes_of(in->data + 1, in->len - 1);
		return DIGIT;
	}
	if (!text_take(in, &code)) {
		return OTHER;
	}
	if (code >= 0xFF01 && code <= 0xFF5E) {
		code -= 0xFF01 - '!';
	}
	if (code >= '0' && code <= '9') {
		*digit = code - '0';
		return DIGIT;
	}
	switch (code) {
	case '.': return POINT;
	case ',': return COMMA;
	case '-':
	case 0x2212: return MINUS;
	case '+': return PLUS;
	case 0x4E07: return MYRIAD;
	case 0x5104: return HUNDRED_MILLION;
	case ' ':
	case 0x3000:
	case 0xA0: return BLANK;
	default: return OTHER;
	}
}

static enum sign sign_peek(struct bytes in)
{
	unsigned digit;

	return sign_take(&in, &digit);
}

static bool digit_put(struct group *group, unsigned digit)
{
	return !__builtin_mul_overflow(group->mantissa, 10, &group->mantissa) &&
	    !__builtin_add_overflow(group->mantissa, digit, &group->mantissa) && group->mantissa <= MANTISSA_MAX;
}

/* May a comma stand here? "0,125" is how half of the world writes an eighth: not guessed. */
static bool comma_fits(const struct group *group, unsigned since_comma, bool first)
{
	return first ? since_comma >= 1 && since_comma <= 3 && group->mantissa != 0 : since_comma == 3;
}

/* Digits before the point, commas checked. Reason or NULL. */
static const char *whole_take(struct bytes *in, struct group *group)
{
	static const char comma[] = "has a comma that is not before three digits";
	unsigned since_comma = 0, digit = 0;
	bool commas = false;

	for (enum sign sign = sign_peek(*in); sign == DIGIT || sign == COMMA; sign = sign_peek(*in)) {
		(void)sign_take(in, &digit);
		if (sign == COMMA) {
			if (!comma_fits(group, since_comma, !commas)) {
				return comma;
			}
			commas = true;
			since_comma = 0;
			continue;
		}
		if (!digit_put(group, digit)) {
			return too_long;
		}
		group->whole_digits++;
		since_comma++;
	}
	return commas && since_comma != 3 ? comma : NULL;
}

/* Digits behind the point. Zeros wait until another digit follows: at the end they mean nothing. */
static const char *fraction_take(struct bytes *in, struct group *group)
{
	unsigned digit = 0, zeros = 0, digits = 0;

	while (sign_peek(*in) == DIGIT) {
		(void)sign_take(in, &digit);
		digits++;
		if (digit == 0) {
			zeros++;
			continue;
		}
		if (group->decimals + zeros >= 2 * LIMIT_QUANTITY_DIGITS) {
			return too_many_decimals;
		}
		for (; zeros > 0; zeros--, group->decimals++) {
			if (!digit_put(group, 0)) {
				return group->decimals >= LIMIT_QUANTITY_DECIMALS ? too_many_decimals : too_long;
			}
		}
		if (!digit_put(group, digit)) {
			return group->decimals >= LIMIT_QUANTITY_DECIMALS ? too_many_decimals : too_long;
		}
		group->decimals++;
	}
	return digits == 0 ? "has no digit after the point" : NULL;
}

static const char *group_take(struct bytes *in, struct group *group)
{
	unsigned digit;
	const char *reason;

	*group = (struct group){ 0 };
	reason = whole_take(in, group);
	if (reason == NULL && sign_peek(*in) == POINT) {
		(void)sign_take(in, &digit);
		group->point = true;
		reason = fraction_take(in, group);
	}
	if (reason != NULL) {
		return reason;
	}
	enum sign sign = sign_peek(*in);
	if (sign == MYRIAD || sign == HUNDRED_MILLION) {
		(void)sign_take(in, &digit);
		group->exponent = sign == MYRIAD ? 4 : 8;
	}
	return NULL;
}

/* May this group follow one with a unit of 10^before? Spoken Japanese drops the last unit: 12万5 is 120005 in writing and
 * 125000 in speech, 1億3000 is heard as 1億3000万. Such forms are not guessed. */
static const char *group_check(const struct group *group, unsigned before)
{
	if (group->exponent >= before) {
		return "has 万 or 億 twice or in the wrong order";
	}
	if (group->whole_digits > before - group->exponent) {
		return "has more digits after 万 or 億 than fit there";
	}
	if (group->exponent == 0 && (before == 8 ? group->whole_digits < 5 : group->whole_digits < 2)) {
		return "can be read in two ways after 万 or 億; write all digits";
	}
	return NULL;
}

/* total += group. Only the last group can have decimals that count: total is a whole number before. */
static const char *group_add(const struct group *group, wide *total, unsigned *decimals)
{
	if (group->decimals <= group->exponent) {
		*total += (wide)group->mantissa * powers[group->exponent - group->decimals];
	} else {
		*decimals = group->decimals - group->exponent;
		if (*decimals > LIMIT_QUANTITY_DECIMALS) {
			return too_many_decimals;
		}
		*total = *total * powers[*decimals] + group->mantissa;
	}
	return *total > MANTISSA_MAX ? too_long : NULL;
}

static const char *unread_reason(enum sign sign)
{
	switch (sign) {
	case POINT: return "has two points";
	case COMMA: return "has a comma after the point";
	case MINUS: return "has a minus sign that is not first";
	case PLUS: return "has a plus sign; leave it out";
	case BLANK: return "has a blank inside";
	case MYRIAD:
	case HUNDRED_MILLION: return "has 万 or 億 without digits before it";
	default: return "has a character that is not part of a number (digits, one point, commas, 万, 億)";
	}
}

/* One more group onto the total; the one before it had the unit 10^before. */
static const char *group_read(
    struct bytes *in, struct group *group, unsigned before, bool first, wide *total, unsigned *decimals)
{
	const char *reason = group_take(in, group);

	if (reason == NULL && !first) {
		reason = group_check(group, before);
	}
	return reason != NULL ? reason : group_add(group, total, decimals);
}

static const char *number_take(struct bytes in, wide *total, unsigned *decimals)
{
	struct group group = { 0 };
	enum sign sign = sign_peek(in);

	if (sign == POINT || sign == COMMA) {
		return "has no digit before the point or comma";
	}
	for (bool first = true; sign != END; first = false) {
		/* without a unit the number is at its end */
		if (sign != DIGIT || (!first && group.exponent == 0)) {
			return unread_reason(sign);
		}
		if (group.point) {
			return "has digits after decimals of 万 or 億";
		}
		const char *reason = group_read(&in, &group, group.exponent, first, total, decimals);
		if (reason != NULL) {
			return reason;
		}
		sign = sign_peek(in);
	}
	return NULL;
}

enum status decimal_parse(struct bytes text, struct decimal *out, struct err *err)
{
	const char *reason = NULL;
	struct bytes in = text;
	wide total = 0;
	unsigned decimals = 0, digit;
	bool negative = sign_peek(in) == MINUS;

	if (text.len == 0) {
		return err_set(err, BAD_INPUT, "number is empty");
	}
	if (negative) {
		(void)sign_take(&in, &digit);
	}
	reason = in.len == 0 ? "has no digits" : number_take(in, &total, &decimals);
	if (reason != NULL) {
		char quoted[TEXT_QUOTE];
		text_quote(text, quoted);
		return err_set(err, BAD_INPUT, "number \"%s\" %s", quoted, reason);
	}
	bool made = make_wide(negative ? -total : total, decimals, out);
	ASSERT(made); /* group_add has kept both below their ceilings */
	return OK;
}
