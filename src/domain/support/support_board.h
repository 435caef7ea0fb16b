/* Which threads a page of the board lists, and in what order. */
#ifndef WARIFU_DOMAIN_SUPPORT_BOARD_H
#define WARIFU_DOMAIN_SUPPORT_BOARD_H
#include "core/ctx.h"

enum board_order { BOARD_BY_TURN, BOARD_BY_NUMBER, BOARD_BY_SINCE, BOARD_BY_DUE, BOARD_BY_DAY };
struct board_wish {
	const char *text, *category; /* NULL: any. text: somewhere in number, descriptions, reference or place */
	uint64_t states;             /* any part in one of these; 0: in any */
	int64_t supplier;            /* -1: any */
	int64_t overdue_ms;          /* a clock has ended by then; 0: no matter */
	int64_t low, high;           /* ranks, as the own party sees them: low <= rank < high */
	enum board_order order;
	bool alone;         /* the home has no other tally with orders */
	int64_t skip, most; /* of what is found */
};
struct board_found {
	int64_t *threads; /* in the arena */
	size_t count;
};
#define BOARD_ALL_RANKS INT64_MAX

enum status board_find(struct ctx *ctx, const struct board_wish *wish, struct board_found *found, struct err *err);
/* Orders with such a rank, counted no further than `most`. */
enum status board_count(
    struct ctx *ctx, int64_t low, int64_t high, bool alone, int64_t most, int64_t *count, struct err *err);
/* The rank as the own party sees it; a column of support_board b, or an expression with :own in it. */
const char *board_rank(const struct ctx *ctx);
#endif
