/* The first page, the joint statement: what was pledged and how each side sees it, meetings to come, what is overdue; and what may stand in
 * the fields of this domain's forms. */
#include "base/time.h"
#include "core/page.h"
#include "core/print.h"
#include "domain/statement/statement_state.h"
#include <string.h>

/* Whatever of this domain the home's party is to move next. */
#define WAITS(table, what) \
	"SELECT x.number, x.state, '" what "' AS what, x.en, x.ja, x.thread FROM " table \
	" x JOIN thread t ON t.row = x.thread WHERE +t.tally = :tally AND x.pen = :own"
static const char waits_sql[] = WAITS("statement_pledge", "pledge") " UNION ALL " WAITS(
    "statement_meeting", "meeting") " UNION ALL " WAITS("statement_action", "action") " ORDER BY 3, 1";

static enum status show_waits(struct ctx *ctx, struct err *err)
{
	struct grid grid = { .ctx = ctx,
		.columns = 4,
		.numbers = 1,
		.column = { { WORD(ctx, "number"), false, 0 }, { WORD(ctx, "part"), false, 0 },
		    { WORD(ctx, "state"), false, 0 }, { WORD(ctx, "item"), false, 60 } } };
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, waits_sql, &rows, err);

	if (status == OK) {
		query_bind_int(rows, "own", ctx->own_party);
	}
	while (status == OK && query_next(rows)) {
		unsigned wanted = ctx->lang == LANG_JA ? 4 : 3, other = 7 - wanted;
		const char *cells[GRID_COLUMNS] = { print_text(ctx, query_text(rows, 0)),
			print_word(ctx, query_text(rows, 2)), print_word(ctx, query_text(rows, 1)),
			print_text(ctx, query_text(rows, query_is_null(rows, wanted) ? other : wanted)) };
		grid_row(&grid, cells);
	}
	query_close(rows);
	if (grid.row_count > 0) {
		print_title(ctx, WORD(ctx, "waits for you"));
		grid_print(&grid);
	}
	return status;
}

static enum status show_rest(struct ctx *ctx, struct err *err)
{
	print_title(ctx, WORD(ctx, "meetings to come"));
	enum status status = meetings_show(ctx, ctx->now_ms, err);

	if (status == OK) {
		print_title(ctx, WORD(ctx, "overdue actions"));
		status = actions_show(ctx, day_of_ms(ctx->now_ms, 0), true, err);
	}
	return status;
}

static enum status show_statement(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	(void)request;
	ctx->page = html;
	enum status status = show_waits(ctx, err);
	if (status == OK) {
		print_title(ctx, WORD(ctx, "pledges"));
		status = pledges_show(ctx, err);
	}
	if (status == OK) {
		status = show_rest(ctx, err);
	}
	ctx->page = NULL;
	return status;
}

/* ---- one thread -------------------------------------------------------------------------------------------------------- */

static const char pledge_sql[] =
    "SELECT p.thread, p.no, p.en, p.ja, p.made_on, p.made_at, p.locator, p.carried_out_by, p.sha256 FROM statement_pledge p "
    "WHERE (SELECT t.tally FROM thread t WHERE t.row = p.thread) = :tally AND p.number = :number";
static const char meeting_sql[] =
    "SELECT m.thread, m.no, m.en, m.ja, m.starts_ms, m.ends_ms, m.place, m.series FROM statement_meeting m "
    "WHERE (SELECT t.tally FROM thread t WHERE t.row = m.thread) = :tally AND m.number = :number";

static const char *text_at(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_text(ctx, query_text(row, column));
}

static const char *time_at(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_time(ctx, query_int(row, column));
}

static const char *number_at(struct ctx *ctx, struct query *row, unsigned column)
{
	return arena_printf(ctx->arena, "%lld", (long long)query_int(row, column));
}

/* The statement as it was published, by its hash; nobody has to believe the words above without it. */
static const char *published(struct ctx *ctx, struct query *row)
{
	char hex[2 * ID_BYTES + 1];

	if (query_is_null(row, 8)) {
		return WORD(ctx, "text not attached");
	}
	hex_print(query_blob(row, 8), hex);
	return arena_printf(ctx->arena, "SHA-256 %s", hex);
}

