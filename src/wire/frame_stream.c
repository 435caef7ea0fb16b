/* What both ends of a stream keep between frames (docs/sync.md 2).
 *
 *  T1 a log's number never changes; its position only grows;
 *  T2 the memory holds at least the last two frames, so that a receiver may decode a frame while the one before it is not
 *     stored yet; older entries are the resolver's;
 *  T3 a compressed payload is expanded into memory of the size that its header claims, which is looked at first. */
#include "wire/frame_stream.h"
#include "base/alloc.h"
#include "base/limits.h"
#include "core/assets.h"
#include <string.h>
#include <zstd.h>

#define MEMORY_FIRST 64u
#define MEMORY_SENT (4u * LIMIT_FRAME_ENTRIES) /* T2 */
#define MEMORY_LOOKED 4096u
#define SMALL_PAYLOAD 16384u /* below: a slow compression costs nothing that is felt */
#define LEVEL_SMALL 19
#define LEVEL_LARGE 6
#define WINDOW_LOG 18 /* a payload fits */

static const uint8_t zstd_magic[4] = { 0x28, 0xB5, 0x2F, 0xFD };

/* ---- log table ----------------------------------------------------------------------------------------------------- */

static uint32_t log_slot(const struct id *key, const struct id *branch)
{
	return (uint32_t)(id_prefix(key) ^ id_prefix(branch) >> 7);
}

static void log_slot_put(struct frame_stream *stream, uint32_t number)
{
	const struct frame_log *log = &stream->logs[number].log;
	uint32_t slot = log_slot(&log->key, &log->branch) & (stream->log_slot_count - 1);

	while (stream->log_slots[slot] != 0) {
		slot = (slot + 1) & (stream->log_slot_count - 1);
	}
	stream->log_slots[slot] = number + 1;
}

static void log_slots_fill(struct frame_stream *stream)
{
	if (stream->log_slots != NULL) {
		memset(stream->log_slots, 0, stream->log_slot_count * sizeof *stream->log_slots);
	}
	for (uint32_t i = 0; i < stream->log_count; i++) {
		log_slot_put(stream, i);
	}
}

static bool logs_grow(struct frame_stream *stream)
{
	uint32_t capacity = stream->log_capacity == 0 ? 16 : stream->log_capacity * 2;
	struct stream_log *logs = base_realloc(stream->logs, capacity * sizeof *logs);
	if (logs == NULL) {
		return false;
	}
	stream->logs = logs;
	uint32_t *slots = base_realloc(stream->log_slots, 2 * capacity * sizeof *slots);
	if (slots == NULL) {
		return false;
	}
	stream->log_slots = slots;
	stream->log_slot_count = 2 * capacity;
	stream->log_capacity = capacity;
	log_slots_fill(stream);
	return true;
}

uint32_t stream_log_find(const struct frame_stream *stream, const struct id *key, const struct id *branch)
{
	uint32_t mask = stream->log_slot_count - 1;

	if (stream->log_count == 0) {
		return NO_LOG;
	}
	for (uint32_t slot = log_slot(key, branch) & mask; stream->log_slots[slot] != 0; slot = (slot + 1) & mask) {
		const struct frame_log *log = &stream->logs[stream->log_slots[slot] - 1].log;
		if (id_equal(&log->key, key) && id_equal(&log->branch, branch)) {
			return stream->log_slots[slot] - 1;
		}
	}
	return NO_LOG;
}

uint32_t stream_log_add(struct frame_stream *stream, const struct id *key, const struct id *branch, uint64_t position)
{
	if (stream->log_count == LIMIT_STREAM_LOGS ||
	    (stream->log_count == stream->log_capacity && !logs_grow(stream))) {
		return NO_LOG;
	}
	stream->logs[stream->log_count] = (struct stream_log){ .log = { *key, *branch, position } };
	log_slot_put(stream, stream->log_count);
	return stream->log_count++;
}

/* ---- memory of entries --------------------------------------------------------------------------------------------- */

static uint32_t place_slot(uint32_t log, uint64_t seq)
{
	return (uint32_t)((seq * 0x9E3779B97F4A7C15u + log * 0xC2B2AE3D27D4EB4Fu) >> 40);
}

