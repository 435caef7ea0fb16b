/* A home's store: tallies, keys, logs, entries, attachments. Acceptance (docs/format.md 2.2) happens here and nowhere else; verdicts
 * are the fold's. Rows are numbered in append order (integer keys); the 32-byte ids are looked up by their first 8 bytes.
 *
 * A writer keeps heads of logs, recently seen ids and the list of touched threads in memory; they go to disk at the commit and are
 * read anew after a rollback. Callbacks of the `each` functions may read and write through the same store; one that returns
 * something else than OK ends the walk with that status.
 *
 * Invariants:
 *  S1 an entry row exists only if its log is gapless up to it and its signature verified.
 *  S2 log.head_seq and head_id are those of the last entry row of the log.
 *  S3 an entry that names something missing has a row in `missing` per missing id, and thread rows exist all the same.
 *  S4 everything written between store_begin and store_commit appears together or not at all.
 *  S5 a transaction that accepts entries began with store_begin: the home's incarnation is renewed before the first of them. */
#ifndef WARIFU_STORE_STORE_H
#define WARIFU_STORE_STORE_H
#include "base/arena.h"
#include "store/db.h"
#include "wire/entry.h"

enum key_class { KEY_ROOT = 1, KEY_RECOVERY, KEY_DESK, KEY_HOME };

struct store_cache;
struct store {
	struct db *db;
	char path[4096]; /* the home's folder */
	bool read_only;  /* opened for writing, but may not write: the reason says why and what to do */
	struct err read_only_why;
	enum db_mode mode;
	struct store_cache *cache; /* the store's own */
};

/* Creates dir (0700), store.db with the schema, an incarnation file outside the home: in $WARIFU_STATE, else $XDG_STATE_HOME/warifu,
 * else ~/.local/state/warifu. ENVIRONMENT when dir holds a home already. */
enum status store_create(const char *dir, struct err *err);
/* Opens; a marked backup (a file `backup` in dir), another machine (/etc/machine-id, or $WARIFU_MACHINE), or a missing or different
 * incarnation file opens read-only with the reason set: store->mode is then DB_READ. ENVIRONMENT: no home there, or locked. */
enum status store_open(const char *dir, enum db_mode mode, struct store *store, struct err *err);
void store_interrupt(struct store *store); /* from another thread: the question that is being asked fails */
void store_close(struct store *store);     /* rolls back what is open; harmless on a store that did not open */
/* Accepts that this home goes on from a copy: allowed only after all its keys were given up (new desk, new home key). The store is
 * open for writing afterwards. Setting "adopted" then holds how often that was done, as decimal text. */
enum status store_adopt(struct store *store, struct err *err);
/* ENVIRONMENT with the reason when the store may not write. */
enum status store_writable(const struct store *store, struct err *err);
/* Small values by name; "home", "machine", "incarnation", "adopted" are the store's own. NOT_FOUND when there is none. */
enum status store_setting_get(
    struct store *store, const char *name, struct arena *arena, struct bytes *value, struct err *err);
enum status store_setting_set(struct store *store, const char *name, struct bytes value, struct err *err);

/* A number that is another one when somebody else has written since: to be compared with one of the same open store only. */
enum status store_version(struct store *store, int64_t *version, struct err *err);

struct tally_row {
	int64_t row;
	struct id id;
	char mode[12];
	unsigned own_party;
};
/* From a verified tally.proposed entry; own_party: number of the home's party in it. Makes the parties' keys known; the caller then
 * appends the entry itself with store_accept. BAD_INPUT when it is no opening, ENVIRONMENT when the tally is here already. */
enum status store_tally_add(
    struct store *store, const struct entry *proposed, unsigned own_party, struct tally_row *out, struct err *err);
enum status store_tally_find(struct store *store, const struct id *id, struct tally_row *out, struct err *err);
enum status store_tally_get(struct store *store, int64_t row, struct tally_row *out, struct err *err);
/* callback returns OK to go on. */
enum status store_tally_each(struct store *store,
    enum status (*each)(void *context, const struct tally_row *tally, struct err *err), void *context, struct err *err);

