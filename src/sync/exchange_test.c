/* Channels that prove keys, attachments, pipes and commands; and what a partner sends who does not keep to the rules. */
#include "base/limits.h"
#include "store/partial.h"
#include "sync/message.h"
#include "sync/session.h"
#include "sync/test_talk.h"
#include <pthread.h>
#include <sys/socket.h>

static const char *const asker[] = { "asker" };

struct scene {
	struct world world;
	unsigned desk, key[2];
	struct id tls[2];
	struct home home[2];
};

static void scene_open(struct scene *scene, uint64_t seed)
{
	world_open(&scene->world, seed);
	scene->desk = world_grant(&scene->world, GB_ROOT, 1, asker, 1);
	for (unsigned i = 0; i < 2; i++) {
		memset(scene->tls[i].data, (int)(i + 1), ID_BYTES);
		scene->key[i] = home_grant(&scene->world, i == 0 ? GB_ROOT : JP_ROOT, &scene->tls[i]);
	}
	for (unsigned i = 0; i < 2; i++) {
		home_open(&scene->home[i], &scene->world, i, scene->key[i]);
		home_take(&scene->home[i], 0, scene->world.entry_count);
	}
}

static void scene_close(struct scene *scene)
{
	store_close(&scene->home[0].store);
	store_close(&scene->home[1].store);
	world_close(&scene->world);
}

/* Signs with the desk's key at a home, with attachments if there are any. */
static struct id ask(struct scene *scene, struct home *home, struct bytes attachments)
{
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	const struct world_key *key = &scene->world.keys[scene->desk];
	struct err err = { .status = OK };
	enum accepted accepted;
	struct entry entry;
	struct place place;
	struct buf fields, body;
	int64_t row;

	buf_init(&fields, 64);
	buf_init(&body, LIMIT_BODY_BYTES);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	body_write(&body,
	    &(struct body_draft){ .kind = "t.asked",
		.stated_ms = scene->world.now_ms++,
		.attachments = attachments,
		.fields = buf_bytes(&fields),
		.field_count = 1 });
	ASSERT(store_next_place(&home->store, home->tally, &key->key, &place, &err) == OK);
	ASSERT(entry_init(&entry, &place, buf_bytes(&body), unsigned_yet) == NULL);
	entry_sign(&entry, key->secret);
	ASSERT(store_begin(&home->store, &err) == OK);
	ASSERT(store_accept(&home->store, home->tally, &entry, 1, &accepted, &row, &err) == OK);
	ASSERT(fold_update(&home->store, home->tally, &err) == OK && store_commit(&home->store, &err) == OK);
	buf_clear(&fields);
	buf_clear(&body);
	return entry.id;
}

static const struct bytes nothing = { NULL, 0 };

/* ---- channels that prove keys --------------------------------------------------------------------------------------- */

static void test_channel(void)
{
	struct scene scene;
	struct talk one = { .channel = true };

	scene_open(&scene, 1);
	memcpy(one.tls, scene.tls, sizeof one.tls);
	talk(&one, &scene.home[0], &scene.home[1]);
	for (unsigned i = 0; i < 100; i++) {
		ask(&scene, &scene.home[0], nothing);
	}
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[0].complete && homes_match(&scene.home[0], &scene.home[1]),
	    "over a channel whose certificates the grants name, no signature is asked for");
	tap_is_int(one.result[0].round_trips, 1, "a hundred new entries take one round trip");
	int64_t bytes = one.result[0].sent_bytes + one.result[0].received_bytes;
	printf("# 100 new entries one way: %lld bytes\n", (long long)bytes);
	talk(&one, &scene.home[0], &scene.home[1]);
	talk(&one, &scene.home[0], &scene.home[1]);
	bytes = one.result[0].sent_bytes + one.result[0].received_bytes;
	tap_ok(talk_good(&one) && one.result[0].matched && bytes <= 200,
	    "with nothing new such a session takes 200 bytes at most");
	printf("# nothing new: %lld bytes, %u round trips\n", (long long)bytes, one.result[0].round_trips);

	one.tls[0] = scene.tls[1];
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(one.status[1] == REFUSED && strstr(one.err[1].text, "certificate") != NULL,
	    "another certificate than the grant's is refused");
	scene_close(&scene);
}

