/* What moves leave behind: states, their data, and rows, in stories of one order each. */
#include "domain/support/test_world.h"

static struct world world;

#define R_DESK(role) world.with[GB][role]
#define S_DESK(role) world.with[JP][role]

static void data_is(const struct id *thread, const struct id *part, const char *expected, const char *title)
{
	tap_is_text(world_data(&world, thread, part), expected, title);
}

static void state_is(const struct id *thread, const struct id *part, const char *expected, const char *title)
{
	tap_is_text(world_state(&world, thread, part), expected, title);
}

#define OF_THREAD " p JOIN thread t ON t.row = p.thread WHERE t.id = :thread"

static void rows_are(
    const char *columns, const char *table, const struct id *thread, const char *expected, const char *title)
{
	const char *sql = arena_printf(&world.arena, "SELECT %s FROM %s" OF_THREAD " ORDER BY 1, 2", columns, table);

	tap_is_text(world_rows(&world, sql, thread), expected, title);
}

/* Stories are told before delivery and looked at after it. */
static struct story terms, gallons, three, returned, mixed, paid, agreed_figure, joined_story, restated, rivals,
    rounding, denied_story, open_price;
static struct id middle, last, taken, second_receipt, closed_issue;

/* ---- terms ------------------------------------------------------------------------------------------------------- */

static void tell_terms(void)
{
	terms = requested(&world, "cash", "{'reference':'R-7','third_party':'WFP','third_party_consent':'letter'}");
	order_move(&world, &terms, S_DESK(ISSUER), "offered",
	    "{'utc_offset_minutes':-300,'place':'Mactan','valid_until':'2014-01-01'}");
	order_move(&world, &terms, R_DESK(ORDERER), "accepted", accept_json(&world, &terms.order));
	order_move(&world, &terms, S_DESK(ISSUER), "amended", "{'deliver_on':'2013-12-01','remarks':'a day later'}");
}

#define LINE_DATA "[{0:1,1:'fuel',2:'supply',3:'F-76',5:100,6:'LTR',8:80,10:'agreed',12:'GBP',13:'cash'}]"

static void look_at_terms(void)
{
	data_is(&terms.thread, &terms.thread,
	    "['one-orderer',[id,{10:" LINE_DATA ",11:'Mactan',12:16035,13:'WFP',14:'letter',15:-300}],"
	    "[id,{10:" LINE_DATA ",11:'Mactan',12:16040,13:'WFP',14:'letter',15:-300},null]]",
	    "an amendment lies on the table beside the terms agreed; what it does not say is as agreed");
	rows_are("state, pen, reference, place, deliver_on, utc_offset_minutes, agreed, orderer, urgency",
	    "support_order", &terms.thread, "amendment offered|0|R-7|Mactan|16035|-300|1|one-orderer|routine",
	    "the row of the order shows the terms agreed");
	rows_are("line, category, quantity, unit, price_minor, per, value_minor, currency, settlement", "support_line",
	    &terms.thread, "1|fuel|100|LTR|80|1|8000|GBP|cash", "and its lines");
	rows_are("line, quantity", "support_offered_line", &terms.thread, "1|100",
	    "the lines of the amendment have rows of their own");
	rows_are("kind, remark", "support_remark", &terms.thread, "support.amended|a day later",
	    "what the officer wrote has a row");
}

/* ---- gallons and litres ------------------------------------------------------------------------------------------ */

static void tell_gallons(void)
{
	gallons = requested(&world, "cash", "{'line':{'quantity':'11960','unit':'GLL','unit_price_minor':310}}");
	order_move(&world, &gallons, S_DESK(ISSUER), "offered", "{'utc_offset_minutes':0}");
	order_move(&world, &gallons, R_DESK(ORDERER), "accepted", accept_json(&world, &gallons.order));
	open_issue(&world, &gallons, S_DESK(ISSUER), "issued", "{" ISSUE_FIELDS "}");
	issue_move(&world, &gallons, R_DESK(RECEIVES), "receipted",
	    "{'lines':[{'line':1,'accepted':'11960','unit':'LTR','reason':'wrong_unit'}]}");
	issue_move(&world, &gallons, S_DESK(ISSUER), "contested", "{'remarks':'gallons'}");
	issue_move(&world, &gallons, R_DESK(RECEIVES), "figures_taken", NULL);
	open_claim(&world, &gallons, S_DESK(CLAIMS), "{'currency':'GBP','total_minor':3707600}");
}

