/* What entries name: `missing` for ids that are not here, `crossing` for names from one thread into another. Both serve the fold: when
 * what an entry waited for comes, its thread is touched; when verdicts of a thread change, those that rely on them are found.
 *
 * Acknowledgements name heads of every log and come before what they name, so they are kept out of crossing; their rows in missing only tell the kernel that a past has grown. */
#include "store/cache.h"
#include "store/link.h"
#include <string.h>

/* --- missing ---------------------------------------------------------------------------------------------------------- */

static uint64_t *filter_word(struct store_cache *cache, const struct id *id, uint64_t *bit)
{
	uint64_t at = id_prefix(id) % FILTER_BITS;

	*bit = UINT64_C(1) << at % 64;
	return &cache->filter[at / 64];
}

bool missing_maybe(const struct store *store, const struct id *id)
{
	uint64_t bit;

	return store->cache->missing_count > 0 && (*filter_word(store->cache, id, &bit) & bit) != 0;
}

enum status missing_load(struct store *store, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, "select target from missing", &s, err);

	memset(store->cache->filter, 0, sizeof store->cache->filter);
	store->cache->missing_count = 0;
	if (status != OK) {
		return status;
	}
	while ((status = statement_step(s, err)) == OK) {
		struct id target = statement_column_id(s, 0);
		uint64_t bit;
		uint64_t *word = filter_word(store->cache, &target, &bit);
		*word |= bit;
		store->cache->missing_count++;
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

static enum status missing_add(
    struct store *store, const struct arrival *arrival, const struct named *named, struct err *err)
{
	static const char sql[] = "insert into missing (target_prefix, target, tally, entry, log, thread)"
				  " values (:prefix, :target, :tally, :entry, :log, :thread)";
	struct statement *s;
	struct id target;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	memcpy(target.data, named->id, sizeof target.data);
	statement_int_at(s, 1, id_key(&target));
	statement_blob_at(s, 2, id_bytes(&target));
	statement_int_at(s, 3, arrival->tally);
	statement_int_at(s, 4, arrival->row);
	statement_int_at(s, 5, arrival->log);
	statement_int_at(s, 6, arrival->thread);
	status = statement_run(s, err);
	if (status == OK) {
		uint64_t bit;
		uint64_t *word = filter_word(store->cache, &target, &bit);
		*word |= bit;
		store->cache->missing_count++;
	}
	return status;
}

/* --- crossing --------------------------------------------------------------------------------------------------------- */

static enum status crossing_add(
    struct store *store, int64_t target_thread, int64_t source_thread, int64_t target, struct err *err)
{
	struct statement *s;
	enum status status;

	if (target_thread == source_thread || target_thread == THREAD_ACKNOWLEDGEMENT ||
	    source_thread == THREAD_ACKNOWLEDGEMENT) {
		return OK;
	}
	status = db_statement(store->db,
	    "insert into crossing (target_thread, source_thread, target) values (:target_thread, :source_thread, :target)"
	    " on conflict do nothing",
	    &s, err);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, target_thread);
	statement_int_at(s, 2, source_thread);
	statement_int_at(s, 3, target);
	return statement_run(s, err);
}

