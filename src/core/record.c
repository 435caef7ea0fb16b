/* The body of an entry (docs/format.md 2.1): read without copying, written canonically, and the readers of its own fields.
 *
 * body_read() runs for every entry that arrives, after nothing but a length check, so it must bear any bytes and cost
 * little: one pass of cbor_check() over all of it, one walk over the pairs.
 *
 * Of several reasons that fit, the first of this order is given (docs/format.md 2.1):
 *  B1 those of section 1, then body-form, body-kind, body-time, body-part;
 *  B2 every pointer of a filled view points into the bytes that were read. */
#include "core/record.h"
#include "base/cbor.h"
#include "base/limits.h"
#include <stdlib.h>
#include <string.h>

enum { KEY_KIND, KEY_STATED, KEY_THREAD, KEY_PART, KEY_ANSWERS, KEY_REFS, KEY_SEEN, KEY_ATTACHMENTS, KEY_OWN };

#define KEY_LAST 255
#define KIND_BYTES 48
#define STATED_LAST_MS 253402300799999 /* 9999-12-31T23:59:59.999Z */
#define REFERENCES_MAX 1024            /* form only; the verdict's limit is lower (K6), acknowledgements have none */
#define REFERENCE_BYTES 34             /* 0x58 0x20 and the id */
#define FEW_REFERENCES 24              /* up to here comparing all pairs is cheaper than sorting */

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static bool is_id(const struct cbor_item *item)
{
	return item->type == CBOR_BYTES && item->bytes.len == ID_BYTES;
}

static const uint8_t *reference(const uint8_t *first, unsigned index)
{
	return first + (size_t)index * REFERENCE_BYTES + 2;
}

static int reference_compare(const void *a, const void *b)
{
	return memcmp(*(const uint8_t *const *)a, *(const uint8_t *const *)b, ID_BYTES);
}

static bool has_double(const uint8_t *first, unsigned count)
{
	const uint8_t *sorted[REFERENCES_MAX];

	if (count <= FEW_REFERENCES) {
		for (unsigned i = 1; i < count; i++) {
			for (unsigned j = 0; j < i; j++) {
				if (memcmp(reference(first, i), reference(first, j), ID_BYTES) == 0) {
					return true;
				}
			}
		}
		return false;
	}
	for (unsigned i = 0; i < count; i++) {
		sorted[i] = reference(first, i);
	}
	qsort(sorted, count, sizeof sorted[0], reference_compare);
	for (unsigned i = 1; i < count; i++) {
		if (memcmp(sorted[i - 1], sorted[i], ID_BYTES) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_ascending(const uint8_t *first, unsigned count)
{
	for (unsigned i = 1; i < count; i++) {
		if (memcmp(reference(first, i - 1), reference(first, i), ID_BYTES) >= 0) {
			return false;
		}
	}
	return true;
}

/* Array of 1 to 1,024 ids, none twice. */
static bool references_read(struct bytes value, bool ascending, const uint8_t **first, unsigned *count)
{
	struct cbor_item array = cbor_take(&value);
	struct cbor_item item;

	if (array.type != CBOR_ARRAY || array.count == 0 || array.count > REFERENCES_MAX) {
		return false;
	}
	*first = value.data;
	*count = (unsigned)array.count;
	for (unsigned i = 0; i < *count; i++) {
		item = cbor_take(&value);
		if (!is_id(&item)) {
			return false;
		}
	}
	return ascending ? is_ascending(*first, *count) : !has_double(*first, *count);
}

static bool is_media_type(struct bytes text)
{
	static const char *const types[] = { "application/pdf", "image/jpeg", "image/png", "text/csv" };

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (bytes_is(text, types[i])) {
			return true;
		}
	}
	return false;
}

static bool attachment_is_one_of(struct bytes item, const struct bytes *before, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes_equal(item, before[i])) {
			return true;
		}
	}
	return false;
}

static bool attachments_read(struct bytes value)
{
	struct bytes before[LIMIT_ATTACHMENTS];
	struct cbor_item array = cbor_take(&value);

	if (array.type != CBOR_ARRAY || array.count == 0 || array.count > LIMIT_ATTACHMENTS) {
		return false;
	}
	for (size_t i = 0; i < array.count; i++) {
		const uint8_t *begin = value.data;
		struct cbor_item head = cbor_take(&value);
		if (head.type != CBOR_ARRAY || head.count != 3) {
			return false;
		}
		struct cbor_item hash = cbor_take(&value);
		struct cbor_item size = cbor_take(&value);
		struct cbor_item media = cbor_take(&value);
		if (!is_id(&hash) || size.type != CBOR_UINT || size.integer > LIMIT_ATTACHMENT_BYTES ||
		    media.type != CBOR_TEXT || !is_media_type(media.bytes)) {
			return false;
		}
		before[i] = bytes_of(begin, (size_t)(value.data - begin));
		if (attachment_is_one_of(before[i], before, i)) {
			return false;
		}
	}
	return true;
}

