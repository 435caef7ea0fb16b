#include "store/test_store.h"

static struct bench bench;
static struct hand desk;
static struct err err;

struct seen {
	int64_t rows[700];
	struct id ids[700];
	unsigned count;
};

static enum status note_row(void *context, int64_t row, struct err *error)
{
	struct seen *list = context;

	(void)error;
	list->rows[list->count++ % 700] = row;
	return OK;
}

static enum status note_bucket(void *context, unsigned bucket, struct err *error)
{
	return note_row(context, bucket, error);
}

static enum status note_thread(void *context, const struct thread_row *thread, struct err *error)
{
	return note_row(context, thread->row, error);
}

static enum status note_leaf(void *context, const struct id *thread, const struct id *leaf, struct err *error)
{
	struct seen *list = context;

	list->ids[list->count % 700] = *thread;
	return note_row(context, leaf->data[0], error);
}

static struct seen touched(void)
{
	struct seen list = { .count = 0 };

	store_thread_touched(&bench.store, bench.tally.row, note_row, &list, &err);
	return list;
}

static struct seen stale(void)
{
	struct seen list = { .count = 0 };

	store_bucket_stale_each(&bench.store, bench.tally.row, note_bucket, &list, &err);
	return list;
}

static enum status save(void *context, int64_t thread, struct err *error)
{
	struct id leaf = { { (uint8_t)thread } };

	(void)context;
	return store_thread_save(&bench.store, thread, &leaf, "GB-07-0001", error);
}

static struct id opened(void)
{
	return bench_enter(&bench, &desk, &(struct draft){ .kind = "toy.opened" });
}

static void test_touched(void)
{
	struct thread_row thread;

	store_begin(&bench.store, &err);
	store_thread_touched(&bench.store, bench.tally.row, save, NULL, &err);
	store_commit(&bench.store, &err);
	tap_is_int(touched().count, 0, "what was folded is not touched");
	struct id a = opened(), b = opened();
	store_thread_find(&bench.store, bench.tally.row, &b, &thread, &err);
	struct seen list = touched();
	tap_ok(!id_is_zero(&a) && list.count == 2 && list.rows[0] < list.rows[1] && list.rows[1] == thread.row,
	    "threads with new entries are touched, once each, by row");
	bench_reopen(&bench, DB_WRITE);
	tap_is_int(touched().count, 2, "what was not folded is still touched after a restart");
	store_begin(&bench.store, &err);
	store_thread_touched(&bench.store, bench.tally.row, save, NULL, &err);
	store_rollback(&bench.store);
	tap_is_int(touched().count, 2, "and after a fold that was rolled back");
	store_begin(&bench.store, &err);
	store_thread_touched(&bench.store, bench.tally.row, save, NULL, &err);
	store_thread_touch(&bench.store, thread.row, &err);
	store_thread_touch(&bench.store, thread.row, &err);
	store_commit(&bench.store, &err);
	list = touched();
	tap_ok(list.count == 1 && list.rows[0] == thread.row, "a thread can be touched again after its fold");
	store_thread_get(&bench.store, thread.row, &thread, &err);
	tap_ok(thread.folded && thread.leaf.data[0] == (uint8_t)thread.row && strcmp(thread.number, "GB-07-0001") == 0,
	    "leaf and number are kept");
	bench_reopen(&bench, DB_READ);
	tap_is_int(touched().count, 1, "a reader sees what is touched");
	tap_ok(stale().count > 0, "and which buckets are stale");
	tap_ok(store_thread_touch(&bench.store, thread.row, &err) == ENVIRONMENT, "but touches nothing");
	bench_reopen(&bench, DB_WRITE);
	err_clear(&err);
	store_thread_touched(&bench.store, bench.tally.row, save, NULL, &err);
	tap_is_int(touched().count, 0, "outside a transaction each save counts at once");
	bench_reopen(&bench, DB_WRITE);
	tap_is_int(touched().count, 0, "and stays");
	tap_ok(
	    store_thread_touch(&bench.store, 99999, &err) == NOT_FOUND, "a thread that is not here cannot be touched");
	err_clear(&err);
}

