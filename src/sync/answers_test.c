/* Sessions in requests: whatever is lost, doubled, cut or asked by somebody else, both halves get what they lack, and the home is free in between. */
#include "sync/answers.h"
#include "sync/test_talk.h"

#define STEPS_MOST 4000

struct scene {
	struct world world;
	struct home gb, jp;
	struct answers *answers;
	unsigned desk;
	unsigned opened, closed;
	bool shut; /* the home cannot be entered now */
	bool full; /* its disk has no room */
	int64_t now_ms;
};

/* ---- the home that answers: its store is closed between two requests ----------------------------------------------------- */

static enum status enter(void *context, void *home, struct err *err)
{
	struct scene *scene = context;
	char path[sizeof scene->jp.store.path];

	(void)home;
	if (scene->shut) {
		return err_set(err, ENVIRONMENT, "home: in use");
	}
	memcpy(path, scene->jp.store.path, sizeof path);
	enum status status = store_open(path, DB_WRITE, &scene->jp.store, err);
	if (status == OK && scene->full) {
		db_fail_write(scene->jp.store.db, 1);
	}
	return status;
}

static void leave(void *context, void *home)
{
	struct scene *scene = context;

	(void)home;
	store_close(&scene->jp.store);
}

static enum status begin(void *context, const struct id *client, void **home, struct sync **sync, struct err *err)
{
	struct scene *scene = context;
	struct sync_options options = { .store = &scene->jp.store,
		.home_key = scene->world.keys[scene->jp.key].key,
		.secrets = &scene->jp.secrets,
		.now_ms = scene->world.now_ms };

	(void)client;
	*home = scene;
	enum status status = enter(context, scene, err);
	status = status == OK ? sync_open(&options, sync, err) : status;
	scene->opened += status == OK;
	return status;
}

static void end(void *context, void *home, struct sync *sync, bool entered)
{
	struct scene *scene = context;

	scene->closed++;
	if (entered) {
		sync_close(sync);
		leave(context, home);
	} else {
		sync_drop(sync);
	}
}

static void scene_open(struct scene *scene, uint64_t seed)
{
	static const char *const roles[] = { "asker" };
	const struct answers_owner owner = { scene, begin, enter, leave, end };

	*scene = (struct scene){ .now_ms = 1000 };
	world_open(&scene->world, seed);
	scene->desk = world_grant(&scene->world, GB_ROOT, 1, roles, 1);
	unsigned gb = world_grant(&scene->world, GB_ROOT, 0, NULL, 0),
		 jp = world_grant(&scene->world, JP_ROOT, 0, NULL, 0);
	home_open(&scene->gb, &scene->world, 0, gb);
	home_open(&scene->jp, &scene->world, 1, jp);
	home_take(&scene->gb, 0, scene->world.entry_count);
	home_take(&scene->jp, 0, scene->world.entry_count);
	store_close(&scene->jp.store);
	scene->answers = answers_new(&owner);
}

static void scene_close(struct scene *scene)
{
	answers_free(scene->answers);
	store_close(&scene->gb.store);
	world_close(&scene->world);
}

static void ask(struct scene *scene, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct buf fields;
		buf_init(&fields, 64);
		cbor_put_int(&fields, 8);
		cbor_put_literal(&fields, "JP");
		world_say(&scene->world, scene->desk,
		    &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1 });
		buf_clear(&fields);
		home_take(&scene->gb, scene->world.entry_count - 1, scene->world.entry_count);
	}
}

static bool halves_match(struct scene *scene)
{
	struct err err = { .status = OK };

	ASSERT(enter(scene, scene, &err) == OK);
	bool match = homes_match(&scene->gb, &scene->jp);
	leave(scene, scene);
	return match;
}

/* ---- the home that calls -------------------------------------------------------------------------------------------------- */

struct caller {
	struct scene *scene;
	struct sync *sync;
	struct answer_request request; /* the one to be said next */
	struct buf out, in;
	struct answer_outcome outcome;
	struct err err;
	bool over;
};