static uint32_t *id_chain(const struct memory *memory, const struct id *id)
{
	return &memory->by_id[id_prefix(id) & (memory->capacity - 1)];
}

static uint32_t *place_chain(const struct memory *memory, uint32_t log, uint64_t seq)
{
	return &memory->by_place[place_slot(log, seq) & (memory->capacity - 1)];
}

static void chains_put(struct memory *memory, uint32_t number)
{
	struct remembered *entry = &memory->ring[number];
	uint32_t *id = id_chain(memory, &entry->id), *place = place_chain(memory, entry->log, entry->seq);

	entry->next_by_id = *id;
	*id = number + 1;
	entry->next_by_place = *place;
	*place = number + 1;
}

static void chains_remove(struct memory *memory, uint32_t number)
{
	struct remembered *entry = &memory->ring[number];
	uint32_t *at = id_chain(memory, &entry->id);

	while (*at != number + 1) {
		at = &memory->ring[*at - 1].next_by_id;
	}
	*at = entry->next_by_id;
	at = place_chain(memory, entry->log, entry->seq);
	while (*at != number + 1) {
		at = &memory->ring[*at - 1].next_by_place;
	}
	*at = entry->next_by_place;
}

static bool memory_grow(struct memory *memory)
{
	uint32_t capacity = memory->capacity == 0 ? MEMORY_FIRST : memory->capacity * 2;
	struct remembered *ring = base_realloc(memory->ring, capacity * sizeof *ring);
	uint32_t *by_id = NULL, *by_place = NULL;

	if (ring != NULL) {
		memory->ring = ring;
		by_id = base_realloc(memory->by_id, capacity * sizeof *by_id);
	}
	if (by_id != NULL) {
		memory->by_id = by_id;
		by_place = base_realloc(memory->by_place, capacity * sizeof *by_place);
	}
	if (by_place == NULL) {
		return false;
	}
	memory->by_place = by_place;
	memory->capacity = capacity;
	memset(by_id, 0, capacity * sizeof *by_id);
	memset(by_place, 0, capacity * sizeof *by_place);
	for (uint32_t i = 0; i < memory->count; i++) {
		chains_put(memory, i);
	}
	return true;
}

static bool memory_put(struct memory *memory, const struct seen_entry *entry)
{
	if (memory->count == memory->capacity && memory->capacity < memory->limit && !memory_grow(memory)) {
		return false;
	}
	if (memory->count == memory->capacity) {
		chains_remove(memory, memory->next);
	} else {
		memory->next = memory->count++;
	}
	struct remembered *to = &memory->ring[memory->next];
	*to = (struct remembered){ entry->id, entry->thread, entry->part, entry->seq, entry->log, 0, 0 };
	chains_put(memory, memory->next);
	memory->next = (memory->next + 1) & (memory->limit - 1);
	return true;
}

static bool seen_fill(const struct remembered *entry, struct seen_entry *out)
{
	*out = (struct seen_entry){ entry->id, entry->thread, entry->part, entry->log, entry->seq };
	return true;
}

static bool memory_find(const struct memory *memory, const struct id *id, struct seen_entry *out)
{
	for (uint32_t at = memory->capacity == 0 ? 0 : *id_chain(memory, id); at != 0;
	     at = memory->ring[at - 1].next_by_id) {
		if (id_equal(&memory->ring[at - 1].id, id)) {
			return seen_fill(&memory->ring[at - 1], out);
		}
	}
	return false;
}

static bool memory_at(const struct memory *memory, uint32_t log, uint64_t seq, struct seen_entry *out)
{
	uint32_t at = memory->capacity == 0 ? 0 : *place_chain(memory, log, seq);

	for (; at != 0; at = memory->ring[at - 1].next_by_place) {
		if (memory->ring[at - 1].log == log && memory->ring[at - 1].seq == seq) {
			return seen_fill(&memory->ring[at - 1], out);
		}
	}
	return false;
}

static bool known_fill(struct frame_stream *stream, const struct frame_known *known, struct seen_entry *out)
{
	*out = (struct seen_entry){ known->id, known->thread, known->part, NO_LOG, known->seq };
	out->log = stream_log_find(stream, &known->key, &known->branch);
	return out->log == NO_LOG || memory_put(&stream->looked, out);
}

