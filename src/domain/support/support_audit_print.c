/* `support audit`: the findings as text, CSV or JSON, and the list of open claims at the end of a fiscal year. */
#include "base/text.h"
#include "base/time.h"
#include "domain/support/support_audit.h"
#include "domain/support/support_commands.h"
#include <stdlib.h>
#include <string.h>

static bool shown(const struct audit_rule *rule, const char *only)
{
	return only == NULL || strcmp(rule->number, only) == 0;
}

static unsigned count_of(const struct audit *audit, const struct audit_rule *rule)
{
	unsigned count = 0;

	for (unsigned i = 0; i < audit->count; i++) {
		count += audit->findings[i].rule == rule;
	}
	return count;
}

static const char *hex_of(struct audit *audit, const struct id *id)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(id), hex);
	return print_text(audit->ctx, bytes_text(hex));
}

/* ---- JSON and CSV ------------------------------------------------------------------------------------------------ */

static json_t *time_or_null(int64_t ms)
{
	return ms < 0 ? json_null() : json_time_of(ms);
}

static json_t *parties_object(struct audit *audit)
{
	json_t *parties = json_array();

	for (unsigned i = 0; i < audit->ctx->view.party_count && i < LIMIT_PARTIES; i++) {
		const struct party_seen *seen = &audit->parties[i];
		json_t *party = json_object();
		json_object_set_new(party, "party", json_string(audit->ctx->view.party_codes[i]));
		json_object_set_new(party, "entries", json_integer(seen->entries));
		json_object_set_new(party, "waiting", json_integer(seen->waiting));
		json_object_set_new(party, "last_entry", time_or_null(seen->last_ms));
		json_object_set_new(party, "last_acknowledgement", time_or_null(seen->last_acknowledged_ms));
		json_array_append_new(parties, party);
	}
	return parties;
}

static json_t *rules_object(struct audit *audit, const char *only)
{
	json_t *rules = json_array();

	for (const struct audit_rule *rule = audit_rules; rule->number != NULL; rule++) {
		if (!shown(rule, only)) {
			continue;
		}
		json_t *object = json_object();
		json_object_set_new(object, "rule", json_string(rule->number));
		json_object_set_new(object, "en", json_string(rule->en));
		json_object_set_new(object, "ja", json_string(rule->ja));
		json_object_set_new(object, "source", json_string(rule->source));
		json_object_set_new(object, "count", json_integer(count_of(audit, rule)));
		json_array_append_new(rules, object);
	}
	return rules;
}

static json_t *finding_object(struct audit *audit, const struct finding *finding)
{
	json_t *object = json_object(), *entries = json_array();

	json_object_set_new(object, "rule", json_string(finding->rule->number));
	json_object_set_new(object, "number", json_string(finding->number));
	json_object_set_new(object, "first", json_day_of(finding->first));
	json_object_set_new(object, "until", finding->until == NO_TIME ? json_null() : json_day_of(finding->until));
	for (unsigned i = 0; i < finding->entry_count; i++) {
		json_array_append_new(entries, json_string(hex_of(audit, &finding->entries[i])));
	}
	json_object_set_new(object, "entries", entries);
	json_object_set_new(object, "en", json_string(finding->en));
	json_object_set_new(object, "ja", json_string(finding->ja));
	return object;
}

static json_t *missing_clocks(const struct audit *audit)
{
	json_t *names = json_array();

	for (unsigned i = 0; i < CLOCK_VALUES; i++) {
		if (audit->clock_missing[i]) {
			json_array_append_new(names, json_string(clock_value_names[i]));
		}
	}
	return names;
}

