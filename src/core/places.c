/* The list of places, and a text looked up in it. */
#include "core/places.h"
#include "base/err.h"
#include "core/assets.h"
#include <jansson.h>
#include <stdio.h>
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

static bool place_of(struct arena *arena, const json_t *row, struct place *out)
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

static bool load(struct arena *arena, const json_t *file, struct places *out)
{
	const json_t *rows = json_object_get(file, "places"), *phrases = json_object_get(file, "phrases");
	size_t count = json_array_size(rows), phrase_count = json_array_size(phrases);
	struct place *items = arena_take_array(arena, count, sizeof *items);

	out->phrases = arena_take_array(arena, phrase_count + 1, sizeof *out->phrases);
	for (size_t i = 0; out->phrases && i < phrase_count; i++) {
		out->phrases[i] = plain_of(arena, json_string_value(json_array_get(phrases, i)));
	}
	for (size_t i = 0; items && i < count; i++) {
		if (!place_of(arena, json_array_get(rows, i), &items[i])) {
			return false;
		}
	}
	out->items = items;
	out->count = (unsigned)count;
	return items != NULL && out->phrases != NULL;
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

static const struct place *named(const struct places *places, const char *name)
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

/* What stands in the text where the phrase has its star; false: the text is no such phrase. */
static bool name_in(const char *text, const char *phrase, char out[POSITION_TEXT])
{
	const char *star = strchr(phrase, '*');
	size_t len = strlen(text), before = star ? (size_t)(star - phrase) : 0, behind = star ? strlen(star + 1) : 0;

	if (star == NULL || len <= before + behind || strncmp(text, phrase, before) != 0 ||
	    strcmp(text + len - behind, star + 1) != 0) {
		return false;
	}
	snprintf(out, POSITION_TEXT, "%.*s", (int)(len - before - behind), text + before);
	return true;
}

/* Alone or in one of the phrases; NULL: none. */
static const struct place *find(const struct places *places, struct bytes text)
{
	char plain[POSITION_TEXT], name[POSITION_TEXT];

	if (places->count == 0 || !position_plain(text, plain)) {
		return NULL;
	}
	const struct place *found = named(places, plain);
	for (const char **phrase = places->phrases; found == NULL && *phrase != NULL; phrase++) {
		found = name_in(plain, *phrase, name) ? named(places, name) : NULL;
	}
	return found;
}

bool places_locate(const struct places *places, struct bytes text, struct position *out, const struct place **place)
{
	*place = NULL;
	if (position_parse(text, out)) {
		return true;
	}
	*place = find(places, text);
	if (*place != NULL) {
		*out = (*place)->position;
	}
	return *place != NULL;
}
