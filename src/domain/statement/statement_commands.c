/* Commands of the statement domain. They read rows and print; what they mean is said in README.md. */
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "core/input.h"
#include "core/print.h"
#include "domain/statement/statement_state.h"
#include <stdlib.h>
#include <string.h>

static void rehearsal_line(struct ctx *ctx)
{
	if (ctx->view.rehearsal && ctx->page == NULL) { /* every page has its own */
		print_line(ctx, WORD(ctx, "REHEARSAL - NOTHING HERE IS OWED"));
	}
}

/* The text of a row in the language of the command, else in the other one. */
static const char *either(struct ctx *ctx, struct query *row, unsigned en)
{
	unsigned wanted = ctx->lang == LANG_JA ? en + 1 : en, other = ctx->lang == LANG_JA ? en : en + 1;

	return print_text(ctx, query_text(row, query_is_null(row, wanted) ? other : wanted));
}

/* ---- list --------------------------------------------------------------------------------------------------------- */

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

static json_t *pledge_json(struct ctx *ctx, struct query *row)
{
	json_t *object = json_object(), *views = json_object();

	json_object_set_new(object, "number", json_bytes(query_text(row, 0)));
	json_object_set_new(object, "state", json_bytes(query_text(row, 1)));
	json_object_set_new(
	    object, "pen", query_is_null(row, 2) ? json_null() : json_string(print_party(ctx, query_int(row, 2))));
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

/* A table, or where there is nothing to put in it, the word for that. */
static void grid_or_nothing(struct grid *grid)
{
	if (grid->ctx->page != NULL && grid->row_count == 0) {
		print_line(grid->ctx, WORD(grid->ctx, "nothing"));
	} else {
		grid_print(grid);
	}
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

enum status pledges_show(struct ctx *ctx, struct err *err)
{
	struct query *rows = NULL;
	struct grid grid = { .ctx = ctx,
		.columns = 8,
		.numbers = 2,
		.column = { { WORD(ctx, "No."), true, 0 }, { WORD(ctx, "number"), false, 0 },
		    { WORD(ctx, "state"), false, 0 }, { WORD(ctx, "views"), false, 0 },
		    { WORD(ctx, "evidence"), true, 0 }, { WORD(ctx, "remarks"), false, 0 },
		    { WORD(ctx, "waits for"), false, 0 }, { WORD(ctx, "pledge"), false, 60 } } };
	enum status status = ctx_query(ctx, pledges_sql, &rows, err);

	while (status == OK && query_next(rows)) {
		if (ctx->json) {
			print_json(ctx, pledge_json(ctx, rows));
			continue;
		}
		const char *cells[GRID_COLUMNS] = { arena_printf(ctx->arena, "%lld", (long long)query_int(rows, 3)),
			print_text(ctx, query_text(rows, 0)), print_word(ctx, query_text(rows, 1)),
			arena_printf(ctx->arena, "%s: %s, %s: %s", print_party(ctx, query_int(rows, 9)),
			    query_is_null(rows, 11) ? "-" : print_word(ctx, query_text(rows, 11)),
			    print_party(ctx, query_int(rows, 10)),
			    query_is_null(rows, 12) ? "-" : print_word(ctx, query_text(rows, 12))),
			arena_printf(ctx->arena, "%lld", (long long)query_int(rows, 7)), remark_of(ctx, rows),
			waits_for(ctx, rows, 2), either(ctx, rows, 4) };
		grid_row(&grid, cells);
	}
	query_close(rows);
	if (status == OK && !ctx->json) {
		rehearsal_line(ctx);
		grid_or_nothing(&grid);
	}
	return status;
}

/* ---- meetings and actions ------------------------------------------------------------------------------------------- */

static const char meetings_sql[] =
    "SELECT m.number, m.state, m.pen, m.series, m.no, m.en, m.ja, m.starts_ms, m.ends_ms, m.place, m.id, m.version, "
    "m.since_ms, m.thread FROM statement_meeting m WHERE (SELECT t.tally FROM thread t WHERE t.row = m.thread) = :tally "
    "ORDER BY COALESCE(m.starts_ms, 9223372036854775807), m.number";

static json_t *meeting_json(struct ctx *ctx, struct query *row)
{
	json_t *object = json_object();

	json_object_set_new(object, "number", json_bytes(query_text(row, 0)));
	json_object_set_new(object, "state", json_bytes(query_text(row, 1)));
	json_object_set_new(
	    object, "pen", query_is_null(row, 2) ? json_null() : json_string(print_party(ctx, query_int(row, 2))));
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

/* from_ms 0: all of them. A meeting that was cancelled, or is over, will not come. */
static bool is_to_come(struct query *row, int64_t from_ms)
{
	int64_t ends_ms = query_is_null(row, 8) ? query_int(row, 7) : query_int(row, 8);

	return from_ms == 0 ||
	    (!bytes_is(query_text(row, 1), "cancelled") && !bytes_is(query_text(row, 1), "minutes agreed") &&
		(query_is_null(row, 7) || ends_ms >= from_ms));
}

enum status meetings_show(struct ctx *ctx, int64_t from_ms, struct err *err)
{
	struct query *rows = NULL;
	struct grid grid = { .ctx = ctx,
		.columns = 7,
		.numbers = 1,
		.column = { { WORD(ctx, "number"), false, 0 }, { WORD(ctx, "state"), false, 0 },
		    { WORD(ctx, "waits for"), false, 0 }, { WORD(ctx, "series"), false, 0 },
		    { WORD(ctx, "starts"), false, 0 }, { WORD(ctx, "place"), false, 0 },
		    { WORD(ctx, "meeting"), false, 60 } } };
	enum status status = ctx_query(ctx, meetings_sql, &rows, err);

	while (status == OK && query_next(rows)) {
		if (!is_to_come(rows, from_ms)) {
			continue;
		}
		if (ctx->json) {
			print_json(ctx, meeting_json(ctx, rows));
			continue;
		}
		const char *cells[GRID_COLUMNS] = { print_text(ctx, query_text(rows, 0)),
			print_word(ctx, query_text(rows, 1)), waits_for(ctx, rows, 2),
			arena_printf(
			    ctx->arena, "%s %lld", print_text(ctx, query_text(rows, 3)), (long long)query_int(rows, 4)),
			query_is_null(rows, 7) ? WORD(ctx, "to be set") : print_time(ctx, query_int(rows, 7)),
			print_text(ctx, query_text(rows, 9)), either(ctx, rows, 5) };
		grid_row(&grid, cells);
	}
	query_close(rows);
	if (status == OK && !ctx->json) {
		rehearsal_line(ctx);
		grid_or_nothing(&grid);
	}
	return status;
}

static const char actions_sql[] =
    "SELECT a.number, a.state, a.pen, a.owner, a.owner_post, a.due_on, a.en, a.ja FROM statement_action a "
    "WHERE (SELECT t.tally FROM thread t WHERE t.row = a.thread) = :tally ORDER BY a.due_on, a.number";

/* An action is overdue from the day after its own, until it is done or dropped. Of a report the other side still has to judge. */
static bool is_overdue(struct query *row, int64_t today)
{
	return bytes_is(query_text(row, 1), "to do") && query_int(row, 5) < today;
}

static enum status day_option(const struct args *args, const struct ctx *ctx, int64_t *day, struct err *err)
{
	const char *given = args_option(args, "as-of");

	*day = day_of_ms(ctx->now_ms, 0);
	return !given || day_parse(bytes_text(given), day)
	    ? OK
	    : err_set(err, USAGE, "--as-of \"%s\": must be a day: 2015-06-30", given);
}

enum status actions_show(struct ctx *ctx, int64_t today, bool overdue, struct err *err)
{
	struct query *rows = NULL;
	struct grid grid = { .ctx = ctx,
		.columns = 6,
		.numbers = 1,
		.column = { { WORD(ctx, "number"), false, 0 }, { WORD(ctx, "state"), false, 0 },
		    { WORD(ctx, "owner"), false, 0 }, { WORD(ctx, "act by"), false, 0 },
		    { WORD(ctx, "overdue"), false, 0 }, { WORD(ctx, "action"), false, 60 } } };
	enum status status = ctx_query(ctx, actions_sql, &rows, err);

	while (status == OK && query_next(rows)) {
		if (overdue && !is_overdue(rows, today)) {
			continue;
		}
		if (ctx->json) {
			print_json(ctx,
			    json_pack("{s:o, s:o, s:s, s:o, s:o, s:b, s:o, s:o}", "number",
				json_bytes(query_text(rows, 0)), "state", json_bytes(query_text(rows, 1)), "owner",
				print_party(ctx, query_int(rows, 3)), "owner_post", json_bytes(query_text(rows, 4)),
				"due_on", json_day_of(query_int(rows, 5)), "overdue", is_overdue(rows, today), "en",
				json_bytes(query_text(rows, 6)), "ja", json_bytes(query_text(rows, 7))));
			continue;
		}
		const char *cells[GRID_COLUMNS] = { print_text(ctx, query_text(rows, 0)),
			print_word(ctx, query_text(rows, 1)), print_party(ctx, query_int(rows, 3)),
			print_day(ctx, query_int(rows, 5)), is_overdue(rows, today) ? WORD(ctx, "overdue") : "",
			either(ctx, rows, 6) };
		grid_row(&grid, cells);
	}
	query_close(rows);
	if (status == OK && !ctx->json) {
		rehearsal_line(ctx);
		grid_or_nothing(&grid);
	}
	return status;
}

/* ---- as commands ----------------------------------------------------------------------------------------------------- */

static enum status statement_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)args;
	return pledges_show(ctx, err);
}

static enum status statement_meetings(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)args;
	return meetings_show(ctx, 0, err);
}

