/* What a store keeps in memory. Private to src/store. Everything here is a copy of rows, or a change to rows that cache_flush writes at
 * the commit; cache_reload throws it away and reads anew. A reader keeps ids only: they never change their place.
 *
 * Invariants:
 *  C1 a log item is dirty exactly when its row on disk differs; all logs of one key are here or none is.
 *  C2 a writer's list of touched threads is complete; the column says what was touched at the last commit.
 *  C3 the filter has the bit of every id in `missing`; it may have others.
 *  C4 an id slot holds an entry that is stored. */
#ifndef WARIFU_STORE_CACHE_H
#define WARIFU_STORE_CACHE_H
#include "base/limits.h"
#include "store/store.h"

#define ID_SLOTS 16384 /* recently seen ids: more than one frame brings */
#define THREAD_SLOTS 4096
#define FILTER_BITS 262144 /* one bit per id that is missed: 32 KiB serves some ten thousand of them */
#define LOG_SLOTS 512
#define ROWS_SLOTS 64
#define DOMAINS_KEPT 16
#define LOGS_KEPT 8192 /* above this, all are let go after a commit */
#define BUCKET_WORDS (BUCKETS / 64)
#define NAMED_MAX (1024 + 1024 + 3) /* answers, refs, seen, thread, part: the most that a body's form allows */

#define THREAD_KERNEL 0 /* of column entry.thread */
#define THREAD_ACKNOWLEDGEMENT (-1)

struct id_slot {
	struct id id;
	int64_t tally, row, log, thread;
	uint64_t seq;
};
struct thread_slot {
	struct id id;
	int64_t tally, row;
	int64_t entries; /* -1: not counted */
};
struct log_item {
	struct log_item *next_by_key, *next_by_row;
	struct log_row log;
	int64_t waiting; /* rows of its entries in missing; of a home's log those of acknowledgements too */
	uint64_t grown;  /* first seq whose past has grown since links_settle; 0: none */
	bool dirty;
};
struct touched_item {
	int64_t thread, tally;
	bool on, stored;
};
struct touched {
	struct touched_item *items;
	size_t capacity, count;
};
/* By party (bounds.c). */
struct kept {
	bool counted;
	int64_t logs[LIMIT_PARTIES], kernel[LIMIT_PARTIES], waiting[LIMIT_PARTIES];
};
struct tally_item {
	struct tally_row tally;
	int64_t thread; /* of the kernel's entries */
	unsigned kernel_touched, kernel_touched_stored;
	uint64_t stale[BUCKET_WORDS], stale_stored[BUCKET_WORDS];
	struct kept kept;
};
struct rows_text;
struct named {
	const uint8_t *id;
	bool here;
	int64_t row, thread, log;
	uint64_t seq;
};
#define LINK_SLOTS 2048
#define LINK_ROWS 512 /* of one pair: what is named while some hundred orders run; 16 MiB if every slot has its rows */
#define LINK_LOGS 512
struct link_row {
	uint64_t seq_a, seq_b;
};
/* Rows of (a, b) that follow one another in the table: from the first of all, to the last of all, or in between. */
struct link_slot {
	int64_t a, b;                /* a 0: empty */
	struct link_row last, *rows; /* LINK_ROWS of them, or NULL */
	unsigned count;
	bool last_known, from_first, to_last;
};
struct link_targets {
	int64_t a; /* 0: empty */
	int64_t *logs;
	unsigned count, capacity;
};

struct store_cache {
	struct id_slot ids[ID_SLOTS];
	struct thread_slot threads[THREAD_SLOTS];
	uint64_t filter[FILTER_BITS / 64];
	int64_t missing_count;
	struct link_slot links[LINK_SLOTS];
	struct link_targets targets[LINK_LOGS];
	struct log_item *logs_by_key[LOG_SLOTS], *logs_by_row[LOG_SLOTS];
	unsigned log_count;
	struct touched touched;
	struct tally_item *tallies;
	size_t tally_count;
	struct named named[NAMED_MAX];
	struct rows_text *rows_texts[ROWS_SLOTS];
	const void *domains[DOMAINS_KEPT]; /* those whose tables are as their SQL says */
	unsigned domain_count;
	struct id *erased; /* attachments whose files go after the commit */
	size_t erased_count;
	uint64_t kernel_generation; /* from 1 on */
	void *above;                /* what the layer above keeps */
	void (*above_drop)(void *above);
	bool grown;      /* some log item says so */
	unsigned still;  /* a reader looks at one state: what it reads of links is kept (store_still_begin) */
	bool still_many; /* their rows, too */
	bool renewed;    /* this writer's incarnation is in place (home.c) */
	bool broken;     /* something failed half-way: this transaction may not be committed */
	int lock_fd;     /* of the incarnation, outside the home */
};

