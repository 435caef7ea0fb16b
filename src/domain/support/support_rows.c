/* Rows of a thread (support.sql), from the heads of its parts. */
#include "base/cbor.h"
#include "domain/support/support_state.h"
#include <string.h>

static struct row_value optional(bool set, int64_t value)
{
	return set ? row_int(value) : row_null();
}

static struct row_value text_value(struct bytes text)
{
	return text.len > 0 ? row_text(text) : row_null();
}

/* Text of a decimal lives in the fold's arena until the row is written. */
static struct row_value decimal_value(const struct fold *fold, bool set, struct decimal value)
{
	char text[DECIMAL_TEXT];

	if (!set) {
		return row_null();
	}
	decimal_print(value, text);
	return row_text(arena_copy(fold->arena, bytes_text(text)));
}

static const struct state *state_of(const struct fold *fold, const struct part *part)
{
	const struct state *derived = support_part_state(fold, part);

	if (part->head_count != 1) {
		return NULL;
	}
	return derived ? derived : part->heads[0]->state;
}

static struct row_value state_value(const struct state *state)
{
	return state ? row_text(bytes_text(state->name)) : row_null();
}

static struct row_value pen_value(const struct part *part, const struct state *state)
{
	return optional(state != NULL && state->pen != 0, state ? part->sides[state->pen] : 0);
}

static struct row_value since_value(const struct part *part)
{
	return optional(part->head_count == 1, part->head_count == 1 ? part->heads[0]->body.stated_ms : 0);
}

static const void *data_of(const struct part *part)
{
	return part->head_count == 1 ? part->heads[0]->after : NULL;
}

static struct bytes field_text(const struct move *move, uint8_t key)
{
	struct bytes text = { 0 };

	record_text(&move->body, key, &text);
	return text;
}

static bool is_unordered(const struct part *part)
{
	return support_kind_of(part->opener->kind) == KIND_ISSUED_UNORDERED;
}

/* ---- order ------------------------------------------------------------------------------------------------------- */

static struct row_value terms_text(const struct terms *terms, uint8_t key)
{
	struct bytes text;

	return terms && terms->items[key - TERMS_FIRST].len > 0 && cbor_text(terms->items[key - TERMS_FIRST], &text)
	    ? row_text(text)
	    : row_null();
}

static struct row_value terms_int(const struct terms *terms, uint8_t key)
{
	int64_t value = 0;
	bool set =
	    terms && terms->items[key - TERMS_FIRST].len > 0 && cbor_int(terms->items[key - TERMS_FIRST], &value);

	return optional(set, value);
}

static const struct texts looked_into = TEXTS_OF("support_text", "support_gram");

/* A text that the board looks into. */
static struct row_value found_text(struct rows *rows, struct row_value value)
{
	if (value.type == VALUE_TEXT) {
		rows_put_text(rows, &looked_into, value.bytes);
	}
	return value;
}

static void line_row(const struct fold *fold, unsigned table, const struct terms_line *line, struct rows *rows)
{
	int64_t value = 0;
	bool fits = line_value(line, &value);
	const struct row_value values[] = {
		row_int(line->line),
		row_text(line->category),
		row_text(line->kind),
		text_value(line->description_en),
		text_value(line->description_ja),
		decimal_value(fold, true, line->quantity),
		row_text(bytes_text(line->unit->code)),
		text_value(line->meter),
		optional(line->has_price, line->price_minor),
		decimal_value(fold, true, line->per),
		optional(line->has_ceiling, line->ceiling_minor),
		optional(fits, value),
		row_text(line->currency),
		row_text(line->settlement),
		text_value(line->nsn),
		optional(line->has_return_by, line->return_by),
	};

	if (table == TABLE_LINE) {
		rows_put_text(rows, &looked_into, line->description_en);
		rows_put_text(rows, &looked_into, line->description_ja);
	}
	rows_put(rows, &support_tables[table], values);
}

