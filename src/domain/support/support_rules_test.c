/* Guards S1 to S58 of docs/support-rules.md 4.2, each broken once at least, beside a neighbour that it lets pass. Claims have a test of
 * their own. */
#include "domain/support/test_world.h"

static struct world world;
static unsigned limited, second_issuer; /* GB's desk with every role and a limit of GBP 80.00; JP's other issuer */

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

/* ---- requests ---------------------------------------------------------------------------------------------------- */

struct request {
	const char *rule; /* NULL: valid */
	const char *patch, *title;
};

static const struct request requests[] = {
	{ NULL, "{}", "a plain request is valid" },
	{ "S1", "{'supplier':'FR'}", "a stranger cannot be asked" },
	{ "S1", "{'supplier':'GB'}", "nobody asks itself" },
	{ "S2", "{'rule_set':0}", "a rule set that never was cannot be named" },
	{ "S2", "{'profile':'0000000000000000000000000000000000000000000000000000000000000000'}",
	    "an agreement outside the tally cannot be named" },
	{ "S4", "{'activity':'9z'}", "an activity outside the agreement is refused" },
	{ "S5", "{'charter':false}", "without the Charter statement nothing is asked" },
	{ "S6", "{'urgency':'panic'}", "an urgency is relief or routine" },
	{ NULL, "{'urgency':'relief'}", "relief is an urgency" },
	{ NULL, "{'urgency':'routine'}", "so is routine" },
	{ "S7", "{'line':{'line':0}}", "lines count from 1" },
	{ "S7", "{'lines':[" ORDER_LINE "," ORDER_LINE "]}", "two lines cannot bear one number" },
	{ "S8", "{'line':{'category':'weapons'}}", "weapons may never be provided, even where a category names them" },
	{ "S9", "{'line':{'category':'water'}}", "a category outside the agreement is refused" },
	{ NULL, "{'line':{'category':'food'}}", "a category of that month is valid" },
	{ "S10", "{'line':{'kind':'gift'}}", "a line is a supply or a service" },
	{ "S11", "{'line':{'settlement':'service_like'}}", "a supply cannot be settled by services" },
	{ "S11", "{'line':{'settlement':'barter'}}", "a method that these rules do not know cannot be agreed on" },
	{ NULL, "{'line':{'settlement':'return_same'}}", "the same item may be returned" },
	{ "S12", "{'line':{'quantity':'0'}}", "nothing cannot be asked for" },
	{ "S12", "{'line':{'quantity':'-1'}}", "nor less than nothing" },
	{ "S13", "{'line':{'description_en':null}}", "a line says what it is" },
	{ NULL, "{'line':{'description_en':null,'description_ja':'軽油'}}", "Japanese alone is enough" },
	{ "S14", "{'line':{'unit_price_minor':0}}", "a price is above 0" },
	{ "S14", "{'line':{'price_basis':null}}", "a price has a basis" },
	{ "S14", "{'line':{'price_basis':'guess'}}", "a basis is one of the four" },
	{ NULL, "{'line':{'price_basis':'own_forces'}}", "what the own forces pay is a basis" },
	{ NULL, "{'line':{'price_basis':'contract'}}", "so is a contract" },
	{ NULL, "{'line':{'price_basis':'list'}}", "so is a list" },
	{ "S14", "{'line':{'ceiling_minor':9000}}", "a line has a price or a ceiling, not both" },
	{ "S14", "{'line':{'unit_price_minor':null}}", "a line has one of them" },
	{ "S14", "{'line':{'unit_price_minor':null,'ceiling_minor':0}}", "a ceiling is above 0" },
	{ NULL, "{'line':{'unit_price_minor':null,'ceiling_minor':9000}}",
	    "an open price with a ceiling is valid in cash" },
	{ "S14", "{'line':{'unit_price_minor':null,'ceiling_minor':9000,'settlement':'return_like'}}",
	    "what is returned has a reference price" },
	{ "S15", "{'line':{'per':'0'}}", "a price is for something" },
	{ NULL, "{'line':{'per':'1000'}}", "a price for a thousand is valid" },
	{ "S16", "{'line':{'kind':'service'}}", "a service without a meter is refused at the request" },
	{ NULL, "{'line':{'kind':'service','meter':'seats'}}", "with a meter it is valid" },
	{ "S17", "{'line':{'currency':'USD'}}", "a currency outside the agreement is refused" },
	{ "S18", "{'line':{'nsn_or_fsc':'91301'}}", "a stock number has its form" },
	{ "S18", "{'line':{'nsn_or_fsc':'9130-99-123-45A7'}}", "a stock number is digits" },
	{ "S18", "{'line':{'nsn_or_fsc':'9130099012304567'}}", "a stock number has its hyphens" },
	{ NULL, "{'line':{'nsn_or_fsc':'9130-99-123-4567'}}", "a whole stock number is valid" },
	{ NULL, "{'line':{'nsn_or_fsc':'9130'}}", "the supply class alone is valid" },
	{ "S18", "{'line':{'fuel_code':'F-99'}}", "a fuel is of NATO's list" },
	{ NULL, "{'line':{'fuel_code':'F-76'}}", "F-76 is" },
	{ "S19", "{'line':{'return_by':'2013-11-25'}}", "nothing is returned before it came" },
	{ NULL, "{'line':{'return_by':'2013-11-26'}}", "the same day is not before" },
	{ "S20", "{'third_party':'WFP'}", "nothing goes to a third party without recorded consent" },
	{ NULL, "{'third_party':'WFP','third_party_consent':'letter 7'}", "with it, it may" },
	{ "S22", "{'rates':[{'from':'GBP','to':'JPY','rate':'0','source':'BoE','on':'2013-11-20'}]}",
	    "a rate is above 0" },
	{ "S22", "{'rates':[{'from':'GBP','to':'GBP','rate':'1','source':'BoE','on':'2013-11-20'}]}",
	    "a rate is between two currencies" },
	{ NULL, "{'rates':[{'from':'GBP','to':'JPY','rate':'165','source':'BoE','on':'2013-11-20'}]}",
	    "a rate with source and day is valid" },
	{ "S27", "{'line':{'quantity':'900000000000000000','unit_price_minor':9000000000000}}",
	    "a total beyond all numbers is refused" },
	{ "S30", "refs", "a request names nothing" },
};

