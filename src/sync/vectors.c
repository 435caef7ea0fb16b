/* Where we stand, said to the other side, and where it stands (docs/sync.md 4).
 *
 *  V3 a base is one that the other side may be expected to remember; if it does not, it asks for the whole;
 *  V4 logs that are closed, because their key was revoked or replaced, are said as one hash where both hold the same of them; where they do
 *     not, or may not, they are said one by one. What an initiator has said so is what the answer means, whatever was revoked meanwhile. */
#include "base/limits.h"
#include "sync/session.h"
#include <string.h>

/* ---- closed logs ---------------------------------------------------------------------------------------------------- */

static enum status is_closed(struct sync *sync, const struct vector_item *item, bool *closed, struct err *err)
{
	struct log_row row;
	enum status status = store_log_get(sync->store, item->log, &row, err);

	*closed = status == OK && row.limit_seq != LOG_UNLIMITED;
	return status;
}

/* Parts our vector: logs that may grow, and logs that are closed. */
static enum status closed_part(struct sync *sync, struct positions *open, struct positions *closed, struct err *err)
{
	struct arena *arena = &sync->arena;
	enum status status = OK;

	*open = (struct positions){ arena_take_array(arena, sync->mine.count, sizeof *open->items), 0 };
	*closed = (struct positions){ arena_take_array(arena, sync->mine.count, sizeof *closed->items), 0 };
	if (open->items == NULL || closed->items == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	for (unsigned i = 0; status == OK && i < sync->mine.count; i++) { /* of the same order as the vector */
		bool is;
		status = is_closed(sync, &sync->vector.items[i], &is, err);
		struct positions *to = is ? closed : open;
		to->items[to->count++] = sync->mine.items[i];
	}
	return status;
}

/* The other side left its closed logs out: ours are the same, or all must be said. NOT_FOUND: they are not. */
static enum status closed_add(struct sync *sync, struct vector_message *message, struct err *err)
{
	struct positions open, all;
	uint8_t hash[HASH16];
	enum status status = OK;

	if (!sync->options.initiator) {
		status = agree_stand(sync, err);
		status = status == OK ? closed_part(sync, &open, &sync->closed, err) : status;
	}
	if (status == OK) {
		status = positions_hash(&sync->closed, hash, err);
	}
	if (status != OK) {
		return status;
	}
	if (memcmp(hash, message->closed, HASH16) != 0 ||
	    !positions_union(&message->positions, &sync->closed, &sync->arena, &all)) {
		return NOT_FOUND;
	}
	message->positions = all;
	sync->closed_alike = true;
	return OK;
}

/* ---- saying --------------------------------------------------------------------------------------------------------- */

/* Fills the message: the closed ones as a hash, when all is said and there are some. */
static enum status message_fill(struct sync *sync, struct vector_message *message, struct err *err)
{
	struct positions open;
	bool may = sync->base == NULL && (sync->options.initiator ? sync->said_again == 0 : sync->closed_alike);
	enum status status = OK;

	memcpy(message->base, sync->base_hash, HASH16);
	memcpy(message->digest, sync->mine_digest, HASH16);
	message->positions = sync->mine;
	sync->closed = (struct positions){ .count = 0 };
	if (may) {
		status = closed_part(sync, &open, &sync->closed, err);
	}
	if (status == OK && may && sync->closed.count > 0) {
		message->flags |= VECTOR_CLOSED;
		message->positions = open;
		status = positions_hash(&sync->closed, message->closed, err);
	}
	return status;
}

enum status vector_write(struct sync *sync, bool riding, struct buf *out, struct err *err)
{
	struct vector_message message = { .flags = riding ? VECTOR_RIDING : 0 };
	struct buf content;
	enum status status = message_fill(sync, &message, err);

	if (status != OK) {
		return status;
	}
	buf_init(&content, LIMIT_VECTOR_BYTES);
	vector_message_print(&message, sync->base, &content);
	bool failed = content.failed;
	if (!failed) {
		message_put(out, MESSAGE_VECTOR, buf_bytes(&content));
		sync->vector_sent = true;
	}
	buf_clear(&content);
	return failed
	    ? err_set(err, ENVIRONMENT, "sync: more logs than a vector of %d bytes can hold", LIMIT_VECTOR_BYTES)
	    : OK;
}

enum status vector_begin(struct sync *sync, bool whole, struct buf *out, struct err *err)
{
	bool sent = true;
	enum status status = agree_stand(sync, err);

	sync->base = NULL;
	if (status == OK && !whole && sync->memory.vector_count > 0) { /* V3 */
		sync->base = &sync->memory.vectors[0].positions;
		memcpy(sync->base_hash, sync->memory.vectors[0].hash, HASH16);
	}
	int64_t missing = status == OK && sync->base != NULL ? positions_lacking(sync->base, &sync->mine) : 0;
	bool riding = missing > 0 && missing <= LIMIT_RIDE_ENTRIES;
	if (status == OK) {
		status = vector_write(sync, riding, out, err);
	}
	if (status == OK && riding) {
		status = sending_open(sync, &sync->ride, sync->base, true, err);
		while (status == OK && sent) {
			status = sending_frame(sync, &sync->ride, out, &sent, err);
		}
		sending_close(&sync->ride);
		message_put(out, MESSAGE_END, bytes_of(NULL, 0));
	}
	return status;
}

/* ---- hearing -------------------------------------------------------------------------------------------------------- */

static enum status malformed(struct err *err)
{
	return err_set(err, BAD_INPUT, "vector: not of the form that docs/sync.md 4 says");
}

/* The answerer asks for all of it, once. */
static enum status whole_ask(struct sync *sync, struct buf *out, struct err *err)
{
	if (sync->options.initiator || sync->whole_asked) {
		return malformed(err);
	}
	sync->whole_asked = true;
	message_put(out, MESSAGE_AGAIN, bytes_of("\x02", 1));
	return NOT_FOUND;
}

enum status vector_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	struct vector_message message;
	const struct positions *base = NULL;

	if (!vector_message_head(content, &message)) {
		return malformed(err);
	}
	if ((message.flags & VECTOR_WHOLE) == 0) {
		base = peer_memory_vector(&sync->memory, message.base);
		if (base == NULL) {
			return whole_ask(sync, out, err);
		}
	}
	bool riding = (message.flags & VECTOR_RIDING) != 0;
	bool closed = (message.flags & VECTOR_CLOSED) != 0;
	if (!vector_message_parse(content, base, &sync->arena, &message) ||
	    (riding && (base == NULL || sync->options.initiator)) || (closed && base != NULL)) {
		return malformed(err);
	}
	if (closed) {
		enum status status = closed_add(sync, &message, err);
		if (status != OK) {
			return status == NOT_FOUND ? whole_ask(sync, out, err) : status;
		}
	}
	if (!sync->options.initiator) { /* the answer is said against the same base */
		sync->base = base;
		memcpy(sync->base_hash, message.base, base != NULL ? HASH16 : 0);
	}
	sync->theirs = message.positions;
	sync->has_theirs = true;
	memcpy(sync->theirs_digest, message.digest, HASH16);
	return OK;
}
