/* Adjustments, the claims and refund claims that carry them, and claims without acknowledgement: guards S109 to S121 of
 * docs/support-rules.md, each broken beside a neighbour that passes, and the sums that are left. */
#include "domain/support/test_world.h"

static struct world world;
static const struct id none;

#define R_DESK(role) world.with[GB][role]
#define S_DESK(role) world.with[JP][role]

static void valid(struct id id, const char *title)
{
	expect(&world, id, NULL, NULL, "valid", NULL, title);
}

static void leads(struct id id, const struct story *story, const struct id *part, const char *state, const char *title)
{
	expect(&world, id, &story->thread, part, "valid", state, title);
}

static void breaks(struct id id, const char *rule, const char *title)
{
	expect(&world, id, NULL, NULL, arena_printf(&world.arena, "void %s", rule), NULL,
	    arena_printf(&world.arena, "%s: %s", rule, title));
}

static struct id at_time(unsigned key, const char *kind, const struct story *story, const char *time, const char *json)
{
	struct saying saying = { .key = key,
		.kind = kind,
		.thread = &story->thread,
		.refs = { story->order, story->issue_head },
		.ref_count = 2,
		.json = json };

	ASSERT(time_parse(bytes_text(time), &saying.stated_ms));
	return world_say(&world, &saying);
}

/* ---- adjustments ------------------------------------------------------------------------------------------------- */

#define RIGHT(figures) "{'line':1," figures ",'reason':'price'}"

struct proposal {
	const char *rule; /* NULL: valid */
	const char *json, *title;
};

static const struct proposal proposals[] = {
	{ "S111", "{'line':2,'quantity':'90','reason':'price'}", "only a line of the issue is adjusted" },
	{ "S112", "{'line':1,'reason':'price'}", "a figure is given" },
	{ "S112", RIGHT("'quantity':'-1'"), "not below 0" },
	{ "S112", RIGHT("'amount_minor':-1"), "nor an amount" },
	{ "S112", RIGHT("'quantity':'900000000000000000'"), "nor beyond all numbers" },
	{ "S113", RIGHT("'quantity':'100'"), "what changes nothing is no adjustment" },
	{ "S113", RIGHT("'amount_minor':8000"), "by amount as well" },
	{ "S114", "{'line':1,'quantity':'90','reason':'mood'}", "a reason is one of the agreement's" },
};

static struct story adjusted, debit, carried;

static void test_proposals(void)
{
	struct story story = issued(&world, "cash", NULL);

	breaks(open_adjustment(&world, &story, R_DESK(RECEIVES), RIGHT("'quantity':'90'")), "S110",
	    "what is not receipted is not adjusted but receipted");
	story = receipted(&world, "cash", NULL);
	for (size_t i = 0; i < sizeof proposals / sizeof proposals[0]; i++) {
		breaks(open_adjustment(&world, &story, R_DESK(RECEIVES), proposals[i].json), proposals[i].rule,
		    proposals[i].title);
	}
	breaks(world_say(&world,
		   &(struct saying){ .key = R_DESK(RECEIVES),
		       .kind = "adjustment_proposed",
		       .thread = &story.thread,
		       .refs = { story.order },
		       .ref_count = 1,
		       .json = RIGHT("'quantity':'90'") }),
	    "S30", "an adjustment stands on an issue");
	leads(open_adjustment(&world, &story, R_DESK(RECEIVES), "{'line':1,'quantity':'90','reason':'short'}"), &story,
	    &story.adjustment, "proposed by receiver", "the receiver proposes the right figure");
	breaks(open_adjustment(&world, &story, R_DESK(RECEIVES), RIGHT("'quantity':'80'")), "S115",
	    "one adjustment of a line at a time");
	story = receipted(&world, "return_like", NULL);
	leads(open_adjustment(&world, &story, S_DESK(ISSUER), RIGHT("'amount_minor':0")), &story, &story.adjustment,
	    "proposed by supplier", "so does the supplier, also of what is returned");
	story = receipted(&world, "cash", "{'line':{'unit_price_minor':null,'ceiling_minor':9000}}");
	breaks(open_adjustment(&world, &story, S_DESK(ISSUER), RIGHT("'amount_minor':100")), "S111",
	    "what has no price yet is not adjusted");
}

