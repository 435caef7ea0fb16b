/* Papers that stay inside one party: the notice of claim to the revenue office, and the hand-over note. They are of the party's national tally, whichever is at
 * hand. */
#include "domain/national/national_paper.h"
#include "domain/national/national.h"
#include "domain/national/national_commands.h"
#include "domain/national/national_handover.h"
#include "domain/national/national_notice.h"
#include "domain/national/national_print.h"
#include "domain/support/support.h"
#include <string.h>

/* One paper while its facts are gathered. */
struct drawing {
	const char *number;
	json_t *facts;
	int64_t last_ms;
};

static enum status draw_paper(
    struct ctx *ctx, const struct paper_wish *wish, json_t *facts, ctx_act *act, struct err *err)
{
	static const struct args none = { 0 };
	struct drawing drawing = { .number = wish->number, .facts = facts };
	struct places places;
	enum status status = places_find(ctx, &none, &places, err);

	return status == OK ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, act, &drawing, err) : status;
}

/* A national tally is no rehearsal by itself; what it notes of one is. sql: counts the shared tallies that are, of :number. */
static enum status put_frame(struct ctx *ctx, struct drawing *drawing, const char *sql, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(ctx, sql, &row, err);

	paper_frame(ctx, drawing->facts);
	if (status == OK) {
		query_bind_text(row, "number", bytes_text(drawing->number));
		if (query_next(row) && query_int(row, 0) > 0) {
			json_object_set_new(
			    drawing->facts, "banner", paper_both(ctx, "REHEARSAL - NOTHING HERE IS OWED"));
		}
	}
	query_close(row);
	return status;
}

/* ---- who signed ------------------------------------------------------------------------------------------------------------ */

static const char entries_sql[] =
    "SELECT e.id, e.body, l.public_key FROM entry e JOIN log l ON l.row = e.log JOIN thread t ON t.row = e.thread "
    "WHERE t.tally = :tally AND t.number = :number AND e.verdict = 0 ORDER BY e.row";

static const struct signer *signer_of(const struct desk_view *desks, unsigned count, struct bytes key)
{
	for (unsigned i = 0; i < count; i++) {
		if (bytes_equal(id_bytes(&desks[i].key), key)) {
			return &desks[i].signer;
		}
	}
	return NULL;
}

/* Post, officer and time, to stand beside the room for a hand. */
static json_t *hand_of(struct ctx *ctx, const struct signer *signer, int64_t stated_ms)
{
	json_t *hand = json_array();

	json_array_append_new(hand, json_string(print_text(ctx, signer->post)));
	json_array_append_new(hand, json_string(print_text(ctx, signer->officer)));
	json_array_append_new(hand, json_time_of(stated_ms));
	return hand;
}

static void put_entry(struct ctx *ctx, struct drawing *drawing, json_t *entries, json_t *signed_by,
    const struct signer *signer, struct bytes id, const struct body *body)
{
	const struct kind *kind = domain_kind(&national_domain, body->kind);
	char hex[2 * ID_BYTES + 1];

	hex_print(id, hex);
	if (kind != NULL) { /* of two of a kind the later one */
		json_object_set_new(signed_by, kind->verb, hand_of(ctx, signer, body->stated_ms));
	}
	drawing->last_ms = body->stated_ms > drawing->last_ms ? body->stated_ms : drawing->last_ms;
	json_array_append_new(entries,
	    json_pack("{s:o, s:s, s:s, s:o, s:s#}", "stated", json_time_of(body->stated_ms), "post",
		print_text(ctx, signer->post), "officer", print_text(ctx, signer->officer), "move",
		kind ? json_pack("{s:s, s:s}", "en", kind->en, "ja", kind->ja) : json_null(), "id", hex, 12));
}

/* Entries of the thread with their signers, the id of the first one, and the date of the paper. */
static enum status put_signers(struct ctx *ctx, struct drawing *drawing, struct err *err)
{
	struct desk_view *desks = NULL;
	unsigned count = 0;
	struct query *row = NULL;
	json_t *entries = json_array(), *signed_by = json_object(), *facts = drawing->facts;
	enum status status = ctx_desks(ctx, &desks, &count, err);

