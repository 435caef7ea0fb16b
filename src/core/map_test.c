#include "base/tap.h"
#include "core/map.h"
#include <stdlib.h>

static struct arena arena;
static struct buf out;

#define AT(latitude, longitude) \
	{ \
		(latitude) * POSITION_DEGREE, (longitude)*POSITION_DEGREE \
	}
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Every position lies inside, with room for its mark. */
static bool holds(const struct frame *frame, const struct position *positions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct spot spot = frame_spot(frame, positions[i]);
		if (spot.x < 40 || spot.x > frame->width - 40 || spot.y < 40 || spot.y > frame->height - 40) {
			return false;
		}
	}
	return true;
}

static void fitted(const char *title, const struct position *positions, unsigned count, int64_t most_degrees)
{
	struct frame frame;

	tap_ok(map_fit(&arena, positions, count, 5, &frame) && holds(&frame, positions, count), title);
	tap_ok(frame.across >= 5 * (int64_t)POSITION_DEGREE && frame.across <= most_degrees * POSITION_DEGREE &&
		frame.height >= 450 && frame.height <= 750 && frame.width == MAP_WIDTH,
	    "as close as it can be, and neither too low nor too high");
}

static void frames(void)
{
	const struct position one[] = { AT(11, 125) }, two[] = { AT(5, 32), AT(15, 121) };
	const struct position pacific[] = { AT(-18, 178), AT(-21, -175), AT(14, 145) };
	const struct position line[] = { AT(0, 180), AT(0, -180) }, tall[] = { AT(-40, 100), AT(60, 101) };
	const struct position round[] = { AT(0, 0), AT(0, 90), AT(0, 180), AT(0, -90) };
	const struct position poles[] = { AT(89, 10), AT(88, 12) }, both[] = { AT(-80, 0), AT(80, 170) };
	struct frame frame;
	struct arena small;

	fitted("a map holds one place", one, COUNT(one), 5);
	fitted("and two that lie far apart", two, COUNT(two), 120);
	fitted("and goes over the date line where that is the shorter way", pacific, COUNT(pacific), 70);
	fitted("both names of the line are one", line, COUNT(line), 5);
	fitted("and what lies north and south", tall, COUNT(tall), 260);
	fitted("and places all around the globe", round, COUNT(round), 360);
	tap_ok(map_fit(&arena, poles, COUNT(poles), 5, &frame) && frame.north <= 90 * (int64_t)POSITION_DEGREE,
	    "nothing lies beyond the pole");
	tap_ok(
	    map_fit(&arena, both, COUNT(both), 5, &frame) && frame_has(&frame, both[0]) && frame_has(&frame, both[1]),
	    "from pole to pole as well");
	tap_ok(!map_fit(&arena, NULL, 0, 5, &frame), "without a place there is no map");
	arena_init(&small, 0);
	tap_ok(!map_fit(&small, one, 1, 5, &frame), "nor without memory");
	arena_clear(&small);
	map_fit(&arena, one, 1, 5, &frame);
	tap_ok(frame_has(&frame, one[0]) && !frame_has(&frame, two[0]), "what is not in the frame is not on the map");
}

static void groups(void)
{
	const struct position places[] = { AT(11, 125), AT(15, 121), AT(11, 125), AT(5, 32), AT(10, 124) };
	struct position many[2 * MAP_MARKS];
	unsigned leader[2 * MAP_MARKS], leaders = 0;
	struct frame frame;
	bool apart = true;

	map_fit(&arena, places, COUNT(places), 5, &frame);
	map_group(&frame, places, COUNT(places), leader);
	tap_ok(leader[0] == 0 && leader[2] == 0 && leader[4] == 0 && leader[1] == 0,
	    "on a wide map what is near goes together");
	tap_ok(leader[3] == 3, "what is far is marked alone");
	map_fit(&arena, places, 3, 5, &frame);
	map_group(&frame, places, 3, leader);
	tap_ok(leader[0] == 0 && leader[1] == 1 && leader[2] == 0,
	    "on a close one they are apart, but for one and the same place");
	for (unsigned i = 0; i < COUNT(many); i++) {
		many[i] = (struct position){ (int32_t)(i / 32) * 2 * POSITION_DEGREE - 30 * POSITION_DEGREE,
			(int32_t)(i % 32) * 11 * POSITION_DEGREE - 170 * POSITION_DEGREE };
	}
	map_fit(&arena, many, COUNT(many), 5, &frame);
	map_group(&frame, many, COUNT(many), leader);
	for (unsigned i = 0; i < COUNT(many); i++) {
		leaders += leader[i] == i;
		for (unsigned j = 0; j < i; j++) {
			struct spot a = frame_spot(&frame, many[i]), b = frame_spot(&frame, many[j]);
			apart = apart &&
			    (leader[i] != i || leader[j] != j || llabs(a.x - b.x) >= 75 || llabs(a.y - b.y) >= 75);
		}
	}
	tap_ok(leaders > 10 && leaders < MAP_MARKS && apart, "marks never lie over one another");
	frame.across /= 64;
	map_group(&frame, many, COUNT(many), leader);
	leaders = 0;
	for (unsigned i = 0; i < COUNT(many); i++) {
		leaders += leader[i] == i;
	}
	tap_is_int(leaders, MAP_MARKS, "and there are never more of them than a map takes");
}

