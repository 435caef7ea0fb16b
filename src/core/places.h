/* Where a place lies that an officer has named: data/places.json, and coordinates (base/position.h). A name that is not listed, or could be
 * another's, is nowhere: a wrong mark on a map is worse than none. */
#ifndef WARIFU_CORE_PLACES_H
#define WARIFU_CORE_PLACES_H
#include "base/arena.h"
#include "base/position.h"

struct named_place {
	const char *en, *ja;
	struct position position;
	const char **names; /* plain (position_plain), those above among them; ends with NULL */
};
struct places {
	const struct named_place *items;
	unsigned count;
	const char **phrases; /* plain, each with a * where the name stands; ends with NULL */
	const char **details; /* likewise, of what may stand behind a comma */
};
/* The places of the program, from the arena; none when memory is out. */
void places_load(struct arena *arena, struct places *out);
/* By coordinates in the text, else by one of the names, alone, in one of the phrases, or with a detail behind a comma: *place is NULL where it was by coordinates. False: nowhere. */
bool places_locate(
    const struct places *places, struct bytes text, struct position *out, const struct named_place **place);
#endif
