/* A frame back into entries (docs/sync.md 2): in come bytes of a stranger; out come bodies at their places, with ids, not verified.
 *
 *  D1 nothing is allocated in proportion to a number that was not first compared with a limit, or with the bytes that are there;
 *  D2 a frame whose columns do not fit each other to the last byte is refused whole;
 *  D3 an entry that names what is not known here is lost, and with it the rest of its log in this stream; no other is.
 *
 * All columns are found first, then entries are rebuilt in their order, because the id of one is needed to name it in the next. */
#include "base/cbor.h"
#include "base/limits.h"
#include "wire/frame_column.h"
#include "wire/frame_shape.h"
#include "wire/frame_stream.h"
#include <string.h>

#define KIND_BYTES 48
#define REFERENCES_MAX 1024

enum role { ROLE_PREV, ROLE_THREAD, ROLE_PART, ROLE_ANSWERS, ROLE_REFS, ROLE_SEEN, ROLES };
enum { KEY_KIND, KEY_STATED, KEY_THREAD, KEY_PART, KEY_ANSWERS, KEY_REFS, KEY_SEEN };

struct row {
	struct shape *shape;
	uint32_t log;
	uint16_t answers, refs;
	bool has_prev;
	int64_t stated_ms;
};

struct decoder {
	struct frame_stream *stream;
	struct arena *arena;
	unsigned count;
	struct bytes payload, whole, signatures;
	struct shape *shapes;
	unsigned shape_count, nodes_left;
	struct row *rows;
	struct id_column roles[ROLES];
	struct id *last_seen;
	bool *has_seen; /* of each log, in this frame */
	struct buf body;
	size_t bodies_bytes;
	/* of the entry being rebuilt */
	struct id prev, answer;
	bool has_answer, lost;
};

static enum status malformed(struct err *err, const char *what)
{
	return err_set(err, BAD_INPUT, "frame: %s; not the form of a frame", what);
}

/* ---- finding the columns ------------------------------------------------------------------------------------------- */

static enum status header_read(struct decoder *decoder, struct bytes in, struct err *err)
{
	struct bytes dictionary;
	uint64_t count, whole;

	if (!bytes_take(&in, 1, &dictionary) || !varint_take(&in, &count) || !varint_take(&in, &whole)) {
		return malformed(err, "its head is cut");
	}
	if (count == 0 || count > LIMIT_FRAME_ENTRIES) {
		return malformed(err, "number of entries is 0 or too large");
	}
	if (whole > in.len / ID_BYTES || whole * ID_BYTES + count * SIGNATURE_BYTES >= in.len) {
		return malformed(err, "shorter than its numbers say");
	}
	size_t tail = whole * ID_BYTES + count * SIGNATURE_BYTES;
	decoder->count = (unsigned)count;
	bytes_take(&in, in.len - tail, &decoder->payload);
	bytes_take(&in, whole * ID_BYTES, &decoder->whole);
	decoder->signatures = in;
	if (dictionary.data[0] == DICTIONARY_NONE) {
		return decoder->payload.len <= LIMIT_FRAME_BYTES ? OK : malformed(err, "payload too long");
	}
	return stream_expand(
	    decoder->stream, dictionary.data[0], decoder->payload, decoder->arena, &decoder->payload, err);
}

static bool whole_take(struct decoder *decoder, struct id *out)
{
	struct bytes id;

	if (!bytes_take(&decoder->whole, ID_BYTES, &id)) {
		return false;
	}
	memcpy(out->data, id.data, ID_BYTES);
	return true;
}

static bool logs_read(struct decoder *decoder)
{
	uint64_t count, position;

	if (!varint_take(&decoder->payload, &count)) {
		return false;
	}
	for (; count > 0; count--) {
		struct bytes flag;
		struct id key, branch = { { 0 } };
		if (!bytes_take(&decoder->payload, 1, &flag) || flag.data[0] > 1 ||
		    !varint_take(&decoder->payload, &position) || position > INT64_MAX - LIMIT_FRAME_ENTRIES ||
		    !whole_take(decoder, &key) || (flag.data[0] == 1 && !whole_take(decoder, &branch)) ||
		    stream_log_find(decoder->stream, &key, &branch) != NO_LOG ||
		    stream_log_add(decoder->stream, &key, &branch, position) == NO_LOG) {
			return false;
		}
	}
	return true;
}

