/* Tallies and the keys that are known in them. A key is known by form alone: acceptance must be the same everywhere, whatever else a
 * home has or has not seen (docs/format.md 2.2); whether the naming counts is a verdict. */
#include "base/alloc.h"
#include "base/cbor.h"
#include "core/kernel.h"
#include "store/cache.h"
#include <stdio.h>
#include <string.h>

/* --- rows ------------------------------------------------------------------------------------------------------------- */

static const char tally_by_row[] = "select row, id, mode, own_party from tally where row = :row";
static const char tally_by_id[] = "select row, id, mode, own_party from tally where id = :id";

static void tally_read(struct statement *s, struct tally_row *out)
{
	struct bytes mode = statement_column_text(s, 2);

	*out = (struct tally_row){ .row = statement_column_int(s, 0), .id = statement_column_id(s, 1) };
	memcpy(out->mode, mode.data, mode.len < sizeof out->mode ? mode.len : sizeof out->mode - 1);
	out->own_party = (unsigned)statement_column_int(s, 3);
}

enum status store_tally_find(struct store *store, const struct id *id, struct tally_row *out, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, tally_by_id, &s, err);

	if (status == OK) {
		statement_blob_at(s, 1, id_bytes(id));
		status = statement_step(s, err);
		if (status == OK) {
			tally_read(s, out);
		}
		statement_done(s);
	}
	return status;
}

enum status store_tally_get(struct store *store, int64_t row, struct tally_row *out, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, tally_by_row, &s, err);

	if (status == OK) {
		statement_int_at(s, 1, row);
		status = statement_step(s, err);
		if (status == OK) {
			tally_read(s, out);
		}
		statement_done(s);
	}
	return status == NOT_FOUND ? err_set(err, NOT_FOUND, "tally %lld: not in this home", (long long)row) : status;
}

static enum status tallies_read(struct store *store, struct tally_row **rows, size_t *count, struct err *err)
{
	struct statement *s;
	enum status status =
	    db_statement(store->db, "select row, id, mode, own_party from tally order by row", &s, err);

