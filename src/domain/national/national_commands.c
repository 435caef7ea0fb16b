/* The table of the national domain's commands, and what they share. They work in the party's national tally, whichever is chosen, and reach into a shared one by
 * ctx_within() alone. */
#include "domain/national/national_commands.h"
#include "base/time.h"
#include "domain/national/national_print.h"
#include <stdlib.h>
#include <string.h>

/* ---- tallies and places ------------------------------------------------------------------------------------------ */

struct found {
	struct id id;
	unsigned count;
};

static void found_add(struct found *found, struct bytes id)
{
	memcpy(found->id.data, id.data, ID_BYTES);
	found->count++;
}

static enum status places_scan(
    struct ctx *ctx, const char *prefix, struct found *national, struct found *shared, struct err *err)
{
	struct query *rows = NULL;
	char hex[ID_BYTES * 2 + 1];
	enum status status = ctx_query(ctx, "SELECT id, mode FROM tally ORDER BY row", &rows, err);

	while (status == OK && query_next(rows)) {
		struct bytes id = query_blob(rows, 0);
		hex_print(id, hex);
		if (bytes_is(query_text(rows, 1), "national")) {
			found_add(national, id);
		} else if (prefix == NULL || strncmp(hex, prefix, strlen(prefix)) == 0) {
			found_add(shared, id);
		}
	}
	query_close(rows);
	return status;
}

enum status places_find(struct ctx *ctx, const struct args *args, struct places *out, struct err *err)
{
	const char *prefix = args_option(args, "shared");
	struct found national = { 0 }, shared = { 0 };
	enum status status = places_scan(ctx, prefix, &national, &shared, err);

	*out = (struct places){ 0 };
	if (status != OK) {
		return status;
	}
	if (!ctx->view.national && national.count != 1) {
		return err_set(err, USAGE, "%s",
		    national.count == 0
			? "no national tally in this home; open one with `warifu tally propose --national`"
			: "several national tallies in this home; choose one with --tally");
	}
	out->national = ctx->view.national ? ctx->view.id : national.id;
	if (prefix != NULL && shared.count != 1) {
		return err_set(err, USAGE, "--shared %s: %u shared tallies of this home begin so; must be one", prefix,
		    shared.count);
	}
	out->has_shared = prefix != NULL || !ctx->view.national || shared.count == 1;
	out->shared = prefix == NULL && !ctx->view.national ? ctx->view.id : shared.id;
	return OK;
}

enum status places_need_shared(const struct places *places, struct err *err)
{
	return places->has_shared
	    ? OK
	    : err_set(err, USAGE, "no shared tally, or several, in this home; choose one with --shared TALLY");
}

enum status place_find(struct ctx *ctx, const char *number, struct place_found *out, struct err *err)
{
	const char *slash = strchr(number, '/');
	size_t len = slash ? (size_t)(slash - number) : strlen(number);
	struct query *rows = NULL;
	struct part_view *parts = NULL;
	unsigned count = 0;
	bool found = false;
	enum status status =
	    ctx_query(ctx, "SELECT id FROM thread WHERE tally = :tally AND number = :number", &rows, err);

	if (status == OK) {
		query_bind_text(rows, "number", bytes_of(number, len));
		found = query_next(rows);
		if (found) {
			memcpy(out->thread.data, query_blob(rows, 0).data, ID_BYTES);
		}
	}
	query_close(rows);
	if (status == OK && found) {
		status = ctx_thread(ctx, &out->thread, &parts, &count, err);
		found = false;
	}
	for (unsigned i = 0; status == OK && i < count; i++) {
		if (strcmp(parts[i].number, number) == 0) {
			out->part = parts[i].part;
			found = true;
		}
	}
	return status == OK && !found ? err_set(err, NOT_FOUND, "%s: not in the tally", number) : status;
}

/* ---- options ----------------------------------------------------------------------------------------------------- */

