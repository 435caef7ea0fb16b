/* What all vectors have in common: authors, places, signatures, names of files. Everything comes from fixed seeds, so that
 * making them again gives the same bytes. */
#include "base/cbor.h"
#include "vectors.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct id id_filled(uint8_t byte)
{
	struct id id;

	memset(id.data, byte, ID_BYTES);
	return id;
}

void author_init(struct author *author, uint8_t seed, const struct id *tally, const struct id *first_prev)
{
	memset(author->seed, seed, sizeof author->seed);
	key_from_seed(author->seed, &author->key, author->secret);
	author->place = (struct place){ .tally = *tally, .key = author->key, .seq = 1, .prev = *first_prev };
}

struct author plain_author(void)
{
	struct id tally = id_filled(0x7A), prev = id_filled(0x90);
	struct author author;

	author_init(&author, 0x42, &tally, &prev);
	author.place.seq = 12;
	return author;
}

void signature_over(const struct place *place, struct bytes body, const uint8_t secret[SECRET_BYTES],
    uint8_t signature[SIGNATURE_BYTES])
{
	struct entry entry = { .place = *place, .body = { .bytes = body } };

	entry_sign(&entry, secret);
	memcpy(signature, entry.signature, SIGNATURE_BYTES);
}

void author_write(struct author *author, struct maker *maker, const char *title, struct bytes body)
{
	uint8_t signature[SIGNATURE_BYTES];

	signature_over(&author->place, body, author->secret, signature);
	vector_give(maker, title, NULL, &author->place, body, signature, bytes_of(NULL, 0));
	author->place.prev = entry_id(&author->place, body);
	author->place.seq++;
}

void family_begin(struct maker *maker, const char *family)
{
	maker->family = family;
	maker->number = 0;
}

/* "sign-03-s-is-the-order": as many words of the title as NAME_BYTES allow. */
#define NAME_BYTES 60
static void name_make(struct maker *maker, const char *title, char *out, size_t size)
{
	int used = snprintf(out, size, "%s-%02u", maker->family, ++maker->number);
	size_t len = (size_t)used;

	while (*title != '\0') {
		size_t word = 0;
		while (isalnum((unsigned char)title[word])) {
			word++;
		}
		if (len + 1 + word >= NAME_BYTES) {
			break;
		}
		if (word > 0) {
			out[len++] = '-';
		}
		for (size_t i = 0; i < word; i++) {
			out[len++] = (char)tolower((unsigned char)title[i]);
		}
		title += word + (title[word] != '\0');
	}
	out[len] = '\0';
}

void vector_give(struct maker *maker, const char *title, const char *reason, const struct place *place,
    struct bytes body, const uint8_t signature[SIGNATURE_BYTES], struct bytes cose)
{
	struct vector vector = { .title = title, .reason = reason, .place = *place, .cose = cose, .body = body };
	struct buf made;

	buf_init(&made, 2 << 20);
	name_make(maker, title, vector.name, sizeof vector.name);
	if (cose.data == NULL) {
		struct entry entry = { .body = { .bytes = body } };
		memcpy(entry.signature, signature, SIGNATURE_BYTES);
		memcpy(vector.signature, signature, SIGNATURE_BYTES);
		entry_print_cose(&entry, &made);
		vector.cose = buf_bytes(&made);
	}
	maker->take(maker->context, &vector);
	buf_clear(&made);
}

void body_begin(struct buf *out, unsigned more_pairs)
{
	buf_reset(out);
	cbor_put_map(out, 2 + more_pairs);
	cbor_put_int(out, 0);
	cbor_put_literal(out, "toy.moved");
	cbor_put_int(out, 1);
	cbor_put_int(out, 1385456400000); /* 2013-11-26T09:00:00Z */
}

void hex_put(struct buf *out, const char *hex)
{
	uint8_t byte;

	while (*hex != '\0') {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		ASSERT(hex_parse(hex, 2, &byte, 1));
		buf_put_byte(out, byte);
		hex += 2;
	}
}

/* ---- JSON ---------------------------------------------------------------------------------------------------------- */

/* Longer bodies stand in `cose` alone: twice the same 131,072 digits help nobody. */
#define BODY_SHOWN 4096

static void hex_line(struct buf *out, const char *name, struct bytes bytes)
{
	static const char digits[] = "0123456789abcdef";

	buf_printf(out, ",\n\t\"%s\": \"", name);
	for (size_t i = 0; i < bytes.len; i++) {
		buf_put_byte(out, (uint8_t)digits[bytes.data[i] >> 4]);
		buf_put_byte(out, (uint8_t)digits[bytes.data[i] & 15]);
	}
	buf_put_byte(out, '"');
}

void vector_print(const struct vector *vector, struct buf *out)
{
	bool readable = vector->reason == NULL || strcmp(vector->reason, "cose-form") != 0;

	buf_printf(out, "{\n\t\"title\": \"%s\"", vector->title);
	if (vector->reason != NULL) {
		buf_printf(out, ",\n\t\"reason\": \"%s\"", vector->reason);
	}
	hex_line(out, "tally", id_bytes(&vector->place.tally));
	hex_line(out, "key", id_bytes(&vector->place.key));
	buf_printf(out, ",\n\t\"seq\": \"%llu\"", (unsigned long long)vector->place.seq);
	hex_line(out, "prev", id_bytes(&vector->place.prev));
	if (readable && vector->body.len <= BODY_SHOWN) {
		hex_line(out, "body", vector->body);
		hex_line(out, "signature", bytes_of(vector->signature, SIGNATURE_BYTES));
	}
	hex_line(out, "cose", vector->cose);
	if (readable) {
		struct id id = entry_id(&vector->place, vector->body);
		hex_line(out, "id", id_bytes(&id));
	}
	buf_put_text(out, "\n}\n");
}
