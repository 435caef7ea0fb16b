/* Orders by word of mouth, unasked offers, unordered issues, meters, withdrawals: guards S100 to S109 of docs/support-rules.md and the
 * openings' own guards, each broken beside a neighbour that passes, and what the moves leave behind. */
#include "domain/support/test_world.h"

static struct world world;
static unsigned limited[2]; /* a desk of each party with every role and a limit of GBP 80.00 */

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

/* ---- by word of mouth -------------------------------------------------------------------------------------------- */

#define ORAL "{'oral_at':'2013-11-20','oral_with':'watch officer'}"

static void test_oral(void)
{
	static const char *const halves[] = { "{'oral_at':'2013-11-20'}", "{'oral_with':'watch officer'}",
		"{'oral_at':'2014-11-20','oral_with':'watch officer'}" };
	static const char *const titles[] = { "the time alone is half a record", "so is the post alone",
		"nothing was said in the future" };
	struct story story;

	for (unsigned i = 0; i < 3; i++) {
		breaks(requested(&world, "cash", halves[i]).thread, "S100", titles[i]);
		breaks(offered_unasked(&world, "cash", halves[i]).thread, "S100", titles[i]);
	}
	story = requested(&world, "cash", ORAL);
	valid(story.thread, "an order by telephone says when, and to which post");
	leads(order_move(&world, &story, S_DESK(ISSUER), "oral_denied", "{'remarks':'nobody called'}"), &story,
	    &story.thread, "declined", "whoever was asked by telephone may deny it");
	story = requested(&world, "cash", ORAL);
	leads(order_move(&world, &story, S_DESK(ISSUER), "offered", "{'utc_offset_minutes':540}"), &story,
	    &story.thread, "offered", "the ordinary next move confirms it");
	story = requested(&world, "cash", NULL);
	breaks(order_move(&world, &story, S_DESK(ISSUER), "oral_denied", "{'remarks':'no'}"), "S101",
	    "what was asked in writing cannot be denied");
	story = requested(&world, "cash", ORAL);
	order_move(&world, &story, S_DESK(ISSUER), "asked", "{'remarks':'which port?'}");
	order_move(&world, &story, R_DESK(ORDERER), "answered", NULL);
	breaks(order_move(&world, &story, S_DESK(ISSUER), "oral_denied", "{'remarks':'no'}"), "S101",
	    "nor once another move has come");
	story = offered_unasked(&world, "cash", ORAL);
	leads(order_move(&world, &story, R_DESK(ORDERER), "oral_denied", "{'remarks':'no'}"), &story, &story.thread,
	    "withdrawn", "an offer by telephone may be denied");
	story = offered_unasked(&world, "cash", NULL);
	breaks(order_move(&world, &story, R_DESK(ORDERER), "oral_denied", "{'remarks':'no'}"), "S101",
	    "an offer in writing may not");
	story = requested(&world, "cash", ORAL);
	order_move(&world, &story, S_DESK(ISSUER), "offered", "{'utc_offset_minutes':540}");
	breaks(order_move(&world, &story, R_DESK(ORDERER), "oral_denied", "{'remarks':'no'}"), "S101",
	    "nor an offer that answered a request");
}

/* ---- unasked offers ---------------------------------------------------------------------------------------------- */

struct opening {
	const char *rule; /* NULL: valid */
	const char *patch, *title;
};

static const struct opening offers[] = {
	{ NULL, "{'valid_until':'2014-01-01','reference':'J-1'}", "an offer that nobody asked for opens an order" },
	{ "S1", "{'receiver':'JP'}", "nobody offers to itself" },
	{ "S1", "{'receiver':'FR'}", "nor to a stranger" },
	{ "S2", "{'rule_set':0}", "it names the rule set" },
	{ "S4", "{'activity':'9z'}", "and an activity of the agreement" },
	{ "S12", "{'line':{'quantity':'0'}}", "an offer of nothing is refused" },
	{ "S19", "{'line':{'return_by':'2013-11-25'}}", "nothing is returned before it came" },
	{ "S21", "{'utc_offset_minutes':841}", "an offset is at most 14 hours" },
	{ "S23", "{'valid_until':'2013-01-01'}", "it is not stale when it is made" },
};

static struct id accept(struct story *story, unsigned key, const char *charter)
{
	char hex[65];

	hex_print(id_bytes(&story->order), hex);
	return order_move(&world, story, key, "accepted", arena_printf(&world.arena, "{'terms':'%s'%s}", hex, charter));
}

