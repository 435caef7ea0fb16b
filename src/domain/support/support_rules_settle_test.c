/* Guards S200 to S232 of docs/support-rules.md 4.2, each broken once at least, beside a neighbour that it lets pass. */
#include "domain/support/support_state.h"
#include "domain/support/test_settle.h"

static struct world world;
static unsigned limited; /* JP's desk with every role and a limit of GBP 80.00 */

#define R_DESK(role) world.with[GB][role]
#define S_DESK(role) world.with[JP][role]

static void valid(struct id id, const char *title)
{
	expect(&world, id, NULL, NULL, "valid", NULL, title);
}

static void breaks(struct id id, const char *rule, const char *title)
{
	expect(&world, id, NULL, NULL, arena_printf(&world.arena, "void %s", rule), NULL,
	    arena_printf(&world.arena, "%s: %s", rule, title));
}

static struct id try_issue(struct story story, unsigned key, const char *kind, const char *json, int64_t stated_ms)
{
	return issue_move_at(&world, &story, key, kind, json, stated_ms);
}

/* ---- S200, S201 -------------------------------------------------------------------------------------------------- */

static struct id link_with_refs(struct story story, const struct id *refs, unsigned count)
{
	struct saying saying = { .key = R_DESK(RECEIVES),
		.kind = "exchange_linked",
		.thread = &story.thread,
		.part = &story.issue,
		.answers = &story.issue_head,
		.ref_count = count,
		.json = LINKED("8000") };

	memcpy(saying.refs, refs, count * sizeof *refs);
	return world_say(&world, &saying);
}

static void test_refs(void)
{
	struct story story = receipted(&world, "service_like", NULL), other = receipted(&world, "cash", NULL);
	struct story claim = claimed(&world, NULL);
	struct id abroad[2] = { other.issue, other.order };

	breaks(link_with_refs(story, &story.order, 1), "S200", "an exchange names no entry of its own thread");
	breaks(link_with_refs(story, abroad, 2), "S200", "nor two of another");
	valid(link_with_refs(story, abroad, 1), "one of another thread it may");
	claim_move(&world, &claim, R_DESK(PAYER), "approved", NULL);
	struct story before = claim;
	breaks(claim_move(&world, &claim, R_DESK(NETTING), "netted", "{'currency':'GBP','amount_minor':8000}"), "S200",
	    "a claim is not set off without naming the netting");
	claim = before;
	claim.netting_head = claim.order;
	breaks(set_off(&world, &claim, R_DESK(NETTING), "{'currency':'GBP','amount_minor':8000}"), "S200",
	    "nor under an entry of its own thread");
	claim = before;
	claim.netting_head = other.order;
	breaks(set_off(&world, &claim, R_DESK(NETTING), "{'currency':'JPY','amount_minor':8000}"), "S232",
	    "it is set off in its own currency");
	claim.claim_head = before.claim_head;
	breaks(set_off(&world, &claim, R_DESK(NETTING), "{'currency':'GBP','amount_minor':7999}"), "S232", "and whole");
	claim.claim_head = before.claim_head;
	valid(set_off(&world, &claim, R_DESK(NETTING), "{'currency':'GBP','amount_minor':8000}"), "else it is valid");
}

static void test_conversion(void)
{
	struct story story = receipted(&world, "return_like", NULL), late = agreed(&world, "return_like", NULL),
		     bare = agreed(&world, "return_like", "{'rates':[]}");
	struct issue_state issue = { 0 };
	int64_t due;

	(void)bare;
	breaks(try_issue(story, S_DESK(CLAIMS), "converted", NULL, CONVERTIBLE_MS - 1), "S201",
	    "nothing is converted before the end of the months and the grace");
	valid(try_issue(story, S_DESK(CLAIMS), "converted", NULL, CONVERTIBLE_MS), "from that time on it may be");
	/* half past midnight of the 22nd in the supplier's offset */
	open_issue(&world, &late, S_DESK(ISSUER), "issued",
	    "{'delivered_at':'2013-11-21T15:30:00Z','utc_offset_minutes':480,'place':'Cebu'}");
	issue_move(&world, &late, R_DESK(RECEIVES), "receipted", NULL);
	breaks(try_issue(late, S_DESK(CLAIMS), "converted", NULL, CONVERTIBLE_MS + DAY_MS - 1), "S201",
	    "the day of delivery is that of the supplier's offset");
	valid(try_issue(late, S_DESK(CLAIMS), "converted", NULL, CONVERTIBLE_MS + DAY_MS), "a day later it may be");
	struct terms terms = { 0 };
	struct order_state order = { .agreed = &terms };
	const struct profile none = { .count = 0 };
	issue.order = &order;
	tap_ok(!conversion_due(&none, &issue, &due), "without a clock in the agreement there is no conversion");
}

