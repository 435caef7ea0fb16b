/* A thousand random histories of a tally of two parties: whatever the order of arrival, one digest. `histories_test COUNT FIRST` tries others. */
#include "fold/test_scene.h"

struct known {
	struct id thread, id, head; /* head: that it answers */
	const char *kind;
};
struct history {
	struct scene scene;
	struct known known[256];
	unsigned count;
	unsigned desks[4], officer, root, granted, replaced; /* who writes by now */
	struct id acknowledged[2];                           /* the last of each party's home; zero: none */
};

static unsigned random_home(struct history *history)
{
	return world_random(&history->scene.world, 2) ? history->scene.gb_home : history->scene.jp_home;
}

static void acknowledge(struct history *history, const struct id *heads, unsigned count)
{
	unsigned home = random_home(history);

	history->acknowledged[history->scene.world.keys[home].party] =
	    world_acknowledge(&history->scene.world, home, heads, count);
}

/* A second entry at a place of the desk's log that is taken, and now and then its proof. A desk forks once. */
static void random_fork(struct history *history, unsigned desk)
{
	struct world *world = &history->scene.world;
	uint64_t seq = 1 + world_random(world, world->keys[desk].seq);
	struct world_entry *taken = NULL;
	struct buf fields;

	for (unsigned i = 0; i < world->entry_count; i++) {
		if (id_equal(&world->entries[i].place.key, &world->keys[desk].key) &&
		    world->entries[i].place.seq == seq) {
			if (taken) {
				return;
			}
			taken = &world->entries[i];
		}
	}
	for (unsigned i = 0, at = 0; i < world->entry_count; i++) {
		at += id_equal(&world->entries[i].place.key, &world->keys[desk].key);
		if (at > world->keys[desk].seq) {
			return;
		}
	}
	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, world->keys[desk].party ? "GB" : "JP");
	struct id twin = world_say_at(world, desk, seq, taken->place.prev,
	    &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1, .stated_ms = world->now_ms++ });
	buf_clear(&fields);
	if (world_random(world, 3) == 0) {
		acknowledge(history, &twin, 1);
	}
	if (world_random(world, 3)) {
		prove_fork(&history->scene, random_home(history), &world->keys[desk], seq, taken->id, twin);
	}
}

/* A desk of the same party, or of the other, stands for an entry with one of its own. */
static void random_restated(struct history *history, unsigned desk, const struct known *on)
{
	bool opens = strcmp(on->kind, "t.asked") == 0;
	struct id id = restate(&history->scene, desk, opens ? NULL : &on->thread, opens ? NULL : &on->head, on->id);

	history->known[history->count++] = (struct known){ opens ? id : on->thread, id, on->head, on->kind };
}

static void random_amendment(struct history *history)
{
	struct bytes profile = bytes_of(t_later, sizeof t_later - 1);
	struct id hash = sha256(profile);
	bool whole = world_random(&history->scene.world, 2) == 0;
	struct buf fields;

	buf_init(&fields, 200);
	cbor_put_int(&fields, AMENDED_FROM);
	cbor_put_int(&fields, 16000 + (int64_t)world_random(&history->scene.world, 2));
	if (whole) {
		cbor_put_int(&fields, AMENDED_PROFILE);
		buf_put_bytes(&fields, profile);
	}
	cbor_put_int(&fields, AMENDED_HASH);
	cbor_put_bytes(&fields, id_bytes(&hash));
	world_say(&history->scene.world, world_random(&history->scene.world, 2) ? GB_ROOT : JP_ROOT,
	    &(struct saying){ .kind = "tally.amended", .fields = &fields, .field_count = whole ? 3 : 2 });
	buf_clear(&fields);
}

/* The British root is lost, or said to be, once or twice; who has it may go on writing. */
static void random_root(struct history *history)
{
	struct world *world = &history->scene.world;
	uint64_t last = world->keys[GB_ROOT].seq;

	if (history->replaced == 2 || world->key_count + 2 > WORLD_KEYS) {
		return;
	}
	unsigned root;
	struct id replaced = replace_root(&history->scene, last - world_random(world, 3), &root);
	history->root = world_random(world, 3) ? root : GB_ROOT;
	history->replaced++;
	if (world_random(world, 2)) {
		world_say(world, JP_ROOT,
		    &(struct saying){ .kind = "tally.successor_seen", .refs = { replaced }, .ref_count = 1 });
	}
}

/* Roots and registrars: grants within and beyond what they may, revocations, new roots, amendments. */
static void random_authority(struct history *history)
{
	struct world *world = &history->scene.world;
	unsigned choice = (unsigned)world_random(world, 8);
	unsigned signer = world_random(world, 3) ? history->officer : history->root;

	if (choice < 3 && world->key_count < WORLD_KEYS) {
		history->granted = world_grant(world, signer, 18 + (int)world_random(world, 8), both, 2);
		history->desks[world_random(world, 2)] =
		    history->granted; /* one of the British desks is now this one */
	} else if (choice == 3 && history->granted != 0) {
		world_revoke(
		    world, signer, history->granted, world_random(world, world->keys[history->granted].seq + 1));
	} else if (choice == 4 && world_random(world, 3) == 0) {
		world_revoke(world, history->root, history->officer,
		    world->keys[history->officer].seq - world_random(world, world->keys[history->officer].seq + 1));
	} else if (choice == 5 && world_random(world, 2) == 0) {
		random_root(history);
	} else {
		random_amendment(history);
	}
}

