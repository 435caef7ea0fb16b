/* Which logs stand, up to where, and the verdicts of kernel entries (format 5). */
#ifndef WARIFU_FOLD_STANDING_H
#define WARIFU_FOLD_STANDING_H
#include "fold/keyring.h"

/* Fills limits, forks, signers and verdicts of a loaded ring. */
enum status standing_judge(struct keyring *ring, struct err *err);
/* Adds the log of a key that has not written yet, as the opening or a grant makes it known. NOT_FOUND: it is not known. */
enum status standing_new_log(struct keyring *ring, const struct candidate *candidate, struct err *err);
/* Highest seq of `log` that a party other than the log's names in an entry whose past holds none of the `count` entries in `knowing`. */
enum status standing_saved(struct keyring *ring, const struct ring_log *log, struct ring_entry *const *knowing,
    unsigned count, uint64_t *saved, struct err *err);
/* The grant of an entry's log and the grants above: does the registrar's log `above` stand over `log`? */
bool standing_above(const struct keyring *ring, const struct ring_log *log, const struct ring_log *above);
/* NULL when a grant or revocation is within its signer's authority. */
const char *authority_check(struct keyring *ring, const struct ring_entry *entry);
#endif
