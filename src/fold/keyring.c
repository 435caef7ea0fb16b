/* Order of work, each step needing only the ones before: load; local rules; successors (roots); then log by log, in the order in which
 * logs began, so that the signer of a grant is judged before the log that the grant opens. */
#include "fold/keyring.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "fold/standing.h"
#include <stdlib.h>
#include <string.h>

struct loading {
	struct keyring *ring;
	const struct vector *ceiling;
	unsigned capacity;
	struct err *err;
};

struct ring_log *keyring_log(const struct keyring *ring, int64_t log_row)
{
	unsigned low = 0, high = ring->log_count;

	/* In the order of their rows: sort_logs; the log of a candidate comes last. */
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (ring->logs[middle].row.row < log_row)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ring->log_count && ring->logs[low].row.row == log_row ? &ring->logs[low] : NULL;
}

static uint64_t ceiling_of(const struct vector *ceiling, int64_t log)
{
	if (!ceiling)
		return NO_LIMIT;
	for (unsigned i = 0; i < ceiling->count; i++)
		if (ceiling->items[i].log == log)
			return ceiling->items[i].seq;
	return 0;
}

static enum status load_log(void *context, const struct log_row *row, struct err *err)
{
	struct loading *loading = context;
	struct keyring *ring = loading->ring;

	if (ceiling_of(loading->ceiling, row->row) == 0)
		return OK;
	if (ring->log_count == loading->capacity) {
		unsigned wider = loading->capacity ? loading->capacity * 2 : 16;
		ring->logs = arena_grow(ring->arena, ring->logs, loading->capacity, wider, sizeof *ring->logs);
		if (!ring->logs)
			return err_set(err, ENVIRONMENT, "keys: out of memory");
		loading->capacity = wider;
	}
	ring->logs[ring->log_count++] =
	    (struct ring_log){ .row = *row, .limit = NO_LIMIT, .forked_seq = NO_LIMIT, .until_ms = INT64_MAX };
	return OK;
}

static int by_row(const void *a, const void *b)
{
	int64_t one = ((const struct ring_log *)a)->row.row, two = ((const struct ring_log *)b)->row.row;

	return one < two ? -1 : one > two;
}

/* Logs in the order in which they began: their rows. store_log_each gives them by class. */
static void sort_logs(struct keyring *ring)
{
	if (ring->log_count)
		qsort(ring->logs, ring->log_count, sizeof *ring->logs, by_row);
}

static enum status load_entry(void *context, const struct entry_row *row, struct err *err)
{
	struct loading *loading = context;
	struct keyring *ring = loading->ring;
	struct ring_log *log = keyring_log(ring, row->log);

	if (!log || row->seq > ceiling_of(loading->ceiling, row->log))
		return OK;
	if (ring->entry_count == loading->capacity) {
		unsigned wider = loading->capacity ? loading->capacity * 2 : 32;
		ring->entries = arena_grow(ring->arena, ring->entries, loading->capacity, wider, sizeof *ring->entries);
		if (!ring->entries)
			return err_set(err, ENVIRONMENT, "keys: out of memory");
		loading->capacity = wider;
	}
	struct ring_entry *entry = &ring->entries[ring->entry_count++];
	*entry = (struct ring_entry){ .row = row->row,
		.log_row = row->log,
		.log = (unsigned)(log - ring->logs),
		.seq = row->seq,
		.id = row->id,
		.stored_verdict = (enum verdict)row->verdict };
	memcpy(entry->stored_rule, row->rule, sizeof entry->stored_rule);
	const char *reason = body_read(arena_copy(ring->arena, row->body), &entry->body);
	if (reason)
		return err_set(err, ENVIRONMENT, "store: entry %lld is damaged (%s); run warifu doctor",
		    (long long)row->row, reason);
	entry->kind = kernel_kind(entry->body.kind);
	return OK;
}

