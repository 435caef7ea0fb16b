/* What one home does by itself, and the bare limits beside it: checking of signatures, folding anew, durable appending; and the same records
 * for others, as a stream that git and fossil import. */
#include "app/json.h"
#include "bench.h"
#include <pthread.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define CHECKED 20000 /* signatures that are checked at most */
#define CORES 2
#define ROUNDS 5
#define APPENDS 40 /* of a round */

static int by_value(const void *a, const void *b)
{
	double one = *(const double *)a, two = *(const double *)b;

	return (one > two) - (one < two);
}

static double median(double *values, unsigned count)
{
	qsort(values, count, sizeof *values, by_value);
	return values[count / 2];
}

/* ---- signatures ----------------------------------------------------------------------------------------------------- */

struct message_kept {
	struct bytes signed_bytes;
	uint8_t signature[SIGNATURE_BYTES];
	struct id key;
};
struct checking {
	struct home *home;
	struct arena arena;
	struct buf bytes;
	struct message_kept *kept;
	unsigned count, from, step;
};

static enum status message_keep(void *context, const struct entry_row *row, struct err *err)
{
	struct checking *checking = context;
	struct place place;

	if (checking->count == CHECKED) {
		return NOT_FOUND;
	}
	struct message_kept *kept = &checking->kept[checking->count++];
	enum status status = store_entry_place(&checking->home->store, row, &place, err);
	buf_reset(&checking->bytes);
	entry_signed_bytes(&place, row->body, &checking->bytes);
	kept->signed_bytes = arena_copy(&checking->arena, buf_bytes(&checking->bytes));
	memcpy(kept->signature, row->signature, SIGNATURE_BYTES);
	kept->key = place.key;
	return status;
}

static void *messages_check(void *context)
{
	const struct checking *checking = context;

	for (unsigned i = checking->from; i < checking->count; i += checking->step) {
		const struct message_kept *kept = &checking->kept[i];
		if (crypto_sign_ed25519_verify_detached(
			kept->signature, kept->signed_bytes.data, kept->signed_bytes.len, kept->key.data) != 0) {
			abort();
		}
	}
	return NULL;
}

/* Signatures in a second, by this many threads at once. */
static double checks_rate(const struct checking *all, unsigned threads)
{
	pthread_t running[CORES];
	struct checking parts[CORES];
	double start = bench_seconds();

	for (unsigned i = 0; i < threads; i++) {
		parts[i] = *all;
		parts[i].from = i;
		parts[i].step = threads;
		if (pthread_create(&running[i], NULL, messages_check, &parts[i]) != 0) {
			abort();
		}
	}
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(running[i], NULL);
	}
	return all->count / (bench_seconds() - start);
}

void measure_verify(struct world *world)
{
	struct checking checking = { .count = 0 };
	struct err err = { .status = OK };
	double one[ROUNDS], both[ROUNDS];
	struct home home;

	home_open(world, &home, "a", HAND_HOME + GB);
	checking.home = &home;
	checking.kept = calloc(CHECKED, sizeof *checking.kept);
	arena_init(&checking.arena, LIMIT_ARENA_BYTES);
	buf_init(&checking.bytes, 2 * LIMIT_BODY_BYTES);
	enum status status = store_entries(&home.store, home.tally, 0, message_keep, &checking, &err);
	if (status != OK && status != NOT_FOUND) {
		bench_fail("entries", &err);
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		one[i] = checks_rate(&checking, 1);
		both[i] = checks_rate(&checking, CORES);
	}
	bench_say("verify_rate", median(one, ROUNDS));
	bench_say("verify_rate_both", median(both, ROUNDS));
	store_close(&home.store);
	buf_clear(&checking.bytes);
	arena_clear(&checking.arena);
	free(checking.kept);
}

/* ---- rebuild -------------------------------------------------------------------------------------------------------- */

void measure_rebuild(struct world *world)
{
	struct err err = { .status = OK };
	struct id before, after;
	double times[3];
	struct home home;

	home_open(world, &home, "b", HAND_HOME_B);
	MUST(digest_now(&home.store, home.tally, &before, &err), &err);
	for (unsigned i = 0; i < 3; i++) {
		double start = bench_seconds();
		MUST(fold_rebuild(&home.store, home.tally, NULL, NULL, &err), &err);
		times[i] = bench_seconds() - start;
	}
	MUST(digest_now(&home.store, home.tally, &after, &err), &err);
	bench_say("rebuild_s", median(times, 3));
	bench_say("rebuild_equal", id_equal(&before, &after));
	store_close(&home.store);
}

/* ---- appending ------------------------------------------------------------------------------------------------------ */

