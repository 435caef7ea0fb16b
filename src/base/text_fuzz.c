/* Any bytes as a file of a stranger: decoded, taken apart as CSV, quoted, cut to a cell, and written again. What comes out is
 * text that cannot disturb a terminal, and a row written is the row read. */
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COLUMNS 12

static void show(struct bytes text, struct buf *out)
{
	char quoted[TEXT_QUOTE];

	buf_reset(out);
	text_print_safe(out, text);
	ASSERT(out->failed || text_check(buf_bytes(out)) == NULL);
	text_quote(text, quoted);
	ASSERT(text_check(bytes_text(quoted)) == NULL);
	buf_reset(out);
	text_pad(out, text, COLUMNS, text.len % 2 == 0);
	ASSERT(text_check(buf_bytes(out)) == NULL && text_width(buf_bytes(out)) == COLUMNS);
	ASSERT(text_trim(text).len <= text.len);
}

static void read_again(const struct csv_row *row, struct arena *arena, struct buf *out)
{
	struct csv csv;
	struct csv_row again;
	struct err err = { 0 };

	buf_reset(out);
	for (unsigned i = 0; i < row->count; i++) {
		csv_put(out, row->fields[i], i == 0);
	}
	csv_end(out);
	if (out->failed || (row->count == 1 && row->fields[0].len == 0)) {
		return; /* a row of one empty field is an empty line */
	}
	csv_init(&csv, buf_bytes(out));
	if (csv_next(&csv, arena, &again, &err) == ENVIRONMENT) {
		return;
	}
	ASSERT(err.status == OK && again.count == row->count);
	for (unsigned i = 0; i < row->count; i++) {
		struct bytes was = row->fields[i], is = again.fields[i];
		bool defused = is.len == was.len + 1 && is.data[0] == '\'';
		struct bytes behind = defused ? bytes_of(is.data + 1, is.len - 1) : is;
		ASSERT(bytes_equal(is, was) || bytes_equal(behind, was));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { 0 };
	const char *encoding;
	struct err err = { 0 };
	struct arena arena;
	struct buf out;
	struct csv csv;
	struct csv_row row;

	arena_init(&arena, 1 << 20);
	buf_init(&out, 1 << 18);
	show(bytes_of(data, size), &out);
	if (text_decode(&arena, bytes_of(data, size), true, &text, &encoding, &err) == OK) {
		csv_init(&csv, text);
		while (csv_next(&csv, &arena, &row, &err) == OK) {
			read_again(&row, &arena, &out);
		}
	}
	buf_clear(&out);
	arena_clear(&arena);
	return 0;
}
