/* The board: orders and nettings, and whose turn it is. A page of it is taken from one narrow table, whatever it is sorted by. */
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_board.h"
#include "domain/support/support_clock.h"
#include "domain/support/support_pages.h"
#include "domain/support/support_state.h"
#include <string.h>

#define COUNTED_MOST 999 /* "999+": more are not counted */

struct board_sort {
	const char *name, *en;
	enum board_order order;
};
static const struct board_sort sorts[] = {
	{ "turn", "whose turn it is", BOARD_BY_TURN },
	{ "number", "number", BOARD_BY_NUMBER },
	{ "since", "since", BOARD_BY_SINCE },
	{ "due", "days left", BOARD_BY_DUE },
	{ "day", "deliver on", BOARD_BY_DAY },
	{ 0 },
};

static const struct board_sort *sort_of(const struct request *request)
{
	const char *name = page_given(request, "sort");

	for (const struct board_sort *sort = sorts; name && sort->name; sort++) {
		if (strcmp(sort->name, name) == 0) {
			return sort;
		}
	}
	return sorts;
}

/* ---- whose turn ------------------------------------------------------------------------------------------------------ */

struct board_turn {
	const char *name, *en;
	int64_t low, high; /* ranks */
	bool counted;
};
static const struct board_turn turns[] = {
	{ "", "all", 0, BOARD_ALL_RANKS, false },
	{ "us", "waits for you", 0, BOARD_TURN, true },
	{ "partner", "waits for partner", BOARD_TURN, 2 * BOARD_TURN, true },
	{ "nobody", "nothing more to do", 2 * BOARD_TURN, BOARD_ALL_RANKS, false },
	{ 0 },
};

static const struct board_turn *turn_of(const struct request *request)
{
	const char *name = page_given(request, "turn");

	for (const struct board_turn *turn = turns; name && turn->name; turn++) {
		if (strcmp(turn->name, name) == 0) {
			return turn;
		}
	}
	return turns;
}

static const char *count_words(struct ctx *ctx, int64_t count)
{
	return count > COUNTED_MOST ? arena_printf(ctx->arena, " (%d+)", COUNTED_MOST)
				    : arena_printf(ctx->arena, " (%lld)", (long long)count);
}

/* The partner by its code, where there is but one. */
static const char *turn_words(struct ctx *ctx, const struct board_turn *turn)
{
	const char *word = ctx_word(ctx, turn->en);

	return strcmp(turn->name, "partner") == 0 && ctx->view.party_count == 2
	    ? arena_printf(ctx->arena, "%s: %s", word, ctx->view.party_codes[1 - ctx->own_party])
	    : word;
}

static enum status board_tabs(
    struct ctx *ctx, const struct request *request, struct html *html, bool alone, struct err *err)
{
	const struct board_turn *now = turn_of(request);
	enum status status = OK;

	HTML(html, "<nav class=\"tabs\"");
	HTML_ATTRIBUTE(html, "aria-label", ctx_word(ctx, "whose turn it is"));
	HTML(html, "><ul>");
	for (const struct board_turn *turn = turns; turn->name && status == OK; turn++) {
		int64_t count = 0;
		status =
		    turn->counted ? board_count(ctx, turn->low, turn->high, alone, COUNTED_MOST + 1, &count, err) : OK;
		HTML(html, "<li><a");
		HTML_ATTRIBUTE(html, "href", request_with(request, "turn", turn->name[0] ? turn->name : NULL));
		HTML_ATTRIBUTE(html, "aria-current", turn == now ? "page" : NULL);
		HTML(html, ">");
		html_text(html, turn_words(ctx, turn));
		if (turn->counted) {
			html_text(html, count_words(ctx, count));
		}
		HTML(html, "</a></li>");
	}
	HTML(html, "</ul></nav>\n");
	return status;
}

/* ---- filters --------------------------------------------------------------------------------------------------------- */

