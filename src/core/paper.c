#include "core/paper.h"
#include "base/cbor.h"
#include "base/unit.h"
#include "core/print.h"
#include <ctype.h>
#include <string.h>

json_t *paper_both(struct ctx *ctx, const char *en)
{
	enum lang before = ctx->lang;

	if (en == NULL || en[0] == '\0') {
		return json_null();
	}
	ctx->lang = LANG_JA;
	json_t *both = json_pack("{s:s, s:s}", "en", en, "ja", ctx_word(ctx, en));
	ctx->lang = before;
	return both;
}

json_t *paper_unit(struct ctx *ctx, const char *code)
{
	const struct unit *unit = code ? unit_find(bytes_text(code)) : NULL;

	if (unit == NULL) {
		return code ? json_string(code) : json_null();
	}
	const char *en = unit_said(unit, false, false), *ja = unit_said(unit, true, false);
	const char *said = arena_printf(ctx->arena, "%s %s", code, en);
	return strcmp(en, ja) == 0 ? json_string(said ? said : code)
				   : json_pack("{s:s, s:s}", "en", said ? said : code, "ja", ja);
}

static json_t *text_at(struct bytes item, const char *name)
{
	struct bytes found = item.len > 0 ? cbor_map_text(item, name) : (struct bytes){ 0 }, text;

	return found.len > 0 && cbor_text(found, &text) ? json_bytes(text) : json_null();
}

json_t *paper_item(struct bytes item)
{
	json_t *en = text_at(item, "en"), *ja = text_at(item, "ja");

	if (json_is_null(en) && json_is_null(ja)) {
		return json_null();
	}
	return json_pack("{s:o, s:o}", "en", en, "ja", ja);
}

/* The item of a list of maps whose code is this; empty when there is none. */
static struct bytes listed(struct bytes list, struct bytes code)
{
	struct bytes at = list;
	struct cbor_item head = { 0 };

	if (at.len > 0) {
		head = cbor_take(&at);
	}
	for (size_t left = head.type == CBOR_ARRAY ? head.count : 0; left > 0; left--) {
		struct bytes item = cbor_skip(&at), found = cbor_map_text(item, "code"), text;
		if (found.len > 0 && cbor_text(found, &text) && bytes_equal(text, code)) {
			return item;
		}
	}
	return (struct bytes){ 0 };
}

json_t *paper_listed(struct ctx *ctx, const char *list, struct bytes code)
{
	struct bytes profile = ctx_profile(ctx);
	struct bytes item = profile.len > 0 ? listed(cbor_map_text(profile, list), code) : (struct bytes){ 0 };
	json_t *both = paper_item(item);

	return json_is_null(both) ? json_bytes(code) : both;
}

static json_t *ceiling_of(struct ctx *ctx)
{
	struct bytes profile = ctx_profile(ctx), found = { 0 }, text;

	if (profile.len > 0) {
		found = cbor_path(profile, "markings", "ceiling", NULL);
	}
	if (found.len == 0 || !cbor_text(found, &text) || bytes_is(text, "unmarked")) {
		return json_null();
	}
	const char *code = print_text(ctx, text);
	char *capitals = arena_text(ctx->arena, text);
	json_t *both = paper_both(ctx, code);
	for (char *at = capitals; at && *at; at++) {
		*at = (char)(*at == '_' ? ' ' : toupper((unsigned char)*at));
	}
	if (capitals != NULL && json_is_object(both)) {
		json_object_set_new(both, "en", json_string(capitals));
	}
	const char *ja = json_string_value(json_object_get(both, "ja"));
	if (ja != NULL && strcmp(ja, code) == 0) {
		json_object_del(both, "ja"); /* there is no word for it */
	}
	return both;
}

/* Those of several agreements, each once: no order is known between the markings of different ones. */
struct ceilings {
	const char *en, *ja; /* "OFFICIAL, RESTRICTED"; "" where there is none */
	json_t *seen;        /* of each the English */
};

