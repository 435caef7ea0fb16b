/* What forms on the pages of the tables do: the act of the page's path, once, and with the passphrase where it is asked for. */
#include "base/text.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

/* ---- what forms bring back ------------------------------------------------------------------------------------------------- */

void form_marks(struct visit *visit)
{
	request_marks(&visit->html, visit->request);
}

/* ---- the signature --------------------------------------------------------------------------------------------------------- */

/* The passphrase of the desk at hand, against its key file, with the waits that logging in has. NULL: it is right. */
static const char *passphrase_is_wrong(struct visit *visit)
{
	struct ctx *ctx = &visit->app->ctx;
	const char *given = pairs_get(&visit->request->fields, "passphrase");
	struct secrets secrets;
	struct err err = { 0 };

	if (given == NULL || given[0] == '\0') {
		return ctx_word(ctx, "give the passphrase of your desk once more: it is the signature");
	}
	const char *wrong = try_passphrase(visit, &visit->desk->key, given, &secrets);
	if (wrong != NULL) {
		return wrong;
	}
	bool lent = !visit->session->quick || app_lend(visit->app, &visit->desk->key, &secrets, &err) == OK;
	secrets_clear(&secrets);
	return lent ? NULL : print_text(ctx, bytes_text(ctx_said(ctx, &err)));
}

/* ---- acting ---------------------------------------------------------------------------------------------------------------- */

void answer_made(struct visit *visit, const char *said, const char *to)
{
	struct session *session = visit->session;

	session_keep_sent(session, pairs_get(&visit->request->fields, "once"), said, to);
	text_keep(session->said.text, sizeof session->said.text, bytes_text(said));
	session->said.before = false;
	if (visit->desk) {
		kept_drop(visit->sessions, &visit->desk->key);
	}
	answer_redirect(visit, to);
}

const char *words_made(struct visit *visit, const struct kind *kind, const char *number)
{
	bool ja = visit->app->ctx.lang == LANG_JA;

	return kind ? arena_printf(&visit->app->arena, ja ? "%s、%s" : "%s, %s", ja ? kind->ja : kind->en, number)
		    : number;
}

bool answer_sent_before(struct visit *visit)
{
	struct session *session = visit->session;
	const struct sent_form *before = session_sent(session, pairs_get(&visit->request->fields, "once"));

	if (before == NULL) {
		return false;
	}
	snprintf(session->said.text, sizeof session->said.text, "%s", before->said);
	session->said.before = true;
	answer_redirect(visit, before->to);
	return true;
}

static const struct act *act_for(const struct page *page)
{
	for (const struct act *act = web_acts; page && act->path; act++) {
		if (strcmp(act->path, page->path) == 0) {
			return act;
		}
	}
	for (const struct domain *const *domain = domains; page && *domain; domain++) {
		for (const struct act *act = (*domain)->acts; act && act->path; act++) {
			if (strcmp(act->path, page->path) == 0) {
				return act;
			}
		}
	}
	return NULL;
}

bool page_acts(const char *path)
{
	const struct act *act = act_for(web_page_for(path));

	return act != NULL && act->run != NULL;
}

const struct act *act_making(const struct domain *domain, const struct kind *kind)
{
	for (const struct act *act = domain->acts; act && act->path; act++) {
		if (act->kind && strcmp(act->kind, kind->name) == 0) {
			return act;
		}
	}
	return NULL;
}

const char *act_path(struct ctx *ctx, const struct act *act, const char *target)
{
	return target ? html_path(ctx, arena_printf(ctx->arena, "%s/", act->path), target) : act->path;
}

/* The page again, with what is wrong; what a command printed until then stands beneath it. */
static void show_again(struct visit *visit, const struct page *page, const char *wrong, const struct err *refused)
{
	struct ctx *ctx = &visit->app->ctx;

	visit->wrong = wrong;
	visit->refused = refused;
	visit->details = print_text(ctx, buf_bytes(ctx->out));
	buf_reset(ctx->out);
	show_page(visit, page);
}

static unsigned status_of(enum status status)
{
	return status == REFUSED ? 422 : status == NOT_FOUND ? 404 : status == ENVIRONMENT ? 500 : 400;
}

void post_page(struct visit *visit, const char *rest)
{
	const struct page *page = web_page_for(visit->request->path);
	const struct act *act = act_for(page);
	struct ctx *ctx = &visit->app->ctx;
	struct acted acted = { 0 };
	struct err err = { 0 };
	const char *wrong = NULL;

	(void)rest;
	if (act == NULL || act->run == NULL) {
		answer_page(visit, 404, ctx_word(ctx, "not found"), visit->request->path);
		return;
	}
	if (answer_sent_before(visit)) {
		return;
	}
	visit->request->rest = visit->request->path + strlen(page->path);
	visit->request->rest += visit->request->rest[0] == '/';
	if (act->passphrase && (wrong = passphrase_is_wrong(visit)) != NULL) {
		visit->answer->status = visit->answer->status == 200 ? 403 : visit->answer->status;
		show_again(visit, page, wrong, NULL);
		return;
	}
	enum status status = act->run(ctx, visit->request, &acted, &err);
	if (status != OK) {
		visit->answer->status = status_of(status);
		show_again(visit, page, NULL, &err);
		return;
	}
	const char *name = acted.kind ? acted.kind : act->kind, *number = acted.number ? acted.number : "";
	const struct domain *domain = name ? domain_find(bytes_text(name)) : NULL;
	const char *said =
	    acted.said ? acted.said : words_made(visit, domain ? domain_kind(domain, bytes_text(name)) : NULL, number);
	answer_made(visit, said, acted.to ? acted.to : html_path(ctx, "/thread/", acted.said ? acted.said : number));
}
