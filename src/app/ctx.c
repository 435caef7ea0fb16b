/* What a domain's command may ask for: rows, and the agreement. */
#include "app/app.h"
#include "app/locate.h"
#include "base/limits.h"
#include "base/time.h"

struct query {
	struct statement *statement;
	struct err err;
};

enum status ctx_query(struct ctx *ctx, const char *sql, struct query **query, struct err *err)
{
	*query = arena_take(ctx->arena, sizeof **query);
	if (!*query) {
		return err_set(err, ENVIRONMENT, "query: out of memory");
	}
	enum status status = db_statement(app_of(ctx)->store->db, sql, &(*query)->statement, err);
	if (status == OK && statement_has((*query)->statement, "tally")) {
		statement_int((*query)->statement, "tally", ctx->tally);
	}
	return status;
}

void query_bind_int(struct query *query, const char *name, int64_t value)
{
	statement_int(query->statement, name, value);
}
void query_bind_text(struct query *query, const char *name, struct bytes text)
{
	statement_text(query->statement, name, text);
}
void query_bind_blob(struct query *query, const char *name, struct bytes blob)
{
	statement_blob(query->statement, name, blob);
}

bool query_next(struct query *query)
{
	return statement_step(query->statement, &query->err) == OK;
}

int64_t query_int(struct query *query, unsigned column)
{
	return statement_column_int(query->statement, (int)column);
}
bool query_is_null(struct query *query, unsigned column)
{
	return statement_column_is_null(query->statement, (int)column);
}
struct bytes query_text(struct query *query, unsigned column)
{
	return statement_column_text(query->statement, (int)column);
}
struct bytes query_blob(struct query *query, unsigned column)
{
	return statement_column_blob(query->statement, (int)column);
}

void query_close(struct query *query)
{
	if (query && query->statement) {
		statement_done(query->statement);
		query->statement = NULL;
	}
}

/* A form asks for it with each of its fields. */
static enum status profile_now(struct ctx *ctx, struct bytes *profile, struct id *hash, struct err *err)
{
	struct app *app = app_of(ctx);
	int64_t day = day_of_ms(ctx->now_ms, 0);
	bool still = app->is_still && app->store == &app->slots[0];
	if (still && app->agreement.known && app->agreement.tally == ctx->tally && app->agreement.day == day) {
		*profile = app->agreement.profile;
		*hash = app->agreement.hash;
		return OK;
	}
	enum status status = tally_profile(app->store, ctx->tally, day, &app->arena, profile, hash, err);
	if (status == OK) {
		app->agreement.known = still;
		app->agreement.tally = ctx->tally;
		app->agreement.day = day;
		app->agreement.profile = *profile;
		app->agreement.hash = *hash;
	}
	return status;
}

struct bytes ctx_profile(struct ctx *ctx)
{
	struct bytes profile = { 0 };
	struct id hash;
	if (!ctx->tally || profile_now(ctx, &profile, &hash, NULL) != OK) {
		return (struct bytes){ 0 };
	}
	return profile;
}

enum status ctx_profile_hash(struct ctx *ctx, struct id *out, struct err *err)
{
	struct bytes profile;
	return profile_now(ctx, &profile, out, err);
}

/* --- other tallies of the home ------------------------------------------------------------------------------------------ */

/* What a choice of a tally sets. */
struct chosen {
	struct tally_row tally;
	struct tally_view view;
	unsigned own_party;
	struct key_view desk;
	bool has_desk, has_home_key;
	struct id home_key;
	struct bytes officer;
};

static struct chosen chosen_keep(const struct app *app)
{
	return (struct chosen){ app->tally, app->ctx.view, app->ctx.own_party, app->desk, app->has_desk,
		app->has_home_key, app->home_key, app->officer_wanted };
}

