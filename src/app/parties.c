/* A party's keys before they speak in a tally. A pair of root and recovery key is made for one tally: keys are never shared between
 * tallies, so that a third party cannot link what an officer or a root did in two of them. */
#include "app/parties.h"
#include "base/words.h"
#include <string.h>

enum status home_create(const char *dir, const char *party, struct err *err)
{
	struct store store = { 0 };
	if (!party_code_fits(bytes_text(party))) {
		return err_set(err, USAGE, "party \"%s\": must be 2 to 8 of A-Z and 0-9, such as GB", party);
	}
	if (!dir[0]) {
		return err_set(err, USAGE, "home: none named; give --home DIR or set WARIFU_HOME");
	}
	wire_start();
	enum status status = store_create(dir, err);
	if (status == OK) {
		status = store_open(dir, DB_WRITE, &store, err);
	}
	if (status == OK) {
		status = store_setting_set(&store, "party", bytes_text(party), err);
		store_close(&store);
	}
	return status;
}

/* --- the pair ----------------------------------------------------------------------------------------------------------- */

static enum status pair_save(struct app *app, const struct party_pair *pair, struct err *err)
{
	json_t *json = json_object();
	json_object_set_new(json, "root", json_hex(id_bytes(&pair->root)));
	json_object_set_new(json, "recovery", json_hex(id_bytes(&pair->recovery)));
	json_object_set_new(json, "light", json_boolean(pair->strength == STRENGTH_LIGHT));
	enum status status = app_setting_set(app, "pair", json, err);
	json_decref(json);
	return status;
}

static enum status pair_make(struct app *app, const char *root_dir, const char *recovery_dir,
    enum key_strength strength, struct party_pair *out, struct err *err)
{
	*out = (struct party_pair){ .strength = strength };
	memcpy(out->code, app->party, sizeof out->code);
	enum status status = app_key_make(app, root_dir, "root", app->party, strength, &out->root, NULL, NULL, err);
	if (status == OK) {
		status =
		    app_key_make(app, recovery_dir, "recovery", app->party, strength, &out->recovery, NULL, NULL, err);
	}
	return status;
}

enum status party_new(struct app *app, const char *root_dir, const char *recovery_dir, enum key_strength strength,
    struct party_pair *out, struct err *err)
{
	enum status status = app_write(app, err);
	if (status == OK) {
		status = pair_make(app, root_dir, recovery_dir, strength, out, err);
	}
	return status == OK ? pair_save(app, out, err) : status;
}

enum status party_pair_get(struct app *app, struct party_pair *out, struct err *err)
{
	json_t *json;
	*out = (struct party_pair){ 0 };
	enum status status = app_setting_get(app, "pair", &json, err);
	if (status != OK) {
		return status;
	}
	const char *root = json_get_text(json, "root"), *recovery = json_get_text(json, "recovery");
	bool good = root && recovery && hex_parse(root, strlen(root), out->root.data, ID_BYTES) &&
	    hex_parse(recovery, strlen(recovery), out->recovery.data, ID_BYTES);
	out->strength = json_is_true(json_object_get(json, "light")) ? STRENGTH_LIGHT : STRENGTH_STANDARD;
	memcpy(out->code, app->party, sizeof out->code);
	json_decref(json);
	return good
	    ? OK
	    : err_set(err, NOT_FOUND,
		  "party %s: has no root and recovery key here yet; make them with `warifu party new`", app->party);
}

struct used {
	struct app *app;
	const struct id *root;
	bool found;
};

static enum status look_in_tally(void *context, const struct tally_row *tally, struct err *err)
{
	struct used *used = context;
	struct log_row log;
	struct id no_branch = { { 0 } };
	(void)err;
	used->found |= store_log_find(used->app->store, tally->row, used->root, &no_branch, &log, NULL) == OK;
	return OK;
}

bool party_pair_used(struct app *app, const struct party_pair *pair)
{
	struct used used = { app, &pair->root, false };
	return store_tally_each(app->store, look_in_tally, &used, NULL) == OK && used.found;
}

struct id party_fingerprint(const struct party_pair *pair)
{
	return sha256_two(id_bytes(&pair->root), id_bytes(&pair->recovery));
}

void party_card_print(const struct party_pair *pair, struct buf *out)
{
	char words[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT];
	struct id fingerprint = party_fingerprint(pair);
	fingerprint_words(&fingerprint, words, sizeof words);
	fingerprint_hex(&fingerprint, hex);
	card_begin(out, "warifu party");
	card_put(out, "party", pair->code);
	card_put_id(out, "root", &pair->root);
	card_put_id(out, "recovery", &pair->recovery);
	card_put(out, "strength", pair->strength == STRENGTH_LIGHT ? "light" : "standard");
	card_put(out, "words", words);
	card_put(out, "hex", hex);
	card_end(out);
}

