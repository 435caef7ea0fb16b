/* `support link`: services given in exchange, named by the numbers of their issues. What does not fit across threads,
 * which no rule can see, is refused here. */
#include "base/limits.h"
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_state.h"
#include <stdlib.h>
#include <string.h>

#define MANY 64 /* numbers that one command may name */

static struct id id_column(struct query *row, unsigned column)
{
	struct bytes blob = query_blob(row, column);
	struct id id = { { 0 } };

	if (blob.len == ID_BYTES) {
		memcpy(id.data, blob.data, ID_BYTES);
	}
	return id;
}

static json_t *json_id(const struct id *id)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(id), hex);
	return json_string(hex);
}

static struct bytes kept_text(struct ctx *ctx, struct query *row, unsigned column)
{
	return arena_copy(ctx->arena, query_text(row, column));
}

/* ---- the move itself --------------------------------------------------------------------------------------------- */

static void made_print(struct ctx *ctx, const struct submitted *made)
{
	if (ctx->json) {
		print_json(ctx,
		    json_pack("{s:o, s:s, s:s, s:s*}", "id", json_id(&made->id), "number", made->number, "state",
			made->state, "pen", made->pen[0] ? made->pen : NULL));
		return;
	}
	buf_printf(
	    ctx->out, "%s  %s%s%s\n", made->number, WORD(ctx, made->state), made->pen[0] ? "  -> " : "", made->pen);
}

/* The time of the act; in a real tally never ahead of the clock. */
static enum status read_at(struct ctx *ctx, const char *text, int64_t *ms, struct err *err)
{
	if (text == NULL) {
		return OK;
	}
	if (!time_parse(bytes_text(text), ms)) {
		return err_set(err, USAGE, "--at \"%s\": must be a time such as 2013-11-26T09:30:00Z", text);
	}
	if (*ms > ctx->now_ms && !ctx->view.rehearsal) {
		return err_refuse(
		    err, "", "ours: what has not happened cannot be stated", "--at %s: lies ahead of the clock", text);
	}
	return OK;
}

/* Takes the fields. */
static enum status submit_by(
    struct ctx *ctx, const struct args *args, struct submission *submission, json_t *fields, struct err *err)
{
	const char *remarks = args_option(args, "remarks");
	struct submitted made;

	if (remarks != NULL) {
		json_object_set_new(fields, "remarks", json_string(remarks));
	}
	char *text = json_dumps(fields, JSON_COMPACT);
	submission->fields_json = text ? text : "{}";
	enum status status = read_at(ctx, args_option(args, "at"), &submission->stated_ms, err);
	if (status == OK) {
		status = ctx_submit(ctx, submission, &made, err);
	}
	if (status == OK) {
		made_print(ctx, &made);
	}
	free(text);
	json_decref(fields);
	return status;
}

enum status settle_submit(struct ctx *ctx, const struct args *args, const char *kind, const char *target,
    json_t *fields, const char *ref, struct err *err)
{
	struct submission submission = {
		.kind = kind, .target = target, .refs_numbers = &ref, .ref_count = ref != NULL
	};

	return submit_by(ctx, args, &submission, fields, err);
}

/* ---- attach ------------------------------------------------------------------------------------------------------ */

/* The paper that was signed by hand comes back as a note with the scan: the note says what it is, the entry names the scan by its hash. */
enum status support_attach(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *files[LIMIT_ATTACHMENTS];
	struct submission submission = {
		.kind = "support.noted", .target = args_operand(args, 0), .attachments = files
	};
	const char *file;

	while (submission.attachment_count < LIMIT_ATTACHMENTS &&
	    (file = args_operand(args, submission.attachment_count + 1)) != NULL) {
		files[submission.attachment_count++] = file;
	}
	return submit_by(
	    ctx, args, &submission, json_pack("{s:s}", "remarks", WORD(ctx, "signed paper, scanned")), err);
}

/* ---- link -------------------------------------------------------------------------------------------------------- */

/* A line of an issue settled by exchange, with what is left of it. */
struct line {
	struct id thread, issue;
	int64_t row, line, left, delivered_ms; /* row: of the thread */
	struct bytes currency, state;
};
struct lines {
	struct line *items;
	unsigned count;
};
struct pair {
	const struct line *ours, *theirs;
	struct id thread, issue;
	int64_t line, their_line, value, applied;
	struct bytes currency, their_currency;
};
struct linking {
	struct ctx *ctx;
	const char *number;
	struct lines ours, theirs;
	struct pair *pairs;
	unsigned count;
	struct id certified; /* what is mirrored; zero: nothing */
};