static bool shape_read(struct decoder *decoder, struct shape *shape)
{
	struct bytes *in = &decoder->payload, pointers, key;
	uint64_t kind_len, keys;
	int before = KEY_ATTACHMENTS - 1;

	if (!varint_take(in, &kind_len) || kind_len > KIND_BYTES || !bytes_take(in, kind_len, &shape->kind) ||
	    !bytes_take(in, 1, &pointers) || part_of(pointers.data[0]) >= PART_POINTERS || !varint_take(in, &keys) ||
	    keys > FRAME_KEYS) {
		return false;
	}
	shape->pointers = pointers.data[0];
	shape->key_count = (unsigned)keys;
	uint8_t *own = arena_take(decoder->arena, keys);
	shape->keys = own;
	shape->columns = arena_take_array(decoder->arena, keys, sizeof *shape->columns);
	for (unsigned i = 0; i < keys; i++) {
		if (own == NULL || shape->columns == NULL || !bytes_take(in, 1, &key) || key.data[0] <= before) {
			return false;
		}
		own[i] = key.data[0];
		before = key.data[0];
		shape->columns[i].root = column_parse(decoder->arena, in, &decoder->nodes_left);
		if (shape->columns[i].root == NULL) {
			return false;
		}
	}
	return true;
}

static bool shapes_read(struct decoder *decoder)
{
	uint64_t count;

	if (!varint_take(&decoder->payload, &count) || count == 0 || count > decoder->count) {
		return false;
	}
	decoder->shape_count = (unsigned)count;
	decoder->shapes = arena_take_array(decoder->arena, count, sizeof *decoder->shapes);
	for (unsigned i = 0; decoder->shapes != NULL && i < count; i++) {
		if (!shape_read(decoder, &decoder->shapes[i])) {
			return false;
		}
	}
	return decoder->shapes != NULL;
}

static bool places_read(struct decoder *decoder)
{
	uint64_t number;

	for (unsigned i = 0; i < decoder->count; i++) {
		if (!varint_take(&decoder->payload, &number) || number >= decoder->shape_count) {
			return false;
		}
		decoder->rows[i].shape = &decoder->shapes[number];
		decoder->shapes[number].rows++;
	}
	for (unsigned i = 0; i < decoder->count; i++) {
		if (!varint_take(&decoder->payload, &number) || number >= decoder->stream->log_count) {
			return false;
		}
		decoder->rows[i].log = (uint32_t)number;
	}
	return true;
}

/* Times, and for which entries prev is sent: both depend on what came before in the same log. */
static bool stated_read(struct decoder *decoder)
{
	uint32_t *last = arena_take_array(decoder->arena, decoder->stream->log_count, sizeof *last); /* row plus 1 */
	struct bytes unit;
	int64_t difference;

	if (last == NULL || !bytes_take(&decoder->payload, 1, &unit) || unit.data[0] >= STATED_UNITS) {
		return false;
	}
	for (unsigned i = 0; i < decoder->count; i++) {
		struct row *row = &decoder->rows[i];
		const struct stream_log *log = &decoder->stream->logs[row->log];
		uint32_t before = last[row->log] > 0 ? last[row->log] : i;
		int64_t base = before > 0 ? decoder->rows[before - 1].stated_ms : 0;
		if (!signed_take(&decoder->payload, &difference) ||
		    __builtin_mul_overflow(difference, stated_units[unit.data[0]], &difference) ||
		    __builtin_add_overflow(base, difference, &row->stated_ms)) {
			return false;
		}
		row->has_prev =
		    last[row->log] == 0 && !log->begun && (log->log.position == 0 || !id_is_zero(&log->log.branch));
		last[row->log] = i + 1;
	}
	return true;
}

static bool counts_read(struct decoder *decoder, unsigned pointer)
{
	uint64_t count;

	for (unsigned i = 0; i < decoder->count; i++) {
		struct row *row = &decoder->rows[i];
		if (!pointer_has(row->shape->pointers, pointer)) {
			continue;
		}
		if (!varint_take(&decoder->payload, &count) || count >= REFERENCES_MAX) {
			return false;
		}
		*(pointer == POINTER_ANSWERS ? &row->answers : &row->refs) = (uint16_t)(count + 1);
	}
	return true;
}

static bool own_open(struct decoder *decoder)
{
	for (unsigned i = 0; i < decoder->shape_count; i++) {
		const struct shape *shape = &decoder->shapes[i];
		for (unsigned k = 0; k < shape->key_count; k++) {
			if (!column_open(shape->columns[k].root, shape->rows, decoder->arena, &decoder->payload,
				&decoder->whole)) {
				return false;
			}
		}
	}
	return true;
}

