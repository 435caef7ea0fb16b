/* Where orders are delivered, on maps: that of an order on its page, those of all orders on a page of their own, with a table that says the same and
 * also lists what could not be placed. */
#include "core/map.h"
#include "core/places.h"
#include "core/print.h"
#include "domain/support/support_board.h"
#include "domain/support/support_pages.h"
#include "domain/support/support_state.h"
#include <stdlib.h>
#include <string.h>

#define PLACES_MOST 2000 /* texts that are located: of more, those with the fewest orders are counted together */
#define AREAS 6          /* maps of parts of the first one */
#define NEAR_MOST 12     /* places of the list, around that of an order */
#define LEAST_DEGREES 5  /* across a map: closer the coast is not exact */
#define LOCATOR_DEGREES 8
#define LOCATOR_WIDEST 64

/* ---- what the record says ------------------------------------------------------------------------------------------------- */

struct spot_row {
	const char *text; /* as it was written; NULL: an order without a place */
	int64_t orders, waits;
	bool located;
	struct position at;
	const struct named_place *place; /* NULL: by coordinates */
};
struct spots {
	struct spot_row *rows;
	unsigned count;
	int64_t rest; /* orders of places past the most */
};

static enum status no_memory(struct err *err)
{
	return err_set(err, ENVIRONMENT, "map: out of memory");
}

#define OF_TALLY "(:alone OR EXISTS (SELECT 1 FROM thread t WHERE t.row = o.thread AND t.tally = :tally))"
static const char places_sql[] =
    "SELECT o.place, COUNT(*), SUM(CASE WHEN :own = MIN(b.one, b.other) THEN b.rank_low < :turn "
    "WHEN :own = MAX(b.one, b.other) THEN b.rank_high < :turn ELSE 0 END) "
    "FROM support_order o JOIN support_board b ON b.thread = o.thread WHERE " OF_TALLY
    " GROUP BY o.place ORDER BY o.place IS NULL, 2 DESC, 1";

static enum status spots_read(struct ctx *ctx, struct spots *out, struct err *err)
{
	struct query *rows = NULL;
	struct places places;
	bool alone;
	enum status status = tally_is_alone(ctx, &alone, err);

	places_load(ctx->arena, &places);
	*out = (struct spots){ .rows = arena_take_array(ctx->arena, PLACES_MOST, sizeof *out->rows) };
	if (out->rows == NULL) {
		return no_memory(err);
	}
	if (status == OK) {
		status = ctx_query(ctx, places_sql, &rows, err);
	}
	if (status != OK) {
		return status;
	}
	query_bind_int(rows, "alone", alone);
	query_bind_int(rows, "own", ctx->own_party);
	query_bind_int(rows, "turn", BOARD_TURN);
	while (query_next(rows)) {
		struct spot_row row = { .orders = query_int(rows, 1), .waits = query_int(rows, 2) };
		if (out->count == PLACES_MOST) {
			out->rest += row.orders;
			continue;
		}
		row.text = query_is_null(rows, 0) ? NULL : arena_text(ctx->arena, query_text(rows, 0));
		row.located = row.text && places_locate(&places, bytes_text(row.text), &row.at, &row.place);
		out->rows[out->count++] = row;
	}
	query_close(rows);
	return OK;
}

/* ---- marks ---------------------------------------------------------------------------------------------------------------- */

/* Places that are marked together: a list of rows. */
struct cluster {
	const struct spot_row **rows;
	unsigned count;
	int64_t orders, waits;
	const char *map; /* "#area-1": a map of its own; NULL: none */
};

static const char *board_link(struct ctx *ctx, const struct spot_row *const *rows, unsigned count)
{
	const char *href = "/support?place=";

	for (unsigned i = 0; i < count; i++) {
		href = html_path(ctx, i > 0 ? arena_printf(ctx->arena, "%s&place=", href) : href, rows[i]->text);
	}
	return href;
}

/* "Cebu, Mactan, +2" */
static const char *cluster_name(struct ctx *ctx, const struct cluster *cluster)
{
	const char *name = cluster->rows[0]->text;

	if (cluster->count > 1) {
		name = arena_printf(ctx->arena, "%s, %s", name, cluster->rows[1]->text);
	}
	return cluster->count > 2 ? arena_printf(ctx->arena, "%s, +%u", name, cluster->count - 2) : name;
}

static struct map_mark mark_of(struct ctx *ctx, const struct cluster *cluster)
{
	const char *name = cluster_name(ctx, cluster);
	const char *spoken = arena_printf(ctx->arena, "%s; %s: %lld; %s: %lld", name, ctx_word(ctx, "orders"),
	    (long long)cluster->orders, ctx_word(ctx, "waits for you"), (long long)cluster->waits);
	const char *href = cluster->map != NULL ? cluster->map
	    : cluster->count <= BOARD_PLACES    ? board_link(ctx, cluster->rows, cluster->count)
						: "#places";