static void look_at_gallons(void)
{
	data_is(&gallons.thread, &gallons.issue,
	    "[false,id,'cash',1384997400000,'one-receiver',[[1,11960,[3159497746,6],[8800502254,6],0,0,'wrong_unit',null,11960,0,0,0,0]]]",
	    "litres entered for gallons are converted, the rest is short; the supplier's figure is charged in the end");
	data_is(&gallons.thread, &gallons.claim, "['GBP',[[id,1,11960,3707600,0]],null,0,null,null]",
	    "and claimed at its price");
}

/* ---- three issues, the middle one in dispute --------------------------------------------------------------------- */

static struct id deliver(struct story *story, const char *quantity, const char *receipt)
{
	open_issue(&world, story, S_DESK(ISSUER), "issued",
	    arena_printf(&world.arena, "{" ISSUE_FIELDS ",'voucher':'V%s','lines':[{'line':1,'quantity':'%s'}]}",
		quantity, quantity));
	issue_move(&world, story, R_DESK(RECEIVES), "receipted", receipt);
	return story->issue;
}

static void tell_three(void)
{
	three = agreed(&world, "cash", NULL);
	deliver(&three, "30", "{'delivered_at':'2013-11-22T00:00:00Z'}");
	struct id first_head = three.issue_head;
	middle = deliver(&three, "31", "{'lines':[{'line':1,'accepted':'20','damaged':'11','reason':'short'}]}");
	issue_move(&world, &three, S_DESK(ISSUER), "contested", "{'remarks':'no'}");
	issue_move(&world, &three, R_DESK(DISPUTE), "stood", NULL);
	deliver(&three, "39", NULL);
	three.claim = three.claim_head = world_say(&world,
	    &(struct saying){ .key = S_DESK(CLAIMS),
		.kind = "claimed",
		.thread = &three.thread,
		.refs = { three.order, three.issue_head, first_head },
		.ref_count = 3,
		.json = "{'currency':'GBP','total_minor':5520,'invoice':'N1'}" });
	deliver(&three, "0.4", NULL);
	three.order = world_say(&world,
	    &(struct saying){ .key = S_DESK(ISSUER),
		.kind = "closed",
		.thread = &three.thread,
		.part = &three.thread,
		.answers = &three.order,
		.refs = { first_head },
		.ref_count = 1 });
}

static void look_at_three(void)
{
	state_is(&three.thread, &middle, "disputed", "the middle issue is disputed");
	data_is(&three.thread, &three.claim, "['GBP',[[id,1,39,3120,0],[id,1,30,2400,0]],null,0,null,null]",
	    "the other two are claimed in the order in which the claim names them");
	tap_is_text(
	    world_rows(&world,
		"SELECT i.voucher, i.state, i.pen, i.after_close, i.delivered_ms, l.issued, l.accepted, l.damaged, l.reason, l.chargeable, l.rest, "
		"l.rest_minor, c.invoice FROM support_issue i JOIN support_issue_line l ON l.thread = i.thread AND l.part = i.part "
		"LEFT JOIN support_claim c ON c.thread = l.thread AND c.part = l.claim JOIN thread t ON t.row = i.thread "
		"WHERE t.id = :thread ORDER BY i.voucher",
		&three.thread),
	    "V0.4|receipted||1|1384997400000|0.4|0.4|0||0.4|0.4|32|\n"
	    "V30|receipted||0|1385078400000|30|30|0||30|30|2400|N1\n"
	    "V31|disputed|1|1|1384997400000|31|20|11|short||||\n"
	    "V39|receipted||1|1384997400000|39|39|0||39|39|3120|N1",
	    "rows show each issue, the day in the receipt, what is left to claim, and what the close did not name");
	rows_are("heads, state, pen, currency, total_minor, due_minor, paid_minor, open_minor, invoice",
	    "support_claim", &three.thread, "1|claimed|0|GBP|5520||0|5520|N1", "the claim waits for the receiver");
	rows_are("item, line, quantity, amount_minor, credited_minor", "support_claim_line", &three.thread,
	    "1|1|39|3120|0\n2|1|30|2400|0", "and has its lines");
}

