/* What an audit asks for: threads folded anew, entries with what is known of them, attachments. */
#include "app/app.h"
#include "app/exports.h"
#include "app/locate.h"
#include "base/limits.h"

enum status ctx_fold_each(
    struct ctx *ctx, const char *domain, int64_t until_ms, thread_fact_fn *each, void *context, struct err *err)
{
	return fold_each(app_of(ctx)->store, ctx->tally, domain, until_ms, each, context, err);
}

enum status ctx_fold_one(struct ctx *ctx, const char *number, thread_fact_fn *each, void *context, struct err *err)
{
	struct arena arena;
	struct target target;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = locate(app_of(ctx), number, NULL, &arena, &target, err);
	if (status == OK) {
		struct thread_fact fact = { .row = target.thread.row, .number = target.thread.number };
		status = each(context, target.fold, &fact, err);
	}
	arena_clear(&arena);
	return status;
}

enum status ctx_entry_each(
    struct ctx *ctx, int64_t until_ms, bool verify, entry_fact_fn *each, void *context, struct err *err)
{
	return facts_each(app_of(ctx)->store, ctx->tally, until_ms, verify, each, context, err);
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

enum status ctx_export_check(struct ctx *ctx, char reason[80], struct err *err)
{
	const struct export_options options = { .attachments = false };
	struct export_result written;
	struct export_check check = { 0 };
	struct mapping mapping;
	struct err found = { 0 };
	char path[64];
	FILE *file = tmpfile();

	reason[0] = '\0';
	if (!file) {
		return err_set(err, ENVIRONMENT, "export: no file can be made for it");
	}
	enum status status = export_write(app_of(ctx), &options, file, &written, err);
	if (status == OK && fflush(file) != 0) {
		status = err_set(err, ENVIRONMENT, "export: cannot be written");
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
	if (status == OK) {
		status = mapping_open(path, 0, &mapping, err);
	}
	if (status == OK) {
		if (export_read(mapping.bytes, NULL, NULL, NULL, NULL, &check, &found) != OK) {
			snprintf(reason, 80, "%.79s", found.text);
		}
		mapping_close(&mapping);
	}
	fclose(file);
	return status;
}
