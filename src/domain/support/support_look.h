/* A folded thread laid out for looking: each part with the line of moves that led to its head, the time from which each counts, and
 * the offset in which its clocks run (docs/audit-rules.md 1 and 2). What lists, clocks and audits read. */
#ifndef WARIFU_DOMAIN_SUPPORT_LOOK_H
#define WARIFU_DOMAIN_SUPPORT_LOOK_H
#include "core/facts.h"
#include "domain/support/support_clock.h"
#include "domain/support/support_state.h"

#define NO_TIME INT64_MAX

struct look_part {
	const struct part *part;
	const struct move *head; /* NULL: none; of several the one with the least id */
	const struct move **line;
	int64_t *
	    from_ms; /* from when on each move of the line counts; with one more at the end, where a derived state begins */
	unsigned count;
	const struct state *state;       /* after the head, or derived; NULL without head */
	const struct move *derived_from; /* NULL: not derived */
	int offset;
	const struct order_state *order; /* at the head, by the type of the part */
	const struct issue_state *issue;
	const struct claim_state *claim;
};

struct look {
	const struct fold *fold;
	const char *number;
	const struct agreement *agreement;
	struct look_part *parts;
	unsigned part_count;
	const struct look_part *order; /* NULL: the thread is no order, or has none */
	bool differs;                  /* its stored state is not the one that its entries give */
};

/* agreements: those read so far, which grow; all from the arena of the command. The look itself is the fold's arena. False: out of memory. */
struct agreements {
	struct agreement **items;
	unsigned count;
	bool values_only; /* of the clocks: no holidays are read, and nothing is copied */
};
bool look_at(
    struct arena *arena, struct agreements *agreements, const struct fold *fold, const char *number, struct look *out);

/* A stretch of time in which a part is in one of the states; end NO_TIME: it still is. */
struct stretch {
	int64_t begin_ms, end_ms;
	const struct move *by, *ended_by; /* ended_by NULL: still */
};
/* states: ends with NULL. *at begins with 0. */
bool stretch_next(const struct look_part *part, const char *const *states, unsigned *at, struct stretch *out);

bool state_is(const struct look_part *part, const char *const *states);
bool kind_is(const struct move *move, const char *name); /* "support.converted" */
int64_t stated_day(const struct move *move, int offset_minutes);
/* Does what was issued under the order, less what was not accepted of it, come to all that is agreed? */
bool order_is_issued(const struct look *look);
/* Is all that is agreed issued, whatever was accepted of it, and discharged, and nobody's turn but to close the order? */
bool order_only_closing(const struct look *look);
/* All that is agreed was issued, and what came of it is not settled: the order itself waits for nobody, its other parts do. */
bool order_is_idle(const struct look *look);
/* When an issue was discharged; false while it is not. */
bool issue_discharged(const struct look *look, const struct look_part *issue, int64_t *ms, const struct move **by);
/* Claims in whose present lines the line of an issue stands, other than withdrawn ones; NULL when there are no more. *at begins with 0. */
const struct look_part *line_claim(const struct look *look, const struct look_part *issue, int64_t line, unsigned *at,
    const struct claim_line **found);
/* Its clocks; false: the agreement states none. */
bool receipt_clock(
    const struct look *look, const struct look_part *issue, const struct issue_state *state, struct clock_end *out);
bool return_clock(const struct look *look, const struct look_part *issue, struct clock_end *out);
bool claim_clock(const struct look *look, const struct look_part *issue, struct clock_end *out);
bool answer_clock(const struct look *look, int64_t from_ms, struct clock_end *out);
/* The clock that runs for the part in its state, and for which side it is; false: none does. */
struct part_clock {
	const char *name; /* "receipt" */
	unsigned side;
	int64_t since_ms;
	struct clock_end end;
};
bool part_clock(const struct look *look, const struct look_part *part, struct part_clock *out);
/* The others of an issue, which matter only once they are over. *at begins with 0; false: there are no more. */
bool quiet_clock(const struct look *look, const struct look_part *part, unsigned *at, struct part_clock *out);
/* Does every line of the issue that is owed stand in a claim? */
bool issue_is_claimed(const struct look *look, const struct look_part *issue);
/* Has the supplier to claim it? Nobody has the pen of what was receipted. False of any other part. */
bool issue_waits_for_claim(const struct look *look, const struct look_part *part);
/* Has a claim to carry it (docs/support-rules.md 5.5)? False of any other part. */
bool adjustment_waits_for_claim(const struct look *look, const struct look_part *part);

/* What has to be done at a part that waits. */
#define TODO_MOST 4
struct todo {
	const struct kind *kinds[TODO_MOST]; /* one of these */
	const char *roles[TODO_MOST];        /* whose desks may */
	unsigned count, role_count;
};
/* clock: by which it waits; NULL: for the pen alone. */
void todo_of(
    const struct look *look, const struct look_part *part, const char *clock, int64_t now_ms, struct todo *out);
/* In the language of the command; "" where nothing is known. */
const char *todo_words(struct ctx *ctx, const struct todo *todo);
const char *todo_roles(struct ctx *ctx, const struct todo *todo);
const char *look_item(struct ctx *ctx, const struct look *look, const struct look_part *part);
#endif