/* Categories of the agreement in force, in its own words. */
static void category_filter(struct ctx *ctx, const struct request *request, struct html *html)
{
	const struct field field = { .type = FIELD_CODE, .name = "category" };
	const char *chosen = page_given(request, "category");
	struct field_choice *choices = NULL;
	unsigned count = 0;

	if (support_choices(ctx, NULL, &support_kinds[KIND_REQUESTED], &field, &choices, &count, NULL) != OK) {
		return;
	}
	filter_select_open(html, "category", "category");
	filter_option(html, "", ctx_word(ctx, "all"), chosen);
	for (unsigned i = 0; i < count; i++) {
		filter_option(html, choices[i].value, ctx->lang == LANG_JA ? choices[i].ja : choices[i].en, chosen);
	}
	filter_select_close(html);
}

static void overdue_filter(struct ctx *ctx, const struct request *request, struct html *html)
{
	const char *chosen = page_given(request, "overdue");

	filter_select_open(html, "overdue", "clock");
	filter_option(html, "", ctx_word(ctx, "all"), chosen);
	filter_option(html, "yes", ctx_word(ctx, "overdue"), chosen);
	filter_select_close(html);
}

static void board_filter(struct ctx *ctx, const struct request *request, struct html *html)
{
	const char *state = page_given(request, "state"), *supplier = page_given(request, "supplier");
	uint64_t listed = 0;

	filter_open(html, "/support");
	if (page_given(request, "turn")) {
		page_hidden(html, "turn", page_given(request, "turn"));
	}
	for (unsigned i = 0; i < BOARD_PLACES && request_param_at(request, "place", i) != NULL; i++) {
		page_hidden(html, "place", request_param_at(request, "place", i));
	}
	filter_input(html, request, "search", "q", "search");
	filter_select_open(html, "state", "state");
	filter_option(html, "", ctx_word(ctx, "all"), state);
	for (const struct state *row = support_domain.states; row->name; row++) {
		if ((support_state_bits(row->name) & listed) == 0) {
			listed |= support_state_bits(row->name);
			filter_option(html, row->name, ctx_word(ctx, row->name), state);
		}
	}
	filter_select_close(html);
	filter_select_open(html, "supplier", "supplier");
	filter_option(html, "", ctx_word(ctx, "all"), supplier);
	for (unsigned i = 0; i < ctx->view.party_count; i++) {
		filter_option(html, ctx->view.party_codes[i], ctx->view.party_codes[i], supplier);
	}
	filter_select_close(html);
	category_filter(ctx, request, html);
	overdue_filter(ctx, request, html);
	filter_select_open(html, "sort", "sorted by");
	for (const struct board_sort *sort = sorts; sort->name; sort++) {
		filter_option(html, sort->name, ctx_word(ctx, sort->en), sort_of(request)->name);
	}
	filter_select_close(html);
	filter_close(html);
}

/* The places whose orders are shown, and the way to those of all; else the way to the map of them. */
static void board_places(struct ctx *ctx, const struct request *request, struct html *html)
{
	const char *place = page_given(request, "place");

	HTML(html, "<p class=\"after-list\">");
	if (place == NULL) {
		html_link(html, "/support/map", ctx_word(ctx, "map of the places"));
		HTML(html, "</p>\n");
		return;
	}
	html_word(html, "place");
	HTML(html, ": ");
	for (unsigned i = 0; i < BOARD_PLACES && (place = request_param_at(request, "place", i)) != NULL; i++) {
		html_text(html, i > 0 ? ", " : "");
		html_text(html, place);
	}
	HTML(html, ". ");
	html_link(html, request_with(request, "place", NULL), ctx_word(ctx, "all places"));
	HTML(html, "</p>\n");
}

static const char about_sql[] =
    "SELECT description_en, description_ja, value_minor, currency FROM support_line WHERE thread = :thread ORDER BY line";

/* What an order is about: its first line and how many more; its value where all lines have one in one currency. */
static enum status about(struct ctx *ctx, int64_t thread, const char **item, const char **value, struct err *err)
{
	struct query *lines = NULL;
	struct bytes currency = bytes_of(NULL, 0);
	int64_t sum = 0;
	unsigned count = 0;
	bool whole = true;
	enum status status = ctx_query(ctx, about_sql, &lines, err);

