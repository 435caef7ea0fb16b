/* The lists of the statement domain: pledges, meetings, actions, context; each one description for the terminal, a page, CSV and JSON. */
#include "base/time.h"
#include "core/print.h"
#include "domain/statement/statement_state.h"

const char *text_either(struct ctx *ctx, struct query *row, unsigned en)
{
	unsigned wanted = ctx->lang == LANG_JA ? en + 1 : en, other = ctx->lang == LANG_JA ? en : en + 1;

	return print_text(ctx, query_text(row, query_is_null(row, wanted) ? other : wanted));
}

/* Whose move it is, on a page as words to the one who reads it. */
static const char *waits_for(struct ctx *ctx, struct query *row, unsigned column)
{
	if (query_is_null(row, column)) {
		return ctx->page != NULL ? "" : "-";
	}
	return ctx->page == NULL                                ? print_party(ctx, query_int(row, column))
	    : query_int(row, column) == (int64_t)ctx->own_party ? WORD(ctx, "you")
								: print_party(ctx, query_int(row, column));
}

static const char *int_text(struct ctx *ctx, struct query *row, unsigned column)
{
	return arena_printf(ctx->arena, "%lld", (long long)query_int(row, column));
}

static json_t *pen_json(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? json_null() : json_string(print_party(ctx, query_int(row, column)));
}

/* ---- pledges --------------------------------------------------------------------------------------------------------- */

static const char pledges_sql[] =
    "SELECT p.number, p.state, p.pen, p.no, p.en, p.ja, p.carried_out_by, p.evidence, p.differs, p.first, p.second, "
    "(SELECT view FROM statement_view v WHERE v.thread = p.thread AND v.party = p.first ORDER BY v.number LIMIT 1), "
    "(SELECT view FROM statement_view v WHERE v.thread = p.thread AND v.party = p.second ORDER BY v.number LIMIT 1) "
    "FROM statement_pledge p WHERE (SELECT t.tally FROM thread t WHERE t.row = p.thread) = :tally ORDER BY p.no, p.number";

static bool shows_work(struct bytes view)
{
	return bytes_is(view, "under way") || bytes_is(view, "done");
}

/* What an auditor should see of a pledge: computed, never averaged. */
static const char *remark_of(struct ctx *ctx, struct query *row)
{
	bool unbacked = query_int(row, 7) == 0 && (shows_work(query_text(row, 11)) || shows_work(query_text(row, 12)));

	return query_int(row, 8)
	    ? (unbacked ? arena_printf(ctx->arena, "%s, %s", WORD(ctx, "differs"), WORD(ctx, "no evidence"))
			: WORD(ctx, "differs"))
	    : unbacked ? WORD(ctx, "no evidence")
		       : "";
}

static json_t *pledge_json(struct ctx *ctx, struct query *row, int64_t when)
{
	json_t *object = json_object(), *views = json_object();

	(void)when;
	json_object_set_new(object, "number", json_bytes(query_text(row, 0)));
	json_object_set_new(object, "state", json_bytes(query_text(row, 1)));
	json_object_set_new(object, "pen", pen_json(ctx, row, 2));
	json_object_set_new(object, "no", json_column(row, 3));
	json_object_set_new(object, "en", json_bytes(query_text(row, 4)));
	json_object_set_new(object, "ja", json_bytes(query_text(row, 5)));
	json_object_set_new(object, "carried_out_by", json_bytes(query_text(row, 6)));
	json_object_set_new(object, "evidence", json_column(row, 7));
	json_object_set_new(object, "differs", json_boolean(query_int(row, 8) != 0));
	json_object_set_new(views, print_party(ctx, query_int(row, 9)), json_bytes(query_text(row, 11)));
	json_object_set_new(views, print_party(ctx, query_int(row, 10)), json_bytes(query_text(row, 12)));
	json_object_set_new(object, "views", views);
	return object;
}

static const char *view_of(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? WORD(ctx, "not stated") : print_word(ctx, query_text(row, column));
}

static void pledge_cells(struct ctx *ctx, struct query *row, int64_t when, const char **cells)
{
	(void)when;
	cells[0] = int_text(ctx, row, 3);
	cells[1] = print_text(ctx, query_text(row, 0));
	cells[2] = text_either(ctx, row, 4);
	cells[3] = arena_printf(ctx->arena, "%s: %s, %s: %s", print_party(ctx, query_int(row, 9)),
	    view_of(ctx, row, 11), print_party(ctx, query_int(row, 10)), view_of(ctx, row, 12));
	cells[4] = remark_of(ctx, row);
	cells[5] = int_text(ctx, row, 7);
	cells[6] = print_word(ctx, query_text(row, 1));
	cells[7] = waits_for(ctx, row, 2);
}

