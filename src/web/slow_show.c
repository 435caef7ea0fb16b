/* How what is kept is shown: long tables in pages, and what is said while it is being computed. */
#include "base/time.h"
#include "core/print.h"
#include "web/slow.h"
#include <stdlib.h>
#include <string.h>

/* ---- cutting ------------------------------------------------------------------------------------------------------------- */

static const uint8_t *find(const uint8_t *from, const uint8_t *end, const char *text)
{
	return memmem(from, (size_t)(end - from), text, strlen(text));
}

static unsigned rows_of(const uint8_t *from, const uint8_t *end)
{
	unsigned rows = 0;

	while ((from = find(from, end, "</tr>\n")) != NULL) {
		from += 6;
		rows++;
	}
	return rows;
}

static bool table_cut(struct slow_table *table, const uint8_t *content)
{
	const uint8_t *at = content + table->begin, *end = content + table->end;
	unsigned rows = rows_of(at, end), row = 0;

	table->cut_count = (rows + SLOW_ROWS - 1) / SLOW_ROWS;
	table->cuts = calloc(table->cut_count + 1, sizeof *table->cuts);
	if (table->cuts == NULL) {
		return false;
	}
	table->cuts[0] = table->begin;
	for (; (at = find(at, end, "</tr>\n")) != NULL;) {
		at += 6;
		if (++row % SLOW_ROWS == 0) {
			table->cuts[row / SLOW_ROWS] = (size_t)(at - content);
		}
	}
	table->cuts[table->cut_count] = table->end;
	return true;
}

void slow_cut(struct slow_item *item)
{
	const uint8_t *content = item->content.data, *end = content + item->content.len, *at = content, *close;

	item->table_count = 0;
	while (content && item->table_count < SLOW_TABLES && (at = find(at, end, "<tbody>")) != NULL) {
		at += 7;
		close = find(at, end, "</tbody>");
		if (close == NULL) {
			return;
		}
		struct slow_table *table = &item->tables[item->table_count];
		*table = (struct slow_table){ (size_t)(at - content), (size_t)(close - content), NULL, 0 };
		item->table_count += rows_of(at, close) > SLOW_ROWS && table_cut(table, content);
		at = close;
	}
}

void slow_uncut(struct slow_item *item)
{
	for (unsigned i = 0; i < item->table_count; i++) {
		free(item->tables[i].cuts);
	}
	item->table_count = 0;
}

/* ---- showing ------------------------------------------------------------------------------------------------------------- */

static void page_link(struct visit *visit, unsigned page, const char *word)
{
	const char *number = arena_printf(&visit->app->arena, "%u", page);

	html_link(&visit->html, request_with(visit->request, "page", number ? number : "1"),
	    ctx_word(&visit->app->ctx, word));
	HTML(&visit->html, " ");
}

/* The content, of each long table the rows of this page. */
static void put_content(struct visit *visit, const struct slow_item *item)
{
	const char *wanted = request_param(visit->request, "page");
	unsigned long page = wanted ? strtoul(wanted, NULL, 10) : 1;
	unsigned pages = 1;
	size_t from = 0;

	page = page < 1 || page > 1000000 ? 1 : page;
	for (unsigned i = 0; i < item->table_count; i++) {
		const struct slow_table *table = &item->tables[i];
		buf_put(visit->html.out, item->content.data + from, table->begin - from);
		if (page <= table->cut_count) {
			buf_put(visit->html.out, item->content.data + table->cuts[page - 1],
			    table->cuts[page] - table->cuts[page - 1]);
		}
		from = table->end;
		pages = table->cut_count > pages ? table->cut_count : pages;
	}
	buf_put(visit->html.out, item->content.data + from, item->content.len - from);
	if (pages == 1) {
		return;
	}
	HTML(&visit->html, "<p class=\"after-list\">");
	if (page > 1) {
		page_link(visit, (unsigned)page - 1, "previous page");
	}
	if (page < pages) {
		page_link(visit, (unsigned)page + 1, "next page");
	}
	html_printf(&visit->html, "%lu / %u", page, pages);
	HTML(&visit->html, "</p>\n");
}

void slow_note(struct visit *visit, const char *word, const char *more)
{
	HTML(&visit->html, "<p role=\"status\" class=\"computing\">");
	html_word(&visit->html, word);
	html_text(&visit->html, more);
	HTML(&visit->html, "</p>\n");
	visit->answer->refresh_s = SLOW_AGAIN_S;
}

