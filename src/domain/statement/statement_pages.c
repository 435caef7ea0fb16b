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

static enum status show_part(
    struct ctx *ctx, const char *title, const struct statement_list *list, int64_t when, struct err *err)
{
	print_title(ctx, WORD(ctx, title));
	return list_show(ctx, list, LIST_WANTED, when, err);
}

static enum status show_statement(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	if (page_wants_data(request)) {
		return list_page(ctx, &statement_pledges, request, html, LIST_ALL, 0, err);
	}
	ctx->page = html;
	enum status status = show_waits(ctx, err);
	if (status == OK) {
		print_title(ctx, WORD(ctx, "pledges"));
		status = list_page(ctx, &statement_pledges, request, html, LIST_ALL, 0, err);
	}
	if (status == OK) {
		HTML(html, "<p class=\"after-list\">");
		html_link(html, "/statement/findings", ctx_word(ctx, "show the findings"));
		HTML(html, "</p>");
		status = show_part(ctx, "meetings to come", &statement_meetings, ctx->now_ms, err);
	}
	if (status == OK) {
		status = show_part(ctx, "overdue actions", &statement_actions, day_of_ms(ctx->now_ms, 0), err);
	}
	if (status == OK) {
		status = show_part(ctx, "context", &statement_contexts, 0, err);
	}
	ctx->page = NULL;
	return status;
}

/* What an auditor should see, on a day. */
static enum status show_findings(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	int64_t today;
	enum status status = list_day(ctx, page_given(request, "as_of"), &today, err);

	if (status != OK) {
		return status;
	}
	if (!page_wants_data(request)) {
		filter_open(html, "/statement/findings");
		filter_input(html, request, "date", "as_of", "as of");
		filter_close(html);
	}
	ctx->page = html;
	status = list_page(ctx, &statement_findings, request, html, LIST_WANTED, today, err);
	ctx->page = NULL;
	return status;
}

/* All meetings and what was set in them, those that are over too. */
static enum status show_meetings(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	if (page_wants(request, "ics")) {
		enum status status = calendar_put(ctx, err);
		buf_put_bytes(html->out, buf_bytes(ctx->out));
		return status;
	}
	ctx->page = html;
	enum status status = list_page(ctx, &statement_meetings, request, html, LIST_ALL, 0, err);
	ctx->page = NULL;
	if (status == OK && !page_wants_data(request)) {
		HTML(html, "<p class=\"after-list\">");
		html_link(html, request_with(request, "as", "ics"), ctx_word(ctx, "calendar file"));
		HTML(html, " ");
		html_link(html, "/statement/actions", ctx_word(ctx, "actions"));
		HTML(html, "</p>");
	}
	return status;
}

static enum status show_actions(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	ctx->page = html;
	enum status status =
	    list_page(ctx, &statement_actions, request, html, LIST_ALL, day_of_ms(ctx->now_ms, 0), err);
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

static const char context_sql[] =
    "SELECT c.thread, c.en, c.ja, c.locator, c.carried_out_by FROM statement_context c "
    "WHERE (SELECT t.tally FROM thread t WHERE t.row = c.thread) = :tally AND c.number = :number";

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
	bool is_dated = !takes_the_day(query_int(row, 4), query_int(row, 5));
	const char *facts[][2] = {
		{ "series",
		    arena_printf(ctx->arena, "%s %s", print_word(ctx, query_text(row, 7)), number_at(ctx, row, 1)) },
		{ "in English", text_at(ctx, row, 2) },
		{ "in Japanese", text_at(ctx, row, 3) },
		{ "starts", print_start(ctx, row, 4, 5) },
		{ "ends", is_dated ? time_at(ctx, row, 5) : "" },
		{ "venue", text_at(ctx, row, 6) },
	};

	print_facts(ctx, "", facts, sizeof facts / sizeof *facts);
}

static void context_facts(struct ctx *ctx, struct query *row)
{
	const char *facts[][2] = {
		{ "in English", text_at(ctx, row, 1) },
		{ "in Japanese", text_at(ctx, row, 2) },
		{ "published at", text_at(ctx, row, 3) },
		{ "carried out by", query_is_null(row, 4) ? "" : print_word(ctx, query_text(row, 4)) },
	};

	print_facts(ctx, "", facts, sizeof facts / sizeof *facts);
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
	const char *called = text_at(ctx, row, 3), *text = text_either(ctx, row, 4);
	cells[3] = called[0] == 0   ? text
	    : query_is_null(row, 7) ? arena_printf(ctx->arena, "%s %s", called, text)
				    : arena_printf(ctx->arena, "%s (%s: %s)", text, WORD(ctx, "tally"), called);
}

