/* Keys of this home: where their files lie, which one signs, and their secrets for as long as one command runs.
 * A key file may lie outside the home (a root key on a stick that is locked away): the setting "keys" remembers where each one
 * was made, and --keys names folders to look in first. */
#include "app/app.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "base/words.h"
#include "core/kernel.h"
#include "sync/certificate.h"
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* --- where a key lies --------------------------------------------------------------------------------------------------- */

static bool key_in(const char *from, const struct id *key, char dir[4096])
{
	if (!from || !keyfile_exists(from, key)) {
		return false;
	}
	snprintf(dir, 4096, "%s", from);
	return true;
}

bool app_key_here(struct app *app, const struct id *key, char dir[4096])
{
	for (unsigned i = 0; i < app->key_dir_count; i++) {
		if (key_in(app->key_dirs[i], key, dir)) {
			return true;
		}
	}
	if (key_in(app->home_dir, key, dir)) {
		return true;
	}
	json_t *keys;
	char hex[ID_BYTES * 2 + 1];
	hex_print(id_bytes(key), hex);
	if (app_setting_get(app, "keys", &keys, NULL) != OK) {
		return false;
	}
	bool here = key_in(json_get_text(keys, hex), key, dir);
	json_decref(keys);
	return here;
}

static enum status remember_dir(struct app *app, const struct id *key, const char *dir, struct err *err)
{
	json_t *keys;
	char hex[ID_BYTES * 2 + 1];
	char *path = realpath(dir, NULL);
	enum status status = app_setting_get(app, "keys", &keys, err);
	if (status == OK) {
		hex_print(id_bytes(key), hex);
		json_object_set_new(keys, hex, json_string(path ? path : dir));
		status = app_setting_set(app, "keys", keys, err);
		json_decref(keys);
	}
	free(path);
	return status;
}

struct strength_search {
	const struct id *key;
	enum key_strength strength;
	bool found;
};

static enum status strength_compare(void *context, const struct keyfile_info *info, struct err *err)
{
	struct strength_search *search = context;
	(void)err;
	if (id_equal(&info->key, search->key)) {
		search->strength = info->strength;
		search->found = true;
	}
	return OK;
}

enum status app_key_strength(struct app *app, const struct id *key, enum key_strength *strength, struct err *err)
{
	struct strength_search search = { key, STRENGTH_STANDARD, false };
	char dir[4096], words[FINGERPRINT_TEXT];
	if (!app_key_here(app, key, dir)) {
		fingerprint_words(key, words, sizeof words);
		return err_set(err, NOT_FOUND, "key %s: its file is not here; name its folder with --keys", words);
	}
	enum status status = keyfile_each(dir, strength_compare, &search, err);
	*strength = search.strength;
	return status;
}

/* --- secrets ------------------------------------------------------------------------------------------------------------ */

static enum status refuse_light(struct app *app, const struct id *key, const char *what, struct err *err)
{
	enum key_strength strength = STRENGTH_STANDARD;
	if (!app->ctx.tally || app->ctx.view.rehearsal) {
		return OK;
	}
	enum status status = app_key_strength(app, key, &strength, err);
	if (status == OK && strength == STRENGTH_LIGHT) {
		return err_refuse(err, "", "decision 0051",
		    "%s: its key file is of light strength, which is for rehearsals; "
		    "make a new key with --strength standard",
		    what);
	}
	return status;
}

static enum status open_file(
    struct app *app, const struct id *key, const char *what, struct secrets *secrets, struct err *err)
{
	char dir[4096];
	struct bytes passphrase = { 0 };
	if (!app_key_here(app, key, dir)) {
		return err_set(err, ENVIRONMENT, "%s: its key file is not here; name its folder with --keys", what);
	}
	enum status status = refuse_light(app, key, what, err);
	if (status == OK) {
		status = app->passphrase(app->passphrase_context, what, false, &app->arena, &passphrase, err);
	}
	if (status == OK) {
		status = keyfile_open(dir, key, passphrase, secrets, err);
	}
	return status;
}

enum status app_secrets(
    struct app *app, const struct id *key, const char *what, const struct secrets **out, struct err *err)
{
	for (unsigned i = 0; i < app->opened_count; i++) {
		if (id_equal(&app->opened[i].key, key)) {
			*out = app->opened[i].secrets;
			return OK;
		}
	}
	struct secrets *secrets = app->opened_count < APP_SECRETS ? arena_take(&app->arena, sizeof *secrets) : NULL;
	if (!secrets) {
		return err_set(err, ENVIRONMENT, "%s: more than %d keys in one command", what, APP_SECRETS);
	}
	enum status status = open_file(app, key, what, secrets, err);
	if (status == OK) {
		app->opened[app->opened_count].key = *key;
		app->opened[app->opened_count++].secrets = secrets;
		*out = secrets;
	}
	return status;
}

