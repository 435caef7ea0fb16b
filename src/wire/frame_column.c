/* Values of one key of one shape, taken apart into columns and put together again (docs/sync.md 2.3).
 *
 * Like stands beside like: the quantities of a hundred orders compress better than a hundred orders. The writer looks at all values
 * of a key and chooses a node for them: a leaf, or a container whose items become columns of their own. The description of the tree
 * travels in the frame, so the reader needs to know no domain.
 *
 *  N1 a tree has at most COLUMN_DEPTH levels; all walks use a stack of that size;
 *  N2 rows of all nodes of a frame are bounded by LIMIT_FRAME_BYTES: an item of a body is at least a byte;
 *  N3 what is read again is byte for byte what was written: every leaf is canonical CBOR.
 *
 * Tried and dropped: a column for each text (lengths, then letters): no gain over items as they are, and `pick` takes the words that
 * come often; deltas to the row before: amounts and quantities do not walk. */
#include "wire/frame_column.h"
#include "base/cbor.h"
#include "base/err.h"
#include "base/limits.h"
#include <string.h>

#define DAY_LENGTH_MS 86400000
#define PICKS_MAX 64 /* different values of a pick; more compress as well as they are */
#define PICK_SLOTS 256
#define ARRAY_MAX 8 /* items of an array of fixed length */
#define MAP_KEYS 256
#define DECIMALS_MAX 6

enum { MAJOR_UINT, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY, MAJOR_MAP };

static unsigned major_of(struct bytes item)
{
	return item.data[0] >> 5;
}

static bool is_whole_id(struct bytes item)
{
	return item.len == 2 + ID_BYTES && item.data[0] == 0x58 && item.data[1] == ID_BYTES;
}

/* ---- choosing ------------------------------------------------------------------------------------------------------ */

static uint32_t hash_of(struct bytes item)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < item.len; i++) {
		hash = (hash ^ item.data[i]) * 16777619u;
	}
	return hash ^ hash >> 15;
}

/* Fills picks and indexes when few values stand often in the column. */
static bool pick_find(struct column_plan *plan, struct node *node)
{
	struct bytes found[PICKS_MAX] = { { 0 } };
	uint8_t slots[PICK_SLOTS] = { 0 }; /* number in found, plus 1 */
	size_t count = 0;
	uint8_t *indexes = arena_take(plan->arena, node->rows);

	for (size_t i = 0; indexes != NULL && i < node->rows; i++) {
		uint32_t slot = hash_of(node->values[i]) % PICK_SLOTS;
		while (slots[slot] != 0 && !bytes_equal(found[slots[slot] - 1], node->values[i])) {
			slot = (slot + 1) % PICK_SLOTS;
		}
		if (slots[slot] == 0) {
			if (count == PICKS_MAX || (count + 1) * 2 > node->rows) {
				return false;
			}
			found[count++] = node->values[i];
			slots[slot] = (uint8_t)count;
		}
		indexes[i] = (uint8_t)(slots[slot] - 1);
	}
	node->picks = arena_take_array(plan->arena, count, sizeof *node->picks);
	if (indexes == NULL || node->picks == NULL) {
		return false;
	}
	memcpy(node->picks, found, count * sizeof *found);
	node->pick_count = count;
	node->indexes = indexes;
	return true;
}

static size_t varint_length(uint64_t value)
{
	size_t len = 1;

	for (; value >= 0x80; value >>= 7) {
		len++;
	}
	return len;
}

static bool less(int64_t value, int64_t base, int64_t *out)
{
	return !__builtin_sub_overflow(value, base, out);
}

/* Which of int, time, day takes the fewest bytes. */
static enum node_code integer_choose(const struct column_plan *plan, const struct node *node)
{
	size_t plain = 0, time = 0, day = 0;

	for (size_t i = 0; i < node->rows; i++) {
		int64_t value = 0, stated_ms = plan->stated_ms[node->owners[i]], difference;
		cbor_int(node->values[i], &value);
		plain += varint_length(zigzag(value));
		time += less(value, stated_ms, &difference) ? varint_length(zigzag(difference)) : LIMIT_FRAME_BYTES;
		day += less(value, stated_ms / DAY_LENGTH_MS, &difference) ? varint_length(zigzag(difference))
									   : LIMIT_FRAME_BYTES;
	}
	if (time < plain && time <= day) {
		return NODE_TIME;
	}
	return day < plain ? NODE_DAY : NODE_INT;
}

