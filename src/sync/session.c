/* A session as a pure step over bytes (docs/sync.md 3 to 7). In come bytes of the other side, in any pieces; out go ours; between them
 * the store. Nothing here waits, looks at a clock or opens a channel: the simulator drives the same code as ssh does.
 *
 *     initiator                                   answerer
 *     greeting                                ->
 *                                             <-  greeting, proof
 *     proof, vector, entries that ride, end   ->                          (over a channel that proves keys, all of the left side so far
 *                                             <-  vector, entries, end     goes at once, and all of the right side in one answer)
 *     entries, end, acknowledgement, state    ->
 *                                             <-  acknowledgement, state
 *     wants, chunks, done                     <->
 *     bye                                     ->
 *
 * Invariants are those of docs/sync.md 1; Y1 is held by `allowed`: no message about entries is taken before the phase in which the
 * other side's key is proven, and none is written. */
#include "sync/session.h"
#include "base/alloc.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/restored.h"
#include "wire/entry.h"
#include <string.h>

#define ANSWERS_MOST \
	(LIMIT_FLIGHT_BYTES + \
	    3 * LIMIT_FRAME_WIRE_BYTES)        /* a flight, a vector, eight pieces of a file; carriers hold more */
#define IN_BYTES (LIMIT_FRAME_WIRE_BYTES + 64) /* Y2: the longest message of a session and its head */

/* ---- opening -------------------------------------------------------------------------------------------------------- */

static enum status tally_load(struct sync *sync, struct err *err)
{
	enum status status = store_tally_get(sync->store, sync->options.tally, &sync->tally_row, err);

	sync->tally = sync->tally_row.row;
	if (status == OK) {
		status = tally_view_load(sync->store, sync->tally, &sync->arena, &sync->view, err);
	}
	if (status == OK && sync->options.initiator && sync->options.peer_party >= sync->view.party_count) {
		status = err_set(err, USAGE, "party: no party of this tally");
	}
	return status;
}

enum status sync_open(const struct sync_options *options, struct sync **out, struct err *err)
{
	struct sync *sync = base_alloc(sizeof *sync);
	struct pool *pool = pool_new();
	enum status status = OK;

	*out = NULL;
	if (sync == NULL || pool == NULL) {
		base_free(sync);
		pool_free(pool);
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	*sync = (struct sync){ .options = *options,
		.store = options->store,
		.home_key = options->home_key,
		.secrets = options->secrets,
		.by_channel = options->has_peer_tls,
		.pool = pool };
	arena_init(&sync->arena, LIMIT_SESSION_BYTES);
	arena_init(&sync->serving_arena, 2 * LIMIT_ATTACHMENT_BYTES);
	buf_init(&sync->in, IN_BYTES);
	if (options->nonce != NULL) {
		memcpy(sync->nonce, options->nonce, NONCE_BYTES);
	} else {
		random_bytes(sync->nonce, NONCE_BYTES);
	}
	if (options->tally != 0) {
		status = tally_load(sync, err);
	} else if (options->initiator) {
		status = err_set(err, USAGE, "tally: which one is to be synced?");
	}
	if (status != OK) {
		sync_close(sync);
		return status;
	}
	*out = sync;
	return OK;
}

static bool by_prefix(const struct id *id, const struct id *other)
{
	return memcmp(id->data, other->data, PREFIX_BYTES) == 0;
}

/* Has any home of the party we mean heard of us? Then it knows our key, and a few bytes name it. */
static enum status is_known_there(struct sync *sync, bool *known, struct err *err)
{
	struct key_view *keys;
	struct arena arena;
	struct peer_memory memory;
	unsigned count;
	bool doubtful = false;

	*known = false;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = tally_keys(sync->store, sync->tally, &arena, &keys, &count, err);
	for (unsigned i = 0; status == OK && i < count; i++) {
		if (keys[i].key_class != KEY_HOME || id_equal(&keys[i].key, &sync->home_key)) {
			continue;
		}
		doubtful = doubtful || by_prefix(&keys[i].key, &sync->home_key);
		if (keys[i].signer.party == sync->options.peer_party) {
			status = peer_memory_load(sync->store, sync->tally, &keys[i].key, &arena, &memory, err);
			*known = *known || memory.vector_count > 0;
		}
	}
	*known = *known && !doubtful;
	arena_clear(&arena);
	return status;
}

/* ---- vectors ------------------------------------------------------------------------------------------------------- */

static enum status streams_open(struct sync *sync, struct buf *out, struct err *err)
{
	enum status status = sending_open(sync, &sync->out, &sync->theirs, false, err);

