#include "store/link.h"
#include "base/alloc.h"
#include "core/kernel.h"
#include "store/cache.h"

static enum status link_reached(
    struct store *store, int64_t a, uint64_t seq_a, int64_t b, int64_t *seq_b, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "SELECT seq_b FROM link WHERE log_a = ? AND log_b = ? AND seq_a <= ? ORDER BY seq_a DESC LIMIT 1", &s, err);

	*seq_b = 0;
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

static struct link_slot *slot_of(struct store *store, int64_t a, int64_t b)
{
	return &store->cache->links[((uint64_t)a * 0x9e3779b97f4a7c15u ^ (uint64_t)b * 0xc2b2ae3d27d4eb4fu) >> 32 &
	    (LINK_SLOTS - 1)];
}

static enum status row_write(struct store *store, const struct link_slot *row, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "INSERT INTO link (log_a, log_b, seq_a, seq_b) VALUES (?, ?, ?, ?)"
	    " ON CONFLICT (log_a, log_b, seq_a) DO UPDATE SET seq_b = excluded.seq_b",
	    &s, err);

	if (status != OK)
		return status;
	statement_int_at(s, 1, row->a);
	statement_int_at(s, 2, row->b);
	statement_int_at(s, 3, (int64_t)row->seq_a);
	statement_int_at(s, 4, (int64_t)row->seq_b);
	return statement_run(s, err);
}

static enum status slot_load(struct store *store, struct link_slot *slot, int64_t a, int64_t b, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "SELECT seq_a, seq_b FROM link WHERE log_a = ? AND log_b = ? ORDER BY seq_a DESC LIMIT 1", &s, err);

	*slot = (struct link_slot){ .a = 0 };
	if (status != OK)
		return status;
	statement_int_at(s, 1, a);
	statement_int_at(s, 2, b);
	status = statement_step(s, err);
	if (status == OK)
		*slot = (struct link_slot){ a, b, (uint64_t)statement_column_int(s, 0),
			(uint64_t)statement_column_int(s, 1) };
	else if (status == NOT_FOUND)
		*slot = (struct link_slot){ a, b, 0, 0 };
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* A late arrival may lie before rows that reach less far: they would break L1, and say nothing any more. */
static enum status late_add(struct store *store, const struct link_slot *row, struct err *err)
{
	struct statement *s;
	int64_t reached;
	enum status status = link_reached(store, row->a, row->seq_a, row->b, &reached, err);

	if (status != OK || reached >= (int64_t)row->seq_b)
		return status;
	status = db_statement(
	    store->db, "DELETE FROM link WHERE log_a = ? AND log_b = ? AND seq_a >= ? AND seq_b <= ?", &s, err);
	if (status != OK)
		return status;
	statement_int_at(s, 1, row->a);
	statement_int_at(s, 2, row->b);
	statement_int_at(s, 3, (int64_t)row->seq_a);
	statement_int_at(s, 4, (int64_t)row->seq_b);
	status = statement_run(s, err);
	return status == OK ? row_write(store, row, err) : status;
}

enum status store_link_add(struct store *store, int64_t a, uint64_t seq_a, int64_t b, uint64_t seq_b, struct err *err)
{
	struct link_slot *slot = slot_of(store, a, b), row = { a, b, seq_a, seq_b };
	enum status status = OK;

	if (a == b)
		return OK;
	if (slot->a != a || slot->b != b)
		status = slot_load(store, slot, a, b, err);
	if (status != OK)
		return status;
	if (seq_a < slot->seq_a) {
		slot->a = 0; /* the last row may go; it is read again when it is wanted */
		return late_add(store, &row, err);
	}
	if (seq_b <= slot->seq_b)
		return OK;
	*slot = row;
	return row_write(store, &row, err);
}

enum status store_link_each(struct store *store, int64_t a, uint64_t seq_a,
    enum status (*each)(void *context, int64_t b, uint64_t seq_b, struct err *err), void *context, struct err *err)
{
	struct statement *s;
	int64_t after = 0;

	/* One step per linked log, each an index seek: skipping from b to b instead of reading all rows of a. */
	for (;;) {
		int64_t b = 0, reached;
		enum status status = db_statement(
		    store->db, "SELECT log_b FROM link WHERE log_a = ? AND log_b > ? ORDER BY log_b LIMIT 1", &s, err);
		if (status != OK)
			return status;
		statement_int_at(s, 1, a);
		statement_int_at(s, 2, after);
		status = statement_step(s, err);
		if (status == OK)
			b = statement_column_int(s, 0);
		statement_done(s);
		if (status == NOT_FOUND)
			return OK;
		if (status == OK)
			status = link_reached(store, a, seq_a, b, &reached, err);
		if (status == OK && reached > 0)
			status = each(context, b, (uint64_t)reached, err);
		if (status != OK)
			return status;
		after = b;
	}
}

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