/* Left by the issue's own thread, less what other threads have set it against: of each pair of lines the greater figure, since one
 * exchange stands in both threads. */
static const char lines_sql[] =
    "SELECT o.id, i.part, i.thread, l.line, l.currency, i.state, i.delivered_ms, l.left_minor + l.exchanged_minor - "
    "coalesce((SELECT SUM(m) FROM (SELECT MAX(v) AS m FROM ("
    "SELECT x.part AS p, x.line AS n, SUM(x.value_minor) AS v FROM support_exchange x WHERE x.their_issue = i.part AND "
    "x.their_line = l.line GROUP BY 1, 2 UNION ALL "
    "SELECT y.their_issue AS p, y.their_line AS n, SUM(y.applied_minor) AS v FROM support_exchange y WHERE y.thread = i.thread AND "
    "y.part = i.part AND y.line = l.line GROUP BY 1, 2) AS both GROUP BY p, n) AS most), 0), o.receiver "
    "FROM support_issue i JOIN support_issue_line l ON l.thread = i.thread AND l.part = i.part JOIN support_order o ON o.thread = "
    "i.thread JOIN thread t ON t.row = i.thread WHERE +t.tally = :tally AND i.number = :number AND l.left_minor IS NOT NULL ORDER BY "
    "l.line";

static bool lines_add(struct ctx *ctx, struct lines *lines, const struct line *line)
{
	lines->items = arena_grow(ctx->arena, lines->items, lines->count, lines->count + 1, sizeof *lines->items);
	if (lines->items != NULL) {
		lines->items[lines->count++] = *line;
	}
	return lines->items != NULL;
}

static enum status read_lines(
    struct ctx *ctx, const char *number, bool we_receive, struct lines *lines, struct err *err)
{
	struct query *row = NULL;
	unsigned before = lines->count;
	enum status status = ctx_query(ctx, lines_sql, &row, err);

	if (status == OK) {
		query_bind_text(row, "number", bytes_text(number));
	}
	while (status == OK && query_next(row)) {
		struct line line = { id_column(row, 0), id_column(row, 1), query_int(row, 2), query_int(row, 3),
			query_int(row, 7), query_int(row, 6), kept_text(ctx, row, 4), kept_text(ctx, row, 5) };
		if ((query_int(row, 8) == (int64_t)ctx->own_party) != we_receive) {
			status = err_refuse(err, "", "support-rules 3", "%s: %s", number,
			    we_receive ? "we supplied it; the receiver links what it gave in exchange"
				       : "we received it; name issues that we supplied, under the reverse order");
		} else if (!lines_add(ctx, lines, &line)) {
			status = err_set(err, ENVIRONMENT, "link: out of memory");
		}
	}
	query_close(row);
	if (status == OK && lines->count == before) {
		return err_set(err, NOT_FOUND, "%s: no issue of a service that is settled by like service", number);
	}
	return status;
}

