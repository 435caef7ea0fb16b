/* Logs. A writer holds those of each key it has met in memory, where acceptance moves their heads; a reader asks the disk, for
 * another process may be writing. */
#include "base/alloc.h"
#include "store/cache.h"
#include <stdio.h>
#include <string.h>

#define LOG_COLUMNS \
	"row, tally, public_key, branch, parent, first_seq, first_prev, head_seq, head_id, party, class, naming_entry, waiting," \
	" limit_seq, forked_seq, stopped"

static void log_read(struct statement *s, struct log_row *out, int64_t *waiting)
{
	struct bytes stopped = statement_column_text(s, 15);

	*out = (struct log_row){
		.row = statement_column_int(s, 0),
		.tally = statement_column_int(s, 1),
		.key = statement_column_id(s, 2),
		.branch = statement_column_id(s, 3),
		.parent = statement_column_int(s, 4),
		.first_seq = (uint64_t)statement_column_int(s, 5),
		.first_prev = statement_column_id(s, 6),
		.head_seq = (uint64_t)statement_column_int(s, 7),
		.head_id = statement_column_id(s, 8),
		.party = (unsigned)statement_column_int(s, 9),
		.key_class = (enum key_class)statement_column_int(s, 10),
		.grant = statement_column_int(s, 11),
		.limit_seq = statement_column_int(s, 13),
		.forked_seq = statement_column_int(s, 14),
	};
	*waiting = statement_column_int(s, 12);
	if (stopped.len > 0) {
		memcpy(out->stopped, stopped.data,
		    stopped.len < sizeof out->stopped ? stopped.len : sizeof out->stopped - 1);
	}
}

/* --- in memory -------------------------------------------------------------------------------------------------------- */

static struct log_item **by_key(struct store_cache *cache, const struct id *key)
{
	return &cache->logs_by_key[id_prefix(key) % LOG_SLOTS];
}

static struct log_item **by_row(struct store_cache *cache, int64_t row)
{
	return &cache->logs_by_row[(uint64_t)row % LOG_SLOTS];
}

static enum status item_keep(
    struct store *store, const struct log_row *log, int64_t waiting, struct log_item **out, struct err *err)
{
	struct store_cache *cache = store->cache;
	struct log_item *item = base_alloc(sizeof *item);

	if (item == NULL) {
		return err_set(err, ENVIRONMENT, "store: out of memory");
	}
	*item = (struct log_item){ .log = *log, .waiting = waiting };
	/* At the end of its chain: the logs of a key stay in the order of their rows. */
	struct log_item **at = by_key(cache, &log->key);
	while (*at != NULL) {
		at = &(*at)->next_by_key;
	}
	*at = item;
	item->next_by_row = *by_row(cache, log->row);
	*by_row(cache, log->row) = item;
	cache->log_count++;
	*out = item;
	return OK;
}

void logs_forget(struct store *store)
{
	struct store_cache *cache = store->cache;

	for (unsigned i = 0; i < LOG_SLOTS; i++) {
		while (cache->logs_by_row[i] != NULL) {
			struct log_item *item = cache->logs_by_row[i];
			cache->logs_by_row[i] = item->next_by_row;
			base_free(item);
		}
		cache->logs_by_key[i] = NULL;
	}
	cache->log_count = 0;
}