#define LOG_UNLIMITED (-1)
#define LOG_NOT_GRANTED (-2) /* the grant does not count */
struct log_row {
	int64_t row, tally;
	struct id key, branch; /* branch: zero for the log itself */
	int64_t parent;        /* log row that this branch left, 0 */
	uint64_t first_seq;    /* 1, or the forked seq */
	struct id first_prev;  /* prev of the entry at first_seq */
	uint64_t head_seq;
	struct id head_id;
	unsigned party;
	enum key_class key_class;
	int64_t grant;      /* entry row of the grant or root.replaced; 0 for keys of the opening */
	int64_t limit_seq;  /* standing (fold): entries beyond are void; or LOG_UNLIMITED, LOG_NOT_GRANTED */
	int64_t forked_seq; /* first entry that a proven fork makes void; 0: none */
	char stopped[80];   /* reason, or "" */
};
enum status store_log_find(struct store *store, int64_t tally, const struct id *key, const struct id *branch,
    struct log_row *out, struct err *err);
enum status store_log_get(struct store *store, int64_t row, struct log_row *out, struct err *err);
enum status store_log_each(struct store *store, int64_t tally,
    enum status (*each)(void *, const struct log_row *, struct err *), void *context,
    struct err *err); /* by class (roots, recovery, homes, desks), then row */
/* All logs of a key, the log itself first, then branches as they came. At most LIMIT_BRANCHES. */
enum status store_log_of_key(
    struct store *store, int64_t tally, const struct id *key, struct log_row *logs, unsigned *count, struct err *err);
enum status store_log_stop(
    struct store *store, int64_t row, const char *reason, struct err *err); /* "" lets it go on */
enum status store_log_limits(struct store *store, int64_t row, int64_t limit_seq, int64_t forked_seq, struct err *err);

struct entry_row {
	int64_t row, tally, log, thread; /* thread: row in `thread`; 0 for kernel entries */
	bool acknowledgement;
	uint64_t seq;
	struct id id;
	/* Of an `each`: borrowed during the call, or from the arena where one is given. Else from the arena, and empty when that is
	 * NULL. */
	struct bytes body;
	uint8_t signature[SIGNATURE_BYTES];
	int verdict;
	char rule[8];      /* enum verdict; valid until the fold says otherwise */
	int64_t stored_ms; /* when this home stored it: local knowledge, never in a digest */
};
enum accepted {
	ACCEPTED_NEW,
	ACCEPTED_DOUBLE,
	ACCEPTED_FORK /* stored on a new branch: the caller should enter log.forked */
};
/* Acceptance and storing of one entry whose body, id and signature the caller has checked. `place.prev` is computed here from the log
 * unless given (non-zero). A new entry: verdict valid, its thread (or the kernel's) touched, with every thread that waited for it.
 * An entry goes where its prev says: on to the head of the log or of a branch; after an entry that another follows already it begins
 * a branch. BAD_INPUT with the reason as the first word of the text: "gap" (something before it is not here), "chain" (prev does not
 * fit), "unknown-key", "branches" (more than LIMIT_BRANCHES of one key), "waiting" (LIMIT_WAITING_ENTRIES of its log, LIMIT_WAITING_NAMES of its party), "logs", "kernel-entries", "thread-full" (the party's
 * LIMIT_PARTY_LOGS, LIMIT_KERNEL_ENTRIES, LIMIT_THREAD_ENTRIES; a setting of that name, in decimal text, raises it),
 * "thread" (a domain's entry that names the tally as its thread); then nothing is stored and the transaction may go on. Outside a
 * transaction it makes one of its own. *entry_row is set for doubles, too. */
enum status store_accept(struct store *store, int64_t tally, const struct entry *entry, int64_t now_ms,
    enum accepted *accepted, int64_t *entry_row, struct err *err);
/* The reason alone ("gap"), from the text of an err that store_accept filled; "" when it is none of those. */
const char *store_accept_reason(const struct err *err);
/* Place after the last one for the writer of a key: from its log, or its grant, or the opening (the first naming, when a key was
 * named twice). NOT_FOUND: unknown key. */
enum status store_next_place(
    struct store *store, int64_t tally, const struct id *key, struct place *out, struct err *err);
