#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include <stdlib.h>

static uint8_t bytes[LIMIT_BODY_BYTES + 16];

static struct bytes from_hex(const char *hex)
{
	size_t len = strlen(hex) / 2;

	if (!hex_parse(hex, strlen(hex), bytes, len)) {
		tap_ok(false, "the test's own hex is hex");
	}
	return bytes_of(bytes, len);
}

static const char *checked(struct bytes in)
{
	const char *reason = cbor_check(in, LIMIT_BODY_BYTES);

	return reason != NULL ? reason : "good";
}

struct sample {
	const char *hex, *reason, *title;
};

static const struct sample samples[] = {
	/* what is allowed */
	{ "00", "good", "zero is read" },
	{ "17", "good", "23 stands in the first byte" },
	{ "1818", "good", "24 takes a byte more" },
	{ "190100", "good", "256 takes two bytes more" },
	{ "1a00010000", "good", "65,536 takes four bytes more" },
	{ "1b0000000100000000", "good", "2^32 takes eight bytes more" },
	{ "1b7fffffffffffffff", "good", "2^63-1 is the greatest integer" },
	{ "3b7fffffffffffffff", "good", "-2^63 is the least integer" },
	{ "40", "good", "an empty byte string is read" },
	{ "60", "good", "empty text is read" },
	{ "80", "good", "an empty array is read" },
	{ "a0", "good", "an empty map is read" },
	{ "f4", "good", "false is read" },
	{ "f5", "good", "true is read" },
	{ "f6", "good", "null is read" },
	{ "a30001181800616180", "good", "a map's keys ascend by the bytes of their encodings" },
	{ "a2617a0062616100", "good", "a shorter text key comes before a longer one, whatever its letters" },
	{ "82a10080a10180", "good", "maps in one array have keys of their own" },
	{ "63e381ab", "good", "Japanese is read" },
	{ "64f09f9a81", "good", "a character of four bytes is read" },
	{ "63610a62", "good", "a newline in text is allowed" },
	{ "63efbfbf", "good", "a noncharacter is a character all the same" },
	{ "62c2a0", "good", "U+00A0 is no control" },
	{ "8181818181818180", "good", "eight levels are allowed" },
	{ "8181818181818101", "good", "a scalar in the eighth level is no level" },
	/* truncated, trailing */
	{ "", "truncated", "no bytes are a cut item" },
	{ "18", "truncated", "an integer without its byte is cut" },
	{ "1b00000000000000", "truncated", "an integer of eight bytes with seven is cut" },
	{ "4161", "good", "a byte string of one is read" },
	{ "41", "truncated", "a byte string without its byte is cut" },
	{ "6261", "truncated", "text one byte short is cut" },
	{ "81", "truncated", "an array without its item is cut" },
	{ "a100", "truncated", "a map without its value is cut" },
	{ "a1", "truncated", "a map without its key is cut" },
	{ "5bffffffffffffffff", "truncated", "a byte string of 2^64-1 is cut" },
	{ "9bffffffffffffffff", "truncated", "an array of 2^64-1 items is cut" },
	{ "bbffffffffffffffff0000", "truncated", "a map of 2^64-1 pairs is cut" },
	{ "0000", "trailing", "a second item is too much" },
	{ "8000", "trailing", "bytes after an empty array are too much" },
	{ "a0f6", "trailing", "bytes after a map are too much" },
	/* heads */
	{ "1817", "not-shortest", "23 in two bytes is not shortest" },
	{ "1900ff", "not-shortest", "255 in three bytes is not shortest" },
	{ "1a0000ffff", "not-shortest", "65,535 in five bytes is not shortest" },
	{ "1b00000000ffffffff", "not-shortest", "2^32-1 in nine bytes is not shortest" },
	{ "3800", "not-shortest", "-1 in two bytes is not shortest" },
	{ "5800", "not-shortest", "a length of zero in two bytes is not shortest" },
	{ "780161", "not-shortest", "a text's length is shortest too" },
	{ "980100", "not-shortest", "an array's count is shortest too" },
	{ "b8010000", "not-shortest", "a map's count is shortest too" },
	{ "a118180000", "trailing", "the map ends before its bytes do" },
	{ "5f4161ff", "indefinite", "byte strings in pieces are refused" },
	{ "7f6161ff", "indefinite", "text in pieces is refused" },
	{ "9fff", "indefinite", "arrays without a count are refused" },
	{ "bfff", "indefinite", "maps without a count are refused" },
	{ "1c", "reserved", "additional information 28 is reserved" },
	{ "5d", "reserved", "additional information 29 is reserved" },
	{ "fe", "reserved", "additional information 30 is reserved" },
	{ "dc", "reserved", "a tag of additional information 28 is reserved" },
	{ "1f", "reserved", "an integer has no indefinite length" },
	{ "3f", "reserved", "nor has a negative one" },
	{ "df", "reserved", "nor has a tag" },
	{ "ff", "reserved", "a break alone is refused" },
	{ "81ff", "reserved", "a break inside a counted array is refused" },
	{ "f90000", "float", "half floats are refused" },
	{ "fa47c35000", "float", "single floats are refused" },
	{ "fb3ff0000000000000", "float", "double floats are refused" },
	{ "fb", "float", "a cut float is known by its first byte" },
	{ "f7", "simple", "undefined is refused" },
	{ "e0", "simple", "simple value 0 is refused" },
	{ "f3", "simple", "simple value 19 is refused" },
	{ "f814", "simple", "false in two bytes is refused" },
	{ "f8ff", "simple", "simple value 255 is refused" },
	{ "f8", "simple", "a cut simple value is known by its first byte" },
	{ "c000", "tag", "tags are refused" },
	{ "d28443a10127a04040", "tag", "the tag of COSE is refused inside" },
	{ "d8", "tag", "a cut tag is known by its first byte" },
	{ "1b8000000000000000", "range", "2^63 is out of range" },
	{ "1bffffffffffffffff", "range", "2^64-1 is out of range" },
	{ "3b8000000000000000", "range", "-2^63-1 is out of range" },
	{ "818181818181818180", "depth", "nine arrays are too deep" },
	{ "a100a100a100a100a100a100a100a100a0", "depth", "nine maps are too deep" },
	/* keys */
	{ "a14000", "key-type", "a byte string is no key" },
	{ "a12000", "key-type", "a negative integer is no key" },
	{ "a1f500", "key-type", "true is no key" },
	{ "a18000", "key-type", "an array is no key" },
	{ "a1a000", "key-type", "a map is no key" },
	{ "a13b800000000000000000", "key-type", "a negative key is no key, whatever its size" },
	{ "81818181818181a1", "truncated", "a map in the eighth level may have pairs" },
	{ "81818181818181a18000", "key-type", "an array as a key is no key before it is too deep" },
	{ "a11b800000000000000000", "range", "a key may not be out of range" },
	{ "a201000000", "key-order", "integer keys ascend" },
	{ "a2616100000000", "key-order", "text keys come after integer keys" },
	{ "a262616100617a00", "key-order", "a longer text key does not come first" },
	{ "a2616200616100", "key-order", "text keys of one length ascend" },
	{ "a201000100", "key-twice", "an integer key stands once" },
	{ "a2616100616100", "key-twice", "a text key stands once" },
	{ "a3000001000000", "key-order", "a double that does not follow at once breaks the order" },
	/* text */
	{ "61ff", "utf8", "0xFF begins no character" },
	{ "6180", "utf8", "a tail without a head is no character" },
	{ "61c3", "utf8", "a head without its tail is no character" },
	{ "62c080", "utf8", "an overlong form of two bytes is refused" },
	{ "62c1bf", "utf8", "0xC1 begins only overlong forms" },
	{ "63e09fbf", "utf8", "an overlong form of three bytes is refused" },
	{ "64f08fbfbf", "utf8", "an overlong form of four bytes is refused" },
	{ "63eda080", "utf8", "a high surrogate is refused" },
	{ "63edbfbf", "utf8", "a low surrogate is refused" },
	{ "64f4908080", "utf8", "a code above U+10FFFF is refused" },
	{ "64f5808080", "utf8", "0xF5 begins no character" },
	{ "63e38161", "utf8", "a character cut by a letter is refused" },
	{ "68616161616161e381", "utf8", "a character cut by the end of the text is refused" },
	{ "6100", "control", "U+0000 is refused" },
	{ "6109", "control", "a tab is refused" },
	{ "610d", "control", "a carriage return is refused" },
	{ "611b", "control", "an escape is refused" },
	{ "617f", "control", "U+007F is refused" },
	{ "62c280", "control", "U+0080 is refused" },
	{ "62c29f", "control", "U+009F is refused" },
	{ "68616161611f616161", "control", "a control is found among eight letters" },
	{ "686161616161616a7f", "control", "so is U+007F at their end" },
	{ "a161070000", "control", "a key's text is looked at too" },
	/* the one met first */
	{ "8261ff1801", "utf8", "of two faults the first is named" },
	{ "8218011c", "not-shortest", "of two faults the first is named, whichever it is" },
	{ "6201ff", "control", "of two faults in a text the first is named" },
	{ "62ff01", "utf8", "of two faults in a text the first is named, whichever it is" },
	{ "5805", "not-shortest", "a length not shortest is met before its content is cut" },
	{ "a2616200610100", "control", "a key's text is met before its order" },
};

