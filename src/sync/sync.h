/* Two homes exchange what each lacks: a pure step over bytes, no I/O in it but the store (docs/sync.md). */
#ifndef WARIFU_SYNC_SYNC_H
#define WARIFU_SYNC_SYNC_H
#include "fold/fold.h"
#include "store/keyfile.h"

struct sync_options {
	struct store *store;
	int64_t tally;       /* row; 0 for an answering side that takes the tally from the greeting */
	unsigned peer_party; /* initiator: whom we mean to talk to; own party for another home of ours */
	struct id home_key;
	const struct secrets *secrets; /* of the home key, borrowed */
	/* Answering side that serves several tallies: gives home key and secrets of the one that the greeting names. NULL: the two above. */
	enum status (*home)(
	    void *context, int64_t tally, struct id *home_key, const struct secrets **secrets, struct err *err);
	void *home_context;
	bool initiator;
	struct bytes binding; /* channel binding (TLS exporter), borrowed; empty on a pipe */
	bool has_peer_tls;
	struct id
	    peer_tls; /* SHA-256 of the public key in the peer's certificate, which the channel has proven; then no
	                                  signatures are exchanged. Without it a signed challenge proves each home key. */
	int64_t now_ms;
	int64_t attachment_bytes; /* most that this session may bring; 0: the default of limits.h */
	const uint8_t *nonce;     /* 16 bytes, for tests that must repeat; NULL: random */
	void (*progress)(void *context, int64_t done, int64_t all);
	void *progress_context; /* may be NULL */
};
struct sync_result {
	bool complete; /* both have all that the other had at the greeting */
	int64_t sent_entries, received_entries, sent_bytes, received_bytes, sent_attachments, received_attachments;
	unsigned round_trips;
	bool matched, compared;   /* digests at the common vector */
	struct id digest;         /* ours at the common vector */
	struct id differs_thread; /* first thread that differs, when compared and not matched; zero: not found */
	char peer_party[16];
	struct id peer_key;
	struct err why;        /* what kept something out; OK: nothing did */
	unsigned stopped_logs; /* logs of the peer's that could not go on here; the log says why */
	unsigned forks;        /* found now */
	bool
	    restored; /* the peer knows later entries of a key of this home: this home is a copy and is read-only now */
};
struct sync;
enum status sync_open(const struct sync_options *options, struct sync **out, struct err *err);
/* Takes what came (it may be empty), appends what must go. OK: go on; NOT_FOUND: the session is over, send what was appended; BAD_INPUT,
 * REFUSED: over as well, and why: the peer broke the protocol, or one of the two refuses the other; ENVIRONMENT: our own disk or memory;
 * INCOMPLETE: the peer's. All that was stored before stays. Call again, with nothing new, after `out` was sent and while sync_wants_input() is false. */
enum status sync_step(struct sync *sync, struct bytes in, struct buf *out, struct err *err);
bool sync_wants_input(const struct sync *sync);
bool sync_is_proven(const struct sync *sync); /* the peer has shown that it is the home it named */
void sync_result_get(const struct sync *sync, struct sync_result *out);
void sync_close(struct sync *sync); /* NULL-safe; stores a frame that has come whole */
void sync_drop(struct sync *sync);  /* the same where the store is closed: nothing is stored */

/* The carrier over file descriptors: a pipe, a socket, standard input and output. Runs a session to its end. timeout_ms: longest time without any
 * byte either way. INCOMPLETE when the other end goes away too soon. The descriptors stay open. */
enum status sync_over_fds(struct sync *sync, int in_fd, int out_fd, int timeout_ms, struct err *err);
/* Runs a shell command with pipes on its standard input and output (`ssh ship warifu sync --stdio`). reap waits for its end; the descriptors
 * are closed by it. ENVIRONMENT when it cannot be started, or ended with a failure. */
struct sync_command {
	int in_fd, out_fd;
	int pid;
};
enum status sync_command_start(const char *command, struct sync_command *out, struct err *err);
enum status sync_command_reap(struct sync_command *command, struct err *err);

/* What this home remembers of another one. */
struct sync_peer {
	int64_t heard_ms, matched_ms; /* 0: never */
	bool matched;                 /* at the last comparison */
	struct id digest;             /* ours then */
	struct id differs_thread;     /* zero: none known */
};
/* NOT_FOUND when the two have not talked. */
enum status sync_peer_get(
    struct store *store, int64_t tally, const struct id *home_key, struct sync_peer *out, struct err *err);

/* How many entries that are here it is not known to hold: all, when the two have not talked. */
enum status sync_peer_waits(
    struct store *store, int64_t tally, const struct id *home_key, int64_t *count, struct err *err);

/* Bundles: a file for the other party's homes (docs/sync.md 8). */
struct bundle_options {
	struct store *store;
	int64_t tally;
	unsigned for_party;
	struct id home_key;
	const struct secrets *secrets;
	bool everything; /* from the beginning, not only what the partner has not acknowledged */
	bool plain;      /* not sealed */
	bool attachments;
	int64_t now_ms;
};
/* entries: how many are in it; 0 when the partner has acknowledged all, and then nothing is written. REFUSED when it would have to be sealed and no
 * home of the party has a sealing key. */
enum status bundle_write(const struct bundle_options *options, struct buf *out, int64_t *entries, struct err *err);
struct bundle_result {
	int64_t new_entries, doubles, gaps, attachments;
	bool matched, compared;
	struct id digest;
	struct id tally;
	unsigned stopped_logs;
	struct err why; /* something did not come, or nothing was new; OK: neither */
};
/* secrets: of the home key that can open a sealed one; may be NULL for plain. OK even when it brings nothing: then `why` says so. BAD_INPUT: cut,
 * altered or no bundle; REFUSED: not for this home, or of a tally that is not here. Nothing is stored then. */
enum status bundle_read(struct store *store, struct bytes in, const struct id *home_key, const struct secrets *secrets,
    int64_t now_ms, struct bundle_result *out, struct err *err);
/* Text lines of base32 with a checksum each, and back (doubled, reordered or quoted "> " lines are read; a missing one is named). */
void bundle_text_print(struct bytes in, struct buf *out);
enum status bundle_text_parse(struct bytes in, struct buf *out, struct err *err);
#endif
