/* Sessions that run at the same time, in one store each: between their steps the homes go on, write, are heard by others, grant and revoke; links are
 * cut; a stolen key writes elsewhere. None of it may end a session by itself, make a home a copy, or keep the halves from matching when all is
 * quiet. One seed replays all: PLAY_SEED and PLAY_MOVES of the environment; `make play SEED=7`. */
#include "base/limits.h"
#include "store/partial.h"
#include "sync/peers.h"
#include "sync/test_talk.h"

#define HOMES 4
#define RUNS 5
#define SCENE_MOVES 300
#define PLAY_MOVES 900
#define DESKS_MOST 12
#define FILES_MOST 8
#define THREADS_MOST 512

static const char *const roles[] = { "answerer", "asker" };

struct run {
	bool used;
	unsigned home[2];
	struct talk talk;
	struct talk_side sides[2];
};
struct file {
	struct id hash;
	bool erased;
};
struct scene {
	struct world world;
	uint64_t seed;
	struct home home[HOMES];
	unsigned desk[DESKS_MOST], desk_home[DESKS_MOST], desk_count; /* the first HOMES of them stay */
	struct id tls[HOMES]; /* what the homes' certificates hash to, by their grants */
	unsigned stolen;
	struct world_key copy[HOMES]; /* of the stolen key: how each hand goes on */
	struct id thread[THREADS_MOST];
	unsigned thread_count;
	struct file file[FILES_MOST];
	unsigned file_count;
	struct run run[RUNS];
	int64_t expected[HOMES]; /* entries of others than the home itself that are here */
	unsigned faults;
};
/* What the play reaches, over all scenes. */
static struct {
	unsigned sessions, cuts, forks, stops, entries, files, compared;
} reached;

/* ---- chance --------------------------------------------------------------------------------------------------------- */

static unsigned below(struct scene *scene, unsigned count)
{
	return (unsigned)(world_random(&scene->world, count));
}

static bool fault(struct scene *scene, const char *what)
{
	printf("# seed %llu: %s\n", (unsigned long long)scene->seed, what);
	scene->faults++;
	return false;
}

/* ---- what is in a store --------------------------------------------------------------------------------------------- */

static int64_t number_of(struct home *home, const char *sql)
{
	struct err err = { .status = OK };
	struct statement *s;

	ASSERT(db_statement(home->store.db, sql, &s, &err) == OK && statement_step(s, &err) == OK);
	int64_t number = statement_column_int(s, 0);
	statement_done(s);
	return number;
}

/* Entries of all keys but the home's own. */
static int64_t entries_of_others(struct home *home)
{
	struct err err = { .status = OK };
	struct id none = { { 0 } };
	struct log_row log = { .head_seq = 0 };

	(void)store_log_find(&home->store, home->tally, &home->world->keys[home->key].key, &none, &log, &err);
	return number_of(home, "select count(*) from entry") - (int64_t)log.head_seq;
}

struct proofs {
	struct id refs[64];
	int64_t log[64];
	unsigned count, doubled;
};

static enum status proof_add(void *context, const struct entry_row *entry, struct err *err)
{
	struct proofs *proofs = context;
	struct body body;

	(void)err;
	if (body_read(entry->body, &body) != NULL || !bytes_is(body.kind, "log.forked") || proofs->count == 64) {
		return OK;
	}
	struct id refs[2];
	for (unsigned i = 0; i < 2; i++) {
		memcpy(refs[i].data, body_ref(&body, i).data, ID_BYTES);
	}
	struct id both = sha256(bytes_of(refs, sizeof refs));
	for (unsigned i = 0; i < proofs->count; i++) {
		proofs->doubled += proofs->log[i] == entry->log && id_equal(&proofs->refs[i], &both);
	}
	proofs->log[proofs->count] = entry->log;
	proofs->refs[proofs->count++] = both;
	return OK;
}

/* Proofs of one fork that one home entered twice. */
static unsigned proofs_doubled(struct home *home)
{
	struct proofs proofs = { .count = 0 };
	struct err err = { .status = OK };
	struct arena arena;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	ASSERT(store_kernel_entries(&home->store, home->tally, &arena, proof_add, &proofs, &err) == OK);
	arena_clear(&arena);
	return proofs.doubled;
}

static enum status stopped_print(void *context, const struct log_row *log, struct err *err)
{
	unsigned *count = context;