static bool id_read(struct bytes value, const uint8_t **id)
{
	struct cbor_item item = cbor_take(&value);

	*id = item.bytes.data;
	return is_id(&item);
}

/* One of the keys 0..7. False: body-form. */
static bool header_read(struct body *body, int64_t key, struct bytes value, bool *has_stated)
{
	struct cbor_item item;

	switch (key) {
	case KEY_KIND: return cbor_text(value, &body->kind);
	case KEY_STATED:
		item = cbor_take(&value);
		body->stated_ms = item.integer;
		*has_stated = true;
		return item.type == CBOR_UINT || item.type == CBOR_NEGATIVE;
	case KEY_THREAD: return id_read(value, &body->thread);
	case KEY_PART: return id_read(value, &body->part);
	case KEY_ANSWERS: return references_read(value, true, &body->answers, &body->answer_count);
	case KEY_REFS: return references_read(value, false, &body->refs, &body->ref_count);
	case KEY_SEEN: return id_read(value, &body->seen);
	default: body->attachments = value; return attachments_read(value);
	}
}

/* Two words of a-z and _, a point between. */
static bool is_kind(struct bytes kind)
{
	size_t point = 0;

	if (kind.len > KIND_BYTES) {
		return false;
	}
	for (size_t i = 0; i < kind.len; i++) {
		uint8_t c = kind.data[i];
		if (c == '.' && point == 0 && i > 0) {
			point = i;
		} else if ((c < 'a' || c > 'z') && c != '_') {
			return false;
		}
	}
	return point > 0 && point + 1 < kind.len;
}

const char *body_read(struct bytes bytes, struct body *body)
{
	const char *reason = cbor_check(bytes, LIMIT_BODY_BYTES);
	bool has_stated = false;

	if (reason != NULL) {
		return reason;
	}
	*body = (struct body){ .bytes = bytes };
	struct cbor_item map = cbor_take(&bytes);
	if (map.type != CBOR_MAP) {
		return "body-form";
	}
	for (size_t left = map.count; left > 0; left--) {
		const uint8_t *pair = bytes.data;
		struct cbor_item key = cbor_take(&bytes);
		struct bytes value = cbor_skip(&bytes);
		if (key.type != CBOR_UINT || key.integer > KEY_LAST) {
			return "body-form";
		}
		if (key.integer >= KEY_OWN) {
			body->fields.data = body->field_count == 0 ? pair : body->fields.data;
			body->fields.len = (size_t)(bytes.data - body->fields.data);
			body->field_count++;
		} else if (!header_read(body, key.integer, value, &has_stated)) {
			return "body-form";
		}
	}
	if (!is_kind(body->kind)) {
		return "body-kind";
	}
	if (!has_stated || body->stated_ms < 0 || body->stated_ms > STATED_LAST_MS) {
		return "body-time";
	}
	return (body->part != NULL && body->thread == NULL) || (body->answers != NULL && body->part == NULL)
	    ? "body-part"
	    : NULL;
}

struct bytes body_answer(const struct body *body, unsigned index)
{
	ASSERT(index < body->answer_count);
	return bytes_of(reference(body->answers, index), ID_BYTES);
}

