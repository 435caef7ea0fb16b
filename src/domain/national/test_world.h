/* For tests of the national domain: a national tally of GB, desks for every role, entries made from short texts by the field tables, and the real
 * store and fold beneath. Everything is said first, then delivered and folded at once, then looked at. */
#ifndef WARIFU_DOMAIN_NATIONAL_TEST_WORLD_H
#define WARIFU_DOMAIN_NATIONAL_TEST_WORLD_H
#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include "base/time.h"
#include "core/kernel.h"
#include "domain/national/national.h"
#include "domain/national/national_state.h"
#include "fold/fold.h"
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- keys and entries -------------------------------------------------------------------------------------------- */

#define WORLD_ENTRIES 4000
#define WORLD_KEYS 32
enum { ROOT, RECOVERY };
enum role { DRAFTER, CHECKER, FUNDS, APPROVER, CLAIMS, REVENUE, DUTY, ROLES };
static const char *const role_names[ROLES] = { "drafter", "checker", "funds", "approver", "claims", "revenue", "duty" };

struct world_key {
	struct id key, prev;
	uint8_t secret[SECRET_BYTES];
	uint64_t seq;
};
struct world_entry {
	struct place place;
	struct id id;
	struct bytes body;
	uint8_t signature[SIGNATURE_BYTES];
};
struct expectation {
	struct id entry, thread;
	const char *verdict, *state, *title;
};
struct half {
	struct store store;
	int64_t tally;
};
struct world {
	struct arena arena;
	struct id tally;
	const char *mode;
	struct world_key keys[WORLD_KEYS];
	unsigned key_count;
	struct world_entry *entries;
	unsigned entry_count;
	struct expectation *expectations;
	unsigned expectation_count;
	int64_t now_ms;
	char dir[64];
	struct half own;
	unsigned half_count;
	/* One officer for each role; one with every role but that; one with all; another with all, and another with all and a limit of GBP 100.00. */
	unsigned with[ROLES], without[ROLES], all, other, limited;
};

static inline unsigned world_key(struct world *world)
{
	struct world_key *key = &world->keys[world->key_count];
	uint8_t seed[32] = { 7 };

	ASSERT(world->key_count < WORLD_KEYS);
	seed[1] = (uint8_t)(world->key_count + 1);
	key_from_seed(seed, &key->key, key->secret);
	return world->key_count++;
}

static inline struct id world_write(struct world *world, unsigned key, struct body_draft *draft)
{
	struct world_entry *out = &world->entries[world->entry_count++];
	struct world_key *own = &world->keys[key];
	struct buf body;
	struct entry entry;
	uint8_t none[SIGNATURE_BYTES] = { 0 };

	ASSERT(world->entry_count <= WORLD_ENTRIES);
	draft->stated_ms = world->now_ms++;
	buf_init(&body, LIMIT_BODY_BYTES);
	body_write(&body, draft);
	out->body = arena_copy(&world->arena, buf_bytes(&body));
	buf_clear(&body);
	if (world->entry_count == 1) {
		world->tally = sha256(out->body);
	}
	out->place =
	    (struct place){ world->tally, own->key, own->seq + 1, id_is_zero(&own->prev) ? world->tally : own->prev };
	ASSERT(entry_init(&entry, &out->place, out->body, none) == NULL);
	entry_sign(&entry, own->secret);
	memcpy(out->signature, entry.signature, sizeof out->signature);
	out->id = own->prev = entry.id;
	own->seq++;
	return entry.id;
}

static inline unsigned world_grant(struct world *world, int64_t number, const char *officer, const char *const *roles,
    unsigned role_count, int64_t limit_gbp)
{
	unsigned key = world_key(world);
	struct buf fields;

	buf_init(&fields, 4096);
	cbor_put_int(&fields, GRANT_KEY), cbor_put_bytes(&fields, id_bytes(&world->keys[key].key));
	cbor_put_int(&fields, GRANT_OFFICER), cbor_put_literal(&fields, officer);
	cbor_put_int(&fields, GRANT_POST), cbor_put_literal(&fields, "post");
	cbor_put_int(&fields, GRANT_ROLES), cbor_put_array(&fields, role_count);
	for (unsigned i = 0; i < role_count; i++) {
		cbor_put_literal(&fields, roles[i]);
	}
	if (limit_gbp > 0) {
		cbor_put_int(&fields, GRANT_LIMITS), cbor_put_map(&fields, 1);
		cbor_put_literal(&fields, "GBP"), cbor_put_int(&fields, limit_gbp);
	}
	cbor_put_int(&fields, GRANT_UNTIL), cbor_put_int(&fields, 1500000000000);
	cbor_put_int(&fields, GRANT_NUMBER), cbor_put_int(&fields, number);
	world->keys[key].prev = world_write(world, ROOT,
	    &(struct body_draft){
		.kind = "desk.granted", .fields = buf_bytes(&fields), .field_count = 6u + (limit_gbp > 0) });
	buf_clear(&fields);
	return key;
}