static enum status items_load(
    struct store *store, int64_t tally, const struct id *key, struct log_item **items, unsigned *count, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "select " LOG_COLUMNS " from log where tally = :tally and public_key = :key order by row", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	statement_blob_at(s, 2, id_bytes(key));
	while ((status = statement_step(s, err)) == OK && *count < LIMIT_BRANCHES) {
		struct log_row log;
		int64_t waiting;
		log_read(s, &log, &waiting);
		status = item_keep(store, &log, waiting, &items[*count], err);
		if (status != OK) {
			break;
		}
		(*count)++;
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

enum status log_items(struct store *store, int64_t tally, const struct id *key, struct log_item *items[LIMIT_BRANCHES],
    unsigned *count, struct err *err)
{
	*count = 0;
	for (struct log_item *item = *by_key(store->cache, key); item != NULL; item = item->next_by_key) {
		if (item->log.tally == tally && id_equal(&item->log.key, key)) {
			ASSERT(*count < LIMIT_BRANCHES);
			items[(*count)++] = item;
		}
	}
	return *count > 0 ? OK : items_load(store, tally, key, items, count, err);
}

static enum status row_read(struct store *store, int64_t row, struct log_row *out, struct err *err)
{
	struct statement *s;
	int64_t waiting;
	enum status status = db_statement(store->db, "select " LOG_COLUMNS " from log where row = :row", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, row);
	status = statement_step(s, err);
	if (status == OK) {
		log_read(s, out, &waiting);
	}
	statement_done(s);
	return status == NOT_FOUND ? err_set(err, NOT_FOUND, "log %lld: not in this home", (long long)row) : status;
}

enum status log_item_get(struct store *store, int64_t row, struct log_item **out, struct err *err)
{
	struct log_item *items[LIMIT_BRANCHES] = { NULL }, *item = *by_row(store->cache, row);
	struct log_row log = { .row = 0 };
	unsigned count = 0;

	while (item != NULL && item->log.row != row) {
		item = item->next_by_row;
	}
	if (item == NULL) {
		enum status status = row_read(store, row, &log, err);
		if (status == OK) {
			status = log_items(store, log.tally, &log.key, items, &count, err);
		}
		if (status != OK) {
			return status;
		}
		for (unsigned i = 0; i < count; i++) {
			ASSERT(items[i] != NULL);
			item = items[i]->log.row == row ? items[i] : item;
		}
		ASSERT(item != NULL); /* C1 */
	}
	*out = item;
	return OK;
}

enum status log_item_add(struct store *store, const struct log_row *log, struct log_item **item, struct err *err)
{
	static const char sql[] =
	    "insert into log (tally, public_key, branch, parent, first_seq, first_prev, head_seq, head_id, party, class,"
	    " naming_entry, waiting, limit_seq, forked_seq, stopped)"
	    " values (:tally, :key, :branch, :parent, :first, :prev, :seq, :head, :party, :class, :naming, 0, -1, 0, '')";
	struct log_row added = *log;
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, log->tally);
	statement_blob_at(s, 2, id_bytes(&log->key));
	statement_blob_at(s, 3, id_bytes(&log->branch));
	statement_int_at(s, 4, log->parent);
	statement_int_at(s, 5, (int64_t)log->first_seq);
	statement_blob_at(s, 6, id_bytes(&log->first_prev));
	statement_int_at(s, 7, (int64_t)log->head_seq);
	statement_blob_at(s, 8, id_bytes(&log->head_id));
	statement_int_at(s, 9, log->party);
	statement_int_at(s, 10, log->key_class);
	statement_int_at(s, 11, log->grant);
	status = statement_run(s, err);
	if (status != OK) {
		return status;
	}
	store->cache->kernel_generation++;
	added.row = db_last_row(store->db);
	added.limit_seq = -1;
	added.forked_seq = 0;
	added.stopped[0] = '\0';
	return item_keep(store, &added, 0, item, err);
}

static enum status item_flush(struct store *store, struct log_item *item, struct err *err)
{
	static const char sql[] =
	    "update log set head_seq = :seq, head_id = :head, waiting = :waiting, limit_seq = :limit,"
	    " forked_seq = :forked, stopped = :stopped where row = :row";
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, (int64_t)item->log.head_seq);
	statement_blob_at(s, 2, id_bytes(&item->log.head_id));
	statement_int_at(s, 3, item->waiting);
	statement_int_at(s, 4, item->log.limit_seq);
	statement_int_at(s, 5, item->log.forked_seq);
	statement_text_at(s, 6, bytes_text(item->log.stopped));
	statement_int_at(s, 7, item->log.row);
	status = statement_run(s, err);
	if (status == OK) {
		item->dirty = false;
	}
	return status;
}

