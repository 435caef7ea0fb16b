/* Two homes talk: what each lacks arrives, whatever the link does; strangers, liars and copies get nowhere. */
#include "sync/message.h"
#include "sync/test_talk.h"

static const char *const asker[] = { "asker" };
static const char *const answerer[] = { "answerer" };

struct scene {
	struct world world;
	unsigned desk[2];
	unsigned key[4];
	struct home home[4];
	unsigned granted;
};

/* Two homes of each party; all hold the grants. home[0], home[2] are GB's; home[1], home[3] JP's. */
static void scene_open(struct scene *scene, uint64_t seed)
{
	struct world *world = &scene->world;

	world_open(world, seed);
	scene->desk[0] = world_grant(world, GB_ROOT, 1, asker, 1);
	scene->desk[1] = world_grant(world, JP_ROOT, 1, answerer, 1);
	for (unsigned i = 0; i < 4; i++) {
		scene->key[i] = world_grant(world, i % 2 == 0 ? GB_ROOT : JP_ROOT, 0, NULL, 0);
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

/* A desk of GB asks JP something; its home holds it. */
static struct id ask(struct scene *scene, struct home *home)
{
	struct world *world = &scene->world;
	struct buf fields;

	buf_init(&fields, 64);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	struct id id = world_say(
	    world, scene->desk[0], &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1 });
	buf_clear(&fields);
	home_take(home, world->entry_count - 1, world->entry_count);
	return id;
}

static struct id reply(struct scene *scene, struct home *home, struct id thread, int64_t number)
{
	struct world *world = &scene->world;
	struct buf fields;

	buf_init(&fields, 64);
	cbor_put_int(&fields, 8);
	cbor_put_int(&fields, number);
	struct id id = world_say(world, scene->desk[1],
	    &(struct saying){ .kind = "t.answered",
		.thread = &thread,
		.part = &thread,
		.answers = { thread },
		.answer_count = 1,
		.fields = &fields,
		.field_count = 1 });
	buf_clear(&fields);
	home_take(home, world->entry_count - 1, world->entry_count);
	return id;
}

static void test_first(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct id threads[5];

	scene_open(&scene, 1);
	talk(&one, &scene.home[0], &scene.home[1]);
	for (unsigned i = 0; i < 5; i++) {
		threads[i] = ask(&scene, &scene.home[0]);
	}
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(
	    talk_good(&one) && one.result[0].complete && one.result[1].complete, "two homes exchange what each lacks");
	tap_ok(homes_match(&scene.home[0], &scene.home[1]) && one.result[0].matched && one.result[1].matched,
	    "and their halves match");
	tap_is_text(one.result[0].peer_party, "JP", "each knows with whom it spoke");
	tap_is_int(one.result[1].received_entries, 5, "only what was lacking travels");
	for (unsigned i = 0; i < 5; i++) {
		reply(&scene, &scene.home[1], threads[i], i);
	}
	ask(&scene, &scene.home[0]);
	talk(&one, &scene.home[1], &scene.home[0]);
	tap_ok(talk_good(&one) && one.result[0].complete && homes_match(&scene.home[0], &scene.home[1]),
	    "either of the two may begin");
	tap_is_int(one.result[0].sent_entries + one.result[1].sent_entries, 5 + 1 + 2,
	    "answers go back, with one acknowledgement of each side");
	printf("# %lld and %lld bytes, %u round trips\n", (long long)one.result[0].sent_bytes,
	    (long long)one.result[0].received_bytes, one.result[0].round_trips);
	scene_close(&scene);
}

static void test_silence(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };

	scene_open(&scene, 2);
	reply(&scene, &scene.home[1],
	    (ask(&scene, &scene.home[0]), home_take(&scene.home[1], scene.granted, scene.granted + 1),
		scene.world.entries[scene.granted].id),
	    1);
	talk(&one, &scene.home[0], &scene.home[1]);
	talk(&one, &scene.home[0], &scene.home[1]);
	int64_t entries = home_entries(&scene.home[0]);
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[0].sent_entries + one.result[0].received_entries == 0,
	    "two homes fall silent after two sessions");
	talk(&one, &scene.home[1], &scene.home[0]);
	tap_ok(talk_good(&one) && home_entries(&scene.home[0]) == entries && home_entries(&scene.home[1]) == entries,
	    "an acknowledgement is never acknowledged");
	tap_ok(one.result[0].compared && one.result[0].matched && one.result[1].matched,
	    "with nothing new they still compare");
	int64_t bytes = one.result[0].sent_bytes + one.result[0].received_bytes;
	printf("# nothing new: %lld bytes in all on a pipe, %u round trips\n", (long long)bytes,
	    one.result[0].round_trips);
	tap_ok(bytes <= 300, "nothing new costs at most 300 bytes both ways, signatures included");
	scene_close(&scene);
}

