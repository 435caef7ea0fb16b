#include "store/link.h"
#include "base/alloc.h"
#include "core/kernel.h"
#include "store/cache.h"
#include <stdlib.h>
#include <string.h>

/* --- rows in memory --------------------------------------------------------------------------------------------------- */

/* Rows of (a, b) that follow one another are kept: some around the place that was asked for last, and at the end while the log grows. A
 * reader keeps them as long as it looks at many threads of one state of the store; else it asks the disk. */
static bool is_kept(const struct store *store)
{
	return store->mode == DB_WRITE || store->cache->still_many;
}

static struct link_slot *slot_of(struct store *store, int64_t a, int64_t b)
{
	struct link_slot *slot =
	    &store->cache->links[((uint64_t)a * 0x9e3779b97f4a7c15u ^ (uint64_t)b * 0xc2b2ae3d27d4eb4fu) >> 32 &
		(LINK_SLOTS - 1)];

	if (slot->a != a || slot->b != b) {
		slot->a = a;
		slot->b = b;
		slot->count = 0;
		slot->last_known = slot->from_first = slot->to_last = false;
	}
	return slot;
}

/* Number of rows in the slot with seq_a at most this. */
static unsigned rows_upto(const struct link_slot *slot, uint64_t seq_a)
{
	unsigned low = 0, high = slot->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (slot->rows[middle].seq_a <= seq_a)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool slot_covers(const struct link_slot *slot, uint64_t seq_a)
{
	bool begins = slot->from_first || (slot->count > 0 && slot->rows[0].seq_a <= seq_a);
	bool ends = slot->to_last || (slot->count > 0 && slot->rows[slot->count - 1].seq_a > seq_a);

	return begins && ends;
}

/* Rows get their memory when there are some: few pairs of logs name each other. */
static enum status slot_room(struct link_slot *slot, struct err *err)
{
	if (!slot->rows)
		slot->rows = base_alloc(LINK_ROWS * sizeof *slot->rows);
	return slot->rows ? OK : err_set(err, ENVIRONMENT, "store: out of memory");
}

static enum status slot_last(struct store *store, struct link_slot *slot, struct err *err)
{
	struct statement *s;
	enum status status;

	if (slot->last_known)
		return OK;
	status = db_statement(store->db,
	    "SELECT seq_a, seq_b FROM link WHERE log_a = ? AND log_b = ? ORDER BY seq_a DESC LIMIT 1", &s, err);
	if (status != OK)
		return status;
	statement_int_at(s, 1, slot->a);
	statement_int_at(s, 2, slot->b);
	status = statement_step(s, err);
	slot->last = (struct link_row){ 0, 0 };
	if (status == OK) {
		slot->last =
		    (struct link_row){ (uint64_t)statement_column_int(s, 0), (uint64_t)statement_column_int(s, 1) };
	} else if (status == NOT_FOUND) {
		slot->count = 0;
		slot->from_first = slot->to_last = true;
	}
	statement_done(s);
	slot->last_known = status == OK || status == NOT_FOUND;
	return status == NOT_FOUND ? OK : status;
}

/* Where the slot shall begin so that it has some rows before this place; 0: with the first. */
static enum status slot_begin(
    struct store *store, const struct link_slot *slot, uint64_t seq_a, uint64_t *begin, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "SELECT seq_a FROM link WHERE log_a = ? AND log_b = ? AND seq_a <= ? ORDER BY seq_a DESC LIMIT 1 OFFSET 128",
	    &s, err);

	*begin = 0;
	if (status != OK)
		return status;
	statement_int_at(s, 1, slot->a);
	statement_int_at(s, 2, slot->b);
	statement_int_at(s, 3, (int64_t)seq_a);
	status = statement_step(s, err);
	if (status == OK)
		*begin = (uint64_t)statement_column_int(s, 0);
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

static enum status slot_fill(struct store *store, struct link_slot *slot, uint64_t seq_a, struct err *err)
{
	struct statement *s;
	uint64_t begin;
	enum status status = slot_begin(store, slot, seq_a, &begin, err);

	slot->count = 0;
	slot->from_first = slot->to_last = false;
	if (status == OK)
		status = slot_room(slot, err);
	if (status == OK)
		status = db_statement(store->db,
		    "SELECT seq_a, seq_b FROM link WHERE log_a = ? AND log_b = ? AND seq_a >= ? ORDER BY seq_a", &s,
		    err);
	if (status != OK)
		return status;
	statement_int_at(s, 1, slot->a);
	statement_int_at(s, 2, slot->b);
	statement_int_at(s, 3, (int64_t)begin);
	while (slot->count < LINK_ROWS && (status = statement_step(s, err)) == OK)
		slot->rows[slot->count++] =
		    (struct link_row){ (uint64_t)statement_column_int(s, 0), (uint64_t)statement_column_int(s, 1) };
	statement_done(s);
	slot->from_first = begin == 0;
	slot->to_last = status == NOT_FOUND;
	return status == NOT_FOUND ? OK : status;
}

static void slot_append(struct link_slot *slot, struct link_row row)
{
	slot->last = row;
	if (!slot->to_last)
		return;
	if (slot->count > 0 && slot->rows[slot->count - 1].seq_a == row.seq_a)
		slot->count--;
	if (slot->count == LINK_ROWS) {
		slot->count -= LINK_ROWS / 4;
		memmove(slot->rows, &slot->rows[LINK_ROWS / 4], slot->count * sizeof *slot->rows);
		slot->from_first = false;
	}
	slot->rows[slot->count++] = row;
}

static enum status link_reached(
    struct store *store, int64_t a, uint64_t seq_a, int64_t b, int64_t *seq_b, struct err *err)
{
	static const char sql[] =
	    "SELECT seq_b FROM link WHERE log_a = ? AND log_b = ? AND seq_a <= ? ORDER BY seq_a DESC LIMIT 1";
	struct statement *s;
	enum status status = OK;

	*seq_b = 0;
	if (is_kept(store)) {
		struct link_slot *slot = slot_of(store, a, b);
		if (!slot_covers(slot, seq_a))
			status = slot_fill(store, slot, seq_a, err);
		unsigned upto = status == OK ? rows_upto(slot, seq_a) : 0;
		if (upto > 0)
			*seq_b = (int64_t)slot->rows[upto - 1].seq_b;
		return status;
	}
	status = db_statement(store->db, sql, &s, err);
	if (status != OK)
		return status;
	statement_int_at(s, 1, a);
	statement_int_at(s, 2, b);
	statement_int_at(s, 3, (int64_t)seq_a);
	status = statement_step(s, err);
	if (status == OK)
		*seq_b = statement_column_int(s, 0);
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* The last row of (a, b); 0, 0 when there is none. */
static enum status row_last(struct store *store, int64_t a, int64_t b, struct link_row *last, struct err *err)
{
	struct link_slot asked = { .a = a, .b = b };
	struct link_slot *slot = is_kept(store) ? slot_of(store, a, b) : &asked;
	enum status status = slot_last(store, slot, err);

	*last = slot->last;
	return status;
}

/* In memory, when all rows of the pair lie there. */
static bool first_known(struct store *store, int64_t a, int64_t b, uint64_t seq_b, uint64_t *first)
{
	const struct link_slot *slot = slot_of(store, a, b);
	unsigned low = 0, high = slot->count;

	if (!is_kept(store) || !slot->from_first || !slot->to_last)
		return false;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (slot->rows[middle].seq_b < seq_b)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low < slot->count ? slot->rows[low].seq_a : UINT64_MAX;
	return true;
}

/* Rows rise in both columns (L1), so it is found by halving. */
enum status store_link_first(
    struct store *store, int64_t a, int64_t b, uint64_t seq_b, uint64_t *first, struct err *err)
{
	static const char sql[] =
	    "SELECT seq_a, seq_b FROM link WHERE log_a = ? AND log_b = ? AND seq_a <= ? ORDER BY seq_a DESC LIMIT 1";
	struct link_row last;

	if (first_known(store, a, b, seq_b, first))
		return OK;
	enum status status = row_last(store, a, b, &last, err);
	uint64_t low = 0, high = last.seq_a; /* low: reaches less far; high: far enough */
	*first = UINT64_MAX;
	if (status != OK || last.seq_b < seq_b)
		return status;
	while (high - low > 1 && status == OK) {
		struct statement *s;
		uint64_t middle = low + (high - low) / 2;
		status = db_statement(store->db, sql, &s, err);
		if (status != OK)
			return status;
		statement_int_at(s, 1, a);
		statement_int_at(s, 2, b);
		statement_int_at(s, 3, (int64_t)middle);
		status = statement_step(s, err);
		if (status == OK && (uint64_t)statement_column_int(s, 1) >= seq_b)
			high = (uint64_t)statement_column_int(s, 0);
		else
			low = middle;
		statement_done(s);
		status = status == NOT_FOUND ? OK : status;
	}
	*first = high;
	return status;
}

/* --- which logs a log links to ---------------------------------------------------------------------------------------- */

static enum status target_put(struct link_targets *targets, int64_t b, struct err *err)
{
	unsigned at = targets->count;

	if (targets->count == targets->capacity) {
		unsigned wider = targets->capacity ? targets->capacity * 2 : 16;
		int64_t *logs = base_realloc(targets->logs, wider * sizeof *logs);
		if (!logs)
			return err_set(err, ENVIRONMENT, "store: out of memory");
		targets->logs = logs;
		targets->capacity = wider;
	}
	for (; at > 0 && targets->logs[at - 1] > b; at--)
		targets->logs[at] = targets->logs[at - 1];
	targets->logs[at] = b;
	targets->count++;
	return OK;
}

/* The first log above `after` that a links to; NOT_FOUND: none. An index seek: skipping from b to b instead of reading all rows of a. */
static enum status target_next(struct store *store, int64_t a, int64_t after, int64_t *b, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    store->db, "SELECT log_b FROM link WHERE log_a = ? AND log_b > ? ORDER BY log_b LIMIT 1", &s, err);

	if (status != OK)
		return status;
	statement_int_at(s, 1, a);
	statement_int_at(s, 2, after);
	status = statement_step(s, err);
	if (status == OK)
		*b = statement_column_int(s, 0);
	statement_done(s);
	return status;
}

static struct link_targets *targets_slot(struct store *store, int64_t a)
{
	return &store->cache->targets[(uint64_t)a % LINK_LOGS];
}

/* Ascending. */
static enum status targets_of(struct store *store, int64_t a, struct link_targets **out, struct err *err)
{
	struct link_targets *targets = targets_slot(store, a);
	enum status status = OK;
	int64_t b = 0;

	*out = targets;
	if (targets->a == a && (store->mode == DB_WRITE || store->cache->still > 0))
		return OK;
	targets->a = 0;
	targets->count = 0;
	while (status == OK && (status = target_next(store, a, b, &b, err)) == OK)
		status = target_put(targets, b, err);
	targets->a = status == NOT_FOUND ? a : 0;
	return status == NOT_FOUND ? OK : status;
}

void links_forget(struct store *store)
{
	struct store_cache *cache = store->cache;

	for (unsigned i = 0; i < LINK_SLOTS; i++)
		base_free(cache->links[i].rows);
	memset(cache->links, 0, sizeof cache->links);
	for (unsigned i = 0; i < LINK_LOGS; i++)
		base_free(cache->targets[i].logs);
	memset(cache->targets, 0, sizeof cache->targets);
}

enum status store_still_begin(struct store *store, bool many, struct err *err)
{
	enum status status = db_begin(store->db, err);

	if (status == OK && store->mode == DB_READ) {
		store->cache->still++;
		store->cache->still_many |= many;
	}
	return status;
}

enum status store_still_end(struct store *store, enum status status, struct err *err)
{
	if (store->cache->still > 0 && --store->cache->still == 0) {
		links_forget(store);
		store->cache->still_many = false;
	}
	if (status == OK)
		return db_commit(store->db, err);
	db_rollback(store->db);
	return status;
}

/* --- rows ------------------------------------------------------------------------------------------------------------- */

static enum status row_write(struct store *store, int64_t a, int64_t b, struct link_row row, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "INSERT INTO link (log_a, log_b, seq_a, seq_b) VALUES (?, ?, ?, ?)"
	    " ON CONFLICT (log_a, log_b, seq_a) DO UPDATE SET seq_b = excluded.seq_b",
	    &s, err);

	if (status != OK)
		return status;
	statement_int_at(s, 1, a);
	statement_int_at(s, 2, b);
	statement_int_at(s, 3, (int64_t)row.seq_a);
	statement_int_at(s, 4, (int64_t)row.seq_b);
	return statement_run(s, err);
}

