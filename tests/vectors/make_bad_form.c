/* Bad vectors of sections 1 and 2.1 of the format. All are well signed: what is wrong is the body alone, and the reason is
 * found before the signature is looked at. */
#include "base/cbor.h"
#include "base/limits.h"
#include "vectors.h"
#include <string.h>

struct bad {
	const char *reason, *hex, *title;
};

static void body_give(
    struct maker *maker, const struct author *author, const char *reason, const char *title, struct bytes body)
{
	uint8_t signature[SIGNATURE_BYTES];
	struct entry entry = { .place = author->place, .body = { .bytes = body } };

	if (body.len <= LIMIT_BODY_BYTES) {
		entry_sign(&entry, author->secret);
	} else {
		memset(entry.signature, 0x11, SIGNATURE_BYTES); /* nobody can sign what is too long */
	}
	memcpy(signature, entry.signature, SIGNATURE_BYTES);
	vector_give(maker, title, reason, &author->place, body, signature, bytes_of(NULL, 0));
}

/* Values of field 8 of an otherwise good body; nothing follows, so that a cut value is a cut body. */
static const struct bad values[] = {
	{ "truncated", "19 01", "an integer without its last byte" },
	{ "truncated", "62 61", "text one byte short" },
	{ "truncated", "5b ffffffffffffffff", "a byte string that claims 2^64-1 bytes" },
	{ "truncated", "82 00", "an array without its last item" },
	{ "truncated", "a1 00", "a map without its last value" },
	{ "truncated", "9b ffffffffffffffff", "an array that claims 2^64-1 items" },
	{ "trailing", "00 00", "a byte after the body" },
	{ "not-shortest", "18 17", "23 in two bytes" },
	{ "not-shortest", "19 00ff", "255 in three bytes" },
	{ "not-shortest", "1a 0000ffff", "65535 in five bytes" },
	{ "not-shortest", "1b 00000000ffffffff", "2^32-1 in nine bytes" },
	{ "not-shortest", "38 00", "-1 in two bytes" },
	{ "not-shortest", "58 01 ff", "a byte string with a long length" },
	{ "not-shortest", "79 0001 61", "text with a long length" },
	{ "not-shortest", "98 01 00", "an array with a long count" },
	{ "not-shortest", "b8 01 00 00", "a map with a long count" },
	{ "not-shortest", "a1 1800 00", "a map key in two bytes" },
	{ "indefinite", "5f 41ff ff", "a byte string in pieces" },
	{ "indefinite", "7f 6161 ff", "text in pieces" },
	{ "indefinite", "9f 00 ff", "an array without a count" },
	{ "indefinite", "bf 00 00 ff", "a map without a count" },
	{ "reserved", "1c", "additional information 28" },
	{ "reserved", "5d", "additional information 29" },
	{ "reserved", "fe", "additional information 30" },
	{ "reserved", "1f", "an integer of indefinite length" },
	{ "reserved", "81 ff", "a break in a counted array" },
	{ "float", "f9 3c00", "1.0 in half precision" },
	{ "float", "fa 47c35000", "100000.0 in single precision" },
	{ "float", "fb 3ff199999999999a", "1.1 in double precision" },
	{ "float", "f9 7e00", "not a number" },
	{ "simple", "f7", "undefined" },
	{ "simple", "e0", "simple value 0" },
	{ "simple", "f8 20", "simple value 32" },
	{ "simple", "f8 15", "true in two bytes" },
	{ "tag", "c1 1a 529a4b00", "a date by tag 1" },
	{ "tag", "c2 41 01", "a bignum" },
	{ "tag", "c4 82 20 1864", "a decimal fraction by tag 4" },
	{ "tag", "d9 d9f7 00", "self-described CBOR" },
	{ "range", "1b 8000000000000000", "2^63" },
	{ "range", "1b ffffffffffffffff", "2^64-1" },
	{ "range", "3b 8000000000000000", "-2^63-1" },
	{ "range", "3b ffffffffffffffff", "-2^64" },
	{ "depth", "81 81 81 81 81 81 81 80", "nine levels, the innermost an empty array" },
	{ "depth", "a1 00 a1 00 a1 00 a1 00 a1 00 a1 00 a1 00 a0", "nine levels of maps" },
	{ "key-type", "a1 20 00", "-1 as a key" },
	{ "key-type", "a1 41ff 00", "bytes as a key" },
	{ "key-type", "a1 80 00", "an array as a key" },
	{ "key-type", "a1 f5 00", "true as a key" },
	{ "key-type", "a1 f6 00", "null as a key" },
	{ "key-order", "a2 02 00 01 00", "key 2 before key 1" },
	{ "key-order", "a2 6161 00 00 00", "a text key before an integer" },
	{ "key-order", "a2 626161 00 617a 00", "a long text key before a short one" },
	{ "key-order", "a2 1818 00 17 00", "key 24 before key 23" },
	{ "key-twice", "a2 01 00 01 00", "an integer key twice" },
	{ "key-twice", "a2 6161 00 6161 01", "a text key twice" },
	{ "utf8", "61 ff", "a byte that begins no character" },
	{ "utf8", "61 80", "a tail without a head" },
	{ "utf8", "62 e3 81", "a character cut by the end of the text" },
	{ "utf8", "63 e3 81 61", "a character cut by a letter" },
	{ "utf8", "62 c0 af", "a stroke in an overlong form" },
	{ "utf8", "63 e0 80 af", "a stroke in an overlong form of three bytes" },
	{ "utf8", "64 f0 80 80 af", "a stroke in an overlong form of four bytes" },
	{ "utf8", "63 ed a0 80", "a high surrogate" },
	{ "utf8", "66 ed a0 bd ed b4 a2", "a pair of surrogates" },
	{ "utf8", "64 f4 90 80 80", "a code above U+10FFFF" },
	{ "control", "61 00", "U+0000 in text" },
	{ "control", "63 61 09 62", "a tab in text" },
	{ "control", "62 0d 0a", "a carriage return in text" },
	{ "control", "64 1b 5b 33 6d", "an escape sequence in text" },
	{ "control", "61 7f", "U+007F in text" },
	{ "control", "62 c2 85", "U+0085 in text" },
	{ "control", "62 c2 9f", "U+009F in text" },
	{ "control", "62 07 ff", "a control before a byte that is no text" },
	{ "utf8", "62 ff 07", "a byte that is no text before a control" },
	{ "tag", "83 00 c100 f93c00", "a tag before a float" },
	{ "not-shortest", "78 05 61", "a long length before its content is cut" },
};

