/* Entries as two parties would write them in a year of support: for measuring frames and for training their dictionary. Made from a
 * seed by docs/support-rules.md; not signed (the signature is random), since frames do not look at it. */
#ifndef WARIFU_TESTS_SAMPLES_H
#define WARIFU_TESTS_SAMPLES_H
#include "wire/frame.h"

struct samples {
	struct arena arena;
	struct id tally;
	struct frame_item *items;
	unsigned count, capacity;
	uint64_t random;
};
/* `count` entries in the order in which a home would have stored them. open_orders: how many run at once; sync_every: entries
 * between two syncs of a home. */
void samples_make(struct samples *samples, uint64_t seed, unsigned count, unsigned open_orders, unsigned sync_every);
void samples_clear(struct samples *samples);
/* A resolver over the first `known` of them. */
struct samples_known {
	const struct samples *samples;
	unsigned known;
	uint32_t *slots, *places;
};
void samples_known_init(struct samples_known *known, const struct samples *samples, unsigned count);
struct frame_resolver samples_resolver(struct samples_known *known);
#endif