	*item = *value = "";
	if (status == OK) {
		query_bind_int(lines, "thread", thread);
	}
	while (status == OK && query_next(lines)) {
		if (count++ == 0) {
			unsigned wanted = ctx->lang == LANG_JA ? 1 : 0;
			*item = print_text(ctx, query_text(lines, query_is_null(lines, wanted) ? 1 - wanted : wanted));
			currency = arena_copy(ctx->arena, query_text(lines, 3));
		}
		whole = whole && !query_is_null(lines, 2) && bytes_equal(currency, query_text(lines, 3)) &&
		    minor_add(sum, query_int(lines, 2), &sum);
	}
	query_close(lines);
	if (count > 1) {
		*item = arena_printf(ctx->arena, "%s (+%u)", *item, count - 1);
	}
	if (count > 0 && whole) {
		*value = print_amount(ctx, currency, sum);
	}
	return status;
}

#define PART_OF(table) "SELECT number, state, pen, since_ms FROM " table " WHERE thread = :thread"
static const char part_sql[] =
    "SELECT number, state, pen, since_ms FROM (" PART_OF("support_order") " UNION ALL " PART_OF("support_issue") " UNION ALL " PART_OF(
	"support_claim") " UNION ALL " PART_OF("support_adjustment") " UNION ALL " PART_OF("support_netting") ") "
													      "WHERE :state = '' OR state = :state ORDER BY CASE WHEN pen = :own THEN 0 WHEN pen IS NOT NULL THEN 1 ELSE 2 END, since_ms, number LIMIT 1";

/* The part by which a thread is shown: the one that waits, or of those in the state that is asked for. */
struct shown_part {
	const char *number, *state, *since, *pen; /* pen: NULL when nobody's */
};

static enum status shown_part(
    struct ctx *ctx, int64_t thread, const char *state, struct shown_part *shown, struct err *err)
{
	struct query *part = NULL;
	enum status status = ctx_query(ctx, part_sql, &part, err);

	*shown = (struct shown_part){ "", "", "", NULL };
	if (status != OK) {
		return status;
	}
	query_bind_int(part, "thread", thread);
	query_bind_int(part, "own", ctx->own_party);
	query_bind_text(part, "state", bytes_text(state));
	if (query_next(part)) {
		const char *number = print_text(ctx, query_text(part, 0)), *stroke = strchr(number, '/');
		shown->number = stroke ? stroke + 1 : "";
		shown->state = query_is_null(part, 1) ? "rivals" : print_text(ctx, query_text(part, 1));
		shown->pen = query_is_null(part, 2) ? NULL : print_party(ctx, query_int(part, 2));
		shown->since = query_is_null(part, 3) ? "" : print_time(ctx, query_int(part, 3));
	}
	query_close(part);
	return status;
}

/* The thread's row. */
struct board_line {
	const char *number;
	unsigned one, other;
	int64_t rank, deliver_on, due_ms, due_on, due_offset;
};

static enum status line_get(struct ctx *ctx, int64_t thread, struct board_line *line, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(ctx, board_line_sql(ctx), &row, err);

	*line = (struct board_line){ .number = "" };
	if (status == OK) {
		query_bind_int(row, "thread", thread);
		query_bind_int(row, "own", ctx->own_party);
	}
	if (status == OK && query_next(row)) {
		*line = (struct board_line){
			.number = print_text(ctx, query_text(row, 0)),
			.one = (unsigned)query_int(row, 1),
			.other = (unsigned)query_int(row, 2),
			.rank = query_int(row, 3),
			.deliver_on = query_int(row, 4),
			.due_ms = query_int(row, 5),
			.due_on = query_int(row, 6),
			.due_offset = query_int(row, 7),
		};
	}
	query_close(row);
	return status;
}

/* Until the last day of the clock that ends first. */
static const char *days_left(struct ctx *ctx, const struct board_line *line)
{
	if (line->due_ms == BOARD_NEVER) {
		return "";
	}
	int offset = (int)line->due_offset;
	int64_t today = day_of_ms(ctx->now_ms, offset);
	return print_days_left(
	    ctx, clock_days_left(line->due_on, line->due_ms, offset, today, ctx->now_ms >= line->due_ms));
}