enum status app_lend(struct app *app, const struct id *key, const struct secrets *secrets, struct err *err)
{
	struct secrets *copy = app->opened_count < APP_SECRETS ? arena_take(&app->arena, sizeof *copy) : NULL;
	if (!copy) {
		return err_set(err, ENVIRONMENT, "keys: more than %d in one request", APP_SECRETS);
	}
	*copy = *secrets;
	app->opened[app->opened_count].key = *key;
	app->opened[app->opened_count++].secrets = copy;
	return OK;
}

enum status app_unlock(struct app *app, const struct id *key, const char *what, struct bytes passphrase,
    struct secrets *out, struct err *err)
{
	char dir[4096];
	if (!app_key_here(app, key, dir)) {
		return err_set(err, ENVIRONMENT, "%s: its key file is not in this home", what);
	}
	enum status status = refuse_light(app, key, what, err);
	return status == OK ? keyfile_open(dir, key, passphrase, out, err) : status;
}

void app_random(void *out, size_t len)
{
	random_bytes(out, len);
}

/* The key to which bundles for a home are sealed. */
static bool seal_generate(struct secrets *secrets)
{
	size_t seal_len = sizeof secrets->seal, public_len = ID_BYTES;
	EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	bool good = pair && EVP_PKEY_get_raw_private_key(pair, secrets->seal, &seal_len) == 1 &&
	    EVP_PKEY_get_raw_public_key(pair, secrets->seal_public.data, &public_len) == 1;
	EVP_PKEY_free(pair);
	return good;
}

enum status app_key_make(struct app *app, const char *dir, const char *role, const char *label,
    enum key_strength strength, struct id *key, struct id *sealing, struct id *tls, struct err *err)
{
	struct secrets secrets = { 0 };
	struct bytes passphrase;
	char what[160];
	snprintf(what, sizeof what, "new %s key%s%s", role, label[0] ? " " : "", label);
	enum status status = app->passphrase(app->passphrase_context, what, true, &app->arena, &passphrase, err);
	if (status != OK) {
		return status;
	}
	key_generate(key, secrets.sign);
	if (sealing) {
		if (!seal_generate(&secrets)) {
			return err_set(err, ENVIRONMENT, "%s: no X25519 here", what);
		}
		*sealing = secrets.seal_public;
	}
	if (tls) {
		status = certificate_hash(&secrets, tls, err);
	}
	if (status == OK) {
		status =
		    keyfile_create(dir ? dir : app->home_dir, role, label, passphrase, strength, &secrets, key, err);
	}
	secrets_clear(&secrets);
	if (status == OK && dir) {
		status = remember_dir(app, key, dir, err);
	}
	return status;
}

const char *key_class_name(enum key_class key_class)
{
	static const char *const names[] = { "", "root", "recovery", "desk", "home" };
	return names[key_class];
}

/* --- which key signs ---------------------------------------------------------------------------------------------------- */

enum status app_keys(struct app *app, struct key_view **keys, unsigned *count, struct err *err)
{
	return tally_keys(app->store, app->ctx.tally, &app->arena, keys, count, err);
}

static bool is_wanted(const struct app *app, const struct key_view *view)
{
	char hex[ID_BYTES * 2 + 1], number[24];
	if (app->officer_wanted.len > 0) {
		return bytes_equal(view->signer.officer, app->officer_wanted);
	}
	if (!app->desk_wanted) {
		return true;
	}
	hex_print(id_bytes(&view->key), hex);
	snprintf(number, sizeof number, "%lld", (long long)view->signer.desk_number);
	return strcmp(number, app->desk_wanted) == 0 ||
	    (strlen(app->desk_wanted) >= 8 && strncmp(hex, app->desk_wanted, strlen(app->desk_wanted)) == 0);
}

static enum status refuse_choice(struct app *app, const struct key_view *const *found, unsigned count, struct err *err)
{
	char list[200] = "";
	size_t used = 0;
	for (unsigned i = 0; i < count && used < sizeof list - 16; i++) {
		used += (size_t)snprintf(
		    list + used, sizeof list - used, "%s%lld", i ? ", " : "", (long long)found[i]->signer.desk_number);
	}
	if (count > 1) {
		return err_set(err, USAGE, "this home holds desks %s; choose one with --desk", list);
	}
	if (app->officer_wanted.len > 0) {
		return err_set(err, USAGE,
		    "officer %.*s: has no desk here in the %s tally; ask for one there with `warifu desk request`",
		    (int)app->officer_wanted.len, (const char *)app->officer_wanted.data,
		    app->ctx.view.national ? "national" : "shared");
	}
	if (app->desk_wanted) {
		return err_set(err, USAGE, "desk %s: no such desk of %s in this home; `warifu desk list` shows them",
		    app->desk_wanted, app->party);
	}
	return err_set(err, USAGE, "no desk in this home may sign; ask for one with `warifu desk request`");
}

