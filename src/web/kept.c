/* Typed data across an ended session. */
#include "web/kept.h"
#include <stdlib.h>
#include <string.h>

static bool is_old(int64_t at_ms, int64_t now_ms)
{
	return now_ms - at_ms > KEPT_MS;
}

void kept_note_end(struct sessions *sessions, const struct session *session, int64_t now_ms)
{
	struct ended *oldest = &sessions->ended[0];

	for (struct ended *ended = sessions->ended; ended < sessions->ended + SESSIONS; ended++) {
		oldest = ended->at_ms < oldest->at_ms ? ended : oldest;
	}
	*oldest = (struct ended){ .desk_count = session->desk_count, .at_ms = now_ms };
	for (unsigned i = 0; i < session->desk_count; i++) {
		oldest->desks[i].tally = session->desks[i].tally;
		oldest->desks[i].key = session->desks[i].key;
	}
	memcpy(oldest->token, session->token, sizeof oldest->token);
	memcpy(oldest->form, session->form, sizeof oldest->form);
}

static const struct ended *ended_find(const struct sessions *sessions, const char *token, int64_t now_ms)
{
	for (const struct ended *ended = sessions->ended; ended < sessions->ended + SESSIONS; ended++) {
		if (ended->token[0] && !is_old(ended->at_ms, now_ms) && token_equal(ended->token, token)) {
			return ended;
		}
	}
	return NULL;
}

bool kept_knows(const struct sessions *sessions, const char *token, int64_t now_ms)
{
	return ended_find(sessions, token, now_ms) != NULL;
}

static void kept_free(struct kept *kept)
{
	if (kept->text) {
		explicit_bzero(kept->text, kept->len);
		free(kept->text);
	}
	*kept = (struct kept){ 0 };
}

/* The place of this desk, or a free one, or the oldest. */
static struct kept *place_of(struct sessions *sessions, const struct id *desk)
{
	struct kept *place = &sessions->kept[0];

	for (struct kept *kept = sessions->kept; kept < sessions->kept + KEPT_FORMS; kept++) {
		if (kept->text && id_equal(&kept->desk, desk)) {
			return kept;
		}
		place = (place->text && (!kept->text || kept->at_ms < place->at_ms)) ? kept : place;
	}
	return place;
}

/* The officer's desk in the tally in which the form was drawn, as it says; NULL: it says none that he had. */
static const struct id *desk_of_form(const struct ended *ended, const struct pairs *fields)
{
	const char *tally = pairs_get(fields, "tally");
	struct id id;

	if (tally == NULL || !hex_parse(tally, strlen(tally), id.data, ID_BYTES)) {
		return NULL;
	}
	for (unsigned i = 0; i < ended->desk_count; i++) {
		if (id_equal(&ended->desks[i].tally, &id)) {
			return &ended->desks[i].key;
		}
	}
	return NULL;
}

/* The session's own marks are of no use any more; a passphrase is never kept, whatever the form. */
static bool is_kept(const char *name)
{
	return strcmp(name, "form") != 0 && strcmp(name, "once") != 0 && strcmp(name, "tally") != 0 &&
	    strstr(name, "passphrase") == NULL;
}

static size_t put_text(char *out, size_t at, const char *text)
{
	size_t len = strlen(text) + 1;

	if (out) {
		memcpy(out + at, text, len);
	}
	return at + len;
}

/* "name\0value\0" for each; out NULL: counts only. */
static size_t put_fields(char *out, const struct pairs *fields)
{
	size_t at = 0;

	for (unsigned i = 0; i < fields->count; i++) {
		if (is_kept(fields->items[i].name)) {
			at = put_text(out, at, fields->items[i].name);
			at = put_text(out, at, fields->items[i].value);
		}
	}
	return at;
}

bool kept_put(struct sessions *sessions, const char *token, const char *form, const char *path,
    const struct pairs *fields, int64_t now_ms)
{
	const struct ended *ended = ended_find(sessions, token, now_ms);
	const struct id *desk = ended ? desk_of_form(ended, fields) : NULL;
	size_t len = put_fields(NULL, fields);

	if (!desk || !form || !token_equal(ended->form, form) || len == 0 || len > KEPT_BYTES ||
	    strlen(path) >= sizeof sessions->kept[0].path) {
		return false;
	}
	struct kept *kept = place_of(sessions, desk);
	kept_free(kept);
	kept->text = malloc(len);
	if (kept->text == NULL) {
		return false;
	}
	kept->len = put_fields(kept->text, fields);
	kept->desk = *desk;
	kept->at_ms = now_ms;
	memcpy(kept->path, path, strlen(path) + 1);
	return true;
}

const char *kept_find(
    struct sessions *sessions, const struct id *desk, int64_t now_ms, struct arena *arena, struct pairs *fields)
{
	struct kept *kept = place_of(sessions, desk);
	char *text;

	*fields = (struct pairs){ 0 };
	if (!kept->text || !id_equal(&kept->desk, desk)) {
		return NULL;
	}
	if (is_old(kept->at_ms, now_ms)) {
		kept_free(kept);
		return NULL;
	}
	fields->items = arena_take_array(arena, REQUEST_PAIRS, sizeof *fields->items);
	text = arena_take(arena, kept->len);
	if (fields->items == NULL || text == NULL) {
		return NULL;
	}
	memcpy(text, kept->text, kept->len);
	for (size_t at = 0; at < kept->len && fields->count < REQUEST_PAIRS;) {
		struct pair *pair = &fields->items[fields->count++];
		pair->name = text + at;
		at += strlen(pair->name) + 1;
		pair->value = text + at;
		at += strlen(pair->value) + 1;
	}
	return kept->path;
}

void kept_drop(struct sessions *sessions, const struct id *desk)
{
	struct kept *kept = place_of(sessions, desk);

	if (kept->text && id_equal(&kept->desk, desk)) {
		kept_free(kept);
	}
}

void kept_clear(struct sessions *sessions)
{
	for (struct kept *kept = sessions->kept; kept < sessions->kept + KEPT_FORMS; kept++) {
		kept_free(kept);
	}
	memset(sessions->ended, 0, sizeof sessions->ended);
}