/* Pieces of any size; a link that breaks anywhere; and on it goes. */
static void test_cuts(void)
{
	struct scene scene;
	unsigned bad = 0, unmatched = 0;

	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct talk one = { .seed = seed * 7919 };
		struct id thread;
		scene_open(&scene, seed);
		for (unsigned i = 0; i < 300; i++) {
			thread = ask(&scene, &scene.home[0]);
			if (i < 100) {
				home_take(&scene.home[1], scene.world.entry_count - 1, scene.world.entry_count);
			}
		}
		(void)thread;
		unsigned tries = 0;
		do {
			one.moved = 0;
			one.cut = 200 + (size_t)(talk_random(&one) % 12000);
			talk(&one, &scene.home[tries % 2], &scene.home[1 - tries % 2]);
			bad += one.status[0] != OK || one.status[1] != OK;
		} while (!one.result[0].complete && ++tries < 200);
		unmatched += !homes_match(&scene.home[0], &scene.home[1]) || home_entries(&scene.home[0]) < 300;
		scene_close(&scene);
	}
	tap_is_int(bad, 0, "a link that breaks anywhere breaks nothing else");
	tap_is_int(unmatched, 0, "sessions go on where the last one was cut, and end with equal digests");
}

static void test_every_byte(void)
{
	struct scene scene;
	struct talk whole = { .seed = 0 };
	unsigned bad = 0;

	scene_open(&scene, 3);
	ask(&scene, &scene.home[0]);
	talk(&whole, &scene.home[0], &scene.home[1]);
	size_t len = whole.moved;
	scene_close(&scene);
	for (size_t cut = 1; cut < len; cut += 37) {
		struct talk one = { .cut = cut }, rest = { .seed = 0 };
		scene_open(&scene, 3);
		ask(&scene, &scene.home[0]);
		talk(&one, &scene.home[0], &scene.home[1]);
		talk(&rest, &scene.home[0], &scene.home[1]);
		bad += one.status[0] != OK || one.status[1] != OK || !rest.result[0].complete ||
		    !homes_match(&scene.home[0], &scene.home[1]);
		scene_close(&scene);
	}
	tap_is_int(bad, 0, "a session cut at any byte leaves both halves sound");
}

static void test_chain_of_homes(void)
{
	struct scene scene;
	struct talk one = { .seed = 5 };

	scene_open(&scene, 4);
	ask(&scene, &scene.home[0]);
	talk(&one, &scene.home[0], &scene.home[2]);
	tap_ok(talk_good(&one) && one.result[0].complete && homes_match(&scene.home[0], &scene.home[2]),
	    "homes of one party sync with each other");
	talk(&one, &scene.home[2], &scene.home[3]);
	talk(&one, &scene.home[3], &scene.home[1]);
	tap_ok(talk_good(&one) && homes_match(&scene.home[0], &scene.home[1]), "one home carries what another wrote");
	ask(&scene, &scene.home[0]);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 4; i++) {
			talk(&one, &scene.home[i], &scene.home[(i + 1) % 4]);
		}
	}
	bool same = true;
	for (unsigned i = 1; i < 4; i++) {
		same = same && homes_match(&scene.home[0], &scene.home[i]) &&
		    home_entries(&scene.home[0]) == home_entries(&scene.home[i]);
	}
	tap_ok(same, "four homes that speak in turn come to one state");
	scene_close(&scene);
}