const struct statement_list statement_pledges = {
	.sql = pledges_sql,
	.column_count = 8,
	.columns = { { "no", "No.", true }, { "number", "number", false }, { "pledge", "pledge", false },
	    { "views", "views", false }, { "remarks", "remarks", false }, { "evidence", "evidence", true },
	    { "state", "state", false }, { "waits_for", "waits for", false } },
	.number = 1,
	.cells = pledge_cells,
	.json = pledge_json,
};

/* ---- meetings -------------------------------------------------------------------------------------------------------- */

static const char meetings_sql[] =
    "SELECT m.number, m.state, m.pen, m.series, m.no, m.en, m.ja, m.starts_ms, m.ends_ms, m.place, m.id, m.version, "
    "m.since_ms, m.thread FROM statement_meeting m WHERE (SELECT t.tally FROM thread t WHERE t.row = m.thread) = :tally "
    "ORDER BY COALESCE(m.starts_ms, 9223372036854775807), m.number";

static json_t *meeting_json(struct ctx *ctx, struct query *row, int64_t when)
{
	json_t *object = json_object();

	(void)when;
	json_object_set_new(object, "number", json_bytes(query_text(row, 0)));
	json_object_set_new(object, "state", json_bytes(query_text(row, 1)));
	json_object_set_new(object, "pen", pen_json(ctx, row, 2));
	json_object_set_new(object, "series", json_bytes(query_text(row, 3)));
	json_object_set_new(object, "no", json_column(row, 4));
	json_object_set_new(object, "en", json_bytes(query_text(row, 5)));
	json_object_set_new(object, "ja", json_bytes(query_text(row, 6)));
	json_object_set_new(object, "starts_at", query_is_null(row, 7) ? json_null() : json_time_of(query_int(row, 7)));
	json_object_set_new(object, "ends_at", query_is_null(row, 8) ? json_null() : json_time_of(query_int(row, 8)));
	json_object_set_new(object, "place", json_bytes(query_text(row, 9)));
	json_object_set_new(object, "version", json_column(row, 11));
	return object;
}

bool takes_the_day(int64_t starts_ms, int64_t ends_ms)
{
	return starts_ms % DAY_MS == 0 && ends_ms - starts_ms == DAY_MS;
}

const char *print_start(struct ctx *ctx, struct query *row, unsigned starts, unsigned ends)
{
	int64_t starts_ms = query_int(row, starts);

	return query_is_null(row, starts) ? WORD(ctx, "to be set")
	    : !query_is_null(row, ends) && takes_the_day(starts_ms, query_int(row, ends))
	    ? print_day(ctx, day_of_ms(starts_ms, 0))
	    : print_time(ctx, starts_ms);
}

static void meeting_cells(struct ctx *ctx, struct query *row, int64_t when, const char **cells)
{
	(void)when;
	cells[0] = print_text(ctx, query_text(row, 0));
	cells[1] = text_either(ctx, row, 5);
	cells[2] = print_start(ctx, row, 7, 8);
	cells[3] = print_text(ctx, query_text(row, 9));
	cells[4] =
	    arena_printf(ctx->arena, "%s %lld", print_word(ctx, query_text(row, 3)), (long long)query_int(row, 4));
	cells[5] = print_word(ctx, query_text(row, 1));
	cells[6] = waits_for(ctx, row, 2);
}

/* One that was cancelled, or is over, will not come. */
static bool is_to_come(struct query *row, int64_t from_ms)
{
	int64_t ends_ms = query_is_null(row, 8) ? query_int(row, 7) : query_int(row, 8);

	return !bytes_is(query_text(row, 1), "cancelled") && !bytes_is(query_text(row, 1), "minutes agreed") &&
	    (query_is_null(row, 7) || ends_ms >= from_ms);
}

const struct statement_list statement_meetings = {
	.sql = meetings_sql,
	.column_count = 7,
	.columns = { { "number", "number", false }, { "meeting", "meeting", false }, { "starts", "starts", false },
	    { "place", "venue", false }, { "series", "series", false }, { "state", "state", false },
	    { "waits_for", "waits for", false } },
	.number = 0,
	.cells = meeting_cells,
	.json = meeting_json,
	.is_wanted = is_to_come,
};

/* ---- actions --------------------------------------------------------------------------------------------------------- */

static const char actions_sql[] =
    "SELECT a.number, a.state, a.pen, a.owner, a.owner_post, a.due_on, a.en, a.ja FROM statement_action a "
    "WHERE (SELECT t.tally FROM thread t WHERE t.row = a.thread) = :tally ORDER BY a.due_on, a.number";

/* From the day after its own, until it is done or dropped. Of a report the other side still has to judge. */
static bool is_overdue(struct query *row, int64_t today)
{
	return bytes_is(query_text(row, 1), "to do") && query_int(row, 5) < today;
}

