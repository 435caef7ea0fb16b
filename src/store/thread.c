/* Threads: rows from the first entry that names one, the list of those to be folded again, and the buckets of the digest's tree. */
#include "base/alloc.h"
#include "store/cache.h"
#include "store/link.h"
#include <stdlib.h>
#include <string.h>

#define THREAD_COLUMNS "row, tally, id, domain, number, leaf"
#define PAGE 256 /* thread rows read at a time in a walk over all of them */

/* --- rows ------------------------------------------------------------------------------------------------------------- */

static void text_keep(struct bytes text, char *out, size_t size)
{
	size_t len = text.len < size ? text.len : size - 1;

	if (len > 0) {
		memcpy(out, text.data, len);
	}
	out[len] = '\0';
}

static void thread_read(struct statement *s, struct thread_row *out)
{
	*out = (struct thread_row){
		.row = statement_column_int(s, 0), .tally = statement_column_int(s, 1), .id = statement_column_id(s, 2)
	};
	text_keep(statement_column_text(s, 3), out->domain, sizeof out->domain);
	text_keep(statement_column_text(s, 4), out->number, sizeof out->number);
	out->folded = !statement_column_is_null(s, 5);
	out->leaf = statement_column_id(s, 5);
}

static struct thread_slot *thread_slot(struct store_cache *cache, const struct id *id)
{
	return &cache->threads[id_prefix(id) % THREAD_SLOTS];
}

enum status thread_row_find(struct store *store, int64_t tally, const struct id *id, int64_t *row, struct err *err)
{
	struct thread_slot *slot = thread_slot(store->cache, id);
	struct statement *s;
	enum status status;

	*row = 0;
	if (slot->row != 0 && slot->tally == tally && id_equal(&slot->id, id)) {
		*row = slot->row;
		return OK;
	}
	status =
	    db_statement(store->db, "select row, id from thread where tally = :tally and id_prefix = :prefix", &s, err);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	statement_int_at(s, 2, id_key(id));
	while ((status = statement_step(s, err)) == OK) {
		if (bytes_equal(statement_column_blob(s, 1), id_bytes(id))) {
			*row = statement_column_int(s, 0);
			*slot = (struct thread_slot){ *id, tally, *row, -1 };
			break;
		}
	}
	statement_done(s);
	return status;
}

enum status thread_row_add(
    struct store *store, int64_t tally, const struct id *id, struct bytes domain, int64_t *row, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "insert into thread (tally, id_prefix, id, domain, number, leaf, touched)"
	    " values (:tally, :prefix, :id, :domain, null, null, 0)",
	    &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	statement_int_at(s, 2, id_key(id));
	statement_blob_at(s, 3, id_bytes(id));
	statement_text_at(s, 4, domain.len == 0 ? bytes_text("") : domain);
	status = statement_run(s, err);
	if (status == OK) {
		*row = db_last_row(store->db);
		*thread_slot(store->cache, id) = (struct thread_slot){ *id, tally, *row, 0 };
	}
	return status;
}

enum status thread_count(
    struct store *store, int64_t tally, const struct id *id, int64_t row, int64_t *count, struct err *err)
{
	struct thread_slot *slot = thread_slot(store->cache, id);
	bool known = slot->row == row && slot->tally == tally && slot->entries >= 0;
	struct statement *s;
	enum status status = OK;

	if (known) {
		*count = slot->entries;
		return OK;
	}
	status = db_statement(store->db, "select count(*) from entry where thread = :thread and thread > 0", &s, err);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, row);
	status = statement_step(s, err);
	*count = status == OK ? statement_column_int(s, 0) : 0;
	statement_done(s);
	*slot = (struct thread_slot){ *id, tally, row, *count };
	return status;
}

void thread_counted(struct store *store, int64_t tally, const struct id *id)
{
	struct thread_slot *slot = thread_slot(store->cache, id);

	if (slot->row != 0 && slot->tally == tally && slot->entries >= 0 && id_equal(&slot->id, id)) {
		slot->entries++;
	}
}

