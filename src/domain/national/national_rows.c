/* Rows of a thread (national.sql), from the heads of its part. With rival heads the text and figures shown are those of one of them; the state is
 * NULL and heads says how many there are. */
#include "base/cbor.h"
#include "domain/national/national_state.h"
#include <string.h>

static struct row_value optional(bool set, int64_t value)
{
	return set ? row_int(value) : row_null();
}

static struct row_value text_value(struct bytes text)
{
	return text.len > 0 ? row_text(text) : row_null();
}

static struct row_value blob_value(struct bytes bytes)
{
	return bytes.len > 0 ? row_blob(bytes) : row_null();
}

static const struct state *state_of(const struct part *part)
{
	return part->head_count == 1 ? part->heads[0]->state : NULL;
}

static struct row_value state_value(const struct part *part)
{
	const struct state *state = state_of(part);

	return state ? row_text(bytes_text(state->name)) : row_null();
}

static struct row_value pen_value(const struct part *part)
{
	const struct state *state = state_of(part);

	return optional(state == NULL || state->pen != 0, part->sides[OWN]);
}

static struct row_value since_value(const struct part *part)
{
	return optional(part->head_count == 1, part->head_count == 1 ? part->heads[0]->body.stated_ms : 0);
}

static struct row_value int_field(const struct move *move, uint8_t key)
{
	int64_t value = 0;
	bool is_there = record_int(&move->body, key, &value);

	return optional(is_there, value);
}

static void draft_row(const struct part *part, struct rows *rows)
{
	const struct draft_state *draft = part->heads[0]->after;
	const struct move *text = draft->text, *entered = draft->entered;
	const struct row_value values[] = {
		row_text(bytes_text(part->number)),
		state_value(part),
		pen_value(part),
		row_int(part->head_count),
		row_text(move_text(text, KEY_MOVE)),
		row_blob(move_bytes(text, KEY_SHARED)),
		text_value(move_text(text, KEY_TARGET)),
		blob_value(move_bytes(text, KEY_THREAD)),
		blob_value(move_bytes(text, KEY_PART)),
		row_text(move_text(text, KEY_TITLE)),
		int_field(text, KEY_AMOUNT),
		text_value(move_text(text, KEY_CURRENCY)),
		row_text(move_text(text, KEY_FIELDS)),
		row_text(draft->writers[draft->writer_count - 1]),
		text_value(draft->checker),
		text_value(draft->certifier),
		text_value(draft->approver),
		text_value(draft->reference),
		text_value(draft->authority),
		optional(draft->approved_ms != 0, draft->approved_ms),
		entered ? row_blob(move_bytes(entered, ENTERED_ENTRY)) : row_null(),
		entered ? row_text(move_text(entered, ENTERED_NUMBER)) : row_null(),
		since_value(part),
	};

	rows_put(rows, &national_tables[TABLE_DRAFT], values);
}

static void notice_row(const struct part *part, struct rows *rows)
{
	const struct notice_state *notice = part->heads[0]->after;
	const struct move *opener = notice->opener;
	const struct row_value values[] = {
		row_text(bytes_text(part->number)),
		state_value(part),
		pen_value(part),
		row_int(part->head_count),
		row_blob(move_bytes(opener, NOTICE_SHARED)),
		row_blob(move_bytes(opener, NOTICE_THREAD)),
		row_blob(move_bytes(opener, NOTICE_PART)),
		row_text(move_text(opener, NOTICE_ISSUE)),
		row_text(move_text(opener, NOTICE_ORDER)),
		row_text(move_text(opener, NOTICE_AGREEMENT)),
		row_text(notice->debtor),
		row_text(notice->address),
		row_int(notice->amount_minor),
		row_text(notice->currency),
		row_int(notice->estimate),
		row_int(notice->delivered_on),
		row_int(notice->due_on),
		text_value(notice->ledger),
		optional(notice->ledger.len > 0, notice->ledger_on),
		text_value(notice->demand),
		optional(notice->demand.len > 0, notice->demand_due_on),
		row_int(notice->paid_minor),
		optional(notice->paid_minor > 0, notice->paid_on),
		row_int(opener->body.stated_ms),
		since_value(part),
	};

	rows_put(rows, &national_tables[TABLE_NOTICE], values);
}

