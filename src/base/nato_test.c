#include "base/nato.h"
#include "base/tap.h"
#include "base/text.h"

static const char *reads(const char *text)
{
	static char out[NSN_TEXT];
	static struct err err;

	err_clear(&err);
	memcpy(out, "untouched", sizeof "untouched");
	if (nsn_parse(bytes_text(text), out, &err) == OK) {
		return out;
	}
	return strcmp(out, "untouched") == 0 && err.status == BAD_INPUT ? err.text : "the result was touched";
}

static bool refuses(const char *text, const char *reason)
{
	const char *got = reads(text);
	bool good = strncmp(got, "stock number", 12) == 0 && strstr(got, reason) != NULL;

	if (!good) {
		printf("# \"%s\": %s\n", text, got);
	}
	return good;
}

static void stock_numbers(void)
{
	tap_is_text(reads("1560-99-123-4567"), "1560-99-123-4567", "a stock number in its printed form is read");
	tap_is_text(reads("1560991234567"), "1560-99-123-4567", "without hyphens it is printed with them");
	tap_is_text(reads(" 1560-99-123-4567　"), "1560-99-123-4567", "blanks around it do no harm");
	tap_is_text(
	    reads("１５６０－９９－１２３－４５６７"), "1560-99-123-4567", "full-width digits and hyphens are read");
	tap_is_text(reads("1560‐99‑123−4567"), "1560-99-123-4567", "other hyphens that look the same are read");
	tap_is_text(reads("9140"), "9140", "a supply class alone is read");
	tap_ok(nsn_is_class("9140") && !nsn_is_class("1560-99-123-4567"), "a supply class is told from a stock number");
	tap_is_text(reads("914"),
	    "stock number \"914\" has digits missing; must be 13 digits (9999-99-999-9999) or a supply class of 4",
	    "a digit missing is refused, and the message shows the form");
	tap_ok(
	    refuses("156099123456", "missing") && refuses("91401", "missing") && refuses("1560-99-123-456", "missing"),
	    "any other number of digits is refused");
	tap_ok(refuses("15609912345678", "too many") && refuses("1560-99-123-45678", "too many"),
	    "a digit too many is refused");
	tap_ok(refuses("156-099-123-4567", "wrong place") && refuses("1560-991-23-4567", "wrong place") &&
		refuses("-9140", "wrong place") && refuses("1560--99-123-4567", "wrong place") &&
		refuses("9140-", "wrong place"),
	    "a hyphen in the wrong place is refused");
	tap_ok(refuses("1560-991234567", "some places") && refuses("1560-99-1234567", "some places") &&
		refuses("156099123-4567", "some places"),
	    "hyphens must all be there or none");
	tap_ok(refuses("", "empty") && refuses("　", "empty"), "nothing is refused");
	tap_ok(refuses("1560-99-123-456A", "not a digit") && refuses("1560 99 123 4567", "not a digit") &&
		refuses("九一四〇", "not a digit") && refuses("914\xFF", "not a digit") &&
		refuses("914/", "not a digit") && refuses("914:", "not a digit"),
	    "anything but digits is refused");
}

static void fuels(void)
{
	bool ordered = true, found = true, named = true;

	for (size_t i = 0; i < nato_fuel_count(); i++) {
		const struct nato_fuel *fuel = nato_fuel_at(i);
		ordered =
		    ordered && strlen(fuel->code) == 4 && (i == 0 || strcmp(nato_fuel_at(i - 1)->code, fuel->code) < 0);
		found = found && nato_fuel_find(bytes_text(fuel->code)) == fuel;
		named = named && fuel->name_en[0] != '\0' && fuel->name_ja[0] != '\0' &&
		    text_check(bytes_text(fuel->name_ja)) == NULL && fuel->also != NULL;
	}
	tap_ok(nato_fuel_count() == 18 && ordered, "18 fuels stand in order of their codes");
	tap_ok(found, "every fuel is found by its code");
	tap_ok(named, "every fuel has a name in English and in Japanese");
	const struct nato_fuel *f76 = nato_fuel_find(bytes_text("F-76"));
	tap_is_text(f76->name_en, "naval distillate fuel", "F-76 is naval distillate");
	tap_is_text(f76->name_ja, "艦船用軽油", "in Japanese papers too");
	tap_is_text(nato_fuel_find(bytes_text("F-44"))->also, "JP-5, AVCAT/FSII", "F-44 is what sailors call JP-5");
	tap_ok(nato_fuel_find(bytes_text("f76")) == f76 && nato_fuel_find(bytes_text("F 76")) == f76 &&
		nato_fuel_find(bytes_text("f-76")) == f76,
	    "codes are found as people type them");
	tap_ok(nato_fuel_find(bytes_text("F-99")) == NULL && nato_fuel_find(bytes_text("O-76")) == NULL &&
		nato_fuel_find(bytes_text("76")) == NULL && nato_fuel_find(bytes_text("F-7")) == NULL &&
		nato_fuel_find(bytes_text("F-760")) == NULL && nato_fuel_find(bytes_text("F+76")) == NULL &&
		nato_fuel_find(bytes_text("")) == NULL,
	    "other codes are not found");
}

int main(void)
{
	stock_numbers();
	fuels();
	return tap_done();
}
