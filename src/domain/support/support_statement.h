/* The statement of account: what each owes the other as of a day, item by item, from the entries stated until then (docs/support-rules.md 6),
 * and up to when each half is known. */
#ifndef WARIFU_DOMAIN_SUPPORT_STATEMENT_H
#define WARIFU_DOMAIN_SUPPORT_STATEMENT_H
#include "core/ctx.h"
#include "domain/support/support_look.h"
#include <jansson.h>

struct statement_item {
	const char *number, *kind;  /* "claimed", "unclaimed", "adjusted", "netted", "in kind" */
	const char *state, *office; /* office: officer code of who opened the part */
	unsigned debtor, creditor, office_party;
	int64_t line; /* 0: the whole part */
	char currency[4];
	int64_t minor;
	bool priced;                 /* false: its price is open; in kind: its value is not known */
	const char *quantity, *unit; /* NULL: money alone */
	const char *description_en, *description_ja;
	int64_t delivered_ms, claimed_ms; /* -1: none */
	int offset;
};
struct statement_balance {
	unsigned debtor, creditor;
	char currency[4];
	int64_t minor;
};
struct statement_of {
	struct ctx *ctx;
	int64_t day, end_ms;
	struct statement_item *items;
	unsigned count, capacity;
	struct statement_balance *balances;
	unsigned balance_count;
	const char **rivals; /* parts with several heads: left out, and named */
	unsigned rival_count;
	struct agreements agreements;
	struct set_off *set_offs; /* support_statement_netting.c */
	unsigned set_off_count;
	struct agreed_netting *nettings;
	unsigned netting_count;
	bool out_of_memory, overflow;
};
struct statement_item *statement_item_new(struct statement_of *statement); /* NULL: out of memory */
/* A claim that is netted, a netting that has an agreed list, and, when all are known, what is owed under them. */
void netting_set_off(struct statement_of *statement, const struct look_part *claim, int64_t delivered_ms);
void netting_agreed(struct statement_of *statement, const struct look *look, const struct look_part *part);
void nettings_reckon(struct statement_of *statement);
/* Items by number and line; balances by currency, debtor, creditor. */
enum status statement_gather(struct statement_of *statement, struct err *err);

/* Up to when each party's half is known. */
struct half_seen {
	int64_t last_ms, last_acknowledged_ms; /* -1: none */
};
enum status halves_seen(struct ctx *ctx, int64_t end_ms, struct half_seen seen[LIMIT_PARTIES], struct err *err);
json_t *halves_object(struct ctx *ctx, const struct half_seen seen[LIMIT_PARTIES]);
void halves_print(struct ctx *ctx, const struct half_seen seen[LIMIT_PARTIES]);

const char *age_bucket(int64_t days);                                                    /* "0-30" */
int64_t age_of(const struct statement_of *statement, const struct statement_item *item); /* days; -1: not delivered */
/* The whole statement as CSV or JSON. statement->day and end_ms are set. */
enum status statement_data(struct statement_of *statement, bool csv, struct err *err);
#endif
