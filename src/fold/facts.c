/* What can be said of each entry by its place alone: signature, chain, the times around it, the standing of its key. For audits, which
 * trust neither the verdict nor the check that was made when the entry came. */
#include "base/limits.h"
#include "core/kernel.h"
#include "fold/fold.h"
#include <string.h>

/* Positions of one log that acknowledgements of other parties cover. */
struct covered {
	int64_t log;
	unsigned party;
	uint64_t head, done[LIMIT_PARTIES]; /* done: by party, the last seq that it has covered */
	int64_t *ms;                        /* by seq; 0: not covered */
};
struct facts {
	struct store *store;
	int64_t tally, until_ms;
	bool verify;
	struct id tally_id;
	struct arena arena, one; /* one: of the entry looked at */
	struct covered *covered;
	unsigned log_count;
	struct key_view *keys;
	unsigned key_count;
	entry_fact_fn *each;
	void *context;
	/* the log that is walked along */
	const struct log_row *log;
	struct id prev;
	uint64_t seq;
	int64_t before_ms;
};

/* ---- acknowledgements -------------------------------------------------------------------------------------------------- */

static enum status add_log(void *context, const struct log_row *row, struct err *err)
{
	struct facts *facts = context;
	struct covered *all =
	    arena_grow(&facts->arena, facts->covered, facts->log_count, facts->log_count + 1, sizeof *all);
	int64_t *ms = arena_take_array(&facts->arena, row->head_seq + 1, sizeof *ms);

	if (!all || !ms)
		return err_set(err, ENVIRONMENT, "entries: out of memory");
	facts->covered = all;
	all[facts->log_count++] =
	    (struct covered){ .log = row->row, .party = row->party, .head = row->head_seq, .ms = ms };
	return OK;
}

static struct covered *covered_of(const struct facts *facts, int64_t log)
{
	for (unsigned i = 0; i < facts->log_count; i++)
		if (facts->covered[i].log == log)
			return &facts->covered[i];
	return NULL;
}

static void cover(struct facts *facts, unsigned party, const struct body *body)
{
	for (unsigned i = 0; i < body->ref_count; i++) {
		struct id head;
		int64_t entry, log;
		uint64_t seq;
		memcpy(head.data, body_ref(body, i).data, ID_BYTES);
		if (store_entry_locate(facts->store, facts->tally, &head, &entry, &log, &seq, NULL) != OK)
			continue;
		struct covered *covered = covered_of(facts, log);
		if (!covered || covered->party == party || party >= LIMIT_PARTIES)
			continue;
		for (uint64_t at = covered->done[party] + 1; at <= seq && at <= covered->head; at++)
			if (covered->ms[at] == 0)
				covered->ms[at] = body->stated_ms;
		if (covered->done[party] < seq)
			covered->done[party] = seq;
	}
}