static struct id propose_on_order(struct story *story)
{
	return world_say(&world,
	    &(struct saying){ .key = S_DESK(ISSUER),
		.kind = "adjustment_proposed",
		.thread = &story->thread,
		.refs = { story->issue_head, story->order },
		.ref_count = 2,
		.json = RIGHT("'quantity':'90'") });
}

static void test_open_prices(void)
{
	struct story story = receipted(&world, "cash", "{'line':{'unit_price_minor':null,'ceiling_minor':9000}}");

	order_move(&world, &story, S_DESK(ISSUER), "amended", "{'lines':[" ORDER_LINE "]}");
	order_move(&world, &story, R_DESK(ORDERER), "accepted", accept_json(&world, &story.order));
	breaks(open_adjustment(&world, &story, S_DESK(ISSUER), RIGHT("'quantity':'90'")), "S111",
	    "a price agreed later is found only where the order is named");
	valid(propose_on_order(&story), "then it is");
}

/* Two desks propose without knowing of each other. */
static void test_crossing(void)
{
	struct story story = receipted(&world, "cash", NULL), other;

	other = story;
	open_adjustment(&world, &story, R_DESK(RECEIVES), RIGHT("'quantity':'90'"));
	open_adjustment(&world, &other, world.all[JP], RIGHT("'quantity':'95'"));
	leads(adjustment_move(&world, &story, world.all[JP], "adjustment_agreed"), &story, &story.adjustment,
	    "adjusted", "of two that crossed one is agreed to");
	struct id head = story.adjustment_head, seen = world_acknowledge(&world, GB, &head, 1);
	breaks(world_say(&world,
		   &(struct saying){ .key = R_DESK(RECEIVES),
		       .kind = "adjustment_agreed",
		       .thread = &other.thread,
		       .part = &other.adjustment,
		       .answers = &other.adjustment,
		       .seen = &seen }),
	    "S116", "the other was reckoned without it");
	valid(adjustment_move(&world, &other, R_DESK(RECEIVES), "adjustment_refused"), "and is refused");
	open_adjustment(&world, &story, R_DESK(RECEIVES), RIGHT("'quantity':'95'"));
	leads(adjustment_move(&world, &story, world.all[JP], "adjustment_agreed"), &story, &story.adjustment,
	    "adjusted", "proposed anew it counts from the one before");
	adjusted = story;
}

static struct story agreed_adjustment(const char *json)
{
	struct story story = receipted(&world, "cash", NULL);

	open_adjustment(&world, &story, R_DESK(RECEIVES), json);
	adjustment_move(&world, &story, S_DESK(ISSUER), "adjustment_agreed");
	return story;
}

/* ---- claims that carry them -------------------------------------------------------------------------------------- */

