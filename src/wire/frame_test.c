/* Frames: whatever bodies there are come back byte for byte; whatever bytes come, nothing breaks. */
#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include "wire/frame.h"
#include <stdlib.h>

#define WORLD_LOGS 5
#define WORLD_MOST 600

struct world {
	uint64_t random;
	struct arena arena;
	struct id tally;
	struct frame_item items[WORLD_MOST];
	unsigned count;
	struct {
		struct id key, branch, head, seen;
		uint8_t secret[SECRET_BYTES];
		uint64_t seq;
		bool has_seen;
	} logs[WORLD_LOGS];
	unsigned known; /* entries that the resolver answers for */
	struct buf fields;
};

static uint64_t next_random(struct world *world)
{
	uint64_t x = world->random += 0x9E3779B97F4A7C15u;

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

static unsigned pick(struct world *world, unsigned count)
{
	return (unsigned)(next_random(world) % count);
}

static struct id random_id(struct world *world)
{
	struct id id = { { 0 } };

	for (unsigned i = 0; i < ID_BYTES; i++) {
		id.data[i] = (uint8_t)next_random(world);
	}
	return id;
}

/* ---- random bodies -------------------------------------------------------------------------------------------------- */

static void scalar_put(struct world *world, int64_t stated_ms)
{
	static const char *const texts[] = { "", "LTR", "JPY", "艦船用軽油", "a line\nand another",
		"0123456789012345678901234567890123456789" };
	struct buf *out = &world->fields;
	struct id id = random_id(world);

	switch (pick(world, 9)) {
	case 0: cbor_put_int(out, (int64_t)pick(world, 300)); break;
	case 1: cbor_put_int(out, (int64_t)next_random(world)); break;
	case 2: cbor_put_int(out, stated_ms + (int64_t)pick(world, 1000000)); break;
	case 3: cbor_put_literal(out, texts[pick(world, 6)]); break;
	case 4: cbor_put_bytes(out, bytes_of(id.data, pick(world, 33))); break;
	case 5: cbor_put_bool(out, pick(world, 2) == 0); break;
	case 6: cbor_put_null(out); break;
	case 7: cbor_put_int(out, -1 - (int64_t)pick(world, 1000)); break;
	default:
		id = world->count > 0 ? world->items[pick(world, world->count)].id : id;
		cbor_put_bytes(out, id_bytes(&id));
	}
}

/* A value of at most `depth` levels; containers in it hold values of one level less. */
static void value_put(struct world *world, int64_t stated_ms, unsigned depth)
{
	unsigned kind = depth == 0 ? 0 : pick(world, 4), count = pick(world, 5), form = pick(world, 3);

	if (kind < 2) {
		scalar_put(world, stated_ms);
	} else if (kind == 2) {
		cbor_put_array(&world->fields, count);
		for (unsigned i = 0; i < count; i++) {
			if (form == 0) {
				scalar_put(world, stated_ms);
			} else { /* a line of an order: the same keys, some of them optional */
				cbor_put_map(&world->fields, form + 1);
				for (unsigned key = 0; key <= form; key++) {
					cbor_put_int(&world->fields, key * 7);
					scalar_put(world, stated_ms);
				}
			}
		}
	} else {
		cbor_put_map(&world->fields, count);
		for (unsigned i = 0; i < count; i++) {
			cbor_put_int(&world->fields, i * 40 + form);
			cbor_put_array(&world->fields, 2);
			scalar_put(world, stated_ms);
			scalar_put(world, stated_ms);
		}
	}
}

static struct id some_id(struct world *world)
{
	return world->count > 0 && pick(world, 5) > 0 ? world->items[world->count - 1 - pick(world, world->count)].id
						      : random_id(world);
}

static const struct frame_item *item_of(const struct world *world, const struct id *id)
{
	for (unsigned i = 0; i < world->count; i++) {
		if (id_equal(&world->items[i].id, id)) {
			return &world->items[i];
		}
	}
	return NULL;
}

static bool known_fill(const struct frame_item *item, struct frame_known *out)
{
	struct body body;

	if (item == NULL || body_read(item->body, &body) != NULL) {
		return false;
	}
	*out = (struct frame_known){ item->id, item->place.key, item->branch, item->place.seq, item->id, item->id };
	if (body.thread != NULL) {
		memcpy(out->thread.data, body.thread, ID_BYTES);
	}
	if (body.part != NULL) {
		memcpy(out->part.data, body.part, ID_BYTES);
	}
	return true;
}

static unsigned refs_fill(struct world *world, struct id refs[40])
{
	unsigned count = 0;

	if (pick(world, 3) > 0) {
		return 0;
	}
	refs[count++] = some_id(world);
	for (unsigned more = pick(world, 5) == 0 ? 38 : 0; more > 0; more--) {
		refs[count++] = random_id(world);
	}
	return count;
}

static void entry_add(struct world *world)
{
	static const char *const kinds[] = { "toy.asked", "toy.answered", "home.acknowledged", "support.receipted" };
	unsigned log = pick(world, WORLD_LOGS), field_count = 0;
	struct id answers[3], refs[40], thread = some_id(world), part = pick(world, 3) == 0 ? thread : some_id(world);
	struct frame_known known;
	struct body_draft draft = { .kind = kinds[pick(world, 4)],
		.stated_ms = 1767225600000 + (int64_t)pick(world, 1000000000) };

	draft.stated_ms = pick(world, 3) == 0 ? draft.stated_ms / 60000 * 60000 : draft.stated_ms;
	if (pick(world, 2) == 0) {
		answers[0] = some_id(world);
		draft.answers = answers;
		draft.answer_count = 1;
		if (pick(world, 4) == 0) {
			answers[1] = random_id(world);
			draft.answer_count = 2;
		}
		if (known_fill(item_of(world, &answers[0]), &known)) {
			thread = known.thread;
			part = known.part;
		}
	}
	if (draft.answers != NULL || pick(world, 3) == 0) {
		draft.thread = &thread;
		draft.part = draft.answers != NULL || pick(world, 2) == 0 ? &part : NULL;
	}
	draft.refs = refs;
	draft.ref_count = refs_fill(world, refs);
	if (pick(world, 2) == 0) {
		if (!world->logs[log].has_seen || pick(world, 4) == 0) {
			world->logs[log].seen = some_id(world);
			world->logs[log].has_seen = true;
		}
		draft.seen = &world->logs[log].seen;
	}
	buf_reset(&world->fields);
	for (unsigned key = 8; key < 256; key += 1 + pick(world, 60)) {
		cbor_put_int(&world->fields, key);
		value_put(world, draft.stated_ms, 2);
		field_count++;
	}
	draft.fields = buf_bytes(&world->fields);
	draft.field_count = field_count;

	struct buf body;
	buf_init(&body, LIMIT_BODY_BYTES);
	body_write(&body, &draft);
	struct frame_item *item = &world->items[world->count++];
	*item = (struct frame_item){ .place = { world->tally, world->logs[log].key, ++world->logs[log].seq,
					 world->logs[log].head },
		.branch = world->logs[log].branch };
	item->body = arena_copy(&world->arena, buf_bytes(&body));
	item->id = entry_id(&item->place, item->body);
	struct entry entry = { .place = item->place, .body = { .bytes = item->body } };
	entry_sign(&entry, world->logs[log].secret);
	item->signature = arena_copy(&world->arena, bytes_of(entry.signature, SIGNATURE_BYTES)).data;
	world->logs[log].head = item->id;
	buf_clear(&body);
}

static struct world *world_new(uint64_t seed, unsigned count)
{
	struct world *world = calloc(1, sizeof *world);

	ASSERT(world);
	world->random = seed;
	arena_init(&world->arena, LIMIT_ARENA_BYTES);
	buf_init(&world->fields, LIMIT_BODY_BYTES);
	world->tally = random_id(world);
	for (unsigned i = 0; i < WORLD_LOGS; i++) {
		struct id seed_id = random_id(world);
		key_from_seed(seed_id.data, &world->logs[i].key, world->logs[i].secret);
		world->logs[i].head = pick(world, 2) == 0 ? world->tally : random_id(world);
		if (i == 4) { /* the branch of a forked log */
			world->logs[i].key = world->logs[0].key;
			memcpy(world->logs[i].secret, world->logs[0].secret, SECRET_BYTES);
			world->logs[i].branch = random_id(world);
			world->logs[i].seq = 3;
		}
	}
	while (world->count < count) {
		entry_add(world);
	}
	return world;
}

static void world_free(struct world *world)
{
	arena_clear(&world->arena);
	buf_clear(&world->fields);
	free(world);
}

static bool resolve_find(void *context, const struct id *id, struct frame_known *out)
{
	const struct world *world = context;
	const struct frame_item *item = item_of(world, id);

	return item != NULL && item < world->items + world->known && known_fill(item, out);
}

static bool resolve_at(
    void *context, const struct id *key, const struct id *branch, uint64_t seq, struct frame_known *out)
{
	const struct world *world = context;

	for (unsigned i = 0; i < world->known; i++) {
		const struct frame_item *item = &world->items[i];
		if (item->place.seq == seq && id_equal(&item->place.key, key) && id_equal(&item->branch, branch)) {
			return known_fill(item, out);
		}
	}
	return false;
}

/* ---- there and back ------------------------------------------------------------------------------------------------- */

static struct frame_stream *stream_of(struct world *world, bool receives)
{
	struct frame_resolver resolver = { world, receives ? NULL : resolve_at, receives ? NULL : resolve_find };

	return frame_stream_new(&world->tally, &resolver);
}

static bool frame_is(const struct frame *frame, const struct frame_item *items, unsigned count)
{
	bool good = frame->count == count;

	for (unsigned i = 0; good && i < count; i++) {
		const struct frame_entry *entry = &frame->entries[i];
		good = entry->reason == NULL && id_equal(&entry->entry.id, &items[i].id) &&
		    bytes_equal(entry->entry.body.bytes, items[i].body) &&
		    memcmp(entry->entry.signature, items[i].signature, SIGNATURE_BYTES) == 0;
	}
	return good;
}

/* All entries of a world over one stream, in frames of at most `most`. */
static bool world_travels(struct world *world, unsigned most)
{
	struct frame_stream *out = stream_of(world, false), *in = stream_of(world, true);
	struct arena arena;
	struct buf bytes;
	struct frame frame;
	struct err err = { 0 };
	bool good = true;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&bytes, 1 << 20);
	world->known = world->count;
	for (unsigned at = 0, taken = 0; good && at < world->count; at += taken) {
		unsigned count = world->count - at < most ? world->count - at : most;
		buf_reset(&bytes);
		arena_reset(&arena);
		good = frame_encode(out, world->items + at, count, &taken, &bytes, &err) == OK &&
		    frame_decode(in, buf_bytes(&bytes), &arena, &frame, &err) == OK &&
		    frame_is(&frame, world->items + at, taken) && frame_count(buf_bytes(&bytes)) == taken;
	}
	frame_stream_free(out);
	frame_stream_free(in);
	buf_clear(&bytes);
	arena_clear(&arena);
	return good;
}

