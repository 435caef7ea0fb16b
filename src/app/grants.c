/* Desks and homes. The request travels as a card, so that the one who asks and the one who grants need no network between them; the
 * fingerprint in it is read aloud before the grant. */
#include "app/grants.h"
#include "base/cbor.h"
#include "base/currency.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "store/file.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRANT_YEARS 5

/* --- asking ------------------------------------------------------------------------------------------------------------- */

static enum status check_strength(struct app *app, enum key_strength strength, struct err *err)
{
	if (strength == STRENGTH_LIGHT && !app->ctx.view.rehearsal) {
		return err_refuse(err, "", "decision 0051", "--strength light: is for rehearsals; this tally is %s",
		    app->ctx.view.national ? "national" : "real");
	}
	return OK;
}

static void card_start(struct app *app, struct buf *card, const char *title, enum key_strength strength)
{
	card_begin(card, title);
	card_put_id(card, "tally", &app->tally.id);
	card_put(card, "party", app->party);
	card_put(card, "strength", strength == STRENGTH_LIGHT ? "light" : "standard");
}

static void card_finish(struct buf *card, const struct id *key)
{
	char words[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT];
	fingerprint_words(key, words, sizeof words);
	fingerprint_hex(key, hex);
	card_put_id(card, "key", key);
	card_put(card, "words", words);
	card_put(card, "hex", hex);
	card_end(card);
}

/* "GBP=500000" or "GBP=5,000.00" into minor units. */
static enum status read_limit(const char *text, char currency[4], int64_t *minor, struct err *err)
{
	const char *equals = strchr(text, '=');
	struct bytes number = bytes_text(equals ? equals + 1 : "");
	const struct currency *found = equals && equals - text == 3 ? currency_find(bytes_of(text, 3)) : NULL;
	if (!found) {
		return err_set(err, USAGE,
		    "limit \"%s\": must be CURRENCY=AMOUNT, such as GBP=5,000.00 or GBP=500000 (minor units)", text);
	}
	memcpy(currency, found->code, 4);
	struct decimal whole = { 0 };
	struct err inner;
	err_clear(&inner);
	bool major = memchr(number.data, '.', number.len) != NULL;
	enum status status =
	    major ? currency_parse(found, number, minor, &inner) : decimal_parse(number, &whole, &inner);
	if (status != OK) {
		return err_within(err, USAGE, &inner, "limit \"%s\"", text);
	}
	if (!major) {
		*minor = whole.mantissa;
	}
	return whole.decimals == 0 && *minor >= 0
	    ? OK
	    : err_set(err, USAGE, "limit \"%s\": must be 0 or above, in whole minor units", text);
}

static enum status put_limits(const struct desk_request *request, struct buf *card, struct err *err)
{
	enum status status = OK;
	for (unsigned i = 0; i < request->limit_count && status == OK; i++) {
		char currency[4], line[40];
		int64_t minor;
		status = read_limit(request->limits[i], currency, &minor, err);
		if (status == OK) {
			snprintf(line, sizeof line, "%s=%lld", currency, (long long)minor);
			card_put(card, "limit", line);
		}
	}
	return status;
}

static enum status check_line(const char *name, const char *value, size_t most, struct err *err)
{
	const char *reason = text_check(bytes_text(value));
	if (reason || !value[0] || strlen(value) > most || strchr(value, '\n')) {
		return err_set(err, USAGE, "%s: must be one line of 1 to %zu bytes of text", name, most);
	}
	return OK;
}

static enum status check_roles(const char *roles, struct err *err)
{
	for (const char *at = roles;;) {
		size_t len = strcspn(at, ",");
		if (!code_fits(bytes_of(at, len))) {
			return err_set(err, USAGE,
			    "roles \"%s\": must be codes with commas between, such as orderer,receiver", roles);
		}
		if (!at[len]) {
			return OK;
		}
		at += len + 1;
	}
}