	if (status == OK) {
		status = receiving_open(sync, &sync->in_stream, &sync->theirs, false, err);
	}
	sync->out_ready = status == OK;
	return status == OK ? forks_look(sync, out, err) : status;
}

/* Both vectors are known: from now on entries may flow. */
static enum status exchange_open(struct sync *sync, struct buf *out, struct err *err)
{
	sync->phase = PHASE_OPEN;
	sync->equal = positions_equal(&sync->mine, &sync->theirs);
	sync->has_both = positions_union(&sync->mine, &sync->theirs, &sync->arena, &sync->both);
	sync->forked = sync->forked || !sync->has_both;
	sync->expected = positions_lacking(&sync->mine, &sync->theirs) + positions_lacking(&sync->theirs, &sync->mine) +
	    sync->result.received_entries;
	enum status status = store_begin(sync->store, err);
	status = status == OK ? reading_end(sync, streams_open(sync, out, err), err) : status;
	return status == OK && sync->equal && !sync->forked ? agree_equal(sync, err) : status;
}

/* ---- messages ------------------------------------------------------------------------------------------------------- */

typedef enum status handler(struct sync *sync, struct bytes content, struct buf *out, struct err *err);

static enum status on_greeting(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	enum status status = greeting_read(sync, content, out, err);

	if (status == NOT_FOUND) {
		sync->skip_to = MESSAGE_GREETING;
		return OK;
	}
	if (status != OK) {
		return status;
	}
	sync->skip_to = 0;
	if (!sync->options.initiator) {
		status = greeting_write(sync, sync->memory.vector_count == 0, out, err);
		if (status == OK && !sync->by_channel) {
			status = proof_write(sync, out, err);
		}
	}
	sync->phase = sync->by_channel ? PHASE_VECTOR : PHASE_PROOF;
	if (status == OK && sync->options.initiator && sync->by_channel && !sync->vector_sent) {
		status = vector_begin(sync, false, out, err);
	}
	return status;
}

static enum status on_proof(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	enum status status = proof_read(sync, content, err);

	sync->phase = PHASE_VECTOR;
	if (status == OK && sync->options.initiator) {
		status = proof_write(sync, out, err);
		status = status == OK ? vector_begin(sync, false, out, err) : status;
	}
	return status;
}

/* The answerer's vector, when all that rode along is stored. */
static enum status answer_vector(struct sync *sync, struct buf *out, struct err *err)
{
	enum status status = receiving_flush(sync, &sync->in_ride, out, err);
	struct keeper keeper = { sync->store, sync->tally, sync->options.now_ms, sync->tally_row.own_party,
		&sync->home_key, sync->secrets, sync->result.restored, 0 };

