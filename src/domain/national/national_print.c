#include "domain/national/national_print.h"
#include "base/currency.h"
#include "base/text.h"
#include "base/time.h"
#include <stdlib.h>

#define WIDTH_MOST 44

enum status sheet_row(struct sheet *sheet, const char *const *cells, struct err *err)
{
	if (sheet->row_count == sheet->capacity) {
		unsigned wider = sheet->capacity ? sheet->capacity * 2 : 16;
		sheet->cells = arena_grow(sheet->ctx->arena, sheet->cells, (size_t)sheet->capacity * sheet->columns,
		    (size_t)wider * sheet->columns, sizeof *sheet->cells);
		if (sheet->cells == NULL) {
			return err_set(err, ENVIRONMENT, "list: out of memory");
		}
		sheet->capacity = wider;
	}
	for (unsigned i = 0; i < sheet->columns; i++) {
		sheet->cells[sheet->row_count * sheet->columns + i] = cells[i] ? cells[i] : "";
	}
	sheet->row_count++;
	return OK;
}

static unsigned column_width(const struct sheet *sheet, unsigned column)
{
	unsigned width = 0;

	for (unsigned row = 0; row < sheet->row_count; row++) {
		unsigned cell = text_width(bytes_text(sheet->cells[row * sheet->columns + column]));
		width = cell > width ? cell : width;
	}
	return width > WIDTH_MOST ? WIDTH_MOST : width;
}

void sheet_print(const struct sheet *sheet)
{
	unsigned widths[SHEET_COLUMNS] = { 0 };

	for (unsigned i = 0; i < sheet->columns; i++) {
		widths[i] = column_width(sheet, i);
	}
	for (unsigned row = 0; row < sheet->row_count; row++) {
		const char *const *cells = sheet->cells + (size_t)row * sheet->columns;
		unsigned used = sheet->columns; /* no blanks at the end of a line */
		while (used > 1 && cells[used - 1][0] == '\0') {
			used--;
		}
		for (unsigned i = 0; i + 1 < used; i++) {
			text_pad(sheet->ctx->out, bytes_text(cells[i]), widths[i], false);
			buf_put_text(sheet->ctx->out, "  ");
		}
		text_print_safe(sheet->ctx->out, bytes_text(cells[used - 1]));
		buf_put_text(sheet->ctx->out, "\n");
	}
}

static const char *or_blank(const char *text)
{
	return text ? text : "";
}

const char *cell_text(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : or_blank(arena_text(ctx->arena, query_text(row, column)));
}

const char *cell_word(struct ctx *ctx, struct query *row, unsigned column)
{
	return ctx_word(ctx, cell_text(ctx, row, column));
}

const char *cell_day(struct ctx *ctx, struct query *row, unsigned column)
{
	char text[TIME_TEXT];

	if (query_is_null(row, column)) {
		return "";
	}
	day_print(query_int(row, column), text);
	return or_blank(arena_text(ctx->arena, bytes_text(text)));
}

const char *cell_time(struct ctx *ctx, struct query *row, unsigned column)
{
	char text[TIME_TEXT];

	if (query_is_null(row, column)) {
		return "";
	}
	time_print(query_int(row, column), text);
	return or_blank(arena_printf(ctx->arena, "%.10s %.5sZ", text, text + 11));
}

const char *amount_text(struct ctx *ctx, const char *currency, int64_t minor)
{
	const struct currency *found = currency_find(bytes_text(currency));
	char text[CURRENCY_TEXT];

	if (found == NULL) {
		return "";
	}
	currency_print(found, minor, text);
	return or_blank(arena_text(ctx->arena, bytes_text(text)));
}

json_t *json_text_at(struct query *row, unsigned column)
{
	struct bytes text = query_is_null(row, column) ? (struct bytes){ 0 } : query_text(row, column);

	return text.len > 0 ? json_stringn((const char *)text.data, text.len) : json_null();
}

json_t *json_int_at(struct query *row, unsigned column)
{
	return query_is_null(row, column) ? json_null() : json_integer(query_int(row, column));
}

json_t *json_id(const struct id *id)
{
	char hex[ID_BYTES * 2 + 1];

	hex_print(id_bytes(id), hex);
	return json_string(hex);
}

json_t *json_hex_at(struct query *row, unsigned column)
{
	struct bytes blob = query_is_null(row, column) ? (struct bytes){ 0 } : query_blob(row, column);
	char hex[ID_BYTES * 2 + 1];

	if (blob.len != ID_BYTES) {
		return json_null();
	}
	hex_print(blob, hex);
	return json_string(hex);
}

json_t *json_day_at(struct query *row, unsigned column)
{
	char text[TIME_TEXT];

	if (query_is_null(row, column)) {
		return json_null();
	}
	day_print(query_int(row, column), text);
	return json_string(text);
}

json_t *json_time_at(struct query *row, unsigned column)
{
	char text[TIME_TEXT];

	if (query_is_null(row, column)) {
		return json_null();
	}
	time_print(query_int(row, column), text);
	return json_string(text);
}

void line_json(struct ctx *ctx, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text != NULL) {
		buf_put_text(ctx->out, text);
		buf_put_text(ctx->out, "\n");
	}
	free(text);
	json_decref(value);
}

const char *both(struct ctx *ctx, const char *en)
{
	enum lang before = ctx->lang;

	ctx->lang = LANG_JA;
	const char *ja = ctx_word(ctx, en);
	ctx->lang = before;
	return or_blank(arena_printf(ctx->arena, "%s / %s", en, ja));
}
