/* A move from named fields: finds the part that it concerns, fills in what the kernel needs, judges, signs and stores it.
 *
 * What the person gives: kind, the number of the part, fields, further numbers that it relies on, files. What is filled in here:
 *   thread, part, answers  from the target: its one head, or all its rival heads for a `resolved`
 *   refs                   when a part is opened, the parent's head first; then the heads of the parts named besides
 *   seen                   this home's last acknowledgement
 *   profile, rules, terms  fields of these names that are left out: the agreement in force, the domain's rule set, the head answered */
#include "app/ahead.h"
#include "app/amounts.h"
#include "app/attach.h"
#include "app/fields_json.h"
#include "app/locate.h"
#include "base/cbor.h"
#include "base/limits.h"
#include <stdio.h>
#include <string.h>

struct work {
	struct app *app;
	const struct submission *asked;
	struct arena arena;
	const struct domain *domain;
	const struct kind *kind; /* of a `restated`: that of the entry it names */
	bool is_resolved, is_restated;
	struct id restated;
	struct target target;
	bool has_target, opens;
	struct id thread, part, answers[LIMIT_REFERENCES], refs[LIMIT_REFERENCES], seen;
	unsigned answer_count, ref_count;
	struct buf fields, attachments;
	unsigned field_count;
	struct attached files[LIMIT_ATTACHMENTS];
	struct body_draft draft;
};

static bool ends_with(const char *kind, const char *word)
{
	const char *point = strchr(kind, '.');
	return point && strcmp(point + 1, word) == 0;
}

/* The kind that a `restated` stands for is that of the void entry it names. */
static enum status find_restated(struct work *work, const json_t *fields, struct err *err)
{
	struct entry_row row;
	struct body body;
	const char *text = json_get_text(fields, "entry");
	if (!text) {
		return err_set(
		    err, BAD_INPUT, "%s.entry: missing; must be the id of the void entry", work->asked->kind);
	}
	enum status status = locate_id(work->app, text, &work->restated, err);
	if (status == OK) {
		status =
		    store_entry_find(work->app->store, work->app->ctx.tally, &work->restated, &work->arena, &row, err);
	}
	if (status != OK) {
		return status;
	}
	const char *reason = body_read(row.body, &body);
	const struct kind *kind = reason ? NULL : domain_kind(work->domain, body.kind);
	if (!kind) {
		return err_set(
		    err, BAD_INPUT, "entry %s: not a move of %s that can be restated", text, work->domain->name);
	}
	work->kind = kind;
	return OK;
}

static enum status find_kind(struct work *work, const json_t *fields, struct err *err)
{
	const char *name = work->asked->kind;
	work->domain = domain_find(bytes_text(name));
	work->kind = work->domain ? domain_kind(work->domain, bytes_text(name)) : NULL;
	if (!work->kind) {
		return err_set(err, USAGE, "kind \"%s\": not known; `warifu explain` lists the kinds", name);
	}
	work->is_resolved = ends_with(name, "resolved");
	work->is_restated = ends_with(name, "restated");
	return work->is_restated ? find_restated(work, fields, err) : OK;
}

/* Does this kind open a part here, or answer one? A kind that may do both answers where its table has a row for the state. */
static bool decide_opening(const struct work *work)
{
	const struct state *state = work->target.part ? fold_part_state(work->target.fold, work->target.part) : NULL;
	if (work->kind->opens == OPENS_NOTHING || work->kind->note || work->is_resolved) {
		return false;
	}
	if (!work->has_target || !state) {
		return true;
	}
	for (const struct transition *t = work->domain->transitions; t->kind; t++) {
		if (t->from && strcmp(t->kind, work->kind->name) == 0 &&
		    strcmp(t->part_type, work->target.part->type->name) == 0 && strcmp(t->from, state->name) == 0) {
			return false;
		}
	}
	return true;
}

static enum status find_target(struct work *work, struct err *err)
{
	const struct submission *asked = work->asked;
	ASSERT(work->kind);
	work->has_target = asked->target && asked->target[0];
	if (!work->has_target) {
		if (work->kind->opens != OPENS_THREAD && work->kind->opens != OPENS_EITHER) {
			return err_set(err, USAGE, "%s: needs the number of what it concerns, such as GB-07-0013/I07.1",
			    asked->kind);
		}
		work->opens = true;
		return OK;
	}
	enum status status = locate(work->app, asked->target, NULL, &work->arena, &work->target, err);
	if (status != OK) {
		return status;
	}
	if (!work->target.part) {
		return err_set(err, USAGE, "%s: concerns no part of a thread", asked->target);
	}
	work->opens = decide_opening(work);
	if (work->opens && work->kind->opens == OPENS_THREAD) {
		return err_set(err, USAGE, "%s: opens a thread of its own; leave out %s", asked->kind, asked->target);
	}
	return OK;
}

