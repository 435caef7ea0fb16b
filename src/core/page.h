/* A page of a domain or of the web layer: read rows, write markup. Moves are made by the forms that the web layer draws from the
 * domains' tables; a page only links to them. */
#ifndef WARIFU_CORE_PAGE_H
#define WARIFU_CORE_PAGE_H
#include "core/html.h"

struct request;
/* Value of a parameter of the address (?name=value); NULL when absent. From the arena. */
const char *request_param(const struct request *request, const char *name);
/* What stands behind the page's own path: "GB-07-0001" of /support/order/GB-07-0001; "" when nothing does. */
const char *request_rest(const struct request *request);
/* The same page with one parameter changed (NULL: without it), the others kept. From the arena. */
const char *request_with(const struct request *request, const char *name, const char *value);

/* Flags of a page. One that folds or checks all there is takes more than a moment: it is computed beside the others and kept (web/kept.h). */
#define PAGE_IN_MENU 1u
#define PAGE_SLOW 2u
#define PAGE_SLOW_DATA 4u /* as CSV or JSON only */
struct page {
	const char *path;    /* "/support"; what is asked for begins with it, the longest one wins */
	const char *en, *ja; /* title, and the word in the menu */
	unsigned flags;
	/* Writes what stands between heading and foot. NOT_FOUND: there is no such thing (404). */
	enum status (*show)(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
};

/* ---- lists ------------------------------------------------------------------------------------------------------------ */

/* A list as a table, as CSV or as JSON, by ?as=: the page gives columns and cells once. Pages of LISTING_PAGE rows by ?page=. */
#define LISTING_COLUMNS 12
#define LISTING_PAGE 50
struct listing_column {
	const char *name; /* in CSV and JSON */
	const char *en;   /* heading, a word of data/words.json */
	bool right;       /* numbers */
};
struct listing_cell {
	const char *text; /* NULL: empty */
	const char *href; /* NULL: no link */
	bool is_word;     /* translated on the page, as it is in CSV and JSON */
};
struct listing {
	struct ctx *ctx;
	const struct request *request;
	struct html *html;
	const struct listing_column *columns;
	unsigned column_count;
	int64_t page, seen;
	enum { LISTING_HTML, LISTING_CSV, LISTING_JSON } as;
};
/* The rows to leave out before, and how many to show at most, for LIMIT and OFFSET: one more than a page, to know whether there is another. */
int64_t listing_offset(const struct request *request);
void listing_open(struct listing *listing, struct ctx *ctx, const struct request *request, struct html *html,
    const struct listing_column *columns, unsigned column_count);
/* False when the page is full: the row is not shown. */
bool listing_row(struct listing *listing, const struct listing_cell *cells);
void listing_close(struct listing *listing);
#endif
