#include "fold/standing.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "store/link.h"
#include <string.h>

static bool is_kind(const struct ring_entry *entry, const char *name)
{
	return entry->kind && strcmp(entry->kind->name, name) == 0;
}

static void make_void(struct ring_entry *entry, const char *rule)
{
	entry->verdict = VERDICT_VOID;
	memcpy(entry->rule, rule, strlen(rule) + 1);
}

static bool is_registrar(const struct ring_log *log)
{
	struct signer signer;
	int64_t until_ms;

	if (log->row.key_class != KEY_DESK || !log->grant)
		return false;
	grant_signer(&log->grant->body, log->row.party, &signer, &until_ms);
	return signer_has_role(&signer, "registrar");
}

/* Which classes of key may sign a kernel kind. */
static bool class_fits(const struct kind *kind, const struct ring_log *log, uint64_t seq)
{
	enum key_class key_class = log->row.key_class;
	static const struct {
		const char *kind;
		bool root, recovery, registrar, desk, home, first;
	} table[] = {
		{ "tally.proposed", true, false, false, false, false, true },
		{ "tally.accepted", true, false, false, false, false, true },
		{ "tally.amended", true, false, false, false, false, false },
		{ "tally.rules_accepted", true, false, false, false, false, false },
		{ "desk.granted", true, false, true, false, false, false },
		{ "home.granted", true, false, true, false, false, false },
		{ "grant.revoked", true, false, true, false, false, false },
		{ "root.replaced", false, true, false, false, false, true },
		{ "tally.successor_seen", true, false, false, false, false, false },
		{ "log.forked", false, false, false, false, true, false },
		{ "home.acknowledged", false, false, false, false, true, false },
		{ "attachment.erased", true, false, true, true, false, false },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (strcmp(table[i].kind, kind->name) != 0)
			continue;
		if (table[i].first && seq != 1)
			return false;
		return (key_class == KEY_ROOT && table[i].root) || (key_class == KEY_RECOVERY && table[i].recovery) ||
		    (key_class == KEY_DESK && (table[i].desk || (table[i].registrar && is_registrar(log)))) ||
		    (key_class == KEY_HOME && table[i].home);
	}
	return false;
}

/* A root of the opening begins with the opening or its acceptance. A successor root has nothing to accept. */
static bool begins_well(const struct keyring *ring, const struct ring_log *log)
{
	if (log->row.key_class != KEY_ROOT || log->row.grant)
		return true;
	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct ring_entry *entry = &ring->entries[i];
		if (&ring->logs[entry->log] == log && entry->seq == 1)
			return is_kind(entry, "tally.proposed") || is_kind(entry, "tally.accepted");
	}
	return true;
}

/* A tally.proposed is the opening itself, whichever root signs it. */
static bool opens_this(const struct keyring *ring, const struct ring_entry *entry)
{
	struct id hash;

	if (!is_kind(entry, "tally.proposed"))
		return true;
	hash = sha256(entry->body.bytes);
	return id_equal(&hash, &ring->view.id);
}

/* Does this key sign the opening itself, on whichever branch? Then its acceptance is not another root's. */
static bool signs_opening(const struct keyring *ring, const struct id *key)
{
	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct ring_entry *entry = &ring->entries[i];
		if (is_kind(entry, "tally.proposed") && entry->seq == 1 &&
		    id_equal(&ring->logs[entry->log].row.key, key) && opens_this(ring, entry))
			return true;
	}
	return false;
}

/* Two words that only the other side can say: that it accepts, and which successor it has seen. */
static bool says_own(const struct keyring *ring, const struct ring_entry *entry)
{
	const struct log_row *log = &ring->logs[entry->log].row;
	struct id id;
	int64_t named;

	if (is_kind(entry, "tally.accepted"))
		return signs_opening(ring, &log->key);
	if (!is_kind(entry, "tally.successor_seen"))
		return false;
	memcpy(id.data, body_ref(&entry->body, 0).data, ID_BYTES);
	return index_find(&ring->by_id, &id, &named) && ring->logs[ring->entries[named].log].row.party == log->party;
}

