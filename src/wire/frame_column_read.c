/* The reading half of frame columns: a stranger's description of a tree, the place of each node's data, and the values, one by one.
 *
 *  N4 nothing is taken from memory in proportion to a number that was read; only nodes, which cost a byte of the frame each and are
 *     counted, and the values of a pick, which cost a byte each;
 *  N5 a value is written to `out` only, whose ceiling ends every loop: each step of column_emit() writes a byte at least. */
#include "base/cbor.h"
#include "base/err.h"
#include "base/limits.h"
#include "wire/frame_column.h"

#define DAY_LENGTH_MS 86400000
#define MAP_KEYS 256
#define DECIMALS_MAX 6

/* ---- description --------------------------------------------------------------------------------------------------- */

static bool is_container(enum node_code code)
{
	return code == NODE_ARRAY || code == NODE_MAP || code == NODE_LIST;
}

static bool key_parse(struct node *node, const struct node *before, struct bytes *in)
{
	uint64_t raw;

	if (!varint_take(in, &raw) || raw >> 1 >= MAP_KEYS || (before != NULL && before->key >= raw >> 1)) {
		return false;
	}
	node->in_map = true;
	node->key = (uint8_t)(raw >> 1);
	node->optional = (raw & 1) != 0;
	return true;
}

/* The node itself; its children are still to come. */
static struct node *node_parse(
    struct arena *arena, struct bytes *in, unsigned *nodes_left, const struct node *parent, const struct node *before)
{
	struct node *node = *nodes_left > 0 ? arena_take(arena, sizeof *node) : NULL;
	struct bytes code;
	uint64_t children = 0;

	if (node == NULL || (parent != NULL && parent->code == NODE_MAP && !key_parse(node, before, in)) ||
	    !bytes_take(in, 1, &code) || code.data[0] >= NODE_CODES) {
		return NULL;
	}
	(*nodes_left)--;
	node->code = code.data[0];
	node->depth = parent == NULL ? 1 : parent->depth + 1;
	if (!is_container(node->code)) {
		return node;
	}
	if (node->code == NODE_LIST) {
		children = 1;
	} else if (!varint_take(in, &children) || children > MAP_KEYS) {
		return NULL;
	}
	node->child_count = (unsigned)children;
	return children > 0 && node->depth < COLUMN_DEPTH ? node : NULL; /* N1 */
}

struct node *column_parse(struct arena *arena, struct bytes *in, unsigned *nodes_left)
{
	struct {
		struct node *node, *last;
		unsigned left;
	} levels[COLUMN_DEPTH];
	struct node *root = node_parse(arena, in, nodes_left, NULL, NULL);
	struct node *previous = root;
	unsigned depth = 0;

	if (root != NULL && root->child_count > 0) {
		levels[depth].node = root;
		levels[depth].last = NULL;
		levels[depth++].left = root->child_count;
	}
	while (root != NULL && depth > 0) {
		struct node *parent = levels[depth - 1].node, *last = levels[depth - 1].last;
		struct node *node = node_parse(arena, in, nodes_left, parent, last);
		if (node == NULL) {
			return NULL;
		}
		*(last == NULL ? &parent->first : &last->sibling) = node;
		levels[depth - 1].last = node;
		levels[depth - 1].left--;
		previous->next = node;
		previous = node;
		if (node->child_count > 0) {
			levels[depth].node = node;
			levels[depth].last = NULL;
			levels[depth++].left = node->child_count;
		}
		while (depth > 0 && levels[depth - 1].left == 0) {
			depth--;
		}
	}
	return root;
}

/* ---- finding the data ---------------------------------------------------------------------------------------------- */

/* The bytes of `rows` varints; their sum, when wanted, must stay below the bytes of a frame (N2). */
static bool varints_take(struct bytes *in, size_t rows, struct bytes *out, size_t *sum)
{
	const uint8_t *begin = in->data;
	uint64_t value, total = 0;

	for (size_t i = 0; i < rows; i++) {
		if (!varint_take(in, &value)) {
			return false;
		}
		total += value <= LIMIT_FRAME_BYTES ? value : LIMIT_FRAME_BYTES + 1;
		if (sum != NULL && total > LIMIT_FRAME_BYTES) {
			return false;
		}
	}
	*out = bytes_of(begin, (size_t)(in->data - begin));
	if (sum != NULL) {
		*sum = (size_t)total;
	}
	return true;
}

