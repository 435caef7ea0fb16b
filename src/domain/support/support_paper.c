/* Papers of an order: request, receipt, claim. Their facts are what `support show` prints, laid out as text, with who signed which step. */
#include "domain/support/support_paper.h"
#include "base/cbor.h"
#include "core/paper.h"
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_commands.h"
#include <string.h>

/* One paper while its facts are gathered. */
struct sheet_of {
	struct ctx *ctx;
	const char *number; /* as it was asked for: of the order, or of one part */
	const char *part;   /* the same when it is of a part; NULL: the whole order */
	char letter;        /* of the parts that the paper is about */
	int64_t thread;
	json_t *order; /* as `support show --json` prints it */
	json_t *facts;
	int64_t last_ms; /* stated time of the latest entry on it */
};

static const char *text_in(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* Texts of a member as they stand; null when absent. */
static void put_same(json_t *to, const char *name, const json_t *from)
{
	json_t *value = json_object_get(from, name);

	json_object_set(to, name, value ? value : json_null());
}

static void put_quantity(struct ctx *ctx, json_t *to, const char *name, const json_t *from)
{
	const char *text = text_in(from, name);

	json_object_set_new(to, name, text ? json_string(print_quantity(ctx, bytes_text(text))) : json_null());
}

static json_t *amount(struct ctx *ctx, const json_t *from, const char *minor, const char *currency)
{
	const json_t *value = json_object_get(from, minor);
	const char *code = text_in(from, currency);

	return json_is_integer(value) && code
	    ? json_string(print_amount(ctx, bytes_text(code), json_integer_value(value)))
	    : json_null();
}

static json_t *pair_of(const json_t *from, const char *en, const char *ja)
{
	json_t *pair = json_object();

	json_object_set(pair, "en", json_object_get(from, en) ? json_object_get(from, en) : json_null());
	json_object_set(pair, "ja", json_object_get(from, ja) ? json_object_get(from, ja) : json_null());
	return pair;
}

static json_t *method_of(struct ctx *ctx, const char *code)
{
	struct bytes profile = ctx_profile(ctx);
	json_t *both =
	    code && profile.len > 0 ? paper_item(cbor_path(profile, "settlement", "methods", code, NULL)) : json_null();

	return json_is_null(both) ? paper_both(ctx, code) : both;
}

/* ---- the order and its lines --------------------------------------------------------------------------------------------- */

static json_t *price_of(struct ctx *ctx, const json_t *line)
{
	const char *per = text_in(line, "per");
	json_t *price = amount(ctx, line, "unit_price_minor", "currency");

	if (json_is_null(price)) {
		return paper_both(ctx, "price open");
	}
	if (per != NULL && strcmp(per, "1") != 0) {
		const char *text =
		    arena_printf(ctx->arena, "%s / %s", json_string_value(price), print_quantity(ctx, bytes_text(per)));
		json_decref(price);
		return json_string(text ? text : "");
	}
	return price;
}

static json_t *line_facts(struct ctx *ctx, const json_t *line)
{
	json_t *facts = json_object();

	put_same(facts, "line", line);
	json_object_set_new(facts, "unit", paper_unit(ctx, text_in(line, "unit")));
	put_same(facts, "nsn_or_fsc", line);
	put_same(facts, "return_by", line);
	put_same(facts, "meter", line);
	put_quantity(ctx, facts, "quantity", line);
	json_object_set_new(facts, "description", pair_of(line, "description_en", "description_ja"));
	json_object_set_new(facts, "price", price_of(ctx, line));
	json_object_set_new(facts, "value", amount(ctx, line, "value_minor", "currency"));
	json_object_set_new(facts, "settlement", method_of(ctx, text_in(line, "settlement")));
	return facts;
}

static void put_lines(struct sheet_of *sheet, const char *name)
{
	json_t *lines = json_array(), *line;
	size_t index;

	json_array_foreach(json_object_get(sheet->order, name), index, line)
	{
		json_array_append_new(lines, line_facts(sheet->ctx, line));
	}
	json_object_set_new(sheet->facts, name, lines);
}

/* The line of the terms with this number; NULL. */
static const json_t *term_line(const struct sheet_of *sheet, const json_t *number)
{
	size_t index;
	json_t *line;

	json_array_foreach(json_object_get(sheet->order, "lines"), index, line)
	{
		if (json_equal(json_object_get(line, "line"), number)) {
			return line;
		}
	}
	return NULL;
}

static void put_order(struct sheet_of *sheet)
{
	static const char *const same[] = { "reference", "place", "deliver_on", "requested_at" };
	struct ctx *ctx = sheet->ctx;
	struct bytes profile = ctx_profile(ctx);
	json_t *order = json_object();
	const char *activity = text_in(sheet->order, "activity"), *receiver = text_in(sheet->order, "receiver"),
		   *supplier = text_in(sheet->order, "supplier");

	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		put_same(order, same[i], sheet->order);
	}
	put_same(order, "number", sheet->order);
	json_object_set_new(order, "activity", paper_listed(ctx, "activities", bytes_text(activity ? activity : "")));
	json_object_set_new(order, "urgency", paper_both(ctx, text_in(sheet->order, "urgency")));
	json_object_set_new(order, "state", paper_both(ctx, text_in(sheet->order, "state")));
	json_object_set_new(order, "receiver", paper_party(ctx, receiver ? receiver : "?"));
	json_object_set_new(order, "supplier", paper_party(ctx, supplier ? supplier : "?"));
	json_object_set_new(sheet->facts, "order", order);
	json_object_set_new(sheet->facts, "charter",
	    profile.len > 0 ? paper_item(cbor_map_text(profile, "charter_statement")) : json_null());
}

