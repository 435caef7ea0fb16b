/* Threads of the board by what is asked for.
 *
 * Each order that the board has is that of an index which holds all narrow columns too (support.sql), so that a page is read from where it
 * begins, and what is passed over is never looked up. Of what is looked for by text, by category or because it is overdue, the threads are
 * collected first: a few are then sorted; of many the index is read and each compared; of very many each row is asked by itself, for a page
 * of them is soon full.
 *
 * A text is looked for among the different texts that there are: goods and places have the same names again and again. Whatever is found
 * is what a plain scan would find, for the same expression decides (support_board_test.c). */
#include "base/buf.h"
#include "base/limits.h"
#include "domain/support/support_board.h"
#include "domain/support/support_state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEW 1000        /* found: sorted by themselves */
#define SQL_BYTES 65536 /* FEW numbers and the rest */

/* ---- ranks --------------------------------------------------------------------------------------------------------------- */

#define TURN "4503599627370496"    /* BOARD_TURN */
#define CLOSING "2251799813685248" /* BOARD_CLOSING */
#define OF_SIDE(side, other) \
	"WHEN b." side " = :own THEN CASE WHEN b." side " < b." other " THEN b.rank_low ELSE b.rank_high END "
#define OF_OTHERS \
	"CASE WHEN MAX(b.rank_low, b.rank_high) < " TURN " THEN " TURN " ELSE 0 END + MAX(b.rank_low, b.rank_high)"
#define OF_MANY "(CASE " OF_SIDE("one", "other") OF_SIDE("other", "one") "ELSE " OF_OTHERS " END)"

/* Of two parties the own one is the lower or the higher of every order; of more it may be neither. */
enum view { LOW, HIGH, ONE_OF_MANY };

static enum view view_of(const struct ctx *ctx)
{
	return ctx->view.party_count > 2 ? ONE_OF_MANY : ctx->own_party == 0 ? LOW : HIGH;
}

static const char *const ranks[] = { "b.rank_low", "b.rank_high", OF_MANY };
static const char *const sinces[] = { "b.since_low", "b.since_high", OF_MANY " % " CLOSING };

#define LINE_OF(rank) \
	"SELECT b.number, b.one, b.other, " rank ", b.deliver_on, b.due_ms, b.due_on, b.due_offset " \
	"FROM support_board b WHERE b.thread = :thread AND :own >= 0"

const char *board_line_sql(const struct ctx *ctx)
{
	static const char *const lines[] = { LINE_OF("b.rank_low"), LINE_OF("b.rank_high"), LINE_OF(OF_MANY) };

	return lines[view_of(ctx)];
}

int64_t board_mover(int64_t own, int64_t one, int64_t other, int64_t rank_low, int64_t rank_high)
{
	int64_t low = one < other ? one : other, high = one < other ? other : one;
	bool as_high = own == high;
	int64_t turn = (as_high ? rank_high : rank_low) / BOARD_TURN;

	return turn > 1 ? -1 : (turn == 0) == as_high ? high : low;
}

/* ---- the list ------------------------------------------------------------------------------------------------------------ */

/* backwards: the same order from its end. */
static void put_order(struct ctx *ctx, const struct board_wish *wish, bool backwards, struct buf *sql)
{
	const char *up = backwards ? " DESC" : "", *down = backwards ? "" : " DESC";

	buf_put_text(sql, " ORDER BY ");
	switch (wish->order) {
	case BOARD_BY_TURN: buf_printf(sql, "%s%s, ", ranks[view_of(ctx)], up); break;
	case BOARD_BY_SINCE: buf_printf(sql, "%s%s, ", sinces[view_of(ctx)], down); break;
	case BOARD_BY_DUE: buf_printf(sql, "b.due_ms%s, ", up); break;
	case BOARD_BY_DAY: buf_printf(sql, "b.deliver_on%s, ", up); break;
	case BOARD_BY_NUMBER: break;
	}
	buf_printf(sql, "b.number%s", up);
}

static bool all_ranks(const struct board_wish *wish)
{
	return wish->low == 0 && wish->high == BOARD_ALL_RANKS;
}

/* Each row is asked whether it has the text. */
static void put_asking(struct ctx *ctx, const struct board_wish *wish, struct buf *sql)
{
	buf_printf(sql, " AND (%s", board_has(ctx, wish, "b.number"));
	for (size_t i = 0; i < BOARD_TEXTS; i++) {
		buf_printf(sql, " OR EXISTS (SELECT 1 FROM %s w WHERE w.thread = b.thread AND %s)",
		    board_texts[i].table, board_has(ctx, wish, board_texts[i].column));
	}
	buf_put_byte(sql, ')');
}