static bool is_integer(struct bytes item)
{
	return major_of(item) <= MAJOR_NEGATIVE;
}

/* An integer, or an array of a mantissa and 1 to 6 decimals. decimals: 0 for an integer. */
static bool decimal_parts(struct bytes item, int64_t *mantissa, int64_t *decimals)
{
	*decimals = 0;
	if (is_integer(item)) {
		return cbor_int(item, mantissa);
	}
	struct cbor_item head = cbor_take(&item);
	if (head.type != CBOR_ARRAY || head.count != 2) {
		return false;
	}
	struct cbor_item first = cbor_take(&item), second = cbor_take(&item);
	if ((first.type != CBOR_UINT && first.type != CBOR_NEGATIVE) || second.type != CBOR_UINT) {
		return false;
	}
	*mantissa = first.integer;
	*decimals = second.integer;
	return *decimals >= 1 && *decimals <= DECIMALS_MAX;
}

/* Lists hold like things (maps, ids) in any number; arrays hold a fixed number of things, each in its place. */
static bool array_is_list(const struct node *node)
{
	struct bytes first = node->values[0];
	size_t count = cbor_take(&first).count;

	if (count == 0 || count > ARRAY_MAX) {
		return true;
	}
	for (size_t i = 0; i < node->rows; i++) {
		struct bytes at = node->values[i];
		if (cbor_take(&at).count != count || major_of(at) == MAJOR_MAP || is_whole_id(cbor_skip(&at))) {
			return true;
		}
	}
	return false;
}

static bool map_keys_fit(const struct node *node)
{
	size_t keys = 0;

	for (size_t i = 0; i < node->rows; i++) {
		struct bytes at = node->values[i];
		size_t count = cbor_take(&at).count;
		keys += count;
		for (; count > 0; count--) {
			struct cbor_item key = cbor_take(&at);
			if (key.type != CBOR_UINT || key.integer >= MAP_KEYS) {
				return false;
			}
			cbor_skip(&at);
		}
	}
	return keys > 0;
}

struct facts {
	bool integers, decimals, ids, arrays, maps;
};

static struct facts facts_of(const struct node *node)
{
	struct facts facts = { true, true, true, true, true };

	for (size_t i = 0; i < node->rows; i++) {
		struct bytes item = node->values[i];
		int64_t mantissa, decimals;
		facts.integers = facts.integers && is_integer(item);
		facts.decimals = facts.decimals && decimal_parts(item, &mantissa, &decimals);
		facts.ids = facts.ids && is_whole_id(item);
		facts.arrays = facts.arrays && major_of(item) == MAJOR_ARRAY;
		facts.maps = facts.maps && major_of(item) == MAJOR_MAP;
	}
	return facts;
}

static enum node_code code_choose(struct column_plan *plan, struct node *node)
{
	if (node->rows == 0) {
		return NODE_ANY;
	}
	struct facts facts = facts_of(node);
	if (facts.ids) {
		return NODE_ID;
	}
	if (node->rows > 1 && pick_find(plan, node)) {
		return NODE_PICK;
	}
	if (facts.integers) {
		return integer_choose(plan, node);
	}
	if (facts.decimals) {
		return NODE_DECIMAL;
	}
	if (node->depth == COLUMN_DEPTH) {
		return NODE_ANY;
	}
	if (facts.arrays) {
		return array_is_list(node) ? NODE_LIST : NODE_ARRAY;
	}
	return facts.maps && map_keys_fit(node) ? NODE_MAP : NODE_ANY;
}

/* ---- taking apart -------------------------------------------------------------------------------------------------- */

/* A child of a node, for at most `rows` rows. NULL when memory or the nodes of this frame end. */
static struct node *child_add(struct column_plan *plan, struct node *node, struct node **last, size_t rows)
{
	struct node *child = plan->nodes_left > 0 ? arena_take(plan->arena, sizeof *child) : NULL;

