/* Exact decimals: mantissa * 10^-decimals, at most 18 digits and 6 decimals, normalised (no trailing zero in the
 * decimals). Money is integer minor units (int64). Every sum is overflow-checked: false means overflow. */
#ifndef WARIFU_BASE_DECIMAL_H
#define WARIFU_BASE_DECIMAL_H
#include "base/bytes.h"
#include "base/err.h"

struct decimal {
	int64_t mantissa;
	uint8_t decimals;
};

#define DECIMAL_TEXT 24
bool decimal_make(int64_t mantissa, unsigned decimals, struct decimal *out); /* normalises; false when out of range */
/* Reads "250000", "2.6", "-1"; "1,250" with thousands commas rightly placed; full-width digits and points; Japanese
 * 万 and 億 ("25万", "1億3507万"; mixing with decimals such as "2.5万" is read; anything doubtful is BAD_INPUT with a reason,
 * never guessed). No exponent, no blank inside. */
enum status decimal_parse(struct bytes text, struct decimal *out, struct err *err);
void decimal_print(struct decimal value, char out[DECIMAL_TEXT]);
int decimal_compare(struct decimal a, struct decimal b);
bool decimal_add(struct decimal a, struct decimal b, struct decimal *out);
bool decimal_subtract(struct decimal a, struct decimal b, struct decimal *out);
bool decimal_is_zero(struct decimal a);
int decimal_sign(struct decimal a);
/* a * b / c exactly, then rounded half away from zero to `decimals` decimals. 128-bit inside; false on overflow or c = 0. */
bool decimal_scale(struct decimal a, struct decimal b, struct decimal c, unsigned decimals, struct decimal *out);
bool minor_add(int64_t a, int64_t b, int64_t *out);
/* price_minor per `per` units, times quantity, rounded half away from zero to whole minor units. */
bool minor_amount(int64_t price_minor, struct decimal per, struct decimal quantity, int64_t *out);
#endif
