/* From what people type to what the kernel knows. Numbers are read without regard to case, since they are said on the telephone. */
#include "app/locate.h"
#include "base/text.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

#define NUMBER_TEXT 64

bool locate_is_hex(const char *text)
{
	size_t len = strspn(text, "0123456789abcdefABCDEF");
	return len >= LOCATE_HEX_MIN && len <= ID_BYTES * 2 && text[len] == '\0';
}

static uint64_t prefix_bound(const char *hex, char fill)
{
	uint64_t value = 0;
	size_t len = strlen(hex);
	for (size_t i = 0; i < 16; i++) {
		int digit = i < len ? tolower((unsigned char)hex[i]) : fill;
		value = value << 4 | (uint64_t)(isdigit(digit) ? digit - '0' : digit - 'a' + 10);
	}
	return value;
}

static bool begins_with(const struct id *id, const char *hex)
{
	char text[ID_BYTES * 2 + 1];
	hex_print(id_bytes(id), text);
	return strncasecmp(text, hex, strlen(hex)) == 0;
}

enum status locate_entry(struct app *app, const char *hex, struct id *out, struct err *err)
{
	struct query *query;
	unsigned count = 0;
	enum status status = ctx_query(&app->ctx,
	    "select id from entry where tally = :tally and id_prefix >= :low and id_prefix <= :high", &query, err);
	if (status != OK) {
		return status;
	}
	query_bind_int(query, "low", (int64_t)prefix_bound(hex, '0'));
	query_bind_int(query, "high", (int64_t)prefix_bound(hex, 'f'));
	while (query_next(query)) {
		struct id id;
		memcpy(id.data, query_blob(query, 0).data, ID_BYTES);
		if (begins_with(&id, hex)) {
			*out = id;
			count++;
		}
	}
	query_close(query);
	if (count == 1) {
		return OK;
	}
	return count ? err_set(err, USAGE, "entry %s: %u entries begin so; give more digits", hex, count)
		     : err_set(err, NOT_FOUND, "entry %s: not in this tally", hex);
}

/* --- threads and parts -------------------------------------------------------------------------------------------------- */

static void number_normalise(const char *text, char out[NUMBER_TEXT])
{
	size_t i = 0;
	bool in_hex = false; /* what follows ~ is hex in lower case */
	for (; i < NUMBER_TEXT - 1 && text[i]; i++) {
		in_hex = text[i] == '~' || (in_hex && text[i] != '/');
		out[i] = (char)(in_hex ? tolower((unsigned char)text[i]) : toupper((unsigned char)text[i]));
	}
	out[i] = '\0';
}

struct numbered {
	struct id id;
	unsigned count;
};

static enum status count_numbered(void *context, const struct thread_row *thread, struct err *err)
{
	struct numbered *numbered = context;
	(void)err;
	numbered->id = thread->id;
	numbered->count++;
	return OK;
}

static enum status find_thread_number(struct app *app, const char *number, struct id *out, struct err *err)
{
	struct numbered numbered = { 0 };
	enum status status = store_thread_numbered(app->store, app->ctx.tally, number, count_numbered, &numbered, err);
	if (status != OK) {
		return status;
	}
	*out = numbered.id;
	return numbered.count == 1 ? OK
	    : numbered.count
	    ? err_set(err, USAGE, "%s: %u threads have this number; name one by its id", number, numbered.count)
	    : err_set(err, NOT_FOUND, "%s: no such number in this tally", number);
}

static enum status open_thread(
    struct app *app, const struct id *id, struct arena *arena, struct target *out, struct err *err)
{
	enum status status = store_thread_find(app->store, app->ctx.tally, id, &out->thread, err);
	if (status == OK) {
		status = fold_thread(app->store, app->ctx.tally, id, NULL, arena, &out->fold, err);
	}
	return status == NOT_FOUND ? err_set(err, NOT_FOUND, "that thread is not in this tally") : status;
}

