/* Acceptance of one entry (docs/format.md 2.2): does it fit its log, is its key known? Then it is stored with all that hangs on it.
 * The caller has checked body, id and signature. Nothing here looks at a clock, a configuration or a verdict.
 *
 * An entry goes where its prev says:
 *
 *     known key, no log yet     seq 1, prev as the naming says          a new log
 *     prev is a head            seq one more                            the end of that log or branch
 *     prev is inside a log      seq one more                            a branch: that place is taken by another id
 *     seq 1, logs there         prev as another naming or the same      a branch from the very beginning
 *     its id is stored                                                  a double
 *     else                                                              gap, when what it follows is not here; else chain
 *
 * All checks come before the first write (A1): a refused entry leaves no trace, and the transaction goes on. */
#include "core/kernel.h"
#include "store/cache.h"
#include "store/link.h"
#include <string.h>

struct accepting {
	struct store *store;
	int64_t tally;
	const struct entry *entry;
	struct entry filled; /* with the prev that the caller left open */
	struct log_item *logs[LIMIT_BRANCHES];
	unsigned log_count;
	struct log_item *log; /* where it goes on; NULL: a new log or branch, as in `made` */
	struct log_row made;
	int64_t double_row;
	unsigned named, missing;
};

static enum status refused(struct accepting *a, const char *reason, struct err *err)
{
	char key[17];

	hex_print(bytes_of(a->entry->place.key.data, 8), key);
	return err_set(
	    err, BAD_INPUT, "%s: entry %llu of key %s", reason, (unsigned long long)a->entry->place.seq, key);
}

const char *store_accept_reason(const struct err *err)
{
	static const char *const reasons[] = { "gap", "chain", "unknown-key", "branches", "waiting", "thread", "logs",
		"kernel-entries", "thread-full" };

	for (unsigned i = 0; err->status == BAD_INPUT && i < sizeof reasons / sizeof *reasons; i++) {
		size_t len = strlen(reasons[i]);
		if (strncmp(err->text, reasons[i], len) == 0 && err->text[len] == ':') {
			return reasons[i];
		}
	}
	return "";
}

/* --- the place -------------------------------------------------------------------------------------------------------- */

/* The prev that the log itself says, for a caller that left it open. */
static enum status prev_fill(struct accepting *a, struct err *err)
{
	struct place *place = &a->filled.place;
	struct known_key key;
	struct entry_row before;
	enum status status = OK;

	a->filled = *a->entry;
	if (a->log_count == 0) {
		status = known_key_find(a->store, a->tally, &place->key, NULL, &key, err);
		place->prev = status == OK ? key.first_prev : place->prev;
	} else if (place->seq == 1) {
		place->prev = a->logs[0]->log.first_prev;
	} else if (place->seq == a->logs[0]->log.head_seq + 1) {
		place->prev = a->logs[0]->log.head_id;
	} else {
		status = store_entry_at(a->store, a->logs[0]->log.row, place->seq - 1, NULL, &before, err);
		place->prev = status == OK ? before.id : place->prev;
	}
	if (status != OK) {
		return status == NOT_FOUND ? refused(a, a->log_count == 0 ? "unknown-key" : "gap", err) : status;
	}
	struct id id = entry_id(place, a->entry->body.bytes);
	if (!id_equal(&id, &a->entry->id)) {
		return refused(a, "chain", err);
	}
	a->entry = &a->filled;
	return OK;
}

static void made_from_key(struct accepting *a, const struct known_key *key)
{
	a->made = (struct log_row){
		.tally = a->tally,
		.key = key->key,
		.first_seq = 1,
		.first_prev = key->first_prev,
		.party = key->party,
		.key_class = key->key_class,
		.grant = key->entry,
	};
}

static enum status place_first(struct accepting *a, struct err *err)
{
	const struct place *place = &a->entry->place;
	struct known_key key;
	enum status status = known_key_find(a->store, a->tally, &place->key, NULL, &key, err);

	if (status != OK) {
		return status == NOT_FOUND ? refused(a, "unknown-key", err) : status;
	}
	if (place->seq != 1) {
		return refused(a, "gap", err);
	}
	status = known_key_find(a->store, a->tally, &place->key, &place->prev, &key, err);
	if (status != OK) {
		return status == NOT_FOUND ? refused(a, "chain", err) : status;
	}
	made_from_key(a, &key);
	return OK;
}

/* A second first entry: on the same naming of its key or on another. */
static enum status branch_first(struct accepting *a, struct err *err)
{
	const struct place *place = &a->entry->place;
	struct known_key key;
	enum status status = known_key_find(a->store, a->tally, &place->key, &place->prev, &key, err);

