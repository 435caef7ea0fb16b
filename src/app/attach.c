/* Files that travel with an entry. The media type is told by the bytes, never by the name: the other side must be able to trust it. */
#include "app/attach.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "base/text.h"
#include "core/kernel.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char *media_of(struct bytes content)
{
	static const uint8_t jpeg[] = { 0xff, 0xd8, 0xff }, png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
	if (content.len >= 5 && memcmp(content.data, "%PDF-", 5) == 0) {
		return "application/pdf";
	}
	if (content.len >= sizeof jpeg && memcmp(content.data, jpeg, sizeof jpeg) == 0) {
		return "image/jpeg";
	}
	if (content.len >= sizeof png && memcmp(content.data, png, sizeof png) == 0) {
		return "image/png";
	}
	return NULL;
}

static bool is_csv(struct arena *arena, const char *path, struct bytes content)
{
	size_t len = strlen(path);
	struct bytes text;
	const char *encoding;
	return len > 4 && strcasecmp(path + len - 4, ".csv") == 0 && content.len > 0 &&
	    text_decode(arena, content, true, &text, &encoding, NULL) == OK;
}

enum status attach_take(
    struct arena *arena, const char *name, struct bytes content, struct attached *out, struct err *err)
{
	if (content.len > LIMIT_ATTACHMENT_BYTES) {
		return err_set(
		    err, BAD_INPUT, "%s: %zu bytes; at most %zu", name, content.len, (size_t)LIMIT_ATTACHMENT_BYTES);
	}
	out->content = content;
	out->media = media_of(content);
	if (!out->media && is_csv(arena, name, content)) {
		out->media = "text/csv";
	}
	if (!out->media) {
		return err_set(
		    err, BAD_INPUT, "%s: neither PDF, JPEG, PNG nor a .csv of text; other files do not travel", name);
	}
	out->hash = sha256(content);
	return OK;
}

enum status attach_read(struct arena *arena, const char *path, struct attached *out, struct err *err)
{
	struct bytes content;
	enum status status = input_read(arena, path, LIMIT_ATTACHMENT_BYTES, &content, err);

	return status == OK ? attach_take(arena, path, content, out, err) : status;
}

void attach_print(const struct attached *files, unsigned count, struct buf *out)
{
	cbor_put_array(out, count);
	for (unsigned i = 0; i < count; i++) {
		cbor_put_array(out, 3);
		cbor_put_bytes(out, id_bytes(&files[i].hash));
		cbor_put_int(out, (int64_t)files[i].content.len);
		cbor_put_literal(out, files[i].media);
	}
}

/* --- files for people --------------------------------------------------------------------------------------------------- */

enum status output_file(const char *path, struct bytes content, struct err *err)
{
	char temporary[4096];
	if (snprintf(temporary, sizeof temporary, "%s.%ld.part", path, (long)getpid()) >= (int)sizeof temporary) {
		return err_set(err, ENVIRONMENT, "%s: path too long", path);
	}
	FILE *file = fopen(temporary, "wbx");
	if (!file) {
		return err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
	}
	bool good =
	    fwrite(content.data, 1, content.len, file) == content.len && fflush(file) == 0 && fsync(fileno(file)) == 0;
	good = fclose(file) == 0 && good;
	if (!good || rename(temporary, path) != 0) {
		enum status status = err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
		unlink(temporary);
		return status;
	}
	return OK;
}

/* --- attachments of the tally ------------------------------------------------------------------------------------------- */

enum status attachment_rows(struct app *app, json_t **rows, struct err *err)
{
	struct query *query;
	enum status status = ctx_query(&app->ctx,
	    "select a.hash, a.media, a.size, a.here, a.erased, e.id, t.number from attachment a"
	    " left join entry e on e.row = a.entry left join thread t on t.row = e.thread where a.tally = :tally order by a.entry, a.hash",
	    &query, err);
	if (status != OK) {
		return status;
	}
	*rows = json_array();
	while (query_next(query)) {
		json_t *row = json_object();
		json_object_set_new(row, "hash", json_hex(query_blob(query, 0)));
		json_object_set_new(row, "media", json_utf8(query_text(query, 1)));
		json_object_set_new(row, "size", json_integer(query_int(query, 2)));
		json_object_set_new(row, "state",
		    json_string(query_int(query, 4) ? "erased"
			    : query_int(query, 3)   ? "here"
						    : "awaited"));
		json_object_set_new(
		    row, "number", query_is_null(query, 6) ? json_null() : json_utf8(query_text(query, 6)));
		json_object_set_new(
		    row, "entry", query_is_null(query, 5) ? json_null() : json_hex(query_blob(query, 5)));
		json_array_append_new(*rows, row);
	}
	query_close(query);
	return OK;
}

