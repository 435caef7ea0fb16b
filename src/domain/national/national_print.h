/* Printing of the national commands: texts, amounts and days of rows, and tables that line up in any script. */
#ifndef WARIFU_DOMAIN_NATIONAL_PRINT_H
#define WARIFU_DOMAIN_NATIONAL_PRINT_H
#include "core/ctx.h"
#include <jansson.h>

#define SHEET_COLUMNS 10
/* Cells in rows, printed with every column as wide as its widest cell, up to 44. NULL and "" are blank. */
struct sheet {
	struct ctx *ctx;
	unsigned columns, row_count, capacity;
	const char **cells; /* the first row holds the titles */
};
/* One row; its texts must live as long as the sheet. ENVIRONMENT when memory ends. */
enum status sheet_row(struct sheet *sheet, const char *const *cells, struct err *err);
void sheet_print(const struct sheet *sheet);

/* Of a column; from the arena, never NULL: "" for a null. */
const char *cell_text(struct ctx *ctx, struct query *row, unsigned column);
const char *cell_word(struct ctx *ctx, struct query *row, unsigned column);
const char *cell_day(struct ctx *ctx, struct query *row, unsigned column);
const char *cell_time(struct ctx *ctx, struct query *row, unsigned column);    /* "2013-11-26 09:30Z" */
const char *amount_text(struct ctx *ctx, const char *currency, int64_t minor); /* "GBP 18,500.00" */
/* The same for JSON: null, text, whole number, hex, day, time. */
json_t *json_text_at(struct query *row, unsigned column);
json_t *json_int_at(struct query *row, unsigned column);
json_t *json_hex_at(struct query *row, unsigned column);
json_t *json_day_at(struct query *row, unsigned column);
json_t *json_time_at(struct query *row, unsigned column);
json_t *json_id(const struct id *id);
/* One JSON value on a line. Takes the reference. */
void line_json(struct ctx *ctx, json_t *value);
/* A word in both languages for a printed form: "Debtor / 債務者". Of the command's arena. */
const char *both(struct ctx *ctx, const char *en);
#endif
