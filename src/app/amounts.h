/* Amounts as people type them: in major units, under the field's name without "_minor" ("total": "18,500.00"). Under the name itself
 * they stay whole minor units, as programs write them. */
#ifndef WARIFU_APP_AMOUNTS_H
#define WARIFU_APP_AMOUNTS_H
#include "app/json.h"
#include "base/arena.h"
#include "core/record.h"

#define AMOUNT_NAME 48
/* "total" of "total_minor"; false when the field is no amount of that form. */
bool amount_name(const struct field *field, char out[AMOUNT_NAME]);
/* What people type in a field: its name, but of an amount the one above. */
const char *typed_name(struct arena *arena, const struct field *field);
/* Puts each typed amount of the object in minor units, under the field's own name. Its currency is that of the field beside it, else the
 * one given, which may be empty; it may also be written with the amount ("GBP 18,500.00") and must then be the same. BAD_INPUT names the
 * field: no currency, a wrong one, decimals that it does not have, an amount given both ways. */
enum status amounts_read(
    const struct field *fields, json_t *object, struct bytes currency, const char *where, struct err *err);
#endif
