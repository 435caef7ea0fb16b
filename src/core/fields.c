/* Rule F1: do the fields of a record fit the table of its kind? (docs/format.md 1 for the types, 3 and 5.5 for the rule.)
 *
 * Table and record both ascend by key, so one walk over both finds what is missing and what is unknown. Lists are tables
 * in tables; the depth is that of the tables, not of the bytes. A refusal names the place as a person would look for it:
 *     support.requested, lines[2].quantity: absent; must be a decimal
 * Items are counted from 1. */
#include "base/cbor.h"
#include "base/currency.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/unit.h"
#include "core/kernel.h"
#include "core/record.h"
#include <stdio.h>
#include <string.h>

#define F1_SOURCE "docs/format.md 5.5"
#define TIME_LAST_MS 253402300799999 /* 9999-12-31T23:59:59.999Z */
#define DAY_FIRST (-719162)          /* 0001-01-01 */
#define DAY_LAST 2932896             /* 9999-12-31 */
#define AMOUNT_LAST 999999999999999999
#define CODE_BYTES 32
#define WORDS 160 /* what a field must be, in words */

/* Where in the record the check is: links on the stack, read only when a message is made. */
struct where {
	const struct where *outer;
	const char *name;
	size_t index; /* 0: no item of a list */
};

static void where_print(const struct where *where, char *out, size_t size)
{
	const struct where *links[LIMIT_CBOR_DEPTH + 2];
	size_t count = 0, used = 0;

	for (; where != NULL && count < sizeof links / sizeof links[0]; where = where->outer) {
		links[count++] = where;
	}
	out[0] = '\0';
	while (count > 0) {
		const struct where *link = links[--count];
		const char *mark = link->outer == NULL ? "" : link->outer->outer == NULL ? ", " : ".";
		int len = link->index > 0
		    ? snprintf(out + used, size - used, "%s%s[%zu]", mark, link->name, link->index)
		    : snprintf(out + used, size - used, "%s%s", mark, link->name);
		if (len < 0 || (size_t)len >= size - used) {
			return; /* cut: the beginning says enough */
		}
		used += (size_t)len;
	}
}

/* What a field must be, for messages. */
static void field_words(const struct field *field, char out[WORDS])
{
	static const char *const words[] = {
		[FIELD_TEXT] = "text of 1 to %u bytes",
		[FIELD_CODE] = "a code: 1 to 32 of a-z, A-Z, 0-9, _ - .",
		[FIELD_INT] = "a whole number from 0 to %u",
		[FIELD_AMOUNT] = "a whole number of minor units",
		[FIELD_DECIMAL] = "a decimal",
		[FIELD_TIME] = "a time",
		[FIELD_DAY] = "a day",
		[FIELD_BOOL] = "true or false",
		[FIELD_ID] = "an id of 32 bytes",
		[FIELD_BYTES] = "1 to %u bytes",
		[FIELD_CURRENCY] = "a currency code of ISO 4217",
		[FIELD_UNIT] = "a code of the unit list",
		[FIELD_PARTY] = "a party code: 2 to 8 of A-Z, 0-9",
		[FIELD_LANG_TEXT] = "a language (en or ja) and text of 1 to %u bytes",
		[FIELD_CODES] = "codes in ascending order, none twice, at least one",
		[FIELD_IDS] = "ids in ascending order, none twice, at least one",
		[FIELD_AMOUNTS] = "whole numbers of minor units by currency, at least one",
		[FIELD_RANGE] = "a first and a last number, in order",
		[FIELD_LIST] = "a list of 1 to %u items",
		[FIELD_ANY] = "a value",
	};
	unsigned limit = field->limit;

	if (field->type == FIELD_INT && limit == 0) {
		snprintf(out, WORDS, "a whole number, 0 or above");
		return;
	}
	if (limit == 0) {
		limit = field->type == FIELD_LIST ? LIMIT_LINES
		    : field->type == FIELD_BYTES  ? LIMIT_BODY_BYTES
						  : LIMIT_TEXT_BYTES;
	}
	const char *format = words[field->type];
	const char *number = strstr(format, "%u");
	if (number == NULL) {
		snprintf(out, WORDS, "%s", format);
	} else {
		snprintf(out, WORDS, "%.*s%u%s", (int)(number - format), format, limit, number + 2);
	}
}

static enum status field_refuse(
    const struct field *field, const struct where *where, const char *found, struct err *err)
{
	char place[200], words[WORDS];

	where_print(where, place, sizeof place);
	field_words(field, words);
	return err_refuse(
	    err, "F1", field->source != NULL ? field->source : F1_SOURCE, "%s: %s; must be %s", place, found, words);
}

