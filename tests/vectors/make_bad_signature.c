/* Bad vectors of the signature rule, and two good ones beside them: signatures that one library takes and another does not.
 * Where it can be had, the equation of the signature holds all the same, so that only the named reason stands against it:
 * a verifier that lacks that check takes the vector.
 *
 * For the arithmetic see "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020). Small letters are scalars:
 * A = [a]B is the key, R = [r]B, k the hash, T a point of order 8. */
#include "base/cbor.h"
#include "vectors.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

typedef uint8_t scalar[32];
typedef uint8_t point[32];

/* All 14 encodings of the 8 points of small order; the last six are not canonical. */
static const struct {
	const char *hex, *title;
} small[] = {
	{ "0100000000000000000000000000000000000000000000000000000000000000", "the neutral point" },
	{ "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "the point of order 2" },
	{ "0000000000000000000000000000000000000000000000000000000000000000", "a point of order 4" },
	{ "0000000000000000000000000000000000000000000000000000000000000080", "the other point of order 4" },
	{ "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "the first point of order 8" },
	{ "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", "the second point of order 8" },
	{ "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "the third point of order 8" },
	{ "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", "the fourth point of order 8" },
	{ "0100000000000000000000000000000000000000000000000000000000000080", "the neutral point with the sign set" },
	{ "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "the point of order 2 with the sign set" },
	{ "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "the neutral point as p + 1" },
	{ "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    "the neutral point as p + 1 with the sign set" },
	{ "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "a point of order 4 as p" },
	{ "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "the other point of order 4 as p" },
};
#define SMALL_COUNT (sizeof small / sizeof small[0])

static void from_hex(const char *hex, uint8_t out[32])
{
	ASSERT(hex_parse(hex, 64, out, 32));
}

/* a of a seed, as RFC 8032, 5.1.5 makes it. */
static void secret_scalar(const uint8_t seed[32], scalar out)
{
	uint8_t hash[64] = { 0 };

	crypto_hash_sha512(hash, seed, 32);
	hash[0] &= 248;
	hash[31] = (uint8_t)((hash[31] & 127) | 64);
	memset(hash + 32, 0, 32);
	crypto_core_ed25519_scalar_reduce(out, hash);
}

/* The n-th scalar of a fixed row: they need only be many. */
static void row_scalar(unsigned n, scalar out)
{
	uint8_t hash[64];

	crypto_hash_sha512(hash, (const uint8_t[]){ (uint8_t)n, (uint8_t)(n >> 8), 0x5A }, 3);
	crypto_core_ed25519_scalar_reduce(out, hash);
}

static void challenge(const point r, const struct place *place, struct bytes body, scalar out)
{
	crypto_hash_sha512_state state;
	struct buf message;
	uint8_t hash[64];

	buf_init(&message, 1 << 20);
	entry_signed_bytes(place, body, &message);
	crypto_hash_sha512_init(&state);
	crypto_hash_sha512_update(&state, r, 32);
	crypto_hash_sha512_update(&state, place->key.data, 32);
	crypto_hash_sha512_update(&state, message.data, message.len);
	crypto_hash_sha512_final(&state, hash);
	crypto_core_ed25519_scalar_reduce(out, hash);
	buf_clear(&message);
}

static void give(struct maker *maker, const char *title, const char *reason, const struct place *place,
    struct bytes body, const uint8_t signature[SIGNATURE_BYTES])
{
	vector_give(maker, title, reason, place, body, signature, bytes_of(NULL, 0));
}

/* ---- S ------------------------------------------------------------------------------------------------------------- */

static const scalar order = { 0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE,
	0x14, [31] = 0x10 };

static void number_add(uint8_t number[32], const uint8_t other[32])
{
	unsigned carry = 0;

	for (int i = 0; i < 32; i++) {
		carry += (unsigned)number[i] + other[i];
		number[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static void s_make(struct maker *maker, const struct author *author, struct bytes body)
{
	uint8_t signature[SIGNATURE_BYTES];

	signature_over(&author->place, body, author->secret, signature);
	number_add(signature + 32, order);
	give(maker, "S plus the order", "sig-s", &author->place, body, signature);
	for (int i = 0; i < 6; i++) {
		number_add(signature + 32, order);
	}
	ASSERT((signature[63] & 0xE0) != 0);
	give(maker, "S plus seven times the order", "sig-s", &author->place, body, signature);
	memcpy(signature + 32, order, 32);
	give(maker, "S is the order", "sig-s", &author->place, body, signature);
	memset(signature + 32, 0xFF, 32);
	give(maker, "S is the greatest number", "sig-s", &author->place, body, signature);
	memset(signature, 0xFF, SIGNATURE_BYTES);
	struct place place = author->place;
	place.key = id_filled(0);
	give(maker, "a bad S is named before a bad key", "sig-s", &place, body, signature);
}

/* ---- A ------------------------------------------------------------------------------------------------------------- */

/* A signature that holds for a key of small order: [S]B = R + [k]A with R = [S]B wherever 8 divides k. */
static void small_key_make(struct maker *maker, const struct author *author, struct bytes body, size_t which)
{
	struct place place = author->place;
	uint8_t signature[SIGNATURE_BYTES];
	scalar k;
	char title[96];

	from_hex(small[which].hex, place.key.data);
	for (unsigned n = 0;; n++) {
		row_scalar(n, signature + 32);
		ASSERT(crypto_scalarmult_ed25519_base_noclamp(signature, signature + 32) == 0);
		challenge(signature, &place, body, k);
		if ((k[0] & 7) == 0) {
			break;
		}
	}
	snprintf(title, sizeof title, "the key is %s", small[which].title);
	give(maker, title, "sig-key", &place, body, signature);
}

static void key_make(struct maker *maker, const struct author *author, struct bytes body)
{
	static const struct {
		const char *hex, *title;
	} none[] = {
		{ "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		    "the key is a point on the curve, y = 3 as p + 3" },
		{ "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		    "the key is p + 3 with the sign set" },
		{ "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		    "the key is the greatest number" },
		{ "0200000000000000000000000000000000000000000000000000000000000000", "the key is no point, y = 2" },
	};
	uint8_t signature[SIGNATURE_BYTES];

	for (size_t i = 0; i < SMALL_COUNT; i++) {
		small_key_make(maker, author, body, i);
	}
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		struct place place = author->place;
		from_hex(none[i].hex, place.key.data);
		signature_over(&place, body, author->secret, signature);
		give(maker, none[i].title, "sig-key", &place, body, signature);
	}
	struct place place = author->place;
	place.key = id_filled(0);
	memset(signature, 0, SIGNATURE_BYTES);
	give(maker, "a bad key is named before a bad R", "sig-key", &place, body, signature);
}

/* ---- R ------------------------------------------------------------------------------------------------------------- */

/* S = k a: [S]B - [k]A is the neutral point, so that the equation holds with the cofactor, and for R = 1 without it too. */
static void r_make(struct maker *maker, const struct author *author, struct bytes body)
{
	uint8_t signature[SIGNATURE_BYTES];
	scalar a, k;
	char title[96];

	secret_scalar(author->seed, a);
	for (size_t i = 0; i < SMALL_COUNT; i++) {
		from_hex(small[i].hex, signature);
		challenge(signature, &author->place, body, k);
		crypto_core_ed25519_scalar_mul(signature + 32, k, a);
		snprintf(title, sizeof title, "R is %s", small[i].title);
		give(maker, title, "sig-r", &author->place, body, signature);
	}
	memset(signature, 0, SIGNATURE_BYTES);
	give(maker, "a signature of zeros", "sig-r", &author->place, body, signature);
}

/* ---- the equation -------------------------------------------------------------------------------------------------- */

static void wrong_make(struct maker *maker, const struct author *author, struct bytes body)
{
	uint8_t signature[SIGNATURE_BYTES], changed[SIGNATURE_BYTES];
	struct place place;

	signature_over(&author->place, body, author->secret, signature);
#define WRONG(title) give(maker, title, "sig-wrong", &place, body, changed)
#define FRESH() (place = author->place, memcpy(changed, signature, SIGNATURE_BYTES))
	FRESH();
	changed[0] ^= 1;
	WRONG("the first bit of R flipped");
	FRESH();
	changed[31] ^= 0x80;
	WRONG("the sign of R flipped");
	FRESH();
	changed[32] ^= 1;
	WRONG("the first bit of S flipped");
	FRESH();
	memset(changed + 32, 0, 32);
	WRONG("S is zero");
	FRESH();
	from_hex("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", changed);
	WRONG("R is not canonical, p + 3");
	FRESH();
	place.seq++;
	WRONG("signed for the place before");
	FRESH();
	place.seq = 1;
	WRONG("signed for a later place");
	FRESH();
	place.prev.data[0] ^= 1;
	WRONG("signed after another entry");
	FRESH();
	place.tally.data[31] ^= 1;
	WRONG("signed in another tally");
	FRESH();
	struct author other;
	author_init(&other, 0x43, &place.tally, &place.prev);
	place.key = other.key;
	WRONG("the key is another");
	FRESH();
	struct id swap = place.tally;
	place.tally = place.prev;
	place.prev = swap;
	WRONG("tally and prev changed places");
#undef FRESH
#undef WRONG
}

/* What was signed is not the Sig_structure of the format. */
static void structure_make(struct maker *maker, const struct author *author, struct bytes body)
{
	static const struct {
		const char *head, *title;
	} heads[] = {
		{ "84 69 5369676e6174757265 43 a10127", "the context is Signature" },
		{ "84 6a 5369676e617475726531 43 a10126", "the protected header says ES256" },
		{ "84 6a 5369676e617475726531 40", "the protected header is empty" },
		{ "84 6a 5369676e617475726531 46 a20127044131", "the protected header names a key too" },
	};
	uint8_t signature[SIGNATURE_BYTES];
	struct buf whole, made;

	buf_init(&whole, 4096);
	buf_init(&made, 4096);
	entry_signed_bytes(&author->place, body, &whole);
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		buf_reset(&made);
		hex_put(&made, heads[i].head);
		buf_put(&made, whole.data + 16, whole.len - 16); /* external_aad and body */
		crypto_sign_detached(signature, NULL, made.data, made.len, author->secret);
		give(maker, heads[i].title, "sig-wrong", &author->place, body, signature);
	}
	buf_reset(&made);
	hex_put(&made, "84 6a 5369676e617475726531 43 a10127 40");
	cbor_put_bytes(&made, body);
	crypto_sign_detached(signature, NULL, made.data, made.len, author->secret);
	give(maker, "signed without external data", "sig-wrong", &author->place, body, signature);
	crypto_sign_detached(signature, NULL, body.data, body.len, author->secret);
	give(maker, "the body alone was signed", "sig-wrong", &author->place, body, signature);
	struct id id = entry_id(&author->place, body);
	crypto_sign_detached(signature, NULL, id.data, ID_BYTES, author->secret);
	give(maker, "the id was signed", "sig-wrong", &author->place, body, signature);
	crypto_sign_state state;
	crypto_sign_init(&state);
	crypto_sign_update(&state, whole.data, whole.len);
	crypto_sign_final_create(&state, signature, NULL, author->secret);
	give(maker, "signed as Ed25519ph", "sig-wrong", &author->place, body, signature);
	buf_clear(&whole);
	buf_clear(&made);
}

/* ---- parts of small order ------------------------------------------------------------------------------------------ */

/* Key A + T, R = [r]B, S = r + k a. Without cofactor it verifies where 8 divides k, with cofactor always. */
static void mixed_key_make(
    struct maker *maker, const struct author *author, struct bytes body, bool good, const char *title)
{
	struct place place = author->place;
	uint8_t signature[SIGNATURE_BYTES];
	point t;
	scalar a, r, k, ka;

	from_hex(small[4].hex, t);
	ASSERT(crypto_core_ed25519_add(place.key.data, author->key.data, t) == 0);
	secret_scalar(author->seed, a);
	for (unsigned n = 0;; n++) {
		row_scalar(n, r);
		ASSERT(crypto_scalarmult_ed25519_base_noclamp(signature, r) == 0);
		challenge(signature, &place, body, k);
		if (((k[0] & 7) == 0) == good) {
			break;
		}
	}
	crypto_core_ed25519_scalar_mul(ka, k, a);
	crypto_core_ed25519_scalar_add(signature + 32, r, ka);
	give(maker, title, good ? NULL : "sig-wrong", &place, body, signature);
}

/* R + T in place of R: verifies with cofactor only. */
static void mixed_r_make(struct maker *maker, const struct author *author, struct bytes body)
{
	uint8_t signature[SIGNATURE_BYTES];
	point t, plain;
	scalar a, r, k, ka;

	from_hex(small[4].hex, t);
	secret_scalar(author->seed, a);
	row_scalar(1, r);
	ASSERT(crypto_scalarmult_ed25519_base_noclamp(plain, r) == 0);
	ASSERT(crypto_core_ed25519_add(signature, plain, t) == 0);
	challenge(signature, &author->place, body, k);
	crypto_core_ed25519_scalar_mul(ka, k, a);
	crypto_core_ed25519_scalar_add(signature + 32, r, ka);
	give(maker, "R has a part of small order", "sig-wrong", &author->place, body, signature);
}

static struct buf sample_body(void)
{
	struct buf body;

	buf_init(&body, 4096);
	body_begin(&body, 1);
	cbor_put_int(&body, 8);
	cbor_put_literal(&body, "2,500 L");
	return body;
}

void good_signature_make(struct maker *maker)
{
	struct author author = plain_author();
	struct buf body = sample_body();

	family_begin(maker, "sign");
	mixed_key_make(
	    maker, &author, buf_bytes(&body), true, "the key has a part of small order, and the equation holds");
	buf_clear(&body);
}

void bad_signature_make(struct maker *maker)
{
	struct author author = plain_author();
	struct buf body = sample_body();

	family_begin(maker, "sign");
	s_make(maker, &author, buf_bytes(&body));
	key_make(maker, &author, buf_bytes(&body));
	r_make(maker, &author, buf_bytes(&body));
	wrong_make(maker, &author, buf_bytes(&body));
	structure_make(maker, &author, buf_bytes(&body));
	mixed_key_make(maker, &author, buf_bytes(&body), false,
	    "the key has a part of small order, and the equation holds with cofactor only");
	mixed_r_make(maker, &author, buf_bytes(&body));
	buf_clear(&body);
}
