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
	uint64_t *done, *first,
	    *least; /* room for one question, `count` positions each: questions are many, and memory is not */
};

/* reach: `count` positions, raised to the closure of what they already are. */
enum status past_close(const struct past *past, uint64_t *reach, struct err *err);
/* Number of a log row, or count. */
unsigned past_log(const struct past *past, int64_t log);
/* first: `count` positions, filled with the first seq of each log whose entry has the one at (log, seq) in its past; UINT64_MAX: none has.
 * One walk over the logs, whatever their number of entries: pasts only grow along a log. */
enum status past_knowing(const struct past *past, int64_t log, uint64_t seq, uint64_t *first, struct err *err);
#endif
