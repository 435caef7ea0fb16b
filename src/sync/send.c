/* Entries on their way out (docs/sync.md 4): logs of roots, recovery keys and homes first, then all others in the order in which they were
 * stored here, in which nothing precedes what it names.
 *
 *  S1 a log is sent without gaps from where the other holds it, up to what was announced;
 *  S2 the work grows with what is sent: storing order is read from the first entry that the other lacks. */
#include "base/limits.h"
#include "sync/session.h"
#include <stdlib.h>
#include <string.h>

#define FIRST_BATCH \
	64u /* entries: a cut link loses at most one frame, and one of 6 kB passes a poor link; it grows while the link holds */
#define SCRATCH_BYTES (16u << 20)

/* ---- what both ends of a stream know -------------------------------------------------------------------------------- */

enum status stream_begin(struct frame_stream *stream, const struct positions *sender, const struct positions *receiver,
    bool riding, struct err *err)
{
	for (unsigned i = 0; i < sender->count; i++) {
		const struct position *item = &sender->items[i];
		unsigned count;
		const struct position *held = positions_find(receiver, &item->key, &item->branch);
		uint64_t position = riding  ? item->seq
		    : held == NULL          ? 0
		    : held->seq < item->seq ? held->seq
					    : item->seq;
		if (!id_is_zero(&item->branch) ||
		    (held == NULL && positions_of_key(receiver, &item->key, &count) != NULL)) {
			continue; /* a fork that one of the two may not know: such logs are named in the frames */
		}
		if (!frame_stream_log(stream, &item->key, &item->branch, position)) {
			return err_set(err, ENVIRONMENT, "sync: too many logs, or out of memory");
		}
	}
	return OK;
}

static bool known_fill(const struct entry_row *row, const struct log_row *log, bool by_place, struct frame_known *out)
{
	struct body body;

	if (body_read(row->body, &body) != NULL) {
		return false;
	}
	*out = (struct frame_known){ row->id, log->key, log->branch, row->seq, row->id, row->id };
	if (!by_place) {
		memset(out->branch.data, 0xFF, ID_BYTES); /* no stream knows a log of this name */
	}
	if (body.thread != NULL) {
		memcpy(out->thread.data, body.thread, ID_BYTES);
	}
	if (body.part != NULL) {
		memcpy(out->part.data, body.part, ID_BYTES);
	}
	return true;
}

/* Logs of a key with branches are not named by place: the other may name them otherwise. */
static bool is_plain(struct sync *sync, const struct id *key, const struct id *branch)
{
	unsigned count = 0;

	if (!id_is_zero(branch)) {
		return false;
	}
	const struct position *item = positions_of_key(&sync->mine, key, &count);
	if (count > 1 || (item != NULL && !id_is_zero(&item->branch))) {
		return false;
	}
	for (unsigned i = 0; i < sync->out.count; i++) {
		const struct send_log *log = &sync->out.logs[i];
		if ((log->probing || log->disputed) && id_equal(&log->key, key)) {
			return false;
		}
	}
	return true;
}

static bool resolve_find(void *context, const struct id *id, struct frame_known *out)
{
	struct sync *sync = context;
	struct entry_row row;
	struct log_row log;
	struct arena arena;
	struct err ignored = { .status = OK };

	arena_init(&arena, LIMIT_SESSION_BYTES);
	bool found = store_entry_find(sync->store, sync->tally, id, &arena, &row, &ignored) == OK &&
	    store_log_get(sync->store, row.log, &log, &ignored) == OK &&
	    known_fill(&row, &log, is_plain(sync, &log.key, &log.branch), out);
	arena_clear(&arena);
	return found;
}

static bool resolve_at(
    void *context, const struct id *key, const struct id *branch, uint64_t seq, struct frame_known *out)
{
	struct sync *sync = context;
	struct entry_row row;
	struct log_row log;
	struct arena arena;
	struct err ignored = { .status = OK };

	if (!is_plain(sync, key, branch)) {
		return false;
	}
	arena_init(&arena, LIMIT_SESSION_BYTES);
	bool found = store_log_find(sync->store, sync->tally, key, branch, &log, &ignored) == OK &&
	    store_entry_at(sync->store, log.row, seq, &arena, &row, &ignored) == OK &&
	    known_fill(&row, &log, true, out);
	arena_clear(&arena);
	return found;
}

struct frame_resolver sync_resolver(struct sync *sync)
{
	return (struct frame_resolver){ sync, resolve_at, resolve_find };
}

/* ---- which logs, from where ----------------------------------------------------------------------------------------- */

