/* Bad vectors of the form in which an entry is shown alone. Body and signature in them are good. */
#include "base/cbor.h"
#include "vectors.h"
#include <string.h>

/* Body and signature stand around `middle`. */
struct form {
	const char *begin, *middle, *end, *title;
	bool without_signature;
};

static const struct form forms[] = {
	{ "84 43a10127 a0", "", "", "no tag", false },
	{ "d1 84 43a10127 a0", "", "", "tag 17, that of a message with a code", false },
	{ "d862 84 43a10127 a0", "", "", "tag 98, that of many signers", false },
	{ "d812 84 43a10127 a0", "", "", "tag 18 in two bytes", false },
	{ "d9d9f7 d2 84 43a10127 a0", "", "", "a second tag before", false },
	{ "d2 d2 84 43a10127 a0", "", "", "tag 18 twice", false },
	{ "d2 9804 43a10127 a0", "", "", "the array's count in two bytes", false },
	{ "d2 9f 43a10127 a0", "", "ff", "an array without a count", false },
	{ "d2 85 43a10127 a0", "", "f6", "an array of five", false },
	{ "d2 83 43a10127 a0", "", "", "an array of three", true },
	{ "d2 84 40 a0", "", "", "no protected header", false },
	{ "d2 84 41a0 a0", "", "", "an empty protected header", false },
	{ "d2 84 43a10126 a0", "", "", "a protected header that says ES256", false },
	{ "d2 84 44a1013807 a0", "", "", "a protected header in a longer form", false },
	{ "d2 84 46a2012704 4131 a0", "", "", "a protected header with a key id", false },
	{ "d2 84 a10127 a0", "", "", "a protected header that is no byte string", false },
	{ "d2 84 40 a10127", "", "", "the algorithm in the unprotected header", false },
	{ "d2 84 43a10127 a1044131", "", "", "an unprotected entry, a key id", false },
	{ "d2 84 43a10127 a10126", "", "", "an unprotected entry, another algorithm", false },
	{ "d2 84 43a10127 80", "", "", "an unprotected header that is an array", false },
	{ "d2 84 43a10127 f6", "", "", "an unprotected header that is null", false },
	{ "d2 84 43a10127 bfff", "", "", "an unprotected header without a count", false },
	{ "d2 84 43a10127 a0", "f6", "", "null between body and signature", false },
	{ "d2 84 43a10127 a0", "", "00", "a byte behind", false },
};

static void form_make(struct maker *maker, const struct author *author, struct bytes body, const uint8_t *signature,
    const struct form *form)
{
	struct buf cose;

	buf_init(&cose, 4096);
	hex_put(&cose, form->begin);
	cbor_put_bytes(&cose, body);
	hex_put(&cose, form->middle);
	if (!form->without_signature) {
		cbor_put_bytes(&cose, bytes_of(signature, SIGNATURE_BYTES));
	}
	hex_put(&cose, form->end);
	vector_give(maker, form->title, "cose-form", &author->place, body, signature, buf_bytes(&cose));
	buf_clear(&cose);
}

/* What stands in the place of body and signature. */
static void strings_make(struct maker *maker, const struct author *author, struct bytes body, const uint8_t *signature)
{
	struct buf cose;

	buf_init(&cose, 4096);
#define BEGIN() (buf_reset(&cose), hex_put(&cose, "d2 84 43a10127 a0"))
#define GIVE(title) vector_give(maker, title, "cose-form", &author->place, body, signature, buf_bytes(&cose))
	BEGIN();
	cbor_put_null(&cose);
	cbor_put_bytes(&cose, bytes_of(signature, SIGNATURE_BYTES));
	GIVE("a detached body");
	BEGIN();
	buf_put_bytes(&cose, body);
	cbor_put_bytes(&cose, bytes_of(signature, SIGNATURE_BYTES));
	GIVE("a body that is no byte string");
	BEGIN();
	hex_put(&cose, "58");
	buf_put_byte(&cose, (uint8_t)body.len); /* below 24: not shortest */
	buf_put_bytes(&cose, body);
	cbor_put_bytes(&cose, bytes_of(signature, SIGNATURE_BYTES));
	GIVE("a body with a long length");
	BEGIN();
	hex_put(&cose, "5f");
	cbor_put_bytes(&cose, body);
	hex_put(&cose, "ff");
	cbor_put_bytes(&cose, bytes_of(signature, SIGNATURE_BYTES));
	GIVE("a body in pieces");
	BEGIN();
	cbor_put_bytes(&cose, body);
	cbor_put_bytes(&cose, bytes_of(signature, SIGNATURE_BYTES - 1));
	GIVE("a signature of 63 bytes");
	BEGIN();
	cbor_put_bytes(&cose, body);
	cbor_put_head(&cose, 2, SIGNATURE_BYTES + 1);
	buf_put(&cose, signature, SIGNATURE_BYTES);
	buf_put_byte(&cose, 0);
	GIVE("a signature of 65 bytes");
	BEGIN();
	cbor_put_bytes(&cose, body);
	hex_put(&cose, "590040");
	buf_put(&cose, signature, SIGNATURE_BYTES);
	GIVE("a signature with a long length");
	BEGIN();
	cbor_put_bytes(&cose, body);
	hex_put(&cose,
	    "7840 30303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030"
	    "303030303030303030303030303030");
	GIVE("a signature that is text");
	BEGIN();
	hex_put(&cose, "5b ffffffffffffffff");
	GIVE("a body that claims 2^64-1 bytes");
	buf_reset(&cose);
	buf_put_byte(&cose, 0xD2);
	GIVE("the tag alone");
	buf_clear(&cose);
#undef GIVE
#undef BEGIN
}

void bad_cose_make(struct maker *maker)
{
	struct author author = plain_author();
	uint8_t signature[SIGNATURE_BYTES];
	struct buf body;

	family_begin(maker, "cose");
	buf_init(&body, 4096);
	hex_put(&body, "a2 00 63 612e62 01 00"); /* short: its length fits the head's first byte */
	signature_over(&author.place, buf_bytes(&body), author.secret, signature);
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		form_make(maker, &author, buf_bytes(&body), signature, &forms[i]);
	}
	strings_make(maker, &author, buf_bytes(&body), signature);
	buf_clear(&body);
}
