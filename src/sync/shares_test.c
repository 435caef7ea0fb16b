/* Places among parties. */
#include "base/tap.h"
#include "sync/shares.h"
#include <stdio.h>
#include <string.h>

static struct share places[LIMIT_SYNC_SESSIONS];
static int64_t now_ms;

static unsigned held(char party)
{
	unsigned count = 0;

	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		count += places[i].proven && places[i].party[0] == party;
	}
	return count;
}

/* A session of this party, in a free place; what has to make room makes it. false: there is no free place, or more than one has gone. */
static bool begun(char party)
{
	unsigned at = 0, gone;

	while (at < LIMIT_SYNC_SESSIONS && places[at].proven) {
		at++;
	}
	if (at == LIMIT_SYNC_SESSIONS) {
		return false;
	}
	places[at] = (struct share){ .proven = true, .party = { party }, .used_ms = ++now_ms };
	gone = shares_yield(places, at);
	if (gone == LIMIT_SYNC_SESSIONS) {
		return true;
	}
	bool good = gone != at && places[gone].proven;
	places[gone] = (struct share){ .proven = false };
	return good && shares_yield(places, at) == LIMIT_SYNC_SESSIONS;
}

int main(void)
{
	bool good = true, kept = true;
	unsigned all = 0;

	for (unsigned i = 0; i < LIMIT_SYNC_PARTY_SESSIONS; i++) {
		good = good && begun('A');
	}
	tap_ok(good && held('A') == LIMIT_SYNC_PARTY_SESSIONS, "a party has its places");
	places[1].used_ms = 0;
	good = begun('A');
	tap_ok(good && held('A') == LIMIT_SYNC_PARTY_SESSIONS && !places[1].proven,
	    "for one more its own, that nobody asked for longest, makes room");
	for (unsigned i = 0; i < 3 * LIMIT_SYNC_SESSIONS; i++) {
		good = good && begun((char)('A' + i % 4));
	}
	tap_ok(good, "four parties take what there is");
	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		all += places[i].proven;
	}
	tap_is_int(all, SHARES_PROVEN, "and leave the places of who has not said yet who he is");
	tap_ok(begun('E') && held('E') == 1, "a fifth has his place among them at once");
	for (unsigned i = 0; i < 100; i++) {
		good = good && begun((char)('A' + i % 4));
		kept = kept && held('E') == 1;
	}
	tap_ok(good && kept, "and keeps it, however often the four begin");
	for (int i = 4; i < LIMIT_PARTIES; i++) {
		good = good && begun((char)('A' + i));
	}
	for (unsigned i = 0; i < 100; i++) {
		good = good && begun((char)('A' + i % 7));
		kept = kept && held('H') == 1;
	}
	tap_ok(good && kept, "so do all parties of the largest tally");
	return tap_done();
}