/* Mostly what is there; now and then the words of the roots. */
static void random_acknowledgement(struct history *history, const struct known *on)
{
	const struct world_key *keys = history->scene.world.keys;
	struct id heads[] = { on->id, keys[GB_ROOT].prev, keys[JP_ROOT].prev };

	acknowledge(history, heads, world_random(&history->scene.world, 2) ? 1 : 3);
}

static void random_resolved(struct history *history, unsigned desk, const struct known *on)
{
	struct known *other = &history->known[world_random(&history->scene.world, history->count)];

	if (id_equal(&other->thread, &on->thread) && other != on) {
		struct id id = resolve(&history->scene, desk, on->thread, on->id, other->id);
		history->known[history->count++] = (struct known){ on->thread, id, on->id, "t.resolved" };
	}
}

static void random_opening(struct history *history, unsigned desk)
{
	struct world *world = &history->scene.world;
	const struct world_key *key = &world->keys[desk];
	const struct id *seen = &history->acknowledged[key->party];
	bool knows = !id_is_zero(seen) && world_random(world, 2);
	struct id id = ask_knowing(&history->scene, desk, key->party ? "GB" : "JP", knows ? seen : NULL);

	history->known[history->count++] = (struct known){ id, id, id, "t.asked" };
}

static void random_answer(struct history *history, unsigned desk, const struct known *on)
{
	static const char *const kinds[] = { "t.answered", "t.asked_again", "t.ended", "t.called_off", "t.overruled",
		"t.minded" };
	struct world *world = &history->scene.world;
	const struct id *seen = &history->acknowledged[world->keys[desk].party];
	bool knows = !id_is_zero(seen) && world_random(world, 4) == 0;
	unsigned kind = strcmp(on->kind, "t.answered") == 0 ? 1 + (unsigned)world_random(world, 2)
	    : strcmp(on->kind, "t.overruled") == 0          ? 5
	    : world_random(world, 4)                        ? 0
							    : 3 + (unsigned)world_random(world, 2);
	struct id id = move(&history->scene, desk, kinds[kind], on->thread, on->id,
	    kind < 2 ? 1 + (int)world_random(world, 12) : 0, knows ? seen : NULL);

	history->known[history->count++] = (struct known){ on->thread, id, on->id, kinds[kind] };
}

/* Mostly sensible moves, on any entry of any thread, by any desk; some nonsense. */
static void random_move(struct history *history)
{
	struct world *world = &history->scene.world;
	unsigned desk = history->desks[world_random(world, 4)], choice = (unsigned)world_random(world, 22);
	const struct known *on = history->count ? &history->known[world_random(world, history->count)] : NULL;

	if (!on || choice < 2) {
		random_opening(history, desk);
	} else if (choice < 4) {
		random_acknowledgement(history, on);
	} else if (choice == 4) {
		random_resolved(history, desk, on);
	} else if (choice == 5 && world->keys[desk].seq > 2 && world_random(world, 4) == 0) {
		world_revoke(world, world->keys[desk].party ? JP_ROOT : history->root, desk,
		    world->keys[desk].seq - world_random(world, 3));
	} else if (choice == 6 && world->keys[desk].seq > 1 && world_random(world, 3) == 0) {
		random_fork(history, desk);
	} else if (choice == 7 || choice == 8) {
		random_authority(history);
	} else if (choice == 9) {
		random_restated(history, desk, on);
	} else {
		random_answer(history, desk, on);
	}
}

static bool has_taken(const struct world *world, const bool *taken, const struct id *id)
{
	for (unsigned i = 0; i < world->entry_count; i++) {
		if (taken[i] && id_equal(&world->entries[i].id, id)) {
			return true;
		}
	}
	return false;
}

/* Order in which a store gets the entries: each log in order, logs mixed at random. */
static void shuffle(struct world *world, unsigned *order)
{
	bool taken[WORLD_ENTRIES] = { false };

	/* The opening comes with the tally, always. */
	taken[0] = true;
	order[0] = 0;
	for (unsigned at = 1; at < world->entry_count;) {
		unsigned pick = (unsigned)world_random(world, world->entry_count), key = 0;
		while (!id_equal(&world->keys[key].key, &world->entries[pick].place.key)) {
			key++;
		}
		/* One of that log whose place has been reached: at a fork there are two, and either may come first. */
		unsigned start = (unsigned)world_random(world, world->entry_count);
		for (unsigned k = 0; k < world->entry_count; k++) {
			unsigned i = (start + k) % world->entry_count;
			if (!taken[i] && id_equal(&world->entries[i].place.key, &world->keys[key].key) &&
			    (world->entries[i].place.seq == 1 ||
				has_taken(world, taken, &world->entries[i].place.prev))) {
				taken[i] = true;
				order[at++] = i;
				break;
			}
		}
	}
}

