/* One thread: its parts with state and pen, every entry with its signer, times and verdict, and the moves that this desk may make now. */
#include "app/describe.h"
#include "app/locate.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

/* ---- what may be done -------------------------------------------------------------------------------------------------- */

static bool may_make(
    const struct transition *row, const struct part *part, const char *state, const struct signer *signer)
{
	return row->from && strcmp(row->part_type, part->type->name) == 0 && strcmp(row->from, state) == 0 &&
	    part->sides[row->side] == signer->party && signer_has_role(signer, row->role);
}

static const struct kind *kind_of(const struct domain *domain, const char *name)
{
	return domain_kind(domain, bytes_text(name));
}

static void move_link(struct visit *visit, const struct domain *domain, const struct kind *kind, const char *number)
{
	struct ctx *ctx = &visit->app->ctx;
	const struct act *act = act_making(domain, kind);
	const char *base = arena_printf(ctx->arena, "/move/%s/", kind->name);

	HTML(&visit->html, "<li>");
	html_link(&visit->html, act ? act_path(ctx, act, number) : html_path(ctx, base ? base : "/", number),
	    ctx->lang == LANG_JA ? kind->ja : kind->en);
	HTML(&visit->html, "</li>");
}

/* Would the guards refuse it whatever is typed? Then it is not offered. */
static bool is_offered(struct visit *visit, const struct domain *domain, const struct fold *fold,
    const struct part *part, const struct kind *kind, const struct signer *signer)
{
	return domain->offers == NULL || domain->offers(fold, part, kind, signer, visit->app->ctx.now_ms);
}

/* Moves of the state that the part is in, each once though several rows lead on from it; then parts that may be opened here. */
static unsigned part_moves(struct visit *visit, const struct domain *domain, const struct fold *fold,
    const struct part *part, const char *state, const struct signer *signer)
{
	const struct transition *rows = domain->transitions;
	unsigned count = 0;

	for (const struct transition *row = rows; row->kind; row++) {
		const struct kind *kind = kind_of(domain, row->kind);
		bool again = false;
		for (const struct transition *before = rows; before < row; before++) {
			again |= strcmp(before->kind, row->kind) == 0 && may_make(before, part, state, signer);
		}
		if (kind && !again && may_make(row, part, state, signer) &&
		    is_offered(visit, domain, fold, part, kind, signer)) {
			move_link(visit, domain, kind, part->number);
			count++;
		}
	}
	return count;
}

/* Would it be on the side that opens such a part? The domain says who is on which: in a refund the two are exchanged. */
static bool is_side(const struct domain *domain, struct fold *fold, const struct part *part, const struct kind *kind,
    const struct transition *row, const struct signer *signer)
{
	struct move draft = { .kind = kind, .signer = *signer };
	unsigned sides[SIDES];
	struct err err = { 0 };

	memcpy(sides, part->sides, sizeof sides);
	return domain->sides(fold, &draft, sides, &err) == OK && sides[row->side] == signer->party;
}

/* The move by which a part is to be followed up although nobody has its pen: a receipted issue is to be claimed. */
struct followed {
	const struct kind *kind; /* NULL: none */
	unsigned party;          /* whose */
};

static bool is_followed(const struct fold *fold, const struct followed *all, const struct kind *kind)
{
	for (unsigned i = 0; all && i < fold->part_count; i++) {
		if (all[i].kind == kind) {
			return true;
		}
	}
	return false;
}

