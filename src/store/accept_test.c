#include "store/test_store.h"

static struct bench bench;
static struct hand desk, home;
static struct err err;
static enum accepted accepted;
static int64_t row;

static enum status try(const struct made *made)
{
	return bench_accept(&bench, made, &accepted, &row, &err);
}

static void is_refused(const struct made *made, const char *reason, const char *title)
{
	int64_t before = 0, after = 0;
	struct entry_row last;

	while (store_entry_get(&bench.store, before + 1, NULL, &last, NULL) == OK) {
		before++;
	}
	enum status status = try(made);
	tap_ok(status == BAD_INPUT && strcmp(store_accept_reason(&err), reason) == 0, title);
	if (status != BAD_INPUT || strcmp(store_accept_reason(&err), reason) != 0) {
		printf("# %s: %s\n", status_name(status), err.text);
	}
	while (store_entry_get(&bench.store, after + 1, NULL, &last, NULL) == OK) {
		after++;
	}
	if (before != after) {
		tap_ok(false, "a refused entry leaves no trace");
	}
}

static void test_good(void)
{
	struct made made;
	struct entry_row found;
	struct thread_row thread;
	struct place place;
	struct arena arena;
	int64_t entry, log;
	uint64_t seq;

	arena_init(&arena, 1 << 20);
	entry_make(&bench, &made, &desk, &(struct draft){ .kind = "toy.opened" });
	tap_ok(
	    try(&made) == OK && accepted == ACCEPTED_NEW && row > 0, "the first entry of a granted desk is accepted");
	tap_ok(store_entry_find(&bench.store, bench.tally.row, &made.entry.id, &arena, &found, &err) == OK &&
		found.row == row,
	    "it is found by its id");
	tap_ok(bytes_equal(found.body, made.entry.body.bytes) &&
		memcmp(found.signature, made.entry.signature, SIGNATURE_BYTES) == 0,
	    "its body and signature are those that came");
	tap_ok(found.seq == 1 && found.verdict == 0 && found.rule[0] == '\0' && found.stored_ms == 5000,
	    "it is valid until judged");
	tap_ok(store_entry_place(&bench.store, &found, &place, &err) == OK &&
		memcmp(&place, &made.entry.place, sizeof place) == 0,
	    "the place that it was signed at is known");
	tap_ok(store_thread_get(&bench.store, found.thread, &thread, &err) == OK &&
		id_equal(&thread.id, &made.entry.id) && strcmp(thread.domain, "toy") == 0 && !thread.folded,
	    "it opened a thread of its domain");
	tap_ok(store_entry_locate(&bench.store, bench.tally.row, &made.entry.id, &entry, &log, &seq, &err) == OK &&
		entry == row && seq == 1,
	    "it is located by its id");
	tap_ok(try(&made) == OK && accepted == ACCEPTED_DOUBLE && row == found.row,
	    "the same entry again is a double, and says which");
	made.entry.signature[0] ^= 1;
	tap_ok(try(&made) == OK && accepted == ACCEPTED_DOUBLE, "another signature over the same bytes is a double");
	store_entry_get(&bench.store, row, NULL, &found, &err);
	made.entry.signature[0] ^= 1;
	tap_ok(
	    memcmp(found.signature, made.entry.signature, SIGNATURE_BYTES) == 0, "and the signature met first is kept");
	tap_ok(found.body.data == NULL, "without an arena the body is left out");
	made_clear(&made);
	arena_clear(&arena);
}