/* One request of one desk, as app_sign() does it: placed, judged, signed, accepted, folded. In a transaction of the caller's, or its own. */
static void append(struct world *world, struct home *home, const struct hand *hand)
{
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	struct err err = { .status = OK };
	struct candidate candidate = { 0 };
	struct judgement judgement;
	enum accepted accepted;
	struct entry entry;
	struct arena arena;
	int64_t row;

	flow_request_fields(world, GB);
	struct body_draft draft = { .kind = "support.requested",
		.stated_ms = world->now_ms++,
		.fields = buf_bytes(&world->fields),
		.field_count = world->field_count };
	buf_reset(&world->body);
	body_write(&world->body, &draft);
	buf_reset(&world->fields);
	world->field_count = 0;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	MUST(store_begin(&home->store, &err), &err);
	MUST(store_next_place(&home->store, home->tally, &hand->key, &candidate.place, &err), &err);
	if (entry_init(&entry, &candidate.place, buf_bytes(&world->body), unsigned_yet) != NULL) {
		bench_fail("request", &err);
	}
	candidate.body = entry.body;
	MUST(fold_judge(&home->store, home->tally, &candidate, &arena, &judgement, &err), &err);
	if (judgement.verdict != VERDICT_VALID) {
		fprintf(stderr, "bench: request: %s %s\n", judgement.rule, judgement.reason);
		exit(1);
	}
	entry_sign(&entry, hand->secret);
	MUST(store_accept(&home->store, home->tally, &entry, world->now_ms, &accepted, &row, &err), &err);
	MUST(fold_update(&home->store, home->tally, &err), &err);
	MUST(store_commit(&home->store, &err), &err);
	arena_clear(&arena);
}

static sqlite3 *bare_open(const struct world *world)
{
	char path[4200];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/bare.db", world->dir);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
		"pragma journal_mode = wal; pragma synchronous = full;"
		"create table if not exists bare (n integer primary key, body blob)",
		NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "bench: bare database: %s\n", sqlite3_errmsg(db));
		exit(1);
	}
	return db;
}

static double bare_rate(sqlite3 *db)
{
	sqlite3_stmt *statement;
	double start = bench_seconds();

	sqlite3_prepare_v2(db, "insert into bare (body) values (zeroblob(400))", -1, &statement, NULL);
	for (unsigned i = 0; i < APPENDS; i++) {
		if (sqlite3_step(statement) != SQLITE_DONE) {
			abort();
		}
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return APPENDS / (bench_seconds() - start);
}

static double single_rate(struct world *world, struct home *home)
{
	double start = bench_seconds();

	for (unsigned i = 0; i < APPENDS; i++) {
		append(world, home, &world->hands[HAND_WRITER]);
	}
	return APPENDS / (bench_seconds() - start);
}

/* Sixteen desks, each one's entry judged and folded for itself, one commit for all. */
static double group_rate(struct world *world, struct home *home)
{
	struct err err = { .status = OK };
	const unsigned rounds = APPENDS / 8;
	double start = bench_seconds();

	for (unsigned i = 0; i < rounds; i++) {
		MUST(store_begin(&home->store, &err), &err);
		for (unsigned k = 0; k < WRITERS; k++) {
			append(world, home, &world->hands[HAND_WRITER + k]);
		}
		MUST(store_commit(&home->store, &err), &err);
	}
	return rounds * WRITERS / (bench_seconds() - start);
}

void measure_append(struct world *world)
{
	double bare[ROUNDS], single[ROUNDS], group[ROUNDS];
	sqlite3 *db = bare_open(world);
	struct home home;

	world->now_ms += 86400000 * 400ll;
	home_open(world, &home, "a", HAND_HOME + GB);
	append(world, &home, &world->hands[HAND_WRITER]);
	for (unsigned i = 0; i < ROUNDS; i++) {
		bare[i] = bare_rate(db);
		single[i] = single_rate(world, &home);
		group[i] = group_rate(world, &home);
	}
	bench_say("append_bare_rate", median(bare, ROUNDS));
	bench_say("append_rate", median(single, ROUNDS));
	bench_say("append_group_rate", median(group, ROUNDS));
	store_close(&home.store);
	sqlite3_close(db);
}

/* ---- for git and fossil --------------------------------------------------------------------------------------------- */

static enum status commit_put(void *context, const struct entry_row *row, struct err *err)
{
	unsigned *count = context;
	json_t *json = json_from_cbor(row->body);
	char *text = json_dumps(json, JSON_COMPACT);

	(void)err;
	printf("commit refs/heads/main\ncommitter %s <%s> %lld +0000\ndata %zu\n%s\n", row->log % 2 ? "gb" : "jp",
	    row->log % 2 ? "gb" : "jp", 1767225600 + 60ll * *count, strlen(text), text);
	++*count;
	free(text);
	json_decref(json);
	return OK;
}

/* A commit for each entry: its body as JSON is the message, the tree is empty. Less than that git cannot do. */
void measure_git(struct world *world)
{
	struct err err = { .status = OK };
	struct home home;
	unsigned count = 0;

	home_open(world, &home, "a", HAND_HOME + GB);
	MUST(store_entries(&home.store, home.tally, 0, commit_put, &count, &err), &err);
	store_close(&home.store);
}