static enum status load_candidate(struct keyring *ring, const struct candidate *candidate, struct err *err)
{
	struct log_row row = { 0 };
	struct id none = { { 0 } };
	struct loading loading = { ring, NULL, ring->entry_count, err };
	enum status status = store_log_find(ring->store, ring->tally, &candidate->place.key, &none, &row, err);

	if (status == NOT_FOUND && candidate->place.seq == 1) {
		status = standing_new_log(ring, candidate, err);
		row.row = CANDIDATE_LOG;
	}
	if (status != OK || !kernel_kind(candidate->body.kind))
		return status;
	struct entry_row entry = { .row = CANDIDATE_ROW,
		.tally = ring->tally,
		.log = row.row,
		.seq = candidate->place.seq,
		.id = entry_id(&candidate->place, candidate->body.bytes),
		.body = candidate->body.bytes };
	return load_entry(&loading, &entry, err);
}

static bool index_entries(struct keyring *ring)
{
	if (!index_init(&ring->by_id, ring->arena, ring->entry_count))
		return false;
	for (unsigned i = 0; i < ring->entry_count; i++)
		if (!index_put(&ring->by_id, &ring->entries[i].id, i))
			return false;
	return true;
}

static bool past_init(struct keyring *ring, const struct vector *ceiling)
{
	unsigned count = ring->log_count ? ring->log_count : 1;
	int64_t *logs = arena_take_array(ring->arena, count, sizeof *logs);
	int64_t *parents = arena_take_array(ring->arena, count, sizeof *parents);
	uint64_t *firsts = arena_take_array(ring->arena, count, sizeof *firsts);
	uint64_t *ceilings = arena_take_array(ring->arena, count, sizeof *ceilings);
	uint64_t *done = arena_take_array(ring->arena, count, sizeof *done);
	uint64_t *first = arena_take_array(ring->arena, count, sizeof *first);
	uint64_t *least = arena_take_array(ring->arena, count, sizeof *least);

	if (!logs || !parents || !firsts || !ceilings || !done || !first || !least)
		return false;
	for (unsigned i = 0; i < ring->log_count; i++) {
		logs[i] = ring->logs[i].row.row;
		parents[i] = ring->logs[i].row.parent;
		firsts[i] = ring->logs[i].row.first_seq;
		ceilings[i] = ceiling_of(ceiling, logs[i]);
		if (ceilings[i] < ring->logs[i].row.head_seq)
			ring->logs[i].row.head_seq = ceilings[i];
	}
	ring->past = (struct past){ ring->store, logs, ring->log_count, parents, firsts, ceilings, done, first, least };
	return true;
}

/* The opening: parties and their codes. Its form was checked when the tally was added. */
static enum status read_opening(struct keyring *ring, struct err *err)
{
	struct tally_row row;
	enum status status = store_tally_get(ring->store, ring->tally, &row, err);

	if (status != OK)
		return status;
	ring->view.id = row.id;
	ring->view.rehearsal = mode_is_rehearsal(bytes_text(row.mode), bytes_of(NULL, 0));
	ring->view.national = strcmp(row.mode, "national") == 0;
	for (unsigned i = 0; i < ring->entry_count; i++) {
		struct body *body = &ring->entries[i].body;
		struct id hash = sha256(body->bytes);
		if (!bytes_is(body->kind, "tally.proposed") || !id_equal(&hash, &row.id))
			continue;
		ring->profile = body_field(body, PROPOSED_PROFILE);
		ring->profile_hash = sha256(ring->profile);
		ring->view.rehearsal = mode_is_rehearsal(bytes_text(row.mode), ring->profile);
		struct bytes at = body_field(body, PROPOSED_PARTIES);
		struct cbor_item parties = cbor_take(&at);
		for (size_t p = 0; p < parties.count && p < LIMIT_PARTIES; p++) {
			(void)cbor_take(&at);
			ring->view.party_codes[ring->view.party_count++] =
			    arena_text(ring->arena, cbor_take(&at).bytes);
			(void)cbor_take(&at);
			(void)cbor_take(&at);
		}
		return OK;
	}
	return OK; /* a vector may end before the opening */
}

