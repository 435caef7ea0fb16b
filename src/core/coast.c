/* The coastline: unpacked, projected, cut at the frame, and put as a path. Plain longitudes and latitudes, the latter stretched so that shapes in the
 * middle of the picture are right. */
#include "core/coast.h"
#include "core/assets.h"
#include <stdlib.h>

#define TURN (360 * (int64_t)POSITION_DEGREE)
#define UNIT (POSITION_DEGREE / COAST_DEGREE)
#define RING_CORNERS 5120 /* of one ring: tools/coastline.mjs makes no longer one */
#define BEYOND 4          /* units around the picture that the land goes on, so that no edge of it is seen */

/* ---- unpacking -------------------------------------------------------------------------------------------------------- */

struct corner {
	int64_t longitude, latitude; /* hundredths of a degree */
};

static bool number_take(struct bytes *in, int64_t *sum)
{
	uint64_t value;

	if (!varint_take(in, &value) || value > 2 * TURN) {
		return false;
	}
	*sum += value & 1 ? -(int64_t)(value / 2) - 1 : (int64_t)(value / 2);
	return true;
}

struct ring {
	struct corner *corners; /* the arena's: RING_CORNERS */
	unsigned count;
	struct corner least, most; /* the box around it */
};

/* The next ring. False: there are no more. */
static bool ring_take(struct bytes *in, struct ring *ring)
{
	struct corner at = { 0 };
	uint64_t wanted;

	if (in->len == 0 || !varint_take(in, &wanted) || wanted > RING_CORNERS) {
		return false;
	}
	ring->least = (struct corner){ INT64_MAX, INT64_MAX };
	ring->most = (struct corner){ INT64_MIN, INT64_MIN };
	for (ring->count = 0; ring->count < wanted; ring->count++) {
		if (!number_take(in, &at.longitude) || !number_take(in, &at.latitude)) {
			return false;
		}
		ring->corners[ring->count] = at;
		ring->least.longitude = at.longitude < ring->least.longitude ? at.longitude : ring->least.longitude;
		ring->least.latitude = at.latitude < ring->least.latitude ? at.latitude : ring->least.latitude;
		ring->most.longitude = at.longitude > ring->most.longitude ? at.longitude : ring->most.longitude;
		ring->most.latitude = at.latitude > ring->most.latitude ? at.latitude : ring->most.latitude;
	}
	return true;
}

/* ---- projecting ------------------------------------------------------------------------------------------------------- */

/* Rounded to the nearest, half up: what lies left of the picture as well. */
static int64_t divided(int64_t value, int64_t by)
{
	int64_t twice = 2 * value + by, quotient = twice / (2 * by);

	return quotient - (twice % (2 * by) < 0);
}

static struct spot projected(const struct frame *frame, int64_t longitude, int64_t latitude)
{
	return (struct spot){ divided((longitude - frame->west) * frame->width, frame->across),
		divided((frame->north - latitude) * frame->width, frame->across * frame->shrink / 1000) };
}

struct spot frame_spot(const struct frame *frame, struct position position)
{
	int64_t longitude = position.longitude;

	while (longitude < frame->west) {
		longitude += TURN;
	}
	while (longitude >= frame->west + TURN) {
		longitude -= TURN;
	}
	return projected(frame, longitude, position.latitude);
}

/* Does the box around the ring touch the frame? */
static bool touches(const struct frame *frame, const struct ring *ring, int64_t turn)
{
	int64_t high = frame->height * frame->across / frame->width * frame->shrink / 1000;

	return ring->most.longitude * UNIT + turn >= frame->west &&
	    ring->least.longitude * UNIT + turn <= frame->west + frame->across &&
	    ring->least.latitude * UNIT <= frame->north && ring->most.latitude * UNIT >= frame->north - high;
}

