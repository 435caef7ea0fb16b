/* The tree of leaves, its digest now and at a lower vector, and vectors (format 8). */
#include "base/limits.h"
#include "core/kernel.h"
#include "fold/folding.h"
#include "fold/parts.h"
#include "store/link.h"
#include <stdlib.h>
#include <string.h>

struct bucketing {
	struct buf buf;
	const struct store *store;
	const struct override *overrides;
	unsigned override_count;
	unsigned bucket;
	unsigned next;
};
struct override {
	struct id thread, leaf;
	bool gone;
};

static unsigned bucket_of(const struct id *thread)
{
	return (unsigned)(thread->data[0] << 4 | thread->data[1] >> 4);
}

static void put_leaf(struct bucketing *bucketing, const struct id *thread, const struct id *leaf)
{
	buf_put_bytes(&bucketing->buf, id_bytes(thread));
	buf_put_bytes(&bucketing->buf, id_bytes(leaf));
}

static enum status hash_thread(void *context, const struct id *thread, const struct id *leaf, struct err *err)
{
	struct bucketing *bucketing = context;

	(void)err;
	/* Overrides are by thread id, as the walk is. */
	while (bucketing->next < bucketing->override_count &&
	    id_compare(&bucketing->overrides[bucketing->next].thread, thread) < 0)
		bucketing->next++;
	if (bucketing->next < bucketing->override_count &&
	    id_equal(&bucketing->overrides[bucketing->next].thread, thread)) {
		if (!bucketing->overrides[bucketing->next].gone)
			put_leaf(bucketing, thread, &bucketing->overrides[bucketing->next].leaf);
		return OK;
	}
	put_leaf(bucketing, thread, leaf);
	return OK;
}

static enum status bucket_hash(struct store *store, int64_t tally, unsigned bucket, const struct override *overrides,
    unsigned count, struct id *out, struct err *err)
{
	struct bucketing bucketing = {
		.store = store, .overrides = overrides, .override_count = count, .bucket = bucket
	};

	buf_init(&bucketing.buf, LIMIT_ARENA_BYTES);
	enum status status = store_bucket_threads(store, tally, bucket, hash_thread, &bucketing, err);
	if (status == OK && bucketing.buf.failed)
		status = err_set(err, ENVIRONMENT, "digest: out of memory");
	memset(out, 0, sizeof *out);
	if (status == OK && bucketing.buf.len)
		*out = sha256(buf_bytes(&bucketing.buf));
	buf_clear(&bucketing.buf);
	return status;
}

/* The three levels above the buckets, in place: hashes[0] becomes the digest. */
static struct id node_of(const struct id *children, unsigned count)
{
	struct id none = { { 0 } };
	bool any = false;

	for (unsigned i = 0; i < count; i++)
		any |= !id_is_zero(&children[i]);
	return any ? sha256(bytes_of(children, count * sizeof *children)) : none;
}

static struct id tree_root(struct id *hashes, unsigned count)
{
	while (count > 1) {
		for (unsigned i = 0; i < count / 16; i++)
			hashes[i] = node_of(&hashes[i * 16], 16);
		count /= 16;
	}
	return hashes[0];
}

struct refreshing {
	struct store *store;
	int64_t tally;
};

static enum status refresh(void *context, unsigned bucket, struct err *err)
{
	struct refreshing *refreshing = context;
	struct id hash;
	enum status status = bucket_hash(refreshing->store, refreshing->tally, bucket, NULL, 0, &hash, err);

	return status == OK ? store_bucket_set(refreshing->store, refreshing->tally, bucket, &hash, err) : status;
}

/* A reader cannot write the fresh hashes down; it computes them into `hashes`. */
struct reading {
	struct store *store;
	int64_t tally;
	struct id *hashes;
};

static enum status read_fresh(void *context, unsigned bucket, struct err *err)
{
	struct reading *reading = context;

