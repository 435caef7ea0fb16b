#include "base/err.h"
#include "base/tap.h"
#include "core/coast.h"
#include <stdlib.h>

static struct arena arena;
static struct buf path;

#define DEGREES(n) ((int64_t)((n) * (int64_t)POSITION_DEGREE))

/* The land of a frame, as whoever draws the path sees it: is there some at x, y? Even and odd crossings of a line to the left. */
static bool is_land(const char *data, long x, long y)
{
	bool land = false;
	long at_x = 0, at_y = 0, first_x = 0, first_y = 0;

	while (*data) {
		long before_x = at_x, before_y = at_y;
		char *end = NULL;
		if (*data == 'M') {
			at_x = first_x = strtol(data + 1, &end, 10);
			at_y = first_y = strtol(end, &end, 10);
			data = end;
			continue;
		}
		if (*data == 'z') {
			at_x = first_x;
			at_y = first_y;
			data++;
		} else {
			at_x += strtol(data + (*data == 'l'), &end, 10);
			at_y += strtol(end, &end, 10);
			data = end;
		}
		if ((before_y > y) != (at_y > y)) {
			land ^= before_x + (y - before_y) * (at_x - before_x) / (at_y - before_y) < x;
		}
	}
	return land;
}

static struct frame around(int64_t latitude, int64_t longitude, int64_t degrees)
{
	return (struct frame){ DEGREES(longitude) - DEGREES(degrees) / 2, DEGREES(latitude) + DEGREES(degrees) / 2,
		DEGREES(degrees), 1000, 1000, 1000 };
}

static const char *drawn(const struct frame *frame)
{
	buf_reset(&path);
	coast_put(&path, &arena, frame);
	return buf_text(&path);
}

/* In the middle of a picture around the place, and of one of the world. */
static void place(const char *name, int32_t latitude, int32_t longitude, bool land)
{
	struct frame near = around(latitude, longitude, 6),
		     world = { DEGREES(-180), DEGREES(90), DEGREES(360), 1000, 3600, 1800 };
	struct spot spot =
	    frame_spot(&world, (struct position){ latitude * POSITION_DEGREE, longitude * POSITION_DEGREE });

	tap_ok(is_land(drawn(&near), 501, 501) == land, name);
	tap_ok(is_land(drawn(&world), spot.x, spot.y) == land, "on a map of the world as well");
}

static void known(void)
{
	place("there is land in the middle of Luzon", 17, 121, true);
	place("and of Samar", 12, 125, true);
	place("and of Honshu", 36, 138, true);
	place("and of England", 52, -1, true);
	place("and of South Sudan", 7, 30, true);
	place("and of Antarctica", -80, 0, true);
	place("there is sea east of Samar", 11, 128, false);
	place("and in the North Sea", 56, 3, false);
	place("and between Honshu and Korea", 38, 134, false);
	place("and in the Pacific", 0, -150, false);
	place("and in the Caspian, which lies inside land", 42, 51, false);
	place("and at the pole", 90, 0, false);
}

static void across_the_date_line(void)
{
	/* The window begins east of Chukotka's western part and goes over 180 degrees: the map is whole, whatever the longitudes are called. */
	struct frame frame = { DEGREES(170), DEGREES(70), DEGREES(20), 400, 1000, 1000 };
	struct spot west = frame_spot(&frame, (struct position){ 67 * POSITION_DEGREE, 178 * POSITION_DEGREE });
	struct spot east = frame_spot(&frame, (struct position){ 66 * POSITION_DEGREE, -174 * POSITION_DEGREE });
	struct spot at_180 = frame_spot(&frame, (struct position){ 0, 180 * POSITION_DEGREE });
	const char *data = arena_text(&arena, bytes_text(drawn(&frame)));

	ASSERT(data != NULL);
	tap_is_int(west.x, 400, "a place before the date line lies where it is");
	tap_is_int(east.x, 800, "one behind it goes on to the right");
	tap_is_int(at_180.x, 500, "the line lies between");
	tap_ok(is_land(data, west.x, west.y) && is_land(data, east.x, east.y), "there is land on both sides");
	frame.west = DEGREES(-190);
	tap_is_text(drawn(&frame), data, "a window that begins at -190 degrees is the one that begins at 170");
}

static void bounds(void)
{
	struct frame frame = around(12, 124, 8), sea = around(-40, -120, 8),
		     world = { DEGREES(-180), DEGREES(85), DEGREES(360), 1000, 1000, 472 };
	size_t len = strlen(drawn(&frame));
	bool inside = true;

	tap_ok(len > 1000 && len < 8000, "the Visayas take some thousand bytes");
	for (const char *at = drawn(&frame); (at = strchr(at, 'M')) != NULL; at++) {
		char *end;
		long x = strtol(at + 1, &end, 10), y = strtol(end, NULL, 10);
		inside = inside && x >= -4 && x <= 1004 && y >= -4 && y <= 1004;
	}
	tap_ok(inside, "no ring begins outside the picture");
	tap_is_text(drawn(&sea), "", "where all is sea nothing is drawn");
	tap_ok(strlen(drawn(&world)) < 65536, "the world takes less than 64 KiB");
	const char *first = arena_text(&arena, buf_bytes(&path));
	tap_is_text(drawn(&world), first, "and the same each time");
	struct arena small;
	arena_init(&small, 4096);
	buf_reset(&path);
	coast_put(&path, &small, &world);
	tap_ok(small.failed && path.len == 0, "without memory there is no coast");
	arena_clear(&small);
}

int main(void)
{
	arena_init(&arena, 256 << 20);
	buf_init(&path, 4 << 20);
	known();
	across_the_date_line();
	bounds();
	buf_clear(&path);
	arena_clear(&arena);
	return tap_done();
}
