/* What the digest sees of a part (docs/statement-rules.md 5), and the rows for lists and pages. */
#include "base/cbor.h"
#include "domain/statement/statement_state.h"
#include <string.h>

/* ---- data --------------------------------------------------------------------------------------------------------- */

static void put_text(struct buf *out, struct bytes text)
{
	if (text.len > 0) {
		cbor_put_text(out, text);
	} else {
		cbor_put_null(out);
	}
}

static void put_int(struct buf *out, bool set, int64_t value)
{
	if (set) {
		cbor_put_int(out, value);
	} else {
		cbor_put_null(out);
	}
}

static void put_id(struct buf *out, bool set, const struct id *id)
{
	if (set) {
		cbor_put_bytes(out, id_bytes(id));
	} else {
		cbor_put_null(out);
	}
}

static void put_item(struct buf *out, struct bytes item)
{
	if (item.len > 0) {
		buf_put_bytes(out, item);
	} else {
		cbor_put_null(out);
	}
}

static void put_both(struct buf *out, const struct both *text)
{
	put_text(out, text->en);
	put_text(out, text->ja);
}

static void put_pledge(struct buf *out, const struct pledge_state *pledge)
{
	cbor_put_array(out, 8);
	cbor_put_int(out, pledge->no);
	put_both(out, &pledge->text);
	put_text(out, pledge->carried_out_by);
	put_int(out, pledge->has_made_on, pledge->made_on);
	put_text(out, pledge->made_at);
	put_text(out, pledge->locator);
	put_id(out, pledge->has_sha256, &pledge->sha256);
}

static void put_view(struct buf *out, const struct view_state *view)
{
	cbor_put_array(out, 2);
	put_text(out, view->view);
	put_int(out, view->has_since, view->since);
}

static void put_evidence(struct buf *out, const struct evidence_state *evidence)
{
	cbor_put_array(out, 7);
	put_id(out, evidence->has_tally, &evidence->tally);
	put_id(out, evidence->has_mention, &evidence->mention);
	put_text(out, evidence->number);
	put_both(out, &evidence->text);
	cbor_put_bool(out, evidence->rehearsal);
	put_item(out, evidence->attachments);
}

static void put_meeting(struct buf *out, const struct meeting_state *meeting)
{
	cbor_put_array(out, 10);
	put_text(out, meeting->series);
	cbor_put_int(out, meeting->no);
	cbor_put_int(out, meeting->version);
	put_both(out, &meeting->title);
	put_int(out, meeting->has_start, meeting->starts_ms);
	put_int(out, meeting->has_end, meeting->ends_ms);
	put_text(out, meeting->place);
	put_item(out, meeting->agenda);
	put_item(out, meeting->outcomes);
}

static void put_action(struct buf *out, const struct action_state *action)
{
	cbor_put_array(out, 4);
	put_both(out, &action->text);
	put_text(out, action->owner_post);
	cbor_put_int(out, action->due_on);
}

static void put_context(struct buf *out, const struct context_state *context)
{
	cbor_put_array(out, 4);
	put_both(out, &context->text);
	put_text(out, context->carried_out_by);
	put_text(out, context->locator);
}

void statement_part_data(const struct fold *fold, const struct part *part, struct buf *out)
{
	const void *after = part->heads[0]->after;

	(void)fold;
	switch (part->type->letter) {
	case 'P': put_pledge(out, after); break;
	case 'V': put_view(out, after); break;
	case 'E': put_evidence(out, after); break;
	case 'M': put_meeting(out, after); break;
	case 'C': put_context(out, after); break;
	default: put_action(out, after); break;
	}
}

/* ---- rows --------------------------------------------------------------------------------------------------------- */

static const struct move *head_of(const struct part *part)
{
	return part->head_count == 1 ? part->heads[0] : NULL;
}

static struct row_value pen_of(const struct part *part)
{
	const struct move *head = head_of(part);

	return head && head->state->pen ? row_int(part->sides[head->state->pen]) : row_null();
}

static struct row_value state_of(const struct part *part)
{
	return head_of(part) ? row_text(bytes_text(head_of(part)->state->name)) : row_null();
}

static struct row_value text_value(struct bytes text)
{
	return text.len > 0 ? row_text(text) : row_null();
}

static struct row_value id_value(bool set, const struct id *id)
{
	return set ? row_blob(id_bytes(id)) : row_null();
}

static bool is_type(const struct part *part, char letter)
{
	return part->type->letter == letter && head_of(part) != NULL;
}

unsigned evidence_counted(const struct fold *fold)
{
	unsigned count = 0;

	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		if (is_type(part, 'E') && strcmp(head_of(part)->state->name, "linked") == 0) {
			count += !((const struct evidence_state *)head_of(part)->after)->rehearsal;
		}
	}
	return count;
}

/* Do two parties see the pledge differently? One that has stated no view does not. */
static bool views_differ(const struct fold *fold)
{
	const struct view_state *seen = NULL;

	for (unsigned i = 0; i < fold->part_count; i++) {
		if (!is_type(fold->parts[i], 'V')) {
			continue;
		}
		const struct view_state *view = head_of(fold->parts[i])->after;
		if (seen != NULL && !bytes_equal(seen->view, view->view)) {
			return true;
		}
		seen = view;
	}
	return false;
}

