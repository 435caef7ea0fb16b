/* Entries as they lie in the store. Ids seen lately are kept in memory: most of what an entry names was met a moment ago. */
#include "store/cache.h"
#include <string.h>

#define ENTRY_COLUMNS "row, tally, log, seq, thread, id, signature, verdict, rule, stored_ms, body"

/* body: from the arena; borrowed from the statement when `borrow`; else empty. */
static enum status entry_read(
    struct statement *s, bool borrow, struct arena *arena, struct entry_row *out, struct err *err)
{
	struct bytes signature = statement_column_blob(s, 6), rule = statement_column_text(s, 8);
	int64_t thread = statement_column_int(s, 4);

	*out = (struct entry_row){
		.row = statement_column_int(s, 0),
		.tally = statement_column_int(s, 1),
		.log = statement_column_int(s, 2),
		.seq = (uint64_t)statement_column_int(s, 3),
		.thread = thread > 0 ? thread : 0,
		.acknowledgement = thread == THREAD_ACKNOWLEDGEMENT,
		.id = statement_column_id(s, 5),
		.verdict = (int)statement_column_int(s, 7),
		.stored_ms = statement_column_int(s, 9),
	};
	if (signature.len != SIGNATURE_BYTES || rule.len >= sizeof out->rule) {
		return err_set(
		    err, ENVIRONMENT, "store: entry %lld is damaged; run `warifu doctor`", (long long)out->row);
	}
	memcpy(out->signature, signature.data, SIGNATURE_BYTES);
	if (rule.len > 0) {
		memcpy(out->rule, rule.data, rule.len);
	}
	if (arena != NULL) {
		out->body = arena_copy(arena, statement_column_blob(s, 10));
		return out->body.data == NULL ? err_set(err, ENVIRONMENT, "store: out of memory") : OK;
	}
	if (borrow) {
		out->body = statement_column_blob(s, 10);
	}
	return OK;
}

static enum status entry_one(struct statement *s, struct arena *arena, struct entry_row *out, struct err *err)
{
	enum status status = statement_step(s, err);

	if (status == OK) {
		status = entry_read(s, false, arena, out, err);
	}
	statement_done(s);
	return status;
}

static enum status entries_each(struct statement *s, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err)
{
	enum status status;

	while ((status = statement_step(s, err)) == OK) {
		struct entry_row entry;
		status = entry_read(s, true, arena, &entry, err);
		if (status == OK) {
			status = each(context, &entry, err);
		}
		if (status != OK) {
			statement_done(s);
			return status;
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* --- ids -------------------------------------------------------------------------------------------------------------- */

static struct id_slot *id_slot(struct store_cache *cache, const struct id *id)
{
	return &cache->ids[id_prefix(id) % ID_SLOTS];
}

void id_slot_put(struct store *store, const struct id_slot *slot)
{
	*id_slot(store->cache, &slot->id) = *slot;
}

enum status id_slot_find(struct store *store, int64_t tally, const struct id *id, struct id_slot *out, struct err *err)
{
	struct id_slot *slot = id_slot(store->cache, id);
	struct statement *s;
	enum status status;

	if (slot->row != 0 && id_equal(&slot->id, id)) {
		*out = *slot;
		return slot->tally == tally ? OK : NOT_FOUND;
	}
	status = db_statement(
	    store->db, "select row, tally, log, thread, seq, id from entry where id_prefix = :prefix", &s, err);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, id_key(id));
	while ((status = statement_step(s, err)) == OK) {
		struct bytes found = statement_column_blob(s, 5);
		if (bytes_equal(found, id_bytes(id)) && statement_column_int(s, 1) == tally) {
			*out = (struct id_slot){ .id = *id,
				.tally = tally,
				.row = statement_column_int(s, 0),
				.log = statement_column_int(s, 2),
				.thread = statement_column_int(s, 3),
				.seq = (uint64_t)statement_column_int(s, 4) };
			*slot = *out;
			break;
		}
	}
	statement_done(s);
	return status;
}

enum status store_entry_locate(struct store *store, int64_t tally, const struct id *id, int64_t *entry, int64_t *log,
    uint64_t *seq, struct err *err)
{
	struct id_slot slot;
	enum status status = id_slot_find(store, tally, id, &slot, err);

	if (status == OK) {
		*entry = slot.row;
		*log = slot.log;
		*seq = slot.seq;
	}
	return status;
}

/* --- one entry -------------------------------------------------------------------------------------------------------- */

enum status store_entry_get(
    struct store *store, int64_t row, struct arena *arena, struct entry_row *out, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, "select " ENTRY_COLUMNS " from entry where row = :row", &s, err);

	if (status == OK) {
		statement_int_at(s, 1, row);
		status = entry_one(s, arena, out, err);
	}
	return status == NOT_FOUND ? err_set(err, NOT_FOUND, "entry %lld: not in this home", (long long)row) : status;
}

enum status store_entry_find(struct store *store, int64_t tally, const struct id *id, struct arena *arena,
    struct entry_row *out, struct err *err)
{
	struct id_slot slot;
	enum status status = id_slot_find(store, tally, id, &slot, err);

