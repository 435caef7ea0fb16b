/* How the halves stand: each home of a partner, when it was heard, what waits to go there, whether the halves matched; whom this server calls by
 * itself, and what became of it; logs that cannot go on, and why. */
#include "app/background.h"
#include "app/rules.h"
#include "core/page.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

#define GROUP 4 /* hex digits, to be read over the telephone */

static const char *grouped_hex(struct ctx *ctx, const struct id *id)
{
	char hex[ID_BYTES * 2 + 1], text[ID_BYTES * 2 + ID_BYTES * 2 / GROUP + 1];
	size_t len = 0;

	hex_print(id_bytes(id), hex);
	for (size_t i = 0; i < ID_BYTES * 2; i++) {
		if (i > 0 && i % GROUP == 0) {
			text[len++] = ' ';
		}
		text[len++] = hex[i];
	}
	return print_text(ctx, bytes_of(text, len));
}

static const char *number(struct ctx *ctx, int64_t value)
{
	return arena_printf(ctx->arena, "%lld", (long long)value);
}

static const char *time_or_dash(struct ctx *ctx, int64_t ms)
{
	return ms > 0 ? print_time(ctx, ms) : "-";
}

static void hex_fact(struct html *html, const char *name, const char *value)
{
	HTML(html, "<dt>");
	html_word(html, name);
	HTML(html, "</dt><dd class=\"hex\">");
	html_text(html, value);
	HTML(html, "</dd>");
}

/* The last cell of `count` says why. */
static void table_row(
    struct html *html, const char *const *heads, const char *const *cells, unsigned count, const struct err *why)
{
	HTML(html, "<tr>");
	for (unsigned i = 0; i + 1 < count; i++) {
		html_cell(html, heads[i], cells[i]);
	}
	html_cell_err(html, heads[count - 1], why);
	HTML(html, "</tr>\n");
}

/* ---- homes of partners ----------------------------------------------------------------------------------------------------- */

static enum status home_row(struct ctx *ctx, struct listing *listing, const struct key_view *home, struct err *err)
{
	struct store *store = app_of(ctx)->store;
	struct sync_peer peer = { .heard_ms = 0 };
	int64_t waits = 0;
	enum status status = sync_peer_get(store, ctx->tally, &home->key, &peer, err);

	if (status == OK || status == NOT_FOUND) {
		status = sync_peer_waits(store, ctx->tally, &home->key, &waits, err);
	}
	if (status != OK) {
		return status;
	}
	bool compared = !id_is_zero(&peer.digest);
	const struct listing_cell cells[] = {
		{ print_party(ctx, home->signer.party), NULL, false },
		{ print_text(ctx, home->label), NULL, false },
		{ time_or_dash(ctx, peer.heard_ms), NULL, false },
		{ number(ctx, waits), NULL, false },
		{ !compared            ? "not compared yet"
			: peer.matched ? "match"
				       : "the halves differ",
		    NULL, true },
		{ time_or_dash(ctx, peer.matched_ms), NULL, false },
		{ compared ? grouped_hex(ctx, &peer.digest) : "-", NULL, false },
	};
	listing_row(listing, cells);
	return OK;
}

/* Every home that may be called or call: partners' homes, and other homes of ours. */
static enum status homes(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	static const struct listing_column columns[] = { { "party", "party", false }, { "home", "home", false },
		{ "heard", "last heard", false }, { "waits", "waits to go", true }, { "halves", "halves", false },
		{ "matched", "last match", false }, { "digest", "digest then", false } };
	struct app *app = app_of(ctx);
	struct key_view *keys;
	unsigned count;
	struct listing listing;
	enum status status = app_keys(app, &keys, &count, err);

	if (status != OK) {
		return status;
	}
	listing_open(&listing, ctx, request, html, columns, 7);
	for (unsigned i = 0; status == OK && i < count; i++) {
		if (keys[i].key_class == KEY_HOME && keys[i].counts && !keys[i].revoked &&
		    !keyfile_exists(app->home_dir, &keys[i].key)) {
			status = home_row(ctx, &listing, &keys[i], err);
		}
	}
	listing_close(&listing);
	return status;
}

/* ---- calls ------------------------------------------------------------------------------------------------------------------ */

static const char *progress(struct ctx *ctx, const struct background_state *state)
{
	return state->running && state->all > 0
	    ? arena_printf(ctx->arena, "%lld / %lld", (long long)state->done, (long long)state->all)
	    : "";
}

static const char *next_call(struct ctx *ctx, const struct background_state *state)
{
	return state->running ? ""
			      : arena_printf(ctx->arena, ctx->lang == LANG_JA ? "%lld秒" : "%lld s",
				    (long long)(state->due_in_ms + 999) / 1000);
}

