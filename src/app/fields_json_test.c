/* Own fields between JSON and CBOR, by a table that has one field of every type. */
#include "app/fields_json.h"
#include "base/cbor.h"
#include "base/tap.h"
#include <stdlib.h>

static const struct field items[] = {
	{ 0, FIELD_INT, "line", true, 9999, NULL, "Line", "行", "", "" },
	{ 1, FIELD_DECIMAL, "quantity", false, 0, NULL, "Quantity", "数量", "", "" },
	{ 0 },
};
static const struct field fields[] = {
	{ 8, FIELD_TEXT, "text", false, 0, NULL, "Text", "文", "a text", "ours" },
	{ 9, FIELD_CODE, "code", true, 0, NULL, "Code", "符号", "", "" },
	{ 10, FIELD_INT, "whole", false, 0, NULL, NULL, NULL, NULL, NULL },
	{ 11, FIELD_AMOUNT, "amount_minor", false, 0, NULL, "", "", "", "" },
	{ 12, FIELD_DECIMAL, "decimal", false, 0, NULL, "", "", "", "" },
	{ 13, FIELD_TIME, "when", false, 0, NULL, "", "", "", "" },
	{ 14, FIELD_DAY, "day", false, 0, NULL, "", "", "", "" },
	{ 15, FIELD_BOOL, "flag", false, 0, NULL, "", "", "", "" },
	{ 16, FIELD_ID, "id", false, 0, NULL, "", "", "", "" },
	{ 17, FIELD_BYTES, "bytes", false, 4, NULL, "", "", "", "" },
	{ 18, FIELD_LANG_TEXT, "remarks", false, 0, NULL, "", "", "", "" },
	{ 19, FIELD_CODES, "codes", false, 0, NULL, "", "", "", "" },
	{ 20, FIELD_IDS, "ids", false, 0, NULL, "", "", "", "" },
	{ 21, FIELD_AMOUNTS, "limits", false, 0, NULL, "", "", "", "" },
	{ 22, FIELD_RANGE, "range", false, 0, NULL, "", "", "", "" },
	{ 23, FIELD_LIST, "lines", false, 2, items, "", "", "", "" },
	{ 24, FIELD_ANY, "any", false, 0, NULL, "", "", "", "" },
	{ 0 },
};

static enum status find_number(void *context, const char *text, struct id *out, struct err *err)
{
	(void)context;
	if (strcmp(text, "GB-07-0013") != 0) {
		return err_set(err, NOT_FOUND, "%s: no such number in this tally", text);
	}
	memset(out, 7, sizeof *out);
	return OK;
}

/* What comes back for a JSON object; the error's text when it is refused. */
static const char *through(const char *text, enum lang lang)
{
	static char out[2000];
	struct field_reader reader = { lang, find_number, NULL };
	struct err err = { 0 };
	struct buf pairs;
	unsigned count;
	json_t *object, *back;

	if (json_read(bytes_text(text), "test", &object, &err) != OK) {
		return "not JSON";
	}
	buf_init(&pairs, 4096);
	if (fields_from_json(&reader, fields, object, "toy.made", &pairs, &count, &err) != OK) {
		snprintf(out, sizeof out, "%s", err.text);
	} else {
		back = fields_to_json(fields, buf_bytes(&pairs), count);
		char *dumped = json_dumps(back, JSON_COMPACT);
		snprintf(out, sizeof out, "%s", dumped);
		free(dumped);
		json_decref(back);
		err_clear(&err);
		if (fields_check(fields, buf_bytes(&pairs), count, "toy.made", &err) != OK) {
			snprintf(out, sizeof out, "not by the table: %s", err.text);
		}
	}
	buf_clear(&pairs);
	json_decref(object);
	return out;
}

static void same(const char *text, const char *title)
{
	tap_is_text(through(text, LANG_EN), text, title);
}

#define HEX7 "0707070707070707070707070707070707070707070707070707070707070707"
#define HEX8 "0808080808080808080808080808080808080808080808080808080808080808"

