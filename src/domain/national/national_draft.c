/* Drafts: written, listed, shown, and made the shared move. The move and the note that it was made are stored in one transaction, so that neither a crash nor
 * a second asking can make the move twice. */
#include "domain/national/national_draft.h"
#include "base/limits.h"
#include "core/input.h"
#include "domain/national/national_commands.h"
#include "domain/national/national_print.h"
#include <stdlib.h>
#include <string.h>

#define LIMIT_FIELDS_BYTES 4000
#define ALSO "also" /* beside the fields of the move: numbers of the parts that it relies on besides */

/* ---- write ------------------------------------------------------------------------------------------------------- */

struct writing {
	const struct args *args;
	struct places places;
	json_t *fields; /* of the draft */
	const char *target;
	int64_t at_ms;
	struct submitted made;
};

const struct kind *shared_kind(const char *name)
{
	const struct domain *domain = domain_find(bytes_text(name));

	return domain && strcmp(domain->name, "national") != 0 ? domain_kind(domain, bytes_text(name)) : NULL;
}

/* What the move relies on besides lies among its fields, under a name that no kind has for a field: what was approved says it. */
static void add_also(const struct args *args, json_t *object)
{
	const char *number;

	for (unsigned i = 0; (number = args_option_at(args, "also", i)) != NULL; i++) {
		if (i == 0) {
			json_object_set_new(object, ALSO, json_array());
		}
		json_array_append_new(json_object_get(object, ALSO), json_string(number));
	}
}

static enum status put_compact(json_t *object, json_t **out, struct err *err)
{
	char *compact = json_dumps(object, JSON_COMPACT);
	enum status status = compact == NULL ? err_set(err, ENVIRONMENT, "--fields: out of memory") : OK;

	if (status == OK && strlen(compact) > LIMIT_FIELDS_BYTES) {
		status = err_set(err, BAD_INPUT, "--fields: %zu bytes; a draft holds %d at most", strlen(compact),
		    LIMIT_FIELDS_BYTES);
	}
	*out = compact ? json_string(compact) : NULL;
	free(compact);
	return status;
}

/* The fields of the move: an object, each of its names a field of the kind; with what it relies on besides. As compact text. */
static enum status move_fields(
    struct ctx *ctx, const struct args *args, const struct kind *kind, json_t **out, struct err *err)
{
	const char *given, *name;
	struct bytes text;
	json_error_t error;
	json_t *object, *value;
	enum status status = text_option(args, "fields", &given, err);

	if (status == OK && given[0] == '{') {
		text = bytes_text(given);
	} else if (status == OK) {
		status = input_read(ctx->arena, given, LIMIT_JSON_BYTES, &text, err);
	}
	if (status != OK) {
		return status;
	}
	object = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(object)) {
		json_decref(object);
		return err_set(err, BAD_INPUT, "--fields: must be a JSON object with the fields of %s", kind->name);
	}
	json_object_foreach(object, name, value)
	{
		if (kind->fields == NULL || field_find(kind->fields, name) == NULL) {
			status = err_set(err, BAD_INPUT,
			    "--fields: \"%.40s\" is no field of %s; `warifu explain %s` lists them", name, kind->name,
			    kind->name);
		}
	}
	add_also(args, object);
	if (status == OK) {
		status = put_compact(object, out, err);
	}
	json_decref(object);
	return status;
}

static enum status find_target(struct ctx *ctx, void *context, struct err *err)
{
	struct writing *writing = context;
	struct place_found found, beside;
	const char *number = args_operand(writing->args, 1), *also;
	enum status status = place_find(ctx, number, &found, err);
	unsigned i = 0;

	while (status == OK && (also = args_option_at(writing->args, "also", i++)) != NULL) {
		status = i > LIMIT_REFERENCES ? err_set(err, BAD_INPUT, "--also: more than %d parts", LIMIT_REFERENCES)
					      : place_find(ctx, also, &beside, err);
	}

	if (status == OK) {
		json_object_set_new(writing->fields, "target", json_string(number));
		json_object_set_new(writing->fields, "thread", json_id(&found.thread));
		json_object_set_new(writing->fields, "part", json_id(&found.part));
	}
	return status;
}

