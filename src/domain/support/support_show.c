/* `support show NUMBER`: one order with its terms, issues and claims. */
#include "base/cbor.h"
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_state.h"
#include <string.h>

/* One list inside an order: rows as JSON objects under a name, or as a table under a title. */
struct section {
	const char *name, *title, *sql;
	unsigned columns;
	void (*object)(struct ctx *ctx, struct query *row, json_t *object);
	void (*cells)(struct ctx *ctx, struct query *row, const char **cells);
	struct grid_column column[GRID_COLUMNS];
};

struct summing {
	const char *sql;   /* of the list */
	unsigned currency; /* columns of the query */
	struct {
		unsigned column, cell;
	} amount[3];
	bool (*counts)(struct query *row); /* NULL: every row does */
	const char *label;                 /* behind "sum" */
};

static const char *column_text(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_text(ctx, query_text(row, column));
}

static const char *column_quantity(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_quantity(ctx, query_text(row, column));
}

/* A number is not torn from its unit. */
static const char *column_measure(struct ctx *ctx, struct query *row, unsigned column, unsigned unit)
{
	return query_is_null(row, column) ? "" : print_measure(ctx, query_text(row, column), query_text(row, unit));
}

static const char *column_day(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_day(ctx, query_int(row, column));
}

static const char *column_time(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_time(ctx, query_int(row, column));
}

static const char *column_word(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_word(ctx, query_text(row, column));
}

static const char *column_amount(struct ctx *ctx, struct query *row, unsigned column, unsigned currency)
{
	return query_is_null(row, column) ? "" : print_amount(ctx, query_text(row, currency), query_int(row, column));
}

static json_t *json_text_column(struct query *row, unsigned column)
{
	return query_is_null(row, column) ? json_null() : json_bytes(query_text(row, column));
}

static json_t *json_time_column(struct query *row, unsigned column)
{
	return query_is_null(row, column) ? json_null() : json_time_of(query_int(row, column));
}

static json_t *json_day_column(struct query *row, unsigned column)
{
	return query_is_null(row, column) ? json_null() : json_day_of(query_int(row, column));
}

static json_t *json_pen(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? json_null() : json_string(print_party(ctx, query_int(row, column)));
}

/* ---- lines of the terms ------------------------------------------------------------------------------------------ */

#define LINES_OF(table) \
	"SELECT line, category, kind, description_en, description_ja, quantity, unit, meter, price_minor, per, ceiling_minor, value_minor, " \
	"currency, settlement, nsn_or_fsc, return_by FROM " table " WHERE thread = :thread ORDER BY line"
#define LINES_COLUMNS \
	{ \
		{ "line", true, 0 }, { "item", false, 44 }, { "quantity", true, 0 }, { "price", true, 0 }, \
		    { "value", true, 0 }, { "settlement", false, 0 }, \
		{ \
			"until", false, 0 \
		} \
	}
static const char lines_sql[] = LINES_OF("support_line");
static const char offered_sql[] = LINES_OF("support_offered_line");

static void line_object(struct ctx *ctx, struct query *row, json_t *object)
{
	static const char *const texts[] = { "category", "kind", "description_en", "description_ja", "quantity", "unit",
		"meter" };

	(void)ctx;
	json_object_set_new(object, "line", json_column(row, 0));
	for (unsigned i = 0; i < 7; i++) {
		json_object_set_new(object, texts[i], json_text_column(row, i + 1));
	}
	json_object_set_new(object, "unit_price_minor", json_column(row, 8));
	json_object_set_new(object, "per", json_text_column(row, 9));
	json_object_set_new(object, "ceiling_minor", json_column(row, 10));
	json_object_set_new(object, "value_minor", json_column(row, 11));
	json_object_set_new(object, "currency", json_text_column(row, 12));
	json_object_set_new(object, "settlement", json_text_column(row, 13));
	json_object_set_new(object, "nsn_or_fsc", json_text_column(row, 14));
	json_object_set_new(object, "return_by", json_day_column(row, 15));
}

const char *print_method(struct ctx *ctx, struct bytes code)
{
	const char *name = arena_text(ctx->arena, code);
	struct bytes profile = ctx_profile(ctx);
	struct bytes at = ctx->page != NULL && name != NULL && profile.len > 0
	    ? cbor_path(profile, "settlement", "methods", name, ctx->lang == LANG_JA ? "ja" : "en", NULL)
	    : (struct bytes){ 0 };

	return at.len > 0 ? print_text(ctx, cbor_take(&at).bytes) : print_word(ctx, code);
}

