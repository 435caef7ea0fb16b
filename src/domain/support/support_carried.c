/* What stands on a page of another domain that says that this one carries it out: how many orders wait, and the latest of them. */
#include "core/page.h"
#include "core/print.h"
#include "domain/support/support_board.h"
#include "domain/support/support_pages.h"

#define CARRIED_MOST 20

static const char latest_sql[] =
    "SELECT o.number, o.state, o.deliver_on, l.description_en, l.description_ja, b.one, b.other, b.rank_low, b.rank_high "
    "FROM support_order o JOIN support_board b ON b.thread = o.thread JOIN thread t ON t.row = o.thread LEFT JOIN support_line l ON l.thread = o.thread AND l.line = "
    "(SELECT MIN(m.line) FROM support_line m WHERE m.thread = o.thread) WHERE +t.tally = :tally "
    "ORDER BY o.thread DESC LIMIT :most";

static const char *item_of(struct ctx *ctx, struct query *row)
{
	unsigned wanted = ctx->lang == LANG_JA ? 4 : 3;

	return print_text(ctx, query_text(row, query_is_null(row, wanted) ? 7 - wanted : wanted));
}

/* As the board says it: whatever of the order waits, not the order alone. */
static const char *waits_for(struct ctx *ctx, struct query *row)
{
	int64_t mover =
	    board_mover(ctx->own_party, query_int(row, 5), query_int(row, 6), query_int(row, 7), query_int(row, 8));

	return mover < 0 ? "" : mover == (int64_t)ctx->own_party ? WORD(ctx, "you") : print_party(ctx, mover);
}

static enum status print_latest(struct ctx *ctx, struct err *err)
{
	struct grid grid = { .ctx = ctx,
		.columns = 5,
		.numbers = 1,
		.column = { { WORD(ctx, "number"), false, 0 }, { WORD(ctx, "item"), false, 60 },
		    { WORD(ctx, "deliver on"), false, 0 }, { WORD(ctx, "state"), false, 0 },
		    { WORD(ctx, "waits for"), false, 0 } } };
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, latest_sql, &rows, err);

	if (status == OK) {
		query_bind_int(rows, "most", CARRIED_MOST);
	}
	while (status == OK && query_next(rows)) {
		const char *cells[GRID_COLUMNS] = { print_text(ctx, query_text(rows, 0)), item_of(ctx, rows),
			query_is_null(rows, 2) ? "" : print_day(ctx, query_int(rows, 2)),
			query_is_null(rows, 1) ? WORD(ctx, "rivals") : print_word(ctx, query_text(rows, 1)),
			waits_for(ctx, rows) };
		grid_row(&grid, cells);
	}
	query_close(rows);
	if (status == OK) {
		grid_print(&grid);
	}
	return status;
}

enum status show_carried(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	enum status status = show_front(ctx, request, html, err);
	struct html *before = ctx->page;

	ctx->page = html;
	if (status == OK) {
		status = print_latest(ctx, err);
	}
	ctx->page = before;
	return status;
}