static json_t *action_json(struct ctx *ctx, struct query *row, int64_t when)
{
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:b, s:o, s:o}", "number", json_bytes(query_text(row, 0)), "state",
	    json_bytes(query_text(row, 1)), "owner", print_party(ctx, query_int(row, 3)), "owner_post",
	    json_bytes(query_text(row, 4)), "due_on", json_day_of(query_int(row, 5)), "overdue", is_overdue(row, when),
	    "en", json_bytes(query_text(row, 6)), "ja", json_bytes(query_text(row, 7)));
}

static void action_cells(struct ctx *ctx, struct query *row, int64_t when, const char **cells)
{
	cells[0] = print_text(ctx, query_text(row, 0));
	cells[1] = text_either(ctx, row, 6);
	cells[2] = print_party(ctx, query_int(row, 3));
	cells[3] = print_text(ctx, query_text(row, 4));
	cells[4] = print_day(ctx, query_int(row, 5));
	cells[5] = is_overdue(row, when) ? WORD(ctx, "overdue") : "";
	cells[6] = print_word(ctx, query_text(row, 1));
	cells[7] = waits_for(ctx, row, 2);
}

const struct statement_list statement_actions = {
	.sql = actions_sql,
	.column_count = 8,
	.columns = { { "number", "number", false }, { "action", "action", false }, { "owner", "owner", false },
	    { "post", "post", false }, { "due_on", "act by", false }, { "overdue", "overdue", false },
	    { "state", "state", false }, { "waits_for", "waits for", false } },
	.number = 0,
	.cells = action_cells,
	.json = action_json,
	.is_wanted = is_overdue,
};

/* ---- context --------------------------------------------------------------------------------------------------------- */

static const char contexts_sql[] =
    "SELECT c.number, c.state, c.party, c.en, c.ja, c.carried_out_by, c.locator FROM statement_context c "
    "WHERE (SELECT t.tally FROM thread t WHERE t.row = c.thread) = :tally ORDER BY c.number";

static json_t *context_json(struct ctx *ctx, struct query *row, int64_t when)
{
	(void)when;
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "number", json_bytes(query_text(row, 0)), "state",
	    json_bytes(query_text(row, 1)), "party", print_party(ctx, query_int(row, 2)), "en",
	    json_bytes(query_text(row, 3)), "ja", json_bytes(query_text(row, 4)), "carried_out_by",
	    json_bytes(query_text(row, 5)), "locator", json_bytes(query_text(row, 6)));
}

static void context_cells(struct ctx *ctx, struct query *row, int64_t when, const char **cells)
{
	(void)when;
	cells[0] = print_text(ctx, query_text(row, 0));
	cells[1] = text_either(ctx, row, 3);
	cells[2] = print_party(ctx, query_int(row, 2));
	cells[3] = print_word(ctx, query_text(row, 5));
	cells[4] = print_word(ctx, query_text(row, 1));
}

static bool still_stands(struct query *row, int64_t when)
{
	(void)when;
	return bytes_is(query_text(row, 1), "recorded");
}

const struct statement_list statement_contexts = {
	.sql = contexts_sql,
	.column_count = 5,
	.columns = { { "number", "number", false }, { "context", "context", false },
	    { "stated_by", "stated by", false }, { "carried_out_by", "carried out by", false },
	    { "state", "state", false } },
	.number = 0,
	.cells = context_cells,
	.json = context_json,
	.is_wanted = still_stands,
};

/* ---- findings -------------------------------------------------------------------------------------------------------- */

/* clang-format off */
#define OF_TALLY(row) "(SELECT t.tally FROM thread t WHERE t.row = " row ".thread) = :tally"
#define VIEWS "FROM statement_view v WHERE v.thread = p.thread"
#define AT_WORK "v.view IN ('under way', 'done')"
#define TAKEN_BACK \
	"COALESCE((SELECT MAX(e.since_ms) FROM statement_evidence e WHERE e.thread = p.thread AND e.state = 'withdrawn' AND e.rehearsal = 0), 0)"
/* docs/statement-rules.md 6: rule, number, since which day, English, Japanese of what it is about. */
static const char findings_sql[] =
    "SELECT 'T1', p.number, (SELECT MAX(v.stated_ms) " VIEWS ") / 86400000, p.en, p.ja FROM statement_pledge p"
    " WHERE " OF_TALLY("p") " AND p.differs "
    "UNION ALL SELECT 'T2', p.number, MAX((SELECT MIN(v.stated_ms) " VIEWS " AND " AT_WORK "), " TAKEN_BACK ") / 86400000, p.en, p.ja"
    " FROM statement_pledge p WHERE " OF_TALLY("p") " AND p.evidence = 0 AND EXISTS (SELECT 1 " VIEWS " AND " AT_WORK ") "
    "UNION ALL SELECT 'T3', a.number, a.due_on + 1, a.en, a.ja FROM statement_action a WHERE " OF_TALLY("a") " AND a.state = 'to do' "
    "ORDER BY 1, 2";