enum status cache_open(struct store *store, struct err *err);
void cache_close(struct store *store);
enum status cache_reload(struct store *store, struct err *err);

static inline int64_t id_key(const struct id *id)
{
	return (int64_t)id_prefix(id);
}

/* Logs (log.c). Items stay where they are until the next commit or rollback. */
struct known_key {
	int64_t row;
	struct id key;
	enum key_class key_class;
	int64_t entry;
	struct id first_prev;
	unsigned party;
};
enum status log_items(struct store *store, int64_t tally, const struct id *key, struct log_item *items[LIMIT_BRANCHES],
    unsigned *count, struct err *err);
enum status log_item_get(struct store *store, int64_t row, struct log_item **out, struct err *err);
enum status log_item_add(struct store *store, const struct log_row *log, struct log_item **item, struct err *err);
enum status logs_flush(struct store *store, struct err *err);
void logs_forget(struct store *store);

/* Tallies and keys (tally.c). first_prev NULL: the first naming. */
enum status tallies_load(struct store *store, struct err *err);
enum status tallies_flush(struct store *store, struct err *err);
struct tally_item *tally_item_find(struct store *store, int64_t row); /* writers; NULL when there is none */
enum status known_key_find(struct store *store, int64_t tally, const struct id *key, const struct id *first_prev,
    struct known_key *out, struct err *err);
enum status known_key_add(struct store *store, int64_t tally, const struct known_key *key, struct err *err);

/* Entries (entry.c). */
enum status id_slot_find(struct store *store, int64_t tally, const struct id *id, struct id_slot *out, struct err *err);
void id_slot_put(struct store *store, const struct id_slot *slot);

/* Threads (thread.c). */
enum status thread_row_find(struct store *store, int64_t tally, const struct id *id, int64_t *row, struct err *err);
/* domain: empty when unknown. */
enum status thread_row_add(
    struct store *store, int64_t tally, const struct id *id, struct bytes domain, int64_t *row, struct err *err);
enum status thread_row_opened(struct store *store, int64_t row, struct bytes domain, struct err *err);
/* Entries of a thread, kept in its slot; counted: one more. */
enum status thread_count(
    struct store *store, int64_t tally, const struct id *id, int64_t row, int64_t *count, struct err *err);
void thread_counted(struct store *store, int64_t tally, const struct id *id);
enum status touched_put(struct store *store, int64_t tally, int64_t thread, bool stored, struct err *err);
enum status touched_load(struct store *store, struct err *err);
enum status touched_flush(struct store *store, struct err *err);
void touched_committed(struct store *store);

/* Bounds of a home (bounds.c). *reason: the bound that the entry would pass, or NULL. */
struct bounded {
	int64_t tally;
	unsigned party;
	bool begins; /* a log or branch */
	bool kernel, acknowledges;
	unsigned missing;
	const struct body *body;
};
enum status bounds_look(struct store *store, const struct bounded *entry, const char **reason, struct err *err);
void bounds_kept(struct store *store, const struct bounded *entry); /* it was stored */

/* Links (links.c). */
enum status missing_load(struct store *store, struct err *err);
enum status named_look(
    struct store *store, int64_t tally, const struct body *body, unsigned *count, unsigned *missing, struct err *err);
struct arrival {
	int64_t tally, row, log, thread;
	const struct id *id;
	uint64_t seq;
}; /* thread as in the column */
enum status named_write(struct store *store, const struct arrival *arrival, unsigned count, struct err *err);
/* Those that waited for the arrival. *opens: some entry names its id, so that a thread row of that id may exist. */
bool missing_maybe(const struct store *store, const struct id *id);
enum status missing_resolve(struct store *store, const struct arrival *arrival, struct err *err);

/* Rows of link in memory (link.c). */
void links_forget(struct store *store);

/* Attachments (attachment.c). */
enum status attachments_announce(
    struct store *store, int64_t tally, int64_t entry, const struct body *body, struct err *err);
void attachments_committed(struct store *store);

/* Rows of domains (rows.c). */
void rows_forget(struct store *store);

/* Homes (home.c). Renews the incarnation before this writer's first transaction. */
enum status incarnation_renew(struct store *store, struct err *err);
#endif