static enum status submit_draft(struct ctx *ctx, void *context, struct err *err)
{
	struct writing *writing = context;
	const char *anew = args_option(writing->args, "anew");

	return submit_json(ctx, anew ? "national.draft_rewritten" : "national.draft_written", anew,
	    json_incref(writing->fields), writing->at_ms, &writing->made, err);
}

static void set_optional(json_t *fields, const char *name, const char *text)
{
	if (text != NULL) {
		json_object_set_new(fields, name, json_string(text));
	}
}

static enum status gather_draft(struct ctx *ctx, struct writing *writing, struct err *err)
{
	const struct args *args = writing->args;
	const char *name = args_operand(args, 0), *title, *amount = args_option(args, "amount-minor");
	const struct kind *kind = shared_kind(name);
	json_t *text = NULL;
	enum status status = text_option(args, "title", &title, err);

	if (status == OK && args_operand(args, 1) == NULL && args_option(args, "also") != NULL) {
		return err_set(err, USAGE, "--also: only beside the number of what the move concerns");
	}
	if (status == OK && kind == NULL) {
		return err_set(
		    err, USAGE, "kind \"%.40s\": not a move of a shared tally; `warifu explain` lists the kinds", name);
	}
	if (status == OK) {
		status = move_fields(ctx, args, kind, &text, err);
	}
	json_object_set_new(writing->fields, "fields", text ? text : json_null());
	if (status != OK) {
		return status;
	}
	json_object_set_new(writing->fields, "move", json_string(name));
	json_object_set_new(writing->fields, "shared", json_id(&writing->places.shared));
	json_object_set_new(writing->fields, "title", json_string(title));
	set_optional(writing->fields, "currency", args_option(args, "currency"));
	set_optional(writing->fields, "remarks", args_option(args, "remarks"));
	set_optional(writing->fields, "amount", args_option(args, "amount"));
	if (amount != NULL) {
		json_object_set_new(writing->fields, "amount_minor", json_integer(strtoll(amount, NULL, 10)));
	}
	return OK;
}

enum status draft_write(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct writing writing = { .args = args, .fields = json_object() };
	enum status status = places_find(ctx, args, &writing.places, err);

	if (status == OK) {
		status = places_need_shared(&writing.places, err);
	}
	if (status == OK) {
		status = at_option(ctx, args, &writing.at_ms, err);
	}
	if (status == OK) {
		status = gather_draft(ctx, &writing, err);
	}
	if (status == OK && args_operand(args, 1) != NULL) {
		status = ctx_within(ctx, &writing.places.shared, (struct bytes){ 0 }, find_target, &writing, err);
	}
	if (status == OK) {
		status = ctx_within(ctx, &writing.places.national, (struct bytes){ 0 }, submit_draft, &writing, err);
	}
	if (status == OK) {
		made_print(ctx, &writing.made);
	}
	json_decref(writing.fields);
	return status;
}

/* ---- list, show -------------------------------------------------------------------------------------------------- */

static const char drafts_sql[] = DRAFTS "ORDER BY d.thread";

struct looking {
	const struct args *args;
	struct query *rows;
};

static void draft_json(struct ctx *ctx, struct query *row)
{
	json_t *object = json_object();
	static const struct {
		const char *name;
		unsigned column;
	} texts[] = { { "number", D_NUMBER }, { "state", D_STATE }, { "move", D_MOVE }, { "target", D_TARGET },
		{ "title", D_TITLE }, { "currency", D_CURRENCY }, { "writer", D_WRITER }, { "checker", D_CHECKER },
		{ "certifier", D_CERTIFIER }, { "approver", D_APPROVER }, { "reference", D_REFERENCE },
		{ "authority", D_AUTHORITY }, { "entered_as", D_ENTRY_NUMBER }, { "fields", D_FIELDS } };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_object_set_new(object, texts[i].name, json_text_at(row, texts[i].column));
	}
	json_object_set_new(object, "amount_minor", json_column(row, D_AMOUNT));
	json_object_set_new(object, "since", json_time_at(row, D_SINCE));
	json_object_set_new(object, "entry", json_hex_at(row, D_ENTRY));
	print_json(ctx, object);
}

