/* Who is there, and is it? (docs/sync.md 3.1, 3.2)
 *
 *  G1 what is signed holds the whole tally id and both whole keys, whatever short forms the greetings used;
 *  G2 a home key that is not known here is taken at the word of its chain only: grants, each signed by the key that the next one
 *     names, the last by a root or desk that this home knows. It opens a session; its entries still need their grant in its log. */
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "sync/session.h"
#include "wire/sign.h"
#include <string.h>

#define VERSION 1
#define CHAIN_MOST 8     /* registrars above registrars */
#define CHAIN_BYTES 3584 /* of a greeting's 4,096 */

struct greeting {
	struct bytes tally, key, nonce, chain;
	int64_t party;
	bool has_party;
};

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static enum status keys_load(
    struct sync *sync, struct arena *arena, struct key_view **keys, unsigned *count, struct err *err)
{
	return tally_keys(sync->store, sync->tally, arena, keys, count, err);
}

/* The view of a key that counts; else any; NULL. */
static const struct key_view *key_find(const struct key_view *keys, unsigned count, const struct id *key)
{
	const struct key_view *found = NULL;

	for (unsigned i = 0; i < count; i++) {
		if (id_equal(&keys[i].key, key) && (found == NULL || (keys[i].counts && !keys[i].revoked))) {
			found = &keys[i];
		}
	}
	return found;
}

/* One link: the grant as signed. *signer: the key that signed it. */
static enum status link_write(
    struct sync *sync, const struct id *grant, struct arena *arena, struct buf *out, struct id *signer, struct err *err)
{
	struct entry_row row;
	struct place place;
	struct entry entry;
	struct buf cose;
	enum status status = store_entry_find(sync->store, sync->tally, grant, arena, &row, err);

	if (status == OK) {
		status = store_entry_place(sync->store, &row, &place, err);
	}
	if (status != OK) {
		return status;
	}
	buf_init(&cose, LIMIT_GREETING_BYTES);
	entry = (struct entry){ .place = place, .id = row.id, .body = { .bytes = row.body } };
	memcpy(entry.signature, row.signature, SIGNATURE_BYTES);
	entry_print_cose(&entry, &cose);
	cbor_put_array(out, 4);
	cbor_put_bytes(out, id_bytes(&place.key));
	cbor_put_int(out, (int64_t)place.seq);
	cbor_put_bytes(out, id_bytes(&place.prev));
	cbor_put_bytes(out, buf_bytes(&cose));
	*signer = place.key;
	if (cose.failed) {
		status = err_set(err, ENVIRONMENT, "greeting: the grant of this home is longer than a greeting");
	}
	buf_clear(&cose);
	return status;
}

/* The grant of our home key and those above it, as array items. */
static enum status chain_write(
    struct sync *sync, struct arena *arena, struct buf *links, unsigned *count, struct err *err)
{
	struct key_view *keys;
	unsigned key_count;
	struct id key = sync->home_key;
	enum status status = keys_load(sync, arena, &keys, &key_count, err);

	*count = 0;
	while (status == OK && *count < CHAIN_MOST) {
		const struct key_view *view = key_find(keys, key_count, &key);
		if (view == NULL && *count == 0) {
			return OK; /* a new home, which shall hear of its grant in this session: the other side may know it */
		}
		if (view == NULL) {
			return err_set(err, ENVIRONMENT, "greeting: the key of this home is not granted in this tally");
		}
		if (view->key_class == KEY_ROOT || view->key_class == KEY_RECOVERY) {
			break;
		}
		status = link_write(sync, &view->grant, arena, links, &key, err);
		(*count)++;
	}
	return status;
}

static void body_write_greeting(
    const struct sync *sync, bool whole, const struct buf *links, unsigned link_count, struct buf *out)
{
	size_t shown = whole ? ID_BYTES : PREFIX_BYTES;

	cbor_put_array(out, 6);
	cbor_put_int(out, VERSION);
	if (sync->options.initiator) {
		cbor_put_bytes(out, bytes_of(sync->tally_row.id.data, shown));
		cbor_put_int(out, sync->options.peer_party);
	} else {
		cbor_put_null(out);
		cbor_put_null(out);
	}
	cbor_put_bytes(out, bytes_of(sync->home_key.data, shown));
	if (sync->by_channel) {
		cbor_put_null(out);
	} else {
		cbor_put_bytes(out, bytes_of(sync->nonce, NONCE_BYTES));
	}
	if (whole) {
		cbor_put_array(out, link_count);
		buf_put_bytes(out, buf_bytes(links));
	} else {
		cbor_put_null(out);
	}
}

