/* What is due, reminders, the statement of account, the year's end, samples, and the audit as it is printed: over the real rows and
 * threads, for people in both languages and for programs. GB receives, JP supplies; we are JP. */
#include "core/print.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_state.h"
#include "domain/support/test_face.h"

static struct story asked, silent, unclaimed, claimed_late, lent, unasked, parted;

static void at(const char *time)
{
	ASSERT(time_parse(bytes_text(time), &world.now_ms));
}

#define DELIVERED(time) "{'delivered_at':'" time "','utc_offset_minutes':480,'place':'Cebu'}"

static struct story issued_on(const char *method, const char *patch)
{
	at("2013-12-02T00:00:00Z");
	struct story story = agreed(&world, method, patch);
	at("2013-12-03T02:00:00Z");
	open_issue(&world, &story, world.with[JP][ISSUER], "issued", DELIVERED("2013-12-03T01:30:00Z"));
	return story;
}

static struct story receipted_on(const char *method, const char *patch)
{
	struct story story = issued_on(method, patch);

	at("2013-12-04T01:00:00Z");
	issue_move(&world, &story, world.with[GB][RECEIVES], "receipted", NULL);
	return story;
}

static void tell_unordered(void)
{
	char hex[65];
	json_t *fields =
	    parse("{'receiver':'GB','activity':'1b','lines':[" ORDER_LINE "],'place':'Cebu','utc_offset_minutes':540,"
		  "'rule_set':1,'delivered_at':'2013-12-03T01:30:00Z'}");

	hex_print(id_bytes(&world.profile_hash), hex);
	json_object_set_new(fields, "profile", json_string(hex));
	at("2013-12-03T03:00:00Z");
	unasked.thread = unasked.issue = unasked.issue_head = world_say(
	    &world, &(struct saying){ .key = world.with[JP][ISSUER], .kind = "issued_unordered", .object = fields });
}

static void tell(void)
{
	at("2013-12-01T00:00:00Z");
	asked = requested(&world, "cash", "{'urgency':'relief'}");
	silent = issued_on("cash", NULL);
	unclaimed = receipted_on("cash", "{'line':{'description_ja':'軽油'}}");
	claimed_late = receipted_on("cash", NULL);
	at("2014-01-20T01:00:00Z");
	open_claim(&world, &claimed_late, world.with[JP][CLAIMS], CLAIM_FIELDS);
	lent = receipted_on("return_like", "{'line':{'return_by':'2014-02-28'}}");
	parted = agreed(&world, "cash", NULL);
	open_issue(&world, &parted, world.with[JP][ISSUER], "issued",
	    "{'delivered_at':'2014-01-19T00:00:00Z','utc_offset_minutes':480,'place':'Cebu',"
	    "'lines':[{'line':1,'quantity':'3'}]}");
	tell_unordered();
	at("2014-01-21T00:00:00Z");
	struct id heads[] = { silent.issue_head };
	world_acknowledge(&world, GB, heads, 1);
	at("2014-01-22T00:00:00Z");
	struct story claim = silent;
	silent.claim = silent.claim_head = world_say(&world,
	    &(struct saying){ .key = world.with[JP][CLAIMS],
		.kind = "claimed_unacknowledged",
		.thread = &claim.thread,
		.refs = { claim.order, claim.issue_head },
		.ref_count = 2,
		.json = CLAIM_FIELDS });
}

static const char *number_of(const struct story *story, const struct id *part)
{
	const struct part *found = world_part(&world, &story->thread, part);

	return found ? found->number : "(none)";
}

/* Has what is printed a line with all these words? */
static bool has_line(const char *text, const char *const *words)
{
	for (const char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		size_t len = strcspn(line, "\n");
		bool all = true;
		for (unsigned i = 0; words[i]; i++) {
			all &= memmem(line, len, words[i], strlen(words[i])) != NULL;
		}
		if (all) {
			return true;
		}
	}
	printf("# %s\n", text);
	return false;
}
#define HAS(text, ...) has_line((text), (const char *const[]){ __VA_ARGS__, NULL })

static const char *due(const char *as_of, const char *name, const char *value)
{
	const char *const options[][2] = { { "as-of", as_of }, { name, value }, { NULL, NULL } };

	return face_says("due", NULL, options);
}

