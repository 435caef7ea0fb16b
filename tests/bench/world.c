/* Keys, homes, the opening and the grants. See bench.h. */
#include "app/json.h"
#include "bench.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_MS 1767225600000 /* 2026-01-01 */
#define DAY_MS 86400000

void bench_fail(const char *what, const struct err *err)
{
	fprintf(stderr, "bench: %s: %s: %s\n", what, status_name(err->status), err->text);
	exit(1);
}

double bench_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

uint64_t bench_random(struct world *world)
{
	uint64_t x = world->random += 0x9E3779B97F4A7C15u;

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

unsigned bench_pick(struct world *world, unsigned count)
{
	return (unsigned)(bench_random(world) % count);
}

void bench_say(const char *name, double value)
{
	printf("%s %.9g\n", name, value);
	fflush(stdout);
}

/* ---- keys ----------------------------------------------------------------------------------------------------------- */

static unsigned hand_party(unsigned number)
{
	if (number < HAND_DESK) {
		return number % PARTIES;
	}
	if (number < HAND_HOME) {
		return (number - HAND_DESK) / DESKS;
	}
	return number < HAND_HOME_B ? number - HAND_HOME : number == HAND_HOME_B ? JP : GB;
}

unsigned world_desk(unsigned party, enum desk desk)
{
	return HAND_DESK + party * DESKS + desk;
}

void world_field(struct world *world, unsigned key)
{
	cbor_put_int(&world->fields, key);
	world->field_count++;
}

void world_text(struct world *world, unsigned key, const char *text)
{
	world_field(world, key);
	cbor_put_literal(&world->fields, text);
}

void world_int(struct world *world, unsigned key, int64_t value)
{
	world_field(world, key);
	cbor_put_int(&world->fields, value);
}

/* The agreement of the rehearsal, as the demo takes it. */
static void profile_put(struct world *world, struct buf *out)
{
	struct err err = { .status = OK };
	FILE *file = fopen("data/agreement-gb-jp-rehearsal.json", "rb");
	size_t len = 0;
	json_t *json;

	char *text = malloc(LIMIT_JSON_BYTES);
	if (file == NULL || text == NULL || (len = fread(text, 1, LIMIT_JSON_BYTES, file)) == 0) {
		err_set(
		    &err, ENVIRONMENT, "data/agreement-gb-jp-rehearsal.json cannot be read; run from the source's top");
		bench_fail("agreement", &err);
	}
	fclose(file);
	MUST(json_read(bytes_of(text, len), "agreement", &json, &err), &err);
	MUST(json_to_cbor(json, "agreement", out, &err), &err);
	world->profile = sha256(buf_bytes(out));
	json_decref(json);
	free(text);
}

/* Version 1 of a domain's rules. */
static void pair(struct world *world, const char *domain)
{
	cbor_put_literal(&world->fields, domain);
	cbor_put_int(&world->fields, 1);
}

static void opening_put(struct world *world)
{
	struct buf profile;

	buf_init(&profile, LIMIT_BODY_BYTES);
	profile_put(world, &profile);
	world_text(world, PROPOSED_MODE, "rehearsal");
	world_field(world, PROPOSED_PARTIES);
	cbor_put_array(&world->fields, PARTIES);
	for (unsigned i = 0; i < PARTIES; i++) {
		cbor_put_array(&world->fields, 3);
		cbor_put_literal(&world->fields, i == GB ? "GB" : "JP");
		cbor_put_bytes(&world->fields, id_bytes(&world->hands[HAND_ROOT + i].key));
		cbor_put_bytes(&world->fields, id_bytes(&world->hands[HAND_RECOVERY + i].key));
	}
	world_field(world, PROPOSED_RULES);
	cbor_put_map(&world->fields, world->toy ? 1 : 2);
	pair(world, world->toy ? "toy" : "support");
	if (!world->toy) {
		pair(world, "statement");
	}
	world_field(world, PROPOSED_PROFILE);
	buf_put_bytes(&world->fields, buf_bytes(&profile));
	world_field(world, PROPOSED_NONCE);
	cbor_put_bytes(&world->fields, bytes_of("0123456789abcdef", 16));
	buf_clear(&profile);
}

/* The body of the opening, in world->body. */
static void opening_write(struct world *world)
{
	opening_put(world);
	struct body_draft draft = { .kind = "tally.proposed",
		.stated_ms = FIRST_MS,
		.fields = buf_bytes(&world->fields),
		.field_count = world->field_count };
	buf_reset(&world->body);
	body_write(&world->body, &draft);
	buf_reset(&world->fields);
	world->field_count = 0;
	world->tally = sha256(buf_bytes(&world->body));
}

void world_init(struct world *world, const char *dir, bool toy)
{
	*world = (struct world){ .dir = dir, .random = 1, .now_ms = FIRST_MS, .toy = toy };
	buf_init(&world->fields, LIMIT_BODY_BYTES);
	buf_init(&world->body, LIMIT_BODY_BYTES);
	for (unsigned i = 0; i < HANDS; i++) {
		uint8_t seed[32] = { (uint8_t)(i + 1), 'b' };
		key_from_seed(seed, &world->hands[i].key, world->hands[i].secret);
		world->hands[i].party = hand_party(i);
	}
	opening_write(world);
	for (unsigned i = 0; i < HAND_DESK; i++) {
		world->hands[i].prev = world->tally;
	}
}

void world_clear(struct world *world)
{
	buf_clear(&world->fields);
	buf_clear(&world->body);
}

/* ---- entries -------------------------------------------------------------------------------------------------------- */

static void entry_store(struct world *world, const struct entry *entry)
{
	struct err err = { .status = OK };
	enum accepted accepted;
	int64_t row;

	MUST(store_accept(&world->home->store, world->home->tally, entry, world->now_ms, &accepted, &row, &err), &err);
}

static void entry_aside(struct world *world, const struct entry *entry)
{
	uint64_t len = entry->body.bytes.len;

	if (fwrite(&entry->place, sizeof entry->place, 1, world->aside) != 1 ||
	    fwrite(entry->signature, SIGNATURE_BYTES, 1, world->aside) != 1 ||
	    fwrite(&len, sizeof len, 1, world->aside) != 1 ||
	    fwrite(entry->body.bytes.data, len, 1, world->aside) != 1) {
		struct err err = { .status = ENVIRONMENT };
		bench_fail("entries put aside", &err);
	}
}

struct id world_enter(struct world *world, unsigned number, struct body_draft *draft)
{
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	struct hand *hand = &world->hands[number];
	struct place place = { world->tally, hand->key, hand->seq + 1, hand->prev };
	struct entry entry;

	world->now_ms += 1000 + (int64_t)(bench_random(world) % 240000);
	draft->stated_ms = world->now_ms;
	draft->fields = buf_bytes(&world->fields);
	draft->field_count = world->field_count;
	draft->seen = hand->has_seen ? &hand->seen : NULL;
	buf_reset(&world->body);
	body_write(&world->body, draft);
	const char *reason = entry_init(&entry, &place, buf_bytes(&world->body), unsigned_yet);
	if (reason != NULL) {
		struct err err = { .status = BAD_INPUT };
		bench_fail(reason, &err);
	}
	entry_sign(&entry, hand->secret);
	if (world->aside != NULL) {
		entry_aside(world, &entry);
	} else {
		entry_store(world, &entry);
	}
	hand->seq++;
	hand->prev = entry.id;
	buf_reset(&world->fields);
	world->field_count = 0;
	world->entries++;
	return entry.id;
}

/* The home of a party acknowledges what the other's wrote; its desks have seen that from now on. */
static void home_acknowledges(struct world *world, unsigned party)
{
	unsigned number = HAND_HOME + party;
	struct secrets secrets = { 0 };
	struct err err = { .status = OK };
	bool written;

	memcpy(secrets.sign, world->hands[number].secret, SECRET_BYTES);
	struct keeper keeper = { .store = &world->home->store,
		.tally = world->home->tally,
		.now_ms = world->now_ms,
		.own_party = party,
		.home_key = &world->hands[number].key,
		.secrets = &secrets };
	MUST(keeper_acknowledge(&keeper, &written, &err), &err);
	if (!written) {
		return;
	}
	world->entries++;
	struct hand *desk = &world->hands[world_desk(party, DESK_ORDERS)];
	MUST(
	    acknowledgement_last(&world->home->store, world->home->tally, &world->hands[number].key, &desk->seen, &err),
	    &err);
	for (unsigned i = 0; i < DESKS; i++) {
		struct hand *other = &world->hands[world_desk(party, i)];
		other->seen = desk->seen;
		other->has_seen = true;
	}
}

void world_meet(struct world *world)
{
	struct err err = { .status = OK };

	MUST(fold_update(&world->home->store, world->home->tally, &err), &err);
	home_acknowledges(world, GB);
	home_acknowledges(world, JP);
	MUST(store_commit(&world->home->store, &err), &err);
	MUST(store_begin(&world->home->store, &err), &err);
}

/* ---- homes ---------------------------------------------------------------------------------------------------------- */

static void home_name(struct world *world, struct home *home, const char *name, unsigned hand)
{
	*home = (struct home){ .hand = hand, .party = world->hands[hand].party };
	snprintf(home->path, sizeof home->path, "%s/%s", world->dir, name);
	memcpy(home->secrets.sign, world->hands[hand].secret, SECRET_BYTES);
}

void home_open(struct world *world, struct home *home, const char *name, unsigned hand)
{
	struct err err = { .status = OK };
	struct tally_row row;

	home_name(world, home, name, hand);
	MUST(store_open(home->path, DB_WRITE, &home->store, &err), &err);
	MUST(store_tally_find(&home->store, &world->tally, &row, &err), &err);
	home->tally = row.row;
}

void home_make(struct world *world, struct home *home, const char *name, unsigned hand)
{
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	struct err err = { .status = OK };
	struct place place = { world->tally, world->hands[HAND_ROOT].key, 1, world->tally };
	struct tally_row row;
	struct entry entry;
	enum accepted accepted;
	int64_t stored;

	home_name(world, home, name, hand);
	opening_write(world);
	if (entry_init(&entry, &place, buf_bytes(&world->body), unsigned_yet) != NULL) {
		bench_fail("opening", &err);
	}
	entry_sign(&entry, world->hands[HAND_ROOT].secret);
	world->hands[HAND_ROOT].seq = 1;
	world->hands[HAND_ROOT].prev = entry.id;
	MUST(store_create(home->path, &err), &err);
	MUST(store_open(home->path, DB_WRITE, &home->store, &err), &err);
	MUST(store_begin(&home->store, &err), &err);
	MUST(store_tally_add(&home->store, &entry, home->party, &row, &err), &err);
	home->tally = row.row;
	MUST(store_accept(&home->store, home->tally, &entry, FIRST_MS, &accepted, &stored, &err), &err);
	MUST(fold_update(&home->store, home->tally, &err), &err);
	MUST(store_commit(&home->store, &err), &err);
}

struct id world_tls(const struct world *world, unsigned number)
{
	return sha256(id_bytes(&world->hands[number].key));
}

/* ---- grants --------------------------------------------------------------------------------------------------------- */

static void grant(struct world *world, unsigned number, const char *officer, const char *first, const char *second)
{
	struct hand *hand = &world->hands[number];
	bool desk = first != NULL;

	world_field(world, GRANT_KEY);
	cbor_put_bytes(&world->fields, id_bytes(&hand->key));
	world_text(world, GRANT_OFFICER, officer);
	if (desk) {
		world_text(world, GRANT_POST, "Supply officer");
		world_field(world, GRANT_ROLES);
		cbor_put_array(&world->fields, 2);
		cbor_put_literal(&world->fields, first);
		cbor_put_literal(&world->fields, second);
	}
	world_int(world, GRANT_UNTIL, FIRST_MS + 3650 * (int64_t)DAY_MS);
	if (desk) {
		world_int(world, GRANT_NUMBER, (int64_t)number + 1);
	} else {
		struct id tls = world_tls(world, number);
		world_field(world, GRANT_TLS);
		cbor_put_bytes(&world->fields, id_bytes(&tls));
	}
	struct body_draft draft = { .kind = desk ? "desk.granted" : "home.granted" };
	hand->prev = world_enter(world, HAND_ROOT + hand->party, &draft);
}

void world_begin(struct world *world)
{
	static const char *const roles[DESKS][2] = { { "issuer", "orderer" }, { "issuer", "receiver" },
		{ "claims", "receiver" }, { "liaison", "payer" } };
	struct err err = { .status = OK };
	char officer[32];

	MUST(store_begin(&world->home->store, &err), &err);
	world->entries = 1;
	world_enter(world, HAND_ROOT + JP, &(struct body_draft){ .kind = "tally.accepted" });
	for (unsigned i = HAND_DESK; i < HANDS; i++) {
		const char *const *held = i < HAND_HOME ? roles[(i - HAND_DESK) % DESKS] : roles[DESK_ORDERS];
		bool home = i >= HAND_HOME && i < HAND_WRITER;
		if (world->toy) {
			static const char *const librarians[2] = { "librarian", "reader" };
			held = librarians;
		}
		snprintf(officer, sizeof officer, home ? "ship-%u" : "off-%04u", 1000 + i * 37);
		grant(world, i, officer, home ? NULL : held[0], home ? NULL : held[1]);
	}
}
