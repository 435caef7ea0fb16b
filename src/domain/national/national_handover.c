/* Hand-overs: written from what is open for the writer, accepted by the successor, printed for both to sign. */
#include "domain/national/national_handover.h"
#include "base/text.h"
#include "base/time.h"
#include "domain/national/national_commands.h"
#include "domain/national/national_print.h"
#include <stdlib.h>
#include <string.h>

/* ---- write ------------------------------------------------------------------------------------------------------- */

struct writing {
	const struct args *args;
	struct places places;
	struct bytes officer; /* who hands over */
	json_t *items;
	int64_t at_ms;
	const struct upload *uploads; /* files that came as bytes */
	unsigned upload_count;
	struct submitted made;
};

/* What an option NUMBER=TEXT says of a number; NULL: nothing. */
static const char *said_of(const struct args *args, const char *option, const char *number)
{
	const char *given;

	for (unsigned i = 0; (given = args_option_at(args, option, i)) != NULL; i++) {
		size_t len = strlen(number);
		if (strncmp(given, number, len) == 0 && given[len] == '=') {
			return given + len + 1;
		}
	}
	return NULL;
}

static bool is_left(const struct args *args, const char *number)
{
	const char *left;

	for (unsigned i = 0; (left = args_option_at(args, "leave", i)) != NULL; i++) {
		if (strcmp(left, number) == 0) {
			return true;
		}
	}
	return false;
}

/* What he says of each, without those that --leave names. */
static void say_items(struct writing *writing)
{
	for (size_t i = 0; i < json_array_size(writing->items); i++) {
		json_t *item = json_array_get(writing->items, i);
		const char *number = json_string_value(json_object_get(item, "number"));
		const char *remark = said_of(writing->args, "remark", number);
		const char *clock = said_of(writing->args, "clock", number);
		if (is_left(writing->args, number)) {
			json_array_remove(writing->items, i--);
			continue;
		}
		if (clock != NULL) {
			json_object_set_new(item, "clock", json_string(clock));
		}
		if (remark != NULL) {
			json_object_set_new(item, "remarks", json_string(remark));
		}
	}
}

static enum status check_left(const struct writing *writing, struct err *err)
{
	const char *left;

	for (unsigned i = 0; (left = args_option_at(writing->args, "leave", i)) != NULL; i++) {
		size_t index;
		json_t *item;
		bool open = false;
		json_array_foreach(writing->items, index, item)
		{
			open |= strcmp(json_string_value(json_object_get(item, "number")), left) == 0;
		}
		if (!open) {
			return err_set(err, USAGE,
			    "--leave \"%.80s\": must be the number of an open part that would be handed over", left);
		}
	}
	return OK;
}

/* Numbers of which --remark or --clock says something: they are handed over also while they wait for other parts. */
static json_t *numbers_said_of(const struct args *args)
{
	static const char *const options[] = { "remark", "clock" };
	json_t *numbers = json_array();
	const char *given;

	for (unsigned i = 0; i < 2; i++) {
		for (unsigned at = 0; (given = args_option_at(args, options[i], at)) != NULL; at++) {
			json_array_append_new(numbers, json_stringn(given, strcspn(given, "=")));
		}
	}
	return numbers;
}

/* Of every shared tally, or of the one that --shared names. */
static enum status gather(struct ctx *ctx, struct writing *writing, struct err *err)
{
	const struct id *only = args_option(writing->args, "shared") ? &writing->places.shared : NULL;
	struct opened opened;
	json_t *named = numbers_said_of(writing->args);
	enum status status = opened_gather(ctx, writing->officer, only, named, &opened, err);

	json_decref(named);
	json_decref(writing->items);
	json_decref(opened.about);
	writing->items = opened.items;
	status = status == OK ? check_left(writing, err) : status;
	if (status == OK) {
		say_items(writing);
	}
	return status;
}

static bool is_handed_over(const struct writing *writing, const char *given)
{
	size_t index;
	json_t *item;

	json_array_foreach(writing->items, index, item)
	{
		const char *number = json_string_value(json_object_get(item, "number"));
		size_t len = strlen(number);
		if (strncmp(given, number, len) == 0 && given[len] == '=') {
			return true;
		}
	}
	return false;
}

static enum status check_said(const struct writing *writing, const char *option, struct err *err)
{
	const char *given;

