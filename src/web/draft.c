/* A move that is not signed but drafted, for approval in the party's national tally: the form of the move offers it beside the signature to
 * whoever drafts. What is written there is for the domain of the national tally to say: its command "draft write". */
#include "core/print.h"
#include "web/web.h"
#include <string.h>

struct national {
	struct id tally;
	unsigned count;
	bool may_draft;
};

static enum status count_national(void *context, const struct tally_row *tally, struct err *err)
{
	struct national *national = context;

	(void)err;
	if (strcmp(tally->mode, "national") == 0) {
		national->tally = tally->id;
		national->count++;
	}
	return OK;
}

static enum status look_at_desk(struct ctx *ctx, void *context, struct err *err)
{
	struct national *national = context;
	struct signer signer;
	enum status status = ctx_desk(ctx, &signer, err);

	national->may_draft = status == OK && signer_has_role(&signer, "drafter");
	return OK;
}

/* The home has one national tally, another one is at hand, and the officer drafts there. */
static bool may_draft(struct visit *visit)
{
	struct national national = { .count = 0 };

	return visit->session && !visit->app->ctx.view.national &&
	    store_tally_each(visit->app->store, count_national, &national, NULL) == OK && national.count == 1 &&
	    ctx_within(&visit->app->ctx, &national.tally, (struct bytes){ 0 }, look_at_desk, &national, NULL) == OK &&
	    national.may_draft;
}

static void field(struct visit *visit, const struct pairs *typed, const char *name, const char *label, const char *hint)
{
	struct html *html = &visit->html;

	HTML(html, "<label><span class=\"label\">");
	html_word(html, label);
	HTML(html, "</span><input type=\"text\"");
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", pairs_get(typed, name));
	HTML(html, ">");
	if (hint) {
		HTML(html, "<small>");
		html_word(html, hint);
		HTML(html, "</small>");
	}
	HTML(html, "</label>");
}

void offer_draft(struct visit *visit, const struct pairs *typed)
{
	struct html *html = &visit->html;
	const char *anew = pairs_get(typed, "draft.anew");

	if (!may_draft(visit)) {
		return;
	}
	HTML(html, "<details class=\"draft\"");
	HTML_ATTRIBUTE(html, "open", anew || pairs_get(typed, "draft") ? "" : NULL);
	HTML(html, "><summary>");
	html_word(html, "as a draft for approval");
	HTML(html, "</summary>");
	field(visit, typed, "draft.title", "title", "what it is, in a line");
	field(visit, typed, "draft.amount", "value",
	    "what the approver's limit is held against: 18,500.00 (GBP), 1,234 (JPY)");
	field(visit, typed, "draft.currency", "currency", NULL);
	field(visit, typed, "draft.anew", "draft written anew", "number of a draft that was sent back");
	HTML(html, "<p><button class=\"quiet\" name=\"draft\" value=\"true\" formnovalidate>");
	html_word(html, "as a draft for approval");
	HTML(html, "</button></p></details>");
}

/* ---- what was typed, drafted -------------------------------------------------------------------------------------------- */

static enum status find_national(struct visit *visit, struct id *tally, struct err *err)
{
	struct national national = { .count = 0 };
	enum status status = store_tally_each(visit->app->store, count_national, &national, err);

	*tally = national.tally;
	return status == OK && national.count != 1
	    ? err_set(err, NOT_FOUND, "no national tally in this home, or several; drafts lie in one")
	    : status;
}

enum status make_draft(
    struct visit *visit, const struct kind *kind, const char *target, const char *fields_json, struct err *err)
{
	const struct pairs *typed = &visit->request->fields;
	const struct domain *national = domain_find(bytes_text("national"));
	struct ctx *ctx = &visit->app->ctx;
	struct args *args = arena_take(ctx->arena, sizeof *args);
	struct acted acted = { 0 };
	struct id tally;
	char hex[2 * ID_BYTES + 1];
	enum status status =
	    args && national ? find_national(visit, &tally, err) : err_set(err, ENVIRONMENT, "draft: out of memory");

	if (status != OK || national == NULL) {
		return status;
	}
	const struct command *command = command_find(national->commands, "draft", "write");
	args_give_operand(args, kind->name);
	args_give_operand(args, target);
	args_give(args, command, "title", pairs_get(typed, "draft.title"));
	args_give(args, command, "amount", pairs_get(typed, "draft.amount"));
	args_give(args, command, "currency", pairs_get(typed, "draft.currency"));
	args_give(args, command, "anew", pairs_get(typed, "draft.anew"));
	args_give(args, command, "fields", fields_json);
	for (unsigned i = 0; i < typed->count; i++) {
		if (strcmp(typed->items[i].name, "also") == 0) {
			args_give(args, command, "also", typed->items[i].value);
		}
	}
	status = act_command(ctx, command, args, &acted, err);
	if (status == OK) {
		hex_print(id_bytes(&tally), hex);
		answer_made(visit, acted.number,
		    arena_printf(ctx->arena, "%s?tally=%s", html_path(ctx, "/thread/", acted.number), hex));
	}
	return status;
}
