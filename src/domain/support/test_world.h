/* For tests of the support domain: a tally of GB and JP under a small agreement, desks for every role, entries made from JSON by the
 * field tables, and the real store and fold beneath. Everything is said first, then delivered and folded at once, then looked at.
 *
 * In every story GB receives and JP supplies. Roles are held by different officers, unless a story says otherwise. */
#ifndef WARIFU_DOMAIN_SUPPORT_TEST_WORLD_H
#define WARIFU_DOMAIN_SUPPORT_TEST_WORLD_H
#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include "base/time.h"
#include "core/kernel.h"
#include "core/test_json.h"
#include "domain/support/support.h"
#include "fold/fold.h"
#include <ftw.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

static const char profile_json[] =
    "{'id':'test','in_force_on':'2013-01-01','ends_on':'2014-12-31',"
    "'activities':[{'code':'1a'},{'code':'1b'}],"
    "'categories':[{'code':'fuel','from':'2013-01-01','until':null},{'code':'food','from':'2013-11-01','until':'2013-12-31'},"
    "{'code':'weapons','from':'2013-01-01','until':null},{'code':'transport','from':'2013-01-01'}],"
    "'never':[{'code':'weapons'}],"
    "'settlement':{'supply':['cash','return_like','return_same','barter'],'service':['cash','service_like']},"
    "'third_party_transfer':'prior_consent','claim_currencies':{'value':['GBP','JPY']},"
    "'issue_tolerance_percent':{'value':{'fuel':'2.5','other':'0'}},"
    "'approval':{'separation':{'above_minor':{'GBP':1000000,'JPY':100000000}}},"
    "'reasons':{'decline':[['operational','Operational','運用']],'difference':[['short','Short','不足'],['wrong_unit','Unit','単位']],"
    "'query':[['price','Price','単価']]},"
    "'clocks':{'receipt_days':{'value':3},'receipt_hours_meals_flights':{'value':24},'unacknowledged_grace_days':{'value':30},"
    "'settle_months':{'value':12},'grace_days':{'value':30}}}";

/* The agreement of the next world, in place of the small one; NULL: that one. Borrowed. */
static json_t *world_agreement;

/* ---- keys and entries -------------------------------------------------------------------------------------------- */

#define WORLD_ENTRIES 20000
#define WORLD_KEYS 64
enum party { GB, JP };
enum { GB_ROOT, JP_ROOT, GB_RECOVERY, JP_RECOVERY };
/* Desks of each party: one for each role, then one with every role but that one, then special ones. */
enum role { ORDERER, ISSUER, RECEIVES, CLAIMS, PAYER, DISPUTE, WAIVER, NETTING, ROLES };
static const char *const role_names[ROLES] = { "orderer", "issuer", "receiver", "claims", "payer", "dispute", "waiver",
	"netting" };

struct world_key {
	struct id key, prev;
	uint8_t secret[SECRET_BYTES];
	uint64_t seq;
	unsigned party;
};
struct world_entry {
	struct place place;
	struct id id;
	struct bytes body;
	uint8_t signature[SIGNATURE_BYTES];
};
struct expectation {
	struct id entry, thread, part;
	const char *verdict, *state, *title;
};
/* One half's store. It stays where it is: the database keeps its address. */
struct half {
	struct store store;
	int64_t tally;
};
struct world {
	struct arena arena;
	struct id tally, profile_hash;
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
	unsigned with[2][ROLES], without[2][ROLES], all[2], home[2];
};

/* One order and its newest issue and claim. */
struct story {
	struct id thread, order, issue, issue_head, claim, claim_head, adjustment, adjustment_head, netting,
	    netting_head, last_issues[8];
	unsigned issue_count;
};

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