	if (status != OK) {
		return status == NOT_FOUND ? refused(a, "chain", err) : status;
	}
	made_from_key(a, &key);
	a->made.parent = a->logs[0]->log.row;
	return OK;
}

/* The entry before this one is inside a log of the key. */
static enum status branch_inside(struct accepting *a, struct err *err)
{
	const struct place *place = &a->entry->place;
	struct log_item *parent = NULL;
	struct id_slot before = { .row = 0 };
	uint64_t highest = 0;
	enum status status = id_slot_find(a->store, a->tally, &place->prev, &before, err);

	if (status != OK && status != NOT_FOUND) {
		return status;
	}
	for (unsigned i = 0; i < a->log_count; i++) {
		highest = a->logs[i]->log.head_seq > highest ? a->logs[i]->log.head_seq : highest;
		parent = status == OK && a->logs[i]->log.row == before.log ? a->logs[i] : parent;
	}
	if (parent == NULL || before.seq + 1 != place->seq) {
		return refused(a, status == NOT_FOUND && place->seq > highest + 1 ? "gap" : "chain", err);
	}
	a->made = parent->log;
	a->made.parent = parent->log.row;
	a->made.first_prev = place->prev;
	return OK;
}

static enum status place_branch(struct accepting *a, struct err *err)
{
	enum status status = a->entry->place.seq == 1 ? branch_first(a, err) : branch_inside(a, err);

	if (status != OK) {
		return status;
	}
	a->made.branch = a->entry->id;
	a->made.first_seq = a->entry->place.seq;
	return a->log_count < LIMIT_BRANCHES ? OK : refused(a, "branches", err);
}

static enum status place_find(struct accepting *a, struct err *err)
{
	struct id_slot slot;
	enum status status = log_items(a->store, a->tally, &a->entry->place.key, a->logs, &a->log_count, err);

	if (status == OK && id_is_zero(&a->entry->place.prev)) {
		status = prev_fill(a, err);
	}
	if (status != OK) {
		return status;
	}
	const struct place *place = &a->entry->place;
	if (place->seq == 0 || place->seq > INT64_MAX - 1) {
		return refused(a, "chain", err);
	}
	if (a->log_count == 0) {
		return place_first(a, err);
	}
	for (unsigned i = 0; i < a->log_count; i++) {
		if (place->seq == a->logs[i]->log.head_seq + 1 && id_equal(&place->prev, &a->logs[i]->log.head_id)) {
			a->log = a->logs[i];
			return OK;
		}
	}
	status = id_slot_find(a->store, a->tally, &a->entry->id, &slot, err);
	if (status == OK) {
		a->double_row = slot.row;
		return OK;
	}
	return status == NOT_FOUND ? place_branch(a, err) : status;
}

/* --- storing ---------------------------------------------------------------------------------------------------------- */

static enum status log_extend(struct accepting *a, struct err *err)
{
	const struct entry *entry = a->entry;

	if (a->log == NULL) {
		a->made.head_seq = entry->place.seq;
		a->made.head_id = entry->id;
		return log_item_add(a->store, &a->made, &a->log, err);
	}
	a->log->log.head_seq = entry->place.seq;
	a->log->log.head_id = entry->id;
	a->log->dirty = true;
	return OK;
}

static struct bytes domain_word(struct bytes kind)
{
	const uint8_t *point = memchr(kind.data, '.', kind.len);
	return bytes_of(kind.data, point == NULL ? kind.len : (size_t)(point - kind.data));
}

/* Row of the thread, or a THREAD_ constant. */
static enum status thread_choose(struct accepting *a, const struct kind *kernel, int64_t *thread, struct err *err)
{
	const struct body *body = &a->entry->body;
	struct id id = a->entry->id;
	enum status status = NOT_FOUND;

	if (kernel != NULL) {
		*thread = bytes_is(body->kind, "home.acknowledged") ? THREAD_ACKNOWLEDGEMENT : THREAD_KERNEL;
		return OK;
	}
	if (body->thread != NULL) {
		memcpy(id.data, body->thread, sizeof id.data);
	}
	/* A thread that this entry opens has a row already only if somebody named it and waits. */
	if (body->thread != NULL || missing_maybe(a->store, &id)) {
		status = thread_row_find(a->store, a->tally, &id, thread, err);
		if (status == OK && body->thread == NULL) {
			status = thread_row_opened(a->store, *thread, domain_word(body->kind), err);
		}
	}
	if (status == NOT_FOUND) {
		status = thread_row_add(a->store, a->tally, &id,
		    body->thread == NULL ? domain_word(body->kind) : bytes_of(NULL, 0), thread, err);
	}
	return status;
}

