/* Exponential back-off with jitter. */
#include "sync/backoff.h"

static uint64_t jitter_next(struct backoff *backoff)
{
	backoff->seed ^= backoff->seed << 13;
	backoff->seed ^= backoff->seed >> 7;
	backoff->seed ^= backoff->seed << 17;
	return backoff->seed;
}

void backoff_init(struct backoff *backoff, uint64_t seed, int64_t every_ms, int64_t now_ms)
{
	*backoff = (struct backoff){ .seed = seed ? seed : 1,
		.every_ms = every_ms > 0 ? every_ms : BACKOFF_EVERY_MS,
		.tried_ms = now_ms - BACKOFF_MOVE_MS,
		.due_ms = now_ms };
}

void backoff_ended(struct backoff *backoff, enum backoff_end end, int64_t now_ms)
{
	int64_t wait_ms = end == BACKOFF_GOOD ? backoff->every_ms : BACKOFF_FIRST_MS;

	backoff->tried_ms = now_ms;
	if (end == BACKOFF_GOOD) {
		backoff->failures = 0;
	} else if (end == BACKOFF_FAILED) {
		for (unsigned i = 0; i < backoff->failures && wait_ms < BACKOFF_MOST_MS; i++) {
			wait_ms *= 2;
		}
		wait_ms = wait_ms < BACKOFF_MOST_MS ? wait_ms : BACKOFF_MOST_MS;
		backoff->failures++;
	}
	backoff->due_ms = now_ms + wait_ms - (int64_t)(jitter_next(backoff) % (uint64_t)(wait_ms / 2 + 1));
}

void backoff_moved(struct backoff *backoff, int64_t now_ms)
{
	int64_t soon_ms = backoff->failures > 0 ? backoff->tried_ms + BACKOFF_MOVE_MS : now_ms;

	soon_ms = soon_ms > now_ms ? soon_ms : now_ms;
	backoff->due_ms = soon_ms < backoff->due_ms ? soon_ms : backoff->due_ms;
}

void backoff_now(struct backoff *backoff, int64_t now_ms)
{
	backoff->due_ms = now_ms;
}
