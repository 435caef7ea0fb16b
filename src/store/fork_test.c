#include "store/test_store.h"

static struct bench bench;
static struct err err;
static enum accepted accepted;
static int64_t row;

#define OPENS (&(struct draft){ .kind = "toy.opened" })

/* An entry of this hand after any entry; two of one place differ in their time. */
static struct made after(const struct hand *hand, uint64_t seq, const struct id *prev, unsigned variant)
{
	struct place place = { .tally = bench.tally.id, .key = hand->key, .seq = seq, .prev = *prev };
	struct made made;

	entry_make_at(&made, &place, hand, &(struct draft){ .kind = "toy.opened", .stated_ms = 2000 + variant });
	return made;
}

static struct id enter(const struct made *made)
{
	err_clear(&err);
	if (bench_accept(&bench, made, &accepted, &row, &err) != OK) {
		printf("# %s\n", err.text);
		accepted = ACCEPTED_DOUBLE;
	}
	return made->entry.id;
}

static struct hand granted(unsigned number)
{
	struct hand hand = hand_make(number);

	bench_grant(&bench, &bench.root[0], &hand, false);
	return hand;
}

static void test_one_fork(void)
{
	struct hand desk = granted(50);
	struct log_row log, branch;
	struct entry_row entry;
	struct place place;

	struct id one = bench_enter(&bench, &desk, OPENS);
	struct made two = after(&desk, 2, &one, 0), other = after(&desk, 2, &one, 1);
	enter(&two);
	struct made three = after(&desk, 3, &two.entry.id, 0);
	enter(&three);
	enter(&other);
	tap_ok(
	    accepted == ACCEPTED_FORK, "an entry at a place taken by another begins a branch, and the caller is told");
	tap_ok(store_log_find(&bench.store, bench.tally.row, &desk.key, NULL, &log, &err) == OK && log.head_seq == 3 &&
		id_equal(&log.head_id, &three.entry.id),
	    "the log itself stands as it stood");
	tap_ok(store_log_find(&bench.store, bench.tally.row, &desk.key, &other.entry.id, &branch, &err) == OK &&
		branch.parent == log.row && branch.first_seq == 2 && branch.head_seq == 2 &&
		id_equal(&branch.first_prev, &one),
	    "the branch is a log of its own, named by the entry that began it");
	tap_ok(branch.party == log.party && branch.grant == log.grant && branch.key_class == log.key_class,
	    "of the same party and grant");
	tap_ok(store_entry_get(&bench.store, row, NULL, &entry, &err) == OK &&
		store_entry_place(&bench.store, &entry, &place, &err) == OK &&
		memcmp(&place, &other.entry.place, sizeof place) == 0,
	    "its first entry keeps the place that it was signed at");
	enter(&other);
	tap_ok(accepted == ACCEPTED_DOUBLE, "the same fork again is a double");
	enter(&two);
	tap_ok(accepted == ACCEPTED_DOUBLE, "and so is the entry that it forks from");

	struct made on = after(&desk, 3, &other.entry.id, 2), four = after(&desk, 4, &three.entry.id, 0);
	enter(&on);
	tap_ok(accepted == ACCEPTED_NEW, "the branch goes on with what follows its own head");
	enter(&four);
	tap_ok(accepted == ACCEPTED_NEW, "the log goes on with what follows its own");
	store_log_get(&bench.store, branch.row, &branch, &err);
	store_log_get(&bench.store, log.row, &log, &err);
	tap_ok(branch.head_seq == 3 && log.head_seq == 4, "each counts for itself");

	struct made deeper = after(&desk, 3, &other.entry.id, 3);
	enter(&deeper);
	store_log_find(&bench.store, bench.tally.row, &desk.key, &deeper.entry.id, &log, &err);
	tap_ok(accepted == ACCEPTED_FORK && log.parent == branch.row, "a branch can fork again");
	tap_ok(bench_reopen(&bench, DB_WRITE), "the home opens again");
	struct made late = after(&desk, 4, &on.entry.id, 0);
	enter(&late);
	store_log_get(&bench.store, branch.row, &branch, &err);
	tap_ok(accepted == ACCEPTED_NEW && branch.head_seq == 4, "and finds every branch where it was");
	unsigned bits = 0;
	store_kernel_touched(&bench.store, bench.tally.row, &bits, &err);
	tap_ok((bits & KERNEL_BRANCH) != 0, "the fold is told that there is a branch");
	struct made *all[] = { &two, &other, &three, &on, &four, &deeper, &late };
	for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
		made_clear(all[i]);
	}
}

