/* Two homes exchange what each lacks: a pure step over bytes, no I/O in it but the store (docs/sync.md). */
#ifndef WARIFU_SYNC_SYNC_H
#define WARIFU_SYNC_SYNC_H
#include "fold/fold.h"
#include "store/keyfile.h"

struct sync_options {
	struct store *store;
	int64_t tally;                 /* row; 0 for an answering side that takes the tally from the greeting */
	unsigned peer_party;           /* whom we mean to talk to; own_party for another home of ours */
	struct id home_key;
	const struct secrets *secrets; /* of the home key, borrowed */
	bool initiator;
	struct bytes binding;          /* channel binding; empty on a pipe: then a signed challenge proves the key */
	int64_t now_ms;
	void (*progress)(void *context, int64_t done, int64_t all); void *progress_context;
};
struct sync_result {
	bool complete;                 /* both have all that the other had at the greeting */
	int64_t sent_entries, received_entries, sent_bytes, received_bytes, sent_attachments, received_attachments;
	unsigned round_trips;
	bool matched, compared;        /* digests at the common vector */
	struct id digest;              /* ours at the common vector */
	struct id differs_thread;      /* first thread that differs, when compared and not matched */
	char peer_party[16]; char reason[200];
	unsigned stopped_logs;
};
struct sync;
enum status sync_open(const struct sync_options *options, struct sync **out, struct err *err);
/* Takes what came, appends what must go. OK: go on; NOT_FOUND: the session is over; BAD_INPUT: the peer broke the protocol. */
enum status sync_step(struct sync *sync, struct bytes in, struct buf *out, struct err *err);
bool sync_wants_input(const struct sync *sync);
void sync_result_get(const struct sync *sync, struct sync_result *out);
void sync_close(struct sync *sync);

/* Bundles: a file for the other party's homes (docs/sync.md). */
struct bundle_options {
	struct store *store; int64_t tally; unsigned for_party; struct id home_key; const struct secrets *secrets;
	bool everything;               /* from the beginning, not only what the partner has not acknowledged */
	bool plain;                    /* not sealed */
	bool attachments; int64_t now_ms;
};
enum status bundle_write(const struct bundle_options *options, struct buf *out, int64_t *entries, struct err *err);
struct bundle_result { int64_t new_entries, doubles, gaps, attachments; bool matched, compared; struct id digest; struct id tally; unsigned stopped_logs; char reason[200]; };
/* secrets: of the home key that can open a sealed one; may be NULL for plain. tally 0: any tally of this home, found in the bundle. */
enum status bundle_read(struct store *store, struct bytes in, const struct id *home_key, const struct secrets *secrets, int64_t now_ms,
    struct bundle_result *out, struct err *err);
/* The opening of a tally, as a file for the partner: only root logs, plain. */
enum status bundle_opening(struct store *store, int64_t tally, struct buf *out, struct err *err);
/* Text lines of base32 with a checksum each, and back (doubled, reordered or quoted "> " lines are read; a missing one is named). */
void bundle_text_print(struct bytes in, struct buf *out);
enum status bundle_text_parse(struct bytes in, struct buf *out, struct err *err);
#endif