	(void)err;
	if (log->stopped[0] != '\0') {
		printf("# log %lld: %s\n", (long long)log->row, log->stopped);
		(*count)++;
	}
	return OK;
}

/* Logs that are said to have stopped. */
static unsigned logs_stopped(struct home *home)
{
	struct err err = { .status = OK };
	unsigned count = 0;

	ASSERT(store_log_each(&home->store, home->tally, stopped_print, &count, &err) == OK);
	return count;
}

/* ---- the scene ------------------------------------------------------------------------------------------------------ */

static void desk_add(struct scene *scene, unsigned home)
{
	unsigned number = scene->desk_count++;

	scene->desk[number] = world_grant(&scene->world, home % 2 == 0 ? GB_ROOT : JP_ROOT, (int)scene->world.key_count,
	    roles, 2); /* a number of its own */
	scene->desk_home[number] = home;
}

static void scene_open(struct scene *scene, uint64_t seed)
{
	struct world *world = &scene->world;
	unsigned key[HOMES];

	memset(scene, 0, sizeof *scene);
	scene->seed = seed;
	world_open(world, seed);
	for (unsigned i = 0; i < HOMES; i++) {
		desk_add(scene, i);
		memset(scene->tls[i].data, (int)i + 1, ID_BYTES);
		key[i] = home_grant(world, i % 2 == 0 ? GB_ROOT : JP_ROOT, &scene->tls[i]);
	}
	scene->stolen = world_grant(world, GB_ROOT, 90, roles, 2);
	for (unsigned i = 0; i < HOMES; i++) {
		home_open(&scene->home[i], world, i % 2, key[i]);
		home_take(&scene->home[i], 0, world->entry_count);
		home_lay(&scene->home[i], scene->desk[i]);
		scene->copy[i] = world->keys[scene->stolen];
		scene->expected[i] = entries_of_others(&scene->home[i]);
	}
}

static void scene_close(struct scene *scene)
{
	for (unsigned i = 0; i < HOMES; i++) {
		store_close(&scene->home[i].store);
	}
	world_close(&scene->world);
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static void fresh_take(struct scene *scene, unsigned home, unsigned from)
{
	home_take(&scene->home[home], from, scene->world.entry_count);
	scene->expected[home] += scene->world.entry_count - from;
}

static unsigned desk_of(struct scene *scene, unsigned home)
{
	unsigned number;

	do {
		number = below(scene, scene->desk_count);
	} while (scene->desk_home[number] != home);
	return scene->desk[number];
}

static void ask(struct scene *scene, unsigned home, unsigned desk)
{
	unsigned from = scene->world.entry_count;
	struct buf fields;

	buf_init(&fields, 64);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, home % 2 == 0 ? "JP" : "GB");
	struct id id =
	    world_say(&scene->world, desk, &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1 });
	buf_clear(&fields);
	if (scene->thread_count < THREADS_MOST) {
		scene->thread[scene->thread_count++] = id;
	}
	fresh_take(scene, home, from);
}

/* An answer to anything that this home has heard of, whether it is its turn or not: verdicts are the fold's. */
static void reply(struct scene *scene, unsigned home, unsigned desk)
{
	unsigned from = scene->world.entry_count;
	struct err err = { .status = OK };
	struct entry_row row;
	struct buf fields;

	if (scene->thread_count == 0) {
		return;
	}
	struct id thread = scene->thread[below(scene, scene->thread_count)];
	if (store_entry_find(&scene->home[home].store, scene->home[home].tally, &thread, NULL, &row, &err) != OK) {
		return;
	}
	buf_init(&fields, 64);
	cbor_put_int(&fields, 8);
	cbor_put_int(&fields, (int64_t)below(scene, 9));
	world_say(&scene->world, desk,
	    &(struct saying){ .kind = "t.answered",
		.thread = &thread,
		.part = &thread,
		.answers = { thread },
		.answer_count = 1,
		.fields = &fields,
		.field_count = 1 });
	buf_clear(&fields);
	fresh_take(scene, home, from);
}

/* One more desk of a party, or the end of one: its root writes at the first home. */
static void authority(struct scene *scene)
{
	unsigned home = below(scene, 2), from = scene->world.entry_count;

	if (scene->desk_count < DESKS_MOST && scene->world.key_count < WORLD_KEYS && below(scene, 2) == 0) {
		desk_add(scene, home);
		home_lay(&scene->home[home], scene->desk[scene->desk_count - 1]);
	} else if (scene->desk_count > HOMES) {
		unsigned number = scene->desk_count - 1, desk = scene->desk[number];
		home = scene->desk_home[number];
		scene->desk_count--;
		world_revoke(&scene->world, home % 2 == 0 ? GB_ROOT : JP_ROOT, desk, scene->world.keys[desk].seq);
	}
	if (scene->world.entry_count > from) {
		fresh_take(scene, home, from);
	}
}