static void line_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	bool other = ctx->lang == LANG_JA ? query_is_null(row, 4) : !query_is_null(row, 3);

	cells[0] = arena_printf(ctx->arena, "%lld", (long long)query_int(row, 0));
	cells[1] = column_text(ctx, row, other ? 3 : 4);
	cells[2] = column_measure(ctx, row, 5, 6);
	cells[3] = query_is_null(row, 8)
	    ? WORD(ctx, "price open")
	    : arena_printf(ctx->arena, "%s / %s", column_amount(ctx, row, 8, 12), column_measure(ctx, row, 9, 6));
	cells[4] = column_amount(ctx, row, 11, 12);
	cells[5] = print_method(ctx, query_text(row, 13));
	cells[6] = column_day(ctx, row, 15);
}

/* ---- issues ------------------------------------------------------------------------------------------------------ */

static const char issues_sql[] =
    "SELECT i.number, i.state, i.pen, i.delivered_ms, i.place, i.after_close, l.line, l.unit, l.issued, l.accepted, "
    "l.short_of, l.damaged, l.refused, l.reason, l.chargeable, l.returned, l.rest, l.currency, l.rest_minor, c.number, "
    "l.exchanged_minor, l.linked_minor, l.left_minor "
    "FROM support_issue i LEFT JOIN support_issue_line l ON l.thread = i.thread AND l.part = i.part "
    "LEFT JOIN support_claim c ON c.thread = l.thread AND c.part = l.claim WHERE i.thread = :thread ORDER BY i.delivered_ms, i.number, l.line";

static void issue_object(struct ctx *ctx, struct query *row, json_t *object)
{
	static const char *const texts[] = { "unit", "issued", "accepted", "short", "damaged", "refused", "reason",
		"chargeable", "returned", "rest" };

	json_object_set_new(object, "number", json_text_column(row, 0));
	json_object_set_new(object, "state", json_text_column(row, 1));
	json_object_set_new(object, "pen", json_pen(ctx, row, 2));
	json_object_set_new(object, "delivered_at", json_time_column(row, 3));
	json_object_set_new(object, "place", json_text_column(row, 4));
	json_object_set_new(object, "issued_after_close", json_boolean(query_int(row, 5) != 0));
	json_object_set_new(object, "line", json_column(row, 6));
	for (unsigned i = 0; i < 10; i++) {
		json_object_set_new(object, texts[i], json_text_column(row, i + 7));
	}
	json_object_set_new(object, "currency", json_text_column(row, 17));
	json_object_set_new(object, "rest_minor", json_column(row, 18));
	json_object_set_new(object, "claim", json_text_column(row, 19));
	json_object_set_new(object, "exchanged_minor", json_column(row, 20));
	json_object_set_new(object, "linked_minor", json_column(row, 21));
	json_object_set_new(object, "left_minor", json_column(row, 22));
}

/* What a receipt says of a line that is not as issued: "short 10 LTR, damaged 2 LTR (wrong item)"; a reason that is said already is not said again. */
static const char *difference_text(struct ctx *ctx, struct query *row)
{
	static const char *const names[] = { "short", "damaged", "refused" };
	const char *text = "";
	bool said = query_is_null(row, 13);

	for (unsigned i = 0; i < 3; i++) {
		struct decimal value;
		if (!query_is_null(row, 10 + i) && decimal_parse(query_text(row, 10 + i), &value, NULL) == OK &&
		    !decimal_is_zero(value)) {
			text = arena_printf(ctx->arena, "%s%s%s %s", text, text[0] ? ", " : "", WORD(ctx, names[i]),
			    column_measure(ctx, row, 10 + i, 7));
			said |= bytes_is(query_text(row, 13), names[i]);
		}
	}
	return said ? text : arena_printf(ctx->arena, "%s (%s)", text, column_word(ctx, row, 13));
}

/* Is something of the line to be claimed, returned or exchanged still? */
static bool rest_is_open(struct query *row)
{
	static const char *const ended[] = { "settled", "waived", "annulled", "withdrawn" };
	struct decimal rest;
	bool open = query_is_null(row, 19) && !query_is_null(row, 16) &&
	    decimal_parse(query_text(row, 16), &rest, NULL) == OK && !decimal_is_zero(rest);

	for (size_t i = 0; i < sizeof ended / sizeof *ended; i++) {
		open = open && (query_is_null(row, 1) || !bytes_is(query_text(row, 1), ended[i]));
	}
	return open;
}

