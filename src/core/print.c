#include "core/print.h"
#include "base/currency.h"
#include "base/decimal.h"
#include "base/text.h"
#include "base/time.h"
#include "base/unit.h"
#include "core/html.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH_USUAL 40

void grid_row(struct grid *grid, const char *const *cells)
{
	if (grid->row_count == grid->capacity) {
		unsigned wider = grid->capacity ? grid->capacity * 2 : 32;
		const char **grown = arena_grow(grid->ctx->arena, grid->cells, (size_t)grid->capacity * grid->columns,
		    (size_t)wider * grid->columns, sizeof *grown);
		if (grown == NULL) {
			grid->failed = true;
			return;
		}
		grid->cells = grown;
		grid->capacity = wider;
	}
	for (unsigned i = 0; i < grid->columns; i++) {
		grid->cells[grid->row_count * grid->columns + i] = cells[i] ? cells[i] : "";
	}
	grid->row_count++;
}

static unsigned column_width(const struct grid *grid, unsigned column)
{
	unsigned most = grid->column[column].most ? grid->column[column].most : WIDTH_USUAL;
	unsigned width = text_width(bytes_text(grid->column[column].title));

	for (unsigned row = 0; row < grid->row_count; row++) {
		unsigned cell = text_width(bytes_text(grid->cells[row * grid->columns + column]));
		width = cell > width ? cell : width;
	}
	return width > most ? most : width;
}

static void put_cells(const struct grid *grid, const char *const *cells, const unsigned *widths)
{
	struct buf *out = grid->ctx->out;
	unsigned used = grid->columns; /* no blanks at the end of a line */

	while (used > 0 && cells[used - 1][0] == '\0') {
		used--;
	}
	for (unsigned i = 0; i < used; i++) {
		bool last = i + 1 == used;
		buf_put_text(out, i > 0 ? "  " : "");
		if (last && !grid->column[i].right) {
			text_print_safe(out, bytes_text(cells[i]));
		} else {
			text_pad(out, bytes_text(cells[i]), widths[i], grid->column[i].right);
		}
	}
	buf_put_text(out, "\n");
}

/* ---- on a page ------------------------------------------------------------------------------------------------------ */

/* A number links to its thread; behind a blank stands something else: "GB-01-0001/I01.1 2". */
static void put_cell_html(struct html *html, const char *text, bool is_number)
{
	size_t len = strcspn(text, " ");
	const char *number = arena_printf(html->ctx->arena, "%.*s", (int)len, text);

	if (is_number && number != NULL && strchr(number, '-') != NULL) {
		html_link(html, html_path(html->ctx, "/thread/", number), number);
		html_text(html, text + len);
	} else {
		html_text(html, text);
	}
}

static void put_row_html(const struct grid *grid, const char *const *cells)
{
	struct html *html = grid->ctx->page;

	HTML(html, "<tr>");
	for (unsigned i = 0; i < grid->columns; i++) {
		const char *title = grid->column[i].title;
		HTML(html, "<td");
		HTML_ATTRIBUTE(html, "class", grid->column[i].right ? "right" : NULL);
		HTML_ATTRIBUTE(html, "data-label", title[0] ? title : NULL);
		HTML(html, ">");
		put_cell_html(html, cells[i], (grid->numbers >> i & 1) != 0);
		HTML(html, "</td>");
	}
	HTML(html, "</tr>\n");
}

static void grid_page(const struct grid *grid)
{
	struct html *html = grid->ctx->page;

	HTML(html, "<div class=\"table\"><table><thead><tr>");
	for (unsigned i = 0; i < grid->columns; i++) {
		const char *title = grid->column[i].title;
		HTML(html, "<th scope=\"col\"");
		HTML_ATTRIBUTE(html, "class", grid->column[i].right ? "right" : NULL);
		HTML(html, ">");
		html_text(html, title);
		HTML(html, "</th>");
	}
	HTML(html, "</tr></thead><tbody>\n");
	for (unsigned row = 0; row < grid->row_count; row++) {
		put_row_html(grid, grid->cells + row * grid->columns);
	}
	HTML(html, "</tbody></table></div>\n");
}

static void put_fact_html(struct html *html, const char *name, const char *value)
{
	HTML(html, "<dt>");
	html_word(html, name);
	HTML(html, "</dt><dd>");
	html_text(html, value);
	HTML(html, "</dd>");
}

