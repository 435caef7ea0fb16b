/* The papers of the domains as PDF, and the links that lead to them. What a paper is, and for what it is written, stands in the domain's table. */
#include "base/limits.h"
#include "paper/paper.h"
#include "web/web.h"
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
	if (paper->has_day) {
		wish.as_of = request_param(visit->request, "as_of");
		wish.as_of = wish.as_of && wish.as_of[0] ? wish.as_of : NULL;
	}
	const char *dir = arena_printf(&app->arena, "%s/papers", visit->options->home_dir);
	if (paper_write(&app->ctx, paper, &wish, dir, &visit->answer->body, &err) != OK) {
		answer_error(visit, &err);
		return;
	}
	visit->answer->type = "application/pdf";
	visit->answer->download = file_name(visit, paper, wish.number ? wish.number : wish.as_of);
}
