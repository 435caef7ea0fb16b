/* The life of a part, drawn from the domain's table of transitions: the states it has been in, the one it is in, and those that may come
 * next, each with who made or may make the move. */
#include "app/locate.h"
#include "base/time.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

#define LIFE_STEPS 8 /* of those that are over, the last so many are drawn */

static const char *label_of(const struct ctx *ctx, const struct kind *kind)
{
	return kind == NULL ? "" : ctx->lang == LANG_JA ? kind->ja : kind->en;
}

/* The move before, on the way to the one head. */
static const struct move *before(const struct move *move)
{
	return move->body.answer_count > 0 ? move->answers[0] : NULL;
}

static void step_over(struct visit *visit, const struct move *move, const char *state, bool now)
{
	struct html *html = &visit->html;
	struct ctx *ctx = &visit->app->ctx;

	if (now) {
		HTML(html, "<li class=\"now\" aria-current=\"step\">");
	} else {
		HTML(html, "<li class=\"over\">");
	}
	html_state(html, state);
	if (now) {
		HTML(html, " <strong>");
		html_word(html, "now");
		HTML(html, "</strong>");
	}
	HTML(html, " <small>");
	html_printf(html, "%s, %s, %s", label_of(ctx, move->kind), print_party(ctx, move->signer.party),
	    print_day(ctx, day_of_ms(move->body.stated_ms, 0)));
	HTML(html, "</small></li>");
}

/* Steps that are over, oldest first. */
static void steps_over(struct visit *visit, const struct move *head)
{
	const struct move *steps[LIFE_STEPS];
	unsigned count = 0, all = 0;

	for (const struct move *move = before(head); move != NULL; move = before(move)) {
		if (move->state && count < LIFE_STEPS) {
			steps[count++] = move;
		}
		all++;
	}
	if (all > count) {
		HTML(&visit->html, "<li class=\"over\"><small>");
		html_printf(&visit->html, "%s: %u", ctx_word(&visit->app->ctx, "earlier steps"), all - count);
		HTML(&visit->html, "</small></li>");
	}
	while (count > 0) {
		count--;
		step_over(visit, steps[count], steps[count]->state->name, false);
	}
}

static bool leads_on(const struct transition *row, const struct part *part, const char *state)
{
	return row->from && strcmp(row->part_type, part->type->name) == 0 && strcmp(row->from, state) == 0;
}

static bool same_end(const struct transition *a, const struct transition *b)
{
	return strcmp(a->to, b->to) == 0;
}

/* Each kind once, with the party that may make it: "JP: Offer, Decline". */
static void moves_to(struct visit *visit, const struct domain *domain, const struct part *part, const char *state,
    const struct transition *end)
{
	struct ctx *ctx = &visit->app->ctx;
	unsigned said_side = 0;

	HTML(&visit->html, " <small>");
	html_printf(&visit->html, "%s: ", ctx_word(ctx, "next"));
	for (const struct transition *row = end; row->kind; row++) {
		if (!leads_on(row, part, state) || !same_end(row, end)) {
			continue;
		}
		const char *name = label_of(ctx, domain_kind(domain, bytes_text(row->kind)));
		if (row->side == said_side) {
			html_printf(&visit->html, ", %s", name);
		} else {
			html_printf(&visit->html, "%s%s: %s", said_side ? "; " : "",
			    print_party(ctx, part->sides[row->side]), name);
		}
		said_side = row->side;
	}
	HTML(&visit->html, "</small></li>");
}

static void steps_next(struct visit *visit, const struct domain *domain, const struct part *part, const char *state)
{
	for (const struct transition *row = domain->transitions; row->kind; row++) {
		bool drawn = !leads_on(row, part, state);
		for (const struct transition *other = domain->transitions; other < row && !drawn; other++) {
			drawn = leads_on(other, part, state) && same_end(other, row);
		}
		if (!drawn) {
			HTML(&visit->html, "<li class=\"next\">");
			html_state(&visit->html, row->to);
			moves_to(visit, domain, part, state, row);
		}
	}
}

void show_life(struct visit *visit, const struct domain *domain, const struct fold *fold, const struct part *part)
{
	struct html *html = &visit->html;
	const struct state *state = fold_part_state(fold, part);

	if (part->head_count != 1 || state == NULL || part->heads[0]->state == NULL) {
		return; /* rivals: there is no one line of moves */
	}
	HTML(html, "<ol class=\"life\"");
	HTML_ATTRIBUTE(html, "aria-label", ctx_word(&visit->app->ctx, "life"));
	HTML(html, ">");
	steps_over(visit, part->heads[0]);
	step_over(visit, part->heads[0], state->name, true);
	if (state->pen != 0 || part->heads[0]->state == state) {
		steps_next(visit, domain, part, state->name);
	}
	HTML(html, "</ol>");
}