static void show_item(struct visit *visit, const struct slow_work *work, struct slow_item *item, bool serves)
{
	struct ctx *ctx = &visit->app->ctx;
	const struct page *page = work->page;
	bool ready = item != NULL && item->ready && (serves || item->status == OK);

	if (ready && item->status != OK) {
		answer_error(visit, &item->err);
		return;
	}
	if (work->data && ready) {
		answer_data(visit);
		buf_put_bytes(visit->html.out, buf_bytes(&item->content));
		return;
	}
	layout_open(visit, ctx->lang == LANG_JA ? page->ja : page->en);
	if (!ready) {
		visit->answer->status = 202;
		slow_note(visit, "being computed; this page asks again by itself", "");
	} else if (!serves) {
		slow_note(visit, "newer entries are being taken in; this page asks again by itself. It stands as of",
		    arena_printf(&visit->app->arena, ": %s", print_time(ctx, item->made_ms)));
	}
	if (ready) {
		put_content(visit, item);
		link_page_papers(visit, page);
	}
	layout_close(visit);
}

/* ---- asking -------------------------------------------------------------------------------------------------------------- */

static bool key_make(const struct visit *visit, char key[SLOW_KEY_BYTES])
{
	const struct pairs *query = &visit->request->query;
	struct buf text;

	buf_init(&text, SLOW_KEY_BYTES - 1);
	buf_printf(&text, "%d %lld %s", visit->app->ctx.lang, (long long)visit->app->ctx.tally, visit->request->path);
	for (unsigned i = 0; i < query->count; i++) {
		if (strcmp(query->items[i].name, "page") != 0) {
			buf_printf(&text, "\n%s\t%s", query->items[i].name, query->items[i].value);
		}
	}
	bool fits = !text.failed;
	snprintf(key, SLOW_KEY_BYTES, "%.*s", (int)text.len, (const char *)text.data);
	buf_clear(&text);
	return fits;
}

/* Lets the others at the home until the item is ready or it has taken too long. Returns the item, which may be another by then. */
static struct slow_item *wait_for(
    struct visit *visit, const char *key, const struct slow_version *version, const struct slow_work *work)
{
	struct slow *slow = visit->slow;
	int64_t until_ms = clock_steady_ms() + SLOW_WAIT_MS;
	struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
	struct slow_item *item;

	for (;;) {
		item = slow_take(slow, key, visit->now_ms);
		bool serves = item != NULL && slow_serves(item, work, version, clock_steady_ms());
		if (item != NULL && !serves && !item->computing) {
			slow_compute(slow, item, work, visit);
		}
		bool patient = item == NULL || !item->ready || item->took_ms < SLOW_WAIT_MS;
		if (serves || !patient || clock_steady_ms() >= until_ms) {
			return item;
		}
		pthread_mutex_unlock(visit->home);
		pthread_cond_timedwait(&slow->changed, &slow->mutex, &until);
		pthread_mutex_unlock(&slow->mutex);
		pthread_mutex_lock(visit->home);
		pthread_mutex_lock(&slow->mutex);
	}
}

void slow_answer(struct visit *visit, const struct slow_work *work)
{
	struct slow_version version;
	struct err err = { 0 };
	char key[SLOW_KEY_BYTES];

	if (!key_make(visit, key)) {
		err_set(&err, BAD_INPUT, "address: its parameters are longer than any of this page");
		answer_error(visit, &err);
		return;
	}
	if (slow_version_now(&visit->app->ctx, &version, &err) != OK) {
		answer_error(visit, &err);
		return;
	}
	pthread_mutex_lock(&visit->slow->mutex);
	struct slow_item *item = wait_for(visit, key, &version, work);
	visit->session = session_find(visit->sessions, visit->request->session, clock_boot_ms());
	if (visit->session == NULL) {
		answer_redirect(visit, "/login");
	} else {
		work->show(visit, work, item, item != NULL && slow_serves(item, work, &version, clock_steady_ms()));
	}
	pthread_mutex_unlock(&visit->slow->mutex);
}

void show_slow(struct visit *visit, const struct page *page, bool data)
{
	slow_answer(visit, &(struct slow_work){ .page = page, .data = data, .show = show_item });
}
