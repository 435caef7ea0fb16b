/* The past of an entry as one position per log (format 4). */
#ifndef WARIFU_FOLD_PAST_H
#define WARIFU_FOLD_PAST_H
#include "store/store.h"

/* Logs of a tally under small numbers. */
struct past {
	struct store *store;
	const int64_t *logs; /* ascending */
	unsigned count;
	const int64_t *parents;
	const uint64_t *first_seqs; /* of branches; parents[i] is a log row or 0 */
	const uint64_t *ceilings;   /* what lies beyond is as if it were not here; NULL: nothing does */
	uint64_t *done,
	    *asked; /* room for one question, `count` positions each: questions are many, and memory is not */
};

/* reach: `count` positions, raised to the closure of what they already are. */
enum status past_close(const struct past *past, uint64_t *reach, struct err *err);
/* Number of a log row, or count. */
unsigned past_log(const struct past *past, int64_t log);
/* Has the past of the entry at (log, seq) the entry at (other, other_seq)? */
enum status past_holds(const struct past *past, int64_t log, uint64_t seq, int64_t other, uint64_t other_seq,
    bool *holds, struct err *err);
#endif