static void test_first_place(void)
{
	struct hand desk = hand_make(51);
	struct id grants[2] = { bench_grant(&bench, &bench.root[0], &desk, false),
		bench_grant(&bench, &bench.root[1], &desk, false) };
	struct log_row log;

	struct made a = after(&desk, 1, &grants[0], 0), b = after(&desk, 1, &grants[0], 1),
		    c = after(&desk, 1, &grants[1], 0);
	enter(&a);
	enter(&b);
	tap_ok(accepted == ACCEPTED_FORK, "a log can fork at its very first place");
	enter(&c);
	store_log_find(&bench.store, bench.tally.row, &desk.key, &c.entry.id, &log, &err);
	tap_ok(accepted == ACCEPTED_FORK && log.party == 1,
	    "a second first entry on another grant is a branch of that grant's party");
	made_clear(&a);
	made_clear(&b);
	made_clear(&c);
}

static void test_too_many(void)
{
	struct hand desk = granted(52);
	struct id one = bench_enter(&bench, &desk, OPENS);
	unsigned forks = 0;
	struct log_row logs[LIMIT_BRANCHES];
	unsigned count;

	for (unsigned i = 0; i < LIMIT_BRANCHES; i++) {
		struct made made = after(&desk, 2, &one, i + 4);
		enter(&made);
		forks += accepted == ACCEPTED_FORK;
		made_clear(&made);
	}
	tap_is_int(forks, LIMIT_BRANCHES - 1, "the log and its branches are at most eight");
	struct made made = after(&desk, 2, &one, 40);
	tap_ok(bench_accept(&bench, &made, &accepted, &row, &err) == BAD_INPUT &&
		strcmp(store_accept_reason(&err), "branches") == 0,
	    "a ninth is refused, and says why");
	tap_ok(store_log_of_key(&bench.store, bench.tally.row, &desk.key, logs, &count, &err) == OK &&
		count == LIMIT_BRANCHES && id_is_zero(&logs[0].branch) && !id_is_zero(&logs[7].branch),
	    "all logs of a key are listed, the log itself first");
	made_clear(&made);
}

static void test_stopping(void)
{
	struct hand desk = granted(53);
	struct log_row log;

	bench_enter(&bench, &desk, OPENS);
	store_log_find(&bench.store, bench.tally.row, &desk.key, NULL, &log, &err);
	tap_ok(store_log_stop(&bench.store, log.row, "sig-wrong", &err) == OK &&
		store_log_limits(&bench.store, log.row, 12, 3, &err) == OK,
	    "a log can be stopped and limited");
	bench_reopen(&bench, DB_READ);
	store_log_get(&bench.store, log.row, &log, &err);
	tap_ok(strcmp(log.stopped, "sig-wrong") == 0 && log.limit_seq == 12 && log.forked_seq == 3, "both are on disk");
	tap_ok(store_log_stop(&bench.store, log.row, "", &err) == ENVIRONMENT, "a reader changes neither");
	bench_reopen(&bench, DB_WRITE);
	err_clear(&err);
	store_log_stop(&bench.store, log.row, "", &err);
	store_log_get(&bench.store, log.row, &log, &err);
	tap_ok(log.stopped[0] == '\0', "a stopped log can be let go on");
}

int main(void)
{
	bench_open(&bench);
	test_one_fork();
	test_first_place();
	test_too_many();
	test_stopping();
	bench_close(&bench);
	return tap_done();
}