/* The row of an order, which an unordered issue has too: order is then its own, agreed once it is ratified. */
static void order_row(
    const struct part *part, const struct order_state *order, const struct state *state, struct rows *rows)
{
	const struct move *opening = part->opener;
	const struct terms *terms = order ? terms_of(order) : NULL;
	struct bytes urgency = field_text(opening, KEY_URGENCY);
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		state_value(state),
		pen_value(part, state),
		row_int(part->head_count),
		row_int(part->sides[RECEIVER]),
		row_int(part->sides[SUPPLIER]),
		row_text(field_text(opening, KEY_ACTIVITY)),
		row_text(urgency.len > 0 ? urgency : bytes_text("routine")),
		found_text(rows, text_value(field_text(opening, KEY_REFERENCE))),
		found_text(rows, terms_text(terms, KEY_PLACE)),
		terms_int(terms, KEY_DELIVER_ON),
		terms_int(terms, KEY_OFFSET),
		row_int(opening->body.stated_ms),
		since_value(part),
		row_int(order != NULL && order->agreed != NULL),
		text_value(order ? order->orderer : bytes_of(NULL, 0)),
	};

	rows_put(rows, &support_tables[TABLE_ORDER], values);
}

static void order_rows(const struct fold *fold, const struct part *part, struct rows *rows)
{
	const struct order_state *order = data_of(part);
	const struct terms *terms = order ? terms_of(order) : NULL;

	order_row(part, order, state_of(fold, part), rows);
	for (unsigned i = 0; terms != NULL && i < terms->line_count; i++) {
		line_row(fold, TABLE_LINE, &terms->lines[i], rows);
	}
	if (order != NULL && order->agreed != NULL) {
		rate_rows(fold, order->agreed, rows);
	}
	for (unsigned i = 0;
	     order != NULL && order->agreed != NULL && order->table != NULL && i < order->table->line_count; i++) {
		line_row(fold, TABLE_OFFERED_LINE, &order->table->lines[i], rows);
	}
}

/* ---- issues ------------------------------------------------------------------------------------------------------ */

/* The claim, not withdrawn, in whose present lines a line of an issue, or an adjustment, stands; NULL: none. */
static const struct part *claim_of(const struct fold *fold, const struct part *issue, int64_t number)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		const struct claim_state *claim = part->type->letter == 'C' ? data_of(part) : NULL;
		if (claim != NULL && strcmp(part->heads[0]->state->name, "withdrawn") != 0 &&
		    claim_holds(claim, issue, number)) {
			return part;
		}
	}
	return NULL;
}

static const struct order_state *order_at_head(const struct fold *fold, const struct order_state *otherwise)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		if (fold->parts[i]->type->letter == 'O' && data_of(fold->parts[i]) != NULL) {
			return data_of(fold->parts[i]);
		}
	}
	return otherwise;
}

/* What claims hold too much of a line, once its issue has ended. */
static int64_t overcharge_at_end(const struct fold *fold, const struct part *part, const struct issue_line *line)
{
	static const char *const ended[] = { "receipted", "annulled", "withdrawn" };

	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(part->heads[0]->state->name, ended[i]) == 0) {
			return overcharge_now(fold, part, line);
		}
	}
	return 0;
}

static void issue_line_row(const struct fold *fold, const struct part *part, const struct issue_state *issue,
    const struct issue_line *line, struct rows *rows)
{
	struct decimal rest = { 0, 0 };
	bool charged = issue_line_rest(line, &rest);
	const struct terms_line *price = claim_price(line, order_at_head(fold, issue->order));
	int64_t minor = 0, left = 0;
	bool priced = charged && price != NULL && rest_amount(line, price, &minor);
	bool in_exchange = bytes_is(line->terms->settlement, "service_like") && exchange_left(line, &left);
	const struct part *claim = claim_of(fold, part, line->terms->line);
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_int(line->terms->line),
		row_text(bytes_text(line->terms->unit->code)),
		decimal_value(fold, line->has_issued, line->issued),
		decimal_value(fold, line->has_accepted, line->accepted),
		decimal_value(fold, true, line->short_of),
		decimal_value(fold, true, line->damaged),
		decimal_value(fold, true, line->refused),
		text_value(line->reason),
		decimal_value(fold, line->has_chargeable, line->chargeable),
		decimal_value(fold, true, line->returned),
		decimal_value(fold, true, line->returning),
		decimal_value(fold, charged, rest),
		row_text(line->terms->currency),
		optional(priced, minor),
		claim ? row_blob(id_bytes(&claim->id)) : row_null(),
		row_int(line->exchanged_minor),
		row_int(line->linked_minor),
		optional(in_exchange, left),
		row_int(claim ? overcharge_at_end(fold, part, line) : 0),
	};

	rows_put(rows, &support_tables[TABLE_ISSUE_LINE], values);
}

