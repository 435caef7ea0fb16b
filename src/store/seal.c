/* "WARIFUS1", count, (key id 8, sealed key 80) for each, then a secretstream of 64 KiB chunks, the last tagged final: a file that was cut
 * between two chunks is seen to be cut. */
#include "store/seal.h"
#include <sodium.h>
#include <string.h>

#define MAGIC "WARIFUS1"
#define MAGIC_BYTES 8
#define KEY_ID_BYTES 8
#define SEALED_KEY_BYTES (crypto_box_SEALBYTES + crypto_secretstream_xchacha20poly1305_KEYBYTES)
#define HEADER_BYTES crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define TAG_BYTES crypto_secretstream_xchacha20poly1305_ABYTES
#define CHUNK_BYTES 65536

static void key_id(const struct id *key, uint8_t out[KEY_ID_BYTES])
{
	static const char domain[] = "warifu-seal-1";
	struct id hash = sha256_two(bytes_of(domain, sizeof domain - 1), id_bytes(key));

	memcpy(out, hash.data, KEY_ID_BYTES);
}

static void stream_write(const uint8_t *key, struct bytes content, struct buf *out)
{
	crypto_secretstream_xchacha20poly1305_state state;
	uint8_t header[HEADER_BYTES], chunk[CHUNK_BYTES + TAG_BYTES];
	size_t at = 0;

	crypto_secretstream_xchacha20poly1305_init_push(&state, header, key);
	buf_put(out, header, sizeof header);
	do {
		size_t length = content.len - at < CHUNK_BYTES ? content.len - at : CHUNK_BYTES;
		bool last = at + length == content.len;
		crypto_secretstream_xchacha20poly1305_push(&state, chunk, NULL, content.data + at, length, NULL, 0,
		    last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
		buf_put(out, chunk, length + TAG_BYTES);
		at += length;
	} while (at < content.len);
	sodium_memzero(&state, sizeof state);
}

enum status seal_write(const struct id *keys, unsigned count, struct bytes content, struct buf *out, struct err *err)
{
	uint8_t key[crypto_secretstream_xchacha20poly1305_KEYBYTES], sealed[SEALED_KEY_BYTES], id[KEY_ID_BYTES];

	ASSERT(count >= 1 && count <= SEAL_RECIPIENTS);
	crypto_secretstream_xchacha20poly1305_keygen(key);
	buf_put(out, MAGIC, MAGIC_BYTES);
	buf_put_byte(out, (uint8_t)count);
	for (unsigned i = 0; i < count; i++) {
		if (crypto_box_seal(sealed, key, sizeof key, keys[i].data) != 0) {
			sodium_memzero(key, sizeof key);
			return err_set(err, ENVIRONMENT,
			    "seal: sealing key %u of the partner is none; its home needs a new grant", i + 1);
		}
		key_id(&keys[i], id);
		buf_put(out, id, sizeof id);
		buf_put(out, sealed, sizeof sealed);
	}
	stream_write(key, content, out);
	sodium_memzero(key, sizeof key);
	return out->failed ? err_set(err, ENVIRONMENT, "seal: larger than a bundle may be, or out of memory") : OK;
}

bool seal_is(struct bytes in)
{
	return in.len >= MAGIC_BYTES && memcmp(in.data, MAGIC, MAGIC_BYTES) == 0;
}

/* The stream key out of the header. NOT_FOUND: none of the sealed ones is for us. */
static enum status key_find(struct bytes in, unsigned count, const struct secrets *secrets, uint8_t *key)
{
	uint8_t own[KEY_ID_BYTES];

	key_id(&secrets->seal_public, own);
	for (unsigned i = 0; i < count; i++) {
		const uint8_t *slot = in.data + (size_t)i * (KEY_ID_BYTES + SEALED_KEY_BYTES);
		if (memcmp(slot, own, KEY_ID_BYTES) == 0) {
			return crypto_box_seal_open(key, slot + KEY_ID_BYTES, SEALED_KEY_BYTES,
				   secrets->seal_public.data, secrets->seal) == 0
			    ? OK
			    : BAD_INPUT;
		}
	}
	return NOT_FOUND;
}

static bool stream_read(const uint8_t *key, struct bytes in, struct buf *out)
{
	crypto_secretstream_xchacha20poly1305_state state;
	uint8_t chunk[CHUNK_BYTES], tag = 0;

	if (in.len < HEADER_BYTES || crypto_secretstream_xchacha20poly1305_init_pull(&state, in.data, key) != 0) {
		return false;
	}
	in = bytes_of(in.data + HEADER_BYTES, in.len - HEADER_BYTES);
	while (in.len >= TAG_BYTES && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
		size_t length = in.len < CHUNK_BYTES + TAG_BYTES ? in.len : CHUNK_BYTES + TAG_BYTES;
		unsigned long long got;
		if (crypto_secretstream_xchacha20poly1305_pull(&state, chunk, &got, &tag, in.data, length, NULL, 0) !=
		    0) {
			return false;
		}
		buf_put(out, chunk, (size_t)got);
		in = bytes_of(in.data + length, in.len - length);
	}
	sodium_memzero(chunk, sizeof chunk);
	return in.len == 0 && tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
}

enum status seal_open(struct bytes in, const struct secrets *secrets, struct buf *out, struct err *err)
{
	uint8_t key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
	unsigned count = in.len > MAGIC_BYTES ? in.data[MAGIC_BYTES] : 0;
	size_t head = MAGIC_BYTES + 1 + (size_t)count * (KEY_ID_BYTES + SEALED_KEY_BYTES);

	if (!seal_is(in) || count == 0 || in.len < head) {
		return err_set(err, BAD_INPUT, "bundle: cut in its head");
	}
	enum status status =
	    key_find(bytes_of(in.data + MAGIC_BYTES + 1, in.len - MAGIC_BYTES - 1), count, secrets, key);
	if (status == NOT_FOUND) {
		return err_refuse(err, "", "docs/sync.md 8",
		    "bundle: sealed to other homes; ask the writer for one that names this home");
	}
	bool good = status == OK && stream_read(key, bytes_of(in.data + head, in.len - head), out);
	sodium_memzero(key, sizeof key);
	return good ? OK : err_set(err, BAD_INPUT, "bundle: cut or altered on its way; ask for it again");
}