static void test_buckets(void)
{
	struct seen before = stale(), list = { .count = 0 };
	struct thread_row thread;
	struct id hash = { { 0xaa } }, found;
	static struct id all[BUCKETS];

	struct id id = opened();
	unsigned bucket = (unsigned)id.data[0] << 4 | id.data[1] >> 4;
	for (unsigned i = 0; i < before.count; i++) {
		store_bucket_set(&bench.store, bench.tally.row, (unsigned)before.rows[i], &hash, &err);
	}
	tap_is_int(stale().count, 0, "a bucket that was computed is not stale");
	store_thread_find(&bench.store, bench.tally.row, &id, &thread, &err);
	store_bucket_threads(&bench.store, bench.tally.row, bucket, note_leaf, &list, &err);
	unsigned unfolded = list.count;
	save(NULL, thread.row, &err);
	before = stale();
	tap_ok(before.count == 1 && before.rows[0] == bucket, "saving a thread makes its bucket stale");
	list.count = 0;
	store_bucket_threads(&bench.store, bench.tally.row, bucket, note_leaf, &list, &err);
	tap_ok(list.count == unfolded + 1, "a folded thread is in its bucket, one not folded is not");
	bench_reopen(&bench, DB_WRITE);
	tap_is_int(stale().count, 1, "a stale bucket is one after a restart");
	store_bucket_set(&bench.store, bench.tally.row, bucket, &hash, &err);
	store_bucket_get(&bench.store, bench.tally.row, bucket, &found, &err);
	tap_ok(id_equal(&found, &hash), "the hash of a bucket is kept");
	store_bucket_get(&bench.store, bench.tally.row, bucket ^ 1, &found, &err);
	store_buckets(&bench.store, bench.tally.row, all, &err);
	tap_ok(id_equal(&all[bucket], &hash) && id_equal(&all[bucket ^ 1], &found),
	    "all of them can be read at once; an empty one is zero");
}

static void test_order_in_a_bucket(void)
{
	struct seen list = { .count = 0 };
	unsigned total = 0;
	bool ascending = true;

	store_begin(&bench.store, &err);
	for (unsigned i = 0; i < 600; i++) {
		opened();
	}
	store_thread_touched(&bench.store, bench.tally.row, save, NULL, &err);
	store_commit(&bench.store, &err);
	for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
		list.count = 0;
		store_bucket_threads(&bench.store, bench.tally.row, bucket, note_leaf, &list, &err);
		for (unsigned i = 0; i < list.count; i++) {
			const uint8_t *id = list.ids[i].data;
			ascending = ascending && ((unsigned)id[0] << 4 | id[1] >> 4) == bucket &&
			    (i == 0 || id_compare(&list.ids[i - 1], &list.ids[i]) < 0);
		}
		total += list.count;
	}
	struct seen all = { .count = 0 };
	store_thread_each(&bench.store, bench.tally.row, note_thread, &all, &err);
	tap_ok(ascending, "threads of a bucket come by id, those of high ids too");
	tap_ok(total == all.count && total > 600, "every folded thread is in exactly one bucket");
	struct seen numbered = { .count = 0 };
	store_thread_numbered(&bench.store, bench.tally.row, "GB-07-0001", note_thread, &numbered, &err);
	tap_is_int(numbered.count, all.count, "threads are found by their number, every bearer of it");
	numbered.count = 0;
	store_thread_numbered(&bench.store, bench.tally.row, "GB-07-0002", note_thread, &numbered, &err);
	tap_is_int(numbered.count, 0, "and none by another");
}

static void test_anew(void)
{
	struct seen all = { .count = 0 };
	struct id found;
	unsigned bits;
	struct entry_row entry;

	store_entry_get(&bench.store, 5, NULL, &entry, &err);
	store_verdict_set(&bench.store, 5, 1, "F1", &err);
	store_thread_each(&bench.store, bench.tally.row, note_thread, &all, &err);
	tap_ok(store_computed_clear(&bench.store, bench.tally.row, &err) == OK,
	    "all that was computed can be thrown away");
	tap_is_int(touched().count, all.count, "then every thread is touched");
	store_kernel_touched(&bench.store, bench.tally.row, &bits, &err);
	tap_ok(bits != 0, "and the kernel's");
	store_bucket_get(&bench.store, bench.tally.row, 7, &found, &err);
	tap_ok(id_is_zero(&found) && stale().count == 0, "no bucket has a hash");
	store_entry_get(&bench.store, 5, NULL, &entry, &err);
	tap_ok(entry.verdict == 0 && entry.rule[0] == '\0', "no entry has a verdict");
	struct thread_row thread;
	store_thread_get(&bench.store, all.rows[3], &thread, &err);
	tap_ok(!thread.folded && thread.number[0] == '\0', "no thread has a number");
}

int main(void)
{
	bench_open(&bench);
	desk = hand_make(50);
	bench_grant(&bench, &bench.root[0], &desk, false);
	test_touched();
	test_buckets();
	test_order_in_a_bucket();
	test_anew();
	bench_close(&bench);
	return tap_done();
}
