/* What the board finds is what a plain look at every row finds, in the same order: rows of random texts, asked for at random. */
#include "base/tap.h"
#include "domain/support/support_board.h"
#include "domain/support/support_state.h"
#include "domain/support/test_face.h"
#include "store/rows.h"

#define ROWS_MOST 30000
#define STATE_BITS 6
#define CLOSING_LEFT (BOARD_TURN / 2)

struct row {
	int64_t thread, low, high, day, due;
	unsigned one, other, category;
	uint64_t states;
	char number[32], ja[2][64], en[2][64], reference[64], place[64];
	unsigned lines;
	bool elsewhere; /* of another tally */
};
static struct row rows[ROWS_MOST];
static size_t row_count;
static uint64_t chance = UINT64_C(0x9E3779B97F4A7C15);

static unsigned pick(unsigned below)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (unsigned)(chance % below);
}

/* ---- rows ---------------------------------------------------------------------------------------------------------------- */

static const char *const pieces[] = { "軽油", "航空", "燃料", "毛布", "油", "Fuel", "fuel", "AVIATION", "a", "Z", "%",
	"_", "!", "カナ", "かな", "ガ", "が", "é", "É", "1", "-", "GB-0", " ", "２", "'" };
static const char *const categories[] = { "fuel", "food", "billeting" };

static void put_pieces(char *text, size_t size, unsigned most)
{
	unsigned count = pick(most + 1);

	text[0] = '\0';
	for (unsigned i = 0; i < count; i++) {
		size_t len = strlen(text);
		snprintf(text + len, size - len, "%s", pieces[pick(sizeof pieces / sizeof *pieces)]);
	}
}

static struct row random_row(size_t index, unsigned parties, bool alike)
{
	unsigned one = pick(parties), other = (one + 1 + pick(parties - 1)) % parties;
	struct row row = { .thread = (int64_t)index + 1,
		.one = one,
		.other = other,
		.category = pick(3),
		.low = (int64_t)pick(3) * BOARD_TURN + pick(2) * CLOSING_LEFT + pick(1000),
		.high = (int64_t)pick(3) * BOARD_TURN + pick(2) * CLOSING_LEFT + pick(1000),
		.day = pick(4) ? 19000 + pick(300) : BOARD_NO_DAY,
		.due = pick(3) ? 1000 + pick(1000) : BOARD_NEVER,
		.states = pick(1 << STATE_BITS),
		.lines = 1 + pick(2),
		.elsewhere = pick(5) == 0 };

	snprintf(row.number, sizeof row.number, "%s-%02u-%04zu%s", one ? "JP" : "GB", pick(12), index,
	    pick(8)       ? ""
		: pick(2) ? "~a1f2"
			  : "~00bc");
	for (unsigned i = 0; i < row.lines; i++) {
		put_pieces(row.ja[i], sizeof row.ja[i], 4);
		put_pieces(row.en[i], sizeof row.en[i], 3);
		if (alike) {
			snprintf(row.ja[i], sizeof row.ja[i], "共通の品");
			row.en[i][0] = '\0';
		}
	}
	put_pieces(row.reference, sizeof row.reference, 2);
	put_pieces(row.place, sizeof row.place, 1);
	return row;
}

static const char *quoted(const char *text)
{
	char *made = arena_take(&world.arena, 2 * strlen(text) + 3), *to = made;

	if (text[0] == '\0') {
		return "NULL";
	}
	*to++ = '\'';
	for (; *text; text++) {
		*to++ = *text;
		if (*text == '\'') {
			*to++ = '\'';
		}
	}
	*to++ = '\'';
	*to = '\0';
	return made;
}