static void issue_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	const char *state = query_is_null(row, 1) ? WORD(ctx, "rivals") : column_word(ctx, row, 1);

	cells[0] = column_text(ctx, row, 0);
	cells[1] =
	    query_int(row, 5) ? arena_printf(ctx->arena, "%s (%s)", state, WORD(ctx, "issued after close")) : state;
	cells[2] = print_pen(ctx, query_is_null(row, 2), query_is_null(row, 2) ? 0 : query_int(row, 2));
	cells[3] = column_time(ctx, row, 3);
	cells[4] = query_is_null(row, 6) ? "" : arena_printf(ctx->arena, "%lld", (long long)query_int(row, 6));
	cells[5] = column_measure(ctx, row, 8, 7);
	cells[6] = column_measure(ctx, row, 9, 7);
	cells[7] = difference_text(ctx, row);
	cells[8] = column_measure(ctx, row, 14, 7);
	cells[9] = rest_is_open(row) ? column_measure(ctx, row, 16, 7) : "";
	cells[10] = column_text(ctx, row, 19);
}

/* ---- claims ------------------------------------------------------------------------------------------------------ */

static const char claims_sql[] =
    "SELECT number, state, pen, claimed_ms, currency, total_minor, due_minor, paid_minor, "
    "CASE WHEN state IN ('netted', 'waived', 'withdrawn') THEN 0 ELSE open_minor END, "
    "remitted_minor, remitted_on, invoice, refund, unacknowledged, (SELECT n.number FROM support_netting_agreed a JOIN "
    "support_netting n ON n.thread = a.thread WHERE a.entry = c.netting) FROM support_claim c WHERE thread = :thread ORDER BY "
    "claimed_ms, number";

static void claim_object(struct ctx *ctx, struct query *row, json_t *object)
{
	static const char *const amounts[] = { "total_minor", "due_minor", "paid_minor", "open_minor",
		"remitted_minor" };

	json_object_set_new(object, "number", json_text_column(row, 0));
	json_object_set_new(object, "state", json_text_column(row, 1));
	json_object_set_new(object, "pen", json_pen(ctx, row, 2));
	json_object_set_new(object, "claimed_at", json_time_column(row, 3));
	json_object_set_new(object, "currency", json_text_column(row, 4));
	for (unsigned i = 0; i < 5; i++) {
		json_object_set_new(object, amounts[i], json_column(row, i + 5));
	}
	json_object_set_new(object, "remitted_on", json_day_column(row, 10));
	json_object_set_new(object, "invoice", json_text_column(row, 11));
	json_object_set_new(object, "netting", json_text_column(row, 14));
	json_object_set_new(object, "refund", json_boolean(query_int(row, 12) != 0));
	json_object_set_new(object, "acknowledged", json_boolean(query_int(row, 13) == 0));
}

/* A refund goes the other way, and what was withdrawn is not asked for. */
static bool claim_counts(struct query *row)
{
	return query_int(row, 12) == 0 && !query_is_null(row, 1) && !bytes_is(query_text(row, 1), "withdrawn");
}

static void claim_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	const char *state = query_is_null(row, 1) ? WORD(ctx, "rivals") : column_word(ctx, row, 1);
	const char *mark = query_int(row, 12) ? "refund" : query_int(row, 13) ? "not acknowledged" : NULL;

	cells[0] = column_text(ctx, row, 0);
	if (!query_is_null(row, 14)) {
		state = arena_printf(ctx->arena, "%s (%s)", state, column_text(ctx, row, 14));
	}
	cells[1] = mark ? arena_printf(ctx->arena, "%s (%s)", state, WORD(ctx, mark)) : state;
	cells[2] = print_pen(ctx, query_is_null(row, 2), query_is_null(row, 2) ? 0 : query_int(row, 2));
	cells[3] = column_time(ctx, row, 3);
	cells[4] = column_amount(ctx, row, 5, 4);
	cells[5] = column_amount(ctx, row, 7, 4);
	cells[6] = column_amount(ctx, row, 8, 4);
	cells[7] = column_text(ctx, row, 11);
}

/* ---- exchanges --------------------------------------------------------------------------------------------------- */

static const char exchanges_sql[] =
    "SELECT i.number, x.line, g.number, x.their_line, x.currency, x.value_minor, l.currency, x.applied_minor, x.certified IS NOT NULL "
    "FROM support_exchange x JOIN support_issue i ON i.thread = x.thread AND i.part = x.part "
    "JOIN support_issue_line l ON l.thread = x.thread AND l.part = x.part AND l.line = x.line "
    "LEFT JOIN support_issue g ON g.part = x.their_issue WHERE x.thread = :thread ORDER BY i.number, x.item";