static void action_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	cells[0] = text_at(ctx, row, 0);
	cells[1] = print_party(ctx, query_int(row, 1));
	cells[2] = print_day(ctx, query_int(row, 3));
	cells[3] = text_either(ctx, row, 4);
}

static void item_cells(struct ctx *ctx, struct query *row, const char **cells)
{
	cells[0] = number_at(ctx, row, 0);
	cells[1] = text_either(ctx, row, 1);
	cells[2] = query_is_null(row, 3) ? "" : print_word(ctx, query_text(row, 3));
	cells[3] = text_either(ctx, row, 4);
}

/* Lists of a thread, four columns each; one that is empty is left out. */
struct part_list {
	const char *title, *sql;
	void (*cells)(struct ctx *ctx, struct query *row, const char **cells);
	const char *heads[4];
	unsigned numbers; /* of a grid: columns that begin with the number of a thread */
};
static const struct part_list lists[] = {
	{ "views", "SELECT number, party, view, since FROM statement_view WHERE thread = :thread ORDER BY number",
	    view_cells, { "number", "party", "view", "since" }, 1 },
	{ "evidence",
	    "SELECT number, party, state, called, en, ja, rehearsal, of_tally FROM statement_evidence WHERE thread = :thread ORDER BY number",
	    evidence_cells, { "number", "party", "state", "item" }, 1 | 8 },
	{ "actions",
	    "SELECT number, owner, state, due_on, en, ja FROM statement_action WHERE thread = :thread ORDER BY due_on, number",
	    action_cells, { "number", "owner", "act by", "action" }, 1 },
	{ "agenda",
	    "SELECT item, en, ja, outcome, outcome_en, outcome_ja FROM statement_item WHERE thread = :thread ORDER BY item",
	    item_cells, { "item", "agenda", "outcome", "minutes" }, 0 },
	{ 0 },
};

static enum status list_print(struct ctx *ctx, const struct part_list *list, int64_t thread, struct err *err)
{
	struct grid grid = { .ctx = ctx, .columns = 4, .numbers = list->numbers };
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

/* The domain that carries a pledge out shows there how its matters stand: its page "/carries/DOMAIN". */
static enum status show_carrier(
    struct ctx *ctx, const struct request *request, struct html *html, int64_t thread, struct err *err)
{
	struct query *row = NULL;
	enum status status =
	    ctx_query(ctx, "SELECT carried_out_by FROM statement_pledge WHERE thread = :thread", &row, err);
	const char *name = NULL;

	if (status == OK) {
		query_bind_int(row, "thread", thread);
		name = query_next(row) && !query_is_null(row, 0) ? arena_text(ctx->arena, query_text(row, 0)) : NULL;
	}
	query_close(row);
	const struct domain *domain = name ? domain_find(bytes_text(name)) : NULL;
	const char *path = arena_printf(ctx->arena, "/carries/%s", name ? name : "");
	for (const struct page *page = domain ? domain->pages : NULL; page && page->path && status == OK; page++) {
		if (strcmp(page->path, path) == 0) {
			status = page->show(ctx, request, html, err);
		}
	}
	return status;
}

/* At the head of the page of a pledge, a meeting or a context. With rival heads it has no rows, and the parts below say so. */
static enum status show_thread(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	int64_t thread = -1;

	ctx->page = html;
	enum status status = facts_of(ctx, pledge_sql, request_rest(request), pledge_facts, &thread, err);
	if (status == OK && thread < 0) {
		status = facts_of(ctx, meeting_sql, request_rest(request), meeting_facts, &thread, err);
	}
	if (status == OK && thread < 0) {
		status = facts_of(ctx, context_sql, request_rest(request), context_facts, &thread, err);
	}
	for (const struct part_list *list = lists; list->title && status == OK && thread >= 0; list++) {
		status = list_print(ctx, list, thread, err);
	}
	if (status == OK && thread >= 0) {
		status = show_carrier(ctx, request, html, thread, err);
	}
	ctx->page = NULL;
	return status;
}

const struct page statement_pages[] = {
	{ "/", "Joint statement", "共同声明", PAGE_IN_MENU, show_statement },
	{ "/statement/meetings", "Meetings", "会合", PAGE_IN_MENU | PAGE_CALENDAR, show_meetings },
	{ "/statement/findings", "Findings", "指摘事項", 0, show_findings },
	{ "/statement/actions", "Actions", "実施事項", 0, show_actions },
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
