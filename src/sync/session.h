/* The inside of one session, shared by the files of sync. */
#ifndef WARIFU_SYNC_SESSION_H
#define WARIFU_SYNC_SESSION_H
#include "base/text.h"
#include "sync/message.h"
#include "sync/peers.h"
#include "sync/pool.h"
#include "sync/sync.h"
#include "wire/frame.h"

#define NONCE_BYTES 16
#define PREFIX_BYTES 8

/* One log of ours that the other may lack some of. */
struct send_log {
	int64_t row;
	struct id key, label; /* label: how the stream names its branch; zero for the log itself */
	enum key_class key_class;
	uint64_t first, next, last;     /* first of its row; next to be sent; last that was announced */
	uint64_t from;                  /* the first that is sent under its label; 0: not known yet */
	struct id before_first, before; /* ids of the entries before `first`, and before `next` */
	bool stopped;                   /* the other side said so, or it must not be sent yet */
	bool probing;                   /* not known yet how much the other holds */
	bool disputed;                  /* the two hold different entries of it: it is a branch in the stream */
	uint64_t probe_low, probe_high; /* held up to low; not at high */
};
/* Entries on their way out. */
struct sending {
	struct frame_stream *stream;
	struct send_log *logs;
	unsigned count;            /* roots, recovery, homes, desks */
	struct row_number *by_row; /* numbers of logs, by row */
	int64_t after_row;         /* desks: entries up to this row have been looked at */
	bool desks_begun;
	unsigned batch; /* entries of the next frame at most */
	struct arena scratch;
	int64_t left; /* entries still to go */
};

/* What is known of one log of the other's stream. */
struct receive_log {
	int64_t row;
	unsigned party; /* whose key writes it, once looked up */
	bool looked_up, measured;
	bool stopped, begun, grown;
};
/* What came in one day of entries that one party signed, whoever carried them. Read anew in each frame's transaction: several sessions may
 * take entries at once. */
struct quota {
	int64_t day, entries, bytes, most_entries, most_bytes;
	bool loaded, changed;
};
struct receiving {
	struct frame_stream *stream;
	bool riding; /* what does not fit is dropped without a word */
	struct receive_log *logs;
	unsigned log_count;
	struct arena arenas[2];
	struct frame frames[2];
	unsigned turn; /* the one that is decoded next */
	bool pending;  /* the other one is being checked */
};

enum phase { PHASE_GREETING, PHASE_PROOF, PHASE_VECTOR, PHASE_RIDE, PHASE_OPEN, PHASE_OVER, PHASES };

struct sync {
	struct sync_options options;
	struct store *store;
	int64_t tally;
	struct tally_row tally_row;
	struct tally_view view;
	struct arena arena; /* as long as the session */
	struct buf in;
	enum phase phase;
	struct sync_result result;
	struct pool *pool;
	/* who */
	struct id home_key;
	const struct secrets *secrets;
	uint8_t nonce[NONCE_BYTES], peer_nonce[NONCE_BYTES];
	bool by_channel;    /* keys are proven by the channel */
	bool greeted_whole; /* our greeting carried our key whole */
	unsigned greetings; /* that came */
	struct id peer_key;
	unsigned peer_party;
	bool has_peer, proven;
	struct peer_memory memory;
	/* where both stand */
	struct vector vector; /* ours, as announced */
	struct positions mine, theirs, both;
	struct positions closed; /* of mine: what was said, or is to be, as one hash */
	bool has_theirs, has_both;
	uint8_t mine_digest[HASH16], theirs_digest[HASH16];
	const struct positions *base;
	uint8_t base_hash[HASH16];
	bool vector_sent, whole_asked;
	bool closed_alike; /* both hold the same of the logs that are closed */
	bool equal;        /* both vectors are the same: nothing to exchange */
	bool forked;       /* a fork came up: digests are for next time */
	/* entries */
	struct sending ride, out;
	bool out_ready;
	struct receiving in_ride, in_stream;
	bool end_sent, end_received, state_sent, state_received, done_sent, done_received, acknowledged;
	bool peer_lacks; /* it said that it does not hold all */
	bool checked;    /* nothing has come since have_all() was asked */
	unsigned probes; /* asked and not answered */
	struct quota quotas[LIMIT_PARTIES];
	/* attachments */
	struct attachment_pull *pull;
	struct id serving;
	struct bytes serving_content;
	struct arena serving_arena;
	int64_t loaded_bytes, served_bytes; /* of attachments: read from the store, and sent */
	/* the walk to a difference */
	bool looking, looked;
	unsigned look_digits, look_prefix, looks_answered;
	/* course */
	bool begun;
	enum message_type
	    skip_to; /* 0, or what must come next: the rest was said before the other side knew that we asked again */
	unsigned said_again;
	/* counting */
	bool spoke;       /* something was sent since the last that came */
	int64_t expected; /* entries to send and to receive, by the vectors */
};

/* Many small questions to the store are much cheaper inside one transaction: store_begin(), the questions, and this. */
static inline enum status reading_end(struct sync *sync, enum status status, struct err *err)
{
	if (status != OK) {
		store_rollback(sync->store);
		return status;
	}
	return store_commit(sync->store, err);
}