static inline int text_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static inline void grant_desks(struct world *world)
{
	const char *roles[ROLES] = { 0 };
	int64_t number = 1;

	for (unsigned role = 0; role < ROLES; role++) {
		unsigned count = 0;
		world->with[role] = world_grant(
		    world, number++, arena_printf(&world->arena, "one-%s", role_names[role]), &role_names[role], 1, 0);
		for (unsigned i = 0; i < ROLES; i++) {
			if (i != role) {
				roles[count++] = role_names[i];
			}
		}
		qsort(roles, count, sizeof roles[0], text_order);
		world->without[role] = world_grant(
		    world, number++, arena_printf(&world->arena, "not-%s", role_names[role]), roles, count, 0);
	}
	memcpy(roles, role_names, sizeof roles);
	qsort(roles, ROLES, sizeof roles[0], text_order);
	world->all = world_grant(world, number++, "all", roles, ROLES, 0);
	world->other = world_grant(world, number++, "other", roles, ROLES, 0);
	world->limited = world_grant(world, number, "limited", roles, ROLES, 10000);
}

static inline void put_parties(struct world *world, struct buf *fields, bool national)
{
	cbor_put_int(fields, PROPOSED_PARTIES), cbor_put_array(fields, national ? 1 : 2);
	cbor_put_array(fields, 3), cbor_put_literal(fields, "GB");
	cbor_put_bytes(fields, id_bytes(&world->keys[ROOT].key));
	cbor_put_bytes(fields, id_bytes(&world->keys[RECOVERY].key));
	if (!national) {
		cbor_put_array(fields, 3), cbor_put_literal(fields, "JP");
		cbor_put_bytes(fields, id_bytes(&world->keys[world_key(world)].key));
		cbor_put_bytes(fields, id_bytes(&world->keys[world_key(world)].key));
	}
}

/* mode: "national", or "rehearsal" of GB with JP. */
static inline void world_open(struct world *world, const char *mode)
{
	struct buf fields;

	wire_start();
	*world = (struct world){ .now_ms = 1385000000000, .mode = mode }; /* 2013-11-21 */
	arena_init(&world->arena, LIMIT_ARENA_BYTES);
	world->entries = calloc(WORLD_ENTRIES, sizeof *world->entries);
	world->expectations = calloc(WORLD_ENTRIES, sizeof *world->expectations);
	world_key(world);
	world_key(world);
	buf_init(&fields, LIMIT_BODY_BYTES);
	cbor_put_int(&fields, PROPOSED_MODE), cbor_put_literal(&fields, mode);
	put_parties(world, &fields, strcmp(mode, "national") == 0);
	cbor_put_int(&fields, PROPOSED_RULES), cbor_put_map(&fields, 1), cbor_put_literal(&fields, "national"),
	    cbor_put_int(&fields, 1);
	cbor_put_int(&fields, PROPOSED_PROFILE), cbor_put_map(&fields, 1), cbor_put_literal(&fields, "id"),
	    cbor_put_literal(&fields, "test");
	cbor_put_int(&fields, PROPOSED_NONCE), cbor_put_bytes(&fields, bytes_of("0123456789abcdef", 16));
	world_write(world, ROOT,
	    &(struct body_draft){ .kind = "tally.proposed", .fields = buf_bytes(&fields), .field_count = 5 });
	buf_clear(&fields);
	if (strcmp(mode, "national") != 0) {
		world_write(world, RECOVERY + 1, &(struct body_draft){ .kind = "tally.accepted" });
	}
	grant_desks(world);
}

/* ---- saying ------------------------------------------------------------------------------------------------------ */

