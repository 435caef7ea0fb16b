/* Guards S59 to S73 of docs/support-rules.md 4.2, each broken once at least, beside a neighbour that it lets pass. */
#include "domain/support/test_world.h"

static struct world world;
static unsigned limited; /* GB's desk with every role and a limit of GBP 80.00 */

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

/* An order whose total is above the amount of separation. */
#define LARGE "{'line':{'unit_price_minor':10001}}"

/* ---- claims ------------------------------------------------------------------------------------------------------ */

static struct id try_claim(struct story story, const char *json)
{
	return open_claim(&world, &story, S_DESK(CLAIMS), json);
}

static struct id try_claim_move(struct story story, unsigned key, const char *kind, const char *json)
{
	return claim_move(&world, &story, key, kind, json);
}

static void test_claims(void)
{
	struct story story = receipted(&world, "cash",
	    "{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x',"
	    "'quantity':'5','unit':'LTR','unit_price_minor':3,'price_basis':'list','currency':'JPY','settlement':'cash'}]}");
	struct story partial = issued(&world, "cash",
	    "{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x',"
	    "'quantity':'5','unit':'LTR','unit_price_minor':3,'price_basis':'list','currency':'GBP','settlement':'cash'}]}");
	static const struct {
		const char *rule, *json, *title;
	} claims[] = {
		{ "S59", "{'currency':'GBP','total_minor':8000,'lines':[{'issue':2,'line':1,'amount_minor':8000}]}",
		    "an issue that is not named is not claimed" },
		{ "S59", "{'currency':'GBP','total_minor':8000,'lines':[{'issue':0,'line':1,'amount_minor':8000}]}",
		    "issues count from 1" },
		{ "S59", "{'currency':'GBP','total_minor':8000,'lines':[{'issue':1,'line':3,'amount_minor':8000}]}",
		    "nor a line that was not issued" },
		{ "S59",
		    "{'currency':'GBP','total_minor':16000,'lines':[{'issue':1,'line':1,'amount_minor':8000},{'issue':1,'line':1,'amount_minor':8000}]}",
		    "a line is claimed once" },
		{ "S62", "{'currency':'GBP','total_minor':8015}", "a claim is in one currency" },
		{ "S62", "{'currency':'JPY','total_minor':8000,'lines':[{'issue':1,'line':1,'amount_minor':8000}]}",
		    "the one agreed" },
		{ "S63", "{'currency':'GBP','total_minor':8001,'lines':[{'issue':1,'line':1,'amount_minor':8001}]}",
		    "at the price agreed" },
		{ "S67", "{'currency':'GBP','total_minor':8001,'lines':[{'issue':1,'line':1,'amount_minor':8000}]}",
		    "the total is the sum" },
	};

	for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
		breaks(try_claim(story, claims[i].json), claims[i].rule, claims[i].title);
	}
	valid(try_claim(
		  story, "{'currency':'GBP','total_minor':8000,'lines':[{'issue':1,'line':1,'amount_minor':8000}]}"),
	    "a line may be claimed by itself");
	breaks(try_claim(
		   story, "{'currency':'GBP','total_minor':8000,'lines':[{'issue':1,'line':1,'amount_minor':8000}]}"),
	    "S60", "and not again");
	valid(try_claim(story, "{'currency':'JPY','total_minor':15,'lines':[{'issue':1,'line':2,'amount_minor':15}]}"),
	    "the other line is claimed by another claim");

	issue_move(
	    &world, &partial, R_DESK(RECEIVES), "receipted", "{'lines':[{'line':2,'accepted':'0','reason':'short'}]}");
	issue_move(&world, &partial, S_DESK(ISSUER), "concurred", NULL);
	breaks(
	    try_claim(partial,
		"{'currency':'GBP','total_minor':8000,'lines':[{'issue':1,'line':1,'amount_minor':8000},{'issue':1,'line':2,'amount_minor':0}]}"),
	    "S59", "a line of which nothing was accepted is not claimed");
	valid(try_claim(partial, CLAIM_FIELDS), "and is left out where no lines are named");
}

