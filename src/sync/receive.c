/* Entries that came (docs/sync.md 2.4): decoded here, checked by the pool, stored here, frame by frame.
 *
 *     frame n + 1 comes:  decode n + 1 | wait for the checks of n | begin those of n + 1 | store n, with all that it changes
 *
 *  R1 an entry is stored only after its signature was checked over the body rebuilt here (Y3);
 *  R2 a frame is stored in one transaction with the rows that it changes (Y4);
 *  R3 what one log does wrong stops that log, with its reason, and no other (Y5). */
#include "base/alloc.h"
#include "base/limits.h"
#include "sync/session.h"
#include <stdio.h>
#include <string.h>

#define FRAME_ARENA_BYTES (24u << 20)

enum status receiving_open(
    struct sync *sync, struct receiving *receiving, const struct positions *holds, bool riding, struct err *err)
{
	struct frame_resolver resolver = sync_resolver(sync);

	*receiving = (struct receiving){ .riding = riding, .stream = frame_stream_new(&sync->tally_row.id, &resolver) };
	for (unsigned i = 0; i < 2; i++) {
		arena_init(&receiving->arenas[i], FRAME_ARENA_BYTES);
	}
	if (receiving->stream == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	return stream_begin(receiving->stream, holds, riding ? holds : &sync->mine, riding, err);
}

void receiving_close(struct receiving *receiving)
{
	frame_stream_free(receiving->stream);
	receiving->stream = NULL;
	arena_clear(&receiving->arenas[0]);
	arena_clear(&receiving->arenas[1]);
	base_free(receiving->logs);
	receiving->logs = NULL;
	receiving->log_count = 0;
}

/* ---- logs ----------------------------------------------------------------------------------------------------------- */

static struct receive_log *log_get(struct receiving *receiving, unsigned number)
{
	if (number >= receiving->log_count) {
		unsigned count = number + 1 > 2 * receiving->log_count ? number + 1 : 2 * receiving->log_count;
		struct receive_log *logs = base_realloc(receiving->logs, count * sizeof *logs);
		if (logs == NULL) {
			return NULL;
		}
		memset(logs + receiving->log_count, 0, (count - receiving->log_count) * sizeof *logs);
		receiving->logs = logs;
		receiving->log_count = count;
	}
	return &receiving->logs[number];
}

/* The reason is kept with the log that an entry of this key would go on; not where the place is taken by now: then this log stands still
 * in this stream only, and another session has brought what was lacking, or brings it. */
static enum status reason_keep(
    struct sync *sync, int64_t row, const struct place *place, const char *reason, struct err *err)
{
	struct log_row logs[LIMIT_BRANCHES];
	unsigned count = 0, at = 0;
	enum status status = store_log_of_key(sync->store, sync->tally, &place->key, logs, &count, err);

	while (
	    at < count && count > 1 && (row != 0 ? logs[at].row != row : !id_equal(&logs[at].head_id, &place->prev))) {
		at++; /* of several branches, the one that it goes on; where that is not known, none */
	}
	return status == OK && at < count && logs[at].head_seq < place->seq
	    ? store_log_stop(sync->store, logs[at].row, reason, err)
	    : status;
}

/* R3. Tells the other side not to send more of it. */
static enum status log_stop(struct sync *sync, struct receiving *receiving, const struct frame_entry *entry,
    const char *reason, struct buf *out, struct err *err)
{
	struct receive_log *log = &receiving->logs[entry->log];
	const struct frame_log *name = frame_stream_log_at(receiving->stream, entry->log);
	char text[80], key[17];
	struct buf content;

	log->stopped = true;
	if (receiving->riding) {
		return OK;
	}
	snprintf(text, sizeof text, "%s (entry %llu)", reason, (unsigned long long)entry->entry.place.seq);
	hex_print(bytes_of(name->key.data, 8), key);
	if (sync->result.stopped_logs++ == 0) {
		err_set(&sync->result.why, BAD_INPUT, "log of key %s: %s (entry %llu)", key, reason,
		    (unsigned long long)entry->entry.place.seq);
	}
	buf_init(&content, 300);
	buf_put_varint(&content, entry->log);
	buf_put_text(&content, text);
	message_put(out, MESSAGE_STOP, buf_bytes(&content));
	buf_clear(&content);
	return reason_keep(sync, log->row, &entry->entry.place, text, err);
}

/* A branch that has begun may be what another log of its key was said to stop for, while it was not here. */
static enum status reasons_clear(struct sync *sync, const struct id *key, struct err *err)
{
	struct log_row logs[LIMIT_BRANCHES];
	unsigned count = 0;
	enum status status = store_log_of_key(sync->store, sync->tally, key, logs, &count, err);

