#include "store/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status file_failed(const char *path, struct err *err)
{
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
		return err_set(err, ENVIRONMENT, "%s: the disk is full (%s); free some space and do it again", path,
		    strerror(errno));
	}
	return errno == EIO ? err_set(err, ENVIRONMENT, "%s: the disk failed (%s); look at the disk before going on",
				  path, strerror(errno))
			    : err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
}

enum status path_make(char out[PATH_BYTES], struct err *err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int len = vsnprintf(out, PATH_BYTES, format, arguments);
	va_end(arguments);
	return len < 0 || len >= PATH_BYTES ? err_set(err, ENVIRONMENT, "%.60s...: the path is too long", out) : OK;
}

enum status folder_make(const char *path, struct err *err)
{
	char part[PATH_BYTES];
	struct stat info;
	enum status status = path_make(part, err, "%s", path);

	if (status != OK) {
		return status;
	}
	for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST) {
			return file_failed(part, err);
		}
		*slash = '/';
	}
	if (mkdir(part, 0700) != 0 && errno != EEXIST) {
		return file_failed(part, err);
	}
	if (stat(part, &info) != 0) {
		return file_failed(part, err);
	}
	return S_ISDIR(info.st_mode) ? OK : err_set(err, ENVIRONMENT, "%s: not a folder", part);
}

static enum status folder_sync(const char *path_of_file, struct err *err)
{
	char folder[PATH_BYTES];
	const char *slash = strrchr(path_of_file, '/');

	snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path_of_file) + 1,
	    slash == NULL ? "." : path_of_file);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		return file_failed(folder, err);
	}
	enum status status = fsync(fd) == 0 ? OK : file_failed(folder, err);
	close(fd);
	return status;
}

static enum status content_write(int fd, const char *path, struct bytes content, struct err *err)
{
	while (content.len > 0) {
		ssize_t len = write(fd, content.data, content.len);
		if (len < 0 && errno == EINTR) {
			continue;
		}
		if (len < 0) {
			return file_failed(path, err);
		}
		content.data += len;
		content.len -= (size_t)len;
	}
	return fsync(fd) == 0 ? OK : file_failed(path, err);
}

/* Some file systems know no renameat2 flags; there the question is asked first, which is as good while the home is locked. */
static int rename_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
		return 0;
	}
	if (errno != EINVAL && errno != ENOSYS) {
		return -1;
	}
	if (access(to, F_OK) == 0) {
		errno = EEXIST;
		return -1;
	}
	return rename(from, to);
}

enum status file_write(const char *path, struct bytes content, bool only_new, struct err *err)
{
	char temporary[PATH_BYTES];
	enum status status = path_make(temporary, err, "%s.new", path);

	if (status != OK) {
		return status;
	}
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		return file_failed(temporary, err);
	}
	status = content_write(fd, temporary, content, err);
	if (close(fd) != 0 && status == OK) {
		status = file_failed(temporary, err);
	}
	if (status == OK && (only_new ? rename_new(temporary, path) : rename(temporary, path)) != 0) {
		status = file_failed(path, err);
	}
	if (status != OK) {
		unlink(temporary);
		return status;
	}
	return folder_sync(path, err);
}

static enum status content_read(
    int fd, const char *path, size_t size, struct arena *arena, struct bytes *content, struct err *err)
{
	uint8_t *data = arena_take(arena, size);
	size_t have = 0;

	if (data == NULL) {
		return err_set(err, ENVIRONMENT, "%s: out of memory", path);
	}
	while (have < size) {
		ssize_t len = read(fd, data + have, size - have);
		if (len < 0 && errno == EINTR) {
			continue;
		}
		if (len < 0) {
			return file_failed(path, err);
		}
		if (len == 0) {
			break;
		}
		have += (size_t)len;
	}
	*content = bytes_of(data, have);
	return OK;
}

enum status file_read(const char *path, size_t max_bytes, struct arena *arena, struct bytes *content, struct err *err)
{
	struct stat info;
	enum status status;

	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return errno == ENOENT ? NOT_FOUND : file_failed(path, err);
	}
	if (fstat(fd, &info) != 0) {
		status = file_failed(path, err);
	} else if (!S_ISREG(info.st_mode) || (uint64_t)info.st_size > max_bytes) {
		status = err_set(err, BAD_INPUT, "%s: not a file of at most %zu bytes", path, max_bytes);
	} else {
		status = content_read(fd, path, (size_t)info.st_size, arena, content, err);
	}
	close(fd);
	return status;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

enum status file_remove(const char *path, struct err *err)
{
	if (unlink(path) != 0) {
		return errno == ENOENT ? OK : file_failed(path, err);
	}
	return folder_sync(path, err);
}
