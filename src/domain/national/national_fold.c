/* Sides, the state after a move, and `data` of a part for the state encoding (docs/national-rules.md 5). */
#include "base/cbor.h"
#include "base/currency.h"
#include "domain/national/national_state.h"
#include <string.h>

struct bytes move_bytes(const struct move *move, uint8_t key)
{
	struct bytes field = body_field(&move->body, key);

	return field.len > 0 ? cbor_take(&field).bytes : (struct bytes){ 0 };
}

/* One party has both sides: it is the only one there is. */
enum status national_sides(struct fold *fold, struct move *move, unsigned sides[SIDES], struct err *err)
{
	(void)fold;
	(void)err;
	sides[1] = sides[2] = move->signer.party;
	return OK;
}

/* ---- the state after a move -------------------------------------------------------------------------------------- */

static const void *before_of(const struct judging *judging)
{
	return judging->move->body.answer_count > 0 ? judging->move->answers[0]->after : NULL;
}

/* A state that begins as that before, or empty. */
static void *state_next(struct judging *judging, size_t size, struct err *err)
{
	void *state = arena_take(judging->fold->arena, size);
	const void *before = before_of(judging);

	if (state == NULL) {
		err_set(err, ENVIRONMENT, "part: out of memory");
	} else if (before != NULL) {
		memcpy(state, before, size);
	} else {
		memset(state, 0, size);
	}
	return judging->after = state;
}

/* The text stands anew: its writer is added, and what others said of the text before is gone. */
static enum status draft_write(struct judging *judging, struct draft_state *draft, struct err *err)
{
	struct bytes *writers =
	    arena_take_array(judging->fold->arena, (size_t)draft->writer_count + 1, sizeof *writers);

	if (writers == NULL) {
		return err_set(err, ENVIRONMENT, "draft: out of memory");
	}
	if (draft->writer_count > 0) {
		memcpy(writers, draft->writers, draft->writer_count * sizeof *writers);
	}
	writers[draft->writer_count] = judging->move->signer.officer;
	*draft =
	    (struct draft_state){ .text = judging->move, .writers = writers, .writer_count = draft->writer_count + 1 };
	return OK;
}

static enum status draft_apply(struct judging *judging, struct err *err)
{
	const struct move *move = judging->move;
	struct draft_state *draft = state_next(judging, sizeof *draft, err);

	if (draft == NULL) {
		return ENVIRONMENT;
	}
	switch (judging->kind) {
	case KIND_CHECKED: draft->checker = move->signer.officer, judging->to = "checked"; break;
	case KIND_CERTIFIED:
		draft->certifier = move->signer.officer;
		draft->reference = move_text(move, KEY_REFERENCE);
		judging->to = "funds certified";
		break;
	case KIND_APPROVED:
		draft->approver = move->signer.officer;
		draft->authority = move_text(move, KEY_AUTHORITY);
		draft->approved_ms = move->body.stated_ms;
		judging->to = "approved";
		break;
	case KIND_SENT_BACK: judging->to = "sent back"; break;
	case KIND_ENTERED: draft->entered = move, judging->to = "entered"; break;
	case KIND_WITHDRAWN: judging->to = "withdrawn"; break;
	default: judging->to = "written"; return draft_write(judging, draft, err);
	}
	return OK;
}

static void notice_figures(const struct move *move, struct notice_state *notice)
{
	int64_t estimate = 0;
	bool says_amount = record_int(&move->body, NOTICE_AMOUNT, &notice->amount_minor);

	record_text(&move->body, NOTICE_DEBTOR, &notice->debtor);
	record_text(&move->body, NOTICE_ADDRESS, &notice->address);
	record_text(&move->body, NOTICE_CURRENCY, &notice->currency);
	record_int(&move->body, NOTICE_DELIVERED_ON, &notice->delivered_on);
	record_int(&move->body, NOTICE_DUE_ON, &notice->due_on);
	if (record_int(&move->body, NOTICE_ESTIMATE, &estimate) || says_amount) {
		notice->estimate = estimate != 0;
	}
}

static enum status notice_apply(struct judging *judging, struct err *err)
{
	const struct move *move = judging->move;
	struct notice_state *notice = state_next(judging, sizeof *notice, err);

