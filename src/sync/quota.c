/* How much of one party a home takes in a day (DESIGN of this program, section 11): so that a partner can write what he likes, and fill our disk only
 * as fast as we allow. What is beyond it stops his logs with the reason until the next day, or until the owner raises the measure by the settings
 * `party_entries_day` and `party_bytes_day` (decimal text). Never a verdict: the entries come later.
 *
 *  Q1 entries of roots and recovery keys have no measure, for who floods us with a stolen desk must not be able to keep its revocation from
 *     us; a root's log is short by rule (K14);
 *  Q2 what is here already passes, and counts nothing;
 *  Q3 the count is kept with the entries, in one transaction. */
#include "base/cbor.h"
#include "base/limits.h"
#include "sync/session.h"
#include <stdio.h>
#include <string.h>

#define DAY_LENGTH_MS 86400000
#define NAME_BYTES 64

static void name_print(const struct sync *sync, unsigned party, char out[NAME_BYTES])
{
	snprintf(out, NAME_BYTES, "quota.%lld.%u", (long long)sync->tally, party);
}

static enum status number_get(struct sync *sync, const char *name, int64_t otherwise, int64_t *out, struct err *err)
{
	struct arena arena;
	struct bytes value;
	int64_t number = 0;

	arena_init(&arena, LIMIT_TEXT_BYTES);
	enum status status = store_setting_get(sync->store, name, &arena, &value, err);
	bool good = status == OK && value.len > 0 && value.len <= 18;
	for (size_t i = 0; good && i < value.len; i++) {
		good = value.data[i] >= '0' && value.data[i] <= '9';
		number = number * 10 + (value.data[i] - '0');
	}
	*out = good ? number : otherwise;
	arena_clear(&arena);
	return status == NOT_FOUND ? OK : status;
}

static enum status quota_load(struct sync *sync, unsigned party, struct quota *quota, struct err *err)
{
	char name[NAME_BYTES];
	struct arena arena;
	struct bytes value;

	*quota = (struct quota){ .loaded = true, .day = sync->options.now_ms / DAY_LENGTH_MS };
	name_print(sync, party, name);
	arena_init(&arena, LIMIT_TEXT_BYTES);
	enum status status = store_setting_get(sync->store, name, &arena, &value, err);
	if (status == OK && cbor_check(value, LIMIT_TEXT_BYTES) == NULL) {
		struct cbor_item outer = cbor_take(&value), day = cbor_take(&value);
		if (outer.type == CBOR_ARRAY && outer.count == 3 && day.integer == quota->day) {
			quota->entries = cbor_take(&value).integer;
			quota->bytes = cbor_take(&value).integer;
		}
	}
	arena_clear(&arena);
	status = status == NOT_FOUND ? OK : status;
	if (status == OK) {
		status = number_get(sync, "party_entries_day", LIMIT_PARTY_ENTRIES_DAY, &quota->most_entries, err);
	}
	return status == OK ? number_get(sync, "party_bytes_day", LIMIT_PARTY_BYTES_DAY, &quota->most_bytes, err)
			    : status;
}

/* NULL: of our own party, whose entries come back to us without measure. */
static enum status quota_get(struct sync *sync, unsigned party, struct quota **out, struct err *err)
{
	*out = party < LIMIT_PARTIES && party != sync->tally_row.own_party ? &sync->quotas[party] : NULL;
	return *out == NULL || (*out)->loaded ? OK : quota_load(sync, party, *out, err);
}

void quota_begin(struct sync *sync)
{
	memset(sync->quotas, 0, sizeof sync->quotas);
}

enum status quota_look(struct sync *sync, unsigned party, bool *full, struct err *err)
{
	struct quota *quota;
	enum status status = quota_get(sync, party, &quota, err);

	*full = status == OK && quota != NULL &&
	    (quota->entries >= quota->most_entries || quota->bytes >= quota->most_bytes);
	return status;
}

enum status quota_count(struct sync *sync, unsigned party, size_t bytes, struct err *err)
{
	struct quota *quota;
	enum status status = quota_get(sync, party, &quota, err);

	if (status == OK && quota != NULL) {
		quota->entries++;
		quota->bytes += (int64_t)bytes;
		quota->changed = true;
	}
	return status;
}

enum status quota_save(struct sync *sync, struct err *err)
{
	enum status status = OK;

	for (unsigned party = 0; status == OK && party < LIMIT_PARTIES; party++) {
		struct quota *quota = &sync->quotas[party];
		char name[NAME_BYTES];
		struct buf value;
		if (!quota->changed) {
			continue;
		}
		buf_init(&value, 64);
		cbor_put_array(&value, 3);
		cbor_put_int(&value, quota->day);
		cbor_put_int(&value, quota->entries);
		cbor_put_int(&value, quota->bytes);
		name_print(sync, party, name);
		status = store_setting_set(sync->store, name, buf_bytes(&value), err);
		quota->changed = false;
		buf_clear(&value);
	}
	return status;
}