enum status thread_row_opened(struct store *store, int64_t row, struct bytes domain, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, "update thread set domain = :domain where row = :row", &s, err);

	if (status != OK) {
		return status;
	}
	statement_text_at(s, 1, domain);
	statement_int_at(s, 2, row);
	return statement_run(s, err);
}

enum status store_thread_get(struct store *store, int64_t row, struct thread_row *out, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, "select " THREAD_COLUMNS " from thread where row = :row", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, row);
	status = statement_step(s, err);
	if (status == OK) {
		thread_read(s, out);
	}
	statement_done(s);
	return status == NOT_FOUND ? err_set(err, NOT_FOUND, "thread %lld: not in this home", (long long)row) : status;
}

enum status store_thread_find(
    struct store *store, int64_t tally, const struct id *id, struct thread_row *out, struct err *err)
{
	int64_t row;
	enum status status = thread_row_find(store, tally, id, &row, err);

	return status == OK ? store_thread_get(store, row, out, err) : status;
}

/* --- walks ------------------------------------------------------------------------------------------------------------ */

struct page {
	struct thread_row rows[PAGE];
	unsigned count;
};

static enum status page_read(struct store *store, int64_t tally, int64_t after, struct page *page, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "select " THREAD_COLUMNS " from thread where row > :after and tally = :tally order by row limit 256", &s,
	    err);

	page->count = 0;
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, after);
	statement_int_at(s, 2, tally);
	while (page->count < PAGE && (status = statement_step(s, err)) == OK) {
		thread_read(s, &page->rows[page->count++]);
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* Page by page, so that the callback may change the rows that are walked over. */
enum status store_thread_each(struct store *store, int64_t tally,
    enum status (*each)(void *, const struct thread_row *, struct err *), void *context, struct err *err)
{
	struct page *page = base_alloc(sizeof *page);
	enum status status = OK;
	int64_t after = 0;

	if (page == NULL) {
		return err_set(err, ENVIRONMENT, "store: out of memory");
	}
	do {
		status = page_read(store, tally, after, page, err);
		for (unsigned i = 0; status == OK && i < page->count; i++) {
			after = page->rows[i].row;
			status = each(context, &page->rows[i], err);
		}
	} while (status == OK && page->count == PAGE);
	base_free(page);
	return status;
}

enum status store_thread_numbered(struct store *store, int64_t tally, const char *number,
    enum status (*each)(void *, const struct thread_row *, struct err *), void *context, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "select " THREAD_COLUMNS
	    " from thread where number = :number and number is not null and tally = :tally order by row",
	    &s, err);

	if (status != OK) {
		return status;
	}
	statement_text(s, "number", bytes_text(number));
	statement_int(s, "tally", tally);
	while ((status = statement_step(s, err)) == OK) {
		struct thread_row thread;
		thread_read(s, &thread);
		status = each(context, &thread, err);
		if (status != OK) {
			statement_done(s);
			return status;
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* --- touched ---------------------------------------------------------------------------------------------------------- */

/* The place of a thread in the list, or the free place where it would go. */
static struct touched_item *touched_place(struct touched *touched, int64_t thread)
{
	size_t at = (size_t)((uint64_t)thread * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (touched->capacity - 1);

	while (touched->items[at].thread != 0 && touched->items[at].thread != thread) {
		at = (at + 1) & (touched->capacity - 1);
	}
	return &touched->items[at];
}

static enum status touched_grow(struct touched *touched, struct err *err)
{
	struct touched grown = { .capacity = touched->capacity == 0 ? 1024 : touched->capacity * 2,
		.count = touched->count };

	grown.items = base_alloc(grown.capacity * sizeof *grown.items);
	if (grown.items == NULL) {
		return err_set(err, ENVIRONMENT, "store: out of memory");
	}
	memset(grown.items, 0, grown.capacity * sizeof *grown.items);
	for (size_t i = 0; i < touched->capacity; i++) {
		if (touched->items[i].thread != 0) {
			*touched_place(&grown, touched->items[i].thread) = touched->items[i];
		}
	}
	base_free(touched->items);
	*touched = grown;
	return OK;
}

enum status touched_put(struct store *store, int64_t tally, int64_t thread, bool stored, struct err *err)
{
	struct touched *touched = &store->cache->touched;

	if ((touched->count + 1) * 2 > touched->capacity) {
		enum status status = touched_grow(touched, err);
		if (status != OK) {
			return status;
		}
	}
	struct touched_item *item = touched_place(touched, thread);
	if (item->thread == 0) {
		*item = (struct touched_item){ .thread = thread, .tally = tally, .stored = stored };
		touched->count++;
	}
	item->on = true;
	return OK;
}

static void touched_empty(struct touched *touched)
{
	if (touched->capacity > 65536) {
		base_free(touched->items);
		*touched = (struct touched){ 0 };
	} else if (touched->count > 0) {
		memset(touched->items, 0, touched->capacity * sizeof *touched->items);
		touched->count = 0;
	}
}

enum status touched_load(struct store *store, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, "select row, tally from thread where touched <> 0", &s, err);

	touched_empty(&store->cache->touched);
	if (status != OK) {
		return status;
	}
	while ((status = statement_step(s, err)) == OK) {
		status = touched_put(store, statement_column_int(s, 1), statement_column_int(s, 0), true, err);
		if (status != OK) {
			break;
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

static enum status touched_column(struct store *store, int64_t thread, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, "update thread set touched = 1 where row = :row", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, thread);
	return statement_run(s, err);
}

enum status touched_flush(struct store *store, struct err *err)
{
	struct touched *touched = &store->cache->touched;
	enum status status = OK;

	for (size_t i = 0; status == OK && touched->count > 0 && i < touched->capacity; i++) {
		struct touched_item *item = &touched->items[i];
		if (item->thread != 0 && item->on && !item->stored) {
			status = touched_column(store, item->thread, err);
			item->stored = true;
		}
	}
	return status;
}

/* What is not touched any more leaves the list once that is on disk. */
void touched_committed(struct store *store)
{
	struct touched *touched = &store->cache->touched;
	size_t on = 0;

	for (size_t i = 0; i < touched->capacity; i++) {
		on += touched->items[i].thread != 0 && touched->items[i].on;
	}
	if (on == 0) {
		touched_empty(touched);
	}
}

enum status store_thread_touch(struct store *store, int64_t thread, struct err *err)
{
	struct thread_row row = { .row = 0 };
	enum status status = store_writable(store, err);

	if (status == OK) {
		status = store_thread_get(store, thread, &row, err);
	}
	if (status == OK) {
		status = touched_put(store, row.tally, thread, false, err);
	}
	return status == OK && !db_in_transaction(store->db) ? touched_flush(store, err) : status;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static enum status each_of(
    int64_t *rows, size_t count, enum status (*each)(void *, int64_t, struct err *), void *context, struct err *err)
{
	enum status status = OK;

	qsort(rows, count, sizeof *rows, by_number);
	for (size_t i = 0; status == OK && i < count; i++) {
		status = each(context, rows[i], err);
	}
	return status;
}

static size_t touched_rows(const struct touched *touched, int64_t tally, int64_t *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < touched->capacity; i++) {
		const struct touched_item *item = &touched->items[i];
		if (item->thread != 0 && item->on && item->tally == tally) {
			rows[count++] = item->thread;
		}
	}
	return count;
}

enum status store_thread_touched(struct store *store, int64_t tally,
    enum status (*each)(void *, int64_t thread, struct err *), void *context, struct err *err)
{
	/* A reader sees what was touched at the last commit. */
	enum status status = store->mode == DB_READ ? touched_load(store, err) : links_settle(store, err);

	if (status != OK || store->cache->touched.count == 0) {
		return status;
	}
	int64_t *rows = base_alloc(store->cache->touched.count * sizeof *rows);
	if (rows == NULL) {
		return err_set(err, ENVIRONMENT, "store: out of memory");
	}
	status = each_of(rows, touched_rows(&store->cache->touched, tally, rows), each, context, err);
	base_free(rows);
	return status;
}

/* --- folded ----------------------------------------------------------------------------------------------------------- */

static void bucket_mark(struct store *store, int64_t tally, const struct id *thread)
{
	struct tally_item *item = tally_item_find(store, tally);
	unsigned bucket = (unsigned)thread->data[0] << 4 | thread->data[1] >> 4;

	ASSERT(item != NULL);
	item->stale[bucket / 64] |= UINT64_C(1) << bucket % 64;
}

enum status store_thread_save(
    struct store *store, int64_t thread, const struct id *leaf, const char *number, struct err *err)
{
	struct touched *touched = &store->cache->touched;
	struct statement *s;
	enum status status = store_writable(store, err);

	if (status == OK) {
		status = db_statement(store->db,
		    "update thread set leaf = :leaf, number = :number, touched = 0 where row = :row returning tally, id",
		    &s, err);
	}
	if (status != OK) {
		return status;
	}
	statement_blob_at(s, 1, id_bytes(leaf));
	statement_text_at(s, 2, number == NULL || number[0] == '\0' ? bytes_of(NULL, 0) : bytes_text(number));
	statement_int_at(s, 3, thread);
	status = statement_step(s, err);
	if (status == OK) {
		struct id id = statement_column_id(s, 1);
		bucket_mark(store, statement_column_int(s, 0), &id);
		status = statement_run(s, err);
	} else {
		statement_done(s);
		status = status == NOT_FOUND
		    ? err_set(err, NOT_FOUND, "thread %lld: not in this home", (long long)thread)
		    : status;
	}
	if (status == OK && touched->capacity > 0) {
		struct touched_item *item = touched_place(touched, thread);
		if (item->thread == thread) {
			item->on = false;
			item->stored = false;
		}
	}
	return status == OK && !db_in_transaction(store->db) ? tallies_flush(store, err) : status;
}

enum status store_bucket_stale_each(struct store *store, int64_t tally,
    enum status (*each)(void *, unsigned bucket, struct err *), void *context, struct err *err)
{
	struct tally_item *item;
	uint64_t stale[BUCKET_WORDS];
	enum status status = store->mode == DB_READ ? tallies_load(store, err) : OK;

	item = tally_item_find(store, tally);
	if (status != OK || item == NULL) {
		return status;
	}
	memcpy(stale, item->stale, sizeof stale);
	for (unsigned bucket = 0; status == OK && bucket < BUCKETS; bucket++) {
		if (stale[bucket / 64] & UINT64_C(1) << bucket % 64) {
			status = each(context, bucket, err);
		}
	}
	return status;
}

enum status store_bucket_threads(struct store *store, int64_t tally, unsigned bucket,
    enum status (*each)(void *, const struct id *thread, const struct id *leaf, struct err *), void *context,
    struct err *err)
{
	/* Ids of one bucket share their first 12 bits, so their prefixes as signed integers are in one run, in the order of the ids. */
	static const char sql[] =
	    "select id, leaf from thread where tally = :tally and id_prefix >= :from and id_prefix <= :to"
	    " and leaf is not null order by id_prefix, id";
	uint64_t from = (uint64_t)bucket << 52;
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	ASSERT(bucket < BUCKETS);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	statement_int_at(s, 2, (int64_t)from);
	statement_int_at(s, 3, (int64_t)(from | ((UINT64_C(1) << 52) - 1)));
	while ((status = statement_step(s, err)) == OK) {
		struct id thread = statement_column_id(s, 0), leaf = statement_column_id(s, 1);
		status = each(context, &thread, &leaf, err);
		if (status != OK) {
			statement_done(s);
			return status;
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

enum status store_bucket_set(
    struct store *store, int64_t tally, unsigned bucket, const struct id *hash, struct err *err)
{
	static const char sql[] = "insert into bucket (tally, bucket, hash, stale) values (:tally, :bucket, :hash, 0)"
				  " on conflict (tally, bucket) do update set hash = excluded.hash, stale = 0";
	struct tally_item *item = tally_item_find(store, tally);
	struct statement *s;
	enum status status = store_writable(store, err);

	ASSERT(bucket < BUCKETS);
	if (status == OK) {
		status = db_statement(store->db, sql, &s, err);
	}
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	statement_int_at(s, 2, bucket);
	statement_blob_at(s, 3, id_bytes(hash));
	status = statement_run(s, err);
	if (status == OK && item != NULL) {
		uint64_t bit = UINT64_C(1) << bucket % 64;
		item->stale[bucket / 64] &= ~bit;
		item->stale_stored[bucket / 64] &= ~bit;
	}
	return status;
}

enum status store_bucket_get(struct store *store, int64_t tally, unsigned bucket, struct id *hash, struct err *err)
{
	struct statement *s;
	enum status status =
	    db_statement(store->db, "select hash from bucket where tally = :tally and bucket = :bucket", &s, err);

	*hash = (struct id){ { 0 } };
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	statement_int_at(s, 2, bucket);
	status = statement_step(s, err);
	if (status == OK) {
		*hash = statement_column_id(s, 0);
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

enum status store_buckets(struct store *store, int64_t tally, struct id *hashes, struct err *err)
{
	struct statement *s;
	enum status status =
	    db_statement(store->db, "select bucket, hash from bucket where tally = :tally order by bucket", &s, err);

	memset(hashes, 0, BUCKETS * sizeof *hashes);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	while ((status = statement_step(s, err)) == OK) {
		hashes[statement_column_int(s, 0) % BUCKETS] = statement_column_id(s, 1);
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* --- anew ------------------------------------------------------------------------------------------------------------- */

static enum status clear_run(struct store *store, const char *sql, int64_t tally, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_int(s, "tally", tally);
	return statement_run(s, err);
}

static enum status computed_clear(struct store *store, int64_t tally, struct err *err)
{
	static const char *const texts[] = {
		"update entry set verdict = 0, rule = null where tally = :tally and (verdict <> 0 or rule is not null)",
		"update log set limit_seq = -1, forked_seq = 0 where tally = :tally",
		"update thread set leaf = null, number = null, touched = 1 where tally = :tally",
		"delete from bucket where tally = :tally",
	};
	enum status status = logs_flush(store, err);

	if (status == OK) {
		status = touched_flush(store, err);
	}
	for (unsigned i = 0; status == OK && i < sizeof texts / sizeof *texts; i++) {
		status = clear_run(store, texts[i], tally, err);
	}
	struct tally_item *item = tally_item_find(store, tally);
	if (status == OK && item != NULL) {
		memset(item->stale, 0, sizeof item->stale);
		memset(item->stale_stored, 0, sizeof item->stale_stored);
		item->kernel_touched = KERNEL_ENTRY | KERNEL_ACKNOWLEDGED | KERNEL_CAME | KERNEL_BRANCH;
		store->cache->kernel_generation++;
	}
	logs_forget(store);
	return status == OK ? touched_load(store, err) : status;
}

enum status store_computed_clear(struct store *store, int64_t tally, struct err *err)
{
	enum status status = store_writable(store, err);

	if (status == OK) {
		status = store_begin(store, err);
	}
	if (status != OK) {
		return status;
	}
	status = computed_clear(store, tally, err);
	if (status != OK) {
		store_rollback(store);
		return status;
	}
	return store_commit(store, err);
}