/* ---- attachments ---------------------------------------------------------------------------------------------------- */

static void content_fill(uint8_t *content, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++) {
		content[i] = (uint8_t)(i * 7 + seed + (i >> 9));
	}
}

static struct id attach(struct scene *scene, size_t len, unsigned seed, bool announce)
{
	uint8_t *content = malloc(len);
	struct err err = { .status = OK };
	struct buf item;
	struct id hash;

	content_fill(content, len, seed);
	ASSERT(store_attachment_put(&scene->home[0].store, bytes_of(content, len), &hash, &err) == OK);
	buf_init(&item, 256);
	cbor_put_array(&item, 1);
	cbor_put_array(&item, 3);
	cbor_put_bytes(&item, id_bytes(&hash));
	cbor_put_int(&item, (int64_t)len);
	cbor_put_literal(&item, "application/pdf");
	if (announce) {
		ask(scene, &scene->home[0], buf_bytes(&item));
	}
	buf_clear(&item);
	free(content);
	return hash;
}

static bool is_here(struct home *home, const struct id *hash)
{
	enum attachment_state state;
	struct err err = { .status = OK };

	return store_attachment_state(&home->store, hash, &state, &err) == OK && state == ATTACHMENT_HERE;
}

static void test_attachments(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };

	scene_open(&scene, 2);
	struct id large = attach(&scene, 700000, 2, true), hidden = attach(&scene, 500, 3, false);
	one.cut = 300000;
	talk(&one, &scene.home[1], &scene.home[0]);
	size_t first = one.moved;
	tap_ok(one.result[0].received_entries > 0 && !is_here(&scene.home[1], &large),
	    "attachments come last, when all entries are there");
	one.cut = 0;
	one.moved = 0;
	talk(&one, &scene.home[1], &scene.home[0]);
	struct id small = attach(&scene, 1000, 1, true);
	tap_ok(talk_good(&one) && is_here(&scene.home[1], &large), "the next session goes on with it");
	tap_ok(first + one.moved < 850000, "and does not begin it again");
	tap_is_int(one.result[0].received_attachments, 1, "what came is counted");
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(is_here(&scene.home[1], &small) && one.result[0].sent_attachments == 1,
	    "either side asks for what it lacks");
	tap_ok(!is_here(&scene.home[1], &hidden), "what no entry announces is not asked for");
	scene_close(&scene);
}

/* A partner who announces more than the owner gives room for, and sends much of it in part. */
static void test_room(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };
	struct err err = { .status = OK };
	static uint8_t whole[52000];
	int64_t room;

	scene_open(&scene, 11);
	struct id files[2] = { attach(&scene, 60000, 1, true), attach(&scene, 50000, 2, true) };
	store_setting_set(&scene.home[1].store, "attachment_bytes", bytes_text("100000"), &err);
	talk(&one, &scene.home[1], &scene.home[0]);
	tap_ok(talk_good(&one) && is_here(&scene.home[1], &files[0]) != is_here(&scene.home[1], &files[1]),
	    "what the home has no room for is not asked for, and the session goes on to its end");
	struct id third = attach(&scene, sizeof whole, 3, true);
	content_fill(whole, sizeof whole, 3);
	ASSERT(partial_append(&scene.home[1].store, &third, 0, bytes_of(whole, sizeof whole), &err) == OK);
	tap_ok(store_attachment_room(&scene.home[1].store, &room, &err) == OK && room == 0,
	    "what has come in part takes room too");
	talk(&one, &scene.home[1], &scene.home[0]);
	tap_ok(talk_good(&one) && !is_here(&scene.home[1], &third),
	    "so that many parts do not fill the disk, and one that lacks room alone waits");
	store_setting_set(&scene.home[1].store, "attachment_bytes", bytes_text("1000000"), &err);
	talk(&one, &scene.home[1], &scene.home[0]);
	tap_ok(
	    is_here(&scene.home[1], &third) && is_here(&scene.home[1], &files[0]) && is_here(&scene.home[1], &files[1]),
	    "all comes when the owner gives more");
	scene_close(&scene);
}