	receiving_close(&sync->in_ride);
	if (status == OK && sync->result.received_entries > 0) {
		status = keeper_acknowledge(&keeper, &sync->acknowledged, err);
	}
	if (status == OK) {
		status = agree_stand(sync, err);
	}
	if (status == OK) {
		status = vector_write(sync, false, out, err);
	}
	return status == OK ? exchange_open(sync, out, err) : status;
}

static enum status on_vector(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	enum status status = vector_read(sync, content, out, err);
	bool riding = content.len > 0 && (content.data[0] & VECTOR_RIDING) != 0;

	if (status == NOT_FOUND) {
		sync->skip_to = MESSAGE_VECTOR;
		return OK;
	}
	sync->skip_to = 0;
	if (status != OK || sync->options.initiator) {
		return status == OK ? exchange_open(sync, out, err) : status;
	}
	if (!riding) {
		return answer_vector(sync, out, err);
	}
	sync->phase = PHASE_RIDE;
	return receiving_open(sync, &sync->in_ride, sync->base, true, err);
}

static enum status on_frame(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	sync->checked = false;
	return receiving_frame(sync, sync->phase == PHASE_RIDE ? &sync->in_ride : &sync->in_stream, content, out, err);
}

static enum status on_end(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	(void)content;
	if (sync->phase == PHASE_RIDE) {
		return answer_vector(sync, out, err);
	}
	sync->end_received = true;
	sync->checked = false;
	return receiving_flush(sync, &sync->in_stream, out, err);
}

static enum status on_state(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	enum status status = receiving_flush(sync, &sync->in_stream, out, err);

	return status == OK ? agree_state_read(sync, content, err) : status;
}

static enum status on_fork(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	(void)out;
	return forks_fork_read(sync, content, err);
}

static enum status on_stop(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	uint64_t number;

	(void)out;
	if (!varint_take(&content, &number)) {
		return err_set(err, BAD_INPUT, "stop: not of the form that docs/sync.md 3 says");
	}
	const struct frame_log *name =
	    number <= UINT32_MAX ? frame_stream_log_at(sync->out.stream, (unsigned)number) : NULL;
	struct send_log *log = name != NULL ? sending_find(&sync->out, &name->key, &name->branch) : NULL;
	if (log != NULL && !log->stopped) {
		log->stopped = true;
		sync->out.left -= log->next <= log->last ? (int64_t)(log->last - log->next + 1) : 0;
		sync->peer_lacks = true;
	}
	return OK;
}

static enum status on_chunk(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	(void)out;
	return pull_chunk_read(sync, content, err);
}

/* A greeting anew, in full, with what stood behind it. */
static enum status greet_again(struct sync *sync, struct buf *out, struct err *err)
{
	enum status status = greeting_write(sync, true, out, err);

