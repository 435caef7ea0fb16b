/* What the national commands print besides core/print.h: columns of rows that may be null, and labels in both languages. */
#ifndef WARIFU_DOMAIN_NATIONAL_PRINT_H
#define WARIFU_DOMAIN_NATIONAL_PRINT_H
#include "core/print.h"

/* Titles of a table whose columns are as wide as their widest cell, up to 44. */
void grid_titles(struct grid *grid, const char *const *titles);
/* Prints the table, or that there is nothing; for people only. ENVIRONMENT when memory ended. */
enum status grid_end(struct grid *grid, struct err *err);

/* Labels and texts, the texts in line: for one thing on a page. */
struct labelled {
	const char *label, *text;
};
void print_labelled(struct ctx *ctx, const struct labelled *lines, size_t count);

/* Of a column; from the arena, never NULL: "" for a null. */
const char *cell_text(struct ctx *ctx, struct query *row, unsigned column);
const char *cell_word(struct ctx *ctx, struct query *row, unsigned column);
const char *cell_day(struct ctx *ctx, struct query *row, unsigned column);
const char *cell_time(struct ctx *ctx, struct query *row, unsigned column); /* "2013-11-26 09:30Z" */
/* The same for JSON; null for a null. */
json_t *json_text_at(struct query *row, unsigned column);
json_t *json_hex_at(struct query *row, unsigned column);
json_t *json_day_at(struct query *row, unsigned column);
json_t *json_time_at(struct query *row, unsigned column);
json_t *json_id(const struct id *id);
/* A word in both languages for a printed form: "debtor / 債務者". Of the command's arena. */
const char *both(struct ctx *ctx, const char *en);
/* On paper of a rehearsal: that nothing in it is owed. */
void banner_both(struct ctx *ctx);
#endif