static enum status add_ref(struct work *work, const struct id *id, struct err *err)
{
	for (unsigned i = 0; i < work->ref_count; i++) {
		if (id_equal(&work->refs[i], id)) {
			return OK;
		}
	}
	if (work->ref_count == LIMIT_REFERENCES) {
		return err_set(err, BAD_INPUT, "%s: names more than %d entries", work->asked->kind, LIMIT_REFERENCES);
	}
	work->refs[work->ref_count++] = *id;
	return OK;
}

static enum status add_heads(struct work *work, const struct part *part, struct err *err)
{
	enum status status = OK;
	if (part->head_count == 0) {
		return err_set(err, BAD_INPUT, "%s: has no valid entry to rely on", part->number);
	}
	for (unsigned i = 0; i < part->head_count && status == OK; i++) {
		status = add_ref(work, &part->heads[i]->id, err);
	}
	return status;
}

static enum status fill_answers(struct work *work, const struct part *part, struct err *err)
{
	if (part->head_count == 0) {
		return err_set(err, BAD_INPUT, "%s: its opening is void or waits; `warifu why %s` says why",
		    part->number, part->number);
	}
	if (part->head_count > 1 && !work->is_resolved) {
		return err_set(err, BAD_INPUT,
		    "%s: in dispute between %u rival entries; end it first: `warifu %s resolve %s --stands ID` "
		    "(`warifu why %s` lists them)",
		    part->number, part->head_count, work->domain->name, part->number, part->number);
	}
	const struct state *state = fold_part_state(work->target.fold, part);
	if (part->head_count == 1 && state && state->pen == 0 && part->heads[0]->state->pen != 0) {
		/* It has ended by what was written elsewhere: to answer it would be valid only for whoever does not know that. */
		return err_set(
		    err, BAD_INPUT, "%s: it is %s; there is nothing more to answer", part->number, state->name);
	}
	for (unsigned i = 0; i < part->head_count && i < LIMIT_REFERENCES; i++) {
		work->answers[work->answer_count++] = part->heads[i]->id;
	}
	return OK;
}

static enum status fill_refs(struct work *work, struct err *err)
{
	enum status status = OK;
	const char *beside = work->has_target ? work->target.thread.number : NULL;
	if (work->has_target && work->opens) {
		status = add_heads(work, work->target.part, err);
	}
	for (unsigned i = 0; i < work->asked->ref_count && status == OK; i++) {
		struct target other;
		status = locate(work->app, work->asked->refs_numbers[i], beside, &work->arena, &other, err);
		if (status == OK && other.move) {
			status = add_ref(work, &other.move->id, err);
		} else if (status == OK) {
			status = add_heads(work, other.part, err);
		}
	}
	return status == OK && work->is_restated ? add_ref(work, &work->restated, err) : status;
}

static enum status fill_pointers(struct work *work, struct err *err)
{
	struct app *app = work->app;
	enum status status = OK;
	if (work->has_target) {
		work->thread = work->target.thread.id;
		work->part = work->target.part->id;
		work->draft.thread = &work->thread;
		bool whole_thread = work->kind->note && !strchr(work->asked->target, '/') && !work->target.move;
		work->draft.part = work->opens || whole_thread ? NULL : &work->part;
		if (!work->opens && !work->kind->note) {
			status = fill_answers(work, work->target.part, err);
		}
	}
	if (status == OK) {
		status = fill_refs(work, err);
	}
	if (status == OK && app_choose_home_key(app, NULL) == OK &&
	    acknowledgement_last(app->store, app->ctx.tally, &app->home_key, &work->seen, NULL) == OK) {
		work->draft.seen = &work->seen;
	}
	work->draft.answers = work->answers;
	work->draft.answer_count = work->answer_count;
	work->draft.refs = work->refs;
	work->draft.ref_count = work->ref_count;
	return status;
}

/* --- fields ------------------------------------------------------------------------------------------------------------- */

static void set_hex(json_t *fields, const char *name, const struct id *id)
{
	json_object_set_new(fields, name, json_hex(id_bytes(id)));
}

static bool lacks(const struct work *work, const json_t *fields, const char *name, enum field_type type)
{
	const struct field *field = work->kind->fields ? field_find(work->kind->fields, name) : NULL;
	return field && field->type == type && field->required && !json_object_get(fields, name);
}

