/* Writing a bundle (docs/sync.md 8): what the partner has not acknowledged, in frames, with the vector and the digest of the writer. */
#include "sync/bundle.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "store/link.h"
#include "store/seal.h"
#include "wire/sign.h"
#include <string.h>

#define BUNDLE_MEMORY_BYTES ((size_t)LIMIT_BUNDLE_BYTES)

enum status bundle_sync_init(struct sync *sync, struct store *store, int64_t tally, const struct id *home_key,
    const struct secrets *secrets, int64_t now_ms, struct err *err)
{
	memset(sync, 0, sizeof *sync);
	sync->store = store;
	sync->tally = tally;
	sync->secrets = secrets;
	sync->options.store = store;
	sync->options.now_ms = now_ms;
	if (home_key) {
		sync->home_key = *home_key;
	}
	arena_init(&sync->arena, LIMIT_ARENA_BYTES);
	enum status status = store_tally_get(store, tally, &sync->tally_row, err);
	if (status == OK) {
		status = tally_view_load(store, tally, &sync->arena, &sync->view, err);
	}
	if (status == OK) {
		status = vector_now(store, tally, &sync->arena, &sync->vector, err);
	}
	return status == OK ? positions_of(&sync->vector, &sync->arena, &sync->mine, err) : status;
}

void bundle_sync_clear(struct sync *sync)
{
	pool_free(sync->pool);
	arena_clear(&sync->arena);
}

void bundle_signed_bytes(const struct id *tally, struct bytes content, struct buf *out)
{
	struct id hash = sha256(content);

	cbor_put_array(out, 3);
	cbor_put_literal(out, "warifu-bundle-1");
	cbor_put_bytes(out, id_bytes(tally));
	cbor_put_bytes(out, id_bytes(&hash));
}

/* ---- what the partner holds ------------------------------------------------------------------------------------------ */

struct holding {
	struct sync *sync;
	uint64_t *held;
};

static enum status note_held(void *context, int64_t log, uint64_t seq, struct err *err)
{
	struct holding *holding = context;

	(void)err;
	for (unsigned i = 0; i < holding->sync->vector.count; i++) {
		if (holding->sync->vector.items[i].log == log && seq > holding->held[i]) {
			holding->held[i] = seq;
		}
	}
	return OK;
}

/* By its own word: the heads that the acknowledgements of its homes name, and what it wrote itself. */
static enum status held_by(struct sync *sync, unsigned party, uint64_t *held, struct err *err)
{
	struct holding holding = { sync, held };
	enum status status = OK;

	for (unsigned i = 0; i < sync->vector.count && status == OK; i++) {
		struct log_row log;
		status = store_log_get(sync->store, sync->vector.items[i].log, &log, err);
		if (status != OK || log.party != party) {
			continue;
		}
		held[i] = log.head_seq;
		if (log.key_class == KEY_HOME) {
			status = store_link_each(sync->store, log.row, log.head_seq, note_held, &holding, err);
		}
	}
	return status;
}

static enum status sending_begin(
    struct sync *sync, const struct bundle_options *options, struct sending *sending, uint64_t *held, struct err *err)
{
	const struct positions none = { NULL, 0 };
	bool own = options->for_party == sync->tally_row.own_party;
	enum status status = options->everything || own ? OK : held_by(sync, options->for_party, held, err);

	if (status == OK) {
		status = sending_open(sync, sending, &none, true, err);
	}
	for (unsigned i = 0; status == OK && i < sending->count; i++) {
		uint64_t from = 0;
		for (unsigned v = 0; v < sync->vector.count; v++) {
			from = sync->vector.items[v].log == sending->logs[i].row ? held[v] : from;
		}
		sending->logs[i].stopped = false;
		status = sending_from(sync, sending, &sending->logs[i], from, err);
	}
	return status;
}

/* ---- content --------------------------------------------------------------------------------------------------------- */

static enum status put_header(
    struct sync *sync, const struct bundle_options *options, struct buf *content, struct err *err)
{
	struct buf header, items;
	struct id digest;
	enum status status = digest_now(sync->store, sync->tally, &digest, err);

