/* Vectors as two homes speak of them: logs, how far, and the first half of the id there (docs/sync.md 4). */
#ifndef WARIFU_SYNC_POSITIONS_H
#define WARIFU_SYNC_POSITIONS_H
#include "base/arena.h"
#include "base/buf.h"
#include "fold/fold.h"

#define HASH16 16

struct position {
	struct id key, branch;
	uint64_t seq;
	uint8_t head[HASH16];
};
struct positions {
	struct position *items;
	unsigned count;
}; /* by key, branch; none twice */

/* Of this home's own vector. */
enum status positions_of(const struct vector *vector, struct arena *arena, struct positions *out, struct err *err);
const struct position *positions_find(const struct positions *positions, const struct id *key, const struct id *branch);
/* Items of one key: the first, and how many. */
const struct position *positions_of_key(const struct positions *positions, const struct id *key, unsigned *count);
bool positions_equal(const struct positions *a, const struct positions *b);
/* Log by log the higher. False when the two hold a log at one seq with two ids, or name the logs of a key differently: then there is a fork
 * between them, and no union. NULL items: no memory. */
bool positions_union(const struct positions *a, const struct positions *b, struct arena *arena, struct positions *out);
/* How many entries of `want` are beyond `have`. */
int64_t positions_lacking(const struct positions *have, const struct positions *want);
/* The canonical form, which is hashed and remembered. */
void positions_print(const struct positions *positions, struct buf *out);
bool positions_parse(struct bytes in, struct arena *arena, struct positions *out);
enum status positions_hash(const struct positions *positions, uint8_t out[HASH16], struct err *err);

enum { VECTOR_WHOLE = 1, VECTOR_RIDING = 2, VECTOR_CLOSED = 4 };
struct vector_message {
	uint8_t flags;
	uint8_t base[HASH16], digest[HASH16];
	struct positions positions;
	uint8_t closed[HASH16]; /* VECTOR_CLOSED: hash of the logs that are closed; they are not among the positions */
};
/* Content of a vector message; base NULL: whole. */
void vector_message_print(const struct vector_message *message, const struct positions *base, struct buf *out);
/* Items as a whole vector: as in a message without base, and in a bundle's header. */
void positions_items_print(const struct positions *positions, struct buf *out);
bool positions_items_parse(struct bytes *in, struct arena *arena, struct positions *out);
/* The head alone: what base does it need? */
bool vector_message_head(struct bytes in, struct vector_message *out);
/* All of it. base: the one that the head names, NULL when whole. False when the form is wrong. */
bool vector_message_parse(
    struct bytes in, const struct positions *base, struct arena *arena, struct vector_message *out);
#endif
