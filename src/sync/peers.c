/* The setting `sync.TALLY.KEY` is a CBOR array: [1, heard ms, matched ms, matched, digest, thread that differs, vectors in canonical form]. */
#include "sync/peers.h"
#include "base/cbor.h"
#include <stdio.h>
#include <string.h>

#define VERSION 1
#define NAME_BYTES 128
#define MEMORY_BYTES ((LIMIT_PEER_VECTORS + 1) * 4 * LIMIT_VECTOR_BYTES)

static void name_print(int64_t tally, const struct id *home_key, char out[NAME_BYTES])
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(home_key), hex);
	snprintf(out, NAME_BYTES, "sync.%lld.%s", (long long)tally, hex);
}

static bool id_take(struct bytes *at, struct id *out)
{
	struct cbor_item item = cbor_take(at);

	if (item.type != CBOR_BYTES || item.bytes.len != ID_BYTES) {
		return false;
	}
	memcpy(out->data, item.bytes.data, ID_BYTES);
	return true;
}

static bool memory_parse(struct bytes at, struct arena *arena, struct peer_memory *out)
{
	struct cbor_item outer = cbor_take(&at), version = cbor_take(&at);
	struct err err = { .status = OK };

	if (outer.type != CBOR_ARRAY || outer.count != 7 || version.integer != VERSION) {
		return false;
	}
	out->peer.heard_ms = cbor_take(&at).integer;
	out->peer.matched_ms = cbor_take(&at).integer;
	out->peer.matched = cbor_take(&at).integer != 0;
	if (!id_take(&at, &out->peer.digest) || !id_take(&at, &out->peer.differs_thread)) {
		return false;
	}
	size_t vectors = cbor_take(&at).count;
	for (size_t i = 0; i < vectors && i < LIMIT_PEER_VECTORS; i++) {
		struct positions *positions = &out->vectors[i].positions;
		if (!positions_parse(arena_copy(arena, cbor_take(&at).bytes), arena, positions) ||
		    positions_hash(positions, out->vectors[i].hash, &err) != OK) {
			return false;
		}
		out->vector_count++;
	}
	return true;
}

enum status peer_memory_load(struct store *store, int64_t tally, const struct id *home_key, struct arena *arena,
    struct peer_memory *out, struct err *err)
{
	char name[NAME_BYTES];
	struct bytes value;

	*out = (struct peer_memory){ .vector_count = 0 };
	name_print(tally, home_key, name);
	enum status status = store_setting_get(store, name, arena, &value, err);
	if (status == OK && (cbor_check(value, MEMORY_BYTES) != NULL || !memory_parse(value, arena, out))) {
		*out = (struct peer_memory){ .vector_count = 0 };
	}
	return status == NOT_FOUND ? OK : status;
}

enum status peer_memory_save(
    struct store *store, int64_t tally, const struct id *home_key, const struct peer_memory *memory, struct err *err)
{
	char name[NAME_BYTES];
	struct buf value, canonical;

	name_print(tally, home_key, name);
	buf_init(&value, MEMORY_BYTES);
	buf_init(&canonical, 4 * LIMIT_VECTOR_BYTES);
	cbor_put_array(&value, 7);
	cbor_put_int(&value, VERSION);
	cbor_put_int(&value, memory->peer.heard_ms);
	cbor_put_int(&value, memory->peer.matched_ms);
	cbor_put_bool(&value, memory->peer.matched);
	cbor_put_bytes(&value, id_bytes(&memory->peer.digest));
	cbor_put_bytes(&value, id_bytes(&memory->peer.differs_thread));
	cbor_put_array(&value, memory->vector_count);
	for (unsigned i = 0; i < memory->vector_count; i++) {
		buf_reset(&canonical);
		positions_print(&memory->vectors[i].positions, &canonical);
		cbor_put_bytes(&value, buf_bytes(&canonical));
	}
	bool failed = value.failed || canonical.failed;
	enum status status = failed ? err_set(err, ENVIRONMENT, "sync: out of memory")
				    : store_setting_set(store, name, buf_bytes(&value), err);
	buf_clear(&value);
	buf_clear(&canonical);
	return status;
}

const struct positions *peer_memory_vector(const struct peer_memory *memory, const uint8_t hash[HASH16])
{
	for (unsigned i = 0; i < memory->vector_count; i++) {
		if (memcmp(memory->vectors[i].hash, hash, HASH16) == 0) {
			return &memory->vectors[i].positions;
		}
	}
	return NULL;
}

enum status peer_memory_add(struct peer_memory *memory, const struct positions *positions, bool agreed, struct err *err)
{
	uint8_t hash[HASH16];
	unsigned kept = 0, to = agreed || memory->vector_count == 0 ? 0 : 1;
	enum status status = positions_hash(positions, hash, err);

	if (status != OK) {
		return status;
	}
	if (!agreed && memory->vector_count > 0 && memcmp(memory->vectors[0].hash, hash, HASH16) == 0) {
		return OK;
	}
	for (unsigned i = 0; i < memory->vector_count; i++) { /* once only */
		if (memcmp(memory->vectors[i].hash, hash, HASH16) != 0) {
			memory->vectors[kept++] = memory->vectors[i];
		}
	}
	memory->vector_count = kept < LIMIT_PEER_VECTORS ? kept + 1 : LIMIT_PEER_VECTORS;
	for (unsigned i = memory->vector_count - 1; i > to; i--) {
		memory->vectors[i] = memory->vectors[i - 1];
	}
	memory->vectors[to].positions = *positions;
	memcpy(memory->vectors[to].hash, hash, HASH16);
	return OK;
}

enum status sync_peer_get(
    struct store *store, int64_t tally, const struct id *home_key, struct sync_peer *out, struct err *err)
{
	struct peer_memory memory;
	struct arena arena;

	arena_init(&arena, LIMIT_SESSION_BYTES);
	enum status status = peer_memory_load(store, tally, home_key, &arena, &memory, err);
	*out = memory.peer;
	arena_clear(&arena);
	return status == OK && memory.peer.heard_ms == 0 ? NOT_FOUND : status;
}

enum status sync_peer_waits(
    struct store *store, int64_t tally, const struct id *home_key, int64_t *count, struct err *err)
{
	static const struct positions none = { NULL, 0 };
	struct peer_memory memory;
	struct positions mine;
	struct vector vector;
	struct arena arena;

	*count = 0;
	arena_init(&arena, LIMIT_SESSION_BYTES);
	enum status status = peer_memory_load(store, tally, home_key, &arena, &memory, err);
	if (status == OK) {
		status = vector_now(store, tally, &arena, &vector, err);
	}
	if (status == OK) {
		status = positions_of(&vector, &arena, &mine, err);
	}
	if (status == OK) {
		*count = positions_lacking(memory.vector_count > 0 ? &memory.vectors[0].positions : &none, &mine);
	}
	arena_clear(&arena);
	return status;
}