static void test_requests(void)
{
	struct id other = requested(&world, "cash", NULL).thread;

	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
		const struct request *request = &requests[i];
		bool refs = strcmp(request->patch, "refs") == 0;
		struct saying saying = { .key = R_DESK(ORDERER),
			.kind = "requested",
			.refs = { other },
			.ref_count = refs,
			.object = patched(order_fields(&world, "cash"), refs ? NULL : request->patch) };
		struct id id = world_say(&world, &saying);
		if (request->rule) {
			breaks(id, request->rule, request->title);
		} else {
			valid(id, request->title);
		}
	}
}

static struct id request_on(const char *day, const char *patch)
{
	struct saying saying = {
		.key = R_DESK(ORDERER), .kind = "requested", .object = patched(order_fields(&world, "cash"), patch)
	};

	ASSERT(time_parse(bytes_text(day), &saying.stated_ms));
	return world_say(&world, &saying);
}

static void test_dates(void)
{
	breaks(request_on("2012-12-31T23:59:59Z", NULL), "S3", "nothing is asked before the agreement is in force");
	valid(request_on("2013-01-01T00:00:00Z", NULL), "on its first day it is in force");
	valid(request_on("2014-12-31T23:59:59Z", NULL), "and on its last");
	breaks(request_on("2015-01-01T00:00:00Z", NULL), "S3", "after its end nothing is asked");
	breaks(request_on("2013-10-31", "{'line':{'category':'food'}}"), "S9", "a category counts from its day on");
	valid(request_on("2013-11-01", "{'line':{'category':'food'}}"), "from that day it counts");
	valid(request_on("2013-12-31", "{'line':{'category':'food'}}"), "to its last day");
	breaks(request_on("2014-01-01", "{'line':{'category':'food'}}"), "S9", "and no longer");
}

/* ---- offers ------------------------------------------------------------------------------------------------------ */

#define FREE_LINE \
	"'lines':[{'line':1,'category':'fuel','kind':'supply','description_en':'F-76','quantity':'0','unit':'LTR'," \
	"'unit_price_minor':80,'price_basis':'agreed','currency':'GBP','settlement':'cash'}]"

static void test_offers(void)
{
	struct story story = requested(&world, "cash", NULL);
	unsigned s = S_DESK(ISSUER), r = R_DESK(ORDERER);
	struct id head = story.order;

	breaks(order_move(&world, &story, s, "offered", "{'utc_offset_minutes':540," FREE_LINE "}"), "S12",
	    "an offer of nothing is refused");
	story.order = head;
	breaks(order_move(&world, &story, s, "offered", "{'utc_offset_minutes':'0.5'}"), "S21",
	    "an offset is in whole minutes");
	story.order = head;
	breaks(order_move(&world, &story, s, "offered", "{'utc_offset_minutes':841}"), "S21",
	    "an offset is at most 14 hours");
	story.order = head;
	breaks(order_move(&world, &story, s, "offered", "{'utc_offset_minutes':540,'valid_until':'2013-01-01'}"), "S23",
	    "an offer is not stale when it is made");
	story.order = head;
	breaks(order_move(&world, &story, s, "declined", "{'reason':'mood'}"), "S28",
	    "a reason is one of the agreement's");
	story.order = head;
	valid(order_move(&world, &story, s, "asked", "{'remarks':'which port?'}"), "the supplier may ask");
	head = story.order;
	breaks(order_move(&world, &story, r, "answered", "{" FREE_LINE "}"), "S12",
	    "an answer that asks for nothing is refused");
	story.order = head;
	valid(order_move(&world, &story, r, "answered", "{'place':'Tacloban'}"), "the receiver answers");
	valid(order_move(&world, &story, s, "offered", "{'utc_offset_minutes':-840,'valid_until':'2013-11-22'}"),
	    "the supplier offers");
	head = story.order;
	breaks(order_move(&world, &story, r, "offer_countered", "{" FREE_LINE "}"), "S12",
	    "a counter-offer of nothing is refused");
	story.order = head;
	breaks(order_move(&world, &story, r, "accepted", accept_json(&world, &story.thread)), "S25",
	    "who accepts names the offer, not the request");
	story.order = head;
	struct saying late = { .key = r,
		.kind = "accepted",
		.thread = &story.thread,
		.part = &story.thread,
		.answers = &head,
		.json = accept_json(&world, &head),
		.stated_ms = day_from_civil(2013, 11, 22) * DAY_MS + 1 };
	breaks(world_say(&world, &late), "S26", "an offer is not accepted after its day");
	late.stated_ms--;
	valid(world_say(&world, &late), "up to that time it is");
}

