/* What may stand in a field of a form: the codes of the agreement in force, with its own words for them, and the few codes that the rules
 * list themselves. The guards stay the judges; a form only offers what they would take. */
#include "base/cbor.h"
#include "base/time.h"
#include "base/unit.h"
#include "core/print.h"
#include "domain/support/support_state.h"
#include <string.h>

#define CHOICES 256

struct choosing {
	struct ctx *ctx;
	const struct fold *fold; /* NULL: an order to come */
	struct profile profile;
	struct field_choice *items;
	unsigned count;
};

static void add(struct choosing *choosing, const char *value, const char *en, const char *ja)
{
	if (choosing->count < CHOICES && value != NULL && value[0]) {
		choosing->items[choosing->count++] =
		    (struct field_choice){ value, en && en[0] ? en : value, ja && ja[0] ? ja : value };
	}
}

static const char *text_of(struct choosing *choosing, struct bytes item)
{
	struct bytes text;

	return item.len > 0 && cbor_text(item, &text) ? print_text(choosing->ctx, text) : "";
}

/* Behind a list's or map's head in *at; 0 when it is none. */
static size_t open_at(struct bytes *at, enum cbor_type type)
{
	struct cbor_item head = { 0 };

	if (at->len > 0) {
		head = cbor_take(at);
	}
	return head.type == type ? head.count : 0;
}

static bool category_stands(struct choosing *choosing, const char *code)
{
	return profile_category(&choosing->profile, bytes_text(code), day_of_ms(choosing->ctx->now_ms, 0));
}

/* A list of {code, en, ja}: activities, categories. */
static void from_list(struct choosing *choosing, const char *name)
{
	struct bytes at = cbor_path(choosing->profile.whole, name, NULL);

	for (size_t left = open_at(&at, CBOR_ARRAY); left > 0; left--) {
		struct bytes item = cbor_skip(&at);
		const char *code = text_of(choosing, cbor_path(item, "code", NULL));
		if (strcmp(name, "categories") != 0 || category_stands(choosing, code)) {
			const char *en = text_of(choosing, cbor_path(item, "en", NULL)),
				   *ja = text_of(choosing, cbor_path(item, "ja", NULL));
			bool bare = strcmp(name, "categories") == 0;
			add(choosing, code, bare ? en : arena_printf(choosing->ctx->arena, "%s: %s", code, en),
			    bare ? ja : arena_printf(choosing->ctx->arena, "%s: %s", code, ja));
		}
	}
}

/* A method that is allowed for one of the two alone says so. */
static const char *method_label(struct choosing *choosing, const char *code, const char *text, bool ja)
{
	bool supply = profile_settles(&choosing->profile, bytes_text("supply"), bytes_text(code)),
	     service = profile_settles(&choosing->profile, bytes_text("service"), bytes_text(code));

	if (supply == service) {
		return supply ? text : ""; /* neither: it is not offered */
	}
	const char *only = supply ? (ja ? "物品に限る" : "supplies only") : (ja ? "役務に限る" : "services only");
	return arena_printf(choosing->ctx->arena, ja ? "%s(%s)" : "%s (%s)", text, only);
}

static void from_methods(struct choosing *choosing)
{
	struct bytes at = cbor_path(choosing->profile.whole, "settlement", "methods", NULL);

	for (size_t left = open_at(&at, CBOR_MAP); left > 0; left--) {
		struct bytes key = cbor_skip(&at), value = cbor_skip(&at);
		const char *code = text_of(choosing, key);
		const char *en = method_label(choosing, code, text_of(choosing, cbor_path(value, "en", NULL)), false),
			   *ja = method_label(choosing, code, text_of(choosing, cbor_path(value, "ja", NULL)), true);
		add(choosing, en && en[0] ? code : "", en, ja);
	}
}

static void from_currencies(struct choosing *choosing)
{
	struct bytes at = cbor_path(choosing->profile.whole, "claim_currencies", "value", NULL);

	for (size_t left = open_at(&at, CBOR_ARRAY); left > 0; left--) {
		const char *code = text_of(choosing, cbor_skip(&at));
		add(choosing, code, code, code);
	}
}

/* Triples [code, English, Japanese]. */
static void from_reasons(struct choosing *choosing, const char *name)
{
	struct bytes at = cbor_path(choosing->profile.whole, "reasons", name, NULL);

	for (size_t left = open_at(&at, CBOR_ARRAY); left > 0; left--) {
		struct bytes item = cbor_skip(&at);
		if (open_at(&item, CBOR_ARRAY) == 3) {
			const char *code = text_of(choosing, cbor_skip(&item)),
				   *en = text_of(choosing, cbor_skip(&item));
			add(choosing, code, en, text_of(choosing, cbor_skip(&item)));
		}
	}
}

/* The terms that a thread has, at the one head of its first part; NULL: none yet. */
static const struct terms *terms_at(const struct fold *fold)
{
	const struct part *first = fold && fold->part_count > 0 ? fold->parts[0] : NULL;
	const void *after = first && first->head_count == 1 ? first->heads[0]->after : NULL;

	if (after == NULL || (first->type->letter != 'O' && first->type->letter != 'I')) {
		return NULL;
	}
	const struct order_state *order =
	    first->type->letter == 'O' ? after : ((const struct issue_state *)after)->order;
	return order == NULL ? NULL : order->agreed ? order->agreed : order->table;
}

/* A quantity can be stated in another unit of the same dimension, and in no other. */
static bool unit_fits(const struct terms *terms, const struct unit *unit)
{
	for (unsigned i = 0; terms && i < terms->line_count; i++) {
		const struct unit *own = terms->lines[i].unit;
		if (own->dimension == unit->dimension && (own == unit || (own->numerator && unit->numerator))) {
			return true;
		}
	}
	return terms == NULL;
}

