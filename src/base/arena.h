/* Memory freed at once: one arena per command, request, sync message, folded thread; with a byte ceiling. A take beyond
 * the ceiling returns NULL and sets `failed`; callers that cannot go on return ENVIRONMENT. Memory is zeroed. */
#ifndef WARIFU_BASE_ARENA_H
#define WARIFU_BASE_ARENA_H
#include "base/bytes.h"

struct arena_block;
struct arena {
	struct arena_block *block;
	size_t used_bytes, ceiling_bytes;
	bool failed;
};

void arena_init(struct arena *arena, size_t ceiling_bytes);
void arena_clear(struct arena *arena);              /* frees all blocks */
void arena_reset(struct arena *arena);              /* all is free again; one block is kept for reuse */
void *arena_take(struct arena *arena, size_t size); /* aligned to 16 */
void *arena_take_array(struct arena *arena, size_t count, size_t size); /* overflow-checked */
/* An array of new_count elements that begins with the old_count ones of `old` (NULL: none), the rest zeroed; the same address
 * where it can be, else a copy. On NULL `old` is untouched. May be called for each element: what is left behind stays below
 * the array's own size, except where arrays that grow take turns. */
void *arena_grow(struct arena *arena, void *old, size_t old_count, size_t new_count, size_t size);
struct bytes arena_copy(struct arena *arena, struct bytes bytes);
char *arena_text(struct arena *arena, struct bytes bytes); /* NUL-terminated copy */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
#endif
