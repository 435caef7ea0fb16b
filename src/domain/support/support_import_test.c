/* Requests from CSV files: what is read, what is skipped and counted, and every complaint by line and column. */
#include "base/tap.h"
#include "base/time.h"
#include "domain/support/support_import.h"
#include "domain/support/test_world.h"

static struct arena arena;
static struct buf profile;

#define HEADING \
	"no,line,opens,receiver,supplier,activity,category,kind,description_en,description_ja,quantity,unit,meter,unit_price_minor," \
	"currency,settlement,nsn_or_fsc,place,deliver_on,return_by,third_party_consent\n"
#define ROW(no, line, quantity, unit, price) \
	no "," line ",request,GB,JP,1b,fuel,supply,Fuel,軽油," quantity "," unit ",," price \
	   ",GBP,cash,9140,Cebu,2013-11-26,,\n"

static enum status read_text(
    struct bytes file, const struct import_options *given, struct import *import, struct err *err)
{
	struct import_options options = *given;

	options.own_party = given->own_party ? given->own_party : "GB";
	options.profile = buf_bytes(&profile);
	options.day = day_from_civil(2013, 11, 21);
	*err = (struct err){ 0 };
	return import_read(&arena, file, &options, import, err);
}

static const char *order_text(const struct import *import, unsigned index)
{
	char *text = index < import->order_count
	    ? json_dumps(import->orders[index].fields, JSON_COMPACT | JSON_SORT_KEYS)
	    : NULL;
	const char *copy = text ? arena_text(&arena, bytes_text(text)) : "(none)";

	free(text);
	return copy;
}

static const char *complaints_text(const struct import *import)
{
	const char *all = "";

	for (unsigned i = 0; i < import->complaint_count; i++) {
		const struct import_complaint *c = &import->complaints[i];
		all = arena_printf(&arena, "%s%u %s: %s\n", all, c->line, c->column, c->text);
	}
	return all;
}

/* Complaints of a file, or its error. */
static const char *complaints_of(const char *file)
{
	static const struct import_options plain;
	struct import import;
	struct err err;
	const char *text;

	if (read_text(bytes_text(file), &plain, &import, &err) != OK) {
		return arena_printf(&arena, "error: %s", err.text);
	}
	text = complaints_text(&import);
	import_clear(&import);
	return text;
}

#define FUEL_1 \
	"{\"activity\":\"1b\",\"charter\":true,\"deliver_on\":\"2013-11-26\",\"lines\":[{\"category\":\"fuel\",\"currency\":\"GBP\"," \
	"\"description_en\":\"Fuel\",\"description_ja\":\"軽油\",\"kind\":\"supply\",\"line\":1,\"nsn_or_fsc\":\"9140\",\"price_basis\":\"agreed\"," \
	"\"quantity\":\"1250.5\",\"settlement\":\"cash\",\"unit\":\"LTR\",\"unit_price_minor\":80}],\"place\":\"Cebu\",\"reference\":\"01\"," \
	"\"supplier\":\"JP\"}"

static void test_plain(void)
{
	static const struct import_options plain;
	struct import import;
	struct err err;

	tap_is_int(read_text(bytes_text(HEADING ROW("01", "1", "1250.5", "LTR", "80")), &plain, &import, &err), OK,
	    "a plain file is read");
	tap_is_text(import.encoding, "UTF-8", "its encoding is named");
	tap_is_text(order_text(&import, 0), FUEL_1,
	    "a row becomes a request with one line; a price without a basis is one agreed on");
	import_clear(&import);
	tap_is_int(read_text(bytes_text("\xEF\xBB\xBF" HEADING ROW("01", "1", "１２５０．５", "ＬＴＲ", "８０")),
		       &plain, &import, &err),
	    OK, "a file with a byte order mark and full-width digits is read");
	tap_is_text(import.encoding, "UTF-8 with BOM", "and the mark is named");
	tap_is_text(order_text(&import, 0), FUEL_1, "as if they were plain");
	import_clear(&import);
	tap_is_int(read_text(bytes_text(HEADING ROW("01", "2", "2", "LTR", "80") ROW("01", "1", "1", "LTR", "80")),
		       &plain, &import, &err),
	    OK, "rows that share a number are lines of one order");
	tap_is_int(import.order_count, 1, "one order");
	tap_ok(strstr(order_text(&import, 0), "\"line\":1,") < strstr(order_text(&import, 0), "\"line\":2,"),
	    "its lines in the order of their numbers");
	import_clear(&import);
	tap_is_int(read_text(bytes_text(HEADING ROW("01", "1", "3万", "LTR", "2万")), &plain, &import, &err), OK,
	    "万 is read");
	tap_ok(strstr(order_text(&import, 0), "\"quantity\":\"30000\"") != NULL &&
		strstr(order_text(&import, 0), ":20000}") != NULL,
	    "as ten thousand");
	import_clear(&import);
}