static void put_clock(struct buf *out, const char *name, int64_t value)
{
	cbor_put_literal(out, name);
	cbor_put_map(out, 1);
	cbor_put_literal(out, "value");
	cbor_put_int(out, value);
}

static int64_t due_of(int64_t months, int64_t grace, int64_t delivered_ms)
{
	struct terms terms = { 0 };
	struct order_state order = { .agreed = &terms };
	struct issue_state issue = { .order = &order, .delivered_at_ms = delivered_ms };
	struct profile values;
	struct buf profile;
	int64_t due = -1;

	buf_init(&profile, 1000);
	cbor_put_map(&profile, 1);
	cbor_put_literal(&profile, "clocks");
	cbor_put_map(&profile, 2);
	put_clock(&profile, "grace_days", grace);
	put_clock(&profile, "settle_months", months);
	profile_read(&values, buf_bytes(&profile));
	due = conversion_due(&values, &issue, &due) ? due : -1;
	buf_clear(&profile);
	return due;
}

static void test_due(void)
{
	int64_t day = day_from_civil(2013, 3, 31);

	tap_is_int(due_of(11, 0, day * DAY_MS), day_from_civil(2014, 3, 1) * DAY_MS,
	    "without an offset it is UTC; a month that is too short ends on its last day");
	tap_is_int(due_of(1, 3, day * DAY_MS + 5), day_from_civil(2013, 5, 4) * DAY_MS, "the grace is counted in days");
	tap_is_int(due_of(0, 3, 0), -1, "a clock of no months is none");
	tap_is_int(
	    due_of(1200, 36500, 0), (day_from_civil(2070, 1, 2) + 36500) * DAY_MS, "the longest that is counted");
	tap_is_int(due_of(1201, 0, 0), -1, "a longer one is none");
	tap_is_int(due_of(1, 36501, 0), day_from_civil(1970, 2, 2) * DAY_MS, "a longer grace is none");
}

/* ---- S202 to S210 ------------------------------------------------------------------------------------------------ */

#define RATES "'rates':[{'from':'GBP','to':'JPY','rate':'165','source':'BoE','on':'2013-11-20'}]"
#define FLIGHTS \
	"{'line':1,'category':'transport','kind':'service','description_en':'flights','quantity':'18','unit':'TNE'," \
	"'meter':'manifest','unit_price_minor':240000,'price_basis':'agreed','currency':'JPY','settlement':'service_like'}"
#define SEATS \
	"{'line':2,'category':'transport','kind':'service','description_en':'seats','quantity':'1','unit':'C62'," \
	"'meter':'manifest','unit_price_minor':100,'price_basis':'agreed','currency':'GBP','settlement':'service_like'}"
#define COUNTED "{'line':1,'quantity':'18','meter_reading':'31'},{'line':2,'quantity':'1','meter_reading':'32'}"
#define ITEM(line, thread, issue, theirs, currency, value, applied) \
	"{'line':" line ",'thread':'" thread "','issue':'" issue "','their_line':" theirs ",'currency':'" currency \
	"','value_minor':" value ",'applied_minor':" applied "}"
#define OFFERED(items, currency, total) "{'items':[" items "],'currency':'" currency "','total_minor':" total "}"