#define TURN_BYTES (4u << 20)
#define TURNS (LIMIT_LOADED_BYTES / TURN_BYTES) /* so often a file may be read for somebody who takes nothing of it */

static enum status want(struct sync *sync, const struct id *hash, uint64_t offset, struct err *err)
{
	struct buf content, out;

	buf_init(&content, 64);
	buf_init(&out, 2 * LIMIT_CHUNK_BYTES);
	buf_put_bytes(&content, id_bytes(hash));
	buf_put_varint(&content, offset);
	enum status status = pull_want_read(sync, buf_bytes(&content), &out, err);
	buf_clear(&content);
	buf_clear(&out);
	return status;
}

/* How many times two files can be asked for in turn, each time the first `take` bytes of it; at most TURNS + 8. */
static unsigned turns(struct scene *scene, const struct id files[2], uint64_t take, struct err *err)
{
	struct sync_options options = { .store = &scene->home[0].store,
		.tally = scene->home[0].tally,
		.peer_party = 1,
		.home_key = scene->world.keys[scene->key[0]].key,
		.secrets = &scene->home[0].secrets,
		.initiator = true,
		.now_ms = scene->world.now_ms };
	enum status status = OK;
	struct sync *sync;
	unsigned count = 0;

	err_clear(err);
	ASSERT(sync_open(&options, &sync, err) == OK);
	for (; count < TURNS + 8; count++) {
		status = want(
		    sync, &files[count % 2], TURN_BYTES, err); /* behind its end: it is read, and nothing is sent */
		for (uint64_t at = 0; status == OK && at < take; at += LIMIT_CHUNK_BYTES) {
			status = want(sync, &files[count % 2], at, err);
		}
		if (status != OK) {
			break;
		}
	}
	sync_close(sync);
	return count;
}

#define WANT_BYTES (2 + ID_BYTES + 1) /* of the first piece */

/* A partner's home, proven, that asks for one piece again and again in one breath. */
static void flood(void *context, unsigned from, struct buf *bytes)
{
	const struct id *file = context;
	struct buf content;

	if (from != 0 || bytes->len < WANT_BYTES || bytes->data[bytes->len - WANT_BYTES] != MESSAGE_WANT) {
		return;
	}
	buf_init(&content, 64);
	buf_put_bytes(&content, id_bytes(file));
	buf_put_varint(&content, 0);
	for (unsigned i = 0; i < 1000; i++) {
		message_put(bytes, MESSAGE_WANT, buf_bytes(&content));
	}
	buf_clear(&content);
}

static void test_flood(void)
{
	struct scene scene;
	struct talk one = { .spoil = flood };

	scene_open(&scene, 10);
	struct id file = attach(&scene, 60000, 1, true);
	one.context = &file;
	talk(&one, &scene.home[1], &scene.home[0]);
	tap_ok(one.status[1] == BAD_INPUT && strstr(one.err[1].text, "more at once") != NULL,
	    "who asks for more in one breath than an answer holds breaks the protocol; our memory is not at fault");
	scene_close(&scene);
}

static void test_turns(void)
{
	struct scene scene;
	struct err err;

	scene_open(&scene, 9);
	const struct id files[2] = { attach(&scene, TURN_BYTES, 1, true), attach(&scene, TURN_BYTES, 2, true) };
	tap_is_int(turns(&scene, files, 0, &err), TURNS, "who has files read by turns, and takes nothing, is read few");
	tap_ok(err.status == REFUSED && strstr(err.text, "by turns") != NULL, "and told why he is refused");
	tap_is_int(turns(&scene, files, TURN_BYTES / 4, &err), TURNS + 8, "who takes a good part of each goes on");
	scene_close(&scene);
}

/* ---- pipes ---------------------------------------------------------------------------------------------------------- */

