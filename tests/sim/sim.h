/* A small world of partners: parties, homes, desks, all with real stores, all from one seed (tests/sim/sim.c). */
#ifndef WARIFU_TESTS_SIM_H
#define WARIFU_TESTS_SIM_H
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "fold/fold.h"
#include "sync/sync.h"

#define SIM_PARTIES 3
#define SIM_HOMES 9
#define SIM_DESKS 64
#define SIM_THREADS 4096

struct sim_key {
	struct id key;
	uint8_t secret[SECRET_BYTES];
};
struct sim_desk {
	struct sim_key key;
	unsigned party;
	unsigned home;
	unsigned thief;
	bool stolen;
}; /* thief: a home that writes with it too */
struct sim_home {
	struct store store;
	int64_t tally;
	unsigned party;
	struct sim_key key;
	struct secrets secrets;
	char path[128];
};

struct sim {
	uint64_t random;
	bool talkative;
	unsigned party_count, home_count, desk_count;
	struct sim_key root[SIM_PARTIES], recovery[SIM_PARTIES];
	struct sim_home
	    homes[SIM_HOMES]; /* home i is of party i % party_count; the first of a party holds its root key */
	struct sim_desk desks[SIM_DESKS];
	struct id threads[SIM_THREADS];
	unsigned thread_count;
	struct id tally;
	int64_t now_ms;
	char dir[64];
	/* counts, for the report */
	unsigned moves, refused, syncs, cuts, bundles, thefts, revocations, reopened;
	int64_t bytes;
};

uint64_t sim_random(struct sim *sim);
unsigned sim_pick(struct sim *sim, unsigned count);
/* Makes the world: keys, tally, grants; each home holds the opening and the grants of its own party. */
void sim_open(struct sim *sim, uint64_t seed);
void sim_close(struct sim *sim);
/* Signs an entry at a home and stores it there; false when it would be void. */
bool sim_enter(
    struct sim *sim, struct sim_home *home, const struct sim_key *key, struct body_draft *draft, struct id *out);
/* Some desk of the home does something that it may do. */
void sim_act(struct sim *sim, unsigned number);
void sim_grant_desk(struct sim *sim, unsigned home);
void sim_revoke(struct sim *sim, unsigned party);
/* A session between two homes, in pieces; cut: it breaks after so many bytes, 0: not. True when it came to its end.
 * What both ends report is in `results`. */
bool sim_sync(struct sim *sim, unsigned from, unsigned to, size_t cut, struct sync_result results[2]);
void sim_bundle(struct sim *sim, unsigned from, unsigned to);
void sim_reopen(struct sim *sim, unsigned number);
/* Syncs all with all until nothing moves; false, with a note, when the halves do not become one. */
bool sim_settle(struct sim *sim);
#endif
