#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include "core/record.h"

static uint8_t bytes[8192];

static struct bytes from_hex(const char *hex)
{
	size_t len = strlen(hex) / 2;

	if (!hex_parse(hex, strlen(hex), bytes, len)) {
		tap_ok(false, "the test's own hex is hex");
	}
	return bytes_of(bytes, len);
}

#define ID_HEX "5820000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define LATER_HEX "5820000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e20"

/* One value against one type. */
struct sample {
	enum field_type type;
	uint32_t limit;
	const char *hex;
	bool good;
	const char *title;
};

static const struct sample samples[] = {
	{ FIELD_TEXT, 0, "6161", true, "text of one byte fits" },
	{ FIELD_TEXT, 0, "60", false, "empty text does not" },
	{ FIELD_TEXT, 2, "626161", true, "text up to its limit fits" },
	{ FIELD_TEXT, 2, "63e381ab", false, "the limit counts bytes, not characters" },
	{ FIELD_TEXT, 0, "4161", false, "bytes are no text" },
	{ FIELD_CODE, 0, "6561425f2d2e", true, "a code has letters, _ - and point" },
	{ FIELD_CODE, 0, "613a", false, "a colon is no part of a code" },
	{ FIELD_CODE, 0, "6120", false, "nor is a blank" },
	{ FIELD_CODE, 0, "60", false, "a code is not empty" },
	{ FIELD_CODE, 0, "78206161616161616161616161616161616161616161616161616161616161616161", true,
	    "a code has up to 32 bytes" },
	{ FIELD_CODE, 0, "7821616161616161616161616161616161616161616161616161616161616161616161", false,
	    "and not 33" },
	{ FIELD_INT, 0, "00", true, "zero is a whole number" },
	{ FIELD_INT, 0, "20", false, "a negative one is refused" },
	{ FIELD_INT, 0, "1b7fffffffffffffff", true, "without a limit any size fits" },
	{ FIELD_INT, 9999, "19270f", true, "the limit itself fits" },
	{ FIELD_INT, 9999, "192710", false, "one more does not" },
	{ FIELD_INT, 0, "6130", false, "a digit in text is no number" },
	{ FIELD_INT, 0, "f5", false, "true is no number" },
	{ FIELD_AMOUNT, 0, "3903e7", true, "an amount may be negative" },
	{ FIELD_AMOUNT, 0, "1b0de0b6b3a763ffff", true, "an amount may have 18 digits" },
	{ FIELD_AMOUNT, 0, "1b0de0b6b3a7640000", false, "and not 19" },
	{ FIELD_AMOUNT, 0, "3b0de0b6b3a763ffff", false, "nor 19 below zero" },
	{ FIELD_AMOUNT, 0, "820101", false, "an amount has no decimals" },
	{ FIELD_DECIMAL, 0, "82181a01", true, "a decimal fits" },
	{ FIELD_DECIMAL, 0, "820a01", false, "a decimal that is not in its one form does not" },
	{ FIELD_TIME, 0, "1b0000e677d21fdbff", true, "the last moment of 9999 fits" },
	{ FIELD_TIME, 0, "1b0000e677d21fdc00", false, "the next does not" },
	{ FIELD_TIME, 0, "20", false, "times begin at 1970" },
	{ FIELD_DAY, 0, "3a000af939", true, "the first day of the year 1 fits" },
	{ FIELD_DAY, 0, "3a000af93a", false, "the day before does not" },
	{ FIELD_DAY, 0, "1a002cc0a0", true, "the last day of 9999 fits" },
	{ FIELD_DAY, 0, "1a002cc0a1", false, "the day after does not" },
	{ FIELD_BOOL, 0, "f4", true, "false fits" },
	{ FIELD_BOOL, 0, "00", false, "zero is not false" },
	{ FIELD_BOOL, 0, "f6", false, "null is not false" },
	{ FIELD_ID, 0, ID_HEX, true, "32 bytes are an id" },
	{ FIELD_ID, 0, "41ff", false, "one byte is not" },
	{ FIELD_BYTES, 2, "420000", true, "bytes up to the limit fit" },
	{ FIELD_BYTES, 2, "43000000", false, "more do not" },
	{ FIELD_BYTES, 2, "40", false, "none do not" },
	{ FIELD_CURRENCY, 0, "63474250", true, "GBP is a currency" },
	{ FIELD_CURRENCY, 0, "63676270", false, "gbp is none" },
	{ FIELD_CURRENCY, 0, "635a5a5a", false, "ZZZ is none" },
	{ FIELD_UNIT, 0, "634c5452", true, "LTR is a unit" },
	{ FIELD_UNIT, 0, "636c7472", false, "ltr is none" },
	{ FIELD_PARTY, 0, "624a50", true, "JP is a party code" },
	{ FIELD_PARTY, 0, "614a", false, "one letter is none" },
	{ FIELD_PARTY, 0, "626a70", false, "small letters are none" },
	{ FIELD_PARTY, 0, "684142434445463132", true, "eight letters and digits are one" },
	{ FIELD_PARTY, 0, "69414243444546313233", false, "nine are none" },
	{ FIELD_LANG_TEXT, 0, "82626a6163e381ab", true, "Japanese text fits" },
	{ FIELD_LANG_TEXT, 0, "8262656e6161", true, "English text fits" },
	{ FIELD_LANG_TEXT, 0, "826266726161", false, "French does not" },
	{ FIELD_LANG_TEXT, 0, "8262656e60", false, "text with a language is not empty either" },
	{ FIELD_LANG_TEXT, 2, "8262656e63616161", false, "its limit is that of the text" },
	{ FIELD_LANG_TEXT, 0, "6161", false, "text without a language is refused" },
	{ FIELD_LANG_TEXT, 0, "8362656e61616161", false, "an array of three is refused" },
	{ FIELD_CODES, 0, "8261616162", true, "codes ascend" },
	{ FIELD_CODES, 0, "8261626161", false, "codes that fall are refused" },
	{ FIELD_CODES, 0, "8261616161", false, "a code twice is refused" },
	{ FIELD_CODES, 0, "826261616162", true, "codes go by their letters, not by their length" },
	{ FIELD_CODES, 0, "80", false, "no codes at all are refused" },
	{ FIELD_CODES, 0, "6161", false, "a code alone is no array" },
	{ FIELD_IDS, 0, "82" ID_HEX LATER_HEX, true, "ids ascend" },
	{ FIELD_IDS, 0, "82" LATER_HEX ID_HEX, false, "ids that fall are refused" },
	{ FIELD_IDS, 0, "82" ID_HEX ID_HEX, false, "an id twice is refused" },
	{ FIELD_IDS, 0, "816161", false, "a code is no id" },
	{ FIELD_AMOUNTS, 0, "a2634742501903e8634a505920", true, "amounts by currency fit" },
	{ FIELD_AMOUNTS, 0, "a0", false, "no amounts at all are refused" },
	{ FIELD_AMOUNTS, 0, "a162474201", false, "a currency has three letters" },
	{ FIELD_AMOUNTS, 0, "a16367627001", false, "a currency has great letters" },
	{ FIELD_AMOUNTS, 0, "a1635a5a5a01", true, "a currency of these need only have the form" },
	{ FIELD_AMOUNTS, 0, "a10801", false, "a number is no currency" },
	{ FIELD_AMOUNTS, 0, "a1634742501b0de0b6b3a7640000", false, "an amount of 19 digits is refused here too" },
	{ FIELD_RANGE, 0, "820505", true, "a range of one number fits" },
	{ FIELD_RANGE, 0, "820504", false, "a range that falls does not" },
	{ FIELD_RANGE, 0, "822005", false, "a range does not begin below zero" },
	{ FIELD_RANGE, 0, "83010203", false, "a range has two numbers" },
	{ FIELD_ANY, 0, "a0", true, "any value fits where any is asked for" },
};