/* all: parts that are followed up, which have the button themselves; NULL: none. */
static unsigned opening_moves(struct visit *visit, const struct domain *domain, struct fold *fold,
    const struct part *part, const struct followed *all, bool notes)
{
	const struct signer *signer = &visit->app->desk.signer;
	unsigned count = 0;

	for (const struct kind *kind = domain->kinds; kind->name; kind++) {
		bool fits = kind->note;
		if (kind->note != notes || (part->parent && domain->offers == NULL)) {
			continue;
		}
		for (const struct transition *row = domain->transitions; row->kind && kind->opens == OPENS_PART;
		     row++) {
			fits |= row->from == NULL && strcmp(row->kind, kind->name) == 0 &&
			    signer_has_role(signer, row->role) && is_side(domain, fold, part, kind, row, signer);
		}
		if (fits && is_offered(visit, domain, fold, part, kind, signer) && !is_followed(fold, all, kind)) {
			move_link(visit, domain, kind, part->number);
			count++;
		}
	}
	return count;
}

static bool opens_thread(const struct domain *domain, const struct kind *kind, const struct signer *signer)
{
	for (const struct transition *row = domain->transitions; row->kind; row++) {
		if (row->from == NULL && strcmp(row->kind, kind->name) == 0 && signer_has_role(signer, row->role)) {
			return kind->opens == OPENS_THREAD;
		}
	}
	return false;
}

void show_openings(struct visit *visit, const struct domain *domain)
{
	struct app *app = visit->app;
	struct err err = { 0 };
	bool any = false;

	if (app_choose_desk(app, &err) != OK) {
		return;
	}
	for (const struct kind *kind = domain->kinds; kind->name; kind++) {
		if (!opens_thread(domain, kind, &app->desk.signer)) {
			continue;
		}
		if (!any) {
			HTML(&visit->html, "<ul class=\"moves\">");
		}
		any = true;
		const struct act *act = act_making(domain, kind);
		HTML(&visit->html, "<li>");
		html_link(&visit->html, act ? act->path : html_path(&app->ctx, "/new/", kind->name),
		    app->ctx.lang == LANG_JA ? kind->ja : kind->en);
		HTML(&visit->html, "</li>");
	}
	if (any) {
		HTML(&visit->html, "</ul>");
	}
}

/* ---- parts, by who moves next ------------------------------------------------------------------------------------------- */

enum turn { TURN_OURS, TURN_THEIRS, TURN_NOBODY, TURNS };

static bool opens_for(const struct domain *domain, struct fold *fold, const struct transition *row,
    const struct kind *kind, unsigned parties, unsigned *party)
{
	for (unsigned i = 0; i < parties; i++) {
		const struct signer anyone = { .party = i };
		if (is_side(domain, fold, fold->parts[0], kind, row, &anyone)) {
			*party = i;
			return true;
		}
	}
	return false;
}

/* Of every part of the thread, looked at once; NULL when memory is out. */
static struct followed *follow(struct visit *visit, const struct domain *domain, struct fold *fold)
{
	struct ctx *ctx = &visit->app->ctx;
	struct followed *all = arena_take_array(ctx->arena, fold->part_count, sizeof *all);
	unsigned party = 0;

	for (const struct transition *row = domain->transitions; all && domain->relies && row->kind; row++) {
		const struct kind *kind = row->from == NULL ? kind_of(domain, row->kind) : NULL;
		if (kind == NULL || kind->opens != OPENS_PART ||
		    !is_offered(visit, domain, fold, fold->parts[0], kind, NULL) ||
		    !opens_for(domain, fold, row, kind, ctx->view.party_count, &party)) {
			continue;
		}
		for (unsigned i = 1; i < fold->part_count; i++) {
			if (all[i].kind == NULL &&
			    domain->relies(fold, kind, fold->parts[i], ctx->now_ms) == RELIES_USUALLY) {
				all[i] = (struct followed){ kind, party };
			}
		}
	}
	return all;
}

static enum turn turn_of(
    struct visit *visit, const struct fold *fold, const struct part *part, const struct followed *followed)
{
	const struct domain *domain = domain_find(fold->opening->body.kind);
	const char *pen = part_pen(fold, part, fold_part_state(fold, part));

