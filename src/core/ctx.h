/* What a command or page may do: read rows, make moves, print. Implemented by the app layer. */
#ifndef WARIFU_CORE_CTX_H
#define WARIFU_CORE_CTX_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/facts.h"

struct html;
enum lang { LANG_EN, LANG_JA };

struct ctx {
	struct arena *arena; /* lives as long as the command */
	struct buf *out;     /* what is printed at the end */
	struct html *page;   /* NULL: a terminal; else what core/print.h prints is markup of this page */
	bool json;
	enum lang lang;
	int64_t now_ms; /* --now or the clock: for looking, never for signing in a real tally */
	bool now_given;
	int64_t tally;          /* row of the tally chosen or the only one; 0: none chosen */
	struct tally_view view; /* of that tally */
	unsigned own_party;     /* number of the home's party in it */
	void *app;              /* the app's own */
};

/* Rows: SQL text with :name parameters; column values are valid until the next query_next. */
struct query;
enum status ctx_query(
    struct ctx *ctx, const char *sql, struct query **query, struct err *err); /* binds :tally by itself when present */
void query_bind_int(struct query *query, const char *name, int64_t value);
void query_bind_text(struct query *query, const char *name, struct bytes text);
void query_bind_blob(struct query *query, const char *name, struct bytes blob);
bool query_next(struct query *query);
int64_t query_int(struct query *query, unsigned column);
bool query_is_null(struct query *query, unsigned column);
struct bytes query_text(struct query *query, unsigned column); /* borrowed; arena_copy to keep */
struct bytes query_blob(struct query *query, unsigned column);
void query_close(struct query *query); /* NULL-safe */

/* A move from named fields: `fields_json` is an object of field names as `explain KIND --json` lists them. `target` is the number
 * ("GB-07-0013/I07.2") or hex id of the part or thread that it concerns, NULL when it opens a thread. The kernel fills in
 * thread, part, answers and seen; `refs` are heads of the parts named in refs_numbers, after the parent's. Attachments: file paths. */
struct upload {
	const char *name;
	struct bytes content;
};
struct submission {
	const char *kind;
	const char *target;
	const char *fields_json;
	const char *const *refs_numbers;
	unsigned ref_count;
	const char *const *attachments;
	unsigned attachment_count;
	const struct upload *uploads; /* files that came as bytes */
	unsigned upload_count;
	int64_t stated_ms; /* 0: now */
	bool future;       /* a time of something done that lies ahead of now is meant: sign it */
};
struct submitted {
	struct id id, thread, part;
	char number[64];
	char state[32];
	char pen[16];
	bool is_void;
	char rule[16];
	bool ahead; /* nothing was signed, since a time lies ahead of now; with `future` it is */
};
enum status ctx_submit(struct ctx *ctx, const struct submission *submission, struct submitted *result, struct err *err);
/* All or nothing: either every one is signed and stored, or none; *bad tells which failed. */
enum status ctx_submit_all(struct ctx *ctx, const struct submission *submissions, unsigned count,
    struct submitted *results, unsigned *bad, struct err *err);
/* Acts in another tally of this home: while `act` runs, rows, party codes and moves are that tally's, and the desk that signs is the one
 * of `officer` (empty: as always). Then all is as before. NOT_FOUND when the tally is not in this home. */
typedef enum status ctx_act(struct ctx *ctx, void *context, struct err *err);
enum status ctx_within(
    struct ctx *ctx, const struct id *tally, struct bytes officer, ctx_act *act, void *context, struct err *err);
/* Whatever `act` submits, in however many tallies, is stored together or not at all: in one transaction, which a status other than OK
 * rolls back. */
enum status ctx_together(struct ctx *ctx, ctx_act *act, void *context, struct err *err);
/* The desk that would sign now: --desk, or the only one here. */
enum status ctx_desk(struct ctx *ctx, struct signer *out, struct err *err);
/* All desks of the tally, of every party, from the arena; `counts`: its grant does, and it is not revoked. */
struct desk_view {
	struct id key;
	struct signer signer;
	bool counts;
};
enum status ctx_desks(struct ctx *ctx, struct desk_view **desks, unsigned *count, struct err *err);
/* Parts of a thread as they are now, from the arena. pen: party code, "" when the part has ended; state "" with rival heads. */
struct part_view {
	struct id part;
	const char *number, *state, *pen;
	int64_t since_ms;
};
enum status ctx_thread(
    struct ctx *ctx, const struct id *thread, struct part_view **out, unsigned *count, struct err *err);
struct bytes ctx_profile(struct ctx *ctx); /* the agreement in force on now: checked CBOR, empty when none */
enum status ctx_profile_hash(struct ctx *ctx, struct id *out, struct err *err);
/* For looking at all, as of a time: what is stated before until_ms alone (0: all). Threads of a domain, folded anew in the order of
 * their coming; entries log by log, verify: with their chain and signatures checked anew. */
enum status ctx_fold_each(
    struct ctx *ctx, const char *domain, int64_t until_ms, thread_fact_fn *each, void *context, struct err *err);
/* One thread, by its number or that of one of its parts. */
enum status ctx_fold_one(struct ctx *ctx, const char *number, thread_fact_fn *each, void *context, struct err *err);
enum status ctx_entry_each(
    struct ctx *ctx, int64_t until_ms, bool verify, entry_fact_fn *each, void *context, struct err *err);
/* Are the bytes of an attachment here, and are they those of its hash? "here", "awaited", "erased" or "damaged". */
const char *ctx_attachment_state(struct ctx *ctx, const struct id *hash);
/* Writes the tally as an export to a file of its own and reads it as a stranger would. OK with *reason "" when it verifies, else why not. */
enum status ctx_export_check(struct ctx *ctx, char reason[80], struct err *err);
/* What a rule says, a sentence in ctx->lang: of "audit", "support", or the kernel ("K3"); NULL when unknown. */
const char *ctx_rule(struct ctx *ctx, const char *section, const char *rule);
/* What a refusal or failure means, a sentence in ctx->lang; NULL when unknown. */
const char *ctx_meaning(struct ctx *ctx, const struct err *err);
/* Its message in ctx->lang: with what it is about before it, and what to do behind it. NULL when it is known in English alone (err->text). */
const char *ctx_detail(struct ctx *ctx, const struct err *err); /* in the arena, or of err */
const char *ctx_said(struct ctx *ctx, const struct err *err);   /* the same, and English where it is not known */
/* The clause of a refusal in ctx->lang. */
const char *ctx_source(struct ctx *ctx, const struct err *err);
const char *ctx_word(
    struct ctx *ctx, const char *en); /* a word or state in ctx->lang, from data/words.json; en when unknown */
#endif