static void put_row(const struct row *row, struct buf *sql)
{
	long long thread = row->thread;

	buf_printf(sql,
	    "INSERT INTO support_board VALUES (%lld, '%s', %u, %u, %lld, %lld, %lld, %lld, %lld, %llu, %lld, NULL, NULL);\n",
	    thread, row->number, row->one, row->other, (long long)row->low, (long long)row->high,
	    (long long)(row->low % CLOSING_LEFT), (long long)(row->high % CLOSING_LEFT), (long long)row->day,
	    (unsigned long long)row->states, (long long)row->due);
	buf_printf(sql,
	    "INSERT INTO support_order VALUES (%lld, x'00', '%s', NULL, NULL, 1, %u, %u, 'x', 'y', %s, %s, NULL, NULL, 0, NULL, 0, NULL);\n",
	    thread, row->number, row->one, row->other, quoted(row->reference), quoted(row->place));
	for (unsigned i = 0; i < row->lines; i++) {
		buf_printf(sql,
		    "INSERT INTO support_line VALUES (%lld, %u, '%s', 'supply', %s, %s, '1', 'LTR', NULL, NULL, '1', NULL, NULL, 'JPY', 'cash', NULL, NULL);\n",
		    thread, i + 1, categories[row->category], quoted(row->en[i]), quoted(row->ja[i]));
	}
	buf_printf(sql,
	    "INSERT INTO thread (row, tally, id_prefix, id, domain, number, touched) VALUES (%lld, %lld, %lld, x'%08llx', 'support', '%s', 0);\n",
	    thread, (long long)ctx.tally + row->elsewhere, thread, thread, row->number);
}

static void run(const char *sql)
{
	struct err err = { 0 };

	if (db_script(world.own.store.db, sql, &err) != OK) {
		fprintf(stderr, "# %s\n", err.text);
		abort();
	}
}

static void put_texts(const struct row *row)
{
	static const struct texts texts = TEXTS_OF("support_text", "support_gram");
	struct err err = { 0 };
	struct rows to;

	rows_open(&to, &world.own.store, &support_domain, row->thread);
	rows_put_text(&to, &texts, bytes_text(row->reference));
	rows_put_text(&to, &texts, bytes_text(row->place));
	for (unsigned i = 0; i < row->lines; i++) {
		rows_put_text(&to, &texts, bytes_text(row->en[i]));
		rows_put_text(&to, &texts, bytes_text(row->ja[i]));
	}
	ASSERT(rows_close(&to, &err) == OK);
}

static void fill(size_t count, unsigned parties, unsigned alike_of_ten)
{
	struct err err = { 0 };
	struct buf sql;

	buf_init(&sql, 1 << 16);
	ASSERT(store_begin(&world.own.store, &err) == OK);
	run("DELETE FROM support_board; DELETE FROM support_order; DELETE FROM support_line; DELETE FROM thread;");
	for (row_count = 0; row_count < count; row_count++) {
		rows[row_count] = random_row(row_count, parties, pick(10) < alike_of_ten);
		put_row(&rows[row_count], &sql);
		run(buf_text(&sql));
		buf_reset(&sql);
		put_texts(&rows[row_count]);
	}
	ASSERT(store_commit(&world.own.store, &err) == OK);
	buf_clear(&sql);
	ctx.view.party_count = parties;
	ctx.view.party_codes[2] = "US";
}

/* ---- the plain look ------------------------------------------------------------------------------------------------------ */

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* In whatever case where there is a Latin letter, else by its bytes: which comes to the same. */
static bool has(const char *text, const char *needle)
{
	size_t len = strlen(needle);

	for (size_t rest = strlen(text); rest >= len; rest--, text++) {
		size_t i = 0;
		while (i < len && lower(text[i]) == lower(needle[i])) {
			i++;
		}
		if (i == len) {
			return true;
		}
	}
	return false;
}

static bool has_text(const struct row *row, const char *needle)
{
	bool found = has(row->number, needle) || has(row->reference, needle) || has(row->place, needle);

	for (unsigned i = 0; i < row->lines; i++) {
		found = found || has(row->ja[i], needle) || has(row->en[i], needle);
	}
	return found;
}

static int64_t rank_of(const struct row *row)
{
	unsigned own = ctx.own_party;
	int64_t most = row->low > row->high ? row->low : row->high;

	if (own == row->one || own == row->other) {
		unsigned partner = own == row->one ? row->other : row->one;
		return own < partner ? row->low : row->high;
	}
	return most < BOARD_TURN ? most + BOARD_TURN : most;
}

static bool is_at(const struct row *row, const struct board_wish *wish)
{
	for (unsigned i = 0; i < wish->place_count; i++) {
		if (strcmp(row->place, wish->places[i]) == 0) {
			return true;
		}
	}
	return wish->place_count == 0;
}

static bool is_wished(const struct row *row, const struct board_wish *wish)
{
	int64_t rank = rank_of(row);

	return (wish->text == NULL || has_text(row, wish->text)) &&
	    (wish->category == NULL || strcmp(categories[row->category], wish->category) == 0) &&
	    (wish->states == 0 || (row->states & wish->states) != 0) &&
	    (wish->supplier < 0 || row->other == wish->supplier) &&
	    (wish->overdue_ms == 0 || row->due <= wish->overdue_ms) && rank >= wish->low && rank < wish->high &&
	    (wish->alone || !row->elsewhere) && is_at(row, wish);
}