static enum status fill_defaults(struct work *work, json_t *fields, struct err *err)
{
	if (work->is_restated) {
		return OK;
	}
	if (lacks(work, fields, "profile", FIELD_ID)) {
		struct id hash;
		enum status status = ctx_profile_hash(&work->app->ctx, &hash, err);
		if (status != OK) {
			return status;
		}
		set_hex(fields, "profile", &hash);
	}
	if (lacks(work, fields, "rule_set", FIELD_INT)) {
		json_object_set_new(fields, "rule_set", json_integer(work->domain->rule_set));
	}
	if (lacks(work, fields, "terms", FIELD_ID) && work->answer_count == 1) {
		set_hex(fields, "terms", &work->answers[0]);
	}
	return OK;
}

/* What does not fit the table is bad input here, before it could become a void entry (rule F1). */
static enum status check_fields(const struct kind *kind, const struct work *work, struct err *err)
{
	struct err inner;
	err_clear(&inner);
	enum status status =
	    fields_check(kind->fields, buf_bytes(&work->fields), work->field_count, kind->name, &inner);
	return err_pass(err, status == REFUSED ? BAD_INPUT : status, &inner);
}

/* Amounts of what is aimed at are in its currency, where the form does not name another. */
static enum status fill_amounts(const struct work *work, const struct kind *own, json_t *fields, struct err *err)
{
	struct bytes currency = bytes_of(NULL, 0);
	if (work->has_target && work->domain->currency) {
		currency = work->domain->currency(work->target.fold, work->target.part);
	}
	return amounts_read(own->fields, fields, currency, own->name, err);
}

static enum status fill_fields(struct work *work, json_t *fields, struct err *err)
{
	const struct kind *own = domain_kind(work->domain, bytes_text(work->asked->kind));
	struct field_reader reader = { work->app->ctx.lang, locate_id, work->app };
	enum status status = fill_defaults(work, fields, err);
	if (status != OK) {
		return status;
	}
	if (work->is_restated) {
		json_object_set_new(fields, "entry", json_hex(id_bytes(&work->restated)));
	}
	status = fill_amounts(work, own, fields, err);
	if (status == OK) {
		status =
		    fields_from_json(&reader, own->fields, fields, own->name, &work->fields, &work->field_count, err);
	}
	work->draft.fields = buf_bytes(&work->fields);
	work->draft.field_count = work->field_count;
	return status == OK ? check_fields(own, work, err) : status;
}

/* Asked once: what lies ahead may be meant, and no rule forbids it. */
static enum status check_times(const struct work *work, struct submitted *result, struct err *err)
{
	const struct kind *own = domain_kind(work->domain, bytes_text(work->asked->kind));
	const struct body body = { .fields = work->draft.fields, .field_count = work->field_count };
	int64_t now_ms = work->app->ctx.now_ms;
	int64_t at_ms = work->asked->stated_ms > now_ms ? work->asked->stated_ms : now_ms;
	enum status status = work->asked->future ? OK : ahead_check(work->domain, own, &body, at_ms, err);

	result->ahead = status != OK;
	return status;
}

static unsigned file_count(const struct submission *asked)
{
	return asked->attachment_count + asked->upload_count;
}

static enum status fill_attachments(struct work *work, struct err *err)
{
	const struct submission *asked = work->asked;
	unsigned count = file_count(asked);
	if (count > LIMIT_ATTACHMENTS) {
		return err_set(err, BAD_INPUT, "%s: %u files; at most %d", asked->kind, count, LIMIT_ATTACHMENTS);
	}
	for (unsigned i = 0; i < asked->attachment_count; i++) {
		enum status status = attach_read(&work->arena, asked->attachments[i], &work->files[i], err);
		if (status != OK) {
			return status;
		}
	}
	for (unsigned i = 0; i < asked->upload_count; i++) {
		const struct upload *upload = &asked->uploads[i];
		enum status status = attach_take(
		    &work->arena, upload->name, upload->content, &work->files[asked->attachment_count + i], err);
		if (status != OK) {
			return status;
		}
	}
	if (count > 0) {
		attach_print(work->files, count, &work->attachments);
		work->draft.attachments = buf_bytes(&work->attachments);
	}
	return OK;
}

/* --- result ------------------------------------------------------------------------------------------------------------- */

