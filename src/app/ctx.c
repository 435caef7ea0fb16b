/* What a domain's command may ask for: rows, and the agreement. */
#include "app/app.h"
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

static enum status profile_now(struct ctx *ctx, struct bytes *profile, struct id *hash, struct err *err)
{
	return tally_profile(app_of(ctx)->store, ctx->tally, day_of_ms(ctx->now_ms, 0), ctx->arena, profile, hash, err);
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
