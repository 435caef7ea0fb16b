/* Beneath the form of a new order: what the agreement in force does not allow, and why. What it allows stands in the form. */
#include "base/cbor.h"
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support_pages.h"
#include "domain/support/support_state.h"
#include <string.h>

struct refusing {
	struct ctx *ctx;
	struct profile profile;
	struct grid grid;
};

static const char *text_of(struct refusing *refusing, struct bytes item)
{
	struct bytes text;

	return item.len > 0 && cbor_text(item, &text) ? print_text(refusing->ctx, text) : "";
}

static const char *named(struct refusing *refusing, struct bytes item)
{
	return text_of(refusing, cbor_path(item, refusing->ctx->lang == LANG_JA ? "ja" : "en", NULL));
}

static size_t open_at(struct bytes *at, enum cbor_type type)
{
	struct cbor_item head = { 0 };

	if (at->len > 0) {
		head = cbor_take(at);
	}
	return head.type == type ? head.count : 0;
}

static void refuse(struct refusing *refusing, const char *what, const char *rule, const char *source)
{
	const char *says = ctx_rule(refusing->ctx, "support", rule);
	const char *cells[] = { what, says ? says : "", rule, print_source(refusing->ctx, source) };

	grid_row(&refusing->grid, cells);
}

static void never_provided(struct refusing *refusing)
{
	struct bytes at = cbor_path(refusing->profile.whole, "never", NULL);

	for (size_t left = open_at(&at, CBOR_ARRAY); left > 0; left--) {
		struct bytes item = cbor_skip(&at);
		refuse(refusing, named(refusing, item), "S8", text_of(refusing, cbor_path(item, "source", NULL)));
	}
}

/* Categories that stand in the agreement and not on this day. */
static void not_in_force(struct refusing *refusing)
{
	struct bytes at = cbor_path(refusing->profile.whole, "categories", NULL);
	struct ctx *ctx = refusing->ctx;

	for (size_t left = open_at(&at, CBOR_ARRAY); left > 0; left--) {
		struct bytes item = cbor_skip(&at);
		const char *code = text_of(refusing, cbor_path(item, "code", NULL));
		if (!profile_category(&refusing->profile, bytes_text(code), day_of_ms(ctx->now_ms, 0))) {
			refuse(refusing,
			    arena_printf(ctx->arena, "%s (%s - %s)", named(refusing, item),
				text_of(refusing, cbor_path(item, "from", NULL)),
				text_of(refusing, cbor_path(item, "until", NULL))),
			    "S9", "agreement, categories");
		}
	}
}

static void not_settled_so(struct refusing *refusing, const char *kind)
{
	struct bytes at = cbor_path(refusing->profile.whole, "settlement", "methods", NULL);
	struct ctx *ctx = refusing->ctx;

	for (size_t left = open_at(&at, CBOR_MAP); left > 0; left--) {
		const char *code = text_of(refusing, cbor_skip(&at));
		struct bytes value = cbor_skip(&at);
		if (!profile_settles(&refusing->profile, bytes_text(kind), bytes_text(code))) {
			refuse(refusing, arena_printf(ctx->arena, "%s: %s", WORD(ctx, kind), named(refusing, value)),
			    "S11", "agreement, settlement");
		}
	}
}

enum status show_not_allowed(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct refusing refusing = { .ctx = ctx,
		.grid = { .ctx = ctx,
		    .columns = 4,
		    .column = { { WORD(ctx, "not allowed"), false, 0 }, { WORD(ctx, "reason"), false, 0 },
			{ WORD(ctx, "rule"), false, 0 }, { WORD(ctx, "source"), false, 0 } } } };

	(void)request;
	profile_read(&refusing.profile, ctx_profile(ctx));
	ctx->page = html;
	never_provided(&refusing);
	not_in_force(&refusing);
	not_settled_so(&refusing, "supply");
	not_settled_so(&refusing, "service");
	if (refusing.grid.row_count > 0) {
		print_title(ctx, WORD(ctx, "what the agreement does not allow"));
		grid_print(&refusing.grid);
	}
	ctx->page = NULL;
	return refusing.grid.failed ? err_set(err, ENVIRONMENT, "agreement: out of memory") : OK;
}