/* Numbers parted by '|': an item for each; its thread is its number's first letters, over and over. '!' before one: a thread id that is too short. */
static inline void put_items(struct buf *out, const char *text)
{
	unsigned count = 1;

	for (const char *at = text; *at; at++) {
		count += *at == '|';
	}
	cbor_put_array(out, count);
	for (const char *at = text; count > 0; count--) {
		size_t len = strcspn(at, "|"), whole = at[0] == '!' ? 16 : MENTION_BYTES;
		uint8_t thread[MENTION_BYTES], shared[MENTION_BYTES] = { 5 };
		struct bytes number = bytes_of(at + (at[0] == '!'), len - (at[0] == '!'));
		for (size_t i = 0; i < sizeof thread; i++) {
			thread[i] = number.data[i % (number.len < 10 ? number.len : 10)];
		}
		cbor_put_map(out, 5);
		cbor_put_int(out, ITEM_THREAD), cbor_put_bytes(out, bytes_of(thread, whole));
		cbor_put_int(out, ITEM_NUMBER), cbor_put_text(out, number);
		cbor_put_int(out, ITEM_STATE), cbor_put_literal(out, "disputed");
		cbor_put_int(out, ITEM_SINCE), cbor_put_int(out, 1385000000000);
		cbor_put_int(out, ITEM_SHARED), cbor_put_bytes(out, bytes_of(shared, sizeof shared));
		at += len + 1;
	}
}

/* A mention by one letter, 32 times; with '!' behind it, 16 times. */
static inline void put_mention(struct buf *out, const char *text)
{
	uint8_t bytes[MENTION_BYTES];

	memset(bytes, text[0], sizeof bytes);
	cbor_put_bytes(out, bytes_of(bytes, text[1] == '!' ? 16 : sizeof bytes));
}

static inline void put_value(struct buf *out, const struct field *field, const char *text)
{
	int64_t day = 0;

	switch (field->type) {
	case FIELD_BYTES: put_mention(out, text); break;
	case FIELD_INT:
	case FIELD_AMOUNT: cbor_put_int(out, strtoll(text, NULL, 10)); break;
	case FIELD_BOOL: cbor_put_bool(out, strcmp(text, "true") == 0); break;
	case FIELD_DAY:
		ASSERT(day_parse(bytes_text(text), &day));
		cbor_put_int(out, day);
		break;
	case FIELD_LANG_TEXT:
		cbor_put_array(out, 2);
		cbor_put_literal(out, "en");
		cbor_put_literal(out, text);
		break;
	case FIELD_LIST: put_items(out, text); break;
	default: cbor_put_literal(out, text); break;
	}
}

/* "name=value;name=value": the last of a name counts, so that a text may be put behind a usual one to change it; "name=" takes it away. */
static inline unsigned put_fields(struct buf *out, const struct field *fields, const char *text)
{
	unsigned count = 0;

	for (; fields != NULL && fields->name != NULL; fields++) {
		char value[4200] = "";
		for (const char *at = text; *at;) {
			size_t len = strcspn(at, ";"), name = strcspn(at, "=");
			if (strlen(fields->name) == name && strncmp(at, fields->name, name) == 0) {
				snprintf(value, sizeof value, "%.*s", (int)(len - name - 1), at + name + 1);
			}
			at += len + (at[len] == ';');
		}
		if (value[0]) {
			cbor_put_int(out, fields->key);
			put_value(out, fields, value);
			count++;
		}
	}
	return count;
}

/* One thread and its head. */
struct story {
	struct id thread, head;
};

/* A move that opens the thread when `story` is new, else answers its head. kind: without "national.". */
static inline struct id world_say(
    struct world *world, struct story *story, unsigned key, const char *kind, const char *text)
{
	const char *name = arena_printf(&world->arena, "national.%s", kind);
	const struct kind *found = domain_kind(&national_domain, bytes_text(name));
	struct id answers = story->head;
	struct buf fields;

	ASSERT(found != NULL);
	buf_init(&fields, LIMIT_BODY_BYTES);
	unsigned count = put_fields(&fields, found->fields, text);
	bool opens = id_is_zero(&story->thread);
	struct id id = world_write(world, key,
	    &(struct body_draft){ .kind = name,
		.thread = opens ? NULL : &story->thread,
		.part = opens ? NULL : &story->thread,
		.answers = &answers,
		.answer_count = !opens,
		.fields = buf_bytes(&fields),
		.field_count = count });
	buf_clear(&fields);
	if (opens) {
		story->thread = id;
	}
	story->head = id;
	return id;
}

