/* Notices out as CSV, and the revenue office's numbers back in. One file goes both ways: the office fills the columns ledger, ledger_on, demand, demand_due_on,
 * paid_minor (all that was paid in so far) and paid_on, and sends it back. What stands in the tally already is not entered again. All or nothing: every cell that does not
 * fit is named with line and column, and then nothing is entered. */
#include "base/decimal.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "core/input.h"
#include "domain/national/national_commands.h"
#include "domain/national/national_notice.h"
#include "domain/national/national_print.h"
#include <stdlib.h>
#include <string.h>

/* ---- out --------------------------------------------------------------------------------------------------------- */

enum form { FORM_TEXT, FORM_INT, FORM_DAY };
static const struct column_form {
	const char *name;
	unsigned column;
	enum form form;
} columns[] = {
	{ "number", N_NUMBER, FORM_TEXT },
	{ "state", N_STATE, FORM_TEXT },
	{ "issue", N_ISSUE, FORM_TEXT },
	{ "order", N_ORDER, FORM_TEXT },
	{ "agreement", N_AGREEMENT, FORM_TEXT },
	{ "debtor", N_DEBTOR, FORM_TEXT },
	{ "address", N_ADDRESS, FORM_TEXT },
	{ "amount_minor", N_AMOUNT, FORM_INT },
	{ "currency", N_CURRENCY, FORM_TEXT },
	{ "estimate", N_ESTIMATE, FORM_INT },
	{ "delivered_on", N_DELIVERED_ON, FORM_DAY },
	{ "due_on", N_DUE_ON, FORM_DAY },
	{ "ledger", N_LEDGER, FORM_TEXT },
	{ "ledger_on", N_LEDGER_ON, FORM_DAY },
	{ "demand", N_DEMAND, FORM_TEXT },
	{ "demand_due_on", N_DEMAND_DUE_ON, FORM_DAY },
	{ "paid_minor", N_PAID, FORM_INT },
	{ "paid_on", N_PAID_ON, FORM_DAY },
};
#define COLUMNS (sizeof columns / sizeof *columns)
/* Those that come back, by their place above. */
enum { C_NUMBER = 0, C_LEDGER = 12, C_LEDGER_ON, C_DEMAND, C_DEMAND_DUE_ON, C_PAID, C_PAID_ON };

static const char *cell_of(struct ctx *ctx, struct query *row, const struct column_form *form)
{
	if (query_is_null(row, form->column)) {
		return "";
	}
	if (form->form == FORM_INT) {
		const char *text = arena_printf(ctx->arena, "%lld", (long long)query_int(row, form->column));
		return text ? text : "";
	}
	return form->form == FORM_DAY ? cell_day(ctx, row, form->column) : cell_text(ctx, row, form->column);
}

static enum status export_notices(struct ctx *ctx, void *context, struct err *err)
{
	const char *state = context;
	struct query *row = NULL;
	enum status status = ctx_query(ctx, notices_sql, &row, err);

	for (size_t i = 0; status == OK && !ctx->json && i < COLUMNS; i++) {
		csv_put(ctx->out, bytes_text(columns[i].name), i == 0);
	}
	if (status == OK && !ctx->json) {
		csv_end(ctx->out);
	}
	while (status == OK && query_next(row)) {
		if (!notice_passes(row, state)) {
			continue;
		}
		if (ctx->json) {
			notice_json(ctx, row);
			continue;
		}
		for (size_t i = 0; i < COLUMNS; i++) {
			csv_put(ctx->out, bytes_text(cell_of(ctx, row, &columns[i])), i == 0);
		}
		csv_end(ctx->out);
	}
	query_close(row);
	return status;
}

enum status notices_print(struct ctx *ctx, const char *state, struct err *err)
{
	return export_notices(ctx, (void *)(uintptr_t)state, err);
}

enum status notice_export(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct places places;
	enum status status = places_find(ctx, args, &places, err);

	return status == OK ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, export_notices,
				  (void *)(uintptr_t)args_option(args, "state"), err)
			    : status;
}

