/* Exchange with a partner: home key and secrets found, then src/sync does it. */
#ifndef WARIFU_APP_EXCHANGE_H
#define WARIFU_APP_EXCHANGE_H
#include "app/app.h"
#include "sync/https.h"

/* Number of a party of the chosen tally by its code; NULL: the only other one. USAGE names those that there are. */
enum status exchange_party(struct app *app, const char *code, unsigned *party, struct err *err);

/* Where several threads of a process share a home: the lock that is held when exchange_sync is called, let go while it waits for the
 * network, and held again when it returns. All NULL: nobody shares it. */
struct home_lock {
	void (*take)(void *context);
	void (*give)(void *context);
	bool (*wait)(void *context, int64_t wait_ms); /* false: stop */
	void *context;
};
struct exchange {
	const char *command;  /* reaches the partner */
	const char *url;      /* else: his home answers there; both NULL: we answer on standard input and output */
	int64_t rate_bytes_s; /* of HTTPS; 0: no measure */
	int64_t patience_ms;  /* of HTTPS: how long the link may be gone; 0: EXCHANGE_PATIENCE_MS */
	unsigned peer_party;  /* where we call */
	const struct home_lock *lock; /* of HTTPS; may be NULL */
	struct https_count *count;    /* of HTTPS; may be NULL */
};
#define EXCHANGE_PATIENCE_MS 120000 /* a satellite link that has dropped comes back, or not, within two minutes */
enum status exchange_sync(
    struct app *app, const struct exchange *exchange, struct sync_result *result, struct err *err);

/* The home's key in the chosen tally, opened; app->home_key is it. A home that asked for its grant and has not seen it yet meets its own party with the
 * key that it made. */
enum status exchange_home(struct app *app, const struct secrets **secrets, struct err *err);

struct bundle_asked {
	unsigned for_party;
	bool everything, plain, text, attachments;
};
/* out stays empty when the partner has acknowledged all. */
enum status exchange_bundle_write(
    struct app *app, const struct bundle_asked *asked, struct buf *out, int64_t *entries, struct err *err);
/* Binary or text. Sealed ones are opened with the home key of the tally that can. */
enum status exchange_bundle_read(struct app *app, struct bytes in, struct bundle_result *result, struct err *err);
#endif
