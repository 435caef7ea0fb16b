/* The commands, over the real rows: what they print for people in both languages and for programs. What they
 * submit goes no further than this file. */
#include "domain/support/support_commands.h"
#define FACE_SUBMITS
#include "domain/support/test_face.h"

/* ---- what is submitted ------------------------------------------------------------------------------------------- */

/* What was submitted last; refuse: index of the one that is refused, or -1. */
static unsigned submitted_count;
static int refuse = -1;

enum status ctx_submit_all(struct ctx *c, const struct submission *submissions, unsigned count,
    struct submitted *results, unsigned *bad, struct err *err)
{
	(void)c;
	submitted_count = 0;
	for (unsigned i = 0; i < count; i++) {
		if ((int)i == refuse) {
			*bad = i;
			return err_refuse(err, "S27", "grant, limits", "total in GBP: above what this desk may sign");
		}
		ASSERT(strcmp(submissions[i].kind, "support.requested") == 0 && submissions[i].target == NULL);
		snprintf(results[i].number, sizeof results[i].number, "GB-07-%04u", i + 1);
	}
	submitted_count = count;
	return OK;
}

/* What a command that makes one move submitted: kind, target, fields and refs. */
static const char *moved;

enum status ctx_submit(struct ctx *c, const struct submission *submission, struct submitted *result, struct err *err)
{
	(void)err;
	moved = arena_printf(c->arena, "%s %s %s %s", submission->kind, submission->target ? submission->target : "-",
	    submission->fields_json, submission->ref_count > 0 ? "ref" : "no ref");
	*result = (struct submitted){ .number = "GB-07-0001", .state = "proposed", .pen = "JP" };
	return OK;
}

static enum status run(const char *verb, const char *operand, const char *name, const char *value, struct err *err)
{
	static struct args args;
	struct option named = { .name = name };

	args = (struct args){ .operands = { operand }, .operand_count = operand != NULL, .given_count = name != NULL };
	args.given[0].option = &named;
	args.given[0].value = value;

	buf_reset(&out);
	*err = (struct err){ 0 };
	for (const struct command *command = support_domain.commands; command->noun; command++) {
		if (command->verb != NULL && strcmp(command->verb, verb) == 0) {
			return command->run(&ctx, &args, err);
		}
	}
	ASSERT(!"a command of this verb");
	return USAGE;
}

/* What a command printed. */
static const char *said(const char *verb, const char *operand, const char *name, const char *value)
{
	static struct err err;

	return run(verb, operand, name, value, &err) == OK ? buf_text(&out) : err.text;
}

static unsigned lines_of(const char *text)
{
	unsigned lines = 0;

	for (; *text; text++) {
		lines += *text == '\n';
	}
	return lines;
}

/* ---- the stories behind ------------------------------------------------------------------------------------------ */

static struct story due, unclaimed, claims, waiting, lent, open_price, offered, after, unordered_one, mended;

static void tell(void)
{
	due = receipted(
	    &world, "return_like", "{'line':{'return_by':'2013-12-27','description_ja':'軽油'},'reference':'02'}");
	unclaimed = receipted(&world, "cash", "{'reference':'01'}");
	claims = claimed(&world, NULL);
	claim_move(&world, &claims, world.with[GB][PAYER], "approved", NULL);
	claim_move(&world, &claims, world.with[GB][PAYER], "remitted",
	    "{'currency':'GBP','amount_minor':3000,'reference':'B1','value_on':'2014-01-20'}");
	claim_move(&world, &claims, world.with[JP][CLAIMS], "confirmed", NULL);
	waiting = issued(&world, "cash", NULL);
	lent = receipted(&world, "service_like", NULL);
	open_price = receipted(&world, "cash", "{'line':{'unit_price_minor':null,'ceiling_minor':9000}}");
	offered = requested(&world, "cash",
	    "{'lines':[" ORDER_LINE ",{'line':2,'category':'food','kind':'supply','description_ja':'米','quantity':'5',"
	    "'unit':'KGM','unit_price_minor':300,'price_basis':'list','currency':'JPY','settlement':'cash'}]}");
	order_move(&world, &offered, world.with[JP][ISSUER], "offered", "{'utc_offset_minutes':540}");
	after = receipted(&world, "cash", NULL);
	issue_move(&world, &after, world.with[JP][ISSUER], "concurred", NULL); /* void: changes nothing */
	unordered_one = unordered(&world, "cash", NULL);
	mended = claimed(&world, NULL);
	open_adjustment(&world, &mended, world.with[GB][RECEIVES], "{'line':1,'quantity':'90','reason':'price'}");
	adjustment_move(&world, &mended, world.with[JP][ISSUER], "adjustment_agreed");
}

