/* Verdicts, rivals, keys and digests, each as a short story of two parties; then a thousand random histories. */
#include "fold/test_world.h"
#include <sys/stat.h>

static const char *const asker[] = { "asker" };
static const char *const answerer[] = { "answerer" };
static const char *const both[] = { "answerer", "asker" };
static const char *const registrar[] = { "answerer", "asker", "registrar" };

struct scene {
	struct world world;
	unsigned gb, gb2, jp, jp2, gb_home, jp_home;
	unsigned desks[4], officer, root, granted, replaced; /* of a random history: who writes by now */
	struct store store;
	int64_t tally;
};

static void scene_open(struct scene *scene)
{
	world_open(&scene->world, 1);
	scene->gb = world_grant(&scene->world, GB_ROOT, 1, asker, 1);
	scene->gb2 = world_grant(&scene->world, GB_ROOT, 2, both, 2);
	scene->jp = world_grant(&scene->world, JP_ROOT, 1, answerer, 1);
	scene->jp2 = world_grant(&scene->world, JP_ROOT, 2, both, 2);
	scene->gb_home = world_grant(&scene->world, GB_ROOT, 0, NULL, 0);
	scene->jp_home = world_grant(&scene->world, JP_ROOT, 0, NULL, 0);
	world_store(&scene->world, &scene->store, &scene->tally);
}

static void scene_close(struct scene *scene)
{
	store_close(&scene->store);
	world_close(&scene->world);
}

static struct id ask(struct scene *scene, unsigned key, const char *to)
{
	struct buf fields;

	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, to);
	struct id id =
	    world_say(&scene->world, key, &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1 });
	buf_clear(&fields);
	return id;
}

/* A move of the talk itself, with a number where the kind has one. */
static struct id move(struct scene *scene, unsigned key, const char *kind, struct id thread, struct id head, int number,
    const struct id *seen)
{
	struct saying saying = {
		.kind = kind, .thread = &thread, .part = &thread, .seen = seen, .answers = { head }, .answer_count = 1
	};
	struct buf fields;

	buf_init(&fields, 100);
	if (number) {
		cbor_put_int(&fields, 8);
		cbor_put_int(&fields, number);
		saying.fields = &fields;
		saying.field_count = 1;
	}
	struct id id = world_say(&scene->world, key, &saying);
	buf_clear(&fields);
	return id;
}

static struct id resolve(struct scene *scene, unsigned key, struct id thread, struct id stands, struct id other)
{
	struct saying saying = { .kind = "t.resolved",
		.thread = &thread,
		.part = &thread,
		.answers = { stands, other },
		.answer_count = 2 };
	struct buf fields;

	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_bytes(&fields, id_bytes(&stands));
	saying.fields = &fields;
	saying.field_count = 1;
	struct id id = world_say(&scene->world, key, &saying);
	buf_clear(&fields);
	return id;
}

static void verdict(struct scene *scene, struct id id, const char *expected, const char *title)
{
	tap_is_text(world_verdict(&scene->world, &scene->store, scene->tally, id), expected, title);
}

static void state(struct scene *scene, struct id thread, struct id part, const char *expected, const char *title)
{
	tap_is_text(world_state(&scene->world, &scene->store, scene->tally, thread, part), expected, title);
}

static void deliver(struct scene *scene)
{
	world_deliver_all(&scene->world, &scene->store, scene->tally);
}

static void test_plain(void)
{
	struct scene scene;

	scene_open(&scene);
	struct id thread = ask(&scene, scene.gb, "JP");
	struct id answered = move(&scene, scene.jp, "t.answered", thread, thread, 5, NULL);
	struct id wrong_party = move(&scene, scene.gb2, "t.answered", thread, thread, 5, NULL);
	struct id wrong_role = move(&scene, scene.jp, "t.asked_again", thread, answered, 1, NULL);
	struct id twice = move(&scene, scene.jp, "t.answered", thread, thread, 5, NULL);
	struct id bad = move(&scene, scene.gb, "t.asked_again", thread, answered, 13, NULL);
	struct id ended = move(&scene, scene.gb, "t.ended", thread, answered, 0, NULL);
	struct id formless = move(&scene, scene.jp, "t.answered", thread, thread, 0, NULL);
	struct id on_void = move(&scene, scene.gb2, "t.asked_again", thread, wrong_party, 1, NULL);
	struct id stranger = ask(&scene, scene.gb, "FR");
	struct id by_root = move(&scene, JP_ROOT, "t.answered", thread, thread, 5, NULL);
	deliver(&scene);
	verdict(&scene, thread, "valid", "an opening is valid");
	verdict(&scene, answered, "valid", "the partner's answer is valid");
	verdict(&scene, wrong_party, "void K10", "a party without the pen cannot answer in the partner's name");
	verdict(&scene, wrong_role, "void K10", "the answerer's party cannot ask again");
	verdict(&scene, twice, "void K9", "a double click does no harm: the second is void by its own log");
	verdict(&scene, bad, "void S2", "a domain's rule voids with its own name");
	verdict(&scene, ended, "valid", "after a void move the same desk can still make the right one");
	verdict(&scene, formless, "void F1", "a move without its field is void");
	verdict(&scene, on_void, "void K8", "what answers a void entry is void");
	verdict(&scene, stranger, "void S1", "a party that is not in the tally cannot be asked");
	verdict(&scene, by_root, "void K1", "a root signs no moves");
	state(&scene, thread, thread, "ended", "the talk is in the state after its one head");
	scene_close(&scene);
}