enum status greeting_write(struct sync *sync, bool whole, struct buf *out, struct err *err)
{
	struct buf links, content;
	struct arena arena;
	unsigned count = 0;
	enum status status = OK;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&links, CHAIN_BYTES);
	buf_init(&content, LIMIT_GREETING_BYTES);
	if (whole) {
		status = chain_write(sync, &arena, &links, &count, err);
	}
	if (status == OK) {
		body_write_greeting(sync, whole, &links, count, &content);
		if (links.failed || content.failed) {
			status = err_set(err, ENVIRONMENT,
			    "greeting: longer than %d bytes with the grants of this home", LIMIT_GREETING_BYTES);
		}
	}
	if (status == OK) {
		message_put(out, MESSAGE_GREETING, buf_bytes(&content));
		sync->greeted_whole = whole;
	}
	buf_clear(&links);
	buf_clear(&content);
	arena_clear(&arena);
	return status;
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static enum status malformed(struct err *err)
{
	return err_set(err, BAD_INPUT, "greeting: not of the form that docs/sync.md 3.1 says");
}

static bool bytes_or_null(struct bytes *at, struct bytes *out)
{
	struct cbor_item item = cbor_take(at);

	*out = item.bytes;
	return item.type == CBOR_NULL || (item.type == CBOR_BYTES && item.bytes.len > 0);
}

static bool greeting_parse(struct bytes in, struct greeting *out)
{
	*out = (struct greeting){ .has_party = false };
	if (cbor_check(in, LIMIT_GREETING_BYTES) != NULL) {
		return false;
	}
	struct cbor_item outer = cbor_take(&in), version = cbor_take(&in);
	if (outer.type != CBOR_ARRAY || outer.count != 6 || version.type != CBOR_UINT || version.integer != VERSION ||
	    !bytes_or_null(&in, &out->tally)) {
		return false;
	}
	struct cbor_item party = cbor_take(&in);
	out->has_party = party.type == CBOR_UINT;
	out->party = party.integer;
	if ((party.type != CBOR_UINT && party.type != CBOR_NULL) || !bytes_or_null(&in, &out->key) ||
	    !bytes_or_null(&in, &out->nonce)) {
		return false;
	}
	out->chain = in;
	bool tally_fits = out->tally.len == 0 || out->tally.len == PREFIX_BYTES || out->tally.len == ID_BYTES;
	return tally_fits && (out->key.len == PREFIX_BYTES || out->key.len == ID_BYTES) &&
	    (out->nonce.len == 0 || out->nonce.len == NONCE_BYTES);
}

struct tally_search {
	struct bytes prefix;
	struct tally_row found;
	unsigned count;
};

static enum status tally_look(void *context, const struct tally_row *tally, struct err *err)
{
	struct tally_search *search = context;

	(void)err;
	if (memcmp(tally->id.data, search->prefix.data, search->prefix.len) == 0) {
		search->found = *tally;
		search->count++;
	}
	return OK;
}

/* The answerer learns which tally is meant. NOT_FOUND: a prefix that must be said in full. */
static enum status tally_settle(struct sync *sync, const struct greeting *greeting, struct err *err)
{
	struct tally_search search = { .prefix = greeting->tally };
	enum status status = store_tally_each(sync->store, tally_look, &search, err);

