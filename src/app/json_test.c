/* JSON at the edge: read strictly, carried over into canonical CBOR and back. */
#include "app/json.h"
#include "base/cbor.h"
#include "base/tap.h"
#include <stdlib.h>

/* Hex of the CBOR of a JSON text; the error's text when it is refused. */
static const char *to_hex(const char *text)
{
	static char out[600];
	struct buf cbor;
	struct err err = { 0 };
	json_t *value;

	if (json_read(bytes_text(text), "test", &value, &err) != OK) {
		snprintf(out, sizeof out, "%s", err.text);
		return out;
	}
	buf_init(&cbor, 256);
	if (json_to_cbor(value, "test", &cbor, &err) == OK) {
		hex_print(buf_bytes(&cbor), out);
		tap_ok(cbor_check(buf_bytes(&cbor), 256) == NULL, "what is written is canonical");
	} else {
		snprintf(out, sizeof out, "%s", err.text);
	}
	buf_clear(&cbor);
	json_decref(value);
	return out;
}

static bool round_trips(const char *text)
{
	struct buf cbor;
	json_t *value, *back;
	bool same;

	if (json_read(bytes_text(text), "test", &value, NULL) != OK) {
		return false;
	}
	buf_init(&cbor, 4096);
	json_to_cbor(value, "test", &cbor, NULL);
	back = json_from_cbor(buf_bytes(&cbor));
	same = json_equal(value, back);
	json_decref(value);
	json_decref(back);
	buf_clear(&cbor);
	return same;
}

static void test_reading(void)
{
	tap_is_text(to_hex("{\"b\":1,\"a\":[true,null],\"aa\":\"x\"}"), "a3616182f5f66162016261616178",
	    "keys go shorter first, then by bytes");
	tap_is_text(to_hex("-1"), "20", "a negative integer");
	tap_is_text(to_hex("{\"a\":1,\"a\":2}"), "test, line 1, column 10: duplicate object key near '\"a\"'",
	    "a doubled name is refused");
	tap_ok(strstr(to_hex("[2.5]"), "test[0]: 2.5 is not an integer; write decimals as text"),
	    "a number with decimals is refused, with its place");
	tap_ok(strstr(to_hex("{\"a\":[[[[[[[[1]]]]]]]]}"), "nested deeper than 8"), "nine levels are refused");
	tap_ok(strstr(to_hex("\"a\\u0000b\""), "U+0000"), "U+0000 is refused by name");
	tap_ok(strstr(to_hex("\"\xff\""), "UTF-8"), "bytes that are not UTF-8 are refused by name");
	tap_ok(strstr(to_hex("\"a\\u001bb\""), "control"), "a control character is refused");
	tap_ok(strstr(to_hex("{\"a\\u0007\":1}"), "control"), "in a name, too");
	tap_ok(strstr(to_hex("{} x"), "end of file expected"), "nothing may follow");
	tap_ok(strstr(to_hex("99999999999999999999"), "too big"), "an integer that does not fit is refused");
}

static void test_back(void)
{
	tap_ok(
	    round_trips(
		"{\"title\":{\"en\":\"x\",\"ja\":\"\xe5\x89\xb2\xe7\xac\xa6\"},\"list\":[1,-2,true,false,null,\"\"]}"),
	    "there and back");
	struct buf cbor;
	json_t *value;
	buf_init(&cbor, 100);
	cbor_put_map(&cbor, 2);
	cbor_put_int(&cbor, 8);
	cbor_put_bytes(&cbor, bytes_of("\x01\xff", 2));
	cbor_put_int(&cbor, 10);
	cbor_put_bool(&cbor, true);
	value = json_from_cbor(buf_bytes(&cbor));
	tap_is_text(json_get_text(value, "8"), "01ff", "bytes become hex, integer keys their digits");
	tap_ok(json_is_true(json_object_get(value, "10")), "booleans stay");
	tap_is_int(json_get_int(value, "11"), 0, "what is absent is 0");
	tap_ok(json_get_text(value, "11") == NULL, "or nothing");
	json_decref(value);
	buf_clear(&cbor);
}

static void test_bounds(void)
{
	struct buf cbor;
	struct err err = { 0 };
	json_t *value = json_string("a text that is longer than the buffer may be"), *read;
	char *large = calloc(1, (1 << 20) + 2);

	buf_init(&cbor, 16);
	tap_is_int(json_to_cbor(value, "profile", &cbor, &err), BAD_INPUT, "what does not fit is refused");
	tap_ok(strstr(err.text, "profile: too large"), "with its place");
	buf_clear(&cbor);
	json_decref(value);
	err_clear(&err);
	memset(large, ' ', (1 << 20) + 1);
	tap_is_int(json_read(bytes_text(large), "large", &read, &err), BAD_INPUT,
	    "a text above the ceiling is not read at all");
	free(large);
}

int main(void)
{
	test_reading();
	test_back();
	test_bounds();
	return tap_done();
}
