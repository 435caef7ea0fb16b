/* `support due`: what waits for whom since when, overdue first; `support remind`: a reminder for the partner. Clocks are those of
 * docs/audit-rules.md 2. */
#include "base/text.h"
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_look.h"
#include <stdlib.h>
#include <string.h>

/* Something that waits. */
struct due {
	const char *thread, *number, *state, *clock; /* clock NULL: none runs */
	unsigned party;                              /* for whom it waits */
	int64_t since_ms;
	struct clock_end end;
	int offset;
	bool hours, overdue;
	struct id entry;
	bool own, seen; /* the last entry is ours; the partner has acknowledged it */
	bool notice;    /* a notice of claim is to be sent, unless one was */
	struct id part;
	const char *item;
	struct todo todo;
};
struct dues {
	struct ctx *ctx;
	struct agreements agreements;
	struct due *items;
	unsigned count, capacity;
	int64_t until_ms, at_ms; /* what is stated before; the moment that is looked at */
	bool has_day;            /* a day is looked at, as the audit does: what its end is over is overdue */
	int64_t day;
	bool all, out_of_memory, sorted;
};

/* Days are those of the part's offset. */
static bool is_over(const struct dues *dues, const struct clock_end *end, int offset)
{
	return dues->has_day ? day_of_ms(end->overdue_ms, offset) <= dues->day : dues->at_ms >= end->overdue_ms;
}

static void add(struct dues *dues, const struct look *look, const struct look_part *part, unsigned side,
    const char *clock, int64_t since_ms, const struct clock_end *end)
{
	if (dues->count == dues->capacity) {
		unsigned wider = dues->capacity ? dues->capacity * 2 : 64;
		struct due *items = arena_take_array(dues->ctx->arena, wider, sizeof *items);
		if (items == NULL) {
			dues->out_of_memory = true;
			return;
		}
		if (dues->count > 0) {
			memcpy(items, dues->items, dues->count * sizeof *items);
		}
		dues->items = items;
		dues->capacity = wider;
	}
	struct due *due = &dues->items[dues->count++];
	*due = (struct due){ .thread = arena_text(dues->ctx->arena, bytes_text(look->number)),
		.number = arena_text(dues->ctx->arena, bytes_text(part->part->number)),
		.state = part->state->name,
		.clock = clock,
		.party = part->part->sides[side],
		.since_ms = since_ms,
		.offset = part->offset,
		.entry = part->head->id,
		.part = part->part->id,
		.own = part->head->signer.party == dues->ctx->own_party,
		.item = look_item(dues->ctx, look, part) };
	todo_of(look, part, clock, dues->at_ms, &due->todo);
	if (end != NULL) {
		due->end = *end;
		due->hours = end->overdue_ms != clock_day_begins(end->last_day + 1, part->offset);
		due->overdue = is_over(dues, end, part->offset);
	}
}

/* Those that only say that time runs out, not whose turn it is, are shown when it has. */
static void add_when_over(struct dues *dues, const struct look *look, const struct look_part *part, unsigned side,
    const char *clock, int64_t since_ms, const struct clock_end *end)
{
	if (dues->all || is_over(dues, end, part->offset)) {
		add(dues, look, part, side, clock, since_ms, end);
	}
}

/* ---- what waits -------------------------------------------------------------------------------------------------- */

static int64_t since(const struct look_part *part)
{
	return part->from_ms[part->count - 1];
}

/* What was issued in part waits for the rest; once all of it is settled for nothing but to be closed, which is bookkeeping. */
static void look_at_order(struct dues *dues, const struct look *look, const struct look_part *part)
{
	struct part_clock clock;

	if (part_clock(look, part, &clock)) {
		add(dues, look, part, clock.side, clock.name, clock.since_ms, &clock.end);
	} else if (part->state->pen != 0 && !order_is_idle(look) && (dues->all || !order_only_closing(look))) {
		add(dues, look, part, part->state->pen, NULL, since(part), NULL);
	}
}