void print_facts(struct ctx *ctx, const char *title, const char *facts[][2], size_t count)
{
	if (ctx->page != NULL) {
		HTML(ctx->page, "<dl class=\"facts\">");
	} else {
		buf_printf(ctx->out, "%s\n", title);
	}
	for (size_t i = 0; i < count; i++) {
		if (facts[i][1] == NULL || facts[i][1][0] == '\0') {
			continue;
		}
		if (ctx->page != NULL) {
			put_fact_html(ctx->page, facts[i][0], facts[i][1]);
			continue;
		}
		buf_put_text(ctx->out, "  ");
		text_pad(ctx->out, bytes_text(WORD(ctx, facts[i][0])), 14, false);
		text_print_safe(ctx->out, bytes_text(facts[i][1]));
		buf_put_text(ctx->out, "\n");
	}
	if (ctx->page != NULL) {
		HTML(ctx->page, "</dl>\n");
	}
}

void print_title(struct ctx *ctx, const char *text)
{
	if (ctx->page != NULL) {
		HTML(ctx->page, "<h2>");
		html_text(ctx->page, text);
		HTML(ctx->page, "</h2>\n");
	} else if (!ctx->json) {
		buf_printf(ctx->out, "\n%s\n", text);
	}
}

void grid_print(struct grid *grid)
{
	if (grid->ctx->page != NULL) {
		grid_page(grid);
		return;
	}

	const char *titles[GRID_COLUMNS];
	unsigned widths[GRID_COLUMNS];

	for (unsigned i = 0; i < grid->columns; i++) {
		titles[i] = grid->column[i].title;
		widths[i] = column_width(grid, i);
	}
	put_cells(grid, titles, widths);
	for (unsigned row = 0; row < grid->row_count; row++) {
		put_cells(grid, grid->cells + row * grid->columns, widths);
	}
}

static const char *or_blank(const char *text)
{
	return text ? text : "";
}

const char *print_text(struct ctx *ctx, struct bytes text)
{
	return or_blank(arena_text(ctx->arena, text));
}

const char *print_amount(struct ctx *ctx, struct bytes currency, int64_t minor)
{
	const struct currency *found = currency_find(currency);
	char text[CURRENCY_TEXT];

	if (found == NULL) {
		return "";
	}
	currency_print(found, minor, text);
	return print_text(ctx, bytes_text(text));
}

const char *print_quantity(struct ctx *ctx, struct bytes quantity)
{
	char grouped[2 * DECIMAL_TEXT];
	size_t len = 0, whole = 0, sign = quantity.len > 0 && quantity.data[0] == '-';

	while (whole < quantity.len && quantity.data[whole] != '.') {
		whole++;
	}
	for (size_t i = 0; i < quantity.len && len + 2 < sizeof grouped; i++) {
		if (i > sign && i < whole && (whole - i) % 3 == 0) {
			grouped[len++] = ',';
		}
		grouped[len++] = (char)quantity.data[i];
	}
	return print_text(ctx, bytes_of(grouped, len));
}

const char *print_unit(struct ctx *ctx, struct bytes unit)
{
	const struct unit *found = unit_find(unit);

	return found ? unit_said(found, ctx->lang == LANG_JA, false) : print_text(ctx, unit);
}

const char *print_measure(struct ctx *ctx, struct bytes quantity, struct bytes unit)
{
	const struct unit *found = unit_find(unit);
	bool ja = ctx->lang == LANG_JA;
	const char *said = found ? unit_said(found, ja, bytes_is(quantity, "1")) : print_text(ctx, unit);
	bool close = ja && ((unsigned char)said[0] & 0x80) != 0; /* no blank before a Japanese word */

	return or_blank(arena_printf(ctx->arena, "%s%s%s", print_quantity(ctx, quantity), close ? "" : " ", said));
}

const char *print_day(struct ctx *ctx, int64_t day)
{
	char text[TIME_TEXT];

	day_print(day, text);
	return print_text(ctx, bytes_text(text));
}

const char *print_days_left(struct ctx *ctx, int64_t days)
{
	bool ja = ctx->lang == LANG_JA, over = days < 0;
	long long count = (long long)(over ? -days : days);
	const char *many = count == 1 ? "" : "s";

	if (days == 0) {
		return ctx_word(ctx, "last day");
	}
	const char *words = ja && over ? arena_printf(ctx->arena, "%lld日超過", count)
	    : ja                       ? arena_printf(ctx->arena, "残り%lld日", count)
	    : over                     ? arena_printf(ctx->arena, "%lld day%s over", count, many)
				       : arena_printf(ctx->arena, "%lld day%s left", count, many);
	return words ? words : "";
}

const char *print_time(struct ctx *ctx, int64_t ms)
{
	char text[TIME_TEXT];

	time_print(ms, text);
	return or_blank(arena_printf(ctx->arena, "%.10s %.5sZ", text, text + 11));
}