static void exchange_object(struct ctx *ctx, struct query *row, json_t *object)
{
	(void)ctx;
	json_object_set_new(object, "number", json_text_column(row, 0));
	json_object_set_new(object, "line", json_column(row, 1));
	json_object_set_new(object, "given", json_text_column(row, 2));
	json_object_set_new(object, "given_line", json_column(row, 3));
	json_object_set_new(object, "given_currency", json_text_column(row, 4));
	json_object_set_new(object, "given_minor", json_column(row, 5));
	json_object_set_new(object, "currency", json_text_column(row, 6));
	json_object_set_new(object, "applied_minor", json_column(row, 7));
	json_object_set_new(object, "certified", json_boolean(query_int(row, 8) != 0));
}

static void exchange_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	cells[0] = column_text(ctx, row, 0);
	cells[1] = arena_printf(ctx->arena, "%lld", (long long)query_int(row, 1));
	cells[2] = query_is_null(row, 2) ? "?" : column_text(ctx, row, 2);
	cells[3] = column_amount(ctx, row, 5, 4);
	cells[4] = column_amount(ctx, row, 7, 6);
	cells[5] = WORD(ctx, query_int(row, 8) ? "certified" : "exchanging");
}

/* ---- claims in a netting ----------------------------------------------------------------------------------------- */

#define NETTED_OF(agreed) \
	"SELECT c.number, x.owed_by, x.currency, x.amount_minor, x.rate, x.source, x.rate_on, n.currency, x.value_minor, c.state " \
	"FROM support_netting_claim x JOIN support_netting n ON n.thread = x.thread LEFT JOIN support_claim c ON c.part = x.claim " \
	"WHERE x.thread = :thread AND x.agreed = " agreed " ORDER BY x.owed_by, c.number, x.item"
static const char netted_sql[] = NETTED_OF("1");
static const char on_table_sql[] = NETTED_OF("0");

static void netted_object(struct ctx *ctx, struct query *row, json_t *object)
{
	json_object_set_new(object, "number", json_text_column(row, 0));
	json_object_set_new(object, "owed_by", json_pen(ctx, row, 1));
	json_object_set_new(object, "currency", json_text_column(row, 2));
	json_object_set_new(object, "amount_minor", json_column(row, 3));
	json_object_set_new(object, "rate", json_text_column(row, 4));
	json_object_set_new(object, "source", json_text_column(row, 5));
	json_object_set_new(object, "on", json_day_column(row, 6));
	json_object_set_new(object, "value_minor", json_column(row, 8));
	json_object_set_new(object, "state", json_text_column(row, 9));
}

static void netted_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	cells[0] = query_is_null(row, 0) ? "?" : column_text(ctx, row, 0);
	cells[1] = print_pen(ctx, query_is_null(row, 1), query_is_null(row, 1) ? 0 : query_int(row, 1));
	cells[2] = column_amount(ctx, row, 3, 2);
	cells[3] = query_is_null(row, 4) ? ""
					 : arena_printf(ctx->arena, "%s (%s, %s)", column_quantity(ctx, row, 4),
					       column_text(ctx, row, 5), column_day(ctx, row, 6));
	cells[4] = column_amount(ctx, row, 8, 7);
	cells[5] = column_word(ctx, row, 9);
}

/* ---- adjustments -------------------------------------------------------------------------------------------------- */

static const char adjustments_sql[] =
    "SELECT a.number, a.state, a.pen, i.number, a.line, a.quantity, a.amount_minor, a.difference_minor, a.currency, "
    "a.reason, a.proposed_ms, c.number FROM support_adjustment a "
    "JOIN support_issue i ON i.thread = a.thread AND i.part = a.issue "
    "LEFT JOIN support_claim c ON c.thread = a.thread AND c.part = a.claim WHERE a.thread = :thread ORDER BY a.proposed_ms, a.number";

static void adjustment_object(struct ctx *ctx, struct query *row, json_t *object)
{
	json_object_set_new(object, "number", json_text_column(row, 0));
	json_object_set_new(object, "state", json_text_column(row, 1));
	json_object_set_new(object, "pen", json_pen(ctx, row, 2));
	json_object_set_new(object, "issue", json_text_column(row, 3));
	json_object_set_new(object, "line", json_column(row, 4));
	json_object_set_new(object, "quantity", json_text_column(row, 5));
	json_object_set_new(object, "amount_minor", json_column(row, 6));
	json_object_set_new(object, "difference_minor", json_column(row, 7));
	json_object_set_new(object, "currency", json_text_column(row, 8));
	json_object_set_new(object, "reason", json_text_column(row, 9));
	json_object_set_new(object, "proposed_at", json_time_column(row, 10));
	json_object_set_new(object, "claim", json_text_column(row, 11));
}