enum status at_option(struct ctx *ctx, const struct args *args, int64_t *ms, struct err *err)
{
	const char *text = args_option(args, "at");

	*ms = 0;
	if (text == NULL) {
		return OK;
	}
	if (!time_parse(bytes_text(text), ms)) {
		return err_set(err, USAGE, "--at \"%s\": must be a time such as 2013-11-26T09:30:00Z", text);
	}
	return *ms <= ctx->now_ms ? OK
				  : err_refuse(err, "", "ours: what has not happened cannot be stated",
					"--at %s: lies ahead of the clock", text);
}

enum status text_option(const struct args *args, const char *name, const char **text, struct err *err)
{
	*text = args_option(args, name);
	return *text ? OK : err_set(err, USAGE, "option --%s: must be given", name);
}

enum status day_option(const struct args *args, const char *name, const char **text, struct err *err)
{
	int64_t day;
	enum status status = text_option(args, name, text, err);

	if (status == OK && !day_parse(bytes_text(*text), &day)) {
		status = err_set(err, USAGE, "--%s \"%s\": must be a day such as 2014-01-31", name, *text);
	}
	return status;
}

enum status submit_json(struct ctx *ctx, const char *kind, const char *target, json_t *fields, int64_t stated_ms,
    struct submitted *made, struct err *err)
{
	char *text = json_dumps(fields, JSON_COMPACT);
	struct submission submission = { .kind = kind, .target = target, .fields_json = text, .stated_ms = stated_ms };
	enum status status =
	    text ? ctx_submit(ctx, &submission, made, err) : err_set(err, ENVIRONMENT, "fields: out of memory");

	free(text);
	json_decref(fields);
	return status;
}