static enum status statement_actions(struct ctx *ctx, const struct args *args, struct err *err)
{
	int64_t today;
	enum status status = day_option(args, ctx, &today, err);

	return status == OK ? actions_show(ctx, today, args_option(args, "overdue") != NULL, err) : status;
}

/* ---- calendar (RFC 5545) --------------------------------------------------------------------------------------------- */

#define CALENDAR_LINE 75 /* octets, without the line's end: RFC 5545 3.1 */

/* One content line, folded between characters. */
static void put_line(struct ctx *ctx, const char *text)
{
	size_t used = 0;

	for (const char *at = text; *at;) {
		size_t len = 1;
		while (((unsigned char)at[len] & 0xC0) == 0x80) {
			len++;
		}
		if (used + len > CALENDAR_LINE) {
			buf_put_text(ctx->out, "\r\n ");
			used = 1;
		}
		buf_put_bytes(ctx->out, bytes_of(at, len));
		used += len;
		at += len;
	}
	buf_put_text(ctx->out, "\r\n");
}

/* A value of type TEXT: RFC 5545 3.3.11. */
static const char *escaped(struct ctx *ctx, const char *text)
{
	const char *out = "";

	for (; *text; text++) {
		out = *text == '\n'                 ? arena_printf(ctx->arena, "%s\\n", out)
		    : strchr("\\;,", *text) != NULL ? arena_printf(ctx->arena, "%s\\%c", out, *text)
						    : arena_printf(ctx->arena, "%s%c", out, *text);
		if (!out) {
			return "";
		}
	}
	return out;
}