static void test_carried(void)
{
	struct story story = agreed_adjustment(RIGHT("'quantity':'90'"));
	unsigned claims = S_DESK(CLAIMS);
	struct id head;

	breaks(open_claim_of(&world, &story, claims, "claimed", story.adjustment_head, story.issue_head, CLAIM_FIELDS),
	    "S30", "issues stand before adjustments");
	breaks(open_claim_of(&world, &story, claims, "claimed", story.issue_head, story.adjustment_head, CLAIM_FIELDS),
	    "S67", "the difference is part of the sum");
	breaks(open_claim_of(&world, &story, claims, "claimed", story.issue_head, story.adjustment_head,
		   "{'currency':'JPY','total_minor':7200}"),
	    "S62", "lines have one currency");
	valid(open_claim_of(&world, &story, claims, "claimed", story.issue_head, story.adjustment_head,
		  "{'currency':'GBP','total_minor':7200}"),
	    "a claim carries what was agreed to");
	head = claim_move(&world, &story, R_DESK(PAYER), "queried", "{'reason':'price'}");
	breaks(claim_move(
		   &world, &story, claims, "credited", "{'items':[{'item':2,'credit_minor':1}],'total_minor':7199}"),
	    "S66", "nothing is credited on a credit");
	story.claim_head = head;
	valid(claim_move(&world, &story, claims, "reclaimed", "{'total_minor':7200}"),
	    "claimed anew it still carries it");
	carried = story;

	story = agreed_adjustment(RIGHT("'quantity':'110'"));
	breaks(open_claim_of(&world, &story, claims, "claimed", story.adjustment_head, none,
		   "{'currency':'JPY','total_minor':800}"),
	    "S117", "an adjustment has the currency of its line");
	leads(open_claim_of(&world, &story, claims, "claimed", story.adjustment_head, none,
		  "{'currency':'GBP','total_minor':800}"),
	    &story, &story.claim, "claimed", "a claim may carry nothing else");
	debit = story;
	breaks(open_claim_of(&world, &(struct story){ .thread = story.thread, .order = story.order }, claims, "claimed",
		   story.adjustment_head, none, "{'currency':'GBP','total_minor':800}"),
	    "S118", "once");

	story = receipted(&world, "cash", NULL);
	open_adjustment(&world, &story, R_DESK(RECEIVES), RIGHT("'quantity':'90'"));
	breaks(open_claim_of(&world, &story, claims, "claimed", story.issue_head, story.adjustment_head,
		   "{'currency':'GBP','total_minor':7200}"),
	    "S32", "what is only proposed is not carried");
}

static struct story refund;

static void test_refund(void)
{
	struct story story = agreed_adjustment(RIGHT("'amount_minor':5000"));
	struct story unordered_one = unordered(&world, "cash", NULL);
	unsigned r = R_DESK(CLAIMS);

	breaks(open_claim_of(&world, &story, r, "refund_claimed", none, none, "{'currency':'GBP','total_minor':3000}"),
	    "S30", "a refund claim names what it is for");
	breaks(open_claim_of(&world, &story, r, "refund_claimed", story.issue_head, none,
		   "{'currency':'GBP','total_minor':3000}"),
	    "S67", "an issue of which nothing was charged too much brings nothing");
	breaks(open_claim_of(&world, &story, r, "refund_claimed", story.adjustment_head, none,
		   "{'currency':'GBP','total_minor':8000}"),
	    "S67", "its sum is that of the credits");
	valid(open_claim_of(&world, &story, r, "refund_claimed", story.adjustment_head, none,
		  "{'currency':'GBP','total_minor':3000}"),
	    "the receiver claims back what was agreed to");
	breaks(claim_move(&world, &story, R_DESK(PAYER), "approved", NULL), "K10", "it does not pay itself");
	story.claim_head = story.claim;
	valid(claim_move(&world, &story, S_DESK(PAYER), "approved", NULL), "the supplier's payer approves it");
	claim_move(&world, &story, S_DESK(PAYER), "remitted",
	    "{'currency':'GBP','amount_minor':1000,'reference':'B1','value_on':'2014-01-20'}");
	leads(claim_move(&world, &story, r, "confirmed", NULL), &story, &story.claim, "payable",
	    "and the receiver confirms what came");
	refund = story;

	struct story two = receipted(&world, "cash",
	    "{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x','quantity':'5',"
	    "'unit':'LTR','unit_price_minor':1,'price_basis':'list','currency':'GBP','settlement':'cash'}]}");
	open_adjustment(&world, &two, R_DESK(RECEIVES), RIGHT("'quantity':'90'"));
	adjustment_move(&world, &two, S_DESK(ISSUER), "adjustment_agreed");
	struct id credit = two.adjustment_head;
	open_adjustment(&world, &two, R_DESK(RECEIVES), "{'line':2,'quantity':'15','reason':'price'}");
	adjustment_move(&world, &two, S_DESK(ISSUER), "adjustment_agreed");
	breaks(open_claim_of(&world, &two, r, "refund_claimed", credit, two.adjustment_head,
		   "{'currency':'GBP','total_minor':790}"),
	    "S119", "what adds to the bill is no refund");
	valid(open_claim_of(&world, &two, r, "refund_claimed", credit, none, "{'currency':'GBP','total_minor':800}"),
	    "the credit alone is");
	breaks(open_claim_of(&world, &two, r, "refund_claimed", credit, none, "{'currency':'GBP','total_minor':800}"),
	    "S118", "nor is it claimed back twice");

	issue_move(&world, &unordered_one, R_DESK(ORDERER), "ratified", "{'charter':true}");
	open_adjustment(&world, &unordered_one, R_DESK(RECEIVES), RIGHT("'quantity':'90'"));
	adjustment_move(&world, &unordered_one, S_DESK(ISSUER), "adjustment_agreed");
	valid(open_claim_of(
		  &world, &unordered_one, world.all[JP], "claimed", unordered_one.issue_head, none, CLAIM_FIELDS),
	    "what was issued without an order is claimed");
	breaks(open_claim_of(
		   &world, &unordered_one, world.all[JP], "claimed", unordered_one.issue_head, none, CLAIM_FIELDS),
	    "S67", "once: the issue alone brings nothing more");
	valid(open_claim_of(&world, &unordered_one, r, "refund_claimed", unordered_one.issue_head,
		  unordered_one.adjustment_head, "{'currency':'GBP','total_minor':800}"),
	    "and a refund of it");
}

