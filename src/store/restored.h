/* A home that proves to be an older copy of itself (docs/format.md, docs/sync.md 5): another home knows later entries of its keys. */
#ifndef WARIFU_STORE_RESTORED_H
#define WARIFU_STORE_RESTORED_H
#include "store/store.h"

/* From now on, and at every opening, the home is read-only, with the way out that every copy has. */
enum status store_mark_restored(struct store *store, struct err *err);
#endif
