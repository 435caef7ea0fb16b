/* A page of a domain or of the web layer: read rows, write markup. Moves are made by the forms that the web layer draws from the
 * domains' tables; a page only links to them. */
#ifndef WARIFU_CORE_PAGE_H
#define WARIFU_CORE_PAGE_H
#include "core/command.h"
#include "core/html.h"

struct request;
/* Value of a parameter of the address (?name=value); NULL when absent. From the arena. */
const char *request_param(const struct request *request, const char *name);
/* What stands behind the page's own path: "GB-07-0001" of /support/order/GB-07-0001; "" when nothing does. */
const char *request_rest(const struct request *request);
/* The index-th of that name, from 0: a box that was ticked of many. */
const char *request_param_at(const struct request *request, const char *name, unsigned index);
/* Of a form that came by POST, when the page is shown again because it was refused; NULL when absent. */
const char *request_field(const struct request *request, const char *name);
const char *request_field_at(const struct request *request, const char *name, unsigned index);
/* A file of such a form: its bytes, and what the browser calls it; false: none was chosen. */
bool request_file(const struct request *request, const char *name, const char **called, struct bytes *content);
/* The same page with one parameter changed (NULL: without it), the others kept. From the arena. */
const char *request_with(const struct request *request, const char *name, const char *value);

/* Flags of a page. One that folds or checks all there is takes more than a moment: it is computed beside the others, kept (web/slow.h),
 * and shown to every officer: it draws no form that is sent. */
#define PAGE_IN_MENU 1u
#define PAGE_SLOW 2u
#define PAGE_SLOW_DATA 4u /* as CSV or JSON only */
#define PAGE_CALENDAR 8u  /* it is a calendar file too (?as=ics) */
#define PAGE_OF_ALL 16u   /* it holds what is of every tally of the home, and bears the marking of each */
struct page {
	const char *path;    /* "/support"; what is asked for begins with it, the longest one wins */
	const char *en, *ja; /* title, and the word in the menu */
	unsigned flags;
	/* Writes what stands between heading and foot. NOT_FOUND: there is no such thing (404). */
	enum status (*show)(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
};

/* Is the page wanted in this form (?as=csv)? */
bool page_wants(const struct request *request, const char *form);
bool page_wants_data(const struct request *request); /* CSV or JSON: nothing stands around it */
/* A parameter that is absent or blank is none. */
const char *page_given(const struct request *request, const char *name);

/* ---- filters: a form above a list, whose fields are parameters of the same page ------------------------------------- */

void filter_open(struct html *html, const char *path);
void filter_close(struct html *html);
void filter_input(
    struct html *html, const struct request *request, const char *type, const char *name, const char *label);
void filter_select_open(struct html *html, const char *name, const char *label);
void filter_option(struct html *html, const char *value, const char *text, const char *chosen);
void filter_select_close(struct html *html);
/* Orders of a list (?sort=): the first is the usual one. */
struct page_sort {
	const char *name, *en;
	const char *sql; /* of the whole list in this order */
};
const struct page_sort *page_sort_of(
    const struct request *request, const struct page_sort *sorts); /* sorts end with name NULL */
void filter_sort(struct html *html, const struct request *request, const struct page_sort *sorts);
/* A filter that only sorts. */
void sort_filter(struct html *html, const struct request *request, const char *path, const struct page_sort *sorts);

/* ---- acts ------------------------------------------------------------------------------------------------------------- */

/* What came of an act. number: of the thread or part made, said on the page that follows; said: a sentence, where there is no number. */
struct acted {
	const char *number, *said;
	const char
	    *kind;      /* of the move that was signed, said before its number; NULL: that of the act, if it has one */
	const char *to; /* where to go on, a path of this server; NULL: the page of `number` */
};
/* A form that a page draws by page_form_open() comes back, by POST, to the page's own path, and the act of that path does what it asks. What is
 * refused shows the page again, under the reason; what the act printed stands beneath it. The same form sent twice acts once. */
struct act {
	const char *path; /* that of its page */
	bool passphrase;  /* the desk's, asked for again at the signature: page_passphrase() */
	const char *kind; /* the move that it makes: links lead here, and no other form makes it; NULL: none */
	/* NULL: the page only leads to where it is done. */
	enum status (*run)(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);
};
/* <form>: path NULL: where the page is. With the marks that every form must bring back. */
void page_form_open(struct html *html, const struct request *request, const char *path);
void page_hidden(struct html *html, const char *name, const char *value);
void page_passphrase(struct html *html);
/* What was refused on a page that is shown all the same. */
void page_alert(struct html *html, const struct err *err);
/* The button, and the end. */
void page_form_close(struct html *html, const char *word);
/* The number in what a command printed as JSON; "" when there is none. */
const char *act_number(struct ctx *ctx);
/* Runs a command of a domain's table for an act, as one who types would; its number is acted->number. */
enum status act_command(
    struct ctx *ctx, const struct command *command, const struct args *args, struct acted *acted, struct err *err);

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