static void test_fresh_home(void)
{
	struct scene scene;
	struct home fresh;
	struct talk one = { .seed = 0 };

	scene_open(&scene, 5);
	for (unsigned i = 0; i < 40; i++) {
		ask(&scene, &scene.home[0]);
	}
	unsigned key = world_grant(&scene.world, JP_ROOT, 0, NULL, 0);
	home_open(&fresh, &scene.world, 1, key);
	home_take(&fresh, 0, 1); /* the opening alone, and its own grant as its registrar gave it by file */
	home_take(&fresh, 1, 2);
	talk(&one, &fresh, &scene.home[0]);
	tap_ok(one.status[1] == REFUSED && strstr(one.err[1].text, "no grant") != NULL,
	    "a home whose grant nobody knows is refused");
	for (unsigned i = 2; i < scene.world.entry_count; i++) {
		if (id_equal(&scene.world.entries[i].place.key, &scene.world.keys[JP_ROOT].key)) {
			home_take(&fresh, i, i + 1);
		}
	}
	talk(&one, &fresh, &scene.home[0]);
	tap_ok(talk_good(&one) && one.result[0].complete && homes_match(&fresh, &scene.home[0]),
	    "a new home is known by the grant in its greeting, and is filled");
	store_close(&fresh.store);
	scene_close(&scene);
}

/* ---- refusals ------------------------------------------------------------------------------------------------------- */

static void test_refusals(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct home thief, bare;

	scene_open(&scene, 6);
	ask(&scene, &scene.home[0]);
	int64_t before = home_entries(&scene.home[1]);

	home_bare(&bare, &scene.world, 1, scene.key[1]);
	talk(&one, &scene.home[0], &bare);
	store_close(&bare.store);
	tap_ok(one.status[0] == REFUSED && strstr(one.err[0].text, "tally") != NULL,
	    "a tally that is not here is refused, with the reason");
	scene.home[2].party = 1; /* we mean JP, and GB's home answers */
	talk(&one, &scene.home[0], &scene.home[2]);
	scene.home[2].party = 0;
	tap_ok(one.status[1] == REFUSED && strstr(one.err[1].text, "another party") != NULL,
	    "a greeting for another party is refused");

	thief = scene.home[0];
	unsigned stranger = world_key(&scene.world, 0);
	memcpy(thief.secrets.sign, scene.world.keys[stranger].secret, SECRET_BYTES);
	talk(&one, &thief, &scene.home[1]);
	tap_ok(one.status[1] == REFUSED && strstr(one.err[1].text, "proof") != NULL,
	    "who names a home and does not hold its key is refused");
	tap_is_int(one.result[0].received_entries + one.result[1].received_entries, 0, "and gets nothing");
	tap_is_int(home_entries(&scene.home[1]), before, "nor brings anything");

	world_revoke(&scene.world, GB_ROOT, scene.key[0], 0);
	home_take(&scene.home[1], scene.world.entry_count - 1, scene.world.entry_count);
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(one.status[1] == REFUSED && strstr(one.err[1].text, "revoked") != NULL,
	    "a home whose grant was revoked gets nothing more");
	scene.world.now_ms = 1600000000000;
	talk(&one, &scene.home[2], &scene.home[1]);
	tap_ok(one.status[1] == REFUSED && strstr(one.err[1].text, "ended") != NULL, "nor one whose grant has ended");
	scene_close(&scene);
}

/* Who has recorded a session and plays one side of it again gets nothing. */
static void record(void *context, unsigned from, struct buf *bytes)
{
	struct buf *kept = context;

	if (from == 0) {
		buf_put_bytes(kept, buf_bytes(bytes));
	}
}

static void test_replay(void)
{
	struct scene scene;
	struct buf kept, out;
	struct talk one = { .spoil = record, .context = &kept };
	struct sync *sync;
	struct err err = { .status = OK };

	scene_open(&scene, 21);
	ask(&scene, &scene.home[0]);
	buf_init(&kept, 1 << 20);
	buf_init(&out, 1 << 20);
	talk(&one, &scene.home[0], &scene.home[1]);
	struct sync_options options = { .store = &scene.home[1].store,
		.home_key = scene.world.keys[scene.key[1]].key,
		.secrets = &scene.home[1].secrets,
		.now_ms = scene.world.now_ms };
	ASSERT(sync_open(&options, &sync, &err) == OK);
	tap_ok(sync_step(sync, buf_bytes(&kept), &out, &err) == REFUSED && strstr(err.text, "proof") != NULL,
	    "a session that was recorded and is played again is refused");
	sync_close(sync);
	buf_clear(&kept);
	buf_clear(&out);
	scene_close(&scene);
}