static void test_refused(void)
{
	struct place at, next;
	struct made made;
	struct hand stranger = hand_make(99);
	struct draft draft = { .kind = "toy.opened" };

	store_next_place(&bench.store, bench.tally.row, &desk.key, &next, &err);
	at = next;
	at.seq += 1;
	at.prev.data[0] ^= 1;
	entry_make_at(&made, &at, &desk, &draft);
	is_refused(&made, "gap", "an entry whose predecessor is not here leaves a gap");
	made_clear(&made);
	at.seq = next.seq;
	entry_make_at(&made, &at, &desk, &draft);
	is_refused(&made, "chain", "an entry that follows something else than the head does not chain");
	made_clear(&made);
	at.seq = next.seq + 5;
	at.prev = next.prev;
	entry_make_at(&made, &at, &desk, &draft);
	is_refused(&made, "chain", "an entry that names the head but counts wrong does not chain");
	made_clear(&made);
	at = (struct place){ .tally = bench.tally.id, .key = stranger.key, .seq = 1, .prev = next.prev };
	entry_make_at(&made, &at, &stranger, &draft);
	is_refused(&made, "unknown-key", "a key that nobody granted is unknown");
	made_clear(&made);
	at = (struct place){ .tally = bench.tally.id, .key = bench.recovery[0].key, .seq = 1, .prev = next.prev };
	entry_make_at(&made, &at, &bench.recovery[0], &draft);
	is_refused(&made, "chain", "a first entry must follow what makes its key known");
	made_clear(&made);
	at.seq = 2;
	entry_make_at(&made, &at, &bench.recovery[0], &draft);
	is_refused(&made, "gap", "a second entry does not come first");
	made_clear(&made);
	at = next;
	at.prev = (struct id){ { 0 } };
	at.seq = 9;
	entry_make_at(&made, &at, &desk, &draft);
	is_refused(&made, "gap", "an open prev cannot be filled where the log has not got to");
	made_clear(&made);
	at.seq = next.seq;
	entry_make_at(&made, &at, &desk, &draft);
	is_refused(&made, "chain", "an id that was not made with the prev of the log is not believed");
	made_clear(&made);
	entry_make(&bench, &made, &desk, &(struct draft){ .kind = "toy.noted", .thread = &bench.tally.id });
	is_refused(&made, "thread", "the tally is nobody's thread");
	made_clear(&made);
	tap_ok(store_accept(&bench.store, 77, &bench.opening.entry, 0, &accepted, &row, &err) == NOT_FOUND,
	    "a tally that is not here takes no entry");
}

static void test_transaction_goes_on(void)
{
	struct made bad, good;
	struct place at;

	store_next_place(&bench.store, bench.tally.row, &desk.key, &at, &err);
	entry_make_at(&good, &at, &desk, &(struct draft){ .kind = "toy.opened" });
	at.prev.data[5] ^= 1;
	entry_make_at(&bad, &at, &desk, &(struct draft){ .kind = "toy.opened" });
	store_begin(&bench.store, &err);
	tap_ok(try(&bad) == BAD_INPUT && try(&good) == OK && accepted == ACCEPTED_NEW,
	    "after a refusal the transaction goes on");
	tap_ok(store_commit(&bench.store, &err) == OK, "and commits");
	at.prev = good.entry.place.prev;
	struct id id = good.entry.id;
	good.entry.place.prev = (struct id){ { 0 } };
	tap_ok(try(&good) == OK && accepted == ACCEPTED_DOUBLE && id_equal(&id, &good.entry.id),
	    "an open prev is filled in from the log");
	made_clear(&bad);
	made_clear(&good);
}

static void test_keys(void)
{
	struct hand by_desk = hand_make(60), twice = hand_make(61), broken = hand_make(62), root = hand_make(63),
		    recovery = hand_make(64);
	struct log_row log;
	struct place place;
	struct made made;
	struct buf fields;

	struct id grant = bench_grant(&bench, &desk, &by_desk, false);
	tap_ok(store_next_place(&bench.store, bench.tally.row, &by_desk.key, &place, &err) == OK && place.seq == 1 &&
		id_equal(&place.prev, &grant),
	    "a key granted by a desk is known; its log begins after the grant");
	bench_enter(&bench, &by_desk, &(struct draft){ .kind = "toy.opened" });
	tap_ok(store_log_find(&bench.store, bench.tally.row, &by_desk.key, NULL, &log, &err) == OK && log.party == 0 &&
		log.key_class == KEY_DESK && log.grant > 0 && log.head_seq == 1 && log.limit_seq == -1 &&
		log.forked_seq == 0,
	    "its log is a desk's, of the party that granted it");

	struct id first = bench_grant(&bench, &bench.root[0], &twice, false),
		  second = bench_grant(&bench, &bench.root[1], &twice, false);
	place = (struct place){ .tally = bench.tally.id, .key = twice.key, .seq = 1, .prev = second };
	entry_make_at(&made, &place, &twice, &(struct draft){ .kind = "toy.opened" });
	tap_ok(!id_is_zero(&first) && try(&made) == OK, "of two grants of a key its first entry chooses");
	store_log_find(&bench.store, bench.tally.row, &twice.key, NULL, &log, &err);
	tap_ok(log.party == 1, "and so its party");
	made_clear(&made);

	grant_fields(&fields, &broken.key, false);
	cbor_put_int(&fields, 99);
	cbor_put_int(&fields, 1);
	bench_enter(&bench, &bench.root[0],
	    &(struct draft){ .kind = "desk.granted", .fields = buf_bytes(&fields), .field_count = 7 });
	buf_clear(&fields);
	tap_ok(store_next_place(&bench.store, bench.tally.row, &broken.key, &place, &err) == NOT_FOUND,
	    "a grant of the wrong form makes no key known");

	buf_init(&fields, 200);
	cbor_put_int(&fields, REPLACED_ROOT);
	cbor_put_bytes(&fields, id_bytes(&root.key));
	cbor_put_int(&fields, REPLACED_RECOVERY);
	cbor_put_bytes(&fields, id_bytes(&recovery.key));
	cbor_put_int(&fields, REPLACED_SEQ);
	cbor_put_int(&fields, 1);
	struct id replaced = bench_enter(&bench, &bench.recovery[1],
	    &(struct draft){ .kind = "root.replaced", .fields = buf_bytes(&fields), .field_count = 3 });
	buf_clear(&fields);
	bench_enter(&bench, &root, &(struct draft){ .kind = "tally.accepted" });
	tap_ok(store_log_find(&bench.store, bench.tally.row, &root.key, NULL, &log, &err) == OK && log.party == 1 &&
		log.key_class == KEY_ROOT && id_equal(&log.first_prev, &replaced),
	    "a successor root is known by the entry that names it");
	tap_ok(store_next_place(&bench.store, bench.tally.row, &recovery.key, &place, &err) == OK &&
		id_equal(&place.prev, &replaced),
	    "and so is its recovery key");
}

