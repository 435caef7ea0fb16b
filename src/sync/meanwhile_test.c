/* What happens in a home while one of its sessions waits for the link: other sessions bring entries, attachments and forks, keys are revoked. The
 * session goes on from what it heard and said before, and ends well. */
#include "store/partial.h"
#include "sync/message.h"
#include "sync/test_talk.h"

static const char *const asker[] = { "asker" };

struct scene {
	struct world world;
	unsigned desk[3], key[4];
	struct id tls[4];
	struct home home[4];
	unsigned granted;
};

/* Two homes of each party; all hold the grants. home[0], home[2] are GB's; home[1], home[3] JP's. */
static void scene_open(struct scene *scene, uint64_t seed)
{
	struct world *world = &scene->world;

	world_open(world, seed);
	for (unsigned i = 0; i < 3; i++) {
		scene->desk[i] = world_grant(world, GB_ROOT, (int)i + 1, asker, 1);
	}
	for (unsigned i = 0; i < 4; i++) {
		memset(scene->tls[i].data, (int)(i + 1), ID_BYTES);
		scene->key[i] = home_grant(world, i % 2 == 0 ? GB_ROOT : JP_ROOT, &scene->tls[i]);
	}
	scene->granted = world->entry_count;
	for (unsigned i = 0; i < 4; i++) {
		home_open(&scene->home[i], world, i % 2, scene->key[i]);
		home_take(&scene->home[i], 0, scene->granted);
	}
}

static void scene_close(struct scene *scene)
{
	for (unsigned i = 0; i < 4; i++) {
		store_close(&scene->home[i].store);
	}
	world_close(&scene->world);
}

/* A desk of GB asks JP something; no home holds it yet. */
static struct id ask(struct scene *scene, unsigned desk)
{
	struct buf fields;

	buf_init(&fields, 64);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	struct id id =
	    world_say(&scene->world, desk, &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1 });
	buf_clear(&fields);
	return id;
}

static void ask_at(struct scene *scene, struct home *home, unsigned count)
{
	unsigned from = scene->world.entry_count;

	for (unsigned i = 0; i < count; i++) {
		ask(scene, scene->desk[0]);
	}
	home_take(home, from, scene->world.entry_count);
}

/* ---- other sessions in between -------------------------------------------------------------------------------------- */

/* What is done once, when side `from` of the session under test has spoken for the `turn`th time. */
struct meanwhile {
	struct scene *scene;
	void (*act)(struct meanwhile *meanwhile);
	unsigned from, turn, turns;
	bool done, stopped;
};

static void when_spoken(void *context, unsigned from, struct buf *bytes)
{
	struct meanwhile *meanwhile = context;

	(void)bytes;
	if (from == meanwhile->from && !meanwhile->done && ++meanwhile->turns == meanwhile->turn) {
		meanwhile->done = true;
		meanwhile->act(meanwhile);
	}
}

/* ---- keys ----------------------------------------------------------------------------------------------------------- */

/* GB's home hears of a revocation. */
static void revoke_second(struct meanwhile *meanwhile)
{
	struct scene *scene = meanwhile->scene;
	unsigned from = scene->world.entry_count;

	world_revoke(&scene->world, GB_ROOT, scene->desk[2], 1);
	home_take(&scene->home[0], from, scene->world.entry_count);
}

static void test_revoked(void)
{
	struct scene scene;
	struct meanwhile meanwhile = { .scene = &scene, .act = revoke_second, .turn = 2 };
	struct talk one = { .spoil = when_spoken, .context = &meanwhile };

	scene_open(&scene, 1);
	ask(&scene, scene.desk[1]);
	ask(&scene, scene.desk[2]);
	world_revoke(&scene.world, GB_ROOT, scene.desk[1], 1);
	for (unsigned i = 0; i < 2; i++) {
		home_take(&scene.home[i], scene.granted, scene.world.entry_count);
	}
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && meanwhile.done && one.result[0].complete,
	    "a key is revoked between a vector that says of closed logs one hash and its answer");
	one.spoil = NULL;
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[0].matched && homes_match(&scene.home[0], &scene.home[1]),
	    "and is heard of in the next session");
	scene_close(&scene);
}