struct bytes body_ref(const struct body *body, unsigned index)
{
	ASSERT(index < body->ref_count);
	return bytes_of(reference(body->refs, index), ID_BYTES);
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static int id_order(const void *a, const void *b)
{
	return id_compare(a, b);
}

static void id_put(struct buf *out, unsigned key, const struct id *id)
{
	if (id != NULL) {
		cbor_put_int(out, key);
		cbor_put_bytes(out, id_bytes(id));
	}
}

static void ids_put(struct buf *out, unsigned key, const struct id *ids, unsigned count)
{
	if (count == 0) {
		return; /* an array that would be empty is absent */
	}
	cbor_put_int(out, key);
	cbor_put_array(out, count);
	for (unsigned i = 0; i < count; i++) {
		cbor_put_bytes(out, id_bytes(&ids[i]));
	}
}

void body_write(struct buf *out, struct body_draft *draft)
{
	size_t count = 2 + (draft->thread != NULL) + (draft->part != NULL) + (draft->answer_count > 0) +
	    (draft->ref_count > 0) + (draft->seen != NULL) + (draft->attachments.len > 0) + draft->field_count;

	if (draft->answer_count > 1) {
		qsort(draft->answers, draft->answer_count, sizeof draft->answers[0], id_order);
	}
	cbor_put_map(out, count);
	cbor_put_int(out, KEY_KIND);
	cbor_put_literal(out, draft->kind);
	cbor_put_int(out, KEY_STATED);
	cbor_put_int(out, draft->stated_ms);
	id_put(out, KEY_THREAD, draft->thread);
	id_put(out, KEY_PART, draft->part);
	ids_put(out, KEY_ANSWERS, draft->answers, draft->answer_count);
	ids_put(out, KEY_REFS, draft->refs, draft->ref_count);
	id_put(out, KEY_SEEN, draft->seen);
	if (draft->attachments.len > 0) {
		cbor_put_int(out, KEY_ATTACHMENTS);
		buf_put_bytes(out, draft->attachments);
	}
	buf_put_bytes(out, draft->fields);
}

/* ---- readers of checked fields ------------------------------------------------------------------------------------- */

static struct bytes pair_find(struct bytes pairs, unsigned count, uint8_t key)
{
	for (; count > 0; count--) {
		struct cbor_item found = cbor_take(&pairs);
		struct bytes value = cbor_skip(&pairs);
		if (found.type == CBOR_UINT && found.integer == key) {
			return value;
		}
	}
	return bytes_of(NULL, 0);
}

static bool value_int(struct bytes value, int64_t *out)
{
	struct cbor_item item = cbor_take(&value);

	if (item.type != CBOR_UINT && item.type != CBOR_NEGATIVE && item.type != CBOR_BOOL) {
		return false;
	}
	*out = item.integer;
	return true;
}

static bool value_text(struct bytes value, struct bytes *out)
{
	struct cbor_item item = cbor_take(&value);

	if (item.type == CBOR_ARRAY && item.count == 2) {
		(void)cbor_skip(&value); /* the language */
		item = cbor_take(&value);
	}
	if (item.type != CBOR_TEXT) {
		return false;
	}
	*out = item.bytes;
	return true;
}

struct bytes body_field(const struct body *body, uint8_t key)
{
	return pair_find(body->fields, body->field_count, key);
}

bool record_int(const struct body *body, uint8_t key, int64_t *out)
{
	return value_int(body_field(body, key), out);
}

bool record_text(const struct body *body, uint8_t key, struct bytes *out)
{
	return value_text(body_field(body, key), out);
}

bool record_id(const struct body *body, uint8_t key, struct id *out)
{
	struct bytes value = body_field(body, key);
	struct cbor_item item = cbor_take(&value);

	if (!is_id(&item)) {
		return false;
	}
	memcpy(out->data, item.bytes.data, ID_BYTES);
	return true;
}

bool record_decimal(const struct body *body, uint8_t key, struct decimal *out)
{
	return decimal_read(body_field(body, key), out);
}

bool record_list(const struct body *body, uint8_t key, struct list *out)
{
	struct bytes value = body_field(body, key);
	struct cbor_item array = cbor_take(&value);

	if (array.type != CBOR_ARRAY) {
		return false;
	}
	*out = (struct list){ value, array.count };
	return true;
}

bool list_next(struct list *list, struct list_item *item)
{
	if (list->left == 0) {
		return false;
	}
	list->left--;
	struct bytes whole = cbor_skip(&list->at);
	struct cbor_item map = cbor_take(&whole);
	*item = (struct list_item){ whole, map.type == CBOR_MAP ? (unsigned)map.count : 0 };
	return true;
}

struct bytes item_field(const struct list_item *item, uint8_t key)
{
	return pair_find(item->pairs, item->count, key);
}

bool item_int(const struct list_item *item, uint8_t key, int64_t *out)
{
	return value_int(item_field(item, key), out);
}

bool item_text(const struct list_item *item, uint8_t key, struct bytes *out)
{
	return value_text(item_field(item, key), out);
}

bool item_decimal(const struct list_item *item, uint8_t key, struct decimal *out)
{
	return decimal_read(item_field(item, key), out);
}

/* An integer, or [mantissa, decimals] where the mantissa is not divisible by ten: one value, one encoding. */
bool decimal_read(struct bytes item, struct decimal *out)
{
	struct cbor_item array = cbor_take(&item);
	int64_t mantissa = array.integer, decimals = 0;
	struct decimal made;

	if (array.type == CBOR_ARRAY) {
		if (array.count != 2 || !cbor_int(item, &mantissa)) {
			return false;
		}
		(void)cbor_skip(&item);
		if (!cbor_int(item, &decimals) || decimals < 1 || decimals > LIMIT_QUANTITY_DECIMALS ||
		    mantissa % 10 == 0) {
			return false;
		}
	} else if (array.type != CBOR_UINT && array.type != CBOR_NEGATIVE) {
		return false;
	}
	if (!decimal_make(mantissa, (unsigned)decimals, &made)) {
		return false;
	}
	*out = made;
	return true;
}

void decimal_write(struct buf *out, struct decimal value)
{
	if (value.decimals > 0) {
		cbor_put_array(out, 2);
	}
	cbor_put_int(out, value.mantissa);
	if (value.decimals > 0) {
		cbor_put_int(out, value.decimals);
	}
}

const struct field *field_find(const struct field *fields, const char *name)
{
	for (; fields != NULL && fields->name != NULL; fields++) {
		if (strcmp(fields->name, name) == 0) {
			return fields;
		}
	}
	return NULL;
}