/* Of one order all that is issued was issued in part, of the other whole. */
static void test_parted(void)
{
	const char *text = due("2014-01-25", NULL, NULL);
	char line[80];

	tap_ok(HAS(text, number_of(&parted, &parted.issue), "issued", "Receipt", "GB: Receiver"),
	    "what was issued in part is to be receipted");
	tap_ok(HAS(text, number_of(&parted, &parted.thread), "agreed", " Issue ", "JP: Issuer"),
	    "and the rest is to be issued");
	snprintf(line, sizeof line, "\n%s ", number_of(&unclaimed, &unclaimed.thread));
	tap_ok(strstr(text, line) == NULL, "an order of which all is issued waits for its other parts");
}

static void test_due(void)
{
	const char *text = due("2014-01-09", NULL, NULL);

	tap_ok(HAS(text, number_of(&asked, &asked.order), "requested", "JP", "answer", "2013-12-02 00:00Z", "39"),
	    "a request for relief waits for our answer since a day after it was made");
	tap_ok(HAS(text, number_of(&asked, &asked.order), "Offer / Decline", "JP: Issuer"),
	    "it may be answered in so many ways, by who has the role issuer");
	tap_ok(HAS(text, number_of(&lent, &lent.issue), "Return", "GB: Receiver"), "what was lent is to be returned");
	tap_ok(HAS(text, number_of(&silent, &silent.issue), "Claim without acknowledgement", "JP: Claims"),
	    "a clock that names its move says that");
	tap_ok(HAS(text, number_of(&unasked, &unasked.issue), "Ratify / Repudiate", "GB: Orderer"),
	    "an unordered issue is to be ratified or not");
	tap_ok(strstr(text, number_of(&asked, &asked.order)) < strstr(text, number_of(&lent, &lent.issue)),
	    "what is overdue comes before what is not");
	tap_ok(HAS(text, number_of(&unclaimed, &unclaimed.issue), "receipted", "JP", "claim", "2014-01-02", "7"),
	    "a claim is ours to make, overdue by a week");
	tap_ok(HAS(text, number_of(&lent, &lent.issue), "return due", "GB", "return", "2014-02-28"),
	    "a return has its day");
	tap_ok(HAS(text, number_of(&silent, &silent.issue), "issued", "GB", "receipt", "2013-12-06",
		   "not yet seen by the partner"),
	    "a receipt is waited for; the partner may not have seen it yet");
	tap_ok(HAS(text, number_of(&silent, &silent.issue), "JP", "claim on own evidence", "2014-01-05"),
	    "after the grace for silence the supplier may claim on its own evidence");
	tap_ok(HAS(text, number_of(&unasked, &unasked.issue), "unordered", "GB", "ratification", "2013-12-06 03:00Z"),
	    "what came unordered is to be ratified in 72 hours");
	tap_ok(strstr(text, "settlement") == NULL, "clocks of settlement are quiet until they are over");
	tap_ok(HAS(due("2014-01-09", "all", ""), number_of(&unclaimed, &unclaimed.issue), "settlement in full",
		   "2014-12-03"),
	    "unless all are asked for");
	text = due("2014-01-25", NULL, NULL);
	tap_ok(HAS(text, number_of(&silent, &silent.claim), "claimed", "GB", "payment", "2014-02-21", "27 days left",
		   "I46"),
	    "a claim waits to be paid: so many days are left, by that rule");
	tap_ok(!strstr(strstr(text, number_of(&silent, &silent.issue)), "seen") ||
		strstr(text, number_of(&silent, &silent.issue)) > strstr(text, "not yet seen"),
	    "once acknowledged it is not said to be unseen");
	text = due("2014-01-09", "waiting", "partner");
	tap_ok(!strstr(text, number_of(&unclaimed, &unclaimed.issue)) && strstr(text, number_of(&lent, &lent.issue)),
	    "what waits for us can be left out");
	tap_is_text(
	    due("yesterday", NULL, NULL), "--as-of yesterday: must be a day such as 2013-11-26", "a day must be one");
	tap_is_text(due("2014-01-09", "waiting", "them"), "--waiting them: must be us or partner", "so must a party");
	ctx.lang = LANG_JA;
	tap_ok(HAS(due("2014-01-09", NULL, NULL), number_of(&lent, &lent.issue), "返還待ち", "返還", "2014-02-28"),
	    "in Japanese too");
	ctx.lang = LANG_EN;
	ctx.json = true;
	tap_ok(HAS(due("2014-01-09", NULL, NULL), number_of(&unclaimed, &unclaimed.issue), "\"clock\":\"claim\"",
		   "\"to_do\":\"Claim\"", "\"roles\":\"claims\"", "\"item\":\"", "\"overdue\":true",
		   "\"overdue_days\":7", "\"due_on\":\"2014-01-02\"", "\"overdue_from\":\"2014-01-02T15:00:00Z\""),
	    "as JSON, with the moment from which it is overdue in the supplier's offset");
	ctx.json = false;
}

