#include "store/test_store.h"

static struct bench bench;
static struct hand desk[2], home;
static struct err err;
static enum accepted accepted;
static int64_t row;

struct rows_seen {
	int64_t rows[16];
	unsigned count;
};

static enum status note_row(void *context, int64_t number, struct err *error)
{
	struct rows_seen *seen = context;

	(void)error;
	seen->rows[seen->count++ % 16] = number;
	return OK;
}

static enum status count_id(void *context, const struct id *id, struct err *error)
{
	(void)id;
	(void)error;
	++*(unsigned *)context;
	return OK;
}

static unsigned missing_count(void)
{
	unsigned count = 0;

	store_missing_each(&bench.store, bench.tally.row, count_id, &count, &err);
	return count;
}

static int64_t thread_of(const struct id *id)
{
	struct thread_row thread = { .row = 0 };

	store_thread_find(&bench.store, bench.tally.row, id, &thread, &err);
	return thread.row;
}

static bool is_touched(int64_t thread)
{
	struct rows_seen seen = { .count = 0 };

	store_thread_touched(&bench.store, bench.tally.row, note_row, &seen, &err);
	for (unsigned i = 0; i < seen.count && i < 16; i++) {
		if (seen.rows[i] == thread) {
			return true;
		}
	}
	return false;
}

static enum status save(void *context, int64_t thread, struct err *error)
{
	struct id leaf = { { 9 } };

	(void)context;
	return store_thread_save(&bench.store, thread, &leaf, "", error);
}

/* As the fold does: nothing is touched afterwards. */
static void fold_all(void)
{
	store_begin(&bench.store, &err);
	store_thread_touched(&bench.store, bench.tally.row, save, NULL, &err);
	store_kernel_looked(&bench.store, bench.tally.row, &err);
	store_commit(&bench.store, &err);
}

static struct rows_seen crossing(int64_t target)
{
	struct rows_seen seen = { .count = 0 };

	store_crossing_each(&bench.store, target, note_row, &seen, &err);
	return seen;
}

static bool waits(const struct id *id)
{
	struct entry_row entry;
	bool missing = false;

	store_entry_find(&bench.store, bench.tally.row, id, NULL, &entry, &err);
	store_entry_missing(&bench.store, entry.row, &missing, &err);
	return missing;
}

/* An entry of the second desk, made but kept back. */
static struct made kept_back(const struct draft *draft)
{
	struct made made;

	entry_make(&bench, &made, &desk[1], draft);
	return made;
}

static void test_answer_before_its_opening(void)
{
	struct made opener = kept_back(&(struct draft){ .kind = "toy.opened" });
	struct id id = opener.entry.id;
	struct thread_row thread;

	struct id answer = bench_enter(&bench, &desk[0],
	    &(struct draft){
		.kind = "toy.moved", .thread = &id, .part = &id, .answers = &(struct id){ { 0 } }, .answer_count = 0 });
	struct id second = bench_enter(&bench, &desk[0],
	    &(struct draft){ .kind = "toy.moved", .thread = &id, .part = &id, .answers = &id, .answer_count = 1 });
	tap_ok(waits(&answer) && waits(&second), "an entry that comes before what it names waits");
	tap_is_int(missing_count(), 1, "what it waits for is told, each id once");
	tap_ok(store_thread_find(&bench.store, bench.tally.row, &id, &thread, &err) == OK && thread.domain[0] == '\0',
	    "the thread has a row all the same, of no domain yet");
	fold_all();
	tap_ok(!is_touched(thread.row), "after a fold nothing is touched");
	tap_ok(bench_reopen(&bench, DB_WRITE) && bench_accept(&bench, &opener, &accepted, &row, &err) == OK,
	    "the opening comes, after a restart");
	store_thread_get(&bench.store, thread.row, &thread, &err);
	tap_ok(thread_of(&id) == thread.row && strcmp(thread.domain, "toy") == 0,
	    "the thread keeps its row and has its domain");
	tap_ok(is_touched(thread.row), "and is to be folded again");
	tap_ok(!waits(&answer) && !waits(&second) && missing_count() == 0, "nobody waits any more");
	made_clear(&opener);
	fold_all();
}