static unsigned times(const char *text, const char *part)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, part)) != NULL; at++) {
		count++;
	}
	return count;
}

static const char *drawn(const struct map *map)
{
	struct ctx ctx = { .arena = &arena };
	struct html html = { &out, &ctx };

	buf_reset(&out);
	map_draw(&html, map);
	return buf_text(&out);
}

static void drawings(void)
{
	const struct position places[] = { AT(11, 125), AT(15, 121) };
	const struct map_mark marks[] = { { places[0], "Tac<loban>", "Tac\"loban\"; orders: 3", "/support?place=Tac", 3,
					      true },
		{ places[1], "Manila", "Manila; orders: 12345", "/support?place=Manila", 12345, false } };
	const struct map_mark near[] = { { .at = AT(13, 123), .label = "Near" },
		{ .at = AT(11, 125), .label = "Beneath" } };
	struct map map = { .id = "map",
		.title = "A & B",
		.text = "the table",
		.marks = marks,
		.mark_count = 2,
		.near = near,
		.near_count = 2,
		.linked = true };

	map_fit(&arena, places, 2, 5, &map.frame);
	const char *svg = arena_text(&arena, bytes_text(drawn(&map)));
	tap_ok(strncmp(svg, "<svg class=\"map\" role=\"group\" aria-labelledby=\"map-title map-text\"", 66) == 0 &&
		strstr(svg, "<title id=\"map-title\">A &amp; B</title><desc id=\"map-text\">the table</desc>"),
	    "a map says what it shows");
	tap_is_int(times(svg, "<a href=\"/support?place="), 2, "each mark leads to its orders");
	tap_ok(strstr(svg, "aria-label=\"Tac&quot;loban&quot;; orders: 3\"") && strstr(svg, ">Tac&lt;loban&gt;<"),
	    "no text of a partner becomes markup");
	tap_ok(strstr(svg, "class=\"mark waits\"") && strstr(svg, "class=\"mark\"") && strstr(svg, ">3<") &&
		strstr(svg, ">12k<"),
	    "it shows how many, and what waits");
	tap_ok(strstr(svg, ">12°N<") && strstr(svg, ">124°E<"), "degrees stand at its edges");
	tap_ok(strstr(svg, ">Near<") && !strstr(svg, ">Beneath<"), "what has no room is left out");
	tap_ok(!strstr(svg, "style=") && !strstr(svg, "<script") && !strstr(svg, "<style"),
	    "it keeps to the content policy");
	tap_is_text(drawn(&map), svg, "and is the same each time");
	struct buf land;
	buf_init(&land, 1 << 20);
	coast_put(&land, &arena, &map.frame);
	map.land = buf_bytes(&land);
	tap_is_text(drawn(&map), svg, "and with land that was drawn before");
	buf_clear(&land);
	const struct map_mark alone = { .at = AT(0, 180), .label = "Here" };
	map = (struct map){ .id = "locator", .title = "t", .text = "t", .marks = &alone, .mark_count = 1 };
	map_fit(&arena, &alone.at, 1, 5, &map.frame);
	svg = drawn(&map);
	tap_ok(strstr(svg, "role=\"img\"") && !strstr(svg, "<a ") && strstr(svg, "class=\"point\""),
	    "a place alone is a dot on a picture");
	tap_ok(strstr(svg, ">179°E<") && strstr(svg, ">180°<") && strstr(svg, ">179°W<") && strstr(svg, ">0°<"),
	    "degrees go on over the date line");
	const struct position both[] = { AT(-80, 0), AT(80, 170) };
	map_fit(&arena, both, COUNT(both), 5, &map.frame);
	svg = drawn(&map);
	tap_ok(strstr(svg, ">60°S<") && !strstr(svg, ">120°S<"), "and end at the pole");
}

int main(void)
{
	arena_init(&arena, 64 << 20);
	buf_init(&out, 4 << 20);
	frames();
	groups();
	drawings();
	buf_clear(&out);
	arena_clear(&arena);
	return tap_done();
}
