#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include "core/record.h"

static struct id ids[32];

static void ids_make(void)
{
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		memset(ids[i].data, (int)(0x10 + i), ID_BYTES);
	}
}

/* Writes the parts of a body that a test wants wrong; the rest is good. `pairs` are written by the caller. */
struct making {
	struct buf out;
	size_t pairs;
	struct buf body;
};

static void making_begin(struct making *making)
{
	buf_init(&making->out, LIMIT_BODY_BYTES);
	buf_init(&making->body, 2 * LIMIT_BODY_BYTES);
	making->pairs = 0;
}

static struct buf *pair(struct making *making, int64_t key)
{
	making->pairs++;
	cbor_put_int(&making->out, key);
	return &making->out;
}

static void head_put(struct making *making)
{
	cbor_put_literal(pair(making, 0), "support.issued");
	cbor_put_int(pair(making, 1), 1700000000000);
}

static void ids_put(struct buf *out, const struct id *list, size_t count)
{
	cbor_put_array(out, count);
	for (size_t i = 0; i < count; i++) {
		cbor_put_bytes(out, id_bytes(&list[i]));
	}
}

static void attachment_put(struct buf *out, const struct id *hash, int64_t size, const char *media)
{
	cbor_put_array(out, 3);
	cbor_put_bytes(out, id_bytes(hash));
	cbor_put_int(out, size);
	cbor_put_literal(out, media);
}

static void making_is(struct making *making, const char *reason, const char *title)
{
	struct body body;

	buf_reset(&making->body);
	cbor_put_map(&making->body, making->pairs);
	buf_put_bytes(&making->body, buf_bytes(&making->out));
	const char *found = body_read(buf_bytes(&making->body), &body);
	tap_is_text(found != NULL ? found : "good", reason, title);
	buf_clear(&making->out);
	buf_clear(&making->body);
}

static void whole_test(void)
{
	struct id answers[] = { ids[5], ids[3], ids[4] };
	struct id refs[] = { ids[9], ids[7], ids[8] };
	struct buf fields, attachments, out;
	struct body body;
	int64_t number = 0;

	buf_init(&fields, 4096);
	buf_init(&attachments, 4096);
	buf_init(&out, LIMIT_BODY_BYTES);
	cbor_put_int(&fields, 8);
	cbor_put_int(&fields, -12);
	cbor_put_int(&fields, 255);
	cbor_put_literal(&fields, "last");
	cbor_put_array(&attachments, 1);
	attachment_put(&attachments, &ids[11], 33554432, "image/png");
	struct body_draft draft = { .kind = "support.issued",
		.stated_ms = 1700000000000,
		.thread = &ids[1],
		.part = &ids[2],
		.seen = &ids[10],
		.answers = answers,
		.answer_count = 3,
		.refs = refs,
		.ref_count = 3,
		.attachments = buf_bytes(&attachments),
		.fields = buf_bytes(&fields),
		.field_count = 2 };
	body_write(&out, &draft);
	tap_ok(body_read(buf_bytes(&out), &body) == NULL, "a body with all its parts is read");
	tap_ok(
	    bytes_is(body.kind, "support.issued") && body.stated_ms == 1700000000000, "kind and stated time are found");
	tap_ok(memcmp(body.thread, ids[1].data, 32) == 0 && memcmp(body.part, ids[2].data, 32) == 0 &&
		memcmp(body.seen, ids[10].data, 32) == 0,
	    "so are thread, part and seen");
	tap_ok(body.answer_count == 3 && bytes_equal(body_answer(&body, 0), id_bytes(&ids[3])) &&
		bytes_equal(body_answer(&body, 2), id_bytes(&ids[5])),
	    "answers are sorted by the writer");
	tap_ok(body.ref_count == 3 && bytes_equal(body_ref(&body, 0), id_bytes(&ids[9])) &&
		bytes_equal(body_ref(&body, 2), id_bytes(&ids[8])),
	    "refs keep their order");
	tap_ok(bytes_equal(body.attachments, buf_bytes(&attachments)), "attachments are found whole");
	tap_ok(body.field_count == 2 && bytes_equal(body.fields, buf_bytes(&fields)), "own fields are found whole");
	tap_ok(record_int(&body, 8, &number) && number == -12, "an own field is found by its key");
	tap_is_int(body_field(&body, 9).len, 0, "a field that is not there is empty");
	buf_clear(&fields);
	buf_clear(&attachments);
	buf_clear(&out);
}

