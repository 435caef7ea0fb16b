/* What a hostile party can make arrive in one order here and in another there: both halves must say the same. */
#include "fold/test_world.h"

static const char *const both[] = { "answerer", "asker" };
static const char *const registrar[] = { "answerer", "asker", "registrar" };

struct halves {
	struct store one, two;
	int64_t tally_one, tally_two;
};

/* One half gets the entries as they were written, the other with entry `early` before entry `late` wherever it can. */
static void halves_open(struct world *world, struct halves *halves, const struct id *early, const struct id *late)
{
	struct err err = { 0 };
	enum accepted accepted;
	bool done[WORLD_ENTRIES] = { false };
	unsigned left = world->entry_count, late_at = 0, early_at = 0;

	world_store(world, &halves->one, &halves->tally_one);
	world_deliver_all(world, &halves->one, halves->tally_one);
	world_store(world, &halves->two, &halves->tally_two);
	for (unsigned i = 0; i < world->entry_count; i++) {
		early_at = id_equal(&world->entries[i].id, early) ? i : early_at;
		late_at = id_equal(&world->entries[i].id, late) ? i : late_at;
	}
	ASSERT(store_begin(&halves->two, &err) == OK);
	for (unsigned rounds = 0; left > 0 && rounds < 100; rounds++) {
		for (unsigned i = 0; i < world->entry_count; i++) {
			struct err refusal = { 0 };
			if (done[i] || (i == late_at && !done[early_at])) {
				continue;
			}
			done[i] = world_deliver(world, &halves->two, halves->tally_two, i, &accepted, &refusal) == OK;
			left -= done[i];
		}
	}
	tap_is_int(left, 0, "all can be delivered in the other order");
	ASSERT(fold_update(&halves->two, halves->tally_two, &err) == OK && store_commit(&halves->two, &err) == OK);
}

static bool halves_match(struct halves *halves)
{
	struct id one, two;
	struct err err = { 0 };

	return digest_now(&halves->one, halves->tally_one, &one, &err) == OK &&
	    digest_now(&halves->two, halves->tally_two, &two, &err) == OK && id_equal(&one, &two);
}

static bool vectors_match(struct world *world, struct halves *halves)
{
	struct vector one, two;
	struct err err = { 0 };
	bool same = vector_now(&halves->one, halves->tally_one, &world->arena, &one, &err) == OK &&
	    vector_now(&halves->two, halves->tally_two, &world->arena, &two, &err) == OK && one.count == two.count;

	for (unsigned i = 0; same && i < one.count; i++) {
		same = id_equal(&one.items[i].key, &two.items[i].key) &&
		    id_equal(&one.items[i].branch, &two.items[i].branch) && one.items[i].seq == two.items[i].seq &&
		    id_equal(&one.items[i].head, &two.items[i].head);
	}
	return same;
}

static void halves_close(struct halves *halves)
{
	store_close(&halves->one);
	store_close(&halves->two);
}

static struct id ask_at(struct world *world, unsigned key, uint64_t seq, struct id prev, const struct id *seen)
{
	struct buf fields;

	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, world->keys[key].party ? "GB" : "JP");
	struct id id = world_say_at(world, key, seq, prev,
	    &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1, .seen = seen });
	buf_clear(&fields);
	return id;
}

static struct id ask(struct world *world, unsigned key, const struct id *seen)
{
	struct world_key *own = &world->keys[key];

	own->prev = ask_at(world, key, own->seq + 1, own->prev, seen);
	own->seq++;
	return own->prev;
}

static struct bytes profile(struct buf *out)
{
	buf_init(out, 100);
	cbor_put_map(out, 1);
	cbor_put_literal(out, "title");
	cbor_put_literal(out, "later");
	return buf_bytes(out);
}

static struct id amend(struct world *world, unsigned root, bool whole)
{
	struct buf fields, text;
	struct bytes later = profile(&text);
	struct id hash = sha256(later);

	buf_init(&fields, 400);
	cbor_put_int(&fields, AMENDED_FROM);
	cbor_put_int(&fields, 16000);
	if (whole) {
		cbor_put_int(&fields, AMENDED_PROFILE);
		buf_put_bytes(&fields, later);
	}
	cbor_put_int(&fields, AMENDED_HASH);
	cbor_put_bytes(&fields, id_bytes(&hash));
	struct id id = world_say(
	    world, root, &(struct saying){ .kind = "tally.amended", .fields = &fields, .field_count = whole ? 3 : 2 });
	buf_clear(&fields);
	buf_clear(&text);
	return id;
}