static void test_amendments(void)
{
	static const char *const changes[] = { "category", "food", "kind", "service", "unit", "GLL", "currency", "JPY",
		"settlement", "return_like" };
	struct story story = agreed(&world, "cash", "{'line':{'meter':'turns'}}");
	struct id head = story.order;

	for (unsigned i = 0; i < 10; i += 2) {
		json_t *order = patched(order_fields(&world, "cash"), "{'line':{'meter':'turns'}}"),
		       *amendment = json_object();
		json_object_set(amendment, "lines", json_object_get(order, "lines"));
		json_object_set_new(
		    json_array_get(json_object_get(order, "lines"), 0), changes[i], json_string(changes[i + 1]));
		struct saying saying = { .key = S_DESK(ISSUER),
			.kind = "amended",
			.thread = &story.thread,
			.part = &story.thread,
			.answers = &head,
			.object = amendment };
		breaks(world_say(&world, &saying), "S24",
		    arena_printf(&world.arena, "an amendment keeps the %s of a line", changes[i]));
		json_decref(order);
	}
	breaks(order_move(&world, &story, S_DESK(ISSUER), "amended", "{" FREE_LINE "}"), "S12",
	    "an amendment to nothing is refused");
	story.order = head;
	breaks(order_move(&world, &story, S_DESK(ISSUER), "amended", "{'valid_until':'2013-01-01'}"), "S23",
	    "an amendment is not stale when it is made");
	story.order = head;
	breaks(order_move(&world, &story, S_DESK(ISSUER), "amended", "{'utc_offset_minutes':'900'}"), "S21",
	    "an amended offset has its bounds too");
	story.order = head;
	valid(
	    order_move(&world, &story, S_DESK(ISSUER), "amended",
		"{'lines':[" ORDER_LINE ",{'line':2,'category':'food','kind':'supply',"
		"'description_en':'Rations','quantity':'5','unit':'13','unit_price_minor':3,'price_basis':'list','currency':'JPY','settlement':'return_same'}]}"),
	    "a new line may be all different");
}

static void test_limits(void)
{
	struct story story = requested(&world, "cash", NULL);
	struct saying saying = { .key = limited, .kind = "requested", .object = order_fields(&world, "cash") };

	valid(world_say(&world, &saying), "a total at the limit may be signed");
	saying.object = patched(order_fields(&world, "cash"), "{'line':{'quantity':'100.0125'}}");
	breaks(world_say(&world, &saying), "S27", "a penny above it may not");
	saying.object = patched(order_fields(&world, "cash"), "{'line':{'currency':'JPY'}}");
	breaks(world_say(&world, &saying), "S27", "nor anything in a currency without a limit");
	saying.object =
	    patched(order_fields(&world, "cash"), "{'line':{'unit_price_minor':null,'ceiling_minor':8001}}");
	breaks(world_say(&world, &saying), "S27", "an open price counts with its ceiling");
	saying.object = patched(order_fields(&world, "cash"),
	    "{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x',"
	    "'quantity':'1','unit':'LTR','unit_price_minor':1,'price_basis':'list','currency':'GBP','settlement':'cash'}]}");
	breaks(world_say(&world, &saying), "S27", "lines are added up");
	order_move(&world, &story, S_DESK(ISSUER), "offered",
	    "{'utc_offset_minutes':540,'lines':[{'line':1,'category':'fuel','kind':'supply',"
	    "'description_en':'F-76','quantity':'101','unit':'LTR','unit_price_minor':80,'price_basis':'agreed','currency':'GBP','settlement':'cash'}]}");
	breaks(order_move(&world, &story, limited, "accepted", accept_json(&world, &story.order)), "S27",
	    "who may not sign the total may not accept an offer of it");
}

/* ---- ends of orders and refs ------------------------------------------------------------------------------------- */

static struct id close_order(struct story *story, unsigned key, const struct id *refs, unsigned ref_count)
{
	struct saying saying = { .key = key,
		.kind = "closed",
		.thread = &story->thread,
		.part = &story->thread,
		.answers = &story->order,
		.ref_count = ref_count };

	for (unsigned i = 0; i < ref_count; i++) {
		saying.refs[i] = refs[i];
	}
	return world_say(&world, &saying);
}