	if (status != OK) {
		return status;
	}
	buf_init(&header, LIMIT_VECTOR_BYTES);
	buf_init(&items, LIMIT_VECTOR_BYTES);
	positions_items_print(&sync->mine, &items);
	cbor_put_array(&header, 7);
	cbor_put_int(&header, 1);
	cbor_put_bytes(&header, id_bytes(&sync->tally_row.id));
	cbor_put_int(&header, options->for_party);
	cbor_put_bytes(&header, id_bytes(&options->home_key));
	cbor_put_int(&header, options->now_ms);
	cbor_put_bytes(&header, buf_bytes(&items));
	cbor_put_bytes(&header, id_bytes(&digest));
	bool failed = header.failed || items.failed;
	if (!failed) {
		message_put(content, MESSAGE_HEADER, buf_bytes(&header));
	}
	buf_clear(&header);
	buf_clear(&items);
	return failed ? err_set(err, ENVIRONMENT, "bundle: more logs than a header holds") : OK;
}

static enum status put_frames(struct sync *sync, const struct bundle_options *options, struct buf *content,
    uint64_t *held, int64_t *entries, struct err *err)
{
	struct sending sending;
	bool sent = true;
	enum status status = sending_begin(sync, options, &sending, held, err);

	while (status == OK && sent && !content->failed) {
		status = sending_frame(sync, &sending, content, &sent, err);
	}
	*entries = sync->result.sent_entries;
	sending_close(&sending);
	return status == OK && content->failed
	    ? err_set(err, ENVIRONMENT, "bundle: would be larger than 256 MiB; sync by another way")
	    : status;
}

static enum status put_attachment(struct sync *sync, const struct id *hash, struct buf *content, struct err *err)
{
	struct arena arena;
	struct bytes bytes;
	struct buf message;

	arena_init(&arena, LIMIT_ATTACHMENT_BYTES + 65536);
	enum status status = store_attachment_get(sync->store, hash, &arena, &bytes, err);
	if (status == OK) {
		buf_init(&message, LIMIT_ATTACHMENT_BYTES + 64);
		buf_put_bytes(&message, id_bytes(hash));
		buf_put_bytes(&message, bytes);
		message_put(content, MESSAGE_ATTACHMENT, buf_bytes(&message));
		buf_clear(&message);
	}
	arena_clear(&arena);
	return status;
}

