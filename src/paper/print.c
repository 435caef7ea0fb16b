/* A layout and facts become a PDF: twice through the rows, once to count the sheets and once to draw them. */
#include "base/limits.h"
#include "base/time.h"
#include "paper/sheet.h"
#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define A4_SHORT 595.276
#define A4_LONG 841.89
#define SIDE 40.0      /* margin left and right */
#define SIGN_ROOM 52.0 /* for a hand, and a seal */
#define BOX_LEAST 27.0
#define NARROWEST 16.0 /* of a box: two letters */

/* Where Debian, Fedora and Arch put it. */
static const char *const font_paths[] = {
	"/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
	"/usr/share/fonts/ipa-ex-gothic-fonts/ipaexg.ttf",
	"/usr/share/fonts/OTF/ipaexg.ttf",
};

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps its sets of characters behind offsets, which the finder of leaks does not follow: what it still holds at the end looks lost. */
const char *__lsan_default_suppressions(void); // NOLINT(bugprone-reserved-identifier): the sanitizer's name
const char *__lsan_default_suppressions(void)  // NOLINT(bugprone-reserved-identifier)
{
	return "leak:libfontconfig\n";
}
const char *__lsan_default_options(void); // NOLINT(bugprone-reserved-identifier)
const char *__lsan_default_options(void)  // NOLINT(bugprone-reserved-identifier)
{
	return "print_suppressions=0";
}
#endif

/* ---- the font ---------------------------------------------------------------------------------------------------------- */

/* A configuration that knows one file and nothing of the machine's. NULL: it is not here. */
static FcConfig *fonts_find(void)
{
	FcConfig *config = FcConfigCreate();

	for (size_t i = 0; config != NULL && i < sizeof font_paths / sizeof *font_paths; i++) {
		if (access(font_paths[i], R_OK) == 0 &&
		    FcConfigAppFontAddFile(config, (const FcChar8 *)font_paths[i])) {
			return config;
		}
	}
	if (config != NULL) {
		FcConfigDestroy(config);
	}
	return NULL;
}

static PangoContext *context_new(PangoFontMap *fonts)
{
	PangoContext *context = pango_font_map_create_context(fonts);
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
	pango_context_set_language(context, pango_language_from_string("ja"));
	return context;
}

/* Made once and kept: fontconfig and pango keep what they know of a font for ever, so a new one for each paper would grow the process. A
 * press prints one paper at a time, by whichever thread; there are some, so that a long account keeps nobody from his order form. */
struct press {
	pthread_mutex_t printing;
	PangoFontMap *fonts;
};
#define PRESSES 3
static struct press presses[PRESSES] = { { PTHREAD_MUTEX_INITIALIZER, NULL }, { PTHREAD_MUTEX_INITIALIZER, NULL },
	{ PTHREAD_MUTEX_INITIALIZER, NULL } };

/* One that is free; when none is, the last. */
static struct press *press_take(void)
{
	struct press *press = presses;

	while (press < presses + PRESSES - 1 && pthread_mutex_trylock(&press->printing) != 0) {
		press++;
	}
	if (press == presses + PRESSES - 1) {
		pthread_mutex_lock(&press->printing);
	}
	return press;
}

static PangoFontMap *press_fonts(struct press *press)
{
	FcConfig *config = press->fonts ? NULL : fonts_find();

	if (config != NULL) {
		press->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
		pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(press->fonts), config);
		FcConfigDestroy(config);
		pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(press->fonts), 72);
	}
	return press->fonts;
}

/* ---- rows -------------------------------------------------------------------------------------------------------------- */

static const char *form_of(const json_t *box)
{
	const char *form = json_string_value(json_object_get(box, "form"));

	return form ? form : "text";
}

static double share_of(const json_t *box)
{
	const json_t *width = json_object_get(box, "width");

	return width ? (double)json_integer_value(width) : 1;
}

static void place_cells(struct sheet *sheet, const json_t *boxes, struct row *row)
{
	double all = 0, x = sheet->left;

	row->count = (unsigned)json_array_size(boxes);
	for (unsigned i = 0; i < row->count; i++) {
		all += share_of(json_array_get(boxes, i));
	}
	for (unsigned i = 0; i < row->count; i++) {
		row->cells[i].x = x;
		row->cells[i].width = (sheet->right - sheet->left) * share_of(json_array_get(boxes, i)) / all;
		x += row->cells[i].width;
		if (row->cells[i].width < NARROWEST) {
			sheet_fail(sheet, BAD_INPUT, "a box of the layout is too narrow; give it a larger share");
		}
	}
}

