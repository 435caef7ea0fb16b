/* Maps: what part of the globe they show, which marks go together, and how they are drawn. Colours and sizes of letters are the style's. */
#include "core/map.h"
#include "base/err.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

#define DEGREE ((int64_t)POSITION_DEGREE)
#define TURN (360 * DEGREE)
#define LOW 450 /* heights between which a map is as high as its places need */
#define HIGH 750
#define RADIUS 37 /* of a mark: a finger's width on a narrow telephone */
#define APART 80  /* marks whose middles are nearer go together */
#define DOT 9
#define LETTER 21 /* width of a letter on a narrow telephone */
#define LINE 44   /* and height of a line */
#define BOXES (2 * MAP_MARKS + 128)

/* ---- what is shown ------------------------------------------------------------------------------------------------------ */

/* Of every fifth degree of latitude, in thousandths; nearer to the poles shapes are not kept. */
static int64_t cosine(int64_t latitude)
{
	static const int64_t every_fifth[] = { 1000, 996, 985, 966, 940, 906, 866, 819, 766, 707, 643, 574, 500, 423,
		342, 259, 174 };
	int64_t index = (llabs(latitude) + 5 * DEGREE / 2) / (5 * DEGREE);
	int64_t last = sizeof every_fifth / sizeof *every_fifth - 1;

	return every_fifth[index < last ? index : last];
}

static int compare(const void *a, const void *b)
{
	int32_t one = *(const int32_t *)a, other = *(const int32_t *)b;

	return (one > other) - (one < other);
}

/* The shortest stretch of longitudes that holds all of them: it begins behind the widest gap. */
static void stretch(int32_t *longitudes, unsigned count, int64_t *west, int64_t *extent)
{
	int64_t widest = -1;

	qsort(longitudes, count, sizeof *longitudes, compare);
	for (unsigned i = 0; i < count; i++) {
		int64_t next = i + 1 < count ? longitudes[i + 1] : longitudes[0] + TURN;
		if (next - longitudes[i] > widest) {
			widest = next - longitudes[i];
			*west = i + 1 < count ? next : longitudes[0];
		}
	}
	*extent = TURN - widest;
}

static int64_t at_most(int64_t value, int64_t most)
{
	return value < most ? value : most;
}

/* Around a middle; tall: degrees of latitude that it must hold. */
static void frame_around(int64_t longitude, int64_t latitude, int64_t wide, int64_t tall, struct frame *out)
{
	int64_t shrink = cosine(latitude);

	tall = tall * 1000 / shrink; /* as long as so many degrees of longitude */
	out->across = at_most(wide * HIGH < tall * MAP_WIDTH ? tall * MAP_WIDTH / HIGH : wide, TURN);
	ASSERT(out->across > 0); /* at least a degree was asked for */
	out->width = MAP_WIDTH;
	out->height = at_most(tall * MAP_WIDTH / out->across, HIGH);
	out->height = out->height > LOW ? out->height : LOW;
	out->shrink = shrink;
	int64_t half = out->height * out->across / MAP_WIDTH * shrink / 2000;
	out->north = at_most(latitude + half, 90 * DEGREE);
	if (out->north - 2 * half < -90 * DEGREE && half < 90 * DEGREE) {
		out->north = 2 * half - 90 * DEGREE;
	}
	out->west = longitude - out->across / 2;
	out->west += out->west < -180 * DEGREE ? TURN : out->west >= 180 * DEGREE ? -TURN : 0;
}

bool map_fit(
    struct arena *arena, const struct position *positions, unsigned count, int64_t least_degrees, struct frame *out)
{
	int32_t *longitudes = arena_take_array(arena, count, sizeof *longitudes);
	int64_t south = INT64_MAX, north = INT64_MIN, west = 0, extent = 0, least = least_degrees * DEGREE;

	ASSERT(least_degrees > 0);
	if (longitudes == NULL || count == 0) {
		return false;
	}
	for (unsigned i = 0; i < count; i++) {
		longitudes[i] = positions[i].longitude;
		south = positions[i].latitude < south ? positions[i].latitude : south;
		north = positions[i].latitude > north ? positions[i].latitude : north;
	}
	stretch(longitudes, count, &west, &extent);
	int64_t wide = extent + extent / 3, tall = (north - south) + (north - south) / 3;
	frame_around(west + extent / 2, (south + north) / 2, wide > least ? wide : least, tall, out);
	return true;
}