static void adjustment_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	cells[0] = column_text(ctx, row, 0);
	cells[1] = query_is_null(row, 1) ? WORD(ctx, "rivals") : column_word(ctx, row, 1);
	cells[2] = print_pen(ctx, query_is_null(row, 2), query_is_null(row, 2) ? 0 : query_int(row, 2));
	cells[3] = column_text(ctx, row, 3);
	cells[4] = arena_printf(ctx->arena, "%lld", (long long)query_int(row, 4));
	cells[5] = column_quantity(ctx, row, 5);
	cells[6] = column_amount(ctx, row, 6, 8);
	cells[7] = column_amount(ctx, row, 7, 8);
	cells[8] = column_text(ctx, row, 11);
}

/* ---- remarks ----------------------------------------------------------------------------------------------------- */

static const char remarks_sql[] =
    "SELECT stated_ms, party, number, kind, remark FROM support_remark WHERE thread = :thread "
    "ORDER BY place";

static void remark_object(struct ctx *ctx, struct query *row, json_t *object)
{
	json_object_set_new(object, "stated", json_time_column(row, 0));
	json_object_set_new(object, "party", json_pen(ctx, row, 1));
	json_object_set_new(object, "number", json_text_column(row, 2));
	json_object_set_new(object, "kind", json_text_column(row, 3));
	json_object_set_new(object, "remark", json_text_column(row, 4));
}

static void remark_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	const struct kind *kind = domain_kind(&support_domain, query_text(row, 3));

	cells[0] = column_time(ctx, row, 0);
	cells[1] = print_party(ctx, query_int(row, 1));
	cells[2] = column_text(ctx, row, 2);
	cells[3] = kind == NULL ? "" : ctx->lang == LANG_JA ? kind->ja : kind->en;
	cells[4] = column_text(ctx, row, 4);
}

#define REMARKS_SECTION \
	{ \
		"remarks", "remarks", remarks_sql, 5, remark_object, remark_cells, \
		{ \
			{ "stated", false, 0 }, { "party", false, 0 }, { "number", false, 0 }, { "move", false, 0 }, \
			{ \
				"remarks", false, 2000 \
			} \
		} \
	}
static const struct section sections[] = {
	{ "lines", "lines", lines_sql, 7, line_object, line_cells, LINES_COLUMNS },
	{ "offered", "amendment offered", offered_sql, 7, line_object, line_cells, LINES_COLUMNS },
	{ "issues", "issues", issues_sql, 11, issue_object, issue_cells,
	    { { "number", false, 0 }, { "state", false, 0 }, { "waits for", false, 0 }, { "delivered", false, 0 },
		{ "line", true, 0 }, { "issued", true, 0 }, { "accepted", true, 0 }, { "difference", false, 0 },
		{ "chargeable", true, 0 }, { "rest", true, 0 }, { "claim", false, 0 } } },
	{ "claims", "claims", claims_sql, 8, claim_object, claim_cells,
	    { { "number", false, 0 }, { "state", false, 0 }, { "waits for", false, 0 }, { "since", false, 0 },
		{ "total", true, 0 }, { "paid", true, 0 }, { "open", true, 0 }, { "invoice", false, 0 } } },
	{ "adjustments", "adjustments", adjustments_sql, 9, adjustment_object, adjustment_cells,
	    { { "number", false, 0 }, { "state", false, 0 }, { "waits for", false, 0 }, { "issue", false, 0 },
		{ "line", true, 0 }, { "quantity", true, 0 }, { "amount", true, 0 }, { "difference", true, 0 },
		{ "claim", false, 0 } } },
	{ "exchanges", "exchange", exchanges_sql, 6, exchange_object, exchange_cells,
	    { { "number", false, 0 }, { "line", true, 0 }, { "given", false, 0 }, { "value", true, 0 },
		{ "applied", true, 0 }, { "state", false, 0 } } },
	REMARKS_SECTION,
	{ 0 },
};
#define NETTED_COLUMNS \
	{ \
		{ "claim", false, 0 }, { "owed by", false, 0 }, { "amount", true, 0 }, { "rate", false, 60 }, \
		    { "value", true, 0 }, \
		{ \
			"state", false, 0 \
		} \
	}
