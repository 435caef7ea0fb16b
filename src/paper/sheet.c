/* Sheets: what stands above and below on each, and rows that go on from one to the next. */
#include "paper/sheet.h"
#include "base/limits.h"
#include <stdlib.h>
#include <string.h>

#define MARGIN 34.0 /* 12 mm */
#define CODE_SIDE 76.0
#define LABEL_GAP 1.0
#define GREY_LABEL 0.3
#define GREY_RULE 0.45
#define GREY_SHADE 0.92

enum status sheet_fail(struct sheet *sheet, enum status status, const char *why)
{
	if (sheet->status == OK) {
		sheet->status = err_set(sheet->err, status, "paper: %s", why);
	}
	return sheet->status;
}

static void rule(struct sheet *sheet, double x, double y, double width, double height)
{
	if (sheet->pages > 0) {
		cairo_set_source_rgb(sheet->cairo, GREY_RULE, GREY_RULE, GREY_RULE);
		cairo_set_line_width(sheet->cairo, 0.5);
		cairo_move_to(sheet->cairo, x, y);
		cairo_rel_line_to(sheet->cairo, width, height);
		cairo_stroke(sheet->cairo);
	}
}

double sheet_write(
    struct sheet *sheet, const char *utf8, double size, double x, double y, double width, PangoAlignment alignment)
{
	struct text text;

	text_set(sheet, &text, utf8, size, width, false, alignment);
	double height = text_draw(sheet, &text, x, y, sheet->height, 0);
	text_clear(&text);
	return height;
}

static double write_fact(
    struct sheet *sheet, const char *name, double size, double x, double y, double width, PangoAlignment alignment)
{
	char *text = fact_text(fact_at(sheet->facts, name), "text", " / ");
	double height = sheet_write(sheet, text, size, x, y, width, alignment);

	free(text);
	return height;
}

/* In a frame over the whole width; gives back where it ends. */
static double write_banner(struct sheet *sheet, double y)
{
	double width = sheet->right - sheet->left,
	       height = write_fact(sheet, "banner", SIZE_TEXT, sheet->left, y + GAP, width, PANGO_ALIGN_CENTER);

	if (height > 0 && sheet->pages > 0) {
		cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
		cairo_set_line_width(sheet->cairo, 1);
		cairo_rectangle(sheet->cairo, sheet->left, y, width, height + 2 * GAP);
		cairo_stroke(sheet->cairo);
	}
	return height > 0 ? y + height + 3 * GAP : y;
}

static double write_marking(struct sheet *sheet, double y)
{
	return y +
	    write_fact(sheet, "marking", SIZE_CELL, sheet->left, y, sheet->right - sheet->left, PANGO_ALIGN_CENTER);
}

/* ---- head and foot ----------------------------------------------------------------------------------------------------- */

static void write_title(struct sheet *sheet)
{
	const json_t *code = json_object_get(sheet->layout, "code");
	char *content = code
	    ? fact_text(fact_at(sheet->facts, json_string_value(json_object_get(code, "value"))), "text", "")
	    : NULL;
	bool has_code = content != NULL && content[0] != '\0';
	double width = sheet->right - sheet->left - (has_code ? CODE_SIDE + GAP : 0), top = sheet->y, y = top;

	y += sheet_write(sheet, json_string_value(json_object_get(sheet->layout, "en")), SIZE_TITLE, sheet->left, y,
	    width, PANGO_ALIGN_LEFT);
	y += sheet_write(sheet, json_string_value(json_object_get(sheet->layout, "ja")), SIZE_TITLE_JA, sheet->left, y,
	    width, PANGO_ALIGN_LEFT);
	y += GAP;
	y += write_fact(sheet, "number", SIZE_TITLE_JA, sheet->left, y, width, PANGO_ALIGN_LEFT);
	y += write_fact(sheet, "agreement", SIZE_CELL, sheet->left, y, width, PANGO_ALIGN_LEFT);
	y += write_fact(sheet, "parties", SIZE_CELL, sheet->left, y, width, PANGO_ALIGN_LEFT);
	if (has_code) {
		code_draw(sheet, content, sheet->right - CODE_SIDE, top, CODE_SIDE);
		y = y < top + CODE_SIDE ? top + CODE_SIDE : y;
	}
	sheet->y = y + 2 * GAP;
	free(content);
}