static void test_unfilled(void)
{
	struct story story = issued(&world, "cash", NULL), other = agreed(&world, "cash", NULL),
		     taken = agreed(&world, "cash", NULL);
	struct id head = story.order;
	unsigned s = S_DESK(ISSUER), receiver = R_DESK(RECEIVES);

	breaks(order_move(&world, &story, s, "unfilled", NULL), "S29", "what was issued cannot be unfilled");
	story.order = head;
	issue_move(&world, &story, receiver, "not_arrived", NULL);
	issue_move(&world, &story, s, "annulled", NULL);
	valid(order_move(&world, &story, s, "unfilled", NULL), "when the issue was annulled it can");
	valid(order_move(&world, &other, s, "unfilled", NULL), "an order of which nothing was issued can be unfilled");

	open_issue(&world, &taken, receiver, "taken", "{" TAKEN_FIELDS "}");
	issue_move(&world, &taken, s, "denied", "{'remarks':'no'}");
	head = taken.order;
	breaks(order_move(&world, &taken, s, "unfilled", NULL), "S29",
	    "nor what the receiver says it took, while that is open");
	taken.order = head;
	struct id withdrawn = issue_move(&world, &taken, R_DESK(ORDERER), "withdrawn", NULL);
	struct id seen = world_acknowledge(&world, JP, &withdrawn, 1);
	struct saying unfilled = { .key = s,
		.kind = "unfilled",
		.thread = &taken.thread,
		.part = &taken.thread,
		.answers = &head,
		.seen = &seen };
	valid(world_say(&world, &unfilled), "once the supplier knows that it was withdrawn, it can");
}

static void test_closed(void)
{
	struct story story = receipted(&world, "cash", NULL);
	struct id first_head = story.issue_head;
	unsigned s = S_DESK(ISSUER);

	struct id second =
	    open_issue(&world, &story, s, "issued", "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'1'}]}");
	breaks(close_order(&story, s, (struct id[]){ first_head, second }, 2), "S33",
	    "a close names only issues that have ended");
	valid(close_order(&story, s, &first_head, 1), "it need not name them all");
}

static void test_refs(void)
{
	struct story story = receipted(&world, "cash", NULL), other = receipted(&world, "cash", NULL);
	unsigned s = S_DESK(ISSUER), c = S_DESK(CLAIMS);
	struct saying claim = { .key = c, .kind = "claimed", .thread = &story.thread, .json = CLAIM_FIELDS };
	struct saying issue = { .key = s,
		.kind = "issued",
		.thread = &story.thread,
		.json = "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'1'}]}" };

	claim.refs[0] = story.order;
	claim.ref_count = 1;
	breaks(world_say(&world, &claim), "S30", "a claim names the issues that it claims");
	claim.refs[1] = other.issue_head;
	claim.ref_count = 2;
	breaks(world_say(&world, &claim), "S30", "an issue of another order cannot be claimed under this one");
	claim.refs[0] = story.issue_head;
	claim.refs[1] = story.order;
	breaks(world_say(&world, &claim), "S30", "the order comes first");
	claim.refs[0] = story.order;
	claim.refs[1] = story.issue;
	claim.refs[2] = story.issue_head;
	claim.ref_count = 3;
	breaks(world_say(&world, &claim), "S30", "no part is named twice");
	issue.refs[0] = story.order;
	issue.refs[1] = story.issue_head;
	issue.ref_count = 2;
	breaks(world_say(&world, &issue), "S30", "an issue names the order and nothing else");
	struct saying concur = { .key = s,
		.kind = "unfilled",
		.thread = &story.thread,
		.part = &story.thread,
		.answers = &story.order,
		.refs = { story.order },
		.ref_count = 1 };
	breaks(world_say(&world, &concur), "S29", "guards are tried in their order");
	concur.kind = "amended";
	breaks(world_say(&world, &concur), "S30", "a move that names nothing may name nothing");

	struct story bad = agreed(&world, "cash", NULL);
	struct id void_issue =
	    open_issue(&world, &bad, s, "issued", "{" ISSUE_FIELDS ",'lines':[{'line':7,'quantity':'1'}]}");
	breaks(void_issue, "S35", "a line that was never ordered cannot be issued");
	breaks(close_order(&bad, s, &void_issue, 1), "S30", "a close names no void entry");
}

static void test_ref_states(void)
{
	struct story story = requested(&world, "cash", NULL), waiting = issued(&world, "cash", NULL);
	unsigned s = S_DESK(ISSUER);

	breaks(open_issue(&world, &story, s, "issued", "{" ISSUE_FIELDS "}"), "S31",
	    "nothing is issued before the order is agreed");
	breaks(open_issue(&world, &story, R_DESK(RECEIVES), "taken", "{" TAKEN_FIELDS "}"), "S31", "nor taken");
	breaks(open_claim(&world, &waiting, S_DESK(CLAIMS), CLAIM_FIELDS), "S32",
	    "what is not receipted cannot be claimed");
	struct story done = receipted(&world, "cash", NULL);
	struct id head = done.order;
	done.order = done.thread;
	breaks(open_claim(&world, &done, S_DESK(CLAIMS), CLAIM_FIELDS), "S32", "a claim names the order as agreed");
	done.order = head;
	order_move(&world, &done, s, "amended", "{}");
	valid(open_claim(&world, &done, S_DESK(CLAIMS), CLAIM_FIELDS), "an open amendment stops no claim");
	struct story ended = receipted(&world, "cash", NULL);
	ended.order = close_order(&ended, s, &ended.issue_head, 1);
	valid(ended.order, "an order may close when its issues have ended");
	valid(open_claim(&world, &ended, S_DESK(CLAIMS), CLAIM_FIELDS), "and what was receipted is claimed after that");
	struct story offered = agreed(&world, "cash", NULL);
	order_move(&world, &offered, s, "amended", "{}");
	valid(open_issue(&world, &offered, s, "issued", "{" ISSUE_FIELDS "}"), "nor a delivery");
}

