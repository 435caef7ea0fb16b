/* From a name to a file: the paper of a domain, the layout for it, its facts. */
#include "base/cbor.h"
#include "base/limits.h"
#include "core/assets.h"
#include "core/domain.h"
#include "core/input.h"
#include "paper/layout.h"
#include "paper/paper.h"
#include <string.h>
#include <unistd.h>

ASSET_DECLARE(paper_order_request); /* data/papers/order-request.json */
ASSET_DECLARE(paper_order_receipt);
ASSET_DECLARE(paper_order_claim);
ASSET_DECLARE(paper_account);
ASSET_DECLARE(paper_audit);
ASSET_DECLARE(paper_notice);
ASSET_DECLARE(paper_handover);

static struct bytes shipped(const char *name)
{
	const struct {
		const char *name;
		struct bytes text;
	} layouts[] = {
		{ "order-request", ASSET(paper_order_request) },
		{ "order-receipt", ASSET(paper_order_receipt) },
		{ "order-claim", ASSET(paper_order_claim) },
		{ "account", ASSET(paper_account) },
		{ "audit", ASSET(paper_audit) },
		{ "notice", ASSET(paper_notice) },
		{ "handover", ASSET(paper_handover) },
	};

	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
		if (strcmp(layouts[i].name, name) == 0) {
			return layouts[i].text;
		}
	}
	return (struct bytes){ 0 };
}

const struct paper *paper_find(const char *name)
{
	for (const struct domain *const *domain = domains; *domain; domain++) {
		for (const struct paper *paper = (*domain)->papers; paper && paper->name; paper++) {
			if (strcmp(paper->name, name) == 0) {
				return paper;
			}
		}
	}
	return NULL;
}

/* A name from a profile, which a partner may have written, becomes part of a path: letters, digits and hyphens. */
static bool name_fits(struct bytes name)
{
	bool fits = name.len > 0 && name.len <= 64;

	for (size_t i = 0; i < name.len && fits; i++) {
		uint8_t c = name.data[i];
		fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0);
	}
	return fits;
}

/* The layout that the agreement's procedural arrangement has for the paper, else its own. */
static enum status layout_name(struct ctx *ctx, const struct paper *paper, const char **name, struct err *err)
{
	struct bytes profile = ctx_profile(ctx), found = { 0 }, text;

	*name = paper->name;
	if (profile.len > 0) {
		found = cbor_path(profile, "papers", paper->name, NULL);
	}
	if (found.len == 0) {
		return OK;
	}
	if (!cbor_text(found, &text) || !name_fits(text)) {
		return err_set(err, BAD_INPUT,
		    "paper %s: the agreement names a layout that is no name; must be a-z, 0-9 and hyphens",
		    paper->name);
	}
	*name = arena_text(ctx->arena, text);
	return *name ? OK : err_set(err, ENVIRONMENT, "paper: out of memory");
}

static enum status layout_find(struct ctx *ctx, const char *name, const char *dir, json_t **out, struct err *err)
{
	const char *path = dir ? arena_printf(ctx->arena, "%s/%s.json", dir, name) : NULL;
	struct bytes text = shipped(name);

	if (path != NULL && access(path, F_OK) == 0) {
		enum status status = input_read(ctx->arena, path, LIMIT_JSON_BYTES, &text, err);
		return status == OK ? layout_read(text, path, out, err) : status;
	}
	if (text.len == 0) {
		return err_set(err, NOT_FOUND,
		    "layout %s: the agreement names it and it is not here; put it into %s as %s.json", name,
		    dir ? dir : "papers of the home", name);
	}
	return layout_read(text, name, out, err);
}

enum status paper_write(struct ctx *ctx, const struct paper *paper, const struct paper_wish *wish, const char *dir,
    struct buf *out, struct err *err)
{
	json_t *layout = NULL, *facts = json_object();
	const char *name;
	enum status status = paper->gather(ctx, wish, facts, err);

	if (status == OK) {
		status = layout_name(ctx, paper, &name, err);
	}
	if (status == OK) {
		status = layout_find(ctx, name, dir, &layout, err);
	}
	if (status == OK) {
		status = paper_print(layout, facts, out, err);
	}
	json_decref(layout);
	json_decref(facts);
	return status;
}
