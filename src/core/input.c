/* Reading what a person names, with a ceiling known before. */
#include "core/input.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define READ_STEP 65536

static enum status read_all(
    int fd, const char *path, struct arena *arena, size_t most, struct bytes *out, struct err *err)
{
	uint8_t *data = NULL;
	size_t used = 0, room = 0;
	for (;;) {
		if (used == room) {
			size_t wider = room ? room * 2 : READ_STEP;
			data = arena_grow(arena, data, room, wider, 1);
			if (!data) {
				return err_set(err, ENVIRONMENT, "%s: out of memory", path);
			}
			room = wider;
		}
		ssize_t got = read(fd, data + used, room - used);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
		}
		used += (size_t)got;
		if (used > most) {
			return err_set(err, BAD_INPUT, "%s: more than %zu bytes", path, most);
		}
		if (got == 0) {
			*out = bytes_of(data, used);
			return OK;
		}
	}
}

enum status input_read(struct arena *arena, const char *path, size_t most, struct bytes *out, struct err *err)
{
	if (strcmp(path, "-") == 0) {
		return read_all(STDIN_FILENO, "standard input", arena, most, out, err);
	}
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
	}
	enum status status = read_all(fd, path, arena, most, out, err);
	close(fd);
	return status;
}
