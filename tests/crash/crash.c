/* A writer is killed again and again, at no particular moment; after each time everything that it had acknowledged must be there.
 *
 * The writer is a child of this program. It appends entries to one log, some to a transaction, and after each commit writes the
 * number of the last one into a pipe: that is its acknowledgement to a person. The parent reads some of them, kills the child with
 * SIGKILL, opens the home and looks. */
#include "store/test_store.h"
#include <signal.h>
#include <sys/wait.h>

#define ROUNDS 25
#define BATCH_MOST 20

static struct bench bench;
static struct hand desk;
static struct err err;

static uint32_t chance(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static struct draft draft_of(uint64_t seq)
{
	return (struct draft){ .kind = "toy.opened", .stated_ms = (int64_t)(1000 + seq * 7) };
}

/* Appends until it is killed. */
static void child_writes(int out, uint32_t seed)
{
	struct store *store = &bench.store;
	enum accepted accepted;
	int64_t row;

	if (!bench_reopen(&bench, DB_WRITE)) {
		_exit(3);
	}
	for (;;) {
		struct place place;
		if (store_begin(store, &err) != OK) {
			_exit(4);
		}
		for (uint32_t i = chance(&seed) % BATCH_MOST; i < BATCH_MOST; i++) {
			struct made made;
			store_next_place(store, bench.tally.row, &desk.key, &place, &err);
			struct draft draft = draft_of(place.seq);
			entry_make_at(&made, &place, &desk, &draft);
			if (store_accept(store, bench.tally.row, &made.entry, 1, &accepted, &row, &err) != OK ||
			    accepted != ACCEPTED_NEW) {
				_exit(5);
			}
			made_clear(&made);
		}
		if (store_commit(store, &err) != OK || write(out, &place.seq, sizeof place.seq) != sizeof place.seq) {
			_exit(6);
		}
	}
}

struct looking {
	uint64_t seq;
	struct id before;
	bool good;
};

static enum status look_at(void *context, const struct entry_row *entry, struct err *error)
{
	struct looking *looking = context;
	struct place place = {
		.tally = bench.tally.id, .key = desk.key, .seq = looking->seq + 1, .prev = looking->before
	};
	struct draft draft = draft_of(place.seq);
	struct made made;

	(void)error;
	entry_make_at(&made, &place, &desk, &draft);
	looking->good = looking->good && entry->seq == place.seq && id_equal(&entry->id, &made.entry.id) &&
	    bytes_equal(entry->body, buf_bytes(&made.body)) &&
	    memcmp(entry->signature, made.entry.signature, SIGNATURE_BYTES) == 0;
	made_clear(&made);
	looking->seq = entry->seq;
	looking->before = entry->id;
	return OK;
}

/* The log is whole and reaches at least to what was acknowledged. */
static bool home_is_whole(uint64_t acknowledged, uint64_t *head)
{
	struct log_row log = { .row = 0 };
	struct looking looking = { .seq = 0, .good = true };

	if (!bench_reopen(&bench, DB_WRITE) || bench.store.read_only) {
		printf("# %s\n", bench.store.read_only_why.text);
		return false;
	}
	enum status status = store_log_find(&bench.store, bench.tally.row, &desk.key, NULL, &log, &err);
	if (status == NOT_FOUND) {
		*head = 0;
		return acknowledged == 0;
	}
	looking.before = log.first_prev;
	status = store_log_entries(&bench.store, log.row, 1, NULL, look_at, &looking, &err);
	*head = log.head_seq;
	if (status == OK && log.head_seq >= acknowledged && looking.seq == log.head_seq &&
	    id_equal(&looking.before, &log.head_id) && looking.good) {
		return db_check(bench.store.db, &err) == OK;
	}
	printf("# acknowledged %llu, head %llu, found to %llu: %s\n", (unsigned long long)acknowledged,
	    (unsigned long long)log.head_seq, (unsigned long long)looking.seq, err.text);
	return false;
}

/* One writer's life; the last number that it acknowledged. */
static uint64_t round_run(uint32_t seed, int *died_of)
{
	uint64_t acknowledged = 0, seq;
	uint32_t state = seed;
	int ends[2];

	store_close(&bench.store);
	fflush(stdout);
	if (pipe(ends) != 0) {
		abort();
	}
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		child_writes(ends[1], seed);
	}
	close(ends[1]);
	for (uint32_t i = chance(&state) % 12; i > 0 && read(ends[0], &seq, sizeof seq) == sizeof seq; i--) {
		acknowledged = seq;
	}
	/* So that the blow falls anywhere in the work between two acknowledgements. */
	for (volatile uint32_t wait = chance(&state) % 2000000; wait > 0; wait--) {}
	kill(child, SIGKILL);
	waitpid(child, died_of, 0);
	while (read(ends[0], &seq, sizeof seq) == sizeof seq) {
		acknowledged = seq;
	}
	close(ends[0]);
	return acknowledged;
}

int main(void)
{
	bool killed = true, whole = true;
	uint64_t head = 0, unacknowledged = 0, last = 0;

	bench_open(&bench);
	desk = hand_make(50);
	bench_grant(&bench, &bench.root[0], &desk, false);
	for (uint32_t i = 0; i < ROUNDS && whole && killed; i++) {
		int died_of = 0;
		uint64_t acknowledged = round_run(i * 7919 + 1, &died_of);
		acknowledged = acknowledged > last ? acknowledged : last;
		killed = WIFSIGNALED(died_of) && WTERMSIG(died_of) == SIGKILL;
		if (!killed) {
			printf("# round %u: the writer ended by itself: %d\n", i, died_of);
		}
		whole = home_is_whole(acknowledged, &head);
		unacknowledged += head - acknowledged;
		last = head;
	}
	tap_ok(killed, "a writer was killed many times in the middle of its work");
	tap_ok(whole, "everything that it had acknowledged was there each time, in a log without gaps");
	tap_ok(head > ROUNDS, "and it went on from there each time");
	printf("# %llu entries, %llu of them committed but not yet acknowledged\n", (unsigned long long)head,
	    (unsigned long long)unacknowledged);
	bench_close(&bench);
	return tap_done();
}
