/* Opening a tally. Its id is the hash of its opening, so the body is made first and signed at a place that names it. */
#include "app/tallies.h"
#include "app/exports.h"
#include "app/grants.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/words.h"
#include "core/kernel.h"
#include <string.h>

/* --- proposing ---------------------------------------------------------------------------------------------------------- */

static int compare_parties(const void *a, const void *b)
{
	return strcmp(((const struct party_pair *)a)->code, ((const struct party_pair *)b)->code);
}

static bool profile_names(const json_t *profile, const char *code)
{
	size_t index;
	json_t *party;
	json_array_foreach(json_object_get(profile, "parties"), index, party)
	{
		const char *named = json_get_text(party, "code");
		if (named && strcmp(named, code) == 0) {
			return true;
		}
	}
	return false;
}

static enum status check_profile(const json_t *profile, const struct tally_proposal *proposal,
    const struct party_pair *parties, unsigned count, struct err *err)
{
	bool for_rehearsal = json_is_true(json_object_get(profile, "rehearsal"));
	const char *id = json_get_text(profile, "id");
	if (!json_is_object(profile) || !id) {
		return err_set(err, BAD_INPUT, "agreement: must be an object with an \"id\"");
	}
	if (!for_rehearsal && proposal->rehearsal && strcmp(proposal->mode, "national") == 0) {
		return err_refuse(err, "", "docs/format.md 3.1",
		    "agreement %s: a national tally is a rehearsal when its agreement says \"rehearsal\": true", id);
	}
	if (for_rehearsal && !proposal->rehearsal) {
		return err_refuse(
		    err, "", "the agreement, \"rehearsal\"", "agreement %s: is for rehearsals; add --rehearsal", id);
	}
	for (unsigned i = 0; i < count; i++) {
		if (!profile_names(profile, parties[i].code)) {
			return err_set(err, BAD_INPUT, "agreement %s: names no party %s", id, parties[i].code);
		}
	}
	return OK;
}

static enum status gather_parties(struct app *app, const struct tally_proposal *proposal, struct party_pair *parties,
    unsigned *count, struct err *err)
{
	bool national = strcmp(proposal->mode, "national") == 0;
	enum status status = party_pair_get(app, &parties[0], err);
	if (status != OK) {
		return status;
	}
	if (party_pair_used(app, &parties[0])) {
		return err_set(err, USAGE,
		    "party %s: its root key speaks in another tally already, and a key speaks in one only; "
		    "make new ones with `warifu party new`",
		    app->party);
	}
	if (proposal->partner_count + 1 > LIMIT_PARTIES || national != (proposal->partner_count == 0)) {
		return err_set(err, USAGE,
		    "tally: needs 2 to %d parties (--with FILE for each partner); a national one has none but ours",
		    LIMIT_PARTIES);
	}
	memcpy(parties + 1, proposal->partners, proposal->partner_count * sizeof *parties);
	*count = proposal->partner_count + 1;
	qsort(parties, *count, sizeof *parties, compare_parties);
	for (unsigned i = 0; i < *count; i++) {
		if (i > 0 && strcmp(parties[i - 1].code, parties[i].code) == 0) {
			return err_set(err, USAGE, "party %s: given twice", parties[i].code);
		}
		if (parties[i].strength == STRENGTH_LIGHT && !proposal->rehearsal) {
			return err_refuse(err, "", "decision 0051",
			    "party %s: its keys are of light strength, which is for rehearsals", parties[i].code);
		}
	}
	return OK;
}

static void put_parties(struct buf *out, const struct party_pair *parties, unsigned count)
{
	cbor_put_array(out, count);
	for (unsigned i = 0; i < count; i++) {
		cbor_put_array(out, 3);
		cbor_put_literal(out, parties[i].code);
		cbor_put_bytes(out, id_bytes(&parties[i].root));
		cbor_put_bytes(out, id_bytes(&parties[i].recovery));
	}
}

static enum status put_rules(struct buf *out, struct err *err)
{
	json_t *rules = json_object();
	for (const struct domain *const *domain = domains; *domain; domain++) {
		json_object_set_new(rules, (*domain)->name, json_integer((*domain)->rule_set));
	}
	enum status status = json_to_cbor(rules, "rules", out, err);
	json_decref(rules);
	return status;
}

