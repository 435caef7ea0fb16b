/* What a root or registrar may grant and revoke (format 5.1, 5.2), and logs of keys that have not written yet. */
#include "base/cbor.h"
#include "base/limits.h"
#include "fold/standing.h"
#include <string.h>

static bool codes_hold(struct bytes codes, struct bytes code)
{
	struct cbor_item list = cbor_take(&codes);

	for (size_t i = 0; list.type == CBOR_ARRAY && i < list.count; i++)
		if (bytes_equal(cbor_take(&codes).bytes, code))
			return true;
	return false;
}

static bool roles_within(struct bytes granted, struct bytes own)
{
	struct cbor_item list = cbor_take(&granted);

	for (size_t i = 0; list.type == CBOR_ARRAY && i < list.count; i++)
		if (!codes_hold(own, cbor_take(&granted).bytes))
			return false;
	return true;
}

/* A registrar with limits hands out none that is absent or above its own. */
static bool limits_within(struct bytes granted, struct bytes own)
{
	if (own.len == 0)
		return true;
	if (granted.len == 0)
		return false;
	struct cbor_item map = cbor_take(&granted);
	for (size_t i = 0; i < map.count; i++) {
		struct bytes currency = cbor_take(&granted).bytes, all = own;
		int64_t amount = cbor_take(&granted).integer, most = 0;
		struct cbor_item limits = cbor_take(&all);
		for (size_t k = 0; k < limits.count; k++) {
			bool same = bytes_equal(cbor_take(&all).bytes, currency);
			int64_t limit = cbor_take(&all).integer;
			if (same)
				most = limit;
		}
		if (amount > most)
			return false;
	}
	return true;
}

static bool number_within(const struct body *grant, const struct body *registrar)
{
	struct bytes range = body_field(registrar, GRANT_RANGE);
	int64_t number = 0;

	if (range.len == 0 || !record_int(grant, GRANT_NUMBER, &number))
		return false;
	(void)cbor_take(&range);
	int64_t first = cbor_take(&range).integer, last = cbor_take(&range).integer;
	return number >= first && number <= last;
}

static bool within_registrar(const struct ring_log *log, const struct ring_entry *entry)
{
	const struct body *registrar = &log->grant->body, *grant = &entry->body;
	bool desk = strcmp(entry->kind->name, "desk.granted") == 0;
	int64_t until = 0;

	record_int(grant, GRANT_UNTIL, &until);
	if (until > log->until_ms)
		return false;
	return !desk ||
	    (roles_within(body_field(grant, GRANT_ROLES), body_field(registrar, GRANT_ROLES)) &&
		limits_within(body_field(grant, GRANT_LIMITS), body_field(registrar, GRANT_LIMITS)) &&
		number_within(grant, registrar));
}

/* Party number and class of a key that the opening names; false when it names none such. */
static bool opening_key(const struct keyring *ring, const struct id *key, struct log_row *row)
{
	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct body *body = &ring->entries[i].body;
		if (!bytes_is(body->kind, "tally.proposed"))
			continue;
		struct id hash = sha256(body->bytes);
		if (!id_equal(&hash, &ring->view.id))
			continue;
		struct bytes at = body_field(body, PROPOSED_PARTIES);
		struct cbor_item parties = cbor_take(&at);
		for (unsigned p = 0; p < parties.count; p++) {
			(void)cbor_take(&at);
			(void)cbor_take(&at);
			bool root = bytes_equal(cbor_take(&at).bytes, id_bytes(key));
			bool recovery = bytes_equal(cbor_take(&at).bytes, id_bytes(key));
			if (root || recovery) {
				row->party = p;
				row->key_class = root ? KEY_ROOT : KEY_RECOVERY;
				return true;
			}
		}
	}
	return false;
}

static const char *revocation_check(const struct keyring *ring, const struct ring_entry *entry, const struct id *key)
{
	const struct ring_log *signer = &ring->logs[entry->log];

	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct ring_entry *grant = &ring->entries[i];
		struct id granted;
		if (!grant->kind ||
		    (strcmp(grant->kind->name, "desk.granted") != 0 &&
			strcmp(grant->kind->name, "home.granted") != 0) ||
		    !record_id(&grant->body, GRANT_KEY, &granted) || !id_equal(&granted, key))
			continue;
		const struct ring_log *above = &ring->logs[grant->log];
		if (above->row.party != signer->row.party)
			continue;
		if (signer->row.key_class == KEY_ROOT || id_equal(&above->row.key, &signer->row.key) ||
		    standing_above(ring, above, signer))
			return NULL;
	}
	return "K5";
}

const char *authority_check(struct keyring *ring, const struct ring_entry *entry)
{
	const struct ring_log *log = &ring->logs[entry->log];
	const char *name = entry->kind->name;
	bool grant = strcmp(name, "desk.granted") == 0 || strcmp(name, "home.granted") == 0;
	bool revocation = strcmp(name, "grant.revoked") == 0;
	struct id key;

	if (!grant && !revocation)
		return NULL;
	record_id(&entry->body, 8, &key);
	if (revocation)
		return revocation_check(ring, entry, &key);
	struct log_row named;
	if (key_check(&key) || opening_key(ring, &key, &named)) /* who speaks by the opening would speak twice */
		return "K5";
	return log->row.key_class == KEY_ROOT || within_registrar(log, entry) ? NULL : "K5";
}

static bool granted_key(const struct keyring *ring, const struct candidate *candidate, struct log_row *row)
{
	for (unsigned i = 0; i < ring->entry_count; i++) {
		const struct ring_entry *entry = &ring->entries[i];
		struct id key;
		if (!entry->kind || !id_equal(&entry->id, &candidate->place.prev))
			continue;
		row->grant = entry->row;
		row->party = ring->logs[entry->log].row.party;
		if (strcmp(entry->kind->name, "root.replaced") == 0) {
			bool root =
			    record_id(&entry->body, REPLACED_ROOT, &key) && id_equal(&key, &candidate->place.key);
			row->key_class = root ? KEY_ROOT : KEY_RECOVERY;
			return root ||
			    (record_id(&entry->body, REPLACED_RECOVERY, &key) && id_equal(&key, &candidate->place.key));
		}
		row->key_class = strcmp(entry->kind->name, "desk.granted") == 0 ? KEY_DESK : KEY_HOME;
		return record_id(&entry->body, GRANT_KEY, &key) && id_equal(&key, &candidate->place.key);
	}
	return false;
}

enum status standing_new_log(struct keyring *ring, const struct candidate *candidate, struct err *err)
{
	struct log_row row = { .row = CANDIDATE_LOG,
		.tally = ring->tally,
		.key = candidate->place.key,
		.first_seq = 1,
		.head_seq = 1,
		.limit_seq = -1 };

	if (!opening_key(ring, &candidate->place.key, &row) && !granted_key(ring, candidate, &row))
		return err_set(err, NOT_FOUND, "key: not known in this tally; it needs a grant");
	ring->logs = arena_grow(ring->arena, ring->logs, ring->log_count, ring->log_count + 1, sizeof *ring->logs);
	if (!ring->logs)
		return err_set(err, ENVIRONMENT, "keys: out of memory");
	ring->logs[ring->log_count++] =
	    (struct ring_log){ .row = row, .limit = NO_LIMIT, .forked_seq = NO_LIMIT, .until_ms = INT64_MAX };
	return OK;
}