/* A message of bundles is longer than any of a session: nothing of it is waited for. */
static void test_foreign_message(void)
{
	struct scene scene;
	struct buf said, out;
	struct sync *sync;
	struct err err = { .status = OK };

	scene_open(&scene, 22);
	buf_init(&said, 4 << 20);
	buf_init(&out, 1 << 20);
	buf_put_byte(&said, MESSAGE_ATTACHMENT);
	buf_put_varint(&said, 3 << 20);
	while (said.len < 2 << 20) {
		buf_put_byte(&said, 0);
	}
	struct sync_options options = { .store = &scene.home[1].store,
		.home_key = scene.world.keys[scene.key[1]].key,
		.secrets = &scene.home[1].secrets,
		.now_ms = scene.world.now_ms };
	ASSERT(sync_open(&options, &sync, &err) == OK);
	tap_ok(sync_step(sync, bytes_of(said.data, 1), &out, &err) == BAD_INPUT &&
		strstr(err.text, "not in a session") != NULL,
	    "a message that no session has is refused by its first byte");
	sync_close(sync);
	err = (struct err){ .status = OK };
	ASSERT(sync_open(&options, &sync, &err) == OK);
	tap_is_int(sync_step(sync, buf_bytes(&said), &out, &err), BAD_INPUT, "however long it is");
	sync_close(sync);
	buf_clear(&said);
	buf_clear(&out);
	scene_close(&scene);
}

/* Who has said nothing of himself hears nothing of us. */
static void test_again_first(void)
{
	static const uint8_t said[] = { MESSAGE_AGAIN, 1, 1 };
	struct scene scene;
	struct buf out;
	struct sync *sync;
	struct err err = { .status = OK };

	scene_open(&scene, 23);
	buf_init(&out, 1 << 20);
	struct sync_options options = { .store = &scene.home[1].store,
		.tally = scene.home[1].tally,
		.home_key = scene.world.keys[scene.key[1]].key,
		.secrets = &scene.home[1].secrets,
		.has_peer_tls = true,
		.now_ms = scene.world.now_ms };
	ASSERT(sync_open(&options, &sync, &err) == OK);
	tap_is_int(sync_step(sync, bytes_of(said, sizeof said), &out, &err), BAD_INPUT,
	    "a greeting is not said again that was not said");
	tap_ok(out.len > 0 && out.len < 100 && out.data[0] == MESSAGE_REFUSED, "and the stranger does not see it");
	sync_close(sync);
	buf_clear(&out);
	scene_close(&scene);
}

/* Ten desks that have written and were revoked. */
static void test_closed_logs(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 }, other = { .seed = 0 };
	struct world *world = &scene.world;

	scene_open(&scene, 22);
	unsigned desk = scene.desk[0];
	for (unsigned i = 0; i < 10; i++) {
		scene.desk[0] = world_grant(world, GB_ROOT, (int)i + 2, asker, 1);
		struct buf fields;
		buf_init(&fields, 64);
		cbor_put_int(&fields, 8);
		cbor_put_literal(&fields, "JP");
		world_say(
		    world, scene.desk[0], &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1 });
		buf_clear(&fields);
		world_revoke(world, GB_ROOT, scene.desk[0], 1);
	}
	scene.desk[0] = desk;
	for (unsigned i = 0; i < 3; i++) {
		home_take(&scene.home[i], scene.granted, world->entry_count);
	}
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[0].complete && homes_match(&scene.home[0], &scene.home[1]),
	    "homes that meet for the first time say of closed logs one hash");
	size_t short_form = one.moved;
	home_take(&scene.home[3], scene.granted, world->entry_count - 1); /* does not know the last revocation */
	talk(&other, &scene.home[2], &scene.home[3]);
	tap_ok(talk_good(&other) && other.result[0].complete && homes_match(&scene.home[2], &scene.home[3]),
	    "and all of them where they do not hold the same");
	printf("# first meeting with 10 closed logs: %zu bytes, else %zu\n", short_form, other.moved);
	tap_ok(short_form + 500 < other.moved, "which is longer");
	scene_close(&scene);
}