	for (unsigned i = 0; status == OK && i < count; i++) {
		status = logs[i].stopped[0] != '\0' ? store_log_stop(sync->store, logs[i].row, "", err) : OK;
	}
	return status;
}

/* The first entry of a frame that fits again lets a log go on. */
static enum status log_go_on(struct sync *sync, struct receive_log *log, int64_t entry_row, struct err *err)
{
	struct entry_row entry;
	struct log_row row;
	enum status status = store_entry_get(sync->store, entry_row, NULL, &entry, err);

	if (status == OK) {
		status = store_log_get(sync->store, entry.log, &row, err);
	}
	if (status == OK) {
		log->begun = true;
		log->row = row.row;
		log->party = row.party; /* a key may be named by two; its log says whose it is */
		status = row.stopped[0] != '\0' ? store_log_stop(sync->store, row.row, "", err) : OK;
	}
	return status;
}

/* ---- storing -------------------------------------------------------------------------------------------------------- */

/* An entry that was new here. */
static enum status entry_count(
    struct sync *sync, struct keeper *keeper, struct receive_log *log, const struct entry *entry, struct err *err)
{
	sync->result.received_entries++;
	if (!log->grown) {
		log->grown = true;
		keeper->restored = keeper->restored || key_is_here(sync, &entry->place.key);
	}
	return log->measured ? quota_count(sync, log->party, entry->body.bytes.len, err) : OK;
}

static enum status entry_store(struct sync *sync, struct receiving *receiving, struct keeper *keeper,
    const struct frame_entry *entry, struct buf *out, struct err *err)
{
	struct receive_log *log = &receiving->logs[entry->log];
	struct err refusal = { .status = OK };
	enum accepted accepted;
	int64_t row;
	enum status status =
	    keeper_accept(keeper, &entry->entry, &accepted, &row, &refusal); /* R1: the pool has checked it */

	if (status == BAD_INPUT && store_accept_reason(&refusal)[0] != '\0') {
		return log_stop(sync, receiving, entry, store_accept_reason(&refusal), out, err);
	}
	if (status != OK) {
		*err = err->status == OK ? refusal : *err;
		return status;
	}
	status = log->begun ? OK : log_go_on(sync, log, row, err);
	if (status == OK && accepted == ACCEPTED_FORK) {
		status = reasons_clear(sync, &entry->entry.place.key, err);
	}
	return status == OK && accepted != ACCEPTED_DOUBLE ? entry_count(sync, keeper, log, &entry->entry, err)
							   : status;
}

/* Has the day's measure no room for this entry? What is here already needs none. */
static enum status is_beyond(
    struct sync *sync, struct receive_log *log, const struct entry *entry, bool *beyond, struct err *err)
{
	struct entry_row held;
	enum key_class key_class;
	enum status status = OK;

