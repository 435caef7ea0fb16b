/* What is kept, and the threads that compute it. */
#include "web/kept.h"
#include "base/limits.h"
#include "base/time.h"
#include <stdlib.h>
#include <string.h>

#define STOP_TICK_MS 50

struct job {
	struct kept *kept;
	struct kept_item *item;
	const struct page *page;
	struct arena arena;
	struct request request;
	enum lang lang;
	unsigned place; /* among kept->jobs */
	struct kept_version version;
	struct buf content;
	int64_t begun_ms;
};

/* ---- versions ----------------------------------------------------------------------------------------------------------- */

/* None of them ever falls: a file that is here may be erased, which counts for more. */
bool kept_version_serves(const struct kept_version *version, const struct kept_version *wanted)
{
	return version->entry >= wanted->entry && version->files >= wanted->files &&
	    version->files_here >= wanted->files_here && version->clock >= wanted->clock;
}

enum status kept_version_now(struct ctx *ctx, struct kept_version *out, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx,
	    "SELECT (SELECT MAX(row) FROM entry), COUNT(*), COALESCE(SUM(here + 2 * erased), 0) FROM attachment", &rows,
	    err);

	*out = (struct kept_version){ .clock = ctx->now_ms / KEPT_CLOCK_MS };
	if (status == OK && query_next(rows)) {
		out->entry = query_int(rows, 0);
		out->files = query_int(rows, 1);
		out->files_here = query_int(rows, 2);
	}
	query_close(rows);
	return status;
}

/* ---- items -------------------------------------------------------------------------------------------------------------- */

static void item_clear(struct kept_item *item)
{
	kept_uncut(item);
	buf_clear(&item->content);
	memset(item, 0, sizeof *item);
}

struct kept_item *kept_take(struct kept *kept, const char *key, int64_t now_ms)
{
	struct kept_item *found = NULL;

	for (struct kept_item *item = kept->items; item < kept->items + KEPT_ITEMS; item++) {
		if (strcmp(item->key, key) == 0) {
			item->used_ms = now_ms;
			return item;
		}
		if (!item->computing && (found == NULL || item->used_ms < found->used_ms)) {
			found = item;
		}
	}
	if (found != NULL) {
		item_clear(found);
		snprintf(found->key, sizeof found->key, "%s", key);
		found->used_ms = now_ms;
	}
	return found;
}

/* What was not asked for longest goes until there is room for so much more. */
static void make_room(struct kept *kept, const struct kept_item *keep, size_t bytes)
{
	for (;;) {
		struct kept_item *oldest = NULL;
		size_t sum = bytes;
		for (struct kept_item *item = kept->items; item < kept->items + KEPT_ITEMS; item++) {
			sum += item == keep ? 0 : item->content.len;
			if (item != keep && !item->computing && item->content.len > 0 &&
			    (oldest == NULL || item->used_ms < oldest->used_ms)) {
				oldest = item;
			}
		}
		if (sum <= KEPT_BYTES || oldest == NULL) {
			return;
		}
		item_clear(oldest);
	}
}

/* ---- jobs --------------------------------------------------------------------------------------------------------------- */

static enum status compute(struct job *job, struct app *app, struct err *err)
{
	const struct web_options *options = job->kept->options;
	struct html html = { .out = &job->content, .ctx = &app->ctx };

	app->ctx.lang = job->lang;
	if (options->now_given) {
		app->ctx.now_ms = options->now_ms;
		app->ctx.now_given = true;
	}
	enum status status = app_open(app, options->home_dir, DB_READ, err);
	if (status == OK) {
		status = app_still(app, err);
	}
	if (status == OK) {
		status = app_choose_tally(app, options->tally, err);
	}
	if (status == OK) {
		status = kept_version_now(&app->ctx, &job->version, err);
	}
	if (status == OK) {
		status = job->page->show(&app->ctx, &job->request, &html, err);
	}
	return status == OK && job->content.failed
	    ? err_set(err, ENVIRONMENT, "%s: more than a page can hold", job->request.path)
	    : status;
}

static void keep(struct job *job, enum status status, const struct err *err)
{
	struct kept_item *item = job->item;

	make_room(job->kept, item, job->content.len);
	kept_uncut(item);
	buf_clear(&item->content);
	item->content = job->content;
	item->version = job->version;
	item->status = status;
	item->err = *err;
	item->made_ms = clock_now_ms();
	item->took_ms = clock_steady_ms() - job->begun_ms;
	item->ready = true;
	kept_cut(item);
}

