/* From new entries to verdicts, rows and leaves, in the transaction that stored them. A thread is folded when it was touched: by a new
 * entry, by one it waited for, by a limit that moved, by a verdict that changed in a thread it names. */
#include "base/cbor.h"
#include "base/limits.h"
#include "fold/folding.h"
#include "fold/kept.h"
#include "fold/parts.h"
#include "store/rows.h"
#include <stdio.h>
#include <string.h>

struct updating {
	struct store *store;
	int64_t tally;
	struct keyring *ring;
	struct arena arena, list; /* of one thread; of the threads' rows */
	struct buf state;
	int64_t *threads;
	unsigned count, capacity;
	int64_t done, all;
	void (*progress)(void *, int64_t, int64_t);
	void *context;
};

static enum status collect(void *context, int64_t thread, struct err *err)
{
	struct updating *updating = context;

	if (updating->count == updating->capacity) {
		unsigned wider = updating->capacity ? updating->capacity * 2 : 64;
		updating->threads =
		    arena_grow(&updating->list, updating->threads, updating->capacity, wider, sizeof(int64_t));
		if (!updating->threads)
			return err_set(err, ENVIRONMENT, "fold: out of memory");
		updating->capacity = wider;
	}
	updating->threads[updating->count++] = thread;
	return OK;
}

static enum status touch(void *context, int64_t thread, struct err *err)
{
	struct updating *updating = context;

	return thread > 0 ? store_thread_touch(updating->store, thread, err) : OK;
}

static enum status save_verdicts(struct updating *updating, struct folding *folding, bool *changed, struct err *err)
{
	for (unsigned i = 0; i < folding->fold.move_count; i++) {
		struct move *move = folding->fold.moves[i];
		struct kernel_move *own = kernel_of(move);
		if (move->verdict != VERDICT_VOID)
			move->rule[0] = 0;
		if (move->verdict == own->stored_verdict && strcmp(move->rule, own->stored_rule) == 0)
			continue;
		*changed = true;
		enum status status = store_verdict_set(updating->store, own->row, move->verdict, move->rule, err);
		if (status != OK)
			return status;
	}
	return OK;
}

static enum status save_rows(struct updating *updating, struct folding *folding, bool first, struct err *err)
{
	struct rows rows;
	enum status status = OK;
	const struct domain *sinks[] = { &parts_domain, folding->domain };

	for (unsigned i = 0; i < 2 && status == OK; i++) {
		if (!sinks[i])
			continue;
		if (!first)
			status = rows_clear(updating->store, sinks[i], folding->thread_row, err);
		if (status != OK)
			return status;
		rows_open(&rows, updating->store, sinks[i], folding->thread_row);
		if (i == 0)
			parts_rows(folding, &rows);
		else if (folding->domain->rows)
			folding->domain->rows(&folding->fold, &rows);
		status = rows_close(&rows, err);
	}
	return status;
}

static enum status fold_one(struct updating *updating, int64_t thread, struct err *err)
{
	struct thread_row row;
	struct folding *folding;
	bool changed = false;
	char number[64] = "";
	enum status status = store_thread_get(updating->store, thread, &row, err);

	if (status != OK)
		return status;
	arena_reset(&updating->arena);
	buf_reset(&updating->state);
	status = folding_run(updating->ring, &row.id, NULL, NULL, &updating->arena, &folding, err);
	if (status != OK)
		return status;
	status = save_verdicts(updating, folding, &changed, err);
	if (status == OK)
		status = numbers_give(folding, row.number, number, sizeof number, err);
	if (status == OK)
		status = save_rows(updating, folding, !row.folded, err);
	state_print(folding, &updating->state);
	if (status == OK && updating->state.failed)
		status = err_set(err, ENVIRONMENT, "thread: state too large");
	if (status != OK)
		return status;
	struct id leaf = sha256(buf_bytes(&updating->state));
	status = store_thread_save(updating->store, thread, &leaf, number, err);
	if (status == OK && changed)
		status = store_crossing_each(updating->store, thread, touch, updating, err);
	return status;
}

