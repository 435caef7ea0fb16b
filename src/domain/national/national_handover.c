/* Hand-overs: written from the open threads that the writer signed last, accepted by the successor, printed for both to sign. */
#include "domain/national/national_handover.h"
#include "base/text.h"
#include "base/time.h"
#include "domain/national/national_commands.h"
#include "domain/national/national_print.h"
#include <stdlib.h>
#include <string.h>

#define LIMIT_ITEMS 256 /* of a list field */

/* ---- write ------------------------------------------------------------------------------------------------------- */

struct writing {
	const struct args *args;
	struct places places;
	struct bytes officer; /* who hands over */
	json_t *items;
	struct id tally; /* the shared one that is looked at */
	struct desk_view *desks;
	unsigned desk_count;
	int64_t at_ms;
	const struct upload *uploads; /* files that came as bytes */
	unsigned upload_count;
	struct submitted made;
};

/* The last entry of each party in each thread, by the order of storing. */
static const char last_sql[] =
    "SELECT t.id, l.public_key, l.party, e.body, t.row FROM entry e JOIN log l ON l.row = e.log"
    " JOIN thread t ON t.row = e.thread WHERE e.row IN"
    " (SELECT max(x.row) FROM entry x JOIN log y ON y.row = x.log WHERE x.tally = :tally AND x.thread > 0 AND x.verdict = 0"
    " GROUP BY x.thread, y.party) ORDER BY t.row, l.party";

/* One thread while its last entries are walked along. */
struct last {
	struct id thread;
	int64_t row;
	bool ours; /* the last own signer is who hands over */
	bool has_contact;
	int64_t contact_ms;
};

static bool signed_by(const struct writing *writing, struct bytes key)
{
	for (unsigned i = 0; i < writing->desk_count; i++) {
		if (bytes_equal(id_bytes(&writing->desks[i].key), key)) {
			return bytes_equal(writing->desks[i].signer.officer, writing->officer);
		}
	}
	return false;
}

static void last_add(struct ctx *ctx, const struct writing *writing, struct query *row, struct last *last)
{
	struct body body;

	if (query_int(row, 2) == (int64_t)ctx->own_party) {
		last->ours = signed_by(writing, query_blob(row, 1));
	} else if (body_read(query_blob(row, 3), &body) == NULL &&
	    (!last->has_contact || body.stated_ms > last->contact_ms)) {
		last->has_contact = true;
		last->contact_ms = body.stated_ms;
	}
}

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

static void add_item(struct writing *writing, const struct last *last, const struct part_view *part)
{
	const char *remark = said_of(writing->args, "remark", part->number);
	const char *clock = said_of(writing->args, "clock", part->number);
	json_t *item = json_pack("{s:o, s:o, s:s, s:s, s:o}", "shared", json_id(&writing->tally), "thread",
	    json_id(&last->thread), "number", part->number, "state", part->state[0] ? part->state : "rivals", "since",
	    json_time_of(part->since_ms));

	if (part->pen[0] != '\0') {
		json_object_set_new(item, "pen", json_string(part->pen));
	}
	if (last->has_contact) {
		json_object_set_new(item, "last_contact", json_time_of(last->contact_ms));
	}
	if (clock != NULL) {
		json_object_set_new(item, "clock", json_string(clock));
	}
	if (remark != NULL) {
		json_object_set_new(item, "remarks", json_string(remark));
	}
	json_array_append_new(writing->items, item);
}

/* The parts of a thread that have not ended: somebody holds the pen, or rivals stand. */
static enum status add_thread(struct ctx *ctx, struct writing *writing, const struct last *last, struct err *err)
{
	struct part_view *parts = NULL;
	unsigned count = 0;
	enum status status = OK;

	if (!last->ours) {
		return OK;
	}
	status = ctx_thread(ctx, &last->thread, &parts, &count, err);
	for (unsigned i = 0; status == OK && i < count; i++) {
		if (parts[i].pen[0] != '\0' || parts[i].state[0] == '\0') {
			add_item(writing, last, &parts[i]);
		}
	}
	return status;
}

/* In a shared tally: its open threads whose last own signer is who hands over. */
static enum status gather_threads(struct ctx *ctx, void *context, struct err *err)
{
	struct writing *writing = context;
	struct query *row = NULL;
	struct last last = { .row = 0 };
	enum status status = ctx_desks(ctx, &writing->desks, &writing->desk_count, err);

	if (status == OK) {
		status = ctx_query(ctx, last_sql, &row, err);
	}
	while (status == OK && query_next(row)) {
		if (query_int(row, 4) != last.row) {
			status = add_thread(ctx, writing, &last, err);
			last = (struct last){ .row = query_int(row, 4) };
			memcpy(last.thread.data, query_blob(row, 0).data, ID_BYTES);
		}
		last_add(ctx, writing, row, &last);
	}
	query_close(row);
	return status == OK ? add_thread(ctx, writing, &last, err) : status;
}

/* Every shared tally of the home, or the one that --shared names. */
static enum status gather_all(struct ctx *ctx, struct writing *writing, struct err *err)
{
	struct query *row = NULL;
	bool one = args_option(writing->args, "shared") != NULL;
	struct id *tallies = NULL;
	unsigned count = 0;
	enum status status = ctx_query(ctx, "SELECT id FROM tally WHERE mode <> 'national' ORDER BY row", &row, err);

	while (status == OK && query_next(row)) {
		if (one && !bytes_equal(query_blob(row, 0), id_bytes(&writing->places.shared))) {
			continue;
		}
		tallies = arena_grow(ctx->arena, tallies, count, (size_t)count + 1, sizeof *tallies);
		if (tallies == NULL) {
			status = err_set(err, ENVIRONMENT, "hand-over: out of memory");
			break;
		}
		memcpy(tallies[count++].data, query_blob(row, 0).data, ID_BYTES);
	}
	query_close(row);
	for (unsigned i = 0; status == OK && tallies != NULL && i < count; i++) {
		writing->tally = tallies[i];
		status = ctx_within(ctx, &tallies[i], (struct bytes){ 0 }, gather_threads, writing, err);
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

enum status handover_items(struct ctx *ctx, const struct args *args, json_t **items, struct err *err)
{
	struct writing writing = { .args = args, .items = json_array() };
	struct signer signer;
	enum status status = ctx_desk(ctx, &signer, err);

	if (status == OK) {
		writing.officer = signer.officer;
		status = gather_all(ctx, &writing, err);
	}
	*items = writing.items;
	return status;
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
		status = gather_all(ctx, writing, err);
	}
	size_t count = json_array_size(writing->items);
	if (status == OK && (count == 0 || count > LIMIT_ITEMS)) {
		status = err_set(err, BAD_INPUT,
		    count
			? "officer %.*s: signed last in %zu open parts; a hand-over holds 256 at most; take one tally with --shared"
			: "officer %.*s: signed last in no open thread; there is nothing to hand over (%zu)",
		    (int)signer.officer.len, (const char *)signer.officer.data, count);
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