/* Parts that share a number, each with the digits that tell it apart; "" when there are none. */
static const char *bearers_of(struct arena *arena, const struct fold *fold, const char *number)
{
	const char *list = "";
	size_t len = strlen(number);
	for (unsigned i = 0; i < fold->part_count && list; i++) {
		const char *one = fold->parts[i]->number;
		if (strncmp(one, number, len) == 0 && one[len] == '~') {
			list = arena_printf(arena, "%s%s%s", list, list[0] ? ", " : "", one);
		}
	}
	return list ? list : "";
}

static enum status locate_number(
    struct app *app, const char *number, struct arena *arena, struct target *out, struct err *err)
{
	char thread_number[NUMBER_TEXT];
	struct id id;
	snprintf(thread_number, sizeof thread_number, "%.*s", (int)strcspn(number, "/"), number);
	enum status status = find_thread_number(app, thread_number, &id, err);
	if (status == OK) {
		status = open_thread(app, &id, arena, out, err);
	}
	if (status != OK) {
		return status;
	}
	for (unsigned i = 0; i < out->fold->part_count; i++) {
		if (strcmp(out->fold->parts[i]->number, number) == 0) {
			out->part = out->fold->parts[i];
			return OK;
		}
	}
	const char *bearers = bearers_of(arena, out->fold, number);
	if (bearers[0]) {
		return err_set(err, USAGE, "%s: several parts bear this number; say which: %s", number, bearers);
	}
	return err_set(err, NOT_FOUND, "%s: thread %s has no such part; `warifu why %s` shows those that it has",
	    number, thread_number, thread_number);
}

static enum status locate_hex(
    struct app *app, const char *hex, struct arena *arena, struct target *out, struct err *err)
{
	struct id id;
	struct entry_row entry;
	enum status status = locate_entry(app, hex, &id, err);
	if (status == OK) {
		status = store_entry_find(app->store, app->ctx.tally, &id, arena, &entry, err);
	}
	if (status != OK) {
		return status;
	}
	if (entry.thread <= 0) {
		return err_set(err, NOT_FOUND, "entry %s: belongs to no thread; `warifu show %s` shows it", hex, hex);
	}
	status = store_thread_get(app->store, entry.thread, &out->thread, err);
	if (status == OK) {
		status = open_thread(app, &out->thread.id, arena, out, err);
	}
	for (unsigned i = 0; status == OK && i < out->fold->move_count; i++) {
		if (id_equal(&out->fold->moves[i]->id, &id)) {
			out->move = out->fold->moves[i];
			out->part = out->move->part;
		}
	}
	return status;
}

enum status locate(
    struct app *app, const char *text, const char *beside, struct arena *arena, struct target *out, struct err *err)
{
	char number[NUMBER_TEXT], quote[TEXT_QUOTE];
	*out = (struct target){ 0 };
	text_quote(bytes_text(text), quote);
	if (locate_is_hex(text)) {
		return locate_hex(app, text, arena, out, err);
	}
	if (strlen(text) >= NUMBER_TEXT / 2) {
		return err_set(err, USAGE, "\"%s\": neither a number such as GB-07-0013/I07.1 nor an id", quote);
	}
	if (!strchr(text, '-') && beside && strlen(beside) < NUMBER_TEXT / 2) {
		char full[NUMBER_TEXT];
		snprintf(full, sizeof full, "%.*s/%s", (int)strcspn(beside, "/"), beside, text);
		number_normalise(full, number);
	} else {
		number_normalise(text, number);
	}
	return locate_number(app, number, arena, out, err);
}

enum status locate_id(void *context, const char *text, struct id *out, struct err *err)
{
	struct app *app = context;
	struct target target;
	struct arena arena;
	if (locate_is_hex(text)) {
		return locate_entry(app, text, out, err);
	}
	arena_init(&arena, app->arena.ceiling_bytes);
	enum status status = locate(app, text, NULL, &arena, &target, err);
	if (status == OK) {
		*out = target.part ? target.part->id : target.thread.id;
	}
	arena_clear(&arena);
	return status;
}

/* --- what a part shows -------------------------------------------------------------------------------------------------- */

const char *part_pen(const struct fold *fold, const struct part *part, const struct state *state)
{
	if (!state || state->pen == 0 || state->pen >= SIDES || part->sides[state->pen] >= fold->tally->party_count) {
		return "";
	}
	return fold->tally->party_codes[part->sides[state->pen]];
}