static bool items_take(struct bytes *in, size_t rows, struct bytes *out)
{
	const uint8_t *begin = in->data;

	for (size_t i = 0; i < rows; i++) {
		if (cbor_skip(in).len == 0) {
			return false;
		}
	}
	*out = bytes_of(begin, (size_t)(in->data - begin));
	return true;
}

bool id_column_open(struct id_column *column, size_t rows, struct bytes *in, struct bytes *whole)
{
	struct bytes at;
	uint64_t code;
	size_t distances = 0, wholes = 0;

	*column = (struct id_column){ .has_last = false };
	if (!varints_take(in, rows, &column->codes, NULL)) {
		return false;
	}
	for (at = column->codes; at.len > 0;) {
		varint_take(&at, &code);
		wholes += code == 0;
		distances += code >= 3;
	}
	return varints_take(in, distances, &column->distances, NULL) &&
	    bytes_take(whole, wholes * ID_BYTES, &column->whole);
}

static bool map_open(struct node *node, struct bytes *in)
{
	for (struct node *child = node->first; child != NULL; child = child->sibling) {
		child->rows = node->rows;
		if (!child->optional) {
			continue;
		}
		if (!bytes_take(in, node->rows, &child->present)) {
			return false;
		}
		child->rows = 0;
		for (size_t i = 0; i < node->rows; i++) {
			if (child->present.data[i] > 1) {
				return false;
			}
			child->rows += child->present.data[i];
		}
	}
	return true;
}

static bool pick_open(struct node *node, struct arena *arena, struct bytes *in)
{
	uint64_t count;

	if (!varint_take(in, &count) || count == 0 || count > in->len) {
		return false;
	}
	node->picks = arena_take_array(arena, count, sizeof *node->picks);
	node->pick_count = (size_t)count;
	for (size_t i = 0; node->picks != NULL && i < count; i++) {
		node->picks[i] = cbor_skip(in);
		if (node->picks[i].len == 0) {
			return false;
		}
	}
	return node->picks != NULL && (count == 1 || varints_take(in, node->rows, &node->at, NULL));
}

static bool node_open(struct node *node, struct arena *arena, struct bytes *in, struct bytes *whole)
{
	switch (node->code) {
	case NODE_ANY: return items_take(in, node->rows, &node->at);
	case NODE_ID: return id_column_open(&node->ids, node->rows, in, whole);
	case NODE_INT:
	case NODE_TIME:
	case NODE_DAY: return varints_take(in, node->rows, &node->at, NULL);
	case NODE_DECIMAL:
		return varints_take(in, node->rows, &node->at, NULL) &&
		    varints_take(in, node->rows, &node->mantissas, NULL);
	case NODE_LIST: return varints_take(in, node->rows, &node->at, &node->first->rows);
	case NODE_MAP: return map_open(node, in);
	case NODE_PICK: return pick_open(node, arena, in);
	case NODE_ARRAY:
		for (struct node *child = node->first; child != NULL; child = child->sibling) {
			child->rows = node->rows;
		}
		return true;
	case NODE_CODES: break;
	}
	return false;
}

bool column_open(struct node *root, size_t rows, struct arena *arena, struct bytes *in, struct bytes *whole)
{
	root->rows = rows;
	for (struct node *node = root; node != NULL; node = node->next) {
		if (!node_open(node, arena, in, whole)) {
			return false;
		}
	}
	return true;
}

/* ---- values -------------------------------------------------------------------------------------------------------- */

