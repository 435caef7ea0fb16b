/* Every guard, breaking and holding; the state, data and rows that moves leave. Rules are those of docs/national-rules.md 4. */
#include "domain/national/test_world.h"

static struct world world;

/* A draft up to a state, each step by an officer of its own. */
static struct story draft(const char *text, const char *upto)
{
	static const struct {
		const char *state, *kind, *text;
		enum role role;
	} steps[] = { { "checked", "draft_checked", "", CHECKER },
		{ "funds certified", "draft_certified", "reference=Vote A", FUNDS },
		{ "approved", "draft_approved", "authority=OP/1", APPROVER } };
	struct story story = { 0 };

	world_say(&world, &story, world.with[DRAFTER], "draft_written", text);
	for (unsigned i = 0; i < 3 && strcmp(upto, "written") != 0; i++) {
		world_say(&world, &story, world.with[steps[i].role], steps[i].kind, steps[i].text);
		if (strcmp(steps[i].state, upto) == 0) {
			break;
		}
	}
	return story;
}

static struct story notice(const char *upto)
{
	struct story story = { 0 };

	world_say(&world, &story, world.with[CLAIMS], "notice_sent", NOTICE_TEXT);
	if (strcmp(upto, "sent") != 0) {
		world_say(&world, &story, world.with[REVENUE], "notice_taken_up", "ledger=L1;ledger_on=2013-12-01");
	}
	if (strcmp(upto, "demand issued") == 0) {
		world_say(&world, &story, world.with[REVENUE], "notice_demanded", "demand=D1;demand_due_on=2014-01-31");
	}
	return story;
}

/* A move by a desk, with what comes of it. */
static void move(
    struct story story, unsigned key, const char *kind, const char *text, const char *verdict, const char *title)
{
	struct id id = world_say(&world, &story, key, kind, text);

	expect(&world, id, NULL, verdict, NULL, title);
}

static void opens(const char *kind, const char *text, const char *verdict, const char *title)
{
	move((struct story){ 0 }, world.all, kind, text, verdict, title);
}

static void test_drafts(void)
{
	opens("draft_written", DRAFT_TEXT ";shared=s!", "void N2", "a draft names its tally by the whole id");
	opens("draft_written", DRAFT_TEXT ";thread=t!;target=GB-01-0001", "void N2", "and its thread");
	opens("draft_written", DRAFT_TEXT ";thread=t;part=p!;target=GB-01-0001", "void N2", "and its part");
	opens(
	    "draft_written", DRAFT_TEXT ";move=national.noted", "void N3", "a draft is of a move that a partner sees");
	opens("draft_written", DRAFT_TEXT ";move=requested", "void N3", "of a kind with its domain");
	opens("draft_written", DRAFT_TEXT ";move=.requested", "void N3", "which has a name");
	opens("draft_written", DRAFT_TEXT ";move=support.", "void N3", "as the kind has");
	opens("draft_written", DRAFT_TEXT ";target=GB-01-0001", "void N4", "a target has its thread with it");
	opens("draft_written", DRAFT_TEXT ";part=p", "void N4", "a part its thread");
	opens(
	    "draft_written", DRAFT_TEXT ";target=GB-01-0001;thread=t;part=p", "valid", "all three together are right");
	opens("draft_written", DRAFT_TEXT ";currency=", "void N5", "an amount has its currency with it");
	opens("draft_written", DRAFT_TEXT ";amount_minor=", "void N5", "a currency its amount");
	opens("draft_written", DRAFT_TEXT ";amount_minor=-1", "void N5", "an amount is not negative");
	opens("draft_written", DRAFT_TEXT ";amount_minor=;currency=", "valid", "a draft may be without an amount");

	struct story story = { 0 };
	world_say(&world, &story, world.all, "draft_written", DRAFT_TEXT);
	move(story, world.all, "draft_checked", "", "void N6", "who wrote it does not check it");
	move(story, world.other, "draft_checked", "", "valid", "another does");
	story = (struct story){ 0 };
	world_say(&world, &story, world.all, "draft_written", DRAFT_TEXT);
	world_say(&world, &story, world.other, "draft_checked", "");
	move(story, world.all, "draft_certified", "reference=A", "void N7", "who wrote it does not certify the funds");
	world_say(&world, &story, world.other, "draft_certified", "reference=A");
	move(story, world.all, "draft_approved", "authority=A", "void N8", "who wrote it does not approve it");
	move(story, world.other, "draft_approved", "authority=A", "void N9", "nor who certified the funds");
	move(story, world.limited, "draft_approved", "authority=A", "valid", "a third may, up to his limit");

	story = draft(DRAFT_TEXT ";amount_minor=10001", "funds certified");
	move(story, world.limited, "draft_approved", "authority=A", "void N10", "and not a penny above it");
	move(story, world.with[APPROVER], "draft_approved", "authority=A", "valid", "an approver without a limit may");
	story = draft(DRAFT_TEXT ";currency=JPY", "funds certified");
	move(story, world.limited, "draft_approved", "authority=A", "void N10",
	    "nor anything in a currency without a limit");
	story = draft(DRAFT_TEXT ";amount_minor=;currency=", "funds certified");
	move(story, world.limited, "draft_approved", "authority=A", "valid", "what has no amount has no limit");
}

