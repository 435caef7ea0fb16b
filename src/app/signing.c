/* The one place where an entry is signed: placed, judged as the last of its log, signed, accepted, folded, all in one transaction. */
#include "app/app.h"
#include "app/fields_json.h"
#include "app/rules.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/kernel.h"
#include <string.h>

static enum status judge(struct app *app, const struct candidate *candidate, const char *kind, struct err *err)
{
	struct judgement judgement;
	struct arena arena;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	enum status status = fold_judge(app->store, app->ctx.tally, candidate, &arena, &judgement, err);
	arena_clear(&arena);
	return status == OK ? rule_refuse(&judgement, kind, err) : status;
}

/* In a transaction: accept what is signed, and fold. */
static enum status keep(struct app *app, const struct entry *entry, struct err *err)
{
	enum accepted accepted;
	int64_t row;
	enum status status = store_begin(app->store, err);
	if (status != OK) {
		return status;
	}
	status = store_accept(app->store, app->ctx.tally, entry, clock_now_ms(), &accepted, &row, err);
	if (status == OK) {
		status = fold_update(app->store, app->ctx.tally, err);
	}
	if (status != OK) {
		store_rollback(app->store);
		return status;
	}
	return store_commit(app->store, err);
}

static enum status sign_bytes(struct app *app, const struct id *key, const char *what, const char *kind,
    struct bytes body, struct id *out, struct err *err)
{
	struct candidate candidate = { 0 };
	const struct secrets *secrets;
	struct entry entry;
	static const uint8_t unsigned_yet[SIGNATURE_BYTES];
	const char *reason = body_read(body, &candidate.body);
	if (reason) {
		return err_set(err, BAD_INPUT, "%s: the entry would not be well formed: %s", what, reason);
	}
	enum status status = store_next_place(app->store, app->ctx.tally, key, &candidate.place, err);
	if (status == OK) {
		status = judge(app, &candidate, kind, err);
	}
	if (status == OK) {
		status = app_secrets(app, key, what, &secrets, err);
	}
	if (status != OK) {
		return status;
	}
	reason = entry_init(&entry, &candidate.place, body, unsigned_yet);
	ASSERT(!reason);
	entry_sign(&entry, secrets->sign);
	*out = entry.id;
	return keep(app, &entry, err);
}

enum status app_sign(
    struct app *app, const struct id *key, const char *what, struct body_draft *draft, struct id *out, struct err *err)
{
	struct buf body;
	enum status status = app_may_sign(app, err);
	if (status != OK) {
		return status;
	}
	buf_init(&body, LIMIT_BODY_BYTES);
	body_write(&body, draft);
	if (body.failed) {
		status = err_set(err, BAD_INPUT, "%s: the entry would have more than %d bytes", what, LIMIT_BODY_BYTES);
	} else {
		status = sign_bytes(app, key, what, draft->kind, buf_bytes(&body), out, err);
	}
	buf_clear(&body);
	return status;
}

enum status app_kernel_entry(struct app *app, const struct id *key, const char *what, const char *kind, json_t *fields,
    const struct id *refs, unsigned ref_count, struct id *out, struct err *err)
{
	struct body_draft draft = { .kind = kind, .stated_ms = app->ctx.now_ms, .refs = refs, .ref_count = ref_count };
	struct field_reader reader = { app->ctx.lang, NULL, NULL };
	struct buf pairs;
	enum status status = OK;
	buf_init(&pairs, LIMIT_BODY_BYTES);
	if (fields) {
		status = fields_from_json(
		    &reader, kernel_kind(bytes_text(kind))->fields, fields, kind, &pairs, &draft.field_count, err);
	}
	draft.fields = buf_bytes(&pairs);
	if (status == OK) {
		status = app_sign(app, key, what, &draft, out, err);
	}
	buf_clear(&pairs);
	json_decref(fields);
	return status;
}