/* By dimension, which is said. */
static void from_units(struct choosing *choosing, const struct kind *kind)
{
	struct ctx *ctx = choosing->ctx;
	bool sets_terms = kind->fields && field_find(kind->fields, "deliver_on") != NULL;
	const struct terms *terms = sets_terms ? NULL : terms_at(choosing->fold);

	for (size_t i = 0; i < unit_count(); i++) {
		const struct unit *unit = unit_at(i);
		const char *dimension = ctx_word(ctx, dimension_name(unit->dimension));
		if (unit_fits(terms, unit)) {
			add(choosing, unit->code,
			    arena_printf(ctx->arena, "%s: %s (%s)", unit->code, unit->name_en, dimension),
			    arena_printf(ctx->arena, strstr(unit->name_ja, dimension) ? "%s: %s" : "%s: %s(%s)",
				unit->code, unit->name_ja, dimension));
		}
	}
}

/* Lists of the rules themselves. */
struct fixed {
	const char *field, *kind; /* kind NULL: of any */
	struct field_choice choices[5];
};
static const struct fixed fixed[] = {
	{ "kind", NULL, { { "supply", "Supply", "物品" }, { "service", "Service", "役務" } } },
	{ "urgency", NULL, { { "routine", "Routine", "通常" }, { "relief", "Relief", "緊急援助" } } },
	{ "price_basis", NULL,
	    { { "", "needed with a price", "単価があれば必要" },
		{ "own_forces", "What own forces pay", "自国部隊の負担額" }, { "contract", "Contract", "契約価格" },
		{ "list", "Price list", "価格表" }, { "agreed", "Agreed", "合意価格" } } },
	{ "reason", "support.return_refused",
	    { { "type", "Other type", "品種違い" }, { "class", "Other class", "等級違い" },
		{ "quantity", "Other quantity", "数量違い" } } },
	{ "reason", "support.repudiated",
	    { { "not_ordered", "Not ordered", "発注なし" }, { "not_received", "Not received", "受領なし" },
		{ "not_allowed", "Not allowed", "認められない" }, { "other", "Other", "その他" } } },
	{ 0 },
};

static void from_fixed(struct choosing *choosing, const struct kind *kind, const char *field)
{
	for (const struct fixed *row = fixed; row->field; row++) {
		if (strcmp(row->field, field) != 0 || (row->kind && strcmp(row->kind, kind->name) != 0)) {
			continue;
		}
		for (size_t i = 0; i < sizeof row->choices / sizeof *row->choices && row->choices[i].value; i++) {
			if (row->choices[i].value[0] == '\0') {
				choosing->items[choosing->count++] = row->choices[i];
				continue;
			}
			add(choosing, row->choices[i].value, row->choices[i].en, row->choices[i].ja);
		}
	}
}

static void reasons_of(struct choosing *choosing, const struct kind *kind)
{
	bool adjusts = strcmp(kind->name, "support.adjustment_proposed") == 0;

	if (strcmp(kind->name, "support.declined") == 0) {
		from_reasons(choosing, "decline");
	} else if (adjusts || strcmp(kind->name, "support.queried") == 0) {
		from_reasons(choosing, "query");
	}
	if (adjusts || choosing->count == 0) {
		from_reasons(choosing, "difference");
	}
}

static void add_offset(struct choosing *choosing, int minutes)
{
	const char *name = print_offset(choosing->ctx, minutes);

	add(choosing, arena_printf(choosing->ctx->arena, "%d", minutes), name, name);
}

/* Offsets in use on land and sea, as clocks name them. */
static void from_offsets(struct choosing *choosing)
{
	static const int between[] = { -570, -210, 210, 270, 330, 345, 390, 570, 630, 765 };
	unsigned next = 0;

	for (int whole = -720; whole <= 840; whole += 60) {
		for (; next < sizeof between / sizeof *between && between[next] < whole; next++) {
			add_offset(choosing, between[next]);
		}
		add_offset(choosing, whole);
	}
}

enum status support_choices(struct ctx *ctx, const struct fold *fold, const struct kind *kind,
    const struct field *field, struct field_choice **out, unsigned *count, struct err *err)
{
	struct choosing choosing = {
		.ctx = ctx, .fold = fold, .items = arena_take_array(ctx->arena, CHOICES, sizeof *choosing.items)
	};

	*count = 0;
	*out = choosing.items;
	if (choosing.items == NULL) {
		return err_set(err, ENVIRONMENT, "choices: out of memory");
	}
	profile_read(&choosing.profile, ctx_profile(ctx));
	if (field->type == FIELD_CURRENCY) {
		from_currencies(&choosing);
	} else if (field->type == FIELD_UNIT) {
		from_units(&choosing, kind);
	} else if (field->type == FIELD_CODE && strcmp(field->name, "activity") == 0) {
		from_list(&choosing, "activities");
	} else if (field->type == FIELD_CODE && strcmp(field->name, "category") == 0) {
		from_list(&choosing, "categories");
	} else if (field->type == FIELD_CODE && strcmp(field->name, "settlement") == 0) {
		from_methods(&choosing);
	} else if (strcmp(field->name, "utc_offset_minutes") == 0) {
		from_offsets(&choosing);
	} else if (field->type == FIELD_CODE) {
		from_fixed(&choosing, kind, field->name);
		if (choosing.count == 0 && strcmp(field->name, "reason") == 0) {
			reasons_of(&choosing, kind);
		}
	}
	*count = choosing.count;
	return OK;
}
