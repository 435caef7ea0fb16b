/* What is open for an officer in the shared tallies, for hand-overs. */
#ifndef WARIFU_DOMAIN_NATIONAL_OPEN_H
#define WARIFU_DOMAIN_NATIONAL_OPEN_H
#include "core/ctx.h"
#include <jansson.h>

#define LIMIT_ITEMS 256 /* of a list field */

/* Parts that have not ended, of threads in which the officer has signed or for which he answers, or that wait for a move that his roles make;
 * none for which another answers. What is overdue first. */
struct opened {
	json_t *items; /* as an entry holds them; LIMIT_ITEMS at most */
	/* One object for each item: "hint" (words, of the part), "days_left" (of the clock of its thread that ends first), "roles" (of which the
	 * next own move needs one; empty: it waits for nobody here), "able" (officers of the party who have one, each with those that he has). */
	json_t *about;
	bool more; /* there are others, which no longer fit */
};
/* Of every shared tally of the home, or of `only` (NULL: every). A part that has not ended but waits for others of its thread is held where
 * `named` (numbers; NULL: none) names it, and where it is his and none of those is held. The caller drops both lists, also after a failure. */
enum status opened_gather(struct ctx *ctx, struct bytes officer, const struct id *only, const json_t *named,
    struct opened *opened, struct err *err);
/* Roles that the officer lacks for the next own moves in the thread of this number: appended to the array `lacking`, each once. */
enum status opened_lacking(struct ctx *ctx, struct bytes officer, const struct id *shared, const char *number,
    json_t *lacking, struct err *err);
/* A text once. */
void opened_add(json_t *texts, const char *text);
#endif
