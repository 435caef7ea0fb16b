/* Which log's past reaches how far into which other log. A row (a, b, seq_a, seq_b) says: log a, from its entry seq_a on, has log b up to
 * seq_b in its past by an entry that names one of b. The past of any entry is then found by walking logs, not entries (format 4): its cost
 * is the number of logs, whatever the length of the history. Rows of one (a, b) rise in both columns (invariant L1). */
#ifndef WARIFU_STORE_LINK_H
#define WARIFU_STORE_LINK_H
#include "store/store.h"

/* The entry at (a, seq_a) names the entry at (b, seq_b). Does nothing when the row adds nothing. */
enum status store_link_add(struct store *store, int64_t a, uint64_t seq_a, int64_t b, uint64_t seq_b, struct err *err);
/* The links of a new entry: to what it names that is here, and, when it begins its log, to the grant that makes its key known. An entry
 * that opens a thread is counted in its log. */
enum status store_link_entry(
    struct store *store, const struct log_row *log, const struct entry *entry, unsigned named_count, struct err *err);
/* Which of a log's entries that open threads is the one at seq: from 1. */
enum status store_opened_ordinal(struct store *store, int64_t log, uint64_t seq, int64_t *ordinal, struct err *err);
/* The past of the entry at (a, seq_a) has grown after it was stored, and with it the past of all that follow it or name it or what
 * follows it. Noted only: once a frame, before the threads to be folded are listed or the transaction ends, links_settle touches their
 * threads, for a verdict given on a past with a hole in it may be another now. */
enum status store_link_grown(struct store *store, int64_t a, uint64_t seq_a, struct err *err);
enum status links_settle(struct store *store, struct err *err);
/* For each b that log a links to from entries up to seq_a: the highest seq_b. The callback adds no links. */
enum status store_link_each(struct store *store, int64_t a, uint64_t seq_a,
    enum status (*each)(void *context, int64_t b, uint64_t seq_b, struct err *err), void *context, struct err *err);
/* Between the two a reader sees one state of the store, and keeps what it has read of it; many: much of it, for a look at many threads.
 * They nest. The end takes the outcome of what was done in between, and returns it or what went wrong at the end. */
enum status store_still_begin(struct store *store, bool many, struct err *err);
enum status store_still_end(struct store *store, enum status status, struct err *err);
/* First seq of log a whose entry, or one before it, names log b at seq_b or later; UINT64_MAX: none does. */
enum status store_link_first(
    struct store *store, int64_t a, int64_t b, uint64_t seq_b, uint64_t *first, struct err *err);
#endif
