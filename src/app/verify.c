/* An export read without a home and without a network: what a court, an auditor or a partner's own program can check.
 *
 * In: the bytes of the file. Out: counts, or the first reason. Three passes: (1) items, count and hash of the file; (2) entries in
 * order: form, chain, key known by the opening or an earlier grant, nothing before what it names; (3) signatures, on all processors.
 * A fault of pass 2 at entry n is told only when the signatures before n are good, so that the first fault in the file is the one told. */
#include "app/exports.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "fold/index.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "WARIFUX1"
#define MAGIC_BYTES 8
#define THREADS_MAX 16

enum { ITEM_END, ITEM_ENTRY, ITEM_ATTACHMENT, ITEM_TALLY };

struct known_key {
	struct id key, prev;
	struct known_key *next;
};
struct read_state {
	struct arena arena;
	struct export_check *check;
	struct entry *entries;
	int64_t count, capacity;
	unsigned char *branches;  /* entries that follow each one, for forks */
	struct index by_id, keys; /* keys: number of the newest known_key of a key */
	struct known_key **known;
	int64_t known_count, known_capacity;
	struct index later; /* ids named and not met yet */
	void (*progress)(void *context, const char *what, int64_t done, int64_t all);
	void *progress_context;
};

bool export_is(struct bytes in)
{
	return in.len >= MAGIC_BYTES && memcmp(in.data, MAGIC, MAGIC_BYTES) == 0;
}

static enum status refuse(struct read_state *state, const char *reason, int64_t at, struct err *err)
{
	snprintf(state->check->reason, sizeof state->check->reason, "%s", reason);
	state->check->at = at;
	return at ? err_set(err, BAD_INPUT, "export, item %lld: %s", (long long)at, reason)
		  : err_set(err, BAD_INPUT, "export: %s", reason);
}

/* --- pass 1: items ------------------------------------------------------------------------------------------------------ */

static bool take_id(struct bytes *at, struct id *out)
{
	struct cbor_item item = cbor_take(at);
	if (item.type != CBOR_BYTES || item.bytes.len != ID_BYTES) {
		return false;
	}
	memcpy(out->data, item.bytes.data, ID_BYTES);
	return true;
}

struct item {
	int type;
	struct id first, prev;
	int64_t number;
	struct bytes bytes;
};

static bool read_item(struct bytes whole, struct item *out)
{
	static const size_t sizes[] = { [ITEM_END] = 3, [ITEM_ENTRY] = 5, [ITEM_ATTACHMENT] = 3, [ITEM_TALLY] = 2 };
	struct cbor_item head = cbor_take(&whole), type = cbor_take(&whole), part;
	if (head.type != CBOR_ARRAY || type.type != CBOR_UINT || type.integer > ITEM_TALLY ||
	    head.count != sizes[type.integer]) {
		return false;
	}
	out->type = (int)type.integer;
	if (out->type == ITEM_END) {
		part = cbor_take(&whole);
		out->number = part.integer;
		return part.type == CBOR_UINT && take_id(&whole, &out->first);
	}
	if (!take_id(&whole, &out->first)) {
		return false;
	}
	if (out->type == ITEM_ENTRY) {
		part = cbor_take(&whole);
		out->number = part.integer;
		if (part.type != CBOR_UINT || !take_id(&whole, &out->prev)) {
			return false;
		}
	}
	if (out->type == ITEM_TALLY) {
		return true;
	}
	part = cbor_take(&whole);
	out->bytes = part.bytes;
	return part.type == CBOR_BYTES;
}

/* Takes the next item. NULL, or the reason. */
static const char *next_item(struct bytes *at, struct item *out)
{
	const char *reason = cbor_check(*at, SIZE_MAX);
	if (reason && strcmp(reason, "trailing") != 0) {
		return reason;
	}
	return read_item(cbor_skip(at), out) ? NULL : "export-form";
}

static const char *check_attachment(struct read_state *state, const struct item *item)
{
	struct id hash = sha256(item->bytes);
	state->check->attachments++;
	state->check->attachment_bytes += (int64_t)item->bytes.len;
	return item->bytes.len > LIMIT_ATTACHMENT_BYTES || !id_equal(&hash, &item->first) ? "export-form" : NULL;
}

/* The last item: how many entries there are, and the hash of all before it. NULL, or the reason. */
static const char *check_end(
    const struct read_state *state, const struct item *item, struct bytes before, struct bytes behind)
{
	struct id hash = sha256(before);
	if (behind.len > 0) {
		return "export-form";
	}
	return item->number == state->check->entries && id_equal(&hash, &item->first) ? NULL : "export-end";
}

