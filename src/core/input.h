/* Files that a person names on a command line. */
#ifndef WARIFU_CORE_INPUT_H
#define WARIFU_CORE_INPUT_H
#include "base/arena.h"
#include "base/err.h"

/* Reads a whole file or pipe, at most `most` bytes, into the arena; "-" is standard input. ENVIRONMENT when it cannot be read,
 * BAD_INPUT when it is larger. (Files that the program owns are store/file.h's.) */
enum status input_read(struct arena *arena, const char *path, size_t most, struct bytes *out, struct err *err);
#endif
