/* A row is read twice: once to find its end, count its fields and refuse what is wrong, once to copy the fields. So a
 * row costs what it holds, and nothing is taken for a row that is refused. */
#include "base/text.h"
#include <string.h>

void csv_init(struct csv *csv, struct bytes in)
{
	*csv = (struct csv){ .in = in, .line = 1 };
}

static bool line_end_at(struct bytes in, size_t at, size_t *len)
{
	if (at < in.len && in.data[at] == '\n') {
		*len = 1;
		return true;
	}
	if (at + 1 < in.len && in.data[at] == '\r' && in.data[at + 1] == '\n') {
		*len = 2;
		return true;
	}
	return false;
}

/* What one field looks like in the file. */
struct field {
	size_t begin, end; /* without its quotes */
	size_t after;      /* where the comma or line end stands */
	bool quoted;
	unsigned lines; /* newlines inside */
};

static enum status lone_return(unsigned line, struct err *err)
{
	return err_set(err, BAD_INPUT, "line %u: a carriage return without a newline; end lines with CRLF or LF", line);
}

static enum status quoted_find(struct bytes in, size_t at, unsigned line, struct field *field, struct err *err)
{
	size_t end_len;

	field->begin = at + 1;
	field->quoted = true;
	for (size_t i = at + 1; i < in.len; i++) {
		if (line_end_at(in, i, &end_len)) {
			field->lines++;
			i += end_len - 1;
		} else if (in.data[i] == '\r') {
			return lone_return(line + field->lines, err);
		} else if (in.data[i] == '"' && i + 1 < in.len && in.data[i + 1] == '"') {
			i++;
		} else if (in.data[i] == '"') {
			field->end = i;
			field->after = i + 1;
			return OK;
		}
	}
	return err_set(err, BAD_INPUT, "line %u: a quote is opened and never closed", line);
}

/* The field that begins at `at`. */
static enum status field_find(struct bytes in, size_t at, unsigned line, struct field *field, struct err *err)
{
	size_t unused;

	*field = (struct field){ .begin = at };
	if (at < in.len && in.data[at] == '"') {
		enum status status = quoted_find(in, at, line, field, err);
		if (status != OK) {
			return status;
		}
	} else {
		size_t i = at;
		while (i < in.len && memchr(",\"\n\r", in.data[i], 4) == NULL) {
			i++;
		}
		field->end = field->after = i;
	}
	size_t after = field->after;
	if (after == in.len || in.data[after] == ',' || line_end_at(in, after, &unused)) {
		return OK;
	}
	line += field->lines;
	if (in.data[after] == '\r') {
		return lone_return(line, err);
	}
	if (field->quoted) {
		return err_set(
		    err, BAD_INPUT, "line %u: text after a closing quote; write a quote inside quotes twice", line);
	}
	return err_set(err, BAD_INPUT, "line %u: a quote inside an unquoted field; put the field in quotes", line);
}

/* Doubled quotes become one, CRLF becomes a newline. */
static bool field_copy(struct arena *arena, struct bytes in, const struct field *field, struct bytes *out)
{
	uint8_t *data = arena_take(arena, field->end - field->begin);
	size_t len = 0;

	if (data == NULL) {
		return false;
	}
	for (size_t i = field->begin; i < field->end; i++) {
		bool pair = field->quoted && i + 1 < field->end;
		if (pair &&
		    ((in.data[i] == '"' && in.data[i + 1] == '"') || (in.data[i] == '\r' && in.data[i + 1] == '\n'))) {
			i++;
		}
		data[len++] = in.data[i];
	}
	*out = bytes_of(data, len);
	return true;
}

static enum status fields_count(const struct csv *csv, unsigned *count, struct err *err)
{
	struct field field;
	unsigned line = csv->line;
	size_t at = 0;

	for (*count = 1;; ++*count) {
		enum status status = field_find(csv->in, at, line, &field, err);
		if (status != OK) {
			return status;
		}
		line += field.lines;
		if (field.after == csv->in.len || csv->in.data[field.after] != ',') {
			return OK;
		}
		at = field.after + 1;
	}
}

static void advance(struct csv *csv, size_t by)
{
	csv->in = bytes_of(csv->in.data + by, csv->in.len - by);
}

static void blank_lines_skip(struct csv *csv)
{
	size_t len;

	while (line_end_at(csv->in, 0, &len)) {
		advance(csv, len);
		csv->line++;
	}
}

enum status csv_next(struct csv *csv, struct arena *arena, struct csv_row *row, struct err *err)
{
	struct field field = { 0 };
	size_t at = 0, end_len = 0;
	unsigned count;

	blank_lines_skip(csv);
	if (csv->in.len == 0) {
		return NOT_FOUND;
	}
	enum status status = fields_count(csv, &count, err);
	if (status != OK) {
		return status;
	}
	*row = (struct csv_row){ .count = count, .line = csv->line };
	row->fields = arena_take_array(arena, count, sizeof *row->fields);
	for (unsigned i = 0; i < count; i++) {
		status = field_find(csv->in, at, csv->line, &field, err);
		ASSERT(status == OK); /* fields_count has seen it */
		if (row->fields == NULL || !field_copy(arena, csv->in, &field, &row->fields[i])) {
			return err_set(err, ENVIRONMENT, "line %u: no memory for the row", row->line);
		}
		csv->line += field.lines;
		at = field.after + 1;
	}
	if (line_end_at(csv->in, field.after, &end_len)) {
		csv->line++;
	}
	advance(csv, field.after + end_len);
	return OK;
}

static bool is_plain_number(struct bytes field)
{
	bool digits = false;

	for (size_t i = 1; i < field.len; i++) {
		bool digit = field.data[i] >= '0' && field.data[i] <= '9';
		if (!digit && field.data[i] != '.' && field.data[i] != ',') {
			return false;
		}
		digits = digits || digit;
	}
	return digits;
}

/* Would a spreadsheet run it? The full-width signs count too: Excel in a Japanese setting reads them as the plain ones.
 * Source: OWASP, CSV Injection. */
static bool is_formula(struct bytes field)
{
	struct bytes rest = field;
	uint32_t code;

	if (!text_take(&rest, &code)) {
		return false;
	}
	switch (code) {
	case '-': return !is_plain_number(field);
	case '=':
	case '+':
	case '@':
	case '\t':
	case '\r':
	case '\n': return true;
	case 0xFF1D:
	case 0xFF0B:
	case 0xFF0D:
	case 0xFF20: return true;
	default: return false;
	}
}

static bool needs_quotes(struct bytes field)
{
	for (size_t i = 0; i < field.len; i++) {
		if (field.data[i] == '"' || field.data[i] == ',' || field.data[i] == '\n' || field.data[i] == '\r') {
			return true;
		}
	}
	return false;
}

void csv_put(struct buf *out, struct bytes field, bool first)
{
	bool quotes = needs_quotes(field);

	if (!first) {
		buf_put_byte(out, ',');
	}
	if (quotes) {
		buf_put_byte(out, '"');
	}
	if (is_formula(field)) {
		buf_put_byte(out, '\'');
	}
	for (size_t i = 0; i < field.len; i++) {
		if (field.data[i] == '"') {
			buf_put_byte(out, '"');
		}
		buf_put_byte(out, field.data[i]);
	}
	if (quotes) {
		buf_put_byte(out, '"');
	}
}

void csv_end(struct buf *out)
{
	buf_put_text(out, "\r\n");
}