static bool roles_open(struct decoder *decoder)
{
	size_t rows[ROLES] = { 0 };

	for (unsigned i = 0; i < decoder->count; i++) {
		const struct row *row = &decoder->rows[i];
		uint8_t pointers = row->shape->pointers;
		rows[ROLE_PREV] += row->has_prev;
		rows[ROLE_THREAD] += thread_of(pointers) == THREAD_SENT;
		rows[ROLE_PART] += part_of(pointers) == PART_SENT;
		rows[ROLE_ANSWERS] += row->answers;
		rows[ROLE_REFS] += row->refs;
		rows[ROLE_SEEN] += pointer_has(pointers, POINTER_SEEN);
	}
	for (enum role role = 0; role < ROLES; role++) {
		if (!id_column_open(&decoder->roles[role], rows[role], &decoder->payload, &decoder->whole)) {
			return false;
		}
	}
	return decoder->payload.len == 0 && decoder->whole.len == 0; /* D2 */
}

static enum status columns_find(struct decoder *decoder, struct err *err)
{
	if (!logs_read(decoder)) {
		return malformed(err, "table of logs");
	}
	if (!shapes_read(decoder)) {
		return malformed(err, "shapes");
	}
	decoder->rows = arena_take_array(decoder->arena, decoder->count, sizeof *decoder->rows);
	decoder->last_seen = arena_take_array(decoder->arena, decoder->stream->log_count, sizeof *decoder->last_seen);
	decoder->has_seen = arena_take_array(decoder->arena, decoder->stream->log_count, sizeof *decoder->has_seen);
	if (decoder->arena->failed) {
		return err_set(err, ENVIRONMENT, "frame: out of memory");
	}
	if (!places_read(decoder) || !stated_read(decoder)) {
		return malformed(err, "places and times");
	}
	if (!counts_read(decoder, POINTER_ANSWERS) || !counts_read(decoder, POINTER_REFS)) {
		return malformed(err, "counts");
	}
	if (!own_open(decoder)) {
		return malformed(err, "own fields");
	}
	return roles_open(decoder) ? OK : malformed(err, "ids");
}

/* ---- ids ----------------------------------------------------------------------------------------------------------- */

static bool place_read(struct decoder *decoder, uint64_t log_number, struct bytes *distances, struct id *out)
{
	struct seen_entry seen;
	uint64_t distance;

	if (!varint_take(distances, &distance) || log_number >= decoder->stream->log_count) {
		return false;
	}
	const struct stream_log *log = &decoder->stream->logs[log_number];
	if (distance >= log->log.position) {
		return false;
	}
	if (distance == 0 && log->head_known) {
		*out = log->head;
		return true;
	}
	if (!stream_at(decoder->stream, (uint32_t)log_number, log->log.position - distance, &seen)) {
		return false;
	}
	*out = seen.id;
	return true;
}

/* False when the id cannot be known here; *out is then zero. */
static bool id_read(
    struct decoder *decoder, struct id_column *column, const struct id *first, const struct id *second, struct id *out)
{
	struct bytes whole;
	uint64_t code = 0;
	bool found;

	*out = (struct id){ { 0 } };
	varint_take(&column->codes, &code); /* id_column_open has read it before */
	if (code == 0) {
		found = bytes_take(&column->whole, ID_BYTES, &whole);
		if (found) {
			memcpy(out->data, whole.data, ID_BYTES);
		}
	} else if (code <= 2) {
		const struct id *same = code == 1 ? first : second;
		found = same != NULL;
		if (found) {
			*out = *same;
		}
	} else {
		found = place_read(decoder, code - 3, &column->distances, out);
	}
	column->has_last = found;
	column->last = *out;
	return found;
}

static struct id role_read(struct decoder *decoder, enum role role, const struct id *first)
{
	struct id id;

	if (!id_read(decoder, &decoder->roles[role], first, NULL, &id)) {
		decoder->lost = true;
	}
	return id;
}

static const struct id *last_of(const struct id_column *column)
{
	return column->has_last ? &column->last : NULL;
}

static bool own_resolve(void *context, struct id_column *column, struct id *out)
{
	struct decoder *decoder = context;
	struct id last = column->last;

	return id_read(
	    decoder, column, decoder->has_answer ? &decoder->answer : NULL, column->has_last ? &last : NULL, out);
}