/* ---- issues and claims ------------------------------------------------------------------------------------------------ */

static bool is_on(const struct sheet_of *sheet, const char *number)
{
	return sheet->part == NULL || (number != NULL && strcmp(sheet->part, number) == 0);
}

static json_t *issue_facts(struct sheet_of *sheet, const json_t *issue)
{
	static const char *const quantities[] = { "issued", "accepted", "short", "damaged", "refused", "chargeable" };
	const json_t *line = term_line(sheet, json_object_get(issue, "line"));
	json_t *facts = json_object();

	for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
		put_quantity(sheet->ctx, facts, quantities[i], issue);
	}
	put_same(facts, "number", issue);
	put_same(facts, "delivered_at", issue);
	put_same(facts, "place", issue);
	put_same(facts, "line", issue);
	json_object_set_new(facts, "unit", paper_unit(sheet->ctx, text_in(issue, "unit")));
	put_same(facts, "nsn_or_fsc", line);
	json_object_set_new(facts, "state", paper_both(sheet->ctx, text_in(issue, "state")));
	json_object_set_new(facts, "reason", paper_both(sheet->ctx, text_in(issue, "reason")));
	json_object_set_new(facts, "description", pair_of(line, "description_en", "description_ja"));
	return facts;
}

static void put_issues(struct sheet_of *sheet)
{
	json_t *issues = json_array(), *issue;
	size_t index;

	json_array_foreach(json_object_get(sheet->order, "issues"), index, issue)
	{
		if (is_on(sheet, text_in(issue, "number"))) {
			json_array_append_new(issues, issue_facts(sheet, issue));
		}
	}
	json_object_set_new(sheet->facts, "issues", issues);
}

static json_t *claim_facts(struct ctx *ctx, const json_t *claim)
{
	json_t *facts = json_object();

	put_same(facts, "number", claim);
	put_same(facts, "claimed_at", claim);
	put_same(facts, "invoice", claim);
	json_object_set_new(facts, "state", paper_both(ctx, text_in(claim, "state")));
	json_object_set_new(facts, "total", amount(ctx, claim, "total_minor", "currency"));
	json_object_set_new(facts, "due", amount(ctx, claim, "due_minor", "currency"));
	json_object_set_new(facts, "paid", amount(ctx, claim, "paid_minor", "currency"));
	json_object_set_new(facts, "open", amount(ctx, claim, "open_minor", "currency"));
	return facts;
}