static void samples_test(void)
{
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		tap_is_text(checked(from_hex(samples[i].hex)), samples[i].reason, samples[i].title);
	}
}

static void length_test(void)
{
	memset(bytes, 'a', sizeof bytes);
	bytes[0] = 0x79; /* text of two bytes of length */
	bytes[1] = 0xFF;
	bytes[2] = 0xFD;
	tap_is_text(checked(bytes_of(bytes, 65536)), "good", "an item of 65,536 bytes is read");
	bytes[2] = 0xFE;
	tap_is_text(checked(bytes_of(bytes, 65537)), "too-long", "an item of 65,537 bytes is too long");
	bytes[0] = 0xFF;
	tap_is_text(checked(bytes_of(bytes, 65537)), "too-long", "the length is looked at before all");
	tap_ok(cbor_check(bytes_of("\x83\x01\x02\x03", 4), 3) != NULL, "another limit may be given");
}

/* Every way to cut a good item is `truncated`; every byte that may be put behind it is `trailing`. */
static void cut_test(void)
{
	struct bytes in = from_hex("a5000118191864616183f5f63903e862616244deadbeef63616263a1617881626162");
	bool all = cbor_check(in, LIMIT_BODY_BYTES) == NULL;

	for (size_t len = 0; len < in.len; len++) {
		const char *reason = cbor_check(bytes_of(in.data, len), LIMIT_BODY_BYTES);
		all = all && reason != NULL && strcmp(reason, "truncated") == 0;
	}
	tap_ok(all, "an item cut at any byte is truncated");
	all = true;
	for (int byte = 0; byte < 256; byte++) {
		bytes[in.len] = (uint8_t)byte;
		const char *reason = cbor_check(bytes_of(in.data, in.len + 1), LIMIT_BODY_BYTES);
		all = all && reason != NULL && strcmp(reason, "trailing") == 0;
	}
	tap_ok(all, "any byte behind an item is trailing");
}