bool stream_find(struct frame_stream *stream, const struct id *id, struct seen_entry *out)
{
	struct frame_known known;

	if (memory_find(&stream->sent, id, out) || memory_find(&stream->looked, id, out)) {
		return true;
	}
	return stream->resolver.find != NULL && stream->resolver.find(stream->resolver.context, id, &known) &&
	    known_fill(stream, &known, out);
}

bool stream_at(struct frame_stream *stream, uint32_t log, uint64_t seq, struct seen_entry *out)
{
	const struct frame_log *place = &stream->logs[log].log;
	struct frame_known known;

	if (memory_at(&stream->sent, log, seq, out) || memory_at(&stream->looked, log, seq, out)) {
		return true;
	}
	return stream->resolver.at != NULL &&
	    stream->resolver.at(stream->resolver.context, &place->key, &place->branch, seq, &known) &&
	    known_fill(stream, &known, out);
}

bool stream_remember(struct frame_stream *stream, const struct seen_entry *entry)
{
	struct seen_entry old;

	return memory_find(&stream->sent, &entry->id, &old) || memory_put(&stream->sent, entry);
}

void stream_forget(struct frame_stream *stream, uint32_t log_count)
{
	struct memory *memory = &stream->sent;

	memory->count = memory->next = 0;
	if (memory->capacity > 0) {
		memset(memory->by_id, 0, memory->capacity * sizeof *memory->by_id);
		memset(memory->by_place, 0, memory->capacity * sizeof *memory->by_place);
	}
	if (log_count < stream->log_count) {
		stream->log_count = log_count;
		log_slots_fill(stream);
	}
}

/* ---- compression --------------------------------------------------------------------------------------------------- */

struct codec {
	ZSTD_CCtx *compressor;
	ZSTD_DCtx *expander;
	ZSTD_CDict *small, *large;
	ZSTD_DDict *dictionary;
};

static struct bytes dictionary_bytes(unsigned number)
{
	return number == 1 ? ASSET(dictionary_1) : bytes_of(NULL, 0);
}

static void codec_free(struct codec *codec)
{
	if (codec != NULL) {
		ZSTD_freeCCtx(codec->compressor);
		ZSTD_freeDCtx(codec->expander);
		ZSTD_freeCDict(codec->small);
		ZSTD_freeCDict(codec->large);
		ZSTD_freeDDict(codec->dictionary);
		base_free(codec);
	}
}

/* Made when first needed: a stream that is only read compresses nothing. */
static ZSTD_CDict *dictionary_get(struct codec *codec, size_t payload_len)
{
	bool is_small = payload_len < SMALL_PAYLOAD;
	ZSTD_CDict **dictionary = is_small ? &codec->small : &codec->large;
	struct bytes content = dictionary_bytes(DICTIONARY_NEWEST);

	if (*dictionary == NULL) {
		*dictionary = ZSTD_createCDict(content.data, content.len, is_small ? LEVEL_SMALL : LEVEL_LARGE);
	}
	return *dictionary;
}

static bool compressor_set(struct codec *codec, size_t payload_len)
{
	if (codec->compressor == NULL && (codec->compressor = ZSTD_createCCtx()) == NULL) {
		return false;
	}
	ZSTD_CDict *dictionary = dictionary_get(codec, payload_len);
	ZSTD_CCtx *compressor = codec->compressor;
	return dictionary != NULL && !ZSTD_isError(ZSTD_CCtx_setParameter(compressor, ZSTD_c_checksumFlag, 0)) &&
	    !ZSTD_isError(ZSTD_CCtx_setParameter(compressor, ZSTD_c_dictIDFlag, 0)) &&
	    !ZSTD_isError(ZSTD_CCtx_refCDict(compressor, dictionary));
}

bool stream_compress(struct frame_stream *stream, struct bytes payload, struct buf *out)
{
	size_t room = ZSTD_compressBound(payload.len);
	uint8_t *scratch = base_alloc(room);
	bool shorter = false;

	if (scratch != NULL && compressor_set(stream->codec, payload.len)) {
		size_t len = ZSTD_compress2(stream->codec->compressor, scratch, room, payload.data, payload.len);
		shorter = !ZSTD_isError(len) && len - sizeof zstd_magic < payload.len;
		if (shorter) {
			ASSERT(memcmp(scratch, zstd_magic, sizeof zstd_magic) == 0);
			buf_put(out, scratch + sizeof zstd_magic, len - sizeof zstd_magic);
		}
	}
	base_free(scratch);
	return shorter;
}

