/* Pages of the kernel: how the halves stand (page_sync.c), who may sign here. */
#include "app/app.h"
#include "base/cbor.h"
#include "core/page.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

/* ---- desks --------------------------------------------------------------------------------------------------------------- */

static const char *roles_of(struct ctx *ctx, struct bytes roles)
{
	const char *out = "";

	if (roles.len == 0) {
		return out;
	}
	struct cbor_item head = cbor_take(&roles);
	for (size_t i = 0; i < head.count; i++) {
		struct cbor_item item = cbor_take(&roles);
		out = arena_printf(
		    ctx->arena, "%s%s%.*s", out, i ? ", " : "", (int)item.bytes.len, (const char *)item.bytes.data);
	}
	return out ? out : "";
}

static enum status show_desks(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	static const struct listing_column columns[] = { { "party", "party", false }, { "desk", "desk", true },
		{ "post", "post", false }, { "roles", "roles", false }, { "until", "until", false },
		{ "standing", "standing", false } };
	struct key_view *keys;
	unsigned count;
	struct listing listing;
	enum status status = app_keys(app_of(ctx), &keys, &count, err);

	if (status != OK) {
		return status;
	}
	listing_open(&listing, ctx, request, html, columns, 6);
	for (unsigned i = 0; i < count; i++) {
		if (keys[i].key_class != KEY_DESK) {
			continue;
		}
		const struct listing_cell cells[] = {
			{ print_party(ctx, keys[i].signer.party), NULL, false },
			{ arena_printf(ctx->arena, "%lld", (long long)keys[i].signer.desk_number), NULL, false },
			{ print_text(ctx, keys[i].signer.post), NULL, false },
			{ roles_of(ctx, keys[i].signer.roles), NULL, false },
			{ print_time(ctx, keys[i].until_ms), NULL, false },
			{ keys[i].revoked        ? "revoked"
				: keys[i].counts ? "good"
						 : "void",
			    NULL, true },
		};
		listing_row(&listing, cells);
	}
	listing_close(&listing);
	return OK;
}

const struct page web_pages[] = {
	{ "/sync", "Sync", "同期", true, show_sync },
	{ "/desk", "Desks", "担当", true, show_desks },
	{ 0 },
};

const struct act web_acts[] = {
	{ "/sync", false, NULL, sync_now },
	{ 0 },
};
