/* Writes an export: entries in storing order, which nearly always is an order in which nothing precedes what it names; where something
 * came late, what it is named by waits until it is written. Each entry is written once (invariant: `written` is set when it is). */
#include "app/exports.h"
#include "base/cbor.h"
#include "base/limits.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct writer {
	struct app *app;
	const struct export_options *options;
	struct export_result *result;
	FILE *out;
	EVP_MD_CTX *hash;
	struct arena arena; /* of one entry */
	struct buf item;
	uint8_t *written;
	size_t written_size; /* by entry row */
	int64_t *stack;
	size_t stack_count, stack_size;
	int64_t total;
};

static enum status put_item(struct writer *writer, struct err *err)
{
	struct bytes item = buf_bytes(&writer->item);
	if (writer->item.failed) {
		return err_set(err, ENVIRONMENT, "export: out of memory");
	}
	if (fwrite(item.data, 1, item.len, writer->out) != item.len) {
		return err_set(err, ENVIRONMENT, "export: %s", strerror(errno));
	}
	EVP_DigestUpdate(writer->hash, item.data, item.len);
	writer->result->bytes += (int64_t)item.len;
	buf_reset(&writer->item);
	return OK;
}

static bool mark(struct writer *writer, int64_t row)
{
	if ((size_t)row >= writer->written_size) {
		size_t wider = ((size_t)row + 4096) * 2;
		uint8_t *grown = realloc(writer->written, wider);
		if (!grown) {
			return false;
		}
		memset(grown + writer->written_size, 0, wider - writer->written_size);
		writer->written = grown;
		writer->written_size = wider;
	}
	writer->written[row] = 1;
	return true;
}

static bool is_written(const struct writer *writer, int64_t row)
{
	return (size_t)row < writer->written_size && writer->written[row];
}

static bool push(struct writer *writer, int64_t row)
{
	if (writer->stack_count == writer->stack_size) {
		size_t wider = writer->stack_size ? writer->stack_size * 2 : 256;
		int64_t *grown = realloc(writer->stack, wider * sizeof *grown);
		if (!grown) {
			return false;
		}
		writer->stack = grown;
		writer->stack_size = wider;
	}
	writer->stack[writer->stack_count++] = row;
	return true;
}

/* Pushes what an id stands for when it is here and not written. */
static bool push_named(struct writer *writer, const uint8_t *bytes)
{
	struct id id;
	int64_t row, log;
	uint64_t seq;
	if (!bytes) {
		return true;
	}
	memcpy(id.data, bytes, ID_BYTES);
	if (store_entry_locate(writer->app->store, writer->app->ctx.tally, &id, &row, &log, &seq, NULL) != OK ||
	    is_written(writer, row)) {
		return true;
	}
	return push(writer, row);
}

static bool push_all(struct writer *writer, const struct body *body, const struct place *place)
{
	bool good = push_named(writer, place->prev.data) && push_named(writer, body->thread) &&
	    push_named(writer, body->part) && push_named(writer, body->seen);
	for (unsigned i = 0; i < body->answer_count && good; i++) {
		good = push_named(writer, body_answer(body, i).data);
	}
	for (unsigned i = 0; i < body->ref_count && good; i++) {
		good = push_named(writer, body_ref(body, i).data);
	}
	return good;
}

