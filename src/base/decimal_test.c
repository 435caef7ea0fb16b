#include "base/decimal.h"
#include "base/tap.h"

static struct decimal of(const char *text)
{
	struct decimal value = { 0 };
	struct err err = { 0 };

	if (decimal_parse(bytes_text(text), &value, &err) != OK) {
		printf("# cannot read \"%s\": %s\n", text, err.text);
	}
	return value;
}

static const char *printed(struct decimal value)
{
	static char text[DECIMAL_TEXT];

	decimal_print(value, text);
	return text;
}

static bool reads(const char *text, const char *as)
{
	struct decimal value = { 0 };
	struct err err = { 0 };
	bool good = decimal_parse(bytes_text(text), &value, &err) == OK && strcmp(printed(value), as) == 0;

	if (!good) {
		printf("# \"%s\" was read as %s (%s)\n", text, printed(value), err.text);
	}
	return good;
}

/* Refused, with this reason in the message, and without touching the result. */
static bool refuses(const char *text, const char *reason)
{
	struct decimal value = { 4711, 2 };
	struct err err = { 0 };
	bool good = decimal_parse(bytes_text(text), &value, &err) == BAD_INPUT && strstr(err.text, reason) != NULL &&
	    value.mantissa == 4711 && value.decimals == 2;

	if (!good) {
		printf("# \"%s\": %s\n", text, err.text);
	}
	return good;
}

static void reading(void)
{
	tap_ok(reads("250000", "250000") && reads("0", "0") && reads("7", "7"), "whole numbers are read");
	tap_ok(reads("2.6", "2.6") && reads("0.000001", "0.000001") && reads("10.05", "10.05"), "decimals are read");
	tap_ok(reads("-1", "-1") && reads("-0.5", "-0.5"), "negative numbers are read");
	tap_ok(reads("-0", "0") && reads("-0.00", "0"), "minus nothing is nothing");
	tap_ok(
	    reads("2.50", "2.5") && reads("100.000000000000", "100"), "zeros at the end of the decimals mean nothing");
	tap_ok(reads("007", "7") && reads("000000000000000000000001", "1"), "zeros in front mean nothing");
	tap_ok(reads("1,250", "1250") && reads("12,345,678.9", "12345678.9") && reads("100,000", "100000"),
	    "thousands commas are read where they belong");
	tap_ok(reads("２５００００", "250000") && reads("１，２５０．５", "1250.5") && reads("－３", "-3") &&
		reads("−3", "-3"),
	    "full-width digits, commas, points and minus signs are read");
	tap_ok(reads("12３4", "1234"), "full-width and plain digits may be mixed");
	tap_ok(
	    reads("999999999999999999", "999999999999999999") && reads("-999999999999.999999", "-999999999999.999999"),
	    "18 digits are read");
}

