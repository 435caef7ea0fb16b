#include "base/tap.h"
#include "wire/sign.h"
#include <pthread.h>

struct known {
	const char *seed, *key, *message, *signature;
};

/* RFC 8032, 7.1, tests 1 to 3. */
static const struct known known[] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
	    "d25bf5f0595bbe24655141438e7a100b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
	    "387b2eaeb4302aeeb00d291612bb0c00" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
	    "4a7c15e9716ed28dc027beceea1ec40a" },
};

static void known_test(void)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		uint8_t seed[32], message[8], secret[SECRET_BYTES], expected[SIGNATURE_BYTES],
		    signature[SIGNATURE_BYTES];
		struct id key, expected_key = { { 0 } };
		size_t len = strlen(known[i].message) / 2;

		hex_parse(known[i].seed, 64, seed, 32);
		hex_parse(known[i].key, 64, expected_key.data, 32);
		hex_parse(known[i].message, 2 * len, message, len);
		hex_parse(known[i].signature, 128, expected, SIGNATURE_BYTES);
		key_from_seed(seed, &key, secret);
		tap_ok(id_equal(&key, &expected_key), "a known seed has the known key");
		signature_make(signature, bytes_of(message, len), secret);
		tap_ok(memcmp(signature, expected, SIGNATURE_BYTES) == 0, "a known message has the known signature");
		tap_ok(signature_check(signature, bytes_of(message, len), &key) == NULL, "which verifies");
	}
}

static const char *key_is(const char *hex)
{
	struct id key = { { 0 } };
	const char *reason;

	hex_parse(hex, 64, key.data, ID_BYTES);
	reason = key_check(&key);
	return reason != NULL ? reason : "good";
}

/* All 14 encodings of the 8 points of small order: canonical ones first. */
static const char *const small[] = {
	"0100000000000000000000000000000000000000000000000000000000000000",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0000000000000000000000000000000000000000000000000000000000000080",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	"0100000000000000000000000000000000000000000000000000000000000080",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

static void key_test(void)
{
	bool all = true;

	for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
		all = all && strcmp(key_is(small[i]), "sig-key") == 0;
	}
	tap_ok(all, "none of the 14 encodings of points of small order is a key");
	tap_is_text(key_is("5866666666666666666666666666666666666666666666666666666666666666"), "good",
	    "the base point is one");
	tap_is_text(key_is("0200000000000000000000000000000000000000000000000000000000000000"), "sig-key",
	    "what lies on no curve is none");
	tap_is_text(key_is("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"), "sig-key",
	    "a y that is not reduced is none, although 3 lies on the curve");
	tap_is_text(
	    key_is("0300000000000000000000000000000000000000000000000000000000000000"), "good", "as this shows");
	tap_is_text(key_is("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"), "sig-key",
	    "nor with the sign set");
}

struct signed_message {
	struct id key;
	uint8_t secret[SECRET_BYTES], signature[SIGNATURE_BYTES];
	struct bytes message;
};

static struct signed_message sample(void)
{
	static const uint8_t seed[32] = { 1, 2, 3 };
	struct signed_message made = { .message = bytes_text("issued: 2,500 litres") };

	key_from_seed(seed, &made.key, made.secret);
	signature_make(made.signature, made.message, made.secret);
	return made;
}

static const char *verdict(const struct signed_message *message)
{
	const char *reason = signature_check(message->signature, message->message, &message->key);

	return reason != NULL ? reason : "good";
}

static void reasons_test(void)
{
	struct signed_message message = sample();
	struct id small_key = { { 0 } };

	tap_is_text(verdict(&message), "good", "a signature verifies");
	message.message.len--;
	tap_is_text(verdict(&message), "sig-wrong", "not over a shorter message");
	message = sample();
	message.signature[0] ^= 1;
	tap_is_text(verdict(&message), "sig-wrong", "a flipped bit of R is wrong");
	message = sample();
	message.signature[32] ^= 1;
	tap_is_text(verdict(&message), "sig-wrong", "a flipped bit of S is wrong");
	message = sample();
	message.signature[63] |= 0x20;
	tap_is_text(verdict(&message), "sig-s", "an S of 2^253 or more is out of range");
	bool all = true;
	for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
		message = sample();
		hex_parse(small[i], 64, message.signature, 32);
		all = all && strcmp(verdict(&message), "sig-r") == 0;
		hex_parse(small[i], 64, small_key.data, 32);
		message.key = small_key;
		all = all && strcmp(verdict(&message), "sig-key") == 0;
		message.signature[63] |= 0x20;
		all = all && strcmp(verdict(&message), "sig-s") == 0;
	}
	tap_ok(all, "of several reasons the order is S, key, R");
}

/* S and S + order: the same point, and only one of them may verify. */
static void order_test(void)
{
	static const uint8_t order[32] = { 0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE,
		0xF9, 0xDE, 0x14, [31] = 0x10 };
	struct signed_message message = sample();
	unsigned carry = 0;

	for (int i = 0; i < 32; i++) {
		carry += message.signature[32 + i] + order[i];
		message.signature[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	tap_is_text(verdict(&message), "sig-s", "S plus the order is refused");
	memcpy(message.signature + 32, order, 32);
	tap_is_text(verdict(&message), "sig-s", "the order itself is refused");
	message.signature[32]--;
	tap_is_text(verdict(&message), "sig-wrong", "one less is in range");
	memset(message.signature + 32, 0xFF, 32);
	tap_is_text(verdict(&message), "sig-s", "the greatest number is refused");
	memset(message.signature + 32, 0, 32);
	tap_is_text(verdict(&message), "sig-wrong", "zero is in range");
}

static void *verify_often(void *context)
{
	struct signed_message message = sample();
	struct signed_message wrong = sample();
	bool *good = context;

	wrong.signature[5] ^= 1;
	*good = true;
	for (int i = 0; i < 200; i++) {
		*good = *good && strcmp(verdict(&message), "good") == 0 && strcmp(verdict(&wrong), "sig-wrong") == 0;
	}
	return NULL;
}

static void threads_test(void)
{
	pthread_t threads[4];
	bool good[4] = { false };

	for (int i = 0; i < 4; i++) {
		ASSERT(pthread_create(&threads[i], NULL, verify_often, &good[i]) == 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
	}
	tap_ok(good[0] && good[1] && good[2] && good[3], "four threads may verify at once");
}

static void random_test(void)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 }, secret[SECRET_BYTES];
	struct id key, other;

	random_bytes(a, sizeof a);
	random_bytes(b, sizeof b);
	tap_ok(memcmp(a, b, sizeof a) != 0, "random bytes are not the same twice");
	key_generate(&key, secret);
	key_generate(&other, secret);
	tap_ok(!id_equal(&key, &other) && key_check(&key) == NULL, "a new key is a good key, and another each time");
}

int main(void)
{
	wire_start();
	wire_start();
	known_test();
	key_test();
	reasons_test();
	order_test();
	threads_test();
	random_test();
	return tap_done();
}
