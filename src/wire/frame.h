/* Frames: many entries in few bytes, and back (docs/sync.md 2). Pure: no files, no SQL, no clock; knows no domain.
 *
 * A stream is a sequence of frames in one direction. Both ends keep the same log table, so that an entry of a log costs its number
 * and an id costs a number and a distance. Frames of a stream must be decoded in the order in which they were encoded, each once. */
#ifndef WARIFU_WIRE_FRAME_H
#define WARIFU_WIRE_FRAME_H
#include "base/arena.h"
#include "wire/entry.h"

/* What is known of an entry that is not in the stream, or no longer in the stream's memory. */
struct frame_known {
	struct id id, key, branch;
	uint64_t seq;
	struct id thread, part; /* its own id where the body has none */
};

/* Answered by the store. Both return false when there is no such entry, or when it must not be named by place (a forked log). */
struct frame_resolver {
	void *context;
	bool (*at)(void *context, const struct id *key, const struct id *branch, uint64_t seq, struct frame_known *out);
	bool (*find)(void *context, const struct id *id, struct frame_known *out);
};

struct frame_log {
	struct id key, branch;
	uint64_t position;
};

struct frame_stream;
/* NULL when there is no memory. resolver is copied; its context is borrowed. */
struct frame_stream *frame_stream_new(const struct id *tally, const struct frame_resolver *resolver);
void frame_stream_free(struct frame_stream *stream); /* NULL-safe */
/* Adds a log that both ends know to the end of the table, before the first frame. position: last seq that the receiver holds.
 * False when the table is full or there is no memory. */
bool frame_stream_log(struct frame_stream *stream, const struct id *key, const struct id *branch, uint64_t position);
unsigned frame_stream_log_count(const struct frame_stream *stream);
const struct frame_log *frame_stream_log_at(const struct frame_stream *stream, unsigned number);

/* An entry to be sent. branch: of the log, as both ends name it. body, signature: borrowed. */
struct frame_item {
	struct place place;
	struct id branch, id;
	struct bytes body;
	const uint8_t *signature;
};

/* Appends one frame that holds the first *taken of the items (1..count): as many as the limits allow. Each item is the next of its
 * log. ENVIRONMENT when memory ends: then the stream is as before, and out unchanged. */
enum status frame_encode(struct frame_stream *stream, const struct frame_item *items, unsigned count, unsigned *taken,
    struct buf *out, struct err *err);
/* The payload of a frame of these items before compression: what a dictionary is trained on. The stream goes on as by frame_encode. */
enum status frame_encode_plain(struct frame_stream *stream, const struct frame_item *items, unsigned count,
    unsigned *taken, struct buf *payload, struct err *err);

struct frame_entry {
	struct entry entry; /* body in the arena; not verified */
	unsigned log;       /* number in the stream's table */
	const char *
	    reason; /* NULL, or why it could not be rebuilt: only place.tally, key and seq of the entry are filled then */
};
struct frame {
	struct frame_entry *entries;
	unsigned count;
};
/* BAD_INPUT when the bytes are no frame: the stream is then of no more use. ENVIRONMENT: no memory. */
enum status frame_decode(
    struct frame_stream *stream, struct bytes in, struct arena *arena, struct frame *out, struct err *err);
/* Entries that a frame says it holds; 0 when its first bytes are none. For progress. */
unsigned frame_count(struct bytes in);
#endif
