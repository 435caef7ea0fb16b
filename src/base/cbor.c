/* CBOR, the narrow form of docs/format.md section 1.
 *
 * In comes what a stranger sent; out goes the name of the first reason against it, or nothing. cbor_check() reads each byte
 * once, allocates nothing and does not recurse: open arrays and maps stand in an array of LIMIT_CBOR_DEPTH levels. A count
 * or length is believed only as far as bytes are there, so a hostile size costs nothing.
 *
 * Which of several reasons is given is part of the format: the one met first. Items are judged in the order in which they
 * begin, and of one item
 *  C1 what its first byte tells: reserved, indefinite, tag, float, simple;
 *  C2 then truncated in the head, not-shortest, key-type, range, depth;
 *  C3 then truncated in the content, utf8 and control as they come, and of a whole key key-order and key-twice.
 *
 * The readers behind the gate trust shape, not lengths: on bytes that were not checked they give CBOR_NONE or nothing. */
#include "base/cbor.h"
#include "base/err.h"
#include "base/limits.h"
#include <stdarg.h>
#include <string.h>

enum { MAJOR_UINT, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAJOR_SIMPLE };
enum { INFO_BYTE = 24, INFO_LAST = 27, INFO_INDEFINITE = 31 };
enum { SIMPLE_FALSE = 20, SIMPLE_TRUE = 21, SIMPLE_NULL = 22 };

struct head {
	unsigned major, info;
	uint64_t value;
};

static inline size_t head_extra(unsigned info)
{
	return info >= INFO_BYTE && info <= INFO_LAST ? (size_t)1 << (info - INFO_BYTE) : 0;
}

/* Takes a head off the front. False when it is cut; `value` is 0 where the additional information carries none. */
static inline bool head_take(struct bytes *at, struct head *head)
{
	if (at->len == 0) {
		return false;
	}
	unsigned info = at->data[0] & 31;
	size_t extra = head_extra(info);
	if (at->len <= extra) {
		return false;
	}
	uint64_t value = info < INFO_BYTE ? info : 0;
	for (size_t i = 1; i <= extra; i++) {
		value = value << 8 | at->data[i];
	}
	*head = (struct head){ at->data[0] >> 5, info, value };
	*at = bytes_of(at->data + 1 + extra, at->len - 1 - extra);
	return true;
}

/* ---- the gate ------------------------------------------------------------------------------------------------------ */

struct level {
	uint64_t left;      /* items, or pairs of a map, still to come, the one being read included */
	bool map, at_value; /* of a map: the key has been read */
	struct bytes key;   /* of a map: the key before; empty at first */
};

static bool is_shortest(const struct head *head)
{
	static const uint64_t least[] = { 24, 0x100, 0x10000, 0x100000000 };

	return head->info < INFO_BYTE || head->value >= least[head->info - INFO_BYTE];
}

/* C1 */
static inline const char *first_byte_fault(uint8_t byte)
{
	unsigned major = byte >> 5, info = byte & 31;

	if (info > INFO_LAST) {
		bool length = major >= MAJOR_BYTES && major <= MAJOR_MAP;
		return info == INFO_INDEFINITE && length ? "indefinite" : "reserved";
	}
	if (major == MAJOR_TAG) {
		return "tag";
	}
	if (major == MAJOR_SIMPLE && (info < SIMPLE_FALSE || info > SIMPLE_NULL)) {
		return info > INFO_BYTE ? "float" : "simple";
	}
	return NULL;
}

/* Eight bytes of ASCII without any control: true for nearly all that people write in Latin letters. */
static inline bool is_plain_word(const uint8_t *data)
{
	const uint64_t ones = 0x0101010101010101, tops = ones * 0x80;
	uint64_t word;

	memcpy(&word, data, sizeof word);
	uint64_t below = (word - ones * 0x20) & ~word;                        /* a top bit for a byte below 0x20 */
	uint64_t del = ((word ^ ones * 0x7F) - ones) & ~(word ^ ones * 0x7F); /* for a byte 0x7F */
	return ((word | below | del) & tops) == 0;
}

