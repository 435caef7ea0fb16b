/* Verdicts, rivals, keys and digests, each as a short story of two parties. Random histories are in histories_test.c. */
#include "fold/test_scene.h"

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
	prove_fork(&scene, scene.jp_home, &stolen, stolen.seq + 1, honest, theft);
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

	scene_open(&scene);
	struct id before = ask(&scene, scene.gb, "JP");
	uint64_t last_good = scene.world.keys[GB_ROOT].seq;
	unsigned thief = world_grant(&scene.world, GB_ROOT, 66, asker, 1);
	struct id stolen = ask(&scene, thief, "JP");
	unsigned root;
	replace_root(&scene, last_good, &root);
	unsigned fresh = world_grant(&scene.world, root, 30, asker, 1);
	struct id after = ask(&scene, fresh, "JP");
	deliver(&scene);
	verdict(&scene, before, "valid", "what was granted before the root was lost stands");
	verdict(&scene, stolen, "void K5", "what the thief granted with the stolen root does not count");
	verdict(&scene, after, "valid", "the new root grants, and its desks write");
	scene_close(&scene);
}

/* What a home says when it makes all anew is what it says already. */
static void as_if_at_once(struct scene *scene)
{
	struct err err = { 0 };
	struct id digest, anew;

	ASSERT(digest_now(&scene->store, scene->tally, &digest, &err) == OK);
	ASSERT(fold_rebuild(&scene->store, scene->tally, NULL, NULL, &err) == OK);
	ASSERT(digest_now(&scene->store, scene->tally, &anew, &err) == OK);
	tap_ok(id_equal(&digest, &anew), "as if all had come at once");
}

/* The partner's answer, written without knowing that the root is lost, comes after that is known here: its name saves the grant. */
static void test_root_lost_and_named_late(void)
{
	struct scene scene;
	unsigned root;

	scene_open(&scene);
	uint64_t last_good = scene.world.keys[GB_ROOT].seq;
	unsigned desk = world_grant(&scene.world, GB_ROOT, 66, asker, 1);
	struct id thread = ask(&scene, desk, "JP");
	replace_root(&scene, last_good, &root);
	deliver(&scene);
	verdict(&scene, thread, "void K5", "a grant after the last good entry of a lost root does not count");
	struct id answered = move(&scene, scene.jp, "t.answered", thread, thread, 1, NULL);
	deliver(&scene);
	verdict(&scene, thread, "valid", "it counts as soon as an entry of the partner that names its key is here");
	verdict(&scene, answered, "valid", "and so does that entry");
	as_if_at_once(&scene);
	scene_close(&scene);
}

/* A log is revoked after its second entry and proved to fork there; then the partner's word for one branch comes. */
static void test_fork_at_the_limit(void)
{
	struct scene scene;
	struct buf fields;

	scene_open(&scene);
	ask(&scene, scene.gb, "JP");
	struct world_key stem = scene.world.keys[scene.gb];
	struct id honest = ask(&scene, scene.gb, "JP");
	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	struct id twin = world_say_at(&scene.world, scene.gb, stem.seq + 1, stem.prev,
	    &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1, .stated_ms = 1385000999000 });
	prove_fork(&scene, scene.gb_home, &stem, stem.seq + 1, honest, twin);
	world_revoke(&scene.world, GB_ROOT, scene.gb, stem.seq + 1);
	deliver(&scene);
	verdict(&scene, twin, "void K3", "the last good entry of a log may be one that its fork makes void");
	world_acknowledge(&scene.world, scene.jp_home, &twin, 1);
	deliver(&scene);
	verdict(&scene, twin, "valid", "it stands as soon as the partner's word for it is here");
	as_if_at_once(&scene);
	scene_close(&scene);
	buf_clear(&fields);
}

