/* Rows of exchanges and of nettings (support.sql), from the heads of their parts. */
#include "base/cbor.h"
#include "domain/support/support_state.h"

static struct row_value optional(bool set, int64_t value)
{
	return set ? row_int(value) : row_null();
}

/* ---- exchanges --------------------------------------------------------------------------------------------------- */

static void exchange_row(const struct part *part, const struct exchange_item *item, int64_t *position,
    struct row_value certified, struct rows *rows)
{
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_int(++*position),
		row_int(item->line),
		row_blob(id_bytes(&item->thread)),
		row_blob(id_bytes(&item->issue)),
		row_int(item->their_line),
		row_text(item->currency),
		row_int(item->value_minor),
		row_int(item->applied_minor),
		certified,
	};

	rows_put(rows, &support_tables[TABLE_EXCHANGE], values);
}

void exchange_rows(const struct part *part, const struct issue_state *issue, struct rows *rows)
{
	int64_t position = 0;

	for (const struct exchange *at = issue->exchanged; at != NULL; at = at->before) {
		for (unsigned i = 0; i < at->count; i++) {
			exchange_row(part, &at->items[i], &position, row_blob(id_bytes(&at->certified)), rows);
		}
	}
	for (unsigned i = 0; i < issue->linked.count; i++) {
		exchange_row(part, &issue->linked.items[i], &position, row_null(), rows);
	}
}

/* ---- rates ------------------------------------------------------------------------------------------------------- */

static struct row_value decimal_value(const struct fold *fold, const struct list_item *item, uint8_t key)
{
	char text[DECIMAL_TEXT];
	struct decimal value;

	if (!item_decimal(item, key, &value)) {
		return row_null();
	}
	decimal_print(value, text);
	return row_text(arena_copy(fold->arena, bytes_text(text)));
}

static struct list list_of(struct bytes array)
{
	size_t count = array.len > 0 ? cbor_take(&array).count : 0;

	return (struct list){ array, count };
}

void rate_rows(const struct fold *fold, const struct terms *terms, struct rows *rows)
{
	struct list list = list_of(terms->items[KEY_RATES - TERMS_FIRST]);
	struct list_item item;

	for (int64_t position = 1; list_next(&list, &item); position++) {
		struct bytes from = { 0 }, to = { 0 }, source = { 0 };
		int64_t on = 0;
		item_text(&item, 0, &from);
		item_text(&item, 1, &to);
		item_text(&item, 3, &source);
		item_int(&item, 4, &on);
		const struct row_value values[] = { row_int(position), row_text(from), row_text(to),
			decimal_value(fold, &item, 2), row_text(source), row_int(on) };
		rows_put(rows, &support_tables[TABLE_RATE], values);
	}
}

/* ---- nettings ---------------------------------------------------------------------------------------------------- */

static void claim_row(
    const struct fold *fold, bool agreed, int64_t position, const struct list_item *item, struct rows *rows)
{
	struct id *ids = arena_take_array(fold->arena, 2, sizeof *ids);
	struct bytes owed_by = { 0 }, currency = { 0 }, source = { 0 };
	int64_t amount = 0, value = 0, on = 0;
	bool has_on = item_int(item, 7, &on);

	if (ids == NULL) {
		return;
	}
	item_id(item, 0, &ids[0]);
	item_id(item, 1, &ids[1]);
	item_text(item, 2, &owed_by);
	item_text(item, 3, &currency);
	item_int(item, 4, &amount);
	item_text(item, 6, &source);
	item_int(item, 8, &value);
	unsigned party = fold_party_find(fold->tally, owed_by);
	const struct row_value values[] = {
		row_int(agreed),
		row_int(position),
		row_blob(id_bytes(&ids[0])),
		row_blob(id_bytes(&ids[1])),
		optional(party < fold->tally->party_count, party),
		row_text(currency),
		row_int(amount),
		decimal_value(fold, item, 5),
		source.len > 0 ? row_text(source) : row_null(),
		optional(has_on, on),
		row_int(value),
	};

	rows_put(rows, &support_tables[TABLE_NETTING_CLAIM], values);
}

static void list_rows(const struct fold *fold, const struct netting_list *netting, bool agreed, struct rows *rows)
{
	struct list list = list_of(netting->claims);
	struct list_item item;
	int64_t position = 0;

	while (list_next(&list, &item)) {
		claim_row(fold, agreed, ++position, &item, rows);
	}
}

static void agreed_rows(const struct fold *fold, struct rows *rows)
{
	for (unsigned i = 0; i < fold->move_count; i++) {
		const struct move *move = fold->moves[i];
		if (move->verdict == VERDICT_VALID && support_kind_of(move->kind) == KIND_NETTING_AGREED) {
			const struct row_value values[] = { row_blob(id_bytes(&move->id)) };
			rows_put(rows, &support_tables[TABLE_NETTING_AGREED], values);
		}
	}
}

void netting_rows(const struct fold *fold, const struct part *part, const struct row_frame *frame, struct rows *rows)
{
	static const struct netting_state none = { 0 };
	const struct netting_state *netting = part->head_count == 1 ? part->heads[0]->after : NULL;
	const struct netting_state *shown = netting ? netting : &none;
	const struct netting_list *list = shown->agreed.set ? &shown->agreed : &shown->table;
	const struct row_value values[] = {
		frame->id,
		frame->number,
		frame->state,
		frame->pen,
		frame->heads,
		row_int(part->sides[RECEIVER]),
		row_int(part->sides[SUPPLIER]),
		shown->currency.len > 0 ? row_text(shown->currency) : row_null(),
		optional(list->set, list->total_minor),
		optional(netting != NULL, shown->paid_minor),
		optional(shown->has_remitted, shown->remitted_minor),
		optional(shown->has_remitted, shown->value_on),
		shown->agreed.set ? row_blob(id_bytes(&shown->agreed.id)) : row_null(),
		row_int(part->opener->body.stated_ms),
		frame->since,
	};

	rows_put(rows, &support_tables[TABLE_NETTING], values);
	list_rows(fold, &shown->agreed, true, rows);
	list_rows(fold, &shown->table, false, rows);
	agreed_rows(fold, rows);
}