	if (child == NULL) {
		return NULL;
	}
	plan->nodes_left--;
	child->depth = node->depth + 1;
	child->rows = rows;
	child->values = arena_take_array(plan->arena, rows, sizeof *child->values);
	child->owners = arena_take_array(plan->arena, rows, sizeof *child->owners);
	if (child->values == NULL || child->owners == NULL) {
		return NULL;
	}
	*(*last == NULL ? &node->first : &(*last)->sibling) = child;
	*last = child;
	node->child_count++;
	return child;
}

static void row_add(struct node *child, struct bytes value, uint32_t owner)
{
	ASSERT(child->filled < child->rows);
	child->values[child->filled] = value;
	child->owners[child->filled++] = owner;
}

static bool array_split(struct column_plan *plan, struct node *node)
{
	struct bytes first = node->values[0];
	size_t count = cbor_take(&first).count;
	struct node *last = NULL;

	for (size_t i = 0; i < count; i++) {
		if (child_add(plan, node, &last, node->rows) == NULL) {
			return false;
		}
	}
	for (size_t i = 0; i < node->rows; i++) {
		struct bytes at = node->values[i];
		cbor_take(&at);
		for (struct node *child = node->first; child != NULL; child = child->sibling) {
			row_add(child, cbor_skip(&at), node->owners[i]);
		}
	}
	return true;
}

static bool list_split(struct column_plan *plan, struct node *node)
{
	size_t items = 0;
	struct node *last = NULL;

	for (size_t i = 0; i < node->rows; i++) {
		struct bytes at = node->values[i];
		items += cbor_take(&at).count;
	}
	struct node *child = child_add(plan, node, &last, items);
	for (size_t i = 0; child != NULL && i < node->rows; i++) {
		struct bytes at = node->values[i];
		for (size_t left = cbor_take(&at).count; left > 0; left--) {
			row_add(child, cbor_skip(&at), node->owners[i]);
		}
	}
	return child != NULL;
}

/* One child for each key that occurs, ascending; optional where not every map has it. */
static bool map_children(struct column_plan *plan, struct node *node, struct node *by_key[MAP_KEYS])
{
	size_t counts[MAP_KEYS] = { 0 };
	struct node *last = NULL;

	for (size_t i = 0; i < node->rows; i++) {
		struct bytes at = node->values[i];
		for (size_t left = cbor_take(&at).count; left > 0; left--) {
			counts[cbor_take(&at).integer]++;
			cbor_skip(&at);
		}
	}
	for (unsigned key = 0; key < MAP_KEYS; key++) {
		if (counts[key] == 0) {
			continue;
		}
		struct node *child = child_add(plan, node, &last, counts[key]);
		if (child == NULL) {
			return false;
		}
		child->in_map = true;
		child->key = (uint8_t)key;
		child->optional = counts[key] < node->rows;
		if (child->optional && (child->presence = arena_take(plan->arena, node->rows)) == NULL) {
			return false;
		}
		by_key[key] = child;
	}
	return true;
}

static bool map_split(struct column_plan *plan, struct node *node)
{
	struct node *by_key[MAP_KEYS] = { NULL };

	if (!map_children(plan, node, by_key)) {
		return false;
	}
	for (size_t i = 0; i < node->rows; i++) {
		struct bytes at = node->values[i];
		for (size_t left = cbor_take(&at).count; left > 0; left--) {
			struct node *child = by_key[cbor_take(&at).integer];
			row_add(child, cbor_skip(&at), node->owners[i]);
			if (child->optional) {
				child->presence[i] = 1;
			}
		}
	}
	return true;
}

static bool node_split(struct column_plan *plan, struct node *node)
{
	switch (node->code) {
	case NODE_ARRAY: return array_split(plan, node);
	case NODE_LIST: return list_split(plan, node);
	case NODE_MAP: return map_split(plan, node);
	default: return true;
	}
}

