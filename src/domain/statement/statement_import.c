/* `statement import`: what was published, as a file (docs/statement-rules.md 2 has the fields), becomes one thread for each pledge, meeting and
 * matter of context. All or nothing; what is here already is left as it is. */
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "core/input.h"
#include "core/print.h"
#include "domain/statement/statement_state.h"
#include <stdlib.h>
#include <string.h>

#define IMPORT_ROWS 100 /* of one statement, each a thread */

struct importing {
	struct ctx *ctx;
	const json_t *statement;
	const char *partner;
	struct submission submissions[IMPORT_ROWS];
	unsigned count;
};

static void set_text(json_t *fields, const json_t *from, const char *name, const char *as)
{
	const char *text = json_string_value(json_object_get(from, name));

	if (text != NULL) {
		json_object_set_new(fields, as, json_string(text));
	}
}

static void set_locator(const struct importing *importing, json_t *fields)
{
	set_text(fields, json_array_get(json_object_get(importing->statement, "source"), 0), "by", "locator");
}

static void pledge_fields(const struct importing *importing, const json_t *pledge, json_t *fields)
{
	json_object_set_new(fields, "no", json_integer(json_integer_value(json_object_get(pledge, "no"))));
	set_text(fields, pledge, "carried_out_by", "carried_out_by");
	set_text(fields, importing->statement, "made_on", "made_on");
	set_text(fields, importing->statement, "made_at", "made_at");
	set_locator(importing, fields);
}

static void context_fields(const struct importing *importing, const json_t *context, json_t *fields)
{
	set_text(fields, context, "carried_out_by", "carried_out_by");
	set_locator(importing, fields);
}

/* The first word of what a series is called: "cyber" of "cyber information exchange and analysis". */
static const char *series_of(const struct importing *importing, const json_t *meeting)
{
	const char *name = json_string_value(json_object_get(json_object_get(meeting, "series"), "en"));
	size_t len = name ? strcspn(name, " ") : 0;
	const char *code = arena_text(importing->ctx->arena, bytes_of(name, len));

	return code ? code : "";
}

/* A meeting of which only the day is known takes that day: from its midnight to the next, UTC. */
static void meeting_fields(const struct importing *importing, const json_t *meeting, json_t *fields)
{
	const char *on = json_string_value(json_object_get(meeting, "on"));
	int64_t day = 0;

	json_object_set_new(fields, "no", json_integer(json_integer_value(json_object_get(meeting, "no"))));
	json_object_set_new(fields, "series", json_string(series_of(importing, meeting)));
	set_text(fields, meeting, "at", "place");
	if (on != NULL && day_parse(bytes_text(on), &day)) {
		json_object_set_new(fields, "starts_at", json_time_of(day * DAY_MS));
		json_object_set_new(fields, "ends_at", json_time_of((day + 1) * DAY_MS));
	}
}

/* One array of the file, and what its rows become. */
struct sort_of_row {
	const char *array, *kind;
	const char *known_sql; /* is it here already? By :no, :series, and the text: :en, or else :ja */
	void (*fields)(const struct importing *importing, const json_t *row, json_t *fields);
};
#define KNOWN(table, same) \
	"WITH given (no, series, en, ja) AS (SELECT :no, :series, NULLIF(:en, ''), NULLIF(:ja, '')) SELECT 1 FROM given g JOIN " table \
	" x ON " same " WHERE (SELECT t.tally FROM thread t WHERE t.row = x.thread) = :tally"
static const struct sort_of_row sorts[] = {
	{ "pledges", "statement.pledge_entered", KNOWN("statement_pledge", "x.no = g.no"), pledge_fields },
	{ "meetings", "statement.meeting_called", KNOWN("statement_meeting", "x.no = g.no AND x.series = g.series"),
	    meeting_fields },
	{ "context", "statement.context_stated",
	    KNOWN("statement_context", "x.state = 'recorded' AND x.en IS g.en AND (g.en IS NOT NULL OR x.ja IS g.ja)"),
	    context_fields },
	{ 0 },
};

static enum status is_known(
    struct importing *importing, const struct sort_of_row *sort, const json_t *fields, bool *known, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(importing->ctx, sort->known_sql, &rows, err);
	const char *series = json_string_value(json_object_get(fields, "series")),
		   *en = json_string_value(json_object_get(fields, "en")),
		   *ja = json_string_value(json_object_get(fields, "ja"));

	*known = false;
	if (status == OK) {
		query_bind_int(rows, "no", json_integer_value(json_object_get(fields, "no")));
		query_bind_text(rows, "series", bytes_text(series ? series : ""));
		query_bind_text(rows, "en", bytes_text(en ? en : ""));
		query_bind_text(rows, "ja", bytes_text(ja ? ja : ""));
		*known = query_next(rows);
	}
	query_close(rows);
	return status;
}