/* ---- in: the file ------------------------------------------------------------------------------------------------ */

/* A notice as it stands in the tally. */
struct known {
	const char *number, *state, *ledger, *demand;
	int64_t amount_minor, paid_minor;
	unsigned seen_on; /* line of the file; 0: not yet */
};

struct reading {
	const char *path;
	struct bytes text;
	int64_t at_ms;
	struct ctx *ctx;
	int place[COLUMNS]; /* of a column in the file; -1: not there */
	struct csv_row row;
	struct known *notices;
	unsigned notice_count, row_count, complaints;
	const char *first_complaint;
	struct submission *moves;
	struct submitted *made;
	unsigned *lines; /* of the file, by move */
	unsigned move_count;
};

static void complain(struct reading *reading, unsigned column, const char *reason)
{
	struct ctx *ctx = reading->ctx;
	const char *name = columns[column].name;

	if (ctx->json) {
		print_json(ctx,
		    json_pack("{s:i, s:s, s:s}", "line", (int)reading->row.line, "column", name, "reason", reason));
	} else {
		buf_printf(ctx->out, "%s, line %u, column %s: %s\n", reading->path, reading->row.line, name, reason);
	}
	if (reading->complaints++ == 0) {
		reading->first_complaint =
		    arena_printf(ctx->arena, "line %u, column %s: %s", reading->row.line, name, reason);
	}
}

static struct bytes field_of(const struct reading *reading, unsigned column)
{
	int place = reading->place[column];

	return place >= 0 && (unsigned)place < reading->row.count ? text_trim(reading->row.fields[place])
								  : (struct bytes){ 0 };
}

static const char *field_text(struct reading *reading, unsigned column)
{
	const char *text = arena_text(reading->ctx->arena, field_of(reading, column));

	return text ? text : "";
}

static enum status read_header(struct reading *reading, struct err *err)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		reading->place[i] = -1;
		for (unsigned k = 0; k < reading->row.count; k++) {
			if (bytes_is(text_trim(reading->row.fields[k]), columns[i].name)) {
				reading->place[i] = (int)k;
			}
		}
	}
	return reading->place[C_NUMBER] >= 0
	    ? OK
	    : err_set(err, BAD_INPUT, "file %s: has no column number; `warifu notice export` makes one that fits",
		  reading->path);
}

static enum status load_notices(struct reading *reading, struct err *err)
{
	struct ctx *ctx = reading->ctx;
	struct query *row = NULL;
	enum status status = ctx_query(ctx, notices_sql, &row, err);

	while (status == OK && query_next(row)) {
		reading->notices = arena_grow(ctx->arena, reading->notices, reading->notice_count,
		    (size_t)reading->notice_count + 1, sizeof *reading->notices);
		if (reading->notices == NULL) {
			status = err_set(err, ENVIRONMENT, "import: out of memory");
			break;
		}
		reading->notices[reading->notice_count++] = (struct known){ .number = cell_text(ctx, row, N_NUMBER),
			.state = cell_text(ctx, row, N_STATE),
			.ledger = cell_text(ctx, row, N_LEDGER),
			.demand = cell_text(ctx, row, N_DEMAND),
			.amount_minor = query_int(row, N_AMOUNT),
			.paid_minor = query_int(row, N_PAID) };
	}
	query_close(row);
	return status;
}

/* ---- in: rows ---------------------------------------------------------------------------------------------------- */

static void add_move(struct reading *reading, const struct known *notice, const char *kind, json_t *fields)
{
	struct arena *arena = reading->ctx->arena;
	char *text = json_dumps(fields, JSON_COMPACT);
	unsigned count = reading->move_count;

	reading->moves = arena_grow(arena, reading->moves, count, (size_t)count + 1, sizeof *reading->moves);
	reading->lines = arena_grow(arena, reading->lines, count, (size_t)count + 1, sizeof *reading->lines);
	const char *kept = text ? arena_text(arena, bytes_text(text)) : NULL;
	if (reading->moves == NULL || reading->lines == NULL || kept == NULL) {
		complain(reading, C_NUMBER, "out of memory");
	} else {
		reading->moves[count] = (struct submission){
			.kind = kind, .target = notice->number, .fields_json = kept, .stated_ms = reading->at_ms
		};
		reading->lines[count] = reading->row.line;
		reading->move_count++;
	}
	free(text);
	json_decref(fields);
}