static enum status write_entry(
    struct writer *writer, const struct entry_row *row, const struct place *place, struct err *err)
{
	struct entry entry;
	struct buf cose;
	const char *reason = entry_init(&entry, place, row->body, row->signature);
	if (reason) {
		return err_set(err, CHECK_FAILED, "entry %lld: %s; run `warifu doctor`", (long long)row->row, reason);
	}
	buf_init(&cose, LIMIT_BODY_BYTES + 256);
	entry_print_cose(&entry, &cose);
	cbor_put_array(&writer->item, 5);
	cbor_put_int(&writer->item, 1);
	cbor_put_bytes(&writer->item, id_bytes(&place->key));
	cbor_put_int(&writer->item, (int64_t)place->seq);
	cbor_put_bytes(&writer->item, id_bytes(&place->prev));
	cbor_put_bytes(&writer->item, buf_bytes(&cose));
	buf_clear(&cose);
	writer->result->entries++;
	if (writer->app->progress && writer->result->entries % 4096 == 0) {
		writer->app->progress(writer->app->progress_context, "export", writer->result->entries, writer->total);
	}
	return mark(writer, row->row) ? put_item(writer, err) : err_set(err, ENVIRONMENT, "export: out of memory");
}

/* Writes the entry on top of the stack, or pushes what must come before it. */
static enum status write_top(struct writer *writer, struct err *err)
{
	int64_t top = writer->stack[writer->stack_count - 1];
	struct entry_row row;
	struct place place;
	struct body body;
	size_t before = writer->stack_count;
	arena_reset(&writer->arena);
	if (is_written(writer, top)) {
		writer->stack_count--;
		return OK;
	}
	enum status status = store_entry_get(writer->app->store, top, &writer->arena, &row, err);
	if (status == OK) {
		status = store_entry_place(writer->app->store, &row, &place, err);
	}
	if (status != OK) {
		return status;
	}
	const char *reason = body_read(row.body, &body);
	if (reason) {
		return err_set(err, CHECK_FAILED, "entry %lld: %s; run `warifu doctor`", (long long)top, reason);
	}
	if (!push_all(writer, &body, &place)) {
		return err_set(err, ENVIRONMENT, "export: out of memory");
	}
	if (writer->stack_count > before) {
		return OK;
	}
	writer->stack_count--;
	return write_entry(writer, &row, &place, err);
}

static enum status export_row(struct writer *writer, int64_t row, struct err *err)
{
	enum status status = push(writer, row) ? OK : err_set(err, ENVIRONMENT, "export: out of memory");
	while (status == OK && writer->stack_count > 0) {
		status = write_top(writer, err);
	}
	return status;
}

static enum status export_entries(struct writer *writer, struct err *err)
{
	struct query *query;
	const char *all = "select row from entry where tally = :tally order by row";
	const char *opening =
	    "select e.row from entry e join log l on l.row = e.log where e.tally = :tally and l.class <= 2 order by e.row";
	enum status status = ctx_query(&writer->app->ctx, writer->options->opening_only ? opening : all, &query, err);
	if (status != OK) {
		return status;
	}
	while (status == OK && query_next(query)) {
		status = export_row(writer, query_int(query, 0), err);
	}
	query_close(query);
	return status;
}

static enum status export_attachments(struct writer *writer, struct err *err)
{
	struct query *query;
	enum status status = ctx_query(&writer->app->ctx,
	    "select hash from attachment where tally = :tally and here = 1 and erased = 0 order by hash", &query, err);
	if (status != OK) {
		return status;
	}
	while (status == OK && query_next(query)) {
		struct bytes content;
		struct id hash;
		memcpy(hash.data, query_blob(query, 0).data, ID_BYTES);
		arena_reset(&writer->arena);
		status = store_attachment_get(writer->app->store, &hash, &writer->arena, &content, err);
		if (status == OK) {
			cbor_put_array(&writer->item, 3);
			cbor_put_int(&writer->item, 2);
			cbor_put_bytes(&writer->item, id_bytes(&hash));
			cbor_put_bytes(&writer->item, content);
			writer->result->attachments++;
			status = put_item(writer, err);
		}
	}
	query_close(query);
	return status;
}

/* ---- an export as of a day ------------------------------------------------------------------------------------------------ */

