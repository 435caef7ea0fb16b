/* Storing what came, and the few entries that a home key writes by itself: proofs of forks and acknowledgements (docs/format.md 5.3, 6). */
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "sync/session.h"
#include <string.h>

enum status keeper_enter(struct keeper *keeper, struct body_draft *draft, struct err *err)
{
	struct place place;
	struct entry entry;
	struct buf body;
	enum accepted accepted;
	int64_t row;
	enum status status = store_next_place(keeper->store, keeper->tally, keeper->home_key, &place, err);

	if (status != OK) {
		return status == NOT_FOUND ? err_set(err, ENVIRONMENT, "home key: not granted in this tally") : status;
	}
	buf_init(&body, LIMIT_BODY_BYTES);
	draft->stated_ms = keeper->now_ms;
	body_write(&body, draft);
	uint8_t unsigned_yet[SIGNATURE_BYTES] = { 0 };
	const char *reason = body.failed ? "too-long" : entry_init(&entry, &place, buf_bytes(&body), unsigned_yet);
	if (reason != NULL) {
		status = err_set(err, ENVIRONMENT, "home key: its entry cannot be written: %s", reason);
	} else {
		entry_sign(&entry, keeper->secrets->sign);
		status = store_accept(keeper->store, keeper->tally, &entry, keeper->now_ms, &accepted, &row, err);
	}
	buf_clear(&body);
	return status;
}

/* ---- forks ---------------------------------------------------------------------------------------------------------- */

struct proof_search {
	const uint8_t *id;
	bool found;
};

static enum status proof_look(void *context, const struct entry_row *entry, struct err *err)
{
	struct proof_search *search = context;
	struct body body;

	(void)err;
	if (body_read(entry->body, &body) == NULL && bytes_is(body.kind, "log.forked")) {
		for (unsigned i = 0; i < body.ref_count; i++) {
			search->found = search->found || memcmp(body_ref(&body, i).data, search->id, ID_BYTES) == 0;
		}
	}
	return OK;
}

static enum status fork_enter(struct keeper *keeper, const struct entry *entry, const struct id *other, struct err *err)
{
	struct id refs[2] = { entry->id, *other };
	struct buf fields;

	if (id_compare(&refs[0], &refs[1]) > 0) {
		refs[0] = *other;
		refs[1] = entry->id;
	}
	buf_init(&fields, 256);
	cbor_put_int(&fields, FORKED_KEY);
	cbor_put_bytes(&fields, id_bytes(&entry->place.key));
	cbor_put_int(&fields, FORKED_SEQ);
	cbor_put_int(&fields, (int64_t)entry->place.seq);
	struct body_draft draft = {
		.kind = "log.forked", .refs = refs, .ref_count = 2, .fields = buf_bytes(&fields), .field_count = 2
	};
	enum status status = keeper_enter(keeper, &draft, err);
	buf_clear(&fields);
	return status;
}

/* The entry that stands at the same place, of the log that the branch left. */
static enum status fork_other(
    struct keeper *keeper, const struct entry *entry, int64_t row, struct id *out, struct err *err)
{
	struct entry_row stored, other;
	struct log_row log;
	enum status status = store_entry_get(keeper->store, row, NULL, &stored, err);

	if (status == OK) {
		status = store_log_get(keeper->store, stored.log, &log, err);
	}
	if (status == OK) {
		status = store_entry_at(keeper->store, log.parent, entry->place.seq, NULL, &other, err);
	}
	if (status == OK) {
		*out = other.id;
	}
	return status;
}

/* Enters the proof of a fork that has just shown, unless it was proven already. */
static enum status fork_prove(struct keeper *keeper, const struct entry *entry, int64_t row, struct err *err)
{
	struct proof_search search = { .id = entry->id.data };
	struct arena arena;
	struct id other;

	keeper->forks++;
	if (keeper->secrets == NULL || keeper->restored) {
		return OK;
	}
	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = store_kernel_entries(keeper->store, keeper->tally, &arena, proof_look, &search, err);
	arena_clear(&arena);
	if (status == OK && !search.found) {
		status = fork_other(keeper, entry, row, &other, err);
		status = status == OK ? fork_enter(keeper, entry, &other, err) : status;
	}
	return status == NOT_FOUND ? OK : status;
}

enum status keeper_accept(
    struct keeper *keeper, const struct entry *entry, enum accepted *accepted, int64_t *row, struct err *err)
{
	enum status status = store_accept(keeper->store, keeper->tally, entry, keeper->now_ms, accepted, row, err);

	return status == OK && *accepted == ACCEPTED_FORK ? fork_prove(keeper, entry, *row, err) : status;
}

/* ---- acknowledgements ----------------------------------------------------------------------------------------------- */

enum status keeper_acknowledge(struct keeper *keeper, bool *written, struct err *err)
{
	struct acknowledgement acknowledgement;
	struct arena arena;
	struct buf fields;

	*written = false;
	if (keeper->secrets == NULL || keeper->restored || keeper->store->read_only) {
		return OK;
	}
	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = acknowledgement_make(
	    keeper->store, keeper->tally, keeper->home_key, keeper->own_party, &arena, &acknowledgement, err);
	if (status == OK && acknowledgement.due) {
		buf_init(&fields, 64);
		cbor_put_int(&fields, ACKNOWLEDGED_DIGEST);
		cbor_put_bytes(&fields, id_bytes(&acknowledgement.digest));
		struct body_draft draft = { .kind = "home.acknowledged",
			.refs = acknowledgement.refs,
			.ref_count = acknowledgement.ref_count,
			.fields = buf_bytes(&fields),
			.field_count = 1 };
		status = store_begin(keeper->store, err);
		if (status == OK) {
			status = keeper_enter(keeper, &draft, err);
			status = status == OK ? fold_update(keeper->store, keeper->tally, err) : status;
			status =
			    status == OK ? store_commit(keeper->store, err) : (store_rollback(keeper->store), status);
		}
		*written = status == OK;
		buf_clear(&fields);
	}
	arena_clear(&arena);
	return status;
}
