#include "domain/support/support_import.h"
#include "base/currency.h"
#include "base/limits.h"
#include "base/nato.h"
#include "base/text.h"
#include "base/time.h"
#include "domain/support/support_state.h"
#include <string.h>

enum import_column {
	NO,
	LINE,
	OPENS,
	RECEIVER_COLUMN,
	SUPPLIER_COLUMN,
	ACTIVITY,
	CATEGORY,
	KIND,
	DESCRIPTION_EN,
	DESCRIPTION_JA,
	QUANTITY,
	UNIT,
	METER,
	PRICE,
	CURRENCY,
	SETTLEMENT,
	NSN,
	PLACE,
	DELIVER_ON,
	RETURN_BY,
	CONSENT,
	PER,
	BASIS,
	CEILING,
	URGENCY,
	THIRD_PARTY,
	FUEL,
	COLUMNS,
};

/* What a cell becomes. */
enum cell { CELL_TEXT, CELL_CODE, CELL_DECIMAL, CELL_MINOR, CELL_DAY, CELL_NUMBER };

static const struct column_rule {
	const char *name;
	bool wanted;  /* the file must have the column */
	bool in_line; /* of a line, not of the order */
	enum cell cell;
	const char *field; /* NULL: not a field */
	size_t most;       /* bytes of a text; support-rules 2.1 */
} columns[COLUMNS] = {
	[NO] = { "no", true, false, CELL_TEXT, "reference", 64 },
	[LINE] = { "line", true, true, CELL_NUMBER, "line" },
	[OPENS] = { "opens", false, false, CELL_CODE, NULL },
	[RECEIVER_COLUMN] = { "receiver", true, false, CELL_CODE, NULL },
	[SUPPLIER_COLUMN] = { "supplier", true, false, CELL_CODE, "supplier" },
	[ACTIVITY] = { "activity", true, false, CELL_CODE, "activity" },
	[CATEGORY] = { "category", true, true, CELL_CODE, "category" },
	[KIND] = { "kind", true, true, CELL_CODE, "kind" },
	[DESCRIPTION_EN] = { "description_en", false, true, CELL_TEXT, "description_en", 400 },
	[DESCRIPTION_JA] = { "description_ja", false, true, CELL_TEXT, "description_ja", 400 },
	[QUANTITY] = { "quantity", true, true, CELL_DECIMAL, "quantity" },
	[UNIT] = { "unit", true, true, CELL_CODE, "unit" },
	[METER] = { "meter", false, true, CELL_TEXT, "meter", 100 },
	[PRICE] = { "unit_price_minor", false, true, CELL_MINOR, "unit_price_minor" },
	[CURRENCY] = { "currency", true, true, CELL_CODE, "currency" },
	[SETTLEMENT] = { "settlement", true, true, CELL_CODE, "settlement" },
	[NSN] = { "nsn_or_fsc", false, true, CELL_CODE, "nsn_or_fsc" },
	[PLACE] = { "place", true, false, CELL_TEXT, "place", 200 },
	[DELIVER_ON] = { "deliver_on", true, false, CELL_DAY, "deliver_on" },
	[RETURN_BY] = { "return_by", false, true, CELL_DAY, "return_by" },
	[CONSENT] = { "third_party_consent", false, false, CELL_TEXT, "third_party_consent", 200 },
	[PER] = { "per", false, true, CELL_DECIMAL, "per" },
	[BASIS] = { "price_basis", false, true, CELL_CODE, "price_basis" },
	[CEILING] = { "ceiling_minor", false, true, CELL_MINOR, "ceiling_minor" },
	[URGENCY] = { "urgency", false, false, CELL_CODE, "urgency" },
	[THIRD_PARTY] = { "third_party", false, false, CELL_TEXT, "third_party", 200 },
	[FUEL] = { "fuel_code", false, true, CELL_CODE, "fuel_code" },
};

struct reader {
	struct arena *arena;
	const struct import_options *options;
	struct import *import;
	int place[COLUMNS]; /* of a column in the file; -1: not there */
	struct csv_row row;
	bool row_is_bad;
	struct profile profile;
	bool *found; /* numbers of --only that the file has, in their order */
};

