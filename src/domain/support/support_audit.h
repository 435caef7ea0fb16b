/* The inside of the audit (docs/audit-rules.md): one table of rules, many functions. A rule looks at each thread, at each entry, or at
 * the whole; what it finds it says through audit_find. */
#ifndef WARIFU_DOMAIN_SUPPORT_AUDIT_H
#define WARIFU_DOMAIN_SUPPORT_AUDIT_H
#include "core/ctx.h"
#include "core/print.h"
#include "domain/support/support_look.h"

#define FINDING_ENTRIES 8 /* entries that one finding names; those that made it come first */

struct audit;
struct audit_rule {
	const char *number, *en, *ja, *source;
	const char *voids; /* guards whose void entries are findings of this rule: "S8 S9"; NULL: none */
	void (*thread)(struct audit *audit, const struct look *look);
	void (*entry)(struct audit *audit, const struct entry_fact *fact);
	void (*whole)(struct audit *audit);
};
extern const struct audit_rule audit_rules[]; /* in the order of their numbers; ends with number NULL */

struct finding {
	const struct audit_rule *rule;
	const char *number;
	int64_t first, until; /* until NO_TIME: it has not ended */
	struct id entries[FINDING_ENTRIES];
	unsigned entry_count;
	const char *en, *ja;
};

/* What is known of a party's half. */
struct party_seen {
	int64_t entries, waiting, last_ms, last_acknowledged_ms, first_waiting_ms; /* times: -1: none */
	struct id first_waiting;
};

/* An own entry that is the last of an open thread. */
struct last_word {
	struct id entry;
	const char *number;
};
/* A claim with an invoice number. */
struct invoice {
	unsigned party;
	struct bytes text;
	bool exercise;
	const char *number;
	struct id entry;
	int64_t first, stated_ms;
};
/* The agreed total of an order, for the ceilings of the agreement. */
struct agreed_total {
	const struct agreement *agreement;
	unsigned supplier;
	int fiscal_year;
	char currency[4];
	int64_t minor, stated_ms, first;
	struct id entry;
	const char *number;
};
struct listed {
	void *items;
	unsigned count, capacity;
};

struct audit {
	struct ctx *ctx;
	int64_t day, end_ms;
	const struct audit_rule *rule; /* the one at work */
	struct finding *findings;
	unsigned count, capacity;
	struct agreements agreements;
	struct party_seen parties[LIMIT_PARTIES];
	int64_t entries, threads, left_out; /* threads with entries stated later */
	struct listed last_words, invoices, totals, notices;
	bool last_words_sorted;
	const struct look *look; /* the thread at work */
	bool clock_missing[CLOCK_VALUES];
	bool notices_at_hand;  /* the home holds the national tally of its party */
	bool check_export;     /* also make an export and verify it */
	const char *statement; /* path of the partner's statement, or NULL */
	bool out_of_memory;
	struct err *err;
	enum status status; /* of what a rule asked for */
};

/* The sentence in both languages, from one list of arguments in one order. until NO_TIME: open. */
#define AUDIT_SENTENCE(en, first) format(printf, en, first), format(printf, (en) + 1, first)
void audit_find(struct audit *audit, const char *number, int64_t first, int64_t until, const struct id *entries,
    unsigned count, const char *en, const char *ja, ...) __attribute__((AUDIT_SENTENCE(7, 9)));
/* The same with whole sentences. */
void audit_find_text(struct audit *audit, const char *number, int64_t first, int64_t until, const struct id *entries,
    unsigned count, const char *en, const char *ja);
/* About one entry: first is its stated day, and its verdict is added where it is not valid. */
void audit_find_move(struct audit *audit, const struct move *move, const char *en, const char *ja, ...)
    __attribute__((AUDIT_SENTENCE(3, 5)));
/* About a stretch of time, where it is too late at all. */
void audit_find_late(struct audit *audit, const struct look_part *part, const struct stretch *stretch,
    const struct clock_end *clock, const char *en, const char *ja, ...) __attribute__((AUDIT_SENTENCE(5, 7)));
const struct look_part *audit_part(const struct look *look, const struct move *move); /* NULL: none */
/* The part or thread that an entry belongs to, as its number. */
const char *audit_number(const struct look *look, const struct move *move);
void *listed_add(struct audit *audit, struct listed *list, size_t size); /* NULL: out of memory */
/* Valid, overtaken, or void by another rule than F1: its fields can be read. */
bool audit_judged(const struct move *move);
/* Of T: puts terms on the table, and its fields can be read. lines: from the move itself; count 0 when it gives none. */
bool audit_terms(struct audit *audit, const struct move *move, struct terms *terms);

/* One function for each rule that looks; see the table. */
typedef void audit_thread_fn(struct audit *audit, const struct look *look);
typedef void audit_entry_fn(struct audit *audit, const struct entry_fact *fact);
typedef void audit_whole_fn(struct audit *audit);
audit_entry_fn audit_signature, audit_chain, audit_times, audit_home_times, audit_revoked, audit_signer, audit_branch;
audit_thread_fn audit_other_half, audit_rivals, audit_waiting, audit_unknown, audit_named_times, audit_overtaken,
    audit_last_word, audit_state;
audit_whole_fn audit_logs, audit_missing, audit_balances, audit_seen, audit_evidence, audit_kept;
audit_thread_fn audit_roles, audit_separation, audit_in_force, audit_allowed, audit_consent, audit_charter,
    audit_same_terms, audit_quantities, audit_prices, audit_agreed_first, audit_exceeded, audit_meters, audit_totals,
    audit_invoices;
audit_whole_fn audit_ceilings, audit_exercise;
audit_thread_fn audit_both_signed, audit_receipt_sums, audit_charged, audit_one_place, audit_claim_sums,
    audit_paid_sums, audit_twice, audit_negative, audit_converted;
audit_thread_fn audit_unacknowledged, audit_taken, audit_notice, audit_answered, audit_receipted, audit_claimed,
    audit_paid, audit_settled, audit_returned, audit_convertible, audit_lapse;
audit_whole_fn audit_notices;

/* Fills findings, sorted by rule, first day, number. */
enum status audit_run(struct audit *audit, struct err *err);
void audit_print(struct audit *audit, const char *only, const char *form); /* form: "text", "csv", "json" */
#endif