static int by_delivery(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = (x->delivered_ms > y->delivered_ms) - (x->delivered_ms < y->delivered_ms);

	order = order ? order : id_compare(&x->issue, &y->issue);
	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static const char rate_sql[] =
    "SELECT rate, from_currency = :theirs FROM support_rate WHERE thread = :thread AND ((from_currency = :theirs AND to_currency = "
    ":ours) OR (from_currency = :ours AND to_currency = :theirs)) ORDER BY item";

/* False: none. *forward: it is given from their currency to ours. */
static enum status find_rate(struct ctx *ctx, const struct line *ours, const struct line *theirs, struct decimal *rate,
    bool *forward, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(ctx, rate_sql, &row, err);

	if (status == OK) {
		query_bind_int(row, "thread", ours->row);
		query_bind_text(row, "theirs", theirs->currency);
		query_bind_text(row, "ours", ours->currency);
		bool found = query_next(row);
		*forward = found && query_int(row, 1) != 0;
		status = found && decimal_parse(query_text(row, 0), rate, NULL) == OK
		    ? OK
		    : err_refuse(err, "S207", "support-rules 4.2",
			  "line %lld: no rate between %.3s and %.3s in the order's terms", (long long)ours->line,
			  (const char *)theirs->currency.data, (const char *)ours->currency.data);
	}
	query_close(row);
	return status;
}

static enum status pair_values(struct ctx *ctx, struct pair *pair, struct err *err)
{
	const struct line *ours = pair->ours, *theirs = pair->theirs;
	struct decimal rate = { 0 };
	bool forward = false, fits;
	int64_t here;

	if (bytes_equal(ours->currency, theirs->currency)) {
		pair->value = pair->applied = ours->left < theirs->left ? ours->left : theirs->left;
		return OK;
	}
	enum status status = find_rate(ctx, ours, theirs, &rate, &forward, err);
	if (status != OK) {
		return status;
	}
	fits = forward ? convert_minor(theirs->currency, ours->currency, rate, theirs->left, &here)
		       : convert_back(ours->currency, theirs->currency, rate, theirs->left, &here);
	if (fits && here <= ours->left) {
		pair->value = theirs->left;
		pair->applied = here;
		return OK;
	}
	pair->applied = ours->left;
	fits = forward ? convert_back(theirs->currency, ours->currency, rate, ours->left, &pair->value)
		       : convert_minor(ours->currency, theirs->currency, rate, ours->left, &pair->value);
	return fits
	    ? OK
	    : err_set(err, BAD_INPUT, "line %lld: its value is beyond what an amount can hold", (long long)ours->line);
}

static enum status add_pair(struct linking *linking, struct line *ours, struct line *theirs, struct err *err)
{
	struct pair pair = { .ours = ours,
		.theirs = theirs,
		.thread = theirs->thread,
		.issue = theirs->issue,
		.line = ours->line,
		.their_line = theirs->line,
		.currency = ours->currency,
		.their_currency = theirs->currency };
	enum status status = pair_values(linking->ctx, &pair, err);

	if (status != OK || pair.value <= 0 || pair.applied <= 0) {
		return status;
	}
	ours->left -= pair.applied;
	theirs->left -= pair.value;
	linking->pairs =
	    arena_grow(linking->ctx->arena, linking->pairs, linking->count, linking->count + 1, sizeof *linking->pairs);
	if (linking->pairs == NULL) {
		return err_set(err, ENVIRONMENT, "link: out of memory");
	}
	linking->pairs[linking->count++] = pair;
	return OK;
}

/* Lines here in order of their numbers, lines given in order of delivery. One link is in one currency: that of the first line here. */
static enum status pair_all(struct linking *linking, struct err *err)
{
	enum status status = OK;

	ASSERT(linking->theirs.items != NULL); /* without a line there is nothing to link: NOT_FOUND before */
	qsort(linking->theirs.items, linking->theirs.count, sizeof *linking->theirs.items, by_delivery);
	for (unsigned i = 0; i < linking->ours.count && status == OK; i++) {
		struct line *ours = &linking->ours.items[i];
		if (linking->count > 0 && !bytes_equal(ours->currency, linking->pairs[0].currency)) {
			continue;
		}
		for (unsigned k = 0; k < linking->theirs.count && status == OK; k++) {
			struct line *theirs = &linking->theirs.items[k];
			if (ours->left > 0 && theirs->left > 0) {
				status = add_pair(linking, ours, theirs, err);
			}
		}
	}
	return status;
}

/* What the partner has linked against our issue, and we have certified there, and is not written here yet: the certificate that is
 * first by id among those, whole. */
static const char mirror_sql[] =
    "SELECT x.certified, o.id, x.part, x.line, x.their_line, x.value_minor, x.applied_minor, x.currency, l.currency "
    "FROM support_exchange x JOIN support_order o ON o.thread = x.thread JOIN thread t ON t.row = x.thread "
    "JOIN support_issue_line l ON l.thread = x.thread AND l.part = x.part AND l.line = x.line "
    "WHERE +t.tally = :tally AND x.their_issue = :ours AND x.part = :theirs AND x.certified IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM support_exchange m WHERE m.part = :ours AND m.their_issue = x.part AND m.line = x.their_line AND m.their_line = "
    "x.line AND m.value_minor = x.applied_minor AND m.applied_minor = x.value_minor) ORDER BY x.certified, x.their_line, x.line";

static enum status read_mirror(struct linking *linking, const struct line *theirs, struct err *err)
{
	struct query *row = NULL;
	ASSERT(linking->ours.items != NULL); /* read_lines found one at least */
	struct id ours = linking->ours.items[0].issue;
	enum status status = ctx_query(linking->ctx, mirror_sql, &row, err);

	if (status == OK) {
		query_bind_blob(row, "ours", id_bytes(&ours));
		query_bind_blob(row, "theirs", id_bytes(&theirs->issue));
	}
	while (status == OK && query_next(row)) {
		struct id certified = id_column(row, 0);
		if (linking->count > 0 && !id_equal(&certified, &linking->certified)) {
			break;
		}
		struct pair pair = { .thread = id_column(row, 1),
			.issue = id_column(row, 2),
			.their_line = query_int(row, 3),
			.line = query_int(row, 4),
			.applied = query_int(row, 5),
			.value = query_int(row, 6),
			.currency = kept_text(linking->ctx, row, 7),
			.their_currency = kept_text(linking->ctx, row, 8) };
		linking->certified = certified;
		linking->pairs = arena_grow(
		    linking->ctx->arena, linking->pairs, linking->count, linking->count + 1, sizeof *linking->pairs);
		if (linking->pairs == NULL) {
			status = err_set(err, ENVIRONMENT, "link: out of memory");
			break;
		}
		linking->pairs[linking->count++] = pair;
	}
	query_close(row);
	return status;
}

static int by_item(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = (x->line > y->line) - (x->line < y->line);

	order = order ? order : id_compare(&x->thread, &y->thread);
	order = order ? order : id_compare(&x->issue, &y->issue);
	return order ? order : (x->their_line > y->their_line) - (x->their_line < y->their_line);
}

static enum status link_fields(struct linking *linking, json_t *fields, struct err *err)
{
	json_t *items = json_array();
	int64_t total = 0;
	bool fits = true;

	qsort(linking->pairs, linking->count, sizeof *linking->pairs, by_item);
	for (unsigned i = 0; i < linking->count; i++) {
		const struct pair *pair = &linking->pairs[i];
		fits = fits && minor_add(total, pair->applied, &total);
		json_array_append_new(items,
		    json_pack("{s:I, s:o, s:o, s:I, s:o, s:I, s:I}", "line", (json_int_t)pair->line, "thread",
			json_id(&pair->thread), "issue", json_id(&pair->issue), "their_line",
			(json_int_t)pair->their_line, "currency", json_bytes(pair->their_currency), "value_minor",
			(json_int_t)pair->value, "applied_minor", (json_int_t)pair->applied));
	}
	json_object_set_new(fields, "items", items);
	json_object_set_new(fields, "currency", json_bytes(linking->pairs[0].currency));
	json_object_set_new(fields, "total_minor", json_integer(total));
	return fits ? OK : err_set(err, BAD_INPUT, "link: its total is beyond what an amount can hold");
}

static enum status gather_against(struct linking *linking, const struct args *args, struct err *err)
{
	const char *against;
	enum status status = OK;

	for (unsigned i = 0; status == OK && (against = args_option_at(args, "against", i)) != NULL; i++) {
		unsigned first = linking->theirs.count;
		status = i < MANY ? read_lines(linking->ctx, against, false, &linking->theirs, err)
				  : err_set(err, USAGE, "link: at most %d issues at a time", MANY);
		ASSERT(status != OK || linking->theirs.items != NULL);
		if (status == OK && linking->count == 0) {
			status = read_mirror(linking, &linking->theirs.items[first], err);
		}
		if (status == OK && linking->count == 0 &&
		    !bytes_is(linking->theirs.items[first].state, "exchange due")) {
			status = err_refuse(err, "", "support-rules 3",
			    "%s: is not to be exchanged; it must be received and unsettled", against);
		}
	}
	if (status == OK && linking->theirs.count == 0) {
		return err_set(
		    err, USAGE, "link: --against NUMBER is missing: an issue that we supplied under the reverse order");
	}
	return status;
}

enum status support_link(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct linking linking = { .ctx = ctx, .number = args_operand(args, 0) };
	char hex[2 * ID_BYTES + 1];
	enum status status = read_lines(ctx, linking.number, true, &linking.ours, err);

	if (status == OK) {
		status = gather_against(&linking, args, err);
	}
	bool mirrors = linking.count > 0;
	if (status == OK && !mirrors) {
		status = pair_all(&linking, err);
	}
	if (status == OK && linking.count == 0) {
		status = err_refuse(
		    err, "", "support-rules 4.2", "%s: nothing is left on one of the two sides", linking.number);
	}
	json_t *fields = json_object();
	if (status == OK) {
		status = link_fields(&linking, fields, err);
	}
	if (status != OK) {
		json_decref(fields);
		return status;
	}
	hex_print(id_bytes(&linking.certified), hex);
	return settle_submit(ctx, args, "support.exchange_linked", linking.number, fields, mirrors ? hex : NULL, err);
}