/* An order whose issues and claims have ended waits for nothing but bookkeeping, which is said on the page beside its state. */
static struct listing_cell state_cell(struct ctx *ctx, const struct shown_part *part, int64_t rank, bool data)
{
	bool closing = rank < 2 * BOARD_TURN && rank % BOARD_TURN >= BOARD_CLOSING;

	if (data || !closing || strcmp(part->state, "agreed") != 0) {
		return (struct listing_cell){ part->state, NULL, true };
	}
	return (struct listing_cell){ arena_printf(ctx->arena, "%s (%s)", ctx_word(ctx, part->state),
					  ctx_word(ctx, "only closing is left")),
		NULL, false };
}

static enum status board_line(
    struct ctx *ctx, struct listing *listing, int64_t thread, const char *state, struct err *err)
{
	const char *item, *value;
	unsigned own = ctx->own_party;
	struct shown_part part;
	struct board_line line;
	enum status status = line_get(ctx, thread, &line, err);

	if (status == OK) {
		status = about(ctx, thread, &item, &value, err);
	}
	if (status == OK) {
		status = shown_part(ctx, thread, state, &part, err);
	}
	if (status != OK) {
		return status;
	}
	int64_t turn = line.rank / BOARD_TURN;
	bool ours = own == line.one || own == line.other, data = page_wants_data(listing->request);
	const char *partner = ours ? print_party(ctx, own == line.one ? line.other : line.one) : "";
	const struct listing_cell cells[] = {
		{ turn == 0         ? "you"
			: turn == 1 ? part.pen ? part.pen : partner
				    : "",
		    NULL, turn == 0 },
		{ line.number, html_path(ctx, "/thread/", line.number), false },
		{ item, NULL, false },
		{ part.number, NULL, false },
		state_cell(ctx, &part, line.rank, data),
		{ data ? part.since : arena_printf(ctx->arena, "%.10s", part.since), NULL,
		    false }, /* the day is enough to read */
		{ days_left(ctx, &line), NULL, false },
		{ line.deliver_on == BOARD_NO_DAY ? "" : print_day(ctx, line.deliver_on), NULL, false },
		{ print_party(ctx, line.one), NULL, false },
		{ print_party(ctx, line.other), NULL, false },
		{ value, NULL, false },
	};
	listing_row(listing, cells);
	return OK;
}

enum status tally_is_alone(struct ctx *ctx, bool *alone, struct err *err)
{
	struct query *rows = NULL;
	enum status status =
	    ctx_query(ctx, "SELECT COUNT(*) FROM tally WHERE mode <> 'national' AND row <> :tally", &rows, err);

	*alone = status == OK && query_next(rows) && query_int(rows, 0) == 0;
	query_close(rows);
	return status;
}

static struct board_wish wish_of(struct ctx *ctx, const struct request *request, bool data, bool alone)
{
	const char *state = page_given(request, "state"), *supplier = page_given(request, "supplier");
	const struct board_turn *turn = turn_of(request);
	uint64_t bits = state ? support_state_bits(state) : 0;

	struct board_wish wish = {
		.text = page_given(request, "q"),
		.category = page_given(request, "category"),
		.states = state && bits == 0 ? UINT64_C(1) << 63 : bits, /* the last bit is no state's */
		.supplier = supplier ? (int64_t)fold_party_find(&ctx->view, bytes_text(supplier)) : -1,
		.overdue_ms = page_given(request, "overdue") ? ctx->now_ms : 0,
		.low = turn->low,
		.high = turn->high,
		.order = sort_of(request)->order,
		.alone = alone,
		.skip = data ? 0 : listing_offset(request),
		.most = data ? INT32_MAX : LISTING_PAGE + 1,
	};
	if (page_given(request, "place") == NULL) {
		return wish;
	}
	for (const char *place;
	     wish.place_count < BOARD_PLACES && (place = request_param_at(request, "place", wish.place_count)) != NULL;
	     wish.place_count++) {
		wish.places[wish.place_count] = place;
	}
	return wish;
}

