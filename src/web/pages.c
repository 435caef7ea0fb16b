/* Pages of the kernel: how the halves stand, who may sign here. */
#include "app/app.h"
#include "core/page.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

/* ---- sync --------------------------------------------------------------------------------------------------------------- */

static const char *hex_of(struct ctx *ctx, const struct id *id)
{
	char hex[ID_BYTES * 2 + 1];

	hex_print(id_bytes(id), hex);
	return print_text(ctx, bytes_text(hex));
}

static const char logs_sql[] = "SELECT l.party, l.class, l.head_seq, l.stopped, e.stored_ms FROM log l "
			       "LEFT JOIN entry e ON e.log = l.row AND e.seq = l.head_seq WHERE l.tally = :tally "
			       "ORDER BY l.party, l.row";

static enum status show_sync(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	static const struct listing_column columns[] = { { "party", "party", false }, { "entries", "entries", true },
		{ "last", "last stored", false }, { "stopped", "stopped", false } };
	struct app *app = app_of(ctx);
	struct query *rows = NULL;
	struct listing listing;
	struct id digest;
	enum status status = digest_now(app->store, ctx->tally, &digest, err);

	if (status == OK) {
		status = ctx_query(ctx, logs_sql, &rows, err);
	}
	if (status != OK) {
		return status;
	}
	if (request_param(request, "as") == NULL) {
		HTML(html, "<dl class=\"facts\">");
		fact(html, "tally", hex_of(ctx, &app->tally.id));
		fact(html, "digest", hex_of(ctx, &digest));
		HTML(html, "</dl>");
	}
	listing_open(&listing, ctx, request, html, columns, 4);
	while (query_next(rows)) {
		const struct listing_cell cells[] = {
			{ print_party(ctx, query_int(rows, 0)), NULL, false },
			{ arena_printf(ctx->arena, "%lld", (long long)query_int(rows, 2)), NULL, false },
			{ query_is_null(rows, 4) ? "-" : print_time(ctx, query_int(rows, 4)), NULL, false },
			{ query_is_null(rows, 3) ? "" : print_text(ctx, query_text(rows, 3)), NULL, false },
		};
		listing_row(&listing, cells);
	}
	query_close(rows);
	listing_close(&listing);
	return OK;
}

const struct page web_pages[] = {
	{ "/sync", "Sync", "同期", true, show_sync },
	{ "/desk", "Desks", "担当", true, NULL },
	{ 0 },
};
