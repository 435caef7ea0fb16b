/* Attachments that have come in part: DIR/attachments/HEX.part, so that the next session goes on where this one was cut. */
#ifndef WARIFU_STORE_PARTIAL_H
#define WARIFU_STORE_PARTIAL_H
#include "store/store.h"

/* Does an entry of this tally announce the attachment, and was it not erased? Only then may it be given to a party of the tally. */
enum status attachment_announced(
    struct store *store, int64_t tally, const struct id *hash, bool *announced, struct err *err);
/* Bytes that are here already; 0 when none. */
enum status partial_length(struct store *store, const struct id *hash, uint64_t *length, struct err *err);
/* Appends at `offset`, which must be the length now. ENVIRONMENT: no room, or above LIMIT_ATTACHMENT_BYTES. */
enum status partial_append(
    struct store *store, const struct id *hash, uint64_t offset, struct bytes content, struct err *err);
/* All has come: checks the hash and hands it to the store. CHECK_FAILED when the bytes are not those announced; the part is gone then. */
enum status partial_finish(struct store *store, const struct id *hash, struct err *err);
/* What has come of it is taken off the disk; fine when nothing has. */
enum status partial_remove(const struct store *store, const struct id *hash, struct err *err);
#endif
