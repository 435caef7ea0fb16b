/* One request as the pages see it: path, parameters, posted fields. Read strictly and within ceilings; the server's library is not asked
 * to parse anything. */
#ifndef WARIFU_WEB_REQUEST_H
#define WARIFU_WEB_REQUEST_H
#include "base/arena.h"
#include "base/err.h"
#include "core/page.h"

#define REQUEST_PAIRS 2048 /* parameters or fields of one request: 256 lines of an order, eight fields each */
#define REQUEST_FILES 4    /* files of one form */
#define REQUEST_COOKIE_BYTES 200
#define REQUEST_ONCE 65 /* hex of what no one can guess */

struct pair {
	const char *name, *value;
};
struct pairs {
	struct pair *items;
	unsigned count;
};
struct posted_file {
	const char *field, *name;
	struct bytes content;
};
struct request {
	struct arena *arena;
	const char *method, *path; /* path: decoded, begins with a stroke */
	const char *rest;          /* behind the page's own path */
	struct pairs query, fields;
	struct posted_file files[REQUEST_FILES];
	unsigned file_count;
	char session[REQUEST_COOKIE_BYTES]; /* the cookie's value; empty: none */
	char setup[REQUEST_COOKIE_BYTES];   /* of the first start */
	char lang[8];
	void (*once)(char out[REQUEST_ONCE]); /* another text each time, for a form that is drawn; NULL: none */
	const char *mark, *tally_mark;        /* what forms on its page bring back; NULL: nobody is logged in */
};

/* %41 and + decoded, from the arena; NULL when the encoding is broken or what comes out is no text. */
const char *text_decoded(struct arena *arena, struct bytes text);
/* "a=1&b=%20": names and values decoded, UTF-8, without U+0000. BAD_INPUT says what is wrong. */
enum status pairs_parse(struct arena *arena, struct bytes text, struct pairs *out, struct err *err);
/* The path of an address, decoded; BAD_INPUT unless it begins with a stroke, is UTF-8, and has no "." or ".." parts. */
enum status path_parse(struct arena *arena, const char *text, const char **out, struct err *err);
/* multipart/form-data (RFC 7578) with this boundary: fields and files. */
enum status multipart_parse(struct request *request, struct bytes body, const char *boundary, struct err *err);
/* The request is answered: passphrases of its form are wiped out. */
void request_forget(struct request *request);
const char *pairs_get(const struct pairs *pairs, const char *name); /* the first; NULL: none */
const char *pairs_get_at(const struct pairs *pairs, const char *name, unsigned index);
/* What every form brings back, as hidden fields. */
void request_marks(struct html *html, const struct request *request);
/* Value of a cookie in the header's text; false: none, or longer than the room. */
bool cookie_get(const char *header, const char *name, char *out, size_t room);
#endif