static bool thread_has_profile(struct world *world, struct store *store, int64_t tally, struct id thread)
{
	struct fold *fold;
	struct buf text;
	struct bytes later = profile(&text);
	struct id hash = sha256(later);
	struct err err = { 0 };

	ASSERT(fold_thread(store, tally, &thread, NULL, &world->arena, &fold, &err) == OK);
	bool has = bytes_equal(fold_profile(fold, id_bytes(&hash)), later);
	buf_clear(&text);
	return has;
}

static void test_amended_again(void)
{
	struct world world;
	struct halves halves;

	world_open(&world, 1);
	unsigned desk = world_grant(&world, GB_ROOT, 1, both, 2), home = world_grant(&world, GB_ROOT, 0, NULL, 0);
	struct id words[] = { amend(&world, GB_ROOT, true), amend(&world, JP_ROOT, false) };
	struct id seen = world_acknowledge(&world, home, words, 2);
	struct id thread = ask(&world, desk, &seen), before = ask(&world, desk, NULL);
	struct id again = amend(&world, JP_ROOT, true);
	halves_open(&world, &halves, &again, &words[0]);
	tap_ok(thread_has_profile(&world, &halves.one, halves.tally_one, thread),
	    "a thread has the later agreement when every root's word for it is in its past");
	tap_ok(thread_has_profile(&world, &halves.two, halves.tally_two, thread),
	    "also where a root's second word for it, which the thread does not know, came first");
	tap_ok(thread_has_profile(&world, &halves.one, halves.tally_one, before),
	    "and so has a later thread of the same desk");
	halves_close(&halves);
	world_close(&world);
}

/* The root that said its word for the later agreement is lost, and was lost before it said so. */
static void test_amended_by_a_thief(void)
{
	struct world world;
	struct halves halves;
	struct buf fields;
	struct err err = { 0 };

	world_open(&world, 1);
	unsigned desk = world_grant(&world, JP_ROOT, 1, both, 2), home = world_grant(&world, JP_ROOT, 0, NULL, 0);
	unsigned root = world_key(&world, 1), recovery = world_key(&world, 1);
	uint64_t last_good = world.keys[JP_ROOT].seq;
	struct id words[] = { amend(&world, GB_ROOT, true), amend(&world, JP_ROOT, false) };
	struct id seen = world_acknowledge(&world, home, words, 2);
	struct id thread = ask(&world, desk, &seen);
	struct store early;
	int64_t tally;
	world_store(&world, &early, &tally);
	world_deliver_all(&world, &early, tally);
	tap_ok(thread_has_profile(&world, &early, tally, thread), "a thread is opened under a later agreement");
	struct vector then;
	struct id before, at_then;
	ASSERT(vector_now(&early, tally, &world.arena, &then, &err) == OK);
	ASSERT(digest_now(&early, tally, &before, &err) == OK);
	buf_init(&fields, 200);
	cbor_put_int(&fields, REPLACED_ROOT);
	cbor_put_bytes(&fields, id_bytes(&world.keys[root].key));
	cbor_put_int(&fields, REPLACED_RECOVERY);
	cbor_put_bytes(&fields, id_bytes(&world.keys[recovery].key));
	cbor_put_int(&fields, REPLACED_SEQ);
	cbor_put_int(&fields, (int64_t)last_good);
	struct id replaced = world_say(
	    &world, JP_RECOVERY, &(struct saying){ .kind = "root.replaced", .fields = &fields, .field_count = 3 });
	buf_clear(&fields);
	world_deliver_all(&world, &early, tally);
	halves_open(&world, &halves, &replaced, &thread);
	tap_ok(!thread_has_profile(&world, &halves.two, halves.tally_two, thread),
	    "under the old one, when the root that agreed was lost before it did and nobody relied on its word");
	struct id late, at_once;
	ASSERT(digest_now(&early, tally, &late, &err) == OK);
	ASSERT(digest_now(&halves.two, halves.tally_two, &at_once, &err) == OK);
	tap_ok(id_equal(&late, &at_once) && halves_match(&halves), "and all halves have one digest");
	ASSERT(digest_at(&early, tally, &then, &at_then, &err) == OK);
	tap_ok(id_equal(&before, &at_then), "and the digest before that was known is still that before");
	halves_close(&halves);
	store_close(&early);
	world_close(&world);
}

static void test_registrar_forks(void)
{
	struct world world;
	struct halves halves;

	world_open(&world, 1);
	unsigned officer = world_grant(&world, GB_ROOT, 10, registrar, 3);
	unsigned desk = world_grant(&world, officer, 21, both, 2);
	struct id thread = ask(&world, desk, NULL);
	struct world_key stem = world.keys[officer];
	struct id honest = ask(&world, officer, NULL);
	world.keys[officer] = stem;
	struct id revoked = world_revoke(&world, officer, desk, 0);
	halves_open(&world, &halves, &revoked, &honest);
	tap_is_text(world_verdict(&world, &halves.one, halves.tally_one, thread), "void K2",
	    "a revocation on a branch of the registrar's log counts");
	tap_is_text(world_verdict(&world, &halves.two, halves.tally_two, thread), "void K2",
	    "whichever branch a home met first");
	tap_ok(halves_match(&halves), "and both halves have one digest");
	halves_close(&halves);
	world_close(&world);
}