enum status attachment_find(struct app *app, const char *hex, struct id *out, struct err *err)
{
	json_t *rows, *row;
	size_t index, len = strlen(hex);
	unsigned found = 0;
	enum status status = attachment_rows(app, &rows, err);
	if (status != OK) {
		return status;
	}
	char first[ID_BYTES * 2 + 1] = "";
	json_array_foreach(rows, index, row)
	{
		const char *hash = json_get_text(row, "hash");
		if (len >= 8 && strncasecmp(hash, hex, len) == 0 && strcmp(hash, first) != 0) {
			snprintf(first, sizeof first, "%s", hash);
			found++;
		}
	}
	json_decref(rows);
	if (found != 1) {
		return err_set(err, found ? USAGE : NOT_FOUND, "attachment %s: %s; `warifu attachment list` shows them",
		    hex, found ? "several begin so" : "none begins so (8 hex digits or more)");
	}
	return hex_parse(first, ID_BYTES * 2, out->data, ID_BYTES)
	    ? OK
	    : err_set(err, CHECK_FAILED, "attachment: damaged hash");
}

/* --- erasing ------------------------------------------------------------------------------------------------------------ */

/* Which parties have entered attachment.erased for each hash that is still here. */
struct erasing {
	struct app *app;
	struct {
		struct id hash;
		uint64_t parties;
	} items[64];
	unsigned count;
};

static enum status note_erased(void *context, const struct entry_row *row, struct err *err)
{
	struct erasing *erasing = context;
	enum attachment_state state;
	struct log_row log;
	struct body body;
	struct id hash;
	if (body_read(row->body, &body) || !bytes_is(body.kind, "attachment.erased") || row->verdict != VERDICT_VALID ||
	    !record_id(&body, ERASED_HASH, &hash)) {
		return OK;
	}
	if (store_attachment_state(erasing->app->store, &hash, &state, NULL) != OK || state == ATTACHMENT_ERASED) {
		return OK;
	}
	enum status status = store_log_get(erasing->app->store, row->log, &log, err);
	unsigned at = 0;
	while (at < erasing->count && !id_equal(&erasing->items[at].hash, &hash)) {
		at++;
	}
	if (status != OK || at == sizeof erasing->items / sizeof *erasing->items) {
		return status;
	}
	erasing->items[at].hash = hash;
	erasing->items[at].parties |= 1ull << log.party;
	erasing->count = at == erasing->count ? at + 1 : erasing->count;
	return OK;
}

/* Does an entry of another party name the attachment? Read through all that it wrote: erasing is rare. */
static enum status is_named_by_others(struct app *app, const struct id *hash, bool *named, struct err *err)
{
	struct query *query;
	enum status status = ctx_query(&app->ctx,
	    "select count(*) from entry e join log l on l.row = e.log where e.tally = :tally"
	    " and l.party <> :own and e.thread > 0 and instr(e.body, :hash) > 0",
	    &query, err);
	if (status == OK) {
		query_bind_int(query, "own", app->ctx.own_party);
		query_bind_blob(query, "hash", id_bytes(hash));
		*named = query_next(query) && query_int(query, 0) > 0;
	}
	query_close(query);
	return status;
}

enum status attachments_settle(struct app *app, struct err *err)
{
	struct erasing erasing = { .app = app };
	uint64_t all = (1ull << app->ctx.view.party_count) - 1, own = 1ull << app->ctx.own_party;
	enum status status = store_kernel_entries(app->store, app->ctx.tally, &app->arena, note_erased, &erasing, err);
	for (unsigned i = 0; i < erasing.count && status == OK; i++) {
		bool others = false;
		if (erasing.items[i].parties != all && (erasing.items[i].parties & own)) {
			status = is_named_by_others(app, &erasing.items[i].hash, &others, err);
		}
		if (status == OK &&
		    (erasing.items[i].parties == all || ((erasing.items[i].parties & own) && !others))) {
			status = store_attachment_erase(app->store, &erasing.items[i].hash, err);
		}
	}
	return status;
}

enum status attachment_erase(struct app *app, const struct id *hash, const char *law, struct id *out, struct err *err)
{
	struct key_view root;
	const struct id *key = &root.key;
	enum status status = app_may_sign(app, err);
	if (status == OK && app_choose_desk(app, NULL) == OK) {
		key = &app->desk.key;
	} else if (status == OK) {
		status = app_own_key(app, KEY_ROOT, &root, err);
	}
	if (status == OK) {
		status = store_begin(app->store, err);
	}
	if (status != OK) {
		return status;
	}
	json_t *fields = json_object();
	json_object_set_new(fields, "hash", json_hex(id_bytes(hash)));
	json_object_set_new(fields, "law", json_string(law));
	status = app_kernel_entry(app, key, "desk or root", "attachment.erased", fields, NULL, 0, out, err);
	if (status == OK) {
		status = attachments_settle(app, err);
	}
	if (status != OK) {
		store_rollback(app->store);
		return status;
	}
	return store_commit(app->store, err);
}