enum status desk_request(
    struct app *app, const struct desk_request *request, struct buf *card, struct id *key, struct err *err)
{
	enum status status = app_write(app, err);
	if (status == OK) {
		status = check_strength(app, request->strength, err);
	}
	if (status == OK && !code_fits(bytes_text(request->officer))) {
		status = err_set(err, USAGE,
		    "officer \"%s\": must be 1 to 32 of a-z A-Z 0-9 _ - .; names of persons stay at home",
		    request->officer);
	}
	if (status == OK) {
		status = check_line("post", request->post, 200, err);
	}
	if (status == OK) {
		status = check_roles(request->roles, err);
	}
	if (status != OK) {
		return status;
	}
	card_start(app, card, "warifu desk request", request->strength);
	card_put(card, "officer", request->officer);
	card_put(card, "post", request->post);
	card_put(card, "roles", request->roles);
	status = put_limits(request, card, err);
	if (status == OK) {
		status = app_key_make(app, NULL, "desk", request->post, request->strength, key, NULL, NULL, err);
	}
	if (status == OK) {
		card_finish(card, key);
	}
	return status;
}

enum status home_request(
    struct app *app, const char *label, enum key_strength strength, struct buf *card, struct id *key, struct err *err)
{
	struct id sealing, tls;
	enum status status = app_write(app, err);
	if (status == OK) {
		status = check_strength(app, strength, err);
	}
	if (status == OK) {
		status = check_line("label", label, 100, err);
	}
	if (status == OK) {
		status = app_key_make(app, NULL, "home", label, strength, key, &sealing, &tls, err);
	}
	if (status == OK) {
		card_start(app, card, "warifu home request", strength);
		card_put(card, "label", label);
		card_put_id(card, "sealing", &sealing);
		card_put_id(card, "tls", &tls);
		card_finish(card, key);
	}
	return status;
}

/* --- granting ----------------------------------------------------------------------------------------------------------- */

/* A day lasts until its end; a time is exact. */
static enum status read_until(const char *text, int64_t *ms, struct err *err)
{
	int64_t day;
	if (!text || !text[0]) {
		*ms = 0;
	} else if (day_parse(bytes_text(text), &day)) {
		*ms = (day + 1) * DAY_MS - 1;
	} else if (!time_parse(bytes_text(text), ms)) {
		return err_set(err, USAGE, "until \"%s\": must be a day or a time, such as 2027-03-31", text);
	}
	return OK;
}

static enum status read_range(const char *text, struct grant_terms *terms, struct err *err)
{
	char *end = NULL;
	if (!text || !text[0]) {
		return OK;
	}
	terms->range_first = strtoll(text, &end, 10);
	terms->range_last = *end == '-' ? strtoll(end + 1, &end, 10) : 0;
	if (*end || terms->range_first < 1 || terms->range_last < terms->range_first || terms->range_last > 9999) {
		return err_set(err, USAGE, "range \"%s\": must be FIRST-LAST within 1 to 9999, such as 100-199", text);
	}
	return OK;
}

enum status grant_terms_read(
    const char *until, const char *number, const char *range, struct grant_terms *out, struct err *err)
{
	char *end = NULL;
	bool given = number && number[0];
	out->number = given ? strtoll(number, &end, 10) : 0;
	if (given && (*end || out->number < 1 || out->number > 9999)) {
		return err_set(err, USAGE, "number %s: must be 1 to 9999", number);
	}
	enum status status = read_until(until, &out->until_ms, err);
	return status == OK ? read_range(range, out, err) : status;
}

/* Who signs: the root, or with by_registrar the chosen desk. */
static enum status find_signer(
    struct app *app, bool by_registrar, struct key_view *signer, char what[64], struct err *err)
{
	if (!by_registrar) {
		snprintf(what, 64, "root key");
		return app_own_key(app, KEY_ROOT, signer, err);
	}
	enum status status = app_choose_desk(app, err);
	*signer = app->desk;
	snprintf(what, 64, "desk %lld", (long long)signer->signer.desk_number);
	return status;
}