/* ---- what is remembered of the other home --------------------------------------------------------------------------- */

/* So many sessions of the same two homes that the vector which the first of them began from is forgotten. */
static void speak_often(struct meanwhile *meanwhile)
{
	struct scene *scene = meanwhile->scene;

	for (unsigned i = 0; i < 2 * LIMIT_PEER_VECTORS; i++) {
		struct talk other = { .seed = 0 };
		ask_at(scene, &scene->home[0], 1);
		talk(&other, &scene->home[0], &scene->home[1]);
		ASSERT(talk_good(&other));
	}
}

static void test_base(void)
{
	struct scene scene;
	struct meanwhile meanwhile = { .scene = &scene, .act = speak_often, .from = 1, .turn = 1 };
	struct talk one = { .channel = true };

	scene_open(&scene, 2);
	memcpy(one.tls, scene.tls, sizeof one.tls);
	ask_at(&scene, &scene.home[0], 1);
	talk(&one, &scene.home[0], &scene.home[1]);
	talk(&one, &scene.home[0], &scene.home[1]);
	one.spoil = when_spoken;
	one.context = &meanwhile;
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && meanwhile.done,
	    "an answer is read by the vector that the question was said by, whatever other sessions remember meanwhile");
	scene_close(&scene);
}

static void speak_whole(struct meanwhile *meanwhile)
{
	struct scene *scene = meanwhile->scene;

	for (unsigned i = 0; i < 2; i++) {
		struct talk other = { .seed = 0 };
		talk(&other, &scene->home[0], &scene->home[1]);
		ASSERT(talk_good(&other) && other.result[0].matched);
	}
}

/* A session that is cut somewhere, and another one that has found in the meantime that the halves match. */
static void test_memory(void)
{
	struct talk whole = { .seed = 0 };
	struct scene scene;
	unsigned lost = 0;
	size_t len = 0;

	for (size_t cut = 0; cut <= len; cut += 149) {
		struct err err = { .status = OK };
		struct sync_peer peer[2];
		int64_t waits = 0;
		scene_open(&scene, 3);
		struct meanwhile meanwhile = { .scene = &scene, .act = speak_whole, .turn = 2 };
		struct talk one = { .spoil = when_spoken, .context = &meanwhile, .cut = cut };
		ask_at(&scene, &scene.home[0], 3);
		if (cut == 0) {
			talk(&whole, &scene.home[0], &scene.home[1]);
			len = whole.moved;
			scene_close(&scene);
			continue;
		}
		talk(&one, &scene.home[0], &scene.home[1]);
		for (unsigned i = 0; i < 2 && meanwhile.done; i++) {
			ASSERT(sync_peer_get(&scene.home[i].store, scene.home[i].tally,
				   &scene.world.keys[scene.key[1 - i]].key, &peer[i], &err) == OK);
			ASSERT(sync_peer_waits(&scene.home[i].store, scene.home[i].tally,
				   &scene.world.keys[scene.key[1 - i]].key, &waits, &err) == OK);
			lost += !peer[i].matched || peer[i].matched_ms == 0 || waits != 0;
		}
		scene_close(&scene);
	}
	tap_ok(len > 1000, "a session is cut at many places");
	tap_is_int(lost, 0, "and what another one has found meanwhile stays remembered");
}

/* ---- attachments ---------------------------------------------------------------------------------------------------- */

/* An entry of desk 0 that announces a file, at home 0. */
static struct id attach(struct scene *scene, uint8_t *content, size_t len)
{
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	const struct world_key *key = &scene->world.keys[scene->desk[0]];
	struct home *home = &scene->home[0];
	struct err err = { .status = OK };
	struct buf item, fields, body;
	enum accepted accepted;
	struct entry entry;
	struct place place;
	struct id hash;
	int64_t row;

