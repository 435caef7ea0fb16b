/* What a home remembers of each other home it talks to, in a setting of the store: when it was heard, whether the halves matched, and the last
 * vectors that both may hold (docs/sync.md 4). Losing it costs bytes, never correctness. */
#ifndef WARIFU_SYNC_PEERS_H
#define WARIFU_SYNC_PEERS_H
#include "base/limits.h"
#include "sync/positions.h"
#include "sync/sync.h"

struct peer_memory {
	struct sync_peer peer;
	struct {
		uint8_t hash[HASH16];
		struct positions positions;
	} vectors[LIMIT_PEER_VECTORS]; /* the first is the one to offer */
	unsigned vector_count;
};
/* Empty when there is none, or when it cannot be read. */
enum status peer_memory_load(struct store *store, int64_t tally, const struct id *home_key, struct arena *arena,
    struct peer_memory *out, struct err *err);
enum status peer_memory_save(
    struct store *store, int64_t tally, const struct id *home_key, const struct peer_memory *memory, struct err *err);
/* NULL when it is not remembered. */
const struct positions *peer_memory_vector(const struct peer_memory *memory, const uint8_t hash[HASH16]);
/* Remembers one: first when both were seen to hold it, else second. The positions must live until it is saved. */
enum status peer_memory_add(
    struct peer_memory *memory, const struct positions *positions, bool agreed, struct err *err);
#endif
