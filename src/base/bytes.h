/* A borrowed view of bytes. */
#ifndef WARIFU_BASE_BYTES_H
#define WARIFU_BASE_BYTES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const uint8_t *data;
	size_t len;
};

#define ID_BYTES 32
/* SHA-256 or an Ed25519 public key. */
struct id {
	uint8_t data[ID_BYTES];
};

static inline struct bytes bytes_of(const void *data, size_t len)
{
	return (struct bytes){ data, len };
}
struct bytes bytes_text(const char *text); /* without the final NUL */
bool bytes_equal(struct bytes a, struct bytes b);
int bytes_compare(struct bytes a, struct bytes b); /* shorter-is-less only when a prefix; memcmp order */
bool bytes_is(struct bytes a, const char *text);
static inline struct bytes id_bytes(const struct id *id)
{
	return (struct bytes){ id->data, ID_BYTES };
}
bool id_equal(const struct id *a, const struct id *b);
int id_compare(const struct id *a, const struct id *b);
bool id_is_zero(const struct id *id);
uint64_t id_prefix(const struct id *id); /* first 8 bytes, big endian */

/* hex, lower case. out holds 2*len+1. */
void hex_print(struct bytes in, char *out);
bool hex_parse(const char *text, size_t text_len, uint8_t *out, size_t out_len); /* exact length, either case */
/* Base32, RFC 4648 alphabet, upper case, no padding. out holds base32_length(len)+1. */
size_t base32_length(size_t len);
void base32_print(struct bytes in, char *out);
bool base32_parse(const char *text, size_t text_len, uint8_t *out, size_t out_capacity, size_t *out_len);
uint32_t crc32_of(struct bytes in); /* IEEE 802.3, as zlib's */
#endif