/* The clocks of one order, with days left, and nothing of another. */
static void test_one_order(void)
{
	struct err err = { 0 };
	char number[64];

	snprintf(number, sizeof number, "%s", number_of(&unclaimed, &unclaimed.thread));
	int64_t before = ctx.now_ms;
	ASSERT(time_parse(bytes_text("2014-01-03T00:00:00Z"), &ctx.now_ms));
	buf_reset(ctx.out);
	tap_ok(due_of_thread(&ctx, number, &err) == OK, "the clocks of one order");
	const char *text = buf_text(ctx.out);
	tap_ok(HAS(text, number_of(&unclaimed, &unclaimed.issue), "claim", "2014-01-02", "1 day over", "I45"),
	    "what is over, by days");
	tap_ok(HAS(text, "settlement in full", "334 days left", "I47"), "and what will run out");
	tap_ok(HAS(text, number_of(&unclaimed, &unclaimed.issue), " Claim ", "JP: Claims", "I45"),
	    "what is to be done, in the word of the move, and whose role does it");
	tap_ok(strstr(text, number_of(&lent, &lent.issue)) == NULL, "of that order alone");
	ctx.lang = LANG_JA;
	buf_reset(ctx.out);
	due_of_thread(&ctx, number, &err);
	text = buf_text(ctx.out);
	tap_ok(HAS(text, "請求", "1日超過") && HAS(text, "決済の完了", "残り334日"), "in Japanese");
	tap_ok(HAS(text, "必要な手続") && HAS(text, "請求する", "JP: 請求"), "with what is to be done");
	ctx.lang = LANG_EN;
	ctx.now_ms = before;
	tap_is_text(print_days_left(&ctx, 0), "last day", "the last day is still one");
}

/* What a page offers at the parts of a thread: '+' and '-' for each kind asked about, at the order and at its issue. */
struct offering {
	int64_t now_ms;
	char order[8], issue[8];
};

static enum status look_at_offers(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	static const enum support_kind at_order[] = { KIND_ISSUED, KIND_UNFILLED, KIND_CLAIMED,
		KIND_CLAIMED_UNACKNOWLEDGED, KIND_REFUND_CLAIMED, KIND_ADJUSTMENT_PROPOSED };
	static const enum support_kind at_issue[] = { KIND_ADJUSTMENT_PROPOSED, KIND_CONVERTED, KIND_CLAIMED };
	struct offering *offering = context;

	(void)fact, (void)err;
	for (unsigned i = 0; i < sizeof at_order / sizeof *at_order; i++) {
		offering->order[i] =
		    support_offers(fold, fold->parts[0], &support_kinds[at_order[i]], NULL, offering->now_ms) ? '+'
													      : '-';
	}
	for (unsigned i = 0; i < sizeof at_issue / sizeof *at_issue; i++) {
		offering->issue[i] =
		    support_offers(fold, fold->parts[1], &support_kinds[at_issue[i]], NULL, offering->now_ms) ? '+'
													      : '-';
	}
	return OK;
}

static void offered(const char *number, const char *at, const char *order, const char *issue, const char *title)
{
	struct offering offering = { 0 };
	struct err err = { 0 };

	ASSERT(time_parse(bytes_text(at), &offering.now_ms));
	tap_ok(ctx_fold_one(&ctx, number, look_at_offers, &offering, &err) == OK, title);
	tap_is_text(offering.order, order, "at the order: issue, unable, claim, claim in silence, refund, adjustment");
	tap_is_text(offering.issue, issue, "at the issue: adjustment, conversion, claim");
}

static void test_offers(void)
{
	char number[64];

	snprintf(number, sizeof number, "%s", number_of(&unclaimed, &unclaimed.thread));
	offered(number, "2014-01-03T00:00:00Z", "--+---", "+--",
	    "what was receipted may be claimed, and adjusted where it stands");
	snprintf(number, sizeof number, "%s", number_of(&lent, &lent.thread));
	offered(number, "2014-01-03T00:00:00Z", "------", "+--", "what is to be returned is not claimed");
	offered(number, "2015-06-01T00:00:00Z", "------", "++-", "and is converted only when its day has come");
}