/* A late arrival may lie before rows that reach less far: they would break L1, and say nothing any more. */
static enum status late_add(struct store *store, int64_t a, int64_t b, struct link_row row, struct err *err)
{
	struct statement *s;
	int64_t reached;
	enum status status = link_reached(store, a, row.seq_a, b, &reached, err);

	if (status != OK || reached >= (int64_t)row.seq_b)
		return status;
	slot_of(store, a, b)->a = 0; /* read again when it is wanted */
	status = db_statement(
	    store->db, "DELETE FROM link WHERE log_a = ? AND log_b = ? AND seq_a >= ? AND seq_b <= ?", &s, err);
	if (status != OK)
		return status;
	statement_int_at(s, 1, a);
	statement_int_at(s, 2, b);
	statement_int_at(s, 3, (int64_t)row.seq_a);
	statement_int_at(s, 4, (int64_t)row.seq_b);
	status = statement_run(s, err);
	return status == OK ? row_write(store, a, b, row, err) : status;
}

enum status store_link_add(struct store *store, int64_t a, uint64_t seq_a, int64_t b, uint64_t seq_b, struct err *err)
{
	struct link_slot *slot = slot_of(store, a, b);
	struct link_targets *targets = targets_slot(store, a);
	struct link_row row = { seq_a, seq_b };
	enum status status = OK;