/* Whose key it is, and what for, by the first entry that names it. NOT_FOUND: unknown key. */
enum status store_key_party(struct store *store, int64_t tally, const struct id *key, unsigned *party,
    enum key_class *key_class, struct err *err);

enum status store_entry_find(struct store *store, int64_t tally, const struct id *id, struct arena *arena,
    struct entry_row *out, struct err *err);
enum status store_entry_get(
    struct store *store, int64_t row, struct arena *arena, struct entry_row *out, struct err *err);
enum status store_entry_at(
    struct store *store, int64_t log, uint64_t seq, struct arena *arena, struct entry_row *out, struct err *err);
/* The place that a stored entry was signed at. NOT_FOUND cannot occur for a row of this store. */
enum status store_entry_place(struct store *store, const struct entry_row *entry, struct place *out, struct err *err);
/* (log row, seq) of an id; cheap, used by the past and by frames. */
enum status store_entry_locate(struct store *store, int64_t tally, const struct id *id, int64_t *entry, int64_t *log,
    uint64_t *seq, struct err *err);
/* Entries of a log from seq up, in order. */
enum status store_log_entries(struct store *store, int64_t log, uint64_t from_seq, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err);
/* All entries of a tally in storing order, rows above after_row. */
enum status store_entries(struct store *store, int64_t tally, int64_t after_row,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err);
/* Kernel entries (thread 0) except acknowledgements, in storing order. */
enum status store_kernel_entries(struct store *store, int64_t tally, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err);
/* Writes only when it differs; a caller that holds the entry_row can spare the call altogether then. */
enum status store_verdict_set(struct store *store, int64_t entry, int verdict, const char *rule, struct err *err);

/* A thread row exists from the first entry that names it on. domain: the word before the point in the kind of its opening, "" while
 * that is missing. The kernel's own entries have a thread row too: its id is the tally id, its domain "tally"; it holds no entries
 * (see store_kernel_entries), and is touched when one of them but an acknowledgement is accepted. folded: leaf and number are set. */
struct thread_row {
	int64_t row, tally;
	struct id id;
	char domain[48];
	char number[64];
	struct id leaf;
	bool folded;
};
enum status store_thread_find(
    struct store *store, int64_t tally, const struct id *id, struct thread_row *out, struct err *err);
enum status store_thread_get(struct store *store, int64_t row, struct thread_row *out, struct err *err);
enum status store_thread_entries(struct store *store, int64_t thread, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err);
/* All threads of a tally by row, those made during the walk included. */
enum status store_thread_each(struct store *store, int64_t tally,
    enum status (*each)(void *, const struct thread_row *, struct err *), void *context, struct err *err);
/* Threads with this number (format 9): usually one. */
enum status store_thread_numbered(struct store *store, int64_t tally, const char *number,
    enum status (*each)(void *, const struct thread_row *, struct err *), void *context, struct err *err);
/* Threads that must be folded again (new entries, something they wait for came, a limit moved). Touching twice is touching once;
 * touched: by row, those touched when the walk began. */
enum status store_thread_touch(struct store *store, int64_t thread, struct err *err);
enum status store_thread_touched(struct store *store, int64_t tally,
    enum status (*each)(void *, int64_t thread, struct err *), void *context, struct err *err);
enum status store_thread_save(struct store *store, int64_t thread, const struct id *leaf, const char *number,
    struct err *err); /* also untouches, marks its bucket */

/* What came into the kernel's thread since the fold last said it had looked: bits. */
enum kernel_touched {
	KERNEL_ENTRY = 1,        /* a kernel entry other than an acknowledgement */
	KERNEL_ACKNOWLEDGED = 2, /* an acknowledgement */
	KERNEL_CAME = 4,         /* something that a kernel entry or acknowledgement names came after it */
	KERNEL_BRANCH = 8,       /* an entry began a branch */
};
enum status store_kernel_touched(struct store *store, int64_t tally, unsigned *bits, struct err *err);
enum status store_kernel_looked(struct store *store, int64_t tally, struct err *err);
/* Another number whenever something was stored that may change who may speak (an entry of the kernel's other than an acknowledgement, what one of
 * them waited for, the beginning of a log, a limit of one), and when a transaction was rolled back. 0: a reader's, which cannot know. */