/* NOLINTNEXTLINE(readability-non-const-parameter): a node's owners are written to */
struct node *column_plan(struct column_plan *plan, struct bytes *values, uint32_t *owners, size_t count)
{
	struct node *root = arena_take(plan->arena, sizeof *root);

	if (root == NULL) {
		return NULL;
	}
	*root = (struct node){ .depth = 1, .rows = count, .values = values, .owners = owners };
	for (struct node *node = root; node != NULL; node = node->next) {
		struct node *after = node->next;
		unsigned before = plan->nodes_left;
		node->code = code_choose(plan, node);
		if (!node_split(plan, node)) { /* no memory, or no nodes left: as it is */
			node->code = NODE_ANY;
			node->first = NULL;
			node->child_count = 0;
			plan->nodes_left = before;
		}
		struct node *last = node;
		for (struct node *child = node->first; child != NULL; child = child->sibling) {
			last->next = child;
			last = child;
		}
		last->next = after;
	}
	return plan->arena->failed ? NULL : root;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

void column_describe(const struct node *root, struct buf *out)
{
	for (const struct node *node = root; node != NULL; node = node->next) {
		if (node->in_map) {
			buf_put_varint(out, (uint64_t)node->key << 1 | (node->optional ? 1 : 0));
		}
		buf_put_byte(out, (uint8_t)node->code);
		if (node->code == NODE_ARRAY || node->code == NODE_MAP) {
			buf_put_varint(out, node->child_count);
		}
	}
}

static void any_data(const struct node *node, struct buf *out)
{
	for (size_t i = 0; i < node->rows; i++) {
		buf_put_bytes(out, node->values[i]);
	}
}

static void integer_data(const struct node *node, const int64_t *stated_ms, struct buf *out)
{
	for (size_t i = 0; i < node->rows; i++) {
		int64_t value = 0, base = stated_ms[node->owners[i]];
		cbor_int(node->values[i], &value);
		base = node->code == NODE_TIME ? base : node->code == NODE_DAY ? base / DAY_LENGTH_MS : 0;
		ASSERT(less(value, base, &value));
		put_signed(out, value);
	}
}

static void decimal_data(const struct node *node, struct buf *out)
{
	int64_t mantissa = 0, decimals = 0;

	for (size_t i = 0; i < node->rows; i++) {
		decimal_parts(node->values[i], &mantissa, &decimals);
		buf_put_byte(out, (uint8_t)decimals);
	}
	for (size_t i = 0; i < node->rows; i++) {
		decimal_parts(node->values[i], &mantissa, &decimals);
		put_signed(out, mantissa);
	}
}

static void list_data(const struct node *node, struct buf *out)
{
	for (size_t i = 0; i < node->rows; i++) {
		struct bytes at = node->values[i];
		buf_put_varint(out, cbor_take(&at).count);
	}
}

static void map_data(const struct node *node, struct buf *out)
{
	for (const struct node *child = node->first; child != NULL; child = child->sibling) {
		if (child->optional) {
			buf_put(out, child->presence, node->rows);
		}
	}
}

static void pick_data(const struct node *node, struct buf *out)
{
	buf_put_varint(out, node->pick_count);
	for (size_t i = 0; i < node->pick_count; i++) {
		buf_put_bytes(out, node->picks[i]);
	}
	if (node->pick_count > 1) {
		buf_put(out, node->indexes, node->rows); /* PICKS_MAX < 128: a varint is a byte */
	}
}

void column_data(const struct node *root, const int64_t *stated_ms,
    void (*ids)(void *context, const struct node *node, struct buf *out), void *context, struct buf *out)
{
	for (const struct node *node = root; node != NULL; node = node->next) {
		switch (node->code) {
		case NODE_ANY: any_data(node, out); break;
		case NODE_ID: ids(context, node, out); break;
		case NODE_INT:
		case NODE_TIME:
		case NODE_DAY: integer_data(node, stated_ms, out); break;
		case NODE_DECIMAL: decimal_data(node, out); break;
		case NODE_LIST: list_data(node, out); break;
		case NODE_MAP: map_data(node, out); break;
		case NODE_PICK: pick_data(node, out); break;
		case NODE_ARRAY:
		case NODE_CODES: break;
		}
	}
}
