/* Amounts in major units. The table of the kind says in which currency each is. */
#include "app/amounts.h"
#include "base/currency.h"
#include "base/text.h"
#include <string.h>

#define SUFFIX "_minor"
#define CODE_LEN 3

bool amount_name(const struct field *field, char out[AMOUNT_NAME])
{
	size_t len = strlen(field->name), suffix = strlen(SUFFIX);

	if (field->type != FIELD_AMOUNT || len <= suffix || len - suffix >= AMOUNT_NAME ||
	    strcmp(field->name + len - suffix, SUFFIX) != 0) {
		return false;
	}
	snprintf(out, AMOUNT_NAME, "%.*s", (int)(len - suffix), field->name);
	return true;
}

const char *typed_name(struct arena *arena, const struct field *field)
{
	char name[AMOUNT_NAME];
	const char *copy = amount_name(field, name) ? arena_printf(arena, "%s", name) : NULL;

	return copy ? copy : field->name;
}

static struct bytes text_of(const json_t *value)
{
	return bytes_of(json_string_value(value), json_string_length(value));
}

/* The currency field of this set, as typed; empty when there is none, or nothing in it. */
static struct bytes currency_beside(const struct field *fields, const json_t *object)
{
	for (; fields->name; fields++) {
		const json_t *value = fields->type == FIELD_CURRENCY ? json_object_get(object, fields->name) : NULL;
		if (json_is_string(value)) {
			return text_of(value);
		}
	}
	return bytes_of(NULL, 0);
}

static bool is_code(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < 'A' || text.data[i] > 'Z') {
			return false;
		}
	}
	return text.len == CODE_LEN;
}

/* "GBP 18,500.00" and "18,500.00 GBP" into code and amount; the code stays empty where none is written. */
static void split(struct bytes text, struct bytes *amount, struct bytes *code)
{
	*amount = text_trim(text);
	*code = bytes_of(NULL, 0);
	if (amount->len <= CODE_LEN) {
		return;
	}
	struct bytes head = bytes_of(amount->data, CODE_LEN),
		     tail = bytes_of(amount->data + amount->len - CODE_LEN, CODE_LEN);
	if (is_code(head)) {
		*code = head;
		*amount = text_trim(bytes_of(amount->data + CODE_LEN, amount->len - CODE_LEN));
	} else if (is_code(tail)) {
		*code = tail;
		*amount = text_trim(bytes_of(amount->data, amount->len - CODE_LEN));
	}
}

static enum status read_one(
    const char *where, const char *name, struct bytes text, struct bytes known, int64_t *minor, struct err *err)
{
	char quote[TEXT_QUOTE], code_quote[TEXT_QUOTE], known_quote[TEXT_QUOTE];
	struct bytes amount, code;
	struct err inner = { 0 };

	split(text, &amount, &code);
	text_quote(text, quote);
	text_quote(code, code_quote);
	text_quote(known, known_quote);
	if (code.len > 0 && known.len > 0 && !bytes_equal(code, known)) {
		return err_set(err, BAD_INPUT, "%s.%s \"%s\": is in %s, but the currency is %s", where, name, quote,
		    code_quote, known_quote);
	}
	struct bytes wanted = code.len > 0 ? code : known;
	if (wanted.len == 0) {
		return err_set(err, BAD_INPUT,
		    "%s.%s \"%s\": in which currency? choose it, or write it before the amount: GBP 18,500.00", where,
		    name, quote);
	}
	const struct currency *currency = currency_find(wanted);
	if (currency == NULL) {
		return err_set(err, BAD_INPUT, "%s.%s \"%s\": no currency %s; must be an ISO 4217 code, \"GBP\"", where,
		    name, quote, code.len > 0 ? code_quote : known_quote);
	}
	return currency_parse(currency, amount, minor, &inner) == OK
	    ? OK
	    : err_within(err, BAD_INPUT, &inner, "%s.%s", where, name);
}

static enum status read_field(
    const struct field *field, json_t *object, struct bytes currency, const char *where, struct err *err)
{
	char name[AMOUNT_NAME];
	int64_t minor = 0;
	const json_t *value = amount_name(field, name) ? json_object_get(object, name) : NULL;

	if (value == NULL) {
		return OK;
	}
	if (json_object_get(object, field->name)) {
		return err_set(
		    err, BAD_INPUT, "%s: %s and %s are both given; give one of them", where, name, field->name);
	}
	if (!json_is_string(value)) {
		return err_set(err, BAD_INPUT,
		    "%s.%s: must be text in major units, \"18,500.00\"; whole minor units stand in %s", where, name,
		    field->name);
	}
	enum status status = read_one(where, name, text_of(value), currency, &minor, err);
	if (status == OK) {
		json_object_del(object, name);
		json_object_set_new(object, field->name, json_integer(minor));
	}
	return status;
}

/* Of an amount marked AMOUNT_OUTER the currency beside it is another's. */
static struct bytes currency_of(const struct field *field, struct bytes beside, struct bytes outer)
{
	return field->limit == AMOUNT_OUTER || beside.len == 0 ? outer : beside;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static enum status read_items(
    const struct field *list, json_t *object, struct bytes currency, const char *where, struct err *err)
{
	json_t *items = json_object_get(object, list->name), *item;
	enum status status = OK;
	size_t index;

	if (!json_is_array(items)) {
		return OK;
	}
	json_array_foreach(items, index, item)
	{
		char inner[160];
		snprintf(inner, sizeof inner, "%s.%s[%zu]", where, list->name, index);
		status = status == OK && json_is_object(item) ? amounts_read(list->fields, item, currency, inner, err)
							      : status;
	}
	return status;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
enum status amounts_read(
    const struct field *fields, json_t *object, struct bytes currency, const char *where, struct err *err)
{
	enum status status = OK;

	if (fields == NULL || !json_is_object(object)) {
		return OK; /* what it must be instead is said by fields_from_json() */
	}
	struct bytes beside = currency_beside(fields, object), own = beside.len > 0 ? beside : currency;
	for (const struct field *field = fields; field->name && status == OK; field++) {
		status = field->type == FIELD_LIST
		    ? read_items(field, object, own, where, err)
		    : read_field(field, object, currency_of(field, beside, currency), where, err);
	}
	return status;
}