	*beyond = false;
	if (!log->looked_up) {
		status = store_key_party(sync->store, sync->tally, &entry->place.key, &log->party, &key_class, err);
		if (status != OK) {
			return status == NOT_FOUND ? OK : status; /* it is refused: unknown-key */
		}
		log->looked_up = true;
		log->measured = key_class == KEY_DESK || key_class == KEY_HOME;
	}
	if (log->measured) {
		status = quota_look(sync, log->party, beyond, err);
	}
	if (status == OK && *beyond) {
		status = store_entry_find(sync->store, sync->tally, &entry->id, NULL, &held, err);
		*beyond = status == NOT_FOUND;
		status = status == NOT_FOUND ? OK : status;
	}
	return status;
}

static enum status entry_keep(struct sync *sync, struct receiving *receiving, struct keeper *keeper,
    const struct frame_entry *entry, struct buf *out, struct err *err)
{
	struct receive_log *log = log_get(receiving, entry->log);
	bool beyond = false;

	if (log == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	if (log->stopped) {
		return OK;
	}
	if (entry->reason != NULL) {
		return log_stop(sync, receiving, entry, entry->reason, out, err);
	}
	enum status status = is_beyond(sync, log, &entry->entry, &beyond, err);
	if (status == OK && beyond) {
		return log_stop(sync, receiving, entry, "the day's measure of its party is full", out, err);
	}
	return status == OK ? entry_store(sync, receiving, keeper, entry, out, err) : status;
}

static enum status frame_keep(
    struct sync *sync, struct receiving *receiving, const struct frame *frame, struct buf *out, struct err *err)
{
	struct keeper keeper = { sync->store, sync->tally, sync->options.now_ms, sync->tally_row.own_party,
		&sync->home_key, sync->secrets, sync->result.restored, 0 };
	int64_t before = sync->result.received_entries;
	enum status status = store_begin(sync->store, err);

	if (status != OK) {
		return status;
	}
	quota_begin(sync);
	for (unsigned i = 0; i < receiving->log_count; i++) {
		receiving->logs[i].begun = false; /* another session may have stopped it since the last frame */
	}
	for (unsigned i = 0; status == OK && i < frame->count; i++) {
		status = entry_keep(sync, receiving, &keeper, &frame->entries[i], out, err);
	}
	if (status == OK) {
		status = fold_update(sync->store, sync->tally, err);
	}
	if (status == OK) {
		status = quota_save(sync, err);
	}
	if (status != OK) {
		store_rollback(sync->store);
		sync->result.received_entries = before;
		return status;
	}
	sync->result.restored = keeper.restored;
	sync->result.forks += keeper.forks;
	sync->forked = sync->forked || keeper.forks > 0;
	status = store_commit(sync->store, err); /* R2 */
	if (status == OK && sync->options.progress != NULL) {
		sync->options.progress(sync->options.progress_context,
		    sync->result.received_entries + sync->result.sent_entries, sync->expected);
	}
	return status;
}

enum status receiving_flush(struct sync *sync, struct receiving *receiving, struct buf *out, struct err *err)
{
	if (!receiving->pending) {
		return OK;
	}
	pool_wait(sync->pool);
	receiving->pending = false;
	return frame_keep(sync, receiving, &receiving->frames[1 - receiving->turn], out, err);
}

enum status receiving_frame(
    struct sync *sync, struct receiving *receiving, struct bytes content, struct buf *out, struct err *err)
{
	unsigned turn = receiving->turn;
	struct frame *frame = &receiving->frames[turn];

	arena_reset(&receiving->arenas[turn]);
	enum status status = store_begin(sync->store, err);
	if (status == OK) {
		status = reading_end(
		    sync, frame_decode(receiving->stream, content, &receiving->arenas[turn], frame, err), err);
	}
	if (status != OK) {
		return status;
	}
	bool pending = receiving->pending;
	if (pending) {
		pool_wait(sync->pool);
	}
	pool_start(sync->pool, frame);
	receiving->turn = 1 - turn;
	receiving->pending = true;
	return pending ? frame_keep(sync, receiving, &receiving->frames[1 - turn], out, err) : OK;
}
