/* Loans of books between two libraries: lent, sent back, received. The toy domain does next to nothing, so what is left is the kernel. */
#include "bench.h"
#include <stdlib.h>
#include <string.h>

#define LOANS 200
enum { KEY_BORROWER = 8, KEY_BOOK = 9, KEY_COPIES = 10, KEY_DUE_ON = 11 };

struct loan {
	struct id thread, head;
	unsigned lender, state;
	int64_t copies;
};
struct flow_toy {
	struct world *world;
	struct loan loans[LOANS];
};

struct flow_toy *flow_toy_new(struct world *world)
{
	struct flow_toy *flow = calloc(1, sizeof *flow);

	if (flow != NULL) {
		flow->world = world;
	}
	return flow;
}

void flow_toy_free(struct flow_toy *flow)
{
	free(flow);
}

static void lend(struct flow_toy *flow, struct loan *loan)
{
	struct world *world = flow->world;
	char book[64];

	*loan = (struct loan){ .lender = bench_pick(world, PARTIES), .state = 1, .copies = 1 + bench_pick(world, 9) };
	snprintf(book, sizeof book, "Collected Works, volume %u", 1 + bench_pick(world, 900));
	world_text(world, KEY_BORROWER, loan->lender == GB ? "JP" : "GB");
	world_text(world, KEY_BOOK, book);
	world_int(world, KEY_COPIES, loan->copies);
	world_int(world, KEY_DUE_ON, world->now_ms / 86400000 + 30);
	struct body_draft draft = { .kind = "toy.lent" };
	loan->thread = loan->head = world_enter(world, world_desk(loan->lender, bench_pick(world, DESKS)), &draft);
}

void flow_toy_step(struct flow_toy *flow)
{
	struct world *world = flow->world;
	struct loan *loan = &flow->loans[bench_pick(world, LOANS)];
	struct id answers[1] = { loan->head };
	struct body_draft draft = {
		.thread = &loan->thread, .part = &loan->thread, .answers = answers, .answer_count = 1
	};

	if (loan->state == 0) {
		lend(flow, loan);
	} else if (loan->state == 1) {
		world_int(world, KEY_COPIES, loan->copies);
		draft.kind = "toy.returned";
		loan->head = world_enter(world, world_desk(1 - loan->lender, bench_pick(world, DESKS)), &draft);
		loan->state = 2;
	} else {
		draft.kind = "toy.received";
		world_enter(world, world_desk(loan->lender, bench_pick(world, DESKS)), &draft);
		loan->state = 0;
	}
}