static int by_class(const void *a, const void *b)
{
	static const int order[] = { [KEY_ROOT] = 0, [KEY_RECOVERY] = 1, [KEY_HOME] = 2, [KEY_DESK] = 3 };
	const struct send_log *one = a, *two = b;
	int difference = order[one->key_class] - order[two->key_class];

	return difference != 0 ? difference : one->row < two->row ? -1 : one->row > two->row;
}

struct row_number {
	int64_t row;
	unsigned number;
};

static int by_row(const void *a, const void *b)
{
	int64_t one = ((const struct row_number *)a)->row, two = ((const struct row_number *)b)->row;

	return one < two ? -1 : one > two;
}

static struct send_log *log_of_row(struct sending *sending, int64_t row)
{
	struct row_number wanted = { .row = row };
	const struct row_number *found =
	    sending->by_row == NULL ? NULL : bsearch(&wanted, sending->by_row, sending->count, sizeof wanted, by_row);

	return found != NULL ? &sending->logs[found->number] : NULL;
}

struct send_log *sending_find(struct sending *sending, const struct id *key, const struct id *label)
{
	for (unsigned i = 0; i < sending->count; i++) {
		if (id_equal(&sending->logs[i].key, key) && id_equal(&sending->logs[i].label, label)) {
			return &sending->logs[i];
		}
	}
	return NULL;
}

static enum status log_fill(struct sync *sync, const struct vector_item *item, struct send_log *out, struct err *err)
{
	struct log_row row;
	enum status status = store_log_get(sync->store, item->log, &row, err);

	if (status == OK) {
		*out = (struct send_log){ .row = row.row,
			.key = row.key,
			.label = item->branch,
			.key_class = row.key_class,
			.first = row.first_seq,
			.next = row.first_seq,
			.last = item->seq,
			.before_first = row.first_prev,
			.before = row.first_prev };
	}
	return status;
}

static enum status id_at(
    struct sync *sync, const struct send_log *log, uint64_t seq, struct id *out, int64_t *row, struct err *err)
{
	struct entry_row entry;
	enum status status = store_entry_at(sync->store, log->row, seq, NULL, &entry, err);

	if (status == OK) {
		*out = entry.id;
		*row = entry.row;
	}
	return status;
}

static void left_count(struct sending *sending)
{
	sending->left = 0;
	for (unsigned i = 0; i < sending->count; i++) {
		const struct send_log *log = &sending->logs[i];
		if (!log->stopped && !log->probing && log->next <= log->last) {
			sending->left += (int64_t)(log->last - log->next + 1);
		}
	}
}

/* Does the stream have the log under this name, at this position? One that it does not have begins at none. */
static bool stream_knows(const struct sending *sending, const struct id *key, const struct id *label, uint64_t position)
{
	for (unsigned i = 0; i < frame_stream_log_count(sending->stream); i++) {
		const struct frame_log *log = frame_stream_log_at(sending->stream, i);
		if (id_equal(&log->key, key) && id_equal(&log->branch, label)) {
			return log->position == position;
		}
	}
	return position == 0;
}

/* How the stream names the log from `next` on: by its key alone where both ends know it so, else as a branch that begins there. Of several
 * disputed ones none may claim the key. *row: of the entry at `next`. */
static enum status label_choose(
    struct sync *sync, struct sending *sending, struct send_log *log, int64_t *row, struct err *err)
{
	struct id first = { { 0 } };
	bool plain =
	    id_is_zero(&log->label) && !log->disputed && stream_knows(sending, &log->key, &log->label, log->next - 1);
	enum status status = OK;

	log->before = log->before_first;
	if (log->next > log->first) {
		status = id_at(sync, log, log->next - 1, &log->before, row, err);
	}
	if (status == OK) {
		status = id_at(sync, log, log->next, &first, row, err);
	}
	log->label = plain ? log->label : first;
	return status;
}

enum status sending_from(
    struct sync *sync, struct sending *sending, struct send_log *log, uint64_t held, struct err *err)
{
	uint64_t next = held + 1 > log->first ? held + 1 : log->first;
	int64_t row = 0;
	enum status status = OK;

	if (log->from != 0 && !id_is_zero(&log->label) && next >= log->from) {
		return OK; /* on its way already, as a branch; a stream has no second log of one name */
	}
	log->probing = false;
	log->from = log->next = next;
	if (log->next <= log->last) {
		status = label_choose(sync, sending, log, &row, err);
		if (log->key_class == KEY_DESK && (!sending->desks_begun || row - 1 < sending->after_row)) {
			sending->after_row = row - 1; /* S2 */
			sending->desks_begun = true;
		}
	}
	left_count(sending);
	return status;
}