static void least_test(void)
{
	struct making making;
	struct body body;

	making_begin(&making);
	head_put(&making);
	making_is(&making, "good", "a kind and a stated time make a body");
	tap_is_text(body_read(bytes_of("\xa0", 1), &body), "body-kind", "an empty map has no kind");
	tap_is_text(body_read(bytes_of("\x80", 1), &body), "body-form", "a body is a map");
	tap_is_text(body_read(bytes_of("\xa0\x00", 2), &body), "trailing", "the form of section 1 is looked at first");
	making_begin(&making);
	head_put(&making);
	cbor_put_null(pair(&making, 255));
	making_is(&making, "good", "keys go up to 255");
	making_begin(&making);
	head_put(&making);
	cbor_put_null(pair(&making, 256));
	making_is(&making, "body-form", "and not further");
	making_begin(&making);
	head_put(&making);
	making.pairs++;
	cbor_put_literal(&making.out, "kind");
	cbor_put_null(&making.out);
	making_is(&making, "body-form", "a key that is text is refused");
}

static void kind_test(void)
{
	static const struct {
		const char *kind, *reason;
	} samples[] = {
		{ "a.b", "good" },
		{ "tally.rules_accepted", "good" },
		{ "_._", "good" },
		{ "", "body-kind" },
		{ ".", "body-kind" },
		{ "a", "body-kind" },
		{ "a.", "body-kind" },
		{ ".b", "body-kind" },
		{ "a.b.c", "body-kind" },
		{ "a..b", "body-kind" },
		{ "A.b", "body-kind" },
		{ "a.b1", "body-kind" },
		{ "a-b.c", "body-kind" },
		{ "a b.c", "body-kind" },
		{ "\xC3\xA9.b", "body-kind" },
		{ "abcdefghijklmnopqrstuvwx.abcdefghijklmnopqrstuvw", "good" },
		{ "abcdefghijklmnopqrstuvwx.abcdefghijklmnopqrstuvwx", "body-kind" },
	};
	struct making making;
	char title[100];

	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		snprintf(title, sizeof title, "the kind \"%s\" is %s", samples[i].kind, samples[i].reason);
		making_begin(&making);
		cbor_put_literal(pair(&making, 0), samples[i].kind);
		cbor_put_int(pair(&making, 1), 0);
		making_is(&making, samples[i].reason, title);
	}
	making_begin(&making);
	cbor_put_bytes(pair(&making, 0), bytes_text("a.b"));
	cbor_put_int(pair(&making, 1), 0);
	making_is(&making, "body-form", "a kind is text");
}

static void time_is(int64_t stated_ms, const char *reason, const char *title)
{
	struct making making;

	making_begin(&making);
	cbor_put_literal(pair(&making, 0), "a.b");
	cbor_put_int(pair(&making, 1), stated_ms);
	making_is(&making, reason, title);
}

static void time_test(void)
{
	struct making making;

	time_is(0, "good", "the first moment of 1970 may be stated");
	time_is(253402300799999, "good", "so may the last of 9999");
	time_is(253402300800000, "body-time", "the year 10000 may not");
	time_is(-1, "body-time", "nor may 1969");
	making_begin(&making);
	cbor_put_literal(pair(&making, 0), "a.b");
	making_is(&making, "body-time", "a time must be stated");
	making_begin(&making);
	cbor_put_literal(pair(&making, 0), "a.b");
	cbor_put_literal(pair(&making, 1), "now");
	making_is(&making, "body-form", "a time is a number");
}

static void part_test(void)
{
	struct making making;

	making_begin(&making);
	head_put(&making);
	cbor_put_bytes(pair(&making, 3), id_bytes(&ids[0]));
	making_is(&making, "body-part", "a part has a thread");
	making_begin(&making);
	head_put(&making);
	cbor_put_bytes(pair(&making, 2), id_bytes(&ids[0]));
	ids_put(pair(&making, 4), ids, 1);
	making_is(&making, "body-part", "answers have a part");
	making_begin(&making);
	head_put(&making);
	cbor_put_bytes(pair(&making, 2), bytes_of(ids[0].data, 31));
	making_is(&making, "body-form", "an id has 32 bytes");
	making_begin(&making);
	head_put(&making);
	cbor_put_literal(pair(&making, 6), "12345678901234567890123456789012");
	making_is(&making, "body-form", "an id is no text");
}

/* A body of `count` references under `key`; item `changed` is replaced by item `by`. */
static void references_is(int64_t key, size_t count, size_t changed, size_t by, const char *reason, const char *title)
{
	static struct id many[1025];
	struct making making;

	for (size_t i = 0; i < count; i++) {
		many[i] = ids[0];
		many[i].data[0] = (uint8_t)(i >> 8);
		many[i].data[1] = (uint8_t)i;
	}
	if (count > 0) {
		many[changed] = many[by];
	}
	making_begin(&making);
	head_put(&making);
	cbor_put_bytes(pair(&making, 2), id_bytes(&ids[0]));
	cbor_put_bytes(pair(&making, 3), id_bytes(&ids[1]));
	ids_put(pair(&making, key), many, count);
	making_is(&making, reason, title);
}

