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
#include <stdlib.h>
#include <string.h>

#define FEW 1000        /* found: sorted by themselves */
#define MANY 20000      /* found: no more are collected */
#define DIFFERENT 2000  /* texts of a column: if there are more, all rows are scanned */
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

const char *board_rank(const struct ctx *ctx)
{
	return ranks[view_of(ctx)];
}

/* ---- what is collected --------------------------------------------------------------------------------------------------- */

struct ids {
	int64_t *items; /* ascending and different, once sorted */
	size_t count;
	bool wanted;   /* something was looked for */
	bool too_many; /* more than MANY: the rest is not here */
};

static const struct text_column {
	const char *table, *column;
} text_columns[] = {
	{ "support_line", "description_ja" },
	{ "support_line", "description_en" },
	{ "support_order", "reference" },
	{ "support_order", "place" },
};
#define TEXT_COLUMNS (sizeof text_columns / sizeof *text_columns)

static bool has_latin_letter(const char *text)
{
	while (*text && !((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z')) {
		text++;
	}
	return *text != '\0';
}

static bool is_ascii(const char *text)
{
	while (*text && (unsigned char)*text < 0x80) {
		text++;
	}
	return *text == '\0';
}

/* Does a column hold what is looked for? Without Latin letters by its bytes, which is quicker; else in whatever case. */
static const char *has(struct ctx *ctx, const struct board_wish *wish, const char *column)
{
	const char *sql = has_latin_letter(wish->text) ? arena_printf(ctx->arena, "%s LIKE :text ESCAPE '!'", column)
						       : arena_printf(ctx->arena, "instr(%s, :text) > 0", column);

	return sql ? sql : "0";
}

/* For LIKE: what is looked for anywhere in a text; signs that mean something to LIKE mean themselves. */
static void bind_text(struct ctx *ctx, struct query *query, const struct board_wish *wish)
{
	struct buf out;

	if (!has_latin_letter(wish->text)) {
		query_bind_text(query, "text", bytes_text(wish->text));
		return;
	}
	buf_init(&out, SQL_BYTES);
	buf_put_byte(&out, '%');
	for (const char *at = wish->text; *at; at++) {
		if (strchr("%_!", *at) != NULL) {
			buf_put_byte(&out, '!');
		}
		buf_put_byte(&out, (uint8_t)*at);
	}
	buf_put_byte(&out, '%');
	query_bind_text(query, "text", arena_copy(ctx->arena, buf_bytes(&out)));
	buf_clear(&out);
}

static void take_threads(struct query *rows, struct ids *ids)
{
	while (!ids->too_many && query_next(rows)) {
		if (ids->count == MANY) {
			ids->too_many = true;
		} else {
			ids->items[ids->count++] = query_int(rows, 0);
		}
	}
	query_close(rows);
}

static enum status ask(struct ctx *ctx, const char *sql, struct query **rows, struct err *err)
{
	return sql ? ctx_query(ctx, sql, rows, err) : err_set(err, ENVIRONMENT, "board: out of memory");
}

/* Threads of all rows whose column has the text. */
static enum status scan(struct ctx *ctx, const struct board_wish *wish, const char *table, const char *column,
    struct ids *ids, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ask(
	    ctx, arena_printf(ctx->arena, "SELECT thread FROM %s WHERE %s", table, has(ctx, wish, column)), &rows, err);

	if (status == OK) {
		bind_text(ctx, rows, wish);
		take_threads(rows, ids);
	}
	return status;
}

/* One after the other by the index: the least of those that are greater. */
#define NEXT_TEXT \
	"WITH RECURSIVE w (t) AS (SELECT (SELECT MIN(%s) FROM %s WHERE %s > '') " \
	"UNION ALL SELECT (SELECT MIN(%s) FROM %s WHERE %s > w.t) FROM w WHERE w.t IS NOT NULL) " \
	"SELECT t, %s FROM w WHERE t IS NOT NULL LIMIT %d"

/* Those of the column's different texts that have what is looked for; *whole false: there are too many to look at. */
static enum status texts_of(struct ctx *ctx, const struct board_wish *wish, const struct text_column *from,
    struct bytes texts[DIFFERENT], unsigned *count, bool *whole, struct err *err)
{
	const char *c = from->column, *t = from->table;
	struct query *rows = NULL;
	unsigned seen = 0;
	enum status status = ask(
	    ctx, arena_printf(ctx->arena, NEXT_TEXT, c, t, c, c, t, c, has(ctx, wish, "t"), DIFFERENT + 1), &rows, err);

	*count = 0;
	if (status != OK) {
		return status;
	}
	bind_text(ctx, rows, wish);
	while (seen <= DIFFERENT && query_next(rows)) {
		if (seen++ < DIFFERENT && query_int(rows, 1) != 0) {
			texts[(*count)++] = arena_copy(ctx->arena, query_text(rows, 0));
		}
	}
	query_close(rows);
	*whole = seen <= DIFFERENT;
	return OK;
}

static enum status collect_column(struct ctx *ctx, const struct board_wish *wish, const struct text_column *from,
    struct bytes texts[DIFFERENT], struct ids *ids, struct err *err)
{
	const char *sql = arena_printf(ctx->arena, "SELECT thread FROM %s WHERE %s = :text", from->table, from->column);
	unsigned count = 0;
	bool whole = false;
	enum status status = texts_of(ctx, wish, from, texts, &count, &whole, err);

	if (status == OK && !whole) {
		return scan(ctx, wish, from->table, from->column, ids, err);
	}
	for (unsigned i = 0; i < count && status == OK && !ids->too_many; i++) {
		struct query *rows = NULL;
		status = ask(ctx, sql, &rows, err);
		if (status == OK) {
			query_bind_text(rows, "text", texts[i]);
			take_threads(rows, ids);
		}
	}
	return status;
}

/* A number is of A-Z, 0-9 and hyphens: no other text is looked for in it. */
static enum status collect_text(struct ctx *ctx, const struct board_wish *wish, struct ids *ids, struct err *err)
{
	struct bytes *texts = arena_take_array(ctx->arena, DIFFERENT, sizeof *texts);
	enum status status = texts ? OK : err_set(err, ENVIRONMENT, "board: out of memory");

	for (size_t i = 0; i < TEXT_COLUMNS && status == OK && !ids->too_many; i++) {
		status = collect_column(ctx, wish, &text_columns[i], texts, ids, err);
	}
	return status == OK && !ids->too_many && is_ascii(wish->text)
	    ? scan(ctx, wish, "support_board", "number", ids, err)
	    : status;
}

static int by_value(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

	return (one > other) - (one < other);
}

static void sort_ids(struct ids *ids)
{
	size_t kept = 0;

	if (ids->count > 0) {
		qsort(ids->items, ids->count, sizeof *ids->items, by_value);
	}
	for (size_t i = 0; i < ids->count; i++) {
		if (kept == 0 || ids->items[i] != ids->items[kept - 1]) {
			ids->items[kept++] = ids->items[i];
		}
	}
	ids->count = kept;
}

#define OF_CATEGORY "SELECT thread FROM support_line WHERE category = :category"
#define OVERDUE "SELECT thread FROM support_board WHERE due_ms <= :overdue"

/* By one of what is looked for; the rest is asked of each row. */
static enum status collect(struct ctx *ctx, const struct board_wish *wish, struct ids *ids, struct err *err)
{
	bool overdue = wish->overdue_ms != 0 && wish->order != BOARD_BY_DUE;
	struct query *rows = NULL;
	enum status status = OK;

	*ids = (struct ids){ .wanted = wish->text != NULL || wish->category != NULL || overdue };
	if (!ids->wanted) {
		return OK;
	}
	ids->items = arena_take_array(ctx->arena, MANY, sizeof *ids->items);
	if (ids->items == NULL) {
		return err_set(err, ENVIRONMENT, "board: out of memory");
	}
	if (wish->text != NULL) {
		status = collect_text(ctx, wish, ids, err);
	} else {
		status = ask(ctx, wish->category ? OF_CATEGORY : OVERDUE, &rows, err);
		if (status == OK && wish->category != NULL) {
			query_bind_text(rows, "category", bytes_text(wish->category));
		} else if (status == OK) {
			query_bind_int(rows, "overdue", wish->overdue_ms);
		}
		if (status == OK) {
			take_threads(rows, ids);
		}
	}
	sort_ids(ids);
	return status;
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
	buf_printf(sql, " AND (%s", has(ctx, wish, "b.number"));
	for (size_t i = 0; i < TEXT_COLUMNS; i++) {
		buf_printf(sql, " OR EXISTS (SELECT 1 FROM %s w WHERE w.thread = b.thread AND %s)",
		    text_columns[i].table, has(ctx, wish, text_columns[i].column));
	}
	buf_put_byte(sql, ')');
}

static void put_ids(const struct ids *ids, struct buf *sql)
{
	buf_put_text(sql, " AND b.thread IN (");
	for (size_t i = 0; i < ids->count; i++) {
		buf_printf(sql, "%s%lld", i ? "," : "", (long long)ids->items[i]);
	}
	buf_put_byte(sql, ')');
}

/* A sign before a column keeps the database from reading by another index than that of the order. */
static void put_filters(struct ctx *ctx, const struct board_wish *wish, const struct ids *ids, struct buf *sql)
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
	if (!wish->alone) {
		buf_put_text(sql, " AND EXISTS (SELECT 1 FROM thread t WHERE t.row = b.thread AND +t.tally = :tally)");
	}
	if (ids->wanted && ids->too_many && wish->text != NULL) {
		put_asking(ctx, wish, sql);
	} else if (ids->wanted && !ids->too_many && ids->count <= FEW) {
		put_ids(ids, sql);
	}
}

static void bind_all(struct ctx *ctx, struct query *query, const struct board_wish *wish, const struct ids *ids)
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
	if (ids->wanted && ids->too_many && wish->text != NULL) {
		bind_text(ctx, query, wish);
	}
}