static void test_good(void)
{
	same(
	    "{\"text\":\"caf\xc3\xa9\",\"code\":\"a-1\",\"whole\":7,\"amount_minor\":-250,\"decimal\":\"2.6\",\"when\":\"2013-11-26T09:30:00Z\","
	    "\"day\":\"2013-11-26\",\"flag\":true,\"id\":\"" HEX7 "\",\"bytes\":\"00ff\"}",
	    "each simple type goes there and back");
	same(
	    "{\"code\":\"a\",\"remarks\":[\"ja\",\"\xe5\x82\x99\xe8\x80\x83\"],\"codes\":[\"a\",\"b\"],\"ids\":[\"" HEX7
	    "\",\"" HEX8
	    "\"],\"limits\":{\"GBP\":1},\"range\":[1,9],\"lines\":[{\"line\":1,\"quantity\":\"2.5\"},{\"line\":2}],\"any\":{\"x\":[1]}}",
	    "each made-up type does, too");
	tap_is_text(through("{\"code\":\"a\",\"whole\":\"1,250\",\"decimal\":3,\"codes\":[\"b\",\"a\"],\"text\":null}",
			LANG_EN),
	    "{\"code\":\"a\",\"whole\":1250,\"decimal\":\"3\",\"codes\":[\"a\",\"b\"]}",
	    "numbers may be text, sets are sorted, null is absent");
	tap_is_text(through("{\"code\":\"a\",\"remarks\":\"x\"}", LANG_JA),
	    "{\"code\":\"a\",\"remarks\":[\"ja\",\"x\"]}", "plain text is in the language of the reader");
	tap_is_text(through("{\"code\":\"a\",\"remarks\":{\"lang\":\"en\",\"text\":\"x\"}}", LANG_JA),
	    "{\"code\":\"a\",\"remarks\":[\"en\",\"x\"]}", "or in the one that is said");
	tap_is_text(through("{\"code\":\"a\",\"id\":\"GB-07-0013\",\"ids\":[\"GB-07-0013\"]}", LANG_EN),
	    "{\"code\":\"a\",\"id\":\"" HEX7 "\",\"ids\":[\"" HEX7 "\"]}", "an id may be given as a number");
	tap_is_text(through("{\"code\":\"a\",\"when\":\"2013-11-26T18:30:00+09:00\"}", LANG_EN),
	    "{\"code\":\"a\",\"when\":\"2013-11-26T09:30:00Z\"}", "a time may have an offset");
}

static void refused(const char *text, const char *words, const char *title)
{
	const char *said = through(text, LANG_EN);

	if (!tap_ok(strstr(said, words) != NULL, title)) {
		printf("# said: %s\n", said);
	}
}

static void test_bad(void)
{
	refused("{\"codee\":1}", "toy.made: no field \"codee\"; there text, code, whole",
	    "an unknown field is refused, and those that there are named");
	refused("{\"lines\":[{\"lime\":1}]}", "toy.made.lines[0]: no field \"lime\"; there line, quantity",
	    "inside a list, too");
	refused("{\"text\":1}", "toy.made.text: must be text", "a number is no text");
	refused("{\"text\":\"a\\u0007\"}", "control", "nor is a bell");
	refused("{\"whole\":\"1.5\"}", "toy.made.whole \"1.5\": must be a whole number", "1.5 is not whole");
	refused("{\"decimal\":\"1.2.3\"}", "toy.made.decimal", "1.2.3 is no decimal");
	refused("{\"decimal\":\"1234567890123456789\"}", "18", "nineteen digits are too many");
	refused("{\"decimal\":2.5}", "must be a decimal", "decimals stand as text");
	refused("{\"day\":\"2013-02-30\"}", "toy.made.day \"2013-02-30\": must be a day", "February has no thirtieth");
	refused("{\"when\":5}", "must be a time", "a bare number is no time");
	refused("{\"flag\":\"yes\"}", "must be true or false", "yes is not true");
	refused("{\"id\":\"abc\"}", "no such number", "an id is hex or a number");
	refused("{\"id\":5}", "must be an id", "and no integer");
	refused("{\"bytes\":\"0\"}", "must be bytes in hex", "half a byte is none");
	refused("{\"remarks\":[\"fr\",\"x\"]}", "must be text", "two languages there are");
	refused("{\"codes\":[\"a\",\"a\"]}", "one item stands twice", "a set has each once");
	refused("{\"codes\":[]}", "must be a list of codes", "an empty set is left out");
	refused("{\"codes\":[1]}", "must be a list of codes", "a code is text");
	refused("{\"limits\":[1]}", "must be minor units by currency", "limits are an object");
	refused("{\"range\":{}}", "must be first and last", "a range is a list");
	refused("{\"lines\":[]}", "must be a list", "an empty list is left out");
	refused("{\"lines\":[{\"line\":1},{\"line\":2},{\"line\":3}]}", "3 items; at most 2", "a list has a ceiling");
	refused("{\"lines\":[5]}", "must be an object", "an item is an object");
	refused("[]", "must be an object of named fields", "fields are an object");
	refused("{\"any\":[1.5]}", "toy.made.any[0]: 1.5 is not an integer", "any value still has no floats");
}

static void test_described(void)
{
	json_t *rows = fields_describe(fields), *first = json_array_get(rows, 0);

	tap_is_int(json_array_size(rows), 17, "the table is described whole");
	tap_is_text(json_get_text(first, "name"), "text", "by name");
	tap_is_text(json_get_text(first, "source"), "ours", "with the source of the rule");
	tap_is_text(json_get_text(json_array_get(rows, 2), "en"), "whole", "a field without a label has its name");
	tap_is_int(
	    json_array_size(json_object_get(json_array_get(rows, 15), "fields")), 2, "lists with their own fields");
	tap_is_text(field_type_name(FIELD_DAY), "day", "types have names");
	json_decref(rows);
	struct buf pairs;
	buf_init(&pairs, 50);
	cbor_put_int(&pairs, 99);
	cbor_put_int(&pairs, 5);
	rows = fields_to_json(fields, buf_bytes(&pairs), 1);
	tap_is_int(json_get_int(rows, "99"), 5, "a field that the table does not know is shown under its number");
	json_decref(rows);
	buf_clear(&pairs);
}

int main(void)
{
	test_good();
	test_bad();
	test_described();
	return tap_done();
}
