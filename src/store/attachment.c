/* Attachments: rows say what entries announce, files hold the bytes, named by their hash. A file is trusted only after its hash was
 * computed again. The disk is bounded: one attachment, their sum, and a reserve that stays free. */
#include "base/alloc.h"
#include "base/cbor.h"
#include "store/cache.h"
#include "store/file.h"
#include "store/partial.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define ATTACHMENTS_BYTES (INT64_C(16) << 30) /* their sum, unless the owner says otherwise */
#define RESERVE_BYTES (INT64_C(256) << 20)    /* of the disk: entries must always find room */

static enum status attachment_path(
    const struct store *store, const struct id *hash, char out[PATH_BYTES], struct err *err)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(hash), hex);
	return path_make(out, err, "%s/attachments/%s", store->path, hex);
}

/* --- rows ------------------------------------------------------------------------------------------------------------- */

struct attachment {
	struct id hash;
	int64_t tally, size;
	struct bytes media;
	int64_t entry;
	bool here;
};

static enum status attachment_add(struct store *store, const struct attachment *attachment, struct err *err)
{
	static const char sql[] = "insert into attachment (hash, tally, size, media, entry, here, erased)"
				  " values (:hash, :tally, :size, :media, :entry, :here, 0)"
				  " on conflict (hash, tally) do nothing";
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_blob_at(s, 1, id_bytes(&attachment->hash));
	statement_int_at(s, 2, attachment->tally);
	statement_int_at(s, 3, attachment->size);
	statement_text_at(s, 4, attachment->media);
	statement_int_at(s, 5, attachment->entry);
	statement_int_at(s, 6, attachment->here);
	return statement_run(s, err);
}

enum status attachments_announce(
    struct store *store, int64_t tally, int64_t entry, const struct body *body, struct err *err)
{
	struct bytes at = body->attachments;
	size_t count = cbor_take(&at).count;
	char path[PATH_BYTES];
	enum status status = OK;

	for (size_t i = 0; status == OK && i < count; i++) {
		struct attachment attachment = { .tally = tally, .entry = entry };
		struct cbor_item outer = cbor_take(&at), hash = cbor_take(&at), size = cbor_take(&at),
				 media = cbor_take(&at);
		ASSERT(outer.type == CBOR_ARRAY && hash.bytes.len == ID_BYTES); /* body_read has looked */
		memcpy(attachment.hash.data, hash.bytes.data, ID_BYTES);
		attachment.size = size.integer;
		attachment.media = media.bytes;
		status = attachment_path(store, &attachment.hash, path, err);
		if (status == OK) {
			attachment.here = file_exists(path);
			status = attachment_add(store, &attachment, err);
		}
	}
	return status;
}

/* NOT_FOUND when there is no row. */
static enum status rows_look(struct store *store, const struct id *hash, bool *erased, bool *here, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    store->db, "select max(erased), max(here), count(*) from attachment where hash = :hash", &s, err);

	if (status != OK) {
		return status;
	}
	statement_blob_at(s, 1, id_bytes(hash));
	status = statement_step(s, err);
	if (status == OK) {
		*erased = statement_column_int(s, 0) != 0;
		*here = statement_column_int(s, 1) != 0;
		status = statement_column_int(s, 2) == 0 ? NOT_FOUND : OK;
	}
	statement_done(s);
	return status;
}

static enum status rows_set_here(struct store *store, const struct id *hash, bool here, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, "update attachment set here = :here where hash = :hash", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, here);
	statement_blob_at(s, 2, id_bytes(hash));
	return statement_run(s, err);
}

/* --- room ------------------------------------------------------------------------------------------------------------- */

static enum status bytes_here(struct store *store, int64_t *out, struct err *err)
{
	struct statement *s;
	/* Only rows of our own making: what a partner announces may be any number. */
	enum status status = db_statement(
	    store->db, "select coalesce(sum(size), 0) from attachment where tally = 0 and here = 1", &s, err);

	if (status != OK) {
		return status;
	}
	status = statement_step(s, err);
	*out = status == OK ? statement_column_int(s, 0) : 0;
	statement_done(s);
	return status;
}

static enum status bytes_most(struct store *store, int64_t *out, struct err *err)
{
	struct arena arena;
	struct bytes value;