/* The own revenue office is to be told of every claim, from the delivery on. */
static void look_at_notice(struct dues *dues, const struct look *look, const struct look_part *part)
{
	static const char *const none[] = { "annulled", "withdrawn", "joined", "taken", "denied", "unordered",
		"repudiated", "settled", "waived", NULL };
	struct clock_end end;

	if (part->part->sides[SUPPLIER] != dues->ctx->own_party || state_is(part, none) ||
	    !bytes_is(part->issue->method, "cash") ||
	    !clock_of_value(look->agreement, VALUE_NOTICE, CLOCK_WORKING_DAYS, part->issue->delivered_at_ms,
		part->offset, print_party(dues->ctx, dues->ctx->own_party), &end)) {
		return;
	}
	add(dues, look, part, SUPPLIER, "notice of claim", part->issue->delivered_at_ms, &end);
	if (dues->count > 0) {
		dues->items[dues->count - 1].notice = true;
		dues->items[dues->count - 1].own = false;
	}
}

static void look_at_issue(struct dues *dues, const struct look *look, const struct look_part *part)
{
	struct part_clock clock;
	unsigned at = 0;

	if (part_clock(look, part, &clock)) {
		add(dues, look, part, clock.side, clock.name, clock.since_ms, &clock.end);
	} else if (part->state->pen != 0) {
		add(dues, look, part, part->state->pen, NULL, since(part), NULL);
	}
	while (quiet_clock(look, part, &at, &clock)) {
		add_when_over(dues, look, part, clock.side, clock.name, clock.since_ms, &clock.end);
	}
	look_at_notice(dues, look, part);
}

static enum status look_at_thread(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	struct dues *dues = context;
	struct part_clock clock;
	struct look look;

	if (!look_at(dues->ctx->arena, &dues->agreements, fold, fact->number, &look)) {
		return err_set(err, ENVIRONMENT, "due: out of memory");
	}
	for (unsigned i = 0; i < look.part_count; i++) {
		const struct look_part *part = &look.parts[i];
		if (part->head == NULL || part->part->head_count != 1) {
			continue;
		}
		if (part->order != NULL) {
			look_at_order(dues, &look, part);
		} else if (part->issue != NULL) {
			look_at_issue(dues, &look, part);
		} else if (part_clock(&look, part, &clock)) {
			add(dues, &look, part, clock.side, clock.name, clock.since_ms, &clock.end);
		} else if (part->state->pen != 0 || adjustment_waits_for_claim(&look, part)) {
			add(dues, &look, part, part->state->pen ? part->state->pen : SUPPLIER, NULL, since(part), NULL);
		}
	}
	return dues->out_of_memory ? err_set(err, ENVIRONMENT, "due: out of memory") : OK;
}

/* ---- what the partner has seen ----------------------------------------------------------------------------------- */

static int by_entry(const void *a, const void *b)
{
	return id_compare(&((const struct due *)a)->entry, &((const struct due *)b)->entry);
}

static enum status look_at_entry(void *context, const struct entry_fact *fact, struct err *err)
{
	struct dues *dues = context;
	unsigned low = 0, high = dues->count;

	(void)err;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (id_compare(&dues->items[middle].entry, &fact->id) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	for (; low < dues->count && id_equal(&dues->items[low].entry, &fact->id); low++) {
		dues->items[low].seen = fact->covered_ms != FACT_NEVER;
	}
	return OK;
}

static int by_urgency(const void *a, const void *b)
{
	const struct due *one = a, *two = b;
	int64_t first = one->clock ? one->end.overdue_ms : INT64_MAX,
		last = two->clock ? two->end.overdue_ms : INT64_MAX;

	if (one->overdue != two->overdue) {
		return one->overdue ? -1 : 1;
	}
	if (first != last) {
		return first < last ? -1 : 1;
	}
	int order = strcmp(one->number, two->number);
	return order != 0 ? order : strcmp(one->clock ? one->clock : "", two->clock ? two->clock : "");
}

/* ---- notices that were sent --------------------------------------------------------------------------------------- */

static enum status count_is_above_0(struct ctx *ctx, const char *sql, bool *any, struct err *err)
{
	struct query *rows = NULL;
	enum status status = *any ? ctx_query(ctx, sql, &rows, err) : OK;