static json_t *audit_object(struct audit *audit, const char *only)
{
	json_t *object = json_object(), *findings = json_array();

	for (unsigned i = 0; i < audit->count; i++) {
		if (shown(audit->findings[i].rule, only)) {
			json_array_append_new(findings, finding_object(audit, &audit->findings[i]));
		}
	}
	json_object_set_new(object, "as_of", json_day_of(audit->day));
	json_object_set_new(object, "party", json_string(print_party(audit->ctx, audit->ctx->own_party)));
	json_object_set_new(object, "rehearsal", json_boolean(audit->ctx->view.rehearsal));
	json_object_set_new(object, "entries", json_integer(audit->entries));
	json_object_set_new(object, "threads", json_integer(audit->threads));
	json_object_set_new(object, "threads_with_later_entries", json_integer(audit->left_out));
	json_object_set_new(object, "notices_at_hand", json_boolean(audit->notices_at_hand));
	json_object_set_new(object, "clocks_not_stated", missing_clocks(audit));
	json_object_set_new(object, "parties", parties_object(audit));
	json_object_set_new(object, "rules", rules_object(audit, only));
	json_object_set_new(object, "findings", findings);
	return object;
}

static void audit_csv(struct audit *audit, const char *only)
{
	static const char *const titles[] = { "rule", "number", "first", "until", "entries", "en", "ja" };
	struct buf *out = audit->ctx->out;

	for (unsigned i = 0; i < 7; i++) {
		csv_put(out, bytes_text(titles[i]), i == 0);
	}
	csv_end(out);
	for (unsigned i = 0; i < audit->count; i++) {
		const struct finding *finding = &audit->findings[i];
		const char *entries = "";
		if (!shown(finding->rule, only)) {
			continue;
		}
		for (unsigned k = 0; k < finding->entry_count && entries != NULL; k++) {
			entries = arena_printf(audit->ctx->arena, "%s%s%s", entries, k > 0 ? " " : "",
			    hex_of(audit, &finding->entries[k]));
		}
		csv_put(out, bytes_text(finding->rule->number), true);
		csv_put(out, bytes_text(finding->number), false);
		csv_put(out, bytes_text(print_day(audit->ctx, finding->first)), false);
		csv_put(out, bytes_text(finding->until == NO_TIME ? "" : print_day(audit->ctx, finding->until)), false);
		csv_put(out, bytes_text(entries ? entries : ""), false);
		csv_put(out, bytes_text(finding->en), false);
		csv_put(out, bytes_text(finding->ja), false);
		csv_end(out);
	}
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static void print_half(struct audit *audit)
{
	struct ctx *ctx = audit->ctx;
	struct grid grid = { .ctx = ctx,
		.columns = 5,
		.column = { { WORD(ctx, "party"), false, 0 }, { WORD(ctx, "entries"), true, 0 },
		    { WORD(ctx, "waiting"), true, 0 }, { WORD(ctx, "last entry"), false, 0 },
		    { WORD(ctx, "last acknowledgement"), false, 0 } } };

	for (unsigned i = 0; i < ctx->view.party_count && i < LIMIT_PARTIES; i++) {
		const struct party_seen *seen = &audit->parties[i];
		const char *cells[GRID_COLUMNS] = { ctx->view.party_codes[i],
			arena_printf(ctx->arena, "%lld", (long long)seen->entries),
			arena_printf(ctx->arena, "%lld", (long long)seen->waiting),
			seen->last_ms < 0 ? "-" : print_time(ctx, seen->last_ms),
			seen->last_acknowledged_ms < 0 ? "-" : print_time(ctx, seen->last_acknowledged_ms) };
		grid_row(&grid, cells);
	}
	grid_print(&grid);
}

/* On a page, the rules that found nothing are one line. */
static void print_without(struct audit *audit, const char *only)
{
	struct ctx *ctx = audit->ctx;
	const char *numbers = "";

	for (const struct audit_rule *rule = audit_rules; rule->number != NULL && numbers != NULL; rule++) {
		if (shown(rule, only) && count_of(audit, rule) == 0) {
			numbers = arena_printf(ctx->arena, "%s%s%s", numbers, numbers[0] ? ", " : "", rule->number);
		}
	}
	print_line(ctx, arena_printf(ctx->arena, "%s: %s", WORD(ctx, "rules without finding"), numbers ? numbers : ""));
}

/* Its name and what it finds. */
static const char *rule_words(struct ctx *ctx, const struct audit_rule *rule)
{
	const char *name = ctx->lang == LANG_JA ? rule->ja : rule->en, *says = ctx_rule(ctx, "audit", rule->number);

	return says ? arena_printf(ctx->arena, ctx->lang == LANG_JA ? "%s:%s" : "%s: %s", name, says) : name;
}

static void print_counts(struct audit *audit, const char *only)
{
	struct ctx *ctx = audit->ctx;
	struct grid grid = { .ctx = ctx,
		.columns = 4,
		.column = { { WORD(ctx, "rule"), false, 0 }, { WORD(ctx, "findings"), true, 0 },
		    { WORD(ctx, "rule name"), false, 120 }, { WORD(ctx, "source"), false, 60 } } };

	for (const struct audit_rule *rule = audit_rules; rule->number != NULL; rule++) {
		const char *cells[GRID_COLUMNS] = { rule->number, arena_printf(ctx->arena, "%u", count_of(audit, rule)),
			rule_words(ctx, rule), print_source(ctx, rule->source) };
		if (shown(rule, only) && (ctx->page == NULL || count_of(audit, rule) > 0)) {
			grid_row(&grid, cells);
		}
	}
	print_line(ctx, "");
	grid_print(&grid);
	if (ctx->page != NULL) {
		print_without(audit, only);
	}
}

static void print_findings(struct audit *audit, const char *only)
{
	struct ctx *ctx = audit->ctx;
	struct grid grid = { .ctx = ctx,
		.columns = 6,
		.numbers = 2,
		.column = { { WORD(ctx, "rule"), false, 0 }, { WORD(ctx, "number"), false, 0 },
		    { WORD(ctx, "arose"), false, 0 }, { WORD(ctx, "ended"), false, 0 },
		    { WORD(ctx, "finding"), false, 100 }, { WORD(ctx, "entry"), false, 0 } } };

	for (unsigned i = 0; i < audit->count; i++) {
		const struct finding *finding = &audit->findings[i];
		const char *entry = finding->entry_count > 0 ? hex_of(audit, &finding->entries[0]) : "";
		const char *cells[GRID_COLUMNS] = { finding->rule->number, finding->number,
			print_day(ctx, finding->first), finding->until == NO_TIME ? "" : print_day(ctx, finding->until),
			ctx->lang == LANG_JA ? finding->ja : finding->en, arena_printf(ctx->arena, "%.12s", entry) };
		if (shown(finding->rule, only)) {
			grid_row(&grid, cells);
		}
	}
	if (grid.row_count > 0) {
		print_line(ctx, "");
		grid_print(&grid);
	}
	audit->out_of_memory |= grid.failed;
}

static void audit_text(struct audit *audit, const char *only)
{
	struct ctx *ctx = audit->ctx;

	banner_print(ctx);
	print_line(ctx, arena_printf(ctx->arena, "%s %s (24:00 UTC)", WORD(ctx, "as of"), print_day(ctx, audit->day)));
	print_line(ctx, "");
	print_half(audit);
	for (unsigned i = 0; i < CLOCK_VALUES; i++) {
		if (audit->clock_missing[i]) {
			print_line(ctx,
			    arena_printf(ctx->arena, "%s: %s", WORD(ctx, "the agreement states no such clock"),
				clock_value_names[i]));
		}
	}
	if (!audit->notices_at_hand) {
		print_line(ctx, WORD(ctx, "no national tally is here: notices of claim are not judged"));
	}
	if (audit->left_out > 0) {
		print_line(ctx,
		    arena_printf(ctx->arena, "%s: %lld", WORD(ctx, "threads with entries stated later, left out"),
			(long long)audit->left_out));
	}
	print_counts(audit, only);
	print_findings(audit, only);
}

void audit_print(struct audit *audit, const char *only, const char *form)
{
	if (strcmp(form, "json") == 0) {
		print_json(audit->ctx, audit_object(audit, only));
	} else if (strcmp(form, "csv") == 0) {
		audit_csv(audit, only);
	} else {
		audit_text(audit, only);
	}
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

enum status as_of_day(struct ctx *ctx, const char *as_of, int64_t *day, struct err *err)
{
	*day = day_of_ms(ctx->now_ms, 0);
	if (as_of != NULL && !day_parse(bytes_text(as_of), day)) {
		return err_set(err, USAGE, "--as-of %s: must be a day such as 2013-11-26", as_of);
	}
	return OK;
}

enum status as_of_read(struct ctx *ctx, const struct args *args, int64_t *day, struct err *err)
{
	return as_of_day(ctx, args_option(args, "as-of"), day, err);
}

static bool rule_exists(const char *number)
{
	for (const struct audit_rule *rule = audit_rules; rule->number != NULL; rule++) {
		if (strcmp(rule->number, number) == 0) {
			return true;
		}
	}
	return false;
}

static unsigned shown_count(const struct audit *audit, const char *only)
{
	unsigned count = 0;

	for (unsigned i = 0; i < audit->count; i++) {
		count += shown(audit->findings[i].rule, only);
	}
	return count;
}

static enum status audit_read(struct audit *audit, const char *as_of, const char *only, struct err *err)
{
	if (only != NULL && !rule_exists(only)) {
		return err_set(err, USAGE, "--rule %s: no such rule; I1 to I50", only);
	}
	enum status status = as_of_day(audit->ctx, as_of, &audit->day, err);
	if (status == OK) {
		audit->end_ms = (audit->day + 1) * DAY_MS;
		status = audit_run(audit, err);
	}
	return status;
}

static enum status audit_look(
    struct audit *audit, const char *as_of, const char *only, const char *form, struct err *err)
{
	enum status status = audit_read(audit, as_of, only, err);

	if (status != OK) {
		return status;
	}
	audit_print(audit, only, form);
	return audit->out_of_memory ? err_set(err, ENVIRONMENT, "audit: out of memory") : OK;
}

static enum status audit_new(struct ctx *ctx, struct audit **out, struct err *err)
{
	*out = arena_take(ctx->arena, sizeof **out);
	if (*out == NULL) {
		return err_set(err, ENVIRONMENT, "audit: out of memory");
	}
	(*out)->ctx = ctx;
	return OK;
}

enum status audit_object_of(struct ctx *ctx, const char *as_of, json_t **out, struct err *err)
{
	struct audit *audit;
	enum status status = audit_new(ctx, &audit, err);

	if (status == OK) {
		status = audit_read(audit, as_of, NULL, err);
	}
	if (status == OK && audit->out_of_memory) {
		status = err_set(err, ENVIRONMENT, "audit: out of memory");
	}
	if (status == OK) {
		*out = audit_object(audit, NULL);
	}
	return status;
}

enum status audit_show(struct ctx *ctx, const char *as_of, const char *rule, const char *form, struct err *err)
{
	struct audit *audit;
	enum status status = audit_new(ctx, &audit, err);

	return status == OK ? audit_look(audit, as_of, rule, form, err) : status;
}

enum status support_audit(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *only = args_option(args, "rule"),
		   *form = args_option(args, "csv") ? "csv"
	    : ctx->json                             ? "json"
						    : "text";
	struct audit *audit;
	enum status status = audit_new(ctx, &audit, err);

	if (status != OK) {
		return status;
	}
	audit->statement = args_option(args, "against");
	audit->check_export = args_option(args, "export") != NULL;
	if (args_option(args, "year-end") != NULL) {
		return year_end_show(ctx, args_option(args, "year-end"), args_option(args, "csv") != NULL, err);
	}
	status = audit_look(audit, args_option(args, "as-of"), only, form, err);
	if (status == OK && args_option(args, "fail") != NULL && shown_count(audit, only) > 0) {
		return err_set(err, CHECK_FAILED, "audit: %u findings", shown_count(audit, only));
	}
	return status;
}
