/* Any bytes as a form, a form with files, an address and a cookie: an answer or a reason, no crash; and what is read is text. */
#include "base/limits.h"
#include "base/text.h"
#include "web/request.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void pairs_are_text(const struct pairs *pairs)
{
	for (unsigned i = 0; i < pairs->count; i++) {
		ASSERT(text_check(bytes_text(pairs->items[i].name)) == NULL);
		ASSERT(text_check(bytes_text(pairs->items[i].value)) == NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct arena arena;
	struct pairs pairs;
	struct err err = { 0 };
	const char *path;
	char cookie[REQUEST_COOKIE_BYTES];

	arena_init(&arena, LIMIT_ARENA_BYTES);
	struct request *request = arena_take(&arena, sizeof *request);
	char *text = arena_text(&arena, in);
	if (request == NULL || text == NULL) {
		arena_clear(&arena);
		return 0;
	}
	*request = (struct request){ .arena = &arena };
	if (pairs_parse(&arena, in, &pairs, &err) == OK) {
		pairs_are_text(&pairs);
	}
	if (multipart_parse(request, in, "x", &err) == OK) {
		pairs_are_text(&request->fields);
		ASSERT(request->file_count <= REQUEST_FILES);
	}
	if (path_parse(&arena, text, &path, &err) == OK) {
		ASSERT(path[0] == '/' && text_check(bytes_text(path)) == NULL);
	}
	if (cookie_get(text, "warifu", cookie, sizeof cookie)) {
		ASSERT(strlen(cookie) < sizeof cookie);
	}
	arena_clear(&arena);
	return 0;
}
