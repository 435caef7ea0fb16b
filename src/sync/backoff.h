/* When to call a partner's home next. No clock and no chance in it: the time is given, and the numbers come from a seed. */
#ifndef WARIFU_SYNC_BACKOFF_H
#define WARIFU_SYNC_BACKOFF_H
#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_FIRST_MS 5000              /* after the first failure, doubled by each further one */
#define BACKOFF_MOST_MS (15ll * 60 * 1000) /* a partner that is away for weeks is asked four times an hour */
#define BACKOFF_EVERY_MS \
	(5ll * 60 * 1000)     /* without a failure, when nothing was written here: to hear of what was written there */
#define BACKOFF_MOVE_MS 10000 /* after a move of ours a partner out of reach is tried again no sooner than so */

struct backoff {
	uint64_t seed;     /* of the jitter, never 0 */
	int64_t every_ms;  /* between two calls that went well */
	unsigned failures; /* in a row */
	int64_t tried_ms;  /* the last call ended */
	int64_t due_ms;    /* the next call */
};
/* Due at once. */
void backoff_init(struct backoff *backoff, uint64_t seed, int64_t every_ms, int64_t now_ms);
enum backoff_end {
	BACKOFF_GOOD,
	BACKOFF_BUSY, /* the partner is there, and his home was in use: neither a failure nor the end of those before, and tried again soon */
	BACKOFF_FAILED
};
/* A call has ended. The wait lies between a half and the whole of what its rule says, so that homes that lost one link do not all come back
 * together. */
void backoff_ended(struct backoff *backoff, enum backoff_end end, int64_t now_ms);
/* Something was written here: at once, or soon where the partner was out of reach. */
void backoff_moved(struct backoff *backoff, int64_t now_ms);
/* Somebody asks for it. */
void backoff_now(struct backoff *backoff, int64_t now_ms);
#endif
