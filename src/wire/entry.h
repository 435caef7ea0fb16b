/* An entry at its place: signed bytes, id, signature (docs/format.md 2). Pure: no files, no SQL, no clock. */
#ifndef WARIFU_WIRE_ENTRY_H
#define WARIFU_WIRE_ENTRY_H
#include "core/record.h"

#define SIGNATURE_BYTES 64
#define SECRET_BYTES 64

struct place {
	struct id tally, key;
	uint64_t seq;
	struct id prev;
};
struct entry {
	struct place place;
	struct id id;
	struct body body; /* borrows */
	uint8_t signature[SIGNATURE_BYTES];
};
/* Sig_structure bytes, appended to out. */
void entry_signed_bytes(const struct place *place, struct bytes body, struct buf *out);
struct id entry_id(const struct place *place, struct bytes body);
/* Checks the body, computes the id; does not verify. NULL or the reason. */
const char *entry_init(
    struct entry *entry, const struct place *place, struct bytes body, const uint8_t signature[SIGNATURE_BYTES]);
/* NULL, or "sig-s" "sig-key" "sig-r" "sig-wrong". Thread-safe. */
const char *entry_verify(const struct entry *entry);
void entry_sign(struct entry *entry, const uint8_t secret[SECRET_BYTES]); /* fills signature */
/* COSE_Sign1 with tag 18, and back: body and signature borrowed from `in`. NULL or the reason ("cose-form"). */
void entry_print_cose(const struct entry *entry, struct buf *out);
const char *cose_parse(struct bytes in, struct bytes *body, const uint8_t **signature);
struct id sha256(struct bytes in);
struct id sha256_two(struct bytes a, struct bytes b);
void key_generate(struct id *public_key, uint8_t secret[SECRET_BYTES]);
void key_from_seed(const uint8_t seed[32], struct id *public_key, uint8_t secret[SECRET_BYTES]); /* tests, demo */
const char *key_check(const struct id *public_key); /* canonical and not of small order: NULL or "sig-key" */
void random_bytes(void *out, size_t len);
void wire_start(void); /* once per process, before anything above */
#endif