bool frame_has(const struct frame *frame, struct position position)
{
	struct spot spot = frame_spot(frame, position);

	return spot.x >= 0 && spot.x <= frame->width && spot.y >= 0 && spot.y <= frame->height;
}

void map_group(const struct frame *frame, const struct position *positions, unsigned count, unsigned *leader)
{
	unsigned leaders[MAP_MARKS] = { 0 }, leader_count = 0;

	for (unsigned i = 0; i < count; i++) {
		struct spot spot = frame_spot(frame, positions[i]);
		unsigned j = 0;
		for (; j < leader_count; j++) {
			struct spot other = frame_spot(frame, positions[leaders[j]]);
			if (llabs(spot.x - other.x) < APART && llabs(spot.y - other.y) < APART) {
				break;
			}
		}
		if (j == MAP_MARKS) {
			j--;
		} else if (j == leader_count) {
			leaders[leader_count++] = i;
		}
		leader[i] = leaders[j];
	}
}

/* ---- where letters go --------------------------------------------------------------------------------------------------- */

struct box {
	int64_t left, top, right, bottom;
};
struct drawing {
	struct html *html;
	const struct map *map;
	struct box boxes[BOXES]; /* what is taken */
	unsigned box_count;
};

static void box_add(struct drawing *drawing, struct box box)
{
	if (drawing->box_count < BOXES) {
		drawing->boxes[drawing->box_count++] = box;
	}
}

static bool is_free(const struct drawing *drawing, struct box box)
{
	const struct frame *frame = &drawing->map->frame;

	if (box.left < 0 || box.top < 0 || box.right > frame->width || box.bottom > frame->height ||
	    drawing->box_count == BOXES) {
		return false;
	}
	for (unsigned i = 0; i < drawing->box_count; i++) {
		const struct box *other = &drawing->boxes[i];
		if (box.left < other->right && box.right > other->left && box.top < other->bottom &&
		    box.bottom > other->top) {
			return false;
		}
	}
	return true;
}

/* A text beside, beneath or above a spot that takes `radius` around it; nothing where there is no room. */
static bool label_put(struct drawing *drawing, struct spot at, int64_t radius, const char *label, const char *class)
{
	int64_t width = text_width(bytes_text(label)) * LETTER, up = at.y - LINE / 2, gap = radius + 6;
	const struct {
		int64_t left, top;
		const char *anchor;
		int64_t x;
	} ways[] = {
		{ at.x + gap, up, "start", at.x + gap },
		{ at.x - gap - width, up, "end", at.x - gap },
		{ at.x - width / 2, at.y + radius, "middle", at.x },
		{ at.x - width / 2, at.y - radius - LINE, "middle", at.x },
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct box box = { ways[i].left, ways[i].top, ways[i].left + width, ways[i].top + LINE };
		if (is_free(drawing, box)) {
			box_add(drawing, box);
			HTML(drawing->html, "<text");
			HTML_ATTRIBUTE(drawing->html, "class", class);
			HTML_ATTRIBUTE(drawing->html, "text-anchor", ways[i].anchor);
			buf_printf(drawing->html->out, " x=\"%lld\" y=\"%lld\" dy=\".35em\">", (long long)ways[i].x,
			    (long long)ways[i].top + LINE / 2);
			html_plain(drawing->html, label);
			HTML(drawing->html, "</text>");
			return true;
		}
	}
	return false;
}

static struct box around(struct spot at, int64_t radius)
{
	return (struct box){ at.x - radius, at.y - radius, at.x + radius, at.y + radius };
}

/* ---- degrees -------------------------------------------------------------------------------------------------------------- */

/* Whole degrees between two lines: six lines across at most. */
static int64_t line_step(const struct frame *frame)
{
	static const int64_t steps[] = { 1, 2, 5, 10, 20, 30, 60 };
	size_t i = 0;

	while (i + 1 < sizeof steps / sizeof *steps && frame->across > 6 * steps[i] * DEGREE) {
		i++;
	}
	return steps[i];
}

