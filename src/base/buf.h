/* A growing buffer born with a ceiling. After a failed write `failed` stays true and further writes do nothing, so a
 * writer checks once at its end. */
#ifndef WARIFU_BASE_BUF_H
#define WARIFU_BASE_BUF_H
#include "base/bytes.h"
#include <stdarg.h>

struct buf {
	uint8_t *data;
	size_t len, capacity, ceiling;
	bool failed;
};

void buf_init(struct buf *buf, size_t ceiling_bytes);
void buf_clear(struct buf *buf); /* frees; usable after a new buf_init */
void buf_reset(struct buf *buf); /* empties, keeps memory, clears failed */
void buf_put(struct buf *buf, const void *data, size_t len);
void buf_put_bytes(struct buf *buf, struct bytes bytes);
void buf_put_byte(struct buf *buf, uint8_t byte);
void buf_put_text(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_put_varint(struct buf *buf, uint64_t value); /* LEB128, shortest */
static inline struct bytes buf_bytes(const struct buf *buf)
{
	return (struct bytes){ buf->data, buf->len };
}
const char *buf_text(struct buf *buf);               /* NUL-terminated view, valid until the next write */
bool varint_take(struct bytes *in, uint64_t *value); /* advances in; false on cut or non-shortest */
#endif
