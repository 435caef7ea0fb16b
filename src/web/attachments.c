/* What is attached to the entries of a thread: the list, and each as a file. They are a partner's bytes: a browser is told to keep them as
 * a file, never to show them as a page of ours. */
#include "app/attach.h"
#include "web/web.h"
#include <string.h>

static const char *extension(const char *media)
{
	static const char *const known[][2] = { { "application/pdf", "pdf" }, { "image/jpeg", "jpg" },
		{ "image/png", "png" }, { "text/csv", "csv" } };

	for (size_t i = 0; media && i < sizeof known / sizeof *known; i++) {
		if (strcmp(known[i][0], media) == 0) {
			return known[i][1];
		}
	}
	return "bin";
}

static bool is_of(const json_t *row, const char *name, const char *value)
{
	const char *text = json_get_text(row, name);

	return text != NULL && strcmp(text, value) == 0;
}

static void attachment(struct visit *visit, const json_t *row)
{
	struct html *html = &visit->html;
	const char *hash = json_get_text(row, "hash"), *media = json_get_text(row, "media");
	const char *name = arena_printf(&visit->app->arena, "%.12s.%s", hash ? hash : "", extension(media));

	HTML(html, "<li>");
	if (is_of(row, "state", "here")) {
		html_link(html, html_path(&visit->app->ctx, "/attachment/", hash ? hash : ""), name);
	} else {
		html_text(html, name);
		HTML(html, " ");
		html_state(html, json_get_text(row, "state"));
	}
	HTML(html, " <span class=\"nowrap\">");
	html_printf(
	    html, "%lld %s", (long long)json_integer_value(json_object_get(row, "size")), ctx_word(html->ctx, "bytes"));
	HTML(html, "</span></li>");
}

void show_attachments(struct visit *visit, const char *number)
{
	struct html *html = &visit->html;
	json_t *rows = NULL, *row;
	struct err err = { 0 };
	size_t index;
	bool any = false;

	if (attachment_rows(visit->app, &rows, &err) != OK) {
		layout_error(visit, &err);
		return;
	}
	json_array_foreach(rows, index, row)
	{
		if (!is_of(row, "number", number)) {
			continue;
		}
		if (!any) {
			HTML(html, "<h2>");
			html_word(html, "attachments");
			HTML(html, "</h2><ul>");
		}
		any = true;
		attachment(visit, row);
	}
	if (any) {
		HTML(html, "</ul>\n");
	}
	json_decref(rows);
}

static const char *media_of(struct visit *visit, const char *hash)
{
	json_t *rows = NULL, *row;
	const char *media = "application/octet-stream";
	struct err err = { 0 };
	size_t index;

	if (attachment_rows(visit->app, &rows, &err) != OK) {
		return media;
	}
	json_array_foreach(rows, index, row)
	{
		const char *found = json_get_text(row, "media");
		if (found && is_of(row, "hash", hash)) {
			media = arena_printf(visit->request->arena, "%s", found);
		}
	}
	json_decref(rows);
	return media;
}

void answer_attachment(struct visit *visit, const char *hash)
{
	struct app *app = visit->app;
	struct bytes content;
	struct err err = { 0 };
	struct id id;

	enum status status = attachment_find(app, hash, &id, &err);
	if (status == OK) {
		status = store_attachment_get(app->store, &id, &app->arena, &content, &err);
	}
	if (status != OK) {
		answer_error(visit, &err);
		return;
	}
	const char *media = media_of(visit, hash);
	visit->answer->type = media;
	visit->answer->download = arena_printf(
	    visit->request->arena, "%.12s.%s", hash, extension(media)); /* hex digits: it was found by them */
	buf_put_bytes(&visit->answer->body, content);
}