static void test_open_price(void)
{
	struct story story = receipted(&world, "cash", "{'line':{'unit_price_minor':null,'ceiling_minor':9000}}");

	breaks(try_claim(story, CLAIM_FIELDS), "S61", "a line whose price is open cannot be claimed");
	order_move(&world, &story, S_DESK(ISSUER), "amended", "{'lines':[" ORDER_LINE "]}");
	breaks(try_claim(story, CLAIM_FIELDS), "S61", "nor while its price is only offered");
	order_move(&world, &story, R_DESK(ORDERER), "accepted", accept_json(&world, &story.order));
	valid(try_claim(story, CLAIM_FIELDS), "an amendment that both signed closes the price");
	struct story huge = receipted(
	    &world, "cash", "{'line':{'quantity':'900000000000000000','unit_price_minor':null,'ceiling_minor':9000}}");
	order_move(&world, &huge, S_DESK(ISSUER), "amended",
	    "{'lines':[{'line':1,'category':'fuel','kind':'supply','description_en':'F-76','quantity':'1',"
	    "'unit':'LTR','unit_price_minor':80,'price_basis':'agreed','currency':'GBP','settlement':'cash'}]}");
	order_move(&world, &huge, R_DESK(ORDERER), "accepted", accept_json(&world, &huge.order));
	breaks(try_claim(huge, CLAIM_FIELDS), "S63", "an amount beyond all numbers is refused");
}

static void test_queries(void)
{
	struct story story = claimed(&world, NULL);
	unsigned payer = R_DESK(PAYER), c = S_DESK(CLAIMS);

	breaks(try_claim_move(story, payer, "queried", "{'items':[{'item':2}],'reason':'price'}"), "S64",
	    "a query names items of the claim");
	breaks(try_claim_move(story, payer, "queried", "{'items':[{'item':1},{'item':1}],'reason':'price'}"), "S64",
	    "each once");
	breaks(try_claim_move(story, payer, "queried", "{'items':[{'item':0}],'reason':'price'}"), "S64",
	    "counted from 1");
	breaks(try_claim_move(story, payer, "queried", "{'reason':'mood'}"), "S65", "for a reason of the agreement");
	valid(claim_move(&world, &story, payer, "queried", "{'items':[{'item':1}],'reason':'price'}"),
	    "else it is valid");
	breaks(try_claim_move(story, c, "credited", "{'items':[{'item':2,'credit_minor':1}],'total_minor':7999}"),
	    "S64", "a credit is on an item");
	breaks(try_claim_move(story, c, "credited", "{'items':[{'item':1,'credit_minor':0}],'total_minor':8000}"),
	    "S66", "a credit is above 0");
	breaks(try_claim_move(story, c, "credited", "{'items':[{'item':1,'credit_minor':8001}],'total_minor':1}"),
	    "S66", "and not above the item");
	breaks(try_claim_move(story, c, "credited", "{'items':[{'item':1,'credit_minor':1000}],'total_minor':7001}"),
	    "S67", "the total is what is left");
	breaks(try_claim_move(story, c, "credited", "{'items':[{'item':1,'credit_minor':8000}],'total_minor':0}"),
	    "S67", "and something is");
	valid(
	    claim_move(&world, &story, c, "credited", "{'items':[{'item':1,'credit_minor':1000}],'total_minor':7000}"),
	    "a credit lowers the claim");
	claim_move(&world, &story, payer, "queried", "{'reason':'price'}");
	breaks(try_claim_move(story, c, "credited", "{'items':[{'item':1,'credit_minor':7001}],'total_minor':1}"),
	    "S66", "credits are added up");
	breaks(try_claim_move(story, c, "reclaimed", "{'total_minor':8000}"), "S67",
	    "a claim made anew keeps its credits");
	breaks(try_claim_move(
		   story, c, "reclaimed", "{'total_minor':7000,'lines':[{'issue':1,'line':1,'amount_minor':7000}]}"),
	    "S63", "and its price");
	breaks(try_claim_move(
		   story, c, "reclaimed", "{'total_minor':7000,'lines':[{'issue':2,'line':1,'amount_minor':8000}]}"),
	    "S59", "and its issues");
	valid(claim_move(&world, &story, c, "reclaimed", "{'total_minor':7000}"), "else it is valid");
}

