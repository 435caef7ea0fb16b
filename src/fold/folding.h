/* The inside of one thread's fold, shared by thread.c (loading, order), judge.c (verdicts), rivals.c (what stands) and state.c. */
#ifndef WARIFU_FOLD_FOLDING_H
#define WARIFU_FOLD_FOLDING_H
#include "fold/keyring.h"

#define PART_TYPES 8     /* part types of one domain */
#define REACHES_KEPT 256 /* pasts kept at a time: each is one position for every log of the tally */

struct follower {
	struct move *move;
	struct follower *next;
};

/* The kernel's own of a move: move->kernel. */
struct kernel_move {
	int64_t row; /* entry row; CANDIDATE_ROW */
	struct ring_log *log;
	uint64_t seq;
	struct move *before; /* previous move of this thread in the same log */
	struct move *behind; /* next one, in storing order */
	uint64_t *near;      /* as much of its past as names inside this thread tell; NULL in a huge thread */
	struct move *opener; /* of its part */
	struct move
	    *restates;   /* a `restated`: the entry that it names; where that is in another thread, a copy of it */
	struct body own; /* as signed; move->body differs for a `restated` */
	enum verdict stored_verdict;
	char stored_rule[8];
	bool has_missing;     /* names something that is not here */
	bool elsewhere_waits; /* names an entry of another thread that waits */
	bool judged, stacked;
	bool opens, resolved, restated, pending; /* opens: it names no part, and is no note */
	bool begins;                             /* and has the form of what opens a thread or a part */
	bool yields;                             /* overtaken by a standing move, or as one (format 7, step 2) */
	unsigned parts_opened, notes_made;       /* of the desk in this thread up to and with this entry */
	unsigned of_type[PART_TYPES];            /* parts it opened, by type */
	unsigned type_ordinal;                   /* of the part that this one opens, among those of its type */
	const struct transition *transition;
	uint64_t *reach; /* its past, one position per log of the ring; made when asked for, and let go again */
	struct follower *followers;  /* moves that answer it */
	struct follower *namers;     /* moves that have it in refs */
	const char *reason, *source; /* of a void one: for people, never hashed; NULL */
	const struct wording *said;  /* the reason apart from its language; NULL: it has no values */
};

struct folding {
	struct fold fold;
	struct keyring *ring;
	const struct domain *domain; /* NULL while the opening is missing or of an unknown domain */
	int64_t rule_set;
	struct index by_id; /* id -> number in `all` */
	struct move **all;
	unsigned all_count, all_capacity; /* storing order */
	const struct candidate *candidate;
	struct move *candidate_move;
	const struct vector *ceiling;
	int64_t thread_row;
	struct kernel_move *reaches[REACHES_KEPT]; /* those whose `reach` is here */
	unsigned reach_next;
	bool left_out; /* entries stated later than the time it is looked at */
	bool out_of_memory;
};

static inline struct kernel_move *kernel_of(const struct move *move)
{
	return move->kernel;
}
struct move *folding_find(const struct folding *folding, const struct id *id);
/* Does a `restated` name what it may (K16)? */
bool restates_well(const struct move *move);
/* Gives every move its verdict, in causal order, and fills fold.moves and fold.parts. */
enum status judge_all(struct folding *folding, struct err *err);
/* Settles restated, standing moves and rivals; fills heads. */
enum status rivals_settle(struct folding *folding, struct err *err);
/* Step 2 of that: standing moves and concurrent moves of the other party. */
enum status standing_settle(struct folding *folding, struct err *err);
/* Encoded state (format 8). */
void state_print(const struct folding *folding, struct buf *out);
/* State of a part for people and for the encoding: derived, else that after its one head; NULL when it has none or several heads. */
const struct state *part_state(const struct folding *folding, const struct part *part);
/* Loads and folds one thread with a ring at hand. */
enum status folding_run(struct keyring *ring, const struct id *thread, const struct vector *ceiling,
    const struct candidate *candidate, struct arena *arena, struct folding **out, struct err *err);
#endif