static void test_remind(void)
{
	const char *const options[][2] = { { "as-of", "2014-03-10" }, { NULL, NULL } };
	const char *text = face_says("remind", number_of(&lent, &lent.issue), options);

	tap_ok(HAS(text, "Waits for your return since 2013-12-04 01:00Z; due by 2014-02-28, overdue."),
	    "a reminder in English");
	tap_ok(HAS(text, "貴国の返還を待っています", "2014-02-28", "超過"), "and in Japanese");
	tap_ok(strstr(face_says("remind", number_of(&lent, &lent.thread), options), "貴国の返還") != NULL,
	    "for a whole order too");
	text = face_says("remind", number_of(&unclaimed, &unclaimed.issue), options);
	tap_ok(strstr(text, "overdue") == NULL && strstr(text, "nothing there waits for the partner") != NULL,
	    "there is none for what waits for us");
}

static void test_statement(void)
{
	const char *const options[][2] = { { "as-of", "2014-01-31" }, { NULL, NULL } };
	const char *const csv[][2] = { { "as-of", "2014-01-31" }, { "csv", "" }, { NULL, NULL } };
	const char *text = face_says("statement", NULL, options);

	tap_ok(HAS(text, "GB -> JP", "GBP 240.00"),
	    "claimed, unclaimed, and claimed on own evidence: three times 80 pounds");
	tap_ok(HAS(text, number_of(&unclaimed, &unclaimed.issue), "GBP 80.00", "2013-12-03", "31-60"),
	    "each item with its age");
	tap_ok(HAS(text, number_of(&lent, &lent.issue), "return due", "100  L  "), "and what is owed in kind");
	tap_ok(HAS(text, "JP: last entry 2014-01-22 00:00Z") &&
		HAS(text, "GB: last entry", "last acknowledgement 2014-01-21 00:00Z"),
	    "up to when each half is known");
	text = face_says("statement", NULL, csv);
	tap_ok(HAS(text, "number,line,kind,state,debtor,creditor") &&
		HAS(text, number_of(&unclaimed, &unclaimed.issue), ",1,unclaimed,receipted,GB,JP,",
		    ",GBP,8000,100,LTR,F-76,軽油,2013-12-03,59"),
	    "as CSV, in minor units");
	ctx.json = true;
	text = face_says("statement", NULL, options);
	tap_ok(HAS(text, "\"balances\":[{\"currency\":\"GBP\",\"debtor\":\"GB\",\"creditor\":\"JP\",\"minor\":24000}]"),
	    "as JSON");
	const char *const before[][2] = { { "as-of", "2013-12-03" }, { NULL, NULL } };
	tap_ok(HAS(face_says("statement", NULL, before), "\"balances\":[],\"items\":[]"),
	    "as of a day before anything was receipted nothing is owed");
	ctx.json = false;
	const char *const year[][2] = { { "year-end", "2013" }, { NULL, NULL } };
	text = face_says("audit", NULL, year);
	tap_ok(HAS(text, "as of 2014-03-31") &&
		HAS(text, "JP one-issuer", number_of(&unclaimed, &unclaimed.issue), "GBP 80.00", "91-180") &&
		HAS(text, "JP one-claims", number_of(&claimed_late, &claimed_late.claim)),
	    "open claims at the end of a fiscal year, by the office that supplies");
}

static void test_sample(void)
{
	const char *const options[][2] = { { "year", "2013" }, { "count", "2" }, { "seed", "x" }, { NULL, NULL } };
	const char *const other[][2] = { { "year", "2013" }, { "count", "99" }, { "seed", "y" }, { NULL, NULL } };
	const char *const later[][2] = { { "year", "2014" }, { "count", "2" }, { "seed", "x" }, { NULL, NULL } };
	char *first = strdup(face_says("sample", NULL, options));

	tap_ok(HAS(first, "2 / 7"), "two of the seven orders of the year");
	tap_is_text(face_says("sample", NULL, options), first, "the same seed picks the same");
	tap_ok(HAS(face_says("sample", NULL, other), "7 / 7"), "no more than there are");
	tap_ok(HAS(face_says("sample", NULL, later), "0 / 0"), "none of another year");
	free(first);
}

