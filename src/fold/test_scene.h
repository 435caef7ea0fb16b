/* A tally of two parties with two desks and a home each, and the words that stories are told in. */
#ifndef WARIFU_FOLD_TEST_SCENE_H
#define WARIFU_FOLD_TEST_SCENE_H
#include "fold/test_world.h"

static const char *const asker[] = { "asker" };
static const char *const answerer[] = { "answerer" };
static const char *const both[] = { "answerer", "asker" };
static const char *const registrar[] = { "answerer", "asker", "registrar" };

struct scene {
	struct world world;
	unsigned gb, gb2, jp, jp2, gb_home, jp_home;
	struct store store;
	int64_t tally;
};

static inline void scene_open(struct scene *scene)
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

static inline void scene_close(struct scene *scene)
{
	store_close(&scene->store);
	world_close(&scene->world);
}

static inline struct id ask_knowing(struct scene *scene, unsigned key, const char *to, const struct id *seen)
{
	struct buf fields;

	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, to);
	struct id id = world_say(&scene->world, key,
	    &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1, .seen = seen });
	buf_clear(&fields);
	return id;
}

static inline struct id ask(struct scene *scene, unsigned key, const char *to)
{
	return ask_knowing(scene, key, to, NULL);
}

/* The British root is lost: the recovery key names another. last_good: of the log of the lost one. */
static inline struct id replace_root(struct scene *scene, uint64_t last_good, unsigned *root)
{
	struct world *world = &scene->world;
	unsigned recovery;
	struct buf fields;

	*root = world_key(world, 0);
	recovery = world_key(world, 0);
	buf_init(&fields, 200);
	cbor_put_int(&fields, REPLACED_ROOT);
	cbor_put_bytes(&fields, id_bytes(&world->keys[*root].key));
	cbor_put_int(&fields, REPLACED_RECOVERY);
	cbor_put_bytes(&fields, id_bytes(&world->keys[recovery].key));
	cbor_put_int(&fields, REPLACED_SEQ);
	cbor_put_int(&fields, (int64_t)last_good);
	struct id id = world_say(
	    world, GB_RECOVERY, &(struct saying){ .kind = "root.replaced", .fields = &fields, .field_count = 3 });
	world->keys[*root].prev = world->keys[recovery].prev = id;
	buf_clear(&fields);
	return id;
}

/* Two entries of a key at one place, proved to be a fork by a home. */
static inline struct id prove_fork(
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
	struct id id = world_say(&scene->world, home, &saying);
	buf_clear(&fields);
	return id;
}

/* A move of the talk itself, with a number where the kind has one. */
static inline struct id move(struct scene *scene, unsigned key, const char *kind, struct id thread, struct id head,
    int number, const struct id *seen)
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

static inline struct id resolve(struct scene *scene, unsigned key, struct id thread, struct id stands, struct id other)
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

static inline void verdict(struct scene *scene, struct id id, const char *expected, const char *title)
{
	tap_is_text(world_verdict(&scene->world, &scene->store, scene->tally, id), expected, title);
}

static inline void state(struct scene *scene, struct id thread, struct id part, const char *expected, const char *title)
{
	tap_is_text(world_state(&scene->world, &scene->store, scene->tally, thread, part), expected, title);
}

static inline void deliver(struct scene *scene)
{
	world_deliver_all(&scene->world, &scene->store, scene->tally);
}

static inline struct id restate(
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

#endif
