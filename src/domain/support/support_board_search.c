/* Threads of the board by what is asked for: those that are collected before the list is read (support_board_find.c). */
#include "base/buf.h"
#include "base/limits.h"
#include "domain/support/support_board.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MANY 20000      /* found: no more are collected */
#define TEXTS_MOST 1000 /* that have what is looked for: if there are more, each row is asked */
#define DESKS_MOST 500  /* that have given numbers */
#define TEXT_BYTES 65536

const struct board_column board_texts[BOARD_TEXTS] = {
	{ "support_line", "description_ja" },
	{ "support_line", "description_en" },
	{ "support_order", "reference" },
	{ "support_order", "place" },
};

static bool has_latin_letter(const char *text)
{
	while (*text && !((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z')) {
		text++;
	}
	return *text != '\0';
}

/* Does a column hold what is looked for? Without Latin letters by its bytes, which is quicker; else in whatever case. */
const char *board_has(struct ctx *ctx, const struct board_wish *wish, const char *column)
{
	const char *sql = has_latin_letter(wish->text) ? arena_printf(ctx->arena, "%s LIKE :text ESCAPE '!'", column)
						       : arena_printf(ctx->arena, "instr(%s, :text) > 0", column);

	return sql ? sql : "0";
}

/* For LIKE: what is looked for anywhere in a text; signs that mean something to LIKE mean themselves. */
void board_bind_text(struct ctx *ctx, struct query *query, const struct board_wish *wish)
{
	struct buf out;

	if (!has_latin_letter(wish->text)) {
		query_bind_text(query, "text", bytes_text(wish->text));
		return;
	}
	buf_init(&out, TEXT_BYTES);
	buf_put_byte(&out, '%');
	for (const char *at = wish->text; *at; at++) {
		if (strchr("%_!", *at) != NULL) {
			buf_put_byte(&out, '!');
		}
		buf_put_byte(&out, (uint8_t)*at);
	}
	buf_put_byte(&out, '%');
	query_bind_text(query, "text", arena_copy(ctx->arena, buf_bytes(&out)));
	buf_clear(&out);
}

static void take_threads(struct query *rows, struct board_ids *ids)
{
	while (!ids->too_many && query_next(rows)) {
		if (ids->count == MANY) {
			ids->too_many = true;
		} else {
			ids->items[ids->count++] = query_int(rows, 0);
		}
	}
	query_close(rows);
}

enum status board_ask(struct ctx *ctx, const char *sql, struct query **rows, struct err *err)
{
	return sql ? ctx_query(ctx, sql, rows, err) : err_set(err, ENVIRONMENT, "board: out of memory");
}

/* Threads of all rows whose column has the text. */
static enum status scan(struct ctx *ctx, const struct board_wish *wish, const char *table, const char *column,
    struct board_ids *ids, struct err *err)
{
	struct query *rows = NULL;
	enum status status = board_ask(ctx,
	    arena_printf(
		ctx->arena, "SELECT thread FROM %s WHERE %s > '' AND %s", table, column, board_has(ctx, wish, column)),
	    &rows, err);

	if (status == OK) {
		board_bind_text(ctx, rows, wish);
		take_threads(rows, ids);
	}
	return status;
}

/* Of a text of one sign there are no pairs: all texts are scanned. */
#define OF_PAIRS \
	"SELECT t.text FROM support_gram CROSS JOIN support_text t ON t.id = support_gram.rowid " \
	"WHERE support_gram MATCH bigrams(:needle) AND %s LIMIT %d"
#define OF_ALL "SELECT t.text FROM support_text t WHERE :needle <> '' AND %s LIMIT %d"

static bool has_pairs(const char *text)
{
	unsigned signs = 0;

	for (; *text && signs < 2; text++) {
		signs += ((unsigned char)*text & 0xC0) != 0x80;
	}
	return signs == 2;
}

/* The different texts that have what is looked for; one more than TEXTS_MOST when there are too many. */
static enum status texts_find(
    struct ctx *ctx, const struct board_wish *wish, struct bytes *texts, unsigned *count, struct err *err)
{
	const char *has = board_has(ctx, wish, "t.text");
	struct query *rows = NULL;
	enum status status = board_ask(ctx,
	    has_pairs(wish->text) ? arena_printf(ctx->arena, OF_PAIRS, has, TEXTS_MOST + 1)
				  : arena_printf(ctx->arena, OF_ALL, has, TEXTS_MOST + 1),
	    &rows, err);

	*count = 0;
	if (status != OK) {
		return status;
	}
	board_bind_text(ctx, rows, wish);
	query_bind_text(rows, "needle", bytes_text(wish->text));
	while (*count <= TEXTS_MOST && query_next(rows)) {
		texts[(*count)++] = arena_copy(ctx->arena, query_text(rows, 0));
	}
	query_close(rows);
	return OK;
}

/* Threads that the question gives for the text. */
static enum status take_text(
    struct ctx *ctx, const char *sql, struct bytes text, struct board_ids *ids, struct err *err)
{
	struct query *rows = NULL;
	enum status status = board_ask(ctx, sql, &rows, err);

	if (status == OK) {
		query_bind_text(rows, "text", text);
		take_threads(rows, ids);
	}
	return status;
}

/* ---- numbers ------------------------------------------------------------------------------------------------------------ */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Is this run of letters in a party's code, or of hex digits? */
static bool letters_fit(const struct ctx *ctx, const char *letters, size_t len)
{
	bool fit = strspn(letters, "abcdefABCDEF") >= len;

	for (unsigned i = 0; i < ctx->view.party_count && !fit; i++) {
		const char *code = ctx->view.party_codes[i];
		for (size_t rest = strlen(code); rest >= len && !fit; rest--, code++) {
			fit = strncasecmp(code, letters, len) == 0;
		}
	}
	return fit;
}

/* A number is of a party's code, digits and hyphens, and may end with ~ and hex digits (docs/format.md 9): no other text is looked for in
 * numbers. */
static bool may_be_number(const struct ctx *ctx, const char *text)
{
	for (; *text; text++) {
		size_t len = 0;
		while (is_letter(text[len])) {
			len++;
		}
		if (len > 0 ? !letters_fit(ctx, text, len) : strchr("-~0123456789", *text) == NULL) {
			return false;
		}
		text += len > 0 ? len - 1 : 0;
	}
	return true;
}

/* Threads whose number begins with this. */
static enum status take_prefix(
    struct ctx *ctx, const struct board_wish *wish, const char *prefix, struct board_ids *ids, struct err *err)
{
	const char *end = arena_printf(ctx->arena, "%s\x7f", prefix ? prefix : "");
	struct query *rows = NULL;
	enum status status = prefix == NULL || end == NULL
	    ? err_set(err, ENVIRONMENT, "board: out of memory")
	    : board_ask(ctx,
		  arena_printf(ctx->arena,
		      "SELECT thread FROM support_board WHERE number >= :from AND number < :to AND %s",
		      board_has(ctx, wish, "number")),
		  &rows, err);

	if (status == OK) {
		query_bind_text(rows, "from", bytes_text(prefix));
		query_bind_text(rows, "to", bytes_text(end));
		board_bind_text(ctx, rows, wish);
		take_threads(rows, ids);
	}
	return status;
}

/* Numbers of one desk, "GB-07-": where what is looked for, which has a hyphen, lies over its end, the rest is what comes after. A letter may
 * be written in either case, so the prefix ends before it. */
static enum status take_desk(
    struct ctx *ctx, const struct board_wish *wish, const char *desk, struct board_ids *ids, struct err *err)
{
	size_t len = strlen(desk), wanted = strlen(wish->text);
	enum status status = OK;

	for (size_t i = 0; i < len && status == OK && !ids->too_many; i++) {
		size_t over = len - i;
		if (wanted < over ? strncasecmp(desk + i, wish->text, wanted) == 0
				  : strncasecmp(desk + i, wish->text, over) == 0) {
			const char *rest = wanted < over ? "" : wish->text + over;
			size_t plain = strcspn(rest, "abcdefABCDEF");
			status = take_prefix(
			    ctx, wish, arena_printf(ctx->arena, "%s%.*s", desk, (int)plain, rest), ids, err);
		}
	}
	return status;
}

#define NEXT_NUMBER "SELECT MIN(number) FROM support_board WHERE number > :after"

/* Up to its last hyphen a number names the desk, and there are few desks: each is looked at. */
static enum status collect_numbers(
    struct ctx *ctx, const struct board_wish *wish, struct board_ids *ids, struct err *err)
{
	const char *after = "";
	enum status status = OK;

	if (strchr(wish->text, '-') == NULL) {
		return scan(ctx, wish, "support_board", "number", ids, err);
	}
	for (unsigned i = 0; status == OK && after != NULL && !ids->too_many; i++) {
		struct query *rows = NULL;
		if (i == DESKS_MOST) {
			return scan(ctx, wish, "support_board", "number", ids, err);
		}
		status = ctx_query(ctx, NEXT_NUMBER, &rows, err);
		if (status != OK) {
			break;
		}
		query_bind_text(rows, "after", bytes_text(after));
		const char *number =
		    query_next(rows) && !query_is_null(rows, 0) ? arena_text(ctx->arena, query_text(rows, 0)) : NULL;
		query_close(rows);
		const char *hyphen = number ? strrchr(number, '-') : NULL;
		const char *desk =
		    hyphen ? arena_printf(ctx->arena, "%.*s", (int)(hyphen - number) + 1, number) : number;
		if (desk != NULL) {
			status = take_desk(ctx, wish, desk, ids, err);
		}
		after = desk ? arena_printf(ctx->arena, "%s\x7f", desk) : NULL;
	}
	return status;
}

/* ---- all together -------------------------------------------------------------------------------------------------------- */

static enum status collect_text(struct ctx *ctx, const struct board_wish *wish, struct board_ids *ids, struct err *err)
{
	struct bytes *texts = arena_take_array(ctx->arena, TEXTS_MOST + 1, sizeof *texts);
	unsigned count = 0;
	enum status status =
	    texts ? texts_find(ctx, wish, texts, &count, err) : err_set(err, ENVIRONMENT, "board: out of memory");

	ids->too_many = count > TEXTS_MOST;
	for (size_t c = 0; c < BOARD_TEXTS && status == OK && !ids->too_many; c++) {
		const char *sql = arena_printf(
		    ctx->arena, "SELECT thread FROM %s WHERE %s = :text", board_texts[c].table, board_texts[c].column);
		for (unsigned i = 0; i < count && status == OK && !ids->too_many; i++) {
			status = take_text(ctx, sql, texts[i], ids, err);
		}
	}
	return status == OK && !ids->too_many && may_be_number(ctx, wish->text) ? collect_numbers(ctx, wish, ids, err)
										: status;
}

int board_by_value(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

	return (one > other) - (one < other);
}

static void sort_ids(struct board_ids *ids)
{
	size_t kept = 0;

	if (ids->count > 0) {
		qsort(ids->items, ids->count, sizeof *ids->items, board_by_value);
	}
	for (size_t i = 0; i < ids->count; i++) {
		if (kept == 0 || ids->items[i] != ids->items[kept - 1]) {
			ids->items[kept++] = ids->items[i];
		}
	}
	ids->count = kept;
}

#define OF_CATEGORY "SELECT thread FROM support_line WHERE category = :category"
#define OVERDUE "SELECT thread FROM support_board WHERE due_ms <= :overdue"

#define OF_PLACE "SELECT thread FROM support_order WHERE place = :place"

static enum status collect_places(
    struct ctx *ctx, const struct board_wish *wish, struct board_ids *ids, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; i < wish->place_count && status == OK && !ids->too_many; i++) {
		struct query *rows = NULL;
		status = board_ask(ctx, OF_PLACE, &rows, err);
		if (status == OK) {
			query_bind_text(rows, "place", bytes_text(wish->places[i]));
			take_threads(rows, ids);
		}
	}
	return status;
}

/* By one of what is looked for; the rest is asked of each row. */
enum status board_collect(struct ctx *ctx, const struct board_wish *wish, struct board_ids *ids, struct err *err)
{
	bool overdue = wish->overdue_ms != 0 && wish->order != BOARD_BY_DUE;
	struct query *rows = NULL;
	enum status status = OK;

	*ids = (struct board_ids){ .wanted = wish->text != NULL || wish->place_count > 0 || wish->category != NULL ||
		    overdue };
	if (!ids->wanted) {
		return OK;
	}
	ids->items = arena_take_array(ctx->arena, MANY, sizeof *ids->items);
	if (ids->items == NULL) {
		return err_set(err, ENVIRONMENT, "board: out of memory");
	}
	if (wish->text != NULL) {
		status = collect_text(ctx, wish, ids, err);
	} else if (wish->place_count > 0) {
		status = collect_places(ctx, wish, ids, err);
	} else {
		status = board_ask(ctx, wish->category ? OF_CATEGORY : OVERDUE, &rows, err);
		if (status == OK && wish->category != NULL) {
			query_bind_text(rows, "category", bytes_text(wish->category));
		} else if (status == OK) {
			query_bind_int(rows, "overdue", wish->overdue_ms);
		}
		if (status == OK) {
			take_threads(rows, ids);
		}
	}
	sort_ids(ids);
	return status;
}
