/* What the agreement says, read from its profile (docs/format.md 3.1). A path that is absent or of another type allows nothing
 * (docs/support-rules.md 4.1). */
#include "base/cbor.h"
#include "base/time.h"
#include "domain/support/support_state.h"
#include <string.h>

/* ---- profile ----------------------------------------------------------------------------------------------------- */

static struct list list_at(struct bytes array)
{
	struct cbor_item head = cbor_take(&array);

	return head.type == CBOR_ARRAY ? (struct list){ array, head.count } : (struct list){ 0 };
}

static bool list_take(struct list *list, struct bytes *item)
{
	if (list->left == 0) {
		return false;
	}
	list->left--;
	*item = cbor_skip(&list->at);
	return true;
}

static bool is_text(struct bytes item, struct bytes text)
{
	struct bytes found;

	return cbor_text(item, &found) && bytes_equal(found, text);
}

static bool is_map(struct bytes item)
{
	return cbor_take(&item).type == CBOR_MAP;
}

/* Value of a text key; empty when this is no map or has no such key. */
static struct bytes value_of(struct bytes map, const char *key)
{
	return map.len > 0 && is_map(map) ? cbor_map_text(map, key) : bytes_of(NULL, 0);
}

void profile_read(struct profile *profile, struct bytes whole)
{
	struct bytes at = whole;

	profile->whole = whole;
	profile->count = 0;
	if (whole.len == 0 || !is_map(whole)) {
		return;
	}
	for (size_t left = cbor_take(&at).count; left > 0 && profile->count < PROFILE_VALUES; left--) {
		struct bytes key = cbor_skip(&at), value = cbor_skip(&at);
		profile->values[profile->count++] = (struct profile_value){ key, value };
	}
}

static struct bytes top_of(const struct profile *profile, const char *name)
{
	for (unsigned i = 0; i < profile->count; i++) {
		if (cbor_text_is(profile->values[i].key, name)) {
			return profile->values[i].value;
		}
	}
	return profile->count < PROFILE_VALUES ? bytes_of(NULL, 0) : value_of(profile->whole, name);
}

bool profile_lists(const struct profile *profile, const char *name, struct bytes code)
{
	struct list list = list_at(top_of(profile, name));
	struct bytes item;

	while (list_take(&list, &item)) {
		if (is_text(value_of(item, "code"), code)) {
			return true;
		}
	}
	return false;
}

bool profile_reason(const struct profile *profile, const char *name, struct bytes code)
{
	struct list list = list_at(value_of(top_of(profile, "reasons"), name));
	struct bytes item, first;

	while (list_take(&list, &item)) {
		struct list pair = list_at(item);
		if (list_take(&pair, &first) && is_text(first, code)) {
			return true;
		}
	}
	return false;
}

const char *profile_reasons(struct arena *arena, const struct profile *profile, const char *name)
{
	struct list list = list_at(value_of(top_of(profile, "reasons"), name));
	struct bytes item, first, code;
	const char *codes = "";

	while (list_take(&list, &item)) {
		struct list pair = list_at(item);
		if (list_take(&pair, &first) && cbor_text(first, &code)) {
			codes = arena_printf(
			    arena, "%s%s%.*s", codes, codes[0] ? ", " : "", (int)code.len, (const char *)code.data);
		}
	}
	return codes;
}

/* False when the item is no date. */
static bool date_at(struct bytes item, int64_t *day)
{
	struct bytes text;

	return item.len > 0 && cbor_text(item, &text) && day_parse(text, day);
}

static bool is_null(struct bytes item)
{
	return item.len == 0 || cbor_take(&item).type == CBOR_NULL;
}

/* Is the day from `from` on, and not after `until` where there is one? */
static bool in_force(struct bytes from, struct bytes until, int64_t day)
{
	int64_t first, last;

	return date_at(from, &first) && first <= day && (is_null(until) || (date_at(until, &last) && day <= last));
}