	if (status == OK && !sync->options.initiator && !sync->by_channel) {
		status = proof_write(sync, out, err);
	}
	return status == OK && sync->options.initiator && sync->vector_sent ? vector_begin(sync, false, out, err)
									    : status;
}

static enum status on_again(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	unsigned what = content.len == 1 ? content.data[0] : 0;
	bool greeted = sync->options.initiator || sync->phase != PHASE_GREETING; /* who answers greets whom it knows */

	if (what == 1 && greeted && !sync->greeted_whole && sync->said_again++ < 2) {
		return greet_again(sync, out, err);
	}
	if (what == 2 && sync->options.initiator && sync->vector_sent && sync->said_again++ < 2) {
		return vector_begin(sync, true, out, err);
	}
	return err_set(err, BAD_INPUT, "again: not to be said here");
}

static enum status on_refused(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	struct buf text;

	(void)out;
	buf_init(&text, 2048);
	text_print_safe(&text, content);
	sync->phase = PHASE_OVER;
	if (content.len == 0) {
		buf_clear(&text);
		return err_set(err, INCOMPLETE,
		    "the other home cannot go on now: its own disk or memory fails it; what came is kept, sync again later");
	}
	enum status status = err_refuse(err, "", "", "the other end refuses: %s", buf_text(&text));
	buf_clear(&text);
	return status;
}

static enum status on_done(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	(void)content;
	(void)out;
	(void)err;
	sync->done_received = true;
	return OK;
}

static enum status on_bye(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	(void)content;
	if (sync->options.initiator) {
		return err_set(err, BAD_INPUT, "bye: only the initiator says it");
	}
	enum status status = sync->phase == PHASE_OPEN ? receiving_flush(sync, &sync->in_stream, out, err) : OK;
	sync->phase = PHASE_OVER;
	return status;
}

static enum status on_differs(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	struct id thread;

	(void)out;
	if (content.len != ID_BYTES || sync->options.initiator) {
		return err_set(err, BAD_INPUT, "differs: not of the form that docs/sync.md 6 says");
	}
	memcpy(thread.data, content.data, ID_BYTES);
	return agree_differs(sync, &thread, err);
}

/* What may come when. Y1: the phases from VECTOR on are reached with a proven key only. */
#define IN(phase) (1u << (phase))
static const struct {
	unsigned phases;
	handler *run;
} allowed[MESSAGE_SESSION_TYPES] = {
	[MESSAGE_GREETING] = { IN(PHASE_GREETING), on_greeting },
	[MESSAGE_PROOF] = { IN(PHASE_PROOF), on_proof },
	[MESSAGE_VECTOR] = { IN(PHASE_VECTOR), on_vector },
	[MESSAGE_FRAME] = { IN(PHASE_RIDE) | IN(PHASE_OPEN), on_frame },
	[MESSAGE_END] = { IN(PHASE_RIDE) | IN(PHASE_OPEN), on_end },
	[MESSAGE_STATE] = { IN(PHASE_OPEN), on_state },
	[MESSAGE_PROBE] = { IN(PHASE_OPEN), forks_probe_read },
	[MESSAGE_PROBED] = { IN(PHASE_OPEN), forks_probed_read },
	[MESSAGE_FORK] = { IN(PHASE_OPEN), on_fork },
	[MESSAGE_STOP] = { IN(PHASE_OPEN), on_stop },
	[MESSAGE_WANT] = { IN(PHASE_OPEN), pull_want_read },
	[MESSAGE_CHUNK] = { IN(PHASE_OPEN), on_chunk },
	[MESSAGE_LOOK] = { IN(PHASE_OPEN), agree_look_read },
	[MESSAGE_NODES] = { IN(PHASE_OPEN), agree_nodes_read },
	[MESSAGE_DIFFERS] = { IN(PHASE_OPEN), on_differs },
	[MESSAGE_AGAIN] = { IN(PHASE_GREETING) | IN(PHASE_PROOF) | IN(PHASE_VECTOR), on_again },
	[MESSAGE_REFUSED] = { ~0u, on_refused },
	[MESSAGE_DONE] = { IN(PHASE_OPEN), on_done },
	[MESSAGE_BYE] = { IN(PHASE_VECTOR) | IN(PHASE_OPEN), on_bye },
};

static enum status message_handle(struct sync *sync, const struct message *message, struct buf *out, struct err *err)
{
	if (message->type >= MESSAGE_SESSION_TYPES || allowed[message->type].run == NULL) {
		return err_set(err, BAD_INPUT, "message %s: not in a session", message_name(message->type));
	}
	if (sync->skip_to != 0 && message->type != sync->skip_to && message->type != MESSAGE_REFUSED) {
		return OK; /* said before the other side knew that it must say something again */
	}
	if ((allowed[message->type].phases & IN(sync->phase)) == 0) {
		return err_set(
		    err, BAD_INPUT, "message %s: not at this point of a session", message_name(message->type));
	}
	return allowed[message->type].run(sync, message->content, out, err);
}

/* ---- what is to be said next ---------------------------------------------------------------------------------------- */

/* Do we hold all that the other said it had? */
static enum status have_all(struct sync *sync, bool *all, struct err *err)
{
	struct vector now;
	struct positions positions;
	struct arena arena;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = vector_now(sync->store, sync->tally, &arena, &now, err);
	if (status == OK) {
		status = positions_of(&now, &arena, &positions, err);
	}
	*all = status == OK && positions_lacking(&positions, &sync->theirs) == 0;
	arena_clear(&arena);
	sync->checked = true;
	return status;
}

static enum status say_entries(struct sync *sync, struct buf *out, struct err *err)
{
	bool sent = true;

	while (!sync->end_sent && sync->probes == 0 && out->len < LIMIT_FLIGHT_BYTES) {
		enum status status = sending_frame(sync, &sync->out, out, &sent, err);
		if (status != OK) {
			return status;
		}
		if (!sent) {
			sync->end_sent = true;
			if (!sync->equal) {
				message_put(out, MESSAGE_END, bytes_of(NULL, 0));
			}
		} else if (sync->options.progress != NULL) {
			sync->options.progress(sync->options.progress_context,
			    sync->result.received_entries + sync->result.sent_entries, sync->expected);
		}
	}
	return OK;
}

static enum status say_state(struct sync *sync, struct buf *out, struct err *err)
{
	struct keeper keeper = { sync->store, sync->tally, sync->options.now_ms, sync->tally_row.own_party,
		&sync->home_key, sync->secrets, sync->result.restored, 0 };
	bool all = sync->equal || sync->end_received, written;
	enum status status = OK;