static void put_claims(struct sheet_of *sheet)
{
	json_t *claims = json_array(), *claim;
	size_t index;

	json_array_foreach(json_object_get(sheet->order, "claims"), index, claim)
	{
		if (is_on(sheet, text_in(claim, "number"))) {
			json_array_append_new(claims, claim_facts(sheet->ctx, claim));
		}
	}
	json_object_set_new(sheet->facts, "claims", claims);
	json_object_set_new(sheet->facts, "transaction", method_of(sheet->ctx, "cash")); /* what a claim asks for */
}

static const char claim_lines_sql[] =
    "SELECT c.number, IFNULL(a.number, i.number), l.line, l.quantity, l.amount_minor, l.credited_minor, c.currency, i.voucher "
    "FROM support_claim_line l JOIN support_claim c ON c.thread = l.thread AND c.part = l.part "
    "LEFT JOIN support_adjustment a ON a.thread = l.thread AND a.part = l.issue "
    "LEFT JOIN support_issue i ON i.thread = l.thread AND i.part = COALESCE(a.issue, l.issue) "
    "WHERE l.thread = :thread ORDER BY c.claimed_ms, c.number, l.item";

static json_t *claim_line_facts(struct sheet_of *sheet, struct query *row)
{
	struct ctx *ctx = sheet->ctx;
	json_t *facts = json_object(), *number = json_column(row, 2);
	const json_t *line = term_line(sheet, number);

	json_object_set_new(facts, "claim", json_bytes(query_text(row, 0)));
	json_object_set_new(facts, "number", query_is_null(row, 1) ? json_null() : json_bytes(query_text(row, 1)));
	json_object_set_new(facts, "line", number);
	json_object_set_new(facts, "quantity",
	    query_is_null(row, 3) ? json_null() : json_string(print_quantity(ctx, query_text(row, 3))));
	json_object_set_new(facts, "amount", json_string(print_amount(ctx, query_text(row, 6), query_int(row, 4))));
	json_object_set_new(facts, "credited",
	    query_int(row, 5) ? json_string(print_amount(ctx, query_text(row, 6), query_int(row, 5))) : json_null());
	json_object_set_new(facts, "voucher", query_is_null(row, 7) ? json_null() : json_bytes(query_text(row, 7)));
	json_object_set_new(facts, "unit", paper_unit(ctx, text_in(line, "unit")));
	json_object_set_new(facts, "description", pair_of(line, "description_en", "description_ja"));
	json_object_set_new(facts, "price", line ? price_of(ctx, line) : json_null());
	return facts;
}

static enum status put_claim_lines(struct sheet_of *sheet, struct err *err)
{
	struct query *row = NULL;
	json_t *lines = json_array();
	enum status status = ctx_query(sheet->ctx, claim_lines_sql, &row, err);

	if (status == OK) {
		query_bind_int(row, "thread", sheet->thread);
	}
	while (status == OK && query_next(row)) {
		if (is_on(sheet, print_text(sheet->ctx, query_text(row, 0)))) {
			json_array_append_new(lines, claim_line_facts(sheet, row));
		}
	}
	query_close(row);
	json_object_set_new(sheet->facts, "claim_lines", lines);
	return status;
}