	*out = ATTACHMENTS_BYTES;
	arena_init(&arena, 4096);
	enum status status = store_setting_get(store, "attachment_bytes", &arena, &value, err);
	if (status == OK) {
		*out = strtoll(arena_text(&arena, value), NULL, 10);
	}
	arena_clear(&arena);
	return status == NOT_FOUND ? OK : status;
}

/* Of the disk, beyond the reserve; it may be below 0. */
static int64_t bytes_free(const struct store *store)
{
	struct statvfs disk;

	return statvfs(store->path, &disk) == 0 ? (int64_t)(disk.f_bavail * disk.f_frsize) - RESERVE_BYTES : INT64_MAX;
}

/* What has come of attachments in part (partial.h). */
static int64_t bytes_in_parts(const struct store *store)
{
	char path[PATH_BYTES];
	const struct dirent *file;
	struct stat about;
	int64_t sum = 0;

	if (path_make(path, NULL, "%s/attachments", store->path) != OK) {
		return 0;
	}
	DIR *folder = opendir(path);
	while (folder != NULL && (file = readdir(folder)) != NULL) {
		const char *dot = strrchr(file->d_name, '.');
		if (dot != NULL && strcmp(dot, ".part") == 0 &&
		    fstatat(dirfd(folder), file->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0) {
			sum += about.st_size;
		}
	}
	if (folder != NULL) {
		closedir(folder);
	}
	return sum;
}

enum status store_attachment_room(struct store *store, int64_t *out, struct err *err)
{
	int64_t most, have = 0;
	enum status status = bytes_most(store, &most, err);

	*out = 0;
	if (status == OK) {
		status = bytes_here(store, &have, err);
	}
	if (status == OK) {
		int64_t below = most - have - bytes_in_parts(store);
		int64_t free_bytes =
		    bytes_free(store) - LIMIT_ATTACHMENT_BYTES; /* a whole one is written beside its parts */
		below = below < free_bytes ? below : free_bytes;
		*out = below > 0 ? below : 0;
	}
	return status;
}

static enum status room_check(struct store *store, size_t len, struct err *err)
{
	int64_t most, have = 0;
	enum status status = bytes_most(store, &most, err);

	if (status == OK) {
		status = bytes_here(store, &have, err);
	}
	if (status != OK) {
		return status;
	}
	if (have + (int64_t)len > most) {
		return err_set(err, ENVIRONMENT,
		    "attachments: %lld bytes here and %zu more are above %lld (setting attachment_bytes)",
		    (long long)have, len, (long long)most);
	}
	if (bytes_free(store) < (int64_t)len) {
		return err_set(err, ENVIRONMENT,
		    "attachments: the disk is nearly full; entries still have room, attachments wait");
	}
	return OK;
}

/* --- files ------------------------------------------------------------------------------------------------------------ */

enum status store_attachment_put(struct store *store, struct bytes content, struct id *hash, struct err *err)
{
	char path[PATH_BYTES];
	bool erased = false, here = false;
	enum status status = store_writable(store, err);

	*hash = sha256(content);
	if (status == OK && (content.len == 0 || content.len > LIMIT_ATTACHMENT_BYTES)) {
		status = err_set(
		    err, BAD_INPUT, "attachment: %zu bytes; must be 1 to %lld", content.len, LIMIT_ATTACHMENT_BYTES);
	}
	if (status == OK) {
		status = rows_look(store, hash, &erased, &here, err);
	}
	if (status == OK && erased) {
		return err_refuse(
		    err, "", "docs/format.md 3, attachment.erased", "attachment: it was erased and may not come back");
	}
	if (status == OK || status == NOT_FOUND) {
		status = attachment_path(store, hash, path, err);
	}
	if (status != OK || (here && file_exists(path))) {
		return status;
	}
	status = room_check(store, content.len, err);
	if (status == OK) {
		status = file_write(path, content, false, err);
	}
	if (status == OK) {
		struct attachment own = {
			.hash = *hash, .size = (int64_t)content.len, .media = bytes_text(""), .here = true
		};
		status = attachment_add(store, &own, err);
	}
	if (status == OK) {
		status = rows_set_here(store, hash, true, err);
	}
	return status == OK ? partial_remove(store, hash, err) : status; /* what had come in part is of no use now */
}

enum status store_attachment_get(
    struct store *store, const struct id *hash, struct arena *arena, struct bytes *content, struct err *err)
{
	char path[PATH_BYTES], hex[2 * ID_BYTES + 1];
	bool erased = false, here = false;
	enum status status = rows_look(store, hash, &erased, &here, err);

	*content = bytes_of(NULL, 0);
	if (status != OK || erased) {
		return status == OK ? NOT_FOUND : status;
	}
	status = attachment_path(store, hash, path, err);
	if (status == OK) {
		status = file_read(path, LIMIT_ATTACHMENT_BYTES, arena, content, err);
	}
	if (status != OK) {
		return status;
	}
	struct id found = sha256(*content);
	if (!id_equal(&found, hash)) {
		hex_print(id_bytes(hash), hex);
		*content = bytes_of(NULL, 0);
		return err_set(err, CHECK_FAILED,
		    "attachment %.16s: its bytes have changed on this disk; remove the file and sync to have it again",
		    hex);
	}
	return OK;
}

enum status store_attachment_state(
    struct store *store, const struct id *hash, enum attachment_state *state, struct err *err)
{
	char path[PATH_BYTES];
	bool erased = false, here = false;
	enum status status = rows_look(store, hash, &erased, &here, err);

	if (status == OK) {
		status = attachment_path(store, hash, path, err);
	}
	if (status == OK) {
		*state = erased ? ATTACHMENT_ERASED : here && file_exists(path) ? ATTACHMENT_HERE : ATTACHMENT_AWAITED;
	}
	return status;
}

static enum status erased_later(struct store *store, const struct id *hash, struct err *err)
{
	struct store_cache *cache = store->cache;
	struct id *grown = base_realloc(cache->erased, (cache->erased_count + 1) * sizeof *grown);

	if (grown == NULL) {
		return err_set(err, ENVIRONMENT, "store: out of memory");
	}
	cache->erased = grown;
	grown[cache->erased_count++] = *hash;
	return OK;
}

/* A file that could not be removed is found again by its row: state ERASED, yet it is there; doctor looks for such. */
void attachments_committed(struct store *store)
{
	char path[PATH_BYTES];

	for (size_t i = 0; i < store->cache->erased_count; i++) {
		if (attachment_path(store, &store->cache->erased[i], path, NULL) == OK) {
			(void)file_remove(path, NULL);
		}
		(void)partial_remove(store, &store->cache->erased[i], NULL);
	}
	store->cache->erased_count = 0;
}

enum status store_attachment_erase(struct store *store, const struct id *hash, struct err *err)
{
	struct attachment own = { .hash = *hash, .media = bytes_text("") };
	struct statement *s;
	enum status status = store_writable(store, err);

	if (status == OK) {
		status = store_begin(store, err);
	}
	if (status != OK) {
		return status;
	}
	/* Erased before it was announced here: the row keeps it from coming. */
	status = attachment_add(store, &own, err);
	if (status == OK) {
		status =
		    db_statement(store->db, "update attachment set erased = 1, here = 0 where hash = :hash", &s, err);
	}
	if (status == OK) {
		statement_blob_at(s, 1, id_bytes(hash));
		status = statement_run(s, err);
	}
	if (status == OK) {
		status = erased_later(store, hash, err);
	}
	if (status != OK) {
		store_rollback(store);
		return status;
	}
	return store_commit(store, err);
}

enum status store_attachment_awaited(struct store *store, int64_t tally,
    enum status (*each)(void *, const struct id *hash, uint64_t size, struct err *), void *context, struct err *err)
{
	static const char sql[] =
	    "select hash, size from attachment where tally = :tally and here = 0 and erased = 0"
	    " and not exists (select 1 from attachment e where e.hash = attachment.hash and e.erased = 1) order by hash";
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	while ((status = statement_step(s, err)) == OK) {
		struct id hash = statement_column_id(s, 0);
		status = each(context, &hash, (uint64_t)statement_column_int(s, 1), err);
		if (status != OK) {
			statement_done(s);
			return status;
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}