/* ---- a silent receiver ------------------------------------------------------------------------------------------- */

#define UNACKNOWLEDGED "claimed_unacknowledged"
/* Delivered on 2 January in Japan: 3 days for the receipt, 30 of grace. */
#define LAST "2013-02-04T14:59:59Z"
#define FIRST "2013-02-04T15:00:00Z"
#define FIRST_BY_HOURS "2013-02-02T15:00:00Z"

static void test_time(void)
{
	struct story story = issued_long_ago(&world, "cash", NULL);
	unsigned claims = S_DESK(CLAIMS);

	breaks(at_time(claims, UNACKNOWLEDGED, &story, LAST, CLAIM_FIELDS), "S121",
	    "the receiver has its days, and those of grace, to their end in the supplier's offset");
	valid(at_time(claims, UNACKNOWLEDGED, &story, FIRST, CLAIM_FIELDS), "from then on its silence stops nothing");
	story = agreed(&world, "cash", "{'line':{'category':'food'}}");
	open_issue(&world, &story, S_DESK(ISSUER), "issued", "{" LONG_AGO "}");
	breaks(
	    at_time(claims, UNACKNOWLEDGED, &story, LAST, CLAIM_FIELDS), "S121", "goods of food have days like others");
	story = agreed(&world, "cash", "{'line':{'category':'transport','kind':'service','meter':'legs flown'}}");
	open_issue(&world, &story, S_DESK(ISSUER), "issued",
	    "{" LONG_AGO ",'lines':[{'line':1,'quantity':'100','meter_reading':'manifests 1 to 9'}]}");
	breaks(at_time(claims, UNACKNOWLEDGED, &story, "2013-02-02T14:59:59Z", CLAIM_FIELDS), "S121",
	    "for flights the receipt has hours");
	valid(at_time(claims, UNACKNOWLEDGED, &story, FIRST_BY_HOURS, CLAIM_FIELDS), "and is late sooner");
	story = issued(&world, "cash", NULL);
	breaks(open_claim_of(&world, &story, claims, UNACKNOWLEDGED, story.issue_head, none, CLAIM_FIELDS), "S121",
	    "what was delivered today may still be receipted");
	story = receipted(&world, "cash", NULL);
	breaks(open_claim_of(&world, &story, claims, UNACKNOWLEDGED, story.issue_head, none, CLAIM_FIELDS), "S32",
	    "what was receipted is claimed as such");
	story = issued_long_ago(&world, "return_like", NULL);
	breaks(open_claim_of(&world, &story, claims, UNACKNOWLEDGED, story.issue_head, none, CLAIM_FIELDS), "S120",
	    "what is returned is not claimed");
	story = issued_long_ago(&world, "cash", NULL);
	breaks(open_claim_of(&world, &story, claims, UNACKNOWLEDGED, story.issue_head, none,
		   "{'currency':'GBP','total_minor':7999}"),
	    "S67", "the sum is that of what was issued");
	breaks(open_claim_of(&world, &story, claims, "claimed", story.issue_head, none, CLAIM_FIELDS), "S32",
	    "as receipted it cannot be claimed");
}

