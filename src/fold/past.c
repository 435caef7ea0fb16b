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

struct knowing {
	const struct past *past;
	uint64_t *first;
	unsigned log; /* the one that is looked at */
	bool moved;
};

static void lower_to(struct knowing *knowing, uint64_t seq)
{
	const struct past *past = knowing->past;
	bool here = !past->ceilings || seq <= past->ceilings[knowing->log];

	if (here && seq < knowing->first[knowing->log]) {
		knowing->first[knowing->log] = seq;
		knowing->moved = true;
	}
}

static enum status learn(void *context, int64_t b, uint64_t seq_b, struct err *err)
{
	struct knowing *knowing = context;
	const struct past *past = knowing->past;
	unsigned log = past_log(past, b);
	uint64_t first = UINT64_MAX;

	if (log == past->count || seq_b < knowing->first[log])
		return OK;
	enum status status =
	    store_link_first(past->store, past->logs[knowing->log], b, knowing->first[log], &first, err);
	if (status == OK)
		lower_to(knowing, first);
	return status;
}

/* One step further from those that know: what each other log was told of, by its parent or by a name. */
static enum status learn_further(struct knowing *knowing, unsigned from, struct err *err)
{
	const struct past *past = knowing->past;
	enum status status = OK;

	for (unsigned i = 0; i < past->count && status == OK; i++) {
		uint64_t upto = past->ceilings && past->ceilings[i] < INT64_MAX ? past->ceilings[i] : INT64_MAX;
		unsigned parent = past->parents[i] ? past_log(past, past->parents[i]) : past->count;
		knowing->log = i;
		if (i == from)
			continue;
		if (parent < past->count && knowing->first[parent] < past->first_seqs[i])
			lower_to(knowing, past->first_seqs[i]);
		status = store_link_each(past->store, past->logs[i], upto, learn, knowing, err);
	}
	return status;
}

enum status past_knowing(const struct past *past, int64_t log, uint64_t seq, uint64_t *first, struct err *err)
{
	struct knowing knowing = { past, first, past_log(past, log), false };
	unsigned from = knowing.log;
	enum status status = OK;

	for (unsigned i = 0; i < past->count; i++)
		first[i] = UINT64_MAX;
	if (from == past->count)
		return OK;
	lower_to(&knowing, seq);
	/* A step follows a name, so there are no more rounds than logs. */
	while (knowing.moved && status == OK) {
		knowing.moved = false;
		status = learn_further(&knowing, from, err);
	}
	return status;
}
