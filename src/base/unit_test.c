#include "base/tap.h"
#include "base/text.h"
#include "base/unit.h"

static const struct unit *u(const char *code)
{
	const struct unit *unit = unit_find(bytes_text(code));

	ASSERT(unit != NULL);
	return unit;
}

static const char *converted(const char *quantity, const char *from, const char *to, unsigned decimals)
{
	static char text[DECIMAL_TEXT];
	struct decimal in, out;
	struct err err = { 0 };

	if (decimal_parse(bytes_text(quantity), &in, &err) != OK) {
		return "unread";
	}
	switch (unit_convert(in, u(from), u(to), decimals, &out, &err)) {
	case OK: decimal_print(out, text); return text;
	case REFUSED: return "refused";
	case BAD_INPUT: return "too large";
	default: return "other";
	}
}

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static void the_list(void)
{
	bool once = true, named = true, grouped = true, lowest = true;

	for (size_t i = 0; i < unit_count(); i++) {
		const struct unit *unit = unit_at(i);
		once = once && unit_find(bytes_text(unit->code)) == unit;
		named = named && unit->name_en[0] != '\0' && unit->name_ja[0] != '\0' &&
		    text_check(bytes_text(unit->name_ja)) == NULL;
		grouped = grouped && (i == 0 || unit->dimension >= unit_at(i - 1)->dimension);
		lowest = lowest &&
		    (unit->numerator == 0
			    ? unit->denominator == 0
			    : unit->numerator > 0 && common_divisor(unit->numerator, unit->denominator) == 1);
	}
	tap_is_int(unit_count(), 97, "the list is pinned: 97 units");
	tap_ok(once, "every code stands in the list once and is found");
	tap_ok(named, "every unit has a name in English and in Japanese");
	tap_ok(grouped, "units are grouped by dimension");
	tap_ok(lowest, "every factor is a fraction in lowest terms, or none");
	tap_ok(unit_find(bytes_text("18")) == NULL && unit_find(bytes_text("KTM")) == NULL &&
		unit_find(bytes_text("BX")) == NULL && unit_find(bytes_text("HAR")) == NULL,
	    "codes that the Recommendation has dropped or never had are not found");
	tap_ok(unit_find(bytes_text("ltr")) == NULL && unit_find(bytes_text("LT")) == NULL &&
		unit_find(bytes_text("")) == NULL,
	    "codes are found as they are written only");
	tap_is_text(unit_find(bytes_text("13"))->name_en, "ration", "13 is the ration");
	tap_is_text(unit_find(bytes_text("NMI"))->name_ja, "海里", "NMI is the nautical mile");
	tap_is_text(dimension_name(DIMENSION_VOLUME), "volume", "a dimension has a name");
	tap_is_text(dimension_name(DIMENSION_SERVICE), "service", "the last dimension too");
}

static void converting(void)
{
	tap_is_text(converted("1", "GLL", "LTR", 6), "3.785412", "a US gallon is 3.785411784 litres, rounded");
	tap_is_text(converted("1000", "GLL", "LTR", 6), "3785.411784", "a thousand of them are exact");
	tap_is_text(converted("1", "GLI", "LTR", 6), "4.54609", "a British gallon is 4.54609 litres");
	tap_is_text(converted("1", "BLL", "GLL", 6), "42", "a barrel is 42 gallons, exactly");
	tap_is_text(converted("11960", "GLL", "K6", 3), "45.274", "11,960 gallons are 45.274 kilolitres");
	tap_is_text(converted("5536", "K6", "MTQ", 6), "5536", "a kilolitre is a cubic metre");
	tap_is_text(converted("1", "MTQ", "FTQ", 6), "35.314667", "a cubic metre is 35.314667 cubic feet");
	tap_is_text(converted("1", "GLI", "OZI", 6), "160", "a British gallon has 160 fluid ounces");
	tap_is_text(converted("1", "GLL", "OZA", 6), "128", "a US gallon has 128");
	tap_is_text(converted("1", "LTN", "LBR", 6), "2240", "a long ton is 2,240 pounds");
	tap_is_text(converted("1", "STN", "KGM", 6), "907.18474", "a short ton is 907.18474 kg");
	tap_is_text(converted("18", "TNE", "LBR", 0), "39683", "18 tonnes are 39,683 pounds");
	tap_is_text(converted("1", "CWI", "STI", 6), "8", "a British hundredweight is 8 stone");
	tap_is_text(converted("90", "MIN", "HUR", 6), "1.5", "90 minutes are an hour and a half");
	tap_is_text(converted("2", "WEE", "DAY", 0), "14", "two weeks are 14 days");
	tap_is_text(converted("1", "NMI", "KMT", 6), "1.852", "a nautical mile is 1.852 km");
	tap_is_text(converted("1", "SMI", "FOT", 6), "5280", "a mile is 5,280 feet");
	tap_is_text(converted("12", "INH", "FOT", 6), "1", "12 inches are a foot");
	tap_is_text(converted("1", "H18", "MTK", 6), "10000", "a hectare is 10,000 square metres");
	tap_is_text(converted("1", "KWH", "3B", 6), "3.6", "a kilowatt hour is 3.6 megajoules");
	tap_is_text(converted("5", "DZN", "EA", 0), "60", "five dozen are 60");
	tap_is_text(converted("7", "C62", "EA", 0), "7", "one, each and piece are the same");
	tap_is_text(converted("7", "EA", "H87", 0), "7", "in both directions");
	tap_is_text(converted("-2.5", "TNE", "KGM", 0), "-2500", "returns are converted too");
	tap_is_text(converted("0.5", "EA", "EA", 0), "1", "a quantity stays in its unit, rounded as asked");
	tap_is_text(converted("1", "DAY", "WEE", 6), "0.142857", "what does not divide is rounded to six decimals");
}