static void test_cp932(void)
{
	/* 軽油 in CP932 is 8C 79 96 FB */
	static const char file[] =
	    HEADING "01,1,request,GB,JP,1b,fuel,supply,,\x8C\x79\x96\xFB,1,LTR,,80,GBP,cash,,Cebu,2013-11-26,,\n";
	struct import_options options = { 0 };
	struct import import;
	struct err err;

	tap_is_int(read_text(bytes_text(file), &options, &import, &err), OK, "a file in CP932 is read");
	tap_is_text(import.encoding, "CP932", "its encoding is found out and named");
	tap_ok(strstr(order_text(&import, 0), "軽油") != NULL, "its Japanese is what was typed");
	import_clear(&import);
	options.encoding = "cp932";
	tap_is_int(read_text(bytes_text(file), &options, &import, &err), OK, "the encoding may be said");
	import_clear(&import);
	options.encoding = "utf-8";
	tap_is_int(read_text(bytes_text(file), &options, &import, &err), BAD_INPUT,
	    "a file that is not in the encoding said is refused");
	options.encoding = "ebcdic";
	tap_is_int(
	    read_text(bytes_text(file), &options, &import, &err), USAGE, "an encoding that is not known is refused");
}

static void test_skipped(void)
{
	static const char file[] =
	    "no,line,opens,receiver,supplier,activity,category,kind,description_en,quantity,unit,unit_price_minor,currency,settlement,place,deliver_on,mood\n"
	    "01,1,request,GB,JP,1b,fuel,supply,a,1,LTR,80,GBP,cash,Cebu,2013-11-26,fine\n"
	    "02,1,request,JP,GB,9z,bad,bad,a,x,y,z,w,v,,u,bad\n"
	    "03,1,issue,GB,JP,1b,fuel,supply,a,1,LTR,80,GBP,cash,Cebu,2013-11-26,\n"
	    "04,1,request,GB,JP,1b,fuel,supply,a,1,LTR,80,GBP,cash,Cebu,2013-11-26,\n";
	static const char own[] =
	    "no,line,opens,receiver,supplier,activity,category,kind,description_en,quantity,unit,unit_price_minor,currency,settlement,place,deliver_on,meter\n"
	    "03,1,issue,GB,JP,1b,fuel,supply,a,1,LTR,80,GBP,cash,Cebu,2013-11-26,\n"
	    "03,2,issue,GB,JP,1b,transport,service,b,1,DAY,80,GBP,cash,Cebu,2013-11-26,trips\n"
	    "04,1,request,GB,JP,1b,fuel,supply,a,1,LTR,80,GBP,cash,Cebu,2013-11-26,\n";
	struct import_options options = { .only = NULL };
	struct import import;
	struct err err;

	tap_is_int(read_text(bytes_text(file), &options, &import, &err), OK, "rows that are not ours are skipped");
	tap_is_int(import.complaint_count, 0, "whatever they hold");
	tap_is_int(import.other_receiver, 1, "rows of another receiver are counted");
	tap_is_int(import.opened_by_issue, 1, "rows that an issue opens are counted");
	tap_is_int(import.order_count, 2, "the others are read");
	tap_ok(import.ignored_count == 1 && strcmp(import.ignored[0], "mood") == 0,
	    "a column that is not known is left out and named");
	import_clear(&import);
	options.only = " 04,";
	tap_is_int(read_text(bytes_text(file), &options, &import, &err), OK, "only some numbers may be asked for");
	tap_ok(import.order_count == 1 && strcmp(import.orders[0].no, "04") == 0, "and only they are read");
	tap_is_int(import.not_asked_for, 3, "the others are counted");
	import_clear(&import);
	options = (struct import_options){
		.own_party = "JP", .delivered_at = "2013-11-26T01:00:00Z", .utc_offset_minutes = "540"
	};
	tap_is_int(read_text(bytes_text(own), &options, &import, &err), OK,
	    "the supplier reads what it issued without an order");
	tap_ok(import.order_count == 1 && import.orders[0].receiver && strcmp(import.orders[0].receiver, "GB") == 0,
	    "and nothing else");
	json_t *fields = import.orders[0].fields;
	tap_ok(!json_object_get(fields, "charter") && !json_object_get(fields, "supplier") &&
		!json_object_get(fields, "deliver_on") &&
		strcmp(json_string_value(json_object_get(fields, "delivered_at")), "2013-11-26T01:00:00Z") == 0 &&
		strcmp(json_string_value(json_object_get(fields, "receiver")), "GB") == 0,
	    "it says who received and when, and makes no statement for the receiver");
	tap_ok(json_object_get(fields, "meters") == NULL, "nothing is counted unless it is said how");
	import_clear(&import);
	options.meter_reading = "ward book";
	tap_is_int(read_text(bytes_text(own), &options, &import, &err), OK, "when it is said");
	tap_is_int((long long)json_array_size(json_object_get(import.orders[0].fields, "meters")), 1,
	    "every service is, and no supply");
	import_clear(&import);
	options = (struct import_options){ .only = "04,09" };
	tap_is_int(
	    read_text(bytes_text(file), &options, &import, &err), BAD_INPUT, "a number that no row has is refused");
	import_clear(&import);
}

