/* What the layers above ask of the fold: a thread in memory, a judgement before signing, the tally and its keys as they stand. */
#include "fold/fold.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "fold/folding.h"
#include "fold/kept.h"
#include "fold/parts.h"
#include "store/link.h"
#include <stdio.h>
#include <string.h>

enum status fold_thread(struct store *store, int64_t tally, const struct id *thread, const struct candidate *candidate,
    struct arena *arena, struct fold **out, struct err *err)
{
	struct keyring *ring;
	struct folding *folding = NULL;
	struct thread_row row;
	enum status status = keyring_load(store, tally, NULL, candidate, arena, &ring, err);

	if (status == OK)
		status = folding_run(ring, thread, NULL, candidate, arena, &folding, err);
	if (folding && status == OK && folding->all_count == 0)
		status = err_set(err, NOT_FOUND, "thread: not here");
	if (folding && status == OK && !candidate && folding->thread_row) {
		status = store_thread_get(store, folding->thread_row, &row, err);
		for (unsigned i = 0; status == OK && i < folding->fold.part_count; i++)
			number_of_part(folding, folding->fold.parts[i], row.number);
	}
	if (status == OK)
		*out = &folding->fold;
	return status;
}

const struct state *fold_part_state(const struct fold *fold, const struct part *part)
{
	return part_state(fold->kernel, part);
}

const char *fold_reason(const struct move *move)
{
	const char *reason = kernel_of(move)->reason;

	return reason ? reason : "";
}

const char *fold_source(const struct move *move)
{
	const char *source = kernel_of(move)->source;

	return source ? source : "";
}

static void judgement_of_move(const struct folding *folding, struct judgement *out)
{
	const struct move *move = folding->candidate_move;
	const struct kernel_move *own = kernel_of(move);

	out->verdict = move->verdict;
	snprintf(out->rule, sizeof out->rule, "%s", move->verdict == VERDICT_VOID ? move->rule : "");
	snprintf(out->reason, sizeof out->reason, "%s", fold_reason(move));
	snprintf(out->source, sizeof out->source, "%s", fold_source(move));
	out->said = own->said ? *own->said : (struct wording){ .form = own->reason };
	if (move->verdict == VERDICT_VALID && move->part && !move->kind->note) {
		const struct state *state = part_state(folding, move->part);
		out->state = state ? state : move->state;
		out->pen_party = out->state && out->state->pen ? (int)move->part->sides[out->state->pen] : -1;
		out->part = move->part->id;
	}
}

/* A move of a key that has written before changes no keyring. */
static enum status ring_for(struct store *store, int64_t tally, const struct candidate *candidate, struct arena *arena,
    struct keyring **ring, struct err *err)
{
	struct id none = { { 0 } };
	struct log_row log;
	enum status status = kernel_kind(candidate->body.kind)
	    ? NOT_FOUND
	    : store_log_find(store, tally, &candidate->place.key, &none, &log, NULL);

	return status == OK ? keyring_borrow(store, tally, false, ring, err)
			    : keyring_load(store, tally, NULL, candidate, arena, ring, err);
}

enum status fold_judge(struct store *store, int64_t tally, const struct candidate *candidate, struct arena *arena,
    struct judgement *out, struct err *err)
{
	struct keyring *ring;
	struct folding *folding;
	struct id own = entry_id(&candidate->place, candidate->body.bytes), thread = own;
	enum status status = ring_for(store, tally, candidate, arena, &ring, err);

	memset(out, 0, sizeof *out);
	out->pen_party = -1;
	if (status != OK)
		return status;
	if (kernel_kind(candidate->body.kind)) {
		const struct ring_entry *entry = &ring->entries[ring->entry_count - 1];
		out->verdict = entry->verdict;
		memcpy(out->rule, entry->rule, sizeof out->rule);
		snprintf(out->source, sizeof out->source, "docs/format.md 5.5");
		return OK;
	}
	if (candidate->body.thread)
		memcpy(thread.data, candidate->body.thread, ID_BYTES);
	status = folding_run(ring, &thread, NULL, candidate, arena, &folding, err);
	if (status == OK)
		judgement_of_move(folding, out);
	return status;
}

