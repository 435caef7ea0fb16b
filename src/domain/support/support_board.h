/* Which threads a page of the board lists, and in what order. */
#ifndef WARIFU_DOMAIN_SUPPORT_BOARD_H
#define WARIFU_DOMAIN_SUPPORT_BOARD_H
#include "core/ctx.h"

enum board_order { BOARD_BY_TURN, BOARD_BY_NUMBER, BOARD_BY_SINCE, BOARD_BY_DUE, BOARD_BY_DAY };
#define BOARD_PLACES 8
struct board_wish {
	const char *text, *category;      /* NULL: any. text: somewhere in number, descriptions, reference or place */
	uint64_t states;                  /* any part in one of these; 0: in any */
	int64_t supplier;                 /* -1: any */
	int64_t overdue_ms;               /* a clock has ended by then; 0: no matter */
	int64_t low, high;                /* ranks, as the own party sees them: low <= rank < high */
	const char *places[BOARD_PLACES]; /* the order's place is one of these texts */
	unsigned place_count;             /* 0: any */
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
/* Number, sides, rank as the own party sees it, day, and the three columns of the clock: of :thread, for :own. */
const char *board_line_sql(const struct ctx *ctx);
/* Party whose turn it is by the ranks of a row, -1: nobody's. A party that is neither of the two sees it as the lower one does. */
int64_t board_mover(int64_t own, int64_t one, int64_t other, int64_t rank_low, int64_t rank_high);

/* --- what both files share --- */
/* Threads that were looked for by a text, a place, a category, or because they are overdue. */
struct board_ids {
	int64_t *items; /* ascending and different */
	size_t count;
	bool wanted;   /* something was looked for */
	bool too_many; /* the rest is not here: each row is asked */
};
/* support_board_search.c */
struct board_column {
	const char *table, *column;
};
#define BOARD_TEXTS 4 /* beside the numbers */
extern const struct board_column board_texts[BOARD_TEXTS];
enum status board_collect(struct ctx *ctx, const struct board_wish *wish, struct board_ids *ids, struct err *err);
/* SQL: does the column hold the text, which board_bind_text() binds? */
const char *board_has(struct ctx *ctx, const struct board_wish *wish, const char *column);
void board_bind_text(struct ctx *ctx, struct query *query, const struct board_wish *wish);
enum status board_ask(struct ctx *ctx, const char *sql, struct query **rows, struct err *err); /* sql NULL: no memory */
int board_by_value(const void *a, const void *b);
#endif
