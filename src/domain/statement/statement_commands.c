/* Commands of the statement domain: its lists (statement_lists.c), and the meetings as a calendar. What they mean is said in README.md. */
#include "base/time.h"
#include "core/print.h"
#include "domain/statement/statement_state.h"
#include <string.h>

/* ---- lists ----------------------------------------------------------------------------------------------------------- */

static enum status statement_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)args;
	return list_show(ctx, &statement_pledges, LIST_ALL, 0, err);
}

static enum status statement_meetings_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)args;
	return list_show(ctx, &statement_meetings, LIST_ALL, 0, err);
}

static enum status statement_context_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)args;
	return list_show(ctx, &statement_contexts, LIST_ALL, 0, err);
}

static enum status statement_actions_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	int64_t today;
	enum status status = list_day(ctx, args_option(args, "as-of"), &today, err);
	enum list_rows which = args_option(args, "overdue") ? LIST_WANTED : LIST_ALL;

	return status == OK ? list_show(ctx, &statement_actions, which, today, err) : status;
}

static enum status statement_findings_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	int64_t today;
	enum status status = list_day(ctx, args_option(args, "as-of"), &today, err);

	return status == OK ? list_show(ctx, &statement_findings, LIST_WANTED, today, err) : status;
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
	char *out = arena_take(ctx->arena, 2 * strlen(text) + 1), *to = out;

	if (out == NULL) {
		return "";
	}
	for (; *text; text++) {
		if (strchr("\\;,\n", *text) != NULL) {
			*to++ = '\\';
		}
		*to++ = (char)(*text == '\n' ? 'n' : *text);
	}
	*to = '\0';
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

static void put_span(struct ctx *ctx, struct query *row)
{
	int64_t starts_ms = query_int(row, 7), ends_ms = query_int(row, 8);

	if (!query_is_null(row, 8) && takes_the_day(starts_ms, ends_ms)) {
		put_property(
		    ctx, "DTSTART;VALUE=DATE", arena_printf(ctx->arena, "%.8s", calendar_time(ctx, starts_ms)));
		return;
	}
	put_property(ctx, "DTSTART", calendar_time(ctx, starts_ms));
	if (!query_is_null(row, 8)) {
		put_property(ctx, "DTEND", calendar_time(ctx, ends_ms));
	}
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
	put_span(ctx, row);
	put_property(ctx, "SUMMARY", escaped(ctx, text_either(ctx, row, 5)));
	if (!query_is_null(row, 9)) {
		put_property(ctx, "LOCATION", escaped(ctx, print_text(ctx, query_text(row, 9))));
	}
	put_property(ctx, "STATUS", calendar_status(query_text(row, 1)));
	put_property(ctx, "COMMENT", print_text(ctx, query_text(row, 0)));
	put_property(ctx, "END", "VEVENT");
}

/* Meetings that have a date. UID is the thread, SEQUENCE how often it was moved: a calendar replaces what it has by what it gets. */
enum status calendar_put(struct ctx *ctx, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, statement_meetings.sql, &rows, err);

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
	return status == OK && ctx->arena->failed ? err_set(err, ENVIRONMENT, "calendar: out of memory") : status;
}

static enum status statement_calendar(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)args;
	return calendar_put(ctx, err);
}

/* ---- the table ------------------------------------------------------------------------------------------------------- */

static const struct option as_of_options[] = {
	{ "as-of", OPTION_TEXT, "DAY", "look as of this day (else today)" },
	{ "overdue", OPTION_FLAG, NULL, "only those that are overdue" },
	{ 0 },
};
static const struct option day_options[] = {
	{ "as-of", OPTION_TEXT, "DAY", "look as of this day (else today)" },
	{ 0 },
};
static const struct option import_options[] = {
	{ "partner", OPTION_TEXT, "CODE", "the party that confirms the wording (else the only other one)" },
	{ 0 },
};

const struct command statement_commands[] = {
	{ "statement", "list", NULL, 0, 0, "list the pledges, how each party sees them, and what backs them", NULL,
	    statement_list },
	{ "statement", "meetings", NULL, 0, 0, "list meetings by date", NULL, statement_meetings_list },
	{ "statement", "actions", NULL, 0, 0, "list who does what by when", as_of_options, statement_actions_list },
	{ "statement", "findings", NULL, 0, 0, "list views that differ or have no evidence, and actions overdue",
	    day_options, statement_findings_list },
	{ "statement", "context", NULL, 0, 0, "list what lies behind the pledges and is none", NULL,
	    statement_context_list },
	{ "statement", "calendar", NULL, 0, 0, "print the meetings as a calendar file (iCalendar)", NULL,
	    statement_calendar },
	{ "statement", "import", "FILE", 1, 1, "enter the pledges, meetings and context of a statement in JSON",
	    import_options, statement_import },
	{ 0 },
};