enum status tally_view_load(
    struct store *store, int64_t tally, struct arena *arena, struct tally_view *view, struct err *err)
{
	struct keyring *ring;
	enum status status = keyring_borrow(store, tally, false, &ring, err);

	if (status != OK)
		return status;
	*view = ring->view;
	for (unsigned i = 0; i < view->party_count; i++) {
		view->party_codes[i] = arena_printf(arena, "%s", ring->view.party_codes[i]);
		if (!view->party_codes[i])
			return err_set(err, ENVIRONMENT, "keys: out of memory");
	}
	return OK;
}

enum status tally_profile(struct store *store, int64_t tally, int64_t on_day, struct arena *arena,
    struct bytes *profile, struct id *hash, struct err *err)
{
	struct keyring *ring;
	int64_t best = INT64_MIN;
	enum status status = keyring_borrow(store, tally, false, &ring, err);

	if (status != OK)
		return status;
	struct bytes found = ring->profile;
	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct ring_entry *entry = &ring->entries[i];
		struct id own;
		int64_t from;
		if (!bytes_is(entry->body.kind, "tally.amended") || entry->verdict != VERDICT_VALID ||
		    !record_int(&entry->body, AMENDED_FROM, &from) || from > on_day || from < best ||
		    !record_id(&entry->body, AMENDED_HASH, &own))
			continue;
		struct bytes later = keyring_amended(ring, &own, NULL);
		if (later.len) {
			found = later;
			best = from;
		}
	}
	*profile = arena_copy(arena, found);
	if (found.len > 0 && !profile->data)
		return err_set(err, ENVIRONMENT, "keys: out of memory");
	*hash = sha256(*profile);
	return OK;
}

bool tally_is_open(struct store *store, int64_t tally, struct err *err)
{
	struct arena arena;
	struct keyring *ring;
	unsigned accepted = 0;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = keyring_load(store, tally, NULL, NULL, &arena, &ring, err);
	for (unsigned i = 0; status == OK && i < ring->entry_count; i++)
		accepted += ring->entries[i].verdict == VERDICT_VALID &&
		    (bytes_is(ring->entries[i].body.kind, "tally.proposed") ||
			bytes_is(ring->entries[i].body.kind, "tally.accepted"));
	bool open = status == OK && accepted >= ring->view.party_count;
	arena_clear(&arena);
	return open;
}

static const struct ring_log *log_of_grant(const struct keyring *ring, const struct ring_entry *grant)
{
	for (unsigned i = 0; i < ring->log_count; i++)
		if (ring->logs[i].grant == grant && ring->logs[i].row.parent == 0)
			return &ring->logs[i];
	return NULL;
}

static void view_revocations(const struct keyring *ring, struct key_view *view)
{
	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct ring_entry *entry = &ring->entries[i];
		struct id key;
		int64_t last;
		if (!bytes_is(entry->body.kind, "grant.revoked") || entry->verdict != VERDICT_VALID ||
		    !record_id(&entry->body, REVOKED_KEY, &key) || !id_equal(&key, &view->key) ||
		    ring->logs[entry->log].row.party != view->signer.party ||
		    !record_int(&entry->body, REVOKED_SEQ, &last))
			continue;
		if (!view->revoked || last < view->last_good)
			view->last_good = last;
		if (!view->revoked || entry->body.stated_ms < view->revoked_ms)
			view->revoked_ms = entry->body.stated_ms;
		view->revoked = true;
	}
}

