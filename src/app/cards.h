/* Cards: small text files that people mail, read aloud and compare (a party's public keys, a request for a desk). A title, lines of
 * "name: value", and a checksum line that catches what mail did to them. */
#ifndef WARIFU_APP_CARDS_H
#define WARIFU_APP_CARDS_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define CARD_LINES 64
#define CARD_BYTES 16384

struct card {
	const char *title;
	struct card_line {
		const char *name, *value;
	} lines[CARD_LINES];
	unsigned count;
};
/* BAD_INPUT: not a card, a line without a name, a wrong checksum. */
enum status card_read(struct arena *arena, struct bytes text, struct card *out, struct err *err);
bool card_is(struct bytes text);                                                /* looks like one */
const char *card_get(const struct card *card, const char *name);                /* NULL when absent */
const char *card_at(const struct card *card, const char *name, unsigned index); /* the n-th of that name */
enum status card_expect(const struct card *card, const char *title, struct err *err);
/* A 32-byte id that the card must have. */
enum status card_id(const struct card *card, const char *name, struct id *out, struct err *err);

void card_begin(struct buf *out, const char *title);
void card_put(struct buf *out, const char *name, const char *value);
void card_put_id(struct buf *out, const char *name, const struct id *id);
void card_end(struct buf *out); /* the checksum, over all that is in out */
#endif