	return bucket_hash(reading->store, reading->tally, bucket, NULL, 0, &reading->hashes[bucket], err);
}

static enum status load_buckets(struct store *store, int64_t tally, struct id *hashes, struct err *err)
{
	struct refreshing refreshing = { store, tally };
	struct reading reading = { store, tally, hashes };
	enum status status = OK;

	if (store->mode == DB_WRITE) {
		status = store_begin(store, err);
		if (status == OK)
			status = store_bucket_stale_each(store, tally, refresh, &refreshing, err);
		if (status == OK)
			status = store_commit(store, err);
		else
			store_rollback(store);
	}
	if (status == OK)
		status = store_buckets(store, tally, hashes, err);
	if (status == OK && store->mode != DB_WRITE)
		status = store_bucket_stale_each(store, tally, read_fresh, &reading, err);
	return status;
}

enum status digest_now(struct store *store, int64_t tally, struct id *out, struct err *err)
{
	struct id *hashes = calloc(BUCKETS, sizeof *hashes);

	if (!hashes)
		return err_set(err, ENVIRONMENT, "digest: out of memory");
	enum status status = load_buckets(store, tally, hashes, err);
	if (status == OK)
		*out = tree_root(hashes, BUCKETS);
	free(hashes);
	return status;
}

enum status digest_node(
    struct store *store, int64_t tally, unsigned prefix, unsigned digits, struct id *out, struct err *err)
{
	struct id *hashes = calloc(BUCKETS, sizeof *hashes);

	if (!hashes)
		return err_set(err, ENVIRONMENT, "digest: out of memory");
	enum status status = load_buckets(store, tally, hashes, err);
	if (status == OK && digits <= 3) {
		unsigned span = digits == 3 ? 1 : digits == 2 ? 16 : digits == 1 ? 256 : BUCKETS;
		*out = tree_root(&hashes[prefix * span], span);
	}
	free(hashes);
	return status;
}

/* Threads with an entry beyond the vector, or in a log whose standing at the vector is another than now. */
struct lowering {
	struct store *store;
	int64_t tally;
	const struct vector *vector;
	struct keyring *now, *then;
	struct arena *arena;
	int64_t *threads;
	unsigned count, capacity;
	struct index verdicts; /* keyring.verdicts of `then` */
};

static enum status lower_thread(void *context, int64_t thread, struct err *err)
{
	struct lowering *lowering = context;

	if (thread <= 0)
		return OK;
	if (lowering->count == lowering->capacity) {
		unsigned wider = lowering->capacity ? lowering->capacity * 2 : 64;
		lowering->threads =
		    arena_grow(lowering->arena, lowering->threads, lowering->capacity, wider, sizeof(int64_t));
		if (!lowering->threads)
			return err_set(err, ENVIRONMENT, "digest: out of memory");
		lowering->capacity = wider;
	}
	lowering->threads[lowering->count++] = thread;
	return OK;
}

static enum status lower_each(void *context, const struct thread_row *row, struct err *err)
{
	struct lowering *lowering = context;

	/* The kernel's own is not folded as a thread. */
	return id_equal(&row->id, &lowering->now->view.id) ? OK : lower_thread(context, row->row, err);
}

static enum status lower_log(struct lowering *lowering, int64_t log, uint64_t above, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    lowering->store->db, "SELECT DISTINCT thread FROM entry WHERE log = ? AND seq > ? AND thread > 0", &s, err);

	if (status != OK)
		return status;
	statement_int_at(s, 1, log);
	statement_int_at(s, 2, (int64_t)above);
	while ((status = statement_step(s, err)) == OK)
		if ((status = lower_thread(lowering, statement_column_int(s, 0), err)) != OK)
			break;
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

static enum status lower_beyond(struct lowering *lowering, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; i < lowering->now->log_count && status == OK; i++) {
		const struct ring_log *now = &lowering->now->logs[i], *then = keyring_log(lowering->then, now->row.row);
		uint64_t above = then ? then->row.head_seq : 0;
		if (above < now->row.head_seq)
			status = lower_log(lowering, now->row.row, above, err);
	}
	return status;
}