static void view_grant(const struct keyring *ring, const struct ring_entry *entry, struct key_view *view)
{
	const struct ring_log *log = log_of_grant(ring, entry);
	struct bytes range;

	view->grant = entry->id;
	view->counts = entry->verdict == VERDICT_VALID;
	view->until_ms = INT64_MAX;
	record_id(&entry->body, GRANT_KEY, &view->key);
	grant_signer(&entry->body, ring->logs[entry->log].row.party, &view->signer, &view->until_ms);
	if (bytes_is(entry->body.kind, "home.granted")) {
		struct cbor_item item;
		struct bytes field = body_field(&entry->body, GRANT_TLS);
		view->key_class = KEY_HOME;
		view->label = view->signer.officer;
		view->signer = (struct signer){ .party = view->signer.party };
		item = cbor_take(&field);
		view->tls = item.bytes;
		field = body_field(&entry->body, GRANT_SEALING);
		item = cbor_take(&field);
		view->sealing = item.bytes;
	} else {
		view->key_class = KEY_DESK;
		range = body_field(&entry->body, GRANT_RANGE);
		if (range.len) {
			(void)cbor_take(&range);
			view->range_first = cbor_take(&range).integer;
			view->range_last = cbor_take(&range).integer;
		}
	}
	if (log) {
		view->log = log->row;
		view->has_log = true;
		view->forked = log->forked_seq != NO_LIMIT;
	}
	view_revocations(ring, view);
}

/* A root or recovery key that is named and has not written yet. */
static void view_named(const struct ring_entry *entry, struct bytes key, enum key_class key_class, unsigned party,
    struct key_view *keys, unsigned *count)
{
	struct key_view view = { .key_class = key_class,
		.grant = entry->id,
		.signer = { .party = party },
		.until_ms = INT64_MAX,
		.counts = entry->verdict == VERDICT_VALID };

	if (key.len != ID_BYTES)
		return;
	memcpy(view.key.data, key.data, ID_BYTES);
	for (unsigned i = 0; i < *count; i++)
		if (id_equal(&keys[i].key, &view.key))
			return;
	keys[(*count)++] = view;
}

static void view_opening(const struct ring_entry *entry, struct key_view *keys, unsigned *count)
{
	struct bytes at = body_field(&entry->body, PROPOSED_PARTIES);
	struct cbor_item parties = cbor_take(&at);

	for (unsigned party = 0; parties.type == CBOR_ARRAY && party < parties.count && party < LIMIT_PARTIES;
	     party++) {
		struct bytes whole = cbor_skip(&at);
		(void)cbor_take(&whole); /* the array */
		(void)cbor_take(&whole); /* its code */
		struct cbor_item root = cbor_take(&whole), recovery = cbor_take(&whole);
		view_named(entry, root.bytes, KEY_ROOT, party, keys, count);
		view_named(entry, recovery.bytes, KEY_RECOVERY, party, keys, count);
	}
}

static void view_successor(
    const struct keyring *ring, const struct ring_entry *entry, struct key_view *keys, unsigned *count)
{
	unsigned party = ring->logs[entry->log].row.party;
	struct id key;

	if (record_id(&entry->body, REPLACED_ROOT, &key))
		view_named(entry, id_bytes(&key), KEY_ROOT, party, keys, count);
	if (record_id(&entry->body, REPLACED_RECOVERY, &key))
		view_named(entry, id_bytes(&key), KEY_RECOVERY, party, keys, count);
}

enum status tally_keys(
    struct store *store, int64_t tally, struct arena *arena, struct key_view **keys, unsigned *count, struct err *err)
{
	struct keyring *ring;
	enum status status = keyring_load(store, tally, NULL, NULL, arena, &ring, err);

	if (status != OK)
		return status;
	*count = 0;
	*keys = arena_take_array(arena, ring->log_count + 2 * ring->entry_count + 2 * LIMIT_PARTIES + 1, sizeof **keys);
	if (!*keys)
		return err_set(err, ENVIRONMENT, "keys: out of memory");
	for (unsigned i = 0; i < ring->log_count; i++) {
		const struct ring_log *log = &ring->logs[i];
		if (log->row.key_class != KEY_ROOT && log->row.key_class != KEY_RECOVERY)
			continue;
		(*keys)[(*count)++] = (struct key_view){ .log = log->row,
			.has_log = true,
			.key = log->row.key,
			.key_class = log->row.key_class,
			.signer = { .party = log->row.party },
			.until_ms = INT64_MAX,
			.counts = log->counts,
			.revoked = log->limit != NO_LIMIT };
	}
	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct ring_entry *entry = &ring->entries[i];
		if (!entry->kind)
			continue;
		if (bytes_is(entry->body.kind, "tally.proposed") && i == 0)
			view_opening(entry, *keys, count);
		else if (bytes_is(entry->body.kind, "root.replaced"))
			view_successor(ring, entry, *keys, count);
		else if (bytes_is(entry->body.kind, "desk.granted") || bytes_is(entry->body.kind, "home.granted"))
			view_grant(ring, entry, &(*keys)[(*count)++]);
	}
	return OK;
}

