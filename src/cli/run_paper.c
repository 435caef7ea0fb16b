/* `warifu paper`: which papers there are, and one of them as a PDF. */
#include "app/attach.h"
#include "app/json.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "paper/paper.h"
#include <string.h>
#include <unistd.h>

enum status run_paper_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	static const struct shown columns[] = {
		{ "name", "paper", SHOW_TEXT, 0 },
		{ "of", "of", SHOW_WORD, 0 },
		{ "en", "", SHOW_TEXT, 0 },
		{ "ja", "", SHOW_TEXT, 0 },
		{ 0 },
	};
	json_t *rows = json_array();
	(void)args;
	(void)err;
	for (const struct domain *const *domain = domains; *domain; domain++) {
		for (const struct paper *paper = (*domain)->papers; paper && paper->name; paper++) {
			json_array_append_new(rows,
			    json_pack("{s:s, s:s, s:b, s:s, s:s}", "name", paper->name, "of",
				paper->parts ? "one number" : "the whole tally", "as_of", paper->has_day, "en",
				paper->en, "ja", paper->ja));
		}
	}
	rows_print(ctx, rows, columns, "no papers");
	return OK;
}

static enum status check_wish(const struct paper *paper, const struct paper_wish *wish, struct err *err)
{
	if (paper->parts && !wish->number) {
		return err_set(err, USAGE, "paper %s: NUMBER must be given: of what it is written for", paper->name);
	}
	if (!paper->parts && wish->number) {
		return err_set(err, USAGE, "paper %s: is of the whole tally; takes no NUMBER", paper->name);
	}
	if (!paper->has_day && wish->as_of) {
		return err_set(err, USAGE, "paper %s: takes no --as-of", paper->name);
	}
	return OK;
}

/* "order-claim-GB-07-0001-I07.1.pdf" when no name is given. */
static const char *file_name(struct ctx *ctx, const struct paper *paper, const struct paper_wish *wish)
{
	const char *of = wish->number ? wish->number : wish->as_of;
	char *name = of ? arena_printf(ctx->arena, "%s-%s.pdf", paper->name, of)
			: arena_printf(ctx->arena, "%s.pdf", paper->name);
	for (char *at = name; at && *at; at++) {
		*at = (char)(*at == '/' ? '-' : *at);
	}
	return name ? name : "paper.pdf";
}

static enum status put_file(
    struct ctx *ctx, const struct args *args, const char *path, struct bytes content, struct err *err)
{
	struct id hash = sha256(content);
	if (!args_option(args, "force") && access(path, F_OK) == 0) {
		return err_set(err, USAGE, "%s: is there already; name another with --out, or give --force", path);
	}
	enum status status = output_file(path, content, err);
	if (status == OK) {
		record_print(ctx,
		    json_pack("{s:s, s:I, s:o}", "file", path, "bytes", (json_int_t)content.len, "sha256",
			json_hex(id_bytes(&hash))),
		    (const struct shown[]){ { "file", "file", SHOW_TEXT, 200 }, { "bytes", "bytes", SHOW_TEXT, 0 },
			{ "sha256", "SHA-256", SHOW_FULL, 0 }, { 0 } });
	}
	return status;
}

enum status run_paper_write(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *name = args_operand(args, 0), *out = args_option(args, "out"),
		   *dir = arena_printf(ctx->arena, "%s/papers", app_of(ctx)->home_dir);
	struct paper_wish wish = { args_operand(args, 1), args_option(args, "as-of") };
	const struct paper *paper = paper_find(name);
	struct buf pdf;
	if (!paper) {
		return err_set(err, NOT_FOUND, "paper %s: not known; `warifu paper list` lists them", name);
	}
	buf_init(&pdf, LIMIT_PAPER_BYTES);
	enum status status = check_wish(paper, &wish, err);
	if (status == OK) {
		status = paper_write(ctx, paper, &wish, dir, &pdf, err);
	}
	if (status == OK) {
		status = put_file(ctx, args, out ? out : file_name(ctx, paper, &wish), buf_bytes(&pdf), err);
	}
	buf_clear(&pdf);
	return status;
}