static void test_rivals(void)
{
	struct scene scene;

	scene_open(&scene);
	struct id a = ask(&scene, scene.gb, "JP"), b = ask(&scene, scene.gb, "JP"), c = ask(&scene, scene.gb, "JP");
	struct id a1 = move(&scene, scene.jp, "t.answered", a, a, 1, NULL),
		  a2 = move(&scene, scene.jp2, "t.answered", a, a, 2, NULL);
	struct id b1 = move(&scene, scene.jp, "t.answered", b, b, 1, NULL),
		  b2 = move(&scene, scene.jp2, "t.answered", b, b, 2, NULL);
	struct id b3 = move(&scene, scene.gb, "t.ended", b, b1, 0, NULL);
	struct id c1 = move(&scene, scene.jp, "t.answered", c, c, 1, NULL),
		  c2 = move(&scene, scene.jp2, "t.answered", c, c, 2, NULL);
	struct id c3 = move(&scene, scene.gb, "t.ended", c, c1, 0, NULL),
		  c4 = move(&scene, scene.gb2, "t.asked_again", c, c2, 1, NULL);
	deliver(&scene);
	state(&scene, a, a, "rivals", "two answers by two desks are rivals: nothing is merged silently");
	state(&scene, b, b, "ended", "the rival that the partner took up stands");
	verdict(&scene, b2, "overtaken", "and the other is overtaken");
	state(&scene, c, c, "rivals", "both taken up: they stay rivals, whatever was built on them");
	struct id ra = resolve(&scene, scene.jp2, a, a2, a1);
	struct id rc = resolve(&scene, scene.jp2, c, c1, c2);
	deliver(&scene);
	state(&scene, a, a, "answered", "none taken up: a resolution by the party that made them ends it");
	verdict(&scene, a1, "overtaken", "the rival that was not chosen is overtaken");
	verdict(&scene, ra, "valid", "the resolution is the head");
	state(&scene, c, c, "rivals", "both taken up: one party's resolution is not enough");
	struct id rc2 = resolve(&scene, scene.gb2, c, c1, c2);
	deliver(&scene);
	state(&scene, c, c, "ended", "both parties name the same: it stands with what was built on it");
	verdict(&scene, c4, "overtaken", "what was built on the other is overtaken");
	verdict(&scene, c3, "valid", "what was built on the one that stands is valid");
	(void)b3;
	(void)rc;
	(void)rc2;
	scene_close(&scene);
}

static void test_standing_move(void)
{
	struct scene scene;

	scene_open(&scene);
	struct id a = ask(&scene, scene.gb, "JP"), b = ask(&scene, scene.gb, "JP");
	struct id off = move(&scene, scene.gb, "t.called_off", a, a, 0, NULL);
	struct id answered = move(&scene, scene.jp, "t.answered", a, a, 1, NULL);
	struct id off_b = move(&scene, scene.gb, "t.called_off", b, b, 0, NULL);
	deliver(&scene);
	verdict(&scene, off, "overtaken", "a calling-off yields to the partner's concurrent answer");
	verdict(&scene, answered, "valid", "the answer stands");
	state(&scene, b, b, "called off", "where the partner did not answer, the calling-off stands");
	(void)off_b;
	struct id seen = world_acknowledge(&scene.world, scene.jp_home, &off_b, 1);
	struct id late = move(&scene, scene.jp, "t.answered", b, b, 1, &seen);
	deliver(&scene);
	verdict(&scene, late, "void K9", "an answer by a desk whose home had seen the calling-off is stale");
	scene_close(&scene);
}