void made_print(struct ctx *ctx, const struct submitted *made)
{
	if (ctx->json) {
		print_json(ctx,
		    json_pack("{s:o, s:o, s:s, s:s}", "id", json_id(&made->id), "thread", json_id(&made->thread),
			"number", made->number, "state", made->state));
	} else {
		buf_printf(ctx->out, "%s  %s\n", made->number, ctx_word(ctx, made->state));
	}
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

#define SHARED \
	{ \
		"shared", OPTION_TEXT, "TALLY", "the shared tally (else the chosen one, or the only one)" \
	}
#define AT \
	{ \
		"at", OPTION_TEXT, "TIME", "time of the act, where it is not now: 2013-11-26T09:30:00Z" \
	}
#define END \
	{ \
		0 \
	}

static const struct option write_options[] = {
	{ "title", OPTION_TEXT, "TEXT", "what it is, in a line (required)" },
	{ "fields", OPTION_TEXT, "JSON",
	    "fields of the move as a JSON object, or the name of a file with them (required)" },
	{ "also", OPTION_MANY, "NUMBER", "a part that the move relies on besides; may be given often" },
	{ "amount", OPTION_TEXT, "AMOUNT", "what the approver's limit is held against: 18,500.00 (GBP), 1,234 (JPY)" },
	{ "amount-minor", OPTION_INT, "MINOR", "the same in minor units" },
	{ "currency", OPTION_TEXT, "CURRENCY", "of the amount" },
	{ "anew", OPTION_TEXT, "DRAFT", "number of a draft that was sent back: write it anew" },
	{ "remarks", OPTION_TEXT, "TEXT", "free text" },
	SHARED,
	AT,
	END,
};
static const struct option drafts_options[] = {
	{ "state", OPTION_TEXT, "STATE", "only drafts in this state: 'sent back'" },
	END,
};
static const struct option enter_options[] = {
	{ "found", OPTION_TEXT, "ID", "the shared move is there already: only note it" },
	{ "again", OPTION_FLAG, NULL, "enter it though a move with the same approver and authority is there" },
	{ "future", OPTION_FLAG, NULL, "a time of delivery, return or payment that lies ahead of now is meant" },
	AT,
	END,
};
static const struct option notices_options[] = {
	{ "missing", OPTION_FLAG, NULL, "issues on cash terms that we delivered and gave no notice of" },
	{ "state", OPTION_TEXT, "STATE", "only notices in this state: 'demand issued'" },
	SHARED,
	END,
};
static const struct option send_options[] = {
	{ "debtor", OPTION_TEXT, "TEXT", "who owes (else the code of the receiver)" },
	{ "address", OPTION_TEXT, "TEXT", "where the debtor is (required)" },
	{ "due-on", OPTION_TEXT, "DAY", "day by which it is to be paid (required)" },
	{ "agreement", OPTION_TEXT, "TEXT", "the agreement (else its id in the shared tally)" },
	{ "amount", OPTION_TEXT, "AMOUNT", "an estimate, where the terms leave the price open: 18,500.00" },
	{ "amount-minor", OPTION_INT, "MINOR", "the same in minor units" },
	{ "remarks", OPTION_TEXT, "TEXT", "free text" },
	SHARED,
	AT,
	END,
};
static const struct option file_options[] = {
	{ "state", OPTION_TEXT, "STATE", "only notices in this state" },
	END,
};
static const struct option at_options[] = { AT, END };
static const struct option handover_options[] = {
	{ "to", OPTION_TEXT, "OFFICER", "officer id of who takes over (required)" },
	{ "to-post", OPTION_TEXT, "TEXT", "rank or post, never a name" },
	{ "remark", OPTION_MANY, "NUMBER=TEXT", "what the successor must know of a part; may be given often" },
	{ "clock", OPTION_MANY, "NUMBER=TEXT", "what runs for a part, and until when; may be given often" },
	{ "leave", OPTION_MANY, "NUMBER", "an open part that is not handed over; may be given often" },
	{ "attach", OPTION_MANY, "FILE", "a file that travels with it: PDF, JPEG, PNG or CSV; may be given often" },
	{ "remarks", OPTION_TEXT, "TEXT", "free text for the whole" },
	SHARED,
	AT,
	END,
};

const struct command national_commands[] = {
	{ "draft", "write", "KIND [NUMBER]", 1, 2, "draft a move of a shared tally for checking and approval",
	    write_options, draft_write },
	{ "draft", "list", NULL, 0, 0, "drafts and their states", drafts_options, draft_list },
	{ "draft", "show", "NUMBER", 1, 1, "one draft: text, officers of each step", NULL, draft_show },
	{ "draft", "enter", "NUMBER", 1, 1, "make an approved draft the shared move, and note it as entered",
	    enter_options, draft_enter },
	{ "notice", "list", NULL, 0, 0, "notices of claim to the revenue office", notices_options, notice_list },
	{ "notice", "send", "NUMBER", 1, 1, "send the notice of claim for an issue on cash terms", send_options,
	    notice_send },
	{ "notice", "print", "NUMBER", 1, 1, "the paper of one notice, in both languages", NULL, notice_print },
	{ "notice", "export", NULL, 0, 0, "notices as CSV, or JSON lines with --json", file_options, notice_export },
	{ "notice", "import", "FILE", 1, 1, "the office's numbers from a CSV file, all or none", at_options,
	    notice_import },
	{ "handover", "write", NULL, 0, 0,
	    "hand what is open for you to another officer: what you signed, answer for or may move on",
	    handover_options, handover_write },
	{ "handover", "accept", "NUMBER", 1, 1, "take over what was handed to you", at_options, handover_accept },
	{ "handover", "list", NULL, 0, 0, "hand-overs and their states", NULL, handover_list },
	{ "handover", "print", "NUMBER", 1, 1,
	    "the paper of one hand-over, in both languages, with two signature boxes", NULL, handover_print },
	{ "handover", "duty", NULL, 0, 0, "which officer answers for each thread that was handed over", NULL,
	    handover_duty },
	{ 0 },
};