enum status app_choose_desk(struct app *app, struct err *err)
{
	struct key_view *keys;
	const struct key_view *found[16] = { 0 };
	unsigned count, usable = 0;
	char dir[4096];
	if (app->has_desk) {
		return OK;
	}
	enum status status = app_keys(app, &keys, &count, err);
	for (unsigned i = 0; i < count && status == OK; i++) {
		bool lives = keys[i].counts && !keys[i].revoked;
		if (keys[i].key_class == KEY_DESK && keys[i].signer.party == app->ctx.own_party &&
		    is_wanted(app, &keys[i]) && (lives || (app->desk_wanted && app->officer_wanted.len == 0)) &&
		    usable < 16 && app_key_here(app, &keys[i].key, dir)) {
			found[usable++] = &keys[i];
		}
	}
	if (status != OK || usable != 1) {
		return status != OK ? status : refuse_choice(app, found, usable, err);
	}
	app->desk = *found[0];
	app->has_desk = true;
	return OK;
}

enum status app_choose_home_key(struct app *app, struct err *err)
{
	struct key_view *keys;
	unsigned count;
	if (app->has_home_key) {
		return OK;
	}
	enum status status = app_keys(app, &keys, &count, err);
	for (unsigned i = 0; i < count && status == OK && !app->has_home_key; i++) {
		if (keys[i].key_class == KEY_HOME && keys[i].signer.party == app->ctx.own_party && keys[i].counts &&
		    !keys[i].revoked && keyfile_exists(app->home_dir, &keys[i].key)) {
			app->home_key = keys[i].key;
			app->has_home_key = true;
		}
	}
	if (status == OK && !app->has_home_key) {
		return err_set(
		    err, NOT_FOUND, "this home has no key in the tally; ask for one with `warifu home request`");
	}
	return status;
}

/* --- root and recovery key ---------------------------------------------------------------------------------------------- */

/* The keys that speak for our party: those of the opening, until a root.replaced that counts names others. They need not have written. */
struct speakers {
	struct app *app;
	struct id root, recovery;
};

static bool take_key(struct bytes *at, struct id *out)
{
	struct cbor_item item = cbor_take(at);
	if (item.type != CBOR_BYTES || item.bytes.len != ID_BYTES) {
		return false;
	}
	memcpy(out->data, item.bytes.data, ID_BYTES);
	return true;
}

static void speakers_of_opening(struct speakers *speakers, const struct body *body)
{
	struct bytes at = body_field(body, PROPOSED_PARTIES);
	struct cbor_item parties = cbor_take(&at);
	for (size_t i = 0; i < parties.count; i++) {
		struct bytes whole = cbor_skip(&at);
		cbor_take(&whole);
		cbor_take(&whole);
		if (i == speakers->app->ctx.own_party && take_key(&whole, &speakers->root)) {
			take_key(&whole, &speakers->recovery);
		}
	}
}

static enum status look_for_speakers(void *context, const struct entry_row *row, struct err *err)
{
	struct speakers *speakers = context;
	struct log_row log;
	struct body body;
	if (body_read(row->body, &body)) {
		return OK;
	}
	if (bytes_is(body.kind, "tally.proposed") && id_is_zero(&speakers->root)) {
		speakers_of_opening(speakers, &body);
	}
	if (!bytes_is(body.kind, "root.replaced") || row->verdict != VERDICT_VALID) {
		return OK;
	}
	enum status status = store_log_get(speakers->app->store, row->log, &log, err);
	if (status == OK && log.party == speakers->app->ctx.own_party) {
		record_id(&body, REPLACED_ROOT, &speakers->root);
		record_id(&body, REPLACED_RECOVERY, &speakers->recovery);
	}
	return status;
}

enum status app_own_key(struct app *app, enum key_class key_class, struct key_view *out, struct err *err)
{
	struct speakers speakers = { .app = app };
	struct id no_branch = { { 0 } };
	char dir[4096];
	enum status status =
	    store_kernel_entries(app->store, app->ctx.tally, &app->arena, look_for_speakers, &speakers, err);
	if (status != OK) {
		return status;
	}
	*out = (struct key_view){ .key = key_class == KEY_ROOT ? speakers.root : speakers.recovery,
		.key_class = key_class,
		.signer = { .party = app->ctx.own_party },
		.until_ms = INT64_MAX,
		.counts = true };
	out->has_log = store_log_find(app->store, app->ctx.tally, &out->key, &no_branch, &out->log, NULL) == OK &&
	    out->log.head_seq > 0;
	return app_key_here(app, &out->key, dir)
	    ? OK
	    : err_set(err, ENVIRONMENT, "%s key of %s: its file is not here; name its folder with --keys",
		  key_class == KEY_ROOT ? "root" : "recovery", app->party);
}