static void put_ids(const struct board_ids *ids, struct buf *sql)
{
	buf_put_text(sql, " AND b.thread IN (");
	for (size_t i = 0; i < ids->count; i++) {
		buf_printf(sql, "%s%lld", i ? "," : "", (long long)ids->items[i]);
	}
	buf_put_byte(sql, ')');
}

/* Where orders were collected by their places, all of them, no row need be asked. */
static bool asks_places(const struct board_wish *wish, const struct board_ids *ids)
{
	return wish->place_count > 0 && (ids->too_many || wish->text != NULL);
}

/* A sign before a column keeps the database from reading by another index than that of the order. */
static void put_filters(struct ctx *ctx, const struct board_wish *wish, const struct board_ids *ids, struct buf *sql)
{
	const char *rank = ranks[view_of(ctx)];

	buf_put_text(sql, "SELECT b.thread FROM support_board b WHERE 1 = 1");
	if (!all_ranks(wish)) {
		const char *sign = wish->order == BOARD_BY_TURN ? "" : "+";
		buf_printf(sql, " AND %s%s >= :low AND %s%s < :high", sign, rank, sign, rank);
	}
	if (wish->states != 0) {
		buf_put_text(sql, " AND (b.states & :states) <> 0");
	}
	if (wish->supplier >= 0) {
		buf_put_text(sql, " AND b.other = :supplier");
	}
	if (wish->overdue_ms != 0) {
		buf_printf(sql, " AND %sb.due_ms <= :overdue", wish->order == BOARD_BY_DUE ? "" : "+");
	}
	if (wish->category != NULL) {
		buf_put_text(sql,
		    " AND EXISTS (SELECT 1 FROM support_line c WHERE c.thread = b.thread AND +c.category = :category)");
	}
	if (asks_places(wish, ids)) {
		buf_put_text(
		    sql, " AND EXISTS (SELECT 1 FROM support_order p WHERE p.thread = b.thread AND +p.place IN (");
		for (unsigned i = 0; i < wish->place_count; i++) {
			buf_printf(sql, "%s:place%u", i ? "," : "", i);
		}
		buf_put_text(sql, "))");
	}
	if (!wish->alone) {
		buf_put_text(sql, " AND EXISTS (SELECT 1 FROM thread t WHERE t.row = b.thread AND +t.tally = :tally)");
	}
	if (ids->wanted && ids->too_many && wish->text != NULL) {
		put_asking(ctx, wish, sql);
	} else if (ids->wanted && !ids->too_many && ids->count <= FEW) {
		put_ids(ids, sql);
	}
}

static void bind_places(struct query *query, const struct board_wish *wish)
{
	char name[16];

	for (unsigned i = 0; i < wish->place_count; i++) {
		snprintf(name, sizeof name, "place%u", i);
		query_bind_text(query, name, bytes_text(wish->places[i]));
	}
}

static void bind_all(struct ctx *ctx, struct query *query, const struct board_wish *wish, const struct board_ids *ids)
{
	if (!all_ranks(wish)) {
		query_bind_int(query, "low", wish->low);
		query_bind_int(query, "high", wish->high);
	}
	if (view_of(ctx) == ONE_OF_MANY &&
	    (!all_ranks(wish) || wish->order == BOARD_BY_TURN || wish->order == BOARD_BY_SINCE)) {
		query_bind_int(query, "own", ctx->own_party);
	}
	if (wish->states != 0) {
		query_bind_int(query, "states", (int64_t)wish->states);
	}
	if (wish->supplier >= 0) {
		query_bind_int(query, "supplier", wish->supplier);
	}
	if (wish->overdue_ms != 0) {
		query_bind_int(query, "overdue", wish->overdue_ms);
	}
	if (wish->category != NULL) {
		query_bind_text(query, "category", bytes_text(wish->category));
	}
	if (asks_places(wish, ids)) {
		bind_places(query, wish);
	}
	if (ids->wanted && ids->too_many && wish->text != NULL) {
		board_bind_text(ctx, query, wish);
	}
}

/* Of what the query gives those that were collected, from the skip-th on. */
static void read_threads(struct query *rows, const struct board_ids *ids, int64_t skip, int64_t most, struct buf *out)
{
	int64_t count = 0;

	while (count < skip + most && query_next(rows)) {
		int64_t thread = query_int(rows, 0);
		if (ids != NULL && bsearch(&thread, ids->items, ids->count, sizeof thread, board_by_value) == NULL) {
			continue;
		}
		if (count++ >= skip) {
			buf_put(out, &thread, sizeof thread);
		}
	}
}