static const struct {
	const char *rule, *json, *title;
} links[] = {
	{ "S202",
	    OFFERED(ITEM("1", HEX_A, HEX_B, "2", "JPY", "1", "1") "," ITEM("1", HEX_A, HEX_B, "1", "JPY", "1", "1"),
		"JPY", "2"),
	    "items ascend" },
	{ "S202",
	    OFFERED(ITEM("1", HEX_A, HEX_B, "1", "JPY", "1", "1") "," ITEM("1", HEX_A, HEX_B, "1", "JPY", "1", "1"),
		"JPY", "2"),
	    "none twice" },
	{ "S203", OFFERED(ITEM("3", HEX_A, HEX_B, "1", "JPY", "1", "1"), "JPY", "1"),
	    "what is not a line of the issue is not exchanged" },
	{ "S204", OFFERED(ITEM("2", HEX_A, HEX_B, "1", "JPY", "1", "1"), "JPY", "1"),
	    "a link is in the currency of its lines" },
	{ "S206", OFFERED(ITEM("1", HEX_A, HEX_B, "1", "JPY", "0", "0"), "JPY", "0"), "nothing has no value" },
	{ "S206", OFFERED(ITEM("1", HEX_A, HEX_B, "1", "GBP", "1", "0"), "JPY", "0"), "on neither side" },
	{ "S207", OFFERED(ITEM("1", HEX_A, HEX_B, "1", "JPY", "2", "1"), "JPY", "1"),
	    "in one currency both values are one" },
	{ "S207", OFFERED(ITEM("1", HEX_A, HEX_B, "1", "GBP", "312000", "514801"), "JPY", "514801"),
	    "in two the rate of the terms decides" },
	{ "S207", OFFERED(ITEM("1", HEX_A, HEX_B, "1", "USD", "1", "1"), "JPY", "1"),
	    "without a rate there is no exchange" },
	{ "S208", OFFERED(ITEM("1", HEX_A, HEX_B, "1", "JPY", "4320001", "4320001"), "JPY", "4320001"),
	    "no more is applied than is left" },
	{ "S208",
	    OFFERED(ITEM("1", HEX_A, HEX_B, "1", "JPY", "4320000", "4320000") "," ITEM(
			"1", HEX_A, HEX_B, "2", "JPY", "1", "1"),
		"JPY", "4320001"),
	    "all items of a line together" },
	{ "S209", OFFERED(ITEM("1", HEX_A, HEX_B, "1", "JPY", "5", "5"), "JPY", "4"), "the total is the sum" },
};

static void test_links(void)
{
	struct story story = served(&world, "{'lines':[" FLIGHTS "," SEATS "]," RATES "}", COUNTED);
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
		breaks(try_issue(story, R_DESK(RECEIVES), "exchange_linked", links[i].json, 0), links[i].rule,
		    links[i].title);
	}
	char hex[65];
	hex_print(id_bytes(&story.thread), hex);
	breaks(
	    try_issue(story, R_DESK(RECEIVES), "exchange_linked",
		arena_printf(&world.arena,
		    "{'items':[{'line':1,'thread':'%s','issue':'" HEX_B
		    "','their_line':1,'currency':'JPY','value_minor':1,'applied_minor':1}],'currency':'JPY','total_minor':1}",
		    hex),
		0),
	    "S205", "nothing is exchanged against its own order");
	valid(try_issue(story, R_DESK(RECEIVES), "exchange_linked",
		  OFFERED(ITEM("1", HEX_A, HEX_B, "1", "GBP", "312000", "514800"), "JPY", "514800"), 0),
	    "pounds become yen at the rate of the terms");
	struct story divided = served(&world, "{'lines':[" FLIGHTS "," SEATS "]," RATES "}", COUNTED);
	valid(try_issue(divided, R_DESK(RECEIVES), "exchange_linked",
		  OFFERED(ITEM("2", HEX_A, HEX_B, "1", "JPY", "165", "100"), "GBP", "100"), 0),
	    "and yen pounds, divided by it");
	struct story rounded = served(&world, "{'lines':[" FLIGHTS "," SEATS "]," RATES "}", COUNTED);
	issue_move(&world, &rounded, R_DESK(RECEIVES), "exchange_linked",
	    OFFERED(ITEM("1", HEX_A, HEX_B, "1", "GBP", "1", "1"), "JPY", "1"));
	expect(&world, rounded.issue_head, NULL, NULL, "valid", NULL,
	    "1 yen is 0.6 pence, rounded 1: the value may be the one that was rounded");
	breaks(try_issue(rounded, S_DESK(ISSUER), "exchange_certified", "{'currency':'JPY','total_minor':2}", 0),
	    "S210", "the certificate is of what was linked");
	breaks(try_issue(rounded, S_DESK(ISSUER), "exchange_certified", "{'currency':'GBP','total_minor':1}", 0),
	    "S210", "in its currency");
	valid(try_issue(rounded, S_DESK(ISSUER), "exchange_certified", "{'currency':'JPY','total_minor':1}", 0),
	    "else it is valid");
}