static struct story accepted_story, countered_story;

static void test_unasked(void)
{
	struct story story;
	struct id head;

	for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
		struct id id = offered_unasked(&world, "cash", offers[i].patch).thread;
		if (offers[i].rule) {
			breaks(id, offers[i].rule, offers[i].title);
		} else {
			valid(id, offers[i].title);
		}
	}
	breaks(world_say(&world,
		   &(struct saying){ .key = limited[JP],
		       .kind = "offered_unasked",
		       .object = supplier_fields(&world, "cash", "{'line':{'quantity':'101'}}") }),
	    "S27", "an offer lies within its signer's limit");
	story = offered_unasked(&world, "cash", NULL);
	head = story.order;
	breaks(accept(&story, R_DESK(ORDERER), ""), "S102", "who takes an unasked offer makes the Charter statement");
	story.order = head;
	breaks(accept(&story, R_DESK(ORDERER), ",'charter':false"), "S102", "and makes it truly");
	story.order = head;
	leads(accept(&story, R_DESK(ORDERER), ",'charter':true"), &story, &story.thread, "agreed", "then it is agreed");
	accepted_story = story;
	order_move(&world, &story, S_DESK(ISSUER), "amended", "{'place':'Mactan'}");
	head = story.order;
	breaks(accept(&story, R_DESK(ORDERER), ",'charter':true"), "S102", "the statement is made once");
	story.order = head;
	valid(accept(&story, R_DESK(ORDERER), ""), "an amendment is accepted without it");
	story = requested(&world, "cash", NULL);
	order_move(&world, &story, S_DESK(ISSUER), "offered", "{'utc_offset_minutes':540}");
	breaks(accept(&story, R_DESK(ORDERER), ",'charter':true"), "S102",
	    "a request has made it, so the acceptance does not");
	story = offered_unasked(&world, "cash", NULL);
	order_move(&world, &story, R_DESK(ORDERER), "offer_countered", "{'place':'Mactan'}");
	order_move(&world, &story, S_DESK(ISSUER), "offered", "{'utc_offset_minutes':540}");
	head = story.order;
	breaks(accept(&story, R_DESK(ORDERER), ""), "S102", "countered and offered anew, it is still not made");
	story.order = head;
	valid(accept(&story, R_DESK(ORDERER), ",'charter':true"), "with it the order is agreed");
	countered_story = story;
}

/* ---- unordered issues -------------------------------------------------------------------------------------------- */

#define TWO_METHODS \
	"{'lines':[" ORDER_LINE \
	",{'line':2,'category':'fuel','kind':'supply','description_en':'x','quantity':'5','unit':'LTR'," \
	"'unit_price_minor':1,'price_basis':'list','currency':'GBP','settlement':'return_like'}]}"
#define SERVICE "'line':{'kind':'service','meter':'trips'}"

static const struct opening issues[] = {
	{ NULL, "{'voucher':'V1','handed_over_by':'JS Towada','reference':'J-1'}",
	    "what was issued without an order opens a thread" },
	{ "S1", "{'receiver':'JP'}", "nobody issues to itself" },
	{ "S2", "{'rule_set':0}", "it names the rule set" },
	{ "S4", "{'activity':'9z'}", "and an activity of the agreement" },
	{ "S12", "{'line':{'quantity':'0'}}", "nothing is no issue" },
	{ "S16", "{'line':{'kind':'service'}}", "a service says how it is counted" },
	{ "S21", "{'delivery_offset_minutes':841}", "the offset there has its bounds" },
	{ "S21", "{'utc_offset_minutes':'0.5'}", "and the supplier's its own" },
	{ "S38", TWO_METHODS, "its lines are settled in one way" },
	{ "S39", "{" SERVICE ",'meters':[{'line':1,'meter_start':'1','meter_end':'100'}]}",
	    "readings differ by the quantity" },
	{ "S39", "{" SERVICE ",'meters':[{'line':1,'meter_start':'1'}]}", "one reading is none" },
	{ "S103", "{" SERVICE "}", "a service comes with evidence of its meter" },
	{ "S103", "{" SERVICE ",'meters':[{'line':1,'measured_by':'purser'}]}", "who measured is no reading" },
	{ NULL, "{" SERVICE ",'meters':[{'line':1,'meter_start':'1','meter_end':'101'}]}", "two readings are" },
	{ NULL, "{" SERVICE ",'meters':[{'line':1,'meter_reading':'log 7'}]}", "so is how it was counted" },
	{ "S104", "{'line':{'unit_price_minor':null,'ceiling_minor':9000}}", "its price cannot stay open" },
	{ "S105", "{'meters':[{'line':2,'meter_reading':'x'}]}", "meters are of its lines" },
	{ "S105", "{'meters':[{'line':1,'meter_reading':'x'},{'line':1,'meter_reading':'x'}]}", "each once" },
	{ NULL, "{'line':{'return_by':'2013-11-01','settlement':'return_like'}}",
	    "without a day of delivery there is none to be before" },
};

