/* The inside of the statement domain: what its files share. Words and rules are those of docs/statement-rules.md.
 *
 * The state after a move is the struct of its part type. It is immutable: a move copies what it changes. All memory is the fold's arena;
 * bytes borrow from bodies. */
#ifndef WARIFU_DOMAIN_STATEMENT_STATE_H
#define WARIFU_DOMAIN_STATEMENT_STATE_H
#include "core/ctx.h"
#include "core/domain.h"
#include "core/guard.h"
#include "core/page.h"
#include <jansson.h>

/* In the order of statement_kinds. */
enum statement_kind {
	KIND_PLEDGE_ENTERED,
	KIND_PLEDGE_CONFIRMED,
	KIND_PLEDGE_CONTESTED,
	KIND_PLEDGE_REWORDED,
	KIND_VIEW_STATED,
	KIND_VIEW_CHANGED,
	KIND_EVIDENCE_LINKED,
	KIND_EVIDENCE_WITHDRAWN,
	KIND_MEETING_CALLED,
	KIND_MEETING_AGREED,
	KIND_MEETING_DATE_ASKED,
	KIND_MEETING_MOVED,
	KIND_MEETING_HELD,
	KIND_MINUTES_AGREED,
	KIND_MINUTES_CONTESTED,
	KIND_MINUTES_RESTATED,
	KIND_MEETING_CANCELLED,
	KIND_ACTION_SET,
	KIND_ACTION_DONE,
	KIND_ACTION_ACCEPTED,
	KIND_ACTION_REOPENED,
	KIND_ACTION_DROPPED,
	KIND_CONTEXT_STATED,
	KIND_CONTEXT_WITHDRAWN,
	KIND_NOTED,
	KIND_RESOLVED,
	KIND_RESTATED,
	KINDS,
};
#define KIND_BIT(kind) (UINT32_C(1) << (kind))

/* Sides: of a pledge, a meeting and a context who entered it and its partner; of a view and of evidence who gives it and the other; of an action its
 * owner and the other. */
enum { FIRST = 1, SECOND = 2 };

/* Keys of own fields (section 2). */
enum {
	KEY_PARTNER = 8,
	KEY_NO = 9,
	KEY_EN = 10,
	KEY_JA = 11,
	KEY_MADE_ON = 12,
	KEY_MADE_AT = 13,
	KEY_LOCATOR = 14,
	KEY_SHA256 = 15,
	KEY_CARRIED_OUT_BY = 16,
	KEY_RULE_SET = 20,
	KEY_REMARKS = 23,

	KEY_VIEW = 8,
	KEY_SINCE = 9,

	KEY_TALLY = 8,
	KEY_MENTION = 9,
	KEY_NUMBER = 12,
	KEY_REHEARSAL = 13,

	KEY_SERIES = 12,
	KEY_STARTS_AT = 13,
	KEY_ENDS_AT = 14,
	KEY_PLACE = 15,
	KEY_AGENDA = 16,
	KEY_OUTCOMES = 8,

	KEY_OWNER = 8,
	KEY_OWNER_POST = 9,
	KEY_DUE_ON = 12,

	KEY_STANDS = 8,
	KEY_ENTRY = 8,
};

/* Text in both languages, one of them at least. */
struct both {
	struct bytes en, ja;
};

struct pledge_state {
	int64_t no;
	struct both text;
	struct bytes carried_out_by; /* empty: none */
	bool has_made_on, has_sha256;
	int64_t made_on;
	struct bytes made_at, locator;
	struct id sha256;
};

struct view_state {
	struct bytes view;
	bool has_since;
	int64_t since;
	int64_t stated_ms;
};

struct evidence_state {
	bool has_tally, has_mention, rehearsal;
	struct id tally, mention;
	struct both text;
	struct bytes number, attachments;
};

struct meeting_state {
	struct bytes series;
	int64_t no, version; /* how often it was called or moved */
	struct both title;
	bool has_start, has_end;
	int64_t starts_ms, ends_ms;
	struct bytes place, agenda, outcomes; /* arrays as written; empty: none */
};

struct context_state {
	struct both text;
	struct bytes carried_out_by, locator; /* empty: none */
};

struct action_state {
	struct both text;
	struct bytes owner_post;
	int64_t due_on;
};

/* statement.c */
extern const struct kind statement_kinds[];
extern const struct table statement_tables[];
extern const struct command statement_commands[];
extern const struct page statement_pages[];
/* statement_lists.c: a list of this domain. when: the time (ms) of meetings, the day of actions and findings, to judge by. */
struct statement_list {
	const char *sql;
	unsigned column_count;
	struct listing_column columns[LISTING_COLUMNS];
	unsigned number; /* the column of the number; what the row is called follows it */
	void (*cells)(struct ctx *ctx, struct query *row, int64_t when, const char **cells);
	json_t *(*json)(struct ctx *ctx, struct query *row, int64_t when);
	bool (*is_wanted)(struct query *row, int64_t when); /* meetings to come, actions overdue, context that stands */
};
extern const struct statement_list statement_pledges, statement_meetings, statement_actions, statement_contexts,
    statement_findings;
enum list_rows { LIST_ALL, LIST_WANTED };
/* The day that was given, NULL: today; a day is that of UTC. */
enum status list_day(const struct ctx *ctx, const char *given, int64_t *day, struct err *err);
/* At a terminal, as JSON, or as a table within a page. */
enum status list_show(
    struct ctx *ctx, const struct statement_list *list, enum list_rows which, int64_t when, struct err *err);
/* As a page's own list: in pages, as CSV and JSON too. */
enum status list_page(struct ctx *ctx, const struct statement_list *list, const struct request *request,
    struct html *html, enum list_rows which, int64_t when, struct err *err);
/* The text of a row in the language of the command, else in the other one; en: the column of the English, the Japanese follows. */
const char *text_either(struct ctx *ctx, struct query *row, unsigned en);
/* When a meeting starts: the day alone where it is known no better (from its midnight to the next, UTC). */
bool takes_the_day(int64_t starts_ms, int64_t ends_ms);
const char *print_start(struct ctx *ctx, struct query *row, unsigned starts, unsigned ends);
/* statement_commands.c: the meetings that have a date, as a calendar file (RFC 5545), to ctx->out. */
enum status calendar_put(struct ctx *ctx, struct err *err);
/* statement_import.c */
enum status statement_import(struct ctx *ctx, const struct args *args, struct err *err);
/* What may stand in a field of a form. */
enum status statement_choices(struct ctx *ctx, const struct fold *fold, const struct kind *kind,
    const struct field *field, struct field_choice **out, unsigned *count, struct err *err);
enum statement_kind statement_kind_of(const struct kind *kind); /* KINDS: not of this domain */

/* statement_rules.c */
enum status statement_sides(struct fold *fold, struct move *move, unsigned sides[SIDES], struct err *err);
enum status statement_check(struct fold *fold, struct move *move, const char **to, struct err *err);
bool statement_idle(const struct fold *fold, const struct part *part);
bool statement_offers(const struct fold *fold, const struct part *part, const struct kind *kind,
    const struct signer *signer, int64_t now_ms);
/* Has a pledge its evidence from a real tally? Counts what is linked, not withdrawn, and not of a rehearsal. */
unsigned evidence_counted(const struct fold *fold);

/* statement_fold.c */
void statement_part_data(const struct fold *fold, const struct part *part, struct buf *out);
void statement_rows(const struct fold *fold, struct rows *rows);
#endif
