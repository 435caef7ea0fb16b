/* Pages of the national domain: the tables of pages and acts, their first page, and what they share. */
#include "domain/national/national_pages.h"
#include "core/print.h"
#include "domain/national/national.h"
#include "domain/national/national_print.h"
#include <string.h>

static const struct args no_args;

enum status draw_national(struct ctx *ctx, const struct request *request, struct html *html, ctx_act *act,
    struct drawn *drawn, struct err *err)
{
	struct err none = { 0 };

	drawn->request = request;
	drawn->html = html;
	enum status status = places_find(ctx, &no_args, &drawn->places, &none);
	if (status == USAGE && !page_wants_data(request)) {
		HTML(html, "<p class=\"none\">");
		html_word(html, "this home has no national tally at hand; `warifu tally propose --national` opens one");
		HTML(html, "</p>");
		return OK;
	}
	drawn->elsewhere = status == OK && !id_equal(&drawn->places.national, &ctx->view.id);
	return status == OK ? ctx_within(ctx, &drawn->places.national, (struct bytes){ 0 }, act, drawn, err)
			    : err_pass(err, status, &none);
}

/* ---- links ----------------------------------------------------------------------------------------------------------- */

const char *with_tally(struct ctx *ctx, const char *path, const struct id *tally)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(tally), hex);
	return arena_printf(ctx->arena, "%s?tally=%s", path, hex);
}

const char *shared_thread(struct ctx *ctx, const struct id *tally, const char *number)
{
	return with_tally(ctx, html_path(ctx, "/thread/", number), tally);
}

const char *national_thread(struct ctx *ctx, const struct drawn *drawn, const char *number)
{
	const char *path = html_path(ctx, "/thread/", number);

	return drawn->elsewhere ? with_tally(ctx, path, &drawn->places.national) : path;
}

void national_links(struct drawn *drawn)
{
	static const struct {
		const char *path, *word;
	} links[] = {
		{ "/national/draft", "drafts" },
		{ "/national/write", "Write a draft" },
		{ "/national/notice", "notices of claim" },
		{ "/national/missing", "notices not sent" },
		{ "/national/office", "the office's file" },
		{ "/national/handover", "hand-overs" },
		{ "/national/duty", "answers for it" },
	};

	HTML(drawn->html, "<p class=\"after-list\">");
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		html_link(drawn->html, links[i].path, ctx_word(drawn->html->ctx, links[i].word));
		HTML(drawn->html, " ");
	}
	HTML(drawn->html, "</p>\n");
}

/* ---- what lists share ------------------------------------------------------------------------------------------------- */

static void state_filter(
    struct ctx *ctx, struct drawn *drawn, const char *path, const char *part_type, const struct page_sort *sorts)
{
	struct html *html = drawn->html;
	const char *chosen = page_given(drawn->request, "state");

	filter_open(html, path);
	filter_select_open(html, "state", "state");
	filter_option(html, "", ctx_word(ctx, "all"), chosen);
	for (const struct state *state = national_domain.states; state->name; state++) {
		if (strcmp(state->part_type, part_type) == 0) {
			filter_option(html, state->name, ctx_word(ctx, state->name), chosen);
		}
	}
	filter_select_close(html);
	filter_sort(html, drawn->request, sorts);
	filter_close(html);
}

/* :state, :most, :skip of a list. */
static void bind_list(struct query *rows, const struct request *request)
{
	const char *state = page_given(request, "state");
	bool data = page_wants_data(request);

	query_bind_text(rows, "state", bytes_text(state ? state : ""));
	query_bind_int(rows, "most", data ? INT32_MAX : LISTING_PAGE + 1);
	query_bind_int(rows, "skip", data ? 0 : listing_offset(request));
}

static enum status draw_list(struct ctx *ctx, void *context, struct err *err)
{
	struct drawn *drawn = context;
	const struct national_list *list = drawn->context;
	struct query *rows = NULL;
	struct listing listing;
	enum status status = ctx_query(ctx, page_sort_of(drawn->request, list->sorts)->sql, &rows, err);

	if (status != OK) {
		return status;
	}
	bind_list(rows, drawn->request);
	if (!page_wants_data(drawn->request)) {
		national_links(drawn);
		state_filter(ctx, drawn, list->path, list->part_type, list->sorts);
		if (list->links != NULL) {
			list->links(drawn);
		}
	}
	listing_open(&listing, ctx, drawn->request, drawn->html, list->columns, list->column_count);
	while (query_next(rows)) {
		list->row(ctx, drawn, &listing, rows);
	}
	query_close(rows);
	listing_close(&listing);
	return OK;
}

enum status show_list(struct ctx *ctx, const struct request *request, struct html *html,
    const struct national_list *list, struct err *err)
{
	struct drawn drawn = { .context = list };

	return draw_national(ctx, request, html, draw_list, &drawn, err);
}

struct id id_at(struct query *row, unsigned column)
{
	struct id id;

	memcpy(id.data, query_blob(row, column).data, ID_BYTES);
	return id;
}

void drawn_fact(struct html *html, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0') {
		return;
	}
	HTML(html, "<dt>");
	html_word(html, name);
	HTML(html, "</dt><dd>");
	html_text(html, value);
	HTML(html, "</dd>");
}

const char *typed(const struct request *request, const char *name)
{
	const char *value = request_field(request, name);

	return value ? value : "";
}

