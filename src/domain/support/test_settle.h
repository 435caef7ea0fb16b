/* For tests of conversion, exchange, waiver and netting: what desks say, beside test_world.h. */
#ifndef WARIFU_DOMAIN_SUPPORT_TEST_SETTLE_H
#define WARIFU_DOMAIN_SUPPORT_TEST_SETTLE_H
#include "domain/support/test_world.h"

/* D of what was delivered as ISSUE_FIELDS says, by an order whose offset is +09:00: 2014-12-22 there. */
#define CONVERTIBLE_MS 1419174000000

static inline struct id issue_move_at(
    struct world *world, struct story *story, unsigned key, const char *kind, const char *json, int64_t stated_ms)
{
	story->issue_head = world_say(world,
	    &(struct saying){ .key = key,
		.kind = kind,
		.thread = &story->thread,
		.part = &story->issue,
		.answers = &story->issue_head,
		.json = json,
		.stated_ms = stated_ms });
	return story->issue_head;
}

#define HEX_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HEX_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define LINKED(value) \
	"{'items':[{'line':1,'thread':'" HEX_A "','issue':'" HEX_B \
	"','their_line':1,'currency':'GBP','value_minor':" value ",'applied_minor':" value \
	"}],'currency':'GBP','total_minor':" value "}"
#define CERTIFIED(value) "{'currency':'GBP','total_minor':" value "}"
#define WAIVED "{'law':'Treasury rules, 5','authority':'HMT 12'}"
#define OWED(claim, party, value) \
	"{'thread':'" HEX_A "','claim':'" claim "','owed_by':'" party "','currency':'GBP','amount_minor':" value \
	",'value_minor':" value "}"
#define NETTING_OF(theirs, ours, net) \
	"{'partner':'GB','currency':'GBP','total_minor':" net \
	",'rule_set':1,'claims':[" OWED(HEX_B, "GB", theirs) "," OWED(HEX_C, "JP", ours) "]}"
#define NET_REMITTED(value) "{'currency':'GBP','amount_minor':" value ",'reference':'B1','value_on':'2014-01-20'}"

/* JP proposes unless `key` is another's. */
static inline struct id open_netting(struct world *world, struct story *story, unsigned key, const char *json)
{
	char hex[65];
	json_t *object = parse(json);

	hex_print(id_bytes(&world->profile_hash), hex);
	if (json_object_get(object, "profile") == NULL) {
		json_object_set_new(object, "profile", json_string(hex));
	}
	story->netting = story->netting_head =
	    world_say(world, &(struct saying){ .key = key, .kind = "netting_proposed", .object = object });
	return story->netting;
}

static inline struct id netting_move(
    struct world *world, struct story *story, unsigned key, const char *kind, const char *json)
{
	story->netting_head = world_say(world,
	    &(struct saying){ .key = key,
		.kind = kind,
		.thread = &story->netting,
		.part = &story->netting,
		.answers = &story->netting_head,
		.json = json });
	return story->netting_head;
}

/* Services of several lines, counted, issued and receipted. */
static inline struct story served(struct world *world, const char *patch, const char *lines)
{
	struct story story = agreed(world, "service_like", patch);

	open_issue(world, &story, world->with[JP][ISSUER], "issued",
	    arena_printf(&world->arena, "{" ISSUE_FIELDS ",'lines':[%s]}", lines));
	issue_move(world, &story, world->with[GB][RECEIVES], "receipted", NULL);
	return story;
}

/* Sets a claim off under the netting of the story, of which it needs nothing but that it is here. */
static inline struct id set_off(struct world *world, struct story *story, unsigned key, const char *json)
{
	story->claim_head = world_say(world,
	    &(struct saying){ .key = key,
		.kind = "netted",
		.thread = &story->thread,
		.part = &story->claim,
		.answers = &story->claim_head,
		.refs = { story->netting_head },
		.ref_count = 1,
		.json = json });
	return story->claim_head;
}
#endif