	if (status == OK) {
		status = ctx_query(ctx, entries_sql, &row, err);
	}
	if (status == OK) {
		query_bind_text(row, "number", bytes_text(drawing->number));
	}
	while (status == OK && query_next(row)) {
		const struct signer *signer = signer_of(desks, count, query_blob(row, 2));
		struct body body;
		if (json_array_size(entries) == 0) {
			json_object_set_new(facts, "id", json_hex_at(row, 0));
		}
		if (signer != NULL && body_read(query_blob(row, 1), &body) == NULL) {
			put_entry(ctx, drawing, entries, signed_by, signer, query_blob(row, 0), &body);
		}
	}
	query_close(row);
	json_object_set_new(facts, "entries", entries);
	json_object_set_new(facts, "signed", signed_by);
	json_object_set_new(facts, "dated", json_time_of(drawing->last_ms));
	json_object_set_new(facts, "number", json_string(drawing->number));
	return status;
}

/* ---- the notice of claim -------------------------------------------------------------------------------------------------- */

static void put_notice(struct ctx *ctx, struct drawing *drawing, struct query *row)
{
	static const struct {
		const char *name;
		unsigned column;
		json_t *(*value)(struct query *, unsigned);
	} items[] = { { "issue", N_ISSUE, json_text_at }, { "order", N_ORDER, json_text_at },
		{ "under", N_AGREEMENT, json_text_at }, { "debtor", N_DEBTOR, json_text_at },
		{ "address", N_ADDRESS, json_text_at }, { "delivered_on", N_DELIVERED_ON, json_day_at },
		{ "due_on", N_DUE_ON, json_day_at }, { "ledger", N_LEDGER, json_text_at },
		{ "ledger_on", N_LEDGER_ON, json_day_at }, { "demand", N_DEMAND, json_text_at },
		{ "demand_due_on", N_DEMAND_DUE_ON, json_day_at }, { "paid_on", N_PAID_ON, json_day_at },
		{ "sent", N_SENT, json_time_at } };
	json_t *notice = json_object();

	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		json_object_set_new(notice, items[i].name, items[i].value(row, items[i].column));
	}
	json_object_set_new(
	    notice, "state", paper_both(ctx, query_is_null(row, N_STATE) ? "rivals" : cell_text(ctx, row, N_STATE)));
	json_object_set_new(notice, "amount", json_string(notice_amount(ctx, row, N_AMOUNT)));
	json_object_set_new(
	    notice, "kind_of_amount", paper_both(ctx, query_int(row, N_ESTIMATE) ? "estimate" : "final amount"));
	json_object_set_new(
	    notice, "paid_in", query_int(row, N_PAID) ? json_string(notice_amount(ctx, row, N_PAID)) : json_null());
	json_object_set_new(drawing->facts, "notice", notice);
}

static enum status draw_notice(struct ctx *ctx, void *context, struct err *err)
{
	struct drawing *drawing = context;
	struct query *row = NULL;
	bool found = false;
	enum status status = ctx_query(ctx, notices_sql, &row, err);

	while (status == OK && !found && query_next(row)) {
		found = bytes_is(query_text(row, N_NUMBER), drawing->number);
		if (found) {
			put_notice(ctx, drawing, row);
		}
	}
	query_close(row);
	if (status == OK && !found) {
		return err_set(err, NOT_FOUND, "notice %s: not in the national tally; `warifu notice list` lists them",
		    drawing->number);
	}
	if (status == OK) {
		status = put_frame(ctx, drawing,
		    "SELECT count(*) FROM national_notice n JOIN thread t ON t.row = n.thread JOIN tally s ON s.id = n.shared"
		    " WHERE t.tally = :tally AND n.number = :number AND s.mode = 'rehearsal'",
		    err);
	}
	return status == OK ? put_signers(ctx, drawing, err) : status;
}

static enum status notice_paper(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err)
{
	return draw_paper(ctx, wish, facts, draw_notice, err);
}