static enum status report(struct work *work, const struct id *id, struct submitted *result, struct err *err)
{
	struct app *app = work->app;
	struct fold *fold;
	result->id = *id;
	result->thread = work->has_target ? work->thread : *id;
	enum status status = fold_thread(app->store, app->ctx.tally, &result->thread, NULL, &work->arena, &fold, err);
	for (unsigned i = 0; i < fold->move_count && status == OK; i++) {
		struct move *move = fold->moves[i];
		if (!id_equal(&move->id, id)) {
			continue;
		}
		const struct part *part = move->part ? move->part : fold->parts[0];
		const struct state *state = fold_part_state(fold, part);
		result->part = part->id;
		result->is_void = move->verdict == VERDICT_VOID;
		memcpy(result->rule, move->rule, sizeof move->rule);
		snprintf(result->number, sizeof result->number, "%s", part->number);
		snprintf(result->state, sizeof result->state, "%s", state ? state->name : "rival heads");
		snprintf(result->pen, sizeof result->pen, "%s", part_pen(fold, part, state));
	}
	return status;
}

/* Bytes of attachments and the entry that announces them appear together or not at all. */
static enum status sign_with_files(struct work *work, struct id *id, struct err *err)
{
	struct app *app = work->app;
	struct id hash;
	char what[64];
	enum status status = store_begin(app->store, err);
	if (status != OK) {
		return status;
	}
	for (unsigned i = 0; i < file_count(work->asked) && status == OK; i++) {
		status = store_attachment_put(app->store, work->files[i].content, &hash, err);
	}
	if (status == OK) {
		snprintf(what, sizeof what, "desk %lld", (long long)app->desk.signer.desk_number);
		status = app_sign(app, &app->desk.key, what, &work->draft, id, err);
	}
	if (status != OK) {
		store_rollback(app->store);
		return status;
	}
	return store_commit(app->store, err);
}

/* A refusal names what was aimed at: the kernel speaks of kinds, people of numbers. */
static enum status name_target(const struct work *work, enum status status, const struct err *inner, struct err *err)
{
	if (status != REFUSED || !work->has_target) {
		return err_pass(err, status, inner);
	}
	return err_within(err, status, inner, "%s", work->asked->target);
}

static enum status sign_and_report(struct work *work, struct submitted *result, struct err *err)
{
	struct id id;
	struct err inner;
	err_clear(&inner);
	work->draft.kind = work->asked->kind;
	work->draft.stated_ms = work->asked->stated_ms ? work->asked->stated_ms : work->app->ctx.now_ms;
	enum status status = sign_with_files(work, &id, &inner);
	return status == OK ? report(work, &id, result, err) : name_target(work, status, &inner, err);
}

static enum status submit_fields(struct work *work, json_t *fields, struct submitted *result, struct err *err)
{
	enum status status = app_choose_desk(work->app, err);
	if (status == OK) {
		status = find_kind(work, fields, err);
	}
	if (status == OK) {
		status = find_target(work, err);
	}
	if (status == OK) {
		status = fill_pointers(work, err);
	}
	if (status == OK) {
		status = fill_fields(work, fields, err);
	}
	if (status == OK) {
		status = check_times(work, result, err);
	}
	if (status == OK) {
		status = fill_attachments(work, err);
	}
	return status == OK ? sign_and_report(work, result, err) : status;
}

enum status ctx_submit(struct ctx *ctx, const struct submission *submission, struct submitted *result, struct err *err)
{
	struct work work = { .app = app_of(ctx), .asked = submission };
	json_t *fields = NULL;
	*result = (struct submitted){ 0 };
	if (!ctx->tally) {
		return err_set(err, USAGE, "%s: no tally chosen", submission->kind);
	}
	enum status status = app_may_sign(work.app, err);
	if (status == OK) {
		status = json_read(bytes_text(submission->fields_json ? submission->fields_json : "{}"),
		    submission->kind, &fields, err);
	}
	if (status != OK) {
		return status;
	}
	arena_init(&work.arena, LIMIT_ARENA_BYTES);
	buf_init(&work.fields, LIMIT_BODY_BYTES);
	buf_init(&work.attachments, LIMIT_BODY_BYTES);
	status = submit_fields(&work, fields, result, err);
	buf_clear(&work.attachments);
	buf_clear(&work.fields);
	arena_clear(&work.arena);
	json_decref(fields);
	return status;
}

enum status ctx_submit_all(struct ctx *ctx, const struct submission *submissions, unsigned count,
    struct submitted *results, unsigned *bad, struct err *err)
{
	struct app *app = app_of(ctx);
	*bad = count;
	enum status status = app_may_sign(app, err);
	if (status == OK) {
		status = store_begin(app->store, err);
	}
	if (status != OK) {
		return status;
	}
	for (unsigned i = 0; i < count; i++) {
		status = ctx_submit(ctx, &submissions[i], &results[i], err);
		if (status != OK) {
			*bad = i;
			store_rollback(app->store);
			return status;
		}
		if (app->progress) {
			app->progress(app->progress_context, "signing", i + 1, count);
		}
	}
	return store_commit(app->store, err);
}