/* "12  Description / 品名"; columns put the Japanese below. */
static void set_label(struct sheet *sheet, struct cell *cell, const json_t *box, const char *between, bool right)
{
	const char *en = json_string_value(json_object_get(box, "en")),
		   *ja = json_string_value(json_object_get(box, "ja"));
	const json_t *number = json_object_get(box, "box");
	char *label = number ? g_strdup_printf("%lld  %s%s%s", (long long)json_integer_value(number), en, between, ja)
			     : g_strdup_printf("%s%s%s", en, between, ja);

	text_set(sheet, &cell->label, label, SIZE_LABEL, cell->width - 2 * GAP, false,
	    right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	g_free(label);
}

static void set_text(
    struct sheet *sheet, struct cell *cell, const json_t *box, const json_t *facts, const char *between, double size)
{
	const char *path = json_string_value(json_object_get(box, "value")), *form = form_of(box);
	const json_t *fact = path ? fact_at(facts, path) : NULL;
	bool is_amount = strcmp(form, "amount") == 0, is_text = strcmp(form, "text") == 0;
	char *text = fact_text(fact, form, between);

	if (text == NULL) {
		sheet_fail(sheet, ENVIRONMENT, "out of memory");
	}
	text_set(sheet, &cell->text, text, size, cell->width - 2 * GAP, !is_text && !json_is_array(fact),
	    is_amount ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	free(text);
}

/* Both languages on one line, and one below the other where they do not fit. */
static void set_box(struct sheet *sheet, struct cell *cell, const json_t *box)
{
	set_label(sheet, cell, box, " / ", false);
	set_text(sheet, cell, box, sheet->facts, " / ", SIZE_TEXT);
	if (cell->text.count > 1) {
		text_clear(&cell->text);
		set_text(sheet, cell, box, sheet->facts, "\n", SIZE_TEXT);
	}
}

static void print_boxes(struct sheet *sheet, const json_t *boxes)
{
	struct row row = { .least = BOX_LEAST };

	place_cells(sheet, boxes, &row);
	for (unsigned i = 0; i < row.count; i++) {
		set_box(sheet, &row.cells[i], json_array_get(boxes, i));
	}
	row_print(sheet, &row);
	row_clear(&row);
}

static void set_table_row(struct sheet *sheet, struct row *row, const json_t *columns, const json_t *facts)
{
	*row = (struct row){ 0 };
	place_cells(sheet, columns, row);
	for (unsigned i = 0; i < row->count; i++) {
		set_text(sheet, &row->cells[i], json_array_get(columns, i), facts, "\n", SIZE_CELL);
	}
}

/* A head is not left alone at the end of a sheet: room for it and the first row. */
static void need_first(struct sheet *sheet, const struct row *head, const json_t *columns, const json_t *rows)
{
	struct row first;

	set_table_row(sheet, &first, columns, json_array_get(rows, 0));
	sheet_need(sheet, row_height(head) + row_height(&first));
	row_clear(&first);
}

static void print_table(struct sheet *sheet, const json_t *columns, const json_t *rows)
{
	struct row head = { .is_shaded = true }, row;

	place_cells(sheet, columns, &head);
	for (unsigned i = 0; i < head.count; i++) {
		const json_t *column = json_array_get(columns, i);
		set_label(sheet, &head.cells[i], column, "\n", strcmp(form_of(column), "amount") == 0);
	}
	need_first(sheet, &head, columns, rows);
	row_print(sheet, &head);
	sheet->head = &head;
	size_t count = json_array_size(rows);
	for (size_t i = 0; i < count || i == 0; i++) { /* without rows, an empty one */
		set_table_row(sheet, &row, columns, json_array_get(rows, i));
		row_print(sheet, &row);
		row_clear(&row);
	}
	sheet->head = NULL;
	row_clear(&head);
	sheet->y += GAP;
}

/* Who has signed by key, and room to sign by hand. */
static void print_signatures(struct sheet *sheet, const json_t *boxes)
{
	struct row row = { .sign = SIGN_ROOM };

	place_cells(sheet, boxes, &row);
	for (unsigned i = 0; i < row.count; i++) {
		set_box(sheet, &row.cells[i], json_array_get(boxes, i));
	}
	row_print(sheet, &row);
	row_clear(&row);
}

static void print_said(struct sheet *sheet, const json_t *said, double size, double below)
{
	char *text = fact_text(said, "text", size == SIZE_HEADING ? " / " : "\n");

	sheet_need(sheet, below);
	sheet->y += 2 * GAP;
	sheet->y += sheet_write(sheet, text, size, sheet->left, sheet->y, sheet->right - sheet->left, PANGO_ALIGN_LEFT);
	sheet->y += GAP;
	free(text);
}

static void print_row(struct sheet *sheet, const json_t *row)
{
	const char *with = json_string_value(json_object_get(row, "with")),
		   *table = json_string_value(json_object_get(row, "table"));
	const json_t *boxes = json_object_get(row, "boxes"), *signatures = json_object_get(row, "signatures"),
		     *title = json_object_get(row, "title");

	if (with != NULL && fact_at(sheet->facts, with) == NULL) {
		return;
	}
	if (table != NULL) {
		print_table(sheet, json_object_get(row, "columns"), fact_at(sheet->facts, table));
	} else if (boxes != NULL) {
		print_boxes(sheet, boxes);
	} else if (signatures != NULL) {
		print_signatures(sheet, signatures);
	} else if (title != NULL) {
		print_said(sheet, title, SIZE_HEADING, 110);
	} else {
		print_said(sheet, json_object_get(row, "say"), SIZE_CELL, 30);
	}
}

static void print_all(struct sheet *sheet)
{
	size_t index;
	json_t *row;

	sheet->page = 0;
	sheet_begin(sheet);
	json_array_foreach(json_object_get(sheet->layout, "rows"), index, row)
	{
		if (sheet->status == OK) {
			print_row(sheet, row);
		}
	}
}

/* ---- the file ---------------------------------------------------------------------------------------------------------- */

static cairo_status_t put_file(void *context, const unsigned char *data, unsigned len)
{
	struct buf *out = context;

	buf_put(out, data, len);
	return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void set_about(cairo_surface_t *surface, const struct sheet *sheet)
{
	const char *dated = json_string_value(json_object_get(sheet->facts, "dated"));
	char date[TIME_TEXT] = "1970-01-01T00:00:00Z";
	int64_t ms;

	if (dated != NULL && time_parse(bytes_text(dated), &ms)) {
		time_print(ms - ms % 1000, date);
	}
	char *number = fact_text(fact_at(sheet->facts, "number"), "text", " / ");
	char *title =
	    g_strdup_printf("%s %s", json_string_value(json_object_get(sheet->layout, "en")), number ? number : "");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Warifu");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
	g_free(title);
	free(number);
}

static enum status print_file(struct sheet *sheet, struct buf *out)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(put_file, out, sheet->width, sheet->height);

	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
	set_about(surface, sheet);
	sheet->cairo = cairo_create(surface);
	print_all(sheet);
	if (sheet->status == OK) {
		sheet->pages = sheet->page;
		print_all(sheet);
		cairo_show_page(sheet->cairo);
	}
	cairo_surface_finish(surface);
	cairo_status_t failed = cairo_status(sheet->cairo);
	failed = failed ? failed : cairo_surface_status(surface);
	if (sheet->status == OK && failed) {
		sheet->status = err_set(sheet->err, out->failed ? BAD_INPUT : ENVIRONMENT, "paper: %s",
		    out->failed ? "larger than 64 MiB" : cairo_status_to_string(failed));
	}
	cairo_destroy(sheet->cairo);
	cairo_surface_destroy(surface);
	return sheet->status;
}

static enum status print_with(
    PangoFontMap *fonts, const json_t *layout, const json_t *facts, struct buf *out, struct err *err)
{
	bool wide = json_is_true(json_object_get(layout, "wide"));
	struct sheet sheet = { .layout = layout,
		.facts = facts,
		.err = err,
		.width = wide ? A4_LONG : A4_SHORT,
		.height = wide ? A4_SHORT : A4_LONG };

	if (fonts == NULL) {
		return err_set(err, ENVIRONMENT,
		    "paper: the font IPAex Gothic is not on this machine; install fonts-ipaexfont-gothic");
	}
	sheet.left = SIDE;
	sheet.right = sheet.width - SIDE;
	sheet.context = context_new(fonts);
	sheet.plain = pango_attr_list_new();
	pango_attr_list_insert(sheet.plain, pango_attr_insert_hyphens_new(FALSE));
	enum status status = print_file(&sheet, out);
	pango_attr_list_unref(sheet.plain);
	g_object_unref(sheet.context);
	return status;
}

enum status paper_print(const json_t *layout, const json_t *facts, struct buf *out, struct err *err)
{
	struct press *press = press_take();
	enum status status = print_with(press_fonts(press), layout, facts, out, err);

	pthread_mutex_unlock(&press->printing);
	return status;
}