	if (!sync->end_sent || sync->probes > 0 || sync->state_sent || (!all && sync->checked)) {
		return OK;
	}
	if (!all) {
		status = receiving_flush(sync, &sync->in_stream, out, err);
		status = status == OK ? have_all(sync, &all, err) : status;
		if (status != OK || !all) {
			return status;
		}
	}
	if (!sync->acknowledged) {
		status = keeper_acknowledge(&keeper, &written, err);
		sync->acknowledged = true; /* Y7 */
	}
	if (status == OK) { /* also proofs of forks, which were written while entries came */
		status = sending_log(sync, &sync->out, &sync->home_key, out, err);
		status = status == NOT_FOUND ? OK : status;
	}
	if (status == OK && !sync->equal) {
		status = agree_state_write(sync, out, err);
	}
	sync->state_sent = true;
	return status;
}

static enum status say_attachments(struct sync *sync, struct buf *out, struct err *err)
{
	bool idle = false;
	enum status status = OK;

	if (!sync->state_sent || sync->done_sent) {
		return OK;
	}
	if (sync->pull == NULL) {
		status = pull_open(sync, err);
	}
	if (status == OK) {
		status = pull_ask(sync, out, &idle, err);
	}
	if (status == OK && idle) {
		message_put(out, MESSAGE_DONE, bytes_of(NULL, 0));
		sync->done_sent = true;
	}
	return status;
}

static bool is_settled(const struct sync *sync)
{
	bool agreed = sync->equal || sync->forked || !sync->has_both || sync->state_received;

	return sync->state_sent && sync->done_sent && sync->done_received && agreed &&
	    (sync->equal || sync->end_received) && !sync->looking;
}

static enum status say_more(struct sync *sync, struct buf *out, struct err *err)
{
	enum status status = OK;

	if (sync->phase != PHASE_OPEN) {
		return OK;
	}
	status = say_entries(sync, out, err);
	if (status == OK) {
		status = say_state(sync, out, err);
	}
	if (status == OK && sync->looking && !sync->looked) {
		status = agree_look(sync, out, err);
	}
	if (status == OK) {
		status = say_attachments(sync, out, err);
	}
	if (status == OK && sync->options.initiator && is_settled(sync)) {
		message_put(out, MESSAGE_BYE, bytes_of(NULL, 0));
		sync->phase = PHASE_OVER;
	}
	return status;
}

/* ---- the step ------------------------------------------------------------------------------------------------------- */

static enum status begin(struct sync *sync, struct buf *out, struct err *err)
{
	bool known = false;
	enum status status = OK;

	sync->begun = true;
	if (!sync->options.initiator) {
		return OK;
	}
	if (sync->by_channel) {
		status = peer_by_channel(sync, err);
		status = status == NOT_FOUND ? OK : status;
	}
	if (status == OK) {
		status = is_known_there(sync, &known, err);
	}
	if (status == OK) {
		status = greeting_write(sync, !known, out, err);
	}
	if (status == OK && sync->by_channel && sync->has_peer) {
		sync->proven = true;
		status = vector_begin(sync, false, out, err);
	}
	return status;
}

/* The next message as far as it is here. Those that no session has may be longer than IN_BYTES: they are refused by their first byte. */
static enum status message_next(struct bytes *at, struct message *message, struct err *err)
{
	size_t need;

	if (at->len > 0 && message_limit(at->data[0]) != SIZE_MAX && at->data[0] >= MESSAGE_SESSION_TYPES) {
		return err_set(err, BAD_INPUT, "message %s: not in a session", message_name(at->data[0]));
	}
	return message_take(at, message, &need, err);
}

/* Answers of a few bytes each wait here for the link; who is honest asks for no more than is on its way. */
static enum status answers_check(const struct buf *out, struct err *err)
{
	return out->len <= ANSWERS_MOST
	    ? OK
	    : err_set(err, BAD_INPUT, "session: asks for more at once than %u bytes", ANSWERS_MOST);
}

static enum status messages_take(struct sync *sync, struct bytes in, struct buf *out, struct err *err)
{
	enum status status = OK;