static void refusing(void)
{
	tap_ok(refuses("1000000000000000000", "more than 18 digits"), "the smallest number of 19 digits is refused");
	tap_ok(refuses("-1000000000000000000", "more than 18 digits"), "and so is its negative");
	tap_ok(refuses("9223372036854775808", "more than 18 digits") &&
		refuses("18446744073709551616", "more than 18 digits") &&
		refuses("99999999999999999999999999999999999999999999999999", "more than 18 digits"),
	    "longer numbers are refused");
	tap_ok(refuses("1234567890123.123456", "more than 18 digits") &&
		refuses("123456789012345678.01", "more than 18 digits"),
	    "19 digits with a point among them are refused");
	tap_ok(refuses("0.0000001", "more than 6 decimals") && refuses("1.1234567", "more than 6 decimals") &&
		refuses("0.00000000000000000000000000000000000000000000001", "more than 6 decimals") &&
		refuses("1.1234567890123456789", "more than 6 decimals"),
	    "more than 6 decimals are refused");
	tap_ok(refuses("", "empty") && refuses("-", "no digits"), "nothing is no number");
	tap_ok(refuses("1,25", "comma") && refuses("1,2500", "comma") && refuses("1234,567", "comma") &&
		refuses(",125", "digit") && refuses("1,,250", "comma") && refuses("1,250,", "comma") &&
		refuses("1,25.5", "comma"),
	    "a comma in the wrong place is refused: it may be a decimal comma");
	tap_ok(refuses("0,125", "comma"), "a comma after a zero is refused: half of the world means an eighth");
	tap_ok(refuses("1,250,00", "comma") && refuses("1250,000", "comma") && refuses("1,2500,000", "comma"),
	    "commas must all be there or none");
	tap_ok(refuses("1.250,5", "comma after the point"), "a comma after the point is refused");
	tap_ok(refuses("5.", "after the point") && refuses(".5", "before the point"),
	    "a point needs digits on both sides");
	tap_ok(refuses("1.2.3", "two points"), "two points are refused");
	tap_ok(refuses("+1", "plus") && refuses("--1", "minus") && refuses("1-", "minus") && refuses("1-2", "minus"),
	    "signs anywhere else are refused");
	tap_ok(refuses("1 250", "blank") && refuses(" 1", "blank") && refuses("1　2", "blank"), "blanks are refused");
	tap_ok(refuses("1e3", "not part of a number") && refuses("0x10", "not part") && refuses("twelve", "not part") &&
		refuses("12L", "not part"),
	    "letters are refused");
	tap_ok(refuses("3千", "not part") && refuses("1兆", "not part") && refuses("二", "not part"),
	    "other Japanese numerals are refused");
	tap_ok(refuses("1\xFF", "not part") && refuses("\xC3", "not part"), "bytes that are not UTF-8 are refused");
}

static void myriads(void)
{
	tap_ok(reads("25万", "250000") && reads("1億", "100000000"), "万 is ten thousand and 億 a hundred million");
	tap_ok(reads("1億3507万", "135070000") && reads("1億3507万2000", "135072000"), "億, 万 and the rest are added");
	tap_ok(reads("２５万", "250000") && reads("-25万", "-250000") && reads("1,250万", "12500000"),
	    "full-width digits, minus and commas go with 万");
	tap_ok(reads("2.5万", "25000") && reads("1.35億", "135000000") && reads("0.00001万", "0.1") &&
		reads("1.2345678901万", "12345.678901"),
	    "decimals before 万 or 億 are read");
	tap_ok(reads("1億3507.5万", "135075000") && reads("12万0500.25", "120500.25"),
	    "decimals at the end of the last part are read");
	tap_ok(reads("12万500", "120500") && reads("12万50", "120050") && reads("3億0万", "300000000"),
	    "a shorter rest is read as it stands");
	tap_ok(reads("9999億9999万9999", "999999999999") && reads("9999999999億9999万9999", "999999999999999999"),
	    "18 digits are read with 億 and 万");
	tap_ok(refuses("99999999999億", "18 digits") && refuses("10000000000億", "18 digits") &&
		refuses("999999999999999999億", "18 digits") && refuses("100000000000000万", "18 digits"),
	    "more than 18 digits are refused with 億 and 万");
	tap_ok(refuses("1.00000000001万", "6 decimals"), "more than 6 decimals are refused after 万 has taken four");
	tap_ok(
	    refuses("万", "without digits") && refuses("億5", "without digits") && refuses("1億万", "without digits"),
	    "万 or 億 without digits is refused");
	tap_ok(refuses("1万1億", "wrong order") && refuses("1億1億", "twice") && refuses("1万1万", "twice"),
	    "万 before 億, and either of them twice, is refused");
	tap_ok(refuses("12万5", "two ways"), "one digit after 万 is refused: people say 12万5 for 125000");
	tap_ok(refuses("1億3000", "two ways") && reads("1億35070000", "135070000"),
	    "a short rest after 億 is refused: people say 1億3000 for 1億3000万");
	tap_ok(refuses("1億12000万", "than fit") && refuses("12万34567", "than fit") &&
		refuses("1億123456789", "than fit"),
	    "more digits than fit after 億 or 万 are refused");
	tap_ok(refuses("1.5億3000万", "decimals of") && refuses("1.0万5000", "decimals of"),
	    "digits after decimals of 億 are refused");
}

