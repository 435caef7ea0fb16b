#include "base/buf.h"
#include "base/alloc.h"
#include "base/err.h"
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *buf, size_t ceiling_bytes)
{
	*buf = (struct buf){ .ceiling = ceiling_bytes };
}

void buf_clear(struct buf *buf)
{
	base_free(buf->data);
	*buf = (struct buf){ .ceiling = buf->ceiling };
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

/* Room for `need` bytes in all. The ceiling bounds what is written; the one byte more is buf_text's final NUL. */
static bool reserve(struct buf *buf, size_t need)
{
	if (need <= buf->capacity) {
		return true;
	}
	size_t capacity = buf->capacity < 32 ? 64 : buf->capacity > SIZE_MAX / 2 ? need : buf->capacity * 2;
	if (capacity < need) {
		capacity = need;
	}
	if (capacity > buf->ceiling) {
		capacity = need > buf->ceiling ? need : buf->ceiling;
	}
	uint8_t *data = base_realloc(buf->data, capacity);
	if (data == NULL) {
		return false;
	}
	buf->data = data;
	buf->capacity = capacity;
	return true;
}

static bool may_write(struct buf *buf, size_t len)
{
	if (!buf->failed && (len > buf->ceiling - buf->len || !reserve(buf, buf->len + len))) {
		buf->failed = true;
	}
	return !buf->failed;
}

void buf_put(struct buf *buf, const void *data, size_t len)
{
	if (len != 0 && may_write(buf, len)) {
		memcpy(buf->data + buf->len, data, len);
		buf->len += len;
	}
}

void buf_put_bytes(struct buf *buf, struct bytes bytes)
{
	buf_put(buf, bytes.data, bytes.len);
}

void buf_put_byte(struct buf *buf, uint8_t byte)
{
	buf_put(buf, &byte, 1);
}

void buf_put_text(struct buf *buf, const char *text)
{
	buf_put(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list arguments, again;

	if (buf->failed) {
		return;
	}
	va_start(arguments, format);
	va_copy(again, arguments);
	int len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	/* vsnprintf writes a NUL too: room for it is made outside the ceiling, and it is not part of the content. */
	if (len < 0 || (size_t)len > buf->ceiling - buf->len || !reserve(buf, buf->len + (size_t)len + 1)) {
		buf->failed = true;
	} else {
		vsnprintf((char *)buf->data + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}

void buf_put_varint(struct buf *buf, uint64_t value)
{
	uint8_t bytes[10];
	size_t len = 0;

	for (; value >= 0x80; value >>= 7) {
		bytes[len++] = (uint8_t)(value | 0x80);
	}
	bytes[len++] = (uint8_t)value;
	buf_put(buf, bytes, len);
}

const char *buf_text(struct buf *buf)
{
	if (!reserve(buf, buf->len + 1)) {
		buf->failed = true;
		return "";
	}
	buf->data[buf->len] = '\0';
	return (const char *)buf->data;
}

bool varint_take(struct bytes *in, uint64_t *value)
{
	uint64_t result = 0;

	for (size_t i = 0; i < in->len && i < 10; i++) {
		uint8_t byte = in->data[i];
		if ((i == 9 && byte > 1) || (i > 0 && byte == 0)) {
			return false; /* above 64 bits, or longer than needed */
		}
		result |= (uint64_t)(byte & 0x7F) << (7 * i);
		if (byte < 0x80) {
			*in = bytes_of(in->data + i + 1, in->len - i - 1);
			*value = result;
			return true;
		}
	}
	return false;
}