	if (a == b)
		return OK;
	status = slot_last(store, slot, err);
	if (status != OK)
		return status;
	if (seq_a < slot->last.seq_a)
		return late_add(store, a, b, row, err);
	if (seq_b <= slot->last.seq_b)
		return OK;
	if (slot->last.seq_a == 0 && targets->a == a)
		status = target_put(targets, b, err);
	if (status == OK)
		status = slot_room(slot, err);
	if (status != OK)
		return status;
	slot_append(slot, row);
	return row_write(store, a, b, row, err);
}

enum status store_link_each(struct store *store, int64_t a, uint64_t seq_a,
    enum status (*each)(void *context, int64_t b, uint64_t seq_b, struct err *err), void *context, struct err *err)
{
	struct link_targets *targets;
	enum status status = targets_of(store, a, &targets, err);

	for (unsigned i = 0; status == OK && i < targets->count; i++) {
		int64_t reached, b = targets->logs[i];
		status = link_reached(store, a, seq_a, b, &reached, err);
		if (status == OK && reached > 0)
			status = each(context, b, (uint64_t)reached, err);
	}
	return status;
}

/* --- openings counted ------------------------------------------------------------------------------------------------- */

/* The first of a branch goes on counting where the log stood that it left. */
static enum status opened_before(
    struct store *store, const struct log_row *log, uint64_t seq, int64_t *ordinal, struct err *err)
{
	struct statement *s;
	struct log_row at = *log;
	enum status status;