enum status logs_flush(struct store *store, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; i < LOG_SLOTS; i++) {
		for (struct log_item *item = store->cache->logs_by_row[i]; status == OK && item != NULL;
		     item = item->next_by_row) {
			if (item->dirty) {
				status = item_flush(store, item, err);
			}
		}
	}
	return status;
}

/* --- for others ------------------------------------------------------------------------------------------------------- */

enum status store_log_of_key(
    struct store *store, int64_t tally, const struct id *key, struct log_row *logs, unsigned *count, struct err *err)
{
	struct log_item *items[LIMIT_BRANCHES];

	if (store->mode == DB_READ) {
		logs_forget(store);
	}
	enum status status = log_items(store, tally, key, items, count, err);
	for (unsigned i = 0; status == OK && i < *count; i++) {
		logs[i] = items[i]->log;
	}
	return status;
}

enum status store_log_find(struct store *store, int64_t tally, const struct id *key, const struct id *branch,
    struct log_row *out, struct err *err)
{
	struct log_row logs[LIMIT_BRANCHES];
	unsigned count;
	enum status status = store_log_of_key(store, tally, key, logs, &count, err);

	if (status != OK) {
		return status;
	}
	for (unsigned i = 0; i < count; i++) {
		if (branch == NULL ? id_is_zero(&logs[i].branch) : id_equal(&logs[i].branch, branch)) {
			*out = logs[i];
			return OK;
		}
	}
	return NOT_FOUND;
}

enum status store_log_get(struct store *store, int64_t row, struct log_row *out, struct err *err)
{
	struct log_item *item;

	if (store->mode == DB_READ) {
		return row_read(store, row, out, err);
	}
	enum status status = log_item_get(store, row, &item, err);
	if (status == OK) {
		*out = item->log;
	}
	return status;
}

enum status store_log_each(struct store *store, int64_t tally,
    enum status (*each)(void *, const struct log_row *, struct err *), void *context, struct err *err)
{
	static const char sql[] = "select " LOG_COLUMNS " from log where tally = :tally"
				  " order by case class when 3 then 4 when 4 then 3 else class end, row";
	struct statement *s;
	enum status status = store->mode == DB_WRITE ? logs_flush(store, err) : OK;

	if (status == OK) {
		status = db_statement(store->db, sql, &s, err);
	}
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	while ((status = statement_step(s, err)) == OK) {
		struct log_row log;
		int64_t waiting;
		log_read(s, &log, &waiting);
		status = each(context, &log, err);
		if (status != OK) {
			statement_done(s);
			return status;
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* A change of a log outside a transaction goes to disk at once; inside, with the commit. */
static enum status item_changed(struct store *store, struct log_item *item, struct err *err)
{
	item->dirty = true;
	return db_in_transaction(store->db) ? OK : item_flush(store, item, err);
}

enum status store_log_stop(struct store *store, int64_t row, const char *reason, struct err *err)
{
	struct log_item *item;
	enum status status = store_writable(store, err);

	if (status == OK) {
		status = log_item_get(store, row, &item, err);
	}
	if (status != OK || strncmp(item->log.stopped, reason, sizeof item->log.stopped - 1) == 0) {
		return status;
	}
	snprintf(item->log.stopped, sizeof item->log.stopped, "%s", reason);
	return item_changed(store, item, err);
}

enum status store_log_limits(struct store *store, int64_t row, int64_t limit_seq, int64_t forked_seq, struct err *err)
{
	struct log_item *item;
	enum status status = store_writable(store, err);

	if (status == OK) {
		status = log_item_get(store, row, &item, err);
	}
	if (status != OK || (item->log.limit_seq == limit_seq && item->log.forked_seq == forked_seq)) {
		return status;
	}
	item->log.limit_seq = limit_seq;
	item->log.forked_seq = forked_seq;
	store->cache->kernel_generation++;
	return item_changed(store, item, err);
}