/* Is there an entry of another party, of more weight than an acknowledgement, that no home of ours has covered? */
static enum status uncovered(struct keyring *ring, unsigned own_party, bool *due, struct err *err)
{
	uint64_t *reach = arena_take_array(ring->arena, ring->log_count + 1, sizeof *reach);

	*due = false;
	if (!reach)
		return err_set(err, ENVIRONMENT, "acknowledgement: out of memory");
	for (unsigned i = 0; i < ring->log_count; i++)
		if (ring->logs[i].row.party == own_party && ring->logs[i].row.key_class == KEY_HOME)
			reach[i] = ring->logs[i].row.head_seq;
	enum status status = past_close(&ring->past, reach, err);
	for (unsigned i = 0; i < ring->log_count; i++)
		*due |= ring->logs[i].row.party != own_party && ring->logs[i].row.key_class != KEY_HOME &&
		    ring->logs[i].row.head_seq > reach[i];
	return status;
}

struct naming {
	struct keyring *ring;
	uint64_t *named;
};

static enum status note_named(void *context, int64_t b, uint64_t seq_b, struct err *err)
{
	struct naming *naming = context;
	unsigned at = past_log(&naming->ring->past, b);

	(void)err;
	if (at < naming->ring->log_count)
		naming->named[at] = seq_b;
	return OK;
}

static enum status collect_heads(
    struct keyring *ring, const struct id *home_key, struct acknowledgement *out, struct err *err)
{
	uint64_t *named = arena_take_array(ring->arena, ring->log_count + 1, sizeof *named);
	struct naming naming = { ring, named };
	enum status status = OK;

	out->refs = arena_take_array(ring->arena, ring->log_count + 1, sizeof *out->refs);
	if (!named || !out->refs)
		return err_set(err, ENVIRONMENT, "acknowledgement: out of memory");
	for (unsigned i = 0; i < ring->log_count && status == OK; i++)
		if (id_equal(&ring->logs[i].row.key, home_key) && ring->logs[i].row.head_seq > 0)
			status = store_link_each(
			    ring->store, ring->logs[i].row.row, ring->logs[i].row.head_seq, note_named, &naming, err);
	for (unsigned i = 0; i < ring->log_count; i++) {
		const struct log_row *row = &ring->logs[i].row;
		if (!id_equal(&row->key, home_key) && row->head_seq > named[i] && out->ref_count < ACKNOWLEDGED_LOGS)
			out->refs[out->ref_count++] = row->head_id;
	}
	return status;
}

enum status acknowledgement_make(struct store *store, int64_t tally, const struct id *home_key, unsigned own_party,
    struct arena *arena, struct acknowledgement *out, struct err *err)
{
	struct keyring *ring;
	enum status status = keyring_load(store, tally, NULL, NULL, arena, &ring, err);

	memset(out, 0, sizeof *out);
	if (status == OK)
		status = uncovered(ring, own_party, &out->due, err);
	if (status != OK || !out->due)
		return status;
	status = collect_heads(ring, home_key, out, err);
	return status == OK ? digest_now(store, tally, &out->digest, err) : status;
}

enum status acknowledgement_last(
    struct store *store, int64_t tally, const struct id *home_key, struct id *out, struct err *err)
{
	struct log_row log;
	struct entry_row entry;
	struct id none = { { 0 } };
	struct arena arena;
	enum status status = store_log_find(store, tally, home_key, &none, &log, err);

	if (status != OK)
		return status;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	status = NOT_FOUND;
	for (uint64_t seq = log.head_seq; seq >= 1 && status == NOT_FOUND; seq--) {
		enum status found = store_entry_at(store, log.row, seq, &arena, &entry, err);
		if (found != OK) {
			status = found;
		} else if (entry.acknowledgement) {
			*out = entry.id;
			status = OK;
		}
	}
	arena_clear(&arena);
	return status;
}
