/* Keys and signatures: Ed25519 by libsodium, and the names of the reasons when one does not verify.
 *
 * The signature rule of docs/format.md 2 must give every program the same answer for any 96 bytes a stranger may send.
 * libsodium's crypto_sign_verify_detached() decides it as written there: S below the order, A canonical and not of small
 * order, R not of small order, then without cofactor and byte for byte. So that one call is the whole path of a good
 * signature; which reason it was is looked for only after it said no.
 *
 *  G1 a signature is good if and only if libsodium says so; the reason never overrules it;
 *  G2 the reasons are tried in the order sig-s, sig-key, sig-r; what is left is sig-wrong.
 *
 * crypto_core_ed25519_is_valid_point() is of no use here: it also refuses a key with a part of small order, which the
 * rule allows. Batches are not used: they accept another set. */
#include "wire/sign.h"
#include <sodium.h>
#include <string.h>

_Static_assert(SIGNATURE_BYTES == crypto_sign_BYTES && SECRET_BYTES == crypto_sign_SECRETKEYBYTES &&
	ID_BYTES == crypto_sign_PUBLICKEYBYTES,
    "sizes of entry.h are libsodium's");

/* The order of the base point, 2^252 + 27742317777372353535851937790883648493, little-endian as all here. */
static const uint8_t order[32] = { 0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9,
	0xDE, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10 };

/* p = 2^255 - 19. */
static const uint8_t prime[32] = { 0xED, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
	0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F };

/* The base point. */
static const uint8_t base[32] = { 0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66 };

/* The y of all points of order 1, 2, 4 and 8, and the two encodings of such a y that are not reduced (p for 0, p + 1 for 1;
 * RFC 7748, 7 lists them for the other form of the curve). The sign bit is looked away from: with any sign these are of
 * small order, or no point. */
static const uint8_t small_orders[7][32] = {
	{ 0x00 },
	{ 0x01 },
	{ 0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0, 0xD5, 0xDF,
	    0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05 },
	{ 0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F, 0x2A, 0x20,
	    0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A },
	{ 0xEC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
	    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F },
	{ 0xED, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
	    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F },
	{ 0xEE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
	    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F },
};
/* Little-endian: a < b. */
static bool is_below(const uint8_t a[32], const uint8_t b[32])
{
	for (int i = 31; i >= 0; i--) {
		if (a[i] != b[i]) {
			return a[i] < b[i];
		}
	}
	return false;
}

static bool is_small_order(const uint8_t point[32])
{
	for (size_t i = 0; i < sizeof small_orders / sizeof small_orders[0]; i++) {
		if (memcmp(point, small_orders[i], 31) == 0 && (point[31] & 0x7F) == small_orders[i][31]) {
			return true;
		}
	}
	return false;
}

/* y below p. (x = 0 with the sign set is not canonical either, but only points of small order have x = 0.) */
static bool is_canonical(const uint8_t point[32])
{
	uint8_t y[32];

	memcpy(y, point, sizeof y);
	y[31] &= 0x7F;
	return is_below(y, prime);
}

/* Is there an x for this y? Adding a good point fails when the other is none; the sum is not looked at. */
static bool is_on_curve(const uint8_t point[32])
{
	uint8_t sum[32];

	return crypto_core_ed25519_add(sum, point, base) == 0;
}

const char *key_check(const struct id *public_key)
{
	/* Good keys, each in the place that its first bytes name. The fold asks for the key of every grant again with each thread that
	 * it folds, and looking for a point costs as much as half a signature. A key of zeros is no good key, so an empty place has
	 * none. */
	static _Thread_local struct id good[1024];
	const uint8_t *point = public_key->data;
	struct id *kept = &good[(point[0] | point[1] << 8) % 1024];

	if (!id_is_zero(kept) && id_equal(kept, public_key)) {
		return NULL;
	}
	if (!is_canonical(point) || is_small_order(point) || !is_on_curve(point)) {
		return "sig-key";
	}
	*kept = *public_key;
	return NULL;
}

static const char *signature_reason(const uint8_t signature[SIGNATURE_BYTES], const struct id *key)
{
	if (!is_below(signature + 32, order)) {
		return "sig-s";
	}
	if (key_check(key) != NULL) {
		return "sig-key";
	}
	return is_small_order(signature) ? "sig-r" : "sig-wrong";
}

const char *signature_check(const uint8_t signature[SIGNATURE_BYTES], struct bytes message, const struct id *key)
{
	if (crypto_sign_verify_detached(signature, message.data, message.len, key->data) == 0) {
		return NULL;
	}
	return signature_reason(signature, key);
}

void signature_make(uint8_t signature[SIGNATURE_BYTES], struct bytes message, const uint8_t secret[SECRET_BYTES])
{
	ASSERT(crypto_sign_detached(signature, NULL, message.data, message.len, secret) == 0);
}

void key_generate(struct id *public_key, uint8_t secret[SECRET_BYTES])
{
	ASSERT(crypto_sign_keypair(public_key->data, secret) == 0);
}

void key_from_seed(const uint8_t seed[32], struct id *public_key, uint8_t secret[SECRET_BYTES])
{
	ASSERT(crypto_sign_seed_keypair(public_key->data, secret, seed) == 0);
}

void random_bytes(void *out, size_t len)
{
	randombytes_buf(out, len);
}

void wire_start(void)
{
	ASSERT(sodium_init() >= 0); /* 1: somebody was first; fails only without a source of randomness */
}