	for (unsigned i = 0; (given = args_option_at(writing->args, option, i)) != NULL; i++) {
		if (!is_handed_over(writing, given)) {
			return err_set(err, USAGE,
			    "--%s \"%.80s\": must be NUMBER=TEXT with the number of an open part that is handed over",
			    option, given);
		}
	}
	return OK;
}

#define LIMIT_FILES 16

enum status handover_opened(struct ctx *ctx, struct opened *opened, struct err *err)
{
	struct signer signer;
	enum status status = ctx_desk(ctx, &signer, err);

	*opened = (struct opened){ 0 };
	return status == OK ? opened_gather(ctx, signer.officer, NULL, NULL, opened, err) : status;
}

/* What the successor must have in hand travels with it. */
static enum status submit_handover(struct ctx *ctx, struct writing *writing, json_t *fields, struct err *err)
{
	const char *files[LIMIT_FILES], *file;
	char *text = json_dumps(fields, JSON_COMPACT);
	struct submission submission = { .kind = "national.handed_over",
		.fields_json = text,
		.attachments = files,
		.stated_ms = writing->at_ms,
		.uploads = writing->uploads,
		.upload_count = writing->upload_count };
	enum status status = text ? OK : err_set(err, ENVIRONMENT, "fields: out of memory");

	while (status == OK && (file = args_option_at(writing->args, "attach", submission.attachment_count)) != NULL) {
		if (submission.attachment_count == LIMIT_FILES) {
			status = err_set(err, USAGE, "--attach: more than %d files", LIMIT_FILES);
			break;
		}
		files[submission.attachment_count++] = file;
	}
	status = status == OK ? ctx_submit(ctx, &submission, &writing->made, err) : status;
	free(text);
	json_decref(fields);
	return status;
}

/* In the national tally. */
static enum status write_handover(struct ctx *ctx, void *context, struct err *err)
{
	struct writing *writing = context;
	const char *to, *post = args_option(writing->args, "to-post"), *remarks = args_option(writing->args, "remarks");
	struct signer signer;
	enum status status = text_option(writing->args, "to", &to, err);

	if (status == OK) {
		status = ctx_desk(ctx, &signer, err);
	}
	if (status == OK) {
		writing->officer = signer.officer;
		status = gather(ctx, writing, err);
	}
	if (status == OK && json_array_size(writing->items) == 0) {
		status = err_set(err, BAD_INPUT,
		    "officer %.*s: no open thread that he signed, answers for or may move on is left to him; there is nothing to hand over",
		    (int)signer.officer.len, (const char *)signer.officer.data);
	}
	status = status == OK ? check_said(writing, "remark", err) : status;
	status = status == OK ? check_said(writing, "clock", err) : status;
	if (status != OK) {
		return status;
	}
	json_t *fields = json_pack("{s:s, s:O}", "to", to, "items", writing->items);
	if (post != NULL) {
		json_object_set_new(fields, "to_post", json_string(post));
	}
	if (remarks != NULL) {
		json_object_set_new(fields, "remarks", json_string(remarks));
	}
	return submit_handover(ctx, writing, fields, err);
}

enum status handover_write(struct ctx *ctx, const struct args *args, struct err *err)
{
	return handover_write_with(ctx, args, NULL, 0, err);
}

enum status handover_write_with(
    struct ctx *ctx, const struct args *args, const struct upload *uploads, unsigned upload_count, struct err *err)
{
	struct writing writing = {
		.args = args, .items = json_array(), .uploads = uploads, .upload_count = upload_count
	};
	enum status status = places_find(ctx, args, &writing.places, err);

	if (status == OK) {
		status = at_option(ctx, args, &writing.at_ms, err);
	}
	if (status == OK) {
		status = ctx_within(ctx, &writing.places.national, (struct bytes){ 0 }, write_handover, &writing, err);
	}
	if (status == OK) {
		made_print(ctx, &writing.made);
	}
	json_decref(writing.items);
	return status;
}

/* ---- accept ------------------------------------------------------------------------------------------------------ */

static enum status accept_handover(struct ctx *ctx, void *context, struct err *err)
{
	struct writing *writing = context;

	return submit_json(ctx, "national.taken_over", args_operand(writing->args, 0), json_object(), writing->at_ms,
	    &writing->made, err);
}