static void find_grants(struct keyring *ring)
{
	for (unsigned i = 0; i < ring->log_count; i++)
		for (unsigned e = 0; ring->logs[i].row.grant && e < ring->entry_count; e++)
			if (ring->entries[e].row == ring->logs[i].row.grant)
				ring->logs[i].grant = &ring->entries[e];
}

/* The highest forked seq that lies on a log itself; 0: none. */
static uint64_t forked_on(const struct keyring *ring, const struct ring_log *log)
{
	uint64_t forked = 0;

	for (unsigned b = 0; b < ring->log_count; b++)
		if (ring->logs[b].row.parent == log->row.row && ring->logs[b].row.first_seq > forked &&
		    ring->logs[b].row.first_seq <= log->row.head_seq)
			forked = ring->logs[b].row.first_seq;
	return forked;
}

/* At a ceiling that cuts a log off where a branch left it, no branch is one: the only one that is there is the log itself, going on. */
static struct ring_log *goes_on_from(const struct keyring *ring, const struct ring_log *log)
{
	struct ring_log *parent = log->row.parent ? keyring_log(ring, log->row.parent) : NULL;
	unsigned count = 0;

	if (!parent || parent->row.head_seq + 1 != log->row.first_seq)
		return NULL;
	parent->ended = true;
	for (unsigned i = 0; i < ring->log_count; i++)
		count +=
		    ring->logs[i].row.parent == parent->row.row && ring->logs[i].row.first_seq == log->row.first_seq;
	return count == 1 ? parent : NULL;
}

enum status keyring_name_branches(struct keyring *ring, struct err *err)
{
	for (unsigned i = 0; i < ring->log_count; i++) {
		struct ring_log *log = &ring->logs[i];
		const struct ring_log *before = goes_on_from(ring, log); /* has the lower row, and its name */
		uint64_t forked = forked_on(ring, log);
		struct entry_row row;
		log->name = before ? before->name : log->row.branch;
		log->stem_seq = before ? before->stem_seq : id_is_zero(&log->name) ? 0 : log->row.first_seq - 1;
		if (forked == 0)
			continue;
		enum status status = store_entry_at(ring->store, log->row.row, forked, NULL, &row, err);
		if (status != OK)
			return status;
		log->name = row.id;
		log->stem_seq = forked - 1;
	}
	return OK;
}

enum status keyring_logs(struct store *store, int64_t tally, struct arena *arena, struct keyring **out, struct err *err)
{
	struct keyring *ring = arena_take(arena, sizeof *ring);
	struct loading loading = { ring, NULL, 0, err };

	if (!ring)
		return err_set(err, ENVIRONMENT, "keys: out of memory");
	*ring = (struct keyring){ .arena = arena, .store = store, .tally = tally };
	*out = ring;
	enum status status = store_log_each(store, tally, load_log, &loading, err);
	sort_logs(ring);
	return status == OK ? keyring_name_branches(ring, err) : status;
}

enum status keyring_load(struct store *store, int64_t tally, const struct vector *ceiling,
    const struct candidate *candidate, struct arena *arena, struct keyring **out, struct err *err)
{
	struct keyring *ring = arena_take(arena, sizeof *ring);
	struct loading loading = { ring, ceiling, 0, err };

	if (!ring)
		return err_set(err, ENVIRONMENT, "keys: out of memory");
	*ring = (struct keyring){ .arena = arena, .store = store, .tally = tally };
	enum status status = store_log_each(store, tally, load_log, &loading, err);
	if (status != OK)
		return status;
	sort_logs(ring);
	loading.capacity = 0;
	status = store_kernel_entries(store, tally, arena, load_entry, &loading, err);
	if (status == OK)
		status = read_opening(ring, err);
	if (status == OK && candidate)
		status = load_candidate(ring, candidate, err);
	if (status != OK)
		return status;
	find_grants(ring);
	if (!index_entries(ring) || !past_init(ring, ceiling))
		return err_set(err, ENVIRONMENT, "keys: out of memory");
	status = keyring_name_branches(ring, err);
	if (status == OK)
		status = standing_judge(ring, err);
	*out = ring;
	return status;
}

