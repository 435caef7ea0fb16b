#include "base/tap.h"
#include "core/places.h"

static struct arena arena;
static struct places places;

static const char *where(const char *text)
{
	struct position position;
	const struct named_place *place;

	if (!places_locate(&places, bytes_text(text), &position, &place)) {
		return "nowhere";
	}
	return place ? place->en : "by coordinates";
}

/* How many places have this name. */
static unsigned of(const char *name)
{
	unsigned count = 0;

	for (unsigned i = 0; i < places.count; i++) {
		for (const char **at = places.items[i].names; *at; at++) {
			count += strcmp(*at, name) == 0;
		}
	}
	return count;
}

static void the_list(void)
{
	bool once = true, sorted = true, both = true;

	for (unsigned i = 0; i < places.count; i++) {
		const struct named_place *place = &places.items[i];
		sorted = sorted && (i == 0 || strcmp(places.items[i - 1].names[0], place->names[0]) < 0);
		both = both && strcmp(where(place->en), place->en) == 0 && strcmp(where(place->ja), place->en) == 0;
		for (const char **name = place->names; *name; name++) {
			once = once && of(*name) == 1;
		}
	}
	tap_ok(places.count >= 80, "some dozens of ports, airfields and cities are known");
	tap_ok(once, "each name is the name of one place");
	tap_ok(both, "each place is found by its name in either language");
	tap_ok(sorted, "they are listed by their names");
}

static void found(void)
{
	tap_is_text(where("Cebu"), "Cebu", "a city is found by its name");
	tap_is_text(where(" tacloban "), "Tacloban", "in whatever case, with blanks around it");
	tap_is_text(where("ＭＡＮＩＬＡ"), "Manila", "in whatever width");
	tap_is_text(where("タクロバン"), "Tacloban", "in Japanese");
	tap_is_text(where("タクロバン港"), "Tacloban", "with the word for a port behind it");
	tap_is_text(where("Port of Manila"), "Manila", "or before it");
	tap_is_text(where("Cebu  harbour"), "Cebu", "with more than a blank between");
	tap_is_text(where("rpvm"), "Mactan", "an airfield by its code");
	tap_is_text(where("横須賀基地"), "Yokosuka", "a base by its name");
	tap_is_text(where("Port Klang"), "Port Klang", "what is part of a name is not taken off");
	tap_is_text(where("Yokosuka, berth 6"), "Yokosuka", "with a detail behind a comma");
	tap_is_text(where("横須賀、吉倉岸壁"), "Yokosuka", "in Japanese as well");
	tap_is_text(where("Port of Sasebo,pier 3"), "Sasebo", "behind a phrase as well");
	tap_is_text(where("Portsmouth, HMNB"), "Portsmouth", "or the word for a base");
	tap_is_text(where("Singapore, Sembawang"), "Sembawang", "a place near another is itself");
	tap_is_text(where("Guam, Apra"), "Guam", "under any of its names");
	tap_is_text(where("10.9N 125.4E"), "by coordinates", "coordinates are what they are");
	tap_is_text(where("Cebu 10.3N 123.9E"), "by coordinates", "and come before a name");
}

static void not_found(void)
{
	static const char *const none[] = { "", "harbour", "* harbour", "港", "Cebu-Tacloban", "Cebu, Tacloban", "Ceb",
		"Portsmouth, NH", "Portsmouth, Yokosuka", "Cebu,", ", Cebu", ", berth 6", "berth 6",
		"Sasebo, Akasaki, berth 2", "Nowhere, berth 6", "off Cebu", "port of", "port of port of Cebu",
		"JS Towada" };

	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		tap_is_text(where(none[i]), "nowhere", none[i]);
	}
	struct arena small;
	struct places few;
	arena_init(&small, 4096);
	places_load(&small, &few);
	struct position position;
	const struct named_place *place;
	tap_ok(few.count == 0 && !places_locate(&few, bytes_text("Cebu"), &position, &place),
	    "without memory there are no places");
	arena_clear(&small);
}

int main(void)
{
	arena_init(&arena, 1 << 20);
	places_load(&arena, &places);
	the_list();
	found();
	not_found();
	arena_clear(&arena);
	return tap_done();
}