	ASSERT(store_attachment_put(&home->store, bytes_of(content, len), &hash, &err) == OK);
	buf_init(&item, 256);
	buf_init(&fields, 64);
	buf_init(&body, LIMIT_BODY_BYTES);
	cbor_put_array(&item, 1);
	cbor_put_array(&item, 3);
	cbor_put_bytes(&item, id_bytes(&hash));
	cbor_put_int(&item, (int64_t)len);
	cbor_put_literal(&item, "application/pdf");
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	body_write(&body,
	    &(struct body_draft){ .kind = "t.asked",
		.stated_ms = scene->world.now_ms++,
		.attachments = buf_bytes(&item),
		.fields = buf_bytes(&fields),
		.field_count = 1 });
	ASSERT(store_next_place(&home->store, home->tally, &key->key, &place, &err) == OK);
	ASSERT(entry_init(&entry, &place, buf_bytes(&body), unsigned_yet) == NULL);
	entry_sign(&entry, key->secret);
	ASSERT(store_begin(&home->store, &err) == OK);
	ASSERT(store_accept(&home->store, home->tally, &entry, 1, &accepted, &row, &err) == OK);
	ASSERT(fold_update(&home->store, home->tally, &err) == OK && store_commit(&home->store, &err) == OK);
	buf_clear(&item);
	buf_clear(&fields);
	buf_clear(&body);
	return hash;
}

static void fetch_whole(struct meanwhile *meanwhile)
{
	struct talk other = { .seed = 0 };

	talk(&other, &meanwhile->scene->home[1], &meanwhile->scene->home[0]);
	ASSERT(talk_good(&other));
}

static void fetch_part(struct meanwhile *meanwhile)
{
	struct talk other = { .cut = 90000 };

	talk(&other, &meanwhile->scene->home[1], &meanwhile->scene->home[0]);
	ASSERT(talk_good(&other));
}

/* Two sessions fetch the same file; `turn`: of the asking side, after which the other one runs. */
static bool fetched_twice(void (*act)(struct meanwhile *), unsigned turn, size_t len)
{
	static uint8_t content[300000];
	struct scene scene;
	struct meanwhile meanwhile = { .scene = &scene, .act = act, .turn = turn };
	struct talk one = { .spoil = when_spoken, .context = &meanwhile };
	struct err err = { .status = OK };
	enum attachment_state state;
	uint64_t left;

	scene_open(&scene, 4);
	memset(content, 7, sizeof content);
	struct id hash = attach(&scene, content, len);
	talk(&one, &scene.home[1], &scene.home[0]);
	bool good = talk_good(&one) && meanwhile.done;
	one.spoil = NULL;
	talk(&one, &scene.home[1], &scene.home[0]);
	good = good && talk_good(&one) && store_attachment_state(&scene.home[1].store, &hash, &state, &err) == OK &&
	    state == ATTACHMENT_HERE && partial_length(&scene.home[1].store, &hash, &left, &err) == OK && left == 0;
	scene_close(&scene);
	return good;
}

static void test_attachments(void)
{
	unsigned bad = 0;

	for (unsigned turn = 1; turn <= 4; turn++) {
		bad += !fetched_twice(fetch_whole, turn, 300000);
		bad += !fetched_twice(fetch_part, turn, 300000);
		bad += !fetched_twice(fetch_whole, turn, 500);
	}
	tap_is_int(
	    bad, 0, "two sessions that fetch one attachment do not disturb each other, and leave no part behind");
}

/* ---- logs that stop ------------------------------------------------------------------------------------------------- */

static bool log_is_marked(struct scene *scene, struct home *home)
{
	struct err err = { .status = OK };
	struct log_row log;
	struct id none = { { 0 } };

	ASSERT(
	    store_log_find(&home->store, home->tally, &scene->world.keys[scene->desk[0]].key, &none, &log, &err) == OK);
	return log.stopped[0] != '\0';
}

static void signature_spoil(struct home *home, unsigned seq)
{
	struct err err = { .status = OK };
	struct statement *s;
	char sql[120];

	snprintf(sql, sizeof sql, "update entry set signature = zeroblob(64) where seq = %u and thread > 0", seq);
	ASSERT(db_statement(home->store.db, sql, &s, &err) == OK && statement_run(s, &err) == OK);
}