static void samples_test(void)
{
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		const struct sample *sample = &samples[i];
		struct field table[] = {
			{ .key = 8, .type = sample->type, .name = "value", .required = true, .limit = sample->limit },
			{ .name = NULL }
		};
		char pairs[400];
		snprintf(pairs, sizeof pairs, "08%s", sample->hex);
		struct err err;
		err_clear(&err);
		enum status status = fields_check(table, from_hex(pairs), 1, "x.y", &err);
		tap_is_int(status, sample->good ? OK : REFUSED, sample->title);
		if (status == REFUSED &&
		    (strcmp(err.rule, "F1") != 0 || strstr(err.text, "x.y, value: ") != err.text)) {
			tap_is_text(err.text, "x.y, value: ...", "the refusal names the place");
		}
	}
}

static const struct field line_fields[] = {
	{ 0, FIELD_TEXT, "description", true, 100, NULL, NULL, NULL, NULL, NULL },
	{ 1, FIELD_DECIMAL, "quantity", true, 0, NULL, NULL, NULL, NULL, "agreement gb-jp-2017, lines" },
	{ 4, FIELD_UNIT, "unit", false, 0, NULL, NULL, NULL, NULL, NULL },
	{ .name = NULL },
};
static const struct field request_fields[] = {
	{ 8, FIELD_CODE, "activity", true, 0, NULL, NULL, NULL, NULL, NULL },
	{ 9, FIELD_LIST, "lines", true, 3, line_fields, NULL, NULL, NULL, NULL },
	{ 12, FIELD_TEXT, "remarks", false, 0, NULL, NULL, NULL, NULL, NULL },
	{ .name = NULL },
};

static void request_is(const char *hex, unsigned count, const char *text, const char *title)
{
	struct err err;

	err_clear(&err);
	if (fields_check(request_fields, from_hex(hex), count, "support.requested", &err) == OK) {
		tap_is_text("good", text, title);
	} else {
		tap_is_text(err.text, text, title);
	}
}

