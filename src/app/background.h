/* Sync with partners' homes by itself, beside a server: every address that is kept is called when something was written here, every few minutes, and
 * when somebody asks; each in a thread of its own, so that a slow partner holds up nobody. */
#ifndef WARIFU_APP_BACKGROUND_H
#define WARIFU_APP_BACKGROUND_H
#include "app/reach.h"
#include "sync/backoff.h"

struct background_options {
	int64_t every_ms;     /* between two calls that went well; 0: BACKOFF_EVERY_MS */
	int64_t rate_bytes_s; /* 0: no measure */
	uint64_t seed;        /* of the jitter; 0: by chance */
};
/* How it stands with one address. Times are of the clock on the wall; 0: never. */
struct background_state {
	struct address address;
	bool running, good; /* good: the last call brought all */
	int64_t done, all;  /* entries, while it runs */
	int64_t ended_ms;   /* the last call */
	int64_t due_in_ms;  /* the next one */
	unsigned failures;  /* in a row */
	struct err why;     /* of the last one */
};
struct background;
/* Opens the home key of each tally of this home, and asks for its passphrase as every command does; a tally whose key cannot be opened is not synced.
 * `app` has a home open. Starts no thread. */
enum status background_new(
    struct app *app, const struct background_options *options, struct background **out, struct err *err);
/* lock: of those who share the home; its `wait` is not used. */
enum status background_start(struct background *background, const struct home_lock *lock, struct err *err);
void background_stop(struct background *background); /* ends what is under way; NULL-safe */
void background_free(struct background *background); /* after background_stop; NULL-safe */
/* Something may have been written in the home by this process: looks at once. Moves of other processes are seen within a second. */
void background_look(struct background *background);
/* Calls every address of the tally (hex) now. How many there are. */
unsigned background_now(struct background *background, const char *tally);
/* At most LIMIT_SYNC_ADDRESSES. */
unsigned background_states(struct background *background, struct background_state *out);
#endif
