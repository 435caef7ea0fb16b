#include "fold/past.h"
#include "store/link.h"
#include <string.h>

struct closing {
	const struct past *past;
	uint64_t *reach;
	bool grew;
};

unsigned past_log(const struct past *past, int64_t log)
{
	unsigned low = 0, high = past->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (past->logs[middle] < log)
			low = middle + 1;
		else
			high = middle;
	}
	return low < past->count && past->logs[low] == log ? low : past->count;
}

static void raise_to(struct closing *closing, unsigned log, uint64_t seq)
{
	if (closing->past->ceilings && seq > closing->past->ceilings[log])
		seq = closing->past->ceilings[log];
	if (seq > closing->reach[log]) {
		closing->reach[log] = seq;
		closing->grew = true;
	}
}

static enum status follow(void *context, int64_t b, uint64_t seq_b, struct err *err)
{
	struct closing *closing = context;
	unsigned log = past_log(closing->past, b);

	(void)err;
	if (log < closing->past->count)
		raise_to(closing, log, seq_b);
	return OK;
}

enum status past_close(const struct past *past, uint64_t *reach, struct err *err)
{
	struct closing closing = { past, reach, true };
	uint64_t *done = past->done;

	memset(done, 0, past->count * sizeof *done);
	/* Each round follows only logs that grew; a log's reach can grow at most once per link row, and in practice a handful of
	 * times, because acknowledgements carry whole vectors. */
	while (closing.grew) {
		closing.grew = false;
		for (unsigned i = 0; i < past->count; i++) {
			if (reach[i] <= done[i])
				continue;
			done[i] = reach[i];
			if (past->parents[i]) {
				unsigned parent = past_log(past, past->parents[i]);
				if (parent < past->count && reach[i] >= past->first_seqs[i])
					raise_to(&closing, parent, past->first_seqs[i] - 1);
			}
			enum status status =
			    store_link_each(past->store, past->logs[i], reach[i], follow, &closing, err);
			if (status != OK)
				return status;
		}
	}
	return OK;
}

enum status past_holds(
    const struct past *past, int64_t log, uint64_t seq, int64_t other, uint64_t other_seq, bool *holds, struct err *err)
{
	unsigned from = past_log(past, log), to = past_log(past, other);
	uint64_t *reach = past->asked;

	*holds = false;
	if (from == past->count || to == past->count)
		return OK;
	if (from == to) {
		*holds = other_seq <= seq;
		return OK;
	}
	memset(reach, 0, past->count * sizeof *reach);
	reach[from] = seq;
	enum status status = past_close(past, reach, err);
	*holds = status == OK && reach[to] >= other_seq;
	return status;
}
