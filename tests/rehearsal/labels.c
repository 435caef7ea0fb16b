/* Names of entries: an open hash table that only grows. */
#include "sign.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t slot_of(const struct labels *labels, const char *name)
{
	uint64_t hash = 14695981039346656037u;

	for (const char *at = name; *at != '\0'; at++) {
		hash = (hash ^ (uint8_t)*at) * 1099511628211u;
	}
	size_t slot = (size_t)(hash ^ hash >> 29) & (labels->capacity - 1);
	while (labels->slots[slot].name != NULL && strcmp(labels->slots[slot].name, name) != 0) {
		slot = (slot + 1) & (labels->capacity - 1);
	}
	return slot;
}

static void labels_grow(struct labels *labels)
{
	struct labels grown = { .count = labels->count,
		.capacity = labels->capacity > 0 ? labels->capacity * 2 : 1024 };

	grown.slots = calloc(grown.capacity, sizeof *grown.slots);
	ASSERT(grown.slots != NULL);
	for (size_t i = 0; i < labels->capacity; i++) {
		if (labels->slots[i].name != NULL) {
			grown.slots[slot_of(&grown, labels->slots[i].name)] = labels->slots[i];
		}
	}
	free(labels->slots);
	*labels = grown;
}

void labels_put(struct labels *labels, const char *name, const struct id *id)
{
	if (labels->count * 2 >= labels->capacity) {
		labels_grow(labels);
	}
	struct label *label = &labels->slots[slot_of(labels, name)];
	ASSERT(label->name == NULL);
	*label = (struct label){ strdup(name), *id };
	ASSERT(label->name != NULL);
	labels->count++;
}

const struct id *labels_find(const struct labels *labels, const char *name)
{
	if (labels->capacity == 0) {
		return NULL;
	}
	const struct label *label = &labels->slots[slot_of(labels, name)];
	return label->name != NULL ? &label->id : NULL;
}

void labels_clear(struct labels *labels)
{
	for (size_t i = 0; i < labels->capacity; i++) {
		free(labels->slots[i].name);
	}
	free(labels->slots);
	*labels = (struct labels){ 0 };
}