static void test_measure(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct err err = { .status = OK };

	scene_open(&scene, 23);
	for (unsigned i = 0; i < 30; i++) {
		ask(&scene, &scene.home[0]);
	}
	ASSERT(store_setting_set(&scene.home[1].store, "party_entries_day", bytes_text("20"), &err) == OK);
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[1].stopped_logs > 0 && strstr(one.result[1].why.text, "measure") != NULL,
	    "a party that writes more in a day than the home takes is stopped, with the reason");
	tap_is_int(one.result[1].received_entries, 20, "when it has taken so many");
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[1].received_entries == 0, "the measure counts over sessions");
	unsigned from = scene.world.entry_count;
	world_revoke(&scene.world, GB_ROOT, scene.desk[0], 1);
	home_take(&scene.home[0], from, scene.world.entry_count);
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[1].received_entries == 1, "a root's revocation passes all the same");
	scene.world.now_ms += 86400000;
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && homes_match(&scene.home[0], &scene.home[1]), "the next day it goes on");
	scene_close(&scene);
}

/* ---- damage --------------------------------------------------------------------------------------------------------- */

struct spoiler {
	uint64_t seed;
	unsigned side;
};

/* Now and then a bit of what one side says is turned. */
static void bit_turn(void *context, unsigned from, struct buf *bytes)
{
	struct spoiler *spoiler = context;

	spoiler->seed = spoiler->seed * 6364136223846793005u + 1442695040888963407u;
	if (from == spoiler->side && (spoiler->seed >> 33) % 3 == 0) {
		size_t bit = (size_t)((spoiler->seed >> 20) % (bytes->len * 8));
		bytes->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void test_damage(void)
{
	struct scene scene;
	unsigned different = 0, unfinished = 0;

	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct spoiler spoiler = { seed * 1000003, (unsigned)(seed % 2) };
		struct talk bad = { .spoil = bit_turn, .context = &spoiler }, good = { .seed = 0 };
		scene_open(&scene, seed);
		for (unsigned i = 0; i < 20; i++) {
			ask(&scene, &scene.home[0]);
		}
		talk(&bad, &scene.home[0], &scene.home[1]);
		talk(&good, &scene.home[0], &scene.home[1]);
		unfinished += !good.result[0].complete;
		different += !homes_match(&scene.home[0], &scene.home[1]);
		scene_close(&scene);
	}
	tap_is_int(different, 0, "whichever bits turn on the way, nothing wrong is ever stored");
	tap_is_int(unfinished, 0, "and the next session makes it good");
}

/* A relay that has a wrong signature in its store for one log: others go on. */
static void test_stopped_log(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct log_row log;
	struct err err = { .status = OK };
	struct statement *s;
	struct id none = { { 0 } };

	scene_open(&scene, 8);
	struct id first = ask(&scene, &scene.home[0]);
	ask(&scene, &scene.home[0]);
	home_take(&scene.home[1], scene.granted, scene.granted + 1);
	reply(&scene, &scene.home[1], first, 4);
	talk(&one, &scene.home[1], &scene.home[3]);
	ASSERT(db_statement(scene.home[0].store.db,
		   "update entry set signature = zeroblob(64) where seq = 2 and thread > 0", &s, &err) == OK);
	ASSERT(statement_run(s, &err) == OK);
	talk(&one, &scene.home[0], &scene.home[3]);
	tap_ok(talk_good(&one) && one.result[1].stopped_logs == 1 && strstr(one.result[1].why.text, "sig") != NULL,
	    "a log with a bad signature stops, and the reason is told");
	ASSERT(store_log_find(&scene.home[3].store, scene.home[3].tally, &scene.world.keys[scene.desk[0]].key, &none,
		   &log, &err) == OK);
	tap_ok(strstr(log.stopped, "sig") != NULL && log.head_seq == 1, "and stands with the log");
	tap_ok(!one.result[0].complete && !one.result[1].complete, "neither side calls that complete");
	tap_ok(one.result[0].compared && one.result[0].matched, "they match in what both hold");
	home_take(&scene.home[2], scene.granted, scene.granted + 2);
	talk(&one, &scene.home[2], &scene.home[3]);
	ASSERT(store_log_get(&scene.home[3].store, log.row, &log, &err) == OK);
	tap_ok(talk_good(&one) && log.stopped[0] == '\0' && log.head_seq == 2,
	    "from another home that holds it rightly it goes on");
	scene_close(&scene);
}

/* A partner whose program sends what is not so: of that log what is good is kept, the rest not, with a reason; all other logs go on. */
static void test_forged(const char *sql, const char *title)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct log_row log;
	struct err err = { .status = OK };
	struct statement *s;
	struct id none = { { 0 } };

	scene_open(&scene, 9);
	struct id first = ask(&scene, &scene.home[0]);
	ask(&scene, &scene.home[0]);
	ask(&scene, &scene.home[0]);
	home_take(&scene.home[1], scene.granted, scene.granted + 1);
	struct id answer = reply(&scene, &scene.home[1], first, 4);
	talk(&one, &scene.home[1], &scene.home[0]);
	ASSERT(db_statement(scene.home[0].store.db, sql, &s, &err) == OK && statement_run(s, &err) == OK);
	talk(&one, &scene.home[0], &scene.home[3]);
	ASSERT(store_log_find(&scene.home[3].store, scene.home[3].tally, &scene.world.keys[scene.desk[0]].key, &none,
		   &log, &err) == OK);
	tap_ok(talk_good(&one) && one.result[1].stopped_logs == 1 && one.result[1].why.text[0] != '\0' &&
		log.head_seq == 1 && log.stopped[0] != '\0',
	    title);
	tap_is_text(world_verdict(&scene.world, &scene.home[3].store, scene.home[3].tally, answer), "valid",
	    "all others go on");
	scene_close(&scene);
}

