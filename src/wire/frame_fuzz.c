/* Any bytes as a frame: an answer, no crash; what comes out without a reason is a body of the format. The first byte says how
 * many logs the stream knows before. */
#include "base/limits.h"
#include "wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct frame_resolver nobody = { NULL, NULL, NULL };
	static const struct id tally = { { 7 } }, branch = { { 0 } };
	struct arena arena;
	struct frame frame;
	struct err err = { .status = OK };
	struct body body;

	if (size == 0) {
		return 0;
	}
	wire_start();
	struct frame_stream *stream = frame_stream_new(&tally, &nobody);
	for (uint8_t i = 0; i < (data[0] & 3); i++) {
		ASSERT(frame_stream_log(stream, &(struct id){ { 1, i } }, &branch, i));
	}
	arena_init(&arena, LIMIT_ARENA_BYTES);
	if (frame_decode(stream, bytes_of(data + 1, size - 1), &arena, &frame, &err) == OK) {
		ASSERT(frame.count > 0 && frame.count == frame_count(bytes_of(data + 1, size - 1)));
		for (unsigned i = 0; i < frame.count; i++) {
			const struct frame_entry *entry = &frame.entries[i];
			ASSERT(entry->reason != NULL || body_read(entry->entry.body.bytes, &body) == NULL);
		}
	}
	frame_stream_free(stream);
	arena_clear(&arena);
	return 0;
}
