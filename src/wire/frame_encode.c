/* Entries into a frame (docs/sync.md 2): in come the next entries of some logs, with bodies as stored; out goes one frame.
 *
 *  E1 what the frame says is enough to rebuild every body byte for byte: each item is either in a column, or follows from an entry
 *     that the receiver holds by its own word or got earlier in this stream;
 *  E2 the stream changes only when the frame is complete; but for its memory, which is a cache here.
 *
 * Columns are filled in the order in which the reader needs them. Ids are written last: which of them can be named by place depends
 * on where in the frame they are needed. */
#include "base/cbor.h"
#include "base/limits.h"
#include "wire/frame_column.h"
#include "wire/frame_shape.h"
#include "wire/frame_stream.h"
#include <string.h>

#define ENCODE_ARENA_BYTES (48u << 20)

struct id_writer {
	struct buf codes, distances;
	struct id last;
	bool has_last;
};

struct encoder {
	struct frame_stream *stream;
	const struct frame_item *items;
	unsigned count;
	struct arena arena;
	struct body *bodies;
	struct shape **shape_of;
	uint32_t *log_of;
	int64_t *stated_ms;
	uint32_t *log_first,
	    *log_entries; /* entries of each log, by log: log_entries[log_first[log]..log_first[log + 1]) */
	struct shape *shapes, *shapes_last;
	unsigned shape_count;
	unsigned nodes_left;
	uint32_t logs_before;
	struct buf payload, whole;
	bool failed;
};

static struct id id_of(const uint8_t *data)
{
	struct id id;

	memcpy(id.data, data, ID_BYTES);
	return id;
}

/* ---- where things are ---------------------------------------------------------------------------------------------- */

/* Position of a log when the entry's turn comes: that of the stream and what this frame has of it before. */
static uint64_t position_at(const struct encoder *encoder, uint32_t log, uint32_t entry)
{
	uint32_t low = encoder->log_first[log], high = encoder->log_first[log + 1], begin = low;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (encoder->log_entries[middle] < entry) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return encoder->stream->logs[log].log.position + (low - begin);
}

/* Does the receiver know this entry when the turn of `entry` comes? */
static bool place_find(
    struct encoder *encoder, uint32_t entry, const struct id *id, struct seen_entry *out, uint64_t *distance)
{
	if (!stream_find(encoder->stream, id, out) || out->log == NO_LOG) {
		return false;
	}
	uint64_t position = position_at(encoder, out->log, entry);
	*distance = position - out->seq;
	return out->seq <= position;
}

/* ---- looking at the entries ---------------------------------------------------------------------------------------- */

static bool entry_remember(struct encoder *encoder, unsigned number)
{
	const struct frame_item *item = &encoder->items[number];
	const struct body *body = &encoder->bodies[number];
	struct seen_entry seen = { item->id, item->id, item->id, encoder->log_of[number], item->place.seq };

	if (body->thread != NULL) {
		seen.thread = id_of(body->thread);
	}
	if (body->part != NULL) {
		seen.part = id_of(body->part);
	}
	return stream_remember(encoder->stream, &seen);
}

static bool entries_read(struct encoder *encoder)
{
	for (unsigned i = 0; i < encoder->count; i++) {
		const struct frame_item *item = &encoder->items[i];
		const char *reason = body_read(item->body, &encoder->bodies[i]);
		ASSERT(reason == NULL); /* what is stored was read before */
		encoder->stated_ms[i] = encoder->bodies[i].stated_ms;
		uint32_t log = stream_log_find(encoder->stream, &item->place.key, &item->branch);
		if (log == NO_LOG) {
			log = stream_log_add(encoder->stream, &item->place.key, &item->branch, item->place.seq - 1);
		}
		encoder->log_of[i] = log;
		if (log == NO_LOG || !entry_remember(encoder, i)) {
			return false;
		}
	}
	return true;
}

