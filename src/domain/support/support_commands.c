/* Commands of the support domain. They read rows and print; what they mean is said in README.md. */
#include "domain/support/support_commands.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_state.h"
#include <string.h>

/* ---- list -------------------------------------------------------------------------------------------------------- */

#define PARTS_OF(table, letter) \
	"SELECT p.thread AS thread, '" letter \
	"' AS letter, p.number AS number, p.state AS state, p.pen AS pen, p.since_ms AS since_ms, " \
	"o.receiver AS receiver, o.supplier AS supplier FROM " table " p JOIN support_order o ON o.thread = p.thread " \
	"JOIN thread t ON t.row = p.thread WHERE +t.tally = :tally"

#define NETTINGS \
	"SELECT n.thread AS thread, 'N' AS letter, n.number AS number, n.state AS state, n.pen AS pen, n.since_ms AS since_ms, " \
	"n.debtor AS receiver, n.creditor AS supplier FROM support_netting n JOIN thread t ON t.row = n.thread WHERE +t.tally = :tally"

static const char orders_sql[] = PARTS_OF("support_order", "O") " UNION ALL " NETTINGS " ORDER BY 1, 3";
/* An unordered issue is listed once, as the issue that it is. */
#define NO_ISSUE " AND NOT EXISTS (SELECT 1 FROM support_issue i WHERE i.thread = p.thread AND i.part = p.id)"
static const char parts_sql[] =
    PARTS_OF("support_order", "O") NO_ISSUE " UNION ALL " PARTS_OF("support_issue", "I") " UNION ALL " PARTS_OF(
	"support_claim", "C") " UNION ALL " PARTS_OF("support_adjustment", "A") " UNION ALL " NETTINGS " ORDER BY 1, 3";
static const char lines_sql[] =
    "SELECT l.thread AS thread, l.description_en, l.description_ja, l.value_minor, l.currency, l.line AS line FROM support_line l "
    "JOIN thread t ON t.row = l.thread WHERE +t.tally = :tally UNION ALL "
    "SELECT n.thread AS thread, NULL, NULL, n.total_minor, n.currency, 1 AS line FROM support_netting n "
    "JOIN thread t ON t.row = n.thread WHERE +t.tally = :tally AND n.total_minor IS NOT NULL ORDER BY thread, line";

/* What an order is about: its first line, and its value by currency. Filled by walking along the lines. */
struct about {
	const char *item;
	unsigned more;
	const char *value;
	json_t *values;
};

static void add_value(struct ctx *ctx, struct about *about, struct query *lines)
{
	const char *currency = print_text(ctx, query_text(lines, 4));
	json_int_t sum = json_integer_value(json_object_get(about->values, currency));
	int64_t total;

	if (!query_is_null(lines, 3) && minor_add(sum, query_int(lines, 3), &total)) {
		json_object_set_new(about->values, currency, json_integer(total));
	}
}

static struct bytes in_language(const struct ctx *ctx, struct bytes en, struct bytes ja)
{
	return (ctx->lang == LANG_JA && ja.len > 0) || en.len == 0 ? ja : en;
}

/* Lines up to the thread are taken off the query, which stays at the first line of a later one. */
static struct about about_thread(struct ctx *ctx, struct query *lines, bool *has_line, int64_t thread)
{
	struct about about = { "", 0, "", json_object() };
	const char *currency;
	json_t *value;

	for (; *has_line && query_int(lines, 0) <= thread; *has_line = query_next(lines)) {
		if (query_int(lines, 0) < thread) {
			continue;
		}
		if (about.item[0] == '\0') {
			struct bytes en = query_text(lines, 1), ja = query_text(lines, 2);
			about.item = print_text(ctx, in_language(ctx, en, ja));
		} else {
			about.more++;
		}
		add_value(ctx, &about, lines);
	}
	json_object_foreach(about.values, currency, value)
	{
		const char *one = print_amount(ctx, bytes_text(currency), json_integer_value(value));
		about.value = about.value[0] ? arena_printf(ctx->arena, "%s, %s", about.value, one) : one;
	}
	if (about.more > 0) {
		about.item = arena_printf(ctx->arena, "%s (+%u)", about.item, about.more);
	}
	return about;
}