static void write_test(void)
{
	static const int64_t values[] = { 0, 1, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, INT64_MAX, -1,
		-24, -25, -256, -257, -65536, -65537, -4294967296, -4294967297, INT64_MIN };
	struct buf out;
	bool all = true;

	buf_init(&out, 4096);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		int64_t back = 0;
		buf_reset(&out);
		cbor_put_int(&out, values[i]);
		all = all && cbor_check(buf_bytes(&out), 16) == NULL && cbor_int(buf_bytes(&out), &back) &&
		    back == values[i];
	}
	tap_ok(all, "every integer is written in its shortest form and read back");
	buf_reset(&out);
	cbor_put_map(&out, 4);
	cbor_put_int(&out, 1);
	cbor_put_array(&out, 3);
	cbor_put_bool(&out, true);
	cbor_put_bool(&out, false);
	cbor_put_null(&out);
	cbor_put_int(&out, 300);
	cbor_put_bytes(&out, bytes_of("\x01\x02", 2));
	cbor_put_literal(&out, "a");
	cbor_put_text(&out, bytes_text("\xE5\x89\xB2\xE7\xAC\xA6"));
	cbor_put_literal(&out, "bb");
	cbor_put_int(&out, -5);
	char hex[200];
	hex_print(buf_bytes(&out), hex);
	tap_is_text(hex,
	    "a40183f5f4f619012c42010261616"
	    "6e589b2e7aca6626262"
	    "24",
	    "items are written as the format asks");
	tap_is_text(checked(buf_bytes(&out)), "good", "what is written passes the gate");
	buf_clear(&out);
}

