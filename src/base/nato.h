/* Codes of the stores world: the form of a NATO stock number, and the NATO codes of fuels. */
#ifndef WARIFU_BASE_NATO_H
#define WARIFU_BASE_NATO_H
#include "base/bytes.h"
#include "base/err.h"

/* A NATO stock number is 13 digits: supply class (4), country of codification (2), item (7), printed 9999-99-999-9999.
 * The supply class alone (4 digits) is also taken: often no more is known when a thing is asked for.
 * Source: NATO Manual on Codification (ACodP-1). */
#define NSN_TEXT 20
/* Reads either form, with its hyphens or without, full-width digits and hyphens included, and writes the printed form.
 * BAD_INPUT with the reason. Only the form is checked: which numbers are in use is known to the catalogue alone. */
enum status nsn_parse(struct bytes text, char out[NSN_TEXT], struct err *err);
bool nsn_is_class(const char *nsn); /* the printed form: supply class only? */

/* Source of the codes: STANAG 1135 and the list of fuels in the NATO Logistics Handbook; the wording of the names is ours. */
struct nato_fuel {
	const char *code; /* "F-76" */
	const char *name_en;
	const char *name_ja;
	const char *also; /* other names that people say; "" when none */
};
/* "F-76", "f76", "F 76". NULL when not in the list. */
const struct nato_fuel *nato_fuel_find(struct bytes code);
size_t nato_fuel_count(void);
const struct nato_fuel *nato_fuel_at(size_t index); /* in order of code; index < count */
#endif