struct filter {
	const char *waiting, *state;
};

static bool passes(const struct ctx *ctx, const struct filter *filter, struct query *row)
{
	bool has_pen = !query_is_null(row, 4);

	if (filter->waiting != NULL) {
		bool ours = has_pen && query_int(row, 4) == (int64_t)ctx->own_party;
		if (!has_pen || ours != (strcmp(filter->waiting, "us") == 0)) {
			return false;
		}
	}
	return filter->state == NULL || bytes_is(query_text(row, 3), filter->state);
}

static const char *part_name(uint8_t letter)
{
	const struct part_type *type = support_domain.part_types;

	while (type->name != NULL && type->letter != (char)letter) {
		type++;
	}
	return type->name ? type->name : "";
}

static void list_json(struct ctx *ctx, struct query *row, struct about *about)
{
	json_t *object = json_object();

	json_object_set_new(object, "number", json_bytes(query_text(row, 2)));
	json_object_set_new(object, "part", json_string(part_name(query_text(row, 1).data[0])));
	json_object_set_new(object, "state", json_bytes(query_text(row, 3)));
	json_object_set_new(
	    object, "pen", query_is_null(row, 4) ? json_null() : json_string(print_party(ctx, query_int(row, 4))));
	json_object_set_new(object, "since", query_is_null(row, 5) ? json_null() : json_time_of(query_int(row, 5)));
	json_object_set_new(object, "receiver", json_string(print_party(ctx, query_int(row, 6))));
	json_object_set_new(object, "supplier", json_string(print_party(ctx, query_int(row, 7))));
	json_object_set_new(object, "item", json_string(about->item));
	json_object_set_new(object, "value_minor", json_incref(about->values));
	print_json(ctx, object);
}

static void list_row(struct ctx *ctx, struct grid *grid, struct query *row, const struct about *about)
{
	bool rivals = query_is_null(row, 3);
	const char *cells[] = { print_text(ctx, query_text(row, 2)),
		rivals ? WORD(ctx, "rivals") : print_word(ctx, query_text(row, 3)),
		print_pen(ctx, query_is_null(row, 4), query_is_null(row, 4) ? 0 : query_int(row, 4)),
		query_is_null(row, 5) ? "" : print_time(ctx, query_int(row, 5)),
		arena_printf(
		    ctx->arena, "%s <- %s", print_party(ctx, query_int(row, 6)), print_party(ctx, query_int(row, 7))),
		about->value, about->item };

	grid_row(grid, cells);
}

static enum status list_print(struct ctx *ctx, const struct filter *filter, struct query *rows, struct query *lines)
{
	struct grid grid = { .ctx = ctx,
		.columns = 7,
		.column = { { "number", false, 0 }, { WORD(ctx, "state"), false, 0 },
		    { WORD(ctx, "waits for"), false, 0 }, { WORD(ctx, "since"), false, 0 }, { "R <- S", false, 0 },
		    { WORD(ctx, "value"), true, 0 }, { WORD(ctx, "item"), false, 50 } } };
	bool has_line = query_next(lines), any = false;
	struct about about = { "", 0, "", NULL };
	int64_t thread = -1;

	grid.column[0].title = WORD(ctx, "number");
	while (query_next(rows)) {
		if (query_int(rows, 0) != thread) {
			thread = query_int(rows, 0);
			json_decref(about.values);
			about = about_thread(ctx, lines, &has_line, thread);
		}
		if (!passes(ctx, filter, rows)) {
			continue;
		}
		any = true;
		if (ctx->json) {
			list_json(ctx, rows, &about);
		} else {
			list_row(ctx, &grid, rows, &about);
		}
	}
	json_decref(about.values);
	if (!ctx->json && any) {
		grid_print(&grid);
	} else if (!any) {
		print_line(ctx, WORD(ctx, "nothing"));
	}
	return grid.failed ? ENVIRONMENT : OK;
}