#define BIG "{'line':{'quantity':'20000'}}"

static struct id ratify(struct story *story, unsigned key, const char *json)
{
	return issue_move(&world, story, key, "ratified", json);
}

static struct story ratified_story, short_story;

static void test_ratified(void)
{
	static const struct opening words[] = {
		{ "S5", "{'charter':false}", "who ratifies makes the Charter statement" },
		{ "S45", "{'charter':true,'lines':[{'line':2,'accepted':'1'}]}", "figures are of its lines" },
		{ "S46", "{'charter':true,'lines':[{'line':1,'accepted':'101','reason':'short'}]}",
		    "nobody accepts more than was issued" },
		{ "S47", "{'charter':true,'lines':[{'line':1,'accepted':'90'}]}", "a difference has a reason" },
	};
	struct story story = unordered(&world, "cash", NULL);

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		story.issue_head = story.issue;
		breaks(ratify(&story, R_DESK(ORDERER), words[i].patch), words[i].rule, words[i].title);
	}
	story.issue_head = story.issue;
	leads(ratify(&story, limited[GB], "{'charter':true}"), &story, &story.issue, "receipted",
	    "ratified within the limit it is receipted at once");
	ratified_story = story;
	story = unordered(&world, "cash", NULL);
	valid(ratify(&story, R_DESK(ORDERER), "{'charter':true,'lines':[{'line':1,'accepted':'90','reason':'short'}]}"),
	    "or with other figures in difference");
	leads(issue_move(&world, &story, S_DESK(ISSUER), "concurred", NULL), &story, &story.issue, "receipted",
	    "and goes on as any issue");
	short_story = story;
	story = unordered(&world, "cash", "{'line':{'quantity':'101'}}");
	breaks(ratify(&story, limited[GB], "{'charter':true}"), "S27",
	    "what was not ordered is ratified within the limit");
	story = unordered(&world, "cash", BIG);
	breaks(ratify(&story, R_DESK(ORDERER), "{'charter':true}"), "S106",
	    "above the amount of separation another officer received it");
	story.issue_head = story.issue;
	breaks(ratify(&story, R_DESK(ORDERER), "{'charter':true,'received_by':'one-orderer'}"), "S106",
	    "not the one who ratifies");
	story.issue_head = story.issue;
	valid(ratify(&story, R_DESK(ORDERER), "{'charter':true,'received_by':'one-receiver'}"), "who is named");
	story = unordered(&world, "cash", NULL);
	breaks(open_issue(&world, &(struct story){ .thread = story.thread, .order = story.issue }, S_DESK(ISSUER),
		   "issued", "{" ISSUE_FIELDS "}"),
	    "S30", "nothing more is issued on it: there is no order");
}

static void propose(struct story *story, const char *quantity)
{
	issue_move(&world, story, R_DESK(ORDERER), "repudiated", "{'reason':'not_ordered'}");
	issue_move(&world, story, S_DESK(DISPUTE), "taken_up", "{'remarks':'it was'}");
	issue_move(&world, story, S_DESK(DISPUTE), "resolution_proposed",
	    arena_printf(&world.arena, "{'lines':[{'line':1,'quantity':'%s'}]}", quantity));
}

static struct story agreed_story;