static void calls(struct ctx *ctx, const struct request *request, struct html *html)
{
	static const char *const heads[] = { "party", "calls at", "state", "entries", "last call", "next call",
		"reason" };
	struct background_state *states = arena_take_array(ctx->arena, LIMIT_SYNC_ADDRESSES, sizeof *states);
	struct background *background = app_of(ctx)->background;
	unsigned count = states && background ? background_states(background, states) : 0, shown = 0;
	char tally[ID_BYTES * 2 + 1];

	hex_print(id_bytes(&app_of(ctx)->tally.id), tally);
	heading(html, "calls by HTTPS");
	for (unsigned i = 0; i < count; i++) {
		const struct background_state *state = &states[i];
		if (strcmp(state->address.tally, tally) != 0) {
			continue;
		}
		if (shown++ == 0) {
			html_table_open(html, heads, 7);
		}
		const char *cells[] = { state->address.party, state->address.url,
			ctx_word(ctx,
			    state->running             ? "under way"
				: state->ended_ms == 0 ? "not called yet"
				: state->good          ? "good"
						       : "not done"),
			progress(ctx, state), time_or_dash(ctx, state->ended_ms), next_call(ctx, state) };
		table_row(html, heads, cells, 7, &state->why);
	}
	if (shown == 0) {
		paragraph(html,
		    background
			? "no address of a partner's home is kept here; the command `warifu address set` keeps one"
			: "this server calls nobody by itself; keep an address with `warifu address set`, and start it anew");
		return;
	}
	html_table_close(html);
	page_form_open(html, request, "/sync");
	page_form_close(html, "send and fetch now");
	HTML(html, "<p>");
	html_link(html, "/sync", ctx_word(ctx, "look again"));
	HTML(html, "</p>\n");
}

enum status sync_now(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	struct background *background = app_of(ctx)->background;
	char tally[ID_BYTES * 2 + 1];

	(void)request;
	hex_print(id_bytes(&app_of(ctx)->tally.id), tally);
	if (background == NULL || background_now(background, tally) == 0) {
		return err_set(err, NOT_FOUND,
		    "no address of a partner's home is kept here; the command `warifu address set` keeps one");
	}
	acted->said = ctx_word(ctx, "a sync has begun");
	acted->to = "/sync";
	return OK;
}

/* ---- logs that cannot go on -------------------------------------------------------------------------------------------------- */

static const char stopped_sql[] =
    "SELECT l.party, l.class, l.public_key, l.head_seq, l.stopped FROM log l "
    "WHERE l.tally = :tally AND l.stopped IS NOT NULL AND l.stopped <> '' ORDER BY l.party, l.row";

/* Whose log: the post of a desk, the label of a home. */
static const char *signer_of(struct ctx *ctx, const struct key_view *keys, unsigned count, struct bytes key)
{
	for (unsigned i = 0; i < count; i++) {
		if (bytes_equal(id_bytes(&keys[i].key), key)) {
			return print_text(ctx, keys[i].key_class == KEY_HOME ? keys[i].label : keys[i].signer.post);
		}
	}
	return "-";
}

static enum status stopped(struct ctx *ctx, struct html *html, struct err *err)
{
	static const char *const heads[] = { "party", "key", "signer", "entries", "reason" };
	static const char *const classes[] = { "", "root", "recovery", "desk", "home" };
	struct query *rows = NULL;
	struct key_view *keys;
	unsigned count, shown = 0;
	enum status status = app_keys(app_of(ctx), &keys, &count, err);

	if (status == OK) {
		status = ctx_query(ctx, stopped_sql, &rows, err);
	}
	if (status != OK) {
		return status;
	}
	heading(html, "logs that cannot go on");
	while (query_next(rows)) {
		int64_t class = query_int(rows, 1);
		const char *cells[] = { print_party(ctx, query_int(rows, 0)),
			ctx_word(ctx, classes[class >= KEY_ROOT && class <= KEY_HOME ? class : 0]),
			signer_of(ctx, keys, count, query_blob(rows, 2)), number(ctx, query_int(rows, 3)) };
		struct err why = { .status = OK };
		stop_read(print_text(ctx, query_text(rows, 4)), &why);
		if (shown++ == 0) {
			html_table_open(html, heads, 5);
		}
		table_row(html, heads, cells, 5, &why);
	}
	query_close(rows);
	if (shown > 0) {
		html_table_close(html);
	} else {
		paragraph(html, "none: every log goes on");
	}
	return OK;
}

/* ---- the page ------------------------------------------------------------------------------------------------------------------ */

enum status show_sync(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct id digest;
	enum status status = OK;

	if (page_wants_data(request)) {
		return homes(ctx, request, html, err);
	}
	status = digest_now(app_of(ctx)->store, ctx->tally, &digest, err);
	if (status != OK) {
		return status;
	}
	HTML(html, "<dl class=\"facts\">");
	hex_fact(html, "tally", grouped_hex(ctx, &app_of(ctx)->tally.id));
	hex_fact(html, "digest", grouped_hex(ctx, &digest));
	HTML(html, "</dl>\n");
	heading(html, "homes");
	status = homes(ctx, request, html, err);
	if (status == OK) {
		calls(ctx, request, html);
		status = stopped(ctx, html, err);
	}
	return status;
}
