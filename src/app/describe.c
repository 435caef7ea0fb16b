/* Entries in words. */
#include "app/describe.h"
#include "app/fields_json.h"
#include "base/cbor.h"
#include "core/kernel.h"
#include <string.h>

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "valid", "void", "waiting", "overtaken", "unknown kind" };
	return verdict <= VERDICT_UNKNOWN ? names[verdict] : "?";
}

/* --- kinds -------------------------------------------------------------------------------------------------------------- */

const struct kind *kind_find(const char *name, const struct domain **domain)
{
	*domain = domain_find(bytes_text(name));
	return *domain ? domain_kind(*domain, bytes_text(name)) : kernel_kind(bytes_text(name));
}

static const char *opens_name(enum opens opens)
{
	static const char *const names[] = { "nothing", "thread", "part", "thread or part" };
	return names[opens];
}

static json_t *kind_row(const struct kind *kind, const struct domain *domain)
{
	json_t *row = json_object();
	json_object_set_new(row, "kind", json_string(kind->name));
	json_object_set_new(row, "verb", json_string(kind->verb));
	json_object_set_new(row, "domain", json_string(domain ? domain->name : "kernel"));
	json_object_set_new(row, "opens", json_string(opens_name(kind->opens)));
	json_object_set_new(row, "part_type", kind->part_type ? json_string(kind->part_type) : json_null());
	json_object_set_new(row, "note", json_boolean(kind->note));
	json_object_set_new(row, "en", json_string(kind->en ? kind->en : kind->verb));
	json_object_set_new(row, "ja", json_string(kind->ja ? kind->ja : kind->verb));
	json_object_set_new(row, "help", json_string(kind->help ? kind->help : ""));
	return row;
}

json_t *kinds_describe(void)
{
	json_t *rows = json_array();
	for (const struct domain *const *domain = domains; *domain; domain++) {
		for (const struct kind *kind = (*domain)->kinds; kind->name; kind++) {
			json_array_append_new(rows, kind_row(kind, *domain));
		}
	}
	for (const struct kind *kind = kernel_kinds; kind->name; kind++) {
		json_array_append_new(rows, kind_row(kind, NULL));
	}
	return rows;
}

json_t *kind_describe(const struct kind *kind, const struct domain *domain)
{
	json_t *row = kind_row(kind, domain), *moves = json_array();
	for (const struct transition *t = domain ? domain->transitions : NULL; t && t->kind; t++) {
		if (strcmp(t->kind, kind->name) != 0) {
			continue;
		}
		json_t *move = json_object();
		json_object_set_new(move, "part_type", json_string(t->part_type));
		json_object_set_new(move, "from", t->from ? json_string(t->from) : json_null());
		json_object_set_new(move, "to", json_string(t->to));
		json_object_set_new(move, "side", json_string(domain->side_names[t->side]));
		json_object_set_new(move, "role", json_string(t->role));
		json_object_set_new(move, "source", json_string(t->source ? t->source : ""));
		json_array_append_new(moves, move);
	}
	json_object_set_new(row, "fields", fields_describe(kind->fields));
	json_object_set_new(row, "moves", moves);
	return row;
}

/* --- one entry ---------------------------------------------------------------------------------------------------------- */

static json_t *optional_id(const uint8_t *id)
{
	return id ? json_hex(bytes_of(id, ID_BYTES)) : json_null();
}

static json_t *attachments_describe(struct bytes item)
{
	json_t *rows = json_array();
	struct cbor_item array = cbor_take(&item);
	for (size_t i = 0; array.type == CBOR_ARRAY && i < array.count; i++) {
		struct bytes whole = cbor_skip(&item);
		cbor_take(&whole);
		json_t *row = json_object();
		json_object_set_new(row, "hash", json_hex(cbor_take(&whole).bytes));
		json_object_set_new(row, "size", json_integer(cbor_take(&whole).integer));
		json_object_set_new(row, "media", json_utf8(cbor_take(&whole).bytes));
		json_array_append_new(rows, row);
	}
	return rows;
}