static void test_repudiated(void)
{
	struct story story = unordered(&world, "cash", NULL);
	struct id head;

	breaks(issue_move(&world, &story, R_DESK(ORDERER), "repudiated", "{'reason':'mood'}"), "S107",
	    "a reason is one of the four");
	story.issue_head = story.issue;
	valid(issue_move(&world, &story, R_DESK(ORDERER), "repudiated", "{'reason':'not_allowed'}"),
	    "what nobody ordered may be repudiated");
	leads(issue_move(&world, &story, S_DESK(ISSUER), "withdrawn", NULL), &story, &story.issue, "withdrawn",
	    "and is withdrawn");
	story = unordered(&world, "cash", NULL);
	propose(&story, "60");
	head = story.issue_head;
	breaks(issue_move(&world, &story, R_DESK(DISPUTE), "resolution_agreed", NULL), "S102",
	    "to agree one level up ratifies, and so makes the Charter statement");
	story.issue_head = head;
	leads(issue_move(&world, &story, R_DESK(DISPUTE), "resolution_agreed", "{'charter':true}"), &story,
	    &story.issue, "receipted", "with it the order stands at the figure agreed");
	agreed_story = story;
	story = unordered(&world, "cash", NULL);
	propose(&story, "0");
	head = story.issue_head;
	breaks(issue_move(&world, &story, R_DESK(DISPUTE), "resolution_agreed", "{'charter':true}"), "S102",
	    "to agree that nothing is charged binds to nothing");
	story.issue_head = head;
	leads(issue_move(&world, &story, R_DESK(DISPUTE), "resolution_agreed", NULL), &story, &story.issue, "annulled",
	    "so there is no statement");
	story = issued(&world, "cash", NULL);
	issue_move(&world, &story, R_DESK(RECEIVES), "not_arrived", NULL);
	issue_move(&world, &story, S_DESK(ISSUER), "contested", "{'remarks':'x'}");
	issue_move(&world, &story, R_DESK(DISPUTE), "stood", NULL);
	issue_move(&world, &story, S_DESK(DISPUTE), "resolution_proposed", "{'lines':[{'line':1,'quantity':'60'}]}");
	breaks(issue_move(&world, &story, R_DESK(DISPUTE), "resolution_agreed", "{'charter':true}"), "S102",
	    "of an issue that was ordered the statement was made");
}

static void test_unordered(void)
{
	for (size_t i = 0; i < sizeof issues / sizeof issues[0]; i++) {
		struct id id = unordered(&world, "cash", issues[i].patch).thread;
		if (issues[i].rule) {
			breaks(id, issues[i].rule, issues[i].title);
		} else {
			valid(id, issues[i].title);
		}
	}
	test_ratified();
	test_repudiated();
}

/* ---- claims in a thread without an order -------------------------------------------------------------------------- */

static struct story claimed_story;

static void test_unordered_claims(void)
{
	static const struct id none;
	struct story story = ratified_story, open = unordered(&world, "cash", NULL);

	breaks(open_claim_of(&world, &open, S_DESK(CLAIMS), "claimed", open.issue_head, none, CLAIM_FIELDS), "S32",
	    "what is not ratified is not claimed");
	breaks(
	    open_claim_of(&world, &open, S_DESK(CLAIMS), "claimed_unacknowledged", open.issue_head, none, CLAIM_FIELDS),
	    "S30", "nor without acknowledgement");
	breaks(open_claim_of(
		   &world, &story, S_DESK(CLAIMS), "claimed", story.issue_head, short_story.issue_head, CLAIM_FIELDS),
	    "S30", "a claim names no issue of another thread");
	valid(open_claim_of(&world, &story, S_DESK(CLAIMS), "claimed", story.issue_head, none,
		  "{'currency':'GBP','total_minor':8000,'lines':[{'issue':1,'line':1,'amount_minor':8000}]}"),
	    "a claim names the issue first, and it is the first of its issues");
	struct id head = story.claim_head;
	breaks(claim_move(&world, &story, limited[GB], "approved", NULL), "S73",
	    "who ratified it, and so received it too, does not pay");
	story.claim_head = head;
	leads(claim_move(&world, &story, R_DESK(PAYER), "approved", NULL), &story, &story.claim, "payable",
	    "another officer does");
	claimed_story = story;
}

/* ---- meters ------------------------------------------------------------------------------------------------------ */