static enum status put_opening(struct buf *out, const struct tally_proposal *proposal, const json_t *profile,
    const struct party_pair *parties, unsigned count, struct err *err)
{
	uint8_t nonce[16];
	random_bytes(nonce, sizeof nonce);
	cbor_put_int(out, PROPOSED_MODE);
	cbor_put_literal(out, proposal->mode);
	cbor_put_int(out, PROPOSED_PARTIES);
	put_parties(out, parties, count);
	cbor_put_int(out, PROPOSED_RULES);
	enum status status = put_rules(out, err);
	if (status == OK) {
		cbor_put_int(out, PROPOSED_PROFILE);
		status = json_to_cbor(profile, "agreement", out, err);
	}
	cbor_put_int(out, PROPOSED_NONCE);
	cbor_put_bytes(out, bytes_of(nonce, sizeof nonce));
	return status;
}

static unsigned find_party(const struct party_pair *parties, unsigned count, const char *code)
{
	unsigned i = 0;
	while (i < count && strcmp(parties[i].code, code) != 0) {
		i++;
	}
	return i;
}

/* In a transaction: adds the tally from its opening, stores the entries, folds, and chooses it. */
static enum status add_tally(
    struct app *app, const struct entry *entries, unsigned count, unsigned own_party, struct err *err)
{
	char hex[ID_BYTES * 2 + 1];
	enum accepted accepted;
	int64_t row;
	enum status status = store_tally_add(app->store, &entries[0], own_party, &app->tally, err);
	for (unsigned i = 0; i < count && status == OK; i++) {
		status = store_accept(app->store, app->tally.row, &entries[i], clock_now_ms(), &accepted, &row, err);
	}
	if (status == OK) {
		status = fold_update(app->store, app->tally.row, err);
	}
	hex_print(id_bytes(&entries[0].place.tally), hex);
	return status == OK ? app_choose_tally(app, hex, err) : status;
}

static enum status grant_own_home(struct app *app, const char *label, struct err *err)
{
	struct id key;
	return label ? home_grant_own(app, label, &key, err) : OK;
}

static enum status sign_opening(struct app *app, const struct tally_proposal *proposal, struct bytes fields,
    unsigned field_count, const struct party_pair *own, unsigned own_party, struct err *err)
{
	struct body_draft draft = {
		.kind = "tally.proposed", .stated_ms = app->ctx.now_ms, .fields = fields, .field_count = field_count
	};
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	const struct secrets *secrets;
	struct buf body;
	struct entry entry;
	if (app->ctx.now_given && !proposal->rehearsal) {
		return err_refuse(err, "", "ours: a stated time is the signer's own",
		    "--now: refused for signing in a %s tally", proposal->mode);
	}
	enum status status = app_secrets(app, &own->root, "root key", &secrets, err);
	if (status != OK) {
		return status;
	}
	buf_init(&body, LIMIT_BODY_BYTES);
	body_write(&body, &draft);
	struct place place = { .tally = sha256(buf_bytes(&body)), .key = own->root, .seq = 1 };
	place.prev = place.tally;
	const char *reason = body.failed ? "too-long" : entry_init(&entry, &place, buf_bytes(&body), unsigned_yet);
	if (reason) {
		status = err_set(err, BAD_INPUT, "tally: the opening is not well formed: %s", reason);
	} else {
		status = record_check(kernel_kind(bytes_text("tally.proposed")), &entry.body, err);
	}
	if (status == OK) {
		entry_sign(&entry, secrets->sign);
		status = store_begin(app->store, err);
	}
	if (status == OK) {
		status = add_tally(app, &entry, 1, own_party, err);
		if (status == OK) {
			status = grant_own_home(app, proposal->home_label, err);
		}
		if (status == OK) {
			status = store_commit(app->store, err);
		} else {
			store_rollback(app->store);
		}
	}
	buf_clear(&body);
	return status;
}