static void pledge_facts(struct ctx *ctx, struct query *row)
{
	const char *facts[][2] = {
		{ "No.", number_at(ctx, row, 1) },
		{ "in English", text_at(ctx, row, 2) },
		{ "in Japanese", text_at(ctx, row, 3) },
		{ "made on", query_is_null(row, 4) ? "" : print_day(ctx, query_int(row, 4)) },
		{ "made at", text_at(ctx, row, 5) },
		{ "published at", text_at(ctx, row, 6) },
		{ "published text", published(ctx, row) },
		{ "carried out by", query_is_null(row, 7) ? "" : print_word(ctx, query_text(row, 7)) },
	};

	print_facts(ctx, "", facts, sizeof facts / sizeof *facts);
}

static void meeting_facts(struct ctx *ctx, struct query *row)
{
	const char *facts[][2] = {
		{ "series", arena_printf(ctx->arena, "%s %s", text_at(ctx, row, 7), number_at(ctx, row, 1)) },
		{ "in English", text_at(ctx, row, 2) },
		{ "in Japanese", text_at(ctx, row, 3) },
		{ "starts", query_is_null(row, 4) ? WORD(ctx, "to be set") : time_at(ctx, row, 4) },
		{ "ends", time_at(ctx, row, 5) },
		{ "place", text_at(ctx, row, 6) },
	};

	print_facts(ctx, "", facts, sizeof facts / sizeof *facts);
}

static const char *in_language(struct ctx *ctx, struct query *row, unsigned en)
{
	unsigned wanted = ctx->lang == LANG_JA ? en + 1 : en, other = ctx->lang == LANG_JA ? en : en + 1;

	return text_at(ctx, row, query_is_null(row, wanted) ? other : wanted);
}

static void view_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	cells[0] = text_at(ctx, row, 0);
	cells[1] = print_party(ctx, query_int(row, 1));
	cells[2] = print_word(ctx, query_text(row, 2));
	cells[3] = query_is_null(row, 3) ? "" : print_day(ctx, query_int(row, 3));
}

static void evidence_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	cells[0] = text_at(ctx, row, 0);
	cells[1] = print_party(ctx, query_int(row, 1));
	cells[2] = print_word(ctx, query_text(row, 2));
	if (query_int(row, 6)) {
		cells[2] = arena_printf(ctx->arena, "%s (%s)", cells[2], WORD(ctx, "rehearsal, not counted"));
	}
	cells[3] = query_is_null(row, 3) ? in_language(ctx, row, 4) : text_at(ctx, row, 3);
}

static void action_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	cells[0] = text_at(ctx, row, 0);
	cells[1] = print_party(ctx, query_int(row, 1));
	cells[2] = print_day(ctx, query_int(row, 3));
	cells[3] = in_language(ctx, row, 4);
}

static void item_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	cells[0] = number_at(ctx, row, 0);
	cells[1] = in_language(ctx, row, 1);
	cells[2] = query_is_null(row, 3) ? "" : print_word(ctx, query_text(row, 3));
	cells[3] = in_language(ctx, row, 4);
}

/* Lists of a thread, four columns each; one that is empty is left out. */
struct part_list {
	const char *title, *sql;
	void (*cells)(struct ctx *ctx, struct query *row, const char **cells);
	const char *heads[4];
};
static const struct part_list lists[] = {
	{ "views", "SELECT number, party, view, since FROM statement_view WHERE thread = :thread ORDER BY number",
	    view_cells, { "number", "party", "view", "since" } },
	{ "evidence",
	    "SELECT number, party, state, called, en, ja, rehearsal FROM statement_evidence WHERE thread = :thread ORDER BY number",
	    evidence_cells, { "number", "party", "state", "item" } },
	{ "actions",
	    "SELECT number, owner, state, due_on, en, ja FROM statement_action WHERE thread = :thread ORDER BY due_on, number",
	    action_cells, { "number", "owner", "act by", "action" } },
	{ "agenda",
	    "SELECT item, en, ja, outcome, outcome_en, outcome_ja FROM statement_item WHERE thread = :thread ORDER BY item",
	    item_cells, { "item", "agenda", "outcome", "minutes" } },
	{ 0 },
};

