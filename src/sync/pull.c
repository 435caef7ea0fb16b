/* Attachments, last of all, and only those that entries of this tally announce (docs/sync.md 7). Each side asks for what it lacks; what came of one
 * before a cut is kept and gone on with.
 *
 *  A3 not more is asked for than the budget of this session holds, nor than the home has room for, nor more than ASKED_MOST at once;
 *  A4 nothing is served that no entry of this tally announces: the same file in another tally is none of this partner's business;
 *  A5 sessions that run at the same time may bring the same attachment: who finds that another one has gone on leaves it to that one. */
#include "base/alloc.h"
#include "base/limits.h"
#include "store/partial.h"
#include "sync/session.h"
#include <string.h>

#define ASKED_MOST 8
#define WANTED_MOST 4096 /* of one session; the next one goes on */

struct wanted {
	struct id hash;
	uint64_t size, have;
	bool absent;
};
struct attachment_pull {
	struct wanted *wanted;
	unsigned count, at;
	unsigned asked;
	uint64_t next_offset;
	int64_t budget;
};

static enum status wanted_add(void *context, const struct id *hash, uint64_t size, struct err *err)
{
	struct sync *sync = context;
	struct attachment_pull *pull = sync->pull;

	(void)err;
	if (pull->count == WANTED_MOST || size > LIMIT_ATTACHMENT_BYTES) {
		return OK;
	}
	pull->wanted[pull->count++] = (struct wanted){ .hash = *hash, .size = size };
	return OK;
}

enum status pull_open(struct sync *sync, struct err *err)
{
	sync->pull = arena_take(&sync->arena, sizeof *sync->pull);
	if (sync->pull != NULL) {
		sync->pull->wanted = arena_take_array(&sync->arena, WANTED_MOST, sizeof *sync->pull->wanted);
	}
	if (sync->pull == NULL || sync->pull->wanted == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	sync->pull->budget =
	    sync->options.attachment_bytes > 0 ? sync->options.attachment_bytes : LIMIT_SESSION_ATTACHMENTS;
	if (sync->store->read_only || sync->result.restored) {
		return OK;
	}
	int64_t room;
	enum status status = store_attachment_room(sync->store, &room, err);
	sync->pull->budget = room < sync->pull->budget ? room : sync->pull->budget;
	status = status != OK ? status : store_attachment_awaited(sync->store, sync->tally, wanted_add, sync, err);
	for (unsigned i = 0; status == OK && i < sync->pull->count; i++) {
		struct wanted *wanted = &sync->pull->wanted[i];
		status = partial_length(sync->store, &wanted->hash, &wanted->have, err);
		if (status == OK &&
		    (wanted->have > wanted->size || (wanted->have == wanted->size && wanted->size > 0))) {
			/* whole, and never finished: ask its hash now */
			struct err ignored = { .status = OK };
			wanted->absent = partial_finish(sync->store, &wanted->hash, &ignored) == OK;
			wanted->have = 0;
		}
	}
	if (sync->pull->count > 0) {
		sync->pull->next_offset = sync->pull->wanted[0].have;
	}
	return status;
}

void pull_close(struct sync *sync)
{
	arena_clear(&sync->serving_arena);
	sync->serving_content = bytes_of(NULL, 0);
}

/* The next piece to ask for belongs to wanted[at], from next_offset. One attachment is asked for at a time, some pieces ahead. */
enum status pull_ask(struct sync *sync, struct buf *out, bool *idle, struct err *err)
{
	struct attachment_pull *pull = sync->pull;

	(void)err;
	while (pull->at < pull->count && pull->asked < ASKED_MOST) {
		struct wanted *wanted = &pull->wanted[pull->at];
		bool first = pull->next_offset == wanted->have;
		if (wanted->absent || pull->next_offset >= wanted->size + first * (wanted->size == 0) ||
		    (int64_t)(wanted->size - wanted->have) > pull->budget) {
			if (pull->asked > 0) {
				break; /* its pieces are on their way */
			}
			pull->at++;
			pull->next_offset = pull->at < pull->count ? pull->wanted[pull->at].have : 0;
			continue;
		}
		struct buf content;
		buf_init(&content, 48);
		buf_put_bytes(&content, id_bytes(&wanted->hash));
		buf_put_varint(&content, pull->next_offset);
		message_put(out, MESSAGE_WANT, buf_bytes(&content));
		buf_clear(&content);
		pull->next_offset += LIMIT_CHUNK_BYTES;
		pull->asked++;
	}
	*idle = pull->asked == 0 && pull->at >= pull->count;
	return OK;
}

static bool hash_take(struct bytes *in, struct id *hash)
{
	if (in->len < ID_BYTES) {
		return false;
	}
	memcpy(hash->data, in->data, ID_BYTES);
	*in = bytes_of(in->data + ID_BYTES, in->len - ID_BYTES);
	return true;
}

/* A4. Empty when we have it not, or may not give it. */
static enum status serve(struct sync *sync, const struct id *hash, struct bytes *content, struct err *err)
{
	bool announced;
	enum status status = attachment_announced(sync->store, sync->tally, hash, &announced, err);

