/* Fields of a body as structs. Rule F1 has checked form and type; nothing is judged here. */
#include "base/cbor.h"
#include "domain/support/support_state.h"
#include <string.h>

const struct terms *terms_of(const struct order_state *order)
{
	return order->agreed ? order->agreed : order->table;
}

const struct terms_line *terms_line_find(const struct terms *terms, int64_t line)
{
	for (unsigned i = 0; terms != NULL && i < terms->line_count; i++) {
		if (terms->lines[i].line == line) {
			return &terms->lines[i];
		}
	}
	return NULL;
}

const struct issue_line *issue_line_find(const struct issue_state *issue, int64_t line)
{
	for (unsigned i = 0; issue != NULL && i < issue->line_count; i++) {
		if (issue->lines[i].terms->line == line) {
			return &issue->lines[i];
		}
	}
	return NULL;
}

static struct list list_of(struct bytes array)
{
	struct cbor_item head = cbor_take(&array);

	return (struct list){ array, head.count };
}

static unsigned list_count(struct bytes array)
{
	return (unsigned)cbor_take(&array).count;
}

/* ---- terms ------------------------------------------------------------------------------------------------------- */

static void read_terms_line(const struct list_item *item, struct terms_line *line)
{
	struct bytes unit = { 0 };

	line->per = (struct decimal){ 1, 0 };
	item_int(item, 0, &line->line);
	item_text(item, 1, &line->category);
	item_text(item, 2, &line->kind);
	item_text(item, 3, &line->description_en);
	item_text(item, 4, &line->description_ja);
	item_decimal(item, 5, &line->quantity);
	item_text(item, 6, &unit);
	item_text(item, 7, &line->meter);
	line->has_price = item_int(item, 8, &line->price_minor);
	item_decimal(item, 9, &line->per);
	item_text(item, 10, &line->price_basis);
	line->has_ceiling = item_int(item, 11, &line->ceiling_minor);
	item_text(item, 12, &line->currency);
	item_text(item, 13, &line->settlement);
	item_text(item, 14, &line->nsn);
	item_text(item, 15, &line->fuel);
	line->has_return_by = item_int(item, 16, &line->return_by);
	line->unit = unit_find(unit);
}

bool terms_lines_read(struct arena *arena, struct bytes array, struct terms *terms)
{
	struct list list = list_of(array);
	struct list_item item;

	terms->line_count = 0;
	terms->lines = arena_take_array(arena, list.left + 1, sizeof *terms->lines);
	while (terms->lines != NULL && list_next(&list, &item)) {
		read_terms_line(&item, &terms->lines[terms->line_count++]);
	}
	return terms->lines != NULL;
}

/* Resulting terms: what the move gives, else what stood before. */
static bool read_terms(struct judging *judging)
{
	const struct move *move = judging->move;
	const struct terms *before = NULL;
	struct terms *terms = arena_take(judging->fold->arena, sizeof *terms);

	if (judging->order != NULL) {
		before = judging->kind == KIND_AMENDED ? judging->order->agreed : judging->order->table;
	}
	if (terms == NULL) {
		return false;
	}
	if (before != NULL) {
		*terms = *before;
	}
	terms->id = move->id;
	for (unsigned i = 0; i < TERMS_FIELDS; i++) {
		struct bytes given = body_field(&move->body, (uint8_t)(TERMS_FIRST + i));
		terms->items[i] = given.len > 0 ? given : terms->items[i];
	}
	terms->has_valid_until = record_int(&move->body, KEY_VALID_UNTIL, &terms->valid_until);
	judging->terms = terms;
	return body_field(&move->body, KEY_LINES).len == 0
	    ? before != NULL
	    : terms_lines_read(judging->fold->arena, terms->items[0], terms);
}

/* ---- lines of issues --------------------------------------------------------------------------------------------- */

static void convert(struct given_line *line)
{
	const struct unit *from = line->unit_code.len > 0 ? unit_find(line->unit_code)
	    : line->terms                                 ? line->terms->unit
							  : NULL;

	line->converted = line->terms != NULL && from != NULL &&
	    unit_convert(line->quantity, from, line->terms->unit, 6, &line->in_terms, NULL) == OK;
}