/* Id of the entry before: what this entry's prev is. */
static struct id prev_read(struct decoder *decoder, const struct row *row)
{
	const struct stream_log *log = &decoder->stream->logs[row->log];
	struct seen_entry seen;

	if (row->has_prev) {
		return role_read(decoder, ROLE_PREV, &decoder->stream->tally);
	}
	if (log->head_known) {
		return log->head;
	}
	if (log->lost || !stream_at(decoder->stream, row->log, log->log.position, &seen)) {
		decoder->lost = true;
		return (struct id){ { 0 } };
	}
	return seen.id;
}

/* ---- bodies -------------------------------------------------------------------------------------------------------- */

struct pointers {
	struct id thread, part, seen, answers[REFERENCES_MAX], refs[REFERENCES_MAX];
};

/* Thread or part of an entry that this one names. */
static struct id pointed(
    struct decoder *decoder, const struct row *row, const struct pointers *pointers, bool of_ref, bool part)
{
	struct seen_entry seen;

	if ((of_ref ? row->refs : row->answers) == 0 ||
	    !stream_find(decoder->stream, of_ref ? &pointers->refs[0] : &pointers->answers[0], &seen)) {
		decoder->lost = true;
		return (struct id){ { 0 } };
	}
	return part ? seen.part : seen.thread;
}

static struct id seen_read(struct decoder *decoder, const struct row *row)
{
	bool *has = &decoder->has_seen[row->log];
	struct id *last = &decoder->last_seen[row->log];
	struct id id = role_read(decoder, ROLE_SEEN, *has ? last : NULL);

	*has = true;
	*last = id;
	return id;
}

static void pointers_read(struct decoder *decoder, const struct row *row, struct pointers *pointers)
{
	uint8_t shape = row->shape->pointers;

	if (thread_of(shape) == THREAD_SENT) {
		pointers->thread = role_read(decoder, ROLE_THREAD, last_of(&decoder->roles[ROLE_THREAD]));
	}
	if (part_of(shape) == PART_SENT) {
		pointers->part = role_read(decoder, ROLE_PART, last_of(&decoder->roles[ROLE_PART]));
	}
	for (unsigned i = 0; i < row->answers; i++) {
		pointers->answers[i] = role_read(decoder, ROLE_ANSWERS, &decoder->prev);
	}
	for (unsigned i = 0; i < row->refs; i++) {
		pointers->refs[i] = role_read(decoder, ROLE_REFS, last_of(&decoder->roles[ROLE_REFS]));
	}
	if (pointer_has(shape, POINTER_SEEN)) {
		pointers->seen = seen_read(decoder, row);
	}
	if (thread_of(shape) >= THREAD_OF_ANSWER) {
		pointers->thread = pointed(decoder, row, pointers, thread_of(shape) == THREAD_OF_REF, false);
	}
	if (part_of(shape) == PART_OF_THREAD) {
		pointers->part = pointers->thread;
	} else if (part_of(shape) >= PART_OF_ANSWER) {
		pointers->part = pointed(decoder, row, pointers, part_of(shape) == PART_OF_REF, true);
	}
	decoder->has_answer = row->answers > 0;
	decoder->answer = pointers->answers[0];
}

static void id_put(struct buf *out, unsigned key, const struct id *id)
{
	cbor_put_int(out, key);
	cbor_put_bytes(out, id_bytes(id));
}

static void ids_put(struct buf *out, unsigned key, const struct id *ids, unsigned count)
{
	if (count > 0) {
		cbor_put_int(out, key);
		cbor_put_array(out, count);
	}
	for (unsigned i = 0; i < count; i++) {
		cbor_put_bytes(out, id_bytes(&ids[i]));
	}
}

/* Writes the body of a row; false when a column breaks off. */
static bool body_build(struct decoder *decoder, const struct row *row, const struct pointers *pointers)
{
	const struct shape *shape = row->shape;
	struct buf *out = &decoder->body;
	bool has_thread = thread_of(shape->pointers) != THREAD_ABSENT,
	     has_part = part_of(shape->pointers) != PART_ABSENT;
	bool has_seen = pointer_has(shape->pointers, POINTER_SEEN);
	struct column_reader reader = { row->stated_ms, own_resolve, decoder, false };

	buf_reset(out);
	cbor_put_map(
	    out, 2u + has_thread + has_part + (row->answers > 0) + (row->refs > 0) + has_seen + shape->key_count);
	cbor_put_int(out, KEY_KIND);
	cbor_put_text(out, shape->kind);
	cbor_put_int(out, KEY_STATED);
	cbor_put_int(out, row->stated_ms);
	if (has_thread) {
		id_put(out, KEY_THREAD, &pointers->thread);
	}
	if (has_part) {
		id_put(out, KEY_PART, &pointers->part);
	}
	ids_put(out, KEY_ANSWERS, pointers->answers, row->answers);
	ids_put(out, KEY_REFS, pointers->refs, row->refs);
	if (has_seen) {
		id_put(out, KEY_SEEN, &pointers->seen);
	}
	for (unsigned i = 0; i < shape->key_count; i++) {
		cbor_put_int(out, shape->keys[i]);
		if (!column_emit(shape->columns[i].root, &reader, out)) {
			return false;
		}
	}
	decoder->lost = decoder->lost || reader.lost;
	return !out->failed;
}