	*content = bytes_of(NULL, 0);
	if (status != OK || !announced) {
		return status;
	}
	if (sync->serving_content.data == NULL || !id_equal(&sync->serving, hash)) {
		struct err ignored = { .status = OK };
		arena_reset(&sync->serving_arena);
		sync->serving_content = bytes_of(NULL, 0);
		status =
		    store_attachment_get(sync->store, hash, &sync->serving_arena, &sync->serving_content, &ignored);
		if (status != OK) {
			sync->serving_content = bytes_of(NULL, 0);
			return status == ENVIRONMENT ? err_pass(err, status, &ignored) : OK;
		}
		sync->serving = *hash;
		sync->result.sent_attachments++;
		sync->loaded_bytes += (int64_t)sync->serving_content.len;
	}
	/* Each file is read once, and sent: who has us read much for little wants to keep us busy. */
	if (sync->loaded_bytes > LIMIT_LOADED_BYTES + 4 * sync->served_bytes) {
		return err_set(err, REFUSED, "want: attachments are asked for by turns, and not taken");
	}
	*content = sync->serving_content;
	return OK;
}

enum status pull_want_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	struct bytes file;
	struct id hash;
	uint64_t offset;
	struct buf chunk;

	if (!hash_take(&content, &hash) || !varint_take(&content, &offset) || content.len > 0) {
		return err_set(err, BAD_INPUT, "want: not of the form that docs/sync.md 7 says");
	}
	enum status status = serve(sync, &hash, &file, err);
	if (status != OK) {
		return status;
	}
	offset = offset < file.len ? offset : file.len;
	size_t len = file.len - offset < LIMIT_CHUNK_BYTES ? file.len - offset : LIMIT_CHUNK_BYTES;
	buf_init(&chunk, LIMIT_CHUNK_BYTES + 64);
	buf_put_bytes(&chunk, id_bytes(&hash));
	buf_put_varint(&chunk, offset);
	buf_put_varint(&chunk, file.data != NULL ? file.len + 1 : 0);
	if (len > 0) {
		buf_put(&chunk, file.data + offset, len);
		sync->served_bytes += (int64_t)len;
	}
	message_put(out, MESSAGE_CHUNK, buf_bytes(&chunk));
	buf_clear(&chunk);
	return OK;
}

/* Does the part stand where we left it? While a piece was on its way, another session of this home may have gone on with the part, or
 * brought all of it, and the owner may have erased it. */
static enum status is_awaited_still(struct sync *sync, const struct wanted *wanted, bool *still, struct err *err)
{
	enum attachment_state state;
	uint64_t length = 0;
	enum status status = store_attachment_state(sync->store, &wanted->hash, &state, err);

	if (status == OK) {
		status = partial_length(sync->store, &wanted->hash, &length, err);
	}
	*still = status == OK && state == ATTACHMENT_AWAITED && length == wanted->have;
	return status;
}

static enum status piece_keep(
    struct sync *sync, struct wanted *wanted, uint64_t offset, struct bytes piece, struct err *err)
{
	struct err ignored = { .status = OK };
	bool still;

	if (wanted->absent || offset != wanted->have || piece.len > wanted->size - wanted->have) {
		return OK; /* behind a piece that was missing: it is asked for again next time */
	}
	enum status status = is_awaited_still(sync, wanted, &still, err);
	if (status != OK || !still) {
		wanted->absent = true; /* not to be asked for any more in this session */
		return status;
	}
	status = partial_append(sync->store, &wanted->hash, offset, piece, err);
	if (status != OK) {
		return status;
	}
	wanted->have += piece.len;
	sync->pull->budget -= (int64_t)piece.len;
	if (wanted->have < wanted->size) {
		return OK;
	}
	wanted->absent = true; /* not to be asked for any more */
	status = partial_finish(sync->store, &wanted->hash, &ignored);
	sync->result.received_attachments += status == OK;
	if (status == ENVIRONMENT) {
		*err = ignored;
	}
	return status == ENVIRONMENT ? status : OK;
}

enum status pull_chunk_read(struct sync *sync, struct bytes content, struct err *err)
{
	struct attachment_pull *pull = sync->pull;
	struct id hash;
	uint64_t offset, size;

	if (!hash_take(&content, &hash) || !varint_take(&content, &offset) || !varint_take(&content, &size) ||
	    content.len > LIMIT_CHUNK_BYTES || pull == NULL || pull->asked == 0 ||
	    !id_equal(&pull->wanted[pull->at].hash, &hash)) {
		return err_set(err, BAD_INPUT, "chunk: not asked for, or not of the form that docs/sync.md 7 says");
	}
	struct wanted *wanted = &pull->wanted[pull->at];
	pull->asked--;
	if (size == 0 || size - 1 != wanted->size) {
		wanted->absent = true; /* the other has it not, or has another one */
		return OK;
	}
	return piece_keep(sync, wanted, offset, content, err);
}