enum status store_crossing_each(struct store *store, int64_t target_thread,
    enum status (*each)(void *, int64_t source_thread, struct err *), void *context, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "select distinct source_thread from crossing where target_thread = :target order by source_thread", &s,
	    err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, target_thread);
	while ((status = statement_step(s, err)) == OK) {
		status = each(context, statement_column_int(s, 0), err);
		if (status != OK) {
			statement_done(s);
			return status;
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* --- a new entry's own links ------------------------------------------------------------------------------------------ */

struct looking {
	struct store *store;
	int64_t tally;
	unsigned count, missing;
};

static enum status look(struct looking *looking, const uint8_t *id_data, struct err *err)
{
	struct named *named = &looking->store->cache->named[looking->count];
	struct id_slot slot;
	struct id id;

	if (id_data == NULL) {
		return OK;
	}
	ASSERT(looking->count < NAMED_MAX);
	memcpy(id.data, id_data, sizeof id.data);
	enum status status = id_slot_find(looking->store, looking->tally, &id, &slot, err);
	if (status != OK && status != NOT_FOUND) {
		return status;
	}
	*named = (struct named){ .id = id_data, .here = status == OK };
	if (named->here) {
		named->row = slot.row;
		named->thread = slot.thread;
		named->log = slot.log;
		named->seq = slot.seq;
	} else {
		looking->missing++;
	}
	looking->count++;
	return OK;
}

enum status named_look(
    struct store *store, int64_t tally, const struct body *body, unsigned *count, unsigned *missing, struct err *err)
{
	struct looking looking = { store, tally, 0, 0 };
	enum status status = look(&looking, body->thread, err);

	if (status == OK && body->part != NULL &&
	    (body->thread == NULL || memcmp(body->part, body->thread, ID_BYTES) != 0)) {
		status = look(&looking, body->part, err);
	}
	for (unsigned i = 0; status == OK && i < body->answer_count; i++) {
		status = look(&looking, body_answer(body, i).data, err);
	}
	for (unsigned i = 0; status == OK && i < body->ref_count; i++) {
		status = look(&looking, body_ref(body, i).data, err);
	}
	if (status == OK) {
		status = look(&looking, body->seen, err);
	}
	*count = looking.count;
	*missing = looking.missing;
	return status;
}

enum status named_write(struct store *store, const struct arrival *arrival, unsigned count, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; status == OK && i < count; i++) {
		const struct named *named = &store->cache->named[i];
		if (!named->here) {
			status = missing_add(store, arrival, named, err);
		} else {
			status = crossing_add(store, named->thread, arrival->thread, named->row, err);
		}
	}
	return status;
}

/* --- those that waited ------------------------------------------------------------------------------------------------ */

static enum status waiter_told(
    struct store *store, const struct arrival *arrival, int64_t log, int64_t thread, struct err *err)
{
	struct tally_item *tally = tally_item_find(store, arrival->tally);
	struct log_item *item;
	enum status status;

	ASSERT(tally != NULL);
	status = log_item_get(store, log, &item, err);
	if (status == OK) {
		item->waiting--;
		item->dirty = true;
		tally->kept.waiting[item->log.party]--;
	}
	if (thread == THREAD_KERNEL || thread == THREAD_ACKNOWLEDGEMENT) {
		tally->kernel_touched |= KERNEL_CAME;
		store->cache->kernel_generation++;
	}
	if (status != OK || thread == THREAD_ACKNOWLEDGEMENT) {
		return status;
	}
	status = touched_put(store, arrival->tally, thread == THREAD_KERNEL ? tally->thread : thread, false, err);
	if (status == OK) {
		status = crossing_add(store, arrival->thread, thread, arrival->row, err);
	}
	return status;
}

/* The waiter's past now reaches into the log of what came. */
static enum status waiter_linked(struct store *store, const struct arrival *arrival, int64_t waiter, struct err *err)
{
	struct entry_row waits;
	enum status status = store_entry_get(store, waiter, NULL, &waits, err);

	if (status == OK) {
		status = store_link_add(store, waits.log, waits.seq, arrival->log, arrival->seq, err);
	}
	return status == OK ? store_link_grown(store, waits.log, waits.seq, err) : status;
}

enum status missing_resolve(struct store *store, const struct arrival *arrival, struct err *err)
{
	struct statement *s, *remove;
	int64_t found = 0;
	enum status status = db_statement(store->db,
	    "select target, log, thread, entry from missing where target_prefix = :prefix and tally = :tally", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, id_key(arrival->id));
	statement_int_at(s, 2, arrival->tally);
	while ((status = statement_step(s, err)) == OK) {
		if (!bytes_equal(statement_column_blob(s, 0), id_bytes(arrival->id))) {
			continue;
		}
		found++;
		status = waiter_linked(store, arrival, statement_column_int(s, 3), err);
		if (status == OK) {
			status =
			    waiter_told(store, arrival, statement_column_int(s, 1), statement_column_int(s, 2), err);
		}
		if (status != OK) {
			break;
		}
	}
	statement_done(s);
	if (status != NOT_FOUND || found == 0) {
		return status == NOT_FOUND ? OK : status;
	}
	status = db_statement(store->db,
	    "delete from missing where target_prefix = :prefix and tally = :tally and target = :target", &remove, err);
	if (status != OK) {
		return status;
	}
	statement_int_at(remove, 1, id_key(arrival->id));
	statement_int_at(remove, 2, arrival->tally);
	statement_blob_at(remove, 3, id_bytes(arrival->id));
	store->cache->missing_count -= found;
	return statement_run(remove, err);
}

/* --- for others ------------------------------------------------------------------------------------------------------- */

enum status store_entry_missing(struct store *store, int64_t entry, bool *missing, struct err *err)
{
	struct statement *s;
	enum status status;

	*missing = false;
	if (store->mode == DB_WRITE && store->cache->missing_count == 0) {
		return OK;
	}
	status = db_statement(store->db, "select 1 from missing where entry = :entry limit 1", &s, err);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, entry);
	status = statement_step(s, err);
	*missing = status == OK;
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

enum status store_missing_each(struct store *store, int64_t tally,
    enum status (*each)(void *, const struct id *target, struct err *), void *context, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    store->db, "select distinct target from missing where tally = :tally order by target", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	while ((status = statement_step(s, err)) == OK) {
		struct id target = statement_column_id(s, 0);
		status = each(context, &target, err);
		if (status != OK) {
			statement_done(s);
			return status;
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}