	for (*ordinal = 0;; seq = at.first_seq) {
		status = db_statement(store->db,
		    "SELECT ordinal FROM opened WHERE log = ? AND seq < ? ORDER BY seq DESC LIMIT 1", &s, err);
		if (status != OK)
			return status;
		statement_int_at(s, 1, at.row);
		statement_int_at(s, 2, (int64_t)seq);
		status = statement_step(s, err);
		if (status == OK)
			*ordinal = statement_column_int(s, 0);
		statement_done(s);
		if (status != NOT_FOUND || !at.parent)
			return status == NOT_FOUND ? OK : status;
		uint64_t first = at.first_seq;
		status = store_log_get(store, at.parent, &at, err);
		if (status != OK)
			return status;
		at.first_seq = first;
	}
}

static enum status opened_add(struct store *store, const struct log_row *log, uint64_t seq, struct err *err)
{
	struct statement *s;
	int64_t ordinal;
	enum status status = opened_before(store, log, seq, &ordinal, err);

	if (status == OK)
		status = db_statement(store->db, "INSERT INTO opened (log, seq, ordinal) VALUES (?, ?, ?)", &s, err);
	if (status != OK)
		return status;
	statement_int_at(s, 1, log->row);
	statement_int_at(s, 2, (int64_t)seq);
	statement_int_at(s, 3, ordinal + 1);
	return statement_run(s, err);
}

enum status store_opened_ordinal(struct store *store, int64_t log, uint64_t seq, int64_t *ordinal, struct err *err)
{
	struct log_row row = { .row = log };

	return opened_before(store, &row, seq + 1, ordinal, err);
}

enum status store_link_entry(
    struct store *store, const struct log_row *log, const struct entry *entry, unsigned named_count, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; i < named_count && status == OK; i++) {
		const struct named *named = &store->cache->named[i];
		if (named->here)
			status = store_link_add(store, log->row, entry->place.seq, named->log, named->seq, err);
	}
	if (status == OK && log->grant && entry->place.seq == log->first_seq && !log->parent) {
		struct entry_row grant;
		status = store_entry_get(store, log->grant, NULL, &grant, err);
		if (status == OK)
			status = store_link_add(store, log->row, entry->place.seq, grant.log, grant.seq, err);
	}
	if (status == OK && !entry->body.thread && !kernel_kind(entry->body.kind))
		status = opened_add(store, log, entry->place.seq, err);
	return status;
}

/* --- pasts that grew late --------------------------------------------------------------------------------------------- */

struct grown_log {
	int64_t row, parent;
	uint64_t first_seq, from; /* from: UINT64_MAX: not grown */
};
struct grown {
	struct grown_log *logs; /* by row */
	unsigned count, capacity;
};