static enum status own_desks(
    struct app *app, int64_t *highest, unsigned *live, bool *taken, int64_t wanted, struct err *err)
{
	struct key_view *keys;
	unsigned count;
	enum status status = app_keys(app, &keys, &count, err);
	*highest = 0;
	*live = 0;
	*taken = false;
	for (unsigned i = 0; i < count && status == OK; i++) {
		if (keys[i].key_class != KEY_DESK || keys[i].signer.party != app->ctx.own_party) {
			continue;
		}
		int64_t number = keys[i].signer.desk_number;
		*highest = number > *highest ? number : *highest;
		*taken |= number == wanted;
		*live += keys[i].counts && !keys[i].revoked && keys[i].until_ms >= app->ctx.now_ms;
	}
	return status;
}

static enum status choose_number(
    struct app *app, const struct grant_terms *terms, const struct key_view *signer, int64_t *number, struct err *err)
{
	int64_t highest;
	unsigned live;
	bool taken;
	enum status status = own_desks(app, &highest, &live, &taken, terms->number, err);
	if (status != OK) {
		return status;
	}
	if (live >= LIMIT_LIVE_DESKS) {
		return err_refuse(err, "", "docs/format.md 5.1",
		    "party %s: has %u live desks; at most %d; revoke one first", app->party, live, LIMIT_LIVE_DESKS);
	}
	*number = terms->number;
	if (*number == 0) {
		int64_t first = terms->by_registrar && signer->range_first > 0 ? signer->range_first : 1;
		*number = highest + 1 > first ? highest + 1 : first;
	} else if (taken) {
		return err_refuse(err, "", "docs/format.md 9",
		    "desk number %lld: is taken in party %s; a number is never used twice", (long long)*number,
		    app->party);
	}
	return OK;
}

static json_t *roles_json(const char *roles)
{
	json_t *array = json_array();
	for (const char *at = roles; at && *at;) {
		size_t len = strcspn(at, ",");
		json_array_append_new(array, json_stringn(at, len));
		at += len + (at[len] == ',');
	}
	return array;
}

static enum status limits_json(const struct card *card, json_t *fields, struct err *err)
{
	json_t *limits = json_object();
	const char *line;
	enum status status = OK;
	for (unsigned i = 0; status == OK && (line = card_at(card, "limit", i)) != NULL; i++) {
		char currency[4] = "";
		int64_t minor = 0;
		status = read_limit(line, currency, &minor, err);
		if (status == OK) {
			json_object_set_new(limits, currency, json_integer(minor));
		}
	}
	if (status == OK && json_object_size(limits) > 0) {
		json_object_set(fields, "limits", limits);
	}
	json_decref(limits);
	return status;
}

static enum status desk_fields(struct app *app, const struct card *card, const struct grant_terms *terms,
    const struct key_view *signer, json_t *fields, struct granted *out, struct err *err)
{
	const char *officer = card_get(card, "officer"), *post = card_get(card, "post"),
		   *roles = card_get(card, "roles");
	if (!officer || !post || !roles) {
		return err_set(err, BAD_INPUT, "card: officer, post and roles must be given");
	}
	enum status status = choose_number(app, terms, signer, &out->number, err);
	if (status != OK) {
		return status;
	}
	snprintf(out->officer, sizeof out->officer, "%s", officer);
	json_object_set_new(fields, "officer", json_string(officer));
	json_object_set_new(fields, "post", json_string(post));
	json_object_set_new(fields, "roles", roles_json(roles));
	json_object_set_new(fields, "number", json_integer(out->number));
	if (terms->range_first > 0) {
		json_object_set_new(fields, "range",
		    json_pack("[I, I]", (json_int_t)terms->range_first, (json_int_t)terms->range_last));
	}
	return limits_json(card, fields, err);
}

