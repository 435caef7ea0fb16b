/* Currencies of ISO 4217 and their minor units. The list is pinned: list one as published on 2024-06-25, without codes that
 * have no minor unit (gold, special drawing rights), and with XCG of 2025. A code is never taken out and its decimals never
 * change: ANG, BGN and CUC are withdrawn, but records that name them must be read for ever. */
#ifndef WARIFU_BASE_CURRENCY_H
#define WARIFU_BASE_CURRENCY_H
#include "base/bytes.h"
#include "base/err.h"

struct currency {
	char code[4];
	uint8_t decimals;    /* digits of the minor unit: 0, 2, 3 or 4 */
	const char *name_en; /* as in the standard */
	const char *name_ja;
};

/* By code, in upper case. NULL when not in the list. */
const struct currency *currency_find(struct bytes code);
size_t currency_count(void);
const struct currency *currency_at(size_t index); /* in order of code; index < count */

/* Reads an amount in major units, as decimal_parse reads numbers ("18,500.00", "2600万", full-width digits), into minor
 * units. BAD_INPUT with the reason; also when more digits stand behind the point than the currency has, be they zeros:
 * "18.500" GBP is eighteen thousand to one reader and eighteen to another. *minor is written on OK only. */
enum status currency_parse(const struct currency *currency, struct bytes text, int64_t *minor, struct err *err);

#define CURRENCY_TEXT 40
void currency_print(const struct currency *currency, int64_t minor, char out[CURRENCY_TEXT]); /* "GBP 18,500.00" */
void currency_print_amount(const struct currency *currency, int64_t minor, char out[CURRENCY_TEXT]); /* "18,500.00" */
/* "18500.00": no code and no commas, for files that programs read. */
void currency_print_plain(const struct currency *currency, int64_t minor, char out[CURRENCY_TEXT]);
#endif