static void take_both(struct ctx *ctx, struct ceilings *all, json_t *both)
{
	const char *en = json_string_value(json_object_get(both, "en"));
	const char *ja = json_string_value(json_object_get(both, "ja"));

	if (en != NULL && json_object_get(all->seen, en) == NULL) {
		json_object_set_new(all->seen, en, json_true());
		const char *more = arena_printf(ctx->arena, "%s%s%s", all->en, all->en[0] ? ", " : "", en);
		const char *more_ja = arena_printf(ctx->arena, "%s%s%s", all->ja, all->ja[0] ? "、" : "", ja ? ja : en);
		all->en = more ? more : all->en;
		all->ja = more_ja ? more_ja : all->ja;
	}
	json_decref(both);
}

static enum status take_ceiling(struct ctx *ctx, void *context, struct err *err)
{
	(void)err;
	take_both(ctx, context, ceiling_of(ctx));
	return OK;
}

/* What a national tally holds is about the orders of any shared one. */
static void take_shared(struct ctx *ctx, struct ceilings *all)
{
	struct query *row = NULL;
	struct err none = { 0 };
	struct id *shared = NULL;
	unsigned count = 0;

	if (ctx_query(ctx, "SELECT id FROM tally WHERE mode <> 'national' ORDER BY row", &row, &none) == OK) {
		while (query_next(row)) {
			struct id *grown = arena_grow(ctx->arena, shared, count, (size_t)count + 1, sizeof *shared);
			if (grown == NULL) {
				break;
			}
			shared = grown;
			memcpy(shared[count++].data, query_blob(row, 0).data, ID_BYTES);
		}
	}
	query_close(row);
	for (unsigned i = 0; i < count; i++) {
		none = (struct err){ 0 };
		ctx_within(ctx, &shared[i], bytes_of(NULL, 0), take_ceiling, all, &none);
	}
}

json_t *paper_marking(struct ctx *ctx)
{
	return ctx->view.national ? paper_marking_of_all(ctx) : ceiling_of(ctx);
}

json_t *paper_marking_of_all(struct ctx *ctx)
{
	struct ceilings all = { "", "", json_object() };

	take_both(ctx, &all, ceiling_of(ctx));
	take_shared(ctx, &all);
	json_decref(all.seen);
	if (all.en[0] == '\0') {
		return json_null();
	}
	return strcmp(all.en, all.ja) == 0 ? json_pack("{s:s}", "en", all.en)
					   : json_pack("{s:s, s:s}", "en", all.en, "ja", all.ja);
}

json_t *paper_party(struct ctx *ctx, const char *code)
{
	struct bytes profile = ctx_profile(ctx);
	struct bytes item =
	    profile.len > 0 ? listed(cbor_map_text(profile, "parties"), bytes_text(code)) : (struct bytes){ 0 };
	json_t *name = paper_item(item.len > 0 ? cbor_map_text(item, "name") : item);
	const char *en = json_string_value(json_object_get(name, "en"));

	if (en == NULL) {
		json_decref(name);
		return json_string(code);
	}
	const char *both = arena_printf(ctx->arena, "%s %s", code, en);
	json_object_set_new(name, "en", json_string(both ? both : code));
	return name;
}

static void put_parties(struct ctx *ctx, json_t *facts)
{
	json_t *parties = json_array();

	for (unsigned i = 0; i < ctx->view.party_count; i++) {
		json_array_append_new(parties, paper_party(ctx, ctx->view.party_codes[i]));
	}
	json_object_set_new(facts, "parties", parties);
}

void paper_frame(struct ctx *ctx, json_t *facts)
{
	struct bytes profile = ctx_profile(ctx);
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(&ctx->view.id), hex);
	json_object_set_new(facts, "tally", json_string(hex));
	json_object_set_new(facts, "party", json_string(print_party(ctx, ctx->own_party)));
	json_object_set_new(
	    facts, "banner", ctx->view.rehearsal ? paper_both(ctx, "REHEARSAL - NOTHING HERE IS OWED") : json_null());
	json_object_set_new(facts, "foot", paper_both(ctx, "modelled on published forms; not an official form"));
	json_object_set_new(facts, "marking", paper_marking(ctx));
	json_object_set_new(
	    facts, "agreement", profile.len > 0 ? paper_item(cbor_map_text(profile, "title")) : json_null());
	put_parties(ctx, facts);
}