/* Home 2 has a wrong signature in its store; what it sends stops. */
static void speak_wrongly(struct meanwhile *meanwhile)
{
	struct talk other = { .seed = 0 };

	talk(&other, &meanwhile->scene->home[2], &meanwhile->scene->home[3]);
	ASSERT(talk_good(&other));
	meanwhile->stopped = log_is_marked(meanwhile->scene, &meanwhile->scene->home[3]);
}

static void speak_rightly(struct meanwhile *meanwhile)
{
	struct talk other = { .seed = 0 };

	talk(&other, &meanwhile->scene->home[0], &meanwhile->scene->home[3]);
	ASSERT(talk_good(&other));
}

/* The log stops in another session, between two frames of this one. */
static void test_stopped_between(void)
{
	struct scene scene;
	struct meanwhile meanwhile = { .scene = &scene };
	struct talk one = { .seed = 77 };
	struct talk_side sides[2];

	scene_open(&scene, 5);
	int64_t before = home_entries(&scene.home[3]);
	ask_at(&scene, &scene.home[0], 300);
	home_take(&scene.home[2], scene.granted, scene.world.entry_count);
	signature_spoil(&scene.home[2], 250);
	ASSERT(talk_open(&one, sides, &scene.home[0], &scene.home[3]));
	while (home_entries(&scene.home[3]) == before) {
		talk_turn(&one, sides);
	}
	speak_wrongly(&meanwhile);
	tap_ok(meanwhile.stopped, "a log stops in one session while another brings it");
	talk_run(&one, sides);
	talk_close(&one, sides);
	tap_ok(talk_good(&one) && one.result[0].complete && !log_is_marked(&scene, &scene.home[3]),
	    "and is not said to stand still when it has gone on");
	scene_close(&scene);
}

/* What this session could not take, another one has brought before it. */
static void test_stopped_late(void)
{
	struct scene scene;
	struct meanwhile meanwhile = { .scene = &scene, .act = speak_rightly, .turn = 3 };
	struct talk one = { .spoil = when_spoken, .context = &meanwhile };

	scene_open(&scene, 6);
	ask_at(&scene, &scene.home[0], 10);
	home_take(&scene.home[2], scene.granted, scene.world.entry_count);
	signature_spoil(&scene.home[2], 5);
	talk(&one, &scene.home[2], &scene.home[3]);
	tap_ok(talk_good(&one) && meanwhile.done && one.result[1].stopped_logs == 1,
	    "a session cannot take what another one has brought meanwhile");
	tap_ok(!log_is_marked(&scene, &scene.home[3]), "and the log is not said to stand still");
	scene_close(&scene);
}

/* ---- forks ---------------------------------------------------------------------------------------------------------- */

/* Each of the homes in `hands` has what was common and goes on with the stolen key of desk 0. */
static void steal(struct scene *scene, unsigned common, const unsigned *hands, unsigned count)
{
	unsigned from = scene->world.entry_count;
	struct world_key *key = &scene->world.keys[scene->desk[0]];

	for (unsigned i = 0; i < common; i++) {
		ask(scene, scene->desk[0]);
	}
	struct world_key saved = *key;
	unsigned to = scene->world.entry_count;
	for (unsigned i = 0; i < count; i++) {
		unsigned own = scene->world.entry_count;
		*key = saved;
		scene->world.now_ms += 7;
		ask(scene, scene->desk[0]);
		ask(scene, scene->desk[0]);
		home_take(&scene->home[hands[i]], from, to);
		home_take(&scene->home[hands[i]], own, scene->world.entry_count);
	}
}

static void test_fork_heard(unsigned common)
{
	static const unsigned hands[] = { 0, 2 };
	struct scene scene;
	struct talk one = { .seed = 0 };

	scene_open(&scene, 7 + common);
	steal(&scene, common, hands, 2);
	talk(&one, &scene.home[0], &scene.home[2]);
	ASSERT(talk_good(&one));
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[0].complete,
	    "who finds a fork in what he hears says so, and the other does not wait for him");
	talk(&one, &scene.home[3], &scene.home[0]);
	tap_ok(talk_good(&one) && one.result[0].complete, "whichever of the two has begun");
	scene_close(&scene);
}