static enum status entry_insert(struct accepting *a, int64_t thread, int64_t now_ms, int64_t *row, struct err *err)
{
	static const char sql[] =
	    "insert into entry (tally, log, seq, thread, id_prefix, id, body, signature, verdict, rule, stored_ms)"
	    " values (:tally, :log, :seq, :thread, :prefix, :id, :body, :signature, 0, null, :stored)";
	const struct entry *entry = a->entry;
	struct statement *s;
	enum status status = db_statement(a->store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, a->tally);
	ASSERT(a->log != NULL);
	statement_int_at(s, 2, a->log->log.row);
	statement_int_at(s, 3, (int64_t)entry->place.seq);
	statement_int_at(s, 4, thread);
	statement_int_at(s, 5, id_key(&entry->id));
	statement_blob_at(s, 6, id_bytes(&entry->id));
	statement_blob_at(s, 7, entry->body.bytes);
	statement_blob_at(s, 8, bytes_of(entry->signature, SIGNATURE_BYTES));
	statement_int_at(s, 9, now_ms);
	status = statement_run(s, err);
	if (status == OK) {
		*row = db_last_row(a->store->db);
		struct id thread_id = entry->id;
		if (entry->body.thread != NULL) {
			memcpy(thread_id.data, entry->body.thread, sizeof thread_id.data);
		}
		thread_counted(a->store, a->tally, &thread_id);
		id_slot_put(a->store,
		    &(struct id_slot){ entry->id, a->tally, *row, a->log->log.row, thread, entry->place.seq });
	}
	return status;
}

/* Keys that a grant or a successor names. One whose fields do not fit its kind names none. */
static enum status keys_learn(struct accepting *a, const struct kind *kernel, int64_t row, struct err *err)
{
	const struct body *body = &a->entry->body;
	bool desk = bytes_is(body->kind, "desk.granted"), home = bytes_is(body->kind, "home.granted");
	struct known_key key = { .entry = row, .first_prev = a->entry->id, .party = a->log->log.party };
	struct err form = { .status = OK };
	enum status status;

	if (!desk && !home && !bytes_is(body->kind, "root.replaced")) {
		return OK;
	}
	if (record_check(kernel, body, &form) != OK) {
		return OK;
	}
	if (desk || home) {
		key.key_class = desk ? KEY_DESK : KEY_HOME;
		return record_id(body, GRANT_KEY, &key.key) ? known_key_add(a->store, a->tally, &key, err) : OK;
	}
	key.key_class = KEY_ROOT;
	status = record_id(body, REPLACED_ROOT, &key.key) ? known_key_add(a->store, a->tally, &key, err) : OK;
	key.key_class = KEY_RECOVERY;
	if (status == OK && record_id(body, REPLACED_RECOVERY, &key.key)) {
		status = known_key_add(a->store, a->tally, &key, err);
	}
	return status;
}

static enum status touch(struct accepting *a, int64_t thread, bool branched, struct err *err)
{
	struct tally_item *tally = tally_item_find(a->store, a->tally);

	ASSERT(tally != NULL);
	if (branched) {
		tally->kernel_touched |= KERNEL_BRANCH;
		a->store->cache->kernel_generation++;
	}
	if (thread == THREAD_ACKNOWLEDGEMENT) {
		tally->kernel_touched |= KERNEL_ACKNOWLEDGED;
		return OK;
	}
	if (thread == THREAD_KERNEL) {
		tally->kernel_touched |= KERNEL_ENTRY;
		a->store->cache->kernel_generation++;
		thread = tally->thread;
	}
	return touched_put(a->store, a->tally, thread, false, err);
}

static enum status entry_store(struct accepting *a, bool branched, int64_t now_ms, int64_t *row, struct err *err)
{
	const struct kind *kernel = kernel_kind(a->entry->body.kind);
	int64_t thread = 0;
	enum status status = log_extend(a, err);