enum status tally_propose(struct app *app, const struct tally_proposal *proposal, struct err *err)
{
	struct party_pair parties[LIMIT_PARTIES + 1];
	struct buf fields;
	json_t *profile;
	unsigned count = 0;
	enum status status = app_write(app, err);
	if (status == OK) {
		status = gather_parties(app, proposal, parties, &count, err);
	}
	if (status == OK) {
		status = json_read(proposal->agreement, "agreement", &profile, err);
	}
	if (status != OK) {
		return status;
	}
	buf_init(&fields, LIMIT_BODY_BYTES);
	status = check_profile(profile, proposal, parties, count, err);
	if (status == OK) {
		status = put_opening(&fields, proposal, profile, parties, count, err);
	}
	if (status == OK) {
		unsigned own = find_party(parties, count, app->party);
		status = sign_opening(app, proposal, buf_bytes(&fields), 5, &parties[own], own, err);
	}
	json_decref(profile);
	buf_clear(&fields);
	return status;
}

/* --- accepting ---------------------------------------------------------------------------------------------------------- */

struct collect {
	struct app *app;
	struct opening *out;
	enum status status;
};

static enum status collect_entry(void *context, const struct entry *entry, struct err *err)
{
	struct collect *collect = context;
	struct opening *out = collect->out;
	struct arena *arena = &collect->app->arena;
	struct bytes body = arena_copy(arena, entry->body.bytes);
	out->entries = arena_grow(arena, out->entries, out->count, out->count + 1, sizeof *out->entries);
	if (!out->entries || !body.data) {
		return err_set(err, ENVIRONMENT, "opening: out of memory");
	}
	const char *reason = entry_init(&out->entries[out->count], &entry->place, body, entry->signature);
	ASSERT(!reason);
	out->count++;
	return OK;
}

static enum status read_view(struct app *app, struct opening *out, struct err *err)
{
	const struct body *body = &out->entries[0].body;
	struct bytes mode = { 0 }, text = { 0 }, at = body_field(body, PROPOSED_PARTIES);
	struct cbor_item parties = cbor_take(&at);
	record_text(body, PROPOSED_MODE, &mode);
	out->mode = arena_text(&app->arena, mode);
	out->view = (struct tally_view){ .id = out->id,
		.rehearsal = mode_is_rehearsal(mode, body_field(body, PROPOSED_PROFILE)),
		.national = bytes_is(mode, "national") };
	out->agreement = cbor_text(cbor_path(body_field(body, PROPOSED_PROFILE), "id", NULL), &text)
	    ? arena_text(&app->arena, text)
	    : "";
	out->own_party = LIMIT_PARTIES;
	for (size_t i = 0; i < parties.count; i++) {
		struct bytes whole = cbor_skip(&at);
		cbor_take(&whole);
		out->view.party_codes[i] = arena_text(&app->arena, cbor_take(&whole).bytes);
		out->view.party_count++;
		if (strcmp(out->view.party_codes[i], app->party) == 0) {
			out->own_party = (unsigned)i;
		}
	}
	return out->own_party < LIMIT_PARTIES
	    ? OK
	    : err_set(err, BAD_INPUT, "opening: is not for party %s; its parties are others", app->party);
}

enum status opening_read(struct app *app, struct bytes file, struct opening *out, struct err *err)
{
	struct export_check check;
	struct collect collect = { app, out, OK };
	*out = (struct opening){ 0 };
	if (!export_is(file)) {
		return err_set(err, BAD_INPUT,
		    "opening: not an opening file (export-magic); the partner makes it with `warifu tally propose`");
	}
	enum status status = export_read(file, collect_entry, &collect, NULL, NULL, &check, err);
	if (status != OK) {
		return status;
	}
	out->id = check.tally;
	const struct entry *first = out->count ? &out->entries[0] : NULL;
	struct id hash = first ? sha256(first->body.bytes) : out->id;
	if (!first || !bytes_is(first->body.kind, "tally.proposed") || !id_equal(&hash, &out->id)) {
		return err_set(err, BAD_INPUT, "opening: does not begin with the tally's proposal");
	}
	status = record_check(kernel_kind(first->body.kind), &first->body, err);
	return status == OK ? read_view(app, out, err) : status;
}

static void read_pair(struct bytes *at, struct party_pair *out)
{
	struct bytes whole = cbor_skip(at);
	cbor_take(&whole);
	struct bytes code = cbor_take(&whole).bytes;
	snprintf(out->code, sizeof out->code, "%.*s", (int)code.len, (const char *)code.data);
	memcpy(out->root.data, cbor_take(&whole).bytes.data, ID_BYTES);
	memcpy(out->recovery.data, cbor_take(&whole).bytes.data, ID_BYTES);
}