static bool expander_set(struct codec *codec, struct bytes dictionary)
{
	if (codec->expander == NULL && (codec->expander = ZSTD_createDCtx()) == NULL) {
		return false;
	}
	if (codec->dictionary == NULL) {
		codec->dictionary = ZSTD_createDDict(dictionary.data, dictionary.len);
	}
	return codec->dictionary != NULL;
}

enum status stream_expand(struct frame_stream *stream, unsigned dictionary, struct bytes in, struct arena *arena,
    struct bytes *payload, struct err *err)
{
	struct bytes content = dictionary_bytes(dictionary);

	if (content.data == NULL) {
		return err_set(err, BAD_INPUT,
		    "frame: dictionary %u; this program knows 1 to %d: one of the two must be updated", dictionary,
		    DICTIONARY_NEWEST);
	}
	uint8_t *frame = arena_take(arena, in.len + sizeof zstd_magic);
	if (frame == NULL || !expander_set(stream->codec, content)) {
		return err_set(err, ENVIRONMENT, "frame: out of memory");
	}
	memcpy(frame, zstd_magic, sizeof zstd_magic);
	if (in.len > 0) {
		memcpy(frame + sizeof zstd_magic, in.data, in.len);
	}
	unsigned long long size = ZSTD_getFrameContentSize(frame, in.len + sizeof zstd_magic);
	if (size == 0 ||
	    size > LIMIT_FRAME_BYTES) { /* T3; the values for "unknown" and "error" are the greatest of all */
		return err_set(err, BAD_INPUT, "frame: the size before compression is not said or above %d bytes",
		    LIMIT_FRAME_BYTES);
	}
	uint8_t *out = arena_take(arena, (size_t)size);
	if (out == NULL) {
		return err_set(err, ENVIRONMENT, "frame: out of memory");
	}
	size_t len = ZSTD_decompress_usingDDict(
	    stream->codec->expander, out, (size_t)size, frame, in.len + sizeof zstd_magic, stream->codec->dictionary);
	if (ZSTD_isError(len) || len != size) {
		return err_set(err, BAD_INPUT, "frame: the compressed part is damaged");
	}
	*payload = bytes_of(out, len);
	return OK;
}

/* ---- the stream ---------------------------------------------------------------------------------------------------- */

struct frame_stream *frame_stream_new(const struct id *tally, const struct frame_resolver *resolver)
{
	struct frame_stream *stream = base_alloc(sizeof *stream);
	struct codec *codec = base_alloc(sizeof *codec);

	if (stream == NULL || codec == NULL) {
		base_free(stream);
		base_free(codec);
		return NULL;
	}
	*codec = (struct codec){ .compressor = NULL };
	*stream = (struct frame_stream){ .tally = *tally, .resolver = *resolver, .codec = codec };
	stream->sent.limit = MEMORY_SENT;
	stream->looked.limit = MEMORY_LOOKED;
	return stream;
}

static void memory_clear(struct memory *memory)
{
	base_free(memory->ring);
	base_free(memory->by_id);
	base_free(memory->by_place);
}

void frame_stream_free(struct frame_stream *stream)
{
	if (stream != NULL) {
		memory_clear(&stream->sent);
		memory_clear(&stream->looked);
		codec_free(stream->codec);
		base_free(stream->logs);
		base_free(stream->log_slots);
		base_free(stream);
	}
}

bool frame_stream_log(struct frame_stream *stream, const struct id *key, const struct id *branch, uint64_t position)
{
	return stream_log_add(stream, key, branch, position) != NO_LOG;
}

unsigned frame_stream_log_count(const struct frame_stream *stream)
{
	return stream->log_count;
}

const struct frame_log *frame_stream_log_at(const struct frame_stream *stream, unsigned number)
{
	return number < stream->log_count ? &stream->logs[number].log : NULL;
}