	if (notice == NULL) {
		return ENVIRONMENT;
	}
	switch (judging->kind) {
	case KIND_TAKEN_UP:
		notice->ledger = move_text(move, LEDGER_NUMBER);
		notice->ledger_on = move_int(move, LEDGER_ON);
		judging->to = "taken up";
		break;
	case KIND_DEMANDED:
		notice->demand = move_text(move, DEMAND_NUMBER);
		notice->demand_due_on = move_int(move, DEMAND_DUE_ON);
		judging->to = "demand issued";
		break;
	case KIND_PAID:
		if (__builtin_add_overflow(notice->paid_minor, move_int(move, PAID_AMOUNT), &notice->paid_minor)) {
			notice->paid_minor = INT64_MAX; /* refused by N17 */
		}
		notice->paid_on = move_int(move, PAID_ON);
		judging->to = notice->paid_minor == notice->amount_minor ? "paid in" : "demand issued";
		break;
	case KIND_WITHDRAWN: judging->to = "withdrawn"; break;
	case KIND_CORRECTED: /* the office takes it up anew */
		notice->ledger = notice->demand = (struct bytes){ 0 };
		notice->ledger_on = notice->demand_due_on = 0;
		notice_figures(move, notice);
		judging->to = "sent";
		break;
	default: notice->opener = move, notice_figures(move, notice), judging->to = "sent"; break;
	}
	return OK;
}

static enum status handover_apply(struct judging *judging, struct err *err)
{
	struct handover_state *handover = state_next(judging, sizeof *handover, err);

	if (handover == NULL) {
		return ENVIRONMENT;
	}
	switch (judging->kind) {
	case KIND_TAKEN_OVER: handover->taken = judging->move, judging->to = "taken over"; break;
	case KIND_WITHDRAWN: judging->to = "withdrawn"; break;
	default: handover->opener = judging->move, judging->to = "handed over"; break;
	}
	return OK;
}

enum status national_apply(struct judging *judging, struct err *err)
{
	switch (judging->move->part->type->letter) {
	case 'D': return draft_apply(judging, err);
	case 'N': return notice_apply(judging, err);
	default: return handover_apply(judging, err);
	}
}

/* ---- data -------------------------------------------------------------------------------------------------------- */

static void put_text(struct buf *out, struct bytes text)
{
	if (text.len > 0) {
		cbor_put_text(out, text);
	} else {
		cbor_put_null(out);
	}
}

static void put_draft(struct buf *out, const struct draft_state *draft)
{
	cbor_put_array(out, 8);
	cbor_put_bytes(out, id_bytes(&draft->text->id));
	cbor_put_array(out, draft->writer_count);
	for (unsigned i = 0; i < draft->writer_count; i++) {
		cbor_put_text(out, draft->writers[i]);
	}
	put_text(out, draft->checker);
	put_text(out, draft->certifier);
	put_text(out, draft->reference);
	put_text(out, draft->approver);
	put_text(out, draft->authority);
	if (draft->entered != NULL) {
		cbor_put_bytes(out, move_bytes(draft->entered, ENTERED_ENTRY));
	} else {
		cbor_put_null(out);
	}
}

static void put_notice(struct buf *out, const struct notice_state *notice)
{
	cbor_put_array(out, 10);
	cbor_put_text(out, notice->debtor);
	cbor_put_text(out, notice->address);
	cbor_put_text(out, notice->currency);
	cbor_put_int(out, notice->amount_minor);
	cbor_put_bool(out, notice->estimate);
	cbor_put_int(out, notice->delivered_on);
	cbor_put_int(out, notice->due_on);
	put_text(out, notice->ledger);
	put_text(out, notice->demand);
	cbor_put_int(out, notice->paid_minor);
}

static void put_handover(struct buf *out, const struct handover_state *handover)
{
	cbor_put_array(out, 2);
	cbor_put_text(out, move_text(handover->opener, HANDED_TO));
	put_text(out, handover->taken ? handover->taken->signer.officer : (struct bytes){ 0 });
}

void national_part_data(const struct fold *fold, const struct part *part, struct buf *out)
{
	const void *after = part->heads[0]->after;

	(void)fold;
	switch (part->type->letter) {
	case 'D': put_draft(out, after); break;
	case 'N': put_notice(out, after); break;
	default: put_handover(out, after); break;
	}
}

struct bytes national_currency(const struct fold *fold, const struct part *part)
{
	bool notice = part->type->letter == 'N' && part->head_count == 1;

	(void)fold;
	return notice ? ((const struct notice_state *)part->heads[0]->after)->currency : (struct bytes){ 0 };
}