	if (status != OK) {
		return status;
	}
	if (search.count != 1 && greeting->tally.len == PREFIX_BYTES) {
		return NOT_FOUND;
	}
	if (search.count == 0 || (sync->options.tally != 0 && search.found.row != sync->options.tally)) {
		return err_refuse(err, "", "docs/sync.md 3.1", "tally: not one of this home");
	}
	sync->tally_row = search.found;
	sync->tally = search.found.row;
	if (sync->options.home != NULL) {
		status =
		    sync->options.home(sync->options.home_context, sync->tally, &sync->home_key, &sync->secrets, err);
	}
	if (status == OK) {
		status = tally_view_load(sync->store, sync->tally, &sync->arena, &sync->view, err);
	}
	if (status != OK) {
		return status == NOT_FOUND
		    ? err_refuse(err, "", "docs/sync.md 3.1", "tally: this home has no key in it")
		    : status;
	}
	if (!greeting->has_party || greeting->party != (int64_t)sync->tally_row.own_party) {
		return err_refuse(err, "", "docs/sync.md 3.1",
		    "party: the greeting is for another party; this home is of %s",
		    sync->view.party_codes[sync->tally_row.own_party]);
	}
	return OK;
}

/* What a grant says of a home or desk key. */
struct granted {
	struct id key, tls;
	unsigned party;
	int64_t until_ms;
};

/* One link of a chain: is it a well-formed grant of `key`, well signed? */
static bool link_check(
    struct sync *sync, struct bytes *at, const struct id *key, bool home, struct granted *granted, struct id *signer)
{
	struct cbor_item outer = cbor_take(at), by = cbor_take(at), seq = cbor_take(at), prev = cbor_take(at),
			 cose = cbor_take(at);
	struct place place = { .tally = sync->tally_row.id };
	struct err ignored = { .status = OK };
	struct entry entry;
	struct bytes body;
	const uint8_t *signature;
	struct id named;

	if (outer.count != 4 || by.bytes.len != ID_BYTES || seq.type != CBOR_UINT || prev.bytes.len != ID_BYTES ||
	    cose_parse(cose.bytes, &body, &signature) != NULL) {
		return false;
	}
	memcpy(place.key.data, by.bytes.data, ID_BYTES);
	memcpy(place.prev.data, prev.bytes.data, ID_BYTES);
	place.seq = (uint64_t)seq.integer;
	if (entry_init(&entry, &place, body, signature) != NULL ||
	    !bytes_is(entry.body.kind, home ? "home.granted" : "desk.granted") ||
	    record_check(kernel_kind(entry.body.kind), &entry.body, &ignored) != OK ||
	    !record_id(&entry.body, GRANT_KEY, &named) || !id_equal(&named, key)) {
		return false;
	}
	struct signer desk = { .roles = body_field(&entry.body, GRANT_ROLES) };
	if (!home && !signer_has_role(&desk, "registrar")) {
		return false;
	}
	if (home) {
		record_id(&entry.body, GRANT_TLS, &granted->tls);
		record_int(&entry.body, GRANT_UNTIL, &granted->until_ms);
	}
	*signer = place.key;
	return entry_verify(&entry) == NULL;
}

/* G2. False when the chain does not reach a key that is known and counts. */
static bool chain_check(struct sync *sync, struct bytes chain, const struct key_view *keys, unsigned count,
    const struct id *key, struct granted *granted)
{
	struct cbor_item links = cbor_take(&chain);
	struct id at = *key, signer;

	*granted = (struct granted){ .key = *key };
	for (size_t i = 0; links.type == CBOR_ARRAY && i < links.count && i < CHAIN_MOST; i++) {
		if (!link_check(sync, &chain, &at, i == 0, granted, &signer)) {
			return false;
		}
		const struct key_view *view = key_find(keys, count, &signer);
		if (view != NULL) {
			granted->party = view->signer.party;
			return view->counts &&
			    (view->key_class == KEY_ROOT ||
				(!view->revoked && signer_has_role(&view->signer, "registrar")));
		}
		at = signer;
	}
	return false;
}

static bool key_by_prefix(const struct key_view *keys, unsigned count, struct bytes prefix, struct id *out)
{
	bool found = false;

	for (unsigned i = 0; i < count; i++) {
		if (keys[i].key_class == KEY_HOME && memcmp(keys[i].key.data, prefix.data, prefix.len) == 0) {
			if (found && !id_equal(out, &keys[i].key)) {
				return false;
			}
			*out = keys[i].key;
			found = true;
		}
	}
	return found;
}