/* Three branches, each first met by another home. */
static void test_three_branches(unsigned common)
{
	static const unsigned hands[] = { 0, 1, 2 };
	struct scene scene;
	struct talk one = { .seed = 0 };
	bool good = true;

	scene_open(&scene, 9 + common);
	steal(&scene, common, hands, 3);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 4; i++) {
			talk(&one, &scene.home[i], &scene.home[(i + 1) % 4]);
			good = good && talk_good(&one);
		}
	}
	for (unsigned i = 1; i < 4; i++) {
		good = good && homes_match(&scene.home[0], &scene.home[i]) && home_entries(&scene.home[0]) > 0;
	}
	tap_ok(good && one.result[0].matched, "a log that three hands wrote reaches all homes with all its branches");
	scene_close(&scene);
}

static void branches_take(struct meanwhile *meanwhile)
{
	struct scene *scene = meanwhile->scene;

	home_take(&scene->home[0], scene->granted + 2, scene->granted + 6);
}

/* Both branches of a key that lies here come while the session waits, and its log is named otherwise from then on. */
static void test_fork_named(void)
{
	static const unsigned hands[] = { 1, 2 };
	struct scene scene;
	struct meanwhile meanwhile = { .scene = &scene, .act = branches_take, .turn = 2 };
	struct talk one = { .spoil = when_spoken, .context = &meanwhile };

	scene_open(&scene, 17);
	steal(&scene, 2, hands, 2);
	home_take(&scene.home[1], scene.granted + 4, scene.granted + 6);
	home_take(&scene.home[0], scene.granted, scene.granted + 2);
	home_lay(&scene.home[0], scene.desk[0]);
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && meanwhile.done && !one.result[0].restored,
	    "what is here by now is found, whatever the log is called");
	scene_close(&scene);
}

/* Another hand's branch arrives, and the day's measure is full for the one that this session brings. */
static void branch_first(struct meanwhile *meanwhile)
{
	struct scene *scene = meanwhile->scene;
	struct err err = { .status = OK };

	home_take(&scene->home[3], scene->granted + 4, scene->granted + 6);
	ASSERT(store_setting_set(&scene->home[3].store, "party_entries_day", bytes_text("0"), &err) == OK);
}

static void test_fork_stopped(void)
{
	static const unsigned hands[] = { 0, 2 };
	struct scene scene;
	struct meanwhile meanwhile = { .scene = &scene, .act = branch_first, .from = 1, .turn = 2 };
	struct talk one = { .spoil = when_spoken, .context = &meanwhile };

	scene_open(&scene, 16);
	steal(&scene, 2, hands, 2);
	home_take(&scene.home[3], scene.granted, scene.granted + 2);
	talk(&one, &scene.home[0], &scene.home[3]);
	tap_ok(talk_good(&one) && meanwhile.done && one.result[1].stopped_logs > 0,
	    "a log stops in a home where another branch of it has arrived meanwhile");
	tap_ok(!one.result[0].compared && !one.result[1].compared,
	    "and what two hands wrote at one place is not compared");
	scene_close(&scene);
}

/* One of two branches stops for a while: the other one is not said to. */
static void test_branch_stopped(void)
{
	static const unsigned hands[] = { 0, 2 };
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct err err = { .status = OK };

	scene_open(&scene, 18);
	steal(&scene, 0, hands, 2);
	home_take(&scene.home[3], scene.granted, scene.granted + 1);
	home_take(&scene.home[3], scene.granted + 2, scene.granted + 3);
	ASSERT(store_setting_set(&scene.home[3].store, "party_entries_day", bytes_text("0"), &err) == OK);
	talk(&one, &scene.home[2], &scene.home[3]);
	tap_ok(talk_good(&one) && one.result[1].stopped_logs > 0 && !log_is_marked(&scene, &scene.home[3]),
	    "a branch that stops does not mark the one that was here first");
	scene_close(&scene);
}

/* A partner asks for branches that are on their way to him already, from where they began. */
struct asking {
	const struct scene *scene;
	unsigned turns;
};