static void complain(struct reader *reader, enum import_column column, const char *text)
{
	struct import *import = reader->import;

	reader->row_is_bad = true;
	import->complaints = arena_grow(reader->arena, import->complaints, import->complaint_count,
	    import->complaint_count + 1, sizeof *import->complaints);
	if (import->complaints != NULL) {
		import->complaints[import->complaint_count++] =
		    (struct import_complaint){ reader->row.line, columns[column].name, text ? text : "?" };
	}
}

static const char *quoted(struct reader *reader, struct bytes text, const char *says)
{
	char quote[TEXT_QUOTE];

	text_quote(text, quote);
	return arena_printf(reader->arena, "\"%s\" %s", quote, says);
}

/* Full-width letters, digits, points, signs and slashes as ASCII: what a Japanese keyboard gives for a code or a number. */
static struct bytes narrowed(struct reader *reader, struct bytes text)
{
	struct buf out;
	uint32_t code;

	buf_init(&out, LIMIT_CSV_BYTES);
	for (text = text_trim(text); text_take(&text, &code);) {
		text_put(&out, code >= 0xFF01 && code <= 0xFF5E ? code - 0xFEE0 : code == 0x2212 ? '-' : code);
	}
	struct bytes copy = arena_copy(reader->arena, buf_bytes(&out));
	buf_clear(&out);
	return copy;
}

static struct bytes cell_of(struct reader *reader, enum import_column column)
{
	int place = reader->place[column];

	if (place < 0 || (unsigned)place >= reader->row.count) {
		return bytes_of(NULL, 0);
	}
	return columns[column].cell == CELL_TEXT && column != NO ? text_trim(reader->row.fields[place])
								 : narrowed(reader, reader->row.fields[place]);
}

/* ---- one cell ---------------------------------------------------------------------------------------------------- */

static json_t *read_decimal(struct reader *reader, enum import_column column, struct bytes cell, bool whole)
{
	char text[DECIMAL_TEXT];
	struct decimal value;
	struct err err = { 0 };

	if (decimal_parse(cell, &value, &err) != OK) {
		complain(reader, column, arena_printf(reader->arena, "%s", err.text));
		return NULL;
	}
	if (whole && value.decimals > 0) {
		complain(reader, column,
		    quoted(reader, cell, "has decimals; amounts are in whole minor units (pence, yen)"));
		return NULL;
	}
	decimal_print(value, text);
	return whole ? json_integer(value.mantissa) : json_string(text);
}

static json_t *read_cell(struct reader *reader, enum import_column column, struct bytes cell)
{
	int64_t day;

	switch (columns[column].cell) {
	case CELL_DECIMAL: return read_decimal(reader, column, cell, false);
	case CELL_MINOR:
	case CELL_NUMBER: return read_decimal(reader, column, cell, true);
	case CELL_DAY:
		if (!day_parse(cell, &day)) {
			complain(reader, column, quoted(reader, cell, "is no day; write 2013-11-26"));
			return NULL;
		}
		break;
	default:
		if (text_check(cell) != NULL) {
			complain(reader, column, arena_printf(reader->arena, "%s", text_check(cell)));
			return NULL;
		}
		if (columns[column].cell == CELL_TEXT && cell.len > columns[column].most) {
			complain(reader, column,
			    arena_printf(
				reader->arena, "has %zu bytes of UTF-8; at most %zu", cell.len, columns[column].most));
		}
		break;
	}
	return json_stringn((const char *)cell.data, cell.len);
}

/* Cells of the order, or of the line, as fields; empty cells are left out. */
static json_t *read_fields(struct reader *reader, bool in_line)
{
	json_t *object = json_object();

	for (unsigned column = 0; column < COLUMNS; column++) {
		const struct column_rule *rule = &columns[column];
		struct bytes cell = cell_of(reader, column);
		if (rule->in_line != in_line || rule->field == NULL) {
			continue;
		}
		if (cell.len > 0) {
			json_object_set_new(object, rule->field, read_cell(reader, column, cell));
		} else if (rule->wanted) {
			complain(reader, column, "is empty");
		}
	}
	return object;
}