static void judge_local(struct keyring *ring)
{
	for (unsigned i = 0; i < ring->entry_count; i++) {
		struct ring_entry *entry = &ring->entries[i];
		const struct ring_log *log = &ring->logs[entry->log];
		if (!entry->kind)
			entry->verdict = VERDICT_UNKNOWN;
		else if (record_check(entry->kind, &entry->body, NULL) != OK || entry->body.answer_count ||
		    entry->body.thread)
			make_void(entry, "F1");
		else if (!class_fits(entry->kind, log, entry->seq) || !opens_this(ring, entry) || says_own(ring, entry))
			make_void(entry, "K1");
		else if (log->row.key_class == KEY_ROOT && entry->seq > LIMIT_ROOT_SEQ)
			make_void(entry, "K14");
		else if (!begins_well(ring, log))
			make_void(entry, "K15");
		entry->formed = entry->verdict == VERDICT_VALID;
	}
}

bool standing_above(const struct keyring *ring, const struct ring_log *log, const struct ring_log *above)
{
	for (unsigned steps = 0; log->grant && steps < ring->log_count + 1; steps++) {
		log = &ring->logs[log->grant->log];
		if (id_equal(&log->row.key, &above->row.key)) /* whichever branch it writes on */
			return true;
	}
	return false;
}

struct naming {
	struct keyring *ring;
	const struct ring_log *log;
	uint64_t saved;
};

/* An entry of another party names log b up to seq_b: and with it the grant of b, and the grants above. */
static enum status named(void *context, int64_t b, uint64_t seq_b, struct err *err)
{
	struct naming *naming = context;
	const struct ring_log *at = keyring_log(naming->ring, b);

	(void)err;
	/* From a branch to the log that it left, from a log to the log of its grant. */
	for (unsigned steps = 0; at && steps < 2 * naming->ring->log_count + 1; steps++) {
		if (at == naming->log && seq_b > naming->saved)
			naming->saved = seq_b;
		if (at->row.parent) {
			seq_b = at->row.first_seq - 1;
			at = keyring_log(naming->ring, at->row.parent);
			continue;
		}
		if (!at->grant)
			break;
		seq_b = at->grant->seq;
		at = &naming->ring->logs[at->grant->log];
	}
	return OK;
}

enum status standing_saved(struct keyring *ring, const struct ring_log *log, struct ring_entry *const *knowing,
    unsigned count, uint64_t *saved, struct err *err)
{
	struct naming naming = { ring, log, 0 };
	uint64_t *first = ring->past.first, *least = ring->past.least;
	enum status status = OK;

	for (unsigned i = 0; i < ring->past.count; i++)
		least[i] = ring->logs[i].row.head_seq + 1;
	for (unsigned k = 0; k < count && status == OK; k++) {
		status = past_knowing(&ring->past, knowing[k]->log_row, knowing[k]->seq, first, err);
		for (unsigned i = 0; i < ring->past.count; i++)
			if (first[i] < least[i])
				least[i] = first[i];
	}
	for (unsigned i = 0; i < ring->past.count && status == OK; i++) {
		const struct ring_log *a = &ring->logs[i];
		if (a->row.party != log->row.party && a->row.row != CANDIDATE_LOG && least[i] > 1)
			status = store_link_each(ring->store, a->row.row, least[i] - 1, named, &naming, err);
	}
	*saved = naming.saved;
	return status;
}

static enum status apply_revocation(
    struct keyring *ring, struct ring_log *log, struct ring_entry *revocation, uint64_t last_good, struct err *err)
{
	uint64_t saved = 0;

	if (last_good < log->row.head_seq || log->row.row == CANDIDATE_LOG) {
		enum status status = standing_saved(ring, log, &revocation, 1, &saved, err);
		if (status != OK)
			return status;
	}
	if (saved < last_good)
		saved = last_good;
	if (saved < log->limit)
		log->limit = saved;
	return OK;
}

static enum status judge_revocations(struct keyring *ring, struct ring_log *log, struct err *err)
{
	for (unsigned i = 0; i < ring->entry_count; i++) {
		struct ring_entry *entry = &ring->entries[i];
		struct id key;
		int64_t last_good;
		if (!is_kind(entry, "grant.revoked") || entry->verdict != VERDICT_VALID ||
		    !record_id(&entry->body, REVOKED_KEY, &key) || !id_equal(&key, &log->row.key) ||
		    !record_int(&entry->body, REVOKED_SEQ, &last_good))
			continue;
		const struct ring_log *signer = &ring->logs[entry->log];
		if (signer->grants_above >= log->grants_above)
			continue;
		bool root = signer->row.key_class == KEY_ROOT && signer->row.party == log->row.party;
		if (!root && !standing_above(ring, log, signer))
			continue;
		enum status status = apply_revocation(ring, log, entry, (uint64_t)last_good, err);
		if (status != OK)
			return status;
	}
	return OK;
}