	return (struct map_mark){ cluster->rows[0]->at, name, spoken, href, cluster->orders, cluster->waits > 0 };
}

/* What lies within the frame of `rows`, and which of them are marked together. False: out of memory. */
static bool cluster(struct ctx *ctx, const struct spot_row **rows, unsigned count, int64_t least_degrees,
    struct frame *frame, struct cluster **out, unsigned *out_count)
{
	struct position *positions = arena_take_array(ctx->arena, count, sizeof *positions);
	unsigned *leader = arena_take_array(ctx->arena, count, sizeof *leader);
	struct cluster *found = arena_take_array(ctx->arena, count, sizeof *found);

	*out_count = 0;
	*out = found;
	for (unsigned i = 0; positions && i < count; i++) {
		positions[i] = rows[i]->at;
	}
	if (!positions || !leader || !found || !map_fit(ctx->arena, positions, count, least_degrees, frame)) {
		return false;
	}
	map_group(frame, positions, count, leader);
	for (unsigned i = 0; i < count; i++) {
		if (leader[i] != i) {
			continue;
		}
		struct cluster *made = &found[(*out_count)++];
		made->rows = arena_take_array(ctx->arena, count - i, sizeof *made->rows);
		for (unsigned j = i; made->rows && j < count; j++) {
			if (leader[j] == i) {
				made->rows[made->count++] = rows[j];
				made->orders += rows[j]->orders;
				made->waits += rows[j]->waits;
			}
		}
	}
	return !ctx->arena->failed;
}

static void draw(struct ctx *ctx, struct html *html, const struct frame *frame, const char *id,
    const struct cluster *clusters, unsigned count)
{
	struct map map = { .frame = *frame,
		.id = id,
		.title = ctx_word(ctx, "map of the places"),
		.text = ctx_word(ctx, "the table lists the same places"),
		.linked = true };
	struct map_mark *marks = arena_take_array(ctx->arena, count, sizeof *marks);

	for (unsigned i = 0; marks && i < count; i++) {
		marks[i] = mark_of(ctx, &clusters[i]);
	}
	map.marks = marks;
	map.mark_count = marks ? count : 0;
	HTML(html, "<figure class=\"map\">");
	map_draw(html, &map);
	HTML(html, "</figure>\n");
}

/* ---- maps ----------------------------------------------------------------------------------------------------------------- */

/* Do its places lie apart, so that a map of its own shows more? */
static bool lies_apart(const struct cluster *cluster)
{
	for (unsigned i = 1; i < cluster->count; i++) {
		if (memcmp(&cluster->rows[i]->at, &cluster->rows[0]->at, sizeof cluster->rows[0]->at) != 0) {
			return true;
		}
	}
	return false;
}

static bool show_area(struct ctx *ctx, struct html *html, const struct cluster *area)
{
	struct cluster *clusters;
	struct frame frame;
	unsigned count;

	if (!cluster(ctx, area->rows, area->count, LEAST_DEGREES, &frame, &clusters, &count)) {
		return false;
	}
	HTML(html, "<section class=\"area\"><h2");
	HTML_ATTRIBUTE(html, "id", area->map + 1);
	HTML(html, ">");
	html_text(html, cluster_name(ctx, area));
	HTML(html, "</h2>");
	draw(ctx, html, &frame, arena_printf(ctx->arena, "map-%s", area->map + 1), clusters, count);
	HTML(html, "</section>\n");
	return true;
}

/* The map of all that could be placed; beneath it, of marks that stand for many, a map each. */
static enum status show_maps(struct ctx *ctx, struct html *html, const struct spots *spots, struct err *err)
{
	const struct spot_row **rows = arena_take_array(ctx->arena, spots->count, sizeof *rows);
	struct cluster *clusters;
	struct frame frame;
	unsigned located = 0, count, areas = 0;

	for (unsigned i = 0; rows && i < spots->count; i++) {
		if (spots->rows[i].located) {
			rows[located++] = &spots->rows[i];
		}
	}
	if (rows && located == 0) {
		return OK;
	}
	bool good = rows && cluster(ctx, rows, located, LEAST_DEGREES, &frame, &clusters, &count);
	for (unsigned i = 0; good && i < count && areas < AREAS; i++) {
		if (count > 1 && lies_apart(&clusters[i])) {
			clusters[i].map = arena_printf(ctx->arena, "#area-%u", ++areas);
		}
	}
	if (good) {
		draw(ctx, html, &frame, "map", clusters, count);
		HTML(html, "<p class=\"key\">");
		html_word(html, "a figure is the number of orders; where a mark is filled, something waits for you");
		HTML(html, "</p>\n");
	}
	for (unsigned i = 0; good && i < count; i++) {
		good = clusters[i].map == NULL || show_area(ctx, html, &clusters[i]);
	}
	return good ? OK : no_memory(err);
}