	if (part->head_count > 1) {
		return TURN_OURS; /* rivals: whoever may resolve them */
	}
	if (domain->idle && domain->idle(fold, part)) {
		return TURN_NOBODY;
	}
	if (pen[0] == '\0' && followed->kind != NULL) {
		return followed->party == visit->app->ctx.own_party ? TURN_OURS : TURN_THEIRS;
	}
	return pen[0] == '\0' ? TURN_NOBODY : strcmp(pen, visit->app->party) == 0 ? TURN_OURS : TURN_THEIRS;
}

/* Who moves next, and, where the table gives nobody the pen, by what. */
static void next_mover(
    struct visit *visit, const struct fold *fold, const struct part *part, const struct followed *followed)
{
	struct html *html = &visit->html;
	enum turn turn = turn_of(visit, fold, part, followed);
	const char *pen = part_pen(fold, part, fold_part_state(fold, part));
	const struct kind *kind = pen[0] ? NULL : followed->kind;

	if (turn == TURN_NOBODY || (pen[0] == '\0' && kind == NULL)) {
		return;
	}
	HTML(html, " <span class=\"pen\">");
	html_word(html, turn == TURN_OURS ? "waits for you" : "waits for partner");
	HTML(html, ": ");
	html_text(html, pen[0] ? pen : fold->tally->party_codes[followed->party]);
	if (kind) {
		HTML(html, ", ");
		html_text(html, visit->app->ctx.lang == LANG_JA ? kind->ja : kind->en);
	}
	HTML(html, "</span>");
}

/* The button of that move, where this desk may make it. It is aimed at the first part, and its form names this one already. */
static unsigned following_move(
    struct visit *visit, const struct domain *domain, const struct fold *fold, const struct followed *followed)
{
	const struct signer *signer = &visit->app->desk.signer;

	for (const struct transition *row = domain->transitions; followed->kind && row->kind; row++) {
		if (row->from == NULL && strcmp(row->kind, followed->kind->name) == 0 &&
		    followed->party == signer->party && signer_has_role(signer, row->role)) {
			move_link(visit, domain, followed->kind, fold->parts[0]->number);
			return 1;
		}
	}
	return 0;
}

/* What waits for the party and is for others there: whom to ask. */
static void other_desks(struct visit *visit, const struct domain *domain, const struct part *part,
    const struct state *state, const struct followed *followed)
{
	struct html *html = &visit->html;
	const char *told[8] = { NULL };
	unsigned count = 0;

	for (const struct transition *row = domain->transitions; row->kind; row++) {
		bool leads = row->from == NULL ? followed->kind && strcmp(row->kind, followed->kind->name) == 0
		    : state->pen == 0          ? false
					       : strcmp(row->part_type, part->type->name) == 0 &&
			strcmp(row->from, state->name) == 0 && row->side == state->pen && row->role;
		bool again = false;
		for (unsigned i = 0; i < count; i++) {
			again |= strcmp(told[i], row->role) == 0;
		}
		if (leads && !again && count < sizeof told / sizeof *told) {
			if (count == 0) {
				HTML(html, "<p class=\"whom\">");
				html_word(html, "this is for a desk with the role");
			}
			html_text(html, count == 0 ? ": " : ", ");
			html_text(html, print_role(html->ctx, row->role));
			told[count++] = row->role;
		}
	}
	if (count > 0) {
		HTML(html, " (");
		html_link(html, "/desk", ctx_word(&visit->app->ctx, "desks"));
		HTML(html, ")</p>");
	}
}

/* A part with several heads: one who may make such a move says which of them stands. */
static void resolving_move(struct visit *visit, const struct domain *domain, const struct part *part)
{
	const struct kind *kind = kind_of(domain, arena_printf(visit->app->ctx.arena, "%s.resolved", domain->name));

	if (kind && part->head_count > 1) {
		HTML(&visit->html, "<ul class=\"moves\">");
		move_link(visit, domain, kind, part->number);
		HTML(&visit->html, "</ul>");
	}
}