static void caller_open(struct caller *caller, struct scene *scene, uint8_t name)
{
	struct sync_options options = { .store = &scene->gb.store,
		.tally = scene->gb.tally,
		.peer_party = 1,
		.home_key = scene->world.keys[scene->gb.key].key,
		.secrets = &scene->gb.secrets,
		.initiator = true,
		.now_ms = scene->world.now_ms };

	*caller = (struct caller){ .scene = scene };
	caller->request =
	    (struct answer_request){ .most = 65536, .client = (struct id){ { 7 } }, .now_ms = scene->now_ms };
	memset(caller->request.name, name, ANSWERS_NAME_BYTES);
	buf_init(&caller->out, 8u << 20);
	buf_init(&caller->in, 8u << 20);
	ASSERT(sync_open(&options, &caller->sync, &caller->err) == OK);
}

static void caller_close(struct caller *caller)
{
	sync_close(caller->sync);
	buf_clear(&caller->out);
	buf_clear(&caller->in);
}

static void caller_steps(struct caller *caller)
{
	while (!caller->over && (caller->in.len > 0 || !sync_wants_input(caller->sync))) {
		caller->over = sync_step(caller->sync, buf_bytes(&caller->in), &caller->out, &caller->err) != OK;
		buf_reset(&caller->in);
	}
}

/* One request of at most `piece` bytes; of its answer `kept` bytes arrive; SIZE_MAX: all, and the caller knows that its piece has been taken. */
static enum status caller_post(struct caller *caller, size_t piece, size_t kept)
{
	struct buf answer;
	size_t len = caller->out.len < piece ? caller->out.len : piece;

	buf_init(&answer, 8u << 20);
	caller->request.body = bytes_of(caller->out.data, len);
	caller->request.now_ms = caller->scene->now_ms;
	caller->err = (struct err){ .status = OK };
	enum status status =
	    answers_take(caller->scene->answers, &caller->request, &answer, &caller->outcome, &caller->err);
	if (status == OK) {
		size_t got = kept < answer.len ? kept : answer.len;
		buf_put(&caller->in, answer.data, got);
		caller->request.from += got;
		if (kept == SIZE_MAX) {
			memmove(caller->out.data, caller->out.data + len, caller->out.len - len);
			caller->out.len -= len;
			caller->request.at += len;
		}
	}
	buf_clear(&answer);
	return status;
}

static bool caller_done(const struct caller *caller)
{
	struct sync_result result;

	sync_result_get(caller->sync, &result);
	return caller->over && caller->out.len == 0 && result.complete && result.matched;
}

/* A session to its end over a link that is as bad as `seed` makes it; how many requests it took. */
static unsigned caller_run(struct caller *caller, uint64_t seed)
{
	struct talk chance = { .seed = seed };
	unsigned steps = 0;

	for (; steps < STEPS_MOST; steps++) {
		caller_steps(caller);
		if (caller->over && caller->out.len == 0) {
			return steps;
		}
		size_t piece = seed == 0 ? 65536 : 1 + talk_random(&chance) % 400, kept = SIZE_MAX;
		if (seed != 0) {
			caller->request.most = 1 + talk_random(&chance) % 500;
			kept = talk_random(&chance) % 3 == 0 ? talk_random(&chance) % 200 : SIZE_MAX;
		}
		if (caller_post(caller, piece, kept) != OK) {
			printf("# %s\n", caller->err.text);
			return STEPS_MOST;
		}
	}
	return steps;
}

/* ---- tests ------------------------------------------------------------------------------------------------------------------ */

static void test_good_link(void)
{
	struct scene scene = { 0 };
	struct caller caller;

	scene_open(&scene, 1);
	ask(&scene, 20);
	caller_open(&caller, &scene, 1);
	unsigned requests = caller_run(&caller, 0);
	tap_ok(caller_done(&caller) && halves_match(&scene), "a session in requests brings both halves what they lack");
	tap_ok(requests <= 5, "in few of them");
	tap_is_int(scene.closed, 1, "and it is closed when it has ended");
	tap_ok(caller.outcome.state == ANSWER_OVER, "the last answer says so");
	tap_ok(!caller.outcome.begun, "and that no session began with it");
	caller.request.at = 0;
	caller.request.from = 0;
	tap_is_int(caller_post(&caller, 100, 0), BAD_INPUT, "what was fetched long ago is not sent again");
	caller_close(&caller);
	scene_close(&scene);
}

