/* Own fields of an entry between JSON and CBOR. The table of the kind decides everything: there is no code for any field by name. */
#include "app/fields_json.h"
#include "base/cbor.h"
#include "base/decimal.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include <string.h>

struct type_words {
	enum field_type type;
	const char *name, *form;
};
static const struct type_words types[] = {
	{ FIELD_TEXT, "text", "text" },
	{ FIELD_CODE, "code", "a code of letters, digits, _ - ." },
	{ FIELD_INT, "integer", "a whole number" },
	{ FIELD_AMOUNT, "amount", "a whole number of minor units" },
	{ FIELD_DECIMAL, "decimal", "a decimal, \"2.6\"" },
	{ FIELD_TIME, "time", "a time, \"2013-11-26T09:30:00Z\"" },
	{ FIELD_DAY, "day", "a day, \"2013-11-26\"" },
	{ FIELD_BOOL, "bool", "true or false" },
	{ FIELD_ID, "id", "an id of 64 hex digits, or a number" },
	{ FIELD_BYTES, "bytes", "bytes in hex" },
	{ FIELD_CURRENCY, "currency", "an ISO 4217 code, \"GBP\"" },
	{ FIELD_UNIT, "unit", "a code of the unit list, \"LTR\"" },
	{ FIELD_PARTY, "party", "the code of a party, \"GB\"" },
	{ FIELD_LANG_TEXT, "free text", "text, or [\"ja\", \"text\"]" },
	{ FIELD_CODES, "codes", "a list of codes" },
	{ FIELD_IDS, "ids", "a list of ids or numbers" },
	{ FIELD_AMOUNTS, "amounts", "minor units by currency, {\"GBP\": 500000}" },
	{ FIELD_RANGE, "range", "first and last, [1, 99]" },
	{ FIELD_LIST, "list", "a list of objects" },
	{ FIELD_ANY, "any", "any value" },
};

static const struct type_words *type_find(enum field_type type)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (types[i].type == type) {
			return &types[i];
		}
	}
	return &types[sizeof types / sizeof *types - 1];
}