static enum status support_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct filter filter = { args_option(args, "waiting"), args_option(args, "state") };
	struct query *rows = NULL, *lines = NULL;
	bool parts = filter.waiting != NULL || filter.state != NULL || args_option(args, "parts") != NULL;

	if (filter.waiting != NULL && strcmp(filter.waiting, "us") != 0 && strcmp(filter.waiting, "partner") != 0) {
		return err_set(err, USAGE, "--waiting %s: must be us or partner", filter.waiting);
	}
	enum status status = ctx_query(ctx, parts ? parts_sql : orders_sql, &rows, err);
	if (status == OK) {
		status = ctx_query(ctx, lines_sql, &lines, err);
	}
	if (status == OK) {
		banner_print(ctx);
		status = list_print(ctx, &filter, rows, lines);
	}
	query_close(rows);
	query_close(lines);
	return status == ENVIRONMENT ? err_set(err, status, "list: out of memory") : status;
}

void banner_print(struct ctx *ctx)
{
	if (ctx->view.rehearsal && ctx->page == NULL) { /* every page has its own */
		print_line(ctx, WORD(ctx, "REHEARSAL - NOTHING HERE IS OWED"));
	}
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static const struct option list_options[] = {
	{ "waiting", OPTION_TEXT, "WHOM", "only parts that wait for: us, partner" },
	{ "state", OPTION_TEXT, "STATE", "only parts in this state: 'return due'" },
	{ "parts", OPTION_FLAG, NULL, "issues, claims and adjustments too, each on a line" },
	{ 0 },
};
static const struct option account_options[] = {
	{ "as-of", OPTION_TEXT, "DAY", "the day whose end ageing is counted to; today when absent" },
	{ 0 },
};
#define AS_OF \
	{ \
		"as-of", OPTION_TEXT, "DAY", "what is stated up to the end of this day, UTC; now when absent" \
	}
static const struct option due_options[] = {
	AS_OF,
	{ "waiting", OPTION_TEXT, "WHOM", "only what waits for: us, partner" },
	{ "all", OPTION_FLAG, NULL,
	    "also orders to be closed, and clocks of settlement, conversion and lapse that are not over" },
	{ 0 },
};
static const struct option remind_options[] = { AS_OF, { 0 } };
static const struct option statement_options[] = {
	AS_OF,
	{ "csv", OPTION_FLAG, NULL, "print the items as CSV" },
	{ 0 },
};
static const struct option sample_options[] = {
	{ "year", OPTION_TEXT, "YEAR", "in which the fiscal year begins (required)" },
	{ "count", OPTION_TEXT, "N", "how many orders (required)" },
	{ "seed", OPTION_TEXT, "TEXT", "by which they are picked (required)" },
	{ 0 },
};
static const struct option audit_options[] = {
	{ "as-of", OPTION_TEXT, "DAY", "judge what is stated up to the end of this day, UTC; today when absent" },
	{ "rule", OPTION_TEXT, "RULE", "show this rule alone: I45" },
	{ "csv", OPTION_FLAG, NULL, "print the findings as CSV" },
	{ "fail", OPTION_FLAG, NULL, "exit 5 when there is a finding" },
	{ "export", OPTION_FLAG, NULL, "also make an export and verify it as a stranger would (I36)" },
	{ "against", OPTION_FILE, "FILE",
	    "a statement of the partner as JSON, of the same day, to compare balances with" },
	{ "year-end", OPTION_TEXT, "YEAR", "list the claims that are open at the end of this fiscal year, by office" },
	{ 0 },
};
static const struct option import_options[] = {
	{ "only", OPTION_TEXT, "NO,NO", "only orders with these numbers in the column `no`" },
	{ "encoding", OPTION_TEXT, "NAME", "utf-8 or cp932; found out when absent" },
	{ "again", OPTION_FLAG, NULL, "import numbers again that were imported before" },
	{ "delivered-at", OPTION_TEXT, "TIME",
	    "when our rows that an issue opens were delivered; left out without it" },
	{ "utc-offset-minutes", OPTION_TEXT, "MINUTES", "our offset from UTC, for the same" },
	{ "meter-reading", OPTION_TEXT, "TEXT", "how their services were counted: 'ward book'" },
	{ 0 },
};

#define MOVE_OPTIONS \
	{ "at", OPTION_TEXT, "TIME", "time of the act, where it is not now: 2013-11-26T09:30:00Z" }, \
	{ \
		"remarks", OPTION_TEXT, "TEXT", "free text, never translated" \
	}
static const struct option attach_options[] = { MOVE_OPTIONS, { 0 } };
static const struct option link_options[] = {
	{ "against", OPTION_MANY, "NUMBER", "an issue that we supplied under the reverse order; may be given often" },
	MOVE_OPTIONS,
	{ 0 },
};
static const struct option net_options[] = {
	{ "claim", OPTION_MANY, "NUMBER", "a claim that is payable, of either side; may be given often" },
	{ "currency", OPTION_TEXT, "CURRENCY", "of the net; that of the first claim when absent" },
	{ "rate", OPTION_MANY, "CURRENCY=RATE", "major units of the netting's currency for one of this: GBP=165" },
	{ "source", OPTION_TEXT, "TEXT", "who published the rates" },
	{ "on", OPTION_TEXT, "DAY", "the day that they were published for" },
	MOVE_OPTIONS,
	{ 0 },
};
static const struct option set_off_options[] = { MOVE_OPTIONS, { 0 } };

const struct command support_commands[] = {
	{ "due", NULL, NULL, 0, 0, "what waits for whom since when, overdue first", due_options, support_due },
	{ "support", "list", NULL, 0, 0, "orders and what they wait for", list_options, support_list },
	{ "support", "show", "NUMBER", 1, 1, "one order: terms, issues, claims", NULL, support_show },
	{ "support", "account", NULL, 0, 0, "what we owe and are owed, by currency and by item", account_options,
	    support_account },
	{ "support", "statement", NULL, 0, 0, "statement of account as of a day, item by item", statement_options,
	    support_statement },
	{ "support", "sample", NULL, 0, 0, "orders of a fiscal year picked by a seed, for an auditor", sample_options,
	    support_sample },
	{ "support", "due", NULL, 0, 0, "what waits for whom since when, overdue first", due_options, support_due },
	{ "support", "remind", "NUMBER", 1, 1, "a reminder for the partner, in both languages", remind_options,
	    support_remind },
	{ "support", "audit", NULL, 0, 0, "every rule of the audit, with its findings", audit_options, support_audit },
	{ "support", "attach", "NUMBER FILE...", 2, 1 + LIMIT_ATTACHMENTS,
	    "file a signed paper that was scanned (PDF, JPEG, PNG) beside an order or one of its parts", attach_options,
	    support_attach },
	{ "support", "import", "FILE", 1, 1, "requests, or own issues without an order, from a CSV file, all or none",
	    import_options, support_import },
	{ "support", "link", "NUMBER", 1, 1, "name what was given in exchange, by the numbers of its issues",
	    link_options, support_link },
	{ "support", "net", "NUMBER", 0, 1,
	    "propose a netting of claims by their numbers; with a number, its residue anew", net_options, support_net },
	{ "support", "set-off", "NUMBER", 1, 1, "end a claim under the netting that both have agreed to",
	    set_off_options, support_set_off },
	{ 0 },
};