static void chosen_restore(struct app *app, const struct chosen *chosen)
{
	app->tally = chosen->tally;
	app->ctx.tally = chosen->tally.row;
	app->ctx.view = chosen->view;
	app->ctx.own_party = chosen->own_party;
	app->desk = chosen->desk;
	app->has_desk = chosen->has_desk;
	app->has_home_key = chosen->has_home_key;
	app->home_key = chosen->home_key;
	app->officer_wanted = chosen->officer;
}

enum status ctx_within(
    struct ctx *ctx, const struct id *tally, struct bytes officer, ctx_act *act, void *context, struct err *err)
{
	struct app *app = app_of(ctx);
	struct chosen before = chosen_keep(app);
	char hex[ID_BYTES * 2 + 1];
	hex_print(id_bytes(tally), hex);
	enum status status = app_choose_tally(app, hex, err);
	if (status == OK && ctx->tally != before.tally.row) {
		app->has_desk = app->has_home_key = false;
		app->officer_wanted = officer.len > 0 ? officer : app->officer_usual;
	}
	if (status == OK) {
		status = act(ctx, context, err);
	}
	chosen_restore(app, &before);
	return status;
}

enum status ctx_together(struct ctx *ctx, ctx_act *act, void *context, struct err *err)
{
	struct app *app = app_of(ctx);
	enum status status = app_write(app, err);
	if (status == OK) {
		status = store_begin(app->store, err);
	}
	if (status != OK) {
		return status;
	}
	status = act(ctx, context, err);
	if (status != OK) {
		store_rollback(app->store);
		return status;
	}
	return store_commit(app->store, err);
}

enum status ctx_desk(struct ctx *ctx, struct signer *out, struct err *err)
{
	enum status status = app_choose_desk(app_of(ctx), err);
	if (status == OK) {
		*out = app_of(ctx)->desk.signer;
	}
	return status;
}

enum status ctx_desks(struct ctx *ctx, struct desk_view **desks, unsigned *count, struct err *err)
{
	struct key_view *keys;
	unsigned key_count;
	enum status status = app_keys(app_of(ctx), &keys, &key_count, err);
	*count = 0;
	if (status != OK) {
		return status;
	}
	*desks = arena_take_array(ctx->arena, key_count + 1, sizeof **desks);
	if (!*desks) {
		return err_set(err, ENVIRONMENT, "desks: out of memory");
	}
	for (unsigned i = 0; i < key_count; i++) {
		if (keys[i].key_class == KEY_DESK) {
			(*desks)[(*count)++] =
			    (struct desk_view){ keys[i].key, keys[i].signer, keys[i].counts && !keys[i].revoked };
		}
	}
	return OK;
}

static enum status view_parts(
    struct ctx *ctx, const struct fold *fold, struct part_view *parts, unsigned *count, struct err *err)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		const struct state *state = fold_part_state(fold, part);
		struct part_view *view = &parts[(*count)++];
		*view = (struct part_view){ .part = part->id,
			.number = arena_text(ctx->arena, bytes_text(part->number)),
			.state = state ? state->name : "",
			.pen = arena_text(ctx->arena, bytes_text(part_pen(fold, part, state))) };
		if (!view->number || !view->pen) {
			return err_set(err, ENVIRONMENT, "thread: out of memory");
		}
		for (unsigned head = 0; head < part->head_count; head++) {
			int64_t stated = part->heads[head]->body.stated_ms;
			view->since_ms = stated > view->since_ms ? stated : view->since_ms;
		}
	}
	return OK;
}

enum status ctx_thread(
    struct ctx *ctx, const struct id *thread, struct part_view **out, unsigned *count, struct err *err)
{
	struct app *app = app_of(ctx);
	struct arena arena;
	struct fold *fold = NULL;
	*count = 0;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = fold_thread(app->store, ctx->tally, thread, NULL, &arena, &fold, err);
	if (status == OK) {
		*out = arena_take_array(ctx->arena, fold->part_count + 1, sizeof **out);
		status =
		    *out ? view_parts(ctx, fold, *out, count, err) : err_set(err, ENVIRONMENT, "thread: out of memory");
	}
	arena_clear(&arena);
	return status;
}