static enum status class_note(void *context, const struct log_row *log, struct err *error)
{
	char *text = context;

	(void)error;
	snprintf(text + strlen(text), 32, "%c", "?RCDH"[log->key_class]);
	return OK;
}

static void test_threads(void)
{
	struct id thread = bench_enter(&bench, &desk, &(struct draft){ .kind = "toy.opened" });
	struct id later = bench_enter(&bench, &desk, &(struct draft){ .kind = "toy.noted", .thread = &thread });
	struct id unknown = bench_enter(&bench, &desk, &(struct draft){ .kind = "tally.invented" });
	struct id digest = { { 1 } };
	struct buf fields;
	struct entry_row a, b;
	struct thread_row row_a;
	char classes[64] = "";

	store_entry_find(&bench.store, bench.tally.row, &thread, NULL, &a, &err);
	store_entry_find(&bench.store, bench.tally.row, &later, NULL, &b, &err);
	tap_ok(a.thread > 0 && a.thread == b.thread, "an entry goes into the thread that it names");
	store_entry_find(&bench.store, bench.tally.row, &unknown, NULL, &b, &err);
	tap_ok(b.thread > 0 && b.thread != a.thread,
	    "an unknown kind without a thread has one of its own, whatever its first word");
	store_entry_find(&bench.store, bench.tally.row, &bench.opening.entry.id, NULL, &b, &err);
	tap_ok(b.thread == 0 && !b.acknowledgement, "the kernel's entries have none");
	tap_ok(store_thread_find(&bench.store, bench.tally.row, &bench.tally.id, &row_a, &err) == OK &&
		strcmp(row_a.domain, "tally") == 0,
	    "but a thread row stands for all of them");
	buf_init(&fields, 64);
	cbor_put_int(&fields, ACKNOWLEDGED_DIGEST);
	cbor_put_bytes(&fields, id_bytes(&digest));
	struct id ack = bench_enter(&bench, &home,
	    &(struct draft){ .kind = "home.acknowledged", .fields = buf_bytes(&fields), .field_count = 1 });
	store_entry_find(&bench.store, bench.tally.row, &ack, NULL, &b, &err);
	tap_ok(b.thread == 0 && b.acknowledgement, "an acknowledgement is marked as one");
	buf_clear(&fields);
	store_log_each(&bench.store, bench.tally.row, class_note, classes, &err);
	tap_is_text(classes, "RRRCHDDD", "logs come by class: roots, recovery keys, homes, desks");
}

static enum status count_entry(void *context, const struct entry_row *entry, struct err *error)
{
	(void)error;
	(void)entry;
	++*(unsigned *)context;
	return OK;
}

static enum status seqs_rise(void *context, const struct entry_row *entry, struct err *error)
{
	uint64_t *last = context;

	if (entry->seq != *last + 1 || entry->body.len == 0) {
		return err_set(error, CHECK_FAILED, "out of order");
	}
	*last = entry->seq;
	return OK;
}

static enum status stop_at_once(void *context, const struct entry_row *entry, struct err *error)
{
	count_entry(context, entry, error);
	return INCOMPLETE;
}