/* The value as a message shows it, when it can be shown in a few words. */
static void value_words(struct bytes value, char *out, size_t size)
{
	static const char *const names[] = {
		[CBOR_NONE] = "nothing",
		[CBOR_BYTES] = "bytes",
		[CBOR_ARRAY] = "an array",
		[CBOR_MAP] = "a map",
		[CBOR_NULL] = "null",
	};
	struct cbor_item item = cbor_take(&value);
	char quoted[TEXT_QUOTE];

	switch (item.type) {
	case CBOR_UINT:
	case CBOR_NEGATIVE: snprintf(out, size, "%lld", (long long)item.integer); break;
	case CBOR_BOOL: snprintf(out, size, "%s", item.integer != 0 ? "true" : "false"); break;
	case CBOR_TEXT:
		text_quote(item.bytes, quoted);
		snprintf(out, size, "\"%s\"", quoted);
		break;
	default: snprintf(out, size, "%s", names[item.type]); break;
	}
}

/* ---- the types ----------------------------------------------------------------------------------------------------- */

bool code_fits(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.') {
			return false;
		}
	}
	return text.len >= 1 && text.len <= CODE_BYTES;
}

bool party_code_fits(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
			return false;
		}
	}
	return text.len >= 2 && text.len <= 8;
}

static bool is_amount(const struct cbor_item *item)
{
	return (item->type == CBOR_UINT || item->type == CBOR_NEGATIVE) && item->integer <= AMOUNT_LAST &&
	    item->integer >= -AMOUNT_LAST;
}

static bool fits_integer(const struct field *field, const struct cbor_item *item)
{
	switch (field->type) {
	case FIELD_INT: return item->type == CBOR_UINT && (field->limit == 0 || item->integer <= field->limit);
	case FIELD_AMOUNT: return is_amount(item);
	case FIELD_TIME: return item->type == CBOR_UINT && item->integer <= TIME_LAST_MS;
	case FIELD_DAY:
		return (item->type == CBOR_UINT || item->type == CBOR_NEGATIVE) && item->integer >= DAY_FIRST &&
		    item->integer <= DAY_LAST;
	default: return item->type == CBOR_BOOL;
	}
}

static bool fits_length(const struct field *field, struct bytes bytes, unsigned standard)
{
	return bytes.len >= 1 && bytes.len <= (field->limit != 0 ? field->limit : standard);
}

static bool fits_string(const struct field *field, const struct cbor_item *item)
{
	if (field->type == FIELD_ID) {
		return item->type == CBOR_BYTES && item->bytes.len == ID_BYTES;
	}
	if (field->type == FIELD_BYTES) {
		return item->type == CBOR_BYTES && fits_length(field, item->bytes, LIMIT_BODY_BYTES);
	}
	if (item->type != CBOR_TEXT) {
		return false;
	}
	switch (field->type) {
	case FIELD_CODE: return code_fits(item->bytes);
	case FIELD_CURRENCY: return currency_find(item->bytes) != NULL;
	case FIELD_UNIT: return unit_find(item->bytes) != NULL;
	case FIELD_PARTY: return party_code_fits(item->bytes);
	default: return fits_length(field, item->bytes, LIMIT_TEXT_BYTES);
	}
}

/* Codes or ids: ascending by their bytes (a prefix first), none twice. */
static bool fits_set(const struct field *field, struct cbor_item array, struct bytes at)
{
	struct bytes before = { NULL, 0 };

	if (array.type != CBOR_ARRAY || array.count == 0) {
		return false;
	}
	for (; array.count > 0; array.count--) {
		struct cbor_item item = cbor_take(&at);
		bool fits = field->type == FIELD_CODES ? item.type == CBOR_TEXT && code_fits(item.bytes)
						       : item.type == CBOR_BYTES && item.bytes.len == ID_BYTES;
		if (!fits || bytes_compare(before, item.bytes) >= 0) {
			return false;
		}
		before = item.bytes;
	}
	return true;
}

static bool is_currency_form(const struct cbor_item *item)
{
	if (item->type != CBOR_TEXT || item->bytes.len != 3) {
		return false;
	}
	for (size_t i = 0; i < 3; i++) {
		if (item->bytes.data[i] < 'A' || item->bytes.data[i] > 'Z') {
			return false;
		}
	}
	return true;
}

/* The form of a currency is enough here: grants carry such a map, and a kernel verdict may not hang on a list that grows. */
static bool fits_amounts(struct cbor_item map, struct bytes at)
{
	if (map.type != CBOR_MAP || map.count == 0) {
		return false;
	}
	for (; map.count > 0; map.count--) {
		struct cbor_item currency = cbor_take(&at);
		struct cbor_item amount = cbor_take(&at);
		if (!is_currency_form(&currency) || !is_amount(&amount)) {
			return false;
		}
	}
	return true;
}

