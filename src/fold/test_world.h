/* For tests of the kernel: a tally of two parties whose keys come from a seed, entries written by hand, and stores that take them in
 * any order. The domain `t` is made up: it has every shape that the kernel treats differently (standing moves, parts in parts, sides that
 * alternate), and nothing else. */
#ifndef WARIFU_FOLD_TEST_WORLD_H
#define WARIFU_FOLD_TEST_WORLD_H
#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include "core/kernel.h"
#include "fold/fold.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- the domain ------------------------------------------------------------------------------------------------------------------ */

static const struct part_type t_parts[] = { { "talk", 'T', "talk", "話" }, { "aside", 'A', "aside", "余談" },
	{ NULL, 0, NULL, NULL } };
static const struct state t_states[] = {
	{ "talk", "asked", 2, "問", "test" },
	{ "talk", "answered", 1, "答", "test" },
	{ "talk", "ended", 0, "終", "test" },
	{ "talk", "called off", 0, "中止", "test" },
	{ "talk", "overruled", 2, "却下", "test" },
	{ "aside", "begun", 2, "始", "test" },
	{ "aside", "done", 0, "済", "test" },
	{ NULL, NULL, 0, NULL, NULL },
};
static const struct field t_asked[] = { { 8, FIELD_PARTY, "to", true, 0, NULL, "to", "宛先", "", "" }, { 0 } };
static const struct field t_number[] = { { 8, FIELD_INT, "number", true, 0, NULL, "number", "数", "", "" }, { 0 } };
static const struct field t_stands[] = { { 8, FIELD_ID, "stands", true, 0, NULL, "stands", "採用", "", "" }, { 0 } };
static const struct field t_entry[] = { { 8, FIELD_ID, "entry", true, 0, NULL, "entry", "記録", "", "" }, { 0 } };
static const struct kind t_kinds[] = {
	{ "t.asked", "ask", "", "", OPENS_THREAD, "talk", false, t_asked, "" },
	{ "t.answered", "answer", "", "", OPENS_NOTHING, NULL, false, t_number, "" },
	{ "t.asked_again", "ask_again", "", "", OPENS_NOTHING, NULL, false, t_number, "" },
	{ "t.ended", "end", "", "", OPENS_NOTHING, NULL, false, NULL, "" },
	{ "t.called_off", "call_off", "", "", OPENS_NOTHING, NULL, false, NULL, "" },
	{ "t.overruled", "overrule", "", "", OPENS_NOTHING, NULL, false, NULL, "" },
	{ "t.minded", "mind", "", "", OPENS_NOTHING, NULL, false, NULL, "" },
	{ "t.begun", "begin", "", "", OPENS_PART, "aside", false, NULL, "" },
	{ "t.done", "do", "", "", OPENS_NOTHING, NULL, false, NULL, "" },
	{ "t.noted", "note", "", "", OPENS_NOTHING, NULL, true, NULL, "" },
	{ "t.resolved", "resolve", "", "", OPENS_NOTHING, NULL, false, t_stands, "" },
	{ "t.restated", "restate", "", "", OPENS_EITHER, NULL, false, t_entry, "" },
	{ 0 },
};
static const struct transition t_transitions[] = {
	{ "talk", NULL, "t.asked", "asked", 1, "asker", PEN_MOVE, "test" },
	{ "talk", "asked", "t.answered", "answered", 2, "answerer", PEN_MOVE, "test" },
	{ "talk", "answered", "t.asked_again", "asked", 1, "asker", PEN_MOVE, "test" },
	{ "talk", "answered", "t.ended", "ended", 1, "asker", PEN_MOVE, "test" },
	{ "talk", "asked", "t.called_off", "called off", 1, "asker", YIELDS, "test" },
	{ "talk", "asked", "t.overruled", "overruled", 1, "asker", STANDS, "test" },
	{ "talk", "overruled", "t.minded", "ended", 2, "answerer", PEN_MOVE, "test" },
	{ "aside", NULL, "t.begun", "begun", 1, "asker", PEN_MOVE, "test" },
	{ "aside", "begun", "t.done", "done", 2, "answerer", PEN_MOVE, "test" },
	{ 0 },
};