const char *field_type_name(enum field_type type)
{
	return type_find(type)->name;
}
const char *field_type_form(enum field_type type)
{
	return type_find(type)->form;
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

static enum status bad(const struct field *field, const char *where, const json_t *value, struct err *err)
{
	char quote[TEXT_QUOTE] = "";
	if (json_is_string(value)) {
		text_quote(bytes_of(json_string_value(value), json_string_length(value)), quote);
	}
	return err_set(err, BAD_INPUT, "%s.%s%s%s%s: must be %s", where, field->name, quote[0] ? " \"" : "", quote,
	    quote[0] ? "\"" : "", field_type_form(field->type));
}

static struct bytes string_bytes(const json_t *value)
{
	return bytes_of(json_string_value(value), json_string_length(value));
}

static enum status put_text(
    const struct field *field, const char *where, const json_t *value, struct buf *out, struct err *err)
{
	if (!json_is_string(value)) {
		return bad(field, where, value, err);
	}
	const char *reason = text_check(string_bytes(value));
	if (reason) {
		return err_set(err, BAD_INPUT, "%s.%s: text %s", where, field->name, reason);
	}
	cbor_put_text(out, string_bytes(value));
	return OK;
}

/* An integer, or text that holds a decimal. */
static bool read_decimal(const json_t *value, struct decimal *out, struct err *err)
{
	if (json_is_integer(value)) {
		return decimal_make(json_integer_value(value), 0, out);
	}
	return json_is_string(value) && decimal_parse(string_bytes(value), out, err) == OK;
}

static enum status put_number(
    const struct field *field, const char *where, const json_t *value, struct buf *out, struct err *err)
{
	struct decimal number;
	struct err inner;
	err_clear(&inner);
	if (!read_decimal(value, &number, &inner)) {
		if (inner.text[0]) {
			return err_within(err, BAD_INPUT, &inner, "%s.%s", where, field->name);
		}
		return bad(field, where, value, err);
	}
	if (field->type == FIELD_DECIMAL) {
		decimal_write(out, number);
		return OK;
	}
	if (number.decimals != 0) {
		return bad(field, where, value, err);
	}
	cbor_put_int(out, number.mantissa);
	return OK;
}

static enum status put_when(
    const struct field *field, const char *where, const json_t *value, struct buf *out, struct err *err)
{
	int64_t when = 0;
	if (!json_is_string(value) ||
	    !(field->type == FIELD_DAY ? day_parse : time_parse)(string_bytes(value), &when)) {
		return bad(field, where, value, err);
	}
	cbor_put_int(out, when);
	return OK;
}

static enum status read_id(const struct field_reader *reader, const struct field *field, const char *where,
    const json_t *value, struct id *id, struct err *err)
{
	if (!json_is_string(value)) {
		return bad(field, where, value, err);
	}
	if (hex_parse(json_string_value(value), json_string_length(value), id->data, ID_BYTES)) {
		return OK;
	}
	return reader->find_id ? reader->find_id(reader->context, json_string_value(value), id, err)
			       : bad(field, where, value, err);
}

static enum status put_id(const struct field_reader *reader, const struct field *field, const char *where,
    const json_t *value, struct buf *out, struct err *err)
{
	struct id id;
	enum status status = read_id(reader, field, where, value, &id, err);
	if (status == OK) {
		cbor_put_bytes(out, id_bytes(&id));
	}
	return status;
}

static enum status put_bytes(
    const struct field *field, const char *where, const json_t *value, struct buf *out, struct err *err)
{
	uint8_t bytes[LIMIT_TEXT_BYTES];
	size_t len = json_string_length(value) / 2;
	if (!json_is_string(value) || len > sizeof bytes ||
	    !hex_parse(json_string_value(value), json_string_length(value), bytes, len)) {
		return bad(field, where, value, err);
	}
	cbor_put_bytes(out, bytes_of(bytes, len));
	return OK;
}

static enum status put_lang_text(const struct field_reader *reader, const struct field *field, const char *where,
    const json_t *value, struct buf *out, struct err *err)
{
	const json_t *lang = NULL, *text = value;
	if (json_is_array(value) && json_array_size(value) == 2) {
		lang = json_array_get(value, 0);
		text = json_array_get(value, 1);
	} else if (json_is_object(value) && json_object_size(value) == 2) {
		lang = json_object_get(value, "lang");
		text = json_object_get(value, "text");
	}
	const char *code = lang ? json_string_value(lang) : reader->lang == LANG_JA ? "ja" : "en";
	if (!code || !json_is_string(text) || (strcmp(code, "en") != 0 && strcmp(code, "ja") != 0)) {
		return bad(field, where, value, err);
	}
	cbor_put_array(out, 2);
	cbor_put_literal(out, code);
	return put_text(field, where, text, out, err);
}

static int compare_bytes(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* Codes and ids: a set, written in ascending order; one given twice is refused rather than dropped. */
static enum status put_set(const struct field_reader *reader, const struct field *field, const char *where,
    const json_t *value, struct buf *out, struct err *err)
{
	enum { MOST = 512 };
	struct bytes items[MOST];
	struct id ids[MOST];
	size_t count = json_array_size(value);
	if (!json_is_array(value) || count == 0 || count > MOST) {
		return bad(field, where, value, err);
	}
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(value, i);
		enum status status = OK;
		if (field->type == FIELD_IDS) {
			status = read_id(reader, field, where, item, &ids[i], err);
			items[i] = id_bytes(&ids[i]);
		} else if (json_is_string(item)) {
			items[i] = string_bytes(item);
		} else {
			status = bad(field, where, item, err);
		}
		if (status != OK) {
			return status;
		}
	}
	qsort(items, count, sizeof *items, compare_bytes);
	cbor_put_array(out, count);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && bytes_equal(items[i - 1], items[i])) {
			return err_set(err, BAD_INPUT, "%s.%s: one item stands twice", where, field->name);
		}
		(field->type == FIELD_IDS ? cbor_put_bytes : cbor_put_text)(out, items[i]);
	}
	return OK;
}