static void test_parts(void)
{
	struct scene scene;

	scene_open(&scene);
	struct id thread = ask(&scene, scene.gb, "JP");
	struct id part = world_say(&scene.world, scene.gb,
	    &(struct saying){ .kind = "t.begun", .thread = &thread, .refs = { thread }, .ref_count = 1 });
	struct id done = world_say(&scene.world, scene.jp,
	    &(struct saying){
		.kind = "t.done", .thread = &thread, .part = &part, .answers = { part }, .answer_count = 1 });
	struct id unnamed = world_say(&scene.world, scene.gb, &(struct saying){ .kind = "t.begun", .thread = &thread });
	struct id wrong_part = world_say(&scene.world, scene.jp,
	    &(struct saying){
		.kind = "t.done", .thread = &thread, .part = &thread, .answers = { part }, .answer_count = 1 });
	struct id note = world_say(&scene.world, scene.jp, &(struct saying){ .kind = "t.noted", .thread = &thread });
	struct id no_thread = world_say(&scene.world, scene.jp, &(struct saying){ .kind = "t.noted" });
	struct id unknown =
	    world_say(&scene.world, scene.jp, &(struct saying){ .kind = "t.invented", .thread = &thread });
	deliver(&scene);
	verdict(&scene, part, "valid", "a part opens on a head of its parent");
	state(&scene, thread, part, "done", "a part has a life of its own");
	state(&scene, thread, thread, "asked", "and its parent stays where it is");
	verdict(&scene, done, "valid", "the partner moves in a part as the table says");
	verdict(&scene, unnamed, "void K7", "a part that names no parent is void");
	verdict(&scene, wrong_part, "void K7", "a move answers heads of its own part only");
	verdict(&scene, note, "valid", "a note is valid and moves nothing");
	verdict(&scene, no_thread, "void K7", "a note names a thread");
	verdict(&scene, unknown, "unknown kind", "an unknown kind waits for an upgrade");
	scene_close(&scene);
}

static void test_revocation(void)
{
	struct scene scene;

	scene_open(&scene);
	struct id named = ask(&scene, scene.gb, "JP"), unnamed = ask(&scene, scene.gb, "JP");
	struct id answered = move(&scene, scene.jp, "t.answered", named, named, 1, NULL);
	struct id revoked = world_revoke(&scene.world, GB_ROOT, scene.gb, 0);
	deliver(&scene);
	verdict(&scene, named, "valid",
	    "an order that the partner relied on stands, though its desk is revoked: the debt stands");
	verdict(&scene, answered, "valid", "and so does what the partner answered");
	verdict(&scene, unnamed, "void K2", "what nobody relied on falls with the key");
	struct id seen = world_acknowledge(&scene.world, scene.jp_home, &revoked, 1);
	struct id late = move(&scene, scene.jp, "t.answered", unnamed, unnamed, 1, &seen);
	deliver(&scene);
	verdict(&scene, unnamed, "void K2", "an answer by one who knew of the revocation does not revive it");
	verdict(&scene, late, "void K8", "and is void itself");
	struct id early = world_acknowledge(&scene.world, scene.jp_home, &unnamed, 1);
	(void)early;
	deliver(&scene);
	verdict(&scene, unnamed, "void K2", "nor does an acknowledgement that covers both");
	/* Adopted by another desk of the party. */
	struct saying saying = { .kind = "t.restated", .refs = { unnamed }, .ref_count = 1 };
	struct buf fields;
	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_bytes(&fields, id_bytes(&unnamed));
	saying.fields = &fields;
	saying.field_count = 1;
	struct id restated = world_say(&scene.world, scene.gb2, &saying);
	deliver(&scene);
	verdict(&scene, restated, "valid", "another desk of the party restates a void opening");
	state(&scene, restated, restated, "asked", "and it opens the thread anew under its own id");
	buf_clear(&fields);
	scene_close(&scene);
}

static void test_registrar(void)
{
	struct scene scene;

	scene_open(&scene);
	unsigned officer = world_grant(&scene.world, GB_ROOT, 10, registrar, 3);
	unsigned within = world_grant(&scene.world, officer, 21, asker, 1);
	unsigned outside = world_grant(&scene.world, officer, 99, asker, 1);
	unsigned by_desk = world_grant(&scene.world, scene.gb2, 22, asker, 1);
	struct id good = ask(&scene, within, "JP"), bad = ask(&scene, outside, "JP"),
		  worse = ask(&scene, by_desk, "JP");
	deliver(&scene);
	verdict(&scene, good, "valid", "a registrar grants a desk within its own authority");
	verdict(&scene, bad, "void K5", "a desk number outside the registrar's range does not count");
	verdict(&scene, worse, "void K5", "a desk that is no registrar grants nothing");
	world_revoke(&scene.world, GB_ROOT, officer, 0);
	deliver(&scene);
	verdict(&scene, good, "void K5", "a registrar revoked from the start takes its grants with it");
	scene_close(&scene);
}

