/* The first page, the joint statement: what was pledged and how each side sees it, meetings to come, what is overdue; and what may stand in
 * the fields of this domain's forms. */
#include "base/time.h"
#include "core/page.h"
#include "core/print.h"
#include "domain/statement/statement_state.h"
#include <string.h>

static enum status show_rest(struct ctx *ctx, struct err *err)
{
	print_title(ctx, WORD(ctx, "meetings to come"));
	enum status status = meetings_show(ctx, ctx->now_ms, err);

	if (status == OK) {
		print_title(ctx, WORD(ctx, "overdue actions"));
		status = actions_show(ctx, day_of_ms(ctx->now_ms, 0), true, err);
	}
	return status;
}

static enum status show_statement(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	(void)request;
	ctx->page = html;
	print_title(ctx, WORD(ctx, "pledges"));
	enum status status = pledges_show(ctx, err);
	if (status == OK) {
		status = show_rest(ctx, err);
	}
	ctx->page = NULL;
	return status;
}

const struct page statement_pages[] = {
	{ "/", "Joint statement", "共同声明", true, show_statement },
	{ 0 },
};

/* ---- choices --------------------------------------------------------------------------------------------------------- */

struct fixed {
	const char *field;
	struct field_choice choices[5];
};
static const struct fixed fixed[] = {
	{ "view",
	    { { "not_started", "Not started", "未着手" }, { "under_way", "Under way", "進行中" },
		{ "done", "Done", "実施済" }, { "stopped", "Stopped", "中止" } } },
	{ "outcome",
	    { { "agreed", "Agreed", "合意" }, { "noted", "Noted", "了知" }, { "deferred_to", "Deferred", "持越し" },
		{ "referred_to", "Referred", "付託" } } },
	{ "carried_out_by",
	    { { "support", "Support", "支援" }, { "mission", "Missions", "任務" }, { "cyber", "Cyber", "サイバー" },
		{ "study", "Studies", "研究" } } },
	{ 0 },
};

enum status statement_choices(struct ctx *ctx, const struct kind *kind, const struct field *field,
    struct field_choice **out, unsigned *count, struct err *err)
{
	(void)kind;
	*count = 0;
	*out = NULL;
	for (const struct fixed *row = fixed; row->field && field->type == FIELD_CODE; row++) {
		if (strcmp(row->field, field->name) != 0) {
			continue;
		}
		*out = arena_take_array(ctx->arena, sizeof row->choices / sizeof *row->choices, sizeof **out);
		if (*out == NULL) {
			return err_set(err, ENVIRONMENT, "choices: out of memory");
		}
		while (*count < sizeof row->choices / sizeof *row->choices && row->choices[*count].value) {
			(*out)[*count] = row->choices[*count];
			(*count)++;
		}
	}
	return OK;
}
