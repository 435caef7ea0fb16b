/* A keyring that stays with its store as long as it holds. */
#ifndef WARIFU_FOLD_KEPT_H
#define WARIFU_FOLD_KEPT_H
#include "fold/keyring.h"

/* As keyring_load without ceiling and candidate; anew: whatever is kept. Borrowed from the store until the next call, or until it is closed.
 * What is taken from its arena stays there. */
enum status keyring_borrow(struct store *store, int64_t tally, bool anew, struct keyring **out, struct err *err);
#endif
