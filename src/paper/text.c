/* Text in boxes: laid out once, drawn line by line. */
#include "base/text.h"
#include "base/limits.h"
#include "base/time.h"
#include "paper/sheet.h"
#include <stdlib.h>
#include <string.h>

#define SIZE_STEP 0.5
#define FAMILY "IPAexGothic"

static void set_size(PangoLayout *layout, double size)
{
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family_static(font, FAMILY);
	pango_font_description_set_size(font, (int)(size * PANGO_SCALE));
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
}

static double layout_width(PangoLayout *layout)
{
	int width, height;

	pango_layout_get_size(layout, &width, &height);
	return (double)width / PANGO_SCALE;
}

/* Smaller, until the widest word (or, on one line each, the widest line) fits. Where none does, a word is broken, in the usual size. */
static void fit(PangoLayout *layout, double size, double width, bool one_line)
{
	double tried = size;
	bool fits;

	pango_layout_set_width(layout, one_line ? -1 : (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
	do {
		set_size(layout, tried);
		fits = layout_width(layout) <= width;
		tried -= SIZE_STEP;
	} while (!fits && tried >= SIZE_LEAST);
	if (!fits) {
		set_size(layout, size);
		pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	}
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
}

static void read_lines(struct sheet *sheet, struct text *text)
{
	PangoLayoutIter *at = pango_layout_get_iter(text->layout);
	int count = pango_layout_get_line_count(text->layout);

	text->lines = calloc((size_t)count, sizeof *text->lines);
	if (text->lines == NULL) {
		sheet_fail(sheet, ENVIRONMENT, "out of memory");
		pango_layout_iter_free(at);
		return;
	}
	do {
		PangoRectangle logical;
		int top, bottom;
		pango_layout_iter_get_line_extents(at, NULL, &logical);
		pango_layout_iter_get_line_yrange(at, &top, &bottom);
		text->lines[text->count++] = (struct line){ pango_layout_iter_get_line_readonly(at),
			(double)logical.x / PANGO_SCALE, (double)top / PANGO_SCALE,
			(double)pango_layout_iter_get_baseline(at) / PANGO_SCALE, (double)bottom / PANGO_SCALE };
	} while (text->count < count && pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
}

void text_set(struct sheet *sheet, struct text *text, const char *utf8, double size, double width, bool one_line,
    PangoAlignment alignment)
{
	*text = (struct text){ 0 };
	if (utf8 == NULL || utf8[0] == '\0') {
		return;
	}
	if (strlen(utf8) > LIMIT_PAPER_TEXT_BYTES) {
		sheet_fail(sheet, BAD_INPUT, "a text of more than 1 MiB stands in one box");
		return;
	}
	text->layout = pango_layout_new(sheet->context);
	pango_layout_set_auto_dir(text->layout, FALSE);
	pango_layout_set_text(text->layout, utf8, -1);
	pango_layout_set_alignment(text->layout, alignment);
	pango_layout_set_attributes(text->layout, sheet->plain);
	pango_layout_set_spacing(text->layout, PANGO_SCALE);
	fit(text->layout, size, width, one_line);
	read_lines(sheet, text);
}

double text_height(const struct text *text)
{
	return text->next < text->count ? text->lines[text->count - 1].bottom - text->lines[text->next].top : 0;
}

double text_draw(struct sheet *sheet, struct text *text, double x, double y, double room, double grey)
{
	int first = text->next;

	while (text->next < text->count) {
		const struct line *line = &text->lines[text->next];
		double top = text->lines[first].top;
		if (line->bottom - top > room + 0.01) {
			break;
		}
		if (sheet->pages > 0) {
			cairo_set_source_rgb(sheet->cairo, grey, grey, grey);
			cairo_move_to(sheet->cairo, x + line->x, y + line->baseline - top);
			pango_cairo_show_layout_line(sheet->cairo, line->glyphs);
		}
		text->next++;
	}
	return text->next > first ? text->lines[text->next - 1].bottom - text->lines[first].top : 0;
}

void text_clear(struct text *text)
{
	if (text->layout != NULL) {
		g_object_unref(text->layout);
	}
	free(text->lines);
	*text = (struct text){ 0 };
}

/* ---- facts as text ----------------------------------------------------------------------------------------------------- */

/* A word that is longer than any line is broken here: laying it out as one would take time that grows with its square. */
#define WORD_MOST 400

static size_t piece_of(const char *text, size_t len)
{
	size_t word = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		word = c > ' ' && c < 0x80 ? word + 1 : 0;
		if (c == '\n' || word == WORD_MOST) {
			return i + (c != '\n');
		}
	}
	return len;
}

/* Line by line, so that a line's end stays one, and what cannot be seen is shown. */
static void put_safe(struct buf *out, const char *text, size_t len)
{
	while (len > 0) {
		size_t piece = piece_of(text, len);
		text_print_safe(out, bytes_of(text, piece));
		text += piece;
		len -= piece;
		if (len > 0) {
			bool is_end = *text == '\n';
			buf_put_text(out, "\n");
			text += is_end;
			len -= is_end;
		}
	}
}

/* "2013-11-26 (平成25年11月26日)"; a time with its minute, in UTC. */
static bool put_time(struct buf *out, const char *text, const char *between)
{
	char era[ERA_TEXT], printed[TIME_TEXT];
	int64_t ms;

	if (!time_parse(bytes_text(text), &ms)) {
		return false;
	}
	time_print(ms, printed);
	if (strlen(text) == 10) {
		buf_printf(out, "%.10s", printed);
	} else {
		buf_printf(out, "%.10s %.5sZ", printed, printed + 11);
	}
	if (era_print(day_of_ms(ms, 0), era)) {
		buf_printf(out, strcmp(between, "\n") == 0 ? "\n%s" : " (%s)", era);
	}
	return true;
}

/* Blanks of an amount or a code are such that no line ends there. */
static void put_whole(struct buf *out, const char *text)
{
	for (; *text; text++) {
		buf_put(out, *text == ' ' ? "\xC2\xA0" : text, *text == ' ' ? 2 : 1);
	}
}

static void put_fact(struct buf *out, const json_t *fact, const char *form, const char *between)
{
	const char *text = json_string_value(fact);
	bool is_time = strcmp(form, "day") == 0 || strcmp(form, "time") == 0;
	struct buf safe;

	if (json_is_integer(fact)) {
		buf_printf(out, "%lld", (long long)json_integer_value(fact));
	}
	if (text == NULL || (is_time && put_time(out, text, between))) {
		return;
	}
	buf_init(&safe, LIMIT_PAPER_BYTES);
	put_safe(&safe, text, json_string_length(fact));
	if (strcmp(form, "amount") == 0 || strcmp(form, "code") == 0) {
		put_whole(out, buf_text(&safe));
	} else {
		buf_put_bytes(out, buf_bytes(&safe));
	}
	out->failed |= safe.failed;
	buf_clear(&safe);
}

static void put_pair(struct buf *out, const json_t *fact, const char *form, const char *between)
{
	const json_t *en = json_object_get(fact, "en"), *ja = json_object_get(fact, "ja");

	put_fact(out, en, form, between);
	if (json_is_string(ja) && !(json_is_string(en) && json_equal(en, ja))) {
		buf_put_text(out, json_is_string(en) ? between : "");
		put_fact(out, ja, form, between);
	}
}

char *fact_text(const json_t *fact, const char *form, const char *between)
{
	struct buf out;
	size_t index;
	json_t *item;

	buf_init(&out, LIMIT_PAPER_BYTES);
	if (json_is_object(fact)) {
		put_pair(&out, fact, form, between);
	} else if (json_is_array(fact)) {
		json_array_foreach((json_t *)fact, index, item)
		{
			buf_put_text(&out, index > 0 ? "\n" : "");
			if (json_is_object(item)) {
				put_pair(&out, item, form, between);
			} else {
				put_fact(&out, item, form, between);
			}
		}
	} else {
		put_fact(&out, fact, form, between);
	}
	char *text = out.failed ? NULL : strdup(buf_text(&out));
	buf_clear(&out);
	return text;
}
