/* Keys, homes, moves of the simulated world. The domain is that of the fold's own tests: it has every shape of move that the kernel knows. */
#include "fold/test_world.h"
#include "sim.h"

#define DAY 86400000

uint64_t sim_random(struct sim *sim)
{
	uint64_t x = sim->random += 0x9E3779B97F4A7C15u;

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

unsigned sim_pick(struct sim *sim, unsigned count)
{
	return (unsigned)(sim_random(sim) % count);
}

static void key_make(struct sim *sim, struct sim_key *key)
{
	uint8_t seed[32];

	for (unsigned i = 0; i < sizeof seed; i++) {
		seed[i] = (uint8_t)sim_random(sim);
	}
	key_from_seed(seed, &key->key, key->secret);
}

/* ---- entries -------------------------------------------------------------------------------------------------------- */

static void fail(const char *what, const struct err *err)
{
	printf("# %s: %s\n", what, err->text);
	abort();
}

static enum status entry_store(struct sim_home *home, struct entry *entry, int64_t now_ms, struct err *err)
{
	enum accepted accepted;
	int64_t row;
	enum status status = store_begin(&home->store, err);

	if (status == OK) {
		status = store_accept(&home->store, home->tally, entry, now_ms, &accepted, &row, err);
		status = status == OK ? fold_update(&home->store, home->tally, err) : status;
		status = status == OK ? store_commit(&home->store, err) : (store_rollback(&home->store), status);
	}
	return status;
}

bool sim_enter(
    struct sim *sim, struct sim_home *home, const struct sim_key *key, struct body_draft *draft, struct id *out)
{
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	struct err err = { .status = OK };
	struct judgement judgement;
	struct place place;
	struct entry entry;
	struct arena arena;
	struct buf body;

	if (store_next_place(&home->store, home->tally, &key->key, &place, &err) != OK) {
		return false; /* its grant has not come here yet */
	}
	sim->now_ms += 1 + (int64_t)sim_pick(sim, 600000);
	draft->stated_ms = sim->now_ms;
	buf_init(&body, LIMIT_BODY_BYTES);
	body_write(&body, draft);
	arena_init(&arena, LIMIT_ARENA_BYTES);
	ASSERT(entry_init(&entry, &place, buf_bytes(&body), unsigned_yet) == NULL);
	struct candidate candidate = { place, entry.body };
	ASSERT(store_begin(&home->store, &err) == OK); /* many small questions are cheaper in one transaction */
	if (fold_judge(&home->store, home->tally, &candidate, &arena, &judgement, &err) != OK) {
		fail("judged", &err);
	}
	bool good = judgement.verdict != VERDICT_VOID;
	if (good) {
		entry_sign(&entry, key->secret);
		if (entry_store(home, &entry, sim->now_ms, &err) != OK) {
			fail("own entry", &err);
		}
		*out = entry.id;
	}
	if (store_commit(&home->store, &err) != OK) {
		fail("commit", &err);
	}
	sim->moves += good;
	sim->refused += !good;
	arena_clear(&arena);
	buf_clear(&body);
	return good;
}

/* ---- grants --------------------------------------------------------------------------------------------------------- */

static void grant(struct sim *sim, struct sim_home *home, const struct id *key, unsigned number)
{
	struct buf fields;
	struct id id;

	buf_init(&fields, 1024);
	cbor_put_int(&fields, GRANT_KEY);
	cbor_put_bytes(&fields, id_bytes(key));
	cbor_put_int(&fields, GRANT_OFFICER);
	cbor_put_literal(&fields, number > 0 ? "officer" : "home");
	if (number > 0) {
		cbor_put_int(&fields, GRANT_POST);
		cbor_put_literal(&fields, "supply officer");
		cbor_put_int(&fields, GRANT_ROLES);
		cbor_put_array(&fields, 2);
		cbor_put_literal(&fields, "answerer");
		cbor_put_literal(&fields, "asker");
	}
	cbor_put_int(&fields, GRANT_UNTIL);
	cbor_put_int(&fields, 4000000000000);
	if (number > 0) {
		cbor_put_int(&fields, GRANT_NUMBER);
		cbor_put_int(&fields, number);
	}
	struct body_draft draft = { .kind = number > 0 ? "desk.granted" : "home.granted",
		.fields = buf_bytes(&fields),
		.field_count = number > 0 ? 6 : 3 };
	ASSERT(sim_enter(sim, home, &sim->root[home->party], &draft, &id));
	buf_clear(&fields);
}

void sim_grant_desk(struct sim *sim, unsigned home)
{
	unsigned party = sim->homes[home].party;
	struct sim_desk *desk = &sim->desks[sim->desk_count];

	if (sim->desk_count == SIM_DESKS) {
		return;
	}
	*desk = (struct sim_desk){ .party = party, .home = home };
	key_make(sim, &desk->key);
	grant(sim, &sim->homes[party], &desk->key.key, ++sim->desk_count);
}

void sim_revoke(struct sim *sim, unsigned party)
{
	struct sim_desk *desk = &sim->desks[sim_pick(sim, sim->desk_count)];
	struct log_row logs[LIMIT_BRANCHES];
	struct err err = { .status = OK };
	struct sim_home *home = &sim->homes[party];
	struct buf fields;
	unsigned count = 0;
	struct id id;

	if (desk->party != party ||
	    store_log_of_key(&home->store, home->tally, &desk->key.key, logs, &count, &err) != OK || count == 0) {
		return;
	}
	buf_init(&fields, 1024);
	cbor_put_int(&fields, REVOKED_KEY);
	cbor_put_bytes(&fields, id_bytes(&desk->key.key));
	cbor_put_int(&fields, REVOKED_SEQ);
	cbor_put_int(&fields, (int64_t)(logs[0].head_seq - sim_pick(sim, (unsigned)logs[0].head_seq)));
	cbor_put_int(&fields, REVOKED_REASON);
	cbor_put_literal(&fields, "lost");
	struct body_draft draft = { .kind = "grant.revoked", .fields = buf_bytes(&fields), .field_count = 3 };
	sim->revocations += sim_enter(sim, home, &sim->root[party], &draft, &id);
	buf_clear(&fields);
}

/* ---- the beginning -------------------------------------------------------------------------------------------------- */

static const char *const codes[SIM_PARTIES] = { "AU", "GB", "JP" };

static void opening_write(struct sim *sim, struct buf *body)
{
	struct buf fields;

	buf_init(&fields, 4096);
	cbor_put_int(&fields, PROPOSED_MODE);
	cbor_put_literal(&fields, "rehearsal");
	cbor_put_int(&fields, PROPOSED_PARTIES);
	cbor_put_array(&fields, sim->party_count);
	for (unsigned i = 0; i < sim->party_count; i++) {
		cbor_put_array(&fields, 3);
		cbor_put_literal(&fields, codes[i]);
		cbor_put_bytes(&fields, id_bytes(&sim->root[i].key));
		cbor_put_bytes(&fields, id_bytes(&sim->recovery[i].key));
	}
	cbor_put_int(&fields, PROPOSED_RULES);
	cbor_put_map(&fields, 1);
	cbor_put_literal(&fields, "t");
	cbor_put_int(&fields, 1);
	cbor_put_int(&fields, PROPOSED_PROFILE);
	cbor_put_map(&fields, 0);
	cbor_put_int(&fields, PROPOSED_NONCE);
	cbor_put_bytes(&fields, bytes_of("0123456789abcdef", 16));
	buf_init(body, LIMIT_BODY_BYTES);
	body_write(body,
	    &(struct body_draft){
		.kind = "tally.proposed", .stated_ms = sim->now_ms, .fields = buf_bytes(&fields), .field_count = 5 });
	buf_clear(&fields);
}

static void home_make(struct sim *sim, unsigned number, struct entry *proposed)
{
	struct sim_home *home = &sim->homes[number];
	struct err err = { .status = OK };
	struct tally_row row;

	home->party = number % sim->party_count;
	key_make(sim, &home->key);
	memcpy(home->secrets.sign, home->key.secret, SECRET_BYTES);
	snprintf(home->path, sizeof home->path, "%s/%u", sim->dir, number);
	if (store_create(home->path, &err) != OK || store_open(home->path, DB_WRITE, &home->store, &err) != OK ||
	    store_tally_add(&home->store, proposed, home->party, &row, &err) != OK) {
		fail("home", &err);
	}
	home->tally = row.row;
	if (entry_store(home, proposed, sim->now_ms, &err) != OK) {
		fail("opening", &err);
	}
}

/* By file, as a registrar would: all of a root's log. */
static void root_log_copy(struct sim *sim, unsigned party, unsigned to)
{
	struct sim_home *from = &sim->homes[party], *home = &sim->homes[to];
	struct id none = { { 0 } };
	struct log_row log;
	struct err err = { .status = OK };
	struct arena arena;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	ASSERT(store_log_find(&from->store, from->tally, &sim->root[party].key, &none, &log, &err) == OK);
	for (uint64_t seq = 1; seq <= log.head_seq; seq++) {
		struct entry_row row;
		struct entry entry;
		struct place place;
		ASSERT(store_entry_at(&from->store, log.row, seq, &arena, &row, &err) == OK);
		ASSERT(store_entry_place(&from->store, &row, &place, &err) == OK);
		ASSERT(entry_init(&entry, &place, row.body, row.signature) == NULL);
		if (entry_store(home, &entry, sim->now_ms, &err) != OK) {
			fail("root log", &err);
		}
	}
	arena_clear(&arena);
}

void sim_open(struct sim *sim, uint64_t seed)
{
	uint8_t none[SIGNATURE_BYTES] = { 0 };
	struct entry proposed;
	struct buf body;
	struct id id;

	*sim = (struct sim){ .random = seed * 2654435761u, .now_ms = 1767225600000 };
	wire_start();
	snprintf(
	    sim->dir, sizeof sim->dir, "%s/warifu-world-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	ASSERT(mkdtemp(sim->dir) != NULL);
	setenv("WARIFU_STATE", sim->dir, 1);
	sim->party_count = 2 + sim_pick(sim, 2);
	sim->home_count = sim->party_count * (1 + sim_pick(sim, 3));
	for (unsigned i = 0; i < sim->party_count; i++) {
		key_make(sim, &sim->root[i]);
		key_make(sim, &sim->recovery[i]);
	}
	opening_write(sim, &body);
	sim->tally = sha256(buf_bytes(&body));
	struct place place = { sim->tally, sim->root[0].key, 1, sim->tally };
	ASSERT(entry_init(&proposed, &place, buf_bytes(&body), none) == NULL);
	entry_sign(&proposed, sim->root[0].secret);
	for (unsigned i = 0; i < sim->home_count; i++) {
		home_make(sim, i, &proposed);
	}
	for (unsigned i = 1; i < sim->party_count; i++) {
		ASSERT(sim_enter(
		    sim, &sim->homes[i], &sim->root[i], &(struct body_draft){ .kind = "tally.accepted" }, &id));
	}
	for (unsigned i = 0; i < sim->home_count; i++) {
		grant(sim, &sim->homes[i % sim->party_count], &sim->homes[i].key.key, 0);
	}
	for (unsigned i = 0; i < sim->home_count * 2; i++) {
		sim_grant_desk(sim, i % sim->home_count);
	}
	for (unsigned i = sim->party_count; i < sim->home_count; i++) {
		root_log_copy(sim, i % sim->party_count, i);
	}
	buf_clear(&body);
}

void sim_close(struct sim *sim)
{
	for (unsigned i = 0; i < sim->home_count; i++) {
		store_close(&sim->homes[i].store);
	}
	nftw(sim->dir, world_remove, 16, FTW_DEPTH | FTW_PHYS);
}

void sim_reopen(struct sim *sim, unsigned number)
{
	struct sim_home *home = &sim->homes[number];
	struct err err = { .status = OK };

	store_close(&home->store);
	if (store_open(home->path, DB_WRITE, &home->store, &err) != OK) {
		fail("reopened", &err);
	}
	sim->reopened++;
}

/* ---- moves ---------------------------------------------------------------------------------------------------------- */

struct wish {
	const char *kind;
	struct id thread, part;
	struct id answers[2];
	unsigned answer_count;
	struct id refs[1];
	unsigned ref_count;
};

static bool seen_get(struct sim_home *home, struct id *seen)
{
	struct err ignored = { .status = OK };

	return acknowledgement_last(&home->store, home->tally, &home->key.key, seen, &ignored) == OK;
}

static bool wish_enter(struct sim *sim, struct sim_home *home, const struct sim_key *key, struct wish *wish,
    struct buf *fields, unsigned count)
{
	struct id seen, id;
	bool opens_thread = strcmp(wish->kind, "t.asked") == 0, opens_part = strcmp(wish->kind, "t.begun") == 0;
	struct body_draft draft = { .kind = wish->kind,
		.thread = opens_thread ? NULL : &wish->thread,
		.part = opens_thread || opens_part || id_is_zero(&wish->part) ? NULL : &wish->part,
		.answers = wish->answers,
		.answer_count = wish->answer_count,
		.refs = wish->refs,
		.ref_count = wish->ref_count,
		.fields = buf_bytes(fields),
		.field_count = count };

	draft.answers = wish->answer_count > 0 ? wish->answers : NULL;
	draft.refs = wish->ref_count > 0 ? wish->refs : NULL;
	draft.seen = seen_get(home, &seen) ? &seen : NULL;
	bool good = sim_enter(sim, home, key, &draft, &id);
	if (good && opens_thread && sim->thread_count < SIM_THREADS) {
		sim->threads[sim->thread_count++] = id;
	}
	return good;
}

static void ask(struct sim *sim, struct sim_home *home, const struct sim_key *key)
{
	struct wish wish = { .kind = "t.asked" };
	unsigned other = (home->party + 1 + sim_pick(sim, sim->party_count - 1)) % sim->party_count;
	struct buf fields;

	buf_init(&fields, 64);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, codes[other]);
	wish_enter(sim, home, key, &wish, &fields, 1);
	buf_clear(&fields);
}

/* Moves that the table allows from the state of a part with one head, to anybody; the fold refuses those of the wrong side. */
static void part_move(
    struct sim *sim, struct sim_home *home, const struct sim_key *key, const struct fold *fold, const struct part *part)
{
	const struct state *state = fold_part_state(fold, part);
	const struct transition *rows[8];
	unsigned count = 0;
	struct buf fields;

	for (const struct transition *row = t_transitions; state != NULL && row->kind != NULL && count < 8; row++) {
		if (row->from != NULL && strcmp(row->part_type, part->type->name) == 0 &&
		    strcmp(row->from, state->name) == 0) {
			rows[count++] = row;
		}
	}
	struct wish wish = { .thread = fold->thread, .part = part->id };
	bool aside = strcmp(part->type->name, "talk") == 0 && sim_pick(sim, 4) == 0;
	if (count == 0 || aside) {
		wish.kind = sim_pick(sim, 2) == 0 ? "t.begun" : "t.noted";
		wish.refs[0] = part->heads[0]->id;
		wish.ref_count = 1;
		wish.part = (struct id){ { 0 } };
	} else {
		wish.kind = rows[sim_pick(sim, count)]->kind;
		wish.answers[0] = part->heads[0]->id;
		wish.answer_count = 1;
	}
	bool number = strcmp(wish.kind, "t.answered") == 0 || strcmp(wish.kind, "t.asked_again") == 0;
	buf_init(&fields, 64);
	if (number) {
		cbor_put_int(&fields, 8);
		cbor_put_int(&fields, sim_pick(sim, 14));
	}
	wish_enter(sim, home, key, &wish, &fields, number);
	buf_clear(&fields);
}

static void part_resolve(
    struct sim *sim, struct sim_home *home, const struct sim_key *key, const struct fold *fold, const struct part *part)
{
	struct wish wish = { .kind = "t.resolved", .thread = fold->thread, .part = part->id, .answer_count = 2 };
	struct buf fields;

	wish.answers[0] = part->heads[0]->id;
	wish.answers[1] = part->heads[1]->id;
	buf_init(&fields, 64);
	cbor_put_int(&fields, 8);
	cbor_put_bytes(&fields, id_bytes(&part->heads[sim_pick(sim, 2)]->id));
	wish_enter(sim, home, key, &wish, &fields, 1);
	buf_clear(&fields);
}

static void thread_act(struct sim *sim, struct sim_home *home, const struct sim_key *key)
{
	struct id thread = sim->threads[sim_pick(sim, sim->thread_count)];
	struct err err = { .status = OK };
	struct fold *fold;
	struct thread_row row;
	struct arena arena;

	if (store_thread_find(&home->store, home->tally, &thread, &row, &err) != OK) {
		return;
	}
	arena_init(&arena, LIMIT_ARENA_BYTES);
	if (fold_thread(&home->store, home->tally, &thread, NULL, &arena, &fold, &err) != OK) {
		fail("thread", &err);
	}
	if (fold->part_count > 0) {
		const struct part *part = fold->parts[sim_pick(sim, fold->part_count)];
		if (part->head_count == 1) {
			part_move(sim, home, key, fold, part);
		} else if (part->head_count > 1) {
			part_resolve(sim, home, key, fold, part);
		}
	}
	arena_clear(&arena);
}

void sim_act(struct sim *sim, unsigned number)
{
	struct sim_home *home = &sim->homes[number];
	unsigned first = sim_pick(sim, sim->desk_count);

	for (unsigned i = 0; i < sim->desk_count; i++) {
		struct sim_desk *desk = &sim->desks[(first + i) % sim->desk_count];
		bool here = desk->home == number || (desk->stolen && desk->thief == number);
		if (here && (sim->thread_count == 0 || sim_pick(sim, 4) == 0)) {
			ask(sim, home, &desk->key);
			return;
		}
		if (here) {
			thread_act(sim, home, &desk->key);
			return;
		}
	}
}