static void test_round_trip(void)
{
	unsigned bad = 0;

	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct world *world = world_new(seed, seed % 10 == 0 ? WORLD_MOST : 40);
		bad += !world_travels(world, 1 + (unsigned)(seed * 7 % 50) * (seed % 3 == 0 ? 20 : 1));
		world_free(world);
	}
	tap_is_int(bad, 0, "entries of any content come back from frames as they were");
}

/* The receiver holds the first half by its own word. */
static void test_resume(void)
{
	unsigned bad = 0;

	for (uint64_t seed = 100; seed < 120; seed++) {
		struct world *world = world_new(seed, 200);
		struct frame_resolver both = { world, resolve_at, resolve_find };
		struct frame_stream *out = frame_stream_new(&world->tally, &both),
				    *in = frame_stream_new(&world->tally, &both);
		struct arena arena;
		struct buf bytes;
		struct frame frame;
		struct err err = { 0 };
		unsigned taken;
		for (unsigned log = 0; log < WORLD_LOGS; log++) {
			uint64_t position = log == 4 ? 3 : 0;
			for (unsigned i = 0; i < 100; i++) {
				const struct frame_item *item = &world->items[i];
				if (id_equal(&item->place.key, &world->logs[log].key) &&
				    id_equal(&item->branch, &world->logs[log].branch)) {
					position = item->place.seq;
				}
			}
			frame_stream_log(out, &world->logs[log].key, &world->logs[log].branch, position);
			frame_stream_log(in, &world->logs[log].key, &world->logs[log].branch, position);
		}
		arena_init(&arena, LIMIT_ARENA_BYTES);
		buf_init(&bytes, 1 << 20);
		world->known = world->count;
		bool good = frame_encode(out, world->items + 100, 100, &taken, &bytes, &err) == OK;
		world->known = 100;
		good = good && frame_decode(in, buf_bytes(&bytes), &arena, &frame, &err) == OK &&
		    frame_is(&frame, world->items + 100, taken);
		bad += !good;
		frame_stream_free(out);
		frame_stream_free(in);
		buf_clear(&bytes);
		arena_clear(&arena);
		world_free(world);
	}
	tap_is_int(bad, 0, "a stream goes on from what the receiver holds");
}