/* ---- what the agreement and the lists say of a row --------------------------------------------------------------- */

static struct bytes text_at(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? bytes_text(text) : bytes_of(NULL, 0);
}

static int sign_at(json_t *object, const char *name)
{
	struct decimal value;
	json_t *found = json_object_get(object, name);

	if (json_is_integer(found)) {
		return json_integer_value(found) > 0 ? 1 : json_integer_value(found) < 0 ? -1 : 0;
	}
	return found && decimal_parse(text_at(object, name), &value, NULL) == OK ? decimal_sign(value) : 1;
}

static bool before(struct bytes day, struct bytes other)
{
	int64_t first, second;

	return day_parse(day, &first) && day_parse(other, &second) && first < second;
}

static void check_stores_codes(struct reader *reader, json_t *line)
{
	struct bytes nsn = text_at(line, "nsn_or_fsc"), fuel = text_at(line, "fuel_code");
	char printed[NSN_TEXT];
	struct err err = { 0 };

	if (nsn.len > 0 && nsn_parse(nsn, printed, &err) != OK) {
		complain(reader, NSN, arena_printf(reader->arena, "%s", err.text));
	} else if (nsn.len > 0) {
		json_object_set_new(line, "nsn_or_fsc", json_string(printed));
	}
	if (fuel.len > 0 && nato_fuel_find(fuel) == NULL) {
		complain(reader, FUEL, quoted(reader, fuel, "is no NATO code of a fuel, such as F-76"));
	} else if (fuel.len > 0) {
		json_object_set_new(line, "fuel_code", json_string(nato_fuel_find(fuel)->code));
	}
}

static void check_line(struct reader *reader, json_t *line)
{
	const struct profile *profile = &reader->profile;
	struct bytes category = text_at(line, "category"), kind = text_at(line, "kind");
	struct bytes unit = text_at(line, "unit"), currency = text_at(line, "currency"),
		     settlement = text_at(line, "settlement");
	bool service = bytes_is(kind, "service"), priced = cell_of(reader, PRICE).len > 0;

	if (category.len > 0 && profile_lists(profile, "never", category)) {
		complain(reader, CATEGORY, quoted(reader, category, "may never be provided under the agreement"));
	} else if (category.len > 0 && !profile_category(profile, category, reader->options->day)) {
		complain(reader, CATEGORY, quoted(reader, category, "is no category of the agreement on this day"));
	}
	if (kind.len > 0 && !service && !bytes_is(kind, "supply")) {
		complain(reader, KIND, quoted(reader, kind, "must be supply or service"));
	} else if (kind.len > 0 && settlement.len > 0 && !profile_settles(profile, kind, settlement)) {
		complain(reader, SETTLEMENT,
		    quoted(reader, settlement,
			service ? "settles no service under the agreement" : "settles no supply under the agreement"));
	}
	if (unit.len > 0 && unit_find(unit) == NULL) {
		complain(reader, UNIT, quoted(reader, unit, "is not on the list of units (UN/ECE Recommendation 20)"));
	}
	if (currency.len > 0 && (currency_find(currency) == NULL || !profile_currency(profile, currency))) {
		complain(reader, CURRENCY, quoted(reader, currency, "is no currency of the agreement"));
	}
	if (sign_at(line, "quantity") <= 0) {
		complain(reader, QUANTITY, "must be above 0");
	}
	if (sign_at(line, "per") <= 0) {
		complain(reader, PER, "must be above 0");
	}
	if (service && text_at(line, "meter").len == 0) {
		complain(reader, METER, "is empty; a service says how it is counted");
	}
	if (priced == (cell_of(reader, CEILING).len > 0) ||
	    sign_at(line, priced ? "unit_price_minor" : "ceiling_minor") <= 0) {
		complain(reader, PRICE, "must be above 0; or leave it empty and give ceiling_minor");
	}
	if (text_at(line, "description_en").len == 0 && text_at(line, "description_ja").len == 0) {
		complain(reader, DESCRIPTION_EN, "is empty, and so is description_ja");
	}
	if (text_at(line, "return_by").len > 0 && before(text_at(line, "return_by"), cell_of(reader, DELIVER_ON))) {
		complain(reader, RETURN_BY, "is before deliver_on");
	}
	check_stores_codes(reader, line);
}

