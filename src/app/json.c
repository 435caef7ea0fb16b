/* JSON at the edge of the program. Nothing below app knows JSON: what comes in is carried over into canonical CBOR, what goes out is
 * made from it. Recursion here is bounded by LIMIT_CBOR_DEPTH, checked before each step down. */
#include "app/json.h"
#include "base/cbor.h"
#include "base/decimal.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include <stdlib.h>
#include <string.h>

enum status json_read(struct bytes text, const char *what, json_t **out, struct err *err)
{
	if (text.len > LIMIT_JSON_BYTES) {
		return err_set(err, BAD_INPUT, "%s: %zu bytes; at most %d", what, text.len, LIMIT_JSON_BYTES);
	}
	json_error_t error;
	const char *reason = text_check(text);
	if (reason && strstr(reason, "UTF-8")) {
		return err_set(err, BAD_INPUT, "%s: %s", what, reason);
	}
	*out = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!*out && json_error_code(&error) == json_error_null_character) {
		return err_set(err, BAD_INPUT, "%s, line %d, column %d: U+0000 may not stand in a text", what,
		    error.line, error.column);
	}
	if (!*out) {
		return err_set(
		    err, BAD_INPUT, "%s, line %d, column %d: %s", what, error.line, error.column, error.text);
	}
	return OK;
}

/* Ascending bytewise order of the encodings of text keys: the shorter first, then as bytes. */
static int compare_keys(const void *a, const void *b)
{
	const char *first = *(const char *const *)a, *second = *(const char *const *)b;
	size_t first_len = strlen(first), second_len = strlen(second);
	if (first_len != second_len) {
		return first_len < second_len ? -1 : 1;
	}
	return strcmp(first, second);
}

static enum status put_text(const char *text, size_t len, const char *where, struct buf *out, struct err *err)
{
	struct bytes bytes = bytes_of(text, len);
	const char *reason = text_check(bytes);
	if (reason) {
		return err_set(err, BAD_INPUT, "%s: text %s", where, reason);
	}
	cbor_put_text(out, bytes);
	return OK;
}

static enum status put_value(const json_t *value, const char *where, unsigned depth, struct buf *out, struct err *err);

/* NOLINTNEXTLINE(misc-no-recursion): at most LIMIT_CBOR_DEPTH */
static enum status put_object(const json_t *value, const char *where, unsigned depth, struct buf *out, struct err *err)
{
	size_t count = json_object_size(value), filled = 0;
	const char **keys = calloc(count + 1, sizeof *keys);
	if (!keys) {
		return err_set(err, ENVIRONMENT, "%s: out of memory", where);
	}
	const char *key;
	json_t *item;
	json_object_foreach((json_t *)(uintptr_t)value, key, item)
	{
		keys[filled++] = key;
	}
	qsort(keys, count, sizeof *keys, compare_keys);
	cbor_put_map(out, count);
	enum status status = OK;
	for (size_t i = 0; i < count && status == OK; i++) {
		char inner[160];
		snprintf(inner, sizeof inner, "%s.%s", where, keys[i]);
		status = put_text(keys[i], strlen(keys[i]), inner, out, err);
		if (status == OK) {
			status = put_value(json_object_get(value, keys[i]), inner, depth + 1, out, err);
		}
	}
	free(keys);
	return status;
}

/* NOLINTNEXTLINE(misc-no-recursion): at most LIMIT_CBOR_DEPTH */
static enum status put_array(const json_t *value, const char *where, unsigned depth, struct buf *out, struct err *err)
{
	size_t index;
	json_t *item;
	cbor_put_array(out, json_array_size(value));
	json_array_foreach(value, index, item)
	{
		char inner[160];
		snprintf(inner, sizeof inner, "%s[%zu]", where, index);
		enum status status = put_value(item, inner, depth + 1, out, err);
		if (status != OK) {
			return status;
		}
	}
	return OK;
}

