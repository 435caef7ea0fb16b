/* A home's store: tallies, keys, logs, entries, attachments. Acceptance (docs/format.md 2.2) happens here and nowhere else; verdicts
 * are the fold's. Rows are numbered in append order (integer keys); the 32-byte ids are looked up by their first 8 bytes.
 *
 * Invariants:
 *  S1 an entry row exists only if its log is gapless up to it and its signature verified.
 *  S2 log.head_seq and head_id are those of the last entry row of the log.
 *  S3 an entry that names something missing has a row in `missing` per missing id, and thread rows exist all the same.
 *  S4 everything written between store_begin and store_commit appears together or not at all. */
#ifndef WARIFU_STORE_STORE_H
#define WARIFU_STORE_STORE_H
#include "store/db.h"
#include "wire/entry.h"

enum key_class { KEY_ROOT = 1, KEY_RECOVERY, KEY_DESK, KEY_HOME };

struct store { struct db *db; char path[4096]; bool read_only; char read_only_reason[200]; };

/* Creates dir (0700), store.db with the schema, an incarnation file outside the home. ENVIRONMENT when dir holds a home already. */
enum status store_create(const char *dir, struct err *err);
/* Opens; a marked backup, another machine, or a missing or different incarnation file opens read-only with the reason set. */
enum status store_open(const char *dir, enum db_mode mode, struct store *store, struct err *err);
void store_close(struct store *store);
/* Accepts that this home goes on from a copy: allowed only after all its keys were given up (new desk, new home key). */
enum status store_adopt(struct store *store, struct err *err);
enum status store_setting_get(struct store *store, const char *name, struct arena *arena, struct bytes *value, struct err *err);
enum status store_setting_set(struct store *store, const char *name, struct bytes value, struct err *err);

struct tally_row { int64_t row; struct id id; char mode[12]; unsigned own_party; };
/* From a checked and verified tally.proposed entry; own_party: number of the home's party in it. The entry itself is then appended. */
enum status store_tally_add(struct store *store, const struct entry *proposed, unsigned own_party, struct tally_row *out, struct err *err);
enum status store_tally_find(struct store *store, const struct id *id, struct tally_row *out, struct err *err);
enum status store_tally_get(struct store *store, int64_t row, struct tally_row *out, struct err *err);
/* callback returns OK to go on. */
enum status store_tally_each(struct store *store, enum status (*each)(void *context, const struct tally_row *tally, struct err *err),
    void *context, struct err *err);

struct log_row {
	int64_t row, tally;
	struct id key, branch;        /* branch: zero for the log itself */
	int64_t parent;               /* log row that this branch left, 0 */
	uint64_t first_seq;           /* 1, or the forked seq */
	uint64_t head_seq;
	struct id head_id;
	unsigned party;
	enum key_class key_class;
	int64_t grant;                /* entry row of the grant or root.replaced; 0 for keys of the opening */
	int64_t limit_seq;            /* standing (fold): entries beyond are void; -1: no limit */
	int64_t forked_seq;           /* lowest proven fork; 0: none */
	char stopped[80];             /* reason, or "" */
};
enum status store_log_find(struct store *store, int64_t tally, const struct id *key, const struct id *branch, struct log_row *out, struct err *err);
enum status store_log_get(struct store *store, int64_t row, struct log_row *out, struct err *err);
enum status store_log_each(struct store *store, int64_t tally, enum status (*each)(void *, const struct log_row *, struct err *),
    void *context, struct err *err); /* by class (roots, recovery, homes, desks), then row */
enum status store_log_stop(struct store *store, int64_t row, const char *reason, struct err *err); /* "" lets it go on */
enum status store_log_limits(struct store *store, int64_t row, int64_t limit_seq, int64_t forked_seq, struct err *err);