/* ---- S211, S212 -------------------------------------------------------------------------------------------------- */

static struct id try_waive(struct story story, unsigned key, bool claim)
{
	return claim ? claim_move(&world, &story, key, "waived", WAIVED)
		     : issue_move(&world, &story, key, "waived", WAIVED);
}

static void test_waivers(void)
{
	struct story story = receipted(&world, "cash", NULL), due = receipted(&world, "return_like", NULL);
	struct story large = receipted(&world, "cash", "{'line':{'unit_price_minor':81}}");
	struct story open = receipted(&world, "cash", "{'line':{'unit_price_minor':null,'ceiling_minor':9000}}");

	open_claim(&world, &story, limited, CLAIM_FIELDS);
	breaks(try_waive(story, limited, false), "S211", "what is claimed is waived in the claim");
	valid(try_waive(story, limited, true), "there it is, within the limit");
	valid(try_waive(due, limited, false), "what is to come back may be waived");
	breaks(try_waive(large, limited, false), "S212", "not above the limit of the desk");
	valid(try_waive(large, S_DESK(WAIVER), false), "a desk without a limit may");
	valid(try_waive(open, limited, false), "what has no price has no amount");
	struct story large_claim = receipted(&world, "cash", "{'line':{'unit_price_minor':81}}");
	open_claim(&world, &large_claim, S_DESK(CLAIMS), "{'currency':'GBP','total_minor':8100}");
	breaks(try_waive(large_claim, limited, true), "S212", "nor is a claim");
	claim_move(&world, &large_claim, R_DESK(PAYER), "approved", NULL);
	claim_move(&world, &large_claim, R_DESK(PAYER), "remitted",
	    "{'currency':'GBP','amount_minor':100,'reference':'B','value_on':'2014-01-20'}");
	claim_move(&world, &large_claim, S_DESK(CLAIMS), "confirmed", NULL);
	valid(try_waive(large_claim, limited, true), "what is open of it counts");
}

/* ---- S220 to S231 ------------------------------------------------------------------------------------------------ */

#define NETTING_WITH(claims, total) \
	"{'partner':'GB','currency':'JPY','total_minor':" total ",'rule_set':1,'claims':[" claims "]}"
#define IN_YEN(claim, party, value) \
	"{'thread':'" HEX_A "','claim':'" claim "','owed_by':'" party "','currency':'JPY','amount_minor':" value \
	",'value_minor':" value "}"
#define IN_POUNDS(claim, party, amount, value, rate) \
	"{'thread':'" HEX_A "','claim':'" claim "','owed_by':'" party "','currency':'GBP','amount_minor':" amount \
	",'value_minor':" value rate "}"
#define AT_165 ",'rate':'165','source':'BoE','on':'2014-01-31'"

static struct id try_netting(const char *json)
{
	struct story story = { 0 };

	return open_netting(&world, &story, S_DESK(NETTING), json);
}