/* Was what the log begins behind (the entry before a branch, the grant of a key) left out? */
static bool begins_behind(struct writer *writer, int64_t entry_row)
{
	struct entry_row row;
	struct place place;
	struct id prev;
	int64_t named, log;
	uint64_t seq;
	if (store_entry_get(writer->app->store, entry_row, NULL, &row, NULL) != OK ||
	    store_entry_place(writer->app->store, &row, &place, NULL) != OK) {
		return false;
	}
	prev = place.prev;
	return store_entry_locate(writer->app->store, writer->app->ctx.tally, &prev, &named, &log, &seq, NULL) == OK &&
	    is_written(writer, named);
}

/* Each log ends before its first entry that was stated later: what is left is gapless, and verifies as every export. What is left out is
 * marked as if it were written. */
static enum status leave_out_later(struct writer *writer, int64_t until_ms, struct err *err)
{
	struct query *query;
	int64_t log = 0;
	bool out = false, good = true;
	enum status status = ctx_query(&writer->app->ctx,
	    "select e.row, e.log, e.body from entry e where e.tally = :tally order by e.log, e.seq", &query, err);
	if (status != OK) {
		return status;
	}
	while (good && query_next(query)) {
		struct body body;
		int64_t row = query_int(query, 0);
		if (query_int(query, 1) != log) {
			log = query_int(query, 1);
			out = begins_behind(writer, row);
		}
		out |= !body_read(query_blob(query, 2), &body) && body.stated_ms >= until_ms;
		good = !out || mark(writer, row);
	}
	query_close(query);
	return good ? OK : err_set(err, ENVIRONMENT, "export: out of memory");
}

static enum status export_frame(struct writer *writer, struct err *err)
{
	struct id hash;
	buf_put_text(&writer->item, "WARIFUX1");
	cbor_put_array(&writer->item, 2);
	cbor_put_int(&writer->item, 3);
	cbor_put_bytes(&writer->item, id_bytes(&writer->app->tally.id));
	enum status status = put_item(writer, err);
	if (status == OK && writer->options->until_ms) {
		status = leave_out_later(writer, writer->options->until_ms, err);
	}
	if (status == OK) {
		status = export_entries(writer, err);
	}
	if (status == OK && writer->options->attachments) {
		status = export_attachments(writer, err);
	}
	if (status != OK) {
		return status;
	}
	EVP_DigestFinal_ex(writer->hash, hash.data, NULL);
	cbor_put_array(&writer->item, 3);
	cbor_put_int(&writer->item, 0);
	cbor_put_int(&writer->item, writer->result->entries);
	cbor_put_bytes(&writer->item, id_bytes(&hash));
	status = put_item(writer, err);
	return status == OK && fflush(writer->out) != 0 ? err_set(err, ENVIRONMENT, "export: %s", strerror(errno))
							: status;
}

static int64_t count_entries(struct app *app)
{
	struct query *query;
	int64_t count = 0;
	if (ctx_query(&app->ctx, "select count(*) from entry where tally = :tally", &query, NULL) == OK &&
	    query_next(query)) {
		count = query_int(query, 0);
	}
	query_close(query);
	return count;
}

enum status export_write(
    struct app *app, const struct export_options *options, FILE *out, struct export_result *result, struct err *err)
{
	struct writer writer = {
		.app = app, .options = options, .result = result, .out = out, .total = count_entries(app)
	};
	*result = (struct export_result){ 0 };
	arena_init(&writer.arena, LIMIT_ARENA_BYTES);
	buf_init(&writer.item, LIMIT_ATTACHMENT_BYTES + LIMIT_BODY_BYTES);
	writer.hash = EVP_MD_CTX_new();
	enum status status = writer.hash && EVP_DigestInit_ex(writer.hash, EVP_sha256(), NULL) == 1
	    ? OK
	    : err_set(err, ENVIRONMENT, "export: no SHA-256 here");
	if (status == OK) {
		status = export_frame(&writer, err);
	}
	EVP_MD_CTX_free(writer.hash);
	buf_clear(&writer.item);
	arena_clear(&writer.arena);
	free(writer.stack);
	free(writer.written);
	return status;
}