/* ---- returned in part, the rest paid ----------------------------------------------------------------------------- */

static void tell_returned(void)
{
	returned = receipted(&world, "return_like", NULL);
	issue_move(&world, &returned, R_DESK(RECEIVES), "return_issued",
	    "{'returned_at':'2013-12-01','lines':[{'line':1,'quantity':'60'}]}");
	issue_move(&world, &returned, S_DESK(ISSUER), "return_accepted", "{'lines':[{'line':1,'quantity':'50'}]}");
	issue_move(&world, &returned, R_DESK(RECEIVES), "return_issued", "{'returned_at':'2013-12-02'}");
	issue_move(&world, &returned, S_DESK(ISSUER), "return_refused", "{'reason':'class'}");
	issue_move(&world, &returned, R_DESK(RECEIVES), "cash_elected", NULL);
	open_claim(&world, &returned, S_DESK(CLAIMS), "{'currency':'GBP','total_minor':4000}");
	mixed = receipted(&world, "return_same", NULL);
	issue_move(&world, &mixed, R_DESK(RECEIVES), "return_issued", "{'returned_at':'2013-12-01'}");
	last = mixed.issue;
}

static void look_at_returned(void)
{
	data_is(&returned.thread, &returned.issue,
	    "[false,id,'return_like',1384997400000,'one-receiver',[[1,100,100,0,0,0,null,null,100,50,0,0,0]]]",
	    "what was accepted back is returned; a refused return changes nothing");
	data_is(&returned.thread, &returned.claim, "['GBP',[[id,1,50,4000,0]],null,0,null,null]",
	    "the rest is claimed in cash");
	data_is(&mixed.thread, &last,
	    "[false,id,'return_same',1384997400000,'one-receiver',[[1,100,100,0,0,0,null,null,100,0,100,0,0]]]",
	    "a return without lines brings back all that is due");
}

/* ---- credits, figures, payments ---------------------------------------------------------------------------------- */

static void tell_paid(void)
{
	unsigned payer = R_DESK(PAYER), c = S_DESK(CLAIMS);

	paid = claimed(&world, NULL);
	claim_move(&world, &paid, payer, "queried", "{'reason':'price'}");
	claim_move(&world, &paid, c, "credited", "{'items':[{'item':1,'credit_minor':1000}],'total_minor':7000}");
	claim_move(&world, &paid, payer, "approved", NULL);
	claim_move(&world, &paid, payer, "remitted",
	    "{'currency':'GBP','amount_minor':3000,'reference':'B1','value_on':'2014-01-20'}");
	claim_move(&world, &paid, c, "not_found", NULL);
	claim_move(&world, &paid, payer, "remitted",
	    "{'currency':'GBP','amount_minor':3000,'reference':'B2','value_on':'2014-01-21'}");
	claim_move(&world, &paid, c, "confirmed", NULL);
	claim_move(&world, &paid, payer, "remitted",
	    "{'currency':'GBP','amount_minor':4000,'reference':'B3','value_on':'2014-01-22'}");

	agreed_figure = claimed(&world, NULL);
	claim_move(&world, &agreed_figure, payer, "queried", "{'reason':'price'}");
	claim_move(&world, &agreed_figure, c, "upheld", "{'remarks':'x'}");
	claim_move(&world, &agreed_figure, payer, "escalated", "{'remarks':'x'}");
	claim_move(&world, &agreed_figure, S_DESK(DISPUTE), "figured", "{'total_minor':7500,'remarks':'x'}");
	claim_move(&world, &agreed_figure, R_DESK(DISPUTE), "figure_countered", "{'total_minor':7000,'remarks':'x'}");
	claim_move(&world, &agreed_figure, S_DESK(DISPUTE), "figured", "{'total_minor':7200,'remarks':'x'}");
	claim_move(&world, &agreed_figure, R_DESK(DISPUTE), "figure_agreed", NULL);
}