/* ---- the table ------------------------------------------------------------------------------------------------------------ */

static const char *printed(struct ctx *ctx, struct position at)
{
	char text[POSITION_PRINTED];

	position_print(at, text);
	return arena_text(ctx->arena, bytes_text(text));
}

/* "11.24 N 125.00 E", and whether that is of the list of names. */
static const char *position_words(struct ctx *ctx, const struct spot_row *row)
{
	if (!row->located) {
		return ctx_word(ctx, "not located");
	}
	return row->place == NULL
	    ? printed(ctx, row->at)
	    : arena_printf(ctx->arena, "%s (%s)", printed(ctx, row->at), ctx_word(ctx, "as listed"));
}

static void put_cell(struct html *html, const char *en, const char *class, const char *text, const char *href)
{
	HTML(html, "<td");
	HTML_ATTRIBUTE(html, "class", class);
	HTML_ATTRIBUTE(html, "data-label", ctx_word(html->ctx, en));
	HTML(html, ">");
	if (href != NULL) {
		html_link(html, href, text);
	} else {
		html_text(html, text);
	}
	HTML(html, "</td>");
}

static void put_row(struct ctx *ctx, struct html *html, const struct spot_row *row)
{
	const char *place = row->text ? row->text : ctx_word(ctx, "no place given");

	HTML(html, "<tr>");
	put_cell(html, "place", NULL, place, row->text ? board_link(ctx, &row, 1) : NULL);
	put_cell(html, "position", NULL, position_words(ctx, row), NULL);
	put_cell(html, "orders", "right", arena_printf(ctx->arena, "%lld", (long long)row->orders), NULL);
	put_cell(html, "waits for you", "right", arena_printf(ctx->arena, "%lld", (long long)row->waits), NULL);
	HTML(html, "</tr>\n");
}

static void show_table(struct ctx *ctx, struct html *html, const struct spots *spots)
{
	static const char *const heads[] = { "place", "position", "orders", "waits for you" };

	HTML(html, "<h2 id=\"places\">");
	html_word(html, "places");
	HTML(html, "</h2><div class=\"table\"><table><thead><tr>");
	for (unsigned i = 0; i < 4; i++) {
		HTML(html, "<th scope=\"col\"");
		HTML_ATTRIBUTE(html, "class", i > 1 ? "right" : NULL);
		HTML(html, ">");
		html_word(html, heads[i]);
		HTML(html, "</th>");
	}
	HTML(html, "</tr></thead><tbody>");
	for (unsigned i = 0; i < spots->count; i++) {
		put_row(ctx, html, &spots->rows[i]);
	}
	HTML(html, "</tbody></table></div>\n");
	if (spots->rest > 0) {
		HTML(html, "<p>");
		html_printf(html, "%s: %lld", ctx_word(ctx, "orders at places that are not listed here"),
		    (long long)spots->rest);
		HTML(html, "</p>\n");
	}
}

static void show_data(struct ctx *ctx, const struct request *request, struct html *html, const struct spots *spots)
{
	static const struct listing_column columns[] = { { "place", "place", false }, { "position", "position", false },
		{ "orders", "orders", true }, { "waits_for_us", "waits for you", true } };
	struct listing listing;

	listing_open(&listing, ctx, request, html, columns, sizeof columns / sizeof *columns);
	for (unsigned i = 0; i < spots->count; i++) {
		const struct spot_row *row = &spots->rows[i];
		const struct listing_cell cells[] = { { row->text, NULL, false },
			{ row->located ? printed(ctx, row->at) : NULL, NULL, false },
			{ arena_printf(ctx->arena, "%lld", (long long)row->orders), NULL, false },
			{ arena_printf(ctx->arena, "%lld", (long long)row->waits), NULL, false } };
		listing_row(&listing, cells);
	}
	listing_close(&listing);
}

enum status show_map(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct spots spots;
	enum status status = spots_read(ctx, &spots, err);

	if (status != OK) {
		return status;
	}
	if (page_wants_data(request)) {
		show_data(ctx, request, html, &spots);
		return OK;
	}
	HTML(html, "<p class=\"after-list\">");
	html_link(html, "/support", ctx_word(ctx, "show all orders"));
	HTML(html, " ");
	html_link(html, request_with(request, "as", "csv"), "CSV");
	HTML(html, " ");
	html_link(html, request_with(request, "as", "json"), "JSON");
	HTML(html, "</p>\n");
	if (spots.count == 0) {
		HTML(html, "<p>");
		html_word(html, "there is no order yet; request one, or sync to get those of the partner");
		HTML(html, "</p>\n");
		return OK;
	}
	status = show_maps(ctx, html, &spots, err);
	if (status == OK) {
		show_table(ctx, html, &spots);
	}
	return status;
}