json_t *draft_fields(struct bytes text, json_t **also)
{
	json_t *fields = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);

	*also = json_incref(json_object_get(fields, ALSO));
	json_object_del(fields, ALSO);
	return fields;
}

/* The fields as text, without what the move relies on besides; that as numbers with commas between. */
static void fields_texts(struct ctx *ctx, struct query *row, const char **text, const char **numbers)
{
	json_t *also, *fields = draft_fields(query_text(row, D_FIELDS), &also), *number;
	char *compact = fields ? json_dumps(fields, JSON_COMPACT) : NULL;
	size_t i;

	*text = compact ? arena_text(ctx->arena, bytes_text(compact)) : cell_text(ctx, row, D_FIELDS);
	*numbers = NULL;
	json_array_foreach(also, i, number)
	{
		*numbers = arena_printf(ctx->arena, "%s%s%s", *numbers ? *numbers : "", i ? ", " : "",
		    json_is_string(number) ? json_string_value(number) : "?");
	}
	free(compact);
	json_decref(fields);
	json_decref(also);
}

const char *draft_amount(struct ctx *ctx, struct query *row)
{
	return query_is_null(row, D_AMOUNT) ? ""
					    : print_amount(ctx, query_text(row, D_CURRENCY), query_int(row, D_AMOUNT));
}

static const char *state_word(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? ctx_word(ctx, "rivals") : cell_word(ctx, row, column);
}

static enum status list_drafts(struct ctx *ctx, void *context, struct err *err)
{
	struct looking *looking = context;
	const char *state = args_option(looking->args, "state");
	struct grid grid = { .ctx = ctx, .columns = 7 };
	struct query *rows = NULL;
	const char *const titles[] = { ctx_word(ctx, "number"), ctx_word(ctx, "state"), ctx_word(ctx, "since"),
		ctx_word(ctx, "move"), ctx_word(ctx, "concerns"), ctx_word(ctx, "value"), ctx_word(ctx, "title") };
	enum status status = ctx_query(ctx, drafts_sql, &rows, err);

	grid_titles(&grid, titles);
	while (status == OK && query_next(rows)) {
		if (state != NULL && !bytes_is(query_text(rows, D_STATE), state)) {
			continue;
		}
		const char *const cells[] = { cell_text(ctx, rows, D_NUMBER), state_word(ctx, rows, D_STATE),
			cell_time(ctx, rows, D_SINCE), cell_text(ctx, rows, D_MOVE), cell_text(ctx, rows, D_TARGET),
			draft_amount(ctx, rows), cell_text(ctx, rows, D_TITLE) };
		if (ctx->json) {
			draft_json(ctx, rows);
		}
		grid_row(&grid, cells);
	}
	query_close(rows);
	return status == OK ? grid_end(&grid, err) : status;
}

enum status draft_list(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct looking looking = { .args = args };
	struct places places;
	enum status status = places_find(ctx, args, &places, err);

	return status == OK ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, list_drafts, &looking, err)
			    : status;
}

enum status draft_get(struct ctx *ctx, const char *number, struct query **row, struct err *err)
{
	enum status status = ctx_query(ctx, drafts_sql, row, err);

	while (status == OK && query_next(*row)) {
		if (bytes_is(query_text(*row, D_NUMBER), number)) {
			return OK;
		}
	}
	query_close(*row);
	*row = NULL;
	return status == OK ? err_set(err, NOT_FOUND, "draft %s: not in the national tally", number) : status;
}

static enum status show_draft(struct ctx *ctx, void *context, struct err *err)
{
	struct looking *looking = context;
	struct query *row = NULL;
	static const struct {
		const char *label;
		unsigned column;
	} lines[] = { { "move", D_MOVE }, { "concerns", D_TARGET }, { "fields", D_FIELDS }, { "drafted by", D_WRITER },
		{ "checked by", D_CHECKER }, { "funds certified by", D_CERTIFIER }, { "funds reference", D_REFERENCE },
		{ "approved by", D_APPROVER }, { "authority", D_AUTHORITY }, { "entered as", D_ENTRY_NUMBER } };
	enum status status = draft_get(ctx, args_operand(looking->args, 0), &row, err);