/* Somebody has the stolen key and writes with it at another home: each hand knows only its own. */
static void thief(struct scene *scene, unsigned home)
{
	struct world_key *key = &scene->world.keys[scene->stolen];

	*key = scene->copy[home];
	scene->world.now_ms += 3;
	ask(scene, home, scene->stolen);
	scene->copy[home] = *key;
}

/* An entry that announces a file of one to three pieces. */
static void attach(struct scene *scene, unsigned home)
{
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	static uint8_t content[3 * LIMIT_CHUNK_BYTES];
	struct world *world = &scene->world;
	struct world_key *key = &world->keys[scene->desk[home]];
	struct world_entry *out = &world->entries[world->entry_count];
	struct err err = { .status = OK };
	size_t len = 1 + below(scene, sizeof content - 1);
	struct buf item, fields, body;
	struct entry entry;

	if (scene->file_count == FILES_MOST) {
		return;
	}
	struct file *file = &scene->file[scene->file_count];
	memset(content, (int)++scene->file_count, sizeof content);
	ASSERT(store_attachment_put(&scene->home[home].store, bytes_of(content, len), &file->hash, &err) == OK);
	buf_init(&item, 256);
	buf_init(&fields, 64);
	buf_init(&body, LIMIT_BODY_BYTES);
	cbor_put_array(&item, 1);
	cbor_put_array(&item, 3);
	cbor_put_bytes(&item, id_bytes(&file->hash));
	cbor_put_int(&item, (int64_t)len);
	cbor_put_literal(&item, "application/pdf");
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, home % 2 == 0 ? "JP" : "GB");
	body_write(&body,
	    &(struct body_draft){ .kind = "t.asked",
		.stated_ms = world->now_ms++,
		.attachments = buf_bytes(&item),
		.fields = buf_bytes(&fields),
		.field_count = 1 });
	struct bytes kept = arena_copy(&world->arena, buf_bytes(&body));
	*out = (struct world_entry){ .place = { world->tally, key->key, key->seq + 1, key->prev } };
	ASSERT(entry_init(&entry, &out->place, kept, unsigned_yet) == NULL);
	entry_sign(&entry, key->secret);
	memcpy(out->signature, entry.signature, sizeof out->signature);
	out->id = key->prev = entry.id;
	out->body = (uint8_t *)(uintptr_t)kept.data;
	out->body_len = kept.len;
	key->seq++;
	buf_clear(&item);
	buf_clear(&fields);
	buf_clear(&body);
	fresh_take(scene, home, world->entry_count++);
}

static void erase(struct scene *scene, unsigned home)
{
	struct err err = { .status = OK };
	enum attachment_state state;

	if (scene->file_count == 0) {
		return;
	}
	struct file *file = &scene->file[below(scene, scene->file_count)];
	struct store *store = &scene->home[home].store;
	if (store_attachment_state(store, &file->hash, &state, &err) == OK && state == ATTACHMENT_HERE) {
		ASSERT(store_attachment_erase(store, &file->hash, &err) == OK);
		file->erased = true;
	}
}

/* What a home remembers of another one is lost: they meet as for the first time. */
static void forget(struct scene *scene, unsigned home)
{
	char name[128], hex[2 * ID_BYTES + 1];
	struct home *other = &scene->home[below(scene, HOMES)];
	struct err err = { .status = OK };

	hex_print(id_bytes(&scene->world.keys[other->key].key), hex);
	snprintf(name, sizeof name, "sync.%lld.%s", (long long)scene->home[home].tally, hex);
	ASSERT(store_setting_set(&scene->home[home].store, name, bytes_text("lost"), &err) == OK);
}

/* The owner takes little of a partner in a day, or as much as he likes. */
static void measure(struct scene *scene, unsigned home, const char *most)
{
	struct err err = { .status = OK };

	ASSERT(store_setting_set(&scene->home[home].store, "party_entries_day", bytes_text(most), &err) == OK);
}