enum status handover_accept(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct writing writing = { .args = args };
	enum status status = places_find(ctx, args, &writing.places, err);

	if (status == OK) {
		status = at_option(ctx, args, &writing.at_ms, err);
	}
	if (status == OK) {
		status = ctx_within(ctx, &writing.places.national, (struct bytes){ 0 }, accept_handover, &writing, err);
	}
	if (status == OK) {
		made_print(ctx, &writing.made);
	}
	return status;
}

/* ---- list, duty -------------------------------------------------------------------------------------------------- */

static const char handovers_sql[] = HANDOVERS "ORDER BY h.thread";

static enum status list_handovers(struct ctx *ctx, void *context, struct err *err)
{
	struct grid grid = { .ctx = ctx, .columns = 6 };
	struct query *row = NULL;
	const char *const titles[] = { ctx_word(ctx, "number"), ctx_word(ctx, "state"), ctx_word(ctx, "from officer"),
		ctx_word(ctx, "to officer"), ctx_word(ctx, "since"), ctx_word(ctx, "items") };
	enum status status = ctx_query(ctx, handovers_sql, &row, err);

	(void)context;
	grid_titles(&grid, titles);
	while (status == OK && query_next(row)) {
		unsigned since = query_is_null(row, H_TAKEN) ? H_WRITTEN : H_TAKEN;
		if (ctx->json) {
			print_json(ctx,
			    json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "number", json_text_at(row, H_NUMBER),
				"state", json_text_at(row, H_STATE), "from", json_text_at(row, H_FROM), "to",
				json_text_at(row, H_TO), "written", json_time_at(row, H_WRITTEN), "taken",
				json_time_at(row, H_TAKEN), "items", json_column(row, H_ITEMS)));
		}
		const char *const cells[] = { cell_text(ctx, row, H_NUMBER),
			query_is_null(row, H_STATE) ? ctx_word(ctx, "rivals") : cell_word(ctx, row, H_STATE),
			cell_text(ctx, row, H_FROM), cell_text(ctx, row, H_TO), cell_time(ctx, row, since),
			arena_printf(ctx->arena, "%lld", (long long)query_int(row, H_ITEMS)) };
		grid_row(&grid, cells);
	}
	query_close(row);
	return status == OK ? grid_end(&grid, err) : status;
}

enum status handover_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct places places;
	enum status status = places_find(ctx, args, &places, err);

	return status == OK ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, list_handovers, NULL, err)
			    : status;
}

const char duty_sql[] = DUTY "ORDER BY s.number, d.subject";

static enum status list_duty(struct ctx *ctx, void *context, struct err *err)
{
	struct grid grid = { .ctx = ctx, .columns = 3 };
	struct query *row = NULL;
	const char *const titles[] = { ctx_word(ctx, "number"), ctx_word(ctx, "answers for it"),
		ctx_word(ctx, "since") };
	enum status status = ctx_query(ctx, duty_sql, &row, err);

	(void)context;
	grid_titles(&grid, titles);
	while (status == OK && query_next(row)) {
		if (ctx->json) {
			print_json(ctx,
			    json_pack("{s:o, s:o, s:o, s:o}", "number", json_text_at(row, 0), "thread",
				json_hex_at(row, 1), "officer", json_text_at(row, 2), "since", json_time_at(row, 3)));
		}
		const char *const cells[] = { query_is_null(row, 0) ? "?" : cell_text(ctx, row, 0),
			cell_text(ctx, row, 2), cell_time(ctx, row, 3) };
		grid_row(&grid, cells);
	}
	query_close(row);
	return status == OK ? grid_end(&grid, err) : status;
}

enum status handover_duty(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct places places;
	enum status status = places_find(ctx, args, &places, err);

	return status == OK ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, list_duty, NULL, err) : status;
}

/* ---- print ------------------------------------------------------------------------------------------------------- */

#define BOX_WIDTH 42

static void put_box_line(struct ctx *ctx, const char *left, const char *right)
{
	buf_put_text(ctx->out, "| ");
	text_pad(ctx->out, bytes_text(left), BOX_WIDTH, false);
	buf_put_text(ctx->out, " |  | ");
	text_pad(ctx->out, bytes_text(right), BOX_WIDTH, false);
	buf_put_text(ctx->out, " |\n");
}