static inline enum status t_sides(struct fold *fold, struct move *move, unsigned sides[SIDES], struct err *err)
{
	struct bytes to;

	if (sides[1] != sides[2] || !record_text(&move->body, 8, &to)) {
		return OK;
	}
	sides[1] = move->signer.party;
	sides[2] = fold_party_find(fold->tally, to);
	return sides[2] < fold->tally->party_count && sides[1] != sides[2]
	    ? OK
	    : err_refuse(err, "S1", "test", "to: not a partner");
}

/* Profile {"title": "later"}: what a tally.amended may bring. */
static const char t_later[] = "\xA1\x65title\x65later";

/* The state after a move is the sum of the numbers so far: it shows in the digest that data travels along heads. A talk that was opened
 * under the later profile begins with 100. */
static inline enum status t_check(struct fold *fold, struct move *move, const char **to, struct err *err)
{
	int64_t *sum = arena_take(fold->arena, sizeof *sum), number = 0;

	for (const struct transition *row = t_transitions; row->kind; row++) {
		if (strcmp(row->kind, move->kind->name) == 0) {
			*to = row->to;
		}
	}
	if (sum == NULL) {
		return err_set(err, ENVIRONMENT, "out of memory");
	}
	if (move->body.answer_count) {
		*sum = *(int64_t *)move->answers[0]->after;
	}
	if (strcmp(move->kind->name, "t.asked") != 0 && record_int(&move->body, 8, &number) && number == 13) {
		return err_refuse(err, "S2", "test", "number 13: brings bad luck");
	}
	if (!move->body.answer_count) {
		struct id later = sha256(bytes_of(t_later, sizeof t_later - 1));
		*sum = fold_profile(fold, id_bytes(&later)).len > 0 ? 100 : 0;
	}
	*sum += number;
	move->after = sum;
	return OK;
}

static inline void t_data(const struct fold *fold, const struct part *part, struct buf *out)
{
	(void)fold;
	cbor_put_int(out, *(int64_t *)part->heads[0]->after);
}

#define T_DUE 1390000000000
/* An answer outlasts an overruling that nobody took up, when its log says of no time that it was due. */
static inline enum standing t_standing(const struct fold *fold, const struct move *standing, const struct move *other)
{
	if (strcmp(standing->kind->name, "t.overruled") != 0) {
		return PEN_MOVE;
	}
	bool late = other->body.stated_ms >= T_DUE || fold_log_states(fold, other, T_DUE);
	return late || fold_past_holds(fold, other, standing) || fold_taken_up(fold, standing) ? STANDS : YIELDS;
}

static const struct domain t_domain = { .name = "t",
	.rule_set = 1,
	.side_names = { "", "asker", "answerer" },
	.part_types = t_parts,
	.states = t_states,
	.kinds = t_kinds,
	.transitions = t_transitions,
	.sides = t_sides,
	.check = t_check,
	.standing = t_standing,
	.part_data = t_data,
	.sql = "" };
const struct domain *const domains[] = { &t_domain, NULL };

/* --- keys and entries ------------------------------------------------------------------------------------------------------------ */

#define WORLD_KEYS 32
#define WORLD_ENTRIES 4096
struct world_key {
	struct id key;
	uint8_t secret[SECRET_BYTES];
	uint64_t seq;
	struct id prev;
	unsigned party;
};
struct world_entry {
	struct place place;
	struct id id;
	uint8_t *body;
	size_t body_len;
	uint8_t signature[SIGNATURE_BYTES];
};
struct world {
	struct arena arena;
	struct id tally;
	struct world_key keys[WORLD_KEYS];
	unsigned key_count;
	struct world_entry *entries;
	unsigned entry_count;
	int64_t now_ms;
	uint64_t seed;
	char dir[64];
	unsigned store_count;
	const struct id *sealing; /* of the homes granted from now on; NULL: none */
};
enum { GB_ROOT, JP_ROOT, GB_RECOVERY, JP_RECOVERY, FIRST_FREE };

static inline uint64_t world_random(struct world *world, uint64_t below)
{
	world->seed ^= world->seed << 13;
	world->seed ^= world->seed >> 7;
	world->seed ^= world->seed << 17;
	return world->seed % below;
}