static struct story paid, late, raced, back, nothing_came;

static struct story silent(void)
{
	struct story story = agreed(&world, "cash", NULL);

	open_issue(&world, &story, S_DESK(ISSUER), "issued", "{" LONG_AGO ",'lines':[{'line':1,'quantity':'40'}]}");
	open_claim_of(&world, &story, S_DESK(CLAIMS), UNACKNOWLEDGED, story.issue_head, none,
	    "{'currency':'GBP','total_minor':3200}");
	return story;
}

#define SHORT "{'lines':[{'line':1,'accepted':'30','reason':'short'}]}"

static void test_late_receipt(void)
{
	struct story story = silent();
	struct id head = story.issue_head;

	claim_move(&world, &story, R_DESK(PAYER), "approved", NULL);
	struct id approved = story.claim_head, seen = world_acknowledge(&world, GB, &approved, 1);
	for (unsigned i = 0; i < 2; i++) {
		breaks(world_say(&world,
			   &(struct saying){ .key = R_DESK(RECEIVES),
			       .kind = i == 0 ? "receipted" : "not_arrived",
			       .thread = &story.thread,
			       .part = &story.issue,
			       .answers = &head,
			       .seen = &seen }),
		    "S109", "once payment is approved nothing is receipted");
	}
	struct saying close = { .key = S_DESK(ISSUER),
		.kind = "closed",
		.thread = &story.thread,
		.part = &story.thread,
		.answers = &story.order,
		.refs = { story.issue_head },
		.ref_count = 1 };
	breaks(world_say(&world, &close), "S33", "an order is not closed over what waits for a receipt");
	seen = world_acknowledge(&world, JP, &approved, 1);
	close.seen = &seen;
	valid(world_say(&world, &close), "over what was paid for without one it is");
	paid = story;

	story = silent();
	valid(issue_move(&world, &story, R_DESK(RECEIVES), "receipted", SHORT),
	    "until then the receiver may still say what came");
	valid(issue_move(&world, &story, S_DESK(ISSUER), "concurred", NULL), "its figures go through the table");
	head = claim_move(&world, &story, R_DESK(PAYER), "queried", "{'reason':'price'}");
	seen = world_acknowledge(&world, JP, &story.issue_head, 1);
	struct saying reclaim = { .key = S_DESK(CLAIMS),
		.kind = "reclaimed",
		.thread = &story.thread,
		.part = &story.claim,
		.answers = &head,
		.seen = &seen,
		.json = "{'total_minor':3200}" };
	breaks(world_say(&world, &reclaim), "S67", "claimed anew, it is what was receipted meanwhile");
	reclaim.json = "{'total_minor':2400}";
	story.claim_head = world_say(&world, &reclaim);
	valid(story.claim_head, "the claim is mended to that");
	late = story;
}

/* Receipt and approval cross: two desks of the receiver, neither knowing of the other. */
static struct story race(const char *receipt, const char *answer)
{
	struct story story = silent();

	valid(claim_move(&world, &story, R_DESK(PAYER), "approved", NULL), "one desk approves");
	valid(issue_move(&world, &story, R_DESK(RECEIVES), receipt, receipt[0] == 'r' ? SHORT : NULL),
	    "while another states what came");
	valid(issue_move(&world, &story, world.all[JP], answer, NULL), "and the supplier takes its figures");
	story.claim_head = story.claim;
	return story;
}

