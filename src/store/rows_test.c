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
	    "create table if not exists toy_line (thread {int} not null, position {int}, primary key (thread, position));"
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
	bench_reopen(&bench, DB_READ);
	tap_ok(rows_create(&bench.store, &toy_newer, &made, &err) == OK && !made, "a reader changes no table");
	bench_reopen(&bench, DB_WRITE);
	tap_ok(rows_create(&bench.store, &toy_newer, &made, &err) == OK && made, "a newer text replaces the tables");
	tap_ok(ask("select count(other) from toy_line") == 0 &&
		ask("select count(*) from sqlite_master where name in ('toy_order', 'toy_open')") == 0,
	    "what only the old one made is gone");
	bench_close(&bench);
	return tap_done();
}