static enum board_order sorted_by;

static int64_t key_of(const struct row *row)
{
	switch (sorted_by) {
	case BOARD_BY_TURN: return rank_of(row);
	case BOARD_BY_SINCE: return -(rank_of(row) % CLOSING_LEFT);
	case BOARD_BY_DUE: return row->due;
	case BOARD_BY_DAY: return row->day;
	case BOARD_BY_NUMBER: break;
	}
	return 0;
}

static int in_order(const void *a, const void *b)
{
	const struct row *one = *(const struct row *const *)a, *other = *(const struct row *const *)b;
	int64_t x = key_of(one), y = key_of(other);

	return x != y ? (x > y) - (x < y) : strcmp(one->number, other->number);
}

static size_t look(const struct board_wish *wish, const struct row **found)
{
	size_t count = 0;

	for (size_t i = 0; i < row_count; i++) {
		if (is_wished(&rows[i], wish)) {
			found[count++] = &rows[i];
		}
	}
	sorted_by = wish->order;
	qsort(found, count, sizeof *found, in_order);
	return count;
}

/* ---- both ---------------------------------------------------------------------------------------------------------------- */

/* Some of a number, from any sign of it to any other, in either case. */
static void put_number(char *text, size_t size)
{
	const char *number = rows[pick((unsigned)row_count)].number;
	size_t len = strlen(number), from = pick((unsigned)len);
	bool small = pick(2);

	snprintf(text, size, "%.*s", (int)(1 + pick((unsigned)(len - from))), number + from);
	for (char *at = text; small && *at; at++) {
		*at = (char)lower(*at);
	}
}

static struct board_wish random_wish(char needle[64])
{
	struct board_wish wish = { .supplier = -1, .high = BOARD_ALL_RANKS, .order = pick(5), .alone = pick(2) };

	if (pick(3)) {
		put_pieces(needle, 64, 2);
		if (pick(3) == 0) {
			put_number(needle, 64);
		}
		wish.text = needle[0] ? needle : NULL;
	}
	wish.category = pick(4) ? NULL : categories[pick(3)];
	wish.states = pick(3) ? 0 : pick(1 << STATE_BITS);
	wish.supplier = pick(4) ? -1 : (int64_t)pick(3);
	wish.overdue_ms = pick(4) ? 0 : 900 + pick(1200);
	if (pick(3) == 0) {
		wish.low = (int64_t)pick(3) * BOARD_TURN;
		wish.high = pick(2) ? wish.low + BOARD_TURN : BOARD_ALL_RANKS;
	}
	wish.place_count = pick(3) ? 0 : 1 + pick(BOARD_PLACES);
	for (unsigned i = 0; i < wish.place_count; i++) {
		wish.places[i] =
		    pieces[pick(sizeof pieces / sizeof *pieces)]; /* an order's place is one of them, or none */
	}
	wish.skip = pick(3) ? 0 : pick((unsigned)row_count + 60);
	wish.most = pick(3) ? 51 : 1 + pick((unsigned)row_count);
	return wish;
}

static bool same(const struct board_wish *wish)
{
	static const struct row *found[ROWS_MOST];
	size_t count = look(wish, found), skip = (size_t)wish->skip < count ? (size_t)wish->skip : count;
	size_t wanted = count - skip < (size_t)wish->most ? count - skip : (size_t)wish->most;
	struct board_found got;
	struct err err = { 0 };
	bool good = board_find(&ctx, wish, &got, &err) == OK && got.count == wanted;

	for (size_t i = 0; good && i < wanted; i++) {
		good = got.threads[i] == found[skip + i]->thread;
	}
	if (!good) {
		printf("# %zu of %zu wanted, from %zu: text '%s' category %s states %llu supplier %lld overdue %lld "
		       "ranks %lld to %lld order %d alone %d places %u; %s\n",
		    got.count, wanted, skip, wish->text ? wish->text : "", wish->category ? wish->category : "",
		    (unsigned long long)wish->states, (long long)wish->supplier, (long long)wish->overdue_ms,
		    (long long)wish->low, (long long)wish->high, wish->order, wish->alone, wish->place_count, err.text);
	}
	return good;
}