/* ---- of one order --------------------------------------------------------------------------------------------------------- */

#define RECTANGLE 64 /* bytes of a path that land on all sides takes: more is a coast */

/* As close as there is a coast in it, which says where it is. */
static bool locator_frame(struct ctx *ctx, struct position at, struct map *map)
{
	struct buf land;
	bool good = true, coast = false;

	buf_init(&land, 1 << 20);
	for (int64_t degrees = LOCATOR_DEGREES; good && !coast && degrees <= LOCATOR_WIDEST; degrees *= 2) {
		good = map_fit(ctx->arena, &at, 1, degrees, &map->frame);
		if (good) {
			buf_reset(&land);
			coast_put(&land, ctx->arena, &map->frame);
			coast = land.len > RECTANGLE;
		}
	}
	map->land = arena_copy(ctx->arena, buf_bytes(&land));
	buf_clear(&land);
	return good;
}

struct nearby {
	const struct named_place *place;
	int64_t apart; /* on the map, squared */
};

static int compare_nearby(const void *a, const void *b)
{
	const struct nearby *one = a, *other = b;

	return (one->apart > other->apart) - (one->apart < other->apart);
}

/* Places of the list that the map shows, the nearest first. */
static unsigned surroundings(
    struct ctx *ctx, const struct places *places, const struct frame *frame, struct position at, struct map_mark *out)
{
	struct nearby *found = arena_take_array(ctx->arena, places->count, sizeof *found);
	struct spot middle = frame_spot(frame, at);
	unsigned count = 0, most;

	for (unsigned i = 0; found && i < places->count; i++) {
		struct spot spot = frame_spot(frame, places->items[i].position);
		int64_t x = spot.x - middle.x, y = spot.y - middle.y;
		if ((x != 0 || y != 0) && frame_has(frame, places->items[i].position)) {
			found[count++] = (struct nearby){ &places->items[i], x * x + y * y };
		}
	}
	if (count > 1) {
		qsort(found, count, sizeof *found, compare_nearby);
	}
	most = count < NEAR_MOST ? count : NEAR_MOST;
	for (unsigned i = 0; i < most; i++) {
		const struct named_place *place = found[i].place;
		out[i] =
		    (struct map_mark){ .at = place->position, .label = ctx->lang == LANG_JA ? place->ja : place->en };
	}
	return most;
}

static void put_locator(struct ctx *ctx, struct html *html, const struct places *places, const struct spot_row *row)
{
	struct map_mark mark = { .at = row->at, .label = row->text }, near[NEAR_MOST];
	struct map map = { .id = "locator",
		.title = arena_printf(ctx->arena, "%s: %s", ctx_word(ctx, "place"), row->text),
		.text = position_words(ctx, row),
		.marks = &mark,
		.mark_count = 1,
		.near = near };

	if (!locator_frame(ctx, row->at, &map)) {
		return;
	}
	map.near_count = surroundings(ctx, places, &map.frame, row->at, near);
	HTML(html, "<figure class=\"map small\">");
	map_draw(html, &map);
	HTML(html, "<figcaption>");
	html_word(html, "place");
	HTML(html, ": ");
	html_text(html, row->text);
	HTML(html, ", <span class=\"nowrap\">");
	html_text(html, position_words(ctx, row));
	HTML(html, "</span></figcaption></figure>\n");
}

static const char place_sql[] = "SELECT o.place FROM support_order o JOIN thread t ON t.row = o.thread "
				"WHERE +t.tally = :tally AND t.number = :number";

/* Nothing where the order names no place, or one that cannot be placed. */
enum status locator_show(struct ctx *ctx, const char *number, struct html *html, struct err *err)
{
	const char *stroke = strchr(number, '/');
	struct query *rows = NULL;
	struct spot_row row = { 0 };
	struct places places;
	enum status status = ctx_query(ctx, place_sql, &rows, err);

	if (status != OK) {
		return status;
	}
	query_bind_text(rows, "number", bytes_of(number, stroke ? (size_t)(stroke - number) : strlen(number)));
	if (query_next(rows) && !query_is_null(rows, 0)) {
		row.text = arena_text(ctx->arena, query_text(rows, 0));
	}
	query_close(rows);
	if (row.text != NULL) {
		places_load(ctx->arena, &places);
		row.located = places_locate(&places, bytes_text(row.text), &row.at, &row.place);
	}
	if (row.located) {
		put_locator(ctx, html, &places, &row);
	}
	return OK;
}