static bool integer_emit(struct node *node, int64_t stated_ms, struct buf *out)
{
	int64_t base = node->code == NODE_TIME ? stated_ms : node->code == NODE_DAY ? stated_ms / DAY_LENGTH_MS : 0;
	int64_t value;

	if (!signed_take(&node->at, &value) || __builtin_add_overflow(value, base, &value)) {
		return false;
	}
	cbor_put_int(out, value);
	return true;
}

static bool decimal_emit(struct node *node, struct buf *out)
{
	uint64_t decimals;
	int64_t mantissa;

	if (!varint_take(&node->at, &decimals) || decimals > DECIMALS_MAX ||
	    !signed_take(&node->mantissas, &mantissa)) {
		return false;
	}
	if (decimals > 0) {
		cbor_put_array(out, 2);
	}
	cbor_put_int(out, mantissa);
	if (decimals > 0) {
		cbor_put_int(out, (int64_t)decimals);
	}
	return true;
}

static bool pick_emit(struct node *node, struct buf *out)
{
	uint64_t index = 0;

	if ((node->pick_count > 1 && !varint_take(&node->at, &index)) || index >= node->pick_count) {
		return false;
	}
	buf_put_bytes(out, node->picks[index]);
	return true;
}

static bool any_emit(struct node *node, struct buf *out)
{
	struct bytes item = cbor_skip(&node->at);

	buf_put_bytes(out, item);
	return item.len > 0;
}

static void id_emit(struct node *node, struct column_reader *reader, struct buf *out)
{
	struct id id = { { 0 } };

	if (!reader->resolve(reader->context, &node->ids, &id)) {
		reader->lost = true;
	}
	cbor_put_bytes(out, id_bytes(&id));
}

static bool leaf_emit(struct node *node, struct column_reader *reader, struct buf *out)
{
	switch (node->code) {
	case NODE_ANY: return any_emit(node, out);
	case NODE_ID: id_emit(node, reader, out); return true;
	case NODE_DECIMAL: return decimal_emit(node, out);
	case NODE_PICK: return pick_emit(node, out);
	default: return integer_emit(node, reader->stated_ms, out);
	}
}

struct level {
	struct node *node, *child;
	size_t left;
};

/* The head of a container; what is in it follows. */
static bool container_begin(struct node *node, struct level *level, struct buf *out)
{
	uint64_t count = node->child_count;

	*level = (struct level){ node, node->first, node->child_count };
	if (node->code == NODE_LIST) {
		if (!varint_take(&node->at, &count)) {
			return false;
		}
		level->left = count;
	}
	for (struct node *child = node->first; node->code == NODE_MAP && child != NULL; child = child->sibling) {
		struct bytes present;
		child->absent = false;
		if (child->optional) {
			if (!bytes_take(&child->present, 1, &present)) {
				return false;
			}
			child->absent = present.data[0] == 0;
		}
		count -= child->absent;
	}
	if (node->code == NODE_MAP) {
		cbor_put_map(out, count);
	} else {
		cbor_put_array(out, count);
	}
	return true;
}

/* The next item of the container on top; NULL when it is absent from this map. */
static struct node *item_next(struct level *level, struct buf *out)
{
	struct node *child = level->child;

	level->left--;
	if (level->node->code == NODE_LIST) {
		return child;
	}
	level->child = child->sibling;
	if (level->node->code == NODE_MAP) {
		if (child->absent) {
			return NULL;
		}
		cbor_put_int(out, child->key);
	}
	return child;
}

bool column_emit(struct node *root, struct column_reader *reader, struct buf *out)
{
	struct level levels[COLUMN_DEPTH];
	struct node *node = root;
	unsigned depth = 0;

	for (;;) {
		if (node != NULL && is_container(node->code)) {
			ASSERT(depth < COLUMN_DEPTH); /* N1 */
			if (!container_begin(node, &levels[depth++], out)) {
				return false;
			}
		} else if (node != NULL && !leaf_emit(node, reader, out)) {
			return false;
		}
		while (depth > 0 && levels[depth - 1].left == 0) {
			depth--;
		}
		if (depth == 0 || out->failed) {
			return !out->failed;
		}
		node = item_next(&levels[depth - 1], out);
	}
}
