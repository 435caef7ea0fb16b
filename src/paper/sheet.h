/* Inside of the engine: sheets with their heads and feet, and rows of cells that go on over the end of a sheet. Lengths are points. */
#ifndef WARIFU_PAPER_SHEET_H
#define WARIFU_PAPER_SHEET_H
#include "paper/layout.h"
#include "paper/paper.h"
#include <cairo.h>
#include <pango/pangocairo.h>

#define SIZE_TITLE 15.0
#define SIZE_TITLE_JA 12.0
#define SIZE_HEADING 9.5
#define SIZE_TEXT 9.0
#define SIZE_CELL 8.0
#define SIZE_LABEL 6.5
#define SIZE_LEAST 5.0 /* text is made smaller down to this before a word is broken */
#define GAP 3.0        /* between a box and what is in it */

/* A text laid out in a width, whose lines are drawn one after another, some on this sheet and some on the next. */
struct line {
	PangoLayoutLine *glyphs; /* of the layout */
	double x, top, baseline, bottom;
};
struct text {
	PangoLayout *layout; /* NULL: nothing is written */
	struct line *lines;
	int next, count;
};
struct cell {
	struct text label, text;
	double x, width;
};
struct row {
	struct cell cells[LAYOUT_BOXES];
	unsigned count;
	double least;   /* height */
	double sign;    /* room for a hand at the end of each cell; 0: none */
	bool is_shaded; /* a head of columns */
};

struct sheet {
	const json_t *layout, *facts;
	struct err *err;
	enum status status;
	cairo_t *cairo;
	PangoContext *context;
	PangoAttrList *plain; /* a word that is broken gets no hyphen: it would read as one of its own */
	double width, height, left, right, bottom; /* the body ends at bottom */
	double y, fresh_y;                         /* fresh_y: below the head, and the head of a table */
	unsigned page, pages;                      /* pages 0: they are being counted, and nothing is drawn */
	struct row *head;                          /* of the table that is being printed; NULL: none */
};

void sheet_begin(struct sheet *sheet); /* the first one, or the next */
enum status sheet_fail(struct sheet *sheet, enum status status, const char *why);
/* Begins a new sheet when less than this is left. */
void sheet_need(struct sheet *sheet, double height);

/* Lays text out, as large as it can be up to size so that no word is torn; one_line: each of its lines whole. */
void text_set(struct sheet *sheet, struct text *text, const char *utf8, double size, double width, bool one_line,
    PangoAlignment alignment);
double text_height(const struct text *text); /* of what is not drawn yet */
/* Draws what of it fits into the height; gives back how much of that was used. */
double text_draw(struct sheet *sheet, struct text *text, double x, double y, double room, double grey);
void text_clear(struct text *text);
double row_height(const struct row *row); /* of what is not drawn yet */
void row_print(struct sheet *sheet, struct row *row);
void row_clear(struct row *row);
/* A line of text in one go; gives back its height. NULL: nothing, 0. */
double sheet_write(
    struct sheet *sheet, const char *utf8, double size, double x, double y, double width, PangoAlignment alignment);

/* A fact as text, from malloc; never NULL but when memory is out. between: what stands between the two languages. */
char *fact_text(const json_t *fact, const char *form, const char *between);
void code_draw(struct sheet *sheet, const char *content, double x, double y, double side);
#endif