enum status party_card_read(struct arena *arena, struct bytes text, struct party_pair *out, struct err *err)
{
	struct card card;
	*out = (struct party_pair){ 0 };
	enum status status = card_read(arena, text, &card, err);
	if (status == OK) {
		status = card_expect(&card, "warifu party", err);
	}
	if (status == OK) {
		status = card_id(&card, "root", &out->root, err);
	}
	if (status == OK) {
		status = card_id(&card, "recovery", &out->recovery, err);
	}
	if (status != OK) {
		return status;
	}
	const char *code = card_get(&card, "party"), *strength = card_get(&card, "strength");
	if (!code || !party_code_fits(bytes_text(code))) {
		return err_set(err, BAD_INPUT, "card: party: must be 2 to 8 of A-Z and 0-9");
	}
	if (key_check(&out->root) || key_check(&out->recovery)) {
		return err_set(err, BAD_INPUT, "party %s: a key of the card is none that may sign (sig-key)", code);
	}
	snprintf(out->code, sizeof out->code, "%s", code);
	out->strength = strength && strcmp(strength, "light") == 0 ? STRENGTH_LIGHT : STRENGTH_STANDARD;
	return OK;
}

/* --- successors --------------------------------------------------------------------------------------------------------- */

enum status party_recover(struct app *app, const char *root_dir, const char *recovery_dir, uint64_t last_good,
    const json_t *stand, struct id *out, struct err *err)
{
	struct key_view recovery;
	struct party_pair pair;
	enum key_strength strength;
	enum status status = app_may_sign(app, err);
	if (status == OK) {
		status = app_own_key(app, KEY_RECOVERY, &recovery, err);
	}
	if (status == OK) {
		status = app_key_strength(app, &recovery.key, &strength, err);
	}
	if (status == OK) {
		status = pair_make(app, root_dir, recovery_dir, strength, &pair, err);
	}
	if (status != OK) {
		return status;
	}
	json_t *fields = json_object();
	json_object_set_new(fields, "root", json_hex(id_bytes(&pair.root)));
	json_object_set_new(fields, "recovery", json_hex(id_bytes(&pair.recovery)));
	json_object_set_new(fields, "last_good_seq", json_integer((json_int_t)last_good));
	if (json_array_size(stand) > 0) {
		json_object_set(fields, "stand", (json_t *)(uintptr_t)stand);
	}
	return app_kernel_entry(app, &recovery.key, "recovery key", "root.replaced", fields, NULL, 0, out, err);
}

enum status party_successor_seen(struct app *app, const struct id *replaced, struct id *out, struct err *err)
{
	struct key_view root;
	enum status status = app_may_sign(app, err);
	if (status == OK) {
		status = app_own_key(app, KEY_ROOT, &root, err);
	}
	return status == OK
	    ? app_kernel_entry(app, &root.key, "root key", "tally.successor_seen", NULL, replaced, 1, out, err)
	    : status;
}

/* --- officers ----------------------------------------------------------------------------------------------------------- */

enum status officer_all(struct app *app, json_t **out, struct err *err)
{
	return app_setting_get(app, "officers", out, err);
}

enum status officer_set(struct app *app, const char *code, const char *name, const char *name_ja, struct err *err)
{
	json_t *officers;
	if (!code_fits(bytes_text(code))) {
		return err_set(err, USAGE, "officer \"%s\": must be 1 to 32 of a-z A-Z 0-9 _ - .", code);
	}
	enum status status = app_write(app, err);
	if (status == OK) {
		status = officer_all(app, &officers, err);
	}
	if (status != OK) {
		return status;
	}
	if (name) {
		json_t *officer = json_object();
		json_object_set_new(officer, "name", json_string(name));
		if (name_ja) {
			json_object_set_new(officer, "name_ja", json_string(name_ja));
		}
		json_object_set_new(officers, code, officer);
		status = json_object_get(officers, code)
		    ? OK
		    : err_set(err, BAD_INPUT, "officer %s: the name is not UTF-8", code);
	} else if (json_object_del(officers, code) != 0) {
		status = err_set(err, NOT_FOUND, "officer %s: has no name here", code);
	}
	if (status == OK) {
		status = app_setting_set(app, "officers", officers, err);
	}
	json_decref(officers);
	return status;
}

const char *officer_name(struct app *app, struct bytes code)
{
	json_t *officers;
	const char *text = arena_text(&app->arena, code);
	if (officer_all(app, &officers, NULL) != OK) {
		return text;
	}
	json_t *officer = json_object_get(officers, text);
	const char *name = app->ctx.lang == LANG_JA && json_get_text(officer, "name_ja")
	    ? json_get_text(officer, "name_ja")
	    : json_get_text(officer, "name");
	const char *both = name ? arena_printf(&app->arena, "%s (%s)", text, name) : text;
	json_decref(officers);
	return both;
}
