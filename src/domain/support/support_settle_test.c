/* What conversion, exchange, waiver and netting leave behind: which of two concurrent moves stands, states, data, rows. */
#include "domain/support/test_settle.h"

static struct world world;

#define R_DESK(role) world.with[GB][role]
#define S_DESK(role) world.with[JP][role]

static void is(struct id id, const struct story *story, const char *verdict, const char *state, const char *title)
{
	expect(&world, id, &story->thread, &story->issue, verdict, state, title);
}

static struct id converted(struct story *story)
{
	return issue_move_at(&world, story, S_DESK(CLAIMS), "converted", NULL, CONVERTIBLE_MS);
}

static struct id returned(struct story story, unsigned key, int64_t stated_ms)
{
	return issue_move_at(&world, &story, key, "return_issued", "{'returned_at':'2014-12-01'}", stated_ms);
}

/* ---- a return and a conversion on one head ----------------------------------------------------------------------- */

static void tell_in_time(void)
{
	struct story story = receipted(&world, "return_like", NULL), fork = story;
	struct id conversion = converted(&fork), back = returned(story, R_DESK(RECEIVES), CONVERTIBLE_MS - 1);

	is(back, &story, "valid", "returning",
	    "a return stated before the day stands over a conversion that it did not know");
	is(conversion, &story, "overtaken", NULL, "the conversion is overtaken");
}

static void tell_late(void)
{
	struct story story = receipted(&world, "return_like", NULL), fork = story;
	unsigned late = world.all[GB];
	struct id conversion = converted(&fork), back = returned(story, world.without[GB][ORDERER], CONVERTIBLE_MS);

	is(conversion, &story, "valid", "receipted", "a return stated on the day or later yields to the conversion");
	is(back, &story, "overtaken", NULL, "it is a fact to be credited");

	struct story elsewhere = receipted(&world, "cash", NULL), second = receipted(&world, "return_like", NULL);
	world_say(&world,
	    &(struct saying){ .key = late,
		.kind = "noted",
		.thread = &elsewhere.thread,
		.json = "{'remarks':'late'}",
		.stated_ms = CONVERTIBLE_MS });
	fork = second;
	conversion = converted(&fork);
	back = returned(second, late, CONVERTIBLE_MS - 1);
	is(conversion, &second, "valid", "receipted",
	    "nor does a return whose log stated the day before, if in another thread");
	is(back, &second, "overtaken", NULL, "though its own time is earlier");
}

static void tell_taken_up(void)
{
	struct story story = receipted(&world, "return_like", NULL), fork = story;
	struct id conversion = converted(&fork), back;

	open_claim(&world, &fork, S_DESK(CLAIMS), CLAIM_FIELDS);
	struct id approved = claim_move(&world, &fork, R_DESK(PAYER), "approved", NULL);
	back = returned(story, world.without[GB][CLAIMS], CONVERTIBLE_MS - 1);
	is(conversion, &story, "valid", "receipted", "a conversion of which R has approved the claim stands");
	is(back, &story, "overtaken", NULL, "over a return that was in time");
	expect(&world, approved, &fork.thread, &fork.claim, "valid", "payable", "the claim goes on");

	struct story known = receipted(&world, "return_like", NULL);
	fork = known;
	conversion = converted(&fork);
	struct id seen = world_acknowledge(&world, GB, &conversion, 1);
	struct id answer = known.issue_head;
	back = world_say(&world,
	    &(struct saying){ .key = world.without[GB][ISSUER],
		.kind = "return_issued",
		.thread = &known.thread,
		.part = &known.issue,
		.answers = &answer,
		.seen = &seen,
		.json = "{'returned_at':'2014-12-01'}",
		.stated_ms = CONVERTIBLE_MS - 1 });
	is(back, &known, "void K9", NULL, "a return by a desk that knew of the conversion is void");
}

static void tell_other_moves(void)
{
	struct story story = receipted(&world, "return_like", NULL), fork = story, service;
	struct id conversion = converted(&fork);
	struct id elected = issue_move(&world, &story, R_DESK(RECEIVES), "cash_elected", NULL);

	is(conversion, &story, "valid", "receipted", "a conversion stands over an election of cash");
	is(elected, &story, "overtaken", NULL, "which is overtaken");
	service = receipted(&world, "service_like", NULL);
	fork = service;
	conversion = converted(&fork);
	struct id linked = issue_move(&world, &service, R_DESK(RECEIVES), "exchange_linked", LINKED("3000"));
	struct id certified = issue_move(&world, &service, S_DESK(ISSUER), "exchange_certified", CERTIFIED("3000"));
	is(conversion, &service, "valid", "receipted", "and over a link");
	is(linked, &service, "overtaken", NULL, "which is overtaken");
	is(certified, &service, "overtaken", NULL, "with what was built on it");
}