static void check_order(struct reader *reader, json_t *order)
{
	struct bytes activity = text_at(order, "activity"), supplier = text_at(order, "supplier"),
		     opens = cell_of(reader, OPENS);

	if (activity.len > 0 && !profile_lists(&reader->profile, "activities", activity)) {
		complain(reader, ACTIVITY, quoted(reader, activity, "is no activity of the agreement"));
	}
	if (opens.len > 0 && !bytes_is(opens, "request") && !bytes_is(opens, "issue")) {
		complain(reader, OPENS, quoted(reader, opens, "must be request or issue"));
	}
	if (supplier.len > 0 && !profile_lists(&reader->profile, "parties", supplier)) {
		complain(reader, SUPPLIER_COLUMN, quoted(reader, supplier, "is no party of the agreement"));
	} else if (supplier.len > 0 && bytes_equal(supplier, cell_of(reader, RECEIVER_COLUMN))) {
		complain(reader, SUPPLIER_COLUMN, "is the receiver itself");
	}
	if (text_at(order, "third_party").len > 0 && text_at(order, "third_party_consent").len == 0) {
		complain(reader, CONSENT, "is empty; a third party needs the supplier's prior consent");
	}
}

/* ---- rows to orders ---------------------------------------------------------------------------------------------- */

static struct import_order *order_find(struct import *import, const char *no)
{
	for (unsigned i = 0; i < import->order_count; i++) {
		if (strcmp(import->orders[i].no, no) == 0) {
			return &import->orders[i];
		}
	}
	return NULL;
}

static struct import_order *order_add(struct reader *reader, const char *no, json_t *fields)
{
	struct import *import = reader->import;

	import->orders = arena_grow(
	    reader->arena, import->orders, import->order_count, import->order_count + 1, sizeof *import->orders);
	if (import->orders == NULL) {
		return NULL;
	}
	json_object_set_new(fields, "lines", json_array());
	import->orders[import->order_count] = (struct import_order){ no, reader->row.line, json_incref(fields),
		bytes_is(cell_of(reader, OPENS), "issue") ? arena_text(reader->arena, cell_of(reader, RECEIVER_COLUMN))
							  : NULL };
	return &import->orders[import->order_count++];
}

/* Rows that share a number say the same of the order. */
static void compare_order(struct reader *reader, const struct import_order *order, json_t *fields)
{
	for (unsigned column = 0; column < COLUMNS; column++) {
		const char *name = columns[column].in_line ? NULL : columns[column].field;
		if (name != NULL && !json_equal(json_object_get(order->fields, name), json_object_get(fields, name)) &&
		    (json_object_get(order->fields, name) || json_object_get(fields, name))) {
			complain(reader, column,
			    arena_printf(
				reader->arena, "differs from line %u, which is of the same order", order->line));
		}
	}
}

static void add_line(struct reader *reader, struct import_order *order, json_t *line)
{
	json_t *lines = json_object_get(order->fields, "lines"), *other;
	json_int_t number = json_integer_value(json_object_get(line, "line"));
	size_t index, at = json_array_size(lines);

	if (number < 1 || number > 9999) {
		complain(reader, LINE, "must be a number from 1 to 9999");
		return;
	}
	json_array_foreach(lines, index, other)
	{
		json_int_t before = json_integer_value(json_object_get(other, "line"));
		if (before == number) {
			complain(reader, LINE, "occurs twice in this order");
			return;
		}
		at = before > number && index < at ? index : at;
	}
	if (json_array_size(lines) == LIMIT_LINES) {
		complain(reader, LINE, "is more than an order can hold");
		return;
	}
	if (json_object_get(line, "unit_price_minor") && !json_object_get(line, "price_basis")) {
		json_object_set_new(line, "price_basis", json_string("agreed"));
	}
	json_array_insert(lines, at, line);
}

