/* A map from ids to small integers, in an arena: for one fold. */
#ifndef WARIFU_FOLD_INDEX_H
#define WARIFU_FOLD_INDEX_H
#include "base/arena.h"

struct index_slot {
	struct id id;
	int64_t value;
	bool used;
};
struct index {
	struct arena *arena;
	struct index_slot *slots;
	size_t capacity, count;
};
bool index_init(struct index *index, struct arena *arena, size_t expected);
bool index_put(struct index *index, const struct id *id, int64_t value); /* replaces; false: out of memory */
bool index_find(const struct index *index, const struct id *id, int64_t *value);
#endif
