/* Sealing for carriage by hand: content to the sealing keys of several homes (docs/sync.md 8). Outside stand only the ids of those keys and the
 * length. Who wrote it is not said by the seal; the content says so, signed. */
#ifndef WARIFU_STORE_SEAL_H
#define WARIFU_STORE_SEAL_H
#include "base/buf.h"
#include "base/err.h"
#include "store/keyfile.h"

#define SEAL_RECIPIENTS 255

/* Appends the sealed form of content. keys: X25519 public keys, 1 to 255. ENVIRONMENT: no memory, or a key that is none. */
enum status seal_write(const struct id *keys, unsigned count, struct bytes content, struct buf *out, struct err *err);
bool seal_is(struct bytes in);
/* Appends the content. REFUSED: sealed to other homes; BAD_INPUT: cut or altered. Content is at most as long as `in`. */
enum status seal_open(struct bytes in, const struct secrets *secrets, struct buf *out, struct err *err);
#endif
