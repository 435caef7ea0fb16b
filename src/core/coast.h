/* The world's coastline, as tools/coastline.mjs packed it: rings of corners in hundredths of a degree, drawn into a frame of a picture. What lies
 * inside an odd number of rings is land. */
#ifndef WARIFU_CORE_COAST_H
#define WARIFU_CORE_COAST_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/position.h"

#define COAST_DEGREE 100
/* What part of the globe a picture shows, and how large it is. */
struct frame {
	int64_t west, north; /* of its corner, in millionths of a degree; west from -180 degrees, on to below 180 */
	int64_t across;      /* degrees of longitude from side to side, in millionths: above 0, at most 360 */
	int64_t shrink; /* thousandths of a degree of latitude that are as long on it as one of longitude: the cosine */
	int64_t width, height; /* of the picture, in its own units */
};
/* Where a position lies in the picture; of the longitudes that are the same the one inside or, where none is, the next one east. */
struct spot {
	int64_t x, y;
};
struct spot frame_spot(const struct frame *frame, struct position position);
/* Appends the land inside the frame as the data of an SVG path; nothing where all is sea. */
void coast_put(struct buf *out, struct arena *arena, const struct frame *frame);
#endif