	if (status == OK && ctx->json) {
		draft_json(ctx, row);
	} else if (status == OK) {
		struct labelled shown[sizeof lines / sizeof *lines + 1];
		const char *fields, *numbers;
		size_t count = 0;
		fields_texts(ctx, row, &fields, &numbers);
		buf_printf(ctx->out, "%s  %s  %s\n%s\n", cell_text(ctx, row, D_NUMBER), state_word(ctx, row, D_STATE),
		    draft_amount(ctx, row), cell_text(ctx, row, D_TITLE));
		for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
			bool is_fields = lines[i].column == D_FIELDS;
			if (is_fields && numbers != NULL) {
				shown[count++] = (struct labelled){ ctx_word(ctx, "relies also on"), numbers };
			}
			if (!query_is_null(row, lines[i].column)) {
				shown[count++] = (struct labelled){ ctx_word(ctx, lines[i].label),
					is_fields ? fields : cell_text(ctx, row, lines[i].column) };
			}
		}
		print_labelled(ctx, shown, count);
	}
	query_close(row);
	return status;
}

enum status draft_show(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct looking looking = { .args = args };
	struct places places;
	enum status status = places_find(ctx, args, &places, err);

	return status == OK ? ctx_within(ctx, &places.national, (struct bytes){ 0 }, show_draft, &looking, err)
			    : status;
}

/* ---- enter ------------------------------------------------------------------------------------------------------- */

/* One draft on its way into the shared tally. */
struct entering {
	const struct args *args;
	struct places places;
	struct bytes officer; /* who enters: the same in both tallies */
	const char *number, *state, *move, *target, *approver, *authority;
	json_t *fields; /* of the shared move */
	json_t *also;   /* what it relies on besides: numbers; NULL: nothing */
	struct id shared, thread;
	bool has_thread, rehearsal; /* rehearsal: the national tally is one */
	int64_t at_ms;
	struct id made_thread, made_entry; /* the shared move */
	const char *made_number;
	struct submitted noted;
};

static enum status read_draft(struct ctx *ctx, struct entering *entering, struct err *err)
{
	struct query *row = NULL;
	enum status status = draft_get(ctx, args_operand(entering->args, 0), &row, err);

	if (status != OK) {
		return status;
	}
	entering->number = cell_text(ctx, row, D_NUMBER);
	entering->state = cell_text(ctx, row, D_STATE);
	entering->move = cell_text(ctx, row, D_MOVE);
	entering->target = query_is_null(row, D_TARGET) ? NULL : cell_text(ctx, row, D_TARGET);
	entering->approver = cell_text(ctx, row, D_APPROVER);
	entering->authority = cell_text(ctx, row, D_AUTHORITY);
	entering->fields = draft_fields(query_text(row, D_FIELDS), &entering->also);
	memcpy(entering->shared.data, query_blob(row, D_SHARED).data, ID_BYTES);
	entering->has_thread = !query_is_null(row, D_THREAD);
	if (entering->has_thread) {
		memcpy(entering->thread.data, query_blob(row, D_THREAD).data, ID_BYTES);
	}
	query_close(row);
	if (!json_is_object(entering->fields)) {
		return err_set(
		    err, BAD_INPUT, "draft %s: its fields are no JSON object; send it back", entering->number);
	}
	return strcmp(entering->state, "approved") == 0
	    ? OK
	    : err_refuse(err, "K10", "national-rules 3", "draft %s: it is %s; must be approved", entering->number,
		  entering->state[0] ? entering->state : "in dispute");
}

static bool says(const struct kind *kind, const struct body *body, const char *name, const char *text)
{
	const struct field *field = field_find(kind->fields, name);
	struct bytes value = { 0 };

	return field != NULL && record_text(body, field->key, &value) && bytes_is(value, text);
}

/* Has another draft noted this entry as its own? Looked for in every national tally here. */
static enum status is_noted(struct ctx *ctx, struct bytes entry, bool *noted, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, "SELECT number FROM national_draft WHERE entry = :entry", &rows, err);

	if (status == OK) {
		query_bind_blob(rows, "entry", entry);
		*noted = query_next(rows);
	}
	query_close(rows);
	return status;
}