static void refusing(void)
{
	struct err err = { 0 };
	struct decimal out = { 5, 0 };
	const struct decimal one = { 1, 0 };

	tap_is_int(
	    unit_convert(one, u("LTR"), u("KGM"), 3, &out, &err), REFUSED, "litres are not converted to kilograms");
	tap_is_text(err.text, "unit LTR (litre) is a unit of volume; it cannot be converted to KGM (kilogram), of mass",
	    "and the refusal says why");
	tap_is_text(err.source, "UN/ECE Recommendation 20", "and on what ground");
	tap_is_int(out.mantissa, 5, "and nothing is written");
	err_clear(&err);
	tap_is_int(unit_convert(one, u("MON"), u("DAY"), 3, &out, &err), REFUSED, "a month is not converted to days");
	tap_is_text(err.text, "unit MON (month) has no fixed measure; MON cannot be converted to DAY",
	    "as it has no fixed length");
	err_clear(&err);
	unit_convert(one, u("HUR"), u("ANN"), 3, &out, &err);
	tap_is_text(
	    err.text, "unit ANN (year) has no fixed measure; HUR cannot be converted to ANN", "nor are hours to years");
	tap_is_text(converted("3", "13", "C62", 0), "refused", "rations are not pieces");
	tap_is_text(converted("3", "13", "Q3", 0), "refused", "nor meals");
	tap_is_text(converted("3", "13", "13", 0), "3", "rations are rations");
	tap_is_text(converted("3", "DAY", "E49", 0), "refused", "days are not working days");
	tap_is_text(converted("3", "LH", "HUR", 0), "refused", "labour hours are not hours");
	tap_is_text(converted("3", "PR", "EA", 0), "refused", "pairs are not pieces");
	tap_is_text(converted("3", "IE", "EA", 0), "refused", "persons are not pieces");
	tap_is_text(converted("3", "20", "21", 0), "refused", "containers are not counted by halves");
	tap_is_text(converted("999999999999999999", "TNE", "KGM", 0), "too large",
	    "a result of more than 18 digits is refused");
	err_clear(&err);
	unit_convert((struct decimal){ 999999999999999999, 0 }, u("K6"), u("LTR"), 0, &out, &err);
	tap_is_text(
	    err.text, "quantity 999999999999999999 K6: too large to be given in LTR", "and the message says of what");
}

static void what_is_said(void)
{
	bool good = true;

	tap_is_text(unit_said(unit_find(bytes_text("LTR")), false, false), "L", "litres are written by their symbol");
	tap_is_text(unit_said(unit_find(bytes_text("KGM")), true, false), "kg", "in Japanese too");
	tap_is_text(unit_said(unit_find(bytes_text("Q3")), false, false), "meals", "many meals");
	tap_is_text(unit_said(unit_find(bytes_text("Q3")), false, true), "meal", "one meal");
	tap_is_text(unit_said(unit_find(bytes_text("Q3")), true, false), "食", "and in Japanese");
	tap_is_text(
	    unit_said(unit_find(bytes_text("LBR")), true, false), "ポンド", "no explanation is behind a quantity");
	for (size_t i = 0; i < unit_count(); i++) {
		const struct unit *unit = unit_at(i);
		const char *many = unit_said(unit, false, false), *ja = unit_said(unit, true, false);
		good = good && many[0] != '\0' && ja[0] != '\0' && strpbrk(many, "([") == NULL &&
		    strpbrk(ja, "([") == NULL && strstr(ja, "(") == NULL;
	}
	tap_ok(good, "every unit is said in both languages without brackets");
}

static void every_pair(void)
{
	bool good = true;
	unsigned pairs = 0;

	for (size_t i = 0; i < unit_count(); i++) {
		for (size_t j = 0; j < unit_count(); j++) {
			const struct unit *a = unit_at(i), *b = unit_at(j);
			struct decimal there, one = { 1, 0 };
			struct err err = { 0 };
			bool common =
			    i == j || (a->dimension == b->dimension && a->numerator != 0 && b->numerator != 0);
			enum status status = unit_convert(one, a, b, 0, &there, &err);
			good = good && status == (common ? OK : REFUSED);
			pairs += common;
		}
	}
	tap_ok(good, "every pair of units of one dimension converts without overflow, every other pair is refused");
	tap_is_int(pairs, 879, "the pairs that convert are the known number");
}

int main(void)
{
	the_list();
	converting();
	refusing();
	what_is_said();
	every_pair();
	return tap_done();
}