/* Between two steps a home is closed by its program, and opened again. */
static void reopen(struct scene *scene, unsigned number)
{
	struct home *home = &scene->home[number];
	struct err err = { .status = OK };
	char path[sizeof home->store.path];

	memcpy(path, home->store.path, sizeof path);
	store_close(&home->store);
	ASSERT(store_open(path, DB_WRITE, &home->store, &err) == OK);
}

/* ---- sessions ------------------------------------------------------------------------------------------------------- */

static void session_begin(struct scene *scene)
{
	struct run *run = NULL;

	for (unsigned i = 0; i < RUNS; i++) {
		run = scene->run[i].used ? run : &scene->run[i];
	}
	if (run == NULL) {
		return;
	}
	*run = (struct run){ .used = true, .home = { below(scene, HOMES) } };
	run->home[1] = (run->home[0] + 1 + below(scene, HOMES - 1)) % HOMES;
	run->talk = (struct talk){ .seed = 1 + below(scene, 1000000), .channel = below(scene, 3) > 0 };
	for (unsigned i = 0; i < 2; i++) {
		run->talk.tls[i] = scene->tls[run->home[i]];
	}
	ASSERT(talk_open(&run->talk, run->sides, &scene->home[run->home[0]], &scene->home[run->home[1]]));
}

/* Nothing that a home did on its own may have gone wrong. */
static void outcome_check(struct scene *scene, const struct run *run, unsigned side, const struct sync_result *result)
{
	if (run->talk.status[side] != OK) {
		printf("# side %u, home %u: %s %s\n", side, run->home[side], status_name(run->talk.status[side]),
		    run->talk.err[side].text);
		fault(scene, "a session ended by itself");
	}
	if (result->restored || scene->home[run->home[side]].store.read_only) {
		fault(scene, "a home is called a copy");
	}
	if (result->compared && !result->matched) {
		fault(scene, "two halves are said to differ");
	}
}

static void session_end(struct scene *scene, struct run *run)
{
	for (unsigned i = 0; i < 2; i++) {
		unsigned home = run->home[i];
		struct sync_result result;
		sync_result_get(run->sides[i].sync, &result);
		scene->expected[home] += result.received_entries;
		reached.forks += result.forks;
		reached.stops += result.stopped_logs;
		reached.entries += (unsigned)result.received_entries;
		reached.files += (unsigned)result.received_attachments;
		reached.compared += result.compared;
		outcome_check(scene, run, i, &result);
		if (entries_of_others(&scene->home[home]) < scene->expected[home]) {
			fault(scene, "a double was counted as new");
		}
	}
	for (unsigned i = 0; i < 2; i++) {
		unsigned home = run->home[i];
		int64_t before = entries_of_others(&scene->home[home]);
		if (below(scene, 2) == 0) {
			sync_close(run->sides[i].sync);
		} else {
			sync_drop(run->sides[i].sync);
		}
		scene->expected[home] +=
		    entries_of_others(&scene->home[home]) - before; /* a frame that had come whole */
		buf_clear(&run->sides[i].out);
	}
	run->used = false;
	reached.sessions++;
}

static void session_step(struct scene *scene, struct run *run)
{
	if (talk_turn(&run->talk, run->sides)) {
		return;
	}
	if (!run->sides[0].over || !run->sides[1].over) {
		fault(scene, "a session does not come to its end");
	}
	session_end(scene, run);
}

static void session_cut(struct scene *scene, struct run *run)
{
	reached.cuts++;
	session_end(scene, run);
}

/* ---- the play ------------------------------------------------------------------------------------------------------- */

static void write_something(struct scene *scene)
{
	unsigned home = below(scene, HOMES), choice = below(scene, 42);

	if (choice < 14) {
		ask(scene, home, desk_of(scene, home));
	} else if (choice < 30) {
		reply(scene, home, desk_of(scene, home));
	} else if (choice < 33) {
		authority(scene);
	} else if (choice < 35) {
		thief(scene, home);
	} else if (choice < 37) {
		attach(scene, home);
	} else if (choice == 37) {
		erase(scene, home);
	} else if (choice == 38) {
		forget(scene, home);
	} else if (choice < 41) {
		measure(scene, home, choice == 39 ? "12" : "1000000");
	} else {
		reopen(scene, home);
	}
}

static void move(struct scene *scene)
{
	struct run *run = &scene->run[below(scene, RUNS)];
	unsigned choice = below(scene, 100);

	if (choice < 30) {
		write_something(scene);
	} else if (choice < 40 || !run->used) {
		session_begin(scene);
	} else if (choice == 40) {
		session_cut(scene, run);
	} else {
		for (unsigned i = 1 + below(scene, 5); i > 0 && run->used; i--) {
			session_step(scene, run);
		}
	}
}

