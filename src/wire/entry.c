/* An entry at its place: what is signed, what names it, how it is shown alone (docs/format.md 2). Pure: no files, no SQL,
 * no clock; nothing here allocates, so nothing here fails for want of memory.
 *
 * The signed bytes are the COSE Sig_structure. All of it but the body and its length depends on the place alone:
 *
 *     84                                 array of 4
 *        6a "Signature1"
 *        43 a10127                       protected header {1: -8}: EdDSA
 *        58 77..7f                       external_aad, 119 to 127 bytes:
 *           85                           array of 5
 *              6e "warifu-entry-1"
 *              5820 tally  5820 key  SEQ  5820 prev
 *        HEAD body
 *
 *  E1 the frame (all before the body) is at most FRAME_MAX bytes;
 *  E2 the id is the SHA-256 of exactly the bytes that are signed. */
#include "wire/entry.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "wire/hash.h"
#include "wire/sign.h"
#include <string.h>

#define FRAME_MAX 160
#define AAD_PLAIN (1 + 15 + 3 * 34) /* external_aad without seq */

static uint8_t *head_put(uint8_t *out, unsigned major, uint64_t value)
{
	unsigned extra = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
	static const uint8_t info[] = { 0, 24, 25, 0, 26, 0, 0, 0, 27 };

	*out++ = (uint8_t)(major << 5 | (extra == 0 ? (unsigned)value : info[extra]));
	for (unsigned i = extra; i > 0; i--) {
		*out++ = (uint8_t)(value >> (8 * (i - 1)));
	}
	return out;
}

static uint8_t *put(uint8_t *out, const void *data, size_t len)
{
	memcpy(out, data, len);
	return out + len;
}

static uint8_t *id_put(uint8_t *out, const struct id *id)
{
	return put(head_put(out, 2, ID_BYTES), id->data, ID_BYTES);
}

/* All of the signed bytes that stands before the body; its length. */
static size_t frame_print(const struct place *place, size_t body_len, uint8_t frame[FRAME_MAX])
{
	static const char first[] = "\x84\x6a"
				    "Signature1"
				    "\x43\xa1\x01\x27";
	static const char tag[] = "\x85\x6e"
				  "warifu-entry-1";
	uint8_t seq[9];
	size_t seq_len = (size_t)(head_put(seq, 0, place->seq) - seq);
	uint8_t *at = put(frame, first, sizeof first - 1);

	at = head_put(at, 2, AAD_PLAIN + seq_len);
	at = put(at, tag, sizeof tag - 1);
	at = id_put(at, &place->tally);
	at = id_put(at, &place->key);
	at = put(at, seq, seq_len);
	at = id_put(at, &place->prev);
	at = head_put(at, 2, body_len);
	ASSERT(at <= frame + FRAME_MAX); /* E1 */
	return (size_t)(at - frame);
}

void entry_signed_bytes(const struct place *place, struct bytes body, struct buf *out)
{
	uint8_t frame[FRAME_MAX];

	buf_put(out, frame, frame_print(place, body.len, frame));
	buf_put_bytes(out, body);
}

struct id entry_id(const struct place *place, struct bytes body)
{
	uint8_t frame[FRAME_MAX];
	size_t len = frame_print(place, body.len, frame);

	return sha256_two(bytes_of(frame, len), body);
}

const char *entry_init(
    struct entry *entry, const struct place *place, struct bytes body, const uint8_t signature[SIGNATURE_BYTES])
{
	const char *reason = body_read(body, &entry->body);

	if (reason != NULL) {
		return reason;
	}
	entry->place = *place;
	entry->id = entry_id(place, body);
	memcpy(entry->signature, signature, SIGNATURE_BYTES);
	return NULL;
}

/* libsodium wants the message in one piece. A body of the greatest length fits; only what is used of it is touched. */
struct message {
	uint8_t bytes[FRAME_MAX + LIMIT_BODY_BYTES];
};

static struct bytes message_make(const struct entry *entry, struct message *message)
{
	struct bytes body = entry->body.bytes;
	size_t len = frame_print(&entry->place, body.len, message->bytes);

	ASSERT(body.len <= LIMIT_BODY_BYTES); /* body_read has seen it */
	if (body.len > 0) {
		memcpy(message->bytes + len, body.data, body.len);
	}
	return bytes_of(message->bytes, len + body.len);
}

const char *entry_verify(const struct entry *entry)
{
	struct message message;

	return signature_check(entry->signature, message_make(entry, &message), &entry->place.key);
}

void entry_sign(struct entry *entry, const uint8_t secret[SECRET_BYTES])
{
	struct message message;

	signature_make(entry->signature, message_make(entry, &message), secret);
}

/* ---- alone, as COSE_Sign1 ------------------------------------------------------------------------------------------ */

static const uint8_t cose_begin[] = { 0xD2, 0x84, 0x43, 0xA1, 0x01, 0x27, 0xA0 }; /* tag 18, array of 4, {1: -8}, {} */

void entry_print_cose(const struct entry *entry, struct buf *out)
{
	buf_put(out, cose_begin, sizeof cose_begin);
	cbor_put_bytes(out, entry->body.bytes);
	cbor_put_bytes(out, bytes_of(entry->signature, SIGNATURE_BYTES));
}

/* The head of a byte string, in its shortest form, with all of its content there. */
static bool string_take(struct bytes *at, struct bytes *content)
{
	const uint8_t *begin = at->data;
	struct cbor_item item = cbor_take(at);
	uint8_t head[9];

	*content = item.bytes;
	return item.type == CBOR_BYTES && head_put(head, 2, item.bytes.len) - head == item.bytes.data - begin;
}

const char *cose_parse(struct bytes in, struct bytes *body, const uint8_t **signature)
{
	struct bytes content, sign;

	if (in.len < sizeof cose_begin || memcmp(in.data, cose_begin, sizeof cose_begin) != 0) {
		return "cose-form";
	}
	in = bytes_of(in.data + sizeof cose_begin, in.len - sizeof cose_begin);
	if (!string_take(&in, &content) || !string_take(&in, &sign) || sign.len != SIGNATURE_BYTES || in.len > 0) {
		return "cose-form";
	}
	*body = content;
	*signature = sign.data;
	return NULL;
}