static void *run(void *context)
{
	struct job *job = context;
	struct kept *kept = job->kept;
	struct err err = { 0 };
	struct app app;

	app_init(&app);
	pthread_mutex_lock(&kept->mutex);
	kept->jobs[job->place] = &app;
	pthread_mutex_unlock(&kept->mutex);
	enum status status = compute(job, &app, &err);
	pthread_mutex_lock(&kept->mutex);
	kept->jobs[job->place] = NULL;
	pthread_mutex_unlock(&kept->mutex);
	app_close(&app);
	pthread_mutex_lock(&kept->mutex);
	keep(job, status, &err);
	job->item->computing = false;
	kept->running &= ~(1u << job->place);
	pthread_cond_broadcast(&kept->changed);
	pthread_mutex_unlock(&kept->mutex);
	arena_clear(&job->arena);
	free(job);
	return NULL;
}

/* The request in an arena of its own, without the page's number: all pages of a list are computed together. */
static bool copy_request(struct job *job, const struct visit *visit)
{
	const struct pairs *from = &visit->request->query;
	struct pairs *to = &job->request.query;
	struct arena *arena = &job->arena;

	job->request = (struct request){ .arena = arena, .method = "GET" };
	job->request.path = arena_printf(arena, "%s", visit->request->path);
	to->items = arena_take_array(arena, from->count + 1, sizeof *to->items);
	if (job->request.path == NULL || to->items == NULL) {
		return false;
	}
	job->request.rest = job->request.path + (visit->request->rest - visit->request->path);
	for (unsigned i = 0; i < from->count; i++) {
		if (strcmp(from->items[i].name, "page") != 0) {
			to->items[to->count++] = (struct pair){ arena_printf(arena, "%s", from->items[i].name),
				arena_printf(arena, "%s", from->items[i].value) };
		}
	}
	return true;
}

static bool start(struct job *job)
{
	pthread_attr_t detached;
	pthread_t thread;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	bool started = pthread_create(&thread, &detached, run, job) == 0;
	pthread_attr_destroy(&detached);
	return started;
}

void kept_compute(struct kept *kept, struct kept_item *item, const struct page *page, const struct visit *visit)
{
	unsigned place = 0;

	while (place < KEPT_JOBS && (kept->running & 1u << place) != 0) {
		place++;
	}
	struct job *job = place < KEPT_JOBS && !kept->stopping ? calloc(1, sizeof *job) : NULL;
	if (job == NULL) {
		return;
	}
	job->kept = kept;
	job->item = item;
	job->page = page;
	job->place = place;
	job->lang = visit->app->ctx.lang;
	job->begun_ms = clock_steady_ms();
	arena_init(&job->arena, LIMIT_ARENA_BYTES);
	buf_init(&job->content, WEB_PAGE_BYTES);
	item->computing = true;
	kept->running |= 1u << place;
	if (!copy_request(job, visit) || !start(job)) {
		item->computing = false;
		kept->running &= ~(1u << place);
		arena_clear(&job->arena);
		free(job);
	}
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------- */

struct kept *kept_new(const struct web_options *options)
{
	struct kept *kept = calloc(1, sizeof *kept);
	pthread_condattr_t steady;

	if (kept == NULL) {
		return NULL;
	}
	kept->options = options;
	pthread_mutex_init(&kept->mutex, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&kept->changed, &steady);
	pthread_condattr_destroy(&steady);
	return kept;
}

/* A job ends soon after the question that it asks of its home is cut off; between two questions the cut is lost, and made again. */
void kept_free(struct kept *kept)
{
	if (kept == NULL) {
		return;
	}
	pthread_mutex_lock(&kept->mutex);
	kept->stopping = true;
	while (kept->running != 0) {
		int64_t until_ms = clock_steady_ms() + STOP_TICK_MS;
		struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
		for (unsigned i = 0; i < KEPT_JOBS; i++) {
			if (kept->jobs[i] != NULL) {
				app_interrupt(kept->jobs[i]);
			}
		}
		pthread_cond_timedwait(&kept->changed, &kept->mutex, &until);
	}
	pthread_mutex_unlock(&kept->mutex);
	for (unsigned i = 0; i < KEPT_ITEMS; i++) {
		item_clear(&kept->items[i]);
	}
	pthread_cond_destroy(&kept->changed);
	pthread_mutex_destroy(&kept->mutex);
	free(kept);
}