static void test_fork(void)
{
	struct scene scene;
	enum accepted accepted;
	struct err err = { 0 };

	scene_open(&scene);
	struct id first = ask(&scene, scene.gb, "JP");
	struct world_key stolen = scene.world.keys[scene.gb];
	struct id honest = ask(&scene, scene.gb, "JP");
	struct id named = move(&scene, scene.jp, "t.answered", honest, honest, 1, NULL);
	struct buf fields;
	buf_init(&fields, 200);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	struct id theft = world_say_at(&scene.world, scene.gb, stolen.seq + 1, stolen.prev,
	    &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1, .stated_ms = 1385000999000 });
	deliver(&scene);
	verdict(&scene, honest, "valid", "a fork without its proof changes nothing yet");
	verdict(&scene, theft, "valid", "on either side");
	struct id refs[2] = { honest, theft };
	if (id_compare(&refs[0], &refs[1]) > 0) {
		refs[0] = theft;
		refs[1] = honest;
	}
	buf_reset(&fields);
	cbor_put_int(&fields, FORKED_KEY);
	cbor_put_bytes(&fields, id_bytes(&stolen.key));
	cbor_put_int(&fields, FORKED_SEQ);
	cbor_put_int(&fields, (int64_t)stolen.seq + 1);
	world_say(&scene.world, scene.jp_home,
	    &(struct saying){ .kind = "log.forked",
		.refs = { refs[0], refs[1] },
		.ref_count = 2,
		.fields = &fields,
		.field_count = 2 });
	deliver(&scene);
	verdict(&scene, first, "valid", "what lies before the fork stands");
	verdict(&scene, honest, "valid", "the branch that the partner relied on stands");
	verdict(&scene, theft, "void K3", "the branch that nobody relied on is void");
	verdict(&scene, named, "valid", "and the partner's answer is untouched");
	/* The other half met the branches in the other order. */
	struct store other;
	int64_t tally;
	world_store(&scene.world, &other, &tally);
	unsigned at = 0;
	while (!id_equal(&scene.world.entries[at].id, &honest)) {
		at++;
	}
	struct world_entry swap = scene.world.entries[at];
	unsigned last = at;
	while (!id_equal(&scene.world.entries[last].id, &theft)) {
		last++;
	}
	scene.world.entries[at] = scene.world.entries[last];
	scene.world.entries[last] = swap;
	world_deliver_all(&scene.world, &other, tally);
	struct id one, two;
	digest_now(&scene.store, scene.tally, &one, &err);
	digest_now(&other, tally, &two, &err);
	tap_ok(id_equal(&one, &two), "both halves have one digest, whichever branch they met first");
	(void)accepted;
	store_close(&other);
	buf_clear(&fields);
	scene_close(&scene);
}

static void test_root_lost(void)
{
	struct scene scene;
	struct buf fields;

	scene_open(&scene);
	struct id before = ask(&scene, scene.gb, "JP");
	uint64_t last_good = scene.world.keys[GB_ROOT].seq;
	unsigned thief = world_grant(&scene.world, GB_ROOT, 66, asker, 1);
	struct id stolen = ask(&scene, thief, "JP");
	unsigned root = world_key(&scene.world, 0), recovery = world_key(&scene.world, 0);
	buf_init(&fields, 200);
	cbor_put_int(&fields, REPLACED_ROOT);
	cbor_put_bytes(&fields, id_bytes(&scene.world.keys[root].key));
	cbor_put_int(&fields, REPLACED_RECOVERY);
	cbor_put_bytes(&fields, id_bytes(&scene.world.keys[recovery].key));
	cbor_put_int(&fields, REPLACED_SEQ);
	cbor_put_int(&fields, (int64_t)last_good);
	struct id replaced = world_say(&scene.world, GB_RECOVERY,
	    &(struct saying){ .kind = "root.replaced", .fields = &fields, .field_count = 3 });
	scene.world.keys[root].prev = scene.world.keys[recovery].prev = replaced;
	unsigned fresh = world_grant(&scene.world, root, 30, asker, 1);
	struct id after = ask(&scene, fresh, "JP");
	deliver(&scene);
	verdict(&scene, before, "valid", "what was granted before the root was lost stands");
	verdict(&scene, stolen, "void K5", "what the thief granted with the stolen root does not count");
	verdict(&scene, after, "valid", "the new root grants, and its desks write");
	scene_close(&scene);
	buf_clear(&fields);
}

