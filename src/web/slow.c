/* What is kept, and the threads that compute it. */
#include "web/slow.h"
#include "base/limits.h"
#include "base/time.h"
#include "paper/paper.h"
#include <stdlib.h>
#include <string.h>

#define STOP_TICK_MS 50

struct job {
	struct slow *slow;
	struct slow_item *item;
	struct slow_work work;
	struct arena arena;
	struct request request;
	enum lang lang;
	char tally[2 * ID_BYTES + 1];
	unsigned place; /* among slow->jobs */
	struct slow_version version;
	struct buf content;
	int64_t begun_ms;
};

/* ---- versions ----------------------------------------------------------------------------------------------------------- */

/* Entries and files never fall: a file that is here may be erased, which counts for more. A clock may have gone wrong and been set back: what was
 * computed by a later time than the next one says what is not so yet. */
bool slow_version_serves(const struct slow_version *version, const struct slow_version *wanted)
{
	return version->entry >= wanted->entry && version->files >= wanted->files &&
	    version->files_here >= wanted->files_here && version->clock >= wanted->clock &&
	    version->clock - wanted->clock <= 1;
}

bool slow_serves(
    const struct slow_item *item, const struct slow_work *work, const struct slow_version *wanted, int64_t now_ms)
{
	return item->ready && (item->status != ENVIRONMENT || now_ms - item->done_ms < SLOW_FETCH_MS) &&
	    (slow_version_serves(&item->version, wanted) ||
		(work->paper != NULL && item->told && now_ms - item->done_ms < SLOW_FETCH_MS));
}

enum status slow_version_now(struct ctx *ctx, struct slow_version *out, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx,
	    "SELECT (SELECT MAX(row) FROM entry), COUNT(*), COALESCE(SUM(here + 2 * erased), 0) FROM attachment", &rows,
	    err);

	*out = (struct slow_version){ .clock = ctx->now_ms / SLOW_CLOCK_MS };
	if (status == OK && query_next(rows)) {
		out->entry = query_int(rows, 0);
		out->files = query_int(rows, 1);
		out->files_here = query_int(rows, 2);
	}
	query_close(rows);
	return status;
}

/* ---- items -------------------------------------------------------------------------------------------------------------- */

static void item_clear(struct slow_item *item)
{
	slow_uncut(item);
	buf_clear(&item->content);
	memset(item, 0, sizeof *item);
}

struct slow_item *slow_take(struct slow *slow, const char *key, int64_t now_ms)
{
	struct slow_item *found = NULL;