	if (status != OK) {
		return status;
	}
	while ((status = statement_step(s, err)) == OK) {
		struct tally_row *wider = base_realloc(*rows, (*count + 1) * sizeof *wider);
		if (wider == NULL) {
			status = err_set(err, ENVIRONMENT, "store: out of memory");
			break;
		}
		*rows = wider;
		tally_read(s, &wider[(*count)++]);
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

/* All are read before the first is shown: what is done with one may change tables, which no open question may be asked of. */
enum status store_tally_each(struct store *store,
    enum status (*each)(void *context, const struct tally_row *tally, struct err *err), void *context, struct err *err)
{
	struct tally_row *rows = NULL;
	size_t count = 0;
	enum status status = tallies_read(store, &rows, &count, err);

	for (size_t i = 0; i < count && status == OK; i++) {
		status = each(context, &rows[i], err);
	}
	base_free(rows);
	return status;
}

/* --- in memory -------------------------------------------------------------------------------------------------------- */

struct tally_item *tally_item_find(struct store *store, int64_t row)
{
	for (size_t i = 0; i < store->cache->tally_count; i++) {
		if (store->cache->tallies[i].tally.row == row) {
			return &store->cache->tallies[i];
		}
	}
	return NULL;
}

static struct tally_item *tally_item_add(struct store *store, const struct tally_row *tally, int64_t thread)
{
	struct store_cache *cache = store->cache;
	struct tally_item *grown = base_realloc(cache->tallies, (cache->tally_count + 1) * sizeof *grown);

	if (grown == NULL) {
		return NULL;
	}
	cache->tallies = grown;
	grown[cache->tally_count] = (struct tally_item){ .tally = *tally, .thread = thread };
	return &grown[cache->tally_count++];
}

static enum status stale_load(struct store *store, struct tally_item *item, struct err *err)
{
	struct statement *s;
	enum status status =
	    db_statement(store->db, "select bucket from bucket where tally = :tally and stale <> 0", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, item->tally.row);
	while ((status = statement_step(s, err)) == OK) {
		uint64_t bucket = (uint64_t)statement_column_int(s, 0) % BUCKETS;
		item->stale[bucket / 64] |= UINT64_C(1) << bucket % 64;
	}
	memcpy(item->stale_stored, item->stale, sizeof item->stale);
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

enum status tallies_load(struct store *store, struct err *err)
{
	static const char sql[] =
	    "select y.row, y.id, y.mode, y.own_party, y.kernel_touched, t.row from tally y"
	    " join thread t on t.tally = y.row and t.id_prefix = y.id_prefix and t.id = y.id order by y.row";
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	store->cache->tally_count = 0;
	if (status != OK) {
		return status;
	}
	while ((status = statement_step(s, err)) == OK) {
		struct tally_row tally;
		tally_read(s, &tally);
		struct tally_item *item = tally_item_add(store, &tally, statement_column_int(s, 5));
		if (item == NULL) {
			status = err_set(err, ENVIRONMENT, "store: out of memory");
			break;
		}
		item->kernel_touched = item->kernel_touched_stored = (unsigned)statement_column_int(s, 4);
	}
	statement_done(s);
	for (size_t i = 0; status == NOT_FOUND && i < store->cache->tally_count; i++) {
		enum status loaded = stale_load(store, &store->cache->tallies[i], err);
		if (loaded != OK) {
			return loaded;
		}
	}
	return status == NOT_FOUND ? OK : status;
}

static enum status stale_flush(struct store *store, struct tally_item *item, struct err *err)
{
	struct statement *s = NULL;
	enum status status = OK;

	for (unsigned bucket = 0; status == OK && bucket < BUCKETS; bucket++) {
		uint64_t bit = UINT64_C(1) << bucket % 64;
		if (!(item->stale[bucket / 64] & bit) || item->stale_stored[bucket / 64] & bit) {
			continue;
		}
		status = db_statement(store->db,
		    "insert into bucket (tally, bucket, hash, stale) values (:tally, :bucket, :hash, 1)"
		    " on conflict (tally, bucket) do update set stale = 1",
		    &s, err);
		if (status == OK) {
			struct id zero = { { 0 } };
			statement_int_at(s, 1, item->tally.row);
			statement_int_at(s, 2, bucket);
			statement_blob_at(s, 3, id_bytes(&zero));
			status = statement_run(s, err);
		}
	}
	if (status == OK) {
		memcpy(item->stale_stored, item->stale, sizeof item->stale);
	}
	return status;
}

static enum status kernel_touched_flush(struct store *store, struct tally_item *item, struct err *err)
{
	struct statement *s;
	enum status status;

	if (item->kernel_touched == item->kernel_touched_stored) {
		return OK;
	}
	status = db_statement(store->db, "update tally set kernel_touched = :bits where row = :row", &s, err);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, item->kernel_touched);
	statement_int_at(s, 2, item->tally.row);
	item->kernel_touched_stored = item->kernel_touched;
	return statement_run(s, err);
}

enum status tallies_flush(struct store *store, struct err *err)
{
	enum status status = OK;

	for (size_t i = 0; status == OK && i < store->cache->tally_count; i++) {
		status = stale_flush(store, &store->cache->tallies[i], err);
		if (status == OK) {
			status = kernel_touched_flush(store, &store->cache->tallies[i], err);
		}
	}
	return status;
}

enum status store_kernel_touched(struct store *store, int64_t tally, unsigned *bits, struct err *err)
{
	struct tally_item *item = tally_item_find(store, tally);
	struct statement *s;
	enum status status;

	if (item != NULL) {
		*bits = item->kernel_touched;
		return OK;
	}
	status = db_statement(store->db, "select kernel_touched from tally where row = :row", &s, err);
	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	status = statement_step(s, err);
	*bits = status == OK ? (unsigned)statement_column_int(s, 0) : 0;
	statement_done(s);
	return status;
}

enum status store_kernel_looked(struct store *store, int64_t tally, struct err *err)
{
	enum status status = store_writable(store, err);
	struct tally_item *item = tally_item_find(store, tally);

	if (status == OK && item != NULL) {
		item->kernel_touched = 0;
		if (!db_in_transaction(store->db)) {
			status = kernel_touched_flush(store, item, err);
		}
	}
	return status;
}

/* --- known keys ------------------------------------------------------------------------------------------------------- */

enum status known_key_find(struct store *store, int64_t tally, const struct id *key, const struct id *first_prev,
    struct known_key *out, struct err *err)
{
	static const char sql[] = "select row, class, entry, first_prev, party from known_key"
				  " where tally = :tally and public_key = :key order by row";
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	statement_blob_at(s, 2, id_bytes(key));
	while ((status = statement_step(s, err)) == OK) {
		struct id prev = statement_column_id(s, 3);
		if (first_prev != NULL && !id_equal(first_prev, &prev)) {
			continue;
		}
		*out = (struct known_key){ .row = statement_column_int(s, 0),
			.key = *key,
			.key_class = (enum key_class)statement_column_int(s, 1),
			.entry = statement_column_int(s, 2),
			.first_prev = prev,
			.party = (unsigned)statement_column_int(s, 4) };
		break;
	}
	statement_done(s);
	return status;
}

enum status store_key_party(struct store *store, int64_t tally, const struct id *key, unsigned *party,
    enum key_class *key_class, struct err *err)
{
	struct known_key known = { .party = 0 };
	enum status status = known_key_find(store, tally, key, NULL, &known, err);

	*party = known.party;
	*key_class = known.key_class;
	return status;
}

enum status known_key_add(struct store *store, int64_t tally, const struct known_key *key, struct err *err)
{
	static const char sql[] = "insert into known_key (tally, public_key, class, entry, first_prev, party)"
				  " values (:tally, :key, :class, :entry, :prev, :party) on conflict do nothing";
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	statement_blob_at(s, 2, id_bytes(&key->key));
	statement_int_at(s, 3, key->key_class);
	statement_int_at(s, 4, key->entry);
	statement_blob_at(s, 5, id_bytes(&key->first_prev));
	statement_int_at(s, 6, key->party);
	return statement_run(s, err);
}

/* --- an opening ------------------------------------------------------------------------------------------------------- */

struct party {
	struct id root, recovery;
};
struct opening {
	struct party parties[LIMIT_PARTIES];
	unsigned count;
	struct bytes mode;
};

static bool key_take(struct bytes *at, struct id *out)
{
	struct cbor_item item = cbor_take(at);

	if (item.type != CBOR_BYTES || item.bytes.len != sizeof out->data) {
		return false;
	}
	memcpy(out->data, item.bytes.data, sizeof out->data);
	return true;
}

/* The form was checked (record_check): codes, their order, no key twice, as many as the mode allows. */
static bool parties_read(struct bytes item, struct opening *out)
{
	struct cbor_item head = cbor_take(&item);

	if (head.type != CBOR_ARRAY || head.count == 0 || head.count > LIMIT_PARTIES) {
		return false;
	}
	out->count = (unsigned)head.count;
	for (unsigned i = 0; i < out->count; i++) {
		struct cbor_item party = cbor_take(&item);
		if (party.type != CBOR_ARRAY || party.count != 3 || cbor_take(&item).type != CBOR_TEXT ||
		    !key_take(&item, &out->parties[i].root) || !key_take(&item, &out->parties[i].recovery)) {
			return false;
		}
	}
	return true;
}

static enum status opening_read(const struct entry *entry, unsigned own_party, struct opening *out, struct err *err)
{
	const struct kind *kind = kernel_kind(entry->body.kind);
	struct id tally = sha256(entry->body.bytes);
	bool signer_is_root = false;

	if (kind == NULL || !bytes_is(entry->body.kind, "tally.proposed")) {
		return err_set(err, BAD_INPUT, "opening: the entry is not a tally.proposed");
	}
	enum status status = record_check(kind, &entry->body, err);
	if (status != OK) {
		return BAD_INPUT;
	}
	if (!parties_read(body_field(&entry->body, PROPOSED_PARTIES), out) ||
	    !record_text(&entry->body, PROPOSED_MODE, &out->mode)) {
		return err_set(err, BAD_INPUT, "opening: the list of parties is broken");
	}
	for (unsigned i = 0; i < out->count; i++) {
		signer_is_root = signer_is_root || id_equal(&out->parties[i].root, &entry->place.key);
	}
	if (!signer_is_root || entry->place.seq != 1 || !id_equal(&entry->place.prev, &tally) ||
	    !id_equal(&entry->place.tally, &tally)) {
		return err_set(err, BAD_INPUT, "opening: not the first entry of a root that it names");
	}
	if (own_party >= out->count) {
		return err_set(err, USAGE, "opening: it has no party number %u", own_party);
	}
	return OK;
}

static enum status tally_insert(
    struct store *store, const struct opening *opening, struct tally_row *tally, struct err *err)
{
	static const char sql[] =
	    "insert into tally (id_prefix, id, mode, own_party) values (:prefix, :id, :mode, :party)";
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);
	int64_t thread = 0;

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, id_key(&tally->id));
	statement_blob_at(s, 2, id_bytes(&tally->id));
	statement_text_at(s, 3, opening->mode);
	statement_int_at(s, 4, tally->own_party);
	status = statement_run(s, err);
	tally->row = db_last_row(store->db);
	for (unsigned i = 0; status == OK && i < opening->count; i++) {
		const struct party *party = &opening->parties[i];
		struct known_key root = {
			.key = party->root, .key_class = KEY_ROOT, .first_prev = tally->id, .party = i
		};
		struct known_key recovery = {
			.key = party->recovery, .key_class = KEY_RECOVERY, .first_prev = tally->id, .party = i
		};
		status = known_key_add(store, tally->row, &root, err);
		if (status == OK) {
			status = known_key_add(store, tally->row, &recovery, err);
		}
	}
	if (status == OK) {
		status = thread_row_add(store, tally->row, &tally->id, bytes_text("tally"), &thread, err);
	}
	if (status == OK && tally_item_add(store, tally, thread) == NULL) {
		status = err_set(err, ENVIRONMENT, "store: out of memory");
	}
	return status;
}

enum status store_tally_add(
    struct store *store, const struct entry *proposed, unsigned own_party, struct tally_row *out, struct err *err)
{
	struct opening opening = { .count = 0 };
	enum status status = store_writable(store, err);

	*out = (struct tally_row){ .own_party = own_party };
	if (status == OK) {
		status = opening_read(proposed, own_party, &opening, err);
	}
	if (status != OK) {
		return status;
	}
	out->id = sha256(proposed->body.bytes);
	snprintf(out->mode, sizeof out->mode, "%.*s", (int)opening.mode.len, (const char *)opening.mode.data);
	struct tally_row known;
	status = store_tally_find(store, &out->id, &known, err);
	if (status == OK) {
		return err_set(err, ENVIRONMENT, "opening: this tally is in this home already");
	}
	if (status == NOT_FOUND) {
		status = store_begin(store, err);
	}
	if (status != OK) {
		return status;
	}
	status = tally_insert(store, &opening, out, err);
	if (status != OK) {
		store_rollback(store);
		return status;
	}
	return store_commit(store, err);
}
