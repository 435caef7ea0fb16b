/* Vectors on the wire. Invariants:
 *
 *  V1 items are in ascending order of (key, branch), none twice: what a stranger sends otherwise is refused;
 *  V2 a vector with a base says all of the fresh vector: what is not mentioned stands where the base has it (Y6). */
#include "sync/positions.h"
#include "base/limits.h"
#include "wire/entry.h"
#include <stdlib.h>
#include <string.h>

#define ITEM_LEAST (ID_BYTES + 1 + 1 + HASH16) /* bytes of an item without a base */

static int position_compare(const void *a, const void *b)
{
	const struct position *one = a, *two = b;
	int order = id_compare(&one->key, &two->key);

	return order != 0 ? order : id_compare(&one->branch, &two->branch);
}

enum status positions_of(const struct vector *vector, struct arena *arena, struct positions *out, struct err *err)
{
	*out = (struct positions){ arena_take_array(arena, vector->count, sizeof *out->items), vector->count };
	if (out->items == NULL) {
		return err_set(err, ENVIRONMENT, "vector: out of memory");
	}
	for (unsigned i = 0; i < vector->count; i++) {
		const struct vector_item *item = &vector->items[i];
		out->items[i] = (struct position){ .key = item->key, .branch = item->branch, .seq = item->seq };
		memcpy(out->items[i].head, item->head.data, HASH16);
	}
	return OK;
}

const struct position *positions_find(const struct positions *positions, const struct id *key, const struct id *branch)
{
	struct position wanted = { .key = *key, .branch = *branch };

	if (positions->count == 0) {
		return NULL;
	}
	return bsearch(&wanted, positions->items, positions->count, sizeof wanted, position_compare);
}