/* A limit that moved: every thread with an entry between the old and the new one is folded again. */
static enum status touch_moved(struct updating *updating, const struct ring_log *log, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    updating->store->db, "SELECT DISTINCT thread FROM entry WHERE log = ? AND thread > 0", &s, err);

	if (status != OK)
		return status;
	statement_int_at(s, 1, log->row.row);
	while (status == OK && (status = statement_step(s, err)) == OK)
		status = store_thread_touch(updating->store, statement_column_int(s, 0), err);
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* What the ring says of a log, in two numbers that are others whenever the verdict of one of its entries may be another. */
static enum status save_limits(struct updating *updating, struct err *err)
{
	for (unsigned i = 0; i < updating->ring->log_count; i++) {
		const struct ring_log *log = &updating->ring->logs[i];
		int64_t limit = !log->counts ? LOG_NOT_GRANTED
		    : log->limit == NO_LIMIT ? LOG_UNLIMITED
					     : (int64_t)log->limit;
		int64_t forked = log->forked_seq == NO_LIMIT ? 0
		    : log->fork_saved >= log->forked_seq     ? (int64_t)log->fork_saved + 1
							     : (int64_t)log->forked_seq;
		if (limit == log->row.limit_seq && forked == log->row.forked_seq)
			continue;
		enum status status = store_log_limits(updating->store, log->row.row, limit, forked, err);
		if (status == OK)
			status = touch_moved(updating, log, err);
		if (status != OK)
			return status;
	}
	return OK;
}

static enum status touch_each(void *context, const struct thread_row *row, struct err *err)
{
	struct updating *updating = context;

	return store_thread_touch(updating->store, row->row, err);
}

static enum status save_kernel(struct updating *updating, struct err *err)
{
	struct keyring *ring = updating->ring;
	struct thread_row thread;
	bool amended = false; /* any thread may have been opened under a profile that is no longer one, or now is */
	enum status status = OK;

	for (unsigned i = 0; i < ring->entry_count && status == OK; i++) {
		struct ring_entry *entry = &ring->entries[i];
		if (entry->verdict == entry->stored_verdict && strcmp(entry->rule, entry->stored_rule) == 0)
			continue;
		amended |= entry->formed && bytes_is(entry->body.kind, "tally.amended");
		status = store_verdict_set(updating->store, entry->row, entry->verdict, entry->rule, err);
	}
	if (status == OK && amended)
		status = store_thread_each(updating->store, updating->tally, touch_each, updating, err);
	if (status == OK)
		status = store_thread_find(updating->store, updating->tally, &ring->view.id, &thread, err);
	if (status != OK)
		return status == NOT_FOUND ? OK : status;
	buf_reset(&updating->state);
	kernel_state_print(ring, &updating->state);
	struct id leaf = sha256(buf_bytes(&updating->state));
	return store_thread_save(updating->store, thread.row, &leaf, "", err);
}

static enum status fold_touched(struct updating *updating, int64_t own_thread, struct err *err)
{
	enum status status;
	bool folded;

	/* Folding may touch further threads that name this one; each round is a step along names, so it ends. */
	do {
		updating->count = 0;
		folded = false;
		status = store_thread_touched(updating->store, updating->tally, collect, updating, err);
		for (unsigned i = 0; i < updating->count && status == OK; i++) {
			if (updating->threads[i] == own_thread)
				continue;
			folded = true;
			status = fold_one(updating, updating->threads[i], err);
			if (updating->progress)
				updating->progress(updating->context, ++updating->done, updating->all);
		}
	} while (status == OK && folded);
	return status;
}

static enum status update(struct updating *updating, struct err *err)
{
	struct thread_row kernel = { .row = 0 };
	struct tally_row tally;
	unsigned bits;
	enum status status = store_kernel_touched(updating->store, updating->tally, &bits, err);

