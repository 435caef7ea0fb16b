/* Rows for people and for programs: one JSON object per line, or a table whose columns line up in any script. */
#include "base/currency.h"
#include "base/text.h"
#include "cli/cli.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MOST 24
#define WIDTH_USUAL 40

void json_print(struct ctx *ctx, const json_t *value)
{
	char *text =
	    json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | (terminal_is_utf8(false) ? 0 : JSON_ENSURE_ASCII));
	if (text) {
		buf_printf(ctx->out, "%s\n", text);
	}
	free(text);
}

void say(struct ctx *ctx, const char *format, ...)
{
	char text[2048];
	va_list list;
	if (ctx->json) {
		return;
	}
	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	buf_printf(ctx->out, "%s\n", text);
}

const char *grouped(struct arena *arena, int64_t value)
{
	char digits[24], out[40];
	size_t used = 0;
	snprintf(digits, sizeof digits, "%llu", (unsigned long long)(value < 0 ? -(uint64_t)value : (uint64_t)value));
	size_t len = strlen(digits);
	if (value < 0) {
		out[used++] = '-';
	}
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0) {
			out[used++] = ',';
		}
		out[used++] = digits[i];
	}
	return arena_text(arena, bytes_of(out, used));
}

const char *short_time(struct arena *arena, const char *rfc3339)
{
	if (!rfc3339 || strlen(rfc3339) < 20) {
		return rfc3339 ? rfc3339 : "";
	}
	return arena_printf(arena, "%.10s %.5sZ", rfc3339, rfc3339 + 11);
}

static const char *list_text(struct ctx *ctx, const json_t *value)
{
	const char *text = "";
	size_t index;
	json_t *item;
	json_array_foreach(value, index, item)
	{
		const char *word = json_string_value(item);
		text = arena_printf(ctx->arena, "%s%s%s", text, index ? ", " : "", word ? word : "");
	}
	return text;
}

static const char *amounts_text(struct ctx *ctx, const json_t *value)
{
	const char *text = "", *code;
	json_t *minor;
	json_object_foreach((json_t *)(uintptr_t)value, code, minor)
	{
		char amount[CURRENCY_TEXT];
		const struct currency *currency = currency_find(bytes_text(code));
		if (currency) {
			currency_print(currency, json_integer_value(minor), amount);
		} else {
			snprintf(amount, sizeof amount, "%s %s", code, grouped(ctx->arena, json_integer_value(minor)));
		}
		text = arena_printf(ctx->arena, "%s%s%s", text, text[0] ? ", " : "", amount);
	}
	return text;
}

static const char *plain_text(struct ctx *ctx, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING: return json_string_value(value);
	case JSON_INTEGER: return grouped(ctx->arena, json_integer_value(value));
	case JSON_TRUE: return ctx_word(ctx, "yes");
	case JSON_FALSE: return ctx_word(ctx, "no");
	case JSON_OBJECT:
	case JSON_ARRAY:
	case JSON_REAL: {
		char *text = json_dumps(value, JSON_COMPACT);
		const char *copy = text ? arena_text(ctx->arena, bytes_text(text)) : "";
		free(text);
		return copy;
	}
	case JSON_NULL: break;
	}
	return "";
}

static const char *cell(struct ctx *ctx, const json_t *row, const struct shown *shown)
{
	const json_t *value = json_object_get(row, shown->name);
	if (!value || json_is_null(value)) {
		return "";
	}
	switch (shown->form) {
	case SHOW_ID: return arena_printf(ctx->arena, "%.12s", json_is_string(value) ? json_string_value(value) : "");
	case SHOW_WORD: return json_is_string(value) ? ctx_word(ctx, json_string_value(value)) : plain_text(ctx, value);
	case SHOW_TIME: return short_time(ctx->arena, json_string_value(value));
	case SHOW_LIST: return list_text(ctx, value);
	case SHOW_AMOUNTS: return amounts_text(ctx, value);
	case SHOW_YES: return json_is_true(value) ? ctx_word(ctx, "yes") : "";
	case SHOW_TEXT:
	case SHOW_RIGHT:
	case SHOW_FULL: break;
	}
	return plain_text(ctx, value);
}

/* --- tables ------------------------------------------------------------------------------------------------------------- */

struct grid {
	const struct shown *columns;
	unsigned count;
	unsigned widths[COLUMNS_MOST];
};

static void measure(struct ctx *ctx, const json_t *rows, struct grid *grid)
{
	size_t index;
	json_t *row;
	for (unsigned c = 0; c < grid->count; c++) {
		grid->widths[c] = text_width(bytes_text(ctx_word(ctx, grid->columns[c].title)));
	}
	json_array_foreach(rows, index, row)
	{
		for (unsigned c = 0; c < grid->count; c++) {
			unsigned most = grid->columns[c].form == SHOW_FULL ? 400
			    : grid->columns[c].most                        ? grid->columns[c].most
									   : WIDTH_USUAL;
			unsigned width = text_width(bytes_text(cell(ctx, row, &grid->columns[c])));
			width = width > most ? most : width;
			grid->widths[c] = width > grid->widths[c] ? width : grid->widths[c];
		}
	}
}

static void print_line(struct ctx *ctx, const struct grid *grid, const json_t *row)
{
	struct buf line;
	buf_init(&line, 65536);
	for (unsigned c = 0; c < grid->count; c++) {
		const struct shown *shown = &grid->columns[c];
		const char *text = row ? cell(ctx, row, shown) : ctx_word(ctx, shown->title);
		if (c > 0) {
			buf_put_text(&line, "  ");
		}
		text_pad(&line, bytes_text(text), grid->widths[c], shown->form == SHOW_RIGHT);
	}
	while (line.len > 0 && line.data[line.len - 1] == ' ') {
		line.len--;
	}
	buf_put_bytes(ctx->out, buf_bytes(&line));
	buf_put_byte(ctx->out, '\n');
	buf_clear(&line);
}

void rows_print(struct ctx *ctx, json_t *rows, const struct shown *columns, const char *none)
{
	struct grid grid = { .columns = columns };
	size_t index;
	json_t *row;
	while (columns[grid.count].name && grid.count < COLUMNS_MOST) {
		grid.count++;
	}
	if (ctx->json) {
		json_array_foreach(rows, index, row)
		{
			json_print(ctx, row);
		}
	} else if (json_array_size(rows) == 0) {
		say(ctx, "%s", none);
	} else {
		measure(ctx, rows, &grid);
		print_line(ctx, &grid, NULL);
		json_array_foreach(rows, index, row)
		{
			print_line(ctx, &grid, row);
		}
	}
	json_decref(rows);
}

void record_print(struct ctx *ctx, json_t *row, const struct shown *lines)
{
	unsigned widest = 0;
	if (ctx->json) {
		json_print(ctx, row);
		json_decref(row);
		return;
	}
	for (const struct shown *line = lines; line->name; line++) {
		unsigned width = text_width(bytes_text(ctx_word(ctx, line->title)));
		widest = width > widest && cell(ctx, row, line)[0] ? width : widest;
	}
	for (const struct shown *line = lines; line->name; line++) {
		const char *text = cell(ctx, row, line);
		if (!text[0]) {
			continue;
		}
		text_pad(ctx->out, bytes_text(ctx_word(ctx, line->title)), widest, false);
		buf_put_text(ctx->out, "  ");
		text_print_safe(ctx->out, bytes_text(text));
		buf_put_byte(ctx->out, '\n');
	}
	json_decref(row);
}