/* ---- waivers ----------------------------------------------------------------------------------------------------- */

static struct id waive(struct story story, bool claim)
{
	return claim ? claim_move(&world, &story, S_DESK(WAIVER), "waived", WAIVED)
		     : issue_move(&world, &story, S_DESK(WAIVER), "waived", WAIVED);
}

static void tell_waivers(void)
{
	struct story story = claimed(&world, NULL), payable = claimed(&world, NULL), set = claimed(&world, NULL);
	struct id waiver = waive(story, true), other;

	other = claim_move(&world, &story, R_DESK(PAYER), "approved", NULL);
	expect(&world, waiver, &story.thread, &story.claim, "valid", "waived", "a waiver stands over an approval");
	expect(&world, other, NULL, NULL, "overtaken", NULL, "which is overtaken");
	claim_move(&world, &payable, R_DESK(PAYER), "approved", NULL);
	waiver = waive(payable, true);
	other = claim_move(&world, &payable, R_DESK(PAYER), "remitted",
	    "{'currency':'GBP','amount_minor':8000,'reference':'B','value_on':'2014-01-20'}");
	expect(
	    &world, other, &payable.thread, &payable.claim, "valid", "remitted", "a remittance stands over a waiver");
	expect(&world, waiver, NULL, NULL, "overtaken", NULL, "the money has left");
	claim_move(&world, &set, R_DESK(PAYER), "approved", NULL);
	waiver = waive(set, true);
	set.netting_head = story.thread;
	other = set_off(&world, &set, R_DESK(NETTING), "{'currency':'GBP','amount_minor':8000}");
	expect(&world, waiver, &set.thread, &set.claim, "valid", "waived", "but not a setting-off");
	expect(&world, other, NULL, NULL, "overtaken", NULL, "which has moved no money");
}

/* A return that outlasts the conversion and is itself waived: what each pair says holds, in whatever order they are looked at. */
static void tell_three(void)
{
	struct story story = receipted(&world, "return_like", NULL), fork = story;
	struct id conversion = converted(&fork), waiver = waive(story, false);
	struct id back = returned(story, world.without[GB][NETTING], CONVERTIBLE_MS - 1);

	is(waiver, &story, "valid", "waived", "of a conversion, a waiver and a return the waiver stands");
	is(conversion, &story, "overtaken", NULL, "the conversion yields to the return");
	is(back, &story, "overtaken", NULL, "the return to the waiver");
}

/* ---- exchange ---------------------------------------------------------------------------------------------------- */

static struct story flights, whole, refused;

#define FLIGHTS \
	"{'lines':[{'line':1,'category':'transport','kind':'service','description_en':'flights','quantity':'18','unit':'TNE'," \
	"'meter':'manifest','unit_price_minor':240000,'price_basis':'agreed','currency':'JPY','settlement':'service_like'}]," \
	"'rates':[{'from':'GBP','to':'JPY','rate':'165','source':'BoE','on':'2013-11-20'}]}"
#define POUNDS \
	"{'items':[{'line':1,'thread':'" HEX_A "','issue':'" HEX_B \
	"','their_line':1,'currency':'GBP','value_minor':312000,'applied_minor':514800}],'currency':'JPY','total_minor':514800}"

static void tell_exchange(void)
{
	flights = served(&world, FLIGHTS, "{'line':1,'quantity':'18','meter_reading':'31'}");
	issue_move(&world, &flights, R_DESK(RECEIVES), "exchange_linked", POUNDS);
	issue_move(&world, &flights, S_DESK(ISSUER), "exchange_certified", "{'currency':'JPY','total_minor':514800}");
	is(flights.issue_head, &flights, "valid", NULL, "2.6 t at GBP 1,200.00 are JPY 514,800 at 165");
	struct id elected = issue_move(&world, &flights, R_DESK(RECEIVES), "cash_elected", NULL);
	is(elected, &flights, "valid", "receipted", "the receiver pays the rest");
	struct story wrong = flights;
	expect(&world, open_claim(&world, &wrong, S_DESK(CLAIMS), "{'currency':'JPY','total_minor':4320000}"), NULL,
	    NULL, "void S67", NULL, "S67: what was exchanged is not claimed");
	open_claim(&world, &flights, S_DESK(CLAIMS),
	    "{'currency':'JPY','total_minor':3805200,'lines':[{'issue':1,'line':1,'amount_minor':3805200}]}");
	expect(&world, flights.claim, &flights.thread, &flights.claim, "valid", "claimed",
	    "the claim is for the value less what was exchanged");

	whole = receipted(&world, "service_like", NULL);
	issue_move(&world, &whole, R_DESK(RECEIVES), "exchange_linked", LINKED("3000"));
	issue_move(&world, &whole, S_DESK(ISSUER), "exchange_certified", CERTIFIED("3000"));
	struct story more = whole;
	is(issue_move(&world, &more, R_DESK(RECEIVES), "exchange_linked", LINKED("5001")), &whole, "void S208", NULL,
	    "S208: what was certified is no longer left");
	issue_move(&world, &whole, R_DESK(RECEIVES), "exchange_linked", LINKED("5000"));
	issue_move(&world, &whole, S_DESK(ISSUER), "exchange_certified", CERTIFIED("5000"));
	is(whole.issue_head, &whole, "valid", "settled", "two links settle an issue that they cover together");

	refused = receipted(&world, "service_like", NULL);
	issue_move(&world, &refused, R_DESK(RECEIVES), "exchange_linked", LINKED("8000"));
	issue_move(&world, &refused, S_DESK(ISSUER), "certify_refused", "{'remarks':'other seats'}");
	issue_move_at(&world, &refused, S_DESK(CLAIMS), "converted", NULL, CONVERTIBLE_MS);
	open_claim(&world, &refused, S_DESK(CLAIMS), CLAIM_FIELDS);
	expect(&world, refused.claim, &refused.thread, &refused.claim, "valid", "claimed",
	    "what was refused and not exchanged in time is claimed whole after conversion");
}