static void values_make(struct maker *maker, const struct author *author)
{
	struct buf body;

	buf_init(&body, 4096);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		body_begin(&body, 1);
		cbor_put_int(&body, 8);
		hex_put(&body, values[i].hex);
		body_give(maker, author, values[i].reason, values[i].title, buf_bytes(&body));
	}
	buf_clear(&body);
}

#define KIND "00 69 746f792e6d6f766564 " /* 0: "toy.moved" */
#define TIME "01 1b 00000142939b1880 "   /* 1: a moment of 2013 */
#define ID1 "5820 3131313131313131313131313131313131313131313131313131313131313131 "
#define ID2 "5820 3232323232323232323232323232323232323232323232323232323232323232 "
#define ID31 "581f 31313131313131313131313131313131313131313131313131313131313131 "
#define ID33 "5821 313131313131313131313131313131313131313131313131313131313131313131 "
#define PDF "6f 6170706c69636174696f6e2f706466 "
#define GIF "69 696d6167652f676966 "

/* Whole bodies. */
static const struct bad bodies[] = {
	{ "truncated", "", "no bytes at all" },
	{ "key-order", "a2 " TIME KIND, "stated before kind" },
	{ "key-twice", "a3 " KIND KIND TIME, "kind twice" },
	{ "body-form", "82 00 01", "a body that is an array" },
	{ "body-form", "69 746f792e6d6f766564", "a body that is text" },
	{ "body-form", "a3 " KIND TIME "190100 00", "key 256" },
	{ "body-form", "a3 " KIND TIME "646b696e64 00", "a key that is text" },
	{ "body-form", "a2 00 49 746f792e6d6f766564 " TIME, "kind as bytes" },
	{ "body-form", "a2 " KIND "01 63 6e6f77", "stated as text" },
	{ "body-form", "a2 " KIND "01 f6", "stated as null" },
	{ "body-form", "a3 " KIND TIME "02 " ID31, "a thread of 31 bytes" },
	{ "body-form", "a3 " KIND TIME "02 01", "a thread that is a number" },
	{ "body-form", "a4 " KIND TIME "02 " ID1 "03 6161", "a part that is text" },
	{ "body-form", "a5 " KIND TIME "02 " ID1 "03 " ID1 "04 80", "answers that are empty" },
	{ "body-form", "a5 " KIND TIME "02 " ID1 "03 " ID1 "04 82 " ID2 ID1, "answers that fall" },
	{ "body-form", "a5 " KIND TIME "02 " ID1 "03 " ID1 "04 82 " ID1 ID1, "an answer twice" },
	{ "body-form", "a5 " KIND TIME "02 " ID1 "03 " ID1 "04 " ID1, "answers that are no array" },
	{ "body-form", "a3 " KIND TIME "05 80", "refs that are empty" },
	{ "body-form", "a3 " KIND TIME "05 83 " ID1 ID2 ID1, "a ref twice" },
	{ "body-form", "a3 " KIND TIME "05 81 00", "a ref that is a number" },
	{ "body-form", "a3 " KIND TIME "06 " ID33, "seen of 33 bytes" },
	{ "body-form", "a3 " KIND TIME "07 80", "attachments that are empty" },
	{ "body-form", "a3 " KIND TIME "07 81 82 " ID1 "00", "an attachment without a media type" },
	{ "body-form", "a3 " KIND TIME "07 81 83 " ID1 "20 " PDF, "an attachment of size -1" },
	{ "body-form", "a3 " KIND TIME "07 81 83 " ID1 "1a 02000001 " PDF, "an attachment of 32 MiB and a byte" },
	{ "body-form", "a3 " KIND TIME "07 81 83 " ID1 "05 " GIF, "an attachment of a media type that is not listed" },
	{ "body-form", "a3 " KIND TIME "07 82 83 " ID1 "05 " PDF "83 " ID1 "05 " PDF, "an attachment twice" },
	{ "body-form", "a3 00 00 " TIME "02 00", "a bad form is named before a bad kind" },
	{ "body-kind", "a1 " TIME, "no kind" },
	{ "body-kind", "a2 00 63 746f79 " TIME, "a kind of one word" },
	{ "body-kind", "a2 00 64 2e6f7065 " TIME, "a kind without its first word" },
	{ "body-kind", "a2 00 64 746f792e " TIME, "a kind without its second word" },
	{ "body-kind", "a2 00 65 612e622e63 " TIME, "a kind of three words" },
	{ "body-kind", "a2 00 65 546f792e61 " TIME, "a kind with a great letter" },
	{ "body-kind", "a2 00 64 612e6231 " TIME, "a kind with a digit" },
	{ "body-kind",
	    "a2 00 7831 616161616161616161616161616161616161616161616161"
	    "6161616161616161616161616161616161616161616161 2e62 " TIME,
	    "a kind of 49 bytes" },
	{ "body-kind", "a2 00 60 01 20", "a bad kind is named before a bad time" },
	{ "body-time", "a1 " KIND, "no stated time" },
	{ "body-time", "a2 " KIND "01 20", "a time before 1970" },
	{ "body-time", "a2 " KIND "01 1b 0000e677d21fdc00", "a time after 9999" },
	{ "body-time", "a3 " KIND "01 20 03 " ID1, "a bad time is named before a part without thread" },
	{ "body-part", "a3 " KIND TIME "03 " ID1, "a part without thread" },
	{ "body-part", "a4 " KIND TIME "02 " ID1 "04 81 " ID2, "answers without part" },
	{ "body-part", "a3 " KIND TIME "04 81 " ID2, "answers without thread" },
};

