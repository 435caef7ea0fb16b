/* Measures this program against bare limits and against others (DESIGN, goals in numbers). bench.sh runs the parts of this program and lays
 * their figures beside those of git, SQLite and fossil, taken in the same run.
 *
 * The world: parties GB and JP, four desks each, two homes of JP, one of GB. Home `a` is GB's and holds all that was made; the desks of both
 * parties write into it, and both first homes acknowledge in it, as if their halves had met every few dozen entries. Home `b` is JP's second
 * one: it begins with the tally's opening alone. All keys come from seeds, so that each part of the program can make them again. */
#ifndef WARIFU_TESTS_BENCH_H
#define WARIFU_TESTS_BENCH_H
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "domain/support/support.h"
#include "sync/session.h"
#include <stdio.h>

enum party { GB, JP, PARTIES };
/* Desks of a party; each role is held by somebody who may not do what must be done by another. */
enum desk { DESK_ORDERS, DESK_STORES, DESK_CLAIMS, DESK_PAYS, DESKS };
#define WRITERS 16 /* further desks of GB, for many writers at once */
enum hand_number {
	HAND_ROOT = 0,
	HAND_RECOVERY = HAND_ROOT + PARTIES,
	HAND_DESK = HAND_RECOVERY + PARTIES,
	HAND_HOME = HAND_DESK + PARTIES * DESKS, /* the first of each party */
	HAND_HOME_B = HAND_HOME + PARTIES,
	HAND_WRITER,
	HANDS = HAND_WRITER + WRITERS
};

struct hand {
	struct id key, prev, seen;
	uint8_t secret[SECRET_BYTES];
	uint64_t seq;
	unsigned party;
	bool has_seen;
};
struct home {
	struct store store;
	int64_t tally;
	char path[4096];
	struct secrets secrets;
	unsigned hand, party;
};
struct world {
	const char *dir;
	struct home *home; /* where entries go */
	struct id tally, profile;
	struct hand hands[HANDS];
	uint64_t random;
	int64_t now_ms;
	struct buf fields, body;
	unsigned field_count;
	int64_t entries;
	FILE *aside; /* NULL, or where entries go instead */
	bool toy;
	unsigned leave_one_in; /* not 0: of so many moves one finds an order that is left where it stands, for good */
};

/* ---- world.c */
_Noreturn void bench_fail(const char *what, const struct err *err);
#define MUST(call, err) \
	do { \
		if ((call) != OK) { \
			bench_fail(#call, err); \
		} \
	} while (0)
double bench_seconds(void);
uint64_t bench_random(struct world *world);
unsigned bench_pick(struct world *world, unsigned count);
/* One figure for bench.sh. */
void bench_say(const char *name, double value);

void world_init(struct world *world, const char *dir, bool toy);
void world_clear(struct world *world);
/* A desk of a party. */
unsigned world_desk(unsigned party, enum desk desk);
/* What a channel shows of a home: the hash of its certificate's key. */
struct id world_tls(const struct world *world, unsigned number);
/* Opens a home that is there. hand: its key. */
void home_open(struct world *world, struct home *home, const char *name, unsigned hand);
/* Makes a home that holds the tally's opening. */
void home_make(struct world *world, struct home *home, const char *name, unsigned hand);
/* The other party's acceptance and all grants, into world->home; the transaction stays open. */
void world_begin(struct world *world);
/* Signs, and stores (in a transaction of the caller's) or puts aside. Own fields are those put since the last entry. */
struct id world_enter(struct world *world, unsigned number, struct body_draft *draft);
void world_field(struct world *world, unsigned key);
void world_text(struct world *world, unsigned key, const char *text);
void world_int(struct world *world, unsigned key, int64_t value);
/* Folds and commits what was entered; both homes acknowledge. */
void world_meet(struct world *world);

/* ---- flow.c, flow_toy.c: what desks do */
struct flow;
struct flow *flow_new(struct world *world);
void flow_free(struct flow *flow);
/* One move of some order. party: PARTIES, or the one whose turn it must be, among orders that the other leaves alone then. */
void flow_step(struct flow *flow, unsigned party);
/* A receipt of some issue, by GB; false when none waits for one. */
bool flow_receipt(struct flow *flow);
/* Orders asked for since the beginning. */
unsigned flow_orders(const struct flow *flow);
/* Own fields of some request. */
void flow_request_fields(struct world *world, unsigned party);
struct flow_toy;
struct flow_toy *flow_toy_new(struct world *world);
void flow_toy_free(struct flow_toy *flow);
void flow_toy_step(struct flow_toy *flow);

/* ---- the parts of a run */
void measure_make(struct world *world, unsigned count);
void measure_serve(struct world *world);
void measure_fill(struct world *world, const char *program);
void measure_meet(struct world *world);
void measure_silence(const char *dir);
void measure_verify(struct world *world);
void measure_rebuild(struct world *world);
void measure_append(struct world *world);
void measure_git(struct world *world);
void measure_board(struct world *world, unsigned orders);
/* Asks a server at 127.0.0.1 for its pages; `board` is the home that it serves, pid its process. */
void measure_pages(struct world *world, unsigned port, unsigned pid, unsigned times);
#endif