static const struct {
	const char *rule, *json, *title;
} proposals[] = {
	{ "S2",
	    "{'partner':'GB','currency':'JPY','total_minor':0,'rule_set':1,'profile':'" HEX_A
	    "','claims':[" IN_YEN(HEX_B, "GB", "1") "]}",
	    "a netting names an agreement of the tally" },
	{ "S2",
	    "{'partner':'GB','currency':'JPY','total_minor':0,'rule_set':0,'claims':[" IN_YEN(HEX_B, "GB", "1") "]}",
	    "and a rule set" },
	{ "S221",
	    "{'partner':'GB','currency':'USD','total_minor':0,'rule_set':1,'claims':[" IN_YEN(HEX_B, "GB", "1") "]}",
	    "it is in a currency of the agreement" },
	{ "S222", NETTING_WITH(IN_YEN(HEX_C, "GB", "9") "," IN_YEN(HEX_B, "JP", "4"), "5"), "claims ascend" },
	{ "S222", NETTING_WITH(IN_YEN(HEX_B, "GB", "9") "," IN_YEN(HEX_B, "JP", "4"), "5"), "none twice" },
	{ "S223", NETTING_WITH(IN_YEN(HEX_B, "GB", "9") "," IN_YEN(HEX_C, "FR", "4"), "5"),
	    "a claim is owed by one of the two" },
	{ "S224", NETTING_WITH(IN_YEN(HEX_B, "GB", "9") "," IN_YEN(HEX_C, "GB", "4"), "13"),
	    "with nothing owed the other way there is no netting" },
	{ "S224", NETTING_WITH(IN_YEN(HEX_B, "JP", "9"), "0"), "either way" },
	{ "S225", NETTING_WITH(IN_YEN(HEX_B, "GB", "9") "," IN_YEN(HEX_C, "JP", "0"), "9"), "amounts are above 0" },
	{ "S225", NETTING_WITH(IN_YEN(HEX_B, "GB", "9") "," IN_POUNDS(HEX_C, "JP", "1", "0", AT_165), "9"),
	    "values too" },
	{ "S226", NETTING_WITH(IN_YEN(HEX_B, "GB", "9999") "," IN_POUNDS(HEX_C, "JP", "100", "165", ""), "9834"),
	    "a claim in another currency is refused without a rate" },
	{ "S226",
	    NETTING_WITH(
		IN_YEN(HEX_B, "GB", "9999") "," IN_POUNDS(HEX_C, "JP", "100", "165", ",'rate':'165','on':'2014-01-31'"),
		"9834"),
	    "without its source" },
	{ "S226",
	    NETTING_WITH(
		IN_YEN(HEX_B, "GB", "9999") "," IN_POUNDS(HEX_C, "JP", "100", "165", ",'rate':'165','source':'BoE'"),
		"9834"),
	    "or its day" },
	{ "S226",
	    NETTING_WITH(IN_YEN(HEX_B, "GB", "9999") "," IN_POUNDS(
			     HEX_C, "JP", "100", "165", ",'rate':'0','source':'BoE','on':'2014-01-31'"),
		"9834"),
	    "a rate is above 0" },
	{ "S226",
	    NETTING_WITH("{'thread':'" HEX_A "','claim':'" HEX_B "','owed_by':'GB','currency':'JPY','amount_minor':9,"
			 "'value_minor':9" AT_165 "}," IN_YEN(HEX_C, "JP", "4"),
		"5"),
	    "one in the same currency has no rate" },
	{ "S227", NETTING_WITH(IN_YEN(HEX_B, "GB", "9999") "," IN_POUNDS(HEX_C, "JP", "100", "166", AT_165), "9833"),
	    "the value is the amount at the rate" },
	{ "S227", NETTING_WITH(IN_YEN(HEX_B, "GB", "9999") "," IN_POUNDS(HEX_C, "JP", "1", "1", AT_165), "9998"),
	    "rounded: 1.65 yen are 2" },
	{ "S228", NETTING_WITH(IN_YEN(HEX_B, "GB", "9") "," IN_YEN(HEX_C, "JP", "4"), "4"),
	    "the net is the difference" },
	{ "S228", NETTING_WITH(IN_YEN(HEX_B, "GB", "4") "," IN_YEN(HEX_C, "JP", "9"), "5"),
	    "the net creditor proposes" },
};

