/* CBOR, the narrow form of docs/format.md section 1. cbor_check() is the gate: strict, one pass, no recursion. After it the
 * readers below may trust shape and lengths; they still never read past `end`. */
#ifndef WARIFU_BASE_CBOR_H
#define WARIFU_BASE_CBOR_H
#include "base/buf.h"
#include "base/bytes.h"

/* NULL when `in` is exactly one allowed item of at most max_bytes; else the static name of the reason. */
const char *cbor_check(struct bytes in, size_t max_bytes);

enum cbor_type {
	CBOR_NONE,
	CBOR_UINT,
	CBOR_NEGATIVE,
	CBOR_BYTES,
	CBOR_TEXT,
	CBOR_ARRAY,
	CBOR_MAP,
	CBOR_BOOL,
	CBOR_NULL
};
struct cbor_item {
	enum cbor_type type;
	int64_t integer;    /* UINT, NEGATIVE, BOOL (0, 1) */
	struct bytes bytes; /* BYTES, TEXT */
	size_t count;       /* ARRAY: items; MAP: pairs */
};
/* Takes the next item's head (and its bytes, when BYTES or TEXT) from *at. CBOR_NONE at the end. */
struct cbor_item cbor_take(struct bytes *at);
struct bytes cbor_skip(struct bytes *at); /* takes one whole item, nested or not; returns its bytes */
/* Value of a key in a map item given as bytes; empty bytes when absent. */
struct bytes cbor_map_text(struct bytes map, const char *key);
struct bytes cbor_map_uint(struct bytes map, uint64_t key);
/* Walks text keys ("clocks", "bill_days", "value"), NULL-terminated list; empty when absent. */
struct bytes cbor_path(struct bytes map, ...) __attribute__((sentinel));
bool cbor_text_is(struct bytes item, const char *text);
bool cbor_int(struct bytes item, int64_t *out);
bool cbor_text(struct bytes item, struct bytes *out);

void cbor_put_head(struct buf *out, unsigned major, uint64_t value);
void cbor_put_int(struct buf *out, int64_t value);
void cbor_put_bytes(struct buf *out, struct bytes bytes);
void cbor_put_text(struct buf *out, struct bytes text);
void cbor_put_literal(struct buf *out, const char *text);
void cbor_put_array(struct buf *out, size_t count);
void cbor_put_map(struct buf *out, size_t count);
void cbor_put_bool(struct buf *out, bool value);
void cbor_put_null(struct buf *out);
#endif