static inline unsigned world_key(struct world *world, unsigned party)
{
	struct world_key *key = &world->keys[world->key_count];
	uint8_t seed[32] = { 0 };

	ASSERT(world->key_count < WORLD_KEYS);
	seed[0] = (uint8_t)(world->key_count + 1);
	key_from_seed(seed, &key->key, key->secret);
	key->party = party;
	return world->key_count++;
}

/* What an entry says, in one literal. fields: CBOR pairs. */
struct saying {
	const char *kind;
	const struct id *thread, *part, *seen;
	struct id answers[4];
	unsigned answer_count;
	struct id refs[8];
	unsigned ref_count;
	struct buf *fields;
	unsigned field_count;
	int64_t stated_ms;
};

/* Signs at an explicit place: for forks. */
static inline struct id world_say_at(
    struct world *world, unsigned key, uint64_t seq, struct id prev, const struct saying *saying)
{
	struct world_entry *out = &world->entries[world->entry_count++];
	struct saying copy = *saying;
	struct body_draft draft = { .kind = saying->kind,
		.stated_ms = saying->stated_ms ? saying->stated_ms : world->now_ms++,
		.thread = saying->thread,
		.part = saying->part,
		.seen = saying->seen,
		.answers = copy.answers,
		.answer_count = saying->answer_count,
		.refs = saying->refs,
		.ref_count = saying->ref_count,
		.fields = saying->fields ? buf_bytes(saying->fields) : bytes_of(NULL, 0),
		.field_count = saying->field_count };
	struct buf body;
	struct entry entry;
	uint8_t none[SIGNATURE_BYTES] = { 0 };

	ASSERT(world->entry_count <= WORLD_ENTRIES);
	buf_init(&body, LIMIT_BODY_BYTES);
	body_write(&body, &draft);
	out->place = (struct place){ world->tally, world->keys[key].key, seq, prev };
	if (seq == 1 && strcmp(saying->kind, "tally.proposed") == 0) {
		out->place.tally = out->place.prev = world->tally = sha256(buf_bytes(&body));
	}
	struct bytes kept = arena_copy(&world->arena, buf_bytes(&body));
	ASSERT(entry_init(&entry, &out->place, kept, none) == NULL);
	entry_sign(&entry, world->keys[key].secret);
	memcpy(out->signature, entry.signature, sizeof out->signature);
	out->id = entry.id;
	out->body = (uint8_t *)(uintptr_t)kept.data;
	out->body_len = kept.len;
	buf_clear(&body);
	return entry.id;
}

static inline struct id world_say(struct world *world, unsigned key, const struct saying *saying)
{
	struct world_key *own = &world->keys[key];
	struct id prev = id_is_zero(&own->prev) ? world->tally : own->prev;
	struct id id = world_say_at(world, key, own->seq + 1, prev, saying);

	own->seq++;
	own->prev = id;
	return id;
}

static inline void world_open(struct world *world, uint64_t seed)
{
	struct buf fields;

	wire_start();
	*world = (struct world){ .now_ms = 1385000000000, .seed = seed * 2654435761u + 88172645463325252u };
	arena_init(&world->arena, LIMIT_ARENA_BYTES);
	world->entries = calloc(WORLD_ENTRIES, sizeof *world->entries);
	for (unsigned i = 0; i < FIRST_FREE; i++) {
		world_key(world, i % 2);
	}
	buf_init(&fields, 4096);
	cbor_put_int(&fields, PROPOSED_MODE);
	cbor_put_literal(&fields, "rehearsal");
	cbor_put_int(&fields, PROPOSED_PARTIES);
	cbor_put_array(&fields, 2);
	for (unsigned p = 0; p < 2; p++) {
		cbor_put_array(&fields, 3);
		cbor_put_literal(&fields, p ? "JP" : "GB");
		cbor_put_bytes(&fields, id_bytes(&world->keys[GB_ROOT + p].key));
		cbor_put_bytes(&fields, id_bytes(&world->keys[GB_RECOVERY + p].key));
	}
	cbor_put_int(&fields, PROPOSED_RULES);
	cbor_put_map(&fields, 1);
	cbor_put_literal(&fields, "t");
	cbor_put_int(&fields, 1);
	cbor_put_int(&fields, PROPOSED_PROFILE);
	cbor_put_map(&fields, 0);
	cbor_put_int(&fields, PROPOSED_NONCE);
	cbor_put_bytes(&fields, bytes_of("0123456789abcdef", 16));
	world_say(world, GB_ROOT, &(struct saying){ .kind = "tally.proposed", .fields = &fields, .field_count = 5 });
	world_say(world, JP_ROOT, &(struct saying){ .kind = "tally.accepted" });
	buf_clear(&fields);
}