static void fork_again(void *context, unsigned from, struct buf *bytes)
{
	struct asking *asking = context;
	const struct world *world = &asking->scene->world;
	const struct id *key = &world->keys[asking->scene->desk[0]].key;

	if (from != 1 || asking->turns++ < 2) { /* greeting and vector come before */
		return;
	}
	for (unsigned i = asking->scene->granted; i < world->entry_count; i++) {
		const struct world_entry *entry = &world->entries[i];
		struct buf content;
		if (entry->place.seq != 1 || !id_equal(&entry->place.key, key)) {
			continue;
		}
		buf_init(&content, 80);
		buf_put_bytes(&content, id_bytes(key));
		buf_put_byte(&content, 1);
		buf_put_bytes(&content, id_bytes(&entry->id));
		buf_put_varint(&content, 0);
		message_put(bytes, MESSAGE_FORK, buf_bytes(&content));
		buf_clear(&content);
	}
}

static void test_fork_again(void)
{
	static const unsigned hands[] = { 0, 2 };
	struct scene scene;
	struct asking asking = { .scene = &scene };
	struct talk one = { .seed = 0 };

	scene_open(&scene, 14);
	steal(&scene, 0, hands, 2);
	talk(&one, &scene.home[0], &scene.home[2]);
	one.spoil = fork_again;
	one.context = &asking;
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(asking.turns > 2 && talk_good(&one) && home_entries(&scene.home[1]) >= 4,
	    "branches that are asked for again, while they are sent, are sent once");
	scene_close(&scene);
}

/* A vector says that the answerer holds another entry of the initiator's own log than it does. */
struct misleading {
	const struct scene *scene;
	bool done;
};

static void head_spoil(void *context, unsigned from, struct buf *bytes)
{
	struct misleading *misleading = context;
	const struct id *key = &misleading->scene->world.keys[misleading->scene->key[0]].key;
	uint8_t *at = from == 1 ? memmem(bytes->data, bytes->len, key->data, ID_BYTES) : NULL;

	if (at != NULL && !misleading->done && at[ID_BYTES] == 0 && at[ID_BYTES + 1] > 1 && at[ID_BYTES + 1] < 9) {
		at[ID_BYTES + 1]--;    /* seq */
		at[ID_BYTES + 2] ^= 1; /* head */
		misleading->done = true;
	}
}

static void test_own_log(void)
{
	struct scene scene;
	struct misleading misleading = { .scene = &scene };
	struct talk one = { .seed = 0 };

	scene_open(&scene, 15);
	for (unsigned i = 0; i < 3; i++) { /* home 0 acknowledges what JP's root writes */
		unsigned from = scene.world.entry_count;
		world_grant(&scene.world, JP_ROOT, (int)i + 10, asker, 1);
		home_take(&scene.home[1], from, scene.world.entry_count);
		talk(&one, &scene.home[1], &scene.home[0]);
		talk(&one, &scene.home[1], &scene.home[3]);
	}
	unsigned from = scene.world.entry_count;
	world_grant(&scene.world, JP_ROOT, 20, asker, 1);
	home_take(&scene.home[3], from, scene.world.entry_count);
	one.spoil = head_spoil;
	one.context = &misleading;
	talk(&one, &scene.home[0], &scene.home[3]);
	tap_ok(misleading.done && talk_good(&one) && one.result[0].sent_entries > 0,
	    "the home's own log goes on in a stream that the other end sees elsewhere");
	one.spoil = NULL;
	talk(&one, &scene.home[0], &scene.home[3]);
	tap_ok(talk_good(&one) && homes_match(&scene.home[0], &scene.home[3]), "and arrives");
	scene_close(&scene);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_revoked();
	test_base();
	test_memory();
	test_attachments();
	test_stopped_between();
	test_stopped_late();
	test_fork_heard(0);
	test_fork_heard(3);
	test_three_branches(0);
	test_three_branches(2);
	test_fork_named();
	test_fork_stopped();
	test_branch_stopped();
	test_fork_again();
	test_own_log();
	return tap_done();
}