static void test_list(void)
{
	struct err err;
	const char *text;

	text = said("list", NULL, NULL, NULL);
	tap_ok(strncmp(text, "REHEARSAL - NOTHING HERE IS OWED\nnumber ", 40) == 0, "a rehearsal says so first");
	tap_is_int(lines_of(text), 12, "the list has a line for every order");
	tap_ok(strstr(text, "  offered    GB         2013-11-21 ") != NULL &&
		strstr(text, "GBP 80.00, JPY 1,500  F-76 (+1)\n") != NULL,
	    "with state, who has the pen, value by currency, and what it is");
	tap_ok(strstr(text, " \n") == NULL, "no line ends in blanks");
	text = said("list", NULL, "waiting", "us");
	tap_ok(strstr(text, "/I03.1  issued ") && strstr(text, "/C07.1  payable ") && strstr(text, "  offered ") &&
		!strstr(text, "  agreed "),
	    "what waits for us: issues, claims and offers, none of the partner's");
	text = said("list", NULL, "waiting", "partner");
	tap_ok(strstr(text, "  agreed ") && !strstr(text, "  offered "), "what waits for the partner");
	text = said("list", NULL, "state", "return due");
	tap_is_int(lines_of(text), 3, "one issue is due for return");
	tap_is_int(run("list", NULL, "waiting", "everybody", &err), USAGE, "nobody else can be waited for");
	tap_is_text(said("list", NULL, "state", "lost"), "REHEARSAL - NOTHING HERE IS OWED\nnothing\n",
	    "an empty list says so");
	ctx.lang = LANG_JA;
	text = said("list", NULL, NULL, NULL);
	tap_ok(strstr(text, "習熟用 - 債権債務は発生しません\n番号 ") == text && strstr(text, "提示済") &&
		strstr(text, "軽油"),
	    "all of it in Japanese");
	ctx.lang = LANG_EN;
	ctx.json = true;
	text = said("list", NULL, "state", "payable");
	tap_ok(strstr(text, "\"part\":\"claim\",\"state\":\"payable\",\"pen\":\"GB\",\"since\":\"2013-11-21T") &&
		strstr(text, "\"value_minor\":{\"GBP\":8000}}\n") && lines_of(text) == 1,
	    "as JSON, one object on a line, without the banner");
	ctx.json = false;
}

static const char *number_of(const struct story *story)
{
	return world_rows(&world,
	    "SELECT o.number FROM support_order o JOIN thread t ON t.row = o.thread WHERE t.id = :thread",
	    &story->thread);
}

static void test_show(void)
{
	struct err err;
	const char *text = said("show", number_of(&claims), NULL, NULL);

	tap_ok(strstr(text, "\n  state         agreed  (waits for JP, since 2013-11-21 ") &&
		strstr(text, "\n  deliver on    2013-11-26\n"),
	    "an order is shown with its state and terms");
	tap_ok(
	    strstr(text,
		"\nlines\nline  item  quantity           price      value  settlement  until\n   1  F-76     100 L  GBP 0.80 / 1 L  GBP 80.00  cash\n"),
	    "its lines: no number is torn from its unit, which is said in words");
	tap_ok(
	    strstr(text,
		"/I03.1  receipted  -          2013-11-21 01:30Z     1   100 L     100 L                   100 L        GB-01-0003/C07.1\n"),
	    "its issues, without a rest once all is claimed");
	tap_ok(strstr(text, "  payable  GB         2013-11-21 ") && strstr(text, "GBP 80.00  GBP 30.00  GBP 50.00\n"),
	    "its claims, with what is paid and open");
	tap_is_text(said("show", arena_printf(&world.arena, "%s/I03.1", number_of(&claims)), NULL, NULL), text,
	    "the number of a part shows its order");
	tap_is_int(run("show", "GB-99-0001", NULL, NULL, &err), NOT_FOUND, "an order that is not here is not found");
	tap_ok(strstr(said("show", number_of(&open_price), NULL, NULL), "price open  GBP 90.00  cash") != NULL,
	    "an open price is said to be open");
	ctx.json = true;
	text = said("show", number_of(&due), NULL, NULL);
	json_t *json = json_loads(text, 0, NULL);
	tap_ok(json && lines_of(text) == 1, "as JSON it is one object");
	tap_is_text(json_string_value(json_object_get(json_array_get(json_object_get(json, "lines"), 0), "return_by")),
	    "2013-12-27", "with the day to return by");
	tap_is_text(json_string_value(json_object_get(json_array_get(json_object_get(json, "issues"), 0), "rest")),
	    "100", "and what is left to return");
	json_decref(json);
	ctx.json = false;
}