static void rows_are(
    const char *columns, const char *table, const struct id *thread, const char *expected, const char *title)
{
	const char *sql = arena_printf(&world.arena,
	    "SELECT %s FROM %s p JOIN thread t ON t.row = p.thread WHERE t.id = :thread ORDER BY 1, 2", columns, table);

	tap_is_text(world_rows(&world, sql, thread), expected, title);
}

static void look_at_exchange(void)
{
	tap_is_text(world_data(&world, &flights.thread, &flights.issue),
	    "[false,id,'service_like',1384997400000,'one-receiver',[[1,18,18,0,0,0,null,null,18,0,0,514800,0]]]",
	    "the state holds what was exchanged");
	tap_is_text(world_data(&world, &flights.thread, &flights.claim),
	    "['JPY',[[id,1,18,3805200,0]],null,0,null,null]", "the claim holds the residue");
	rows_are("line, their_line, currency, value_minor, applied_minor, certified is null", "support_exchange",
	    &flights.thread, "1|1|GBP|312000|514800|0", "what was exchanged has a row");
	rows_are("from_currency, to_currency, rate, source, rate_on", "support_rate", &flights.thread,
	    "GBP|JPY|165|BoE|16029", "the rates of the terms have rows");
	rows_are("line, rest, rest_minor, exchanged_minor, linked_minor, left_minor", "support_issue_line",
	    &flights.thread, "1|18|3805200|514800|0|3805200", "the line shows what is left");
	rows_are("line, rest, rest_minor, exchanged_minor, left_minor", "support_issue_line", &whole.thread,
	    "1|0|0|8000|0", "a line that is covered has no rest");
	rows_are(
	    "item, value_minor", "support_exchange", &whole.thread, "1|5000\n2|3000", "the newest link comes first");
	tap_is_text(world_data(&world, &refused.thread, &refused.issue),
	    "[false,id,'service_like',1384997400000,'one-receiver',[[1,100,100,0,0,0,null,null,100,0,0,0,0]]]",
	    "a refused link leaves nothing");
}

/* ---- netting ----------------------------------------------------------------------------------------------------- */

static struct story net, dissolved;

static void netting_is(
    struct id id, const struct story *story, const char *verdict, const char *state, const char *title)
{
	expect(&world, id, &story->netting, &story->netting, verdict, state, title);
}