	*any = *any && status == OK && query_next(rows) && query_int(rows, 0) > 0;
	query_close(rows);
	return status;
}

static void forget_notice(struct dues *dues, struct bytes issue)
{
	for (unsigned i = 0; i < dues->count; i++) {
		if (dues->items[i].notice &&
		    (issue.data == NULL || bytes_equal(id_bytes(&dues->items[i].part), issue))) {
			dues->items[i--] = dues->items[--dues->count];
		}
	}
}

/* Leaves those for which none was sent; where the national tally is not here none is known, and none shown. */
static enum status keep_unsent(struct dues *dues, struct err *err)
{
	struct query *rows = NULL;
	bool here = true;
	enum status status =
	    count_is_above_0(dues->ctx, "SELECT COUNT(*) FROM domain_schema WHERE name = 'national'", &here, err);

	if (status == OK) {
		status = count_is_above_0(dues->ctx, "SELECT COUNT(*) FROM tally WHERE mode = 'national'", &here, err);
	}
	if (status != OK || !here) {
		forget_notice(dues, bytes_of(NULL, 0));
		return status;
	}
	status = ctx_query(dues->ctx,
	    "SELECT n.issue FROM national_notice n WHERE n.shared = :shared AND n.sent_ms < :until "
	    "AND (n.state IS NULL OR n.state <> 'withdrawn')",
	    &rows, err);
	if (status == OK) {
		query_bind_blob(rows, "shared", id_bytes(&dues->ctx->view.id));
		query_bind_int(rows, "until", dues->until_ms ? dues->until_ms : INT64_MAX);
	}
	while (status == OK && query_next(rows)) {
		forget_notice(dues, query_blob(rows, 0));
	}
	query_close(rows);
	return status;
}

static enum status dues_gather(struct dues *dues, struct err *err)
{
	enum status status = ctx_fold_each(dues->ctx, "support", dues->until_ms, look_at_thread, dues, err);

