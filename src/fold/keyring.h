/* Who may speak: grants, revocations, forks and successors of one tally, worked out from its kernel entries (format 3 and 5). Small:
 * kernel entries are few, so it is made anew whenever it is needed; for the work of every day kept.h keeps one. */
#ifndef WARIFU_FOLD_KEYRING_H
#define WARIFU_FOLD_KEYRING_H
#include "base/limits.h"
#include "core/kernel.h"
#include "fold/fold.h"
#include "fold/index.h"
#include "fold/past.h"

#define NO_LIMIT UINT64_MAX
#define CANDIDATE_ROW INT64_MAX /* row of an entry that is judged before it is stored */
#define CANDIDATE_LOG INT64_MAX /* log row of a key that has not written yet */

struct ring_entry {
	int64_t row, log_row;
	unsigned log; /* number in ring->logs */
	uint64_t seq;
	struct id id;
	struct body body;
	const struct kind *kind; /* NULL: unknown to this program */
	enum verdict verdict, stored_verdict;
	char rule[8], stored_rule[8];
	bool formed; /* its own form and class are right, whatever its key's standing */
};

struct ring_log {
	struct log_row row;
	struct ring_entry *grant; /* NULL: named by the opening */
	bool counts;              /* the grant is valid */
	uint64_t limit;           /* NO_LIMIT: none */
	uint64_t forked_seq;      /* NO_LIMIT: none */
	uint64_t fork_saved;      /* highest seq of a forked log that another party names without knowing of the fork */
	bool judged;
	bool replaced;         /* a root with a successor: its limit is said entry by entry, and `limit` is none */
	unsigned grants_above; /* between it and a root */
	struct id name;        /* of the branch, the same at every home; zero for a log that has none (format 5.3) */
	uint64_t stem_seq;     /* of a branch: the last seq that all branches share */
	bool ended; /* at a ceiling: nothing of it lies beyond the place where a branch left, which it is there */
	struct signer signer; /* desks */
	int64_t until_ms;     /* INT64_MAX: none */
};

struct keyring {
	struct arena *arena;
	struct store *store;
	int64_t tally;
	struct tally_view view;
	struct ring_log *logs;
	unsigned log_count;
	struct ring_entry *entries;
	unsigned entry_count; /* storing order */
	struct index by_id;   /* kernel entries */
	struct past past;
	struct bytes profile; /* of the opening */
	struct id profile_hash;
	int64_t national_rules;
	struct index
	    *verdicts; /* at a ceiling: of entries that are void there and not now, or now and not there; else NULL */
	int64_t until_ms; /* threads are folded without entries stated at or after it; 0: with all */
};

/* ceiling: NULL, or a vector beyond which nothing counts. candidate: NULL, or a kernel entry not stored, judged as the last one. */
enum status keyring_load(struct store *store, int64_t tally, const struct vector *ceiling,
    const struct candidate *candidate, struct arena *arena, struct keyring **out, struct err *err);
/* The logs alone, with their names and nothing judged: what a vector needs, at a small part of the price. */
enum status keyring_logs(
    struct store *store, int64_t tally, struct arena *arena, struct keyring **out, struct err *err);
struct ring_log *keyring_log(const struct keyring *ring, int64_t log_row); /* NULL when absent */
/* Has some log a limit or a fork? Then a new entry of any thread that names one of its entries may change what stands. */
bool keyring_is_limited(const struct keyring *ring);
/* Rules K2 to K5 for an entry at this place: NULL when it stands, else the rule. */
const char *keyring_standing(const struct ring_log *log, uint64_t seq, int64_t stated_ms);
/* Profile with this hash, when every root has a valid tally.amended for it with one day, and one of those entries carries it: looked for in
 * all that is here, or in a past (reach: one position per log). Which of several entries of a root came first does not matter. Empty when none. */
struct bytes keyring_amended(const struct keyring *ring, const struct id *hash, const uint64_t *reach);
bool keyring_is_amended(const struct keyring *ring, const struct id *hash); /* does any tally.amended name this hash? */
/* Names of branches: a home that met the branches in another order keeps another one in the log itself. */
enum status keyring_name_branches(struct keyring *ring, struct err *err);
/* Fills signer and until of a grant body. */
void grant_signer(const struct body *grant, unsigned party, struct signer *signer, int64_t *until_ms);
#endif
