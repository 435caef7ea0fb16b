/* Partners, homes, desks, links, thieves: all from one seed. Whatever happens on the way, when all have spoken with all in the end, all homes have
 * one digest, a rebuild gives the same, and nobody says anything any more.
 *
 *     sim                      some short runs, as TAP
 *     sim --seed N             one long run from this seed
 *     sim --seed N --steps M   so many steps
 *
 * A failure prints its seed and is played again by it, step for step. */
#include "sim.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void steal(struct sim *sim)
{
	struct sim_desk *desk = &sim->desks[sim_pick(sim, sim->desk_count)];
	unsigned thief = sim_pick(sim, sim->home_count);

	/* at another home of the same party: who copies a key file has the store beside it */
	if (!desk->stolen && desk->home != thief && sim->homes[thief].party == desk->party && sim->thefts < 3) {
		desk->stolen = true;
		desk->thief = thief;
		sim->thefts++;
	}
}

static bool step(struct sim *sim)
{
	unsigned what = sim_pick(sim, 1000), home = sim_pick(sim, sim->home_count),
		 other = sim_pick(sim, sim->home_count);
	struct sync_result results[2];

	if (what < 700) {
		sim_act(sim, home);
	} else if (what < 900) {
		size_t cut = sim_pick(sim, 3) == 0 ? 1 + sim_pick(sim, 20000) : 0;
		return home == other || sim_sync(sim, home, other, cut, results);
	} else if (what < 960) {
		if (home != other) {
			sim_bundle(sim, home, other);
		}
	} else if (what < 975) {
		sim_reopen(sim, home);
	} else if (what < 985) {
		sim_grant_desk(sim, home);
	} else if (what < 990) {
		sim_revoke(sim, sim_pick(sim, sim->party_count));
	} else {
		steal(sim);
	}
	return true;
}

static bool run(uint64_t seed, unsigned steps)
{
	struct sim *sim = malloc(sizeof *sim);
	bool good = true;

	sim_open(sim, seed);
	for (unsigned i = 0; good && i < steps; i++) {
		good = step(sim);
	}
	good = good && sim_settle(sim);
	printf(
	    "# seed %llu: %u parties, %u homes, %u desks; %u entries of people, %u refused; %u sessions, %u cut; %u bundles; %u thefts, %u "
	    "revocations; %lld bytes%s\n",
	    (unsigned long long)seed, sim->party_count, sim->home_count, sim->desk_count, sim->moves, sim->refused,
	    sim->syncs, sim->cuts, sim->bundles, sim->thefts, sim->revocations, (long long)sim->bytes,
	    good ? "" : "; FAILED");
	sim_close(sim);
	free(sim);
	return good;
}

int main(int argc, char **argv)
{
	uint64_t seed = 0;
	unsigned steps = 4000;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--seed") == 0) {
			seed = strtoull(argv[i + 1], NULL, 10);
		} else if (strcmp(argv[i], "--steps") == 0) {
			steps = (unsigned)strtoul(argv[i + 1], NULL, 10);
		}
	}
	if (seed != 0) {
		return run(seed, steps) ? 0 : 1;
	}
	unsigned failed = 0;
	for (seed = 1; seed <= 6; seed++) {
		bool good = run(seed, 150);
		printf("%s %u - partners who lose links, keys and files come to one state (seed %u)\n",
		    good ? "ok" : "not ok", (unsigned)seed, (unsigned)seed);
		failed += !good;
	}
	printf("1..6\n");
	return failed > 0;
}