static enum status grant_refuse(struct sync *sync, const struct key_view *view, struct err *err)
{
	(void)sync;
	if (view->key_class != KEY_HOME) {
		return err_refuse(err, "", "docs/sync.md 3.1", "key: not the key of a home");
	}
	if (view->revoked) {
		return err_refuse(err, "", "docs/sync.md 3.1", "key: the grant of this home was revoked");
	}
	return view->counts ? OK : err_refuse(err, "", "docs/sync.md 3.1", "key: the grant of this home is void");
}

static enum status peer_settle(
    struct sync *sync, const struct greeting *greeting, struct arena *arena, struct granted *granted, struct err *err)
{
	struct key_view *keys;
	unsigned count;
	struct id key;
	enum status status = keys_load(sync, arena, &keys, &count, err);

	if (status != OK) {
		return status;
	}
	if (greeting->key.len == ID_BYTES) {
		memcpy(key.data, greeting->key.data, ID_BYTES);
	} else if (!key_by_prefix(keys, count, greeting->key, &key)) {
		return NOT_FOUND;
	}
	const struct key_view *view = key_find(keys, count, &key);
	if (view == NULL) {
		return chain_check(sync, greeting->chain, keys, count, &key, granted)
		    ? OK
		    : err_refuse(err, "", "docs/sync.md 3.1", "key: no grant of this tally makes this home known");
	}
	*granted = (struct granted){ .key = key, .party = view->signer.party, .until_ms = view->until_ms };
	if (view->tls.len == ID_BYTES) {
		memcpy(granted->tls.data, view->tls.data, ID_BYTES);
	}
	return grant_refuse(sync, view, err);
}

static enum status peer_check(struct sync *sync, const struct granted *granted, struct err *err)
{
	if (id_equal(&granted->key, &sync->home_key)) {
		return err_refuse(
		    err, "", "docs/sync.md 3.1", "key: this home talks to itself, or to a copy of itself");
	}
	if (granted->until_ms < sync->options.now_ms) {
		return err_refuse(err, "", "docs/sync.md 3.1",
		    "key: the grant of this home has ended by our clock; a registrar can grant a new one");
	}
	if (sync->options.initiator && granted->party != sync->options.peer_party) {
		return err_refuse(err, "", "docs/sync.md 3.1", "party: the other end is of %s; %s was asked for",
		    sync->view.party_codes[granted->party], sync->view.party_codes[sync->options.peer_party]);
	}
	if (sync->has_peer && !id_equal(&granted->key, &sync->peer_key)) {
		return err_refuse(
		    err, "", "docs/sync.md 3.1", "key: another home than the one whose certificate was shown");
	}
	if (sync->by_channel && !id_equal(&granted->tls, &sync->options.peer_tls)) {
		return err_refuse(
		    err, "", "docs/sync.md 3.2", "certificate: not the one that the grant of this home names");
	}
	return OK;
}

/* A channel may have named the home before its greeting did. What is remembered of it is read once: the vector that was said by a base is
 * answered by the same one, whatever other sessions have agreed on meanwhile. */
static enum status peer_take(struct sync *sync, const struct granted *granted, struct err *err)
{
	bool known = sync->has_peer;

	sync->peer_key = granted->key;
	sync->peer_party = granted->party;
	sync->has_peer = true;
	sync->result.peer_key = granted->key;
	size_t len = strnlen(sync->view.party_codes[granted->party], sizeof sync->result.peer_party - 1);
	memcpy(sync->result.peer_party, sync->view.party_codes[granted->party], len);
	return known ? OK
		     : peer_memory_load(sync->store, sync->tally, &sync->peer_key, &sync->arena, &sync->memory, err);
}

static enum status again_ask(struct sync *sync, struct buf *out, struct err *err)
{
	if (sync->greetings > 1) {
		return err_refuse(err, "", "docs/sync.md 3.1", "greeting: tally or home are not known here");
	}
	message_put(out, MESSAGE_AGAIN, bytes_of("\x01", 1));
	return NOT_FOUND;
}