/* The same, and an entry that the other side takes answers what it could not take. */
static void test_hole(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct err err = { .status = OK };
	struct statement *s;

	scene_open(&scene, 8);
	ask(&scene, &scene.home[0]);
	struct id second = ask(&scene, &scene.home[0]);
	home_take(&scene.home[1], scene.granted, scene.granted + 2);
	reply(&scene, &scene.home[1], second, 4);
	talk(&one, &scene.home[1], &scene.home[0]);
	ASSERT(db_statement(scene.home[0].store.db,
		   "update entry set signature = zeroblob(64) where seq = 2 and thread > 0", &s, &err) == OK);
	ASSERT(statement_run(s, &err) == OK);
	talk(&one, &scene.home[0], &scene.home[3]);
	tap_ok(talk_good(&one) && one.result[1].stopped_logs == 1 && !one.result[0].complete,
	    "an answer comes to an entry that was not taken, and waits");
	tap_ok(!one.result[0].compared && !one.result[1].compared,
	    "no digests are compared: each side is right about what it holds");
	scene_close(&scene);
}

/* ---- forks ---------------------------------------------------------------------------------------------------------- */

static void test_fork(unsigned common, unsigned left, unsigned right)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct world_key saved;
	char title[120];

	scene_open(&scene, 9 + common);
	for (unsigned i = 0; i < common; i++) {
		ask(&scene, &scene.home[0]);
	}
	home_take(&scene.home[2], scene.granted, scene.world.entry_count);
	talk(&one, &scene.home[0], &scene.home[1]);
	talk(&one, &scene.home[2], &scene.home[1]);
	saved = scene.world.keys[scene.desk[0]];
	for (unsigned i = 0; i < left; i++) {
		ask(&scene, &scene.home[0]);
	}
	scene.world.keys[scene.desk[0]] = saved; /* a stolen key writes elsewhere */
	for (unsigned i = 0; i < right; i++) {
		scene.world.now_ms += 5;
		ask(&scene, &scene.home[2]);
	}
	talk(&one, &scene.home[0], &scene.home[2]);
	snprintf(title, sizeof title,
	    "a log that two hands wrote, %u and %u entries after %u common ones, is found out", left, right, common);
	tap_ok(talk_good(&one) && one.result[0].forks + one.result[1].forks > 0, title);
	for (unsigned i = 0; i < 3; i++) {
		talk(&one, &scene.home[0], &scene.home[2]);
		talk(&one, &scene.home[0], &scene.home[1]);
	}
	tap_ok(talk_good(&one) && homes_match(&scene.home[0], &scene.home[2]) &&
		homes_match(&scene.home[0], &scene.home[1]),
	    "both branches reach every home, and all have one digest");
	tap_ok(one.result[0].complete && one.result[0].matched, "and sessions compare again");
	scene_close(&scene);
}