static inline struct id world_write(struct world *world, unsigned key, struct body_draft *draft)
{
	struct world_entry *out = &world->entries[world->entry_count++];
	struct world_key *own = &world->keys[key];
	struct buf body;
	struct entry entry;
	uint8_t none[SIGNATURE_BYTES] = { 0 };

	ASSERT(world->entry_count <= WORLD_ENTRIES);
	draft->stated_ms = draft->stated_ms ? draft->stated_ms : world->now_ms++;
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

static inline void put_key(struct buf *out, int64_t key)
{
	cbor_put_int(out, key);
}

static inline unsigned world_grant(struct world *world, enum party party, int64_t number, const char *officer,
    const char *const *roles, unsigned role_count, int64_t limit_gbp)
{
	unsigned key = world_key(world, party);
	struct buf fields;

	buf_init(&fields, 4096);
	put_key(&fields, GRANT_KEY), cbor_put_bytes(&fields, id_bytes(&world->keys[key].key));
	put_key(&fields, GRANT_OFFICER), cbor_put_literal(&fields, officer);
	if (number > 0) {
		put_key(&fields, GRANT_POST), cbor_put_literal(&fields, "post");
		put_key(&fields, GRANT_ROLES), cbor_put_array(&fields, role_count);
		for (unsigned i = 0; i < role_count; i++) {
			cbor_put_literal(&fields, roles[i]);
		}
		if (limit_gbp > 0) {
			put_key(&fields, GRANT_LIMITS), cbor_put_map(&fields, 1);
			cbor_put_literal(&fields, "GBP"), cbor_put_int(&fields, limit_gbp);
		}
	}
	put_key(&fields, GRANT_UNTIL), cbor_put_int(&fields, 1500000000000);
	if (number > 0) {
		put_key(&fields, GRANT_NUMBER), cbor_put_int(&fields, number);
	}
	struct body_draft draft = { .kind = number > 0 ? "desk.granted" : "home.granted",
		.fields = buf_bytes(&fields),
		.field_count = number > 0 ? 6u + (limit_gbp > 0) : 3u };
	world->keys[key].prev = world_write(world, party, &draft);
	buf_clear(&fields);
	return key;
}

static inline int text_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static inline void grant_desks(struct world *world, enum party party)
{
	static char officers[2][2 * ROLES][32];
	const char *roles[ROLES] = { NULL };
	int64_t number = 1;

	for (unsigned role = 0; role < ROLES; role++) {
		char *one = officers[party][role], *others = officers[party][ROLES + role];
		unsigned count = 0;
		snprintf(one, 32, "one-%s", role_names[role]);
		snprintf(others, 32, "not-%s", role_names[role]);
		world->with[party][role] = world_grant(world, party, number++, one, &role_names[role], 1, 0);
		for (unsigned i = 0; i < ROLES; i++) {
			if (i != role) {
				roles[count++] = role_names[i];
			}
		}
		qsort(roles, count, sizeof roles[0], text_order);
		world->without[party][role] = world_grant(world, party, number++, others, roles, count, 0);
	}
	memcpy(roles, role_names, sizeof roles);
	qsort(roles, ROLES, sizeof roles[0], text_order);
	world->all[party] = world_grant(world, party, number, "all", roles, ROLES, 0);
	world->home[party] = world_grant(world, party, 0, "home", NULL, 0, 0);
}

static inline void world_open(struct world *world)
{
	struct buf fields, profile;
	json_t *json = world_agreement ? json_deep_copy(world_agreement) : parse(profile_json);

	wire_start();
	*world = (struct world){ .now_ms = 1385000000000 }; /* 2013-11-21 */
	arena_init(&world->arena, LIMIT_ARENA_BYTES);
	world->entries = calloc(WORLD_ENTRIES, sizeof *world->entries);
	world->expectations = calloc(WORLD_ENTRIES, sizeof *world->expectations);
	for (unsigned i = 0; i <= JP_RECOVERY; i++) {
		world_key(world, i % 2);
	}
	buf_init(&fields, LIMIT_BODY_BYTES);
	buf_init(&profile, LIMIT_BODY_BYTES);
	put_json(&profile, json);
	world->profile_hash = sha256(buf_bytes(&profile));
	put_key(&fields, PROPOSED_MODE), cbor_put_literal(&fields, "rehearsal");
	put_key(&fields, PROPOSED_PARTIES), cbor_put_array(&fields, 2);
	for (unsigned p = 0; p < 2; p++) {
		cbor_put_array(&fields, 3), cbor_put_literal(&fields, p ? "JP" : "GB");
		cbor_put_bytes(&fields, id_bytes(&world->keys[GB_ROOT + p].key));
		cbor_put_bytes(&fields, id_bytes(&world->keys[GB_RECOVERY + p].key));
	}
	put_key(&fields, PROPOSED_RULES), cbor_put_map(&fields, 1), cbor_put_literal(&fields, "support"),
	    cbor_put_int(&fields, 1);
	put_key(&fields, PROPOSED_PROFILE), buf_put_bytes(&fields, buf_bytes(&profile));
	put_key(&fields, PROPOSED_NONCE), cbor_put_bytes(&fields, bytes_of("0123456789abcdef", 16));
	world_write(world, GB_ROOT,
	    &(struct body_draft){ .kind = "tally.proposed", .fields = buf_bytes(&fields), .field_count = 5 });
	world_write(world, JP_ROOT, &(struct body_draft){ .kind = "tally.accepted" });
	grant_desks(world, GB);
	grant_desks(world, JP);
	buf_clear(&fields);
	buf_clear(&profile);
	json_decref(json);
}

/* ---- saying ------------------------------------------------------------------------------------------------------ */

/* What a desk says. json: fields by name, ' for ". */
struct saying {
	unsigned key;
	const char *kind; /* without "support." */
	const struct id *thread, *part, *answers, *seen;
	struct id refs[8];
	unsigned ref_count;
	const char *json;
	json_t *object; /* instead of json; taken */
	int64_t stated_ms;
};

static inline struct id world_say(struct world *world, const struct saying *saying)
{
	const char *kind = arena_printf(&world->arena, "support.%s", saying->kind);
	const struct kind *found = domain_kind(&support_domain, bytes_text(kind));
	json_t *object = saying->object ? saying->object : parse(saying->json ? saying->json : "{}");
	struct id answers = saying->answers ? *saying->answers : (struct id){ { 0 } };
	struct buf fields;
	unsigned count = 0;

	ASSERT(found != NULL);
	buf_init(&fields, LIMIT_BODY_BYTES);
	put_pairs(&fields, found->fields, object, &count);
	struct body_draft draft = { .kind = kind,
		.stated_ms = saying->stated_ms,
		.thread = saying->thread,
		.part = saying->part,
		.seen = saying->seen,
		.answers = &answers,
		.answer_count = saying->answers != NULL,
		.refs = saying->refs,
		.ref_count = saying->ref_count,
		.fields = buf_bytes(&fields),
		.field_count = count };
	struct id id = world_write(world, saying->key, &draft);
	buf_clear(&fields);
	json_decref(object);
	return id;
}

static inline struct id world_acknowledge(struct world *world, enum party party, const struct id *heads, unsigned count)
{
	struct id none = { { 0 } };
	struct buf fields;

	buf_init(&fields, 100);
	put_key(&fields, ACKNOWLEDGED_DIGEST), cbor_put_bytes(&fields, id_bytes(&none));
	struct body_draft draft = { .kind = "home.acknowledged",
		.refs = heads,
		.ref_count = count,
		.fields = buf_bytes(&fields),
		.field_count = 1 };
	struct id id = world_write(world, world->home[party], &draft);
	buf_clear(&fields);
	return id;
}

/* What will be looked at once all is delivered: "valid", "void S12"; state of the part, or NULL. */
static inline void expect(struct world *world, struct id entry, const struct id *thread, const struct id *part,
    const char *verdict, const char *state, const char *title)
{
	static const struct id none;

	ASSERT(world->expectation_count < WORLD_ENTRIES);
	world->expectations[world->expectation_count++] = (struct expectation){ entry, thread ? *thread : none,
		part ? *part : none, verdict, state, arena_text(&world->arena, bytes_text(title)) };
}

/* ---- orders ------------------------------------------------------------------------------------------------------ */

#define ORDER_LINE \
	"{'line':1,'category':'fuel','kind':'supply','description_en':'F-76','quantity':'100','unit':'LTR','unit_price_minor':80," \
	"'price_basis':'agreed','currency':'GBP','settlement':'cash'}"

static inline json_t *order_fields(struct world *world, const char *method)
{
	char hex[65];
	json_t *order =
	    parse("{'supplier':'JP','activity':'1b','lines':[" ORDER_LINE "],'place':'Cebu','deliver_on':'2013-11-26',"
		  "'charter':true,'rule_set':1}");
	json_t *line = json_array_get(json_object_get(order, "lines"), 0);

	hex_print(id_bytes(&world->profile_hash), hex);
	json_object_set_new(order, "profile", json_string(hex));
	json_object_set_new(line, "settlement", json_string(method));
	if (strcmp(method, "service_like") == 0) {
		json_object_set_new(line, "kind", json_string("service"));
		json_object_set_new(line, "meter", json_string("seats"));
	}
	return order;
}

/* Lays a patch over an order: what stands under "line" goes into its first line, all else on top. */
static inline json_t *patched(json_t *order, const char *patch)
{
	json_t *json = parse(patch ? patch : "{}"), *line = json_object_get(json, "line");

	if (line != NULL) {
		json_object_update(json_array_get(json_object_get(order, "lines"), 0), line);
		json_object_del(json, "line");
	}
	json_object_update(order, json);
	json_decref(json);
	return order;
}

static inline struct story requested(struct world *world, const char *method, const char *patch)
{
	struct saying saying = { .key = world->with[GB][ORDERER],
		.kind = "requested",
		.object = patched(order_fields(world, method), patch) };
	struct story story = { 0 };

	story.thread = story.order = world_say(world, &saying);
	return story;
}

/* A move on the order; the order's head moves on. */
static inline struct id order_move(
    struct world *world, struct story *story, unsigned key, const char *kind, const char *json)
{
	story->order = world_say(world,
	    &(struct saying){ .key = key,
		.kind = kind,
		.thread = &story->thread,
		.part = &story->thread,
		.answers = &story->order,
		.json = json });
	return story->order;
}

static inline char *accept_json(struct world *world, const struct id *terms)
{
	char hex[65];

	hex_print(id_bytes(terms), hex);
	return arena_printf(&world->arena, "{'terms':'%s'}", hex);
}

static inline struct story agreed(struct world *world, const char *method, const char *patch)
{
	struct story story = requested(world, method, patch);

	order_move(world, &story, world->with[JP][ISSUER], "offered", "{'utc_offset_minutes':540}");
	order_move(world, &story, world->with[GB][ORDERER], "accepted", accept_json(world, &story.order));
	return story;
}

#define ISSUE_FIELDS "'delivered_at':'2013-11-21T09:30:00+08:00','utc_offset_minutes':480,'place':'Cebu'"
#define METERED ",'lines':[{'line':1,'quantity':'100','meter_reading':'manifest 31'}]"
#define TAKEN_FIELDS ISSUE_FIELDS ",'handed_over_by':'JS Towada'"

static inline struct id open_issue(
    struct world *world, struct story *story, unsigned key, const char *kind, const char *json)
{
	story->issue = story->issue_head = world_say(world,
	    &(struct saying){ .key = key,
		.kind = kind,
		.thread = &story->thread,
		.refs = { story->order },
		.ref_count = 1,
		.json = json });
	return story->issue;
}

static inline struct id issue_move(
    struct world *world, struct story *story, unsigned key, const char *kind, const char *json)
{
	story->issue_head = world_say(world,
	    &(struct saying){ .key = key,
		.kind = kind,
		.thread = &story->thread,
		.part = &story->issue,
		.answers = &story->issue_head,
		.json = json });
	return story->issue_head;
}

static inline struct story issued(struct world *world, const char *method, const char *patch)
{
	struct story story = agreed(world, method, patch);

	open_issue(world, &story, world->with[JP][ISSUER], "issued",
	    strcmp(method, "service_like") == 0 ? "{" ISSUE_FIELDS METERED "}" : "{" ISSUE_FIELDS "}");
	return story;
}

/* Issued and receipted clean: receipted, return due or exchange due. */
static inline struct story receipted(struct world *world, const char *method, const char *patch)
{
	struct story story = issued(world, method, patch);

	issue_move(world, &story, world->with[GB][RECEIVES], "receipted", NULL);
	return story;
}

static inline struct id open_claim(struct world *world, struct story *story, unsigned key, const char *json)
{
	story->claim = story->claim_head = world_say(world,
	    &(struct saying){ .key = key,
		.kind = "claimed",
		.thread = &story->thread,
		.refs = { story->order, story->issue_head },
		.ref_count = 2,
		.json = json });
	return story->claim;
}

static inline struct id claim_move(
    struct world *world, struct story *story, unsigned key, const char *kind, const char *json)
{
	story->claim_head = world_say(world,
	    &(struct saying){ .key = key,
		.kind = kind,
		.thread = &story->thread,
		.part = &story->claim,
		.answers = &story->claim_head,
		.json = json });
	return story->claim_head;
}

/* A claim of the kind given, over the order and two more refs; a ref of zeros is left out. */
static inline struct id open_claim_of(struct world *world, struct story *story, unsigned key, const char *kind,
    struct id first, struct id second, const char *json)
{
	struct saying saying = { .key = key, .kind = kind, .thread = &story->thread, .json = json };
	const struct id refs[] = { story->order, first, second };

	for (unsigned i = 0; i < 3; i++) {
		if (!id_is_zero(&refs[i])) {
			saying.refs[saying.ref_count++] = refs[i];
		}
	}
	story->claim = story->claim_head = world_say(world, &saying);
	return story->claim;
}

static inline struct id open_adjustment(struct world *world, struct story *story, unsigned key, const char *json)
{
	story->adjustment = story->adjustment_head = world_say(world,
	    &(struct saying){ .key = key,
		.kind = "adjustment_proposed",
		.thread = &story->thread,
		.refs = { story->issue_head },
		.ref_count = 1,
		.json = json });
	return story->adjustment;
}

static inline struct id adjustment_move(struct world *world, struct story *story, unsigned key, const char *kind)
{
	story->adjustment_head = world_say(world,
	    &(struct saying){ .key = key,
		.kind = kind,
		.thread = &story->thread,
		.part = &story->adjustment,
		.answers = &story->adjustment_head });
	return story->adjustment_head;
}

/* Fields of an opening by the supplier: what of a request is R's own is left out. */
static inline json_t *supplier_fields(struct world *world, const char *method, const char *patch)
{
	json_t *order = order_fields(world, method);

	json_object_del(order, "supplier");
	json_object_del(order, "charter");
	json_object_set_new(order, "receiver", json_string("GB"));
	json_object_set_new(order, "utc_offset_minutes", json_integer(540));
	return patched(order, patch);
}

static inline json_t *unordered_fields(struct world *world, const char *method, const char *patch)
{
	json_t *order = supplier_fields(world, method, NULL);

	json_object_del(order, "deliver_on");
	json_object_set_new(order, "delivered_at", json_string("2013-11-20T09:30:00+08:00"));
	json_object_set_new(order, "delivery_offset_minutes", json_integer(480));
	if (strcmp(method, "service_like") == 0) {
		json_object_set_new(order, "meters", parse("[{'line':1,'meter_reading':'manifest 31'}]"));
	}
	return patched(order, patch);
}

static inline struct story unordered(struct world *world, const char *method, const char *patch)
{
	struct story story = { 0 };

	story.thread = story.issue = story.issue_head = world_say(world,
	    &(struct saying){ .key = world->with[JP][ISSUER],
		.kind = "issued_unordered",
		.object = unordered_fields(world, method, patch) });
	return story;
}

static inline struct story offered_unasked(struct world *world, const char *method, const char *patch)
{
	struct story story = { 0 };

	story.thread = story.order = world_say(world,
	    &(struct saying){ .key = world->with[JP][ISSUER],
		.kind = "offered_unasked",
		.object = supplier_fields(world, method, patch) });
	return story;
}

#define LONG_AGO "'delivered_at':'2013-01-02T09:30:00+08:00','utc_offset_minutes':480,'place':'Cebu'"

/* Issued long before the stated time of what follows. */
static inline struct story issued_long_ago(struct world *world, const char *method, const char *patch)
{
	struct story story = agreed(world, method, patch);

	open_issue(world, &story, world->with[JP][ISSUER], "issued", "{" LONG_AGO "}");
	return story;
}

#define CLAIM_FIELDS "{'currency':'GBP','total_minor':8000}"

static inline struct story claimed(struct world *world, const char *patch)
{
	struct story story = receipted(world, "cash", patch);

	open_claim(world, &story, world->with[JP][CLAIMS], CLAIM_FIELDS);
	return story;
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
		snprintf(world->dir, sizeof world->dir, "%s/warifu-support-XXXXXX",
		    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		ASSERT(mkdtemp(world->dir));
		setenv("WARIFU_STATE", world->dir, 1);
	}
	snprintf(path, sizeof path, "%s/%u", world->dir, world->half_count++);
	ASSERT(store_create(path, &err) == OK);
	ASSERT(store_open(path, DB_WRITE, &half->store, &err) == OK);
	ASSERT(entry_init(&entry, &first->place, first->body, first->signature) == NULL);
	ASSERT(store_begin(&half->store, &err) == OK);
	ASSERT(store_tally_add(&half->store, &entry, GB, &row, &err) == OK);
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

/* Everything in the order of saying, folded once. */
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
		unsigned key = turn <= JP_RECOVERY ? turn : world->key_count - 1 - (turn - JP_RECOVERY - 1);
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
	bool alike = id_equal(&digests[0], &digests[1]);
	for (unsigned i = 0; !alike && i < world->entry_count; i++) {
		struct entry_row a, b;
		ASSERT(store_entry_find(
			   &world->own.store, world->own.tally, &world->entries[i].id, &world->arena, &a, &err) == OK);
		ASSERT(store_entry_find(&half.store, half.tally, &world->entries[i].id, &world->arena, &b, &err) == OK);
		if (a.verdict != b.verdict || strcmp(a.rule, b.rule) != 0) {
			printf("# entry %u: %d %s, %d %s\n", i, a.verdict, a.rule, b.verdict, b.rule);
		}
	}
	store_close(&half.store);
	return alike;
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

static inline const struct part *world_part(struct world *world, const struct id *thread, const struct id *part)
{
	struct fold *fold = world_fold(world, thread);

	for (unsigned i = 0; i < fold->part_count; i++) {
		if (id_equal(&fold->parts[i]->id, part)) {
			return fold->parts[i];
		}
	}
	return NULL;
}

static inline const char *world_state(struct world *world, const struct id *thread, const struct id *part)
{
	struct fold *fold = world_fold(world, thread);

	for (unsigned i = 0; i < fold->part_count; i++) {
		if (id_equal(&fold->parts[i]->id, part)) {
			const struct state *state = fold_part_state(fold, fold->parts[i]);
			return state ? state->name : "rivals";
		}
	}
	return "no part";
}

/* `data` of a part (docs/support-rules.md 5.4) as text: CBOR diagnostic notation without blanks; every id as the word. */
/* NOLINTNEXTLINE(misc-no-recursion): at most LIMIT_CBOR_DEPTH */
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
	case CBOR_MAP:
		buf_put_text(out, "{");
		for (size_t i = 0; i < item.count; i++) {
			buf_put_text(out, i ? "," : "");
			print_item(out, at);
			buf_put_text(out, ":");
			print_item(out, at);
		}
		buf_put_text(out, "}");
		break;
	default: buf_printf(out, "%lld", (long long)item.integer); break;
	}
}