static struct id restate(
    struct scene *scene, unsigned key, const struct id *thread, const struct id *head, struct id named)
{
	struct saying saying = {
		.kind = "t.restated", .thread = thread, .part = thread, .refs = { named }, .ref_count = 1
	};
	struct buf fields;

	if (head) {
		saying.answers[0] = *head;
		saying.answer_count = 1;
	}
	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_bytes(&fields, id_bytes(&named));
	saying.fields = &fields;
	saying.field_count = 1;
	struct id id = world_say(&scene->world, key, &saying);
	buf_clear(&fields);
	return id;
}

/* What may not be restated: a restated, a resolved, an entry of the kernel, one of another party; in this thread or another. */
static void test_restated_wrongly(void)
{
	struct scene scene;

	scene_open(&scene);
	struct id grant = scene.world.keys[GB_ROOT].prev, thread = ask(&scene, scene.gb2, "JP");
	struct id first = restate(&scene, scene.gb2, NULL, NULL, thread),
		  again = restate(&scene, scene.gb2, NULL, NULL, first);
	struct id one = move(&scene, scene.jp2, "t.answered", thread, thread, 1, NULL);
	struct id two = move(&scene, scene.jp, "t.answered", thread, thread, 2, NULL);
	struct id joined = resolve(&scene, scene.jp2, thread, one, two);
	struct id of_resolved = restate(&scene, scene.jp2, &thread, &one, joined);
	struct id of_restated = restate(&scene, scene.gb2, &thread, &one, first);
	struct id of_kernel = restate(&scene, scene.gb2, &thread, &one, grant);
	struct id of_other = restate(&scene, scene.gb2, &thread, &thread, one);
	deliver(&scene);
	verdict(&scene, first, "overtaken", "an opening that is not void is restated in vain");
	verdict(&scene, again, "void K7", "a restated that names a restated of another thread opens nothing");
	verdict(&scene, of_resolved, "void K16", "a resolved is not restated");
	verdict(&scene, of_restated, "void K16", "nor is a restated");
	verdict(&scene, of_kernel, "void K16", "nor an entry of the kernel");
	verdict(&scene, of_other, "void K16", "nor one of another party");
	scene_close(&scene);
}

/* What has not the form of an opening opens nothing: what names it as its thread or part is of the wrong place. */
static void test_opened_by_nothing(void)
{
	struct scene scene;
	struct buf number;

	scene_open(&scene);
	buf_init(&number, 100);
	cbor_put_int(&number, 8);
	cbor_put_int(&number, 1);
	struct id thread = ask(&scene, scene.gb2, "JP");
	struct id bare = world_say(
	    &scene.world, scene.jp2, &(struct saying){ .kind = "t.answered", .fields = &number, .field_count = 1 });
	struct id note = world_say(&scene.world, scene.gb2, &(struct saying){ .kind = "t.noted", .thread = &bare });
	struct id inside = world_say(&scene.world, scene.jp2,
	    &(struct saying){ .kind = "t.answered", .thread = &thread, .fields = &number, .field_count = 1 });
	struct id on = world_say(&scene.world, scene.gb2,
	    &(struct saying){
		.kind = "t.ended", .thread = &thread, .part = &inside, .answers = { inside }, .answer_count = 1 });
	deliver(&scene);
	verdict(&scene, bare, "void K7", "an answer without thread and part opens no thread");
	verdict(&scene, note, "void K7", "a note on it is on no thread");
	verdict(&scene, inside, "void K7", "an answer without part opens no part");
	verdict(&scene, on, "void K7", "a move on it is in no part");
	buf_clear(&number);
	scene_close(&scene);
}

