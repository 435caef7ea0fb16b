/* Do the two halves match? (docs/sync.md 6)
 *
 *  A1 a digest is compared only with one of our own at the same vector;
 *  A2 what is remembered as agreed was seen in the other's own word, after all of it was stored here;
 *  A3 it is compared only where the vector is closed: a half that lacks what an entry names judges that entry otherwise, and rightly;
 *  A4 what one session remembers of the other home takes nothing away from what another one has found meanwhile. */
#include "base/limits.h"
#include "sync/session.h"
#include <stdlib.h>
#include <string.h>

#define CHILDREN 16
#define SHORT_HASH 8
#define LOOKS_MOST 8 /* a walk needs 4 */

enum status agree_stand(struct sync *sync, struct err *err)
{
	struct id digest;
	enum status status = vector_now(sync->store, sync->tally, &sync->arena, &sync->vector, err);

	if (status == OK) {
		status = positions_of(&sync->vector, &sync->arena, &sync->mine, err);
	}
	if (status == OK) {
		status = digest_now(sync->store, sync->tally, &digest, err);
	}
	if (status == OK) {
		memcpy(sync->mine_digest, digest.data, HASH16);
		sync->result.digest = digest;
	}
	return status;
}

/* What this session has found, into what is remembered by now. */
static void found_put(const struct sync *sync, struct sync_peer *peer)
{
	const struct sync_peer *found = &sync->memory.peer;

	peer->heard_ms = peer->heard_ms > sync->options.now_ms ? peer->heard_ms : sync->options.now_ms;
	if (sync->result.compared) {
		peer->matched = found->matched;
		peer->digest = found->digest;
		peer->differs_thread = found->differs_thread;
		peer->matched_ms = found->matched_ms > peer->matched_ms ? found->matched_ms : peer->matched_ms;
	}
}

/* A vector below the one that another session has agreed on meanwhile is a good base, and not the best. */
static bool is_older(const struct peer_memory *memory, const struct positions *positions)
{
	const struct positions *newest = memory->vector_count > 0 ? &memory->vectors[0].positions : NULL;

	return newest != NULL && positions_lacking(newest, positions) == 0 && positions_lacking(positions, newest) > 0;
}

/* Other sessions with the same home may have ended since this one began: what they remember stays (A4). */
static enum status remember(struct sync *sync, const struct positions *positions, bool agreed, struct err *err)
{
	struct peer_memory memory;
	struct arena arena;

	if (sync->store->read_only) {
		return OK;
	}
	arena_init(&arena, LIMIT_SESSION_BYTES);
	enum status status = peer_memory_load(sync->store, sync->tally, &sync->peer_key, &arena, &memory, err);
	if (status == OK && positions != NULL) {
		status = peer_memory_add(&memory, positions, agreed && !is_older(&memory, positions), err);
	}
	if (status == OK) {
		found_put(sync, &memory.peer);
		status = peer_memory_save(sync->store, sync->tally, &sync->peer_key, &memory, err);
	}
	arena_clear(&arena);
	return status;
}

static void compared(struct sync *sync, bool matched)
{
	sync->result.compared = true;
	sync->result.matched = matched;
	sync->memory.peer.matched = matched;
	sync->memory.peer.digest = sync->result.digest;
	if (matched) {
		sync->memory.peer.matched_ms = sync->options.now_ms;
		sync->memory.peer.differs_thread = (struct id){ { 0 } };
	}
	sync->looking = !matched && sync->options.initiator && !sync->looked;
}

enum status agree_equal(struct sync *sync, struct err *err)
{
	compared(sync, memcmp(sync->mine_digest, sync->theirs_digest, HASH16) == 0);
	return remember(sync, &sync->mine, true, err);
}

/* ---- state ---------------------------------------------------------------------------------------------------------- */

/* An item of ours at a lower seq; only its head is looked at. */
static enum status item_lower(
    struct sync *sync, const struct vector_item *now, uint64_t seq, struct vector_item *out, struct err *err)
{
	struct entry_row entry;
	enum status status = OK;

	*out = *now;
	out->seq = seq;
	if (seq < now->seq) {
		status = store_entry_at(sync->store, now->log, seq, NULL, &entry, err);
		out->head = status == OK ? entry.id : now->head;
	}
	return status;
}