bool keyring_is_limited(const struct keyring *ring)
{
	for (unsigned i = 0; i < ring->log_count; i++) {
		const struct ring_log *log = &ring->logs[i];
		if (log->limit != NO_LIMIT || log->forked_seq != NO_LIMIT || log->replaced)
			return true;
	}
	return false;
}

const char *keyring_standing(const struct ring_log *log, uint64_t seq, int64_t stated_ms)
{
	if (!log->counts)
		return "K5";
	if (seq > log->limit)
		return "K2";
	if (seq >= log->forked_seq && seq > log->fork_saved)
		return "K3";
	if (stated_ms > log->until_ms)
		return "K4";
	return NULL;
}

/* Of one party: does a valid tally.amended with this hash and day lie in the past? *brings: one of its entries has the profile itself. */
static bool amended_by(const struct keyring *ring, unsigned party, const struct id *hash, int64_t from,
    const uint64_t *reach, struct bytes *profile)
{
	bool found = false;

	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct ring_entry *entry = &ring->entries[i];
		struct id own;
		int64_t day;
		if (entry->verdict != VERDICT_VALID || ring->logs[entry->log].row.party != party ||
		    (reach && reach[entry->log] < entry->seq) || !bytes_is(entry->body.kind, "tally.amended") ||
		    !record_int(&entry->body, AMENDED_FROM, &day) || day != from ||
		    !record_id(&entry->body, AMENDED_HASH, &own) || !id_equal(&own, hash))
			continue;
		found = true;
		struct bytes brought = body_field(&entry->body, AMENDED_PROFILE);
		own = sha256(brought);
		if (brought.len > 0 && id_equal(&own, hash))
			*profile = brought;
	}
	return found;
}

bool keyring_is_amended(const struct keyring *ring, const struct id *hash)
{
	for (unsigned i = 0; i < ring->entry_count; i++) {
		struct id own;
		if (bytes_is(ring->entries[i].body.kind, "tally.amended") &&
		    record_id(&ring->entries[i].body, AMENDED_HASH, &own) && id_equal(&own, hash))
			return true;
	}
	return false;
}

struct bytes keyring_amended(const struct keyring *ring, const struct id *hash, const uint64_t *reach)
{
	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct ring_entry *entry = &ring->entries[i];
		struct bytes profile = bytes_of(NULL, 0);
		int64_t from;
		struct id own;
		bool all = entry->verdict == VERDICT_VALID && bytes_is(entry->body.kind, "tally.amended") &&
		    record_int(&entry->body, AMENDED_FROM, &from) && record_id(&entry->body, AMENDED_HASH, &own) &&
		    id_equal(&own, hash);
		for (unsigned party = 0; all && party < ring->view.party_count; party++)
			all = amended_by(ring, party, hash, from, reach, &profile);
		if (all && profile.len)
			return profile;
	}
	return bytes_of(NULL, 0);
}

void grant_signer(const struct body *grant, unsigned party, struct signer *signer, int64_t *until_ms)
{
	*signer = (struct signer){ .party = party };
	record_text(grant, GRANT_OFFICER, &signer->officer);
	record_text(grant, GRANT_POST, &signer->post);
	signer->roles = body_field(grant, GRANT_ROLES);
	signer->limits = body_field(grant, GRANT_LIMITS);
	record_int(grant, GRANT_NUMBER, &signer->desk_number);
	record_int(grant, GRANT_UNTIL, until_ms);
}
