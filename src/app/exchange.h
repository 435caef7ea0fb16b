/* Exchange with a partner: home key and secrets found, then src/sync does it. */
#ifndef WARIFU_APP_EXCHANGE_H
#define WARIFU_APP_EXCHANGE_H
#include "app/app.h"

/* Number of a party of the chosen tally by its code; NULL: the only other one. USAGE names those that there are. */
enum status exchange_party(struct app *app, const char *code, unsigned *party, struct err *err);

struct exchange {
	const char *command; /* reaches the partner; NULL: we answer on standard input and output */
	unsigned peer_party; /* where we call */
};
enum status exchange_sync(
    struct app *app, const struct exchange *exchange, struct sync_result *result, struct err *err);

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
