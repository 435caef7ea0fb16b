/* A paper of a domain: what a command writes and a page links to as PDF. The domain gathers facts, as text, from the rows that its commands
 * read; what the sheet looks like is a layout of data/papers (docs/papers.md). */
#ifndef WARIFU_CORE_PAPER_H
#define WARIFU_CORE_PAPER_H
#include "core/ctx.h"
#include <jansson.h>

struct paper_wish {
	const char *number; /* of a thread or part, for a paper that is written for one */
	const char *as_of;  /* a day; NULL: today */
};
struct paper {
	const char *name; /* "order-request": of the command, and of the layout */
	const char *en, *ja;
	const char
	    *parts; /* letters of the part types for whose numbers it is written; NULL: it is of the whole tally */
	const char *pages[2]; /* paths of the pages that link to one of the whole; NULL: none */
	bool has_day;         /* takes --as-of */
	enum status (*gather)(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err);
};

/* What stands on every paper of the tally that is chosen now: banner of a rehearsal, marking and title of the agreement, parties, the foot. A
 * domain calls it where its facts come from. */
void paper_frame(struct ctx *ctx, json_t *facts);
/* The highest marking that the agreement allows: what a page or a sheet may hold. In capitals, as such marks are written, and in Japanese where there is a word
 * for it; null when the agreement has none. In a national tally that of_all. */
json_t *paper_marking(struct ctx *ctx);
/* Of the tally that is chosen now and of every shared one of the home, each once: of what is about all of them. */
json_t *paper_marking_of_all(struct ctx *ctx);
json_t *paper_unit(struct ctx *ctx, const char *code); /* "Q3 meals" and 食; null when code is NULL */
json_t *paper_both(struct ctx *ctx, const char *en);   /* {"en", "ja"} of a word; null when en is NULL or "" */
/* Text of the agreement's profile as {"en", "ja"}. item: a map that has them under these names; null when it has none. */
json_t *paper_item(struct bytes item);
/* {"en", "ja"} of the item with this code in a list of the profile ("activities"); the code itself when it is not there. */
json_t *paper_listed(struct ctx *ctx, const char *list, struct bytes code);
json_t *paper_party(struct ctx *ctx, const char *code); /* "GB United Kingdom", "英国" */
#endif