static int by_row(const void *a, const void *b)
{
	int64_t one = ((const struct grown_log *)a)->row, two = ((const struct grown_log *)b)->row;

	return one < two ? -1 : one > two;
}

static struct grown_log *grown_find(const struct grown *grown, int64_t row)
{
	struct grown_log wanted = { .row = row };

	return grown->count ? bsearch(&wanted, grown->logs, grown->count, sizeof wanted, by_row) : NULL;
}

static enum status grown_log_add(void *context, const struct log_row *log, struct err *err)
{
	struct grown *grown = context;

	if (grown->count == grown->capacity) {
		unsigned wider = grown->capacity ? grown->capacity * 2 : 32;
		struct grown_log *logs = base_realloc(grown->logs, wider * sizeof *logs);
		if (!logs)
			return err_set(err, ENVIRONMENT, "store: out of memory");
		grown->logs = logs;
		grown->capacity = wider;
	}
	grown->logs[grown->count++] = (struct grown_log){ log->row, log->parent, log->first_seq, UINT64_MAX };
	return OK;
}

static bool grown_lower(struct grown_log *log, uint64_t from)
{
	bool lower = from < log->from;

	if (lower)
		log->from = from;
	return lower;
}

/* Logs that name a grown one, and branches that left one further on, have grown as well. */
static enum status grown_step(
    struct store *store, const struct grown *grown, struct grown_log *log, bool *moved, struct err *err)
{
	const struct grown_log *parent = log->parent ? grown_find(grown, log->parent) : NULL;
	struct link_targets *targets;
	enum status status = targets_of(store, log->row, &targets, err);

	if (parent && parent->from < log->first_seq)
		*moved |= grown_lower(log, log->first_seq);
	for (unsigned i = 0; status == OK && i < targets->count; i++) {
		const struct grown_log *named = grown_find(grown, targets->logs[i]);
		uint64_t first = UINT64_MAX;
		if (named && named->from != UINT64_MAX)
			status = store_link_first(store, log->row, named->row, named->from, &first, err);
		*moved |= grown_lower(log, first);
	}
	return status;
}

static enum status grown_touch(struct store *store, const struct grown_log *log, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    store->db, "SELECT DISTINCT thread FROM entry WHERE log = ? AND seq >= ? AND thread > 0", &s, err);

	if (status != OK)
		return status;
	statement_int_at(s, 1, log->row);
	statement_int_at(s, 2, (int64_t)log->from);
	while ((status = statement_step(s, err)) == OK)
		if ((status = store_thread_touch(store, statement_column_int(s, 0), err)) != OK)
			break;
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

enum status store_link_grown(struct store *store, int64_t a, uint64_t seq_a, struct err *err)
{
	struct log_item *item;
	enum status status = log_item_get(store, a, &item, err);

	if (status == OK && (item->grown == 0 || seq_a < item->grown))
		item->grown = seq_a;
	store->cache->grown = true;
	return status;
}

static enum status marks_take(struct store *store, struct grown *grown, bool *any, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; i < grown->count && status == OK; i++) {
		struct log_item *item;
		status = log_item_get(store, grown->logs[i].row, &item, err);
		if (status == OK && item->grown) {
			grown->logs[i].from = item->grown;
			item->grown = 0;
			*any = true;
		}
	}
	return status;
}

/* What has grown in one tally, closed and touched; its marks are taken away. */
static enum status settle_tally(struct store *store, int64_t tally, struct err *err)
{
	struct grown grown = { NULL, 0, 0 };
	bool any = false, moved = true;
	enum status status = store_log_each(store, tally, grown_log_add, &grown, err);

	if (grown.count > 0)
		qsort(grown.logs, grown.count, sizeof *grown.logs, by_row);
	if (status == OK)
		status = marks_take(store, &grown, &any, err);
	while (status == OK && any && moved) {
		moved = false;
		for (unsigned i = 0; status == OK && i < grown.count; i++)
			status = grown_step(store, &grown, &grown.logs[i], &moved, err);
	}
	for (unsigned i = 0; status == OK && any && i < grown.count; i++)
		if (grown.logs[i].from != UINT64_MAX)
			status = grown_touch(store, &grown.logs[i], err);
	base_free(grown.logs);
	return status;
}

enum status links_settle(struct store *store, struct err *err)
{
	enum status status = OK;

	for (size_t i = 0; store->cache->grown && i < store->cache->tally_count && status == OK; i++)
		status = settle_tally(store, store->cache->tallies[i].tally.row, err);
	if (status == OK)
		store->cache->grown = false;
	return status;
}