static void test_bad_links(void)
{
	unsigned good = 0;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct scene scene = { 0 };
		struct caller caller;
		scene_open(&scene, seed);
		ask(&scene, 5);
		caller_open(&caller, &scene, (uint8_t)seed);
		caller_run(&caller, seed);
		good += caller_done(&caller) && halves_match(&scene) && scene.opened == 1;
		caller_close(&caller);
		scene_close(&scene);
	}
	tap_is_int(good, 20, "requests that are said twice and answers that are lost in the middle change nothing");
}

static void test_others(void)
{
	struct scene scene = { 0 };
	struct caller caller;

	scene_open(&scene, 2);
	ask(&scene, 3);
	caller_open(&caller, &scene, 3);
	caller_steps(&caller);
	ASSERT(caller_post(&caller, 65536, SIZE_MAX) == OK);
	tap_ok(caller.outcome.begun && !caller.outcome.proven,
	    "the first request begins a session, and proves nothing yet");
	caller.request.client = (struct id){ { 8 } };
	tap_is_int(caller_post(&caller, 65536, 0), REFUSED,
	    "a session is of the key that began it; another's request is refused");
	caller.request.client = (struct id){ { 7 } };
	caller.request.at += 5;
	tap_is_int(caller_post(&caller, 65536, 0), BAD_INPUT, "bytes beyond those that came are not taken");
	caller.request.at -= 5;
	caller.request.from += 100000;
	tap_is_int(caller_post(&caller, 65536, 0), BAD_INPUT, "nor can more have been fetched than was sent");
	caller.request.from -= 100000;
	caller.request.name[0] ^= 1;
	tap_is_int(caller_post(&caller, 65536, 0), NOT_FOUND, "a session that is not here is not found");
	caller.request.name[0] ^= 1;
	caller_run(&caller, 0);
	tap_ok(caller_done(&caller) && halves_match(&scene), "and none of that has harmed the one that is");
	caller_close(&caller);
	scene_close(&scene);
}

static void test_home_is_free(void)
{
	struct scene scene = { 0 };
	struct caller caller;
	struct store other = { 0 };
	struct err err = { .status = OK };

	scene_open(&scene, 4);
	ask(&scene, 3);
	caller_open(&caller, &scene, 3);
	caller_steps(&caller);
	ASSERT(caller_post(&caller, 65536, SIZE_MAX) == OK);
	tap_is_int(store_open(scene.jp.store.path, DB_WRITE, &other, &err), OK,
	    "between two requests others may write in the home");
	store_close(&other);
	scene.shut = true;
	caller_steps(&caller);
	uint64_t at = caller.request.at;
	tap_is_int(caller_post(&caller, 65536, SIZE_MAX), ENVIRONMENT,
	    "while others are at work in the home a request has to wait");
	scene.shut = false;
	tap_ok(caller.request.at == at && (caller_run(&caller, 0), caller_done(&caller)),
	    "nothing of it was taken, and it is said again");
	caller_close(&caller);
	scene_close(&scene);
}

static void test_expiry(void)
{
	struct scene scene = { 0 };
	struct caller caller;

	scene_open(&scene, 5);
	ask(&scene, 3);
	caller_open(&caller, &scene, 3);
	caller_steps(&caller);
	ASSERT(caller_post(&caller, 65536, SIZE_MAX) == OK);
	scene.now_ms += LIMIT_SYNC_IDLE_MS;
	answers_expire(scene.answers, scene.now_ms);
	tap_is_int(answers_count(scene.answers), 1, "a session waits for a link that has gone");
	scene.now_ms += 1;
	scene.shut = true;
	answers_expire(scene.answers, scene.now_ms);
	tap_is_int(
	    answers_count(scene.answers), 1, "and until its home can be entered, so that what came whole is kept");
	scene.shut = false;
	answers_expire(scene.answers, scene.now_ms);
	tap_ok(answers_count(scene.answers) == 0 && scene.closed == 1, "but not for ever");
	caller_steps(&caller);
	tap_is_int(caller_post(&caller, 65536, SIZE_MAX), NOT_FOUND, "its caller is told to begin anew");
	caller_close(&caller);
	caller_open(&caller, &scene, 4);
	caller_run(&caller, 0);
	tap_ok(caller_done(&caller) && halves_match(&scene), "and does");
	caller_close(&caller);
	for (unsigned i = 0; i < 3; i++) { /* asked for again and again, and never ended */
		caller_open(&caller, &scene, 9);
		caller_steps(&caller);
		ASSERT(caller_post(&caller, 65536, SIZE_MAX) == OK);
		caller_close(&caller);
	}
	scene_close(&scene);
}