/* A word for an amendment that counts at the vector and not now, or now and not there: any thread may have been opened by it. */
static bool amended_otherwise(const struct lowering *lowering)
{
	for (unsigned i = 0; i < lowering->now->entry_count; i++) {
		const struct ring_entry *now = &lowering->now->entries[i];
		int64_t then;
		if (bytes_is(now->body.kind, "tally.amended") && index_find(&lowering->then->by_id, &now->id, &then) &&
		    lowering->then->entries[then].verdict != now->verdict)
			return true;
	}
	return false;
}

/* Where the standing of a log is another, verdicts below the vector may be others. */
static enum status lower_moved(struct lowering *lowering, struct err *err)
{
	enum status status = OK;

	if (amended_otherwise(lowering))
		return store_thread_each(lowering->store, lowering->tally, lower_each, lowering, err);
	for (unsigned i = 0; i < lowering->now->log_count && status == OK; i++) {
		const struct ring_log *now = &lowering->now->logs[i], *then = keyring_log(lowering->then, now->row.row);
		if (then &&
		    (then->limit != now->limit || then->forked_seq != now->forked_seq ||
			then->fork_saved != now->fork_saved || then->counts != now->counts))
			status = lower_log(lowering, now->row.row, 0, err);
	}
	return status;
}

static int by_row(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

	return one < two ? -1 : one > two;
}

static int by_thread(const void *a, const void *b)
{
	return id_compare(&((const struct override *)a)->thread, &((const struct override *)b)->thread);
}

/* Sorts the threads; each stands once. */
static void threads_sort(struct lowering *lowering)
{
	unsigned count = 0;

	if (lowering->count)
		qsort(lowering->threads, lowering->count, sizeof(int64_t), by_row);
	for (unsigned i = 0; i < lowering->count; i++)
		if (i == 0 || lowering->threads[i] != lowering->threads[i - 1])
			lowering->threads[count++] = lowering->threads[i];
	lowering->count = count;
}

/* Which entries of a thread are void there and not now, or now and not there? */
static enum status verdicts_look(struct lowering *lowering, int64_t thread, bool *found, struct err *err)
{
	struct thread_row row;
	struct arena arena;
	struct folding *folding;
	enum status status = store_thread_get(lowering->store, thread, &row, err);

	if (status != OK)
		return status;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	status = folding_run(lowering->then, &row.id, lowering->vector, NULL, &arena, &folding, err);
	for (unsigned i = 0; status == OK && i < folding->fold.move_count; i++) {
		const struct move *move = folding->fold.moves[i];
		if ((move->verdict == VERDICT_VOID) == (kernel_of(move)->stored_verdict == VERDICT_VOID))
			continue;
		*found = true;
		if (!index_put(&lowering->verdicts, &move->id, move->verdict))
			status = err_set(err, ENVIRONMENT, "digest: out of memory");
	}
	arena_clear(&arena);
	return status;
}

/* What a `restated` names in another thread may be void there and not now (format 7, step 1): so threads that name such a one differ too.
 * It goes no further, for no verdict hangs on it. */
static enum status lower_naming(struct lowering *lowering, struct err *err)
{
	unsigned moved;
	enum status status = lower_moved(lowering, err);

	threads_sort(lowering);
	moved = lowering->count;
	if (status == OK && !index_init(&lowering->verdicts, lowering->arena, 16))
		status = err_set(err, ENVIRONMENT, "digest: out of memory");
	for (unsigned i = 0; i < moved && status == OK; i++) {
		bool found = false;
		int64_t thread = lowering->threads[i];
		status = verdicts_look(lowering, thread, &found, err);
		if (status == OK && found)
			status = store_crossing_each(lowering->store, thread, lower_thread, lowering, err);
	}
	lowering->then->verdicts = &lowering->verdicts;
	return status;
}

