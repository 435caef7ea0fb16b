#include "fold/index.h"
#include <string.h>

/* Ids are hashes or keys that a peer may choose by trying; a probe sequence over the first eight bytes can be made long by somebody
 * who grinds hashes, so the table is kept at most half full and the ids of one thread are few. */
static struct index_slot *slot_of(struct index_slot *slots, size_t capacity, const struct id *id)
{
	size_t at = (size_t)id_prefix(id) & (capacity - 1);

	while (slots[at].used && !id_equal(&slots[at].id, id))
		at = (at + 1) & (capacity - 1);
	return &slots[at];
}

bool index_init(struct index *index, struct arena *arena, size_t expected)
{
	size_t capacity = 16;

	while (capacity < expected * 2)
		capacity *= 2;
	*index = (struct index){ .arena = arena, .capacity = capacity };
	index->slots = arena_take_array(arena, capacity, sizeof *index->slots);
	return index->slots != NULL;
}

static bool index_widen(struct index *index)
{
	struct index wider;

	if (!index_init(&wider, index->arena, index->capacity))
		return false;
	for (size_t i = 0; i < index->capacity; i++)
		if (index->slots[i].used)
			*slot_of(wider.slots, wider.capacity, &index->slots[i].id) = index->slots[i];
	wider.count = index->count;
	*index = wider;
	return true;
}

bool index_put(struct index *index, const struct id *id, int64_t value)
{
	if ((index->count + 1) * 2 > index->capacity && !index_widen(index))
		return false;
	struct index_slot *slot = slot_of(index->slots, index->capacity, id);
	if (!slot->used)
		index->count++;
	*slot = (struct index_slot){ *id, value, true };
	return true;
}

bool index_find(const struct index *index, const struct id *id, int64_t *value)
{
	if (index->capacity == 0)
		return false;
	const struct index_slot *slot = slot_of(index->slots, index->capacity, id);
	if (!slot->used)
		return false;
	*value = slot->value;
	return true;
}