static void test_audit(void)
{
	const char *const options[][2] = { { "as-of", "2014-01-31" }, { NULL, NULL } };
	const char *const one[][2] = { { "as-of", "2014-01-31" }, { "rule", "I45" }, { "csv", "" }, { NULL, NULL } };
	const char *const fails[][2] = { { "as-of", "2014-01-31" }, { "fail", "" }, { NULL, NULL } };
	const char *text = face_says("audit", NULL, options);

	tap_ok(HAS(text, "as of 2014-01-31 (24:00 UTC)") && HAS(text, "JP", "2014-01-22 00:00Z"),
	    "the audit says as of when, and what is known");
	tap_ok(HAS(text, "no national tally is here"), "and what it cannot judge");
	tap_ok(HAS(text, "I45", "2", "claimed in time") && HAS(text, "I10", "0", "agreement in force"),
	    "every rule with its count");
	tap_ok(HAS(text, "I45", number_of(&unclaimed, &unclaimed.issue), "2014-01-03") &&
		HAS(text, "I45", number_of(&claimed_late, &claimed_late.issue), "2014-01-03", "2014-01-20"),
	    "findings with the day on which they arose and ended");
	tap_ok(HAS(text, "I37", number_of(&silent, &silent.claim), "2014-01-22"),
	    "I37: a claim on the supplier's evidence alone is counted");
	tap_ok(HAS(text, "I43", number_of(&unasked, &unasked.issue), "2013-12-06", "ratified"),
	    "I43: what came unordered and was not ratified");
	tap_ok(HAS(text, "I44", number_of(&silent, &silent.issue), "2013-12-07"), "I44: a receipt that did not come");
	text = face_says("audit", NULL, one);
	tap_ok(HAS(text, "rule,number,first,until,entries,en,ja") &&
		HAS(text, "I45,", ",2014-01-03,2014-01-20,", "請求期限は 2014-01-02") && strstr(text, "I44") == NULL,
	    "one rule alone, as CSV, in both languages");
	tap_ok(strstr(face_says("audit", NULL, fails), "findings") != NULL, "with --fail it fails");
	ctx.json = true;
	text = face_says("audit", NULL, options);
	tap_ok(HAS(text, "{\"as_of\":\"2014-01-31\",\"party\":\"JP\"",
		   "\"rule\":\"I45\",\"en\":\"claimed in time\",\"ja\":\"請求期限\"",
		   "\"first\":\"2014-01-03\",\"until\":null"),
	    "as JSON");
	ctx.json = false;
	ctx.lang = LANG_JA;
	tap_ok(HAS(face_says("audit", NULL, options), "I45", "請求期限", "協定、期限一覧"), "in Japanese");
	ctx.lang = LANG_EN;
	const char *const wrong[][2] = { { "rule", "I51" }, { NULL, NULL } };
	tap_is_text(face_says("audit", NULL, wrong), "--rule I51: no such rule; I1 to I50", "a rule must be one");
}