/* Takes the item at `at`. NULL, or the reason. */
static const char *read_one(struct read_state *state, struct bytes in, struct bytes *at, bool first, struct item *item)
{
	struct bytes before = bytes_of(in.data, in.len - at->len);
	const char *reason = at->len == 0 ? "export-end" : next_item(at, item);
	if (reason) {
		return reason;
	}
	if ((item->type == ITEM_TALLY) != first) {
		return "export-form";
	}
	switch (item->type) {
	case ITEM_TALLY: state->check->tally = item->first; return NULL;
	case ITEM_ENTRY: state->check->entries++; return NULL;
	case ITEM_ATTACHMENT: return check_attachment(state, item);
	default: return check_end(state, item, before, *at);
	}
}

static enum status read_items(struct read_state *state, struct bytes in, struct err *err)
{
	struct bytes at = bytes_of(in.data + MAGIC_BYTES, in.len - MAGIC_BYTES);
	struct item item = { .type = ITEM_TALLY };
	for (int64_t number = 1; item.type != ITEM_END; number++) {
		const char *reason = read_one(state, in, &at, number == 1, &item);
		if (reason) {
			return refuse(state, reason, number, err);
		}
	}
	return OK;
}

/* --- pass 2: entries ---------------------------------------------------------------------------------------------------- */

static bool know(struct read_state *state, const struct id *key, const struct id *prev)
{
	int64_t number;
	struct known_key *known = arena_take(&state->arena, sizeof *known);
	if (state->known_count == state->known_capacity) {
		int64_t wider = state->known_capacity ? state->known_capacity * 2 : 64;
		state->known = arena_grow(
		    &state->arena, state->known, (size_t)state->known_capacity, (size_t)wider, sizeof *state->known);
		state->known_capacity = wider;
	}
	if (!known || !state->known) {
		return false;
	}
	*known = (struct known_key){ *key, *prev, NULL };
	if (index_find(&state->keys, key, &number)) {
		known->next = state->known[number];
	}
	state->known[state->known_count] = known;
	return index_put(&state->keys, key, state->known_count++);
}

/* Keys of the parties, from the opening's array of [code, root, recovery]. */
static bool know_parties(struct read_state *state, const struct entry *entry)
{
	struct bytes at = body_field(&entry->body, PROPOSED_PARTIES);
	struct cbor_item parties = cbor_take(&at);
	for (size_t i = 0; parties.type == CBOR_ARRAY && i < parties.count; i++) {
		struct bytes whole = cbor_skip(&at);
		struct cbor_item party = cbor_take(&whole);
		struct id root, recovery;
		if (party.type != CBOR_ARRAY || party.count != 3 || cbor_take(&whole).type != CBOR_TEXT ||
		    !take_id(&whole, &root) || !take_id(&whole, &recovery)) {
			continue;
		}
		if (!know(state, &root, &state->check->tally) || !know(state, &recovery, &state->check->tally)) {
			return false;
		}
	}
	return true;
}

static bool know_keys(struct read_state *state, const struct entry *entry)
{
	struct id key;
	bool is_grant = bytes_is(entry->body.kind, "desk.granted") || bytes_is(entry->body.kind, "home.granted");
	bool is_successor = bytes_is(entry->body.kind, "root.replaced");
	if ((is_grant || is_successor) && record_id(&entry->body, GRANT_KEY, &key) && !know(state, &key, &entry->id)) {
		return false;
	}
	return !is_successor || !record_id(&entry->body, REPLACED_RECOVERY, &key) || know(state, &key, &entry->id);
}

static const char *check_place(struct read_state *state, const struct entry *entry)
{
	int64_t number;
	if (!index_find(&state->keys, &entry->place.key, &number)) {
		return "unknown-key";
	}
	if (entry->place.seq == 1) {
		for (const struct known_key *known = state->known[number]; known; known = known->next) {
			if (id_equal(&known->prev, &entry->place.prev)) {
				return NULL;
			}
		}
		return "chain";
	}
	if (!index_find(&state->by_id, &entry->place.prev, &number)) {
		return "chain";
	}
	const struct entry *before = &state->entries[number];
	if (!id_equal(&before->place.key, &entry->place.key) || before->place.seq + 1 != entry->place.seq) {
		return "chain";
	}
	state->check->forks += state->branches[number] == 1;
	return state->branches[number]++ >= LIMIT_BRANCHES ? "chain" : NULL;
}