/* Did the order close without naming this issue? */
static bool after_close(const struct fold *fold, const struct part *issue)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		if (part->type->letter != 'O' || part->head_count != 1 ||
		    strcmp(part->heads[0]->state->name, "closed") != 0) {
			continue;
		}
		for (unsigned k = 0; k < part->heads[0]->body.ref_count; k++) {
			if (part->heads[0]->refs[k] != NULL && part->heads[0]->refs[k]->part == issue) {
				return false;
			}
		}
		return true;
	}
	return false;
}

/* An unordered issue is an order too: as it stands until it is ratified, then agreed. */
static void unordered_rows(
    const struct fold *fold, const struct part *part, const struct issue_state *issue, struct rows *rows)
{
	const struct order_state *order = issue ? issue->order : NULL;
	const struct terms *terms = order ? terms_of(order) : NULL;
	bool agreed = order != NULL && order->agreed != NULL;
	struct state ratified = { "order", "agreed", 0, NULL, NULL };

	order_row(part, order, agreed ? &ratified : state_of(fold, part), rows);
	for (unsigned i = 0; terms != NULL && i < terms->line_count; i++) {
		line_row(fold, TABLE_LINE, &terms->lines[i], rows);
	}
}

static void issue_rows(const struct fold *fold, const struct part *part, struct rows *rows)
{
	bool unordered = is_unordered(part);
	const struct issue_state *issue = data_of(part);
	const struct state *state = state_of(fold, part);
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		state_value(state),
		pen_value(part, state),
		row_int(part->head_count),
		row_int(support_kind_of(part->opener->kind) == KIND_TAKEN),
		issue ? row_text(issue->method) : row_null(),
		optional(issue != NULL, issue ? issue->delivered_at_ms : 0),
		text_value(field_text(part->opener, KEY_PLACE)),
		text_value(field_text(part->opener, unordered ? KEY_UNORDERED_VOUCHER : KEY_VOUCHER)),
		since_value(part),
		row_int(after_close(fold, part)),
	};

	if (unordered) {
		unordered_rows(fold, part, issue, rows);
	}
	rows_put(rows, &support_tables[TABLE_ISSUE], values);
	for (unsigned i = 0; issue != NULL && i < issue->line_count; i++) {
		issue_line_row(fold, part, issue, &issue->lines[i], rows);
	}
	if (issue != NULL) {
		exchange_rows(part, issue, rows);
	}
}

/* ---- claims ------------------------------------------------------------------------------------------------------ */

static void claim_line_row(const struct fold *fold, const struct part *part, const struct claim_state *claim,
    unsigned index, struct rows *rows)
{
	const struct claim_line *line = &claim->lines[index];
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_int((int64_t)index + 1),
		row_blob(id_bytes(&line->part->id)),
		row_int(line->line->terms->line),
		decimal_value(fold, line->kind == LINE_PLAIN, line->quantity),
		row_int(line->amount_minor),
		row_int(line->credited_minor),
	};

	rows_put(rows, &support_tables[TABLE_CLAIM_LINE], values);
}

static void claim_rows(const struct fold *fold, const struct part *part, struct rows *rows)
{
	static const struct claim_state none = { 0 };
	const struct claim_state *claim = data_of(part);
	const struct claim_state *shown = claim ? claim : &none;
	const struct state *state = state_of(fold, part);
	int64_t total = 0;
	bool fits = claim != NULL && claim_total(claim, &total);
	int64_t open = (shown->has_due ? shown->due_minor : total) - shown->paid_minor;
	const struct move *head = part->head_count == 1 ? part->heads[0] : NULL;
	bool netted = head != NULL && support_kind_of(head->kind) == KIND_NETTED;
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		state_value(state),
		pen_value(part, state),
		row_int(part->head_count),
		text_value(shown->currency),
		optional(fits, total),
		optional(shown->has_due, shown->due_minor),
		optional(claim != NULL, shown->paid_minor),
		optional(fits, open),
		optional(shown->has_remitted, shown->remitted_minor),
		optional(shown->has_remitted, shown->value_on),
		text_value(field_text(part->opener, KEY_INVOICE)),
		row_int(part->opener->body.stated_ms),
		since_value(part),
		netted ? row_blob(body_ref(&head->body, 0)) : row_null(),
		row_int(support_kind_of(part->opener->kind) == KIND_REFUND_CLAIMED),
		row_int(support_kind_of(part->opener->kind) == KIND_CLAIMED_UNACKNOWLEDGED),
	};

	rows_put(rows, &support_tables[TABLE_CLAIM], values);
	for (unsigned i = 0; i < shown->line_count; i++) {
		claim_line_row(fold, part, shown, i, rows);
	}
}