static const struct section netting_sections[] = {
	{ "claims", "claims", netted_sql, 6, netted_object, netted_cells, NETTED_COLUMNS },
	{ "proposed", "proposed", on_table_sql, 6, netted_object, netted_cells, NETTED_COLUMNS },
	REMARKS_SECTION,
	{ 0 },
};

/* ---- an order ---------------------------------------------------------------------------------------------------- */

/* Columns under these headings hold numbers of parts. */
static bool is_number(const char *title)
{
	static const char *const titles[] = { "number", "issue", "claim", "given" };

	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		if (strcmp(title, titles[i]) == 0) {
			return true;
		}
	}
	return false;
}

static const struct summing summings[] = {
	{ lines_sql, 12, { { 11, 4 } }, NULL, NULL },
	{ claims_sql, 4, { { 5, 4 }, { 7, 5 }, { 8, 6 } }, claim_counts, "but for refunds and what was withdrawn" },
	{ 0 },
};

/* What is added up of a list; NULL: nothing. */
static const struct summing *summing_of(const struct section *section)
{
	for (const struct summing *summing = summings; summing->sql; summing++) {
		if (summing->sql == section->sql) {
			return summing;
		}
	}
	return NULL;
}

/* Sums of a list's amounts, while they are in one currency and fit. */
struct sums {
	struct bytes currency;
	int64_t minor[3];
	unsigned rows;
	bool good;
};

static void sums_add(struct ctx *ctx, const struct summing *summing, struct query *row, struct sums *sums)
{
	if (summing == NULL || (summing->counts && !summing->counts(row))) {
		return;
	}
	struct bytes currency = query_text(row, summing->currency);
	if (sums->rows++ == 0) {
		sums->currency = arena_copy(ctx->arena, currency);
		sums->good = true;
	}
	sums->good = sums->good && bytes_equal(sums->currency, currency);
	for (unsigned i = 0; i < 3 && summing->amount[i].column && sums->good; i++) {
		sums->good = !query_is_null(row, summing->amount[i].column) &&
		    minor_add(sums->minor[i], query_int(row, summing->amount[i].column), &sums->minor[i]);
	}
}

static void sums_row(struct ctx *ctx, const struct summing *summing, const struct sums *sums, struct grid *grid)
{
	const char *cells[GRID_COLUMNS] = { WORD(ctx, "sum") };

	if (!sums->good || sums->rows < 2) {
		return;
	}
	if (summing->label) {
		cells[0] = arena_printf(ctx->arena, "%s (%s)", WORD(ctx, "sum"), WORD(ctx, summing->label));
	}
	for (unsigned i = 0; i < 3 && summing->amount[i].column; i++) {
		cells[summing->amount[i].cell] = print_amount(ctx, sums->currency, sums->minor[i]);
	}
	grid_row(grid, cells);
}

/* quiet: into the object alone. */
static enum status section_read(
    struct ctx *ctx, const struct section *section, int64_t thread, bool quiet, json_t *order, struct err *err)
{
	struct grid grid = { .ctx = ctx, .columns = section->columns };
	const char *cells[GRID_COLUMNS];
	struct sums sums = { 0 };
	json_t *array = json_array();
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, section->sql, &rows, err);

	for (unsigned i = 0; i < section->columns; i++) {
		grid.column[i] = section->column[i];
		grid.column[i].title = WORD(ctx, section->column[i].title);
		grid.numbers |= (unsigned)is_number(section->column[i].title) << i;
	}
	if (status == OK) {
		query_bind_int(rows, "thread", thread);
	}
	while (status == OK && query_next(rows)) {
		json_t *object = json_object();
		section->object(ctx, rows, object);
		json_array_append_new(array, object);
		section->cells(ctx, rows, cells);
		grid_row(&grid, cells);
		sums_add(ctx, summing_of(section), rows, &sums);
	}
	sums_row(ctx, summing_of(section), &sums, &grid);
	if (status == OK && !quiet && grid.row_count > 0) {
		print_title(ctx, WORD(ctx, section->title));
		grid_print(&grid);
	}
	query_close(rows);
	json_object_set_new(order, section->name, array);
	return status;
}

static const char order_sql[] =
    "SELECT o.thread, o.number, o.state, o.pen, o.receiver, o.supplier, o.activity, o.urgency, o.reference, "
    "o.place, o.deliver_on, o.utc_offset_minutes, o.requested_ms, o.since_ms, o.agreed, o.id FROM support_order o "
    "JOIN thread t ON t.row = o.thread WHERE +t.tally = :tally AND t.number = :number";