static int64_t first_line(int64_t from, int64_t step)
{
	int64_t line = from / (step * DEGREE) * step;

	return line * DEGREE < from ? line + step : line;
}

static void degrees_put(
    struct drawing *drawing, struct box box, const char *anchor, int64_t degrees, const char *letters)
{
	struct html *html = drawing->html;
	int64_t shown = degrees > 180 ? degrees - 360 : degrees;
	bool plain = shown == 0 || llabs(shown) == 180;

	if (!is_free(drawing, box)) {
		return;
	}
	box_add(drawing, box);
	HTML(html, "<text class=\"degrees\"");
	HTML_ATTRIBUTE(html, "text-anchor", anchor);
	buf_printf(html->out, " x=\"%lld\" y=\"%lld\">%lld°%.*s</text>",
	    (long long)(strcmp(anchor, "start") == 0 ? box.left : (box.left + box.right) / 2),
	    (long long)box.bottom - 10, llabs(shown), plain ? 0 : 1, &letters[shown < 0]);
}

static void lines(struct drawing *drawing)
{
	const struct frame *frame = &drawing->map->frame;
	int64_t step = line_step(frame), high = frame->height * frame->across / frame->width * frame->shrink / 1000,
		south = frame->north - high > -90 * DEGREE ? frame->north - high : -90 * DEGREE;
	struct buf *out = drawing->html->out;

	HTML(drawing->html, "<path class=\"lines\" d=\"");
	for (int64_t at = first_line(frame->west, step); at * DEGREE < frame->west + frame->across; at += step) {
		int64_t x = (at * DEGREE - frame->west) * frame->width / frame->across;
		buf_printf(out, "M%lld 0v%lld", (long long)x, (long long)frame->height);
	}
	for (int64_t at = first_line(south, step); at * DEGREE <= frame->north && at <= 90; at += step) {
		struct spot spot = frame_spot(frame, (struct position){ (int32_t)(at * DEGREE), 0 });
		buf_printf(out, "M0 %lldh%lld", (long long)spot.y, (long long)frame->width);
	}
	HTML(drawing->html, "\"></path>");
	for (int64_t at = first_line(frame->west, step); at * DEGREE < frame->west + frame->across; at += step) {
		int64_t x = (at * DEGREE - frame->west) * frame->width / frame->across;
		degrees_put(
		    drawing, (struct box){ x - 50, frame->height - LINE, x + 50, frame->height }, "middle", at, "EW");
	}
	for (int64_t at = first_line(south, step); at * DEGREE <= frame->north && at <= 90; at += step) {
		struct spot spot = frame_spot(frame, (struct position){ (int32_t)(at * DEGREE), 0 });
		degrees_put(drawing, (struct box){ 8, spot.y - LINE, 98, spot.y }, "start", at, "NS");
	}
}

/* ---- marks ---------------------------------------------------------------------------------------------------------------- */

static void circle(struct drawing *drawing, const char *class, struct spot at, int radius)
{
	HTML(drawing->html, "<circle");
	HTML_ATTRIBUTE(drawing->html, "class", class);
	buf_printf(drawing->html->out, " cx=\"%lld\" cy=\"%lld\" r=\"%d\"></circle>", (long long)at.x, (long long)at.y,
	    radius);
}

static void number_put(struct drawing *drawing, const struct map_mark *mark, struct spot at)
{
	bool many = mark->count > 999;

	HTML(drawing->html, "<text");
	HTML_ATTRIBUTE(drawing->html, "class", mark->waits ? "count waits" : "count");
	buf_printf(drawing->html->out, " text-anchor=\"middle\" x=\"%lld\" y=\"%lld\" dy=\".35em\">%lld%s</text>",
	    (long long)at.x, (long long)at.y, (long long)(many ? mark->count / 1000 : mark->count), many ? "k" : "");
}