	if (status == OK) {
		status = thread_choose(a, kernel, &thread, err);
	}
	if (status == OK) {
		status = entry_insert(a, thread, now_ms, row, err);
	}
	struct arrival arrival = { a->tally, *row, a->log == NULL ? 0 : a->log->log.row, thread, &a->entry->id,
		a->entry->place.seq };
	if (status == OK) {
		status = named_write(a->store, &arrival, a->named, err);
	}
	if (status == OK) {
		status = store_link_entry(a->store, &a->log->log, a->entry, a->named, err);
	}
	ASSERT(status != OK || a->log != NULL);
	if (status == OK && a->missing > 0) {
		a->log->waiting += a->missing;
		a->log->dirty = true;
	}
	if (status == OK && missing_maybe(a->store, &a->entry->id)) {
		status = missing_resolve(a->store, &arrival, err);
	}
	if (status == OK && kernel != NULL) {
		status = keys_learn(a, kernel, *row, err);
	}
	if (status == OK && a->entry->body.attachments.len > 0) {
		status = attachments_announce(a->store, a->tally, *row, &a->entry->body, err);
	}
	return status == OK ? touch(a, thread, branched, err) : status;
}

/* The tally's own thread holds the kernel's entries, which name no thread. */
static bool names_tally(const struct accepting *a)
{
	const uint8_t *thread = a->entry->body.thread;
	const struct tally_item *tally = tally_item_find(a->store, a->tally);

	return thread != NULL && memcmp(thread, tally->tally.id.data, ID_BYTES) == 0;
}

static enum status accept_inside(
    struct accepting *a, int64_t now_ms, enum accepted *accepted, int64_t *row, struct err *err)
{
	enum status status = names_tally(a) ? refused(a, "thread", err) : place_find(a, err);

	*accepted = ACCEPTED_DOUBLE;
	*row = a->double_row;
	if (status != OK || a->double_row != 0) {
		return status;
	}
	status = named_look(a->store, a->tally, &a->entry->body, &a->named, &a->missing, err);
	if (status != OK) {
		return status;
	}
	const struct log_row *log = a->log == NULL ? &a->made : &a->log->log;
	if (a->missing > 0 && a->log != NULL && a->log->waiting + a->missing > LIMIT_WAITING_ENTRIES &&
	    log->key_class != KEY_HOME) {
		return refused(a, "waiting", err);
	}
	const struct bounded bounded = { .tally = a->tally,
		.party = log->party,
		.begins = a->log == NULL,
		.kernel = kernel_kind(a->entry->body.kind) != NULL,
		.acknowledges = bytes_is(a->entry->body.kind, "home.acknowledged"),
		.missing = a->missing,
		.body = &a->entry->body };
	const char *reason;
	status = bounds_look(a->store, &bounded, &reason, err);
	if (status != OK || reason != NULL) {
		return status != OK ? status : refused(a, reason, err);
	}
	bool branched = a->log == NULL && a->log_count > 0;
	*accepted = branched ? ACCEPTED_FORK : ACCEPTED_NEW;
	status = entry_store(a, branched, now_ms, row, err); /* A1 */
	if (status == OK) {
		bounds_kept(a->store, &bounded);
	}
	a->store->cache->broken = a->store->cache->broken || status != OK;
	return status;
}

enum status store_accept(struct store *store, int64_t tally, const struct entry *entry, int64_t now_ms,
    enum accepted *accepted, int64_t *entry_row, struct err *err)
{
	struct accepting a = { .store = store, .tally = tally, .entry = entry };
	bool alone = !db_in_transaction(store->db);
	enum status status = store_writable(store, err);

	*entry_row = 0;
	if (status == OK && tally_item_find(store, tally) == NULL) {
		status = err_set(err, NOT_FOUND, "tally %lld: not in this home", (long long)tally);
	}
	if (status == OK && alone) {
		status = store_begin(store, err);
	}
	if (status != OK) {
		return status;
	}
	ASSERT(store->cache->renewed); /* S5 */
	status = accept_inside(&a, now_ms, accepted, entry_row, err);
	if (!alone) {
		return status;
	}
	if (status != OK) {
		store_rollback(store);
		return status;
	}
	return store_commit(store, err);
}

enum status store_next_place(
    struct store *store, int64_t tally, const struct id *key, struct place *out, struct err *err)
{
	struct log_row logs[LIMIT_BRANCHES];
	struct tally_row row;
	struct known_key known;
	unsigned count;
	enum status status = store_tally_get(store, tally, &row, err);

	if (status == OK) {
		status = store_log_of_key(store, tally, key, logs, &count, err);
	}
	if (status != OK) {
		return status;
	}
	*out = (struct place){ .tally = row.id, .key = *key };
	if (count > 0) {
		out->seq = logs[0].head_seq + 1;
		out->prev = logs[0].head_id;
		return OK;
	}
	status = known_key_find(store, tally, key, NULL, &known, err);
	if (status == OK) {
		out->seq = 1;
		out->prev = known.first_prev;
	}
	return status;
}
