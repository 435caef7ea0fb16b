/* thread -> verdicts -> state -> rows; standing of keys; digest; rebuild (docs/format.md 4 to 9). Everything here is computed from
 * accepted entries alone and can be thrown away and made again. */
#ifndef WARIFU_FOLD_FOLD_H
#define WARIFU_FOLD_FOLD_H
#include "core/facts.h"
#include "store/store.h"

/* Brings verdicts, rows, numbers and leaves of a tally up to date with its entries: to be called inside the transaction that stored
 * them. Folds each touched thread once. */
enum status fold_update(struct store *store, int64_t tally, struct err *err);
/* Throws away all that is computed and makes it anew, in one transaction; progress may be NULL. */
enum status fold_rebuild(struct store *store, int64_t tally, void (*progress)(void *, int64_t done, int64_t all),
    void *context, struct err *err);

/* One thread folded in memory, for looking and for judging a new move. candidate: NULL, or an entry not yet stored that is judged as
 * if it were the last of its log; it is then the last of fold->moves. */
struct candidate {
	struct place place;
	struct body body;
};
enum status fold_thread(struct store *store, int64_t tally, const struct id *thread, const struct candidate *candidate,
    struct arena *arena, struct fold **out, struct err *err);
/* Every thread of a domain, folded from the entries stated before until_ms alone (0: from all); what names one that is left out waits.
 * Keys stand as they stand now. The fold lives during the call. */
enum status fold_each(struct store *store, int64_t tally, const char *domain, int64_t until_ms, thread_fact_fn *each,
    void *context, struct err *err);
/* Every entry stated before until_ms, with what its log, its key and the acknowledgements say of it; verify: chain and signature are
 * checked anew, else taken as good. */
enum status facts_each(struct store *store, int64_t tally, int64_t until_ms, bool verify, entry_fact_fn *each,
    void *context, struct err *err);
/* What an entry would be if it were stored now: looked at before anything is signed. */
struct judgement {
	enum verdict verdict;
	char rule[8];
	char reason[512], source[80]; /* of a void one: for people */
	struct wording said;          /* the same reason, apart from its language */
	const struct state *state;    /* of its part afterwards; NULL for notes and kernel entries */
	int pen_party;                /* who holds the pen then; -1: nobody */
	struct id part;
};
enum status fold_judge(struct store *store, int64_t tally, const struct candidate *candidate, struct arena *arena,
    struct judgement *out, struct err *err);
/* State of a part of a folded thread: derived, else after its one head; NULL when none or several heads. */
const struct state *fold_part_state(const struct fold *fold, const struct part *part);
/* For people: why a move of a folded thread is void, and where that rule stands. */
const char *fold_reason(const struct move *move);
const char *fold_source(const struct move *move);

/* The tally as its opening and amendments make it. */
enum status tally_view_load(
    struct store *store, int64_t tally, struct arena *arena, struct tally_view *view, struct err *err);
enum status tally_profile(struct store *store, int64_t tally, int64_t on_day, struct arena *arena,
    struct bytes *profile, struct id *hash, struct err *err);
bool tally_is_open(struct store *store, int64_t tally, struct err *err); /* every root has accepted */

/* A key's grant as it stands. */
struct key_view {
	struct log_row log;
	bool has_log;
	struct id key, grant;
	enum key_class key_class;
	struct signer signer;
	struct bytes label;
	int64_t until_ms;
	int64_t range_first, range_last;
	bool counts;
	bool revoked;
	int64_t last_good, revoked_ms; /* revoked_ms: stated time of the first revocation */
	bool forked;
	struct bytes tls, sealing;
};
/* Desks, homes and roots of a tally; borrowed from the arena. */
enum status tally_keys(
    struct store *store, int64_t tally, struct arena *arena, struct key_view **keys, unsigned *count, struct err *err);

struct vector_item {
	struct id key, branch;
	uint64_t seq;
	struct id head;
	int64_t log;
};
struct vector {
	struct vector_item *items;
	unsigned count;
}; /* by key, branch */
enum status vector_now(struct store *store, int64_t tally, struct arena *arena, struct vector *out, struct err *err);
enum status digest_now(struct store *store, int64_t tally, struct id *out, struct err *err);
/* As if no entry beyond the vector were here. Only the heads of its items are looked at; a head unknown here: NOT_FOUND. */
enum status digest_at(struct store *store, int64_t tally, const struct vector *asked, struct id *out, struct err *err);
/* Does nothing at or below the vector name, or have in its past, anything beyond it? Where something does, a half that never had more sees
 * a hole there that this one does not, and digests at that vector say nothing. A head unknown here: NOT_FOUND. */
enum status vector_is_closed(
    struct store *store, int64_t tally, const struct vector *vector, bool *closed, struct err *err);
/* Node of the tree for walking to the first difference: prefix of 0..3 hex digits. */
enum status digest_node(
    struct store *store, int64_t tally, unsigned prefix, unsigned digits, struct id *out, struct err *err);
/* refs and digest of the acknowledgement that the home key should write now; *due false when nothing calls for one (format 6). */
#define ACKNOWLEDGED_LOGS 1024 /* heads one acknowledgement names; the rest waits for the next */
struct acknowledgement {
	struct id *refs;
	unsigned ref_count;
	struct id digest;
	bool due;
};
enum status acknowledgement_make(struct store *store, int64_t tally, const struct id *home_key, unsigned own_party,
    struct arena *arena, struct acknowledgement *out, struct err *err);
/* Newest acknowledgement entry of a home key: what goes into `seen`. NOT_FOUND when none. */
enum status acknowledgement_last(
    struct store *store, int64_t tally, const struct id *home_key, struct id *out, struct err *err);
#endif
