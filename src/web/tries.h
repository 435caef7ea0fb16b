/* Wrong passphrases make the next one wait (docs/decisions/0096): where an attacker tries, not at another address of the same office. Times are
 * milliseconds of a clock that never goes back.
 *
 *  T1 at one desk from one address each wrong one doubles the wait, from TRIES_WAIT_MS to TRIES_WAIT_MOST_MS; the right one ends it;
 *  T2 from one address, over all desks, TRIES_ADDRESS_FREE wrong ones are free; then there is a wait of at most TRIES_ADDRESS_MOST_MS;
 *  T3 from all addresses together TRIES_ALL_FREE wrong ones are free, and then one in TRIES_ALL_EACH_MS; whoever gave the right passphrase of a desk from
 *     an address since the server began is not held up there by others. */
#ifndef WARIFU_WEB_TRIES_H
#define WARIFU_WEB_TRIES_H
#include "base/bytes.h"

#define TRIES_PLACES \
	256 /* desks by addresses whose wrong ones are remembered; who need not wait, or no longer than others, makes room */
#define TRIES_KNOWN 128 /* desks by addresses that have been right; the one that was so longest ago makes room */
#define TRIES_WAIT_MS 1000
#define TRIES_WAIT_MOST_MS (15 * 60 * 1000)
#define TRIES_FORGET_MS (24ll * 3600 * 1000) /* after the last wrong one at a desk */
#define TRIES_ADDRESS_FREE 8                 /* clumsy officers at one terminal */
#define TRIES_ADDRESS_MOST_MS (60 * 1000)    /* who shares a machine with an attacker loses a minute */
#define TRIES_ADDRESS_FORGET_MS (3600ll * 1000)
#define TRIES_ALL_FREE 64
#define TRIES_ALL_EACH_MS (30 * 1000) /* 2,880 a day, however many machines guess */

/* Where a passphrase is tried. */
struct trier {
	struct id desk;   /* the key that it would open; zero: the setup code */
	uint32_t address; /* of the machine that asks, IPv4 */
};
struct tries_place {
	struct trier trier; /* of a whole address: desk is zero, and `whole` */
	bool whole;
	unsigned wrong;
	int64_t until_ms, last_ms; /* until: nothing is looked at before; last: the last wrong one */
};
struct tries {
	struct tries_place places[TRIES_PLACES];
	struct {
		struct trier trier;
		int64_t right_ms; /* 0: none */
	} known[TRIES_KNOWN];
	int64_t all_ms; /* T3: lies TRIES_ALL_EACH_MS further on for each wrong one */
};
/* May a passphrase be tried now? Else *wait_ms is how long not. */
bool tries_may(const struct tries *tries, const struct trier *trier, int64_t now_ms, int64_t *wait_ms);
void tries_wrong(struct tries *tries, const struct trier *trier, int64_t now_ms);
void tries_right(struct tries *tries, const struct trier *trier, int64_t now_ms);
#endif