static enum status take_row(
    struct importing *importing, const struct sort_of_row *sort, const json_t *row, struct err *err)
{
	struct ctx *ctx = importing->ctx;
	json_t *fields = json_object();
	bool known = false;

	json_object_set_new(fields, "partner", json_string(importing->partner));
	json_object_set_new(fields, "rule_set", json_integer(1));
	set_text(fields, row, "en", "en");
	set_text(fields, row, "ja", "ja");
	sort->fields(importing, row, fields);
	enum status status = is_known(importing, sort, fields, &known, err);
	if (status == OK && !known && importing->count == IMPORT_ROWS) {
		status = err_set(err, BAD_INPUT,
		    "statement: more than %d pledges, meetings and matters of context; cut the file in two",
		    IMPORT_ROWS);
	}
	if (status == OK && !known) {
		char *text = json_dumps(fields, JSON_COMPACT);
		const char *kept = text ? arena_printf(ctx->arena, "%s", text) : NULL;
		free(text);
		importing->submissions[importing->count++] =
		    (struct submission){ .kind = sort->kind, .fields_json = kept };
		status = kept ? OK : err_set(err, ENVIRONMENT, "import: out of memory");
	}
	json_decref(fields);
	return status;
}

/* The other party: the only one, or the one named. */
static enum status partner_of(struct ctx *ctx, const struct args *args, const char **partner, struct err *err)
{
	*partner = args_option(args, "partner");
	if (*partner == NULL && ctx->view.party_count == 2) {
		*partner = print_party(ctx, ctx->own_party == 0 ? 1 : 0);
	}
	return *partner ? OK : err_set(err, USAGE, "--partner CODE: who confirms the wording?");
}

static enum status read_statement(struct ctx *ctx, const char *path, json_t **out, struct err *err)
{
	struct bytes text;
	json_error_t error;
	enum status status = input_read(ctx->arena, path, LIMIT_JSON_BYTES, &text, err);

	*out = NULL;
	if (status == OK) {
		*out = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &error);
		status = json_is_object(*out) ? OK
					      : err_set(err, BAD_INPUT, "file %s: not a statement in JSON: line %d: %s",
						    path, *out ? 1 : error.line, *out ? "not an object" : error.text);
	}
	return status;
}

static enum status gather(struct importing *importing, unsigned *made, struct err *err)
{
	enum status status = OK;

	if (json_array_size(json_object_get(importing->statement, "pledges")) == 0) {
		return err_set(err, BAD_INPUT, "statement: has no `pledges`");
	}
	for (const struct sort_of_row *sort = sorts; sort->array && status == OK; sort++) {
		const json_t *rows = json_object_get(importing->statement, sort->array);
		unsigned before = importing->count;
		for (size_t i = 0; i < json_array_size(rows) && status == OK; i++) {
			status = take_row(importing, sort, json_array_get(rows, i), err);
		}
		made[sort - sorts] = importing->count - before;
	}
	return status;
}

enum status statement_import(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct importing importing = { .ctx = ctx };
	struct submitted submitted[IMPORT_ROWS];
	unsigned made[sizeof sorts / sizeof *sorts] = { 0 }, bad = 0;
	json_t *statement;
	enum status status = read_statement(ctx, args_operand(args, 0), &statement, err);

	importing.statement = statement;
	if (status == OK) {
		status = partner_of(ctx, args, &importing.partner, err);
	}
	if (status == OK) {
		status = gather(&importing, made, err);
	}
	if (status == OK && importing.count > 0) {
		status = ctx_submit_all(ctx, importing.submissions, importing.count, submitted, &bad, err);
	}
	for (unsigned i = 0; status == OK && i < importing.count; i++) {
		if (ctx->json) {
			print_json(ctx, json_pack("{s:s}", "number", submitted[i].number));
		} else {
			print_line(ctx, submitted[i].number);
		}
	}
	if (status == OK && !ctx->json) {
		buf_printf(ctx->out,
		    "entered: pledges %u, meetings %u, context %u; what was here before is left as it is\n", made[0],
		    made[1], made[2]);
	}
	json_decref(statement);
	return status;
}