static const struct vector_item *item_find(const struct vector *vector, const struct position *wanted)
{
	for (unsigned low = 0, high = vector->count; low < high;) {
		unsigned middle = low + (high - low) / 2;
		const struct vector_item *item = &vector->items[middle];
		int order = id_compare(&item->key, &wanted->key);
		order = order != 0 ? order : id_compare(&item->branch, &wanted->branch);
		if (order == 0) {
			return item;
		}
		low = order < 0 ? middle + 1 : low;
		high = order < 0 ? high : middle;
	}
	return NULL;
}

/* Is the item, where nobody has lowered it, another entry here than was said? Then another hand's branch has come meanwhile, and the one that was
 * meant has stopped. */
static bool is_another(const struct sync *sync, const struct positions *at, unsigned i, const struct vector_item *here)
{
	const struct position *item = &at->items[i];

	return item->seq == sync->both.items[i].seq && memcmp(here->head.data, item->head, HASH16) != 0;
}

/* Our digest at `at`, the union, or lowered. NOT_FOUND: we do not hold all of it, or it leaves out what it names (A3). */
static enum status digest_find(struct sync *sync, const struct positions *at, struct id *out, struct err *err)
{
	struct vector now, vector;
	struct arena arena;
	bool closed = false;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = vector_now(sync->store, sync->tally, &arena, &now, err);
	vector = (struct vector){ arena_take_array(&arena, at->count, sizeof *vector.items), 0 };
	if (status == OK && vector.items == NULL) {
		arena_clear(&arena);
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	for (unsigned i = 0; status == OK && i < at->count; i++) {
		const struct position *item = &at->items[i];
		const struct vector_item *held = item_find(&now, item);
		if (item->seq == 0) {
			continue;
		}
		if (held == NULL || held->seq < item->seq) {
			status = NOT_FOUND;
		} else {
			status = item_lower(sync, held, item->seq, &vector.items[vector.count++], err);
			status = status == OK && is_another(sync, at, i, &vector.items[vector.count - 1]) ? NOT_FOUND
													  : status;
		}
	}
	if (status == OK) {
		status = vector_is_closed(sync->store, sync->tally, &vector, &closed, err);
		status = status == OK && !closed ? NOT_FOUND : status;
	}
	if (status == OK) {
		status = digest_at(sync->store, sync->tally, &vector, out, err);
	}
	arena_clear(&arena);
	return status;
}

static enum status digest_of(struct sync *sync, const struct positions *at, struct id *out, struct err *err)
{
	enum status status = store_begin(sync->store, err);

	return status == OK ? reading_end(sync, digest_find(sync, at, out, err), err) : status;
}

/* The union, with what we do not hold lowered to what we do. */
static enum status union_lower(
    struct sync *sync, struct positions *lowered, struct buf *out, unsigned *count, struct err *err)
{
	struct vector now;
	struct buf items;
	struct arena *arena = &sync->arena;

	buf_init(&items, 65536);
	enum status status = vector_now(sync->store, sync->tally, arena, &now, err);
	*lowered =
	    (struct positions){ arena_take_array(arena, sync->both.count, sizeof *lowered->items), sync->both.count };
	*count = 0;
	for (unsigned i = 0; status == OK && lowered->items != NULL && i < sync->both.count; i++) {
		const struct position *item = &sync->both.items[i];
		const struct vector_item *held = item_find(&now, item);
		uint64_t seq = held != NULL ? held->seq : 0;
		lowered->items[i] = *item;
		if (seq < item->seq) {
			lowered->items[i].seq = seq;
			buf_put_varint(&items, i);
			buf_put_varint(&items, seq);
			(*count)++;
		}
	}
	buf_put_varint(out, *count);
	buf_put_bytes(out, buf_bytes(&items));
	if (status == OK && (lowered->items == NULL || items.failed)) {
		status = err_set(err, ENVIRONMENT, "sync: out of memory, or too many logs stopped");
	}
	buf_clear(&items);
	return status;
}

/* A fork came up: who has not seen it waits for our word all the same. A hash that is no union's: nobody compares (A3). */
static void state_empty(struct buf *out)
{
	static const uint8_t content[HASH16 + 1 + HASH16];

	message_put(out, MESSAGE_STATE, bytes_of(content, sizeof content));
}

enum status agree_state_write(struct sync *sync, struct buf *out, struct err *err)
{
	struct positions lowered;
	struct buf content, items;
	uint8_t hash[HASH16] = { 0 };
	struct id digest = { { 0 } };
	unsigned count = 0;