void form_input(struct html *html, const struct request *request, const char *type, const char *name, const char *label,
    bool required, const char *hint)
{
	HTML(html, "<label><span class=\"label\">");
	html_word(html, label);
	HTML(html, "</span><input");
	HTML_ATTRIBUTE(html, "type", type);
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", typed(request, name));
	HTML_ATTRIBUTE(html, "required", required ? "" : NULL);
	HTML(html, ">");
	if (hint) {
		HTML(html, "<small>");
		html_word(html, hint);
		HTML(html, "</small>");
	}
	HTML(html, "</label>\n");
}

/* ---- the first page: how many stand where ------------------------------------------------------------------------------ */

static const char counts_sql[] =
    "SELECT 'draft', d.state, COUNT(*) FROM national_draft d JOIN thread t ON t.row = d.thread WHERE +t.tally = :tally GROUP BY d.state "
    "UNION ALL SELECT 'notice', n.state, COUNT(*) FROM national_notice n JOIN thread t ON t.row = n.thread WHERE +t.tally = :tally "
    "GROUP BY n.state UNION ALL SELECT 'handover', h.state, COUNT(*) FROM national_handover h JOIN thread t ON t.row = h.thread "
    "WHERE t.tally = :tally GROUP BY h.state";

static int64_t count_of(struct query *rows, const char *part_type, const char *state)
{
	return bytes_is(query_text(rows, 0), part_type) && bytes_is(query_text(rows, 1), state) ? query_int(rows, 2)
												: 0;
}

static enum status state_row(struct ctx *ctx, struct listing *listing, const struct state *state, struct err *err)
{
	const char *path = html_path(ctx, "/national/", state->part_type), *name = state->part_type;
	struct query *rows = NULL;
	int64_t count = 0;
	enum status status = ctx_query(ctx, counts_sql, &rows, err);

	while (status == OK && query_next(rows)) {
		count += query_is_null(rows, 1) ? 0 : count_of(rows, state->part_type, state->name);
	}
	query_close(rows);
	for (const struct part_type *type = national_domain.part_types; type->name; type++) {
		name = strcmp(type->name, state->part_type) == 0 ? type->en : name;
	}
	const char *with = arena_printf(ctx->arena, "%s?state=%s", path, html_path(ctx, "", state->name));
	const struct listing_cell cells[] = { { name, NULL, true }, { state->name, with, true },
		{ arena_printf(ctx->arena, "%lld", (long long)count), NULL, false } };
	if (count > 0) {
		listing_row(listing, cells);
	}
	return status;
}

static enum status draw_counts(struct ctx *ctx, void *context, struct err *err)
{
	static const struct listing_column columns[] = { { "kind", "part", false }, { "state", "state", false },
		{ "count", "items", true } };
	struct drawn *drawn = context;
	struct listing listing;
	enum status status = OK;

	if (!page_wants_data(drawn->request)) {
		national_links(drawn);
	}
	listing_open(&listing, ctx, drawn->request, drawn->html, columns, sizeof columns / sizeof *columns);
	for (const struct state *state = national_domain.states; state->name && status == OK; state++) {
		status = state_row(ctx, &listing, state, err);
	}
	listing_close(&listing);
	return status;
}

static enum status show_national(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { 0 };

	return draw_national(ctx, request, html, draw_counts, &drawn, err);
}

/* ---- at the head of a thread ------------------------------------------------------------------------------------------- */

static enum status draw_head(struct ctx *ctx, void *context, struct err *err)
{
	struct drawn *drawn = context;
	bool found = false;
	enum status status = draft_head(ctx, drawn, &found, err);

	if (status == OK && !found) {
		status = notice_head(ctx, drawn, &found, err);
	}
	return status == OK && !found ? handover_head(ctx, drawn, &found, err) : status;
}

static enum status show_head(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct drawn drawn = { .request = request, .html = html, .number = request_rest(request) };

	return draw_head(ctx, &drawn, err);
}

const struct page national_pages[] = {
	{ "/national", "National", "国内手続", PAGE_IN_MENU | PAGE_OF_ALL, show_national },
	{ "/national/draft", "Drafts", "起案一覧", PAGE_OF_ALL, show_drafts },
	{ "/national/write", "Write a draft", "起案する", PAGE_OF_ALL, show_write },
	{ "/national/rewrite", "Write anew", "起案し直す", PAGE_OF_ALL, show_rewrite },
	{ "/national/enter", "Enter into the shared tally", "共有割符に記録する", PAGE_OF_ALL, show_enter },
	{ "/national/notice", "Notices of claim", "債権発生通知書", PAGE_OF_ALL, show_notices },
	{ "/national/missing", "Notices not sent", "未通知の引渡し", PAGE_OF_ALL, show_missing },
	{ "/national/send", "Send a notice of claim", "債権発生を通知する", PAGE_OF_ALL, show_send },
	{ "/national/office", "The office's file", "歳入担当とのファイル", PAGE_OF_ALL, show_office },
	{ "/national/handover", "Hand-overs", "引継書一覧", PAGE_OF_ALL, show_handovers },
	{ "/national/hand-over", "Hand over", "引継ぎを行う", PAGE_OF_ALL, show_handing },
	{ "/national/duty", "Who answers for it", "担当官一覧", PAGE_OF_ALL, show_duty },
	{ "/thread/national", "National", "国内手続", 0, show_head },
	{ 0 },
};

const struct act national_acts[] = {
	{ "/national/write", false, "national.draft_written", NULL },
	{ "/national/rewrite", false, "national.draft_rewritten", NULL },
	{ "/national/enter", true, "national.draft_entered", act_enter },
	{ "/national/send", false, "national.notice_sent", act_send },
	{ "/national/office", false, NULL, act_office },
	{ "/national/hand-over", false, "national.handed_over", act_handing },
	{ 0 },
};