static inline const char *world_data(struct world *world, const struct id *thread, const struct id *part)
{
	struct fold *fold = world_fold(world, thread);
	struct buf data, text;

	buf_init(&data, 1 << 20);
	buf_init(&text, 1 << 20);
	for (unsigned i = 0; i < fold->part_count; i++) {
		if (id_equal(&fold->parts[i]->id, part) && fold->parts[i]->head_count == 1) {
			support_domain.part_data(fold, fold->parts[i], &data);
		}
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

/* Rows as text: columns parted by |, rows by newlines; nulls are blank. :thread is bound where the SQL holds it. */
static inline const char *world_rows(struct world *world, const char *sql, const struct id *thread)
{
	struct statement *statement;
	struct err err = { 0 };
	struct buf text;

	buf_init(&text, 1 << 20);
	if (db_statement(world->own.store.db, sql, &statement, &err) != OK) {
		return err.text[0] ? arena_printf(&world->arena, "%s", err.text) : "no statement";
	}
	if (thread != NULL) {
		statement_blob(statement, "thread", id_bytes(thread));
	}
	while (statement_step(statement, &err) == OK) {
		buf_put_text(&text, text.len > 0 ? "\n" : "");
		for (int i = 0; i < statement_column_count(statement); i++) {
			struct bytes value = statement_column_text(statement, i);
			buf_put_text(&text, i > 0 ? "|" : "");
			buf_put_bytes(&text, value);
		}
	}
	statement_done(statement);
	const char *result = arena_text(&world->arena, buf_bytes(&text));
	buf_clear(&text);
	return result;
}

static inline void world_check(struct world *world)
{
	for (unsigned i = 0; i < world->expectation_count; i++) {
		const struct expectation *e = &world->expectations[i];
		const char *verdict = world_verdict(world, &e->entry);
		bool as_said = strcmp(verdict, e->verdict) == 0;
		const char *state = as_said && e->state ? world_state(world, &e->thread, &e->part) : e->state;
		if (!tap_ok(as_said && (!state || strcmp(state, e->state) == 0), e->title)) {
			printf("# verdict %s, expected %s; state %s, expected %s\n", verdict, e->verdict,
			    state ? state : "-", e->state ? e->state : "-");
		}
	}
}

static inline void put_export(struct world *world, struct buf *out)
{
	struct buf cose;

	buf_init(&cose, 1 << 20);
	buf_put_text(out, "WARIFUX1");
	cbor_put_array(out, 2), cbor_put_int(out, 3), cbor_put_bytes(out, id_bytes(&world->tally));
	for (unsigned i = 0; i < world->entry_count; i++) {
		const struct world_entry *from = &world->entries[i];
		struct entry entry;
		ASSERT(entry_init(&entry, &from->place, from->body, from->signature) == NULL);
		buf_reset(&cose);
		entry_print_cose(&entry, &cose);
		cbor_put_array(out, 5), cbor_put_int(out, 1), cbor_put_bytes(out, id_bytes(&from->place.key));
		cbor_put_int(out, (int64_t)from->place.seq), cbor_put_bytes(out, id_bytes(&from->place.prev));
		cbor_put_bytes(out, buf_bytes(&cose));
	}
	struct id hash = sha256(buf_bytes(out));
	cbor_put_array(out, 3), cbor_put_int(out, 0), cbor_put_int(out, world->entry_count);
	cbor_put_bytes(out, id_bytes(&hash));
	buf_clear(&cose);
}

static inline void put_expected(struct world *world, struct buf *out)
{
	struct id digest;
	struct entry_row row;
	char hex[2 * ID_BYTES + 1];

	ASSERT(digest_now(&world->own.store, world->own.tally, &digest, NULL) == OK);
	hex_print(id_bytes(&digest), hex);
	buf_printf(out, "{\n \"digest\": \"%s\",\n \"verdicts\": {", hex);
	for (unsigned i = 0; i < world->entry_count; i++) {
		const struct id *id = &world->entries[i].id;
		ASSERT(store_entry_find(&world->own.store, world->own.tally, id, &world->arena, &row, NULL) == OK);
		hex_print(id_bytes(id), hex);
		buf_printf(out, "%s\n  \"%s\": [%d, ", i ? "," : "", hex, (int)row.verdict);
		if (row.verdict == VERDICT_VOID) {
			buf_printf(out, "\"%s\"]", row.rule);
		} else {
			buf_put_text(out, "null]");
		}
	}
	buf_put_text(out, "\n }\n}\n");
}

/* Where the environment names a folder in WARIFU_EXPORTS: all entries as an export, and beside it the verdicts and the digest, for the
 * second reader. `WARIFU_EXPORTS=tests/reader/exports` makes its samples anew. */
static inline void world_export(struct world *world, const char *name)
{
	const char *folder = getenv("WARIFU_EXPORTS"), *const endings[] = { "wx", "json" };

	for (unsigned i = 0; folder != NULL && i < 2; i++) {
		struct buf out;
		FILE *file = fopen(arena_printf(&world->arena, "%s/%s.%s", folder, name, endings[i]), "wb");
		buf_init(&out, 64 << 20);
		(i == 0 ? put_export : put_expected)(world, &out);
		ASSERT(file != NULL && fwrite(out.data, 1, out.len, file) == out.len);
		ASSERT(fclose(file) == 0);
		buf_clear(&out);
	}
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
	ASSERT(strstr(world->dir, "warifu-support-"));
	nftw(world->dir, world_remove, 16, FTW_DEPTH | FTW_PHYS);
}
#endif