/* Of a character whose first byte this is; 0: no character of two or more bytes begins so. */
static size_t lead_length(uint8_t lead)
{
	return lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

/* Length of the UTF-8 character of two or more bytes at the front; 0 when it is none. Some leads narrow the second byte:
 * overlong forms, surrogates, codes above U+10FFFF (table 3-7 of the Unicode Standard). */
static size_t utf8_length(const uint8_t *data, size_t len)
{
	uint8_t lead = data[0];
	size_t length = lead_length(lead);
	uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	uint8_t most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;

	if (length == 0 || length > len || data[1] < least || data[1] > most) {
		return 0;
	}
	for (size_t i = 2; i < length; i++) {
		if ((data[i] & 0xC0) != 0x80) {
			return 0;
		}
	}
	return length;
}

static const char *text_fault(const uint8_t *data, size_t len)
{
	size_t i = 0;

	while (i < len) {
		if (len - i >= 8 && is_plain_word(data + i)) {
			i += 8;
		} else if (data[i] < 0x80) {
			if ((data[i] < 0x20 && data[i] != '\n') || data[i] == 0x7F) {
				return "control";
			}
			i++;
		} else {
			size_t length = utf8_length(data + i, len - i);
			if (length == 0) {
				return "utf8";
			}
			if (data[i] == 0xC2 && data[i + 1] < 0xA0) {
				return "control"; /* U+0080..U+009F */
			}
			i += length;
		}
	}
	return NULL;
}

static inline const char *key_fault(struct level *level, struct bytes key)
{
	int order = bytes_compare(level->key, key);

	level->key = key;
	return order < 0 ? NULL : order > 0 ? "key-order" : "key-twice";
}

/* The item has been read whole: closes every level that it ends. */
static inline unsigned levels_close(struct level *levels, unsigned depth)
{
	while (depth > 0) {
		struct level *level = &levels[depth - 1];
		if (level->map && !level->at_value) {
			level->at_value = true;
			break;
		}
		level->at_value = false;
		if (--level->left > 0) {
			break;
		}
		depth--;
	}
	return depth;
}

/* Judges the item at the front, head and content, and takes it; of an array or a map the head alone. */
static inline const char *item_fault(struct bytes *at, struct head *head, struct level *level, unsigned depth)
{
	const uint8_t *begin = at->data;
	bool is_key = level != NULL && level->map && !level->at_value;
	const char *fault;

	if (at->len == 0) {
		return "truncated";
	}
	if ((fault = first_byte_fault(begin[0])) != NULL) {
		return fault;
	}
	if (!head_take(at, head)) {
		return "truncated";
	}
	if (!is_shortest(head)) {
		return "not-shortest";
	}
	if (is_key && head->major != MAJOR_UINT && head->major != MAJOR_TEXT) {
		return "key-type";
	}
	if (head->major <= MAJOR_NEGATIVE && head->value > INT64_MAX) {
		return "range";
	}
	if (depth == LIMIT_CBOR_DEPTH && (head->major == MAJOR_ARRAY || head->major == MAJOR_MAP)) {
		return "depth";
	}
	if (head->major == MAJOR_BYTES || head->major == MAJOR_TEXT) {
		const uint8_t *content = at->data;
		if (head->value > at->len) {
			return "truncated";
		}
		*at = bytes_of(content + head->value, at->len - head->value);
		if (head->major == MAJOR_TEXT && (fault = text_fault(content, head->value)) != NULL) {
			return fault;
		}
	}
	return is_key ? key_fault(level, bytes_of(begin, (size_t)(at->data - begin))) : NULL;
}

const char *cbor_check(struct bytes in, size_t max_bytes)
{
	struct level levels[LIMIT_CBOR_DEPTH];
	struct bytes at = in;
	unsigned depth = 0;
	struct head head;

	if (in.len > max_bytes) {
		return "too-long";
	}
	do {
		const char *fault = item_fault(&at, &head, depth > 0 ? &levels[depth - 1] : NULL, depth);
		if (fault != NULL) {
			return fault;
		}
		if ((head.major == MAJOR_ARRAY || head.major == MAJOR_MAP) && head.value > 0) {
			levels[depth++] = (struct level){ .left = head.value, .map = head.major == MAJOR_MAP };
		} else {
			depth = levels_close(levels, depth);
		}
	} while (depth > 0);
	return at.len > 0 ? "trailing" : NULL;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static enum cbor_type simple_type(unsigned info)
{
	switch (info) {
	case SIMPLE_FALSE:
	case SIMPLE_TRUE: return CBOR_BOOL;
	case SIMPLE_NULL: return CBOR_NULL;
	default: return CBOR_NONE;
	}
}

struct cbor_item cbor_take(struct bytes *at)
{
	static const enum cbor_type types[] = { CBOR_UINT, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP };
	struct cbor_item item = { .type = CBOR_NONE };
	struct bytes rest = *at;
	struct head head;

	if (!head_take(&rest, &head) || head.info > INFO_LAST || head.major == MAJOR_TAG || head.value > INT64_MAX) {
		*at = bytes_of(at->data, 0);
		return item;
	}
	switch (head.major) {
	case MAJOR_UINT: item.integer = (int64_t)head.value; break;
	case MAJOR_NEGATIVE: item.integer = -1 - (int64_t)head.value; break;
	case MAJOR_BYTES:
	case MAJOR_TEXT:
		if (head.value > rest.len) {
			*at = bytes_of(at->data, 0);
			return item;
		}
		item.bytes = bytes_of(rest.data, head.value);
		rest = bytes_of(rest.data + head.value, rest.len - head.value);
		break;
	case MAJOR_ARRAY:
	case MAJOR_MAP: item.count = head.value; break;
	default: item.integer = head.info == SIMPLE_TRUE; break;
	}
	item.type = head.major == MAJOR_SIMPLE ? simple_type(head.info) : types[head.major];
	*at = rest;
	return item;
}

/* Takes one item whose head is its first byte, as most are; of an array or a map the head alone. False when it is another, or cut.
 * *more: the items inside. */
static inline bool short_skip(struct bytes *at, uint64_t *more)
{
	unsigned major = at->len > 0 ? at->data[0] >> 5 : MAJOR_SIMPLE, value = at->len > 0 ? at->data[0] & 31 : 0;

	if (value >= INFO_BYTE || major > MAJOR_MAP) {
		return false;
	}
	size_t len = major == MAJOR_BYTES || major == MAJOR_TEXT ? 1 + value : 1;
	if (len > at->len) {
		return false;
	}
	*more = major == MAJOR_ARRAY ? value : major == MAJOR_MAP ? 2 * value : 0;
	*at = bytes_of(at->data + len, at->len - len);
	return true;
}

struct bytes cbor_skip(struct bytes *at)
{
	struct bytes begin = *at;
	uint64_t more;

	for (uint64_t left = 1; left > 0; left += more, left--) {
		if (!short_skip(at, &more)) {
			struct cbor_item item = cbor_take(at);
			if (item.type == CBOR_NONE) {
				return bytes_of(begin.data, 0);
			}
			more = item.type == CBOR_MAP  ? 2 * (uint64_t)item.count
			    : item.type == CBOR_ARRAY ? item.count
						      : 0;
		}
		if (more > at->len) { /* not checked bytes: each item takes a byte at least */
			*at = bytes_of(at->data, 0);
			return bytes_of(begin.data, 0);
		}
	}
	return bytes_of(begin.data, (size_t)(at->data - begin.data));
}

/* The map's value whose key has this encoding. Keys ascend, so that the search may stop early. */
static struct bytes map_value(struct bytes map, struct bytes key)
{
	struct cbor_item head = cbor_take(&map);

	for (size_t left = head.type == CBOR_MAP ? head.count : 0; left > 0; left--) {
		struct bytes found = cbor_skip(&map);
		struct bytes value = cbor_skip(&map);
		int order = bytes_compare(found, key);
		if (order == 0) {
			return value;
		}
		if (order > 0 || value.len == 0) {
			break; /* beyond it, or at the end of bytes that were not checked */
		}
	}
	return bytes_of(NULL, 0);
}

static size_t head_print(uint8_t out[9], unsigned major, uint64_t value)
{
	unsigned info = value < 24 ? (unsigned)value
	    : value < 0x100        ? 24
	    : value < 0x10000      ? 25
	    : value < 0x100000000  ? 26
				   : 27;
	size_t extra = info < INFO_BYTE ? 0 : (size_t)1 << (info - INFO_BYTE);

	out[0] = (uint8_t)(major << 5 | info);
	for (size_t i = 0; i < extra; i++) {
		out[extra - i] = (uint8_t)(value >> (8 * i));
	}
	return 1 + extra;
}

struct bytes cbor_map_uint(struct bytes map, uint64_t key)
{
	uint8_t encoding[9];

	return map_value(map, bytes_of(encoding, head_print(encoding, MAJOR_UINT, key)));
}

struct bytes cbor_map_text(struct bytes map, const char *key)
{
	uint8_t encoding[64];
	size_t len = strlen(key);

	ASSERT(len < sizeof encoding - 9); /* keys of profiles are words */
	size_t used = head_print(encoding, MAJOR_TEXT, len);
	memcpy(encoding + used, key, len);
	return map_value(map, bytes_of(encoding, used + len));
}

struct bytes cbor_path(struct bytes map, ...)
{
	va_list keys;
	const char *key;

	va_start(keys, map);
	while ((key = va_arg(keys, const char *)) != NULL) {
		map = cbor_map_text(map, key);
	}
	va_end(keys);
	return map;
}

bool cbor_text_is(struct bytes item, const char *text)
{
	struct bytes found;

	return cbor_text(item, &found) && bytes_is(found, text);
}

bool cbor_int(struct bytes item, int64_t *out)
{
	struct cbor_item found = cbor_take(&item);

	if (found.type != CBOR_UINT && found.type != CBOR_NEGATIVE) {
		return false;
	}
	*out = found.integer;
	return true;
}

bool cbor_text(struct bytes item, struct bytes *out)
{
	struct cbor_item found = cbor_take(&item);

	if (found.type != CBOR_TEXT) {
		return false;
	}
	*out = found.bytes;
	return true;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

void cbor_put_head(struct buf *out, unsigned major, uint64_t value)
{
	uint8_t head[9];

	buf_put(out, head, head_print(head, major, value));
}

void cbor_put_int(struct buf *out, int64_t value)
{
	if (value < 0) {
		cbor_put_head(out, MAJOR_NEGATIVE, ~(uint64_t)value); /* -1 - value, for every value */
	} else {
		cbor_put_head(out, MAJOR_UINT, (uint64_t)value);
	}
}

void cbor_put_bytes(struct buf *out, struct bytes bytes)
{
	cbor_put_head(out, MAJOR_BYTES, bytes.len);
	buf_put_bytes(out, bytes);
}

void cbor_put_text(struct buf *out, struct bytes text)
{
	cbor_put_head(out, MAJOR_TEXT, text.len);
	buf_put_bytes(out, text);
}

void cbor_put_literal(struct buf *out, const char *text)
{
	cbor_put_text(out, bytes_text(text));
}

void cbor_put_array(struct buf *out, size_t count)
{
	cbor_put_head(out, MAJOR_ARRAY, count);
}

void cbor_put_map(struct buf *out, size_t count)
{
	cbor_put_head(out, MAJOR_MAP, count);
}

void cbor_put_bool(struct buf *out, bool value)
{
	cbor_put_head(out, MAJOR_SIMPLE, value ? SIMPLE_TRUE : SIMPLE_FALSE);
}

void cbor_put_null(struct buf *out)
{
	cbor_put_head(out, MAJOR_SIMPLE, SIMPLE_NULL);
}
