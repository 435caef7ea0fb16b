/* What an audit asks for: threads folded anew, entries with what is known of them, attachments. */
#include "app/app.h"
#include "base/limits.h"

/* Many small questions share one transaction: each alone would lock the file anew, and see what others write meanwhile. */
static enum status ended(struct store *store, enum status status, struct err *err)
{
	if (status != OK) {
		store_rollback(store);
		return status;
	}
	return store_commit(store, err);
}

enum status ctx_fold_each(
    struct ctx *ctx, const char *domain, int64_t until_ms, thread_fact_fn *each, void *context, struct err *err)
{
	struct store *store = app_of(ctx)->store;
	enum status status = store_begin(store, err);

	if (status != OK) {
		return status;
	}
	return ended(store, fold_each(store, ctx->tally, domain, until_ms, each, context, err), err);
}

enum status ctx_entry_each(
    struct ctx *ctx, int64_t until_ms, bool verify, entry_fact_fn *each, void *context, struct err *err)
{
	struct store *store = app_of(ctx)->store;
	enum status status = store_begin(store, err);

	if (status != OK) {
		return status;
	}
	return ended(store, facts_each(store, ctx->tally, until_ms, verify, each, context, err), err);
}

const char *ctx_attachment_state(struct ctx *ctx, const struct id *hash)
{
	struct arena arena;
	struct bytes content;
	enum attachment_state state;
	const char *word = "awaited";

	if (store_attachment_state(app_of(ctx)->store, hash, &state, NULL) != OK) {
		return word;
	}
	arena_init(&arena, LIMIT_ARENA_BYTES);
	if (state == ATTACHMENT_ERASED) {
		word = "erased";
	} else if (state == ATTACHMENT_HERE) {
		word =
		    store_attachment_get(app_of(ctx)->store, hash, &arena, &content, NULL) == OK ? "here" : "damaged";
	}
	arena_clear(&arena);
	return word;
}