static void put_property(struct ctx *ctx, const char *name, const char *value)
{
	const char *line = arena_printf(ctx->arena, "%s:%s", name, value);

	put_line(ctx, line ? line : name);
}

static const char *calendar_time(struct ctx *ctx, int64_t ms)
{
	char text[TIME_TEXT];

	time_print(ms, text);
	return arena_printf(
	    ctx->arena, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", text, text + 5, text + 8, text + 11, text + 14, text + 17);
}

static const char *calendar_status(struct bytes state)
{
	return bytes_is(state, "cancelled")                              ? "CANCELLED"
	    : bytes_is(state, "called") || bytes_is(state, "date asked") ? "TENTATIVE"
									 : "CONFIRMED";
}

static void put_event(struct ctx *ctx, struct query *row)
{
	char uid[2 * 32 + 1] = "";
	struct bytes id = query_blob(row, 10);

	for (size_t i = 0; i < id.len && i < 32; i++) {
		snprintf(uid + 2 * i, 3, "%02x", id.data[i]);
	}
	put_property(ctx, "BEGIN", "VEVENT");
	put_property(ctx, "UID", uid);
	put_property(ctx, "SEQUENCE", arena_printf(ctx->arena, "%lld", (long long)query_int(row, 11) - 1));
	put_property(ctx, "DTSTAMP", calendar_time(ctx, query_int(row, 12)));
	put_property(ctx, "DTSTART", calendar_time(ctx, query_int(row, 7)));
	if (!query_is_null(row, 8)) {
		put_property(ctx, "DTEND", calendar_time(ctx, query_int(row, 8)));
	}
	put_property(ctx, "SUMMARY", escaped(ctx, either(ctx, row, 5)));
	if (!query_is_null(row, 9)) {
		put_property(ctx, "LOCATION", escaped(ctx, print_text(ctx, query_text(row, 9))));
	}
	put_property(ctx, "STATUS", calendar_status(query_text(row, 1)));
	put_property(ctx, "COMMENT", print_text(ctx, query_text(row, 0)));
	put_property(ctx, "END", "VEVENT");
}

/* Meetings that have a date. UID is the thread, SEQUENCE how often it was moved: a calendar replaces what it has by what it gets. */
static enum status statement_calendar(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, meetings_sql, &rows, err);

	(void)args;
	put_property(ctx, "BEGIN", "VCALENDAR");
	put_property(ctx, "VERSION", "2.0");
	put_property(ctx, "PRODID", "-//Warifu//Warifu//EN");
	while (status == OK && query_next(rows)) {
		if (!query_is_null(rows, 7)) {
			put_event(ctx, rows);
		}
	}
	query_close(rows);
	put_property(ctx, "END", "VCALENDAR");
	return status;
}

