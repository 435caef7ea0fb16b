/* Parts of attachments. A part is worth nothing until its hash was computed over all of it; one that does not fit is thrown away. */
#include "store/partial.h"
#include "base/limits.h"
#include "store/file.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define RESERVE_BYTES (UINT64_C(256) << 20) /* of the disk, as for whole attachments */

static enum status partial_path(const struct store *store, const struct id *hash, char out[PATH_BYTES], struct err *err)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(hash), hex);
	return path_make(out, err, "%s/attachments/%s.part", store->path, hex);
}

enum status attachment_announced(
    struct store *store, int64_t tally, const struct id *hash, bool *announced, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(
	    store->db, "select 1 from attachment where hash = :hash and tally = :tally and erased = 0", &s, err);

	*announced = false;
	if (status != OK) {
		return status;
	}
	statement_blob(s, "hash", id_bytes(hash));
	statement_int(s, "tally", tally);
	status = statement_step(s, err);
	*announced = status == OK;
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

enum status partial_length(struct store *store, const struct id *hash, uint64_t *length, struct err *err)
{
	char path[PATH_BYTES];
	struct stat about;
	enum status status = partial_path(store, hash, path, err);

	*length = status == OK && stat(path, &about) == 0 && S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
	return status;
}

static enum status all_write(int file, struct bytes content, const char *path, struct err *err)
{
	while (content.len > 0) {
		ssize_t written = write(file, content.data, content.len);
		if (written < 0 && errno == EINTR) {
			continue;
		}
		if (written <= 0) {
			return file_failed(path, err);
		}
		content = bytes_of(content.data + written, content.len - (size_t)written);
	}
	return OK;
}

enum status partial_append(
    struct store *store, const struct id *hash, uint64_t offset, struct bytes content, struct err *err)
{
	char path[PATH_BYTES];
	uint64_t length;
	enum status status = store_writable(store, err);

	if (status == OK) {
		status = partial_length(store, hash, &length, err);
	}
	if (status == OK) {
		status = partial_path(store, hash, path, err);
	}
	if (status != OK) {
		return status;
	}
	if (length != offset || offset + content.len > LIMIT_ATTACHMENT_BYTES) {
		return err_set(err, ENVIRONMENT, "attachment: a part does not go on where the one before ended");
	}
	struct statvfs disk;
	if (statvfs(store->path, &disk) == 0 && (uint64_t)disk.f_bavail * disk.f_frsize < RESERVE_BYTES + content.len) {
		return err_set(
		    err, ENVIRONMENT, "disk: almost full; entries must always find room, so attachments wait");
	}
	int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file < 0) {
		return file_failed(path, err);
	}
	status = all_write(file, content, path, err);
	if (close(file) != 0 && status == OK) {
		status = file_failed(path, err);
	}
	return status;
}

enum status partial_finish(struct store *store, const struct id *hash, struct err *err)
{
	char path[PATH_BYTES];
	struct arena arena;
	struct bytes content = bytes_of(NULL, 0);
	struct id found;
	enum status status = partial_path(store, hash, path, err);

	if (status != OK) {
		return status;
	}
	arena_init(&arena, 2 * LIMIT_ATTACHMENT_BYTES);
	status = file_read(path, LIMIT_ATTACHMENT_BYTES, &arena, &content, err);
	if (status == OK) {
		found = sha256(content);
		if (!id_equal(&found, hash)) {
			status = err_set(err, CHECK_FAILED,
			    "attachment: what came is not what its entry announces; it was thrown away");
		} else {
			status = store_attachment_put(store, content, &found, err);
		}
	}
	arena_clear(&arena);
	if (status == OK || status == CHECK_FAILED || status == REFUSED) {
		struct err ignored = { .status = OK };
		enum status removed = file_remove(path, &ignored);
		status = status == OK ? removed : status;
	}
	return status;
}

enum status partial_remove(const struct store *store, const struct id *hash, struct err *err)
{
	char path[PATH_BYTES];
	enum status status = partial_path(store, hash, path, err);

	return status == OK ? file_remove(path, err) : status;
}