/* ---- damage --------------------------------------------------------------------------------------------------------- */

static enum status decode(struct world *world, struct bytes in, struct frame *frame, struct arena *arena)
{
	struct frame_stream *stream = stream_of(world, true);
	struct err err = { 0 };

	arena_reset(arena);
	enum status status = frame_decode(stream, in, arena, frame, &err);
	frame_stream_free(stream);
	return status;
}

/* Entries that would be stored and are not among those sent. */
static unsigned strangers(const struct frame *frame, const struct world *world)
{
	unsigned count = 0;

	for (unsigned i = 0; i < frame->count; i++) {
		const struct frame_entry *entry = &frame->entries[i];
		if (entry->reason == NULL && entry_verify(&entry->entry) == NULL) {
			const struct frame_item *item = item_of(world, &entry->entry.id);
			count += item == NULL || !bytes_equal(item->body, entry->entry.body.bytes);
		}
	}
	return count;
}

static void test_damage(void)
{
	struct world *world = world_new(5, 4);
	struct frame_stream *out = stream_of(world, false);
	struct arena arena;
	struct buf bytes;
	struct frame frame;
	struct err err = { 0 };
	unsigned taken, cut = 0, wrong = 0;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&bytes, 1 << 20);
	world->known = world->count;
	frame_encode(out, world->items, world->count, &taken, &bytes, &err);
	for (size_t len = 0; len < bytes.len; len++) {
		cut += decode(world, bytes_of(bytes.data, len), &frame, &arena) == BAD_INPUT;
	}
	tap_is_int(cut, bytes.len, "a frame that is cut anywhere is refused");
	for (size_t bit = 0; bit < bytes.len * 8; bit++) {
		bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (decode(world, buf_bytes(&bytes), &frame, &arena) == OK) {
			wrong += strangers(&frame, world);
		}
		bytes.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	tap_is_int(wrong, 0, "whichever bit is turned, nothing verifies but what was sent");
	frame_stream_free(out);
	buf_clear(&bytes);
	arena_clear(&arena);
	world_free(world);
}

