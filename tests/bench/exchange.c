/* What two homes say to each other: a fresh home that is filled by another process, and sessions of two homes in this one, counted byte by byte. */
#include "bench.h"
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define TIMEOUT_MS 600000
#define MEET_EVERY 40 /* entries between two meetings of the halves */
#define NEW_EACH 100
#define RECEIPTS 12

static void aside_open(struct world *world, const char *mode)
{
	char path[4200];

	snprintf(path, sizeof path, "%s/aside", world->dir);
	world->aside = fopen(path, mode);
	if (world->aside == NULL) {
		struct err err = { .status = ENVIRONMENT };
		bench_fail(path, &err);
	}
}

/* ---- making --------------------------------------------------------------------------------------------------------- */

static enum status void_count(void *context, const struct entry_row *row, struct err *err)
{
	(void)err;
	*(unsigned *)context += row->verdict != 0;
	return OK;
}

static void valid_look(struct home *home)
{
	struct err err = { .status = OK };
	unsigned invalid = 0;

	MUST(store_entries(&home->store, home->tally, 0, void_count, &invalid, &err), &err);
	if (invalid > 0) {
		err_set(&err, CHECK_FAILED, "%u entries are not valid", invalid);
		bench_fail("workload", &err);
	}
}

/* What both sides will write while they do not hear each other, and then GB's receipts one by one. */
static void aside_make(struct world *world, struct flow *flow)
{
	aside_open(world, "wb");
	for (unsigned party = GB; party <= JP; party++) {
		for (unsigned i = 0; i < NEW_EACH; i++) {
			flow_step(flow, party);
		}
	}
	for (unsigned i = 0; i < RECEIPTS && flow_receipt(flow); i++) {}
	fclose(world->aside);
	world->aside = NULL;
}

void measure_make(struct world *world, unsigned count)
{
	struct flow *flow = flow_new(world);
	struct flow_toy *toy = flow_toy_new(world);
	struct err err = { .status = OK };
	struct home home;
	double start = bench_seconds();

	home_make(world, &home, "a", HAND_HOME + GB);
	world->home = &home;
	world_begin(world);
	world_meet(world);
	while (world->entries < count) {
		for (unsigned i = 0; i < MEET_EVERY; i++) {
			if (world->toy) {
				flow_toy_step(toy);
			} else {
				flow_step(flow, PARTIES);
			}
		}
		world_meet(world);
	}
	MUST(store_commit(&home.store, &err), &err);
	bench_say("make_entries", (double)world->entries);
	bench_say("make_s", bench_seconds() - start);
	valid_look(&home);
	if (!world->toy) {
		aside_make(world, flow);
	}
	world->home = NULL;
	store_close(&home.store);
	flow_free(flow);
	flow_toy_free(toy);
}

/* ---- filling -------------------------------------------------------------------------------------------------------- */

static struct sync_options options_of(struct home *home, bool initiator, int64_t now_ms, unsigned peer_party)
{
	return (struct sync_options){ .store = &home->store,
		.tally = initiator ? home->tally : 0,
		.peer_party = peer_party,
		.initiator = initiator,
		.secrets = &home->secrets,
		.now_ms = now_ms };
}

void measure_serve(struct world *world)
{
	struct err err = { .status = OK };
	struct home home;
	struct sync *sync;

	home_open(world, &home, "a", HAND_HOME + GB);
	struct sync_options options = options_of(&home, false, world->now_ms, JP);
	options.home_key = world->hands[home.hand].key;
	MUST(sync_open(&options, &sync, &err), &err);
	MUST(sync_over_fds(sync, STDIN_FILENO, STDOUT_FILENO, TIMEOUT_MS, &err), &err);
	sync_close(sync);
	store_close(&home.store);
}

struct growth {
	long quarter_kb;
};

static long peak_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void growth_look(void *context, int64_t done, int64_t all)
{
	struct growth *growth = context;

	if (growth->quarter_kb == 0 && done >= all / 4) {
		growth->quarter_kb = peak_kb();
	}
}