	return status == OK ? store_entry_get(store, slot.row, arena, out, err) : status;
}

enum status store_entry_at(
    struct store *store, int64_t log, uint64_t seq, struct arena *arena, struct entry_row *out, struct err *err)
{
	struct statement *s;
	enum status status =
	    db_statement(store->db, "select " ENTRY_COLUMNS " from entry where log = :log and seq = :seq", &s, err);

	if (status == OK) {
		statement_int_at(s, 1, log);
		statement_int_at(s, 2, (int64_t)seq);
		status = entry_one(s, arena, out, err);
	}
	return status;
}

enum status store_entry_place(struct store *store, const struct entry_row *entry, struct place *out, struct err *err)
{
	struct tally_row tally;
	struct log_row log;
	struct entry_row before;
	enum status status = store_log_get(store, entry->log, &log, err);

	if (status == OK) {
		status = store_tally_get(store, entry->tally, &tally, err);
	}
	if (status != OK) {
		return status;
	}
	*out = (struct place){ .tally = tally.id, .key = log.key, .seq = entry->seq, .prev = log.first_prev };
	if (entry->seq > log.first_seq) {
		status = store_entry_at(store, entry->log, entry->seq - 1, NULL, &before, err);
		if (status == OK) {
			out->prev = before.id;
		}
	}
	return status == NOT_FOUND ? err_set(err, ENVIRONMENT, "store: a log has a gap (S1); run `warifu doctor`")
				   : status;
}

enum status store_verdict_set(struct store *store, int64_t entry, int verdict, const char *rule, struct err *err)
{
	static const char sql[] =
	    "update entry set verdict = :verdict, rule = :rule"
	    " where row = :row and (verdict <> :verdict or coalesce(rule, '') <> coalesce(:rule, ''))";
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, verdict);
	statement_text_at(s, 2, rule == NULL || rule[0] == '\0' ? bytes_of(NULL, 0) : bytes_text(rule));
	statement_int_at(s, 3, entry);
	return statement_run(s, err);
}

/* --- many ------------------------------------------------------------------------------------------------------------- */

enum status store_log_entries(struct store *store, int64_t log, uint64_t from_seq, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    store->db, "select " ENTRY_COLUMNS " from entry where log = :log and seq >= :seq order by seq", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, log);
	statement_int_at(s, 2, from_seq > INT64_MAX ? INT64_MAX : (int64_t)from_seq);
	return entries_each(s, arena, each, context, err);
}

enum status store_entries(struct store *store, int64_t tally, int64_t after_row,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "select " ENTRY_COLUMNS " from entry where row > :after and tally = :tally order by row", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, after_row);
	statement_int_at(s, 2, tally);
	return entries_each(s, NULL, each, context, err);
}

enum status store_kernel_entries(struct store *store, int64_t tally, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    store->db, "select " ENTRY_COLUMNS " from entry where tally = :tally and thread = 0 order by row", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	return entries_each(s, arena, each, context, err);
}

enum status store_thread_entries(struct store *store, int64_t thread, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err)
{
	struct statement *s;
	enum status status;

	if (thread <= 0) {
		return OK;
	}
	status = db_statement(store->db,
	    "select " ENTRY_COLUMNS " from entry where thread = :thread and thread > 0 order by row", &s, err);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, thread);
	return entries_each(s, arena, each, context, err);
}