static void pledge_row(const struct fold *fold, const struct part *part, struct rows *rows)
{
	const struct pledge_state *pledge = head_of(part)->after;
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		state_of(part),
		pen_of(part),
		row_int(pledge->no),
		text_value(pledge->text.en),
		text_value(pledge->text.ja),
		text_value(pledge->carried_out_by),
		pledge->has_made_on ? row_int(pledge->made_on) : row_null(),
		text_value(pledge->made_at),
		text_value(pledge->locator),
		id_value(pledge->has_sha256, &pledge->sha256),
		row_int(part->sides[FIRST]),
		row_int(part->sides[SECOND]),
		row_int(evidence_counted(fold)),
		row_int(views_differ(fold)),
	};

	rows_put(rows, &statement_tables[0], values);
}

static void view_row(const struct part *part, struct rows *rows)
{
	const struct view_state *view = head_of(part)->after;
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		row_int(part->sides[FIRST]),
		state_of(part),
		view->has_since ? row_int(view->since) : row_null(),
		row_int(view->stated_ms),
	};

	rows_put(rows, &statement_tables[1], values);
}

static void evidence_row(const struct part *part, struct rows *rows)
{
	const struct evidence_state *evidence = head_of(part)->after;
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		row_int(part->sides[FIRST]),
		state_of(part),
		id_value(evidence->has_tally, &evidence->tally),
		id_value(evidence->has_mention, &evidence->mention),
		text_value(evidence->number),
		text_value(evidence->text.en),
		text_value(evidence->text.ja),
		row_int(evidence->rehearsal),
		row_int(evidence->attachments.len > 0),
		row_int(head_of(part)->body.stated_ms),
	};

	rows_put(rows, &statement_tables[2], values);
}

static struct list list_of(struct bytes array)
{
	if (array.len == 0) {
		return (struct list){ 0 };
	}
	struct cbor_item head = cbor_take(&array);
	return (struct list){ array, head.count };
}

static struct row_value item_value(const struct list_item *item, bool is_here, uint8_t key)
{
	struct bytes text = { 0 };

	return is_here && item_text(item, key, &text) ? row_text(text) : row_null();
}

/* The agenda and what came of it, item by item: outcomes are those of the agenda, or stand alone where there was none. */
static void item_rows(const struct meeting_state *meeting, struct rows *rows)
{
	struct list agenda = list_of(meeting->agenda), outcomes = list_of(meeting->outcomes);
	struct list_item item, outcome;
	int64_t number = 0;

	for (;;) {
		bool planned = list_next(&agenda, &item), held = list_next(&outcomes, &outcome);
		if (!planned && !held) {
			return;
		}
		item_int(planned ? &item : &outcome, 0, &number);
		const struct row_value values[] = {
			row_int(number),
			item_value(&item, planned, 1),
			item_value(&item, planned, 2),
			item_value(&outcome, held, 1),
			item_value(&outcome, held, 2),
			item_value(&outcome, held, 3),
			item_value(&outcome, held, 4),
		};
		rows_put(rows, &statement_tables[4], values);
	}
}

static void meeting_row(const struct part *part, struct rows *rows)
{
	const struct meeting_state *meeting = head_of(part)->after;
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		state_of(part),
		pen_of(part),
		text_value(meeting->series),
		row_int(meeting->no),
		text_value(meeting->title.en),
		text_value(meeting->title.ja),
		meeting->has_start ? row_int(meeting->starts_ms) : row_null(),
		meeting->has_end ? row_int(meeting->ends_ms) : row_null(),
		text_value(meeting->place),
		row_int(meeting->version),
		row_int(part->sides[FIRST]),
		row_int(part->sides[SECOND]),
		row_int(head_of(part)->body.stated_ms),
	};

	rows_put(rows, &statement_tables[3], values);
	item_rows(meeting, rows);
}

static void action_row(const struct part *part, struct rows *rows)
{
	const struct action_state *action = head_of(part)->after;
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		state_of(part),
		pen_of(part),
		row_int(part->sides[FIRST]),
		text_value(action->owner_post),
		text_value(action->text.en),
		text_value(action->text.ja),
		row_int(action->due_on),
		row_int(head_of(part)->body.stated_ms),
	};

	rows_put(rows, &statement_tables[5], values);
}

static void context_row(const struct part *part, struct rows *rows)
{
	const struct context_state *context = head_of(part)->after;
	const struct row_value values[] = {
		row_blob(id_bytes(&part->id)),
		row_text(bytes_text(part->number)),
		state_of(part),
		row_int(part->sides[FIRST]),
		text_value(context->text.en),
		text_value(context->text.ja),
		text_value(context->carried_out_by),
		text_value(context->locator),
	};

	rows_put(rows, &statement_tables[6], values);
}

void statement_rows(const struct fold *fold, struct rows *rows)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		if (head_of(part) == NULL) {
			continue; /* rivals: shown by the kernel until they are resolved */
		}
		switch (part->type->letter) {
		case 'P': pledge_row(fold, part, rows); break;
		case 'V': view_row(part, rows); break;
		case 'E': evidence_row(part, rows); break;
		case 'M': meeting_row(part, rows); break;
		case 'C': context_row(part, rows); break;
		default: action_row(part, rows); break;
		}
	}
}