static void put_remarks(struct sheet_of *sheet)
{
	json_t *remarks = json_array(), *remark;
	size_t index;

	json_array_foreach(json_object_get(sheet->order, "remarks"), index, remark)
	{
		const char *number = text_in(remark, "number"), *stated = text_in(remark, "stated"),
			   *party = text_in(remark, "party"), *said = text_in(remark, "remark");
		const char *stroke = number ? strchr(number, '/') : NULL;
		bool fits = sheet->part ? is_on(sheet, number) : (stroke ? stroke[1] : 'O') == sheet->letter;
		if (fits) {
			const char *text = arena_printf(sheet->ctx->arena, "%.10s %s: %s", stated ? stated : "",
			    party ? party : "", said ? said : "");
			json_array_append_new(remarks, json_string(text ? text : ""));
		}
	}
	json_object_set_new(sheet->facts, "remarks", remarks);
}

/* ---- who signed --------------------------------------------------------------------------------------------------------- */

/* Steps for which a hand signs on paper too. */
static const struct {
	const char *kind, *step;
} steps[] = {
	{ "support.requested", "requested" },
	{ "support.offer_countered", "requested" },
	{ "support.offered", "offered" },
	{ "support.offered_unasked", "offered" },
	{ "support.amended", "offered" },
	{ "support.issued_unordered", "issued" },
	{ "support.accepted", "accepted" },
	{ "support.ratified", "receipted" },
	{ "support.issued", "issued" },
	{ "support.taken_issued", "issued" },
	{ "support.taken", "receipted" },
	{ "support.receipted", "receipted" },
	{ "support.figures_taken", "receipted" },
	{ "support.concurred", "issued" },
	{ "support.resolution_agreed", "receipted" },
	{ "support.claimed", "claimed" },
	{ "support.reclaimed", "claimed" },
	{ "support.claimed_unacknowledged", "claimed" },
	{ "support.refund_claimed", "claimed" },
	{ "support.approved", "approved" },
	{ "support.figure_agreed", "approved" },
};

static const char *step_of(struct bytes kind)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (bytes_is(kind, steps[i].kind)) {
			return steps[i].step;
		}
	}
	return NULL;
}

static const struct desk_view *desk_of(const struct desk_view *desks, unsigned count, struct bytes key)
{
	for (unsigned i = 0; i < count; i++) {
		if (bytes_equal(id_bytes(&desks[i].key), key)) {
			return &desks[i];
		}
	}
	return NULL;
}

/* Of one step on several parts nobody is named beside the room to sign: the table of entries names all. */
static void put_step(struct sheet_of *sheet, json_t *signed_by, const char *step, const char *number,
    const struct desk_view *desk, const json_t *stated)
{
	const json_t *before = json_object_get(signed_by, step);

	if (before != NULL && (json_is_null(before) || strcmp(text_in(before, "number"), number) != 0)) {
		json_object_set_new(signed_by, step, json_null());
		return;
	}
	json_t *hand = json_array();
	json_array_append_new(hand, json_string(print_text(sheet->ctx, desk->signer.post)));
	json_array_append_new(hand, json_string(print_text(sheet->ctx, desk->signer.officer)));
	json_array_append(hand, (json_t *)stated);
	json_t *facts = json_pack("{s:s, s:o, s:o}", "number", number, "post",
	    json_string(print_text(sheet->ctx, desk->signer.post)), "hand", hand);
	json_object_set_new(signed_by, step, facts);
}

static void put_entry(struct sheet_of *sheet, json_t *entries, json_t *signed_by, struct query *row,
    const struct desk_view *desk, const struct body *body, const char *number)
{
	const struct kind *kind = domain_kind(&support_domain, body->kind);
	const char *step = step_of(body->kind);
	json_t *stated = json_time_of(body->stated_ms);
	char hex[2 * ID_BYTES + 1];

	hex_print(query_blob(row, 0), hex);
	if (step != NULL) {
		put_step(sheet, signed_by, step, number, desk, stated);
	}
	sheet->last_ms = body->stated_ms > sheet->last_ms ? body->stated_ms : sheet->last_ms;
	json_array_append_new(entries,
	    json_pack("{s:o, s:s, s:s, s:s, s:s, s:o, s:s#}", "stated", stated, "number", number, "party",
		print_party(sheet->ctx, (int64_t)desk->signer.party), "post", print_text(sheet->ctx, desk->signer.post),
		"officer", print_text(sheet->ctx, desk->signer.officer), "move",
		kind ? json_pack("{s:s, s:s}", "en", kind->en, "ja", kind->ja) : json_null(), "id", hex, 12));
}