/* Those that entries of this bundle announce, and any that are here of entries the partner holds already are asked for by a session instead. */
static enum status put_attachments(struct sync *sync, const uint64_t *held, struct buf *content, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(sync->store->db,
	    "SELECT a.hash, e.log, e.seq FROM attachment a JOIN entry e ON e.row = a.entry"
	    " WHERE a.tally = ? AND a.here = 1 AND a.erased = 0 ORDER BY a.entry",
	    &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, sync->tally);
	while ((status = statement_step(s, err)) == OK) {
		struct bytes hash = statement_column_blob(s, 0);
		struct id id;
		bool lacks = false;
		for (unsigned i = 0; i < sync->vector.count; i++) {
			lacks |= sync->vector.items[i].log == statement_column_int(s, 1) &&
			    held[i] < (uint64_t)statement_column_int(s, 2);
		}
		if (!lacks || hash.len != ID_BYTES) {
			continue;
		}
		memcpy(id.data, hash.data, ID_BYTES);
		if ((status = put_attachment(sync, &id, content, err)) != OK) {
			break;
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

static enum status put_close(struct sync *sync, struct buf *content, struct err *err)
{
	struct buf signed_bytes, close;
	struct id hash = sha256(buf_bytes(content));
	uint8_t signature[SIGNATURE_BYTES];

	buf_init(&signed_bytes, 256);
	buf_init(&close, 256);
	bundle_signed_bytes(&sync->tally_row.id, buf_bytes(content), &signed_bytes);
	signature_make(signature, buf_bytes(&signed_bytes), sync->secrets->sign);
	buf_put(&close, hash.data, HASH16);
	buf_put(&close, signature, sizeof signature);
	message_put(content, MESSAGE_CLOSE, buf_bytes(&close));
	buf_clear(&signed_bytes);
	buf_clear(&close);
	return content->failed
	    ? err_set(err, ENVIRONMENT, "bundle: would be larger than 256 MiB; leave the attachments out")
	    : OK;
}

static enum status content_write(
    struct sync *sync, const struct bundle_options *options, struct buf *content, int64_t *entries, struct err *err)
{
	uint64_t *held = arena_take_array(&sync->arena, sync->vector.count + 1, sizeof *held);

	if (held == NULL) {
		return err_set(err, ENVIRONMENT, "bundle: out of memory");
	}
	enum status status = put_header(sync, options, content, err);
	if (status == OK) {
		status = put_frames(sync, options, content, held, entries, err);
	}
	if (status == OK && options->attachments && *entries > 0) {
		status = put_attachments(sync, held, content, err);
	}
	return status == OK ? put_close(sync, content, err) : status;
}

/* ---- wrapping -------------------------------------------------------------------------------------------------------- */

static enum status recipients(
    struct sync *sync, const struct bundle_options *options, struct id *keys, unsigned *count, struct err *err)
{
	struct key_view *views;
	unsigned all;
	enum status status = tally_keys(sync->store, sync->tally, &sync->arena, &views, &all, err);

	*count = 0;
	for (unsigned i = 0; status == OK && i < all && *count < SEAL_RECIPIENTS; i++) {
		if (views[i].key_class != KEY_HOME || views[i].signer.party != options->for_party || !views[i].counts ||
		    views[i].revoked || views[i].sealing.len != ID_BYTES ||
		    id_equal(&views[i].key, &options->home_key)) {
			continue;
		}
		memcpy(keys[(*count)++].data, views[i].sealing.data, ID_BYTES);
	}
	return status != OK || *count > 0
	    ? status
	    : err_refuse(err, "", "docs/sync.md 8",
		  "bundle: no home of %s with a sealing key is known here; write it --plain, or sync once first",
		  sync->view.party_codes[options->for_party]);
}

static enum status wrap(
    struct sync *sync, const struct bundle_options *options, struct bytes content, struct buf *out, struct err *err)
{
	struct id keys[SEAL_RECIPIENTS];
	unsigned count;

	if (options->plain) {
		buf_put(out, BUNDLE_PLAIN_MAGIC, BUNDLE_MAGIC_BYTES);
		buf_put_bytes(out, content);
		struct id hash = sha256(buf_bytes(out));
		buf_put_bytes(out, id_bytes(&hash));
		return out->failed ? err_set(err, ENVIRONMENT, "bundle: out of memory") : OK;
	}
	enum status status = recipients(sync, options, keys, &count, err);
	return status == OK ? seal_write(keys, count, content, out, err) : status;
}

enum status bundle_write(const struct bundle_options *options, struct buf *out, int64_t *entries, struct err *err)
{
	struct sync sync;
	struct buf content;
	struct tally_row tally;
	bool written;

	*entries = 0;
	enum status status = store_tally_get(options->store, options->tally, &tally, err);
	struct keeper keeper = { options->store, options->tally, options->now_ms, tally.own_party, &options->home_key,
		options->secrets, false, 0 };
	if (status == OK && options->store->mode == DB_WRITE) {
		status = keeper_acknowledge(&keeper, &written, err);
	}
	if (status != OK) {
		return status;
	}
	status = bundle_sync_init(
	    &sync, options->store, options->tally, &options->home_key, options->secrets, options->now_ms, err);
	buf_init(&content, BUNDLE_MEMORY_BYTES);
	if (status == OK) {
		status = content_write(&sync, options, &content, entries, err);
	}
	if (status == OK && *entries > 0) {
		status = wrap(&sync, options, buf_bytes(&content), out, err);
	}
	buf_clear(&content);
	bundle_sync_clear(&sync);
	return status;
}