static void bodies_make(struct maker *maker, const struct author *author)
{
	struct buf body;

	buf_init(&body, 4096);
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		buf_reset(&body);
		hex_put(&body, bodies[i].hex);
		body_give(maker, author, bodies[i].reason, bodies[i].title, buf_bytes(&body));
	}
	body_begin(&body, 1);
	cbor_put_int(&body, 7);
	cbor_put_array(&body, 17);
	for (unsigned i = 0; i < 17; i++) {
		struct id hash = id_filled((uint8_t)i);
		cbor_put_array(&body, 3);
		cbor_put_bytes(&body, id_bytes(&hash));
		cbor_put_int(&body, 5);
		cbor_put_literal(&body, "text/csv");
	}
	body_give(maker, author, "body-form", "17 attachments", buf_bytes(&body));
	buf_clear(&body);
}

static void long_make(struct maker *maker, const struct author *author)
{
	struct buf body;

	buf_init(&body, LIMIT_BODY_BYTES + 1);
	hex_put(&body, "a3 00 63 612e62 01 00 08 59 fff5");
	while (body.len < LIMIT_BODY_BYTES + 1) {
		buf_put_byte(&body, 0);
	}
	ASSERT(!body.failed);
	body_give(maker, author, "too-long", "a body of 65537 bytes", buf_bytes(&body));
	buf_clear(&body);
}

void bad_form_make(struct maker *maker)
{
	struct author author = plain_author();

	family_begin(maker, "cbor");
	values_make(maker, &author);
	long_make(maker, &author);
	family_begin(maker, "body");
	bodies_make(maker, &author);
}
