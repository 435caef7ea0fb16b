/* Sessions that others began with this home over HTTPS (docs/sync.md 9): each is carried by requests that bring bytes and fetch bytes, over as many
 * connections as the link needs. Places in both streams stand in every request, so that one whose answer was lost is said again and
 * does no harm. No network here: the web layer gives requests, and the key that the connection has proven.
 *
 *  N1 a session belongs to the key that began it; another key's request for it is refused and changes nothing;
 *  N2 a byte of the caller's stream reaches the session once, in order, however often it is sent;
 *  N3 what was sent is kept until the caller says that it has it;
 *  N4 a session that has not proven a home of the tally is one of SHARES_UNPROVEN, and the newest of them lives; of those that have, shares.h says who makes room;
 *  N5 between two requests a session holds no lock of the home. */
#ifndef WARIFU_SYNC_ANSWERS_H
#define WARIFU_SYNC_ANSWERS_H
#include "sync/shares.h"
#include "sync/sync.h"

#define ANSWERS_NAME_BYTES 16

/* Who opens homes. `home` is the owner's own. */
struct answers_owner {
	void *context;
	/* Makes a session that answers; the home is entered then, as after enter(). */
	enum status (*open)(void *context, const struct id *client, void **home, struct sync **sync, struct err *err);
	enum status (*enter)(void *context, void *home, struct err *err); /* ENVIRONMENT: not now; it does not wait */
	void (*leave)(void *context, void *home);
	/* Closes `sync` and the home. entered: as after enter(); else it cannot be entered now, and nothing more of the session is stored. */
	void (*close)(void *context, void *home, struct sync *sync, bool entered);
};
struct answer_request {
	struct id client; /* hash of the key that the connection has proven */
	uint8_t name[ANSWERS_NAME_BYTES];
	uint64_t at;   /* place of the body in the caller's stream */
	uint64_t from; /* how much of ours the caller has */
	size_t most;   /* bytes that it can take now */
	struct bytes body;
	int64_t now_ms; /* of the clock that never goes back */
};
enum answer_state {
	ANSWER_WAITS, /* for more of the caller's */
	ANSWER_MORE,  /* there is more to fetch */
	ANSWER_OVER   /* the session has ended, and this is the last of it */
};
struct answer_outcome {
	enum answer_state state;
	bool proven; /* the caller is a home of the tally */
	bool
	    refused; /* the session ended by a refusal, ours or theirs, or by what they sent; not by our own disk or memory */
	bool begun;       /* by this request */
	char reason[200]; /* of the refusal */
};
struct answers;
/* NULL: out of memory. */
struct answers *answers_new(const struct answers_owner *owner);
void answers_free(struct answers *answers); /* closes all; NULL-safe */
/* Appends the answer to `out`. NOT_FOUND: no such session, the caller begins anew; BAD_INPUT: places that do not fit; REFUSED: a session
 * of another key, or too many of one party; ENVIRONMENT: not now, nothing was taken, say it again. */
enum status answers_take(struct answers *answers, const struct answer_request *request, struct buf *out,
    struct answer_outcome *outcome, struct err *err);
/* Closes those that nobody asked for in LIMIT_SYNC_IDLE_MS, and those older than LIMIT_SYNC_LIFE_MS; while the home cannot be entered they wait, but
 * not so long again. */
void answers_expire(struct answers *answers, int64_t now_ms);
unsigned answers_count(const struct answers *answers);
#endif
