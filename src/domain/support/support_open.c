/* What is open for an officer, from the narrow rows of the board alone: which threads are worth folding for a hand-over. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "domain/support/support.h"
#include "domain/support/support_clock.h"
#include "domain/support/support_state.h"

#define SQL_BYTES 65536
#define KEYS_MOST 256 /* of one officer, in the text of the statement */

/* By the index of what ends first, so that reading ends as soon as there is enough. Open: somebody's turn it is, or a clock runs. By the roles
 * alone only what waits for the own side, or has a clock. */
static const char begin_sql[] =
    "SELECT b.number, b.due_ms, b.due_on, b.due_offset FROM support_board b WHERE (MIN(b.rank_low, b.rank_high) < 2 * :turn"
    " OR b.due_ms < :never) AND EXISTS (SELECT 1 FROM thread t WHERE t.row = b.thread AND +t.tally = :tally) AND (((b.states & :states) <> 0"
    " AND (b.due_ms < :never OR CASE :own WHEN MIN(b.one, b.other) THEN b.rank_low WHEN MAX(b.one, b.other) THEN b.rank_high ELSE :never END"
    " < :turn)) OR EXISTS (SELECT 1 FROM entry e WHERE e.thread = b.thread AND e.thread > 0 AND e.log IN"
    " (SELECT l.row FROM log l WHERE l.tally = :tally AND l.public_key IN (";
static const char end_sql[] = ")))) ORDER BY b.due_ms, b.number LIMIT :most";

static bool any_has_role(const struct desk_view *desks, unsigned count, const char *role)
{
	for (unsigned i = 0; i < count; i++) {
		if (signer_has_role(&desks[i].signer, role)) {
			return true;
		}
	}
	return false;
}

/* States from which such a role moves on, and those that a claim is made from. */
static uint64_t states_of(const struct desk_view *desks, unsigned count)
{
	static const char *const claimed_from[] = { "receipted", "adjusted", "issued" };
	uint64_t bits = 0;

	for (const struct transition *row = support_domain.transitions; row->kind; row++) {
		if (row->from && any_has_role(desks, count, row->role)) {
			bits |= support_state_bits(row->from);
		}
	}
	for (size_t i = 0; i < sizeof claimed_from / sizeof *claimed_from && any_has_role(desks, count, "claims");
	     i++) {
		bits |= support_state_bits(claimed_from[i]);
	}
	return bits;
}

static const char *open_sql(struct ctx *ctx, const struct desk_view *desks, unsigned count)
{
	char hex[2 * ID_BYTES + 1];
	struct buf sql;

	buf_init(&sql, SQL_BYTES);
	buf_put_text(&sql, begin_sql);
	for (unsigned i = 0; i < count && i < KEYS_MOST; i++) {
		hex_print(id_bytes(&desks[i].key), hex);
		buf_printf(&sql, "%sx'%s'", i > 0 ? "," : "", hex);
	}
	buf_put_text(&sql, end_sql);
	const char *text = sql.failed ? NULL : arena_text(ctx->arena, buf_bytes(&sql));
	buf_clear(&sql);
	return text;
}

static int64_t days_left(const struct ctx *ctx, struct query *row)
{
	int64_t overdue_ms = query_int(row, 1);
	int offset = (int)query_int(row, 3);

	return clock_days_left(
	    query_int(row, 2), overdue_ms, offset, day_of_ms(ctx->now_ms, offset), ctx->now_ms >= overdue_ms);
}

enum status support_open_for(struct ctx *ctx, const struct desk_view *desks, unsigned desk_count,
    struct support_open **out, unsigned *count, struct err *err)
{
	const char *sql = open_sql(ctx, desks, desk_count);
	struct query *row = NULL;

	*count = 0;
	*out = arena_take_array(ctx->arena, LIMIT_OPEN_THREADS, sizeof **out);
	if (sql == NULL || *out == NULL) {
		return err_set(err, ENVIRONMENT, "open threads: out of memory");
	}
	enum status status = ctx_query(ctx, sql, &row, err);
	if (status != OK) {
		return status;
	}
	query_bind_int(row, "turn", BOARD_TURN);
	query_bind_int(row, "never", BOARD_NEVER);
	query_bind_int(row, "own", ctx->own_party);
	query_bind_int(row, "states", (int64_t)states_of(desks, desk_count));
	query_bind_int(row, "most", LIMIT_OPEN_THREADS);
	while (*count < LIMIT_OPEN_THREADS && query_next(row)) {
		(*out)[(*count)++] = (struct support_open){
			.number = arena_text(ctx->arena, query_text(row, 0)),
			.has_clock = query_int(row, 1) < BOARD_NEVER,
			.days_left = days_left(ctx, row),
		};
	}
	query_close(row);
	return OK;
}