/* Number and letter of the part that an entry is of, by the rows. */
static const char entries_sql[] = "SELECT e.id, e.body, l.public_key FROM entry e JOIN log l ON l.row = e.log "
				  "WHERE e.thread = :thread AND e.verdict = 0 ORDER BY e.row";
static const char parts_sql[] = "SELECT part, number, 'I' FROM support_issue WHERE thread = :thread UNION ALL "
				"SELECT part, number, 'C' FROM support_claim WHERE thread = :thread UNION ALL "
				"SELECT part, number, 'A' FROM support_adjustment WHERE thread = :thread ORDER BY 2";

struct part_known {
	struct id part;
	const char *number;
	char letter;
};
struct parts_known {
	struct part_known *items;
	unsigned count;
};

static enum status read_parts(struct sheet_of *sheet, struct parts_known *parts, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(sheet->ctx, parts_sql, &row, err);

	if (status == OK) {
		query_bind_int(row, "thread", sheet->thread);
	}
	while (status == OK && query_next(row)) {
		struct part_known *grown =
		    arena_grow(sheet->ctx->arena, parts->items, parts->count, parts->count + 1u, sizeof *grown);
		if (grown == NULL) {
			status = err_set(err, ENVIRONMENT, "paper: out of memory");
			break;
		}
		parts->items = grown;
		memcpy(grown[parts->count].part.data, query_blob(row, 0).data, ID_BYTES);
		grown[parts->count].number = print_text(sheet->ctx, query_text(row, 1));
		grown[parts->count++].letter = (char)query_text(row, 2).data[0];
	}
	query_close(row);
	return status;
}

static const struct part_known *part_of(const struct parts_known *parts, const uint8_t *part)
{
	for (unsigned i = 0; part != NULL && i < parts->count; i++) {
		if (memcmp(parts->items[i].part.data, part, ID_BYTES) == 0) {
			return &parts->items[i];
		}
	}
	return NULL;
}

static void take_entry(struct sheet_of *sheet, const struct parts_known *parts, const struct desk_view *desks,
    unsigned desk_count, struct query *row, json_t *entries, json_t *signed_by)
{
	struct body body;

	if (body_read(query_blob(row, 1), &body) != NULL) {
		return;
	}
	/* an entry that opens a part is that part */
	const struct part_known *own = part_of(parts, query_blob(row, 0).data);
	const struct part_known *part = own ? own : part_of(parts, body.part);
	const struct desk_view *desk = desk_of(desks, desk_count, query_blob(row, 2));
	const char *number = part ? part->number : text_in(sheet->order, "number");
	if (desk != NULL && (part ? part->letter : 'O') == sheet->letter && is_on(sheet, number)) {
		put_entry(sheet, entries, signed_by, row, desk, &body, number);
	}
}

static enum status put_signers(struct sheet_of *sheet, const struct parts_known *parts, struct err *err)
{
	struct desk_view *desks = NULL;
	unsigned desk_count = 0;
	struct query *row = NULL;
	json_t *entries = json_array(), *signed_by = json_object();
	enum status status = ctx_desks(sheet->ctx, &desks, &desk_count, err);

	if (status == OK) {
		status = ctx_query(sheet->ctx, entries_sql, &row, err);
	}
	if (status == OK) {
		query_bind_int(row, "thread", sheet->thread);
	}
	while (status == OK && query_next(row)) {
		take_entry(sheet, parts, desks, desk_count, row, entries, signed_by);
	}
	query_close(row);
	json_object_set_new(sheet->facts, "entries", entries);
	json_object_set_new(sheet->facts, "signed", signed_by);
	return status;
}

