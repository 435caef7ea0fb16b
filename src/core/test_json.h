/* For tests of the domains: fields of an entry, and a profile, from JSON with ' for ". */
#ifndef WARIFU_CORE_TEST_JSON_H
#define WARIFU_CORE_TEST_JSON_H
#include "base/cbor.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/record.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline json_t *parse(const char *text)
{
	char *copy = strdup(text);
	json_error_t error;

	ASSERT(copy);
	for (char *at = copy; *at; at++) {
		*at = *at == '\'' ? '"' : *at;
	}
	json_t *json = json_loads(copy, 0, &error);
	if (json == NULL) {
		printf("# %s: %s\n", error.text, copy);
		ASSERT(!"test JSON");
	}
	free(copy);
	return json;
}

static inline void put_pairs(struct buf *out, const struct field *fields, json_t *object, unsigned *count);

static inline void put_decimal_text(struct buf *out, json_t *value)
{
	struct decimal decimal;
	char text[32];

	snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
	ASSERT(
	    decimal_parse(bytes_text(json_is_string(value) ? json_string_value(value) : text), &decimal, NULL) == OK);
	decimal_write(out, decimal);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static inline void put_list(struct buf *out, const struct field *fields, json_t *array)
{
	size_t index;
	json_t *item;

	cbor_put_array(out, json_array_size(array));
	json_array_foreach(array, index, item)
	{
		struct buf pairs;
		unsigned count = 0;
		buf_init(&pairs, LIMIT_BODY_BYTES);
		put_pairs(&pairs, fields, item, &count);
		cbor_put_map(out, count);
		buf_put_bytes(out, buf_bytes(&pairs));
		buf_clear(&pairs);
	}
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static inline void put_value(struct buf *out, const struct field *field, json_t *value)
{
	const char *text = json_string_value(value);
	int64_t number = json_integer_value(value);
	uint8_t id[ID_BYTES];

	switch (field->type) {
	case FIELD_LIST: put_list(out, field->fields, value); break;
	case FIELD_DECIMAL: put_decimal_text(out, value); break;
	case FIELD_BOOL: cbor_put_bool(out, json_is_true(value)); break;
	case FIELD_ID:
		ASSERT(hex_parse(text, strlen(text), id, sizeof id));
		cbor_put_bytes(out, bytes_of(id, sizeof id));
		break;
	case FIELD_DAY:
		ASSERT(day_parse(bytes_text(text), &number));
		cbor_put_int(out, number);
		break;
	case FIELD_TIME:
		ASSERT(time_parse(bytes_text(text), &number));
		cbor_put_int(out, number);
		break;
	case FIELD_LANG_TEXT:
		cbor_put_array(out, 2);
		cbor_put_literal(out, "en");
		cbor_put_literal(out, text);
		break;
	case FIELD_INT:
	case FIELD_AMOUNT: cbor_put_int(out, number); break;
	default: cbor_put_literal(out, text); break;
	}
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static inline void put_pairs(struct buf *out, const struct field *fields, json_t *object, unsigned *count)
{
	size_t known = 0;

	for (; fields != NULL && fields->name != NULL; fields++) {
		json_t *value = json_object_get(object, fields->name);
		if (value != NULL && !json_is_null(value)) {
			cbor_put_int(out, fields->key);
			put_value(out, fields, value);
			(*count)++;
		}
		known += value != NULL;
	}
	ASSERT(known == json_object_size(object)); /* a misspelt name would test nothing */
}

/* Any JSON as the profile's CBOR (docs/format.md 3.1). Keys by the bytes of their encoding: shorter ones first. */
static inline int key_order(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	size_t long_x = strlen(x), long_y = strlen(y);

	return long_x != long_y ? (long_x < long_y ? -1 : 1) : strcmp(x, y);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the test's own text */
static inline void put_json(struct buf *out, json_t *value)
{
	const char *keys[64], *key;
	size_t count = 0, index;
	json_t *item;

	if (json_is_object(value)) {
		json_object_foreach(value, key, item)
		{
			keys[count++] = key;
		}
		qsort(keys, count, sizeof keys[0], key_order);
		cbor_put_map(out, count);
		for (size_t i = 0; i < count; i++) {
			cbor_put_literal(out, keys[i]);
			put_json(out, json_object_get(value, keys[i]));
		}
	} else if (json_is_array(value)) {
		cbor_put_array(out, json_array_size(value));
		json_array_foreach(value, index, item)
		{
			put_json(out, item);
		}
	} else if (json_is_string(value)) {
		cbor_put_literal(out, json_string_value(value));
	} else if (json_is_integer(value)) {
		cbor_put_int(out, json_integer_value(value));
	} else if (json_is_null(value)) {
		cbor_put_null(out);
	} else {
		cbor_put_bool(out, json_is_true(value));
	}
}
#endif