static void test_crowds(void)
{
	struct scene scene = { 0 };
	struct caller callers[LIMIT_SYNC_PARTY_SESSIONS + 1], stranger;

	scene_open(&scene, 6);
	caller_open(&stranger, &scene, 100);
	for (unsigned i = 0; i < 5; i++) {
		stranger.request.name[0] = (uint8_t)i;
		ASSERT(caller_post(&stranger, 0, 0) == OK);
	}
	tap_is_int(answers_count(scene.answers), SHARES_UNPROVEN, "who has not said who he is takes few places");
	for (unsigned i = 0; i <= LIMIT_SYNC_PARTY_SESSIONS; i++) {
		caller_open(&callers[i], &scene, (uint8_t)(i + 1));
		for (unsigned j = 0; j < 2; j++) { /* greeting, proof */
			caller_steps(&callers[i]);
			ASSERT(caller_post(&callers[i], 65536, SIZE_MAX) == OK);
		}
		ASSERT(callers[i].outcome.proven);
		scene.now_ms++;
	}
	tap_ok(answers_count(scene.answers) <= LIMIT_SYNC_PARTY_SESSIONS + SHARES_UNPROVEN,
	    "and a party no more than its share, however often its homes begin");
	for (unsigned i = 0; i <= LIMIT_SYNC_PARTY_SESSIONS; i++) {
		caller_close(&callers[i]);
	}
	caller_close(&stranger);
	scene_close(&scene);
}

static void test_refusal(void)
{
	struct scene scene = { 0 };
	struct caller caller;

	scene_open(&scene, 7);
	caller_open(&caller, &scene, 1);
	buf_put_text(&caller.out, "\x01\x02 no greeting of ours");
	caller_post(&caller, 65536, SIZE_MAX);
	tap_ok(caller.outcome.refused && !caller.outcome.proven, "who greets wrongly is refused");
	tap_ok(caller.in.len > 0 && caller.in.data[0] == 15, "and told so in the session's own words");
	tap_is_int(scene.closed, 1, "and what was held for him is let go");
	caller_close(&caller);
	scene_close(&scene);
}

static void test_full_disk(void)
{
	struct scene scene = { 0 };
	struct caller caller;
	struct sync_result result;

	scene_open(&scene, 8);
	ask(&scene, 5);
	scene.full = true;
	caller_open(&caller, &scene, 1);
	caller_run(&caller, 0);
	sync_result_get(caller.sync, &result);
	tap_ok(caller.over && !result.complete && strstr(caller.outcome.reason, "disk is full") != NULL,
	    "a home whose disk is full says so to its own people");
	tap_ok(!caller.outcome.refused, "it is not laid to the charge of who calls");
	tap_ok(strstr(result.why.text, "the other home cannot go on now") != NULL,
	    "who hears that nothing was wrong with what he sent");
	scene.full = false;
	caller_close(&caller);
	caller_open(&caller, &scene, 2);
	caller_run(&caller, 0);
	tap_ok(caller_done(&caller) && halves_match(&scene), "and when there is room again all goes on");
	caller_close(&caller);
	scene_close(&scene);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_good_link();
	test_bad_links();
	test_others();
	test_home_is_free();
	test_expiry();
	test_crowds();
	test_refusal();
	test_full_disk();
	return tap_done();
}