static void test_refs_between_threads(void)
{
	struct id a = bench_enter(&bench, &desk[0], &(struct draft){ .kind = "toy.opened" });
	struct id b =
	    bench_enter(&bench, &desk[0], &(struct draft){ .kind = "toy.opened", .refs = &a, .ref_count = 1 });
	struct rows_seen seen = crossing(thread_of(&a));

	tap_ok(seen.count == 1 && seen.rows[0] == thread_of(&b), "a ref into another thread is found from there");
	bench_enter(&bench, &desk[0], &(struct draft){ .kind = "toy.noted", .thread = &a, .refs = &a, .ref_count = 1 });
	tap_is_int(crossing(thread_of(&a)).count, 1, "a ref inside a thread is none");
	bench_enter(&bench, &desk[0],
	    &(struct draft){ .kind = "toy.noted", .thread = &b, .part = &b, .answers = &a, .answer_count = 1 });
	tap_is_int(
	    crossing(thread_of(&a)).count, 1, "an answer across threads crosses as a ref does, once for two threads");
	struct id lone = bench_enter(&bench, &desk[0], &(struct draft){ .kind = "toy.opened" });
	bench_enter(&bench, &desk[0],
	    &(struct draft){ .kind = "toy.noted", .thread = &lone, .part = &lone, .answers = &a, .answer_count = 1 });
	tap_is_int(crossing(thread_of(&a)).count, 2, "and is found from there without any ref");
	struct made late = kept_back(&(struct draft){ .kind = "toy.opened" });
	struct id c = bench_enter(
	    &bench, &desk[0], &(struct draft){ .kind = "toy.opened", .refs = &late.entry.id, .ref_count = 1 });
	fold_all();
	bench_accept(&bench, &late, &accepted, &row, &err);
	seen = crossing(thread_of(&late.entry.id));
	tap_ok(seen.count == 1 && seen.rows[0] == thread_of(&c) && is_touched(thread_of(&c)),
	    "a ref whose target comes later is found, too, and its thread is folded again");
	bench_enter(
	    &bench, &desk[0], &(struct draft){ .kind = "toy.opened", .refs = &bench.opening.entry.id, .ref_count = 1 });
	tap_is_int(crossing(0).count, 1, "a ref to a kernel entry is found at the kernel's thread");
	made_clear(&late);
	fold_all();
}

static struct id acknowledge(const struct id *refs, unsigned count)
{
	struct id digest = { { 1 } };
	struct buf fields;

	buf_init(&fields, 64);
	cbor_put_int(&fields, ACKNOWLEDGED_DIGEST);
	cbor_put_bytes(&fields, id_bytes(&digest));
	struct id id = bench_enter(&bench, &home,
	    &(struct draft){ .kind = "home.acknowledged",
		.refs = refs,
		.ref_count = count,
		.fields = buf_bytes(&fields),
		.field_count = 1 });
	buf_clear(&fields);
	return id;
}

static void test_acknowledgements(void)
{
	struct made late = kept_back(&(struct draft){ .kind = "toy.opened" });
	struct id here = bench_enter(&bench, &desk[0], &(struct draft){ .kind = "toy.opened" });
	struct id refs[2] = { here, late.entry.id };
	struct log_row log;
	unsigned bits = 0;

	fold_all();
	struct id ack = acknowledge(refs, 2);
	store_kernel_touched(&bench.store, bench.tally.row, &bits, &err);
	tap_ok(!id_is_zero(&ack) && bits == KERNEL_ACKNOWLEDGED, "an acknowledgement tells the kernel, and no thread");
	tap_is_int(crossing(thread_of(&here)).count, 0, "what it names does not cross");
	bench_enter(&bench, &desk[0],
	    &(struct draft){ .kind = "toy.noted", .thread = &here, .seen = &ack, .refs = &ack, .ref_count = 1 });
	fold_all();
	bench_accept(&bench, &late, &accepted, &row, &err);
	store_kernel_touched(&bench.store, bench.tally.row, &bits, &err);
	tap_ok(bits == KERNEL_CAME, "when what it names comes later, the kernel is told that a past has grown");
	store_log_find(&bench.store, bench.tally.row, &home.key, NULL, &log, &err);
	tap_is_int(log.head_seq, 1, "it stands in the log of its home");
	made_clear(&late);
	fold_all();
	store_kernel_touched(&bench.store, bench.tally.row, &bits, &err);
	tap_is_int(bits, 0, "after a look nothing is left");
}