static void put_box_edge(struct ctx *ctx)
{
	for (unsigned box = 0; box < 2; box++) {
		buf_put_text(ctx->out, box ? "  +" : "+");
		for (unsigned i = 0; i < BOX_WIDTH + 2; i++) {
			buf_put_text(ctx->out, "-");
		}
		buf_put_text(ctx->out, "+");
	}
	buf_put_text(ctx->out, "\n");
}

/* Two boxes side by side: who hands over and who takes over sign by hand what both have signed by key. */
static void put_boxes(struct ctx *ctx, struct query *row)
{
	const char *date = both(ctx, "date"), *signature = both(ctx, "signature"), *officer = both(ctx, "officer");
	const char *from = arena_printf(ctx->arena, "%s: %s", officer, cell_text(ctx, row, H_FROM));
	const char *to = arena_printf(ctx->arena, "%s: %s", officer, cell_text(ctx, row, H_TO));
	const char *written = arena_printf(ctx->arena, "%s: %s", date, cell_time(ctx, row, H_WRITTEN));
	const char *taken = arena_printf(ctx->arena, "%s: %s", date, cell_time(ctx, row, H_TAKEN));

	put_box_edge(ctx);
	put_box_line(ctx, both(ctx, "from officer"), both(ctx, "to officer"));
	put_box_line(ctx, from ? from : "", to ? to : "");
	put_box_line(ctx, cell_text(ctx, row, H_FROM_POST), cell_text(ctx, row, H_TO_POST));
	put_box_line(ctx, written ? written : "", taken ? taken : "");
	put_box_line(ctx, "", "");
	put_box_line(ctx, signature, signature);
	put_box_line(ctx, "", "");
	put_box_edge(ctx);
}

static enum status put_items(struct ctx *ctx, int64_t thread, struct err *err)
{
	struct grid grid = { .ctx = ctx, .columns = 7 };
	struct query *row = NULL;
	const char *const titles[] = { both(ctx, "number"), both(ctx, "state"), both(ctx, "waits for"),
		both(ctx, "since"), both(ctx, "last contact"), both(ctx, "clock"), both(ctx, "remarks") };
	enum status status = ctx_query(ctx,
	    "SELECT number, state, pen, since_ms, last_contact_ms, clock, remarks FROM national_handover_item"
	    " WHERE thread = :thread ORDER BY item",
	    &row, err);

	if (status == OK) {
		query_bind_int(row, "thread", thread);
		grid_titles(&grid, titles);
	}
	while (status == OK && query_next(row)) {
		const char *const cells[] = { cell_text(ctx, row, 0), both(ctx, cell_text(ctx, row, 1)),
			cell_text(ctx, row, 2), cell_time(ctx, row, 3), cell_time(ctx, row, 4), cell_text(ctx, row, 5),
			cell_text(ctx, row, 6) };
		grid_row(&grid, cells);
	}
	query_close(row);
	if (status == OK) {
		grid_print(&grid);
	}
	return status;
}

static enum status print_handover(struct ctx *ctx, void *context, struct err *err)
{
	const char *number = context;
	struct query *row = NULL;
	bool found = false;
	enum status status = ctx_query(ctx, handovers_sql, &row, err);

	while (status == OK && !found && query_next(row)) {
		found = bytes_is(query_text(row, H_NUMBER), number);
		if (!found) {
			continue;
		}
		banner_both(ctx);
		buf_printf(ctx->out, "%s  %s\n%s\n\n", both(ctx, "hand-over note"), number,
		    both(ctx, cell_text(ctx, row, H_STATE)));
		status = put_items(ctx, query_int(row, H_THREAD), err);
		buf_printf(
		    ctx->out, "\n%s%s", cell_text(ctx, row, H_REMARKS), query_is_null(row, H_REMARKS) ? "" : "\n\n");
		put_boxes(ctx, row);
	}
	query_close(row);
	return status == OK && !found ? err_set(err, NOT_FOUND, "hand-over %s: not in the national tally", number)
				      : status;
}

enum status handover_print(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct places places;
	enum status status = places_find(ctx, args, &places, err);

	return status == OK
	    ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, print_handover, (void *)args_operand(args, 0), err)
	    : status;
}