static void mark_put(struct drawing *drawing, const struct map_mark *mark)
{
	struct html *html = drawing->html;
	struct spot at = frame_spot(&drawing->map->frame, mark->at);

	if (mark->href != NULL) {
		HTML(html, "<a");
		HTML_ATTRIBUTE(html, "href", mark->href);
		HTML_ATTRIBUTE(html, "aria-label", mark->spoken);
		HTML(html, ">");
	} else {
		HTML(html, "<g>");
	}
	if (mark->spoken != NULL) {
		HTML(html, "<title>");
		html_plain(html, mark->spoken);
		HTML(html, "</title>");
	}
	if (mark->count > 0) {
		circle(drawing, mark->waits ? "mark waits" : "mark", at, RADIUS);
		number_put(drawing, mark, at);
	} else {
		circle(drawing, "ring", at, 2 * DOT);
		circle(drawing, "point", at, DOT);
	}
	if (mark->href != NULL) {
		HTML(html, "</a>");
	} else {
		HTML(html, "</g>");
	}
}

static int64_t radius_of(const struct map_mark *mark)
{
	return mark->count > 0 ? RADIUS : 2 * DOT;
}

static void labels(struct drawing *drawing)
{
	const struct map *map = drawing->map;

	HTML(drawing->html, "<g aria-hidden=\"true\">");
	for (unsigned i = 0; i < map->mark_count; i++) {
		if (map->marks[i].label != NULL) {
			label_put(drawing, frame_spot(&map->frame, map->marks[i].at), radius_of(&map->marks[i]),
			    map->marks[i].label, "label");
		}
	}
	for (unsigned i = 0; i < map->near_count; i++) {
		struct spot at = frame_spot(&map->frame, map->near[i].at);
		struct box box = around(at, DOT);
		if (is_free(drawing, box) && label_put(drawing, at, DOT, map->near[i].label, "near")) {
			box_add(drawing, box);
			circle(drawing, "near", at, DOT);
		}
	}
	HTML(drawing->html, "</g>");
}

static void open_svg(struct html *html, const struct map *map)
{
	struct ctx *ctx = html->ctx;

	HTML(html, "<svg class=\"map\"");
	HTML_ATTRIBUTE(html, "role", map->linked ? "group" : "img");
	HTML_ATTRIBUTE(html, "aria-labelledby", arena_printf(ctx->arena, "%s-title %s-text", map->id, map->id));
	buf_printf(
	    html->out, " viewBox=\"0 0 %lld %lld\"><title", (long long)map->frame.width, (long long)map->frame.height);
	HTML_ATTRIBUTE(html, "id", arena_printf(ctx->arena, "%s-title", map->id));
	HTML(html, ">");
	html_plain(html, map->title);
	HTML(html, "</title><desc");
	HTML_ATTRIBUTE(html, "id", arena_printf(ctx->arena, "%s-text", map->id));
	HTML(html, ">");
	html_plain(html, map->text);
	HTML(html, "</desc>");
}

void map_draw(struct html *html, const struct map *map)
{
	struct drawing *drawing = arena_take(html->ctx->arena, sizeof *drawing);

	if (drawing == NULL) {
		return;
	}
	*drawing = (struct drawing){ .html = html, .map = map };
	open_svg(html, map);
	buf_printf(html->out, "<rect class=\"sea\" width=\"%lld\" height=\"%lld\"></rect>", (long long)map->frame.width,
	    (long long)map->frame.height);
	HTML(html, "<path class=\"land\" fill-rule=\"evenodd\" d=\"");
	if (map->land.data != NULL) {
		buf_put_bytes(html->out, map->land);
	} else {
		coast_put(html->out, html->ctx->arena, &map->frame);
	}
	HTML(html, "\"></path><g aria-hidden=\"true\">");
	for (unsigned i = 0; i < map->mark_count; i++) {
		box_add(drawing, around(frame_spot(&map->frame, map->marks[i].at), radius_of(&map->marks[i])));
	}
	lines(drawing);
	HTML(html, "</g>");
	labels(drawing);
	for (unsigned i = 0; i < map->mark_count; i++) {
		mark_put(drawing, &map->marks[i]);
	}
	HTML(html, "</svg>");
}
