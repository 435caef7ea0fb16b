/* One part of a benchmark's run: `bench make DIR COUNT [toy]`, then any of the others. Prints "name value" lines for bench.sh. */
#include "bench.h"
#include "domain/statement/statement.h"
#include <stdlib.h>
#include <string.h>

extern const struct domain toy_domain;
const struct domain *const domains[] = { &support_domain, &statement_domain, &toy_domain,
	NULL }; /* the program's own registry steps aside */

static int usage(void)
{
	fprintf(stderr,
	    "usage: bench make DIR COUNT [toy] | serve|fill|meet|silence|verify|rebuild|append|git DIR [toy]\n"
	    "       bench board DIR ORDERS | pages DIR PORT PID TIMES\n");
	return 2;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(struct world *world);
	} parts[] = { { "serve", measure_serve }, { "meet", measure_meet }, { "verify", measure_verify },
		{ "rebuild", measure_rebuild }, { "append", measure_append }, { "git", measure_git } };
	struct world world;
	char state[4200];

	if (argc < 3) {
		return usage();
	}
	const char *part = argv[1], *dir = argv[2];
	bool making = strcmp(part, "make") == 0, toy = strcmp(argv[argc - 1], "toy") == 0;
	if (making && argc < 4) {
		return usage();
	}
	snprintf(state, sizeof state, "%s/state", dir);
	setenv("WARIFU_STATE", state, 1);
	wire_start();
	if (strcmp(part, "silence") == 0) {
		measure_silence(dir);
		return 0;
	}
	world_init(&world, dir, toy);
	int result = 2;
	if (strcmp(part, "board") == 0 && argc == 4) {
		measure_board(&world, (unsigned)strtoul(argv[3], NULL, 10));
		result = 0;
	} else if (strcmp(part, "pages") == 0 && argc == 6) {
		measure_pages(&world, (unsigned)strtoul(argv[3], NULL, 10), (unsigned)strtoul(argv[4], NULL, 10),
		    (unsigned)strtoul(argv[5], NULL, 10));
		result = 0;
	}
	if (making || strcmp(part, "fill") == 0) {
		if (making) {
			measure_make(&world, (unsigned)strtoul(argv[3], NULL, 10));
		} else {
			measure_fill(&world, argv[0]);
		}
		result = 0;
	}
	for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (strcmp(part, parts[i].name) == 0) {
			parts[i].run(&world);
			result = 0;
		}
	}
	world_clear(&world);
	return result == 0 ? 0 : usage();
}
