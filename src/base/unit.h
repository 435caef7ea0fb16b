/* Units of measure: a pinned part of UN/ECE Recommendation 20, revision 20. Revisions drop and redefine codes (revision 2
 * had "18" for a 55-gallon drum), so the list stands here and other codes are refused. A code is never taken out and its
 * factor never changes: records that name it must be read for ever.
 * Packages (box, drum) are codes of Recommendation 21 and not in it: what a box holds is not a unit. */
#ifndef WARIFU_BASE_UNIT_H
#define WARIFU_BASE_UNIT_H
#include "base/decimal.h"

enum dimension {
	DIMENSION_VOLUME,    /* base unit: litre */
	DIMENSION_MASS,      /* kilogram */
	DIMENSION_TIME,      /* second */
	DIMENSION_LENGTH,    /* metre */
	DIMENSION_AREA,      /* square metre */
	DIMENSION_ENERGY,    /* joule */
	DIMENSION_COUNT,     /* one */
	DIMENSION_TRANSPORT, /* tonne kilometre */
	DIMENSION_FOOD,      /* the four below have no common measure: each unit stands for itself */
	DIMENSION_PACK,
	DIMENSION_WORK,
	DIMENSION_SERVICE,
};

struct unit {
	char code[4];
	enum dimension dimension;
	const char *name_en; /* as in the Recommendation */
	const char *name_ja;
	int64_t numerator;   /* base units in one of this, exactly, as a fraction in lowest terms; */
	int64_t denominator; /* both 0: no fixed measure (a month, a ration), converts to nothing but itself */
};

/* By code, in upper case as in the Recommendation. NULL when not in the list. */
const struct unit *unit_find(struct bytes code);
/* As it is written behind a quantity for people: "kg", "meals" (one: "meal"), and in Japanese "食". Static. */
const char *unit_said(const struct unit *unit, bool ja, bool one);
size_t unit_count(void);
const struct unit *unit_at(size_t index);             /* grouped by dimension; index < count */
const char *dimension_name(enum dimension dimension); /* "volume" */

/* quantity of `from` in `to`, exact and then rounded half away from zero to `decimals` (0 to 6). REFUSED when the two have
 * no common measure; BAD_INPUT when the result has more than 18 digits. *out is written on OK only. */
enum status unit_convert(struct decimal quantity, const struct unit *from, const struct unit *to, unsigned decimals,
    struct decimal *out, struct err *err);
#endif