/* A log.forked proves a fork of `key` at its seq when both entries are here, at that place, and differ. */
static bool proves_fork(struct keyring *ring, const struct ring_entry *entry, const struct id *key, uint64_t *seq)
{
	struct id forked;
	int64_t at;

	if (!is_kind(entry, "log.forked") || !entry->formed || entry->body.ref_count != 2 ||
	    !record_id(&entry->body, FORKED_KEY, &forked) || !id_equal(&forked, key) ||
	    !record_int(&entry->body, FORKED_SEQ, &at))
		return false;
	for (unsigned i = 0; i < 2; i++) {
		struct id id;
		int64_t row, log;
		uint64_t place;
		memcpy(id.data, body_ref(&entry->body, i).data, ID_BYTES);
		if (store_entry_locate(ring->store, ring->tally, &id, &row, &log, &place, NULL) != OK)
			return false;
		const struct ring_log *where = keyring_log(ring, log);
		if (!where || !id_equal(&where->row.key, key) || place != (uint64_t)at || place > where->row.head_seq)
			return false; /* the last: beyond the vector at which the tally is looked at */
	}
	*seq = (uint64_t)at;
	return !bytes_equal(body_ref(&entry->body, 0), body_ref(&entry->body, 1));
}

static enum status judge_fork(struct keyring *ring, struct ring_log *log, struct err *err)
{
	struct ring_entry **proofs = NULL;
	unsigned count = 0;
	uint64_t seq;

	for (unsigned i = 0; i < ring->entry_count; i++) {
		if (!proves_fork(ring, &ring->entries[i], &log->row.key, &seq))
			continue;
		proofs = arena_grow(ring->arena, proofs, count, count + 1, sizeof(struct ring_entry *));
		if (!proofs)
			return err_set(err, ENVIRONMENT, "keys: out of memory");
		proofs[count++] = &ring->entries[i];
		if (seq < log->forked_seq)
			log->forked_seq = seq;
	}
	return count ? standing_saved(ring, log, proofs, count, &log->fork_saved, err) : OK;
}

static void judge_entries(struct keyring *ring, const struct ring_log *log)
{
	for (unsigned i = 0; i < ring->entry_count; i++) {
		struct ring_entry *entry = &ring->entries[i];
		if (&ring->logs[entry->log] != log || entry->verdict != VERDICT_VALID)
			continue;
		const char *rule = log->counts ? authority_check(ring, entry) : "K5";
		if (!rule)
			rule = keyring_standing(log, entry->seq, entry->body.stated_ms);
		if (rule)
			make_void(entry, rule);
	}
}

static enum status judge_log(struct keyring *ring, struct ring_log *log, struct err *err)
{
	enum status status = OK;

	if (log->row.key_class == KEY_DESK || log->row.key_class == KEY_HOME) {
		log->counts = log->grant && log->grant->verdict == VERDICT_VALID;
		if (log->grant)
			grant_signer(&log->grant->body, log->row.party, &log->signer, &log->until_ms);
		status = judge_revocations(ring, log, err);
		if (status == OK)
			status = judge_fork(ring, log, err);
	}
	log->judged = true;
	if (status == OK)
		judge_entries(ring, log);
	return status;
}

/* Of the root.replaced of one recovery key, the one that counts; NULL when none or when several stand unnamed. */
static struct ring_entry *successor_of(struct keyring *ring, const struct ring_log *recovery, unsigned *found)
{
	struct ring_entry *only = NULL, *seen = NULL;

	*found = 0;
	for (unsigned i = 0; i < ring->entry_count; i++) {
		struct ring_entry *entry = &ring->entries[i];
		if (!is_kind(entry, "root.replaced") || entry->verdict != VERDICT_VALID ||
		    !id_equal(&ring->logs[entry->log].row.key, &recovery->row.key))
			continue;
		only = entry;
		(*found)++;
	}
	if (*found < 2)
		return only;
	for (unsigned i = 0; i < ring->entry_count; i++) {
		struct ring_entry *entry = &ring->entries[i];
		int64_t named_at;
		struct id id;
		if (!is_kind(entry, "tally.successor_seen") || entry->verdict != VERDICT_VALID ||
		    entry->body.ref_count != 1 || ring->logs[entry->log].row.party == recovery->row.party)
			continue;
		memcpy(id.data, body_ref(&entry->body, 0).data, ID_BYTES);
		if (!index_find(&ring->by_id, &id, &named_at) || !is_kind(&ring->entries[named_at], "root.replaced"))
			continue;
		if (seen && seen != &ring->entries[named_at])
			return NULL;
		seen = &ring->entries[named_at];
	}
	return seen;
}