static inline void put_role(struct buf *fields, const char *role, unsigned *count)
{
	cbor_put_literal(fields, role);
	(*count)++;
}

/* Grants this key as a desk (number > 0) or a home (0). */
static inline struct id world_grant_key(
    struct world *world, unsigned signer, unsigned key, int number, const char *const *roles, unsigned role_count)
{
	struct buf fields;

	buf_init(&fields, 4096);
	cbor_put_int(&fields, GRANT_KEY);
	cbor_put_bytes(&fields, id_bytes(&world->keys[key].key));
	cbor_put_int(&fields, GRANT_OFFICER);
	cbor_put_literal(&fields, number ? "officer" : "home");
	if (number) {
		cbor_put_int(&fields, GRANT_POST);
		cbor_put_literal(&fields, "supply officer");
		cbor_put_int(&fields, GRANT_ROLES);
		cbor_put_array(&fields, role_count);
		for (unsigned i = 0; i < role_count; i++) {
			cbor_put_literal(&fields, roles[i]);
		}
	}
	cbor_put_int(&fields, GRANT_UNTIL);
	cbor_put_int(&fields, 1500000000000);
	if (number) {
		cbor_put_int(&fields, GRANT_NUMBER);
		cbor_put_int(&fields, number);
		cbor_put_int(&fields, GRANT_RANGE);
		cbor_put_array(&fields, 2);
		cbor_put_int(&fields, 20);
		cbor_put_int(&fields, 40);
	} else if (world->sealing) {
		cbor_put_int(&fields, GRANT_SEALING);
		cbor_put_bytes(&fields, id_bytes(world->sealing));
	}
	struct id id = world_say(world, signer,
	    &(struct saying){ .kind = number ? "desk.granted" : "home.granted",
		.fields = &fields,
		.field_count = number ? 7
		    : world->sealing  ? 4
				      : 3 });
	buf_clear(&fields);
	return id;
}

/* Grants a new desk (number > 0) or home (0) of the signer's party. */
static inline unsigned world_grant(
    struct world *world, unsigned signer, int number, const char *const *roles, unsigned role_count)
{
	unsigned key = world_key(world, world->keys[signer].party);

	world->keys[key].prev = world_grant_key(world, signer, key, number, roles, role_count);
	return key;
}

static inline struct id world_revoke(struct world *world, unsigned signer, unsigned key, uint64_t last_good)
{
	struct buf fields;

	buf_init(&fields, 4096);
	cbor_put_int(&fields, REVOKED_KEY);
	cbor_put_bytes(&fields, id_bytes(&world->keys[key].key));
	cbor_put_int(&fields, REVOKED_SEQ);
	cbor_put_int(&fields, (int64_t)last_good);
	cbor_put_int(&fields, REVOKED_REASON);
	cbor_put_literal(&fields, "lost");
	struct id id =
	    world_say(world, signer, &(struct saying){ .kind = "grant.revoked", .fields = &fields, .field_count = 3 });
	buf_clear(&fields);
	return id;
}

static inline struct id world_acknowledge(struct world *world, unsigned home, const struct id *heads, unsigned count)
{
	struct saying saying = { .kind = "home.acknowledged", .ref_count = count };
	struct buf fields;
	struct id none = { { 0 } };

	memcpy(saying.refs, heads, count * sizeof *heads);
	buf_init(&fields, 4096);
	cbor_put_int(&fields, ACKNOWLEDGED_DIGEST);
	cbor_put_bytes(&fields, id_bytes(&none));
	saying.fields = &fields;
	saying.field_count = 1;
	struct id id = world_say(world, home, &saying);
	buf_clear(&fields);
	return id;
}

