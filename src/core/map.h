/* Maps in a page, drawn into it as SVG: land and sea, lines of degrees, and marks. No script, no picture to be fetched; what a map says stands in the
 * page as text too. */
#ifndef WARIFU_CORE_MAP_H
#define WARIFU_CORE_MAP_H
#include "core/coast.h"
#include "core/html.h"

#define MAP_WIDTH 1000 /* units of each map: a narrow telephone has three of them to a pixel */
#define MAP_MARKS 512  /* marks of one map: more do not go side by side */

struct map_mark {
	struct position at;
	const char *label;  /* beside it, where there is room; NULL: none */
	const char *spoken; /* for whoever hears the page, and when it is pointed at */
	const char *href;   /* NULL: it leads nowhere */
	int64_t count;      /* written in it; 0: a dot */
	bool waits;         /* filled */
};
struct map {
	struct frame frame;
	struct bytes land; /* what coast_put() puts for the frame, where that is known; data NULL: map_draw() asks it */
	const char *id;    /* of the map in its page; a literal or number of ours */
	const char *title, *text; /* what it shows, for whoever hears the page */
	const struct map_mark *marks;
	unsigned mark_count; /* at most MAP_MARKS */
	const struct map_mark
	    *near; /* of the surroundings, as small dots, as many as have room; in the order of their importance */
	unsigned near_count;
	bool linked; /* marks lead somewhere: a group of links, else a picture */
};
/* The least frame around the positions with a margin, at least so many degrees across; goes over the line of 180 degrees where that is shorter.
 * False: out of memory, or there are none. */
bool map_fit(
    struct arena *arena, const struct position *positions, unsigned count, int64_t least_degrees, struct frame *out);
bool frame_has(const struct frame *frame, struct position position);
/* Which of the positions would lie over one another as marks: leader[i] is the first of those that i is marked together with, itself where it is
 * marked alone. Marks of leaders do not touch. Past MAP_MARKS leaders all that is left goes with the last one. */
void map_group(const struct frame *frame, const struct position *positions, unsigned count, unsigned *leader);
void map_draw(struct html *html, const struct map *map);
#endif