/* Ranges and maps of amounts are plain JSON; record_check looks at their form. */
static enum status put_plain(
    const struct field *field, const char *where, const json_t *value, struct buf *out, struct err *err)
{
	char inner[160];
	snprintf(inner, sizeof inner, "%s.%s", where, field->name);
	if ((field->type == FIELD_AMOUNTS && !json_is_object(value)) ||
	    (field->type == FIELD_RANGE && !json_is_array(value))) {
		return bad(field, where, value, err);
	}
	return json_to_cbor(value, inner, out, err);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static enum status put_list(const struct field_reader *reader, const struct field *field, const char *where,
    const json_t *value, struct buf *out, struct err *err)
{
	size_t most = field->limit ? field->limit : LIMIT_LINES;
	if (!json_is_array(value) || json_array_size(value) == 0) {
		return bad(field, where, value, err);
	}
	if (json_array_size(value) > most) {
		return err_set(
		    err, BAD_INPUT, "%s.%s: %zu items; at most %zu", where, field->name, json_array_size(value), most);
	}
	cbor_put_array(out, json_array_size(value));
	enum status status = OK;
	for (size_t i = 0; i < json_array_size(value) && status == OK; i++) {
		char inner[160];
		unsigned count = 0;
		struct buf pairs;
		buf_init(&pairs, LIMIT_BODY_BYTES);
		snprintf(inner, sizeof inner, "%s.%s[%zu]", where, field->name, i);
		status = fields_from_json(reader, field->fields, json_array_get(value, i), inner, &pairs, &count, err);
		cbor_put_map(out, count);
		buf_put_bytes(out, buf_bytes(&pairs));
		buf_clear(&pairs);
	}
	return status;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static enum status put_field(const struct field_reader *reader, const struct field *field, const char *where,
    const json_t *value, struct buf *out, struct err *err)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_CODE:
	case FIELD_CURRENCY:
	case FIELD_UNIT:
	case FIELD_PARTY: return put_text(field, where, value, out, err);
	case FIELD_INT:
	case FIELD_AMOUNT:
	case FIELD_DECIMAL: return put_number(field, where, value, out, err);
	case FIELD_TIME:
	case FIELD_DAY: return put_when(field, where, value, out, err);
	case FIELD_BOOL:
		if (!json_is_boolean(value)) {
			return bad(field, where, value, err);
		}
		cbor_put_bool(out, json_is_true(value));
		return OK;
	case FIELD_ID: return put_id(reader, field, where, value, out, err);
	case FIELD_BYTES: return put_bytes(field, where, value, out, err);
	case FIELD_LANG_TEXT: return put_lang_text(reader, field, where, value, out, err);
	case FIELD_CODES:
	case FIELD_IDS: return put_set(reader, field, where, value, out, err);
	case FIELD_AMOUNTS:
	case FIELD_RANGE:
	case FIELD_ANY: return put_plain(field, where, value, out, err);
	case FIELD_LIST: return put_list(reader, field, where, value, out, err);
	}
	return bad(field, where, value, err);
}

static enum status refuse_unknown(const struct field *fields, const char *where, const char *name, struct err *err)
{
	char quote[TEXT_QUOTE], known[360] = "";
	size_t used = 0;
	text_quote(bytes_text(name), quote);
	for (const struct field *field = fields; field && field->name; field++) {
		int n = snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", field->name);
		if (n < 0 || (size_t)n >= sizeof known - used - 4) {
			snprintf(known + used, sizeof known - used, ", ..");
			break;
		}
		used += (size_t)n;
	}
	return err_set(err, BAD_INPUT, "%s: no field \"%s\"; there %s", where, quote, used ? known : "are none");
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
enum status fields_from_json(const struct field_reader *reader, const struct field *fields, const json_t *object,
    const char *where, struct buf *out, unsigned *count, struct err *err)
{
	const char *name;
	json_t *value;
	*count = 0;
	if (!json_is_object(object)) {
		return err_set(err, BAD_INPUT, "%s: must be an object of named fields", where);
	}
	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		if (!fields || !field_find(fields, name)) {
			return refuse_unknown(fields, where, name, err);
		}
	}
	for (const struct field *field = fields; field && field->name; field++) {
		value = json_object_get(object, field->name);
		if (!value || json_is_null(value)) {
			continue;
		}
		cbor_put_int(out, field->key);
		enum status status = put_field(reader, field, where, value, out, err);
		if (status != OK) {
			return status;
		}
		++*count;
	}
	return out->failed ? err_set(err, BAD_INPUT, "%s: too large; at most %zu bytes", where, out->ceiling) : OK;
}