	if (sync->forked || !sync->has_both) {
		state_empty(out);
		return OK;
	}
	buf_init(&content, 65536);
	buf_init(&items, 65536);
	enum status status = union_lower(sync, &lowered, &items, &count, err);
	if (status == OK) {
		status = digest_of(sync, &lowered, &digest, err);
	}
	bool closed = status == OK;
	if (closed) {
		sync->result.digest = digest;
		status = positions_hash(&sync->both, hash, err);
	} else if (status == NOT_FOUND) { /* A3: a hash that is no union's, for there is nothing to compare */
		err_clear(err);
		status = OK;
	}
	if (status == OK) {
		buf_put(&content, hash, HASH16);
		buf_put_bytes(&content, buf_bytes(&items));
		buf_put(&content, digest.data, HASH16);
		message_put(out, MESSAGE_STATE, buf_bytes(&content));
		status = remember(sync, closed && count == 0 ? &sync->both : NULL, false, err);
	}
	buf_clear(&content);
	buf_clear(&items);
	return status;
}

static bool state_parse(struct sync *sync, struct bytes in, uint8_t hash[HASH16], struct positions *lowered,
    uint64_t *count, struct bytes *digest)
{
	uint64_t number, seq;

	if (in.len < 2 * HASH16) {
		return false;
	}
	memcpy(hash, in.data, HASH16);
	in = bytes_of(in.data + HASH16, in.len - HASH16);
	*lowered = (struct positions){ arena_take_array(&sync->arena, sync->both.count, sizeof *lowered->items),
		sync->both.count };
	if (lowered->items == NULL || !varint_take(&in, count) || *count > sync->both.count) {
		return false;
	}
	memcpy(lowered->items, sync->both.items, sync->both.count * sizeof *lowered->items);
	for (uint64_t i = 0; i < *count; i++) {
		if (!varint_take(&in, &number) || !varint_take(&in, &seq) || number >= sync->both.count ||
		    seq >= sync->both.items[number].seq) {
			return false;
		}
		lowered->items[number].seq = seq;
	}
	*digest = in;
	return in.len == HASH16;
}

enum status agree_state_read(struct sync *sync, struct bytes content, struct err *err)
{
	uint8_t hash[HASH16], ours[HASH16];
	struct positions lowered;
	struct bytes digest;
	struct id at;
	uint64_t count = 0;

	if (sync->state_received) {
		return err_set(err, BAD_INPUT, "state: said twice");
	}
	sync->state_received = true;
	if (sync->forked || !sync->has_both) {
		return OK;
	}
	if (!state_parse(sync, content, hash, &lowered, &count, &digest)) {
		return err_set(err, BAD_INPUT, "state: not of the form that docs/sync.md 6 says");
	}
	enum status status = positions_hash(&sync->both, ours, err);
	if (status != OK || memcmp(ours, hash, HASH16) != 0) {
		return status; /* entries came in between; the next session compares */
	}
	status = digest_of(sync, &lowered, &at, err);
	if (status == NOT_FOUND) {
		err_clear(err);
		return remember(sync, NULL, false, err); /* logs stopped here: the other side may compare */
	}
	if (status == OK) {
		sync->result.digest = at;
		sync->peer_lacks = count > 0;
		compared(sync, memcmp(at.data, digest.data, HASH16) == 0);           /* A1 */
		status = remember(sync, count == 0 ? &sync->both : NULL, true, err); /* A2 */
	}
	return status;
}

/* ---- the walk to the first thread that differs ---------------------------------------------------------------------- */

enum status agree_look(struct sync *sync, struct buf *out, struct err *err)
{
	struct buf content;

	(void)err;
	buf_init(&content, 8);
	buf_put_varint(&content, sync->look_digits);
	buf_put_varint(&content, sync->look_prefix);
	message_put(out, MESSAGE_LOOK, buf_bytes(&content));
	buf_clear(&content);
	sync->looked = true;
	return OK;
}

struct leaves {
	struct buf *out;
	unsigned count;
};

static enum status leaf_put(void *context, const struct id *thread, const struct id *leaf, struct err *err)
{
	struct leaves *leaves = context;

