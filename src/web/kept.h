/* Pages that take more than a moment: an audit checks every signature, what is due folds every order. They are computed beside the other
 * requests, in a thread and a home of their own, and kept until the home has changed. Whoever asks waits a little; then he is told that it is
 * being computed, or shown what was kept and told that it is older, and the browser asks again by itself. */
#ifndef WARIFU_WEB_KEPT_H
#define WARIFU_WEB_KEPT_H
#include "web/web.h"
#include <pthread.h>

#define KEPT_ITEMS 32
#define KEPT_BYTES (256u << 20) /* of all that is kept; WEB_PAGE_BYTES each at most */
#define KEPT_JOBS 2             /* at the same time */
#define KEPT_KEY_BYTES 400
#define KEPT_WAIT_MS 3000          /* for what is not kept yet, or took less than this the last time */
#define KEPT_AGAIN_S 2             /* then the browser asks again */
#define KEPT_CLOCK_MS (10 * 60000) /* clocks run on though nothing is entered: after this it is computed anew */
#define KEPT_ROWS 200              /* of a long table on one page */
#define KEPT_TABLES 8

/* What a page is computed from: any other entry, file or time, and it may say something else. */
struct kept_version {
	int64_t entry, files, files_here, clock;
};
/* A table with more than KEPT_ROWS rows: where its rows begin and end in the content, and where every KEPT_ROWS-th begins. */
struct kept_table {
	size_t begin, end, *cuts;
	unsigned cut_count;
};
struct kept_item {
	char key[KEPT_KEY_BYTES]; /* "": free */
	bool computing, ready;
	struct kept_version version;
	enum status status; /* with err, when it could not be computed */
	struct err err;
	struct buf content;
	struct kept_table tables[KEPT_TABLES];
	unsigned table_count;
	int64_t used_ms, took_ms, made_ms;
};
struct kept {
	const struct web_options *options;
	pthread_mutex_t mutex; /* taken after the home's, never before */
	pthread_cond_t changed;
	struct kept_item items[KEPT_ITEMS];
	struct app *jobs[KEPT_JOBS]; /* NULL: none, or not opened yet */
	unsigned running;
	bool stopping;
};

struct kept *kept_new(const struct web_options *options); /* NULL: out of memory */
void kept_free(struct kept *kept);                        /* ends what is under way; NULL-safe */

/* kept.c. With the mutex held: the item of the key; NULL when all are being computed. */
struct kept_item *kept_take(struct kept *kept, const char *key, int64_t now_ms);
/* Is nothing in `wanted` that the version lacks? Either may be the newer one. */
bool kept_version_serves(const struct kept_version *version, const struct kept_version *wanted);
enum status kept_version_now(struct ctx *ctx, struct kept_version *out, struct err *err);
/* Computes the page for this item in a thread of its own; does nothing when KEPT_JOBS run. */
void kept_compute(struct kept *kept, struct kept_item *item, const struct page *page, const struct visit *visit);
/* kept_show.c */
void kept_cut(struct kept_item *item);
void kept_uncut(struct kept_item *item);
/* Called with the home locked, which is let go of while it waits. */
void show_kept(struct visit *visit, const struct page *page, bool data);
#endif
