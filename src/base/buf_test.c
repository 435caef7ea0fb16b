#include "base/alloc.h"
#include "base/buf.h"
#include "base/tap.h"

static void writing(void)
{
	struct buf buf;

	buf_init(&buf, 1000);
	tap_is_text(buf_text(&buf), "", "a new buffer reads as an empty text");
	buf_put_text(&buf, "GB");
	buf_put_byte(&buf, '-');
	buf_printf(&buf, "%02d", 7);
	buf_put(&buf, "-0013", 5);
	buf_put_bytes(&buf, bytes_text("/I"));
	buf_put(&buf, NULL, 0);
	tap_is_text(buf_text(&buf), "GB-07-0013/I", "what is put in one after the other stands there in order");
	tap_is_int(buf.len, 12, "the end mark is not counted");
	tap_ok(bytes_is(buf_bytes(&buf), "GB-07-0013/I"), "the buffer can be looked at as bytes");
	uint8_t *memory = buf.data;
	buf_reset(&buf);
	tap_ok(buf.len == 0 && buf.data == memory, "a reset buffer is empty and keeps its memory");
	for (int i = 0; i < 200; i++) {
		buf_printf(&buf, "%d,", i % 10);
	}
	tap_ok(!buf.failed && buf.len == 400 && buf_text(&buf)[398] == '9', "a buffer grows while it may");
	buf_clear(&buf);
	tap_ok(buf.data == NULL && buf.len == 0, "a cleared buffer holds nothing");
}

static void ceilings(void)
{
	struct buf buf;

	buf_init(&buf, 10);
	buf_put_text(&buf, "0123456789");
	tap_ok(!buf.failed, "a buffer can be filled up to its ceiling");
	tap_is_text(buf_text(&buf), "0123456789", "a full buffer can still be read as a text");
	tap_ok(buf.capacity <= 11, "a buffer takes no more memory than its ceiling and an end mark");
	buf_put_byte(&buf, 'x');
	tap_ok(buf.failed && buf.len == 10, "one byte above the ceiling fails and is not written");
	buf_reset(&buf);
	tap_ok(!buf.failed, "a reset buffer has forgotten its failure");
	buf_put_text(&buf, "01234567");
	buf_put_text(&buf, "xyz");
	buf_put_text(&buf, "8");
	tap_ok(buf.failed && buf.len == 8, "after a failed write nothing more is written: no holes");
	buf_printf(&buf, "%d", 8);
	buf_put_varint(&buf, 1);
	tap_is_int(buf.len, 8, "after a failed write nothing is printed either");
	buf_reset(&buf);
	buf_printf(&buf, "%s", "0123456789");
	tap_ok(!buf.failed && buf.len == 10, "printing can fill a buffer up to its ceiling");
	buf_reset(&buf);
	buf_printf(&buf, "%s", "0123456789a");
	tap_ok(buf.failed && buf.len == 0, "printing above the ceiling fails and writes nothing");
	buf_clear(&buf);
	buf_init(&buf, 0);
	buf_put(&buf, "x", 1);
	tap_ok(buf.failed, "a buffer with ceiling 0 takes nothing");
	buf_clear(&buf);
}

static void no_memory(void)
{
	struct buf buf;

	buf_init(&buf, 1000);
	buf_put_text(&buf, "before");
	base_alloc_fail_at(1);
	for (int i = 0; i < 100; i++) {
		buf_put_byte(&buf, 'x');
	}
	tap_ok(
	    buf.failed && memcmp(buf.data, "before", 6) == 0, "without memory a write fails and what was there stays");
	buf_reset(&buf);
	base_alloc_fail_at(1);
	buf_printf(&buf, "%200d", 1);
	tap_ok(buf.failed, "without memory printing fails");
	buf_clear(&buf);
	base_alloc_fail_at(1);
	tap_is_text(buf_text(&buf), "", "without memory the text is empty, not absent");
	tap_ok(buf.failed, "and the buffer knows that it failed");
	base_alloc_fail_at(0);
	buf_clear(&buf);
}

static void varints(void)
{
	static const uint64_t values[] = { 0, 1, 127, 128, 300, 16383, 16384, UINT32_MAX, (uint64_t)1 << 63,
		UINT64_MAX };
	static const size_t lengths[] = { 1, 1, 1, 2, 2, 2, 3, 5, 10, 10 };
	bool same = true;
	struct buf buf;

	buf_init(&buf, 100);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		uint64_t value = ~values[i];
		buf_reset(&buf);
		buf_put_varint(&buf, values[i]);
		struct bytes in = buf_bytes(&buf);
		same = same && in.len == lengths[i] && varint_take(&in, &value) && value == values[i] && in.len == 0;
	}
	buf_clear(&buf);
	tap_ok(same, "a varint is written as short as can be and read back");
}

static bool refused(const char *bytes, size_t len)
{
	struct bytes in = bytes_of(bytes, len);
	uint64_t value = 77;

	return !varint_take(&in, &value) && value == 77 && in.len == len;
}

int main(void)
{
	uint64_t value;
	struct bytes in = bytes_text("\xAC\x02rest");

	writing();
	ceilings();
	no_memory();
	varints();
	tap_ok(varint_take(&in, &value) && value == 300 && bytes_is(in, "rest"), "a varint is taken off the front");
	tap_ok(refused("", 0), "a varint is not read out of nothing");
	tap_ok(refused("\x80", 1) && refused("\xFF\xFF", 2), "a varint that is cut off is refused");
	tap_ok(refused("\x80\x00", 2) && refused("\xAC\x82\x00", 3), "a varint longer than needed is refused");
	tap_ok(refused("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10), "a varint above 64 bits is refused");
	tap_ok(refused("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x81\x00", 11), "a varint of eleven bytes is refused");
	return tap_done();
}