static void table_test(void)
{
	request_is("08626161"
		   "0981a200616101"
		   "05",
	    2, "good", "a record whose fields fit is good");
	request_is("08626161"
		   "0982a20061610105a300616101050463"
		   "4c5452"
		   "0c6161",
	    3, "good", "optional fields may be there");
	request_is("0981a20061610105", 1,
	    "support.requested, activity: absent; must be a code: 1 to 32 of a-z, A-Z, 0-9, _ - .",
	    "a required field that is absent is named, with what it must be");
	request_is("08626161", 1, "support.requested, lines: absent; must be a list of 1 to 3 items",
	    "so is one behind the last that is there");
	request_is("08626161"
		   "0982a20061610105a1006161",
	    2, "support.requested, lines[2].quantity: absent; must be a decimal",
	    "of a list the item is named, counted from 1");
	request_is("08626161"
		   "0981a200616101820a01",
	    2, "support.requested, lines[1].quantity: an array; must be a decimal", "what was found is named");
	request_is("086120"
		   "0981a20061610105",
	    2, "support.requested, activity: \" \"; must be a code: 1 to 32 of a-z, A-Z, 0-9, _ - .",
	    "text that was found is quoted");
	request_is("08626161"
		   "0980",
	    2, "support.requested, lines: an array; must be a list of 1 to 3 items", "a list is not empty");
	request_is("08626161"
		   "0984a0a0a0a0",
	    2, "support.requested, lines: an array; must be a list of 1 to 3 items", "a list has its limit");
	request_is("08626161"
		   "098105",
	    2, "support.requested, lines[1]: not a map of fields", "an item of a list is a map");
	request_is("08626161"
		   "0981a20061610105"
		   "0a00",
	    3, "support.requested: field 10 is unknown", "an unknown field is refused");
	request_is("08626161"
		   "0981a20061610105"
		   "18ff00",
	    3, "support.requested: field 255 is unknown", "also one behind the last of the table");
	request_is("08626161"
		   "0981a3006161010502"
		   "00",
	    2, "support.requested, lines[1]: field 2 is unknown", "also one in an item of a list");
	request_is("08626161"
		   "0981a20061610161"
		   "61",
	    2, "support.requested, lines[1].quantity: \"a\"; must be a decimal", "a value of another type is refused");
	request_is("08626161"
		   "0981a300616101056162"
		   "00",
	    2, "support.requested, lines[1]: field \"b\" is unknown", "a key of text is refused in an item");
}

static void source_test(void)
{
	struct err err;

	err_clear(&err);
	(void)fields_check(request_fields, from_hex("086261610981a1006161"), 2, "support.requested", &err);
	tap_is_text(err.source, "agreement gb-jp-2017, lines", "the refusal carries the source of the field's rule");
	err_clear(&err);
	(void)fields_check(request_fields, from_hex("08626161"), 1, "support.requested", &err);
	tap_is_text(err.source, "docs/format.md 5.5", "or the clause of the format, where the field has none");
	err_clear(&err);
	tap_is_int(fields_check(NULL, bytes_of(NULL, 0), 0, "a.b", &err), OK, "a kind without fields has none");
	tap_is_int(fields_check(NULL, from_hex("0800"), 1, "a.b", &err), REFUSED, "and may have none");
	tap_is_int(fields_check(request_fields, from_hex("08626161"), 1, "support.requested", NULL), REFUSED,
	    "who does not want the reason gives no err");
	tap_ok(field_find(request_fields, "lines") == &request_fields[1] &&
		field_find(request_fields, "line") == NULL && field_find(NULL, "lines") == NULL,
	    "a field is found by its name");
}

/* Every limit that can be given is shown in the refusal. */
static void words_test(void)
{
	static const struct {
		enum field_type type;
		uint32_t limit;
		const char *words;
	} expected[] = {
		{ FIELD_TEXT, 0, "text of 1 to 4096 bytes" },
		{ FIELD_TEXT, 200, "text of 1 to 200 bytes" },
		{ FIELD_INT, 0, "a whole number, 0 or above" },
		{ FIELD_INT, 9, "a whole number from 0 to 9" },
		{ FIELD_BYTES, 0, "1 to 65536 bytes" },
		{ FIELD_LIST, 0, "a list of 1 to 256 items" },
		{ FIELD_LANG_TEXT, 0, "a language (en or ja) and text of 1 to 4096 bytes" },
		{ FIELD_CODE, 5, "a code: 1 to 32 of a-z, A-Z, 0-9, _ - ." },
		{ FIELD_RANGE, 0, "a first and a last number, in order" },
	};

	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		struct field table[] = { { .key = 8,
					     .type = expected[i].type,
					     .name = "value",
					     .required = true,
					     .limit = expected[i].limit },
			{ .name = NULL } };
		char text[200];
		struct err err;
		err_clear(&err);
		(void)fields_check(table, bytes_of(NULL, 0), 0, "a.b", &err);
		snprintf(text, sizeof text, "a.b, value: absent; must be %s", expected[i].words);
		tap_is_text(err.text, text, "a refusal says in words what must be there");
	}
}

int main(void)
{
	samples_test();
	table_test();
	source_test();
	words_test();
	return tap_done();
}
