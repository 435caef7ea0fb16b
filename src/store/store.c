/* The store's transactions, its memory and its settings. How one entry gets in: accept.c. How a home opens: home.c. */
#include "store/store.h"
#include "base/alloc.h"
#include "store/cache.h"
#include "store/link.h"
#include <string.h>

/* --- memory ----------------------------------------------------------------------------------------------------------- */

static enum status before_commit(void *context, struct err *err)
{
	struct store *store = context;
	enum status status = store->cache->broken
	    ? err_set(err, ENVIRONMENT, "store: a step of this transaction failed; nothing of it was kept")
	    : logs_flush(store, err);

	if (status == OK) {
		status = links_settle(store, err);
	}
	if (status == OK) {
		status = touched_flush(store, err);
	}
	if (status == OK) {
		status = tallies_flush(store, err);
	}
	return status;
}

static void after_commit(void *context)
{
	struct store *store = context;

	touched_committed(store);
	attachments_committed(store);
	if (store->cache->log_count > LOGS_KEPT) {
		logs_forget(store);
	}
}

static void after_rollback(void *context)
{
	struct store *store = context;

	store->cache->broken = cache_reload(store, NULL) != OK;
}

enum status cache_reload(struct store *store, struct err *err)
{
	struct store_cache *cache = store->cache;
	enum status status;

	memset(cache->ids, 0, sizeof cache->ids);
	memset(cache->threads, 0, sizeof cache->threads);
	links_forget(store);
	logs_forget(store);
	cache->kernel_generation++;
	cache->grown = false;
	cache->domain_count = 0;
	cache->erased_count = 0;
	if (store->mode == DB_READ) {
		return OK;
	}
	status = tallies_load(store, err);
	if (status == OK) {
		status = touched_load(store, err);
	}
	if (status == OK) {
		status = missing_load(store, err);
	}
	return status;
}

enum status cache_open(struct store *store, struct err *err)
{
	store->cache = base_alloc(sizeof *store->cache);
	if (store->cache == NULL) {
		return err_set(err, ENVIRONMENT, "store: out of memory");
	}
	memset(store->cache, 0, sizeof *store->cache);
	store->cache->lock_fd = -1;
	db_hook(store->db, &(struct db_hooks){ before_commit, after_commit, after_rollback, store });
	return cache_reload(store, err);
}

void cache_close(struct store *store)
{
	struct store_cache *cache = store->cache;

	if (cache == NULL) {
		return;
	}
	store_keep(store, NULL, NULL);
	links_forget(store);
	logs_forget(store);
	rows_forget(store);
	base_free(cache->touched.items);
	base_free(cache->tallies);
	base_free(cache->erased);
	base_free(cache);
	store->cache = NULL;
}

/* --- transactions ----------------------------------------------------------------------------------------------------- */

enum status store_writable(const struct store *store, struct err *err)
{
	if (store->mode == DB_WRITE) {
		return OK;
	}
	return store->read_only ? err_pass(err, ENVIRONMENT, &store->read_only_why)
				: err_set(err, ENVIRONMENT, "store: opened for reading only");
}

void store_interrupt(struct store *store)
{
	db_interrupt(store->db);
}

enum status store_begin(struct store *store, struct err *err)
{
	if (store->mode == DB_WRITE && !store->cache->renewed) {
		enum status status = incarnation_renew(store, err);
		if (status != OK) {
			return status;
		}
	}
	return db_begin(store->db, err);
}

enum status store_commit(struct store *store, struct err *err)
{
	return db_commit(store->db, err);
}

void store_rollback(struct store *store)
{
	db_rollback(store->db);
}

/* --- settings --------------------------------------------------------------------------------------------------------- */

enum status store_setting_get(
    struct store *store, const char *name, struct arena *arena, struct bytes *value, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, "select value from setting where name = :name", &s, err);

	*value = bytes_of(NULL, 0);
	if (status != OK) {
		return status;
	}
	statement_text_at(s, 1, bytes_text(name));
	status = statement_step(s, err);
	if (status == OK) {
		*value = arena_copy(arena, statement_column_blob(s, 0));
		if (value->data == NULL) {
			status = err_set(err, ENVIRONMENT, "store: out of memory");
		}
	}
	statement_done(s);
	return status;
}

enum status store_setting_set(struct store *store, const char *name, struct bytes value, struct err *err)
{
	struct statement *s;
	enum status status = store_writable(store, err);

	if (status == OK) {
		status = db_statement(store->db,
		    "insert into setting (name, value) values (:name, :value) on conflict (name) do update set value = excluded.value",
		    &s, err);
	}
	if (status != OK) {
		return status;
	}
	/* An empty value is a value: SQLite would take a null pointer for NULL. */
	statement_text_at(s, 1, bytes_text(name));
	statement_blob_at(s, 2, value.len == 0 ? bytes_of("", 0) : value);
	return statement_run(s, err);
}

enum status store_version(struct store *store, int64_t *version, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, "pragma data_version", &s, err);

	if (status != OK) {
		return status;
	}
	status = statement_step(s, err);
	*version = status == OK ? statement_column_int(s, 0) : 0;
	statement_done(s);
	return status;
}

uint64_t store_kernel_generation(const struct store *store)
{
	return store->mode == DB_READ ? 0 : store->cache->kernel_generation;
}

void store_keep(struct store *store, void *kept, void (*drop)(void *kept))
{
	struct store_cache *cache = store->cache;

	if (cache->above_drop != NULL) {
		cache->above_drop(cache->above);
	}
	cache->above = kept;
	cache->above_drop = drop;
}

void *store_kept(const struct store *store)
{
	return store->cache->above;
}
