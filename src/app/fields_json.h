/* Own fields of an entry between JSON and CBOR, both ways, by the field table of its kind. */
#ifndef WARIFU_APP_FIELDS_JSON_H
#define WARIFU_APP_FIELDS_JSON_H
#include "app/json.h"
#include "core/ctx.h"

/* How texts are read: language of plain text, and what turns a number such as "GB-07-0013/I07.1" into an id (may be NULL). */
struct field_reader {
	enum lang lang;
	enum status (*find_id)(void *context, const char *text, struct id *out, struct err *err);
	void *context;
};
/* Pairs for the fields that the object names, in the table's order. Null counts as absent. Decimals, whole numbers and amounts may
 * stand as text or integer; days "2013-11-26"; times RFC 3339; ids as hex or number; free text as "text" (then in the reader's language),
 * ["ja", "text"] or {"lang": "ja", "text": "..."}. BAD_INPUT names the field and, for an unknown one, those that there are. Whether all
 * required ones are there is record_check's to say. */
enum status fields_from_json(const struct field_reader *reader, const struct field *fields, const json_t *object,
    const char *where, struct buf *out, unsigned *count, struct err *err);
/* The pairs as an object with the table's names; fields the table does not know under their number. The caller owns it. */
json_t *fields_to_json(const struct field *fields, struct bytes pairs, unsigned count);
/* One line for people on how a field of this type is written: "2013-11-26", "true or false". */
const char *field_type_name(enum field_type type);
const char *field_type_form(enum field_type type);
/* The table itself, as `explain` shows it. */
json_t *fields_describe(const struct field *fields);
#endif