const char *print_offset(struct ctx *ctx, int64_t minutes)
{
	long long all = minutes < 0 ? -(long long)minutes : (long long)minutes;

	return or_blank(arena_printf(ctx->arena, "UTC%c%02lld:%02lld", minutes < 0 ? '-' : '+', all / 60, all % 60));
}

const char *print_role(struct ctx *ctx, const char *code)
{
	char *name = arena_text(ctx->arena, bytes_text(code));

	if (name == NULL || name[0] == '\0') {
		return code;
	}
	name[0] = (char)toupper((unsigned char)name[0]);
	return WORD(ctx, name);
}

const char *print_roles(struct ctx *ctx, const char *codes)
{
	const char *said = "";

	while (codes != NULL && codes[0] != '\0') {
		size_t len = strcspn(codes, ", ");
		said = or_blank(arena_printf(ctx->arena, "%s%s%s", said, said[0] ? ", " : "",
		    print_role(ctx, print_text(ctx, bytes_of(codes, len)))));
		codes += len;
		codes += strspn(codes, ", ");
	}
	return said;
}

const char *print_desk(struct ctx *ctx, const char *party, int64_t number)
{
	return or_blank(arena_printf(ctx->arena, "%s-%02lld", party, (long long)number));
}

const char *print_word(struct ctx *ctx, struct bytes word)
{
	const char *text = arena_text(ctx->arena, word);

	return text ? WORD(ctx, text) : "";
}

/* "life cycle 5", "support-rules S7": the name is a word, what begins with a digit or is a rule's number follows it. */
static const char *source_part(struct ctx *ctx, const char *part, size_t len)
{
	const char *whole = print_text(ctx, bytes_of(part, len)), *word = WORD(ctx, whole);
	const char *behind = strrchr(whole, ' ');

	if (strncmp(whole, "agreement ", strlen("agreement ")) == 0) { /* "agreement gb-jp" */
		return or_blank(arena_printf(ctx->arena, "%s%s", WORD(ctx, "agreement"), strchr(whole, ' ')));
	}
	if (word != whole || behind == NULL || strcspn(behind, "0123456789") > 2) {
		return word;
	}
	const char *name = print_text(ctx, bytes_of(whole, (size_t)(behind - whole)));
	return or_blank(arena_printf(ctx->arena, "%s%s", WORD(ctx, name), behind));
}

const char *print_source(struct ctx *ctx, const char *source)
{
	const char *text = "";

	if (ctx->lang != LANG_JA || WORD(ctx, source) != source) {
		return WORD(ctx, source);
	}
	while (source[0] != '\0' && text != NULL) {
		size_t len = strcspn(source, ",;()");
		size_t blank = len > 0 && source[len - 1] == ' ';
		const char *sign = source[len] == '(' ? "(" : source[len] == ')' ? ")" : source[len] ? "、" : "";
		text = arena_printf(ctx->arena, "%s%s%s", text, source_part(ctx, source, len - blank), sign);
		source += len + (source[len] != '\0');
		source += strspn(source, " ");
	}
	return or_blank(text);
}

const char *print_party(struct ctx *ctx, int64_t party)
{
	return party >= 0 && party < (int64_t)ctx->view.party_count ? ctx->view.party_codes[party] : "?";
}

const char *print_pen(struct ctx *ctx, bool is_null, int64_t party)
{
	return is_null ? "-" : print_party(ctx, party);
}

void print_line(struct ctx *ctx, const char *text)
{
	if (ctx->page != NULL && text[0] == '\0') {
		return;
	}
	if (ctx->page != NULL) {
		HTML(ctx->page, "<p>");
		html_text(ctx->page, text);
		HTML(ctx->page, "</p>\n");
	} else if (!ctx->json) {
		buf_put_text(ctx->out, text);
		buf_put_text(ctx->out, "\n");
	}
}

void print_json(struct ctx *ctx, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text != NULL) {
		buf_put_text(ctx->out, text);
		buf_put_text(ctx->out, "\n");
	}
	free(text);
	json_decref(value);
}

json_t *json_bytes(struct bytes text)
{
	return text.len > 0 ? json_stringn((const char *)text.data, text.len) : json_null();
}

json_t *json_column(struct query *query, unsigned column)
{
	return query_is_null(query, column) ? json_null() : json_integer(query_int(query, column));
}

json_t *json_time_of(int64_t ms)
{
	char text[TIME_TEXT];

	time_print(ms, text);
	return json_string(text);
}

json_t *json_day_of(int64_t day)
{
	char text[TIME_TEXT];

	day_print(day, text);
	return json_string(text);
}