/* NOLINTNEXTLINE(misc-no-recursion): at most LIMIT_CBOR_DEPTH */
static enum status put_value(const json_t *value, const char *where, unsigned depth, struct buf *out, struct err *err)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		if (depth > LIMIT_CBOR_DEPTH) {
			return err_set(err, BAD_INPUT, "%s: nested deeper than %d", where, LIMIT_CBOR_DEPTH);
		}
		return json_is_object(value) ? put_object(value, where, depth, out, err)
					     : put_array(value, where, depth, out, err);
	case JSON_STRING: return put_text(json_string_value(value), json_string_length(value), where, out, err);
	case JSON_INTEGER: cbor_put_int(out, json_integer_value(value)); return OK;
	case JSON_REAL:
		return err_set(err, BAD_INPUT, "%s: %g is not an integer; write decimals as text, \"2.5\"", where,
		    json_real_value(value));
	case JSON_TRUE: cbor_put_bool(out, true); return OK;
	case JSON_FALSE: cbor_put_bool(out, false); return OK;
	case JSON_NULL: cbor_put_null(out); return OK;
	}
	return err_set(err, BAD_INPUT, "%s: of no known type", where);
}

enum status json_to_cbor(const json_t *value, const char *where, struct buf *out, struct err *err)
{
	enum status status = put_value(value, where, 1, out, err);
	if (status == OK && out->failed) {
		return err_set(err, BAD_INPUT, "%s: too large; at most %zu bytes", where, out->ceiling);
	}
	return status;
}

static json_t *take_value(struct bytes *at);

/* NOLINTNEXTLINE(misc-no-recursion): at most LIMIT_CBOR_DEPTH */
static json_t *take_map(struct bytes *at, size_t count)
{
	json_t *object = json_object();
	for (size_t i = 0; i < count && object; i++) {
		struct cbor_item key = cbor_take(at);
		char name[24];
		if (key.type == CBOR_TEXT) {
			json_object_setn_new(object, (const char *)key.bytes.data, key.bytes.len, take_value(at));
		} else {
			snprintf(name, sizeof name, "%lld", (long long)key.integer);
			json_object_set_new(object, name, take_value(at));
		}
	}
	return object;
}

/* NOLINTNEXTLINE(misc-no-recursion): at most LIMIT_CBOR_DEPTH */
static json_t *take_array(struct bytes *at, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count && array; i++) {
		json_array_append_new(array, take_value(at));
	}
	return array;
}

/* NOLINTNEXTLINE(misc-no-recursion): at most LIMIT_CBOR_DEPTH */
static json_t *take_value(struct bytes *at)
{
	struct cbor_item item = cbor_take(at);
	switch (item.type) {
	case CBOR_UINT:
	case CBOR_NEGATIVE: return json_integer(item.integer);
	case CBOR_BYTES: return json_hex(item.bytes);
	case CBOR_TEXT: return json_utf8(item.bytes);
	case CBOR_ARRAY: return take_array(at, item.count);
	case CBOR_MAP: return take_map(at, item.count);
	case CBOR_BOOL: return json_boolean(item.integer != 0);
	case CBOR_NULL:
	case CBOR_NONE: break;
	}
	return json_null();
}

json_t *json_from_cbor(struct bytes item)
{
	return take_value(&item);
}

json_t *json_hex(struct bytes bytes)
{
	char *text = malloc(bytes.len * 2 + 1);
	if (!text) {
		return NULL;
	}
	hex_print(bytes, text);
	json_t *value = json_string(text);
	free(text);
	return value;
}

json_t *json_utf8(struct bytes text)
{
	return text.data ? json_stringn((const char *)text.data, text.len) : json_null();
}

json_t *json_time(int64_t ms)
{
	char text[TIME_TEXT];
	time_print(ms, text);
	return json_string(text);
}

json_t *json_day(int64_t day)
{
	char text[TIME_TEXT];
	day_print(day, text);
	return json_string(text);
}

const char *json_get_text(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

int64_t json_get_int(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}