static void look_at_paid(void)
{
	data_is(&paid.thread, &paid.claim, "['GBP',[[id,1,100,8000,1000]],7000,3000,[4000,16092,'B3'],null]",
	    "a credit, a payment that was not found, one that was, and one on its way");
	rows_are("state, total_minor, due_minor, paid_minor, open_minor, remitted_minor, remitted_on", "support_claim",
	    &paid.thread, "remitted|7000|7000|3000|4000|4000|16092", "the row shows what is open");
	data_is(&agreed_figure.thread, &agreed_figure.claim, "['GBP',[[id,1,100,8000,0]],7200,0,null,7200]",
	    "an agreed figure is what is due");
	state_is(&agreed_figure.thread, &agreed_figure.claim, "payable", "and payable");
}

/* ---- taken ------------------------------------------------------------------------------------------------------- */

static void tell_taken(void)
{
	joined_story = agreed(&world, "cash", NULL);
	open_issue(&world, &joined_story, R_DESK(RECEIVES), "taken",
	    "{" TAKEN_FIELDS ",'lines':[{'line':1,'quantity':'50'}]}");
	taken = joined_story.issue;
	open_issue(
	    &world, &joined_story, S_DESK(ISSUER), "issued", "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'50'}]}");
	joined_story.issue_head = world_say(&world,
	    &(struct saying){ .key = R_DESK(RECEIVES),
		.kind = "receipted",
		.thread = &joined_story.thread,
		.part = &joined_story.issue,
		.answers = &joined_story.issue,
		.refs = { taken },
		.ref_count = 1 });

	denied_story = agreed(&world, "cash",
	    "{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x','quantity':'5',"
	    "'unit':'LTR','unit_price_minor':1,'price_basis':'list','currency':'GBP','settlement':'cash'}]}");
	open_issue(&world, &denied_story, R_DESK(RECEIVES), "taken", "{" TAKEN_FIELDS "}");
	issue_move(&world, &denied_story, S_DESK(ISSUER), "taken_issued",
	    "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'90'}]}");
	issue_move(&world, &denied_story, S_DESK(ISSUER), "contested", "{'remarks':'x'}");
	issue_move(&world, &denied_story, R_DESK(RECEIVES), "figures_restated",
	    "{'lines':[{'line':1,'accepted':'95','reason':'short'}]}");
	issue_move(&world, &denied_story, S_DESK(ISSUER), "contested", "{'remarks':'x'}");
	issue_move(&world, &denied_story, R_DESK(DISPUTE), "stood", NULL);
	issue_move(&world, &denied_story, S_DESK(DISPUTE), "resolution_proposed",
	    "{'lines':[{'line':1,'quantity':'92.5'},{'line':2,'quantity':'5'}]}");
	issue_move(&world, &denied_story, R_DESK(DISPUTE), "resolution_countered",
	    "{'lines':[{'line':1,'quantity':'94'},{'line':2,'quantity':'5'}],'remarks':'x'}");
	issue_move(&world, &denied_story, S_DESK(DISPUTE), "resolution_proposed",
	    "{'lines':[{'line':1,'quantity':'93.5'},{'line':2,'quantity':'4'}]}");
	issue_move(&world, &denied_story, R_DESK(DISPUTE), "resolution_agreed", NULL);
}

static void look_at_taken(void)
{
	state_is(
	    &joined_story.thread, &taken, "joined", "what was taken is joined to the issue whose receipt names it");
	rows_are("taken, state, pen", "support_issue", &joined_story.thread, "0|receipted|\n1|joined|",
	    "neither waits for anybody");
	data_is(&joined_story.thread, &taken,
	    "[true,id,'cash',1384997400000,'one-receiver',[[1,null,50,0,0,0,null,null,null,0,0,0,0]]]",
	    "nothing is charged for it");
	data_is(&denied_story.thread, &denied_story.issue,
	    "[true,id,'cash',1384997400000,'one-receiver',[[1,90,94,0,0,0,null,[935,1],[935,1],0,0,0,0],[2,0,5,0,0,0,null,4,4,0,0,0,0]]]",
	    "the receiver may have taken more than the supplier says, up to the figure that both agree to");
}

/* ---- restated and rivals ----------------------------------------------------------------------------------------- */