/* NOT_FOUND: the other was asked to greet again. */
enum status greeting_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	struct greeting greeting;
	struct granted granted;
	struct arena arena;
	enum status status = OK;

	sync->greetings++;
	if (!greeting_parse(content, &greeting) || (greeting.tally.len > 0) == sync->options.initiator) {
		return malformed(err);
	}
	if (!sync->options.initiator) {
		status = tally_settle(sync, &greeting, err);
	}
	if (status == OK && (greeting.nonce.len == 0) != sync->by_channel) {
		status = err_refuse(err, "", "docs/sync.md 3.2",
		    "greeting: one end counts on the channel's certificates and the other does not");
	}
	arena_init(&arena, LIMIT_ARENA_BYTES);
	if (status == OK) {
		status = peer_settle(sync, &greeting, &arena, &granted, err);
	}
	if (status == OK) {
		status = peer_check(sync, &granted, err);
	}
	if (status == OK) {
		status = peer_take(sync, &granted, err);
	}
	arena_clear(&arena);
	if (status == OK) {
		sync->proven = sync->by_channel;
		if (!sync->by_channel) {
			memcpy(sync->peer_nonce, greeting.nonce.data, NONCE_BYTES);
		}
	}
	return status == NOT_FOUND ? again_ask(sync, out, err) : status;
}

enum status peer_by_channel(struct sync *sync, struct err *err)
{
	struct key_view *keys;
	struct granted granted = { .party = 0 };
	struct arena arena;
	unsigned count, found = 0;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = keys_load(sync, &arena, &keys, &count, err);
	for (unsigned i = 0; status == OK && i < count; i++) {
		if (keys[i].key_class == KEY_HOME && keys[i].counts && !keys[i].revoked &&
		    keys[i].tls.len == ID_BYTES &&
		    memcmp(keys[i].tls.data, sync->options.peer_tls.data, ID_BYTES) == 0 &&
		    keys[i].until_ms >= sync->options.now_ms) {
			granted = (struct granted){ .key = keys[i].key, .party = keys[i].signer.party };
			found++;
		}
	}
	arena_clear(&arena);
	if (status != OK || found != 1 || granted.party != sync->options.peer_party) {
		return status != OK ? status : NOT_FOUND;
	}
	return peer_take(sync, &granted, err);
}

/* ---- proofs --------------------------------------------------------------------------------------------------------- */

/* G1. */
static void challenge_write(const struct sync *sync, bool ours, struct buf *out)
{
	bool initiator = sync->options.initiator == ours;

	cbor_put_array(out, 8);
	cbor_put_literal(out, "warifu-greeting-1");
	cbor_put_bytes(out, id_bytes(&sync->tally_row.id));
	cbor_put_literal(out, initiator ? "initiator" : "answerer");
	cbor_put_bytes(out, id_bytes(ours ? &sync->home_key : &sync->peer_key));
	cbor_put_bytes(out, id_bytes(ours ? &sync->peer_key : &sync->home_key));
	cbor_put_bytes(out, bytes_of(ours ? sync->nonce : sync->peer_nonce, NONCE_BYTES));
	cbor_put_bytes(out, bytes_of(ours ? sync->peer_nonce : sync->nonce, NONCE_BYTES));
	cbor_put_bytes(out, sync->options.binding);
}

enum status proof_write(struct sync *sync, struct buf *out, struct err *err)
{
	uint8_t signature[SIGNATURE_BYTES];
	struct buf challenge;

	buf_init(&challenge, 4096);
	challenge_write(sync, true, &challenge);
	bool failed = challenge.failed;
	if (!failed) {
		signature_make(signature, buf_bytes(&challenge), sync->secrets->sign);
		message_put(out, MESSAGE_PROOF, bytes_of(signature, SIGNATURE_BYTES));
	}
	buf_clear(&challenge);
	return failed ? err_set(err, ENVIRONMENT, "greeting: out of memory") : OK;
}

enum status proof_read(struct sync *sync, struct bytes content, struct err *err)
{
	struct buf challenge;
	const char *reason = "its length";

	buf_init(&challenge, 4096);
	challenge_write(sync, false, &challenge);
	if (content.len == SIGNATURE_BYTES && !challenge.failed) {
		reason = signature_check(content.data, buf_bytes(&challenge), &sync->peer_key);
	}
	buf_clear(&challenge);
	if (reason != NULL) {
		return err_refuse(err, "", "docs/sync.md 3.2",
		    "proof: %s; the other end does not hold the key of the home that it names", reason);
	}
	sync->proven = true;
	return OK;
}