/* --- writing ------------------------------------------------------------------------------------------------------------ */

static json_t *decimal_to_json(struct bytes item)
{
	struct decimal number;
	char text[DECIMAL_TEXT];
	if (!decimal_read(item, &number)) {
		return json_from_cbor(item);
	}
	decimal_print(number, text);
	return json_string(text);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static json_t *list_to_json(const struct field *field, struct bytes item)
{
	json_t *array = json_array();
	struct cbor_item head = cbor_take(&item);
	for (size_t i = 0; i < head.count && head.type == CBOR_ARRAY; i++) {
		struct cbor_item map = cbor_take(&item);
		struct bytes pairs = item;
		for (size_t j = 0; j < map.count * 2; j++) {
			cbor_skip(&item);
		}
		pairs.len -= item.len;
		json_array_append_new(array, fields_to_json(field->fields, pairs, (unsigned)map.count));
	}
	return array;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static json_t *value_to_json(const struct field *field, struct bytes item)
{
	int64_t integer;
	switch (field->type) {
	case FIELD_DECIMAL: return decimal_to_json(item);
	case FIELD_TIME: return cbor_int(item, &integer) ? json_time(integer) : json_from_cbor(item);
	case FIELD_DAY: return cbor_int(item, &integer) ? json_day(integer) : json_from_cbor(item);
	case FIELD_LIST: return list_to_json(field, item);
	default: return json_from_cbor(item);
	}
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
json_t *fields_to_json(const struct field *fields, struct bytes pairs, unsigned count)
{
	json_t *object = json_object();
	for (unsigned i = 0; i < count; i++) {
		int64_t key = cbor_take(&pairs).integer;
		struct bytes item = cbor_skip(&pairs);
		const struct field *field = fields;
		char name[24];
		while (field && field->name && field->key != key) {
			field++;
		}
		if (field && field->name) {
			json_object_set_new(object, field->name, value_to_json(field, item));
		} else {
			snprintf(name, sizeof name, "%lld", (long long)key);
			json_object_set_new(object, name, json_from_cbor(item));
		}
	}
	return object;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
json_t *fields_describe(const struct field *fields)
{
	json_t *array = json_array();
	for (const struct field *field = fields; field && field->name; field++) {
		json_t *row = json_object();
		json_object_set_new(row, "name", json_string(field->name));
		json_object_set_new(row, "key", json_integer(field->key));
		json_object_set_new(row, "type", json_string(field_type_name(field->type)));
		json_object_set_new(row, "form", json_string(field_type_form(field->type)));
		json_object_set_new(row, "required", json_boolean(field->required));
		if (field->limit && field->type != FIELD_AMOUNT) {
			json_object_set_new(row, "limit", json_integer(field->limit));
		}
		json_object_set_new(row, "en", json_string(field->en ? field->en : field->name));
		json_object_set_new(row, "ja", json_string(field->ja ? field->ja : field->name));
		json_object_set_new(row, "help", json_string(field->help ? field->help : ""));
		json_object_set_new(row, "source", json_string(field->source ? field->source : ""));
		if (field->fields) {
			json_object_set_new(row, "fields", fields_describe(field->fields));
		}
		json_array_append_new(array, row);
	}
	return array;
}