static void making(void)
{
	struct decimal value = { 5, 1 };

	tap_ok(decimal_make(2500, 3, &value) && value.mantissa == 25 && value.decimals == 1,
	    "a decimal is kept in its shortest form");
	tap_ok(decimal_make(0, 6, &value) && value.decimals == 0, "zero has no decimals");
	tap_ok(decimal_make(0, 60, &value) && value.decimals == 0, "zero has no decimals, however many are said");
	tap_ok(decimal_make(-1000000000, 9, &value) && value.mantissa == -1 && value.decimals == 0,
	    "zeros are taken off first");
	tap_ok(!decimal_make(1, 7, &value), "seven decimals are refused");
	tap_ok(decimal_make(999999999999999999, 0, &value) && !decimal_make(1000000000000000000, 0, &value) &&
		!decimal_make(-1000000000000000000, 0, &value) && !decimal_make(INT64_MIN, 0, &value),
	    "18 digits fit, 19 do not");
	tap_ok(decimal_make(1000000000000000000, 1, &value) && value.mantissa == 100000000000000000,
	    "19 digits that shorten to 18 fit");
	tap_is_text(printed((struct decimal){ 5, 3 }), "0.005", "a small decimal is printed with its zeros");
	tap_is_text(printed((struct decimal){ -999999999999999999, 6 }), "-999999999999.999999",
	    "the longest decimal is printed");
	tap_ok(strlen(printed((struct decimal){ INT64_MIN, 6 })) < DECIMAL_TEXT,
	    "even a decimal out of range fits its place");
}

static void comparing(void)
{
	tap_ok(decimal_compare(of("2.5"), of("2.50")) == 0 && decimal_compare(of("2.5"), of("2.49")) > 0 &&
		decimal_compare(of("-2.5"), of("2.49")) < 0,
	    "decimals are compared by value");
	tap_ok(
	    decimal_compare(of("999999999999999999"), of("0.000001")) > 0, "the largest and the smallest are compared");
	tap_ok(decimal_is_zero(of("0.0")) && !decimal_is_zero(of("0.1")), "zero is known");
	tap_ok(decimal_sign(of("-0.1")) == -1 && decimal_sign(of("0")) == 0 && decimal_sign(of("3")) == 1,
	    "the sign is known");
}

static void adding(void)
{
	struct decimal sum = { 0 };

	tap_ok(decimal_add(of("0.1"), of("0.2"), &sum), "a tenth and two tenths are added");
	tap_is_text(printed(sum), "0.3", "and are three tenths exactly");
	tap_ok(decimal_subtract(of("1"), of("0.000001"), &sum), "a millionth is taken away");
	tap_is_text(printed(sum), "0.999999", "and is exactly missing");
	tap_ok(decimal_add(of("1.5"), of("-1.5"), &sum) && sum.mantissa == 0 && sum.decimals == 0,
	    "what cancels is a plain zero");
	tap_ok(decimal_add(of("999999999999999998"), of("1"), &sum), "a sum of 18 digits fits");
	sum = of("7");
	tap_ok(!decimal_add(of("999999999999999999"), of("1"), &sum) && sum.mantissa == 7,
	    "a sum of 19 digits is refused");
	tap_ok(!decimal_subtract(of("-999999999999999999"), of("1"), &sum), "and so is its negative");
	tap_ok(!decimal_add(of("999999999999999999"), of("0.1"), &sum),
	    "a sum that needs more digits is refused, not rounded");
	tap_ok(!decimal_subtract(of("999999999999999999"), of("0.1"), &sum), "and so is a difference");
}

static const char *scaled(const char *a, const char *b, const char *c, unsigned decimals)
{
	struct decimal out;

	return decimal_scale(of(a), of(b), of(c), decimals, &out) ? printed(out) : "refused";
}