/* ---- copies --------------------------------------------------------------------------------------------------------- */

static void test_copy(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct home old;
	struct err err = { .status = OK };
	char path[sizeof old.store.path];

	scene_open(&scene, 20);
	home_open(&old, &scene.world, 0, scene.key[0]); /* home 0 as it was: it does not know what home 0 wrote */
	home_take(&old, 0, scene.granted);
	struct id thread = ask(&scene, &scene.home[0]);
	talk(&one, &scene.home[0], &scene.home[1]);
	reply(&scene, &scene.home[1], thread, 3);
	talk(&one, &scene.home[0], &scene.home[1]);
	talk(&one, &old, &scene.home[1]);
	tap_ok(one.result[0].restored && old.store.read_only,
	    "a home that a peer knows better than it knows itself is a copy, and is read-only from then on");
	memcpy(path, old.store.path, sizeof path);
	store_close(&old.store);
	ASSERT(store_open(path, DB_WRITE, &old.store, &err) == OK);
	tap_ok(old.store.read_only, "also when it is opened again");
	store_close(&old.store);
	scene_close(&scene);
}

/* While a session waits for the link, the home goes on and speaks with the same partner in others. */
struct meanwhile {
	struct scene *scene;
	struct id thread;
	unsigned times;
};

static void speak_meanwhile(void *context, unsigned from, struct buf *bytes)
{
	struct meanwhile *meanwhile = context;
	struct home *home = meanwhile->scene->home;
	struct talk other = { .seed = 0 };

	(void)bytes;
	if (from == 0 && meanwhile->times < 3) {
		meanwhile->times++;
		reply(meanwhile->scene, &home[1], meanwhile->thread, meanwhile->times);
		talk(&other, &home[1], &home[0]); /* what comes is acknowledged, with the key of this home */
		talk(&other, &home[1], &home[0]);
		ASSERT(talk_good(&other));
	}
}

static void test_meanwhile(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct meanwhile meanwhile = { .scene = &scene };

	scene_open(&scene, 24);
	meanwhile.thread = ask(&scene, &scene.home[0]);
	talk(&one, &scene.home[0], &scene.home[1]);
	one.spoil = speak_meanwhile;
	one.context = &meanwhile;
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && meanwhile.times > 1, "a home goes on while one of its sessions waits for the link");
	tap_ok(!one.result[0].restored && !one.result[1].restored && !scene.home[0].store.read_only &&
		!scene.home[1].store.read_only,
	    "what the partner has heard of it meanwhile does not make it a copy");
	one.spoil = NULL;
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[0].matched && homes_match(&scene.home[0], &scene.home[1]),
	    "and the next session finds that the halves match");
	scene_close(&scene);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_first();
	test_silence();
	test_cuts();
	test_every_byte();
	test_chain_of_homes();
	test_fresh_home();
	test_refusals();
	test_replay();
	test_foreign_message();
	test_again_first();
	test_closed_logs();
	test_measure();
	test_damage();
	test_stopped_log();
	test_forged("update entry set body = (select b.body from entry b where b.log = entry.log and b.seq = 1)"
		    " where seq = 2 and thread > 0",
	    "a log with another body than was signed stops");
	test_forged(
	    "update entry set signature = (select b.signature from entry b where b.log = entry.log and b.seq = 3)"
	    " where seq = 2 and thread > 0",
	    "one with the signature of another entry stops");
	test_forged("update entry set seq = case seq when 2 then 1000000 else 2 end where seq in (2, 3) and thread > 0",
	    "one whose entries come in another order than they were signed in stops");
	test_hole();
	test_fork(0, 1, 1);
	test_fork(3, 2, 5);
	test_fork(200, 5, 2);
	test_fork(70, 70, 70);
	test_copy();
	test_meanwhile();
	return tap_done();
}