/* Sorts the entries by log. Each must be the next of its log. */
static bool logs_sort(struct encoder *encoder)
{
	uint32_t logs = encoder->stream->log_count;

	encoder->log_first = arena_take_array(&encoder->arena, logs + 2, sizeof *encoder->log_first);
	encoder->log_entries = arena_take_array(&encoder->arena, encoder->count, sizeof *encoder->log_entries);
	if (encoder->log_first == NULL || encoder->log_entries == NULL) {
		return false;
	}
	for (unsigned i = 0; i < encoder->count; i++) {
		encoder->log_first[encoder->log_of[i] + 2]++;
	}
	for (uint32_t log = 2; log < logs + 2; log++) {
		encoder->log_first[log] += encoder->log_first[log - 1];
	}
	for (unsigned i = 0; i < encoder->count; i++) {
		encoder->log_entries[encoder->log_first[encoder->log_of[i] + 1]++] = i;
	}
	for (unsigned i = 0; i < encoder->count; i++) {
		ASSERT(encoder->items[i].place.seq == position_at(encoder, encoder->log_of[i], i) + 1);
	}
	return true;
}

static uint8_t thread_pointer(struct encoder *encoder, unsigned number)
{
	const struct body *body = &encoder->bodies[number];
	struct seen_entry seen;
	uint64_t distance;

	if (body->thread == NULL) {
		return THREAD_ABSENT;
	}
	for (unsigned i = 0; i < 2; i++) {
		const uint8_t *first = i == 0 ? body->answers : body->refs;
		if (first == NULL) {
			continue;
		}
		struct id id = id_of(first + 2);
		if (place_find(encoder, number, &id, &seen, &distance) &&
		    memcmp(seen.thread.data, body->thread, ID_BYTES) == 0) {
			return i == 0 ? THREAD_OF_ANSWER : THREAD_OF_REF;
		}
	}
	return THREAD_SENT;
}

static uint8_t part_pointer(struct encoder *encoder, unsigned number)
{
	const struct body *body = &encoder->bodies[number];
	struct seen_entry seen;
	uint64_t distance;

	if (body->part == NULL) {
		return PART_ABSENT;
	}
	if (memcmp(body->part, body->thread, ID_BYTES) == 0) {
		return PART_OF_THREAD;
	}
	for (unsigned i = 0; i < 2; i++) {
		const uint8_t *first = i == 0 ? body->answers : body->refs;
		if (first == NULL) {
			continue;
		}
		struct id id = id_of(first + 2);
		if (place_find(encoder, number, &id, &seen, &distance) &&
		    memcmp(seen.part.data, body->part, ID_BYTES) == 0) {
			return i == 0 ? PART_OF_ANSWER : PART_OF_REF;
		}
	}
	return PART_SENT;
}

static uint8_t pointers_of(struct encoder *encoder, unsigned number)
{
	const struct body *body = &encoder->bodies[number];

	return (uint8_t)(thread_pointer(encoder, number) | part_pointer(encoder, number) << POINTER_PART |
	    (body->answers != NULL) << POINTER_ANSWERS | (body->refs != NULL) << POINTER_REFS |
	    (body->seen != NULL) << POINTER_SEEN);
}

/* ---- shapes and their columns -------------------------------------------------------------------------------------- */

struct own {
	uint8_t keys[FRAME_KEYS];
	struct bytes values[FRAME_KEYS];
	unsigned count;
};

static void own_fields(const struct body *body, struct own *own)
{
	struct bytes at = body->fields;

	own->count = 0;
	if (body->attachments.len > 0) {
		own->keys[own->count] = KEY_ATTACHMENTS;
		own->values[own->count++] = body->attachments;
	}
	for (unsigned i = 0; i < body->field_count; i++) {
		own->keys[own->count] = (uint8_t)cbor_take(&at).integer;
		own->values[own->count++] = cbor_skip(&at);
	}
}

static uint64_t shape_hash(struct bytes kind, uint8_t pointers, const struct own *own)
{
	uint64_t hash = 14695981039346656037u ^ pointers;

	for (size_t i = 0; i < kind.len; i++) {
		hash = (hash ^ kind.data[i]) * 1099511628211u;
	}
	for (unsigned i = 0; i < own->count; i++) {
		hash = (hash ^ own->keys[i]) * 1099511628211u;
	}
	return hash;
}

static bool shape_is(
    const struct shape *shape, uint64_t hash, struct bytes kind, uint8_t pointers, const struct own *own)
{
	return shape->hash == hash && shape->pointers == pointers && shape->key_count == own->count &&
	    bytes_equal(shape->kind, kind) && memcmp(shape->keys, own->keys, own->count) == 0;
}