	while (status == OK && sync->phase != PHASE_OVER && in.len > 0) {
		size_t room = IN_BYTES - sync->in.len, take = in.len < room ? in.len : room;
		buf_put(&sync->in, in.data, take);
		in = bytes_of(in.data + take, in.len - take);
		if (sync->in.failed) {
			return err_set(err, ENVIRONMENT, "sync: out of memory");
		}
		struct bytes at = buf_bytes(&sync->in);
		struct message message = { 0 };
		while (status == OK && sync->phase != PHASE_OVER && (status = message_next(&at, &message, err)) == OK) {
			status = message_handle(sync, &message, out, err);
			status = status == OK ? answers_check(out, err) : status;
		}
		status = status == NOT_FOUND ? OK : status;
		if (at.len < sync->in.len) {
			memmove(sync->in.data, at.data, at.len);
			sync->in.len = at.len;
		}
	}
	return status;
}

/* A home that is a copy may go on reading, and must not write: with its next opening at the latest. */
static void restored_mark(struct sync *sync)
{
	struct err ignored = { .status = OK };

	if (sync->result.restored && !sync->store->read_only) {
		store_mark_restored(sync->store, &ignored);
	}
}

/* Says to the other side why this ends, as far as it is its business. */
static void refuse(struct sync *sync, enum status status, const struct err *err, struct buf *out)
{
	char text[301] = ""; /* our machine is no fault of theirs */

	if (status != ENVIRONMENT) {
		text_keep(text, sizeof text, bytes_text(err->text));
	}

	if (sync->phase != PHASE_OVER) { /* else they have ended it themselves */
		message_put(out, MESSAGE_REFUSED, bytes_text(text));
	}
	err_pass(&sync->result.why, status, err);
	sync->phase = PHASE_OVER;
}

enum status sync_step(struct sync *sync, struct bytes in, struct buf *out, struct err *err)
{
	size_t before = out->len;
	enum status status = OK;

	if (sync->phase == PHASE_OVER) {
		return NOT_FOUND;
	}
	sync->result.received_bytes += (int64_t)in.len;
	if (in.len > 0 && sync->spoke) {
		sync->result.round_trips++;
		sync->spoke = false;
	}
	if (!sync->begun) {
		status = begin(sync, out, err);
	}
	if (status == OK) {
		status = messages_take(sync, in, out, err);
	}
	if (status == OK) {
		status = say_more(sync, out, err);
	}
	if (status == OK && out->failed) {
		status = err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	if (status != OK) {
		refuse(sync, status, err, out);
	}
	sync->result.sent_bytes += (int64_t)(out->len - before);
	sync->spoke = sync->spoke || out->len > before;
	if (status == OK && sync->phase == PHASE_OVER) {
		restored_mark(sync);
		return NOT_FOUND;
	}
	return status;
}

bool sync_wants_input(const struct sync *sync)
{
	if (!sync->begun && sync->options.initiator) {
		return false;
	}
	return sync->phase != PHASE_OVER && (sync->phase != PHASE_OPEN || sync->end_sent || sync->probes > 0);
}

bool sync_is_proven(const struct sync *sync)
{
	return sync->proven;
}

void sync_result_get(const struct sync *sync, struct sync_result *out)
{
	bool agreed = sync->equal || (sync->state_sent && sync->state_received) ||
	    (sync->forked && sync->end_received && sync->done_received);

	*out = sync->result;
	out->complete = agreed && sync->end_sent && sync->result.stopped_logs == 0 && !sync->peer_lacks;
}

void sync_drop(struct sync *sync)
{
	if (sync == NULL) {
		return;
	}
	pool_free(sync->pool); /* before the frames go that it looks at */
	if (sync->in_ride.stream != NULL) {
		receiving_close(&sync->in_ride);
	}
	if (sync->in_stream.stream != NULL) {
		receiving_close(&sync->in_stream);
	}
	sending_close(&sync->ride);
	sending_close(&sync->out);
	pull_close(sync);
	buf_clear(&sync->in);
	arena_clear(&sync->arena);
	base_free(sync);
}

void sync_close(struct sync *sync)
{
	struct err ignored = { .status = OK };
	struct buf unsent;

	if (sync == NULL) {
		return;
	}
	buf_init(&unsent, LIMIT_FRAME_WIRE_BYTES);
	if (sync->in_ride.stream != NULL) { /* a frame that came whole is kept, even if the link was cut behind it */
		(void)receiving_flush(sync, &sync->in_ride, &unsent, &ignored);
	}
	if (sync->in_stream.stream != NULL) {
		(void)receiving_flush(sync, &sync->in_stream, &unsent, &ignored);
	}
	restored_mark(sync);
	buf_clear(&unsent);
	sync_drop(sync);
}
