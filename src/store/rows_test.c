#include "store/rows.h"
#include "store/test_store.h"

static const struct column order_columns[] = { { "number", COLUMN_TEXT }, { "quantity", COLUMN_INT },
	{ "proof", COLUMN_BLOB }, { NULL, COLUMN_INT } };
static const struct column line_columns[] = { { "position", COLUMN_INT }, { NULL, COLUMN_INT } };
static const struct table tables[] = { { "toy_order", order_columns }, { "toy_line", line_columns }, { NULL, NULL } };
static const struct domain toy = {
	.name = "toy",
	.tables = tables,
	.sql =
	    "create table toy_order (thread {int} not null, number {text}, quantity {int}, proof {blob});\n"
	    "-- a view that stands on it\n"
	    "create view toy_open as select number from toy_order where quantity > 0;\n"
	    "create table if not exists toy_line (thread {int} not null, position {int}, primary key (thread, position));\n"
	    "create table toy_text (id {int} primary key, text {text} not null unique);\n"
	    "create virtual table toy_pair using fts5 (grams, content='', detail=none, columnsize=0, tokenize=ascii);"
};
static const struct domain toy_newer = {
	.name = "toy",
	.tables = tables + 1,
	.sql =
	    "create table toy_line (thread {int} not null, position {int}, other {int}, primary key (thread, position));"
};

static struct bench bench;
static struct err err;

static int64_t ask(const char *sql)
{
	struct statement *s;
	int64_t answer = -1;

	if (db_statement(bench.store.db, sql, &s, NULL) == OK) {
		answer = statement_step(s, NULL) == OK ? statement_column_int(s, 0) : -2;
		statement_done(s);
	}
	return answer;
}

static enum status fill(int64_t thread, int64_t lines)
{
	struct rows rows;

	rows_open(&rows, &bench.store, &toy, thread);
	rows_put(&rows, &tables[0],
	    (struct row_value[]){
		row_text(bytes_text("GB-07-0001")), row_int(thread * 10), row_blob(bytes_of("", 0)) });
	for (int64_t i = 0; i < lines; i++) {
		rows_put(&rows, &tables[1], (struct row_value[]){ row_int(i) });
	}
	return rows_close(&rows, &err);
}

static int64_t texts_with(const char *part)
{
	struct statement *s;
	int64_t count = -1;

	if (db_statement(
		bench.store.db, "select count(*) from toy_pair where toy_pair match bigrams(:part)", &s, NULL) == OK) {
		statement_text(s, "part", bytes_text(part));
		count = statement_step(s, NULL) == OK ? statement_column_int(s, 0) : -2;
		statement_done(s);
	}
	return count;
}

static void texts(void)
{
	static const struct texts toy_texts = TEXTS_OF("toy_text", "toy_pair");
	struct rows rows;

	rows_open(&rows, &bench.store, &toy, 1);
	rows_put_text(&rows, &toy_texts, bytes_text("航空燃料 JET A-1"));
	rows_put_text(&rows, &toy_texts, bytes_text("軽油"));
	rows_put_text(&rows, &toy_texts, bytes_text("航空燃料 JET A-1"));
	rows_put_text(&rows, &toy_texts, bytes_text(""));
	rows_put_text(&rows, &toy_texts, bytes_text("😀油"));
	tap_ok(rows_close(&rows, &err) == OK && ask("select count(*) from toy_text") == 3,
	    "each text is kept once, an empty one not at all");
	tap_is_int(texts_with("燃料"), 1, "two signs that stand side by side are found");
	tap_is_int(texts_with("空料"), 0, "others are not");
	tap_is_int(texts_with("jet a"), 1, "Latin letters in either case");
	tap_is_int(texts_with("😀油"), 1, "and signs of four bytes");
	tap_is_int(ask("select bigrams('a') = '' and bigrams(null) is null"), 1, "one sign has no pair");
	tap_is_int(ask("select bigrams('Aé') = '61xe9 '"), 1, "a pair is a word of hex digits");
}

int main(void)
{
	bool made = false;

	bench_open(&bench);
	tap_ok(rows_create(&bench.store, &toy, &made, &err) == OK && made, "a domain's tables are made");
	tap_ok(rows_create(&bench.store, &toy, &made, &err) == OK && !made, "once");
	tap_ok(
	    db_has_index(bench.store.db, "toy_order", "thread"), "a table without an index on its thread is given one");
	tap_is_int(ask("select count(*) from sqlite_master where name = 'toy_line_by_thread'"), 0,
	    "one that has a key on it is not");
	tap_ok(fill(1, 3) == OK && fill(2, 2) == OK, "rows go in");
	tap_is_int(ask("select quantity from toy_order where number = 'GB-07-0001' and thread = 2"), 20,
	    "each with its thread and values");
	tap_is_int(ask("select count(*) from toy_order where proof is null"), 0, "an empty blob is not a missing one");
	tap_ok(rows_clear(&bench.store, &toy, 1, &err) == OK, "the rows of one thread are removed");
	tap_ok(
	    ask("select count(*) from toy_line") == 2 && ask("select count(*) from toy_order") == 1, "and no others");
	tap_ok(fill(2, 2) != OK && err.text[0] != '\0', "a row that the table does not take is told at the end");
	err_clear(&err);
	tap_ok(rows_clear_tally(&bench.store, &toy, bench.tally.row, &err) == OK &&
		ask("select count(*) from toy_line where thread = 1") == 0,
	    "all rows of a tally's threads are removed");
	texts();
	bench_reopen(&bench, DB_READ);
	tap_is_int(texts_with("軽油"), 1, "a reader finds them");
	tap_ok(rows_create(&bench.store, &toy_newer, &made, &err) == OK && !made, "a reader changes no table");
	bench_reopen(&bench, DB_WRITE);
	tap_ok(rows_create(&bench.store, &toy_newer, &made, &err) == OK && made, "a newer text replaces the tables");
	tap_ok(ask("select count(other) from toy_line") == 0 &&
		ask("select count(*) from sqlite_master where name in ('toy_order', 'toy_open') or name like 'toy_pair%'") ==
		    0,
	    "what only the old one made is gone");
	bench_close(&bench);
	return tap_done();
}