/* What a line number means here: a line of the issue where there is one already, and of its terms. */
static void place(const struct judging *judging, struct given_line *line)
{
	const struct order_state *order = judging->issue ? judging->issue->order : judging->order;

	line->issue = issue_line_find(judging->issue, line->line);
	line->terms = order ? terms_line_find(terms_of(order), line->line) : NULL;
	convert(line);
}

static void read_meters(const struct list_item *item, struct given_line *line)
{
	line->has_meter_start = item_decimal(item, 3, &line->meter_start);
	line->has_meter_end = item_decimal(item, 4, &line->meter_end);
	line->has_meter_reading = item_field(item, 5).len > 0;
}

static void read_issue_line(const struct list_item *item, struct given_line *line)
{
	item_decimal(item, 1, &line->quantity);
	item_text(item, 2, &line->unit_code);
	read_meters(item, line);
}

static void read_receipt_line(const struct list_item *item, struct given_line *line)
{
	item_decimal(item, 1, &line->quantity);
	item_text(item, 2, &line->unit_code);
	line->has_short = item_decimal(item, 3, &line->short_of);
	item_decimal(item, 4, &line->damaged);
	item_decimal(item, 5, &line->refused);
	item_text(item, 6, &line->reason);
}

static void read_return_line(const struct list_item *item, struct given_line *line)
{
	item_decimal(item, 1, &line->quantity);
	item_text(item, 2, &line->unit_code);
	item_text(item, 3, &line->nsn);
}

static void read_quantity_line(const struct list_item *item, struct given_line *line)
{
	item_decimal(item, 1, &line->quantity);
}

typedef void read_line_fn(const struct list_item *item, struct given_line *line);

static read_line_fn *line_reader(enum support_kind kind)
{
	switch (kind) {
	case KIND_ISSUED:
	case KIND_TAKEN:
	case KIND_TAKEN_ISSUED: return read_issue_line;
	case KIND_RECEIPTED:
	case KIND_RATIFIED:
	case KIND_FIGURES_RESTATED: return read_receipt_line;
	case KIND_RETURN_ISSUED: return read_return_line;
	default: return read_quantity_line;
	}
}

/* Lines as written. */
static bool read_given_lines(struct judging *judging, struct bytes array)
{
	struct list list = list_of(array);
	struct list_item item;

	judging->lines_given = true;
	judging->lines = arena_take_array(judging->fold->arena, list.left + 1, sizeof *judging->lines);
	while (judging->lines != NULL && list_next(&list, &item)) {
		struct given_line *line = &judging->lines[judging->line_count++];
		item_int(&item, 0, &line->line);
		line_reader(judging->kind)(&item, line);
		place(judging, line);
	}
	return judging->lines != NULL;
}

/* The quantity that a line has when a move names no lines; false: such a move does not touch it. */
static bool default_quantity(const struct judging *judging, const struct issue_line *line, struct decimal *quantity)
{
	switch (judging->kind) {
	case KIND_TAKEN_ISSUED: *quantity = line->accepted; return true;
	case KIND_RETURN_ISSUED: return issue_line_rest(line, quantity) && decimal_sign(*quantity) > 0;
	case KIND_RETURN_ACCEPTED: *quantity = line->returning; return decimal_sign(*quantity) > 0;
	default: return false;
	}
}

/* Lines that a move means by naming none: those of the terms when it opens the issue, else of the issue. A receipt without lines
 * changes none of them. */
static bool read_default_lines(struct judging *judging)
{
	const struct terms *terms = judging->issue == NULL && judging->order != NULL ? judging->order->agreed : NULL;
	unsigned count = terms ? terms->line_count : judging->issue ? judging->issue->line_count : 0;
	struct decimal quantity;

	judging->lines = arena_take_array(judging->fold->arena, count + 1, sizeof *judging->lines);
	for (unsigned i = 0; judging->lines != NULL && i < count; i++) {
		const struct terms_line *line = terms ? &terms->lines[i] : judging->issue->lines[i].terms;
		if (terms) {
			quantity = line->quantity;
		} else if (!default_quantity(judging, &judging->issue->lines[i], &quantity)) {
			continue;
		}
		struct given_line *given = &judging->lines[judging->line_count++];
		given->line = line->line;
		given->quantity = quantity;
		place(judging, given);
	}
	return judging->lines != NULL;
}