	if (status == OK) {
		status = keep_unsent(dues, err);
	}
	if (status == OK && dues->count > 0) {
		qsort(dues->items, dues->count, sizeof *dues->items, by_entry);
		status = ctx_entry_each(dues->ctx, dues->until_ms, false, look_at_entry, dues, err);
	}
	if (status == OK && dues->count > 0) {
		qsort(dues->items, dues->count, sizeof *dues->items, by_urgency);
	}
	return status;
}

/* ---- printing ---------------------------------------------------------------------------------------------------- */

static const char *due_by(struct dues *dues, const struct due *due)
{
	if (due->clock == NULL) {
		return "";
	}
	return due->hours ? print_time(dues->ctx, due->end.overdue_ms) : print_day(dues->ctx, due->end.last_day);
}

/* Until the last day; below 0 when that is over. */
static int64_t days_left(const struct dues *dues, const struct due *due)
{
	int64_t day = dues->has_day ? dues->day : day_of_ms(dues->at_ms, due->offset);

	return clock_days_left(due->end.last_day, due->end.overdue_ms, due->offset, day, due->overdue);
}

static const char *days_words(const struct dues *dues, const struct due *due)
{
	return due->clock == NULL ? "" : print_days_left(dues->ctx, days_left(dues, due));
}

/* The rule of the audit by which it is a finding when the clock has run out. */
static const char *clock_rule(const char *clock)
{
	static const char *const rules[][2] = { { "answer", "I43" }, { "ratification", "I43" }, { "receipt", "I44" },
		{ "issue", "I38" }, { "claim", "I45" }, { "payment", "I46" }, { "settlement in full", "I47" },
		{ "return", "I48" }, { "exchange", "I48" }, { "conversion", "I49" }, { "lapse", "I50" },
		{ "notice of claim", "I39" }, { "claim on own evidence", "I37" } };

	for (size_t i = 0; clock && i < sizeof rules / sizeof *rules; i++) {
		if (strcmp(rules[i][0], clock) == 0) {
			return rules[i][1];
		}
	}
	return "";
}

/* An answer is asked for from the moment it is stated; that the partner may not have got it yet is said. */
static bool unseen(const struct due *due)
{
	return due->own && !due->seen;
}

static bool any_unseen(const struct dues *dues)
{
	for (unsigned i = 0; i < dues->count; i++) {
		if (unseen(&dues->items[i])) {
			return true;
		}
	}
	return false;
}

/* A notice of claim is a move of the own national tally. */
static const char *to_do(struct dues *dues, const struct due *due)
{
	return due->notice ? WORD(dues->ctx, "Send a notice of claim") : todo_words(dues->ctx, &due->todo);
}

static const char *by_whom(struct dues *dues, const struct due *due)
{
	const char *party = print_party(dues->ctx, due->party);
	const char *roles = print_roles(dues->ctx, due->notice ? "claims" : todo_roles(dues->ctx, &due->todo));

	return roles[0] ? arena_printf(dues->ctx->arena, "%s: %s", party, roles) : party;
}

static json_t *due_object(struct dues *dues, const struct due *due)
{
	json_t *object = json_object();

	json_object_set_new(object, "number", json_string(due->number));
	json_object_set_new(object, "state", json_string(due->state));
	json_object_set_new(object, "item", json_string(due->item));
	json_object_set_new(object, "to_do", json_string(to_do(dues, due)));
	json_object_set_new(object, "roles", json_string(due->notice ? "claims" : todo_roles(dues->ctx, &due->todo)));
	json_object_set_new(object, "waits_for", json_string(print_party(dues->ctx, due->party)));
	json_object_set_new(object, "ours", json_boolean(due->party == dues->ctx->own_party));
	json_object_set_new(object, "clock", due->clock ? json_string(due->clock) : json_null());
	json_object_set_new(object, "since", json_time_of(due->since_ms));
	json_object_set_new(object, "due_on", due->clock ? json_day_of(due->end.last_day) : json_null());
	json_object_set_new(object, "overdue_from", due->clock ? json_time_of(due->end.overdue_ms) : json_null());
	json_object_set_new(object, "overdue", json_boolean(due->overdue));
	json_object_set_new(object, "overdue_days", json_integer(due->overdue ? -days_left(dues, due) : 0));
	json_object_set_new(object, "days_left", due->clock ? json_integer(days_left(dues, due)) : json_null());
	json_object_set_new(object, "seen_by_partner", due->own ? json_boolean(due->seen) : json_null());
	return object;
}

static bool is_asked_for(const struct dues *dues, const struct due *due, const char *waiting)
{
	return waiting == NULL || (due->party == dues->ctx->own_party) == (strcmp(waiting, "us") == 0);
}

static void print_dues(struct dues *dues, const char *waiting)
{
	struct ctx *ctx = dues->ctx;
	struct grid grid = { .ctx = ctx,
		.columns = any_unseen(dues) ? 11 : 10,
		.numbers = 1,
		.column = { { WORD(ctx, "number"), false, 0 }, { WORD(ctx, "item"), false, 0 },
		    { WORD(ctx, "what is to be done"), false, 60 }, { WORD(ctx, "waits for"), false, 0 },
		    { WORD(ctx, "state"), false, 0 }, { WORD(ctx, "clock"), false, 0 },
		    { WORD(ctx, "runs from"), false, 0 }, { WORD(ctx, "due by"), false, 0 },
		    { WORD(ctx, "days left"), true, 0 }, { WORD(ctx, "rule"), false, 0 },
		    { WORD(ctx, "note"), false, 60 } } };

	for (unsigned i = 0; i < dues->count; i++) {
		const struct due *due = &dues->items[i];
		if (!is_asked_for(dues, due, waiting)) {
			continue;
		}
		if (ctx->json) {
			print_json(ctx, due_object(dues, due));
			continue;
		}
		const char *cells[GRID_COLUMNS] = { due->number, due->item, to_do(dues, due), by_whom(dues, due),
			WORD(ctx, due->state), due->clock ? WORD(ctx, due->clock) : "", print_time(ctx, due->since_ms),
			due_by(dues, due), days_words(dues, due), clock_rule(due->clock),
			unseen(due) ? WORD(ctx, "not yet seen by the partner") : "" };
		grid_row(&grid, cells);
	}
	if (grid.row_count > 0) {
		grid_print(&grid);
	} else {
		print_line(ctx, ctx->json ? "" : WORD(ctx, "nothing"));
	}
	dues->out_of_memory |= grid.failed;
}

static void dues_json(struct dues *dues, const char *waiting)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < dues->count; i++) {
		if (is_asked_for(dues, &dues->items[i], waiting)) {
			json_array_append_new(array, due_object(dues, &dues->items[i]));
		}
	}
	print_json(dues->ctx, array);
}