/* In storing order: those of one home are in the order in which it wrote them. */
static enum status read_acknowledgements(struct facts *facts, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(facts->store->db,
	    "SELECT e.body, l.party FROM entry e JOIN log l ON l.row = e.log "
	    "WHERE e.tally = :tally AND e.thread = -1 ORDER BY e.row",
	    &s, err);

	if (status != OK)
		return status;
	statement_int_at(s, 1, facts->tally);
	while ((status = statement_step(s, err)) == OK) {
		struct body body;
		if (!body_read(statement_column_blob(s, 0), &body) && body.stated_ms < facts->until_ms)
			cover(facts, (unsigned)statement_column_int(s, 1), &body);
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* ---- entries ----------------------------------------------------------------------------------------------------------- */

static void put_key(const struct facts *facts, struct entry_fact *fact)
{
	fact->grant_ends_ms = FACT_NEVER;
	for (unsigned i = 0; i < facts->key_count; i++) {
		const struct key_view *view = &facts->keys[i];
		if (!id_equal(&view->key, &fact->key))
			continue;
		if (view->until_ms != INT64_MAX && view->until_ms + 1 < fact->grant_ends_ms)
			fact->grant_ends_ms = view->until_ms + 1;
		if (view->revoked && view->key_class != KEY_ROOT) {
			fact->beyond_good |= (int64_t)fact->seq > view->last_good;
			if (view->revoked_ms < fact->grant_ends_ms)
				fact->grant_ends_ms = view->revoked_ms;
		}
	}
}

static enum status put_number(struct facts *facts, struct entry_fact *fact, struct err *err)
{
	struct thread_row thread;

	if (fact->thread <= 0)
		return OK;
	enum status status = store_thread_get(facts->store, fact->thread, &thread, err);
	if (status == OK)
		fact->number = arena_copy(&facts->one, bytes_text(thread.number));
	return status;
}

static enum status look_at_entry(void *context, const struct entry_row *row, struct err *err)
{
	struct facts *facts = context;
	struct place place = { facts->tally_id, facts->log->key, row->seq, facts->prev };
	struct entry_fact fact = {
		.id = row->id, .key = facts->log->key, .party = facts->log->party, .log = facts->log->row
	};
	struct covered *covered = covered_of(facts, facts->log->row);
	struct entry entry;
	struct body body;

	arena_reset(&facts->one);
	const char *reason = body_read(row->body, &body);
	fact.chain_good = fact.signature_good = true;
	if (facts->verify) {
		bool formed = reason == NULL && entry_init(&entry, &place, row->body, row->signature) == NULL;
		fact.chain_good = formed && row->seq == facts->seq + 1 && id_equal(&entry.id, &row->id);
		fact.signature_good = formed && entry_verify(&entry) == NULL;
	}
	fact.seq = row->seq;
	fact.thread = row->acknowledgement ? -1 : row->thread;
	fact.kind = reason ? bytes_text("") : body.kind;
	fact.stated_ms = reason ? 0 : body.stated_ms;
	fact.stored_ms = row->stored_ms;
	fact.before_ms = facts->before_ms;
	fact.covered_ms =
	    covered && row->seq <= covered->head && covered->ms[row->seq] ? covered->ms[row->seq] : FACT_NEVER;
	fact.verdict = (enum verdict)row->verdict;
	memcpy(fact.rule, row->rule, sizeof fact.rule);
	fact.branches = facts->log->parent != 0 && row->seq == facts->log->first_seq;
	put_key(facts, &fact);
	facts->seq = row->seq;
	facts->prev = row->id;
	facts->before_ms = fact.stated_ms;
	if (fact.stated_ms >= facts->until_ms)
		return OK;
	enum status status = put_number(facts, &fact, err);
	return status == OK ? facts->each(facts->context, &fact, err) : status;
}

static enum status look_at_log(void *context, const struct log_row *row, struct err *err)
{
	struct facts *facts = context;

	facts->log = row;
	facts->prev = row->first_prev;
	facts->seq = row->first_seq - 1;
	facts->before_ms = -1;
	return store_log_entries(facts->store, row->row, row->first_seq, NULL, look_at_entry, facts, err);
}

enum status facts_each(struct store *store, int64_t tally, int64_t until_ms, bool verify, entry_fact_fn *each,
    void *context, struct err *err)
{
	struct facts facts = {
		.store = store, .tally = tally, .until_ms = until_ms, .verify = verify, .each = each, .context = context
	};
	struct tally_row row = { .row = tally };

	if (until_ms == 0)
		facts.until_ms = INT64_MAX;
	arena_init(&facts.arena, LIMIT_ARENA_BYTES);
	arena_init(&facts.one, LIMIT_ARENA_BYTES);
	enum status status = db_begin(store->db, err); /* one snapshot, and no lock for each question */
	bool begun = status == OK;
	if (begun)
		status = store_tally_get(store, tally, &row, err);
	if (status == OK) {
		facts.tally_id = row.id;
		status = tally_keys(store, tally, &facts.arena, &facts.keys, &facts.key_count, err);
	}
	if (status == OK)
		status = store_log_each(store, tally, add_log, &facts, err);
	if (status == OK)
		status = read_acknowledgements(&facts, err);
	if (status == OK)
		status = store_log_each(store, tally, look_at_log, &facts, err);
	if (begun && status == OK)
		status = db_commit(store->db, err);
	else if (begun)
		db_rollback(store->db);
	arena_clear(&facts.one);
	arena_clear(&facts.arena);
	return status;
}