/* The party has seen what the receiver's payer wrote last. */
static struct id payer_seen_by(enum party party)
{
	struct id last = world.keys[R_DESK(PAYER)].prev;

	return world_acknowledge(&world, party, &last, 1);
}

static struct id claim_back(struct story *story, const char *json)
{
	struct id seen = payer_seen_by(GB);

	story->claim = story->claim_head = world_say(&world,
	    &(struct saying){ .key = world.all[GB],
		.kind = "refund_claimed",
		.thread = &story->thread,
		.refs = { story->order, story->issue_head },
		.ref_count = 2,
		.seen = &seen,
		.json = json });
	return story->claim;
}

static struct id claim_more(struct story *story, struct id issue, const struct id *seen, const char *json)
{
	struct saying saying = { .key = world.all[JP],
		.kind = "claimed",
		.thread = &story->thread,
		.refs = { story->order, story->issue_head, issue },
		.ref_count = id_is_zero(&issue) ? 2 : 3,
		.seen = seen,
		.json = json };

	return world_say(&world, &saying);
}

static void test_race(void)
{
	struct story story = race("receipted", "concurred");
	struct id seen = payer_seen_by(JP), first = story.issue_head, first_part = story.issue;

	open_issue(&world, &story, world.all[JP], "issued", "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'60'}]}");
	issue_move(&world, &story, R_DESK(RECEIVES), "receipted", NULL);
	struct id second = story.issue_head;
	story.issue_head = first;
	breaks(claim_more(&story, second, &seen, "{'currency':'GBP','total_minor':4800}"), "S67",
	    "what was charged too much is taken off the next claim that names the issue");
	breaks(
	    claim_more(&story, second, &seen,
		"{'currency':'GBP','total_minor':4000,'lines':[{'issue':1,'line':1,'amount_minor':800},{'issue':2,'line':1}]}"),
	    "F1", "a line given has its amount");
	breaks(
	    claim_more(&story, second, &seen,
		"{'currency':'GBP','total_minor':5600,'lines':[{'issue':1,'line':1,'amount_minor':800},{'issue':2,'line':1,'amount_minor':4800}]}"),
	    "S63", "and it is the credit");
	story.claim = claim_more(&story, second, &seen, "{'currency':'GBP','total_minor':4000}");
	leads(story.claim, &story, &story.claim, "claimed", "with it the sum is right");
	breaks(claim_more(&story, none, &seen, "{'currency':'GBP','total_minor':1}"), "S60", "it is credited once");
	story.issue = first_part;
	raced = story;

	story = race("receipted", "concurred");
	breaks(claim_back(&story, "{'currency':'GBP','total_minor':3200}"), "S67",
	    "a refund is what was charged too much");
	valid(claim_back(&story, "{'currency':'GBP','total_minor':800}"), "the receiver may claim it back");
	back = story;
	story = race("not_arrived", "annulled");
	valid(claim_back(&story, "{'currency':'GBP','total_minor':3200}"), "all of it, where nothing came");
	nothing_came = story;
}

/* ---- what is left behind ----------------------------------------------------------------------------------------- */

static void rows_are(
    const char *columns, const char *table, const struct story *story, const char *expected, const char *title)
{
	const char *sql = arena_printf(&world.arena,
	    "SELECT %s FROM %s p JOIN thread t ON t.row = p.thread WHERE t.id = :thread ORDER BY 1, 2", columns, table);

	tap_is_text(world_rows(&world, sql, &story->thread), expected, title);
}