json_t *body_describe(const struct body *body)
{
	json_t *row = json_object(), *answers = json_array(), *refs = json_array();
	char name[64];
	const struct domain *domain;
	snprintf(name, sizeof name, "%.*s", (int)body->kind.len, (const char *)body->kind.data);
	const struct kind *kind = kind_find(name, &domain);
	for (unsigned i = 0; i < body->answer_count; i++) {
		json_array_append_new(answers, json_hex(body_answer(body, i)));
	}
	for (unsigned i = 0; i < body->ref_count; i++) {
		json_array_append_new(refs, json_hex(body_ref(body, i)));
	}
	json_object_set_new(row, "kind", json_string(name));
	json_object_set_new(row, "stated", json_time(body->stated_ms));
	json_object_set_new(row, "thread", optional_id(body->thread));
	json_object_set_new(row, "part", optional_id(body->part));
	json_object_set_new(row, "answers", answers);
	json_object_set_new(row, "refs", refs);
	json_object_set_new(row, "seen", optional_id(body->seen));
	json_object_set_new(row, "attachments", attachments_describe(body->attachments));
	json_object_set_new(row, "fields", fields_to_json(kind ? kind->fields : NULL, body->fields, body->field_count));
	return row;
}

json_t *entry_describe(const struct entry *entry)
{
	json_t *row = json_object(), *body = body_describe(&entry->body);
	const char *reason = entry_verify(entry);
	json_object_set_new(row, "id", json_hex(id_bytes(&entry->id)));
	json_object_set_new(row, "tally", json_hex(id_bytes(&entry->place.tally)));
	json_object_set_new(row, "key", json_hex(id_bytes(&entry->place.key)));
	json_object_set_new(row, "seq", json_integer((json_int_t)entry->place.seq));
	json_object_set_new(row, "prev", json_hex(id_bytes(&entry->place.prev)));
	json_object_set_new(row, "signature", json_string(reason ? reason : "good"));
	json_object_update(row, body);
	json_decref(body);
	return row;
}

/* Who the key is: party, class, and of a desk its number, post and officer. */
static enum status put_signer(struct app *app, const struct id *key, json_t *row, struct err *err)
{
	struct key_view *keys;
	unsigned count;
	enum status status = app_keys(app, &keys, &count, err);
	for (unsigned i = 0; i < count && status == OK; i++) {
		if (!id_equal(&keys[i].key, key)) {
			continue;
		}
		json_object_set_new(row, "party", json_string(app->ctx.view.party_codes[keys[i].signer.party]));
		json_object_set_new(row, "signer", json_string(key_class_name(keys[i].key_class)));
		if (keys[i].key_class == KEY_DESK) {
			json_object_set_new(row, "desk", json_integer(keys[i].signer.desk_number));
			json_object_set_new(row, "post", json_utf8(keys[i].signer.post));
			json_object_set_new(row, "officer", json_utf8(keys[i].signer.officer));
		}
	}
	return status;
}

enum status entry_row_describe(struct app *app, const struct id *id, json_t **out, struct err *err)
{
	struct entry_row row;
	struct entry entry;
	struct place place;
	enum status status = store_entry_find(app->store, app->ctx.tally, id, &app->arena, &row, err);
	if (status == OK) {
		status = store_entry_place(app->store, &row, &place, err);
	}
	if (status != OK) {
		return status;
	}
	const char *reason = entry_init(&entry, &place, row.body, row.signature);
	if (reason) {
		return err_set(err, CHECK_FAILED, "entry %lld: damaged in the store: %s", (long long)row.row, reason);
	}
	*out = entry_describe(&entry);
	status = put_signer(app, &entry.place.key, *out, err);
	json_object_set_new(*out, "verdict", json_string(verdict_name((enum verdict)row.verdict)));
	json_object_set_new(*out, "rule", row.rule[0] ? json_string(row.rule) : json_null());
	json_object_set_new(*out, "stored", json_time(row.stored_ms));
	return status;
}
