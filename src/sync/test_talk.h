/* Two sessions wired to each other in memory, in pieces of any size, cut wherever a test wants: for the tests of sync. */
#ifndef WARIFU_SYNC_TEST_TALK_H
#define WARIFU_SYNC_TEST_TALK_H
#include "fold/test_world.h"
#include "sync/sync.h"
#include <fcntl.h>
#include <sys/stat.h>

struct home {
	struct world *world;
	struct store store;
	int64_t tally;
	unsigned party, key;
	struct secrets secrets;
};

/* A home of a party whose key is granted already; it holds nothing but the tally's opening. */
static inline void home_open(struct home *home, struct world *world, unsigned party, unsigned key)
{
	*home = (struct home){ .world = world, .party = party, .key = key };
	memcpy(home->secrets.sign, world->keys[key].secret, SECRET_BYTES);
	world_store_of(world, party, &home->store, &home->tally);
}

/* A home whose grant names its certificate; returns its key. */
static inline unsigned home_grant(struct world *world, unsigned root, const struct id *tls)
{
	unsigned key = world_key(world, world->keys[root].party);
	struct buf fields;

	buf_init(&fields, 4096);
	cbor_put_int(&fields, GRANT_KEY);
	cbor_put_bytes(&fields, id_bytes(&world->keys[key].key));
	cbor_put_int(&fields, GRANT_LABEL);
	cbor_put_literal(&fields, "home");
	cbor_put_int(&fields, GRANT_UNTIL);
	cbor_put_int(&fields, 1500000000000);
	cbor_put_int(&fields, GRANT_TLS);
	cbor_put_bytes(&fields, id_bytes(tls));
	world->keys[key].prev =
	    world_say(world, root, &(struct saying){ .kind = "home.granted", .fields = &fields, .field_count = 4 });
	buf_clear(&fields);
	return key;
}

/* A home that does not have the tally. */
static inline void home_bare(struct home *home, struct world *world, unsigned party, unsigned key)
{
	char path[128];
	struct err err = { .status = OK };

	*home = (struct home){ .world = world, .party = party, .key = key };
	memcpy(home->secrets.sign, world->keys[key].secret, SECRET_BYTES);
	snprintf(path, sizeof path, "%s/%u", world->dir, world->store_count++);
	ASSERT(store_create(path, &err) == OK && store_open(path, DB_WRITE, &home->store, &err) == OK);
}

/* Lays a key with the home at which it writes: that there is a file is all that is looked at. */
static inline void home_lay(struct home *home, unsigned key)
{
	char path[256], hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(&home->world->keys[key].key), hex);
	snprintf(path, sizeof path, "%.128s/keys", home->store.path);
	(void)mkdir(path, 0700);
	snprintf(path, sizeof path, "%.128s/keys/%.64s.key", home->store.path, hex);
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ASSERT(file >= 0 && close(file) == 0 && keyfile_exists(home->store.path, &home->world->keys[key].key));
}

/* Entries [from, to) of the world, in one transaction. */
static inline void home_take(struct home *home, unsigned from, unsigned to)
{
	struct err err = { .status = OK };
	enum accepted accepted;

	ASSERT(store_begin(&home->store, &err) == OK);
	for (unsigned i = from; i < to; i++) {
		if (world_deliver(home->world, &home->store, home->tally, i, &accepted, &err) != OK) {
			printf("# entry %u: %s\n", i, err.text);
			abort();
		}
	}
	ASSERT(fold_update(&home->store, home->tally, &err) == OK && store_commit(&home->store, &err) == OK);
}

static inline struct id home_digest(struct home *home)
{
	struct err err = { .status = OK };
	struct id digest = { { 0 } };

	if (digest_now(&home->store, home->tally, &digest, &err) != OK) {
		printf("# digest: %s\n", err.text);
	}
	return digest;
}

static inline bool homes_match(struct home *a, struct home *b)
{
	struct id one = home_digest(a), two = home_digest(b);

	return id_equal(&one, &two);
}

static inline int64_t home_entries(struct home *home)
{
	struct vector vector;
	struct arena arena;
	struct err err = { .status = OK };
	int64_t count = 0;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	ASSERT(vector_now(&home->store, home->tally, &arena, &vector, &err) == OK);
	for (unsigned i = 0; i < vector.count; i++) {
		count += (int64_t)vector.items[i].seq;
	}
	arena_clear(&arena);
	return count;
}

/* How a conversation goes, and how it went. */
struct talk {
	uint64_t seed; /* of the pieces; 0: whole flights, one side after the other */
	size_t cut;    /* bytes in all after which the link breaks; 0: never */
	bool channel;  /* keys are proven by the channel: tls[0] is shown by the initiator, tls[1] by the answerer */
	struct id tls[2];
	int64_t tally; /* of the initiator, if not its own */
	void (*spoil)(void *context, unsigned from, struct buf *bytes);
	void *context; /* changes what side `from` has just said */
	struct sync_result result[2];
	enum status status[2];
	struct err err[2];
	bool over[2]; /* did the session come to its end at this side? */
	size_t moved;
	unsigned from;    /* who spoke last */
	unsigned flights; /* times that the direction changed */
};