/* Takes the next number off a list with commas; false at its end. */
static bool take_number(const char **list, struct bytes *no)
{
	if (*list == NULL || **list == '\0') {
		return false;
	}
	size_t len = strcspn(*list, ",");
	*no = text_trim(bytes_of(*list, len));
	*list += len + ((*list)[len] == ',');
	return true;
}

static bool asked_for(const struct reader *reader, struct bytes no)
{
	const char *list = reader->options->only;
	struct bytes asked;

	for (unsigned i = 0; take_number(&list, &asked); i++) {
		if (bytes_equal(asked, no)) {
			reader->found[i] = true;
			return true;
		}
	}
	return reader->options->only == NULL;
}

/* Each number of --only must be in the file: a slip of the pen would leave an order out and say nothing. */
static enum status check_only(const struct reader *reader, struct err *err)
{
	const char *list = reader->options->only;
	struct bytes asked;

	for (unsigned i = 0; take_number(&list, &asked); i++) {
		if (!reader->found[i]) {
			return err_set(err, BAD_INPUT, "--only %.*s: no row has this number in the column `no`",
			    (int)asked.len, (const char *)asked.data);
		}
	}
	return OK;
}

/* What we handed over without an order, and can say when. */
static bool is_own_issue(struct reader *reader)
{
	return reader->options->delivered_at != NULL && bytes_is(cell_of(reader, OPENS), "issue") &&
	    bytes_is(cell_of(reader, SUPPLIER_COLUMN), reader->options->own_party);
}

static bool skipped(struct reader *reader, struct bytes no)
{
	struct import *import = reader->import;

	if (is_own_issue(reader)) {
		import->not_asked_for += !asked_for(reader, no);
		return !asked_for(reader, no);
	}

	if (!asked_for(reader, no)) {
		import->not_asked_for++;
	} else if (!bytes_is(cell_of(reader, RECEIVER_COLUMN), reader->options->own_party)) {
		import->other_receiver++;
	} else if (bytes_is(cell_of(reader, OPENS), "issue")) {
		import->opened_by_issue++;
	} else {
		return false;
	}
	return true;
}

static enum status read_row(struct reader *reader, struct err *err)
{
	struct bytes no = cell_of(reader, NO);

	reader->import->rows++;
	reader->row_is_bad = false;
	if (skipped(reader, no)) {
		return OK;
	}
	json_t *fields = read_fields(reader, false), *line = read_fields(reader, true);
	const char *name = arena_text(reader->arena, no);
	struct import_order *order = name ? order_find(reader->import, name) : NULL;
	check_order(reader, fields);
	check_line(reader, line);
	if (order != NULL) {
		compare_order(reader, order, fields);
	} else if (name != NULL) {
		order = order_add(reader, name, fields);
	}
	if (order != NULL) {
		add_line(reader, order, line);
	}
	json_decref(fields);
	json_decref(line);
	return order ? OK : err_set(err, ENVIRONMENT, "import: out of memory");
}

/* Services of an issue with how they were counted. */
static json_t *meters_of(json_t *lines, const char *reading)
{
	json_t *meters = json_array(), *line;
	size_t index;

	json_array_foreach(lines, index, line)
	{
		if (bytes_is(text_at(line, "kind"), "service")) {
			json_array_append_new(meters,
			    json_pack("{s:O, s:s}", "line", json_object_get(line, "line"), "meter_reading", reading));
		}
	}
	return meters;
}