static void test_stale_refs(void)
{
	struct story story = agreed(&world, "cash", NULL), other = receipted(&world, "cash", NULL);
	struct id head = story.order, closed;
	unsigned s = S_DESK(ISSUER);
	struct saying late = { .key = second_issuer,
		.kind = "issued",
		.thread = &story.thread,
		.refs = { head },
		.ref_count = 1,
		.json = "{" ISSUE_FIELDS "}" };

	closed = order_move(&world, &story, s, "closed", NULL);
	story.order = head;
	breaks(open_issue(&world, &story, s, "issued", "{" ISSUE_FIELDS "}"), "S34",
	    "who closed the order issues no more under it");
	valid(world_say(&world, &late), "another desk that had not heard of it may");
	struct id seen = world_acknowledge(&world, JP, &closed, 1);
	late.seen = &seen;
	breaks(world_say(&world, &late), "S34", "once its home has heard, it may not");
	late.refs[0] = closed;
	breaks(world_say(&world, &late), "S31", "a closed order takes no issue");

	head = other.order;
	closed = close_order(&other, S_DESK(ISSUER), &other.issue_head, 1);
	seen = world_acknowledge(&world, JP, &closed, 1);
	struct saying claim = { .key = S_DESK(CLAIMS),
		.kind = "claimed",
		.thread = &other.thread,
		.refs = { head, other.issue_head },
		.ref_count = 2,
		.json = CLAIM_FIELDS,
		.seen = &seen };
	breaks(world_say(&world, &claim), "S34", "a claim names the order as its signer last knew it");
}

/* ---- issues ------------------------------------------------------------------------------------------------------ */

static struct id try_issue(struct story story, unsigned key, const char *kind, const char *lines)
{
	const char *base = strcmp(kind, "taken") == 0 ? TAKEN_FIELDS : ISSUE_FIELDS;

	return open_issue(&world, &story, key, kind, arena_printf(&world.arena, "{%s,'lines':[%s]}", base, lines));
}

static void test_issues(void)
{
	struct story story = agreed(&world, "cash",
	    "{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x',"
	    "'quantity':'5','unit':'LTR','unit_price_minor':1,'price_basis':'list','currency':'GBP','settlement':'return_like'}]}");
	unsigned s = S_DESK(ISSUER);

	breaks(try_issue(story, s, "issued", "{'line':3,'quantity':'1'}"), "S35", "only lines of the order are issued");
	breaks(try_issue(story, s, "issued", "{'line':1,'quantity':'1'},{'line':1,'quantity':'1'}"), "S35",
	    "no line is issued twice at once");
	breaks(try_issue(story, s, "issued", "{'line':1,'quantity':'0'}"), "S36", "nothing cannot be issued");
	breaks(try_issue(story, R_DESK(RECEIVES), "taken", "{'line':1,'quantity':'-1'}"), "S36", "nor taken");
	breaks(
	    try_issue(story, s, "issued", "{'line':1,'quantity':'1','unit':'KGM'}"), "S37", "litres are not kilograms");
	breaks(try_issue(story, s, "issued", "{'line':1,'quantity':'900000000000000000','unit':'MTQ'}"), "S37",
	    "a quantity beyond all numbers is refused");
	breaks(try_issue(story, s, "issued", "{'line':1,'quantity':'1'},{'line':2,'quantity':'1'}"), "S38",
	    "one issue is settled in one way");
	breaks(try_issue(story, s, "issued", "{'line':1,'quantity':'1','meter_start':'5'}"), "S39",
	    "a meter has two readings");
	breaks(try_issue(story, s, "issued", "{'line':1,'quantity':'1','meter_start':'5','meter_end':'7'}"), "S39",
	    "the meter shows the quantity");
	breaks(
	    open_issue(&world, &story, s, "issued", "{" ISSUE_FIELDS "}"), "S38", "all lines at once are of two kinds");
	breaks(open_issue(&world, &story, s, "issued",
		   "{'delivered_at':'2013-11-21','utc_offset_minutes':'0.5','place':'Cebu'}"),
	    "S21", "an issue's offset is in whole minutes");
	valid(try_issue(story, s, "issued", "{'line':1,'quantity':'2','meter_start':'5','meter_end':'7'}"),
	    "a meter that fits is valid");
	struct story gallons = agreed(&world, "cash", NULL);
	valid(try_issue(gallons, s, "issued", "{'line':1,'quantity':'26','unit':'GLL'}"),
	    "26 US gallons are 98 litres and are issued as such");
}