/* A draft that was sent back and written anew by another: both are its writers. */
static void test_rewriting(void)
{
	struct story story = { 0 };

	world_say(&world, &story, world.all, "draft_written", DRAFT_TEXT);
	world_say(&world, &story, world.with[CHECKER], "draft_sent_back", "remarks=no");
	move(story, world.other, "draft_rewritten", DRAFT_TEXT ";move=national.noted", "void N3",
	    "what is written anew obeys the same rules");
	world_say(&world, &story, world.other, "draft_rewritten", DRAFT_TEXT ";title=More");
	move(story, world.all, "draft_checked", "", "void N6", "the first writer may not check it");
	move(story, world.other, "draft_checked", "", "void N6", "nor the second");
	move(story, world.limited, "draft_checked", "", "valid", "a third may");
}

static void test_entering(void)
{
	struct story story = draft(DRAFT_TEXT ";target=GB-01-0001;thread=t", "approved");

	move(story, world.all, "draft_entered", "shared=s;thread=t;entry=e!;number=N", "void N11",
	    "the shared move is named by its whole id");
	move(story, world.all, "draft_entered", "shared=s;thread=t!;entry=e;number=N", "void N11", "so is its thread");
	move(story, world.all, "draft_entered", "shared=s!;thread=t;entry=e;number=N", "void N11", "and its tally");
	move(story, world.all, "draft_entered", "shared=z;thread=t;entry=e;number=N", "void N12",
	    "it is in the tally that the draft is for");
	move(story, world.all, "draft_entered", "shared=s;thread=z;entry=e;number=N", "void N12", "and in the thread");
	move(story, world.all, "draft_entered", "shared=s;thread=t;entry=e;number=N", "valid", "then it is noted");
}

static void test_notices(void)
{
	opens("notice_sent", NOTICE_TEXT ";shared=s!", "void N13", "a notice names the tally by the whole id");
	opens("notice_sent", NOTICE_TEXT ";thread=t!", "void N13", "and the order");
	opens("notice_sent", NOTICE_TEXT ";part=p!", "void N13", "and the issue");
	opens("notice_sent", NOTICE_TEXT ";amount_minor=0", "void N14", "it is of an amount");
	opens("notice_sent", NOTICE_TEXT ";due_on=2013-11-20", "void N15", "that is not due before the delivery");
	opens("notice_sent", NOTICE_TEXT ";due_on=2013-11-21", "valid", "it may be due on that day");

	struct story story = notice("demand issued");
	move(story, world.all, "notice_corrected", "amount_minor=0;remarks=no", "void N14",
	    "a corrected one too is of an amount");
	move(story, world.all, "notice_corrected", "due_on=2013-11-20;remarks=no", "void N15",
	    "and not due before the delivery");
	move(story, world.all, "notice_paid", "amount_minor=0;paid_on=2014-01-10", "void N17", "nothing is no payment");
	move(story, world.all, "notice_paid", "amount_minor=10001;paid_on=2014-01-10", "void N17",
	    "nor is more than was due");
	world_say(&world, &story, world.all, "notice_paid", "amount_minor=4000;paid_on=2014-01-10");
	move(story, world.all, "notice_paid", "amount_minor=6001;paid_on=2014-01-10", "void N17",
	    "nor more than is left");
	move(story, world.all, "notice_paid", "amount_minor=9223372036854775807;paid_on=2014-01-10", "void F1",
	    "nor what does not fit");
	move(story, world.all, "notice_corrected", "amount_minor=4000;remarks=no", "void N16",
	    "the amount stays above what was paid in");
	move(
	    story, world.all, "withdrawn", "", "void N18", "a notice on which something was paid in is not taken back");
	move(story, world.all, "notice_corrected", "amount_minor=4001;remarks=no", "valid", "it is corrected");
}