/* Logs of one tally; from: the first seq of each whose past has grown, UINT64_MAX for none. */
struct grown {
	int64_t *logs;
	uint64_t *from;
	unsigned count;
};

static void grown_clear(struct grown *grown)
{
	base_free(grown->logs);
	base_free(grown->from);
}

static enum status grown_logs(struct store *store, int64_t tally, struct grown *grown, struct err *err)
{
	struct statement *s;
	unsigned room = 0;
	enum status status = db_statement(store->db, "SELECT row FROM log WHERE tally = ? ORDER BY row", &s, err);

	if (status != OK)
		return status;
	statement_int_at(s, 1, tally);
	while ((status = statement_step(s, err)) == OK) {
		if (grown->count == room) {
			room = room ? room * 2 : 64;
			int64_t *logs = base_realloc(grown->logs, room * sizeof *logs);
			grown->logs = logs ? logs : grown->logs;
			uint64_t *from = logs ? base_realloc(grown->from, room * sizeof *from) : NULL;
			grown->from = from ? from : grown->from;
			if (!from) {
				status = err_set(err, ENVIRONMENT, "store: out of memory");
				break;
			}
		}
		grown->logs[grown->count] = statement_column_int(s, 0);
		grown->from[grown->count++] = UINT64_MAX;
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* First seq of log c whose entry, or one before it, names log x at seq or later; UINT64_MAX when none does. */
static enum status first_naming(
    struct store *store, int64_t c, int64_t x, uint64_t seq, uint64_t *first, struct err *err)
{
	struct link_slot *slot = slot_of(store, c, x);
	struct statement *s;
	enum status status = OK;

	*first = UINT64_MAX;
	if (slot->a != c || slot->b != x)
		status = slot_load(store, slot, c, x, err);
	if (status != OK || slot->seq_b < seq)
		return status;
	status = db_statement(
	    store->db, "SELECT min(seq_a) FROM link WHERE log_a = ? AND log_b = ? AND seq_b >= ?", &s, err);
	if (status != OK)
		return status;
	statement_int_at(s, 1, c);
	statement_int_at(s, 2, x);
	statement_int_at(s, 3, (int64_t)seq);
	status = statement_step(s, err);
	if (status == OK && !statement_column_is_null(s, 0))
		*first = (uint64_t)statement_column_int(s, 0);
	statement_done(s);
	return status;
}

static enum status grown_close(struct store *store, struct grown *grown, struct err *err)
{
	bool moved = true;

	while (moved) {
		moved = false;
		for (unsigned x = 0; x < grown->count; x++)
			for (unsigned c = 0; c < grown->count && grown->from[x] != UINT64_MAX; c++) {
				uint64_t first;
				enum status status = c == x
				    ? OK
				    : first_naming(store, grown->logs[c], grown->logs[x], grown->from[x], &first, err);
				if (status != OK)
					return status;
				if (c != x && first < grown->from[c]) {
					grown->from[c] = first;
					moved = true;
				}
			}
	}
	return OK;
}

static enum status grown_touch(struct store *store, int64_t log, uint64_t from, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    store->db, "SELECT DISTINCT thread FROM entry WHERE log = ? AND seq >= ? AND thread > 0", &s, err);

	if (status != OK)
		return status;
	statement_int_at(s, 1, log);
	statement_int_at(s, 2, (int64_t)from);
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

/* What has grown in one tally, closed and touched; its marks are taken away. */
static enum status settle_tally(struct store *store, int64_t tally, struct err *err)
{
	struct grown grown = { NULL, NULL, 0 };
	bool any = false;
	enum status status = grown_logs(store, tally, &grown, err);

	for (unsigned i = 0; i < grown.count && status == OK; i++) {
		struct log_item *item;
		status = log_item_get(store, grown.logs[i], &item, err);
		if (status == OK && item->grown) {
			grown.from[i] = item->grown;
			item->grown = 0;
			any = true;
		}
	}
	if (status == OK && any)
		status = grown_close(store, &grown, err);
	for (unsigned i = 0; i < grown.count && status == OK && any; i++)
		if (grown.from[i] != UINT64_MAX)
			status = grown_touch(store, grown.logs[i], grown.from[i], err);
	grown_clear(&grown);
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
