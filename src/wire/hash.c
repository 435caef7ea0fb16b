/* SHA-256 by libcrypto, which uses the processor's own instructions where it has them (libsodium's does not: a quarter of
 * the speed). Every entry that arrives is hashed once, every leaf of a digest again.
 *
 * The low-level calls are used although libcrypto 3 marks them as old: they cannot fail and allocate nothing, where
 * EVP_DigestFinal can and does, and sha256() has no way to report that. For the 400 bytes of a typical entry they took
 * 0.42 us, a reused EVP context 0.51, EVP_Digest() with a fetched method 0.53, the one-call SHA256() 1.13. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "wire/hash.h"
#include "wire/entry.h"
#include <openssl/sha.h>

struct id sha256_pieces(const struct bytes *pieces, size_t count)
{
	SHA256_CTX context;
	struct id out;

	ASSERT(SHA256_Init(&context) == 1);
	for (size_t i = 0; i < count; i++) {
		ASSERT(SHA256_Update(&context, pieces[i].data, pieces[i].len) == 1);
	}
	ASSERT(SHA256_Final(out.data, &context) == 1);
	return out;
}

struct id sha256(struct bytes in)
{
	return sha256_pieces(&in, 1);
}

struct id sha256_two(struct bytes a, struct bytes b)
{
	struct bytes pieces[] = { a, b };

	return sha256_pieces(pieces, 2);
}