static void test_tolerance(void)
{
	struct story story = agreed(&world, "cash", NULL),
		     food = agreed(&world, "cash", "{'line':{'category':'food'}}"), sum, again;
	unsigned s = S_DESK(ISSUER), receiver = R_DESK(RECEIVES);

	breaks(try_issue(story, s, "issued", "{'line':1,'quantity':'102.500001'}"), "S40",
	    "more than agreed and the tolerance cannot be issued");
	breaks(try_issue(story, s, "issued", "{'line':1,'quantity':'28','unit':'GLL'}"), "S40", "in any unit");
	breaks(try_issue(food, s, "issued", "{'line':1,'quantity':'100.000001'}"), "S40",
	    "other categories have another tolerance");
	valid(try_issue(food, s, "issued", "{'line':1,'quantity':'100'}"), "what was agreed can be issued");
	valid(try_issue(story, s, "issued", "{'line':1,'quantity':'102.5'}"), "so can the tolerance of fuel");
	breaks(try_issue(story, s, "issued", "{'line':1,'quantity':'0.000001'}"), "S40", "and then nothing more");

	sum = agreed(&world, "cash", NULL);
	open_issue(&world, &sum, s, "issued", "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'60'}]}");
	breaks(try_issue(sum, s, "issued", "{'line':1,'quantity':'42.6'}"), "S40", "issues are added up");
	issue_move(&world, &sum, receiver, "receipted", "{'lines':[{'line':1,'accepted':'50','reason':'short'}]}");
	issue_move(&world, &sum, s, "concurred", NULL);
	valid(try_issue(sum, s, "issued", "{'line':1,'quantity':'52.5'}"),
	    "an issue that ended counts with what was accepted");

	again = agreed(&world, "cash", NULL);
	open_issue(&world, &again, s, "issued", "{" ISSUE_FIELDS "}");
	issue_move(&world, &again, receiver, "not_arrived", NULL);
	issue_move(&world, &again, s, "annulled", NULL);
	valid(try_issue(again, s, "issued", "{'line':1,'quantity':'100'}"), "an annulled issue counts for nothing");
	struct story taken = agreed(&world, "cash", NULL);
	open_issue(&world, &taken, receiver, "taken", "{" TAKEN_FIELDS "}");
	issue_move(&world, &taken, s, "denied", "{'remarks':'no'}");
	valid(try_issue(taken, s, "issued", "{'line':1,'quantity':'100'}"), "nor does what was taken and denied");
}

static void test_taken(void)
{
	struct story story = agreed(&world, "cash",
	    "{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x',"
	    "'quantity':'5','unit':'LTR','unit_price_minor':1,'price_basis':'list','currency':'GBP','settlement':'cash'}]}");
	unsigned s = S_DESK(ISSUER), receiver = R_DESK(RECEIVES);
	struct id head, taken;

	taken =
	    open_issue(&world, &story, receiver, "taken", "{" TAKEN_FIELDS ",'lines':[{'line':1,'quantity':'500'}]}");
	valid(taken, "what was taken at the quay is a fact, also above the tolerance");
	head = story.issue_head;
	breaks(issue_move(&world, &story, s, "taken_issued", "{" ISSUE_FIELDS ",'lines':[{'line':2,'quantity':'5'}]}"),
	    "S41", "the supplier answers for the lines taken");
	story.issue_head = head;
	breaks(issue_move(&world, &story, s, "taken_issued",
		   "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'5','unit':'MTR'}]}"),
	    "S37", "in a unit that measures the same");

	open_issue(&world, &story, s, "issued", "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'50'}]}");
	struct id first = story.issue;
	open_issue(&world, &story, s, "issued", "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'40'}]}");
	struct id second = story.issue;
	struct saying receipt = { .key = receiver,
		.kind = "receipted",
		.thread = &story.thread,
		.part = &second,
		.answers = &second,
		.refs = { first },
		.ref_count = 1 };
	breaks(world_say(&world, &receipt), "S42", "a receipt joins only what was taken");
	receipt.refs[0] = taken;
	receipt.refs[1] = first;
	receipt.ref_count = 2;
	breaks(world_say(&world, &receipt), "S30", "and one entry of it");
	receipt.ref_count = 1;
	struct id joined = world_say(&world, &receipt);
	expect(&world, joined, &story.thread, &taken, "valid", "joined",
	    "the receipt of the issue joins what was taken: one charge, not two");
	receipt.part = receipt.answers = &first;
	breaks(world_say(&world, &receipt), "S43", "it is joined once");
	struct id seen = world_acknowledge(&world, JP, &joined, 1);
	struct saying answer = { .key = s,
		.kind = "taken_issued",
		.thread = &story.thread,
		.part = &taken,
		.answers = &taken,
		.seen = &seen,
		.json = "{" ISSUE_FIELDS "}" };
	breaks(world_say(&world, &answer), "S44", "once joined there is nothing left to issue");
	answer.kind = "denied";
	answer.json = "{'remarks':'no'}";
	breaks(world_say(&world, &answer), "S44", "or to deny");
}

/* ---- receipts and differences ------------------------------------------------------------------------------------ */

static struct id try_move(struct story story, unsigned key, const char *kind, const char *json)
{
	return issue_move(&world, &story, key, kind, json);
}

