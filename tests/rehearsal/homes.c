/* A home as the rehearsal writes in it: entries go in unjudged, many to a transaction, each at the end of its key's log. */
#include "sign.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 2000 /* entries of one transaction: about a frame of a sync */

/* ---- opening -------------------------------------------------------------------------------------------------------- */

static enum status root_find(struct side *side, struct tally *tally, struct bytes passphrase, struct err *err)
{
	struct key_view *keys;
	struct secrets secrets;
	unsigned count;
	struct arena arena;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = tally_keys(&side->store, tally->row.row, &arena, &keys, &count, err);
	for (unsigned i = 0; status == OK && i < count && !tally->has_root; i++) {
		if (keys[i].key_class != KEY_ROOT || keys[i].signer.party != tally->row.own_party ||
		    !keyfile_exists(side->dir, &keys[i].key)) {
			continue;
		}
		status = keyfile_open(side->dir, &keys[i].key, passphrase, &secrets, err);
		tally->root = keys[i].key;
		tally->has_root = status == OK;
		memcpy(tally->root_secret, secrets.sign, SECRET_BYTES);
		secrets_clear(&secrets);
	}
	arena_clear(&arena);
	return status;
}

static enum status tally_take(void *context, const struct tally_row *row, struct err *err)
{
	struct side *side = context;
	struct tally *tally = &side->tallies[strcmp(row->mode, "national") == 0];

	if (tally->is_here) {
		return err_set(err, USAGE, "home %s: holds two tallies of mode %s", side->dir, row->mode);
	}
	*tally = (struct tally){ .is_here = true, .row = *row, .desks = calloc(DESK_NUMBERS, sizeof *tally->desks) };
	ASSERT(tally->desks != NULL);
	return OK;
}

static enum status tally_fill(struct side *side, struct tally *tally, struct bytes passphrase, struct err *err)
{
	struct bytes profile;
	struct arena arena;

	if (!tally->is_here) {
		return OK;
	}
	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status =
	    tally_profile(&side->store, tally->row.row, INT32_MAX, &arena, &profile, &tally->profile_hash, err);
	arena_clear(&arena);
	return status == OK ? root_find(side, tally, passphrase, err) : status;
}

enum status side_open(struct side *side, const char *dir, struct bytes passphrase, struct err *err)
{
	side->dir = dir;
	enum status status = store_open(dir, DB_WRITE, &side->store, err);
	status = status == OK ? store_writable(&side->store, err) : status;
	status = status == OK ? store_tally_each(&side->store, tally_take, side, err) : status;
	for (unsigned i = 0; i < TALLY_COUNT && status == OK; i++) {
		status = tally_fill(side, &side->tallies[i], passphrase, err);
	}
	return status;
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

enum status side_flush(struct side *side, struct err *err)
{
	enum status status = OK;

	if (side->pending == 0) {
		return OK;
	}
	for (unsigned i = 0; i < TALLY_COUNT && status == OK; i++) {
		if (side->tallies[i].is_here) {
			status = fold_update(&side->store, side->tallies[i].row.row, err);
		}
	}
	side->pending = 0;
	return status == OK ? store_commit(&side->store, err) : status;
}

void side_close(struct side *side)
{
	store_close(&side->store);
	for (unsigned i = 0; i < TALLY_COUNT; i++) {
		free(side->tallies[i].desks);
	}
}

static enum status accept_new(struct side *side, int64_t tally, const struct entry *entry, struct err *err)
{
	enum accepted accepted = ACCEPTED_NEW;
	int64_t row;
	enum status status = store_accept(&side->store, tally, entry, entry->body.stated_ms, &accepted, &row, err);

	return status == OK && accepted != ACCEPTED_NEW ? err_set(err, CHECK_FAILED, "entry: is here already") : status;
}

enum status side_enter(struct side *side, struct tally *tally, const struct id *key, const uint8_t *secret,
    struct body_draft *draft, struct id *out, struct err *err)
{
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	struct place place;
	struct entry entry;
	struct buf body;
	enum status status = side->pending == 0 ? store_begin(&side->store, err) : OK;

	if (status == OK) {
		status = store_next_place(&side->store, tally->row.row, key, &place, err);
	}
	if (status != OK) {
		return status;
	}
	buf_init(&body, LIMIT_BODY_BYTES);
	body_write(&body, draft);
	const char *reason = body.failed ? "too long" : entry_init(&entry, &place, buf_bytes(&body), unsigned_yet);
	if (reason != NULL) {
		status = err_set(err, BAD_INPUT, "%s: the entry would not be well formed: %s", draft->kind, reason);
	} else {
		entry_sign(&entry, secret);
		*out = entry.id;
		status = accept_new(side, tally->row.row, &entry, err);
	}
	buf_clear(&body);
	side->pending++;
	return status == OK && side->pending >= BATCH ? side_flush(side, err) : status;
}

/* ---- desks ---------------------------------------------------------------------------------------------------------- */

/* The same number in the same tally has the same key, in every run. */
const struct desk *desk_of(struct tally *tally, int64_t number)
{
	char text[64];
	struct id seed;

	if (number < 1 || number >= DESK_NUMBERS) {
		return NULL;
	}
	struct desk *desk = &tally->desks[number];
	if (!desk->known) {
		snprintf(text, sizeof text, "rehearsal desk %lld of %u", (long long)number, tally->row.own_party);
		seed = sha256_two(id_bytes(&tally->row.id), bytes_text(text));
		key_from_seed(seed.data, &desk->key, desk->secret);
		desk->known = true;
	}
	return desk;
}

/* By the root: fields by name, as the kernel's table has them. */
static enum status root_enter(
    struct side *side, struct tally *tally, const char *kind, int64_t stated_ms, const json_t *fields, struct err *err)
{
	struct body_draft draft = { .kind = kind, .stated_ms = stated_ms };
	struct field_reader reader = { LANG_EN, NULL, NULL };
	struct buf pairs;
	struct id id;

	buf_init(&pairs, LIMIT_BODY_BYTES);
	enum status status = fields_from_json(
	    &reader, kernel_kind(bytes_text(kind))->fields, fields, kind, &pairs, &draft.field_count, err);
	draft.fields = buf_bytes(&pairs);
	if (status == OK) {
		status = side_enter(side, tally, &tally->root, tally->root_secret, &draft, &id, err);
	}
	buf_clear(&pairs);
	return status;
}

/* Puts the key of the desk whose number the line gives into the fields. */
static enum status key_fill(struct side *side, struct tally *tally, json_t *fields, struct err *err)
{
	const struct desk *desk = desk_of(tally, json_get_int(fields, "number"));

	if (desk == NULL || !tally->has_root) {
		return err_set(err, BAD_INPUT, "%s: no such desk number, or no root key here", side->dir);
	}
	json_object_set_new(fields, "key", json_hex(id_bytes(&desk->key)));
	return OK;
}

enum status side_grant(struct side *side, struct tally *tally, int64_t stated_ms, json_t *fields, struct err *err)
{
	enum status status = key_fill(side, tally, fields, err);

	return status == OK ? root_enter(side, tally, "desk.granted", stated_ms, fields, err) : status;
}

enum status side_revoke(struct side *side, struct tally *tally, int64_t stated_ms, json_t *fields, struct err *err)
{
	enum status status = key_fill(side, tally, fields, err);

	json_object_del(fields, "number");
	return status == OK ? root_enter(side, tally, "grant.revoked", stated_ms, fields, err) : status;
}