/* ---- the quiet ------------------------------------------------------------------------------------------------------ */

/* Every two homes speak once, whole. How many of their sessions found that the halves match? */
static unsigned round_of_talks(struct scene *scene)
{
	unsigned matched = 0;

	for (unsigned i = 0; i < HOMES; i++) {
		for (unsigned k = i + 1; k < HOMES; k++) {
			struct talk one = { .seed = 0 };
			talk(&one, &scene->home[i], &scene->home[k]);
			if (!talk_good(&one)) {
				fault(scene, "a whole session ended by itself");
			}
			matched += one.result[0].complete && one.result[1].complete && one.result[0].matched &&
			    one.result[1].matched;
			scene->expected[i] += one.result[0].received_entries;
			scene->expected[k] += one.result[1].received_entries;
		}
	}
	return matched;
}

static void home_check(struct scene *scene, unsigned number)
{
	struct home *home = &scene->home[number];
	struct err err = { .status = OK };
	enum attachment_state state;
	uint64_t length;

	if (!homes_match(&scene->home[0], home) || home_entries(home) != home_entries(&scene->home[0])) {
		fault(scene, "the halves do not match");
	}
	if (home->store.read_only) {
		fault(scene, "a home is read-only");
	}
	if (entries_of_others(home) != scene->expected[number]) {
		fault(scene, "what is stored is not what was counted");
	}
	if (logs_stopped(home) != 0) {
		fault(scene, "a log is said to stand still, and does not");
	}
	if (proofs_doubled(home) != 0) {
		fault(scene, "a fork is proven twice by one home");
	}
	for (unsigned i = 0; i < scene->file_count; i++) {
		const struct file *file = &scene->file[i];
		ASSERT(store_attachment_state(&home->store, &file->hash, &state, &err) == OK);
		if (!file->erased && state != ATTACHMENT_HERE) {
			fault(scene, "an attachment has not come");
		}
		ASSERT(partial_length(&home->store, &file->hash, &length, &err) == OK);
		if (state != ATTACHMENT_AWAITED && length > 0) {
			fault(scene, "a part is left of an attachment that nobody waits for");
		}
	}
}

static void quiet(struct scene *scene)
{
	unsigned matched = 0;

	for (unsigned i = 0; i < RUNS; i++) {
		for (unsigned long steps = 0; scene->run[i].used && steps < 100000; steps++) {
			session_step(scene, &scene->run[i]);
		}
		ASSERT(!scene->run[i].used);
	}
	for (unsigned i = 0; i < HOMES; i++) {
		measure(scene, i, "1000000");
	}
	for (unsigned round = 0; round < 4; round++) {
		matched = round_of_talks(scene);
	}
	if (matched != HOMES * (HOMES - 1) / 2) {
		fault(scene, "not every two homes find that they match");
	}
	for (unsigned i = 0; i < HOMES; i++) {
		home_check(scene, i);
	}
}

static unsigned number_from(const char *name, unsigned usually)
{
	const char *text = getenv(name);

	return text != NULL && text[0] != '\0' ? (unsigned)strtoul(text, NULL, 10) : usually;
}

int main(void)
{
	static struct scene scene;
	unsigned seed = number_from("PLAY_SEED", 1), moves = number_from("PLAY_MOVES", PLAY_MOVES), bad = 0, scenes = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (unsigned done = 0; done < moves; done += SCENE_MOVES, scenes++) {
		scene_open(&scene, seed + scenes);
		for (unsigned i = 0; i < SCENE_MOVES; i++) {
			move(&scene);
		}
		quiet(&scene);
		bad += scene.faults > 0;
		scene_close(&scene);
	}
	printf(
	    "# %u scenes from seed %u: %u sessions, %u of them cut; %u entries came, %u attachments; %u forks found, %u logs stopped, "
	    "%u comparisons\n",
	    scenes, seed, reached.sessions, reached.cuts, reached.entries, reached.files, reached.forks, reached.stops,
	    reached.compared);
	tap_is_int(bad, 0, "sessions that interleave in the stores of four homes do each other no harm");
	tap_ok(reached.cuts > 0 && reached.entries > 100 * scenes && reached.compared > scenes,
	    "and there were some, cut and whole");
	return tap_done();
}
