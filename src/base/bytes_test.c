#include "base/bytes.h"
#include "base/tap.h"

static void comparing(void)
{
	struct bytes none = bytes_of(NULL, 0);

	tap_is_int(bytes_text("GB-07").len, 5, "a text's bytes do not hold its end mark");
	tap_ok(bytes_equal(bytes_text("ab"), bytes_text("ab")), "equal bytes are equal");
	tap_ok(!bytes_equal(bytes_text("ab"), bytes_text("abc")), "a prefix is not equal");
	tap_ok(!bytes_equal(bytes_text("ab"), bytes_text("ac")), "one other byte is not equal");
	tap_ok(bytes_equal(none, bytes_text("")), "nothing equals nothing, wherever it lies");
	tap_ok(bytes_compare(bytes_text("ab"), bytes_text("abc")) < 0, "a prefix comes before what goes on");
	tap_ok(bytes_compare(bytes_text("abc"), bytes_text("ab")) > 0, "what goes on comes after its prefix");
	tap_ok(bytes_compare(bytes_text("b"), bytes_text("abc")) > 0,
	    "the first byte that differs decides, not the length");
	tap_ok(bytes_compare(bytes_text("\x80"), bytes_text("a")) > 0, "bytes are compared without sign");
	tap_is_int(bytes_compare(none, bytes_text("")), 0, "nothing compares as nothing");
	tap_ok(bytes_compare(none, bytes_text("a")) < 0, "nothing comes first");
	tap_ok(
	    bytes_is(bytes_text("JP"), "JP") && !bytes_is(bytes_text("JPX"), "JP"), "bytes are compared with a text");
}

static void ids(void)
{
	struct id a = { { 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFF } };
	struct id b = a;

	tap_ok(id_equal(&a, &b) && id_compare(&a, &b) == 0, "equal ids are equal");
	b.data[31] = 1;
	tap_ok(!id_equal(&a, &b) && id_compare(&a, &b) < 0, "ids that differ in the last byte differ");
	tap_ok(id_compare(&b, &a) > 0, "the order of ids turns with them");
	tap_ok(id_prefix(&a) == 0x0123456789ABCDEF, "the prefix of an id is its first 8 bytes, big end first");
	memset(&a, 0, sizeof a);
	tap_ok(id_is_zero(&a) && !id_is_zero(&b), "the zero id is told from others");
	a.data[31] = 1;
	tap_ok(!id_is_zero(&a), "an id that ends in 1 is not zero");
	tap_ok(id_bytes(&a).len == 32 && id_bytes(&a).data == a.data, "an id can be looked at as bytes");
}

static void hex(void)
{
	uint8_t out[3] = { 0 };
	char text[7];

	hex_print(bytes_of("\x00\x9a\xFF", 3), text);
	tap_is_text(text, "009aff", "hex is printed in lower case");
	tap_ok(hex_parse("009aFf", 6, out, 3) && out[1] == 0x9A && out[2] == 0xFF, "hex is read in either case");
	tap_ok(!hex_parse("009af", 5, out, 3), "an odd number of hex digits is refused");
	tap_ok(!hex_parse("009a", 4, out, 3), "hex of another length is refused");
	tap_ok(!hex_parse("009aff00", 8, out, 3), "hex that is too long is refused");
	tap_ok(!hex_parse("009ag0", 6, out, 3) && !hex_parse("00:a00", 6, out, 3) && !hex_parse("00@a00", 6, out, 3),
	    "a letter that is no hex digit is refused");
	tap_ok(!hex_parse("00`a00", 6, out, 3) && !hex_parse("00/a00", 6, out, 3) && !hex_parse("0 9a00", 6, out, 3),
	    "a sign beside the hex digits is refused");
	tap_ok(!hex_parse("0G9a00", 6, out, 3), "a capital beyond F is refused");
	tap_ok(hex_parse("", 0, out, 0), "no digits are no bytes");
}

/* RFC 4648 section 10, without the padding. */
static void base32_vectors(void)
{
	static const struct {
		const char *bytes, *text;
	} vectors[] = {
		{ "", "" },
		{ "f", "MY" },
		{ "fo", "MZXQ" },
		{ "foo", "MZXW6" },
		{ "foob", "MZXW6YQ" },
		{ "fooba", "MZXW6YTB" },
		{ "foobar", "MZXW6YTBOI" },
	};
	bool printed = true, parsed = true, lower = true;
	uint8_t out[8];
	size_t len;

	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		char text[20], low[20];
		struct bytes bytes = bytes_text(vectors[i].bytes);
		base32_print(bytes, text);
		printed = printed && strcmp(text, vectors[i].text) == 0 && base32_length(bytes.len) == strlen(text);
		parsed = parsed && base32_parse(text, strlen(text), out, sizeof out, &len) &&
		    bytes_equal(bytes_of(out, len), bytes);
		for (size_t j = 0; j <= strlen(text); j++) {
			low[j] = (char)(text[j] >= 'A' && text[j] <= 'Z' ? text[j] + 32 : text[j]);
		}
		lower = lower && base32_parse(low, strlen(low), out, sizeof out, &len) &&
		    bytes_equal(bytes_of(out, len), bytes);
	}
	tap_ok(printed, "base32 prints the examples of RFC 4648");
	tap_ok(parsed, "base32 reads the examples of RFC 4648");
	tap_ok(lower, "base32 is read in lower case too");
}

static void base32_refusals(void)
{
	uint8_t out[8];
	size_t len = 99;

	tap_ok(!base32_parse("M", 1, out, 8, &len) && !base32_parse("MZX", 3, out, 8, &len) &&
		!base32_parse("MZXW6Y", 6, out, 8, &len),
	    "base32 of an impossible length is refused");
	tap_is_int(len, 0, "refused base32 gives no bytes");
	tap_ok(!base32_parse("MZ", 2, out, 8, &len), "base32 with spare bits that are not zero is refused");
	tap_ok(!base32_parse("M1", 2, out, 8, &len) && !base32_parse("M8", 2, out, 8, &len),
	    "1 and 8 are no base32 digits");
	tap_ok(!base32_parse("M=", 2, out, 8, &len) && !base32_parse("[A", 2, out, 8, &len) &&
		!base32_parse("`A", 2, out, 8, &len) && !base32_parse("{A", 2, out, 8, &len),
	    "signs are no base32 digits");
	tap_ok(!base32_parse("MZXW6YTB", 8, out, 4, &len), "base32 longer than its place is refused");
	tap_ok(base32_parse("MZXW6YTB", 8, out, 5, &len) && len == 5, "base32 that just fits is read");
	tap_ok(base32_parse("77777777", 8, out, 5, &len) && out[4] == 0xFF && out[0] == 0xFF, "all bits set are read");
}

int main(void)
{
	comparing();
	ids();
	hex();
	base32_vectors();
	base32_refusals();
	tap_ok(crc32_of(bytes_text("123456789")) == 0xCBF43926, "the checksum of 123456789 is the known one");
	tap_ok(crc32_of(bytes_text("")) == 0, "the checksum of nothing is 0");
	tap_ok(crc32_of(bytes_text("The quick brown fox jumps over the lazy dog")) == 0x414FA339,
	    "the checksum of a sentence is the known one");
	return tap_done();
}
