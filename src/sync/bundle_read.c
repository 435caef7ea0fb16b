/* Reading a bundle. First all of it is looked at: hash, seal, form of every message, signature of the writer, who that is. Only then is anything
 * stored, by the code that stores what a session brings: frame by frame, each log on its own (Y10). */
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "store/seal.h"
#include "sync/bundle.h"
#include "wire/sign.h"
#include <stdio.h>
#include <string.h>

#define CHANGED "bundle: cut or altered on its way; ask for it again"

struct bundle {
	struct bytes content, messages;
	struct id tally, key;
	int64_t party;
	struct bytes items;
	struct id digest;
	bool has_key;
};

static enum status unwrap(
    struct bytes in, const struct secrets *secrets, struct buf *opened, struct bytes *content, struct err *err)
{
	if ((int64_t)in.len > LIMIT_BUNDLE_BYTES) {
		return err_set(
		    err, BAD_INPUT, "bundle: %zu bytes; at most %lld", in.len, (long long)LIMIT_BUNDLE_BYTES);
	}
	if (seal_is(in)) {
		if (!secrets) {
			return err_set(err, ENVIRONMENT, "bundle: sealed; the home key must be opened to read it");
		}
		enum status status = seal_open(in, secrets, opened, err);
		*content = buf_bytes(opened);
		return status;
	}
	if (in.len < BUNDLE_MAGIC_BYTES || memcmp(in.data, BUNDLE_PLAIN_MAGIC, BUNDLE_MAGIC_BYTES) != 0) {
		return err_set(err, BAD_INPUT, "bundle: this is no bundle; `warifu show FILE` says what a file is");
	}
	if (in.len < BUNDLE_MAGIC_BYTES + ID_BYTES) {
		return err_set(err, BAD_INPUT, CHANGED);
	}
	struct id hash = sha256(bytes_of(in.data, in.len - ID_BYTES));
	if (memcmp(hash.data, in.data + in.len - ID_BYTES, ID_BYTES) != 0) {
		return err_set(err, BAD_INPUT, CHANGED);
	}
	*content = bytes_of(in.data + BUNDLE_MAGIC_BYTES, in.len - BUNDLE_MAGIC_BYTES - ID_BYTES);
	return OK;
}

static bool take_id(struct bytes *at, struct id *out)
{
	struct cbor_item item = cbor_take(at);

	if (item.type == CBOR_BYTES && item.bytes.len == ID_BYTES) {
		memcpy(out->data, item.bytes.data, ID_BYTES);
	}
	return item.type == CBOR_BYTES && item.bytes.len == ID_BYTES;
}

static bool header_parse(struct bytes in, struct bundle *out)
{
	struct cbor_item item;

	if (cbor_check(in, LIMIT_VECTOR_BYTES)) {
		return false;
	}
	item = cbor_take(&in);
	if (item.type != CBOR_ARRAY || item.count != 7 || cbor_take(&in).integer != 1 || !take_id(&in, &out->tally)) {
		return false;
	}
	item = cbor_take(&in);
	out->party = item.integer;
	if (item.type != CBOR_UINT || !take_id(&in, &out->key) || cbor_take(&in).type != CBOR_UINT) {
		return false;
	}
	item = cbor_take(&in);
	out->items = item.bytes;
	return item.type == CBOR_BYTES && take_id(&in, &out->digest);
}

static bool close_good(const struct bundle *bundle, struct bytes before, struct bytes close)
{
	struct id hash = sha256(before);
	struct buf signed_bytes;

	if (close.len != HASH16 + SIGNATURE_BYTES || memcmp(hash.data, close.data, HASH16) != 0) {
		return false;
	}
	buf_init(&signed_bytes, 256);
	bundle_signed_bytes(&bundle->tally, before, &signed_bytes);
	bool good = signature_check(close.data + HASH16, buf_bytes(&signed_bytes), &bundle->key) == NULL;
	buf_clear(&signed_bytes);
	return good;
}

/* Header, frames and attachments, close: each once where it must be, nothing behind. */
static enum status bundle_parse(struct bundle *bundle, struct err *err)
{
	struct bytes at = bundle->content;
	struct message message;
	size_t need;
	enum status status = message_take(&at, &message, &need, NULL);

	if (status != OK || message.type != MESSAGE_HEADER || !header_parse(message.content, bundle)) {
		return err_set(err, BAD_INPUT, CHANGED);
	}
	bundle->messages = at;
	for (;;) {
		struct bytes before = bytes_of(bundle->content.data, (size_t)(at.data - bundle->content.data));
		if (message_take(&at, &message, &need, NULL) != OK) {
			return err_set(err, BAD_INPUT, CHANGED);
		}
		if (message.type == MESSAGE_CLOSE) {
			return at.len == 0 && close_good(bundle, before, message.content)
			    ? OK
			    : err_set(err, BAD_INPUT, CHANGED);
		}
		if (message.type != MESSAGE_FRAME && message.type != MESSAGE_ATTACHMENT) {
			return err_set(err, BAD_INPUT, "bundle: holds a message that belongs into no bundle (%s)",
			    message_name(message.type));
		}
	}
}

