#include "base/tap.h"
#include "core/assets.h"
#include "paper/layout.h"
#include <string.h>

ASSET_DECLARE(paper_order_request);
ASSET_DECLARE(paper_order_receipt);
ASSET_DECLARE(paper_order_claim);
ASSET_DECLARE(paper_account);
ASSET_DECLARE(paper_audit);
ASSET_DECLARE(paper_notice);
ASSET_DECLARE(paper_handover);

#define LABEL "\"en\": \"Item\", \"ja\": \"品目\""
#define ROWS(rows) "{" LABEL ", \"rows\": [" rows "]}"

static const char *refusal(const char *text)
{
	static struct err err;
	json_t *layout;

	err_clear(&err);
	if (layout_read(bytes_text(text), "test", &layout, &err) == OK) {
		json_decref(layout);
		return "";
	}
	return err.text;
}

static void good(void)
{
	tap_is_text(refusal(ROWS(
			"{\"boxes\": [{\"box\": 4, " LABEL ", \"value\": \"a.b\", \"form\": \"day\", \"width\": 3}]}")),
	    "", "a layout with a box is read");
	tap_is_text(refusal(ROWS("{\"table\": \"a\", \"with\": \"a\", \"columns\": [{" LABEL "}]}, {\"say\": {" LABEL
				 "}}, {\"title\": {" LABEL "}}, {\"signatures\": [{" LABEL "}]}")),
	    "", "tables, sentences, titles and room to sign are read");
}

static void bad(void)
{
	static const struct {
		const char *text, *says, *title;
	} cases[] = {
		{ "{", "line 1", "what is no JSON is refused with its line" },
		{ "[]", "must be inside an object", "a list is no layout" },
		{ "{" LABEL ", \"en\": \"x\", \"rows\": []}", "duplicate", "a name that stands twice is refused" },
		{ "{" LABEL ", \"rows\": []}", "rows: must be a list of 1 to 64", "a layout without rows is refused" },
		{ "{" LABEL ", \"tone\": 1, \"rows\": [{}]}", "tone: not known",
		    "a name that is not known is refused" },
		{ "{\"en\": \"x\", \"rows\": [{}]}", "ja: must be a label", "both languages are asked for" },
		{ "{" LABEL ", \"wide\": 1, \"rows\": [{}]}", "wide: must be true or false", "wide is true or false" },
		{ "{" LABEL ", \"code\": {" LABEL "}, \"rows\": [{}]}", "value: must be a path",
		    "a code says of what" },
		{ ROWS("{}"), "row 1: row: must be one of", "a row is of some kind" },
		{ ROWS("{\"say\": {" LABEL "}, \"title\": {" LABEL "}}"), "must be one of", "a row is of one kind" },
		{ ROWS("{\"table\": \"a\"}"), "columns: belong to a table", "a table has columns" },
		{ ROWS("{\"say\": {" LABEL "}}, {\"boxes\": []}"), "row 2: boxes: must be a list of 1 to 12",
		    "a row of boxes has some, and the message says which row" },
		{ ROWS("{\"boxes\": [{" LABEL ", \"value\": \"a..b\"}]}"), "value: must be a path",
		    "a path has names" },
		{ ROWS("{\"boxes\": [{" LABEL ", \"value\": \"../x\"}]}"), "value: must be a path",
		    "a path leads to facts alone" },
		{ ROWS("{\"boxes\": [{" LABEL ", \"box\": 0}]}"), "box: must be a number", "boxes count from one" },
		{ ROWS("{\"boxes\": [{" LABEL ", \"box\": \"4\"}]}"), "box: must be a number", "a box has a number" },
		{ ROWS("{\"boxes\": [{" LABEL ", \"form\": \"money\"}]}"), "form: must be",
		    "forms are those that are known" },
		{ ROWS("{\"boxes\": [{" LABEL ", \"width\": 0}]}"), "width: must be", "no box is without width" },
		{ ROWS("{\"boxes\": [{" LABEL ", \"with\": \"a\"}]}"), "with: not known",
		    "a box is not left out alone" },
		{ ROWS("{\"title\": {\"en\": \"x\"}}"), "ja: must be a label", "a title is in both languages" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *said = refusal(cases[i].text);
		if (!tap_ok(strstr(said, cases[i].says) != NULL, cases[i].title)) {
			printf("# said: %s\n", said);
		}
	}
}

/* Boxes that were seen with their numbers on a published form; the others of the form were not. */
static bool is_seen(json_int_t number)
{
	return (number >= 1 && number <= 16) || (number >= 22 && number <= 25);
}

static bool boxes_seen(const json_t *boxes)
{
	json_t *box;
	size_t index;

	json_array_foreach((json_t *)boxes, index, box)
	{
		const json_t *number = json_object_get(box, "box");
		if (number != NULL && !is_seen(json_integer_value(number))) {
			return false;
		}
	}
	return true;
}

static bool all_seen(const json_t *layout)
{
	json_t *row;
	size_t index;
	bool good = json_array_size(json_object_get(layout, "rows")) > 0;

	json_array_foreach(json_object_get(layout, "rows"), index, row)
	{
		good = good && boxes_seen(json_object_get(row, "boxes")) &&
		    boxes_seen(json_object_get(row, "columns")) && boxes_seen(json_object_get(row, "signatures"));
	}
	return good;
}

static void look_at(const char *name, struct bytes text)
{
	struct err err = { 0 };
	json_t *layout = NULL;

	printf("# %s\n", name);
	tap_is_int(layout_read(text, name, &layout, &err), OK, "a shipped layout is read");
	tap_ok(all_seen(layout), "only boxes that were seen bear numbers");
	json_decref(layout);
}

static void facts(void)
{
	json_t *facts = json_pack("{s:{s:s, s:n, s:[]}, s:i}", "a", "b", "text", "nothing", "none", "c", 3);

	tap_is_text(json_string_value(fact_at(facts, "a.b")), "text", "a path leads into an object");
	tap_ok(fact_at(facts, "a.x") == NULL && fact_at(facts, "c.d") == NULL, "a path may lead nowhere");
	tap_ok(fact_at(facts, "a.nothing") == NULL, "null is nothing");
	tap_ok(fact_at(facts, "a.none") == NULL, "an empty list is nothing");
	json_decref(facts);
}

int main(void)
{
	good();
	bad();
	look_at("order-request", ASSET(paper_order_request));
	look_at("order-receipt", ASSET(paper_order_receipt));
	look_at("order-claim", ASSET(paper_order_claim));
	look_at("account", ASSET(paper_account));
	look_at("audit", ASSET(paper_audit));
	look_at("notice", ASSET(paper_notice));
	look_at("handover", ASSET(paper_handover));
	facts();
	return tap_done();
}
