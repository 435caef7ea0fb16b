/* Which of the home's tallies is at hand: the one that the session has chosen, or the usual one. A form says in which tally it was drawn, so that
 * a page left open elsewhere cannot sign in another one. */
#include "web/web.h"
#include <string.h>

#define TALLIES 32 /* of one home, to choose from */

struct tallies {
	struct tally_row items[TALLIES];
	unsigned count;
};

static enum status add_tally(void *context, const struct tally_row *tally, struct err *err)
{
	struct tallies *tallies = context;

	(void)err;
	if (tallies->count < TALLIES) {
		tallies->items[tallies->count++] = *tally;
	}
	return OK;
}

static const char *hex_of(struct visit *visit, const struct id *id)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(id), hex);
	return arena_printf(visit->request->arena, "%s", hex);
}

const char *tally_hex(struct visit *visit)
{
	return visit->app->ctx.tally ? hex_of(visit, &visit->app->ctx.view.id) : "";
}

/* ---- choosing -------------------------------------------------------------------------------------------------------------- */

/* What the address or the form names; NULL: nothing. */
static const char *named(const struct visit *visit)
{
	const char *query = pairs_get(&visit->request->query, "tally"),
		   *field = pairs_get(&visit->request->fields, "tally");

	bool at_door = visit->session == NULL || strcmp(visit->request->path, "/login") == 0;

	return query && query[0] ? query : at_door && field && field[0] ? field : NULL;
}

static enum status choose_first(struct visit *visit, struct err *err)
{
	struct tallies tallies = { .count = 0 };
	enum status status = store_tally_each(visit->app->store, add_tally, &tallies, err);
	unsigned first = 0;

	while (first + 1 < tallies.count && strcmp(tallies.items[first].mode, "national") == 0) {
		first++;
	}
	return status == OK ? app_choose_tally(visit->app, hex_of(visit, &tallies.items[first].id), err) : status;
}

enum status choose_tally(struct visit *visit, struct err *err)
{
	const char *prefix = named(visit);
	struct err inner = { 0 };

	if (prefix == NULL && visit->session && visit->session->tally[0]) {
		prefix = visit->session->tally;
	}
	prefix = prefix ? prefix : visit->options->tally;
	enum status status = app_choose_tally(visit->app, prefix, &inner);
	if (status == USAGE && prefix == NULL) {
		return choose_first(visit, err);
	}
	return status == OK ? OK : err_pass(err, status == USAGE ? NOT_FOUND : status, &inner);
}

bool switch_tally(struct visit *visit)
{
	const char *tally = request_param(visit->request, "tally");

	if (visit->session == NULL || tally == NULL || tally[0] == '\0') {
		return false;
	}
	snprintf(visit->session->tally, sizeof visit->session->tally, "%s", tally_hex(visit));
	answer_redirect(visit, request_with(visit->request, "tally", NULL));
	return true;
}

bool form_is_of_tally(struct visit *visit)
{
	const char *drawn = pairs_get(&visit->request->fields, "tally");

	return drawn == NULL || strcmp(drawn, tally_hex(visit)) == 0;
}

/* ---- the switch ---------------------------------------------------------------------------------------------------------- */

/* "GB - JP", "GB (national)": and what is owed in it. */
static const char *label_of(struct visit *visit, const struct tally_row *tally)
{
	struct ctx *ctx = &visit->app->ctx;
	struct tally_view view;
	const char *label = "";

	if (tally_view_load(visit->app->store, tally->row, ctx->arena, &view, NULL) != OK) {
		return hex_of(visit, &tally->id);
	}
	for (unsigned i = 0; i < view.party_count; i++) {
		label = arena_printf(ctx->arena, "%s%s%s", label, i ? " - " : "", view.party_codes[i]);
	}
	if (view.national) {
		label = arena_printf(ctx->arena, "%s: %s", label, ctx_word(ctx, "national"));
	}
	return view.rehearsal ? arena_printf(ctx->arena, "%s (%s)", label, ctx_word(ctx, "rehearsal")) : label;
}

void tally_switch(struct visit *visit, const char *action)
{
	struct html *html = &visit->html;
	struct tallies tallies = { .count = 0 };

	if (!visit->app->ctx.tally || store_tally_each(visit->app->store, add_tally, &tallies, NULL) != OK ||
	    tallies.count < 2) {
		return;
	}
	HTML(html, "<form class=\"tally\" method=\"get\"");
	HTML_ATTRIBUTE(html, "action", action);
	HTML(html, "><label>");
	html_word(html, "tally");
	HTML(html, " <select name=\"tally\">");
	for (unsigned i = 0; i < tallies.count; i++) {
		HTML(html, "<option");
		HTML_ATTRIBUTE(html, "value", hex_of(visit, &tallies.items[i].id));
		HTML_ATTRIBUTE(html, "selected", tallies.items[i].row == visit->app->ctx.tally ? "" : NULL);
		HTML(html, ">");
		html_plain(html, label_of(visit, &tallies.items[i]));
		HTML(html, "</option>");
	}
	HTML(html, "</select></label> <button class=\"quiet\">");
	html_word(html, "change");
	HTML(html, "</button></form>");
}