static const char ours_sql[] =
    "SELECT e.id, e.body, t.id FROM entry e JOIN log l ON l.row = e.log JOIN thread t ON t.row = e.thread"
    " WHERE e.tally = :tally AND e.thread > 0 AND e.verdict = 0 AND l.party = :own ORDER BY e.row";

/* A move of that kind of ours, with that approver and authority, which no draft has noted: perhaps this draft was entered from another home, or what was noted is
 * lost with a disk. Then a person must say which. */
static enum status refuse_twin(
    struct ctx *ctx, const struct entering *entering, const struct kind *kind, struct err *err)
{
	struct query *rows = NULL;
	struct body body;
	enum status status = ctx_query(ctx, ours_sql, &rows, err);

	if (status == OK) {
		query_bind_int(rows, "own", ctx->own_party);
	}
	while (status == OK && query_next(rows)) {
		char hex[ID_BYTES * 2 + 1];
		bool noted = false;
		if (body_read(query_blob(rows, 1), &body) != NULL || !bytes_is(body.kind, entering->move) ||
		    (entering->has_thread && !bytes_equal(query_blob(rows, 2), id_bytes(&entering->thread))) ||
		    !says(kind, &body, "approver", entering->approver) ||
		    !says(kind, &body, "authority", entering->authority)) {
			continue;
		}
		hex_print(query_blob(rows, 0), hex);
		status = is_noted(ctx, query_blob(rows, 0), &noted, err);
		if (status == OK && !noted) {
			status = err_refuse(err, "", "ours, decision 0030",
			    "draft %s: entry %.16s has its approver and authority already; if it is this draft, --found %.16s notes "
			    "it, if it is another move, --again enters this one",
			    entering->number, hex, hex);
		}
	}
	query_close(rows);
	return status;
}

static void set_where_known(const struct kind *kind, json_t *fields, const char *name, const char *text)
{
	if (kind->fields != NULL && field_find(kind->fields, name) != NULL) {
		json_object_set_new(fields, name, json_string(text));
	}
}

static enum status sign_move(struct ctx *ctx, struct entering *entering, struct submitted *made, struct err *err)
{
	const char *numbers[LIMIT_REFERENCES];
	size_t count = json_array_size(entering->also);
	struct submission submission = { .kind = entering->move,
		.target = entering->target,
		.refs_numbers = numbers,
		.ref_count = (unsigned)count,
		.stated_ms = entering->at_ms,
		.future = args_option(entering->args, "future") != NULL };
	enum status status = OK;

	if (count > LIMIT_REFERENCES || (entering->also && !json_is_array(entering->also))) {
		return err_set(err, BAD_INPUT,
		    "draft %s: relies on more than %d parts, or on no list of them; send it back", entering->number,
		    LIMIT_REFERENCES);
	}
	for (size_t i = 0; i < count; i++) {
		numbers[i] = json_string_value(json_array_get(entering->also, i));
		status = numbers[i]
		    ? status
		    : err_set(err, BAD_INPUT, "draft %s: relies on what is no number; send it back", entering->number);
	}
	char *text = json_dumps(entering->fields, JSON_COMPACT);
	submission.fields_json = text;
	status = status != OK ? status
	    : text            ? ctx_submit(ctx, &submission, made, err)
			      : err_set(err, ENVIRONMENT, "fields: out of memory");
	free(text);
	return status;
}

/* In the shared tally: the move, with the approver's officer id and the reference of the authority. */
static enum status make_move(struct ctx *ctx, void *context, struct err *err)
{
	struct entering *entering = context;
	const struct kind *kind = shared_kind(entering->move);
	struct submitted made;

	if (kind == NULL) {
		return err_set(
		    err, BAD_INPUT, "draft %s: this program knows no kind %s", entering->number, entering->move);
	}
	enum status status = entering->rehearsal && !ctx->view.rehearsal
	    ? err_refuse(err, "", "ours, decision 0030",
		  "draft %s: was approved in a rehearsal; the shared tally is real", entering->number)
	    : OK;
	if (status == OK && args_option(entering->args, "again") == NULL) {
		status = refuse_twin(ctx, entering, kind, err);
	}
	if (status != OK) {
		return status;
	}
	set_where_known(kind, entering->fields, "approver", entering->approver);
	set_where_known(kind, entering->fields, "authority", entering->authority);
	status = sign_move(ctx, entering, &made, err);
	if (status == OK) {
		entering->made_thread = made.thread;
		entering->made_entry = made.id;
		entering->made_number = arena_text(ctx->arena, bytes_text(made.number));
	}
	return status;
}

