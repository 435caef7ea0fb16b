/* What a home knows of a tally beyond the rows of domains: for audits. Given by the layers below, looked at by domains. */
#ifndef WARIFU_CORE_FACTS_H
#define WARIFU_CORE_FACTS_H
#include "core/domain.h"

#define FACT_NEVER INT64_MAX

/* A thread folded as of a time. */
struct thread_fact {
	int64_t row;
	const char *number;
	bool left_out; /* some entries are stated later */
	bool differs;  /* none is, and the state is not the one that is stored */
};
typedef enum status thread_fact_fn(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err);

/* One entry at its place. Log by log, in order. */
struct entry_fact {
	struct id id, key;
	struct bytes kind, number; /* number: of its thread; empty for kernel entries. Borrowed during the call */
	unsigned party;
	int64_t log; /* the same for entries of one log */
	uint64_t seq;
	int64_t thread; /* row; 0: a kernel entry; -1: an acknowledgement */
	int64_t stated_ms, stored_ms;
	int64_t before_ms; /* stated time of the entry before it in its log; -1: none */
	int64_t
	    covered_ms; /* stated time of the first acknowledgement of another party that covers it; FACT_NEVER: none */
	int64_t grant_ends_ms; /* from when on its key's grant does not stand: its end, a revocation; FACT_NEVER */
	enum verdict verdict;  /* as stored */
	char rule[8];
	bool signature_good, chain_good;
	bool beyond_good; /* its seq is beyond the last good one of a revocation of its key */
	bool branches;    /* it begins a branch: another entry of its key has its seq */
};
typedef enum status entry_fact_fn(void *context, const struct entry_fact *fact, struct err *err);
#endif
