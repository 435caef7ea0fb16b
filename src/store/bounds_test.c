/* What one party may make a home keep, and that it is its own logs that stop. */
#include "base/tap.h"
#include "store/test_store.h"
#include <string.h>

static struct bench bench;
static struct hand desk[3];

/* Enters the same again and again in one transaction until it is refused; how many went in. */
static unsigned fill(const struct hand *hand, const struct draft *draft, unsigned most, const char **reason)
{
	struct err err = { .status = OK };
	enum accepted accepted;
	enum status status = store_begin(&bench.store, &err);
	unsigned count = 0;
	int64_t row;

	*reason = "";
	while (status == OK && count < most) {
		struct made made;
		entry_make(&bench, &made, hand, draft);
		status = bench_accept(&bench, &made, &accepted, &row, &err);
		count += status == OK;
		made_clear(&made);
	}
	*reason = store_accept_reason(&err);
	tap_is_int(store_commit(&bench.store, &err), OK, "what went in before is kept");
	return count;
}

static void test_thread_full(void)
{
	const char *reason;
	struct err err = { .status = OK };
	struct id thread = bench_enter(&bench, &desk[0], &(struct draft){ .kind = "toy.opened" });
	const struct draft note = { .kind = "toy.noted", .thread = &thread };

	tap_is_int(fill(&desk[0], &note, 10000, &reason), LIMIT_THREAD_ENTRIES - 1,
	    "one party can write so much in one thread, and no more");
	tap_is_text(reason, "thread-full", "its log stops, and says why");
	tap_is_int(fill(&desk[2], &note, 1, &reason), 0, "another desk of the party does not help it");
	tap_is_int(fill(&desk[1], &note, 3, &reason), 3, "the partner can go on in the thread");
	tap_is_int(fill(&desk[0], &(struct draft){ .kind = "toy.opened" }, 3, &reason), 3,
	    "and the party in its other threads");
	bench_reopen(&bench, DB_WRITE);
	tap_is_int(fill(&desk[0], &note, 3, &reason), 0, "a home that was closed counts the same");
	store_setting_set(&bench.store, "thread-full", bytes_text("8200"), &err);
	tap_is_int(fill(&desk[0], &note, 3, &reason), 3, "the owner can raise the bound");
}

static void test_kernel_entries(void)
{
	const char *reason;
	const struct draft nothing = { .kind = "tally.accepted" };

	tap_ok(
	    fill(&desk[0], &nothing, 10000, &reason) < LIMIT_KERNEL_ENTRIES, "kernel entries of one party are bounded");
	tap_is_text(reason, "kernel-entries", "and its log says why it stops");
	tap_is_int(fill(&desk[1], &nothing, 1, &reason), 1, "the partner's are its own");
}

static void test_logs(void)
{
	struct err err = { .status = OK };
	enum accepted accepted;
	unsigned count = 0, begun = 1; /* its root */
	int64_t row;
	const char *reason;

	tap_is_int(store_begin(&bench.store, &err), OK, "keys are granted");
	while (begun < LIMIT_PARTY_LOGS + 3 && count == begun - 1) {
		struct hand hand = hand_make(1000 + begun);
		struct made made;
		bench_grant(&bench, &bench.root[1], &hand, false);
		entry_make(&bench, &made, &hand, &(struct draft){ .kind = "toy.opened" });
		count += bench_accept(&bench, &made, &accepted, &row, &err) == OK;
		begun++;
		made_clear(&made);
	}
	reason = store_accept_reason(&err);
	tap_is_text(reason, "logs", "one party can begin so many logs, and no more");
	tap_is_int(count, LIMIT_PARTY_LOGS - 2, "its root and its first desk among them");
	tap_is_int(store_commit(&bench.store, &err), OK, "what went in before is kept");
}

int main(void)
{
	bench_open(&bench);
	for (unsigned i = 0; i < 3; i++) {
		desk[i] = hand_make(50 + i);
		bench_grant(&bench, &bench.root[i % 2], &desk[i], false);
	}
	test_thread_full();
	test_kernel_entries();
	test_logs();
	bench_close(&bench);
	return tap_done();
}