	(void)err;
	if (leaves->out->len + ID_BYTES + SHORT_HASH <= leaves->out->ceiling) {
		buf_put_bytes(leaves->out, id_bytes(thread));
		buf_put(leaves->out, leaf->data, SHORT_HASH);
		leaves->count++;
	}
	return OK;
}

/* What we have below a node: 16 nodes, or the threads of a bucket. */
static enum status nodes_write(struct sync *sync, unsigned digits, unsigned prefix, struct buf *out, struct err *err)
{
	struct leaves leaves = { out, 0 };
	enum status status = OK;
	struct id node;

	if (digits == 3) {
		return store_bucket_threads(sync->store, sync->tally, prefix, leaf_put, &leaves, err);
	}
	for (unsigned i = 0; status == OK && i < CHILDREN; i++) {
		status = digest_node(sync->store, sync->tally, prefix * CHILDREN + i, digits + 1, &node, err);
		buf_put(out, node.data, SHORT_HASH);
	}
	return status;
}

enum status agree_look_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	uint64_t digits, prefix;
	struct buf nodes;

	if (sync->looks_answered++ == LOOKS_MOST) {
		return err_set(err, BAD_INPUT, "look: asked more than %d times", LOOKS_MOST);
	}
	if (!varint_take(&content, &digits) || !varint_take(&content, &prefix) || digits > 3 ||
	    prefix >= (UINT64_C(1) << 4 * digits)) {
		return err_set(err, BAD_INPUT, "look: not of the form that docs/sync.md 6 says");
	}
	buf_init(&nodes, 65536);
	enum status status = nodes_write(sync, (unsigned)digits, (unsigned)prefix, &nodes, err);
	if (status == OK) {
		message_put(out, MESSAGE_NODES, buf_bytes(&nodes));
	}
	buf_clear(&nodes);
	return status;
}

enum status agree_differs(struct sync *sync, const struct id *thread, struct err *err)
{
	sync->looking = false;
	sync->result.compared = true;
	sync->result.matched = false;
	sync->result.differs_thread = *thread;
	sync->memory.peer.matched = false;
	sync->memory.peer.differs_thread = *thread;
	return remember(sync, NULL, false, err);
}

/* The first thread, by id, that only one has or whose leaves differ. False: none. */
static bool thread_differs(struct bytes a, struct bytes b, struct id *out)
{
	const size_t size = ID_BYTES + SHORT_HASH;

	for (size_t at = 0; at < a.len || at < b.len; at += size) {
		bool in_a = at + size <= a.len, in_b = at + size <= b.len;
		if (in_a && in_b && memcmp(a.data + at, b.data + at, size) == 0) {
			continue;
		}
		bool first_a = in_a && (!in_b || memcmp(a.data + at, b.data + at, ID_BYTES) <= 0);
		if (!in_a && !in_b) {
			return false;
		}
		memcpy(out->data, first_a ? a.data + at : b.data + at, ID_BYTES);
		return true;
	}
	return false;
}

enum status agree_nodes_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	struct buf ours;
	struct id thread = { { 0 } };
	unsigned child = 0;

	if (!sync->looking || (sync->look_digits < 3 && content.len != CHILDREN * SHORT_HASH)) {
		return err_set(err, BAD_INPUT, "nodes: not asked for, or not of the form that docs/sync.md 6 says");
	}
	buf_init(&ours, 65536);
	enum status status = nodes_write(sync, sync->look_digits, sync->look_prefix, &ours, err);
	if (status == OK && sync->look_digits < 3) {
		while (child < CHILDREN &&
		    memcmp(ours.data + child * SHORT_HASH, content.data + child * SHORT_HASH, SHORT_HASH) == 0) {
			child++;
		}
	}
	if (status == OK && sync->look_digits < 3 && child < CHILDREN) {
		sync->look_prefix = sync->look_prefix * CHILDREN + child;
		sync->look_digits++;
		status = agree_look(sync, out, err);
	} else if (status == OK) {
		/* nothing differs any more: entries came in between */
		bool found = sync->look_digits == 3 && thread_differs(buf_bytes(&ours), content, &thread);
		status = agree_differs(sync, &thread, err);
		if (found) {
			message_put(out, MESSAGE_DIFFERS, id_bytes(&thread));
		}
	}
	buf_clear(&ours);
	return status;
}
