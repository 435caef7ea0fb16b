/* Who makes room among the sessions that others have begun: each party has a share of the places that no others can take, not even all of them
 * together. Pure.
 *
 *  P1 a party has LIMIT_SYNC_PARTY_SESSIONS places at most: its own oldest session makes room;
 *  P2 all parties together have SHARES_PROVEN: who holds most gives way, so that one with a single session never does while another holds two;
 *  P3 the rest is for callers who have not proven a home yet, and they take none of the others (answers.h, N4). */
#ifndef WARIFU_SYNC_SHARES_H
#define WARIFU_SYNC_SHARES_H
#include "base/limits.h"
#include <stdbool.h>
#include <stdint.h>

#define SHARES_UNPROVEN 2 /* callers whose greeting has not been accepted yet */
#define SHARES_PROVEN (LIMIT_SYNC_SESSIONS - SHARES_UNPROVEN)

struct share {
	bool proven; /* a session of a home of `party`; else the place is free, or of a caller who has proven nothing */
	char party[16];
	int64_t used_ms; /* its last request */
};
/* Which of the places has to make room, now that the one numbered `newest` has been proven; LIMIT_SYNC_SESSIONS: none. Never `newest` itself. */
unsigned shares_yield(const struct share places[LIMIT_SYNC_SESSIONS], unsigned newest);
#endif