/* A day that must stand beside what is entered. */
static const char *read_day(struct reading *reading, unsigned column)
{
	int64_t day;
	const char *text = field_text(reading, column);

	if (!day_parse(bytes_text(text), &day)) {
		complain(reading, column, text[0] ? "must be a day such as 2014-01-31" : "must be given");
		return NULL;
	}
	return text;
}

/* A number of the office with its day: entered when it is new; the one that stands may not be changed here. */
static bool read_numbered(struct reading *reading, struct known *notice, unsigned column, const char *stands,
    const char *from, const char *kind)
{
	const char *text = field_text(reading, column), *day;

	if (text[0] == '\0' || strcmp(text, stands) == 0) {
		return false;
	}
	if (stands[0] != '\0') {
		complain(reading, column,
		    arena_printf(reading->ctx->arena, "differs from %s, which stands in the tally", stands));
		return false;
	}
	if (strlen(text) > 64) {
		complain(reading, column, "longer than 64 bytes");
		return false;
	}
	if (strcmp(notice->state, from) != 0) {
		complain(reading, column,
		    arena_printf(reading->ctx->arena, "the notice is %s; must be %s", notice->state, from));
		return false;
	}
	day = read_day(reading, column + 1);
	if (day != NULL) {
		add_move(reading, notice, kind,
		    json_pack("{s:s, s:s}", columns[column].name, text, columns[column + 1].name, day));
	}
	return day != NULL;
}

static void read_paid(struct reading *reading, struct known *notice)
{
	struct bytes text = field_of(reading, C_PAID);
	struct decimal paid;
	const char *day;

	if (text.len == 0) {
		return;
	}
	if (decimal_parse(text, &paid, NULL) != OK || paid.decimals != 0 || paid.mantissa < 0) {
		complain(reading, C_PAID, "must be a whole number of minor units, all that was paid in so far");
	} else if (paid.mantissa < notice->paid_minor || paid.mantissa > notice->amount_minor) {
		complain(reading, C_PAID,
		    arena_printf(reading->ctx->arena,
			"must be from %lld, which stands in the tally, to %lld, the amount of the notice",
			(long long)notice->paid_minor, (long long)notice->amount_minor));
	} else if (paid.mantissa > notice->paid_minor && strcmp(notice->state, "demand issued") != 0) {
		complain(reading, C_PAID, "no demand was issued yet");
	} else if (paid.mantissa > notice->paid_minor && (day = read_day(reading, C_PAID_ON)) != NULL) {
		add_move(reading, notice, "national.notice_paid",
		    json_pack("{s:I, s:s}", "amount_minor", (json_int_t)(paid.mantissa - notice->paid_minor), "paid_on",
			day));
	}
}

static struct known *find_notice(struct reading *reading)
{
	struct bytes number = field_of(reading, C_NUMBER);

	for (unsigned i = 0; i < reading->notice_count; i++) {
		if (bytes_is(number, reading->notices[i].number)) {
			return &reading->notices[i];
		}
	}
	complain(reading, C_NUMBER, number.len > 0 ? "no such notice in the national tally" : "must be given");
	return NULL;
}

static void read_row(struct reading *reading)
{
	struct known *notice = find_notice(reading);

	reading->row_count++;
	if (notice == NULL) {
		return;
	}
	if (notice->seen_on > 0) {
		complain(
		    reading, C_NUMBER, arena_printf(reading->ctx->arena, "stands in line %u already", notice->seen_on));
		return;
	}
	notice->seen_on = reading->row.line;
	if (read_numbered(reading, notice, C_LEDGER, notice->ledger, "sent", "national.notice_taken_up")) {
		notice->state = "taken up";
	}
	if (read_numbered(reading, notice, C_DEMAND, notice->demand, "taken up", "national.notice_demanded")) {
		notice->state = "demand issued";
	}
	read_paid(reading, notice);
}