static void test_proposals(void)
{
	for (size_t i = 0; i < sizeof proposals / sizeof proposals[0]; i++) {
		breaks(try_netting(proposals[i].json), proposals[i].rule, proposals[i].title);
	}
	breaks(try_netting("{'partner':'FR','currency':'JPY','total_minor':0,'rule_set':1,'claims':[" IN_YEN(
		   HEX_B, "GB", "1") "]}"),
	    "S220", "the partner is a party of the tally");
	breaks(try_netting("{'partner':'JP','currency':'JPY','total_minor':0,'rule_set':1,'claims':[" IN_YEN(
		   HEX_B, "JP", "1") "]}"),
	    "S220", "other than the proposer");
	valid(try_netting(
		  NETTING_WITH(IN_YEN(HEX_B, "GB", "9999") "," IN_POUNDS(HEX_C, "JP", "100", "165", AT_165), "9834")),
	    "with a rate, its source and its day it is proposed");
	valid(try_netting(NETTING_WITH(IN_YEN(HEX_B, "GB", "9") "," IN_YEN(HEX_C, "JP", "9"), "0")),
	    "a net of 0 is a net");
}

static struct id try_move(struct story story, unsigned key, const char *kind, const char *json)
{
	return netting_move(&world, &story, key, kind, json);
}

static void test_net_payment(void)
{
	static const char *const roles[] = { "netting" };
	unsigned small = world_grant(&world, GB, 30, "small", roles, 1, 2000);
	struct story story = { 0 }, large = { 0 };

	open_netting(&world, &large, S_DESK(NETTING), NETTING_OF("5001", "3000", "2001"));
	breaks(try_move(large, small, "netting_agreed", NULL), "S230",
	    "a net above the limit of the desk is not agreed to");
	open_netting(&world, &story, S_DESK(NETTING), NETTING_OF("5000", "3000", "2000"));
	valid(netting_move(&world, &story, small, "netting_agreed", NULL), "within it, it is");
	breaks(try_move(story, S_DESK(NETTING), "netting_reproposed",
		   "{'total_minor':1,'claims':[" OWED(HEX_B, "GB", "2") "]}"),
	    "S228", "a proposal anew adds up as well");
	breaks(
	    try_move(story, S_DESK(NETTING), "netting_reproposed", "{'total_minor':1}"), "S228", "also of no claims");
	breaks(try_move(story, R_DESK(NETTING), "netting_remitted", NET_REMITTED("2001")), "S231",
	    "no more is paid than the net");
	breaks(try_move(story, R_DESK(NETTING), "netting_remitted", NET_REMITTED("0")), "S231", "nor nothing");
	breaks(try_move(story, R_DESK(NETTING), "netting_remitted",
		   "{'currency':'JPY','amount_minor':5,'reference':'B1','value_on':'2014-01-20'}"),
	    "S231", "in its currency");
	netting_move(&world, &large, R_DESK(NETTING), "netting_agreed", NULL);
	breaks(try_move(large, small, "netting_remitted", NET_REMITTED("2001")), "S230",
	    "a payment is within the limit too");
	netting_move(&world, &story, small, "netting_remitted", NET_REMITTED("500"));
	netting_move(&world, &story, S_DESK(NETTING), "netting_confirmed", NULL);
	breaks(try_move(story, S_DESK(NETTING), "netting_reproposed",
		   "{'total_minor':5000,'claims':[" OWED(HEX_B, "GB", "5000") "]}"),
	    "S229", "once part is paid the list stays");
	breaks(try_move(story, small, "netting_remitted", NET_REMITTED("1501")), "S231", "what was paid is not open");
	valid(try_move(story, small, "netting_remitted", NET_REMITTED("1500")), "the rest is");
}

int main(void)
{
	static const char *const all[] = { "claims", "dispute", "issuer", "netting", "orderer", "payer", "receiver",
		"waiver" };

	world_open(&world);
	limited = world_grant(&world, JP, 31, "limited", all, 8, 8000);
	test_refs();
	test_conversion();
	test_due();
	test_links();
	test_waivers();
	test_proposals();
	test_net_payment();
	world_deliver(&world);
	world_check(&world);
	world_export(&world, "support-rules-settle");
	world_close(&world);
	return tap_done();
}