static enum status fold_lower(struct lowering *lowering, int64_t thread, struct override *out, struct err *err)
{
	struct thread_row row;
	struct arena arena;
	struct buf state;
	struct folding *folding;
	enum status status = store_thread_get(lowering->store, thread, &row, err);

	if (status != OK)
		return status;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&state, LIMIT_ARENA_BYTES);
	status = folding_run(lowering->then, &row.id, lowering->vector, NULL, &arena, &folding, err);
	if (status == OK) {
		out->thread = row.id;
		out->gone = folding->all_count == 0;
		state_print(folding, &state);
		out->leaf = sha256(buf_bytes(&state));
	}
	buf_clear(&state);
	arena_clear(&arena);
	return status;
}

static enum status override_all(struct lowering *lowering, struct override **out, unsigned *count, struct err *err)
{
	struct override *overrides = arena_take_array(lowering->arena, lowering->count + 1, sizeof *overrides);
	struct buf state;
	unsigned at = 0;

	if (!overrides)
		return err_set(err, ENVIRONMENT, "digest: out of memory");
	for (unsigned i = 0; i < lowering->count; i++) {
		enum status status = fold_lower(lowering, lowering->threads[i], &overrides[at++], err);
		if (status != OK)
			return status;
	}
	buf_init(&state, LIMIT_ARENA_BYTES);
	kernel_state_print(lowering->then, &state);
	overrides[at].thread = lowering->now->view.id;
	overrides[at].gone = lowering->then->log_count == 0;
	overrides[at++].leaf = sha256(buf_bytes(&state));
	buf_clear(&state);
	qsort(overrides, at, sizeof *overrides, by_thread);
	*out = overrides;
	*count = at;
	return OK;
}

static enum status digest_lowered(struct lowering *lowering, struct id *out, struct err *err)
{
	struct override *overrides = NULL;
	unsigned count = 0;
	struct id *hashes = arena_take_array(lowering->arena, BUCKETS, sizeof *hashes);

	if (!hashes)
		return err_set(err, ENVIRONMENT, "digest: out of memory");
	enum status status = lower_naming(lowering, err);
	if (status == OK)
		status = lower_beyond(lowering, err);
	threads_sort(lowering);
	if (status == OK)
		status = override_all(lowering, &overrides, &count, err);
	if (status == OK)
		status = load_buckets(lowering->store, lowering->tally, hashes, err);
	for (unsigned i = 0; status == OK && i < count; i++) {
		unsigned bucket = bucket_of(&overrides[i].thread);
		if (i == 0 || bucket != bucket_of(&overrides[i - 1].thread))
			status = bucket_hash(
			    lowering->store, lowering->tally, bucket, overrides, count, &hashes[bucket], err);
	}
	if (status == OK)
		*out = tree_root(hashes, BUCKETS);
	return status;
}

static struct vector_item *item_of(struct vector *vector, int64_t log)
{
	for (unsigned i = 0; i < vector->count; i++)
		if (vector->items[i].log == log)
			return &vector->items[i];
	return NULL;
}

/* A vector in the rows of this store. The other half may keep another branch in the log itself, or none: so the place of each item is
 * where its head is here, and what a branch left is there up to the fork. */
static enum status vector_here(struct store *store, int64_t tally, const struct vector *vector,
    const struct keyring *ring, struct vector *out, struct err *err)
{
	*out =
	    (struct vector){ arena_take_array(ring->arena, ring->log_count + 1, sizeof *out->items), ring->log_count };
	if (!out->items)
		return err_set(err, ENVIRONMENT, "vector: out of memory");
	for (unsigned i = 0; i < ring->log_count; i++)
		out->items[i].log = ring->logs[i].row.row;
	for (unsigned i = 0; i < vector->count; i++) {
		int64_t entry, row;
		uint64_t seq;
		enum status status = store_entry_locate(store, tally, &vector->items[i].head, &entry, &row, &seq, err);
		if (status != OK)
			return status;
		const struct ring_log *log = keyring_log(ring, row);
		for (unsigned steps = 0; log && steps < LIMIT_BRANCHES; steps++) {
			struct vector_item *item = item_of(out, log->row.row);
			ASSERT(item); /* every log of the ring has one */
			if (item->seq < seq)
				item->seq = seq;
			seq = log->row.first_seq - 1;
			log = log->row.parent ? keyring_log(ring, log->row.parent) : NULL;
		}
	}
	return OK;
}