static enum status home_fields(const struct card *card, json_t *fields, struct err *err)
{
	const char *label = card_get(card, "label"), *sealing = card_get(card, "sealing"), *tls = card_get(card, "tls");
	if (!label || !sealing) {
		return err_set(err, BAD_INPUT, "card: label and sealing key must be given");
	}
	json_object_set_new(fields, "label", json_string(label));
	json_object_set_new(fields, "sealing", json_string(sealing));
	if (tls) {
		json_object_set_new(fields, "tls", json_string(tls));
	}
	return OK;
}

static enum status check_card(struct app *app, const struct card *card, struct id *key, struct err *err)
{
	struct id tally;
	const char *party = card_get(card, "party"), *strength = card_get(card, "strength");
	enum status status = card_id(card, "tally", &tally, err);
	if (status == OK) {
		status = card_id(card, "key", key, err);
	}
	if (status != OK) {
		return status;
	}
	if (!id_equal(&tally, &app->tally.id)) {
		return err_set(err, BAD_INPUT, "card: is for another tally; choose it with --tally");
	}
	if (!party || strcmp(party, app->party) != 0) {
		return err_set(err, BAD_INPUT, "card: is of party %s; this home is of %s",
		    party ? party : "(none given)", app->party);
	}
	if (key_check(key)) {
		return err_set(err, BAD_INPUT, "card: its key is none that may sign (sig-key)");
	}
	return check_strength(
	    app, strength && strcmp(strength, "light") == 0 ? STRENGTH_LIGHT : STRENGTH_STANDARD, err);
}

static int64_t choose_until(struct app *app, const struct grant_terms *terms, const struct key_view *signer)
{
	if (terms->until_ms) {
		return terms->until_ms;
	}
	int64_t day = day_add_months(day_of_ms(app->ctx.now_ms, 0), 12 * GRANT_YEARS);
	int64_t until = (day + 1) * DAY_MS - 1;
	return terms->by_registrar && signer->until_ms < until ? signer->until_ms : until;
}

enum status grant_enter(
    struct app *app, const struct card *card, const struct grant_terms *terms, struct granted *out, struct err *err)
{
	struct key_view signer;
	char what[64];
	bool is_desk = strcmp(card->title, "warifu desk request") == 0;
	*out = (struct granted){ 0 };
	if (!is_desk && strcmp(card->title, "warifu home request") != 0) {
		return err_set(
		    err, BAD_INPUT, "card: is a \"%s\", must be a request for a desk or a home", card->title);
	}
	enum status status = app_may_sign(app, err);
	if (status == OK) {
		status = check_card(app, card, &out->key, err);
	}
	if (status == OK) {
		status = find_signer(app, terms->by_registrar, &signer, what, err);
	}
	if (status != OK) {
		return status;
	}
	json_t *fields = json_object();
	out->until_ms = choose_until(app, terms, &signer);
	json_object_set_new(fields, "key", json_hex(id_bytes(&out->key)));
	json_object_set_new(fields, "until", json_time(out->until_ms));
	status = is_desk ? desk_fields(app, card, terms, &signer, fields, out, err) : home_fields(card, fields, err);
	if (status != OK) {
		json_decref(fields);
		return status;
	}
	return app_kernel_entry(
	    app, &signer.key, what, is_desk ? "desk.granted" : "home.granted", fields, NULL, 0, &out->id, err);
}

enum status home_grant_own(struct app *app, const char *label, struct id *key, struct err *err)
{
	struct key_view root;
	struct buf text;
	struct card card;
	struct granted granted;
	enum key_strength strength;
	enum status status = app_own_key(app, KEY_ROOT, &root, err);
	if (status == OK) {
		status = app_key_strength(app, &root.key, &strength, err);
	}
	if (status != OK) {
		return status;
	}
	buf_init(&text, CARD_BYTES);
	status = home_request(app, label, strength, &text, key, err);
	if (status == OK) {
		status = card_read(&app->arena, buf_bytes(&text), &card, err);
	}
	if (status == OK) {
		status = grant_enter(app, &card, &(struct grant_terms){ 0 }, &granted, err);
	}
	buf_clear(&text);
	return status;
}

