#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include "wire/entry.h"

static struct place place;
static uint8_t secret[SECRET_BYTES];

static void place_make(void)
{
	static const uint8_t seed[32] = { 7 };

	key_from_seed(seed, &place.key, secret);
	memset(place.tally.data, 0x11, ID_BYTES);
	memset(place.prev.data, 0x33, ID_BYTES);
	place.seq = 1;
}

/* {0: "a.b", 1: 0} */
static struct bytes least_body(void)
{
	return bytes_of("\xa2\x00\x63"
			"a.b\x01\x00",
	    8);
}

static struct entry sample(void)
{
	static const uint8_t none[SIGNATURE_BYTES];
	struct entry entry;

	ASSERT(entry_init(&entry, &place, least_body(), none) == NULL);
	entry_sign(&entry, secret);
	return entry;
}

/* The bytes as the format gives them, put together by other code. */
static void signed_bytes_test(void)
{
	static const uint64_t seqs[] = { 1, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, INT64_MAX };
	struct buf out, expected, aad;
	bool all = true;

	buf_init(&out, 4096);
	buf_init(&expected, 4096);
	buf_init(&aad, 4096);
	for (size_t i = 0; i < sizeof seqs / sizeof seqs[0]; i++) {
		struct place at = place;
		at.seq = seqs[i];
		buf_reset(&out);
		buf_reset(&expected);
		buf_reset(&aad);
		cbor_put_array(&aad, 5);
		cbor_put_literal(&aad, "warifu-entry-1");
		cbor_put_bytes(&aad, id_bytes(&at.tally));
		cbor_put_bytes(&aad, id_bytes(&at.key));
		cbor_put_int(&aad, (int64_t)at.seq);
		cbor_put_bytes(&aad, id_bytes(&at.prev));
		cbor_put_array(&expected, 4);
		cbor_put_literal(&expected, "Signature1");
		cbor_put_bytes(&expected, bytes_of("\xa1\x01\x27", 3));
		cbor_put_bytes(&expected, buf_bytes(&aad));
		cbor_put_bytes(&expected, least_body());
		entry_signed_bytes(&at, least_body(), &out);
		struct id id = entry_id(&at, least_body()), expected_id = sha256(buf_bytes(&expected));
		all = all && bytes_equal(buf_bytes(&out), buf_bytes(&expected)) && id_equal(&id, &expected_id);
	}
	tap_ok(all, "for every length of seq the signed bytes are the Sig_structure, and the id is their hash");
	tap_ok(cbor_check(buf_bytes(&out), 4096) == NULL, "the signed bytes are themselves deterministic CBOR");
	buf_clear(&out);
	buf_clear(&expected);
	buf_clear(&aad);
}

static const char *verdict(const struct entry *entry)
{
	const char *reason = entry_verify(entry);

	return reason != NULL ? reason : "good";
}

static void verify_test(void)
{
	struct entry entry = sample();

	tap_is_text(verdict(&entry), "good", "what a key signs verifies");
	entry.place.seq++;
	tap_is_text(verdict(&entry), "sig-wrong", "but not at another place of the log");
	entry = sample();
	entry.place.tally.data[0] ^= 1;
	tap_is_text(verdict(&entry), "sig-wrong", "nor in another tally");
	entry = sample();
	entry.place.prev.data[31] ^= 1;
	tap_is_text(verdict(&entry), "sig-wrong", "nor after another entry");
	entry = sample();
	static const uint8_t seed[32] = { 8 };
	uint8_t other[SECRET_BYTES];
	key_from_seed(seed, &entry.place.key, other);
	tap_is_text(verdict(&entry), "sig-wrong", "nor for another key");
	entry = sample();
	struct id before = entry.id;
	entry.signature[0] ^= 1;
	tap_ok(id_equal(&entry.id, &before), "the signature is not in the id");
	tap_is_text(verdict(&entry), "sig-wrong", "a changed signature does not verify");
	struct entry changed = sample();
	const char *reason = entry_init(&changed, &place,
	    bytes_of("\xa2\x00\x63"
		     "a.b\x01\x01",
		8),
	    changed.signature);
	tap_ok(reason == NULL && strcmp(verdict(&changed), "sig-wrong") == 0, "nor does a changed body");
}