/* In the shared tally: the move that --found names. */
static enum status find_move(struct ctx *ctx, void *context, struct err *err)
{
	struct entering *entering = context;
	const char *prefix = args_option(entering->args, "found");
	char hex[ID_BYTES * 2 + 1];
	unsigned count = 0;
	bool noted = false;
	struct body body;
	struct query *rows = NULL;
	enum status status = ctx_query(ctx,
	    "SELECT e.id, e.body, t.id, t.number FROM entry e JOIN log l ON l.row = e.log JOIN thread t ON t.row = e.thread"
	    " WHERE e.tally = :tally AND e.thread > 0 AND e.verdict = 0 AND l.party = :own",
	    &rows, err);

	if (status == OK) {
		query_bind_int(rows, "own", ctx->own_party);
	}
	while (status == OK && query_next(rows)) {
		hex_print(query_blob(rows, 0), hex);
		if (strncmp(hex, prefix, strlen(prefix)) == 0 && body_read(query_blob(rows, 1), &body) == NULL &&
		    bytes_is(body.kind, entering->move)) {
			memcpy(entering->made_entry.data, query_blob(rows, 0).data, ID_BYTES);
			memcpy(entering->made_thread.data, query_blob(rows, 2).data, ID_BYTES);
			entering->made_number = cell_text(ctx, rows, 3);
			status = is_noted(ctx, query_blob(rows, 0), &noted, err);
			count++;
		}
	}
	query_close(rows);
	if (status == OK && count == 1 && noted) {
		return err_set(err, BAD_INPUT, "--found %s: another draft was entered as it", prefix);
	}
	return status == OK && count != 1
	    ? err_set(err, NOT_FOUND, "--found %s: %u valid entries %s of ours begin so; must be one", prefix, count,
		  entering->move)
	    : status;
}

/* In one transaction: the shared move, and in the national tally the note that it was made. */
static enum status enter_both(struct ctx *ctx, void *context, struct err *err)
{
	struct entering *entering = context;
	ctx_act *act = args_option(entering->args, "found") ? find_move : make_move;
	enum status status = ctx_within(ctx, &entering->shared, entering->officer, act, entering, err);

	if (status != OK) {
		return status;
	}
	json_t *fields = json_pack("{s:o, s:o, s:o, s:s}", "shared", json_id(&entering->shared), "thread",
	    json_id(&entering->made_thread), "entry", json_id(&entering->made_entry), "number", entering->made_number);
	return submit_json(
	    ctx, "national.draft_entered", entering->number, fields, entering->at_ms, &entering->noted, err);
}

static enum status enter_draft(struct ctx *ctx, void *context, struct err *err)
{
	struct entering *entering = context;
	struct signer signer;
	enum status status = ctx_desk(ctx, &signer, err);

	if (status == OK) {
		entering->officer = signer.officer;
		entering->rehearsal = ctx->view.rehearsal;
		status = read_draft(ctx, entering, err);
	}
	return status == OK ? ctx_together(ctx, enter_both, entering, err) : status;
}

enum status draft_enter(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct entering entering = { .args = args };
	enum status status = places_find(ctx, args, &entering.places, err);

	if (status == OK) {
		status = at_option(ctx, args, &entering.at_ms, err);
	}
	if (status == OK) {
		status = ctx_within(ctx, &entering.places.national, (struct bytes){ 0 }, enter_draft, &entering, err);
	}
	json_decref(entering.fields);
	json_decref(entering.also);
	if (status != OK) {
		return status;
	}
	if (ctx->json) {
		print_json(ctx,
		    json_pack("{s:s, s:s, s:s, s:o}", "number", entering.made_number, "draft", entering.noted.number,
			"state", entering.noted.state, "entry", json_id(&entering.made_entry)));
	} else {
		buf_printf(ctx->out, "%s  %s (%s)\n", entering.made_number, ctx_word(ctx, entering.noted.state),
		    entering.noted.number);
	}
	return OK;
}
