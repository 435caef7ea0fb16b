/* Lists: one description, three outputs. */
#include "base/text.h"
#include "web/request.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static int64_t page_of(const struct request *request)
{
	const char *text = request_param(request, "page");
	long page = text ? strtol(text, NULL, 10) : 1;

	return page >= 1 && page <= 1000000 ? page : 1;
}

int64_t listing_offset(const struct request *request)
{
	return (page_of(request) - 1) * LISTING_PAGE;
}

static void open_html(struct listing *listing)
{
	struct html *html = listing->html;

	HTML(html, "<div class=\"table\"><table><thead><tr>");
	for (unsigned i = 0; i < listing->column_count; i++) {
		HTML(html, "<th scope=\"col\"");
		HTML_ATTRIBUTE(html, "class", listing->columns[i].right ? "right" : NULL);
		HTML(html, ">");
		html_word(html, listing->columns[i].en);
		HTML(html, "</th>");
	}
	HTML(html, "</tr></thead><tbody>");
}

void listing_open(struct listing *listing, struct ctx *ctx, const struct request *request, struct html *html,
    const struct listing_column *columns, unsigned column_count)
{
	const char *as = request_param(request, "as");

	*listing = (struct listing){ .ctx = ctx,
		.request = request,
		.html = html,
		.columns = columns,
		.column_count = column_count,
		.page = page_of(request),
		.as = as && strcmp(as, "csv") == 0  ? LISTING_CSV
		    : as && strcmp(as, "json") == 0 ? LISTING_JSON
						    : LISTING_HTML };
	if (listing->as == LISTING_HTML) {
		open_html(listing);
	} else if (listing->as == LISTING_CSV) {
		buf_put_text(
		    html->out, "\xEF\xBB\xBF"); /* spreadsheets take a file without it for something else than UTF-8 */
		for (unsigned i = 0; i < column_count; i++) {
			csv_put(html->out, bytes_text(columns[i].name), i == 0);
		}
		csv_end(html->out);
	} else {
		buf_put_text(html->out, "[");
	}
}

/* A number, day or time stays on one line. */
static bool is_short(const char *text)
{
	size_t len = strlen(text), plain = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:/.~");

	return len > 0 && len <= 24 && (plain == len || (text[0] >= '0' && text[0] <= '9' && text[plain] == ' '));
}

static void row_html(struct listing *listing, const struct listing_cell *cells)
{
	struct html *html = listing->html;

	HTML(html, "<tr>");
	for (unsigned i = 0; i < listing->column_count; i++) {
		const char *text = cells[i].text ? cells[i].text : "";
		text = cells[i].is_word ? ctx_word(listing->ctx, text) : text;
		HTML(html, "<td");
		HTML_ATTRIBUTE(html, "class", listing->columns[i].right ? "right" : is_short(text) ? "nowrap" : NULL);
		HTML_ATTRIBUTE(html, "data-label", ctx_word(listing->ctx, listing->columns[i].en));
		HTML(html, ">");
		if (cells[i].href) {
			html_link(html, cells[i].href, text);
		} else {
			html_text(html, text);
		}
		HTML(html, "</td>");
	}
	HTML(html, "</tr>\n");
}

static void row_json(struct listing *listing, const struct listing_cell *cells)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < listing->column_count; i++) {
		json_object_set_new(
		    object, listing->columns[i].name, cells[i].text ? json_string(cells[i].text) : json_null());
	}
	char *text = json_dumps(object, JSON_COMPACT);
	buf_put_text(listing->html->out, listing->seen > 1 ? ",\n" : "\n");
	buf_put_text(listing->html->out, text ? text : "null");
	free(text);
	json_decref(object);
}

bool listing_row(struct listing *listing, const struct listing_cell *cells)
{
	listing->seen++;
	if (listing->as == LISTING_HTML && listing->seen > LISTING_PAGE) {
		return false;
	}
	if (listing->as == LISTING_HTML) {
		row_html(listing, cells);
	} else if (listing->as == LISTING_JSON) {
		row_json(listing, cells);
	} else {
		for (unsigned i = 0; i < listing->column_count; i++) {
			const char *text = cells[i].text ? cells[i].text : "";
			csv_put(listing->html->out, bytes_text(cells[i].is_word ? ctx_word(listing->ctx, text) : text),
			    i == 0);
		}
		csv_end(listing->html->out);
	}
	return true;
}

static void page_link(struct listing *listing, int64_t page, const char *word)
{
	const char *number = arena_printf(listing->ctx->arena, "%lld", (long long)page);

	html_link(
	    listing->html, request_with(listing->request, "page", number ? number : "1"), ctx_word(listing->ctx, word));
	HTML(listing->html, " ");
}

void listing_close(struct listing *listing)
{
	struct html *html = listing->html;

	if (listing->as == LISTING_JSON) {
		buf_put_text(html->out, "\n]\n");
	}
	if (listing->as != LISTING_HTML) {
		return;
	}
	HTML(html, "</tbody></table></div>");
	if (listing->seen == 0) {
		HTML(html, "<p class=\"none\">");
		html_word(html, "nothing");
		HTML(html, "</p>");
	}
	HTML(html, "<p class=\"after-list\">");
	if (listing->page > 1) {
		page_link(listing, listing->page - 1, "previous page");
	}
	if (listing->seen > LISTING_PAGE) {
		page_link(listing, listing->page + 1, "next page");
	}
	html_link(html, request_with(listing->request, "as", "csv"), "CSV");
	HTML(html, " ");
	html_link(html, request_with(listing->request, "as", "json"), "JSON");
	HTML(html, "</p>\n");
}