static void tell_netting(void)
{
	struct story withdrawn = { 0 }, remitted = { 0 }, fork;
	struct id one, other;

	open_netting(&world, &withdrawn, S_DESK(NETTING), NETTING_OF("5000", "3000", "2000"));
	fork = withdrawn;
	one = netting_move(&world, &fork, S_DESK(NETTING), "netting_withdrawn", NULL);
	other = netting_move(&world, &withdrawn, R_DESK(NETTING), "netting_agreed", NULL);
	netting_is(other, &withdrawn, "valid", "agreed", "an agreement stands over a concurrent withdrawal");
	netting_is(one, &withdrawn, "overtaken", NULL, "which is overtaken");

	open_netting(&world, &remitted, S_DESK(NETTING), NETTING_OF("5000", "3000", "2000"));
	netting_move(&world, &remitted, R_DESK(NETTING), "netting_agreed", NULL);
	fork = remitted;
	one = netting_move(&world, &fork, S_DESK(NETTING), "netting_reproposed", "{'total_minor':0}");
	other = netting_move(&world, &remitted, R_DESK(NETTING), "netting_remitted", NET_REMITTED("2000"));
	netting_is(other, &remitted, "valid", "remitted", "a remittance stands over a concurrent proposal anew");
	netting_is(one, &remitted, "overtaken", NULL, "which is overtaken");

	open_netting(&world, &net, S_DESK(NETTING), NETTING_OF("5000", "3000", "2000"));
	netting_move(&world, &net, R_DESK(NETTING), "netting_agreed", NULL);
	netting_move(&world, &net, S_DESK(NETTING), "netting_reproposed",
	    "{'total_minor':5000,'claims':[" OWED(HEX_B, "GB", "5000") "]}");
	netting_move(&world, &net, R_DESK(NETTING), "netting_refused", NULL);
	netting_move(&world, &net, S_DESK(NETTING), "netting_reproposed",
	    "{'total_minor':4000,'claims':[" OWED(HEX_B, "GB", "4000") "]}");
	netting_move(&world, &net, R_DESK(NETTING), "netting_agreed", NULL);
	netting_move(&world, &net, R_DESK(NETTING), "netting_remitted", NET_REMITTED("1000"));
	netting_move(&world, &net, S_DESK(NETTING), "netting_not_found", NULL);
	netting_move(&world, &net, R_DESK(NETTING), "netting_remitted", NET_REMITTED("1000"));
	netting_move(&world, &net, S_DESK(NETTING), "netting_confirmed", NULL);
	netting_is(net.netting_head, &net, "valid", "agreed", "a residue is agreed anew and paid in part");

	open_netting(&world, &dissolved, S_DESK(NETTING), NETTING_OF("5000", "3000", "2000"));
	netting_move(&world, &dissolved, R_DESK(NETTING), "netting_agreed", NULL);
	netting_move(&world, &dissolved, S_DESK(NETTING), "netting_reproposed", "{'total_minor':0}");
	netting_is(netting_move(&world, &dissolved, R_DESK(NETTING), "netting_agreed", NULL), &dissolved, "valid",
	    "settled", "a list of nothing ends a netting when both sign it");
}

static void look_at_netting(void)
{
	tap_is_text(world_data(&world, &net.netting, &net.netting),
	    "['GBP',[id,[{0:id,1:id,2:'GB',3:'GBP',4:4000,8:4000}],4000],null,1000,null]",
	    "the state holds what was signed last");
	tap_is_text(world_data(&world, &dissolved.netting, &dissolved.netting), "['GBP',[id,null,0],null,0,null]",
	    "a list of nothing is null");
	rows_are("state, pen, debtor, creditor, currency, total_minor, paid_minor, remitted_minor, agreed is null",
	    "support_netting", &net.netting, "agreed|0|0|1|GBP|4000|1000||0", "a netting has a row");
	rows_are("agreed, item, owed_by, currency, amount_minor, rate, value_minor", "support_netting_claim",
	    &net.netting, "1|1|0|GBP|4000||4000", "and each of its claims");
	rows_are("count(*), 1", "support_netting_agreed", &net.netting, "2|1", "every agreement has one");
}

/* ---- a claim set off, a waived issue closed ---------------------------------------------------------------------- */

static struct story set;

static void tell_set_off(void)
{
	set = claimed(&world, NULL);
	claim_move(&world, &set, R_DESK(PAYER), "approved", NULL);
	open_netting(&world, &set, S_DESK(NETTING), NETTING_OF("8000", "3000", "5000"));
	netting_move(&world, &set, R_DESK(NETTING), "netting_agreed", NULL);
	set_off(&world, &set, R_DESK(NETTING), "{'currency':'GBP','amount_minor':8000}");
	expect(&world, set.claim_head, &set.thread, &set.claim, "valid", "netted", "a claim is set off");

	struct story waived = receipted(&world, "return_like", NULL);
	issue_move(&world, &waived, S_DESK(WAIVER), "waived", WAIVED);
	struct id closed = world_say(&world,
	    &(struct saying){ .key = S_DESK(ISSUER),
		.kind = "closed",
		.thread = &waived.thread,
		.part = &waived.thread,
		.answers = &waived.order,
		.refs = { waived.issue_head },
		.ref_count = 1 });
	expect(&world, closed, &waived.thread, &waived.thread, "valid", "closed",
	    "a waived issue has ended: its order may close");
}

static void look_at_set_off(void)
{
	rows_are("state, netting = (SELECT entry FROM support_netting_agreed WHERE entry = p.netting)", "support_claim",
	    &set.thread, "netted|1", "the claim's row names the agreement");
}

int main(void)
{
	world_open(&world);
	tell_in_time();
	tell_late();
	tell_taken_up();
	tell_other_moves();
	tell_waivers();
	tell_three();
	tell_exchange();
	tell_netting();
	tell_set_off();
	world_deliver(&world);
	world_check(&world);
	look_at_exchange();
	look_at_netting();
	look_at_set_off();
	tap_ok(world_delivers_alike(&world), "the same entries log by log come to the same digest");
	world_export(&world, "support-settle");
	world_close(&world);
	return tap_done();
}
