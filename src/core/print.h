/* Printing of the domains' commands: tables that line up in any script, amounts, days, JSON. */
#ifndef WARIFU_CORE_PRINT_H
#define WARIFU_CORE_PRINT_H
#include "core/ctx.h"
#include <jansson.h>

#define GRID_COLUMNS 12
/* Cells in rows, printed with every column as wide as its widest cell, up to its ceiling. */
struct grid {
	struct ctx *ctx;
	unsigned columns;
	struct grid_column {
		const char *title;
		bool right;
		unsigned most;
	} column[GRID_COLUMNS]; /* most 0: 40 */
	const char **cells;
	unsigned row_count, capacity;
	bool failed; /* out of memory */
	unsigned
	    numbers; /* bit of each column whose cells begin with the number of a thread or part: links on a page */
};
/* One cell after another; NULL is blank. Texts must live as long as the grid. */
void grid_row(struct grid *grid, const char *const *cells);
void grid_print(struct grid *grid);

/* From the arena of the command; never NULL. */
const char *print_amount(struct ctx *ctx, struct bytes currency, int64_t minor); /* "GBP 18,500.00" */
const char *print_quantity(struct ctx *ctx, struct bytes quantity);              /* "15,650.5" */
/* "600 meals": the unit in words; its code stands in what programs read. */
const char *print_measure(struct ctx *ctx, struct bytes quantity, struct bytes unit);
const char *print_unit(struct ctx *ctx, struct bytes unit); /* the same without a quantity: of many */
const char *print_day(struct ctx *ctx, int64_t day);
const char *print_days_left(struct ctx *ctx, int64_t days);  /* "5 days left", "last day", below 0 "12 days over" */
const char *print_time(struct ctx *ctx, int64_t ms);         /* "2013-11-26 09:30Z" */
const char *print_offset(struct ctx *ctx, int64_t minutes);  /* "UTC+09:00" */
const char *print_role(struct ctx *ctx, const char *code);   /* a word: "Payer" */
const char *print_roles(struct ctx *ctx, const char *codes); /* of "orderer,payer", each */
const char *print_desk(struct ctx *ctx, const char *party, int64_t number); /* "JP-01" */
const char *print_text(struct ctx *ctx, struct bytes text);
const char *print_word(struct ctx *ctx, struct bytes word); /* in the language of the command */
/* "agreement, clocks; life cycle 5": where a rule comes from, each part in the language of the command; titles of laws and reports stay. */
const char *print_source(struct ctx *ctx, const char *source);
const char *print_party(struct ctx *ctx, int64_t party);
/* "GB" or, where there is none, a dash. */
const char *print_pen(struct ctx *ctx, bool is_null, int64_t party);
/* A heading over what follows. */
void print_title(struct ctx *ctx, const char *text);
/* Names in English, translated here, with their values; those without a value are left out. title: a number, printed where there is no
 * page around it. */
void print_facts(struct ctx *ctx, const char *title, const char *facts[][2], size_t count);
/* A line of text that is printed only for people, in the language of the command. */
void print_line(struct ctx *ctx, const char *text);
/* One JSON value on a line. Takes the reference. */
void print_json(struct ctx *ctx, json_t *value);
json_t *json_bytes(struct bytes text);                     /* null when empty */
json_t *json_column(struct query *query, unsigned column); /* integer or null */
json_t *json_time_of(int64_t ms);
json_t *json_day_of(int64_t day);
/* Words that the table of the agreement's translations knows under these names. */
#define WORD(ctx, en) ctx_word((ctx), (en))
#endif