static void test_order(void)
{
	struct world *world = world_new(9, 120);
	struct frame_stream *out = stream_of(world, false), *in = stream_of(world, true);
	struct arena arena;
	struct buf first, second;
	struct frame frame;
	struct err err = { 0 };
	unsigned taken, then, lost = 0;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&first, 1 << 20);
	buf_init(&second, 1 << 20);
	world->known = world->count;
	frame_encode(out, world->items, 60, &taken, &first, &err);
	frame_encode(out, world->items + taken, 60, &then, &second, &err);
	if (frame_decode(in, buf_bytes(&second), &arena, &frame, &err) == OK) {
		for (unsigned i = 0; i < frame.count; i++) {
			lost += frame.entries[i].reason != NULL;
		}
		tap_ok(lost == frame.count, "a frame that comes before its turn brings nothing");
	} else {
		tap_ok(true, "a frame that comes before its turn brings nothing");
	}
	frame_stream_free(in);
	in = stream_of(world, true);
	frame_decode(in, buf_bytes(&first), &arena, &frame, &err);
	err_clear(&err);
	bool good = frame_decode(in, buf_bytes(&first), &arena, &frame, &err) != OK;
	for (unsigned i = 0; !good && i < frame.count; i++) {
		good = !id_equal(&frame.entries[i].entry.id, &world->items[i].id);
	}
	tap_ok(good, "a frame that comes twice does not pass for the one before");
	frame_stream_free(in);
	frame_stream_free(out);
	buf_clear(&first);
	buf_clear(&second);
	arena_clear(&arena);
	world_free(world);
}