static json_t *fingerprint_row(const char *party, const struct id *id)
{
	char words[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT];
	json_t *row = json_object();
	fingerprint_words(id, words, sizeof words);
	fingerprint_hex(id, hex);
	if (party) {
		json_object_set_new(row, "party", json_string(party));
	}
	json_object_set_new(row, "id", json_hex(id_bytes(id)));
	json_object_set_new(row, "words", json_string(words));
	json_object_set_new(row, "hex", json_string(hex));
	return row;
}

json_t *opening_rows(struct app *app, const struct opening *opening)
{
	json_t *rows = json_array();
	struct bytes at = body_field(&opening->entries[0].body, PROPOSED_PARTIES);
	struct cbor_item parties = cbor_take(&at);
	(void)app;
	for (size_t i = 0; i < parties.count; i++) {
		struct party_pair pair = { 0 };
		read_pair(&at, &pair);
		struct id fingerprint = party_fingerprint(&pair);
		json_t *row = fingerprint_row(pair.code, &fingerprint);
		json_object_set_new(row, "root", json_hex(id_bytes(&pair.root)));
		json_object_set_new(row, "recovery", json_hex(id_bytes(&pair.recovery)));
		json_array_append_new(rows, row);
	}
	return rows;
}

static enum status parties_of_opening(void *context, const struct entry_row *row, struct err *err)
{
	struct body body;
	(void)err;
	if (body_read(row->body, &body) || !bytes_is(body.kind, "tally.proposed")) {
		return OK;
	}
	struct bytes at = body_field(&body, PROPOSED_PARTIES);
	struct cbor_item parties = cbor_take(&at);
	for (size_t i = 0; i < parties.count; i++) {
		struct party_pair pair = { 0 };
		read_pair(&at, &pair);
		struct id fingerprint = party_fingerprint(&pair);
		json_array_append_new(context, fingerprint_row(pair.code, &fingerprint));
	}
	return OK;
}

enum status tally_fingerprints(struct app *app, json_t **rows, struct err *err)
{
	*rows = json_array();
	json_array_append_new(*rows, fingerprint_row(NULL, &app->tally.id));
	enum status status =
	    store_kernel_entries(app->store, app->ctx.tally, &app->arena, parties_of_opening, *rows, err);
	if (status != OK) {
		json_decref(*rows);
		*rows = NULL;
	}
	return status;
}

static enum status check_own_root(
    struct app *app, const struct opening *opening, struct key_view *root, struct err *err)
{
	enum status status = app_own_key(app, KEY_ROOT, root, err);
	return status == OK ? OK
			    : err_set(err, ENVIRONMENT,
				  "tally: it names a root key of %s whose file is not here; the partner must use "
				  "your newest `warifu party export`",
				  opening->view.party_codes[opening->own_party]);
}

static enum status accept_as_root(
    struct app *app, const struct opening *opening, const char *home_label, struct err *err)
{
	struct key_view root;
	struct id id;
	enum status status = check_own_root(app, opening, &root, err);
	if (status == OK && root.has_log) {
		return grant_own_home(app, home_label, err);
	}
	if (status == OK) {
		status = app_kernel_entry(app, &root.key, "root key", "tally.accepted", NULL, NULL, 0, &id, err);
	}
	return status == OK ? grant_own_home(app, home_label, err) : status;
}

enum status tally_accept(
    struct app *app, const struct opening *opening, bool accept, const char *home_label, struct err *err)
{
	struct tally_row there;
	enum status status = app_write(app, err);
	if (status != OK) {
		return status;
	}
	if (store_tally_find(app->store, &opening->id, &there, NULL) == OK) {
		return err_set(err, ENVIRONMENT, "tally: is in this home already; `warifu tally list` shows it");
	}
	status = store_begin(app->store, err);
	if (status == OK) {
		status = add_tally(app, opening->entries, opening->count, opening->own_party, err);
		if (status == OK && accept) {
			status = accept_as_root(app, opening, home_label, err);
		}
		if (status == OK) {
			return store_commit(app->store, err);
		}
		store_rollback(app->store);
	}
	return status;
}

