/* Amounts as people type them, by a table of every form there is. */
#include "app/amounts.h"
#include "base/tap.h"
#include "core/domain.h"
#include <stdlib.h>

static const struct field items[] = {
	{ 0, FIELD_CURRENCY, "currency", false, 0, NULL, "", "", "", "" },
	{ 1, FIELD_AMOUNT, "price_minor", false, 0, NULL, "", "", "", "" },
	{ 2, FIELD_AMOUNT, "value_minor", false, AMOUNT_OUTER, NULL, "", "", "", "" },
	{ 0 },
};
static const struct field fields[] = {
	{ 8, FIELD_AMOUNT, "total_minor", false, 0, NULL, "", "", "", "" },
	{ 9, FIELD_CURRENCY, "currency", false, 0, NULL, "", "", "", "" },
	{ 10, FIELD_LIST, "lines", false, 4, items, "", "", "", "" },
	{ 11, FIELD_AMOUNT, "fee", false, 0, NULL, "", "", "", "" },
	{ 0 },
};

/* What comes of an object; the error's text when it is refused. */
static const char *through(const char *text, const char *currency)
{
	static char out[1000];
	struct err err = { 0 };
	json_t *object;

	if (json_read(bytes_text(text), "test", &object, &err) != OK) {
		return "not JSON";
	}
	if (amounts_read(fields, object, bytes_text(currency), "toy.made", &err) != OK) {
		snprintf(out, sizeof out, "%s", err.text);
	} else {
		char *made = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
		snprintf(out, sizeof out, "%s", made);
		free(made);
	}
	json_decref(object);
	return out;
}

static void reads(void)
{
	tap_is_text(through("{\"total\":\"18,500.00\",\"currency\":\"GBP\"}", ""),
	    "{\"currency\":\"GBP\",\"total_minor\":1850000}", "pounds and pence");
	tap_is_text(through("{\"total\":\"1,234\",\"currency\":\"JPY\"}", "GBP"),
	    "{\"currency\":\"JPY\",\"total_minor\":1234}", "yen; the currency beside it comes first");
	tap_is_text(through("{\"total\":\"18,500.5\"}", "GBP"), "{\"total_minor\":1850050}",
	    "in the currency of what is aimed at");
	tap_is_text(through("{\"total\":\"1億3507万\"}", "JPY"), "{\"total_minor\":135070000}", "man and oku");
	tap_is_text(through("{\"total\":\"1８,5００.0０\"}", "GBP"), "{\"total_minor\":1850000}", "full-width digits");
	tap_is_text(
	    through("{\"total\":\" GBP 5.00 \"}", ""), "{\"total_minor\":500}", "the currency before the amount");
	tap_is_text(through("{\"total\":\"5.00 GBP\"}", "GBP"), "{\"total_minor\":500}", "or behind it");
	tap_is_text(through("{\"total_minor\":5}", "GBP"), "{\"total_minor\":5}", "minor units stay as they are");
	tap_is_text(
	    through("{\"lines\":[{\"price\":\"2\"},{\"price\":\"2\",\"currency\":\"JPY\"}],\"currency\":\"GBP\"}", ""),
	    "{\"currency\":\"GBP\",\"lines\":[{\"price_minor\":200},{\"currency\":\"JPY\",\"price_minor\":2}]}",
	    "a line's currency is its own, else that around it");
	tap_is_text(through("{\"lines\":[{\"value\":\"2\",\"currency\":\"JPY\"}],\"currency\":\"GBP\"}", ""),
	    "{\"currency\":\"GBP\",\"lines\":[{\"currency\":\"JPY\",\"value_minor\":200}]}",
	    "but for what the table says is in that around it");
	tap_is_text(through("{\"lines\":3}", ""), "{\"lines\":3}", "what is no list is left for others to refuse");
}

static void refuses(void)
{
	tap_ok(strstr(through("{\"total\":\"1,234.50\"}", "JPY"), "JPY has no decimals") != NULL, "yen with decimals");
	tap_ok(strstr(through("{\"total\":\"1.005\"}", "GBP"), "GBP has 2 decimals") != NULL, "too many decimals");
	tap_ok(strstr(through("{\"total\":\"18.500\"}", "GBP"), "GBP has 2 decimals") != NULL,
	    "eighteen, or eighteen thousand?");
	tap_is_text(through("{\"total\":\"5\"}", ""),
	    "toy.made.total \"5\": in which currency? choose it, or write it before the amount: GBP 18,500.00",
	    "no currency");
	tap_is_text(through("{\"total\":\"USD 5\"}", "GBP"),
	    "toy.made.total \"USD 5\": is in USD, but the currency is GBP", "another currency than the one there");
	tap_ok(strstr(through("{\"total\":\"5\",\"currency\":\"XYZ\"}", ""), "no currency XYZ") != NULL,
	    "no such currency");
	tap_ok(strstr(through("{\"total\":\"five\"}", "GBP"), "toy.made.total: ") != NULL, "no number");
	tap_ok(strstr(through("{\"total\":\"5\",\"total_minor\":500}", "GBP"), "both given") != NULL, "given twice");
	tap_ok(strstr(through("{\"total\":5}", "GBP"), "must be text") != NULL,
	    "a bare number may be meant in minor units");
	tap_ok(strstr(through("{\"lines\":[{},{\"price\":\"0.1\",\"currency\":\"JPY\"}]}", ""),
		   "toy.made.lines[1].price") != NULL,
	    "a line is named");
}

/* No set of fields may have a field of the name under which an amount of it is typed. */
/* NOLINTNEXTLINE(misc-no-recursion): at most one list within another */
static bool names_clash(const struct field *set, unsigned *amounts)
{
	bool clash = false;

	for (const struct field *field = set; field && field->name; field++) {
		char name[AMOUNT_NAME];
		if (field->type == FIELD_AMOUNT) {
			++*amounts;
			clash |= !amount_name(field, name) || field_find(set, name) != NULL;
		}
		clash |= field->type == FIELD_LIST && names_clash(field->fields, amounts);
	}
	return clash;
}

static void tables(void)
{
	unsigned amounts = 0;
	bool clash = false;

	for (const struct domain *const *domain = domains; *domain; domain++) {
		for (const struct kind *kind = (*domain)->kinds; kind->name; kind++) {
			clash |= names_clash(kind->fields, &amounts);
		}
	}
	tap_ok(!clash && amounts > 20, "every amount of every kind can be typed under a name of its own");
}

int main(void)
{
	char name[AMOUNT_NAME];

	reads();
	refuses();
	tables();
	tap_ok(
	    !amount_name(&fields[3], name) && !amount_name(&fields[1], name), "what does not end so has no other name");
	return tap_done();
}