static void test_reclaim_takes_nothing_twice(void)
{
	struct story
	    story = receipted(&world, "cash",
		"{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x',"
		"'quantity':'5','unit':'LTR','unit_price_minor':3,'price_basis':'list','currency':'GBP','settlement':'cash'}]}"),
	    other;
	unsigned payer = R_DESK(PAYER), c = S_DESK(CLAIMS);

	open_claim(&world, &story, c, "{'currency':'GBP','total_minor':8015}");
	claim_move(&world, &story, payer, "queried", "{'reason':'price'}");
	valid(claim_move(&world, &story, c, "reclaimed",
		  "{'total_minor':8000,'lines':[{'issue':1,'line':1,'amount_minor':8000}]}"),
	    "a claim may drop a line");
	other = story;
	valid(open_claim(&world, &other, c,
		  "{'currency':'GBP','total_minor':15,'lines':[{'issue':1,'line':2,'amount_minor':15}]}"),
	    "which another then claims");
	claim_move(&world, &story, payer, "queried", "{'reason':'price'}");
	breaks(
	    try_claim_move(story, c, "reclaimed", "{'total_minor':8015}"), "S60", "and the first does not take back");
}

static void test_figures(void)
{
	struct story story = claimed(&world, NULL);
	unsigned up = S_DESK(DISPUTE);

	claim_move(&world, &story, R_DESK(PAYER), "queried", "{'reason':'price'}");
	claim_move(&world, &story, S_DESK(CLAIMS), "upheld", "{'remarks':'as agreed'}");
	claim_move(&world, &story, R_DESK(PAYER), "escalated", "{'remarks':'no'}");
	breaks(try_claim_move(story, up, "figured", "{'total_minor':0,'remarks':'x'}"), "S68", "a figure is above 0");
	breaks(try_claim_move(story, up, "figured", "{'total_minor':8001,'remarks':'x'}"), "S68",
	    "and not above the claim");
	valid(claim_move(&world, &story, up, "figured", "{'total_minor':8000,'remarks':'x'}"), "it may be all of it");
	breaks(try_claim_move(story, R_DESK(DISPUTE), "figure_countered", "{'total_minor':8001,'remarks':'x'}"), "S68",
	    "so is the receiver's");
	valid(try_claim_move(story, limited, "figure_agreed", NULL), "a figure at the limit may be agreed to");
	struct story large = receipted(&world, "cash", "{'line':{'quantity':'101'}}");
	open_claim(&world, &large, S_DESK(CLAIMS), "{'currency':'GBP','total_minor':8080}");
	claim_move(&world, &large, R_DESK(PAYER), "queried", "{'reason':'price'}");
	claim_move(&world, &large, S_DESK(CLAIMS), "upheld", "{'remarks':'as agreed'}");
	claim_move(&world, &large, R_DESK(PAYER), "escalated", "{'remarks':'no'}");
	claim_move(&world, &large, up, "figured", "{'total_minor':8001,'remarks':'x'}");
	breaks(try_claim_move(large, limited, "figure_agreed", NULL), "S72", "one above it may not");
}

#define REMIT(currency, amount) \
	"{'currency':'" currency "','amount_minor':" amount ",'reference':'B1','value_on':'2014-01-20'}"