/* greeting.c */
enum status greeting_write(struct sync *sync, bool whole, struct buf *out, struct err *err);
enum status greeting_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err);
enum status proof_write(struct sync *sync, struct buf *out, struct err *err);
enum status proof_read(struct sync *sync, struct bytes content, struct err *err);
/* The home of the peer party whose certificate the channel showed. NOT_FOUND: none. */
enum status peer_by_channel(struct sync *sync, struct err *err);

/* vectors.c */
enum status vector_write(struct sync *sync, bool riding, struct buf *out, struct err *err);
/* The initiator says where it stands, by a base unless `whole`; what the other probably lacks rides along. */
enum status vector_begin(struct sync *sync, bool whole, struct buf *out, struct err *err);
/* NOT_FOUND: the other was asked to say all of it. */
enum status vector_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err);

/* send.c */
/* Fills `sending` by what the other holds; riding: by the base. Positions of the stream are those that both know. */
enum status sending_open(
    struct sync *sync, struct sending *sending, const struct positions *holds, bool riding, struct err *err);
void sending_close(struct sending *sending);
/* One frame, when there is one to send; *sent false: nothing is left. */
enum status sending_frame(struct sync *sync, struct sending *sending, struct buf *out, bool *sent, struct err *err);
/* All of a log up to its head now: for what this session writes. */
enum status sending_log(
    struct sync *sync, struct sending *sending, const struct id *key, struct buf *out, struct err *err);
struct send_log *sending_find(struct sending *sending, const struct id *key, const struct id *label);
/* Sets where a log goes on; the stream names it anew. */
enum status sending_from(
    struct sync *sync, struct sending *sending, struct send_log *log, uint64_t held, struct err *err);
/* The logs that both ends of a stream know before its first frame. */
enum status stream_begin(struct frame_stream *stream, const struct positions *sender, const struct positions *receiver,
    bool riding, struct err *err);
/* The frame resolver over this session's store. */
struct frame_resolver sync_resolver(struct sync *sync);

/* receive.c */
enum status receiving_open(
    struct sync *sync, struct receiving *receiving, const struct positions *holds, bool riding, struct err *err);
void receiving_close(struct receiving *receiving);
enum status receiving_frame(
    struct sync *sync, struct receiving *receiving, struct bytes content, struct buf *out, struct err *err);
/* Stores the frame that is being checked. */
enum status receiving_flush(struct sync *sync, struct receiving *receiving, struct buf *out, struct err *err);
/* What storing an entry needs beside the store; shared with bundles. */
struct keeper {
	struct store *store;
	int64_t tally;
	int64_t now_ms;
	unsigned own_party;
	const struct id *home_key;
	const struct secrets *secrets; /* NULL: proofs of forks are left to others */
	bool restored;
	unsigned forks;
};
/* Begins nothing, commits nothing: in the caller's transaction. Proves a fork that shows. */
enum status keeper_accept(
    struct keeper *keeper, const struct entry *entry, enum accepted *accepted, int64_t *row, struct err *err);
/* Signs an entry of the home key and stores it. */
enum status keeper_enter(struct keeper *keeper, struct body_draft *draft, struct err *err);
/* Writes an acknowledgement if one is due. */
enum status keeper_acknowledge(struct keeper *keeper, bool *written, struct err *err);

/* quota.c */
/* Forgets what was read of the measures: a frame begins. */
void quota_begin(struct sync *sync);
/* Is the day's measure of a party full? Then no more of it may be taken. */
enum status quota_look(struct sync *sync, unsigned party, bool *full, struct err *err);
enum status quota_count(struct sync *sync, unsigned party, size_t bytes, struct err *err);
enum status quota_save(struct sync *sync, struct err *err); /* in the transaction of the frame */

/* forks.c */
/* Which logs are held how far by the other; asks where it is not plain. */
enum status forks_look(struct sync *sync, struct buf *out, struct err *err);
enum status forks_probe_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err);
enum status forks_probed_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err);
enum status forks_fork_read(struct sync *sync, struct bytes content, struct err *err);
/* Is this key one of ours, whose latest entries another home must not know before us? */
bool key_is_here(const struct sync *sync, const struct id *key);

/* agree.c */
enum status agree_state_write(struct sync *sync, struct buf *out, struct err *err);
enum status agree_state_read(struct sync *sync, struct bytes content, struct err *err);
/* Both vectors and digests were equal from the start, or were not. */
enum status agree_equal(struct sync *sync, struct err *err);
enum status agree_look(struct sync *sync, struct buf *out, struct err *err);
enum status agree_look_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err);
enum status agree_nodes_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err);
enum status agree_differs(struct sync *sync, const struct id *thread, struct err *err);
/* The home's own vector and digest, now. */
enum status agree_stand(struct sync *sync, struct err *err);

/* pull.c */
enum status pull_open(struct sync *sync, struct err *err);
void pull_close(struct sync *sync);
enum status pull_ask(struct sync *sync, struct buf *out, bool *idle, struct err *err);
enum status pull_want_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err);
enum status pull_chunk_read(struct sync *sync, struct bytes content, struct err *err);
#endif