static struct id handover_thread; /* by "all", to "other" */

/* By N21, whatever else the table allows. */
static void offered(const char *officer, const char *takes, const char *withdraws, const char *title)
{
	const struct signer signer = { .officer = bytes_text(officer) };
	struct fold *fold = NULL;
	struct err err = { 0 };

	ASSERT(fold_thread(&world.own.store, world.own.tally, &handover_thread, NULL, &world.arena, &fold, &err) == OK);
	const struct part *part = fold->parts[0];
	tap_is_text(
	    national_offers(fold, part, &national_kinds[KIND_TAKEN_OVER], &signer, 0) ? "yes" : "no", takes, title);
	tap_is_text(national_offers(fold, part, &national_kinds[KIND_WITHDRAWN], &signer, 0) ? "yes" : "no", withdraws,
	    "to take it back");
	tap_ok(national_offers(fold, part, &national_kinds[KIND_NOTED], &signer, 0) &&
		national_offers(fold, part, &national_kinds[KIND_TAKEN_OVER], NULL, 0),
	    "a note is for all, and where nobody is at hand nothing is left out");
}

static void test_offers(void)
{
	offered("all", "no", "yes", "who hands over is not offered to take over");
	offered("other", "yes", "no", "the officer named is");
	offered("limited", "no", "no", "another is not");
}

static void test_handovers(void)
{
	opens("handed_over", HANDOVER_TEXT ";to=all", "void N19", "nobody hands over to himself");
	opens(
	    "handed_over", HANDOVER_TEXT ";items=!GB-01-0001", "void N20", "an item names its thread by the whole id");
	opens("handed_over", HANDOVER_TEXT ";items=GB-01-0001|GB-01-0002|GB-01-0001", "void N20", "and stands once");

	struct story story = { 0 };
	world_say(&world, &story, world.all, "handed_over", HANDOVER_TEXT);
	move(story, world.limited, "taken_over", "", "void N21", "only the officer named takes over");
	move(story, world.other, "withdrawn", "", "void N21", "only who handed over takes it back");
	move(story, world.other, "taken_over", "", "valid", "the officer named does");
	story = (struct story){ 0 };
	world_say(&world, &story, world.all, "handed_over", HANDOVER_TEXT);
	handover_thread = story.thread;
	move(story, world.all, "withdrawn", "", "valid", "and the writer may take it back before");
}

/* Two officers of one party move at once: their moves are rivals, and one of them says which stands. */
static void test_rivals(void)
{
	struct story story = draft(DRAFT_TEXT, "checked"), one = story, two = story;
	struct id answers[2], stands;
	struct buf fields;

	stands = answers[0] = world_say(&world, &one, world.with[FUNDS], "draft_certified", "reference=A");
	answers[1] = world_say(&world, &two, world.other, "draft_sent_back", "remarks=no");
	expect(&world, answers[0], NULL, "valid", NULL, "two officers may move at once: one certifies");
	expect(&world, answers[1], NULL, "overtaken", NULL, "the other sends back, and is overtaken in the end");
	buf_init(&fields, 64);
	cbor_put_int(&fields, 8), cbor_put_bytes(&fields, id_bytes(&stands));
	struct id id = world_write(&world, world.with[FUNDS],
	    &(struct body_draft){ .kind = "national.resolved",
		.thread = &story.thread,
		.part = &story.thread,
		.answers = answers,
		.answer_count = 2,
		.fields = buf_bytes(&fields),
		.field_count = 1 });
	buf_clear(&fields);
	expect(&world, id, &story.thread, "valid", "funds certified", "an officer of the same party says which stands");
}