static void references_test(void)
{
	struct making making;
	struct id falling[] = { ids[2], ids[1] };

	references_is(4, 1024, 0, 0, "good", "1,024 answers have the form");
	references_is(4, 1025, 0, 0, "body-form", "1,025 answers have not");
	references_is(4, 0, 0, 0, "body-form", "answers are never an empty array");
	references_is(4, 3, 1, 0, "body-form", "no answer stands twice");
	references_is(5, 1024, 0, 0, "good", "1,024 refs have the form");
	references_is(5, 1025, 0, 0, "body-form", "1,025 refs have not");
	references_is(5, 0, 0, 0, "body-form", "refs are never an empty array");
	references_is(5, 2, 1, 0, "body-form", "no ref stands twice among two");
	references_is(5, 24, 23, 0, "body-form", "nor among 24");
	references_is(5, 25, 24, 0, "body-form", "nor among 25");
	references_is(5, 1024, 1023, 7, "body-form", "nor among 1,024");
	making_begin(&making);
	head_put(&making);
	ids_put(pair(&making, 5), falling, 2);
	making_is(&making, "good", "refs need no order");
	making_begin(&making);
	head_put(&making);
	cbor_put_bytes(pair(&making, 2), id_bytes(&ids[0]));
	cbor_put_bytes(pair(&making, 3), id_bytes(&ids[1]));
	ids_put(pair(&making, 4), falling, 2);
	making_is(&making, "body-form", "answers ascend");
	making_begin(&making);
	head_put(&making);
	cbor_put_array(pair(&making, 5), 1);
	cbor_put_bytes(&making.out, bytes_of(ids, 33));
	making_is(&making, "body-form", "a ref has 32 bytes");
	making_begin(&making);
	head_put(&making);
	cbor_put_bytes(pair(&making, 5), id_bytes(&ids[0]));
	making_is(&making, "body-form", "refs are an array");
}

static void attachments_is(
    size_t count, int64_t size, const char *media, bool twice, const char *reason, const char *title)
{
	struct making making;

	making_begin(&making);
	head_put(&making);
	struct buf *out = pair(&making, 7);
	cbor_put_array(out, count);
	for (size_t i = 0; i < count; i++) {
		attachment_put(out, &ids[twice && i == count - 1 ? 0 : i], size, media);
	}
	making_is(&making, reason, title);
}

static void attachments_test(void)
{
	struct making making;

	attachments_is(16, 100, "application/pdf", false, "good", "16 attachments have the form");
	attachments_is(17, 100, "application/pdf", false, "body-form", "17 have not");
	attachments_is(0, 0, "", false, "body-form", "attachments are never an empty array");
	attachments_is(1, 33554432, "text/csv", false, "good", "an attachment may have 32 MiB");
	attachments_is(1, 33554433, "text/csv", false, "body-form", "and not a byte more");
	attachments_is(1, -1, "text/csv", false, "body-form", "its size is not negative");
	attachments_is(1, 5, "image/jpeg", false, "good", "a picture may be attached");
	attachments_is(1, 5, "image/gif", false, "body-form", "a media type that is not listed may not");
	attachments_is(3, 5, "image/png", true, "body-form", "no attachment stands twice");
	making_begin(&making);
	head_put(&making);
	cbor_put_array(pair(&making, 7), 1);
	cbor_put_array(&making.out, 2);
	cbor_put_bytes(&making.out, id_bytes(&ids[0]));
	cbor_put_int(&making.out, 5);
	making_is(&making, "body-form", "an attachment has three parts");
}

static void decimal_is(const char *hex, bool good, int64_t mantissa, unsigned decimals, const char *title)
{
	uint8_t bytes[32];
	struct decimal value = { 0, 0 };

	hex_parse(hex, strlen(hex), bytes, strlen(hex) / 2);
	bool read = decimal_read(bytes_of(bytes, strlen(hex) / 2), &value);
	tap_ok(read == good && (!good || (value.mantissa == mantissa && value.decimals == decimals)), title);
}