static enum status read_file(struct reading *reading, struct err *err)
{
	struct csv csv;
	struct bytes text;
	const char *encoding;
	bool header = true;
	struct err inner = { 0 };
	enum status status = text_decode(reading->ctx->arena, reading->text, true, &text, &encoding, &inner);

	csv_init(&csv, text);
	while (status == OK) {
		status = csv_next(&csv, reading->ctx->arena, &reading->row, &inner);
		if (status != OK) {
			break;
		}
		if (header) {
			status = read_header(reading, &inner);
			header = false;
		} else if (reading->row_count == LIMIT_CSV_ROWS) {
			status =
			    err_set(&inner, BAD_INPUT, "file %s: more than %d rows", reading->path, LIMIT_CSV_ROWS);
		} else {
			read_row(reading);
		}
	}
	if (status == NOT_FOUND && header) {
		return err_set(err, BAD_INPUT, "file %s: is empty", reading->path);
	}
	return status == NOT_FOUND ? OK : err_within(err, status, &inner, "file %s: nothing entered", reading->path);
}

static enum status submit_moves(struct reading *reading, struct err *err)
{
	struct err inner = { 0 };
	unsigned bad = 0;

	if (reading->move_count == 0) {
		return OK;
	}
	reading->made = arena_take_array(reading->ctx->arena, reading->move_count, sizeof *reading->made);
	if (reading->made == NULL) {
		return err_set(err, ENVIRONMENT, "import: out of memory");
	}
	enum status status =
	    ctx_submit_all(reading->ctx, reading->moves, reading->move_count, reading->made, &bad, &inner);
	if (status == REFUSED && bad < reading->move_count) {
		status = err_within(
		    err, status, &inner, "file %s: nothing entered; line %u", reading->path, reading->lines[bad]);
	} else if (status != OK) {
		err_within(err, status, &inner, "file %s: nothing entered", reading->path);
	}
	return status;
}

static enum status import_notices(struct ctx *ctx, void *context, struct err *err)
{
	struct reading *reading = context;

	reading->ctx = ctx;
	enum status status = load_notices(reading, err);
	if (status == OK) {
		status = read_file(reading, err);
	}
	if (status == OK && reading->complaints > 0) {
		status = err_set(err, BAD_INPUT, "file %s: nothing entered; %u things to mend, the first in %s",
		    reading->path, reading->complaints, reading->first_complaint);
	}
	if (status == OK) {
		status = submit_moves(reading, err);
	}
	for (unsigned i = 0; status == OK && i < reading->move_count; i++) {
		made_print(ctx, &reading->made[i]);
	}
	if (status == OK && !ctx->json) {
		buf_printf(ctx->out, "%s: %u rows, %u moves entered\n", reading->path, reading->row_count,
		    reading->move_count);
	}
	return status;
}

enum status notices_take(
    struct ctx *ctx, const char *called, struct bytes text, int64_t at_ms, struct notices_read *out, struct err *err)
{
	struct reading reading = { .path = called, .text = text, .at_ms = at_ms };
	enum status status = import_notices(ctx, &reading, err);

	*out = (struct notices_read){ reading.row_count, reading.move_count };
	return status;
}

enum status notice_import(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct reading reading = { .path = args_operand(args, 0) };
	struct places places;
	enum status status = places_find(ctx, args, &places, err);

	if (status == OK) {
		status = at_option(ctx, args, &reading.at_ms, err);
	}
	if (status == OK) {
		status = input_read(ctx->arena, reading.path, LIMIT_CSV_BYTES, &reading.text, err);
	}
	return status == OK ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, import_notices, &reading, err)
			    : status;
}