static void test_meters(void)
{
	struct story story = agreed(&world, "service_like", NULL);
	unsigned s = S_DESK(ISSUER);

	breaks(open_issue(&world, &story, s, "issued", "{" ISSUE_FIELDS "}"), "S103",
	    "a service is not issued without evidence of its meter");
	breaks(open_issue(&world, &story, s, "issued",
		   "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'10','measured_by':'purser'}]}"),
	    "S103", "who measured it is no evidence");
	valid(open_issue(&world, &story, s, "issued",
		  "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'10','meter_start':'5','meter_end':'15'}]}"),
	    "two readings are");
	valid(open_issue(&world, &story, s, "issued",
		  "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'10','meter_reading':'manifest 31'}]}"),
	    "so is how it was counted");
	valid(open_issue(
		  &world, &story, R_DESK(RECEIVES), "taken", "{" TAKEN_FIELDS ",'lines':[{'line':1,'quantity':'10'}]}"),
	    "the receiver records what it took without");
	breaks(issue_move(&world, &story, s, "taken_issued", "{" ISSUE_FIELDS "}"), "S103",
	    "the supplier's figures for it have evidence");
	story.issue_head = story.issue;
	valid(issue_move(&world, &story, s, "taken_issued",
		  "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'10','meter_reading':'manifest 31'}]}"),
	    "then they stand");
}

/* ---- withdrawals ------------------------------------------------------------------------------------------------- */

static struct story taken_back;

/* A withdrawal and an answer of the partner meet: neither knows the other. */
static void meets(struct id withdrawal, struct id answer, const struct story *story, const struct id *part,
    const char *state, const char *title)
{
	expect(&world, withdrawal, NULL, NULL, "overtaken", NULL, title);
	leads(answer, story, part, state, arena_printf(&world.arena, "%s: the answer stands", title));
}

static void test_races(void)
{
	struct story story = requested(&world, "cash", NULL);
	struct id head = story.order, withdrawal = order_move(&world, &story, R_DESK(ORDERER), "withdrawn", NULL);

	story.order = head;
	struct id answer = order_move(&world, &story, S_DESK(ISSUER), "offered", "{'utc_offset_minutes':540}");
	meets(withdrawal, answer, &story, &story.thread, "offered", "a request is withdrawn while it is answered");

	story = requested(&world, "cash", NULL);
	head = order_move(&world, &story, S_DESK(ISSUER), "offered", "{'utc_offset_minutes':540}");
	withdrawal = order_move(&world, &story, S_DESK(ISSUER), "withdrawn", NULL);
	story.order = head;
	answer = accept(&story, R_DESK(ORDERER), "");
	meets(withdrawal, answer, &story, &story.thread, "agreed", "an offer is withdrawn while it is accepted");

	story = issued(&world, "cash", NULL);
	withdrawal = issue_move(&world, &story, S_DESK(ISSUER), "withdrawn", NULL);
	story.issue_head = story.issue;
	answer = issue_move(&world, &story, R_DESK(RECEIVES), "receipted", NULL);
	meets(withdrawal, answer, &story, &story.issue, "receipted", "an issue is withdrawn while it is receipted");

	story = claimed(&world, NULL);
	withdrawal = claim_move(&world, &story, S_DESK(CLAIMS), "withdrawn", NULL);
	story.claim_head = story.claim;
	answer = claim_move(&world, &story, R_DESK(PAYER), "approved", NULL);
	meets(withdrawal, answer, &story, &story.claim, "payable", "a claim is withdrawn while it is approved");
}

static void test_withdrawn(void)
{
	struct story story = requested(&world, "cash", NULL);
	struct id head;

	order_move(&world, &story, S_DESK(ISSUER), "offered", "{'utc_offset_minutes':540,'place':'Mactan'}");
	leads(order_move(&world, &story, S_DESK(ISSUER), "withdrawn", "{'remarks':'wrong port'}"), &story,
	    &story.thread, "requested",
	    "an offer that answered a request can be taken back, and the request stands again");
	taken_back = story;
	story = agreed(&world, "cash", NULL);
	open_issue(&world, &story, R_DESK(RECEIVES), "taken", "{" TAKEN_FIELDS "}");
	struct id taken = story.issue;
	open_issue(&world, &story, S_DESK(ISSUER), "issued", "{" ISSUE_FIELDS "}");
	struct id receipt = world_say(&world,
	    &(struct saying){ .key = R_DESK(RECEIVES),
		.kind = "receipted",
		.thread = &story.thread,
		.part = &story.issue,
		.answers = &story.issue,
		.refs = { taken },
		.ref_count = 1 });
	struct id seen = world_acknowledge(&world, GB, &receipt, 1);
	breaks(world_say(&world,
		   &(struct saying){ .key = R_DESK(ORDERER),
		       .kind = "withdrawn",
		       .thread = &story.thread,
		       .part = &taken,
		       .answers = &taken,
		       .seen = &seen }),
	    "S44", "what was joined to an issue cannot be withdrawn");

	story = issued_long_ago(&world, "cash", NULL);
	open_claim_of(&world, &story, world.all[JP], "claimed_unacknowledged", story.issue_head, (struct id){ { 0 } },
	    CLAIM_FIELDS);
	head = story.issue_head;
	breaks(issue_move(&world, &story, world.all[JP], "withdrawn", NULL), "S108",
	    "an issue that a claim holds cannot be withdrawn");
	leads(claim_move(&world, &story, world.all[JP], "withdrawn", NULL), &story, &story.claim, "withdrawn",
	    "but the claim can");
	story.issue_head = head;
	leads(issue_move(&world, &story, world.all[JP], "withdrawn", NULL), &story, &story.issue, "withdrawn",
	    "and then the issue");

	story = receipted(&world, "cash", NULL);
	open_claim(&world, &story, S_DESK(CLAIMS), CLAIM_FIELDS);
	breaks(open_claim(&world, &story, S_DESK(CLAIMS), CLAIM_FIELDS), "S60", "a line is claimed once");
	story = claimed(&world, NULL);
	claim_move(&world, &story, S_DESK(CLAIMS), "withdrawn", NULL);
	valid(open_claim(&world, &story, S_DESK(CLAIMS), CLAIM_FIELDS),
	    "the lines of a withdrawn claim can be claimed again");
	test_races();
}

