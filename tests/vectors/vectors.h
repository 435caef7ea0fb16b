/* Test vectors of the format: entries, good and bad, made from fixed seeds. The make_*.c files make them, vectors_test.c
 * writes them as JSON, reads the files back and judges them with the program's own code. */
#ifndef WARIFU_TESTS_VECTORS_H
#define WARIFU_TESTS_VECTORS_H
#include "wire/entry.h"

struct vector {
	char name[96]; /* of the file, without folder and ".json" */
	const char *title;
	const char *reason; /* NULL: a good one */
	struct place place;
	struct bytes cose;
	struct bytes body; /* empty where cose has not the form */
	uint8_t signature[SIGNATURE_BYTES];
};

/* Called once for each vector; the vector and all it borrows live until the call returns. */
struct maker {
	void (*take)(void *context, const struct vector *vector);
	void *context;
	const char *family; /* begins the file names: "cbor", "body", "sign", "cose", "kernel" */
	unsigned number;    /* within the family */
};

void good_make(struct maker *maker);
void good_signature_make(struct maker *maker);
void bad_form_make(struct maker *maker);      /* sections 1 and 2.1 */
void bad_signature_make(struct maker *maker); /* the signature rule */
void bad_cose_make(struct maker *maker);

/* An author: one key, its log, and where the log stands. */
struct author {
	struct id key;
	uint8_t seed[32], secret[SECRET_BYTES];
	struct place place;
};
void author_init(struct author *author, uint8_t seed, const struct id *tally, const struct id *first_prev);
/* The author's next entry: signs the bytes, whatever they are, at its place, and moves on. */
void author_write(struct author *author, struct maker *maker, const char *title, struct bytes body);

void family_begin(struct maker *maker, const char *family);
/* Hands over one vector. A cose of no bytes is made from body and signature. */
void vector_give(struct maker *maker, const char *title, const char *reason, const struct place *place,
    struct bytes body, const uint8_t signature[SIGNATURE_BYTES], struct bytes cose);
void signature_over(const struct place *place, struct bytes body, const uint8_t secret[SECRET_BYTES],
    uint8_t signature[SIGNATURE_BYTES]);

struct id id_filled(uint8_t byte); /* 32 times the byte */
struct author plain_author(void);  /* who signs the bad ones: fixed key, tally, prev, seq 12 */
/* {0: kind, 1: stated}: a good body, and its bytes up to more pairs. */
void body_begin(struct buf *out, unsigned more_pairs);
void hex_put(struct buf *out, const char *hex); /* blanks in the hex are passed over */

void vector_print(const struct vector *vector, struct buf *out); /* JSON */
#endif
