/* For tests of what looks at a whole half: a face whose rows, threads and entries are those of the test's world. Nothing is submitted, unless the test
 * defines FACE_SUBMITS and says how. */
#ifndef WARIFU_DOMAIN_SUPPORT_TEST_FACE_H
#define WARIFU_DOMAIN_SUPPORT_TEST_FACE_H
#include "core/command.h"
#include "core/ctx.h"
#include "domain/support/test_world.h"

/* Alone in this program, so that no other domain's commands want a face. */
const struct domain *const domains[] = { &support_domain, NULL };

static struct world world;
static struct ctx ctx;
static struct buf out;
static json_t *translations;

struct query {
	struct statement *statement;
};

enum status ctx_query(struct ctx *c, const char *sql, struct query **query, struct err *err)
{
	*query = arena_take(c->arena, sizeof **query);
	enum status status = db_statement(world.own.store.db, sql, &(*query)->statement, err);
	if (status == OK && statement_has((*query)->statement, "tally")) {
		statement_int((*query)->statement, "tally", c->tally);
	}
	return status;
}
void query_bind_int(struct query *q, const char *name, int64_t value)
{
	statement_int(q->statement, name, value);
}
void query_bind_text(struct query *q, const char *name, struct bytes text)
{
	statement_text(q->statement, name, text);
}
void query_bind_blob(struct query *q, const char *name, struct bytes blob)
{
	statement_blob(q->statement, name, blob);
}
bool query_next(struct query *q)
{
	return statement_step(q->statement, NULL) == OK;
}
int64_t query_int(struct query *q, unsigned column)
{
	return statement_column_int(q->statement, (int)column);
}
bool query_is_null(struct query *q, unsigned column)
{
	return statement_column_is_null(q->statement, (int)column);
}
struct bytes query_text(struct query *q, unsigned column)
{
	return statement_column_text(q->statement, (int)column);
}
struct bytes query_blob(struct query *q, unsigned column)
{
	return statement_column_blob(q->statement, (int)column);
}
void query_close(struct query *q)
{
	statement_done(q ? q->statement : NULL);
}

/* The profile of the world, as long as the test runs. */
static struct buf profile;

struct bytes ctx_profile(struct ctx *c)
{
	(void)c;
	return buf_bytes(&profile);
}

enum status ctx_export_check(struct ctx *c, char reason[80], struct err *err)
{
	(void)c, (void)err;
	snprintf(reason, 80, "export-end");
	return OK;
}

const char *ctx_rule(struct ctx *c, const char *section, const char *rule)
{
	(void)c;
	(void)section;
	(void)rule;
	return NULL;
}
const char *ctx_meaning(struct ctx *c, const struct err *err)
{
	(void)c;
	(void)err;
	return NULL;
}
const char *ctx_detail(struct ctx *c, const struct err *err)
{
	(void)c;
	return err->text;
}
const char *ctx_source(struct ctx *c, const struct err *err)
{
	(void)c;
	return err->source;
}
const char *ctx_word(struct ctx *c, const char *en)
{
	const char *section, *ja = NULL;
	json_t *words;

	json_object_foreach(translations, section, words)
	{
		ja = ja ? ja : json_string_value(json_object_get(words, en));
	}
	return c->lang == LANG_JA && ja ? ja : en;
}

#ifndef FACE_SUBMITS /* the test's own */
enum status ctx_submit(struct ctx *c, const struct submission *submission, struct submitted *result, struct err *err)
{
	(void)c, (void)submission, (void)result;
	return err_set(err, USAGE, "nothing is submitted here");
}

enum status ctx_submit_all(struct ctx *c, const struct submission *submissions, unsigned count,
    struct submitted *results, unsigned *bad, /* NOLINT(readability-non-const-parameter): as core/ctx.h declares it */
    struct err *err)
{
	(void)c, (void)submissions, (void)count, (void)results, (void)bad;
	return err_set(err, USAGE, "nothing is submitted here");
}
#endif

enum status ctx_fold_each(
    struct ctx *c, const char *domain, int64_t until_ms, thread_fact_fn *each, void *context, struct err *err)
{
	return fold_each(&world.own.store, c->tally, domain, until_ms, each, context, err);
}
/* Of all threads the one of this number. */
struct fold_one {
	const char *number;
	thread_fact_fn *each;
	void *context;
};
static enum status fold_if_wanted(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	const struct fold_one *one = context;
	return strcmp(fact->number, one->number) == 0 ? one->each(one->context, fold, fact, err) : OK;
}
enum status ctx_fold_one(struct ctx *c, const char *number, thread_fact_fn *each, void *context, struct err *err)
{
	struct fold_one one = { number, each, context };
	return fold_each(&world.own.store, c->tally, "support", 0, fold_if_wanted, &one, err);
}
enum status ctx_entry_each(
    struct ctx *c, int64_t until_ms, bool verify, entry_fact_fn *each, void *context, struct err *err)
{
	return facts_each(&world.own.store, c->tally, until_ms, verify, each, context, err);
}

/* What the disk says of attachments; the test may say otherwise. */
static const char *attachment_word = "here";

enum status ctx_desks(struct ctx *c, struct desk_view **desks, unsigned *count, struct err *err)
{
	(void)c, (void)err;
	*desks = NULL;
	*count = 0;
	return OK;
}

/* There is one tally here. */
enum status ctx_within(
    struct ctx *c, const struct id *tally, struct bytes officer, ctx_act *act, void *context, struct err *err)
{
	(void)c, (void)tally, (void)officer, (void)act, (void)context;
	return err_set(err, NOT_FOUND, "no other tally is here");
}

const char *ctx_attachment_state(struct ctx *c, const struct id *hash)
{
	(void)c, (void)hash;
	return attachment_word;
}

/* Looks at the world as a party; everything has been delivered. */
static inline void face_open(enum party party)
{
	static const char *const codes[] = { "GB", "JP" };
	json_t *json = world_agreement ? json_deep_copy(world_agreement) : parse(profile_json);

	translations = json_load_file("data/words.json", 0, NULL);
	ASSERT(translations != NULL);
	buf_init(&out, 16 << 20);
	buf_init(&profile, LIMIT_BODY_BYTES);
	put_json(&profile, json);
	json_decref(json);
	ctx = (struct ctx){ .arena = &world.arena,
		.out = &out,
		.now_ms = world.now_ms,
		.tally = world.own.tally,
		.view = { .id = world.tally,
		    .rehearsal = true,
		    .party_count = 2,
		    .party_codes = { codes[0], codes[1] } },
		.own_party = party };
}

static inline void face_close(void)
{
	buf_clear(&out);
	buf_clear(&profile);
	json_decref(translations);
}

/* What a command printed, or why it did not. */
static inline const char *face_says(const char *verb, const char *operand, const char *const options[][2])
{
	static struct err err;
	static struct option named[4];
	static struct args args;

	args = (struct args){ .operands = { operand }, .operand_count = operand != NULL };
	for (unsigned i = 0; options && i < 4 && options[i][0]; i++) {
		named[i] = (struct option){ .name = options[i][0] };
		args.given[args.given_count].option = &named[i];
		args.given[args.given_count++].value = options[i][1];
	}
	buf_reset(&out);
	err = (struct err){ 0 };
	for (const struct command *command = support_domain.commands; command->noun; command++) {
		if (command->verb != NULL && strcmp(command->verb, verb) == 0) {
			return command->run(&ctx, &args, &err) == OK ? buf_text(&out) : err.text;
		}
	}
	ASSERT(!"a command of this verb");
	return NULL;
}
#endif