/* ---- import ------------------------------------------------------------------------------------------------------- */

#define IMPORT_PLEDGES 100 /* one statement; each becomes a thread */

static const char known_sql[] =
    "SELECT p.no, p.number FROM statement_pledge p WHERE (SELECT t.tally FROM thread t WHERE t.row = p.thread) = :tally "
    " AND p.no = :no ORDER BY p.number";

static enum status entered_before(struct ctx *ctx, int64_t no, bool *before, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, known_sql, &rows, err);

	*before = false;
	if (status == OK) {
		query_bind_int(rows, "no", no);
		*before = query_next(rows);
	}
	query_close(rows);
	return status;
}

static void set_text(json_t *fields, const json_t *from, const char *name, const char *as)
{
	const char *text = json_string_value(json_object_get(from, name));

	if (text != NULL) {
		json_object_set_new(fields, as, json_string(text));
	}
}

/* The other party: the only one, or the one named. */
static enum status partner_of(struct ctx *ctx, const struct args *args, const char **partner, struct err *err)
{
	*partner = args_option(args, "partner");
	if (*partner == NULL && ctx->view.party_count == 2) {
		*partner = print_party(ctx, ctx->own_party == 0 ? 1 : 0);
	}
	return *partner ? OK : err_set(err, USAGE, "--partner CODE: who confirms the wording?");
}

static enum status pledge_fields_text(struct ctx *ctx, const json_t *statement, const json_t *pledge,
    const char *partner, const char **out, struct err *err)
{
	json_t *fields = json_object();

	json_object_set_new(fields, "partner", json_string(partner));
	json_object_set_new(fields, "rule_set", json_integer(1));
	json_object_set_new(fields, "no", json_integer(json_integer_value(json_object_get(pledge, "no"))));
	set_text(fields, pledge, "en", "en");
	set_text(fields, pledge, "ja", "ja");
	set_text(fields, pledge, "carried_out_by", "carried_out_by");
	set_text(fields, statement, "made_on", "made_on");
	set_text(fields, statement, "made_at", "made_at");
	set_text(fields, json_array_get(json_object_get(statement, "source"), 0), "by", "locator");
	char *text = json_dumps(fields, JSON_COMPACT);
	*out = text ? arena_printf(ctx->arena, "%s", text) : NULL;
	free(text);
	json_decref(fields);
	return *out ? OK : err_set(err, ENVIRONMENT, "import: out of memory");
}