static struct row_value item_text_value(const struct list_item *item, uint8_t key)
{
	struct bytes text;

	return item_text(item, key, &text) ? row_text(text) : row_null();
}

static struct bytes item_mention(const struct list_item *item, uint8_t key)
{
	struct bytes field = item_field(item, key);

	return cbor_take(&field).bytes;
}

static void item_row(const struct list_item *item, unsigned number, struct rows *rows)
{
	int64_t since = 0, contact = 0;
	bool has_contact = item_int(item, ITEM_LAST_CONTACT, &contact);

	item_int(item, ITEM_SINCE, &since);
	const struct row_value values[] = {
		row_int(number),
		row_blob(item_mention(item, ITEM_SHARED)),
		row_blob(item_mention(item, ITEM_THREAD)),
		item_text_value(item, ITEM_NUMBER),
		item_text_value(item, ITEM_STATE),
		item_text_value(item, ITEM_PEN),
		row_int(since),
		optional(has_contact, contact),
		item_text_value(item, ITEM_CLOCK),
		item_text_value(item, ITEM_REMARKS),
	};

	rows_put(rows, &national_tables[TABLE_ITEM], values);
}

/* Does the thread of an item stand in an item before it? Its parts are items each; its duty is one. */
static bool thread_before(const struct move *opener, unsigned number, struct bytes thread)
{
	struct list items;
	struct list_item item;

	record_list(&opener->body, HANDED_ITEMS, &items);
	for (unsigned i = 1; i < number && list_next(&items, &item); i++) {
		if (bytes_equal(item_mention(&item, ITEM_THREAD), thread)) {
			return true;
		}
	}
	return false;
}

static void item_rows(const struct handover_state *handover, struct rows *rows)
{
	struct list items;
	struct list_item item;
	unsigned number = 0;

	record_list(&handover->opener->body, HANDED_ITEMS, &items);
	while (list_next(&items, &item)) {
		struct bytes thread = item_mention(&item, ITEM_THREAD);
		item_row(&item, ++number, rows);
		if (handover->taken == NULL || thread_before(handover->opener, number, thread)) {
			continue;
		}
		const struct row_value duty[] = {
			row_blob(item_mention(&item, ITEM_SHARED)),
			row_blob(thread),
			row_text(handover->taken->signer.officer),
			row_int(handover->taken->body.stated_ms),
		};
		rows_put(rows, &national_tables[TABLE_DUTY], duty);
	}
}

static void handover_rows(const struct part *part, struct rows *rows)
{
	const struct handover_state *handover = part->heads[0]->after;
	const struct move *opener = handover->opener;
	const struct row_value values[] = {
		row_text(bytes_text(part->number)),
		state_value(part),
		pen_value(part),
		row_int(part->head_count),
		row_text(opener->signer.officer),
		row_text(opener->signer.post),
		row_text(move_text(opener, HANDED_TO)),
		text_value(move_text(opener, HANDED_TO_POST)),
		text_value(move_text(opener, KEY_REMARKS)),
		row_int(opener->body.stated_ms),
		optional(handover->taken != NULL, handover->taken ? handover->taken->body.stated_ms : 0),
	};

	rows_put(rows, &national_tables[TABLE_HANDOVER], values);
	item_rows(handover, rows);
}

void national_rows(const struct fold *fold, struct rows *rows)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		if (part->head_count == 0) {
			continue;
		}
		switch (part->type->letter) {
		case 'D': draft_row(part, rows); break;
		case 'N': notice_row(part, rows); break;
		default: handover_rows(part, rows); break;
		}
	}
}