static void card_moves(
    struct visit *visit, const struct domain *domain, struct fold *fold, unsigned index, const struct followed *all)
{
	const struct part *part = fold->parts[index];
	const struct state *state = fold_part_state(fold, part);

	HTML(&visit->html, "<ul class=\"moves\">");
	unsigned count = following_move(visit, domain, fold, &all[index]);
	opening_moves(visit, domain, fold, part, all, false);
	count += part_moves(visit, domain, fold, part, state->name, &visit->app->desk.signer);
	HTML(&visit->html, "</ul>");
	if (count == 0 && turn_of(visit, fold, part, &all[index]) == TURN_OURS) {
		other_desks(visit, domain, part, state, &all[index]);
	}
}

static void part_card(
    struct visit *visit, const struct domain *domain, struct fold *fold, unsigned index, const struct followed *all)
{
	struct html *html = &visit->html;
	struct app *app = visit->app;
	const struct part *part = fold->parts[index];
	const struct state *state = fold_part_state(fold, part);
	const char *hint = domain->hint ? domain->hint(fold, part) : NULL;

	HTML(html, "<section class=\"part\"><h3>");
	html_text(html, part->number);
	HTML(html, " <small>");
	html_text(html, app->ctx.lang == LANG_JA ? part->type->ja : part->type->en);
	HTML(html, "</small></h3><p>");
	html_state(html, state ? state->name : "rivals");
	next_mover(visit, fold, part, &all[index]);
	if (hint) {
		HTML(html, " <small>");
		html_word(html, hint);
		HTML(html, "</small>");
	}
	HTML(html, "</p>");
	if (app->has_desk && state) {
		card_moves(visit, domain, fold, index, all);
	}
	if (app->has_desk && !state) {
		resolving_move(visit, domain, part);
	}
	link_part_papers(visit, domain, part);
	show_life(visit, domain, fold, part);
	HTML(html, "</section>\n");
}

static void part_cards(struct visit *visit, const struct domain *domain, struct fold *fold, enum turn turn,
    const struct followed *followed)
{
	static const char *const titles[TURNS] = { "waits for you", "waits for partner", "nothing more to do" };
	bool any = false;

	for (unsigned i = 0; i < fold->part_count; i++) {
		if (turn_of(visit, fold, fold->parts[i], &followed[i]) != turn) {
			continue;
		}
		if (!any) {
			HTML(&visit->html, "<h2>");
			html_word(&visit->html, titles[turn]);
			HTML(&visit->html, "</h2><div class=\"parts\">");
		}
		any = true;
		part_card(visit, domain, fold, i, followed);
	}
	if (any) {
		HTML(&visit->html, "</div>");
	}
}

/* Parts that this desk may open in the thread, and notes. */
static void other_moves(struct visit *visit, const struct domain *domain, struct fold *fold)
{
	if (!visit->app->has_desk) {
		return;
	}
	HTML(&visit->html, "<h2>");
	html_word(&visit->html, "other moves");
	HTML(&visit->html, "</h2><ul class=\"moves\">");
	opening_moves(visit, domain, fold, fold->parts[0], NULL, true);
	HTML(&visit->html, "</ul>");
}

/* ---- entries ------------------------------------------------------------------------------------------------------------ */

static const char *short_time_of(struct ctx *ctx, const json_t *row, const char *name)
{
	const char *text = json_get_text(row, name);

	return text ? arena_printf(ctx->arena, "%.10s %.5sZ", text, strlen(text) > 11 ? text + 11 : "") : "-";
}

static const char *kind_name(struct ctx *ctx, const char *name)
{
	const struct domain *domain;
	const struct kind *kind = name ? kind_find(name, &domain) : NULL;

	return kind == NULL ? name : ctx->lang == LANG_JA ? kind->ja : kind->en;
}