/* An answer to an entry of another thread: as long as that waits, it waits (format 4); then it is K7. */
static void test_waiting_elsewhere(void)
{
	struct scene scene;
	enum accepted accepted;
	struct err err = { 0 };

	scene_open(&scene);
	struct id thread = ask(&scene, scene.gb, "JP"), first = ask(&scene, scene.gb2, "JP"),
		  other = ask(&scene, scene.gb2, "JP");
	struct id there = move(&scene, scene.jp, "t.answered", other, other, 1, NULL);
	struct id across = move(&scene, scene.jp2, "t.answered", thread, there, 1, NULL);
	for (unsigned i = 0; i < scene.world.entry_count; i++) {
		if (!id_equal(&scene.world.entries[i].id, &other)) {
			world_deliver(&scene.world, &scene.store, scene.tally, i, &accepted, &err);
		}
	}
	ASSERT(fold_update(&scene.store, scene.tally, &err) == OK);
	verdict(&scene, across, "waiting", "an answer to an entry of another thread waits as long as that waits");
	deliver(&scene);
	verdict(&scene, across, "void K7", "and is void when that has its verdict");
	struct vector vector;
	bool closed;
	ASSERT(vector_now(&scene.store, scene.tally, &scene.world.arena, &vector, &err) == OK);
	tap_ok(vector_is_closed(&scene.store, scene.tally, &vector, &closed, &err) == OK && closed,
	    "all that is here is a closed vector");
	for (unsigned i = 0; i < vector.count; i++) {
		if (id_equal(&vector.items[i].head, &other)) {
			vector.items[i].head = first;
			vector.items[i].seq--;
		}
	}
	tap_ok(vector_is_closed(&scene.store, scene.tally, &vector, &closed, &err) == OK && !closed,
	    "one that leaves out what an entry of it answers is not");
	scene_close(&scene);
}

static void test_waiting(void)
{
	struct scene scene;
	enum accepted accepted;
	struct err err = { 0 };
	struct id digest, other;

	scene_open(&scene);
	struct id thread = ask(&scene, scene.gb, "JP");
	struct id answered = move(&scene, scene.jp, "t.answered", thread, thread, 1, NULL);
	for (unsigned i = 0; i < scene.world.entry_count; i++) {
		if (!id_equal(&scene.world.entries[i].id, &thread)) {
			world_deliver(&scene.world, &scene.store, scene.tally, i, &accepted, &err);
		}
	}
	tap_is_int(fold_update(&scene.store, scene.tally, &err), OK, "a thread whose opening is missing can be folded");
	verdict(&scene, answered, "waiting", "an answer waits, visibly, for what it answers");
	deliver(&scene);
	verdict(&scene, answered, "valid", "and is valid when that has come");
	digest_now(&scene.store, scene.tally, &digest, &err);
	tap_is_int(fold_rebuild(&scene.store, scene.tally, NULL, NULL, &err), OK, "a tally can be rebuilt");
	digest_now(&scene.store, scene.tally, &other, &err);
	tap_ok(id_equal(&digest, &other), "and has the same digest then");
	scene_close(&scene);
}

/* --- random histories -------------------------------------------------------------------------------------------------------------- */

struct known {
	struct id thread, id, head; /* head: that it answers */
	const char *kind;
};

static void prove_fork(
    struct scene *scene, unsigned home, const struct world_key *key, uint64_t seq, struct id one, struct id two)
{
	bool ordered = id_compare(&one, &two) < 0;
	struct saying saying = {
		.kind = "log.forked", .refs = { ordered ? one : two, ordered ? two : one }, .ref_count = 2
	};
	struct buf fields;

	buf_init(&fields, 200);
	cbor_put_int(&fields, FORKED_KEY);
	cbor_put_bytes(&fields, id_bytes(&key->key));
	cbor_put_int(&fields, FORKED_SEQ);
	cbor_put_int(&fields, (int64_t)seq);
	saying.fields = &fields;
	saying.field_count = 2;
	world_say(&scene->world, home, &saying);
	buf_clear(&fields);
}

/* A second entry at a place of the desk's log that is taken, and now and then its proof. A desk forks once. */
static void random_fork(struct scene *scene, unsigned desk)
{
	struct world *world = &scene->world;
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
		world_acknowledge(world, world_random(world, 2) ? scene->gb_home : scene->jp_home, &twin, 1);
	}
	if (world_random(world, 3)) {
		prove_fork(scene, world_random(world, 2) ? scene->gb_home : scene->jp_home, &world->keys[desk], seq,
		    taken->id, twin);
	}
}

/* A desk of the same party, or of the other, stands for an entry with one of its own. */
static void random_restated(struct scene *scene, unsigned desk, const struct known *on, struct known *made)
{
	bool opens = strcmp(on->kind, "t.asked") == 0;
	struct id id = restate(scene, desk, opens ? NULL : &on->thread, opens ? NULL : &on->head, on->id);

	*made = (struct known){ opens ? id : on->thread, id, on->head, on->kind };
}