/* --- stores ---------------------------------------------------------------------------------------------------------------------- */

static inline void world_store_of(struct world *world, unsigned party, struct store *store, int64_t *tally)
{
	char path[128];
	struct err err = { 0 };
	struct tally_row row;
	struct world_entry *first = &world->entries[0];
	struct entry entry;

	if (world->store_count == 0) {
		snprintf(world->dir, sizeof world->dir, "%s/warifu-world-XXXXXX",
		    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		ASSERT(mkdtemp(world->dir));
		setenv("WARIFU_STATE", world->dir, 1);
	}
	snprintf(path, sizeof path, "%s/%u", world->dir, world->store_count++);
	ASSERT(store_create(path, &err) == OK);
	ASSERT(store_open(path, DB_WRITE, store, &err) == OK);
	ASSERT(entry_init(&entry, &first->place, bytes_of(first->body, first->body_len), first->signature) == NULL);
	ASSERT(store_begin(store, &err) == OK);
	ASSERT(store_tally_add(store, &entry, party, &row, &err) == OK);
	ASSERT(store_commit(store, &err) == OK);
	*tally = row.row;
}

static inline void world_store(struct world *world, struct store *store, int64_t *tally)
{
	world_store_of(world, 0, store, tally);
}

/* OK, or why the store refused it. */
static inline enum status world_deliver(
    struct world *world, struct store *store, int64_t tally, unsigned index, enum accepted *accepted, struct err *err)
{
	struct world_entry *from = &world->entries[index];
	struct entry entry;
	int64_t row;

	ASSERT(entry_init(&entry, &from->place, bytes_of(from->body, from->body_len), from->signature) == NULL);
	ASSERT(entry_verify(&entry) == NULL);
	return store_accept(store, tally, &entry, world->now_ms, accepted, &row, err);
}

static inline int world_remove(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void world_close(struct world *world)
{
	free(world->entries);
	arena_clear(&world->arena);
	if (world->store_count) {
		ASSERT(strstr(world->dir, "warifu-world-"));
		nftw(world->dir, world_remove, 16, FTW_DEPTH | FTW_PHYS);
	}
}

/* Delivers everything in storing order of the world, in one transaction, and folds. */
static inline void world_deliver_all(struct world *world, struct store *store, int64_t tally)
{
	struct err err = { 0 };
	enum accepted accepted;

	ASSERT(store_begin(store, &err) == OK);
	for (unsigned i = 0; i < world->entry_count; i++) {
		if (world_deliver(world, store, tally, i, &accepted, &err) != OK) {
			printf("# entry %u: %s\n", i, err.text);
			ASSERT(!"delivered");
		}
	}
	if (fold_update(store, tally, &err) != OK || store_commit(store, &err) != OK) {
		printf("# %s\n", err.text);
		ASSERT(!"folded");
	}
}

/* "valid", "void K9", "waiting", "overtaken", "unknown kind"; "absent". */
static inline const char *world_verdict(struct world *world, struct store *store, int64_t tally, struct id id)
{
	static const char *const names[] = { "valid", "void", "waiting", "overtaken", "unknown kind" };
	struct entry_row row;
	struct err err = { 0 };

	if (store_entry_find(store, tally, &id, &world->arena, &row, &err) != OK) {
		return "absent";
	}
	return row.verdict == VERDICT_VOID ? arena_printf(&world->arena, "void %s", row.rule) : names[row.verdict];
}

static inline const char *world_state(
    struct world *world, struct store *store, int64_t tally, struct id thread, struct id part)
{
	struct fold *fold;
	struct err err = { 0 };

	if (fold_thread(store, tally, &thread, NULL, &world->arena, &fold, &err) != OK) {
		return "absent";
	}
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct state *state;
		if (!id_equal(&fold->parts[i]->id, &part)) {
			continue;
		}
		state = fold_part_state(fold, fold->parts[i]);
		return state ? state->name : fold->parts[i]->head_count ? "rivals" : "none";
	}
	return "no part";
}
#endif