/* The reason is another although no entry of the log stood before, and none does now. */
static void test_grant_falls_after_revocation(void)
{
	struct scene scene;

	scene_open(&scene);
	unsigned officer = world_grant(&scene.world, GB_ROOT, 10, registrar, 3);
	unsigned desk = world_grant(&scene.world, officer, 21, both, 2);
	struct id thread = ask(&scene, desk, "JP");
	world_revoke(&scene.world, officer, desk, 0);
	deliver(&scene);
	verdict(&scene, thread, "void K2", "a desk may be revoked from its first entry on");
	world_revoke(&scene.world, GB_ROOT, officer, 0);
	deliver(&scene);
	verdict(
	    &scene, thread, "void K5", "when the registrar is revoked from its first entry on, its grant is no grant");
	as_if_at_once(&scene);
	scene_close(&scene);
}

/* Two registrars grant one key; its log begins with the grant of one of them. */
static void test_key_granted_twice(void)
{
	struct scene scene;

	scene_open(&scene);
	unsigned one = world_grant(&scene.world, GB_ROOT, 10, registrar, 3);
	unsigned two = world_grant(&scene.world, GB_ROOT, 11, registrar, 3);
	unsigned desk = world_grant(&scene.world, one, 21, both, 2);
	world_grant_key(&scene.world, two, desk, 22, both, 2);
	struct id thread = ask(&scene, desk, "JP");
	struct id other = world_revoke(&scene.world, two, desk, 0);
	deliver(&scene);
	verdict(&scene, other, "valid", "a registrar above one grant of a key may revoke it");
	verdict(&scene, thread, "valid", "which counts for no log that began with another grant");
	world_revoke(&scene.world, one, desk, 0);
	deliver(&scene);
	verdict(&scene, thread, "void K2", "but for the log that began with its own");
	as_if_at_once(&scene);
	scene_close(&scene);
}

/* Who says falsely that the root is lost names a recovery key too; what that one says later counts no more. */
static void test_successor_of_no_successor(void)
{
	struct scene scene;
	struct world *world = &scene.world;
	struct world_key lost;
	unsigned one, two, three;

	scene_open(&scene);
	uint64_t last_good = world->keys[GB_ROOT].seq;
	lost = world->keys[GB_RECOVERY];
	replace_root(&scene, last_good, &one);
	world->keys[GB_RECOVERY].seq = lost.seq;
	world->keys[GB_RECOVERY].prev = lost.prev;
	replace_root(&scene, last_good, &two);
	unsigned recovery = two + 1;
	struct world_key opened = world->keys[GB_RECOVERY];
	world->keys[GB_RECOVERY] = world->keys[recovery]; /* its successor's recovery key speaks */
	struct id third = replace_root(&scene, 0, &three);
	world->keys[GB_RECOVERY] = opened;
	unsigned desk = world_grant(world, three, 40, asker, 1);
	struct id thread = ask(&scene, desk, "JP");
	deliver(&scene);
	verdict(&scene, third, "void K5", "of two unnamed successors neither counts, nor what their keys say");
	verdict(&scene, world->keys[desk].prev, "void K5", "so a desk of such a root is none");
	verdict(&scene, thread, "void K5", "and does not speak");
	scene_close(&scene);
}

/* What stands for an entry of another thread is overtaken while that one is not void: as of then, not as of now. */
static void test_restated_at_a_lower_vector(void)
{
	struct scene scene;
	struct vector vector;
	struct id then, lower;
	struct err err = { 0 };

	scene_open(&scene);
	struct id thread = ask(&scene, scene.gb, "JP"), again = restate(&scene, scene.gb2, NULL, NULL, thread);
	deliver(&scene);
	verdict(&scene, again, "overtaken", "what restates an opening that is not void is overtaken");
	ASSERT(vector_now(&scene.store, scene.tally, &scene.world.arena, &vector, &err) == OK);
	ASSERT(digest_now(&scene.store, scene.tally, &then, &err) == OK);
	world_revoke(&scene.world, GB_ROOT, scene.gb, 0);
	deliver(&scene);
	verdict(&scene, again, "valid", "it stands when the desk of that opening is revoked");
	ASSERT(digest_at(&scene.store, scene.tally, &vector, &lower, &err) == OK);
	tap_ok(id_equal(&then, &lower), "at the vector before that, the digest is what it was");
	as_if_at_once(&scene);
	scene_close(&scene);
}