static enum status gather(struct ctx *ctx, const struct args *args, const json_t *statement, struct submission *out,
    unsigned *count, struct err *err)
{
	const json_t *pledges = json_object_get(statement, "pledges"), *pledge;
	const char *partner;
	size_t index;
	enum status status = partner_of(ctx, args, &partner, err);

	if (status == OK && (json_array_size(pledges) == 0 || json_array_size(pledges) > IMPORT_PLEDGES)) {
		return err_set(err, BAD_INPUT, "statement: must have 1 to %d `pledges`", IMPORT_PLEDGES);
	}
	*count = 0;
	json_array_foreach(pledges, index, pledge)
	{
		bool before = false;
		if (status == OK) {
			status = entered_before(ctx, json_integer_value(json_object_get(pledge, "no")), &before, err);
		}
		if (status == OK && !before) {
			out[*count] = (struct submission){ .kind = "statement.pledge_entered" };
			status = pledge_fields_text(ctx, statement, pledge, partner, &out[*count].fields_json, err);
			*count += status == OK;
		}
	}
	return status;
}

static enum status read_statement(struct ctx *ctx, const char *path, json_t **out, struct err *err)
{
	struct bytes text;
	json_error_t error;
	enum status status = input_read(ctx->arena, path, LIMIT_JSON_BYTES, &text, err);

	*out = NULL;
	if (status == OK) {
		*out = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &error);
		status = json_is_object(*out) ? OK
					      : err_set(err, BAD_INPUT, "file %s: not a statement in JSON: line %d: %s",
						    path, *out ? 1 : error.line, *out ? "not an object" : error.text);
	}
	return status;
}

static enum status statement_import(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct submission submissions[IMPORT_PLEDGES];
	struct submitted made[IMPORT_PLEDGES];
	unsigned count = 0, bad = 0;
	json_t *statement;
	enum status status = read_statement(ctx, args_operand(args, 0), &statement, err);

	if (status == OK) {
		status = gather(ctx, args, statement, submissions, &count, err);
	}
	if (status == OK && count > 0) {
		status = ctx_submit_all(ctx, submissions, count, made, &bad, err);
	}
	for (unsigned i = 0; status == OK && i < count; i++) {
		if (ctx->json) {
			print_json(ctx, json_pack("{s:s}", "number", made[i].number));
		} else {
			print_line(ctx, made[i].number);
		}
	}
	if (status == OK && !ctx->json) {
		buf_printf(ctx->out, "%u pledges entered; those that were here before are left as they are\n", count);
	}
	json_decref(statement);
	return status;
}

static const struct option as_of_options[] = {
	{ "as-of", OPTION_TEXT, "DAY", "look as of this day (else today)" },
	{ "overdue", OPTION_FLAG, NULL, "only those that are overdue" },
	{ 0 },
};
static const struct option import_options[] = {
	{ "partner", OPTION_TEXT, "CODE", "the party that confirms the wording (else the only other one)" },
	{ 0 },
};

const struct command statement_commands[] = {
	{ "statement", "list", NULL, 0, 0, "list the pledges, how each party sees them, and what backs them", NULL,
	    statement_list },
	{ "statement", "meetings", NULL, 0, 0, "list meetings by date", NULL, statement_meetings },
	{ "statement", "actions", NULL, 0, 0, "list who does what by when", as_of_options, statement_actions },
	{ "statement", "calendar", NULL, 0, 0, "print the meetings as a calendar file (iCalendar)", NULL,
	    statement_calendar },
	{ "statement", "import", "FILE", 1, 1, "enter the pledges of a statement in JSON", import_options,
	    statement_import },
	{ 0 },
};