static bool fill_shuffled(struct history *history, struct store *store, int64_t tally, struct err *err)
{
	struct world *world = &history->scene.world;
	unsigned order[WORLD_ENTRIES];
	bool done[WORLD_ENTRIES] = { false };
	unsigned left = world->entry_count;
	enum accepted accepted;

	shuffle(world, order);
	store_begin(store, err);
	while (left > 0) {
		unsigned before = left;
		for (unsigned i = 0; i < world->entry_count; i++) {
			struct err refusal = { 0 };
			if (done[order[i]]) {
				continue;
			}
			if (world_deliver(world, store, tally, order[i], &accepted, &refusal) == OK) {
				done[order[i]] = true;
				left--;
			}
			if (world_random(world, 12) == 0 && fold_update(store, tally, err) != OK) {
				return false;
			}
		}
		if (left == before) {
			return false;
		}
	}
	return fold_update(store, tally, err) == OK && store_commit(store, err) == OK;
}

/* A store that has only the first `count` entries, and the digest that the full one computes at that vector. */
static bool same_at_lower_vector(
    struct history *history, struct store *full, int64_t full_tally, unsigned count, struct err *err)
{
	struct world *world = &history->scene.world;
	struct store part;
	struct vector vector;
	struct id here, there;
	enum accepted accepted;
	int64_t tally;
	bool good = true, closed;

	world_store(world, &part, &tally);
	store_begin(&part, err);
	for (unsigned i = 0; i < count && good; i++) {
		good = world_deliver(world, &part, tally, i, &accepted, err) == OK;
	}
	good = good && fold_update(&part, tally, err) == OK && store_commit(&part, err) == OK &&
	    digest_now(&part, tally, &here, err) == OK && vector_now(&part, tally, &world->arena, &vector, err) == OK;
	good = good && vector_is_closed(full, full_tally, &vector, &closed, err) == OK && closed &&
	    digest_at(full, full_tally, &vector, &there, err) == OK && id_equal(&here, &there);
	store_close(&part);
	return good;
}

static void history_write(struct history *history, uint64_t seed)
{
	struct scene *scene = &history->scene;
	struct world *world = &scene->world;

	memset(history, 0, sizeof *history);
	world_open(world, seed);
	scene->gb = world_grant(world, GB_ROOT, 1, both, 2);
	scene->gb2 = world_grant(world, GB_ROOT, 2, both, 2);
	scene->jp = world_grant(world, JP_ROOT, 1, both, 2);
	scene->jp2 = world_grant(world, JP_ROOT, 2, both, 2);
	scene->gb_home = world_grant(world, GB_ROOT, 0, NULL, 0);
	scene->jp_home = world_grant(world, JP_ROOT, 0, NULL, 0);
	history->officer = world_grant(world, GB_ROOT, 10, registrar, 3);
	memcpy(history->desks, (unsigned[]){ scene->gb, scene->gb2, scene->jp, scene->jp2 }, sizeof history->desks);
	history->root = GB_ROOT;
	for (unsigned i = 0, moves = 5 + (unsigned)world_random(world, 40); i < moves; i++) {
		random_move(history);
	}
}

static unsigned lower_differ;

static bool random_history(uint64_t seed, struct id digests[2], struct err *err)
{
	static struct history history;
	struct world *world = &history.scene.world;
	bool good = true;

	history_write(&history, seed);
	for (unsigned half = 0; half < 2 && good; half++) {
		struct store store;
		int64_t tally;
		world_store(world, &store, &tally);
		good =
		    fill_shuffled(&history, &store, tally, err) && digest_now(&store, tally, &digests[half], err) == OK;
		if (good && half == 0 && seed % 8 == 0 &&
		    !same_at_lower_vector(
			&history, &store, tally, 8 + (unsigned)world_random(world, world->entry_count - 8), err)) {
			lower_differ++;
			printf("# seed %llu: another digest at a lower vector\n", (unsigned long long)seed);
		}
		store_close(&store);
	}
	world_close(world);
	return good;
}

static void test_random_histories(uint64_t first, uint64_t count)
{
	unsigned different = 0, failed = 0;

	for (uint64_t seed = first; seed < first + count; seed++) {
		struct id digests[2];
		struct err err = { 0 };
		if (!random_history(seed, digests, &err)) {
			failed++;
			printf("# seed %llu: %s\n", (unsigned long long)seed, err.text);
		} else if (!id_equal(&digests[0], &digests[1])) {
			different++;
			printf("# seed %llu: two digests\n", (unsigned long long)seed);
		}
	}
	tap_is_int(failed, 0, "every random history can be stored and folded in any order of arrival");
	tap_is_int(lower_differ, 0, "a digest at a lower vector is that of a half that never had more");
	tap_is_int(different, 0, "a thousand random histories, shuffled on arrival, give one digest each");
}

int main(int argc, char **argv)
{
	test_random_histories(
	    argc > 2 ? strtoull(argv[2], NULL, 10) : 1, argc > 1 ? strtoull(argv[1], NULL, 10) : 1000);
	return tap_done();
}