static bool name_one(struct read_state *state, const uint8_t *id, int64_t number)
{
	struct id named;
	int64_t at;
	if (!id) {
		return true;
	}
	memcpy(named.data, id, ID_BYTES);
	return index_find(&state->by_id, &named, &at) || index_put(&state->later, &named, number);
}

/* Remembers what is named and has not come: should it come later, the order is wrong; else it is missing. */
static bool name_all(struct read_state *state, const struct entry *entry)
{
	const struct body *body = &entry->body;
	bool good = name_one(state, body->thread, state->count) && name_one(state, body->part, state->count) &&
	    name_one(state, body->seen, state->count);
	for (unsigned i = 0; i < body->answer_count && good; i++) {
		good = name_one(state, body_answer(body, i).data, state->count);
	}
	for (unsigned i = 0; i < body->ref_count && good; i++) {
		good = name_one(state, body_ref(body, i).data, state->count);
	}
	return good;
}

static bool is_opening(const struct read_state *state, const struct entry *entry)
{
	struct id hash = sha256(entry->body.bytes);
	return state->count == 0 && bytes_is(entry->body.kind, "tally.proposed") &&
	    id_equal(&hash, &state->check->tally);
}

static const char *check_entry(struct read_state *state, const struct item *item, struct entry *entry)
{
	struct place place = { state->check->tally, item->first, (uint64_t)item->number, item->prev };
	struct bytes body;
	const uint8_t *signature;
	int64_t number;
	const char *reason = cose_parse(item->bytes, &body, &signature);
	if (!reason) {
		reason = entry_init(entry, &place, body, signature);
	}
	if (reason) {
		return reason;
	}
	if (is_opening(state, entry) && !know_parties(state, entry)) {
		return "memory";
	}
	reason = index_find(&state->by_id, &entry->id, &number) ? "export-form" : check_place(state, entry);
	if (!reason && index_find(&state->later, &entry->id, &number)) {
		reason = "export-form"; /* an entry before it names it */
	}
	if (!reason &&
	    (!know_keys(state, entry) || !name_all(state, entry) ||
		!index_put(&state->by_id, &entry->id, state->count))) {
		reason = "memory";
	}
	return reason;
}

static enum status read_entries(struct read_state *state, struct bytes in,
    enum status (*each)(void *, const struct entry *, struct err *), void *context, struct err *err)
{
	struct bytes at = bytes_of(in.data + MAGIC_BYTES, in.len - MAGIC_BYTES);
	struct item item;
	enum status status = OK;
	for (int64_t number = 1; status == OK; number++) {
		ASSERT(!next_item(&at, &item)); /* pass 1 has seen it */
		if (item.type == ITEM_END) {
			break;
		}
		if (item.type != ITEM_ENTRY) {
			continue;
		}
		struct entry *entry = &state->entries[state->count];
		const char *reason = check_entry(state, &item, entry);
		if (reason) {
			return refuse(state, reason, number, err);
		}
		state->check->logs += entry->place.seq == 1;
		state->count++;
		status = each ? each(context, entry, err) : OK;
	}
	return status;
}

/* --- pass 3: signatures ------------------------------------------------------------------------------------------------- */

struct slice {
	const struct entry *entries;
	int64_t from, to, bad;
	const char *reason;
	pthread_t thread;
};

static void *check_slice(void *context)
{
	struct slice *slice = context;
	for (slice->bad = slice->from; slice->bad < slice->to; slice->bad++) {
		slice->reason = entry_verify(&slice->entries[slice->bad]);
		if (slice->reason) {
			break;
		}
	}
	return NULL;
}

/* Checks entries from..to, split between threads. NULL, or the reason of the first bad one and its number. */
static const char *check_batch(const struct read_state *state, int64_t from, int64_t to, unsigned threads, int64_t *bad)
{
	struct slice slices[THREADS_MAX];
	int64_t each = (to - from + threads - 1) / threads;
	const char *reason = NULL;
	for (unsigned i = 0; i < threads; i++) {
		int64_t first = from + each * i < to ? from + each * i : to,
			last = first + each < to ? first + each : to;
		slices[i] = (struct slice){ .entries = state->entries, .from = first, .to = last };
		if (i + 1 == threads || pthread_create(&slices[i].thread, NULL, check_slice, &slices[i]) != 0) {
			slices[i].thread = 0;
			check_slice(&slices[i]);
		}
	}
	for (unsigned i = 0; i < threads; i++) {
		if (slices[i].thread) {
			pthread_join(slices[i].thread, NULL);
		}
		if (!reason && slices[i].reason) {
			reason = slices[i].reason;
			*bad = slices[i].bad;
		}
	}
	return reason;
}

