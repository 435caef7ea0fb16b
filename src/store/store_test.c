/* The store as a whole when the disk is full: nothing half-way, nothing lost, and what is in memory agrees with the disk. */
#include "base/alloc.h"
#include "store/test_store.h"

static struct bench bench;
static struct hand desk;
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

/* Heads on disk and in memory are those of the last entry of each log (S1, S2). */
static bool heads_hold(void)
{
	struct log_row log;

	store_log_find(&bench.store, bench.tally.row, &desk.key, NULL, &log, &err);
	return ask("select count(*) from log l where head_seq <> (select max(seq) from entry e where e.log = l.row)"
		   " or head_id <> (select id from entry e where e.log = l.row and e.seq = l.head_seq)"
		   " or head_seq - first_seq + 1 <> (select count(*) from entry e where e.log = l.row)") == 0 &&
	    ask("select head_seq from log order by row desc limit 1") == (int64_t)log.head_seq;
}

#define BATCH 300

static enum status enter_batch(struct made made[BATCH])
{
	enum status status = store_begin(&bench.store, &err);
	enum accepted accepted;
	int64_t row;

	if (status != OK) {
		return status;
	}
	for (unsigned i = 0; status == OK && i < BATCH; i++) {
		status = store_accept(&bench.store, bench.tally.row, &made[i].entry, 1, &accepted, &row, &err);
	}
	if (status != OK) {
		store_rollback(&bench.store);
		return status;
	}
	return store_commit(&bench.store, &err);
}

static void test_full_disk(void)
{
	static struct made made[BATCH];
	struct place place;
	enum status status = ENVIRONMENT;
	bool kept_nothing = true, environment = true;
	int64_t before = ask("select count(*) from entry"), n = 0;

	store_next_place(&bench.store, bench.tally.row, &desk.key, &place, &err);
	for (unsigned i = 0; i < BATCH; i++) {
		struct id waits_for = { { 0x77, (uint8_t)i } };
		entry_make_at(&made[i], &place, &desk,
		    &(struct draft){ .kind = "toy.opened", .refs = &waits_for, .ref_count = i % 3 == 0 });
		place.seq++;
		place.prev = made[i].entry.id;
	}
	while (status != OK && n < 1000) {
		n++;
		err_clear(&err);
		db_fail_write(bench.store.db, n);
		status = enter_batch(made);
		db_fail_write(bench.store.db, 0);
		environment = environment && (status == OK || status == ENVIRONMENT);
		kept_nothing =
		    kept_nothing && (status == OK || (ask("select count(*) from entry") == before && heads_hold()));
	}
	tap_ok(n > 20, "a frame writes many times, and each write was made to fail");
	tap_ok(environment, "each time the reason was the disk");
	tap_ok(kept_nothing, "each time nothing of the frame was kept, and heads in memory were those on disk");
	tap_ok(ask("select count(*) from entry") == before + BATCH && heads_hold(),
	    "with room again the same frame goes in whole");
	tap_is_int(ask("select count(*) from missing"), BATCH / 3, "with what it waits for");
	for (unsigned i = 0; i < BATCH; i++) {
		made_clear(&made[i]);
	}
	bench_reopen(&bench, DB_WRITE);
	tap_ok(heads_hold() && db_check(bench.store.db, &err) == OK, "after a restart all of it holds");
}

/* Opens the home, enters one entry that waits for something, closes it. */
static enum status life(const struct made *made)
{
	enum accepted accepted;
	int64_t row;
	enum status status = store_open(bench.home, DB_WRITE, &bench.store, &err);

	if (status != OK) {
		return status;
	}
	status = store_accept(&bench.store, bench.tally.row, &made->entry, 1, &accepted, &row, &err);
	store_close(&bench.store);
	return status;
}

static void test_out_of_memory(void)
{
	struct made made;
	struct id nowhere = { { 0x55 } };
	enum status status = ENVIRONMENT;
	bool said = true;
	unsigned long n = 0;

	entry_make(&bench, &made, &desk, &(struct draft){ .kind = "toy.opened", .refs = &nowhere, .ref_count = 1 });
	store_close(&bench.store);
	while (status != OK && n < 1000) {
		err_clear(&err);
		base_alloc_fail_at(++n);
		status = life(&made);
		base_alloc_fail_at(0);
		said = said && (status == OK || (status == ENVIRONMENT && err.text[0] != '\0'));
	}
	tap_ok(n > 20 && status == OK, "opening and entering survive that memory runs out, at each place in turn");
	tap_ok(said, "each time it is said");
	err_clear(&err);
	store_open(bench.home, DB_WRITE, &bench.store, &err);
	tap_ok(heads_hold() && db_check(bench.store.db, &err) == OK, "and nothing is left half-way");
	made_clear(&made);
}

static void test_settings(void)
{
	struct arena arena;
	struct bytes value;

	arena_init(&arena, 4096);
	tap_ok(store_setting_get(&bench.store, "party", &arena, &value, &err) == NOT_FOUND,
	    "a setting that was never set is not there");
	store_setting_set(&bench.store, "party", bytes_text("GB"), &err);
	store_setting_set(&bench.store, "party", bytes_text("JP"), &err);
	tap_ok(store_setting_get(&bench.store, "party", &arena, &value, &err) == OK && bytes_is(value, "JP"),
	    "the last value counts");
	tap_ok(store_setting_set(&bench.store, "nothing", bytes_of(NULL, 0), &err) == OK &&
		store_setting_get(&bench.store, "nothing", &arena, &value, &err) == OK && value.len == 0,
	    "an empty value is a value");
	arena_clear(&arena);
}

static enum status count_tally(void *context, const struct tally_row *tally, struct err *error)
{
	(void)error;
	*(unsigned *)context += tally->row > 0;
	return OK;
}

static void test_tallies(void)
{
	struct tally_row tally;
	struct id other = { { 1 } };
	unsigned count = 0;

	tap_ok(store_tally_find(&bench.store, &bench.tally.id, &tally, &err) == OK && tally.row == bench.tally.row &&
		strcmp(tally.mode, "rehearsal") == 0 && tally.own_party == 0,
	    "a tally is found by its id");
	tap_ok(store_tally_find(&bench.store, &other, &tally, &err) == NOT_FOUND, "another is not");
	tap_ok(store_tally_get(&bench.store, 55, &tally, &err) == NOT_FOUND, "nor one by a number that none has");
	store_tally_each(&bench.store, count_tally, &count, &err);
	tap_is_int(count, 1, "all are listed");
}

int main(void)
{
	bench_open(&bench);
	desk = hand_make(50);
	bench_grant(&bench, &bench.root[0], &desk, false);
	bench_enter(&bench, &desk, &(struct draft){ .kind = "toy.opened" });
	test_full_disk();
	test_out_of_memory();
	test_settings();
	test_tallies();
	bench_close(&bench);
	return tap_done();
}
