/* The state of one stream of frames: its log table, its memory of entries, its compressor. Of wire's frames only. */
#ifndef WARIFU_WIRE_FRAME_STREAM_H
#define WARIFU_WIRE_FRAME_STREAM_H
#include "wire/frame.h"

#define NO_LOG UINT32_MAX

struct remembered {
	struct id id, thread, part;
	uint64_t seq;
	uint32_t log, next_by_id, next_by_place;
};

/* The last so many entries, found by id and by place. */
struct memory {
	struct remembered *ring;
	uint32_t *by_id, *by_place;
	uint32_t capacity, count, next, limit;
};

struct stream_log {
	struct frame_log log;
	struct id head; /* id at the position, when known */
	bool head_known, begun,
	    lost; /* begun: an entry of it was in this stream; lost: what follows cannot be rebuilt */
};

struct codec;
struct frame_stream {
	struct id tally;
	struct frame_resolver resolver;
	struct stream_log *logs;
	uint32_t log_count, log_capacity;
	uint32_t *log_slots, log_slot_count; /* number plus 1 */
	struct memory sent;                  /* entries of this stream */
	struct memory looked;                /* entries that the resolver gave */
	struct codec *codec;
};

uint32_t stream_log_find(const struct frame_stream *stream, const struct id *key, const struct id *branch); /* NO_LOG */
/* NO_LOG when the table is full or memory ends. */
uint32_t stream_log_add(struct frame_stream *stream, const struct id *key, const struct id *branch, uint64_t position);
/* A frame was not made: takes back the logs added for it, and forgets entries, which may have been named by them. */
void stream_forget(struct frame_stream *stream, uint32_t log_count);

/* An entry as the stream knows it; log is NO_LOG when it cannot be named by place. */
struct seen_entry {
	struct id id, thread, part;
	uint32_t log;
	uint64_t seq;
};
bool stream_find(struct frame_stream *stream, const struct id *id, struct seen_entry *out);
bool stream_at(struct frame_stream *stream, uint32_t log, uint64_t seq, struct seen_entry *out);
/* False when memory ends. */
bool stream_remember(struct frame_stream *stream, const struct seen_entry *entry);

#define DICTIONARY_NONE 0
#define DICTIONARY_NEWEST 1
/* The zstd frame without its magic number, appended; false when it is not shorter than the payload or memory ends. */
bool stream_compress(struct frame_stream *stream, struct bytes payload, struct buf *out);
/* BAD_INPUT when it is no such frame, or claims more than LIMIT_FRAME_BYTES. */
enum status stream_expand(struct frame_stream *stream, unsigned dictionary, struct bytes in, struct arena *arena,
    struct bytes *payload, struct err *err);
#endif
