/* SHA-256 in pieces, for wire and the layers above it. */
#ifndef WARIFU_WIRE_HASH_H
#define WARIFU_WIRE_HASH_H
#include "base/bytes.h"

/* SHA-256 of pieces one after another, as if they were one. */
struct id sha256_pieces(const struct bytes *pieces, size_t count);
#endif