	for (struct slow_item *item = slow->items; item < slow->items + SLOW_ITEMS; item++) {
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
static void make_room(struct slow *slow, const struct slow_item *keep, size_t bytes)
{
	for (;;) {
		struct slow_item *oldest = NULL;
		size_t sum = bytes;
		for (struct slow_item *item = slow->items; item < slow->items + SLOW_ITEMS; item++) {
			sum += item == keep ? 0 : item->content.len;
			if (item != keep && !item->computing && item->content.len > 0 &&
			    (oldest == NULL || item->used_ms < oldest->used_ms)) {
				oldest = item;
			}
		}
		if (sum <= SLOW_BYTES || oldest == NULL) {
			return;
		}
		item_clear(oldest);
	}
}

/* ---- jobs --------------------------------------------------------------------------------------------------------------- */

static enum status print_paper(struct job *job, struct app *app, struct err *err)
{
	const struct paper *paper = job->work.paper;
	struct paper_wish wish = { NULL, paper->has_day ? page_given(&job->request, "as_of") : NULL };
	const char *dir = arena_printf(&app->arena, "%s/papers", job->slow->options->home_dir);

	return paper_write(&app->ctx, paper, &wish, dir, &job->content, err);
}

static enum status compute(struct job *job, struct app *app, struct err *err)
{
	const struct web_options *options = job->slow->options;
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
		status = app_choose_tally(app, job->tally, err);
	}
	if (status == OK) {
		status = slow_version_now(&app->ctx, &job->version, err);
	}
	if (status == OK) {
		status = job->work.paper ? print_paper(job, app, err)
					 : job->work.page->show(&app->ctx, &job->request, &html, err);
	}
	return status == OK && job->content.failed
	    ? err_set(err, ENVIRONMENT, "%s: more than a page can hold", job->request.path)
	    : status;
}

static void keep(struct job *job, enum status status, const struct err *err)
{
	struct slow_item *item = job->item;

	make_room(job->slow, item, job->content.len);
	slow_uncut(item);
	buf_clear(&item->content);
	item->content = job->content;
	item->version = job->version;
	item->status = status;
	item->err = *err;
	item->made_ms = clock_now_ms();
	item->done_ms = clock_steady_ms();
	item->took_ms = item->done_ms - job->begun_ms;
	item->ready = true;
	if (job->work.page != NULL) {
		slow_cut(item);
	}
}

static void *run(void *context)
{
	struct job *job = context;
	struct slow *slow = job->slow;
	struct err err = { 0 };
	struct app app;

	app_init(&app);
	pthread_mutex_lock(&slow->mutex);
	slow->jobs[job->place] = &app;
	pthread_mutex_unlock(&slow->mutex);
	enum status status = compute(job, &app, &err);
	pthread_mutex_lock(&slow->mutex);
	slow->jobs[job->place] = NULL;
	pthread_mutex_unlock(&slow->mutex);
	app_close(&app);
	pthread_mutex_lock(&slow->mutex);
	keep(job, status, &err);
	job->item->computing = false;
	slow->running &= ~(1u << job->place);
	pthread_cond_broadcast(&slow->changed);
	pthread_mutex_unlock(&slow->mutex);
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

void slow_compute(struct slow *slow, struct slow_item *item, const struct slow_work *work, const struct visit *visit)
{
	unsigned place = 0;

	while (place < SLOW_JOBS && (slow->running & 1u << place) != 0) {
		place++;
	}
	struct job *job = place < SLOW_JOBS && !slow->stopping ? calloc(1, sizeof *job) : NULL;
	if (job == NULL) {
		return;
	}
	job->slow = slow;
	job->item = item;
	job->work = *work;
	job->place = place;
	job->lang = visit->app->ctx.lang;
	hex_print(id_bytes(&visit->app->ctx.view.id), job->tally);
	job->begun_ms = clock_steady_ms();
	arena_init(&job->arena, LIMIT_ARENA_BYTES);
	buf_init(&job->content, WEB_PAGE_BYTES);
	item->computing = true;
	slow->running |= 1u << place;
	if (!copy_request(job, visit) || !start(job)) {
		item->computing = false;
		slow->running &= ~(1u << place);
		arena_clear(&job->arena);
		free(job);
	}
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------- */

struct slow *slow_new(const struct web_options *options)
{
	struct slow *slow = calloc(1, sizeof *slow);
	pthread_condattr_t steady;

	if (slow == NULL) {
		return NULL;
	}
	slow->options = options;
	pthread_mutex_init(&slow->mutex, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&slow->changed, &steady);
	pthread_condattr_destroy(&steady);
	return slow;
}

/* A job ends soon after the question that it asks of its home is cut off; between two questions the cut is lost, and made again. */
void slow_free(struct slow *slow)
{
	if (slow == NULL) {
		return;
	}
	pthread_mutex_lock(&slow->mutex);
	slow->stopping = true;
	while (slow->running != 0) {
		int64_t until_ms = clock_steady_ms() + STOP_TICK_MS;
		struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
		for (unsigned i = 0; i < SLOW_JOBS; i++) {
			if (slow->jobs[i] != NULL) {
				app_interrupt(slow->jobs[i]);
			}
		}
		pthread_cond_timedwait(&slow->changed, &slow->mutex, &until);
	}
	pthread_mutex_unlock(&slow->mutex);
	for (unsigned i = 0; i < SLOW_ITEMS; i++) {
		item_clear(&slow->items[i]);
	}
	pthread_cond_destroy(&slow->changed);
	pthread_mutex_destroy(&slow->mutex);
	free(slow);
}