/* An empty list says what can be done. */
static void say_what_next(struct ctx *ctx, const struct request *request, struct html *html)
{
	static const char *const filters[] = { "q", "state", "supplier", "category", "overdue", "turn", "page",
		"place" };
	bool filtered = false;

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		filtered |= page_given(request, filters[i]) != NULL;
	}
	HTML(html, "<p>");
	if (filtered) {
		html_word(html, "no order fits these filters");
		HTML(html, ": ");
		html_link(html, "/support", ctx_word(ctx, "show all orders"));
	} else {
		html_word(html, "there is no order yet; request one, or sync to get those of the partner");
	}
	HTML(html, "</p>\n");
}

enum status show_board(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	static const struct listing_column columns[] = { { "waits_for", "waits for", false },
		{ "number", "number", false }, { "item", "item", false }, { "part", "part", false },
		{ "state", "state", false }, { "since", "since", false }, { "days_left", "days left", true },
		{ "deliver_on", "deliver on", false }, { "receiver", "receiver", false },
		{ "supplier", "supplier", false }, { "value", "value", true } };
	bool data = page_wants_data(request);
	const char *state = page_given(request, "state");
	struct board_found found = { 0 };
	struct listing listing;
	bool alone;
	enum status status = tally_is_alone(ctx, &alone, err);

	if (status == OK && !data) {
		status = board_tabs(ctx, request, html, alone, err);
	}
	if (status == OK) {
		struct board_wish wish = wish_of(ctx, request, data, alone);
		status = board_find(ctx, &wish, &found, err);
	}
	if (status != OK) {
		return status;
	}
	if (!data) {
		board_filter(ctx, request, html);
		board_places(ctx, request, html);
	}
	listing_open(&listing, ctx, request, html, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < found.count && status == OK; i++) {
		status = board_line(ctx, &listing, found.threads[i], state ? state : "", err);
	}
	listing_close(&listing);
	if (!data && listing.seen == 0) {
		say_what_next(ctx, request, html);
	}
	return status;
}

/* ---- on the first page ------------------------------------------------------------------------------------------------- */

static const char overdue_sql[] =
    "SELECT COUNT(*) FROM (SELECT 1 FROM support_board b WHERE (:two OR b.one = :own OR b.other = :own) AND b.due_ms <= :overdue "
    "AND (:alone OR EXISTS (SELECT 1 FROM thread t WHERE t.row = b.thread AND +t.tally = :tally)) LIMIT :most)";

static enum status count_overdue(struct ctx *ctx, bool alone, int64_t *count, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, overdue_sql, &rows, err);

	if (status == OK) {
		query_bind_int(rows, "own", ctx->own_party);
		query_bind_int(rows, "two", ctx->view.party_count <= 2);
		query_bind_int(rows, "alone", alone);
		query_bind_int(rows, "overdue", ctx->now_ms);
		query_bind_int(rows, "most", COUNTED_MOST + 1);
	}
	*count = status == OK && query_next(rows) ? query_int(rows, 0) : 0;
	query_close(rows);
	return status;
}

static void front_link(struct ctx *ctx, struct html *html, const char *href, const char *words, int64_t count)
{
	HTML(html, "<li><a");
	HTML_ATTRIBUTE(html, "href", href);
	HTML(html, ">");
	html_text(html, words);
	html_text(html, count_words(ctx, count));
	HTML(html, "</a></li>");
}

enum status show_front(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	int64_t count = 0;
	bool alone;
	enum status status = tally_is_alone(ctx, &alone, err);

	(void)request;
	HTML(html, "<h2>");
	html_word(html, "orders of the agreement");
	HTML(html, "</h2><ul class=\"moves\">");
	for (const struct board_turn *turn = turns; turn->name && status == OK; turn++) {
		if (turn->counted) {
			status = board_count(ctx, turn->low, turn->high, alone, COUNTED_MOST + 1, &count, err);
			front_link(ctx, html, arena_printf(ctx->arena, "/support?turn=%s", turn->name),
			    turn_words(ctx, turn), count);
		}
	}
	if (status == OK) {
		status = count_overdue(ctx, alone, &count, err);
		front_link(ctx, html, "/support?overdue=yes", ctx_word(ctx, "overdue"), count);
	}
	HTML(html, "</ul>\n");
	return status;
}