static struct id or_else(const uint8_t *data, const struct id *own)
{
	struct id id = *own;

	if (data != NULL) {
		memcpy(id.data, data, ID_BYTES);
	}
	return id;
}

/* The entry as read, its place and its reason if it is lost; the stream goes on behind it. */
static enum status entry_end(
    struct decoder *decoder, const struct row *row, unsigned number, struct frame_entry *out, struct err *err)
{
	struct frame_stream *stream = decoder->stream;
	struct stream_log *log = &stream->logs[row->log];
	struct place place = { stream->tally, log->log.key, log->log.position + 1, decoder->prev };

	out->log = row->log;
	out->entry.place = place;
	out->reason = log->lost ? "behind one that is lost" : decoder->lost ? "names what is not here" : NULL;
	if (out->reason == NULL) {
		struct bytes body = arena_copy(decoder->arena, buf_bytes(&decoder->body));
		if (body.data == NULL) {
			return err_set(err, ENVIRONMENT, "frame: out of memory");
		}
		out->reason =
		    entry_init(&out->entry, &place, body, decoder->signatures.data + (size_t)number * SIGNATURE_BYTES);
	}
	log->log.position++;
	log->begun = true;
	log->lost = out->reason != NULL;
	log->head_known = !log->lost;
	if (log->lost) {
		return OK;
	}
	log->head = out->entry.id;
	struct seen_entry seen = { .id = log->head, .log = row->log, .seq = place.seq };
	seen.thread = or_else(out->entry.body.thread, &log->head);
	seen.part = or_else(out->entry.body.part, &log->head);
	return stream_remember(stream, &seen) ? OK : err_set(err, ENVIRONMENT, "frame: out of memory");
}

static enum status entries_build(struct decoder *decoder, struct frame *out, struct err *err)
{
	struct pointers pointers;

	for (unsigned i = 0; i < decoder->count; i++) {
		const struct row *row = &decoder->rows[i];
		decoder->lost = false;
		decoder->prev = prev_read(decoder, row);
		pointers_read(decoder, row, &pointers);
		if (!body_build(decoder, row, &pointers)) {
			return malformed(err, "a body is longer than its limit, or a column is damaged");
		}
		decoder->bodies_bytes += decoder->body.len;
		if (decoder->bodies_bytes > LIMIT_FRAME_BYTES) {
			return malformed(err, "its bodies are too long together");
		}
		enum status status = entry_end(decoder, row, i, &out->entries[i], err);
		if (status != OK) {
			return status;
		}
	}
	return OK;
}

enum status frame_decode(
    struct frame_stream *stream, struct bytes in, struct arena *arena, struct frame *out, struct err *err)
{
	struct decoder decoder = { .stream = stream, .arena = arena, .nodes_left = LIMIT_FRAME_NODES };
	enum status status = header_read(&decoder, in, err);

	*out = (struct frame){ .count = 0 };
	if (status == OK) {
		status = columns_find(&decoder, err);
	}
	if (status != OK) {
		return status;
	}
	out->entries = arena_take_array(arena, decoder.count, sizeof *out->entries);
	if (out->entries == NULL) {
		return err_set(err, ENVIRONMENT, "frame: out of memory");
	}
	buf_init(&decoder.body, LIMIT_BODY_BYTES);
	status = entries_build(&decoder, out, err);
	buf_clear(&decoder.body);
	out->count = status == OK ? decoder.count : 0;
	return status;
}

unsigned frame_count(struct bytes in)
{
	struct bytes dictionary;
	uint64_t count;

	if (!bytes_take(&in, 1, &dictionary) || !varint_take(&in, &count) || count > LIMIT_FRAME_ENTRIES) {
		return 0;
	}
	return (unsigned)count;
}