static enum status check_signatures(struct read_state *state, struct err *err)
{
	enum { BATCH = 8192 };
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned threads = processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : (unsigned)processors;
	for (int64_t from = 0; from < state->count; from += BATCH) {
		int64_t bad = 0, to = from + BATCH < state->count ? from + BATCH : state->count;
		const char *reason = check_batch(state, from, to, threads, &bad);
		if (reason) {
			char hex[ID_BYTES * 2 + 1];
			hex_print(id_bytes(&state->entries[bad].id), hex);
			snprintf(state->check->reason, sizeof state->check->reason, "%s", reason);
			state->check->at = bad + 1;
			return err_set(err, BAD_INPUT, "export, entry %.16s (seq %llu): %s", hex,
			    (unsigned long long)state->entries[bad].place.seq, reason);
		}
		if (state->progress) {
			state->progress(state->progress_context, "signatures", to, state->count);
		}
	}
	return OK;
}

static enum status read_all(struct read_state *state, struct bytes in,
    enum status (*each)(void *, const struct entry *, struct err *), void *context, struct err *err)
{
	struct err later;
	struct export_check told;
	err_clear(&later);
	if (!export_is(in)) {
		return refuse(state, "export-magic", 0, err);
	}
	enum status status = read_items(state, in, err);
	if (status != OK) {
		return status;
	}
	size_t count = (size_t)state->check->entries;
	state->entries = arena_take_array(&state->arena, count + 1, sizeof *state->entries);
	state->branches = arena_take_array(&state->arena, count + 1, 1);
	if (!state->entries || !state->branches || !index_init(&state->by_id, &state->arena, count) ||
	    !index_init(&state->keys, &state->arena, 64) || !index_init(&state->later, &state->arena, 64)) {
		return err_set(err, ENVIRONMENT, "export: %zu entries do not fit in memory", count);
	}
	status = read_entries(state, in, each, context, &later);
	told = *state->check;
	enum status signatures = check_signatures(state, err);
	if (signatures != OK) {
		return signatures;
	}
	*state->check = told;
	state->check->missing = (int64_t)state->later.count;
	if (status != OK && err) {
		*err = later;
	}
	return status;
}

enum status export_read(struct bytes in, enum status (*each)(void *context, const struct entry *entry, struct err *err),
    void *context, void (*progress)(void *context, const char *what, int64_t done, int64_t all), void *progress_context,
    struct export_check *check, struct err *err)
{
	struct read_state state = { .check = check, .progress = progress, .progress_context = progress_context };
	*check = (struct export_check){ .bytes = (int64_t)in.len };
	arena_init(&state.arena, SIZE_MAX / 2); /* bounded by the file, which is on this disk */
	wire_start();
	enum status status = read_all(&state, in, each, context, err);
	arena_clear(&state.arena);
	return status;
}

/* --- mapping ------------------------------------------------------------------------------------------------------------ */

enum status mapping_open(const char *path, int64_t most, struct mapping *out, struct err *err)
{
	struct stat stat;
	*out = (struct mapping){ 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &stat) != 0) {
		int reason = errno;
		if (fd >= 0) {
			close(fd);
		}
		return err_set(err, ENVIRONMENT, "%s: %s", path, strerror(reason));
	}
	if (!S_ISREG(stat.st_mode) || (most > 0 && stat.st_size > most)) {
		close(fd);
		return S_ISREG(stat.st_mode) ? err_set(err, BAD_INPUT, "%s: %lld bytes; at most %lld", path,
						   (long long)stat.st_size, (long long)most)
					     : err_set(err, ENVIRONMENT, "%s: not a file", path);
	}
	if (stat.st_size > 0) {
		void *data = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (data != MAP_FAILED) {
			out->bytes = bytes_of(data, (size_t)stat.st_size);
		}
	}
	close(fd);
	return stat.st_size == 0 || out->bytes.data ? OK : err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
}

void mapping_close(struct mapping *mapping)
{
	if (mapping->bytes.data) {
		munmap((void *)(uintptr_t)mapping->bytes.data, mapping->bytes.len);
	}
	mapping->bytes = bytes_of(NULL, 0);
}
