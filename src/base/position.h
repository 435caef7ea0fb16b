/* Positions on the globe as officers write them, in whole millionths of a degree: no floating numbers. */
#ifndef WARIFU_BASE_POSITION_H
#define WARIFU_BASE_POSITION_H
#include "base/bytes.h"

#define POSITION_DEGREE 1000000
/* Latitude north, longitude east of zero: at most 90 and 180 degrees either way. */
struct position {
	int32_t latitude, longitude;
};
/* A text as it is compared: ASCII letters small, full-width signs as plain ones, runs of blanks as one, none at the ends; signs of degrees,
 * minutes and seconds as one byte each; 北緯 and the like as n, s, e, w. False: longer than a place is, or not UTF-8. */
#define POSITION_TEXT 256
bool position_plain(struct bytes text, char out[POSITION_TEXT]);
/* Coordinates in a text: "10.9N 125.4E", "N10.9 E125.4", "10°54'N 125°24'E", "10-54.0N 125-24.0E", "1054N 12524E", "北緯10度54分 東経125度24分"
 * anywhere in it; "10.9, -125.4", latitude first, as the whole of it. False: there are none, or such as no place on the globe has. */
bool position_parse(struct bytes text, struct position *out);
/* "10.90 N 125.40 E": to a hundredth of a degree, rounded half away from zero. */
#define POSITION_PRINTED 32
void position_print(struct position position, char out[POSITION_PRINTED]);
#endif