struct entry_row {
	int64_t row, tally, log, thread; /* thread: row in `thread`; 0 for kernel entries */
	uint64_t seq;
	struct id id;
	struct bytes body;               /* borrowed until the next step, or from the arena where one is given */
	uint8_t signature[SIGNATURE_BYTES];
	int verdict; char rule[8];
	int64_t stored_ms;               /* when this home stored it: local knowledge, never in a digest */
};
enum accepted { ACCEPTED_NEW, ACCEPTED_DOUBLE, ACCEPTED_FORK /* stored on a new branch: the caller should enter log.forked */ };
/* Acceptance and storing of one entry whose signature the caller has verified. `place.prev` is computed here from the log unless
 * given (non-zero). BAD_INPUT with reason "chain", "unknown-key", "gap", "branches"; then nothing is stored. */
enum status store_accept(struct store *store, int64_t tally, const struct entry *entry, int64_t now_ms, enum accepted *accepted,
    int64_t *entry_row, struct err *err);
/* prev and next seq for the writer of a key: from its log, or its grant, or the opening. NOT_FOUND: unknown key. */
enum status store_next_place(struct store *store, int64_t tally, const struct id *key, struct place *out, struct err *err);

enum status store_entry_find(struct store *store, int64_t tally, const struct id *id, struct arena *arena, struct entry_row *out, struct err *err);
enum status store_entry_get(struct store *store, int64_t row, struct arena *arena, struct entry_row *out, struct err *err);
enum status store_entry_at(struct store *store, int64_t log, uint64_t seq, struct arena *arena, struct entry_row *out, struct err *err);
/* (log row, seq) of an id; cheap, used by the past and by frames. */
enum status store_entry_locate(struct store *store, int64_t tally, const struct id *id, int64_t *entry, int64_t *log, uint64_t *seq, struct err *err);
/* Entries of a log from seq up, in order. */
enum status store_log_entries(struct store *store, int64_t log, uint64_t from_seq, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err);
/* All entries of a tally in storing order, rows above after_row. */
enum status store_entries(struct store *store, int64_t tally, int64_t after_row, enum status (*each)(void *, const struct entry_row *, struct err *),
    void *context, struct err *err);
/* Kernel entries (thread 0) except acknowledgements, in storing order. */
enum status store_kernel_entries(struct store *store, int64_t tally, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err);
enum status store_verdict_set(struct store *store, int64_t entry, int verdict, const char *rule, struct err *err);

struct thread_row { int64_t row, tally; struct id id; char domain[32]; char number[64]; struct id leaf; bool folded; };
enum status store_thread_find(struct store *store, int64_t tally, const struct id *id, struct thread_row *out, struct err *err);
enum status store_thread_get(struct store *store, int64_t row, struct thread_row *out, struct err *err);
enum status store_thread_entries(struct store *store, int64_t thread, struct arena *arena,
    enum status (*each)(void *, const struct entry_row *, struct err *), void *context, struct err *err);
/* Threads that must be folded again (new entries, something they wait for came, a limit moved). */
enum status store_thread_touch(struct store *store, int64_t thread, struct err *err);
enum status store_thread_touched(struct store *store, int64_t tally, enum status (*each)(void *, int64_t thread, struct err *), void *context, struct err *err);
enum status store_thread_save(struct store *store, int64_t thread, const struct id *leaf, const char *number, struct err *err); /* also untouches, marks its bucket */

/* Attachments: DIR/attachments/HEX; written to a temporary name, synced, renamed. */
enum attachment_state { ATTACHMENT_HERE, ATTACHMENT_AWAITED, ATTACHMENT_ERASED };
enum status store_attachment_put(struct store *store, struct bytes content, struct id *hash, struct err *err);
enum status store_attachment_get(struct store *store, const struct id *hash, struct arena *arena, struct bytes *content, struct err *err);
enum status store_attachment_state(struct store *store, const struct id *hash, enum attachment_state *state, struct err *err);
enum status store_attachment_erase(struct store *store, const struct id *hash, struct err *err);
/* Awaited ones of a tally (announced by an entry, bytes not here), with their announced size. */
enum status store_attachment_awaited(struct store *store, int64_t tally, enum status (*each)(void *, const struct id *hash, uint64_t size, struct err *),
    void *context, struct err *err);

enum status store_begin(struct store *store, struct err *err);
enum status store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store);
#endif