/* --- revoking ----------------------------------------------------------------------------------------------------------- */

static enum status find_key(
    struct app *app, const char *which, enum key_class key_class, struct key_view *out, struct err *err)
{
	struct key_view *keys;
	unsigned count, found = 0;
	enum status status = app_keys(app, &keys, &count, err);
	for (unsigned i = 0; i < count && status == OK; i++) {
		char hex[ID_BYTES * 2 + 1], number[24];
		hex_print(id_bytes(&keys[i].key), hex);
		snprintf(number, sizeof number, "%lld", (long long)keys[i].signer.desk_number);
		bool named = (key_class == KEY_DESK && strcmp(number, which) == 0) ||
		    (strlen(which) >= 8 && strncmp(hex, which, strlen(which)) == 0);
		if (keys[i].key_class == key_class && keys[i].signer.party == app->ctx.own_party && named) {
			*out = keys[i];
			found++;
		}
	}
	if (status != OK || found == 1) {
		return status;
	}
	return err_set(err, USAGE, "%s %s: %s of party %s; give its number or the first digits of its key",
	    key_class == KEY_DESK ? "desk" : "home", which, found ? "more than one" : "none", app->party);
}

enum status grant_revoke(struct app *app, const char *which, enum key_class key_class, int64_t last_good,
    const char *reason, bool by_registrar, struct id *out, struct err *err)
{
	struct key_view key, signer;
	char what[64];
	enum status status = app_may_sign(app, err);
	if (status == OK) {
		status = find_key(app, which, key_class, &key, err);
	}
	if (status == OK) {
		status = find_signer(app, by_registrar, &signer, what, err);
	}
	if (status != OK) {
		return status;
	}
	json_t *fields = json_object();
	json_object_set_new(fields, "key", json_hex(id_bytes(&key.key)));
	json_object_set_new(
	    fields, "last_good_seq", json_integer(last_good >= 0 ? last_good : (json_int_t)key.log.head_seq));
	json_object_set_new(fields, "reason", json_string(reason));
	return app_kernel_entry(app, &signer.key, what, "grant.revoked", fields, NULL, 0, out, err);
}

/* --- adopting ----------------------------------------------------------------------------------------------------------- */

struct give_up {
	struct app *app;
	char folder[4200];
};

static enum status put_aside(void *context, const struct keyfile_info *info, struct err *err)
{
	struct give_up *give_up = context;
	char hex[ID_BYTES * 2 + 1], from[PATH_BYTES], to[PATH_BYTES];
	hex_print(id_bytes(&info->key), hex);
	enum status status = path_make(from, err, "%s/keys/%s.key", give_up->app->home_dir, hex);
	if (status == OK) {
		status = path_make(to, err, "%s/%s.key", give_up->folder, hex);
	}
	if (status == OK && rename(from, to) != 0) {
		return err_set(err, ENVIRONMENT, "%s: %s", from, strerror(errno));
	}
	return status;
}

enum status home_adopt(struct app *app, struct err *err)
{
	struct give_up give_up = { .app = app };
	app_write(app, NULL); /* takes the writer's lock; that it may not write is what we are here for */
	if (!app->store->read_only) {
		return err_set(err, USAGE, "home %s: is no copy; there is nothing to adopt", app->home_dir);
	}
	snprintf(give_up.folder, sizeof give_up.folder, "%s/keys/given-up", app->home_dir);
	enum status status = folder_make(give_up.folder, err);
	if (status == OK) {
		status = keyfile_each(app->home_dir, put_aside, &give_up, err);
	}
	return status == OK ? store_adopt(app->store, err) : status;
}

