/* Columns of own fields inside a frame: a tree of nodes that takes values of one shape apart into columns of like things
 * (docs/sync.md 2.3). Of wire's frames only. */
#ifndef WARIFU_WIRE_FRAME_COLUMN_H
#define WARIFU_WIRE_FRAME_COLUMN_H
#include "base/arena.h"
#include "base/buf.h"

enum node_code {
	NODE_ANY,
	NODE_ID,
	NODE_INT,
	NODE_TIME,
	NODE_DAY,
	NODE_DECIMAL,
	NODE_ARRAY,
	NODE_MAP,
	NODE_LIST,
	NODE_PICK,
	NODE_CODES
};

#define COLUMN_DEPTH 6 /* levels of one tree: lines of an order need 4 */

/* Ids of one column: codes first, then the distances of those that have one; whole ids stand elsewhere. */
struct id_column {
	struct bytes codes, distances, whole;
	struct id last;
	bool has_last;
};

struct node {
	enum node_code code;
	unsigned depth;
	unsigned child_count;
	uint8_t key;
	bool in_map, optional;        /* as child of a map */
	struct node *first, *sibling; /* children */
	struct node *next;            /* all nodes of the tree, parents before children */
	size_t rows;
	struct bytes *values; /* writing: one CBOR item each */
	uint32_t *owners;     /* writing: which entry a row belongs to */
	size_t filled;
	uint8_t *presence; /* writing: of an optional child, one byte for each row of its parent */
	struct bytes *picks;
	size_t pick_count;
	uint8_t *indexes;           /* writing: of a pick */
	struct bytes at, mantissas; /* reading: what is left of the data */
	struct bytes present;       /* reading: of an optional child, what is left of its presence */
	bool absent;                /* reading: not in the map that is being read */
	struct id_column ids;       /* reading */
};

/* Writing. */
struct column_plan {
	struct arena *arena;
	const int64_t *stated_ms; /* of each entry */
	unsigned nodes_left;
};
/* The tree for these values; NULL when memory ends. */
struct node *column_plan(struct column_plan *plan, struct bytes *values, uint32_t *owners, size_t count);
void column_describe(const struct node *root, struct buf *out);
/* ids: writes codes and distances of an id node. */
void column_data(const struct node *root, const int64_t *stated_ms,
    void (*ids)(void *context, const struct node *node, struct buf *out), void *context, struct buf *out);

/* Reading. All return false for bytes that are no such column. */
struct node *column_parse(struct arena *arena, struct bytes *in, unsigned *nodes_left);
/* Finds where each node's data lies. whole: the ids of the frame that are not yet given to a column. */
bool column_open(struct node *root, size_t rows, struct arena *arena, struct bytes *in, struct bytes *whole);
bool id_column_open(struct id_column *column, size_t rows, struct bytes *in, struct bytes *whole);
/* Appends the next value. resolve gives the next id of a column, or false when it cannot be found: then *lost is set and the value
 * has a zero id. */
struct column_reader {
	int64_t stated_ms;
	bool (*resolve)(void *context, struct id_column *column, struct id *out);
	void *context;
	bool lost;
};
bool column_emit(struct node *root, struct column_reader *reader, struct buf *out);

static inline uint64_t zigzag(int64_t value)
{
	return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}
static inline int64_t unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}
static inline void put_signed(struct buf *out, int64_t value)
{
	buf_put_varint(out, zigzag(value));
}
static inline bool signed_take(struct bytes *in, int64_t *value)
{
	uint64_t raw;

	if (!varint_take(in, &raw)) {
		return false;
	}
	*value = unzigzag(raw);
	return true;
}
/* Takes len bytes off the front. */
static inline bool bytes_take(struct bytes *in, size_t len, struct bytes *out)
{
	if (len > in->len) {
		return false;
	}
	*out = bytes_of(in->data, len);
	*in = bytes_of(in->data + len, in->len - len);
	return true;
}
#endif