/* ---- adjustments -------------------------------------------------------------------------------------------------- */

static void adjustment_rows(const struct fold *fold, const struct part *part, struct rows *rows)
{
	const struct adjustment_state *adjustment = data_of(part);
	const struct state *state = state_of(fold, part);
	const struct part *claim = claim_of(fold, part, 0);
	int64_t line = 0;

	record_int(&part->opener->body, KEY_ADJUSTED_LINE, &line);
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		state_value(state),
		pen_value(part, state),
		row_int(part->head_count),
		row_blob(id_bytes(&part->parent->id)),
		row_int(line),
		decimal_value(fold, adjustment != NULL && adjustment->has_quantity,
		    adjustment ? adjustment->quantity : (struct decimal){ 0, 0 }),
		optional(adjustment != NULL, adjustment ? adjustment->amount_minor : 0),
		optional(adjustment != NULL, adjustment ? adjustment->difference_minor : 0),
		adjustment ? row_text(adjustment->line->terms->currency) : row_null(),
		row_text(field_text(part->opener, KEY_ADJUSTMENT_REASON)),
		row_int(part->opener->body.stated_ms),
		since_value(part),
		claim ? row_blob(id_bytes(&claim->id)) : row_null(),
	};

	rows_put(rows, &support_tables[TABLE_ADJUSTMENT], values);
}

/* ---- remarks ----------------------------------------------------------------------------------------------------- */

static void remark_row(const struct fold *fold, const struct move *move, struct rows *rows)
{
	struct bytes text;

	if (move->verdict != VERDICT_VALID || !record_text(&move->body, KEY_REMARKS, &text)) {
		return;
	}
	const struct part *part = move->part ? move->part : fold->parts[0];
	const struct row_value values[] = {
		row_int(move->order),
		row_text(bytes_text(part->number)),
		row_text(bytes_text(move->kind->name)),
		row_int(move->signer.party),
		row_int(move->body.stated_ms),
		row_text(text),
	};

	rows_put(rows, &support_tables[TABLE_REMARK], values);
}

/* ---- the board ---------------------------------------------------------------------------------------------------- */

/* Threads that begin with an order, with an issue that stands for one, or with a netting. */
static void thread_row(const struct fold *fold, struct rows *rows)
{
	const struct part *first = fold->part_count > 0 ? fold->parts[0] : NULL;
	struct row_value deliver_on = row_null();
	struct board board;

	if (first == NULL || (first->type->letter != 'O' && first->type->letter != 'N' && !is_unordered(first))) {
		return;
	}
	board_begin(&board);
	for (unsigned i = 0; i < fold->part_count; i++) {
		board_add(&board, fold->parts[i], state_of(fold, fold->parts[i]));
	}
	if (first->type->letter == 'O' && data_of(first) != NULL) {
		deliver_on = terms_int(terms_of(data_of(first)), KEY_DELIVER_ON);
	} else if (is_unordered(first) && data_of(first) != NULL) {
		const struct order_state *order = ((const struct issue_state *)data_of(first))->order;
		deliver_on = terms_int(order ? terms_of(order) : NULL, KEY_DELIVER_ON);
		board.states |= order && order->agreed ? support_state_bits("agreed") : 0;
	}
	board_clocks(&board, fold);
	board_row(&board, first, deliver_on, rows);
}

void support_rows(const struct fold *fold, struct rows *rows)
{
	for (unsigned i = 0; fold->part_count > 0 && i < fold->move_count; i++) {
		remark_row(fold, fold->moves[i], rows);
	}
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		switch (part->type->letter) {
		case 'O': order_rows(fold, part, rows); break;
		case 'I': issue_rows(fold, part, rows); break;
		case 'N':
			netting_rows(fold, part,
			    &(struct row_frame){ row_blob(id_bytes(&part->id)), row_text(bytes_text(part->number)),
				state_value(state_of(fold, part)), pen_value(part, state_of(fold, part)),
				row_int(part->head_count), since_value(part) },
			    rows);
			break;
		case 'A': adjustment_rows(fold, part, rows); break;
		default: claim_rows(fold, part, rows); break;
		}
	}
	thread_row(fold, rows);
}