/* ---- what is left behind ----------------------------------------------------------------------------------------- */

static void rows_are(
    const char *columns, const char *table, const struct story *story, const char *expected, const char *title)
{
	const char *sql = arena_printf(&world.arena,
	    "SELECT %s FROM %s p JOIN thread t ON t.row = p.thread WHERE t.id = :thread ORDER BY 1, 2", columns, table);

	tap_is_text(world_rows(&world, sql, &story->thread), expected, title);
}

#define LINE_DATA "[{0:1,1:'fuel',2:'supply',3:'F-76',5:100,6:'LTR',8:80,10:'agreed',12:'GBP',13:'cash'}]"

static void look(void)
{
	tap_is_text(world_data(&world, &taken_back.thread, &taken_back.thread),
	    "[null,null,[id,{10:" LINE_DATA ",11:'Cebu',12:16035},null]]",
	    "after an offer was taken back, what was asked lies on the table again");
	tap_is_text(world_data(&world, &ratified_story.thread, &ratified_story.thread),
	    "[false,id,'cash',1384911000000,'limited',[[1,100,100,0,0,0,null,null,100,0,0,0,0]],'limited']",
	    "who ratifies has ordered and, unless another is named, received it");
	tap_is_text(world_data(&world, &agreed_story.thread, &agreed_story.thread),
	    "[false,id,'cash',1384911000000,null,[[1,100,null,0,0,0,null,60,60,0,0,0,0]],'one-dispute']",
	    "who agrees one level up has ordered it, and nobody is said to have received it");
	rows_are("p.number = t.number, state, pen, agreed, orderer, place", "support_order", &ratified_story,
	    "1|agreed||1|limited|Cebu", "an unordered issue has the row of an order, agreed once it is ratified");
	rows_are("p.number = t.number, state, voucher, taken", "support_issue", &ratified_story, "1|receipted||0",
	    "and that of an issue, by the same number");
	rows_are("line, quantity, value_minor", "support_line", &ratified_story, "1|100|8000", "its terms have rows");
	rows_are("state, total_minor, open_minor", "support_claim", &claimed_story, "payable|8000|8000",
	    "so has the claim of it");
	rows_are("agreed, orderer", "support_order", &accepted_story, "1|one-orderer",
	    "who takes an unasked offer has ordered it");
}

int main(void)
{
	const char *roles[ROLES];

	world_open(&world);
	memcpy(roles, role_names, sizeof roles);
	qsort(roles, ROLES, sizeof roles[0], text_order);
	limited[GB] = world_grant(&world, GB, 50, "limited", roles, ROLES, 8000);
	limited[JP] = world_grant(&world, JP, 50, "limited", roles, ROLES, 8000);
	test_oral();
	test_unasked();
	test_unordered();
	test_unordered_claims();
	test_meters();
	test_withdrawn();
	world_deliver(&world);
	world_check(&world);
	look();
	tap_ok(world_delivers_alike(&world), "entries that arrive in another order leave the same state");
	world_export(&world, "support-later");
	world_close(&world);
	return tap_done();
}