/* ---- the hand-over note --------------------------------------------------------------------------------------------------- */

static enum status put_items(struct ctx *ctx, int64_t thread, json_t *facts, struct err *err)
{
	struct query *row = NULL;
	json_t *items = json_array();
	enum status status = ctx_query(ctx,
	    "SELECT number, state, pen, since_ms, last_contact_ms, clock, remarks FROM national_handover_item"
	    " WHERE thread = :thread ORDER BY item",
	    &row, err);

	if (status == OK) {
		query_bind_int(row, "thread", thread);
	}
	while (status == OK && query_next(row)) {
		json_t *item = json_object();
		json_object_set_new(item, "number", json_text_at(row, 0));
		json_object_set_new(item, "state", paper_both(ctx, cell_text(ctx, row, 1)));
		json_object_set_new(item, "waits_for", json_text_at(row, 2));
		json_object_set_new(item, "since", json_time_at(row, 3));
		json_object_set_new(item, "last_contact", json_time_at(row, 4));
		json_object_set_new(item, "clock", json_text_at(row, 5));
		json_object_set_new(item, "remarks", json_text_at(row, 6));
		json_array_append_new(items, item);
	}
	query_close(row);
	json_object_set_new(facts, "items", items);
	return status;
}

static json_t *officer_of(struct ctx *ctx, struct query *row, unsigned officer, unsigned post, unsigned when)
{
	json_t *hand = json_array();

	json_array_append_new(hand, json_string(cell_text(ctx, row, post)));
	json_array_append_new(hand, json_string(cell_text(ctx, row, officer)));
	if (!query_is_null(row, when)) {
		json_array_append_new(hand, json_time_at(row, when));
	}
	return hand;
}

static void put_handover(struct ctx *ctx, struct query *row, json_t *facts)
{
	json_t *handover = json_object();

	json_object_set_new(
	    handover, "state", paper_both(ctx, query_is_null(row, H_STATE) ? "rivals" : cell_text(ctx, row, H_STATE)));
	json_object_set_new(handover, "from", officer_of(ctx, row, H_FROM, H_FROM_POST, H_WRITTEN));
	json_object_set_new(handover, "to", officer_of(ctx, row, H_TO, H_TO_POST, H_TAKEN));
	json_object_set_new(handover, "written", json_time_at(row, H_WRITTEN));
	json_object_set_new(handover, "taken", json_time_at(row, H_TAKEN));
	json_object_set_new(handover, "remarks", json_text_at(row, H_REMARKS));
	json_object_set_new(facts, "handover", handover);
}

static enum status draw_handover(struct ctx *ctx, void *context, struct err *err)
{
	struct drawing *drawing = context;
	struct query *row = NULL;
	bool found = false;
	enum status status = ctx_query(ctx, HANDOVERS "ORDER BY h.thread", &row, err);

	while (status == OK && !found && query_next(row)) {
		found = bytes_is(query_text(row, H_NUMBER), drawing->number);
		if (found) {
			put_handover(ctx, row, drawing->facts);
			status = put_items(ctx, query_int(row, H_THREAD), drawing->facts, err);
		}
	}
	query_close(row);
	if (status == OK && !found) {
		return err_set(err, NOT_FOUND,
		    "hand-over %s: not in the national tally; `warifu handover list` lists them", drawing->number);
	}
	if (status == OK) {
		status = put_frame(ctx, drawing,
		    "SELECT count(*) FROM national_handover_item i JOIN thread t ON t.row = i.thread JOIN tally s ON s.id = i.shared"
		    " WHERE t.tally = :tally AND t.number = :number AND s.mode = 'rehearsal'",
		    err);
	}
	return status == OK ? put_signers(ctx, drawing, err) : status;
}

static enum status handover_paper(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err)
{
	return draw_paper(ctx, wish, facts, draw_handover, err);
}

const struct paper national_papers[] = {
	{ "notice", "notice of claim", "債権発生通知書", "N", { NULL, NULL }, false, notice_paper },
	{ "handover", "hand-over note", "引継書", "H", { NULL, NULL }, false, handover_paper },
	{ 0 },
};