/* ---- who wrote it ---------------------------------------------------------------------------------------------------- */

static bool grants_home(const struct frame_entry *frame_entry, const struct id *key)
{
	const struct body *body = &frame_entry->entry.body;
	struct id granted;

	return !frame_entry->reason && bytes_is(body->kind, "home.granted") && record_id(body, GRANT_KEY, &granted) &&
	    id_equal(&granted, key) && !entry_verify(&frame_entry->entry);
}

/* A home that the bundle itself makes known: by a grant in it, signed by a key that is known here. */
static bool granted_inside(struct sync *sync, const struct bundle *bundle)
{
	const struct positions none = { NULL, 0 };
	struct receiving receiving;
	struct bytes at = bundle->messages;
	struct message message;
	struct frame frame;
	size_t need;
	bool found = false;

	enum status status = receiving_open(sync, &receiving, &none, false, NULL);
	while (
	    !found && status == OK && message_take(&at, &message, &need, NULL) == OK && message.type == MESSAGE_FRAME) {
		arena_reset(&receiving.arenas[0]);
		status = frame_decode(receiving.stream, message.content, &receiving.arenas[0], &frame, NULL);
		for (unsigned i = 0; status == OK && i < frame.count && !found; i++) {
			struct place place;
			found = grants_home(&frame.entries[i], &bundle->key) &&
			    store_next_place(
				sync->store, sync->tally, &frame.entries[i].entry.place.key, &place, NULL) == OK;
		}
	}
	receiving_close(&receiving);
	return found;
}

static enum status writer_check(struct sync *sync, const struct bundle *bundle, struct err *err)
{
	struct key_view *views;
	unsigned count;
	enum status status = tally_keys(sync->store, sync->tally, &sync->arena, &views, &count, err);

	for (unsigned i = 0; status == OK && i < count; i++) {
		if (views[i].key_class == KEY_HOME && id_equal(&views[i].key, &bundle->key)) {
			return OK;
		}
	}
	if (status == OK && !granted_inside(sync, bundle)) {
		return err_refuse(
		    err, "", "docs/sync.md 8", "bundle: written by a stranger: no home of this tally has that key");
	}
	return status;
}

/* ---- storing --------------------------------------------------------------------------------------------------------- */

static enum status keep_attachment(struct sync *sync, struct bytes content, struct bundle_result *out, struct err *err)
{
	struct id hash, put;
	enum attachment_state state;

	if (content.len < ID_BYTES) {
		return OK;
	}
	memcpy(hash.data, content.data, ID_BYTES);
	struct bytes bytes = bytes_of(content.data + ID_BYTES, content.len - ID_BYTES);
	struct id own = sha256(bytes);
	enum status status = store_attachment_state(sync->store, &hash, &state, NULL);
	if (status != OK || state != ATTACHMENT_AWAITED || !id_equal(&own, &hash)) {
		return OK; /* not announced, here already, erased, or other bytes: nothing is taken */
	}
	status = store_attachment_put(sync->store, bytes, &put, err);
	out->attachments += status == OK;
	return status;
}

static enum status keep_messages(
    struct sync *sync, const struct bundle *bundle, struct bundle_result *out, struct err *err)
{
	const struct positions none = { NULL, 0 };
	struct receiving receiving;
	struct bytes at = bundle->messages;
	struct message message;
	struct buf stops;
	size_t need;
	int64_t sent = 0;
	enum status status = receiving_open(sync, &receiving, &none, false, err);

	buf_init(&stops, LIMIT_VECTOR_BYTES);
	while (status == OK && message_take(&at, &message, &need, NULL) == OK && message.type == MESSAGE_FRAME) {
		sent += frame_count(message.content);
		status = receiving_frame(sync, &receiving, message.content, &stops, err);
		buf_reset(&stops);
	}
	if (status == OK) {
		status = receiving_flush(sync, &receiving, &stops, err);
	}
	for (; status == OK && message.type == MESSAGE_ATTACHMENT; status = message_take(&at, &message, &need, err)) {
		status = keep_attachment(sync, message.content, out, err);
		if (status != OK) {
			break;
		}
	}
	receiving_close(&receiving);
	buf_clear(&stops);
	out->new_entries = sync->result.received_entries;
	out->doubles = sent - out->new_entries;
	return status;
}

/* ---- agreement ------------------------------------------------------------------------------------------------------- */

