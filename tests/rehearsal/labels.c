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

enum status labels_load(struct labels *labels, const char *path, struct err *err)
{
	char name[200], hex[ID_BYTES * 2 + 2];
	enum status status = OK;
	struct id id;
	FILE *file = fopen(path, "r");

	while (file != NULL && status == OK && fscanf(file, "%199s %65s", name, hex) == 2) {
		if (!hex_parse(hex, strlen(hex), id.data, sizeof id.data)) {
			status = err_set(err, BAD_INPUT, "%s: %s has no id", path, name);
		} else {
			labels_put(labels, name, &id);
		}
	}
	if (file != NULL) {
		fclose(file);
	}
	return status;
}

enum status labels_save(const struct labels *labels, const char *path, struct err *err)
{
	char hex[ID_BYTES * 2 + 1];
	FILE *file = fopen(path, "w");

	for (size_t i = 0; file != NULL && i < labels->capacity; i++) {
		if (labels->slots[i].name != NULL) {
			hex_print(id_bytes(&labels->slots[i].id), hex);
			fprintf(file, "%s %s\n", labels->slots[i].name, hex);
		}
	}
	if (file == NULL || fclose(file) != 0) {
		return err_set(err, ENVIRONMENT, "%s: cannot be written", path);
	}
	return OK;
}