static void entry_row(struct visit *visit, const json_t *row)
{
	struct html *html = &visit->html;
	struct ctx *ctx = &visit->app->ctx;
	const char *rule = json_get_text(row, "rule"), *verdict = json_get_text(row, "verdict"),
		   *id = json_get_text(row, "id");

	HTML(html, "<tr>");
	html_cell(html, "stated", short_time_of(ctx, row, "stated"));
	html_cell(html, "party", json_get_text(row, "party"));
	html_cell(html, "post", json_get_text(row, "post"));
	html_cell(html, "number", json_get_text(row, "number"));
	html_cell(html, "move", kind_name(ctx, json_get_text(row, "kind")));
	const char *said = ctx_word(ctx, verdict ? verdict : "-"), *says = json_get_text(row, "says");
	html_cell(html, "verdict", rule ? arena_printf(ctx->arena, "%s %s: %s", said, rule, says ? says : "") : said);
	html_cell(html, "not before", short_time_of(ctx, row, "not_before"));
	html_cell(html, "not after", short_time_of(ctx, row, "not_after"));
	html_cell(html, "entry", id ? arena_printf(ctx->arena, "%.12s", id) : "");
	HTML(html, "</tr>\n");
}

static void entries(struct visit *visit, const char *number)
{
	static const char *const heads[] = { "stated", "party", "post", "number", "move", "verdict", "not before",
		"not after", "entry" };
	struct html *html = &visit->html;
	json_t *rows = NULL, *row;
	struct err err = { 0 };
	size_t index;

	if (why_rows(visit->app, number, &rows, &err) != OK) {
		layout_error(visit, &err);
		return;
	}
	HTML(html, "<h2>");
	html_word(html, "moves made");
	HTML(html, "</h2><div class=\"table\"><table><thead><tr>");
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		HTML(html, "<th scope=\"col\">");
		html_word(html, heads[i]);
		HTML(html, "</th>");
	}
	HTML(html, "</tr></thead><tbody>");
	json_array_foreach(rows, index, row)
	{
		entry_row(visit, row);
	}
	HTML(html, "</tbody></table></div>");
	json_decref(rows);
}

void show_domain_part(struct visit *visit, const struct domain *domain, const char *place)
{
	struct err err = { 0 };
	const char *path = arena_printf(&visit->app->arena, "%s%s", place, domain->name);

	for (const struct page *page = domain->pages; page && page->path && path; page++) {
		if (strcmp(page->path, path) == 0 &&
		    page->show(&visit->app->ctx, visit->request, &visit->html, &err) != OK) {
			layout_error(visit, &err);
		}
	}
}

void show_thread(struct visit *visit, const char *number)
{
	struct app *app = visit->app;
	struct target target;
	struct err err = { 0 };

	if (locate(app, number, NULL, &app->arena, &target, &err) != OK) {
		answer_error(visit, &err);
		return;
	}
	struct fold *fold = target.fold;
	const struct domain *domain = fold->opening ? domain_find(fold->opening->body.kind) : NULL;
	if (domain == NULL || fold->part_count == 0) {
		answer_page(visit, 404, number, ctx_word(&app->ctx, "waiting for an upgrade, or for its opening"));
		return;
	}
	const struct followed *followed = follow(visit, domain, fold);
	if (followed == NULL) {
		err_set(&err, ENVIRONMENT, "page: out of memory");
		answer_error(visit, &err);
		return;
	}
	app_choose_desk(app, &err); /* none: nothing may be done, and all may be read */
	visit->request->rest = fold->parts[0]->number;
	layout_open(visit, fold->parts[0]->number);
	part_cards(visit, domain, fold, TURN_OURS, followed);
	show_domain_part(visit, domain, "/thread/");
	part_cards(visit, domain, fold, TURN_THEIRS, followed);
	part_cards(visit, domain, fold, TURN_NOBODY, followed);
	other_moves(visit, domain, fold);
	show_attachments(visit, fold->parts[0]->number);
	entries(visit, fold->parts[0]->number);
	layout_close(visit);
}