static json_int_t owed(json_t *account, const char *direction, const char *name)
{
	return json_integer_value(
	    json_object_get(json_object_get(json_array_get(json_object_get(account, "balances"), 0), direction), name));
}

static void test_later_parts(void)
{
	const char *text = said("list", NULL, "parts", "");

	tap_ok(strstr(text, "\nJP-03-0001        unordered     GB ") &&
		!strstr(strstr(text, "\nJP-03-0001 ") + 1, "\nJP-03-0001"),
	    "an unordered issue is listed once, by the number of its thread");
	tap_ok(strstr(text, "/A05.1  adjusted      - ") != NULL, "an adjustment is listed beside issues and claims");
	text = said("show", number_of(&mended), NULL, NULL);
	tap_ok(strstr(text, "\nadjustments\n") && strstr(text, "     1        90  GBP 72.00   GBP -8.00\n"),
	    "it is shown with what is right and what changes");
	text = said("show", number_of(&unordered_one), NULL, NULL);
	tap_ok(strstr(text, "\n  state         unordered  (waits for GB, ") && strstr(text, "\nlines\n") &&
		strstr(text, "\nissues\n"),
	    "an unordered issue is shown with its terms and as an issue");
	ctx.json = true;
	text = said("list", NULL, "state", "adjusted");
	tap_ok(strstr(text, "\"part\":\"adjustment\",\"state\":\"adjusted\",\"pen\":null") != NULL,
	    "as JSON it is a part like any other");
	text = said("show", number_of(&mended), NULL, NULL);
	tap_ok(strstr(text, "\"difference_minor\":-800") && strstr(text, "\"acknowledged\":true}") != NULL,
	    "with its difference, and whether a claim was acknowledged");
	ctx.json = false;
}

static void test_account(void)
{
	struct err err;
	const char *text = said("account", NULL, "as-of", "2014-01-09");

	tap_ok(strstr(text, "as of 2014-01-10 00:00Z\n") != NULL, "a day means its end");
	tap_ok(strstr(text, "GB: last entry 2013-11-21 02:") != NULL &&
		strstr(text, "JP: last entry 2013-11-21 02:") != NULL,
	    "up to when each half is known");
	tap_ok(
	    strstr(text,
		"\nwe owe      GBP 282.00  GBP 130.00            GBP 160.00                  2  GBP -8.00\n") != NULL,
	    "what we owe: claims less what was paid, what was receipted and not claimed, less what was adjusted; two lines are not receipted yet");
	tap_ok(strstr(text, "\nowed to us    GBP 0.00 ") != NULL, "nothing is owed to us");
	tap_ok(strstr(text, "\nin kind\n") && strstr(text, "return due    ") && strstr(text, "exchange due  "),
	    "what is to be returned or done");
	tap_ok(strstr(text, "\nprice open\n") != NULL, "what has no price yet is named");
	tap_ok(strstr(text, "\nageing  0-30       31-60 ") && strstr(text, "\nwe owe     -  GBP 282.00 "),
	    "50 days after delivery it stands in its column");
	tap_ok(strstr(said("account", NULL, "as-of", "2013-11-20"),
		   "moved after that day; they are shown as they stand now") != NULL,
	    "an account of a day before says what it cannot know");
	tap_is_int(run("account", NULL, "as-of", "yesterday", &err), USAGE, "a day is a date");
	ctx.json = true;
	ctx.own_party = JP;
	json_t *json = json_loads(said("account", NULL, NULL, NULL), 0, NULL);
	tap_is_int(owed(json, "owed_to_us", "claimed_minor"), 13000,
	    "the supplier's account is the same seen from the other side: claimed");
	tap_is_int(owed(json, "owed_to_us", "unclaimed_minor"), 16000, "not claimed");
	tap_is_int(owed(json, "owed_to_us", "adjusted_minor"), -800, "adjusted");
	tap_is_int(owed(json, "we_owe", "owed_minor"), 0, "and nothing the other way");
	tap_is_int((long long)json_array_size(json_object_get(json, "in_kind")), 2, "two items in kind");
	json_decref(json);
	ctx.own_party = GB;
	ctx.json = false;
}

