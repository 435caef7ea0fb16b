/* The row by which the board lists a thread (support.sql): whatever its parts are, one place as each side sees it. */
#include "domain/support/support.h"
#include "domain/support/support_look.h"
#include "domain/support/support_state.h"
#include <string.h>

#define NOT_THERE INT64_MAX

enum { OURS, THEIRS, NOBODYS };

uint64_t support_state_bits(const char *name)
{
	uint64_t bits = 0;

	for (const struct state *row = support_domain.states; row->name; row++) {
		bits |= strcmp(row->name, name) == 0 ? UINT64_C(1) << (row - support_domain.states) : 0;
	}
	return bits;
}

void board_begin(struct board *board)
{
	board->states = 0;
	board->due_ms = board->due_on = board->due_offset = row_null();
	for (unsigned side = 0; side < SIDES; side++) {
		for (unsigned turn = OURS; turn <= NOBODYS; turn++) {
			board->best[side][turn] = NOT_THERE;
		}
	}
}

static void turn_add(struct board *board, const struct part *part, unsigned pen)
{
	int64_t since = part->head_count == 1 ? part->heads[0]->body.stated_ms : 0;

	since = since < 0 ? 0 : since >= BOARD_CLOSING ? BOARD_CLOSING - 1 : since;
	for (unsigned side = RECEIVER; side <= SUPPLIER; side++) {
		int64_t *best = &board->best[side][pen == 0 ? NOBODYS : pen == side ? OURS : THEIRS];
		*best = since < *best ? since : *best;
	}
}

void board_add(struct board *board, const struct part *part, const struct state *state)
{
	board->states |= state ? UINT64_C(1) << (state - support_domain.states) : 0;
	if (part->type->letter != 'O') { /* whose turn it is at the order hangs on the others: board_clocks */
		turn_add(board, part, state ? state->pen : 0);
	}
}

static void clock_add(struct board *board, const struct look_part *part, const struct part_clock *clock)
{
	if (board->due_ms.type == VALUE_INT && board->due_ms.integer <= clock->end.overdue_ms) {
		return;
	}
	board->due_ms = row_int(clock->end.overdue_ms);
	board->due_on = row_int(clock->end.last_day);
	board->due_offset = row_int(part->offset);
}

const char *support_hint(const struct fold *fold, const struct part *part)
{
	struct agreements agreements = { .values_only = true };
	struct look look;

	if (part->type->letter != 'O' || !look_at(fold->arena, &agreements, fold, "", &look) || look.order == NULL ||
	    look.order->part != part) {
		return NULL;
	}
	return order_only_closing(&look) ? "only closing is left" : order_is_idle(&look) ? "all of it is issued" : NULL;
}

bool support_idle(const struct fold *fold, const struct part *part)
{
	struct agreements agreements = { .values_only = true };
	struct look look;

	return part->type->letter == 'O' && look_at(fold->arena, &agreements, fold, "", &look) && look.order != NULL &&
	    look.order->part == part && order_is_idle(&look);
}

/* Bookkeeping comes after all else that waits for the same side. */
static void put_behind(struct board *board)
{
	for (unsigned side = RECEIVER; side <= SUPPLIER; side++) {
		for (unsigned turn = OURS; turn < NOBODYS; turn++) {
			board->best[side][turn] += board->best[side][turn] == NOT_THERE ? 0 : BOARD_CLOSING;
		}
	}
}

/* Whatever `support due` may say of the thread is counted, but for the own notice of claim, of which the partner's home knows nothing. */
void board_clocks(struct board *board, const struct fold *fold)
{
	struct agreements agreements = { .values_only = true };
	struct part_clock clock;
	struct look look;

	if (!look_at(fold->arena, &agreements, fold, "", &look)) {
		return;
	}
	if (look.order != NULL) {
		turn_add(board, look.order->part,
		    look.order->state != NULL && !order_is_idle(&look) ? look.order->state->pen : 0);
	}
	for (unsigned i = 0; i < look.part_count; i++) {
		unsigned at = 0;
		if (issue_waits_for_claim(&look, &look.parts[i]) || adjustment_waits_for_claim(&look, &look.parts[i])) {
			turn_add(board, look.parts[i].part, SUPPLIER);
		}
		if (part_clock(&look, &look.parts[i], &clock)) {
			clock_add(board, &look.parts[i], &clock);
		}
		while (quiet_clock(&look, &look.parts[i], &at, &clock)) {
			clock_add(board, &look.parts[i], &clock);
		}
	}
	if (order_only_closing(&look)) {
		put_behind(board);
	}
}

static int64_t rank(const struct board *board, unsigned side)
{
	for (int64_t turn = OURS; turn <= NOBODYS; turn++) {
		if (board->best[side][turn] != NOT_THERE) {
			return turn * BOARD_TURN + board->best[side][turn];
		}
	}
	return NOBODYS * BOARD_TURN;
}

static struct row_value or_behind(struct row_value value, int64_t behind)
{
	return value.type == VALUE_INT ? value : row_int(behind);
}

void board_row(const struct board *board, const struct part *part, struct row_value deliver_on, struct rows *rows)
{
	bool receiver_is_low = part->sides[RECEIVER] < part->sides[SUPPLIER];
	int64_t low = rank(board, receiver_is_low ? RECEIVER : SUPPLIER),
		high = rank(board, receiver_is_low ? SUPPLIER : RECEIVER);
	const struct row_value values[] = {
		row_text(bytes_text(part->number)),
		row_int(part->sides[RECEIVER]),
		row_int(part->sides[SUPPLIER]),
		row_int(low),
		row_int(high),
		row_int(low % BOARD_CLOSING),
		row_int(high % BOARD_CLOSING),
		or_behind(deliver_on, BOARD_NO_DAY),
		row_int((int64_t)board->states),
		or_behind(board->due_ms, BOARD_NEVER),
		board->due_on,
		board->due_offset,
	};

	rows_put(rows, &support_tables[TABLE_BOARD], values);
}