static void test_bombs(void)
{
	static const uint8_t gigabyte[] = { 1, 1, 0, 0xE0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0x03, 0xFF, 0x0F };
	static const uint8_t unsaid[] = { 1, 1, 0, 0x00, 0x58, 0x03, 0xFF, 0x0F };
	/* says 262,144 bytes; three blocks repeat one byte 131,071 times each */
	static const uint8_t longer[] = { 1, 1, 0, 0xA0, 0, 0, 4, 0, 0xFA, 0xFF, 0x0F, 'a', 0xFA, 0xFF, 0x0F, 'a', 0xFB,
		0xFF, 0x0F, 'a' };
	/* as it is: one shape, whose one list says it has 2^40 items of one value */
	static const uint8_t list[] = { 0, 1, 0, 1, 1, 1, 0, 1, 5, 't', '.', 'x', 'y', 'z', 0, 1, 8, 8, 9, 0, 0, 0, 0,
		0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 1, 0xF6 };
	const struct {
		const uint8_t *bytes;
		size_t len;
		const char *title;
	} bombs[] = {
		{ gigabyte, sizeof gigabyte, "a frame that would grow to a gigabyte is refused by its head" },
		{ unsaid, sizeof unsaid, "a frame that does not say how long it gets is refused" },
		{ longer, sizeof longer, "a frame that gets longer than it says is refused" },
		{ list, sizeof list, "a list that says it has a million million items is refused" },
	};
	struct world *world = world_new(1, 1);
	struct arena arena;
	struct frame frame;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	for (unsigned i = 0; i < sizeof bombs / sizeof *bombs; i++) {
		uint8_t bytes[256] = { 0 };
		memcpy(bytes, bombs[i].bytes, bombs[i].len);
		tap_ok(decode(world, bytes_of(bytes, bombs[i].len + SIGNATURE_BYTES), &frame, &arena) == BAD_INPUT &&
			arena.used_bytes < 1 << 21,
		    bombs[i].title);
	}
	uint8_t future[200] = { 2, 1, 0 };
	struct frame_stream *stream = stream_of(world, true);
	struct err err = { 0 };
	tap_ok(frame_decode(stream, bytes_of(future, sizeof future), &arena, &frame, &err) == BAD_INPUT &&
		strstr(err.text, "updated") != NULL,
	    "a dictionary that is not known here is named");
	frame_stream_free(stream);
	arena_clear(&arena);
	world_free(world);
}

int main(void)
{
	wire_start();
	test_round_trip();
	test_resume();
	test_damage();
	test_order();
	test_bombs();
	return tap_done();
}
