#include "domain/national/national_print.h"
#include "base/text.h"
#define WIDTH_MOST 44

void grid_titles(struct grid *grid, const char *const *titles)
{
	for (unsigned i = 0; i < grid->columns; i++) {
		grid->column[i].title = titles[i] ? titles[i] : "";
		grid->column[i].most = WIDTH_MOST;
	}
}

enum status grid_end(struct grid *grid, struct err *err)
{
	if (grid->failed) {
		return err_set(err, ENVIRONMENT, "list: out of memory");
	}
	if (!grid->ctx->json && grid->row_count > 0) {
		grid_print(grid);
	} else {
		print_line(grid->ctx, ctx_word(grid->ctx, "nothing"));
	}
	return OK;
}

void print_labelled(struct ctx *ctx, const struct labelled *lines, size_t count)
{
	unsigned width = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned label = text_width(bytes_text(lines[i].label));
		width = label > width ? label : width;
	}
	for (size_t i = 0; i < count; i++) {
		text_pad(ctx->out, bytes_text(lines[i].label), width, false);
		buf_put_text(ctx->out, lines[i].text[0] ? "  " : "");
		text_print_safe(ctx->out, bytes_text(lines[i].text));
		buf_put_text(ctx->out, "\n");
	}
}

const char *cell_text(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_text(ctx, query_text(row, column));
}

const char *cell_word(struct ctx *ctx, struct query *row, unsigned column)
{
	return ctx_word(ctx, cell_text(ctx, row, column));
}

const char *cell_day(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_day(ctx, query_int(row, column));
}

const char *cell_time(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_time(ctx, query_int(row, column));
}

json_t *json_text_at(struct query *row, unsigned column)
{
	return query_is_null(row, column) ? json_null() : json_bytes(query_text(row, column));
}

json_t *json_id(const struct id *id)
{
	char hex[ID_BYTES * 2 + 1];

	hex_print(id_bytes(id), hex);
	return json_string(hex);
}

json_t *json_hex_at(struct query *row, unsigned column)
{
	struct bytes blob = { 0 };
	char hex[ID_BYTES * 2 + 1];

	if (!query_is_null(row, column)) {
		blob = query_blob(row, column);
	}
	if (blob.len != ID_BYTES) {
		return json_null();
	}
	hex_print(blob, hex);
	return json_string(hex);
}

json_t *json_day_at(struct query *row, unsigned column)
{
	return query_is_null(row, column) ? json_null() : json_day_of(query_int(row, column));
}

json_t *json_time_at(struct query *row, unsigned column)
{
	return query_is_null(row, column) ? json_null() : json_time_of(query_int(row, column));
}

const char *both(struct ctx *ctx, const char *en)
{
	enum lang before = ctx->lang;

	ctx->lang = LANG_JA;
	const char *ja = ctx_word(ctx, en);
	ctx->lang = before;
	const char *text = arena_printf(ctx->arena, "%s / %s", en, ja);
	return text ? text : en;
}

void banner_both(struct ctx *ctx)
{
	if (ctx->view.rehearsal) {
		buf_printf(ctx->out, "%s\n\n", both(ctx, "REHEARSAL - NOTHING HERE IS OWED"));
	}
}