/* Corners that fall together or side by side are one: of an island that leaves less than a triangle. */
static unsigned project(const struct frame *frame, const struct ring *ring, int64_t turn, struct spot *out)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < ring->count; i++) {
		struct spot at =
		    projected(frame, ring->corners[i].longitude * UNIT + turn, ring->corners[i].latitude * UNIT);
		if (kept == 0 || labs(at.x - out[kept - 1].x) > 1 || labs(at.y - out[kept - 1].y) > 1) {
			out[kept++] = at;
		}
	}
	return kept;
}

/* ---- cutting ---------------------------------------------------------------------------------------------------------- */

/* One side of the frame: what lies behind `limit` along x or y, counted with the sign, is outside. */
struct side {
	bool vertical; /* limits x */
	int64_t sign, limit;
};

static int64_t outside(const struct side *side, struct spot at)
{
	return side->sign * (side->vertical ? at.x : at.y) - side->limit;
}

/* Where the line between the two, one inside and one outside, crosses the side. */
static struct spot crossing(const struct side *side, struct spot a, struct spot b)
{
	int64_t gone = outside(side, a), span = gone - outside(side, b), limit = side->sign * side->limit;

	if (span < 0) {
		span = -span;
		gone = -gone;
	}
	return side->vertical ? (struct spot){ limit, a.y + divided((b.y - a.y) * gone, span) }
			      : (struct spot){ a.x + divided((b.x - a.x) * gone, span), limit };
}

/* A ring cut along one side (Sutherland and Hodgman); out holds half as many more. */
static unsigned cut(const struct side *side, const struct spot *in, unsigned count, struct spot *out)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < count; i++) {
		struct spot a = in[i == 0 ? count - 1 : i - 1], b = in[i];
		bool a_in = outside(side, a) <= 0, b_in = outside(side, b) <= 0;
		if (a_in != b_in) {
			out[kept++] = crossing(side, a, b);
		}
		if (b_in) {
			out[kept++] = b;
		}
	}
	return kept;
}

/* Between two cuts, and after the last one in `one`. */
struct room {
	struct spot *one, *other;
};

static unsigned cut_all(const struct frame *frame, struct room *room, unsigned count)
{
	const struct side sides[] = { { true, -1, BEYOND }, { true, 1, frame->width + BEYOND }, { false, -1, BEYOND },
		{ false, 1, frame->height + BEYOND } };

	for (unsigned i = 0; i < 4 && count > 2; i++) {
		count = cut(&sides[i], room->one, count, room->other);
		struct spot *other = room->other;
		room->other = room->one;
		room->one = other;
	}
	return count;
}

/* ---- putting ---------------------------------------------------------------------------------------------------------- */

static void put_ring(struct buf *out, const struct spot *spots, unsigned count)
{
	const char *begin = "l";
	struct spot at = spots[0];

	buf_printf(out, "M%lld %lld", (long long)at.x, (long long)at.y);
	for (unsigned i = 1; i < count; i++) {
		long long x = spots[i].x - at.x, y = spots[i].y - at.y;
		if (x == 0 && y == 0) {
			continue;
		}
		buf_printf(out, "%s%lld%s%lld", *begin == ' ' && x < 0 ? "" : begin, x, y < 0 ? "" : " ", y);
		begin = " ";
		at = spots[i];
	}
	buf_put_text(out, "z");
}

void coast_put(struct buf *out, struct arena *arena, const struct frame *frame)
{
	struct bytes in = ASSET(coastline);
	size_t most = 6 * RING_CORNERS; /* four cuts, each of which makes at most half as many more */
	struct ring ring = { .corners = arena_take_array(arena, RING_CORNERS, sizeof *ring.corners) };
	struct room room = { arena_take_array(arena, most, sizeof *room.one),
		arena_take_array(arena, most, sizeof *room.other) };

	while (ring.corners && room.one && room.other && ring_take(&in, &ring)) {
		for (int64_t turn = -TURN; turn <= TURN; turn += TURN) {
			unsigned kept = touches(frame, &ring, turn) ? project(frame, &ring, turn, room.one) : 0;
			kept = cut_all(frame, &room, kept);
			if (kept > 2) {
				put_ring(out, room.one, kept);
			}
		}
	}
}