struct answering {
	struct sync *sync;
	int fd;
	enum status status;
	struct err err;
};

static void *answer(void *context)
{
	struct answering *answering = context;

	answering->status = sync_over_fds(answering->sync, answering->fd, answering->fd, 20000, &answering->err);
	return NULL;
}

static void test_pipe(void)
{
	struct scene scene;
	struct sync *sync[2];
	struct err err = { .status = OK };
	struct sync_result result;
	pthread_t thread;
	int ends[2];

	scene_open(&scene, 3);
	for (unsigned i = 0; i < 500; i++) {
		ask(&scene, &scene.home[0], nothing);
	}
	ASSERT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	for (unsigned i = 0; i < 2; i++) {
		struct sync_options options = { .store = &scene.home[i].store,
			.tally = scene.home[i].tally,
			.peer_party = 1 - i,
			.home_key = scene.world.keys[scene.key[i]].key,
			.secrets = &scene.home[i].secrets,
			.initiator = i == 0,
			.now_ms = scene.world.now_ms };
		ASSERT(sync_open(&options, &sync[i], &err) == OK);
	}
	struct answering answering = { .sync = sync[1], .fd = ends[1] };
	ASSERT(pthread_create(&thread, NULL, answer, &answering) == 0);
	enum status status = sync_over_fds(sync[0], ends[0], ends[0], 20000, &err);
	pthread_join(thread, NULL);
	sync_result_get(sync[0], &result);
	tap_ok(status == OK && answering.status == OK && result.complete, "a session runs over descriptors to its end");
	sync_close(sync[0]);
	sync_close(sync[1]);
	close(ends[0]);
	close(ends[1]);
	tap_ok(homes_match(&scene.home[0], &scene.home[1]), "and both hold the same");
	scene_close(&scene);
}

static void test_command(void)
{
	struct scene scene;
	struct sync_command command;
	struct sync *sync;
	struct err err = { .status = OK };

	scene_open(&scene, 4);
	struct sync_options options = { .store = &scene.home[0].store,
		.tally = scene.home[0].tally,
		.peer_party = 1,
		.home_key = scene.world.keys[scene.key[0]].key,
		.secrets = &scene.home[0].secrets,
		.initiator = true,
		.now_ms = scene.world.now_ms };
	ASSERT(sync_open(&options, &sync, &err) == OK);
	ASSERT(sync_command_start("head -c 3 >/dev/null; exit 7", &command, &err) == OK);
	tap_is_int(sync_over_fds(sync, command.in_fd, command.out_fd, 20000, &err), INCOMPLETE,
	    "a command that goes away too soon leaves a session incomplete");
	sync_close(sync);
	err_clear(&err);
	tap_ok(sync_command_reap(&command, &err) == ENVIRONMENT && strstr(err.text, "7") != NULL,
	    "and its exit status is told");

	ASSERT(sync_open(&options, &sync, &err) == OK);
	err_clear(&err);
	ASSERT(sync_command_start("echo 'Welcome to this host!'; cat >/dev/null", &command, &err) == OK);
	tap_is_int(sync_over_fds(sync, command.in_fd, command.out_fd, 20000, &err), BAD_INPUT,
	    "a host that greets people in words is no home");
	sync_close(sync);
	sync_command_reap(&command, &err);

	ASSERT(sync_open(&options, &sync, &err) == OK);
	err_clear(&err);
	ASSERT(sync_command_start("cat >/dev/null", &command, &err) == OK);
	tap_ok(sync_over_fds(sync, command.in_fd, command.out_fd, 50, &err) == INCOMPLETE &&
		strstr(err.text, "nothing has moved") != NULL,
	    "silence ends a session after its time");
	sync_close(sync);
	sync_command_reap(&command, &err);
	scene_close(&scene);
}

/* ---- breaches ------------------------------------------------------------------------------------------------------- */