static void random_amendment(struct scene *scene)
{
	static const char profile[] = "\xA1\x65title\x65later";
	struct id hash = sha256(bytes_of(profile, sizeof profile - 1));
	bool whole = world_random(&scene->world, 2) == 0;
	struct buf fields;

	buf_init(&fields, 200);
	cbor_put_int(&fields, AMENDED_FROM);
	cbor_put_int(&fields, 16000 + (int64_t)world_random(&scene->world, 2));
	if (whole) {
		cbor_put_int(&fields, AMENDED_PROFILE);
		buf_put(&fields, profile, sizeof profile - 1);
	}
	cbor_put_int(&fields, AMENDED_HASH);
	cbor_put_bytes(&fields, id_bytes(&hash));
	world_say(&scene->world, world_random(&scene->world, 2) ? GB_ROOT : JP_ROOT,
	    &(struct saying){ .kind = "tally.amended", .fields = &fields, .field_count = whole ? 3 : 2 });
	buf_clear(&fields);
}

/* The British root is lost, or said to be, once or twice; who has it may go on writing. */
static void random_root(struct scene *scene)
{
	struct world *world = &scene->world;
	uint64_t last = world->keys[GB_ROOT].seq;

	if (scene->replaced == 2 || world->key_count + 2 > WORLD_KEYS) {
		return;
	}
	unsigned root = world_key(world, 0), recovery = world_key(world, 0);
	struct buf fields;
	buf_init(&fields, 200);
	cbor_put_int(&fields, REPLACED_ROOT);
	cbor_put_bytes(&fields, id_bytes(&world->keys[root].key));
	cbor_put_int(&fields, REPLACED_RECOVERY);
	cbor_put_bytes(&fields, id_bytes(&world->keys[recovery].key));
	cbor_put_int(&fields, REPLACED_SEQ);
	cbor_put_int(&fields, (int64_t)(last - world_random(world, 3)));
	struct id replaced = world_say(
	    world, GB_RECOVERY, &(struct saying){ .kind = "root.replaced", .fields = &fields, .field_count = 3 });
	buf_clear(&fields);
	world->keys[root].prev = world->keys[recovery].prev = replaced;
	scene->root = world_random(world, 3) ? root : GB_ROOT;
	scene->replaced++;
	if (world_random(world, 2)) {
		world_say(world, JP_ROOT,
		    &(struct saying){ .kind = "tally.successor_seen", .refs = { replaced }, .ref_count = 1 });
	}
}

/* Roots and registrars: grants within and beyond what they may, revocations, new roots, amendments. */
static void random_authority(struct scene *scene)
{
	struct world *world = &scene->world;
	unsigned choice = (unsigned)world_random(world, 8);
	unsigned signer = world_random(world, 3) ? scene->officer : scene->root;

	if (choice < 3 && world->key_count < WORLD_KEYS) {
		scene->granted = world_grant(world, signer, 18 + (int)world_random(world, 8), both, 2);
		scene->desks[world_random(world, 2)] = scene->granted; /* one of the British desks is now this one */
	} else if (choice == 3 && scene->granted != 0) {
		world_revoke(world, signer, scene->granted, world_random(world, world->keys[scene->granted].seq + 1));
	} else if (choice == 4 && world_random(world, 3) == 0) {
		world_revoke(world, scene->root, scene->officer,
		    world->keys[scene->officer].seq - world_random(world, world->keys[scene->officer].seq + 1));
	} else if (choice == 5 && world_random(world, 2) == 0) {
		random_root(scene);
	} else {
		random_amendment(scene);
	}
}