static const struct {
	const char *row, *expected, *title;
} bad_rows[] = {
	{ ROW("01", "1", "0", "LTR", "80"), "2 quantity: must be above 0\n", "quantity 0" },
	{ ROW("01", "1", "5\x01", "LTR", "80"),
	    "2 quantity: number \"5?\" has a character that is not part of a number (digits, one point, commas, 万, 億)\n",
	    "a control character in a number" },
	{ ROW("01", "1", "5", "L\x01", "80"), "2 unit: holds a control character\n", "a control character in a text" },
	{ ROW("012345678901234567890123456789012345678901234567890123456789012345", "1", "5", "LTR", "80"),
	    "2 no: has 66 bytes of UTF-8; at most 64\n", "a text that is too long" },
	{ ROW("01", "1", "-5", "LTR", "80"), "2 quantity: must be above 0\n", "a negative quantity" },
	{ ROW("01", "1", "", "LTR", "80"), "2 quantity: is empty\n", "no quantity" },
	{ ROW("01", "1", "5", "LITRE", "80"),
	    "2 unit: \"LITRE\" is not on the list of units (UN/ECE Recommendation 20)\n", "a unit outside the list" },
	{ ROW("01", "1", "5", "LTR", "80.5"),
	    "2 unit_price_minor: \"80.5\" has decimals; amounts are in whole minor units (pence, yen)\n",
	    "a price with decimals" },
	{ ROW("01", "1", "5", "LTR", "0"),
	    "2 unit_price_minor: must be above 0; or leave it empty and give ceiling_minor\n", "a price of 0" },
	{ ROW("01", "1", "5", "LTR", ""),
	    "2 unit_price_minor: must be above 0; or leave it empty and give ceiling_minor\n", "no price" },
	{ ROW("01", "0", "5", "LTR", "80"), "2 line: must be a number from 1 to 9999\n", "line 0" },
	{ ROW("01", "1", "5", "LTR", "80") ROW("01", "1", "5", "LTR", "80"), "3 line: occurs twice in this order\n",
	    "a line twice" },
	{ "01,1,,GB,XX,1b,fuel,supply,a,,1,LTR,,8,GBP,cash,,Cebu,2013-11-26,,\n",
	    "2 supplier: \"XX\" is no party of the agreement\n", "a stranger" },
	{ "01,1,,GB,GB,1b,fuel,supply,a,,1,LTR,,8,GBP,cash,,Cebu,2013-11-26,,\n",
	    "2 supplier: is the receiver itself\n", "the receiver itself" },
	{ "01,1,,GB,JP,9z,fuel,supply,a,,1,LTR,,8,GBP,cash,,Cebu,2013-11-26,,\n",
	    "2 activity: \"9z\" is no activity of the agreement\n", "an activity" },
	{ "01,1,,GB,JP,1b,weapons,supply,a,,1,LTR,,8,GBP,cash,,Cebu,2013-11-26,,\n",
	    "2 category: \"weapons\" may never be provided under the agreement\n", "weapons" },
	{ "01,1,,GB,JP,1b,water,supply,a,,1,LTR,,8,GBP,cash,,Cebu,2013-11-26,,\n",
	    "2 category: \"water\" is no category of the agreement on this day\n", "a category" },
	{ "01,1,,GB,JP,1b,fuel,gift,a,,1,LTR,,8,GBP,cash,,Cebu,2013-11-26,,\n",
	    "2 kind: \"gift\" must be supply or service\n", "a kind" },
	{ "01,1,,GB,JP,1b,fuel,supply,a,,1,LTR,,8,GBP,service_like,,Cebu,2013-11-26,,\n",
	    "2 settlement: \"service_like\" settles no supply under the agreement\n",
	    "a method of services for a supply" },
	{ "01,1,,GB,JP,1b,fuel,service,a,,1,LTR,m,8,GBP,return_like,,Cebu,2013-11-26,,\n",
	    "2 settlement: \"return_like\" settles no service under the agreement\n",
	    "a method of supplies for a service" },
	{ "01,1,,GB,JP,1b,fuel,service,a,,1,LTR,,8,GBP,cash,,Cebu,2013-11-26,,\n",
	    "2 meter: is empty; a service says how it is counted\n", "a service without a meter" },
	{ "01,1,,GB,JP,1b,fuel,supply,a,,1,LTR,,8,USD,cash,,Cebu,2013-11-26,,\n",
	    "2 currency: \"USD\" is no currency of the agreement\n", "a currency" },
	{ "01,1,,GB,JP,1b,fuel,supply,,,1,LTR,,8,GBP,cash,,Cebu,2013-11-26,,\n",
	    "2 description_en: is empty, and so is description_ja\n", "no description" },
	{ "01,1,,GB,JP,1b,fuel,supply,a,,1,LTR,,8,GBP,cash,,Cebu,2013-02-30,,\n",
	    "2 deliver_on: \"2013-02-30\" is no day; write 2013-11-26\n", "no such day" },
	{ "01,1,,GB,JP,1b,fuel,supply,a,,1,LTR,,8,GBP,cash,,,2013-11-26,,\n", "2 place: is empty\n", "no place" },
	{ ROW("01", "1", "5", "LTR", "80") "01,2,,GB,JP,1a,fuel,supply,a,,1,LTR,,8,GBP,cash,,Manila,2013-11-26,,\n",
	    "3 activity: differs from line 2, which is of the same order\n3 place: differs from line 2, which is of the same order\n",
	    "lines of one order that disagree about it" },
	{ ROW("01", "1", "0", "LTR", "80") ROW("02", "1", "5", "LITRE", "80"),
	    "2 quantity: must be above 0\n3 unit: \"LITRE\" is not on the list of units (UN/ECE Recommendation 20)\n",
	    "every bad line, not the first alone" },
};