uint64_t store_kernel_generation(const struct store *store);
/* What the layer above keeps with an open store: dropped when it is closed, or when another thing is kept. drop takes NULL, too. */
void store_keep(struct store *store, void *kept, void (*drop)(void *kept));
void *store_kept(const struct store *store); /* NULL: nothing */

/* Links from thread to thread. Threads (row, 0: the kernel's) whose entries name an entry of target_thread in refs; target_thread 0:
 * those that name a kernel entry. Acknowledgements neither name nor are named here. Ascending. */
enum status store_crossing_each(struct store *store, int64_t target_thread,
    enum status (*each)(void *, int64_t source_thread, struct err *), void *context, struct err *err);
/* What an entry names that is not here. *missing is false when all is. Cheap when nothing at all is missing. */
enum status store_entry_missing(struct store *store, int64_t entry, bool *missing, struct err *err);
/* Ids that are named by entries of a tally and are not here; each id once. */
enum status store_missing_each(struct store *store, int64_t tally,
    enum status (*each)(void *, const struct id *target, struct err *), void *context, struct err *err);

/* The tree of the digest (format 8) at its lowest level: 4,096 buckets by the first three hex digits of the thread id. A bucket is
 * stale from store_thread_save on until store_bucket_set. */
#define BUCKETS 4096
enum status store_bucket_stale_each(struct store *store, int64_t tally,
    enum status (*each)(void *, unsigned bucket, struct err *), void *context,
    struct err *err); /* those stale when the walk began, ascending */
/* Folded threads of a bucket, by id ascending. */
enum status store_bucket_threads(struct store *store, int64_t tally, unsigned bucket,
    enum status (*each)(void *, const struct id *thread, const struct id *leaf, struct err *), void *context,
    struct err *err);
enum status store_bucket_set(
    struct store *store, int64_t tally, unsigned bucket, const struct id *hash, struct err *err);
enum status store_bucket_get(
    struct store *store, int64_t tally, unsigned bucket, struct id *hash, struct err *err); /* zero when empty */
/* All of them at once: the level above needs them all. hashes: BUCKETS of them. */
enum status store_buckets(struct store *store, int64_t tally, struct id *hashes, struct err *err);

/* Throws away all that the fold computed of a tally: verdicts, rules, leaves, numbers, limits, bucket hashes. Touches every
 * thread. Rows of domains are rows.h's. */
enum status store_computed_clear(struct store *store, int64_t tally, struct err *err);

/* Attachments: DIR/attachments/HEX; written to a temporary name, synced, renamed. put: at most LIMIT_ATTACHMENT_BYTES, and only while
 * the disk keeps a reserve free and the sum stays below setting "attachment_bytes" (decimal text; else 16 GiB): ENVIRONMENT. An
 * erased one is REFUSED. get: CHECK_FAILED when the bytes on disk are not those any more, NOT_FOUND when they are not here. erase: the
 * file goes when the transaction is committed. state: NOT_FOUND when no entry announces it and nobody has put it. */
enum attachment_state { ATTACHMENT_HERE, ATTACHMENT_AWAITED, ATTACHMENT_ERASED };
enum status store_attachment_put(struct store *store, struct bytes content, struct id *hash, struct err *err);
enum status store_attachment_get(
    struct store *store, const struct id *hash, struct arena *arena, struct bytes *content, struct err *err);
enum status store_attachment_state(
    struct store *store, const struct id *hash, enum attachment_state *state, struct err *err);
enum status store_attachment_erase(struct store *store, const struct id *hash, struct err *err);
/* How many bytes may still come, by the setting and by the disk; those that have come in part are counted as here. 0: none. */
enum status store_attachment_room(struct store *store, int64_t *out, struct err *err);
/* Awaited ones of a tally (announced by an entry, bytes not here), with their announced size. */
enum status store_attachment_awaited(struct store *store, int64_t tally,
    enum status (*each)(void *, const struct id *hash, uint64_t size, struct err *), void *context, struct err *err);

/* Transactions nest as db_begin's do. */
enum status store_begin(struct store *store, struct err *err);
enum status store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store);
#endif