static void tell_restated(void)
{
	char hex[65];

	restated = agreed(&world, "cash", NULL);
	struct id void_issue = open_issue(&world, &restated, world.without[JP][ISSUER], "issued",
	    "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'7'}]}");
	hex_print(id_bytes(&void_issue), hex);
	restated.issue = restated.issue_head = world_say(&world,
	    &(struct saying){ .key = S_DESK(ISSUER),
		.kind = "restated",
		.thread = &restated.thread,
		.refs = { restated.order, void_issue },
		.ref_count = 2,
		.json = arena_printf(&world.arena, "{'entry':'%s'}", hex) });
	issue_move(&world, &restated, R_DESK(RECEIVES), "receipted", NULL);

	rivals = issued(&world, "cash", NULL);
	second_receipt = issue_move(
	    &world, &rivals, R_DESK(RECEIVES), "receipted", "{'lines':[{'line':1,'accepted':'90','reason':'short'}]}");
	struct id kept = rivals.issue_head;
	rivals.issue_head = rivals.issue;
	issue_move(&world, &rivals, world.all[GB], "receipted", NULL);
	rivals.issue_head = kept;
	closed_issue = issue_move(&world, &rivals, S_DESK(ISSUER), "concurred", NULL);
}

static void look_at_restated(void)
{
	state_is(&restated.thread, &restated.issue, "receipted",
	    "an officer with the role adopts the facts of a void issue, and it goes on");
	data_is(&restated.thread, &restated.issue,
	    "[false,id,'cash',1384997400000,'one-receiver',[[1,7,7,0,0,0,null,null,7,0,0,0,0]]]",
	    "with the quantity that was stated then");
	state_is(&rivals.thread, &rivals.issue, "receipted",
	    "of two receipts by two desks the one that the supplier took up stands");
	data_is(&rivals.thread, &rivals.issue,
	    "[false,id,'cash',1384997400000,'one-receiver',[[1,100,90,10,0,0,'short',null,90,0,0,0,0]]]",
	    "with its figures");
	tap_is_text(world_verdict(&world, &closed_issue), "valid", "and what was built on it is valid");
}

/* ---- amounts ----------------------------------------------------------------------------------------------------- */

static void tell_amounts(void)
{
	rounding = receipted(&world, "cash",
	    "{'lines':["
	    "{'line':1,'category':'fuel','kind':'supply','description_en':'a','quantity':'0.5','unit':'LTR','unit_price_minor':3,'price_basis':'list',"
	    "'currency':'GBP','settlement':'cash'},"
	    "{'line':2,'category':'fuel','kind':'supply','description_en':'b','quantity':'1','unit':'LTR','unit_price_minor':1,'per':'3','price_basis':'list',"
	    "'currency':'GBP','settlement':'cash'},"
	    "{'line':3,'category':'fuel','kind':'supply','description_en':'c','quantity':'2.6','unit':'TNE','unit_price_minor':120000,'price_basis':'list',"
	    "'currency':'GBP','settlement':'cash'}]}");
	open_claim(&world, &rounding, S_DESK(CLAIMS), "{'currency':'GBP','total_minor':312002}");
	open_price = receipted(&world, "cash", "{'line':{'unit_price_minor':null,'ceiling_minor':9000}}");
}

static void look_at_amounts(void)
{
	data_is(&rounding.thread, &rounding.claim,
	    "['GBP',[[id,1,[5,1],2,0],[id,2,1,0,0],[id,3,[26,1],312000,0]],null,0,null,null]",
	    "1.5 pence are 2, a third of a penny is nothing: each line is rounded, then they are added");
	tap_is_text(
	    world_rows(&world,
		"SELECT l.rest, l.rest_minor, l.claim FROM support_issue_line l JOIN thread t ON t.row = l.thread WHERE t.id = :thread",
		&open_price.thread),
	    "100||", "what has no price yet has no amount");
}

int main(void)
{
	world_open(&world);
	tell_terms();
	tell_gallons();
	tell_three();
	tell_returned();
	tell_paid();
	tell_taken();
	tell_restated();
	tell_amounts();
	world_deliver(&world);
	look_at_terms();
	look_at_gallons();
	look_at_three();
	look_at_returned();
	look_at_paid();
	look_at_taken();
	look_at_restated();
	look_at_amounts();
	tap_ok(world_delivers_alike(&world), "entries that arrive in another order leave the same state");
	world_export(&world, "support-stories");
	world_close(&world);
	return tap_done();
}