static bool read_lines(struct judging *judging)
{
	struct bytes array = body_field(&judging->move->body, KEY_ITEMS);

	return array.len > 0 ? read_given_lines(judging, array) : read_default_lines(judging);
}

/* ---- items of claims ---------------------------------------------------------------------------------------------- */

static bool read_items(struct judging *judging)
{
	struct bytes array = body_field(&judging->move->body, KEY_ITEMS);
	struct list list = array.len > 0 ? list_of(array) : (struct list){ 0 };
	struct list_item item;

	judging->items =
	    arena_take_array(judging->fold->arena, (array.len > 0 ? list_count(array) : 0) + 1, sizeof *judging->items);
	while (judging->items != NULL && list_next(&list, &item)) {
		struct given_item *given = &judging->items[judging->item_count++];
		item_int(&item, 0, &given->item);
		item_int(&item, 1, &given->credit_minor);
	}
	return judging->items != NULL;
}

/* ---- an unordered issue ------------------------------------------------------------------------------------------- */

/* Its lines are those of its terms, in full; the meters stand apart. */
static bool read_unordered(struct judging *judging)
{
	struct bytes array = body_field(&judging->move->body, KEY_METERS);
	struct list list = array.len > 0 ? list_of(array) : (struct list){ 0 };
	struct list_item item;
	int64_t number = 0;

	if (!read_terms(judging)) {
		return false;
	}
	const struct terms *terms = judging->terms;
	judging->lines = arena_take_array(judging->fold->arena, terms->line_count + 1, sizeof *judging->lines);
	judging->line_count = judging->lines ? terms->line_count : 0;
	for (unsigned i = 0; i < judging->line_count; i++) {
		judging->lines[i] = (struct given_line){
			.line = terms->lines[i].line, .quantity = terms->lines[i].quantity, .terms = &terms->lines[i]
		};
		convert(&judging->lines[i]);
	}
	while (list_next(&list, &item)) {
		item_int(&item, 0, &number);
		for (unsigned i = 0; i < judging->line_count; i++) {
			if (judging->lines[i].line == number) {
				read_meters(&item, &judging->lines[i]);
			}
		}
	}
	return judging->lines != NULL;
}

bool support_read(struct judging *judging)
{
	switch (judging->kind) {
	case KIND_ISSUED_UNORDERED: return read_unordered(judging);
	case KIND_REQUESTED:
	case KIND_OFFERED_UNASKED:
	case KIND_OFFERED:
	case KIND_ANSWERED:
	case KIND_OFFER_COUNTERED:
	case KIND_AMENDED: return read_terms(judging);
	case KIND_ISSUED:
	case KIND_TAKEN:
	case KIND_TAKEN_ISSUED:
	case KIND_RECEIPTED:
	case KIND_RATIFIED:
	case KIND_FIGURES_RESTATED:
	case KIND_RESOLUTION_PROPOSED:
	case KIND_RESOLUTION_COUNTERED:
	case KIND_RETURN_ISSUED:
	case KIND_RETURN_ACCEPTED: return read_lines(judging);
	case KIND_CLAIMED:
	case KIND_CLAIMED_UNACKNOWLEDGED:
	case KIND_REFUND_CLAIMED:
	case KIND_RECLAIMED: return claim_read(judging);
	case KIND_QUERIED:
	case KIND_CREDITED: return read_items(judging);
	case KIND_EXCHANGE_LINKED: return exchange_read(judging);
	case KIND_NETTING_PROPOSED:
	case KIND_NETTING_REPROPOSED: return netting_read(judging);
	default: return true;
	}
}
