/* Pages and papers that take more than a moment: an audit checks every signature, what is due folds every order. They are computed beside the other
 * requests, in a thread and a home of their own, and kept until the home has changed. Whoever asks waits a little; then he is told that it is
 * being computed, or shown what was kept and told that it is older, and the browser asks again by itself. */
#ifndef WARIFU_WEB_SLOW_H
#define WARIFU_WEB_SLOW_H
#include "web/web.h"
#include <pthread.h>

#define SLOW_ITEMS 32
#define SLOW_BYTES (256u << 20) /* of all that is kept; WEB_PAGE_BYTES each at most */
#define SLOW_JOBS 2             /* at the same time */
#define SLOW_KEY_BYTES 400
#define SLOW_WAIT_MS 3000          /* for what is not kept yet, or took less than this the last time */
#define SLOW_AGAIN_S 2             /* then the browser asks again */
#define SLOW_CLOCK_MS (10 * 60000) /* clocks run on though nothing is entered: after this it is computed anew */
#define SLOW_FETCH_MS 20000        /* so long after it is made a paper is for those who were told to wait for it */
#define SLOW_ROWS 200              /* of a long table on one page */
#define SLOW_TABLES 8

/* What a page is computed from: any other entry, file or time, and it may say something else. */
struct slow_version {
	int64_t entry, files, files_here, clock;
};
/* A table with more than SLOW_ROWS rows: where its rows begin and end in the content, and where every SLOW_ROWS-th begins. */
struct slow_table {
	size_t begin, end, *cuts;
	unsigned cut_count;
};
struct slow_item {
	char key[SLOW_KEY_BYTES]; /* "": free */
	bool computing, ready;
	bool told; /* somebody waits for this paper, and was told that it is being computed */
	struct slow_version version;
	enum status status; /* with err, when it could not be computed */
	struct err err;
	struct buf content;
	struct slow_table tables[SLOW_TABLES];
	unsigned table_count;
	int64_t used_ms, took_ms, made_ms,
	    done_ms; /* made_ms: as of when; done_ms: by the clock that never goes back */
};
/* What is computed: a page, or a paper of the whole tally as PDF; and how it is shown. */
struct slow_work {
	const struct page *page;   /* NULL: a paper */
	const struct paper *paper; /* NULL: a page */
	bool data;                 /* the page as CSV or JSON */
	/* item: NULL when there is no room for it. serves: it is ready, and as new as it must be. */
	void (*show)(struct visit *visit, const struct slow_work *work, struct slow_item *item, bool serves);
};
struct slow {
	const struct web_options *options;
	pthread_mutex_t mutex; /* taken after the home's, never before */
	pthread_cond_t changed;
	struct slow_item items[SLOW_ITEMS];
	struct app *jobs[SLOW_JOBS]; /* NULL: none, or not opened yet */
	unsigned running;
	bool stopping;
};

struct slow *slow_new(const struct web_options *options); /* NULL: out of memory */
void slow_free(struct slow *slow);                        /* ends what is under way; NULL-safe */

/* slow.c. With the mutex held: the item of the key; NULL when all are being computed. */
struct slow_item *slow_take(struct slow *slow, const char *key, int64_t now_ms);
/* Is nothing in `wanted` that the version lacks? Either may be the newer one. */
bool slow_version_serves(const struct slow_version *version, const struct slow_version *wanted);
enum status slow_version_now(struct ctx *ctx, struct slow_version *out, struct err *err);
/* Is the item ready, and what is wanted? A paper cannot say on itself that there are newer entries, so one as new as `wanted` is made; but
 * whoever waited for it gets it, though other entries came meanwhile: else he would wait for ever where many come. That our disk or memory failed is
 * said for SLOW_FETCH_MS, then it is tried anew. */
bool slow_serves(
    const struct slow_item *item, const struct slow_work *work, const struct slow_version *wanted, int64_t now_ms);
/* Computes it for this item in a thread of its own; does nothing when SLOW_JOBS run. */
void slow_compute(struct slow *slow, struct slow_item *item, const struct slow_work *work, const struct visit *visit);
/* slow_show.c */
void slow_cut(struct slow_item *item);
void slow_uncut(struct slow_item *item);
/* These are called with the home locked, which is let go of while they wait. */
void show_slow(struct visit *visit, const struct page *page, bool data);
void slow_answer(struct visit *visit, const struct slow_work *work);
/* Beneath a heading: that it is being computed, and the browser asks again by itself. */
void slow_note(struct visit *visit, const char *word, const char *more);
#endif