/* Once all rows are read: a request makes the Charter statement; an issue names its receiver, and when it was delivered. */
static void finish(const struct import_options *options, struct import_order *order)
{
	static const char *const of_requests[] = { "supplier", "deliver_on", "urgency" };

	if (order->receiver == NULL) {
		json_object_set_new(order->fields, "charter", json_true());
		return;
	}
	for (unsigned i = 0; i < 3; i++) {
		json_object_del(order->fields, of_requests[i]);
	}
	json_object_set_new(order->fields, "receiver", json_string(order->receiver));
	json_object_set_new(order->fields, "delivered_at", json_string(options->delivered_at));
	json_object_set_new(order->fields, "utc_offset_minutes", json_string(options->utc_offset_minutes));
	if (options->meter_reading != NULL) {
		json_t *meters = meters_of(json_object_get(order->fields, "lines"), options->meter_reading);
		if (json_array_size(meters) > 0) {
			json_object_set(order->fields, "meters", meters);
		}
		json_decref(meters);
	}
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static enum status read_heading(struct reader *reader, struct err *err)
{
	struct import *import = reader->import;

	for (unsigned column = 0; column < COLUMNS; column++) {
		reader->place[column] = -1;
	}
	import->ignored = arena_take_array(reader->arena, reader->row.count + 1, sizeof *import->ignored);
	for (unsigned i = 0; import->ignored != NULL && i < reader->row.count; i++) {
		unsigned column = 0;
		while (column < COLUMNS && !bytes_is(narrowed(reader, reader->row.fields[i]), columns[column].name)) {
			column++;
		}
		if (column == COLUMNS) {
			import->ignored[import->ignored_count++] = arena_text(reader->arena, reader->row.fields[i]);
		} else if (reader->place[column] >= 0) {
			return err_set(err, BAD_INPUT, "column %s: occurs twice in the heading", columns[column].name);
		} else {
			reader->place[column] = (int)i;
		}
	}
	for (unsigned column = 0; column < COLUMNS; column++) {
		if (columns[column].wanted && reader->place[column] < 0) {
			return err_set(err, BAD_INPUT, "column %s: missing in the heading (line %u)",
			    columns[column].name, reader->row.line);
		}
	}
	return import->ignored ? OK : err_set(err, ENVIRONMENT, "import: out of memory");
}

static enum status decode(struct reader *reader, struct bytes file, struct bytes *text, struct err *err)
{
	const char *wanted = reader->options->encoding;
	bool utf8 = wanted != NULL && strcmp(wanted, "utf-8") == 0,
	     cp932 = wanted != NULL && strcmp(wanted, "cp932") == 0;

	if (wanted != NULL && !utf8 && !cp932) {
		return err_set(err, USAGE, "--encoding %s: must be utf-8 or cp932", wanted);
	}
	return text_decode(reader->arena, file, !utf8, text, &reader->import->encoding, err);
}

enum status import_read(
    struct arena *arena, struct bytes file, const struct import_options *options, struct import *out, struct err *err)
{
	struct reader reader = { .arena = arena, .options = options, .import = out };
	struct bytes text;
	struct csv csv;

	*out = (struct import){ 0 };
	profile_read(&reader.profile, options->profile);
	reader.found = arena_take_array(arena, strlen(options->only ? options->only : "") + 1, sizeof *reader.found);
	if (reader.found == NULL) {
		return err_set(err, ENVIRONMENT, "import: out of memory");
	}
	enum status status = decode(&reader, file, &text, err);
	if (status != OK) {
		return status;
	}
	csv_init(&csv, text);
	status = csv_next(&csv, arena, &reader.row, err);
	if (status == NOT_FOUND) {
		return err_set(err, BAD_INPUT, "empty; must begin with a line of column names");
	}
	if (status == OK) {
		status = read_heading(&reader, err);
	}
	while (status == OK && (status = csv_next(&csv, arena, &reader.row, err)) == OK) {
		if (out->rows == LIMIT_CSV_ROWS) {
			return err_set(err, BAD_INPUT, "more than %d rows", LIMIT_CSV_ROWS);
		}
		status = read_row(&reader, err);
	}
	for (unsigned i = 0; i < out->order_count; i++) {
		finish(options, &out->orders[i]);
	}
	return status == NOT_FOUND ? check_only(&reader, err) : status;
}

void import_clear(struct import *import)
{
	for (unsigned i = 0; i < import->order_count; i++) {
		json_decref(import->orders[i].fields);
	}
	import->order_count = 0;
}
