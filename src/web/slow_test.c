#include "base/tap.h"
#include "core/paper.h"
#include "web/slow.h"
#include <stdlib.h>
#include <string.h>

/* ---- figures ----------------------------------------------------------------------------------------------------------- */

static void is_marked(const char *text, const char *wanted, const char *title)
{
	struct buf out;
	struct html html = { .out = &out };

	buf_init(&out, 4096);
	html_text(&html, text);
	tap_is_text(buf_text(&out), wanted, title);
	buf_clear(&out);
}

#define FIGURE(text) "<span class=\"figure\">" text "</span>"

static void figures(void)
{
	is_marked("on 2013-11-26, 990 & more", "on " FIGURE("2013-11-26") ", 990 &amp; more", "a day holds together");
	is_marked("JPY 29,700 of JPY -3", FIGURE("JPY 29,700") " of " FIGURE("JPY -3"), "so does an amount");
	is_marked(
	    "short 10 LTR, 5 days", "short " FIGURE("10 LTR") ", " FIGURE("5 days"), "and a quantity with its unit");
	is_marked("GB-01-0001/I01.1", FIGURE("GB-01-0001/I01.1"), "and a number");
	is_marked(
	    "C-130 leg Cebu-Tacloban, OFFICIAL 3", FIGURE("C-130") " leg Cebu-Tacloban, OFFICIAL 3", "words do not");
	is_marked("期限は2013-11-26まで", "期限は" FIGURE("2013-11-26") "まで", "in any script");
	is_marked(
	    "<b>\"1-2\"</b>", "&lt;b&gt;&quot;" FIGURE("1-2") "&quot;&lt;/b&gt;", "what is markup is text as before");
	is_marked("", "", "nothing is nothing");
}

/* ---- what is kept ------------------------------------------------------------------------------------------------------ */

static void versions(void)
{
	struct {
		struct slow_version has, wanted;
		bool serves;
	} cases[] = {
		{ { 5, 1, 1, 9 }, { 5, 1, 1, 9 }, true },
		{ { 6, 1, 1, 9 }, { 5, 1, 1, 9 }, true },
		{ { 5, 1, 1, 9 }, { 6, 1, 1, 9 }, false },
		{ { 6, 1, 1, 9 }, { 6, 2, 1, 9 }, false },
		{ { 6, 2, 1, 9 }, { 6, 2, 3, 9 }, false },
		{ { 6, 2, 3, 9 }, { 6, 2, 3, 10 }, false },
	};
	bool good = true;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		good = good && slow_version_serves(&cases[i].has, &cases[i].wanted) == cases[i].serves;
	}
	tap_ok(good, "what is kept serves until an entry, a file or the time is newer");
}

static void papers(void)
{
	static const struct slow_version old = { 5, 1, 1, 9 }, newer = { 6, 1, 1, 9 };
	const struct slow_work page = { .page = &(struct page){ 0 } }, paper = { .paper = &(struct paper){ 0 } };
	struct slow_item item = { .ready = true, .version = old, .done_ms = 1000 };

	tap_ok(slow_serves(&item, &paper, &old, 9000000), "a paper as new as the home is kept for everybody");
	tap_ok(!slow_serves(&item, &paper, &newer, 1001), "an older one is made anew");
	item.told = true;
	tap_ok(slow_serves(&item, &paper, &newer, 1001), "but whoever was told to wait for it gets it");
	tap_ok(!slow_serves(&item, &paper, &newer, 1000 + SLOW_FETCH_MS), "if he fetches it soon");
	tap_ok(!slow_serves(&item, &page, &newer, 1001), "a page that is older is shown as what it is");
	item.status = ENVIRONMENT;
	tap_ok(slow_serves(&item, &paper, &old, 1001) && slow_serves(&item, &page, &old, 1001),
	    "that our disk or memory failed is said to who waits");
	tap_ok(!slow_serves(&item, &paper, &old, 1000 + SLOW_FETCH_MS) &&
		!slow_serves(&item, &page, &old, 1000 + SLOW_FETCH_MS),
	    "and tried anew for who asks later");
	item.status = BAD_INPUT;
	tap_ok(slow_serves(&item, &paper, &old, 9000000), "what cannot be computed at all is not");
	item.ready = false;
	tap_ok(!slow_serves(&item, &paper, &old, 1001), "what is not there serves nobody");
}

static void places(struct slow *slow)
{
	char key[SLOW_KEY_BYTES];

	for (int i = 0; i < SLOW_ITEMS; i++) {
		snprintf(key, sizeof key, "page %d", i);
		slow_take(slow, key, i + 1)->computing = i == 0;
	}
	struct slow_item *first = slow_take(slow, "page 0", 100), *second = slow_take(slow, "page 1", 101);
	tap_ok(strcmp(first->key, "page 0") == 0 && strcmp(second->key, "page 1") == 0, "each page has its place");
	struct slow_item *other = slow_take(slow, "page new", 102);
	tap_ok(other != first && other != second, "another takes that of the one that was not asked for longest");
	for (struct slow_item *item = slow->items; item < slow->items + SLOW_ITEMS; item++) {
		item->computing = true;
	}
	tap_ok(slow_take(slow, "page newer", 103) == NULL, "and none that is being computed");
	for (struct slow_item *item = slow->items; item < slow->items + SLOW_ITEMS; item++) {
		item->computing = false;
	}
}

static void put_table(struct buf *out, unsigned rows)
{
	buf_put_text(out, "<table><thead><tr><th>n</th></tr></thead><tbody>\n");
	for (unsigned i = 1; i <= rows; i++) {
		buf_printf(out, "<tr><td>%u</td></tr>\n", i);
	}
	buf_put_text(out, "</tbody></table>\n");
}

static void cuts(void)
{
	struct slow_item item = { .ready = true };
	char begin[40];

	buf_init(&item.content, 1 << 20);
	put_table(&item.content, 3);
	put_table(&item.content, 2 * SLOW_ROWS + 1);
	slow_cut(&item);
	const struct slow_table *table = &item.tables[0];
	tap_is_int(item.table_count, 1, "a short table is left whole");
	tap_is_int(table->cut_count, 3, "a long one is cut");
	snprintf(begin, sizeof begin, "<tr><td>%d</td></tr>", SLOW_ROWS + 1);
	tap_ok(memcmp(item.content.data + table->cuts[1], begin, strlen(begin)) == 0, "where a row begins");
	tap_ok(table->cuts[3] == table->end && table->cuts[0] == table->begin, "from its first to its last");
	slow_uncut(&item);
	tap_is_int(item.table_count, 0, "and can be cut anew");
	buf_clear(&item.content);
}

int main(void)
{
	static const struct web_options options = { .home_dir = "/nowhere" };
	struct slow *slow = slow_new(&options);

	figures();
	versions();
	papers();
	places(slow);
	cuts();
	slow_free(slow);
	return tap_done();
}
