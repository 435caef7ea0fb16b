/* The list of places, and a text looked up in it. */
#include "core/places.h"
#include "base/err.h"
#include "core/assets.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the list --------------------------------------------------------------------------------------------------------- */

static const char *plain_of(struct arena *arena, const char *text)
{
	char plain[POSITION_TEXT];

	return text && position_plain(bytes_text(text), plain) ? arena_text(arena, bytes_text(plain)) : NULL;
}

static bool position_of(const json_t *row, struct position *out)
{
	char text[POSITION_TEXT];
	const char *latitude = json_string_value(json_object_get(row, "latitude"));
	const char *longitude = json_string_value(json_object_get(row, "longitude"));

	snprintf(text, sizeof text, "%s, %s", latitude ? latitude : "", longitude ? longitude : "");
	return position_parse(bytes_text(text), out);
}

static bool place_of(struct arena *arena, const json_t *row, struct named_place *out)
{
	const json_t *also = json_object_get(row, "also");
	const char *en = json_string_value(json_object_get(row, "en"));
	const char *ja = json_string_value(json_object_get(row, "ja"));
	size_t count = json_array_size(also);

	out->names = arena_take_array(arena, count + 3, sizeof *out->names);
	if (out->names == NULL || en == NULL || ja == NULL || !position_of(row, &out->position)) {
		return false;
	}
	out->en = arena_text(arena, bytes_text(en));
	out->ja = arena_text(arena, bytes_text(ja));
	out->names[0] = plain_of(arena, en);
	out->names[1] = plain_of(arena, ja);
	for (size_t i = 0; i < count; i++) {
		out->names[2 + i] = plain_of(arena, json_string_value(json_array_get(also, i)));
	}
	return out->en && out->ja && out->names[0] && out->names[1];
}

static const char **patterns_of(struct arena *arena, const json_t *texts)
{
	size_t count = json_array_size(texts);
	const char **patterns = arena_take_array(arena, count + 1, sizeof *patterns);

	for (size_t i = 0; patterns && i < count; i++) {
		patterns[i] = plain_of(arena, json_string_value(json_array_get(texts, i)));
	}
	return patterns;
}

static bool load(struct arena *arena, const json_t *file, struct places *out)
{
	const json_t *rows = json_object_get(file, "places");
	size_t count = json_array_size(rows);
	struct named_place *items = arena_take_array(arena, count, sizeof *items);

	out->phrases = patterns_of(arena, json_object_get(file, "phrases"));
	out->details = patterns_of(arena, json_object_get(file, "details"));
	for (size_t i = 0; items && i < count; i++) {
		if (!place_of(arena, json_array_get(rows, i), &items[i])) {
			return false;
		}
	}
	out->items = items;
	out->count = (unsigned)count;
	return items && out->phrases && out->details;
}

void places_load(struct arena *arena, struct places *out)
{
	struct bytes text = ASSET(places);
	json_t *file = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);

	if (!load(arena, file, out)) {
		ASSERT(arena->failed); /* the file is ours, and a test has read it */
		*out = (struct places){ 0 };
	}
	json_decref(file);
}

/* ---- looking up ------------------------------------------------------------------------------------------------------- */

static const struct named_place *named(const struct places *places, const char *name)
{
	for (unsigned i = 0; i < places->count; i++) {
		for (const char **at = places->items[i].names; *at != NULL; at++) {
			if (strcmp(*at, name) == 0) {
				return &places->items[i];
			}
		}
	}
	return NULL;
}

/* What stands in the text where the pattern has its star, or nothing when it has none; false: the text does not follow it. */
static bool follows(const char *text, const char *pattern, char star[POSITION_TEXT])
{
	const char *at = strchr(pattern, '*');
	size_t len = strlen(text), before = at ? (size_t)(at - pattern) : 0, behind = at ? strlen(at + 1) : 0;

	star[0] = '\0';
	if (at == NULL) {
		return strcmp(text, pattern) == 0;
	}
	if (len <= before + behind || strncmp(text, pattern, before) != 0 || strcmp(text + len - behind, at + 1) != 0) {
		return false;
	}
	snprintf(star, POSITION_TEXT, "%.*s", (int)(len - before - behind), text + before);
	return true;
}

/* Alone or in one of the phrases; NULL: none. */
static const struct named_place *find(const struct places *places, const char *text)
{
	const struct named_place *found = named(places, text);
	char name[POSITION_TEXT];

	for (const char **phrase = places->phrases; found == NULL && *phrase != NULL; phrase++) {
		found = follows(text, *phrase, name) ? named(places, name) : NULL;
	}
	return found;
}

static bool is_near(struct position a, struct position b)
{
	return abs(a.latitude - b.latitude) <= POSITION_DEGREE &&
	    llabs((int64_t)a.longitude - b.longitude) <= POSITION_DEGREE;
}

/* "Yokosuka, berth 6" lies in Yokosuka; "Singapore, Sembawang" is Sembawang, since that is near. "Portsmouth, NH" is another Portsmouth. */
static const struct named_place *find_before(const struct places *places, char *text)
{
	char star[POSITION_TEXT], *comma = strchr(text, ',');
	const char *detail = comma ? comma + 1 + strspn(comma + 1, " ") : NULL;

	if (comma == NULL) {
		return find(places, text);
	}
	*comma = '\0';
	const struct named_place *place = find(places, text), *near = find(places, detail);
	if (place != NULL && near != NULL) {
		return is_near(place->position, near->position) ? near : NULL;
	}
	for (const char **pattern = places->details; *pattern != NULL; pattern++) {
		if (follows(detail, *pattern, star)) {
			return place;
		}
	}
	return NULL;
}

bool places_locate(
    const struct places *places, struct bytes text, struct position *out, const struct named_place **place)
{
	char plain[POSITION_TEXT];

	*place = NULL;
	if (position_parse(text, out)) {
		return true;
	}
	if (places->count > 0 && position_plain(text, plain)) {
		*place = find_before(places, plain);
	}
	if (*place != NULL) {
		*out = (*place)->position;
	}
	return *place != NULL;
}