static bool stands_by_list(const struct ring_entry *replaced, const struct id *id)
{
	struct bytes at = body_field(&replaced->body, REPLACED_STAND);
	struct cbor_item list = cbor_take(&at);

	for (size_t i = 0; list.type == CBOR_ARRAY && i < list.count; i++)
		if (bytes_equal(cbor_take(&at).bytes, id_bytes(id)))
			return true;
	return false;
}

/* A successor limits the log of the root that it replaces; grants that it lists stand beyond the limit. */
static enum status replace_root(
    struct keyring *ring, struct ring_log *root, struct ring_entry *replaced, struct err *err)
{
	int64_t last_good = 0;

	record_int(&replaced->body, REPLACED_SEQ, &last_good);
	enum status status = apply_revocation(ring, root, replaced, (uint64_t)last_good, err);
	if (status != OK)
		return status;
	for (unsigned i = 0; i < ring->entry_count; i++) {
		struct ring_entry *entry = &ring->entries[i];
		if (&ring->logs[entry->log] == root && entry->verdict == VERDICT_VALID && entry->seq > root->limit &&
		    !stands_by_list(replaced, &entry->id))
			make_void(entry, "K2");
	}
	root->limit = NO_LIMIT; /* said entry by entry: some beyond it stand */
	root->replaced = true;
	return OK;
}

/* Is this root.replaced the one that counts of its recovery key? */
static bool succeeds(struct keyring *ring, const struct ring_entry *replaced)
{
	unsigned found;

	for (unsigned r = 0; r < ring->log_count; r++)
		if (ring->logs[r].row.key_class == KEY_RECOVERY &&
		    successor_of(ring, &ring->logs[r], &found) == replaced)
			return true;
	return false;
}

/* The root that a recovery key stands behind began where it did: with the opening, or with the same root.replaced. */
static enum status replace_roots(struct keyring *ring, const struct ring_log *recovery, struct err *err)
{
	unsigned found;
	struct ring_entry *replaced = successor_of(ring, recovery, &found);
	enum status status = OK;

	for (unsigned r = 0; replaced && r < ring->log_count && status == OK; r++) {
		struct ring_log *root = &ring->logs[r];
		if (root->row.key_class == KEY_ROOT && root->row.party == recovery->row.party &&
		    root->row.grant == recovery->row.grant)
			status = replace_root(ring, root, replaced, err);
	}
	return status;
}

/* Roots and recovery keys in the order in which they began: a key named by a root.replaced counts when that one does, and its own
 * recovery key. */
static enum status judge_roots(struct keyring *ring, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; i < ring->log_count; i++) {
		struct ring_log *log = &ring->logs[i];
		if (log->row.key_class == KEY_ROOT || log->row.key_class == KEY_RECOVERY)
			log->counts = !log->row.grant ||
			    (log->grant && ring->logs[log->grant->log].counts && succeeds(ring, log->grant));
	}
	for (unsigned i = 0; i < ring->log_count && status == OK; i++)
		if (ring->logs[i].row.key_class == KEY_RECOVERY && ring->logs[i].counts)
			status = replace_roots(ring, &ring->logs[i], err);
	return status;
}

/* How many grants stand between a log and a root. A grant was here before the log that it opens, so its log has the lower row. */
static unsigned count_grants_above(struct keyring *ring)
{
	unsigned most = 0;

	for (unsigned i = 0; i < ring->log_count; i++) {
		struct ring_log *log = &ring->logs[i];
		bool root = log->row.key_class == KEY_ROOT || log->row.key_class == KEY_RECOVERY;
		log->grants_above = root ? 0 : log->grant ? ring->logs[log->grant->log].grants_above + 1 : 1;
		most = log->grants_above > most ? log->grants_above : most;
	}
	return most;
}

enum status standing_judge(struct keyring *ring, struct err *err)
{
	judge_local(ring);
	enum status status = judge_roots(ring, err);
	unsigned most = count_grants_above(ring);
	/* Branches of one log stand at one level, whichever of them came first. */
	for (unsigned above = 0; above <= most && status == OK; above++)
		for (unsigned i = 0; i < ring->log_count && status == OK; i++)
			if (ring->logs[i].grants_above == above)
				status = judge_log(ring, &ring->logs[i], err);
	return status;
}