static void compare(unsigned times, unsigned own, const char *title)
{
	unsigned good = 0;
	char needle[64];

	ctx.own_party = own;
	for (unsigned i = 0; i < times; i++) {
		struct board_wish wish = random_wish(needle);
		good += same(&wish);
	}
	tap_is_int(good, times, title);
}

static void texts(const char *const *needles, size_t count, const char *title)
{
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		for (unsigned order = BOARD_BY_TURN; order <= BOARD_BY_DAY; order++) {
			struct board_wish wish = { .text = needles[i],
				.supplier = -1,
				.high = BOARD_ALL_RANKS,
				.order = order,
				.alone = true,
				.skip = order == BOARD_BY_DAY ? 300 : 0,
				.most = 51 };
			good = good && same(&wish);
		}
	}
	tap_ok(good, title);
}

/* The whole list, of which the farther half is read from the end. */
static void whole(void)
{
	const int64_t all = (int64_t)row_count;
	const int64_t skips[] = { 0, 1001, all / 2, all / 2 + 1, all - 51, all - 50, all - 1, all, all + 1 };
	bool good = true;

	for (unsigned order = BOARD_BY_TURN; order <= BOARD_BY_DAY; order++) {
		for (size_t i = 0; i < sizeof skips / sizeof *skips; i++) {
			struct board_wish wish = { .supplier = -1,
				.high = BOARD_ALL_RANKS,
				.order = order,
				.alone = true,
				.skip = skips[i],
				.most = 51 };
			good = good && same(&wish);
		}
	}
	tap_ok(good, "every page of the whole list is the same, wherever it is read from");
}

static void counts(void)
{
	int64_t plain = 0, limited = 0;
	size_t wanted = 0;
	struct err err = { 0 };

	for (size_t i = 0; i < row_count; i++) {
		wanted += rank_of(&rows[i]) < BOARD_TURN;
	}
	board_count(&ctx, 0, BOARD_TURN, true, 1000000, &plain, &err);
	board_count(&ctx, 0, BOARD_TURN, true, 7, &limited, &err);
	tap_is_int(plain, (long long)wanted, "what waits is counted");
	tap_is_int(limited, 7, "no further than is asked for");
}

/* Both parties of an order may have something to do: each sees its own first. */
static void movers(void)
{
	const int64_t ours = 5, theirs = BOARD_TURN + 5, nobodys = 2 * BOARD_TURN;

	tap_is_int(board_mover(0, 1, 0, ours, theirs), 0, "it is the turn of the one that the order waits for");
	tap_is_int(board_mover(1, 1, 0, ours, theirs), 0, "as the other sees it too");
	tap_is_int(board_mover(1, 0, 1, theirs, ours), 1, "whichever that is");
	tap_is_int(board_mover(0, 0, 1, ours, ours), 0, "of two that have to act each is told of its own turn,");
	tap_is_int(board_mover(1, 0, 1, ours, ours), 1, "the other too");
	tap_is_int(board_mover(0, 0, 2, ours + CLOSING_LEFT, theirs + CLOSING_LEFT), 0, "closing is a turn as well");
	tap_is_int(board_mover(1, 0, 2, ours, theirs), 0, "a third party is told whose turn it is");
	tap_is_int(board_mover(1, 2, 0, theirs, ours), 2, "of the two");
	tap_is_int(board_mover(2, 1, 0, nobodys, nobodys), -1, "and what waits for nobody waits for nobody");
}

int main(void)
{
	static const char *const needles[] = { "軽油", "毛布", "油", "カナ", "かな", "ガ", "é", "É", "fuel", "FUEL",
		"fu", "a", "%", "_", "!", "'", "-", "GB-0", "-0007", "軽油a", "２", "zz", "毛布毛布毛布", "共通",
		"共通の品", "通" };

	world_open(&world);
	world_deliver(&world);
	face_open(GB);
	fill(700, 2, 0);
	compare(500, 0, "of few orders the board finds what a plain look finds, as the one party sees it");
	compare(300, 1, "and as the other does");
	texts(needles, sizeof needles / sizeof *needles, "two kanji, kana, Latin letters and signs are found");
	counts();
	movers();
	fill(700, 3, 0);
	compare(300, 1, "of three parties too");
	counts();
	fill(24000, 2, 9);
	compare(25, 1, "and of so many that they are not collected, but asked one by one");
	texts(needles, sizeof needles / sizeof *needles, "with the same texts");
	whole();
	face_close();
	world_close(&world);
	return tap_done();
}