static void look(void)
{
	tap_is_text(world_data(&world, &adjusted.thread, &adjusted.adjustment), "[id,1,95,7600,400]",
	    "an adjustment says the right figures and what changes");
	tap_is_text(world_data(&world, &carried.thread, &carried.claim),
	    "['GBP',[[id,1,100,8000,0],[id,1,null,-800,0]],null,0,null,null]",
	    "a claim carries it as a line of its own; the line adjusted stays");
	tap_is_text(world_data(&world, &refund.thread, &refund.claim),
	    "['GBP',[[id,1,null,3000,0]],3000,1000,null,null]", "a refund claim carries it with the other sign");
	rows_are("state, difference_minor, currency, claim IS NULL, quantity, amount_minor", "support_adjustment",
	    &refund, "adjusted|-3000|GBP|0||5000", "it has a row, with the claim that carries it");
	rows_are("state, refund, open_minor, pen", "support_claim", &refund, "payable|1|2000|1",
	    "so has the refund claim, which waits for the supplier");
	rows_are(
	    "item, quantity, amount_minor", "support_claim_line", &carried, "1|100|8000\n2||-800", "and its lines");
	rows_are("state, refund, total_minor", "support_claim", &debit, "claimed|0|800",
	    "a debit is a claim like any other");
	tap_is_text(world_state(&world, &paid.thread, &paid.issue), "acknowledged",
	    "what was paid for and never receipted waits for nobody");
	rows_are("state, unacknowledged, due_minor", "support_claim", &paid, "payable|1|3200", "its claim says so");
	tap_is_text(world_data(&world, &late.thread, &late.claim), "['GBP',[[id,1,30,2400,0]],null,0,null,null]",
	    "the mended claim stands on what was receipted");
	rows_are("overcharge_minor, rest, claim IS NULL", "support_issue_line", &late, "0|30|0",
	    "and holds nothing too much");
	tap_is_text(world_data(&world, &raced.thread, &raced.claim),
	    "['GBP',[[id,1,null,-800,0],[id,1,60,4800,0]],null,0,null,null]",
	    "a credit line stands before what is claimed");
	rows_are("overcharge_minor, rest", "support_issue_line", &raced, "0|30\n0|60", "so nothing is owed twice");
	rows_are("overcharge_minor, rest", "support_issue_line", &back, "0|30", "nor after a refund claim");
	rows_are("overcharge_minor, rest", "support_issue_line", &nothing_came, "0|", "nor where nothing came");
}

/* An agreement that states no clocks lets nobody claim without acknowledgement. */
static void test_no_clocks(void)
{
	json_t *agreement = parse(profile_json);

	json_object_del(agreement, "clocks");
	world_agreement = agreement;
	world_open(&world);
	world_agreement = NULL;
	json_decref(agreement);
	struct story story = issued_long_ago(&world, "cash", NULL);
	breaks(open_claim_of(&world, &story, S_DESK(CLAIMS), UNACKNOWLEDGED, story.issue_head, none, CLAIM_FIELDS),
	    "S121", "where the agreement does not say how long, a silence is never long enough");
	world_deliver(&world);
	world_check(&world);
	world_close(&world);
}

static void test_adjustment_withdrawn(void)
{
	struct story story = receipted(&world, "cash", NULL);

	open_adjustment(&world, &story, R_DESK(RECEIVES), RIGHT("'quantity':'90'"));
	expect(&world, adjustment_move(&world, &story, R_DESK(RECEIVES), "withdrawn"), NULL, NULL, "overtaken", NULL,
	    "an adjustment is withdrawn while it is agreed to");
	story.adjustment_head = story.adjustment;
	leads(adjustment_move(&world, &story, S_DESK(ISSUER), "adjustment_agreed"), &story, &story.adjustment,
	    "adjusted", "the agreement stands");
}

int main(void)
{
	test_no_clocks();
	world_open(&world);
	test_adjustment_withdrawn();
	test_proposals();
	test_open_prices();
	test_crossing();
	test_carried();
	test_refund();
	test_time();
	test_late_receipt();
	test_race();
	world_deliver(&world);
	world_check(&world);
	look();
	tap_ok(world_delivers_alike(&world), "entries that arrive in another order leave the same state");
	world_export(&world, "support-adjustments");
	world_close(&world);
	return tap_done();
}