static enum status list_print(struct ctx *ctx, const struct part_list *list, int64_t thread, struct err *err)
{
	struct grid grid = { .ctx = ctx, .columns = 4, .numbers = 1 };
	const char *cells[GRID_COLUMNS];
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, list->sql, &rows, err);

	for (unsigned i = 0; i < 4; i++) {
		grid.column[i].title = WORD(ctx, list->heads[i]);
	}
	if (status == OK) {
		query_bind_int(rows, "thread", thread);
	}
	while (status == OK && query_next(rows)) {
		list->cells(ctx, rows, cells);
		grid_row(&grid, cells);
	}
	query_close(rows);
	if (grid.row_count > 0) {
		print_title(ctx, WORD(ctx, list->title));
		grid_print(&grid);
	}
	return status;
}

static enum status facts_of(struct ctx *ctx, const char *sql, const char *number,
    void (*facts)(struct ctx *ctx, struct query *row), int64_t *thread, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(ctx, sql, &row, err);

	if (status == OK) {
		query_bind_text(row, "number", bytes_text(number));
	}
	if (status == OK && query_next(row)) {
		*thread = query_int(row, 0);
		facts(ctx, row);
	}
	query_close(row);
	return status;
}

/* At the head of the page of a pledge or a meeting. With rival heads it has no rows, and the parts below say so. */
static enum status show_thread(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	int64_t thread = -1;

	ctx->page = html;
	enum status status = facts_of(ctx, pledge_sql, request_rest(request), pledge_facts, &thread, err);
	if (status == OK && thread < 0) {
		status = facts_of(ctx, meeting_sql, request_rest(request), meeting_facts, &thread, err);
	}
	for (const struct part_list *list = lists; list->title && status == OK && thread >= 0; list++) {
		status = list_print(ctx, list, thread, err);
	}
	ctx->page = NULL;
	return status;
}

const struct page statement_pages[] = {
	{ "/", "Joint statement", "共同声明", PAGE_IN_MENU, show_statement },
	{ "/thread/statement", "Statement", "声明", 0, show_thread },
	{ 0 },
};

/* ---- choices --------------------------------------------------------------------------------------------------------- */

struct fixed {
	const char *field;
	struct field_choice choices[5];
};
static const struct fixed fixed[] = {
	{ "view",
	    { { "not_started", "Not started", "未着手" }, { "under_way", "Under way", "進行中" },
		{ "done", "Done", "実施済" }, { "stopped", "Stopped", "中止" } } },
	{ "outcome",
	    { { "agreed", "Agreed", "合意" }, { "noted", "Noted", "了知" }, { "deferred_to", "Deferred", "持越し" },
		{ "referred_to", "Referred", "付託" } } },
	{ "carried_out_by",
	    { { "support", "Support", "支援" }, { "mission", "Missions", "任務" }, { "cyber", "Cyber", "サイバー" },
		{ "study", "Studies", "研究" } } },
	{ 0 },
};

enum status statement_choices(struct ctx *ctx, const struct fold *fold, const struct kind *kind,
    const struct field *field, struct field_choice **out, unsigned *count, struct err *err)
{
	(void)kind, (void)fold;
	*count = 0;
	*out = NULL;
	for (const struct fixed *row = fixed; row->field && field->type == FIELD_CODE; row++) {
		if (strcmp(row->field, field->name) != 0) {
			continue;
		}
		*out = arena_take_array(ctx->arena, sizeof row->choices / sizeof *row->choices, sizeof **out);
		if (*out == NULL) {
			return err_set(err, ENVIRONMENT, "choices: out of memory");
		}
		while (*count < sizeof row->choices / sizeof *row->choices && row->choices[*count].value) {
			(*out)[*count] = row->choices[*count];
			(*count)++;
		}
	}
	return OK;
}