static void test_too_much_waiting(void)
{
	static struct id refs[1024];
	enum status status = OK;
	unsigned accepted_count = 0;

	for (unsigned i = 0; i < 6 && status == OK; i++) {
		struct made made;
		for (unsigned j = 0; j < 1024; j++) {
			refs[j] = (struct id){ { 0xee, (uint8_t)i, (uint8_t)(j >> 8), (uint8_t)j } };
		}
		entry_make(
		    &bench, &made, &desk[0], &(struct draft){ .kind = "toy.opened", .refs = refs, .ref_count = 1024 });
		status = bench_accept(&bench, &made, &accepted, &row, &err);
		accepted_count += status == OK;
		made_clear(&made);
	}
	tap_ok(status == BAD_INPUT && strcmp(store_accept_reason(&err), "waiting") == 0 && accepted_count == 4,
	    "a log that waits for too much stops, and says why");
	tap_is_int(missing_count(), 4096, "what it may wait for is bounded");
	struct id ack = acknowledge(refs, 1024),
		  other = bench_enter(&bench, &desk[1], &(struct draft){ .kind = "toy.opened" });
	tap_ok(!id_is_zero(&ack), "an acknowledgement is not held to that");
	tap_ok(!id_is_zero(&other), "other logs go on");
}

/* The last of many logs names an entry whose past has a hole, by another of them. */
static void test_many_logs(void)
{
	struct made late;
	struct hand some[2] = { { .key = { { 0 } } } };
	enum status status = store_begin(&bench.store, &err);
	struct id opened = { { 0 } }, waits = { { 0 } }, last;

	for (unsigned i = 0; i < 1200; i++) {
		struct hand hand = hand_make(5000 + i);
		bench_grant(&bench, &bench.root[i % 2], &hand, false);
		opened = bench_enter(&bench, &hand, &(struct draft){ .kind = "toy.opened", .stated_ms = 2000 + i });
		some[i == 1199] = hand;
	}
	entry_make(&bench, &late, &desk[1], &(struct draft){ .kind = "toy.opened", .stated_ms = 77 });
	waits = bench_enter(&bench, &some[0],
	    &(struct draft){ .kind = "toy.opened", .refs = &late.entry.id, .ref_count = 1, .stated_ms = 78 });
	last = bench_enter(
	    &bench, &some[1], &(struct draft){ .kind = "toy.opened", .refs = &waits, .ref_count = 1, .stated_ms = 79 });
	status = status == OK ? store_commit(&bench.store, &err) : status;
	tap_is_int(status, OK, "a tally may have more than a thousand logs");
	fold_all();
	bench_accept(&bench, &late, &accepted, &row, &err);
	tap_ok(is_touched(thread_of(&last)), "when a hole in a past is filled, the last of them is looked at again");
	tap_ok(!is_touched(thread_of(&opened)), "what knew nothing of it is not");
	made_clear(&late);
}

int main(void)
{
	bench_open(&bench);
	for (unsigned i = 0; i < 2; i++) {
		desk[i] = hand_make(50 + i);
		bench_grant(&bench, &bench.root[i], &desk[i], false);
	}
	home = hand_make(60);
	bench_grant(&bench, &bench.root[0], &home, true);
	test_answer_before_its_opening();
	test_refs_between_threads();
	test_acknowledgements();
	test_many_logs();
	test_too_much_waiting();
	bench_close(&bench);
	return tap_done();
}