/* --- listing ------------------------------------------------------------------------------------------------------------ */

static const char *standing_word(const struct app *app, const struct key_view *key)
{
	if (!key->counts) {
		return "void";
	}
	if (key->forked) {
		return "forked";
	}
	if (key->revoked) {
		return "revoked";
	}
	return key->until_ms < app->ctx.now_ms ? "expired" : "valid";
}

static json_t *cbor_or_null(struct bytes item)
{
	return item.len ? json_from_cbor(item) : json_null();
}

/* Who granted it: "root", or "desk 7" of the same party. */
static const char *granter_name(
    struct app *app, const struct key_view *key, const struct key_view *keys, unsigned count)
{
	struct entry_row entry;
	struct log_row log;
	if (store_entry_find(app->store, app->ctx.tally, &key->grant, NULL, &entry, NULL) != OK ||
	    store_log_get(app->store, entry.log, &log, NULL) != OK) {
		return "";
	}
	for (unsigned i = 0; i < count; i++) {
		if (keys[i].key_class == KEY_DESK && id_equal(&keys[i].key, &log.key)) {
			const char *name =
			    arena_printf(&app->arena, "desk %lld", (long long)keys[i].signer.desk_number);
			return name ? name : "";
		}
	}
	return "root";
}

static json_t *key_row(struct app *app, const struct key_view *key, const struct key_view *keys, unsigned count)
{
	char dir[4096];
	json_t *row = json_object();
	json_object_set_new(row, "class", json_string(key_class_name(key->key_class)));
	json_object_set_new(row, "party", json_string(app->ctx.view.party_codes[key->signer.party]));
	if (key->key_class == KEY_DESK) {
		json_object_set_new(row, "number", json_integer(key->signer.desk_number));
		json_object_set_new(row, "officer", json_utf8(key->signer.officer));
		json_object_set_new(row, "post", json_utf8(key->signer.post));
		json_object_set_new(row, "roles", cbor_or_null(key->signer.roles));
		json_object_set_new(row, "limits", cbor_or_null(key->signer.limits));
		json_object_set_new(row, "range",
		    key->range_first > 0
			? json_pack("[I, I]", (json_int_t)key->range_first, (json_int_t)key->range_last)
			: json_null());
	}
	if (key->key_class == KEY_HOME) {
		json_object_set_new(row, "label", json_utf8(key->label));
		json_object_set_new(row, "sealing", key->sealing.len ? json_hex(key->sealing) : json_null());
	}
	if (key->key_class >= KEY_DESK) {
		json_object_set_new(row, "until", json_time(key->until_ms));
		json_object_set_new(row, "grant", json_hex(id_bytes(&key->grant)));
		json_object_set_new(row, "granter", json_string(granter_name(app, key, keys, count)));
	}
	json_object_set_new(row, "standing", json_string(standing_word(app, key)));
	json_object_set_new(row, "here", json_boolean(app_key_here(app, &key->key, dir)));
	json_object_set_new(row, "entries", json_integer(key->has_log ? (json_int_t)key->log.head_seq : 0));
	json_object_set_new(row, "last_good_seq", key->revoked ? json_integer(key->last_good) : json_null());
	json_object_set_new(row, "stopped", json_string(key->has_log ? key->log.stopped : ""));
	json_object_set_new(row, "key", json_hex(id_bytes(&key->key)));
	return row;
}

enum status grant_rows(struct app *app, enum key_class key_class, json_t **rows, struct err *err)
{
	struct key_view *keys;
	unsigned count;
	enum status status = app_keys(app, &keys, &count, err);
	*rows = json_array();
	for (unsigned i = 0; i < count && status == OK; i++) {
		if (key_class == 0 || keys[i].key_class == key_class) {
			json_array_append_new(*rows, key_row(app, &keys[i], keys, count));
		}
	}
	return status;
}