static void test_fork_of_a_branch(void)
{
	struct world world;
	struct halves halves;

	world_open(&world, 1);
	unsigned desk = world_grant(&world, GB_ROOT, 1, both, 2);
	struct id first = ask(&world, desk, NULL);
	struct id a2 = ask_at(&world, desk, 2, first, NULL), a3 = ask_at(&world, desk, 3, a2, NULL);
	struct id b2 = ask_at(&world, desk, 2, first, NULL);
	struct id c3 = ask_at(&world, desk, 3, a2, NULL);
	world_revoke(&world, GB_ROOT, desk, 2);
	for (unsigned way = 0; way < 2; way++) {
		halves_open(&world, &halves, way ? &b2 : &c3, way ? &a2 : &a3);
		tap_ok(vectors_match(&world, &halves), "a branch that forks has the same names at both homes");
		tap_ok(halves_match(&halves), "and both halves have one digest");
		halves_close(&halves);
	}
	world_close(&world);
}

/* Before the fork was known the log had one name, also for a home that keeps the other branch in the log itself. */
static void test_before_the_fork(void)
{
	struct world world;
	struct halves halves;
	struct store early;
	struct vector vector;
	struct id then, now;
	struct err err = { 0 };
	int64_t tally;

	world_open(&world, 1);
	unsigned desk = world_grant(&world, GB_ROOT, 1, both, 2), home = world_grant(&world, JP_ROOT, 0, NULL, 0);
	struct id first = ask_at(&world, desk, 1, world.keys[desk].prev, NULL),
		  a2 = ask_at(&world, desk, 2, first, NULL);
	world_acknowledge(&world, home, &first, 1);
	world_revoke(&world, GB_ROOT, desk, 0);
	world_store(&world, &early, &tally);
	world_deliver_all(&world, &early, tally);
	ASSERT(vector_now(&early, tally, &world.arena, &vector, &err) == OK);
	ASSERT(digest_now(&early, tally, &then, &err) == OK);
	struct id b2 = ask_at(&world, desk, 2, first, NULL);
	halves_open(&world, &halves, &b2, &a2);
	ASSERT(digest_at(&halves.one, halves.tally_one, &vector, &now, &err) == OK);
	tap_ok(id_equal(&then, &now), "the digest before a fork is what it was");
	ASSERT(digest_at(&halves.two, halves.tally_two, &vector, &now, &err) == OK);
	tap_ok(id_equal(&then, &now), "whichever branch a home met first");
	tap_ok(halves_match(&halves), "and both halves have one digest");
	halves_close(&halves);
	store_close(&early);
	world_close(&world);
}

static struct id note_at(struct world *world, unsigned key, uint64_t seq, struct id prev, struct id thread)
{
	return world_say_at(world, key, seq, prev, &(struct saying){ .kind = "t.noted", .thread = &thread });
}

/* What a desk has written is counted along its log, through every branch that it left (K12). */
static void test_counts_through_branches(void)
{
	struct world world;
	struct halves halves;

	world_open(&world, 1);
	unsigned desk = world_grant(&world, GB_ROOT, 1, both, 2);
	struct id thread = ask(&world, desk, NULL), at = thread;
	uint64_t seq = 1;
	for (unsigned i = 0; i < LIMIT_NOTES_PER_DESK; i++) {
		at = note_at(&world, desk, ++seq, at, thread);
	}
	struct id a = ask_at(&world, desk, seq + 1, at, NULL), b = ask_at(&world, desk, seq + 1, at, NULL);
	struct id b2 = ask_at(&world, desk, seq + 2, b, NULL), c = note_at(&world, desk, seq + 2, b, thread);
	halves_open(&world, &halves, &c, &b2);
	tap_is_text(world_verdict(&world, &halves.one, halves.tally_one, at), "valid", "256 notes of a desk are valid");
	tap_is_text(world_verdict(&world, &halves.one, halves.tally_one, c), "void K12",
	    "the next is void, also on a branch of a branch");
	tap_is_text(
	    world_verdict(&world, &halves.two, halves.tally_two, c), "void K12", "whichever branch a home met first");
	tap_ok(!id_equal(&a, &b) && halves_match(&halves), "and both halves have one digest");
	halves_close(&halves);
	world_close(&world);
}

int main(void)
{
	test_amended_again();
	test_amended_by_a_thief();
	test_registrar_forks();
	test_fork_of_a_branch();
	test_before_the_fork();
	test_counts_through_branches();
	return tap_done();
}