static void test_complaints(void)
{
	for (size_t i = 0; i < sizeof bad_rows / sizeof bad_rows[0]; i++) {
		tap_is_text(complaints_of(arena_printf(&arena, "%s%s", HEADING, bad_rows[i].row)), bad_rows[i].expected,
		    arena_printf(&arena, "named with line and column: %s", bad_rows[i].title));
	}
	tap_ok(strncmp(complaints_of(HEADING ROW("01", "1", "1,25", "LTR", "80")), "2 quantity: ", 12) != 0,
	    "a comma moves the columns, which is seen");
	tap_ok(strncmp(complaints_of(HEADING ROW("01", "1", "\"1,25\"", "LTR", "80")), "2 quantity: ", 12) == 0,
	    "a comma in the wrong place is not guessed at");
	tap_ok(
	    strncmp(complaints_of(HEADING ROW("01", "1", "1234567890123456789", "LTR", "80")), "2 quantity: ", 12) == 0,
	    "nor a number of 19 digits");
	tap_ok(strncmp(complaints_of(HEADING "01,1,,GB,JP,1b,fuel,supply,a,,1,LTR,,8,GBP,cash,914,Cebu,2013-11-26,,\n"),
		   "2 nsn_or_fsc: ", 14) == 0,
	    "a stock number has its form");
}

static void test_files(void)
{
	tap_is_text(
	    complaints_of(""), "error: empty; must begin with a line of column names", "an empty file is refused");
	tap_is_text(complaints_of("no,line\n"), "error: column receiver: missing in the heading (line 1)",
	    "a file without its columns is refused");
	tap_is_text(
	    complaints_of("no,no\n"), "error: column no: occurs twice in the heading", "a column twice is refused");
	tap_ok(strncmp(complaints_of(HEADING "\"01"), "error: ", 7) == 0, "a file that ends inside quotes is refused");
}

int main(void)
{
	json_t *json = parse(profile_json);

	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&profile, LIMIT_BODY_BYTES);
	json_object_set_new(json, "parties", parse("[{'code':'GB'},{'code':'JP'}]"));
	put_json(&profile, json);
	test_plain();
	test_cp932();
	test_skipped();
	test_complaints();
	test_files();
	json_decref(json);
	buf_clear(&profile);
	arena_clear(&arena);
	return tap_done();
}