	if (status != OK)
		return status;
	arena_init(&updating->list, LIMIT_ARENA_BYTES);
	arena_init(&updating->arena, LIMIT_ARENA_BYTES);
	buf_init(&updating->state, LIMIT_ARENA_BYTES);
	status = store_tally_get(updating->store, updating->tally, &tally, err);
	if (status == OK)
		status = keyring_borrow(updating->store, updating->tally, bits != 0, &updating->ring, err);
	if (status == OK)
		status = store_thread_find(updating->store, updating->tally, &tally.id, &kernel, err);
	if (status == NOT_FOUND)
		status = OK;
	if (status == OK && (bits || keyring_is_limited(updating->ring) || !kernel.folded)) {
		status = save_limits(updating, err);
		if (status == OK)
			status = save_kernel(updating, err);
		if (status == OK)
			status = store_kernel_looked(updating->store, updating->tally, err);
	}
	if (status == OK)
		status = fold_touched(updating, kernel.row, err);
	arena_clear(&updating->list);
	arena_clear(&updating->arena);
	buf_clear(&updating->state);
	return status;
}

/* Tables that were made are empty: every thread that writes into them is folded again, when its tally is next. */
static enum status touch_threads(struct store *store, const char *domain, struct err *err)
{
	struct statement *s;
	struct buf rows;
	enum status status = db_statement(store->db,
	    "SELECT row FROM thread WHERE leaf IS NOT NULL AND domain <> '' AND (:domain = '' OR domain = :domain)", &s,
	    err);

	if (status != OK)
		return status;
	statement_text(s, "domain", bytes_text(domain));
	buf_init(&rows, LIMIT_ARENA_BYTES);
	while ((status = statement_step(s, err)) == OK) {
		int64_t row = statement_column_int(s, 0);
		buf_put_bytes(&rows, bytes_of(&row, sizeof row));
	}
	statement_done(s);
	status = status == NOT_FOUND ? OK : status;
	if (status == OK && rows.failed)
		status = err_set(err, ENVIRONMENT, "fold: out of memory");
	for (size_t at = 0; at < rows.len && status == OK; at += sizeof(int64_t)) {
		int64_t row;
		memcpy(&row, rows.data + at, sizeof row);
		status = store_thread_touch(store, row, err);
	}
	buf_clear(&rows);
	return status;
}

static enum status make_tables(struct store *store, struct err *err)
{
	bool made = false;
	enum status status = rows_create(store, &parts_domain, &made, err);

	if (status == OK && made)
		status = touch_threads(store, "", err);
	for (const struct domain *const *domain = domains; *domain && status == OK; domain++) {
		status = rows_create(store, *domain, &made, err);
		if (status == OK && made)
			status = touch_threads(store, (*domain)->name, err);
	}
	return status;
}

enum status fold_update(struct store *store, int64_t tally, struct err *err)
{
	struct updating updating = { .store = store, .tally = tally };
	enum status status = make_tables(store, err);

	return status == OK ? update(&updating, err) : status;
}

enum status fold_rebuild(struct store *store, int64_t tally, void (*progress)(void *, int64_t done, int64_t all),
    void *context, struct err *err)
{
	struct updating updating = { .store = store, .tally = tally, .progress = progress, .context = context };
	struct statement *s;
	enum status status = store_begin(store, err);

	if (status != OK)
		return status;
	status = make_tables(store, err);
	if (status == OK)
		status = rows_clear_tally(store, &parts_domain, tally, err);
	for (const struct domain *const *domain = domains; *domain && status == OK; domain++)
		status = rows_clear_tally(store, *domain, tally, err);
	if (status == OK)
		status = store_computed_clear(store, tally, err);
	if (status == OK)
		status = db_statement(store->db, "SELECT count(*) FROM thread WHERE tally = ?", &s, err);
	if (status == OK) {
		statement_int_at(s, 1, tally);
		status = statement_step(s, err);
		updating.all = status == OK ? statement_column_int(s, 0) : 0;
		statement_done(s);
	}
	if (status == OK)
		status = update(&updating, err);
	if (status == OK)
		return store_commit(store, err);
	store_rollback(store);
	return status;
}
