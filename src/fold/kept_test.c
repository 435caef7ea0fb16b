/* A kept keyring must never say what one loaded anew would not. */
#include "fold/kept.h"
#include "fold/test_world.h"

static const char *const roles[] = { "answerer", "asker" };

struct scene {
	struct world world;
	struct store store;
	int64_t tally;
	unsigned desk, other;
	struct err err;
};

static void take(struct scene *scene, unsigned from)
{
	enum accepted accepted;

	for (unsigned i = from; i < scene->world.entry_count; i++) {
		ASSERT(world_deliver(&scene->world, &scene->store, scene->tally, i, &accepted, &scene->err) == OK);
	}
	ASSERT(fold_update(&scene->store, scene->tally, &scene->err) == OK);
}

static struct id ask(struct scene *scene, unsigned desk)
{
	unsigned from = scene->world.entry_count;
	struct buf fields;

	buf_init(&fields, 64);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	struct id id =
	    world_say(&scene->world, desk, &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1 });
	buf_clear(&fields);
	take(scene, from);
	return id;
}

/* What a question of this desk would be, were it asked now. */
static const char *judged(struct scene *scene, unsigned desk)
{
	static char text[24];
	static const char *const names[] = { "valid", "void", "waiting", "overtaken", "unknown kind" };
	struct candidate candidate = { 0 };
	struct body_draft draft = { .kind = "t.asked", .stated_ms = scene->world.now_ms, .field_count = 1 };
	struct judgement judgement;
	struct buf fields, body;

	buf_init(&fields, 64);
	buf_init(&body, 1024);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	draft.fields = buf_bytes(&fields);
	body_write(&body, &draft);
	ASSERT(body_read(buf_bytes(&body), &candidate.body) == NULL);
	ASSERT(store_next_place(
		   &scene->store, scene->tally, &scene->world.keys[desk].key, &candidate.place, &scene->err) == OK);
	ASSERT(fold_judge(&scene->store, scene->tally, &candidate, &scene->world.arena, &judgement, &scene->err) == OK);
	snprintf(text, sizeof text, "%s%s%s", names[judgement.verdict], judgement.rule[0] ? " " : "", judgement.rule);
	buf_clear(&fields);
	buf_clear(&body);
	return text;
}

static struct keyring *borrowed(struct scene *scene)
{
	struct keyring *ring = NULL;

	ASSERT(keyring_borrow(&scene->store, scene->tally, false, &ring, &scene->err) == OK);
	return ring;
}

static void scene_open(struct scene *scene)
{
	*scene = (struct scene){ .desk = 0 };
	world_open(&scene->world, 1);
	scene->desk = world_grant(&scene->world, GB_ROOT, 1, roles, 2);
	scene->other = world_grant(&scene->world, GB_ROOT, 2, roles, 2);
	world_store(&scene->world, &scene->store, &scene->tally);
	take(scene, 0);
	ask(scene, scene->desk);
	ask(scene, scene->other);
}

static void test_keeping(struct scene *scene)
{
	struct keyring *ring = borrowed(scene);

	tap_ok(ring == borrowed(scene), "a keyring is kept");
	struct id head = ask(scene, scene->desk);
	tap_ok(ring == borrowed(scene), "while desks that have written before go on writing");
	bool found = false;
	for (unsigned i = 0; i < ring->log_count; i++) {
		found = found || id_equal(&ring->logs[i].row.head_id, &head);
	}
	tap_ok(found, "and knows how far their logs have come");
	tap_is_text(judged(scene, scene->desk), "valid", "what a desk would write next is judged with it");
}

static void test_newcomer(struct scene *scene)
{
	unsigned from = scene->world.entry_count, logs = borrowed(scene)->log_count;

	unsigned newcomer = world_grant(&scene->world, GB_ROOT, 3, roles, 2);
	take(scene, from);
	tap_is_text(judged(scene, newcomer), "valid", "a desk that was granted since may write");
	tap_is_int(borrowed(scene)->log_count, logs, "its log is not there before it has written");
	ask(scene, newcomer);
	tap_is_int(borrowed(scene)->log_count, logs + 1, "and is then");
}

/* Rolled back, a revocation has never been; stored, it counts. */
static void test_revocation(struct scene *scene)
{
	unsigned from = scene->world.entry_count, desk = scene->desk;

	world_revoke(&scene->world, GB_ROOT, desk, scene->world.keys[desk].seq);
	ASSERT(store_begin(&scene->store, &scene->err) == OK);
	take(scene, from);
	tap_is_text(
	    judged(scene, desk), "void K2", "inside the transaction that brings its revocation a desk may not write");
	store_rollback(&scene->store);
	tap_is_text(judged(scene, desk), "valid", "after a rollback it may");
	take(scene, from);
	tap_is_text(judged(scene, desk), "void K2", "once that is stored it may not");
	tap_is_text(judged(scene, scene->other), "valid", "another desk may");
}

int main(void)
{
	struct scene scene;

	scene_open(&scene);
	test_keeping(&scene);
	test_newcomer(&scene);
	test_revocation(&scene);
	store_close(&scene.store);
	world_close(&scene.world);
	return tap_done();
}