static void test_rows(void)
{
	struct story entered = draft(DRAFT_TEXT, "approved"), paid = notice("demand issued"), handed = { 0 };

	world_say(
	    &world, &entered, world.with[DRAFTER], "draft_entered", "shared=s;thread=t;entry=e;number=GB-01-0001");
	world_say(&world, &paid, world.with[REVENUE], "notice_paid", "amount_minor=4000;paid_on=2014-01-10");
	world_say(&world, &handed, world.all, "handed_over", HANDOVER_TEXT "|GB-01-0002");
	world_say(&world, &handed, world.other, "taken_over", "");
	struct story anew = notice("demand issued");
	world_say(&world, &anew, world.with[CLAIMS], "notice_corrected",
	    "amount_minor=9000;due_on=2014-02-28;remarks=weighed");
	struct story torn = draft(DRAFT_TEXT, "written"), other = torn;
	world_say(&world, &torn, world.with[CHECKER], "draft_checked", "");
	world_say(&world, &other, world.other, "draft_sent_back", "remarks=no");
	world_deliver(&world);
	tap_is_text(
	    world_rows(&world,
		"SELECT d.number, d.heads, d.state, d.title FROM national_draft d JOIN thread t ON t.row = d.thread"
		" WHERE t.id = :thread",
		&torn.thread),
	    arena_printf(&world.arena, "%s|2||Water", world_fold(&world, &torn.thread)->parts[0]->number),
	    "a draft with rivals has its row, without a state");
	tap_is_text(world_data(&world, &entered.thread),
	    "[id,['one-drafter'],'one-checker','one-funds','Vote A','one-approver','OP/1',id]",
	    "a draft's state holds each officer of its way");
	tap_is_text(world_data(&world, &paid.thread), "['JP','Ichigaya','GBP',10000,false,16030,16101,'L1','D1',4000]",
	    "a notice's state holds the office's numbers and what was paid in");
	tap_is_text(world_data(&world, &anew.thread), "['JP','Ichigaya','GBP',9000,false,16030,16129,null,null,0]",
	    "a corrected one is taken up anew");
	tap_is_text(world_data(&world, &handed.thread), "['other','other']",
	    "a hand-over's state holds who was to take over, and who did");
	tap_is_text(
	    world_rows(&world,
		"SELECT d.state, d.writer, d.checker, d.certifier, d.approver, d.authority, d.entry_number, d.pen"
		" FROM national_draft d JOIN thread t ON t.row = d.thread WHERE t.id = :thread",
		&entered.thread),
	    "entered|one-drafter|one-checker|one-funds|one-approver|OP/1|GB-01-0001|", "so do the rows of drafts");
	tap_is_text(
	    world_rows(&world,
		"SELECT n.state, n.issue_number, n.amount_minor, n.ledger, n.demand, n.paid_minor, n.paid_on, n.pen"
		" FROM national_notice n JOIN thread t ON t.row = n.thread WHERE t.id = :thread",
		&paid.thread),
	    "demand issued|GB-01-0001/I01.1|10000|L1|D1|4000|16080|0", "and of notices");
	tap_is_text(
	    world_rows(&world,
		"SELECT i.item, i.number, i.state FROM national_handover_item i JOIN thread t ON t.row = i.thread"
		" WHERE t.id = :thread ORDER BY i.item",
		&handed.thread),
	    "1|GB-01-0001|disputed\n2|GB-01-0002/I01.1|disputed\n3|GB-01-0002|disputed",
	    "a hand-over has a row for each part");
	tap_is_text(
	    world_rows(&world,
		"SELECT d.officer, count(*) FROM national_duty d JOIN thread t ON t.row = d.thread WHERE t.id = :thread GROUP BY d.officer",
		&handed.thread),
	    "other|2", "and one duty for each thread, of who took over");
}

static void test_shared(void)
{
	world_open(&world, "rehearsal");
	opens("draft_written", DRAFT_TEXT, "void N1", "a draft in a tally that a partner sees is void");
	opens("notice_sent", NOTICE_TEXT, "void N1", "so is a notice");
	opens("handed_over", HANDOVER_TEXT, "void N1", "and a hand-over");
	world_deliver(&world);
	world_check(&world);
	world_close(&world);
}

int main(void)
{
	world_open(&world, "national");
	test_drafts();
	test_rewriting();
	test_entering();
	test_notices();
	test_handovers();
	test_rivals();
	test_rows();
	world_check(&world);
	test_offers();
	tap_ok(world_delivers_alike(&world), "the same entries in another order come to one digest");
	world_close(&world);
	test_shared();
	return tap_done();
}