bool profile_category(const struct profile *profile, struct bytes category, int64_t day)
{
	struct list list = list_at(top_of(profile, "categories"));
	struct bytes item;

	while (list_take(&list, &item)) {
		if (is_text(value_of(item, "code"), category) &&
		    in_force(value_of(item, "from"), value_of(item, "until"), day)) {
			return true;
		}
	}
	return false;
}

static bool one_of(struct bytes code, const char *const *codes)
{
	for (; *codes != NULL; codes++) {
		if (bytes_is(code, *codes)) {
			return true;
		}
	}
	return false;
}

static bool array_holds(struct bytes array, struct bytes text)
{
	struct list list = list_at(array);
	struct bytes item;

	while (list_take(&list, &item)) {
		if (is_text(item, text)) {
			return true;
		}
	}
	return false;
}

bool profile_settles(const struct profile *profile, struct bytes kind, struct bytes method)
{
	static const char *const known[] = { "cash", "return_same", "return_like", "service_like", NULL };
	const char *name = bytes_is(kind, "service") ? "service" : "supply";

	return array_holds(value_of(top_of(profile, "settlement"), name), method) && one_of(method, known);
}

bool profile_currency(const struct profile *profile, struct bytes currency)
{
	return array_holds(value_of(top_of(profile, "claim_currencies"), "value"), currency);
}

enum separation profile_separation(const struct profile *profile, const struct terms *terms)
{
	struct bytes approval = value_of(top_of(profile, "approval"), "separation");
	struct bytes amounts = value_of(approval, "above_minor");

	if (amounts.len == 0 || !is_map(amounts)) {
		return SEPARATION_NONE;
	}
	for (unsigned i = 0; i < terms->line_count; i++) {
		char currency[8] = "";
		int64_t total, most = 0;
		memcpy(currency, terms->lines[i].currency.data,
		    terms->lines[i].currency.len < 8 ? terms->lines[i].currency.len : 7);
		if (!cbor_int(value_of(amounts, currency), &most)) {
			most = 0;
		}
		if (!terms_total(terms, terms->lines[i].currency, &total) || total > most) {
			return SEPARATION_ABOVE;
		}
	}
	return SEPARATION_BELOW;
}

bool profile_in_force(const struct profile *profile, int64_t day)
{
	return in_force(top_of(profile, "in_force_on"), top_of(profile, "ends_on"), day);
}

bool profile_clock(const struct profile *profile, const char *name, int64_t *value)
{
	struct bytes item = value_of(value_of(top_of(profile, "clocks"), name), "value");

	return item.len > 0 && cbor_int(item, value) && *value >= 0 && *value <= 36500;
}

bool profile_needs_consent(const struct profile *profile)
{
	struct bytes rule = top_of(profile, "third_party_transfer");

	return rule.len > 0 && cbor_text_is(rule, "prior_consent");
}

bool profile_id(const struct profile *profile, struct bytes *id)
{
	struct bytes item = top_of(profile, "id");

	return item.len > 0 && cbor_text(item, id);
}

/* Percentage of the profile as text: ASCII digits and at most one point; anything else is 0. */
static struct decimal percent_of(struct bytes item)
{
	struct decimal percent = { 0, 0 };
	struct bytes text;
	unsigned points = 0;

	if (item.len == 0 || !cbor_text(item, &text) || text.len == 0 || text.data[0] == '.' ||
	    text.data[text.len - 1] == '.') {
		return percent;
	}
	for (size_t i = 0; i < text.len; i++) {
		points += text.data[i] == '.';
		if ((text.data[i] < '0' || text.data[i] > '9') && (text.data[i] != '.' || points > 1)) {
			return percent;
		}
	}
	return decimal_parse(text, &percent, NULL) == OK ? percent : (struct decimal){ 0, 0 };
}

struct decimal profile_tolerance(const struct profile *profile, const char *category)
{
	struct bytes values = value_of(top_of(profile, "issue_tolerance_percent"), "value"),
		     found = value_of(values, category);

	return percent_of(found.len > 0 ? found : value_of(values, "other"));
}