/* From the second sheet on: one line. */
static void write_short_title(struct sheet *sheet)
{
	const char *en = json_string_value(json_object_get(sheet->layout, "en")),
		   *ja = json_string_value(json_object_get(sheet->layout, "ja"));
	char *number = fact_text(fact_at(sheet->facts, "number"), "text", " / "),
	     *line = g_strdup_printf("%s  %s / %s", number ? number : "", en, ja);
	double width = sheet->right - sheet->left;

	sheet->y += sheet_write(sheet, line, SIZE_TEXT, sheet->left, sheet->y, width, PANGO_ALIGN_LEFT) + 2 * GAP;
	g_free(line);
	free(number);
}

static double write_code_line(struct sheet *sheet, double y)
{
	const json_t *code = json_object_get(sheet->layout, "code");
	char *content = code
	    ? fact_text(fact_at(sheet->facts, json_string_value(json_object_get(code, "value"))), "text", "")
	    : NULL;
	double height = 0;

	if (content != NULL && content[0] != '\0') {
		char *line = g_strdup_printf("%s %s: %s", json_string_value(json_object_get(code, "en")),
		    json_string_value(json_object_get(code, "ja")), content);
		height =
		    sheet_write(sheet, line, SIZE_LABEL, sheet->left, y, sheet->right - sheet->left, PANGO_ALIGN_LEFT);
		g_free(line);
	}
	free(content);
	return height;
}

/* Gives back where it ends, when it begins at y. */
static double write_foot(struct sheet *sheet, double y)
{
	char page[40];
	double width = sheet->right - sheet->left, room = 60;

	rule(sheet, sheet->left, y, width, 0);
	y += GAP;
	snprintf(page, sizeof page, "%u / %u", sheet->page, sheet->pages);
	sheet_write(sheet, page, SIZE_CELL, sheet->right - room, y, room, PANGO_ALIGN_RIGHT);
	y += write_fact(sheet, "foot", SIZE_LABEL, sheet->left, y, width - room, PANGO_ALIGN_LEFT);
	y += write_code_line(sheet, y);
	y = write_marking(sheet, y);
	return write_banner(sheet, y + GAP);
}

/* How high the foot is, by laying it out without drawing. */
static double foot_height(struct sheet *sheet)
{
	unsigned pages = sheet->pages;

	sheet->pages = 0;
	double height = write_foot(sheet, 0);
	sheet->pages = pages;
	return height;
}

/* ---- rows -------------------------------------------------------------------------------------------------------------- */

static double cell_height(const struct row *row, const struct cell *cell)
{
	return text_height(&cell->label) + LABEL_GAP + text_height(&cell->text) + row->sign + 2 * GAP;
}

double row_height(const struct row *row)
{
	double height = row->least;

	for (unsigned i = 0; i < row->count; i++) {
		double cell = cell_height(row, &row->cells[i]);
		height = cell > height ? cell : height;
	}
	return height;
}