/* ---- import ------------------------------------------------------------------------------------------------------ */

static const char *file_of(const char *text)
{
	const char *path = arena_printf(&world.arena, "%s/orders.csv", world.dir);
	FILE *file = fopen(path, "wb");

	ASSERT(file && fwrite(text, 1, strlen(text), file) == strlen(text));
	fclose(file);
	return path;
}

#define HEADING \
	"no,line,receiver,supplier,activity,category,kind,description_en,quantity,unit,unit_price_minor,currency,settlement,place,deliver_on,story\n"
#define ROW(no, quantity) no ",1,GB,JP,1b,fuel,supply,a," quantity ",LTR,80,GBP,cash,Cebu,2013-11-26,x\n"

static void test_import(void)
{
	const char *path = file_of(HEADING ROW("01", "1") ROW("08", "2") ROW("09", "3")), *text;
	struct err err;

	text = said("import", path, NULL, NULL);
	tap_ok(
	    strstr(text,
		": UTF-8, 3 rows; 2 orders requested\n  08 is GB-07-0001\n  09 is GB-07-0002\n  01 was imported before as ") !=
		NULL,
	    "what was imported before is not asked for twice");
	tap_ok(strstr(text, "columns left out: story\n") != NULL, "columns that are not known are named");
	tap_is_int(submitted_count, 2, "two requests were made");
	said("import", path, "again", "");
	tap_is_int(submitted_count, 3, "unless it is said again");
	refuse = 1;
	tap_is_int(run("import", path, NULL, NULL, &err), REFUSED, "when one is refused");
	tap_ok(strstr(err.text, "nothing imported; order 09 (line 4): total in GBP") && strcmp(err.rule, "S27") == 0,
	    "none is made, and it is named with its rule");
	refuse = -1;
	submitted_count = 0;
	path = file_of(HEADING ROW("08", "1") ROW("09", "0") ROW("10", "-1"));
	tap_is_int(run("import", path, NULL, NULL, &err), BAD_INPUT, "when rows are bad");
	tap_ok(strstr(buf_text(&out), "line 3, column quantity: must be above 0\n") &&
		strstr(buf_text(&out), "line 4, column quantity: must be above 0\n"),
	    "each is named");
	tap_ok(
	    strstr(err.text, "nothing imported; 2 things to mend") && submitted_count == 0, "and nothing is imported");
	tap_is_int(run("import", "/nowhere/orders.csv", NULL, NULL, &err), ENVIRONMENT,
	    "a file that is not there is said to be");
	ctx.json = true;
	path = file_of(HEADING ROW("08", "1"));
	text = said("import", path, NULL, NULL);
	tap_ok(strstr(text, "{\"no\":\"08\",\"number\":\"GB-07-0001\",\"imported\":true}\n") == text &&
		lines_of(text) == 2,
	    "as JSON: a line for each order, and one for the file");
	ctx.json = false;
}

int main(void)
{
	json_error_t error;
	json_t *json = parse(profile_json);

	translations = json_load_file("data/words.json", 0, &error);
	json_object_set_new(json, "parties", parse("[{'code':'GB'},{'code':'JP'}]"));
	buf_init(&profile, LIMIT_BODY_BYTES);
	put_json(&profile, json);
	buf_init(&out, 1 << 20);
	world_open(&world);
	tell();
	world_deliver(&world);
	ctx = (struct ctx){ .arena = &world.arena,
		.out = &out,
		.now_ms = world.now_ms,
		.tally = world.own.tally,
		.own_party = GB,
		.view = { .rehearsal = true, .party_count = 2, .party_codes = { "GB", "JP" } } };
	test_list();
	test_show();
	test_later_parts();
	test_account();
	test_import();
	world_close(&world);
	json_decref(translations);
	json_decref(json);
	buf_clear(&profile);
	buf_clear(&out);
	return tap_done();
}