/* The writer's vector with whole ids, as far as all of it is here; false when some is not. */
static bool vector_whole(struct sync *sync, struct bytes items, struct vector *out)
{
	struct positions positions;

	if (!positions_items_parse(&items, &sync->arena, &positions) || items.len != 0) {
		return false;
	}
	*out =
	    (struct vector){ arena_take_array(&sync->arena, positions.count + 1, sizeof *out->items), positions.count };
	for (unsigned i = 0; out->items && i < positions.count; i++) {
		const struct position *position = &positions.items[i];
		struct log_row logs[LIMIT_BRANCHES];
		struct entry_row entry;
		unsigned count = 0;
		bool found = false;
		if (store_log_of_key(sync->store, sync->tally, &position->key, logs, &count, NULL) != OK) {
			return false;
		}
		for (unsigned k = 0; k < count && !found; k++) {
			found = store_entry_at(sync->store, logs[k].row, position->seq, NULL, &entry, NULL) == OK &&
			    memcmp(entry.id.data, position->head, HASH16) == 0;
		}
		if (!found) {
			return false;
		}
		out->items[i] =
		    (struct vector_item){ position->key, position->branch, position->seq, entry.id, entry.log };
	}
	return out->items != NULL;
}

static enum status compare(struct sync *sync, const struct bundle *bundle, struct bundle_result *out, struct err *err)
{
	struct vector vector;
	struct peer_memory memory;
	bool closed;

	if (sync->forked || !vector_whole(sync, bundle->items, &vector)) {
		return OK;
	}
	enum status status = vector_is_closed(sync->store, sync->tally, &vector, &closed, err);
	if (status != OK || !closed) {
		return status;
	}
	status = digest_at(sync->store, sync->tally, &vector, &out->digest, err);
	out->compared = status == OK;
	out->matched = status == OK && id_equal(&out->digest, &bundle->digest);
	if (status == OK) {
		status = peer_memory_load(sync->store, sync->tally, &bundle->key, &sync->arena, &memory, err);
	}
	if (status == OK && sync->store->mode == DB_WRITE) {
		memory.peer.heard_ms = sync->options.now_ms;
		memory.peer.matched = out->matched;
		memory.peer.matched_ms = out->matched ? sync->options.now_ms : memory.peer.matched_ms;
		memory.peer.digest = out->digest;
		status = peer_memory_save(sync->store, sync->tally, &bundle->key, &memory, err);
	}
	return status;
}

static void say_reason(const struct sync *sync, struct bundle_result *out)
{
	out->why = sync->result.why;
	if (out->new_entries == 0 && out->attachments == 0) {
		err_set(&out->why, REFUSED, "all of it is here already");
	}
	out->stopped_logs = sync->result.stopped_logs;
	out->gaps = sync->result.stopped_logs;
}

static enum status bundle_keep(
    struct sync *sync, const struct bundle *bundle, struct bundle_result *out, struct err *err)
{
	bool written;
	enum status status = bundle->party != sync->tally_row.own_party
	    ? err_refuse(err, "", "docs/sync.md 8", "bundle: is for another party of this tally")
	    : writer_check(sync, bundle, err);

	if (status == OK && !(sync->pool = pool_new())) {
		status = err_set(err, ENVIRONMENT, "bundle: out of memory");
	}
	if (status == OK) {
		status = keep_messages(sync, bundle, out, err);
	}
	if (status == OK) {
		status = compare(sync, bundle, out, err);
	}
	struct keeper keeper = { sync->store, sync->tally, sync->options.now_ms, sync->tally_row.own_party,
		&sync->home_key, sync->secrets, sync->result.restored, 0 };
	if (status == OK) {
		status = keeper_acknowledge(&keeper, &written, err);
	}
	if (status == OK) {
		say_reason(sync, out);
	}
	return status;
}

enum status bundle_read(struct store *store, struct bytes in, const struct id *home_key, const struct secrets *secrets,
    int64_t now_ms, struct bundle_result *out, struct err *err)
{
	struct bundle bundle = { .party = -1 };
	struct tally_row tally;
	struct sync sync;
	struct buf opened;

	memset(out, 0, sizeof *out);
	buf_init(&opened, (size_t)LIMIT_BUNDLE_BYTES);
	enum status status = unwrap(in, secrets, &opened, &bundle.content, err);
	if (status == OK) {
		status = bundle_parse(&bundle, err);
	}
	if (status == OK) {
		out->tally = bundle.tally;
		status = store_tally_find(store, &bundle.tally, &tally, err);
		if (status == NOT_FOUND) {
			status = err_refuse(err, "", "docs/sync.md 8",
			    "bundle: is of a tally that is not in this home; accept its opening first");
		}
	}
	if (status == OK) {
		status = bundle_sync_init(&sync, store, tally.row, home_key, secrets, now_ms, err);
		if (status == OK) {
			status = bundle_keep(&sync, &bundle, out, err);
		}
		bundle_sync_clear(&sync);
	}
	buf_clear(&opened);
	return status;
}
