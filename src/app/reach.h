/* Homes of partners that this one calls over HTTPS: where they are, and the call. Addresses are this home's own and never shared. */
#ifndef WARIFU_APP_REACH_H
#define WARIFU_APP_REACH_H
#include "app/exchange.h"
#include "base/limits.h"

struct address {
	char tally[2 * ID_BYTES + 1]; /* hex */
	char party[PARTY_TEXT];
	char url[LIMIT_URL_BYTES];
	struct id pin; /* hash of the certificate's key that was met there last; zero: none yet */
};
struct addresses {
	struct address items[LIMIT_SYNC_ADDRESSES];
	unsigned count;
};
/* All of this home, by tally and party. */
enum status addresses_get(struct app *app, struct addresses *out, struct err *err);
/* Of a party of the chosen tally; in place of the one before. */
enum status address_set(struct app *app, const char *party, const char *url, struct err *err);
/* NOT_FOUND when it has none. */
enum status address_remove(struct app *app, const char *party, struct err *err);

/* inside: a session with the home at exchange->url; from exchange_sync alone. */
enum status exchange_call(
    struct app *app, const struct exchange *exchange, struct sync_result *result, struct err *err);
void exchange_progress(void *context, int64_t done, int64_t all);
#endif