static void test_walks(void)
{
	struct log_row log;
	uint64_t last = 0;
	unsigned all = 0, kernel = 0, thread = 0, few = 0;
	struct arena arena;

	arena_init(&arena, 1 << 20);
	store_log_find(&bench.store, bench.tally.row, &desk.key, NULL, &log, &err);
	tap_ok(
	    store_log_entries(&bench.store, log.row, 1, &arena, seqs_rise, &last, &err) == OK && last == log.head_seq,
	    "a log is walked in order to its head");
	last = 2;
	tap_ok(store_log_entries(&bench.store, log.row, 3, NULL, seqs_rise, &last, &err) == OK && last == log.head_seq,
	    "or from a place on");
	store_entries(&bench.store, bench.tally.row, 0, count_entry, &all, &err);
	store_kernel_entries(&bench.store, bench.tally.row, &arena, count_entry, &kernel, &err);
	store_thread_entries(&bench.store, 0, &arena, count_entry, &thread, &err);
	tap_ok(
	    all == 18 && kernel == 10 && thread == 0, "all entries are walked; the kernel's without acknowledgements");
	tap_ok(store_entries(&bench.store, bench.tally.row, 0, stop_at_once, &few, &err) == INCOMPLETE && few == 1,
	    "a callback can end the walk");
	struct entry_row entry;
	tap_ok(store_entry_at(&bench.store, log.row, 2, &arena, &entry, &err) == OK && entry.seq == 2,
	    "an entry is found at its place");
	tap_ok(
	    store_entry_at(&bench.store, log.row, 9999, &arena, &entry, &err) == NOT_FOUND, "and none beyond the head");
	tap_ok(store_verdict_set(&bench.store, entry.row, 1, "K11", &err) == OK &&
		store_entry_get(&bench.store, entry.row, NULL, &entry, &err) == OK && entry.verdict == 1 &&
		strcmp(entry.rule, "K11") == 0,
	    "a verdict is kept with its rule");
	store_verdict_set(&bench.store, entry.row, 0, "", &err);
	store_entry_get(&bench.store, entry.row, NULL, &entry, &err);
	tap_ok(entry.verdict == 0 && entry.rule[0] == '\0', "and can change back");
	arena_clear(&arena);
}

static void test_after_reopening(void)
{
	struct log_row before, after;
	struct made made;

	store_log_find(&bench.store, bench.tally.row, &desk.key, NULL, &before, &err);
	tap_ok(bench_reopen(&bench, DB_WRITE), "the home opens again");
	store_log_find(&bench.store, bench.tally.row, &desk.key, NULL, &after, &err);
	tap_ok(memcmp(&before, &after, sizeof before) == 0, "heads of logs are on disk as they were in memory");
	entry_make(&bench, &made, &desk, &(struct draft){ .kind = "toy.opened" });
	tap_ok(try(&made) == OK && accepted == ACCEPTED_NEW, "the log goes on");
	bench_reopen(&bench, DB_READ);
	tap_ok(try(&made) == ENVIRONMENT, "a store opened for reading accepts nothing");
	bench_reopen(&bench, DB_WRITE);
	made_clear(&made);
}

static void test_openings(void)
{
	struct tally_row other;
	struct hand stranger = hand_make(98);
	struct made made;

	tap_ok(store_tally_add(&bench.store, &bench.opening.entry, 0, &other, &err) == ENVIRONMENT,
	    "a tally is opened once");
	err_clear(&err);
	struct place place = bench.opening.entry.place;
	place.key = stranger.key;
	opening_body(&bench, &made.body);
	made_sign(&made, &place, &stranger);
	tap_ok(store_tally_add(&bench.store, &made.entry, 0, &other, &err) == BAD_INPUT,
	    "only a root that it names can open a tally");
	made_clear(&made);
	err_clear(&err);
	struct hand kept = bench.root[1];
	bench.root[1] = bench.recovery[0];
	opening_body(&bench, &made.body);
	place.key = bench.root[0].key;
	place.tally = place.prev = sha256(buf_bytes(&made.body));
	made_sign(&made, &place, &bench.root[0]);
	tap_ok(store_tally_add(&bench.store, &made.entry, 0, &other, &err) == BAD_INPUT &&
		strstr(err.text, "no key twice") != NULL,
	    "one key cannot speak for two parties");
	bench.root[1] = kept;
	made_clear(&made);
}

int main(void)
{
	bench_open(&bench);
	desk = hand_make(50);
	home = hand_make(51);
	bench_grant(&bench, &bench.root[0], &desk, false);
	bench_grant(&bench, &bench.root[0], &home, true);
	test_good();
	test_refused();
	test_transaction_goes_on();
	test_keys();
	test_threads();
	test_walks();
	test_after_reopening();
	test_openings();
	bench_close(&bench);
	return tap_done();
}