static void test_receipts(void)
{
	struct story story = issued(&world, "cash", NULL);
	unsigned receiver = R_DESK(RECEIVES);
	static const struct {
		const char *rule, *lines, *title;
	} receipts[] = {
		{ "S45", "{'line':2,'accepted':'1'}", "only lines of the issue are receipted" },
		{ "S45", "{'line':1,'accepted':'100'},{'line':1,'accepted':'100'}", "each once" },
		{ "S46", "{'line':1,'accepted':'100','unit':'KGM'}", "in a unit that measures the same" },
		{ "S46", "{'line':1,'accepted':'101','reason':'short'}", "not more than was issued" },
		{ "S46", "{'line':1,'accepted':'90','short':'5','reason':'short'}",
		    "accepted, short, damaged and refused are what was issued" },
		{ "S46", "{'line':1,'accepted':'-1','short':'101','reason':'short'}", "nothing negative is accepted" },
		{ "S46", "{'line':1,'accepted':'90','short':'-1','damaged':'11','reason':'short'}", "or short" },
		{ "S46", "{'line':1,'accepted':'90','short':'11','damaged':'-1','reason':'short'}", "or damaged" },
		{ "S46", "{'line':1,'accepted':'90','short':'11','refused':'-1','reason':'short'}", "or refused" },
		{ "S46", "{'line':1,'accepted':'90','damaged':'11','reason':'short'}",
		    "more cannot be damaged than came" },
		{ "S47", "{'line':1,'accepted':'90'}", "a difference has a reason" },
		{ "S47", "{'line':1,'accepted':'90','reason':'mood'}", "a reason of the agreement" },
		{ "S47", "{'line':1,'accepted':'100','reason':'mood'}", "also where nothing differs" },
	};

	for (size_t i = 0; i < sizeof receipts / sizeof receipts[0]; i++) {
		breaks(try_move(story, receiver, "receipted",
			   arena_printf(&world.arena, "{'lines':[%s]}", receipts[i].lines)),
		    receipts[i].rule, receipts[i].title);
	}
	valid(issue_move(&world, &story, receiver, "receipted",
		  "{'lines':[{'line':1,'accepted':'80','short':'8','damaged':'7','refused':'5','reason':'short'}]}"),
	    "a receipt whose figures add up is valid");
	breaks(try_move(story, S_DESK(ISSUER), "annulled", NULL), "S51", "what was accepted in part is not annulled");
	issue_move(&world, &story, S_DESK(ISSUER), "contested", "{'remarks':'no'}");
	breaks(try_move(story, receiver, "figures_restated", "{'lines':[{'line':1,'accepted':'100'}]}"), "S48",
	    "who states the supplier's figures takes them");
	breaks(try_move(story, receiver, "figures_restated", "{'lines':[{'line':1,'accepted':'95'}]}"), "S47",
	    "other figures have a reason too");
	breaks(
	    try_move(story, receiver, "figures_restated", "{'lines':[{'line':1,'accepted':'101','reason':'short'}]}"),
	    "S46", "and add up");
	breaks(try_move(story, receiver, "figures_restated", "{'lines':[{'line':4,'accepted':'95','reason':'short'}]}"),
	    "S45", "and are of the issue");

	struct story nothing = issued(&world, "cash", NULL);
	issue_move(&world, &nothing, receiver, "not_arrived", NULL);
	breaks(try_move(nothing, S_DESK(ISSUER), "concurred", NULL), "S50",
	    "when nothing was accepted there is nothing to concur in");
	valid(try_move(nothing, S_DESK(ISSUER), "annulled", NULL), "but it can be annulled");
}

/* An order whose total is above the amount of separation. */
#define LARGE "{'line':{'unit_price_minor':10001}}"

static void test_separation_of_receiver(void)
{
	struct story large = requested(&world, "cash", LARGE),
		     small = requested(&world, "cash", "{'line':{'unit_price_minor':10000}}");
	struct story *stories[] = { &large, &small };
	unsigned all = world.all[GB], s = S_DESK(ISSUER);

	for (unsigned i = 0; i < 2; i++) {
		order_move(&world, stories[i], s, "offered", "{'utc_offset_minutes':540}");
		order_move(&world, stories[i], all, "accepted", accept_json(&world, &stories[i]->order));
		open_issue(&world, stories[i], s, "issued", "{" ISSUE_FIELDS "}");
	}
	valid(try_move(small, all, "receipted", NULL), "up to the amount of separation the orderer may receive");
	breaks(try_move(large, all, "receipted", NULL), "S49", "above it the orderer may not receive");
	breaks(try_move(large, all, "not_arrived", NULL), "S49", "or say that nothing came");
	breaks(open_issue(&world, &(struct story){ .thread = large.thread, .order = large.order }, all, "taken",
		   "{" TAKEN_FIELDS "}"),
	    "S49", "or take");
	valid(issue_move(&world, &large, R_DESK(RECEIVES), "receipted",
		  "{'lines':[{'line':1,'accepted':'90','reason':'short'}]}"),
	    "another officer may");
	issue_move(&world, &large, s, "contested", "{'remarks':'no'}");
	breaks(try_move(large, all, "figures_taken", NULL), "S49",
	    "the orderer may not take the supplier's figures either");
	breaks(try_move(large, all, "figures_restated", "{'lines':[{'line':1,'accepted':'95','reason':'short'}]}"),
	    "S49", "or state others");
}