static json_t *order_object(struct ctx *ctx, struct query *row)
{
	static const char *const texts[] = { "activity", "urgency", "reference", "place" };
	json_t *order = json_object();
	char hex[2 * ID_BYTES + 1];

	hex_print(query_blob(row, 15), hex);
	json_object_set_new(order, "number", json_text_column(row, 1));
	json_object_set_new(order, "id", json_string(hex));
	json_object_set_new(order, "state", json_text_column(row, 2));
	json_object_set_new(order, "pen", json_pen(ctx, row, 3));
	json_object_set_new(order, "receiver", json_pen(ctx, row, 4));
	json_object_set_new(order, "supplier", json_pen(ctx, row, 5));
	for (unsigned i = 0; i < 4; i++) {
		json_object_set_new(order, texts[i], json_text_column(row, i + 6));
	}
	json_object_set_new(order, "deliver_on", json_day_column(row, 10));
	json_object_set_new(order, "utc_offset_minutes", json_column(row, 11));
	json_object_set_new(order, "requested_at", json_time_column(row, 12));
	json_object_set_new(order, "since", json_time_column(row, 13));
	json_object_set_new(order, "agreed", json_boolean(query_int(row, 14) != 0));
	return order;
}

static void order_print(struct ctx *ctx, struct query *row)
{
	const char *pen = print_pen(ctx, query_is_null(row, 3), query_is_null(row, 3) ? 0 : query_int(row, 3));
	const char *state = query_is_null(row, 2) ? WORD(ctx, "rivals") : column_word(ctx, row, 2);
	const char *facts[][2] = {
		{ "state",
		    query_is_null(row, 3) || ctx->page != NULL /* where each part says what it waits for */
			? arena_printf(ctx->arena, "%s  (%s %s)", state, WORD(ctx, "since"), column_time(ctx, row, 13))
			: arena_printf(ctx->arena, "%s  (%s %s, %s %s)", state, WORD(ctx, "waits for"), pen,
			      WORD(ctx, "since"), column_time(ctx, row, 13)) },
		{ "receiver", print_party(ctx, query_int(row, 4)) },
		{ "supplier", print_party(ctx, query_int(row, 5)) },
		{ "activity", column_text(ctx, row, 6) },
		{ "urgency", column_word(ctx, row, 7) },
		{ "reference", column_text(ctx, row, 8) },
		{ "place", column_text(ctx, row, 9) },
		{ "deliver on", column_day(ctx, row, 10) },
		{ "requested on", column_time(ctx, row, 12) },
	};

	print_facts(ctx, column_text(ctx, row, 1), facts, sizeof facts / sizeof facts[0]);
}

/* ---- a netting --------------------------------------------------------------------------------------------------- */

/* of: claims of the agreed list; netted: those set off under one of the netting's agreements. */
static const char netting_sql[] =
    "SELECT n.thread, n.number, n.state, n.pen, n.debtor, n.creditor, n.currency, n.total_minor, n.paid_minor, n.remitted_minor, "
    "n.remitted_on, n.proposed_ms, n.since_ms, n.id, n.agreed IS NOT NULL, "
    "(SELECT COUNT(*) FROM support_netting_claim x WHERE x.thread = n.thread AND x.agreed = 1), "
    "(SELECT COUNT(*) FROM support_netting_claim x JOIN support_claim c ON c.part = x.claim AND c.state = 'netted' "
    "JOIN support_netting_agreed a ON a.entry = c.netting AND a.thread = n.thread WHERE x.thread = n.thread AND x.agreed = 1) "
    "FROM support_netting n JOIN thread t ON t.row = n.thread WHERE +t.tally = :tally AND t.number = :number";

static json_t *netting_object(struct ctx *ctx, struct query *row)
{
	json_t *netting = json_object();
	char hex[2 * ID_BYTES + 1];

	hex_print(query_blob(row, 13), hex);
	json_object_set_new(netting, "number", json_text_column(row, 1));
	json_object_set_new(netting, "id", json_string(hex));
	json_object_set_new(netting, "state", json_text_column(row, 2));
	json_object_set_new(netting, "pen", json_pen(ctx, row, 3));
	json_object_set_new(netting, "debtor", json_pen(ctx, row, 4));
	json_object_set_new(netting, "creditor", json_pen(ctx, row, 5));
	json_object_set_new(netting, "currency", json_text_column(row, 6));
	json_object_set_new(netting, "total_minor", json_column(row, 7));
	json_object_set_new(netting, "paid_minor", json_column(row, 8));
	json_object_set_new(netting, "remitted_minor", json_column(row, 9));
	json_object_set_new(netting, "remitted_on", json_day_column(row, 10));
	json_object_set_new(netting, "proposed_at", json_time_column(row, 11));
	json_object_set_new(netting, "since", json_time_column(row, 12));
	json_object_set_new(netting, "agreed", json_boolean(query_int(row, 14) != 0));
	json_object_set_new(netting, "claims_agreed", json_column(row, 15));
	json_object_set_new(netting, "claims_netted", json_column(row, 16));
	return netting;
}