const struct position *positions_of_key(const struct positions *positions, const struct id *key, unsigned *count)
{
	unsigned low = 0, high = positions->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (id_compare(&positions->items[middle].key, key) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	*count = 0;
	while (low + *count < positions->count && id_equal(&positions->items[low + *count].key, key)) {
		(*count)++;
	}
	return *count > 0 ? &positions->items[low] : NULL;
}

static bool position_same(const struct position *a, const struct position *b)
{
	return a->seq == b->seq && memcmp(a->head, b->head, HASH16) == 0 && position_compare(a, b) == 0;
}

bool positions_equal(const struct positions *a, const struct positions *b)
{
	bool same = a->count == b->count;

	for (unsigned i = 0; same && i < a->count; i++) {
		same = position_same(&a->items[i], &b->items[i]);
	}
	return same;
}

/* Do both name the logs of this key alike, as far as both have any? */
static bool named_alike(const struct positions *a, const struct positions *b, const struct id *key)
{
	unsigned mine, theirs;
	const struct position *one = positions_of_key(a, key, &mine), *two = positions_of_key(b, key, &theirs);

	return one == NULL || two == NULL || (mine == 1 && theirs == 1 && id_equal(&one->branch, &two->branch)) ||
	    (mine > 1 && theirs > 1);
}

bool positions_union(const struct positions *a, const struct positions *b, struct arena *arena, struct positions *out)
{
	unsigned i = 0, k = 0;

	*out = (struct positions){ arena_take_array(arena, (size_t)a->count + b->count, sizeof *out->items), 0 };
	while (out->items != NULL && (i < a->count || k < b->count)) {
		int order = i == a->count ? 1 : k == b->count ? -1 : position_compare(&a->items[i], &b->items[k]);
		const struct position *one = order <= 0 ? &a->items[i] : &b->items[k];
		if (order == 0 && a->items[i].seq == b->items[k].seq && !position_same(&a->items[i], &b->items[k])) {
			return false;
		}
		if (order != 0 && !named_alike(a, b, &one->key)) {
			return false;
		}
		if (order == 0 && b->items[k].seq > one->seq) {
			one = &b->items[k];
		}
		out->items[out->count++] = *one;
		i += order <= 0;
		k += order >= 0;
	}
	return out->items != NULL;
}

int64_t positions_lacking(const struct positions *have, const struct positions *want)
{
	int64_t count = 0;

	for (unsigned i = 0; i < want->count; i++) {
		const struct position *ours = positions_find(have, &want->items[i].key, &want->items[i].branch);
		uint64_t seq = ours != NULL ? ours->seq : 0;
		count += want->items[i].seq > seq ? (int64_t)(want->items[i].seq - seq) : 0;
	}
	return count;
}

/* ---- canonical form ------------------------------------------------------------------------------------------------- */

void positions_print(const struct positions *positions, struct buf *out)
{
	for (unsigned i = 0; i < positions->count; i++) {
		const struct position *item = &positions->items[i];
		buf_put_bytes(out, id_bytes(&item->key));
		buf_put_bytes(out, id_bytes(&item->branch));
		buf_put_varint(out, item->seq);
		buf_put(out, item->head, HASH16);
	}
}

static bool take(struct bytes *in, void *out, size_t len)
{
	if (in->len < len) {
		return false;
	}
	memcpy(out, in->data, len);
	*in = bytes_of(in->data + len, in->len - len);
	return true;
}

static bool seq_take(struct bytes *in, uint64_t *seq)
{
	return varint_take(in, seq) && *seq <= INT64_MAX;
}

bool positions_parse(struct bytes in, struct arena *arena, struct positions *out)
{
	*out =
	    (struct positions){ arena_take_array(arena, in.len / (2 * ID_BYTES + 1 + HASH16) + 1, sizeof *out->items),
		    0 };
	while (out->items != NULL && in.len > 0) {
		struct position *item = &out->items[out->count++];
		if (!take(&in, item->key.data, ID_BYTES) || !take(&in, item->branch.data, ID_BYTES) ||
		    !seq_take(&in, &item->seq) || !take(&in, item->head, HASH16) ||
		    (out->count > 1 && position_compare(item - 1, item) >= 0)) {
			return false;
		}
	}
	return out->items != NULL;
}

enum status positions_hash(const struct positions *positions, uint8_t out[HASH16], struct err *err)
{
	struct buf canonical;

	buf_init(&canonical, 4 * LIMIT_VECTOR_BYTES);
	positions_print(positions, &canonical);
	struct id hash = sha256(buf_bytes(&canonical));
	bool failed = canonical.failed;
	buf_clear(&canonical);
	memcpy(out, hash.data, HASH16);
	return failed ? err_set(err, ENVIRONMENT, "vector: out of memory") : OK;
}

/* ---- messages ------------------------------------------------------------------------------------------------------- */

static void name_print(const struct position *item, struct buf *out)
{
	bool branch = !id_is_zero(&item->branch);

	buf_put_bytes(out, id_bytes(&item->key));
	buf_put_byte(out, branch);
	if (branch) {
		buf_put_bytes(out, id_bytes(&item->branch));
	}
}

static bool name_parse(struct bytes *in, struct position *item)
{
	uint8_t flag;

	item->branch = (struct id){ { 0 } };
	return take(in, item->key.data, ID_BYTES) && take(in, &flag, 1) && flag <= 1 &&
	    (flag == 0 || (take(in, item->branch.data, ID_BYTES) && !id_is_zero(&item->branch)));
}

void positions_items_print(const struct positions *positions, struct buf *out)
{
	buf_put_varint(out, positions->count);
	for (unsigned i = 0; i < positions->count; i++) {
		name_print(&positions->items[i], out);
		buf_put_varint(out, positions->items[i].seq);
		buf_put(out, positions->items[i].head, HASH16);
	}
}

bool positions_items_parse(struct bytes *in, struct arena *arena, struct positions *out)
{
	uint64_t count;

	if (!varint_take(in, &count) || count > in->len / ITEM_LEAST) {
		return false;
	}
	*out = (struct positions){ arena_take_array(arena, count, sizeof *out->items), (unsigned)count };
	for (unsigned i = 0; out->items != NULL && i < count; i++) {
		struct position *item = &out->items[i];
		if (!name_parse(in, item) || !seq_take(in, &item->seq) || !take(in, item->head, HASH16) ||
		    item->seq == 0 || (i > 0 && position_compare(item - 1, item) >= 0)) { /* V1 */
			return false;
		}
	}
	return out->items != NULL;
}

/* Numbers of the base whose positions are others now; out NULL: only counts them. */
static unsigned changed_print(const struct positions *now, const struct positions *base, struct buf *out)
{
	static const struct position gone = { .seq = 0 };
	unsigned count = 0;

	for (unsigned i = 0; i < base->count; i++) {
		const struct position *item = positions_find(now, &base->items[i].key, &base->items[i].branch);
		item = item != NULL ? item : &gone;
		if (item != &gone && position_same(item, &base->items[i])) {
			continue;
		}
		count++;
		if (out != NULL) {
			buf_put_varint(out, i);
			buf_put_varint(out, item->seq);
			buf_put(out, item->head, HASH16);
		}
	}
	return count;
}

/* Logs that the base lacks; out NULL: only counts them. */
static unsigned added_print(const struct positions *now, const struct positions *base, struct buf *out)
{
	unsigned count = 0;

	for (unsigned i = 0; i < now->count; i++) {
		const struct position *item = &now->items[i];
		if (positions_find(base, &item->key, &item->branch) != NULL) {
			continue;
		}
		count++;
		if (out != NULL) {
			buf_put_varint(out, base->count);
			name_print(item, out);
			buf_put_varint(out, item->seq);
			buf_put(out, item->head, HASH16);
		}
	}
	return count;
}

/* What differs from the base: numbers of the base first, then logs that it lacks. */
static void difference_print(const struct positions *now, const struct positions *base, struct buf *out)
{
	buf_put_varint(out, changed_print(now, base, NULL) + added_print(now, base, NULL));
	changed_print(now, base, out);
	added_print(now, base, out);
}

void vector_message_print(const struct vector_message *message, const struct positions *base, struct buf *out)
{
	buf_put_byte(out, (uint8_t)((message->flags & ~VECTOR_WHOLE) | (base == NULL ? VECTOR_WHOLE : 0)));
	if (base != NULL) {
		buf_put(out, message->base, HASH16);
	}
	buf_put(out, message->digest, HASH16);
	if (base != NULL) {
		difference_print(&message->positions, base, out);
	} else {
		positions_items_print(&message->positions, out);
	}
	if ((message->flags & VECTOR_CLOSED) != 0) {
		buf_put(out, message->closed, HASH16);
	}
}

static bool head_take(struct bytes *in, struct vector_message *out)
{
	return take(in, &out->flags, 1) && (out->flags & ~(VECTOR_WHOLE | VECTOR_RIDING | VECTOR_CLOSED)) == 0 &&
	    ((out->flags & VECTOR_WHOLE) != 0 || take(in, out->base, HASH16)) && take(in, out->digest, HASH16);
}

bool vector_message_head(struct bytes in, struct vector_message *out)
{
	return head_take(&in, out);
}

static bool difference_parse(struct bytes *in, const struct positions *base, struct arena *arena, struct positions *out)
{
	uint64_t count, number;

	if (!varint_take(in, &count) || count > in->len / (1 + 1 + HASH16)) {
		return false;
	}
	*out = (struct positions){ arena_take_array(arena, base->count + count, sizeof *out->items), base->count };
	if (out->items == NULL) {
		return false;
	}
	memcpy(out->items, base->items, base->count * sizeof *out->items);
	for (; count > 0; count--) {
		if (!varint_take(in, &number) || number > base->count) {
			return false;
		}
		struct position *item = &out->items[number < base->count ? number : out->count++];
		if ((number == base->count && !name_parse(in, item)) || !seq_take(in, &item->seq) ||
		    !take(in, item->head, HASH16)) {
			return false;
		}
	}
	unsigned kept = 0;
	for (unsigned i = 0; i < out->count; i++) {
		if (out->items[i].seq > 0) {
			out->items[kept++] = out->items[i];
		}
	}
	out->count = kept;
	qsort(out->items, kept, sizeof *out->items, position_compare);
	for (unsigned i = 1; i < kept; i++) {
		if (position_compare(&out->items[i - 1], &out->items[i]) == 0) {
			return false;
		}
	}
	return true;
}

bool vector_message_parse(
    struct bytes in, const struct positions *base, struct arena *arena, struct vector_message *out)
{
	if (!head_take(&in, out)) {
		return false;
	}
	bool good = (out->flags & VECTOR_WHOLE) != 0
	    ? positions_items_parse(&in, arena, &out->positions)
	    : base != NULL && difference_parse(&in, base, arena, &out->positions);
	if (good && (out->flags & VECTOR_CLOSED) != 0) {
		good = take(&in, out->closed, HASH16);
	}
	return good && in.len == 0;
}
