/* The inside of bundles: a session without the other side. The parts that send and receive frames are those of sessions. */
#ifndef WARIFU_SYNC_BUNDLE_H
#define WARIFU_SYNC_BUNDLE_H
#include "sync/session.h"

#define BUNDLE_PLAIN_MAGIC "WARIFUB1"
#define BUNDLE_MAGIC_BYTES 8

/* Fills of a struct sync what frames need: store, tally, own vector, memory. */
enum status bundle_sync_init(struct sync *sync, struct store *store, int64_t tally, const struct id *home_key,
    const struct secrets *secrets, int64_t now_ms, struct err *err);
void bundle_sync_clear(struct sync *sync);
/* What the writer signs: the array of docs/sync.md 8, close. */
void bundle_signed_bytes(const struct id *tally, struct bytes content, struct buf *out);
#endif