static void decimal_test(void)
{
	struct buf out;

	decimal_is("00", true, 0, 0, "zero is a decimal");
	decimal_is("1903e8", true, 1000, 0, "a whole number stands as an integer");
	decimal_is("82181a01", true, 26, 1, "2.6 is [26, 1]");
	decimal_is("82381806", true, -25, 6, "six decimals are allowed");
	decimal_is("82381807", false, 0, 0, "seven are not");
	decimal_is("82181a00", false, 0, 0, "an array has decimals");
	decimal_is("820a01", false, 0, 0, "1.0 is written as 1");
	decimal_is("820001", false, 0, 0, "0.0 is written as 0");
	decimal_is("1b0de0b6b3a763ffff", true, 999999999999999999, 0, "18 digits are allowed");
	decimal_is("1b0de0b6b3a7640000", false, 0, 0, "19 are not");
	decimal_is("3b7fffffffffffffff", false, 0, 0, "nor is the least integer");
	decimal_is("8101", false, 0, 0, "an array of one is no decimal");
	decimal_is("83010101", false, 0, 0, "an array of three is no decimal");
	decimal_is("82613101", false, 0, 0, "text is no mantissa");
	decimal_is("6131", false, 0, 0, "text is no decimal");
	decimal_is("", false, 0, 0, "nothing is no decimal");
	buf_init(&out, 64);
	decimal_write(&out, (struct decimal){ -26, 1 });
	decimal_write(&out, (struct decimal){ 7, 0 });
	tap_ok(
	    bytes_equal(buf_bytes(&out), bytes_of("\x82\x38\x19\x01\x07", 5)), "decimals are written as they are read");
	buf_clear(&out);
}

static void readers_test(void)
{
	struct buf out, fields;
	struct body body;
	struct list list;
	struct list_item item;
	struct bytes text = { NULL, 0 };
	struct id id;
	struct decimal quantity = { 0, 0 };
	int64_t number = 7;

	buf_init(&out, 4096);
	buf_init(&fields, 4096);
	/* 8: "LTR", 9: ["ja", "a"], 10: id, 11: [25, 1], 12: true, 13: [{0: "x", 1: 5, 2: [15, 1]}, {0: "y"}] */
	static const uint8_t rest[] = { 0x0b, 0x82, 0x18, 0x19, 0x01, 0x0c, 0xf5, 0x0d, 0x82, 0xa3, 0x00, 0x61, 'x',
		0x01, 0x05, 0x02, 0x82, 0x0f, 0x01, 0xa1, 0x00, 0x61, 'y' };
	buf_put(&fields,
	    "\x08\x63LTR\x09\x82\x62ja\x61"
	    "a\x0a",
	    13);
	cbor_put_bytes(&fields, id_bytes(&ids[3]));
	buf_put(&fields, rest, sizeof rest);
	struct body_draft draft = { .kind = "a.b", .stated_ms = 0, .fields = buf_bytes(&fields), .field_count = 6 };
	body_write(&out, &draft);
	tap_ok(body_read(buf_bytes(&out), &body) == NULL, "a body with fields of many types is read");
	tap_ok(record_text(&body, 8, &text) && bytes_is(text, "LTR"), "a text field is read");
	tap_ok(record_text(&body, 9, &text) && bytes_is(text, "a"), "of a text with its language, the text is read");
	tap_ok(record_id(&body, 10, &id) && id_equal(&id, &ids[3]), "an id field is read");
	tap_ok(record_decimal(&body, 11, &quantity) && quantity.mantissa == 25 && quantity.decimals == 1,
	    "a decimal is read");
	tap_ok(record_int(&body, 12, &number) && number == 1, "true is read as 1");
	number = 7;
	tap_ok(!record_int(&body, 8, &number) && number == 7, "a field of another type leaves the value alone");
	tap_ok(!record_int(&body, 99, &number) && !record_id(&body, 8, &id) && !record_list(&body, 8, &list),
	    "as does an absent one");
	tap_ok(record_list(&body, 13, &list) && list.left == 2 && list_next(&list, &item) && item.count == 3,
	    "a list is walked");
	tap_ok(item_text(&item, 0, &text) && bytes_is(text, "x") && item_int(&item, 1, &number) && number == 5 &&
		item_decimal(&item, 2, &quantity) && quantity.mantissa == 15,
	    "an item's fields are read");
	tap_ok(list_next(&list, &item) && item.count == 1 && item_text(&item, 0, &text) && bytes_is(text, "y") &&
		!item_int(&item, 1, &number),
	    "a later item has fields of its own");
	tap_ok(!list_next(&list, &item), "the list ends");
	buf_clear(&out);
	buf_clear(&fields);
}

int main(void)
{
	ids_make();
	whole_test();
	least_test();
	kind_test();
	time_test();
	part_test();
	references_test();
	attachments_test();
	decimal_test();
	readers_test();
	return tap_done();
}
