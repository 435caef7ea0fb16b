/* Any bytes: the gate gives an answer, and what passes it can be walked whole, and is written back to the same bytes. */
#include "base/cbor.h"
#include "base/err.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void item_copy(struct bytes *at, struct buf *out)
{
	struct cbor_item item = cbor_take(at);

	switch (item.type) {
	case CBOR_UINT:
	case CBOR_NEGATIVE: cbor_put_int(out, item.integer); break;
	case CBOR_BYTES: cbor_put_bytes(out, item.bytes); break;
	case CBOR_TEXT: cbor_put_text(out, item.bytes); break;
	case CBOR_ARRAY: cbor_put_array(out, item.count); break;
	case CBOR_MAP: cbor_put_map(out, item.count); break;
	case CBOR_BOOL: cbor_put_bool(out, item.integer != 0); break;
	case CBOR_NULL: cbor_put_null(out); break;
	case CBOR_NONE: ASSERT(item.type != CBOR_NONE); break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size), at = in;
	bool good = cbor_check(in, LIMIT_BODY_BYTES) == NULL;
	struct bytes whole = cbor_skip(&at);
	struct buf out;

	ASSERT(!good || bytes_equal(whole, in));
	ASSERT(at.data >= data && at.data + at.len <= data + size);
	(void)cbor_map_text(in, "value");
	(void)cbor_map_uint(in, 8);
	if (good) {
		buf_init(&out, 2 * size + 16);
		for (at = in; at.len > 0;) {
			item_copy(&at, &out);
		}
		ASSERT(bytes_equal(buf_bytes(&out), in));
		buf_clear(&out);
	}
	return 0;
}