/* Of what the query gives those that were collected, from the skip-th on. */
static void read_threads(struct query *rows, const struct ids *ids, int64_t skip, int64_t most, struct buf *out)
{
	int64_t count = 0;

	while (count < skip + most && query_next(rows)) {
		int64_t thread = query_int(rows, 0);
		if (ids != NULL && bsearch(&thread, ids->items, ids->count, sizeof thread, by_value) == NULL) {
			continue;
		}
		if (count++ >= skip) {
			buf_put(out, &thread, sizeof thread);
		}
	}
}

/* What is asked for lies nearer to the end of a list whose length is known without reading it: then it is read from there. */
static enum status from_end(
    struct ctx *ctx, const struct board_wish *wish, const struct ids *ids, int64_t *all, struct err *err)
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
    struct ctx *ctx, const struct board_wish *wish, const struct ids *ids, struct buf *out, struct err *err)
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
			    : ask(ctx, arena_text(ctx->arena, buf_bytes(&sql)), &rows, err);
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
	struct ids ids;
	struct buf out;
	enum status status = collect(ctx, wish, &ids, err);

	*found = (struct board_found){ 0 };
	if (status != OK || (ids.wanted && ids.count == 0)) {
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
	if (status == OK && out.len > 0) {
		memcpy(found->threads, out.data, out.len);
	}
	buf_clear(&out);
	return status;
}

enum status board_count(
    struct ctx *ctx, int64_t low, int64_t high, bool alone, int64_t most, int64_t *count, struct err *err)
{
	const char *rank = board_rank(ctx);
	struct query *rows = NULL;
	enum status status = ask(ctx,
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
