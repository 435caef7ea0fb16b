/* Commands that exchange: sync, bundle, export. */
#include "app/exports.h"
#include "cli/cli.h"
#include <errno.h>
#include <string.h>

/* --- export ------------------------------------------------------------------------------------------------------------- */

enum status run_export(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown lines[] = {
		{ "entries", "entries", SHOW_TEXT, 0 }, { "attachments", "attachments", SHOW_TEXT, 0 }, { "bytes", "bytes", SHOW_TEXT, 0 }, { 0 },
	};
	struct export_options options = { .attachments = !args_option(args, "no-attachments") };
	struct export_result result;
	const char *path = args_option(args, "output");
	FILE *out = path ? fopen(path, "wb") : stdout;
	if (!out) {
		return err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
	}
	enum status status = export_write(app_of(ctx), &options, out, &result, err);
	if (path && fclose(out) != 0 && status == OK) {
		status = err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
	}
	if (status == OK && path) {
		record_print(ctx, json_pack("{s:I, s:I, s:I}", "entries", (json_int_t)result.entries, "attachments",
		    (json_int_t)result.attachments, "bytes", (json_int_t)result.bytes), lines);
	}
	return status;
}

enum status run_sync(struct ctx *ctx, const struct args *args, struct err *err)
{
	(void)ctx;
	(void)args;
	return err_set(err, ENVIRONMENT, "sync: not in this build");
}
enum status run_bundle_write(struct ctx *ctx, const struct args *args, struct err *err) { return run_sync(ctx, args, err); }
enum status run_bundle_read(struct ctx *ctx, const struct args *args, struct err *err) { return run_sync(ctx, args, err); }

enum status exchange_show(struct ctx *ctx, struct bytes file, struct err *err)
{
	(void)ctx;
	(void)file;
	return err_set(err, BAD_INPUT, "show: neither an export, a bundle, a card nor a key file");
}