static void dues_csv(struct dues *dues, const char *waiting)
{
	static const char *const titles[] = { "number", "item", "to_do", "waits_for", "state", "clock", "since",
		"due_on", "days_left", "rule" };
	struct ctx *ctx = dues->ctx;

	buf_put_text(ctx->out, "\xEF\xBB\xBF"); /* spreadsheets take a file without it for something else than UTF-8 */
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		csv_put(ctx->out, bytes_text(titles[i]), i == 0);
	}
	csv_end(ctx->out);
	for (unsigned i = 0; i < dues->count; i++) {
		const struct due *due = &dues->items[i];
		const char *cells[] = { due->number, due->item, to_do(dues, due), print_party(ctx, due->party),
			WORD(ctx, due->state), due->clock ? WORD(ctx, due->clock) : "", print_time(ctx, due->since_ms),
			due_by(dues, due),
			due->clock ? arena_printf(ctx->arena, "%lld", (long long)days_left(dues, due)) : "",
			clock_rule(due->clock) };
		for (size_t at = 0; is_asked_for(dues, due, waiting) && at < sizeof cells / sizeof *cells; at++) {
			csv_put(ctx->out, bytes_text(cells[at] ? cells[at] : ""), at == 0);
		}
		if (is_asked_for(dues, due, waiting)) {
			csv_end(ctx->out);
		}
	}
}

static enum status dues_begin(struct ctx *ctx, const char *as_of, bool all, struct dues *dues, struct err *err)
{
	int64_t day;
	enum status status = as_of_day(ctx, as_of, &day, err);

	*dues = (struct dues){ .ctx = ctx, .all = all };
	if (as_of != NULL) {
		dues->until_ms = dues->at_ms = (day + 1) * DAY_MS;
		dues->has_day = true;
		dues->day = day;
	} else {
		dues->until_ms = 0;
		dues->at_ms = ctx->now_ms;
	}
	return status;
}

enum status due_show(
    struct ctx *ctx, const char *as_of, const char *waiting, bool all, const char *form, struct err *err)
{
	struct dues dues;
	enum status status = dues_begin(ctx, as_of, all, &dues, err);

	if (waiting != NULL && strcmp(waiting, "us") != 0 && strcmp(waiting, "partner") != 0) {
		return err_set(err, USAGE, "--waiting %s: must be us or partner", waiting);
	}
	if (status == OK) {
		status = dues_gather(&dues, err);
	}
	if (status != OK) {
		return status;
	}
	if (strcmp(form, "csv") == 0) {
		dues_csv(&dues, waiting);
	} else if (strcmp(form, "json") == 0) {
		dues_json(&dues, waiting);
	} else {
		banner_print(ctx);
		print_dues(&dues, waiting);
	}
	return dues.out_of_memory ? err_set(err, ENVIRONMENT, "due: out of memory") : OK;
}

