/* The table is searched from its beginning: it is short, and argon2id comes behind it. */
#include "web/tries.h"

static bool is_same(const struct trier *one, const struct trier *other)
{
	return one->address == other->address && id_equal(&one->desk, &other->desk);
}

static const struct tries_place *place_find(const struct tries *tries, const struct trier *trier, bool whole)
{
	for (const struct tries_place *place = tries->places; place < tries->places + TRIES_PLACES; place++) {
		if (place->wrong > 0 && place->whole == whole && place->trier.address == trier->address &&
		    (whole || id_equal(&place->trier.desk, &trier->desk))) {
			return place;
		}
	}
	return NULL;
}

static bool is_known(const struct tries *tries, const struct trier *trier)
{
	for (unsigned i = 0; i < TRIES_KNOWN; i++) {
		if (tries->known[i].right_ms != 0 && is_same(&tries->known[i].trier, trier)) {
			return true;
		}
	}
	return false;
}

bool tries_may(const struct tries *tries, const struct trier *trier, int64_t now_ms, int64_t *wait_ms)
{
	const struct tries_place *own = place_find(tries, trier, false), *whole = place_find(tries, trier, true);
	int64_t until_ms = own ? own->until_ms : 0;
	int64_t all_ms = tries->all_ms - (TRIES_ALL_FREE - 1) * (int64_t)TRIES_ALL_EACH_MS;

	until_ms = whole && whole->until_ms > until_ms ? whole->until_ms : until_ms;
	if (!is_known(tries, trier) && all_ms > until_ms) {
		until_ms = all_ms;
	}
	*wait_ms = until_ms > now_ms ? until_ms - now_ms : 0;
	return *wait_ms == 0;
}

static int64_t of_use_until(const struct tries_place *place)
{
	return place->wrong == 0 ? INT64_MIN : place->until_ms > place->last_ms ? place->until_ms : place->last_ms;
}

/* The place of this trier, or a new one. */
static struct tries_place *place_of(struct tries *tries, const struct trier *trier, bool whole)
{
	const struct tries_place *found = place_find(tries, trier, whole);
	struct tries_place *place = tries->places;

	if (found != NULL) {
		return &tries->places[found - tries->places];
	}
	for (struct tries_place *other = place; other < tries->places + TRIES_PLACES; other++) {
		place = of_use_until(other) < of_use_until(place) ? other : place;
	}
	*place = (struct tries_place){ .trier = *trier, .whole = whole };
	return place;
}

/* A wait after so many wrong ones, of which `free` cost nothing. */
static void wrong_note(struct tries_place *place, unsigned free, int64_t most_ms, int64_t forget_ms, int64_t now_ms)
{
	int64_t wait_ms = TRIES_WAIT_MS;

	if (now_ms - place->last_ms > forget_ms) {
		place->wrong = 0;
	}
	for (unsigned i = free; i < place->wrong && wait_ms < most_ms; i++) {
		wait_ms *= 2;
	}
	place->last_ms = now_ms;
	if (place->wrong++ >= free) {
		place->until_ms = now_ms + (wait_ms < most_ms ? wait_ms : most_ms);
	}
}

void tries_wrong(struct tries *tries, const struct trier *trier, int64_t now_ms)
{
	wrong_note(place_of(tries, trier, false), 0, TRIES_WAIT_MOST_MS, TRIES_FORGET_MS, now_ms);
	wrong_note(
	    place_of(tries, trier, true), TRIES_ADDRESS_FREE, TRIES_ADDRESS_MOST_MS, TRIES_ADDRESS_FORGET_MS, now_ms);
	tries->all_ms = (tries->all_ms > now_ms ? tries->all_ms : now_ms) + TRIES_ALL_EACH_MS;
}

void tries_right(struct tries *tries, const struct trier *trier, int64_t now_ms)
{
	const struct tries_place *found = place_find(tries, trier, false);
	unsigned at = 0;

	if (found != NULL) {
		tries->places[found - tries->places] = (struct tries_place){ .wrong = 0 };
	}
	for (unsigned i = 0; i < TRIES_KNOWN; i++) {
		if (tries->known[i].right_ms != 0 && is_same(&tries->known[i].trier, trier)) {
			at = i;
			break;
		}
		at = tries->known[i].right_ms < tries->known[at].right_ms ? i : at;
	}
	tries->known[at].trier = *trier;
	tries->known[at].right_ms = now_ms > 0 ? now_ms : 1;
}