/* Words that are another's to say, and keys that cannot be granted. */
static void test_words_of_others(void)
{
	struct scene scene;
	struct world *world = &scene.world;
	unsigned root;

	scene_open(&scene);
	struct id first = replace_root(&scene, world->keys[GB_ROOT].seq, &root);
	struct saying seen = { .kind = "tally.successor_seen", .refs = { first }, .ref_count = 1 };
	struct id own = world_say(world, GB_ROOT, &seen), other = world_say(world, JP_ROOT, &seen);
	struct id accepted =
	    world_say_at(world, GB_ROOT, 1, world->tally, &(struct saying){ .kind = "tally.accepted" });
	unsigned desk = world_grant(world, scene.jp2, 21, both, 2);
	struct id by_desk = world->keys[desk].prev,
		  of_recovery = world_grant_key(world, JP_ROOT, JP_RECOVERY, 22, both, 2);
	struct world_key *none = &world->keys[world_key(world, 1)];
	memset(none->key.data, 0xFF, sizeof none->key.data);
	struct id of_none = world_grant_key(world, JP_ROOT, (unsigned)(none - world->keys), 23, both, 2);
	deliver(&scene);
	verdict(&scene, own, "void K1", "a party does not confirm its own successor");
	verdict(&scene, other, "valid", "the other's root does");
	verdict(&scene, accepted, "void K1", "who signs the opening does not accept it, on whichever branch");
	verdict(&scene, by_desk, "void K1", "a desk without the role grants nothing");
	verdict(&scene, of_recovery, "void K5", "a key of the opening is not granted, though it never wrote");
	verdict(&scene, of_none, "void K5", "nor is what is no key");
	scene_close(&scene);
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

/* Where memory ends while a thread is folded there is no verdict: else two homes might say different ones. */
static void test_little_memory(void)
{
	struct scene scene;
	struct err err;
	struct fold *fold;
	struct arena arena;
	unsigned folded = 0, wrong = 0;

	scene_open(&scene);
	struct id thread = ask(&scene, scene.gb, "JP");
	for (unsigned i = 0; i < 12; i++) {
		move(&scene, scene.gb2, "t.answered", thread, thread, 5, NULL);
	}
	deliver(&scene);
	for (size_t ceiling = 512; folded == 0 && ceiling < 16 << 20; ceiling += 512) {
		arena_init(&arena, ceiling);
		err_clear(&err);
		enum status status = fold_thread(&scene.store, scene.tally, &thread, NULL, &arena, &fold, &err);
		for (unsigned i = 1; status == OK && i < fold->move_count; i++) {
			wrong += strcmp(fold->moves[i]->rule, "K10") != 0;
		}
		wrong += status != OK && status != ENVIRONMENT;
		folded += status == OK;
		arena_clear(&arena);
	}
	tap_ok(folded == 1 && wrong == 0, "a thread for which there is too little memory has no verdicts at all");
	scene_close(&scene);
}

int main(void)
{
	test_plain();
	test_rivals();
	test_standing_move();
	test_parts();
	test_revocation();
	test_registrar();
	test_fork();
	test_root_lost();
	test_root_lost_and_named_late();
	test_fork_at_the_limit();
	test_grant_falls_after_revocation();
	test_key_granted_twice();
	test_successor_of_no_successor();
	test_restated_at_a_lower_vector();
	test_words_of_others();
	test_waiting();
	test_waiting_elsewhere();
	test_restated_wrongly();
	test_opened_by_nothing();
	test_little_memory();
	return tap_done();
}