/* What an answerer says to these bytes. */
static enum status answered(struct scene *scene, struct bytes in, size_t times, struct err *err)
{
	struct sync_options options = { .store = &scene->home[1].store,
		.home_key = scene->world.keys[scene->key[1]].key,
		.secrets = &scene->home[1].secrets,
		.has_peer_tls = true,
		.peer_tls = scene->tls[0],
		.now_ms = scene->world.now_ms };
	enum status status = OK;
	struct sync *sync;
	struct buf out;

	err_clear(err);
	buf_init(&out, 1 << 20);
	ASSERT(sync_open(&options, &sync, err) == OK);
	for (size_t i = 0; status == OK && i < times; i++) {
		status = sync_step(sync, in, &out, err);
	}
	sync_close(sync);
	buf_clear(&out);
	return status;
}

static void greeting_put(const struct scene *scene, struct buf *out)
{
	struct buf content;

	buf_init(&content, 4096);
	cbor_put_array(&content, 6);
	cbor_put_int(&content, 1);
	cbor_put_bytes(&content, id_bytes(&scene->world.tally));
	cbor_put_int(&content, 1);
	cbor_put_bytes(&content, id_bytes(&scene->world.keys[scene->key[0]].key));
	cbor_put_null(&content);
	cbor_put_null(&content);
	message_put(out, MESSAGE_GREETING, buf_bytes(&content));
	buf_clear(&content);
}

static void test_breaches(void)
{
	static uint8_t zeros[1 << 20];
	static const uint8_t endless[] = { MESSAGE_FRAME, 0x80, 0x80, 0x80, 0x80, 0x04 };
	static const uint8_t long_length[] = { MESSAGE_FRAME, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
		0x80 };
	static const uint8_t frame[] = { MESSAGE_FRAME, 1, 0 };
	static const uint8_t bye[] = { MESSAGE_BYE, 0 };
	struct scene scene;
	struct buf greeting;
	struct err err;

	scene_open(&scene, 5);
	buf_init(&greeting, 8192);
	tap_is_int(answered(&scene, bytes_of(zeros, sizeof zeros), 1024, &err), BAD_INPUT,
	    "a gigabyte of zeros ends with its first byte");
	tap_ok(answered(&scene, bytes_of(endless, sizeof endless), 1, &err) == BAD_INPUT &&
		strstr(err.text, "at most") != NULL,
	    "a message that says it is a gigabyte long is refused by its head");
	tap_is_int(answered(&scene, bytes_of(long_length, sizeof long_length), 1, &err), BAD_INPUT,
	    "so is one whose length does not end");
	tap_ok(answered(&scene, bytes_of(frame, sizeof frame), 1, &err) == BAD_INPUT &&
		strstr(err.text, "not at this point") != NULL,
	    "entries before a greeting are refused");
	greeting_put(&scene, &greeting);
	tap_is_int(answered(&scene, buf_bytes(&greeting), 1, &err), OK,
	    "a greeting over a channel that proves keys is answered");
	tap_is_int(answered(&scene, buf_bytes(&greeting), 2, &err), BAD_INPUT, "twice the same greeting is a breach");
	buf_put(&greeting, bye, sizeof bye);
	tap_is_int(answered(&scene, buf_bytes(&greeting), 1, &err), NOT_FOUND, "who says goodbye at once is let go");
	buf_clear(&greeting);
	scene_close(&scene);
}

/* A clock in the far future harms nobody: it is a finding for the auditor. */
static void test_future(void)
{
	struct scene scene;
	struct talk one = { .seed = 0 };

	scene_open(&scene, 6);
	int64_t now_ms = scene.world.now_ms;
	scene.world.now_ms = 253402300799000;
	ask(&scene, &scene.home[0], nothing);
	scene.world.now_ms = now_ms;
	talk(&one, &scene.home[0], &scene.home[1]);
	tap_ok(talk_good(&one) && one.result[0].complete && homes_match(&scene.home[0], &scene.home[1]),
	    "an entry from the year 9999 is carried like any other");
	scene_close(&scene);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_channel();
	test_attachments();
	test_room();
	test_turns();
	test_flood();
	test_pipe();
	test_command();
	test_breaches();
	test_future();
	return tap_done();
}