/* Mostly sensible moves, on any entry of any thread, by any desk; some nonsense. */
static void random_move(struct scene *scene, struct known *known, unsigned *count)
{
	struct world *world = &scene->world;
	unsigned desk = scene->desks[world_random(world, 4)], choice = (unsigned)world_random(world, 22);
	struct known *on = *count ? &known[world_random(world, *count)] : NULL;
	struct id id;

	if (!on || choice < 2) {
		id = ask(scene, desk, world->keys[desk].party ? "GB" : "JP");
		known[(*count)++] = (struct known){ id, id, id, "t.asked" };
		return;
	}
	if (choice == 7 || choice == 8) {
		random_authority(scene);
		return;
	}
	if (choice == 9) {
		random_restated(scene, desk, on, &known[*count]);
		(*count)++;
		return;
	}
	if (choice < 4) {
		unsigned home = world_random(world, 2) ? scene->gb_home : scene->jp_home;
		world_acknowledge(world, home, &on->id, 1);
		return;
	}
	if (choice == 4 && *count > 1) {
		struct known *other = &known[world_random(world, *count)];
		if (id_equal(&other->thread, &on->thread) && other != on) {
			id = resolve(scene, desk, on->thread, on->id, other->id);
			known[(*count)++] = (struct known){ on->thread, id, on->id, "t.resolved" };
		}
		return;
	}
	if (choice == 6 && world->keys[desk].seq > 1 && world_random(world, 3) == 0) {
		random_fork(scene, desk);
		return;
	}
	if (choice == 5 && world->keys[desk].seq > 2 && world_random(world, 4) == 0) {
		world_revoke(world, world->keys[desk].party ? JP_ROOT : scene->root, desk,
		    world->keys[desk].seq - world_random(world, 3));
		return;
	}
	static const char *const kinds[] = { "t.answered", "t.asked_again", "t.ended", "t.called_off" };
	unsigned kind = strcmp(on->kind, "t.answered") == 0 ? 1 + (unsigned)world_random(world, 2)
	    : world_random(world, 5)                        ? 0
							    : 3;
	id = move(scene, desk, kinds[kind], on->thread, on->id, kind < 2 ? 1 + (int)world_random(world, 12) : 0, NULL);
	known[(*count)++] = (struct known){ on->thread, id, on->id, kinds[kind] };
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

static bool fill_shuffled(struct scene *scene, struct store *store, int64_t tally, struct err *err)
{
	struct world *world = &scene->world;
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
    struct scene *scene, struct store *full, int64_t full_tally, unsigned count, struct err *err)
{
	struct world *world = &scene->world;
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

static unsigned lower_differ;

static bool random_history(uint64_t seed, struct id digests[2], struct err *err)
{
	struct scene scene;
	struct known known[256];
	unsigned count = 0;
	bool good = true;

	world_open(&scene.world, seed);
	scene.gb = world_grant(&scene.world, GB_ROOT, 1, both, 2);
	scene.gb2 = world_grant(&scene.world, GB_ROOT, 2, both, 2);
	scene.jp = world_grant(&scene.world, JP_ROOT, 1, both, 2);
	scene.jp2 = world_grant(&scene.world, JP_ROOT, 2, both, 2);
	scene.gb_home = world_grant(&scene.world, GB_ROOT, 0, NULL, 0);
	scene.jp_home = world_grant(&scene.world, JP_ROOT, 0, NULL, 0);
	scene.officer = world_grant(&scene.world, GB_ROOT, 10, registrar, 3);
	memcpy(scene.desks, (unsigned[]){ scene.gb, scene.gb2, scene.jp, scene.jp2 }, sizeof scene.desks);
	scene.root = GB_ROOT;
	scene.granted = scene.replaced = 0;
	for (unsigned i = 0, moves = 5 + (unsigned)world_random(&scene.world, 40); i < moves; i++) {
		random_move(&scene, known, &count);
	}
	for (unsigned half = 0; half < 2 && good; half++) {
		struct store store;
		int64_t tally;
		world_store(&scene.world, &store, &tally);
		good =
		    fill_shuffled(&scene, &store, tally, err) && digest_now(&store, tally, &digests[half], err) == OK;
		if (good && half == 0 && seed % 8 == 0 &&
		    !same_at_lower_vector(&scene, &store, tally,
			8 + (unsigned)world_random(&scene.world, scene.world.entry_count - 8), err)) {
			lower_differ++;
		}
		store_close(&store);
	}
	world_close(&scene.world);
	return good;
}

static void test_random_histories(unsigned histories)
{
	unsigned different = 0, failed = 0;
	uint64_t first = 0;

	for (uint64_t seed = 1; seed <= histories; seed++) {
		struct id digests[2];
		struct err err = { 0 };
		if (!random_history(seed, digests, &err)) {
			failed++;
			printf("# seed %llu: %s\n", (unsigned long long)seed, err.text);
		} else if (!id_equal(&digests[0], &digests[1])) {
			different++;
			first = first ? first : seed;
		}
	}
	tap_is_int(failed, 0, "every random history can be stored and folded in any order of arrival");
	tap_is_int(lower_differ, 0, "a digest at a lower vector is that of a half that never had more");
	tap_is_int(different, 0, "a thousand random histories, shuffled on arrival, give one digest each");
	if (first) {
		printf("# first seed that differs: %llu\n", (unsigned long long)first);
	}
}

int main(int argc, char **argv)
{
	test_plain();
	test_rivals();
	test_standing_move();
	test_parts();
	test_revocation();
	test_registrar();
	test_fork();
	test_root_lost();
	test_waiting();
	test_waiting_elsewhere();
	test_restated_wrongly();
	test_opened_by_nothing();
	test_random_histories(argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000);
	return tap_done();
}