static void scaling(void)
{
	tap_is_text(scaled("1", "1", "3", 6), "0.333333", "a third is rounded down");
	tap_is_text(scaled("2", "1", "3", 6), "0.666667", "two thirds are rounded up");
	tap_is_text(scaled("1", "1", "2", 0), "1", "a half is rounded away from zero");
	tap_is_text(scaled("-1", "1", "2", 0), "-1", "a negative half is rounded away from zero too");
	tap_is_text(scaled("1", "-1", "2", 0), "-1", "whichever of them is negative");
	tap_is_text(scaled("-1", "1", "-2", 0), "1", "and two negatives cancel");
	tap_is_text(scaled("0.499999", "1", "1", 0), "0", "less than a half is rounded down");
	tap_is_text(scaled("2.5", "4", "1", 6), "10", "a product is exact");
	tap_is_text(scaled("0.000001", "0.000001", "0.000001", 6), "0.000001", "small numbers keep their digits");
	tap_is_text(scaled("999999999999999999", "999999999999999999", "999999999999999999", 0), "999999999999999999",
	    "a product of 36 digits inside is no overflow");
	tap_is_text(scaled("999999999999", "999999999999.999999", "999999999999.999999", 6), "999999999999",
	    "nor is one that needs more digits before it is divided");
	tap_is_text(scaled("999999999999999999", "10", "1", 0), "refused", "a result of 19 digits is refused");
	tap_is_text(scaled("999999999999999999", "999999999999999999", "0.000001", 6), "refused",
	    "an overflow inside is refused");
	tap_is_text(scaled("1", "1", "0", 0), "refused", "a division by zero is refused");
	tap_is_text(scaled("1", "1", "1", 7), "refused", "seven decimals are refused");
	tap_is_text(scaled("999999999999.999999", "1", "1", 0), "1000000000000", "rounding may carry");
}

static int64_t amount(int64_t price, const char *per, const char *quantity)
{
	int64_t out = -99;

	return minor_amount(price, of(per), of(quantity), &out) ? out : -99;
}

static void money(void)
{
	int64_t out = 5;

	tap_is_int(amount(80, "1", "325000"), 26000000, "325,000 litres at 80 yen are 26 million yen");
	tap_is_int(amount(120000, "1", "2.6"), 312000, "2.6 tonnes at 1,200 pounds are 3,120 pounds in pence");
	tap_is_int(amount(155, "1000", "12345"), 1913, "a price may be for 1,000; 1913.475 is rounded to 1913");
	tap_is_int(amount(1, "2", "1"), 1, "half a minor unit is rounded up");
	tap_is_int(amount(1, "2", "-1"), -1, "half a minor unit returned is rounded away from zero too");
	tap_is_int(amount(-3, "2", "1"), -2, "a negative price is rounded in the same way");
	tap_is_int(amount(7, "0.5", "0.25"), 4, "price per half, quantity a quarter: 3.5 is 4");
	tap_is_int(amount(INT64_MAX, "1", "1") == INT64_MAX, true, "the largest amount fits");
	tap_is_int(amount(INT64_MIN, "1", "1") == INT64_MIN, true, "and so does the smallest");
	tap_is_int(amount(INT64_MAX, "1", "2"), -99, "an amount above it is refused");
	tap_is_int(amount(INT64_MAX, "0.000001", "999999999999999999"), -99, "and so is one far above it");
	tap_is_int(amount(5, "0", "1"), -99, "a price per nothing is refused");
	tap_is_int(amount(5, "-1", "1"), -99, "a price per less than nothing is refused");
	tap_ok(minor_add(INT64_MAX - 1, 1, &out) && out == INT64_MAX, "minor units are added up to the end");
	tap_ok(!minor_add(INT64_MAX, 1, &out) && !minor_add(INT64_MIN, -1, &out), "and refused beyond it, both ways");
}

int main(void)
{
	reading();
	refusing();
	myriads();
	making();
	comparing();
	adding();
	scaling();
	money();
	tap_ok(refuses("\033[2J\342\200\2565\342\200\254", "\"?[2J?5?\""),
	    "a message shows a stranger's control characters as question marks");
	tap_is_int(
	    decimal_parse(bytes_text("x"), &(struct decimal){ 0 }, NULL), BAD_INPUT, "no reason need be asked for");
	return tap_done();
}