static void take_test(void)
{
	struct bytes at = from_hex("871864382a4201026161a1016180f5f6");
	struct cbor_item item = cbor_take(&at);

	tap_ok(item.type == CBOR_ARRAY && item.count == 7, "an array's head gives its count");
	item = cbor_take(&at);
	tap_ok(item.type == CBOR_UINT && item.integer == 100, "then an integer");
	item = cbor_take(&at);
	tap_ok(item.type == CBOR_NEGATIVE && item.integer == -43, "a negative one");
	item = cbor_take(&at);
	tap_ok(item.type == CBOR_BYTES && bytes_equal(item.bytes, bytes_of("\x01\x02", 2)), "a byte string");
	item = cbor_take(&at);
	tap_ok(item.type == CBOR_TEXT && bytes_is(item.bytes, "a"), "text");
	struct bytes map = cbor_skip(&at);
	tap_is_int(map.len, 4, "a map is skipped whole");
	item = cbor_take(&at);
	tap_ok(item.type == CBOR_BOOL && item.integer == 1, "true");
	tap_is_int(cbor_take(&at).type, CBOR_NULL, "null");
	tap_is_int(cbor_take(&at).type, CBOR_NONE, "and nothing at the end");
	tap_is_int(cbor_skip(&at).len, 0, "nothing is skipped at the end");
}

/* The readers behind the gate never read past the end, whatever they are given. */
static void unchecked_test(void)
{
	static const char *const rotten[] = { "ff", "1f", "18", "5bffffffffffffffff", "9bffffffffffffffff",
		"bb7fffffffffffffff00", "82", "a1", "c0", "f9", "f800", "e0", "7f", "1b8000000000000000",
		"9b7fffffffffffffff000000" };
	bool all = true;

	for (size_t i = 0; i < sizeof rotten / sizeof rotten[0]; i++) {
		struct bytes copy = from_hex(rotten[i]);
		uint8_t *exact = malloc(copy.len); /* so that the sanitizer sees one byte too far */
		memcpy(exact, copy.data, copy.len);
		struct bytes at = bytes_of(exact, copy.len);
		all = all && cbor_skip(&at).len == 0 && at.len <= copy.len;
		all = all && cbor_map_text(bytes_of(exact, copy.len), "a").len == 0;
		free(exact);
	}
	tap_ok(all, "on bytes that were not checked the readers find nothing");
}

static void find_test(void)
{
	/* {1: "x", 300: true, "clocks": {"bill_days": {"value": 30}}, "en": 5} */
	struct bytes map = from_hex("a401617819012cf562656e0566636c6f636b73a16962696c6c5f64617973a16576616c7565181e");
	int64_t value = 0;

	tap_is_text(checked(map), "good", "the map to search is good");
	tap_ok(cbor_text_is(cbor_map_uint(map, 1), "x"), "a value is found by its number");
	tap_is_int(cbor_map_uint(map, 300).len, 1, "also by a greater number");
	tap_is_int(cbor_map_uint(map, 2).len, 0, "a number that is not there finds nothing");
	tap_ok(cbor_int(cbor_map_text(map, "en"), &value) && value == 5, "a value is found by its word");
	tap_is_int(cbor_map_text(map, "ja").len, 0, "a word that is not there finds nothing");
	tap_ok(cbor_int(cbor_path(map, "clocks", "bill_days", "value", NULL), &value) && value == 30,
	    "a path of words is walked");
	tap_is_int(cbor_path(map, "clocks", "pay_days", "value", NULL).len, 0, "a path that breaks off finds nothing");
	tap_is_int(cbor_path(map, "en", "deeper", NULL).len, 0, "a path through a number finds nothing");
	tap_is_int(cbor_map_text(bytes_of(NULL, 0), "en").len, 0, "nothing is found in nothing");
	tap_ok(!cbor_int(cbor_map_uint(map, 1), &value) && !cbor_text_is(cbor_map_text(map, "en"), "5"),
	    "types are kept apart");
}

int main(void)
{
	samples_test();
	length_test();
	cut_test();
	write_test();
	take_test();
	unchecked_test();
	find_test();
	return tap_done();
}