static void netting_print(struct ctx *ctx, struct query *row)
{
	const char *state = query_is_null(row, 2) ? WORD(ctx, "rivals") : column_word(ctx, row, 2);
	const char *pen = query_is_null(row, 3)
	    ? ""
	    : arena_printf(ctx->arena, ", %s %s", WORD(ctx, "waits for"), print_pen(ctx, false, query_int(row, 3)));
	const char *netted = query_int(row, 14) == 0
	    ? ""
	    : arena_printf(ctx->arena, ", %lld / %lld %s", (long long)query_int(row, 16), (long long)query_int(row, 15),
		  WORD(ctx, "netted"));
	const char *facts[][2] = {
		{ "state",
		    arena_printf(ctx->arena, "%s%s%s  (%s %s)", state, netted, pen, WORD(ctx, "since"),
			column_time(ctx, row, 12)) },
		{ "debtor", print_party(ctx, query_int(row, 4)) },
		{ "creditor", print_party(ctx, query_int(row, 5)) },
		{ "net", column_amount(ctx, row, 7, 6) },
		{ "paid", column_amount(ctx, row, 8, 6) },
		{ "remitted", column_amount(ctx, row, 9, 6) },
	};

	print_facts(ctx, column_text(ctx, row, 1), facts, sizeof facts / sizeof facts[0]);
}

/* ---- by number --------------------------------------------------------------------------------------------------- */

struct shown {
	const char *sql;
	json_t *(*object)(struct ctx *ctx, struct query *row);
	void (*print)(struct ctx *ctx, struct query *row);
	const struct section *sections;
};
static const struct shown shown_order = { order_sql, order_object, order_print, sections };
static const struct shown shown_netting = { netting_sql, netting_object, netting_print, netting_sections };

/* NOT_FOUND without a word when there is none of this number. out NULL: it is printed; else the caller owns it. */
static enum status show(struct ctx *ctx, const struct shown *shown, struct bytes number, json_t **out, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(ctx, shown->sql, &row, err);

	if (status != OK) {
		return status;
	}
	query_bind_text(row, "number", number);
	if (!query_next(row)) {
		query_close(row);
		return NOT_FOUND;
	}
	json_t *object = shown->object(ctx, row);
	bool quiet = ctx->json || out != NULL;
	if (!quiet) {
		banner_print(ctx);
		shown->print(ctx, row);
	}
	int64_t thread = query_int(row, 0);
	for (const struct section *section = shown->sections; section->name && status == OK; section++) {
		status = section_read(ctx, section, thread, quiet, object, err);
	}
	if (status == OK && out != NULL) {
		*out = json_incref(object);
	} else if (status == OK && ctx->json) {
		print_json(ctx, json_incref(object));
	}
	query_close(row);
	json_decref(object);
	return status;
}

static struct bytes thread_number(const char *number)
{
	const char *stroke = strchr(number, '/');

	return bytes_of(number, stroke ? (size_t)(stroke - number) : strlen(number));
}

static enum status unknown(const char *number, struct err *err)
{
	return err_set(err, NOT_FOUND, "order %s: not known here; `warifu support list` lists the orders", number);
}

enum status order_object_of(struct ctx *ctx, const char *number, json_t **out, struct err *err)
{
	enum status status = show(ctx, &shown_order, thread_number(number), out, err);

	return status == NOT_FOUND ? unknown(number, err) : status;
}

/* An order by its own number or that of one of its parts; a netting by its number. */
enum status thread_show(struct ctx *ctx, const char *number, struct err *err)
{
	struct bytes whole = thread_number(number);
	enum status status = show(ctx, &shown_order, whole, NULL, err);

	if (status == NOT_FOUND) {
		status = show(ctx, &shown_netting, whole, NULL, err);
	}
	return status == NOT_FOUND ? unknown(number, err) : status;
}

enum status support_show(struct ctx *ctx, const struct args *args, struct err *err)
{
	return thread_show(ctx, args_operand(args, 0), err);
}