static inline void expect(struct world *world, struct id entry, const struct id *thread, const char *verdict,
    const char *state, const char *title)
{
	static const struct id none;

	ASSERT(world->expectation_count < WORLD_ENTRIES);
	world->expectations[world->expectation_count++] = (struct expectation){ entry, thread ? *thread : none, verdict,
		state, arena_text(&world->arena, bytes_text(title)) };
}

/* ---- delivery and looking ---------------------------------------------------------------------------------------- */

static inline void half_open(struct world *world, struct half *half)
{
	struct world_entry *first = &world->entries[0];
	struct tally_row row;
	struct entry entry;
	struct err err = { 0 };
	char path[128];

	if (world->half_count == 0) {
		snprintf(world->dir, sizeof world->dir, "%s/warifu-national-XXXXXX",
		    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		ASSERT(mkdtemp(world->dir));
		setenv("WARIFU_STATE", world->dir, 1);
	}
	snprintf(path, sizeof path, "%s/%u", world->dir, world->half_count++);
	ASSERT(store_create(path, &err) == OK);
	ASSERT(store_open(path, DB_WRITE, &half->store, &err) == OK);
	ASSERT(entry_init(&entry, &first->place, first->body, first->signature) == NULL);
	ASSERT(store_begin(&half->store, &err) == OK);
	ASSERT(store_tally_add(&half->store, &entry, 0, &row, &err) == OK);
	ASSERT(store_commit(&half->store, &err) == OK);
	half->tally = row.row;
}

static inline void half_take(struct world *world, struct half *half, const struct world_entry *from)
{
	struct err err = { 0 };
	enum accepted accepted;
	struct entry entry;
	int64_t row;

	ASSERT(entry_init(&entry, &from->place, from->body, from->signature) == NULL);
	if (store_accept(&half->store, half->tally, &entry, world->now_ms, &accepted, &row, &err) != OK) {
		printf("# entry %td: %s\n", from - world->entries, err.text);
		ASSERT(!"delivered");
	}
}

static inline void half_fold(struct half *half)
{
	struct err err = { 0 };

	if (fold_update(&half->store, half->tally, &err) != OK) {
		printf("# %s\n", err.text);
		ASSERT(!"folded");
	}
}

static inline void world_deliver(struct world *world)
{
	struct half *half = &world->own;
	struct err err = { 0 };

	half_open(world, half);
	ASSERT(store_begin(&half->store, &err) == OK);
	for (unsigned i = 0; i < world->entry_count; i++) {
		half_take(world, half, &world->entries[i]);
	}
	half_fold(half);
	ASSERT(store_commit(&half->store, &err) == OK);
}

/* The same entries log by log, the latest desk first, folded after each log: most arrive before what they answer. */
static inline bool world_delivers_alike(struct world *world)
{
	struct err err = { 0 };
	struct id digests[2];
	struct half half;

	half_open(world, &half);
	for (unsigned turn = 0; turn < world->key_count; turn++) {
		unsigned key = turn == 0 ? ROOT : world->key_count - turn;
		ASSERT(store_begin(&half.store, &err) == OK);
		for (unsigned i = 0; i < world->entry_count; i++) {
			if (id_equal(&world->entries[i].place.key, &world->keys[key].key)) {
				half_take(world, &half, &world->entries[i]);
			}
		}
		half_fold(&half);
		ASSERT(store_commit(&half.store, &err) == OK);
	}
	ASSERT(digest_now(&world->own.store, world->own.tally, &digests[0], &err) == OK);
	ASSERT(digest_now(&half.store, half.tally, &digests[1], &err) == OK);
	store_close(&half.store);
	return id_equal(&digests[0], &digests[1]);
}

static inline const char *world_verdict(struct world *world, const struct id *id)
{
	static const char *const names[] = { "valid", "void", "waiting", "overtaken", "unknown kind" };
	struct entry_row row;
	struct err err = { 0 };

	if (store_entry_find(&world->own.store, world->own.tally, id, &world->arena, &row, &err) != OK) {
		return "absent";
	}
	return row.verdict == VERDICT_VOID ? arena_printf(&world->arena, "void %s", row.rule) : names[row.verdict];
}

static inline struct fold *world_fold(struct world *world, const struct id *thread)
{
	struct fold *fold = NULL;
	struct err err = { 0 };

	ASSERT(fold_thread(&world->own.store, world->own.tally, thread, NULL, &world->arena, &fold, &err) == OK);
	return fold;
}

static inline const char *world_state(struct world *world, const struct id *thread)
{
	struct fold *fold = world_fold(world, thread);

	if (fold->part_count == 0) {
		return "no part";
	}
	const struct state *state = fold_part_state(fold, fold->parts[0]);
	return state ? state->name : "rivals";
}

static inline void world_check(struct world *world)
{
	for (unsigned i = 0; i < world->expectation_count; i++) {
		const struct expectation *e = &world->expectations[i];
		const char *verdict = world_verdict(world, &e->entry);
		const char *state = e->state ? world_state(world, &e->thread) : NULL;
		if (!tap_ok(strcmp(verdict, e->verdict) == 0 && (!state || strcmp(state, e->state) == 0), e->title)) {
			printf("# verdict %s, expected %s; state %s, expected %s\n", verdict, e->verdict,
			    state ? state : "-", e->state ? e->state : "-");
		}
	}
}

/* `data` of the thread's part as text: CBOR diagnostic notation without blanks; ids as the word.
 * NOLINTNEXTLINE(misc-no-recursion): as deep as the data, three levels */
static inline void print_item(struct buf *out, struct bytes *at)
{
	struct cbor_item item = cbor_take(at);

	switch (item.type) {
	case CBOR_BYTES: buf_put_text(out, "id"); break;
	case CBOR_TEXT: buf_printf(out, "'%.*s'", (int)item.bytes.len, (const char *)item.bytes.data); break;
	case CBOR_BOOL: buf_put_text(out, item.integer ? "true" : "false"); break;
	case CBOR_NULL: buf_put_text(out, "null"); break;
	case CBOR_ARRAY:
		buf_put_text(out, "[");
		for (size_t i = 0; i < item.count; i++) {
			buf_put_text(out, i ? "," : "");
			print_item(out, at);
		}
		buf_put_text(out, "]");
		break;
	default: buf_printf(out, "%lld", (long long)item.integer); break;
	}
}

static inline const char *world_data(struct world *world, const struct id *thread)
{
	struct fold *fold = world_fold(world, thread);
	struct buf data, text;

	buf_init(&data, 1 << 20);
	buf_init(&text, 1 << 20);
	if (fold->part_count == 1 && fold->parts[0]->head_count == 1) {
		national_domain.part_data(fold, fold->parts[0], &data);
	}
	struct bytes at = buf_bytes(&data);
	ASSERT(at.len == 0 || cbor_check(at, 1 << 20) == NULL);
	while (at.len > 0) {
		print_item(&text, &at);
	}
	const char *result = arena_text(&world->arena, buf_bytes(&text));
	buf_clear(&data);
	buf_clear(&text);
	return result;
}

/* Rows as text: columns parted by |, rows by newlines; nulls are blank. :thread is bound to the id where the SQL holds it. */
static inline const char *world_rows(struct world *world, const char *sql, const struct id *thread)
{
	struct statement *statement;
	struct err err = { 0 };
	struct buf text;

	buf_init(&text, 1 << 20);
	ASSERT(db_statement(world->own.store.db, sql, &statement, &err) == OK);
	statement_blob(statement, "thread", id_bytes(thread));
	while (statement_step(statement, &err) == OK) {
		buf_put_text(&text, text.len > 0 ? "\n" : "");
		for (int i = 0; i < statement_column_count(statement); i++) {
			buf_put_text(&text, i > 0 ? "|" : "");
			buf_put_bytes(&text, statement_column_text(statement, i));
		}
	}
	statement_done(statement);
	const char *result = arena_text(&world->arena, buf_bytes(&text));
	buf_clear(&text);
	return result;
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
	store_close(&world->own.store);
	free(world->entries);
	free(world->expectations);
	arena_clear(&world->arena);
	ASSERT(strstr(world->dir, "warifu-national-"));
	nftw(world->dir, world_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- usual texts ------------------------------------------------------------------------------------------------- */

#define DRAFT_TEXT "move=support.requested;shared=s;title=Water;amount_minor=10000;currency=GBP;fields={}"
#define NOTICE_TEXT \
	"shared=s;thread=t;part=p;issue_number=GB-01-0001/I01.1;order_number=GB-01-0001;agreement=test;debtor=JP;" \
	"address=Ichigaya;amount_minor=10000;currency=GBP;delivered_on=2013-11-21;due_on=2014-01-31"
#define HANDOVER_TEXT "to=other;items=GB-01-0001|GB-01-0002/I01.1"
#endif