static enum status logs_fill(struct sync *sync, struct sending *sending, struct err *err)
{
	unsigned room = sync->vector.count + 1; /* one for a log that this session begins */
	enum status status = OK;

	sending->logs = arena_take_array(&sync->arena, room, sizeof *sending->logs);
	sending->by_row = arena_take_array(&sync->arena, room, sizeof *sending->by_row);
	if (sending->logs == NULL || sending->by_row == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	for (unsigned i = 0; status == OK && i < sync->vector.count; i++) {
		status = log_fill(sync, &sync->vector.items[i], &sending->logs[i], err);
	}
	sending->count = sync->vector.count;
	if (sending->count > 0) {
		qsort(sending->logs, sending->count, sizeof *sending->logs, by_class);
	}
	for (unsigned i = 0; i < sending->count; i++) {
		sending->by_row[i] = (struct row_number){ sending->logs[i].row, i };
	}
	if (sending->count > 0) {
		qsort(sending->by_row, sending->count, sizeof *sending->by_row, by_row);
	}
	return status;
}

enum status sending_open(
    struct sync *sync, struct sending *sending, const struct positions *holds, bool riding, struct err *err)
{
	struct frame_resolver resolver = sync_resolver(sync);

	*sending = (struct sending){ .batch = FIRST_BATCH, .stream = frame_stream_new(&sync->tally_row.id, &resolver) };
	arena_init(&sending->scratch, SCRATCH_BYTES);
	if (sending->stream == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	enum status status = stream_begin(sending->stream, riding ? holds : &sync->mine, holds, riding, err);
	if (status == OK) {
		status = logs_fill(sync, sending, err);
	}
	for (unsigned i = 0; status == OK && riding && i < sending->count; i++) {
		struct send_log *log = &sending->logs[i];
		const struct position *held = positions_find(holds, &log->key, &log->label);
		log->stopped = !id_is_zero(&log->label) || (held != NULL && held->seq > log->last);
		status = log->stopped ? OK : sending_from(sync, sending, log, held == NULL ? 0 : held->seq, err);
	}
	return status;
}

void sending_close(struct sending *sending)
{
	frame_stream_free(sending->stream);
	arena_clear(&sending->scratch);
	sending->stream = NULL;
}

/* ---- frames --------------------------------------------------------------------------------------------------------- */

struct collecting {
	struct sync *sync;
	struct sending *sending;
	struct frame_item *items;
	struct send_log **logs;
	int64_t *rows;
	unsigned count, most;
	size_t bytes;
	struct send_log *only; /* a log that is read on its own */
};

static bool is_full(const struct collecting *collecting, const struct entry_row *entry)
{
	return collecting->count == collecting->most ||
	    (collecting->count > 0 && collecting->bytes + entry->body.len > LIMIT_FRAME_BYTES);
}

/* NOT_FOUND ends the walk: the frame is full. */
static enum status item_collect(void *context, const struct entry_row *entry, struct err *err)
{
	struct collecting *collecting = context;
	struct sending *sending = collecting->sending;
	struct send_log *log = collecting->only != NULL ? collecting->only : log_of_row(sending, entry->log);

	if (log == NULL || (collecting->only == NULL && log->key_class != KEY_DESK) || log->stopped || log->probing ||
	    entry->seq != log->next || entry->seq > log->last) {
		sending->after_row = collecting->only == NULL ? entry->row : sending->after_row;
		return OK;
	}
	if (is_full(collecting, entry)) {
		return NOT_FOUND;
	}
	struct frame_item *item = &collecting->items[collecting->count];
	*item = (struct frame_item){ .place = { collecting->sync->tally_row.id, log->key, entry->seq, log->before },
		.branch = log->label,
		.id = entry->id,
		.body = arena_copy(&sending->scratch, entry->body) };
	item->signature = arena_copy(&sending->scratch, bytes_of(entry->signature, SIGNATURE_BYTES)).data;
	if (item->signature == NULL || item->body.data == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	collecting->logs[collecting->count] = log;
	collecting->rows[collecting->count++] = entry->row;
	collecting->bytes += entry->body.len;
	log->before = entry->id;
	log->next++;
	sending->after_row = collecting->only == NULL ? entry->row : sending->after_row;
	return OK;
}

/* What was collected and did not go into the frame goes into the next one. */
static void items_return(struct collecting *collecting, unsigned taken)
{
	for (unsigned i = collecting->count; i > taken; i--) {
		struct send_log *log = collecting->logs[i - 1];
		log->next--;
		log->before = collecting->items[i - 1].place.prev;
		if (log->key_class == KEY_DESK && collecting->only == NULL) {
			collecting->sending->after_row = collecting->rows[i - 1] - 1;
		}
	}
}

static enum status frame_send(struct collecting *collecting, struct buf *out, struct err *err)
{
	struct sending *sending = collecting->sending;
	struct buf frame;
	unsigned taken = 0;