/* clang-format on */

static const char *finding_of(struct bytes rule)
{
	return bytes_is(rule, "T1") ? "the views of the parties differ"
	    : bytes_is(rule, "T2")  ? "a view without evidence"
				    : "an action is overdue";
}

static json_t *finding_json(struct ctx *ctx, struct query *row, int64_t when)
{
	(void)ctx, (void)when;
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "rule", json_bytes(query_text(row, 0)), "number",
	    json_bytes(query_text(row, 1)), "finding", finding_of(query_text(row, 0)), "since",
	    json_day_of(query_int(row, 2)), "en", json_bytes(query_text(row, 3)), "ja", json_bytes(query_text(row, 4)));
}

static void finding_cells(struct ctx *ctx, struct query *row, int64_t when, const char **cells)
{
	(void)when;
	cells[0] = print_text(ctx, query_text(row, 1));
	cells[1] = text_either(ctx, row, 3);
	cells[2] = print_text(ctx, query_text(row, 0));
	cells[3] = WORD(ctx, finding_of(query_text(row, 0)));
	cells[4] = print_day(ctx, query_int(row, 2));
}

static bool is_found(struct query *row, int64_t today)
{
	return query_int(row, 2) <= today;
}

const struct statement_list statement_findings = {
	.sql = findings_sql,
	.column_count = 5,
	.columns = { { "number", "number", false }, { "about", "item", false }, { "rule", "rule", false },
	    { "finding", "finding", false }, { "since", "arose", false } },
	.number = 0,
	.cells = finding_cells,
	.json = finding_json,
	.is_wanted = is_found,
};

enum status list_day(const struct ctx *ctx, const char *given, int64_t *day, struct err *err)
{
	*day = day_of_ms(ctx->now_ms, 0);
	return !given || day_parse(bytes_text(given), day)
	    ? OK
	    : err_set(err, USAGE, "--as-of \"%s\": must be a day: 2015-06-30", given);
}

/* ---- shown ----------------------------------------------------------------------------------------------------------- */

enum status list_show(
    struct ctx *ctx, const struct statement_list *list, enum list_rows which, int64_t when, struct err *err)
{
	struct query *rows = NULL;
	struct grid grid = { .ctx = ctx, .columns = list->column_count, .numbers = 1U << list->number };
	const char *cells[GRID_COLUMNS];
	enum status status = ctx_query(ctx, list->sql, &rows, err);

	for (unsigned i = 0; i < list->column_count; i++) {
		grid.column[i] = (struct grid_column){ WORD(ctx, list->columns[i].en), list->columns[i].right,
			i == list->number + 1 ? 60 : 0 };
	}
	while (status == OK && query_next(rows)) {
		if (which == LIST_WANTED && !list->is_wanted(rows, when)) {
			continue;
		}
		if (ctx->json) {
			print_json(ctx, list->json(ctx, rows, when));
			continue;
		}
		list->cells(ctx, rows, when, cells);
		grid_row(&grid, cells);
	}
	query_close(rows);
	if (status != OK || ctx->json) {
		return status;
	}
	if (ctx->view.rehearsal && ctx->page == NULL) { /* every page has its own */
		print_line(ctx, WORD(ctx, "REHEARSAL - NOTHING HERE IS OWED"));
	}
	if (ctx->page != NULL && grid.row_count == 0) {
		print_line(ctx, WORD(ctx, "nothing"));
	} else {
		grid_print(&grid);
	}
	return OK;
}

enum status list_page(struct ctx *ctx, const struct statement_list *list, const struct request *request,
    struct html *html, enum list_rows which, int64_t when, struct err *err)
{
	int64_t skip = page_wants_data(request) ? 0 : listing_offset(request);
	struct query *rows = NULL;
	struct listing listing;
	const char *texts[LISTING_COLUMNS];
	enum status status = ctx_query(ctx, list->sql, &rows, err);

	if (status != OK) {
		return status;
	}
	listing_open(&listing, ctx, request, html, list->columns, list->column_count);
	for (bool more = true; more && query_next(rows);) {
		if ((which == LIST_WANTED && !list->is_wanted(rows, when)) || skip-- > 0) {
			continue;
		}
		struct listing_cell cells[LISTING_COLUMNS] = { { 0 } };
		list->cells(ctx, rows, when, texts);
		for (unsigned i = 0; i < list->column_count; i++) {
			cells[i].text = texts[i];
		}
		cells[list->number].href = arena_printf(ctx->arena, "/thread/%s", texts[list->number]);
		more = listing_row(&listing, cells);
	}
	query_close(rows);
	listing_close(&listing);
	return OK;
}