static void test_against(void)
{
	char path[] = "/tmp/warifu-statement-XXXXXX";
	int fd = mkstemp(path);
	const char *const options[][2] = { { "as-of", "2014-01-31" }, { "against", path }, { "rule", "I33" },
		{ NULL, NULL } };
	const char *const other[][2] = { { "as-of", "2014-01-30" }, { "against", path }, { NULL, NULL } };
	const char *const day[][2] = { { "as-of", "2014-01-31" }, { NULL, NULL } };

	ASSERT(fd >= 0);
	ctx.json = true;
	const char *same = arena_text(&world.arena, bytes_text(face_says("statement", NULL, day)));
	ctx.json = false;
	ASSERT(write(fd, same, strlen(same)) == (ssize_t)strlen(same));
	tap_ok(HAS(face_says("audit", NULL, options), "I33", "0", "what one is owed"),
	    "I33 is silent where the partner's statement says the same");
	ASSERT(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	const char *differs =
	    "{\"as_of\":\"2014-01-31\",\"balances\":[{\"currency\":\"GBP\",\"debtor\":\"GB\",\"creditor\":\"JP\",\"minor\":16000},"
	    "{\"currency\":\"JPY\",\"debtor\":\"JP\",\"creditor\":\"GB\",\"minor\":5}]}";
	ASSERT(write(fd, differs, strlen(differs)) == (ssize_t)strlen(differs));
	const char *text = face_says("audit", NULL, options);
	tap_ok(HAS(text, "I33", "GBP 240.00 by our half and GBP 160.00") &&
		HAS(text, "I33", "JPY 0 by our half and JPY 5"),
	    "I33 names each balance on which the two differ");
	tap_ok(
	    HAS(face_says("audit", NULL, other), "give --as-of the same day"), "a statement of another day is refused");
	close(fd);
	unlink(path);
}

static const char *board_due_on(const struct story *story)
{
	const char *days = world_rows(&world,
	    "SELECT b.due_on FROM support_board b JOIN thread t ON t.row = b.thread WHERE t.id = :thread",
	    &story->thread);

	return days[0] ? print_day(&ctx, strtoll(days, NULL, 10)) : days;
}

/* Of the clocks of all parts the board takes the one that ends first, be it one that says of nobody that it is his turn. */
static void test_board(void)
{
	tap_is_text(board_due_on(&unclaimed), "2014-01-02", "the board has the day by which a claim was to be made");
	tap_is_text(board_due_on(&asked), "2013-12-02", "or a request to be answered");
	tap_is_text(board_due_on(&lent), "2014-02-28", "or what was lent to be returned");
}

static int64_t board_rank(const struct story *story, const char *rank)
{
	const char *text = world_rows(&world,
	    arena_printf(&world.arena,
		"SELECT b.%s FROM support_board b JOIN thread t ON t.row = b.thread WHERE t.id = :thread", rank),
	    &story->thread);

	return strtoll(text, NULL, 10);
}

static bool only_closing(const struct story *story, const char *rank)
{
	return board_rank(story, rank) % BOARD_TURN >= BOARD_CLOSING;
}

static enum status look_at_hint(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	const char **hints = context;

	(void)fact, (void)err;
	for (unsigned i = 0; i < 2; i++) {
		const char *hint = support_domain.hint(fold, fold->parts[i]);
		hints[i] = hint ? hint : "";
	}
	return OK;
}

static void hinted(const struct story *story, const char *wanted, const char *title)
{
	const char *hints[2] = { "?", "?" };
	struct err err = { 0 };

	ASSERT(ctx_fold_one(&ctx, number_of(story, &story->thread), look_at_hint, hints, &err) == OK);
	tap_is_text(hints[0], wanted, title);
	tap_is_text(hints[1], "", "and of its issue nothing is said");
}

#define HALF \
	"{'delivered_at':'2013-12-03T01:30:00Z','utc_offset_minutes':480,'place':'Cebu','lines':[{'line':1,'quantity':'50'}]}"
#define HALF_ACCEPTED "{'lines':[{'line':1,'accepted':'50','short':'50','reason':'short'}]}"
#define HALF_CLAIMED "{'currency':'GBP','total_minor':4000}"

static struct story waive(struct story story, const char *claimed)
{
	open_claim(&world, &story, world.with[JP][CLAIMS], claimed);
	claim_move(
	    &world, &story, world.with[JP][WAIVER], "waived", "{'authority':'Cabinet 12','law':'Act 114 of 1956'}");
	return story;
}

/* Issued in part; or issued whole, and received short, to which the supplier agrees. */
static struct story short_of(const char *issued, const char *accepted)
{
	struct story story = agreed(&world, "cash", NULL);

	open_issue(&world, &story, world.with[JP][ISSUER], "issued", issued);
	issue_move(&world, &story, world.with[GB][RECEIVES], "receipted", accepted);
	if (accepted != NULL) {
		issue_move(&world, &story, world.with[JP][ISSUER], "concurred", NULL);
	}
	return story;
}

/* All that was claimed has ended, and then more was found to be owed. */
static struct story adjusted(void)
{
	struct story story = waive(receipted_on("cash", NULL), CLAIM_FIELDS);

	open_adjustment(&world, &story, world.with[GB][RECEIVES], "{'line':1,'quantity':'110','reason':'price'}");
	adjustment_move(&world, &story, world.with[JP][ISSUER], "adjustment_agreed");
	return story;
}

static void carry(struct story *story)
{
	story->claim = story->claim_head = world_say(&world,
	    &(struct saying){ .key = world.with[JP][CLAIMS],
		.kind = "claimed",
		.thread = &story->thread,
		.refs = { story->order, story->adjustment_head },
		.ref_count = 2,
		.json = "{'currency':'GBP','total_minor':800}" });
}

static void test_adjusted(const struct story *owed, const struct story *carried)
{
	const char *text = due("2015-01-24", NULL, NULL);
	char line[80];

	tap_ok(HAS(text, number_of(owed, &owed->adjustment), "adjusted", "Claim", "JP: Claims"),
	    "an adjustment that no claim carries waits for one");
	tap_ok(!only_closing(owed, "rank_high"), "so that more than closing is left");
	tap_is_int(board_rank(owed, "rank_high") / BOARD_TURN, 0, "which the board says too");
	snprintf(line, sizeof line, "\n%s ", number_of(carried, &carried->adjustment));
	tap_ok(strstr(text, line) == NULL, "one that is carried waits for nothing");
	tap_ok(HAS(text, number_of(carried, &carried->claim), "claimed", "GB: Payer"), "its claim does");
	tap_is_int(board_rank(carried, "rank_high") / BOARD_TURN, 1, "and for who pays");
}

/* Another world, in which the claim is made after a year. */
static void test_board_late(void)
{
	world_open(&world);
	unclaimed = receipted_on("cash", NULL);
	claimed_late = waive(receipted_on("cash", NULL), CLAIM_FIELDS);
	silent = agreed(&world, "cash", NULL);
	parted = waive(short_of(HALF, NULL), HALF_CLAIMED);
	struct story lost = waive(short_of(DELIVERED("2013-12-03T01:30:00Z"), HALF_ACCEPTED), HALF_CLAIMED);
	struct story forgotten = receipted_on("cash", NULL), owed = adjusted(), carried = adjusted();
	carry(&carried);
	at("2015-01-12T09:00:00Z");
	open_claim(&world, &unclaimed, world.with[JP][CLAIMS], CLAIM_FIELDS);
	at("2015-01-24T00:00:00Z");
	world_deliver(&world);
	face_open(JP);
	const char *text = due("2015-01-24", NULL, NULL);
	tap_ok(HAS(text, number_of(&unclaimed, &unclaimed.claim), "claimed", "GB", "payment", "2015-02-11", "left"),
	    "a claim made after a year has its days to be paid in");
	tap_ok(HAS(text, number_of(&unclaimed, &unclaimed.issue), "settlement in full", "2014-12-03", "over"),
	    "and settlement in full is over all the same");
	tap_is_text(board_due_on(&unclaimed), "2014-12-03", "which is what the board shows of the order");
	tap_ok(only_closing(&claimed_late, "rank_high") && only_closing(&claimed_late, "rank_low"),
	    "where the claim has ended only closing is left, which comes behind the rest for both sides");
	tap_ok(!only_closing(&unclaimed, "rank_high"), "not where a claim is open");
	tap_ok(!only_closing(&silent, "rank_high"), "nor where nothing was issued yet");
	tap_ok(!only_closing(&parted, "rank_high") &&
		HAS(text, number_of(&parted, &parted.thread), " Issue ", "JP: Issuer"),
	    "nor where what was issued in part is settled: the rest is to be issued");
	tap_ok(only_closing(&lost, "rank_high"), "but where all was issued and less accepted it is");
	tap_is_int(board_rank(&unclaimed, "rank_low") / BOARD_TURN, 0, "a claim that is open waits for who pays");
	tap_is_int(
	    board_rank(&unclaimed, "rank_high") / BOARD_TURN, 1, "and not for who issued all there was to issue");
	tap_is_int(
	    board_rank(&forgotten, "rank_high") / BOARD_TURN, 0, "what nobody has claimed waits for who issued it");
	tap_is_int(board_rank(&forgotten, "rank_low") / BOARD_TURN, 1, "and not for who had it");
	hinted(&claimed_late, "only closing is left", "the order says so on its own page");
	test_adjusted(&owed, &carried);
	hinted(&unclaimed, "all of it is issued", "not the one whose claim is open: there all is issued");
	face_close();
	world_close(&world);
}

int main(void)
{
	world_agreement = json_load_file("data/agreement-gb-jp-rehearsal.json", 0, NULL);
	ASSERT(world_agreement != NULL);
	world_open(&world);
	tell();
	at("2014-02-01T00:00:00Z");
	world_deliver(&world);
	face_open(JP);
	test_due();
	test_parted();
	test_one_order();
	test_offers();
	test_remind();
	test_statement();
	test_sample();
	test_audit();
	test_against();
	test_board();
	face_close();
	world_close(&world);
	test_board_late();
	json_decref(world_agreement);
	return tap_done();
}