static struct shape *shape_get(struct encoder *encoder, struct bytes kind, uint8_t pointers, const struct own *own)
{
	uint64_t hash = shape_hash(kind, pointers, own);

	for (struct shape *shape = encoder->shapes; shape != NULL; shape = shape->next) {
		if (shape_is(shape, hash, kind, pointers, own)) {
			return shape;
		}
	}
	struct shape *shape = arena_take(&encoder->arena, sizeof *shape);
	if (shape == NULL) {
		return NULL;
	}
	*shape = (struct shape){ .number = encoder->shape_count++,
		.hash = hash,
		.kind = kind,
		.pointers = pointers,
		.key_count = own->count };
	shape->keys = arena_copy(&encoder->arena, bytes_of(own->keys, own->count)).data;
	shape->columns = arena_take_array(&encoder->arena, own->count, sizeof *shape->columns);
	*(encoder->shapes_last == NULL ? &encoder->shapes : &encoder->shapes_last->next) = shape;
	encoder->shapes_last = shape;
	return shape->columns == NULL ? NULL : shape;
}

static bool shapes_find(struct encoder *encoder)
{
	struct own own;

	for (unsigned i = 0; i < encoder->count; i++) {
		own_fields(&encoder->bodies[i], &own);
		struct shape *shape = shape_get(encoder, encoder->bodies[i].kind, pointers_of(encoder, i), &own);
		if (shape == NULL) {
			return false;
		}
		encoder->shape_of[i] = shape;
		shape->rows++;
	}
	return true;
}

static bool columns_take(struct encoder *encoder)
{
	for (struct shape *shape = encoder->shapes; shape != NULL; shape = shape->next) {
		for (unsigned i = 0; i < shape->key_count; i++) {
			struct frame_column *column = &shape->columns[i];
			column->values = arena_take_array(&encoder->arena, shape->rows, sizeof *column->values);
			column->owners = arena_take_array(&encoder->arena, shape->rows, sizeof *column->owners);
			if (column->values == NULL || column->owners == NULL) {
				return false;
			}
		}
	}
	return true;
}