/* ---- by number ------------------------------------------------------------------------------------------------------------ */

static enum status find_thread(struct sheet_of *sheet, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(sheet->ctx,
	    "SELECT o.thread FROM support_order o JOIN thread t ON t.row = o.thread WHERE t.tally = :tally AND t.number = :number",
	    &row, err);

	if (status == OK) {
		query_bind_text(row, "number", bytes_text(text_in(sheet->order, "number")));
		sheet->thread = query_next(row) ? query_int(row, 0) : 0;
	}
	query_close(row);
	return status;
}

/* The part that was asked for, and its id; of the whole order, the id of the entry that opened it. */
static enum status find_part(struct sheet_of *sheet, const struct parts_known *parts, struct err *err)
{
	const char *order = text_in(sheet->order, "number");
	char hex[2 * ID_BYTES + 1];

	json_object_set_new(sheet->facts, "number", json_string(sheet->number));
	put_same(sheet->facts, "id", sheet->order);
	if (strcmp(sheet->number, order) == 0) {
		return OK;
	}
	for (unsigned i = 0; i < parts->count; i++) {
		if (parts->items[i].letter == sheet->letter && strcmp(parts->items[i].number, sheet->number) == 0) {
			sheet->part = parts->items[i].number;
			hex_print(id_bytes(&parts->items[i].part), hex);
			json_object_set_new(sheet->facts, "id", json_string(hex));
			return OK;
		}
	}
	return err_set(err, NOT_FOUND,
	    "%s: no part of order %s that this paper is written for; `warifu support show %s` lists them",
	    sheet->number, order, order);
}

static enum status put_all(struct sheet_of *sheet, struct err *err)
{
	struct parts_known parts = { 0 };
	enum status status = find_thread(sheet, err);

	if (status == OK) {
		status = read_parts(sheet, &parts, err);
	}
	if (status == OK) {
		status = find_part(sheet, &parts, err);
	}
	if (status == OK) {
		status = put_signers(sheet, &parts, err);
	}
	if (status == OK) {
		status = put_claim_lines(sheet, err);
	}
	if (status == OK) {
		put_order(sheet);
		put_lines(sheet, "lines");
		put_lines(sheet, "offered");
		put_issues(sheet);
		put_claims(sheet);
		put_remarks(sheet);
		json_object_set_new(sheet->facts, "dated", json_time_of(sheet->last_ms));
	}
	return status;
}

static enum status order_paper(
    struct ctx *ctx, const struct paper_wish *wish, char letter, json_t *facts, struct err *err)
{
	struct sheet_of sheet = { .ctx = ctx, .number = wish->number, .letter = letter, .facts = facts };
	enum status status = order_object_of(ctx, wish->number, &sheet.order, err);

	if (status == OK) {
		paper_frame(ctx, facts);
		status = put_all(&sheet, err);
	}
	json_decref(sheet.order);
	return status;
}

static enum status request_paper(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err)
{
	return order_paper(ctx, wish, 'O', facts, err);
}

static enum status receipt_paper(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err)
{
	return order_paper(ctx, wish, 'I', facts, err);
}

static enum status claim_paper(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err)
{
	return order_paper(ctx, wish, 'C', facts, err);
}

const struct paper support_papers[] = {
	{ "order-request", "order form: request", "要請書", "O", { NULL, NULL }, false, request_paper },
	{ "order-receipt", "order form: receipt", "受領書", "OI", { NULL, NULL }, false, receipt_paper },
	{ "order-claim", "order form: claim", "請求書", "OC", { NULL, NULL }, false, claim_paper },
	{ "account", "statement of account", "残高明細書", NULL, { "/support/account", "/support/statement" }, true,
	    account_paper },
	{ "audit", "audit report", "監査報告書", NULL, { "/support/audit", NULL }, true, audit_paper },
	{ 0 },
};
