/* What has to be done at a part that waits, in the words of the moves, and whose roles may do it. */
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_look.h"
#include <string.h>

static void add_role(struct todo *todo, const char *role)
{
	for (unsigned i = 0; i < todo->role_count; i++) {
		if (strcmp(todo->roles[i], role) == 0) {
			return;
		}
	}
	if (todo->role_count < TODO_MOST) {
		todo->roles[todo->role_count++] = role;
	}
}

static void add_kind(struct todo *todo, const struct kind *kind, const char *role)
{
	for (unsigned i = 0; i < todo->count; i++) {
		if (todo->kinds[i] == kind) {
			return;
		}
	}
	if (kind != NULL && todo->count < TODO_MOST) {
		todo->kinds[todo->count++] = kind;
		add_role(todo, role);
	}
}

/* Moves of the pen from the state that it is in, but for those that would be refused whatever is typed. */
static void add_pen_moves(const struct look *look, const struct look_part *part, int64_t now_ms, struct todo *todo)
{
	for (const struct transition *row = support_domain.transitions; row->kind; row++) {
		const struct kind *kind = domain_kind(&support_domain, bytes_text(row->kind));
		if (row->from && row->standing == PEN_MOVE && row->side == part->state->pen &&
		    strcmp(row->part_type, part->part->type->name) == 0 && strcmp(row->from, part->state->name) == 0 &&
		    support_offers(look->fold, part->part, kind, NULL, now_ms)) {
			add_kind(todo, kind, row->role);
		}
	}
}

/* Of what is claimed the claim waits: until it is approved, that is to be done, and then it is to be paid. */
static void add_claim_moves(const struct look *look, const struct look_part *issue, int64_t now_ms, struct todo *todo)
{
	const struct claim_line *found;
	unsigned at = 0;
	const struct look_part *claim = issue->issue->line_count > 0
	    ? line_claim(look, issue, issue->issue->lines[0].terms->line, &at, &found)
	    : NULL;

	if (claim != NULL && claim->state != NULL && claim->state->pen == RECEIVER) {
		add_pen_moves(look, claim, now_ms, todo);
	} else {
		add_kind(todo, &support_kinds[KIND_REMITTED], "payer");
	}
}

/* The clock names what it waits for, where that is not a move of the part's own pen. */
void todo_of(const struct look *look, const struct look_part *part, const char *clock, int64_t now_ms, struct todo *out)
{
	static const struct {
		const char *clock, *role;
		enum support_kind kind;
	} named[] = { { "claim", "claims", KIND_CLAIMED },
		{ "claim on own evidence", "claims", KIND_CLAIMED_UNACKNOWLEDGED },
		{ "conversion", "claims", KIND_CONVERTED } };

	*out = (struct todo){ .count = 0 };
	for (size_t i = 0; clock && i < sizeof named / sizeof *named; i++) {
		if (strcmp(named[i].clock, clock) == 0) {
			add_kind(out, &support_kinds[named[i].kind], named[i].role);
			return;
		}
	}
	if (part->order != NULL && strcmp(part->state->name, "agreed") == 0) {
		enum support_kind next = order_only_closing(look) ? KIND_CLOSED : KIND_ISSUED;
		add_kind(out, &support_kinds[next], "issuer");
	} else if (part->state->pen != 0) {
		add_pen_moves(look, part, now_ms, out);
	} else if (part->issue != NULL && issue_is_claimed(look, part)) {
		add_claim_moves(look, part, now_ms, out);
	} else if (part->issue != NULL || adjustment_waits_for_claim(look, part)) {
		add_kind(out, &support_kinds[KIND_CLAIMED], "claims");
	}
}

const char *todo_words(struct ctx *ctx, const struct todo *todo)
{
	const char *text = "";

	for (unsigned i = 0; i < todo->count; i++) {
		const struct kind *kind = todo->kinds[i];
		text = arena_printf(
		    ctx->arena, "%s%s%s", text, i > 0 ? " / " : "", ctx->lang == LANG_JA ? kind->ja : kind->en);
	}
	return text;
}

const char *todo_roles(struct ctx *ctx, const struct todo *todo)
{
	const char *text = "";

	for (unsigned i = 0; i < todo->role_count; i++) {
		text = arena_printf(ctx->arena, "%s%s%s", text, i > 0 ? ", " : "", todo->roles[i]);
	}
	return text;
}

/* What it is about: the first line of the issue or of the order, and how many more there are. */
const char *look_item(struct ctx *ctx, const struct look *look, const struct look_part *part)
{
	const struct order_state *order = look->order ? look->order->order : NULL;
	const struct terms *terms = order == NULL ? NULL : order->agreed ? order->agreed : order->table;
	const struct terms_line *first = NULL;
	unsigned count = 0;

	if (part->issue != NULL && part->issue->line_count > 0) {
		first = part->issue->lines[0].terms;
		count = part->issue->line_count;
	} else if (terms != NULL && terms->line_count > 0) {
		first = terms->lines;
		count = terms->line_count;
	}
	if (first == NULL) {
		return "";
	}
	bool ja = first->description_en.len == 0 || (ctx->lang == LANG_JA && first->description_ja.len > 0);
	const char *text = print_text(ctx, ja ? first->description_ja : first->description_en);
	return count > 1 ? arena_printf(ctx->arena, "%s (+%u)", text, count - 1) : text;
}