static double cpu_seconds(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void fill_say(const struct sync_result *result, double start, const struct growth *growth)
{
	bench_say("fill_s", bench_seconds() - start);
	bench_say("fill_cpu_s", cpu_seconds(RUSAGE_SELF));
	bench_say("fill_storing_cpu_s", cpu_seconds(RUSAGE_THREAD)); /* all but the checking of signatures */
	bench_say("fill_other_cpu_s", cpu_seconds(RUSAGE_CHILDREN));
	bench_say("fill_entries", (double)result->received_entries);
	bench_say("fill_bytes", (double)result->received_bytes);
	bench_say("fill_quarter_kb", (double)growth->quarter_kb);
	bench_say("fill_peak_kb", (double)peak_kb());
}

/* `bench serve DIR` holds the other end, as `warifu sync --stdio` would. */
void measure_fill(struct world *world, const char *program)
{
	struct growth growth = { 0 };
	struct sync_command command;
	struct err err = { .status = OK };
	struct sync_result result;
	char line[8400];
	struct sync *sync;
	struct home home;

	home_make(world, &home, "b", HAND_HOME_B);
	double start = bench_seconds();
	snprintf(line, sizeof line, "exec '%s' serve '%s'%s", program, world->dir, world->toy ? " toy" : "");
	MUST(sync_command_start(line, &command, &err), &err);
	struct sync_options options = options_of(&home, true, world->now_ms, GB);
	options.home_key = world->hands[home.hand].key;
	options.progress = growth_look;
	options.progress_context = &growth;
	MUST(sync_open(&options, &sync, &err), &err);
	MUST(sync_over_fds(sync, command.in_fd, command.out_fd, TIMEOUT_MS, &err), &err);
	sync_result_get(sync, &result);
	sync_close(sync);
	MUST(sync_command_reap(&command, &err), &err);
	fill_say(&result, start, &growth);
	if (!result.complete || !result.compared || !result.matched) {
		err_set(&err, CHECK_FAILED, "the halves do not match: %s", result.why.text);
		bench_fail("fill", &err);
	}
	store_close(&home.store);
}

/* ---- sessions in memory --------------------------------------------------------------------------------------------- */

struct side {
	struct sync *sync;
	struct buf out;
	bool over;
};
struct talk {
	bool channel; /* that proves keys, as TLS does; else a challenge proves them, which takes a flight more */
	struct sync_result result;
	size_t bytes, frame_bytes; /* both ways; of the first frame, header included */
};

/* What a side has just said: whole messages. */
static void messages_count(struct talk *talk, struct bytes said)
{
	struct err err = { .status = OK };
	struct message message;
	size_t need, before = said.len;

	talk->bytes += said.len;
	while (message_take(&said, &message, &need, &err) == OK) {
		if (message.type == MESSAGE_FRAME && talk->frame_bytes == 0) {
			talk->frame_bytes = before - said.len;
		}
		before = said.len;
	}
}

static void side_step(struct talk *talk, struct side *side, struct bytes in)
{
	struct err err = { .status = OK };
	size_t before = side->out.len;
	enum status status = sync_step(side->sync, in, &side->out, &err);

	if (status != OK && status != NOT_FOUND) {
		bench_fail("session", &err);
	}
	side->over = status == NOT_FOUND;
	messages_count(talk, bytes_of(side->out.data + before, side->out.len - before));
}

static void talk_on(struct talk *talk, struct side sides[2])
{
	for (bool moved = true; moved;) {
		moved = false;
		for (unsigned i = 0; i < 2; i++) {
			struct buf *out = &sides[i].out;
			while (!sides[i].over && out->len == 0 && !sync_wants_input(sides[i].sync)) {
				side_step(talk, &sides[i], bytes_of(NULL, 0));
			}
			if (out->len > 0) {
				moved = true;
				if (!sides[1 - i].over) {
					side_step(talk, &sides[1 - i], buf_bytes(out));
				}
				buf_reset(out);
			}
		}
	}
}

static void talk(struct world *world, struct talk *talk, struct home *initiator, struct home *answerer)
{
	struct home *homes[2] = { initiator, answerer };
	struct side sides[2] = { 0 };
	struct err err = { .status = OK };

	*talk = (struct talk){ .channel = talk->channel };
	for (unsigned i = 0; i < 2; i++) {
		struct sync_options options = options_of(homes[i], i == 0, world->now_ms, homes[1 - i]->party);
		options.home_key = world->hands[homes[i]->hand].key;
		options.has_peer_tls = talk->channel;
		options.peer_tls = world_tls(world, homes[1 - i]->hand);
		MUST(sync_open(&options, &sides[i].sync, &err), &err);
		buf_init(&sides[i].out, 64u << 20);
	}
	talk_on(talk, sides);
	sync_result_get(sides[0].sync, &talk->result);
	for (unsigned i = 0; i < 2; i++) {
		sync_close(sides[i].sync);
		buf_clear(&sides[i].out);
	}
	if (!talk->result.complete || !talk->result.compared || !talk->result.matched) {
		err_set(&err, CHECK_FAILED, "the halves do not match: %s", talk->result.why.text);
		bench_fail("session", &err);
	}
}

/* Until neither has anything to say; the last session said nothing new. */
static void silence(struct world *world, struct talk *last, struct home *a, struct home *b)
{
	do {
		talk(world, last, a, b);
	} while (last->result.sent_entries + last->result.received_entries > 0);
}

/* The next entries that were put aside, into a home. */
static unsigned aside_take(struct world *world, struct home *home, unsigned count)
{
	struct err err = { .status = OK };
	static uint8_t body[LIMIT_BODY_BYTES];
	uint8_t signature[SIGNATURE_BYTES];
	enum accepted accepted;
	struct entry entry;
	struct place place;
	unsigned taken = 0;
	uint64_t len;
	int64_t row;

	MUST(store_begin(&home->store, &err), &err);
	for (; taken < count && fread(&place, sizeof place, 1, world->aside) == 1; taken++) {
		if (fread(signature, sizeof signature, 1, world->aside) != 1 ||
		    fread(&len, sizeof len, 1, world->aside) != 1 || len > sizeof body ||
		    fread(body, len, 1, world->aside) != 1 ||
		    entry_init(&entry, &place, bytes_of(body, len), signature) != NULL) {
			bench_fail("entries put aside", &err);
		}
		MUST(store_accept(&home->store, home->tally, &entry, world->now_ms, &accepted, &row, &err), &err);
	}
	MUST(fold_update(&home->store, home->tally, &err), &err);
	MUST(store_commit(&home->store, &err), &err);
	return taken;
}

void measure_meet(struct world *world)
{
	struct home a, b;
	struct talk one = { .channel = false };
	size_t sum = 0, longest = 0;
	unsigned receipts = 0;

	home_open(world, &a, "a", HAND_HOME + GB);
	home_open(world, &b, "b", HAND_HOME_B);
	silence(world, &one, &a, &b);
	bench_say("meet_silent_bytes", (double)one.bytes);
	one.channel = true;
	aside_open(world, "rb");
	aside_take(world, &a, NEW_EACH);
	aside_take(world, &b, NEW_EACH);
	double start = bench_seconds();
	talk(world, &one, &a, &b);
	bench_say("meet_s", bench_seconds() - start);
	bench_say("meet_bytes", (double)one.bytes);
	bench_say("meet_round_trips", one.result.round_trips);
	bench_say("meet_entries", (double)(one.result.sent_entries + one.result.received_entries));
	silence(world, &one, &a, &b);
	while (receipts < RECEIPTS && aside_take(world, &a, 1) == 1) {
		talk(world, &one, &a, &b);
		sum += one.frame_bytes;
		longest = one.frame_bytes > longest ? one.frame_bytes : longest;
		receipts++;
		silence(world, &one, &a, &b);
	}
	if (receipts > 0) {
		bench_say("receipts", receipts);
		bench_say("receipt_bytes", (double)sum / receipts);
		bench_say("receipt_longest", (double)longest);
	}
	fclose(world->aside);
	world->aside = NULL;
	valid_look(&a);
	valid_look(&b);
	store_close(&a.store);
	store_close(&b.store);
}

void measure_silence(const char *dir)
{
	struct err err = { .status = OK };
	struct world world;
	struct home a, b;
	struct vector vector;
	struct arena arena;
	struct talk one = { .channel = false };

	world_init(&world, dir, false);
	home_make(&world, &b, "silent-b", HAND_HOME + JP);
	home_make(&world, &a, "silent-a", HAND_HOME + GB);
	world.home = &a;
	world_begin(&world);
	MUST(fold_update(&a.store, a.tally, &err), &err);
	MUST(store_commit(&a.store, &err), &err);
	silence(&world, &one, &a, &b);
	arena_init(&arena, LIMIT_ARENA_BYTES);
	MUST(vector_now(&a.store, a.tally, &arena, &vector, &err), &err);
	bench_say("silence_logs", vector.count);
	bench_say("silence_bytes", (double)one.bytes);
	bench_say("silence_round_trips", one.result.round_trips);
	arena_clear(&arena);
	store_close(&a.store);
	store_close(&b.store);
	world_clear(&world);
}