static inline uint64_t talk_random(struct talk *talk)
{
	talk->seed ^= talk->seed << 13;
	talk->seed ^= talk->seed >> 7;
	talk->seed ^= talk->seed << 17;
	return talk->seed;
}

struct talk_side {
	struct sync *sync;
	struct buf out;
	bool over;
};

static inline void talk_step(struct talk *talk, struct talk_side sides[2], unsigned to, struct bytes in)
{
	size_t before = sides[to].out.len;
	enum status status = sync_step(sides[to].sync, in, &sides[to].out, &talk->err[to]);

	if (status != OK) {
		sides[to].over = true;
		talk->status[to] = status == NOT_FOUND ? OK : status;
	}
	if (talk->spoil != NULL && sides[to].out.len > before) {
		talk->spoil(talk->context, to, &sides[to].out);
	}
}

/* Moves some bytes of one side to the other. */
static inline void talk_move(struct talk *talk, struct talk_side sides[2], unsigned from)
{
	struct buf *out = &sides[from].out;
	size_t len = talk->seed == 0 ? out->len : 1 + talk_random(talk) % (talk_random(talk) % 2 == 0 ? 7 : 20000);

	len = len < out->len ? len : out->len;
	if (talk->cut != 0 && talk->moved + len > talk->cut) {
		len = talk->cut - talk->moved;
	}
	struct bytes piece = bytes_of(out->data, len);
	talk->moved += len;
	if (!sides[1 - from].over) {
		talk_step(talk, sides, 1 - from, piece);
	}
	memmove(out->data, out->data + len, out->len - len);
	out->len -= len;
}

/* Who may still say something says it; then some bytes of one side reach the other. False: there are none. */
static inline bool talk_turn(struct talk *talk, struct talk_side sides[2])
{
	for (unsigned i = 0; i < 2; i++) {
		while (!sides[i].over && sides[i].out.len == 0 && !sync_wants_input(sides[i].sync)) {
			talk_step(talk, sides, i, bytes_of(NULL, 0));
		}
	}
	unsigned from = talk->seed == 0 ? 1 - talk->from : (unsigned)(talk_random(talk) % 2);
	from = sides[from].out.len > 0 ? from : 1 - from;
	if (sides[from].out.len == 0) {
		return false;
	}
	talk->flights += talk->moved == 0 || from != talk->from;
	talk->from = from;
	talk_move(talk, sides, from);
	return true;
}

static inline void talk_run(struct talk *talk, struct talk_side sides[2])
{
	for (unsigned long turns = 0; turns < 10000000; turns++) {
		if (!talk_turn(talk, sides) || (talk->cut != 0 && talk->moved == talk->cut)) {
			return;
		}
	}
	printf("# the conversation does not end\n");
}

/* Both sides begin; false when one of the two cannot. */
static inline bool talk_open(
    struct talk *talk, struct talk_side sides[2], struct home *initiator, struct home *answerer)
{
	struct home *homes[2] = { initiator, answerer };
	bool open = true;

	for (unsigned i = 0; i < 2; i++) {
		struct sync_options options = { .store = &homes[i]->store,
			.tally = i == 0 ? homes[i]->tally : 0,
			.peer_party = answerer->party,
			.home_key = homes[i]->world->keys[homes[i]->key].key,
			.secrets = &homes[i]->secrets,
			.initiator = i == 0,
			.has_peer_tls = talk->channel,
			.peer_tls = talk->tls[1 - i],
			.now_ms = homes[i]->world->now_ms };
		sides[i] = (struct talk_side){ .sync = NULL };
		err_clear(&talk->err[i]);
		talk->status[i] = sync_open(&options, &sides[i].sync, &talk->err[i]);
		buf_init(&sides[i].out, 64u << 20);
		open = open && talk->status[i] == OK;
	}
	return open;
}

static inline void talk_close(struct talk *talk, struct talk_side sides[2])
{
	for (unsigned i = 0; i < 2; i++) {
		if (sides[i].sync != NULL) {
			sync_result_get(sides[i].sync, &talk->result[i]);
		}
		talk->over[i] = sides[i].over;
		sync_close(sides[i].sync);
		buf_clear(&sides[i].out);
	}
}

static inline void talk(struct talk *talk, struct home *initiator, struct home *answerer)
{
	struct talk_side sides[2];

	if (talk_open(talk, sides, initiator, answerer)) {
		talk_run(talk, sides);
	}
	talk_close(talk, sides);
}

/* Nothing went wrong, and neither side waits for the other for ever, unless the link was cut. */
static inline bool talk_good(const struct talk *talk)
{
	bool good =
	    talk->status[0] == OK && talk->status[1] == OK && (talk->cut != 0 || (talk->over[0] && talk->over[1]));

	for (unsigned i = 0; !good && i < 2; i++) {
		printf("# side %u: %s %s%s\n", i, status_name(talk->status[i]), talk->err[i].text,
		    talk->over[i] ? "" : ", not over");
	}
	return good;
}
#endif