/* The clocks of one thread, those that only say how time runs out too. */
enum status due_of_thread(struct ctx *ctx, const char *number, struct err *err)
{
	struct dues dues;
	enum status status = dues_begin(ctx, NULL, true, &dues, err);

	if (status == OK) {
		status = ctx_fold_one(ctx, number, look_at_thread, &dues, err);
	}
	if (status == OK) {
		status = keep_unsent(&dues, err);
	}
	if (status != OK) {
		return status;
	}
	for (unsigned i = 0; i < dues.count; i++) {
		dues.items[i].own = false; /* until when the partner had seen it stands with the entries */
	}
	if (dues.count > 0) {
		qsort(dues.items, dues.count, sizeof *dues.items, by_urgency);
		print_title(ctx, WORD(ctx, "clocks"));
		print_dues(&dues, NULL);
	}
	return dues.out_of_memory ? err_set(err, ENVIRONMENT, "due: out of memory") : OK;
}

enum status support_due(struct ctx *ctx, const struct args *args, struct err *err)
{
	return due_show(ctx, args_option(args, "as-of"), args_option(args, "waiting"), args_option(args, "all") != NULL,
	    "text", err);
}

/* ---- a reminder -------------------------------------------------------------------------------------------------- */

static const char *in_japanese(struct ctx *ctx, const char *en)
{
	enum lang before = ctx->lang;

	ctx->lang = LANG_JA;
	const char *ja = WORD(ctx, en);
	ctx->lang = before;
	return ja;
}

static void remind_of(struct dues *dues, const struct due *due)
{
	struct ctx *ctx = dues->ctx;
	const char *by = due_by(dues, due);

	buf_printf(ctx->out, "%s\n", due->number);
	if (due->clock == NULL) {
		buf_printf(
		    ctx->out, "  Waits for your move (%s) since %s.\n", due->state, print_time(ctx, due->since_ms));
		buf_printf(ctx->out, "  %s 以来、貴国の手番です(%s)。\n\n", print_time(ctx, due->since_ms),
		    in_japanese(ctx, due->state));
		return;
	}
	buf_printf(ctx->out, "  Waits for your %s since %s; due by %s%s.\n", due->clock, print_time(ctx, due->since_ms),
	    by, due->overdue ? ", overdue" : "");
	buf_printf(ctx->out, "  %s 以来、貴国の%sを待っています。期限:%s%s\n\n", print_time(ctx, due->since_ms),
	    in_japanese(ctx, due->clock), by, due->overdue ? "(超過)" : "");
}

enum status support_remind(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *number = args_operand(args, 0);
	struct dues dues;
	unsigned found = 0;
	enum status status = dues_begin(ctx, args_option(args, "as-of"), false, &dues, err);

	if (status == OK) {
		status = dues_gather(&dues, err);
	}
	if (status != OK) {
		return status;
	}
	banner_print(ctx);
	buf_printf(ctx->out, "Reminder / 督促\n%s: %s\n%s: %s\n\n", "From / 発", print_party(ctx, ctx->own_party),
	    "As of / 基準日時", dues.has_day ? print_day(ctx, dues.day) : print_time(ctx, dues.at_ms));
	for (unsigned i = 0; i < dues.count; i++) {
		const struct due *due = &dues.items[i];
		bool named = strcmp(due->number, number) == 0 || strcmp(due->thread, number) == 0;
		if (named && due->party != ctx->own_party) {
			remind_of(&dues, due);
			found++;
		}
	}
	if (found == 0) {
		buf_reset(ctx->out);
		return err_set(err, NOT_FOUND, "%s: nothing there waits for the partner", number);
	}
	return OK;
}