static bool fits_pair(const struct field *field, struct cbor_item array, struct bytes at)
{
	if (array.type != CBOR_ARRAY || array.count != 2) {
		return false;
	}
	struct cbor_item first = cbor_take(&at);
	struct cbor_item second = cbor_take(&at);
	if (field->type == FIELD_RANGE) {
		return first.type == CBOR_UINT && second.type == CBOR_UINT && first.integer <= second.integer;
	}
	return first.type == CBOR_TEXT && (bytes_is(first.bytes, "en") || bytes_is(first.bytes, "ja")) &&
	    second.type == CBOR_TEXT && fits_length(field, second.bytes, LIMIT_TEXT_BYTES);
}

static bool value_fits(const struct field *field, struct bytes value)
{
	struct bytes at = value;
	struct cbor_item item = cbor_take(&at);

	switch (field->type) {
	case FIELD_INT:
	case FIELD_AMOUNT:
	case FIELD_TIME:
	case FIELD_DAY:
	case FIELD_BOOL: return fits_integer(field, &item);
	case FIELD_DECIMAL: {
		struct decimal ignored;
		return decimal_read(value, &ignored);
	}
	case FIELD_TEXT:
	case FIELD_CODE:
	case FIELD_ID:
	case FIELD_BYTES:
	case FIELD_CURRENCY:
	case FIELD_UNIT:
	case FIELD_PARTY: return fits_string(field, &item);
	case FIELD_CODES:
	case FIELD_IDS: return fits_set(field, item, at);
	case FIELD_AMOUNTS: return fits_amounts(item, at);
	case FIELD_LANG_TEXT:
	case FIELD_RANGE: return fits_pair(field, item, at);
	case FIELD_LIST:
		return item.type == CBOR_ARRAY && item.count >= 1 &&
		    item.count <= (field->limit != 0 ? field->limit : LIMIT_LINES);
	default: return true;
	}
}

/* ---- tables -------------------------------------------------------------------------------------------------------- */

static enum status unknown_refuse(const struct where *where, struct bytes key, struct err *err)
{
	char place[200], found[TEXT_QUOTE + 8];

	where_print(where, place, sizeof place);
	value_words(key, found, sizeof found);
	return err_refuse(err, "F1", F1_SOURCE, "%s: field %s is unknown", place, found);
}

static enum status table_check(
    const struct field *fields, struct bytes pairs, size_t count, const struct where *where, struct err *err);

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static enum status list_check(const struct field *field, struct bytes value, struct where *where, struct err *err)
{
	struct cbor_item array = cbor_take(&value);
	enum status status = OK;

	for (where->index = 1; status == OK && where->index <= array.count; where->index++) {
		struct bytes whole = cbor_skip(&value);
		struct cbor_item map = cbor_take(&whole);
		if (map.type != CBOR_MAP) {
			char place[200];
			where_print(where, place, sizeof place);
			return err_refuse(err, "F1", F1_SOURCE, "%s: not a map of fields", place);
		}
		status = table_check(field->fields, whole, map.count, where, err);
	}
	return status;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static enum status value_check(
    const struct field *field, struct bytes value, const struct where *outer, struct err *err)
{
	struct where where = { outer, field->name, 0 };
	char found[TEXT_QUOTE + 8];

	if (!value_fits(field, value)) {
		value_words(value, found, sizeof found);
		return field_refuse(field, &where, found, err);
	}
	return field->type == FIELD_LIST ? list_check(field, value, &where, err) : OK;
}

static enum status absent_refuse(const struct field *field, const struct where *outer, struct err *err)
{
	struct where where = { outer, field->name, 0 };

	return field_refuse(field, &where, "absent", err);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static enum status table_check(
    const struct field *fields, struct bytes pairs, size_t count, const struct where *where, struct err *err)
{
	static const struct field none = { .name = NULL };
	const struct field *field = fields != NULL ? fields : &none;

	for (; count > 0; count--) {
		struct bytes key_item = pairs;
		struct cbor_item key = cbor_take(&pairs);
		struct bytes value = cbor_skip(&pairs);
		for (; key.type == CBOR_UINT && field->name != NULL && field->key < key.integer; field++) {
			if (field->required) {
				return absent_refuse(field, where, err);
			}
		}
		if (key.type != CBOR_UINT || field->name == NULL || field->key != key.integer) {
			return unknown_refuse(where, key_item, err);
		}
		enum status status = value_check(field, value, where, err);
		if (status != OK) {
			return status;
		}
		field++;
	}
	for (; field->name != NULL; field++) {
		if (field->required) {
			return absent_refuse(field, where, err);
		}
	}
	return OK;
}

enum status fields_check(
    const struct field *fields, struct bytes pairs, unsigned count, const char *where, struct err *err)
{
	struct where outermost = { NULL, where, 0 };

	return table_check(fields, pairs, count, &outermost, err);
}

enum status record_check(const struct kind *kind, const struct body *body, struct err *err)
{
	enum status status = fields_check(kind->fields, body->fields, body->field_count, kind->name, err);

	return status == OK ? kernel_check(kind, body, err) : status;
}