static bool columns_plan(struct encoder *encoder)
{
	struct column_plan plan = { &encoder->arena, encoder->stated_ms, LIMIT_FRAME_NODES };
	struct own own;

	for (unsigned i = 0; i < encoder->count; i++) {
		struct shape *shape = encoder->shape_of[i];
		own_fields(&encoder->bodies[i], &own);
		for (unsigned k = 0; k < own.count; k++) {
			shape->columns[k].values[shape->filled] = own.values[k];
			shape->columns[k].owners[shape->filled] = i;
		}
		shape->filled++;
	}
	for (struct shape *shape = encoder->shapes; shape != NULL; shape = shape->next) { /* the roots count, too */
		if (shape->key_count > plan.nodes_left) {
			return false;
		}
		plan.nodes_left -= shape->key_count;
	}
	for (struct shape *shape = encoder->shapes; shape != NULL; shape = shape->next) {
		for (unsigned i = 0; i < shape->key_count; i++) {
			struct frame_column *column = &shape->columns[i];
			column->root = column_plan(&plan, column->values, column->owners, shape->rows);
			if (column->root == NULL) {
				return false;
			}
		}
	}
	return true;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static void logs_write(struct encoder *encoder)
{
	const struct frame_stream *stream = encoder->stream;

	buf_put_varint(&encoder->payload, stream->log_count - encoder->logs_before);
	for (uint32_t i = encoder->logs_before; i < stream->log_count; i++) {
		const struct frame_log *log = &stream->logs[i].log;
		bool branch = !id_is_zero(&log->branch);
		buf_put_byte(&encoder->payload, branch);
		buf_put_varint(&encoder->payload, log->position);
		buf_put_bytes(&encoder->whole, id_bytes(&log->key));
		if (branch) {
			buf_put_bytes(&encoder->whole, id_bytes(&log->branch));
		}
	}
}

static void shapes_write(struct encoder *encoder)
{
	struct buf *out = &encoder->payload;

	buf_put_varint(out, encoder->shape_count);
	for (const struct shape *shape = encoder->shapes; shape != NULL; shape = shape->next) {
		buf_put_varint(out, shape->kind.len);
		buf_put_bytes(out, shape->kind);
		buf_put_byte(out, shape->pointers);
		buf_put_varint(out, shape->key_count);
		for (unsigned i = 0; i < shape->key_count; i++) {
			buf_put_byte(out, shape->keys[i]);
			column_describe(shape->columns[i].root, out);
		}
	}
	for (unsigned i = 0; i < encoder->count; i++) {
		buf_put_varint(out, encoder->shape_of[i]->number);
	}
	for (unsigned i = 0; i < encoder->count; i++) {
		buf_put_varint(out, encoder->log_of[i]);
	}
}

static void stated_write(struct encoder *encoder)
{
	int64_t *differences = arena_take_array(&encoder->arena, encoder->count, sizeof *differences);
	bool divides[STATED_UNITS] = { true, true, true };
	unsigned unit = STATED_UNITS - 1;

	if (differences == NULL) {
		encoder->failed = true;
		return;
	}
	for (unsigned i = 0; i < encoder->count; i++) {
		uint32_t log = encoder->log_of[i];
		uint32_t nth = (uint32_t)(encoder->items[i].place.seq - encoder->stream->logs[log].log.position - 1);
		int64_t before = i == 0 ? 0 : encoder->stated_ms[i - 1];
		if (nth > 0) {
			before = encoder->stated_ms[encoder->log_entries[encoder->log_first[log] + nth - 1]];
		}
		differences[i] = encoder->stated_ms[i] - before;
		for (unsigned u = 0; u < STATED_UNITS; u++) {
			divides[u] = divides[u] && differences[i] % stated_units[u] == 0;
		}
	}
	while (!divides[unit]) {
		unit--;
	}
	buf_put_byte(&encoder->payload, (uint8_t)unit);
	for (unsigned i = 0; i < encoder->count; i++) {
		put_signed(&encoder->payload, differences[i] / stated_units[unit]);
	}
}

static void counts_write(struct encoder *encoder)
{
	for (unsigned i = 0; i < encoder->count; i++) {
		if (encoder->bodies[i].answers != NULL) {
			buf_put_varint(&encoder->payload, encoder->bodies[i].answer_count - 1);
		}
	}
	for (unsigned i = 0; i < encoder->count; i++) {
		if (encoder->bodies[i].refs != NULL) {
			buf_put_varint(&encoder->payload, encoder->bodies[i].ref_count - 1);
		}
	}
}

/* ---- ids ----------------------------------------------------------------------------------------------------------- */

static void id_write(struct encoder *encoder, struct id_writer *writer, unsigned entry, const struct id *id,
    const struct id *first, const struct id *second)
{
	struct seen_entry seen;
	uint64_t distance;

	if (first != NULL && id_equal(id, first)) {
		buf_put_varint(&writer->codes, 1);
	} else if (second != NULL && id_equal(id, second)) {
		buf_put_varint(&writer->codes, 2);
	} else if (place_find(encoder, entry, id, &seen, &distance)) {
		buf_put_varint(&writer->codes, 3 + (uint64_t)seen.log);
		buf_put_varint(&writer->distances, distance);
	} else {
		buf_put_varint(&writer->codes, 0);
		buf_put_bytes(&encoder->whole, id_bytes(id));
	}
	writer->last = *id;
	writer->has_last = true;
}

static void writer_init(struct id_writer *writer)
{
	buf_init(&writer->codes, LIMIT_FRAME_BYTES);
	buf_init(&writer->distances, LIMIT_FRAME_BYTES);
	writer->has_last = false;
}

static void writer_end(struct encoder *encoder, struct id_writer *writer, struct buf *out)
{
	encoder->failed = encoder->failed || writer->codes.failed || writer->distances.failed;
	buf_put_bytes(out, buf_bytes(&writer->codes));
	buf_put_bytes(out, buf_bytes(&writer->distances));
	buf_clear(&writer->codes);
	buf_clear(&writer->distances);
}

static void own_ids(void *context, const struct node *node, struct buf *out)
{
	struct encoder *encoder = context;
	struct id_writer writer;

	writer_init(&writer);
	for (size_t i = 0; i < node->rows; i++) {
		unsigned entry = node->owners[i];
		const struct body *body = &encoder->bodies[entry];
		struct id id = id_of(node->values[i].data + 2), answer;
		if (body->answers != NULL) {
			answer = id_of(body->answers + 2);
		}
		id_write(encoder, &writer, entry, &id, body->answers != NULL ? &answer : NULL,
		    writer.has_last ? &writer.last : NULL);
	}
	writer_end(encoder, &writer, out);
}

/* Has the reader no other way to know what came before this entry in its log? */
static bool prev_is_sent(const struct encoder *encoder, unsigned entry)
{
	const struct stream_log *log = &encoder->stream->logs[encoder->log_of[entry]];

	return !log->begun && encoder->items[entry].place.seq == log->log.position + 1 &&
	    (log->log.position == 0 || !id_is_zero(&log->log.branch));
}

static void prev_write(struct encoder *encoder)
{
	struct id_writer writer;

	writer_init(&writer);
	for (unsigned i = 0; i < encoder->count; i++) {
		if (prev_is_sent(encoder, i)) {
			id_write(encoder, &writer, i, &encoder->items[i].place.prev, &encoder->stream->tally, NULL);
		}
	}
	writer_end(encoder, &writer, &encoder->payload);
}

/* Thread or part, of those entries whose pointer says that it is sent. */
static void pointer_write(struct encoder *encoder, bool part)
{
	struct id_writer writer;

	writer_init(&writer);
	for (unsigned i = 0; i < encoder->count; i++) {
		uint8_t pointers = encoder->shape_of[i]->pointers;
		bool sent = part ? part_of(pointers) == PART_SENT : thread_of(pointers) == THREAD_SENT;
		if (sent) {
			struct id id = id_of(part ? encoder->bodies[i].part : encoder->bodies[i].thread);
			id_write(encoder, &writer, i, &id, writer.has_last ? &writer.last : NULL, NULL);
		}
	}
	writer_end(encoder, &writer, &encoder->payload);
}

static void answers_write(struct encoder *encoder)
{
	struct id_writer writer;

	writer_init(&writer);
	for (unsigned i = 0; i < encoder->count; i++) {
		const struct body *body = &encoder->bodies[i];
		for (unsigned k = 0; body->answers != NULL && k < body->answer_count; k++) {
			struct id id = id_of(body_answer(body, k).data);
			id_write(encoder, &writer, i, &id, &encoder->items[i].place.prev, NULL);
		}
	}
	writer_end(encoder, &writer, &encoder->payload);
}

static void refs_write(struct encoder *encoder)
{
	struct id_writer writer;

	writer_init(&writer);
	for (unsigned i = 0; i < encoder->count; i++) {
		const struct body *body = &encoder->bodies[i];
		for (unsigned k = 0; body->refs != NULL && k < body->ref_count; k++) {
			struct id id = id_of(body_ref(body, k).data);
			id_write(encoder, &writer, i, &id, writer.has_last ? &writer.last : NULL, NULL);
		}
	}
	writer_end(encoder, &writer, &encoder->payload);
}

static void seen_write(struct encoder *encoder)
{
	struct id_writer writer;
	const uint8_t **last = arena_take_array(&encoder->arena, encoder->stream->log_count, sizeof *last);

	writer_init(&writer);
	for (unsigned i = 0; last != NULL && i < encoder->count; i++) {
		const uint8_t *seen = encoder->bodies[i].seen, **before = &last[encoder->log_of[i]];
		if (seen != NULL) {
			struct id id = id_of(seen), same;
			if (*before != NULL) {
				same = id_of(*before);
			}
			id_write(encoder, &writer, i, &id, *before != NULL ? &same : NULL, NULL);
			*before = seen;
		}
	}
	encoder->failed = encoder->failed || last == NULL;
	writer_end(encoder, &writer, &encoder->payload);
}

static void own_write(struct encoder *encoder)
{
	for (const struct shape *shape = encoder->shapes; shape != NULL; shape = shape->next) {
		for (unsigned i = 0; i < shape->key_count; i++) {
			column_data(shape->columns[i].root, encoder->stated_ms, own_ids, encoder, &encoder->payload);
		}
	}
}

/* ---- the frame ----------------------------------------------------------------------------------------------------- */

static bool encoder_run(struct encoder *encoder)
{
	struct arena *arena = &encoder->arena;

	encoder->bodies = arena_take_array(arena, encoder->count, sizeof *encoder->bodies);
	encoder->shape_of = arena_take_array(arena, encoder->count, sizeof(struct shape *));
	encoder->log_of = arena_take_array(arena, encoder->count, sizeof *encoder->log_of);
	encoder->stated_ms = arena_take_array(arena, encoder->count, sizeof *encoder->stated_ms);
	if (arena->failed || !entries_read(encoder) || !logs_sort(encoder) || !shapes_find(encoder) ||
	    !columns_take(encoder) || !columns_plan(encoder)) {
		return false;
	}
	logs_write(encoder);
	shapes_write(encoder);
	stated_write(encoder);
	counts_write(encoder);
	own_write(encoder);
	prev_write(encoder);
	pointer_write(encoder, false);
	pointer_write(encoder, true);
	answers_write(encoder);
	refs_write(encoder);
	seen_write(encoder);
	return !encoder->failed && !encoder->payload.failed && !encoder->whole.failed && !arena->failed;
}

static void positions_raise(struct encoder *encoder)
{
	for (unsigned i = 0; i < encoder->count; i++) {
		struct stream_log *log = &encoder->stream->logs[encoder->log_of[i]];
		log->log.position++;
		log->begun = true;
	}
}

static void frame_write(struct encoder *encoder, struct buf *out)
{
	struct bytes payload = buf_bytes(&encoder->payload);
	size_t begin = out->len;

	buf_put_byte(out, DICTIONARY_NEWEST);
	buf_put_varint(out, encoder->count);
	buf_put_varint(out, encoder->whole.len / ID_BYTES);
	if (!stream_compress(encoder->stream, payload, out)) {
		if (!out->failed) {
			out->data[begin] = DICTIONARY_NONE;
		}
		buf_put_bytes(out, payload);
	}
	buf_put_bytes(out, buf_bytes(&encoder->whole));
	for (unsigned i = 0; i < encoder->count; i++) {
		buf_put(out, encoder->items[i].signature, SIGNATURE_BYTES);
	}
}

/* As many as may stand in one frame. */
static unsigned items_fit(const struct frame_item *items, unsigned count)
{
	size_t bytes = 0;
	unsigned fit = 0;

	while (fit < count && fit < LIMIT_FRAME_ENTRIES &&
	    (fit == 0 || bytes + items[fit].body.len <= LIMIT_FRAME_BYTES)) {
		bytes += items[fit++].body.len;
	}
	return fit;
}

static enum status encode(struct frame_stream *stream, const struct frame_item *items, unsigned count, unsigned *taken,
    bool plain, struct buf *out, struct err *err)
{
	size_t begin = out->len;
	bool done = false;

	ASSERT(count > 0);
	/* Columns of very unlike bodies may be longer than the bodies: then fewer go into the frame. */
	for (unsigned fit = items_fit(items, count); !done && fit > 0; fit /= 2) {
		struct encoder encoder = {
			.stream = stream, .items = items, .count = fit, .logs_before = stream->log_count
		};
		arena_init(&encoder.arena, ENCODE_ARENA_BYTES);
		buf_init(&encoder.payload, LIMIT_FRAME_BYTES);
		buf_init(&encoder.whole, LIMIT_FRAME_BYTES);
		if (encoder_run(&encoder)) {
			if (plain) {
				buf_put_bytes(out, buf_bytes(&encoder.payload));
			} else {
				frame_write(&encoder, out);
			}
			done = !out->failed;
		}
		if (done) {
			positions_raise(&encoder);
			*taken = fit;
		} else {
			stream_forget(stream, encoder.logs_before);
			out->len = begin;
			out->failed = false;
		}
		buf_clear(&encoder.payload);
		buf_clear(&encoder.whole);
		arena_clear(&encoder.arena);
	}
	return done ? OK : err_set(err, ENVIRONMENT, "frame: out of memory");
}

enum status frame_encode(struct frame_stream *stream, const struct frame_item *items, unsigned count, unsigned *taken,
    struct buf *out, struct err *err)
{
	return encode(stream, items, count, taken, false, out, err);
}

enum status frame_encode_plain(struct frame_stream *stream, const struct frame_item *items, unsigned count,
    unsigned *taken, struct buf *payload, struct err *err)
{
	return encode(stream, items, count, taken, true, payload, err);
}