/* Draws into the height what fits into it: all, or as many lines as there is room for. */
static void draw_cells(struct sheet *sheet, struct row *row, double height, bool whole)
{
	if (row->is_shaded && sheet->pages > 0) {
		const struct cell *last = &row->cells[row->count - 1];
		cairo_set_source_rgb(sheet->cairo, GREY_SHADE, GREY_SHADE, GREY_SHADE);
		cairo_rectangle(
		    sheet->cairo, row->cells[0].x, sheet->y, last->x + last->width - row->cells[0].x, height);
		cairo_fill(sheet->cairo);
	}
	for (unsigned i = 0; i < row->count; i++) {
		struct cell *cell = &row->cells[i];
		double y = sheet->y + GAP, room = height - 2 * GAP - (whole ? row->sign : 0);
		double used = text_draw(sheet, &cell->label, cell->x + GAP, y, room, GREY_LABEL);
		used += used > 0 ? LABEL_GAP : 0;
		text_draw(sheet, &cell->text, cell->x + GAP, y + used, room - used, 0);
		rule(sheet, cell->x, sheet->y, 0, height);
		if (whole && row->sign > 0) {
			rule(sheet, cell->x + 2 * GAP, sheet->y + height - 4 * GAP, cell->width - 4 * GAP, 0);
		}
	}
	const struct cell *last = &row->cells[row->count - 1];
	double left = row->cells[0].x, right = last->x + last->width;
	rule(sheet, right, sheet->y, 0, height);
	rule(sheet, left, sheet->y, right - left, 0);
	rule(sheet, left, sheet->y + height, right - left, 0);
	sheet->y += height;
}

static int lines_left(const struct row *row)
{
	int left = 0;

	for (unsigned i = 0; i < row->count; i++) {
		left += row->cells[i].text.count - row->cells[i].text.next;
		left += row->cells[i].label.count - row->cells[i].label.next;
	}
	return left;
}

static void rewind_row(struct row *row)
{
	for (unsigned i = 0; row && i < row->count; i++) {
		row->cells[i].label.next = row->cells[i].text.next = 0;
	}
}

void sheet_begin(struct sheet *sheet)
{
	if (sheet->status != OK) {
		return;
	}
	if (sheet->page == LIMIT_PAPER_PAGES) {
		sheet_fail(sheet, BAD_INPUT, "more than 1000 sheets; ask for less, such as an earlier day");
		return;
	}
	if (sheet->page > 0 && sheet->pages > 0) {
		cairo_show_page(sheet->cairo);
	}
	sheet->page++;
	sheet->bottom = sheet->height - MARGIN - foot_height(sheet) - GAP;
	write_foot(sheet, sheet->bottom + GAP);
	sheet->y = write_marking(sheet, write_banner(sheet, MARGIN)) + GAP;
	if (sheet->page == 1) {
		write_title(sheet);
	} else {
		write_short_title(sheet);
	}
	sheet->fresh_y = sheet->y;
	struct row *head = sheet->head;
	rewind_row(head);
	if (head != NULL && row_height(head) > sheet->bottom - sheet->y) {
		sheet_fail(sheet, BAD_INPUT, "the heads of a table leave no room");
	} else if (head != NULL) {
		draw_cells(sheet, head, row_height(head), true);
		sheet->fresh_y = sheet->y;
	}
}

void sheet_need(struct sheet *sheet, double height)
{
	if (sheet->y + height > sheet->bottom && sheet->y > sheet->fresh_y) {
		sheet_begin(sheet);
	}
}

void row_print(struct sheet *sheet, struct row *row)
{
	rewind_row(row);
	while (sheet->status == OK && row->count > 0) {
		double room = sheet->bottom - sheet->y, height = row_height(row);
		if (height <= room) {
			draw_cells(sheet, row, height, true);
			return;
		}
		if (sheet->y > sheet->fresh_y) { /* on a sheet of its own it may fit */
			sheet_begin(sheet);
			continue;
		}
		int before = lines_left(row);
		draw_cells(sheet, row, room, false);
		if (lines_left(row) == before && before > 0) {
			sheet_fail(sheet, BAD_INPUT, "the heads leave no room for a line");
			return;
		}
		if (sheet->page == 1 || before > 0) {
			sheet_begin(sheet);
		} else {
			sheet_fail(sheet, BAD_INPUT, "a row without text is higher than a sheet");
		}
	}
}

void row_clear(struct row *row)
{
	for (unsigned i = 0; i < row->count; i++) {
		text_clear(&row->cells[i].label);
		text_clear(&row->cells[i].text);
	}
	row->count = 0;
}