enum status digest_at(struct store *store, int64_t tally, const struct vector *asked, struct id *out, struct err *err)
{
	struct arena arena;
	struct vector here = { NULL, 0 }, *vector = &here;
	struct lowering lowering = { .store = store, .tally = tally, .vector = vector, .arena = &arena };
	bool same = true;
	enum status status;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	status = keyring_load(store, tally, NULL, NULL, &arena, &lowering.now, err);
	if (status == OK)
		status = vector_here(store, tally, asked, lowering.now, vector, err);
	for (unsigned i = 0; status == OK && i < lowering.now->log_count; i++) {
		bool found = false;
		for (unsigned v = 0; v < vector->count; v++)
			found |= vector->items[v].log == lowering.now->logs[i].row.row &&
			    vector->items[v].seq >= lowering.now->logs[i].row.head_seq;
		same &= found;
	}
	if (status == OK && same) {
		status = digest_now(store, tally, out, err);
	} else if (status == OK) {
		status = keyring_load(store, tally, vector, NULL, &arena, &lowering.then, err);
		if (status == OK)
			status = digest_lowered(&lowering, out, err);
	}
	arena_clear(&arena);
	return status;
}

struct closed_look {
	const struct keyring *ring;
	const struct vector *here;
	bool closed;
};

static enum status look_beyond(void *context, int64_t log, uint64_t seq, struct err *err)
{
	struct closed_look *look = context;
	const struct ring_log *at = keyring_log(look->ring, log);

	(void)err;
	look->closed = look->closed && at && look->here->items[at - look->ring->logs].seq >= seq;
	return OK;
}

enum status vector_is_closed(
    struct store *store, int64_t tally, const struct vector *vector, bool *closed, struct err *err)
{
	struct vector here = { NULL, 0 };
	struct keyring *ring;
	struct arena arena;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = keyring_logs(store, tally, &arena, &ring, err);
	if (status == OK)
		status = vector_here(store, tally, vector, ring, &here, err);
	struct closed_look look = { ring, &here, true };
	for (unsigned i = 0; status == OK && look.closed && i < here.count; i++)
		if (here.items[i].seq > 0)
			status = store_link_each(store, here.items[i].log, here.items[i].seq, look_beyond, &look, err);
	*closed = status == OK && look.closed;
	arena_clear(&arena);
	return status;
}

static int by_key(const void *a, const void *b)
{
	const struct vector_item *one = a, *two = b;
	int order = id_compare(&one->key, &two->key);

	return order ? order : id_compare(&one->branch, &two->branch);
}

enum status vector_now(struct store *store, int64_t tally, struct arena *arena, struct vector *out, struct err *err)
{
	struct keyring *ring;
	enum status status = keyring_logs(store, tally, arena, &ring, err);

	if (status != OK)
		return status;
	*out = (struct vector){ arena_take_array(arena, ring->log_count + 1, sizeof *out->items), 0 };
	if (!out->items)
		return err_set(err, ENVIRONMENT, "vector: out of memory");
	for (unsigned i = 0; i < ring->log_count; i++) {
		const struct ring_log *log = &ring->logs[i];
		if (log->row.head_seq == 0)
			continue;
		out->items[out->count++] =
		    (struct vector_item){ log->row.key, log->name, log->row.head_seq, log->row.head_id, log->row.row };
	}
	qsort(out->items, out->count, sizeof *out->items, by_key);
	return OK;
}