	buf_init(&frame, LIMIT_FRAME_WIRE_BYTES);
	enum status status = frame_encode(sending->stream, collecting->items, collecting->count, &taken, &frame, err);
	if (status == OK) {
		message_put(out, MESSAGE_FRAME, buf_bytes(&frame));
		items_return(collecting, taken);
		collecting->sync->result.sent_entries += taken;
		sending->left -= taken;
		sending->batch = sending->batch < LIMIT_FRAME_ENTRIES ? sending->batch * 2 : LIMIT_FRAME_ENTRIES;
	}
	buf_clear(&frame);
	return status;
}

static bool collecting_begin(struct sync *sync, struct sending *sending, struct collecting *collecting)
{
	arena_reset(&sending->scratch);
	*collecting = (struct collecting){ .sync = sync, .sending = sending, .most = sending->batch };
	collecting->items = arena_take_array(&sending->scratch, collecting->most, sizeof *collecting->items);
	collecting->logs = arena_take_array(&sending->scratch, collecting->most, sizeof(struct send_log *));
	collecting->rows = arena_take_array(&sending->scratch, collecting->most, sizeof *collecting->rows);
	return collecting->items != NULL && collecting->logs != NULL && collecting->rows != NULL;
}

static enum status walk_end(enum status status)
{
	return status == NOT_FOUND ? OK : status;
}

static enum status frame_next(struct sync *sync, struct sending *sending, struct buf *out, bool *sent, struct err *err)
{
	struct collecting collecting;
	enum status status = OK;

	if (!collecting_begin(sync, sending, &collecting)) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	for (unsigned i = 0; status == OK && i < sending->count && sending->logs[i].key_class != KEY_DESK; i++) {
		struct send_log *log = &sending->logs[i];
		if (!log->stopped && !log->probing && log->next <= log->last && collecting.count < collecting.most) {
			collecting.only = log;
			status = walk_end(
			    store_log_entries(sync->store, log->row, log->next, NULL, item_collect, &collecting, err));
		}
	}
	collecting.only = NULL;
	if (status == OK && collecting.count < collecting.most && sending->desks_begun) {
		status = walk_end(
		    store_entries(sync->store, sync->tally, sending->after_row, item_collect, &collecting, err));
	}
	if (status == OK && collecting.count > 0) {
		status = frame_send(&collecting, out, err);
		*sent = true;
	}
	return status;
}

enum status sending_frame(struct sync *sync, struct sending *sending, struct buf *out, bool *sent, struct err *err)
{
	*sent = false;
	if (sending->left <= 0) {
		return OK;
	}
	enum status status = store_begin(sync->store, err);
	return status == OK ? reading_end(sync, frame_next(sync, sending, out, sent, err), err) : status;
}

enum status sending_log(
    struct sync *sync, struct sending *sending, const struct id *key, struct buf *out, struct err *err)
{
	struct id none = { { 0 } };
	struct log_row row;
	int64_t first;
	enum status status = store_log_find(sync->store, sync->tally, key, &none, &row, err);
	struct send_log *log = NULL;

	for (unsigned i = 0; status == OK && log == NULL && i < sending->count; i++) {
		log = sending->logs[i].row == row.row ? &sending->logs[i] : NULL;
	}
	if (status == OK && log == NULL) {
		log = &sending->logs
			   [sending->count]; /* begun in this session; not counted, since nobody looks for it by row */
		*log = (struct send_log){ .row = row.row,
			.key = row.key,
			.key_class = row.key_class,
			.first = row.first_seq,
			.next = row.first_seq,
			.before_first = row.first_prev,
			.before = row.first_prev };
	}
	if (status == OK && !log->stopped && !log->probing && log->next <= row.head_seq &&
	    !stream_knows(sending, &log->key, &log->label, log->next - 1)) {
		status = label_choose(sync, sending, log, &first, err); /* the other has more, or less, than it said */
	}
	while (status == OK && !log->stopped && !log->probing && log->next <= row.head_seq) {
		struct collecting collecting;
		if (!collecting_begin(sync, sending, &collecting)) {
			return err_set(err, ENVIRONMENT, "sync: out of memory");
		}
		log->last = row.head_seq;
		collecting.only = log;
		status =
		    walk_end(store_log_entries(sync->store, log->row, log->next, NULL, item_collect, &collecting, err));
		status = status == OK && collecting.count > 0 ? frame_send(&collecting, out, err) : status;
		if (collecting.count == 0) {
			break;
		}
	}
	return status;
}