/* What is asked for lies nearer to the end of a list whose length is known without reading it: then it is read from there. */
static enum status from_end(
    struct ctx *ctx, const struct board_wish *wish, const struct board_ids *ids, int64_t *all, struct err *err)
{
	struct query *rows = NULL;
	bool plain = !ids->wanted && all_ranks(wish) && wish->states == 0 && wish->supplier < 0 &&
	    wish->overdue_ms == 0 && wish->alone;
	enum status status =
	    plain && wish->skip > FEW ? ctx_query(ctx, "SELECT COUNT(*) FROM support_board", &rows, err) : OK;

	*all = status == OK && rows != NULL && query_next(rows) ? query_int(rows, 0) : 0;
	query_close(rows);
	*all = wish->skip > *all / 2 ? *all : 0;
	return status;
}

static void turn_round(int64_t *items, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		int64_t item = items[i];
		items[i] = items[count - 1 - i];
		items[count - 1 - i] = item;
	}
}

static enum status read_list(
    struct ctx *ctx, const struct board_wish *wish, const struct board_ids *ids, struct buf *out, struct err *err)
{
	bool compare = ids->wanted && !ids->too_many && ids->count > FEW;
	struct query *rows = NULL;
	int64_t all = 0;
	struct buf sql;
	enum status status = from_end(ctx, wish, ids, &all, err);

	if (status != OK || (all > 0 && wish->skip >= all)) {
		return status;
	}
	int64_t most = all > 0 && all - wish->skip < wish->most ? all - wish->skip : wish->most,
		skip = all > 0 ? all - wish->skip - most : wish->skip;
	buf_init(&sql, SQL_BYTES);
	put_filters(ctx, wish, ids, &sql);
	put_order(ctx, wish, all > 0, &sql);
	if (!compare) {
		buf_printf(&sql, " LIMIT %lld OFFSET %lld", (long long)most, (long long)skip);
	}
	status = sql.failed ? err_set(err, ENVIRONMENT, "board: out of memory")
			    : board_ask(ctx, arena_text(ctx->arena, buf_bytes(&sql)), &rows, err);
	buf_clear(&sql);
	if (status == OK) {
		bind_all(ctx, rows, wish, ids);
		read_threads(rows, compare ? ids : NULL, compare ? skip : 0, most, out);
	}
	query_close(rows);
	if (all > 0) {
		turn_round((int64_t *)(void *)out->data, out->len / sizeof(int64_t));
	}
	return status;
}

enum status board_find(struct ctx *ctx, const struct board_wish *wish, struct board_found *found, struct err *err)
{
	struct board_ids ids;
	struct buf out;
	enum status status = board_collect(ctx, wish, &ids, err);

	*found = (struct board_found){ 0 };
	if (status != OK || (ids.wanted && !ids.too_many && ids.count == 0)) {
		return status;
	}
	buf_init(&out, LIMIT_ARENA_BYTES);
	status = read_list(ctx, wish, &ids, &out, err);
	if (status == OK) {
		found->count = out.len / sizeof(int64_t);
		found->threads = arena_take_array(ctx->arena, found->count + 1, sizeof *found->threads);
	}
	if (status == OK && (out.failed || found->threads == NULL)) {
		status = err_set(err, ENVIRONMENT, "board: out of memory");
	}
	if (status == OK && found->threads != NULL && out.len > 0) {
		memcpy(found->threads, out.data, out.len);
	}
	buf_clear(&out);
	return status;
}

enum status board_count(
    struct ctx *ctx, int64_t low, int64_t high, bool alone, int64_t most, int64_t *count, struct err *err)
{
	const char *rank = ranks[view_of(ctx)];
	struct query *rows = NULL;
	enum status status = board_ask(ctx,
	    arena_printf(ctx->arena,
		"SELECT COUNT(*) FROM (SELECT 1 FROM support_board b WHERE %s >= :low AND %s < :high%s LIMIT :most)",
		rank, rank,
		alone ? "" : " AND EXISTS (SELECT 1 FROM thread t WHERE t.row = b.thread AND +t.tally = :tally)"),
	    &rows, err);

	if (status != OK) {
		return status;
	}
	query_bind_int(rows, "low", low);
	query_bind_int(rows, "high", high);
	query_bind_int(rows, "most", most);
	if (view_of(ctx) == ONE_OF_MANY) {
		query_bind_int(rows, "own", ctx->own_party);
	}
	*count = query_next(rows) ? query_int(rows, 0) : 0;
	query_close(rows);
	return OK;
}