static void test_payments(void)
{
	struct story story = claimed(&world, NULL), large = receipted(&world, "cash", "{'line':{'quantity':'101'}}");
	unsigned payer = R_DESK(PAYER);

	open_claim(&world, &large, S_DESK(CLAIMS), "{'currency':'GBP','total_minor':8080}");
	breaks(
	    try_claim_move(large, limited, "approved", NULL), "S71", "who may not sign the amount may not approve it");
	claim_move(&world, &large, payer, "approved", NULL);
	breaks(try_claim_move(large, limited, "remitted", REMIT("GBP", "8001")), "S71", "or remit it");
	valid(try_claim_move(large, limited, "remitted", REMIT("GBP", "8000")),
	    "a part within the limit may be remitted");
	claim_move(&world, &story, payer, "approved", NULL);
	breaks(
	    try_claim_move(story, payer, "remitted", REMIT("JPY", "8000")), "S69", "a claim is paid in its currency");
	breaks(try_claim_move(story, payer, "remitted", REMIT("GBP", "0")), "S70", "nothing is no payment");
	breaks(try_claim_move(story, payer, "remitted", REMIT("GBP", "8001")), "S70", "not more than is owed");
	claim_move(&world, &story, payer, "remitted", REMIT("GBP", "3000"));
	claim_move(&world, &story, S_DESK(CLAIMS), "confirmed", NULL);
	breaks(
	    try_claim_move(story, payer, "remitted", REMIT("GBP", "5001")), "S70", "what was paid is not owed again");
	valid(try_claim_move(story, payer, "remitted", REMIT("GBP", "5000")), "the rest is");
}

static struct story claimed_by(const char *patch, unsigned orderer, unsigned receiver, const char *claim)
{
	struct story story = requested(&world, "cash", patch);

	order_move(&world, &story, S_DESK(ISSUER), "offered", "{'utc_offset_minutes':540}");
	order_move(&world, &story, orderer, "accepted", accept_json(&world, &story.order));
	open_issue(&world, &story, S_DESK(ISSUER), "issued", "{" ISSUE_FIELDS "}");
	issue_move(&world, &story, receiver, "receipted", NULL);
	open_claim(&world, &story, S_DESK(CLAIMS), claim);
	return story;
}

static void test_separation_of_payer(void)
{
	unsigned all = world.all[GB], one = R_DESK(ORDERER), two = R_DESK(RECEIVES);
	const char *big = "{'currency':'GBP','total_minor':1000100}";
	struct story ordered = claimed_by(LARGE, all, two, big), received = claimed_by(LARGE, one, all, big);
	struct story both = claimed_by(NULL, all, all, CLAIM_FIELDS);

	breaks(try_claim_move(ordered, all, "approved", NULL), "S73",
	    "above the amount of separation the orderer may not pay");
	breaks(try_claim_move(received, all, "approved", NULL), "S73", "nor the receiver");
	claim_move(&world, &ordered, R_DESK(PAYER), "approved", NULL);
	breaks(try_claim_move(ordered, all, "remitted", REMIT("GBP", "1000100")), "S73", "nor remit");
	breaks(try_claim_move(both, all, "approved", NULL), "S73", "below it one officer does not do all three");
	valid(
	    try_claim_move(claimed_by(NULL, all, two, CLAIM_FIELDS), all, "approved", NULL), "but two: order and pay");
	valid(try_claim_move(claimed_by(NULL, one, all, CLAIM_FIELDS), all, "approved", NULL), "or receive and pay");
}

int main(void)
{
	static const char *const roles[] = { "dispute", "orderer", "payer", "receiver" };

	world_open(&world);
	limited = world_grant(&world, GB, 50, "limited", roles, 4, 8000);
	test_claims();
	test_open_price();
	test_queries();
	test_reclaim_takes_nothing_twice();
	test_figures();
	test_payments();
	test_separation_of_payer();
	world_deliver(&world);
	world_check(&world);
	tap_ok(world_delivers_alike(&world),
	    "entries that arrive in another order get the same verdicts and the same digest");
	world_export(&world, "support-guards-of-claims");
	world_close(&world);
	return tap_done();
}