static void test_resolutions(void)
{
	struct story story = issued(&world, "cash",
	    "{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x',"
	    "'quantity':'5','unit':'LTR','unit_price_minor':1,'price_basis':'list','currency':'GBP','settlement':'cash'}]}");
	unsigned up = S_DESK(DISPUTE);

	issue_move(
	    &world, &story, R_DESK(RECEIVES), "receipted", "{'lines':[{'line':1,'accepted':'90','reason':'short'}]}");
	issue_move(&world, &story, S_DESK(ISSUER), "contested", "{'remarks':'no'}");
	issue_move(&world, &story, R_DESK(DISPUTE), "stood", NULL);
	breaks(try_move(story, up, "resolution_proposed", "{'lines':[{'line':1,'quantity':'95'}]}"), "S52",
	    "a resolution names every line");
	breaks(try_move(story, up, "resolution_proposed",
		   "{'lines':[{'line':1,'quantity':'95'},{'line':3,'quantity':'5'}]}"),
	    "S52", "and no other");
	breaks(try_move(story, up, "resolution_proposed",
		   "{'lines':[{'line':1,'quantity':'-1'},{'line':2,'quantity':'5'}]}"),
	    "S53", "nothing negative");
	breaks(try_move(story, up, "resolution_proposed",
		   "{'lines':[{'line':1,'quantity':'100.1'},{'line':2,'quantity':'5'}]}"),
	    "S53", "and no more than either said");
	valid(issue_move(&world, &story, up, "resolution_proposed",
		  "{'lines':[{'line':1,'quantity':'100'},{'line':2,'quantity':'0'}]}"),
	    "from nothing to all");
	breaks(try_move(story, R_DESK(DISPUTE), "resolution_countered",
		   "{'lines':[{'line':1,'quantity':'95'}],'remarks':'no'}"),
	    "S52", "a counter-proposal names every line too");
	breaks(try_move(story, R_DESK(DISPUTE), "resolution_countered",
		   "{'lines':[{'line':1,'quantity':'101'},{'line':2,'quantity':'0'}],'remarks':'no'}"),
	    "S53", "within the figures");
}

static void test_returns(void)
{
	struct story story = receipted(&world, "return_like", "{'line':{'nsn_or_fsc':'9130'}}");
	unsigned receiver = R_DESK(RECEIVES), s = S_DESK(ISSUER);
	static const struct {
		const char *rule, *lines, *title;
	} returns[] = {
		{ "S54", "{'line':2,'quantity':'1'}", "only lines of the issue are returned" },
		{ "S54", "{'line':1,'quantity':'1'},{'line':1,'quantity':'1'}", "each once" },
		{ "S55", "{'line':1,'quantity':'0'}", "nothing is no return" },
		{ "S55", "{'line':1,'quantity':'100.5'}", "not more than is due" },
		{ "S55", "{'line':1,'quantity':'1','unit':'KGM'}", "the same measure" },
		{ "S56", "{'line':1,'quantity':'1','nsn_or_fsc':'9140'}", "the same type" },
	};

	for (size_t i = 0; i < sizeof returns / sizeof returns[0]; i++) {
		breaks(try_move(story, receiver, "return_issued",
			   arena_printf(&world.arena, "{'returned_at':'2013-12-01','lines':[%s]}", returns[i].lines)),
		    returns[i].rule, returns[i].title);
	}
	valid(issue_move(&world, &story, receiver, "return_issued",
		  "{'returned_at':'2013-12-01','lines':[{'line':1,'quantity':'60','nsn_or_fsc':'9130'}]}"),
	    "a part may be returned");
	breaks(try_move(story, s, "return_accepted", "{'lines':[{'line':2,'quantity':'1'}]}"), "S54",
	    "what is accepted was returned");
	breaks(try_move(story, s, "return_accepted", "{'lines':[{'line':1,'quantity':'61'}]}"), "S57",
	    "and not more of it");
	breaks(try_move(story, s, "return_accepted", "{'lines':[{'line':1,'quantity':'0'}]}"), "S57",
	    "nothing is not accepted, but refused");
	breaks(try_move(story, s, "return_refused", "{'reason':'mood'}"), "S58",
	    "a return is refused for type, class or quantity");
	valid(issue_move(&world, &story, s, "return_accepted", "{'lines':[{'line':1,'quantity':'50'}]}"),
	    "the rest stays due");
	breaks(try_move(story, receiver, "return_issued",
		   "{'returned_at':'2013-12-02','lines':[{'line':1,'quantity':'50.1'}]}"),
	    "S55", "what was returned before is not due again");
	struct story refused[2];
	for (unsigned i = 0; i < 2; i++) {
		refused[i] = receipted(&world, "return_like", NULL);
		issue_move(&world, &refused[i], receiver, "return_issued", "{'returned_at':'2013-12-01'}");
		valid(issue_move(
			  &world, &refused[i], s, "return_refused", i ? "{'reason':'type'}" : "{'reason':'quantity'}"),
		    "for its type or quantity it may be");
	}
}

int main(void)
{
	static const char *const roles[] = { "dispute", "orderer", "payer", "receiver" },
				 *const issuer[] = { "issuer" };

	world_open(&world);
	limited = world_grant(&world, GB, 50, "limited", roles, 4, 8000);
	second_issuer = world_grant(&world, JP, 51, "second", issuer, 1, 0);
	test_requests();
	test_dates();
	test_offers();
	test_amendments();
	test_limits();
	test_unfilled();
	test_closed();
	test_refs();
	test_ref_states();
	test_stale_refs();
	test_issues();
	test_tolerance();
	test_taken();
	test_receipts();
	test_separation_of_receiver();
	test_resolutions();
	test_returns();
	world_deliver(&world);
	world_check(&world);
	tap_ok(world_delivers_alike(&world),
	    "entries that arrive in another order get the same verdicts and the same digest");
	world_export(&world, "support-guards");
	world_close(&world);
	return tap_done();
}