/* The longest body: its head has three bytes of length more, and all of it is signed. */
static void long_test(void)
{
	static const uint8_t none[SIGNATURE_BYTES];
	struct buf body;
	struct entry entry;

	buf_init(&body, 2 * LIMIT_BODY_BYTES);
	buf_put(&body,
	    "\xa3\x00\x63"
	    "a.b\x01\x00\x08\x59\xff\xf4",
	    12);
	while (body.len < LIMIT_BODY_BYTES) {
		buf_put_byte(&body, 'x');
	}
	tap_ok(entry_init(&entry, &place, buf_bytes(&body), none) == NULL, "a body of 65,536 bytes makes an entry");
	entry_sign(&entry, secret);
	tap_is_text(verdict(&entry), "good", "and is signed whole");
	body.data[body.len - 1] = 'y';
	tap_is_text(verdict(&entry), "sig-wrong", "to its last byte");
	body.data[11] = 0xf5;
	buf_put_byte(&body, 'x');
	tap_is_text(entry_init(&entry, &place, buf_bytes(&body), none), "too-long", "one byte more makes none");
	buf_clear(&body);
}

static void init_test(void)
{
	static const uint8_t none[SIGNATURE_BYTES];
	struct entry entry;

	tap_is_text(
	    entry_init(&entry, &place, bytes_of("\xa0", 1), none), "body-kind", "a body without kind makes no entry");
	tap_is_text(
	    entry_init(&entry, &place, bytes_of("\xf9\x00\x00", 3), none), "float", "nor does one with a float");
}

static const char *cose_is(struct bytes in, struct bytes *body, const uint8_t **signature)
{
	const char *reason = cose_parse(in, body, signature);

	return reason != NULL ? reason : "good";
}

static void cose_test(void)
{
	struct entry entry = sample();
	struct buf out;
	struct bytes body;
	const uint8_t *signature;
	bool all = true;

	buf_init(&out, 4096);
	entry_print_cose(&entry, &out);
	struct bytes cose = buf_bytes(&out);
	tap_is_int(cose.len, 7 + 9 + 66, "alone, an entry is its body and signature with nine bytes around");
	tap_ok(cose_parse(cose, &body, &signature) == NULL && bytes_equal(body, least_body()) &&
		memcmp(signature, entry.signature, SIGNATURE_BYTES) == 0,
	    "both are found again");
	tap_ok(body.data >= cose.data && signature + SIGNATURE_BYTES == cose.data + cose.len, "in place");
	for (size_t len = 0; len < cose.len; len++) {
		all = all && strcmp(cose_is(bytes_of(cose.data, len), &body, &signature), "cose-form") == 0;
	}
	tap_ok(all, "cut at any byte it has not the form");
	buf_put_byte(&out, 0);
	tap_is_text(cose_is(buf_bytes(&out), &body, &signature), "cose-form", "nor with a byte behind");
	out.len--;
	all = true;
	for (size_t i = 0; i < 8; i++) {
		for (int bit = 0; bit < 8; bit++) {
			out.data[i] ^= (uint8_t)(1 << bit);
			all = all && strcmp(cose_is(buf_bytes(&out), &body, &signature), "cose-form") == 0;
			out.data[i] ^= (uint8_t)(1 << bit);
		}
	}
	tap_ok(all, "nor with any bit before the body changed");
	buf_clear(&out);
}

static void cose_length_test(void)
{
	struct bytes body;
	const uint8_t *signature;
	static const uint8_t none[SIGNATURE_BYTES];
	struct buf out;

	buf_init(&out, 4096);
	buf_put(&out,
	    "\xd2\x84\x43\xa1\x01\x27\xa0\x58\x01"
	    "x\x58\x40",
	    12);
	buf_put(&out, none, SIGNATURE_BYTES);
	tap_is_text(
	    cose_is(buf_bytes(&out), &body, &signature), "cose-form", "a length that is not shortest has not the form");
	buf_reset(&out);
	buf_put(&out,
	    "\xd2\x84\x43\xa1\x01\x27\xa0\x41"
	    "x\x59\x00\x40",
	    12);
	buf_put(&out, none, SIGNATURE_BYTES);
	tap_is_text(cose_is(buf_bytes(&out), &body, &signature), "cose-form", "nor has that of the signature");
	buf_reset(&out);
	buf_put(&out,
	    "\xd2\x84\x43\xa1\x01\x27\xa0\x41"
	    "x\x58\x3f",
	    11);
	buf_put(&out, none, SIGNATURE_BYTES - 1);
	tap_is_text(cose_is(buf_bytes(&out), &body, &signature), "cose-form", "a signature has 64 bytes");
	buf_reset(&out);
	buf_put(&out,
	    "\xd2\x84\x43\xa1\x01\x27\xa0\x41"
	    "x\x5b\x00\x00\x00\x00\xff\xff\xff\xff",
	    18);
	tap_is_text(
	    cose_is(buf_bytes(&out), &body, &signature), "cose-form", "a length without bytes is believed by nobody");
	buf_clear(&out);
}

int main(void)
{
	wire_start();
	place_make();
	signed_bytes_test();
	verify_test();
	long_test();
	init_test();
	cose_test();
	cose_length_test();
	return tap_done();
}