/* --- amending ----------------------------------------------------------------------------------------------------------- */

static enum status sign_by_root(struct app *app, const char *kind, json_t *fields, struct id *out, struct err *err)
{
	struct key_view root;
	enum status status = app_may_sign(app, err);
	if (status == OK) {
		status = app_own_key(app, KEY_ROOT, &root, err);
	}
	if (status != OK) {
		json_decref(fields);
		return status;
	}
	return app_kernel_entry(app, &root.key, "root key", kind, fields, NULL, 0, out, err);
}

enum status tally_amend(struct app *app, struct bytes agreement, int64_t from_day, struct id *out, struct err *err)
{
	json_t *profile;
	struct buf cbor;
	enum status status = json_read(agreement, "agreement", &profile, err);
	if (status != OK) {
		return status;
	}
	buf_init(&cbor, LIMIT_BODY_BYTES);
	status = json_to_cbor(profile, "agreement", &cbor, err);
	if (status == OK) {
		struct id hash = sha256(buf_bytes(&cbor));
		json_t *fields = json_object();
		json_object_set_new(fields, "from", json_day(from_day));
		json_object_set(fields, "profile", profile);
		json_object_set_new(fields, "profile_hash", json_hex(id_bytes(&hash)));
		status = sign_by_root(app, "tally.amended", fields, out, err);
	}
	buf_clear(&cbor);
	json_decref(profile);
	return status;
}

enum status tally_amend_agree(struct app *app, int64_t from_day, const struct id *hash, struct id *out, struct err *err)
{
	json_t *fields = json_object();
	json_object_set_new(fields, "from", json_day(from_day));
	json_object_set_new(fields, "profile_hash", json_hex(id_bytes(hash)));
	return sign_by_root(app, "tally.amended", fields, out, err);
}

enum status tally_accept_rules(struct app *app, const char *domain, struct id *out, struct err *err)
{
	const struct domain *found = domain_find(bytes_text(domain));
	if (!found) {
		return err_set(err, USAGE, "domain \"%s\": not one of this program", domain);
	}
	json_t *fields = json_object();
	json_object_set_new(fields, "domain", json_string(domain));
	json_object_set_new(fields, "number", json_integer(found->rule_set));
	return sign_by_root(app, "tally.rules_accepted", fields, out, err);
}

/* --- listing ------------------------------------------------------------------------------------------------------------ */

struct listing {
	struct app *app;
	json_t *rows;
};

static json_t *party_codes(const struct tally_view *view)
{
	json_t *codes = json_array();
	for (unsigned i = 0; i < view->party_count; i++) {
		json_array_append_new(codes, json_string(view->party_codes[i]));
	}
	return codes;
}

static enum status list_tally(void *context, const struct tally_row *tally, struct err *err)
{
	struct listing *listing = context;
	struct app *app = listing->app;
	struct tally_view view;
	struct bytes profile = { 0 }, text = { 0 };
	struct id hash = { { 0 } };
	enum status status = tally_view_load(app->store, tally->row, &app->arena, &view, err);
	if (status != OK) {
		return status;
	}
	int64_t today = day_of_ms(app->ctx.now_ms, 0);
	tally_profile(app->store, tally->row, today, &app->arena, &profile, &hash, NULL);
	json_t *row = json_object();
	json_object_set_new(row, "id", json_hex(id_bytes(&tally->id)));
	json_object_set_new(row, "mode", json_string(tally->mode));
	json_object_set_new(
	    row, "agreement", cbor_text(cbor_path(profile, "id", NULL), &text) ? json_utf8(text) : json_null());
	json_object_set_new(row, "profile", json_hex(id_bytes(&hash)));
	json_object_set_new(row, "parties", party_codes(&view));
	json_object_set_new(row, "own_party", json_string(view.party_codes[tally->own_party]));
	json_object_set_new(row, "open", json_boolean(tally_is_open(app->store, tally->row, NULL)));
	json_array_append_new(listing->rows, row);
	return OK;
}

enum status tally_rows(struct app *app, json_t **rows, struct err *err)
{
	struct listing listing = { app, json_array() };
	*rows = listing.rows;
	return store_tally_each(app->store, list_tally, &listing, err);
}
