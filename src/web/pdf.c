/* The papers of the domains as PDF, and the links that lead to them. What a paper is, and for what it is written, stands in the domain's table. */
#include "base/limits.h"
#include "paper/paper.h"
#include "web/slow.h"
#include <string.h>

static void paper_link(struct visit *visit, const struct paper *paper, const char *number, const char *as_of)
{
	struct ctx *ctx = &visit->app->ctx;
	const char *base = arena_printf(ctx->arena, "/pdf/%s", paper->name);
	const char *path = number && base ? html_path(ctx, arena_printf(ctx->arena, "%s/", base), number) : base;

	if (as_of != NULL && path != NULL) {
		path = arena_printf(ctx->arena, "%s?as_of=%s", path, as_of);
	}
	HTML(&visit->html, "<li>");
	html_link(&visit->html, path ? path : "/",
	    arena_printf(ctx->arena, "%s (PDF)", ctx->lang == LANG_JA ? paper->ja : paper->en));
	HTML(&visit->html, "</li>");
}

void link_part_papers(struct visit *visit, const struct domain *domain, const struct part *part)
{
	bool any = false;

	for (const struct paper *paper = domain->papers; paper && paper->name; paper++) {
		if (paper->parts == NULL || strchr(paper->parts, part->type->letter) == NULL) {
			continue;
		}
		if (!any) {
			HTML(&visit->html, "<ul class=\"papers\">");
		}
		any = true;
		paper_link(visit, paper, part->number, NULL);
	}
	if (any) {
		HTML(&visit->html, "</ul>");
	}
}

/* A day as it was given, when it is one; the link is no place for anything else. */
static const char *day_given(struct visit *visit)
{
	const char *as_of = request_param(visit->request, "as_of");

	return as_of && strlen(as_of) == 10 && strspn(as_of, "0123456789-") == 10 ? as_of : NULL;
}

static bool is_linked_by(const struct paper *paper, const struct page *page)
{
	for (size_t i = 0; i < sizeof paper->pages / sizeof *paper->pages; i++) {
		if (paper->pages[i] != NULL && strcmp(paper->pages[i], page->path) == 0) {
			return true;
		}
	}
	return false;
}

void link_page_papers(struct visit *visit, const struct page *page)
{
	for (const struct domain *const *domain = domains; *domain; domain++) {
		for (const struct paper *paper = (*domain)->papers; paper && paper->name; paper++) {
			if (is_linked_by(paper, page)) {
				HTML(&visit->html, "<ul class=\"papers\">");
				paper_link(visit, paper, NULL, paper->has_day ? day_given(visit) : NULL);
				HTML(&visit->html, "</ul>");
			}
		}
	}
}

/* A name for the file: what is no letter, digit, point or hyphen becomes one. */
static const char *file_name(struct visit *visit, const struct paper *paper, const char *of)
{
	char *name = of ? arena_printf(visit->request->arena, "%s-%s.pdf", paper->name, of)
			: arena_printf(visit->request->arena, "%s.pdf", paper->name);

	for (char *at = name; at && *at; at++) {
		bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
		*at = (char)(plain || *at == '.' ? *at : '-');
	}
	return name ? name : "paper.pdf";
}

static void as_file(struct visit *visit, const struct paper *paper, const char *of)
{
	visit->answer->type = "application/pdf";
	visit->answer->download = file_name(visit, paper, of);
}

/* A paper of the whole tally: the file, or a page that says that it is being computed, and from where one came. */
static void show_paper(struct visit *visit, const struct slow_work *work, struct slow_item *item, bool serves)
{
	struct ctx *ctx = &visit->app->ctx;
	const char *title = ctx->lang == LANG_JA ? work->paper->ja : work->paper->en, *from = work->paper->pages[0];

	if (serves && item->status != OK) {
		answer_error(visit, &item->err);
	} else if (serves) {
		item->told = false;
		as_file(visit, work->paper, work->paper->has_day ? page_given(visit->request, "as_of") : NULL);
		buf_put_bytes(&visit->answer->body, buf_bytes(&item->content));
	} else {
		layout_open(visit, title);
		visit->answer->status = 202;
		slow_note(visit, "being computed; the browser fetches the file by itself when it is ready", "");
		if (from != NULL) {
			const struct page *page = web_page_for(from);
			HTML(&visit->html, "<p>");
			html_link(&visit->html, from, page ? ctx->lang == LANG_JA ? page->ja : page->en : title);
			HTML(&visit->html, "</p>\n");
		}
		layout_close(visit);
		if (item != NULL) {
			item->told = true;
		}
	}
}

void answer_pdf(struct visit *visit, const char *rest)
{
	struct app *app = visit->app;
	const char *stroke = strchr(rest, '/');
	const char *name = arena_printf(&app->arena, "%.*s", stroke ? (int)(stroke - rest) : (int)strlen(rest), rest);
	const struct paper *paper = name ? paper_find(name) : NULL;
	struct paper_wish wish = { stroke ? stroke + 1 : NULL, NULL };
	struct err err = { 0 };

	if (paper == NULL || (paper->parts != NULL) != (wish.number != NULL)) {
		answer_page(visit, 404, ctx_word(&app->ctx, "not found"), visit->request->path);
		return;
	}
	if (paper->parts == NULL) {
		visit->request->rest = rest;
		slow_answer(visit, &(struct slow_work){ .paper = paper, .show = show_paper });
		return;
	}
	if (paper->has_day) {
		wish.as_of = page_given(visit->request, "as_of");
	}
	const char *dir = arena_printf(&app->arena, "%s/papers", visit->options->home_dir);
	if (paper_write(&app->ctx, paper, &wish, dir, &visit->answer->body, &err) != OK) {
		answer_error(visit, &err);
		return;
	}
	as_file(visit, paper, wish.number);
}
