#include "sync/shares.h"
#include <string.h>

static unsigned held_by(const struct share *places, const char *party)
{
	unsigned count = 0;

	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		count += places[i].proven && strcmp(places[i].party, party) == 0;
	}
	return count;
}

static unsigned oldest_of(const struct share *places, const char *party, unsigned newest)
{
	unsigned oldest = LIMIT_SYNC_SESSIONS;

	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		if (i != newest && places[i].proven && strcmp(places[i].party, party) == 0 &&
		    (oldest == LIMIT_SYNC_SESSIONS || places[i].used_ms < places[oldest].used_ms)) {
			oldest = i;
		}
	}
	return oldest;
}

unsigned shares_yield(const struct share places[LIMIT_SYNC_SESSIONS], unsigned newest)
{
	const char *own = places[newest].party, *most = own;
	unsigned all = 0, held = held_by(places, own);

	if (held > LIMIT_SYNC_PARTY_SESSIONS) {
		return oldest_of(places, own, newest);
	}
	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		unsigned count = places[i].proven ? held_by(places, places[i].party) : 0;
		all += places[i].proven;
		if (count > held) { /* where none has more than the newcomer's, his own gives way */
			held = count;
			most = places[i].party;
		}
	}
	return all > SHARES_PROVEN ? oldest_of(places, most, newest) : LIMIT_SYNC_SESSIONS;
}
