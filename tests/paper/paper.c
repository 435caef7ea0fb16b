/* Prints a paper from files: `paper LAYOUT FACTS PDF`. For paper.t, which reads back what was printed. */
#include "paper/paper.h"
#include "base/limits.h"
#include "core/input.h"
#include "paper/layout.h"
#include <stdio.h>

static enum status write_file(const char *path, struct bytes content, struct err *err)
{
	FILE *file = fopen(path, "wb");
	bool good = file != NULL && fwrite(content.data, 1, content.len, file) == content.len;

	good = file != NULL && fclose(file) == 0 && good;
	return good ? OK : err_set(err, ENVIRONMENT, "%s: cannot be written", path);
}

static enum status print(struct arena *arena, char **paths, struct err *err)
{
	struct bytes text;
	struct buf pdf;
	json_t *layout = NULL, *facts = NULL;
	enum status status = input_read(arena, paths[1], LIMIT_JSON_BYTES, &text, err);

	buf_init(&pdf, LIMIT_PAPER_BYTES);
	if (status == OK) {
		status = layout_read(text, paths[1], &layout, err);
	}
	if (status == OK) {
		status = input_read(arena, paths[2], LIMIT_JSON_BYTES, &text, err);
	}
	if (status == OK) {
		facts = json_loadb((const char *)text.data, text.len, 0, NULL);
		status = facts ? paper_print(layout, facts, &pdf, err) : err_set(err, BAD_INPUT, "facts are no JSON");
	}
	if (status == OK) {
		status = write_file(paths[3], buf_bytes(&pdf), err);
	}
	json_decref(layout);
	json_decref(facts);
	buf_clear(&pdf);
	return status;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct err err = { 0 };

	if (argc != 4) {
		fprintf(stderr, "usage: paper LAYOUT FACTS PDF\n");
		return 2;
	}
	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = print(&arena, argv, &err);
	if (status != OK) {
		fprintf(stderr, "paper: %s\n", err.text);
	}
	arena_clear(&arena);
	return status_exit_code(status);
}
